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

#include "hash.h"
#include "internal.h"

/* What is read and hashed at a time. */
#define WINDOW_GRANULES	256
#define WINDOW		(WINDOW_GRANULES * (size_t)CC_GRANULE)
#define THREADS_MAX	16

/**
 * ccg_hasher_init - get ready to hash
 * @h: set up; free what it has with ccg_hasher_free()
 * @algo: CC_REALM_SHA256 and so on
 *
 * Return: whether that worked.
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
 * ccg_hasher_free - free what a hasher has
 * @h: the hasher
 */
void ccg_hasher_free(struct hasher *h)
{
	EVP_MD_CTX_free(h->ctx);
	EVP_MD_free(h->md);
	*h = (struct hasher) {};
}

/**
 * ccg_hasher_digest - make a digest
 * @h: the hasher
 * @data: of this
 * @len: its length
 * @out: set to the digest
 *
 * Return: whether that worked.
 */
bool ccg_hasher_digest(struct hasher *h, const uint8_t *data, size_t len,
		       uint8_t *out)
{
	/* Without an algorithm the one before is begun anew, which is quick. */
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
 * @loading: a struct loading
 * @digests: their digests, one behind the other
 * @n: number of them
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
 * struct worker - a thread's part of a window
 * @thread: the thread
 * @h: its hasher
 * @buf: its granules
 * @n: number of them
 * @out: where their digests go
 * @good: it worked
 */
struct worker {
	pthread_t thread;
	struct hasher h;
	const uint8_t *buf;
	size_t n;
	uint8_t *out;
	bool good;
};

/**
 * struct walk - a file that is hashed
 * @algo: CC_REALM_SHA256 and so on
 * @digest_len: of a digest
 * @buf: a window
 * @digests: of its granules
 * @whole: hashes the file as a whole, where that is wanted
 * @n_workers: number of @workers
 * @workers: the threads
 */
struct walk {
	uint8_t algo;
	size_t digest_len;
	uint8_t *buf;
	uint8_t *digests;
	EVP_MD_CTX *whole;
	size_t n_workers;
	struct worker workers[THREADS_MAX];
};

static void *work(void *arg)
{
	struct worker *w = arg;
	size_t len = cc_rim_hash_len(w->h.algo);

	w->good = true;
	for (size_t i = 0; w->good && i < w->n; i++)
		w->good = ccg_hasher_digest(&w->h, w->buf + i * CC_GRANULE,
					    CC_GRANULE, w->out + i * len);
	return NULL;
}

/* All but the first part in threads of their own, if they can be had. */
static bool hash_window(struct walk *walk, size_t n)
{
	size_t part = (n + walk->n_workers - 1) / walk->n_workers;
	bool threaded[THREADS_MAX] = {}, good = true;
	size_t done = 0, n_parts;

	for (n_parts = 0; done < n; n_parts++) {
		struct worker *w = &walk->workers[n_parts];

		w->buf = walk->buf + done * CC_GRANULE;
		w->out = walk->digests + done * walk->digest_len;
		w->n = part < n - done ? part : n - done;
		done += w->n;
		if (n_parts)
			threaded[n_parts] = !pthread_create(&w->thread, NULL,
							    work, w);
	}
	for (size_t i = 0; i < n_parts; i++) {
		if (threaded[i])
			pthread_join(walk->workers[i].thread, NULL);
		else
			work(&walk->workers[i]);
		good = good && walk->workers[i].good;
	}
	return good;
}

static int hash_file(struct ccg_ctx *ctx, const char *path, struct walk *walk,
		     int fd, size_t head, uint64_t max, ccg_granules_fn *fn,
		     void *arg, uint64_t *sizep)
{
	struct stat st;
	size_t got, n;
	int rc;

	if (fstat(fd, &st))
		return -errno;

	/* The first granule begins before the file does. */
	memset(walk->buf, 0, head);
	for (*sizep = 0;; head = 0) {
		rc = ccg_read_fd(fd, walk->buf + head, WINDOW - head, &got);
		if (rc)
			return rc;
		if (!got)
			return 0;
		if (got > max - *sizep)
			return -EFBIG;
		*sizep += got;
		if (walk->whole &&
		    EVP_DigestUpdate(walk->whole, walk->buf + head, got) != 1)
			return -EIO;
		n = (head + got + CC_GRANULE - 1) / CC_GRANULE;
		memset(walk->buf + head + got, 0, n * CC_GRANULE - head - got);
		if (!hash_window(walk, n))
			return -EIO;
		if (ctx->progress)
			ctx->progress(ctx->progress_arg, path, *sizep,
				      st.st_size);
		rc = fn(arg, walk->digests, n);
		if (rc || got < WINDOW - head)
			return rc;
	}
}

/* Those that we may run on. */
static size_t n_processors(void)
{
	cpu_set_t set;
	int n = 1;

	if (!sched_getaffinity(0, sizeof(set), &set))
		n = CPU_COUNT(&set);
	return n < 1 ? 1 : n > THREADS_MAX ? THREADS_MAX : n;
}

static bool walk_init(struct walk *walk, uint8_t algo, bool whole)
{
	size_t want = n_processors();

	walk->algo = algo;
	walk->digest_len = cc_rim_hash_len(algo);
	walk->buf = malloc(WINDOW);
	walk->digests = malloc(WINDOW_GRANULES * CC_RIM_LEN);
	while (walk->n_workers < want &&
	       ccg_hasher_init(&walk->workers[walk->n_workers].h, algo))
		walk->n_workers++;
	if (!walk->buf || !walk->digests || !walk->n_workers)
		return false;
	if (!whole)
		return true;
	walk->whole = EVP_MD_CTX_new();
	return walk->whole &&
	       EVP_DigestInit_ex2(walk->whole, walk->workers[0].h.md, NULL) == 1;
}

static void walk_free(struct walk *walk)
{
	for (size_t i = 0; i < walk->n_workers; i++)
		ccg_hasher_free(&walk->workers[i].h);
	EVP_MD_CTX_free(walk->whole);
	free(walk->buf);
	free(walk->digests);
	free(walk);
}

/**
 * ccg_granules - hash a file as it lies in a realm's memory
 * @ctx: the context
 * @path: the file
 * @algo: CC_REALM_SHA256 and so on
 * @head: where in a granule it begins; the bytes before it are zero, and so
 *	  are those behind it
 * @max: the most that it may have, in bytes
 * @fn: gets the digests, in order
 * @arg: for @fn
 * @whole: set to the digest of the file as a whole; or NULL
 * @sizep: set to its size
 *
 * Return: 0; -EFBIG where there is more; what @fn returned; or another
 * negative errno.
 */
int ccg_granules(struct ccg_ctx *ctx, const char *path, uint8_t algo,
		 size_t head, uint64_t max, ccg_granules_fn *fn, void *arg,
		 uint8_t *whole, uint64_t *sizep)
{
	struct walk *walk = calloc(1, sizeof(*walk));
	int fd, rc;

	if (!walk)
		return ccg_fail_errno(ctx, -ENOMEM, path);
	fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
	rc = fd < 0 ? -errno : 0;
	if (!rc && !walk_init(walk, algo, whole))
		rc = -ENOMEM;
	if (!rc)
		rc = hash_file(ctx, path, walk, fd, head, max, fn, arg, sizep);
	if (!rc && whole && EVP_DigestFinal_ex(walk->whole, whole, NULL) != 1)
		rc = -EIO;
	if (fd >= 0)
		close(fd);
	walk_free(walk);
	return rc ? ccg_fail_errno(ctx, rc, path) : 0;
}
