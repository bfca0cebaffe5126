// SPDX-License-Identifier: GPL-2.0-only
/*
 * Measurement logs: finding, reading and checking them.
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

#include <ccguest/ctx.h>
#include <ccguest/log.h>
#include <ccguest/module.h>

#include "core/ctx.h"
#include "core/io.h"
#include "kmod/advice.h"
#include "kmod/kernel.h"
#include "log/log.h"

#define HUGE_PAGE	((size_t)0x200000)

/* Logs of this machine; the first one that exists is read. */
static const char *const sources[] = {
	CCG_LOG_DIR "/0/binary_measurements",
	"/sys/firmware/acpi/tables/data/CCEL",
	CCG_SECURITYFS "/tpm0/binary_bios_measurements",
};

/* Uses huge pages: page faults would take longer than reading the log. */
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
 * A log is not a secret, so a buffer of the file's size is enough. A file
 * without a size needs ccg_load_fd().
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

/* Loads a file of this machine; no reason is noted for -ENOENT and -ENOTDIR. */
static int load_source(struct ccg_log *log, const char *path)
{
	int rc, fd = ccg_open(log->ctx, path, O_RDONLY);

	if (fd == -ENOENT || fd == -ENOTDIR)
		return fd;
	if (fd < 0)
		return ccg_fail_errno(log->ctx, fd, path);
	rc = load_fd(log, fd, path);
	close(fd);
	if (rc)
		return rc;
	log->path = strdup(path);
	return log->path ? 0 : ccg_fail_errno(log->ctx, -ENOMEM, path);
}

static int load_live(struct ccg_log *log)
{
	struct ccg_advice a;
	int rc;

	for (size_t i = 0; i < ARRAY_SIZE(sources); i++) {
		rc = load_source(log, sources[i]);
		if (rc != -ENOENT && rc != -ENOTDIR)
			return rc;
	}
	ccg_module_advice(log->ctx, "cc_event_log", &a);
	return ccg_fail_advised(log->ctx, -ENODEV, "measurement log",
				"this machine shows no log, and no file was named",
				&a);
}

static int load_number(struct ccg_log *log, uint32_t number)
{
	char path[sizeof(CCG_LOG_DIR "/4294967295/binary_measurements")];
	char name[sizeof("4294967295")];
	int rc;

	/* Without the directory, the advice is about the missing module. */
	rc = ccg_logs_present(log->ctx);
	if (rc)
		return rc;
	snprintf(path, sizeof(path), CCG_LOG_DIR "/%" PRIu32 "/binary_measurements",
		 number);
	rc = load_source(log, path);
	if (rc != -ENOENT && rc != -ENOTDIR)
		return rc;
	snprintf(name, sizeof(name), "%" PRIu32, number);
	ccg_fail(log->ctx, -ENOENT, CCG_NOT_FOUND, name,
		 "there is no log of this number in %s", CCG_LOG_DIR);
	ccg_hint(log->ctx, "ccguest log list lists the logs; ./%s names a file",
		 name);
	return -ENOENT;
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

static struct ccg_log *new_log(struct ccg_ctx *ctx, bool live)
{
	struct ccg_log *log = calloc(1, sizeof(*log));

	if (!log) {
		ccg_fail_errno(ctx, -ENOMEM, "measurement log");
		return NULL;
	}
	log->ctx = ctx;
	log->live = live;
	return log;
}

int ccg_log_fail(struct ccg_log *log)
{
	const struct cc_log_fault *f = &log->fault;

	return ccg_fail(log->ctx, -EBADMSG, CCG_FAILED, log->path,
			"event %zu: %s: %s at offset %zu is %#" PRIx64 ", limit %#" PRIx64,
			f->event, f->what, f->field, f->offset, f->value,
			f->limit);
}

static int check(struct ccg_log *log, const struct cc_log_opts *opts)
{
	struct cc_log_opts lenient = {};
	struct cc_log_event ev;

	if (opts)
		lenient = *opts;
	lenient.flags |= CC_LOG_LENIENT;
	if (cc_log_check(&log->summary, log->buf, log->len, &lenient, &ev,
			 &log->fault))
		return ccg_log_fail(log);
	return 0;
}

/* Checks a loaded log; frees the log on failure. */
static int finish_open(struct ccg_log *log, int rc,
		       const struct cc_log_opts *opts, struct ccg_log **logp)
{
	if (!rc)
		rc = check(log, opts);
	if (rc) {
		ccg_log_close(log);
		return rc;
	}
	ccg_log_rewind(log);
	*logp = log;
	return 0;
}

int ccg_log_open(struct ccg_ctx *ctx, const char *file,
		 const struct cc_log_opts *opts, struct ccg_log **logp)
{
	struct ccg_log *log = new_log(ctx, !file);

	return log ? finish_open(log, load(log, file), opts, logp) : -ENOMEM;
}

int ccg_log_open_number(struct ccg_ctx *ctx, uint32_t number,
			const struct cc_log_opts *opts, struct ccg_log **logp)
{
	struct ccg_log *log = new_log(ctx, true);

	return log ? finish_open(log, load_number(log, number), opts, logp) :
		     -ENOMEM;
}

void ccg_log_close(struct ccg_log *log)
{
	if (!log)
		return;
	free(log->buf);
	free(log->path);
	free(log);
}

const char *ccg_log_path(const struct ccg_log *log)
{
	return log->path;
}

const struct cc_log *ccg_log_summary(const struct ccg_log *log)
{
	return &log->summary;
}

const struct cc_log_fault *ccg_log_fault(const struct ccg_log *log)
{
	return log->summary.broken ? &log->fault : NULL;
}

bool ccg_log_is_live(const struct ccg_log *log)
{
	return log->live;
}

void ccg_log_rewind(struct ccg_log *log)
{
	struct cc_log_fault fault;

	/* This call cannot fail: check() has read the header before. */
	cc_log_begin(&log->walk, log->buf, log->len, &log->summary.opts, &fault);
}

bool ccg_log_next(struct ccg_log *log, struct cc_log_event *ev)
{
	struct cc_log_fault fault;

	return !cc_log_next(&log->walk, ev, &fault);
}
