// SPDX-License-Identifier: GPL-2.0-only
/*
 * The SPDM requester: the negotiation, which is part A of every transcript:
 *
 *	GET_VERSION, GET_CAPABILITIES, NEGOTIATE_ALGORITHMS
 *
 * From 1.3 on, CHALLENGE and GET_MEASUREMENTS are longer than the least
 * DataTransferSize. A responder that cannot receive them, and that also has 1.2,
 * is asked for 1.2.
 */
#include "spdm_req_internal.h"

typedef int (*check_fn)(struct spdm_conn *c, const u8 *buf, size_t len,
			size_t *used, struct spdm_fault *fault);

/* Exchange a message of the negotiation: part A of every transcript. */
static int negotiate_one(struct spdm_req *r, int len, check_fn check,
			 struct spdm_fault *fault)
{
	u8 saved[SPDM_REQUEST_MAX];
	size_t used;
	int rc;

	rc = spdm_exchange(r, len, saved, fault);
	if (rc < 0)
		return rc;
	rc = check(&r->c, r->rsp, rc, &used, fault);
	if (rc)
		return rc;
	rc = spdm_vca_add(&r->t, saved, len);
	if (!rc)
		rc = spdm_vca_add(&r->t, r->rsp, used);
	return rc ? spdm_fault_is(fault, "Negotiation is too long", rc) : 0;
}

/* DSP0274, "CAPABILITIES": a provisioned key stands in for certificates. */
static const char *no_certificates(const struct spdm_conn *c)
{
	return c->flags & SPDM_CAP_PUB_KEY_ID ?
	       "Responder has a provisioned key and no certificates, which is not supported" :
	       "Responder cannot send certificates";
}

static int lacks(const struct spdm_conn *c, const char *what,
		 const char *field, u32 need, struct spdm_fault *fault)
{
	*fault = (struct spdm_fault) {
		.what = what,
		.field = field,
		.offset = offsetof(struct spdm_capabilities, flags),
		.value = c->flags,
		.limit = need,
	};
	return -EPROTONOSUPPORT;
}

static int need_capabilities(const struct spdm_req *r, bool prove,
			     struct spdm_fault *fault)
{
	const struct spdm_conn *c = &r->c;

	if (!prove && !(c->flags & SPDM_CAP_MEAS))
		return lacks(c, "Responder has no measurements",
			     "Flags.MEAS_CAP", SPDM_CAP_MEAS, fault);
	if (!prove)
		return 0;
	if (!(c->flags & SPDM_CAP_CERT))
		return lacks(c, no_certificates(c),
			     "Flags.CERT_CAP", SPDM_CAP_CERT | SPDM_CAP_CHAL,
			     fault);
	if (spdm_signs_measurements(c))
		return 0;
	if (r->ask)
		return lacks(c, "Responder cannot sign measurements",
			     "Flags.MEAS_CAP",
			     SPDM_CAP_CERT | SPDM_CAP_MEAS_SIG, fault);
	if (c->flags & SPDM_CAP_CHAL)
		return 0;
	return lacks(c, "Responder cannot be challenged", "Flags.CHAL_CAP",
		     SPDM_CAP_CERT | SPDM_CAP_CHAL, fault);
}

/* The responder selects a specification if it has measurements and supports it. */
static int need_meas_spec(const struct spdm_req *r, bool prove,
			  struct spdm_fault *fault)
{
	if (r->c.meas_spec ||
	    (prove && r->proof == SPDM_SIGNED_CHALLENGE))
		return 0;
	*fault = (struct spdm_fault) {
		.what = "Responder selected no measurement specification",
		.field = "MeasurementSpecificationSel",
		.offset = offsetof(struct spdm_algorithms_rsp, meas_spec),
		.limit = r->c.offer.meas_spec,
	};
	return -EPROTONOSUPPORT;
}

/* Start part A: GET_VERSION and GET_CAPABILITIES. */
static int get_capabilities(struct spdm_req *r, u8 max_version, bool prove)
{
	struct spdm_fault *fault = spdm_no_fault(r);
	int rc;

	memset(&r->c, 0, sizeof(r->c));
	r->c.offer = r->offer;
	r->c.offer.max_version = max_version;
	r->c.version = SPDM_VER_10;
	r->c.offer.data_transfer_size = r->rsp_size;
	r->c.offer.max_msg_size = r->rsp_size;
	spdm_vca_begin(&r->t);

	rc = negotiate_one(r, spdm_build_get_version(r->request,
						     sizeof(r->request)),
			   spdm_check_version, fault);
	if (rc)
		return spdm_fail_at(r, SPDM_STAGE_VERSION, SPDM_NO_SLOT, rc, fault);

	if (r->large_size && r->c.version >= SPDM_VER_12) {
		r->c.offer.flags |= SPDM_CAP_CHUNK;
		r->c.offer.max_msg_size = r->large_size;
	}
	rc = negotiate_one(r, spdm_build_get_capabilities(&r->c, r->request,
							  sizeof(r->request)),
			   spdm_check_capabilities, fault);
	if (!rc)
		rc = need_capabilities(r, prove, fault);
	if (rc)
		return spdm_fail_at(r, SPDM_STAGE_CAPABILITIES, SPDM_NO_SLOT, rc,
				    fault);
	r->proof = r->ask || !(r->c.flags & SPDM_CAP_CHAL) ?
		   SPDM_SIGNED_MEASUREMENTS : SPDM_SIGNED_CHALLENGE;
	return 0;
}

/* From 1.3 on, both requests are longer than the least DataTransferSize. */
static bool needs_12(const struct spdm_req *r)
{
	const struct spdm_conn *c = &r->c;

	return c->version >= SPDM_VER_13 && c->has_12 &&
	       c->data_transfer_size < (r->proof == SPDM_SIGNED_CHALLENGE ?
					sizeof(struct spdm_challenge_req) :
					SPDM_GET_MEASUREMENTS_LEN);
}

/* The offer may have only algorithms that versions before 1.4 do not have. */
static int need_algorithm(const struct spdm_req *r, struct spdm_fault *fault)
{
	const struct spdm_conn *c = &r->c;

	if (c->offer.asym || c->version >= SPDM_VER_14)
		return 0;
	fault->what = "No signature algorithm for this version";
	snprintf(fault->detail, sizeof(fault->detail),
		 "ML-DSA needs SPDM 1.4, negotiated was %u.%u", c->version >> 4,
		 c->version & 15);
	return -EPROTO;
}

int spdm_negotiate(struct spdm_req *r, bool prove)
{
	struct spdm_fault *fault;
	int rc;

	rc = get_capabilities(r, r->offer.max_version, prove);
	if (!rc && needs_12(r))
		rc = get_capabilities(r, SPDM_VER_12, prove);
	if (rc)
		return rc;

	fault = spdm_no_fault(r);
	rc = need_algorithm(r, fault);
	if (!rc)
		rc = negotiate_one(r, spdm_build_negotiate(&r->c, r->request,
							   sizeof(r->request)),
				   spdm_check_algorithms, fault);
	if (!rc)
		rc = need_meas_spec(r, prove, fault);
	if (rc)
		return spdm_fail_at(r, SPDM_STAGE_ALGORITHMS, SPDM_NO_SLOT, rc,
				    fault);
	return 0;
}
