// SPDX-License-Identifier: GPL-2.0-only
/*
 * Fuzz target: the first byte selects the type of an event, the rest is the
 * data of the event, which the target decodes as text.
 *
 * Checks that each opened object is closed, that only members of objects have
 * keys, that the summary line fits and ends in a NUL, and that the bytes that
 * the digests may cover are those of the data.
 */
#include <ccguest/log.h>

#include "../../lib/cc_log.h"
#include "../../tools/lib/log/hashed.h"
#include "fuzz.h"

#define DEPTH_MAX	8

/* A sink that checks the order of calls. */
struct checker {
	struct ccg_sink sink;
	int depth;
	bool list[DEPTH_MAX];
	unsigned int sum;
};

static void check_key(struct checker *c, const char *key)
{
	require(!key == c->list[c->depth]);
}

static void on_open(struct ccg_sink *sink, const char *key, bool list)
{
	struct checker *c = (struct checker *)sink;

	check_key(c, key);
	require(c->depth < DEPTH_MAX - 1);
	c->list[++c->depth] = list;
}

static void on_close(struct ccg_sink *sink)
{
	struct checker *c = (struct checker *)sink;

	require(c->depth-- > 0);
}

static void on_text(struct ccg_sink *sink, const char *key, const char *text,
		    size_t len)
{
	struct checker *c = (struct checker *)sink;

	check_key(c, key);
	for (size_t i = 0; text && i < len; i++)
		c->sum += text[i];
}

static void on_number(struct ccg_sink *sink, const char *key, uint64_t val,
		      enum ccg_number kind)
{
	struct checker *c = (struct checker *)sink;

	check_key(c, key);
	c->sum += val + kind;
}

static void on_yes_no(struct ccg_sink *sink, const char *key, bool yes)
{
	struct checker *c = (struct checker *)sink;

	check_key(c, key);
	c->sum += yes;
}

static void check_hashed(const struct cc_log_event *ev)
{
	struct hashed h;

	ccg_hashed_forms(ev, &h);
	require(h.n && h.n <= HASHED_FORMS_MAX);
	require(h.forms[0].p == ev->data && h.forms[0].len == ev->size);
	for (size_t i = 0; i < h.n; i++) {
		const struct hashed_form *f = &h.forms[i];

		/* The digest of a separator's error covers the number 1. */
		if (ev->type == 0x4 && i)
			continue;
		require(f->p >= ev->data && f->p <= ev->data + ev->size);
		require(f->len <= (size_t)(ev->data + ev->size - f->p));
		require(!f->whole || f->len + 1 >= ev->size);
	}
}

int LLVMFuzzerTestOneInput(const u8 *data, size_t size)
{
	static const u32 types[] = {
		0x1, 0x3, 0x4, 0x5, 0x6, 0x7, 0x8, 0xa, 0xd, 0x13, 0x80000001,
		0x80000002, 0x80000003, 0x80000006, 0x80000007, 0x80000008,
		0x8000000a, 0x8000000b, 0x8000000d, 0x80000010, 0x800000e0,
		0xc, 0x11, 0x14, 0x80000009, 0x8000000c, 0x800000e1, 0x800000e2,
		0x800000e3, 0x800000e4, 0x12,
	};
	struct checker c = {
		.sink = {
			.open = on_open,
			.close = on_close,
			.text = on_text,
			.number = on_number,
			.yes_no = on_yes_no,
		},
	};
	struct cc_log_event ev = {};
	char line[64];

	if (!size)
		return 0;
	ev.type = types[(data[0] & 0x7f) % ARRAY_SIZE(types)];
	ev.data = data + 1;
	ev.size = size - 1;
	/* Of SHA-1 alone, more forms are accepted. */
	ev.n_digests = 1;
	ev.digests[0].alg = CC_ALG_SHA1;
	check_hashed(&ev);
	ccg_log_decode(&ev, data[0] & 0x80 ? 1 : 2, &c.sink);
	require(!c.depth);
	c.sink.tpm2_eventlog = true;
	ccg_log_decode(&ev, data[0] & 0x80 ? 1 : 2, &c.sink);
	require(!c.depth);
	memset(line, 'x', sizeof(line));
	ccg_log_meaning(&ev, line, sizeof(line));
	require(memchr(line, 0, sizeof(line)));
	return 0;
}
