// SPDX-License-Identifier: GPL-2.0-only
/*
 * Certificates and reports of SEV-SNP that tests make. Every failure aborts.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <openssl/bn.h>
#include <openssl/ec.h>
#include <openssl/ecdsa.h>
#include <openssl/rsa.h>
#include <openssl/x509v3.h>

#include "snp-mint.h"

#define AMD	"1.3.6.1.4.1.3704.1."

static void must(int good)
{
	if (!good)
		abort();
}

/* Shorter keys than AMD's: making one takes less time. */
EVP_PKEY *mint_rsa(void)
{
	EVP_PKEY *key = EVP_RSA_gen(2048);

	must(!!key);
	return key;
}

EVP_PKEY *mint_ec(const char *curve)
{
	EVP_PKEY *key = EVP_EC_gen(curve);

	must(!!key);
	return key;
}

static X509_NAME *new_name(const char *cn)
{
	static const char *const parts[][2] = {
		{ "OU", "Engineering" }, { "C", "US" },
		{ "O", "Advanced Micro Devices" },
	};
	X509_NAME *name = X509_NAME_new();

	for (size_t i = 0; i < 3; i++)
		must(X509_NAME_add_entry_by_txt(name, parts[i][0], MBSTRING_ASC,
						(const uint8_t *)parts[i][1], -1, -1,
						0));
	must(X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_ASC,
					(const uint8_t *)cn, -1, -1, 0));
	return name;
}

/* RSA-PSS with SHA-384 and a salt of 48 bytes, as AMD signs. */
static EVP_MD_CTX *signer(EVP_PKEY *key)
{
	EVP_MD_CTX *ctx = EVP_MD_CTX_new();
	EVP_PKEY_CTX *p;

	must(EVP_DigestSignInit(ctx, &p, EVP_sha384(), NULL, key) == 1);
	must(EVP_PKEY_CTX_set_rsa_padding(p, RSA_PKCS1_PSS_PADDING) == 1);
	must(EVP_PKEY_CTX_set_rsa_pss_saltlen(p, 48) == 1);
	return ctx;
}

static X509 *new_cert(const char *cn, EVP_PKEY *key, const char *issuer,
		      long serial, long before, long after)
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

static X509 *sign(X509 *x, EVP_PKEY *by)
{
	EVP_MD_CTX *ctx = signer(by);

	must(X509_sign_ctx(x, ctx) > 0);
	EVP_MD_CTX_free(ctx);
	return x;
}

static void add_known(X509 *x, int nid, const char *value)
{
	X509_EXTENSION *e = X509V3_EXT_conf_nid(NULL, NULL, nid, value);

	must(e && X509_add_ext(x, e, -1));
	X509_EXTENSION_free(e);
}

X509 *mint_ca(const char *name, EVP_PKEY *key, const char *issuer, EVP_PKEY *by,
	      long serial)
{
	X509 *x = new_cert(name, key, issuer, serial, MINT_NOW - 5L * MINT_YEAR,
			   MINT_NOW + 20L * MINT_YEAR);

	add_known(x, NID_basic_constraints, "critical,CA:TRUE");
	add_known(x, NID_key_usage, "critical,keyCertSign,cRLSign");
	return sign(x, by);
}

static void add_ext(X509 *x, const char *oid, const uint8_t *value, size_t len)
{
	ASN1_OBJECT *obj = OBJ_txt2obj(oid, 1);
	ASN1_OCTET_STRING *s = ASN1_OCTET_STRING_new();
	X509_EXTENSION *e;

	must(ASN1_OCTET_STRING_set(s, value, len));
	e = X509_EXTENSION_create_by_OBJ(NULL, obj, 0, s);
	must(e && X509_add_ext(x, e, -1));
	X509_EXTENSION_free(e);
	ASN1_OCTET_STRING_free(s);
	ASN1_OBJECT_free(obj);
}

/* Adds an extension, or what the test wants in its place. */
static void put_ext(X509 *x, const struct mint_vek *v, const char *suffix,
		    const uint8_t *value, size_t len)
{
	const struct mint_ext *other = v->other;
	char oid[48];

	snprintf(oid, sizeof(oid), AMD "%s", suffix);
	if (!other || strcmp(other->oid, suffix)) {
		add_ext(x, oid, value, len);
		return;
	}
	if (other->twice)
		add_ext(x, oid, value, len);
	if (other->twice || other->len)
		add_ext(x, oid, other->twice ? value : other->value,
			other->twice ? len : other->len);
}

static void put_number(X509 *x, const struct mint_vek *v, const char *suffix,
		       uint8_t n)
{
	const uint8_t small[] = { 2, 1, n }, large[] = { 2, 2, 0, n };

	if (n < 0x80)
		put_ext(x, v, suffix, small, sizeof(small));
	else
		put_ext(x, v, suffix, large, sizeof(large));
}

static void put_text(X509 *x, const struct mint_vek *v, const char *suffix,
		     const char *text)
{
	uint8_t der[80] = { 0x16, strlen(text) };

	memcpy(der + 2, text, strlen(text));
	put_ext(x, v, suffix, der, 2 + strlen(text));
}

X509 *mint_vek(const struct mint_vek *v, EVP_PKEY *key, EVP_PKEY *by)
{
	static const char *const oids[] = { "3.9", "3.1", "3.2", "3.3", "3.8" };
	X509 *x = new_cert(v->vlek ? "SEV-VLEK" : "SEV-VCEK", key, v->issuer, 0,
			   v->before ? v->before : MINT_NOW - MINT_YEAR,
			   v->after ? v->after : MINT_NOW + MINT_YEAR);

	put_number(x, v, "1", v->turin);
	put_text(x, v, "2", v->product);
	for (int i = v->turin ? 0 : 1; i < 5; i++)
		put_number(x, v, oids[i], v->parts[i]);
	if (!v->turin)
		put_number(x, v, "3.4", 0);
	put_number(x, v, "3.5", 0);
	put_number(x, v, "3.6", 0);
	put_number(x, v, "3.7", 0);
	if (v->vlek)
		put_text(x, v, "5", v->csp);
	else
		put_ext(x, v, "4", v->hwid, v->turin ? 8 : 64);
	return sign(x, by);
}

X509_CRL *mint_crl(const char *issuer, EVP_PKEY *by, long revoked, long before,
		   long after)
{
	X509_NAME *name = new_name(issuer);
	X509_CRL *crl = X509_CRL_new();
	X509_REVOKED *entry = X509_REVOKED_new();
	ASN1_INTEGER *serial = ASN1_INTEGER_new();
	ASN1_TIME *t = ASN1_TIME_set(NULL, before);
	EVP_MD_CTX *ctx = signer(by);

	must(X509_CRL_set_version(crl, X509_CRL_VERSION_2));
	must(X509_CRL_set_issuer_name(crl, name));
	must(X509_CRL_set1_lastUpdate(crl, t));
	must(ASN1_INTEGER_set(serial, revoked));
	must(X509_REVOKED_set_serialNumber(entry, serial));
	must(X509_REVOKED_set_revocationDate(entry, t));
	must(!!ASN1_TIME_set(t, after) && X509_CRL_set1_nextUpdate(crl, t));
	must(X509_CRL_add0_revoked(crl, entry));
	must(X509_CRL_sign_ctx(crl, ctx) > 0);
	EVP_MD_CTX_free(ctx);
	ASN1_TIME_free(t);
	ASN1_INTEGER_free(serial);
	X509_NAME_free(name);
	return crl;
}

/* Appends to @buf; returns the length. */
size_t mint_der(X509 *x, uint8_t *buf, size_t size)
{
	int len = i2d_X509(x, NULL);

	must(len > 0 && (size_t)len <= size);
	return i2d_X509(x, &buf);
}

/* Signs bytes 0 to 0x29f. */
void mint_sign(uint8_t report[1184], EVP_PKEY *key)
{
	EVP_MD_CTX *ctx = EVP_MD_CTX_new();
	uint8_t der[128];
	const uint8_t *p = der;
	size_t len = sizeof(der);
	ECDSA_SIG *sig;

	must(EVP_DigestSignInit(ctx, NULL, EVP_sha384(), NULL, key) == 1);
	must(EVP_DigestSign(ctx, der, &len, report, 0x2a0) == 1);
	sig = d2i_ECDSA_SIG(NULL, &p, len);
	must(!!sig);
	must(BN_bn2lebinpad(ECDSA_SIG_get0_r(sig), report + 0x2a0, 72) == 72);
	must(BN_bn2lebinpad(ECDSA_SIG_get0_s(sig), report + 0x2e8, 72) == 72);
	ECDSA_SIG_free(sig);
	EVP_MD_CTX_free(ctx);
}
