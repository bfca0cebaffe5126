// SPDX-License-Identifier: GPL-2.0-only
/*
 * The SPDM requester: GET_MEASUREMENTS. DSP0274 1.2.1, 10.11.
 *
 * With a signature, MEASUREMENTS proves the possession of a key, as
 * CHALLENGE_AUTH does. The signature covers L1, which begins anew with each
 * GET_MEASUREMENTS of this requester. Up to version 1.1, L1 lacks part A: the
 * signature covers neither the negotiation nor the chain.
 */
#include "spdm_req_internal.h"

/* One GET_MEASUREMENTS; r->meas is set to the response. */
static int get_measurements(struct spdm_req *r, const struct spdm_meas_req *req,
			    struct spdm_fault *fault)
{
	u8 saved[SPDM_REQUEST_MAX];
	size_t used;
	int len, rc;

	rc = spdm_l1_begin(&r->t, &r->c);
	if (rc)
		return spdm_fault_is(fault, "Cannot hash", rc);
	len = spdm_build_get_measurements(&r->c, req, r->request,
					  sizeof(r->request));
	rc = spdm_exchange(r, len, saved, fault);
	if (rc < 0)
		return rc;
	rc = spdm_check_measurements(&r->c, req, r->rsp, rc, &r->meas, &used,
				     fault);
	if (!rc && r->ask)
		rc = spdm_meas_check(&r->c, &r->meas, fault);
	if (rc)
		return rc;
	return spdm_add_pair(r, saved, len, r->meas.signed_len, fault);
}

/* Is the response longer than this requester can receive? */
static bool is_too_long(const struct spdm_fault *fault)
{
	return spdm_is_refusal(fault) &&
	       (fault->error == SPDM_ERR_LARGE_RESPONSE ||
		fault->error == SPDM_ERR_RESPONSE_TOO_LARGE);
}

/* Read what the caller wants. For a proof alone, the number is enough. */
static int get_wanted(struct spdm_req *r, struct spdm_meas_req *req,
		      struct spdm_fault *fault)
{
	int rc;

	if (r->ask) {
		req->operation = r->ask->operation;
		/* In 1.0 and 1.1 this bit is reserved. */
		if (r->ask->raw && r->c.version >= SPDM_VER_12)
			req->attributes |= SPDM_MEAS_RAW;
		return get_measurements(r, req, fault);
	}
	req->operation = SPDM_MEAS_ALL;
	rc = get_measurements(r, req, fault);
	if (!rc || !is_too_long(fault))
		return rc;
	fault = spdm_no_fault(r);
	req->operation = SPDM_MEAS_COUNT;
	return get_measurements(r, req, fault);
}

int spdm_get_signed_measurements(struct spdm_req *r, u8 slot,
				 struct spdm_tbs *tbs, struct spdm_proof *proof,
				 struct spdm_fault *fault)
{
	struct spdm_meas_req req = {
		.attributes = SPDM_MEAS_SIGNATURE,
		.slot = slot,
	};
	int rc;

	rc = spdm_get_proof_nonce(r, req.context, fault);
	if (rc)
		return rc;
	memcpy(req.nonce, r->nonce, sizeof(req.nonce));
	rc = get_wanted(r, &req, fault);
	if (rc)
		return rc;
	rc = spdm_transcript_final(&r->t, &r->c, SPDM_SIGNED_MEASUREMENTS, tbs);
	if (rc)
		return spdm_fault_is(fault, "Cannot hash", rc);
	proof->rsp_nonce = r->meas.nonce;
	proof->signature = r->meas.signature;
	return 0;
}

int spdm_get_unsigned_measurements(struct spdm_req *r, struct spdm_fault *fault)
{
	struct spdm_meas_req req = {};
	int rc;

	rc = r->ops->random(r->ctx, req.context, sizeof(req.context));
	if (rc)
		return spdm_fault_is(fault, "No random bytes", rc);
	return get_wanted(r, &req, fault);
}
