#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""sign-module.py MODULE KEY CERTIFICATE: signs a kernel module. Like
scripts/sign-file of the kernel, it appends a PKCS#7 message, struct
module_signature and a magic string to the module.
"""
import struct
import subprocess
import sys

PKCS7 = 2


def main():
    name, key, cert = sys.argv[1:]
    done = subprocess.run(
        ["openssl", "cms", "-sign", "-binary", "-noattr", "-nocerts",
         "-outform", "DER", "-md", "sha256", "-in", name, "-inkey", key,
         "-signer", cert], check=True, stdout=subprocess.PIPE)
    with open(name, "ab") as f:
        f.write(done.stdout)
        f.write(struct.pack(">BBBBB3xI", 0, 0, PKCS7, 0, 0, len(done.stdout)))
        f.write(b"~Module signature appended~\n")


main()
