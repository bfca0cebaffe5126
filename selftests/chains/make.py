#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""
make.py DIR: makes the certificates of table.py in DIR. NAME.der has a
certificate, N.der the chain of row N, pin-NAME.der a chain for ../pci_cma/pin.sh,
leaf.key the key of the leaves. The file
`rows` has a line for each row, for the kernel module:

	N  NAME  ROOT  TRUSTED...  KEPT  VALIDITY  POLICY  ERRNO  SENTENCE

with tabs between the fields. KEPT is 1 if the certificates are added too, or 0
if only their keys are; POLICY has \\n between its lines, or is -; ERRNO is
negative, or 0. N.policy has the policy of row N, for userland.
"""
import concurrent.futures
import errno
import hashlib
import os
import re
import subprocess
import sys
import time

import table

KEYS = {
    "p192": ("ec", "ec_paramgen_curve:prime192v1"),
    "p192mid": ("ec", "ec_paramgen_curve:prime192v1"),
    "p224": ("ec", "ec_paramgen_curve:secp224r1"),
    "p521": ("ec", "ec_paramgen_curve:secp521r1"),
    "secp256k1": ("ec", "ec_paramgen_curve:secp256k1"),
    "rsa1024": ("rsa", "rsa_keygen_bits:1024"),
    "rsa2048": ("rsa", "rsa_keygen_bits:2048"),
    "rsa2560": ("rsa", "rsa_keygen_bits:2560"),
    "ed25519": ("ed25519", None),
}
DAY = 24 * 60 * 60


def openssl(*args, stdin=None):
    r = subprocess.run(("openssl",) + args, input=stdin, capture_output=True, check=False)
    if r.returncode:
        sys.exit("openssl %s: %s" % (" ".join(args), r.stderr.decode()))
    return r.stdout


def make_key(path, name):
    kind, opt = KEYS.get(name, ("ec", "ec_paramgen_curve:prime256v1"))
    openssl("genpkey", "-algorithm", kind, "-out", path, *(("-pkeyopt", opt) if opt else ()))
    if name == "compressed":
        openssl("ec", "-in", path, "-conv_form", "compressed", "-out", path)


def tlv(tag, *parts):
    """An element of DER."""
    data = b"".join(parts)
    size = len(data).to_bytes(2, "big").lstrip(b"\0") if len(data) > 127 else b""
    return bytes([tag, 0x80 + len(size)]) + size + data if size else bytes([tag, len(data)]) + data


def elements(der):
    """The elements of the contents of a SEQUENCE."""
    def skip(at):
        n = der[at + 1]
        size = n - 0x80 if n > 0x80 else 0
        return at + 2 + size, n if n < 0x80 else int.from_bytes(der[at + 2:at + 2 + size], "big")

    at, _ = skip(0)
    while at < len(der):
        start, n = skip(at)
        yield der[at:start + n]
        at = start + n


def when(days):
    return time.strftime("%Y%m%d%H%M%SZ", time.gmtime(time.time() + days * DAY))


class Maker:
    """The certificates in a folder."""
    def __init__(self, folder):
        self.dir = folder
        self.made = {}
        for key in sorted({c.key for c in table.CERTS.values()}):
            make_key(self.path(key, "key"), key)

    def path(self, name, suffix):
        return "%s/%s.%s" % (self.dir, name, suffix)

    def write(self, name, suffix, data):
        with open(self.path(name, suffix), "wb") as f:
            f.write(data)

    def dates(self, cert, base):
        """`openssl ca` is the only command of OpenSSL 3.0 that sets a start."""
        start, end = (when(d) for d in cert.days)
        issuer = cert.issuer or None
        self.write(base, "cnf", (
            "[ca]\ndefault_ca=d\n[d]\ndatabase=%s\nnew_certs_dir=%s\nserial=%s\npolicy=p\n"
            "default_md=%s\nunique_subject=no\nemail_in_dn=yes\nrand_serial=yes\n[p]\n"
            "commonName=supplied\n" % (self.path(base, "txt"), self.dir, self.path(base, "srl"),
                                       cert.md)).encode())
        self.write(base, "txt", b"")
        signer = ["-cert", self.path(issuer, "pem"), "-keyfile",
                  self.path(table.CERTS[issuer].key, "key")] if issuer else \
            ["-selfsign", "-keyfile", self.path(cert.key, "key")]
        openssl("ca", "-batch", "-notext", "-config", self.path(base, "cnf"), "-in",
                self.path(base, "csr"), "-out", self.path(base, "pem"), "-startdate", start,
                "-enddate", end, "-extfile", self.path(base, "ext"), *signer)

    def sign(self, cert, base):
        if cert.issuer:
            issuer = ["-CA", self.path(cert.issuer, "pem"), "-CAkey",
                      self.path(table.CERTS[cert.issuer].key, "key"), "-set_serial",
                      str(1 + list(table.CERTS).index(base))]
        else:
            issuer = ["-signkey", self.path(cert.key, "key")]
        md = ["-" + cert.md] if cert.md else []
        openssl("x509", "-req", "-in", self.path(base, "csr"), "-out", self.path(base, "pem"),
                "-days", "3650", "-extfile", self.path(base, "ext"), *md, *issuer)

    def general(self, cert, base, der):
        """Makes notBefore a GeneralizedTime, and signs the certificate again."""
        tbs, alg, _ = elements(der)
        parts = list(elements(tbs))
        start, end = elements(parts[4])
        parts[4] = tlv(0x30, tlv(0x18, b"20", start[2:]), end)
        tbs = tlv(0x30, *parts)
        key = self.path(table.CERTS[cert.issuer].key if cert.issuer else cert.key, "key")
        sig = openssl("dgst", "-" + cert.md, "-sign", key, stdin=tbs)
        der = tlv(0x30, tbs, alg, tlv(0x03, b"\0", sig))
        self.write(base, "pem", openssl("x509", "-inform", "DER", stdin=der))
        return der

    def make(self, name):
        if name in self.made:
            return
        cert = table.CERTS[name]
        if cert.issuer:
            self.make(cert.issuer)
        self.write(name, "req", ("[req]\ndistinguished_name=dn\nstring_mask=%s\n[dn]\n" %
                                 cert.mask).encode())
        self.write(name, "ext", "\n".join(cert.ext).encode() + b"\n")
        openssl("req", "-new", "-config", self.path(name, "req"), "-key",
                self.path(cert.key, "key"), "-subj", cert.subject, "-out", self.path(name, "csr"))
        if cert.days:
            self.dates(cert, name)
        else:
            self.sign(cert, name)
        der = openssl("x509", "-in", self.path(name, "pem"), "-outform", "DER")
        if cert.general:
            der = self.general(cert, name, der)
        if cert.wrong:
            # a bit of s, the end of the signature
            der = der[:-1] + bytes([der[-1] ^ 1])
            self.write(name, "pem", openssl("x509", "-inform", "DER", stdin=der))
        self.write(name, "der", der)
        self.made[name] = der

    def policy(self, row):
        """The policy of a row, with the digests of keys."""
        def digest(match):
            key = openssl("pkey", "-in", self.path(table.CERTS[match[1]].key, "key"), "-pubout",
                          "-outform", "DER")
            return hashlib.sha256(key).hexdigest()

        return re.sub(r"\{(\w+)\}", digest, row.policy)

    @staticmethod
    def line(n, row, kept, policy, verdict):
        err, text = verdict or (None, "-")
        name = row.name + ("" if kept else ", only its key known")
        return "\t".join((str(n), name, row.root, " ".join(row.trust), str(kept), row.validity,
                          policy.replace("\n", "\\n") or "-", str(-getattr(errno, err) if err else 0), text))

    def rows(self):
        lines = []
        for name, chain in table.PINS.items():
            self.write(name, "der", b"".join(self.made[c] for c in chain.split()))
        for n, row in enumerate(table.ROWS):
            self.write(str(n), "der", b"".join(self.made[c] for c in row.chain))
            policy = self.policy(row) if row.policy else ""
            if policy:
                self.write(str(n), "policy", policy.encode())
            lines.append(self.line(n, row, 1, policy, row.verdict))
            if row.kernel != row.verdict:
                lines.append(self.line(n, row, 0, policy, row.kernel))
        self.write("rows", "tmp", ("\n".join(lines) + "\n").encode())
        os.rename(self.path("rows", "tmp"), self.dir + "/rows")


def main(folder):
    os.makedirs(folder, exist_ok=True)
    maker = Maker(folder)
    # Certificates whose issuers are made are independent of each other.
    todo = list(table.CERTS)
    with concurrent.futures.ThreadPoolExecutor(2) as pool:
        while todo:
            ready = [c for c in todo if table.CERTS[c].issuer in maker.made or
                     not table.CERTS[c].issuer]
            list(pool.map(maker.make, ready))
            todo = [c for c in todo if c not in maker.made]
    maker.rows()
    for name in os.listdir(folder):
        if name.rpartition(".")[2] in ("csr", "req", "ext", "cnf", "txt", "old", "attr", "srl"):
            os.unlink(folder + "/" + name)


if __name__ == "__main__":
    main(sys.argv[1])
