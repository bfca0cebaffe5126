#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""A QMP server that plays QEMU for the launch of a guest with SEV or SEV-ES,
over the firmware of SEV in software (soft-psp). Shares no code with libccguest.

qmp_server.py [OPTION...] SOCKET
    serves one client on the UNIX socket SOCKET, and ends with it

--psp FILE        the program soft-psp
--dir DIR         the folder of its platform
--godh FILE, --session FILE
                  start a guest with these files of the owner
--policy N        policy of the guest
--firmware FILE   the firmware; --digest HEX gives another launch digest
--kernel FILE, --initrd FILE, --cmdline TEXT
                  measure them with the firmware (kernel-hashes=on)
--cpus N, --rdx N, --form legacy|init2
                  SEV-ES: virtual CPUs, signature of the processor, form of VMSA
--api MAJOR.MINOR, --build N
--table FILE      write the secrets that the guest gets into FILE
--log FILE        append the names of the commands to FILE
--fault WHAT@STEP play WHAT at STEP; see the class Faults
--snp             the guest is a SNP guest; --off: SEV is not enabled

STEP is "greeting" or a command; "query-status-2" is the second query-status.
"""
import argparse
import base64
import json
import os
import socket
import subprocess
import sys
import tempfile
import time

import sev_model

GREETING = {"QMP": {"version": {"qemu": {"micro": 2, "minor": 0, "major": 10},
                                "package": "soft-psp"}, "capabilities": ["oob"]}}
EVENT = {"timestamp": {"seconds": 1, "microseconds": 2}, "event": "NIC_RX_FILTER_CHANGED",
         "data": {"name": "net0", "path": "/machine"}}


class Refused(Exception):
    """A command that ends with an error: class and description."""
    def __init__(self, desc, kind="GenericError"):
        super().__init__(desc)
        self.kind, self.desc = kind, desc


class Gone(Exception):
    """The client, or the server by a fault, ended the conversation."""


def read(path):
    if not path:
        return b""
    with open(path, "rb") as f:
        return f.read()


class Guest:
    """A guest that waits with -S, and the commands of QEMU that concern it."""

    def __init__(self, opts):
        self.opts = opts
        self.running, self.measurement = False, ""
        self.state = "launch-secret"
        if opts.off:
            self.state = "uninit"
        elif opts.snp:
            self.state = "launch-update"
        else:
            self.psp("start", opts.godh, opts.session, str(opts.policy))
            out = self.psp("measure", self.digest(), *opts.api.split("."), str(opts.build))
            self.measurement = out.decode().strip()

    def psp(self, command, *args):
        done = subprocess.run([self.opts.psp, command, self.opts.dir, *args],
                              stdout=subprocess.PIPE, stderr=subprocess.PIPE, check=False)
        if done.returncode:
            raise Refused(done.stderr.decode().strip())
        return done.stdout

    def digest(self):
        opts = self.opts
        if opts.digest:
            return opts.digest
        image, hashes = read(opts.firmware), b""
        if opts.kernel:
            hashes = sev_model.table(read(opts.kernel), read(opts.initrd),
                                     opts.cmdline.encode() + b"\0")
        if opts.policy & 4:
            return sev_model.sev(image, opts.cpus, opts.rdx, hashes=hashes, form=opts.form)
        return sev_model.sev(image, hashes=hashes)

    def query_status(self, _):
        return {"status": "running" if self.running else "prelaunch", "running": self.running}

    def query_sev(self, _):
        major, minor = self.opts.api.split(".")
        answer = {"enabled": not self.opts.off, "api-major": int(major),
                  "api-minor": int(minor), "build-id": self.opts.build, "state": self.state}
        if self.opts.snp:
            return {**answer, "sev-type": "sev-snp", "snp-policy": self.opts.policy}
        return {**answer, "sev-type": "sev", "policy": self.opts.policy, "handle": 1}

    def query_measure(self, _):
        if not self.measurement:
            raise Refused("SEV launch measurement is not available")
        return {"data": self.measurement}

    def inject(self, args):
        if self.opts.off or self.opts.snp:
            raise Refused("SEV not enabled for guest")
        if self.state != "launch-secret":
            raise Refused("SEV: Not in correct state. (LSECRET) 3")
        if "gpa" not in args and not self.has_area():
            raise Refused("SEV: no secret area found in OVMF, gpa must be specified.")
        with tempfile.TemporaryDirectory() as folder:
            paths = []
            for name in ("packet-header", "secret"):
                paths.append(os.path.join(folder, name))
                with open(paths[-1], "w", encoding="ascii") as f:
                    f.write(args[name])
            try:
                table = self.psp("secret", *paths)
            except Refused as e:
                raise Refused("SEV: failed to inject secret ret=-5 fw_error=7 'Bad "
                              "measurement'") from e
        if self.opts.table:
            with open(self.opts.table, "wb") as f:
                f.write(table)
        return {}

    def has_area(self):
        return sev_model.guid(sev_model.SECRET) in read(self.opts.firmware)

    def cont(self, _):
        self.running, self.state = True, "running"
        return {}

    commands = {"qmp_capabilities": lambda self, args: {}, "query-status": query_status,
                "query-sev": query_sev, "query-sev-launch-measure": query_measure,
                "sev-inject-launch-secret": inject, "cont": cont}


class Faults:
    """What a hostile or a broken QEMU sends in the place of an answer. A method
    gets the answer, and returns the bytes to send."""

    def __init__(self, conn):
        self.conn = conn

    def send(self, data):
        try:
            self.conn.sendall(data)
        except OSError as e:
            raise Gone from e

    def idle(self):
        """Waits until the client goes away."""
        try:
            while self.conn.recv(65536):
                pass
        except OSError:
            pass
        raise Gone

    def close(self, _, __):
        raise Gone

    def half(self, line, _):
        self.send(line[:len(line) // 2])
        raise Gone

    def stall(self, line, _):
        self.send(line[:len(line) // 2])
        self.idle()

    def silence(self, _, __):
        self.idle()

    def pieces(self, line, _):
        for i in range(len(line)):
            self.send(line[i:i + 1])
            time.sleep(0.001)
        return b""

    def slow(self, line, _):
        for i in range(len(line)):
            self.send(line[i:i + 1])
            time.sleep(0.1)
        return b""

    def long(self, _, __):
        for _ in range(100):
            self.send(b"x" * (1 << 20))
        return b"\n"

    def event(self, line, _):
        return encode(EVENT) * 3 + line

    def named(self, line, name):
        return encode({**EVENT, "event": name}) + line

    def events(self, _, __):
        while True:
            self.send(encode(EVENT) * 100)

    def error(self, line, desc):
        return encode({"id": number(line), "error": {"class": "GenericError", "desc": desc}})

    def missing(self, line, name):
        return encode({"id": number(line), "error": {
            "class": "CommandNotFound", "desc": "The command %s has not been found" % name}})

    def plain(self, _, text):
        return text.encode("latin-1").decode("unicode_escape").encode("latin-1") + b"\r\n"

    def nest(self, _, text):
        return text.encode() * 100000 + b"\n"

    def values(self, _, text):
        return b'{"return": [' + b",".join([text.encode()] * 300000) + b"]}\n"

    def twice(self, line, _):
        return line * 2

    def ahead(self, line, _):
        """The answer to the next command, already now."""
        after = json.loads(line)
        return line + encode({**after, "id": after["id"] + 1})

    def set(self, line, change):
        """KEY=JSON, in the contents of the answer."""
        key, _, value = change.partition("=")
        answer = json.loads(line)
        answer.get("return", answer.get("QMP"))[key] = json.loads(value)
        return encode(answer)

    def top(self, line, change):
        """KEY=JSON, in the answer."""
        key, _, value = change.partition("=")
        return encode({**json.loads(line), key: json.loads(value)})

    def drop(self, line, key):
        answer = json.loads(line)
        (answer["return"] if key in answer.get("return", {}) else answer).pop(key)
        return encode(answer)


def encode(message):
    return json.dumps(message).encode() + b"\r\n"


def number(line):
    return json.loads(line).get("id")


class Server:
    """A conversation with a client."""

    def __init__(self, guest, conn, faults=(), log=None):
        self.guest, self.conn, self.log = guest, conn, log
        self.faults = dict(reversed(f.rsplit("@", 1)) for f in faults)
        self.player = Faults(conn)
        self.seen = {}

    def emit(self, step, message):
        line = encode(message)
        if step in self.faults:
            what, _, arg = self.faults[step].partition(":")
            line = getattr(self.player, what)(line, arg)
        self.player.send(line)

    def note(self, step, command):
        if self.log is not None:
            self.log.append((step, command))

    def answer(self, line):
        command = json.loads(line)
        name, args = command["execute"], command.get("arguments", {})
        self.seen[name] = self.seen.get(name, 0) + 1
        step = name + ("-%d" % self.seen[name] if self.seen[name] > 1 else "")
        self.note(step, command)
        result = {"id": command["id"]}
        try:
            if name not in Guest.commands:
                raise Refused("The command %s has not been found" % name, "CommandNotFound")
            result["return"] = Guest.commands[name](self.guest, args)
        except Refused as e:
            result["error"] = {"class": e.kind, "desc": e.desc}
        self.emit(step, result)
        if name == "cont" and "return" in result:
            self.player.send(encode({**EVENT, "event": "RESUME"}))

    def run(self):
        try:
            self.emit("greeting", GREETING)
            with self.conn.makefile("rb") as lines:
                for line in lines:
                    self.answer(line)
        except (Gone, OSError):
            pass
        finally:
            self.conn.close()


def parser():
    p = argparse.ArgumentParser()
    for name in ("psp", "dir", "godh", "session", "firmware", "kernel", "initrd", "digest",
                 "table", "log"):
        p.add_argument("--" + name)
    p.add_argument("--policy", type=lambda n: int(n, 0), default=1)
    p.add_argument("--cpus", type=int, default=1)
    p.add_argument("--rdx", type=lambda n: int(n, 0), default=0xa00f11)
    p.add_argument("--cmdline", default="")
    p.add_argument("--form", default="init2")
    p.add_argument("--api", default="1.40")
    p.add_argument("--build", type=int, default=15)
    p.add_argument("--fault", action="append", default=[])
    p.add_argument("--snp", action="store_true")
    p.add_argument("--off", action="store_true")
    p.add_argument("socket")
    return p


def main():
    opts = parser().parse_args()
    guest = Guest(opts)
    log = []
    with socket.socket(socket.AF_UNIX) as s:
        s.bind(opts.socket)
        s.listen(1)
        conn, _ = s.accept()
    os.unlink(opts.socket)
    Server(guest, conn, opts.fault, log).run()
    if opts.log:
        with open(opts.log, "a", encoding="utf-8") as f:
            f.writelines(step + "\n" for step, _ in log)


if __name__ == "__main__":
    try:
        main()
    except Refused as e:
        sys.exit("qmp_server.py: " + e.desc)
    except base64.binascii.Error as e:
        sys.exit("qmp_server.py: %s" % e)
