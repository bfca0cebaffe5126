#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""bench.py CCGUEST DIR: the measurements of selftests/bench. DIR holds tpm.log
and has room for 1.2 GiB.

The compared commands run in turn, several times. The best run of each command
counts, because other programs may use the machine. Times are processor time,
user and system. The comparison of two processors with one uses elapsed time.
"""
import json
import os
import re
import shutil
import subprocess
import sys
import time

import bench_sev
import bench_spdm

ccguest, work = sys.argv[1], sys.argv[2]
MIB = 1 << 20
SMALL, LARGE = 64 * MIB, 1024 * MIB
ROUNDS = 5
missed = unknown = 0


def path(*names):
    return os.path.join(work, *names)


def run(*command, cpus=None):
    """Returns processor time, elapsed time and peak memory (KiB) of a command."""
    before = time.monotonic()
    child = subprocess.Popen(
        command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE,
        # without a function, no copy of this process is made, which takes time
        preexec_fn=cpus and (lambda: os.sched_setaffinity(0, cpus)))
    peak = 0
    while True:
        # not ru_maxrss, which includes the process before exec
        try:
            with open("/proc/%d/status" % child.pid, encoding="ascii") as f:
                found = re.search(r"VmHWM:\s+(\d+)", f.read())
        except OSError:
            found = None
        peak = max(peak, int(found[1]) if found else 0)
        pid, status, usage = os.wait4(child.pid, os.WNOHANG)
        if pid:
            break
        time.sleep(0.002)
    wall = time.monotonic() - before
    child.returncode = os.waitstatus_to_exitcode(status)
    said = child.stderr.read().decode(errors="replace")
    child.stderr.close()
    if child.returncode:
        sys.exit("bench: %s: ended with %d: %s" % (
            " ".join(command), child.returncode, said[:300]))
    return usage.ru_utime + usage.ru_stime, wall, peak


def log(*args, **kwargs):
    return run(ccguest, "-q", "log", *args, **kwargs)


def best(jobs, which=0, rounds=ROUNDS):
    """Runs the jobs in turn. Returns the smallest figure of each job."""
    runs = [[job()[which] for job in jobs] for _ in range(rounds)]
    return [min(r) for r in zip(*runs)]


def report(what, figure, limit, at_least, text):
    global missed
    good = figure >= limit if at_least else figure <= limit
    missed += not good
    print("%-6s %s: %.2f, %s %.2f  (%s)" % (
        "met" if good else "MISSED", what, figure,
        "at least" if at_least else "at most", limit, text), flush=True)


def note(text):
    print("%-6s %s" % ("-", text), flush=True)


def make_image(name, size):
    with open(path("images", name), "wb") as f:
        for _ in range(size // MIB):
            f.write(os.urandom(MIB))


def describe(name, algo="sha256"):
    """Describes a realm that loads one image. Returns the path of the file."""
    file = path("%s-%s.json" % (name, algo))
    with open(file, "w", encoding="ascii") as f:
        json.dump({
            "hash": algo, "s2sz": 41,
            "ram": [{"base": "0x40000000", "size": "0x80000000"}],
            "images": [{"name": "KERNEL", "file": path("images", name),
                        "base": "0x40200000"}],
            "vcpu": {"pc": "0x40200000"},
            "log": {"base": "0xa0000000", "size": 4096}}, f)
    return file


# ---- log show ----

def bench_show():
    file = path("tpm.log")
    ours, yaml, js, theirs = best([
        lambda: log("show", file), lambda: log("show", "--yaml", file),
        lambda: log("show", "--json=short", file),
        lambda: run("tpm2_eventlog", file)])
    report("log show, times as fast as tpm2_eventlog", theirs / ours, 20, True,
           "%.1f MB in %.3f s against %.3f s" % (
               os.path.getsize(file) / 1e6, ours, theirs))
    note("log show --yaml: %.3f s; --json: %.3f s" % (yaml, js))


# ---- log rim ----

def speed(*args):
    """Returns the bytes per second of user time that openssl reports."""
    out = subprocess.run(["openssl", "speed", "-seconds", "1", "-bytes", "4096",
                          *args], stdout=subprocess.PIPE,
                         stderr=subprocess.DEVNULL, check=True).stdout.decode()
    return 1000 * float(re.search(r"^sha\S+\s+([\d.]+)k", out, re.M)[1])


def bench_rim(cpu):
    for algo in "sha256", "sha384", "sha512":
        file = describe("large", algo)
        theirs, times = 0, []
        for _ in range(ROUNDS):
            times.append(log("rim", file, cpus={cpu})[0])
            theirs = max(theirs, speed("-evp", algo),
                         0 if algo == "sha384" else speed(algo))
        ours = LARGE / min(times)
        report("log rim with %s, of openssl speed -bytes 4096" % algo,
               ours / theirs, 0.9, True, "1 GiB on one core at %.0f MB/s "
               "against %.0f MB/s" % (ours / 1e6, theirs / 1e6))


def both(file, cpus):
    """Returns the elapsed time of two runs at once on one core each."""
    before = time.monotonic()
    children = [subprocess.Popen([ccguest, "log", "rim", file],
                                 stdout=subprocess.DEVNULL,
                                 preexec_fn=lambda c=cpu:
                                 os.sched_setaffinity(0, {c}))
                for cpu in cpus]
    if any([child.wait() for child in children]):
        sys.exit("bench: log rim failed")
    return 0, time.monotonic() - before


def bench_cores(cpus):
    global unknown
    if len(cpus) < 2:
        unknown += 1
        note("log rim on two cores: not measured, this machine has one core")
        return
    for algo in "sha256", "sha512":
        file = describe("large", algo)
        one, two, each = best([
            lambda f=file: log("rim", f, cpus=set(cpus[:1])),
            lambda f=file: log("rim", f, cpus=set(cpus[:2])),
            lambda f=file: both(f, cpus[:2])], 1, 3 * ROUNDS)
        what = "log rim with %s, two cores against one" % algo
        figures = "%.3f s against %.3f s elapsed" % (two, one)
        # two independent processes are the upper limit
        if one / two < 1.8 and 2 * one / each < 1.9:
            unknown += 1
            note("%s: %.2f; not measured, two processes get %.2f cores (%s)" %
                 (what, one / two, 2 * one / each, figures))
            continue
        report(what, one / two, 1.8, True, figures)


def bench_memory():
    small, large = best([lambda: log("rim", describe("small")),
                         lambda: log("rim", describe("large"))], 2)
    report("log rim, memory for 1 GiB against 64 MiB", large / small, 1.1,
           False, "%d KiB against %d KiB" % (large, small))


# ---- log verify ----

class Guest:
    """A guest: its log, its registers, and a database with its image."""

    def __init__(self, name):
        self.log, self.registers = path(name + ".log"), path(name + ".rim")
        log("make", "-o", self.log, describe(name))
        with open(self.registers, "wb") as f:
            subprocess.run([ccguest, "log", "rim", "--json", describe(name)],
                           stdout=f, check=True)
        self.database = path("database-" + name)
        self.cold = self.verify(path("images"))[0]

    def verify(self, images):
        return log("verify", "--images", images, "--database", self.database,
                   "--registers", self.registers, self.log)

    def verify_warm(self):
        """Verifies with the database, without the image file."""
        return self.verify(path("none"))

    def verify_changed(self):
        """Verifies without stored steps, as for another guest."""
        for name in os.listdir(self.database):
            if name.endswith(".rim"):
                os.unlink(os.path.join(self.database, name))
        return self.verify_warm()


def bench_verify():
    os.mkdir(path("none"))
    small, large = Guest("small"), Guest("large")
    times = best([small.verify_warm, large.verify_warm])
    report("log verify with a warm database, 1 GiB against 64 MiB",
           times[1] / times[0], 1.2, False, "%.4f s against %.4f s; %.2f s "
           "the first time" % (times[1], times[0], large.cold))
    times = best([small.verify_changed, large.verify_changed])
    note("log verify of another guest with these images: %.4f s for 1 GiB, "
         "%.4f s for 64 MiB" % (times[1], times[0]))


# ---- sev measure ----

def compare_sev(what, ours, theirs, package):
    """Compares the whole processes of ccguest and of another tool."""
    what += " against " + theirs[0]
    if not shutil.which(theirs[0]):
        note("%s: not installed: %s" % (what, package))
        return
    times = best([lambda: run(*ours), lambda: run(*theirs)], rounds=3 * ROUNDS)
    report(what, times[0] / times[1], 0.1, False,
           "%.4f s against %.4f s" % tuple(times))


def bench_sev_measure():
    es, snp = bench_sev.Launch(ccguest, work), bench_sev.SnpLaunch(ccguest, work)
    compare_sev("sev measure sev-es for 8 CPUs", es.ours, es.libvirt,
                "libvirt-clients-qemu")
    compare_sev("sev measure snp for 64 CPUs", snp.ours, snp.theirs,
                "sev-snp-measure of github.com/virtee, by pip")


# ---- device authenticate ----

def bench_devices():
    """Devices that take 100 ms for each response are authenticated at once."""
    devices = bench_spdm.Devices(ccguest, work, 64, 100)
    one, many = best([lambda: [devices.authenticate(1)],
                      lambda: [devices.authenticate(64)]])
    devices.stop()
    report("device authenticate, 64 devices at once against one", many / one,
           1.5, False, "%.2f s against %.2f s elapsed" % (many, one))


def main():
    cpus = sorted(os.sched_getaffinity(0))
    bench_show()
    bench_sev_measure()
    bench_devices()
    os.mkdir(path("images"))
    make_image("small", SMALL)
    make_image("large", LARGE)
    bench_rim(cpus[-1])
    bench_cores(cpus)
    bench_memory()
    bench_verify()
    shutil.rmtree(path("images"))
    return 1 if missed else 2 if unknown else 0


sys.exit(main())
