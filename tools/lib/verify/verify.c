// SPDX-License-Identifier: GPL-2.0-only
/*
 * Verifies a log against the registers that the hardware signs.
 *
 * The log alone is not trusted. The initial measurement of a realm is computed
 * from the log and from known-good images. The other registers are computed
 * from the digests of the log. If a register differs, fault.c searches for the
 * reason.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <ccguest/cca.h>
#include <ccguest/ctx.h>
#include <ccguest/log.h>
#include <ccguest/verify.h>

#include "cca/hash.h"
#include "core/ctx.h"
#include "log/digest.h"
#include "verify/verify.h"

static int verify_rim(struct job *j, struct ccg_expected *e)
{
	struct guess g = {};
	struct cc_rim rim;
	bool fits;
	int rc;

	e->match = CCG_UNKNOWN_VALUE;
	if (!j->summary->realm.created) {
		ccg_blame(j, e, "the log has no REALM_CREATE: the RIM cannot be worked out");
		return 0;
	}
	if (e->len != cc_rim_hash_len(j->h.algo)) {
		e->match = CCG_DIFFERS;
		ccg_blame(j, e, "REALM_CREATE: the hash has %zu bytes, the RIM has %zu",
			  cc_rim_hash_len(j->h.algo), e->len);
		return 0;
	}
	rc = ccg_find_images(j, e);
	if (rc)
		return rc == -ENOENT ? 0 : rc;
	j->blocks_min = 0;
	j->undecided = false;
	ccg_rim_work(j, "the calculation of the RIM", BUDGET_LOG);
	fits = ccg_rim_fits(j, &g, e);
	ccg_rim_work_done(j);
	if (fits && !j->rc) {
		ccg_keep_steps(j);
		j->v->rmm_found = g.rmm == CC_RMM_1_0 ? 1 : 2;
		j->v->blocks_found = g.blocks;
		memcpy(e->computed, e->value, e->len);
		e->match = CCG_MATCHES;
		e->extended = true;
		return 0;
	}
	if (j->rc)
		return 0;
	g.rmm = j->v->rmm == 2 ? CC_RMM_2_0 : CC_RMM_1_0;
	g.blocks = j->v->blocks ? j->v->blocks : CC_RIM_BLOCKS_ALL;
	ccg_rim_work(j, "the calculation of the RIM", BUDGET_TRY);
	rc = ccg_rim_rebuild(j, &g, &rim);
	ccg_rim_work_done(j);
	if (rc == -ENOENT) {
		ccg_not_known(j, e, &j->lost);
		return 0;
	}
	if (rc == -E2BIG) {
		ccg_blame(j, e, "the log declares more memory than can be worked out");
		return 0;
	}
	if (rc)
		return ccg_fail_errno(j->ctx, rc, ccg_log_path(j->log));
	memcpy(e->computed, rim.value, e->len);
	e->match = CCG_DIFFERS;
	ccg_rim_fault(j, e);
	return 0;
}

/* The other registers ------------------------------------------------------ */

/* Computes a REM with padded values. */
static int replay_padded(struct job *j, struct ccg_expected *e)
{
	struct cc_rim rim = {
		.ops = &ccg_hash_ops, .ctx = &j->h, .algo = j->h.algo,
	};
	const struct cc_digest *d;
	struct cc_log_event ev;
	int rc = 0;

	memset(e->computed, 0, sizeof(e->computed));
	ccg_log_rewind(j->log);
	while (!rc && ccg_log_next(j->log, &ev)) {
		d = ev.index == e->index && ev.type != CC_EV_NO_ACTION ?
		    ccg_job_digest(j, &ev) : NULL;
		if (d)
			rc = cc_rem_extend(&rim, CC_REM_PADDED, e->computed,
					   d->data, d->len);
	}
	return rc;
}

/* Returns an event of the register that has no digest for it, or 0. */
static size_t not_extending(struct job *j, const struct ccg_expected *e)
{
	struct cc_log_event ev;

	ccg_log_rewind(j->log);
	while (ccg_log_next(j->log, &ev)) {
		bool has = ev.index != e->index || ev.type == CC_EV_NO_ACTION;

		for (size_t i = 0; i < ev.n_digests; i++)
			has |= ev.digests[i].alg == e->alg;
		if (!has)
			return ev.nr;
	}
	return 0;
}

static void compare(struct job *j, struct ccg_expected *e, bool logged)
{
	size_t nr = not_extending(j, e);
	char name[16];

	ccg_log_register_name(j->summary, e->index, name, sizeof(name));
	if (nr) {
		e->match = CCG_DIFFERS;
		ccg_blame(j, e, "event %zu: has no digest for %s", nr, name);
		return;
	}
	if (!memcmp(e->computed, e->value, e->len)) {
		e->match = CCG_MATCHES;
		return;
	}
	e->match = logged ? CCG_DIFFERS : CCG_UNLOGGED;
	if (logged) {
		ccg_register_fault(j, e);
		return;
	}
	ccg_blame(j, e, "%s: extended at run time without a log entry", name);
}

static int verify_register(struct job *j, struct ccg_expected *e,
			   const struct ccg_register *regs, size_t n)
{
	bool logged = false;
	int rc;

	for (size_t i = 0; i < n; i++)
		if (regs[i].index == e->index && regs[i].alg == e->alg) {
			logged = true;
			memcpy(e->computed, regs[i].value, e->len);
		}
	if (logged && j->v->padded && j->summary->is_realm) {
		rc = replay_padded(j, e);
		if (rc)
			return ccg_fail_errno(j->ctx, rc, ccg_log_path(j->log));
	}
	e->extended = logged;
	if (!logged)
		ccg_register_reset(j->summary, e->index, e->computed, e->len);
	compare(j, e, logged);
	return 0;
}

static int verify_registers(struct job *j)
{
	struct ccg_register *regs;
	size_t n;
	int rc = ccg_log_replay(j->log, &regs, &n);

	if (rc)
		return rc;
	for (size_t i = 0; !rc && !j->rc && i < j->v->n_expected; i++) {
		struct ccg_expected *e = &j->v->expected[i];

		if (ccg_is_rim(j, e->index))
			rc = verify_rim(j, e);
		else
			rc = verify_register(j, e, regs, n);
	}
	free(regs);
	return j->rc ? ccg_fail_errno(j->ctx, j->rc, ccg_log_path(j->log)) : rc;
}

static uint8_t algo_of(const struct cc_log *log)
{
	if (log->realm.created)
		return log->realm.params.hash_algo;
	if (cc_log_has_alg(log, CC_ALG_SHA512))
		return CC_REALM_SHA512;
	return cc_log_has_alg(log, CC_ALG_SHA384) ? CC_REALM_SHA384 :
						    CC_REALM_SHA256;
}

int ccg_verify_log(struct ccg_ctx *ctx, struct ccg_log *log,
		   struct ccg_verify *v)
{
	struct job *j = calloc(1, sizeof(*j));
	int rc;

	if (!j)
		return ccg_fail_errno(ctx, -ENOMEM, ccg_log_path(log));
	j->ctx = ctx;
	j->log = log;
	j->summary = ccg_log_summary(log);
	j->v = v;
	v->n_events = j->summary->nr - 1;
	v->trust = calloc(v->n_events + 1, sizeof(*v->trust));
	v->data = calloc(v->n_events + 1, sizeof(*v->data));
	if (!v->trust || !v->data || !ccg_hasher_init(&j->h, algo_of(j->summary))) {
		rc = ccg_fail_errno(ctx, -ENOMEM, ccg_log_path(log));
	} else {
		rc = verify_registers(j);
		if (!rc)
			rc = ccg_conclude(j);
	}
	ccg_forget_images(j);
	ccg_hasher_free(&j->h);
	free(j);
	return rc;
}

void ccg_verify_free(struct ccg_verify *v)
{
	free(v->trust);
	free(v->data);
	v->trust = NULL;
	v->data = NULL;
}
