// SPDX-License-Identifier: GPL-2.0-only
/*
 * Does a log add up to the registers that the hardware vouches for?
 *
 * The log itself is nobody's word. A realm's initial measurement is rebuilt
 * from what it says and from known-good images; the other registers from its
 * digests. Where the initial measurement differs, a bounded number of single
 * faults is tried, to name the one that explains it.
 */
#include <errno.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <json-c/json.h>

#include "granules.h"
#include "internal.h"
#include "log_internal.h"
#include "realm.h"

#define REGISTERS_MAX	0x100000

/*
 * Bounds of the search for a fault, whatever the log holds: events that are
 * left out or exchanged, and extensions of the measurement, a minute's worth.
 */
#define STEPS_MAX	64
#define BUDGET_FAULTS	0x8000000ULL
/* Those of one log, for each of the hosts' policies and each RMM. */
#define BUDGET_LOG	(8 * 2 * CC_LOG_BLOBS_MAX / CC_GRANULE)

/* Block sizes that hosts are known to declare memory with, for RMM 1.0. */
static const unsigned int policies[] = { CC_RIM_BLOCKS_ALL, 1, 3, 7 };

/**
 * struct guess - how the log may differ from what was done
 * @rmm: which RMM
 * @blocks: sizes of blocks that the host declares memory with
 * @skip: number of an event that did not happen, or 0
 * @swap: number of an event that happened right after the next, or 0
 * @s2sz: added to the realm's width
 * @flags: flags of the realm that are the other way round
 * @bps: added to the number of breakpoints
 * @wps: added to the number of watchpoints
 * @ctrs: added to the number of counters
 * @moved: number of a blob's event that has another address, or 0
 * @base: that address
 * @rec: the first vCPU as it was, or NULL; one that the log lacks comes last
 * @log: where the log was, which the log does not say, or NULL
 * @what: all that in words
 */
struct guess {
	enum cc_rmm rmm;
	unsigned int blocks;
	size_t skip;
	size_t swap;
	int s2sz;
	uint64_t flags;
	int bps;
	int wps;
	int ctrs;
	size_t moved;
	uint64_t base;
	const struct cc_rec_params *rec;
	const struct cc_range *log;
	const char *what;
};

/**
 * struct blob - an image of the log
 * @event: number of its event
 * @base: its address in the log
 * @fd: the digests of its granules
 * @key: of them
 * @digest: of the image
 */
struct blob {
	size_t event;
	uint64_t base;
	int fd;
	struct granules_key key;
	uint8_t digest[CC_RIM_LEN];
};

/* What is worked on. */
struct job {
	struct ccg_ctx *ctx;
	struct ccg_log *log;
	const struct cc_log *summary;
	struct ccg_verify *v;
	struct hasher h;
	size_t n_blobs;
	struct blob blobs[CC_LOG_RANGES_MAX];
	size_t rec_event;
	struct cc_rec_params rec;
	bool has_log;
	size_t n_steps;
	size_t steps[STEPS_MAX];
	uint64_t budget;
	struct cc_log_event held;
};

/* Images ------------------------------------------------------------------- */

static const struct cc_digest *digest_of(const struct job *j,
					 const struct cc_log_event *ev)
{
	for (size_t i = 0; i < ev->n_digests; i++)
		if (ev->digests[i].len == cc_rim_hash_len(j->h.algo) &&
		    ev->digests[i].alg != CC_ALG_SM3)
			return &ev->digests[i];
	return NULL;
}

static int find_image(struct job *j, const struct cc_log_event *ev)
{
	const struct cc_digest *d = digest_of(j, ev);
	const struct cc_blob *blob = &ev->realm.blob;
	struct blob *b = &j->blobs[j->n_blobs];
	int rc = -ENOENT;

	b->event = ev->nr;
	b->base = blob->range.base;
	b->fd = -1;
	if (d) {
		memcpy(b->digest, d->data, d->len);
		b->key = (struct granules_key) {
			.algo = j->h.algo, .digest = b->digest,
			.size = blob->range.size,
			.head = blob->range.base % CC_GRANULE,
		};
		rc = ccg_granules_open(j->ctx, j->v->database, j->v->images,
				       &b->key, &b->fd);
	}
	if (rc && rc != -ENOENT)
		return rc;
	if (rc)
		snprintf(j->v->culprit, sizeof(j->v->culprit),
			 "event %zu, %.*s: no known-good image of %llu bytes has its digest",
			 ev->nr, (int)blob->desc_len, (const char *)blob->desc,
			 (unsigned long long)blob->range.size);
	j->n_blobs++;
	return rc;
}

/* -ENOENT where one is not known; the culprit is named then. */
static int find_images(struct job *j)
{
	struct cc_log_event ev;
	int rc = 0;

	ccg_log_rewind(j->log);
	while (!rc && ccg_log_next(j->log, &ev)) {
		if (ev.realm.kind == CC_REALM_BLOB)
			rc = find_image(j, &ev);
		if (ev.realm.kind == CC_REALM_LOG)
			j->has_log = true;
		if (ev.realm.kind >= CC_REALM_CREATE && j->n_steps < STEPS_MAX)
			j->steps[j->n_steps++] = ev.nr;
		if (ev.realm.kind == CC_REALM_REC && !j->rec_event &&
		    ev.realm.rec.flags & CC_REC_RUNNABLE) {
			j->rec_event = ev.nr;
			j->rec = ev.realm.rec;
		}
	}
	return rc;
}

/* Initial measurement ------------------------------------------------------ */

static int load_blob(const struct job *j, struct cc_rim *rim,
		     const struct guess *g, const struct cc_log_event *ev)
{
	uint64_t base = g->moved == ev->nr ? g->base : ev->realm.blob.range.base;
	struct loading l = {
		.rim = rim,
		.ipa = base & ~(uint64_t)(CC_GRANULE - 1),
		.digest_len = cc_rim_hash_len(rim->algo),
	};

	for (size_t i = 0; i < j->n_blobs; i++)
		if (j->blobs[i].event == ev->nr)
			return ccg_granules_each(j->blobs[i].fd,
						 &j->blobs[i].key,
						 ccg_load_granules, &l);
	return -ENOENT;
}

static int create(struct cc_rim *rim, const struct guess *g,
		  struct cc_realm_params p)
{
	p.s2sz += g->s2sz;
	p.flags ^= g->flags;
	p.num_bps += g->bps;
	p.num_wps += g->wps;
	p.pmu_num_ctrs += g->ctrs;
	return cc_rim_create(rim, &p);
}

static int apply(const struct job *j, struct cc_rim *rim, const struct guess *g,
		 const struct cc_log_event *ev)
{
	if (ev->nr == g->skip)
		return 0;
	switch (ev->realm.kind) {
	case CC_REALM_CREATE:
		return create(rim, g, ev->realm.create);
	case CC_REALM_RIPAS:
		return cc_rim_ripas(rim, &ev->realm.ripas);
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

/* The measurement that the log adds up to, if the guess is right. */
static int rebuild(struct job *j, const struct guess *g, struct cc_rim *rim)
{
	size_t last = j->n_blobs ? j->blobs[j->n_blobs - 1].event : 0;
	struct cc_log_event ev;
	int rc = 0;

	*rim = (struct cc_rim) {
		.ops = &ccg_hash_ops, .ctx = &j->h, .rmm = g->rmm,
		.blocks = g->blocks,
		.budget = j->budget,
		.algo = j->h.algo,
	};
	ccg_log_rewind(j->log);
	j->held.nr = 0;
	while (!rc && ccg_log_next(j->log, &ev)) {
		if (ev.nr == g->swap) {
			j->held = ev;
			continue;
		}
		rc = apply(j, rim, g, &ev);
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
	j->budget = rim->budget;
	return rc;
}

static bool fits(struct job *j, const struct guess *g, struct ccg_expected *e)
{
	struct cc_rim rim;

	return !rebuild(j, g, &rim) && !memcmp(rim.value, e->value, e->len);
}

/* What hosts and RMMs do differently without anything being wrong. */
static bool find_rmm(struct job *j, struct ccg_expected *e, struct guess *g)
{
	*g = (struct guess) { .rmm = CC_RMM_1_0 };
	for (size_t i = 0; j->v->rmm != 2 && i < ARRAY_SIZE(policies); i++) {
		g->blocks = policies[i];
		if (fits(j, g, e))
			return true;
	}
	g->rmm = CC_RMM_2_0;
	g->blocks = CC_RIM_BLOCKS_ALL;
	return j->v->rmm != 1 && fits(j, g, e);
}

/* Which RMMs may be. */
static bool tries(struct job *j, struct ccg_expected *e, struct guess g)
{
	g.blocks = CC_RIM_BLOCKS_ALL;
	for (int rmm = 1; rmm <= 2; rmm++) {
		if (j->v->rmm && j->v->rmm != rmm)
			continue;
		g.rmm = rmm == 1 ? CC_RMM_1_0 : CC_RMM_2_0;
		if (fits(j, &g, e))
			return true;
	}
	return false;
}

static const struct guess parameters[] = {
	{ .s2sz = 1, .what = "the realm's addresses have a bit more" },
	{ .s2sz = -1, .what = "the realm's addresses have a bit less" },
	{ .flags = CC_REALM_LPA2, .what = "the realm's flag LPA2 is the other way round" },
	{ .flags = CC_REALM_SVE, .what = "the realm's flag SVE is the other way round" },
	{ .flags = CC_REALM_PMU, .what = "the realm's flag PMU is the other way round" },
	{ .bps = 1, .what = "the realm has a breakpoint more" },
	{ .bps = -1, .what = "the realm has a breakpoint less" },
	{ .wps = 1, .what = "the realm has a watchpoint more" },
	{ .wps = -1, .what = "the realm has a watchpoint less" },
	{ .ctrs = 1, .what = "the realm has a counter more" },
	{ .ctrs = -1, .what = "the realm has a counter less" },
};

/* Says which guess fits. */
__printf(2, 3)
static bool found(struct job *j, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(j->v->culprit, sizeof(j->v->culprit), fmt, ap);
	va_end(ap);
	return true;
}

static bool guess_parameters(struct job *j, struct ccg_expected *e)
{
	for (size_t i = 0; i < ARRAY_SIZE(parameters); i++)
		if (tries(j, e, parameters[i]))
			return found(j, "REALM_CREATE: %s", parameters[i].what);
	return false;
}

static bool try_skip(struct job *j, struct ccg_expected *e, size_t nr)
{
	struct guess g = { .skip = nr };

	return tries(j, e, g);
}

static bool try_swap(struct job *j, struct ccg_expected *e, size_t nr)
{
	struct guess g = { .swap = nr };

	return tries(j, e, g);
}

static bool try_rec(struct job *j, struct ccg_expected *e, uint64_t pc,
		    uint64_t x0)
{
	struct cc_rec_params rec = j->rec;
	struct guess g = { .rec = &rec };

	rec.flags = CC_REC_RUNNABLE;
	rec.pc = pc;
	rec.gprs[0] = x0;
	return tries(j, e, g);
}

static bool try_moved(struct job *j, struct ccg_expected *e,
		      const struct blob *b, uint64_t base)
{
	struct guess g = { .moved = b->event, .base = base };

	return tries(j, e, g);
}

static bool guess_events(struct job *j, struct ccg_expected *e)
{
	for (size_t i = 0; i < j->n_steps; i++) {
		size_t nr = j->steps[i];

		if (try_skip(j, e, nr))
			return found(j, "event %zu: did not happen, or was not measured",
				     nr);
		if (try_swap(j, e, nr))
			return found(j, "events %zu and %zu: happened in the other order",
				     nr, nr + 1);
	}
	return false;
}

/* An image is where the vCPU begins, or where x0 points; or they are there. */
static bool guess_addresses(struct job *j, struct ccg_expected *e)
{
	uint64_t pc = j->rec.pc, x0 = j->rec.gprs[0];

	for (size_t i = 0; j->rec_event && i < j->n_blobs; i++) {
		const struct blob *b = &j->blobs[i];

		if (try_rec(j, e, b->base, x0))
			return found(j, "event %zu: the vCPU begins at %#" PRIx64,
				     j->rec_event, b->base);
		if (try_rec(j, e, pc, b->base))
			return found(j, "event %zu: x0 is %#" PRIx64,
				     j->rec_event, b->base);
		if (try_moved(j, e, b, pc))
			return found(j, "event %zu: is at %#" PRIx64 ", where the vCPU begins",
				     b->event, pc);
		if (try_moved(j, e, b, x0))
			return found(j, "event %zu: is at %#" PRIx64 ", where x0 points",
				     b->event, x0);
	}
	return false;
}

/* What the log does not have: a vCPU, or itself. */
static bool guess_missing(struct job *j, struct ccg_expected *e)
{
	struct guess log = { .log = &j->summary->opts.place };

	if (!j->has_log && j->summary->opts.flags & CC_LOG_PLACED &&
	    tries(j, e, log))
		return found(j, "LOG: is missing");
	for (size_t i = 0; !j->rec_event && i < j->n_blobs; i++)
		for (size_t k = 0; k <= j->n_blobs; k++)
			if (try_rec(j, e, j->blobs[i].base,
				    k ? j->blobs[k - 1].base : 0))
				return found(j, "a vCPU is missing, which begins at %#" PRIx64,
					     j->blobs[i].base);
	return false;
}

/* A single fault that explains the difference, if there is one. */
static void find_fault(struct job *j, struct ccg_expected *e)
{
	j->budget = BUDGET_FAULTS;
	if (!guess_parameters(j, e) && !guess_addresses(j, e) &&
	    !guess_missing(j, e) && !guess_events(j, e))
		snprintf(j->v->culprit, sizeof(j->v->culprit),
			 "RIM: no single fault that is tried explains the difference");
}

static int verify_rim(struct job *j, struct ccg_expected *e)
{
	struct guess g = { .blocks = CC_RIM_BLOCKS_ALL };
	struct cc_rim rim;
	int rc;

	e->match = CCG_UNKNOWN_VALUE;
	if (!j->summary->realm.created) {
		snprintf(j->v->culprit, sizeof(j->v->culprit),
			 "the log has no REALM_CREATE, so that the RIM cannot be worked out");
		return 0;
	}
	rc = find_images(j);
	if (rc)
		return rc == -ENOENT ? 0 : rc;
	if (find_rmm(j, e, &g)) {
		j->v->rmm_found = g.rmm == CC_RMM_1_0 ? 1 : 2;
		memcpy(e->computed, e->value, e->len);
		e->match = CCG_MATCHES;
		return 0;
	}
	g.rmm = j->v->rmm == 2 ? CC_RMM_2_0 : CC_RMM_1_0;
	g.blocks = CC_RIM_BLOCKS_ALL;
	rc = rebuild(j, &g, &rim);
	if (rc)
		return ccg_fail_errno(j->ctx, rc, ccg_log_path(j->log));
	memcpy(e->computed, rim.value, e->len);
	e->match = CCG_DIFFERS;
	find_fault(j, e);
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

static void compare(struct job *j, struct ccg_expected *e, bool logged)
{
	char name[16];

	if (!memcmp(e->computed, e->value, e->len)) {
		e->match = CCG_MATCHES;
		return;
	}
	e->match = logged ? CCG_DIFFERS : CCG_UNLOGGED;
	if (*j->v->culprit)
		return;
	ccg_log_register_name(j->summary, e->index, name, sizeof(name));
	snprintf(j->v->culprit, sizeof(j->v->culprit), logged ?
		 "%s: an event is wrong or missing" :
		 "%s: extended at run time without a log entry", name);
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

static int verify_registers(struct job *j)
{
	struct ccg_register *regs;
	size_t n;
	int rc = ccg_log_replay(j->log, &regs, &n);

	if (rc)
		return rc;
	for (size_t i = 0; !rc && i < j->v->n_expected; i++) {
		struct ccg_expected *e = &j->v->expected[i];

		if (j->summary->is_realm && !e->index)
			rc = verify_rim(j, e);
		else
			rc = verify_register(j, e, regs, n);
	}
	free(regs);
	return rc;
}

/* Events ------------------------------------------------------------------- */

static bool hashes_to(const struct cc_digest *d, const uint8_t *p, size_t len)
{
	uint8_t digest[EVP_MAX_MD_SIZE];
	const EVP_MD *md = ccg_log_md(d->alg);

	return md && EVP_Digest(p, len, digest, NULL, md, NULL) == 1 &&
	       !memcmp(digest, d->data, d->len);
}

/*
 * Whether the data are what was hashed: all of them; without a NUL at the end;
 * what is behind GRUB's "grub_cmd: "; or a variable's own data.
 */
static bool data_are_hashed(const struct cc_log_event *ev,
			    const struct cc_digest *d)
{
	const uint8_t *colon;
	struct efi_var var = {};
	size_t len = ev->size;

	if (hashes_to(d, ev->data, len))
		return true;
	if (ccg_efi_var_parse(ev, &var) && hashes_to(d, var.data, var.len))
		return true;
	if (!len || ev->data[len - 1])
		return false;
	len--;
	colon = memmem(ev->data, len, ": ", 2);
	return hashes_to(d, ev->data, len) ||
	       (colon && hashes_to(d, colon + 2, ev->data + len - colon - 2));
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
	switch (ev->realm.kind) {
	case CC_REALM_CREATE:
	case CC_REALM_BLOB:
	case CC_REALM_LOG:
		return CCG_VERIFIED;
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
	if (j->summary->is_realm && !ev->index)
		return rim_matches(j) ? trust_realm(j, ev) : CCG_CLAIMED;
	return trust_extended(j, ev);
}

static void conclude(struct job *j)
{
	struct ccg_verify *v = j->v;
	struct cc_log_event ev;

	v->good = v->n_expected;
	for (size_t i = 0; i < v->n_expected; i++)
		v->good = v->good && v->expected[i].match == CCG_MATCHES;
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
	for (size_t i = 0; i < j->n_blobs; i++)
		if (j->blobs[i].fd >= 0)
			close(j->blobs[i].fd);
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
	struct json_tokener *tok;
	struct json_object *o;
	uint8_t *buf;
	size_t len;
	int rc;

	rc = ccg_file_load(ctx, file, REGISTERS_MAX, &buf, &len);
	if (rc)
		return rc;
	tok = json_tokener_new();
	o = tok ? json_tokener_parse_ex(tok, (const char *)buf, len) : NULL;
	rc = take_registers(ctx, ccg_log_summary(log), file, o, v);
	json_object_put(o);
	if (tok)
		json_tokener_free(tok);
	free(buf);
	return rc;
}
