# SPDX-License-Identifier: GPL-2.0-only
"""
Tests `ccguest device ... --connect` with spdm-responder, and with servers that
are not responders. Prints one line per test: ok or "not ok", a tab and the name
of the test; after "not ok" also a tab and the reason. t-connect.sh converts the
lines to TAP.

	connect_tests.py CCGUEST RESPONDER WORKDIR TABLE [PREFIX...]

TABLE is the folder connect-table; its README describes the files. PREFIX is a
command that runs ccguest, such as valgrind. Such a command is slow. Therefore
a run with PREFIX has fewer algorithms, and only some of the similar tests.
"""
import base64
import fnmatch
import hashlib
import json
import os
import re
import socket
import struct
import subprocess
import sys
import threading
import time

from named_tests import Skipped, Tests
from responder_process import Process
from spdm_client import have_mldsa, split_chain

CCGUEST, RESPONDER, WORK, TABLE = sys.argv[1:5]
PREFIX = sys.argv[5:]
DEVICE = "1b36:0010:010802:02:1af4:1100"
SAN = "Vendor=1b36:Device=0010:CC=010802:REV=02:SSVID=1af4:SSID=1100"
PKI = WORK + "/pki"
ALGS = ["p256", "p384", "rsa2048"]
if not PREFIX:
    ALGS += ["p521", "rsa3072", "rsa4096"]
ASYMS = ["%s-%s" % (kind, a[3:]) for a in ALGS if a[0] == "r" for kind in ("rsassa", "rsapss")]
ASYMS += ["ecdsa-" + a for a in ALGS if a[0] == "p"]
HASHES = ["sha256", "sha384", "sha512", "sha3-256", "sha3-384", "sha3-512"]
# VERSION; CAPABILITIES; ALGORITHMS; DIGESTS; CERTIFICATE; CHALLENGE_AUTH.
FIRST, AGAIN = 6, 5


def is_(got, want, what=""):
    if got != want:
        raise AssertionError("%s: %r instead of %r" % (what, got, want))


def responder(*args):
    return Process([RESPONDER, "--port=0", "-q"] + list(args), WORK + "/stderr")


def good(algs=("p256",)):
    return ["--slot=0=%s/%s/good.der" % (PKI, a) for a in algs]


def ccguest(verb, port, *args, status=0, timeout=120):
    """Runs ccguest. Returns standard output and standard error."""
    cmd = PREFIX + [CCGUEST, "device", verb, "--connect=127.0.0.1:%s" % port] + list(args)
    r = subprocess.run(cmd, capture_output=True, stdin=subprocess.DEVNULL, timeout=timeout,
                       check=False)
    out, err = r.stdout.decode("latin-1"), r.stderr.decode("latin-1")
    if "Sanitizer" in err or "runtime error" in err:
        raise AssertionError(err)
    if re.search(r"[^\n -~]", err):
        raise AssertionError("raw bytes: %r" % err)
    if r.returncode != status:
        raise AssertionError("ended with %d instead of %d: %s" % (r.returncode, status, err))
    if status and not re.match(r"ccguest: .*: ", err):
        raise AssertionError("says nothing: %r" % err)
    return out, err


def authenticate(port, *args, status=0, ca="p256", **kw):
    """Runs ccguest device authenticate --json. Returns its object."""
    args = ["--json"] + (["--ca=%s/%s/ca.pem" % (PKI, ca)] if ca else []) + list(args)
    out, err = ccguest("authenticate", port, *args, status=status, **kw)
    d = json.loads(out) if out else {"failures": []}
    # text output and JSON have the same result
    for f in d["failures"]:
        if re.sub(r"[^ -~]|\\", lambda m: "\\x%02x" % ord(m[0]), f["text"]) not in err:
            raise AssertionError("not in the messages: %s: %s" % (f["text"], err))
    d["stderr"] = err
    return d


test = Tests()


@test("certificates for the tests")
def _certs():
    subprocess.run([RESPONDER, "certs", PKI, "--device=" + DEVICE, "-q",
                    "--algorithms=" + ",".join(ALGS)], check=True)


# ---- every version, signature algorithm and hash ----

CAS = ["--ca=%s/%s/ca.der" % (PKI, a) for a in ALGS]

for ver in ("1.0", "1.1", "1.2", "1.3", "1.4"):
    for asym_name in ASYMS:
        @test("SPDM %s, %s with every hash, first and again" % (ver, asym_name))
        def _matrix(v=ver, asym=asym_name):
            for h in HASHES[5:] if PREFIX else HASHES:
                d = authenticate(MATRIX.port, "--san=" + SAN, "--versions=" + v, "--asym=" + asym,
                                 "--hash=" + h, "--repeat=2", *CAS, ca=None)
                is_((d["authenticated"], d["slot"], d["version"], d["asym_algorithm"], d["hash_algorithm"]),
                    (True, 0, v, asym, h))
                is_(d["failures"], [])
                is_([r["messages"] for r in d["runs"]], [FIRST, AGAIN], "exchanges")
                is_([r["chains_read"] for r in d["runs"]], [1, 0], "chains")


MLDSA = ["mldsa44", "mldsa65", "mldsa87"]


def _mldsa():
    subprocess.run([RESPONDER, "certs", WORK + "/mldsa", "--device=" + DEVICE, "-q",
                    "--algorithms=" + ",".join(MLDSA)], check=True)
    slots = ["--slot=0=%s/mldsa/%s/good.der" % (WORK, a) for a in MLDSA]
    cas = ["--ca=%s/mldsa/%s/ca.der" % (WORK, a) for a in MLDSA]
    for caps, proof in ("CERT,CHAL,LARGE_RESP", "challenge"), ("CERT,MEAS_SIG", "measurements"):
        with responder("--chunks", "--capabilities=" + caps, *slots) as r:
            for a in MLDSA:
                for h in HASHES:
                    d = authenticate(r.port, "--san=" + SAN, "--asym=%s-%s" % (a[:5], a[5:]),
                                     "--hash=" + h, "--repeat=2", *cas, ca=None)
                    is_((d["authenticated"], d["version"], d["asym_algorithm"], d["hash_algorithm"],
                         d["proved_by"]), (True, "1.4", "%s-%s" % (a[:5], a[5:]), h, proof))
                    is_([n["chains_read"] for n in d["runs"]], [1, 0])
            authenticate(r.port, "--asym=mldsa-44", "--ca=%s/mldsa/mldsa65/ca.der" % WORK, ca=None,
                         status=5)
    with responder("--chunks", "--fault=bad-signature", *slots) as r:
        for a in MLDSA:
            d = authenticate(r.port, "--asym=%s-%s" % (a[:5], a[5:]), *cas, ca=None, status=5)
            is_([(f["stage"], f["errno"]) for f in d["failures"]], [("signature", "EKEYREJECTED")])
    with responder("--versions=1.3", *good()) as r:
        d = authenticate(r.port, "--asym=mldsa-44", status=5)
        is_(d["failures"][0]["text"], "No signature algorithm for this version: "
            "ML-DSA needs SPDM 1.4, negotiated was 1.3")


def _no_mldsa():
    path = WORK + "/transcript"
    with responder("--transcript=" + path, *good()) as r:
        _, err = ccguest("authenticate", r.port, "--asym=ecdsa-p256,mldsa-65", status=2)
        is_("the OpenSSL of this machine has no ML-DSA; OpenSSL 3.5 and newer have it" in err,
            True, err)
        authenticate(r.port)
        offer = dict(requests(path))["NEGOTIATE_ALGORITHMS"]
        is_((offer[8:12].hex(), offer[16:20].hex()), ("ff010000", "00000000"))


if have_mldsa():
    test("ML-DSA: every parameter set and hash, first and again; faults")(_mldsa)
else:
    test("ML-DSA: this OpenSSL has none: --asym says so, and none is offered")(_no_mldsa)


@test("every signature algorithm: a signature that is another's is refused")
def _bad_signatures():
    with responder("--fault=bad-signature", *good(ALGS)) as r:
        for asym in ASYMS:
            d = authenticate(r.port, "--asym=" + asym, *CAS, ca=None, status=5)
            is_([(f["stage"], f["slot"], f["errno"]) for f in d["failures"]],
                [("signature", 0, "EKEYREJECTED")], asym)
            is_((d["trusted_slots"], d["proved_slots"]), ([0], []))


@test("trust in a chain and possession of its key are two facts, per slot")
def _facts():
    slots = ["--slot=%d=%s/p256/good.der" % (i, PKI) for i in (0, 2, 3)]
    slots.append("--slot=1=%s/p256/other-root.der" % PKI)
    for faults, status, facts in (
            ([], 0, ([0], [0])),
            (["bad-signature:1"], 0, ([0, 2], [2])),
            (["bad-signature"], 5, ([0, 2, 3], [])),
            (["error-InvalidRequest@CHALLENGE:2"], 0, ([0, 2, 3], [3])),
            (["error-Unspecified@GET_DIGESTS"], 5, ([], []))):
        with responder(*slots, *["--fault=" + f for f in faults]) as r:
            d = authenticate(r.port, status=status)
        is_((d["trusted_slots"], d["proved_slots"]), facts, faults)


@test("no CA, a wrong CA, the right CA: the key is proved in each case")
def _untrusted():
    with responder(*good()) as r:
        for ca, status, trusted in ((None, 5, []), ("p384", 5, []), ("p256", 0, [0])):
            for v in ("1.0", "1.1", "1.2", "1.3", "1.4"):
                d = authenticate(r.port, "--versions=" + v, ca=ca, status=status)
                is_((d["authenticated"], d["slot"], d["trusted_slots"], d["proved_slots"],
                     d["proved_by"], d["anchor"] is not None),
                    (not status, None if status else 0, trusted, [0], "challenge", not status), ca)
                is_((d["runs"][0]["messages"], d["subject"]), (FIRST, "CN=Test device"))
                is_([(f["stage"], f["slot"], f["errno"]) for f in d["failures"]],
                    [("chain", 0, "ENOKEY")] if status else [])
        out, err = ccguest("authenticate", r.port, status=5)
        is_("\n  proved      the key of slot 0\n" in out and "slot  " not in out, True, out)
        is_("Root certificate for slot 0 not found in the trusted certificates: CN=" in err, True)
        is_("hint: give the certificate of that issuer with --ca" in err, True, err)


@test("no CA: a device that cannot be challenged signs measurements")
def _untrusted_measurements():
    with responder("--capabilities=CERT,MEAS_SIG", *good()) as r:
        d = authenticate(r.port, ca=None, status=5)
        is_((d["proved_by"], d["proved_slots"], d["trusted_slots"], len(d["failures"])),
            ("measurements", [0], [], 1))
    # Values of a device that is not trusted are not printed.
    manifest()
    with responder(*VALUES, *good()) as r:
        d = measurements(r.port, ca="p384", status=5)
        is_((d["proved_by"], d["proved_slots"], d["signed"], d["measurements"]),
            ("measurements", [0], False, []))


@test("no CA: which failure is the result; the first is why the chain is not trusted")
def _untrusted_failures():
    chain = ("chain", 0, "ENOKEY")
    for fault, exchanges, failures, last in (
            ("bad-signature", FIRST, 2, ("signature", 0, "EKEYREJECTED")),
            ("error-InvalidRequest@CHALLENGE", FIRST, 2, ("challenge", 0, "EINVAL")),
            ("error-Unspecified@CHALLENGE", FIRST, 2, ("challenge", 0, "EIO")),
            ("bad-cert-chain-hash", FIRST, 2, ("challenge", 0, "EPROTO")),
            ("truncate@CHALLENGE", FIRST, 2, ("challenge", 0, "EIO")),
            ("hang-up@CHALLENGE", FIRST, 2, None),
            ("bad-digest", FIRST - 1, 1, ("certificate", 0, "EPROTO"))):
        with responder("--fault=" + fault, *good()) as r:
            d = authenticate(r.port, ca=None, status=5)
        found = [(f["stage"], f["slot"], f["errno"]) for f in d["failures"]]
        is_((len(found), d["proved_slots"], d["proved_by"], d["authenticated"]),
            (failures, [], None, False), fault)
        is_(found[-1], last or found[-1], fault)
        is_(found[0], chain if failures == 2 else last, fault)
        is_(d["runs"][0]["messages"], exchanges, fault)


@test("no CA: only the first slot is asked whose key fits the algorithm")
def _untrusted_slots():
    slots = ["--slot=0=%s/p384/good.der" % PKI, "--slot=1=%s/p256/good.der" % PKI,
             "--slot=2=%s/p256/other-root.der" % PKI]
    with responder("--asym=ecdsa-p256", *slots) as r:
        d = authenticate(r.port, ca=None, status=5)
    is_(d["proved_slots"], [d["slots"][0]["slot"]])
    is_(d["runs"][0]["messages"], FIRST - 1 + len(d["slots"]))
    is_([f["stage"] for f in d["failures"]], ["chain"] * len(d["slots"]))
    # The key of a leaf that breaks a rule can be used; that of a malformed one cannot.
    for name, proved in (("wrong-usage", [0]), ("wrong-san", [0]), ("expired", [0])):
        with responder("--slot=0=%s/p256/%s.der" % (PKI, name)) as r:
            d = authenticate(r.port, "--san=" + SAN, "--validity=enforce", ca=None, status=5)
        is_((d["proved_slots"], d["trusted_slots"]), (proved, []), name)


@test("certificates are read without a challenge")
def _chains_only():
    path = WORK + "/chains-only"
    with responder("--transcript=" + path, *good()) as r:
        ccguest("certificates", r.port)
    with open(path, encoding="ascii") as f:
        text = f.read()
    is_(("GET_CERTIFICATE" in text, "CHALLENGE" in text), (True, False))


@test("a DataTransferSize that is too small for 1.3: the version is 1.2")
def _transfer_size():
    for size, version in ((42, "1.2"), (43, "1.2"), (44, "1.4")):
        with responder("--transfer-size=%d" % size, *good()) as r:
            d = authenticate(r.port, "--repeat=2")
            is_((d["version"], d["failures"]), (version, []), size)


@test("without restrictions: the highest version, the responder's preferences")
def _default():
    with responder("--asym=ecdsa-p384,ecdsa-p256", "--hash=sha512,sha256",
                   *good(["p256", "p384"])) as r:
        d = authenticate(r.port, ca="p384")
    is_((d["version"], d["asym_algorithm"], d["hash_algorithm"]), ("1.4", "ecdsa-p384", "sha512"))


@test("several slots: all chains are read, the first that is trusted wins")
def _slots():
    slots = ["--slot=0=%s/p256/other-root.der" % PKI, "--slot=1=%s/p256/good.der" % PKI,
             "--slot=4=%s/p256/good.der" % PKI]
    with responder(*slots) as r:
        d = authenticate(r.port)
        is_((d["slot"], [s["slot"] for s in d["slots"]]), (1, [0, 1, 4]))
        is_((d["trusted_slots"], d["proved_slots"]), ([1], [1]))
        is_([len(s["certificates"]) for s in d["slots"]], [3, 3, 3])
        is_([(f["stage"], f["slot"], f["errno"]) for f in d["failures"]],
            [("chain", 0, "ENOKEY")])
        is_(d["runs"][0]["chains_read"], 3)
        d = authenticate(r.port, ca=None, *["--ca=%s/p256/other-ca.pem" % PKI])
        is_((d["slot"], d["failures"], d["anchor"]), (0, [], "CN=Test other root p256"))
        d = authenticate(r.port, "--ca=%s/p256/other-ca.der" % PKI)
        is_(d["slot"], 0)
        d = authenticate(r.port, ca="p384", status=5)
        is_([(f["slot"], f["errno"]) for f in d["failures"]],
            [(0, "ENOKEY"), (1, "ENOKEY"), (4, "ENOKEY")])


@test("a key of another curve or length than was agreed on is refused")
def _key_fits():
    # the chain's own key signs, so that only the check of the key can fail
    for have, asym, text in (("p256", "ecdsa-p384", "EC, 256 bits"),
                             ("rsa2048", "ecdsa-p256", "RSA, 2048 bits")):
        with responder(*good([have])) as r, Rewriter(r.port, asym, have) as w:
            d = authenticate(w.port, "--asym=" + asym, ca=have, status=5)
        is_([(f["stage"], f["errno"]) for f in d["failures"]], [("chain", "EKEYREJECTED")])
        if "does not fit the algorithm: " + text not in d["failures"][0]["text"]:
            raise AssertionError(d["failures"])


# ---- measurements ----

FILE = "@" + WORK + "/manifest"
VALUES = ["--measurement=1=0:rom", "--measurement=7=1:firmware", "--measurement=16=6/raw:1.2.3",
          "--measurement=17=7/raw:" + FILE, "--measurement=0xfd=4/digest:manifest",
          "--measurement=0xfe=0x40:"]
NONCE = "00112233445566778899aabbccddeeff" * 2


def measurements(port, *args, status=0, ca="p256"):
    """Runs ccguest device measurements --json. Returns its object."""
    args = ["--json"] + (["--ca=%s/%s/ca.pem" % (PKI, ca)] if ca else []) + list(args)
    out, err = ccguest("measurements", port, *args, status=status)
    d = json.loads(out) if out else {"failures": []}
    d["stderr"] = err
    check_members(d)
    return d


def check_members(d):
    """Each member is in ccguest-json(5)."""
    page = os.path.join(os.path.dirname(os.path.abspath(__file__)),
                        "../../tools/man/ccguest-json.5")
    with open(page, encoding="ascii") as f:
        known = set(re.findall(r"[a-z0-9_]+", " ".join(
            w for w in f if w.startswith((".Va", ".It Va")))))
    names = set(d) - {"stderr"} | {k for m in d["measurements"] for k in m}
    is_(names - known, set(), "undocumented members")


def manifest():
    return write("manifest", b"\x09\0\0\0\0\0\0\0")


def digest(name, text):
    return hashlib.new(name, text).hexdigest()


def values(d):
    return [(m["index"], m["type"], m["raw"], m["value"]) for m in d["measurements"]]


def wanted(raw, name):
    """Returns the values of VALUES."""
    have = ((1, 0, b"rom", True), (7, 1, b"firmware", True), (16, 6, b"1.2.3", None),
            (17, 7, b"\x09\0\0\0\0\0\0\0", None), (0xfd, 4, b"manifest", False),
            (0xfe, 0x40, b"", True))
    return [(i, t, both is None or (raw and both),
             v.hex() if both is None or (raw and both) else digest(name, v))
            for i, t, v, both in have]


@test("measurements: every version, signed, one by one and all, digests and raw")
def _measurements():
    manifest()
    with responder(*VALUES, *good()) as r:
        for v in ("1.0", "1.1", "1.2", "1.3", "1.4"):
            for h in ("sha256", "sha384", "sha3-512"):
                d = measurements(r.port, "--versions=" + v, "--hash=" + h, "--nonce=" + NONCE)
                is_(values(d), wanted(False, h), (v, h))
                is_((d["signed"], d["authenticated"], d["proved_by"], d["slot"], d["nonce"],
                     d["measurement_hash"], d["count"], d["failures"]),
                    (True, True, "measurements", 0, NONCE, h, None, []))
                is_(d["changed"], None if v < "1.2" else False)
            # 1.0 and 1.1 cannot ask for raw values
            d = measurements(r.port, "--versions=" + v, "--hash=sha256", "--raw")
            is_(values(d), wanted(v >= "1.2", "sha256"), v)
            for i, m in enumerate(wanted(False, "sha256")):
                d = measurements(r.port, "--versions=" + v, "--hash=sha256", "--index=%d" % m[0])
                is_(values(d), [wanted(False, "sha256")[i]])
            d = measurements(r.port, "--versions=" + v, "--count")
            is_((d["signed"], d["count"], d["measurements"]), (True, 6, []))
        a, b = measurements(r.port), measurements(r.port)
        is_(a["nonce"] != b["nonce"] and a["responder_nonce"] != b["responder_nonce"], True)
        d = measurements(r.port, "--index=9", status=5)
        is_([(f["stage"], f["slot"], f["errno"]) for f in d["failures"]],
            [("measurements", 0, "EINVAL")])


@test("measurements: the nonce is in the request, and in the signed bytes")
def _nonce():
    path = WORK + "/transcript"
    with responder("--transcript=" + path, *good()) as r:
        measurements(r.port, "--nonce=" + NONCE)
    with open(path, encoding="ascii") as f:
        is_(re.search(r"GET_MEASUREMENTS .*\n14e001ff(.{64})", f.read())[1], NONCE)


@test("measurements without a signature prove nothing, and need no certificate")
def _unsigned():
    manifest()
    for caps in ("CERT,CHAL,MEAS_SIG", "CERT,CHAL,MEAS_NO_SIG", "MEAS_NO_SIG"):
        with responder("--capabilities=" + caps, *VALUES, *good()) as r:
            for v in ("1.0", "1.1", "1.2", "1.3", "1.4"):
                d = measurements(r.port, "--unsigned", "--versions=" + v, "--hash=sha256", ca=None)
                is_(values(d), wanted(False, "sha256"), (caps, v))
                is_((d["signed"], d["authenticated"], d["proved_by"], d["slot"], d["nonce"],
                     d["trusted_slots"], d["proved_slots"], d["subject"], d["changed"]),
                    (False, False, None, None, None, [], [], None, None))
            d = measurements(r.port, "--unsigned", "--count", ca=None)
            is_((d["signed"], d["count"]), (False, 6))
    for caps, status, stage in (("CERT,CHAL", 5, "capabilities"),):
        with responder("--capabilities=" + caps, *good()) as r:
            d = measurements(r.port, "--unsigned", ca=None, status=status)
            is_([f["stage"] for f in d["failures"]], [stage])


@test("measurements: refusals, each with its reason, and without a value")
def _meas_refused():
    manifest()
    cannot = "Responder cannot sign measurements: Flags.MEAS_CAP at offset 8"
    malformed = "Slot 0: Malformed measurements response: "
    for ours, stage, text in (
            (["--capabilities=CERT,CHAL"], "capabilities", cannot),
            (["--capabilities=CERT,CHAL,MEAS_NO_SIG"], "capabilities", cannot),
            (["--capabilities=CHAL,MEAS_SIG"], "capabilities",
             "Responder cannot send certificates"),
            (["--fault=bad-signature"], "signature",
             "Slot 0: Cannot verify measurements signature"),
            (["--fault=bad-index"], "measurements", malformed + "Index at offset "),
            (["--fault=bad-blocks"], "measurements", malformed + "NumberOfBlocks at offset 4"),
            (["--fault=bad-measurement-spec"], "measurements",
             malformed + "MeasurementSpecification at offset 9"),
            (["--fault=bad-value-size"], "measurements",
             malformed + "DMTFSpecMeasurementValueSize at offset 13"),
            (["--fault=bad-context@GET_MEASUREMENTS"], "measurements",
             malformed + "RequesterContext"),
            (["--fault=wrong-slot@GET_MEASUREMENTS"], "measurements", malformed + "SlotID"),
            (["--fault=error-LargeResponse@GET_MEASUREMENTS"], "measurements",
             "Slot 0: Large response (ERROR 0x0f, data 0x00) in answer to GET_MEASUREMENTS"),
            (["--slot=0=%s/p256/other-root.der" % PKI], "chain", "Root certificate for slot 0")):
        slots = [] if any(w.startswith("--slot") for w in ours) else good()
        with responder(*ours, *VALUES, *slots) as r:
            d = measurements(r.port, status=5)
            is_([f["stage"] for f in d["failures"]], [stage], ours)
            is_(d["failures"][0]["text"].startswith(text), True, (ours, d["failures"]))
            is_((d["signed"], d["authenticated"], d["measurements"], d["count"]),
                (False, False, [], None), ours)
    with responder("--fault=drop@GET_MEASUREMENTS", *good()) as r:
        measurements(r.port, status=1)
        measurements(r.port, "--unsigned", ca=None, status=1)
    with responder("--fault=bad-value-size", *good()) as r:
        d = measurements(r.port, "--unsigned", ca=None, status=5)
        is_([(f["stage"], f["slot"]) for f in d["failures"]], [("measurements", None)])


# ---- large responses ----

def requests(path):
    """Returns the requests of the responder's transcript: names, and bytes."""
    with open(path, encoding="ascii") as f:
        lines = [x.strip() for x in f if not x.startswith("#")]
    return [(head.split()[2], bytes.fromhex(data)) for head, data in zip(lines[::2], lines[1::2])
            if head.split()[1] == ">" and head.split()[2] != "DOE_DISCOVERY"]


@test("without CHUNK_CAP of the device: only the flag and a size are other ones")
def _no_chunks():
    path = WORK + "/transcript"
    with responder("--transcript=" + path, *good()) as r:
        for version, flags in (("1.1", "06000000"), ("1.2", "06000200f811000008000100"),
                               ("1.3", "06000200f811000008000100")):
            authenticate(r.port, "--versions=" + version)
            got = requests(path)[-FIRST:]
            is_([name for name, _ in got],
                ["GET_VERSION", "GET_CAPABILITIES", "NEGOTIATE_ALGORITHMS", "GET_DIGESTS",
                 "GET_CERTIFICATE", "CHALLENGE"])
            is_(got[1][1].hex(), "1%se1000000140000%s" % (version[2], flags))


@test("chunks: chains and signatures of every length, first and again")
def _chunks():
    path = WORK + "/transcript"
    for size, version in ((42, "1.2"), (44, "1.3"), (64, "1.2"), (64, "1.3"), (1000, "1.3")):
        with responder("--chunks", "--transfer-size=%d" % size, "--transcript=" + path,
                       *good(ALGS)) as r:
            for asym in ASYMS[-2:] if PREFIX else ASYMS:
                d = authenticate(r.port, "--versions=" + version, "--asym=" + asym, "--repeat=2",
                                 *CAS, ca=None)
                is_((d["authenticated"], d["version"], d["failures"]), (True, version, []))
                is_([n["chains_read"] for n in d["runs"]], [1, 0])
        names = [name for name, _ in requests(path)]
        is_(names.count("CHUNK_GET") > 1, True, (size, len(names)))


@test("chunks: measurements that no single message can carry")
def _large_measurements():
    data = [bytes([i]) * 4096 for i in range(1, 17)]
    path = write("large", b"")
    ours = []
    for i, d in enumerate(data):
        path = write("large-%d" % i, d)
        ours.append("--measurement=%d=1/raw:@%s" % (i + 1, path))
    with responder("--chunks", *ours[:15], *good()) as r:
        for extra, ca in (([], "p256"), (["--unsigned"], None), (["--versions=1.2"], "p256")):
            d = measurements(r.port, *extra, ca=ca)
            is_([m["value"] for m in d["measurements"]], [x.hex() for x in data[:15]], extra)
            is_(d["failures"], [])
        d = measurements(r.port, "--versions=1.1", status=5)
        is_(d["failures"][0]["errno"], "EMSGSIZE")
    # above MaxSPDMmsgSize: refused, and their number proves the key
    with responder("--chunks", "--capabilities=CERT,MEAS_SIG", *ours, *good()) as r:
        d = measurements(r.port, status=5)
        is_(d["failures"][0]["text"].startswith("Slot 0: Response too large"), True)
        is_(authenticate(r.port)["slot"], 0)
    with responder(*ours[:15], *good()) as r:
        d = measurements(r.port, status=5)
        is_(d["failures"][0]["text"].startswith("Slot 0: Response too large"), True)


@test("measurements: another slot, a change while they were read, opaque data")
def _meas_more():
    with responder("--fault=bad-signature:1", "--fault=measurements-changed", "--opaque=16",
                   *good(), "--slot=5=%s/p256/good.der" % PKI) as r:
        d = measurements(r.port)
        is_((d["slot"], d["changed"], d["trusted_slots"], d["proved_slots"]),
            (5, True, [0, 5], [5]))
        is_(len(d["opaque"]), 2 * 16)
        out, _ = ccguest("measurements", r.port, "--ca=%s/p256/ca.pem" % PKI)
        is_("  warning     measurements changed while they were read\n" in out, True, out)


@test("measurements: text output; a value from the device is escaped")
def _meas_text():
    with responder("--hash=sha256", "--measurement=1=0:rom", "--measurement=2=6/raw:v \"1\"",
                   "--measurement=3=0x7f/raw:\x1b[31m", *good()) as r:
        ca = "--ca=%s/p256/ca.pem" % PKI
        out, err = ccguest("measurements", r.port, ca, "--nonce=" + NONCE)
        is_((out, err), (
            "127.0.0.1:%d: authenticated\n"
            "  protocol    SPDM 1.4, ecdsa-p256, sha256\n"
            "  slot        0\n"
            "  subject     CN=Test device\n"
            "  name        %s (not checked)\n"
            "  trusted     CN=Test device root p256\n"
            "  nonce       %s\n"
            "INDEX  TYPE              VALUE\n"
            "    1  immutable ROM     sha256:%s\n"
            "    2  firmware version  7620223122 \"v \"1\"\"\n"
            "    3  type 127          1b5b33316d\n" % (r.port, SAN, NONCE, digest("sha256", b"rom")),
            ""))
        out, err = ccguest("measurements", r.port, "--unsigned", "--count")
        is_((out, err), ("127.0.0.1:%d: not signed: nothing is proved\n"
                         "  protocol    SPDM 1.4, ecdsa-p256, sha256\n"
                         "  count       3 measurements\n" % r.port, ""))
        is_(ccguest("measurements", r.port, ca, "-q"), ("", ""))


# ---- faults and broken chains: the table ----

def expand(words, ca):
    """Replaces NAME in --slot=0=NAME and --ca=NAME by files."""
    out = []
    for w in words:
        w = re.sub(r"^(--slot=\d=)([a-z-]+)$", r"\1%s/p256/\2.der" % PKI, w)
        out.append(re.sub(r"^--ca=([a-z-]+)$", r"--ca=%s/p256/\1.pem" % PKI, w))
    if ca and not any(w.startswith("--ca=") for w in words):
        out.append("--ca=%s/p256/ca.pem" % PKI)
    if ca and not any(w.startswith("--san=") for w in words):
        out.append("--san=" + SAN)
    return out


def read_table():
    """Returns rows: responder options, command options, outcome, failures."""
    rows = []
    for name in sorted(set(os.listdir(TABLE)) - {"README"}):
        with open(os.path.join(TABLE, name), encoding="ascii") as f:
            read_rows(f, rows)
    return rows


def read_rows(lines, rows):
    for line in lines:
        if line.startswith("#") or not line.strip():
            continue
        if line[0] != "\t":
            theirs, _, ours = line.strip().partition("|")
            rows.append((theirs.split(), ours.split(), []))
        else:
            rows[-1][2].append(line.strip())


def outcome(d, status):
    """Returns the result in the terms of the table."""
    lines = ["slot %d" % d["slot"] if status == 0 else "exit %d" % status]
    for f in d["failures"]:
        slot = "-" if f["slot"] is None else f["slot"]
        lines.append("%s %s %s %s" % (f["stage"], slot, f["errno"], f["text"]))
    if d.get("expired"):
        lines.append("expired " + d["expired"])
    return lines


def matches(got, want):
    return len(got) == len(want) and all(
        fnmatch.fnmatchcase(g, w.replace("[", "[[]")) for g, w in zip(got, want))


def run_row(theirs, ours, want):
    status = int(want[0][5:]) if want[0].startswith("exit") else 0
    slots = [] if any(w.startswith("--slot=") for w in theirs) else good()
    with responder(*slots, *expand(theirs, False)) as r:
        start = time.monotonic()
        try:
            d = authenticate(r.port, *expand(ours, True), ca=None, status=status)
        except AssertionError as e:
            raise AssertionError("%s (wanted %s)" % (e, want)) from e
        took = time.monotonic() - start
    got = outcome(d, status)
    if not matches(got, want):
        raise AssertionError("%s instead of %s" % (got, want))
    if took > 15 and not PREFIX:
        raise AssertionError("took %.1f s" % took)


for row in read_table()[::15 if PREFIX else 1]:
    test("%s%s" % (" ".join(row[0]) or "no fault", " | " + " ".join(row[1]) if row[1] else ""))(
        lambda row=row: run_row(*row))


def names_of(text, start):
    part = text[text.index(start):]
    return part[:part.index("\n\n")] if "\n\n" in part else part


@test("the table has every fault of the responder and every chain that it makes")
def _complete():
    rows = read_table()
    used = " ".join(w for r in rows for w in r[0])
    text = subprocess.run([RESPONDER, "--help"], capture_output=True, text=True, check=True).stdout
    for fault in re.findall(r"^  ([a-z-]+)", names_of(text, "Faults:"), re.M):
        if "--fault=" + fault not in used:
            raise AssertionError("no fault " + fault)
    for name in os.listdir(PKI + "/p256"):
        name, kind = os.path.splitext(name)
        if kind == ".der" and not name.endswith("ca") and name != "good" and \
                not re.search(r"--slot=\d=%s\b" % name, used):
            raise AssertionError("no chain " + name)


# ---- servers that are not responders ----

class Server:
    """Calls @serve with each connection."""

    def __init__(self, serve, family=socket.AF_INET):
        host = "::1" if family == socket.AF_INET6 else "127.0.0.1"
        self.sock = socket.create_server((host, 0), family=family)
        self.port = self.sock.getsockname()[1]
        self.serve = serve
        self.thread = threading.Thread(target=self.run, daemon=True)
        self.thread.start()

    def run(self):
        while True:
            try:
                conn = self.sock.accept()[0]
            except OSError:
                return
            with conn:
                try:
                    self.serve(conn)
                except OSError:
                    pass

    def __enter__(self):
        return self

    def __exit__(self, *_):
        # close() alone would not end accept()
        self.sock.shutdown(socket.SHUT_RDWR)
        self.sock.close()
        self.thread.join(20)


def recv(conn, n):
    out = b""
    while len(out) < n:
        got = conn.recv(n - len(out))
        if not got:
            raise OSError("closed")
        out += got
    return out


def recv_frame(conn):
    head = recv(conn, 12)
    return head + recv(conn, struct.unpack(">III", head)[2])


def frame(payload, command=1, transport=2, length=None):
    return struct.pack(">III", command, transport,
                       len(payload) if length is None else length) + payload


def doe(message, vendor=1, kind=1, dwords=None):
    return struct.pack("<HBBI", vendor, kind, 0,
                       2 + len(message) // 4 if dwords is None else dwords) + message


class Rewriter(Server):
    """A man in the middle. Changes NEGOTIATE_ALGORITHMS to request the
    responder's algorithm, and ALGORITHMS so that it has the requester's. No
    signature must verify."""

    BITS = {"ecdsa-p256": 0x10, "ecdsa-p384": 0x80, "p256": 0x10, "rsa2048": 0x01}

    def __init__(self, port, asym, have):
        self.target, self.asym, self.have = port, self.BITS[asym], self.BITS[have]
        super().__init__(self.relay)

    def relay(self, conn):
        with socket.create_connection(("127.0.0.1", self.target)) as up:
            while True:
                req = bytearray(recv_frame(conn))
                if len(req) > 21 and req[21] == 0xe3:
                    req[28:32] = struct.pack("<I", self.have)
                up.sendall(req)
                rsp = bytearray(recv_frame(up))
                if len(rsp) > 21 and rsp[21] == 0x63:
                    rsp[32:36] = struct.pack("<I", self.asym)
                conn.sendall(rsp)


class Pieces(Server):
    """Relays each reply in pieces, as DMTF's emulator sends them: without
    TCP_NODELAY, the second piece waits for the acknowledgment of the first."""

    def __init__(self, port):
        self.target = port
        super().__init__(self.relay)

    def relay(self, conn):
        with socket.create_connection(("127.0.0.1", self.target)) as up:
            while True:
                up.sendall(recv_frame(conn))
                rsp = recv_frame(up)
                for piece in (rsp[:4], rsp[4:8], rsp[8:12], rsp[12:]):
                    conn.sendall(piece)


@test("replies in pieces are acknowledged at once")
def _quickack():
    with responder(*good()) as r, Pieces(r.port) as p:
        d = authenticate(p.port, "--repeat=10")
    # delayed acknowledgments take 40 ms each, and one for each exchange
    best = min(x["microseconds"] for x in d["runs"])
    if best > 100000:
        raise AssertionError("%d us" % best)


VERSION = bytes.fromhex("1004000000010012")


def answers(name, reply, errno, text):
    @test("a server that %s" % name)
    def _answers():
        def serve(conn):
            recv_frame(conn)
            conn.sendall(reply)
            if reply:
                conn.recv(1)
        with Server(serve) as s:
            d = authenticate(s.port, status=1)
        is_([(f["stage"], f["slot"], f["errno"]) for f in d["failures"]],
            [("version", None, errno)])
        is_(d["failures"][0]["text"], "No response: " + text)


answers("closes", b"", "ECONNRESET", "the connection was closed")
answers("talks another protocol", b"HTTP/1.0 400 Bad Request\r\n\r\n", "EBADMSG",
        "the reply has command 0x48545450 instead of 0x1")
answers("sends a length of 2^32-1", frame(b"", length=0xffffffff) + b"x" * 5000, "EMSGSIZE",
        "the reply has 4294967295 bytes, more than 4608")
answers("sends one byte more than there may be", frame(b"\0" * 4609), "EMSGSIZE",
        "the reply has 4609 bytes, more than 4608")
answers("sends no object", frame(b""), "ENODATA", "the reply has no data object")
answers("sends half a header of an object", frame(b"\1\0\1\0"), "EBADMSG",
        "the reply has 4 bytes, less than a data object")
answers("sends another command", frame(doe(VERSION), command=0xffff), "EBADMSG",
        "the reply has command 0xffff instead of 0x1")
answers("has another transport", frame(doe(VERSION), transport=1), "EBADMSG",
        "the reply has transport 1 instead of 2")
answers("is of another vendor", frame(doe(VERSION, vendor=0x1b36)), "EBADMSG",
        "the data object is of vendor 0x1b36, type 1")
answers("sends another type of object", frame(doe(VERSION, kind=0)), "EBADMSG",
        "the data object is of vendor 0x0001, type 0")
answers("says that the object is longer", frame(doe(VERSION, dwords=5)), "EBADMSG",
        "the data object's Length is 5 dwords, the reply has 16 bytes")
answers("says that the object is shorter", frame(doe(VERSION, dwords=3)), "EBADMSG",
        "the data object's Length is 3 dwords, the reply has 16 bytes")
answers("sends 2^18 dwords, which is Length 0", frame(doe(VERSION, dwords=0)), "EBADMSG",
        "the data object's Length is 0 dwords, the reply has 16 bytes")
answers("sends no whole dwords", frame(doe(VERSION)[:-1]), "EBADMSG",
        "the data object's Length is 4 dwords, the reply has 15 bytes")


@test("a server that closes in the middle of a reply")
def _half():
    def serve(conn):
        recv_frame(conn)
        conn.sendall(frame(doe(VERSION))[:-3])
    with Server(serve) as s:
        d = authenticate(s.port, status=1)
    is_(d["failures"][0]["text"], "No response: the connection was closed")


@test("a server that never answers, and one that sends slowly: --timeout ends it")
def _stall():
    def silent(conn):
        conn.recv(1000)
        time.sleep(20)

    def drip(conn):
        for b in frame(doe(VERSION)):
            time.sleep(1)
            conn.sendall(bytes([b]))
    for serve in (silent, drip):
        s = Server(serve)
        start = time.monotonic()
        d = authenticate(s.port, "--timeout=1", status=1)
        took = time.monotonic() - start
        is_(d["failures"][0]["errno"], "ETIMEDOUT")
        if not 0.9 < took < 15:
            raise AssertionError("took %.1f s" % took)
        s.sock.shutdown(socket.SHUT_RDWR)


@test("a server that is always busy: --timeout ends it")
def _busy():
    with responder("--fault=error-Busy@GET_DIGESTS", *good()) as r:
        start = time.monotonic()
        d = authenticate(r.port, "--timeout=1", status=1)
        took = time.monotonic() - start
    is_((d["failures"][0]["stage"], d["failures"][0]["errno"]), ("digests", "ETIMEDOUT"))
    if took > 15:
        raise AssertionError("took %.1f s" % took)


@test("no server listens; a host that does not exist")
def _nobody():
    with socket.create_server(("127.0.0.1", 0)) as s:
        port = s.getsockname()[1]
    _, err = ccguest("authenticate", port, "--ca=%s/p256/ca.pem" % PKI, status=1)
    is_(err, "ccguest: 127.0.0.1:%d: cannot connect: Connection refused\n"
        "ccguest: hint: no responder listens at this address\n" % port)
    _, err = ccguest("authenticate", 1, "--connect=nowhere.invalid:1", "--ca=%s/p256/ca.pem" % PKI,
                     status=1)
    is_(err.startswith("ccguest: nowhere.invalid:1: "), True)


@test("by name")
def _name():
    try:
        socket.getaddrinfo("localhost", 1)
    except OSError as e:
        raise Skipped("localhost has no address; /etc/hosts usually has it") from e
    with responder(*good()) as r:
        authenticate(r.port, "--connect=localhost:%d" % r.port)


@test("by IPv6; SHUTDOWN is the last command")
def _addresses():
    seen = []

    def relay(conn):
        with socket.create_connection(("127.0.0.1", r.port)) as up:
            while True:
                seen.append(recv_frame(conn))
                up.sendall(seen[-1])
                conn.sendall(recv_frame(up))
    with responder(*good()) as r:
        try:
            s = Server(relay, socket.AF_INET6)
        except OSError:
            s = Server(relay)
        with s:
            host = "[::1]" if s.sock.family == socket.AF_INET6 else "127.0.0.1"
            authenticate(s.port, "--connect=%s:%d" % (host, s.port))
        is_(seen[-1], frame(b"", command=0xfffe))
        is_(len(seen), FIRST + 1)


# ---- trusted certificates ----

def write(name, data):
    path = WORK + "/" + name
    with open(path, "wb") as f:
        f.write(data)
    return path


def read(name):
    with open("%s/p256/%s" % (PKI, name), "rb") as f:
        return f.read()


@test("--ca: an intermediate, the leaf, a bundle of many, DER one after the other")
def _anchors():
    root, mid, leaf = split_chain(read("good.der"))
    other = read("other-ca.pem")
    cases = {
        "mid.der": (mid, "CN=Test device CA 1 p256"), "leaf.der": (leaf, "CN=Test device"),
        "bundle.pem": (b"words before\n" + other + b"\nand between\n" + read("good.pem"),
                       "CN=Test device root p256"),
        "bundle.der": (split_chain(read("other-root.der"))[0] + mid, "CN=Test device CA 1 p256"),
        "crlf.pem": (read("ca.pem").replace(b"\n", b"\r\n"), "CN=Test device root p256"),
        "root.der": (root, "CN=Test device root p256"),
    }
    with responder(*good()) as r:
        for name, (data, anchor) in cases.items():
            d = authenticate(r.port, "--ca=" + write(name, data), "--san=" + SAN, ca=None)
            is_((d["slot"], d["anchor"]), (0, anchor), name)


@test("--ca: a chain without its root, and a leaf alone, below a CA that is not sent")
def _not_sent():
    _, mid, leaf = split_chain(read("good.der"))
    for name, chain, ca in (("noroot", mid + leaf, read("ca.der")), ("leafonly", leaf, mid)):
        path = write(name + ".der", chain)
        with responder("--slot=0=%s:%s/p256/leaf.key:%s/p256/ca.der" % (path, PKI, PKI)) as r:
            d = authenticate(r.port, "--ca=" + write("ca-" + name, ca), ca=None)
            is_((d["slot"], d["failures"]), (0, []), name)
            # the trusted CA has another name than the leaf's issuer
            d = authenticate(r.port, "--ca=%s/p256/other-ca.pem" % PKI, ca=None, status=5)
            is_(d["failures"][0]["errno"], "ENOKEY")


def pem_of(der):
    return b"-----BEGIN CERTIFICATE-----\n" + base64.encodebytes(der) + \
        b"-----END CERTIFICATE-----\n"


@test("--ca: a file that is missing, not a certificate, empty, a key, cut off")
def _bad_ca():
    pem, der = read("ca.pem"), read("ca.der")
    cases = {
        WORK + "/nowhere.pem": "No such file or directory",
        WORK: "Is a directory",
        write("empty", b""): "holds no certificate, neither in DER nor in PEM",
        write("text", b"hello\n"): "holds no certificate, neither in DER nor in PEM",
        PKI + "/p256/leaf.key": "holds no certificate, neither in DER nor in PEM",
        write("cut.der", der[:-1]): "certificate 0 at offset 0: ",
        write("more.der", der + b"\0\0"): "certificate 1 at offset %d: " % len(der),
        write("cut.pem", pem[:200]): "certificate 0: ",
        write("base64.pem", pem[:100] + b"!" + pem[101:]): "certificate 0: ",
        write("inner.pem", b"-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"):
            "certificate 0: ",
        write("more.pem", pem_of(der + b"\0\0")): "certificate 0: 2 bytes behind its end",
        # basicConstraints: OpenSSL parses the contents only on request
        write("odd.der", der.replace(b"\x30\x03\x01\x01\xff", b"\x31\x03\x01\x01\xff")):
            "malformed certificate: extensions at offset ",
        write("huge.pem", b"\n" * 0x100001): "is longer than the 1048576 bytes allowed here",
    }
    for path, text in cases.items():
        # ccguest must refuse before it connects: no server listens there
        _, err = ccguest("authenticate", 1, "--ca=%s/p256/ca.pem" % PKI, "--ca=" + path, status=1)
        if not err.startswith("ccguest: %s: %s" % (path, text)):
            raise AssertionError("%s: %s" % (path, err))


def openssl(*args):
    subprocess.run(("openssl",) + args, check=True, capture_output=True)


def issue(name, issuer=None, ext="basicConstraints=critical,CA:TRUE", key="P-256", md="sha256",
          validity=("-days", "30")):
    """Creates WORK/NAME.key and .pem, signed by @issuer or self-signed."""
    base = WORK + "/" + name
    if key == "rsa1024":
        openssl("genrsa", "-out", base + ".key", "1024")
    else:
        openssl("ecparam", "-name", "prime256v1", "-genkey", "-noout", "-out", base + ".key")
    write("conf", b"[req]\ndistinguished_name=dn\n[dn]\n")
    openssl("req", "-new", "-config", WORK + "/conf", "-key", base + ".key", "-subj", "/CN=" + name,
            "-out", base + ".csr")
    signer = ["-CA", "%s/%s.pem" % (WORK, issuer), "-CAkey", "%s/%s.key" % (WORK, issuer),
              "-CAcreateserial"] if issuer else ["-signkey", base + ".key"]
    write("ext", ext.encode() + b"\n")
    openssl("x509", "-req", "-in", base + ".csr", "-out", base + ".pem", "-" + md, *validity,
            "-extfile", WORK + "/ext", *signer)


CA = "basicConstraints=critical,CA:TRUE\nkeyUsage=critical,keyCertSign"
LEAF = "basicConstraints=critical,CA:FALSE\nkeyUsage=digitalSignature"


@test("weak signatures and keys, and a --ca that may not sign, or has expired")
def _weak():
    issue("root", ext=CA)
    issue("sha1mid", "root", md="sha1")
    issue("rsamid", "root", key="rsa1024")
    issue("nosign", ext="basicConstraints=critical,CA:TRUE\nkeyUsage=cRLSign")
    issue("noca", ext="basicConstraints=critical,CA:FALSE")
    issue("pathlen", ext=CA.replace("TRUE", "TRUE,pathlen:0"))
    issue("pathmid", "pathlen")
    issue("old", ext=CA, validity=os.environ["EXPIRED"].split())
    cannot = "Trusted certificate cannot be used for this one: certificate 0: "
    key = "Key of the certificate is not allowed"
    alg = "Signature algorithm of the certificate is not allowed"
    # Issuers of the leaf, from the root; trusted certificate; refusal.
    for above, ca, errno, text in (
            (["root"], "root", None, None),
            (["root", "sha1mid"], "root", "EKEYREJECTED", alg + ": certificate 1"),
            (["root", "sha1mid"], "sha1mid", None, None),
            (["root", "rsamid"], "root", "EKEYREJECTED", key + ": certificate 1"),
            (["sha1mid"], "root", "EKEYREJECTED", cannot + alg),
            (["rsamid"], "rsamid", "EKEYREJECTED", key + ": certificate 0"),
            ([], "rsamid", "EKEYREJECTED", cannot + key),
            ([], "nosign", "EKEYREJECTED",
             cannot + "Certificate is not for signing certificates"),
            ([], "noca", "EKEYREJECTED", cannot + "Certificate is not that of a CA"),
            ([], "pathlen", None, None),
            (["pathmid"], "pathlen", "EKEYREJECTED",
             cannot + "Certificate chain is too long for its CA"),
            ([], "old", "EKEYEXPIRED", "Trusted certificate has expired: "
             "certificate 0: Certificate has expired")):
        issue("leaf", above[-1] if above else ca, ext=LEAF)
        path = write("chain.pem", b"".join(
            open("%s/%s.pem" % (WORK, n), "rb").read() for n in above + ["leaf"]))
        root = "%s/%s.pem" % (WORK, above[0] if above and above[0] == "root" else ca)
        with responder("--slot=0=%s:%s/leaf.key:%s" % (path, WORK, root)) as r:
            d = authenticate(r.port, "--ca=%s/%s.pem" % (WORK, ca), "--validity=enforce", ca=None,
                             status=5 if errno else 0)
        is_([(f["errno"], f["text"]) for f in d["failures"]],
            [(errno, "Slot 0: " + text)] if errno else [], (above, ca))


# ---- text output ----

@test("the output of success and failure, with -q and with -v")
def _text():
    with responder("--slot=0=%s/p256/other-root.der" % PKI, "--slot=1=%s/p256/good.der" % PKI) as r:
        ca = "--ca=%s/p256/ca.pem" % PKI
        out, err = ccguest("authenticate", r.port, ca, "--hash=sha256", "--asym=ecdsa-p256")
        is_(out, "127.0.0.1:%d: authenticated\n"
            "  protocol    SPDM 1.4, ecdsa-p256, sha256\n"
            "  slot        1\n"
            "  subject     CN=Test device\n"
            "  name        %s (not checked)\n"
            "  trusted     CN=Test device root p256\n" % (r.port, SAN))
        is_(err, "ccguest: 127.0.0.1:%d: Root certificate for slot 0 not found in the trusted "
            "certificates: CN=Test other root p256\n" % r.port)
        out, err = ccguest("authenticate", r.port, ca, "--san=" + SAN)
        is_("  name        %s\n" % SAN in out, True)
        is_(ccguest("authenticate", r.port, ca, "-q"), ("", ""))
        out, err = ccguest("authenticate", r.port, ca, "-q", "--san=x", status=5)
        is_((out, err.count("\n")), ("", 3))
        out, err = ccguest("authenticate", r.port, ca, "-v")
        for word in ("GET_VERSION, 4 bytes: VERSION, 16 bytes, ", "GET_DIGESTS", "CHALLENGE_AUTH"):
            is_(word in err, True, word)
        is_(re.search(r"  took        7 exchanges, \d+ bytes sent, \d+ received, \d+ us\n", out)
            is not None, True)


@test("the examples of the man page are what the command prints")
def _examples():
    page = os.path.join(os.path.dirname(os.path.abspath(__file__)),
                        "../../tools/man/ccguest-device.1")
    with open(page, encoding="ascii") as f:
        block = re.search(r"^(\$ ccguest device authenticate.*?)^\.Ed$", f.read(), re.M | re.S)[1]
    # A machine without /etc/hosts does not know localhost.
    block = block.replace("localhost", "127.0.0.1")
    checked = 0
    with responder("--slot=0=%s/p384/other-root.der" % PKI, "--slot=1=%s/p384/good.der" % PKI) as r:
        for part in re.split(r"^\$ ", block, flags=re.M)[1:]:
            line, _, want = part.partition("\n")
            cmd = [CCGUEST] + line.replace(":2323", ":%d" % r.port).split()[1:]
            x = subprocess.run(cmd, capture_output=True, text=True, check=False, cwd=WORK)
            is_((x.stdout + x.stderr).replace(":%d" % r.port, ":2323"), want, line)
            checked += 1
    is_(checked, 2)


@test("hostile names in certificates are escaped, on terminals and in JSON")
def _hostile():
    conf = write("conf", b"[req]\ndistinguished_name=dn\n[dn]\n")
    key, cert = WORK + "/hostile.key", WORK + "/hostile.pem"
    openssl("req", "-x509", "-config", conf, "-newkey", "ec", "-pkeyopt",
            "ec_paramgen_curve:P-256", "-nodes", "-keyout", key, "-out", cert, "-days", "9",
            "-addext", "keyUsage=digitalSignature", "-subj", "/CN=\x1b[31mHi\x7f")
    with responder("--slot=0=%s:%s" % (cert, key)) as r:
        d = authenticate(r.port, status=5)
        is_("CN=\x1b[31mHi\x7f" in d["failures"][0]["text"], True, d["failures"])
        is_((d["subject"], d["slots"][0]["certificates"][0]["subject"]),
            ("CN=\x1b[31mHi\x7f",) * 2)
        text = r"CN=\x1b[31mHi\x7f"
        out, _ = ccguest("authenticate", r.port, "--ca=%s/p256/ca.pem" % PKI, status=5)
        is_((text in out, "\x1b" in out), (True, False), out)
        out, _ = ccguest("authenticate", r.port, "--ca=" + cert)
        is_(("trusted     " + text in out, "\x1b" in out), (True, False), out)
        out, _ = ccguest("certificates", r.port)
        is_((text in out, "\x1b" in out), (True, False), out)
        out, _ = ccguest("certificates", r.port, "--pem")
        is_(re.search(r"[^\n -~]", out), None)


# ---- certificates ----

@test("certificates: every slot's chain; one as PEM, as DER, as JSON")
def _certificates():
    with responder("--slot=0=%s/p256/good.der" % PKI, "--slot=3=%s/p256/other-root.der" % PKI) as r:
        out, err = ccguest("certificates", r.port)
        is_(err, "")
        is_(re.findall(r"^slot (\d), certificate (\d)$", out, re.M),
            [(s, c) for s in "03" for c in "012"])
        is_(out.count("  for      " + SAN), 2)
        out, _ = ccguest("certificates", r.port, "--slot=3", "--der")
        is_(out.encode("latin-1"), read("other-root.der"))
        out, _ = ccguest("certificates", r.port, "--slot=0", "--pem")
        is_(re.sub("#.*\n", "", out).encode(), read("good.pem"))
        is_(out.startswith("# slot 0: CN=Test device root p256\n"), True)
        d = json.loads(ccguest("certificates", r.port, "--json")[0])
        is_((d["schema"], d["failures"]), ("ccguest/device-certificates/2", []))
        is_([s["slot"] for s in d["slots"]], [0, 3])
        leaf = d["slots"][0]["certificates"][2]
        is_((leaf["device_name"], leaf["key"], leaf["time"]), (SAN, "EC P-256", "valid"))
        is_([sum(c["size"] for c in s["certificates"]) for s in d["slots"]],
            [s["size"] for s in d["slots"]])
        _, err = ccguest("certificates", r.port, "--slot=5", status=3)
        is_(err, "ccguest: 127.0.0.1:%d: the device has no certificates in this slot\n" % r.port)
        _, err = ccguest("certificates", r.port, "--der", status=2)
        is_("choose one with --slot" in err, True)


@test("certificates: the certificates before a malformed one are shown")
def _cert_malformed():
    root, mid, leaf = split_chain(read("good.der"))
    # the tag of tbsCertificate, which OpenSSL would refuse
    path = write("malformed.der", root + mid[:4] + b"\x31" + mid[5:] + leaf)
    with responder("--slot=0=%s:%s/p256/leaf.key" % (path, PKI)) as r:
        out, err = ccguest("certificates", r.port, "--json", status=1)
        slot = json.loads(out)["slots"][0]
        is_(len(slot["certificates"]), 1)
        is_(slot["error"].startswith("certificate 1 at offset %d: " % len(root)), True, slot)
        is_(err, "ccguest: 127.0.0.1:%d: slot 0: %s\n" % (r.port, slot["error"]))
        out, _ = ccguest("certificates", r.port, status=1)
        is_(re.findall(r"^slot 0, certificate (\d+)$", out, re.M), ["0"])
        out, _ = ccguest("certificates", r.port, "--pem", status=1)
        is_(out.count("BEGIN CERTIFICATE"), 1)
        out, _ = ccguest("certificates", r.port, "--der", status=1)
        with open(path, "rb") as f:
            is_(out.encode("latin-1"), f.read())
    with responder("--slot=0=%s/p256/forty-certificates.der" % PKI) as r:
        out, _ = ccguest("certificates", r.port)
        is_(out.count("slot 0, certificate "), 40)


def failing_alloc(port, verb, nth, *args):
    """Fails allocation number nth. Returns exit status and JSON object."""
    env = dict(os.environ, LD_PRELOAD=os.environ["FAILALLOC"], FAIL_NTH=str(nth),
               FAIL_NOT="libcrypto libjson-c libc.so", FAIL_COUNT=WORK + "/count")
    r = subprocess.run([CCGUEST, "device", verb, "--connect=127.0.0.1:%s" % port, "--json", *args],
                       capture_output=True, stdin=subprocess.DEVNULL, env=env, timeout=120,
                       check=False)
    return r.returncode, json.loads(r.stdout or "null"), r.stderr.decode()


@test("each allocation fails once: an error, and no verdict")
def _memory():
    if "FAILALLOC" not in os.environ:
        return
    with responder(*good()) as r:
        for verb, args in (("certificates", []),
                           ("measurements", ["--ca=%s/p256/ca.pem" % PKI]),
                           ("authenticate", ["--ca=%s/p256/ca.pem" % PKI])):
            status, want, _ = failing_alloc(r.port, verb, -1, *args)
            is_(status, 0)
            with open(WORK + "/count", encoding="ascii") as f:
                n = int(f.read())
            for nth in range(n):
                status, d, err = failing_alloc(r.port, verb, nth, *args)
                what = "%s, allocation %d: %s" % (verb, nth, err)
                if status == 0:
                    is_(d.get("slots"), want.get("slots"), what)
                    continue
                is_((status, "Cannot allocate memory" in err), (1, True), what)
                is_((d or {}).get("authenticated") or False, False, what)


@test("each certificate is parsed once, for the verification and for the result")
def _parsed_once():
    if "COUNTPARSE" not in os.environ:
        return
    env = dict(os.environ, LD_PRELOAD=os.environ["COUNTPARSE"], PARSE_COUNT=WORK + "/count")
    # Three certificates in the slot, one in the file.
    with responder(*good()) as r:
        for repeat in ("1", "3"):
            subprocess.run([CCGUEST, "device", "authenticate", "--connect=127.0.0.1:%s" % r.port,
                            "--json", "--ca=%s/p256/ca.der" % PKI, "--repeat=" + repeat],
                           stdout=subprocess.DEVNULL, stdin=subprocess.DEVNULL, env=env,
                           timeout=120, check=True)
            with open(WORK + "/count", encoding="ascii") as f:
                is_(int(f.read()), 4, "--repeat=" + repeat)


@test("certificates: failures have the same exit status")
def _cert_wrong():
    for fault, status in (("hang-up@GET_DIGESTS", 1), ("wrong-code@GET_DIGESTS", 5),
                          ("bad-digest", 5), ("error-0x05@GET_CERTIFICATE", 5)):
        with responder("--fault=" + fault, *good()) as r:
            ccguest("certificates", r.port, status=status)
    with responder("--fault=error-Unspecified@GET_CERTIFICATE:1", *good(),
                   "--slot=1=%s/p256/good.der" % PKI) as r:
        out, err = ccguest("certificates", r.port, status=5)
        is_((set(re.findall(r"^slot (\d)", out, re.M)), "Slot 0: Unspecified error" in err),
            ({"1"}, True))


MATRIX = None
# Runs in which the command takes different paths.
SLOW = "^SPDM 1.3|--|^several|^a key of|^a server that (closes in|sends half)|^--ca|^certificates"


def start_matrix(name):
    """Starts the responder of the matrix, once the certificates are made."""
    global MATRIX  # pylint: disable=global-statement
    if MATRIX is None and name != test.tests[0][0]:
        MATRIX = responder(*good(ALGS))


test.run(SLOW if PREFIX else None, "certificates for", start_matrix)
MATRIX.stop()
