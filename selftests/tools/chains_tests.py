# SPDX-License-Identifier: GPL-2.0-only
"""
Gives each chain of ../chains/table.py to `ccguest device authenticate
--connect`, and where OpenSSL judges the same to `openssl verify`. Prints one
line per test, as connect_tests.py does.

	chains_tests.py CCGUEST RESPONDER WORKDIR CHAINS [PREFIX...]

CHAINS is the folder ../chains. PREFIX is a command that runs ccguest, such as
valgrind.
"""
import json
import re
import subprocess
import sys

from named_tests import Tests
from responder_process import Process

CCGUEST, RESPONDER, WORK, CHAINS = sys.argv[1:5]
PREFIX = sys.argv[5:]
sys.path.insert(0, CHAINS)
sys.dont_write_bytecode = True
from table import CERTS, DMTF, NVME, NVME_BDF, NVME_ID, PINS, ROWS  # noqa: E402 pylint: disable=wrong-import-position

PKI = WORK + "/pki"
test = Tests()


def path(name, suffix="der"):
    return "%s/%s.%s" % (PKI, name, suffix)


def authenticate(row, n):
    """Returns None, or errno and sentence of the failure."""
    with Process([RESPONDER, "--port=0", "-q", "--slot=0=%s:%s:%s" % (
            path(n), path("leaf", "key"), path(row.root))], WORK + "/stderr") as r:
        cmd = PREFIX + [CCGUEST, "device", "authenticate", "--connect=127.0.0.1:%d" % r.port,
                        "--json", "--validity=" + row.validity, "--san=" + NVME]
        cmd += ["--ca=" + path(name) for name in row.trust]
        if row.policy:
            cmd += ["--policy=" + path(n, "policy"), "--bdf=" + NVME_BDF, "--id=" + NVME_ID]
        x = subprocess.run(cmd, capture_output=True, text=True, timeout=300, check=False)
    if "Sanitizer" in x.stderr or "runtime error" in x.stderr:
        raise AssertionError(x.stderr)
    d = json.loads(x.stdout)
    failures = [(f["errno"], f["text"]) for f in d["failures"]]
    # No chain is trusted: the device is asked for a proof all the same.
    has_key = CERTS[row.chain[-1]].key == "leaf"
    if d["proved_slots"] and not has_key:
        raise AssertionError("proved: %s" % d["proved_slots"])
    if not has_key and d["failures"][-1]["stage"] == "signature":
        del failures[-1]
    if (x.returncode, d["authenticated"], len(failures)) == (0, True, 0):
        return None
    if (x.returncode, d["authenticated"], len(failures)) != (5, False, 1):
        raise AssertionError("ended with %d: %s" % (x.returncode, x.stderr))
    return failures[0]


def openssl_accepts(row):
    """Judges the chain by OpenSSL, which starts at any trusted certificate."""
    def bundle(name, certs):
        with open("%s/%s" % (WORK, name), "w", encoding="ascii") as out:
            for cert in certs:
                with open(path(cert, "pem"), encoding="ascii") as f:
                    out.write(f.read())
        return "%s/%s" % (WORK, name)

    cmd = ["openssl", "verify", "-no-CApath", "-no-CAstore", "-partial_chain", "-auth_level", "2",
           "-trusted", bundle("trusted", row.trust)]
    if row.chain[1:]:
        cmd += ["-untrusted", bundle("untrusted", row.chain[:-1])]
    x = subprocess.run(cmd + [path(row.chain[-1], "pem")], capture_output=True, text=True,
                       check=False)
    return x.returncode == 0, x.stdout + x.stderr


@test("chains for the tests")
def _make():
    subprocess.run([sys.executable, "-B", CHAINS + "/make.py", PKI], check=True)


@test("each certificate of the table is used")
def _used():
    used = {c for row in ROWS for c in row.chain + row.trust + [row.root]}
    used |= {c for chain in PINS.values() for c in chain.split()}
    used |= {c.issuer for c in CERTS.values()}
    used |= {c for row in ROWS for c in re.findall(r"\{(\w+)\}", row.policy or "")}
    if set(CERTS) - used:
        raise AssertionError(sorted(set(CERTS) - used))


for number, entry in enumerate(ROWS):
    @test(entry.name)
    def _row(row=entry, n=number):
        got = authenticate(row, n)
        want = row.verdict
        if (got is None) != (want is None) or (want and (
                got[0] != want[0] or want[1] not in got[1])):
            raise AssertionError("%s instead of %s" % (got, want))

    if entry.openssl is not None and not PREFIX:
        @test(entry.name + ": openssl verify says the same")
        def _openssl(row=entry):
            good, text = openssl_accepts(row)
            if good != row.openssl:
                raise AssertionError(text)


def ccguest(*args, status=0):
    x = subprocess.run(PREFIX + [CCGUEST, *args], capture_output=True, text=True, timeout=300,
                       check=False)
    if x.returncode != status or "Sanitizer" in x.stderr or "runtime error" in x.stderr:
        raise AssertionError("ended with %d: %s" % (x.returncode, x.stderr))
    return x.stdout, x.stderr


def is_(got, want, more=""):
    if got != want:
        raise AssertionError("%r instead of %r %s" % (got, want, more))


@test("device certificates: what DICE says, as JSON and as text")
def _dice():
    n = [row.chain[-1] for row in ROWS].index("multileaf")
    with Process([RESPONDER, "--port=0", "-q", "--slot=0=%s:%s" % (
            path(n), path("leaf", "key"))], WORK + "/stderr") as r:
        connect = "--connect=127.0.0.1:%d" % r.port
        root, mid, leaf = json.loads(ccguest("device", "certificates", connect, "--json")[0])[
            "slots"][0]["certificates"]
        text, _ = ccguest("device", "certificates", connect)
    is_((root["ueid"], root["tcb_info"], mid["tcb_info"], leaf["ueid"]), (None, [], [], None))
    is_(mid["ueid"], "0102030405060708")
    one = {"vendor": "ACME", "model": "Widget", "version": None, "svn": "0x7", "layer": "0x1",
           "index": None, "flags": "notConfigured", "flags_mask": None, "vendor_info": None,
           "type": None, "fwids": [{"algorithm": "sha256", "digest": "5a" * 32}]}
    is_(leaf["tcb_info"], [one, one])
    text = re.sub(" +", " ", text)
    is_(text.count(" device id 0102030405060708\n"), 1)
    is_(text.count(" firmware ACME\n model Widget\n svn 7\n layer 1\n digest sha256:%s\n"
                   " flags notConfigured\n" % ("5a" * 32)), 2)


class Device:
    """Runs ccguest with a device whose slot 0 has the chain that ends with LEAF."""
    def __init__(self, leaf):
        n = [row.chain[-1] for row in ROWS].index(leaf)
        self.process = Process([RESPONDER, "--port=0", "-q", "--slot=0=%s:%s:%s" % (
            path(n), path("leaf", "key"), path(ROWS[n].root))], WORK + "/stderr")

    def __enter__(self):
        self.port = self.process.__enter__().port
        return self

    def __exit__(self, *args):
        return self.process.__exit__(*args)

    def run(self, verb, *args, status=0):
        return ccguest("device", verb, "--connect=127.0.0.1:%d" % self.port, *args, status=status)

    def authenticate(self, *args, status=0):
        return self.run("authenticate", "--ca=" + path("root"), *args, status=status)


def write_policy(text):
    name = WORK + "/device-policy"
    with open(name, "w", encoding="utf-8") as f:
        f.write(text)
    return "--policy=" + name


def lines_of(out, *keys):
    return [" ".join(x.split()) for x in out.splitlines() if x.strip().startswith(keys)]


@test("authenticate: names in the certificate, and whether they were checked")
def _names():
    hint = "ccguest: hint: a rule of --policy can accept another name"
    with Device("dmtf") as d:
        out, _ = d.authenticate()
        is_(lines_of(out, "name", "dmtf"), ["name none (not checked)",
                                            "dmtf name %s (not checked)" % DMTF])
        out, err = d.authenticate("--san=" + NVME, status=5)
        is_(lines_of(out, "name", "dmtf"), ["name none (refused)", "dmtf name %s (refused)" % DMTF])
        is_((", found the DMTF name " + DMTF in err, hint in err), (True, True))
        rule = [write_policy("any name dmtf " + DMTF), "--id=" + NVME_ID]
        out, _ = d.authenticate(*rule)
        is_(lines_of(out, "name", "dmtf"), ["name none", "dmtf name " + DMTF])
        x = json.loads(d.authenticate(*rule, "--json")[0])
        is_((x["dmtf_name"], x["device_name"], x["named_slots"], x["misnamed_slots"]),
            (DMTF, None, [0], []))
        rule[0] = write_policy("any name dmtf X:Y:Z pin sha256:%s" % ("00" * 32))
        x = json.loads(d.authenticate(*rule, "--json", status=5)[0])
        is_((x["named_slots"], x["misnamed_slots"]), ([], [0]))
        # The key is wrong, and the name is right.
        rule[0] = write_policy("any name dmtf %s pin sha256:%s" % (DMTF, "00" * 32))
        out, err = d.authenticate(*rule, status=5)
        is_((lines_of(out, "dmtf"), hint in err), (["dmtf name " + DMTF], False))
        rule[0] = write_policy("any name none")
        out, _ = d.authenticate(*rule)
        is_(lines_of(out, "name"), ["name none (not checked)"])
        # No name is looked at in a chain that is not trusted.
        out, _ = d.run("authenticate", "--ca=" + path("other"), "--san=" + NVME, status=5)
        is_(lines_of(out, "name"), ["name none (not checked)"])
    with Device("bothnames") as d:
        out, _ = d.authenticate("--san=" + NVME)
        is_(lines_of(out, "name", "dmtf"), ["name " + NVME, "dmtf name " + DMTF])


@test("device certificates: names, and pins that a policy accepts")
def _pins():
    with Device("bothnames") as d:
        text, _ = d.run("certificates")
        certs = json.loads(d.run("certificates", "--json")[0])["slots"][0]["certificates"]
        pins = ["pin sha256:" + x["key_sha256"] for x in certs]
        is_(lines_of(text, "pin"), pins)
        is_(lines_of(text, "for", "dmtf"), ["for " + NVME, "dmtf name " + DMTF])
        is_([x["dmtf_name"] for x in certs], [None, None, DMTF])
        for pin in pins:
            d.authenticate(write_policy("any name none " + pin), "--id=" + NVME_ID)


@test("--policy: which device, and files that are no policy")
def _policy_usage():
    with Device("dmtf") as d:
        def refused(status, text, policy, *args):
            _, err = d.authenticate(write_policy(policy), *args, status=status)
            is_(text in err, True, err)

        numbers = "--id=" + NVME_ID
        refused(2, "--policy: needs --id", "any name none")
        refused(2, "1b36: is not VENDOR:DEVICE", "any name none", "--id=1b36")
        refused(2, "3.0: is not the address", "any name none", numbers, "--bdf=3.0")
        refused(2, "line 1 names an address or a subsystem, and that of the device is not given",
                "address 01:00.0 name none\nany name none", numbers)
        refused(2, "line 2 names an address or a subsystem",
                "id 8086 name none\nid 1b36:0010:1af4:1100 name none", "--id=1b36:0010")
        refused(2, "has name pci, and needs --san", "any name pci", numbers)
        refused(1, "device-policy: line 2: Unknown word: colour", "# x\nany name none colour red",
                numbers)
        refused(1, "is longer than the 65536 bytes allowed here", "#\n" * 32769, numbers)
        refused(0, "no rule for this device: any name is accepted", "id 8086 name pci", numbers)
        refused(0, "device-policy: line 2: name dmtf-prefix NVIDIA:",
                "\nany name dmtf-prefix NVIDIA:", numbers, "-v")
        for option in (numbers, "--bdf=01:00.0"):
            _, err = d.authenticate(option, status=2)
            is_("needs --policy" in err, True)
        _, err = d.authenticate("--policy=/nowhere/x", numbers, status=1)
        is_("/nowhere/x: No such file" in err, True)


@test("keyring: the limits of a CA")
def _limits():
    for name, want in (("root", None), ("p0", "pathLenConstraint 0"), ("nc-root", "nameConstraints"),
                       ("unknownroot", "an unknown critical extension"), ("leaf", None)):
        out, _ = ccguest("keyring", "list", "-F", path(name), "--json")
        is_(json.loads(out)["certificates"][0]["limits"], want)
    for name, want in (("nousage", True), ("root", False), ("leaf", False)):
        _, err = ccguest("keyring", "list", "-F", path(name))
        is_("has no keyCertSign: trusts only chains that contain it" in err, want)


test.run("device cert|keyring|PrintableString|P-192|left out" if PREFIX else None, "chains for")
