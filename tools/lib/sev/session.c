// SPDX-License-Identifier: GPL-2.0-only
/*
 * Opening a session with a platform: keys TEK and TIK that only the platform's
 * firmware can unwrap.
 *
 * SEV API (55766), 2.2.2 and LAUNCH_START.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <ccguest/file.h>
#include <ccguest/sev.h>
#include <ccguest/text.h>

#include "core/ctx.h"
#include "env.h"
#include "sev/chain.h"
#include "sev/session.h"
#include "sev/used.h"

/* Offsets in the session. */
#define SESSION_NONCE		0
#define SESSION_WRAP_TK		16
#define SESSION_WRAP_IV		48
#define SESSION_WRAP_MAC	64
#define SESSION_POLICY_MAC	96
#define WRAP_LEN		(2 * SEV_KEY_LEN)

/* The owner's certificate: a public key without signatures. */
static void make_godh(const uint8_t *x, const uint8_t *y, uint8_t *godh)
{
	memset(godh, 0, SEV_CERT_LEN);
	put_unaligned_le32(1, godh);
	put_unaligned_le32(SEV_USAGE_PDH, godh + 0x08);
	put_unaligned_le32(SEV_ALGO_ECDH_SHA256, godh + 0x0c);
	put_unaligned_le32(SEV_CURVE_P384, godh + 0x10);
	ccg_sev_reverse(godh + 0x14, x, SEV_P384_LEN);
	ccg_sev_reverse(godh + 0x14 + SEV_EC_INT_LEN, y, SEV_P384_LEN);
	put_unaligned_le32(SEV_USAGE_NONE, godh + SEV_CERT_BODY_LEN);
	put_unaligned_le32(SEV_USAGE_NONE,
			   godh + SEV_CERT_BODY_LEN + 8 + SEV_SIG_LEN);
}

static bool derive_keys(struct sev_session_keys *k)
{
	return ccg_sev_kdf(k->z, sizeof(k->z), "sev-master-secret",
			   k->fresh.nonce, sizeof(k->fresh.nonce), k->master) &&
	       ccg_sev_kdf(k->master, sizeof(k->master), "sev-kek", NULL, 0,
			   k->kek) &&
	       ccg_sev_kdf(k->master, sizeof(k->master), "sev-kik", NULL, 0,
			   k->kik);
}

static bool wrap(const struct sev_session_keys *k, uint32_t policy,
		 uint8_t *session)
{
	const struct sev_part wrapped = { session + SESSION_WRAP_TK, WRAP_LEN };
	uint8_t policy_le[4];
	const struct sev_part policy_part = { policy_le, sizeof(policy_le) };

	put_unaligned_le32(policy, policy_le);
	memcpy(session + SESSION_NONCE, k->fresh.nonce, SEV_KEY_LEN);
	memcpy(session + SESSION_WRAP_IV, k->fresh.iv, SEV_KEY_LEN);
	/* TEK and TIK follow each other in struct sev_fresh. */
	return ccg_sev_ctr(k->kek, k->fresh.iv, k->fresh.tek, WRAP_LEN,
			   session + SESSION_WRAP_TK) &&
	       ccg_sev_hmac(k->kik, SEV_KEY_LEN, &wrapped, 1,
			    session + SESSION_WRAP_MAC) &&
	       ccg_sev_hmac(k->fresh.tik, SEV_KEY_LEN, &policy_part, 1,
			    session + SESSION_POLICY_MAC);
}

/**
 * ccg_sev_session_derive - compute a session from random values
 * @pdh: key of the platform
 * @policy: policy of the guest
 * @keys: @keys->fresh has the random values; the other members are set
 * @godh: set to the owner's certificate, SEV_CERT_LEN bytes
 * @session: set to the session, SEV_SESSION_LEN bytes
 *
 * Return: 0; -EKEYREJECTED if @pdh is not a point of P-384; or -ENOMEM.
 */
int ccg_sev_session_derive(const struct sev_key *pdh, uint32_t policy,
			   struct sev_session_keys *keys, uint8_t *godh,
			   uint8_t *session)
{
	uint8_t x[SEV_P384_LEN], y[SEV_P384_LEN];
	int rc;

	_Static_assert(offsetof(struct sev_fresh, tik) ==
		       offsetof(struct sev_fresh, tek) + SEV_KEY_LEN,
		       "TEK and TIK are wrapped together");
	if (!ccg_sev_algo_is_ec(pdh->algo) || pdh->len != SEV_P384_LEN)
		return -EKEYREJECTED;
	rc = ccg_sev_ecdh(pdh, keys->fresh.scalar, keys->z, x, y);
	if (rc)
		return rc;
	make_godh(x, y, godh);
	return derive_keys(keys) && wrap(keys, policy, session) ? 0 : -ENOMEM;
}

/**
 * struct ccg_sev_session - a session
 * @ctx: the context
 * @keys: its secrets
 * @godh: certificate of the owner
 * @session: the wrapped keys
 */
struct ccg_sev_session {
	struct ccg_ctx *ctx;
	struct sev_session_keys *keys;
	uint8_t godh[SEV_CERT_LEN];
	uint8_t session[SEV_SESSION_LEN];
};

static int make_fresh(struct sev_fresh *fresh)
{
	int rc;

	do {
		rc = ccg_sev_random(fresh, sizeof(*fresh));
	} while (!rc && !ccg_sev_scalar_valid(fresh->scalar));
	return rc;
}

int ccg_sev_session_new(struct ccg_sev_chain *c, uint32_t policy,
			struct ccg_sev_session **sp)
{
	struct ccg_sev_session *s = calloc(1, sizeof(*s));
	int rc = -ENOMEM;

	if (!s)
		return ccg_fail_errno(c->ctx, rc, c->path);
	s->ctx = c->ctx;
	s->keys = (void *)ccg_secret_alloc(c->ctx, sizeof(*s->keys));
	if (s->keys)
		rc = make_fresh(&s->keys->fresh);
	if (!rc)
		rc = ccg_sev_session_derive(&c->certs[CCG_SEV_PDH].key, policy,
					    s->keys, s->godh, s->session);
	if (!rc) {
		*sp = s;
		return 0;
	}
	if (rc == -EKEYREJECTED)
		ccg_fail(c->ctx, rc, CCG_UNVERIFIED, c->path,
			 "the key of the PDH is not a point of P-384");
	else
		ccg_fail_errno(c->ctx, rc, c->path);
	ccg_sev_session_free(s);
	return rc;
}

void ccg_sev_session_free(struct ccg_sev_session *s)
{
	if (!s)
		return;
	ccg_secret_free(s->keys);
	free(s);
}

int ccg_sev_session_save(struct ccg_sev_session *s,
			 const struct ccg_sev_session_paths *paths)
{
	char godh[CCG_BASE64_TEXT(SEV_CERT_LEN)];
	char session[CCG_BASE64_TEXT(SEV_SESSION_LEN)];
	const struct ccg_new_file files[] = {
		{ paths->godh, (uint8_t *)godh, sizeof(godh) - 1 },
		{ paths->session, (uint8_t *)session, sizeof(session) - 1 },
		{ paths->tik, s->keys->fresh.tik, SEV_KEY_LEN },
		{ paths->tek, s->keys->fresh.tek, SEV_KEY_LEN },
	};
	int rc = ccg_sev_key_unmarked(s->ctx, paths->tik);

	if (!rc)
		rc = ccg_sev_key_unmarked(s->ctx, paths->tek);
	if (rc)
		return rc;
	ccg_base64(s->godh, SEV_CERT_LEN, godh);
	ccg_base64(s->session, SEV_SESSION_LEN, session);
	return ccg_files_create(s->ctx, files, ARRAY_SIZE(files));
}
