// SPDX-License-Identifier: GPL-2.0-only
/*
 * ID block and ID authentication of SNP: what an owner signs before the launch.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/ec.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>

#include <ccguest/file.h>
#include <ccguest/sev.h>

#include "core/ctx.h"
#include "env.h"
#include "sev/chain.h"
#include "sev/idblock.h"
#include "sev/session.h"
#include "x509/ecdsa.h"

/* Limit for the length of a file with a key. */
#define PEM_MAX		65536

/* A key that is encrypted must not lead to a question. */
static int no_password(char *buf, int size, int rwflag, void *arg)
{
	(void)buf;
	(void)size;
	(void)rwflag;
	(void)arg;
	return -1;
}

static bool is_p384(EVP_PKEY *key)
{
	char group[32];

	return EVP_PKEY_is_a(key, "EC") &&
	       EVP_PKEY_get_group_name(key, group, sizeof(group), NULL) == 1 &&
	       !strcmp(group, "secp384r1");
}

static int load_key(struct ccg_ctx *ctx, const char *path, EVP_PKEY **keyp)
{
	EVP_PKEY *key = NULL;
	uint8_t *pem;
	size_t len;
	BIO *bio;
	int rc = ccg_secret_load(ctx, path, PEM_MAX, &pem, &len);

	if (rc)
		return rc;
	bio = BIO_new_mem_buf(pem, len);
	if (bio)
		key = PEM_read_bio_PrivateKey(bio, NULL, no_password, NULL);
	BIO_free(bio);
	ccg_secret_free(pem);
	ERR_clear_error();
	*keyp = key;
	if (key && is_p384(key))
		return 0;
	EVP_PKEY_free(key);
	return ccg_fail(ctx, -EINVAL, CCG_FAILED, path,
			"is not a private key on P-384 in PEM, without a pass phrase");
}

static bool put_int(EVP_PKEY *key, const char *name, uint8_t *p)
{
	BIGNUM *n = NULL;
	bool good = EVP_PKEY_get_bn_param(key, name, &n) == 1 &&
		    BN_bn2lebinpad(n, p, SEV_EC_INT_LEN) == SEV_EC_INT_LEN;

	BN_free(n);
	return good;
}

static bool put_key(EVP_PKEY *key, uint8_t *p)
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

static bool sign(EVP_PKEY *key, const uint8_t *msg, size_t msg_len, uint8_t *p)
{
	EVP_MD_CTX *ctx = EVP_MD_CTX_new();
	uint8_t der[CCG_ECDSA_DER_MAX];
	size_t len = sizeof(der);
	bool good;

	good = ctx &&
	       EVP_DigestSignInit(ctx, NULL, EVP_sha384(), NULL, key) == 1 &&
	       EVP_DigestSign(ctx, der, &len, msg, msg_len) == 1 &&
	       put_sig(der, len, p);
	EVP_MD_CTX_free(ctx);
	ERR_clear_error();
	return good;
}

/* Checks the signature at @sig of @msg by the key at @pub. */
static bool verify(const uint8_t *pub, const uint8_t *sig, const uint8_t *msg,
		   size_t msg_len)
{
	const struct sev_cert signer = {
		.key = {
			.algo = SEV_ALGO_ECDSA_SHA384,
			.bits = 8 * SEV_P384_LEN,
			.len = SEV_P384_LEN,
			.a = pub + 4,
			.b = pub + 4 + SEV_EC_INT_LEN,
		},
		.usage = SEV_USAGE_OCA,
	};
	const struct sev_cert target = {
		.raw = msg,
		.body_len = msg_len,
		.sigs[0] = {
			.usage = SEV_USAGE_OCA,
			.algo = SEV_ALGO_ECDSA_SHA384,
			.data = sig,
			.len = SEV_SIG_LEN,
		},
		.n_sigs = 1,
	};
	const char *why;

	return get_unaligned_le32(pub) == SEV_CURVE_P384 &&
	       !ccg_sev_check_sig(&signer, &target, &why);
}

void ccg_idblock_parse(const uint8_t *block, const uint8_t *auth,
		       struct ccg_idblock *b)
{
	memcpy(b->digest, block + IDB_DIGEST, sizeof(b->digest));
	memcpy(b->family, block + IDB_FAMILY, sizeof(b->family));
	memcpy(b->image, block + IDB_IMAGE, sizeof(b->image));
	b->svn = get_unaligned_le32(block + IDB_SVN);
	b->policy = get_unaligned_le64(block + IDB_POLICY);
	b->has_author = get_unaligned_le32(auth + IDA_AUTHOR_ALGO) ||
			!ccg_sev_is_zero(auth + IDA_AUTHOR_KEY, SEV_PUBKEY_LEN);
	EVP_Digest(auth + IDA_ID_KEY, SEV_PUBKEY_LEN, b->id_key_digest, NULL,
		   EVP_sha384(), NULL);
	memset(b->author_key_digest, 0, sizeof(b->author_key_digest));
	if (b->has_author)
		EVP_Digest(auth + IDA_AUTHOR_KEY, SEV_PUBKEY_LEN,
			   b->author_key_digest, NULL, EVP_sha384(), NULL);
}

/* Fields of the ID authentication that must be zero. */
static const struct {
	size_t at;
	size_t len;
} reserved[] = {
	{ 0x008, 56 },
	{ 0x644, 60 },
	{ 0xc84, 892 },
};

/* Bytes of a public key that hold neither curve, x nor y. */
static bool key_is_padded(const uint8_t *pub)
{
	const uint8_t *x = pub + 4, *y = x + SEV_EC_INT_LEN;
	size_t pad = SEV_EC_INT_LEN - SEV_P384_LEN;
	const uint8_t *end = y + SEV_EC_INT_LEN;

	return ccg_sev_is_zero(x + SEV_P384_LEN, pad) &&
	       ccg_sev_is_zero(y + SEV_P384_LEN, pad) &&
	       ccg_sev_is_zero(end, pub + SEV_PUBKEY_LEN - end);
}

const char *ccg_idblock_verify(const uint8_t *block, const uint8_t *auth)
{
	const uint8_t *author = auth + IDA_AUTHOR_KEY;

	if (get_unaligned_le32(block + IDB_VERSION) != 1)
		return "the version of the ID block is not 1";
	if (get_unaligned_le32(auth + IDA_ID_ALGO) != IDA_ALGO_P384)
		return "the algorithm of the ID key is not ECDSA P-384 with SHA-384";
	for (size_t i = 0; i < ARRAY_SIZE(reserved); i++)
		if (!ccg_sev_is_zero(auth + reserved[i].at, reserved[i].len))
			return "a reserved field of the ID authentication is not zero";
	/* Digests of keys cover all bytes: a key must have one digest only. */
	if (!key_is_padded(auth + IDA_ID_KEY) || !key_is_padded(author))
		return "the bytes of a public key behind its integers are not zero";
	if (!verify(auth + IDA_ID_KEY, auth + IDA_BLOCK_SIG, block,
		    CCG_IDBLOCK_LEN))
		return "the signature of the ID block is not correct";
	if (!get_unaligned_le32(auth + IDA_AUTHOR_ALGO))
		return ccg_sev_is_zero(author, SEV_PUBKEY_LEN) &&
		       ccg_sev_is_zero(auth + IDA_KEY_SIG, SEV_SIG_LEN) ? NULL :
		       "there is an author key without an algorithm";
	if (get_unaligned_le32(auth + IDA_AUTHOR_ALGO) != IDA_ALGO_P384)
		return "the algorithm of the author key is not ECDSA P-384 with SHA-384";
	if (!verify(author, auth + IDA_KEY_SIG, auth + IDA_ID_KEY,
		    SEV_PUBKEY_LEN))
		return "the signature of the ID key is not correct";
	return NULL;
}

static void fill_block(const struct ccg_idblock *b, uint8_t *block)
{
	memset(block, 0, CCG_IDBLOCK_LEN);
	memcpy(block + IDB_DIGEST, b->digest, sizeof(b->digest));
	memcpy(block + IDB_FAMILY, b->family, sizeof(b->family));
	memcpy(block + IDB_IMAGE, b->image, sizeof(b->image));
	put_unaligned_le32(1, block + IDB_VERSION);
	put_unaligned_le32(b->svn, block + IDB_SVN);
	put_unaligned_le32(b->policy, block + IDB_POLICY);
	put_unaligned_le32(b->policy >> 32, block + IDB_POLICY + 4);
}

static bool fill_auth(EVP_PKEY *id, EVP_PKEY *author, const uint8_t *block,
		      uint8_t *auth)
{
	memset(auth, 0, CCG_IDAUTH_LEN);
	put_unaligned_le32(IDA_ALGO_P384, auth + IDA_ID_ALGO);
	if (!put_key(id, auth + IDA_ID_KEY) ||
	    !sign(id, block, CCG_IDBLOCK_LEN, auth + IDA_BLOCK_SIG))
		return false;
	if (!author)
		return true;
	put_unaligned_le32(IDA_ALGO_P384, auth + IDA_AUTHOR_ALGO);
	return put_key(author, auth + IDA_AUTHOR_KEY) &&
	       sign(author, auth + IDA_ID_KEY, SEV_PUBKEY_LEN,
		    auth + IDA_KEY_SIG);
}

int ccg_idblock_make(struct ccg_ctx *ctx, const struct ccg_idblock *b,
		     const char *id_key, const char *author_key, uint8_t *block,
		     uint8_t *auth)
{
	EVP_PKEY *id = NULL, *author = NULL;
	int rc = load_key(ctx, id_key, &id);

	if (rc)
		return rc;
	if (author_key)
		rc = load_key(ctx, author_key, &author);
	if (rc)
		goto out;
	fill_block(b, block);
	/* A fault of the processor or of OpenSSL must not leave this process. */
	if (!fill_auth(id, author, block, auth) ||
	    ccg_idblock_verify(block, auth))
		rc = ccg_fail(ctx, -EIO, CCG_FAILED, id_key,
			      "the key made a signature that does not verify");
	EVP_PKEY_free(author);
out:
	EVP_PKEY_free(id);
	return rc;
}
