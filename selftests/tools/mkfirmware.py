#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""mkfirmware.py FILE [NAME=BASE,SIZE...]: makes a firmware image of 4096 bytes
whose table of GUIDs has a reset address, and the areas `secret` and `hashes`.
"""
import struct
import sys
import uuid

GUIDS = {
    "secret": "4c2eb361-7d9b-4cc3-8081-127c90d3d294",
    "hashes": "7255371f-3a3b-4b04-927b-1da6efa8d454",
}
RESET = "00f771de-1a7e-4fcb-890e-68c77e2fb44e"
FOOTER = "96b582de-1fb2-45f7-baea-a366c55a082d"


def entry(guid, data):
    return data + struct.pack("<H", len(data) + 18) + uuid.UUID(guid).bytes_le


table = entry(RESET, struct.pack("<I", 0x80b004))
for arg in sys.argv[2:]:
    name, _, numbers = arg.partition("=")
    table += entry(GUIDS[name], struct.pack("<II", *(int(n, 0) for n in numbers.split(","))))
table += struct.pack("<H", len(table) + 18) + uuid.UUID(FOOTER).bytes_le
with open(sys.argv[1], "wb") as f:
    f.write((bytes(range(256)) * 16)[:4096 - 32 - len(table)] + table + bytes(32))
