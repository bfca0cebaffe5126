#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""walk_tests.py PAGE CCGUEST SOFT-PSP DIR [PREFIX...]: runs the commands of
Documentation/sev-launch.md as written, and compares what they print. DIR is an
empty directory. Prints lines of VERDICT, NAME and reason, with tabs between them.

The indented blocks of PAGE have commands, each with what the command prints. The
prompt tells who gives the command:

    $ COMMAND         the owner: a shell runs the command in DIR
    host$ COMMAND     the host: the same, but qemu-system-x86_64 is Host.launch(),
                      and virsh is VIRSH and Host.start()
    (QEMU) COMMAND    the host, to QMP: Host.qmp()
    guest# COMMAND    the guest: `ccguest secret` reads the table that Host got
    host# COMMAND     the host with its device /dev/sev: only the help of the verbs
                      of ccguest in COMMAND is checked

QMP of `ccguest sev launch` is qmp_server.py, over the platform in software.

Rules: A command without shown output may print anything. Otherwise everything
that the command prints is shown: standard output, then messages. Digests and
base64 may have other digits, and an ellipsis stands for any text. A command
succeeds, unless the next one is `echo $?`. CCGUEST takes the ASK and ARK of the
platform in software for AMD's.
"""
import base64
import json
import os
import re
import shlex
import subprocess
import sys
import time

import sev_model as m

page, ccguest, psp, work = sys.argv[1:5]
prefix = sys.argv[5:]
API, BUILD = (1, 55), 21
CPUS = {"EPYC-Milan": 0xa00f11}
PROMPT = re.compile(r"(\$|host\$|host#|guest#|\(QEMU\)) (.*)")
# What differs in each run: digests, MACs, keys in base64.
VARIES = re.compile(r"[0-9a-f]{32,}|[A-Za-z0-9+/]{40,}={0,2}")
os.chdir(work)

# Libvirt: answers from files.
VIRSH = """#!/bin/sh
[ "$1" != -c ] || shift 2
case $1 in
start)	echo "$3" >host/arguments ;;
domsetlaunchsecstate)
	cp "$5" header.b64
	cp "$7" payload.b64 ;;
resume)	;;
*)	cat "host/$1" ;;
esac
"""
DOMAIN = """<domain type='kvm'><name>vm</name>%s</domain>
"""
REPORT = """sev-measurement: %s
sev-api-major  : %d
sev-api-minor  : %d
sev-build-id   : %d
sev-policy     : %d
"""


def ok(good, what, *why):
    text = " ".join(str(w) for w in why).replace("\n", " | ").replace("\t", " ")
    print("ok" if good else "not ok", what, "" if good else text[:1500], sep="\t")


def write(name, data, mode=0o644):
    with open(name, "wb") as f:
        f.write(data if isinstance(data, bytes) else data.encode())
    os.chmod(name, mode)


def read(name):
    with open(name, "rb") as f:
        return f.read()


def split(text):
    """QEMU's properties; two commas are a comma of the value."""
    parts = re.split("\0", re.sub("(?<!,),(?!,)", "\0", text))
    return dict(p.replace(",,", ",").partition("=")[::2] for p in parts)


class Host:
    """The host: QEMU and the platform in software."""

    def __init__(self):
        self.object = None

    def psp(self, *args):
        return subprocess.run([psp, args[0], "host", *args[1:]], check=True,
                              stdout=subprocess.PIPE).stdout

    def launch(self):
        """What qemu-system-x86_64 does with the arguments that it got."""
        words = json.loads(read("host/arguments"))
        self.options = dict(zip(words, words[1:]))
        self.object = split(self.options["-object"])
        assert self.options["-machine"] == "confidential-guest-support=sev0"
        assert self.object["id"] == "sev0" and "-S" in words
        self.psp("start", self.object["dh-cert-file"], self.object["session-file"],
                 self.object["policy"])
        os.unlink("host/arguments")

    def start(self):
        """What `virsh start --paused` does with the elements in elements.xml, whose
        paths became those of the host."""
        element = re.sub("(<(?:loader|kernel)[^>]*>)", r"\1/images/",
                         read("elements.xml").decode())
        part = {name: re.search("<%s>(.*?)</" % name, element, re.S)[1].strip()
                for name in ("policy", "dhCert", "session")}
        assert "kernelHashes='yes'" in element and "<vcpu>2</vcpu>" in element
        write("host/godh", part["dhCert"])
        write("host/session", part["session"])
        self.psp("start", "host/godh", "host/session", part["policy"])
        hashes = m.table(read("vmlinuz"), b"", b"root=/dev/vda1\0")
        digest = m.sev(read("OVMF.amdsev.fd"), 2, CPUS["EPYC-Milan"], hashes=hashes)
        data = self.psp("measure", digest, *map(str, API), str(BUILD)).decode().strip()
        write("host/dumpxml", DOMAIN % element)
        write("host/domlaunchsecinfo", REPORT % (data, *API, BUILD, int(part["policy"], 0)))
        write("host/hostname", "host.example\n")
        write("host/domstate", "paused\n")
        write("host/capabilities", "<capabilities/>")
        os.unlink("host/arguments")

    def monitor(self):
        """QEMU's monitor, for one client: a guest in the same state for each."""
        path = re.fullmatch("unix:([^,]*),server=on,wait=off", self.options["-qmp"])[1]
        if os.path.exists(path):
            os.unlink(path)
        command = [sys.executable, os.path.join(os.path.dirname(__file__), "qmp_server.py"),
                   "--psp", psp, "--dir", "host", "--table", "host/table",
                   "--godh", self.object["dh-cert-file"],
                   "--session", self.object["session-file"],
                   "--policy", self.object["policy"],
                   "--firmware", split(self.options["-drive"])["file"],
                   "--cpus", self.options["-smp"],
                   "--rdx", str(CPUS[self.options["-cpu"]]),
                   "--api", "%d.%d" % API, "--build", str(BUILD), path]
        server = subprocess.Popen(command)  # pylint: disable=consider-using-with
        while not os.path.exists(path) and server.poll() is None:
            time.sleep(0.01)
        return server

    def digest(self):
        image = read(split(self.options["-drive"])["file"])
        return m.sev(image, int(self.options["-smp"]), CPUS[self.options["-cpu"]])

    def qmp(self, command):
        name = command.split()[0]
        value = {}
        if name == "query-sev":
            value = {"enabled": True, "api-major": API[0], "api-minor": API[1],
                     "build-id": BUILD, "policy": int(self.object["policy"], 0)}
        elif name == "query-sev-launch-measure":
            data = self.psp("measure", self.digest(), *map(str, API), str(BUILD))
            write("measurement", data)
            value = {"data": data.decode().strip()}
        elif name == "query-sev-attestation-report":
            data = self.psp("attest", read("nonce").decode().strip())
            write("report", data)
            value = {"data": data.decode().strip()}
        elif name == "sev-inject-launch-secret":
            write("host/table", self.psp("secret", "header.b64", "payload.b64"))
        elif name != "cont":
            raise ValueError("no stand-in for this command of QMP")
        return 0, json.dumps({"return": value}) + "\n", ""


def prepare():
    """The files of the owner that the page names, and the platform."""
    os.mkdir("host")
    os.mkdir("bin")
    subprocess.run([psp, "platform", "host", "rome"], check=True)
    write("sev.chain", read("host/sev.chain"))
    image = m.image(pages=16)
    for name in "OVMF.amdsev.fd", "OVMF_CODE.fd", "OVMF.fd":
        write(name, image)
    write("vmlinuz", "a kernel")
    write("initrd.img", "an initrd")
    # The field MEASUREMENT of two attestation reports.
    for name, features in ("digest", 1), ("digest-6.7", 0x21):
        write(name, m.snp(image, 4, CPUS["EPYC-Milan"], features) + "\n")
    write("bin/ccguest", "#!/bin/sh\nexec %s \"$@\"\n" % shlex.join([*prefix, ccguest]), 0o755)
    write("bin/qemu-system-x86_64", "#!/usr/bin/env python3\nimport json, sys\n"
          "json.dump(sys.argv[1:], open('host/arguments', 'w'))\n", 0o755)
    write("bin/virsh", VIRSH, 0o755)


def shell(command, status=0):
    env = dict(os.environ, PATH=work + "/bin:" + os.environ["PATH"], LC_ALL="C.UTF-8",
               WALK_CA=work + "/host/ca.chain")
    done = subprocess.run(["sh", "-c", "(exit %d)\n%s" % (status, command)], env=env,
                          stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                          stderr=subprocess.PIPE, check=False, timeout=300)
    return done.returncode, done.stdout.decode(), done.stderr.decode()


def run(host, prompt, command, status):
    """Returns exit status, output and messages."""
    words = command.split()
    if prompt == "(QEMU)":
        return host.qmp(command)
    if prompt == "guest#" and words[:2] == ["ccguest", "secret"]:
        return shell(" ".join(words[:2] + ["-F", "host/table"] + words[2:]))
    if prompt == "host#":
        verbs = re.findall(r"\bccguest (\w+ \w+)", command)
        assert verbs, "no verb of ccguest"
        return shell("set -e\n" + "".join("ccguest help %s >help\n" % v for v in verbs))
    if prompt == "$" and "--qmp" in words:
        server = host.monitor()
        try:
            return shell(command, status)
        finally:
            server.wait(10)
    if prompt not in ("$", "host$"):
        raise ValueError("no stand-in for this command")
    result = shell(command, status)
    if prompt == "host$" and os.path.exists("host/arguments"):
        (host.start if words[0] == "virsh" else host.launch)()
    return result


def blocks(text):
    """The indented blocks: lists of prompt, command and shown lines."""
    for block in re.findall(r"(?:^    .*\n|^\n(?=    ))+", text, re.M):
        items = []
        for line in block.replace("\n    ", "\n")[4 if block[0] == " " else 0:].split("\n"):
            found = PROMPT.match(line)
            if items and items[-1][1].endswith("\\"):
                items[-1][1] += "\n" + line
            elif found:
                items.append([found[1], found[2], []])
            elif items:
                items[-1][2].append(line)
        for item in items:
            while item[2] and not item[2][-1]:
                item[2].pop()
        if items:
            yield items


def same(shown, printed):
    """Compares lines; what differs in each run may differ."""
    def pattern(line):
        parts = re.split("(…)", line)
        return "".join(".*" if p == "…" else "".join(
            re.escape(q) for q in re.split("(#+)", VARIES.sub(
                lambda v: "#" * len(v[0]), p))) for p in parts)

    if len(shown) != len(printed):
        return False
    return all(re.fullmatch(pattern(s), VARIES.sub(lambda v: "#" * len(v[0]), p))
               for s, p in zip(shown, printed))


def check(shown, out, err):
    messages = [s for s in shown if s.startswith("ccguest: ")]
    output = [s for s in shown if not s.startswith("ccguest: ")]
    if not shown:
        return True
    return same(output, out.rstrip("\n").split("\n") if out else []) and \
        same(messages, err.rstrip("\n").split("\n") if err else [])


def walk(host, items):
    status = 0
    for i, (prompt, command, shown) in enumerate(items):
        name = command.replace("\\\n", " ")
        name = re.sub(r"\s+", " ", name)[:90]
        try:
            status, out, err = run(host, prompt, command, status)
        except (AssertionError, KeyError, OSError, ValueError, subprocess.SubprocessError) as e:
            ok(False, name, repr(e))
            continue
        expected = i + 1 < len(items) and items[i + 1][1] == "echo $?"
        good = (not status or expected) and \
            (prompt == "host#" or check(shown, out, err))
        ok(good, name, "status", status, "printed:", out, err, "shown:", "\n".join(shown))


prepare()
with open(page, encoding="utf-8") as page_file:
    steps = list(blocks(page_file.read()))
the_host = Host()
for step in steps:
    walk(the_host, step)
ok(sum(len(s) for s in steps) >= 15, "the page has commands", len(steps))
