# SPDX-License-Identifier: GPL-2.0-only
"""Runs of `ccguest sev launch` against the QMP server qmp_server.py, for
sev_launch_tests.py and sev_launch_faults.py. Both have these arguments:
CCGUEST DIR SOFT-PSP CCGUEST-JSON.5 [PREFIX...]. DIR is an empty directory. They
print lines of VERDICT, NAME and reason, with tabs between them.
"""
import os
import re
import socket
import subprocess
import sys
import threading

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
