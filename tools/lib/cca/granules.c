// SPDX-License-Identifier: GPL-2.0-only
/*
 * The database of granules. For each image at its place in memory, the database
 * has two files:
 *
 *	ALGORITHM-DIGEST-SIZE-HEAD	digests of the granules, in order
 *	ALGORITHM-DIGEST-SIZE-HEAD.rim	steps: the RIM before the image was
 *					loaded, the address of the image, and
 *					the RIM afterwards
 *
 * A digest of the file's name and content ends each file. The image is read
 * only if its digest file does not exist yet. The digests are read only if no
 * step is known. Therefore a second verification of the same guest takes the
 * same time for small and for large images.
 *
 * The contents of the database are trusted. Therefore the directory must belong
 * to the user who verifies, and other users must not have write access. The
 * digest at a file's end detects damage. A file gets its name when it is
 * complete, so several processes can use the database at the same time.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <ccguest/ctx.h>
#include <ccguest/text.h>

#include "cca/granules.h"
#include "cca/hash.h"
#include "core/ctx.h"
#include "core/io.h"

/* Number of digests that are read at a time. */
#define BATCH	1024
/* Limit for the size of all files together, bytes: four logs need no more. */
#define DATABASE_MAX	(4 * CC_LOG_BLOBS_MAX / CC_GRANULE * CC_RIM_LEN)

static uint64_t n_granules(const struct granules_key *key)
{
	return key->size ? (key->head + key->size + CC_GRANULE - 1) / CC_GRANULE
			 : 0;
}

static char *file_of(const struct granules *g, const char *suffix)
{
	char digest[2 * CC_RIM_LEN + 1], *path;

	ccg_hex(g->key.digest, g->digest_len, digest);
	if (asprintf(&path, "%s/%u-%s-%" PRIu64 "-%zu%s", g->database,
		     g->key.algo, digest, g->key.size, g->key.head, suffix) < 0)
		return NULL;
	return path;
}

/* A file of the wrong type, owner, mode or size counts as missing. */
static int open_file(const char *path, uint64_t min, uint64_t max)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
	struct stat st;

	if (fd < 0)
		return -errno;
	if (!fstat(fd, &st) && S_ISREG(st.st_mode) && ccg_is_private(&st) &&
	    (uint64_t)st.st_size >= min && (uint64_t)st.st_size <= max) {
		/* prune() removes least recently used files first. */
		futimens(fd, NULL);
		return fd;
	}
	close(fd);
	return -ENOENT;
}

/* The final digest covers the name: a renamed file counts as damaged. */
static bool sum_begin(struct hasher *h, const char *path)
{
	const char *name = strrchr(path, '/') + 1;

	return EVP_DigestInit_ex2(h->ctx, NULL, NULL) == 1 &&
	       EVP_DigestUpdate(h->ctx, name, strlen(name) + 1) == 1;
}

static bool sum_end(struct hasher *h, uint8_t *sum)
{
	return EVP_DigestFinal_ex(h->ctx, sum, NULL) == 1;
}

/* A file of digests that is being written. */
struct writing {
	int fd;
	uint64_t offset;
	struct granules *g;
};

static int write_digests(void *arg, const uint8_t *digests, size_t n)
{
	struct writing *w = arg;
	size_t len = n * w->g->digest_len;
	int rc = ccg_write_at(w->fd, digests, len, w->offset);

	w->offset += len;
	if (!rc && EVP_DigestUpdate(w->g->h.ctx, digests, len) != 1)
		rc = -EIO;
	return rc;
}

/* Writes digests of the file to @fd; *@found: the file is the image. */
static int try_image(struct ccg_ctx *ctx, const char *path, int fd,
		     struct granules *g, bool *found)
{
	struct writing w = { .fd = fd, .g = g };
	uint8_t digest[CC_RIM_LEN], sum[CC_RIM_LEN];
	uint64_t size;
	int rc;

	if (!sum_begin(&g->h, g->path))
		return ccg_fail_errno(ctx, -EIO, path);
	rc = ccg_granules(ctx, path, g->key.algo, g->key.head, g->key.size,
			  write_digests, &w, digest, &size);
	*found = !rc && size == g->key.size &&
		 !memcmp(digest, g->key.digest, g->digest_len);
	/* -EFBIG: the file grew after may_be(), so it is another image. */
	if (!*found)
		return rc == -EFBIG ? 0 : rc;
	if (!sum_end(&g->h, sum))
		return ccg_fail_errno(ctx, -EIO, path);
	rc = ccg_write_at(fd, sum, g->digest_len, w.offset);
	return rc ? ccg_fail_errno(ctx, rc, g->path) : 0;
}

static bool may_be(int dir, const char *name, const struct granules_key *key)
{
	struct stat st;

	return !fstatat(dir, name, &st, 0) && S_ISREG(st.st_mode) &&
	       (uint64_t)st.st_size == key->size;
}

/* Tries each file of @images that has the size of the image. */
static int search(struct ccg_ctx *ctx, int fd, struct granules *g, bool *found)
{
	const char *images = g->images;
	DIR *dir = opendir(images);
	struct dirent *d;
	char *path;
	int rc = 0;

	*found = false;
	if (!dir)
		return ccg_fail_errno(ctx, -errno, images);
	while (!rc && !*found && (d = readdir(dir))) {
		if (!may_be(dirfd(dir), d->d_name, &g->key))
			continue;
		if (asprintf(&path, "%s/%s", images, d->d_name) < 0) {
			rc = ccg_fail_errno(ctx, -ENOMEM, images);
			break;
		}
		rc = try_image(ctx, path, fd, g, found);
		free(path);
	}
	closedir(dir);
	return rc;
}

/* The names of temporary files begin like the names of complete files. */
static bool is_ours(const char *name)
{
	return name[0] >= '0' && name[0] <= '2' && name[1] == '-' &&
	       strspn(name + 2, "0123456789abcdef") >= 64;
}

/* Returns the size of all files; @oldest: the least recently used file. */
static uint64_t sum_up(DIR *dir, char *oldest, size_t size)
{
	int64_t least = INT64_MAX;
	uint64_t all = 0;
	struct dirent *d;
	struct stat st;

	rewinddir(dir);
	while ((d = readdir(dir))) {
		if (!is_ours(d->d_name) ||
		    fstatat(dirfd(dir), d->d_name, &st, AT_SYMLINK_NOFOLLOW) ||
		    !S_ISREG(st.st_mode))
			continue;
		all += st.st_size;
		if (st.st_mtim.tv_sec < least) {
			least = st.st_mtim.tv_sec;
			snprintf(oldest, size, "%s", d->d_name);
		}
	}
	return all;
}

/* A removed file can be made again from its image. */
static void prune(const char *database)
{
	char oldest[NAME_MAX + 1] = "";
	DIR *dir = opendir(database);

	while (dir && sum_up(dir, oldest, sizeof(oldest)) > DATABASE_MAX)
		if (unlinkat(dirfd(dir), oldest, 0))
			break;
	if (dir)
		closedir(dir);
}

static int make_file(struct ccg_ctx *ctx, struct granules *g)
{
	bool found = false;
	int fd, rc, rc2;
	char *tmp;

	if (!g->images)
		return -ENOENT;
	fd = ccg_create_beside(g->path, &tmp);
	if (!tmp)
		return ccg_fail_errno(ctx, fd, g->path);
	rc = search(ctx, fd, g, &found);
	rc2 = ccg_put_in_place(fd, tmp, g->path, !rc && found);
	if (!rc && rc2)
		rc = ccg_fail_errno(ctx, rc2, g->path);
	if (rc || !found)
		return rc ? rc : -ENOENT;
	prune(g->database);
	return 0;
}

static int open_granules(struct granules *g)
{
	uint64_t len = (n_granules(&g->key) + 1) * g->digest_len;

	g->checked = false;
	g->fd = open_file(g->path, len, len);
	return g->fd < 0 ? g->fd : 0;
}

/* Steps -------------------------------------------------------------------- */

#define STEPS_LEN	(GRANULES_STEPS_MAX * sizeof(struct granules_step))

static bool sum_steps(struct granules *g, const char *path, const uint8_t *steps,
		      size_t len, uint8_t *sum)
{
	return sum_begin(&g->h, path) &&
	       EVP_DigestUpdate(g->h.ctx, steps, len) == 1 &&
	       sum_end(&g->h, sum);
}

/* Leaves @g without steps if the file is damaged. */
static void load_steps(struct granules *g)
{
	uint8_t buf[STEPS_LEN + CC_RIM_LEN], sum[CC_RIM_LEN];
	char *path = file_of(g, ".rim");
	int fd = path ? open_file(path, g->digest_len,
				  STEPS_LEN + g->digest_len) : -ENOMEM;
	size_t len;

	if (fd >= 0 && !ccg_read_fd(fd, buf, sizeof(buf), &len) &&
	    len >= g->digest_len) {
		len -= g->digest_len;
		if (len <= STEPS_LEN && !(len % sizeof(*g->steps)) &&
		    sum_steps(g, path, buf, len, sum) &&
		    !memcmp(sum, buf + len, g->digest_len)) {
			memcpy(g->steps, buf, len);
			g->n_steps = len / sizeof(*g->steps);
		}
	}
	if (fd >= 0)
		close(fd);
	free(path);
}

/**
 * ccg_granules_recall - look up the RIM after an image is loaded
 * @g: the image
 * @step: before and ipa are set; after is set if the result is true
 *
 * Return: true if the database has the step.
 */
bool ccg_granules_recall(const struct granules *g, struct granules_step *step)
{
	for (size_t i = 0; i < g->n_steps; i++)
		if (g->steps[i].ipa == step->ipa &&
		    !memcmp(g->steps[i].before, step->before, CC_RIM_LEN)) {
			*step = g->steps[i];
			return true;
		}
	return false;
}

/**
 * ccg_granules_keep - store the RIM after an image is loaded
 * @g: the image
 * @step: the step
 *
 * The oldest step is dropped if there are too many. A step that cannot be
 * stored is computed again the next time.
 */
void ccg_granules_keep(struct granules *g, const struct granules_step *step)
{
	size_t n = g->n_steps < GRANULES_STEPS_MAX ? g->n_steps : GRANULES_STEPS_MAX - 1, len;
	struct granules_step known = *step;
	uint8_t sum[CC_RIM_LEN];
	char *path, *tmp = NULL;
	int fd = -1;

	if (ccg_granules_recall(g, &known))
		return;
	memmove(g->steps + 1, g->steps, n * sizeof(*g->steps));
	g->steps[0] = *step;
	g->n_steps = n + 1;
	len = g->n_steps * sizeof(*g->steps);
	path = file_of(g, ".rim");
	if (path)
		fd = ccg_create_beside(path, &tmp);
	if (tmp)
		ccg_put_in_place(fd, tmp, path,
				 sum_steps(g, path, (uint8_t *)g->steps, len, sum) &&
				 !ccg_write_at(fd, (uint8_t *)g->steps, len, 0) &&
				 !ccg_write_at(fd, sum, g->digest_len, len));
	free(path);
}

/* Images ------------------------------------------------------------------- */

/* The contents of the database are trusted. */
static int check_owner(struct ccg_ctx *ctx, const char *database)
{
	struct stat st;

	if (stat(database, &st))
		return ccg_fail_errno(ctx, -errno, database);
	if (!S_ISDIR(st.st_mode))
		return ccg_fail_errno(ctx, -ENOTDIR, database);
	return ccg_refuse_shared(ctx, &st, database,
				 "name a directory that only you can write to, with --database");
}

/**
 * ccg_granules_open - find the digests of an image's granules
 * @ctx: the context
 * @g: database, images and key are set; the other members are set here. Call
 *     ccg_granules_close(), also on failure.
 *
 * Return: 0; -ENOENT if neither the database nor @g->images has the image; or
 * another negative errno.
 */
int ccg_granules_open(struct ccg_ctx *ctx, struct granules *g)
{
	int rc;

	g->fd = -1;
	g->digest_len = cc_rim_hash_len(g->key.algo);
	if (mkdir(g->database, 0700) && errno != EEXIST) {
		rc = ccg_fail_errno(ctx, -errno, g->database);
		/* To the caller, -ENOENT means an unknown image. */
		return rc == -ENOENT ? -ENOTDIR : rc;
	}
	rc = check_owner(ctx, g->database);
	if (rc)
		return rc;
	g->path = file_of(g, "");
	if (!g->path || !ccg_hasher_init(&g->h, g->key.algo))
		return ccg_fail_errno(ctx, -ENOMEM, g->database);
	rc = open_granules(g);
	if (rc == -ENOENT) {
		rc = make_file(ctx, g);
		if (!rc)
			rc = open_granules(g);
	} else if (rc) {
		ccg_fail_errno(ctx, rc, g->path);
	}
	if (!rc)
		load_steps(g);
	return rc;
}

/**
 * ccg_granules_close - free the members of an opened image
 * @g: the image, opened by ccg_granules_open(), or zeros
 */
void ccg_granules_close(struct granules *g)
{
	if (g->path && g->fd >= 0)
		close(g->fd);
	ccg_hasher_free(&g->h);
	free(g->path);
	*g = (struct granules) { .fd = -1 };
}

static int go_over(struct granules *g, ccg_granules_fn *fn, void *arg)
{
	uint64_t left = n_granules(&g->key);
	uint8_t *buf = malloc(BATCH * g->digest_len);
	size_t got;
	int rc = 0;

	if (!buf)
		return -ENOMEM;
	if (lseek(g->fd, 0, SEEK_SET) < 0)
		rc = -errno;
	while (!rc && left) {
		size_t n = left < BATCH ? left : BATCH;

		rc = ccg_read_fd(g->fd, buf, n * g->digest_len, &got);
		if (!rc && got != n * g->digest_len)
			rc = -EIO;
		if (!rc)
			rc = fn(arg, buf, n);
		left -= n;
	}
	free(buf);
	return rc;
}

static int sum_digests(void *arg, const uint8_t *digests, size_t n)
{
	struct granules *g = arg;

	return EVP_DigestUpdate(g->h.ctx, digests, n * g->digest_len) == 1 ?
	       0 : -EIO;
}

/* Sets @checked; returns an error only if the file cannot be read. */
static int check_sum(struct granules *g)
{
	uint8_t sum[CC_RIM_LEN], there[CC_RIM_LEN];
	size_t got;
	int rc;

	if (!sum_begin(&g->h, g->path))
		return -EIO;
	rc = go_over(g, sum_digests, g);
	if (rc)
		return rc;
	if (!sum_end(&g->h, sum))
		return -EIO;
	rc = ccg_read_fd(g->fd, there, g->digest_len, &got);
	if (rc)
		return rc;
	g->checked = got == g->digest_len && !memcmp(sum, there, got);
	return 0;
}

/* Replaces a damaged file; the new digests come from the image. */
static int make_anew(struct ccg_ctx *ctx, struct granules *g)
{
	int rc;

	close(g->fd);
	g->fd = -1;
	unlink(g->path);
	rc = make_file(ctx, g);
	if (!rc)
		rc = open_granules(g);
	g->checked = !rc;
	return rc;
}

/**
 * ccg_granules_each - pass the digests of an image's granules to a function
 * @ctx: the context
 * @g: the image, opened by ccg_granules_open()
 * @fn: called with some digests at a time, in order
 * @arg: first argument of @fn
 *
 * A damaged file is replaced; the new digests come from the image.
 *
 * Return: 0; -ENOENT if the file is damaged and @g->images lacks the image; the
 * result of @fn; or another negative errno.
 */
int ccg_granules_each(struct ccg_ctx *ctx, struct granules *g,
		      ccg_granules_fn *fn, void *arg)
{
	int rc = 0;

	/* A second call after a failure returns the same errno. */
	if (g->fd < 0)
		return -ENOENT;
	if (!g->checked)
		rc = check_sum(g);
	if (!rc && !g->checked)
		rc = make_anew(ctx, g);
	if (rc)
		return rc;
	return go_over(g, fn, arg);
}
