// SPDX-License-Identifier: GPL-2.0-only
/*
 * Files: inside the root directory, bounded, and without traces in memory.
 */
#include <errno.h>
#include <fcntl.h>
#include <linux/openat2.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/random.h>
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
 * Every kernel that our modules run on has it; valgrind, and containers whose
 * filters are old, have not.
 *
 * Return: whether it works.
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
 * ccg_open - open a file of the machine
 * @ctx: the context; its root directory stands for /
 * @path: absolute path
 * @flags: of open(2); nothing is created
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
	 * The tree may be an image with absolute links, or one that somebody
	 * else made: they must not lead to the files of this machine.
	 */
	if (ctx->has_openat2)
		fd = syscall(SYS_openat2, ctx->root_fd, path, &how,
			     sizeof(how));
	else
		fd = openat(ctx->root_fd, path + 1, flags | O_CLOEXEC);
	return fd < 0 ? -errno : (int)fd;
}

/**
 * ccg_exists - find out whether a path is there
 * @ctx: the context
 * @path: absolute path
 *
 * Return: 1, 0, or a negative errno where that cannot be told.
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
 * @st: its facts, of fstat()
 *
 * What is in such a file is believed.
 *
 * Return: whether they own it, and nobody else may write to it.
 */
bool ccg_is_private(const struct stat *st)
{
	return (!st->st_uid || st->st_uid == geteuid()) &&
	       !(st->st_mode & 0022);
}

/**
 * ccg_opendir - open a directory of the machine
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
 * @buf: where to
 * @max: size of @buf; reading ends there
 * @lenp: set to the number of bytes read, also on an error
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
 * ccg_read_text - read the beginning of a text file of the machine
 * @ctx: the context
 * @path: absolute path
 * @max: no more than this many bytes
 * @textp: set to the text, with a NUL behind it; free it with free()
 *
 * Return: 0 or a negative errno.
 */
int ccg_read_text(struct ccg_ctx *ctx, const char *path, size_t max,
		  char **textp)
{
	char *text;
	size_t len;
	int fd, rc;

	/* O_NONBLOCK: a pipe in a tree that --root names must not stop us. */
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

/* Memory for the bytes of a file, which are a secret or not. */
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
	 * One buffer for the largest size rather than one that grows, because
	 * realloc() leaves copies behind. The result is as long as the file, so
	 * that a read behind its end is one that a sanitizer sees.
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
 * @fd: the file
 * @path: its name, for the error
 * @max: the most that it may have, in bytes
 * @bufp: set to its bytes; free them with ccg_wipe_free()
 * @lenp: set to their number
 *
 * Return: 0; -EFBIG where there is more; or another negative errno.
 */
int ccg_load_fd(struct ccg_ctx *ctx, int fd, const char *path, size_t max,
		uint8_t **bufp, size_t *lenp)
{
	return load_fd(ctx, fd, path, max, false, bufp, lenp);
}

/**
 * ccg_secret_load_fd - read a whole file that holds secrets
 * @ctx: the context
 * @fd: the file
 * @path: its name, for the error
 * @max: the most that it may have, in bytes
 * @bufp: set to its bytes; free them with ccg_secret_free()
 * @lenp: set to their number
 *
 * Return: 0; -EFBIG where there is more; or another negative errno.
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
 * ccg_write_at - write into a file at a place
 * @fd: the file
 * @buf: what
 * @len: its length
 * @offset: where
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

/* The directory that a path is in; free it with free(). */
static char *parent_of(const char *path)
{
	const char *slash = strrchr(path, '/');

	if (!slash)
		return strdup(".");
	return slash == path ? strdup("/") : strndup(path, slash - path);
}

static int sync_parent(const char *path)
{
	char *dir = parent_of(path);
	int fd, rc;

	if (!dir)
		return -ENOMEM;
	fd = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	free(dir);
	if (fd < 0)
		return -errno;
	rc = fsync(fd) ? -errno : 0;
	/* Some file systems have no such thing. */
	if (rc == -EINVAL || rc == -EBADF)
		rc = 0;
	close(fd);
	return rc;
}

/* Writes all, and makes sure that it is there. */
static int fill(int fd, const uint8_t *buf, size_t len)
{
	int rc = ccg_write_at(fd, buf, len, 0);

	if (!rc && fsync(fd))
		rc = -errno;
	return rc;
}

/* Gives a name to a file that has none. */
static int link_fd(int fd, const char *path)
{
	char self[32];

	snprintf(self, sizeof(self), "/proc/self/fd/%d", fd);
	return linkat(AT_FDCWD, self, AT_FDCWD, path, AT_SYMLINK_FOLLOW) ?
	       -errno : 0;
}

/* The same, with a random name that begins with the path. */
static int link_fd_beside(int fd, const char *path, char **tmpp)
{
	unsigned int n, tries = 100;
	int rc;

	do {
		if (getrandom(&n, sizeof(n), 0) != sizeof(n))
			return -EIO;
		if (asprintf(tmpp, "%s.%06x", path, n & 0xffffff) < 0)
			return -ENOMEM;
		rc = link_fd(fd, *tmpp);
		if (!rc)
			return 0;
		free(*tmpp);
	} while (rc == -EEXIST && --tries);
	return rc;
}

/**
 * ccg_create_beside - create a file in the directory of another
 * @path: the other file, whose name the new one will get
 * @tmpp: set to the name of the new file, for ccg_put_in_place(); NULL on
 *	  failure
 *
 * Return: a descriptor or a negative errno.
 */
int ccg_create_beside(const char *path, char **tmpp)
{
	int fd;

	if (asprintf(tmpp, "%s.XXXXXX", path) < 0) {
		*tmpp = NULL;
		return -ENOMEM;
	}
	/* The file has mode 0600, or less by the umask. */
	fd = mkostemp(*tmpp, O_CLOEXEC);
	if (fd >= 0)
		return fd;
	fd = -errno;
	free(*tmpp);
	*tmpp = NULL;
	return fd;
}

/**
 * ccg_put_in_place - close a new file, and rename or remove it
 * @fd: descriptor of the new file
 * @tmp: its name; freed
 * @path: the name that it gets
 * @good: the file is complete; otherwise it is removed
 *
 * Return: 0 or a negative errno.
 */
int ccg_put_in_place(int fd, char *tmp, const char *path, bool good)
{
	int rc = 0;

	if (close(fd) || (good && rename(tmp, path)))
		rc = -errno;
	if (rc || !good)
		unlink(tmp);
	free(tmp);
	return rc;
}

/*
 * Writes a file that has no name before it is complete: whoever kills us leaves
 * nothing behind. An existing file cannot be replaced by linkat(), and only for
 * a moment there is another name then. *unable: the file system, or a machine
 * without /proc, cannot do this, and nothing has been done.
 */
static int save_unnamed(const char *path, const uint8_t *buf, size_t len,
			bool exists, bool *unable)
{
	char *dir = parent_of(path), *tmp = NULL;
	int fd, rc;

	*unable = false;
	if (!dir)
		return -ENOMEM;
	fd = open(dir, O_TMPFILE | O_WRONLY | O_CLOEXEC, 0600);
	free(dir);
	if (fd < 0) {
		*unable = true;
		return -errno;
	}
	/* The umask may have taken something away. */
	rc = fchmod(fd, 0600) ? -errno : fill(fd, buf, len);
	if (rc) {
		close(fd);
		return rc;
	}

	rc = exists ? -EEXIST : link_fd(fd, path);
	if (!rc) {
		rc = close(fd) ? -errno : 0;
		if (rc)
			unlink(path);
		return rc;
	}
	if (rc == -EEXIST)
		rc = link_fd_beside(fd, path, &tmp);
	if (rc) {
		*unable = true;
		close(fd);
		return rc;
	}
	return ccg_put_in_place(fd, tmp, path, true);
}

static int save_named(const char *path, const uint8_t *buf, size_t len)
{
	int fd, rc, rc2;
	char *tmp;

	fd = ccg_create_beside(path, &tmp);
	if (fd < 0)
		return fd;
	rc = fchmod(fd, 0600) ? -errno : fill(fd, buf, len);
	rc2 = ccg_put_in_place(fd, tmp, path, !rc);
	return rc ? rc : rc2;
}

int ccg_file_save(struct ccg_ctx *ctx, const char *path, const uint8_t *buf,
		  size_t len)
{
	bool exists, unable;
	struct stat st;
	int rc;

	/* Renaming over /dev/null, as root, would be the end of it. */
	exists = !lstat(path, &st);
	if (exists && !S_ISREG(st.st_mode)) {
		ccg_fail(ctx, -EEXIST, CCG_FAILED, path,
			 "is there and is not a regular file");
		ccg_hint(ctx, "name another file");
		return -EEXIST;
	}

	rc = save_unnamed(path, buf, len, exists, &unable);
	if (unable)
		rc = save_named(path, buf, len);
	if (!rc)
		rc = sync_parent(path);
	if (rc)
		ccg_fail_errno(ctx, rc, path);
	return rc;
}
