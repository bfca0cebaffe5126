#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""Creates a PCI device in a fake sysfs, without code of the project.

mkpci.py DIR [KEY=VALUE...]

DIR is the device's directory. Keys: ids=VENDOR:DEVICE:SSVID:SSID:CLASS:REV in
hexadecimal; header=N, the header type; config=N, the readable bytes of the
configuration space; caps=ID@OFFSET,..., extended capabilities in the order of
their links; next=NEXT, the offset that the last capability links to;
serial=HEX, the content of a Device Serial Number capability; FILE=@PATH, a file
of the device with the contents of PATH; FILE=TEXT, a file with a line of text,
which may have Python's escapes.
"""
import os
import struct
import sys

path = sys.argv[1]
opts = dict(arg.split("=", 1) for arg in sys.argv[2:])
ids = [int(x, 16) for x in
       opts.pop("ids", "1b36:0010:1af4:1100:010802:02").split(":")]
header = int(opts.pop("header", "0"), 0)
size = int(opts.pop("config", "4096"))
caps = [c.split("@") for c in opts.pop("caps", "").split(",") if c]
after = int(opts.pop("next", "0"), 0)
serial = int(opts.pop("serial", "0"), 16)

os.makedirs(path, exist_ok=True)
names = ("vendor", "device", "subsystem_vendor", "subsystem_device", "class",
         "revision")
for name, n in zip(names, ids):
    width = {"class": 6, "revision": 2}.get(name, 4)
    with open(os.path.join(path, name), "w") as f:
        f.write("0x%0*x\n" % (width, n))

config = bytearray(4096)
struct.pack_into("<HH", config, 0, ids[0], ids[1])
config[0x0e] = header
where = [int(c[1], 0) for c in caps]
for (what, _), at, to in zip(caps, where, where[1:] + [after]):
    struct.pack_into("<I", config, at, int(what, 0) | 1 << 16 | to << 20)
    if int(what, 0) == 3 and at <= 4084:
        struct.pack_into("<Q", config, at + 4, serial)
with open(os.path.join(path, "config"), "wb") as f:
    f.write(config[:size])

for name, value in opts.items():
    name = os.path.join(path, name)
    os.makedirs(os.path.dirname(name), exist_ok=True)
    if value.startswith("@"):
        with open(value[1:], "rb") as f:
            data = f.read()
    else:
        data = value.encode().decode("unicode_escape").encode("latin-1")
        data += b"\n"
    with open(name, "wb") as f:
        f.write(data)
