// SPDX-License-Identifier: GPL-2.0-only
/*
 * Reports from configfs-tsm, as the kernel's ABI/testing/configfs-tsm-report
 * describes: an entry is a directory, whose files are the request and the answer.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/io.h"
#include "report/get.h"

#define TSM_DIR		"/sys/kernel/config/tsm/report"

/* Limits: random names, and requests that another process changed. */
#define NAME_TRIES	16
#define REQUEST_TRIES	5

/* The files of an entry with numbers and names are shorter. */
#define ATTR_MAX	256

/**
 * struct entry - an entry below TSM_DIR
 * @ctx: the context
 * @req: the request
 * @a: the answer
 * @dir: descriptor of TSM_DIR
 * @fd: descriptor of the entry
 * @name: its name
 * @path: its path, or that of one of its files, for errors
 * @writes: number of writes since @generation was read
 * @generation: number of writes before this request
 */
struct entry {
	struct ccg_ctx *ctx;
	const struct ccg_report_request *req;
	struct ccg_report_answer *a;
	int dir;
	int fd;
	char name[48];
	char path[128];
	unsigned long writes;
	unsigned long generation;
};

/* Sets the path to a file of the entry; "" for the entry. */
static void set_path(struct entry *e, const char *file)
{
	snprintf(e->path, sizeof(e->path), TSM_DIR "/%s%s%s", e->name,
		 *file ? "/" : "", file);
}

static int make_name(struct entry *e)
{
	uint32_t n;
	int i;

	for (i = 0; i < NAME_TRIES; i++) {
		if (getrandom(&n, sizeof(n), 0) != sizeof(n))
			return -EIO;
		snprintf(e->name, sizeof(e->name), "ccguest-%d-%08x",
			 (int)getpid(), n);
		set_path(e, "");
		if (!mkdirat(e->dir, e->name, 0700))
			return 0;
		if (errno != EEXIST)
			return -errno;
	}
	return -EEXIST;
}

static int not_here(struct ccg_ctx *ctx, int rc)
{
	if (rc == -ENXIO) {
		ccg_fail(ctx, -ENODEV, CCG_UNSUPPORTED, TSM_DIR,
			 "the kernel has no provider of reports");
		ccg_hint(ctx,
			 "load the kernel's module sev-guest, tdx-guest or arm-cca-guest");
		return -ENODEV;
	}
	ccg_fail(ctx, -ENODEV, CCG_UNSUPPORTED, TSM_DIR, "%s", strerror(-rc));
	ccg_hint(ctx,
		 "this needs Linux 6.7 or newer, a module as sev-guest or tdx-guest, and configfs on /sys/kernel/config");
	return -ENODEV;
}

static int open_entry(struct entry *e)
{
	int rc;

	e->dir = ccg_open(e->ctx, TSM_DIR, O_RDONLY | O_DIRECTORY);
	if (e->dir == -ENOENT || e->dir == -ENOTDIR)
		return not_here(e->ctx, e->dir);
	if (e->dir < 0)
		return ccg_fail_errno(e->ctx, e->dir, TSM_DIR);
	rc = make_name(e);
	if (rc) {
		close(e->dir);
		return rc == -ENXIO ? not_here(e->ctx, rc) :
		       ccg_fail_errno(e->ctx, rc, e->path);
	}
	e->fd = openat(e->dir, e->name,
		       O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	if (e->fd >= 0)
		return 0;
	rc = ccg_fail_errno(e->ctx, -errno, e->path);
	unlinkat(e->dir, e->name, AT_REMOVEDIR);
	close(e->dir);
	return rc;
}

/* Removes the entry; a failure before takes precedence. */
static int close_entry(struct entry *e, int rc)
{
	close(e->fd);
	set_path(e, "");
	if (unlinkat(e->dir, e->name, AT_REMOVEDIR) && !rc) {
		rc = ccg_fail(e->ctx, -errno, CCG_FAILED, e->path,
			      "cannot be removed: %s", strerror(errno));
		ccg_hint(e->ctx, "run rmdir %s", e->path);
	}
	close(e->dir);
	return rc;
}

static int open_file(struct entry *e, const char *file, int flags)
{
	int fd;

	set_path(e, file);
	/* O_NONBLOCK: the file can be a FIFO below --root. */
	fd = openat(e->fd, file,
		    flags | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
	return fd < 0 ? -errno : fd;
}

/* As ccg_read_fd(), but ends when the caller wants the call to end. */
static int read_all(struct entry *e, int fd, uint8_t *buf, size_t max,
		    size_t *lenp)
{
	ssize_t n;

	*lenp = 0;
	while (*lenp < max) {
		if (ccg_get_stopped(e->req))
			return -EINTR;
		n = read(fd, buf + *lenp, max - *lenp);
		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return n ? -errno : 0;
		*lenp += n;
	}
	return 0;
}

/* Explains an errno of the kernel about a report. */
static int fail_read(struct entry *e, int rc)
{
	struct ccg_ctx *ctx = e->ctx;

	if (rc == -EINTR)
		return ccg_get_interrupted(ctx, e->path);
	if (rc == -ENXIO)
		return not_here(ctx, rc);
	ccg_fail_errno(ctx, rc, e->path);
	switch (rc) {
	case -EBUSY:
		ccg_hint(ctx,
			 "the host has not answered an earlier request: try again in a minute");
		break;
	case -EIO:
	case -ETIMEDOUT:
		ccg_hint(ctx,
			 "the host did not make the report: for TDX, the host needs a quote generation service; the kernel's log may tell more");
		break;
	case -EINVAL:
		ccg_hint(ctx,
			 "the platform refused the request: for SEV-SNP, try --privlevel with a level from that of this guest to 3");
		break;
	case -ENOTTY:
		ccg_hint(ctx,
			 "the key of this guest for messages to the firmware is lost: the guest must be started again");
		break;
	}
	return rc;
}

/* Reads a blob; *@bufp is NULL if it is empty. */
static int read_blob(struct entry *e, int fd, uint8_t **bufp, size_t *lenp)
{
	uint8_t *buf = malloc(GET_MAX + 1), *fitted;
	int rc;

	*bufp = NULL;
	if (!buf)
		return ccg_fail_errno(e->ctx, -ENOMEM, e->path);
	rc = read_all(e, fd, buf, GET_MAX + 1, lenp);
	if (rc) {
		rc = fail_read(e, rc);
	} else if (*lenp > GET_MAX) {
		rc = ccg_fail(e->ctx, -EFBIG, CCG_FAILED, e->path,
			      "is longer than the %u bytes allowed here",
			      GET_MAX);
	} else if (*lenp) {
		fitted = realloc(buf, *lenp);
		*bufp = fitted ? fitted : buf;
		return 0;
	}
	free(buf);
	return rc;
}

static int get_blob(struct entry *e, const char *file, bool optional,
		    uint8_t **bufp, size_t *lenp)
{
	int fd = open_file(e, file, O_RDONLY), rc;

	*lenp = 0;
	if (fd == -ENOENT && optional)
		return 0;
	if (fd < 0)
		return ccg_fail_errno(e->ctx, fd, e->path);
	rc = read_blob(e, fd, bufp, lenp);
	close(fd);
	return rc;
}

/* Reads a file with a line of text; -ENOENT is not noted in the context. */
static int get_text(struct entry *e, const char *file, char text[ATTR_MAX])
{
	int fd = open_file(e, file, O_RDONLY), rc;
	size_t len;

	if (fd == -ENOENT)
		return fd;
	if (fd < 0)
		return ccg_fail_errno(e->ctx, fd, e->path);
	rc = read_all(e, fd, (uint8_t *)text, ATTR_MAX - 1, &len);
	close(fd);
	if (rc)
		return fail_read(e, rc);
	text[len] = '\0';
	text[strcspn(text, "\n")] = '\0';
	return 0;
}

static int missing(struct entry *e)
{
	return ccg_fail_errno(e->ctx, -ENOENT, e->path);
}

static int get_number(struct entry *e, const char *file, unsigned long *n)
{
	char text[ATTR_MAX] = "", *end;
	int rc = get_text(e, file, text);

	if (rc)
		return rc;
	errno = 0;
	*n = strtoul(text, &end, 10);
	if (errno || end == text || *end || *text == '-')
		return ccg_fail(e->ctx, -EBADMSG, CCG_FAILED, e->path,
				"expected a number");
	return 0;
}

static int get_generation(struct entry *e, unsigned long *n)
{
	int rc = get_number(e, "generation", n);

	return rc == -ENOENT ? missing(e) : rc;
}

static int get_provider(struct entry *e)
{
	char text[ATTR_MAX] = "";
	int rc = get_text(e, "provider", text);

	if (rc)
		return rc == -ENOENT ? missing(e) : rc;
	if (!*text || strlen(text) >= sizeof(e->a->provider))
		return ccg_fail(e->ctx, -EBADMSG, CCG_FAILED, e->path,
				"expected a name of 1 to %zu characters",
				sizeof(e->a->provider) - 1);
	memcpy(e->a->provider, text, strlen(text) + 1);
	return 0;
}

/* The kernel takes all bytes of one write(), and a blob when it is closed. */
static int put(struct entry *e, const char *file, const void *buf, size_t len)
{
	int fd = open_file(e, file, O_WRONLY), rc;
	ssize_t n;

	if (fd < 0)
		return ccg_fail_errno(e->ctx, fd, e->path);
	e->writes++;
	n = write(fd, buf, len);
	rc = n < 0 ? -errno : 0;
	if (close(fd) && !rc)
		rc = -errno;
	if (rc)
		return ccg_fail_errno(e->ctx, rc, e->path);
	if ((size_t)n != len)
		return ccg_fail(e->ctx, -EIO, CCG_FAILED, e->path,
				"the kernel took %zd of %zu bytes", n, len);
	return 0;
}

/* Chooses the privilege level: the wanted one, or the lowest that is allowed. */
static int choose_level(struct entry *e, int *level)
{
	unsigned long floor;
	int want = e->req->privlevel;
	int rc = get_number(e, "privlevel_floor", &floor);

	if (rc == -ENOENT) {
		*level = -1;
		if (want < 0)
			return 0;
		return ccg_fail(e->ctx, -EOPNOTSUPP, CCG_UNSUPPORTED,
				e->a->provider,
				"its reports have no privilege level");
	}
	if (rc)
		return rc;
	if (floor > CCG_PRIVLEVEL_MAX)
		return ccg_fail(e->ctx, -EBADMSG, CCG_FAILED, e->path,
				"expected 0 to %u", CCG_PRIVLEVEL_MAX);
	if (want >= 0 && (unsigned long)want < floor) {
		ccg_fail(e->ctx, -EOPNOTSUPP, CCG_UNSUPPORTED, e->path,
			 "this guest cannot get a report for privilege level %d: the most privileged level is %lu",
			 want, floor);
		return -EOPNOTSUPP;
	}
	*level = want >= 0 ? want : (int)floor;
	return 0;
}

static int put_level(struct entry *e)
{
	char text[16];
	int rc = choose_level(e, &e->a->privlevel);

	if (rc || e->a->privlevel < 0)
		return rc;
	snprintf(text, sizeof(text), "%d", e->a->privlevel);
	return put(e, "privlevel", text, strlen(text));
}

/* Forgets the answer to a request that another process changed. */
static void forget(struct ccg_report_answer *a)
{
	free(a->report);
	free(a->aux);
	a->report = NULL;
	a->aux = NULL;
}

/*
 * Makes the request and reads the answer; *@same is false if another process
 * wrote to the entry meanwhile.
 */
static int ask(struct entry *e, bool *same)
{
	struct ccg_report_answer *a = e->a;
	unsigned long now = 0;
	int rc;

	e->writes = 0;
	rc = get_generation(e, &e->generation);
	if (!rc)
		rc = get_provider(e);
	if (!rc)
		rc = put_level(e);
	if (!rc)
		rc = put(e, "inblob", e->req->data, CCG_REPORT_DATA_LEN);
	if (!rc)
		rc = get_blob(e, "outblob", false, &a->report, &a->report_len);
	if (!rc)
		rc = get_blob(e, "auxblob", true, &a->aux, &a->aux_len);
	if (!rc)
		rc = get_generation(e, &now);
	if (!rc)
		*same = now - e->generation == e->writes;
	return rc;
}

static int ask_again(struct entry *e)
{
	bool same = false;
	int i, rc;

	for (i = 0; i < REQUEST_TRIES; i++) {
		rc = ask(e, &same);
		if (rc || same)
			return rc;
		forget(e->a);
	}
	ccg_fail(e->ctx, -EBUSY, CCG_FAILED, e->path,
		 "another process changed the request in each of %u tries",
		 REQUEST_TRIES);
	ccg_hint(e->ctx, "find the process that writes below " TSM_DIR);
	return -EBUSY;
}

int ccg_get_tsm(struct ccg_ctx *ctx, const struct ccg_report_request *req,
		struct ccg_report_answer *a)
{
	struct entry e = { .ctx = ctx, .req = req, .a = a };
	int rc = open_entry(&e);

	return rc ? rc : close_entry(&e, ask_again(&e));
}
