/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Logs for the tests of lib/cc_log*.c, built byte by byte. Each log ends at the
 * end of a heap block, so that the address sanitizer detects an overread.
 */
#ifndef CCGUEST_TEST_LOG_BYTES_H
#define CCGUEST_TEST_LOG_BYTES_H

#include <stdlib.h>

#include "../../lib/cc_log.h"
#include "bytes.h"
#include "tap.h"

#define SHA1	CC_ALG_SHA1
#define SHA256	CC_ALG_SHA256
#define SHA384	CC_ALG_SHA384
#define SHA512	CC_ALG_SHA512

static void fill(struct bytes *b, u8 byte, size_t len)
{
	b->buf = realloc(b->buf, b->len + len + 1);
	if (!b->buf)
		abort();
	memset(b->buf + b->len, byte, len);
	b->len += len;
}

static void le(struct bytes *b, u64 val, size_t n)
{
	u8 bytes[8];

	for (size_t i = 0; i < n; i++)
		bytes[i] = val >> 8 * i;
	append(b, bytes, n);
}

static void put(struct bytes *b, size_t offset, u64 val, size_t n)
{
	for (size_t i = 0; i < n; i++)
		b->buf[offset + i] = val >> 8 * i;
}

static u16 alg_len(u16 alg)
{
	return alg == SHA1 ? 20 : alg == SHA384 ? 48 : alg == SHA512 ? 64 : 32;
}

/* A header with up to three algorithms; 0 for none. */
static struct bytes header(u32 index, u16 a, u16 b, u16 c)
{
	const u16 algs[] = { a, b, c };
	struct bytes log = {};
	size_t n = !!a + !!b + !!c;

	le(&log, index, 4);
	le(&log, 3, 4);
	fill(&log, 0, 20);
	le(&log, 29 + 4 * n, 4);
	append(&log, "Spec ID Event03", 16);
	le(&log, 0, 4);
	append(&log, "\0\2\152\2", 4);
	le(&log, n, 4);
	for (size_t i = 0; i < n; i++) {
		le(&log, algs[i], 2);
		le(&log, alg_len(algs[i]), 2);
	}
	le(&log, 0, 1);
	return log;
}

/* Adds an event with one digest of @alg or none; returns its offset. */
static size_t event(struct bytes *b, u32 index, u32 type, u16 alg, u8 digest,
		    const void *data, size_t size)
{
	size_t offset = b->len;

	le(b, index, 4);
	le(b, type, 4);
	le(b, !!alg, 4);
	if (alg) {
		le(b, alg, 2);
		fill(b, digest, alg_len(alg));
	}
	le(b, size, 4);
	append(b, data, size);
	return offset;
}

static int check(struct bytes *b, const struct cc_log_opts *opts,
		 struct cc_log *log, struct cc_log_fault *fault)
{
	u8 *copy = malloc(b->len ? b->len : 1);
	struct cc_log_event ev;
	int rc;

	if (!copy)
		abort();
	memcpy(copy, b->buf, b->len);
	*fault = (struct cc_log_fault) {};
	rc = cc_log_check(log, copy, b->len, opts, &ev, fault);
	free(copy);
	return rc;
}

static void refused_with(const char *name, struct bytes b,
			 const struct cc_log_opts *opts, const char *what,
			 size_t offset)
{
	struct cc_log_fault f;
	struct cc_log log;
	int rc = check(&b, opts, &log, &f);

	ok(rc == -EBADMSG && !strcmp(f.what, what) && f.offset == offset &&
	   f.field, "refused: %s", name);
	if (rc != -EBADMSG || strcmp(f.what, what) || f.offset != offset)
		printf("# %d: %s at %zu, not %s at %zu\n", rc,
		       rc ? f.what : "accepted", f.offset, what, offset);
	free(b.buf);
}

static void refused(const char *name, struct bytes b, const char *what,
		    size_t offset)
{
	refused_with(name, b, NULL, what, offset);
}

static struct cc_log good_log(const char *name, struct bytes b,
			      const struct cc_log_opts *opts)
{
	struct cc_log_fault f;
	struct cc_log log;
	int rc = check(&b, opts, &log, &f);

	ok(!rc && log.ended, "accepted: %s", name);
	if (rc)
		printf("# %s: %s at %zu is %#llx\n", f.what, f.field, f.offset,
		       (unsigned long long)f.value);
	free(b.buf);
	return log;
}

#endif /* CCGUEST_TEST_LOG_BYTES_H */
