# SPDX-License-Identifier: GPL-2.0-only
"""
Tests `ccguest device evidence` and `ccguest device verify`. Prints one line per
test: ok or "not ok", a tab and the name of the test; after "not ok" also a tab
and the reason.

	evidence_tests.py CCGUEST RESPONDER WORKDIR [PREFIX...]

PREFIX is a command that runs ccguest, such as valgrind: then fewer bytes are
flipped.
"""
import json
import os
import re
import shutil
import subprocess
import sys

from named_tests import Tests
from responder_process import Process
from spdm_client import have_mldsa

CCGUEST, RESPONDER, WORK = sys.argv[1:4]
PREFIX = sys.argv[4:]
HERE = os.path.dirname(os.path.abspath(__file__))
DEVICE = "1b36:0010:010802:02:1af4:1100"
SAN = "Vendor=1b36:Device=0010:CC=010802:REV=02:SSVID=1af4:SSID=1100"
PKI = WORK + "/pki"
NONCE = "00112233445566778899aabbccddeeff" * 2
OTHER = "ff" + NONCE[2:]
VALUES = ["--measurement=1=0:rom", "--measurement=7=1:firmware", "--measurement=16=6/raw:1.2.3",
          "--measurement=0xfd=4/digest:manifest"]
STEPS = ["objects", "negotiation", "chain", "signature", "freshness", "measurements"]
CA = "--ca=%s/p256/ca.pem" % PKI
MEAS = ["cert0", "vca", "measurements", "get_measurements"]
CHAL = ["cert0", "vca", "challenge"]
test = Tests()


def is_(got, want, what=""):
    if got != want:
        raise AssertionError("%s: %r instead of %r" % (what, got, want))


def responder(*args, slot="0=%s/p256/good.der" % PKI):
    slots = ["--slot=" + slot] if slot else []
    return Process([RESPONDER, "--port=0", "-q"] + list(args) + slots, WORK + "/stderr")


def run(*args, status=0, stdin=None):
    """Runs ccguest device. Returns standard output and standard error."""
    r = subprocess.run(PREFIX + [CCGUEST, "device"] + list(args), input=stdin, timeout=120,
                       stdin=subprocess.DEVNULL if stdin is None else None,
                       capture_output=True, check=False)
    out, err = r.stdout.decode("latin-1"), r.stderr.decode("latin-1")
    if "Sanitizer" in err or "runtime error" in err or re.search(r"[^\n -~]", err):
        raise AssertionError(err)
    if r.returncode not in (status if isinstance(status, tuple) else (status,)):
        raise AssertionError("ended with %d instead of %s: %s%s" %
                             (r.returncode, status, out, err))
    if r.returncode and not re.match(r"ccguest: .*: ", err):
        raise AssertionError("says nothing: %r" % err)
    return out, err


def known(d):
    """Each member is in ccguest-json(5)."""
    with open(HERE + "/../../tools/man/ccguest-json.5", encoding="ascii") as f:
        names = set(re.findall(r"[a-z0-9_]+", " ".join(
            w for w in f if w.startswith((".Va", ".It Va")))))
    used = set(d) | {k for v in d.values() if isinstance(v, list) for i in v for k in i}
    is_(used - names, set(), "undocumented members")


def collect(port, path, *args, nonce=NONCE):
    shutil.rmtree(path, ignore_errors=True)
    run("evidence", "--connect=127.0.0.1:%d" % port, "--nonce=" + nonce, "-o", path, *args)
    return path


def verify(path, *args, status=0, nonce=NONCE, ca=CA, **kw):
    """Runs ccguest device verify --json. Returns the verdicts, and the object."""
    args = ([ca] if ca else []) + (["--nonce=" + nonce] if nonce else []) + list(args)
    out, err = run("verify", "--json", path, *args, status=status, **kw)
    d = json.loads(out)
    known(d)
    is_([s["step"] for s in d["steps"]], STEPS)
    is_(d["proven"], not status)
    if status:
        is_([s["why"] for s in d["steps"] if s["verdict"] not in ("passed", "accepted") and
             s["why"][:40] in err] != [], True, err)
    return [s["verdict"] for s in d["steps"]], d


def read(path):
    with open(path, "rb") as f:
        return f.read()


def write(path, data):
    with open(path, "wb") as f:
        f.write(data if isinstance(data, bytes) else data.encode())
    return path


def reference(d):
    """Returns lines for --reference from the JSON of device measurements."""
    return "# index type value\n\n" + "".join(
        "%d %d %s%s\n" % (m["index"], m["type"], "raw:" if m["raw"] else "", m["value"])
        for m in d["measurements"])


def copy(name, *without):
    path = WORK + "/copy"
    shutil.rmtree(path, ignore_errors=True)
    shutil.copytree(WORK + "/" + name, path)
    for w in without:
        os.unlink(path + "/" + w)
    return path


PASSED = ["passed"] * 6
MEASURE = "--reference=%s/reference" % WORK


def wanted(name):
    """What proves the evidence in the folder NAME."""
    return ["--allow-unknown=measurements"] if name == "chal" else [MEASURE]




@test("certificates for the tests")
def _certs():
    subprocess.run([RESPONDER, "certs", PKI, "--device=" + DEVICE, "-q",
                    "--algorithms=p256,rsa2048"], check=True)


@test("measurements: a directory, the reference of device measurements, every step passes")
def _good():
    with responder(*VALUES) as r:
        collect(r.port, WORK + "/meas")
        out, _ = run("measurements", "--connect=127.0.0.1:%d" % r.port, CA, "--json")
        write(WORK + "/reference.json", out)
        write(WORK + "/reference", reference(json.loads(out)))
        collect(r.port, WORK + "/again", nonce=OTHER)
    is_(sorted(os.listdir(WORK + "/meas")), sorted(MEAS))
    is_({os.stat("%s/meas/%s" % (WORK, n)).st_mode & 0o777 for n in MEAS}, {0o600})
    for name in "reference", "reference.json":
        got, d = verify(WORK + "/meas", "--reference=%s/%s" % (WORK, name), "--san=" + SAN)
        is_(got, PASSED)
    is_((d["version"], d["asym_algorithm"], d["slot"], d["proved_by"], d["nonce"],
         d["subject"], d["device_name"], len(d["measurements"])),
        ("1.4", "ecdsa-p256", 0, "measurements", NONCE, "CN=Test device", SAN, 4))
    write(WORK + "/verified.json", json.dumps(d))
    is_(verify(WORK + "/meas", "--reference=%s/verified.json" % WORK)[0], PASSED)
    out, err = run("verify", WORK + "/meas", CA, "--nonce=" + NONCE, MEASURE)
    is_((out.split("\n")[0], err), (WORK + "/meas: proven", ""))
    is_(run("verify", "-q", WORK + "/meas", CA, "--nonce=" + NONCE, MEASURE), ("", ""))


@test("every version and hash, measurements and challenge")
def _versions():
    for caps, what in ("CERT,CHAL,MEAS_SIG", MEAS), ("CERT,MEAS_SIG", MEAS), ("CERT,CHAL", CHAL):
        with responder("--capabilities=" + caps, *VALUES) as r:
            for v, h in (("1.0", "sha256"), ("1.1", "sha384"), ("1.2", "sha3-512"),
                         ("1.3", "sha256"), ("1.4", "sha256")):
                path = collect(r.port, WORK + "/v", "--versions=" + v, "--hash=" + h)
                is_(sorted(os.listdir(path)), sorted(what), (caps, v))
                unsigned = what is MEAS and v < "1.2"
                args = ["--allow-unknown=measurements"]
                got, d = verify(path, *args, status=5 if unsigned else 0)
                is_(got, ["passed", "unknown" if unsigned else "passed"] + ["passed"] * 3 +
                    ["accepted"], (caps, v))
                is_((d["version"], d["hash_algorithm"]), (v, h))
                if unsigned:
                    got, d = verify(path, "--allow-unknown=negotiation", *args)
                    is_((got[1], "do not sign the negotiation" in d["steps"][1]["why"]),
                        ("accepted", True))


@test("every signature algorithm of two keys")
def _asyms():
    slot = "--slot=0=%s/rsa2048/good.der" % PKI
    with responder("--capabilities=CERT,CHAL", slot) as r:
        for asym in "ecdsa-p256", "rsassa-2048", "rsapss-2048":
            path = collect(r.port, WORK + "/v", "--asym=" + asym)
            ca = "--ca=%s/%s/ca.pem" % (PKI, "p256" if asym[0] == "e" else "rsa2048")
            verify(path, "--allow-unknown=measurements", ca=ca)
            verify(path, "--allow-unknown=measurements", status=5,
                   ca="--ca=%s/%s/ca.pem" % (PKI, "rsa2048" if asym[0] == "e" else "p256"))


@test("JSON: a file, standard output, standard input; the same verdict")
def _json():
    with responder(*VALUES) as r:
        path = WORK + "/evidence.json"
        run("evidence", "--connect=127.0.0.1:%d" % r.port, "--nonce=" + NONCE, "-o", path)
        out, _ = run("evidence", "--connect=127.0.0.1:%d" % r.port, "--nonce=" + NONCE,
                     "--json")
    known(json.loads(out))
    for d in json.loads(read(path)), json.loads(out):
        is_([o["name"] for o in d["objects"]], MEAS)
        is_((d["version"], d["slot"], d["proved_by"], d["nonce"]),
            ("1.4", 0, "measurements", NONCE))
        is_([2 * o["size"] for o in d["objects"]], [len(o["data"]) for o in d["objects"]])
    is_(verify(path, MEASURE)[0], PASSED)
    is_(verify("-", MEASURE, stdin=out.encode())[0], PASSED)
    d = json.loads(out)
    for change, why in (
            (lambda d: d.update(schema="ccguest/device-show/1"), "expected an object with schema"),
            (lambda d: d.pop("objects"), "expected an object with schema"),
            (lambda d: d["objects"].append(7), "objects[4]: expected an object"),
            (lambda d: d["objects"].append(d["objects"][0]), "objects[4]: name: an earlier object"),
            (lambda d: d["objects"][1].update(name="x"), "objects[1]: name: no object has"),
            (lambda d: d["objects"][1].update(data="abc"), "objects[1]: data: expected hex"),
            (lambda d: d["objects"][1].update(data="zz"), "objects[1]: data: expected hex"),
            (lambda d: d["objects"][1].pop("data"), "objects[1]: expected the strings"),
            (lambda d: d["objects"][1].update(data="00" * 5000), "at most 4096 are accepted")):
        bad = json.loads(out)
        change(bad)
        _, err = run("verify", "-", CA, status=1, stdin=json.dumps(bad).encode())
        is_(why in err, True, err)
    for text in b"", b"{", b"[]", b"null", out.encode()[:300]:
        run("verify", "-", CA, status=1, stdin=text)


@test("freshness: another nonce fails, no nonce is a doubt that may be accepted")
def _nonce():
    path = WORK + "/meas"
    is_(verify(path, MEASURE, nonce=OTHER, status=5)[0], PASSED[:4] + ["failed", "passed"])
    is_(verify(path, MEASURE, nonce=OTHER, status=5)[0],
        verify(path, MEASURE, "--allow-unknown=freshness", nonce=OTHER, status=5)[0])
    is_(verify(path, MEASURE, nonce=None, status=5)[0], PASSED[:4] + ["unknown", "passed"])
    is_(verify(path, MEASURE, "--allow-unknown=freshness", nonce=None)[0],
        PASSED[:4] + ["accepted", "passed"])


@test("chain: another CA, another name, a policy; then nothing else is proven")
def _chain():
    path = WORK + "/meas"
    got, d = verify(path, MEASURE, status=5, ca="--ca=%s/p256/other-ca.der" % PKI)
    is_(got, ["passed", "passed", "failed", "passed", "unknown", "unknown"])
    is_(d["steps"][2]["why"].startswith("Root certificate for slot 0 not found"), True)
    got, d = verify(path, MEASURE, "--san=Vendor=8086", status=5)
    is_((got[2], "for another device" in d["steps"][2]["why"]), ("failed", True))
    policy = write(WORK + "/policy", "id 1b36:0010 name pci\n")
    args = ["--policy=" + policy, "--id=1b36:0010"]
    is_(verify(path, MEASURE, "--san=" + SAN, *args)[0], PASSED)
    is_(verify(path, MEASURE, "--san=Vendor=8086", *args, status=5)[0][2], "failed")


@test("negotiation: versions and algorithms that are not accepted")
def _negotiation():
    for args in ["--versions=1.0-1.2"], ["--asym=ecdsa-p384"], ["--hash=sha256"]:
        got, d = verify(WORK + "/meas", MEASURE, *args, "--allow-unknown=negotiation", status=5)
        is_((got[1], "is not among the accepted" in d["steps"][1]["why"]), ("failed", True))


@test("measurements: another value, type or form; an index too many or too few")
def _reference():
    lines = read(WORK + "/reference").decode().split("\n")[2:-1]

    def check(text, verdict, why):
        path = write(WORK + "/changed", text)
        got, d = verify(WORK + "/meas", "--reference=" + path, status=5)
        is_((got, why in d["steps"][5]["why"]), (PASSED[:5] + [verdict], True), d["steps"][5])

    first = lines[0].split()
    for change, why in ((first[:2] + ["00" + first[2][2:]], "another value"),
                        (first[:2] + [first[2][2:]], "another value"),
                        ([first[0], "1", first[2]], "another type"),
                        (first[:2] + ["raw:" + first[2]], "one is raw")):
        check("\n".join([" ".join(change)] + lines[1:]), "failed", why)
    check("\n".join(lines[1:]), "unknown", "the reference has no measurement 1")
    check("\n".join(lines + ["9 0 aa"]), "failed", "measurement 9 of the reference is missing")
    is_(verify(WORK + "/meas", status=5)[0][5], "unknown")
    for text, why in (("1 0", "line 1: expected INDEX"), ("1 0 aa b", "line 1: more"),
                      ("\n0 0 aa", "line 2: INDEX is 1"), ("255 0 aa", "INDEX is"),
                      ("1 128 aa", "TYPE is"), ("1 0 a", "VALUE is"), ("1 0 xx", "VALUE is"),
                      ("1 0 aa\n1 0 aa", "line 2: an earlier"), ("x 0 aa", "numbers"),
                      ("#", "has no measurement"), ("a\0", "NUL"),
                      ('{"measurements": [7]}', "measurement 1: expected an object"),
                      ('{"measurements": 7}', "array measurements"), ("{", "JSON")):
        path = write(WORK + "/changed", text)
        _, err = run("verify", WORK + "/meas", CA, "--reference=" + path, status=1)
        is_(why in err, True, err)


@test("an object is missing, cut short or longer; two answers are mixed")
def _missing():
    with responder("--capabilities=CERT,CHAL") as r:
        collect(r.port, WORK + "/chal")
        collect(r.port, WORK + "/chal2", nonce=OTHER)
    for name, objects in ("meas", MEAS), ("chal", CHAL):
        for o in objects:
            got, d = verify(copy(name, o), MEASURE, status=5)
            where = STEPS.index("chain" if o == "cert0" else "objects")
            what = "measurements" if o == "challenge" else o
            is_((got[where], d["steps"][where]["why"].startswith(what + ": is missing") or
                 d["steps"][where]["why"].startswith(what + " is missing")),
                ("unknown" if o == "cert0" else "failed", True), (o, d["steps"]))
            data = read("%s/%s/%s" % (WORK, name, o))
            for cut in {0, 1, 3, 4, 20, len(data) // 2, len(data) - 1}:
                path = copy(name)
                write(path + "/" + o, data[:cut])
                got, d = verify(path, MEASURE, status=5)
                is_(d["steps"][0]["why"].startswith(o), True, (o, cut, d["steps"][0]))
            path = copy(name)
            write(path + "/" + o, data + b"\0")
            got, d = verify(path, MEASURE, status=5)
            is_(got[0], "failed", (o, d["steps"][0]))
    for o in "get_measurements", "measurements":
        path = copy("meas")
        shutil.copy(WORK + "/again/" + o, path)
        # The response repeats RequesterContext of its own request.
        is_("failed" in verify(path, MEASURE, status=5)[0], True, o)
    path = copy("meas")
    shutil.copy(WORK + "/chal/challenge", path)
    got, d = verify(path, MEASURE, status=5)
    is_((got[0], "two answers" in d["steps"][0]["why"]), ("failed", True))
    shutil.rmtree(WORK + "/empty", ignore_errors=True)
    os.mkdir(WORK + "/empty")
    run("verify", WORK + "/empty", CA, status=1)
    run("verify", WORK + "/none", CA, status=1)
    path = copy("meas", "vca")
    os.mkfifo(path + "/vca")
    run("verify", path, CA, status=1)


@test("the chain of another device does not verify the signature")
def _other_chain():
    with responder("--capabilities=CERT,CHAL", slot="0=%s/rsa2048/good.der" % PKI) as r:
        collect(r.port, WORK + "/rsa")
    for name in "meas", "chal":
        path = copy(name)
        shutil.copy(WORK + "/rsa/cert0", path)
        got, _ = verify(path, MEASURE, "--ca=%s/rsa2048/ca.pem" % PKI, status=5)
        is_(got[3], "failed", name)
        is_(got[2], "failed" if name == "chal" else "passed", name)


@test("one bit of each kind of byte: nothing is proven any more")
def _flips():
    for name, objects in ("meas", MEAS), ("chal", CHAL):
        path = copy(name)
        for o in objects:
            good = read(path + "/" + o)
            n = 12 if PREFIX else 40
            places = set(range(0, len(good), max(1, len(good) // n))) | {1, 2, 3, len(good) - 1}
            if o == "cert0":
                # Nothing depends on the certificates above the trusted one.
                root = len(read(PKI + "/p256/ca.der"))
                places = {p for p in places if p >= root}
            for at in sorted(places):
                write(path + "/" + o, good[:at] + bytes([good[at] ^ 1 << at % 8]) + good[at + 1:])
                verify(path, *wanted(name), status=5)
            write(path + "/" + o, good)
        verify(path, *wanted(name))


@test("a reference demands measurements; a proof is needed for values of a reference")
def _demands():
    got, d = verify(WORK + "/chal", MEASURE, "--allow-unknown=measurements", status=5)
    is_((got[5], d["steps"][5]["why"]), ("failed", "the evidence has no measurements"))
    path = WORK + "/bad.json"
    for text in '{"proven": false, "measurements": []}', '{"signed": false, "measurements": []}':
        write(path, text.encode())
        _, err = run("verify", WORK + "/meas", CA, "--reference=" + path, status=1)
        is_("that nobody proved" in err, True, err)
    write(path, b'{"x": [' + b"0," * 5000 + b"0]}")
    for args in ([path], [WORK + "/meas", "--reference=" + path]):
        _, err = run("verify", *args, CA, status=1)
        is_("more than 4096 values" in err, True, err)


@test("what slots have that do not sign does not matter")
def _other_slots():
    path = copy("meas")
    write(path + "/cert3", b"\x30\x03junk")
    is_(verify(path, MEASURE)[0], PASSED)


@test("a verifier refuses an expired certificate")
def _expired():
    with responder(*VALUES, slot="0=%s/p256/expired.der" % PKI) as r:
        path = collect(r.port, WORK + "/v")
    got, d = verify(path, MEASURE, status=5)
    is_((got[2], "Certificate has expired" in d["steps"][2]["why"]), ("failed", True), d)
    is_(verify(path, MEASURE, "--validity=warn")[0], PASSED)


@test("another slot signs; the wanted slot; a slot that is empty")
def _slots():
    slots = ["--slot=5=%s/p256/good.der" % PKI]
    with responder(*slots, *VALUES, slot="0=%s/p256/other-root.der" % PKI) as r:
        path = collect(r.port, WORK + "/v")
        is_(verify(path, MEASURE, status=5)[0][2], "failed")
        path = collect(r.port, WORK + "/v", "--slot=5")
        is_(sorted(os.listdir(path)), sorted(MEAS + ["cert5"]))
        got, d = verify(path, MEASURE)
        is_((got, d["slot"]), (PASSED, 5))
        run("evidence", "--connect=127.0.0.1:%d" % r.port, "--slot=3", "-o", WORK + "/no", status=5)
        is_(os.path.exists(WORK + "/no"), False)


@test("a wrong signature gives no evidence; a device that says its values changed")
def _wrong():
    with responder("--fault=bad-signature", *VALUES) as r:
        run("evidence", "--connect=127.0.0.1:%d" % r.port, "-o", WORK + "/no", status=5)
        is_(os.path.exists(WORK + "/no"), False)
    with responder("--fault=measurements-changed", *VALUES) as r:
        path = collect(r.port, WORK + "/v")
    got, d = verify(path, MEASURE, status=5)
    is_((got[5], d["changed"]), ("unknown", True))


@test("what exists is not replaced, and nothing is left behind")
def _output():
    with responder(*VALUES) as r:
        where = "--connect=127.0.0.1:%d" % r.port
        before = sorted(os.listdir(WORK))
        for path in WORK + "/meas", WORK + "/reference":
            _, err = run("evidence", where, "-o", path, status=1)
            is_("exists and is not an empty directory" in err, True, err)
        run("evidence", where, "-o", WORK + "/none/below", status=1)
        is_(sorted(os.listdir(WORK)), before)
        os.mkdir(WORK + "/new")
        run("evidence", where, "-o", WORK + "/new/")
        is_(sorted(os.listdir(WORK + "/new")), sorted(MEAS))


def signed(path, signature):
    """Returns the transcript of the objects in a directory, without the signature."""
    def part(name):
        return read(path + "/" + name) if os.path.exists(path + "/" + name) else b""
    version = (part("get_measurements") or b"\x12")[0]
    vca = part("vca") if part("challenge") or version >= 0x12 else b""
    return vca + part("get_measurements") + (part("measurements") + part("challenge"))[:-signature]


def sysfs(path, n=0, **more):
    """Makes a device in a fake sysfs, with the evidence in a directory."""
    root = WORK + "/root"
    dev = root + "/sys/bus/pci/devices/0000:00:03.0"
    if not n:
        shutil.rmtree(root, ignore_errors=True)
        subprocess.run([sys.executable, HERE + "/mkpci.py", dev, "authenticated=1",
                        "spdm/state=authenticated", "spdm/slot=0",
                        "spdm/asym_algorithm=TPM_ALG_ECDSA_ECC_NIST_P256"], check=True)
        for name in "certificates", "signatures":
            os.mkdir(dev + "/" + name)
        write(dev + "/signatures/next_requester_nonce", b"")
        for i in range(8):
            write("%s/certificates/slot%d" % (dev, i), b"")
    body = signed(path, 64)
    meas = os.path.exists(path + "/measurements")
    request = read(path + "/get_measurements") if meas else b""
    files = {"signature": read(path + ("/measurements" if meas else "/challenge"))[-64:],
             "transcript": body, "hash_algorithm": b"sha384",
             "requester_nonce": request[4:36] if meas else bytes.fromhex(NONCE),
             "type": b"", "certificate_chain": read(path + "/cert0")}
    files.update(more)
    for name, data in files.items():
        write("%s/signatures/%d_%s" % (dev, n, name), data)
    return root


@test("from the kernel: the newest signature, or the one with the nonce")
def _kernel():
    out = WORK + "/kernel"

    def take(root, *args, status=0):
        shutil.rmtree(out, ignore_errors=True)
        return run("--root", root, "evidence", "00:03.0", "-o", out, *args, status=status)

    for name, objects in ("meas", MEAS), ("chal", CHAL):
        root = sysfs(WORK + "/" + name)
        take(root)
        is_(sorted(os.listdir(out)), sorted(objects))
        for o in objects:
            is_(read(out + "/" + o), read("%s/%s/%s" % (WORK, name, o)), o)
        verify(out, *wanted(name))
    root = sysfs(WORK + "/meas")
    sysfs(WORK + "/again", 10)
    sysfs(WORK + "/again", 9)
    write(root + "/sys/bus/pci/devices/0000:00:03.0/signatures/11_transcript", b"not complete")
    take(root)
    is_(read(out + "/get_measurements"), read(WORK + "/again/get_measurements"))
    take(root, "--nonce=" + NONCE)
    is_(read(out + "/get_measurements"), read(WORK + "/meas/get_measurements"))
    dev = root + "/sys/bus/pci/devices/0000:00:03.0"
    is_((read(dev + "/signatures/next_requester_nonce"), read(dev + "/authenticated")[:2]),
        (bytes.fromhex(NONCE), b"re"))
    _, err = take(root, "--nonce=" + "77" * 32, status=5)
    is_("the device signed nothing with this nonce" in err, True, err)
    root = sysfs(WORK + "/meas", transcript=read(WORK + "/meas/vca")[:30])
    _, err = take(root, status=1)
    is_("0000:00:03.0: transcript: Truncated get_capabilities request" in err, True, err)
    shutil.rmtree(root + "/sys/bus/pci/devices/0000:00:03.0/signatures")
    for more in [], ["--nonce=" + NONCE]:
        _, err = take(root, *more, status=4)
        is_("pci_cma" in err, True, err)


@test("from the kernel, SPDM 1.1 measurements: the algorithms are not signed")
def _kernel_unsigned():
    with responder(*VALUES) as r:
        collect(r.port, WORK + "/v11", "--versions=1.1")
    root, out = sysfs(WORK + "/v11"), WORK + "/kernel"
    shutil.rmtree(out, ignore_errors=True)
    run("--root", root, "evidence", "00:03.0", "-o", out)
    is_(sorted(os.listdir(out)), ["algorithms", "cert0", "get_measurements", "measurements"])
    is_(read(out + "/algorithms"), b"ecdsa-p256 sha384\n")
    is_(verify(out, MEASURE, status=5)[0], ["passed", "unknown"] + ["passed"] * 4)
    verify(out, MEASURE, "--allow-unknown=negotiation")
    for text in (b"ecdsa-p384 sha384\n", b"ecdsa-p256 sha256\n", b"ecdsa-p256 sha384", b"\n",
                 b""):
        write(out + "/algorithms", text)
        verify(out, MEASURE, "--allow-unknown=negotiation", status=5)


def cbor(data):
    """Returns an item, and the bytes after it."""
    kind, n, data = data[0] >> 5, data[0] & 31, data[1:]
    if n >= 24:
        size = 1 << n - 24
        n, data = int.from_bytes(data[:size], "big"), data[size:]
    if kind == 0:
        return n, data
    if kind in (2, 3):
        return data[:n] if kind == 2 else data[:n].decode(), data[n:]
    items = []
    for _ in range(n * (kind - 3)):
        item, data = cbor(data)
        items.append(item)
    return items if kind == 4 else dict(zip(items[::2], items[1::2])), data


@test("CBOR has the claims of the draft")
def _cbor():
    path = WORK + "/claims.cbor"
    for caps, name in ("CERT,CHAL,MEAS_SIG,LARGE_RESP", "meas"), ("CERT,CHAL", "chal"):
        with responder("--capabilities=" + caps, *VALUES) as r:
            where = ["--connect=127.0.0.1:%d" % r.port, "--nonce=" + NONCE]
            run("evidence", *where, "--cbor", "-o", path)
        d, rest = cbor(read(path))
        is_((rest, d[265]), (b"", "tag:linaro.org,2025:device-spdm#1.0.0"))
        is_((d[3803][0], d[3804]), (read(WORK + "/meas/cert0"), read("%s/%s/vca" % (WORK, name))))
        s = d[3802]["signature"] if name == "meas" else d[3807]
        is_((sorted(s), s[1], s[2].hex(), s[6]), ([1, 2, 3, 4, 5, 6, 7], 0, NONCE, 2))
        is_((len(s[3]), len(s[4]), len(s[7])), (32, 100, 64))
        what = b"measurements" if name == "meas" else b"challenge_auth"
        is_(s[4].startswith(b"dmtf-spdm-v1.4.*") and what in s[4], True)
        length = len(signed(WORK + "/" + name, 64))
        is_((len(s[5]), s[5][:len(d[3804])]), (length, d[3804]))
        if name == "chal":
            is_(sorted(d), [265, 3803, 3804, 3807])
            continue
        is_(sorted(d), [265, 3802, 3803, 3804])
        ref = {m["index"]: m for m in json.loads(read(WORK + "/reference.json"))["measurements"]}
        is_(list(d[3802]), [1, 7, 16, "signature"])
        is_(d[3802][1], {1: 0, 2: ["sha-384", bytes.fromhex(ref[1]["value"])]})
        is_(d[3802][16], {1: 6, 3: b"1.2.3"})


def _mldsa():
    subprocess.run([RESPONDER, "certs", WORK + "/mldsa", "--device=" + DEVICE, "-q",
                    "--algorithms=mldsa44,mldsa87"], check=True)
    for a in "mldsa44", "mldsa87":
        ca = "--ca=%s/mldsa/%s/ca.der" % (WORK, a)
        for caps in "CERT,CHAL,MEAS_SIG", "CERT,CHAL,LARGE_RESP":
            with responder("--chunks", "--capabilities=" + caps, *VALUES,
                           slot="0=%s/mldsa/%s/good.der" % (WORK, a)) as r:
                path = collect(r.port, WORK + "/quantum")
            args = ["--allow-unknown=measurements", "--san=" + SAN]
            got, d = verify(path, *args, ca=ca)
            is_((got[3], d["asym_algorithm"]), ("passed", "mldsa-" + a[5:]))
            got, _ = verify(path, "--asym=ecdsa-p256", *args, ca=ca, status=5)
            is_(got[1], "failed")
            name = path + ("/measurements" if "MEAS" in caps else "/challenge")
            write(name, read(name)[:-1] + bytes([read(name)[-1] ^ 1]))
            got, _ = verify(path, *args, ca=ca, status=5)
            is_(got[3], "failed")


def _no_mldsa():
    path = copy("meas")
    vca = bytearray(read(path + "/vca"))
    is_((vca[-68:-66].hex(), vca[-36:-34].hex()), ("14e3", "1463"))
    vca[-68 + 16] = 1                       # PqcAsymAlgo, PqcAsymSel: ML-DSA-44
    vca[-36 + 12:-36 + 16] = bytes(4)
    vca[-36 + 20] = 1
    write(path + "/vca", bytes(vca))
    write(path + "/measurements", read(path + "/measurements")[:-64] + bytes(2420))
    got, d = verify(path, MEASURE, status=5)
    is_(got, ["passed"] + ["unknown"] * 5)
    is_(["cannot verify ML-DSA-44, OpenSSL 3.5 and newer can" in s["why"] for s in d["steps"]],
        [False, True, True, True, False, False])


if have_mldsa():
    test("ML-DSA: evidence of both kinds, and a flipped bit")(_mldsa)
else:
    test("ML-DSA: without it in OpenSSL, nothing is known, and nothing proven")(_no_mldsa)


@test("the command line")
def _usage():
    for args in (["evidence"], ["evidence", "00:03.0"], ["evidence", "--connect=[::1]:1"],
                 ["evidence", "--connect=[::1]:1", "00:03.0", "--json"],
                 ["evidence", "00:03.0", "--slot=1", "--json"], ["evidence", "00:03.0", "--cbor"],
                 ["evidence", "00:03.0", "--nonce=00", "--json"],
                 ["evidence", "00:03.0", "--hash=sha256", "--json"],
                 ["evidence", "--connect=[::1]:1", "--slot=8", "--json"],
                 ["verify", "x"], ["verify", CA], ["verify", "x", CA, "--nonce=1"],
                 ["verify", "x", CA, "--allow-unknown=chain"],
                 ["verify", "x", CA, "--allow-unknown=signature"],
                 ["verify", "x", CA, "--allow-unknown=x"], ["verify", "x", CA, "--asym=x"]):
        run(*args, status=2)


os.makedirs(WORK, exist_ok=True)
test.run("" if PREFIX else None, "certificates")
