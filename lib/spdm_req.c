// SPDX-License-Identifier: GPL-2.0-only
/*
 * The SPDM requester: authenticating a responder, in this order:
 *
 *	GET_VERSION, GET_CAPABILITIES, NEGOTIATE_ALGORITHMS
 *	GET_DIGESTS
 *	GET_CERTIFICATE ...	all provisioned slots, unless no chain changed
 *	CHALLENGE		the first slot whose chain is trusted
 *
 * CHALLENGE is longer in 1.3. A responder that cannot receive it, and that also
 * has 1.2, is asked for 1.2.
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
		.max_version = SPDM_VER_13,
		.ct_exponent = 20,
		.flags = SPDM_CAP_CERT | SPDM_CAP_CHAL,
		.asym = asym,
		.hash = hash,
		.meas_spec = SPDM_MEAS_SPEC_DMTF,
		.other_params = SPDM_OPAQUE_FMT_GENERAL | SPDM_MULTI_KEY_CONN,
	};
}

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

static int need_capabilities(const struct spdm_conn *c,
			     struct spdm_fault *fault)
{
	u32 missing = (SPDM_CAP_CERT | SPDM_CAP_CHAL) & ~c->flags;

	if (!missing)
		return 0;
	*fault = (struct spdm_fault) {
		.what = missing & SPDM_CAP_CERT ?
			no_certificates(c) :
			"Responder cannot be challenged",
		.field = missing & SPDM_CAP_CERT ? "Flags.CERT_CAP" :
						   "Flags.CHAL_CAP",
		.offset = offsetof(struct spdm_capabilities, flags),
		.value = c->flags,
		.limit = SPDM_CAP_CERT | SPDM_CAP_CHAL,
	};
	return -EPROTONOSUPPORT;
}

/* Start part A: GET_VERSION and GET_CAPABILITIES. */
static int get_capabilities(struct spdm_req *r, u8 max_version)
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

	rc = negotiate_one(r, spdm_build_get_capabilities(&r->c, r->request,
							  sizeof(r->request)),
			   spdm_check_capabilities, fault);
	if (!rc)
		rc = need_capabilities(&r->c, fault);
	if (rc)
		return spdm_fail_at(r, SPDM_STAGE_CAPABILITIES, SPDM_NO_SLOT, rc,
				    fault);
	return 0;
}

/* From 1.3 on, CHALLENGE is longer than the least DataTransferSize. */
static bool needs_12(const struct spdm_conn *c)
{
	return c->version >= SPDM_VER_13 && c->has_12 &&
	       c->data_transfer_size < sizeof(struct spdm_challenge_req);
}

static int negotiate(struct spdm_req *r)
{
	struct spdm_fault *fault;
	int rc;

	rc = get_capabilities(r, r->offer.max_version);
	if (!rc && needs_12(&r->c))
		rc = get_capabilities(r, SPDM_VER_12);
	if (rc)
		return rc;

	fault = spdm_no_fault(r);
	rc = negotiate_one(r, spdm_build_negotiate(&r->c, r->request,
						   sizeof(r->request)),
			   spdm_check_algorithms, fault);
	if (rc)
		return spdm_fail_at(r, SPDM_STAGE_ALGORITHMS, SPDM_NO_SLOT, rc,
				    fault);
	return 0;
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

/* Exchange CHALLENGE (part C of M1), and compute the signed digest. */
static int get_challenge_auth(struct spdm_req *r, u8 slot, u8 *digest,
			      struct spdm_challenge_auth *auth,
			      struct spdm_fault *fault)
{
	struct spdm_challenge req = { .slot = slot };
	u8 saved[SPDM_REQUEST_MAX];
	size_t used;
	int len, rc;

	if (r->ops->nonce)
		rc = r->ops->nonce(r->ctx, req.nonce);
	else
		rc = r->ops->random(r->ctx, req.nonce, sizeof(req.nonce));
	if (!rc)
		rc = r->ops->random(r->ctx, req.context, sizeof(req.context));
	if (rc)
		return spdm_fault_is(fault, "No random bytes", rc);
	len = spdm_build_challenge(&r->c, &req, r->request,
				   sizeof(r->request));
	rc = spdm_exchange(r, len, saved, fault);
	if (rc < 0)
		return rc;
	rc = spdm_check_challenge_auth(&r->c, &req, r->rsp, rc, auth, &used,
				       fault);
	if (rc)
		return rc;
	rc = spdm_add_pair(r, saved, len, auth->signed_len, fault);
	if (rc)
		return rc;
	rc = spdm_transcript_final(&r->t, &r->c, SPDM_SIGNED_CHALLENGE, digest);
	if (rc)
		return spdm_fault_is(fault, "Cannot hash", rc);
	if (r->ops->signature)
		r->ops->signature(r->ctx, slot, &req, auth);
	return 0;
}

/* May another slot be tried after a failed CHALLENGE? */
static bool is_refusal(const struct spdm_fault *fault)
{
	/* An ERROR is not part of M1. Any other fault loses M1. */
	return fault->error && fault->error != SPDM_ERR_REQUEST_RESYNCH;
}

/*
 * Let the responder prove that it has the private key of a slot's leaf. Returns
 * 0; 1 if the next slot may be tried, with *@err set; or -errno.
 */
static int prove_key(struct spdm_req *r, u8 slot, int *err)
{
	struct spdm_challenge_auth auth = {};
	struct spdm_fault *fault = spdm_no_fault(r);
	u8 digest[SPDM_HASH_MAX];
	int rc;

	rc = get_challenge_auth(r, slot, digest, &auth, fault);
	if (rc) {
		*err = spdm_fail_at(r, SPDM_STAGE_CHALLENGE, slot, rc, fault);
		return is_refusal(fault) ? 1 : rc;
	}
	r->mut_auth = auth.mut_auth;

	rc = r->ops->verify_signature(r->ctx, slot, &r->c, digest,
				      auth.signature);
	if (!rc) {
		r->proved |= 1 << slot;
		return 0;
	}
	spdm_fault_is(fault, "Cannot verify challenge_auth signature", rc);
	*err = spdm_fail_at(r, SPDM_STAGE_SIGNATURE, slot, rc, fault);
	if (rc != -EKEYREJECTED)
		return rc;
	/* CHALLENGE_AUTH ends M1. The next M1 has no part B. */
	rc = spdm_m1_begin(&r->t, &r->c);
	if (!rc)
		return 1;
	spdm_fault_is(fault, "Cannot hash", rc);
	return spdm_fail_at(r, SPDM_STAGE_CHALLENGE, slot, rc, fault);
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
	return rc == -ETIMEDOUT || rc == -ENODEV || rc == -EAGAIN ? rc : 1;
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

static bool may_challenge(const struct spdm_req *r, u8 slot)
{
	return r->c.key_usage[slot] & SPDM_USE_CHALLENGE;
}

/* No slot authenticated the responder: name the slots that were left out. */
static void name_other_uses(struct spdm_req *r)
{
	for (u8 i = 0; i < SPDM_SLOTS; i++) {
		struct spdm_fault *fault = spdm_no_fault(r);

		if (!has_chain(r, i) || may_challenge(r, i))
			continue;
		*fault = (struct spdm_fault) {
			.what = "Key of the slot may not sign challenges",
		};
		snprintf(fault->detail, sizeof(fault->detail),
			 "KeyUsageMask is %#x, without ChallengeUse (%#x)",
			 r->c.key_usage[i], SPDM_USE_CHALLENGE);
		spdm_fail_at(r, SPDM_STAGE_CHALLENGE, i, -EKEYREJECTED, fault);
	}
}

/* Try all slots that may be challenged, in ascending order. */
static int try_slots(struct spdm_req *r)
{
	for (u8 i = 0; i < SPDM_SLOTS; i++) {
		int rc, slot_err = 0;

		if (!has_chain(r, i) || !may_challenge(r, i))
			continue;
		rc = try_slot(r, i, &slot_err);
		if (!rc)
			r->slot = i;
		if (rc <= 0)
			return rc;
	}
	name_other_uses(r);
	/* The failure of the first slot is the most useful one. */
	return r->n_failures ? r->failures[0].err : -EKEYREJECTED;
}

static int authenticate_once(struct spdm_req *r)
{
	int rc;

	r->n_failures = 0;
	r->trusted = 0;
	r->proved = 0;
	rc = negotiate(r);
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

int spdm_authenticate(struct spdm_req *r)
{
	int rc;

	r->slot = SPDM_NO_SLOT;
	r->trusted = 0;
	r->proved = 0;
	r->n_failures = 0;
	r->mut_auth = false;
	r->messages = 0;
	r->sent = 0;
	r->received = 0;
	r->fetched = 0;
	if (r->rsp_size < SPDM_RSP_MIN)
		return -EINVAL;
	r->t.ops = &r->ops->hash;
	r->t.ctx = r->ctx;
	r->deadline = r->ops->now_ms(r->ctx) + r->timeout_ms;

	for (int i = 0; i <= SPDM_RESTARTS_MAX; i++) {
		rc = authenticate_once(r);
		if (!rc || !wants_restart(r))
			break;
	}
	return rc;
}
