#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""log_tests.py CCGUEST DIR: tests `ccguest log rim`, `make` and `verify`. This
file computes the expected measurements and signs the tokens with its own code,
which follows the specifications. DIR is an empty directory. Prints a line
"ok NAME" or "not ok NAME: WHY" for each test.
"""
import fcntl
import hashlib
import json
import os
import pty
import resource
import struct
import subprocess
import sys
import termios

command, work = sys.argv[1], sys.argv[2]
GRANULE = 4096
ALGO = {"sha256": 0, "sha512": 1, "sha384": 2}
failed = False


def report(good, name, why=""):
    global failed
    failed |= not good
    print("ok " + name if good else "not ok %s: %s" % (name, str(why)[:600]))


def path(*names):
    return os.path.join(work, *names)


def write(name, data):
    os.makedirs(os.path.dirname(path(name)), exist_ok=True)
    with open(path(name), "wb") as f:
        f.write(data)
    return path(name)


def read(name):
    with open(path(name), "rb") as f:
        return f.read()


def ccguest(*args, env=None):
    done = subprocess.run([command, "log", *args], stdout=subprocess.PIPE,
                          stderr=subprocess.PIPE, check=False, env=env)
    return done.returncode, done.stdout.decode(), done.stderr.decode()


# ---- expected measurements; DEN0137, "Realm measurement" ----

def levels(s2sz):
    bits = s2sz - 12
    n = -(-bits // 9)
    return n - 1 if n > 1 and bits - 9 * (n - 1) <= 4 else n


def blocks(s2sz, base, size, largest):
    while size:
        for i in range(min(levels(s2sz) - 1, largest), -1, -1):
            block = GRANULE << 9 * i
            if base % block == 0 and block <= size:
                break
        yield base, base + block
        base += block
        size -= block


def number(d, key):
    value = d.get(key, 0)
    return int(value, 0) if isinstance(value, str) else value


class Rim:
    def __init__(self, d):
        self.hash = lambda b: hashlib.new(d.get("hash", "sha256"), b).digest()
        flags = d.get("lpa2", 0) | 2 * ("sve_vl" in d) | 4 * ("pmu_counters" in d)
        page = bytearray(GRANULE)
        struct.pack_into("<Q", page, 0, flags)
        for i, key in enumerate(("s2sz", "sve_vl", "breakpoints", "watchpoints",
                                 "pmu_counters")):
            page[8 + 8 * i] = d.get(key, 0)
        page[0x30] = ALGO[d.get("hash", "sha256")]
        self.value = self.hash(page)

    def extend(self, kind, tail):
        desc = struct.pack("<B7xQ", kind, 0x100) + self.value.ljust(64, b"\0")
        self.value = self.hash((desc + tail).ljust(0x100, b"\0"))

    def data(self, ipa, granule):
        if granule is None:
            self.extend(0, struct.pack("<QQ", ipa, 0))
        else:
            self.extend(0, struct.pack("<QQ", ipa, 1) + self.hash(granule))

    def image(self, base, content):
        ipa = base // GRANULE * GRANULE
        content = bytes(base - ipa) + content
        for i in range(0, len(content), GRANULE):
            self.data(ipa + i, content[i:i + GRANULE].ljust(GRANULE, b"\0"))


def reference(d, folder="", largest=3):
    """Computes the RIM of a description. largest is the level of the largest
    blocks in which the host declares memory: 0 for granules."""
    rim = Rim(d)
    for ram in d["ram"] if d.get("rmm", "1.0") == "1.0" else []:
        for base, top in blocks(d["s2sz"], number(ram, "base"),
                                number(ram, "size"), largest):
            rim.extend(2, struct.pack("<QQ", base, top))
    for image in d["images"]:
        rim.image(number(image, "base"), read(folder + image["file"]))
    if "vcpu" in d:
        page = bytearray(GRANULE)
        struct.pack_into("<Q", page, 0, 1)
        struct.pack_into("<Q", page, 0x200, number(d["vcpu"], "pc"))
        for i in range(8):
            struct.pack_into("<Q", page, 0x300 + 8 * i,
                             number(d["vcpu"], "x%d" % i))
        content = rim.hash(page)
        for _ in range(d.get("vcpus", 1)):
            rim.extend(1, content)
    for ipa in range(number(d["log"], "base"),
                     number(d["log"], "base") + number(d["log"], "size"),
                     GRANULE):
        rim.data(ipa, None)
    return rim.value


def describe(**changes):
    d = {
        "dialect": "realm-qemu-rfc", "s2sz": 41, "breakpoints": 5,
        "watchpoints": 3, "pmu_counters": 6, "cpus": 2,
        "ram": [{"base": "0x40000000", "size": "0x40000000"}],
        "images": [
            {"name": "KERNEL", "file": "images/kernel", "base": "0x40200000"},
            {"name": "INITRD", "file": "images/initrd", "base": "0x48000000"},
            {"name": "DTB", "file": "images/dtb", "base": "0x4a000000"},
        ],
        "vcpu": {"pc": "0x40200000", "x0": "0x4a000000"},
        "log": {"base": "0x50000000", "size": 0x10000},
    }
    d.update(changes)
    return d


def save(name, d):
    return write(name, json.dumps(d).encode())


def test_rim():
    cases = {
        "default values": describe(),
        "RMM 2.0": describe(rmm="2.0"),
        "SHA-512": describe(hash="sha512"),
        "SHA-384": describe(hash="sha384", rmm="2.0"),
        "SVE and LPA2": describe(sve_vl=15, lpa2=1, s2sz=52),
        "a narrow realm": describe(s2sz=34),
        "memory that is not aligned": describe(
            ram=[{"base": "0x40000000", "size": "0x3ff000"},
                 {"base": "0x40600000", "size": "0x1201000"}],
            images=[{"name": "DTB", "file": "images/dtb",
                     "base": "0x41800000"}],
            log={"base": "0x40600000", "size": 0x10000}),
        "an image that does not begin with a granule": describe(images=[
            {"name": "INITRD", "file": "images/initrd", "base": "0x48000ffc"}]),
    }
    # several windows, the last one with fewer blocks than lanes
    for algo in ALGO:
        for base in "0x48000000", "0x48000123":
            cases["a large image at %s, %s" % (base, algo)] = describe(
                hash=algo, images=[{"name": "INITRD", "file": "large/initrd",
                                    "base": base}])
    for name, d in cases.items():
        rc, out, err = ccguest("rim", save("realm.json", d))
        want = reference(d).hex()
        report(rc == 0 and out.strip() == want, "rim: " + name, out + err)


def on_terminal(*args, columns=None, width=0):
    """Runs ccguest with a terminal as standard error. Returns the exit status
    and the bytes written to the terminal."""
    ours, theirs = pty.openpty()
    fcntl.ioctl(ours, termios.TIOCSWINSZ, struct.pack("HHHH", 24, width, 0, 0))
    env = {k: v for k, v in os.environ.items() if k != "COLUMNS"}
    if columns is not None:
        env["COLUMNS"] = columns
    with subprocess.Popen([command, *args], stdout=subprocess.DEVNULL,
                          stderr=theirs, env=env) as child:
        os.close(theirs)
        said = b""
        while True:
            try:
                data = os.read(ours, 4096)
            except OSError:
                break
            if not data:
                break
            said += data
    os.close(ours)
    return child.returncode, said


def test_progress():
    file = save("realm.json", describe(images=[
        {"name": "INITRD", "file": "large/initrd", "base": "0x48000000"}]))
    rc, said = on_terminal("log", "rim", file, width=1000)
    lines = said.split(b"\r")
    report(rc == 0 and len(lines) > 3 and not lines[0] and
           all(b" % of " in line and line.endswith(b"/large/initrd\x1b[K")
               for line in lines[1:-1]) and lines[-1] == b"\x1b[K",
           "progress on a terminal, and an empty line at the end", said)
    for columns, width, want in (("20", 1000, 19), (None, 30, 29),
                                 ("x", 30, 29), ("0", 30, 29), (None, 0, 79),
                                 ("1", 30, 0)):
        name = path("large", "n" * 200)
        os.symlink("initrd", name)
        long = save("long.json", describe(images=[
            {"name": "INITRD", "file": name, "base": "0x48000000"}]))
        rc, said = on_terminal("log", "rim", long, columns=columns, width=width)
        os.unlink(name)
        lengths = {len(line) for line in said.replace(b"\x1b[K", b"").split(
            b"\r")[1:-1]}
        report(rc == 0 and lengths == {want},
               "progress is cut: COLUMNS %s, terminal of %d columns"
               % (columns, width), (rc, lengths))
    rc, said = on_terminal("-q", "log", "rim", file)
    report(rc == 0 and not said, "no progress with -q", said)
    rc, _, err = ccguest("rim", file)
    report(rc == 0 and not err, "no progress without a terminal", err)


# ---- tokens; DEN0137, "Attestation token"; RFC 9052 ----

def head(major, n):
    for code, size in ((24, 1), (25, 2), (26, 4), (27, 8)):
        if n < 24:
            return bytes([major << 5 | n])
        if n < 1 << 8 * size:
            return bytes([major << 5 | code]) + n.to_bytes(size, "big")
    raise ValueError(n)


def cbor(x):
    if isinstance(x, bool):
        raise ValueError(x)
    if isinstance(x, int):
        return head(0, x) if x >= 0 else head(1, -1 - x)
    if isinstance(x, bytes):
        return head(2, len(x)) + x
    if isinstance(x, str):
        return head(3, len(x.encode())) + x.encode()
    if isinstance(x, list):
        return head(4, len(x)) + b"".join(map(cbor, x))
    return head(5, len(x)) + b"".join(cbor(k) + cbor(v) for k, v in x.items())


def openssl(*args, **kwargs):
    return subprocess.run(["openssl", *args], check=True,
                          stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                          **kwargs).stdout


def new_key(name):
    openssl("ecparam", "-name", "secp384r1", "-genkey", "-noout", "-out",
            path(name))
    openssl("pkey", "-in", path(name), "-pubout", "-out", path(name + ".pub"))


def point(name):
    return openssl("pkey", "-in", path(name), "-pubout", "-outform",
                   "DER")[-97:]


def sign1(key, claims, tamper=None, unprotected=None):
    protected, payload = cbor({1: -35}), cbor(claims)
    tbs = cbor(["Signature1", protected, b"", payload])
    der = openssl("dgst", "-sha384", "-sign", path(key), input=tbs)
    # SEQUENCE of two INTEGERs
    pos, raw = 4 if der[1] & 0x80 else 2, b""
    if der[1] & 0x80:
        pos = 3
    for _ in range(2):
        size = der[pos + 1]
        raw += der[pos + 2:pos + 2 + size].lstrip(b"\0").rjust(48, b"\0")
        pos += 2 + size
    if tamper:
        payload = cbor(tamper)
    return b"\xd2" + cbor([protected, unprotected or {}, payload, raw])


def token(rim, rems=None, challenge=b"n" * 64, hash_name="sha-256",
          realm_key="realm.key", platform_key="platform.key", bound=None,
          tamper=None, cose_key=False, realm_claims=None,
          platform_claims=None, bound_by="sha256", unprotected=None):
    size = len(rim)
    rak = point(realm_key)
    if cose_key:
        rak = cbor({1: 2, -1: 2, -2: rak[1:49], -3: rak[49:]})
    claims = {
        10: challenge, 44235: bytes(64), 44238: rim,
        44239: rems or [bytes(size)] * 4, 44236: hash_name,
        44237: rak, 44240: "sha-256",
    }
    claims.update(realm_claims or {})
    tampered = dict(claims)
    tampered.update(tamper or {})
    platform = {
        10: hashlib.new(bound_by, point(bound) if bound else rak).digest(),
        265: "tag:arm.com,2023:cca_platform#1.0.0",
        2396: bytes(32), 256: b"\1" + bytes(32), 2395: 0x3003,
    }
    platform.update(platform_claims or {})
    return b"\xd9\x01\x8f" + cbor({
        44234: sign1(platform_key, platform),
        44241: sign1(realm_key, claims, tampered if tamper else None,
                     unprotected),
    })


# ---- tampering ----

def events(log):
    """Yields offset and length of each event after the header; dialect of
    QEMU."""
    pos = 32 + struct.unpack_from("<I", log, 28)[0]
    while struct.unpack_from("<III", log, pos) != (0, 0, 0):
        start = pos
        n = struct.unpack_from("<I", log, pos + 8)[0]
        pos += 12 + n * 34
        pos += 4 + struct.unpack_from("<I", log, pos)[0]
        yield start, pos - start


def patch(log, nr, offset, fmt, value):
    """Returns the log with @value at @offset in the data of event @nr."""
    start, _ = list(events(log))[nr - 1]
    n = struct.unpack_from("<I", log, start + 8)[0]
    out = bytearray(log)
    struct.pack_into(fmt, out, start + 16 + n * 34 + offset, value)
    return bytes(out)


def change(log, nr, offset, fmt, delta):
    start, _ = list(events(log))[nr - 1]
    n = struct.unpack_from("<I", log, start + 8)[0]
    old = struct.unpack_from(fmt, log, start + 16 + n * 34 + offset)[0]
    return patch(log, nr, offset, fmt, old + delta)


def without(log, nr):
    start, size = list(events(log))[nr - 1]
    return log[:start] + log[start + size:] + bytes(size)


def swapped(log, nr):
    (a, n), (b, m) = list(events(log))[nr - 1:nr + 1]
    return log[:a] + log[b:b + m] + log[a:a + n] + log[b + m:]


def doubled(log, nr, base):
    start, size = list(events(log))[nr - 1]
    end = sum(list(events(log))[-1])
    out = log[:end] + log[start:start + size] + log[end + size:]
    return patch(out, len(list(events(out))), 7, "<Q", base)


def flipped(log, nr, offset):
    start, _ = list(events(log))[nr - 1]
    out = bytearray(log)
    out[start + offset] ^= 1
    return bytes(out)


def verify(log, tok=None, args=(), images="images", key="platform.key.pub"):
    write("t.log", log)
    how = ["--images", path(images), "--database", path("db-" + images)]
    if tok is not None:
        how += ["--token", write("t.cbor", tok), "--key", path(key)]
    return ccguest("verify", "--json", *how, *args, path("t.log"))


def is_refused(name, culprit, result):
    rc, out, err = result
    report(rc == 5 and culprit in err and (not out or
           json.loads(out)["adds_up"] is False), "verify: " + name, (rc, err))


NONCE = ("--nonce", "6e" * 64)


def test_good(d, log, rim):
    tok = token(rim)
    rc, out, err = verify(log, tok, NONCE)
    v = json.loads(out or "{}")
    trust = [e["trust"] for e in v.get("events", [])]
    report(rc == 0 and v["adds_up"] and v["rmm"] == "1.0" and
           trust == ["CLAIMED"] + ["VERIFIED"] * 7,
           "verify: the log and the token of one realm", (rc, err, trust))
    rc, out, err = verify(log, tok, ("--rmm=2.0",))
    report(rc == 5, "verify: RMM 2.0 is insisted on", (rc, err))
    rim2 = reference(dict(d, rmm="2.0"))
    rc, out, err = verify(log, token(rim2))
    v = json.loads(out or "{}")
    report(rc == 0 and v["rmm"] == "2.0" and
           v["events"][2]["trust"] == "CLAIMED", "verify: RMM 2.0", (rc, err))
    rc, out, err = verify(log, token(rim, cose_key=True), NONCE)
    report(rc == 0, "verify: a COSE_Key", (rc, err))
    # from here on only the digests are needed
    os.rename(path("images"), path("images.away"))
    os.mkdir(path("images"))
    rc, out, err = verify(log, tok)
    report(rc == 0, "verify: from the database, without an image", (rc, err))
    os.rmdir(path("images"))
    os.rename(path("images.away"), path("images"))


def hashing(images="images"):
    """Returns the names of the database's files: with digests, and with
    steps of RIMs."""
    db = path("db-" + images)
    names = sorted(os.listdir(db))
    return ([os.path.join(db, n) for n in names if not n.endswith(".rim")],
            [os.path.join(db, n) for n in names if n.endswith(".rim")])


def damage(name, how):
    with open(name, "r+b") as f:
        if how == "cut":
            f.truncate(os.path.getsize(name) - 1)
        elif how == "empty":
            f.truncate(0)
        else:
            f.seek({"first": 0, "last": -1}[how],
                   os.SEEK_SET if how == "first" else os.SEEK_END)
            byte = f.read(1)[0]
            f.seek(-1, os.SEEK_CUR)
            f.write(bytes([byte ^ 1]))


def test_database(log, rim):
    tok = token(rim)
    for how in "first", "last", "cut", "empty":
        verify(log, tok)
        digests, steps = hashing()
        for name in steps:
            damage(name, how)
        rc, _, err = verify(log, tok)
        good = rc == 0
        digests, steps = hashing()
        before = [open(name, "rb").read() for name in digests]
        for name in digests:
            damage(name, how)
        for name in steps:
            os.unlink(name)
        rc, _, err = verify(log, tok)
        report(good and rc == 0 and before == [open(name, "rb").read()
                                               for name in digests] and
               len(hashing()[1]) == 3,
               "verify: a damaged database is repaired: " + how, err)
    for name in hashing()[1]:
        os.unlink(name)
    damage(hashing()[0][0], "first")
    os.mkdir(path("none"))
    rc, out, err = verify(log, tok, ("--images", path("none")))
    report(rc == 5 and "no known-good image" in err,
           "verify: a damaged database, without the image", (rc, err))
    # files of another image, under the names of ours
    verify(log, tok)
    digests, steps = hashing()
    for names in digests, steps:
        old = [open(name, "rb").read() for name in names]
        for name, data in zip(names, old[1:] + old[:1]):
            with open(name, "wb") as f:
                f.write(data)
    rc, _, err = verify(log, tok)
    report(rc == 0, "verify: a database whose files are exchanged", err)
    os.chmod(path("db-images"), 0o770)
    rc, _, err = verify(log, tok)
    report(rc == 1 and "can be changed by other users: owner" in err,
           "verify: a database that others may write to", (rc, err))
    os.chmod(path("db-images"), 0o700)
    test_database_use(log, tok)


def test_database_use(log, tok):
    # files above the limit of the database, not used since 1970
    digests, steps = hashing()
    old = os.path.join(path("db-images"), "0-" + 64 * "0" + "-1-0")
    other = path("db-images/notes")
    for name in old, other:
        with open(name, "wb") as f:
            f.truncate(5 << 30)
        os.utime(name, (1, 1))
    os.unlink(digests[0])
    rc, _, err = verify(log, tok)
    report(rc == 0 and not os.path.exists(old) and os.path.exists(other) and
           hashing()[0][:3] == digests,
           "verify: least recently used files are removed from a large database", err)
    os.unlink(other)
    for name in digests + steps:
        os.unlink(name)
    args = [command, "log", "verify", "--images", path("images"), "--database",
            path("db-images"), "--token", path("t.cbor"), "--key",
            path("platform.key.pub"), path("t.log")]
    at_once = [subprocess.Popen(args, stdout=subprocess.DEVNULL,
                                stderr=subprocess.DEVNULL) for _ in range(8)]
    done = [child.wait() for child in at_once]
    report(done == 8 * [0] and hashing() == (digests, steps),
           "verify: eight at once with one database", (done, hashing()))
    # The oldest step is removed if there are more than 32.
    for i in range(40):
        d = describe(breakpoints=i)
        ccguest("make", "-o", path("many.log"), save("many.json", d))
        rc, _, err = verify(read("many.log"), token(reference(d)))
        if rc:
            break
    sizes = [os.path.getsize(name) for name in hashing()[1]]
    report(rc == 0 and sizes == 3 * [32 * 136 + 32],
           "verify: steps are kept for the last 32 guests", (err, sizes))


def test_default_database(log, tok):
    args = ["verify", "--images", path("images"), "--token",
            write("t.cbor", tok), "--key", path("platform.key.pub"),
            write("t.log", log)]
    base = {k: v for k, v in os.environ.items()
            if k not in ("HOME", "XDG_CACHE_HOME")}
    os.mkdir(path("home"))
    for name, cache, changes in (
            ("in XDG_CACHE_HOME", "xdg", {"XDG_CACHE_HOME": path("xdg"),
                                          "HOME": path("none")}),
            ("in HOME", "home/.cache", {"XDG_CACHE_HOME": "relative",
                                        "HOME": path("home")}),
            ("in HOME, again", "home/.cache", {"HOME": path("home")})):
        rc, _, err = ccguest(*args, env=dict(base, **changes))
        report(rc == 0 and os.stat(path(cache)).st_mode & 0o777 == 0o700 and
               os.path.isdir(path(cache, "ccguest-granules")),
               "verify: the database is " + name, (rc, err))
    for name, changes, why in (
            ("without HOME", {}, "neither XDG_CACHE_HOME nor HOME"),
            ("where there is no HOME", {"HOME": path("nowhere")},
             path("nowhere", ".cache") + ": No such file")):
        rc, out, err = ccguest(*args, env=dict(base, **changes))
        report(rc == 1 and not out and why in err and "--database" in err,
               "verify: no database " + name, (rc, out, err))
        rc, _, err = ccguest(*args, "--database", path("db-images"),
                             env=dict(base, **changes))
        report(rc == 0, "verify: --database, " + name, (rc, err))
    rc, out, err = ccguest("make", "-o", path("n.log"), save(
        "n.json", {"dialect": "tpm", "events": [
            {"index": 8, "type": 13, "text": "command"}]}))
    _, out, _ = ccguest("replay", "--json", path("n.log"))
    rc, _, err = ccguest("verify", "--registers", write("n.reg", out.encode()),
                         path("n.log"), env=base)
    report(rc == 0, "verify: a TPM's log needs no database", (rc, err))


def test_tampered(d, log, rim):
    # 1 VM VERSION, 2 CREATE, 3 RIPAS, 4 KERNEL, 5 INITRD, 6 DTB, 7 REC, 8 LOG
    tok = token(rim)
    cases = [
        ("the kernel's digest in the log", "event 4, KERNEL: no known-good",
         flipped(log, 4, 14)),
        ("the kernel's size in the log", "event 4, KERNEL: no known-good",
         change(log, 4, 15, "<Q", -1)),
        ("another initrd in the log", "event 5, INITRD: no known-good",
         flipped(log, 5, 20)),
        ("the kernel's address", "event 4: is at",
         change(log, 4, 7, "<Q", 0x1000)),
        ("the DTB's address", "event 6: is at", change(log, 6, 4, "<Q", 0x1000)),
        ("the entry", "event 7: the vCPU begins", change(log, 7, 16, "<Q", 4)),
        ("x0", "event 7: x0 is", change(log, 7, 24, "<Q", 8)),
        ("the width", "event 2, REALM_CREATE: realm of 41 bits, not 42",
         change(log, 2, 16, "<B", 1)),
        ("the width, the other way",
         "event 2, REALM_CREATE: realm of 41 bits, not 40",
         change(log, 2, 16, "<B", -1)),
        ("LPA2", "REALM_CREATE: the realm's flag LPA2 is not set",
         change(log, 2, 8, "<Q", 1)),
        ("breakpoints", "REALM_CREATE: 6 breakpoints, not 7",
         change(log, 2, 18, "<B", 1)),
        ("watchpoints", "REALM_CREATE: 4 watchpoints, not 3",
         change(log, 2, 19, "<B", -1)),
        ("counters", "REALM_CREATE: 6 counters, not 5",
         change(log, 2, 20, "<B", -1)),
        ("the order of images", "events 4 and 5: happened in the other order",
         swapped(log, 4)),
        ("an image that was not loaded", "event 9: did not happen",
         doubled(log, 4, 0x70000000)),
        ("no vCPU", "a vCPU is missing", without(log, 7)),
        ("a realm without parameters", "cannot be worked out",
         log[:32 + struct.unpack_from("<I", log, 28)[0]] + bytes(64)),
    ]
    for name, culprit, bad in cases:
        args = ("--realm",) if "parameters" in name else ()
        is_refused(name, culprit, verify(bad, tok, args))

    rc, _, err = verify(change(log, 8, 4, "<Q", 0x1000), tok,
                        ("--place=0x50000000+0x10000",))
    report(rc == 1 and "event 8: log was not found there" in err,
           "verify: the log's address", (rc, err))
    rc, _, err = verify(change(log, 8, 12, "<Q", 0x1000), tok,
                        ("--place=0x50000000+0x10000",))
    report(rc == 1 and "event 8: log was not found with this size" in err,
           "verify: the log's size", (rc, err))
    hidden = log[:-3] + b"hid"
    rc, _, err = verify(hidden, tok)
    report(rc == 0 and "3 bytes after the end" in err,
           "verify: bytes after the end are reported", (rc, err))

    kernel = bytearray(read("images/kernel"))
    kernel[5000] ^= 1
    write("images2/kernel", kernel)
    write("images2/initrd", read("images/initrd"))
    write("images2/dtb", read("images/dtb"))
    is_refused("the kernel itself", "event 4, KERNEL: no known-good",
               verify(log, tok, images="images2"))
    write("images3/kernel", read("images/kernel"))
    write("images3/dtb", read("images/dtb"))
    is_refused("an image that is not known", "event 5, INITRD: no known-good",
               verify(log, tok, images="images3"))


def test_tokens(log, rim):
    new_key("other.key")
    is_refused("another platform's key", "platform's signature",
               verify(log, token(rim), key="other.key.pub"))
    is_refused("a token of another platform", "platform's signature",
               verify(log, token(rim, platform_key="other.key")))
    is_refused("another realm's key", "does not have the hash",
               verify(log, token(rim, realm_key="other.key",
                                 bound="realm.key")))
    is_refused("another RIM than was signed", "realm's signature",
               verify(log, token(rim, tamper={44238: bytes(32)})))
    is_refused("another nonce", "challenge is not the expected nonce",
               verify(log, token(rim, challenge=b"m" * 64), NONCE))
    is_refused("a REM without a log entry",
               "REM1: extended at run time without a log entry",
               verify(log, token(rim, [bytes(32), b"\1" * 32, bytes(32),
                                       bytes(32)])))
    is_refused("another RIM", "no single fault", verify(log, token(b"x" * 32)))


def test_cbor(log, rim):
    """A bad token is refused with the fault and its offset."""
    tok = token(rim)
    second = tok.index(b"\x19\xac\xd1")
    value = second + 3
    for name, why, bad in (
            ("is cut off", "the collection: the item at offset %d is cut off" %
             value, tok[:-1]),
            ("goes on", "the collection: the item at offset %d is behind" %
             len(tok), tok + b"\0"),
            ("of indefinite length", "offset 3 has an indefinite length",
             tok[:3] + b"\xbf" + tok[4:] + b"\xff"),
            ("with a claim of 2^63 pairs", "offset 3 has too many pairs",
             tok[:3] + b"\xbb\x80" + bytes(7) + tok[4:]),
            ("with a key twice", "offset %d is a duplicate key" % second,
             tok[:second] + tok[4:7] + tok[value:]),
            ("with a text for a key", "offset 4 is not an integer key",
             tok[:4] + b"\x61a" + tok[7:]),
            ("nested too deep", "offset %d is nested too deep" % (value + 8),
             tok[:value] + b"\x81" * 9 + b"\0"),
            ("without a realm", "the realm's token: the item at offset 3 lacks",
             tok[:second] + b"\x01" + tok[value:]),
            ("of another tag", "the platform's token: the item at offset 10 is "
             "not the expected item", tok[:10] + b"\xd1" + tok[11:]),
            ("with a reserved head", "offset 10 is not valid CBOR",
             tok[:10] + b"\xdc" + tok[11:])):
        is_refused("a token " + name, why, verify(log, bad))


P384_ORDER = int("ffffffffffffffffffffffffffffffffffffffffffffffff"
                 "c7634d81f4372ddf581a0db248b0a77aecec196accc52973", 16)


def test_other_forms(log, rim):
    """Other CBOR encodings of a token are accepted."""
    tok = token(rim)
    other = P384_ORDER - int.from_bytes(tok[-48:], "big")
    for name, same in (
            ("the other s", tok[:-48] + other.to_bytes(48, "big")),
            ("a longer tag", b"\xda\0\0" + tok[1:])):
        rc, _, err = verify(log, same, NONCE)
        report(rc == 0 and same != tok, "verify: a token with " + name,
               (rc, err))


def flips(good, step=1):
    """Yields copies with one bit, and with all bits, of each byte flipped."""
    for i in range(0, len(good), step):
        for bits in (1 << i % 8, 0xff):
            yield i, good[:i] + bytes([good[i] ^ bits]) + good[i + 1:]


def test_flips(log, rim):
    """A token with flipped bits in any byte must be refused."""
    profiles = {
        "realm_claims": {265: "tag:arm.com,2023:realm#1.0.0",
                         44236: "sha-512", 44240: "sha-512"},
        "platform_claims": {265: "http://arm.com/CCA-SSD/1.0.0",
                            2401: b"\xcf\xcf", 2402: "sha-256",
                            2399: [{1: "BL", 2: bytes(32), 5: bytes(32)}]},
    }
    tokens = {
        "a token": token(rim),
        "a token with a COSE_Key": token(rim, cose_key=True),
        "a token with more claims": token(rim + rim, bound_by="sha512",
                                          **profiles),
    }
    for name, tok in tokens.items():
        rc, out, err = verify(log, tok)
        report(bool(json.loads(out or "{}").get("registers")),
               "verify: %s is good" % name, (rc, err))
        accepted = []
        # test-libccguest.c flips all bits of other tokens
        for i, bad in flips(tok, FLIP_STEP * (1 if name == "a token" else 5)):
            rc, out, err = verify(log, bad)
            d = json.loads(out or "{}")
            if rc != 5 or d.get("verdict") != "the token is not good" or \
               not d["culprit"]:
                accepted.append((i, rc, err))
        report(not accepted, "verify: %s, flipped bits of each byte" % name,
               accepted)
    # RFC 9052, 3: the unprotected header is not signed; ccguest ignores it
    tok = token(rim, unprotected={4: b"key id"})
    at = tok.index(b"key id")
    accepted = {i for i, bad in flips(tok[:at + 20])
                if i > at - 20 and verify(log, bad + tok[at + 20:])[0] == 0}
    report(accepted == {at - 2} | set(range(at, at + 6)),
           "verify: only an unprotected header does not count", accepted)


def test_rems():
    """Tests events that the guest extends into REMs."""
    data = [b"first", b"second", b"grub_cmd: boot\0"]
    d = describe(events=[
        {"index": 1, "type": 0x80000007, "text": "first"},
        {"index": 1, "type": 0xd, "data": data[1].hex()},
        {"index": 3, "type": 0xd, "data": data[2].hex()}])
    rc, _, err = ccguest("make", "-o", path("rems.log"), save("rems.json", d))
    report(rc == 0, "make: with events of the guest", err)
    log, rim = read("rems.log"), reference(d)

    def rem(*values):
        value = bytes(32)
        for v in values:
            value = hashlib.sha256(value + hashlib.sha256(v).digest()).digest()
        return value

    rems = [rem(data[0], data[1]), bytes(32), rem(data[2]), bytes(32)]
    rc, out, err = verify(log, token(rim, rems))
    trust = [e["trust"] for e in json.loads(out or '{"events":[]}')["events"]]
    report(rc == 0 and trust[8:] == ["VERIFIED"] * 3, "verify: REMs",
           (rc, err, trust))
    bad = bytearray(log)
    bad[log.index(b"second")] ^= 1
    rc, out, err = verify(bytes(bad), token(rim, rems))
    trust = [e["trust"] for e in json.loads(out or '{"events":[]}')["events"]]
    report(rc == 0 and trust[8:] == ["VERIFIED", "CONSISTENT", "VERIFIED"],
           "verify: data that were not hashed", (rc, err, trust))
    bad = bytearray(log)
    bad[log.index(hashlib.sha256(data[1]).digest())] ^= 1
    is_refused("the digest of an event",
               "REM0: event 10 has another digest than its data",
               verify(bytes(bad), token(rim, rems)))
    value = bytes(32)
    for v in data[:2]:
        value = hashlib.sha256(value + hashlib.sha256(v).digest().ljust(
            64, b"\0")).digest()
    padded = [value, bytes(32), bytes(32), bytes(32)]
    padded[2] = hashlib.sha256(bytes(32) + hashlib.sha256(
        data[2]).digest().ljust(64, b"\0")).digest()
    rc, _, err = verify(log, token(rim, padded), ("--rem-extend=padded",))
    report(rc == 0, "verify: padded REMs", (rc, err))
    is_refused("padded REMs, not said", "REM0: an event is wrong",
               verify(log, token(rim, padded)))


def seconds():
    """Returns the processor time of all commands that have ended."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def test_bounds():
    """Tests a log for which the search for a fault exceeds its bound."""
    d = describe(s2sz=48, ram=[{"base": 0, "size": 1 << 43}])
    ccguest("make", "-o", path("t.log"), save("t.json", d))
    wrong = write("t.reg", json.dumps({"registers": [
        {"register": "RIM", "algorithm": "sha256", "value": "11" * 32}
    ]}).encode())
    began = seconds()
    rc, said = on_terminal(
        "log", "verify", "--images", path("images"), "--database",
        path("db-bounds"), "--registers", wrong, path("t.log"), width=40)
    took = seconds() - began
    lines = said.replace(b"\x1b[K", b"").split(b"\r")
    parts = [line for line in lines if b" % of " in line]
    report(len(read("t.log")) == 65536 and rc == 5 and
           b"t.log: cannot be worked out" in said and
           b"RIM: not all block sizes were tried: memory in smaller blocks "
           b"needs more extensions than are allowed" in said,
           "verify: not all block sizes can be tried", (rc, said))
    report(took < 60, "verify: the search takes seconds", took)
    report(any(b"% of the calculation of the RIM" in part for part in parts) and
           any(b"% of the search for a fault" in part for part in parts) and
           all(len(part) <= 39 for part in parts),
           "verify: progress of the calculation and of the search", said)

    rc, out, err = ccguest(
        "verify", "--json", "--images", path("images"), "--database",
        path("db-bounds"), "--registers", wrong, "--ripas-blocks=1G",
        path("t.log"))
    is_refused("the search for a fault ends at its bound",
               "RIM: not searched: the bound of 33554432 extensions",
               (rc, out, err))
    report(json.loads(out)["verdict"] == "does not add up" and
           json.loads(out)["registers"][0]["result"] == "differs",
           "verify: one block size, which was tried to its end", out)

    # 2^28 granules and 2^27 blocks: too many, found out before they are hashed.
    began = seconds()
    for blocks, ram in (("4K", 1 << 40), ("2M", 1 << 47)):
        d = describe(s2sz=48, ram=[{"base": 0, "size": ram}])
        ccguest("make", "-o", path("t.log"), save("t.json", d))
        rc, out, err = ccguest(
            "verify", "--json", "--images", path("images"), "--database",
            path("db-bounds"), "--registers", wrong, "--rmm=1.0",
            "--ripas-blocks=" + blocks, path("t.log"))
        is_refused("more memory than can be hashed, " + blocks,
                   "declares more memory than can be worked out",
                   (rc, out, err))
    took = seconds() - began
    report(took < 5, "verify: no block is hashed before the bound is checked", took)

    d = describe(events=[{"index": 1, "type": 0xd, "text": "%d" % i}
                         for i in range(257)])
    rc, _, err = ccguest("make", "-o", path("t.log"), save("t.json", d))
    rim = reference(d)
    log = read("t.log")
    value = bytes(32)
    for i in range(256):
        value = hashlib.sha256(
            value + hashlib.sha256(b"%d" % i).digest()).digest()
    result = verify(log, token(rim, [value] + [bytes(32)] * 3))
    is_refused("more events than are searched",
               "REM0: not searched: more than 256 events extend it", result)


def test_twice():
    """Tests a log with the largest number of images, and the same RIM
    expected three times."""
    d = describe(images=[{"name": "I%d" % i, "file": "images/dtb",
                          "base": 0x40200000 + 0x10000 * i}
                         for i in range(31)])
    ccguest("make", "-o", path("t.log"), save("t.json", d))
    _, out, _ = ccguest("rim", "--json", path("t.json"))
    rims = json.loads(out)["registers"]
    write("t.reg", json.dumps({"registers": rims * 3}).encode())
    rc, out, err = ccguest("verify", "--json", "--images", path("images"),
                           "--database", path("db-twice"), "--registers",
                           path("t.reg"), path("t.log"))
    report(rc == 0 and len(json.loads(out)["registers"]) == 3,
           "verify: a RIM that is expected three times", (rc, err))


def test_dialects():
    for dialect in ("realm-qemu-rfc", "realm-qemu", "realm-kvmtool",
                    "realm-doc", "realm-blobs", "tpm", "ccel", "csv"):
        d = describe(dialect=dialect, hash="sha512" if dialect == "realm-qemu"
                     else "sha256")
        d["events"] = [{"index": 1, "type": 4, "data": "00000000"}]
        rc, _, err = ccguest("make", "-o", path("d.log"), save("d.json", d))
        rc2, out, err2 = ccguest("show", "--json", path("d.log"))
        v = json.loads(out or "{}")
        report(rc == 0 and rc2 == 0 and v["dialect"] == dialect and
               v["events"][-1]["meaning"] == "separator",
               "make and show: " + dialect, err + err2)
        rc, out, err = ccguest("replay", "--json", path("d.log"))
        write("d.reg", out.encode())
        rc2, out, err2 = ccguest("verify", "--registers", path("d.reg"),
                                 "--database", path("db"), path("d.log"))
        report(rc == 0 and rc2 == 0, "replay and verify: " + dialect,
               err + err2)


def test_banks():
    """A digest counts only if the register of its bank is known."""
    d = {"dialect": "tpm", "events": [{"index": 8, "type": 13,
                                       "text": "an honest command"}]}
    ccguest("make", "-o", path("b.log"), save("b.json", d))
    _, out, _ = ccguest("replay", "--json", path("b.log"))
    regs = json.loads(out)["registers"]
    log = bytearray(read("b.log"))
    lie = b"a crooked command"
    for name, value in ((b"an honest command", lie),
                        (hashlib.sha1(b"an honest command").digest(),
                         hashlib.sha1(lie).digest())):
        at = log.index(name)
        log[at:at + len(name)] = value
    write("b2.log", bytes(log))
    only = [r for r in regs if r["algorithm"] == "sha256"]
    write("b.reg", json.dumps({"registers": only}).encode())
    for name, want in (("b.log", "VERIFIED"), ("b2.log", "CONSISTENT")):
        rc, out, err = ccguest("verify", "--json", "--database", path("db"),
                               "--registers", path("b.reg"), path(name))
        trust = [e["trust"] for e in json.loads(out or '{"events":[]}')
                 ["events"]]
        report(rc == 0 and trust == [want], "verify: %s by its own bank" %
               want.lower(), (rc, trust, err))


def test_variables():
    """The digest of a variable's content does not cover its name."""
    value = b"\1"
    data = bytes(16) + struct.pack("<QQ", 2, len(value)) + b"P\0K\0" + value
    for event, hashed, want in ((0x80000001, data, "VERIFIED"),
                                (0x80000002, value, "CONSISTENT"),
                                (0x80000001, value, "FORGED")):
        d = {"dialect": "tpm", "events": [{"index": 7, "type": event,
                                           "data": data.hex()}]}
        ccguest("make", "-o", path("v.log"), save("v.json", d))
        digest = hashlib.sha256(hashed).digest()
        write("v.log", read("v.log").replace(hashlib.sha256(data).digest(),
                                             digest))
        register = hashlib.sha256(bytes(32) + digest).hexdigest()
        write("v.reg", json.dumps({"registers": [
            {"register": "PCR 7", "algorithm": "sha256", "value": register}
        ]}).encode())
        rc, out, err = ccguest("verify", "--json", "--database", path("db"),
                               "--registers", path("v.reg"), path("v.log"))
        trust = [e["trust"] for e in json.loads(out or '{"events":[]}')
                 ["events"]]
        report(rc == (5 if want == "FORGED" else 0) and trust == [want],
               "verify: variable of type %#x, %d bytes hashed: %s" %
               (event, len(hashed), want), (rc, trust, err))


FLIP_STEP = int(os.environ.get("FLIP_STEP", "1"))


def main():
    os.mkdir(path("images"))
    write("images/kernel", bytes(i * 7 & 255 for i in range(70000)))
    write("images/initrd", bytes(i * 5 & 255 for i in range(9000)))
    write("images/dtb", bytes(i * 3 & 255 for i in range(4096)))
    new_key("platform.key")
    new_key("realm.key")
    write("large/initrd", b"".join(hashlib.sha256(b"%d" % i).digest()
                                   for i in range(21007)))
    test_rim()
    test_progress()
    d = describe()
    rc, _, err = ccguest("make", "-o", path("realm.log"), save("realm.json", d))
    report(rc == 0, "make", err)
    log, rim = read("realm.log"), reference(d)
    test_good(d, log, rim)
    test_database(log, rim)
    test_default_database(log, token(rim))
    test_tampered(d, log, rim)
    test_tokens(log, rim)
    test_cbor(log, rim)
    test_other_forms(log, rim)
    test_rems()
    test_bounds()
    test_banks()
    test_variables()
    test_twice()
    test_dialects()
    test_flips(log, rim)
    return failed


if __name__ == "__main__":
    sys.exit(main())
