// SPDX-License-Identifier: GPL-2.0-only
/*
 * ECDSA signatures of a fixed length, and keys that are points.
 */
#include <errno.h>

#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/ecdsa.h>
#include <openssl/err.h>
#include <openssl/param_build.h>

#include "x509/ecdsa.h"

/**
 * ccg_ecdsa_to_der - convert a signature to DER
 * @sig: the integers r and s, each as long as the order of the curve,
 *	 big-endian
 * @len: length of @sig in bytes, an even number
 * @der: set to the signature in DER
 *
 * Return: length of @der in bytes; 0 if memory is short or @sig is too long.
 */
int ccg_ecdsa_to_der(const uint8_t *sig, size_t len,
		     uint8_t der[CCG_ECDSA_DER_MAX])
{
	BIGNUM *r = BN_bin2bn(sig, len / 2, NULL);
	BIGNUM *s = BN_bin2bn(sig + len / 2, len / 2, NULL);
	ECDSA_SIG *es = ECDSA_SIG_new();
	int n = 0;

	if (r && s && es && ECDSA_SIG_set0(es, r, s) == 1) {
		r = NULL;
		s = NULL;
		n = i2d_ECDSA_SIG(es, NULL);
		n = n > 0 && n <= CCG_ECDSA_DER_MAX ? i2d_ECDSA_SIG(es, &der) :
						      0;
	}
	BN_free(r);
	BN_free(s);
	ECDSA_SIG_free(es);
	return n;
}

/**
 * ccg_ecdsa_key - make a public key from a point
 * @group: name of the curve, as OpenSSL has it
 * @point: the point, uncompressed: 0x04, X, Y
 * @len: length of @point in bytes
 *
 * Return: the key; NULL if the point is not on the curve, or memory is short.
 */
EVP_PKEY *ccg_ecdsa_key(const char *group, const uint8_t *point, size_t len)
{
	OSSL_PARAM_BLD *bld = OSSL_PARAM_BLD_new();
	EVP_PKEY_CTX *ctx = EVP_PKEY_CTX_new_from_name(NULL, "EC", NULL);
	OSSL_PARAM *params = NULL;
	EVP_PKEY *key = NULL;

	if (bld && ctx &&
	    OSSL_PARAM_BLD_push_utf8_string(bld, OSSL_PKEY_PARAM_GROUP_NAME,
					    group, 0) == 1 &&
	    OSSL_PARAM_BLD_push_octet_string(bld, OSSL_PKEY_PARAM_PUB_KEY,
					     point, len) == 1)
		params = OSSL_PARAM_BLD_to_param(bld);
	if (!params || EVP_PKEY_fromdata_init(ctx) != 1 ||
	    EVP_PKEY_fromdata(ctx, &key, EVP_PKEY_PUBLIC_KEY, params) != 1)
		key = NULL;
	OSSL_PARAM_free(params);
	OSSL_PARAM_BLD_free(bld);
	EVP_PKEY_CTX_free(ctx);
	return key;
}

/**
 * ccg_ecdsa_verify - verify a signature
 * @key: the public key
 * @md: name of the hash algorithm, as OpenSSL has it
 * @sig: r and s, as for ccg_ecdsa_to_der()
 * @sig_len: length of @sig in bytes
 * @msg: what was signed
 * @len: length of @msg in bytes
 *
 * Return: 0; -EKEYREJECTED if the signature does not verify; or -ENOMEM, which is
 * not a verdict.
 */
int ccg_ecdsa_verify(EVP_PKEY *key, const char *md, const uint8_t *sig,
		     size_t sig_len, const uint8_t *msg, size_t len)
{
	EVP_MD_CTX *ctx = EVP_MD_CTX_new();
	uint8_t der[CCG_ECDSA_DER_MAX];
	int der_len = ccg_ecdsa_to_der(sig, sig_len, der);
	int rc = -ENOMEM;

	if (ctx && der_len > 0 &&
	    EVP_DigestVerifyInit_ex(ctx, NULL, md, NULL, NULL, key, NULL) == 1)
		rc = EVP_DigestVerify(ctx, der, der_len, msg, len) == 1 ?
		     0 : -EKEYREJECTED;
	EVP_MD_CTX_free(ctx);
	ERR_clear_error();
	return rc;
}
