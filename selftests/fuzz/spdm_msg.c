// SPDX-License-Identifier: GPL-2.0-only
/*
 * Fuzz target: the first bytes of the input select the checker and the
 * negotiated parameters, the rest is a response.
 *
 * Checks that the results of an accepted response lie inside the response, and
 * that a refusal has a reason.
 */
#include "../../lib/spdm_msg.h"
#include "fuzz.h"

/* Checker, version, hash and signature algorithms, and the request. */
struct setup {
	u8 checker;
	u8 version;
	u8 hash;
	u8 asym;
	u8 flags;
	u8 slot;
	u8 param;
	u8 slots;
};

static const u8 *buf;
static size_t len;

static void inside(const u8 *p, size_t n)
{
	require(p >= buf && (size_t)(p - buf) <= len);
	require(n <= len - (size_t)(p - buf));
}

static struct spdm_conn connection(const struct setup *s)
{
	struct spdm_conn c = {
		.offer = {
			.min_version = SPDM_VER_10,
			.max_version = SPDM_VER_14,
			.asym = 0x1ff,
			.pqc_asym = 0x7,
			.hash = 0x3f,
			.meas_spec = SPDM_MEAS_SPEC_DMTF,
			.other_params = SPDM_OPAQUE_FMT_GENERAL,
			.mel_spec = 1,
			.alg = { 0x1b, 0x06, 0x0f, 0x01, 0x07, 0x07 },
		},
		.version = SPDM_VER_10 + s->version % 5,
		.hash = &spdm_hashes[s->hash % SPDM_N_HASH],
		.asym = &spdm_asyms[s->asym % SPDM_N_ASYM],
		/* MEAS_CAP, CHUNK_CAP, MULTI_KEY_CAP, LARGE_RESP_CAP */
		.flags = (s->flags & 3) << 3 | (s->flags & 4) << 15 |
			 (u32)(s->flags & 0x18) << 23 | (u32)(s->flags & 0x80) << 24,
		.other_params = s->flags & 0x20 ? SPDM_OPAQUE_FMT_GENERAL : 0,
		.meas_spec = SPDM_MEAS_SPEC_DMTF,
		.slots = s->slots,
	};
	if (s->flags & 0x40)
		c.offer.other_params |= SPDM_MULTI_KEY_CONN;
	return c;
}

static int certificate(const struct spdm_conn *c, const struct setup *s,
		       size_t *used, struct spdm_fault *fault)
{
	struct spdm_cert_req req = {
		.slot = s->slot & 7,
		.offset = s->param * 16,
		.length = 0xffff,
		.total = s->param * 16 + s->slots + 1,
	};
	struct spdm_portion p;
	int rc = spdm_check_certificate(c, &req, buf, len, &p, used, fault);

	if (rc)
		return rc;
	inside(p.data, p.len);
	require(p.len && p.len <= req.length);
	require(!req.offset || req.offset + p.len + p.remainder == req.total);
	return 0;
}

static int challenge_auth(const struct spdm_conn *c, const struct setup *s,
			  size_t *used, struct spdm_fault *fault)
{
	struct spdm_challenge req = {
		.slot = s->slot & 7,
		.meas_summary = s->param,
	};
	struct spdm_challenge_auth a;
	int rc = spdm_check_challenge_auth(c, &req, buf, len, &a, used, fault);

	if (rc)
		return rc;
	inside(a.chain_digest, c->hash->len);
	inside(a.nonce, SPDM_NONCE_LEN);
	inside(a.opaque, a.opaque_len);
	inside(a.signature, c->asym->sig_len);
	require(!!a.meas_summary == !!s->param);
	require(a.signed_len + c->asym->sig_len == *used);
	return 0;
}

static int measurements(const struct spdm_conn *c, const struct setup *s,
			size_t *used, struct spdm_fault *fault)
{
	struct spdm_meas_req req = {
		.attributes = s->slot & 1,
		.operation = s->param,
		.slot = s->slot >> 1 & 7,
	};
	struct spdm_measurements m;
	int rc = spdm_check_measurements(c, &req, buf, len, &m, used, fault);

	if (rc)
		return rc;
	inside(m.record, m.record_len);
	inside(m.nonce, SPDM_NONCE_LEN);
	inside(m.opaque, m.opaque_len);
	require(!!m.signature == !!req.attributes);
	if (m.signature)
		inside(m.signature, c->asym->sig_len);
	return 0;
}

static int chunk(const struct spdm_conn *c, const struct setup *s,
		 size_t *used, struct spdm_fault *fault)
{
	struct spdm_chunk_data d;
	int rc = spdm_check_chunk(c, s->slot, s->param, buf, len, &d, used,
				  fault);

	if (!rc)
		inside(d.data, d.len);
	return rc;
}

static int check(struct spdm_conn *c, const struct setup *s, size_t *used,
		 struct spdm_fault *fault)
{
	struct spdm_not_ready nr;

	switch (s->checker % 9) {
	case 0:
		return spdm_check_version(c, buf, len, used, fault);
	case 1:
		return spdm_check_capabilities(c, buf, len, used, fault);
	case 2:
		return spdm_check_algorithms(c, buf, len, used, fault);
	case 3:
		return spdm_check_digests(c, buf, len, used, fault);
	case 4:
		return certificate(c, s, used, fault);
	case 5:
		return challenge_auth(c, s, used, fault);
	case 6:
		return measurements(c, s, used, fault);
	case 7:
		return chunk(c, s, used, fault);
	}
	*used = len;
	return spdm_check_not_ready(buf, len, s->slot, &nr, fault);
}

int LLVMFuzzerTestOneInput(const u8 *data, size_t size)
{
	struct spdm_fault fault = {};
	struct spdm_conn c, before;
	struct setup s;
	size_t used = 0;
	int rc;

	if (size < sizeof(s))
		return 0;
	memcpy(&s, data, sizeof(s));
	buf = data + sizeof(s);
	len = size - sizeof(s);
	c = connection(&s);
	before = c;

	rc = check(&c, &s, &used, &fault);
	if (!rc) {
		require(used <= len);
		require(c.hash && c.asym);
		return 0;
	}
	require(rc == -EIO || rc == -EPROTO || fault.error);
	require(fault.what && rc < 0);
	require(!memcmp(&c, &before, sizeof(c)));
	return 0;
}
