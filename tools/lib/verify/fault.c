// SPDX-License-Identifier: GPL-2.0-only
/*
 * Searches for the reason why a RIM differs from the log. The search tries
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

/* Hashing a granule takes as long as this number of extensions. */
#define COST_GRANULE	16

/* Base addresses of guest memory: QEMU's virt, kvmtool. */
static const uint64_t ram_bases[] = { 0x40000000, 0x80000000 };

/* Distances that an image may have moved: alignments of loaders. */
static const uint64_t moves[] = { 0x1000, 0x10000, 0x200000 };

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

/*
 * A number of REALM_CREATE, and the flag that enables it. DEN0137,
 * RmiRealmParams: some numbers are counts minus 1. The message has the count, as
 * ccg_log_meaning().
 */
static const struct number {
	const char *before;
	const char *after;
	size_t offset;
	uint8_t first;
	uint8_t last;
	uint8_t minus;
	unsigned int unit;
	uint64_t flag;
} numbers[] = {
	{ "realm of ", " bits", offsetof(struct cc_realm_params, s2sz),
	  32, 52, 0, 1, 0 },
	{ "SVE vectors of ", " bits", offsetof(struct cc_realm_params, sve_vl),
	  0, 15, 1, 128, CC_REALM_SVE },
	{ "", " breakpoints", offsetof(struct cc_realm_params, num_bps),
	  0, 63, 1, 1, 0 },
	{ "", " watchpoints", offsetof(struct cc_realm_params, num_wps),
	  0, 63, 1, 1, 0 },
	{ "", " counters", offsetof(struct cc_realm_params, pmu_num_ctrs),
	  0, 31, 0, 1, CC_REALM_PMU },
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
		ccg_blame(j, e, "event %zu, REALM_CREATE: %s%u%s, not %u",
			  j->create_event, n->before, n->unit * (i + n->minus),
			  n->after, n->unit * (was + n->minus));
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
