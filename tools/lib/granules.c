// SPDX-License-Identifier: GPL-2.0-only
/*
 * The database of granules: one file for each image, as it lies in memory,
 * with the digests of its granules one behind the other. An image is opened
 * only when its file is not there yet.
 *
 * The directory belongs to whoever verifies: what is in it is believed.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "granules.h"
#include "internal.h"

/* Digests that are read at a time. */
#define BATCH	1024

static uint64_t n_granules(const struct granules_key *key)
{
	return key->size ? (key->head + key->size + CC_GRANULE - 1) / CC_GRANULE
			 : 0;
}

static char *file_of(const char *database, const struct granules_key *key)
{
	char digest[2 * CC_RIM_LEN + 1], *path;

	ccg_hex(key->digest, cc_rim_hash_len(key->algo), digest);
	if (asprintf(&path, "%s/%u-%s-%" PRIu64 "-%zu", database, key->algo,
		     digest, key->size, key->head) < 0)
		return NULL;
	return path;
}

/* Of the right size, or it is as if it were not there. */
static int open_file(const char *path, const struct granules_key *key)
{
	uint64_t want = n_granules(key) * cc_rim_hash_len(key->algo);
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	struct stat st;

	if (fd < 0)
		return -errno;
	if (!fstat(fd, &st) && S_ISREG(st.st_mode) &&
	    (uint64_t)st.st_size == want)
		return fd;
	close(fd);
	return -ENOENT;
}

/* A file of digests that is being written. */
struct writing {
	int fd;
	uint64_t offset;
	size_t digest_len;
};

static int write_digests(void *arg, const uint8_t *digests, size_t n)
{
	struct writing *w = arg;
	int rc = ccg_write_at(w->fd, digests, n * w->digest_len, w->offset);

	w->offset += n * w->digest_len;
	return rc;
}

/* Whether it is the image; its digests are in @fd then. */
static int try_image(struct ccg_ctx *ctx, const char *path, int fd,
		     const struct granules_key *key, bool *found)
{
	size_t len = cc_rim_hash_len(key->algo);
	struct writing w = { .fd = fd, .digest_len = len };
	uint8_t digest[CC_RIM_LEN];
	uint64_t size;
	int rc;

	rc = ccg_granules(ctx, path, key->algo, key->head, key->size,
			  write_digests, &w, digest, &size);
	*found = !rc && size == key->size && !memcmp(digest, key->digest, len);
	/* One that grew meanwhile is just another image. */
	return rc == -EFBIG ? 0 : rc;
}

static bool may_be(int dir, const char *name, const struct granules_key *key)
{
	struct stat st;

	return !fstatat(dir, name, &st, 0) && S_ISREG(st.st_mode) &&
	       (uint64_t)st.st_size == key->size;
}

/* Looks for the image among the known-good ones: those of its size. */
static int search(struct ccg_ctx *ctx, const char *images, int fd,
		  const struct granules_key *key, bool *found)
{
	DIR *dir = opendir(images);
	struct dirent *d;
	char *path;
	int rc = 0;

	*found = false;
	if (!dir)
		return ccg_fail_errno(ctx, -errno, images);
	while (!rc && !*found && (d = readdir(dir))) {
		if (!may_be(dirfd(dir), d->d_name, key))
			continue;
		if (asprintf(&path, "%s/%s", images, d->d_name) < 0) {
			rc = ccg_fail_errno(ctx, -ENOMEM, images);
			break;
		}
		rc = try_image(ctx, path, fd, key, found);
		free(path);
	}
	closedir(dir);
	return rc;
}

/* Written beside its place, and put there when it is complete. */
static int make_file(struct ccg_ctx *ctx, const char *path, const char *images,
		     const struct granules_key *key)
{
	bool found = false;
	char *tmp;
	int fd, rc;

	if (asprintf(&tmp, "%s.XXXXXX", path) < 0)
		return ccg_fail_errno(ctx, -ENOMEM, path);
	fd = mkostemp(tmp, O_CLOEXEC);
	if (fd < 0) {
		rc = ccg_fail_errno(ctx, -errno, path);
		free(tmp);
		return rc;
	}
	rc = search(ctx, images, fd, key, &found);
	if (close(fd) && !rc)
		rc = ccg_fail_errno(ctx, -errno, path);
	if (!rc && found && rename(tmp, path))
		rc = ccg_fail_errno(ctx, -errno, path);
	if (rc || !found)
		unlink(tmp);
	free(tmp);
	return rc ? rc : found ? 0 : -ENOENT;
}

/**
 * ccg_granules_open - find the digests of an image's granules
 * @ctx: the context
 * @database: where they are kept; made where it is not there
 * @images: directory of known-good images, or NULL
 * @key: which image
 * @fdp: set to a file of its digests; close it
 *
 * Return: 0; -ENOENT where there is no such image; or another negative errno.
 */
int ccg_granules_open(struct ccg_ctx *ctx, const char *database,
		      const char *images, const struct granules_key *key,
		      int *fdp)
{
	char *path;
	int rc;

	if (mkdir(database, 0700) && errno != EEXIST)
		return ccg_fail_errno(ctx, -errno, database);
	path = file_of(database, key);
	if (!path)
		return ccg_fail_errno(ctx, -ENOMEM, database);
	*fdp = open_file(path, key);
	rc = 0;
	if (*fdp < 0) {
		rc = images ? make_file(ctx, path, images, key) : -ENOENT;
		if (!rc) {
			*fdp = open_file(path, key);
			rc = *fdp < 0 ? *fdp : 0;
		}
	}
	free(path);
	return rc;
}

/**
 * ccg_granules_each - go over the digests of an image's granules
 * @fd: of ccg_granules_open(); read from its start
 * @key: which image
 * @fn: gets the digests, in order
 * @arg: for @fn
 *
 * Return: 0; what @fn returned; or a negative errno.
 */
int ccg_granules_each(int fd, const struct granules_key *key,
		      ccg_granules_fn *fn, void *arg)
{
	size_t len = cc_rim_hash_len(key->algo), got;
	uint64_t left = n_granules(key);
	uint8_t *buf = malloc(BATCH * len);
	int rc = 0;

	if (!buf)
		return -ENOMEM;
	if (lseek(fd, 0, SEEK_SET) < 0)
		rc = -errno;
	while (!rc && left) {
		size_t n = left < BATCH ? left : BATCH;

		rc = ccg_read_fd(fd, buf, n * len, &got);
		if (!rc && got != n * len)
			rc = -EIO;
		if (!rc)
			rc = fn(arg, buf, n);
		left -= n;
	}
	free(buf);
	return rc;
}
