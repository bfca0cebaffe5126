// SPDX-License-Identifier: GPL-2.0-only
/*
 * Fuzz target: the input is an attestation token of Arm CCA.
 *
 * Checks that each claim lies inside the copy of the token, and that the steps of the
 * verification that need no key of the platform end.
 */
#include <ccguest/file.h>

#include "../../tools/lib/cca/token.h"
#include "fuzz.h"

int ccg_file_load(struct ccg_ctx *ctx, const char *path, size_t max, uint8_t **bufp,
		  size_t *lenp)
{
	(void)ctx;
	(void)path;
	(void)max;
	(void)bufp;
	(void)lenp;
	return -ENOENT;
}

int ccg_token_reference(const struct token *j, const char *path)
{
	(void)j;
	(void)path;
	return 0;
}

static void inside(const struct token *j, size_t size, const struct ccg_bytes *b)
{
	if (!b->p)
		return;
	require(b->p >= j->buf && b->p <= j->buf + size);
	require(b->len <= (size_t)(j->buf + size - b->p));
}

static void check(const struct token *j, size_t size)
{
	static const u8 nonce[64];
	int rc;

	require(j->t.len == 32 || j->t.len == 48 || j->t.len == 64);
	require(j->t.n_components <= CCG_COMPONENTS_MAX);
	inside(j, size, &j->t.implementation);
	inside(j, size, &j->t.instance);
	inside(j, size, &j->t.rpv);
	inside(j, size, &j->t.challenge);
	rc = ccg_token_realm(j);
	require(!rc || rc == -EKEYREJECTED || rc == -ENOMEM);
	rc = ccg_token_binding(j);
	require(!rc || rc == -EKEYREJECTED);
	rc = ccg_token_challenge(j, nonce, sizeof(nonce));
	require(!rc || rc == -EKEYREJECTED);
}

int LLVMFuzzerTestOneInput(const u8 *data, size_t size)
{
	static struct ccg_ctx ctx;
	struct ccg_token *t;

	ctx.error = (struct ccg_error) {};
	if (ccg_token_parse(&ctx, "token", data, size, &t)) {
		require(*ctx.error.why);
		return 0;
	}
	check((struct token *)t, size);
	ccg_token_free(t);
	return 0;
}
