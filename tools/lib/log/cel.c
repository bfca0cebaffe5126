// SPDX-License-Identifier: GPL-2.0-only
/*
 * Converts a log to the Canonical Event Log Format of the TCG, version 1.0: a
 * record for each event, in JSON, in CBOR, or as types, lengths and values (TLV).
 *
 * All integers of TLV are big-endian. Readers differ about their length: some want
 * eight bytes for a record's number and one byte for a PCR, and the others take
 * any length. This file writes the lengths that all of them take.
 */
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include <ccguest/ctx.h>
#include <ccguest/log.h>

#include "core/ctx.h"
#include "core/cbor_out.h"
#include "core/text.h"
#include "log/log.h"

/* Types of TLV, and keys of CBOR; the types of contents too. */
enum {
	CEL_RECNUM = 0,
	CEL_PCR = 1,
	CEL_NV_INDEX = 2,
	CEL_DIGESTS = 3,
	CEL_PCCLIENT_STD = 5,
	CEL_CONTENT_TYPE = 9,
	CEL_CONTENT = 10,
};

/* Members of TPMS_EVENT_PCCLIENT_STD, and of a digest in CBOR. */
enum { PCCLIENT_EVENT_TYPE, PCCLIENT_EVENT_DATA };
enum { DIGEST_ALG, DIGEST_VALUE };

#define RECORD_MEMBERS	5
#define SHA1_LEN	20
/* The head of a TLV: type and length. */
#define TLV_HEAD	5
/* The longest head of an item of CBOR. */
/* TPM 2.0 Library, Part 2, "TPM_HT": handles of NV indexes. */
#define HANDLE_TYPE(h)	((h) >> 24)
#define HT_NV_INDEX	0x01
/* NV indexes are numbered together: the format counts the records of each. */
#define NV_INDEXES_MAX	64

/**
 * struct nv_count - records of an NV index
 * @index: the index
 * @n: number of its records so far
 */
struct nv_count {
	uint32_t index;
	uint64_t n;
};

/**
 * struct export - a log that is being converted
 * @t: the result so far, any bytes
 * @form: the encoding
 * @n: number of records so far
 * @n_left: number of events that no record can represent
 * @pcrs: number of records of each PCR so far
 * @n_nvs: number of @nvs
 * @nvs: number of records of each NV index so far
 */
struct export {
	struct ccg_text t;
	enum ccg_cel form;
	uint64_t n;
	size_t n_left;
	uint64_t pcrs[CC_INDEX_PCR_MAX + 1];
	size_t n_nvs;
	struct nv_count nvs[NV_INDEXES_MAX];
};

/**
 * struct record - a record
 * @recnum: its number among the records of the same register
 * @nv: @ev has an NV index instead of a register
 * @ev: its event
 */
struct record {
	uint64_t recnum;
	bool nv;
	const struct cc_log_event *ev;
};

/* JSON --------------------------------------------------------------------- */

static void json_digests(struct ccg_text *t, const struct cc_log_event *ev)
{
	const struct cc_digest *d;
	const char *name;

	for (size_t i = 0; i < ev->n_digests; i++) {
		d = &ev->digests[i];
		name = ccg_log_alg_name(d->alg);
		ccg_text_put(t, "%s{\"hashAlg\":", i ? "," : "");
		if (name)
			ccg_text_put(t, "\"%s\"", name);
		else
			ccg_text_put(t, "%u", d->alg);
		ccg_text_put(t, ",\"digest\":\"");
		ccg_text_hex(t, d->data, d->len);
		ccg_text_put(t, "\"}");
	}
}

static void json_record(struct ccg_text *t, const struct record *r, bool first)
{
	const char *type = ccg_log_type_name(r->ev->type);

	ccg_text_put(t, "%s{\"recnum\":%" PRIu64 ",\"%s\":%" PRIu32 ",\"digests\":[",
		     first ? "" : ",\n", r->recnum, r->nv ? "nv_index" : "pcr",
		     r->ev->index);
	json_digests(t, r->ev);
	ccg_text_put(t, "],\"content_type\":\"pcclient_std\",\"content\":{\"event_type\":");
	if (type)
		ccg_text_put(t, "\"%s\"", type);
	else
		ccg_text_put(t, "%" PRIu32, r->ev->type);
	ccg_text_put(t, ",\"event_data\":\"");
	ccg_text_hex(t, r->ev->data, r->ev->size);
	ccg_text_put(t, "\"}}");
}

/* CBOR --------------------------------------------------------------------- */

static void cbor_record(struct ccg_text *t, const struct record *r)
{
	const struct cc_log_event *ev = r->ev;
	struct cbor_out o = { 0 };

	ccg_cbor_put_map(&o, RECORD_MEMBERS);
	ccg_cbor_put_uint(&o, CEL_RECNUM);
	ccg_cbor_put_uint(&o, r->recnum);
	ccg_cbor_put_uint(&o, r->nv ? CEL_NV_INDEX : CEL_PCR);
	ccg_cbor_put_uint(&o, ev->index);
	ccg_cbor_put_uint(&o, CEL_DIGESTS);
	ccg_cbor_put_array(&o, ev->n_digests);
	for (size_t i = 0; i < ev->n_digests; i++) {
		ccg_cbor_put_map(&o, 2);
		ccg_cbor_put_uint(&o, DIGEST_ALG);
		ccg_cbor_put_uint(&o, ev->digests[i].alg);
		ccg_cbor_put_uint(&o, DIGEST_VALUE);
		ccg_cbor_put_bytes(&o, ev->digests[i].data, ev->digests[i].len);
	}
	ccg_cbor_put_uint(&o, CEL_CONTENT_TYPE);
	ccg_cbor_put_uint(&o, CEL_PCCLIENT_STD);
	ccg_cbor_put_uint(&o, CEL_CONTENT);
	ccg_cbor_put_map(&o, 2);
	ccg_cbor_put_uint(&o, PCCLIENT_EVENT_TYPE);
	ccg_cbor_put_uint(&o, ev->type);
	ccg_cbor_put_uint(&o, PCCLIENT_EVENT_DATA);
	ccg_cbor_put_bytes(&o, ev->data, ev->size);
	ccg_text_bytes(t, o.buf, o.len);
	t->bad |= o.lost;
	free(o.buf);
}

/* TLV ---------------------------------------------------------------------- */

static void tlv_head(struct ccg_text *t, u8 type, size_t len)
{
	const u8 head[TLV_HEAD] = { type, len >> 24, len >> 16, len >> 8, len };

	ccg_text_bytes(t, head, sizeof(head));
}

static void tlv_uint(struct ccg_text *t, u8 type, uint64_t n, size_t len)
{
	u8 val[8];

	for (size_t i = 0; i < sizeof(val); i++)
		val[i] = n >> 8 * (sizeof(val) - 1 - i);
	tlv_head(t, type, len);
	ccg_text_bytes(t, val + sizeof(val) - len, len);
}

static void tlv_bytes(struct ccg_text *t, u8 type, const void *p, size_t len)
{
	tlv_head(t, type, len);
	ccg_text_bytes(t, p, len);
}

static void tlv_record(struct ccg_text *t, const struct record *r)
{
	const struct cc_log_event *ev = r->ev;
	size_t len = 0;

	tlv_uint(t, CEL_RECNUM, r->recnum, 8);
	if (r->nv)
		tlv_uint(t, CEL_NV_INDEX, ev->index, 4);
	else
		tlv_uint(t, CEL_PCR, ev->index, 1);
	for (size_t i = 0; i < ev->n_digests; i++)
		len += TLV_HEAD + ev->digests[i].len;
	tlv_head(t, CEL_DIGESTS, len);
	for (size_t i = 0; i < ev->n_digests; i++)
		tlv_bytes(t, ev->digests[i].alg, ev->digests[i].data,
			  ev->digests[i].len);
	tlv_head(t, CEL_PCCLIENT_STD, TLV_HEAD + 4 + TLV_HEAD + ev->size);
	tlv_uint(t, PCCLIENT_EVENT_TYPE, ev->type, 4);
	tlv_bytes(t, PCCLIENT_EVENT_DATA, ev->data, ev->size);
}

/* The type of a digest's TLV is one byte. */
static bool fits_tlv(const struct cc_log_event *ev)
{
	for (size_t i = 0; i < ev->n_digests; i++)
		if (ev->digests[i].alg > UINT8_MAX)
			return false;
	return true;
}

/* All encodings ------------------------------------------------------------ */

/* Returns the number of records of an index so far; NULL if there are too many. */
static uint64_t *count_of(struct export *x, const struct record *r)
{
	uint32_t index = r->ev->index;
	size_t i;

	if (!r->nv)
		return &x->pcrs[index];
	for (i = 0; i < x->n_nvs; i++)
		if (x->nvs[i].index == index)
			return &x->nvs[i].n;
	if (i == NV_INDEXES_MAX)
		return NULL;
	x->nvs[x->n_nvs++].index = index;
	return &x->nvs[i].n;
}

/* An event that belongs to no register extends none. */
static void put_event(struct export *x, const struct cc_log_event *ev)
{
	struct record r = {
		.nv = HANDLE_TYPE(ev->index) == HT_NV_INDEX, .ev = ev,
	};
	uint64_t *n;

	n = r.nv || ev->index <= CC_INDEX_PCR_MAX ? count_of(x, &r) : NULL;
	if (!n) {
		x->n_left++;
		return;
	}
	r.recnum = (*n)++;
	switch (x->form) {
	case CCG_CEL_JSON:
		json_record(&x->t, &r, !x->n);
		break;
	case CCG_CEL_CBOR:
		cbor_record(&x->t, &r);
		break;
	case CCG_CEL_TLV:
		tlv_record(&x->t, &r);
		break;
	}
	x->n++;
}

/* The header is an event too, in the form of TPM 1.2. */
static void put_header(struct export *x, const struct cc_log *log)
{
	struct cc_log_event ev = {
		.index = log->index,
		.type = CC_EV_NO_ACTION,
		.n_digests = 1,
		.data = log->buf + CC_LOG_HEADER_LEN,
		.size = log->header_size,
	};

	if (!log->signature)
		return;
	/* SHA-1, between the type and the size. */
	ev.digests[0] = (struct cc_digest) {
		.alg = CC_ALG_SHA1, .len = SHA1_LEN, .data = log->buf + 8,
	};
	put_event(x, &ev);
}

/* Algorithm 0 stands for the only algorithm of the log. */
static void name_alg_0(const struct cc_log *log, struct cc_log_event *ev)
{
	for (size_t i = 0; i < ev->n_digests; i++)
		if (!ev->digests[i].alg)
			ev->digests[i].alg = log->algs[0].id;
}

static int check(struct ccg_log *log, enum ccg_cel form)
{
	struct cc_log_event ev;

	ccg_log_rewind(log);
	while (form == CCG_CEL_TLV && ccg_log_next(log, &ev))
		if (!fits_tlv(&ev))
			return ccg_fail(log->ctx, -EOPNOTSUPP, CCG_UNSUPPORTED,
					log->path,
					"event %zu: CEL-TLV has no number for an algorithm above 0xff",
					ev.nr);
	return 0;
}

static void put_events(struct export *x, struct ccg_log *log)
{
	struct cc_log_event ev;

	if (x->form == CCG_CEL_JSON)
		ccg_text_put(&x->t, "[");
	put_header(x, &log->summary);
	ccg_log_rewind(log);
	while (ccg_log_next(log, &ev)) {
		name_alg_0(&log->summary, &ev);
		put_event(x, &ev);
	}
	ccg_log_rewind(log);
	if (x->form == CCG_CEL_JSON)
		ccg_text_put(&x->t, "]\n");
}

/* The number of records, which stands in front of them, is known at the end. */
static void put_count(struct export *x)
{
	struct ccg_text all = {};
	struct cbor_out o = { 0 };

	ccg_cbor_put_array(&o, x->n);
	ccg_text_bytes(&all, o.buf, o.len);
	ccg_text_bytes(&all, x->t.buf, x->t.len);
	all.bad |= x->t.bad || o.lost;
	free(o.buf);
	free(x->t.buf);
	x->t = all;
}

int ccg_log_export(struct ccg_log *log, enum ccg_cel form, uint8_t **bufp,
		   size_t *lenp, size_t *n_leftp)
{
	struct export x = { .form = form };
	int rc = check(log, form);

	if (rc)
		return rc;
	put_events(&x, log);
	if (form == CCG_CEL_CBOR)
		put_count(&x);
	/* An empty log in TLV is empty; a caller gets memory all the same. */
	ccg_text_bytes(&x.t, "", 0);
	if (x.t.bad) {
		free(x.t.buf);
		return ccg_fail_errno(log->ctx, -ENOMEM, log->path);
	}
	*bufp = (uint8_t *)x.t.buf;
	*lenp = x.t.len;
	*n_leftp = x.n_left;
	return 0;
}
