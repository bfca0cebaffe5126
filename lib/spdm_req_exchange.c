// SPDX-License-Identifier: GPL-2.0-only
/*
 * The SPDM requester: one request and its response, and recording failures.
 *
 * A responder may ask for more time (Busy, ResponseNotReady). The requester
 * waits, but not longer than r->deadline.
 */
#include "spdm_req_internal.h"

/* ERROR Busy states no waiting time: double the time after each try. */
#define BUSY_FIRST_MS	10
#define BUSY_MAX_MS	500

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

/* Send @len bytes of r->request; returns the length of the response. */
static int exchange_once(struct spdm_req *r, size_t len,
			 struct spdm_fault *fault)
{
	int rc;

	if (r->ops->now_ms(r->ctx) >= r->deadline)
		return spdm_fault_is(fault, "Time is up", -ETIMEDOUT);
	if (r->messages >= SPDM_MESSAGES_MAX)
		return spdm_fault_is(fault, "Too many messages", -ETIMEDOUT);
	/* DataTransferSize, 1.2+: requests are not sent in chunks. */
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

	rc = r->ops->exchange(r->ctx, r->request, len, r->rsp, r->rsp_size);
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

int spdm_exchange(struct spdm_req *r, int len, u8 *saved,
		  struct spdm_fault *fault)
{
	u32 busy_ms = BUSY_FIRST_MS;
	u8 code;
	int rc;

	if (len < 0)
		return spdm_fault_is(fault, "Request cannot be built", len);
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
