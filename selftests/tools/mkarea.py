#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""Writes a valid or malformed secret area, without code of the project.

mkarea.py [--length N] [--no-header] [--size N] [--cut N] OUT ITEM...

ITEM is GUID=TEXT, GUID@LENGTH=TEXT for an entry with a false length field, or
raw=TEXT for bytes that are not an entry. TEXT may have Python's escapes.
--length: the table's length field, --size: pad with zeros to this size,
--cut: write only the first N bytes.
"""
import argparse
import struct
import uuid

p = argparse.ArgumentParser()
p.add_argument("--length", type=lambda s: int(s, 0))
p.add_argument("--no-header", action="store_true")
p.add_argument("--size", type=lambda s: int(s, 0), default=0)
p.add_argument("--cut", type=int)
p.add_argument("out")
p.add_argument("item", nargs="*")
a = p.parse_args()

body = b""
for item in a.item:
    name, text = item.split("=", 1)
    data = text.encode().decode("unicode_escape").encode("latin-1")
    if name == "raw":
        body += data
        continue
    guid, _, length = name.partition("@")
    n = int(length, 0) if length else 20 + len(data)
    body += uuid.UUID(guid).bytes_le + struct.pack("<I", n) + data

head = uuid.UUID("1e74f542-71dd-4d66-963e-ef4287ff173b").bytes_le
if a.no_header:
    head = bytes(16)
n = 20 + len(body) if a.length is None else a.length
area = (head + struct.pack("<I", n) + body).ljust(a.size, b"\0")
with open(a.out, "wb") as f:
    f.write(area if a.cut is None else area[:a.cut])
