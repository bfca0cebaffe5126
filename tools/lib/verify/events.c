// SPDX-License-Identifier: GPL-2.0-only
/*
 * Decides how far each event of a log can be trusted, and what follows for the
 * log.
 */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <ccguest/log.h>
#include <ccguest/verify.h>

#include "core/ctx.h"
#include "log/hashed.h"
#include "verify/verify.h"

static bool vouches(const struct ccg_expected *e, const struct cc_log_event *ev)
{
	return e->index == ev->index && e->match == CCG_MATCHES;
}

static bool is_vouched_for(const struct job *j, const struct cc_log_event *ev,
			   const struct cc_digest *d)
{
	for (size_t i = 0; i < j->v->n_expected; i++)
		if (vouches(&j->v->expected[i], ev) &&
		    j->v->expected[i].alg == d->alg)
			return true;
	return false;
}

/*
 * Only digests of a bank whose register matches are proven. If several banks
 * match, the data must have the digests of all of them.
 */
static int trust_extended(const struct job *j, const struct cc_log_event *ev,
			  enum ccg_belief *trust)
{
	enum ccg_data_match m;
	bool any = false;
	int rc;

	*trust = CCG_VERIFIED;
	for (size_t i = 0; i < ev->n_digests; i++) {
		if (!is_vouched_for(j, ev, &ev->digests[i]))
			continue;
		any = true;
		rc = ccg_digest_compare(ev, &ev->digests[i], &m);
		if (rc)
			return ccg_fail_errno(j->ctx, rc, ccg_log_path(j->log));
		/* A digest of a part does not prove the rest. */
		if (m != CCG_DATA_MATCHES)
			*trust = CCG_CONSISTENT;
	}
	if (!any)
		*trust = CCG_CLAIMED;
	return 0;
}

static enum ccg_belief trust_realm(const struct job *j,
				   const struct cc_log_event *ev)
{
	const struct cc_range *r = &ev->realm.blob.range;

	switch (ev->realm.kind) {
	case CC_REALM_CREATE:
	case CC_REALM_BLOB:
		return CCG_VERIFIED;
	case CC_REALM_LOG:
		/* The RMM measures whole granules of the log's memory only. */
		return (r->base | r->size) % CC_GRANULE ? CCG_CLAIMED :
							  CCG_VERIFIED;
	case CC_REALM_RIPAS:
		return j->v->rmm_found == 1 ? CCG_VERIFIED : CCG_CLAIMED;
	case CC_REALM_REC:
		return ev->realm.rec.flags & CC_REC_RUNNABLE ? CCG_VERIFIED :
							       CCG_CLAIMED;
	default:
		return CCG_CLAIMED;
	}
}

static bool rim_matches(const struct job *j)
{
	for (size_t i = 0; i < j->v->n_expected; i++)
		if (!j->v->expected[i].index &&
		    j->v->expected[i].match == CCG_MATCHES)
			return true;
	return false;
}

static int trust_event(const struct job *j, const struct cc_log_event *ev,
		       enum ccg_belief *trust)
{
	*trust = CCG_CLAIMED;
	if (ev->type == CC_EV_NO_ACTION)
		return 0;
	if (!ccg_is_rim(j, ev->index))
		return trust_extended(j, ev, trust);
	if (rim_matches(j))
		*trust = trust_realm(j, ev);
	return 0;
}

/* The register of an event does not matter: the event contradicts itself. */
static int conclude_event(struct job *j, const struct cc_log_event *ev)
{
	struct ccg_verify *v = j->v;
	enum ccg_belief *trust = &v->trust[ev->nr - 1];
	enum ccg_data_match *m = &v->data[ev->nr - 1];
	int rc = trust_event(j, ev, trust);

	if (!rc)
		rc = ccg_log_data_match(j->log, ev, m);
	if (rc)
		return rc;
	if (*m == CCG_DATA_DIFFERS) {
		*trust = CCG_FORGED;
		if (!v->n_trust[CCG_FORGED])
			v->forged = ev->nr;
	}
	v->n_trust[*trust]++;
	return 0;
}

static bool is_extended(const struct ccg_verify *v)
{
	for (size_t i = 0; i < v->n_expected; i++)
		if (v->expected[i].match == CCG_MATCHES &&
		    v->expected[i].extended)
			return true;
	return false;
}

/* @v->culprit has the fault of the register with the worst result. */
static void decide(struct ccg_verify *v)
{
	static const enum ccg_verdict by_register[] = {
		[CCG_MATCHES] = CCG_VERDICT_ADDS_UP,
		[CCG_UNLOGGED] = CCG_VERDICT_UNLOGGED,
		[CCG_UNKNOWN_VALUE] = CCG_VERDICT_UNKNOWN,
		[CCG_UNEXPLAINED] = CCG_VERDICT_UNEXPLAINED,
		[CCG_DIFFERS] = CCG_VERDICT_DIFFERS,
	};

	v->verdict = by_register[v->worst];
	if (v->forged && v->worst != CCG_DIFFERS) {
		v->verdict = CCG_VERDICT_FORGED;
		snprintf(v->culprit, sizeof(v->culprit),
			 "event %zu: the digest is not that of the data",
			 v->forged);
	} else if (v->worst == CCG_MATCHES && !is_extended(v)) {
		v->verdict = CCG_VERDICT_NOTHING;
		snprintf(v->culprit, sizeof(v->culprit),
			 "no event extends one of the expected registers");
	}
	v->good = v->verdict == CCG_VERDICT_ADDS_UP;
}

/**
 * ccg_conclude - decide how far each event can be trusted, and the verdict
 * @j: the job, all registers compared
 *
 * Return: 0 or a negative errno.
 */
int ccg_conclude(struct job *j)
{
	struct cc_log_event ev;
	int rc = 0;

	ccg_log_rewind(j->log);
	while (!rc && ccg_log_next(j->log, &ev))
		rc = conclude_event(j, &ev);
	ccg_log_rewind(j->log);
	if (!rc)
		decide(j->v);
	return rc;
}

enum ccg_belief ccg_verify_tree(const struct ccg_verify *v,
				const struct ccg_tree *t)
{
	return t->measured ? v->trust[t->measured - 1] : CCG_CLAIMED;
}

__printf(2, 3)
static void blame_tree(struct ccg_verify *v, const char *fmt, ...)
{
	va_list ap;

	v->good = false;
	v->verdict = CCG_VERDICT_TREE;
	va_start(ap, fmt);
	vsnprintf(v->culprit, sizeof(v->culprit), fmt, ap);
	va_end(ap);
}

void ccg_verify_trees(struct ccg_verify *v, const struct ccg_trees *trees)
{
	const struct ccg_tree *t;

	for (size_t i = 0; v->good && (t = ccg_trees_at(trees, i)); i++) {
		if (ccg_verify_tree(v, t) != CCG_VERIFIED)
			blame_tree(v, "event %zu: " CCG_TREE_CLAIMED, t->event);
		else if (t->quirks & 1U << CCG_TREE_MORE)
			blame_tree(v, "more than %zu Device Trees: the others are not decoded",
				   i + 1);
	}
}

const char *ccg_verdict_text(enum ccg_verdict verdict)
{
	static const char *const verdicts[] = {
		[CCG_VERDICT_ADDS_UP] = "adds up",
		[CCG_VERDICT_TREE] = "the Device Tree is not verified",
		[CCG_VERDICT_NOTHING] = "proves nothing",
		[CCG_VERDICT_UNLOGGED] = "extended without a log entry",
		[CCG_VERDICT_UNKNOWN] = "cannot be worked out",
		[CCG_VERDICT_UNEXPLAINED] =
			"extended without a log entry, or does not add up",
		[CCG_VERDICT_FORGED] = "forged",
		[CCG_VERDICT_DIFFERS] = "does not add up",
	};

	return verdicts[verdict];
}
