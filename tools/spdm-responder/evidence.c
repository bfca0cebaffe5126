// SPDX-License-Identifier: GPL-2.0-only
/*
 * GET_DIGESTS, GET_CERTIFICATE, CHALLENGE and GET_MEASUREMENTS.
 */
#include <string.h>

#include <openssl/rand.h>

#include "spdm.h"

/* Checks a request that may follow ALGORITHMS and that needs a capability. */
static int check_state(struct conn *c, const struct req *q, uint32_t flag)
{
	if (c->state != ST_ALGORITHMS)
		return refuse(c, E_UNEXPECTED_REQUEST,
			      "is allowed only after NEGOTIATE_ALGORITHMS");
	if (q->data[0] != c->version)
		return refuse(c, E_VERSION_MISMATCH, "version %#x, but %#x was agreed on",
			      q->data[0], c->version);
	if (!(caps_of(c, c->version) & flag))
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
			put16(m, c->cfg->key_usage[i]); /* KeyUsageMask */
}

int do_digests(struct conn *c, struct req *q, struct msg *m)
{
	unsigned int i, mask = slots_mask(c);
	int err = check_state(c, q, CAP_CERT);

	if (err || sized(c, q, 4))
		return err ? err : E_INVALID_REQUEST;
	put_header(c, m, DIGESTS, c->version >= 0x13 ? mask : 0, mask);
	for (i = 0; i < N_SLOTS; i++)
		if (mask >> i & 1)
			put(m, c->slots[i].digest, c->hash->size);
	if (c->multi_key)
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

/* In a connection with several keys, each slot's key has allowed uses. */
static int check_usage(struct conn *c, unsigned int slot, unsigned int use)
{
	if (c->multi_key && !(c->cfg->key_usage[slot] & use))
		return refuse(c, E_INVALID_REQUEST, "KeyUsageMask %#x of slot %u forbids that",
			      c->cfg->key_usage[slot], slot);
	return 0;
}

/* Bits in Param1 and Param2 of GET_CERTIFICATE. */
#define LARGE_CERT_CHAIN	0x80
#define SLOT_SIZE_REQUESTED	0x01

/**
 * struct portion - the form of GET_CERTIFICATE, and the wanted bytes
 * @large: offset and length have 32 bits, since SPDM 1.4
 * @head: length of the response's header in bytes
 * @offset: first byte
 * @len: number of bytes
 */
struct portion {
	bool large;
	size_t head;
	size_t offset;
	size_t len;
};

/*
 * Returns the length of a portion. The requester's Length, the rest of the
 * chain and the longest response limit it.
 */
static size_t portion_of(const struct conn *c, const struct portion *p, size_t rest)
{
	size_t n = p->len < rest ? p->len : rest;

	if (n > response_max(c) - p->head)
		n = response_max(c) - p->head;
	if (c->cfg->portion && n > c->cfg->portion)
		n = c->cfg->portion;
	return n;
}

/* The large form has fields of 32 bits after those of 16 bits, which are zero. */
static int read_portion(struct conn *c, struct req *q, struct portion *p)
{
	p->large = c->version >= 0x14 && q->data[2] & LARGE_CERT_CHAIN;
	p->head = p->large ? 16 : 8;
	if (p->large && !(caps_of(c, c->version) & CAP_LARGE_RESP))
		return refuse(c, E_UNSUPPORTED_REQUEST, "LargeCertChain needs LARGE_RESP_CAP");
	if (sized(c, q, p->head))
		return E_INVALID_REQUEST;
	p->offset = get16(q->data + 4);
	p->len = get16(q->data + 6);
	if (!p->large)
		return 0;
	if (p->offset || p->len)
		return refuse(c, E_INVALID_REQUEST, "Offset %zu and Length %zu with LargeCertChain",
			      p->offset, p->len);
	p->offset = get32(q->data + 8);
	p->len = get32(q->data + 12);
	return 0;
}

static void put_portion(struct conn *c, struct msg *m, unsigned int slot, const struct portion *p,
			size_t n, size_t rest)
{
	put_header(c, m, CERTIFICATE, slot | (p->large ? LARGE_CERT_CHAIN : 0), c->multi_key);
	if (p->large) {
		put32(m, 0);
		put32(m, n);
		put32(m, rest);
	} else {
		put16(m, n);
		put16(m, rest);
	}
}

int do_certificate(struct conn *c, struct req *q, struct msg *m)
{
	unsigned int slot = q->data[2] & 15;
	struct portion p = {};
	const struct slot *s;
	int err = check_state(c, q, CAP_CERT);
	size_t n;

	if (!err)
		err = read_portion(c, q, &p);
	if (err)
		return err;
	if (check_slot(c, slot))
		return E_INVALID_REQUEST;
	s = &c->slots[slot];
	if (!p.large && s->len > SMALL_CHAIN_MAX) {
		c->too_long = s->len;
		return refuse(c, E_DATA_TOO_LARGE, "%zu bytes need LargeCertChain", s->len);
	}
	if (c->version >= 0x13 && q->data[3] & SLOT_SIZE_REQUESTED) {
		put_portion(c, m, slot, &p, 0, s->len);
		return 0;
	}
	if (p.offset >= s->len || !p.len)
		return refuse(c, E_INVALID_REQUEST, "offset %zu and length %zu of %zu bytes",
			      p.offset, p.len, s->len);
	n = portion_of(c, &p, s->len - p.offset);
	put_portion(c, m, slot, &p, n, s->len - p.offset - n);
	put(m, s->blob + p.offset, n);
	return 0;
}

static void put_nonce(struct msg *m)
{
	uint8_t nonce[NONCE_LEN] = {};

	if (RAND_bytes(nonce, sizeof(nonce)) != 1)
		note(0, "OpenSSL: no random bytes, the nonce is zero");
	put(m, nonce, sizeof(nonce));
}

static void put_zeros(struct msg *m, size_t len)
{
	static const uint8_t zero[OPAQUE_MAX];

	put(m, zero, len);
}

/*
 * The shortest list in OpaqueDataFmt1: TotalElements and three reserved bytes;
 * an element: ID of the registry, length of the vendor's ID, this ID, length of
 * the data; the data, padded to a multiple of four.
 */
#define FMT_1_HEAD	4
#define FMT_1_ELEMENT	6
#define FMT_1_MIN	12
#define REGISTRY_PCI_SIG 3
#define PCI_VENDOR	0x1b36

/*
 * Since SPDM 1.2, opaque data has the selected format, and none means no data.
 * The list has one element with zeros.
 */
static void put_fmt_1(const struct conn *c, struct msg *m)
{
	size_t len = (c->cfg->opaque + 3) & ~(size_t)3;

	if (len < FMT_1_MIN)
		len = FMT_1_MIN;
	put16(m, len);
	put32(m, 1);
	put8(m, REGISTRY_PCI_SIG);
	put8(m, 2);
	put16(m, PCI_VENDOR);
	len -= FMT_1_HEAD + FMT_1_ELEMENT;
	put16(m, len);
	put_zeros(m, len);
}

static void put_opaque(const struct conn *c, struct msg *m)
{
	m->opaque_at = m->len;
	if (c->opaque_fmt && c->cfg->opaque) {
		put_fmt_1(c, m);
		return;
	}
	if (c->version >= 0x12) {
		put16(m, 0);
		return;
	}
	put16(m, c->cfg->opaque);
	put_zeros(m, c->cfg->opaque);
}

/* Since SPDM 1.3, the response repeats the requester's context. */
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
	       caps_of(c, c->version) & CAP_MUT_AUTH;
}

static int check_challenge(struct conn *c, struct req *q)
{
	unsigned int type = q->data[3];
	int err = check_state(c, q, CAP_CHAL);

	if (err || sized(c, q, c->version < 0x13 ? 36 : 44))
		return err ? err : E_INVALID_REQUEST;
	if (check_slot(c, q->data[2]) || check_usage(c, q->data[2], USE_CHALLENGE))
		return E_INVALID_REQUEST;
	if (type && type != 1 && type != 0xff)
		return refuse(c, E_INVALID_REQUEST, "measurement summary type %#x", type);
	if (type && !c->meas)
		return refuse(c, E_INVALID_REQUEST,
			      "a measurement summary needs negotiated measurements");
	return 0;
}

int do_challenge(struct conn *c, struct req *q, struct msg *m)
{
	uint8_t digest[HASH_MAX];
	int err = check_challenge(c, q);

	if (err)
		return err;
	put_header(c, m, CHALLENGE_AUTH, q->data[2] | (ask_mutual(c) ? 0x80 : 0), slots_mask(c));
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
	unsigned int slot;
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
	if ((caps_of(c, c->version) & CAP_MEAS) != CAP_MEAS_SIG)
		return refuse(c, E_INVALID_REQUEST, "signatures are not among the capabilities");
	slot = c->version > 0x10 ? q->data[36] & 15 : 0;
	err = check_slot(c, slot);
	return err ? err : check_usage(c, slot, USE_MEASUREMENTS);
}

static int put_record(struct conn *c, struct msg *m, unsigned int op, bool raw)
{
	size_t at = m->len, count = 0;

	put32(m, 0);
	if (op)
		count = meas_put(c, m, op, raw);
	if (op && !count)
		return refuse(c, E_INVALID_REQUEST, "there is no measurement %u", op);
	/* NumberOfBlocks, and MeasurementRecordLength in three bytes. */
	set32(m->data + at, count | (m->len - at - 4) << 8);
	return 0;
}

int do_measurements(struct conn *c, struct req *q, struct msg *m)
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
	put_header(c, m, MEASUREMENTS, q->data[3] ? 0 : meas_count(c), param2);
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
