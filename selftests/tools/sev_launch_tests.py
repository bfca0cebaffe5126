#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""sev_launch_tests.py CCGUEST DIR SOFT-PSP CCGUEST-JSON.5 [PREFIX...]: tests
`ccguest sev launch` against the QMP server qmp_server.py. DIR is an empty
directory. Prints lines of VERDICT, NAME and reason, with tabs between them.
"""
import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time

import qmp_server
import sev_model as m

folder, psp, page = sys.argv[2:5]
command = sys.argv[5:] + sys.argv[1:2]
slow = bool(os.environ.get("SANITIZED"))
MARKER = b"tOpSeCrEt"
GUID = "aaaaaaaa-0001-4000-8000-00000000000a"
MILAN = 0xa00f11
PATH = folder + "/qmp"
INJECT, MEASURE = "sev-inject-launch-secret", "query-sev-launch-measure"
STEPS = ["greeting", "qmp_capabilities", "query-status", "query-sev", MEASURE, INJECT,
         "cont", "query-status-2"]
BEFORE = STEPS[:5]


def ok(good, what, *why):
    text = " ".join(str(w) for w in why).replace("\n", " ").replace("\t", " ")
    print("ok" if good else "not ok", what, "" if good else text[:900], sep="\t", flush=True)


def write(name, data):
    path = folder + "/" + name
    with open(path, "wb") as f:
        f.write(data)
    return path


def check(done, args):
    """What holds for each run: as after() of lib.sh."""
    text = done.stdout + done.stderr
    if MARKER in text or b"Sanitizer" in text or b"runtime error" in text:
        ok(False, "a run", args, text)
    if done.returncode not in range(6):
        ok(False, "exit status", done.returncode, args, text)
    if done.returncode and not re.search(rb"^ccguest: [^:]*.*: ", done.stderr, re.M):
        ok(False, "exit status %d without a message" % done.returncode, args, text)
    if re.search(rb"[^ -~\n]", done.stderr):
        ok(False, "raw bytes in a message", args, done.stderr)


def run(*args, **kw):
    done = subprocess.run([*command, *args], stdin=subprocess.DEVNULL,
                          stdout=subprocess.PIPE, stderr=subprocess.PIPE, check=False, **kw)
    check(done, args)
    return done.returncode, done.stdout.decode(), done.stderr.decode()


def known_members(doc):
    known = set()
    with open(page, encoding="utf-8") as f:
        for line in f:
            if re.match(r"\.(It|Pq|Po)? ?Va ", line):
                known.update(re.findall(r"[a-z][a-z0-9_]*", line))
    if isinstance(doc, list):
        return all(known_members(v) for v in doc)
    if not isinstance(doc, dict):
        return True
    return all(k in known for k in doc) and all(known_members(v) for v in doc.values())


class Session:
    """The keys of a session, and the guest of a host that uses it."""
    count = 0

    def __init__(self, policy=1):
        Session.count += 1
        self.name = "%s/s%d" % (folder, Session.count)
        self.policy = policy
        rc, _, err = run("-q", "sev", "session", "--insecure", "-n", self.name,
                         folder + "/sev.chain", str(policy))
        if rc:
            sys.exit(err)

    def used(self):
        return [os.path.exists(self.name + "_%s.bin.used" % k) for k in ("tik", "tek")]

    def guest(self, *args):
        opts = qmp_server.parser().parse_args(
            ["--psp", psp, "--dir", folder, "--godh", self.name + "_godh.b64",
             "--session", self.name + "_session.b64", "--policy", str(self.policy),
             "--firmware", fw, "--table", folder + "/table", *args, PATH])
        return qmp_server.Guest(opts)

    def keys(self):
        return ["--tik", self.name + "_tik.bin", "--tek", self.name + "_tek.bin"]


class Result:
    """A run against a server: exit status, texts, commands, secrets."""

    def __init__(self, done, log):
        self.rc, self.out, self.err = done.returncode, done.stdout.decode(), done.stderr.decode()
        self.steps = [step for step, _ in log]
        self.log = log
        self.table = None
        if os.path.exists(folder + "/table"):
            with open(folder + "/table", "rb") as f:
                self.table = f.read()

    def __repr__(self):
        return repr((self.rc, self.out, self.err, self.steps))


def listen(family=socket.AF_UNIX, address=PATH):
    s = socket.socket(family)
    s.settimeout(120)
    s.bind(address)
    s.listen(1)
    return s


def end(listener, thread):
    """Ends a server, also one that nobody connected to."""
    try:
        listener.shutdown(socket.SHUT_RDWR)
    except OSError:
        pass
    listener.close()
    thread.join()


def serve(listener, guest, faults, log):
    try:
        conn, _ = listener.accept()
    except OSError:
        return
    conn.settimeout(None)
    qmp_server.Server(guest, conn, faults, log).run()


def launch(guest, args, faults=(), address=PATH, listener=None):
    """Runs `ccguest ARGS... --qmp ADDRESS` against a server with faults."""
    for path in (folder + "/table", PATH):
        if os.path.exists(path):
            os.unlink(path)
    log = []
    listener = listener or listen()
    thread = threading.Thread(target=serve, args=(listener, guest, faults, log))
    thread.start()
    full = [*command, *args, "--qmp", address]
    done = subprocess.run(full, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                          stderr=subprocess.PIPE, check=False, timeout=300)
    end(listener, thread)
    check(done, args)
    return Result(done, log)


image = m.image()
fw = write("fw", image)
bare = write("bare", m.image(entries=[m.entry(m.RESET, m.struct.pack("<I", m.RESET_ADDRESS))]))
secret = write("secret", MARKER + b"\0")
subprocess.run([psp, "platform", folder], check=True)
BASE = ["sev", "launch", "--firmware", fw, "--secret", "luks-key:" + secret]


def table_of(*args):
    """The table that `ccguest secret build` makes of the secrets."""
    return subprocess.run([*command, "secret", "build", *args], stdout=subprocess.PIPE,
                          check=True).stdout


# ---- whole launches ----

s = Session()
r = launch(s.guest(), [*BASE, "sev", *s.keys()])
ok(r.rc == 0 and r.steps == STEPS[1:] and not r.err, "sev: a whole launch", r)
ok(r.table == table_of("luks-key:" + secret), "sev: the guest has the secret", r.table)
ok("OK: the measurement is that of the launch as described\n" in r.out and
   "guest: running\n" in r.out and "policy 0x1: NODBG\n" in r.out, "sev: each step is shown", r)
ok(s.used() == [True, True], "sev: the keys are marked", s.used())
with open(s.name + "_tik.bin.used", encoding="utf-8") as mark:
    ok(re.fullmatch(r"20..-..-..T..:..:..Z ccguest sev launch, measurement [0-9a-f]{64}\n",
                    mark.read()), "sev: the mark has time, purpose and measurement")

for name in ("both", "tek", "tik"):
    if name != "both":
        os.unlink(s.name + "_%s.bin.used" % ("tek" if name == "tik" else "tik"))
    rc, out, err = run(*BASE, *s.keys(), "--qmp", PATH)
    ok((rc, out) == (1, "") and "this key is used up: 20" in err,
       "a second use is refused, without a connection: " + name, rc, out, err)
    for key in ("tik", "tek"):
        write(os.path.basename(s.name) + "_%s.bin.used" % key, b"2026-11-30T00:00:00Z\n")

es = Session(5)
r = launch(es.guest("--cpus", "4"), [*BASE, "--json", "sev-es", *es.keys(), "--cpus", "4", "--cpu",
                                     "EPYC-Milan", "--policy", "NODBG,ES", "--api", "1.40",
                                     "--build", "15", "--secret", GUID + ":" + secret])
doc = json.loads(r.out or "{}")
ok(r.rc == 0 and r.table == table_of("luks-key:" + secret, GUID + ":" + secret),
   "sev-es: a whole launch with two secrets", r)
ok(known_members(doc), "JSON: each member is in ccguest-json(5)", r.out)
ok(doc.get("schema") == "ccguest/sev-launch/1" and doc["kind"] == "sev-es" and
   (doc["qemu"], doc["api"], doc["build"], doc["policy"]) == ("10.0.2", "1.40", 15, "0x5") and
   doc["policy_names"] == "NODBG,ES" and doc["matches"] is True and doc["cpus"] == 4 and
   len(doc["secrets"]) == 2 and doc["area_size"] == 3072 and
   (doc["injected"], doc["running"], doc["dry_run"]) == (True, True, False), "JSON", r.out)

s = Session()
kernel, initrd = write("kernel", b"a kernel"), write("initrd", b"an initrd")
r = launch(s.guest("--kernel", kernel, "--initrd", initrd, "--cmdline", "quiet"),
           [*BASE, *s.keys(), "--kernel", kernel, "--initrd", initrd, "--cmdline", "quiet"])
ok(r.rc == 0 and r.table, "a launch with kernel hashes, without an operand", r)

s = Session()
with open(s.name + "_tek.bin", "rb") as f, open(s.name + "_tik.bin", "rb") as g:
    tk = write("tk", f.read() + g.read())
r = launch(s.guest(), [*BASE, "--tk", tk, "-q"])
ok(r.rc == 0 and r.table and not r.out and not r.err and os.path.exists(tk + ".used"),
   "--tk and -q", r)

s = Session()
r = launch(s.guest("--firmware", bare), [*BASE, *s.keys(), "--firmware", bare])
ok(r.rc == 1 and "the firmware has no secret area" in r.err and INJECT not in r.steps and
   s.used() == [False, False], "a firmware without a secret area", r)
r = launch(s.guest("--firmware", bare), [*BASE, *s.keys(), "--firmware", bare,
                                         "--gpa", "0x810000"])
ok(r.rc == 0 and r.table and dict(r.log)[INJECT]["arguments"]["gpa"] == 0x810000, "--gpa", r)

# ---- addresses ----

s = Session()
tcp = listen(socket.AF_INET, ("127.0.0.1", 0))
r = launch(s.guest(), [*BASE, *s.keys()], address="127.0.0.1:%d" % tcp.getsockname()[1],
           listener=tcp)
ok(r.rc == 0 and r.table, "HOST:PORT", r)
s = Session()
r = launch(s.guest(), [*BASE, *s.keys()], address="unix:" + PATH)
ok(r.rc == 0 and r.table, "unix:PATH", r)
s = Session()
ours, theirs = socket.socketpair()
commands = []
thread = threading.Thread(target=lambda: qmp_server.Server(s.guest(), ours, (), commands).run())
thread.start()
rc, out, err = run(*BASE, *s.keys(), "--qmp", "fd:%d" % theirs.fileno(),
                   pass_fds=[theirs.fileno()])
theirs.close()
thread.join()
ok(rc == 0 and len(commands) == 7, "fd:N", rc, out, err)
s = Session()
for address, want, text in (("fd:x", 2, "is not of the form fd:NUMBER"),
                            ("fd:77", 1, "is not an open socket"),
                            ("fd:0", 1, "is not an open socket"),
                            ("localhost:0", 2, "is not of the form HOST:PORT"),
                            ("x" * 200, 2, "the path of a socket has 1 to 107 bytes"),
                            ("unix:", 2, "1 to 107"),
                            (folder + "/nowhere", 1, "start QEMU with -qmp unix:PATH")):
    rc, out, err = run(*BASE, *s.keys(), "--qmp", address)
    ok((rc, out) == (want, "") and text in err, "--qmp %.12s" % address, rc, out, err)

# ---- a dry run ----

s = Session()
r = launch(s.guest(), [*BASE, *s.keys(), "--dry-run"])
ok(r.rc == 0 and r.steps == STEPS[1:5] and s.used() == [False, False] and
   "dry run: not injected; the guest is still paused\n" in r.out, "--dry-run", r)
r = launch(s.guest(), [*BASE, *s.keys(), "--dry-run", "--json", "-vv"])
doc = json.loads(r.out)
ok(r.rc == 0 and (doc["dry_run"], doc["injected"], doc["running"]) == (True, False, False) and
   "command query-sev-launch-measure" in r.err, "--dry-run --json -v", r)

# valgrind takes two seconds for a run.
if sys.argv[5:]:
    sys.exit()

# ---- doubts: nothing is injected, and no key is used ----


def doubt(name, text, want, args=(), faults=(), guest=(), session=s):
    r = launch(session.guest(*guest), [*BASE, *session.keys(), *args], faults)
    ok(r.rc == want and text in r.err and session.used() == [False, False] and
       INJECT not in r.steps and "cont" not in r.steps and r.table is None and
       (len(r.steps) < 2 or "nothing was injected; the guest was not continued" in r.err),
       name, text, r)
    return r


r = doubt("another launch", "is not that of the launch as described", 5,
          guest=("--digest", "00" * 32))
ok("reported" in r.out and "computed" in r.out and "tried" in r.out, "another launch: texts", r)
r = doubt("another launch, JSON", "is not that of the launch", 5, ["--json"],
          guest=("--digest", "00" * 32))
doc = json.loads(r.out)
ok(doc["matches"] is False and doc["injected"] is False and known_members(doc),
   "another launch: JSON", r.out)
r = doubt("a variant of the launch is named", "a variant of the launch has the reported value",
          5, ["--kernel", kernel])
ok("kernel-hashes=off" in r.out, "the variant", r.out)
doubt("--policy", "expected policy 0x3, found 0x1", 5, ["--policy", "3"])
doubt("--api", "expected API 1.41, found 1.40", 5, ["--api", "1.41"])
doubt("--build", "expected build 16, found 15", 5, ["--build", "16"])
doubt("--nonce", "has another nonce", 5, ["--nonce", "00" * 16])
doubt("another kind: ES expected", "expected a guest with sev-es, found one with sev", 5,
      ["sev-es", "--cpus", "1", "--cpu", "EPYC"])
doubt("another kind: SNP found", "expected a guest with sev, found one with snp", 5, ["sev"],
      guest=["--snp"])
doubt("a host that lies about the policy", "is not that of the launch", 5,
      faults=["set:policy=0@query-sev"])
doubt("a host that lies about the build", "is not that of the launch", 5,
      faults=["set:build-id=1@query-sev"])
other = Session()
old = other.guest().measurement
doubt("replay: the measurement of another session", "is not that of the launch", 5,
      faults=['set:data="%s"@%s' % (old, MEASURE)])
doubt("SEV is not enabled", "SEV is not enabled for this guest", 4, guest=["--off"])
doubt("SNP: no secrets", "nothing can be proven before the guest runs", 4,
      ["--cpus", "1", "--cpu", "EPYC"], guest=["--snp", "--policy", "0x30000"])
for state in ("running", "launch-update", "uninit"):
    doubt("the state of SEV is " + state, "the state of SEV is %s instead of" % state, 1,
          faults=['set:state="%s"@query-sev' % state])
for status in ("running", "inmigrate", "shutdown", "paused"):
    doubt("the guest is " + status, "the guest is not paused: its state is " + status, 1,
          faults=['set:status="%s"@query-status' % status] if status != "paused" else
          ['top:return={"status":"paused","running":true}@query-status'])
for event in ("RESUME", "RESET", "SHUTDOWN", "GUEST_PANICKED"):
    doubt("event " + event, "the guest did not stay paused: event " + event, 1,
          faults=["named:%s@%s" % (event, MEASURE)])
big = write("big", bytes(3033))
doubt("secrets that do not fit", "the firmware's area has 3072", 1,
      ["--secret", GUID + ":" + big])

for step in BEFORE:
    doubt("closed at " + step, step + ": the connection was closed", 1, faults=["close@" + step])
    doubt("half a line at " + step, step + ": the connection was closed", 1,
          faults=["half@" + step])
    doubt("100 MB at " + step, "a line of QEMU has more than 1048576 bytes", 1,
          faults=["long@" + step])
    doubt("not JSON at " + step, "is malformed: is not JSON", 1, faults=["plain:{]@" + step])
    if not slow or step == MEASURE:
        begin = time.monotonic()
        doubt("silence at " + step, step + ": no answer within 1 s", 1, ["--timeout", "1"],
              ["silence@" + step])
        ok(time.monotonic() - begin < (60 if slow else 5), "silence at %s ends" % step)
for step in STEPS[1:5]:
    doubt("an error at " + step, "QEMU reports GenericError: it is \\x1b[31mred", 1,
          faults=["error:it is \033[31mred@" + step])
    doubt("no command " + step, "this QEMU has no such command", 4,
          faults=["missing:%s@%s" % (step, step)])
    doubt("the answer to another command at " + step, "the answer to another command", 1,
          faults=["top:id=99@" + step])
    doubt("no id at " + step, "an answer without an id", 1, faults=["drop:id@" + step])
doubt("half a line, then silence", "no answer within 1 s", 1, ["--timeout", "1"],
      ["stall@query-sev"])
doubt("a byte each 0.1 s", "no answer within 1 s", 1, ["--timeout", "1"], ["slow@query-sev"])
doubt("endless events", "no answer within 1 s", 1, ["--timeout", "1"], ["events@query-sev"])
for name, fault, text in (
        ("two answers", "twice", "the answer to another command"),
        ("a text id", 'top:id="1"', "id: expected a number"),
        ("a negative id", "top:id=-1", "id: expected a number"),
        ("two ids", r'plain:{"return":{},"id":4,"id":4}', "two members of the same name"),
        ("return and error", 'top:error={"class":"GenericError","desc":"x"}', "expected one of"),
        ("neither", "plain:{}", "expected one of"),
        ("a list", "plain:[]", "expected an object"),
        ("an empty line", "plain:", "is not JSON"),
        ("a NUL", r'plain:{"return":\0{}}', "is not JSON"),
        # json-c 0.18 refuses these two bytes itself, and control characters below.
        ("invalid UTF-8", r'plain:{"return":"\xff\xfe"}', "is malformed: "),
        ("100000 brackets", "nest:[", "more than 4096 values"),
        ("100000 objects", 'nest:{"":', "more than 4096 values"),
        ("4000 brackets", "plain:" + "[" * 4000, "is not JSON: nesting"),
        ("300000 lists", "values:[]", "more than 4096 values"),
        ("300000 objects", "values:{}", "more than 4096 values"),
        ("another greeting", 'plain:{"QMP":{"version":{},"capabilities":[]}}',
         "another greeting"),
        ("a number as the contents", "top:return=7", "return: expected an object"),
        ("an error without a class", 'plain:{"error":{"desc":"x"},"id":4}', "class: expected"),
        ("an error without a text", 'plain:{"error":{"class":"X"},"id":4}', "desc: expected"),
        ("an event without a name", 'plain:{"event":7}', "event: expected a string"),
        ("an event with control characters", r'plain:{"event":"\x41\u001b"}',
         "is malformed: ")):
    doubt(name, text, 1, faults=[fault + "@query-sev"])
for step, key, values in (
        ("greeting", "version", ["7", "{}", '{"qemu":{}}',
                                 '{"qemu":{"major":-1,"minor":0,"micro":0}}']),
        ("query-status", "running", ["0", '"false"', "null", "[]"]),
        ("query-status", "status", ["0", '""', '"a b"', "null", '"%s"' % ("x" * 32)]),
        ("query-sev", "enabled", ["1", '"true"', "null"]),
        ("query-sev", "api-major", ["-1", "256", "1.0", '"1"', "null", "1e1",
                                    "18446744073709551616"]),
        ("query-sev", "build-id", ["true", "256", "[]"]),
        ("query-sev", "policy", ["4294967296", "-1", '"1"', "{}", "0.5"]),
        ("query-sev", "state", ['"launch secret"', "7", r'"launch-secret\u0000"']),
        ("query-sev", "sev-type", ['"tdx"', "7", "null"]),
        (MEASURE, "data", ["7", '""', '"AAAA"', '"%s"' % ("A" * 63 + "="),
                           '"%s"' % ("A" * 68), '"%s"' % ("*" * 64), "null"])):
    for value in values:
        text = "has more than 64 bits" if len(value) == 20 and value.isdigit() else ": expected"
        if key in ("status", "state") and value not in ("0", "7", "null") and "u0000" not in value:
            text = "the name has other characters"
        doubt("%s: %s=%.20s" % (step, key, value), text, 1,
              faults=["set:%s=%s@%s" % (key, value, step)])
    if step != "greeting" and key != "sev-type":
        doubt("%s: no %s" % (step, key), key + ": expected", 1,
              faults=["drop:%s@%s" % (key, step)])

# ---- what is harmless ----

for step in STEPS[1:]:
    s = Session()
    r = launch(s.guest(), [*BASE, *s.keys()], ["event@" + step])
    ok(r.rc == 0 and r.table and not r.err, "events before the answer to " + step, r)
s = Session()
r = launch(s.guest(), [*BASE, *s.keys()], ["drop:sev-type@query-sev"])

ok(r.rc == 0 and r.table, "QEMU before 9.1: no sev-type", r)
s = Session()
r = launch(s.guest(), [*BASE, *s.keys()], ["pieces@query-sev"])
ok(r.rc == 0 and r.table, "an answer in pieces", r)
s = Session()
r = launch(s.guest(), [*BASE, *s.keys()], ['set:status="paused"@query-status'])
ok(r.rc == 0 and r.table, "a guest that the operator paused", r)

# ---- after the packet was sent: the keys are used up ----


def sent(name, fault, text, want_note, args=()):
    session = Session()
    limit = "10" if slow else "1"
    r = launch(session.guest(), [*BASE, *session.keys(), "--timeout", limit, *args], [fault])
    ok(r.rc == 1 and text in r.err and session.used() == [True, True] and want_note in r.err,
       name, text, r)
    rc, out, err = run(*BASE, *session.keys(), "--qmp", PATH)
    ok((rc, out) == (1, "") and "this key is used up: 20" in err,
       name + ": the keys are used up", rc, out, err)
    return r


MAYBE = "the packet was sent: the host may have it; open a new session"
DONE = "the secrets were injected; look at the guest: it may be paused"
for fault in ("close", "half", "silence", "plain:{]", "twice", "top:id=99", "named:RESUME"):
    where, note = (INJECT, MAYBE)
    if fault == "twice":
        note = DONE
    r = sent("%s at the injection" % fault, fault + "@" + where, "", note)
    ok(fault == "twice" or "cont" not in r.steps, "%s at the injection: no cont" % fault, r)
r = sent("JSON of an injection that may have taken place", "close@" + INJECT, "closed", MAYBE,
         ["--json"])
ok(json.loads(r.out)["injected"] is None, "JSON: injected is null", r.out)
for desc, hint in (
        ("SEV: Not in correct state. (LSECRET) 4", "before the guest runs for the first time"),
        ("SEV: no secret area found in OVMF, gpa must be specified.", "--gpa must name"),
        ("SEV: failed to inject secret ret=-5 fw_error=7 'Bad measurement'",
         "the platform refused the packet"),
        ("SEV not enabled for guest", "")):
    session = Session()
    r = launch(session.guest(), [*BASE, *session.keys()], ["error:%s@%s" % (desc, INJECT)])
    ok(r.rc == (4 if "enabled" in desc else 1) and desc in r.err and hint in r.err and
       session.used() == [True, True] and "cont" not in r.steps, "error: " + desc, r)
for fault in ("close", "silence", "error:no", "plain:{]"):
    sent("%s at cont" % fault, fault + "@cont", "cont: ", DONE)
    sent("%s at the last query-status" % fault, fault + "@query-status-2", "query-status: ", DONE)
sent("the guest does not run", 'set:running=false@query-status-2',
     "the guest does not run: its state is running", DONE)

# The host answers with the measurement of a guest that it started before with
# the same session: the owner injects into that one, and into no other one.
s = Session()
first = s.guest()
second = s.guest()
r = launch(second, [*BASE, *s.keys()], ['set:data="%s"@%s' % (first.measurement, MEASURE)])
ok(r.rc == 1 and r.table is None and "fw_error=7" in r.err and s.used() == [True, True],
   "replay: the measurement of another launch of the session", r)

# A process that is killed at the injection leaves the marks.
s = Session()
if os.path.exists(PATH):
    os.unlink(PATH)
listener = listen()
commands = []
thread = threading.Thread(target=serve, args=(listener, s.guest(), ["silence@" + INJECT],
                                              commands))
thread.start()
child = subprocess.Popen([*command, *BASE, *s.keys(), "--qmp", PATH], stdin=subprocess.DEVNULL,
                         stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
limit = time.monotonic() + 120
while len(commands) < 5 and time.monotonic() < limit:
    time.sleep(0.01)
child.send_signal(signal.SIGKILL)
child.wait()
end(listener, thread)
ok(len(commands) == 5 and s.used() == [True, True], "killed at the injection: the keys are marked",
   commands, s.used())

# Two commands with the same keys: one of them gets to the injection.
s = Session()
results, threads, guests = [], [], [s.guest() for _ in range(4)]
for i, g in enumerate(guests):
    a = "%s/race%d" % (folder, i)
    lsn, lg = listen(address=a), []
    t = threading.Thread(target=serve, args=(lsn, g, [], lg))
    t.start()
    p = subprocess.Popen([*command, *BASE, *s.keys(), "--qmp", a], stdin=subprocess.DEVNULL,
                         stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    threads.append((t, p, lsn, lg))
for t, p, lsn, lg in threads:
    p.communicate()
    end(lsn, t)
    results.append(INJECT in [n for n, _ in lg])
ok(results.count(True) == 1, "four commands with the same keys: one injects", results)

# A directory without room for the marks: nothing is sent.
if os.geteuid() == 0 and not slow:
    s = Session()
    locked = folder + "/locked"
    os.mkdir(locked)
    for k in ("tik", "tek"):
        shutil.copy(s.name + "_%s.bin" % k, "%s/%s" % (locked, k))
        os.chown("%s/%s" % (locked, k), 65534, 65534)
    for path in (fw, secret, folder):
        os.chmod(path, 0o755)
    keep = command[:]
    command[:] = ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups", *keep]
    lsn = listen(address=folder + "/open")
    os.chmod(folder + "/open", 0o777)
    r = launch(s.guest(), [*BASE, "--tik", locked + "/tik", "--tek", locked + "/tek"],
               address=folder + "/open", listener=lsn)
    command[:] = keep
    ok(r.rc == 1 and INJECT not in r.steps and "ermission denied" in r.err,
       "no mark can be written: nothing is sent", r)

# ---- SNP and command lines ----

SNP = ["sev", "launch", "--firmware", fw, "snp", "--cpus", "2", "--cpu", "EPYC-Milan"]
s = Session()
r = launch(s.guest("--snp", "--policy", "0x30000"), [*SNP, "--policy", "0x30000"])
ok(r.rc == 4 and "launch digest: " + m.snp(image, 2, MILAN) in r.out and
   "nothing can be proven before the guest runs" in r.err and r.steps == STEPS[1:4],
   "snp: the digest, and what cannot be done", r)
r = launch(s.guest("--snp", "--policy", "0x30000"), [*SNP, "--json"])
doc = json.loads(r.out)
ok(r.rc == 4 and doc["launch_digest"] == m.snp(image, 2, MILAN) and known_members(doc) and
   (doc["injected"], doc["policy"], doc["policy_names"]) == (False, "0x30000", None),
   "snp: JSON", r.out)
r = launch(s.guest("--snp", "--policy", "0x30000"), [*SNP, "--policy", "0x30001"])
ok(r.rc == 5 and "expected policy 0x30001, found 0x30000" in r.err, "snp: --policy", r)
r = launch(s.guest(), SNP)
ok(r.rc == 5 and "expected a guest with snp, found one with sev" in r.err, "snp: a SEV guest", r)
for opt in ("--secret", "--tik", "--tek", "--tk", "--gpa", "--api", "--build", "--nonce"):
    value = {"--api": "1.40", "--nonce": "00" * 16, "--secret": GUID + ":" + secret}.get(opt, "1")
    rc, out, err = run(*SNP, opt, value, "--qmp", PATH)
    ok((rc, out) == (2, "") and "is not for SNP" in err, "snp: " + opt, rc, out, err)
r = launch(s.guest("--snp", "--policy", "1"), [*SNP, "--policy", "ES"])
ok(r.rc == 2 and "is not a number" in r.err, "snp: a policy of SEV", r)

QMP = ["--qmp", PATH]
for args, text in (
        ([*BASE, *s.keys()], "--qmp: is required"),
        (["sev", "launch", *QMP, "--secret", "x:y", *s.keys()], "--firmware: is required"),
        (["sev", "launch", *QMP, "--firmware", fw, *s.keys()], "--secret: is required"),
        ([*BASE, *QMP, *s.keys()[:2]], "give --tik and --tek, or --tk"),
        ([*BASE, *QMP, *s.keys(), "--tk", tk], "give --tik and --tek, or --tk"),
        ([*BASE, *QMP, *s.keys(), "--secret", "frob"], "is not of the form GUID:FILE"),
        ([*BASE, *QMP, *s.keys(), "--secret", "frob:" + secret], "nor a known name"),
        ([*BASE, *QMP, *s.keys(), "--secret", "luks-key:" + secret], "is given twice"),
        ([*BASE, *QMP, *s.keys(), "--timeout", "0"], "--timeout is a number"),
        ([*BASE, *QMP, *s.keys(), "--gpa", "-1"], "is not a number"),
        ([*BASE, *QMP, *s.keys(), "--nonce", "00"], "a nonce has 16 bytes"),
        ([*BASE, *QMP, *s.keys(), "--api", "1"], "MAJOR.MINOR"),
        ([*BASE, *QMP, *s.keys(), "--build", "256"], "is not a number, or too large"),
        ([*BASE, *QMP, *s.keys(), "frob"], "expected sev, sev-es or snp"),
        ([*BASE, *QMP, *s.keys(), "sev", "--cpus", "1"], "is not an option for this kind"),
        ([*BASE, *QMP, *s.keys(), "sev-es"], "--cpus: is required")):
    rc, out, err = run(*args)
    ok((rc, out) == (2, "") and text in err, "usage: " + text, rc, out, err)
for args, text in (
        ([*BASE, *QMP, "--tik", secret, "--tek", secret], "expected a key of 16 bytes"),
        ([*BASE, *QMP, *s.keys(), "--firmware", folder + "/nowhere", "sev"], "No such file"),
        ([*BASE, *QMP, *s.keys(), "--secret", GUID + ":/nowhere"], "/nowhere: No such file")):
    rc, out, err = run(*args)
    ok((rc, out) == (1, "") and text in err, "failure: " + text, rc, out, err)

# ---- QEMU itself ----


def qemu(name, want, text, *args):
    program = shutil.which(args[0])
    if not program:
        print("skip", "QEMU: " + name, "no " + args[0], sep="\t")
        return
    path = "%s/q%s" % (folder, name.replace(" ", ""))
    with subprocess.Popen([program, *args[1:], "-S", "-display", "none", "-nodefaults", "-qmp",
                           "unix:%s,server=on,wait=off" % path], stdin=subprocess.DEVNULL,
                          stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as child:
        limit = time.monotonic() + 60
        while not os.path.exists(path) and time.monotonic() < limit and child.poll() is None:
            time.sleep(0.05)
        rc, out, err = run(*BASE, *s.keys(), "--qmp", path, "-v")
        ok(rc == want and text in err and "guest: paused (prelaunch)\n" in out and
           s.used() == [False, False], "QEMU: " + name, rc, out, err)
        ok("nothing was injected; the guest was not continued" in err,
           "QEMU: %s: nothing was injected" % name, err)
        child.kill()


qemu("no SEV", 4, "SEV is not enabled for this guest", "qemu-system-x86_64", "-accel", "tcg",
     "-machine", "q35")
qemu("no machine", 4, "SEV is not enabled for this guest", "qemu-system-x86_64", "-accel", "tcg",
     "-machine", "none")
qemu("not x86", 4, "this QEMU has no such command: The command query-sev has not been found",
     "qemu-system-aarch64", "-accel", "tcg", "-machine", "none")
