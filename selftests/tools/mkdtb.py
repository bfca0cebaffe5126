#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""Writes a flattened Device Tree, without code of the project.

mkdtb.py FILE [NODE PROPERTY=VALUE...]...

NODE is a path that begins with a slash. The parents of a node come first. VALUE
is s:TEXT for a string, with Python's escapes; w:N,... for 32-bit numbers;
q:N,... for 64-bit numbers; x:HEX for bytes.
"""
import struct
import sys


def value(text):
    kind, _, text = text.partition(":")
    if kind == "s":
        return text.encode().decode("unicode_escape").encode("latin-1") + b"\0"
    if kind == "x":
        return bytes.fromhex(text)
    return b"".join(struct.pack(">I" if kind == "w" else ">Q", int(n, 0))
                    for n in text.split(","))


def pad(data):
    return data + bytes(-len(data) % 4)


nodes = {"/": {}}
for arg in sys.argv[2:]:
    if arg.startswith("/"):
        here = nodes.setdefault(arg, {})
    else:
        name, _, text = arg.partition("=")
        here[name] = value(text)

strings = b""


def node(path):
    global strings
    name = path.rpartition("/")[2].encode()
    out = struct.pack(">I", 1) + pad(name + b"\0")
    for key, data in nodes[path].items():
        out += struct.pack(">3I", 3, len(data), len(strings)) + pad(data)
        strings += key.encode() + b"\0"
    for other in nodes:
        if other != "/" and (other.rpartition("/")[0] or "/") == path:
            out += node(other)
    return out + struct.pack(">I", 2)


tree = node("/") + struct.pack(">I", 9)
reserve = bytes(16)
begin = 40 + len(reserve)
with open(sys.argv[1], "wb") as f:
    f.write(struct.pack(">10I", 0xd00dfeed, begin + len(tree) + len(strings),
                        begin, begin + len(tree), 40, 17, 16, 0, len(strings),
                        len(tree)) + reserve + tree + strings)
