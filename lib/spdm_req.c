// SPDX-License-Identifier: GPL-2.0-only
/*
 * The SPDM requester: authenticating a responder, in this order:
 *
 *	GET_VERSION, GET_CAPABILITIES, NEGOTIATE_ALGORITHMS
 *	GET_DIGESTS
 *	GET_CERTIFICATE ...	all provisioned slots, unless no chain changed
 *	CHALLENGE		the first slot whose chain is trusted; if there is
 *				none, the first slot whose key can be used
 *
 * GET_MEASUREMENTS with a signature takes the place of CHALLENGE if the caller
 * wants measurements, or if the responder cannot be challenged.
 *
 * If the responder answers RequestResynch, all messages are repeated, once.
 */
#include "spdm_req_internal.h"

static const char *const stages[] = {
	[SPDM_STAGE_VERSION] = "version",
	[SPDM_STAGE_CAPABILITIES] = "capabilities",
	[SPDM_STAGE_ALGORITHMS] = "algorithms",
	[SPDM_STAGE_DIGESTS] = "digests",
	[SPDM_STAGE_CERTIFICATE] = "certificate",
	[SPDM_STAGE_CHAIN] = "chain",
	[SPDM_STAGE_CHALLENGE] = "challenge",
	[SPDM_STAGE_MEASUREMENTS] = "measurements",
	[SPDM_STAGE_SIGNATURE] = "signature",
};

const char *spdm_stage_name(enum spdm_stage stage)
{
	return stages[stage];
}

void spdm_default_offer(struct spdm_offer *offer, u32 asym, u32 hash)
{
	*offer = (struct spdm_offer) {
		.min_version = SPDM_VER_10,
		.max_version = SPDM_VER_14,
		.ct_exponent = 20,
		.flags = SPDM_CAP_CERT | SPDM_CAP_CHAL,
		.asym = asym,
		.hash = hash,
		.meas_spec = SPDM_MEAS_SPEC_DMTF,
		.other_params = SPDM_OPAQUE_FMT_GENERAL | SPDM_MULTI_KEY_CONN,
	};
}

static int get_digests(struct spdm_req *r)
{
	struct spdm_fault *fault = spdm_no_fault(r);
	u8 saved[SPDM_REQUEST_MAX];
	size_t used;
	int len, rc;

	rc = spdm_m1_begin(&r->t, &r->c);
	if (rc) {
		spdm_fault_is(fault, "Cannot hash", rc);
		return spdm_fail_at(r, SPDM_STAGE_DIGESTS, SPDM_NO_SLOT, rc, fault);
	}
	len = spdm_build_get_digests(&r->c, r->request, sizeof(r->request));
	rc = spdm_exchange(r, len, saved, fault);
	if (rc >= 0)
		rc = spdm_check_digests(&r->c, r->rsp, rc, &used, fault);
	if (!rc)
		rc = spdm_add_pair(r, saved, len, used, fault);
	if (rc)
		return spdm_fail_at(r, SPDM_STAGE_DIGESTS, SPDM_NO_SLOT, rc, fault);
	return 0;
}

/* A responder without measurements refuses a CHALLENGE for their summary. */
static u8 summary_of(const struct spdm_req *r)
{
	if ((r->c.flags & SPDM_CAP_MEAS) && r->c.meas_spec)
		return r->meas_summary;
	return SPDM_NO_MEAS_SUMMARY;
}

/* Exchange CHALLENGE (part C of M1), and compute what is signed. */
static int get_challenge_auth(struct spdm_req *r, u8 slot,
			      struct spdm_tbs *tbs, struct spdm_proof *proof,
			      struct spdm_fault *fault)
{
	struct spdm_challenge req = {
		.slot = slot,
		.meas_summary = summary_of(r),
	};
	struct spdm_challenge_auth auth;
	u8 saved[SPDM_REQUEST_MAX];
	size_t used;
	int len, rc;

	rc = spdm_get_proof_nonce(r, req.context, fault);
	if (rc)
		return rc;
	memcpy(req.nonce, r->nonce, sizeof(req.nonce));
	len = spdm_build_challenge(&r->c, &req, r->request,
				   sizeof(r->request));
	rc = spdm_exchange(r, len, saved, fault);
	if (rc < 0)
		return rc;
	rc = spdm_check_challenge_auth(&r->c, &req, r->rsp, rc, &auth, &used,
				       fault);
	if (rc)
		return rc;
	rc = spdm_add_pair(r, saved, len, auth.signed_len, fault);
	if (rc)
		return rc;
	rc = spdm_transcript_final(&r->t, &r->c, SPDM_SIGNED_CHALLENGE, tbs);
	if (rc)
		return spdm_fault_is(fault, "Cannot hash", rc);
	if (auth.meas_summary)
		memcpy(r->summary, auth.meas_summary, r->c.hash->len);
	r->mut_auth = auth.mut_auth;
	proof->rsp_nonce = auth.nonce;
	proof->signature = auth.signature;
	return 0;
}

/* Get a signature of the responder, and show it to the caller. */
static int get_proof(struct spdm_req *r, u8 slot, struct spdm_tbs *tbs,
		     struct spdm_proof *proof, struct spdm_fault *fault)
{
	int rc;

	if (r->proof == SPDM_SIGNED_CHALLENGE)
		rc = get_challenge_auth(r, slot, tbs, proof, fault);
	else
		rc = spdm_get_signed_measurements(r, slot, tbs, proof, fault);
	if (rc)
		return rc;
	proof->what = r->proof;
	memcpy(proof->req_nonce, r->nonce, sizeof(proof->req_nonce));
	if (r->ops->signature)
		r->ops->signature(r->ctx, slot, proof);
	return 0;
}

/*
 * Let the responder prove that it has the private key of a slot's leaf. Returns
 * 0; 1 if the next slot may be tried, with *@err set; or -errno.
 */
static int prove_key(struct spdm_req *r, u8 slot, int *err)
{
	bool challenge = r->proof == SPDM_SIGNED_CHALLENGE;
	enum spdm_stage stage = challenge ? SPDM_STAGE_CHALLENGE :
					    SPDM_STAGE_MEASUREMENTS;
	struct spdm_fault *fault = spdm_no_fault(r);
	struct spdm_proof proof = {};
	struct spdm_tbs tbs;
	int rc;

	rc = get_proof(r, slot, &tbs, &proof, fault);
	if (rc) {
		*err = spdm_fail_at(r, stage, slot, rc, fault);
		return spdm_is_refusal(fault) ? 1 : rc;
	}
	rc = r->ops->verify_signature(r->ctx, slot, &r->c, &tbs,
				      proof.signature);
	if (!rc) {
		r->proved |= 1 << slot;
		return 0;
	}
	memset(&r->meas, 0, sizeof(r->meas));
	spdm_fault_is(fault, challenge ?
		      "Cannot verify challenge_auth signature" :
		      "Cannot verify measurements signature", rc);
	*err = spdm_fail_at(r, SPDM_STAGE_SIGNATURE, slot, rc, fault);
	if (rc != -EKEYREJECTED)
		return rc;
	if (!challenge)
		return 1;
	/* CHALLENGE_AUTH ends M1. The next M1 has no part B. */
	rc = spdm_m1_begin(&r->t, &r->c);
	if (!rc)
		return 1;
	spdm_fault_is(fault, "Cannot hash", rc);
	return spdm_fail_at(r, stage, slot, rc, fault);
}

/* Does an errno of a function of the caller end the authentication? */
static bool is_stop(int err)
{
	return err == -ENODEV || err == -EAGAIN;
}

/*
 * Find out whether the chain of a slot is trusted. Returns 0; 1 if the next slot
 * may be tried, with *@err set; or -errno.
 */
static int trust_chain(struct spdm_req *r, u8 slot, int *err)
{
	const struct spdm_slot *s = &r->slots[slot];
	struct spdm_fault *fault = spdm_no_fault(r);
	struct spdm_chain chain;
	int rc;

	rc = spdm_chain_split(&r->c, r->chains + s->offset, s->len, &chain,
			      fault);
	if (!rc)
		rc = r->ops->verify_chain(r->ctx, slot, &r->c, &chain, fault);
	if (!rc) {
		r->trusted |= 1 << slot;
		return 0;
	}
	*err = spdm_fail_at(r, SPDM_STAGE_CHAIN, slot, rc, fault);
	return rc == -ETIMEDOUT || is_stop(rc) ? rc : 1;
}

static int try_slot(struct spdm_req *r, u8 slot, int *err)
{
	int rc = trust_chain(r, slot, err);

	return rc ? rc : prove_key(r, slot, err);
}

/* Was the chain of the slot read? */
static bool has_chain(const struct spdm_req *r, u8 slot)
{
	return spdm_provisioned(r, slot) && r->slots[slot].len;
}

/* GET_MEASUREMENTS of 1.0 has no SlotID: slot 0 signs. */
static bool has_slot_id(const struct spdm_req *r)
{
	return r->c.version > SPDM_VER_10 || r->proof == SPDM_SIGNED_CHALLENGE;
}

/* The use in KeyUsageMask that the message with the signature needs. */
static u16 needed_use(const struct spdm_req *r)
{
	return r->proof == SPDM_SIGNED_CHALLENGE ? SPDM_USE_CHALLENGE :
						   SPDM_USE_MEASUREMENTS;
}

static bool may_sign(const struct spdm_req *r, u8 slot)
{
	return (r->c.key_usage[slot] & needed_use(r)) &&
	       (!slot || has_slot_id(r));
}

/* Why may a slot's key not sign? */
static void other_use(const struct spdm_req *r, u8 slot,
		      struct spdm_fault *fault)
{
	bool challenge = r->proof == SPDM_SIGNED_CHALLENGE;

	if (slot && !has_slot_id(r)) {
		fault->what = "Only slot 0 signs measurements in SPDM 1.0";
		snprintf(fault->detail, sizeof(fault->detail),
			 "GET_MEASUREMENTS has no SlotID");
		return;
	}
	fault->what = challenge ? "Key of the slot may not sign challenges" :
				  "Key of the slot may not sign measurements";
	snprintf(fault->detail, sizeof(fault->detail),
		 "KeyUsageMask is %#x, without %s (%#x)", r->c.key_usage[slot],
		 challenge ? "ChallengeUse" : "MeasurementUse", needed_use(r));
}

/* No slot authenticated the responder: name the slots that were left out. */
static void name_other_uses(struct spdm_req *r)
{
	enum spdm_stage stage = r->proof == SPDM_SIGNED_CHALLENGE ?
				SPDM_STAGE_CHALLENGE : SPDM_STAGE_MEASUREMENTS;

	for (u8 i = 0; i < SPDM_SLOTS; i++) {
		struct spdm_fault *fault = spdm_no_fault(r);

		if (!has_chain(r, i) || may_sign(r, i))
			continue;
		other_use(r, i, fault);
		spdm_fail_at(r, stage, i, -EKEYREJECTED, fault);
	}
}

/* Can the key of a slot be used whose chain is not trusted? */
static bool take_leaf(struct spdm_req *r, u8 slot)
{
	const struct spdm_slot *s = &r->slots[slot];
	struct spdm_chain chain;

	return !spdm_chain_split(&r->c, r->chains + s->offset, s->len, &chain,
				 spdm_no_fault(r)) &&
	       !r->ops->take_leaf(r->ctx, slot, &r->c, &chain);
}

/* Was the last failure a wrong signature? */
static bool is_forged(const struct spdm_req *r)
{
	const struct spdm_failure *f = &r->failures[r->n_failures - 1];

	return f->stage == SPDM_STAGE_SIGNATURE && f->err == -EKEYREJECTED;
}

/*
 * No chain is trusted, because of @err. Let the responder prove that it has the
 * private key of one leaf, for a verifier elsewhere. Returns @err; -EKEYREJECTED if
 * the signature is wrong; or the errno of the caller that ends the authentication.
 */
static int prove_untrusted(struct spdm_req *r, int err)
{
	int rc, slot_err;
	u8 i;

	for (i = 0; i < SPDM_SLOTS; i++)
		if (has_chain(r, i) && may_sign(r, i) && take_leaf(r, i))
			break;
	if (i == SPDM_SLOTS)
		return err;
	rc = prove_key(r, i, &slot_err);
	memset(&r->meas, 0, sizeof(r->meas));
	if (is_stop(rc))
		return rc;
	return rc && is_forged(r) ? -EKEYREJECTED : err;
}

/*
 * Try all slots whose key may sign, in ascending order. If none authenticates the
 * responder, the failure of the first slot is the most useful one.
 */
static int try_slots(struct spdm_req *r)
{
	int err;

	for (u8 i = 0; i < SPDM_SLOTS; i++) {
		int rc, slot_err = 0;

		if (!has_chain(r, i) || !may_sign(r, i))
			continue;
		rc = try_slot(r, i, &slot_err);
		if (!rc)
			r->slot = i;
		if (rc <= 0)
			return rc;
	}
	name_other_uses(r);
	err = r->n_failures ? r->failures[0].err : -EKEYREJECTED;
	return r->trusted ? err : prove_untrusted(r, err);
}

static int authenticate_once(struct spdm_req *r)
{
	int rc;

	rc = spdm_negotiate(r, true);
	if (rc)
		return rc;
	rc = get_digests(r);
	if (rc)
		return rc;
	rc = spdm_get_chains(r);
	if (rc)
		return rc;
	return try_slots(r);
}

/* Did the responder answer RequestResynch? */
static bool wants_restart(const struct spdm_req *r)
{
	return r->n_failures &&
	       r->failures[r->n_failures - 1].fault.error ==
	       SPDM_ERR_REQUEST_RESYNCH;
}

/* Are the buffers for responses as spdm_req.h demands? */
static bool has_room(const struct spdm_req *r)
{
	if (r->rsp_size < SPDM_RSP_MIN || r->large_size % 8 ||
	    (r->large_size && r->large_size < r->rsp_size))
		return false;
	return !r->offer.pqc_asym || r->rsp_size >= SPDM_RSP_MIN_MLDSA ||
	       r->large_size >= SPDM_RSP_MIN_MLDSA;
}

static int run(struct spdm_req *r, int (*once)(struct spdm_req *r))
{
	int rc;

	r->mut_auth = false;
	r->messages = 0;
	r->sent = 0;
	r->received = 0;
	r->fetched = 0;
	r->chunk_max = 0;
	r->t.ops = &r->ops->hash;
	r->t.ctx = r->ctx;
	r->deadline = r->ops->now_ms(r->ctx) + r->timeout_ms;

	for (int i = 0; i <= SPDM_RESTARTS_MAX; i++) {
		r->slot = SPDM_NO_SLOT;
		r->trusted = 0;
		r->proved = 0;
		r->n_failures = 0;
		memset(&r->meas, 0, sizeof(r->meas));
		if (!has_room(r))
			return -EINVAL;
		rc = once(r);
		if (!rc || !wants_restart(r))
			break;
	}
	return rc;
}

int spdm_authenticate(struct spdm_req *r)
{
	return run(r, authenticate_once);
}

static int read_once(struct spdm_req *r)
{
	struct spdm_fault *fault;
	int rc;

	rc = spdm_negotiate(r, false);
	if (rc)
		return rc;
	fault = spdm_no_fault(r);
	rc = spdm_get_unsigned_measurements(r, fault);
	if (rc)
		return spdm_fail_at(r, SPDM_STAGE_MEASUREMENTS, SPDM_NO_SLOT,
				    rc, fault);
	return 0;
}

int spdm_read_measurements(struct spdm_req *r)
{
	return run(r, read_once);
}
