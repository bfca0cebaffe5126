#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""token_tests.py CCGUEST DIR: tests what `ccguest log token` and `log verify` say
about the claims of a token: lifecycle, reference values, nonce. The tokens come
from log_tests.py. DIR is an empty directory. Prints a line "ok NAME" or
"not ok NAME: WHY" for each test.
"""
import json
import sys

import log_tests as t

BL = {1: "BL", 2: b"\1" * 32, 4: "1.2", 5: b"\2" * 32, 6: "sha-256"}
RMM = {1: "RMM", 2: b"\3" * 32, 5: b"\4" * 32}
CLAIMS = {2395: 0x3000, 2396: b"\5" * 32, 256: b"\1" + b"\6" * 32,
          2399: [BL, RMM], 2400: "https://verifier", 2401: b"\7\x08",
          2402: "sha-256"}
LIFECYCLES = (
    (0x0000, "unknown"), (0x00ff, "unknown"), (0x1000, "assembly-and-test"),
    (0x2055, "rot-provisioning"), (0x4000, "non-rot-debug"),
    (0x5000, "recoverable-rot-debug"), (0x60ff, "decommissioned"))


def token(claims, realm=None):
    return t.token(b"\x11" * 32, platform_claims=claims, realm_claims=realm)


def run(data, *args, key=True):
    """Returns exit status, object, and messages."""
    how = ["--key", t.path("platform.key.pub")] if key else []
    rc, out, err = t.ccguest("token", "--json", *how, *args,
                             t.write("token", data))
    return rc, json.loads(out or "{}"), err


def refused(name, why, result, claims=True):
    rc, d, err = result
    t.report(rc == 5 and why in err and bool(d) == claims and
             (not d or (d["verified"] is False and why in d["culprit"] and
                        d["registers"] == [])), "token: " + name, result)


def test_claims():
    rc, d, err = run(token(CLAIMS, {265: "tag:arm.com,2023:realm#1.0.0"}),
                     *t.NONCE)
    want = {
        "platform_profile": "tag:arm.com,2023:cca_platform#1.0.0",
        "realm_profile": "tag:arm.com,2023:realm#1.0.0",
        "implementation_id": "05" * 32, "instance_id": "01" + "06" * 32,
        "lifecycle": "0x3000", "lifecycle_name": "secured", "config": "0708",
        "verification_service": "https://verifier", "hash_algorithm": "sha-256",
        "personalization_value": "00" * 64, "challenge": "6e" * 64,
        "nonce_compared": True, "verified": True, "culprit": None,
        "components": [
            {"type": "BL", "version": "1.2", "hash_algorithm": "sha-256",
             "measurement": "01" * 32, "signer": "02" * 32},
            {"type": "RMM", "version": None, "hash_algorithm": None,
             "measurement": "03" * 32, "signer": "04" * 32}],
    }
    t.report(rc == 0 and not err and {k: d.get(k) for k in want} == want and
             [r["value"] for r in d["registers"]] ==
             ["11" * 32] + ["00" * 32] * 4, "token: all claims are shown",
             (rc, d, err))
    rc, out, err = t.ccguest("token", "--key", t.path("platform.key.pub"),
                             t.path("token"))
    t.report(rc == 0 and "no --nonce" in err and "not compared" in out and
             "0x3000, secured" in out and "05" * 32 in out and
             "Verdict: the token is good" in out,
             "token: in text, and a missing nonce is said", (rc, out, err))
    refused("without a key nothing is verified", "not verified: no --key",
            run(token(CLAIMS), key=False))
    refused("another signature", "platform's signature does not verify",
            run(t.token(b"\x11" * 32, platform_key="realm.key",
                        platform_claims=CLAIMS)))
    refused("another nonce", "challenge is not the expected nonce",
            run(token(CLAIMS), "--nonce=00"))
    # A text that could control a terminal, and one with a NUL.
    rc, out, err = t.ccguest(
        "token", "--key", t.path("platform.key.pub"),
        t.write("token", token({**CLAIMS, 2400: "\x1b[31m\0x"})))
    t.report(rc == 0 and "\x1b" not in out, "token: text is escaped", out)


def test_forms():
    for name, claims in (
            ("a lifecycle that is text", {2395: "secured"}),
            ("a lifecycle of 17 bits", {2395: 0x13000}),
            ("an implementation ID that is text", {2396: "x"}),
            ("components that are no array", {2399: {1: 2}}),
            ("a component that is no map", {2399: [1]}),
            ("a measurement that is text", {2399: [{2: "x"}]}),
            ("65 components", {2399: [{2: b"x"}] * 65})):
        refused(name, "does not have the expected form",
                run(token({**CLAIMS, **claims})), claims=False)


def test_lifecycles():
    for number, name in LIFECYCLES:
        tok = token({**CLAIMS, 2395: number})
        refused("lifecycle %#x" % number, "lifecycle is %s, %s; expected 0x3000 "
                "to 0x30ff, secured" % (hex(number) if number else "0", name),
                run(tok))
        rc, d, err = run(tok, "--allow-lifecycle", name)
        t.report(rc == 0 and d["lifecycle_name"] == name and
                 "--allow-lifecycle: the platform is not secured" in err,
                 "token: lifecycle %#x is allowed" % number, (rc, d, err))
        other = "decommissioned" if number < 0x6000 else "unknown"
        refused("lifecycle %#x, another is allowed" % number, "expected 0x3000",
                run(tok, "--allow-lifecycle", other))
    for number in 0x30ff, 0x3003:
        rc, d, err = run(token({**CLAIMS, 2395: number}))
        t.report(rc == 0 and d["lifecycle_name"] == "secured",
                 "token: lifecycle %#x" % number, err)
    for number in 0x0100, 0x3100, 0x7000, 0xffff:
        for allowed in (), ("--allow-lifecycle=unknown",):
            refused("lifecycle %#x %s" % (number, allowed), "is not defined",
                    run(token({**CLAIMS, 2395: number}), *allowed))
    # without the claim
    tok = t.token(b"\x11" * 32)
    plain = t.cbor({2395: 0x3003})[1:]
    t.report(plain in tok, "token: log_tests.py has a lifecycle")
    claims = {2395: None}
    original = t.cbor
    t.cbor = lambda x: original({k: v for k, v in x.items() if v is not None}
                                if isinstance(x, dict) else x)
    tok = token(claims)
    t.cbor = original
    refused("no lifecycle", "has no lifecycle", run(tok))
    refused("no lifecycle, another is allowed", "has no lifecycle",
            run(tok, "--allow-lifecycle=decommissioned"))
    rc, _, err = run(tok, "--allow-lifecycle=unknown")
    t.report(rc == 0 and "not secured" in err,
             "token: no lifecycle, unknown is allowed", err)
    rc, _, err = run(tok, "--allow-lifecycle=debug")
    t.report(rc == 2 and "--allow-lifecycle is unknown," in err,
             "token: no such lifecycle", err)


def test_reference():
    tok = token(CLAIMS)
    bl = {"type": "BL", "measurement": "01" * 32}
    rmm = {"measurement": "03" * 32, "signer": "04" * 32}

    def reference(value):
        data = value if isinstance(value, str) else json.dumps(value)
        return run(tok, "--reference", t.write("reference", data.encode()))

    for name, good in (
            ("one claim", {"implementation_id": "05" * 32}),
            ("all claims", {"lifecycle_name": "secured", "config": "0708",
                            "instance_id": "01" + "06" * 32,
                            "verification_service": "https://verifier",
                            "hash_algorithm": "sha-256",
                            "personalization_value": "00" * 64}),
            ("components", {"components": [rmm, bl]}),
            ("other components", {"components": [bl],
                                  "other_components": True})):
        rc, _, err = reference(good)
        t.report(rc == 0, "reference: " + name, err)
    for name, why, bad in (
            ("another claim", "implementation_id is not that of",
             {"implementation_id": "05" * 31 + "04"}),
            ("a shorter claim", "config is not that of", {"config": "07"}),
            ("a claim that the token lacks", "realm_profile is not that of",
             {"realm_profile": ""}),
            ("another text", "verification_service is not that of",
             {"verification_service": "https://verifier/"}),
            ("a component is missing", "the platform lacks component 1 of",
             {"components": [bl, bl]}),
            ("another measurement", "the platform lacks component 0 of",
             {"components": [dict(bl, measurement="02" * 32), rmm]}),
            ("another version", "the platform lacks component 0 of",
             {"components": [dict(bl, version="1.3"), rmm]}),
            ("a component that is not expected",
             "does not have component 1 of the platform", {"components": [bl]}),
            ("no component is expected",
             "does not have component 0 of the platform", {"components": []})):
        refused("reference: " + name, why, reference(bad))
    # Two components with the measurement of the first expected one.
    twins = token({**CLAIMS, 2399: [BL, {1: "RMM", 2: BL[2]}]})
    for name, parts in (("that fits to two comes first", [{"measurement": "01" * 32}, bl]),
                        ("that fits to two comes last", [bl, {"measurement": "01" * 32}])):
        rc, _, err = run(twins, "--reference", t.write("reference", json.dumps(
            {"components": parts}).encode()))
        t.report(rc == 0, "reference: a component " + name, err)
    for name, why, bad in (
            ("unknown member", "rim: is not a member", {"rim": "00"}),
            ("unknown member of a component", "measurements: is not a member",
             {"components": [dict(bl, measurements="00")]}),
            ("component without a measurement", "has no measurement",
             {"components": [{"type": "BL"}]}),
            ("empty", "expected an object with members", {}),
            ("a list", "expected an object with members", []),
            ("not hexadecimal", "config: is not hexadecimal", {"config": "0x07"}),
            ("a number", "config: is not a string", {"config": 7}),
            ("other_components alone", "expected true or false, and components",
             {"other_components": True}),
            ("other_components as text", "expected true or false",
             {"components": [bl, rmm], "other_components": "true"}),
            ("twice", "two members of the same name",
             '{"config": "0708", "config": "0708"}')):
        rc, d, err = reference(bad)
        t.report(rc == 1 and not d and why in err, "reference: " + name,
                 (rc, d, err))


def test_verify():
    """`log verify` applies the same rules."""
    d = t.describe()
    t.ccguest("make", "-o", t.path("realm.log"), t.save("realm.json", d))
    log, rim = t.read("realm.log"), t.reference(d)
    rc, out, err = t.verify(log, t.token(rim, platform_claims=CLAIMS))
    v = json.loads(out)
    t.report(rc == 0 and v["token"]["lifecycle_name"] == "secured" and
             v["token"]["nonce_compared"] is False and "no --nonce" in err and
             len(v["token"]["components"]) == 2 and
             v["counts"] == {"verified": 7, "consistent": 0, "claimed": 1,
                             "forged": 0}, "verify: the claims of the token",
             (rc, v, err))
    debug = t.token(rim, platform_claims={**CLAIMS, 2395: 0x4001})
    t.is_refused("a platform under debug", "lifecycle is 0x4001, non-rot-debug",
                 t.verify(log, debug))
    rc, out, err = t.verify(log, debug, ("--allow-lifecycle=non-rot-debug",))
    t.report(rc == 0 and "the platform is not secured" in err,
             "verify: a platform under debug is allowed", (rc, err))
    t.write("reference", b'{"components": []}')
    t.is_refused("another reference", "does not have component 0",
                 t.verify(log, t.token(rim, platform_claims=CLAIMS),
                          ("--reference", t.path("reference"))))


def main():
    t.write("images/kernel", bytes(i * 7 & 255 for i in range(70000)))
    t.write("images/initrd", bytes(i * 5 & 255 for i in range(9000)))
    t.write("images/dtb", bytes(i * 3 & 255 for i in range(4096)))
    t.new_key("platform.key")
    t.new_key("realm.key")
    test_claims()
    test_forms()
    test_lifecycles()
    test_reference()
    test_verify()
    return t.failed


if __name__ == "__main__":
    sys.exit(main())
