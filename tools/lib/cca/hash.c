// SPDX-License-Identifier: GPL-2.0-only
/*
 * Hashing for realms: one digest after the other, and files in granules, with
 * all processors and in a fixed amount of memory.
 */
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <sched.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <ccguest/ctx.h>

#include "cca/hash.h"
#include "cca/lanes.h"
#include "core/ctx.h"
#include "core/io.h"

/* Number of granules that are read and hashed at a time. */
#define WINDOW_GRANULES	64
#define WINDOW		(WINDOW_GRANULES * (size_t)CC_GRANULE)
#define THREADS_MAX	16
#define WINDOWS_MAX	(2 * THREADS_MAX)

/**
 * ccg_hasher_init - prepare a hasher
 * @h: set; free its members with ccg_hasher_free()
 * @algo: CC_REALM_SHA256 and so on
 *
 * Return: false if the hasher cannot be prepared; @h can be freed then too.
 */
bool ccg_hasher_init(struct hasher *h, uint8_t algo)
{
	static const char *const names[] = {
		[CC_REALM_SHA256] = "SHA256",
		[CC_REALM_SHA512] = "SHA512",
		[CC_REALM_SHA384] = "SHA384",
	};

	*h = (struct hasher) { .algo = algo };
	if (algo >= ARRAY_SIZE(names))
		return false;
	h->md = EVP_MD_fetch(NULL, names[algo], NULL);
	h->ctx = EVP_MD_CTX_new();
	if (h->md && h->ctx && EVP_DigestInit_ex2(h->ctx, h->md, NULL) == 1)
		return true;
	ccg_hasher_free(h);
	return false;
}

/**
 * ccg_hasher_free - free the members of a hasher
 * @h: the hasher
 */
void ccg_hasher_free(struct hasher *h)
{
	EVP_MD_CTX_free(h->ctx);
	EVP_MD_free(h->md);
	*h = (struct hasher) {};
}

/**
 * ccg_hasher_digest - compute a digest
 * @h: the hasher
 * @data: the bytes to hash
 * @len: length of @data in bytes
 * @out: set to the digest
 *
 * Return: true on success.
 */
bool ccg_hasher_digest(struct hasher *h, const uint8_t *data, size_t len,
		       uint8_t *out)
{
	/*
	 * Without an algorithm, OpenSSL restarts the last one, which is fast.
	 */
	return EVP_DigestInit_ex2(h->ctx, NULL, NULL) == 1 &&
	       EVP_DigestUpdate(h->ctx, data, len) == 1 &&
	       EVP_DigestFinal_ex(h->ctx, out, NULL) == 1;
}

static int digest(void *ctx, uint8_t algo, const uint8_t *data, size_t len,
		  uint8_t *out)
{
	struct hasher *h = ctx;

	return h->algo == algo && ccg_hasher_digest(h, data, len, out) ?
	       0 : -EIO;
}

const struct cc_hash_ops ccg_hash_ops = { digest };

/**
 * ccg_load_granules - extend a RIM with granules of an image
 * @loading: the struct loading; first argument of ccg_granules_fn
 * @digests: digests of the granules, one after the other
 * @n: number of digests
 *
 * Return: 0 or a negative errno.
 */
int ccg_load_granules(void *loading, const uint8_t *digests, size_t n)
{
	struct loading *l = loading;
	int rc = 0;

	for (; !rc && n; n--) {
		rc = cc_rim_data(l->rim, l->ipa, digests);
		l->ipa += CC_GRANULE;
		digests += l->digest_len;
	}
	return rc;
}

/* Files -------------------------------------------------------------------- */

/**
 * struct window - some consecutive granules of a file
 * @done: hashed, and not used yet
 * @rc: 0, or the negative errno of a failed read or hash
 * @got: number of bytes read from the file
 * @n: number of granules in @buf
 * @buf: the granules
 * @digests: digests of the granules
 */
struct window {
	bool done;
	int rc;
	size_t got;
	size_t n;
	uint8_t *buf;
	uint8_t digests[WINDOW_GRANULES * CC_RIM_LEN];
};

/**
 * struct worker - a thread that hashes windows
 * @walk: the file
 * @thread: the thread; the first worker runs in the calling thread
 * @h: hashes granules that do not fill all lanes
 */
struct worker {
	struct walk *walk;
	pthread_t thread;
	struct hasher h;
};

/**
 * struct walk - a file that is being hashed
 * @fd: descriptor of the file
 * @regular: regular file, so pread() works
 * @head: offset in a granule at which the file begins
 * @digest_len: length of a digest in bytes
 * @lanes: number of granules that are hashed at once, or 0
 * @whole: hashes the whole file; or NULL
 * @n_workers: number of @workers
 * @n_threads: number of running workers; the first is the calling thread
 * @workers: hash windows, while the calling thread uses hashed windows
 * @lock: protects the members below, and each window's done
 * @moved: signalled when one of the members below changes
 * @n_begun: number of windows that a worker has begun to read
 * @n_taken: number of windows that were used
 * @ended: nothing more is read: the file ended, or the walk stops
 * @n_windows: number of @windows
 * @windows: used in turn, as a ring
 */
struct walk {
	int fd;
	bool regular;
	size_t head;
	size_t digest_len;
	size_t lanes;
	EVP_MD_CTX *whole;
	size_t n_workers;
	size_t n_threads;
	struct worker workers[THREADS_MAX];
	pthread_mutex_t lock;
	pthread_cond_t moved;
	uint64_t n_begun;
	uint64_t n_taken;
	bool ended;
	size_t n_windows;
	struct window *windows[WINDOWS_MAX];
};

static struct window *window_at(const struct walk *walk, uint64_t nr)
{
	return walk->windows[nr % walk->n_windows];
}

static bool can_begin(const struct walk *walk)
{
	return !walk->ended &&
	       walk->n_begun - walk->n_taken < walk->n_windows;
}

/* Reads until the buffer is full or the file ends. */
static int read_at(const struct walk *walk, uint64_t pos, uint8_t *buf,
		   size_t max, size_t *lenp)
{
	ssize_t n;

	if (!walk->regular)
		return ccg_read_fd(walk->fd, buf, max, lenp);
	for (*lenp = 0; *lenp < max; *lenp += n) {
		n = pread(walk->fd, buf + *lenp, max - *lenp, pos + *lenp);
		if (n < 0 && errno == EINTR)
			n = 0;
		else if (n < 0)
			return -errno;
		else if (!n)
			break;
	}
	return 0;
}

/* In the first granule, zeros stand before the file's first byte. */
static size_t head_of(const struct walk *walk, uint64_t nr)
{
	return nr ? 0 : walk->head;
}

static void read_window(const struct walk *walk, struct window *w, uint64_t nr)
{
	size_t head = head_of(walk, nr), end;

	memset(w->buf, 0, head);
	w->rc = read_at(walk, nr ? nr * WINDOW - walk->head : 0, w->buf + head,
			WINDOW - head, &w->got);
	if (w->rc)
		w->got = 0;
	end = w->got ? head + w->got : 0;
	w->n = (end + CC_GRANULE - 1) / CC_GRANULE;
	memset(w->buf + end, 0, w->n * CC_GRANULE - end);
}

static bool hash_window(const struct walk *walk, struct hasher *h,
			struct window *w)
{
	const uint8_t *p = w->buf;
	uint8_t *out = w->digests;
	size_t n = w->n, step;
	bool good = true;

	for (; good && n; n -= step) {
		step = walk->lanes && n >= walk->lanes ? walk->lanes : 1;
		if (step > 1)
			ccg_lanes_digest(h->algo, p, out);
		else
			good = ccg_hasher_digest(h, p, CC_GRANULE, out);
		p += step * CC_GRANULE;
		out += step * walk->digest_len;
	}
	return good;
}

/* Reads and hashes the next window; drops @lock in the meantime. */
static void do_window(struct worker *worker)
{
	struct walk *walk = worker->walk;
	uint64_t nr = walk->n_begun++;
	struct window *w = window_at(walk, nr);

	pthread_mutex_unlock(&walk->lock);
	read_window(walk, w, nr);
	if (!w->rc && !hash_window(walk, &worker->h, w))
		w->rc = -EIO;
	pthread_mutex_lock(&walk->lock);
	walk->ended |= w->got < WINDOW - head_of(walk, nr);
	w->done = true;
	pthread_cond_broadcast(&walk->moved);
}

static void *work(void *arg)
{
	struct worker *worker = arg;
	struct walk *walk = worker->walk;

	pthread_mutex_lock(&walk->lock);
	while (!walk->ended) {
		if (can_begin(walk))
			do_window(worker);
		else
			pthread_cond_wait(&walk->moved, &walk->lock);
	}
	pthread_mutex_unlock(&walk->lock);
	return NULL;
}

/* Hashes windows too, until the next window to use is done. */
static struct window *take_window(struct walk *walk)
{
	struct window *w = window_at(walk, walk->n_taken);

	pthread_mutex_lock(&walk->lock);
	while (!w->done) {
		if (can_begin(walk))
			do_window(&walk->workers[0]);
		else
			pthread_cond_wait(&walk->moved, &walk->lock);
	}
	w->done = false;
	pthread_mutex_unlock(&walk->lock);
	return w;
}

static void give_back(struct walk *walk)
{
	pthread_mutex_lock(&walk->lock);
	walk->n_taken++;
	pthread_cond_broadcast(&walk->moved);
	pthread_mutex_unlock(&walk->lock);
}

static void stop(struct walk *walk)
{
	pthread_mutex_lock(&walk->lock);
	walk->ended = true;
	pthread_cond_broadcast(&walk->moved);
	pthread_mutex_unlock(&walk->lock);
	for (size_t i = 1; i < walk->n_threads; i++)
		pthread_join(walk->workers[i].thread, NULL);
}

static int use_window(struct walk *walk, const struct window *w, uint64_t max,
		      ccg_granules_fn *fn, void *arg, uint64_t *sizep)
{
	if (w->rc)
		return w->rc;
	if (w->got > max - *sizep)
		return -EFBIG;
	*sizep += w->got;
	if (walk->whole &&
	    EVP_DigestUpdate(walk->whole,
			     w->buf + head_of(walk, walk->n_taken),
			     w->got) != 1)
		return -EIO;
	return w->n ? fn(arg, w->digests, w->n) : 0;
}

/* Uses windows in the order of the file, while the workers read ahead. */
static int use_windows(struct ccg_ctx *ctx, const char *path,
		       struct walk *walk, uint64_t all, uint64_t max,
		       ccg_granules_fn *fn, void *arg, uint64_t *sizep)
{
	struct window *w;
	bool last = false;
	int rc = 0;

	for (*sizep = 0; !rc && !last; give_back(walk)) {
		w = take_window(walk);
		last = w->got < WINDOW - head_of(walk, walk->n_taken);
		rc = use_window(walk, w, max, fn, arg, sizep);
		if (!rc && ctx->progress)
			ctx->progress(ctx->progress_arg, path, *sizep, all);
	}
	return rc;
}

static int hash_file(struct ccg_ctx *ctx, const char *path, struct walk *walk,
		     uint64_t all, uint64_t max, ccg_granules_fn *fn, void *arg,
		     uint64_t *sizep)
{
	int rc;

	for (walk->n_threads = 1; walk->n_threads < walk->n_workers;
	     walk->n_threads++)
		if (pthread_create(&walk->workers[walk->n_threads].thread, NULL,
				   work, &walk->workers[walk->n_threads]))
			break;
	rc = use_windows(ctx, path, walk, all, max, fn, arg, sizep);
	stop(walk);
	return rc;
}

/* One per allowed processor, and no more than the file has windows. */
static size_t n_processors(uint64_t size)
{
	uint64_t want = size / WINDOW;
	cpu_set_t set;
	size_t n = 1;

	if (!sched_getaffinity(0, sizeof(set), &set))
		n = CPU_COUNT(&set);
	if (n > THREADS_MAX)
		n = THREADS_MAX;
	if (n > want)
		n = want;
	return n ? n : 1;
}

static bool walk_init(struct walk *walk, uint8_t algo, size_t head,
		      uint64_t size, bool whole)
{
	size_t want = n_processors(size);

	walk->head = head;
	walk->digest_len = cc_rim_hash_len(algo);
	walk->lanes = ccg_lanes(algo);
	while (walk->n_workers < want &&
	       ccg_hasher_init(&walk->workers[walk->n_workers].h, algo))
		walk->workers[walk->n_workers++].walk = walk;
	if (!walk->n_workers)
		return false;
	/*
	 * Two windows for each worker: one is being hashed, one waits for use.
	 */
	want = walk->n_workers > 1 ? 2 * walk->n_workers : 1;
	for (; walk->n_windows < want; walk->n_windows++) {
		struct window *w = calloc(1, sizeof(*w));

		walk->windows[walk->n_windows] = w;
		if (w)
			w->buf = malloc(WINDOW);
		if (!w || !w->buf)
			return false;
	}
	if (!whole)
		return true;
	walk->whole = EVP_MD_CTX_new();
	return walk->whole &&
	       EVP_DigestInit_ex2(walk->whole, walk->workers[0].h.md, NULL) == 1;
}

static struct walk *walk_new(void)
{
	struct walk *walk = calloc(1, sizeof(*walk));

	if (!walk)
		return NULL;
	pthread_mutex_init(&walk->lock, NULL);
	pthread_cond_init(&walk->moved, NULL);
	return walk;
}

static void walk_free(struct walk *walk)
{
	for (size_t i = 0; i < walk->n_workers; i++)
		ccg_hasher_free(&walk->workers[i].h);
	for (size_t i = 0; i < ARRAY_SIZE(walk->windows); i++) {
		if (walk->windows[i])
			free(walk->windows[i]->buf);
		free(walk->windows[i]);
	}
	EVP_MD_CTX_free(walk->whole);
	pthread_cond_destroy(&walk->moved);
	pthread_mutex_destroy(&walk->lock);
	free(walk);
}

/* *@sizep: the size, or 0 for a file without one, such as a pipe. */
static int open_image(struct walk *walk, const char *path, uint64_t *sizep)
{
	struct stat st;

	walk->fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
	if (walk->fd < 0 || fstat(walk->fd, &st))
		return -errno;
	walk->regular = S_ISREG(st.st_mode);
	*sizep = walk->regular ? st.st_size : 0;
	return 0;
}

/**
 * ccg_granules - hash the granules of a file at its place in memory
 * @ctx: the context
 * @path: the file
 * @algo: CC_REALM_SHA256 and so on
 * @head: offset in a granule at which the file begins; the bytes before the
 *	  file and after it are zeros
 * @max: limit for the file's size in bytes
 * @fn: called with some digests at a time, in order
 * @arg: first argument of @fn
 * @whole: set to the digest of the whole file; or NULL
 * @sizep: set to the size of the file in bytes
 *
 * Return: 0; -EFBIG if the file is longer than @max; the result of @fn; or
 * another negative errno.
 */
int ccg_granules(struct ccg_ctx *ctx, const char *path, uint8_t algo,
		 size_t head, uint64_t max, ccg_granules_fn *fn, void *arg,
		 uint8_t *whole, uint64_t *sizep)
{
	struct walk *walk = walk_new();
	uint64_t seems = 0;
	int rc;

	if (!walk)
		return ccg_fail_errno(ctx, -ENOMEM, path);
	rc = open_image(walk, path, &seems);
	if (!rc && !walk_init(walk, algo, head, seems, whole))
		rc = -ENOMEM;
	if (!rc)
		rc = hash_file(ctx, path, walk, seems, max, fn, arg, sizep);
	if (!rc && whole && EVP_DigestFinal_ex(walk->whole, whole, NULL) != 1)
		rc = -EIO;
	if (walk->fd >= 0)
		close(walk->fd);
	walk_free(walk);
	return rc ? ccg_fail_errno(ctx, rc, path) : 0;
}
