// SPDX-License-Identifier: GPL-2.0-only
/*
 * ID block and ID authentication of SNP: what an owner signs before the launch.
 */
#include <errno.h>
#include <string.h>

#include <openssl/evp.h>

#include <ccguest/sev.h>

#include "core/ctx.h"
#include "core/text.h"
#include "env.h"
#include "sev/chain.h"
#include "sev/eckey.h"
#include "sev/idblock.h"
#include "sev/session.h"

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
			!ccg_is_zero(auth + IDA_AUTHOR_KEY, SEV_PUBKEY_LEN);
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

	return ccg_is_zero(x + SEV_P384_LEN, pad) &&
	       ccg_is_zero(y + SEV_P384_LEN, pad) &&
	       ccg_is_zero(end, pub + SEV_PUBKEY_LEN - end);
}

const char *ccg_idblock_verify(const uint8_t *block, const uint8_t *auth)
{
	const uint8_t *author = auth + IDA_AUTHOR_KEY;

	if (get_unaligned_le32(block + IDB_VERSION) != 1)
		return "the version of the ID block is not 1";
	if (get_unaligned_le32(auth + IDA_ID_ALGO) != IDA_ALGO_P384)
		return "the algorithm of the ID key is not ECDSA P-384 with SHA-384";
	for (size_t i = 0; i < ARRAY_SIZE(reserved); i++)
		if (!ccg_is_zero(auth + reserved[i].at, reserved[i].len))
			return "a reserved field of the ID authentication is not zero";
	/* Digests of keys cover all bytes: a key must have one digest only. */
	if (!key_is_padded(auth + IDA_ID_KEY) || !key_is_padded(author))
		return "the bytes of a public key behind its integers are not zero";
	if (!verify(auth + IDA_ID_KEY, auth + IDA_BLOCK_SIG, block,
		    CCG_IDBLOCK_LEN))
		return "the signature of the ID block is not correct";
	if (!get_unaligned_le32(auth + IDA_AUTHOR_ALGO))
		return ccg_is_zero(author, SEV_PUBKEY_LEN) &&
		       ccg_is_zero(auth + IDA_KEY_SIG, SEV_SIG_LEN) ? NULL :
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
	if (!ccg_sev_key_put(id, auth + IDA_ID_KEY) ||
	    !ccg_sev_key_sign(id, EVP_sha384(), block, CCG_IDBLOCK_LEN,
			      auth + IDA_BLOCK_SIG))
		return false;
	if (!author)
		return true;
	put_unaligned_le32(IDA_ALGO_P384, auth + IDA_AUTHOR_ALGO);
	return ccg_sev_key_put(author, auth + IDA_AUTHOR_KEY) &&
	       ccg_sev_key_sign(author, EVP_sha384(), auth + IDA_ID_KEY,
				SEV_PUBKEY_LEN, auth + IDA_KEY_SIG);
}

int ccg_idblock_make(struct ccg_ctx *ctx, const struct ccg_idblock *b,
		     const char *id_key, const char *author_key, uint8_t *block,
		     uint8_t *auth)
{
	EVP_PKEY *id = NULL, *author = NULL;
	int rc = ccg_sev_key_load(ctx, id_key, &id);

	if (rc)
		return rc;
	if (author_key)
		rc = ccg_sev_key_load(ctx, author_key, &author);
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
