// SPDX-License-Identifier: GPL-2.0-only
/*
 * Files: inside the root directory, of limited size, without copies of their
 * bytes left in memory.
 */
#include <errno.h>
#include <fcntl.h>
#include <linux/openat2.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <ccguest/ctx.h>
#include <ccguest/file.h>

#include "core/ctx.h"
#include "core/io.h"

/**
 * ccg_has_openat2 - find out whether openat2() works
 * @dir: descriptor of a directory
 *
 * All kernels that the modules support have openat2(). valgrind does not
 * implement it, and old seccomp filters of containers refuse it.
 *
 * Return: true if openat2() works.
 */
bool ccg_has_openat2(int dir)
{
	struct open_how how = {
		.flags = O_PATH | O_CLOEXEC,
		.resolve = RESOLVE_IN_ROOT,
	};
	long fd = syscall(SYS_openat2, dir, "/", &how, sizeof(how));

	if (fd < 0)
		return false;
	close(fd);
	return true;
}

/**
 * ccg_open - open a file inside the root directory
 * @ctx: the context; its root directory replaces /
 * @path: absolute path
 * @flags: flags of open(2), without O_CREAT
 *
 * Return: a descriptor or a negative errno.
 */
int ccg_open(struct ccg_ctx *ctx, const char *path, int flags)
{
	struct open_how how = {
		.flags = flags | O_CLOEXEC,
		.resolve = RESOLVE_IN_ROOT,
	};
	long fd;

	if (!ctx->root) {
		fd = open(path, flags | O_CLOEXEC);
		return fd < 0 ? -errno : (int)fd;
	}

	/*
	 * The tree can be an image with absolute links, or somebody else can
	 * have made it. Links must not lead to files of this machine.
	 */
	if (ctx->has_openat2)
		fd = syscall(SYS_openat2, ctx->root_fd, path, &how,
			     sizeof(how));
	else
		fd = openat(ctx->root_fd, path + 1, flags | O_CLOEXEC);
	return fd < 0 ? -errno : (int)fd;
}

/**
 * ccg_exists - find out whether a path exists
 * @ctx: the context
 * @path: absolute path
 *
 * Return: 1 if it exists; 0 if not; or a negative errno.
 */
int ccg_exists(struct ccg_ctx *ctx, const char *path)
{
	int fd = ccg_open(ctx, path, O_PATH);

	if (fd >= 0) {
		close(fd);
		return 1;
	}
	return fd == -ENOENT || fd == -ENOTDIR ? 0 : fd;
}

/**
 * ccg_is_private - find out whether only root or this user can change a file
 * @st: the file's metadata, from fstat()
 *
 * Callers trust the contents of such a file.
 *
 * Return: true if root or this user owns the file, and nobody else may write.
 */
bool ccg_is_private(const struct stat *st)
{
	return (!st->st_uid || st->st_uid == geteuid()) &&
	       !(st->st_mode & 0022);
}

/**
 * ccg_refuse_shared - check that nobody else can change a file
 * @ctx: the context
 * @st: the file's metadata, from fstat()
 * @path: its name, for the error
 * @hint: what the user can do
 *
 * Return: 0; or -EPERM if a user other than root and this one can write to it.
 */
int ccg_refuse_shared(struct ccg_ctx *ctx, const struct stat *st,
		      const char *path, const char *hint)
{
	if (ccg_is_private(st))
		return 0;
	ccg_fail(ctx, -EPERM, CCG_FAILED, path,
		 "can be changed by other users: owner %u, mode %04o",
		 st->st_uid, st->st_mode & 07777);
	ccg_hint(ctx, "%s", hint);
	return -EPERM;
}

/**
 * ccg_check_private - check that nobody else can change an open file
 * @ctx: the context
 * @fd: the file or directory
 * @path: its name, for the error
 *
 * Return: 0; -EPERM, with a hint, if a user other than root and this one can
 * write to it; or another negative errno.
 */
int ccg_check_private(struct ccg_ctx *ctx, int fd, const char *path)
{
	struct stat st;

	if (fstat(fd, &st))
		return ccg_fail_errno(ctx, -errno, path);
	return ccg_refuse_shared(ctx, &st, path,
				 "if the content is right, run chown root and chmod go-w");
}

/**
 * ccg_opendir - open a directory inside the root directory
 * @ctx: the context
 * @path: absolute path
 * @dirp: set to the directory; close it with closedir()
 *
 * Return: 0 or a negative errno.
 */
int ccg_opendir(struct ccg_ctx *ctx, const char *path, DIR **dirp)
{
	int fd = ccg_open(ctx, path, O_RDONLY | O_DIRECTORY);
	int rc;

	if (fd < 0)
		return fd;
	*dirp = fdopendir(fd);
	if (!*dirp) {
		rc = -errno;
		close(fd);
		return rc;
	}
	return 0;
}

/**
 * ccg_read_fd - read to the end of a file
 * @fd: the file
 * @buf: set to the bytes
 * @max: size of @buf in bytes; reading ends when @buf is full
 * @lenp: set to the number of bytes read, also on failure
 *
 * Return: 0 or a negative errno.
 */
int ccg_read_fd(int fd, uint8_t *buf, size_t max, size_t *lenp)
{
	size_t len = 0;
	ssize_t n;

	*lenp = 0;
	while (len < max) {
		n = read(fd, buf + len, max - len);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return -errno;
		if (!n)
			break;
		len += n;
		*lenp = len;
	}
	return 0;
}

/**
 * ccg_read_text - read the beginning of a text file inside the root directory
 * @ctx: the context
 * @path: absolute path
 * @max: limit for the number of bytes
 * @textp: set to the text, ending in a NUL; free it with free()
 *
 * Return: 0 or a negative errno.
 */
int ccg_read_text(struct ccg_ctx *ctx, const char *path, size_t max,
		  char **textp)
{
	char *text;
	size_t len;
	int fd, rc;

	/* O_NONBLOCK: opening a FIFO below --root must not block. */
	fd = ccg_open(ctx, path, O_RDONLY | O_NONBLOCK | O_NOCTTY);
	if (fd < 0)
		return fd;
	text = malloc(max + 1);
	if (!text) {
		close(fd);
		return -ENOMEM;
	}
	rc = ccg_read_fd(fd, (uint8_t *)text, max, &len);
	close(fd);
	if (rc) {
		free(text);
		return rc;
	}
	text[len] = '\0';
	*textp = text;
	return 0;
}

void ccg_wipe_free(void *buf, size_t len)
{
	if (!buf)
		return;
	explicit_bzero(buf, len);
	free(buf);
}

int ccg_no_core_dumps(struct ccg_ctx *ctx)
{
	static const struct rlimit none;

	if (prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) || setrlimit(RLIMIT_CORE, &none))
		return ccg_fail_errno(ctx, -errno, "switching core dumps off");
	return 0;
}

/* Allocates memory for a file; @secret: the file holds secrets. */
static uint8_t *get_bytes(struct ccg_ctx *ctx, size_t len, bool secret)
{
	return secret ? ccg_secret_alloc(ctx, len) : malloc(len ? len : 1);
}

static void drop_bytes(uint8_t *buf, size_t len, bool secret)
{
	if (secret)
		ccg_secret_free(buf);
	else
		ccg_wipe_free(buf, len);
}

static int load_fd(struct ccg_ctx *ctx, int fd, const char *path, size_t max,
		   bool secret, uint8_t **bufp, size_t *lenp)
{
	uint8_t *big, *buf;
	size_t len;
	int rc;

	/*
	 * One buffer of the largest size: realloc() would leave copies of a
	 * growing buffer. The result has the length of the file, so that a
	 * sanitizer detects a read past the end.
	 */
	big = get_bytes(ctx, max + 1, secret);
	if (!big)
		return ccg_fail_errno(ctx, -ENOMEM, path);
	rc = ccg_read_fd(fd, big, max + 1, &len);
	if (rc) {
		ccg_fail_errno(ctx, rc, path);
	} else if (len > max) {
		rc = ccg_fail(ctx, -EFBIG, CCG_FAILED, path,
			      "is longer than the %zu bytes allowed here", max);
	} else {
		buf = get_bytes(ctx, len, secret);
		if (buf) {
			memcpy(buf, big, len);
			*bufp = buf;
			*lenp = len;
		} else {
			rc = ccg_fail_errno(ctx, -ENOMEM, path);
		}
	}
	drop_bytes(big, len, secret);
	return rc;
}

/**
 * ccg_load_fd - read a whole file
 * @ctx: the context
 * @fd: descriptor of the file
 * @path: path of the file, for the error
 * @max: limit for the size of the file in bytes
 * @bufp: set to the bytes; free them with ccg_wipe_free()
 * @lenp: set to the number of bytes
 *
 * Return: 0; -EFBIG if the file is longer than @max; or another negative errno.
 */
int ccg_load_fd(struct ccg_ctx *ctx, int fd, const char *path, size_t max,
		uint8_t **bufp, size_t *lenp)
{
	return load_fd(ctx, fd, path, max, false, bufp, lenp);
}

/**
 * ccg_load_regular - read a regular file, which devices are trusted by
 * @ctx: the context
 * @path: the file
 * @own: @path is a file of this machine, and not one that the user named: look
 *	 inside the root directory, and refuse a file that others can change
 * @max: limit for the size in bytes
 * @bufp: set to the contents; free them with ccg_wipe_free()
 * @lenp: set to the size
 *
 * Return: 0; -EINVAL if it is not a regular file; -EPERM as ccg_check_private();
 * -EFBIG; or another negative errno.
 */
int ccg_load_regular(struct ccg_ctx *ctx, const char *path, bool own,
		     size_t max, uint8_t **bufp, size_t *lenp)
{
	/* O_NONBLOCK: a FIFO must not block the boot of the machine. */
	int flags = O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC;
	struct stat st;
	int fd, rc;

	fd = own ? ccg_open(ctx, path, flags) : open(path, flags);
	if (fd < 0)
		return ccg_fail_errno(ctx, own ? fd : -errno, path);
	if (fstat(fd, &st) || !S_ISREG(st.st_mode))
		rc = ccg_fail(ctx, -EINVAL, CCG_FAILED, path,
			      "is not a regular file");
	else
		rc = own ? ccg_check_private(ctx, fd, path) : 0;
	if (!rc)
		rc = ccg_load_fd(ctx, fd, path, max, bufp, lenp);
	close(fd);
	return rc;
}

/**
 * ccg_secret_load_fd - read a whole file that holds secrets
 * @ctx: the context
 * @fd: descriptor of the file
 * @path: path of the file, for the error
 * @max: limit for the size of the file in bytes
 * @bufp: set to the bytes; free them with ccg_secret_free()
 * @lenp: set to the number of bytes
 *
 * Return: 0; -EFBIG if the file is longer than @max; or another negative errno.
 */
int ccg_secret_load_fd(struct ccg_ctx *ctx, int fd, const char *path,
		       size_t max, uint8_t **bufp, size_t *lenp)
{
	return load_fd(ctx, fd, path, max, true, bufp, lenp);
}

static int load_path(struct ccg_ctx *ctx, const char *path, size_t max,
		     bool secret, uint8_t **bufp, size_t *lenp)
{
	int fd, rc;

	if (!strcmp(path, "-"))
		return load_fd(ctx, STDIN_FILENO, "standard input", max, secret,
			       bufp, lenp);

	fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
	if (fd < 0)
		return ccg_fail_errno(ctx, -errno, path);
	rc = load_fd(ctx, fd, path, max, secret, bufp, lenp);
	close(fd);
	return rc;
}

int ccg_file_load(struct ccg_ctx *ctx, const char *path, size_t max,
		  uint8_t **bufp, size_t *lenp)
{
	return load_path(ctx, path, max, false, bufp, lenp);
}

int ccg_secret_load(struct ccg_ctx *ctx, const char *path, size_t max,
		    uint8_t **bufp, size_t *lenp)
{
	return load_path(ctx, path, max, true, bufp, lenp);
}

/**
 * ccg_write_at - write all bytes at an offset of a file
 * @fd: descriptor of the file
 * @buf: the bytes
 * @len: length of @buf in bytes
 * @offset: offset in the file
 *
 * Return: 0 or a negative errno.
 */
int ccg_write_at(int fd, const uint8_t *buf, size_t len, uint64_t offset)
{
	ssize_t n;

	while (len) {
		n = pwrite(fd, buf, len, offset);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return -errno;
		if (!n)
			return -EIO;
		buf += n;
		len -= n;
		offset += n;
	}
	return 0;
}
