#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""alloc_tests.py CCGUEST DIR FAILALLOC: fails each allocation of the verbs of
`ccguest log` once. The verb must then print the usual result, or an error with
status 1. A partial result, a wrong result or a wrong verdict is a failure of
the test. FAILALLOC is failalloc.c as a shared library, DIR an empty directory.
Prints a line "ok NAME" or "not ok NAME: WHY" for each verb.
"""
import base64
import json
import os
import shutil
import subprocess
import sys

import log_tests as t

shim = os.path.abspath(sys.argv[3])
MADE, COUNT = t.path("made"), t.path("count")


def run(args, spare, nth):
    """Returns status, output, errors, and the incomplete files left behind."""
    shutil.rmtree(t.path("db"), ignore_errors=True)
    if os.path.exists(MADE):
        os.unlink(MADE)
    env = dict(os.environ, LD_PRELOAD=shim, FAIL_NTH=str(nth),
               FAIL_NOT=spare, FAIL_COUNT=COUNT)
    done = subprocess.run([t.command, "log", *args], env=env, check=False,
                          stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    left = [name for name in os.listdir(t.work) if name.startswith("made.")]
    if os.path.isdir(t.path("db")):
        left += [name for name in os.listdir(t.path("db"))
                 if "." in name.removesuffix(".rim")]
    if os.path.exists(MADE) and t.read("made") != t.read("realm.log"):
        left.append("made")
    return done.returncode, done.stdout, done.stderr, left


def is_good(result, good):
    status, out, err, left = result
    if left:
        return False
    if status == good[0]:
        return out == good[1]
    return status == 1 and b"Cannot allocate memory" in err


def sweep(name, *args, spare="libcrypto"):
    good = run(args, spare, -1)
    n = int(t.read("count"))
    bad = []
    for nth in range(n):
        result = run(args, spare, nth)
        if not is_good(result, good):
            bad.append((nth, result[0], result[2][-200:], result[3]))
    t.report(n > 5 and not bad and not good[3],
             "memory: %s: each of %d allocations" % (name, n), bad)


def jwk(key):
    point = t.point(key)[1:]
    half = len(point) // 2
    return dict({"kty": "EC", "crv": "P-384"}, **{
        name: base64.urlsafe_b64encode(part).decode().rstrip("=")
        for name, part in (("x", point[:half]), ("y", point[half:]))})


def main():
    t.write("images/kernel", bytes(i * 7 & 255 for i in range(70000)))
    t.write("images/initrd", bytes(i * 5 & 255 for i in range(9000)))
    t.write("images/dtb", bytes(4096))
    t.new_key("platform.key")
    t.new_key("realm.key")
    d = t.describe(events=[{"index": 1, "type": 13, "text": "first"}])
    file = t.save("realm.json", d)
    log = t.path("realm.log")
    t.ccguest("make", "-o", log, file)
    t.write("token", t.token(t.reference(d)))
    t.write("good.token", t.token(t.reference(t.describe())))
    t.ccguest("make", "-o", t.path("good.log"), t.save("good.json",
                                                      t.describe()))
    how = ("--images", t.path("images"), "--database", t.path("db"), "--key",
           t.path("platform.key.pub"), "--token")
    sweep("show", "show", "-v", log)
    sweep("show as JSON", "show", "--json", log)
    sweep("show as YAML", "show", "--yaml", log)
    sweep("replay", "replay", log)
    sweep("verify", "verify", *how, t.path("good.token"), t.path("good.log"))
    sweep("verify what does not add up", "verify", "--json", *how,
          t.path("token"), log)
    t.write("anchors", json.dumps([{
        "implementation-id": "00" * 32, "instance-id": "01" + "00" * 32,
        "pkey": jwk("platform.key")}]).encode())
    # json-c's parser crashes if libc's strdup() fails.
    parser = "libcrypto libjson-c libc.so"
    sweep("verify with trust anchors", "verify", *how[:-2],
          t.path("anchors"), "--token", t.path("good.token"),
          t.path("good.log"), spare="libcrypto libc.so")
    sweep("rim", "rim", file, spare=parser)
    sweep("make", "make", "-o", MADE, file, spare=parser)
    for form in ("comid-json", "corim-json"):
        sweep("endorse, " + form, "endorse", "--format", form, "--creator", "x",
              file, spare=parser)
    return t.failed


if __name__ == "__main__":
    sys.exit(main())
