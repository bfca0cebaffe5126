// SPDX-License-Identifier: GPL-2.0-only
/*
 * Checking SPDM responses: CHALLENGE_AUTH and MEASUREMENTS.
 */
#include "spdm_check.h"

/* The last fields of CHALLENGE_AUTH and of MEASUREMENTS. */
struct tail {
	const u8 *opaque;
	size_t opaque_len;
	const u8 *signature;
	size_t signed_len;
};

/* OpaqueDataLength, OpaqueData, RequesterContext (1.3+), Signature if @sig. */
static int check_tail(const struct spdm_conn *c, const struct spdm_response *r,
		      const u8 *buf, size_t len, size_t pos,
		      const u8 *context, bool sig, struct tail *t, size_t *used,
		      struct spdm_fault *fault)
{
	size_t context_len = c->version >= SPDM_VER_13 ? SPDM_CONTEXT_LEN : 0;
	size_t sig_len = sig ? c->asym->sig_len : 0;
	size_t need;

	if (pos > len || len - pos < 2)
		return spdm_truncated(fault, r, len, pos + 2);
	t->opaque_len = get_unaligned_le16(buf + pos);
	if (t->opaque_len > SPDM_OPAQUE_MAX)
		return spdm_malformed(fault, r, "OpaqueDataLength", pos,
				      t->opaque_len, SPDM_OPAQUE_MAX);
	/* "If OpaqueDataFmt is none, this field shall be zero"; 1.2+. */
	if (c->version >= SPDM_VER_12 && t->opaque_len &&
	    !(c->other_params & SPDM_OPAQUE_FMT_MASK))
		return spdm_malformed(fault, r, "OpaqueDataLength", pos,
				      t->opaque_len, 0);
	pos += 2;
	need = pos + t->opaque_len + context_len + sig_len;
	if (len < need)
		return spdm_truncated(fault, r, len, need);

	t->opaque = buf + pos;
	pos += t->opaque_len;
	if (memcmp(buf + pos, context, context_len))
		return spdm_malformed(fault, r, "RequesterContext", pos,
				      get_unaligned_le32(buf + pos),
				      get_unaligned_le32(context));
	t->signed_len = pos + context_len;
	t->signature = sig ? buf + t->signed_len : NULL;
	return spdm_check_end(r, len, need, used, fault);
}

/* Check slot and digest of the chain whose key signed. */
static int check_auth_slot(const struct spdm_conn *c,
			   const struct spdm_challenge *req, const u8 *buf,
			   struct spdm_fault *fault)
{
	const struct spdm_response *r = &spdm_responses[SPDM_RSP_CHALLENGE_AUTH];
	const struct spdm_header *h = (const void *)buf;
	const u8 *digest = buf + sizeof(*h);

	if ((h->param1 & SPDM_SLOT_MASK) != req->slot)
		return spdm_malformed(fault, r, "SlotID", 2,
				      h->param1 & SPDM_SLOT_MASK, req->slot);
	/*
	 * CHALLENGE_AUTH, Param2: the mask of DIGESTS. Responders with early
	 * versions of DMTF's library set only the bit of this slot.
	 */
	if (!(h->param2 & 1 << req->slot) || (h->param2 & ~c->slots))
		return spdm_malformed(fault, r, "SlotMask", 3, h->param2, c->slots);
	if (memcmp(digest, c->digests[req->slot], c->hash->len))
		return spdm_malformed(fault, r, "CertChainHash", sizeof(*h),
				      get_unaligned_be32(digest),
				      get_unaligned_be32(c->digests[req->slot]));
	return 0;
}

int spdm_check_challenge_auth(const struct spdm_conn *c,
			      const struct spdm_challenge *req, const u8 *buf,
			      size_t len, struct spdm_challenge_auth *auth,
			      size_t *used, struct spdm_fault *fault)
{
	const struct spdm_response *r = &spdm_responses[SPDM_RSP_CHALLENGE_AUTH];
	const struct spdm_header *h = (const void *)buf;
	bool summary = req->meas_summary != SPDM_NO_MEAS_SUMMARY;
	size_t pos = sizeof(*h) + c->hash->len + SPDM_NONCE_LEN;
	struct tail t;
	int rc;

	rc = spdm_check_header(r, c->version, buf, len, pos + 2, fault);
	if (rc)
		return rc;
	rc = check_auth_slot(c, req, buf, fault);
	if (rc)
		return rc;
	if (summary)
		pos += c->hash->len;
	rc = check_tail(c, r, buf, len, pos, req->context, true, &t, used,
			fault);
	if (rc)
		return rc;

	*auth = (struct spdm_challenge_auth) {
		.chain_digest = buf + sizeof(*h),
		.nonce = buf + sizeof(*h) + c->hash->len,
		.meas_summary = summary ? buf + pos - c->hash->len : NULL,
		.opaque = t.opaque,
		.opaque_len = t.opaque_len,
		.signature = t.signature,
		.signed_len = t.signed_len,
		.mut_auth = h->param1 & SPDM_AUTH_BASIC_MUT,
	};
	return 0;
}

/* Check the blocks of a measurement record; "Measurement block". */
static int check_record(const struct spdm_conn *c,
			const struct spdm_meas_req *req, const u8 *buf,
			size_t len, u8 blocks, struct spdm_fault *fault)
{
	const struct spdm_response *r = &spdm_responses[SPDM_RSP_MEASUREMENTS];
	size_t at = sizeof(struct spdm_measurements_rsp);
	size_t pos = 0;

	for (size_t i = 0; i < blocks; i++) {
		const struct spdm_meas_block *b = (const void *)(buf + at + pos);
		size_t size;

		if (len - pos < sizeof(*b))
			return spdm_malformed(fault, r, "NumberOfBlocks", 4, blocks,
					      i);
		if (req->operation != SPDM_MEAS_ALL &&
		    b->index != req->operation)
			return spdm_malformed(fault, r, "Index", at + pos, b->index,
					      req->operation);
		if (b->spec != c->meas_spec)
			return spdm_malformed(fault, r, "MeasurementSpecification",
					      at + pos + 1, b->spec, c->meas_spec);
		size = get_unaligned_le16(b->size);
		if (size > len - pos - sizeof(*b))
			return spdm_malformed(fault, r, "MeasurementSize",
					      at + pos + 2, size,
					      len - pos - sizeof(*b));
		pos += sizeof(*b) + size;
	}
	if (pos != len)
		return spdm_malformed(fault, r, "MeasurementRecordLength", 5, len,
				      pos);
	return 0;
}

/* Check the slot, and the number of blocks. */
static int check_meas_header(const struct spdm_conn *c,
			     const struct spdm_meas_req *req,
			     const struct spdm_measurements_rsp *m,
			     struct spdm_fault *fault)
{
	const struct spdm_response *r = &spdm_responses[SPDM_RSP_MEASUREMENTS];
	bool one = req->operation != SPDM_MEAS_COUNT &&
		   req->operation != SPDM_MEAS_ALL;

	/* In 1.0, and without a signature, Param2 is reserved. */
	if (c->version >= SPDM_VER_11 &&
	    (req->attributes & SPDM_MEAS_SIGNATURE) &&
	    (m->h.param2 & SPDM_SLOT_MASK) != req->slot)
		return spdm_malformed(fault, r, "SlotID", 3,
				      m->h.param2 & SPDM_SLOT_MASK, req->slot);
	if (req->operation == SPDM_MEAS_COUNT && m->blocks)
		return spdm_malformed(fault, r, "NumberOfBlocks", 4, m->blocks, 0);
	if (one && m->blocks != 1)
		return spdm_malformed(fault, r, "NumberOfBlocks", 4, m->blocks, 1);
	return 0;
}

/* Did measurements change since the first one of this L1 was read? 1.2+. */
static u8 change_of(const struct spdm_conn *c, const struct spdm_meas_req *req,
		    const struct spdm_header *h)
{
	if (c->version < SPDM_VER_12 || !(req->attributes & SPDM_MEAS_SIGNATURE))
		return 0;
	return h->param2 >> SPDM_MEAS_CHANGE_SHIFT & SPDM_MEAS_CHANGE_MASK;
}

int spdm_check_measurements(const struct spdm_conn *c,
			    const struct spdm_meas_req *req, const u8 *buf,
			    size_t len, struct spdm_measurements *meas,
			    size_t *used, struct spdm_fault *fault)
{
	const struct spdm_response *r = &spdm_responses[SPDM_RSP_MEASUREMENTS];
	const struct spdm_measurements_rsp *m = (const void *)buf;
	size_t pos = sizeof(*m);
	struct tail t;
	u32 record;
	int rc;

	rc = spdm_check_header(r, c->version, buf, len, sizeof(*m), fault);
	if (rc)
		return rc;
	rc = check_meas_header(c, req, m, fault);
	if (rc)
		return rc;
	record = get_unaligned_le24(m->record_len);
	if (record > len - pos)
		return spdm_truncated(fault, r, len, pos + record);
	rc = check_record(c, req, buf, record, m->blocks, fault);
	if (rc)
		return rc;
	pos += record + SPDM_NONCE_LEN;
	rc = check_tail(c, r, buf, len, pos, req->context,
			req->attributes & SPDM_MEAS_SIGNATURE, &t, used, fault);
	if (rc)
		return rc;

	*meas = (struct spdm_measurements) {
		.indices = req->operation == SPDM_MEAS_COUNT ? m->h.param1 : 0,
		.change = change_of(c, req, &m->h),
		.blocks = m->blocks,
		.record = buf + sizeof(*m),
		.record_len = record,
		.nonce = buf + pos - SPDM_NONCE_LEN,
		.opaque = t.opaque,
		.opaque_len = t.opaque_len,
		.signature = t.signature,
		.signed_len = t.signed_len,
	};
	return 0;
}
