// SPDX-License-Identifier: GPL-2.0-only
/*
 * Decides how far each event of a log can be trusted.
 */
#include <string.h>

#include <ccguest/log.h>
#include <ccguest/verify.h>

#include "log/digest.h"
#include "log/efi.h"
#include "verify/verify.h"

static bool hashes_to(const struct cc_digest *d, const uint8_t *p, size_t len)
{
	uint8_t digest[EVP_MAX_MD_SIZE];
	const EVP_MD *md = ccg_log_md(d->alg);

	return md && EVP_Digest(p, len, digest, NULL, md, NULL) == 1 &&
	       !memcmp(digest, d->data, d->len);
}

/**
 * ccg_hashed_spans - get the byte ranges that an event's digest may cover
 * @ev: the event
 * @spans: set to the ranges: all data; the data without a NUL at the end; the
 *	   contents of a boot variable without its name; the data after GRUB's
 *	   "grub_cmd: "
 *
 * Return: number of ranges, VERIFY_SPANS_MAX at most.
 */
size_t ccg_hashed_spans(const struct cc_log_event *ev, struct span *spans)
{
	struct efi_var var = {};
	const uint8_t *colon;
	size_t n = 0, len = ev->size;

	spans[n++] = (struct span) { ev->data, len, true };
	/* PFP 1.06, 3.3.4.8: digests of other variables cover all data. */
	if (ev->type == EV_EFI_VARIABLE_BOOT && ccg_efi_var_parse(ev, &var))
		spans[n++] = (struct span) { var.data, var.len, false };
	if (!len || ev->data[len - 1])
		return n;
	len--;
	spans[n++] = (struct span) { ev->data, len, true };
	colon = memmem(ev->data, len, ": ", 2);
	if (colon)
		spans[n++] = (struct span) {
			colon + 2, ev->data + len - colon - 2, false
		};
	return n;
}

/* The digest covers all data; a partial digest does not prove the rest. */
static bool data_are_hashed(const struct cc_log_event *ev,
			    const struct cc_digest *d)
{
	struct span spans[VERIFY_SPANS_MAX];
	size_t n = ccg_hashed_spans(ev, spans);

	for (size_t i = 0; i < n; i++)
		if (spans[i].whole && hashes_to(d, spans[i].p, spans[i].len))
			return true;
	return false;
}

static bool vouches(const struct ccg_expected *e, const struct cc_log_event *ev)
{
	return e->index == ev->index && e->match == CCG_MATCHES;
}

/*
 * Only digests of a bank whose register matches are proven. If several banks
 * match, the data must have the digests of all of them.
 */
static enum ccg_belief trust_extended(const struct job *j,
				      const struct cc_log_event *ev)
{
	enum ccg_belief trust = CCG_VERIFIED;
	bool any = false;

	for (size_t i = 0; i < j->v->n_expected; i++) {
		const struct ccg_expected *e = &j->v->expected[i];

		for (size_t k = 0; vouches(e, ev) && k < ev->n_digests; k++) {
			if (ev->digests[k].alg != e->alg)
				continue;
			any = true;
			if (!data_are_hashed(ev, &ev->digests[k]))
				trust = CCG_CONSISTENT;
		}
	}
	return any ? trust : CCG_CLAIMED;
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

static enum ccg_belief trust(const struct job *j, const struct cc_log_event *ev)
{
	if (ev->type == CC_EV_NO_ACTION)
		return CCG_CLAIMED;
	if (ccg_is_rim(j, ev->index))
		return rim_matches(j) ? trust_realm(j, ev) : CCG_CLAIMED;
	return trust_extended(j, ev);
}

/**
 * ccg_conclude - decide how far each event can be trusted
 * @j: the job, all registers compared
 */
void ccg_conclude(struct job *j)
{
	struct ccg_verify *v = j->v;
	struct cc_log_event ev;

	v->good = v->n_expected && v->verdict == CCG_MATCHES;
	ccg_log_rewind(j->log);
	while (ccg_log_next(j->log, &ev))
		v->trust[ev.nr - 1] = trust(j, &ev);
	ccg_log_rewind(j->log);
}
