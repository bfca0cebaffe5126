#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""bench_log.py FILE: writes a TPM's log of about 20 MB, 66,000 events, for
selftests/bench. Each event has two or three digests. Types are as frequent as in
the logs of real machines: mostly strings, some variables and images.
"""
import hashlib
import struct
import sys
import uuid

EVENTS = 66000
GLOBAL = uuid.UUID("8be4df61-93ca-11d2-aa0d-00e098032b8c").bytes_le
X509 = uuid.UUID("a5c059a1-94e4-4aa7-87b5-ab155c2bf072").bytes_le
SHA1, SHA256, SHA384 = 0x4, 0xb, 0xc
HASHES = {SHA1: hashlib.sha1, SHA256: hashlib.sha256, SHA384: hashlib.sha384}

# ACPI(PNP0A03,0)/Pci(1,1)/HD(1,GPT,...)/File(...)/End
ACPI_PCI = struct.pack("<BBHII", 2, 1, 12, 0x0a0341d0, 0) + \
    struct.pack("<BBHBB", 1, 1, 6, 1, 1)


def path_of(name):
    name = name.encode("utf-16-le") + b"\0\0"
    return ACPI_PCI + \
        struct.pack("<BBHIQQ16sBB", 4, 1, 42, 1, 2048, 1 << 20,
                    uuid.UUID(int=77).bytes_le, 2, 2) + \
        struct.pack("<BBH", 4, 4, 4 + len(name)) + name + b"\x7f\xff\4\0"


def variable(name, data):
    return GLOBAL + struct.pack("<QQ", len(name), len(data)) + \
        name.encode("utf-16-le") + data


def certificates(nr):
    """Two EFI_SIGNATURE_LISTs with one certificate each. UEFI 2.10, 32.4.1."""
    cert = b"".join(hashlib.sha256(b"%d %d" % (nr, i)).digest()
                    for i in range(25))
    return variable("db", 2 * (X509 + struct.pack(
        "<III", 28 + 16 + len(cert), 0, 16 + len(cert)) + GLOBAL + cert))


def boot_entry(nr):
    path = path_of("\\EFI\\debian\\shimx64.efi")
    option = struct.pack("<IH", 1, len(path)) + \
        ("debian %d" % nr).encode("utf-16-le") + b"\0\0" + path
    return variable("Boot%04X" % (nr % 65536), option)


def image(nr):
    path = path_of("\\EFI\\debian\\image%d.efi" % nr)
    return struct.pack("<QQQQ", 0x7e000000 + nr, 0x24000, 0, len(path)) + path


def partitions(nr):
    entry = uuid.UUID(int=4).bytes_le + uuid.UUID(int=nr).bytes_le + \
        struct.pack("<QQQ", 2048, 4095, 0) + "root".encode("utf-16-le").ljust(72, b"\0")
    header = b"EFI PART" + struct.pack("<IIIIQQQQ", 0x10000, 92, 0, 0, 1, 99,
                                       34, 90) + \
        uuid.UUID(int=9).bytes_le + struct.pack("<QIII", 2, 1, 128, 0)
    return header + struct.pack("<Q", 1) + entry


def grub(nr):
    return b"grub_cmd: linux /vmlinuz-6.%d root=UUID=%s ro quiet " \
        b"console=ttyS0,115200 systemd.unit=multi-user.target " \
        b"systemd.machine_id=%032x rd.luks.name=%s=root\0" % (
            nr, str(uuid.UUID(int=nr)).encode(), nr,
            str(uuid.UUID(int=nr + 1)).encode())


def module(nr):
    return b"(hd0,gpt2)/boot/grub/x86_64-efi/module%d.mod\0" % nr


KINDS = (
    (8, 0x0d, grub), (9, 0x0d, module), (8, 0x0d, grub), (9, 0x0d, module),
    (8, 0x0d, grub), (9, 0x0d, module), (8, 0x0d, grub), (9, 0x0d, module),
    (8, 0x0d, grub), (9, 0x0d, module), (4, 0x80000003, image),
    (1, 0x80000002, boot_entry),
    (7, 0x80000001, lambda nr: variable("SecureBoot", b"\1")),
    (7, 0x80000001, certificates),
    (5, 0x80000006, partitions), (2, 0x80000004, image),
    (4, 0x80000007, lambda nr: b"Calling EFI Application from Boot Option"),
    (0, 0x80000008, lambda nr: struct.pack("<QQ", 0xff000000 + nr, 0xe0000)),
    (7, 0x04, lambda nr: b"\0\0\0\0"),
    (0, 0x08, lambda nr: "firmware".encode("utf-16-le") + b"\0\0"),
)


def event(nr):
    index, kind, make = KINDS[nr % len(KINDS)]
    data = make(nr)
    algs = (SHA1, SHA256, SHA384) if nr % 2 else (SHA1, SHA256)
    hashed = data[10:-1] if data.startswith(b"grub_cmd: ") else data
    digests = b"".join(struct.pack("<H", a) + HASHES[a](hashed).digest()
                       for a in algs)
    return struct.pack("<III", index, kind, len(algs)) + digests + \
        struct.pack("<I", len(data)) + data


def main():
    spec = b"Spec ID Event03\0" + struct.pack(
        "<IBBBBIHHHHHHB", 0, 0, 2, 106, 2, 3, SHA1, 20, SHA256, 32, SHA384, 48,
        0)
    with open(sys.argv[1], "wb") as f:
        f.write(struct.pack("<II20xI", 0, 3, len(spec)) + spec)
        for nr in range(EVENTS):
            f.write(event(nr))


main()
