/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The SPDM requester: functions that spdm_req*.c share. spdm_req.h has the
 * functions for callers.
 */
#ifndef CCGUEST_LIB_SPDM_REQ_INTERNAL_H
#define CCGUEST_LIB_SPDM_REQ_INTERNAL_H

#include "spdm_req.h"

/**
 * spdm_fault_is - set a fault that is not about a field
 * @fault: set
 * @what: the fault in words
 * @err: negative errno
 *
 * Return: @err.
 */
static inline int spdm_fault_is(struct spdm_fault *fault, const char *what,
				int err)
{
	*fault = (struct spdm_fault) { .what = what };
	return err;
}

/**
 * spdm_no_fault - get the requester's fault, cleared
 * @r: requester
 *
 * A struct spdm_fault is too large for the kernel's stack.
 *
 * Return: the fault.
 */
struct spdm_fault *spdm_no_fault(struct spdm_req *r);

/**
 * spdm_fail_at - record a failure
 * @r: requester
 * @stage: stage of the failure
 * @slot: slot, or SPDM_NO_SLOT
 * @err: negative errno
 * @fault: reason of the failure
 *
 * If all entries are used, the failure replaces the last one.
 *
 * Return: @err.
 */
int spdm_fail_at(struct spdm_req *r, enum spdm_stage stage, u8 slot, int err,
		 const struct spdm_fault *fault);

/**
 * spdm_negotiate - agree on a version, capabilities and algorithms
 * @r: requester
 * @prove: a signature is wanted; otherwise measurements without one
 *
 * Sets @r->c and @r->proof, and part A of the transcript. Records the failure.
 *
 * Return: 0; -EPROTONOSUPPORT if the responder lacks a capability; or another
 * negative errno, as spdm_authenticate().
 */
int spdm_negotiate(struct spdm_req *r, bool prove);

/**
 * spdm_exchange - send a request until the responder has a response for it
 * @r: requester, with the request in its buffer
 * @len: length of the request, or the negative errno of building it
 * @saved: SPDM_REQUEST_MAX bytes, set to a copy of the request
 * @fault: set if the result is negative
 *
 * The function waits if the responder answers Busy or ResponseNotReady, and reads
 * the chunks of a large response. r->request does not have the request any more
 * then.
 *
 * Return: length of the response in r->rsp, at most r->rsp_size, or r->large_size
 * if it came in chunks; or a negative errno.
 */
int spdm_exchange(struct spdm_req *r, int len, u8 *saved,
		  struct spdm_fault *fault);

/**
 * spdm_is_refusal - check whether the conversation may go on after a fault
 * @fault: fault of a response
 *
 * An ERROR in answer to a request is in no transcript, of either side. Any other
 * fault loses the transcripts; and so does an ERROR in answer to CHUNK_GET: the
 * responder has the large response in its transcript, and expects no other request
 * until the response was read.
 *
 * Return: true if the responder refused a request, and another one may follow.
 */
bool spdm_is_refusal(const struct spdm_fault *fault);

/**
 * spdm_add_pair - add a request and its response to M1
 * @r: requester, with the response in its buffer
 * @req: the request
 * @req_len: length of @req in bytes
 * @rsp_len: length of the response
 * @fault: set if the result is not 0
 *
 * Return: 0 or a negative errno.
 */
int spdm_add_pair(struct spdm_req *r, const u8 *req, size_t req_len,
		  size_t rsp_len, struct spdm_fault *fault);

/**
 * spdm_get_proof_nonce - get the random fields of a request for a signature
 * @r: requester; its nonce is set
 * @context: set to random bytes
 * @fault: set if the result is not 0
 *
 * Return: 0 or a negative errno.
 */
int spdm_get_proof_nonce(struct spdm_req *r, u8 context[SPDM_CONTEXT_LEN],
			 struct spdm_fault *fault);

/**
 * spdm_get_signed_measurements - exchange a GET_MEASUREMENTS with a signature
 * @r: requester, negotiated
 * @slot: slot of the chain whose key signs
 * @tbs: set to what is signed
 * @proof: set, except its what and its req_nonce
 * @fault: set if the result is not 0
 *
 * Return: 0 or a negative errno.
 */
int spdm_get_signed_measurements(struct spdm_req *r, u8 slot,
				 struct spdm_tbs *tbs, struct spdm_proof *proof,
				 struct spdm_fault *fault);

/**
 * spdm_get_unsigned_measurements - exchange a GET_MEASUREMENTS without a signature
 * @r: requester, negotiated
 * @fault: set if the result is not 0
 *
 * Return: 0 or a negative errno.
 */
int spdm_get_unsigned_measurements(struct spdm_req *r, struct spdm_fault *fault);

/**
 * spdm_get_chains - read the chains of all provisioned slots
 * @r: requester, after GET_DIGESTS
 *
 * The function reads nothing if the chains of all slots are known and match
 * DIGESTS. A chain that cannot be read is a failure of its slot only.
 *
 * Return: 0; a negative errno if the authentication must end.
 */
int spdm_get_chains(struct spdm_req *r);

/**
 * spdm_provisioned - check whether a slot has a certificate chain
 * @r: requester, after GET_DIGESTS
 * @slot: slot
 *
 * Return: true if the slot has one.
 */
static inline bool spdm_provisioned(const struct spdm_req *r, u8 slot)
{
	return r->c.slots & 1 << slot;
}

#endif /* CCGUEST_LIB_SPDM_REQ_INTERNAL_H */
