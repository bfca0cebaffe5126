// SPDX-License-Identifier: GPL-2.0-only
/*
 * Algorithms: the tables of DSP0274; hashes and signatures with OpenSSL.
 */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include <openssl/bn.h>
#include <openssl/ec.h>
#include <openssl/err.h>
#include <openssl/params.h>
#include <openssl/rsa.h>

#include "responder.h"

/* NEGOTIATE_ALGORITHMS, BaseAsymAlgo and PqcAsymAlgo, in the order of preference. */
const struct asym asyms[] = {
	{ "ecdsa-p384", 0x080, EVP_PKEY_EC, 384, 96, false, NULL },
	{ "ecdsa-p256", 0x010, EVP_PKEY_EC, 256, 64, false, NULL },
	{ "ecdsa-p521", 0x100, EVP_PKEY_EC, 521, 132, false, NULL },
	{ "rsapss-4096", 0x040, EVP_PKEY_RSA, 4096, 512, true, NULL },
	{ "rsapss-3072", 0x008, EVP_PKEY_RSA, 3072, 384, true, NULL },
	{ "rsapss-2048", 0x002, EVP_PKEY_RSA, 2048, 256, true, NULL },
	{ "rsassa-4096", 0x020, EVP_PKEY_RSA, 4096, 512, false, NULL },
	{ "rsassa-3072", 0x004, EVP_PKEY_RSA, 3072, 384, false, NULL },
	{ "rsassa-2048", 0x001, EVP_PKEY_RSA, 2048, 256, false, NULL },
	{ "mldsa-44", 0x1, 0, 0, 2420, false, "ML-DSA-44" },
	{ "mldsa-65", 0x2, 0, 0, 3309, false, "ML-DSA-65" },
	{ "mldsa-87", 0x4, 0, 0, SIG_MAX, false, "ML-DSA-87" },
};

/* NEGOTIATE_ALGORITHMS, BaseHashAlgo. */
const struct hash hashes[] = {
	{ "sha384", 0x02, "SHA2-384", 48 },
	{ "sha256", 0x01, "SHA2-256", 32 },
	{ "sha512", 0x04, "SHA2-512", 64 },
	{ "sha3-384", 0x10, "SHA3-384", 48 },
	{ "sha3-256", 0x08, "SHA3-256", 32 },
	{ "sha3-512", 0x20, "SHA3-512", 64 },
};

const size_t n_asyms = ARRAY_SIZE(asyms), n_hashes = ARRAY_SIZE(hashes);

bool same_name(const char *a, const char *b, size_t len)
{
	const char *end = b + len;

	for (;;) {
		while (*a == '-' || *a == '_')
			a++;
		while (b < end && (*b == '-' || *b == '_'))
			b++;
		if (!*a || b == end)
			return !*a && b == end;
		if (tolower((unsigned char)*a++) != tolower((unsigned char)*b++))
			return false;
	}
}

bool asym_exists(const struct asym *asym)
{
	EVP_SIGNATURE *s;

	if (!asym->pqc)
		return true;
	ERR_set_mark();
	s = EVP_SIGNATURE_fetch(NULL, asym->pqc, NULL);
	ERR_pop_to_mark();
	EVP_SIGNATURE_free(s);
	return s;
}

int pqc_missing(const char *option, const char *name)
{
	return error("--%s: %s: OpenSSL %s has no ML-DSA, which OpenSSL 3.5 and later have", option,
		     name, OpenSSL_version(OPENSSL_VERSION_STRING));
}

bool key_fits(const struct asym *asym, const EVP_PKEY *key)
{
	if (asym->pqc)
		return EVP_PKEY_is_a(key, asym->pqc);
	return EVP_PKEY_get_base_id(key) == asym->type &&
	       EVP_PKEY_get_bits(key) == asym->bits;
}

/* These calls of OpenSSL fail only if memory is short. */
static void must(bool ok)
{
	if (ok)
		return;
	error("OpenSSL: hash functions do not work; check openssl.cnf");
	exit(EXIT_FAILED);
}

EVP_MD_CTX *hash_new(void)
{
	EVP_MD_CTX *ctx = EVP_MD_CTX_new();

	must(ctx);
	return ctx;
}

void hash_start(EVP_MD_CTX *ctx, const struct hash *hash)
{
	EVP_MD *md = EVP_MD_fetch(NULL, hash->md, NULL);

	must(md && EVP_DigestInit_ex2(ctx, md, NULL) == 1);
	EVP_MD_free(md);
}

void hash_add(EVP_MD_CTX *ctx, const void *data, size_t len)
{
	must(EVP_DigestUpdate(ctx, data, len) == 1);
}

void hash_end(EVP_MD_CTX *ctx, uint8_t *digest)
{
	must(EVP_DigestFinal_ex(ctx, digest, NULL) == 1);
}

void hash_of(const struct hash *hash, const void *data, size_t len, uint8_t *digest)
{
	EVP_MD_CTX *ctx = hash_new();

	hash_start(ctx, hash);
	hash_add(ctx, data, len);
	hash_end(ctx, digest);
	EVP_MD_CTX_free(ctx);
}

/* DSP0274: an ECDSA signature is r and s, each as long as the order. */
static bool split_ecdsa(const uint8_t *der, size_t der_len, uint8_t *sig, size_t sig_len)
{
	ECDSA_SIG *s = d2i_ECDSA_SIG(NULL, &der, (long)der_len);
	int half = (int)sig_len / 2;
	bool ok;

	ok = s && BN_bn2binpad(ECDSA_SIG_get0_r(s), sig, half) == half &&
	     BN_bn2binpad(ECDSA_SIG_get0_s(s), sig + half, half) == half;
	ECDSA_SIG_free(s);
	return ok;
}

bool sign(const struct asym *asym, const struct hash *hash, EVP_PKEY *key,
	  const uint8_t *digest, uint8_t *sig)
{
	EVP_PKEY_CTX *ctx = EVP_PKEY_CTX_new_from_pkey(NULL, key, NULL);
	EVP_MD *md = EVP_MD_fetch(NULL, hash->md, NULL);
	uint8_t raw[1024];
	size_t len = sizeof(raw);
	bool ok;

	ok = ctx && md && EVP_PKEY_sign_init(ctx) == 1 &&
	     EVP_PKEY_CTX_set_signature_md(ctx, md) == 1;
	if (ok && asym->pss)
		ok = EVP_PKEY_CTX_set_rsa_padding(ctx, RSA_PKCS1_PSS_PADDING) == 1 &&
		     EVP_PKEY_CTX_set_rsa_pss_saltlen(ctx, RSA_PSS_SALTLEN_DIGEST) == 1;
	ok = ok && EVP_PKEY_sign(ctx, raw, &len, digest, hash->size) == 1;
	EVP_MD_free(md);
	EVP_PKEY_CTX_free(ctx);
	if (!ok)
		return false;
	if (asym->type == EVP_PKEY_EC)
		return split_ecdsa(raw, len, sig, asym->sig_len);
	if (len != asym->sig_len)
		return false;
	memcpy(sig, raw, len);
	return true;
}

bool sign_message(const struct asym *asym, EVP_PKEY *key, const char *context,
		  const uint8_t *data, size_t len, uint8_t *sig)
{
	EVP_MD_CTX *ctx = EVP_MD_CTX_new();
	size_t sig_len = asym->sig_len;
	OSSL_PARAM params[2];
	char copy[64];
	bool ok;

	snprintf(copy, sizeof(copy), "%s", context);
	/* The name, because headers before OpenSSL 3.2 have no macro for it. */
	params[0] = OSSL_PARAM_construct_octet_string("context-string", copy, strlen(copy));
	params[1] = OSSL_PARAM_construct_end();
	ok = ctx && EVP_DigestSignInit_ex(ctx, NULL, NULL, NULL, NULL, key, params) == 1 &&
	     EVP_DigestSign(ctx, sig, &sig_len, data, len) == 1;
	EVP_MD_CTX_free(ctx);
	return ok && sig_len == asym->sig_len;
}
