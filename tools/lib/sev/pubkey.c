// SPDX-License-Identifier: GPL-2.0-only
/*
 * Keys, digests and signatures of SEV's certificates, with OpenSSL.
 */
#include <errno.h>
#include <string.h>

#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/ec.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/param_build.h>
#include <openssl/rsa.h>

#include "core/text.h"
#include "sev/chain.h"
#include "x509/ecdsa.h"

#define EC_LEN_MAX	48

static const EVP_MD *hash_of(uint32_t algo)
{
	return ccg_sev_hash_bits(algo) == 384 ? EVP_sha384() : EVP_sha256();
}

/**
 * ccg_sev_body_digest - hash the signed part of a certificate
 * @cert: the certificate
 * @digest: set to the digest, EVP_MAX_MD_SIZE bytes
 * @lenp: set to the length of the digest in bytes
 *
 * Return: 0 or -ENOMEM.
 */
int ccg_sev_body_digest(const struct sev_cert *cert, uint8_t *digest,
			unsigned int *lenp)
{
	return EVP_Digest(cert->raw, cert->body_len, digest, lenp,
			  hash_of(cert->key.algo), NULL) ? 0 : -ENOMEM;
}

static EVP_PKEY *pkey_from(const char *type, OSSL_PARAM *params)
{
	EVP_PKEY_CTX *ctx = EVP_PKEY_CTX_new_from_name(NULL, type, NULL);
	EVP_PKEY *pkey = NULL;

	if (!ctx || EVP_PKEY_fromdata_init(ctx) != 1 ||
	    EVP_PKEY_fromdata(ctx, &pkey, EVP_PKEY_PUBLIC_KEY, params) != 1)
		pkey = NULL;
	EVP_PKEY_CTX_free(ctx);
	return pkey;
}

/* OpenSSL refuses a point that is not on the curve. */
static EVP_PKEY *ec_pkey(const struct sev_key *key)
{
	uint8_t point[1 + 2 * EC_LEN_MAX];
	char p256[] = "P-256", p384[] = "P-384";
	char *curve = key->bits == 256 ? p256 : p384;
	OSSL_PARAM params[3];

	point[0] = POINT_CONVERSION_UNCOMPRESSED;
	ccg_sev_reverse(point + 1, key->a, key->len);
	ccg_sev_reverse(point + 1 + key->len, key->b, key->len);
	params[0] = OSSL_PARAM_construct_utf8_string(OSSL_PKEY_PARAM_GROUP_NAME,
						     curve, 0);
	params[1] = OSSL_PARAM_construct_octet_string(OSSL_PKEY_PARAM_PUB_KEY,
						      point, 1 + 2 * key->len);
	params[2] = OSSL_PARAM_construct_end();
	return pkey_from("EC", params);
}

static EVP_PKEY *rsa_pkey(const struct sev_key *key)
{
	OSSL_PARAM_BLD *bld = OSSL_PARAM_BLD_new();
	BIGNUM *e = BN_lebin2bn(key->a, key->len, NULL);
	BIGNUM *n = BN_lebin2bn(key->b, key->len, NULL);
	OSSL_PARAM *params = NULL;
	EVP_PKEY *pkey = NULL;

	if (bld && e && n && OSSL_PARAM_BLD_push_BN(bld, OSSL_PKEY_PARAM_RSA_N, n) &&
	    OSSL_PARAM_BLD_push_BN(bld, OSSL_PKEY_PARAM_RSA_E, e))
		params = OSSL_PARAM_BLD_to_param(bld);
	if (params)
		pkey = pkey_from("RSA", params);
	OSSL_PARAM_free(params);
	OSSL_PARAM_BLD_free(bld);
	BN_free(e);
	BN_free(n);
	return pkey;
}

/* Returns NULL if OpenSSL refuses the key. */
static EVP_PKEY *make_pkey(const struct sev_key *key)
{
	return ccg_sev_algo_is_rsa(key->algo) ? rsa_pkey(key) : ec_pkey(key);
}

/* Converts a signature to the form of OpenSSL; returns its length or 0. */
static size_t convert_sig(const struct sev_key *key, const struct sev_sig *sig,
			  uint8_t *out)
{
	uint8_t rs[2 * EC_LEN_MAX];

	if (ccg_sev_algo_is_rsa(key->algo)) {
		if (sig->len < key->len ||
		    !ccg_is_zero(sig->data + key->len, sig->len - key->len))
			return 0;
		ccg_sev_reverse(out, sig->data, key->len);
		return key->len;
	}
	/* Integers are shorter than their fields; zeros fill the fields. */
	if (!ccg_is_zero(sig->data + key->len, SEV_EC_INT_LEN - key->len) ||
	    !ccg_is_zero(sig->data + SEV_EC_INT_LEN + key->len,
		      sig->len - SEV_EC_INT_LEN - key->len))
		return 0;
	ccg_sev_reverse(rs, sig->data, key->len);
	ccg_sev_reverse(rs + key->len, sig->data + SEV_EC_INT_LEN, key->len);
	return ccg_ecdsa_to_der(rs, 2 * key->len, out);
}

static bool verify_with(EVP_PKEY *pkey, const struct sev_cert *signer,
			const struct sev_cert *target,
			const struct sev_sig *sig)
{
	uint8_t der[SEV_SIG_LEN];
	size_t len = convert_sig(&signer->key, sig, der);
	EVP_MD_CTX *ctx = EVP_MD_CTX_new();
	EVP_PKEY_CTX *pctx = NULL;
	bool good;

	good = len && ctx &&
	       EVP_DigestVerifyInit(ctx, &pctx, hash_of(sig->algo), NULL,
				    pkey) == 1;
	if (good && ccg_sev_algo_is_rsa(sig->algo))
		good = EVP_PKEY_CTX_set_rsa_padding(pctx, RSA_PKCS1_PSS_PADDING) == 1 &&
		       EVP_PKEY_CTX_set_rsa_pss_saltlen(pctx, RSA_PSS_SALTLEN_DIGEST) == 1;
	good = good && EVP_DigestVerify(ctx, der, len, target->raw,
					target->body_len) == 1;
	EVP_MD_CTX_free(ctx);
	return good;
}

static const struct sev_sig *sig_of(const struct sev_cert *target,
				    uint32_t usage)
{
	for (size_t i = 0; i < target->n_sigs; i++)
		if (target->sigs[i].usage == usage)
			return &target->sigs[i];
	return NULL;
}

static bool may_sign(const struct sev_key *key)
{
	return key->algo != SEV_ALGO_ECDH_SHA256 &&
	       key->algo != SEV_ALGO_ECDH_SHA384;
}

/**
 * ccg_sev_check_sig - check that one certificate signed another
 * @signer: the certificate of the signer
 * @target: the certificate that should be signed; the same for a self-signed
 *	    certificate
 * @why: set to the reason of a failure
 *
 * Return: 0 or -EKEYREJECTED.
 */
int ccg_sev_check_sig(const struct sev_cert *signer,
		      const struct sev_cert *target, const char **why)
{
	const struct sev_sig *sig = sig_of(target, signer->usage);
	EVP_PKEY *pkey;
	bool good;

	*why = "there is no such signature";
	if (!sig)
		return -EKEYREJECTED;
	*why = "the algorithm of the signature is not the one of the signer's key";
	if (sig->algo != signer->key.algo || !may_sign(&signer->key))
		return -EKEYREJECTED;
	*why = "the certificate names another signer";
	if (target->signer_id && signer->key_id &&
	    memcmp(target->signer_id, signer->key_id, SEV_KEY_ID_LEN))
		return -EKEYREJECTED;
	*why = "the signer's key is invalid";
	pkey = make_pkey(&signer->key);
	if (pkey) {
		*why = "the signature does not verify";
		good = verify_with(pkey, signer, target, sig);
		EVP_PKEY_free(pkey);
	} else {
		good = false;
	}
	ERR_clear_error();
	return good ? 0 : -EKEYREJECTED;
}
