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
from table import CERTS, NVME, ROWS  # noqa: E402 pylint: disable=wrong-import-position

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
        x = subprocess.run(cmd, capture_output=True, text=True, timeout=300, check=False)
    if "Sanitizer" in x.stderr or "runtime error" in x.stderr:
        raise AssertionError(x.stderr)
    d = json.loads(x.stdout)
    failures = [(f["errno"], f["text"]) for f in d["failures"]]
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
    used |= {c.issuer for c in CERTS.values()}
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


def ccguest(*args):
    x = subprocess.run(PREFIX + [CCGUEST, *args], capture_output=True, text=True, timeout=300,
                       check=False)
    if x.returncode or "Sanitizer" in x.stderr or "runtime error" in x.stderr:
        raise AssertionError("ended with %d: %s" % (x.returncode, x.stderr))
    return x.stdout, x.stderr


def is_(got, want):
    if got != want:
        raise AssertionError("%r instead of %r" % (got, want))


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
