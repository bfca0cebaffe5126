// SPDX-License-Identifier: GPL-2.0-only
/*
 * Writing files that only their owner can read.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <unistd.h>

#include <ccguest/ctx.h>
#include <ccguest/file.h>

#include "core/ctx.h"
#include "core/io.h"

/* Returns the directory part of a path; free it with free(). */
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
	/* Some file systems do not support fsync() of a directory. */
	if (rc == -EINVAL || rc == -EBADF)
		rc = 0;
	close(fd);
	return rc;
}

/* Writes all bytes, and waits until they are on the disk. */
static int fill(int fd, const uint8_t *buf, size_t len)
{
	int rc = ccg_write_at(fd, buf, len, 0);

	if (!rc && fsync(fd))
		rc = -errno;
	return rc;
}

/* Gives a name to a file without a name. */
static int link_fd(int fd, const char *path)
{
	char self[32];

	snprintf(self, sizeof(self), "/proc/self/fd/%d", fd);
	return linkat(AT_FDCWD, self, AT_FDCWD, path, AT_SYMLINK_FOLLOW) ?
	       -errno : 0;
}

/* As link_fd(), with a random name that begins with @path. */
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
 * ccg_create_beside - create a temporary file in the directory of a file
 * @path: the final name of the new file
 * @tmpp: set to the temporary name, for ccg_put_in_place(); NULL on failure
 *
 * Return: a descriptor or a negative errno.
 */
int ccg_create_beside(const char *path, char **tmpp)
{
	int fd, rc;

	if (asprintf(tmpp, "%s.XXXXXX", path) < 0) {
		*tmpp = NULL;
		return -ENOMEM;
	}
	/* The file has mode 0600, without the bits that the umask removes. */
	fd = mkostemp(*tmpp, O_CLOEXEC);
	if (fd >= 0)
		return fd;
	rc = -errno;
	free(*tmpp);
	*tmpp = NULL;
	return rc < 0 ? rc : -EIO;
}

/**
 * ccg_put_in_place - close a temporary file, and rename or remove it
 * @fd: descriptor of the file
 * @tmp: temporary name of the file; freed
 * @path: final name of the file
 * @good: the file is complete; otherwise the function removes the file
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
 * Writes a file that gets its name when it is complete, so that a killed
 * process leaves no file behind. linkat() cannot replace an existing file, so
 * an existing file is replaced by rename(), and a second name exists for a
 * moment. *unable: the file system, or a machine without /proc, does not
 * support this, and nothing was written.
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
	/* The umask may have removed bits of the mode. */
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

	/* Renaming to /dev/null, as root, would replace the device. */
	exists = !lstat(path, &st);
	if (exists && !S_ISREG(st.st_mode)) {
		ccg_fail(ctx, -EEXIST, CCG_FAILED, path,
			 "exists and is not a regular file");
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

/* Opens a file without a name, with contents; -1 in *fdp if there is none. */
static int prepare(const struct ccg_new_file *f, int *fdp)
{
	char *dir = parent_of(f->path);

	*fdp = -1;
	if (!dir)
		return -ENOMEM;
	*fdp = open(dir, O_TMPFILE | O_WRONLY | O_CLOEXEC, 0600);
	free(dir);
	if (*fdp < 0)
		return 0;
	return fchmod(*fdp, 0600) ? -errno : fill(*fdp, f->buf, f->len);
}

/* For file systems without O_TMPFILE, and machines without /proc. */
static int create_named(const struct ccg_new_file *f)
{
	int rc, fd = open(f->path, O_CREAT | O_EXCL | O_WRONLY | O_CLOEXEC, 0600);

	if (fd < 0)
		return -errno;
	rc = fchmod(fd, 0600) ? -errno : fill(fd, f->buf, f->len);
	if (close(fd) && !rc)
		rc = -errno;
	if (rc)
		unlink(f->path);
	return rc;
}

static int place(const struct ccg_new_file *f, int fd)
{
	int rc = fd < 0 ? -ENOENT : link_fd(fd, f->path);

	return rc && rc != -EEXIST ? create_named(f) : rc;
}

static int fail_create(struct ccg_ctx *ctx, const char *path, int rc)
{
	if (rc != -EEXIST)
		return ccg_fail_errno(ctx, rc, path);
	ccg_fail(ctx, rc, CCG_FAILED, path, "exists, and is not replaced");
	ccg_hint(ctx, "choose another name, or remove the file");
	return rc;
}

static int place_all(struct ccg_ctx *ctx, const struct ccg_new_file *files,
		     const int *fds, size_t n)
{
	size_t i, j;
	int rc;

	for (i = 0; i < n; i++) {
		rc = place(&files[i], fds[i]);
		if (rc) {
			fail_create(ctx, files[i].path, rc);
			goto err;
		}
	}
	for (j = 0; j < n; j++) {
		rc = sync_parent(files[j].path);
		if (rc) {
			ccg_fail_errno(ctx, rc, files[j].path);
			goto err;
		}
	}
	return 0;
err:
	while (i)
		unlink(files[--i].path);
	return rc;
}

int ccg_files_create(struct ccg_ctx *ctx, const struct ccg_new_file *files,
		     size_t n)
{
	int fds[CCG_NEW_FILES_MAX], rc = 0;
	size_t i, opened;

	if (n > CCG_NEW_FILES_MAX)
		return ccg_fail_errno(ctx, -E2BIG, files[0].path);
	for (opened = 0; !rc && opened < n; opened++) {
		rc = prepare(&files[opened], &fds[opened]);
		if (rc)
			ccg_fail_errno(ctx, rc, files[opened].path);
	}
	if (!rc)
		rc = place_all(ctx, files, fds, n);
	for (i = 0; i < opened; i++)
		if (fds[i] >= 0)
			close(fds[i]);
	return rc;
}

/* Creates file @f below the directory @dir, or removes it. */
static int file_below(struct ccg_ctx *ctx, const char *dir,
		      const struct ccg_new_file *f, bool create)
{
	char *path;
	int rc = 0;

	if (asprintf(&path, "%s/%s", dir, f->path) < 0)
		return ccg_fail_errno(ctx, -ENOMEM, f->path);
	if (create)
		rc = ccg_file_save(ctx, path, f->buf, f->len);
	else
		unlink(path);
	free(path);
	return rc;
}

static int fail_dir(struct ccg_ctx *ctx, const char *path, int rc)
{
	if (rc != -EEXIST && rc != -ENOTEMPTY && rc != -ENOTDIR)
		return ccg_fail_errno(ctx, rc, path);
	ccg_fail(ctx, -EEXIST, CCG_FAILED, path,
		 "exists and is not an empty directory");
	ccg_hint(ctx, "name another directory");
	return -EEXIST;
}

/* Fills the directory @tmp, and gives it the name @path. */
static int fill_dir(struct ccg_ctx *ctx, const char *tmp, const char *path,
		    const struct ccg_new_file *files, size_t n)
{
	size_t done;
	int rc = 0;

	for (done = 0; !rc && done < n; done++)
		rc = file_below(ctx, tmp, &files[done], true);
	if (!rc && rename(tmp, path))
		rc = fail_dir(ctx, path, -errno);
	if (!rc) {
		rc = sync_parent(path);
		return rc ? ccg_fail_errno(ctx, rc, path) : 0;
	}
	while (done)
		file_below(ctx, tmp, &files[--done], false);
	rmdir(tmp);
	return rc;
}

int ccg_dir_create(struct ccg_ctx *ctx, const char *path,
		   const struct ccg_new_file *files, size_t n)
{
	size_t len = strlen(path);
	char *name, *tmp = NULL;
	int rc;

	while (len > 1 && path[len - 1] == '/')
		len--;
	name = strndup(path, len);
	if (!name || asprintf(&tmp, "%s.XXXXXX", name) < 0) {
		free(name);
		return ccg_fail_errno(ctx, -ENOMEM, path);
	}
	if (mkdtemp(tmp))
		rc = fill_dir(ctx, tmp, name, files, n);
	else
		rc = ccg_fail_errno(ctx, -errno, path);
	free(tmp);
	free(name);
	return rc;
}
