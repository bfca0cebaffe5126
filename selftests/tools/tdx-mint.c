// SPDX-License-Identifier: GPL-2.0-only
/*
 * Quotes of TDX that tests make with keys of their own. Every failure aborts.
 */
#include <stdlib.h>
#include <string.h>

#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/ec.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>

#include "env.h"
#include "tdx-mint.h"

static void must(int good)
{
	if (!good)
		abort();
}

EVP_PKEY *tdx_key(const char *curve)
{
	EVP_PKEY *key = EVP_EC_gen(curve);

	must(!!key);
	return key;
}

/* ---- the extension of a PCK certificate ---- */

/* 1.2.840.113741.1.13.1 and more components; returns the end. */
static uint8_t *put_oid(uint8_t *p, size_t n, uint8_t a, uint8_t b)
{
	static const uint8_t prefix[] = {
		0x2a, 0x86, 0x48, 0x86, 0xf8, 0x4d, 0x01, 0x0d, 0x01,
	};

	*p++ = 6;
	*p++ = sizeof(prefix) + n;
	p = mempcpy(p, prefix, sizeof(prefix));
	if (n > 0)
		*p++ = a;
	if (n > 1)
		*p++ = b;
	return p;
}

static uint8_t *put_pair(uint8_t *p, uint8_t a, uint8_t b, uint8_t tag,
			 const uint8_t *value, size_t len)
{
	uint8_t *start = p;

	p = put_oid(p + 2, b ? 2 : 1, a, b);
	*p++ = tag;
	*p++ = len;
	p = mempcpy(p, value, len);
	start[0] = 0x30;
	start[1] = p - start - 2;
	return p;
}

static size_t make_ext(uint8_t *ext)
{
	static const uint8_t ppid[16] = { 1, 2, 3 }, pce_id[2] = { 0, 0 };
	static const uint8_t fmspc[6] = { 0x90, 0xc0, 0x6f }, svn[] = { 13 };
	static const uint8_t cpusvn[16] = { 4, 4, 2 };
	uint8_t tcb[64], *p = tcb;

	p = put_pair(p, 2, 17, 2, svn, sizeof(svn));
	p = put_pair(p, 2, 18, 4, cpusvn, sizeof(cpusvn));
	uint8_t *q = ext + 3;

	q = put_pair(q, 1, 0, 4, ppid, sizeof(ppid));
	q = put_pair(q, 2, 0, 0x30, tcb, p - tcb);
	q = put_pair(q, 3, 0, 4, pce_id, sizeof(pce_id));
	q = put_pair(q, 4, 0, 4, fmspc, sizeof(fmspc));
	/* The length takes two bytes. */
	must(q - ext - 3 >= 0x80 && q - ext - 3 < 0x100);
	ext[0] = 0x30;
	ext[1] = 0x81;
	ext[2] = q - ext - 3;
	return q - ext;
}

/* ---- certificates ---- */

static X509_NAME *new_name(const char *cn)
{
	X509_NAME *name = X509_NAME_new();

	must(X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_ASC,
					(const uint8_t *)cn, -1, -1, 0));
	return name;
}

static X509 *new_cert(const char *cn, EVP_PKEY *key, const char *issuer, long serial,
		      long before, long after)
{
	X509_NAME *subject = new_name(cn), *by = new_name(issuer);
	X509 *x = X509_new();

	must(X509_set_version(x, X509_VERSION_3));
	must(ASN1_INTEGER_set(X509_get_serialNumber(x), serial));
	must(!!ASN1_TIME_set(X509_getm_notBefore(x), before));
	must(!!ASN1_TIME_set(X509_getm_notAfter(x), after));
	must(X509_set_subject_name(x, subject) && X509_set_issuer_name(x, by));
	must(X509_set_pubkey(x, key));
	X509_NAME_free(subject);
	X509_NAME_free(by);
	return x;
}

static void add_known(X509 *x, int nid, const char *value)
{
	X509_EXTENSION *e = X509V3_EXT_conf_nid(NULL, NULL, nid, value);

	must(e && X509_add_ext(x, e, -1));
	X509_EXTENSION_free(e);
}

static void add_sgx(X509 *x, const uint8_t *value, size_t len)
{
	ASN1_OBJECT *obj = OBJ_txt2obj("1.2.840.113741.1.13.1", 1);
	ASN1_OCTET_STRING *s = ASN1_OCTET_STRING_new();
	X509_EXTENSION *e;

	must(ASN1_OCTET_STRING_set(s, value, len));
	e = X509_EXTENSION_create_by_OBJ(NULL, obj, 0, s);
	must(e && X509_add_ext(x, e, -1));
	X509_EXTENSION_free(e);
	ASN1_OCTET_STRING_free(s);
	ASN1_OBJECT_free(obj);
}

static X509 *make_ca(const char *cn, EVP_PKEY *key, const char *issuer, EVP_PKEY *by,
		     long serial, long before, bool no_ca)
{
	X509 *x = new_cert(cn, key, issuer, serial,
			   before ? before : TDX_NOW - 5L * TDX_YEAR,
			   TDX_NOW + 20L * TDX_YEAR);

	add_known(x, NID_basic_constraints, no_ca ? "critical,CA:FALSE" :
					    "critical,CA:TRUE");
	add_known(x, NID_key_usage, "critical,keyCertSign,cRLSign");
	must(X509_sign(x, by, EVP_sha256()) > 0);
	return x;
}

/* Signatures differ each time, so the root is made once. */
X509 *tdx_root(struct tdx_spec *s)
{
	if (!s->root_cert)
		s->root_cert = make_ca("Test Root CA", s->root, "Test Root CA", s->root,
				       TDX_SERIAL_ROOT, s->root_before, false);
	return s->root_cert;
}

static X509 *make_pck(const struct tdx_spec *s)
{
	X509 *x = new_cert("Test PCK Certificate", s->pck, "Test PCK CA",
			   TDX_SERIAL_PCK, TDX_NOW - TDX_YEAR,
			   s->pck_after ? s->pck_after : TDX_NOW + TDX_YEAR);

	add_known(x, NID_basic_constraints, "critical,CA:FALSE");
	if (s->ext_len)
		add_sgx(x, s->ext, s->ext_len);
	must(X509_sign(x, s->by_ca, EVP_sha256()) > 0);
	return x;
}

static void write_cert(BIO *bio, X509 *x)
{
	must(PEM_write_bio_X509(bio, x));
	X509_free(x);
}

static BIO *make_chain(struct tdx_spec *s)
{
	BIO *bio = BIO_new(BIO_s_mem());

	if (s->garbage) {
		must(BIO_puts(bio, "no certificates") > 0);
		return bio;
	}
	write_cert(bio, make_pck(s));
	if (!s->no_ca)
		write_cert(bio, make_ca("Test PCK CA", s->ca, "Test Root CA", s->by_root,
					TDX_SERIAL_CA, s->ca_before, s->ca_no_ca));
	if (!s->no_root)
		must(PEM_write_bio_X509(bio, tdx_root(s)));
	return bio;
}

size_t tdx_crl_make(const struct tdx_spec *s, bool of_root, EVP_PKEY *by, long revoked,
		    long before, long after, uint8_t *der, size_t size)
{
	X509_NAME *name = new_name(of_root ? "Test Root CA" : "Test PCK CA");
	X509_CRL *crl = X509_CRL_new();
	X509_REVOKED *entry = X509_REVOKED_new();
	ASN1_INTEGER *serial = ASN1_INTEGER_new();
	ASN1_TIME *t = ASN1_TIME_set(NULL, before);
	int len;

	if (!by)
		by = of_root ? s->root : s->ca;
	must(X509_CRL_set_version(crl, X509_CRL_VERSION_2));
	must(X509_CRL_set_issuer_name(crl, name));
	must(X509_CRL_set1_lastUpdate(crl, t));
	must(ASN1_INTEGER_set(serial, revoked));
	must(X509_REVOKED_set_serialNumber(entry, serial));
	must(X509_REVOKED_set_revocationDate(entry, t));
	must(!!ASN1_TIME_set(t, after) && X509_CRL_set1_nextUpdate(crl, t));
	must(X509_CRL_add0_revoked(crl, entry));
	must(X509_CRL_sign(crl, by, EVP_sha256()) > 0);
	len = i2d_X509_CRL(crl, NULL);
	must(len > 0 && (size_t)len <= size);
	i2d_X509_CRL(crl, &der);
	X509_CRL_free(crl);
	ASN1_TIME_free(t);
	ASN1_INTEGER_free(serial);
	X509_NAME_free(name);
	return len;
}

/* ---- quotes ---- */

static void raw_sign(EVP_PKEY *key, const uint8_t *msg, size_t len, uint8_t rs[64])
{
	EVP_MD_CTX *ctx = EVP_MD_CTX_new();
	uint8_t der[80];
	const uint8_t *p = der;
	size_t n = sizeof(der);
	ECDSA_SIG *sig;

	must(EVP_DigestSignInit(ctx, NULL, EVP_sha256(), NULL, key) == 1);
	must(EVP_DigestSign(ctx, der, &n, msg, len) == 1);
	sig = d2i_ECDSA_SIG(NULL, &p, n);
	must(BN_bn2binpad(ECDSA_SIG_get0_r(sig), rs, 32) == 32);
	must(BN_bn2binpad(ECDSA_SIG_get0_s(sig), rs + 32, 32) == 32);
	ECDSA_SIG_free(sig);
	EVP_MD_CTX_free(ctx);
}

static uint8_t *put_key(uint8_t *p, EVP_PKEY *key)
{
	uint8_t point[65];
	size_t len;

	must(EVP_PKEY_get_octet_string_param(key, OSSL_PKEY_PARAM_PUB_KEY, point,
					     sizeof(point), &len) == 1);
	must(len == sizeof(point));
	return mempcpy(p, point + 1, 64);
}

static uint8_t *put_head(uint8_t *p, uint16_t type, uint32_t len)
{
	put_unaligned_le16(type, p);
	put_unaligned_le32(len, p + 2);
	return p + 6;
}

size_t tdx_quote_make(struct tdx_spec *s, uint8_t quote[TDX_QUOTE_MAX])
{
	size_t body_len = s->td_15 ? 648 : 584;
	uint8_t *p = mempcpy(quote, s->header, sizeof(s->header));
	uint8_t auth[32] = { 0xa5 }, qe[384], *data, *cert, hashed[64 + 32];
	BIO *chain = make_chain(s);
	char *pem;
	long n = BIO_get_mem_data(chain, &pem);

	if (s->version == 5)
		p = put_head(p, s->td_15 ? 3 : 2, body_len);
	p = mempcpy(p, s->body, body_len);
	data = p;
	raw_sign(s->by_ak, quote, p - quote, p + 4);
	p = put_key(p + 4 + 64, s->ak);
	cert = p;
	p += 6;
	memcpy(qe, s->qe, sizeof(qe));
	memcpy(hashed, p - 6 - 64, 64);
	memcpy(hashed + 64, auth, sizeof(auth));
	must(EVP_Digest(hashed, sizeof(hashed), qe + 320, NULL, EVP_sha256(), NULL));
	if (s->wrong_data < 64)
		qe[320 + s->wrong_data] ^= 1;
	p = mempcpy(p, qe, sizeof(qe));
	raw_sign(s->by_pck, qe, sizeof(qe), p);
	p += 64;
	put_unaligned_le16(sizeof(auth), p);
	p = mempcpy(p + 2, auth, sizeof(auth));
	must(n > 0 && n < TDX_QUOTE_MAX - (p - quote) - 6);
	p = mempcpy(put_head(p, 5, n), pem, n);
	put_head(cert, 6, p - cert - 6);
	put_unaligned_le32(p - data - 4, data);
	BIO_free(chain);
	return p - quote;
}

static void fill_qe(uint8_t qe[384])
{
	static const uint8_t signer[32] = {
		0xdc, 0x9e, 0x2a, 0x7c, 0x6f, 0x94, 0x8f, 0x17,
		0x47, 0x4e, 0x34, 0xa7, 0xfc, 0x43, 0xed, 0x03,
		0x0f, 0x7c, 0x15, 0x63, 0xf1, 0xba, 0xbd, 0xdf,
		0x63, 0x40, 0xc8, 0x2e, 0x0e, 0x54, 0xa8, 0xc5,
	};

	qe[48] = 0x15;
	qe[56] = 0xe7;
	memcpy(qe + 128, signer, sizeof(signer));
	qe[256] = 2;
	qe[258] = 6;
}

void tdx_spec_init(struct tdx_spec *s, unsigned int version, bool td_15)
{
	static const uint8_t vendor[16] = {
		0x93, 0x9a, 0x72, 0x33, 0xf7, 0x9c, 0x4c, 0xa9,
		0x94, 0x0a, 0x0d, 0xb3, 0x95, 0x7f, 0x06, 0x07,
	};

	*s = (struct tdx_spec) {
		.version = version, .td_15 = td_15, .wrong_data = 64,
		.root = tdx_key("P-256"), .ca = tdx_key("P-256"),
		.pck = tdx_key("P-256"), .ak = tdx_key("P-256"),
	};
	s->by_root = s->root;
	s->by_ca = s->ca;
	s->by_pck = s->pck;
	s->by_ak = s->ak;
	s->header[0] = version;
	s->header[2] = 2;
	s->header[4] = 0x81;
	memcpy(s->header + 0x0c, vendor, sizeof(vendor));
	for (size_t i = 0; i < sizeof(s->body); i++)
		s->body[i] = i;
	/* MRSIGNERSEAM, the attributes and XFAM have values of a guest. */
	memset(s->body + 0x40, 0, 0x48);
	s->body[0x7b] = 0x10;
	s->body[0x80] = 0xe7;
	memset(s->body + 0x208, 'n', 64);
	fill_qe(s->qe);
	s->ext_len = make_ext(s->ext);
}

void tdx_spec_free(struct tdx_spec *s)
{
	EVP_PKEY_free(s->root);
	EVP_PKEY_free(s->ca);
	EVP_PKEY_free(s->pck);
	EVP_PKEY_free(s->ak);
	X509_free(s->root_cert);
}
