// SPDX-License-Identifier: GPL-2.0-only
/*
 * The responder side of SPDM 1.0 to 1.4 (DSP0274): one response to each
 * request. No field of a request is trusted until a handler has checked it.
 */
#include <stdlib.h>
#include <string.h>

#include "spdm.h"

#define PREFIX_LEN	100

static int dispatch(struct conn *c, struct req *q, struct msg *m);

/* Answers the request that got ResponseNotReady before. */
static int do_ready(struct conn *c, struct req *q, struct msg *m)
{
	struct req old = { .data = c->deferred, .len = c->deferred_len };

	if (sized(c, q, 4))
		return E_INVALID_REQUEST;
	if (!old.len || q->data[2] != old.data[1] || q->data[3] != c->token)
		return refuse(c, E_UNEXPECTED_REQUEST, "code %#x and token %u are not expected",
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
	case CHUNK_GET:
		return do_chunk_get(c, q, m);
	case RESPOND_IF_READY:
		return do_ready(c, q, m);
	}
	m->row = -1;
	return refuse(c, E_UNSUPPORTED_REQUEST, "request %#x is not supported", q->data[1]);
}

/*
 * Appends to part A of the transcript, GET_VERSION to ALGORITHMS. After
 * ALGORITHMS, the hash over M1 starts with part A.
 */
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

/* Restarts M1 with part A, after CHALLENGE_AUTH and before measurements. */
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
	case CHUNK_GET:
		return;
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

/* DSP0274, "Signature generation": four times the version, zeros, the context. */
static void make_prefix(const struct conn *c, const char *context, uint8_t *prefix)
{
	char version[] = "dmtf-spdm-v1.0.*";
	int i;

	memset(prefix, 0, PREFIX_LEN);
	version[13] += c->version & 15;
	for (i = 0; i < 4; i++)
		memcpy(prefix + 16 * i, version, 16);
	memcpy(prefix + PREFIX_LEN - strlen(context), context, strlen(context));
}

/*
 * Signs the digest of a transcript. Since SPDM 1.2, a prefix precedes the
 * digest, and both are hashed again. An algorithm of PqcAsymAlgo signs prefix
 * and digest without another hash, and takes the context too.
 */
static bool sign_transcript(struct conn *c, EVP_PKEY *key, const char *context,
			    uint8_t *digest, uint8_t *sig)
{
	uint8_t data[PREFIX_LEN + HASH_MAX];
	size_t len = PREFIX_LEN + c->hash->size;

	if (c->version < 0x12)
		return sign(c->asym, c->hash, key, digest, sig);
	make_prefix(c, context, data);
	memcpy(data + PREFIX_LEN, digest, c->hash->size);
	if (c->asym->pqc)
		return sign_message(c->asym, key, context, data, len, sig);
	hash_of(c->hash, data, len, digest);
	return sign(c->asym, c->hash, key, digest, sig);
}

static int add_signature(struct conn *c, struct msg *m)
{
	const char *context = "responder-challenge_auth signing";
	uint8_t digest[HASH_MAX], sig[SIG_MAX];
	EVP_PKEY *key = c->slots[m->signer].chain->key;

	if (messages[m->row].req == GET_MEASUREMENTS) {
		context = "responder-measurements signing";
		hash_end(c->l1, digest);
		c->l1_open = false;
	} else {
		hash_end(c->m1, digest);
		c->cfg->challenged = true;
		restart_m1(c);
	}
	if (!sign_transcript(c, key, context, digest, sig))
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
	put_header(c, m, ERROR, code, code == E_UNSUPPORTED_REQUEST ? q->data[1] : 0);
	if (code == E_RESPONSE_TOO_LARGE) {
		put32(m, too_large);
	} else if (code == E_DATA_TOO_LARGE) {
		put32(m, c->too_long);
	} else if (code == E_LARGE_RESPONSE) {
		put8(m, c->large.handle);
	} else if (code == E_RESPONSE_NOT_READY) {
		put8(m, 1); /* RDTExponent: 2 microseconds */
		put8(m, q->data[1]);
		put8(m, c->token);
		put8(m, 0xff); /* RDTM: keeps the response 510 microseconds */
	}
}

/* Stores the request for RESPOND_IF_READY. */
static void defer(struct conn *c, const struct req *q)
{
	memcpy(c->deferred, q->data, q->len);
	c->deferred_len = q->len;
	c->token++;
}

/* Returns true if a fault answers the request. */
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
	if (c->version >= 0x12 && q->exact > c->cfg->transfer_size) {
		c->state = before;
		return refuse(c, E_REQUEST_TOO_LARGE, "%zu bytes, DataTransferSize is %zu",
			      q->exact, c->cfg->transfer_size);
	}
	*size = m->len + (m->signer >= 0 ? c->asym->sig_len : 0);
	if (*size > response_max(c)) {
		c->state = before;
		return refuse(c, E_RESPONSE_TOO_LARGE, "response of %zu bytes, it takes %zu", *size,
			      response_max(c));
	}
	fault_content(c, m);
	record(c, q, m);
	err = m->signer >= 0 ? add_signature(c, m) : 0;
	if (err)
		return err;
	fault_signed(c, m);
	if (large_keep(c, m))
		put_error(c, m, q, E_LARGE_RESPONSE, 0);
	return 0;
}

void spdm_answer(struct conn *c, const uint8_t *req, size_t len, struct msg *rsp)
{
	struct req q = { .data = req, .len = len };
	char tmp[8];
	size_t size = 0;
	int err;

	*rsp = (struct msg) { .row = -1, .signer = -1 };
	c->tried = 0;
	/* Any other request ends the transfer of a large response. */
	if (len < 4 || req[1] != CHUNK_GET)
		c->large.len = 0;
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
