// SPDX-License-Identifier: GPL-2.0-only
/*
 * Private keys on P-384, and signatures in SEV's form, with OpenSSL.
 */
#include <errno.h>
#include <string.h>

#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/decoder.h>
#include <openssl/ec.h>
#include <openssl/err.h>

#include <ccguest/file.h>

#include "core/ctx.h"
#include "env.h"
#include "sev/cert.h"
#include "sev/eckey.h"
#include "x509/ecdsa.h"

/* Limit for the length of a file with a key. */
#define KEY_MAX		65536

/* A key that is encrypted must not lead to a question. */
static int no_password(char *buf, size_t size, size_t *lenp,
		       const OSSL_PARAM params[], void *arg)
{
	(void)buf;
	(void)size;
	(void)lenp;
	(void)params;
	(void)arg;
	return 0;
}

static bool is_p384(EVP_PKEY *key)
{
	char group[32];

	return EVP_PKEY_is_a(key, "EC") &&
	       EVP_PKEY_get_group_name(key, group, sizeof(group), NULL) == 1 &&
	       !strcmp(group, "secp384r1");
}

static EVP_PKEY *decode(const uint8_t *buf, size_t len)
{
	EVP_PKEY *key = NULL;
	OSSL_DECODER_CTX *ctx =
		OSSL_DECODER_CTX_new_for_pkey(&key, NULL, NULL, "EC",
					      OSSL_KEYMGMT_SELECT_PRIVATE_KEY,
					      NULL, NULL);

	if (!ctx ||
	    OSSL_DECODER_CTX_set_passphrase_cb(ctx, no_password, NULL) != 1 ||
	    OSSL_DECODER_from_data(ctx, &buf, &len) != 1)
		key = NULL;
	OSSL_DECODER_CTX_free(ctx);
	ERR_clear_error();
	return key;
}

/**
 * ccg_sev_key_load - read a private key on P-384
 * @ctx: the context
 * @path: the file, in PEM or DER
 * @keyp: set to the key; free it with EVP_PKEY_free()
 *
 * Return: 0; -EINVAL if the file has no such key; or another negative errno.
 */
int ccg_sev_key_load(struct ccg_ctx *ctx, const char *path, EVP_PKEY **keyp)
{
	EVP_PKEY *key;
	uint8_t *buf;
	size_t len;
	int rc = ccg_secret_load(ctx, path, KEY_MAX, &buf, &len);

	if (rc)
		return rc;
	key = decode(buf, len);
	ccg_secret_free(buf);
	*keyp = key;
	if (key && is_p384(key))
		return 0;
	EVP_PKEY_free(key);
	return ccg_fail(ctx, -EINVAL, CCG_FAILED, path,
			"is not a private key on P-384 in PEM or DER, without a pass phrase");
}

static bool put_int(EVP_PKEY *key, const char *name, uint8_t *p)
{
	BIGNUM *n = NULL;
	bool good = EVP_PKEY_get_bn_param(key, name, &n) == 1 &&
		    BN_bn2lebinpad(n, p, SEV_EC_INT_LEN) == SEV_EC_INT_LEN;

	BN_free(n);
	return good;
}

/**
 * ccg_sev_key_put - write the public part of a key
 * @key: the key, on P-384
 * @p: set to curve, x and y
 *
 * Return: false if OpenSSL failed.
 */
bool ccg_sev_key_put(EVP_PKEY *key, uint8_t *p)
{
	put_unaligned_le32(SEV_CURVE_P384, p);
	return put_int(key, OSSL_PKEY_PARAM_EC_PUB_X, p + 4) &&
	       put_int(key, OSSL_PKEY_PARAM_EC_PUB_Y, p + 4 + SEV_EC_INT_LEN);
}

/* Integers have fixed lengths: zero bytes inside them have no effect. */
static bool put_sig(const uint8_t *der, size_t len, uint8_t *p)
{
	ECDSA_SIG *sig = d2i_ECDSA_SIG(NULL, &der, len);
	bool good;

	good = sig &&
	       BN_bn2lebinpad(ECDSA_SIG_get0_r(sig), p, SEV_EC_INT_LEN) > 0 &&
	       BN_bn2lebinpad(ECDSA_SIG_get0_s(sig), p + SEV_EC_INT_LEN,
			      SEV_EC_INT_LEN) > 0;
	ECDSA_SIG_free(sig);
	return good;
}

/**
 * ccg_sev_key_sign - sign a message
 * @key: the key, on P-384
 * @md: digest of the signature
 * @msg: the message
 * @len: length of @msg in bytes
 * @p: set to r and s, SEV_EC_INT_LEN bytes each
 *
 * Return: false if OpenSSL failed.
 */
bool ccg_sev_key_sign(EVP_PKEY *key, const EVP_MD *md, const uint8_t *msg,
		      size_t len, uint8_t *p)
{
	EVP_MD_CTX *ctx = EVP_MD_CTX_new();
	uint8_t der[CCG_ECDSA_DER_MAX];
	size_t der_len = sizeof(der);
	bool good;

	good = ctx && EVP_DigestSignInit(ctx, NULL, md, NULL, key) == 1 &&
	       EVP_DigestSign(ctx, der, &der_len, msg, len) == 1 &&
	       put_sig(der, der_len, p);
	EVP_MD_CTX_free(ctx);
	ERR_clear_error();
	return good;
}
