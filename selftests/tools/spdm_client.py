# SPDX-License-Identifier: GPL-2.0-only
"""
A small SPDM requester that checks all responses, for tests of spdm-responder.

The requester is written from DSP0274, and shares no code with the responder or
with lib/. The openssl command checks the signatures. The class Checker checks
live conversations. It also checks conversations recorded from other programs,
which tests the class itself.
"""
import hashlib
import os
import socket
import struct
import subprocess
import tempfile

HASHES = {0x01: "sha256", 0x02: "sha384", 0x04: "sha512",
          0x08: "sha3_256", 0x10: "sha3_384", 0x20: "sha3_512"}
# bit: name, bytes of a signature, PSS
ASYMS = {0x001: ("rsassa-2048", 256, False), 0x002: ("rsapss-2048", 256, True),
         0x004: ("rsassa-3072", 384, False), 0x008: ("rsapss-3072", 384, True),
         0x010: ("ecdsa-p256", 64, False), 0x020: ("rsassa-4096", 512, False),
         0x040: ("rsapss-4096", 512, True), 0x080: ("ecdsa-p384", 96, False),
         0x100: ("ecdsa-p521", 132, False)}
# PqcAsymAlgo of SPDM 1.4; bit: name, bytes of a signature
PQCS = {0x1: ("mldsa-44", 2420), 0x2: ("mldsa-65", 3309), 0x4: ("mldsa-87", 4627)}
LARGE_RESP = 0x80000000
ALL_ASYMS = sum(ASYMS)
ALL_HASHES = sum(HASHES)


class Wrong(Exception):
    """A response that a requester must refuse; .tag names the fault."""

    def __init__(self, tag, text=""):
        super().__init__("%s %s" % (tag, text))
        self.tag = tag


class Refused(Exception):
    """An ERROR response."""

    def __init__(self, msg):
        super().__init__("ERROR %#04x %#04x" % (msg[2], msg[3]))
        self.code = msg[2]
        self.msg = msg


def u16(b, at):
    return struct.unpack_from("<H", b, at)[0]


def u32(b, at):
    return struct.unpack_from("<I", b, at)[0]


def der_len(b, at=0):
    """Returns the bytes of the DER element at @at."""
    n = b[at + 1]
    if n < 0x80:
        return 2 + n
    n &= 0x7f
    return 2 + n + int.from_bytes(b[at + 2:at + 2 + n], "big")


def split_chain(der):
    out, at = [], 0
    while at < len(der):
        n = der_len(der, at)
        if der[at] != 0x30 or at + n > len(der):
            break
        out.append(der[at:at + n])
        at += n
    return out


def ecdsa_der(sig):
    """Converts a signature of r and s to DER."""
    half = len(sig) // 2

    def integer(b):
        b = b.lstrip(b"\0") or b"\0"
        if b[0] & 0x80:
            b = b"\0" + b
        return b"\x02" + bytes([len(b)]) + b

    body = integer(sig[:half]) + integer(sig[half:])
    head = bytes([len(body)]) if len(body) < 0x80 else bytes([0x81, len(body)])
    return b"\x30" + head + body


_pubkeys = {}


def pubkey(leaf):
    if leaf not in _pubkeys:
        _pubkeys[leaf] = subprocess.run(
            ["openssl", "x509", "-inform", "DER", "-noout", "-pubkey"],
            input=leaf, capture_output=True, check=True).stdout
    return _pubkeys[leaf]


def pkeyutl(leaf, data, sig, options):
    """Returns true if @sig is the leaf key's signature of @data."""
    with tempfile.TemporaryDirectory() as d:
        for n, content in (("k", pubkey(leaf)), ("d", data), ("s", sig)):
            with open(os.path.join(d, n), "wb") as f:
                f.write(content)
        cmd = ["openssl", "pkeyutl", "-verify", "-pubin", "-inkey", d + "/k",
               "-in", d + "/d", "-sigfile", d + "/s"]
        for o in options:
            cmd += ["-pkeyopt", o]
        return subprocess.run(cmd, capture_output=True, check=False).returncode == 0


def verify(leaf, asym, hash_name, digest, sig):
    """Returns true if @sig is the leaf key's signature of @digest."""
    name, _, pss = ASYMS[asym]
    if name.startswith("ecdsa"):
        sig = ecdsa_der(sig)
    return pkeyutl(leaf, digest, sig, ["digest:" + hash_name.replace("_", "-")] + (
        ["rsa_padding_mode:pss", "rsa_pss_saltlen:digest"] if pss else []))


def have_mldsa():
    """Returns true if OpenSSL has ML-DSA, which is so from 3.5 on."""
    return "ML-DSA-44" in subprocess.run(["openssl", "list", "-signature-algorithms"],
                                         capture_output=True, text=True, check=True).stdout


def exact(padded, size, what):
    """Removes the padding of DOE."""
    if len(padded) < size:
        raise Wrong("truncated", "%s: %d of %d bytes" % (what, len(padded), size))
    if len(padded) - size > 3:
        raise Wrong("trailing", "%s: %d instead of %d bytes" % (what, len(padded), size))
    if any(padded[size:]):
        raise Wrong("padding", what)
    return padded[:size]


class Checker:
    """Checks a conversation: sizes, fields, transcripts, signatures."""

    def __init__(self, ignore=()):
        self.ignore = ignore  # tags that are not to be refused
        self.signatures = 0
        self.start()

    def start(self):
        self.version = None
        self.a = b""
        self.b = b""
        self.l1 = None
        self.flags = 0
        self.multi_key = False
        self.opaque_fmt = 0
        self.usage = {}
        self.asym = self.pqc = self.hash = None
        self.digests = {}
        self.blobs = {}
        self.parts = {}

    def wrong(self, tag, text=""):
        if tag not in self.ignore:
            raise Wrong(tag, text)

    def h(self, data):
        return hashlib.new(HASHES[self.hash], data).digest()

    @property
    def hsize(self):
        return len(self.h(b""))

    @property
    def sig_len(self):
        return PQCS[self.pqc][1] if self.pqc else ASYMS[self.asym][1]

    def prefix(self, context):
        if self.version < 0x12:
            return b""
        p = b"dmtf-spdm-v1.%d.*" % (self.version & 15) * 4
        return p + b"\0" * (100 - len(p) - len(context)) + context

    def signed(self, slot, transcript, context, sig):
        self.signatures += 1
        digest = self.h(transcript)
        certs = split_chain(self.blobs[slot][4 + self.hsize:])
        if self.pqc:
            if not pkeyutl(certs[-1], self.prefix(context) + digest, sig,
                           ["context-string:" + context.decode()]):
                self.wrong("signature")
            return
        if self.version >= 0x12:
            digest = self.h(self.prefix(context) + digest)
        if not verify(certs[-1], self.asym, HASHES[self.hash], digest, sig):
            self.wrong("signature")

    def feed(self, req, rsp):
        """Takes a request and its response, with padding. Returns the response's bytes."""
        if len(rsp) < 4:
            raise Wrong("truncated", "%d bytes" % len(rsp))
        code = req[1]
        if rsp[1] == 0x7f:
            if self.version and code != 0x84 and rsp[0] != self.version:
                raise Wrong("version", "of ERROR")
            raise Refused(rsp)
        if rsp[1] != code & 0x7f:
            self.wrong("code", "%#x for %#x" % (rsp[1], code))
        if code == 0x84:
            self.start()
        want = 0x10 if code == 0x84 else req[0]
        if rsp[0] != want:
            self.wrong("version", "%#x" % rsp[0])
        handler = {0x84: self.on_version, 0xe1: self.on_capabilities,
                   0xe3: self.on_algorithms, 0x81: self.on_digests,
                   0x82: self.on_certificate, 0x83: self.on_challenge,
                   0xe0: self.on_measurements}[code]
        if code != 0xe0:
            self.l1 = None
        return handler(req, rsp)

    def on_version(self, req, rsp):
        req = exact(req, 4, "GET_VERSION")
        rsp = exact(rsp, 6 + 2 * rsp[5] if len(rsp) > 5 else 6, "VERSION")
        self.versions = [u16(rsp, 6 + 2 * i) >> 8 for i in range(rsp[5])]
        self.a = req + rsp
        return rsp

    def on_capabilities(self, req, rsp):
        v = req[0]
        req = exact(req, {0x10: 4, 0x11: 12}.get(v, 20), "GET_CAPABILITIES")
        rsp = exact(rsp, 12 if v < 0x12 else 20, "CAPABILITIES")
        self.version = v
        self.flags = u32(rsp, 8)
        if v >= 0x12 and (u32(rsp, 12) < 42 or u32(rsp, 16) < u32(rsp, 12)):
            self.wrong("datatransfersize", str(u32(rsp, 12)))
        self.a += req + rsp
        return rsp

    def on_algorithms(self, req, rsp):
        req = exact(req, u16(req, 4), "NEGOTIATE_ALGORITHMS")
        if len(rsp) < 36:
            raise Wrong("truncated", "ALGORITHMS")
        structs = rsp[2] if self.version > 0x10 else 0
        rsp = exact(rsp, u16(rsp, 4), "ALGORITHMS")
        if len(rsp) != 36 + 4 * (structs + rsp[32] + rsp[33]):
            self.wrong("length", "ALGORITHMS")
        if structs > req[2]:
            self.wrong("structs", "more than were asked for")
        self.asym, self.hash, self.pqc = u32(rsp, 12), u32(rsp, 16), u32(rsp, 20)
        if self.pqc and (self.version < 0x14 or self.asym):
            raise Wrong("selections", "%#x and %#x" % (self.asym, self.pqc))
        asym = (self.pqc, u32(req, 16), PQCS) if self.pqc else (self.asym, u32(req, 8), ASYMS)
        for chosen, offered, table in (asym, (self.hash, u32(req, 12), HASHES)):
            if chosen not in table or not chosen & offered:
                raise Wrong("algorithm", "%#x of %#x" % (chosen, offered))
        # DSP0274 1.3: bit 4 of the request is the responder's, that of the
        # response is the requester's, which has no MULTI_KEY_CAP here
        self.multi_key = self.version >= 0x13 and req[7] & 0x10 != 0
        if (self.version < 0x12 and rsp[7]) or rsp[7] & ~req[7] & 0xf or rsp[7] & 0x10:
            self.wrong("params", "%#x" % rsp[7])
        self.opaque_fmt = rsp[7] & 0xf
        self.a += req + rsp
        return rsp

    def on_digests(self, req, rsp):
        req = exact(req, 4, "GET_DIGESTS")
        mask = rsp[3]
        slots = [i for i in range(8) if mask >> i & 1]
        size = self.hsize
        rsp = exact(rsp, 4 + len(slots) * (size + 4 * self.multi_key), "DIGESTS")
        if self.version >= 0x13 and mask & ~rsp[2]:
            self.wrong("mask", "provisioned but not supported")
        self.digests = {s: rsp[4 + i * size:4 + (i + 1) * size] for i, s in enumerate(slots)}
        if self.multi_key:
            at = 4 + len(slots) * (size + 2)
            self.usage = {s: u16(rsp, at + 2 * i) for i, s in enumerate(slots)}
        self.b += req + rsp
        return rsp

    def on_certificate(self, req, rsp):
        large = self.version >= 0x14 and req[2] & 0x80
        size = 16 if large else 8
        req = exact(req, size, "GET_CERTIFICATE")
        if len(rsp) < size:
            raise Wrong("truncated", "CERTIFICATE")
        offset, asked = (u32(req, 8), u32(req, 12)) if large else (u16(req, 4), u16(req, 6))
        portion, rest = (u32(rsp, 8), u32(rsp, 12)) if large else (u16(rsp, 4), u16(rsp, 6))
        rsp = exact(rsp, size + portion, "CERTIFICATE")
        if rsp[2] & 15 != req[2] & 15:
            self.wrong("slot", "CERTIFICATE")
        if (rsp[2] & 0x80) != large or (large and any(rsp[4:8])):
            self.wrong("large-form", rsp[:8].hex())
        slot = req[2] & 15
        if portion > asked or not portion:
            self.wrong("portion")
        if not offset:
            self.parts[slot] = (b"", portion + rest)
        data, total = self.parts[slot]
        if len(data) != offset or offset + portion + rest != total:
            self.wrong("remainder")
        self.parts[slot] = (data + rsp[size:], total)
        self.b += req + rsp
        if not rest:
            self.chain(slot, data + rsp[size:])
        return rsp

    def chain(self, slot, blob):
        # 16 bits and 16 reserved bits before 1.4
        if u32(blob, 0) != len(blob):
            self.wrong("chain-length", "%d for %d" % (u32(blob, 0), len(blob)))
        root = blob[4 + self.hsize:]
        root = root[:der_len(root)]
        if blob[4:4 + self.hsize] != self.h(root):
            self.wrong("root-hash")
        if slot in self.digests and self.h(blob) != self.digests[slot]:
            self.wrong("digest", "slot %d" % slot)
        self.blobs[slot] = blob

    def opaque(self, rsp, at):
        """Returns the offset after the opaque data at @at and the context."""
        if len(rsp) < at + 2:
            raise Wrong("truncated", "OpaqueDataLength")
        n = u16(rsp, at)
        if n > 1024:
            raise Wrong("opaque", str(n))
        return at + 2 + n + (8 if self.version >= 0x13 else 0)

    def opaque_list(self, data):
        """Checks a list in OpaqueDataFmt1."""
        if self.opaque_fmt != 2:
            self.wrong("opaque", "data without a format")
        count, at = data[0], 4
        if not count or any(data[1:4]):
            self.wrong("opaque", "head " + data[:4].hex())
        for _ in range(count):
            vendor = data[at + 1]
            if data[at] > 10 or (vendor and not data[at]):
                self.wrong("opaque", "registry %d, vendor of %d bytes" % (data[at], vendor))
            end = at + 4 + vendor + u16(data, at + 2 + vendor)
            at = end + -end % 4
            if any(data[end:at]):
                self.wrong("opaque", "padding")
        if at != len(data):
            self.wrong("opaque", "%d of %d bytes" % (at, len(data)))

    def context(self, rsp, at, end, context):
        """Checks the opaque data at @at, and the context before @end."""
        n = u16(rsp, at)
        if n and self.version >= 0x12:
            self.opaque_list(rsp[at + 2:at + 2 + n])
        if self.version >= 0x13 and rsp[end - 8:end] != context:
            self.wrong("context")

    def on_challenge(self, req, rsp):
        req = exact(req, 44 if self.version >= 0x13 else 36, "CHALLENGE")
        size, slot = self.hsize, req[2]
        at = 4 + size + 32 + (size if req[3] else 0)
        end = self.opaque(rsp, at)
        rsp = exact(rsp, end + self.sig_len, "CHALLENGE_AUTH")
        if rsp[2] & 15 != slot:
            self.wrong("slot", "CHALLENGE_AUTH")
        if self.digests and rsp[3] != sum(1 << s for s in self.digests):
            self.wrong("mask", "CHALLENGE_AUTH")
        if rsp[4:4 + size] != self.h(self.blobs[slot]):
            self.wrong("cert-chain-hash")
        self.context(rsp, at, end, req[36:44])
        self.signed(slot, self.a + self.b + req + rsp[:end],
                    b"responder-challenge_auth signing", rsp[end:])
        self.b = b""
        return rsp

    def on_measurements(self, req, rsp):
        signature = req[2] & 1
        size = 4 + (32 + (self.version > 0x10) if signature else 0) + \
            (8 if self.version >= 0x13 else 0)
        req = exact(req, size, "GET_MEASUREMENTS")
        self.b = b""
        if len(rsp) < 8:
            raise Wrong("truncated", "MEASUREMENTS")
        record = u32(rsp, 4) >> 8
        at, blocks = 8, 0
        while at + 4 <= 8 + record:
            at += 4 + u16(rsp, at + 2)
            blocks += 1
        if at != 8 + record or blocks != rsp[4]:
            self.wrong("record", "%d blocks" % blocks)
        end = self.opaque(rsp, 8 + record + 32)
        rsp = exact(rsp, end + (self.sig_len if signature else 0), "MEASUREMENTS")
        self.context(rsp, 8 + record + 32, end, req[-8:])
        if self.l1 is None:
            self.l1 = self.a if self.version >= 0x12 else b""
        self.l1 += req + rsp[:end]
        if signature:
            slot = req[36] & 15 if self.version > 0x10 else 0
            if rsp[3] & 15 != slot:
                self.wrong("slot", "MEASUREMENTS")
            self.signed(slot, self.l1, b"responder-measurements signing", rsp[end:])
            self.l1 = None
        return rsp


def capabilities(version, flags, size=0x1200, max_size=0x1200, param1=0):
    """Returns a GET_CAPABILITIES."""
    msg = bytes([version, 0xe1, param1, 0])
    if version >= 0x11:
        msg += struct.pack("<BBHI", 0, 20, 0, flags)
    if version >= 0x12:
        msg += struct.pack("<II", size, max_size)
    return msg


class Client:
    """QEMU's socket protocol, and a requester over it."""

    def __init__(self, port, ignore=(), timeout=60, chunks=False):
        self.sock = socket.create_connection(("127.0.0.1", port), timeout)
        self.check = Checker(ignore)
        self.chunks = chunks  # CHUNK_CAP: reads large responses
        self.n_chunks = 0
        self.bytes = 0

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.sock.close()

    def recv(self, n):
        out = b""
        while len(out) < n:
            got = self.sock.recv(n - len(out))
            if not got:
                raise Wrong("closed")
            out += got
        return out

    def command(self, cmd, payload=b"", transport=2):
        """Returns command, transport and payload of the reply."""
        try:
            self.sock.sendall(struct.pack(">III", cmd, transport, len(payload)) + payload)
            cmd, transport, n = struct.unpack(">III", self.recv(12))
        except ConnectionError as e:
            raise Wrong("closed", str(e)) from e
        if n > 0x1200:
            raise Wrong("qemu-limit", str(n))
        return cmd, transport, self.recv(n)

    def doe(self, kind, payload, vendor=1, dwords=None):
        payload += b"\0" * (-len(payload) % 4)
        if dwords is None:
            dwords = 2 + len(payload) // 4
        cmd, transport, rsp = self.command(
            1, struct.pack("<HBBI", vendor, kind, 0, dwords) + payload)
        if (cmd, transport) != (1, 2):
            raise Wrong("socket", "%#x %d" % (cmd, transport))
        if not rsp:
            raise Wrong("no-object")
        if u16(rsp, 0) != 1 or rsp[2] != kind or u32(rsp, 4) * 4 != len(rsp):
            raise Wrong("doe", rsp[:8].hex())
        return rsp[8:]

    def spdm(self, req):
        rsp = self.doe(1, req)
        if self.chunks and rsp[1:3] == b"\x7f\x0f":
            rsp = self.large(exact(rsp, 5, "LargeResponse")[4])
        self.bytes += len(req) + len(rsp)
        return self.check.feed(req + b"\0" * (-len(req) % 4), rsp)

    def chunk_get(self, handle, seq):
        return self.doe(1, struct.pack("<BBBBI", self.check.version, 0x86, 0, handle, seq))

    def large(self, handle):
        """Returns a large response. Each chunk but the last one is full."""
        out, total, seq = b"", None, 0
        while total is None or len(out) < total:
            head = 12 if seq else 16
            rsp = self.chunk_get(handle, seq)
            if rsp[1] == 0x7f:
                raise Refused(rsp)
            n = u32(rsp, 8)
            rsp = exact(rsp, head + n, "CHUNK_RESPONSE")
            if not seq:
                total = u32(rsp, 12)
            # 16 bits and 16 reserved bits before 1.4
            if (rsp[0], rsp[1], rsp[3], u32(rsp, 4)) != (self.check.version, 6, handle, seq):
                raise Wrong("chunk", rsp[:12].hex())
            out += rsp[head:]
            if rsp[2] != (len(out) == total) or len(out) > total:
                raise Wrong("last-chunk", "%d of %d" % (len(out), total))
            if len(rsp) > self.size or (not rsp[2] and len(rsp) != self.size):
                raise Wrong("chunk-size", "%d" % len(rsp))
            seq += 1
            self.n_chunks += 1
        return out

    def negotiate(self, version=None, asyms=ALL_ASYMS, hashes=ALL_HASHES, flags=6,
                  size=0x1200, max_size=None, other=2, structs=(), pqc=0):
        self.spdm(bytes([0x10, 0x84, 0, 0]))
        v = version or max(self.check.versions)
        self.size = size
        self.spdm(capabilities(v, flags, size, max_size or size))
        if v == 0x10:
            structs = ()
        body = b"".join(struct.pack("<BBH", t, 0x20, bits) for t, bits in structs)
        self.spdm(struct.pack("<BBBBHBBIII8xBBBB", v, 0xe3, len(structs), 0, 32 + len(body), 1,
                              other if v >= 0x12 else 0, asyms, hashes, pqc, 0, 0, 0, 0) + body)

    def get_certificate(self, slot, offset, length, large=False, attributes=0):
        """Returns a GET_CERTIFICATE."""
        v = self.check.version
        if large:
            return struct.pack("<BBBBIII", v, 0x82, slot | 0x80, attributes, 0, offset, length)
        return struct.pack("<BBBBHH", v, 0x82, slot, attributes, offset, length)

    def certificate(self, slot, portion=0x1000, large=None):
        """Reads a slot, by default in the large form where the responder has it."""
        if large is None:
            large = self.check.version >= 0x14 and self.check.flags & LARGE_RESP != 0
        offset, rest = 0, 1
        while rest:
            want = portion if not offset else min(portion, rest)
            rsp = self.spdm(self.get_certificate(slot, offset, want, large))
            got, rest = struct.unpack_from("<II" if large else "<HH", rsp, 8 if large else 4)
            offset += got
            if not got:
                raise Wrong("portion")

    def challenge(self, slot=0, summary=0):
        v = self.check.version
        msg = bytes([v, 0x83, slot, summary]) + os.urandom(32)
        if v >= 0x13:
            msg += os.urandom(8)
        return self.spdm(msg)

    def measurements(self, op=0xff, signature=True, slot=0, raw=False):
        v = self.check.version
        msg = bytes([v, 0xe0, signature | raw << 1, op])
        if signature:
            msg += os.urandom(32)
            if v > 0x10:
                msg += bytes([slot])
        if v >= 0x13:
            msg += os.urandom(8)
        return self.spdm(msg)

    def authenticate(self, slot=0, portion=0x1000, summary=0, **kw):
        self.negotiate(**kw)
        self.spdm(bytes([self.check.version, 0x81, 0, 0]))
        for s in sorted(self.check.digests):
            self.certificate(s, portion)
        return self.challenge(slot, summary)


def recorded(path):
    """Yields a recording's SPDM messages: direction, name, padded bytes."""
    messages = []
    with open(path, encoding="ascii") as f:
        lines = [x.rstrip("\n") for x in f if not x.startswith("#")]
    for head, data in zip(lines[::2], lines[1::2]):
        words = head.split()
        if words[2] != "DOE_DISCOVERY":
            messages.append((words[1], words[2], bytes.fromhex(data)))
    return messages


def check_recording(path):
    """Checks a recorded conversation. Returns its number of signatures."""
    check = Checker()
    messages = recorded(path)
    for (d1, _, req), (d2, _, rsp) in zip(messages[::2], messages[1::2]):
        if d1 + d2 != "><":
            raise Wrong("recording", "direction")
        if len(rsp) < 4 or req[1] not in (0x84, 0xe1, 0xe3, 0x81, 0x82, 0x83, 0xe0):
            continue
        try:
            check.feed(req, rsp)
        except Refused:
            pass
    return check.signatures
