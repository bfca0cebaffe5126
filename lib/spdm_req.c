// SPDX-License-Identifier: GPL-2.0-only
/*
 * The SPDM requester: authenticates a responder.
 *
 *	GET_VERSION, GET_CAPABILITIES, NEGOTIATE_ALGORITHMS
 *	GET_DIGESTS
 *	GET_CERTIFICATE ...	all provisioned slots, unless nothing changed
 *	CHALLENGE		the first slot whose chain is trusted
 *
 * A responder that asks for patience (Busy, ResponseNotReady) gets it as long
 * as there is time; one that lost track (RequestResynch) gets a new start.
 */
#include "spdm_req.h"
#include "x509_walk.h"

/* Busy says nothing about how long: wait twice as long each time. */
#define BUSY_FIRST_MS	10
#define BUSY_MAX_MS	500

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

/**
 * spdm_stage_name - name a stage
 * @stage: which
 *
 * Return: one lower-case word.
 */
const char *spdm_stage_name(enum spdm_stage stage)
{
	return stages[stage];
}

/**
 * spdm_forget_chains - have the next authentication read all chains
 * @r: requester
 */
void spdm_forget_chains(struct spdm_req *r)
{
	memset(r->slots, 0, sizeof(r->slots));
}

/**
 * spdm_default_offer - what a requester that only authenticates offers
 * @offer: set
 * @asym: BaseAsymAlgo: the signatures that the caller can verify
 * @hash: BaseHashAlgo: the hashes that it can compute
 *
 * No algorithm structures: they are about sessions. A measurement
 * specification, since some responders refuse a request without one.
 */
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
		.other_params = SPDM_OPAQUE_FMT_GENERAL,
	};
}

static int fault_is(struct spdm_fault *fault, const char *what, int err)
{
	*fault = (struct spdm_fault) { .what = what };
	return err;
}

/* Not on the stack: the kernel's is small, and a fault is not. */
static struct spdm_fault *no_fault(struct spdm_req *r)
{
	r->fault = (struct spdm_fault) {};
	return &r->fault;
}

/* The last place is for the failure that ends it, which has no slot. */
static int fail_at(struct spdm_req *r, enum spdm_stage stage, u8 slot, int err,
		   const struct spdm_fault *fault)
{
	struct spdm_failure *f;

	if (r->n_failures == SPDM_FAILURES_MAX)
		r->n_failures--;
	f = &r->failures[r->n_failures++];
	*f = (struct spdm_failure) {
		.stage = stage,
		.slot = slot,
		.err = err,
		.fault = *fault,
	};
	if (!f->fault.what)
		f->fault.what = "Verification failed";
	return err;
}

/* Sends @len bytes of r->request; returns the length of the response. */
static int exchange_once(struct spdm_req *r, size_t len,
			 struct spdm_fault *fault)
{
	int rc;

	if (r->ops->now_ms(r->ctx) >= r->deadline)
		return fault_is(fault, "Time is up", -ETIMEDOUT);
	if (r->messages >= SPDM_MESSAGES_MAX)
		return fault_is(fault, "Too many messages", -ETIMEDOUT);
	/* DataTransferSize, 1.2+: we do not send requests in chunks. */
	if (r->c.data_transfer_size && len > r->c.data_transfer_size)
		return fault_is(fault, "Request is too long for the responder",
				-EMSGSIZE);
	r->messages++;
	r->sent += len;

	rc = r->ops->exchange(r->ctx, r->request, len, r->rsp, r->rsp_size);
	if (rc < 0)
		return fault_is(fault, "No response", rc);
	if ((size_t)rc > r->rsp_size)
		return fault_is(fault, "Response is too long", -EMSGSIZE);
	r->received += rc;
	return rc;
}

static int wait_ms(struct spdm_req *r, u64 ms, struct spdm_fault *fault)
{
	u64 now = r->ops->now_ms(r->ctx);
	int rc;

	if (now >= r->deadline || ms >= r->deadline - now)
		return fault_is(fault, "Responder wants more time than there is",
				-ETIMEDOUT);
	rc = r->ops->sleep_ms(r->ctx, ms);
	return rc ? fault_is(fault, "Interrupted", rc) : 0;
}

/* Builds RESPOND_IF_READY in place of the request, when it is time for it. */
static int not_ready(struct spdm_req *r, size_t rsp_len, u8 code,
		     struct spdm_fault *fault)
{
	struct spdm_not_ready nr;
	int rc;

	rc = spdm_check_not_ready(r->rsp, rsp_len, code, &nr, fault);
	if (rc)
		return rc;
	/* 2^42 us are 50 days: longer than anyone waits. */
	if (nr.delay_exponent > 42)
		nr.delay_exponent = 42;
	rc = wait_ms(r, (1ULL << nr.delay_exponent >> 10) + 1, fault);
	if (rc)
		return rc;
	return spdm_build_respond_if_ready(&r->c, &nr, r->request,
					   sizeof(r->request));
}

/*
 * Sends the @len bytes of r->request until there is a response that is not
 * about patience; returns its length. @saved keeps the request, for the
 * transcript.
 */
static int exchange(struct spdm_req *r, int len, u8 *saved,
		    struct spdm_fault *fault)
{
	u32 busy_ms = BUSY_FIRST_MS;
	u8 code;
	int rc;

	if (len < 0)
		return fault_is(fault, "Request cannot be built", len);
	memcpy(saved, r->request, len);
	code = saved[1];
	for (;;) {
		rc = exchange_once(r, len, fault);
		if (rc < (int)sizeof(struct spdm_header) ||
		    r->rsp[1] != SPDM_ERROR)
			return rc;

		switch (r->rsp[2]) {
		case SPDM_ERR_BUSY:
			len = wait_ms(r, busy_ms, fault) ?: len;
			busy_ms = busy_ms * 2 > BUSY_MAX_MS ? BUSY_MAX_MS :
							      busy_ms * 2;
			break;
		case SPDM_ERR_RESPONSE_NOT_READY:
			len = not_ready(r, rc, code, fault);
			break;
		default:
			return rc;
		}
		if (len < 0)
			return len;
	}
}

typedef int (*check_fn)(struct spdm_conn *c, const u8 *buf, size_t len,
			size_t *used, struct spdm_fault *fault);

/* A message of the negotiation, which is part A of every transcript. */
static int negotiate_one(struct spdm_req *r, int len, check_fn check,
			 struct spdm_fault *fault)
{
	u8 saved[SPDM_REQUEST_MAX];
	size_t used;
	int rc;

	rc = exchange(r, len, saved, fault);
	if (rc < 0)
		return rc;
	rc = check(&r->c, r->rsp, rc, &used, fault);
	if (rc)
		return rc;
	rc = spdm_vca_add(&r->t, saved, len);
	if (!rc)
		rc = spdm_vca_add(&r->t, r->rsp, used);
	return rc ? fault_is(fault, "Negotiation is too long", rc) : 0;
}

static int need_capabilities(const struct spdm_conn *c,
			     struct spdm_fault *fault)
{
	u32 missing = (SPDM_CAP_CERT | SPDM_CAP_CHAL) & ~c->flags;

	if (!missing)
		return 0;
	*fault = (struct spdm_fault) {
		.what = missing & SPDM_CAP_CERT ?
			"Responder cannot send certificates" :
			"Responder cannot be challenged",
		.field = missing & SPDM_CAP_CERT ? "Flags.CERT_CAP" :
						   "Flags.CHAL_CAP",
		.offset = offsetof(struct spdm_capabilities, flags),
		.value = c->flags,
		.limit = SPDM_CAP_CERT | SPDM_CAP_CHAL,
	};
	return -EPROTONOSUPPORT;
}

static int negotiate(struct spdm_req *r)
{
	struct spdm_fault *fault = no_fault(r);
	int rc;

	memset(&r->c, 0, sizeof(r->c));
	r->c.offer = r->offer;
	r->c.version = SPDM_VER_10;
	r->c.offer.data_transfer_size = r->rsp_size;
	r->c.offer.max_msg_size = r->rsp_size;
	spdm_vca_begin(&r->t);

	rc = negotiate_one(r, spdm_build_get_version(r->request,
						     sizeof(r->request)),
			   spdm_check_version, fault);
	if (rc)
		return fail_at(r, SPDM_STAGE_VERSION, SPDM_NO_SLOT, rc, fault);

	rc = negotiate_one(r, spdm_build_get_capabilities(&r->c, r->request,
							  sizeof(r->request)),
			   spdm_check_capabilities, fault);
	if (!rc)
		rc = need_capabilities(&r->c, fault);
	if (rc)
		return fail_at(r, SPDM_STAGE_CAPABILITIES, SPDM_NO_SLOT, rc,
			       fault);

	rc = negotiate_one(r, spdm_build_negotiate(&r->c, r->request,
						   sizeof(r->request)),
			   spdm_check_algorithms, fault);
	if (rc)
		return fail_at(r, SPDM_STAGE_ALGORITHMS, SPDM_NO_SLOT, rc,
			       fault);
	return 0;
}

/* Adds a request and its response to M1. */
static int add_pair(struct spdm_req *r, const u8 *req, size_t req_len,
		    size_t rsp_len, struct spdm_fault *fault)
{
	int rc = spdm_transcript_add(&r->t, req, req_len);

	if (!rc)
		rc = spdm_transcript_add(&r->t, r->rsp, rsp_len);
	return rc ? fault_is(fault, "Cannot hash", rc) : 0;
}

static int get_digests(struct spdm_req *r)
{
	struct spdm_fault *fault = no_fault(r);
	u8 saved[SPDM_REQUEST_MAX];
	size_t used;
	int len, rc;

	rc = spdm_m1_begin(&r->t, &r->c);
	if (rc) {
		fault_is(fault, "Cannot hash", rc);
		return fail_at(r, SPDM_STAGE_DIGESTS, SPDM_NO_SLOT, rc, fault);
	}
	len = spdm_build_get_digests(&r->c, r->request, sizeof(r->request));
	rc = exchange(r, len, saved, fault);
	if (rc >= 0)
		rc = spdm_check_digests(&r->c, r->rsp, rc, &used, fault);
	if (!rc)
		rc = add_pair(r, saved, len, used, fault);
	if (rc)
		return fail_at(r, SPDM_STAGE_DIGESTS, SPDM_NO_SLOT, rc, fault);
	return 0;
}

static bool provisioned(const struct spdm_req *r, u8 slot)
{
	return r->c.slots & 1 << slot;
}

/* Nothing is read again where all chains are here and their digests agree. */
static bool chains_known(const struct spdm_req *r)
{
	for (u8 i = 0; i < SPDM_SLOTS; i++) {
		const struct spdm_slot *s = &r->slots[i];

		if (!provisioned(r, i))
			continue;
		if (!s->len || s->hash != r->c.hash ||
		    memcmp(s->digest, r->c.digests[i], r->c.hash->len))
			return false;
	}
	return true;
}

/*
 * RootHash is that of the root certificate, which need not be in the chain;
 * DSP0274, "Certificate chain format". It is if it is self-issued and first.
 */
static int check_root_hash(struct spdm_req *r, const struct spdm_chain *chain,
			   struct spdm_fault *fault)
{
	u8 digest[SPDM_HASH_MAX];
	struct x509_fault xf;
	struct x509_cert root;
	int rc;

	/* What is wrong with a certificate is for verify_chain() to say. */
	if (x509_walk(chain->certs, chain->certs_len, &root, &xf) ||
	    !x509_self_issued(&root))
		return 0;
	rc = spdm_digest(&r->t, &r->c, root.raw, root.raw_len, digest);
	if (rc)
		return fault_is(fault, "Cannot hash", rc);
	if (!memcmp(digest, chain->root_hash, r->c.hash->len))
		return 0;
	*fault = (struct spdm_fault) {
		.what = "Malformed certificate chain",
		.field = "RootHash",
		.offset = sizeof(struct spdm_chain_header),
		.value = get_unaligned_be32(chain->root_hash),
		.limit = get_unaligned_be32(digest),
	};
	return -EPROTO;
}

/* A chain that is complete: is it what DIGESTS and RootHash say? */
static int check_chain(struct spdm_req *r, u8 slot, const u8 *buf, size_t len,
		       struct spdm_fault *fault)
{
	u8 digest[SPDM_HASH_MAX];
	struct spdm_chain chain;
	int rc;

	rc = spdm_digest(&r->t, &r->c, buf, len, digest);
	if (rc)
		return fault_is(fault, "Cannot hash", rc);
	if (memcmp(digest, r->c.digests[slot], r->c.hash->len)) {
		*fault = (struct spdm_fault) {
			.what = "Certificate chain does not match its digest",
			.field = "Digest",
			.value = get_unaligned_be32(r->c.digests[slot]),
			.limit = get_unaligned_be32(digest),
		};
		return -EPROTO;
	}
	rc = spdm_chain_split(&r->c, buf, len, &chain, fault);
	if (rc)
		return rc;
	return check_root_hash(r, &chain, fault);
}

/* The longest portion that fits into a response. */
static u32 portion_max(const struct spdm_req *r)
{
	size_t max = r->rsp_size - sizeof(struct spdm_certificate_large);

	return max > 0xffff ? 0xffff : max;
}

/* Room for a chain of @len bytes behind the @used ones of those before it. */
static int make_room(struct spdm_req *r, size_t used, size_t len,
		     struct spdm_fault *fault)
{
	int rc = -EMSGSIZE;

	if (len <= SPDM_CHAINS_MAX - used) {
		if (used + len <= r->chains_size)
			return 0;
		if (r->ops->room)
			rc = r->ops->room(r->ctx, used + len);
		if (!rc)
			return 0;
	}
	return fault_is(fault, rc == -ENOMEM ?
			"No memory for the certificate chain" :
			"Certificate chain is too long", rc);
}

/* One GET_CERTIFICATE. */
static int get_portion(struct spdm_req *r, const struct spdm_cert_req *req,
		       struct spdm_portion *p, struct spdm_fault *fault)
{
	u8 saved[SPDM_REQUEST_MAX];
	size_t used;
	int len, rc;

	len = spdm_build_get_certificate(&r->c, req, r->request,
					 sizeof(r->request));
	rc = exchange(r, len, saved, fault);
	if (rc < 0)
		return rc;
	rc = spdm_check_certificate(&r->c, req, r->rsp, rc, p, &used, fault);
	if (rc)
		return rc;
	return add_pair(r, saved, len, used, fault);
}

/*
 * Reads a chain to the end of what is in use of r->chains. 1 is a failure of
 * the slot alone, in *@err: the next one may be read.
 */
static int get_chain(struct spdm_req *r, u8 slot, size_t start, size_t *len,
		     int *err, struct spdm_fault *fault)
{
	struct spdm_cert_req req = { .slot = slot, .length = portion_max(r) };
	struct spdm_portion p;
	int rc;

	do {
		rc = get_portion(r, &req, &p, fault);
		if (rc) {
			*err = rc;
			/* An ERROR is no part of B; whatever else is wrong is. */
			return fault->error &&
			       fault->error != SPDM_ERR_REQUEST_RESYNCH ? 1 : rc;
		}
		if (!req.offset) {
			req.total = p.len + p.remainder;
			*err = make_room(r, start, req.total, fault);
			if (*err)
				return 1;
		}
		memcpy(r->chains + start + req.offset, p.data, p.len);
		req.offset += p.len;
		if (req.length > p.remainder)
			req.length = p.remainder;
	} while (p.remainder);

	*len = req.total;
	*err = check_chain(r, slot, r->chains + start, *len, fault);
	return *err ? 1 : 0;
}

static int get_chains(struct spdm_req *r)
{
	size_t pos = 0;

	/* What a slot had is gone with it. */
	for (u8 i = 0; i < SPDM_SLOTS; i++)
		if (!provisioned(r, i))
			r->slots[i].len = 0;
	if (chains_known(r))
		return 0;
	spdm_forget_chains(r);
	for (u8 i = 0; i < SPDM_SLOTS; i++) {
		struct spdm_fault *fault = no_fault(r);
		size_t len = 0;
		int rc, err = 0;

		if (!provisioned(r, i))
			continue;
		rc = get_chain(r, i, pos, &len, &err, fault);
		if (rc)
			fail_at(r, SPDM_STAGE_CERTIFICATE, i, err, fault);
		if (rc < 0)
			return rc;
		if (rc)
			continue;
		r->slots[i].offset = pos;
		r->slots[i].len = len;
		r->slots[i].hash = r->c.hash;
		memcpy(r->slots[i].digest, r->c.digests[i], r->c.hash->len);
		r->fetched++;
		pos += len;
	}
	return 0;
}

/* CHALLENGE up to the digest that is signed; part C of M1. */
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
		return fault_is(fault, "No random bytes", rc);
	len = spdm_build_challenge(&r->c, &req, r->request,
				   sizeof(r->request));
	rc = exchange(r, len, saved, fault);
	if (rc < 0)
		return rc;
	rc = spdm_check_challenge_auth(&r->c, &req, r->rsp, rc, auth, &used,
				       fault);
	if (rc)
		return rc;
	rc = add_pair(r, saved, len, auth->signed_len, fault);
	if (rc)
		return rc;
	rc = spdm_transcript_final(&r->t, &r->c, SPDM_SIGNED_CHALLENGE, digest);
	if (rc)
		return fault_is(fault, "Cannot hash", rc);
	if (r->ops->signature)
		r->ops->signature(r->ctx, slot, &req, auth);
	return 0;
}

/* 0; 1 where the next slot may be tried, with the errno in *@err; or -errno. */
static int challenge(struct spdm_req *r, u8 slot, int *err)
{
	struct spdm_challenge_auth auth = {};
	struct spdm_fault *fault = no_fault(r);
	u8 digest[SPDM_HASH_MAX];
	int rc;

	rc = get_challenge_auth(r, slot, digest, &auth, fault);
	if (rc)
		return fail_at(r, SPDM_STAGE_CHALLENGE, slot, rc, fault);
	r->mut_auth = auth.mut_auth;

	rc = r->ops->verify_signature(r->ctx, slot, &r->c, digest,
				      auth.signature);
	if (!rc)
		return 0;
	fault_is(fault, "Cannot verify challenge_auth signature", rc);
	*err = fail_at(r, SPDM_STAGE_SIGNATURE, slot, rc, fault);
	if (rc != -EKEYREJECTED)
		return rc;
	/* A CHALLENGE_AUTH ends M1: the next begins anew and has no part B. */
	rc = spdm_m1_begin(&r->t, &r->c);
	if (!rc)
		return 1;
	fault_is(fault, "Cannot hash", rc);
	return fail_at(r, SPDM_STAGE_CHALLENGE, slot, rc, fault);
}

/* 0; 1 where the next slot may be tried, with the errno in *@err; or -errno. */
static int try_slot(struct spdm_req *r, u8 slot, int *err)
{
	const struct spdm_slot *s = &r->slots[slot];
	struct spdm_fault *fault = no_fault(r);
	struct spdm_chain chain;
	int rc;

	rc = spdm_chain_split(&r->c, r->chains + s->offset, s->len, &chain,
			      fault);
	if (!rc)
		rc = r->ops->verify_chain(r->ctx, slot, &r->c, &chain, fault);
	if (rc) {
		*err = fail_at(r, SPDM_STAGE_CHAIN, slot, rc, fault);
		return rc == -ETIMEDOUT || rc == -ENODEV || rc == -EAGAIN ?
		       rc : 1;
	}
	return challenge(r, slot, err);
}

/* All slots whose chains are here, in ascending order. */
static int try_slots(struct spdm_req *r)
{
	int err = 0;

	for (u8 i = 0; i < SPDM_SLOTS; i++) {
		int rc, slot_err = 0;

		if (!provisioned(r, i) || !r->slots[i].len)
			continue;
		rc = try_slot(r, i, &slot_err);
		if (!rc)
			r->slot = i;
		if (rc <= 0)
			return rc;
	}
	/* What is to be done about the first slot helps most. */
	if (r->n_failures)
		err = r->failures[0].err;
	return err ? err : -EKEYREJECTED;
}

static int authenticate_once(struct spdm_req *r)
{
	int rc;

	r->n_failures = 0;
	rc = negotiate(r);
	if (rc)
		return rc;
	rc = get_digests(r);
	if (rc)
		return rc;
	rc = get_chains(r);
	if (rc)
		return rc;
	return try_slots(r);
}

/* Did the responder ask to begin again? ERROR, RequestResynch. */
static bool wants_restart(const struct spdm_req *r)
{
	return r->n_failures &&
	       r->failures[r->n_failures - 1].fault.error ==
	       SPDM_ERR_REQUEST_RESYNCH;
}

/**
 * spdm_authenticate - authenticate a responder
 * @r: requester
 *
 * May be called again and again; chains that did not change are not read
 * again, but are verified again, so that trust that was withdrawn is gone.
 * After a failure @r->failures says why; after success it may say which lower
 * slots failed.
 *
 * It is bounded by SPDM_MESSAGES_MAX, @r->timeout_ms and the buffers given.
 *
 * Return: 0 where the responder proved that it has the private key of a chain
 * that is trusted; -EINVAL where the buffer is too small; -ETIMEDOUT where it
 * took too long; -EPROTONOSUPPORT where the responder lacks a capability;
 * -EIO where a response is truncated; -EPROTO where one is malformed;
 * -EKEYREJECTED where no slot verified and nothing else is known; with an
 * ERROR response -EBUSY, -EINPROGRESS, -ECONNRESET, -EMSGSIZE, -EINVAL or
 * -EIO; what a function of @r->ops returned.
 */
int spdm_authenticate(struct spdm_req *r)
{
	int rc;

	r->slot = SPDM_NO_SLOT;
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
