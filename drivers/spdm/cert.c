// SPDX-License-Identifier: GPL-2.0-only
/*
 * Certificates of devices, as the kernel's public keys see them.
 *
 * lib/x509_walk.c parses the certificates of a device, as in userland. The
 * kernel's own parser reads the certificates in the keyring only. It refuses
 * forms that devices use: Caliptra writes the year 2023 as GeneralizedTime.
 */
#include "internal.h"

#include <crypto/hash.h>
#include <keys/asymmetric-type.h>
#include <keys/system_keyring.h>
#include <linux/err.h>
#include <linux/key.h>

#include "../../lib/x509_key.h"

/* The names of the crypto API. The last one is that of no algorithm. */
static const char *key_algorithm(const struct x509_key *key)
{
	if (key->rsa)
		return "rsa";
	switch (key->curve) {
	case 256:
		return "ecdsa-nist-p256";
	case 384:
		return "ecdsa-nist-p384";
	case 521:
		return "ecdsa-nist-p521";
	default:
		return "none";
	}
}

/* Hash what the signature covers. -ENOENT: the kernel lacks the hash. */
static int hash_signed(const struct x509_cert *cert, const char *hash,
		       struct spdm_cert *c)
{
	struct crypto_shash *tfm;
	int rc = -ENOENT;

	tfm = crypto_alloc_shash(hash, 0, 0);
	if (IS_ERR(tfm))
		return PTR_ERR(tfm);
	c->sig.pks_m_size = crypto_shash_digestsize(tfm);
	if (c->sig.pks_m_size <= sizeof(c->digest))
		rc = crypto_shash_tfm_digest(tfm, cert->tbs, cert->tbs_len,
					     c->digest);
	crypto_free_shash(tfm);
	return rc;
}

/* Without the hash, the certificate has a key and no signature. */
static int take_signature(const struct x509_cert *cert, struct spdm_cert *c)
{
	const char *hash;
	bool rsa;
	int rc;

	hash = x509_signature_hash(cert, &rsa);
	if (!hash)
		return 0;
	rc = hash_signed(cert, hash, c);
	if (rc)
		return rc == -ENOENT ? 0 : rc;
	c->sig.s = (u8 *)cert->sig;
	c->sig.s_size = cert->sig_len;
	c->sig.pks_m = c->digest;
	c->sig.pkey_algo = rsa ? "rsa" : "ecdsa";
	c->sig.hash_algo = hash;
	c->sig.encoding = rsa ? "pkcs1" : "x962";
	return is_hash_blacklisted(c->digest, c->sig.pks_m_size,
				   BLACKLIST_HASH_X509_TBS);
}

int spdm_cert_take(const struct x509_cert *cert, struct spdm_cert *c)
{
	struct x509_fault fault;
	struct x509_key key;
	int rc;

	*c = (struct spdm_cert) {};
	rc = x509_get_key(cert, &key, &fault);
	if (rc)
		return rc;
	c->key.key = (void *)key.data;
	c->key.keylen = key.len;
	c->key.pkey_algo = key_algorithm(&key);
	return take_signature(cert, c);
}

static bool same_bytes(const void *a, size_t a_len, const void *b, size_t b_len)
{
	return a_len == b_len && !memcmp(a, b, a_len);
}

/* Does the signature have the digest of the signed bytes, not the bytes? */
static bool is_digest(const struct public_key_signature *sig)
{
	return sig->hash_algo && sig->pks_m && !pks_takes_data(sig);
}

/* The key does not keep the certificate, but its digest and its signature. */
bool spdm_cert_made(const struct spdm_cert *c, const struct key *key)
{
	const struct public_key_signature *s = key->payload.data[asym_auth];
	const struct public_key *k = asymmetric_key_public_key(key);
	const struct public_key_signature *sig = &c->sig;

	return s && sig->s && is_digest(s) && is_digest(sig) &&
	       !strcmp(s->hash_algo, sig->hash_algo) &&
	       same_bytes(s->pks_m, s->pks_m_size, sig->pks_m,
			  sig->pks_m_size) &&
	       same_bytes(s->s, s->s_size, sig->s, sig->s_size) &&
	       same_bytes(k->key, k->keylen, c->key.key, c->key.keylen);
}
