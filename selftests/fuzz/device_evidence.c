// SPDX-License-Identifier: GPL-2.0-only
/*
 * Fuzz target: the first bytes of the input select the kind and the lengths of the
 * objects; the objects of a device's evidence, or a file with expected
 * measurements, follow.
 *
 * Checks that all that is found lies in its object, that the signed bytes and the
 * signature are each byte of the answer, that the portions of the chain end, and
 * that a refusal names its fault and an offset in the object.
 */
#include <stdlib.h>

#include "../../tools/lib/spdm/evidence.h"
#include "../../tools/lib/spdm/reference.h"
#include "fuzz.h"

enum { MEASUREMENTS, CHALLENGE, REFERENCE, N_KINDS };

struct setup {
	u8 kind;
	u8 stated;	/* the negotiation is not known */
	u8 version;
	u8 asym;
	u8 hash;
	u8 vca_len[2];
	u8 req_len[2];
};

static void refused(int rc, const struct ccg_evid_fault *f, size_t len)
{
	require(rc == -EIO || rc == -EPROTO || f->spdm.error);
	require(f->spdm.what);
	require(f->at <= len);
	require(rc != -EPROTO || f->spdm.error ||
		(f->spdm.field && f->spdm.offset <= len - f->at + 64));
}

static bool inside(const u8 *p, size_t n, struct ccg_evid_bytes b)
{
	return p >= b.p && p <= b.p + b.len && n <= (size_t)(b.p + b.len - p);
}

static void check_portions(const struct evid *e, struct ccg_evid_bytes msgs)
{
	struct ccg_evid_bytes part;
	size_t pos = 0, last = 0;
	bool first;

	while (ccg_evid_portion(e, &pos, &part, &first)) {
		require(pos > last && pos <= msgs.len);
		require(inside(part.p, part.len, msgs));
		last = pos;
	}
}

static void check_answer(const struct evid *e, struct ccg_evid_bytes req,
			 struct ccg_evid_bytes rsp)
{
	size_t sig = e->c.asym->sig_len;

	require(e->slot < SPDM_SLOTS);
	require(inside(e->req_nonce, SPDM_NONCE_LEN, req));
	require(inside(e->rsp_nonce, SPDM_NONCE_LEN, rsp));
	require(inside(e->signature, sig, rsp));
	require(e->signature + sig == rsp.p + rsp.len);
	require(e->signed_part[2].p + e->signed_part[2].len == e->signature);
	require(inside(e->signed_part[1].p, e->signed_part[1].len, req));
}

static void measurements(struct evid *e, struct ccg_evid_bytes vca,
			 struct ccg_evid_bytes req, struct ccg_evid_bytes rsp)
{
	struct ccg_evid_bytes part;
	struct ccg_evid_fault f;
	size_t pos = 0;
	bool in_request, first;
	int rc;

	rc = ccg_evid_measurements(e, vca, req, rsp, &in_request, &f);
	if (rc) {
		refused(rc, &f, in_request ? req.len : rsp.len);
		return;
	}
	check_answer(e, req, rsp);
	require(e->signed_part[0].len == (e->vca_signed ? vca.len : 0));
	require(e->signed_part[1].len == req.len && !e->chain_digest);
	require(!spdm_meas_check(&e->c, &e->meas, &f.spdm));
	require(!ccg_evid_portion(e, &pos, &part, &first));
}

static void challenge(struct evid *e, struct ccg_evid_bytes vca,
		      struct ccg_evid_bytes msgs)
{
	struct ccg_evid_fault f;
	int rc = ccg_evid_challenge(e, vca, msgs, &f);

	if (rc) {
		refused(rc, &f, msgs.len);
		return;
	}
	check_answer(e, msgs, msgs);
	require(e->signed_part[1].len + e->signed_part[2].len +
		e->c.asym->sig_len == msgs.len);
	require(inside(e->chain_digest, e->c.hash->len, msgs));
	check_portions(e, msgs);
}

static void reference(const u8 *data, size_t len)
{
	struct ccg_reference r = {};
	struct ccg_measurements m = {};
	struct ref_fault f;
	char *text = strndup((const char *)data, len);
	char why[256];

	require(text);
	if (ccg_reference_parse(&r, text, &f)) {
		require(f.what && f.line);
	} else {
		for (size_t i = 0; i < ARRAY_SIZE(r.values); i++) {
			require(r.values[i].len <= r.len);
			require(r.values[i].at <= r.len - r.values[i].len);
			require(!r.values[i].known || i);
		}
		require(r.len <= len / 2);
		ccg_reference_compare(&r, &m, why, sizeof(why));
	}
	free(r.data);
	free(text);
}

/* Takes at most @want bytes. */
static struct ccg_evid_bytes take(const u8 **data, size_t *size, const u8 want[2])
{
	size_t len = get_unaligned_le16(want);
	struct ccg_evid_bytes b = { *data, len < *size ? len : *size };

	*data += b.len;
	*size -= b.len;
	return b;
}

int LLVMFuzzerTestOneInput(const u8 *data, size_t size)
{
	struct ccg_evid_bytes vca, req, rest;
	struct ccg_evid_fault f;
	struct evid e = {};
	struct setup s;
	size_t used;
	int rc;

	if (size < sizeof(s))
		return 0;
	memcpy(&s, data, sizeof(s));
	data += sizeof(s);
	size -= sizeof(s);
	if (s.kind % N_KINDS == REFERENCE) {
		reference(data, size);
		return 0;
	}
	vca = take(&data, &size, s.vca_len);
	req = take(&data, &size, s.req_len);
	rest = (struct ccg_evid_bytes) { data, size };
	if (s.stated & 1) {
		ccg_evid_state(&e.c, SPDM_VER_10 + s.version % 4,
			       &spdm_asyms[s.asym % SPDM_N_ASYM],
			   &spdm_hashes[s.hash % SPDM_N_HASH]);
	} else {
		rc = ccg_evid_vca(vca.p, vca.len, &e.c, &used, &f);
		require(used <= vca.len);
		if (rc) {
			refused(rc, &f, vca.len);
			return 0;
		}
		require(e.c.asym && e.c.hash && e.c.version <= SPDM_VER_14);
	}
	if (s.kind % N_KINDS == CHALLENGE)
		challenge(&e, vca, rest);
	else
		measurements(&e, vca, req, rest);
	return 0;
}
