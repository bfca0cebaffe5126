// SPDX-License-Identifier: GPL-2.0-only
/*
 * Attestation tokens of Arm CCA: a COSE_Sign1 message of the platform, a
 * COSE_Sign1 message of the realm, and the hash that binds the realm's key to
 * the platform. RMM specification (DEN0137), "Attestation token"; RFC 9052;
 * draft-ffm-rats-cca-token.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <openssl/evp.h>

#include <ccguest/cca.h>
#include <ccguest/ctx.h>
#include <ccguest/file.h>

#include "cca/cbor.h"
#include "cca/token.h"
#include "core/ctx.h"
#include "x509/ecdsa.h"

#define TOKEN_MAX	0x10000

#define TAG_CCA		399
#define TAG_SIGN1	18
#define KEY_PLATFORM	44234
#define KEY_REALM	44241

#define COSE_ALG	1

/* Messages ----------------------------------------------------------------- */

static const struct curve *find_curve(struct cbor protected)
{
	struct cbor_map map;
	struct cbor_item alg;
	struct cbor value;

	if (!ccg_cbor_map(&protected, &map) || !ccg_cbor_end(&protected) ||
	    !ccg_cbor_find(&map, COSE_ALG, &value) || !ccg_cbor_next(&value, &alg) ||
	    alg.major != CBOR_NEGATIVE)
		return NULL;
	return ccg_token_curve(alg.val);
}

/* COSE_Sign1; RFC 9052, 4.2. */
static bool take_message(const struct cbor_map *token, s64 key,
			 struct message *m)
{
	struct cbor_map unprotected;
	struct cbor c, claims;

	if (!ccg_cbor_find(token, key, &c) ||
	    !ccg_cbor_string(&c, CBOR_BYTES, &c) ||
	    !ccg_cbor_is(&c, CBOR_TAG, TAG_SIGN1) || !ccg_cbor_is(&c, CBOR_ARRAY, 4) ||
	    !ccg_cbor_string(&c, CBOR_BYTES, &m->protected) ||
	    !ccg_cbor_map(&c, &unprotected) ||
	    !ccg_cbor_string(&c, CBOR_BYTES, &m->payload) ||
	    !ccg_cbor_string(&c, CBOR_BYTES, &m->signature) || !ccg_cbor_end(&c))
		return false;
	m->curve = find_curve(m->protected);
	claims = m->payload;
	return m->curve && ccg_cbor_map(&claims, &m->claims) &&
	       ccg_cbor_end(&claims);
}

static bool take_token(struct token *j, const u8 *buf, size_t len)
{
	struct cbor c = { buf, len, &j->fault };
	struct cbor_map map;

	if (!ccg_cbor_is(&c, CBOR_TAG, TAG_CCA))
		return false;
	j->fault.field = "the collection";
	if (!ccg_cbor_map(&c, &map) || !ccg_cbor_end(&c) || map.n != 2)
		return false;
	j->fault.field = "the platform's token";
	if (!take_message(&map, KEY_PLATFORM, &j->platform))
		return false;
	j->fault.field = "the realm's token";
	return take_message(&map, KEY_REALM, &j->realm);
}

static int refuse_token(const struct token *j, const u8 *buf)
{
	const struct cbor_fault *f = &j->fault;

	if (!f->field)
		return ccg_fail(j->ctx, -EKEYREJECTED, CCG_UNVERIFIED, j->path,
				"not a CCA token: expected tag %d at offset 0",
				TAG_CCA);
	if (!f->what)
		return ccg_fail(j->ctx, -EKEYREJECTED, CCG_UNVERIFIED, j->path,
				"not a CCA token: %s does not have the expected form",
				f->field);
	return ccg_fail(j->ctx, -EKEYREJECTED, CCG_UNVERIFIED, j->path,
			"not a CCA token: %s: the item at offset %td %s",
			f->field, f->at - buf, f->what);
}

/* Head of a byte string in its shortest form; @len is TOKEN_MAX at most. */
static size_t put_bytes_head(u8 *p, size_t len)
{
	size_t n = len < 24 ? 0 : len <= 0xff ? 1 : len <= 0xffff ? 2 : 4;

	p[0] = CBOR_BYTES << 5 | (n ? 24 + n / 2 : len);
	for (size_t i = 0; i < n; i++)
		p[1 + i] = len >> 8 * (n - 1 - i);
	return 1 + n;
}

/* Sig_structure; RFC 9052, 4.4. Free the result with free(). */
static u8 *to_be_signed(const struct message *m, size_t *lenp)
{
	static const u8 head[] = "\x84\x6aSignature1";
	u8 *buf = malloc(sizeof(head) + 16 + m->protected.left + m->payload.left);
	u8 *p = buf;

	if (!buf)
		return NULL;
	p = mempcpy(p, head, sizeof(head) - 1);
	p += put_bytes_head(p, m->protected.left);
	p = mempcpy(p, m->protected.p, m->protected.left);
	p += put_bytes_head(p, 0);
	p += put_bytes_head(p, m->payload.left);
	p = mempcpy(p, m->payload.p, m->payload.left);
	*lenp = p - buf;
	return buf;
}

static bool is_of_curve(const struct message *m, EVP_PKEY *key)
{
	char group[32];

	return m->signature.left == 2 * m->curve->len &&
	       EVP_PKEY_get_group_name(key, group, sizeof(group), NULL) == 1 &&
	       !strcmp(group, m->curve->group);
}

/* Returns 0, -EKEYREJECTED, or -ENOMEM, which is not a verdict. */
static int verify(const struct message *m, EVP_PKEY *key)
{
	size_t len = 0;
	int rc = -ENOMEM;
	u8 *tbs;

	if (!is_of_curve(m, key))
		return -EKEYREJECTED;
	tbs = to_be_signed(m, &len);
	if (tbs)
		rc = ccg_ecdsa_verify(key, m->curve->md, m->signature.p,
				      m->signature.left, tbs, len);
	free(tbs);
	return rc;
}

static int check_signature(const struct token *j, const struct message *m,
			   EVP_PKEY *key, const char *why)
{
	int rc = verify(m, key);

	if (rc == -EKEYREJECTED)
		return ccg_refuse(j, "%s", why);
	return rc ? ccg_fail_errno(j->ctx, rc, j->path) : 0;
}

/* Checks ------------------------------------------------------------------- */

/**
 * ccg_token_platform - verify the platform's signature
 * @j: the token
 * @key: the platform's key
 *
 * Return: 0, -EKEYREJECTED or -ENOMEM.
 */
int ccg_token_platform(const struct token *j, EVP_PKEY *key)
{
	return check_signature(j, &j->platform, key,
			       "the platform's signature does not verify");
}

/**
 * ccg_token_realm - verify the realm's signature
 * @j: the token
 *
 * The key is in the realm's message: ccg_token_binding() tells whether the platform
 * vouches for it.
 *
 * Return: 0, -EKEYREJECTED or -ENOMEM.
 */
int ccg_token_realm(const struct token *j)
{
	struct cbor raw;
	EVP_PKEY *key;
	int rc;

	if (!ccg_claim_bytes(&j->realm, CLAIM_RAK, &raw))
		return ccg_refuse(j, "the realm's token has no key");
	key = ccg_token_rak(&raw);
	if (!key)
		return ccg_refuse(j, "the realm's key is not a valid key");
	rc = check_signature(j, &j->realm, key,
			     "the realm's signature does not verify");
	EVP_PKEY_free(key);
	return rc;
}

/**
 * ccg_token_binding - compare the realm's key with the hash in the platform's token
 * @j: the token
 *
 * Return: 0 or -EKEYREJECTED.
 */
int ccg_token_binding(const struct token *j)
{
	unsigned int len = 0;
	u8 digest[EVP_MAX_MD_SIZE];
	struct cbor nonce, key;
	const char *md;
	uint16_t alg;

	if (ccg_claim_bytes(&j->realm, CLAIM_RAK, &key) &&
	    ccg_claim_bytes(&j->platform, CLAIM_NONCE, &nonce) &&
	    ccg_claim_hash(&j->realm, CLAIM_RAK_HASH, &md, &alg) &&
	    EVP_Digest(key.p, key.left, digest, &len, EVP_get_digestbyname(md),
		       NULL) == 1 &&
	    nonce.left == len && !memcmp(nonce.p, digest, len))
		return 0;
	return ccg_refuse(j,
			  "the platform's token does not have the hash of the realm's key");
}

/**
 * ccg_token_challenge - compare the challenge with the nonce
 * @j: the token
 * @nonce: the nonce; NULL accepts every challenge
 * @len: length of @nonce in bytes
 *
 * Return: 0 or -EKEYREJECTED.
 */
int ccg_token_challenge(const struct token *j, const uint8_t *nonce, size_t len)
{
	struct cbor challenge;

	if (!ccg_claim_bytes(&j->realm, CLAIM_NONCE, &challenge))
		return ccg_refuse(j, "the realm's token has no challenge");
	if (!nonce)
		return 0;
	/* RSI_ATTESTATION_TOKEN_INIT: 64 bytes, padded with zeros. */
	for (size_t i = 0; i < challenge.left; i++)
		if (challenge.p[i] != (i < len ? nonce[i] : 0))
			return ccg_refuse(j, "the challenge is not the expected nonce");
	return len > challenge.left ? ccg_refuse(j, "the challenge is not the expected nonce") : 0;
}

int ccg_token_verify(struct ccg_token *t, const struct ccg_token_want *want)
{
	struct token *j = (struct token *)t;
	EVP_PKEY *key = ccg_token_key(j, want->key);
	int rc;

	if (!key)
		return ccg_error(j->ctx)->code;
	rc = ccg_token_platform(j, key);
	EVP_PKEY_free(key);
	if (!rc)
		rc = ccg_token_realm(j);
	if (!rc)
		rc = ccg_token_binding(j);
	if (!rc)
		rc = ccg_token_challenge(j, want->nonce, want->nonce_len);
	if (!rc)
		rc = ccg_token_lifecycle(j, want->lifecycle);
	if (!rc && want->reference)
		rc = ccg_token_reference(j, want->reference);
	return rc;
}

/* Takes ownership of @buf, also on failure. */
static int make_token(struct ccg_ctx *ctx, const char *path, uint8_t *buf, size_t len,
		      struct ccg_token **tp)
{
	struct token *j = calloc(1, sizeof(*j));
	int rc;

	if (!j) {
		free(buf);
		return ccg_fail_errno(ctx, -ENOMEM, path);
	}
	j->ctx = ctx;
	j->buf = buf;
	j->path = strdup(path);
	if (!j->path)
		rc = ccg_fail_errno(ctx, -ENOMEM, path);
	else
		rc = take_token(j, buf, len) ? ccg_token_claims(j) : refuse_token(j, buf);
	if (rc)
		ccg_token_free(&j->t);
	else
		*tp = &j->t;
	return rc;
}

int ccg_token_load(struct ccg_ctx *ctx, const char *path, struct ccg_token **tp)
{
	uint8_t *buf;
	size_t len;
	int rc = ccg_file_load(ctx, path, TOKEN_MAX, &buf, &len);

	return rc ? rc : make_token(ctx, path, buf, len, tp);
}

int ccg_token_parse(struct ccg_ctx *ctx, const char *what, const uint8_t *buf, size_t len,
		    struct ccg_token **tp)
{
	uint8_t *copy;

	if (len > TOKEN_MAX)
		return ccg_fail(ctx, -EFBIG, CCG_FAILED, what, "has more than %d bytes",
				TOKEN_MAX);
	copy = malloc(len ? len : 1);
	if (!copy)
		return ccg_fail_errno(ctx, -ENOMEM, what);
	memcpy(copy, buf, len);
	return make_token(ctx, what, copy, len, tp);
}

void ccg_token_free(struct ccg_token *t)
{
	struct token *j = (struct token *)t;

	if (!j)
		return;
	free(j->path);
	free(j->buf);
	free(j);
}
