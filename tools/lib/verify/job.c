// SPDX-License-Identifier: GPL-2.0-only
/* A log that is being verified: functions for all files of this room. */
#include <stdarg.h>
#include <stdio.h>

#include <ccguest/verify.h>

#include "verify/verify.h"

/**
 * ccg_is_worst - test whether a register is worse than all before
 * @j: the job
 * @e: the register, with its result
 *
 * Only such a register is worth a search: ccg_blame() ignores the others.
 *
 * Return: true if the register is worse.
 */
bool ccg_is_worst(const struct job *j, const struct ccg_expected *e)
{
	return e->match > j->v->worst;
}

/**
 * ccg_blame - report the fault of a register
 * @j: the job
 * @e: the register, with its result
 * @fmt: the fault, with the arguments that follow
 *
 * The result keeps the fault of the first register with the worst result.
 */
void ccg_blame(struct job *j, struct ccg_expected *e, const char *fmt, ...)
{
	va_list ap;

	if (!ccg_is_worst(j, e))
		return;
	j->v->worst = e->match;
	va_start(ap, fmt);
	vsnprintf(j->v->culprit, sizeof(j->v->culprit), fmt, ap);
	va_end(ap);
}

/**
 * ccg_job_digest - get the digest that belongs to a realm's hash algorithm
 * @j: the job
 * @ev: the event
 *
 * Return: the digest, NULL if the event has none.
 */
const struct cc_digest *ccg_job_digest(const struct job *j,
				       const struct cc_log_event *ev)
{
	const uint16_t alg = j->h.algo == CC_REALM_SHA256 ? CC_ALG_SHA256 :
			     j->h.algo == CC_REALM_SHA384 ? CC_ALG_SHA384 :
							    CC_ALG_SHA512;

	for (size_t i = 0; i < ev->n_digests; i++)
		if (ev->digests[i].alg == alg &&
		    ev->digests[i].len == cc_rim_hash_len(j->h.algo))
			return &ev->digests[i];
	return NULL;
}

/**
 * ccg_is_rim - test whether a register is the initial measurement of a realm
 * @j: the job
 * @index: number of the register
 *
 * A RIM is not the result of extensions.
 *
 * Return: true if the register is a RIM.
 */
bool ccg_is_rim(const struct job *j, uint32_t index)
{
	return !index && (j->v->realm || j->summary->is_realm);
}
