# SPDX-License-Identifier: GPL-2.0-only
"""
Tests spdm-responder. Prints one line per test: ok, "not ok" or skip, a tab and
the name of the test; after "not ok" and skip also a tab and the reason.
t-responder.sh converts the lines to TAP.

	responder_tests.py RESPONDER WORKDIR VECTORS [PREFIX...]

PREFIX is a command that runs the responder, such as valgrind. Such a command is
slow. Therefore a run with PREFIX has fewer algorithms, and no tests that take
the same code paths as other tests.
"""
import contextlib
import glob
import hashlib
import os
import random
import re
import shutil
import signal
import socket
import struct
import subprocess
import sys
import time

from named_tests import Skipped, Tests
from spdm_client import (ASYMS, Checker, Client, HASHES, LARGE_RESP, PQCS, Refused, Wrong,
                         capabilities, check_recording, have_mldsa, recorded, split_chain)
from responder_process import Process

RESPONDER, WORK, VECTORS = sys.argv[1:4]
PREFIX = sys.argv[4:]
DEVICE = "1b36:0010:010802:02:1af4:1100"
SAN = b"Vendor=1b36:Device=0010:CC=010802:REV=02:SSVID=1af4:SSID=1100"
# id-DMTF-device-info, [0], UTF8String
DMTF_NAME = bytes.fromhex("060a2b06010401831c821201a0200c1e") + b"ccguest:test-device:0123456789"
PKI = WORK + "/pki"
GOOD = "--slot=0=%s/p256/good.der" % PKI
SETS = {"ecdsa-p256": "p256", "ecdsa-p384": "p384", "ecdsa-p521": "p521"}
FAST = ["p256", "p384", "rsa2048"]
ALGS = FAST if PREFIX else ["rsa2048", "rsa3072", "rsa4096", "p256", "p384", "p521"]
MLDSA = ["mldsa44", "mldsa65", "mldsa87"] if have_mldsa() else []


def pki_of(asym):
    return SETS.get(asym) or "rsa" + asym[-4:]


def is_(got, want):
    if got != want:
        raise AssertionError("%r instead of %r" % (got, want))


def run(*args, status=0):
    """Runs the responder until it exits. Returns its output."""
    r = subprocess.run(PREFIX + [RESPONDER] + list(args), capture_output=True, text=True,
                       stdin=subprocess.DEVNULL, check=False, timeout=300)
    if r.returncode != status:
        raise AssertionError("ended with %d: %s%s" % (r.returncode, r.stdout, r.stderr))
    if "Sanitizer" in r.stderr or "runtime error" in r.stderr:
        raise AssertionError(r.stderr)
    return r


class Responder(Process):
    """A running responder."""

    def __init__(self, *args, slots=None):
        if slots is None:
            slots = ["0=%s/p256/good.der" % PKI]
        super().__init__(PREFIX + [RESPONDER, "--port=0"] + ["--slot=" + s for s in slots] +
                         list(args), WORK + "/stderr")

    def client(self, **kw):
        return Client(self.port, **kw)


def refused(tag, what):
    """Checks that the requester refuses for exactly this reason."""
    try:
        what()
    except Wrong as e:
        if e.tag not in (tag if isinstance(tag, tuple) else (tag,)):
            raise AssertionError("refused for %s instead of %s" % (e, tag)) from e
        return
    except Refused as e:
        if e.code != tag:
            raise AssertionError("%s instead of %s" % (e, tag)) from e
        return
    raise AssertionError("%s is not refused" % (tag,))


test = Tests()


# ---- the client ----

if os.path.isdir(VECTORS):
    for recording in sorted(glob.glob(VECTORS + "/*.txt")):
        if "chunk-dts64" in recording:  # another format
            continue

        @test("client: accepts the recorded " + os.path.basename(recording))
        def _recording(path=recording):
            n = check_recording(path)
            if os.path.basename(path).startswith("own-"):
                is_(n, 2)

    @test("client: refuses recorded signatures with another bit in M1")
    def _flipped():
        path = VECTORS + "/own-v12-p256-sha256.txt"
        text = open(path, encoding="ascii").read()
        bad = WORK + "/flipped.txt"
        # the nonce of the CHALLENGE: only the signature covers it
        at = text.index("128300ff") + 8
        with open(bad, "w", encoding="ascii") as f:
            f.write(text[:at] + "%x" % (int(text[at], 16) ^ 1) + text[at + 1:])
        refused("signature", lambda: check_recording(bad))


# ---- certificates ----

@test("certs: makes chains for every algorithm")
def _certs():
    algs = ALGS + MLDSA
    out = run("certs", PKI, "--device", DEVICE, "--algorithms", ",".join(algs)).stdout
    is_(out.splitlines(), ["%s/%s: 19 chains" % (PKI, a) for a in algs])


BROKEN = {
    "good": None, "wrong-san": None, "no-san": None, "dmtf-name": None, "both-names": None,
    "wrong-usage": None, "wrong-eku": None,
    "ca-leaf": None, "forty-certificates": None, "trailing-bytes": None,
    "expired": "certificate has expired", "not-yet-valid": "not yet valid",
    "intermediate-no-ca": "invalid CA certificate",
    "pathlen-exceeded": "path length constraint exceeded",
    "unknown-critical": "unhandled critical extension",
    "self-signed-leaf": "self-signed certificate|self signed certificate",
    "unrelated-root": "unable to get (local )?issuer|signature failure",
    "other-root": "unable to get (local )?issuer|self-signed certificate in|signature failure",
    "swapped-order": None,
}


def chain_of(alg, name):
    der = open("%s/%s/%s.der" % (PKI, alg, name), "rb").read()
    certs = split_chain(der)
    return certs, der[sum(len(c) for c in certs):]


def pem(der, name):
    path = WORK + "/" + name
    subprocess.run(["openssl", "x509", "-inform", "DER", "-out", path], input=der, check=True)
    return path


def text_of(der):
    return subprocess.run(["openssl", "x509", "-inform", "DER", "-noout", "-text"], input=der,
                          capture_output=True, check=True).stdout.decode("latin-1")


def openssl_verify(alg, name, anchor="ca"):
    certs, _ = chain_of(alg, name)
    leaf = certs[1] if name == "swapped-order" else certs[-1]
    others = [c for c in certs if c != leaf]
    cmd = ["openssl", "verify", "-CAfile", "%s/%s/%s.pem" % (PKI, alg, anchor),
           "-verify_depth", "100"]
    if name == "unrelated-root":
        others = others[1:]
        cmd[3] = pem(certs[0], "root.pem")
    if others:
        with open(WORK + "/untrusted.pem", "w", encoding="ascii") as f:
            for c in others:
                f.write(open(pem(c, "one.pem"), encoding="ascii").read())
        cmd += ["-untrusted", WORK + "/untrusted.pem"]
    r = subprocess.run(cmd + [pem(leaf, "leaf.pem")], capture_output=True, text=True, check=False)
    return r.returncode, r.stdout + r.stderr


for alg_name in ALGS + MLDSA:
    @test("certs: %s: openssl verify finds the fault of each chain" % alg_name)
    def _verify(alg=alg_name):
        for name, why in BROKEN.items():
            status, text = openssl_verify(alg, name)
            if why is None and status:
                raise AssertionError("%s: %s" % (name, text))
            if why and (not status or not re.search(why, text)):
                raise AssertionError("%s: %d %s" % (name, status, text))
        is_(openssl_verify(alg, "other-root", "other-ca")[0], 0)


@test("certs: every chain has its fault, the good one has none")
def _contents():
    files = {os.path.basename(p)[:-4] for p in glob.glob(PKI + "/p256/*.der")}
    is_(files, set(BROKEN) | {"ca", "other-ca"})
    leaf = {}
    for name in BROKEN:
        certs, tail = chain_of("p256", name)
        leaf[name] = text_of(certs[-1])
        is_(len(tail), 7 if name == "trailing-bytes" else 0)
        is_(len(certs), {"forty-certificates": 40, "pathlen-exceeded": 4,
                         "self-signed-leaf": 1}.get(name, 3))
        is_((SAN in certs[-1]), name not in ("wrong-san", "no-san", "dmtf-name",
                                                  "swapped-order"))
        is_(DMTF_NAME in certs[-1], name in ("dmtf-name", "both-names"))
    good = chain_of("p256", "good")[0]
    der_san = bytes.fromhex("3048a046060367811 3a03f0c3d".replace(" ", "")) + SAN
    is_(der_san in good[2], True)
    for want in ("CA:FALSE", "Digital Signature", "1.3.6.1.4.1.412.274.3"):
        is_(want in leaf["good"], True)
    is_("pathlen:0" in text_of(good[1]), True)
    is_("Certificate Sign" in text_of(good[0]), True)
    is_("CA:TRUE" in leaf["ca-leaf"], True)
    is_("Digital Signature" in leaf["wrong-usage"], False)
    is_("412.274.3" in leaf["wrong-eku"], False)
    is_("otherName" in leaf["no-san"] or "othername" in leaf["no-san"], False)
    is_(b"Device=0011:" in chain_of("p256", "wrong-san")[0][-1], True)
    is_("Device CA" in leaf["swapped-order"] or "device CA" in leaf["swapped-order"], True)
    is_(open(PKI + "/p256/ca.der", "rb").read(), good[0])


@test("certs: the key is readable by its owner only")
def _mode():
    is_(os.stat(PKI + "/p256/leaf.key").st_mode & 0o777, 0o600)


@test("certs: SAN with a serial number, and without a subsystem")
def _san():
    for device, want in (("8086:0a54:010802:1", b"Vendor=8086:Device=0a54:CC=010802:REV=01"),
                         ("8086:A54:10802:01:8086:4702:ABCDEF0123456789",
                          b"Vendor=8086:Device=0a54:CC=010802:REV=01:SSVID=8086:SSID=4702:"
                          b"abcdef0123456789")):
        run("certs", WORK + "/san", "--device=" + device, "--algorithms=p256", "-q")
        leaf = split_chain(open(WORK + "/san/p256/good.der", "rb").read())[-1]
        is_(b"\x0c" + bytes([len(want)]) + want in leaf, True)


# ---- versions and algorithms ----

def good_slots(algs):
    return ["0=%s/%s/good.der" % (PKI, a) for a in algs]


@test("default: the highest version, measurements, several connections, SIGTERM")
def _default():
    with Responder() as r:
        for _ in range(3):
            with r.client() as c:
                c.authenticate(summary=0xff)
                is_(c.check.versions, [0x10, 0x11, 0x12, 0x13, 0x14])
                is_(c.check.version, 0x14)
                is_(c.check.blobs[0][52:], open(PKI + "/p256/good.der", "rb").read())
                c.measurements()
                is_(c.check.signatures, 2)


for ver in (0x10, 0x11, 0x12, 0x13, 0x14):
    @test("SPDM 1.%d: every signature algorithm with every hash" % (ver & 15))
    def _matrix(v=ver):
        n = 0
        with Responder(slots=good_slots(ALGS)) as r, r.client() as c:
            for i, (asym, (name, _, _)) in enumerate(ASYMS.items()):
                if pki_of(name) not in ALGS:
                    continue
                for j, h in enumerate(HASHES):
                    # all pairs with 1.2; a Latin square with the others
                    if v != 0x12 and (i + j) % 3 or PREFIX and (i + j) % 3:
                        continue
                    c.authenticate(version=v, asyms=asym, hashes=h)
                    is_((c.check.asym, c.check.hash, c.check.version), (asym, h, v))
                    n += 1
        is_(c.check.signatures, n)

    @test("SPDM 1.%d: measurements: all, one, count, raw, unsigned before signed" % (ver & 15))
    def _meas(v=ver):
        with Responder() as r, r.client() as c:
            c.authenticate(version=v, summary=1)
            is_(c.measurements(op=0, signature=False)[2], 3)
            for i in (1, 2, 3):
                c.measurements(op=i, signature=False, raw=v >= 0x12)
            c.measurements(op=0xff)
            c.measurements(op=2)
            is_(c.check.signatures, 3)
            refused(1, lambda: c.measurements(op=4))
            refused(1, lambda: c.measurements(op=0xfe))
            c.challenge(summary=0xff)
            is_(c.check.signatures, 4)

    @test("SPDM 1.%d: portions of 1, 100, 1000 bytes and --portion" % (ver & 15))
    def _portions(v=ver):
        with Responder() as r, r.client() as c:
            for portion in (100, 1000, 0xffff):
                c.authenticate(version=v, portion=portion)
            c.negotiate(version=v)
            c.spdm(bytes([v, 0x81, 0, 0]))
            # the small form is allowed in 1.4 too
            rsp = c.spdm(struct.pack("<BBBBHH", v, 0x82, 0, 0, 0, 1))
            is_((u16(rsp, 4), len(rsp)), (1, 9))
        with Responder("--portion=333") as r, r.client() as c:
            c.authenticate(version=v)
            is_(c.check.signatures, 1)


def u16(b, at):
    return struct.unpack_from("<H", b, at)[0]


def u32(b, at):
    return struct.unpack_from("<I", b, at)[0]


@test("DataTransferSize: portions fit into it, else ResponseTooLarge")
def _transfer():
    with Responder() as r, r.client() as c:
        c.negotiate(version=0x12, size=64)
        v = bytes([0x12])
        c.spdm(v + b"\x81\0\0")
        rsp = c.spdm(v + struct.pack("<BBBHH", 0x82, 0, 0, 0, 0xffff))
        is_(len(rsp), 64)
        c.certificate(0, 0xffff)
        refused(0x0d, c.challenge)
        refused(0x0d, lambda: c.negotiate(version=0x12, size=42,
                                          structs=[(2, 1), (3, 1), (4, 1), (5, 1)]))
        refused(4, lambda: c.spdm(v + b"\x81\0\0"))
        c.authenticate()


@test("QEMU's limit: no reply is longer than 0x1200 bytes")
def _limit():
    slots = ["0=%s/%s/forty-certificates.der" % (PKI, "p384")]
    with Responder(slots=slots) as r, r.client() as c:
        for v in (0x10, 0x13, 0x14):
            c.authenticate(version=v, portion=0xffff)
        is_(c.check.signatures, 3)


@test("AlgStructs are answered, with nothing selected")
def _structs():
    with Responder() as r, r.client() as c:
        for v in (0x11, 0x12, 0x13, 0x14):
            c.authenticate(version=v, structs=[(2, 0x1b), (3, 6), (4, 0xf), (5, 1)])
        is_(c.check.signatures, 4)


@test("--versions, --asym, --hash limit the offer")
def _limits():
    slots = good_slots(["p256", "rsa2048"])
    with Responder("--versions=1.1-1.2", "--asym=RSAPSS_2048", "--hash=SHA_512,sha256",
                   slots=slots) as r, r.client() as c:
        c.authenticate()
        is_(c.check.versions, [0x11, 0x12])
        is_((ASYMS[c.check.asym][0], HASHES[c.check.hash]), ("rsapss-2048", "sha512"))
        c.authenticate(hashes=1)
        is_(HASHES[c.check.hash], "sha256")
        refused(1, lambda: c.negotiate(hashes=2))
        refused(1, lambda: c.negotiate(asyms=0x10))
        refused(0x41, lambda: c.negotiate(version=0x13))


@test("several slots: each has its chain, and signs with its key")
def _slots():
    slots = ["0=%s/p256/good.der" % PKI, "1=%s/p256/other-root.pem" % PKI,
             "5=%s/p256/no-san.der:%s/p256/leaf.key" % (PKI, PKI),
             "2=%s/p384/good.der" % PKI]
    with Responder(slots=slots) as r, r.client() as c:
        for slot in (0, 1, 5):
            c.authenticate(asyms=0x10, slot=slot)
            is_(sorted(c.check.digests), [0, 1, 5])
        c.authenticate(asyms=0x80, slot=2)
        is_(sorted(c.check.digests), [2])
        refused(1, lambda: c.challenge(slot=2 + 1))
        refused(1, lambda: c.challenge(slot=0xff))


@test("a second CHALLENGE, DIGESTS again, CHALLENGE without certificates")
def _again():
    with Responder() as r, r.client() as c:
        c.authenticate()
        c.challenge()
        c.spdm(bytes([0x14, 0x81, 0, 0]))
        c.challenge()
        c.spdm(bytes([0x14, 0x81, 0, 0]))
        c.measurements()
        c.challenge()
        is_(c.check.signatures, 5)


@test("--capabilities: no CERT, no CHAL, no MEAS, MULTI_KEY")
def _caps():
    with Responder("--capabilities=CHAL") as r, r.client() as c:
        c.negotiate()
        refused(7, lambda: c.spdm(b"\x14\x81\0\0"))
    with Responder("--capabilities=CERT") as r, r.client() as c:
        refused(7, c.authenticate)
        refused(7, c.measurements)
    with Responder("--capabilities=0x6") as r, r.client() as c:
        c.authenticate()
        refused(1, lambda: c.challenge(summary=0xff))
    with Responder("--capabilities=CERT,CHAL,MEAS_NO_SIG") as r, r.client() as c:
        c.authenticate(summary=0xff)
        c.measurements(signature=False)
        refused(1, c.measurements)
    slots = ["0=%s/p256/good.der" % PKI, "3=%s/p256/good.der" % PKI]
    # OtherParamsSupport bit 4: must be set, may be set, must be clear
    for cap, other, multi in ((",MULTI_KEY_ONLY", 0x12, True), (",MULTI_KEY_ONLY", 2, None),
                              (",MULTI_KEY_ONLY", 0x10, True), (",MULTI_KEY_ONLY", 0, None),
                              (",MULTI_KEY_NEG", 2, False), (",MULTI_KEY_NEG", 0x12, True),
                              ("", 2, False), ("", 0x12, None)):
        with Responder("--capabilities=CERT,CHAL,GET_KEY_PAIR_INFO" + cap, slots=slots) as r, \
                r.client() as c:
            if multi is None:
                refused(1, lambda: c.negotiate(other=other))
            else:
                c.authenticate(other=other)
                is_((c.check.multi_key, c.check.usage), (multi, {0: 15, 3: 15} if multi else {}))
            # reserved before 1.3
            c.authenticate(other=other, version=0x12)
            is_((c.check.multi_key, c.check.signatures), (False, 1 if multi is None else 2))


@test("--key-usage: a slot whose key may not sign refuses CHALLENGE or GET_MEASUREMENTS")
def _key_usage():
    slots = ["%d=%s/p256/good.der" % (i, PKI) for i in (0, 1, 5)]
    with Responder("--capabilities=CERT,CHAL,MEAS_SIG,MULTI_KEY_NEG", "--key-usage=0=0xfffd",
                   "--key-usage=5=2", slots=slots) as r, r.client() as c:
        refused(1, lambda: c.authenticate(other=0x12))
        is_(c.check.usage, {0: 0xfffd, 1: 15, 5: 2})
        c.measurements(slot=0)
        refused(1, lambda: c.measurements(slot=5))
        # an ERROR does not end M1
        c.spdm(b"\x14\x81\0\0")
        refused(1, c.challenge)
        c.challenge(slot=5)
        c.challenge(slot=1)
        is_(c.check.signatures, 3)
        for kw in ({"other": 2}, {"other": 0x12, "version": 0x12}):
            c.authenticate(**kw)
            is_(c.check.usage, {})


def refused_caps(c, version, code, *args, **kw):
    """Checks that GET_CAPABILITIES gets an ERROR of its own version."""
    rsp = c.doe(1, capabilities(version, *args, **kw))
    is_((rsp[:4].hex(), len(rsp)), (bytes([version, 0x7f, code, 0]).hex(), 4))


CERT, CHAL, ENCRYPT, MAC, MUT, KEY_EX, PSK = 2, 4, 0x40, 0x80, 0x100, 0x200, 0x400
ENCAP, HBEAT, UPD, CLEAR, RAW_KEY, CHUNK = 0x1000, 0x2000, 0x4000, 0x8000, 0x10000, 0x20000
EP_INFO, EP_SIG, EVENT = 0x400000, 0x800000, 0x2000000
ONLY, NEG = 0x4000000, 0x8000000
SESSION = KEY_EX | PSK | ENCRYPT | MAC | HBEAT | UPD | CLEAR
# flags; the lowest and the highest version that refuses them
BAD_FLAGS = (
    (CERT | CHAL | MUT | KEY_EX | PSK | ENCAP | HBEAT | UPD, 0x11, 0x14),
    (CERT | CHAL | ENCRYPT | MAC | MUT | ENCAP | HBEAT | UPD, 0x11, 0x14),
    (CERT | CHAL | ENCRYPT | MAC | MUT | KEY_EX | PSK | HBEAT | UPD, 0x11, 0x11),
    (0x800 | MAC, 0x11, 0x14), (PSK | 0x800 | MAC, 0x11, 0x14), (KEY_EX, 0x11, 0x14),
    (PSK, 0x11, 0x14), (ENCRYPT, 0x11, 0x14), (MAC, 0x11, 0x14), (HBEAT, 0x11, 0x14),
    (UPD, 0x11, 0x14), (CLEAR, 0x11, 0x14), (CLEAR | PSK | MAC, 0x11, 0x14),
    (CERT | RAW_KEY | CHAL, 0x11, 0x14), (CERT, 0x11, 0x14), (RAW_KEY, 0x11, 0x14),
    (CHAL, 0x11, 0x14), (MUT | ENCAP, 0x11, 0x14), (CERT | MUT | ENCAP, 0x11, 0x14),
    (EP_SIG, 0x13, 0x14), (CERT | CHAL | EP_INFO | EP_SIG, 0x13, 0x14), (EVENT, 0x13, 0x14),
    (CERT | CHAL | ONLY | NEG, 0x13, 0x14), (ONLY, 0x13, 0x14), (NEG | RAW_KEY | CHAL, 0x13, 0x14),
)
GOOD_FLAGS = (0, CERT | CHAL, RAW_KEY | CHAL, CERT | KEY_EX | MAC, SESSION, SESSION | CERT | CHAL,
              PSK | MAC, KEY_EX | ENCRYPT | CLEAR, CERT | CHAL | MUT | ENCAP, ENCAP, CHUNK)


@test("--chunks: responses above DataTransferSize come in full chunks")
def _chunks():
    for ours, size in (([], 64), ([], 42), ([], 1000), (["--transfer-size=64"], 64)):
        with Responder("--chunks", *ours) as r:
            for v in (0x12, 0x13, 0x14):
                with r.client(chunks=True) as c:
                    c.authenticate(version=v, flags=6 | CHUNK, size=size, max_size=0x10000)
                    c.measurements()
                    is_((c.check.signatures, c.n_chunks > 1), (2, True))
                    is_(c.check.flags & CHUNK, CHUNK)
    # a longer one than MaxSPDMmsgSize
    with Responder("--chunks") as r, r.client(chunks=True) as c:
        refused(0x0d, lambda: c.authenticate(flags=6 | CHUNK, size=64, max_size=100))
    # one of both without chunks, or 1.1
    for ours, v, flags in (([], 0x13, 6 | CHUNK), (["--chunks"], 0x13, 6)):
        with Responder(*ours) as r, r.client(chunks=True) as c:
            refused(0x0d, lambda c=c, v=v, f=flags: c.authenticate(version=v, flags=f, size=64))
    with Responder("--chunks", "--transfer-size=64") as r, r.client(chunks=True) as c:
        c.authenticate(version=0x11)
        is_((c.check.signatures, c.n_chunks), (1, 0))


@test("CHUNK_GET: handle, number and state are checked; another request ends the response")
def _chunk_get():
    with Responder("--chunks", "-q") as r, r.client() as c:
        c.negotiate(flags=6 | CHUNK, size=64, max_size=0x10000)
        cert = struct.pack("<BBBBHH", 0x14, 0x82, 0, 0, 0, 0x400)
        is_(c.chunk_get(0, 0)[1:3].hex(), "7f04")
        for handle, seq, wrong in ((1, 0, True), (0, 1, True), (0, 0, False)):
            rsp = c.doe(1, cert)
            is_(rsp[1:3].hex(), "7f0f")
            if wrong:
                is_(c.chunk_get(rsp[4] + handle, seq)[1:3].hex(), "7f01")
                # and the response is lost
                is_(c.chunk_get(rsp[4], 0)[1:3].hex(), "7f04")
                continue
            at = rsp[4]
            is_(c.chunk_get(at, 0)[1], 6)
            c.spdm(bytes([0x14, 0x81, 0, 0]))
            is_(c.chunk_get(at, 1)[1:3].hex(), "7f04")
        is_(c.doe(1, struct.pack("<BBBBHH", 0x12, 0x86, 0, 0, 0, 0))[1:3].hex(), "7f41")
    with Responder("-q") as r, r.client() as c:
        c.negotiate(flags=6 | CHUNK)
        is_(c.chunk_get(1, 0)[1:4].hex(), "7f0786")


@test("GET_CAPABILITIES: flags that contradict each other are InvalidRequest, of its version")
def _flags():
    with Responder("-q") as r, r.client() as c:
        for v in (0x11, 0x12, 0x13, 0x14):
            c.spdm(b"\x10\x84\0\0")
            for flags, low, high in BAD_FLAGS:
                if low <= v <= high:
                    refused_caps(c, v, 1, flags)
                elif v < low:
                    c.spdm(capabilities(v, flags))
                    c.spdm(b"\x10\x84\0\0")
            for flags in GOOD_FLAGS + ((CERT | CHAL | MUT,) if v > 0x11 else ()):
                c.spdm(capabilities(v, flags))
                c.spdm(b"\x10\x84\0\0")
        # the algorithms in CAPABILITIES need chunks
        refused_caps(c, 0x14, 1, 6, param1=1)
        c.spdm(capabilities(0x14, 6 | CHUNK, param1=1))
        # 1.0 has no flags; 1.1 does not know those of 1.3
        c.authenticate(version=0x10)
        c.authenticate(version=0x11, flags=6 | EVENT | ONLY | NEG)


@test("GET_CAPABILITIES: DataTransferSize and MaxSPDMmsgSize; the version of an ERROR")
def _caps_sizes():
    with Responder("-q", "--versions=1.1-1.3") as r, r.client() as c:
        for v in (0x12, 0x13):
            c.spdm(b"\x10\x84\0\0")
            for size, max_size in ((41, 41), (0, 0), (42, 41), (4608, 4607)):
                refused_caps(c, v, 1, 6, size, max_size)
                refused_caps(c, v, 1, 6 | CHUNK, size, max_size)
            for size, max_size in ((42, 43), (4607, 4608), (4608, 0xffffffff)):
                refused_caps(c, v, 1, 6, size, max_size)
                c.spdm(capabilities(v, 6 | CHUNK, size, max_size))
                c.spdm(b"\x10\x84\0\0")
        # versions that are not offered: nothing is agreed on
        for v in (0x10, 0x14, 0x23):
            is_(c.doe(1, capabilities(v, 6))[:4].hex(), "107f4100")
        # a refused request does not choose a version
        refused_caps(c, 0x13, 1, MAC)
        is_(c.doe(1, b"\x14\xe3" + b"\0" * 30)[:4].hex(), "107f0400")
        c.spdm(capabilities(0x12, 6))
        refused(4, lambda: c.spdm(capabilities(0x12, 6)))
        c.authenticate()


@test("--transfer-size: CAPABILITIES announces it, a longer request is RequestTooLarge")
def _own_transfer():
    with Responder("--transfer-size=42") as r, r.client() as c:
        for v in (0x10, 0x11, 0x12):
            c.authenticate(version=v)
        is_(c.check.signatures, 3)
        refused(0x0e, lambda: c.authenticate(version=0x13))
        refused(0x0e, lambda: c.negotiate(version=0x12, structs=[(2, 1), (3, 1), (5, 1)]))
    with Responder("--transfer-size=44") as r, r.client() as c:
        is_(u16(c.spdm(b"\x10\x84\0\0"), 6) >> 8, 0x10)
        rsp = c.spdm(capabilities(0x13, 6))
        is_(struct.unpack_from("<II", rsp, 12), (44, 44))
        c.authenticate(version=0x13)


@test("--mutual-auth: only with a requester that knows it, or by force")
def _mutual():
    with Responder("--mutual-auth") as r, r.client() as c:
        is_(c.authenticate()[2], 0)
        is_(c.authenticate(flags=0x106)[2], 0x80)
        is_(c.authenticate(version=0x10)[2], 0)
    with Responder("--mutual-auth=force") as r, r.client() as c:
        is_(c.authenticate()[2], 0x80)


@test("--opaque: data in CHALLENGE_AUTH and MEASUREMENTS")
def _opaque():
    # the client checks the list of 1.2 and later
    for n, list_len in ((1, 12), (12, 12), (13, 16), (16, 16), (1021, 1024), (1024, 1024)):
        with Responder("--opaque=%d" % n) as r, r.client() as c:
            for v in (0x10, 0x11, 0x12, 0x13, 0x14):
                context = 8 if v >= 0x13 else 0
                is_(len(c.authenticate(version=v)),
                    4 + 48 + 32 + 2 + (n if v < 0x12 else list_len) + context + 64)
                c.measurements()
                # a requester without the format gets no data
                is_(len(c.authenticate(version=v, other=0)),
                    4 + 48 + 32 + 2 + (n if v < 0x12 else 0) + context + 64)
                c.measurements()


@test("--measurement: order, types, forms; text and files")
def _measures():
    path = WORK + "/measure"
    with open(path, "wb") as f:
        f.write(b"\0" * 4096)
    for args, want in (
            (["7=1:fw", "2=0x7f/raw:x"], [(7, 0x01, hashlib.sha256(b"fw").digest()), (2, 0xff, b"x")]),
            (["254=0/digest:"], [(254, 0x00, hashlib.sha256(b"").digest())]),
            (["1=5/raw:@" + path], [(1, 0x85, b"\0" * 4096)])):
        with Responder("--hash=sha256", *["--measurement=" + a for a in args]) as r, \
                r.client() as c:
            c.authenticate()
            rsp = c.measurements()
            at, got = 8, []
            while at < 8 + (struct.unpack_from("<I", rsp, 4)[0] >> 8):
                got.append((rsp[at], rsp[at + 4], rsp[at + 7:at + 4 + u16(rsp, at + 2)]))
                at += 4 + u16(rsp, at + 2)
            is_(got, want)
    for value, text in (("0=1:x", "needs N=TYPE:VALUE"), ("255=1:x", "needs N=TYPE:VALUE"),
                        ("1=128:x", "needs N=TYPE:VALUE"), ("x", "needs N=TYPE:VALUE"),
                        ("1=1/odd:x", "after TYPE comes"), ("1=1", "after TYPE comes"),
                        ("1=1:@" + path + "none", "No such file"),
                        ("1=1:" + 4097 * "x", "more than 4096 bytes")):
        p = run("--measurement=" + value, status=2)
        is_((text in p.stderr, value[:20]), (True, value[:20]))
    p = run("--measurement=1=1:x", "--measurement=1=2:y", status=2)
    is_("two of index 1" in p.stderr, True)


@test("--delay: of all messages, of one")
def _delay():
    with Responder("--delay=CHALLENGE=400") as r, r.client() as c:
        start = time.monotonic()
        c.negotiate()
        quick = time.monotonic() - start
        c.authenticate()
        if time.monotonic() - start - quick < 0.4 or quick > 0.4 * (20 if PREFIX else 1):
            raise AssertionError("%f, %f" % (quick, time.monotonic() - start))
    with Responder("--delay=150") as r, r.client() as c:
        start = time.monotonic()
        c.negotiate()
        if time.monotonic() - start < 0.45:
            raise AssertionError("not delayed")


@test("--transcript: the form of the recordings; the client accepts it")
def _transcript():
    path = WORK + "/transcript.txt"
    with Responder("--transcript=" + path) as r:
        with r.client() as c:
            c.command(0xdead, b"Client Hello!\0")
            c.doe(0, b"\0\0\0\0")
            c.authenticate(version=0x12)
            c.measurements()
            refused(7, lambda: c.spdm(b"\x12\x99\0\0"))
            c.command(0xfffe)
        is_(check_recording(path), 2)
    lines = open(path, encoding="ascii").read().splitlines()
    is_(lines[3], "# > socket cmd=0xdead transport=2 len=14 436c69656e742048656c6c6f2100")
    is_(lines[4], "# < socket cmd=0xdead transport=2 len=14 5365727665722048656c6c6f2100")
    is_(lines[5:9], ["00 > DOE_DISCOVERY doe_vid=0001 doe_type=00 doe_len_dw=3 payload_bytes=4",
                     "00000000",
                     "01 < DOE_DISCOVERY doe_vid=0001 doe_type=00 doe_len_dw=3 payload_bytes=4",
                     "01000001"])
    is_(lines[9], "02 > GET_VERSION doe_vid=0001 doe_type=01 doe_len_dw=3 payload_bytes=4")
    is_(any(" > 0x99 " in x for x in lines), True)
    is_(lines[-1].strip(), "# < socket cmd=0xfffe transport=2 len=0")


# ---- the reference responder's answers ----

def replay(name, alg, args, varies=("CERTIFICATE", "MEASUREMENTS"), slots=(0, 1)):
    """Checks that recorded requests get the recorded code and length."""
    messages = recorded(VECTORS + "/" + name + ".txt")
    slots = ["%d=%s/%s/good.der" % (i, PKI, alg) for i in slots]
    with Responder("-q", *args, slots=slots) as r, r.client() as c:
        for (_, _, req), (_, what, want) in zip(messages[::2], messages[1::2]):
            got = c.doe(1, req)
            is_((what, got[:2].hex()), (what, want[:2].hex()))
            if what == "ERROR":
                is_(got, want)
            elif what not in varies:
                is_((what, len(got), got[2:4].hex()), (what, len(want), want[2:4].hex()))
            if what == "ALGORITHMS":
                # not byte 31, MELspecificationSel
                is_(got[12:31] + got[32:36], want[12:31] + want[32:36])
            if what == "CERTIFICATE" and req[2] & 0x80:
                is_(got[:8], want[:8])


for the_recording, the_alg, the_args in (
        ("own-v10-p384-sha384", "p384", ["--versions=1.0", "--hash=sha384"]),
        ("own-v11-p384-sha384", "p384", ["--versions=1.1", "--hash=sha384"]),
        ("own-v12-p256-sha256", "p256", ["--versions=1.2", "--hash=sha256"]),
        ("own-v12-rsa3072-sha256", "rsa3072", ["--versions=1.2", "--hash=sha256"]),
        ("own-v13-p384-sha384", "p384", ["--versions=1.3", "--hash=sha384"]),
        ("v12-rsapss3072-sha384", "rsa3072", ["--versions=1.2", "--hash=sha384"]),
        ("v12-p256-nohashoverlap", "p256", ["--versions=1.2", "--hash=sha512"])):
    if os.path.isdir(VECTORS) and the_alg in ALGS:
        @test("the recorded requests of %s get answers of the same form" % the_recording)
        def _replay(name=the_recording, alg=the_alg, args=the_args):
            replay(name, alg, args)

if os.path.isdir(VECTORS):
    @test("the recorded requests of v14-p384-sha384 get answers of the same form")
    def _replay_14():
        replay("v14-p384-sha384", "p384", ["--versions=1.4", "--hash=sha384", "--capabilities="
               "CACHE,CERT,CHAL,MEAS_SIG,MEAS_FRESH,MULTI_KEY_NEG,LARGE_RESP"], slots=(0, 1, 4))


# ---- the socket, and DOE ----

@test("TEST, CONTINUE, SHUTDOWN, unknown commands, another transport")
def _commands():
    with Responder() as r:
        with r.client() as c:
            is_(c.command(0xdead, b"Client Hello!\0"), (0xdead, 2, b"Server Hello!\0"))
            is_(c.command(0xfffd), (0xfffd, 2, b""))
            is_(c.command(0x1234, b"x")[0], 0xffff)
            is_(c.command(1, b"\x05\x10\x84\0\0", transport=1)[0], 0xffff)
            is_(c.command(0xfffe), (0xfffe, 2, b""))
            refused("closed", lambda: c.command(0xdead))
        with r.client() as c:
            c.authenticate()


@test("DOE discovery: itself, CMA, and no more")
def _discovery():
    with Responder() as r, r.client() as c:
        is_(c.doe(0, b"\0\0\0\0").hex(), "01000001")
        is_(c.doe(0, b"\1\0\0\0").hex(), "01000100")
        is_(c.doe(0, b"\2\0\0\0").hex(), "ffff0000")


@test("DOE: a malformed object gets no response")
def _objects():
    with Responder("-q") as r, r.client() as c:
        refused("no-object", lambda: c.doe(5, b"\x10\x84\0\0"))
        refused("no-object", lambda: c.doe(2, b"\x10\x84\0\0"))
        refused("no-object", lambda: c.doe(1, b"\x10\x84\0\0", vendor=0x8086))
        refused("no-object", lambda: c.doe(1, b"\x10\x84\0\0", dwords=4))
        refused("no-object", lambda: c.doe(1, b"\x10\x84\0\0", dwords=0))
        refused("no-object", lambda: c.doe(0, b"\0" * 8))
        for n in (0, 4, 7, 9):
            is_(c.command(1, b"\1\0\1\0\2\0\0\0\0"[:n]), (1, 2, b""))
        refused(1, lambda: c.check.feed(b"\x10\x84\0\0", c.doe(1, b"")))
        c.authenticate()


@test("connections that close, or send half of a message, have no effect")
def _half():
    with Responder("-q") as r:
        for data in (b"", b"\0" * 5, struct.pack(">III", 1, 2, 100) + b"x" * 50,
                     struct.pack(">III", 1, 2, 0xffffffff) + b"x" * 5000,
                     struct.pack(">III", 1, 2, 0x1201) + b"x" * 0x1201):
            with socket.create_connection(("127.0.0.1", r.port)) as s:
                with contextlib.suppress(OSError):
                    s.sendall(data)
        with r.client() as c:
            c.negotiate()
        with r.client() as c:
            refused(4, lambda: c.spdm(b"\x14\x81\0\0"))
            c.authenticate()


@test("--once: ends with the first connection")
def _once():
    with Responder("--once") as r:
        with r.client() as c:
            c.authenticate()
        is_(r.proc.wait(60), 0)


@test("only 127.0.0.1 is listened on, and a port in use is named")
def _port():
    with Responder() as r:
        with contextlib.suppress(OSError):
            with socket.create_connection(("127.0.0.2", r.port), 5):
                raise AssertionError("127.0.0.2 is listened on")
        err = run("--port=%d" % r.port, "--slot=0=%s/p256/good.der" % PKI, status=1).stderr
        is_("in use" in err and err.count("\n") == 1, True)


# ---- behind QEMU ----

class QemuClient(Client):
    """A requester that accesses the responder by the DOE mailbox of QEMU's
    NVMe drive. qtest replaces the guest."""

    CONFIG = 0xb0000000 + (3 << 15)
    DOE = CONFIG + 0x100

    def __init__(self, port):  # pylint: disable=super-init-not-called
        self.check = Checker()
        self.bytes = 0
        self.chunks = False
        disk = WORK + "/disk.img"
        with open(disk, "wb") as f:
            f.truncate(1 << 20)
        # pylint: disable=consider-using-with
        self.proc = subprocess.Popen(
            ["qemu-system-x86_64", "-M", "q35,accel=tcg", "-S", "-display", "none", "-nodefaults",
             "-m", "64", "-qtest", "stdio", "-qtest-log", "/dev/null",
             "-drive", "if=none,id=d,format=raw,file=" + disk,
             "-device", "nvme,drive=d,serial=1,addr=3,spdm_port=%d" % port],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        # PCIEXBAR of the q35, which gives access to the extended registers.
        self.qtest("outl 0xcf8 0x80000060")
        self.qtest("outl 0xcfc 0xb0000001")

    def __exit__(self, *_):
        self.proc.kill()
        self.proc.communicate()

    def qtest(self, line):
        self.proc.stdin.write(line + "\n")
        self.proc.stdin.flush()
        while True:
            answer = self.proc.stdout.readline()
            if answer.startswith("OK"):
                return answer.split()
            if not answer or answer.startswith("FAIL"):
                raise AssertionError("qtest: %s: %r" % (line, answer))

    def read(self, addr):
        return int(self.qtest("readl %#x" % addr)[1], 16)

    def write(self, addr, value):
        self.qtest("writel %#x %#x" % (addr, value))

    def doe(self, kind, payload, vendor=1, dwords=None):
        payload += b"\0" * (-len(payload) % 4)
        for word in struct.unpack("<%dI" % (2 + len(payload) // 4), struct.pack(
                "<HBBI", vendor, kind, 0, dwords or 2 + len(payload) // 4) + payload):
            self.write(self.DOE + 0x10, word)
        self.write(self.DOE + 0x08, 1 << 31)
        out = b""
        while self.read(self.DOE + 0x0c) >> 31:
            out += struct.pack("<I", self.read(self.DOE + 0x14))
            self.write(self.DOE + 0x14, 0)
        if not out:
            raise Wrong("no-object")
        return out[8:]


def qemu_lacks():
    """Returns the reason why QEMU cannot be used, or None."""
    if not shutil.which("qemu-system-x86_64"):
        return "no qemu-system-x86_64"
    r = subprocess.run(["qemu-system-x86_64", "-device", "nvme,help"], capture_output=True,
                       text=True, check=False)
    return "" if "spdm_port" in r.stdout else "QEMU's nvme has no spdm_port"


@test("behind QEMU's NVMe drive: every version, and no answer where a fault drops it")
def _qemu():
    if qemu_lacks():
        raise Skipped(qemu_lacks())
    with Responder("--fault=drop@DIGESTS:1", "-q") as r:
        with QemuClient(r.port) as c:
            is_(c.read(c.CONFIG), 0x00101b36)
            refused("no-object", c.authenticate)
            for v in (0x10, 0x11, 0x12, 0x13, 0x14):
                c.authenticate(version=v, portion=0x11f0)
                c.measurements()
            is_(c.check.signatures, 10)
        with r.client() as c:
            c.authenticate()


# ---- faults ----

MESSAGES = ["VERSION", "CAPABILITIES", "ALGORITHMS", "DIGESTS", "CERTIFICATE", "CHALLENGE_AUTH"]


def fault_is(fault, tag, *args, **kw):
    with Responder("--fault=" + fault, "-q", *args) as r, r.client() as c:
        refused(tag, lambda: c.authenticate(**kw))


def each(name, fault, tag, messages=None, **kw):
    @test("fault %s: %s" % (fault, name))
    def _each():
        for m in messages or MESSAGES:
            fault_is("%s@%s" % (fault, m), tag, **kw)


each("no data object comes back", "drop", "no-object")
each("the connection is closed", "hang-up", "closed")
each("half of the message", "truncate", "truncated")
each("a message that is too long", "oversize", "trailing")
each("the code of another response", "wrong-code", "code")
each("another version", "wrong-version", "version")
each("another slot", "wrong-slot", "slot", ["CERTIFICATE", "CHALLENGE"])
each("lengths that do not fit", "bad-length",
     ("truncated", "datatransfersize", "length"), MESSAGES[:3] + MESSAGES[4:])
each("random bytes", "garbage", ("code", "version", "truncated", 0))

CONTENT = [("bad-digest", "digest", 0x11),
           ("bad-root-hash", "root-hash", 0x13), ("bad-chain-length", "chain-length", 0x10),
           ("bad-cert-chain-hash", "cert-chain-hash", 0x12), ("bad-context", "context", 0x13),
           ("wrong-code@DIGESTS", "code", 0x12), ("wrong-version@DIGESTS", "version", 0x12),
           ("wrong-slot@CHALLENGE", "slot", 0x12), ("bad-slot-mask@CHALLENGE", "mask", 0x12)]
for the_fault, the_tag, the_version in CONTENT:
    @test("fault %s: is refused for that, and the signature covers it" % the_fault)
    def _content(fault=the_fault, tag=the_tag, v=the_version):
        with Responder("--fault=" + fault, "-q") as r:
            with r.client() as c:
                refused(tag, lambda: c.authenticate(version=v))
            with r.client(ignore=(tag,)) as c:
                c.authenticate(version=v)
                is_(c.check.signatures, 1)


@test("fault bad-remainder: another total, and a portion that is not there")
def _bad_remainder():
    fault_is("bad-remainder:1", "remainder", portion=500)
    fault_is("bad-remainder", 1)


@test("fault bad-signature: every version, CHALLENGE_AUTH and MEASUREMENTS")
def _bad_signature():
    with Responder("--fault=bad-signature", "-q", slots=good_slots(["p256", "rsa2048"])) as r:
        for v in (0x10, 0x11, 0x12, 0x13, 0x14):
            for asym in (0x10, 1, 2):
                with r.client() as c:
                    refused("signature", lambda: c.authenticate(version=v, asyms=asym))
                    refused("signature", c.measurements)


@test("faults two-algorithms, no-algorithm, foreign-algorithm")
def _bad_algorithms():
    for fault in ("two-algorithms", "no-algorithm", "foreign-algorithm"):
        fault_is(fault, "algorithm")


@test("fault extra-algorithms: structures that were not requested, under the signature")
def _extra_algorithms():
    with Responder("--fault=extra-algorithms", "-q") as r:
        with r.client() as c:
            c.authenticate(version=0x10)
            for v in (0x11, 0x12, 0x13, 0x14):
                refused("structs", lambda: c.negotiate(version=v))
        with r.client(ignore=("structs",)) as c:
            for v in (0x11, 0x12, 0x13, 0x14):
                c.authenticate(version=v)
            is_(c.check.signatures, 4)


@test("fault bad-slot-mask: DIGESTS with a slot that is not there")
def _bad_mask():
    fault_is("bad-slot-mask@DIGESTS", ("truncated", "mask"))


@test("fault flip-bit: is refused, and the same seed flips the same bit")
def _flip():
    seen = {}
    for seed in (1, 1, 2, 3, 4, 5):
        with Responder("--fault=flip-bit@CAPABILITIES", "--seed=%d" % seed, "-q") as r, \
                r.client() as c:
            c.doe(1, b"\x10\x84\0\0")
            rsp = c.doe(1, bytes.fromhex("14e1000000140000060000000012000000120000"))
            is_(seen.setdefault(seed, rsp), rsp)
    is_(len(set(seen.values())) > 1, True)
    for seed in range(12):
        with Responder("--fault=flip-bit@CHALLENGE_AUTH", "--seed=%d" % seed, "-q") as r, \
                r.client() as c:
            try:
                c.authenticate()
            except (Wrong, Refused):
                continue
            raise AssertionError("seed %d is accepted" % seed)


@test("fault error-CODE: every name and number, at every message")
def _errors():
    for i, (name, code) in enumerate((("Busy", 3), ("InvalidRequest", 1), ("unexpected-request", 4),
                                      ("VersionMismatch", 0x41), ("RequestResynch", 0x43),
                                      ("0x3e", 0x3e), ("ResponseNotReady", 0x42),
                                      ("LargeResponse", 15), ("VendorDefined", 255))):
        fault_is("error-%s@%s" % (name, MESSAGES[i % 6]), code)


@test("fault error-Busy:2 goes away, and is not in the transcript")
def _busy():
    with Responder("--fault=error-Busy@GET_DIGESTS:2", "--fault=error-0x03@CHALLENGE:1") as r, \
            r.client() as c:
        c.negotiate()
        for _ in range(2):
            refused(3, lambda: c.spdm(b"\x14\x81\0\0"))
        c.spdm(b"\x14\x81\0\0")
        c.certificate(0)
        refused(3, c.challenge)
        c.challenge()
        is_(c.check.signatures, 1)


@test("fault error-ResponseNotReady: RESPOND_IF_READY brings the response")
def _not_ready():
    with Responder("--fault=error-ResponseNotReady@CHALLENGE:1") as r, r.client() as c:
        c.negotiate()
        c.spdm(b"\x14\x81\0\0")
        c.certificate(0)
        req = bytes([0x14, 0x83, 0, 0]) + bytes(range(40))
        rsp = c.doe(1, req)
        is_((rsp[1:3], rsp[5], len(rsp)), (b"\x7f\x42", 0x83, 8))
        # RDTM: a requester refuses a value below 2
        is_(rsp[7] > 1, True)
        refused(4, lambda: c.check.feed(req, c.doe(1, bytes([0x14, 0xff, 0x83, rsp[6] ^ 1]))))
        c.check.feed(req, c.doe(1, bytes([0x14, 0xff, 0x83, rsp[6]])))
        is_(c.check.signatures, 1)
        refused(4, lambda: c.check.feed(req, c.doe(1, bytes([0x14, 0xff, 0x83, rsp[6]]))))


@test("fault NAME@MESSAGE:COUNT: only that message, only so often; several faults")
def _count():
    with Responder("--fault=bad-digest:1", "--fault=bad-signature@CHALLENGE:1",
                   "--fault=bad-root-hash:1") as r:
        for tag in ("root-hash", "signature"):
            with r.client(ignore=("digest",)) as c:
                refused(tag, c.authenticate)
        with r.client() as c:
            c.authenticate()


@test("fault stall: no response until the requester closes")
def _stall():
    with Responder("--fault=stall@DIGESTS:1", "-q") as r:
        with r.client(timeout=1) as c:
            try:
                c.authenticate()
                raise AssertionError("is answered")
            except TimeoutError:
                pass
        with r.client() as c:
            c.authenticate()


# ---- SPDM 1.4 ----

def start_14(c, flags=6, size=0x1200, max_size=None):
    """Reaches the state after GET_CAPABILITIES. Returns CAPABILITIES."""
    c.spdm(b"\x10\x84\0\0")
    return c.spdm(capabilities(0x14, flags, size, max_size or size))


def refused_14(c, req, code, data=b"\0"):
    """Checks that the ERROR has exactly these bytes after the code."""
    rsp = c.doe(1, req)
    want = bytes([0x14, 0x7f, code]) + data
    is_(rsp.hex(), (want + b"\0" * (-len(want) % 4)).hex())


def longer_chain(size):
    """Returns a chain for P-256 of at least @size bytes, which starts with its root."""
    der = open(PKI + "/p256/good.der", "rb").read()
    path = "%s/long-%d.der" % (WORK, size)
    with open(path, "wb") as f:
        f.write(der * (size // len(der) + 1))
    return "%s:%s/p256/leaf.key" % (path, PKI), os.path.getsize(path)


@test("1.4: VERSION, CAPABILITIES and ALGORITHMS, byte for byte")
def _negotiation_14():
    for args, flags in (([], 0x80000016), (["--capabilities=CERT,CHAL"], 6),
                        (["--capabilities=CERT,CHAL,SET_KEY_PAIR_RESET,LARGE_RESP", "--chunks"],
                         0xc0020006)):
        with Responder("-q", *args) as r, r.client() as c:
            is_(c.doe(1, b"\x10\x84\0\0").hex(), "10040000000500100011001200130014")
            rsp = c.doe(1, capabilities(0x14, 6))
            is_(rsp.hex(), "14610000" + "00110000" + struct.pack("<I", flags).hex() +
                "0012000000120000")
            # in 1.3 these flags do not exist
            c.spdm(b"\x10\x84\0\0")
            is_(c.doe(1, capabilities(0x13, 6))[8:12], struct.pack("<I", flags & 0x3fffffff))
    with Responder("-q", "--hash=sha384") as r, r.client() as c:
        start_14(c)
        # six structures; PqcAsymAlgo has all bits, and P-256 is what the slot has
        structs = "".join("%02x20ff00" % t for t in range(2, 8))
        req = "14e306003800" + "0102" + "ff010000" + "3f000000" + "ff7f0000" + "00" * 12
        is_(c.doe(1, bytes.fromhex(req + structs)).hex(),
            "146306003c00" + "0102" + "04000000" + "10000000" + "02000000" + "00" * 16 +
            structs.replace("ff", "00"))


@test("1.4: malformed NEGOTIATE_ALGORITHMS: types, order, lengths, no common algorithm")
def _algorithms_14():
    def negotiate(version, structs=(), ext=0, asyms=0x1ff, pqc=0):
        body = b"\0\0\0\0" * ext + b"".join(bytes([t, 0x20, 1, 0]) for t in structs)
        return struct.pack("<BBBBHBBIII8xBBBB", version, 0xe3, len(structs), 0, 32 + len(body), 1,
                           2, asyms, 0x3f, pqc, 0, ext, 0, 0) + body

    with Responder("-q") as r, r.client() as c:
        for version, kw, good in (
                (0x14, {"structs": range(2, 8)}, True), (0x14, {"structs": [6, 7]}, True),
                (0x14, {"structs": [2, 8]}, False), (0x14, {"structs": [7, 6]}, False),
                (0x14, {"structs": [7, 7]}, False), (0x13, {"structs": range(2, 6)}, True),
                (0x13, {"structs": [6]}, False), (0x12, {"structs": [5, 7]}, False),
                (0x14, {"ext": 24}, True), (0x14, {"ext": 25}, False),
                (0x11, {"ext": 24}, True), (0x11, {"ext": 25}, False),
                (0x10, {"ext": 8}, True), (0x10, {"ext": 9}, False),
                # ML-DSA and SLH-DSA only, for a slot with P-256
                (0x14, {"asyms": 0, "pqc": 0x7fff}, False), (0x13, {"asyms": 0, "pqc": 7}, False)):
            c.spdm(b"\x10\x84\0\0")
            c.spdm(capabilities(version, 6))
            rsp = c.doe(1, negotiate(version, **kw))
            is_((kw, rsp[:4].hex() == "%02x7f0100" % version, rsp[1] == 0x63),
                (kw, not good, good))


@test("1.4: GET_CERTIFICATE in both forms, byte for byte, and each malformed one")
def _forms_14():
    der = open(PKI + "/p256/good.der", "rb").read()
    slots = ["0=%s/p256/good.der" % PKI, "4=%s/p256/good.der" % PKI]
    with Responder("-q", "--hash=sha256", slots=slots) as r, r.client() as c:
        c.authenticate()
        total = len(der) + 36
        blob = struct.pack("<I", total) + hashlib.sha256(split_chain(der)[0]).digest() + der
        is_(c.check.blobs[0], blob)

        def get(slot=0, offset=0, length=40, large=True, attributes=0):
            return c.get_certificate(slot, offset, length, large, attributes)

        def put(slot, n, rest, large):
            if large:
                return struct.pack("<BBBBIII", 0x14, 2, slot | 0x80, 0, 0, n, rest)
            return struct.pack("<BBBBHH", 0x14, 2, slot, 0, n, rest)

        for large in (True, False):
            is_(c.doe(1, get(large=large)), put(0, 40, total - 40, large) + blob[:40])
            is_(c.doe(1, get(4, 8, 4, large)), put(4, 4, total - 12, large) + blob[8:12])
            is_(c.doe(1, get(0, total - 4, 0xffff, large)), put(0, 4, 0, large) + blob[-4:])
            # SlotSizeRequested
            is_(c.doe(1, get(4, 0, 0, large, 1)), put(4, 0, total, large))
            refused_14(c, get(1, large=large), 1)
            refused_14(c, get(offset=total, large=large), 1)
            refused_14(c, get(length=0, large=large), 1)
        refused_14(c, get(offset=0xffffffff, length=0xffffffff), 1)
        # of 8 bytes; of 20; Offset or Length are not zero
        refused_14(c, get()[:8], 1)
        refused_14(c, get() + b"\0\0\0\0", 1)
        for at in (4, 6):
            bad = bytearray(get())
            bad[at] = 1
            refused_14(c, bytes(bad), 1)
        # bit 7 is reserved before 1.4
        c.authenticate(version=0x13)
        is_(c.doe(1, b"\x13\x82\x80\0\0\0\4\0").hex(), "13020000" + "0400" +
            struct.pack("<H", total - 4).hex() + blob[:4].hex())
    with Responder("-q", "--capabilities=CERT,CHAL") as r, r.client() as c:
        c.authenticate()
        # UnsupportedRequest, which names the request
        refused_14(c, c.get_certificate(0, 0, 40, True), 7, b"\x82")
        c.challenge()
        is_(c.check.signatures, 2)


@test("1.4: chains above 64 KiB: large form, DataTooLarge, an empty slot in 1.3, the limit")
def _long_chains():
    chain, size = longer_chain(200000)
    slots = ["0=%s/p256/good.der" % PKI, "1=" + chain]
    with Responder("--hash=sha256", slots=slots) as r:
        with r.client() as c:
            c.authenticate(slot=1)
            is_((sorted(c.check.digests), len(c.check.blobs[1])), ([0, 1], size + 36))
            refused_14(c, c.get_certificate(1, 0, 40), 0x12, b"\0" + struct.pack("<I", size + 36))
            refused_14(c, c.get_certificate(1, 0, 0, attributes=1), 0x12,
                       b"\0" + struct.pack("<I", size + 36))
            rsp = c.doe(1, c.get_certificate(1, 0x10000, 0x10000, True))
            is_(struct.unpack_from("<III", rsp, 4), (0, 4584, size + 36 - 0x10000 - 4584))
            for v in (0x10, 0x13):
                c.authenticate(version=v)
                is_(sorted(c.check.digests), [0])
        is_("slot 1 is empty: %d bytes need SPDM 1.4 and LARGE_RESP" % size in r.errors(), True)
    # portions in chunks, which response_max() limits to 72 KiB
    with Responder("-q", "--chunks", slots=slots) as r, r.client(chunks=True) as c:
        c.authenticate(slot=1, flags=6 | CHUNK, size=0x11f8, max_size=0x20000, portion=0x40000)
        rsp = c.spdm(c.get_certificate(0, 0, 0xffff, True))
        is_((c.check.signatures, c.n_chunks > size // 4608), (1, True))
        c.negotiate(flags=6 | CHUNK, size=0x11f8, max_size=0x20000)
        rsp = c.doe(1, c.get_certificate(1, 0, 0x40000, True))
        is_((rsp[1:3].hex(), u32(c.chunk_get(rsp[4], 0), 12)), ("7f0f", 0x12000))
    words = "slot 0: %d bytes of certificates need SPDM 1.4 and LARGE_RESP" % size
    for args in (["--versions=1.0-1.3"], ["--capabilities=CERT,CHAL"]):
        is_(words in run("--slot=0=" + chain, *args, status=2).stderr, True)
    chain, size = longer_chain(0x80000)
    is_("%d bytes of certificates, the limit is 524220" % size in
        run("--slot=0=" + chain, status=2).stderr, True)


@test("1.4: --later-versions has it, and a chain that only later versions can send")
def _later_14():
    chain, size = longer_chain(70000)
    with Responder("-q", "--versions=1.3", "--later-versions=1.4",
                   slots=["0=%s/p256/good.der" % PKI, "1=" + chain]) as r:
        for versions, slots in (([0x13], [0]), ([0x14], [0, 1])):
            with r.client() as c:
                c.authenticate()
                is_((c.check.versions, sorted(c.check.digests)), (versions, slots))
    err = run("--slot=0=%s/p256/good.der" % PKI, "--later-slot=0=" + chain, "--versions=1.4",
              "--later-versions=1.3", status=2).stderr
    is_("slot 0: %d bytes of certificates need SPDM 1.4" % size in err, True)


@test("1.4: ChunkSeqNo has 32 bits, in CHUNK_GET and in CHUNK_RESPONSE")
def _sequence_14():
    with Responder("--chunks", "-q") as r, r.client() as c:
        c.negotiate(flags=6 | CHUNK, size=64, max_size=0x10000)
        for seq, good in ((0, True), (1, True), (0x10002, False)):
            if not seq:
                rsp = c.doe(1, c.get_certificate(0, 0, 0x400, True))
            got = c.chunk_get(rsp[4], seq)
            if good:
                is_(got[:12].hex(), "140600%02x" % rsp[4] + struct.pack(
                    "<II", seq, 52 if seq else 48).hex())
            else:
                is_(got.hex(), "147f0100")


@test("1.4: faults both-selections, foreign-pqc, bad-large-form, huge-portion, huge-sequence")
def _faults_14():
    alg = struct.pack("<BBBBHBBIII8xBBBB", 0x14, 0xe3, 0, 0, 32, 1, 2, 0x1ff, 0x3f, 7, 0, 0, 0, 0)
    head = "146300002400" + "0102" + "02000000"
    for fault, tag, want in (
            ("both-selections", "selections", "10000000" + "01000000" + "02000000"),
            ("foreign-pqc", "algorithm", "00000000" + "01000000" + "00400000"),
            ("two-algorithms", "algorithm", "90000000" + "01000000" + "00000000"),
            ("no-algorithm", "algorithm", "00" * 12),
            ("foreign-algorithm", "algorithm", "00080000" + "40000000" + "00000000")):
        with Responder("--fault=" + fault, "-q", "--hash=sha256") as r, r.client() as c:
            start_14(c)
            is_(c.doe(1, alg).hex(), head + want + "00" * 12)
            refused(tag, lambda c=c: c.authenticate(pqc=7))
            if fault in ("both-selections", "foreign-pqc"):
                c.authenticate(version=0x13)
    for fault, tag, want in (("bad-large-form", "large-form", "0000" + "28000000" + "%s"),
                             ("huge-portion", "truncated", "8000" + "28000080" + "%s"),
                             ("bad-length@CERTIFICATE", "truncated", "8000" + "2c000000" + "%s"),
                             ("bad-remainder", 1, "8000" + "28000000" + "+1"),
                             ("wrong-slot@CERTIFICATE", "slot", "8100" + "28000000" + "%s")):
        with Responder("--fault=" + fault, "-q", "--hash=sha256") as r, r.client() as c:
            c.negotiate()
            c.spdm(b"\x14\x81\0\0")
            rest = os.path.getsize(PKI + "/p256/good.der") + 36 - 40
            left = struct.pack("<I", rest + want.endswith("+1")).hex()
            want = "1402" + want[:4] + "00000000" + want[4:12] + left
            is_(c.doe(1, c.get_certificate(0, 0, 40, True))[:16].hex(), want)
            refused(tag, lambda c=c: c.authenticate(portion=500))
    # the small form, with bit 7
    with Responder("--fault=bad-large-form", "-q", "--capabilities=CERT,CHAL") as r, \
            r.client() as c:
        refused("large-form", c.authenticate)
        c.authenticate(version=0x13)
    with Responder("--fault=huge-sequence", "-q", "--chunks") as r:
        for v in (0x14, 0x13):
            with r.client(chunks=True) as c:
                if v == 0x14:
                    refused("chunk", lambda c=c: c.authenticate(flags=6 | CHUNK, size=64,
                                                                max_size=0x10000))
                    rsp = c.doe(1, c.get_certificate(0, 0, 500, True))
                    is_(c.chunk_get(rsp[4], 0)[4:8].hex(), "00000100")
                else:
                    c.authenticate(version=v, flags=6 | CHUNK, size=64, max_size=0x10000)
    for fault, tag in (("bad-chain-length", "chain-length"), ("bad-context", "context"),
                       ("bad-signature", "signature"), ("bad-slot-mask@CHALLENGE", "mask")):
        fault_is(fault, tag, version=0x14)


# ---- ML-DSA, which OpenSSL 3.5 and later have ----

NO_MLDSA = "has no ML-DSA, which OpenSSL 3.5 and later have"


def mldsa_lacks():
    """Tests of an OpenSSL without ML-DSA: no trace, and a refusal with the reason."""
    text = run("--help").stdout
    is_("mldsa-" in text[text.index("Algorithms,"):], False)
    for args in (["--asym=mldsa-65", GOOD], ["--asym=ecdsa-p256,ML_DSA_87", GOOD]):
        err = run(*args, status=2).stderr
        is_((NO_MLDSA in err, err.count("\n")), (True, 1))
    for algs in ("mldsa44", "p256,mldsa87"):
        err = run("certs", WORK + "/x", "--device=" + DEVICE, "--algorithms=" + algs,
                  status=1).stderr
        is_((NO_MLDSA in err, err.count("\n"), os.path.exists(WORK + "/x")), (True, 1, False))
    with Responder("-q") as r, r.client() as c:
        c.authenticate(pqc=7)
        is_((c.check.asym, c.check.pqc), (0x10, 0))


if not have_mldsa():
    @test("ML-DSA: this OpenSSL has none, and the responder says so")
    def _no_mldsa():
        mldsa_lacks()

for pqc_bit, (pqc_name, pqc_size) in PQCS.items() if have_mldsa() else ():
    pqc_alg = pqc_name.replace("-", "")

    @test("%s: CHALLENGE_AUTH and MEASUREMENTS with every hash, at once and in chunks" % pqc_name)
    def _mldsa(bit=pqc_bit, size=pqc_size, alg=pqc_alg):
        with Responder("-q", "--chunks", "--opaque=16", slots=good_slots([alg])) as r:
            for h in HASHES:
                with r.client(chunks=True) as c:
                    rsp = c.authenticate(pqc=bit, hashes=h, summary=0xff, flags=6 | CHUNK,
                                         size=0x11f8, max_size=0x20000)
                    is_((c.check.asym, c.check.pqc), (0, bit))
                    # header, CertChainHash, nonce, summary, opaque data, context
                    is_(len(rsp), 4 + 2 * c.check.hsize + 32 + 2 + 16 + 8 + size)
                    c.measurements()
                    is_(c.check.signatures, 2)
            with r.client(chunks=True) as c:
                c.authenticate(pqc=bit, flags=6 | CHUNK, size=42, max_size=0x20000)
                is_((c.check.signatures, c.n_chunks > 400), (1, True))
        # QEMU's limit is 4600 bytes
        with Responder("-q", "--hash=sha256", slots=good_slots([alg])) as r, r.client() as c:
            if size < 4500:
                c.authenticate(pqc=bit)
                c.measurements()
                is_(c.check.signatures, 2)
            else:
                refused(0x0d, lambda: c.authenticate(pqc=bit))
                want = 4 + 32 + 32 + 2 + 8 + size
                refused_14(c, bytes([0x14, 0x83, 0, 0]) + bytes(40), 0x0d,
                           b"\0" + struct.pack("<I", want))
                refused(0x0d, c.measurements)

    @test("%s: ALGORITHMS byte for byte, and the faults of it" % pqc_name)
    def _mldsa_algorithms(bit=pqc_bit, alg=pqc_alg):
        req = struct.pack("<BBBBHBBIII8xBBBB", 0x14, 0xe3, 0, 0, 32, 1, 2, 0x1ff, 1, 7, 0, 0, 0, 0)
        for fault, base, pqc in (("drop@GET_VERSION:9", 0, bit), ("both-selections", 0x80, bit),
                                 ("two-algorithms", 0, 3 if bit < 4 else 5),
                                 ("foreign-pqc", 0, 0x4000), ("no-algorithm", 0, 0)):
            args = [] if "drop" in fault else ["--fault=" + fault]
            with Responder("-q", *args, slots=good_slots([alg])) as r, r.client() as c:
                start_14(c)
                is_(c.doe(1, req).hex(), "146300002400" + "0102" + struct.pack(
                    "<IIII", 2, base, fault[0] != "n", pqc).hex() +
                    "00" * 12)
        with Responder("-q", "--fault=bad-signature", "--chunks", slots=good_slots([alg])) as r, \
                r.client(chunks=True) as c:
            refused("signature", lambda: c.authenticate(pqc=bit, flags=6 | CHUNK,
                                                        size=0x11f8, max_size=0x20000))
        # before 1.4 there is no PqcAsymAlgo
        with Responder("-q", slots=good_slots([alg])) as r, r.client() as c:
            for v in (0x10, 0x13):
                refused(1, lambda v=v: c.negotiate(version=v, pqc=7))
            refused(1, lambda: c.negotiate(pqc=7 & ~bit))
            refused(1, lambda: c.negotiate(pqc=0x7ff8))

    @test("%s: forty certificates, which need the large form" % pqc_name)
    def _mldsa_forty(bit=pqc_bit, alg=pqc_alg):
        path = "%s/%s/forty-certificates.der" % (PKI, alg)
        with Responder("-q", "--chunks", slots=["0=" + path]) as r, r.client(chunks=True) as c:
            c.authenticate(pqc=bit, flags=6 | CHUNK, size=0x11f8, max_size=0x20000)
            is_((c.check.signatures, os.path.getsize(path) > 0x10000), (1, True))


if have_mldsa():
    @test("ML-DSA: --asym has the order of preference; keys of both kinds in one slot")
    def _mldsa_order():
        slots = good_slots(["p256", "mldsa44", "mldsa65"])
        for args, asyms, pqc, want in (
                ([], 0x1ff, 7, (0x10, 0)), ([], 0, 7, (0, 1)), ([], 0, 6, (0, 2)),
                (["--asym=mldsa-65,ecdsa-p256"], 0x1ff, 7, (0, 2)),
                (["--asym=ML_DSA_44,ML-DSA-65"], 0x1ff, 7, (0, 1)),
                (["--asym=mldsa-65,ecdsa-p256"], 0x1ff, 0, (0x10, 0))):
            with Responder("-q", *args, slots=slots) as r, r.client() as c:
                c.authenticate(asyms=asyms, pqc=pqc)
                is_((args, c.check.asym, c.check.pqc), (args, *want))
        text = run("--help").stdout
        is_("mldsa-44 mldsa-65 mldsa-87" in text[text.index("Algorithms,"):], True)

    @test("ML-DSA: certs makes none by default")
    def _mldsa_default():
        out = run("certs", WORK + "/all", "--device=" + DEVICE).stdout
        is_(("mldsa" in out, len(out.splitlines())), (False, 6))


# ---- hostile requests ----

@test("requests out of order are UnexpectedRequest, of another version VersionMismatch")
def _order():
    with Responder("-q") as r, r.client() as c:
        for v in (0x10, 0x13, 0x14, 0xff, 0):
            for code in (0xe1, 0xe3, 0x81, 0x82, 0x83, 0xe0, 0xff):
                rsp = c.doe(1, bytes([v, code]) + b"\0" * 42)
                is_((rsp[0], rsp[1], rsp[2] in (1, 4, 0x41)), (0x10, 0x7f, True))
        refused(0x41, lambda: c.spdm(b"\x13\x84\0\0"))
        c.authenticate()
        refused(4, lambda: c.spdm(bytes.fromhex("14e1000000140000060000000012000000120000")))
        refused(0x41, lambda: c.check.feed(b"\x14\x81\0\0", c.doe(1, b"\x12\x81\0\0")))
        refused(7, lambda: c.spdm(b"\x14\x99\0\0"))
        c.challenge()


@test("malformed requests are InvalidRequest, and change nothing")
def _malformed():
    with Responder("-q") as r, r.client() as c:
        c.spdm(b"\x10\x84\0\0")
        caps = bytes.fromhex("14e1000000140000060000000012000000120000")
        for bad in (caps[:16], caps + b"\0\0\0\0", caps[:12] + b"\x29\0\0\0" + caps[16:],
                    caps[:16] + b"\0\x11\0\0"):
            refused(1, lambda: c.spdm(bad))
        c.spdm(caps)
        alg = bytearray(struct.pack("<BBBBHBBII12xBBBB", 0x14, 0xe3, 1, 0, 36, 1, 2, 0x1ff, 0x3f,
                                    0, 0, 0, 0) + b"\2\x20\1\0")
        for at, value in ((4, 32), (4, 40), (4, 255), (2, 0), (2, 2), (2, 255), (28, 1), (29, 255),
                          (32, 1), (33, 0x10), (33, 0x2f), (8, 0), (12, 0)):
            bad = bytearray(alg)
            bad[at] = value
            if at in (8, 12):
                bad[at + 1] = 0
            refused(1, lambda: c.spdm(bytes(bad)))
        c.spdm(bytes(alg))
        c.spdm(b"\x14\x81\0\0")
        for bad in (b"\x14\x81\0\0\0\0\0\0", b"\x14\x82\0\0", b"\x14\x82\1\0\0\0\0\1",
                    b"\x14\x82\x0f\0\0\0\0\1", b"\x14\x82\0\0\xff\xff\xff\xff",
                    b"\x14\x82\0\0\0\0\0\0", b"\x14\x83\0\0" + b"x" * 32,
                    b"\x14\x83\0\7" + b"x" * 40, b"\x14\x83\x80\0" + b"x" * 40,
                    b"\x14\xe0\1\xff" + b"x" * 20, b"\x14\xe0\1\xff" + b"x" * 32 + b"\x09" +
                    b"y" * 8):
            refused(1, lambda: c.spdm(bad))
        c.certificate(0)
        c.challenge()
        is_(c.check.signatures, 1)


@test("1.3: SlotSizeRequested")
def _slot_size():
    with Responder() as r, r.client() as c:
        c.authenticate()
        rsp = c.doe(1, b"\x14\x82\0\1\0\0\0\0")
        is_((u16(rsp, 4), u16(rsp, 6)), (0, len(c.check.blobs[0])))


def random_request(rnd, version):
    if rnd.random() < 0.2:
        return rnd.randbytes(rnd.randrange(0, 80))
    code = rnd.choice((0x81, 0x82, 0x83, 0xe0, 0xe1, 0xe3, 0x84, 0xff, 0x85, 0x86, 0xe4, 0xfe))
    if code == 0x84 and rnd.random() < 0.9:
        code = 0x82
    body = bytes(rnd.choice((0, 0, 1, 2, 0x10, 0x20, 0xff, rnd.randrange(256)))
                 for _ in range(rnd.choice((2, 6, 14, 18, 34, 35, 43, 46, 300, 4000))))
    return bytes([version, code]) + body


@test("random requests: each response is well-formed, and no crash")
def _random():
    rnd = random.Random(4)
    with Responder("-q") as r, r.client() as c:
        for i in range(300 if PREFIX else 6000):
            version = rnd.choice((0x10, 0x11, 0x12, 0x13, 0x14))
            if i % 20 == 0:
                c.check = Checker()
                c.negotiate(version=version)
            rsp = c.doe(1, random_request(rnd, c.check.version))
            if rsp[1] & 0x80:
                raise AssertionError(rsp[:8].hex())
        c.authenticate()
        if not PREFIX and "sanitize" not in RESPONDER + os.environ.get("SANITIZED", ""):
            status = open("/proc/%d/status" % r.proc.pid, encoding="ascii").read()
            if int(re.search(r"VmHWM:\s+(\d+)", status)[1]) > 32768:
                raise AssertionError(status)


# ---- the command line ----

def usage(words, *args):
    @test("bad arguments: " + " ".join(a.replace(WORK, "") for a in args))
    def _usage():
        err = run(*args, status=2).stderr
        if words not in err or err.count("\n") != 1 or not err.startswith("spdm-responder: "):
            raise AssertionError(err)


usage("no slot: give --slot=0=CHAIN:KEY")
usage("--slot is N=CHAIN:KEY:ROOT", "--slot=8=x")
usage("No such file", "--slot=0=%s/none.der" % WORK)
usage("is not a private key", "--slot=0=%s/p256/good.der:%s/p256/good.pem" % (PKI, PKI))
usage("--slot N=CHAIN:KEY names", "--slot=0=%s/p256/good.der:%s/none.key" % (PKI, WORK))
usage("has no certificate", "--slot=0=%s/p256/leaf.key" % PKI)
usage("--port is a number from 0 to 65535", GOOD, "--port=70000")
usage("--versions is a list of 1.0 to 1.4", GOOD, "--versions=1.5")
usage("is unknown", GOOD, "--asym=ed25519")
usage("is unknown", GOOD, "--hash=md5")
usage("is unknown", GOOD, "--capabilities=CERT,FLY")
usage("--transfer-size is a number from 42 to 4608", GOOD, "--transfer-size=41")
usage("--key-usage is N=MASK", GOOD, "--key-usage=8=1")
usage("--key-usage is a number from 0 to 65535", GOOD, "--key-usage=0=0x10000")
usage("unknown fault", GOOD, "--fault=gremlin")
usage("is not a message", GOOD, "--fault=drop@LUNCH")
usage("count is a number", GOOD, "--fault=drop:0")
usage("the code is a name", GOOD, "--fault=error-Lunch")
usage("is not a message", GOOD, "--delay=LUNCH=3")
usage("--delay is a number", GOOD, "--delay=soon")
usage("alone or =force", GOOD, "--mutual-auth=maybe")
usage("unknown option", "--frob")
usage("needs an argument", "--fault")
usage("unknown command", "frob")
usage("needs the name of a folder", "certs")
usage("needs --device", "certs", WORK + "/x")
usage("is not an option of certs", "certs", WORK + "/x", "--device=" + DEVICE, "--once")
usage("is an option of certs only", GOOD, "--device=" + DEVICE)


@test("certs: a bad device, a bad algorithm, a folder that cannot be made")
def _certs_bad():
    for words, args in (("--device is VENDOR", ("--device=zz",)),
                        ("--device is VENDOR", ("--device=" + DEVICE + ":",)),
                        ("--device is VENDOR", ("--device=1:2:3:4:5",)),
                        ("--help lists the algorithms", ("--device=" + DEVICE, "--algorithms=dsa"))):
        err = run("certs", WORK + "/x", *args, status=1).stderr
        is_((words in err, err.count("\n")), (True, 1))
    err = run("certs", "/dev/null/x", "--device=" + DEVICE, status=1).stderr
    is_("Not a directory" in err, True)


@test("--help and --version")
def _help():
    text = run("--help").stdout
    for word in ("--fault", "bad-root-hash", "rsapss-3072", "sha3-384", "MULTI_KEY_ONLY"):
        is_(word in text, True)
    is_(run("--version").stdout.startswith("spdm-responder "), True)
    for args in (["--help"], ["--version"]):
        with open("/dev/full", "w", encoding="ascii") as full:
            r = subprocess.run([RESPONDER] + args, stdout=full, stderr=subprocess.PIPE, text=True,
                               check=False)
        is_((r.returncode, "No space left" in r.stderr), (1, True))


@test("-v tells about each message, refusals are told without it, -q is silent")
def _verbose():
    for args, want in ((["-v"], "> GET_DIGESTS, 4 bytes"), ([], "refused: GET_CERTIFICATE: slot 5"),
                       (["-q"], None)):
        r = Responder(*args)
        with r.client() as c:
            c.authenticate()
            refused(1, lambda: c.spdm(b"\x14\x82\5\0\0\0\0\1"))
        text = r.stop()
        if (want or "") not in text or (want is None and text):
            raise AssertionError(text)


SLOW = ("^certs:|^default|with every hash|several slots|MULTI_KEY|--key-usage|--opaque|--transcript|"
        "^DOE:|half of|algorithms, no-alg|ResponseNotReady:|NAME@|^malformed|^random|out of order|"
        "N=CHAIN|not a private key|has no certificate|^1.4: [VmGcf]|^ML-DSA|^mldsa-44: ALG")


if not os.path.isdir(VECTORS):
    print("skip\trecorded conversations\tno folder " + VECTORS)
test.run(SLOW if PREFIX else None, "certs: makes")
