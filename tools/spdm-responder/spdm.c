// SPDX-License-Identifier: GPL-2.0-only
/*
 * The responder's side of SPDM 1.0 to 1.3 (DSP0274): one request in, one
 * response out. Every request is hostile until it is checked.
 */
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <openssl/rand.h>

#include "responder.h"

/* CTExponent: 2^17 microseconds, which RSA 4096 needs on slow machines. */
#define CT_EXPONENT	17

/**
 * struct req - a request
 * @data: its bytes
 * @len: how many, DOE's padding included
 * @exact: how many without the padding; set by its handler
 */
struct req {
	const uint8_t *data;
	size_t len;
	size_t exact;
};

/* Returns the error code, and keeps the reason for a note. */
__printf(3, 4)
static int refuse(struct conn *c, int code, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(c->why, sizeof(c->why), fmt, ap);
	va_end(ap);
	return code;
}

/* The request has this size; DOE may have added up to three bytes. */
static int sized(struct conn *c, struct req *q, size_t size)
{
	if (q->len < size || q->len - size > 3)
		return refuse(c, E_INVALID_REQUEST, "has %zu bytes instead of %zu", q->len, size);
	q->exact = size;
	return 0;
}

static void header(struct conn *c, struct msg *m, unsigned int code, unsigned int param1,
		   unsigned int param2)
{
	put8(m, code == VERSION || !c->version ? 0x10 : c->version);
	put8(m, code);
	put8(m, param1);
	put8(m, param2);
}

/* A new conversation. */
void conn_reset(struct conn *c)
{
	slots_free(c);
	c->state = ST_START;
	c->version = 0;
	c->a_len = 0;
	c->l1_open = false;
	c->deferred_len = 0;
	c->data_size = MSG_MAX;
	c->asym = NULL;
	c->hash = NULL;
	c->multi_key = false;
}

/* GET_VERSION starts a conversation, whatever was before. */
static int do_version(struct conn *c, struct req *q, struct msg *m)
{
	unsigned int minor, count = 0;

	if (q->data[0] != 0x10)
		return refuse(c, E_VERSION_MISMATCH, "is always sent as version 1.0");
	if (sized(c, q, 4))
		return E_INVALID_REQUEST;
	conn_reset(c);
	for (minor = 0; minor < 4; minor++)
		count += c->cfg->versions >> minor & 1;
	header(c, m, VERSION, 0, 0);
	put8(m, 0);
	put8(m, count);
	for (minor = 0; minor < 4; minor++)
		if (c->cfg->versions >> minor & 1)
			put16(m, (0x10 | minor) << 8);
	c->state = ST_VERSION;
	return 0;
}

/* Flags that a version does not define are reserved there. */
static uint32_t flags_of(const struct conn *c, unsigned int version)
{
	static const uint32_t known[] = { 0x3f, 0x1ffff, 0x3fffff, 0x3fffffff };

	return c->cfg->caps & known[version & 3];
}

/* From 1.2 on the requester says what it can take. */
static int check_sizes(struct conn *c, const struct req *q)
{
	uint32_t data_size, max_size;

	if (q->data[0] < 0x12)
		return 0;
	data_size = get32(q->data + 12);
	max_size = get32(q->data + 16);
	if (data_size < 42 || max_size < data_size)
		return refuse(c, E_INVALID_REQUEST, "DataTransferSize %u, MaxSPDMmsgSize %u",
			      data_size, max_size);
	c->data_size = data_size < MSG_MAX ? data_size : MSG_MAX;
	return 0;
}

static int do_capabilities(struct conn *c, struct req *q, struct msg *m)
{
	static const uint8_t sizes[] = { 4, 12, 20, 20 };
	uint8_t version = q->data[0];

	if (c->state != ST_VERSION)
		return refuse(c, E_UNEXPECTED_REQUEST, "comes behind GET_VERSION, once");
	if (version < 0x10 || version > 0x13 || !(c->cfg->versions >> (version & 15) & 1))
		return refuse(c, E_VERSION_MISMATCH, "version %#x is not offered", version);
	if (sized(c, q, sizes[version & 15]) || check_sizes(c, q))
		return E_INVALID_REQUEST;
	c->version = version;
	c->req_flags = version > 0x10 ? get32(q->data + 8) : 0;
	header(c, m, CAPABILITIES, 0, 0);
	put8(m, 0);
	put8(m, CT_EXPONENT);
	put16(m, 0);
	put32(m, flags_of(c, version));
	if (version >= 0x12) {
		put32(m, OBJECT_MAX);
		put32(m, OBJECT_MAX);
	}
	c->state = ST_CAPABILITIES;
	return 0;
}

/* The algorithms that some slot's key fits; all if there is no slot. */
static const struct asym *pick_asym(const struct conn *c, uint32_t offered)
{
	const struct asym *const *a;
	size_t i;

	for (a = c->cfg->asyms; *a; a++) {
		if (!((*a)->bit & offered))
			continue;
		if (!c->cfg->n_chains)
			return *a;
		for (i = 0; i < c->cfg->n_chains; i++)
			if (key_fits(*a, c->cfg->chains[i].key))
				return *a;
	}
	return NULL;
}

static const struct hash *pick_hash(const struct conn *c, uint32_t offered)
{
	const struct hash *const *h;

	for (h = c->cfg->hashes; *h; h++)
		if ((*h)->bit & offered)
			return *h;
	return NULL;
}

/*
 * DSP0274, table "NEGOTIATE_ALGORITHMS request message format". Extended
 * algorithms are stepped over. Sets @at to the first AlgStruct.
 */
static int check_algorithms(struct conn *c, struct req *q, size_t *at)
{
	const uint8_t *p = q->data;
	unsigned int i, count, last = 1;
	size_t len;

	if (q->len < 32)
		return refuse(c, E_INVALID_REQUEST, "has %zu bytes, less than 32", q->len);
	len = get16(p + 4);
	if (sized(c, q, len))
		return E_INVALID_REQUEST;
	count = c->version > 0x10 ? p[2] : 0;
	*at = 32 + 4 * ((size_t)p[28] + p[29]);
	len = *at;
	for (i = 0; i < count && len + 4 <= q->exact; i++) {
		if (p[len] <= last || p[len + 1] >> 4 != 2)
			return refuse(c, E_INVALID_REQUEST, "AlgStruct %u: type %u, count %#x",
				      i, p[len], p[len + 1]);
		last = p[len];
		len += 4 + 4 * (p[len + 1] & 15);
	}
	if (i < count || len != q->exact)
		return refuse(c, E_INVALID_REQUEST, "Length %zu, but its parts have %zu bytes",
			      q->exact, len);
	return 0;
}

/* Nothing of a session is supported, so nothing of it is selected. */
static void put_structs(struct msg *m, const uint8_t *p, unsigned int count)
{
	while (count--) {
		put8(m, p[0]);
		put8(m, 0x20);
		put16(m, 0);
		p += 4 + 4 * (p[1] & 15);
	}
}

static void put_algorithms(struct conn *c, const struct req *q, size_t at, struct msg *m)
{
	unsigned int structs = c->version > 0x10 ? q->data[2] : 0;
	unsigned int i;

	header(c, m, ALGORITHMS, structs, 0);
	put16(m, 36 + 4 * structs);
	put8(m, c->meas);
	/* OpaqueDataFmt1 is the only format there is. */
	put8(m, c->version >= 0x12 ? q->data[7] & 2 : 0);
	/* MeasurementHashAlgo: bit 0 is "raw", the hashes come behind it. */
	put32(m, c->meas ? c->hash->bit << 1 : 0);
	put32(m, c->asym->bit);
	put32(m, c->hash->bit);
	for (i = 0; i < 3; i++)
		put32(m, 0);
	put32(m, 0); /* no extended algorithms */
	put_structs(m, q->data + at, structs);
}

static int do_algorithms(struct conn *c, struct req *q, struct msg *m)
{
	uint32_t flags = flags_of(c, c->version);
	size_t at = 0;

	if (c->state != ST_CAPABILITIES)
		return refuse(c, E_UNEXPECTED_REQUEST, "comes behind GET_CAPABILITIES, once");
	if (check_algorithms(c, q, &at))
		return E_INVALID_REQUEST;
	c->asym = pick_asym(c, get32(q->data + 8));
	c->hash = pick_hash(c, get32(q->data + 12));
	if (!c->asym || !c->hash)
		return refuse(c, E_INVALID_REQUEST, "no common %s: asym %#x, hash %#x",
			      c->asym ? "hash" : "signature algorithm that a slot has",
			      get32(q->data + 8), get32(q->data + 12));
	c->meas = flags & CAP_MEAS && q->data[6] & 1;
	c->multi_key = (flags & CAP_MULTI_KEY) == CAP_MULTI_KEY_ONLY ||
		       ((flags & CAP_MULTI_KEY) == CAP_MULTI_KEY_NEG && q->data[7] & 0x10);
	put_algorithms(c, q, at, m);
	slots_build(c);
	c->state = ST_ALGORITHMS;
	return 0;
}

/* Requests behind ALGORITHMS, which need a capability. */
static int check_state(struct conn *c, const struct req *q, uint32_t flag)
{
	if (c->state != ST_ALGORITHMS)
		return refuse(c, E_UNEXPECTED_REQUEST, "comes behind NEGOTIATE_ALGORITHMS");
	if (q->data[0] != c->version)
		return refuse(c, E_VERSION_MISMATCH, "version %#x, but %#x was agreed on",
			      q->data[0], c->version);
	if (!(flags_of(c, c->version) & flag))
		return refuse(c, E_UNSUPPORTED_REQUEST, "is not among the capabilities");
	return 0;
}

static void put_multi_key(struct conn *c, struct msg *m)
{
	unsigned int i, mask = slots_mask(c);

	for (i = 0; i < N_SLOTS; i++)
		if (mask >> i & 1)
			put8(m, i + 1); /* KeyPairID */
	for (i = 0; i < N_SLOTS; i++)
		if (mask >> i & 1)
			put8(m, 1); /* CertificateInfo: device certificate */
	for (i = 0; i < N_SLOTS; i++)
		if (mask >> i & 1)
			put16(m, 0x0f); /* KeyUsageMask */
}

static int do_digests(struct conn *c, struct req *q, struct msg *m)
{
	unsigned int i, mask = slots_mask(c);
	int err = check_state(c, q, CAP_CERT);

	if (err || sized(c, q, 4))
		return err ? err : E_INVALID_REQUEST;
	header(c, m, DIGESTS, c->version >= 0x13 ? mask : 0, mask);
	for (i = 0; i < N_SLOTS; i++)
		if (mask >> i & 1)
			put(m, c->slots[i].digest, c->hash->size);
	if (c->version >= 0x13 && c->multi_key)
		put_multi_key(c, m);
	return 0;
}

static int check_slot(struct conn *c, unsigned int slot)
{
	if (slot >= N_SLOTS || !c->slots[slot].chain)
		return refuse(c, E_INVALID_REQUEST, "slot %u is not provisioned for %s", slot,
			      c->asym->name);
	return 0;
}

/* As much as was asked for, is there, and the requester can take at once. */
static size_t portion_of(const struct conn *c, size_t wanted, size_t rest)
{
	size_t n = wanted < rest ? wanted : rest;

	if (n > c->data_size - 8)
		n = c->data_size - 8;
	if (c->cfg->portion && n > c->cfg->portion)
		n = c->cfg->portion;
	return n;
}

static int do_certificate(struct conn *c, struct req *q, struct msg *m)
{
	const struct slot *s;
	size_t offset, n;
	int err = check_state(c, q, CAP_CERT);

	if (err || sized(c, q, 8))
		return err ? err : E_INVALID_REQUEST;
	if (check_slot(c, q->data[2] & 15))
		return E_INVALID_REQUEST;
	s = &c->slots[q->data[2] & 15];
	offset = get16(q->data + 4);
	if (c->version >= 0x13 && q->data[3] & 1) {
		/* SlotSizeRequested */
		header(c, m, CERTIFICATE, q->data[2] & 15, c->multi_key);
		put16(m, 0);
		put16(m, s->len);
		return 0;
	}
	if (offset >= s->len || !get16(q->data + 6))
		return refuse(c, E_INVALID_REQUEST, "offset %zu and length %u of %zu bytes",
			      offset, get16(q->data + 6), s->len);
	n = portion_of(c, get16(q->data + 6), s->len - offset);
	header(c, m, CERTIFICATE, q->data[2] & 15, c->multi_key && c->version >= 0x13);
	put16(m, n);
	put16(m, s->len - offset - n);
	put(m, s->blob + offset, n);
	return 0;
}

static void put_nonce(struct msg *m)
{
	uint8_t nonce[NONCE_LEN] = {};

	if (RAND_bytes(nonce, sizeof(nonce)) != 1)
		note(0, "OpenSSL: no random bytes, the nonce is zero");
	put(m, nonce, sizeof(nonce));
}

/* From 1.2 on the data has a header; all zero it has no elements. */
static void put_opaque(const struct conn *c, struct msg *m)
{
	static const uint8_t zero[OPAQUE_MAX];

	m->opaque_at = m->len;
	put16(m, c->cfg->opaque);
	put(m, zero, c->cfg->opaque);
}

/* From 1.3 on the requester's context comes back. */
static void put_context(const struct conn *c, struct msg *m, const uint8_t *context)
{
	if (c->version < 0x13)
		return;
	m->context_at = m->len;
	put(m, context, CONTEXT_LEN);
}

static bool ask_mutual(const struct conn *c)
{
	if (c->cfg->mutual > 1)
		return true;
	return c->cfg->mutual && c->version > 0x10 && c->req_flags & CAP_MUT_AUTH &&
	       flags_of(c, c->version) & CAP_MUT_AUTH;
}

static int check_challenge(struct conn *c, struct req *q)
{
	unsigned int type = q->data[3];
	int err = check_state(c, q, CAP_CHAL);

	if (err || sized(c, q, c->version < 0x13 ? 36 : 44))
		return err ? err : E_INVALID_REQUEST;
	if (check_slot(c, q->data[2]))
		return E_INVALID_REQUEST;
	if (type && type != 1 && type != 0xff)
		return refuse(c, E_INVALID_REQUEST, "measurement summary type %#x", type);
	if (type && !c->meas)
		return refuse(c, E_INVALID_REQUEST, "summary of measurements without measurements");
	return 0;
}

static int do_challenge(struct conn *c, struct req *q, struct msg *m)
{
	uint8_t digest[HASH_MAX];
	int err = check_challenge(c, q);

	if (err)
		return err;
	header(c, m, CHALLENGE_AUTH, q->data[2] | (ask_mutual(c) ? 0x80 : 0), slots_mask(c));
	put(m, c->slots[q->data[2]].digest, c->hash->size);
	put_nonce(m);
	if (q->data[3]) {
		meas_summary(c, q->data[3], digest);
		put(m, digest, c->hash->size);
	}
	put_opaque(c, m);
	put_context(c, m, q->data + 36);
	m->signer = q->data[2];
	return 0;
}

/* DSP0274, table "GET_MEASUREMENTS request message format". */
static int check_measurements(struct conn *c, struct req *q, bool *signature)
{
	size_t size = 4;
	int err = check_state(c, q, CAP_MEAS);

	if (err)
		return err;
	if (!c->meas)
		return refuse(c, E_UNEXPECTED_REQUEST, "measurements were not agreed on");
	*signature = q->data[2] & 1;
	if (*signature)
		size += NONCE_LEN + (c->version > 0x10);
	if (c->version >= 0x13)
		size += CONTEXT_LEN;
	if (sized(c, q, size))
		return E_INVALID_REQUEST;
	if (!*signature)
		return 0;
	if ((flags_of(c, c->version) & CAP_MEAS) != CAP_MEAS_SIG)
		return refuse(c, E_INVALID_REQUEST, "signatures are not among the capabilities");
	return check_slot(c, c->version > 0x10 ? q->data[36] & 15 : 0);
}

static int put_record(struct conn *c, struct msg *m, unsigned int op, bool raw)
{
	size_t at = m->len, count = op ? 1 : 0;
	unsigned int i;

	put32(m, 0);
	if (op == 0xff) {
		count = meas_count();
		for (i = 1; i <= count; i++)
			meas_put(c, m, i, raw);
	} else if (op && !meas_put(c, m, op, raw)) {
		return refuse(c, E_INVALID_REQUEST, "there is no measurement %u", op);
	}
	/* NumberOfBlocks, and MeasurementRecordLength in three bytes. */
	set32(m->data + at, count | (m->len - at - 4) << 8);
	return 0;
}

static int do_measurements(struct conn *c, struct req *q, struct msg *m)
{
	unsigned int slot = 0, param2 = 0;
	bool signature = false;
	int err = check_measurements(c, q, &signature);

	if (err)
		return err;
	if (signature && c->version > 0x10)
		slot = q->data[36] & 15;
	if (signature)
		param2 = slot | (c->version >= 0x12 ? 0x20 : 0);
	header(c, m, MEASUREMENTS, q->data[3] ? 0 : meas_count(), param2);
	err = put_record(c, m, q->data[3], c->version >= 0x12 && q->data[2] & 2);
	if (err)
		return err;
	put_nonce(m);
	put_opaque(c, m);
	if (c->version >= 0x13)
		put_context(c, m, q->data + q->exact - CONTEXT_LEN);
	if (signature)
		m->signer = slot;
	return 0;
}

static int dispatch(struct conn *c, struct req *q, struct msg *m);

/* The request that ResponseNotReady was the answer to. */
static int do_ready(struct conn *c, struct req *q, struct msg *m)
{
	struct req old = { .data = c->deferred, .len = c->deferred_len };

	if (sized(c, q, 4))
		return E_INVALID_REQUEST;
	if (!old.len || q->data[2] != old.data[1] || q->data[3] != c->token)
		return refuse(c, E_UNEXPECTED_REQUEST, "code %#x and token %u are not awaited",
			      q->data[2], q->data[3]);
	*q = old;
	c->deferred_len = 0;
	return dispatch(c, q, m);
}

static int dispatch(struct conn *c, struct req *q, struct msg *m)
{
	m->row = message_row(q->data[1]);
	switch (q->data[1]) {
	case GET_VERSION:
		return do_version(c, q, m);
	case GET_CAPABILITIES:
		return do_capabilities(c, q, m);
	case NEGOTIATE_ALGORITHMS:
		if (c->version && q->data[0] != c->version)
			return refuse(c, E_VERSION_MISMATCH, "version %#x, but %#x was agreed on",
				      q->data[0], c->version);
		return do_algorithms(c, q, m);
	case GET_DIGESTS:
		return do_digests(c, q, m);
	case GET_CERTIFICATE:
		return do_certificate(c, q, m);
	case CHALLENGE:
		return do_challenge(c, q, m);
	case GET_MEASUREMENTS:
		return do_measurements(c, q, m);
	case RESPOND_IF_READY:
		return do_ready(c, q, m);
	}
	m->row = -1;
	return refuse(c, E_UNSUPPORTED_REQUEST, "request %#x is not supported", q->data[1]);
}

/* A: GET_VERSION to ALGORITHMS. Then the hash over M1 starts with it. */
static void record_a(struct conn *c, const struct req *q, const struct msg *m)
{
	if (c->a_len + q->exact + m->len > sizeof(c->a))
		return;
	memcpy(c->a + c->a_len, q->data, q->exact);
	c->a_len += q->exact;
	memcpy(c->a + c->a_len, m->data, m->len);
	c->a_len += m->len;
	if (q->data[1] != NEGOTIATE_ALGORITHMS)
		return;
	hash_start(c->m1, c->hash);
	hash_add(c->m1, c->a, c->a_len);
}

/* A alone again: behind CHALLENGE_AUTH, and before measurements. */
static void restart_m1(struct conn *c)
{
	hash_start(c->m1, c->hash);
	hash_add(c->m1, c->a, c->a_len);
}

static void record_l1(struct conn *c, const struct req *q, const struct msg *m)
{
	if (!c->l1_open) {
		hash_start(c->l1, c->hash);
		if (c->version >= 0x12)
			hash_add(c->l1, c->a, c->a_len);
		c->l1_open = true;
	}
	hash_add(c->l1, q->data, q->exact);
	hash_add(c->l1, m->data, m->len);
}

/* Appends a request and its response to the transcript they belong to. */
static void record(struct conn *c, const struct req *q, const struct msg *m)
{
	switch (q->data[1]) {
	case GET_MEASUREMENTS:
		restart_m1(c);
		record_l1(c, q, m);
		return;
	case GET_DIGESTS:
	case GET_CERTIFICATE:
	case CHALLENGE:
		hash_add(c->m1, q->data, q->exact);
		hash_add(c->m1, m->data, m->len);
		break;
	default:
		record_a(c, q, m);
	}
	c->l1_open = false;
}

/* From 1.2 on: the version four times, zeros, the context; 100 bytes. */
static void with_prefix(const struct conn *c, const char *context, uint8_t *digest)
{
	uint8_t prefix[100] = {};
	EVP_MD_CTX *ctx;
	char version[17];
	int i;

	if (c->version < 0x12)
		return;
	snprintf(version, sizeof(version), "dmtf-spdm-v1.%u.*", c->version & 3u);
	for (i = 0; i < 4; i++)
		memcpy(prefix + 16 * i, version, 16);
	memcpy(prefix + 100 - strlen(context), context, strlen(context));
	ctx = hash_new();
	hash_start(ctx, c->hash);
	hash_add(ctx, prefix, sizeof(prefix));
	hash_add(ctx, digest, c->hash->size);
	hash_end(ctx, digest);
	EVP_MD_CTX_free(ctx);
}

static int add_signature(struct conn *c, struct msg *m)
{
	uint8_t digest[HASH_MAX], sig[1024];
	EVP_PKEY *key = c->slots[m->signer].chain->key;

	if (messages[m->row].req == GET_MEASUREMENTS) {
		hash_end(c->l1, digest);
		c->l1_open = false;
		with_prefix(c, "responder-measurements signing", digest);
	} else {
		hash_end(c->m1, digest);
		restart_m1(c);
		with_prefix(c, "responder-challenge_auth signing", digest);
	}
	if (!sign(c->asym, c->hash, key, digest, sig))
		return refuse(c, E_UNSPECIFIED, "OpenSSL cannot sign with %s and %s",
			      c->asym->name, c->hash->name);
	m->sig_at = m->len;
	put(m, sig, c->asym->sig_len);
	return 0;
}

static void put_error(struct conn *c, struct msg *m, const struct req *q, unsigned int code,
		      size_t too_large)
{
	m->len = 0;
	m->signer = -1;
	m->context_at = 0;
	m->opaque_at = 0;
	m->sig_at = 0;
	header(c, m, ERROR, code, code == E_UNSUPPORTED_REQUEST ? q->data[1] : 0);
	if (code == E_RESPONSE_TOO_LARGE) {
		put32(m, too_large);
	} else if (code == E_LARGE_RESPONSE) {
		put8(m, 1); /* Handle */
	} else if (code == E_RESPONSE_NOT_READY) {
		put8(m, 1); /* RDTExponent: 2 microseconds */
		put8(m, q->data[1]);
		put8(m, c->token);
		put8(m, 1); /* RDTM */
	}
}

/* Remembers the request for RESPOND_IF_READY. */
static void defer(struct conn *c, const struct req *q)
{
	memcpy(c->deferred, q->data, q->len);
	c->deferred_len = q->len;
	c->token++;
}

/* Returns whether a fault answers the request. */
static bool answer_fault(struct conn *c, const struct req *q, struct msg *m)
{
	uint8_t code;

	m->row = message_row(q->data[1]);
	if (m->row < 0 || q->data[1] == RESPOND_IF_READY || !fault_error(c, m->row, &code))
		return false;
	if (code == E_RESPONSE_NOT_READY)
		defer(c, q);
	note(1, "fault: %s to %s", error_name(code), messages[m->row].req_name);
	put_error(c, m, q, code, MSG_MAX);
	return true;
}

static int answer(struct conn *c, struct req *q, struct msg *m, size_t *size)
{
	enum state before = c->state;
	int err = dispatch(c, q, m);

	if (err)
		return err;
	*size = m->len + (m->signer >= 0 ? c->asym->sig_len : 0);
	if (*size > c->data_size) {
		c->state = before;
		return refuse(c, E_RESPONSE_TOO_LARGE, "response of %zu bytes, it takes %zu", *size,
			      c->data_size);
	}
	fault_content(c, m);
	record(c, q, m);
	return m->signer >= 0 ? add_signature(c, m) : 0;
}

/* Answers a request of @len bytes, which include what DOE has padded. */
void spdm_answer(struct conn *c, const uint8_t *req, size_t len, struct msg *rsp)
{
	struct req q = { .data = req, .len = len };
	char tmp[8];
	size_t size = 0;
	int err;

	*rsp = (struct msg) { .row = -1, .signer = -1 };
	if (len < 4) {
		q.data = (const uint8_t[4]) {};
		put_error(c, rsp, &q, E_INVALID_REQUEST, 0);
		note(0, "refused: a message of %zu bytes", len);
		return;
	}
	if (!answer_fault(c, &q, rsp)) {
		err = answer(c, &q, rsp, &size);
		if (err) {
			note(0, "refused: %s: %s (%s)", message_name(req, len, tmp), c->why,
			     error_name(err));
			put_error(c, rsp, &q, err, size);
		}
	}
	fault_wire(c, rsp);
}

void conn_init(struct conn *c, struct config *cfg)
{
	memset(c, 0, sizeof(*c));
	c->cfg = cfg;
	c->m1 = hash_new();
	c->l1 = hash_new();
	c->rng = cfg->seed ^ 0x9e3779b97f4a7c15ull;
	if (!c->rng)
		c->rng = 1;
	conn_reset(c);
}

void conn_free(struct conn *c)
{
	slots_free(c);
	EVP_MD_CTX_free(c->m1);
	EVP_MD_CTX_free(c->l1);
}
