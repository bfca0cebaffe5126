#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""sev_measure_tests.py CCGUEST DIR [PREFIX...]: tests `ccguest sev vmsa`,
`measure` and `validate` against the model of sev_model.py. DIR is an empty
directory. Prints lines of VERDICT, NAME and reason, with tabs between them.
"""
import base64
import json
import os
import random
import struct
import subprocess
import sys

import sev_model as m

command, folder = sys.argv[3:] + sys.argv[1:2], sys.argv[2]
slow = bool(sys.argv[3:]) or bool(os.environ.get("SANITIZED"))
rng = random.Random(10)
MODELS = {"EPYC": 0x800f12, "EPYC-v4": 0x800f12, "EPYC-IBPB": 0x800f12,
          "EPYC-Rome": 0x830f10, "EPYC-Milan-v2": 0xa00f11, "EPYC-Genoa": 0xa10f10,
          "EPYC-Turin": 0xb00f00, "25/1/1": 0xa00f11, "23/49/0": 0x830f10,
          "6/6/3": 0x663, "270/255/15": 0xfff0fff | 0xf << 16, "sig:0x123": 0x123}
TIK, NONCE = bytes(range(16)), bytes(range(100, 116))
KEY = ["--api", "1.40", "--build", "40", "--nonce", NONCE.hex()]


def ok(good, what, *why):
    text = " ".join(str(w) for w in why).replace("\n", " ").replace("\t", " ")
    print("ok" if good else "not ok", what, "" if good else text[:500], sep="\t")


def run(*args):
    done = subprocess.run([*command, "sev", *args], stdout=subprocess.PIPE,
                          stderr=subprocess.PIPE, check=False)
    return done.returncode, done.stdout.decode(), done.stderr.decode()


def write(name, data):
    path = folder + "/" + name
    with open(path, "wb") as f:
        f.write(data)
    return path


def read(name):
    with open(folder + "/" + name, "rb") as f:
        return f.read()


image = m.image()
fw = write("fw", image)
kernel, initrd = b"a kernel", b"an initrd"
files = ["--kernel", write("kernel", kernel), "--initrd", write("initrd", initrd)]
tik = ["--tik", write("tik", TIK)]
SNP = ["snp", "--firmware", fw, "--cpus", "2", "--cpu", "EPYC-Milan"]
ES = ["sev-es", "--firmware", fw, "--cpus", "2", "--cpu", "EPYC-Milan"]
MILAN = 0xa00f11


def digest_of(*args):
    rc, out, err = run("measure", *args)
    return out.strip() if rc == 0 else (rc, out, err)


# ---- digests ----

for name, rdx in MODELS.items():
    got = digest_of("snp", "--firmware", fw, "--cpus", "1", "--cpu", name)
    ok(got == m.snp(image, 1, rdx), "--cpu " + name, got)
for text in ("EPYC-Naples", "EPYC-Rome-", "EPYC-Rome-v", "EPYC-Rome-v2x", "epyc", "25/1",
             "25/1/16", "25/256/1", "271/1/1", "25/1/1/", "sig:", "sig:0x100000000",
             "sig:-1", "25/-1/1", ""):
    rc, out, err = run("measure", "snp", "--firmware", fw, "--cpus", "1", "--cpu", text)
    ok((rc, out) == (2, "") and "unknown processor" in err, "--cpu %r" % text, rc, out, err)

# -v names what a user may have overlooked.
reset = m.entry(m.RESET, struct.pack("<I", m.RESET_ADDRESS))
notes = {"no kernel": "no kernel is measured: with kernel-hashes=on, give --kernel",
         "area": "the firmware has no area for kernel hashes, which QEMU needs",
         "metadata": "the firmware has no SEV metadata: a guest with SNP cannot start with it",
         "bios": "QEMU refuses -bios: the size is not a multiple of 64 KiB"}
bare = image[:-200] + bytes(200 - 32 - 40) + reset + struct.pack("<H", 40) + m.guid(m.FOOTER)
bare += bytes(32)
for what, args, want in (
        ("SNP", SNP, {"no kernel", "bios"}), ("SNP, kernel", SNP + files, {"bios"}),
        ("SNP, EC2", ["snp", "--firmware", fw, "--cpus", "1", "--vmm", "ec2"], {"no kernel"}),
        ("SNP, 64 KiB", ["snp", "--firmware", write("fw64", m.image(pages=16)), "--cpus", "1",
                         "--cpu", "EPYC"], {"no kernel"}),
        ("SEV, no tables", ["sev", "--firmware", write("bare", bare)], {"area", "metadata"})):
    rc, out, err = run("measure", "-v", *args)
    ok(rc == 0 and {n for n in notes if notes[n] in err} == want, "-v: " + what, rc, err)
    rc, out, err = run("measure", *args)
    ok((rc, err) == (0, ""), "no notes without -v: " + what, rc, err)

# Pages that repeat: in runs of all lengths, at all places of a thread's pages.
for n in (1, 2, 7, 8, 9, 63, 64, 65, 130):
    pages = [rng.choice(b"\x00\xff\x55") for _ in range(n)]
    if n > 64:
        pages[50:80] = [0xff] * 30
    fw_image = b"".join(bytes([c]) * m.PAGE for c in pages) + image
    got = digest_of("snp", "--firmware", write("fw-runs", fw_image), "--cpus", "1", "--cpu", "EPYC")
    ok(got == m.snp(fw_image, 1, MODELS["EPYC"]), "%d pages, some equal" % n, got)

for i in range(8 if slow else 60):
    sections = list(m.SECTIONS)
    rng.shuffle(sections)
    fw_image = m.image(sections, pages=rng.randrange(2, 9), seed=b"%d" % i)
    path = write("random", fw_image)
    cpus, features = rng.choice([1, 2, 3, 8, 64]), rng.choice([0, 1, 0x21, 0x201, 1 << 63])
    cmdline = rng.choice(["", "quiet", "caf\u00e9 \u2713", "x" * 5000])
    hashes = m.table(kernel, initrd, cmdline.encode() + b"\0")
    args = [*files, "--cmdline", cmdline]
    if rng.random() < 0.3:
        args, hashes = [], b""
    vmm = rng.choice(["qemu", "ec2", "gce"])
    rdx = MILAN if vmm == "qemu" else 0x600
    cpu = ["--cpu", "EPYC-Milan"] if vmm == "qemu" else []
    got = digest_of("snp", "--firmware", path, "--cpus", str(cpus), "--vmm", vmm, *cpu,
                    "--features", hex(features), *args)
    ok(got == m.snp(fw_image, cpus, rdx, features, hashes, sections, vmm),
       "snp: random launch %d" % i, vmm, got)
    vmm, form = rng.choice(["qemu", "krun"]), rng.choice(["legacy", "init2"])
    got = digest_of("sev-es", "--firmware", path, "--cpus", str(cpus), "--vmm", vmm, "--cpu",
                    "25/1/1", "--features", hex(features), "--vmsa", form, *args)
    ok(got == m.sev(fw_image, cpus, MILAN, features, hashes, form, vmm),
       "sev-es: random launch %d" % i, vmm, form, got)
    got = digest_of("sev", "--firmware", path, *args)
    ok(got == m.sev(fw_image, hashes=hashes), "sev: random launch %d" % i, got)

want = m.snp(image, 512, MILAN)
ok(digest_of(*SNP[:4], "512", *SNP[5:]) == want, "512 virtual CPUs")
ok(digest_of(*SNP, "--format", "base64") ==
   base64.b64encode(bytes.fromhex(m.snp(image, 2, MILAN))).decode(), "--format base64")
got = digest_of("snp", "--firmware", fw, "--firmware-only")
ok(got == m.snp(image, 0, 0, sections=[]), "--firmware-only", got)
other = write("other", m.image(seed=b"other"))
ok(digest_of("snp", "--firmware", other, *SNP[3:], "--firmware-digest", got) ==
   m.snp(image, 2, MILAN), "--firmware-digest")
unknown = [*m.SECTIONS, (0x900000, 0x2000, 0x55)]
data = m.image(unknown)
rc, out, err = run("measure", "snp", "--firmware", write("unknown", data), *SNP[3:])
ok(out.strip() == m.snp(data, 2, MILAN, sections=unknown) and "unknown type 0x55" in err,
   "a section of an unknown type", out, err)
ok(digest_of("sev", "--firmware", write("plain", bytes(4096))) == m.sev(bytes(4096)),
   "sev: a firmware without tables")

hashes = m.table(kernel, initrd, b"quiet\0")
want = m.snp(image, 2, MILAN, hashes=hashes)
sha = [["--" + o, "sha256:" + m.hashlib.sha256(d).hexdigest()] for o, d in
       (("kernel", kernel), ("initrd", initrd))]
for name, text in (("newline", b"quiet\n"), ("no newline", b"quiet")):
    ok(digest_of(*SNP, *sha[0], *sha[1], "--cmdline", "@" + write("cmdline", text)) == want,
       "sha256:HEX and @FILE, " + name)
rc, out, err = run("measure", *SNP, *files, "--cmdline", "@" + write("cmdline", b"a\0b"))
ok((rc, out) == (1, "") and "no NUL" in err, "a NUL in a command line", err)
rc, out, err = run("measure", *SNP, "--kernel", "sha256:12")
ok((rc, out) == (2, "") and "64 hexadecimal digits" in err, "a short digest", err)

rc, out, err = run("--json", "measure", *SNP, *files)
doc = json.loads(out)
ok(doc["launch_digest"] == m.snp(image, 2, MILAN, hashes=m.table(kernel, initrd)) and
   doc["firmware"]["hashes"] == {"address": "0x810c00", "size": 1024} and
   doc["firmware"]["reset"] == "0x80b004" and len(doc["firmware"]["sections"]) == 6 and
   doc["initrd_sha256"] == m.hashlib.sha256(initrd).hexdigest() and doc["cpus"] == 2 and
   doc["schema"] == "ccguest/sev-measure/1", "measure --json", out)

# ---- measurements ----

for kind, policy in (("sev", 3), ("sev-es", 5)):
    args = ES if kind == "sev-es" else ["sev", "--firmware", fw]
    digest = m.sev(image, 2, MILAN) if kind == "sev-es" else m.sev(image)
    want = m.mac(digest, TIK, (1, 40), 40, policy, NONCE)
    key = [*tik, *KEY, "--policy", str(policy)]
    got = digest_of(*args, *key)
    ok(got == base64.b64encode(want).decode(), kind + ": MAC", got)
    got = digest_of(*args, *key, "--format", "hex")
    ok(got == want.hex(), kind + ": MAC in hex", got)
    for text in (base64.b64encode(want).decode(), want.hex(), "@" + write("mac", want),
                 "@" + write("mac64", base64.b64encode(want) + b"\n")):
        rc, out, err = run("validate", *args, *tik, *KEY[:4], "--policy", str(policy),
                           "--measurement", text)
        ok(rc == 0 and out.startswith("OK: "), kind + ": validate " + text[:1], out, err)
    rc, out, err = run("validate", *args, *tik, *KEY[:4], "--policy", str(policy | 8),
                       "--measurement", want.hex())
    ok(rc == 5 and "is not that of the launch" in err, kind + ": another policy", out, err)
ok(digest_of("sev-es", "--launch-digest", digest, *key, "--tik",
             write("tk", bytes(16) + TIK)) == base64.b64encode(want).decode(),
   "--launch-digest, and TIK behind TEK")
rc, out, err = run("validate", *ES, *tik, *KEY[:4], "--policy", "5", "--measurement",
                   want.hex(), "--nonce", "00" * 16)
ok(rc == 5 and "another nonce" in err, "another nonce", err)
rc, out, err = run("measure", *ES, *key, "--tik", write("short", bytes(15)))
ok((rc, out) == (1, "") and "16 bytes of TIK" in err, "a short TIK", err)

# ---- searches ----

VARIED = [  # name, digest, changes, extra arguments
    ("features", m.snp(image, 2, MILAN, 0x21), ["--features 0x21 (SNPActive, DebugSwap)"], []),
    ("CPUs", m.snp(image, 300, MILAN), ["--cpus 300"], []),
    ("processor", m.snp(image, 2, 0xb00f21), ["--cpu sig:0x00b00f21: model host on Turin"], []),
    ("three changes", m.snp(image, 9, 0x830f10, 0x21),
     ["--features 0x21 (SNPActive, DebugSwap)", "--cpu sig:0x00830f10: model EPYC-Rome",
      "--cpus 9"], []),
    ("GCE", m.snp(image, 2, 0x600, vmm="gce"), ["--vmm gce"], []),
    ("EC2", m.snp(image, 2, 0x600, vmm="ec2"), ["--vmm ec2"], []),
    ("EC2 until 2025", m.snp(image, 2, 0, vmm="ec2"), ["--vmm ec2", "--cpu sig:0x00000000"], []),
    ("hashes off", m.snp(image, 2, MILAN),
     ["no --kernel: the host does not measure the kernel (kernel-hashes=off)"], files),
    ("no initrd", m.snp(image, 2, MILAN, hashes=m.table(kernel)), ["no --initrd"], files),
    ("no NUL", m.snp(image, 2, MILAN, hashes=m.table(kernel, initrd, b"quiet")),
     ["a command line that is hashed without its NUL"], [*files, "--cmdline", "quiet"]),
    ("no command line", m.snp(image, 2, MILAN, hashes=m.table(kernel, initrd)),
     ["--cmdline '': an empty command line"], [*files, "--cmdline", "quiet"]),
]
for name, digest, changes, args in VARIED:
    rc, out, err = run("validate", *SNP, *args, "--digest", digest)
    got = [line[10:] for line in out.splitlines()[2:]]
    ok(rc == 5 and got == changes and "has the reported value" in err,
       "search: " + name, rc, out, err)
for name, digest, change in (
        ("legacy", m.sev(image, 2, MILAN, form="legacy"), "--vmsa legacy"),
        ("DebugSwap", m.sev(image, 2, MILAN, 0x20), "--features 0x20 (DebugSwap)"),
        ("krun", m.sev(image, 2, MILAN, vmm="krun"), "--vmm krun")):
    rc, out, err = run("validate", *ES, "--digest", digest)
    ok(rc == 5 and out.splitlines()[2][10:].startswith(change), "search: " + name, out, err)
want = m.mac(m.sev(image, 4, MILAN, form="legacy"), TIK, (1, 40), 40, 5, NONCE)
rc, out, err = run("validate", *ES, *tik, *KEY[:4], "--policy", "5", "--measurement", want.hex())
ok(rc == 5 and [line[10:20] for line in out.splitlines()[2:]] == ["--vmsa leg", "--cpus 4"],
   "search: a MAC", out, err)
rc, out, err = run("validate", *ES, *tik, *KEY[:2], "--build", "41", "--policy", "5",
                   "--measurement", want.hex())
ok(rc == 5 and "compare what you gave with the host: also policy, API, build, key" in err,
   "search: a MAC of another build", out, err)
whole = m.image(pages=4, variables=8192)
args = ["snp", "--firmware", write("whole", whole), *SNP[3:]]
rc, out, err = run("validate", *args, "--digest", m.snp(whole, 2, MILAN, code=8192))
ok(rc == 5 and "code only" in out, "search: code without variables", out, err)
rc, out, err = run("validate", "sev", "--firmware", folder + "/whole", "--digest",
                   m.sev(whole, code=8192))
ok(rc == 5 and "code only" in out, "search: code without variables, sev", out, err)
rc, out, err = run("validate", *SNP, *files, "--digest", "00" * 48)
ok(rc == 5 and "1 to 512 virtual CPUs" in out and "kernel not measured" in out and
   "compare firmware" in err, "search: nothing matches", out, err)
rc, out, err = run("--json", "validate", *SNP, "--digest", VARIED[3][1])
doc = json.loads(out)
ok(rc == 5 and doc["found"] and not doc["matches"] and doc["n_tried"] > 100 and
   [c["input"] for c in doc["changes"]] == ["features", "cpu", "cpus"], "search: --json", out)
rc, out, err = run("-q", "validate", *SNP, "--digest", VARIED[3][1])
ok((rc, out) == (5, "") and err.count("\n") <= 2, "search: -q", out, err)

# ---- pages ----

for vmm in ("qemu", "krun", "ec2", "gce"):
    for index in ("0", "1"):
        for form in ("legacy", "init2"):
            cpu = ["--cpu", "25/1/1"] if vmm in ("qemu", "krun") else []
            rc, out, err = run("vmsa", "build", folder + "/page", "--vmm", vmm, *cpu, "--vmsa",
                               form, "--features", "0x21", "--firmware", fw, "--index", index)
            rdx = MILAN if cpu else 0x600
            want = m.vmsa(rdx, 0x21, index != "0", form=form, vmm=vmm)
            ok(rc == 0 and read("page") == want, "page: %s %s %s" % (vmm, index, form), err)
write("page", m.vmsa(0, 0, form="legacy"))
run("vmsa", "update", folder + "/page", "--cpu", "EPYC-Milan", "--index", "1", "--firmware", fw)
ok(read("page") == m.vmsa(MILAN, 0, True, form="legacy"), "page: update CPU and address")
run("vmsa", "update", folder + "/page", "--features", "0x21", "--vmsa", "init2")
ok(read("page") == m.vmsa(MILAN, 0x21, True), "page: update features and form")
rc, out, err = run("vmsa", "update", folder + "/page")
ok(rc == 2 and "give --cpu" in err, "page: update without changes", err)
rc, out, err = run("vmsa", "build", folder + "/page2", "--cpu", "EPYC", "--index", "1")
ok(rc == 2 and "--firmware: is required" in err and not os.path.exists(folder + "/page2"),
   "page: another CPU without firmware", err)
rc, out, err = run("vmsa", "show", folder + "/page")
ok(rc == 0 and "0x3b0  sev_features      0x21 (SNPActive, DebugSwap)\n" in out and
   "0x010  cs                selector 0xf000 attrib 0x009b limit 0x0000ffff base 0x800000\n"
   in out and len(out.splitlines()) == 23, "page: show", out)
pages = ["--vmsa-cpu0", write("cpu0", m.vmsa(MILAN, 0)), "--vmsa-cpu1",
         write("cpu1", m.vmsa(MILAN, 0, True))]
got = digest_of("sev-es", "--firmware", fw, "--cpus", "3", *pages)
ok(got == m.sev(image, 3, MILAN), "pages from files", got)
got = digest_of("sev-es", "--firmware", fw, "--cpus", "1", *pages[:2])
ok(got == m.sev(image, 1, MILAN), "one CPU, one page", got)
rc, out, err = run("measure", "sev-es", "--firmware", fw, "--cpus", "2", *pages[:2])
ok((rc, out) == (2, "") and "--cpu" in err, "two CPUs, one page", err)
rc, out, err = run("measure", "sev-es", "--firmware", fw, "--cpus", "1", "--vmsa-cpu0", fw)
ok((rc, out) == (1, "") and "longer than the 4096 bytes" in err, "a long page", err)

# ---- invalid images ----

size = len(image)
foot = size - 50
meta = image.rindex(b"ASEV")
dist = image.rindex(m.guid(m.METADATA)) - 6


def patched(at, fmt, *values):
    data = bytearray(image)
    struct.pack_into("<" + fmt, data, at, *values)
    return bytes(data)


def entries(*list_of):
    return m.image(entries=list(list_of))


BAD = [
    ("an empty file", b"", "has 0 bytes"),
    ("4095 bytes", image[1:4096], "has 4095 bytes"),
    ("IGVM", b"IGVM" + bytes(4092), "is an IGVM file"),
    ("no table", bytes(4096), "no table of GUIDs"),
    ("a short table", patched(foot, "H", 17), "offset %d: 17, limit 18" % foot),
    ("a long table", patched(foot, "H", size - 31),
     "offset %d: %d, limit %d" % (foot, size - 31, size - 32)),
    ("an entry of length 0", patched(foot - 18, "H", 0),
     "shorter than its header (at offset %d: 0, limit 18)" % (foot - 18)),
    ("a long entry", patched(foot - 18, "H", 0xffff), "longer than the rest of the table"),
    ("bytes for half an entry", m.image(entries=[b"x" * 5]), "half an entry"),
    ("a short reset entry", entries(m.entry(m.RESET, b"abc")), "too short (at"),
    ("two reset entries", entries(*[m.entry(m.RESET, b"abcd")] * 2), "is repeated"),
    ("no reset entry", entries(), "no reset address"),
    ("reset address 0", m.image(reset=0), "reset address for SEV-ES is 0"),
    ("metadata before the image", m.image(distance=size + 1),
     "starts before the image (at offset %d: %d, limit %d)" % (dist, size + 1, size)),
    ("metadata behind the image", m.image(distance=15), "ends behind the image"),
    ("a wrong signature", patched(meta, "4s", b"ASEW"), "does not start with \"ASEV\""),
    ("a short length", patched(meta + 4, "I", 15), "offset %d: 15, limit 16" % (meta + 4)),
    ("a long length", patched(meta + 4, "I", 5000), "longer than the rest of the image"),
    ("version 2", patched(meta + 8, "I", 2), "offset %d: 2, limit 1" % (meta + 8)),
    ("7 sections", patched(meta + 12, "I", 7), "offset %d: 7, limit 6" % (meta + 12)),
    ("a section within a page", patched(meta + 16, "I", 0x800001), "is not that of a page"),
    ("half a page", patched(meta + 20, "I", 0x800),
     "offset %d: 2048, limit 4096" % (meta + 20)),
    ("an empty section", patched(meta + 20, "I", 0), "size of a section"),
    ("a section above 4 GiB", patched(meta + 16, "II", 0xfffff000, 0x2000), "ends above 4 GiB"),
    ("two pages of secrets", patched(meta + 32, "I", 0x2000), "larger than a page"),
    ("too many pages", m.image([(0, 0xfffff000, 1)] * 2), "larger than 4 GiB together"),
]
for name, data, want in BAD:
    rc, out, err = run("measure", "snp", "--firmware", write("bad", data), *SNP[3:])
    ok((rc, out) == (1, "") and want in err, "image: " + name, rc, out, err)
no_metadata = image.replace(m.guid(m.METADATA), bytes(16))
rc, out, err = run("measure", "snp", "--firmware", write("bad", no_metadata), *SNP[3:])
ok((rc, out) == (1, "") and "no SEV metadata" in err, "image: no metadata", err)
ok(digest_of("sev-es", "--firmware", folder + "/bad", *ES[3:]) == m.sev(no_metadata, 2, MILAN),
   "image: no metadata, sev-es")
for name, area, want in (("no area", (0, 0), "no area for kernel hashes"),
                         ("a small area", (0x810c00, 175), "too small"),
                         ("an area that ends behind the page", (0x810f60, 0x400), "too small"),
                         ("an area in another page", (0x812000, 0x400), "no page for kernel")):
    rc, out, err = run("measure", "snp", "--firmware", write("bad", m.image(hashes=area)),
                       *SNP[3:], *files)
    ok((rc, out) == (1, "") and want in err, "hashes: " + name, out, err)
bad = [n for n in range(0, size, 997 if slow else 31)
       if run("measure", "snp", "--firmware", write("bad", image[:n]), *SNP[3:])[:2] != (1, "")]
ok(not bad, "image: cut short", bad)
good = m.snp(image, 2, MILAN)
bad = []
for at in range(meta, size, 13 if slow else 1):
    rc, out, err = run("measure", "snp", "--firmware", write("bad", patched(at, "B", image[at] ^ 1)),
                       *SNP[3:])
    if not (rc == 1 and not out) and not (rc == 0 and out.strip() != good):
        bad.append(at)
ok(not bad, "image: a flipped bit in the tables", bad)

# ---- usage ----

USAGE = [
    (["measure", "tdx", "--firmware", fw], "expected sev, sev-es or snp"),
    (["measure", "snp", "--cpus", "1"], "--firmware: is required"),
    (["measure", "snp", "--firmware", fw, "--cpu", "EPYC"], "--cpus: is required"),
    (["measure", "snp", "--firmware", fw, "--cpus", "1"], "--cpu: is required"),
    (["measure", *SNP[:4], "0"], "0"),
    (["measure", *SNP[:4], "513"], "513"),
    (["measure", "sev", "--firmware", fw, "--cpus", "1"], "--cpus: is not an option"),
    (["measure", *SNP, "--vmsa", "init2"], "--vmsa: is not an option"),
    (["measure", *SNP, *tik], "--tik: is not an option"),
    (["measure", *ES, "--firmware-digest", "00" * 48], "--firmware-digest: is not"),
    (["measure", *ES, "--firmware-only"], "is for snp only"),
    (["measure", *SNP, "--vmm", "krun"], "krun do not use SNP"),
    (["measure", *SNP, "--vmm", "xen"], "expected qemu, krun, ec2 or gce"),
    (["measure", *SNP, "--vmm", "ec2"], "this VMM ignores the processor"),
    (["measure", *ES, "--vmsa", "new"], "expected legacy or init2"),
    (["measure", *SNP, "--features", "x"], "is not a number"),
    (["measure", *SNP, "--features", "0x10000000000000000"], "is not a number, or too large"),
    (["measure", *SNP, "--initrd", fw], "with a kernel only"),
    (["measure", *SNP, "--cmdline", "x"], "with a kernel only"),
    (["measure", *SNP, "--format", "octal"], "expected hex or base64"),
    (["measure", *SNP, "--firmware-digest", "12"], "48 bytes"),
    (["measure", *ES, "--api", "1.2"], "--api: needs --tik"),
    (["measure", *ES, *tik], "is required with --tik"),
    (["measure", *ES, *tik, *KEY, "--policy", "1"], "without SEV-ES"),
    (["measure", "sev", "--firmware", fw, *tik, *KEY, "--policy", "5"], "of a SEV-ES guest"),
    (["measure", *ES, *tik, "--api", "1", *KEY[2:], "--policy", "5"], "MAJOR.MINOR"),
    (["measure", *ES, *tik, "--api", "1.256", *KEY[2:], "--policy", "5"], "MAJOR.MINOR"),
    (["measure", *ES, *tik, *KEY[:-1], "12", "--policy", "5"], "a nonce has 16 bytes"),
    (["measure", "snp", "--launch-digest", "00" * 32], "use sev or sev-es and --tik"),
    (["measure", "sevx", "--launch-digest", "00" * 32, *tik, *KEY, "--policy", "1"],
     "expected sev, sev-es or snp"),
    (["measure", "sev", "--launch-digest", "00" * 32, *tik, *KEY, "--policy", "1",
      "--firmware", fw], "--firmware: is a part of the launch digest that is given"),
    (["measure", "sev-es", "--launch-digest", "00" * 32, *tik, *KEY, "--policy", "5",
      "--cpus", "2"], "--cpus: is a part of the launch digest"),
    (["measure", *SNP, "--firmware-only", "--firmware-digest", "00" * 48],
     "computes what --firmware-digest gives"),
    (["validate", *SNP], "give one of --digest and --measurement"),
    (["validate", *SNP, "--digest", "00"], "wrong length"),
    (["validate", *SNP, "--measurement", "00" * 48], "use --digest"),
    (["validate", *ES, "--measurement", "00" * 48], "needs --tik"),
    (["vmsa", "build", folder + "/x"], "--cpu: is required"),
    (["vmsa", "build", folder + "/x", "--cpu", "EPYC", "--index", "512"], "512"),
]
for args, want in USAGE:
    rc, out, err = run(*args)
    ok((rc, out) == (2, "") and want in err, "usage: " + want, args, rc, out, err)
