#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""Keys and keyrings by system calls, without any code of the project.

mkkey.py ring NAME             a new keyring below the user's; prints its number
mkkey.py key RING TYPE NAME [FILE]
                               a key in keyring RING, which takes Python's
                               escapes in NAME; prints its number
mkkey.py timeout KEY SECONDS
mkkey.py unlink KEY RING       RING is 0 for the user's keyring
"""
import ctypes
import os
import platform
import sys

ADD_KEY, KEYCTL = {
    "x86_64": (248, 250), "aarch64": (217, 219),
}[platform.machine()]
USER_KEYRING = -4
UNLINK, SET_TIMEOUT = 9, 15

libc = ctypes.CDLL(None, use_errno=True)


def call(*args):
    n = libc.syscall(*args)
    if n < 0:
        sys.exit("%s: %s" % (args[0], os.strerror(ctypes.get_errno())))
    return n


def ring(text):
    return int(text, 0) or USER_KEYRING


verb, args = sys.argv[1], sys.argv[2:]
if verb == "ring":
    name = args[0].encode()
    print("0x%08x" % call(ADD_KEY, b"keyring", name, None, 0, USER_KEYRING))
elif verb == "key":
    name = args[2].encode().decode("unicode_escape").encode("latin-1")
    data = b"x"
    if len(args) > 3:
        with open(args[3], "rb") as f:
            data = f.read()
    print("0x%08x" % call(ADD_KEY, args[1].encode(), name, data, len(data),
                          ring(args[0])))
elif verb == "timeout":
    call(KEYCTL, SET_TIMEOUT, int(args[0], 0), int(args[1]))
elif verb == "unlink":
    call(KEYCTL, UNLINK, int(args[0], 0), ring(args[1]))
else:
    sys.exit(__doc__)
