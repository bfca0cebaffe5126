// SPDX-License-Identifier: GPL-2.0-only
/*
 * Unit tests of lib/x509_name.c, lib/x509_constraints.c and lib/x509_dice.c.
 * OpenSSL makes the certificates, and judges names and name constraints too.
 */
#define _GNU_SOURCE
#include <stdlib.h>

#include <openssl/evp.h>
#include <openssl/x509v3.h>

#include "../../lib/x509_constraints.h"
#include "../../lib/x509_dice.h"
#include "../../lib/x509_name.h"
#include "tap.h"

/* ---- names ---- */

/* An attribute: its type as an OID, the kind of its string, its bytes. */
struct attr {
	const char *type;
	int kind;
	const char *value;
	int len;
	int set;		/* as in X509_NAME_add_entry(): 0 or -1 */
};

static EVP_PKEY *key;

#define CN(kind, value) { "CN", V_ASN1_##kind, value, sizeof(value) - 1, 0 }
#define O(kind, value) { "O", V_ASN1_##kind, value, sizeof(value) - 1, 0 }
#define WITH_O(kind, value) { "O", V_ASN1_##kind, value, sizeof(value) - 1, -1 }

static X509_NAME *name_of(const struct attr *a, u8 **der, size_t *len)
{
	X509_NAME *n = X509_NAME_new();
	const u8 *p;

	for (; a->type; a++)
		if (!X509_NAME_add_entry_by_txt(n, a->type, a->kind,
						(const u8 *)a->value, a->len,
						-1, a->set))
			abort();
	if (!X509_NAME_get0_der(n, &p, len))
		abort();
	/* The contents, without the header. */
	*len -= p[1] & 0x80 ? 3 : 2;
	p += p[1] & 0x80 ? 3 : 2;
	*der = malloc(*len + !*len);
	memcpy(*der, p, *len);
	return n;
}

static void test_same(void)
{
	static const struct {
		const char *what;
		struct attr a[4], b[4];
		bool same;
	} cases[] = {
		{ "the same bytes", { CN(UTF8STRING, "a") }, { CN(UTF8STRING, "a") }, true },
		{ "no attribute", {}, {}, true },
		{ "UTF8String, PrintableString", { CN(UTF8STRING, "a") },
		  { CN(PRINTABLESTRING, "a") }, true },
		{ "T61String in Latin-1, UTF8String", { CN(T61STRING, "\xe9") },
		  { CN(UTF8STRING, "\xc3\xa9") }, true },
		{ "BMPString, IA5String", { CN(BMPSTRING, "\0a\0b") },
		  { CN(IA5STRING, "ab") }, true },
		{ "UniversalString, T61String", { CN(UNIVERSALSTRING, "\0\0\0a") },
		  { CN(T61STRING, "a") }, true },
		{ "the case of ASCII", { CN(UTF8STRING, "aBc") }, { CN(UTF8STRING, "AbC") }, true },
		{ "the case of other letters", { CN(UTF8STRING, "\xc3\xa9") },
		  { CN(UTF8STRING, "\xc3\x89") }, false },
		{ "blanks at both ends", { CN(UTF8STRING, "  a ") },
		  { CN(UTF8STRING, "a") }, true },
		{ "blanks inside", { CN(UTF8STRING, "a \t  b") }, { CN(UTF8STRING, "a b") }, true },
		{ "a blank and none", { CN(UTF8STRING, "a b") }, { CN(UTF8STRING, "ab") }, false },
		{ "only blanks, nothing", { CN(UTF8STRING, "   ") }, { CN(UTF8STRING, "") }, true },
		{ "another text", { CN(UTF8STRING, "a") }, { CN(UTF8STRING, "b") }, false },
		{ "a longer text", { CN(UTF8STRING, "a") }, { CN(UTF8STRING, "ab") }, false },
		{ "a NUL inside", { CN(UTF8STRING, "a\0b") }, { CN(UTF8STRING, "a") }, false },
		{ "another attribute", { CN(UTF8STRING, "a") }, { O(UTF8STRING, "a") }, false },
		{ "one more attribute", { CN(UTF8STRING, "a") },
		  { CN(UTF8STRING, "a"), CN(UTF8STRING, "a") }, false },
		{ "another order", { CN(UTF8STRING, "a"), O(UTF8STRING, "b") },
		  { O(UTF8STRING, "b"), CN(UTF8STRING, "a") }, false },
		{ "attributes of one RDN, of two", { CN(UTF8STRING, "a"), WITH_O(UTF8STRING, "b") },
		  { CN(UTF8STRING, "a"), O(UTF8STRING, "b") }, false },
		{ "attributes of one RDN, another order by their kinds",
		  { CN(UTF8STRING, "a"), { "CN", V_ASN1_PRINTABLESTRING, "b", 1, -1 } },
		  { CN(PRINTABLESTRING, "A"), { "CN", V_ASN1_UTF8STRING, "B", 1, -1 } }, true },
		{ "one attribute twice, two attributes",
		  { CN(UTF8STRING, "a"), { "CN", V_ASN1_PRINTABLESTRING, "a", 1, -1 } },
		  { CN(UTF8STRING, "a"), { "CN", V_ASN1_UTF8STRING, "b", 1, -1 } }, false },
		{ "NumericString, which is compared byte for byte", { CN(NUMERICSTRING, "1") },
		  { CN(PRINTABLESTRING, "1") }, false },
	};

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		size_t a_len, b_len;
		u8 *a, *b;
		X509_NAME *x = name_of(cases[i].a, &a, &a_len);
		X509_NAME *y = name_of(cases[i].b, &b, &b_len);
		bool same = x509_same_name(a, a_len, b, b_len);
		static const char *const words[] = { "not same", "same" };

		ok(same == cases[i].same && same == x509_same_name(b, b_len, a, a_len),
		   "names: %s: %s", cases[i].what, words[cases[i].same]);
		ok((X509_NAME_cmp(x, y) == 0) == cases[i].same, "and OpenSSL says so");
		X509_NAME_free(x);
		X509_NAME_free(y);
		free(a);
		free(b);
	}
}

/* Names that OpenSSL does not make, or compares in another way. */
static void test_odd_names(void)
{
	/* CN: two bytes that are no UTF-8; the same in T61String. */
	static const u8 bad[] = "\x31\x0b\x30\x09\x06\x03\x55\x04\x03\x0c\x02\xc3\x28";
	static const u8 latin[] = "\x31\x0b\x30\x09\x06\x03\x55\x04\x03\x14\x02\xc3\x28";
	/* CN "a"; the same, cut short; the same, with junk behind. */
	static const u8 a[] = "\x31\x0a\x30\x08\x06\x03\x55\x04\x03\x0c\x01\x61";
	static const u8 junk[] = "\x31\x0a\x30\x08\x06\x03\x55\x04\x03\x0c\x01\x61\x31";
	size_t n = 0;

	ok(x509_same_name(bad, 13, bad, 13) && !x509_same_name(bad, 13, latin, 13) &&
	   !x509_same_name(latin, 13, bad, 13), "no UTF-8: compared byte for byte");
	for (size_t len = 0; len < 12; len++) {
		u8 *cut = malloc(len + !len);

		memcpy(cut, a, len);
		n += !x509_same_name(a, 12, cut, len) && !x509_same_name(cut, len, a, 12);
		free(cut);
	}
	ok(n == 12, "a name cut short anywhere is another one");
	ok(!x509_same_name(a, 12, junk, 13) && !x509_same_name(junk, 13, a, 12),
	   "so is one with junk behind");
}

/* ---- name constraints ---- */

static X509 *unsigned_cert(const struct attr *subject)
{
	X509 *x = X509_new();
	u8 *der;
	size_t len;
	X509_NAME *n = name_of(subject, &der, &len);

	free(der);
	X509_set_version(x, 2);
	ASN1_INTEGER_set(X509_get_serialNumber(x), 1);
	X509_set_subject_name(x, n);
	X509_gmtime_adj(X509_getm_notBefore(x), 0);
	X509_gmtime_adj(X509_getm_notAfter(x), 1000);
	X509_set_pubkey(x, key);
	X509_NAME_free(n);
	return x;
}

/* @value: in the form of openssl.cnf; sections follow after a newline. */
static void add_ext(X509 *x, const char *nid, const char *value)
{
	const char *conf_text = strchr(value, '\n');
	char *first = conf_text ? strndup(value, conf_text - value) : strdup(value);
	BIO *bio = BIO_new_mem_buf(conf_text ? conf_text : "", -1);
	CONF *conf = NCONF_new(NULL);
	X509V3_CTX ctx;
	X509_EXTENSION *e;
	long line;

	if (NCONF_load_bio(conf, bio, &line) <= 0)
		abort();
	X509V3_set_ctx_nodb(&ctx);
	X509V3_set_nconf(&ctx, conf);
	e = X509V3_EXT_nconf(conf, &ctx, nid, first);
	if (!e || !X509_add_ext(x, e, -1))
		abort();
	X509_EXTENSION_free(e);
	NCONF_free(conf);
	BIO_free(bio);
	free(first);
}

/* Signs @x and parses it; free(*der) later. */
static int parse(X509 *x, u8 **der, struct x509_cert *cert)
{
	struct x509_fault fault;
	u8 *p = NULL;
	int len;

	X509_sign(x, key, EVP_sha256());
	len = i2d_X509(x, &p);
	*der = malloc(len);
	memcpy(*der, p, len);
	OPENSSL_free(p);
	return x509_walk(*der, len, cert, &fault);
}

#define PERMITTED "Name is not permitted by the name constraints of a CA"
#define EXCLUDED "Name is excluded by the name constraints of a CA"
#define ODD "Name cannot be compared with the name constraints of a CA"
#define MAIL(kind, value) \
	{ "emailAddress", V_ASN1_##kind, value, sizeof(value) - 1, 0 }

/* @differs: OpenSSL 3.0 does not split a URI into its parts, or takes SmtpUTF8Mailbox. */
static const struct {
	const char *nc;
	struct attr subject[3];
	const char *san;
	const char *fault;
	bool differs;
} constraints[] = {
	{ "permitted;DNS:a.example", { CN(UTF8STRING, "x") }, .san = "DNS:a.example" },
	{ "permitted;DNS:a.example", { CN(UTF8STRING, "x") }, .san = "DNS:b.A.EXAMPLE" },
	{ "permitted;DNS:a.example", { CN(UTF8STRING, "x") },
	  .san = "DNS:ba.example", .fault = PERMITTED },
	{ "permitted;DNS:a.example", { CN(UTF8STRING, "x") },
	  .san = "DNS:example", .fault = PERMITTED },
	{ "permitted;DNS:.a.example", { CN(UTF8STRING, "x") }, .san = "DNS:b.a.example" },
	{ "permitted;DNS:a.example", { CN(UTF8STRING, "x") }, .san = "DNS:a.example,DNS:b.example",
	  PERMITTED },
	{ "permitted;DNS:a.example,permitted;DNS:b.example", { CN(UTF8STRING, "x") },
	  .san = "DNS:a.example,DNS:b.example" },
	{ "permitted;DNS:a.example,excluded;DNS:b.a.example", { CN(UTF8STRING, "x") },
	  .san = "DNS:b.a.example", .fault = EXCLUDED },
	{ "permitted;DNS:a.example", { CN(UTF8STRING, "x") }, .san = "email:x@b.example" },
	{ "permitted;DNS:a.example", { CN(UTF8STRING, "b.example") },
	  .san = NULL, .fault = PERMITTED },
	{ "permitted;DNS:a.example", { CN(UTF8STRING, "b example") }, .san = NULL },
	{ "permitted;DNS:a.example", { CN(UTF8STRING, "b.example") }, .san = "DNS:a.example" },
	{ "excluded;DNS:a.example", { CN(UTF8STRING, "b.example") }, .san = NULL },
	{ "permitted;email:a.example", { CN(UTF8STRING, "x") }, .san = "email:x@A.example" },
	{ "permitted;email:a.example", { CN(UTF8STRING, "x") },
	  .san = "email:x@b.a.example", .fault = PERMITTED },
	{ "permitted;email:.a.example", { CN(UTF8STRING, "x") }, .san = "email:x@b.a.example" },
	{ "permitted;email:.a.example", { CN(UTF8STRING, "x") },
	  .san = "email:x@a.example", .fault = PERMITTED },
	{ "permitted;email:x@a.example", { CN(UTF8STRING, "x") }, .san = "email:x@A.EXAMPLE" },
	{ "permitted;email:x@a.example", { CN(UTF8STRING, "x") },
	  .san = "email:X@a.example", .fault = PERMITTED },
	{ "permitted;email:x@a.example", { CN(UTF8STRING, "x") },
	  .san = "email:yx@a.example", .fault = PERMITTED },
	{ "permitted;email:a.example", { CN(UTF8STRING, "x") },
	  .san = "email:a.example", .fault = ODD },
	{ "permitted;email:a.example", { MAIL(IA5STRING, "x@a.example") }, .san = NULL },
	{ "permitted;email:a.example", { MAIL(IA5STRING, "x@b.example") },
	  .san = NULL, .fault = PERMITTED },
	{ "permitted;email:a.example", { CN(UTF8STRING, "x") },
	  .san = "otherName:1.3.6.1.5.5.7.8.9;UTF8:x@a.example", .fault = ODD, .differs = true },
	{ "permitted;URI:a.example", { CN(UTF8STRING, "x") }, .san = "URI:https://a.example/b" },
	{ "permitted;URI:a.example", { CN(UTF8STRING, "x") }, .san = "URI:https://a.example:80" },
	{ "permitted;URI:a.example", { CN(UTF8STRING, "x") },
	  .san = "URI:https://b.a.example/", .fault = PERMITTED },
	{ "permitted;URI:.a.example", { CN(UTF8STRING, "x") }, .san = "URI:https://b.a.example/" },
	{ "permitted;URI:.a.example", { CN(UTF8STRING, "x") },
	  .san = "URI:https://a.example/", .fault = PERMITTED },
	{ "permitted;URI:a.example", { CN(UTF8STRING, "x") }, .san = "URI:urn:x", .fault = ODD },
	{ "permitted;URI:a.example", { CN(UTF8STRING, "x") },
	  .san = "URI:https://x:a.example@b/", .fault = ODD, .differs = true },
	{ "excluded;URI:a.example", { CN(UTF8STRING, "x") },
	  .san = "URI:https://x@a.example/", .fault = ODD, .differs = true },
	{ "permitted;URI:a.example", { CN(UTF8STRING, "x") },
	  .san = "URI:https://a.example?b", .differs = true },
	{ "permitted;IP:192.0.2.0/255.255.255.0", { CN(UTF8STRING, "x") },
	  .san = "IP:192.0.2.255" },
	{ "permitted;IP:192.0.2.0/255.255.255.0", { CN(UTF8STRING, "x") },
	  .san = "IP:192.0.3.0", .fault = PERMITTED },
	{ "permitted;IP:192.0.2.0/255.255.255.0", { CN(UTF8STRING, "x") }, .san = "IP:2001:db8::1",
	  PERMITTED },
	{ "permitted;IP:2001:db8::/ffff:ffff::", { CN(UTF8STRING, "x") }, .san = "IP:2001:db8::1" },
	{ "excluded;IP:2001:db8::/ffff:ffff::", { CN(UTF8STRING, "x") },
	  .san = "IP:2001:db8::1", .fault = EXCLUDED },
	{ "permitted;dirName:d\n[d]\nO=A b", { O(PRINTABLESTRING, "a  B"), CN(UTF8STRING, "x") },
	  .san = NULL },
	{ "permitted;dirName:d\n[d]\nO=A b", { O(UTF8STRING, "b"), CN(UTF8STRING, "x") },
	  .san = NULL,
	  PERMITTED },
	{ "permitted;dirName:d\n[d]\nO=A b", { CN(UTF8STRING, "x"), O(UTF8STRING, "A b") },
	  .san = NULL,
	  PERMITTED },
	{ "excluded;dirName:d\n[d]\nO=A b", { O(UTF8STRING, "A b"), CN(UTF8STRING, "x") },
	  .san = NULL,
	  EXCLUDED },
	{ "permitted;dirName:d\n[d]\nO=A b", {}, .san = "DNS:a.example" },
	{ "permitted;dirName:d\n[d]\nO=A b", { O(UTF8STRING, "A b") }, .san = "dirName:e\n[e]\nO=C",
	  PERMITTED },
	{ "permitted;RID:1.2.3", { CN(UTF8STRING, "x") }, .san = "RID:1.2.3", .fault = ODD },
	{ "permitted;RID:1.2.3", { CN(UTF8STRING, "x") }, .san = "DNS:a.example" },
	{ "permitted;otherName:1.2.3;UTF8:a", { CN(UTF8STRING, "x") },
	  .san = "otherName:1.2.3;UTF8:a", .fault = ODD },
	{ "permitted;otherName:1.2.3;UTF8:a", { CN(UTF8STRING, "x") },
	  .san = "otherName:1.2.4;UTF8:a" },
};

static bool openssl_permits(X509 *ca, X509 *x)
{
	NAME_CONSTRAINTS *nc = X509_get_ext_d2i(ca, NID_name_constraints, NULL,
						NULL);
	GENERAL_NAMES *san = X509_get_ext_d2i(x, NID_subject_alt_name, NULL, NULL);
	bool dns = false;
	int rc;

	for (int i = 0; i < sk_GENERAL_NAME_num(san); i++)
		dns |= sk_GENERAL_NAME_value(san, i)->type == GEN_DNS;
	/* Fills in what NAME_CONSTRAINTS_check() reads. */
	X509_check_purpose(x, -1, 0);
	rc = NAME_CONSTRAINTS_check(x, nc);
	if (rc == X509_V_OK && !dns)
		rc = NAME_CONSTRAINTS_check_CN(x, nc);
	GENERAL_NAMES_free(san);
	NAME_CONSTRAINTS_free(nc);
	return rc == X509_V_OK;
}

static void test_constraints(void)
{
	static const struct attr ca_name[] = { CN(UTF8STRING, "ca"), {} };

	for (size_t i = 0; i < ARRAY_SIZE(constraints); i++) {
		X509 *ca = unsigned_cert(ca_name);
		X509 *x = unsigned_cert(constraints[i].subject);
		const char *name, *want = constraints[i].fault;
		size_t left = X509_COMPARISONS_MAX;
		struct x509_cert a, b;
		struct x509_fault fault = {};
		u8 *ca_der, *der;
		int rc;

		add_ext(ca, "nameConstraints", constraints[i].nc);
		if (constraints[i].san)
			add_ext(x, "subjectAltName", constraints[i].san);
		rc = parse(ca, &ca_der, &a) ?: parse(x, &der, &b);
		if (!rc)
			rc = x509_check_constraints(&a, &fault);
		if (!rc)
			rc = x509_check_names(&a, &b, true, &left, &fault);
		name = constraints[i].san ?: constraints[i].subject[0].value ?: "-";
		ok(rc == (want ? -EKEYREJECTED : 0) &&
		   (!want || !strcmp(fault.what, want)), "%.*s: %.*s: %s",
		   (int)strcspn(constraints[i].nc, "\n"), constraints[i].nc,
		   (int)strcspn(name, "\n"), name, want ?: "permitted");
		if (!constraints[i].differs)
			ok(openssl_permits(ca, x) == !want, "and OpenSSL says so");
		X509_free(ca);
		X509_free(x);
		free(ca_der);
		free(der);
	}
}

/* Constraints that are malformed, or that RFC 5280 forbids. */
static void test_bad_constraints(void)
{
	static const struct {
		const char *what;
		const char *der;
		int walk, check;
	} cases[] = {
		{ "empty", "DER:3000", -EBADMSG, 0 },
		{ "no SEQUENCE", "DER:0500", -EBADMSG, 0 },
		{ "an empty list", "DER:3002a000", 0, -EBADMSG },
		{ "another list", "DER:3005a2033001ff", 0, -EBADMSG },
		{ "junk in a list", "DER:3004a0020500", 0, -EBADMSG },
		{ "a subtree without a base", "DER:3004a0023000", 0, -EBADMSG },
		{ "a base that is no name", "DER:3006a00430020500", 0, -EBADMSG },
		{ "a minimum", "DER:300aa0083006820161800101", 0, -EKEYREJECTED },
		{ "a maximum", "DER:300aa0083006820161810101", 0, -EKEYREJECTED },
		{ "a good one", "DER:3007a0053003820161", 0, 0 },
	};
	static const struct attr name[] = { CN(UTF8STRING, "ca"), {} };

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		X509 *x = unsigned_cert(name);
		struct x509_fault fault;
		struct x509_cert cert;
		u8 *der;
		int rc;

		add_ext(x, "nameConstraints", cases[i].der);
		rc = parse(x, &der, &cert);
		ok(rc == cases[i].walk &&
		   (rc || x509_check_constraints(&cert, &fault) == cases[i].check),
		   "name constraints: %s", cases[i].what);
		X509_free(x);
		free(der);
	}
}

/* Many subtrees and many names: the work is bounded. */
static void test_work(void)
{
	static const struct attr ca_name[] = { CN(UTF8STRING, "ca"), {} };
	static const struct attr no_name[] = { {} };
	X509 *ca = unsigned_cert(ca_name), *x = unsigned_cert(no_name);
	size_t left = X509_COMPARISONS_MAX, size = 1 << 16;
	char *nc = malloc(size), *san = malloc(size);
	size_t nc_len = 0, san_len = 0;
	struct x509_fault fault;
	struct x509_cert a, b;
	u8 *ca_der, *der;
	int rc;

	for (int i = 0; i < 300; i++) {
		nc_len += snprintf(nc + nc_len, size - nc_len, "%sexcluded;DNS:x%d",
				   i ? "," : "", i);
		san_len += snprintf(san + san_len, size - san_len, "%sDNS:y%d",
				    i ? "," : "", i);
	}
	add_ext(ca, "nameConstraints", nc);
	add_ext(x, "subjectAltName", san);
	rc = parse(ca, &ca_der, &a) ?: parse(x, &der, &b);
	ok(!rc && !x509_check_constraints(&a, &fault), "300 subtrees, 300 names");
	rc = x509_check_names(&a, &b, true, &left, &fault);
	ok(rc == -EKEYREJECTED && !left &&
	   !strcmp(fault.what, "Too many names and name constraints"),
	   "more comparisons than there may be: refused");
	left = 300 * 300;
	ok(!x509_check_names(&a, &b, true, &left, &fault) && !left,
	   "as many as there may be: accepted");
	X509_free(ca);
	X509_free(x);
	free(ca_der);
	free(der);
	free(nc);
	free(san);
}

/* ---- DICE ---- */

#define FWIDS "[f]\na=SEQUENCE:h\n[h]\na=OID:2.16.840.1.101.3.4.2.1\n" \
	"b=FORMAT:HEX,OCTETSTRING:0102\n"

static const struct {
	const char *what;
	const char *oid;
	const char *value;
	bool known;
} dices[] = {
	{ "TcbInfo", "2.23.133.5.4.1",
	  "critical,ASN1:SEQUENCE:t\n[t]\nv=IMPLICIT:0,UTF8:ACME\ns=IMPLICIT:3,INTEGER:7\n"
	  "f=IMPLICIT:6,SEQUENCE:f\n" FWIDS, true },
	{ "TcbInfo without a field", "2.23.133.5.4.1", "critical,DER:3000", true },
	{ "TcbInfo with all fields", "2.23.133.5.4.1",
	  "critical,ASN1:SEQUENCE:t\n[t]\na=IMPLICIT:0,UTF8:a\nb=IMPLICIT:1,UTF8:b\n"
	  "c=IMPLICIT:2,UTF8:c\nd=IMPLICIT:3,INTEGER:1\ne=IMPLICIT:4,INTEGER:2\n"
	  "f=IMPLICIT:5,INTEGER:3\ng=IMPLICIT:6,SEQUENCE:f\n"
	  "h=IMPLICIT:7,FORMAT:HEX,BITSTRING:80\ni=IMPLICIT:8,FORMAT:HEX,OCT:01\n"
	  "j=IMPLICIT:9,FORMAT:HEX,OCT:02\nk=IMPLICIT:10,FORMAT:HEX,BITSTRING:c0\n"
	  "l=IMPLICIT:11,SEQUENCE:f\n" FWIDS, true },
	{ "TcbInfo, fields in another order", "2.23.133.5.4.1", "critical,DER:3006830107800161",
	  false },
	{ "TcbInfo, a field twice", "2.23.133.5.4.1", "critical,DER:3006800161800161", false },
	{ "TcbInfo, an unknown field", "2.23.133.5.4.1", "critical,DER:30038c0161", false },
	{ "TcbInfo, a negative number", "2.23.133.5.4.1", "critical,DER:3003830180", false },
	{ "TcbInfo, a number of nine bytes", "2.23.133.5.4.1",
	  "critical,DER:300b8309010000000000000000", false },
	{ "TcbInfo, a FWID without a digest", "2.23.133.5.4.1",
	  "critical,DER:3008a606300406022a03", false },
	{ "TcbInfo, bytes behind", "2.23.133.5.4.1", "critical,DER:30000500", false },
	{ "TcbInfo that is none", "2.23.133.5.4.1", "critical,DER:0500", false },
	{ "MultiTcbInfo", "2.23.133.5.4.5", "critical,DER:30053003830107", true },
	{ "MultiTcbInfo of two", "2.23.133.5.4.5", "critical,DER:300730003003830107", true },
	{ "MultiTcbInfo without any", "2.23.133.5.4.5", "critical,DER:3000", false },
	{ "Ueid", "2.23.133.5.4.4", "critical,DER:3004040201ff", true },
	{ "Ueid without bytes", "2.23.133.5.4.4", "critical,DER:30020400", false },
	{ "another extension of DICE", "2.23.133.5.4.2", "critical,DER:3000", false },
	{ "an extension below", "2.23.133.5.4.1.1", "critical,DER:3000", false },
};

static void test_dice(void)
{
	static const struct attr name[] = { CN(UTF8STRING, "leaf"), {} };
	size_t wrong = 0;

	for (size_t i = 0; i < ARRAY_SIZE(dices); i++) {
		X509 *x = unsigned_cert(name);
		struct x509_cert cert;
		enum x509_dice kind;
		const u8 *value;
		size_t pos = 0, len;
		u8 *der;
		int rc;

		add_ext(x, dices[i].oid, dices[i].value);
		rc = parse(x, &der, &cert);
		ok(!rc && !cert.critical == dices[i].known &&
		   (x509_next_dice(&cert, &pos, &kind, &value, &len) == 0) ==
		   dices[i].known, "DICE: %s: %s", dices[i].what,
		   dices[i].known ? "known" : "unknown");
		/* Cut short anywhere, a value is unknown. */
		for (size_t n = 0; dices[i].known && n < len; n++) {
			const u8 oid[] = { 0x67, 0x81, 5, 5, 4, kind };
			u8 *cut = malloc(n + !n);

			memcpy(cut, value, n);
			wrong += x509_dice_known(oid, sizeof(oid), cut, n);
			free(cut);
		}
		X509_free(x);
		free(der);
	}
	ok(!wrong, "DICE: cut short anywhere: unknown");
}

static void test_tcb(void)
{
	static const struct attr name[] = { CN(UTF8STRING, "leaf"), {} };
	X509 *x = unsigned_cert(name);
	const u8 *value, *oid, *digest;
	size_t pos = 0, at = 0, fwid = 0, len, oid_len, digest_len;
	struct x509_cert cert;
	enum x509_dice kind;
	struct x509_tcb tcb;
	u8 *der;

	add_ext(x, dices[0].oid, dices[0].value);
	ok(!parse(x, &der, &cert) &&
	   !x509_next_dice(&cert, &pos, &kind, &value, &len) &&
	   kind == X509_DICE_TCB_INFO &&
	   !x509_next_tcb(kind, value, len, &at, &tcb) &&
	   tcb.len[X509_TCB_VENDOR] == 4 &&
	   !memcmp(tcb.data[X509_TCB_VENDOR], "ACME", 4) &&
	   tcb.len[X509_TCB_SVN] == 1 && *tcb.data[X509_TCB_SVN] == 7 &&
	   !tcb.data[X509_TCB_MODEL], "fields of a TcbInfo");
	ok(!x509_next_fwid(&tcb, &fwid, &oid, &oid_len, &digest, &digest_len) &&
	   oid_len == 9 && digest_len == 2 && digest[1] == 2 &&
	   x509_next_fwid(&tcb, &fwid, &oid, &oid_len, &digest, &digest_len) == -ENODATA &&
	   x509_next_tcb(kind, value, len, &at, &tcb) == -ENODATA &&
	   x509_next_dice(&cert, &pos, &kind, &value, &len) == -ENODATA,
	   "its FWID, and no more");
	X509_free(x);
	free(der);
}

int main(void)
{
	key = EVP_PKEY_Q_keygen(NULL, NULL, "EC", "P-256");
	test_same();
	test_odd_names();
	test_constraints();
	test_bad_constraints();
	test_work();
	test_dice();
	test_tcb();
	EVP_PKEY_free(key);
	return tap_done();
}
