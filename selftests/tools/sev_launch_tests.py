#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""sev_launch_tests.py: tests whole launches with `ccguest sev launch`, addresses of
monitors, SNP, command lines, and QEMU itself. sev_launch.py has the arguments.
"""
import json
import os
import re
import shutil
import socket
import subprocess
import sys
import threading
import time

import qmp_server
import sev_model as m
from sev_launch import (
    BASE, GUID, INJECT, MILAN, PATH, STEPS, Session, bare, folder, fw, image, known_members,
    launch, listen, ok, run, secret, table_of, write)

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
