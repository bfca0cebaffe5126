// SPDX-License-Identifier: GPL-2.0-only
/*
 * The log of what was measured: where it is, and what it adds up to.
 */
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cca/hash.h"
#include "internal.h"

#define HUGE_PAGE	((size_t)0x200000)

/* Where this machine may have a log; the first that is there is taken. */
static const char *const sources[] = {
	CCG_LOG_DIR "/0/binary_measurements",
	"/sys/firmware/acpi/tables/data/CCEL",
	CCG_SECURITYFS "/tpm0/binary_bios_measurements",
};

/**
 * struct ccg_log - a log, read and checked
 * @ctx: the context
 * @path: where it comes from
 * @live: it is this machine's
 * @buf: its bytes
 * @len: their number
 * @summary: what is known of all of it
 * @walk: where the walk over its events stands
 */
struct ccg_log {
	struct ccg_ctx *ctx;
	char *path;
	bool live;
	uint8_t *buf;
	size_t len;
	struct cc_log summary;
	struct cc_log walk;
};

/* With few faults: a page at a time they cost more than to read the log. */
static uint8_t *room_for(size_t size)
{
	size_t all = (size + HUGE_PAGE - 1) & ~(HUGE_PAGE - 1);
	uint8_t *buf;

	if (size < HUGE_PAGE)
		return malloc(size);
	buf = aligned_alloc(HUGE_PAGE, all);
	if (buf)
		madvise(buf, all, MADV_HUGEPAGE);
	return buf;
}

/*
 * A log is no secret: one buffer of the file's size will do, where there is a
 * size.
 */
static int load_fd(struct ccg_log *log, int fd, const char *path)
{
	struct stat st;
	int rc;

	if (fstat(fd, &st) || !S_ISREG(st.st_mode) || st.st_size <= 0 ||
	    st.st_size > CCG_LOG_MAX)
		return ccg_load_fd(log->ctx, fd, path, CCG_LOG_MAX, &log->buf,
				   &log->len);
	log->buf = room_for(st.st_size);
	if (!log->buf)
		return ccg_fail_errno(log->ctx, -ENOMEM, path);
	rc = ccg_read_fd(fd, log->buf, st.st_size, &log->len);
	return rc ? ccg_fail_errno(log->ctx, rc, path) : 0;
}

static int load_live(struct ccg_log *log)
{
	struct ccg_advice a;
	int fd, rc;

	for (size_t i = 0; i < ARRAY_SIZE(sources); i++) {
		fd = ccg_open(log->ctx, sources[i], O_RDONLY);
		if (fd == -ENOENT || fd == -ENOTDIR)
			continue;
		if (fd < 0)
			return ccg_fail_errno(log->ctx, fd, sources[i]);
		rc = load_fd(log, fd, sources[i]);
		close(fd);
		if (rc)
			return rc;
		log->path = strdup(sources[i]);
		return log->path ? 0 :
		       ccg_fail_errno(log->ctx, -ENOMEM, sources[i]);
	}
	ccg_module_advice(log->ctx, "cc_event_log", &a);
	return ccg_fail_advised(log->ctx, -ENODEV, "measurement log",
				"this machine shows none, and no file was named",
				&a);
}

static int load(struct ccg_log *log, const char *file)
{
	bool from_stdin = file && !strcmp(file, "-");
	int fd, rc;

	if (!file)
		return load_live(log);
	log->path = strdup(from_stdin ? "standard input" : file);
	if (!log->path)
		return ccg_fail_errno(log->ctx, -ENOMEM, file);
	if (from_stdin)
		return load_fd(log, STDIN_FILENO, log->path);
	fd = open(file, O_RDONLY | O_CLOEXEC | O_NOCTTY);
	if (fd < 0)
		return ccg_fail_errno(log->ctx, -errno, file);
	rc = load_fd(log, fd, file);
	close(fd);
	return rc;
}

/**
 * ccg_log_open - read a log and check it
 * @ctx: the context
 * @file: the file, "-" for standard input; NULL for this machine's log
 * @opts: how to read it, or NULL
 * @logp: set to the log; close it with ccg_log_close()
 *
 * Return: 0; -ENODEV where this machine has no log; -EBADMSG where it is
 * malformed; or another negative errno.
 */
int ccg_log_open(struct ccg_ctx *ctx, const char *file,
		 const struct cc_log_opts *opts, struct ccg_log **logp)
{
	struct ccg_log *log = calloc(1, sizeof(*log));
	struct cc_log_fault f;
	struct cc_log_event ev;
	int rc;

	if (!log)
		return ccg_fail_errno(ctx, -ENOMEM, "measurement log");
	log->ctx = ctx;
	log->live = !file;
	rc = load(log, file);
	if (rc)
		goto fail;
	rc = cc_log_check(&log->summary, log->buf, log->len, opts, &ev, &f);
	if (rc) {
		ccg_fail(ctx, rc, CCG_FAILED, log->path,
			 "event %zu: %s: %s at offset %zu is %#" PRIx64 ", limit %#" PRIx64,
			 f.event, f.what, f.field, f.offset, f.value, f.limit);
		goto fail;
	}
	ccg_log_rewind(log);
	*logp = log;
	return 0;

fail:
	ccg_log_close(log);
	return rc;
}

/**
 * ccg_log_close - forget a log
 * @log: the log, or NULL
 */
void ccg_log_close(struct ccg_log *log)
{
	if (!log)
		return;
	free(log->buf);
	free(log->path);
	free(log);
}

/**
 * ccg_log_path - find out where a log comes from
 * @log: the log
 *
 * Return: the path.
 */
const char *ccg_log_path(const struct ccg_log *log)
{
	return log->path;
}

/**
 * ccg_log_summary - find out what is known of a log as a whole
 * @log: the log
 *
 * Return: what lib/cc_log.h knows of it.
 */
const struct cc_log *ccg_log_summary(const struct ccg_log *log)
{
	return &log->summary;
}

/**
 * ccg_log_is_live - find out whether a log is this machine's
 * @log: the log
 *
 * Return: whether it is.
 */
bool ccg_log_is_live(const struct ccg_log *log)
{
	return log->live;
}

/**
 * ccg_log_rewind - walk from the start again
 * @log: the log
 */
void ccg_log_rewind(struct ccg_log *log)
{
	struct cc_log_fault fault;

	/* It was good when it was checked. */
	cc_log_begin(&log->walk, log->buf, log->len, &log->summary.opts, &fault);
}

/**
 * ccg_log_next - take the next event, those behind the header
 * @log: the log
 * @ev: set to the event
 *
 * Return: whether there was one.
 */
bool ccg_log_next(struct ccg_log *log, struct cc_log_event *ev)
{
	struct cc_log_fault fault;

	return !cc_log_next(&log->walk, ev, &fault);
}

/* Replay ------------------------------------------------------------------- */

/**
 * ccg_log_md - OpenSSL's name for an algorithm
 * @alg: the algorithm, of lib/cc_log.h
 *
 * Return: what OpenSSL has; NULL where it is not known.
 */
const EVP_MD *ccg_log_md(uint16_t alg)
{
	switch (alg) {
	case CC_ALG_SHA1:
		return EVP_sha1();
	case CC_ALG_SHA256:
		return EVP_sha256();
	case CC_ALG_SHA384:
		return EVP_sha384();
	case CC_ALG_SHA512:
		return EVP_sha512();
	case CC_ALG_SM3:
		return EVP_sm3();
	default:
		return NULL;
	}
}

/* All registers of a log: for each algorithm, one for each index. */
struct replay {
	const struct cc_log *log;
	EVP_MD_CTX *md;
	struct ccg_register regs[CC_LOG_ALGS_MAX * (CC_INDEX_PCR_MAX + 1)];
};

static struct ccg_register *reg_of(struct replay *r, uint16_t alg,
				   uint32_t index)
{
	for (size_t i = 0; i < r->log->n_algs; i++)
		if (r->log->algs[i].id == alg)
			return &r->regs[i * (CC_INDEX_PCR_MAX + 1) + index];
	return NULL;
}

/* TCG PC Client Platform TPM Profile, 3.3: those of the dynamic launch. */
static bool starts_with_ones(uint32_t pcr)
{
	return pcr >= 17 && pcr <= 22;
}

static void reset(struct replay *r)
{
	bool pcrs = cc_log_uses_pcrs(r->log);

	for (size_t i = 0; i < r->log->n_algs; i++)
		for (uint32_t n = 0; n <= CC_INDEX_PCR_MAX; n++) {
			struct ccg_register *reg =
				&r->regs[i * (CC_INDEX_PCR_MAX + 1) + n];

			reg->index = n;
			reg->alg = r->log->algs[i].id;
			reg->len = r->log->algs[i].len;
			memset(reg->value, pcrs && starts_with_ones(n) ? 0xff : 0,
			       sizeof(reg->value));
		}
}

/* The profile, 10.4.5.3: in the last byte of PCR 0, for all algorithms. */
static void set_locality(struct replay *r, uint8_t locality)
{
	for (size_t i = 0; i < r->log->n_algs; i++) {
		struct ccg_register *reg = &r->regs[i * (CC_INDEX_PCR_MAX + 1)];

		if (!reg->n_events)
			reg->value[reg->len - 1] = locality;
	}
}

static void take_no_action(struct replay *r, const struct cc_log_event *ev)
{
	static const char locality[16] = "StartupLocality";

	if (cc_log_uses_pcrs(r->log) && ev->size == sizeof(locality) + 1 &&
	    !memcmp(ev->data, locality, sizeof(locality)))
		set_locality(r, ev->data[sizeof(locality)]);
}

static bool extend(struct replay *r, struct ccg_register *reg,
		   const struct cc_digest *d)
{
	const EVP_MD *md = ccg_log_md(reg->alg);

	if (!md)
		return true;
	reg->n_events++;
	return EVP_DigestInit_ex(r->md, md, NULL) == 1 &&
	       EVP_DigestUpdate(r->md, reg->value, reg->len) == 1 &&
	       EVP_DigestUpdate(r->md, d->data, d->len) == 1 &&
	       EVP_DigestFinal_ex(r->md, reg->value, NULL) == 1;
}

/*
 * A realm's register 0 is its initial measurement: no extension, another kind
 * of arithmetic. See lib/cc_rim.h.
 */
static bool extends(const struct replay *r, const struct cc_log_event *ev)
{
	return ev->type != CC_EV_NO_ACTION && ev->index <= CC_INDEX_PCR_MAX &&
	       (ev->index || !r->log->is_realm);
}

static bool replay_event(struct replay *r, const struct cc_log_event *ev)
{
	bool good = true;

	if (ev->type == CC_EV_NO_ACTION)
		take_no_action(r, ev);
	if (!extends(r, ev))
		return true;
	/* The H-CRTM's locality is 4, without a StartupLocality. */
	if (ev->type == 0x80000010 && cc_log_uses_pcrs(r->log) && !ev->index)
		set_locality(r, 4);
	for (size_t i = 0; good && i < ev->n_digests; i++)
		good = extend(r, reg_of(r, ev->digests[i].alg, ev->index),
			      &ev->digests[i]);
	return good;
}

/**
 * ccg_log_replay - work out the registers that a log adds up to
 * @log: the log; its walk is rewound
 * @regsp: set to the registers that it extends, by algorithm and number; free
 *	   them with free()
 * @np: set to their number
 *
 * Return: 0 or a negative errno.
 */
int ccg_log_replay(struct ccg_log *log, struct ccg_register **regsp, size_t *np)
{
	struct replay *r = calloc(1, sizeof(*r));
	struct cc_log_event ev;
	bool good = true;

	*regsp = calloc(ARRAY_SIZE(r->regs), sizeof(**regsp));
	if (!r || !*regsp) {
		free(*regsp);
		free(r);
		return ccg_fail_errno(log->ctx, -ENOMEM, log->path);
	}
	r->log = &log->summary;
	r->md = EVP_MD_CTX_new();
	good = r->md;
	reset(r);
	ccg_log_rewind(log);
	while (good && ccg_log_next(log, &ev))
		good = replay_event(r, &ev);
	ccg_log_rewind(log);

	*np = 0;
	for (size_t i = 0; good && i < ARRAY_SIZE(r->regs); i++)
		if (r->regs[i].n_events)
			(*regsp)[(*np)++] = r->regs[i];
	EVP_MD_CTX_free(r->md);
	free(r);
	if (good)
		return 0;
	free(*regsp);
	return ccg_fail(log->ctx, -EIO, CCG_FAILED, log->path,
			"the registers cannot be hashed");
}
