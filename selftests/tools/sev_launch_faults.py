#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""sev_launch_faults.py: tests `ccguest sev launch` with hosts that lie, fail, or are
silent. sev_launch.py has the arguments.
"""
import json
import os
import shutil
import signal
import subprocess
import threading
import time

from sev_launch import (
    BASE, BEFORE, GUID, INJECT, MEASURE, PATH, STEPS, Session, command, end, folder, fw,
    known_members, launch, listen, ok, run, secret, serve, slow, write)

s = Session()
kernel = write("kernel", b"a kernel")

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
