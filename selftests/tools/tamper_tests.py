#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""tamper_tests.py CCGUEST DIR: changes one of log, images, token, key and
nonce, and checks the result of `ccguest log verify`: exit status, verdict and reported
fault, in text and in JSON. The expected measurements and the tokens come from
log_tests.py. DIR is an empty directory. Prints a line "ok NAME" or
"not ok NAME: WHY" for each set.
"""
import hashlib
import json
import struct
import sys

import log_tests as t

ADDS_UP = "adds up"
DIFFERS = "does not add up"
UNLOGGED = "extended without a log entry"
UNKNOWN = "cannot be worked out"
BAD_TOKEN = "the token is not good"
NONE = "RIM: no single fault that is tried explains the difference"
PLACE = "--place=0x50000000+0x10000"

# Events of the usual log.
VM, CREATE, RIPAS, KERNEL, INITRD, DTB, REC, LOG = range(1, 9)
FIRST, SECOND, THIRD, OTHER = range(9, 13)
TEXTS = {FIRST: (1, b"first"), SECOND: (1, b"second"), THIRD: (1, b"third"),
         OTHER: (3, b"other")}
# Offsets in the data of INIT_RIPAS, REALM_CREATE and REC_CREATE after the tag.
BASE, SIZE = 8, 16
FLAGS, S2SZ, SVE_VL, BPS, WPS, CTRS, HASH = 8, 16, 17, 18, 19, 20, 21
REC_FLAGS, PC, X0 = 8, 16, 24


def extended(*values):
    """A REM."""
    value = bytes(32)
    for v in values:
        value = hashlib.sha256(value + hashlib.sha256(v).digest()).digest()
    return value


def rems_of(*events):
    """Returns the four REMs, extended with these events of the log."""
    return [extended(*(TEXTS[nr][1] for nr in events
                       if TEXTS[nr][0] == index)) for index in (1, 2, 3, 4)]


ALL = rems_of(FIRST, SECOND, THIRD, OTHER)
NO_REMS = [bytes(32)] * 4


def described(**changes):
    return t.describe(events=[
        {"index": index, "type": 13, "text": text.decode()}
        for index, text in TEXTS.values()], **changes)


def made(d):
    """Returns the log of a description, and the RIM of the realm."""
    rc, _, err = t.ccguest("make", "-o", t.path("made.log"),
                           t.save("made.json", d))
    if rc:
        raise RuntimeError(err)
    return t.read("made.log"), t.reference(d)


def appended(log, nr):
    """Repeats an event after the last event."""
    start, size = list(t.events(log))[nr - 1]
    end = sum(list(t.events(log))[-1])
    return log[:end] + log[start:start + size] + log[end + size:]


def reordered(log, nr, index):
    """Moves an event to another register."""
    start, _ = list(t.events(log))[nr - 1]
    return log[:start] + struct.pack("<I", index) + log[start + 4:]


def digest_of(log, nr, text):
    start, _ = list(t.events(log))[nr - 1]
    return log[:start + 14] + hashlib.sha256(text).digest() + log[start + 46:]


def behind_the_end(log):
    start, size = list(t.events(log))[KERNEL - 1]
    return log[:-size] + log[start:start + size]


def bit(data, where):
    """Flips a bit of a byte, counted from the end of a pattern."""
    out = bytearray(data)
    out[where] ^= 0x10
    return bytes(out)


class Sets:
    def __init__(self):
        self.d = described()
        self.log, self.rim = made(self.d)
        self.token = t.token(self.rim, ALL)

    def run(self, name, want, log=None, token=None, images="images",
            key="platform.key.pub", args=()):
        """want: status, verdict and culprit"""
        t.write("set.log", log or self.log)
        how = ["--images", t.path(images), "--database",
               t.path("db-" + images), "--token",
               t.write("set.cbor", self.token if token is None else token),
               "--key", t.path(key), *args, t.path("set.log")]
        self.judge(name, want, how)

    def judge(self, name, want, how):
        status, verdict, culprit = want
        rc, out, err = t.ccguest("verify", *how)
        rc2, out2, err2 = t.ccguest("verify", "--json", *how)
        d = json.loads(out2 or "{}")
        good = rc == rc2 == status and culprit in err and culprit in err2
        if status == 1:
            # without a log there is no verdict
            good = good and not out and not out2
        elif verdict == BAD_TOKEN:
            good = good and not out
        else:
            good = good and "Verdict: %s\n" % verdict in out
        if status != 1:
            good = good and d["verdict"] == verdict and \
                d["adds_up"] is (status == 0) and \
                (culprit in d["culprit"] if status else d["culprit"] is None)
        t.report(good, "tampered: " + name,
                 (rc, rc2, out[-200:], err, d.get("culprit")))

    def change(self, *args):
        return t.change(self.log, *args)

    # ---- the log ----

    def images_of_the_log(self):
        log, base = self.log, "<Q"
        self.run("the kernel's digest", (5, UNKNOWN, "event 4, KERNEL: no "
                 "known-good image"), t.flipped(log, KERNEL, 14))
        self.run("the initrd's size", (5, UNKNOWN, "event 5, INITRD: no "
                 "known-good image of 9001 bytes"),
                 self.change(INITRD, 15, base, 1))
        self.run("another known-good image than was loaded",
                 (5, DIFFERS, "event 5: is another known-good image"),
                 digest_of(log, INITRD, t.read("images/initrd.old")))
        self.run("no kernel", (5, DIFFERS, "the vCPU begins at 0x40200000, "
                 "where the log has no image"), t.without(log, KERNEL))
        self.run("no Device Tree", (5, DIFFERS, "x0 is 0x4a000000, where the "
                 "log has no image"), t.without(log, DTB))
        self.run("no initrd", (5, DIFFERS, NONE), t.without(log, INITRD))
        self.run("a kernel that was not loaded", (5, DIFFERS, "event 13: did "
                 "not happen"), t.doubled(log, KERNEL, 0x70000000))
        self.run("images in another order", (5, DIFFERS, "events 5 and 6: "
                 "happened in the other order"), t.swapped(log, INITRD))
        self.run("the kernel's address", (5, DIFFERS, "event 4: is at "
                 "0x40200000, where the vCPU begins"),
                 self.change(KERNEL, 7, base, 0x1000))
        self.run("the initrd's address", (5, DIFFERS, "event 5: is at "
                 "0x48000000"), self.change(INITRD, 7, base, -0x200000))
        self.run("the Device Tree's address", (5, DIFFERS, "event 6: is at "
                 "0x4a000000, where x0 points"),
                 self.change(DTB, 4, base, 0x10000))
        self.run("the kernel over the initrd", (1, None, "event 5: blob shares "
                 "a granule with another"),
                 self.change(KERNEL, 7, base, 0x7e00000))
        self.run("an image outside of memory", (1, None, "event 6: blob is not "
                 "in memory"), self.change(DTB, 4, base, 0x40000000))

    def parameters(self):
        def create(offset, fmt, delta):
            return self.change(CREATE, offset, fmt, delta)

        where = "event 2, REALM_CREATE: "
        cases = [
            ("LPA2", "the realm's flag LPA2 is not set", (FLAGS, "<Q", 1)),
            ("SVE", "the realm's flag SVE is not set", (FLAGS, "<Q", 2)),
            ("width of addresses", "realm of 41 bits, not 45", (S2SZ, "<B", 4)),
            ("breakpoints", "6 breakpoints, not 16", (BPS, "<B", 10)),
            ("watchpoints", "4 watchpoints, not 1", (WPS, "<B", -3)),
            ("counters", "6 counters, not 31", (CTRS, "<B", 25)),
        ]
        for name, culprit, what in cases:
            self.run(name, (5, DIFFERS, where + culprit), create(*what))
        self.run("PMU", (5, DIFFERS, where + "6 counters, not 0"),
                 t.patch(create(FLAGS, "<Q", -4), CREATE, CTRS, "<B", 0))
        self.run("a vector length without SVE", (1, None, "event 2: vector "
                 "length without SVE"), create(SVE_VL, "<B", 1))
        self.run("a hash that the log does not declare", (1, None, "event 2: "
                 "hash algorithm is not declared"), create(HASH, "<B", 1))
        self.run("flags that are reserved", (1, None, "event 2: unknown flags "
                 "of a realm"), create(FLAGS, "<Q", 8))
        d = described(sve_vl=7)
        log, rim = made(d)
        self.run("vector length", (5, DIFFERS, where + "SVE vectors of 1024 bits, not 512"),
                 t.patch(log, CREATE, SVE_VL, "<B", 3), t.token(rim, ALL))
        self.run("a realm without parameters", (5, UNKNOWN, "no REALM_CREATE: "
                 "the RIM cannot be worked out"),
                 t.without(t.without(t.without(self.log, REC), RIPAS), CREATE))

        # only the header: without events, the RIM is not merely unlogged
        header = 32 + struct.unpack_from("<I", self.log, 28)[0]
        self.run("a log without events", (5, UNKNOWN, "no REALM_CREATE: the "
                 "RIM cannot be worked out"), self.log[:header] + bytes(64))

    def memory(self):
        self.run("size of memory", (5, DIFFERS, "event 3: memory is 0x40000000 "
                 "bytes at 0x40000000"),
                 self.change(RIPAS, SIZE, "<Q", 0x200000))
        self.run("address of memory", (5, DIFFERS, "event 3: memory is "
                 "0x40000000 bytes at 0x40000000"),
                 self.change(RIPAS, BASE, "<Q", -0x200000))
        self.run("no memory", (5, DIFFERS, "memory is missing, 0x40000000 "
                 "bytes at 0x40000000"), t.without(self.log, RIPAS))
        self.run("memory that was not declared", (5, DIFFERS, "event 13: did "
                 "not happen"), t.patch(appended(self.log, RIPAS), 13, BASE,
                                        "<Q", 0x100000000))

    def vcpus(self):
        self.run("entry", (5, DIFFERS, "event 7: the vCPU begins at "
                 "0x40200000"), self.change(REC, PC, "<Q", 0x1000))
        self.run("x0", (5, DIFFERS, "event 7: x0 is 0x4a000000"),
                 self.change(REC, X0, "<Q", -8))
        self.run("no vCPU", (5, DIFFERS, "a vCPU is missing, which begins at "
                 "0x40200000"), t.without(self.log, REC))
        self.run("a vCPU that does not run", (5, DIFFERS, "a vCPU is missing, "
                 "which begins at 0x40200000"),
                 t.patch(self.log, REC, REC_FLAGS, "<Q", 0))
        self.run("a vCPU that was not there", (5, DIFFERS, "did not happen"),
                 appended(self.log, REC))
        again = appended(t.without(self.log, LOG), REC)
        log, rim = again, t.reference(dict(self.d, log={"base": 0, "size": 0},
                                           vcpus=2))
        self.run("two vCPUs", (0, ADDS_UP, ""), log, t.token(rim, ALL))
        self.run("no second vCPU", (5, DIFFERS, "a second vCPU is missing, "
                 "which begins at 0x40200000"), t.without(self.log, LOG),
                 t.token(rim, ALL))

    def whereabouts(self):
        self.run("the log itself", (5, DIFFERS, "LOG: is missing"),
                 t.without(self.log, LOG), args=(PLACE,))
        self.run("the log's address", (1, None, "event 8: log was not found "
                 "there"), self.change(LOG, 4, "<Q", 0x1000), args=(PLACE,))
        self.run("the log's size", (1, None, "event 8: log was not found with "
                 "this size"), self.change(LOG, 12, "<Q", 0x1000),
                 args=(PLACE,))
        self.run("the log's address, where none is known", (5, DIFFERS, NONE),
                 self.change(LOG, 4, "<Q", 0x1000))
        # bytes after the end are not measured, and must not count as events
        self.run("an event behind the end", (0, ADDS_UP, "are not padding"),
                 behind_the_end(self.log))
        self.run("a log that is cut off", (1, None, "event 13: event is longer "
                 "than the log"), self.log[:sum(list(t.events(self.log))[-1])]
                 + struct.pack("<IIIH", 1, 13, 1, 11) + bytes(32) + b"\x10"
                 + bytes(8))

    def rmms(self):
        old, new = self.token, t.token(t.reference(dict(self.d, rmm="2.0")),
                                       ALL)
        self.run("RMM 2.0", (0, ADDS_UP, ""), token=new)
        self.run("RMM 1.0 where it must be 2.0", (5, DIFFERS, "RIM: the value "
                 "is that of RMM 1.0"), token=old, args=("--rmm=2.0",))
        self.run("RMM 2.0 where it must be 1.0", (5, DIFFERS, "RIM: the value "
                 "is that of RMM 2.0"), token=new, args=("--rmm=1.0",))
        d = dict(self.d, s2sz=40, ram=[{"base": "0x40000000",
                                        "size": "0x10000000"}],
                 log={"base": "0x4f000000", "size": 0x10000})
        log, rim = made(d)
        small = t.reference(d, largest=0)
        self.run("memory in granules", (0, ADDS_UP, ""), log,
                 t.token(small, ALL), args=("--ripas-blocks=4k",))
        self.run("memory in granules, found out", (0, ADDS_UP, ""), log,
                 t.token(small, ALL))
        self.run("memory in granules where it must be in blocks",
                 (5, DIFFERS, "RIM: the value is that of RMM 1.0, memory in "
                  "blocks up to 4K"), log, t.token(small, ALL),
                 args=("--ripas-blocks=2M",))
        self.run("memory in blocks where it must be in granules",
                 (5, DIFFERS, "RIM: the value is that of RMM 1.0, memory in "
                  "blocks up to 512G"), log, t.token(rim, ALL),
                 args=("--ripas-blocks=4K",))

    # ---- registers ----

    def registers(self):
        log = self.log
        self.run("an event that REM0 lacks", (5, DIFFERS, "REM0: event 10 did "
                 "not happen"),
                 token=t.token(self.rim, rems_of(FIRST, THIRD, OTHER)))
        self.run("an event twice", (5, DIFFERS, "REM0: event 13 did not "
                 "happen"), appended(log, FIRST))
        self.run("an event of REM0 removed", (5, DIFFERS, "REM0: an event is "
                 "wrong or missing"), t.without(log, SECOND))
        self.run("the only event of REM2 removed", (5, UNLOGGED, "REM2: "
                 "extended at run time without a log entry"),
                 t.without(log, OTHER))
        self.run("REM3 extended, not logged", (5, UNLOGGED, "REM3: extended at "
                 "run time without a log entry"),
                 token=t.token(self.rim, ALL[:3] + [b"\1" * 32]))
        self.run("REM0 extended further, not logged", (5, DIFFERS, "REM0: an "
                 "event is wrong or missing"), token=t.token(self.rim, [
                     extended(b"first", b"second", b"third", b"more")] +
                     ALL[1:]))
        self.run("the order of events", (5, DIFFERS, "REM0: events 9 and 10 "
                 "happened in the other order"), t.swapped(log, FIRST))
        self.run("the digest of an event", (5, DIFFERS, "REM0: event 11 has "
                 "another digest than its data"), t.flipped(log, THIRD, 20))
        self.run("events that were not measured", (5, DIFFERS, "REM0: event 10 "
                 "and all later events were not measured"),
                 token=t.token(self.rim, rems_of(FIRST, OTHER)))
        self.run("REMs that nothing extended", (5, DIFFERS, "REM0: event 9 and "
                 "all later events were not measured"),
                 token=t.token(self.rim, NO_REMS))
        self.run("an event of another REM", (5, DIFFERS, "REM0: "),
                 reordered(log, SECOND, 2))
        self.run("an unlogged extension does not hide another fault",
                 (5, DIFFERS, "event 7: x0 is 0x4a000000"),
                 self.change(REC, X0, "<Q", -8),
                 t.token(self.rim, ALL[:3] + [b"\1" * 32]))

    def algorithms(self):
        rim = t.reference(dict(self.d, hash="sha512"))
        self.run("a token of SHA-512, a log of SHA-256",
                 (5, DIFFERS, "REALM_CREATE: the hash has 32 bytes, "
                  "the RIM has 64"), token=t.token(rim, hash_name="sha-512"))
        log, _ = made(described(hash="sha512", dialect="realm-qemu"))
        self.run("a token of SHA-256, a log of SHA-512",
                 (5, DIFFERS, "REALM_CREATE: the hash has 64 bytes, "
                  "the RIM has 32"), log)
        d = t.describe(dialect="realm-doc")
        log, rim = made(d)
        self.run("a log that declares both", (0, ADDS_UP, ""), log,
                 t.token(rim))
        at = log.index(struct.pack("<QBBBBB", 4, 41, 0, 5, 3, 6)) + 13
        self.run("the realm's hash, where the log declares both",
                 (5, DIFFERS, "REALM_CREATE: the hash has 64 bytes"),
                 log[:at] + b"\1" + log[at + 1:], t.token(rim))

    # ---- images ----

    def images(self):
        names = ("kernel", "initrd", "dtb")
        files = {name: t.read("images/" + name) for name in names}
        cases = [
            ("a byte of the kernel", "event 4, KERNEL",
             dict(files, kernel=bit(files["kernel"], 5000))),
            ("the last byte of the initrd", "event 5, INITRD",
             dict(files, initrd=bit(files["initrd"], -1))),
            ("a byte more in the Device Tree", "event 6, DTB",
             dict(files, dtb=files["dtb"] + b"\0")),
            ("an empty Device Tree", "event 6, DTB", dict(files, dtb=b"")),
            ("no Device Tree among the images", "event 6, DTB",
             {name: files[name] for name in names[:2]}),
        ]
        for i, (name, culprit, content) in enumerate(cases):
            for file, data in content.items():
                t.write("set%d/%s" % (i, file), data)
            self.run(name, (5, UNKNOWN, culprit + ": no known-good image"),
                     images="set%d" % i)
        # the database identifies images by their digest
        t.write("renamed/kernel", files["initrd"])
        t.write("renamed/initrd", files["kernel"])
        t.write("renamed/dtb", files["dtb"])
        self.run("images of each other's name", (0, ADDS_UP, ""),
                 images="renamed")
        self.run("no images", (1, None, "No such file"), images="nowhere")

        self.judge("a database that cannot be made",
                   (1, None, "No such file"),
                   ["--images", t.path("images"), "--database",
                    t.path("no/such/db"), "--token",
                    t.write("set.cbor", self.token), "--key",
                    t.path("platform.key.pub"), t.write("set.log", self.log)])

    # ---- data that is not measured ----

    def unmeasured(self):
        log = reordered(appended(self.log, RIPAS), OTHER + 1, 1)
        start, _ = list(t.events(log))[OTHER]
        self.run("an event of a REM without a digest",
                 (5, DIFFERS, "event 13: has no digest for REM0"),
                 log[:start + 16] + struct.pack("<I", 0x1234) +
                 log[start + 20:])
        log = appended(self.log, DTB)
        start, size = list(t.events(log))[OTHER]
        self.run("an empty image", (1, None, "blob is empty"),
                 log[:start + size - 8] + bytes(8) + log[start + size:])

    # ---- much memory, small blocks ----

    def much_memory(self):
        d = described(s2sz=48, rmm="2.0", ram=[
            {"base": "0x40000000", "size": "0x20000000000"}])
        log, rim = made(d)
        self.run("2 TiB, RMM 2.0", (0, ADDS_UP, ""), log, t.token(rim, ALL))
        d = described(images=self.d["images"][:2])
        self.run("an image that was not loaded, memory in blocks of 2 MiB",
                 (5, DIFFERS, "event 6: did not happen"),
                 token=t.token(t.reference(d, largest=1), ALL))

    # ---- token, key, nonce ----

    def tokens(self):
        def bad(name, culprit, token=None, **how):
            self.run(name, (5, BAD_TOKEN, culprit), token=token, **how)

        def minted(**how):
            return t.token(self.rim, ALL, **how)

        platform = "the platform's signature does not verify"
        realm = "the realm's signature does not verify"
        t.new_key("other.key")
        self.run("the nonce as it is", (0, ADDS_UP, ""), args=t.NONCE)
        bad("nonce", "the challenge is not the expected nonce",
            args=("--nonce", "6e" * 63 + "6f"))
        bad("a nonce that is shorter", "challenge is not the expected nonce",
            args=("--nonce", "6e" * 63))
        bad("an old token", "the challenge is not the expected nonce",
            minted(challenge=b"m" * 64), args=t.NONCE)
        bad("key", platform, key="other.key.pub")
        bad("another platform's token", platform,
            minted(platform_key="other.key"))
        at = self.token.index(t.cbor(44241)) - 1
        bad("the platform's signature", platform, bit(self.token, at))
        bad("the realm's signature", realm, bit(self.token, -1))
        bad("the platform's claims", platform,
            bit(self.token, self.token.index(t.cbor(2396)) + 10))
        bad("the RIM", realm, minted(tamper={44238: bytes(32)}))
        bad("a REM", realm, minted(tamper={44239: NO_REMS}))
        bad("another realm's token behind the platform's",
            "does not have the hash of the realm's key",
            minted(realm_key="other.key", bound="realm.key"))
        bad("the realm's profile", "the realm's token has an unknown profile",
            minted(realm_claims={265: "http://arm.com/psa/2.0.0"}))
        bad("the platform's profile",
            "the platform's token has an unknown profile",
            minted(platform_claims={265: "tag:psacertified.org,2023:psa#tfm"}))
        bad("each other's profile",
            "the platform's token has an unknown profile",
            minted(platform_claims={265: "tag:arm.com,2023:realm#1.0.0"}))
        self.run("known profiles", (0, ADDS_UP, ""), token=minted(
            realm_claims={265: "tag:arm.com,2023:realm#1.0.0"},
            platform_claims={265: "http://arm.com/CCA-SSD/1.0.0"}))
        # this value is not part of the RIM, so the log still matches
        self.run("the realm's personalization value", (0, ADDS_UP, ""),
                 token=minted(realm_claims={44235: b"p" * 64}))
        bad("a RIM of 31 bytes", "no valid RIM, REMs or hash algorithm",
            t.token(self.rim[:31], ALL))
        bad("three REMs", "no valid RIM, REMs or hash algorithm",
            t.token(self.rim, ALL[:3]))
        for name, token in (("cut off", self.token[:-1]), ("empty", b""),
                            ("a byte more", self.token + b"\0"),
                            ("a log", self.log), ("no tag", self.token[3:])):
            bad("a token that is none: " + name, "not a CCA token", token)
        self.run("a key that is none", (1, None, "has no public key"),
                 key="set.log")


def main():
    t.write("images/kernel", bytes(i * 7 & 255 for i in range(70000)))
    t.write("images/initrd", bytes(i * 5 & 255 for i in range(9000)))
    t.write("images/initrd.old", bytes(i * 9 & 255 for i in range(9000)))
    t.write("images/dtb", bytes(i * 3 & 255 for i in range(4096)))
    t.new_key("platform.key")
    t.new_key("realm.key")
    sets = Sets()
    sets.run("nothing", (0, ADDS_UP, ""))
    sets.images_of_the_log()
    sets.parameters()
    sets.memory()
    sets.vcpus()
    sets.whereabouts()
    sets.rmms()
    sets.registers()
    sets.algorithms()
    sets.images()
    sets.unmeasured()
    sets.much_memory()
    sets.tokens()
    return t.failed


if __name__ == "__main__":
    sys.exit(main())
