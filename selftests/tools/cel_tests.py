#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""cel_tests.py CCGUEST DIR LOG...: tests `ccguest log export`. Each encoding is read
by a reader of this file, which shares no code with the command: the records must be
the events of the log, and add up to the registers of `ccguest log replay`. DIR is an
empty directory. Prints a line for each test, see python_tests() in lib.sh.
"""
import hashlib
import json
import os
import struct
import subprocess
import sys

command, work, logs = sys.argv[1], sys.argv[2], sys.argv[3:]
ALGS = {4: "sha1", 0xb: "sha256", 0xc: "sha384", 0xd: "sha512", 0x12: "sm3_256"}
NO_ACTION = 3
PCCLIENT_STD = 5


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
    return done.returncode, done.stdout, done.stderr.decode()


class Cbor:
    """A reader of deterministic CBOR: the shortest heads, keys in order."""

    def __init__(self, data):
        self.data, self.at = data, 0

    def take(self, n):
        part = self.data[self.at:self.at + n]
        if len(part) != n:
            raise ValueError("cut short at %d" % self.at)
        self.at += n
        return part

    def item(self):
        first = self.take(1)[0]
        major, low = first >> 5, first & 31
        val = low
        if low > 27:
            raise ValueError("indefinite length")
        if low >= 24:
            size = 1 << low - 24
            val = int.from_bytes(self.take(size), "big")
            if val < (24 if size == 1 else 1 << 4 * size):
                raise ValueError("a long head")
        if major == 0:
            return val
        if major == 2:
            return self.take(val)
        if major == 4:
            return [self.item() for _ in range(val)]
        if major != 5:
            raise ValueError("major type %d" % major)
        pairs = [(self.item(), self.item()) for _ in range(val)]
        if [k for k, _ in pairs] != sorted({k for k, _ in pairs}):
            raise ValueError("keys out of order")
        return dict(pairs)


def from_cbor(data):
    reader = Cbor(data)
    records = []
    for r in reader.item():
        if r[9] != PCCLIENT_STD or len(r) != 5:
            raise ValueError("not a record: %r" % r)
        index = ("pcr", r[1]) if 1 in r else ("nv_index", r[2])
        records.append((r[0], index, [(d[0], d[1]) for d in r[3]], r[10][0],
                        r[10][1]))
    if reader.at != len(data):
        raise ValueError("bytes behind the records")
    return records


def tlvs(data):
    while data:
        kind, size = struct.unpack(">BI", data[:5])
        if len(data) < 5 + size:
            raise ValueError("a length that is too large")
        yield kind, data[5:5 + size]
        data = data[5 + size:]


def from_tlv(data):
    fields, records = list(tlvs(data)), []
    for i in range(0, len(fields), 4):
        (t0, recnum), (t1, index), (t2, digests), (t3, content) = fields[i:i + 4]
        if (t0, t2, t3) != (0, 3, PCCLIENT_STD) or len(recnum) != 8:
            raise ValueError("not a record")
        if (t1, len(index)) not in ((1, 1), (2, 4)):
            raise ValueError("not an index")
        (k0, kind), (k1, body) = tlvs(content)
        if (k0, k1, len(kind)) != (0, 1, 4):
            raise ValueError("not an event")
        records.append((int.from_bytes(recnum, "big"),
                        ("pcr" if t1 == 1 else "nv_index",
                         int.from_bytes(index, "big")),
                        list(tlvs(digests)), int.from_bytes(kind, "big"), body))
    return records


def from_json(data, types):
    numbers, records = {v: k for k, v in ALGS.items()}, []
    for r in json.loads(data):
        if len(r) != 5 or r["content_type"] != "pcclient_std":
            raise ValueError("not a record: %r" % r)
        index = [(k, r[k]) for k in ("pcr", "nv_index") if k in r]
        kind = r["content"]["event_type"]
        records.append((r["recnum"], index[0],
                        [(numbers.get(d["hashAlg"], d["hashAlg"]),
                          bytes.fromhex(d["digest"])) for d in r["digests"]],
                        types.get(kind, kind),
                        bytes.fromhex(r["content"]["event_data"])))
    return records


def expected(log):
    """The records that the events of `log show --json` make."""
    shown = json.loads(ccguest("show", "--json", log)[1])
    numbers, types, records, count = {v: k for k, v in ALGS.items()}, {}, [], {}
    with open(log, "rb") as f:
        data = f.read()
    events = []
    if shown["header"]:
        size = struct.unpack_from("<I", data, 28)[0]
        events.append((struct.unpack_from("<I", data)[0], [(4, bytes(20))],
                       NO_ACTION, data[32:32 + size]))
        types["EV_NO_ACTION"] = NO_ACTION
    for e in shown["events"]:
        if e["type"]:
            types[e["type"]] = e["type_number"]
        digests = []
        for d in e["digests"]:
            alg = numbers.get(d["algorithm"])
            if alg is None:
                alg = int(d["algorithm"], 16)
                alg = alg or numbers[shown["header"]["algorithms"][0]
                                     ["algorithm_id"]]
            digests.append((alg, bytes.fromhex(d["digest"])))
        events.append((e["index"], digests, e["type_number"],
                       bytes.fromhex(e["data"])))
    for index, digests, kind, body in events:
        if index <= 23:
            name = ("pcr", index)
        elif index >> 24 == 1:
            name = ("nv_index", index)
        else:
            continue
        records.append((count.get(name, 0), name, digests, kind, body))
        count[name] = count.get(name, 0) + 1
    return records, types, len(events) - len(records)


def replay(records):
    regs = {}
    for _, (kind, index), digests, event, _ in records:
        if kind != "pcr" or event == NO_ACTION:
            continue
        for alg, digest in digests:
            name = ALGS.get(alg, "")
            try:
                h = hashlib.new(name.replace("sm3_256", "sm3"))
            except ValueError:
                continue
            h.update(regs.get((index, name), bytes(h.digest_size)) + digest)
            regs[(index, name)] = h.digest()
    return regs


def adds_up(log, records):
    """Registers that both sides can calculate, and that do not begin with ones."""
    known = replay(records)
    shown = json.loads(ccguest("replay", "--json", log)[1])
    return [r for r in shown["registers"]
            if (r["index"], r["algorithm"]) in known and not 17 <= r["index"] <= 22
            and known[(r["index"], r["algorithm"])].hex() != r["value"]]


def test_log(log, locality=False):
    name = os.path.basename(log)
    want, types, left = expected(log)
    readers = {"json": lambda d: from_json(d, types), "cbor": from_cbor,
               "tlv": from_tlv}
    for form, reader in readers.items():
        rc, out, err = ccguest("export", "--cel-" + form, log)
        try:
            got = reader(out)
            bad = [(i, g, w) for i, (g, w) in enumerate(zip(got, want)) if g != w]
            good = not rc and not bad and len(got) == len(want)
            why = "%d records, %d events, first %r" % (len(got), len(want), bad[:1])
        except (ValueError, KeyError, struct.error) as e:
            good, why, got = False, "%d %r %s" % (rc, e, err), []
        report(good, "%s: %s: the records are the events" % (name, form), why)
        if left:
            note = "%d events that belong to no register are left out" % left
            report(note in err, "%s: %s: %s" % (name, form, note), err)
        if not locality:
            bad = adds_up(log, got)
            report(not bad and (got or not want),
                   "%s: %s: adds up as the log does" % (name, form), bad)


def event(index, kind, digests, data):
    out = struct.pack("<III", index, kind, len(digests))
    for alg, digest in digests:
        out += struct.pack("<H", alg) + digest
    return out + struct.pack("<I", len(data)) + data


def made(algs, events, index=0):
    spec = b"Spec ID Event03\0" + struct.pack("<I4BI", 0, 0, 2, 106, 2, len(algs))
    for alg, size in algs:
        spec += struct.pack("<HH", alg, size)
    spec += b"\0"
    return (struct.pack("<II20sI", index, 3, bytes(20), len(spec)) + spec +
            b"".join(events))


def test_odd():
    both = ((4, 20), (0xb, 32))
    d = [(4, b"a" * 20), (0xb, b"b" * 32)]
    zero = [(4, bytes(20)), (0xb, bytes(32))]
    test_log(write("odd.log", made(both, [
        event(4, 4, d, bytes(4)),
        event(0xffffffff, 3, zero, b"of no register"),
        event(0x01c10102, 3, zero, b"NV index"),
        event(0x01c10103, 3, zero, b"another NV index"),
        event(0x01c10102, 3, zero, b"NV index again"),
        event(4, 0x1234, d, b"of an unknown type"),
        event(23, 5, d, b""),
        event(2, 5, d, b"x" * 70000)])))
    test_log(write("empty.log", made(both, [])))
    test_log(write("sm3.log", made(((0x12, 32),), [
        event(1, 4, [(0x12, b"c" * 32)], bytes(4))], 1)))
    unknown = write("unknown.log", made(((0xb, 32), (0x4711, 24)), [
        event(4, 4, [(0xb, b"b" * 32), (0x4711, b"d" * 24)], bytes(4))]))
    want, types, _ = expected(unknown)
    report(from_cbor(ccguest("export", "--cel-cbor", unknown)[1]) == want,
           "an unknown algorithm: cbor")
    report(from_json(ccguest("export", "--cel-json", unknown)[1], types) == want,
           "an unknown algorithm: json")
    rc, out, err = ccguest("export", "--cel-tlv", unknown)
    report(rc == 4 and not out and "event 1: CEL-TLV has no number" in err,
           "an unknown algorithm: tlv is refused", (rc, out, err))
    cut = write("cut.log", made(both, [event(4, 4, d, bytes(4))])[:-1])
    rc, out, err = ccguest("export", "--cel-cbor", cut)
    report(rc == 1 and not out and "event 1" in err, "a malformed log is refused",
           (rc, out, err))


for name in logs:
    test_log(name)
test_odd()
