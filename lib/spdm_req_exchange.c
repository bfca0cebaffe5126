// SPDX-License-Identifier: GPL-2.0-only
/*
 * The SPDM requester: one request and its response, and recording failures.
 *
 * A responder may ask for more time (Busy, ResponseNotReady). The requester
 * waits, but not longer than r->deadline. A response may arrive in chunks. Then
 * each CHUNK_GET counts as a message.
 */
#include "spdm_check.h"
#include "spdm_large.h"
#include "spdm_req_internal.h"

/* ERROR Busy states no waiting time: double the time after each try. */
#define BUSY_FIRST_MS	10
#define BUSY_MAX_MS	500

/*
 * Every request of 1.2 fits into the least DataTransferSize, and so do those of
 * 1.3 and 1.4 but CHALLENGE and GET_MEASUREMENTS: see needs_12() in
 * spdm_req_negotiate.c. So no request needs CHUNK_SEND. NEGOTIATE_ALGORITHMS
 * has no algorithm structures; GET_MEASUREMENTS of 1.2 has a nonce and SlotID.
 */
_Static_assert(sizeof(struct spdm_negotiate_req) <= SPDM_MIN_DATA_TRANSFER_SIZE,
	       "NEGOTIATE_ALGORITHMS");
_Static_assert(SPDM_CHALLENGE_LEN_10 <= SPDM_MIN_DATA_TRANSFER_SIZE,
	       "CHALLENGE of 1.2");
_Static_assert(SPDM_GET_MEASUREMENTS_LEN - SPDM_CONTEXT_LEN <=
	       SPDM_MIN_DATA_TRANSFER_SIZE, "GET_MEASUREMENTS of 1.2");

struct spdm_fault *spdm_no_fault(struct spdm_req *r)
{
	r->fault = (struct spdm_fault) {};
	return &r->fault;
}

int spdm_fail_at(struct spdm_req *r, enum spdm_stage stage, u8 slot, int err,
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

/*
 * Send @len bytes of r->request, and receive the response at r->rsp + @at.
 * Returns the length of the response.
 */
static int exchange_once(struct spdm_req *r, size_t len, size_t at,
			 struct spdm_fault *fault)
{
	int rc;

	if (r->ops->now_ms(r->ctx) >= r->deadline)
		return spdm_fault_is(fault, "Time is up", -ETIMEDOUT);
	if (r->messages >= SPDM_MESSAGES_MAX)
		return spdm_fault_is(fault, "Too many messages", -ETIMEDOUT);
	/* DataTransferSize, 1.2+: there is no CHUNK_SEND. */
	if (r->c.data_transfer_size && len > r->c.data_transfer_size) {
		*fault = (struct spdm_fault) {
			.what = "Request is too long for the responder",
			.value = len,
			.limit = r->c.data_transfer_size,
		};
		return -EMSGSIZE;
	}
	r->messages++;
	r->sent += len;

	rc = r->ops->exchange(r->ctx, r->request, len, r->rsp + at, r->rsp_size);
	if (rc < 0)
		return spdm_fault_is(fault, "No response", rc);
	if ((size_t)rc > r->rsp_size)
		return spdm_fault_is(fault, "Response is too long", -EMSGSIZE);
	r->received += rc;
	return rc;
}

static int wait_ms(struct spdm_req *r, u64 ms, struct spdm_fault *fault)
{
	u64 now = r->ops->now_ms(r->ctx);
	int rc;

	if (now >= r->deadline || ms >= r->deadline - now)
		return spdm_fault_is(fault, "Responder wants more time than there is",
				     -ETIMEDOUT);
	rc = r->ops->sleep_ms(r->ctx, ms);
	return rc ? spdm_fault_is(fault, "Interrupted", rc) : 0;
}

/* As exchange_once(), and send the request again while the responder is busy. */
static int exchange_busy(struct spdm_req *r, size_t len, size_t at,
			 struct spdm_fault *fault)
{
	u32 busy_ms = BUSY_FIRST_MS;
	int rc, err;

	for (;;) {
		const u8 *rsp = r->rsp + at;

		rc = exchange_once(r, len, at, fault);
		if (rc < (int)sizeof(struct spdm_header) ||
		    rsp[1] != SPDM_ERROR || rsp[2] != SPDM_ERR_BUSY)
			return rc;
		err = wait_ms(r, busy_ms, fault);
		if (err)
			return err;
		busy_ms = busy_ms * 2 > BUSY_MAX_MS ? BUSY_MAX_MS : busy_ms * 2;
	}
}

/* Wait, and build RESPOND_IF_READY in the request's buffer. */
static int not_ready(struct spdm_req *r, size_t rsp_len, u8 code,
		     struct spdm_fault *fault)
{
	struct spdm_not_ready nr;
	int rc;

	rc = spdm_check_not_ready(r->rsp, rsp_len, code, &nr, fault);
	if (rc)
		return rc;
	/* 2^42 us are 50 days: the deadline is earlier. */
	if (nr.delay_exponent > 42)
		nr.delay_exponent = 42;
	rc = wait_ms(r, (1ULL << nr.delay_exponent >> 10) + 1, fault);
	if (rc)
		return rc;
	return spdm_build_respond_if_ready(&r->c, &nr, r->request,
					   sizeof(r->request));
}

/*
 * Read a large response into r->rsp, which has the ERROR LargeResponse to a
 * request @code. Returns its length.
 */
static int get_large(struct spdm_req *r, size_t len, u8 code,
		     struct spdm_fault *fault)
{
	struct spdm_large l;
	int rc;

	rc = spdm_large_begin(&l, &r->c, code, r->rsp, len, fault);
	while (!rc) {
		rc = spdm_build_chunk_get(&r->c, l.handle, l.seq, r->request,
					  sizeof(r->request));
		if (rc < 0)
			return spdm_fault_is(fault, "Request cannot be built", rc);
		rc = exchange_busy(r, rc, spdm_large_at(&l), fault);
		if (rc >= 0)
			rc = spdm_large_add(&l, &r->c, r->rsp, rc, fault);
		if (l.sent > r->chunk_max)
			r->chunk_max = l.sent;
	}
	return rc < 0 ? rc : (int)l.len;
}

int spdm_exchange(struct spdm_req *r, int len, u8 *saved,
		  struct spdm_fault *fault)
{
	u8 code;
	int rc;

	if (len < 0)
		return spdm_fault_is(fault, "Request cannot be built", len);
	memcpy(saved, r->request, len);
	code = saved[1];
	for (;;) {
		rc = exchange_busy(r, len, 0, fault);
		if (rc < (int)sizeof(struct spdm_header) ||
		    r->rsp[1] != SPDM_ERROR)
			return rc;
		if (r->rsp[2] == SPDM_ERR_LARGE_RESPONSE && spdm_has_chunks(&r->c))
			return get_large(r, rc, code, fault);
		if (r->rsp[2] != SPDM_ERR_RESPONSE_NOT_READY)
			return rc;
		len = not_ready(r, rc, code, fault);
		if (len < 0)
			return len;
	}
}

bool spdm_is_refusal(const struct spdm_fault *fault)
{
	return fault->error && fault->error != SPDM_ERR_REQUEST_RESYNCH &&
	       fault->request != spdm_responses[SPDM_RSP_CHUNK].request;
}

int spdm_add_pair(struct spdm_req *r, const u8 *req, size_t req_len,
		  size_t rsp_len, struct spdm_fault *fault)
{
	int rc = spdm_transcript_add(&r->t, req, req_len);

	if (!rc)
		rc = spdm_transcript_add(&r->t, r->rsp, rsp_len);
	return rc ? spdm_fault_is(fault, "Cannot hash", rc) : 0;
}

int spdm_get_proof_nonce(struct spdm_req *r, u8 context[SPDM_CONTEXT_LEN],
			 struct spdm_fault *fault)
{
	int rc;

	if (r->ops->nonce)
		rc = r->ops->nonce(r->ctx, r->nonce);
	else
		rc = r->ops->random(r->ctx, r->nonce, sizeof(r->nonce));
	if (!rc)
		rc = r->ops->random(r->ctx, context, SPDM_CONTEXT_LEN);
	return rc ? spdm_fault_is(fault, "No random bytes", rc) : 0;
}
