# SPDX-License-Identifier: GPL-2.0-only
"""endorse_tests.py CCGUEST DIR [PREFIX...]

Tests `ccguest log endorse`: the bytes of each form are those that this file encodes
by itself from draft-ietf-rats-corim-11 and the profiles. Prints one line per test:
the verdict, the name, the reason. PREFIX is a command that runs ccguest, such as valgrind.
"""

import base64
import hashlib
import json
import os
import subprocess
import sys
import traceback

CCGUEST, WORK = sys.argv[1:3]
PREFIX = sys.argv[3:]

REALM = "tag:arm.com,2025:cca_realm#1.0.0"
SNP24 = "tag:amd.com,2024:snp-corim-profile"
SNP25 = "tag:amd.com,2025:snp-corim-profile"
OIDS = {"1.3.6.1.4.1.3704.3.1": "2b060104019c780301", "1.3.6.1.4.1.3704.3.2": "2b060104019c780302"}
UUID1 = "01234567-89ab-cdef-0123-456789abcdef"
ALG = {32: 1, 48: 7, 64: 8}
HASH = {32: "sha256", 48: "sha384", 64: "sha512"}


class Tag:
    """A CBOR tag."""

    def __init__(self, number, value):
        self.number, self.value = number, value


def head(major, n):
    for size, extra in ((1, 24), (2, 25), (4, 26), (8, 27)):
        if n < 24:
            return bytes([major << 5 | n])
        if n < 1 << 8 * size:
            return bytes([major << 5 | extra]) + n.to_bytes(size, "big")
    raise ValueError(n)


def cbor(x):
    """Encodes a value; maps keep their order."""
    if isinstance(x, Tag):
        return head(6, x.number) + cbor(x.value)
    if isinstance(x, int):
        return head(0, x)
    if isinstance(x, bytes):
        return head(2, len(x)) + x
    if isinstance(x, str):
        return head(3, len(x.encode())) + x.encode()
    if isinstance(x, list):
        return head(4, len(x)) + b"".join(map(cbor, x))
    return head(5, len(x)) + b"".join(cbor(k) + cbor(v) for k, v in x.items())


def entity(role, creator, regid):
    e = {0: creator}
    if regid:
        e[1] = Tag(32, regid)
    e[2] = [role]
    return [e]


def value(v):
    return {4: Tag(560, v[1])} if isinstance(v, tuple) else {2: [[ALG[len(v)], v]]}


def triples(envs, values):
    return {0: [[env, [{0: k, 1: value(v)} for k, v in values]] for env in envs]}


def derived(what, uri, ents, trip):
    data = cbor(what) + cbor(Tag(32, uri)) + (cbor(ents) if ents else b"") + cbor(trip)
    u = bytearray(hashlib.sha256(data).digest()[:16])
    u[6], u[8] = 0x80 | u[6] & 15, 0x80 | u[8] & 63
    return bytes(u)


def expect(uri, envs, values, creator=None, regid=None, ident=None, tag=None, version=0):
    """Returns CoMID and CoRIM."""
    trip = triples(envs, values)
    ents = entity(0, creator, regid) if creator else None
    tag = derived("comid", uri, ents, trip) if tag is None else tag
    ident = derived("corim", uri, ents, trip) if ident is None else ident
    comid = {1: {0: tag, **({1: version} if version else {})}}
    if ents:
        comid[2] = ents
    comid[4] = trip
    corim = {0: ident, 1: [Tag(506, cbor(comid))], 3: Tag(32, uri)}
    if ents:
        corim[5] = entity(1, creator, regid)
    return cbor(comid), cbor(Tag(501, corim))


def path(name):
    return os.path.join(WORK, name)


def write(name, data):
    with open(path(name), "wb") as f:
        f.write(data.encode() if isinstance(data, str) else data)
    return path(name)


def run(*args, rc=0):
    r = subprocess.run(PREFIX + [CCGUEST, *args], capture_output=True, timeout=120, check=False)
    if r.returncode != rc:
        raise AssertionError("%s: %d: %s" % (args, r.returncode, r.stderr.decode()))
    return r.stdout, r.stderr.decode()


def endorse(*args):
    """Returns CoMID and CoRIM as the command writes them."""
    got = []
    for form in ("comid", "corim"):
        run("log", "endorse", *args, "--format", form, "-o", path("out"))
        with open(path("out"), "rb") as f:
            got.append(f.read())
    return got


def same(args, comid, corim):
    got = endorse(*args)
    assert got[0] == comid, "comid: %s\n%s" % (got[0].hex(), comid.hex())
    assert got[1] == corim, "corim: %s\n%s" % (got[1].hex(), corim.hex())


def registers(**regs):
    """The JSON of log rim and log replay."""
    return json.dumps({"schema": "ccguest/log-replay/2", "registers": [
        {"register": k, "index": i, "algorithm": HASH[len(v)], "value": v.hex()}
        for i, (k, v) in enumerate(regs.items())]})


def realm_env(rim):
    return [{0: {0: Tag(560, rim)}}]


def snp_envs(digest, instance):
    return [{0: {0: Tag(111, bytes.fromhex(oid))}, **({1: Tag(560, digest)} if instance else {})}
            for oid in OIDS.values()]


def test_realm():
    """a realm, from its description"""
    write("image", "an image\n")
    desc = write("realm.json", json.dumps({
        "ram": [{"base": "0x40000000", "size": "0x10000"}],
        "images": [{"name": "KERNEL", "file": "image", "base": "0x40000000"}]}))
    rim = bytes.fromhex(run("log", "rim", desc)[0].decode())
    same([desc], *expect(REALM, realm_env(rim), [("cca.rim", rim)]))
    rem = hashlib.sha256(b"rem").digest()
    regs = write("rems.json", registers(REM0=rem))
    same([desc, "--registers", regs],
         *expect(REALM, realm_env(rim), [("cca.rim", rim), ("cca.rem0", rem)]))


def test_registers():
    """a realm, from registers of each algorithm"""
    rpv = bytes(range(64))
    for size in HASH:
        rim, rem1, rem3 = (bytes([n]) * size for n in (1, 2, 3))
        regs = write("regs.json", registers(REM3=rem3, RIM=rim, REM1=rem1))
        values = [("cca.rim", rim), ("cca.rem1", rem1), ("cca.rem3", rem3)]
        same(["--registers", regs], *expect(REALM, realm_env(rim), values))
        same(["--registers", regs, "--rpv", rpv.hex()],
             *expect(REALM, realm_env(rim), values + [("cca.rpv", (0, rpv))]))


def test_texts():
    """identifiers and creator"""
    rim = b"\x05" * 32
    regs = write("regs.json", registers(RIM=rim))
    env, values = realm_env(rim), [("cca.rim", rim)]
    uuid = bytes.fromhex(UUID1.replace("-", ""))
    same(["--registers", regs, "--id", UUID1.upper(), "--tag-id", "a tag", "--tag-version", "300"],
         *expect(REALM, env, values, ident=uuid, tag="a tag", version=300))
    same(["--registers", regs, "--creator", 'ACME "\\ \xe4', "--regid", "https://acme.example"],
         *expect(REALM, env, values, 'ACME "\\ \xe4', "https://acme.example"))
    same(["--registers", regs, "--creator", "ACME"], *expect(REALM, env, values, "ACME"))
    one = endorse("--registers", regs)
    assert one == endorse("--registers", regs), "twice the same"
    other = write("other.json", registers(RIM=b"\x06" * 32))
    assert endorse("--registers", other)[1][:22] != one[1][:22], "other values, other identifier"


def test_launch():
    """SEV-SNP, from text, base64 and JSON"""
    digest = bytes(range(48))
    files = [
        write("l.hex", digest.hex() + "\n"), write("l.base64", base64.b64encode(digest)),
        write("l.json", json.dumps({"schema": "ccguest/sev-measure/1", "firmware_digest": None,
                                    "launch_digest": digest.hex()})),
    ]
    for f in files:
        same(["--launch", f], *expect(SNP24, snp_envs(digest, True), [(641, digest)]))
    same(["--launch", files[0], "--profile", SNP25],
         *expect(SNP25, snp_envs(digest, False), [(641, digest)]))


def test_json():
    """JSON"""
    rim, rpv = b"\xfb" * 48, b"\xff" * 64
    args = ["log", "endorse", "--registers", write("regs.json", registers(RIM=rim)),
            "--rpv", rpv.hex(), "--id", UUID1, "--tag-id", 'a "tag"', "--creator", "A\xe4\x01",
            "--regid", "https://acme.example"]
    d = json.loads(run(*args, "--format=comid-json")[0])
    entities = [{"name": "A\xe4\x01", "regid": "https://acme.example", "roles": ["tagCreator"]}]
    text = base64.b64encode(rim).decode()
    assert d == {
        "tag-identity": {"id": 'a "tag"', "version": 0}, "entities": entities,
        "triples": {"reference-values": [{
            "environment": {"class": {"id": {"type": "bytes", "value": text}}},
            "measurements": [
                {"key": {"type": "string", "value": "cca.rim"},
                 "value": {"digests": [[7, text.replace("+", "-").replace("/", "_")]]}},
                {"key": {"type": "string", "value": "cca.rpv"},
                 "value": {"raw-value": {
                     "type": "bytes", "value": base64.b64encode(rpv).decode()}}}]}]}}, d
    d = json.loads(run(*args, "--format=corim-json")[0])
    comid = expect(REALM, realm_env(rim), [("cca.rim", rim), ("cca.rpv", (0, rpv))], "A\xe4\x01",
                   "https://acme.example", tag='a "tag"')[0]
    entities[0]["roles"] = ["manifestCreator"]
    assert d == {"corim-id": UUID1, "profile": {"type": "uri", "value": REALM},
                 "entities": entities,
                 "tags": [base64.b64encode(cbor(Tag(506, comid))).decode()]}, d
    digest = b"\x3e" * 48
    d = json.loads(run("log", "endorse", "--launch", write("l", digest.hex()),
                       "--format=comid-json")[0])
    refs = d["triples"]["reference-values"]
    assert [r["environment"]["class"]["id"] for r in refs] == [
        {"type": "oid", "value": oid} for oid in OIDS], refs
    assert refs[1]["environment"]["instance"] == {
        "type": "bytes", "value": base64.b64encode(digest).decode()}, refs
    assert refs[0]["measurements"][0]["key"] == {"type": "uint", "value": 641}, refs


def refused(rc, why, *args):
    err = run("log", "endorse", *args, rc=rc)[1]
    assert why in err, "%s: %s" % (args, err)


def test_refused():
    """what is refused"""
    rim = b"\x05" * 32
    regs = write("regs.json", registers(RIM=rim))
    out = ["-o", path("refused")]
    l48 = write("l", "00" * 48)
    refused(2, "needs --launch, or DESCRIPTION", *out)
    refused(2, "needs --launch, or DESCRIPTION", "--registers", regs, "--launch", l48, *out)
    refused(2, "needs --output FILE", "--registers", regs)
    refused(2, "needs DESCRIPTION", "--registers", regs, "--ripas-blocks", "4K", *out)
    refused(2, "expected corim, comid", "--registers", regs, "--format", "cbor", *out)
    refused(2, "has 64 bytes", "--registers", regs, "--rpv", "00" * 63, *out)
    refused(2, "is for realms", "--launch", l48, "--rpv", "00" * 64, *out)
    refused(2, "needs --launch", "--registers", regs, "--profile", SNP24, *out)
    refused(2, "expected tag:amd.com", "--launch", l48, "--profile", REALM, *out)
    refused(1, "is not an absolute URI", "--registers", regs, "--creator", "x", "--regid", "x", *out)
    refused(1, "needs the name of the creator", "--registers", regs, "--regid", "a:b", *out)
    refused(1, "is empty", "--registers", regs, "--id", "", *out)
    refused(1, "longer than 255", "--registers", regs, "--tag-id", "x" * 256, *out)
    refused(1, "is not UTF-8", "--registers", regs, "--creator", b"\xff", *out)
    for text, why in (
            ("00" * 47, "is not a launch digest of SEV-SNP"),
            ("00" * 32, "is not a launch digest of SEV-SNP"),
            ("", "is not a launch digest of SEV-SNP"),
            ('{"launch_digest": "00"}', "is not the JSON of ccguest sev measure"),
            ('{"schema": "ccguest/sev-measure/1"}', "has no launch_digest"),
            ('{"schema": "ccguest/sev-measure/1", "launch_digest": "%s"}' % ("00" * 32),
             "the launch digest has not 48 bytes"),
            ('{"schema": "ccguest/sev-measure/1", "launch_digest": null, "firmware_digest": "00"}',
             "the digest of the firmware's pages only")):
        refused(1, why, "--launch", write("l", text), *out)
    for text, why in (
            ("[]", "has no array 'registers'"), ("{}", "has no array 'registers'"),
            (registers(REM0=rim), "has no RIM"),
            (registers(**{"PCR 0": rim}), "register 0 is none of a realm"),
            (registers(RIM=rim, REM0=b"\x01" * 48), "register 1 has another algorithm"),
            (registers(RIM=rim).replace("sha256", "sha384"), "register 0 has no value"),
            (registers(RIM=rim).replace("RIM", "REM0").replace("[", "[null, "),
             "register 0 is none of a realm"),
            (json.dumps({"registers": json.loads(registers(RIM=rim))["registers"] * 2}),
             "register 1 is there twice")):
        refused(1, why, "--registers", write("r", text), *out)
    assert not os.path.exists(path("refused")), "a refused run wrote a file"


def main():
    """One line per test: the verdict, the name, the reason."""
    for name, test in list(globals().items()):
        if not name.startswith("test_"):
            continue
        try:
            test()
            print("ok", test.__doc__, sep="\t")
        except Exception:  # pylint: disable=broad-except
            why = " ".join(traceback.format_exc().split())
            print("not ok", test.__doc__, why[-2000:], sep="\t")


os.makedirs(WORK, exist_ok=True)
main()
