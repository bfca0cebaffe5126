// SPDX-License-Identifier: GPL-2.0-only
/*
 * Searches for the reason why a register differs from the log. The search tries
 * a limited number of single faults, and reports the fault that leads to the
 * register's value. Each extension hashes the previous value, so a matching
 * fault is not a coincidence.
 */
#include <dirent.h>
#include <errno.h>
#include <inttypes.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include <ccguest/log.h>
#include <ccguest/verify.h>

#include "cca/granules.h"
#include "cca/hash.h"
#include "core/ctx.h"
#include "log/digest.h"
#include "log/hashed.h"
#include "verify/verify.h"

/* Limit for the events that extend a register: each is tried as the fault. */
#define EXTENDS_MAX	256

/* Hashing a granule takes as long as this number of extensions. */
#define COST_GRANULE	16

/* Base addresses of guest memory: QEMU's virt, kvmtool. */
static const uint64_t ram_bases[] = { 0x40000000, 0x80000000 };

/* Distances that an image may have moved: alignments of loaders. */
static const uint64_t moves[] = { 0x1000, 0x10000, 0x200000 };

/* Initial measurement ------------------------------------------------------ */

static bool tries(struct job *j, const struct ccg_expected *e, struct guess g)
{
	return ccg_rim_fits(j, &g, e);
}

/* Takes the cost of hashing a file from the budget, if it suffices. */
static bool pay(struct job *j, uint64_t size)
{
	uint64_t cost = (size / CC_GRANULE + 1) * COST_GRANULE;

	if (cost > j->budget) {
		j->cut = CUT_EXTENSIONS;
		return false;
	}
	j->budget -= cost;
	return true;
}

/* The fault may be the caller's choice of --rmm or --ripas-blocks. */
static bool guess_choice(struct job *j, struct ccg_expected *e)
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
		ccg_blame(j, e, "RIM: the value is that of RMM 1.0, memory in blocks up to %s",
			  ccg_ripas_name(g.blocks));
	else if (good)
		ccg_blame(j, e, "RIM: the value is that of RMM 2.0");
	return good;
}

static bool try_params(struct job *j, const struct ccg_expected *e,
		       const struct cc_realm_params *params)
{
	return tries(j, e, (struct guess) { .params = params });
}

/* A number of REALM_CREATE, and the flag that enables it. */
static const struct number {
	const char *name;
	size_t offset;
	uint8_t first;
	uint8_t last;
	uint64_t flag;
} numbers[] = {
	{ "s2sz", offsetof(struct cc_realm_params, s2sz), 32, 52, 0 },
	{ "sve_vl", offsetof(struct cc_realm_params, sve_vl), 0, 15,
	  CC_REALM_SVE },
	{ "breakpoints", offsetof(struct cc_realm_params, num_bps), 0, 63, 0 },
	{ "watchpoints", offsetof(struct cc_realm_params, num_wps), 0, 63, 0 },
	{ "pmu_counters", offsetof(struct cc_realm_params, pmu_num_ctrs), 0, 31,
	  CC_REALM_PMU },
};

static bool guess_number(struct job *j, struct ccg_expected *e,
			 const struct number *n)
{
	struct cc_realm_params p = j->summary->realm.params;
	uint8_t *field = (uint8_t *)&p + n->offset, was = *field;

	p.flags |= n->flag;
	for (unsigned int i = n->first; i <= n->last; i++) {
		*field = i;
		if (!try_params(j, e, &p))
			continue;
		ccg_blame(j, e, "event %zu, REALM_CREATE: %s is %u, not %u",
			  j->create_event, n->name, i, was);
		return true;
	}
	return false;
}

/* Flips a flag. Without the flag, the number is zero. */
static bool guess_flag(struct job *j, struct ccg_expected *e, uint64_t flag,
		       const char *name)
{
	struct cc_realm_params p = j->summary->realm.params;

	p.flags ^= flag;
	if (!(p.flags & CC_REALM_SVE))
		p.sve_vl = 0;
	if (!(p.flags & CC_REALM_PMU))
		p.pmu_num_ctrs = 0;
	if (!try_params(j, e, &p))
		return false;
	ccg_blame(j, e, "event %zu, REALM_CREATE: the realm's flag %s is %sset",
		  j->create_event, name, p.flags & flag ? "" : "not ");
	return true;
}

static bool guess_parameters(struct job *j, struct ccg_expected *e)
{
	if (guess_flag(j, e, CC_REALM_LPA2, "LPA2") ||
	    guess_flag(j, e, CC_REALM_SVE, "SVE") ||
	    guess_flag(j, e, CC_REALM_PMU, "PMU"))
		return true;
	for (size_t i = 0; i < ARRAY_SIZE(numbers); i++)
		if (guess_number(j, e, &numbers[i]))
			return true;
	return false;
}

static bool guess_event(struct job *j, struct ccg_expected *e, size_t nr)
{
	const struct guess skip = { .skip = nr }, swap = { .swap = nr };

	if (tries(j, e, skip)) {
		ccg_blame(j, e, "event %zu: did not happen, or was not measured",
			  nr);
		return true;
	}
	if (tries(j, e, swap)) {
		ccg_blame(j, e, "events %zu and %zu: happened in the other order",
			  nr, nr + 1);
		return true;
	}
	return false;
}

static bool guess_events(struct job *j, struct ccg_expected *e)
{
	for (size_t i = 0; i < j->n_steps; i++)
		if (guess_event(j, e, j->steps[i]))
			return true;
	return false;
}

static bool try_rec(struct job *j, const struct ccg_expected *e, uint64_t pc,
		    uint64_t x0)
{
	struct cc_rec_params rec = j->rec;

	rec.flags = CC_REC_RUNNABLE;
	rec.pc = pc;
	rec.gprs[0] = x0;
	return tries(j, e, (struct guess) { .rec = &rec });
}

/* The vCPU starts at an image, or x0 points to an image. */
static bool guess_rec(struct job *j, struct ccg_expected *e)
{
	uint64_t pc = j->rec.pc, x0 = j->rec.gprs[0];

	for (size_t i = 0; j->rec_event && i < j->n_blobs; i++) {
		uint64_t base = j->blobs[i].base;

		if (try_rec(j, e, base, x0)) {
			ccg_blame(j, e, "event %zu: the vCPU begins at %#" PRIx64,
				  j->rec_event, base);
			return true;
		}
		if (try_rec(j, e, pc, base)) {
			ccg_blame(j, e, "event %zu: x0 is %#" PRIx64,
				  j->rec_event, base);
			return true;
		}
	}
	return false;
}

static bool try_moved(struct job *j, struct ccg_expected *e,
		      const struct blob *b, uint64_t base, const char *why)
{
	struct guess g = { .moved = b->event, .base = base };

	/* An address with another offset in a granule needs other digests. */
	if (base % CC_GRANULE != b->image.key.head || !tries(j, e, g))
		return false;
	ccg_blame(j, e, "event %zu: is at %#" PRIx64 "%s", b->event, base, why);
	return true;
}

/* An image is at the vCPU's start, at x0, or at a small distance. */
static bool guess_moved(struct job *j, struct ccg_expected *e)
{
	for (size_t i = 0; i < j->n_blobs; i++) {
		const struct blob *b = &j->blobs[i];

		if (j->rec_event &&
		    (try_moved(j, e, b, j->rec.pc, ", where the vCPU begins") ||
		     try_moved(j, e, b, j->rec.gprs[0], ", where x0 points")))
			return true;
		for (size_t k = 0; k < ARRAY_SIZE(moves); k++)
			if (try_moved(j, e, b, b->base + moves[k], "") ||
			    try_moved(j, e, b, b->base - moves[k], ""))
				return true;
	}
	return false;
}

static int no_granules(void *arg, const uint8_t *digests, size_t n)
{
	(void)arg;
	(void)digests;
	(void)n;
	return 0;
}

/* Tries a file in the place of an image of the log. */
static bool guess_file(struct job *j, struct ccg_expected *e, const char *path,
		       const char *name)
{
	uint8_t digest[CC_RIM_LEN];
	bool fits = false;
	uint64_t size;
	struct stat st;

	if (stat(path, &st) || !S_ISREG(st.st_mode) || !st.st_size ||
	    !pay(j, st.st_size) ||
	    ccg_granules(j->ctx, path, j->h.algo, 0, st.st_size,
			 no_granules, NULL, digest, &size))
		return false;
	for (size_t i = 0; !fits && i < j->n_blobs; i++) {
		struct blob *b = &j->blobs[i], was = *b;

		b->image = (struct granules) {
			.database = was.image.database,
			.images = was.image.images,
			.key = {
				.algo = j->h.algo, .size = size,
				.head = was.image.key.head,
			},
		};
		memcpy(b->image.key.digest, digest, sizeof(digest));
		fits = pay(j, size) &&
		       !ccg_granules_open(j->ctx, &b->image) &&
		       tries(j, e, (struct guess) {});
		ccg_granules_close(&b->image);
		*b = was;
		if (fits)
			ccg_blame(j, e, "event %zu: is another known-good image, %s",
				  b->event, name);
	}
	return fits;
}

/* Tries the known-good images, FILES_MAX at most. */
static bool guess_files(struct job *j, struct ccg_expected *e)
{
	DIR *dir = j->v->images ? opendir(j->v->images) : NULL;
	struct dirent *d;
	bool fits = false;
	char *path;

	for (size_t i = 0; dir && !fits; i++) {
		d = readdir(dir);
		if (d && i == FILES_MAX) {
			j->cut = CUT_FILES;
			break;
		}
		if (!d || asprintf(&path, "%s/%s", j->v->images, d->d_name) < 0)
			break;
		fits = guess_file(j, e, path, d->d_name);
		free(path);
	}
	if (dir)
		closedir(dir);
	return fits;
}

static bool try_ram(struct job *j, struct ccg_expected *e, size_t event,
		    uint64_t base, uint64_t size)
{
	const struct cc_range ram = { base, size };
	struct guess g = { .ram = &ram, .ram_event = event };

	if (!size || (base | size) % CC_GRANULE || size > ~0ULL - base ||
	    !tries(j, e, g))
		return false;
	if (event)
		ccg_blame(j, e, "event %zu: memory is %#" PRIx64 " bytes at %#" PRIx64,
			  event, size, base);
	else
		ccg_blame(j, e, "memory is missing, %#" PRIx64 " bytes at %#" PRIx64,
			  size, base);
	return true;
}

/* Tries the memory size of VM VERSION, and the base addresses of VMMs. */
static bool guess_ram(struct job *j, struct ccg_expected *e)
{
	if (j->n_ram > 1)
		return false;
	if (j->n_ram && try_ram(j, e, j->ram_event, j->ram.base, j->ram_size))
		return true;
	for (size_t i = 0; i < ARRAY_SIZE(ram_bases); i++)
		if (try_ram(j, e, j->ram_event, ram_bases[i],
			    j->n_ram ? j->ram.size : j->ram_size))
			return true;
	return false;
}

static bool guess_missing_rec(struct job *j, struct ccg_expected *e)
{
	const struct guess twice = { .twice = j->rec_event };

	if (j->rec_event) {
		if (!tries(j, e, twice))
			return false;
		ccg_blame(j, e, "a second vCPU is missing, which begins at %#" PRIx64,
			  j->rec.pc);
		return true;
	}
	for (size_t i = 0; i < j->n_blobs; i++)
		for (size_t k = 0; k <= j->n_blobs; k++) {
			uint64_t pc = j->blobs[i].base;

			if (!try_rec(j, e, pc, k ? j->blobs[k - 1].base : 0))
				continue;
			ccg_blame(j, e, "a vCPU is missing, which begins at %#" PRIx64,
				  pc);
			return true;
		}
	return false;
}

/* Tries events that the log may lack: a vCPU, or the log itself. */
static bool guess_missing(struct job *j, struct ccg_expected *e)
{
	struct guess log = { .log = &j->summary->opts.place };

	if (!j->has_log && j->summary->opts.flags & CC_LOG_PLACED &&
	    tries(j, e, log)) {
		ccg_blame(j, e, "LOG: is missing");
		return true;
	}
	return guess_missing_rec(j, e);
}

static bool is_loaded(const struct job *j, uint64_t address)
{
	for (size_t i = 0; i < j->n_blobs; i++)
		if (address >= j->blobs[i].base &&
		    address - j->blobs[i].base < j->blobs[i].size)
			return true;
	return false;
}

/* No guess fits: reports an inconsistency of the log, if there is one. */
static void suspect(struct job *j, struct ccg_expected *e)
{
	uint64_t pc = j->rec.pc, x0 = j->rec.gprs[0];

	if (j->rec_event && !is_loaded(j, pc))
		ccg_blame(j, e, "event %zu: the vCPU begins at %#" PRIx64
			  ", where the log has no image", j->rec_event, pc);
	else if (j->rec_event && x0 && !is_loaded(j, x0))
		ccg_blame(j, e, "event %zu: x0 is %#" PRIx64
			  ", where the log has no image", j->rec_event, x0);
	else if (j->cut)
		ccg_blame(j, e, "RIM: not searched: %s", j->cut);
	else
		ccg_blame(j, e, "RIM: no single fault that is tried explains the difference");
}

static bool guess_fault(struct job *j, struct ccg_expected *e)
{
	/* Memory in blocks of 4 KiB needs too many extensions for a guess. */
	if (!j->v->blocks && j->blocks_min < 1)
		j->blocks_min = 1;
	return guess_missing(j, e) || guess_events(j, e) || guess_rec(j, e) ||
	       guess_ram(j, e) || guess_moved(j, e) || guess_files(j, e) ||
	       guess_parameters(j, e);
}

/* True if a single fault explains the RIM. */
static bool search_rim(struct job *j, struct ccg_expected *e)
{
	bool found;

	ccg_rim_work(j, "the search for a fault", BUDGET_FAULTS);
	j->cut = j->more_steps ? CUT_EVENTS : NULL;
	found = guess_choice(j, e) || guess_fault(j, e);
	ccg_rim_work_done(j);
	return found;
}

/**
 * ccg_rim_fault - report the fault that explains the difference of a RIM
 * @j: the job; @j->undecided says whether ccg_rim_fits() tried all ways
 * @e: the RIM, with the result CCG_DIFFERS
 *
 * If no fault is found, and not all ways were tried, the way that was not tried
 * may give the RIM: the result becomes CCG_UNKNOWN_VALUE.
 */
void ccg_rim_fault(struct job *j, struct ccg_expected *e)
{
	bool undecided = j->undecided;

	/* ccg_blame() would ignore the result of a search. */
	if (ccg_is_worst(j, e) && search_rim(j, e))
		return;
	if (!undecided) {
		suspect(j, e);
		return;
	}
	e->match = CCG_UNKNOWN_VALUE;
	ccg_blame(j, e, "RIM: not all block sizes were tried: memory in smaller blocks needs "
		  CUT_WAYS "; name the size with --ripas-blocks");
}

/* The other registers ------------------------------------------------------ */

/**
 * struct extend - an event that extends a register
 * @nr: number of the event
 * @digest: digest that extends the register
 * @n_data: number of @data
 * @data: digests of the data that @digest may cover
 */
struct extend {
	size_t nr;
	const uint8_t *digest;
	size_t n_data;
	uint8_t data[HASHED_FORMS_MAX][EVP_MAX_MD_SIZE];
};

/* A register, and the events that extend it. */
struct chain {
	const struct job *j;
	const struct ccg_expected *e;
	const EVP_MD *md;
	size_t n;
	struct extend events[EXTENDS_MAX];
};

static void take_extend(struct chain *c, const struct cc_log_event *ev,
			const uint8_t *digest)
{
	struct extend *x = &c->events[c->n++];
	struct hashed h;

	*x = (struct extend) { .nr = ev->nr, .digest = digest };
	ccg_hashed_forms(ev, &h);
	for (size_t i = 0; i < h.n; i++)
		if (!ccg_form_digest(&h.forms[i], c->e->alg,
				     x->data[x->n_data]))
			x->n_data++;
}

/* Returns false if there are more than EXTENDS_MAX events. */
static bool take_extends(struct chain *c)
{
	struct cc_log_event ev;

	ccg_log_rewind(c->j->log);
	while (ccg_log_next(c->j->log, &ev)) {
		if (ev.index != c->e->index || ev.type == CC_EV_NO_ACTION)
			continue;
		for (size_t i = 0; i < ev.n_digests; i++) {
			if (ev.digests[i].alg != c->e->alg)
				continue;
			if (c->n == EXTENDS_MAX)
				return false;
			take_extend(c, &ev, ev.digests[i].data);
		}
	}
	return true;
}

/*
 * H(old || digest); may pad a realm's digest, see cc_rem_extend().
 */
static bool extend(const struct chain *c, uint8_t *value, const uint8_t *digest)
{
	bool padded = c->j->v->padded && c->j->summary->is_realm;
	uint8_t buf[2 * EVP_MAX_MD_SIZE] = {};
	size_t len = c->e->len;

	memcpy(buf, value, len);
	memcpy(buf + len, digest, len);
	return EVP_Digest(buf, padded ? len + CC_RIM_LEN : 2 * len, value, NULL,
			  c->md, NULL) == 1;
}

/* Whether @digest, if set, and the events from @i on give the register. */
static bool leads(const struct chain *c, const uint8_t *before,
		  const uint8_t *digest, size_t i)
{
	uint8_t value[EVP_MAX_MD_SIZE];
	bool good = true;

	memcpy(value, before, sizeof(value));
	if (digest)
		good = extend(c, value, digest);
	for (; good && i < c->n; i++)
		good = extend(c, value, c->events[i].digest);
	return good && !memcmp(value, c->e->value, c->e->len);
}

static bool leads_swapped(const struct chain *c, const uint8_t *before,
			  size_t i)
{
	uint8_t value[EVP_MAX_MD_SIZE];

	memcpy(value, before, sizeof(value));
	return i + 1 < c->n && extend(c, value, c->events[i + 1].digest) &&
	       leads(c, value, c->events[i].digest, i + 2);
}

static bool leads_by_data(const struct chain *c, const uint8_t *before,
			  size_t i)
{
	for (size_t k = 0; k < c->events[i].n_data; k++)
		if (leads(c, before, c->events[i].data[k], i + 1))
			return true;
	return false;
}

/* Describes the fault of an event; @before: the register before the event. */
static bool find(const struct chain *c, size_t i, const uint8_t *before,
		 char *text, size_t size)
{
	size_t nr = c->events[i].nr;

	if (leads(c, before, NULL, i + 1))
		snprintf(text, size, "event %zu did not happen, or was not measured",
			 nr);
	else if (leads(c, before, NULL, c->n))
		snprintf(text, size, "event %zu and all later events were not measured",
			 nr);
	else if (leads_swapped(c, before, i))
		snprintf(text, size, "events %zu and %zu happened in the other order",
			 nr, c->events[i + 1].nr);
	else if (leads_by_data(c, before, i))
		snprintf(text, size, "event %zu has another digest than its data",
			 nr);
	else
		return false;
	return true;
}

static bool search(const struct chain *c, char *text, size_t size)
{
	uint8_t value[EVP_MAX_MD_SIZE];

	/* The initial value of ccg_log_replay(), without a locality. */
	ccg_register_reset(c->j->summary, c->e->index, value, sizeof(value));
	for (size_t i = 0; i < c->n; i++)
		if (find(c, i, value, text, size))
			return true;
		else if (!extend(c, value, c->events[i].digest))
			return false;
	return false;
}

/**
 * ccg_register_fault - report the fault that explains a register
 * @j: the job
 * @e: the register, which events extend
 */
void ccg_register_fault(struct job *j, struct ccg_expected *e)
{
	char name[16], text[128] = "an event is wrong or missing";
	struct chain *c;

	/* ccg_blame() would ignore the result. */
	if (!ccg_is_worst(j, e))
		return;
	c = calloc(1, sizeof(*c));
	if (!c) {
		j->rc = -ENOMEM;
		return;
	}
	c->j = j;
	c->e = e;
	c->md = ccg_log_md(e->alg);
	if (c->md && take_extends(c))
		search(c, text, sizeof(text));
	else if (c->md)
		snprintf(text, sizeof(text),
			 "not searched: more than %d events extend it",
			 EXTENDS_MAX);
	ccg_log_register_name(j->summary, e->index, name, sizeof(name));
	ccg_blame(j, e, "%s: %s", name, text);
	free(c);
}
