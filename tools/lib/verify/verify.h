/* SPDX-License-Identifier: GPL-2.0-only */
/* Private to this room: a log that is being verified. */
#ifndef CCGUEST_VERIFY_ROOM_H
#define CCGUEST_VERIFY_ROOM_H

#include <ccguest/ctx.h>
#include <ccguest/log.h>
#include <ccguest/verify.h>

#include "cca/granules.h"
#include "cca/hash.h"
#include "core/ctx.h"

/*
 * Limits of the search for a fault, and the reason that is reported at each
 * limit: events of a realm that are omitted or swapped; extensions of the RIM,
 * which take some seconds; known-good images that are tried in the place of the
 * log's images.
 */
#define VERIFY_STEPS_MAX	64
#define CUT_EVENTS	"the log has more than 64 events of the realm"
#define BUDGET_FAULTS	0x2000000ULL
#define CUT_EXTENSIONS	"the bound of 33554432 extensions was reached"
#define FILES_MAX	128
#define CUT_FILES	"there are more than 128 known-good images"
#define CUT_WAYS	"more extensions than are allowed"

/*
 * Limits for extensions: of one way in which the log may have been created,
 * including one extension per event; and of all ways that decide the verdict.
 */
#define BUDGET_TRY	(4 * CC_LOG_BLOBS_MAX / CC_GRANULE)
#define BUDGET_LOG	(2 * BUDGET_TRY)

/**
 * struct guess - a difference between the log and the real events
 * @rmm: version of the RMM
 * @blocks: largest blocks in which the host declares memory
 * @skip: number of an event that did not happen, or 0
 * @swap: number of an event that happened right after the next, or 0
 * @twice: number of an event that happened twice, or 0
 * @params: parameters of the realm, or NULL
 * @moved: number of a blob's event that has a wrong address, or 0
 * @base: the right address
 * @ram: declared memory, or NULL
 * @ram_event: number of the event with wrong memory; 0 if the event is missing
 *	       after the realm's creation
 * @rec: the right first vCPU, or NULL; a vCPU missing in the log comes last
 * @log: address and size of the log if the log lacks them, or NULL
 */
struct guess {
	enum cc_rmm rmm;
	unsigned int blocks;
	size_t skip;
	size_t swap;
	size_t twice;
	const struct cc_realm_params *params;
	size_t moved;
	uint64_t base;
	const struct cc_range *ram;
	size_t ram_event;
	const struct cc_rec_params *rec;
	const struct cc_range *log;
};

/**
 * struct blob - an image of the log
 * @event: number of its event
 * @base: its address in the log
 * @size: size of the image in bytes
 * @image: the image in the database
 * @step: the last step of the RIM that includes the image
 */
struct blob {
	size_t event;
	uint64_t base;
	uint64_t size;
	struct granules image;
	struct granules_step step;
};

/**
 * struct job - a log that is being verified
 * @ctx: the context
 * @log: the log
 * @summary: properties of the log
 * @v: the expected registers, the options, and the result
 * @h: hashes for the realm
 * @n_blobs: number of @blobs
 * @blobs: images of the log
 * @rec_event: number of the first runnable vCPU's event, or 0
 * @rec: the first runnable vCPU
 * @create_event: number of REALM_CREATE
 * @n_ram: number of INIT_RIPAS
 * @ram_event: number of the first INIT_RIPAS
 * @ram: memory of the first INIT_RIPAS
 * @ram_size: memory size in VM VERSION, or 0
 * @has_log: the log has its own address
 * @n_steps: number of @steps
 * @steps: numbers of the first events that extend the RIM
 * @more_steps: more events extend the RIM
 * @budget: number of further extensions that are allowed
 * @work: name of the current task, for the progress
 * @work_all: @budget at the start of the task
 * @n_extensions: number of extensions, to report progress
 * @shown: progress of the task was reported
 * @cut: limit that made the search for a fault skip guesses, or NULL
 * @undecided: a way in which the log may have been created was not tried to its
 *	       end, because it needs too many extensions
 * @blocks_min: blocks up to this size need too many extensions
 * @held: an event that is applied after the next event
 * @lost: event whose image cannot be read again
 * @rc: errno of a failed attempt, or 0
 */
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
	size_t create_event;
	size_t n_ram;
	size_t ram_event;
	struct cc_range ram;
	uint64_t ram_size;
	bool has_log;
	size_t n_steps;
	size_t steps[VERIFY_STEPS_MAX];
	bool more_steps;
	uint64_t budget;
	const char *work;
	uint64_t work_all;
	uint64_t n_extensions;
	bool shown;
	const char *cut;
	bool undecided;
	unsigned int blocks_min;
	struct cc_log_event held;
	struct cc_log_event lost;
	int rc;
};

/* job.c */
const struct cc_digest *ccg_job_digest(const struct job *j,
				       const struct cc_log_event *ev);
bool ccg_is_rim(const struct job *j, uint32_t index);
bool ccg_is_worst(const struct job *j, const struct ccg_expected *e);
__printf(3, 4)
void ccg_blame(struct job *j, struct ccg_expected *e, const char *fmt, ...);

/* expect.c */
int ccg_verify_expect(struct ccg_ctx *ctx, struct ccg_log *log,
		      const struct ccg_expected *e, const char *source,
		      struct ccg_verify *v);

/* rim.c */
void ccg_rim_work(struct job *j, const char *work, uint64_t budget);
void ccg_rim_work_done(struct job *j);
int ccg_find_images(struct job *j, struct ccg_expected *e);
void ccg_forget_images(struct job *j);
int ccg_not_known(struct job *j, struct ccg_expected *e,
		  const struct cc_log_event *ev);
int ccg_rim_rebuild(struct job *j, const struct guess *g, struct cc_rim *rim);
bool ccg_rim_fits(struct job *j, struct guess *g, const struct ccg_expected *e);
void ccg_keep_steps(struct job *j);

/* events.c */
int ccg_conclude(struct job *j);

/* fault.c */
void ccg_rim_fault(struct job *j, struct ccg_expected *e);

/* chain.c */
void ccg_register_fault(struct job *j, struct ccg_expected *e);

#endif /* CCGUEST_VERIFY_ROOM_H */
