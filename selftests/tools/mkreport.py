#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""mkreport.py KIND [FIELD=VALUE...] [at=OFFSET:HEX...]: writes a file with an
attestation report to standard output. Nothing is signed.

KIND is snp, tdx4, tdx5, table, or azure. Each field of snp has bytes of its own:
see FIELDS. at= changes bytes at the end. The options of table are NAME=FILE, in
their order, where NAME is a name of an entry, or a GUID; azure takes the fields
of snp, and json=TEXT.
"""
import hashlib
import struct
import sys
import uuid

# Offset and length of each field; numbers are little-endian.
FIELDS = {
    "version": (0x000, 4), "guest_svn": (0x004, 4), "policy": (0x008, 8),
    "family_id": (0x010, 16), "image_id": (0x020, 16), "vmpl": (0x030, 4),
    "signature_algo": (0x034, 4), "current_tcb": (0x038, 8),
    "platform_info": (0x040, 8), "key_info": (0x048, 4),
    "report_data": (0x050, 64), "measurement": (0x090, 48),
    "host_data": (0x0c0, 32), "id_key_digest": (0x0e0, 48),
    "author_key_digest": (0x110, 48), "report_id": (0x140, 32),
    "report_id_ma": (0x160, 32), "reported_tcb": (0x180, 8),
    "cpuid": (0x188, 3), "chip_id": (0x1a0, 64), "committed_tcb": (0x1e0, 8),
    "current_version": (0x1e8, 3), "committed_version": (0x1ec, 3),
    "launch_tcb": (0x1f0, 8), "launch_mitigations": (0x1f8, 8),
    "current_mitigations": (0x200, 8),
}
# Fields that are bytes, not numbers, and the first of their bytes.
BYTES = {
    "family_id": 0x10, "image_id": 0x20, "report_data": 0x30, "measurement": 0x40,
    "host_data": 0x50, "id_key_digest": 0x60, "author_key_digest": 0x70,
    "report_id": 0x80, "chip_id": 0x90,
}
DEFAULTS = {
    "version": 3, "guest_svn": 7, "policy": 0x3011f, "vmpl": 1,
    "signature_algo": 1, "current_tcb": 0x5a17000000000204,
    "platform_info": 0x25, "key_info": 0, "reported_tcb": 0x5916000000000103,
    "cpuid": 0x011119, "committed_tcb": 0x5815000000000002,
    "current_version": 0x013728, "committed_version": 0x013727,
    "launch_tcb": 0x5714000000000001,
}
GUIDS = {
    "ark": "c0b406a4-a803-4952-9743-3fb6014cd0ae",
    "ask": "4ab7b379-bbac-4fe4-a02f-05aef327c782",
    "vcek": "63da758d-e664-4564-adc5-f4b93be8accd",
    "vlek": "a8074bc2-a25a-483e-aae6-39c045a0b8a1",
    "crl": "92f81bc3-5811-4d3d-97ff-d19f88dc67ea",
    "cpuid": "ecae0c0f-9502-43b1-afa2-0ae2e0d565b6",
}


def snp(fields):
    report = bytearray(1184)
    for name, first in BYTES.items():
        at, n = FIELDS[name]
        report[at:at + n] = bytes((first + i) & 0xff for i in range(n))
    at, n = FIELDS["report_id_ma"]
    report[at:at + n] = b"\xff" * n
    for name, value in {**DEFAULTS, **fields}.items():
        at, n = FIELDS[name]
        if isinstance(value, str) and name in BYTES or name == "report_id_ma":
            value = bytes.fromhex(value).ljust(n, b"\0")
        else:
            value = int(str(value), 0).to_bytes(n, "little")
        report[at:at + n] = value
    # Versions before 3 have no CPUID.
    if int(str({**DEFAULTS, **fields}["version"]), 0) < 3 and "cpuid" not in fields:
        report[0x188:0x18b] = bytes(3)
    report[0x2a0:0x2a0 + 48] = b"\x11" * 48
    report[0x2e8:0x2e8 + 48] = b"\x22" * 48
    return report


def quote(version):
    body = bytearray(584 if version == 4 else 648)
    at = 0
    for i, n in enumerate((16, 48, 48, 8, 8, 8, 48, 48, 48, 48, 48, 48, 48, 48,
                           64) + ((16, 48) if version == 5 else ())):
        body[at:at + n] = bytes([i + 1]) * n
        at += n
    # The attributes of the module, of the guest, and XFAM.
    body[112:136] = struct.pack("<QQQ", 0, 1 << 28 | 1 << 40, 0x600e7)
    head = struct.pack("<HHI4x16s20s", version, 2, 0x81, b"\xaa" * 16, b"\xbb" * 20)
    if version == 5:
        head += struct.pack("<HI", 3, len(body))
    pem = b"-----BEGIN CERTIFICATE-----\n-----END CERTIFICATE-----\n"
    qe = bytes(384 + 64) + struct.pack("<H", 32) + bytes(32)
    qe += struct.pack("<HI", 5, len(pem)) + pem
    data = bytes(128) + struct.pack("<HI", 6, len(qe)) + qe
    return bytearray(head + body + struct.pack("<I", len(data)) + data)


def table(entries):
    head = b""
    data = b""
    start = 24 * (len(entries) + 1)
    for name, path in entries:
        with open(path, "rb") as f:
            content = f.read()
        head += uuid.UUID(GUIDS.get(name, name)).bytes
        head += struct.pack("<II", start + len(data), len(content))
        data += content
    return bytearray(head + bytes(24) + data)


def azure(fields):
    text = fields.pop("json", '{"keys":[]}').encode()
    fields.setdefault("report_data", hashlib.sha256(text).hexdigest())
    fields.setdefault("version", 2)
    blob = struct.pack("<4sIIII12x", b"HCLA", 1, 0x4c0 + 20 + len(text), 2, 0)
    blob += bytes(snp(fields))
    blob += struct.pack("<IIIII", 20 + len(text), 1, 2, 1, len(text)) + text
    return bytearray(blob)


def main():
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    kind = sys.argv[1]
    options = [a.split("=", 1) for a in sys.argv[2:]]
    changes = [v.split(":") for k, v in options if k == "at"]
    fields = [(k, v) for k, v in options if k != "at"]
    if kind == "snp":
        out = snp(dict(fields))
    elif kind in ("tdx4", "tdx5"):
        out = quote(int(kind[3]))
    elif kind == "table":
        out = table(fields)
    else:
        out = azure(dict(fields))
    for at, text in changes:
        text = bytes.fromhex(text)
        out[int(at, 0):int(at, 0) + len(text)] = text
    sys.stdout.buffer.write(out)


main()
