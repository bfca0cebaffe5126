// SPDX-License-Identifier: GPL-2.0-only
/*
 * GET_VERSION, GET_CAPABILITIES and NEGOTIATE_ALGORITHMS.
 */
#include "spdm.h"

/* CTExponent: 2^17 microseconds, which RSA 4096 needs on slow machines. */
#define CT_EXPONENT	17

/* OtherParamsSupport and OtherParamsSelection. */
#define OPAQUE_FMT_1	0x02
#define MULTI_KEY_CONN	0x10

int do_version(struct conn *c, struct req *q, struct msg *m)
{
	unsigned int minor, count = 0;

	if (q->data[0] != 0x10)
		return refuse(c, E_VERSION_MISMATCH, "must have version 1.0");
	if (sized(c, q, 4))
		return E_INVALID_REQUEST;
	conn_reset(c);
	for (minor = 0; minor <= MINOR_MAX; minor++)
		count += versions_of(c) >> minor & 1;
	put_header(c, m, VERSION, 0, 0);
	put8(m, 0);
	put8(m, count);
	for (minor = 0; minor <= MINOR_MAX; minor++)
		if (versions_of(c) >> minor & 1)
			put16(m, (0x10 | minor) << 8);
	c->state = ST_VERSION;
	return 0;
}

/*
 * Returns the reason why a requester's flags contradict each other, or NULL.
 * DSP0274, table "Flag fields definitions for the Requester". The caller clears
 * the flags that the version does not define.
 */
static const char *session_fault(uint32_t f)
{
	bool session = f & (CAP_KEY_EX | CAP_PSK);

	if (f & CAP_PSK_RESERVED)
		return "PSK_CAP has a reserved value";
	if (session && !(f & (CAP_ENCRYPT | CAP_MAC)))
		return "KEY_EX_CAP or PSK_CAP needs ENCRYPT_CAP or MAC_CAP";
	if (!session && f & (CAP_ENCRYPT | CAP_MAC | CAP_HBEAT | CAP_KEY_UPD | CAP_EVENT))
		return "a flag of sessions needs KEY_EX_CAP or PSK_CAP";
	if (!(f & CAP_KEY_EX) && f & CAP_HANDSHAKE_CLEAR)
		return "HANDSHAKE_IN_THE_CLEAR_CAP needs KEY_EX_CAP";
	return NULL;
}

static const char *key_fault(uint32_t f)
{
	bool signs = f & (CAP_CHAL | CAP_KEY_EX) || (f & CAP_EP_INFO) == CAP_EP_INFO_SIG;
	uint32_t key = f & (CAP_CERT | CAP_PUB_KEY_ID);

	if (key == (CAP_CERT | CAP_PUB_KEY_ID))
		return "CERT_CAP and PUB_KEY_ID_CAP are both set";
	if (key && !signs)
		return "CERT_CAP or PUB_KEY_ID_CAP, and nothing uses the key";
	if (!key && (f & (CAP_CHAL | CAP_MUT_AUTH) || (f & CAP_EP_INFO) == CAP_EP_INFO_SIG))
		return "a flag of signatures needs CERT_CAP or PUB_KEY_ID_CAP";
	if (f & CAP_MUT_AUTH && !(f & (CAP_CHAL | CAP_KEY_EX)))
		return "MUT_AUTH_CAP needs CHAL_CAP or KEY_EX_CAP";
	if ((f & CAP_EP_INFO) == CAP_EP_INFO)
		return "EP_INFO_CAP has a reserved value";
	if ((f & CAP_MULTI_KEY) == CAP_MULTI_KEY)
		return "MULTI_KEY_CAP has a reserved value";
	if (f & CAP_MULTI_KEY && !(f & CAP_CERT))
		return "MULTI_KEY_CAP needs CERT_CAP";
	return NULL;
}

/* Since SPDM 1.1, the requester sends flags. */
static int check_flags(struct conn *c, const struct req *q)
{
	uint8_t version = q->data[0];
	const char *why;
	uint32_t f;

	if (version < 0x11)
		return 0;
	f = get32(q->data + 8) & flags_of(version);
	why = session_fault(f);
	if (!why)
		why = key_fault(f);
	/* "If set, ENCAP_CAP shall also be set": in 1.1 only. */
	if (!why && version == 0x11 && f & CAP_MUT_AUTH && !(f & CAP_ENCAP))
		why = "MUT_AUTH_CAP needs ENCAP_CAP";
	if (!why && version >= 0x13 && q->data[2] & 1 && !(f & CAP_CHUNK))
		why = "Param1 requests the algorithms, and CHUNK_CAP is clear";
	return why ? refuse(c, E_INVALID_REQUEST, "Flags %#x: %s", f, why) : 0;
}

/*
 * Since SPDM 1.2, the requester sends DataTransferSize and MaxSPDMmsgSize. They
 * are equal if it does not support chunks.
 */
static int check_sizes(struct conn *c, const struct req *q)
{
	uint32_t data_size, max_size;

	if (q->data[0] < 0x12)
		return 0;
	data_size = get32(q->data + 12);
	max_size = get32(q->data + 16);
	if (data_size < 42 || max_size < data_size ||
	    (max_size != data_size && !(get32(q->data + 8) & CAP_CHUNK)))
		return refuse(c, E_INVALID_REQUEST, "DataTransferSize %u, MaxSPDMmsgSize %u",
			      data_size, max_size);
	c->data_size = data_size < MSG_MAX ? data_size : MSG_MAX;
	c->max_size = max_size < LARGE_MAX ? max_size : LARGE_MAX;
	return 0;
}

int do_capabilities(struct conn *c, struct req *q, struct msg *m)
{
	static const uint8_t sizes[MINOR_MAX + 1] = { 4, 12, 20, 20, 20 };
	uint8_t version = q->data[0];

	if (c->state != ST_VERSION)
		return refuse(c, E_UNEXPECTED_REQUEST, "is allowed only once, after GET_VERSION");
	if (version >> 4 != 1 || !(versions_of(c) >> (version & 15) & 1))
		return refuse(c, E_VERSION_MISMATCH, "version %#x is not offered", version);
	c->tried = version;
	if (sized(c, q, sizes[version & 15]) || check_flags(c, q) || check_sizes(c, q))
		return E_INVALID_REQUEST;
	c->version = version;
	c->req_flags = version > 0x10 ? get32(q->data + 8) : 0;
	put_header(c, m, CAPABILITIES, 0, 0);
	put8(m, 0);
	put8(m, CT_EXPONENT);
	put16(m, 0); /* ExtFlags, since SPDM 1.4 */
	put32(m, caps_of(c, version));
	if (version >= 0x12) {
		put32(m, c->cfg->transfer_size);
		put32(m, c->cfg->transfer_size);
	}
	c->state = ST_CAPABILITIES;
	return 0;
}

/* Since SPDM 1.4, the requester sends PqcAsymAlgo. */
static uint32_t offered_pqc(const struct conn *c, const struct req *q)
{
	return c->version >= 0x14 ? get32(q->data + 16) : 0;
}

/*
 * Selects an algorithm of BaseAsymAlgo or of PqcAsymAlgo that fits a slot's
 * key; without slots, any one.
 */
static const struct asym *pick_asym(const struct conn *c, const struct req *q)
{
	uint32_t base = get32(q->data + 8), pqc = offered_pqc(c, q);
	const struct asym *const *a;
	size_t i;

	for (a = c->cfg->asyms; *a; a++) {
		if (!((*a)->bit & ((*a)->pqc ? pqc : base)))
			continue;
		if (!c->cfg->n_chains)
			return *a;
		for (i = 0; i < c->cfg->n_chains; i++)
			if (chain_is_used(c, &c->cfg->chains[i]) &&
			    key_fits(*a, c->cfg->chains[i].key))
				return *a;
	}
	return NULL;
}

static const struct hash *pick_hash(const struct conn *c, uint32_t offered)
{
	const struct hash *const *h;

	h = c->later && c->cfg->later_hashes[0] ? c->cfg->later_hashes : c->cfg->hashes;
	for (; *h; h++)
		if ((*h)->bit & offered)
			return *h;
	return NULL;
}

/*
 * DSP0274, table "NEGOTIATE_ALGORITHMS request message format", and the types
 * of AlgStruct: 2 to 5, and since SPDM 1.4 ReqPqcAsymAlg and KEMAlg.
 */
#define ALGORITHMS_MAX(version)	((version) > 0x10 ? 128 : 64)
#define TYPE_MAX(version)	((version) >= 0x14 ? 7 : 5)

/* Skips extended algorithms. Sets @at to the first AlgStruct. */
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
	if (len > ALGORITHMS_MAX(c->version))
		return refuse(c, E_INVALID_REQUEST, "Length %zu, the limit is %d", len,
			      ALGORITHMS_MAX(c->version));
	count = c->version > 0x10 ? p[2] : 0;
	*at = 32 + 4 * ((size_t)p[28] + p[29]);
	len = *at;
	for (i = 0; i < count && len + 4 <= q->exact; i++) {
		if (p[len] <= last || p[len] > TYPE_MAX(c->version) || p[len + 1] >> 4 != 2)
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

/* Does not select algorithms of secure sessions: they are not supported. */
static void put_structs(struct msg *m, const uint8_t *p, unsigned int count)
{
	while (count--) {
		put8(m, p[0]);
		put8(m, 0x20);
		put16(m, 0);
		p += 4 + 4 * (p[1] & 15);
	}
}

/*
 * DSP0274 1.3, OtherParamsSupport: ResponderMultiKeyConn is set for a responder
 * that has only connections with several keys, clear for one that has none, and
 * free for one that negotiates them.
 */
static int check_multi_key(struct conn *c, const struct req *q)
{
	uint32_t cap = caps_of(c, c->version) & CAP_MULTI_KEY;
	bool wanted = q->data[7] & MULTI_KEY_CONN;

	c->multi_key = false;
	if (c->version < 0x13)
		return 0;
	if (cap != CAP_MULTI_KEY_NEG && wanted != !!(cap & CAP_MULTI_KEY_ONLY))
		return refuse(c, E_INVALID_REQUEST, "OtherParamsSupport %#x, MULTI_KEY_CAP is %u",
			      q->data[7], cap / CAP_MULTI_KEY_ONLY);
	c->multi_key = wanted;
	return 0;
}

/*
 * OtherParamsSelection: OpaqueDataFmt1, which is the only format that DSP0274
 * defines, and RequesterMultiKeyConn, which a requester with MULTI_KEY_ONLY
 * needs.
 */
static unsigned int select_params(struct conn *c, const struct req *q)
{
	unsigned int params = 0;

	c->opaque_fmt = c->version >= 0x12 && q->data[7] & OPAQUE_FMT_1;
	if (c->opaque_fmt)
		params |= OPAQUE_FMT_1;
	if (c->version >= 0x13 && (c->req_flags & CAP_MULTI_KEY) == CAP_MULTI_KEY_ONLY)
		params |= MULTI_KEY_CONN;
	return params;
}

static void put_algorithms(struct conn *c, const struct req *q, size_t at, struct msg *m)
{
	unsigned int structs = c->version > 0x10 ? q->data[2] : 0;
	unsigned int i;

	put_header(c, m, ALGORITHMS, structs, 0);
	put16(m, 36 + 4 * structs);
	put8(m, c->meas);
	put8(m, select_params(c, q));
	/* MeasurementHashAlgo: bit 0 means raw, the other bits are hashes. */
	put32(m, c->meas ? c->hash->bit << 1 : 0);
	put32(m, c->asym->pqc ? 0 : c->asym->bit);
	put32(m, c->hash->bit);
	put32(m, c->asym->pqc ? c->asym->bit : 0); /* PqcAsymSel, since SPDM 1.4 */
	for (i = 0; i < 2; i++)
		put32(m, 0);
	put32(m, 0); /* no extended algorithms */
	put_structs(m, q->data + at, structs);
}

int do_algorithms(struct conn *c, struct req *q, struct msg *m)
{
	size_t at = 0;

	if (c->state != ST_CAPABILITIES)
		return refuse(c, E_UNEXPECTED_REQUEST,
			      "is allowed only once, after GET_CAPABILITIES");
	if (check_algorithms(c, q, &at) || check_multi_key(c, q))
		return E_INVALID_REQUEST;
	c->asym = pick_asym(c, q);
	c->hash = pick_hash(c, get32(q->data + 12));
	if (!c->asym || !c->hash)
		return refuse(c, E_INVALID_REQUEST, "no common %s: asym %#x, PQC %#x, hash %#x",
			      c->asym ? "hash" : "signature algorithm that a slot has",
			      get32(q->data + 8), offered_pqc(c, q), get32(q->data + 12));
	c->meas = caps_of(c, c->version) & CAP_MEAS && q->data[6] & 1;
	put_algorithms(c, q, at, m);
	slots_build(c);
	c->state = ST_ALGORITHMS;
	return 0;
}
