// SPDX-License-Identifier: GPL-2.0-only
/*
 * The initial measurement of a realm, computed from its log and from known-good
 * images.
 */
#include <errno.h>
#include <inttypes.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <ccguest/log.h>
#include <ccguest/verify.h>

#include "cca/granules.h"
#include "cca/hash.h"
#include "core/ctx.h"
#include "verify/verify.h"

/**
 * ccg_not_known - report that no known-good image has an event's digest
 * @j: the job
 * @e: the RIM
 * @ev: the event
 *
 * Return: -ENOENT.
 */
int ccg_not_known(struct job *j, struct ccg_expected *e,
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
	const struct cc_digest *d = ccg_job_digest(j, ev);
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
	return rc == -ENOENT ? ccg_not_known(j, e, ev) : rc;
}

static void note_step(struct job *j, size_t nr)
{
	if (j->n_steps < VERIFY_STEPS_MAX)
		j->steps[j->n_steps++] = nr;
	else
		j->more_steps = true;
}

/* Notes facts about the log for the search for a fault. */
static void note_event(struct job *j, const struct cc_log_event *ev)
{
	if (ev->realm.kind > CC_REALM_CREATE)
		note_step(j, ev->nr);
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

/**
 * ccg_forget_images - free what ccg_find_images() found
 * @j: the job
 */
void ccg_forget_images(struct job *j)
{
	for (size_t i = 0; i < j->n_blobs; i++)
		ccg_granules_close(&j->blobs[i].image);
	j->n_blobs = 0;
	j->n_steps = 0;
	j->more_steps = false;
	j->n_ram = 0;
	j->rec_event = 0;
}

/* A missing directory must not be reported as a missing image. */
static bool can_search(const char *path)
{
	struct stat st;

	if (stat(path, &st))
		return false;
	if (S_ISDIR(st.st_mode))
		return !access(path, R_OK | X_OK);
	errno = ENOTDIR;
	return false;
}

/**
 * ccg_find_images - find the images of a log among the known-good ones
 * @j: the job
 * @e: the RIM
 *
 * Return: 0; -ENOENT if an image is not known, see ccg_not_known(); or another
 * negative errno.
 */
int ccg_find_images(struct job *j, struct ccg_expected *e)
{
	const char *images = j->v->images;
	struct cc_log_event ev;
	int rc = 0;

	if (images && !can_search(images)) {
		ccg_fail_errno(j->ctx, -errno, images);
		return -ENOTDIR;
	}
	/* A RIM may be expected more than once. */
	ccg_forget_images(j);
	ccg_log_rewind(j->log);
	while (!rc && ccg_log_next(j->log, &ev)) {
		note_event(j, &ev);
		if (ev.realm.kind == CC_REALM_BLOB)
			rc = find_image(j, e, &ev);
	}
	return rc;
}

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

/**
 * ccg_keep_steps - add the steps of a confirmed RIM to the database of granules
 * @j: the job
 */
void ccg_keep_steps(struct job *j)
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

/* Number of extensions between two reports: several reports per second. */
#define PROGRESS_STEP	0x40000

/* One event of a log of 64 KiB can need millions of extensions. */
static int digest_with_progress(void *arg, uint8_t algo, const uint8_t *data,
				size_t len, uint8_t *out)
{
	struct job *j = arg;
	struct ccg_ctx *ctx = j->ctx;

	if (!(++j->n_extensions % PROGRESS_STEP) && ctx->progress) {
		j->shown = true;
		ctx->progress(ctx->progress_arg, j->work, j->n_extensions,
			      j->work_all);
	}
	return ccg_hash_ops.digest(&j->h, algo, data, len, out);
}

static const struct cc_hash_ops progress_ops = {
	.digest = digest_with_progress,
};

/**
 * ccg_rim_work - start a task that extends RIMs
 * @j: the job
 * @work: name of the task, for the progress
 * @budget: limit for the extensions of the task
 */
void ccg_rim_work(struct job *j, const char *work, uint64_t budget)
{
	j->work = work;
	j->budget = budget;
	j->work_all = budget;
	j->n_extensions = 0;
	j->shown = false;
}

/**
 * ccg_rim_work_done - end the progress of a task
 * @j: the job
 */
void ccg_rim_work_done(struct job *j)
{
	if (j->shown)
		j->ctx->progress(j->ctx->progress_arg, j->work, j->work_all,
				 j->work_all);
	j->shown = false;
}

/**
 * ccg_rim_rebuild - compute the RIM from the log and a guess
 * @j: the job, the images found
 * @g: the guess
 * @rim: set to the RIM
 *
 * Return: 0; -EINVAL if the guess is impossible; -E2BIG at the end of the
 * budget; -ENOENT if an image is lost, see struct job; or another negative
 * errno.
 */
int ccg_rim_rebuild(struct job *j, const struct guess *g, struct cc_rim *rim)
{
	size_t last = j->n_blobs ? j->blobs[j->n_blobs - 1].event : 0;
	uint64_t budget = j->budget < BUDGET_TRY ? j->budget : BUDGET_TRY;
	struct cc_log_event ev;
	int rc = 0;

	*rim = (struct cc_rim) {
		.ops = &progress_ops, .ctx = j, .rmm = g->rmm,
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
	if (rc == -E2BIG && budget == j->budget)
		j->cut = CUT_EXTENSIONS;
	j->budget -= budget - rim->budget;
	return rc;
}

static bool fits(struct job *j, const struct guess *g,
		 const struct ccg_expected *e)
{
	struct cc_rim rim;
	int rc = ccg_rim_rebuild(j, g, &rim);

	/* Smaller blocks need more extensions. */
	if (rc == -E2BIG) {
		j->undecided = true;
		j->blocks_min = g->blocks;
	}
	/* An impossible guess and a spent budget are not errors. */
	if (rc && rc != -EINVAL && rc != -E2BIG && rc != -ENOENT)
		j->rc = rc;
	return !rc && !memcmp(rim.value, e->value, e->len);
}

/* The options of the caller allow the guess, and the budget suffices. */
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
 * @g: the guess; rmm and blocks, which differ between valid hosts and RMMs, are
 *     set to the values that explain the RIM
 * @e: the RIM
 *
 * Return: true if the guess explains the RIM.
 */
bool ccg_rim_fits(struct job *j, struct guess *g, const struct ccg_expected *e)
{
	/* The guesses with the fewest extensions come first. */
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
