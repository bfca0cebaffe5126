# SPDX-License-Identifier: GPL-2.0-only
"""Firmware images for tests of `ccguest sev`, and a model of what is measured
at the launch of a guest. The model shares no code with libccguest.
"""
import hashlib
import hmac
import struct
import uuid

RESET = "00f771de-1a7e-4fcb-890e-68c77e2fb44e"
SECRET = "4c2eb361-7d9b-4cc3-8081-127c90d3d294"
HASHES = "7255371f-3a3b-4b04-927b-1da6efa8d454"
METADATA = "dc886566-984a-4798-a75e-5585a7bf67cc"
FOOTER = "96b582de-1fb2-45f7-baea-a366c55a082d"
VARIABLES = "fff12b8d-7696-4c8b-a985-2747075b4f50"
SEC_MEM, SECRETS, CPUID, CAA, HASHES_PAGE = 1, 2, 3, 4, 0x10
RESET_ADDRESS = 0x80b004
SECTIONS = [(0x800000, 0x9000, SEC_MEM), (0x80d000, 0x1000, SECRETS),
            (0x80e000, 0x1000, CPUID), (0x80f000, 0x1000, CAA),
            (0x811000, 0xf000, SEC_MEM), (0x810000, 0x1000, HASHES_PAGE)]
PAGE = 4096


def guid(text):
    return uuid.UUID(text).bytes_le


def entry(name, data):
    return data + struct.pack("<H", len(data) + 18) + guid(name)


def image(sections=SECTIONS, pages=2, entries=None, hashes=(0x810c00, 0x400),
          reset=RESET_ADDRESS, distance=None, seed=b"", variables=0):
    """An image; entries replaces the entries in front of the metadata's."""
    meta = b"ASEV" + struct.pack("<III", 16 + 12 * len(sections), 1, len(sections))
    meta += b"".join(struct.pack("<III", *s) for s in sections)
    if entries is None:
        entries = [entry(SECRET, struct.pack("<II", 0x810000, 0xc00)),
                   entry(RESET, struct.pack("<I", reset)),
                   entry(HASHES, struct.pack("<II", *hashes))]
    body = b"".join(entries)
    length = len(body) + 22 + 18
    if distance is None:
        distance = 32 + length + len(meta)
    body += entry(METADATA, struct.pack("<I", distance))
    tail = meta + body + struct.pack("<H", length) + guid(FOOTER) + b"\x90" * 32
    size = pages * PAGE - len(tail)
    front = b""
    if variables:
        front = bytes(16) + guid(VARIABLES) + struct.pack("<Q", variables)
        front += b"_FVH" + bytes(variables - 44)
    noise = hashlib.shake_256(b"firmware" + seed).digest(size)
    return front + noise + tail


def put(page, at, fmt, *values):
    struct.pack_into("<" + fmt, page, at, *values)


def vmsa(rdx, features, other=False, reset=RESET_ADDRESS, form="init2", vmm="qemu"):
    page = bytearray(PAGE)
    amazon, google, krun = vmm == "ec2", vmm == "gce", vmm == "krun"
    start = reset if other else 0xfffffff0
    for at in (0x00, 0x30, 0x40, 0x50):
        put(page, at, "HHIQ", 0, 0x93, 0xffff, 0)
    cs = 0x9a if krun or (amazon and not other) else 0x9b
    put(page, 0x10, "HHIQ", 0xf000, cs, 0xffff, start & 0xffff0000)
    put(page, 0x20, "HHIQ", 0, 0x92 if amazon or krun else 0x93, 0xffff, 0)
    for at in (0x60, 0x80):
        put(page, at, "HHIQ", 0, 0, 0xffff, 0)
    put(page, 0x70, "HHIQ", 0, 0x82, 0xffff, 0)
    put(page, 0x90, "HHIQ", 0, 0x83 if amazon or krun else 0x8b, 0xffff, 0)
    for at, value in ((0xd0, 0x1000), (0x148, 0x40), (0x158, 0x10), (0x160, 0x400),
                      (0x168, 0xffff0ff0), (0x170, 2), (0x178, start & 0xffff),
                      (0x268, 0x70106 if google else 0x7040600070406),
                      (0x310, rdx), (0x3b0, features), (0x3e8, 1)):
        put(page, at, "Q", value)
    if krun and other:
        put(page, 0x10, "HHIQ", 0x9100, cs, 0xffff, 0x91000)
        put(page, 0x178, "Q", 0)
    elif krun:
        for at, value in ((0x1d8, 0x8ff0), (0x328, 0x8ff0), (0x330, 0x7000)):
            put(page, at, "Q", value)
    if form == "init2" and not amazon and not google:
        put(page, 0x408, "I", 0x1f80)
        put(page, 0x410, "H", 0x37f)
    return bytes(page)


def table(kernel, initrd=b"", cmdline=b"\0"):
    out = b""
    for name, data in (("97d02dd8-bd20-4c94-aa78-e7714d36ab2a", cmdline),
                       ("44baf731-3a2f-4bd7-9af1-41e29169781d", initrd),
                       ("4de79437-abd2-427f-b835-d5b172d2045b", kernel)):
        out += guid(name) + struct.pack("<H", 50) + hashlib.sha256(data).digest()
    head = guid("9438d606-4f22-4cc9-b479-a793d411fd21") + struct.pack("<H", 168)
    return head + out + bytes(8)


def snp(firmware, cpus, rdx, features=1, hashes=None, sections=SECTIONS,
        vmm="qemu", reset=RESET_ADDRESS, place=0x810c00, code=0):
    """The launch digest of SNP; code: offset at which the measured part starts."""
    state = bytes(48)

    def add(kind, address, content=bytes(48)):
        nonlocal state
        state = hashlib.sha384(state + content + struct.pack(
            "<HBBIQ", 0x70, kind, 0, 0, address)).digest()

    base = (1 << 32) - len(firmware)
    for at in range(code, len(firmware), PAGE):
        add(1, base + at, hashlib.sha384(firmware[at:at + PAGE]).digest())
    order = list(sections)
    if vmm == "ec2":
        order.sort(key=lambda s: s[2] == CPUID)
    for address, size, kind in order:
        if kind == HASHES_PAGE and hashes:
            page = bytes(place % PAGE) + hashes
            add(1, address, hashlib.sha384(page.ljust(PAGE, b"\0")).digest())
            continue
        page_type = {SECRETS: 5, CPUID: 6}.get(kind, 3)
        if kind == SEC_MEM and vmm == "gce":
            page_type = 4
        for at in range(0, size, PAGE):
            add(page_type, address + at)
    for i in range(cpus):
        page = vmsa(rdx, features, i > 0, reset, "init2", vmm)
        add(2, 0xfffffffff000, hashlib.sha384(page).digest())
    return state.hex()


def sev(firmware, cpus=0, rdx=0, features=0, hashes=b"", form="init2", vmm="qemu",
        reset=RESET_ADDRESS, code=0):
    """The launch digest of SEV, and of SEV-ES if there are CPUs."""
    data = firmware[code:] + hashes
    for i in range(cpus):
        data += vmsa(rdx, features, i > 0, reset, form, vmm)
    return hashlib.sha256(data).hexdigest()


def mac(digest, tik, api, build, policy, nonce):
    text = bytes([4, *api, build]) + struct.pack("<I", policy) + bytes.fromhex(digest)
    return hmac.new(tik, text + nonce, "sha256").digest() + nonce
