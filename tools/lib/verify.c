// SPDX-License-Identifier: GPL-2.0-only
/*
 * Does a log add up to the registers that the hardware vouches for?
 *
 * The log itself is nobody's word. A realm's initial measurement is rebuilt
 * from what it says and from known-good images; the other registers from its
 * digests. Where one differs, verify_fault.c looks for what explains it.
 */
#include <errno.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <json-c/json.h>

#include "internal.h"
#include "verify.h"

#define REGISTERS_MAX	0x100000

/*
 * Extensions for one way in which the log may have come about, events that are
 * read among them; and for all that are tried at first.
 */
#define BUDGET_TRY	(4 * CC_LOG_BLOBS_MAX / CC_GRANULE)
#define BUDGET_LOG	(8 * BUDGET_TRY)

/**
 * ccg_blame - say what is wrong with a register
 * @j: the job
 * @e: the register, with its result
 * @fmt: what is wrong
 *
 * Only the first of the worst is told.
 */
void ccg_blame(struct job *j, struct ccg_expected *e, const char *fmt, ...)
{
	va_list ap;

	if (e->match <= j->v->verdict)
		return;
	j->v->verdict = e->match;
	va_start(ap, fmt);
	vsnprintf(j->v->culprit, sizeof(j->v->culprit), fmt, ap);
	va_end(ap);
}

/* Images ------------------------------------------------------------------- */

static const struct cc_digest *digest_of(const struct job *j,
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

/* Names the culprit. */
static int not_known(struct job *j, struct ccg_expected *e,
		     const struct cc_log_event *ev)
{
	const struct cc_blob *blob = &ev->realm.blob;

	ccg_blame(j, e, "event %zu, %.*s: no known-good image of %" PRIu64
		  " bytes has its digest", ev->nr, (int)blob->desc_len,
		  (const char *)blob->desc, (uint64_t)blob->range.size);
	return -ENOENT;
}

static int find_image(struct job *j, struct ccg_expected *e,
		      const struct cc_log_event *ev)
{
	const struct cc_digest *d = digest_of(j, ev);
	const struct cc_blob *blob = &ev->realm.blob;
	struct blob *b;
	int rc = -ENOENT;

	if (j->n_blobs == ARRAY_SIZE(j->blobs))
		return ccg_fail_errno(j->ctx, -E2BIG, ccg_log_path(j->log));
	b = &j->blobs[j->n_blobs++];
	b->event = ev->nr;
	b->base = blob->range.base;
	b->size = blob->range.size;
	if (d) {
		b->image = (struct granules) {
			.database = j->v->database, .images = j->v->images,
			.key = {
				.algo = j->h.algo,
				.size = blob->range.size,
				.head = blob->range.base % CC_GRANULE,
			},
		};
		memcpy(b->image.key.digest, d->data, d->len);
		rc = ccg_granules_open(j->ctx, &b->image);
	}
	return rc == -ENOENT ? not_known(j, e, ev) : rc;
}

/* What the search for a fault begins with. */
static void note_event(struct job *j, const struct cc_log_event *ev)
{
	if (ev->realm.kind > CC_REALM_CREATE && j->n_steps < VERIFY_STEPS_MAX)
		j->steps[j->n_steps++] = ev->nr;
	switch (ev->realm.kind) {
	case CC_REALM_VM_VERSION:
		j->ram_size = ev->realm.vm.ram_size;
		break;
	case CC_REALM_CREATE:
		j->create_event = ev->nr;
		break;
	case CC_REALM_RIPAS:
		if (j->n_ram++)
			break;
		j->ram_event = ev->nr;
		j->ram = ev->realm.ripas;
		break;
	case CC_REALM_REC:
		if (j->rec_event || !(ev->realm.rec.flags & CC_REC_RUNNABLE))
			break;
		j->rec_event = ev->nr;
		j->rec = ev->realm.rec;
		break;
	case CC_REALM_LOG:
		j->has_log = true;
		break;
	default:
		break;
	}
}

static void forget_images(struct job *j)
{
	for (size_t i = 0; i < j->n_blobs; i++)
		ccg_granules_close(&j->blobs[i].image);
	j->n_blobs = 0;
	j->n_steps = 0;
	j->n_ram = 0;
	j->rec_event = 0;
}

/* -ENOENT where one is not known; the culprit is named then. */
static int find_images(struct job *j, struct ccg_expected *e)
{
	const char *images = j->v->images;
	struct cc_log_event ev;
	int rc = 0;

	/* One that is not there must not be taken for an image that is not. */
	if (images && access(images, R_OK | X_OK)) {
		ccg_fail_errno(j->ctx, -errno, images);
		return -ENOTDIR;
	}
	/* A RIM may be expected more than once. */
	forget_images(j);
	ccg_log_rewind(j->log);
	while (!rc && ccg_log_next(j->log, &ev)) {
		note_event(j, &ev);
		if (ev.realm.kind == CC_REALM_BLOB)
			rc = find_image(j, e, &ev);
	}
	return rc;
}

/* Initial measurement ------------------------------------------------------ */

static struct blob *blob_of(struct job *j, size_t event)
{
	for (size_t i = 0; i < j->n_blobs; i++)
		if (j->blobs[i].event == event)
			return &j->blobs[i];
	return NULL;
}

static int load_blob(struct job *j, struct cc_rim *rim, const struct guess *g,
		     const struct cc_log_event *ev)
{
	uint64_t base = g->moved == ev->nr ? g->base : ev->realm.blob.range.base;
	struct loading l = {
		.rim = rim,
		.ipa = base & ~(uint64_t)(CC_GRANULE - 1),
		.digest_len = cc_rim_hash_len(rim->algo),
	};
	struct blob *b = blob_of(j, ev->nr);
	int rc;

	if (!b)
		return -ENOENT;
	b->step.ipa = l.ipa;
	memcpy(b->step.before, rim->value, CC_RIM_LEN);
	if (ccg_granules_recall(&b->image, &b->step)) {
		memcpy(rim->value, b->step.after, CC_RIM_LEN);
		return 0;
	}
	rc = ccg_granules_each(j->ctx, &b->image, ccg_load_granules, &l);
	memcpy(b->step.after, rim->value, CC_RIM_LEN);
	if (rc == -ENOENT)
		j->lost = *ev;
	return rc;
}

/* Only those that a register has confirmed. */
static void keep_steps(struct job *j)
{
	for (size_t i = 0; i < j->n_blobs; i++)
		ccg_granules_keep(&j->blobs[i].image, &j->blobs[i].step);
}

static int create(struct cc_rim *rim, const struct guess *g,
		  const struct cc_realm_params *p)
{
	int rc = cc_rim_create(rim, g->params ? g->params : p);

	return !rc && g->ram && !g->ram_event ? cc_rim_ripas(rim, g->ram) : rc;
}

static int apply(struct job *j, struct cc_rim *rim, const struct guess *g,
		 const struct cc_log_event *ev)
{
	switch (ev->realm.kind) {
	case CC_REALM_CREATE:
		return create(rim, g, &ev->realm.create);
	case CC_REALM_RIPAS:
		return cc_rim_ripas(rim, g->ram && g->ram_event == ev->nr ?
				    g->ram : &ev->realm.ripas);
	case CC_REALM_BLOB:
		return load_blob(j, rim, g, ev);
	case CC_REALM_REC:
		return cc_rim_rec(rim, g->rec && ev->nr == j->rec_event ?
				  g->rec : &ev->realm.rec);
	case CC_REALM_LOG:
		return cc_rim_unmeasured(rim, &ev->realm.blob.range);
	default:
		return 0;
	}
}

static int apply_once_or_twice(struct job *j, struct cc_rim *rim,
			       const struct guess *g,
			       const struct cc_log_event *ev)
{
	int rc = ev->nr == g->skip ? 0 : apply(j, rim, g, ev);

	return !rc && ev->nr == g->twice ? apply(j, rim, g, ev) : rc;
}

/* The measurement that the log adds up to, if the guess is right. */
static int rebuild(struct job *j, const struct guess *g, struct cc_rim *rim)
{
	size_t last = j->n_blobs ? j->blobs[j->n_blobs - 1].event : 0;
	uint64_t budget = j->budget < BUDGET_TRY ? j->budget : BUDGET_TRY;
	struct cc_log_event ev;
	int rc = 0;

	*rim = (struct cc_rim) {
		.ops = &ccg_hash_ops, .ctx = &j->h, .rmm = g->rmm,
		.blocks = g->blocks,
		.budget = budget,
		.algo = j->h.algo,
	};
	ccg_log_rewind(j->log);
	j->held.nr = 0;
	while (!rc && ccg_log_next(j->log, &ev)) {
		if (!rim->budget) {
			rc = -E2BIG;
			break;
		}
		rim->budget--;
		if (ev.nr == g->swap) {
			j->held = ev;
			continue;
		}
		rc = apply_once_or_twice(j, rim, g, &ev);
		if (!rc && j->held.nr) {
			rc = apply(j, rim, g, &j->held);
			j->held.nr = 0;
		}
		/* QEMU and kvmtool log the vCPU right before the log. */
		if (!rc && g->rec && !j->rec_event && ev.nr == last)
			rc = cc_rim_rec(rim, g->rec);
	}
	if (!rc && g->log)
		rc = cc_rim_unmeasured(rim, g->log);
	j->budget -= budget - rim->budget;
	return rc;
}

static bool fits(struct job *j, const struct guess *g,
		 const struct ccg_expected *e)
{
	struct cc_rim rim;
	int rc = rebuild(j, g, &rim);

	/* Smaller blocks are more work. */
	if (rc == -E2BIG)
		j->blocks_min = g->blocks;
	/* A guess that cannot be, and the budget's end, are no errors. */
	if (rc && rc != -EINVAL && rc != -E2BIG && rc != -ENOENT)
		j->rc = rc;
	return !rc && !memcmp(rim.value, e->value, e->len);
}

/* Nobody insisted on another, and it is not too much work. */
static bool may_be(const struct job *j, const struct guess *g)
{
	if (g->rmm == CC_RMM_2_0)
		return j->v->rmm != 1;
	return j->v->rmm != 2 && g->blocks > j->blocks_min &&
	       (!j->v->blocks || j->v->blocks == g->blocks);
}

/**
 * ccg_rim_fits - find out whether a guess explains a RIM
 * @j: the job, the images found
 * @g: the guess; rmm and blocks, what hosts and RMMs do differently without
 *     anything being wrong, are set to those with which it does
 * @e: the RIM
 *
 * Return: whether it does.
 */
bool ccg_rim_fits(struct job *j, struct guess *g, const struct ccg_expected *e)
{
	/* Those that are little work come first. */
	static const struct {
		enum cc_rmm rmm;
		unsigned int blocks;
	} ways[] = {
		{ CC_RMM_1_0, CC_RIM_BLOCKS_ALL }, { CC_RMM_2_0, 0 },
		{ CC_RMM_1_0, CC_RIM_BLOCKS_ALL >> 1 },
		{ CC_RMM_1_0, CC_RIM_BLOCKS_ALL >> 2 },
		{ CC_RMM_1_0, CC_RIM_BLOCKS_ALL >> 3 },
	};

	for (size_t i = 0; i < ARRAY_SIZE(ways); i++) {
		g->rmm = ways[i].rmm;
		g->blocks = ways[i].blocks;
		if (may_be(j, g) && fits(j, g, e))
			return true;
	}
	return false;
}

/* What was insisted on may be all that is wrong. */
static bool fits_otherwise(struct job *j, struct ccg_expected *e)
{
	const int rmm = j->v->rmm;
	const unsigned int blocks = j->v->blocks;
	struct guess g = {};
	bool good;

	if (!rmm && !blocks)
		return false;
	j->v->rmm = 0;
	j->v->blocks = 0;
	good = ccg_rim_fits(j, &g, e);
	j->v->rmm = rmm;
	j->v->blocks = blocks;
	if (good && g.blocks)
		ccg_blame(j, e, "RIM: it is that of RMM 1.0, memory in blocks up to %s",
			  ccg_ripas_name(g.blocks));
	else if (good)
		ccg_blame(j, e, "RIM: it is that of RMM 2.0");
	return good;
}

static int verify_rim(struct job *j, struct ccg_expected *e)
{
	struct guess g = {};
	struct cc_rim rim;
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
	rc = find_images(j, e);
	if (rc)
		return rc == -ENOENT ? 0 : rc;
	j->budget = BUDGET_LOG;
	j->blocks_min = 0;
	if (ccg_rim_fits(j, &g, e) && !j->rc) {
		keep_steps(j);
		j->v->rmm_found = g.rmm == CC_RMM_1_0 ? 1 : 2;
		j->v->blocks_found = g.blocks;
		memcpy(e->computed, e->value, e->len);
		e->match = CCG_MATCHES;
		return 0;
	}
	if (j->rc)
		return 0;
	g.rmm = j->v->rmm == 2 ? CC_RMM_2_0 : CC_RMM_1_0;
	g.blocks = j->v->blocks ? j->v->blocks : CC_RIM_BLOCKS_ALL;
	rc = rebuild(j, &g, &rim);
	if (rc == -ENOENT) {
		not_known(j, e, &j->lost);
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
	if (!fits_otherwise(j, e))
		ccg_rim_fault(j, e);
	return 0;
}

/* The other registers ------------------------------------------------------ */

/* A REM whose values are filled up. */
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
		    digest_of(j, &ev) : NULL;
		if (d)
			rc = cc_rem_extend(&rim, CC_REM_PADDED, e->computed,
					   d->data, d->len);
	}
	return rc;
}

/* What has no digest for a register did not extend it, whatever it says. */
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
	/* A TPM's that nobody extended has a value that is not all zero. */
	if (!logged && cc_log_uses_pcrs(j->summary) && e->index >= 17 &&
	    e->index <= 22)
		memset(e->computed, 0xff, e->len);
	compare(j, e, logged);
	return 0;
}

/* No extension leads to a RIM, and one without events is not just unlogged. */
static bool is_rim(const struct job *j, uint32_t index)
{
	return !index && (j->v->realm || j->summary->is_realm);
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

		if (is_rim(j, e->index))
			rc = verify_rim(j, e);
		else
			rc = verify_register(j, e, regs, n);
	}
	free(regs);
	return j->rc ? ccg_fail_errno(j->ctx, j->rc, ccg_log_path(j->log)) : rc;
}

/* Events ------------------------------------------------------------------- */

static bool hashes_to(const struct cc_digest *d, const uint8_t *p, size_t len)
{
	uint8_t digest[EVP_MAX_MD_SIZE];
	const EVP_MD *md = ccg_log_md(d->alg);

	return md && EVP_Digest(p, len, digest, NULL, md, NULL) == 1 &&
	       !memcmp(digest, d->data, d->len);
}

/**
 * ccg_hashed_spans - what an event's digest may be of
 * @ev: the event
 * @spans: set: all of its data; without a NUL at the end; what a boot variable
 *	   holds, but for its name; what is behind GRUB's "grub_cmd: "
 *
 * Return: how many there are, VERIFY_SPANS_MAX at most.
 */
size_t ccg_hashed_spans(const struct cc_log_event *ev, struct span *spans)
{
	struct efi_var var = {};
	const uint8_t *colon;
	size_t n = 0, len = ev->size;

	spans[n++] = (struct span) { ev->data, len, true };
	/* PFP 1.06, 3.3.4.8: of the other variables, all of it is hashed. */
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

/* All that the event says; a part does not make the rest true. */
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
 * Only digests that a register vouches for count: those of another bank can be
 * anything. Where several do, the data must be what all of them say.
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
		/* Of this one, only whole granules are measured. */
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
	if (is_rim(j, ev->index))
		return rim_matches(j) ? trust_realm(j, ev) : CCG_CLAIMED;
	return trust_extended(j, ev);
}

static void conclude(struct job *j)
{
	struct ccg_verify *v = j->v;
	struct cc_log_event ev;

	v->good = v->n_expected && v->verdict == CCG_MATCHES;
	ccg_log_rewind(j->log);
	while (ccg_log_next(j->log, &ev))
		v->trust[ev.nr - 1] = trust(j, &ev);
	ccg_log_rewind(j->log);
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

/**
 * ccg_verify_log - find out whether a log adds up
 * @ctx: the context
 * @log: the log
 * @v: what to verify it by; the result is set, free it with ccg_verify_free()
 *
 * Return: 0, whatever the result; or a negative errno where it could not be
 * found out.
 */
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
	j->budget = BUDGET_LOG;
	v->n_events = j->summary->nr - 1;
	v->trust = calloc(v->n_events + 1, sizeof(*v->trust));
	if (!v->trust || !ccg_hasher_init(&j->h, algo_of(j->summary))) {
		rc = ccg_fail_errno(ctx, -ENOMEM, ccg_log_path(log));
	} else {
		rc = verify_registers(j);
		if (!rc)
			conclude(j);
	}
	forget_images(j);
	ccg_hasher_free(&j->h);
	free(j);
	return rc;
}

/**
 * ccg_verify_free - free a result
 * @v: the result
 */
void ccg_verify_free(struct ccg_verify *v)
{
	free(v->trust);
	v->trust = NULL;
}

/* What is expected --------------------------------------------------------- */

/**
 * ccg_verify_token - expect what a token vouches for
 * @v: the verification
 * @t: the token, verified
 */
void ccg_verify_token(struct ccg_verify *v, const struct ccg_token *t)
{
	static const uint16_t by_len[] = {
		[2] = CC_ALG_SHA256, [3] = CC_ALG_SHA384, [4] = CC_ALG_SHA512,
	};

	v->realm = true;
	for (uint32_t i = 0; i < ARRAY_SIZE(t->regs); i++) {
		struct ccg_expected *e = &v->expected[v->n_expected++];

		*e = (struct ccg_expected) {
			.index = i, .alg = by_len[t->len / 16], .len = t->len,
		};
		memcpy(e->value, t->regs[i], t->len);
	}
}

static const char *member(struct json_object *o, const char *key)
{
	struct json_object *v;

	if (!json_object_object_get_ex(o, key, &v) ||
	    !json_object_is_type(v, json_type_string))
		return NULL;
	return json_object_get_string(v);
}

static bool take_register(const struct cc_log *log, struct json_object *o,
			  struct ccg_expected *e)
{
	const char *name = member(o, "register"), *alg = member(o, "algorithm");
	const char *value = member(o, "value"), *known;
	char text[16];
	uint32_t i;
	size_t a;

	if (!name || !alg || !value ||
	    ccg_unhex(value, e->value, sizeof(e->value), &e->len))
		return false;
	for (i = 0; i <= CC_INDEX_PCR_MAX; i++) {
		ccg_log_register_name(log, i, text, sizeof(text));
		if (!strcasecmp(text, name))
			break;
	}
	for (a = 0; a < log->n_algs; a++) {
		known = ccg_log_alg_name(log->algs[a].id);
		if (known && !strcasecmp(known, alg))
			break;
	}
	if (i > CC_INDEX_PCR_MAX || a == log->n_algs ||
	    e->len != log->algs[a].len)
		return false;
	e->index = i;
	e->alg = log->algs[a].id;
	return true;
}

static int take_registers(struct ccg_ctx *ctx, const struct cc_log *log,
			  const char *file, struct json_object *o,
			  struct ccg_verify *v)
{
	struct json_object *list;
	size_t n;

	if (!json_object_is_type(o, json_type_object) ||
	    !json_object_object_get_ex(o, "registers", &list) ||
	    !json_object_is_type(list, json_type_array))
		return ccg_fail(ctx, -EINVAL, CCG_FAILED, file,
				"has no array 'registers'");
	n = json_object_array_length(list);
	if (!n || n > CCG_EXPECTED_MAX - v->n_expected)
		return ccg_fail(ctx, -EINVAL, CCG_FAILED, file,
				"has %zu registers, not 1 to %zu", n,
				CCG_EXPECTED_MAX - v->n_expected);
	for (size_t i = 0; i < n; i++)
		if (!take_register(log, json_object_array_get_idx(list, i),
				   &v->expected[v->n_expected++]))
			return ccg_fail(ctx, -EINVAL, CCG_FAILED, file,
					"register %zu: is none that the log has, of an algorithm that it declares",
					i);
	return 0;
}

/**
 * ccg_verify_registers - expect what a file says
 * @ctx: the context
 * @log: the log that is to be verified
 * @file: an object as `ccguest log replay --json` and `ccguest log rim --json`
 *	  print it
 * @v: the verification
 *
 * Return: 0; -EINVAL where the file has another form; or another negative
 * errno.
 */
int ccg_verify_registers(struct ccg_ctx *ctx, struct ccg_log *log,
			 const char *file, struct ccg_verify *v)
{
	struct json_object *o;
	uint8_t *buf;
	size_t len;
	int rc;

	rc = ccg_file_load(ctx, file, REGISTERS_MAX, &buf, &len);
	if (rc)
		return rc;
	rc = ccg_json_parse(ctx, file, buf, len, &o);
	if (!rc)
		rc = take_registers(ctx, ccg_log_summary(log), file, o, v);
	json_object_put(o);
	free(buf);
	return rc;
}
