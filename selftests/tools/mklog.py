#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""mklog.py DIR CERTIFICATE: writes logs with contents of many kinds into DIR, for
t-log-words.sh. CERTIFICATE is in DER. Independent of the code under test.
"""
import hashlib
import os
import struct
import sys
import uuid

SHA1, SHA256, SHA3, ODD = 4, 0xb, 0x27, 0x7777
HASHES = {SHA1: hashlib.sha1, SHA256: hashlib.sha256, SHA3: hashlib.sha3_256,
          ODD: hashlib.sha256}
GLOBAL = uuid.UUID("8be4df61-93ca-11d2-aa0d-00e098032b8c").bytes_le
DATABASE = uuid.UUID("d719b2cb-3d3a-4596-a3bc-dad00e67656f").bytes_le
X509 = uuid.UUID("a5c059a1-94e4-4aa7-87b5-ab155c2bf072").bytes_le
DIGESTS = uuid.UUID("c1c41626-504c-4092-aca9-41f936934328").bytes_le
SMBIOS = uuid.UUID("eb9d2d31-2d88-11d3-9a16-0090273fc14d").bytes_le
OTHER = uuid.UUID(int=7).bytes_le
END = b"\x7f\xff\4\0"
NO_ACTION, SEPARATOR, TAG, IPL = 3, 4, 6, 13
CONFIG, BOOT, APPLICATION, AUTHORITY = (0x80000001, 0x80000002, 0x80000003,
                                        0x800000e0)


def header(algs):
    body = b"Spec ID Event03\0" + struct.pack("<IBBBBI", 0, 0, 2, 106, 2, len(algs))
    for a in algs:
        body += struct.pack("<HH", a, HASHES[a]().digest_size)
    body += b"\0"
    return struct.pack("<II20xI", 0, NO_ACTION, len(body)) + body


def event(index, kind, data, algs=(SHA1, SHA256), digest=None):
    out = struct.pack("<III", index, kind, len(algs))
    for a in algs:
        value = HASHES[a](data).digest()
        if kind == NO_ACTION and digest is None:
            value = bytes(len(value))
        out += struct.pack("<H", a) + value
    return out + struct.pack("<I", len(data)) + data


def log(*events, algs=(SHA1, SHA256)):
    return header(algs) + b"".join(event(*e, algs=algs) for e in events)


def text16(text):
    return text.encode("utf-16-le", "surrogatepass") + b"\0\0"


def variable(guid, name, data):
    name = text16(name)[:-2]
    return guid + struct.pack("<QQ", len(name) // 2, len(data)) + name + data


def vendor(guid):
    return uuid.UUID(guid).bytes_le


def node(kind, subtype, data):
    return struct.pack("<BBH", kind, subtype, 4 + len(data)) + data


def image(path):
    path += END
    return struct.pack("<QQQQ", 0x1000, 0x2000, 0, len(path)) + path


def option(desc, path=b""):
    return struct.pack("<IH", 1, len(path + END)) + text16(desc) + path + END


def tag(number, data, size=None):
    return struct.pack("<II", number, len(data) if size is None else size) + data


def sig_list(kind, *entries):
    size = 16 + len(entries[0])
    return kind + struct.pack("<III", 28 + size * len(entries), 0, size) + \
        b"".join(OTHER + e for e in entries)


def short(*strings):
    return b"".join(bytes([len(s)]) + s for s in strings)


def words(cert):
    sp800 = b"SP800-155 Event3" + struct.pack("<I", 11129) + GLOBAL + \
        short(b"Maker\0", b"Model\0", b"1\0", b"FW maker\0") + \
        struct.pack("<I", 11129) + short(b"2.7\0") + \
        struct.pack("<II", 1, 14) + b"https://h/rim\0"
    pci = struct.pack("<HHHHB3sHH", 0, 16, 0x8086, 0x1234, 1, b"\0\0\2", 0, 0)
    path = node(1, 1, b"\0\3")
    spdm2 = b"SPDM Device Sec2" + struct.pack(
        "<HBBIIIIQQ", 2, 1, 0, 0, 1, 0, 12, 5, len(path)) + path + bytes(12) + pci
    spdm1 = b"SPDM Device Sec\0" + struct.pack("<HHII", 1, 60, 2, 1) + \
        b"\1\1" + struct.pack("<H", 4) + b"abcd" + pci
    table = SMBIOS + struct.pack("<Q", 0x7f001000)
    return log(
        (0, NO_ACTION, b"StartupLocality\0\3"),
        (0, 7, b"Boot Guard Measured S-CRTM\0"),
        (0, 8, GLOBAL),
        (0, 8, b"1.2.3\0"),
        (0, 8, text16("v")),
        (6, 12, b"Dell Configuration\0"),
        (6, 12, struct.pack("<I", 0x10)),
        (0xffffffff, NO_ACTION, sp800),
        (1, 0x80000009, struct.pack("<Q", 1) + table),
        (1, 0x8000000b, short(b"Tables") + struct.pack("<Q", 1) + table),
        (2, 0x800000e1, spdm2),
        (3, 0x800000e2, spdm1),
        (7, 0x800000e3, variable(DATABASE, "devdb", sig_list(X509, cert))),
        (7, CONFIG, variable(GLOBAL, "SecureBoot", b"\1")),
        (7, CONFIG, variable(OTHER, "SecureBoot", b"\1")),
        (7, CONFIG, variable(DATABASE, "db", sig_list(X509, cert) * 6)),
        (7, CONFIG, variable(DATABASE, "dbx", sig_list(
            DIGESTS, bytes(32), bytes(32), bytes(32)))),
        (7, CONFIG, variable(GLOBAL, "KEK", b"")),
        (7, AUTHORITY, variable(DATABASE, "db", OTHER + cert)),
        (0, 0x11, b"GCE NonHostInfo\0" + b"\4" + bytes(15)),
        (10, 0x14, b"sha384:00 boot_aggregate"),
        (12, SEPARATOR, b"WBCL"),
        (7, SEPARATOR, struct.pack("<I", 1)),
        (5, SEPARATOR, b"no memory"),
        (12, IPL, text16("good") + text16("init=/evil")),
        (1, CONFIG, variable(GLOBAL, "SecureBoot\0x", b"\1")),
        (1, CONFIG, variable(GLOBAL, "SecureBoot\0", b"\0")),
        (1, BOOT, variable(GLOBAL, "SecureBoot", b"\1")),
        # systemd-stub: half of the NUL
        (8, IPL, text16("initrd=\\img")[:-1]),
    )


def tags():
    return log(
        (17, TAG, tag(0x4141454c, b'a.b run {"k": 1}')),
        (17, TAG, tag(0x4141454c, b"nospaces")),
        (5, TAG, tag(0xf5bc582a, text16("loader.conf"))),
        (1, TAG, tag(0xc0b3bd23, text16("smbios:type11"))),
        (9, TAG, tag(0x8f3b22ec, b"Linux initrd\0")),
        (11, TAG, tag(0x40010001, b"\1\2\3\0\xff")),
        (9, TAG, tag(0x77, b"x")),
        (9, TAG, b"LOADED_IMAGE::LoadOptions\0"),
        (9, TAG, b"abc"),
        (9, TAG, tag(1, b"one") + tag(2, b"two")),
    )


def paths():
    ipv4 = bytes([10, 0, 0, 5, 10, 0, 0, 1]) + struct.pack("<HHHB", 0, 67, 17, 1)
    nodes = (
        node(3, 12, ipv4), node(3, 12, ipv4 + bytes([10, 0, 0, 2, 255, 0, 0, 0])),
        node(3, 13, bytes(15) + b"\1" + bytes(15) + b"\2" +
             struct.pack("<HHHBB", 0, 0, 6, 0, 64) + bytes(16)),
        node(3, 23, struct.pack("<I", 1) + bytes.fromhex("0025388c91b96efe")),
        node(3, 2, struct.pack("<HH", 3, 4)), node(3, 18, struct.pack("<HHH", 0, 0xffff, 0)),
        node(3, 11, bytes.fromhex("525400123456") + bytes(26) + b"\1"),
        node(3, 10, OTHER + b"\xaa\xbb"), node(3, 15, bytes.fromhex("341278560908ff")),
        node(3, 16, struct.pack("<HHH", 1, 0x1234, 0x5678) + text16("serial")),
        node(3, 3, bytes(4) + struct.pack("<QQ", 5, 6)),
        node(3, 30, bytes.fromhex("01020304050601")),
        node(3, 31, b"\0" + bytes([8, 8, 8, 8]) + bytes(12) + bytes([1, 1, 1, 1]) +
             bytes(12)),
        node(2, 1, struct.pack("<II", 0x0a0841d0, 1)),
        node(2, 2, struct.pack("<III", 0x0a0341d0, 0, 0) + b"\0uid\0\0"),
        node(1, 3, struct.pack("<IQQ", 11, 0x1000, 0x1fff)),
        node(4, 3, OTHER + b"\1"), node(4, 5, OTHER), node(4, 7, OTHER),
        node(4, 9, struct.pack("<QQ", 1, 2) + uuid.UUID(
            "77ab535a-45fc-624b-5560-f7b281d1f96e").bytes_le + b"\1\0"),
        node(3, 99, b"\1\2"), node(3, 12, b"short"),
        node(1, 9, b"\1"), node(2, 9, b""), node(4, 99, b"\2"), node(5, 2, b""),
        node(6, 1, b"\3"), node(2, 4, struct.pack("<I", 0x10)),
        node(3, 32, OTHER), node(3, 33, b"\1\2"), node(3, 33, b"\xff\1" + OTHER + b"\5"),
        node(3, 34, b"\1" + bytes(range(16)) + b"nqn.x\0"),
        node(3, 34, b"\3" + bytes(range(16)) + b"nqn.x\0"),
        node(3, 10, vendor("37499a9d-542f-4c89-a026-35da142094e4") + b"\2\0\0\0"),
        node(3, 10, vendor("d487ddb4-008b-11d9-afdc-001083ffca4d") +
             struct.pack("<IQQHH", 0, 0x5000c500, 3, 0x0242, 4)),
        node(3, 10, vendor("eba4e8d2-3858-41ec-a281-2647ba9660d0")),
        node(4, 9, struct.pack("<QQ", 1, 2) +
             vendor("5cea02c9-4d07-69d3-269f-4496fbe096f9") + b"\1\0"),
        node(4, 9, struct.pack("<QQ", 1, 2) +
             vendor("08018188-42cd-bb48-100f-5387d53ded3d") + b"\1\0"),
        node(3, 32, b"short"), node(3, 34, bytes(16)),
        node(3, 10, vendor("d487ddb4-008b-11d9-afdc-001083ffca4d") + b"\1"),
    )
    return log(*((4, APPLICATION, image(n)) for n in nodes))


def texts():
    name = "Gr\u00f6\u00dfe \u2013 \u0434\u0438\u0441\u043a"
    return log(
        (1, BOOT, variable(GLOBAL, "Boot0001", option(
            name, node(4, 4, text16("\\EFI\\" + name))))),
        (8, IPL, b"grub_cmd: " + name.encode() + b"\0"),
        (1, BOOT, variable(GLOBAL, name, b"\1")),
        (4, APPLICATION, image(node(4, 4, text16("\\" + name + ".efi")))),
        (1, BOOT, variable(GLOBAL, "Boot0002", option("\U0001f600x"))),
        (1, BOOT, variable(GLOBAL, "Boot0003", option("\ud83dA"))),
        (1, BOOT, variable(GLOBAL, "Boot0004", option("a\u202eb\u200bc"))),
        (8, IPL, b"bad \xff\xfe utf-8\0"),
    )


def locality(index, tail, before=()):
    return log(*before, (index, NO_ACTION, b"StartupLocality\0" + tail),
               (0, 8, b"v"))


def main(top, cert):
    with open(cert, "rb") as f:
        cert = f.read()
    broken = log((0, 8, b"first"), (0, SEPARATOR, bytes(4)))
    logs = {
        "words": words(cert), "tags": tags(), "paths": paths(), "texts": texts(),
        "locality": locality(0, b"\3"), "locality-pad": locality(0, b"\3" + bytes(15)),
        "locality-pcr1": locality(1, b"\3"), "locality-form": locality(0, b"\3\0\1"),
        "locality-late": locality(0, b"\3", ((0, 8, b"x"),)),
        "separators": log((4, SEPARATOR, bytes(4)), (4, APPLICATION, image(b"")),
                          (4, SEPARATOR, bytes(4)), (0, SEPARATOR, bytes(4)),
                          (0, 8, b"late")),
        "broken": broken + b"this is no event", "broken-first": broken[:80],
        "sha3": log((4, IPL, b"x"), algs=(SHA256, SHA3)),
        "odd-bank": log((4, IPL, b"x"), algs=(SHA256, ODD)),
    }
    for name, data in logs.items():
        with open(os.path.join(top, name + ".bin"), "wb") as f:
            f.write(data)


main(*sys.argv[1:])
