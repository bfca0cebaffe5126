# SPDX-License-Identifier: GPL-2.0-only
"""
Runs the commands of Documentation/verifier.md as written. Prints one line per
command: ok or "not ok", a tab and the command; after "not ok" also a tab and the
reason.

	verifier_walk.py PAGE CCGUEST RESPONDER WORKDIR [PREFIX...]

spdm-responder is the drive. The prompt says how a command runs:

- "verifier$": in the work directory.
- "guest#": with the TCP address of a drive that can only be challenged in place
  of 0000:01:00.0, as the kernel module would challenge the drive.
- "host$": with the TCP address of a drive that signs measurements in place of
  127.0.0.1:2323.

The shown lines must be those that are printed. Digits of 64 and more hexadecimal
digits may differ, and what "…" leaves out.
"""
import os
import re
import shlex
import subprocess
import sys

from responder_process import Process

PAGE, CCGUEST, RESPONDER, WORK = sys.argv[1:5]
PREFIX = sys.argv[5:]
DEVICE = "1b36:0010:010802:02:1af4:1100"
PROMPT = re.compile(r"(verifier\$|guest#|host\$) (.*)")


def report(good, what, why=""):
    why = why.replace("\n", " | ").replace("\t", " ")
    print("ok" if good else "not ok", what, "" if good else why[:1500], sep="\t")


def shell(command, status):
    env = dict(os.environ, PATH=WORK + "/bin:" + os.environ["PATH"], LC_ALL="C.UTF-8")
    done = subprocess.run(["sh", "-c", "(exit %d)\n%s" % (status, command)], env=env, cwd=WORK,
                          stdin=subprocess.DEVNULL, capture_output=True, check=False, timeout=300)
    return done.returncode, (done.stdout + done.stderr).decode()


def commands(text):
    """The commands of the indented blocks: prompt, command, shown lines."""
    items = []
    for line in re.findall(r"^    (.*)\n", text, re.M):
        found = PROMPT.match(line)
        if items and items[-1][1].endswith("\\"):
            items[-1][1] += "\n" + line
        elif found:
            items.append([found[1], found[2], []])
        else:
            items[-1][2].append(line)
    return items


def same(shown, printed):
    for s, p in zip(shown, printed):
        s = ".*".join(re.escape(part) for part in s.split("…"))
        s = re.sub("[0-9a-f]{64,}", "[0-9a-f]+", s)
        if not re.fullmatch(s, p):
            return False
    return len(shown) == len(printed)


def prepare():
    """What the verifier has before."""
    os.makedirs(WORK + "/bin")
    with open(WORK + "/bin/ccguest", "w", encoding="ascii") as f:
        f.write("#!/bin/sh\nexec %s \"$@\"\n" % shlex.join([*PREFIX, CCGUEST]))
    os.chmod(WORK + "/bin/ccguest", 0o755)
    subprocess.run([RESPONDER, "certs", WORK + "/pki", "--device=" + DEVICE, "-q",
                    "--algorithms=p384"], check=True)
    os.rename(WORK + "/pki/p384/ca.pem", WORK + "/ca.pem")


def walk(drive, measured):
    status, _ = shell("ccguest device measurements --connect=127.0.0.1:%d --ca=ca.pem --json "
                      ">drive.reference" % measured.port, 0)
    report(not status, "the reference of the maker")
    with open(PAGE, encoding="utf-8") as f:
        items = commands(f.read())
    for i, (prompt, command, shown) in enumerate(items):
        name = re.sub(r"\s+", " ", command.replace("\\\n", " "))[:90]
        if prompt == "guest#":
            command = command.replace("0000:01:00.0", "--connect=127.0.0.1:%d" % drive.port)
        if prompt == "host$":
            command = command.replace("127.0.0.1:2323", "127.0.0.1:%d" % measured.port)
        status, out = shell(command, status)
        told = i + 1 < len(items) and items[i + 1][1] == "echo $?"
        lines = out.rstrip("\n").split("\n") if out else []
        report((not status or told) and (not shown or same(shown, lines)), name,
               "status %d, printed: %s" % (status, out))
    report(len(items) >= 15, "the page has commands")


prepare()
SLOT = "--slot=0=%s/pki/p384/good.der" % WORK
RUN = [RESPONDER, "--port=0", "-q", SLOT]
with Process(RUN + ["--capabilities=CERT,CHAL"], WORK + "/log1") as challenged:
    with Process(RUN, WORK + "/log2") as measuring:
        walk(challenged, measuring)
