# SPDX-License-Identifier: GPL-2.0-only
"""
Certificate chains, and the verdict that a requester must reach on each of them.

../pci_cma/chains.sh gives the rows to the kernel module, and
../tools/chains_tests.py to `ccguest device authenticate --connect`. make.py
makes the certificates.
"""
NVME = "Vendor=1b36:Device=0010:CC=010802:REV=02:SSVID=1af4:SSID=1100"
SAN = "subjectAltName=otherName:2.23.147;UTF8:" + NVME
OTHER_SAN = SAN.replace("Device=0010", "Device=0011")
# What a policy names: the drive's numbers and, in guests, its address.
NVME_ID = "1b36:0010:1af4:1100"
NVME_BDF = "0000:01:00.0"
# The name of an H100, in the form of DSP0274.
DMTF = "NVIDIA:GH100:48B02D92494BADF4"
DMTF_NAME = "otherName:1.3.6.1.4.1.412.274.1;UTF8:"

CA = "basicConstraints=critical,CA:TRUE"
SIGNS = "keyUsage=critical,keyCertSign,cRLSign"
# Key identifiers; most certificates have them.
IDS = "subjectKeyIdentifier=hash\nauthorityKeyIdentifier=keyid"
NOT_CA = "basicConstraints=critical,CA:FALSE"
DIGITAL = "keyUsage=critical,digitalSignature"
RESPONDER = "1.3.6.1.4.1.412.274.3"
REQUESTER = "1.3.6.1.4.1.412.274.4"

ROOT = [CA, SIGNS, IDS]
LEAF = [NOT_CA, DIGITAL, IDS, SAN]

# TCG DICE Attestation Architecture 1.1, 6.1.1
TCB = """[tcb]
vendor=IMPLICIT:0,UTF8:ACME
model=IMPLICIT:1,UTF8:Widget
svn=IMPLICIT:3,INTEGER:7
layer=IMPLICIT:4,INTEGER:1
fwids=IMPLICIT:6,SEQUENCE:fwids
flags=IMPLICIT:7,FORMAT:HEX,BITSTRING:80
[fwids]
one=SEQUENCE:fwid
[fwid]
alg=OID:2.16.840.1.101.3.4.2.1
digest=FORMAT:HEX,OCTETSTRING:%s
""" % ("5a" * 32)

# id-DMTF-hardware-identity in id-DMTF-SPDM-extension, DSP0274 1.2.1, 10.6.1
IDENTITY = ("1.3.6.1.4.1.412.274.6=ASN1:SEQUENCE:ids\n[ids]\none=SEQUENCE:id\n"
            "[id]\noid=OID:1.3.6.1.4.1.412.274.2")

# Kinds of strings, as masks for OpenSSL: UTF8String is the default.
PRINTABLE, T61, BMP = "MASK:2", "MASK:4", "MASK:2048"


class Cert:
    """
    A certificate to make. @issuer is the name of the certificate that signs it,
    or None: signed with its own key. @ext are lines of an extension file. With
    @general, notBefore is a GeneralizedTime.
    """
    def __init__(self, subject, issuer, key, *ext, md="sha256", mask="utf8only", days=None,
                 wrong=False, general=False):
        self.subject = subject
        self.issuer = issuer
        self.key = key
        self.ext = ext
        self.md = md
        self.mask = mask
        self.days = days
        self.wrong = wrong      # the signature has a wrong bit
        self.general = general


def dir_name(*attrs):
    """A section with a directoryName."""
    return "\n[dir]\n" + "\n".join(attrs)


CERTS = {
    "root": Cert("/CN=Chain root", None, "root", *ROOT),
    "mid": Cert("/CN=Chain mid", "root", "mid", *ROOT),
    "leaf": Cert("/CN=Leaf", "mid", "leaf", *LEAF),
    "selfleaf": Cert("/CN=Leaf", None, "leaf", *LEAF),
    "other": Cert("/CN=Other root", None, "other", *ROOT),
    "namesake": Cert("/CN=Chain root", None, "other", CA, SIGNS, "subjectKeyIdentifier=hash"),
    "bignamesake": Cert("/CN=Chain root", None, "p521", *ROOT, md="sha512"),
    # Some versions of OpenSSL add identifiers that nobody asks for.
    "baremid": Cert("/CN=Chain mid", "root", "mid", CA, SIGNS, "subjectKeyIdentifier=none",
                    "authorityKeyIdentifier=none"),
    "wrongmid": Cert("/CN=Chain mid", "root", "mid", *ROOT, wrong=True),
    "wrongleaf": Cert("/CN=Leaf", "mid", "leaf", *LEAF, wrong=True),
    "wrongroot": Cert("/CN=Chain root", None, "root", *ROOT, wrong=True),

    # Keys and algorithms.
    "p192": Cert("/CN=P192 root", None, "p192", *ROOT),
    "p192mid": Cert("/CN=P192 mid", "p192", "p192mid", *ROOT),
    "p192leaf": Cert("/CN=Leaf", "p192mid", "leaf", *LEAF),
    "p192only": Cert("/CN=Leaf", "p192", "leaf", *LEAF),
    "p224mid": Cert("/CN=P224 mid", "root", "p224", *ROOT),
    "p224leaf": Cert("/CN=Leaf", "p224mid", "leaf", *LEAF),
    "koblitzmid": Cert("/CN=Koblitz mid", "root", "secp256k1", *ROOT),
    "koblitzleaf": Cert("/CN=Leaf", "koblitzmid", "leaf", *LEAF),
    "edmid": Cert("/CN=Ed mid", "root", "ed25519", *ROOT),
    "edleaf": Cert("/CN=Leaf", "edmid", "leaf", *LEAF, md=None),
    "p521mid": Cert("/CN=P521 mid", "root", "p521", *ROOT, md="sha512"),
    "p521leaf": Cert("/CN=Leaf", "p521mid", "leaf", *LEAF, md="sha384"),
    "shortmid": Cert("/CN=Compressed mid", "root", "compressed", *ROOT),
    "shortleaf": Cert("/CN=Leaf", "shortmid", "leaf", *LEAF),
    "rsa1024mid": Cert("/CN=RSA 1024 mid", "root", "rsa1024", *ROOT),
    "rsa1024leaf": Cert("/CN=Leaf", "rsa1024mid", "leaf", *LEAF),
    "rsa2048mid": Cert("/CN=RSA 2048 mid", "root", "rsa2048", *ROOT),
    "rsa2048leaf": Cert("/CN=Leaf", "rsa2048mid", "leaf", *LEAF),
    "rsa2560mid": Cert("/CN=RSA 2560 mid", "root", "rsa2560", *ROOT),
    "rsa2560leaf": Cert("/CN=Leaf", "rsa2560mid", "leaf", *LEAF),
    "sha1root": Cert("/CN=SHA1 root", None, "root", *ROOT, md="sha1"),
    "sha1rootmid": Cert("/CN=Chain mid", "sha1root", "mid", *ROOT),
    "sha1mid": Cert("/CN=Chain mid", "root", "mid", *ROOT, md="sha1"),
    "sha1leaf": Cert("/CN=Leaf", "mid", "leaf", *LEAF, md="sha1"),
    "sha224leaf": Cert("/CN=Leaf", "mid", "leaf", *LEAF, md="sha224"),
    "md5leaf": Cert("/CN=Leaf", "rsa2048mid", "leaf", *LEAF, md="md5"),
    "md5mid": Cert("/CN=Chain mid", "rsa2048mid", "mid", *ROOT, md="md5"),

    # Limits of CAs.
    "p0": Cert("/CN=Short root", None, "root", CA + ",pathlen:0", SIGNS, IDS),
    "p0mid": Cert("/CN=Chain mid", "p0", "mid", *ROOT),
    "p0leaf": Cert("/CN=Leaf", "p0", "leaf", *LEAF),
    "crlonly": Cert("/CN=CRL root", None, "root", CA, "keyUsage=critical,cRLSign", IDS),
    "crlleaf": Cert("/CN=Leaf", "crlonly", "leaf", *LEAF),
    "nousage": Cert("/CN=Bare root", None, "root", CA, IDS),
    "nousageleaf": Cert("/CN=Leaf", "nousage", "leaf", *LEAF),
    "noca": Cert("/CN=No CA", None, "root", NOT_CA, SIGNS, IDS),
    "nocaleaf": Cert("/CN=Leaf", "noca", "leaf", *LEAF),
    "oldroot": Cert("/CN=Chain root", None, "root", *ROOT, days=(-800, -30)),
    "unknownroot": Cert("/CN=Unknown root", None, "root", *ROOT,
                        "1.3.6.1.4.1.59999.1.1=critical,ASN1:NULL"),
    "unknownrootleaf": Cert("/CN=Leaf", "unknownroot", "leaf", *LEAF),
    "unknownmid": Cert("/CN=Chain mid", "root", "mid", *ROOT,
                       "1.3.6.1.4.1.59999.1.1=critical,ASN1:NULL"),
    "nocamid": Cert("/CN=Chain mid", "root", "mid", NOT_CA, IDS),
    "nosignmid": Cert("/CN=Chain mid", "root", "mid", CA, "keyUsage=cRLSign", IDS),

    # Rules for a leaf.
    "nokuleaf": Cert("/CN=Leaf", "mid", "leaf", NOT_CA, IDS, SAN),
    "agreeleaf": Cert("/CN=Leaf", "mid", "leaf", NOT_CA, "keyUsage=keyAgreement", IDS, SAN),
    "signleaf": Cert("/CN=Leaf", "mid", "leaf", NOT_CA, "keyUsage=digitalSignature,keyCertSign",
                     IDS, SAN),
    "caleaf": Cert("/CN=Leaf", "mid", "leaf", CA, DIGITAL, IDS, SAN),
    "nosan": Cert("/CN=Leaf", "mid", "leaf", NOT_CA, DIGITAL, IDS),
    "othersan": Cert("/CN=Leaf", "mid", "leaf", NOT_CA, DIGITAL, IDS, OTHER_SAN),
    "oldleaf": Cert("/CN=Leaf", "mid", "leaf", *LEAF, days=(-800, -30)),
    "unknownleaf": Cert("/CN=Leaf", "mid", "leaf", *LEAF,
                        "1.3.6.1.4.1.59999.1.1=critical,ASN1:NULL"),

    # The names of DMTF, which most devices have, with and without that of PCI-SIG.
    "dmtf": Cert("/CN=Leaf", "mid", "leaf", NOT_CA, DIGITAL, IDS,
                 "subjectAltName=" + DMTF_NAME + DMTF),
    "bothnames": Cert("/CN=Leaf", "mid", "leaf", NOT_CA, DIGITAL, IDS,
                      SAN + "," + DMTF_NAME + DMTF),
    "twodmtf": Cert("/CN=Leaf", "mid", "leaf", NOT_CA, DIGITAL, IDS,
                    "subjectAltName=" + DMTF_NAME + "A:B:C," + DMTF_NAME + DMTF),
    "blankdmtf": Cert("/CN=Leaf", "mid", "leaf", NOT_CA, DIGITAL, IDS,
                      "subjectAltName=" + DMTF_NAME + "Example Ltd:Disk 1:X"),
    "baddmtf": Cert("/CN=Leaf", "mid", "leaf", NOT_CA, DIGITAL, IDS,
                    SAN + "," + DMTF_NAME.replace("UTF8", "IA5") + DMTF),

    # Forms that the parser of the kernel's keyrings refuses. Caliptra writes the first one.
    "generalleaf": Cert("/CN=Leaf", "mid", "leaf", *LEAF, general=True),
    "generalmid": Cert("/CN=Chain mid", "root", "mid", *ROOT, general=True),
    "generalroot": Cert("/CN=Chain root", None, "root", *ROOT, general=True),
    "falseleaf": Cert("/CN=Leaf", "mid", "leaf", "basicConstraints=critical,DER:30:03:01:01:00",
                      DIGITAL, IDS, SAN),

    # Names, RFC 5280, 7.1: CAs of one name, in other bytes.
    "printable": Cert("/O=Some Maker/CN=Chain mid", "root", "mid", *ROOT, mask=PRINTABLE),
    "utf8": Cert("/O=Some Maker/CN=Chain mid", "root", "mid", *ROOT),
    "t61": Cert("/O=Some Maker/CN=Chain mid", "root", "mid", *ROOT, mask=T61),
    "bmp": Cert("/O=Some Maker/CN=Chain mid", "root", "mid", *ROOT, mask=BMP),
    "upper": Cert("/O=SOME  maker/CN=CHAIN MID ", "root", "mid", *ROOT),
    "another": Cert("/O=Some Maker/CN=Chainmid", "root", "mid", *ROOT),
    "printableleaf": Cert("/CN=Leaf", "printable", "leaf", *LEAF),
    "nameroot": Cert("/O=Some Maker/CN=Name root", None, "root", *ROOT),
    "nametwin": Cert("/O=SOME MAKER/CN=Name root", None, "root", *ROOT, mask=PRINTABLE),
    "namemid": Cert("/CN=Chain mid", "nametwin", "mid", *ROOT),
    "noidmid": Cert("/CN=Chain mid", "nametwin", "mid", CA, SIGNS, "subjectKeyIdentifier=none",
                    "authorityKeyIdentifier=none"),

    # Policies.
    "policymid": Cert("/CN=Chain mid", "root", "mid", *ROOT, "certificatePolicies=critical,1.2.3",
                      "policyConstraints=critical,requireExplicitPolicy:0",
                      "inhibitAnyPolicy=critical,0"),

    # DICE.
    "dicemid": Cert("/CN=Chain mid", "root", "mid", *ROOT,
                    "2.23.133.5.4.4=critical,ASN1:SEQUENCE:ueid\n[ueid]\n"
                    "ueid=FORMAT:HEX,OCTETSTRING:0102030405060708"),
    "tcbleaf": Cert("/CN=Leaf", "mid", "leaf", *LEAF,
                    "2.23.133.5.4.1=critical,ASN1:SEQUENCE:tcb\n" + TCB),
    "multileaf": Cert("/CN=Leaf", "mid", "leaf", *LEAF,
                      "2.23.133.5.4.5=critical,ASN1:SEQUENCE:multi\n[multi]\n"
                      "one=SEQUENCE:tcb\ntwo=SEQUENCE:tcb\n" + TCB),
    "badtcbleaf": Cert("/CN=Leaf", "mid", "leaf", *LEAF, "2.23.133.5.4.1=critical,ASN1:NULL"),
    "oddtcbleaf": Cert("/CN=Leaf", "mid", "leaf", *LEAF, "2.23.133.5.4.1=ASN1:NULL"),

    # Device certificates, and leaves that the devices make.
    "device": Cert("/CN=Device", "root", "mid", *ROOT, IDENTITY),
    "alias": Cert("/CN=Leaf", "device", "leaf", *LEAF),
    "newalias": Cert("/CN=Leaf", "device", "newleaf", *LEAF),
    "twin": Cert("/CN=Device", "root", "twin", *ROOT, IDENTITY),
    "twinalias": Cert("/CN=Leaf", "twin", "leaf", *LEAF),
}

# Chains of a device, of the same device with other firmware, and of another device.
PINS = {
    "pin-device": "root device alias", "pin-firmware": "root device newalias",
    "pin-twin": "root twin twinalias",
}

EKUS = {
    "client": "clientAuth", "attest": "critical,2.23.133.5.4.100.9", "requester": REQUESTER,
    "server-requester": "serverAuth," + REQUESTER,
    "any-requester": "anyExtendedKeyUsage," + REQUESTER,
    "both": REQUESTER + "," + RESPONDER,
}
for _name, _eku in EKUS.items():
    CERTS["eku-" + _name] = Cert("/CN=Leaf", "mid", "leaf", *LEAF, "extendedKeyUsage=" + _eku)

# Name constraints of an intermediate, and more alternative names of the leaf.
CONSTRAINTS = {
    "dns": "permitted;DNS:good.example",
    "dns-critical": "critical,permitted;DNS:good.example",
    "not-dns": "excluded;DNS:bad.example",
    "mail": "permitted;email:good.example",
    "uri": "permitted;URI:.good.example",
    "ip": "permitted;IP:192.0.2.0/255.255.255.0",
    "dir": "permitted;dirName:dir" + dir_name("O=Good Maker"),
    "not-dir": "excluded;dirName:dir" + dir_name("O=Bad Maker"),
    "other": "permitted;otherName:2.23.147;UTF8:x",
}
for _name, _value in CONSTRAINTS.items():
    CERTS["nc-" + _name] = Cert("/CN=Chain mid", "root", "mid", *ROOT, "nameConstraints=" + _value)
CERTS["nc-root"] = Cert("/CN=Strict root", None, "root", *ROOT,
                        "nameConstraints=critical,permitted;DNS:good.example")
CERTS["nc-rootmid"] = Cert("/CN=Chain mid", "nc-root", "mid", *ROOT)

NAMES = {
    "gooddns": ("/CN=Leaf", ",DNS:a.GOOD.example"), "baddns": ("/CN=Leaf", ",DNS:bad.example"),
    "longdns": ("/CN=Leaf", ",DNS:xgood.example"),
    "goodmail": ("/CN=Leaf", ",email:a@good.example"),
    "badmail": ("/CN=Leaf", ",email:a@bad.example"),
    "gooduri": ("/CN=Leaf", ",URI:https://a.good.example:1/x"),
    "baduri": ("/CN=Leaf", ",URI:https://bad.example/"),
    "goodip": ("/CN=Leaf", ",IP:192.0.2.7"), "badip": ("/CN=Leaf", ",IP:192.0.3.7"),
    "goodorg": ("/O=GOOD  maker/CN=Leaf", ""), "badorg": ("/O=Bad Maker/CN=Leaf", ""),
    "cn": ("/CN=bad.example", ""), "subjectmail": ("/CN=Leaf/emailAddress=a@bad.example", ""),
}
for _name, (_subject, _san) in NAMES.items():
    CERTS["n-" + _name] = Cert(_subject, "mid", "leaf", NOT_CA, DIGITAL, IDS, SAN + _san)

# More certificates than any real chain has.
LONG = 64
for _i in range(LONG):
    CERTS["long%d" % _i] = Cert("/CN=Long %d" % _i, "long%d" % (_i - 1) if _i else "root", "mid",
                                *ROOT)
CERTS["longleaf"] = Cert("/CN=Leaf", "long%d" % (LONG - 1), "leaf", *LEAF)

NO_NAME = "Leaf certificate does not have the name of the policy: "
NOT_PINNED = "No certificate has a key that the policy pins: line 1: the key of the leaf is sha256:"
OUTSIDE = "Trusted certificate cannot be used for this one: certificate 0: "
NOT_ALLOWED = "Key of the certificate is not allowed: certificate %d"
NOT_ALG = "Signature algorithm of the certificate is not allowed: certificate %d"
NOT_PERMITTED = "Name is not permitted by the name constraints of a CA: certificate 2"
EXCLUDED = "Name is excluded by the name constraints of a CA: certificate 2"
UNKNOWN = "Certificate has an unknown critical extension: certificate %d"
NOT_FOR = "Leaf certificate is not for a responder: certificate 2"
REJECTED, EXPIRED, NOKEY = "EKEYREJECTED", "EKEYEXPIRED", "ENOKEY"


class Row:
    """
    @name names the row. @chain and @trust are certificates of CERTS, with blanks
    between them. @verdict is None, if the device is authenticated, or an errno
    and the sentence. @kernel is another verdict of the kernel module if keyring
    .cma has only the keys of the CAs, and not their certificates: then a CA that
    is not in the chain is known by a few facts, and found in another way.
    @openssl: what `openssl verify` says, True or False; None if it judges
    something else. @policy is the policy for devices, or None; {CERT} in it is the
    digest of the key of a certificate.
    """
    def __init__(self, name, chain, trust, verdict=None, openssl=None, validity="warn",
                 root=None, policy=None, **kernel):
        self.name = name
        self.chain = chain.split()
        self.trust = trust.split()
        self.verdict = verdict
        self.kernel = kernel.get("kernel", verdict)
        self.openssl = openssl
        self.validity = validity
        self.root = root or self.chain[0]
        self.policy = policy


ROWS = [
    # What is trusted.
    Row("root trusted", "root mid leaf", "root", openssl=True),
    Row("intermediate trusted", "root mid leaf", "mid", openssl=True),
    Row("leaf trusted", "root mid leaf", "leaf", openssl=True),
    Row("root trusted, left out", "mid leaf", "root", openssl=True, root="root"),
    Row("intermediate trusted, leaf alone", "leaf", "mid", openssl=True, root="root"),
    Row("self-signed leaf, trusted", "selfleaf", "selfleaf", openssl=True),
    Row("another root trusted", "root mid leaf", "other", (NOKEY, "Chain root"), openssl=False),
    Row("a root of the same name trusted, left out", "mid leaf", "namesake",
        (REJECTED, "Certificate is not signed by the trusted one of that name: certificate 0"),
        openssl=False, root="namesake"),
    Row("three roots of one name trusted, left out", "mid leaf", "namesake bignamesake root",
        openssl=True, root="root"),
    # OpenSSL tries one of them.
    Row("three roots of one name trusted, left out, no key identifier", "baremid leaf",
        "namesake bignamesake root", root="root"),
    Row("another root in front", "other mid leaf", "other",
        (REJECTED, "Certificate is not issued by the one before it: certificate 1"),
        openssl=False),
    Row("leaf and intermediate swapped", "root leaf mid", "root",
        (REJECTED, "Certificate is not issued by the one before it: certificate 1")),
    Row("wrong signature of the intermediate", "root wrongmid leaf", "root",
        (REJECTED, "Certificate is not signed by the one before it: certificate 1"),
        openssl=False),
    Row("wrong signature of the leaf", "root mid wrongleaf", "root",
        (REJECTED, "Certificate is not signed by the one before it: certificate 2"),
        openssl=False),
    Row("wrong signature of the root, above a trusted leaf", "wrongroot mid leaf", "leaf",
        (REJECTED, "Certificate is not signed with its own key: certificate 0")),
    Row("%d certificates" % (LONG + 2), " ".join(["root"] + ["long%d" % i for i in range(LONG)] +
                                                 ["longleaf"]), "root", openssl=True),

    # Keys and algorithms.
    Row("root and intermediate on P-192", "p192 p192mid p192leaf", "p192",
        (REJECTED, NOT_ALLOWED % 0), openssl=False),
    Row("root and intermediate on P-192, enforce", "p192 p192mid p192leaf", "p192",
        (REJECTED, NOT_ALLOWED % 0), openssl=False, validity="enforce"),
    Row("root on P-192, left out", "p192only", "p192",
        (REJECTED, OUTSIDE + NOT_ALLOWED[:-16]), openssl=False, root="p192"),
    Row("intermediate on P-224", "root p224mid p224leaf", "root", (REJECTED, NOT_ALLOWED % 1)),
    Row("intermediate on secp256k1", "root koblitzmid koblitzleaf", "root",
        (REJECTED, NOT_ALLOWED % 1)),
    Row("intermediate with Ed25519", "root edmid edleaf", "root", (REJECTED, NOT_ALLOWED % 1)),
    Row("intermediate on P-521", "root p521mid p521leaf", "root", openssl=True),
    Row("intermediate with a compressed point", "root shortmid shortleaf", "root",
        (REJECTED, NOT_ALLOWED % 1)),
    Row("intermediate with RSA 1024", "root rsa1024mid rsa1024leaf", "root",
        (REJECTED, NOT_ALLOWED % 1), openssl=False),
    Row("intermediate with RSA 2048", "root rsa2048mid rsa2048leaf", "root", openssl=True),
    Row("intermediate with RSA 2560", "root rsa2560mid rsa2560leaf", "root",
        (REJECTED, NOT_ALLOWED % 1)),
    Row("root that signed itself with SHA-1", "sha1root sha1rootmid leaf", "sha1root",
        openssl=True),
    Row("intermediate signed with SHA-1", "root sha1mid leaf", "root", (REJECTED, NOT_ALG % 1),
        openssl=False),
    Row("leaf signed with SHA-1", "root mid sha1leaf", "root", (REJECTED, NOT_ALG % 2),
        openssl=False),
    # OpenSSL looks for a root above a trusted certificate, and judges the rest too.
    Row("leaf signed with SHA-1, trusted", "root mid sha1leaf", "sha1leaf"),
    Row("leaf signed with SHA-224", "root mid sha224leaf", "root", (REJECTED, NOT_ALG % 2)),
    Row("leaf signed with MD5", "root rsa2048mid md5leaf", "root", (REJECTED, NOT_ALG % 2),
        openssl=False),
    Row("intermediate signed with MD5, above a trusted leaf", "root rsa2048mid md5mid leaf", "leaf",
        (REJECTED, NOT_ALG % 2)),

    # Limits of CAs, in the chain and left out.
    Row("pathLen exceeded", "p0 p0mid leaf", "p0",
        (REJECTED, "Certificate chain is too long for its CA: certificate 0"), openssl=False),
    Row("pathLen exceeded, root left out", "p0mid leaf", "p0",
        (REJECTED, OUTSIDE + "Certificate chain is too long for its CA"), openssl=False,
        root="p0", kernel=None),
    Row("pathLen 0 above a leaf, root left out", "p0leaf", "p0", openssl=True, root="p0"),
    Row("CA with cRLSign only, left out", "crlleaf", "crlonly",
        (REJECTED, OUTSIDE + "Certificate is not for signing certificates"), openssl=False,
        root="crlonly"),
    # OpenSSL takes a CA without keyUsage. RFC 5280, 4.2.1.3, demands one.
    Row("CA without keyUsage, left out", "nousageleaf", "nousage",
        (REJECTED, OUTSIDE + "Certificate is not for signing certificates"), root="nousage"),
    Row("CA without keyUsage, in the chain", "nousage nousageleaf", "nousage", openssl=True),
    Row("no CA, left out", "nocaleaf", "noca",
        (REJECTED, OUTSIDE + "Certificate is not that of a CA"), openssl=False, root="noca"),
    Row("no CA, in the chain", "root nocamid leaf", "root",
        (REJECTED, "Certificate is not that of a CA: certificate 1"), openssl=False),
    Row("intermediate without keyCertSign", "root nosignmid leaf", "root",
        (REJECTED, "Certificate is not for signing certificates: certificate 1"), openssl=False),
    Row("unknown critical extension of the intermediate", "root unknownmid leaf", "root",
        (REJECTED, UNKNOWN % 1), openssl=False),
    Row("unknown critical extension of a root left out", "unknownrootleaf", "unknownroot",
        (REJECTED, OUTSIDE + UNKNOWN[:-16]), openssl=False, root="unknownroot", kernel=None),
    Row("RootHash of another root", "mid leaf", "root",
        (REJECTED, OUTSIDE + "RootHash is not its digest"), root="other", kernel=None),
    Row("root left out, enforce", "mid leaf", "root", openssl=True, validity="enforce",
        root="root", kernel=(REJECTED, OUTSIDE + "Validity is not known")),
    Row("expired root left out, enforce", "mid leaf", "oldroot",
        (EXPIRED, "Trusted certificate has expired: certificate 0"), openssl=False,
        validity="enforce", root="oldroot",
        kernel=(REJECTED, OUTSIDE + "Validity is not known")),

    # Validity.
    Row("expired leaf, off", "root mid oldleaf", "root", validity="off"),
    Row("expired leaf, warn", "root mid oldleaf", "root"),
    Row("expired leaf, enforce", "root mid oldleaf", "root",
        (EXPIRED, "Certificate has expired: certificate 2"), openssl=False, validity="enforce"),

    # Forms that the parser of the kernel's keyrings refuses.
    Row("GeneralizedTime before 2050 in the leaf", "root mid generalleaf", "root", openssl=True),
    Row("GeneralizedTime before 2050 in the intermediate", "root generalmid leaf", "root",
        openssl=True),
    Row("GeneralizedTime before 2050 in a root above what is trusted", "generalroot mid leaf",
        "mid"),
    Row("cA FALSE of the leaf, encoded", "root mid falseleaf", "root", openssl=True),

    # Rules for a leaf. OpenSSL does not know what SPDM demands.
    Row("leaf without keyUsage", "root mid nokuleaf", "root",
        (REJECTED, "Leaf certificate has no key usage: certificate 2")),
    Row("leaf for keyAgreement", "root mid agreeleaf", "root",
        (REJECTED, "Leaf certificate is not for signing: certificate 2")),
    Row("leaf with keyCertSign", "root mid signleaf", "root",
        (REJECTED, "Leaf certificate is for signing certificates: certificate 2")),
    Row("leaf that is a CA", "root mid caleaf", "root",
        (REJECTED, "Leaf certificate is that of a CA: certificate 2")),
    Row("leaf without a name", "root mid nosan", "root",
        (REJECTED, "Leaf certificate has no Subject Alternative Name: expected Vendor=1b36:")),
    Row("leaf for another device", "root mid othersan", "root",
        (REJECTED, "Leaf certificate is for another device: expected Vendor=1b36:")),
    Row("unknown critical extension of the leaf", "root mid unknownleaf", "root",
        (REJECTED, UNKNOWN % 2), openssl=False),
    Row("EKU clientAuth", "root mid eku-client", "root", openssl=True),
    Row("EKU of DICE", "root mid eku-attest", "root", openssl=True),
    Row("EKU of a requester", "root mid eku-requester", "root", (REJECTED, NOT_FOR)),
    Row("EKU of a server and a requester", "root mid eku-server-requester", "root",
        (REJECTED, NOT_FOR)),
    Row("EKU of anything and a requester", "root mid eku-any-requester", "root",
        (REJECTED, NOT_FOR)),
    Row("EKU of a requester and a responder", "root mid eku-both", "root", openssl=True),

    # Names.
    Row("PrintableString below UTF8String", "root utf8 printableleaf", "root", openssl=True),
    Row("PrintableString below T61String", "root t61 printableleaf", "root", openssl=True),
    Row("PrintableString below BMPString", "root bmp printableleaf", "root", openssl=True),
    Row("another case and more blanks", "root upper printableleaf", "root", openssl=True),
    Row("another name", "root another printableleaf", "root",
        (REJECTED, "Certificate is not issued by the one before it: certificate 2"),
        openssl=False),
    Row("PrintableString below UTF8String, root left out", "namemid leaf", "nameroot",
        openssl=True, root="nameroot"),
    # The kernel finds a key alone by its identifier, or by the issuer's bytes.
    Row("the same, without key identifiers", "noidmid leaf", "nameroot", openssl=True,
        root="nameroot", kernel=(NOKEY, "O=SOME MAKER, CN=Name root")),

    # Name constraints.
    Row("DNS name, permitted", "root nc-dns n-gooddns", "root", openssl=True),
    Row("DNS name, permitted, critical", "root nc-dns-critical n-gooddns", "root", openssl=True),
    Row("DNS name, not permitted", "root nc-dns n-baddns", "root", (REJECTED, NOT_PERMITTED),
        openssl=False),
    Row("DNS name, not permitted, critical", "root nc-dns-critical n-baddns", "root",
        (REJECTED, NOT_PERMITTED), openssl=False),
    Row("DNS name that only ends like the permitted one", "root nc-dns n-longdns", "root",
        (REJECTED, NOT_PERMITTED), openssl=False),
    Row("DNS name, excluded", "root nc-not-dns n-baddns", "root", (REJECTED, EXCLUDED),
        openssl=False),
    Row("common name that is a DNS name", "root nc-dns n-cn", "root", (REJECTED, NOT_PERMITTED),
        openssl=False),
    Row("no DNS name", "root nc-dns-critical leaf", "root", openssl=True),
    Row("e-mail address, permitted", "root nc-mail n-goodmail", "root", openssl=True),
    Row("e-mail address, not permitted", "root nc-mail n-badmail", "root",
        (REJECTED, NOT_PERMITTED), openssl=False),
    Row("e-mail address of the subject, not permitted", "root nc-mail n-subjectmail", "root",
        (REJECTED, NOT_PERMITTED), openssl=False),
    Row("URI, permitted", "root nc-uri n-gooduri", "root", openssl=True),
    Row("URI, not permitted", "root nc-uri n-baduri", "root", (REJECTED, NOT_PERMITTED),
        openssl=False),
    Row("IP address, permitted", "root nc-ip n-goodip", "root", openssl=True),
    Row("IP address, not permitted", "root nc-ip n-badip", "root", (REJECTED, NOT_PERMITTED),
        openssl=False),
    Row("directory name, permitted", "root nc-dir n-goodorg", "root", openssl=True),
    Row("directory name, not permitted", "root nc-dir n-badorg", "root",
        (REJECTED, NOT_PERMITTED), openssl=False),
    Row("directory name, excluded", "root nc-not-dir n-badorg", "root", (REJECTED, EXCLUDED),
        openssl=False),
    Row("other name, which cannot be compared", "root nc-other leaf", "root",
        (REJECTED, "Name cannot be compared with the name constraints of a CA: certificate 2"),
        openssl=False),
    Row("not permitted above what is trusted", "root nc-dns n-baddns", "n-baddns"),
    Row("not permitted by a root left out", "nc-rootmid n-baddns", "nc-root",
        (REJECTED, OUTSIDE + NOT_PERMITTED[:-15]), openssl=False, root="nc-root", kernel=None),

    # Names of DMTF, and the policy for devices.
    Row("DMTF name instead of the name of PCIe", "root mid dmtf", "root",
        (REJECTED, "Leaf certificate has no OtherName with CMA OID: expected " + NVME +
         ", found the DMTF name " + DMTF)),
    Row("both names", "root mid bothnames", "root"),
    Row("the name of PCIe, and a malformed DMTF name", "root mid baddmtf", "root"),
    Row("an empty policy", "root mid nosan", "root",
        (REJECTED, "Leaf certificate has no Subject Alternative Name: expected " + NVME),
        policy="# nothing\n"),
    Row("rule: no name, DMTF name", "root mid dmtf", "root", policy="any name none"),
    Row("rule: no name, none", "root mid nosan", "root", policy="any name none"),
    Row("rule: no name, another device's", "root mid othersan", "root", policy="any name none"),
    Row("rule: no name, an untrusted chain", "root mid leaf", "other", (NOKEY, "Chain root"),
        policy="any name none"),
    Row("rule: name of PCIe", "root mid leaf", "root", policy="any name pci"),
    Row("rule: name of PCIe, DMTF name", "root mid dmtf", "root",
        (REJECTED, "Leaf certificate has no OtherName with CMA OID: expected " + NVME +
         ", found the DMTF name " + DMTF), policy="any name pci"),
    Row("rule: name of PCIe, another device's", "root mid othersan", "root",
        (REJECTED, "Leaf certificate is for another device: expected " + NVME),
        policy="any name pci"),
    Row("rule: DMTF name", "root mid dmtf", "root", policy="any name dmtf " + DMTF),
    Row("rule: DMTF name, both names", "root mid bothnames", "root",
        policy="any name dmtf " + DMTF),
    Row("rule: DMTF name, the second one", "root mid twodmtf", "root",
        policy="any name dmtf " + DMTF),
    Row("rule: DMTF name, quoted", "root mid blankdmtf", "root",
        policy='any name dmtf "Example Ltd:Disk 1:X"'),
    Row("rule: DMTF name, another one", "root mid dmtf", "root",
        (REJECTED, NO_NAME + "line 2: expected NVIDIA:GH100:0, found " + DMTF),
        policy="# H100\nany name dmtf NVIDIA:GH100:0\n"),
    Row("rule: DMTF name, only the beginning", "root mid dmtf", "root",
        (REJECTED, NO_NAME + "line 1: expected NVIDIA:GH100, found " + DMTF),
        policy="any name dmtf NVIDIA:GH100"),
    Row("rule: DMTF name, name of PCIe", "root mid leaf", "root",
        (REJECTED, NO_NAME + "line 1: expected %s, found %s" % (DMTF, NVME)),
        policy="any name dmtf " + DMTF),
    Row("rule: DMTF name, none", "root mid nosan", "root",
        (REJECTED, NO_NAME + "line 1: expected %s, found no name" % DMTF),
        policy="any name dmtf " + DMTF),
    Row("rule: DMTF name, malformed", "root mid baddmtf", "root",
        ("EBADMSG", "certificate 2, otherName at offset "), policy="any name dmtf " + DMTF),
    Row("rule: DMTF prefix", "root mid dmtf", "root", policy="any name dmtf-prefix NVIDIA:"),
    Row("rule: another DMTF prefix", "root mid dmtf", "root",
        (REJECTED, NO_NAME + "line 1: expected NVIDIA:GB:, found " + DMTF),
        policy="any name dmtf-prefix NVIDIA:GB:"),
    Row("rule: one of several names", "root mid dmtf", "root",
        policy="any name pci name dmtf A:B:C name dmtf " + DMTF),

    # Which rule decides.
    Row("rule for all numbers", "root mid nosan", "root", policy="id %s name none" % NVME_ID),
    Row("rule for the vendor", "root mid nosan", "root", policy="id 1B36 name none"),
    Row("rule for the address", "root mid nosan", "root", policy="address 01:00.0 name none"),
    Row("rule for address and device", "root mid nosan", "root",
        policy="address %s id 1b36:0010 name none" % NVME_BDF),
    Row("rules for other devices", "root mid nosan", "root",
        (REJECTED, "Leaf certificate has no Subject Alternative Name"),
        policy="id 1b37 name none\nid 1b36:0011 name none\nid 1b36:0010:1af4:1101 name none\n"
               "address 01:00.1 name none\naddress 0001:01:00.0 name none\n"
               "address 02:00.0 name none\naddress 01:00.0 id 1b37 name none"),
    Row("the first rule decides, which is strict", "root mid leaf", "root",
        (REJECTED, NO_NAME + "line 1: expected A:B:C, found Vendor=1b36"),
        policy="id 1b36 name dmtf A:B:C\nany name none"),
    Row("the first rule decides, which is lax", "root mid leaf", "root",
        policy="id 1b36 name none\nany name dmtf A:B:C"),

    # Pins of keys.
    Row("pin of the leaf's key", "root mid leaf", "root", policy="any name pci pin sha256:{leaf}"),
    Row("pin of the leaf's key, in another certificate", "root mid dmtf", "root",
        policy="any name none pin sha256:{leaf}"),
    Row("pin of a key above the leaf", "root mid leaf", "root",
        policy="any name none pin sha256:{other} pin sha256:{mid}"),
    Row("pin of a key above the leaf, root left out", "mid leaf", "root", root="root",
        policy="any name none pin sha256:{mid}"),
    Row("pin of the trusted root's key", "root mid leaf", "root",
        policy="any name none pin sha256:{root}"),
    Row("pin of another key", "root mid leaf", "root", (REJECTED, NOT_PINNED),
        policy="any name none pin sha256:{other}"),
    Row("pin of a root left out", "mid leaf", "root", (REJECTED, NOT_PINNED), root="root",
        policy="any name none pin sha256:{root}"),
    Row("pin of a key above what is trusted", "root mid leaf", "leaf", (REJECTED, NOT_PINNED),
        policy="any name none pin sha256:{mid}"),
    Row("right pin, wrong name", "root mid leaf", "root",
        (REJECTED, NO_NAME + "line 1: expected A:B:C"),
        policy="any name dmtf A:B:C pin sha256:{leaf}"),

    # Policies and DICE.
    Row("critical policies and their constraints", "root policymid leaf", "root", openssl=True),
    Row("critical DiceTcbInfo", "root mid tcbleaf", "root"),
    Row("critical TcgUeid and DiceTcbInfoSeq", "root dicemid multileaf", "root"),
    Row("critical DiceTcbInfo, malformed", "root mid badtcbleaf", "root",
        (REJECTED, UNKNOWN % 2), openssl=False),
    Row("DiceTcbInfo, malformed", "root mid oddtcbleaf", "root", openssl=True),
]
