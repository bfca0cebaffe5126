// SPDX-License-Identifier: GPL-2.0-only
/*
 * Unit tests of large responses: lib/spdm_large.c, and the exchanges of
 * lib/spdm_req_exchange.c. The responder of this file sends one large response
 * in chunks. A row of the table changes one of its messages.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "../../lib/spdm_large.h"
#include "../../lib/spdm_req_internal.h"
#include "tap.h"

#define HANDLE		0x9c
#define LARGE		100	/* bytes of the large response */
#define LARGE_LIMIT	200	/* MaxSPDMmsgSize of the requester */
#define TRANSFER	64	/* longest message of the responder */
#define FIRST_DATA	(TRANSFER - 16)

/**
 * struct edit - a change of a message of the responder
 * @name: name of the test
 * @n: the message: 0 is the ERROR LargeResponse, 1 the first chunk
 * @at: offset of the changed bytes
 * @width: their number; 0 for none
 * @value: their value, little-endian
 * @len: length of the message; 0 for no change
 * @rc: the expected result
 * @what: the expected fault
 * @field: its field, or NULL
 * @offset: its offset
 * @seen: the number of the message with which the fault is found; 0 for @n
 */
struct edit {
	const char *name;
	u32 n;
	size_t at;
	size_t width;
	u64 value;
	size_t len;
	int rc;
	const char *what;
	const char *field;
	size_t offset;
	u32 seen;
};

struct world {
	struct spdm_req r;
	struct spdm_fault fault;
	const struct edit *edit;
	u8 msg[600];		/* the large response */
	size_t msg_len;
	size_t transfer;
	size_t at;		/* bytes that were sent */
	u32 n;			/* messages that were sent */
	u32 busy;		/* answers Busy that are due */
	u32 seq;
	u32 max_version;
	u8 caps_req[20];
	bool strange;		/* a request was not as expected */
	u64 now;
};

static int put_large_error(struct world *w, u8 *rsp)
{
	w->at = 0;
	w->seq = 0;
	memcpy(rsp, (u8[]){ w->r.c.version, 0x7f, 0x0f, 0, HANDLE }, 5);
	return 5;
}

static int put_chunk(struct world *w, const u8 *req, size_t len, u8 *rsp)
{
	size_t head = w->seq ? 12 : 16, n = w->msg_len - w->at;
	const u8 want[8] = { w->r.c.version, 0x86, 0, HANDLE, w->seq };

	if (len != 8 || memcmp(req, want, 8))
		w->strange = true;
	if (n > w->transfer - head)
		n = w->transfer - head;
	memset(rsp, 0, 16);
	rsp[0] = req[0];
	rsp[1] = 0x06;
	rsp[2] = w->at + n == w->msg_len;
	rsp[3] = HANDLE;
	put_unaligned_le32(w->seq, rsp + 4);
	put_unaligned_le32(n, rsp + 8);
	if (!w->seq)
		put_unaligned_le32(w->msg_len, rsp + 12);
	memcpy(rsp + head, w->msg + w->at, n);
	w->at += n;
	w->seq++;
	return head + n;
}

static int change(struct world *w, u8 *rsp, int len)
{
	const struct edit *e = w->edit;

	if (!e || e->n != w->n++)
		return len;
	for (size_t i = 0; i < e->width; i++)
		rsp[e->at + i] = e->value >> 8 * i;
	return e->len ? (int)e->len : len;
}

/* The negotiation of test_whole(). */
static int negotiate(struct world *w, const u8 *req, size_t len, u8 *rsp)
{
	switch (req[1]) {
	case 0x84:
		memcpy(rsp, "\x10\x04\0\0\0\x01\0", 7);
		rsp[7] = w->max_version;
		return 8;
	case 0xe1:
		memcpy(w->caps_req, req, len);
		memset(rsp, 0, 20);
		rsp[0] = req[0];
		rsp[1] = 0x61;
		put_unaligned_le32(0x2000a, rsp + 8);
		put_unaligned_le32(42, rsp + 12);
		put_unaligned_le32(42, rsp + 16);
		return req[0] < 0x12 ? 12 : 20;
	}
	memset(rsp, 0, 36);
	memcpy(rsp, (u8[]){ req[0], 0x63, 0, 0, 36, 0, 1, 0, 2 }, 9);
	rsp[12] = 0x10;
	rsp[16] = 0x01;
	return 36;
}

static int exchange(void *ctx, const u8 *req, size_t len, u8 *rsp, size_t size)
{
	struct world *w = ctx;
	u8 buf[1024] = {};
	int n;

	w->now++;
	if (w->busy) {
		w->busy--;
		memcpy(buf, (u8[]){ w->r.c.version, 0x7f, 0x03, 0 }, 4);
		n = 4;
	} else if (req[1] == 0x86) {
		n = change(w, buf, put_chunk(w, req, len, buf));
	} else if (req[1] == 0x84 || req[1] == 0xe1 || req[1] == 0xe3) {
		n = negotiate(w, req, len, buf);
	} else {
		n = change(w, buf, put_large_error(w, buf));
	}
	if ((size_t)n > size)
		n = size;
	memcpy(rsp, buf, n);
	return n;
}

static int randomize(void *ctx, u8 *buf, size_t len)
{
	(void)ctx;
	memset(buf, 0, len);
	return 0;
}

static u64 now_ms(void *ctx)
{
	return ((struct world *)ctx)->now;
}

static int sleep_ms(void *ctx, u32 ms)
{
	((struct world *)ctx)->now += ms;
	return 0;
}

static const struct spdm_req_ops ops = {
	.exchange = exchange,
	.random = randomize,
	.now_ms = now_ms,
	.sleep_ms = sleep_ms,
};

/* A connection after the negotiation. */
static struct world *world(u8 version)
{
	struct world *w = calloc(1, sizeof(*w));
	struct spdm_req *r = &w->r;

	r->ops = &ops;
	r->ctx = w;
	r->rsp_size = TRANSFER;
	r->large_size = LARGE_LIMIT;
	r->rsp = malloc(r->rsp_size + r->large_size);
	r->deadline = 10000;
	r->c.version = version;
	r->c.flags = SPDM_CAP_CHUNK;
	r->c.offer.flags = SPDM_CAP_CHUNK;
	r->c.offer.max_msg_size = LARGE_LIMIT;
	w->transfer = TRANSFER;
	w->msg_len = LARGE;
	memcpy(w->msg, (u8[]){ version, 0x01, 0x03, 0x03 }, 4);
	for (size_t i = 4; i < sizeof(w->msg); i++)
		w->msg[i] = i;
	return w;
}

static void release(struct world *w)
{
	free(w->r.rsp);
	free(w);
}

static int get_digests(struct world *w)
{
	u8 saved[SPDM_REQUEST_MAX];
	int len = spdm_build_get_digests(&w->r.c, w->r.request,
					 sizeof(w->r.request));

	w->fault = (struct spdm_fault) {};
	return spdm_exchange(&w->r, len, saved, &w->fault);
}

static bool is_whole(const struct world *w, int rc)
{
	return rc == (int)w->msg_len && !w->strange &&
	       !memcmp(w->r.rsp, w->msg, w->msg_len);
}

#define MALFORMED	"Malformed chunk_response response"
#define TRUNCATED	"Truncated chunk_response response"
#define P		-EPROTO

static const struct edit edits[] = {
	/* the ERROR */
	{ "no handle", 0, 0, 0, 0, 4, -EIO, "Truncated error response", NULL, 4, 0 },
	{ "LargeResponse of another version", 0, 0, 1, 0x11, 0, P,
	  "Malformed error response", "SPDMVersion", 0, 0 },
	{ "LargeResponse is too long", 0, 0, 0, 0, 9, P,
	  "Malformed error response", "length of the message", 5, 0 },
	/* what is not a chunk */
	{ "another version", 1, 0, 1, 0x13, 0, P, MALFORMED, "SPDMVersion", 0, 0 },
	{ "another response", 2, 1, 1, 0x01, 0, P, MALFORMED, "RequestResponseCode", 1, 0 },
	{ "LargeResponse", 1, 1, 2, 0x0f7f, 5, P, "Large response to CHUNK_GET",
	  "ErrorCode", 2, 0 },
	{ "LargeResponse, later", 2, 1, 2, 0x0f7f, 5, P,
	  "Large response to CHUNK_GET", "ErrorCode", 2, 0 },
	{ "ERROR", 2, 1, 2, 0x057f, 4, -EIO, "Unspecified error", "Param1", 2, 0 },
	{ "ResponseNotReady", 2, 1, 2, 0x427f, 8, -EINPROGRESS,
	  "Response not ready", "Param1", 2, 0 },
	{ "RequestResynch", 2, 1, 2, 0x437f, 4, -ECONNRESET,
	  "Request resynchronization", "Param1", 2, 0 },
	{ "no bytes", 1, 0, 0, 0, 3, -EIO, TRUNCATED, NULL, 3, 0 },
	/* header of a chunk */
	{ "another handle", 1, 3, 1, HANDLE + 1, 0, P, MALFORMED, "Handle", 3, 0 },
	{ "another handle, later", 2, 3, 1, 0, 0, P, MALFORMED, "Handle", 3, 0 },
	{ "first chunk is the second", 1, 4, 2, 1, 0, P, MALFORMED, "ChunkSeqNo", 4, 0 },
	{ "second chunk is the first", 2, 4, 2, 0, 0, P, MALFORMED, "ChunkSeqNo", 4, 0 },
	{ "a chunk is left out", 2, 4, 2, 2, 0, P, MALFORMED, "ChunkSeqNo", 4, 0 },
	{ "LastChunk too early", 1, 2, 1, 1, 0, P, MALFORMED, "LargeMessageSize", 12, 0 },
	{ "no LastChunk", 2, 2, 1, 0, 0, P, MALFORMED, "LastChunk", 2, 0 },
	/* sizes */
	{ "no LargeMessageSize", 1, 0, 0, 0, 15, -EIO, TRUNCATED, NULL, 15, 0 },
	{ "LargeMessageSize is 0", 1, 12, 4, 0, 0, P, MALFORMED, "LargeMessageSize", 12, 0 },
	{ "LargeMessageSize is not large", 1, 12, 4, 42, 0, P, MALFORMED,
	  "LargeMessageSize", 12, 0 },
	{ "LargeMessageSize is less than the chunk", 1, 12, 4, 47, 0, P, MALFORMED,
	  "ChunkSize", 8, 0 },
	{ "LargeMessageSize is the first chunk", 1, 12, 4, 48, 0, P, MALFORMED,
	  "LastChunk", 2, 0 },
	{ "LargeMessageSize is too small", 1, 12, 4, 99, 0, P, MALFORMED,
	  "ChunkSize", 8, 2 },
	{ "LargeMessageSize is too large", 1, 12, 4, 101, 0, P, MALFORMED,
	  "LargeMessageSize", 12, 2 },
	{ "LargeMessageSize is above MaxSPDMmsgSize", 1, 12, 4, LARGE_LIMIT + 1, 0, P,
	  MALFORMED, "LargeMessageSize", 12, 0 },
	{ "LargeMessageSize is 4 GiB", 1, 12, 4, 0xffffffff, 0, P, MALFORMED,
	  "LargeMessageSize", 12, 0 },
	{ "empty chunk", 1, 8, 4, 0, 16, P, MALFORMED, "ChunkSize", 8, 0 },
	{ "empty last chunk", 2, 8, 4, 0, 12, P, MALFORMED, "ChunkSize", 8, 0 },
	{ "first chunk of 25 bytes", 1, 8, 4, 25, 16 + 25, P, MALFORMED, "ChunkSize", 8, 0 },
	{ "ChunkSize is too large", 1, 8, 4, FIRST_DATA + 1, 0, -EIO, TRUNCATED, NULL, 64, 0 },
	{ "ChunkSize is 4 GiB", 2, 8, 4, 0xffffffff, 0, -EIO, TRUNCATED, NULL, 64, 0 },
	{ "ChunkSize is too small", 1, 8, 4, FIRST_DATA - 4, 0, P, MALFORMED,
	  "length of the message", 60, 0 },
	{ "truncated chunk", 2, 0, 0, 0, 40, -EIO, TRUNCATED, NULL, 40, 0 },
	/* the large response */
	{ "the large response is an ERROR", 1, 17, 1, 0x7f, 0, P,
	  "Error response in chunks", "RequestResponseCode", 1, 2 },
};

static void test_hostile(void)
{
	for (size_t i = 0; i < ARRAY_SIZE(edits); i++) {
		const struct edit *e = &edits[i];
		struct world *w = world(SPDM_VER_12);
		const struct spdm_fault *f = &w->fault;
		bool same;
		int rc;

		w->edit = e;
		rc = get_digests(w);
		same = rc == e->rc && f->what && !strcmp(f->what, e->what) &&
		       !f->field == !e->field &&
		       (!e->field || !strcmp(f->field, e->field)) &&
		       f->offset == e->offset &&
		       w->r.messages == (e->seen ? e->seen : e->n) + 1;
		ok(same, "%s", e->name);
		if (!same)
			printf("# %d: %s: %s at %zu, %u messages\n", rc,
			       f->what ? f->what : "", f->field ? f->field : "",
			       f->offset, w->r.messages);
		release(w);
	}
}

static void test_good(void)
{
	static const size_t transfers[] = { 42, 43, 59, 64 };
	static const size_t lens[] = { 43, 47, 48, 49, 100, 101, 199, LARGE_LIMIT };

	for (u8 v = SPDM_VER_12; v <= SPDM_VER_14; v++) {
		size_t bad = 0;

		for (size_t i = 0; i < ARRAY_SIZE(transfers); i++) {
			for (size_t j = 0; j < ARRAY_SIZE(lens); j++) {
				struct world *w = world(v);

				w->transfer = transfers[i];
				w->msg_len = lens[j];
				bad += !is_whole(w, get_digests(w)) ||
				       w->r.messages != 1 + w->seq;
				release(w);
			}
		}
		ok(!bad, "1.%u: responses and chunks of several lengths", v & 0xf);
	}
}

static void test_waiting(void)
{
	struct world *w = world(SPDM_VER_13);

	w->busy = 3;
	ok(is_whole(w, get_digests(w)) && w->r.messages == 1 + 2 + 3,
	   "Busy: the request is sent again");
	w->r.deadline = w->now;
	w->r.messages = 0;
	ok(get_digests(w) == -ETIMEDOUT && !w->r.messages, "no time");
	w->r.deadline = w->now + 2;
	ok(get_digests(w) == -ETIMEDOUT && w->r.messages == 2 &&
	   !strcmp(w->fault.what, "Time is up"), "no time for the second chunk");
	w->r.deadline = w->now + 10000;
	w->r.messages = SPDM_MESSAGES_MAX - 2;
	ok(get_digests(w) == -ETIMEDOUT && w->r.messages == SPDM_MESSAGES_MAX &&
	   !strcmp(w->fault.what, "Too many messages"),
	   "each CHUNK_GET is one of the messages");
	release(w);
}

/* LargeResponse is an ERROR like any other. */
static void plain(struct world *w, const char *name)
{
	int rc = get_digests(w);

	ok(rc == 5 && w->r.rsp[1] == 0x7f && w->r.messages == 1, "%s", name);
	release(w);
}

static void test_without(void)
{
	struct world *w = world(SPDM_VER_12);

	w->r.c.flags = 0;
	plain(w, "responder without CHUNK_CAP");
	w = world(SPDM_VER_12);
	w->r.c.offer.flags = 0;
	plain(w, "requester without CHUNK_CAP");
	plain(world(SPDM_VER_11), "1.1");
}

/* MEASUREMENTS with one raw value; returns its length. */
static size_t put_measurements(u8 version, u8 *msg, size_t value)
{
	size_t len = 8 + 7 + value;

	memset(msg, 0, len + 34 + 8);
	memcpy(msg, (u8[]){ version, 0x60, 0, 0, 1 }, 5);
	put_unaligned_le16(7 + value, msg + 5);
	memcpy(msg + 8, (u8[]){ 1, 1 }, 2);
	put_unaligned_le16(3 + value, msg + 10);
	msg[12] = 0x80;
	put_unaligned_le16(value, msg + 13);
	memset(msg + 15, 0x5a, value);
	return len + 32 + 2 + (version >= SPDM_VER_13 ? 8 : 0);
}

static int hash_none(void *ctx, enum spdm_hash_ctx which,
		     const struct spdm_hash *alg)
{
	(void)ctx;
	(void)which;
	(void)alg;
	return 0;
}

static int hash_less(void *ctx, enum spdm_hash_ctx which, const u8 *data,
		     size_t len)
{
	struct world *w = ctx;

	(void)which;
	/* No message of the chunks is part of a transcript. */
	if (data[1] == 0x86 || data[1] == 0x06 || data[1] == 0x7f || !len)
		w->strange = true;
	return 0;
}

static int hash_end(void *ctx, enum spdm_hash_ctx which, u8 *digest)
{
	(void)ctx;
	(void)which;
	memset(digest, 0, SPDM_HASH_MAX);
	return 0;
}

/* A whole conversation: what is announced, and what is received. */
static void whole(u8 version, size_t large_size)
{
	static const struct spdm_meas_ask ask = { .operation = SPDM_MEAS_ALL };
	const bool chunks = version >= SPDM_VER_12 && large_size;
	struct world *w = world(version);
	struct spdm_req *r = &w->r;
	struct spdm_req_ops all = ops;
	int rc;

	all.hash = (struct spdm_hash_ops) { hash_none, hash_less, hash_end };
	r->ops = &all;
	r->rsp_size = SPDM_RSP_MIN;
	r->large_size = large_size;
	free(r->rsp);
	r->rsp = malloc(r->rsp_size + large_size);
	r->timeout_ms = 1000;
	r->ask = &ask;
	spdm_default_offer(&r->offer, 0x10, 0x01);
	w->max_version = version;
	w->msg_len = put_measurements(version, w->msg, 300);
	rc = spdm_read_measurements(r);
	if (chunks)
		ok(!rc && r->meas.record_len == 307 && r->meas.blocks == 1 &&
		   !w->strange && r->messages == 4 + w->seq &&
		   r->chunk_max && r->chunk_max <= r->rsp_size,
		   "1.%u: measurements in %u chunks", version & 0xf, w->seq);
	else
		ok(rc == -EMSGSIZE && r->messages == 4,
		   "1.%u: no chunks, LargeResponse is a failure", version & 0xf);
	ok(get_unaligned_le32(w->caps_req + 8) == (chunks ? 0x20006 : 6) &&
	   (version < SPDM_VER_12 ||
	    (get_unaligned_le32(w->caps_req + 12) == SPDM_RSP_MIN &&
	     get_unaligned_le32(w->caps_req + 16) ==
	     (large_size ? large_size : SPDM_RSP_MIN))),
	   "1.%u: flags and sizes of GET_CAPABILITIES", version & 0xf);
	release(w);
}

int main(void)
{
	test_good();
	test_hostile();
	test_waiting();
	test_without();
	whole(SPDM_VER_11, SPDM_LARGE_MAX);
	whole(SPDM_VER_12, SPDM_LARGE_MAX);
	whole(SPDM_VER_12, 0);
	whole(SPDM_VER_13, SPDM_LARGE_MAX);
	whole(SPDM_VER_14, SPDM_LARGE_MAX);
	return tap_done();
}
