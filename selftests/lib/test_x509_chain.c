// SPDX-License-Identifier: GPL-2.0-only
/*
 * Unit tests of lib/x509_chain.c, with chains that OpenSSL creates. Each chain
 * has a heap block of its own, so that the address sanitizer detects an
 * overread.
 */
#define _GNU_SOURCE
#include <stdlib.h>

#include <openssl/evp.h>
#include <openssl/x509v3.h>

#include "../../lib/x509_chain.h"
#include "../../lib/x509_cma.h"
#include "../../lib/x509_text.h"
#include "tap.h"

#define NVME "Vendor=1b36:Device=0010:CC=010802:REV=02:SSVID=1af4:SSID=1100"
#define OTHER_NVME "Vendor=1b36:Device=0011:CC=010802:REV=02:SSVID=1af4:SSID=1100"
#define CMA(name) "otherName:2.23.147;UTF8:" name
#define RESPONDER "1.3.6.1.4.1.412.274.3"

#define NOW 1767225600			/* 2026-01-01 */
#define FROM "20250101000000Z"
#define TO "20350101000000Z"

/* Certificates; each is created once, so that its bytes never change. */
enum key { ROOT_KEY, MID_KEY, LEAF_KEY, OTHER_KEY, P192_KEY, N_KEYS };

struct spec {
	const char *cn;
	const char *issuer;
	enum key key;
	enum key signer;
	const char *bc, *ku, *eku, *san, *nc;
	const char *from, *to;
	bool sha1;
};

#define CA "critical,CA:TRUE"
#define SIGNS "critical,keyCertSign,cRLSign"
#define REQUESTER "1.3.6.1.4.1.412.274.4"
#define LEAF "leaf", .key = LEAF_KEY, .bc = "critical,CA:FALSE"
#define SIGNING LEAF, .ku = "critical,digitalSignature"
#define SANE SIGNING, .eku = RESPONDER, .san = CMA(NVME)

enum {
	NONE, ROOT, MID, LEAF1, MID_P0, MID2, LEAF2, SELF_ISSUED, LEAF_SI,
	CROSS, CROSS_CA, OTHER_ROOT, FAKE_MID, FAKE_LEAF, NAMELESS, WRONG_CA,
	NOT_CA, NO_SIGN_CA, CRITICAL_CA, CA_LEAF, SIGN_LEAF, NO_SIGN_LEAF,
	WRONG_EKU, CRITICAL_LEAF, NO_SAN, DNS_SAN, WRONG_SAN, TWO_SANS,
	BAD_SAN, OLD, YOUNG, OLD_MID, BELOW_OLD, SELF_SIGNED, BARE_ROOT,
	BELOW_BARE, P1_ROOT, P1_MID, P1_MID2, P0_ROOT, P0_MID, P0_LEAF,
	CRL_ROOT, CRL_LEAF, P192_ROOT, P192_MID, SHA1_ROOT, SHA1_MID, SHA1_LEAF,
	NC_ROOT, NC_MID, NC_LEAF, NC_OTHER, NC_SI, OLD_ROOT, REQUESTER_EKU,
	NO_KU, N_SPECS
};

static const struct spec specs[N_SPECS] = {
	[ROOT] = { "root", "root", ROOT_KEY, ROOT_KEY, .bc = CA, .ku = SIGNS },
	[MID] = { "mid", "root", MID_KEY, ROOT_KEY, .bc = CA, .ku = SIGNS },
	[LEAF1] = { SANE, .issuer = "mid", .signer = MID_KEY },
	[MID_P0] = { "mid0", "root", MID_KEY, ROOT_KEY, .bc = CA ",pathlen:0", .ku = SIGNS },
	[MID2] = { "mid2", "mid0", OTHER_KEY, MID_KEY, .bc = CA, .ku = SIGNS },
	[LEAF2] = { SANE, .issuer = "mid2", .signer = OTHER_KEY },
	/* A CA with a new key, signed with its old key. */
	[SELF_ISSUED] = { "mid0", "mid0", OTHER_KEY, MID_KEY, .bc = CA, .ku = SIGNS },
	[LEAF_SI] = { SANE, .issuer = "mid0", .signer = OTHER_KEY },
	/* Name and key of the root, signed by another root that is not sent. */
	[CROSS] = { "root", "cross", ROOT_KEY, OTHER_KEY, .bc = CA, .ku = SIGNS },
	[CROSS_CA] = { "cross", "cross", OTHER_KEY, OTHER_KEY, .bc = CA, .ku = SIGNS },
	[OTHER_ROOT] = { "root", "root", OTHER_KEY, OTHER_KEY, .bc = CA, .ku = SIGNS },
	[FAKE_MID] = { "mid", "root", MID_KEY, OTHER_KEY, .bc = CA, .ku = SIGNS },
	[FAKE_LEAF] = { SANE, .issuer = "mid", .signer = OTHER_KEY },
	[NAMELESS] = { SANE, .issuer = "nobody", .signer = MID_KEY },
	[WRONG_CA] = { "wrong", "wrong", OTHER_KEY, OTHER_KEY, .bc = CA, .ku = SIGNS },
	[NOT_CA] = { "mid", "root", MID_KEY, ROOT_KEY, .bc = "critical,CA:FALSE",
		     .ku = "digitalSignature" },
	[NO_SIGN_CA] = { "mid", "root", MID_KEY, ROOT_KEY, .bc = CA, .ku = "cRLSign" },
	[CRITICAL_CA] = { "mid", "root", MID_KEY, ROOT_KEY, .bc = CA, .ku = SIGNS,
			  .nc = "!" },
	[CA_LEAF] = { "leaf", "mid", LEAF_KEY, MID_KEY, .bc = CA, .san = CMA(NVME) },
	[SIGN_LEAF] = { LEAF, .issuer = "mid", .signer = MID_KEY,
			.ku = "digitalSignature,keyCertSign" },
	[NO_SIGN_LEAF] = { LEAF, .issuer = "mid", .signer = MID_KEY,
			   .ku = "keyAgreement" },
	[WRONG_EKU] = { SIGNING, .issuer = "mid", .signer = MID_KEY,
			.eku = "codeSigning" },
	[CRITICAL_LEAF] = { SIGNING, .issuer = "mid", .signer = MID_KEY,
			    .nc = "!" },
	[NO_SAN] = { SIGNING, .issuer = "mid", .signer = MID_KEY },
	[DNS_SAN] = { SIGNING, .issuer = "mid", .signer = MID_KEY,
		      .san = "DNS:example,otherName:1.2.3;UTF8:" NVME },
	[WRONG_SAN] = { SIGNING, .issuer = "mid", .signer = MID_KEY,
			.san = CMA(OTHER_NVME) },
	[TWO_SANS] = { SIGNING, .issuer = "mid", .signer = MID_KEY,
		       .san = CMA(OTHER_NVME) ",DNS:x," CMA(NVME) },
	[BAD_SAN] = { SIGNING, .issuer = "mid", .signer = MID_KEY,
		      .san = "otherName:2.23.147;INTEGER:1" },
	[OLD] = { SANE, .issuer = "mid", .signer = MID_KEY,
		  .from = "20200101000000Z", .to = "20251231235959Z" },
	[YOUNG] = { SANE, .issuer = "mid", .signer = MID_KEY,
		    .from = "20260101000001Z" },
	[OLD_MID] = { "mid", "root", MID_KEY, ROOT_KEY, .bc = CA, .ku = SIGNS,
		      .from = "20200101000000Z", .to = "20210101000000Z" },
	[BELOW_OLD] = { SANE, .issuer = "mid", .signer = MID_KEY,
			.from = "20200101000000Z", .to = "20210101000000Z" },
	[SELF_SIGNED] = { SANE, .issuer = "leaf", .signer = LEAF_KEY },
	[BARE_ROOT] = { "bare", "bare", ROOT_KEY, ROOT_KEY, .bc = CA },
	[BELOW_BARE] = { SANE, .issuer = "bare", .signer = ROOT_KEY },
	[P1_ROOT] = { "p1", "p1", ROOT_KEY, ROOT_KEY, .bc = CA ",pathlen:1", .ku = SIGNS },
	[P1_MID] = { "mid0", "p1", MID_KEY, ROOT_KEY, .bc = CA, .ku = SIGNS },
	[P1_MID2] = { "mid2", "mid0", OTHER_KEY, MID_KEY, .bc = CA, .ku = SIGNS },
	/* Roots with limits, which devices leave out. */
	[P0_ROOT] = { "p0", "p0", ROOT_KEY, ROOT_KEY, .bc = CA ",pathlen:0", .ku = SIGNS },
	[P0_MID] = { "mid", "p0", MID_KEY, ROOT_KEY, .bc = CA, .ku = SIGNS },
	[P0_LEAF] = { SANE, .issuer = "p0", .signer = ROOT_KEY },
	[CRL_ROOT] = { "crl", "crl", ROOT_KEY, ROOT_KEY, .bc = CA, .ku = "critical,cRLSign" },
	[CRL_LEAF] = { SANE, .issuer = "crl", .signer = ROOT_KEY },
	[OLD_ROOT] = { "root", "root", ROOT_KEY, ROOT_KEY, .bc = CA, .ku = SIGNS,
		       .from = "20200101000000Z", .to = "20210101000000Z" },
	[P192_ROOT] = { "p192", "p192", P192_KEY, P192_KEY, .bc = CA, .ku = SIGNS },
	[P192_MID] = { "mid", "p192", MID_KEY, P192_KEY, .bc = CA, .ku = SIGNS },
	[SHA1_ROOT] = { "sha1", "sha1", ROOT_KEY, ROOT_KEY, .bc = CA, .ku = SIGNS, .sha1 = true },
	[SHA1_MID] = { "mid", "sha1", MID_KEY, ROOT_KEY, .bc = CA, .ku = SIGNS, .sha1 = true },
	[SHA1_LEAF] = { SANE, .issuer = "sha1", .signer = ROOT_KEY, .sha1 = true },
	[NC_ROOT] = { "nc", "nc", ROOT_KEY, ROOT_KEY, .bc = CA, .ku = SIGNS,
		      .nc = "permitted;DNS:good.example" },
	[NC_MID] = { "mid", "nc", MID_KEY, ROOT_KEY, .bc = CA, .ku = SIGNS },
	[NC_LEAF] = { SIGNING, .issuer = "mid", .signer = MID_KEY,
		      .san = "DNS:a.good.example," CMA(NVME) },
	[NC_OTHER] = { SIGNING, .issuer = "mid", .signer = MID_KEY,
		       .san = "DNS:bad.example," CMA(NVME) },
	/* A self-issued CA may have other names; RFC 5280, 6.1.3 (b). */
	[NC_SI] = { "mid", "mid", MID_KEY, MID_KEY, .bc = CA, .ku = SIGNS,
		    .san = "DNS:bad.example" },
	[REQUESTER_EKU] = { SIGNING, .issuer = "mid", .signer = MID_KEY,
			    .eku = "serverAuth," REQUESTER },
	[NO_KU] = { LEAF, .issuer = "mid", .signer = MID_KEY, .san = CMA(NVME) },
};

static EVP_PKEY *keys[N_KEYS];
static X509 *certs[N_SPECS];

static void add_ext(X509 *x, int nid, const char *value)
{
	X509_EXTENSION *e;

	if (!value)
		return;
	e = X509V3_EXT_conf_nid(NULL, NULL, nid, value);
	if (!e || !X509_add_ext(x, e, -1))
		abort();
	X509_EXTENSION_free(e);
}

static void add_unknown(X509 *x)
{
	X509_EXTENSION *e = X509V3_EXT_conf(NULL, NULL, "1.2.3.4",
					    "critical,DER:0500");

	if (!e || !X509_add_ext(x, e, -1))
		abort();
	X509_EXTENSION_free(e);
}

static void set_name(X509_NAME *n, const char *cn)
{
	X509_NAME_add_entry_by_txt(n, "CN", MBSTRING_UTF8, (const u8 *)cn, -1,
				   -1, 0);
}

static X509 *make(const struct spec *s)
{
	X509 *x = X509_new();

	X509_set_version(x, 2);
	ASN1_INTEGER_set(X509_get_serialNumber(x), 1);
	set_name(X509_get_subject_name(x), s->cn);
	set_name(X509_get_issuer_name(x), s->issuer);
	ASN1_TIME_set_string(X509_getm_notBefore(x), s->from ?: FROM);
	ASN1_TIME_set_string(X509_getm_notAfter(x), s->to ?: TO);
	X509_set_pubkey(x, keys[s->key]);
	add_ext(x, NID_basic_constraints, s->bc);
	add_ext(x, NID_key_usage, s->ku);
	add_ext(x, NID_ext_key_usage, s->eku);
	if (s->nc && *s->nc == '!')
		add_unknown(x);
	else
		add_ext(x, NID_name_constraints, s->nc);
	add_ext(x, NID_subject_alt_name, s->san);
	if (!X509_sign(x, keys[s->signer], s->sha1 ? EVP_sha1() : EVP_sha256()))
		abort();
	return x;
}

/* ---- functions that the walk calls ---- */

/* @facts: of a CA outside the chain only what the kernel keeps is known. */
struct world {
	const int *trusted;
	X509 *loaded[2];
	const u8 *raw;
	const u8 *start;
	size_t n;
	size_t verified;
	size_t verified_self;
	size_t leaves;
	size_t path_n;
	X509 *ca;
	u8 *ca_der;
	bool facts;
	const char *name;
	const int *root_hash;
	int load_err;
	int trusted_err;
	int verify_err;
	int self_err;
	int outside_err;
};

static X509 *last(struct world *w)
{
	return w->loaded[(w->n + 1) % 2];
}

static int load(void *ctx, const struct x509_cert *cert)
{
	struct world *w = ctx;
	const u8 *p = cert->raw;
	X509 **x;

	w->raw = cert->raw;
	if (!w->start)
		w->start = cert->raw;
	if (w->load_err && cert->raw != w->start)
		return w->load_err;
	x = &w->loaded[w->n++ % 2];
	X509_free(*x);
	*x = d2i_X509(NULL, &p, cert->raw_len);
	return *x && X509_get0_pubkey(*x) ? 0 : -EINVAL;
}

static int trusted(void *ctx, const struct x509_cert *cert)
{
	struct world *w = ctx;

	if (cert->raw != w->raw)
		abort();
	for (const int *t = w->trusted; *t; t++)
		if (!X509_cmp(certs[*t], last(w)))
			return 1;
	return w->trusted_err;
}

static int issuer(void *ctx, const struct x509_cert *cert, size_t n,
		  struct x509_ca *ca)
{
	struct world *w = ctx;
	size_t i = 0;

	if (cert->raw != w->raw)
		abort();
	while (w->trusted[i] && i < n)
		i++;
	if (!w->trusted[i])
		return 0;
	w->ca = certs[w->trusted[i]];
	OPENSSL_free(w->ca_der);
	w->ca_der = NULL;
	ca->len = i2d_X509(w->ca, &w->ca_der);
	ca->der = w->ca_der;
	if (w->facts) {
		const u8 *name;

		X509_NAME_get0_der(X509_get_subject_name(w->ca), &name,
				   &ca->subject_len);
		/* Names here have lengths of one octet. */
		*ca = (struct x509_ca) {
			.subject = name + 2,
			.subject_len = ca->subject_len - 2,
			.ca = X509_get_extension_flags(w->ca) & EXFLAG_CA,
			.cert_sign = X509_get_extension_flags(w->ca) & EXFLAG_KUSAGE &&
				     X509_get_key_usage(w->ca) & KU_KEY_CERT_SIGN,
			.key_allowed = true,
		};
	}
	return 1;
}

static int verify_outside(void *ctx)
{
	struct world *w = ctx;

	if (w->outside_err)
		return w->outside_err;
	return X509_verify(last(w), X509_get0_pubkey(w->ca)) == 1 ?
	       0 : -EKEYREJECTED;
}

static int verify(void *ctx)
{
	struct world *w = ctx;

	w->verified++;
	if (w->verify_err)
		return w->verify_err;
	return X509_verify(last(w), X509_get0_pubkey(w->loaded[w->n % 2])) == 1 ?
	       0 : -EKEYREJECTED;
}

static int verify_self(void *ctx)
{
	struct world *w = ctx;

	w->verified_self++;
	if (w->self_err)
		return w->self_err;
	return X509_verify(last(w), X509_get0_pubkey(last(w))) == 1 ?
	       0 : -EKEYREJECTED;
}

/* The digest of the root is here the root itself. */
static int check_root(void *ctx, const u8 *der, size_t len)
{
	struct world *w = ctx;
	u8 *want = NULL;
	int n, rc;

	if (!w->root_hash)
		return 0;
	n = i2d_X509(certs[*w->root_hash], &want);
	rc = len == (size_t)n && !memcmp(der, want, n) ? 0 : -EKEYREJECTED;
	OPENSSL_free(want);
	return rc;
}

static int check_leaf(void *ctx, const struct x509_path *path,
		      struct x509_fault *fault, char *detail, size_t size)
{
	struct x509_cert cert;
	struct world *w = ctx;

	w->leaves++;
	for (size_t pos = 0; pos < path->len; pos += cert.raw_len, w->path_n++)
		if (x509_walk(path->certs + pos, path->len - pos, &cert, fault))
			return -EBADMSG;
	if (cert.raw != path->leaf->raw)
		abort();
	return w->name ? x509_check_cma_name(path->leaf, w->name, fault, detail,
					     size) : 0;
}

static const struct x509_chain_ops ops = {
	load, trusted, issuer, verify_outside, verify, verify_self, check_root,
	check_leaf
};

static void unload(struct world *w)
{
	X509_free(w->loaded[0]);
	X509_free(w->loaded[1]);
	OPENSSL_free(w->ca_der);
	w->loaded[0] = NULL;
	w->loaded[1] = NULL;
	w->ca_der = NULL;
	w->n = 0;
}

/* A chain in DER, followed by @tail bytes; free it with free(). */
static u8 *chain_of(const int *chain, const char *tail, size_t tail_len,
		    size_t *len)
{
	u8 *buf = NULL, *exact;

	*len = 0;
	for (; *chain; chain++) {
		u8 *p;
		int n = i2d_X509(certs[*chain], NULL);

		buf = realloc(buf, *len + n);
		p = buf + *len;
		i2d_X509(certs[*chain], &p);
		*len += n;
	}
	exact = malloc(*len + tail_len + !(*len + tail_len));
	if (*len)
		memcpy(exact, buf, *len);
	if (tail_len)
		memcpy(exact + *len, tail, tail_len);
	*len += tail_len;
	free(buf);
	return exact;
}

/* ---- rules ---- */

#define CANNOT "Trusted certificate cannot be used for this one"

static const struct {
	const char *what;
	int chain[6];
	int trusted[4];
	const char *name;
	enum x509_validity validity;
	int rc;
	const char *fault;
	size_t at;
	size_t anchor;
	const char *detail;
	bool facts;
	bool generic;
	int root_hash;
} cases[] = {
	/* The anchor. */
	{ "root trusted", { ROOT, MID, LEAF1 }, { ROOT }, .anchor = 0 },
	{ "intermediate trusted", { ROOT, MID, LEAF1 }, { MID }, .anchor = 1 },
	{ "leaf trusted", { ROOT, MID, LEAF1 }, { LEAF1 }, .anchor = 2 },
	{ "leaf trusted, alone", { LEAF1 }, { LEAF1 }, .anchor = 0 },
	{ "root trusted, not sent", { MID, LEAF1 }, { ROOT }, .anchor = 0 },
	{ "intermediate trusted, not sent", { LEAF1 }, { MID }, .anchor = 0 },
	{ "root trusted, sent under another name of its key",
	  { CROSS, MID, LEAF1 }, { ROOT }, .anchor = 1 },
	{ "cross-signed by a CA outside of the chain",
	  { CROSS, MID, LEAF1 }, { CROSS_CA }, .anchor = 0 },
	{ "the first of several that are trusted",
	  { ROOT, MID, LEAF1 }, { LEAF1, MID }, .anchor = 1 },
	{ "junk above what is trusted", { WRONG_CA, MID, LEAF1 }, { ROOT },
	  .rc = -EKEYREJECTED, .at = 1,
	  .fault = "Certificate is not issued by the one before it" },
	{ "a root that did not sign what is trusted",
	  { OTHER_ROOT, MID, LEAF1 }, { MID }, .rc = -EKEYREJECTED, .at = 1,
	  .fault = "Certificate is not signed by the one before it" },
	{ "nothing trusted", { ROOT, MID, LEAF1 }, {}, .rc = -ENOKEY,
	  .fault = "Root certificate not found" },
	{ "another trusted", { ROOT, MID, LEAF1 }, { WRONG_CA }, .rc = -ENOKEY,
	  .fault = "Root certificate not found" },
	{ "another of the same name trusted", { ROOT, MID, LEAF1 },
	  { OTHER_ROOT }, .rc = -EKEYREJECTED,
	  .fault = "Certificate is not signed by the trusted one of that name" },
	{ "the right one among two of the same name", { ROOT, MID, LEAF1 },
	  { OTHER_ROOT, ROOT }, .rc = 0 },
	{ "self-signed leaf, trusted", { SELF_SIGNED }, { SELF_SIGNED }, .rc = 0 },
	{ "self-signed leaf, not trusted", { SELF_SIGNED }, { ROOT },
	  .rc = -ENOKEY, .fault = "Root certificate not found" },

	/* Issuers and signatures. */
	{ "not signed by the root", { ROOT, FAKE_MID, LEAF1 }, { ROOT },
	  .rc = -EKEYREJECTED, .at = 1,
	  .fault = "Certificate is not signed by the one before it" },
	{ "leaf not signed", { ROOT, MID, FAKE_LEAF }, { ROOT },
	  .rc = -EKEYREJECTED, .at = 2,
	  .fault = "Certificate is not signed by the one before it" },
	{ "leaf not signed, intermediate trusted", { MID, FAKE_LEAF }, { MID },
	  .rc = -EKEYREJECTED, .at = 1,
	  .fault = "Certificate is not signed by the one before it" },
	{ "signed, but of another issuer", { ROOT, MID, NAMELESS }, { ROOT },
	  .rc = -EKEYREJECTED, .at = 2,
	  .fault = "Certificate is not issued by the one before it" },
	{ "unrelated root", { WRONG_CA, MID, LEAF1 }, { WRONG_CA },
	  .rc = -EKEYREJECTED, .at = 1,
	  .fault = "Certificate is not issued by the one before it" },
	{ "swapped order", { ROOT, LEAF1, MID }, { ROOT },
	  .rc = -EKEYREJECTED, .at = 1,
	  .fault = "Certificate is not issued by the one before it" },
	{ "leaf first", { LEAF1, MID, ROOT }, { ROOT },
	  .rc = -EKEYREJECTED, .at = 1,
	  .fault = "Certificate is not issued by the one before it" },
	{ "leaf twice", { ROOT, MID, LEAF1, LEAF1 }, { ROOT },
	  .rc = -EKEYREJECTED, .at = 2,
	  .fault = "Certificate is not that of a CA" },

	/* Rules for a CA. */
	{ "root without keyUsage", { BARE_ROOT, BELOW_BARE }, { BARE_ROOT }, .rc = 0 },
	{ "intermediate that is no CA", { ROOT, NOT_CA, LEAF1 }, { ROOT },
	  .rc = -EKEYREJECTED, .at = 1,
	  .fault = "Certificate is not that of a CA" },
	{ "intermediate that is no CA, trusted", { NOT_CA, LEAF1 },
	  { NOT_CA }, .rc = -EKEYREJECTED, .at = 0,
	  .fault = "Certificate is not that of a CA" },
	{ "intermediate without keyCertSign",
	  { ROOT, NO_SIGN_CA, LEAF1 }, { ROOT },
	  .rc = -EKEYREJECTED, .at = 1,
	  .fault = "Certificate is not for signing certificates" },
	{ "intermediate with an unknown critical extension",
	  { ROOT, CRITICAL_CA, LEAF1 }, { ROOT },
	  .rc = -EKEYREJECTED, .at = 1,
	  .fault = "Certificate has an unknown critical extension" },
	{ "pathLen 0, exceeded", { ROOT, MID_P0, MID2, LEAF2 }, { ROOT },
	  .rc = -EKEYREJECTED, .at = 1,
	  .fault = "Certificate chain is too long for its CA" },
	{ "pathLen 0, exceeded, above what is trusted",
	  { ROOT, MID_P0, MID2, LEAF2 }, { MID2 }, .anchor = 2 },
	{ "pathLen 0, and a self-issued CA, which does not count",
	  { ROOT, MID_P0, SELF_ISSUED, LEAF_SI }, { ROOT }, .rc = 0 },
	{ "pathLen 1 of the root, exceeded",
	  { P1_ROOT, P1_MID, P1_MID2, LEAF2 }, { P1_ROOT },
	  .rc = -EKEYREJECTED, .at = 0,
	  .fault = "Certificate chain is too long for its CA" },

	/* Rules for a leaf. */
	{ "leaf that is a CA", { ROOT, MID, CA_LEAF }, { ROOT },
	  .rc = -EKEYREJECTED, .at = 2,
	  .fault = "Leaf certificate is that of a CA" },
	{ "leaf that is a CA, trusted", { CA_LEAF }, { CA_LEAF },
	  .rc = -EKEYREJECTED, .at = 0,
	  .fault = "Leaf certificate is that of a CA" },
	{ "leaf with keyCertSign", { ROOT, MID, SIGN_LEAF }, { ROOT },
	  .rc = -EKEYREJECTED, .at = 2,
	  .fault = "Leaf certificate is for signing certificates" },
	{ "leaf without digitalSignature", { ROOT, MID, NO_SIGN_LEAF }, { ROOT },
	  .rc = -EKEYREJECTED, .at = 2,
	  .fault = "Leaf certificate is not for signing" },
	{ "leaf for code", { ROOT, MID, WRONG_EKU }, { ROOT }, .rc = 0 },
	{ "leaf for servers and requesters", { ROOT, MID, REQUESTER_EKU }, { ROOT },
	  .rc = -EKEYREJECTED, .at = 2,
	  .fault = "Leaf certificate is not for a responder" },
	{ "leaf without keyUsage", { ROOT, MID, NO_KU }, { ROOT },
	  .rc = -EKEYREJECTED, .at = 2, .fault = "Leaf certificate has no key usage" },
	{ "generic leaf without keyUsage", { ROOT, MID, NO_KU }, { ROOT },
	  .generic = true },
	{ "generic leaf that is not for signing", { ROOT, MID, NO_SIGN_LEAF }, { ROOT },
	  .generic = true, .rc = -EKEYREJECTED, .at = 2,
	  .fault = "Leaf certificate is not for signing" },
	{ "leaf with an unknown critical extension", { ROOT, MID, CRITICAL_LEAF }, { ROOT },
	  .rc = -EKEYREJECTED, .at = 2,
	  .fault = "Certificate has an unknown critical extension" },

	/* CAs outside the chain. */
	{ "a root with pathLen 0, exceeded, in the chain", { P0_ROOT, P0_MID, LEAF1 },
	  { P0_ROOT }, .rc = -EKEYREJECTED,
	  .fault = "Certificate chain is too long for its CA" },
	{ "a root with pathLen 0, exceeded, left out", { P0_MID, LEAF1 }, { P0_ROOT },
	  .rc = -EKEYREJECTED, .fault = CANNOT,
	  .detail = "certificate 0: Certificate chain is too long for its CA" },
	{ "a root with pathLen 0, left out, above a leaf", { P0_LEAF }, { P0_ROOT },
	  .rc = 0 },
	{ "a CA with cRLSign only, left out", { CRL_LEAF }, { CRL_ROOT },
	  .rc = -EKEYREJECTED, .fault = CANNOT,
	  .detail = "certificate 0: Certificate is not for signing certificates" },
	{ "a CA with cRLSign only, left out, only facts known", { CRL_LEAF }, { CRL_ROOT },
	  .facts = true, .rc = -EKEYREJECTED, .fault = CANNOT,
	  .detail = "certificate 0: Certificate is not for signing certificates" },
	{ "a CA without keyUsage, left out", { BELOW_BARE }, { BARE_ROOT },
	  .rc = -EKEYREJECTED, .fault = CANNOT,
	  .detail = "certificate 0: Certificate is not for signing certificates" },
	{ "a CA without keyUsage, left out, only facts known", { BELOW_BARE }, { BARE_ROOT },
	  .facts = true, .rc = -EKEYREJECTED, .fault = CANNOT,
	  .detail = "certificate 0: Certificate is not for signing certificates" },
	{ "what is no CA, left out, only facts known", { LEAF1 }, { NOT_CA },
	  .facts = true, .rc = -EKEYREJECTED, .fault = CANNOT,
	  .detail = "certificate 0: Certificate is not that of a CA" },
	{ "a good root, left out, only facts known", { MID, LEAF1 }, { ROOT },
	  .facts = true },
	{ "a root left out, only facts known, enforce", { MID, LEAF1 }, { ROOT },
	  .facts = true, .validity = X509_VALIDITY_ENFORCE, .rc = -EKEYREJECTED,
	  .fault = CANNOT, .detail = "certificate 0: Validity is not known" },
	{ "an expired root, left out, off", { MID, LEAF1 }, { OLD_ROOT }, .rc = 0 },
	{ "an expired root, left out, warn", { MID, LEAF1 }, { OLD_ROOT },
	  .validity = X509_VALIDITY_WARN, .fault = "Certificate has expired" },
	{ "an expired root, left out, enforce", { MID, LEAF1 }, { OLD_ROOT },
	  .validity = X509_VALIDITY_ENFORCE, .rc = -EKEYEXPIRED,
	  .fault = "Trusted certificate has expired" },
	{ "an expired root and a good one of the same name, warn", { MID, LEAF1 },
	  { OTHER_ROOT, ROOT }, .validity = X509_VALIDITY_WARN },
	{ "RootHash of a root left out", { MID, LEAF1 }, { ROOT }, .root_hash = ROOT },
	{ "RootHash of another root", { MID, LEAF1 }, { ROOT }, .root_hash = OTHER_ROOT,
	  .rc = -EKEYREJECTED, .fault = CANNOT,
	  .detail = "certificate 0: RootHash is not its digest" },
	{ "RootHash, and an intermediate left out", { LEAF1 }, { MID }, .root_hash = ROOT },
	{ "RootHash of the second of two roots", { MID, LEAF1 }, { OLD_ROOT, ROOT },
	  .root_hash = ROOT, .validity = X509_VALIDITY_WARN },

	/* Keys and algorithms. */
	{ "root on P-192", { P192_ROOT, P192_MID, LEAF1 }, { P192_ROOT },
	  .rc = -EKEYREJECTED, .fault = "Key of the certificate is not allowed" },
	{ "root on P-192 above what is trusted", { P192_ROOT, P192_MID, LEAF1 },
	  { LEAF1 }, .rc = -EKEYREJECTED, .fault = "Key of the certificate is not allowed" },
	{ "root on P-192, left out", { P192_MID, LEAF1 }, { P192_ROOT },
	  .rc = -EKEYREJECTED, .fault = CANNOT,
	  .detail = "certificate 0: Key of the certificate is not allowed" },
	{ "root signed with SHA-1", { SHA1_ROOT, SHA1_MID, LEAF1 }, { SHA1_ROOT },
	  .rc = -EKEYREJECTED, .at = 1,
	  .fault = "Signature algorithm of the certificate is not allowed" },
	{ "intermediate signed with SHA-1, trusted", { SHA1_ROOT, SHA1_MID, LEAF1 },
	  { SHA1_MID }, .anchor = 1 },
	{ "leaf signed with SHA-1 by a root left out", { SHA1_LEAF }, { SHA1_ROOT },
	  .rc = -EKEYREJECTED, .fault = CANNOT,
	  .detail = "certificate 0: Signature algorithm of the certificate is not allowed" },

	/* Name constraints. */
	{ "a permitted name", { NC_ROOT, NC_MID, NC_LEAF }, { NC_ROOT }, .rc = 0 },
	{ "another name", { NC_ROOT, NC_MID, NC_OTHER }, { NC_ROOT },
	  .rc = -EKEYREJECTED, .at = 2,
	  .fault = "Name is not permitted by the name constraints of a CA" },
	{ "another name, root left out", { NC_MID, NC_OTHER }, { NC_ROOT },
	  .rc = -EKEYREJECTED, .fault = CANNOT,
	  .detail = "certificate 0: Name is not permitted by the name constraints of a CA" },
	{ "another name of a self-issued CA", { NC_ROOT, NC_MID, NC_SI, NC_LEAF },
	  { NC_ROOT }, .rc = 0 },
	{ "another name, below a trusted intermediate", { NC_ROOT, NC_MID, NC_OTHER },
	  { NC_MID }, .anchor = 1 },

	/* Names of the device. */
	{ "the right name", { ROOT, MID, LEAF1 }, { ROOT }, .name = NVME },
	{ "one of several names", { ROOT, MID, TWO_SANS }, { ROOT }, .name = NVME },
	{ "another name", { ROOT, MID, WRONG_SAN }, { ROOT }, .name = NVME,
	  .rc = -EKEYREJECTED, .at = 2,
	  .fault = "Leaf certificate is for another device" },
	{ "the beginning of the name", { ROOT, MID, LEAF1 }, { ROOT },
	  .name = "Vendor=1b36", .rc = -EKEYREJECTED, .at = 2,
	  .fault = "Leaf certificate is for another device" },
	{ "more than the name", { ROOT, MID, LEAF1 }, { ROOT }, .name = NVME ":",
	  .rc = -EKEYREJECTED, .at = 2,
	  .fault = "Leaf certificate is for another device" },
	{ "no name", { ROOT, MID, NO_SAN }, { ROOT }, .name = NVME,
	  .rc = -EKEYREJECTED, .at = 2,
	  .fault = "Leaf certificate has no Subject Alternative Name" },
	{ "only names of other kinds", { ROOT, MID, DNS_SAN }, { ROOT }, .name = NVME,
	  .rc = -EKEYREJECTED, .at = 2,
	  .fault = "Leaf certificate has no OtherName with CMA OID" },
	{ "a name that is no string", { ROOT, MID, BAD_SAN }, { ROOT }, .name = NVME,
	  .rc = -EBADMSG, .at = 2, .fault = "Malformed certificate" },
	{ "none asked for, none there", { ROOT, MID, NO_SAN }, { ROOT }, .rc = 0 },
	{ "none asked for, one that is no string", { ROOT, MID, BAD_SAN },
	  { ROOT }, .rc = 0 },

	/* Validity periods. */
	{ "expired, off", { ROOT, MID, OLD }, { ROOT }, .rc = 0 },
	{ "expired, warn", { ROOT, MID, OLD }, { ROOT },
	  .validity = X509_VALIDITY_WARN, .fault = "Certificate has expired",
	  .at = 2 },
	{ "expired, enforced", { ROOT, MID, OLD }, { ROOT },
	  .validity = X509_VALIDITY_ENFORCE, .rc = -EKEYEXPIRED, .at = 2,
	  .fault = "Certificate has expired" },
	{ "not valid yet, warn", { ROOT, MID, YOUNG }, { ROOT },
	  .validity = X509_VALIDITY_WARN,
	  .fault = "Certificate is not valid yet", .at = 2 },
	{ "not valid yet, enforced", { ROOT, MID, YOUNG }, { ROOT },
	  .validity = X509_VALIDITY_ENFORCE, .rc = -EKEYREJECTED, .at = 2,
	  .fault = "Certificate is not valid yet" },
	{ "two expired, warn: the first is told", { ROOT, OLD_MID, BELOW_OLD },
	  { ROOT }, .validity = X509_VALIDITY_WARN, .at = 1,
	  .fault = "Certificate has expired" },
	{ "two expired, enforced", { ROOT, OLD_MID, BELOW_OLD }, { ROOT },
	  .validity = X509_VALIDITY_ENFORCE, .rc = -EKEYEXPIRED, .at = 1,
	  .fault = "Certificate has expired" },
	{ "expired above what is trusted, enforced", { OLD_MID, LEAF1 },
	  { LEAF1 }, .validity = X509_VALIDITY_ENFORCE, .anchor = 1 },
	{ "all valid, enforced", { ROOT, MID, LEAF1 }, { ROOT }, .name = NVME,
	  .validity = X509_VALIDITY_ENFORCE },
};

static bool as_wanted(size_t i, int rc, const struct x509_verdict *v)
{
	const struct x509_fault *fault = rc ? &v->fault : &v->expired;
	size_t at = rc ? v->at : v->expired_at;

	if (rc != cases[i].rc || !fault->what != !cases[i].fault)
		return false;
	if (!rc && (v->fault.what || v->anchor != cases[i].anchor))
		return false;
	if (cases[i].detail && strcmp(v->detail, cases[i].detail))
		return false;
	return !fault->what || (!strcmp(fault->what, cases[i].fault) &&
				at == cases[i].at);
}

static void test_rules(void)
{
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		const struct x509_policy policy = {
			.validity = cases[i].validity,
			.now = NOW,
			.generic = cases[i].generic,
		};
		struct world w = {
			.trusted = cases[i].trusted,
			.name = cases[i].name,
			.facts = cases[i].facts,
		};
		struct x509_verdict v;
		size_t len;
		u8 *der = chain_of(cases[i].chain, NULL, 0, &len);
		int rc;

		if (cases[i].root_hash)
			w.root_hash = &cases[i].root_hash;
		rc = x509_verify_chain(der, len, &policy, &ops, &w, &v);
		if (!rc && w.path_n != v.n - v.anchor)
			rc = -ERANGE;
		ok(as_wanted(i, rc, &v), "%s", cases[i].what);
		if (!as_wanted(i, rc, &v))
			printf("# %d, %s, at %zu, anchor %zu, %s\n", rc,
			       v.fault.what ?: v.expired.what ?: "-", v.at,
			       v.anchor, v.detail);
		unload(&w);
		free(der);
	}
}

/* ---- details of the verdict ---- */

static const int good[] = { ROOT, MID, LEAF1, NONE };
static const int roots[] = { ROOT, NONE };
static const struct x509_policy any = {};

static void test_verdict(void)
{
	struct world w = { .trusted = roots, .name = NVME };
	static const struct x509_chain_ops no_rule = {
		load, trusted, issuer, verify_outside, verify, verify_self,
		check_root, NULL
	};
	struct x509_verdict v;
	char text[64];
	size_t len;
	u8 *der = chain_of(good, NULL, 0, &len);
	int rc;

	rc = x509_verify_chain(der, len, &any, &ops, &w, &v);
	ok(!rc && v.n == 3 && w.verified == 2 && w.verified_self == 1 &&
	   w.leaves == 1 && !v.detail[0],
	   "a good chain: as many signatures as it has issuers, that of the root, one leaf");
	ok(x509_name_text(v.issuer, v.issuer_len, text, sizeof(text)) == 7 &&
	   !strcmp(text, "CN=root"), "and the issuer of its first certificate");
	unload(&w);

	w.name = OTHER_NVME;
	rc = x509_verify_chain(der, len, &any, &ops, &w, &v);
	ok(rc == -EKEYREJECTED && !strcmp(v.detail, "expected " OTHER_NVME
					  ", found " NVME),
	   "a leaf with another name: the names expected and found");
	unload(&w);
	rc = x509_verify_chain(der, len, &any, &no_rule, &w, &v);
	ok(!rc && w.leaves == 2, "a transport without a rule for the leaf");
	unload(&w);
	free(der);
}

/* The errno of a function of ops is returned, with a matching text. */
static void test_ops(void)
{
	static const struct {
		struct world w;
		const char *fault;
		size_t at;
	} tests[] = {
		{ { .load_err = -EKEYREJECTED }, "Certificate is blacklisted", 1 },
		{ { .load_err = -ENOMEM }, "Certificate cannot be used", 1 },
		{ { .load_err = -EBADMSG },
		  "Certificate cannot be read by OpenSSL", 1 },
		{ { .verify_err = -ENOPKG },
		  "Signature of the certificate cannot be verified", 1 },
		{ { .verify_err = -EKEYREJECTED },
		  "Certificate is not signed by the one before it", 1 },
		{ { .self_err = -EKEYREJECTED },
		  "Certificate is not signed with its own key", 0 },
		{ { .self_err = -ENOMEM },
		  "Signature of the certificate cannot be verified", 0 },
	};
	static const struct {
		int err;
		const char *fault;
	} anchors[] = {
		{ -EKEYREJECTED,
		  "Certificate is not signed by the trusted one of that name" },
		{ -ENOPKG, "Trusted certificate cannot be used for this one" },
	};
	static const int none[] = { 0 };
	const struct {
		const char *what;
		const int *trusted;
		int err, rc;
	} lapsed[] = {
		{ "an expired key beside that of the CA", roots, -EKEYEXPIRED, 0 },
		{ "a revoked key beside that of the CA", roots, -EKEYREVOKED, 0 },
		{ "an expired key alone", none, -EKEYEXPIRED, -EKEYEXPIRED },
		{ "no memory for the search", roots, -ENOMEM, -ENOMEM },
	};
	const int mid_chain[] = { MID, LEAF1, NONE };
	struct x509_verdict v;
	size_t len;
	const int leaf[] = { LEAF1, NONE };
	struct world unknown = {
		.trusted = leaf, .verify_err = -ENOPKG, .self_err = -ENOPKG,
	};
	u8 *der = chain_of(good, NULL, 0, &len);
	int rc;

	rc = x509_verify_chain(der, len, &any, &ops, &unknown, &v);
	ok(!rc && v.anchor == 2 && unknown.verified == 2,
	   "unknown algorithms above what is trusted");
	unload(&unknown);
	for (size_t i = 0; i < ARRAY_SIZE(tests); i++) {
		struct world w = tests[i].w;

		w.trusted = roots;
		rc = x509_verify_chain(der, len, &any, &ops, &w, &v);
		ok(rc == (w.load_err ?: w.verify_err ?: w.self_err) && v.at == tests[i].at &&
		   !strcmp(v.fault.what, tests[i].fault), "%s: %d",
		   tests[i].fault, rc);
		unload(&w);
	}
	free(der);
	der = chain_of(mid_chain, NULL, 0, &len);
	for (size_t i = 0; i < ARRAY_SIZE(anchors); i++) {
		struct world w = {
			.trusted = roots,
			.outside_err = anchors[i].err,
		};

		rc = x509_verify_chain(der, len, &any, &ops, &w, &v);
		ok(rc == anchors[i].err && !v.at && !w.verified &&
		   !strcmp(v.fault.what, anchors[i].fault), "%s: %d",
		   anchors[i].fault, rc);
		unload(&w);
	}
	/* A key that has expired may belong to any certificate. */
	for (size_t i = 0; i < ARRAY_SIZE(lapsed); i++) {
		struct world w = {
			.trusted = lapsed[i].trusted,
			.trusted_err = lapsed[i].err,
		};

		rc = x509_verify_chain(der, len, &any, &ops, &w, &v);
		ok(rc == lapsed[i].rc, "%s: %d", lapsed[i].what, rc);
		unload(&w);
	}
	free(der);
}

/* ---- malformed certificates ---- */

static int verify_bytes(const u8 *der, size_t len, struct x509_verdict *v)
{
	struct world w = { .trusted = roots };
	int rc = x509_verify_chain(der, len, &any, &ops, &w, v);

	if (rc == -EBADMSG && w.verified)
		abort();
	unload(&w);
	return rc;
}

static void test_malformed(void)
{
	size_t starts[4] = {}, len, refused = 0;
	struct x509_verdict v;
	u8 *der = chain_of(good, NULL, 0, &len);

	for (size_t i = 0; i < 3; i++)
		starts[i + 1] = starts[i] + i2d_X509(certs[good[i]], NULL);
	for (size_t i = 0; i < 3; i++) {
		/* The tag of tbsCertificate. */
		der[starts[i] + 4] ^= 1;
		ok(verify_bytes(der, len, &v) == -EBADMSG && v.at == i &&
		   !strcmp(v.fault.field, "tbsCertificate") &&
		   v.fault.offset == 4, "certificate %zu malformed", i);
		der[starts[i] + 4] ^= 1;
	}
	for (size_t n = 0; n < len; n++) {
		u8 *cut = malloc(n + !n);
		int rc;

		memcpy(cut, der, n);
		rc = verify_bytes(cut, n, &v);
		/* A cut between two certificates leaves a CA as the leaf. */
		if (rc == (n == starts[1] || n == starts[2] ? -EKEYREJECTED :
							      -EBADMSG))
			refused++;
		free(cut);
	}
	ok(refused == len, "cut short anywhere: refused");
	ok(verify_bytes(der, 0, &v) == -EBADMSG &&
	   !strcmp(v.fault.what, "No certificates"), "nothing");
	free(der);

	der = chain_of(good, "\0\0\0\0\0\0\0", 7, &len);
	ok(verify_bytes(der, len, &v) == -EBADMSG && v.at == 3,
	   "bytes behind the leaf");
	free(der);
}

/* Certificates signed with each other's keys: chains of any length. */
static void test_length(void)
{
	int many[X509_CHAIN_MAX + 2];
	struct x509_verdict v;
	size_t len;
	u8 *der;

	for (size_t i = 0; i < ARRAY_SIZE(many); i++)
		many[i] = ROOT;
	many[X509_CHAIN_MAX - 1] = BELOW_BARE;
	many[X509_CHAIN_MAX] = NONE;
	der = chain_of(many, NULL, 0, &len);
	ok(verify_bytes(der, len, &v) == -EKEYREJECTED &&
	   v.n == X509_CHAIN_MAX && v.at == X509_CHAIN_MAX - 1,
	   "as many as there may be: looked at to the last");
	free(der);
	many[X509_CHAIN_MAX - 1] = ROOT;
	many[X509_CHAIN_MAX] = BELOW_BARE;
	many[X509_CHAIN_MAX + 1] = NONE;
	der = chain_of(many, NULL, 0, &len);
	ok(verify_bytes(der, len, &v) == -EKEYREJECTED && v.at == X509_CHAIN_MAX &&
	   !strcmp(v.fault.what, "Too many certificates"), "one more: refused");
	free(der);
}

/* A wrong bit below the anchor leads to a refusal, for any reason. */
static void test_bits(void)
{
	struct x509_verdict v;
	size_t len, refused = 0, n = 0;
	size_t start = i2d_X509(certs[ROOT], NULL);
	u8 *der = chain_of(good, NULL, 0, &len);

	for (size_t i = start; i < len; i += 3, n++) {
		der[i] ^= 0x10;
		refused += verify_bytes(der, len, &v) != 0;
		der[i] ^= 0x10;
	}
	ok(n > 100 && refused == n, "a bit wrong in one of %zu places: refused",
	   n);
	free(der);
}

/* ---- the leaf of a chain that is not trusted ---- */

static int leaf_of(const u8 *der, size_t len, struct x509_verdict *v)
{
	struct x509_cert leaf = {};
	int rc = x509_chain_leaf(der, len, false, &leaf, v);

	if (!rc && (leaf.raw < der || leaf.raw + leaf.raw_len != der + len))
		abort();
	return rc;
}

static void test_leaf(void)
{
	static const int names[] = { OTHER_ROOT, MID, WRONG_SAN, NONE };
	static const int usage[] = { ROOT, MID, NO_SIGN_LEAF, NONE };
	static const int weak[] = { P192_ROOT, P192_MID, LEAF1, NONE };
	static const int *const usable[] = { good, names, usage };
	size_t starts[4] = {}, len, refused = 0;
	struct x509_verdict v;
	u8 *der;

	for (size_t i = 0; i < ARRAY_SIZE(usable); i++) {
		der = chain_of(usable[i], NULL, 0, &len);
		ok(!leaf_of(der, len, &v) && v.n == 3,
		   "without trust: the leaf of chain %zu can be used", i);
		free(der);
	}
	der = chain_of(weak, NULL, 0, &len);
	ok(leaf_of(der, len, &v) == -EKEYREJECTED && !v.at &&
	   !strcmp(v.fault.what, "Key of the certificate is not allowed"),
	   "without trust: all keys must be allowed");
	free(der);
	der = chain_of(good, "\0", 1, &len);
	ok(leaf_of(der, len, &v) == -EBADMSG && v.at == 3 &&
	   leaf_of(der, 0, &v) == -EBADMSG, "without trust: bytes behind the leaf; nothing");
	free(der);

	der = chain_of(good, NULL, 0, &len);
	for (size_t i = 0; i < 3; i++)
		starts[i + 1] = starts[i] + i2d_X509(certs[good[i]], NULL);
	for (size_t n = 0; n < len; n++) {
		u8 *cut = malloc(n + !n);
		int rc;

		memcpy(cut, der, n);
		rc = leaf_of(cut, n, &v);
		/* Between two certificates, the last one is another. */
		refused += rc == (n == starts[1] || n == starts[2] ? 0 : -EBADMSG);
		free(cut);
	}
	ok(refused == len, "without trust: cut short anywhere");
	free(der);
}

/* ---- names as text ---- */

static void test_text(void)
{
	static const u8 hostile[] = "a\033[31m\0\\\x7f\xff~";
	X509_NAME *n = X509_NAME_new();
	char buf[128], small[8];
	u8 *der = NULL, *copy;
	size_t cut = 0;
	int len;

	ok(x509_text(hostile, sizeof(hostile) - 1, buf, sizeof(buf)) == 26 &&
	   !strcmp(buf, "a\\x1b[31m\\x00\\x5c\\x7f\\xff~"),
	   "hostile bytes are escaped");
	ok(x509_text(hostile, 3, small, sizeof(small)) == 6 &&
	   !strcmp(small, "a\\x1b["), "text that fits");
	ok(x509_text((const u8 *)"abcd\033e", 6, small, sizeof(small)) == 4 &&
	   !strcmp(small, "abcd"), "text ends with what does not fit");
	ok(x509_text((const u8 *)"x", 1, small, 1) == 0 && !*small,
	   "room for the NUL only");

	X509_NAME_add_entry_by_txt(n, "C", MBSTRING_ASC, (const u8 *)"US", -1,
				   -1, 0);
	X509_NAME_add_entry_by_txt(n, "O", MBSTRING_UTF8,
				   (const u8 *)"E\xc3\xa9\033", -1, -1, 0);
	X509_NAME_add_entry_by_txt(n, "DC", MBSTRING_ASC, (const u8 *)"x", -1,
				   -1, 0);
	X509_NAME_add_entry_by_txt(n, "CN", MBSTRING_ASC, (const u8 *)"Root",
				   -1, -1, 0);
	len = i2d_X509_NAME(n, &der);
	x509_name_text(der, len, buf, sizeof(buf));
	ok(!strcmp(buf, "C=US, O=E\\xc3\\xa9\\x1b, ?=x, CN=Root"),
	   "a name: %s", buf);
	ok(x509_name_text(der, len, small, sizeof(small)) == 7 &&
	   !strcmp(small, "C=US, O"), "a name that does not fit is cut");
	for (int i = 0; i < len; i++) {
		copy = malloc(i + !i);
		memcpy(copy, der, i);
		cut += x509_name_text(copy, i, buf, sizeof(buf)) == 0;
		free(copy);
	}
	ok(cut == (size_t)len, "a name cut short anywhere is empty");
	OPENSSL_free(der);
	X509_NAME_free(n);
}

int main(void)
{
	for (size_t i = 0; i < N_KEYS; i++)
		keys[i] = EVP_PKEY_Q_keygen(NULL, NULL, "EC",
					    i == P192_KEY ? "P-192" : "P-256");
	for (size_t i = ROOT; i < N_SPECS; i++)
		certs[i] = make(&specs[i]);

	test_rules();
	test_verdict();
	test_ops();
	test_malformed();
	test_length();
	test_bits();
	test_leaf();
	test_text();

	for (size_t i = ROOT; i < N_SPECS; i++)
		X509_free(certs[i]);
	for (size_t i = 0; i < N_KEYS; i++)
		EVP_PKEY_free(keys[i]);
	return tap_done();
}
