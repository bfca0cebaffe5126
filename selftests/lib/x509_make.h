/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Certificates that OpenSSL creates. Each one ends at the end of a heap block, so
 * that the address sanitizer detects an overread.
 */
#ifndef SELFTEST_X509_MAKE_H
#define SELFTEST_X509_MAKE_H

#include <stdlib.h>
#include <string.h>

#include <openssl/evp.h>
#include <openssl/x509v3.h>

#include "../../lib/x509_walk.h"

/* Extensions in the form of openssl.cnf; the last has no name. */
struct ext {
	int nid;
	const char *value;
};

struct cert {
	u8 *der;
	size_t len;
	struct x509_cert x;
	struct x509_fault fault;
	int rc;
};

static X509_NAME *name_of(const char *cn)
{
	X509_NAME *n = X509_NAME_new();

	X509_NAME_add_entry_by_txt(n, "CN", MBSTRING_UTF8, (const u8 *)cn, -1,
				   -1, 0);
	return n;
}

/* Signs the certificates, and is their key. */
static struct evp_pkey_st *key;

static X509 *unsigned_cert(const char *from, const char *to)
{
	X509_NAME *issuer = name_of("issuer"), *subject = name_of("subject");
	X509 *x = X509_new();

	X509_set_version(x, 2);
	ASN1_INTEGER_set(X509_get_serialNumber(x), 1);
	X509_set_issuer_name(x, issuer);
	X509_set_subject_name(x, subject);
	ASN1_TIME_set_string(X509_getm_notBefore(x), from);
	ASN1_TIME_set_string(X509_getm_notAfter(x), to);
	X509_set_pubkey(x, key);
	X509_NAME_free(issuer);
	X509_NAME_free(subject);
	return x;
}

static struct cert finish(X509 *x)
{
	struct cert c = {};
	u8 *der = NULL;

	X509_sign(x, key, EVP_sha256());
	c.len = i2d_X509(x, &der);
	c.der = malloc(c.len);
	if (!c.der)
		abort();
	memcpy(c.der, der, c.len);
	OPENSSL_free(der);
	X509_free(x);
	c.rc = x509_walk(c.der, c.len, &c.x, &c.fault);
	return c;
}

static void add_exts(X509 *x, const struct ext *exts)
{
	for (; exts->nid; exts++) {
		X509_EXTENSION *e = X509V3_EXT_conf_nid(NULL, NULL, exts->nid,
							exts->value);

		if (!e || !X509_add_ext(x, e, -1))
			abort();
		X509_EXTENSION_free(e);
	}
}

static struct cert make(const struct ext *exts)
{
	X509 *x = unsigned_cert("20250101000000Z", "20350101000000Z");

	add_exts(x, exts);
	return finish(x);
}

#define MAKE(...) make((const struct ext[]) { __VA_ARGS__, {} })

#endif /* SELFTEST_X509_MAKE_H */
