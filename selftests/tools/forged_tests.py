#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""forged_tests.py CCGUEST DIR: tests which events `ccguest log` calls FORGED. The
logs are those of a TPM with SHA-1 and SHA-256. DIR is an empty directory.
Prints a line for each test, see python_tests() in lib.sh.
"""
import hashlib
import json
import os
import struct
import subprocess
import sys

command, work = sys.argv[1], sys.argv[2]
ALGS = ((4, "sha1"), (0xb, "sha256"))
SEPARATOR, ACTION, TAG, CRTM, IPL, INFO = 4, 5, 6, 8, 0xd, 0x11
CONFIG, BOOT, APP, GPT = 0x80000001, 0x80000002, 0x80000003, 0x80000006
EFI_ACTION, BOOT2, GPT2, AUTHORITY = (0x80000007, 0x8000000c, 0x8000000d,
                                      0x800000e0)
OMIT = 0x12
SPDM_BLOB, SPDM_CONFIG, POLICY = 0x800000e1, 0x800000e2, 0x800000e3


def report(good, name, why=""):
    print("%s\t%s\t%s" % ("ok" if good else "not ok", name,
                          "" if good else str(why)[:600]))


def path(name):
    return os.path.join(work, name)


def write(name, data):
    with open(path(name), "wb") as f:
        f.write(data)
    return path(name)


def ccguest(*args):
    done = subprocess.run([command, "log", *args], stdout=subprocess.PIPE,
                          stderr=subprocess.PIPE, check=False)
    return done.returncode, done.stdout.decode(), done.stderr.decode()


def log12(events):
    """The same log in the form of TPM 1.2."""
    out = b""
    for register, kind, data, hashed in events:
        out += struct.pack("<II", register, kind) + hashlib.sha1(hashed).digest()
        out += struct.pack("<I", len(data)) + data
    return out


def log(events):
    """events: (register, type, data, what is hashed)"""
    out = struct.pack("<II20sI", 0, 3, bytes(20), 29 + 4 * len(ALGS))
    out += b"Spec ID Event03\0" + struct.pack("<I4BI", 0, 0, 2, 106, 2,
                                              len(ALGS))
    for alg, name in ALGS:
        out += struct.pack("<HH", alg, hashlib.new(name).digest_size)
    out += b"\0"
    for register, kind, data, hashed in events:
        out += struct.pack("<III", register, kind, len(ALGS))
        for alg, name in ALGS:
            out += struct.pack("<H", alg) + hashlib.new(name, hashed).digest()
        out += struct.pack("<I", len(data)) + data
    return out


def registers(events):
    values = {}
    for register, _, _, hashed in events:
        for _, name in ALGS:
            old = values.get((register, name),
                             bytes(hashlib.new(name).digest_size))
            values[register, name] = hashlib.new(
                name, old + hashlib.new(name, hashed).digest()).digest()
    return json.dumps({"registers": [
        {"register": "PCR %d" % r, "algorithm": a, "value": v.hex()}
        for (r, a), v in values.items()]}).encode()


def results(name, events):
    """Returns the results of show and verify: status, digest_matches, and the
    result of verify."""
    logged = write(name, log(events))
    rc, out, err = ccguest("show", "--json", logged)
    shown = [e["digest_matches"] for e in json.loads(out)["events"]]
    known = write("reg", registers(events))
    rc2, out, err2 = ccguest("verify", "--json", "--registers", known, logged)
    v = json.loads(out)
    report(shown == [e["digest_matches"] for e in v["events"]] and
           (rc == 5) == (False in shown) and (": forged\n" in err) == (rc == 5),
           "show and verify agree: " + name, (rc, err, shown, err2))
    return rc2, v


def variable(name, data):
    text = name.encode("utf-16-le")
    return bytes(16) + struct.pack("<QQ", len(text) // 2, len(data)) + text + data


def gpt(disk, unique):
    head = b"EFI PART" + struct.pack("<IIII4Q", 0x10000, 92, 0, 0, 1, 2, 3, 4)
    head += disk + struct.pack("<QIII", 2, 1, 128, 0)
    return head + struct.pack("<Q", 1) + bytes(16) + unique + bytes(96)


def tag(number, data):
    return struct.pack("<II", number, len(data)) + data


def test_forms():
    cert = variable("Shim", b"certificate") + b"behind"
    disk = gpt(b"D" * 16, b"P" * 16)
    no_disk = gpt(bytes(16), bytes(16))
    order = variable("BootOrder", b"\0\0\1\0")
    cmd = b"grub_cmd: linux /vmlinuz init=/sbin/init\0"
    old = b"grub_cmd linux /vmlinuz\0"
    cmdline = b"grub_kernel_cmdline /vmlinuz ro\0"
    aael = tag(0x4141454c, b"domain operation content")
    crtm = "1.0\0".encode("utf-16-le")
    whole, part = "VERIFIED", "CONSISTENT"
    # type, data, what is hashed, trust
    cases = (
        (CONFIG, variable("SecureBoot", b"\1"), None, whole),
        (POLICY, variable("p", b"\1"), None, whole),
        (BOOT, order, None, whole), (BOOT, order, order[-4:], part),
        (BOOT2, order, None, whole), (BOOT2, order, order[-4:], part),
        (AUTHORITY, cert, None, whole), (AUTHORITY, cert, cert[:-1], part),
        (SEPARATOR, bytes(4), None, whole), (SEPARATOR, b"WBCL", None, whole),
        (SEPARATOR, b"\1\0\0\0", None, whole),
        (SEPARATOR, b"an error", b"\1\0\0\0", part),
        (ACTION, b"Calling INT 19h", None, whole),
        (EFI_ACTION, b"Exit\0", b"Exit", whole), (CRTM, crtm, None, whole),
        (GPT, disk, None, whole), (GPT2, disk, None, whole),
        (GPT2, disk, no_disk, part), (IPL, cmd, None, whole),
        (IPL, cmd, cmd[10:], part), (IPL, cmd, cmd[10:-1], part),
        (IPL, b"module_cmdline: x\0", b"x", part),
        (IPL, old, old[9:], part), (IPL, old + b"g", old[9:], part),
        (IPL, cmdline, cmdline[20:-1], part),
        (IPL, cmdline + b"\x90", cmdline[20:-1], part),
        (TAG, aael, None, whole), (TAG, tag(7, bytes(range(1, 9))), None, whole),
        (INFO, b"GCE NonHostInfo\0" + bytes(16), None, whole),
        (TAG, tag(1, b"\1") + tag(2, b"name\0"), None, whole),
        (OMIT, b"BOOT ATTEMPTS OMITTED", None, whole),
        (SPDM_BLOB, b"SPDM Device Sec2\2\0\1" + bytes(33), None, whole),
        (SPDM_CONFIG, b"SPDM Device Sec\0\1" + bytes(33), None, whole),
    )
    for i, (kind, data, hashed, want) in enumerate(cases):
        hashed = data if hashed is None else hashed
        name = "type %#x, case %d" % (kind, i)
        rc, v = results("good", [(7, kind, data, hashed)])
        report(rc == 0 and v["events"][0]["trust"] == want and
               v["events"][0]["digest_matches"] is True, "good: " + name, v)
        forge(name, kind, data, hashed)


def forge(name, kind, data, hashed):
    """Any other byte of the data that are hashed is a forgery."""
    at = data.find(hashed)
    # the text of an error is not hashed, see add_separator()
    if at < 0 or kind == SEPARATOR and hashed[0] == 1:
        return
    accepted = []
    for i in (at, at + len(hashed) // 2, at + len(hashed) - 1):
        bad = data[:i] + bytes([data[i] ^ 1]) + data[i + 1:]
        rc, v = results("bad", [(7, kind, bad, hashed)])
        e = v["events"][0]
        # another prefix, or another tag, makes another event
        if i in (at, len(data) - 1) and e["trust"] == "CONSISTENT":
            continue
        if rc != 5 or v["verdict"] != "forged" or v["adds_up"] or \
           e["trust"] != "FORGED" or e["digest_matches"] is not False or \
           v["culprit"] != "event 1: the digest is not that of the data":
            accepted.append((i, rc, v))
    report(not accepted, "forged: " + name, accepted)


def test_unknown():
    """The log does not have what was hashed."""
    for kind, data in (
            (APP, bytes(32)), (IPL, b"(hd0,gpt2)/vmlinuz\0"),
            (IPL, b"grub_linuxefi Kernel\0"), (IPL, b"grub_cmdx y\0"),
            (IPL, ".linux\0".encode("utf-16-le")),
            (TAG, tag(0x8f3b22ec, b"Linux initrd\0")),
            (TAG, tag(0xf5bc582a, "loader.conf\0".encode("utf-16-le"))),
            (TAG, tag(0x12345678, b"a name\0")),
            (TAG, tag(0x6c46f751, "größe.dtb\0".encode("utf-16-le"))),
            (TAG, tag(0x49dffe0f, "日本.cpio\0".encode("utf-16-le"))),
            (TAG, b"LOADED_IMAGE::LoadOptions\0"), (TAG, b"\1\2\3"),
            (TAG, tag(1, b"\1\2")[:-1]),
            (ACTION, b"CBFS: fallback/romstage\0"),
            (ACTION, b"FMAP: FW_MAIN_A CBFS: fallback/payload\0"),
            (ACTION, b"VBOOT: GBB HWID\0"), (ACTION, b"GBB flags\0"),
            (ACTION, b"bootblock\0"), (SPDM_BLOB, b"another form"),
            (INFO, b"something else"), (1, b"ACPI DATA"),
            (0x13, b"\1K" + bytes(16)), (0xa, b"flags"),
            (0x80000008, bytes(16)), (0x7fffffff, b"vendor")):
        rc, v = results("unknown", [(5, kind, data, b"a file")])
        e = v["events"][0]
        report(rc == 0 and e["trust"] == "CONSISTENT" and
               e["digest_matches"] is None,
               "not decided: type %#x, %s" % (kind, data[:20].hex()), (rc, v))
    for kind, data in ((TAG, tag(0x4141454c, b"a b c\0")),
                       (TAG, tag(9, bytes(8))), (SEPARATOR, bytes(4)),
                       (TAG, tag(1, b"\1") + tag(2, b"name\0")),
                       (ACTION, b"Calling INT 19h"),
                       (CONFIG, variable("SecureBoot", b"\1\0\0\0")),
                       (SEPARATOR, b"\xff" * 4)):
        rc, v = results("known", [(5, kind, data, b"\1\0\0\0")])
        report(rc == 5 and v["events"][0]["trust"] == "FORGED",
               "forged: type %#x, %s" % (kind, data[:20].hex()), (rc, v))


def test_tpm12():
    """Lenovo's firmware for TPM 1.2 hashes the contents of any variable."""
    boot = variable("SecureBoot", b"\1")
    for name, data, want in (("good", boot, "CONSISTENT"),
                             ("forged", boot[:-1] + b"\0", "FORGED")):
        events = [(7, CONFIG, data, b"\1")]
        reg = json.loads(registers(events))["registers"][:1]
        write("tpm12.reg", json.dumps({"registers": reg}).encode())
        rc, out, err = ccguest("verify", "--json", "--registers",
                               path("tpm12.reg"), write("tpm12", log12(events)))
        report(json.loads(out)["events"][0]["trust"] == want and
               rc == (5 if want == "FORGED" else 0),
               "%s: contents of a variable, TPM 1.2" % name, (rc, out, err))


def test_banks():
    """A wrong digest in any bank is a forgery."""
    action = b"Exit Boot Services Invocation"
    good = log([(5, EFI_ACTION, action, action)])
    reg = json.loads(registers([(5, EFI_ACTION, action, action)]))["registers"]
    bad = good.replace(hashlib.sha1(action).digest(), b"x" * 20)
    write("bank.reg", json.dumps({"registers": reg[1:]}).encode())
    rc, out, err = ccguest("verify", "--json", "--registers", path("bank.reg"),
                           write("bank", bad))
    report(rc == 5 and json.loads(out)["events"][0]["trust"] == "FORGED",
           "forged: a digest of a bank that is not expected", (rc, err))
    # a register that differs takes precedence
    reg[1]["value"] = "00" * 32
    write("bank.reg", json.dumps({"registers": reg[1:]}).encode())
    rc, out, err = ccguest("verify", "--json", "--registers", path("bank.reg"),
                           path("bank"))
    v = json.loads(out)
    report(rc == 5 and v["verdict"] == "does not add up" and
           v["counts"]["forged"] == 1, "forged, and a register that differs", v)


def test_counts():
    events = [(0, CRTM, b"v", b"v"), (4, APP, bytes(32), b"program"),
              (5, EFI_ACTION, b"a", b"a"), (7, SEPARATOR, bytes(4), b"other")]
    write("log", log(events))
    reg = json.loads(registers(events))["registers"]
    chosen = [r for r in reg if r["register"] in ("PCR 0", "PCR 4", "PCR 7")]
    write("some.reg", json.dumps({"registers": chosen}).encode())
    rc, out, _ = ccguest("verify", "--json", "--registers", path("some.reg"),
                         path("log"))
    report(rc == 5 and json.loads(out)["counts"] == {
        "verified": 1, "consistent": 1, "claimed": 1, "forged": 1},
           "the verdict counts the events", out)
    rc, out, err = ccguest("verify", "--registers", path("some.reg"),
                           path("log"))
    report(rc == 5 and "4  PCR 7  FORGED" in out and
           "Events: 1 verified, 1 consistent, 1 claimed, 1 forged\n" in out and
           "Verdict: forged\n" in out, "the counts in text", (out, err))
    for verb in ("show",), ("show", "--yaml"), ("show", "--register=7"):
        rc, out, err = ccguest(*verb, path("log"))
        report(rc == 5 and "forged" in err and "event 4: " in err and
               ("FORGED separator" in out or "--yaml" in verb),
               "%s says that an event is forged" % " ".join(verb), (rc, out, err))
    rc, _, err = ccguest("show", "--register=4", path("log"))
    report(rc == 0 and not err, "show: other events than the forged one", err)
    # nothing extends the only register that is expected
    write("none.reg", json.dumps({"registers": [
        {"register": "PCR 9", "algorithm": "sha256", "value": "00" * 32}
    ]}).encode())
    rc, out, err = ccguest("verify", "--json", "--registers", path("none.reg"),
                           write("log", log(events[:3])))
    v = json.loads(out)
    report(rc == 5 and not v["adds_up"] and v["verdict"] == "proves nothing" and
           v["registers"][0]["extended"] is False and
           v["registers"][0]["result"] == "matches" and
           {e["trust"] for e in v["events"]} == {"CLAIMED"},
           "registers that nothing extends prove nothing", (rc, v, err))


def test_locality():
    """The search for a fault begins with the locality of TPM2_Startup()."""
    events = [(0, CRTM, b"v", b"v"), (0, ACTION, b"a", b"a"),
              (0, SEPARATOR, bytes(4), bytes(4))]
    locality = b"StartupLocality\0\3"
    at = len(log([]))
    no_action = struct.pack("<III", 0, 3, 2) + b"\4\0" + bytes(20) + \
        b"\x0b\0" + bytes(32) + struct.pack("<I", 17) + locality
    hcrtm = (0, 0x80000010, b"HCRTM", b"HCRTM")
    for name, start, first, more in (("StartupLocality", 3, no_action, []),
                                     ("HCRTM", 4, b"", [hcrtm])):
        logged = log(more + events)
        value = bytes(31) + bytes([start])
        # The second of the three events did not happen.
        for e in more + [events[0], events[2]]:
            value = hashlib.sha256(value + hashlib.sha256(e[3]).digest()).digest()
        write("start.reg", json.dumps({"registers": [
            {"register": "PCR 0", "algorithm": "sha256", "value": value.hex()}
        ]}).encode())
        rc, out, err = ccguest("verify", "--json", "--registers",
                               path("start.reg"),
                               write("start", logged[:at] + first + logged[at:]))
        report(rc == 5 and json.loads(out)["culprit"] ==
               "PCR 0: event 3 did not happen, or was not measured",
               "the fault of PCR 0 after %s" % name, (rc, out, err))


test_forms()
test_locality()
test_unknown()
test_tpm12()
test_banks()
test_counts()
