// SPDX-License-Identifier: GPL-2.0-only
/*
 * Verification of tokens of Arm CCA: the checks, from the platform's key to the
 * challenge.
 */
#include <errno.h>
#include <string.h>

#include <openssl/evp.h>

#include "cca/token.h"
#include "report/report.h"

/**
 * struct cca_job - a token that is being verified
 * @j: the token
 * @want: what it is verified against
 * @v: the checks
 */
struct cca_job {
	const struct token *j;
	const struct ccg_report_want *want;
	struct ccg_report_verdict *v;
};

/* Turns the result of a step into a check; returns 0 or a negative errno. */
static int add(struct cca_job *c, const char *name, int rc, const char *good)
{
	if (rc && rc != -EKEYREJECTED)
		return rc;
	return ccg_check_add(c->v, name, rc ? CCG_CHECK_FAILED : CCG_CHECK_OK, "%s",
			     rc ? ccg_error(c->j->ctx)->why : good);
}

static int check_platform(struct cca_job *c)
{
	EVP_PKEY *key;
	int rc;

	if (!c->want->key) {
		rc = ccg_check_add(c->v, "platform_signature", CCG_CHECK_FAILED,
				   "there is no key: nothing proves who signed the token");
		return rc ? rc :
		       ccg_check_hint(c->v, "give the public key of the platform: --key FILE");
	}
	key = ccg_token_key(c->j, c->want->key);
	if (!key)
		return ccg_error(c->j->ctx)->code;
	rc = ccg_token_platform(c->j, key);
	EVP_PKEY_free(key);
	return add(c, "platform_signature", rc,
		   "the given key signed the platform's token");
}

static int check_realm(struct cca_job *c)
{
	return add(c, "realm_signature", ccg_token_realm(c->j),
		   "the realm's key signed the realm's token");
}

static int check_binding(struct cca_job *c)
{
	return add(c, "binding", ccg_token_binding(c->j),
		   "the platform's token has the hash of the realm's key");
}

/* Some tokens claim an algorithm that did not make the measurements. */
static int check_hash(struct cca_job *c)
{
	if (c->j->t.hash_differs)
		return ccg_check_add(c->v, "hash_algorithm", CCG_CHECK_SKIPPED,
				     "the measurements have %zu bytes, another length than that of the hash algorithm",
				     c->j->t.len);
	return ccg_check_add(c->v, "hash_algorithm", CCG_CHECK_OK,
			     "the measurements have the length of the hash algorithm");
}

/* The challenge has 64 bytes; some software makes a shorter one. */
static int check_challenge(struct cca_job *c)
{
	const struct ccg_bytes *b = &c->j->t.challenge;
	uint8_t data[64] = { 0 };

	if (!b->p)
		return ccg_check_add(c->v, "freshness", CCG_CHECK_FAILED,
				     "the realm's token has no challenge");
	if (b->len > sizeof(data))
		return ccg_check_add(c->v, "freshness", CCG_CHECK_FAILED,
				     "the challenge has %zu bytes, more than 64", b->len);
	memcpy(data, b->p, b->len);
	return ccg_check_nonce(c->v, data, c->want);
}

/**
 * ccg_cca_verify - make the checks of a token before those of a policy
 * @r: the report
 * @want: what it is verified against
 * @v: the checks are added
 *
 * Return: 0 or a negative errno.
 */
int ccg_cca_verify(struct ccg_report *r, const struct ccg_report_want *want,
		   struct ccg_report_verdict *v)
{
	static int (*const checks[])(struct cca_job *) = {
		check_platform, check_realm, check_binding, check_hash,
		check_challenge,
	};
	struct cca_job c = {
		.j = (const struct token *)r->token,
		.want = want,
		.v = v,
	};

	for (size_t i = 0; i < ARRAY_SIZE(checks); i++) {
		int rc = checks[i](&c);

		if (rc)
			return rc;
	}
	return 0;
}
