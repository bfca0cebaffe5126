// SPDX-License-Identifier: GPL-2.0-only
/*
 * Hashes and signatures of SPDM, with OpenSSL.
 */
#include <openssl/ec.h>
#include <openssl/err.h>
#include <openssl/rsa.h>

#include "spdm/auth.h"
#include "x509/ecdsa.h"

/**
 * ccg_version_text - name a version of SPDM
 * @version: SPDM_VER_10 to SPDM_VER_14
 *
 * Return: its text, such as "1.2".
 */
const char *ccg_version_text(u8 version)
{
	static const char *const versions[] = {
		"1.0", "1.1", "1.2", "1.3", "1.4"
	};

	return versions[version - SPDM_VER_10];
}

/**
 * ccg_has_mldsa() - find out whether OpenSSL has ML-DSA
 *
 * OpenSSL 3.5 and newer have it, unless it was built without.
 *
 * Return: true if OpenSSL can verify ML-DSA-44, -65 and -87.
 */
bool ccg_has_mldsa(void)
{
	bool all = true;

	for (size_t i = 0; all && i < SPDM_N_ASYM; i++) {
		EVP_SIGNATURE *alg;

		if (spdm_asyms[i].kind != SPDM_MLDSA)
			continue;
		alg = EVP_SIGNATURE_fetch(NULL, spdm_asyms[i].name, NULL);
		all = alg;
		EVP_SIGNATURE_free(alg);
	}
	ERR_clear_error();
	return all;
}

/**
 * ccg_hash_init - start a hash
 * @md: the hash context
 * @alg: the algorithm
 *
 * Return: 0 or a negative errno.
 */
int ccg_hash_init(EVP_MD_CTX *md, const struct spdm_hash *alg)
{
	const EVP_MD *type = EVP_get_digestbyname(alg->alg);

	return type && EVP_DigestInit_ex(md, type, NULL) == 1 ? 0 : -EIO;
}

/**
 * ccg_key_fits - find out whether a key fits an algorithm
 * @key: the key
 * @asym: the algorithm
 *
 * The device chooses the key, and the two sides negotiate the algorithm.
 * Without this check, a device could use a weak key under the name of a strong
 * algorithm.
 *
 * Return: true if type, length and, for ECDSA, the curve are those of @asym; for
 * ML-DSA the parameter set.
 */
bool ccg_key_fits(EVP_PKEY *key, const struct spdm_asym *asym)
{
	char curve[32], want[8];
	size_t len;

	if (asym->kind == SPDM_MLDSA)
		return EVP_PKEY_is_a(key, asym->name);
	if (EVP_PKEY_get_bits(key) != asym->key_bits)
		return false;
	switch (asym->kind) {
	case SPDM_RSASSA:
		return EVP_PKEY_is_a(key, "RSA");
	case SPDM_RSAPSS:
		return EVP_PKEY_is_a(key, "RSA") ||
		       EVP_PKEY_is_a(key, "RSA-PSS");
	default:
		break;
	}
	if (!EVP_PKEY_is_a(key, "EC") ||
	    EVP_PKEY_get_group_name(key, curve, sizeof(curve), &len) != 1)
		return false;
	snprintf(want, sizeof(want), "P-%u", asym->key_bits);
	return EC_curve_nist2nid(want) == OBJ_txt2nid(curve);
}

static bool set_params(EVP_PKEY_CTX *ctx, const struct spdm_conn *c)
{
	const EVP_MD *md = EVP_get_digestbyname(c->hash->alg);

	if (!ctx || !md || EVP_PKEY_verify_init(ctx) != 1)
		return false;
	/* Set the padding first: PSS accepts other digests. */
	switch (c->asym->kind) {
	case SPDM_RSASSA:
		if (EVP_PKEY_CTX_set_rsa_padding(ctx, RSA_PKCS1_PADDING) != 1)
			return false;
		break;
	case SPDM_RSAPSS:
		if (EVP_PKEY_CTX_set_rsa_padding(ctx, RSA_PKCS1_PSS_PADDING) != 1 ||
		    EVP_PKEY_CTX_set_rsa_pss_saltlen(ctx, RSA_PSS_SALTLEN_DIGEST) != 1)
			return false;
		break;
	default:
		break;
	}
	return EVP_PKEY_CTX_set_signature_md(ctx, md) == 1;
}

/* FIPS 204, algorithm 3: the message, with a context. */
static int verify_mldsa(EVP_PKEY *key, const struct spdm_tbs *tbs,
			const u8 *sig, size_t len)
{
	/* The type of a parameter is not const. */
	char context[40];
	int context_len = snprintf(context, sizeof(context), "%s",
				   spdm_signed_context(tbs->what));
	OSSL_PARAM params[] = {
		OSSL_PARAM_construct_octet_string("context-string", context,
						  context_len),
		OSSL_PARAM_construct_end(),
	};
	EVP_MD_CTX *ctx = EVP_MD_CTX_new();
	int rc = -EIO;

	if (ctx && EVP_DigestVerifyInit_ex(ctx, NULL, NULL, NULL, NULL, key,
					   params) == 1)
		rc = EVP_DigestVerify(ctx, sig, len, tbs->data, tbs->len) == 1 ?
		     0 : -EKEYREJECTED;
	EVP_MD_CTX_free(ctx);
	ERR_clear_error();
	return rc;
}

/**
 * ccg_verify_tbs - verify a signature
 * @key: the signer's public key; ccg_key_fits() is true for it
 * @c: the connection and its algorithms
 * @tbs: what is signed
 * @sig: the signature, c->asym->sig_len bytes
 *
 * Return: 0; -EKEYREJECTED if the signature is wrong; -EIO if OpenSSL fails.
 */
int ccg_verify_tbs(EVP_PKEY *key, const struct spdm_conn *c,
		   const struct spdm_tbs *tbs, const u8 *sig)
{
	size_t len = c->asym->sig_len;
	u8 der[CCG_ECDSA_DER_MAX];
	EVP_PKEY_CTX *ctx;
	int rc = -EIO;

	if (c->asym->kind == SPDM_MLDSA)
		return verify_mldsa(key, tbs, sig, len);
	ctx = EVP_PKEY_CTX_new(key, NULL);
	if (!set_params(ctx, c))
		goto out;
	if (c->asym->kind == SPDM_ECDSA) {
		len = ccg_ecdsa_to_der(sig, len, der);
		sig = der;
	}
	/* OpenSSL reports r or s out of range as an error. */
	rc = len && EVP_PKEY_verify(ctx, sig, len, tbs->data, tbs->len) == 1 ?
	     0 : -EKEYREJECTED;
out:
	EVP_PKEY_CTX_free(ctx);
	ERR_clear_error();
	return rc;
}
