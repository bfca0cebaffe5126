/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Private to this room: the messages in the evidence of a device.
 *
 * The functions work over memory of the caller, which anybody may have written.
 * They allocate nothing, and verify no signature.
 */
#ifndef CCGUEST_SPDM_EVIDENCE_H
#define CCGUEST_SPDM_EVIDENCE_H

#include "spdm_meas.h"
#include "spdm_transcript.h"

/**
 * struct ccg_evid_fault - a fault of an object
 * @at: offset of the message with the fault in the object
 * @spdm: the fault; its offset counts from the start of the message
 */
struct ccg_evid_fault {
	size_t at;
	struct spdm_fault spdm;
};

/**
 * struct ccg_evid_bytes - bytes of the caller
 * @p: the bytes, or NULL if there is no such object
 * @len: their number
 */
struct ccg_evid_bytes {
	const u8 *p;
	size_t len;
};

/**
 * struct evid - an answer of a device that a signature covers
 * @c: the connection: negotiated by @vca, or stated by the caller
 * @vca_signed: the signature covers the negotiation
 * @what: what the signature is for, so which message has it
 * @slot: slot of the chain whose key signs
 * @signed_part: the signed bytes, in this order: the negotiation, or nothing;
 *		 the requests and responses in front of the last response; the
 *		 last response up to its signature
 * @signature: points to the signature, c.asym->sig_len bytes
 * @req_nonce: points to the nonce of the request
 * @rsp_nonce: points to the nonce of the response
 * @chain_digest: points to the signed digest of the chain, c.hash->len bytes;
 *		  NULL if the signature covers none
 * @meas: the measurements, if @what is SPDM_SIGNED_MEASUREMENTS
 */
struct evid {
	struct spdm_conn c;
	bool vca_signed;
	enum spdm_signed what;
	u8 slot;
	struct ccg_evid_bytes signed_part[3];
	const u8 *signature;
	const u8 *req_nonce;
	const u8 *rsp_nonce;
	const u8 *chain_digest;
	struct spdm_measurements meas;
};

/**
 * ccg_evid_vca - parse a negotiation
 * @buf: GET_VERSION, VERSION, GET_CAPABILITIES, CAPABILITIES,
 *	 NEGOTIATE_ALGORITHMS, ALGORITHMS, and any other bytes
 * @len: length of @buf in bytes
 * @c: set to the connection
 * @used: set to the length of the negotiation
 * @f: set if the result is not 0
 *
 * Return: 0; or a negative errno, as the functions spdm_check_...() return.
 */
int ccg_evid_vca(const u8 *buf, size_t len, struct spdm_conn *c, size_t *used,
		 struct ccg_evid_fault *f);

/**
 * ccg_evid_state - set the connection of an answer whose negotiation is not known
 * @c: set
 * @version: version of SPDM
 * @asym: signature algorithm
 * @hash: hash algorithm
 */
void ccg_evid_state(struct spdm_conn *c, u8 version, const struct spdm_asym *asym,
		    const struct spdm_hash *hash);

/**
 * ccg_evid_request_len - get the length of a GET_MEASUREMENTS
 * @buf: the request, and any other bytes
 * @len: length of @buf in bytes
 * @need: set to the length of the request
 * @f: set if the result is not 0
 *
 * Return: 0; -EIO if it is truncated; -EPROTO if it is another message, or asks
 * for no signature.
 */
int ccg_evid_request_len(const u8 *buf, size_t len, size_t *need,
			 struct ccg_evid_fault *f);

/**
 * ccg_evid_measurements - parse measurements and the request for them
 * @e: its connection is set; set
 * @vca: the negotiation, or no bytes
 * @req: the GET_MEASUREMENTS
 * @rsp: the MEASUREMENTS
 * @in_request: set to true if the fault is in the request
 * @f: set if the result is not 0
 *
 * Return: 0; or a negative errno, as spdm_check_measurements().
 */
int ccg_evid_measurements(struct evid *e, struct ccg_evid_bytes vca,
			  struct ccg_evid_bytes req, struct ccg_evid_bytes rsp,
			  bool *in_request, struct ccg_evid_fault *f);

/**
 * ccg_evid_challenge - parse the messages from GET_DIGESTS to CHALLENGE_AUTH
 * @e: its connection is set; set
 * @vca: the negotiation
 * @msgs: the messages: any number of GET_DIGESTS and GET_CERTIFICATE with their
 *	  responses, then CHALLENGE and CHALLENGE_AUTH
 * @f: set if the result is not 0
 *
 * Return: 0; or a negative errno, as the functions spdm_check_...() return.
 */
int ccg_evid_challenge(struct evid *e, struct ccg_evid_bytes vca,
		       struct ccg_evid_bytes msgs, struct ccg_evid_fault *f);

/**
 * ccg_evid_portion - take the next portion of the signer's chain from the signed bytes
 * @e: the answer
 * @pos: position of the walk, 0 at its start; moved on
 * @portion: set to the portion
 * @first: set to true if the portion is the start of the chain
 *
 * Return: true if there is one.
 */
bool ccg_evid_portion(const struct evid *e, size_t *pos,
		      struct ccg_evid_bytes *portion, bool *first);

#endif /* CCGUEST_SPDM_EVIDENCE_H */
