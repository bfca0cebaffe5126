/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The SPDM requester: authenticating a responder. See spdm_authenticate().
 */
#ifndef CCGUEST_LIB_SPDM_REQ_H
#define CCGUEST_LIB_SPDM_REQ_H

#include "spdm_meas.h"
#include "spdm_transcript.h"

/*
 * Bounds of one authentication: messages that are sent, and restarts that the
 * responder may request. The caller sets a bound on the time.
 */
#define SPDM_MESSAGES_MAX	1024
#define SPDM_RESTARTS_MAX	1

/*
 * Least size of the buffer for responses: CHALLENGE_AUTH with the longest
 * digest, opaque data and signature, padded. With a larger buffer the chains
 * take fewer messages.
 */
#define SPDM_RSP_MIN		1648
/* The same with ML-DSA. The response may come in chunks. */
#define SPDM_RSP_MIN_MLDSA	5764
/*
 * MaxSPDMmsgSize of a requester that receives chunks: CERTIFICATE with a chain
 * of the greatest 16-bit length, rounded up.
 */
#define SPDM_LARGE_MAX		0x10008
/* Size of a buffer for eight chains of the greatest 16-bit length. */
#define SPDM_CHAINS_MAX		(SPDM_SLOTS * 0xffff)

/* One failure per slot, and the failure that ended the authentication. */
#define SPDM_FAILURES_MAX	(SPDM_SLOTS + 1)
#define SPDM_NO_SLOT		0xff

/**
 * enum spdm_stage - the stages of an authentication
 * @SPDM_STAGE_VERSION: GET_VERSION
 * @SPDM_STAGE_CAPABILITIES: GET_CAPABILITIES
 * @SPDM_STAGE_ALGORITHMS: NEGOTIATE_ALGORITHMS
 * @SPDM_STAGE_DIGESTS: GET_DIGESTS
 * @SPDM_STAGE_CERTIFICATE: GET_CERTIFICATE, digest and RootHash of the chain
 * @SPDM_STAGE_CHAIN: verification of a chain
 * @SPDM_STAGE_CHALLENGE: CHALLENGE
 * @SPDM_STAGE_MEASUREMENTS: GET_MEASUREMENTS
 * @SPDM_STAGE_SIGNATURE: verification of the signature of CHALLENGE_AUTH or of
 *			  MEASUREMENTS
 */
enum spdm_stage {
	SPDM_STAGE_VERSION,
	SPDM_STAGE_CAPABILITIES,
	SPDM_STAGE_ALGORITHMS,
	SPDM_STAGE_DIGESTS,
	SPDM_STAGE_CERTIFICATE,
	SPDM_STAGE_CHAIN,
	SPDM_STAGE_CHALLENGE,
	SPDM_STAGE_MEASUREMENTS,
	SPDM_STAGE_SIGNATURE,
};

/**
 * struct spdm_failure - failure of an authentication or of one slot
 * @stage: stage of the failure
 * @slot: slot, or SPDM_NO_SLOT
 * @err: negative errno
 * @fault: reason; its what is never NULL
 */
struct spdm_failure {
	enum spdm_stage stage;
	u8 slot;
	int err;
	struct spdm_fault fault;
};

/**
 * struct spdm_proof - a signature of the responder, not verified yet
 * @what: what the signature is for, so which message has the signature
 * @req_nonce: nonce of the request
 * @rsp_nonce: points to the nonce of the response
 * @signature: points to the signature, c->asym->sig_len bytes
 */
struct spdm_proof {
	enum spdm_signed what;
	u8 req_nonce[SPDM_NONCE_LEN];
	const u8 *rsp_nonce;
	const u8 *signature;
};

/**
 * struct spdm_meas_ask - the measurements that the caller wants
 * @operation: SPDM_MEAS_COUNT, SPDM_MEAS_ALL or an index
 * @raw: the measured data is wanted, where the responder has it
 */
struct spdm_meas_ask {
	u8 operation;
	bool raw;
};

/**
 * struct spdm_req_ops - functions of the caller
 * @hash: hash functions
 * @exchange: send a request and receive its response, which may be padded.
 *	      Returns the length of the response, @size at most, or a negative
 *	      errno, which ends the authentication. Returns in bounded time.
 * @verify_chain: verify a chain, from a trusted certificate to the device's
 *		  leaf. Returns 0 or a negative errno, and may set @fault, see
 *		  spdm_chain_fault(). After -ETIMEDOUT, -ENODEV or -EAGAIN no
 *		  other slot is tried. RootHash was checked if the first
 *		  certificate is self-issued. Otherwise the chain lacks the
 *		  root, and RootHash is the digest of the root.
 * @take_leaf: take the leaf's key of a chain that @verify_chain refused, for
 *	       @verify_signature. The key says nothing about trust. The same
 *	       limits hold for it as for the key of a trusted chain. Returns 0;
 *	       or a negative errno if the key cannot be used, or does not fit
 *	       c->asym.
 * @verify_signature: verify @sig (c->asym->sig_len bytes), a signature of
 *		      @tbs, with the leaf's key of the chain that
 *		      @verify_chain or @take_leaf accepted last. Returns 0;
 *		      -EKEYREJECTED if it is wrong; or another negative
 *		      errno.
 * @nonce: get the nonce of a request for a signature, in place of random bytes;
 *	   NULL if @random is good enough. Returns 0 or a negative errno.
 * @random: get random bytes; returns 0 or a negative errno
 * @room: enlarge r->chains to @size bytes and set r->chains_size, keeping the
 *	  contents; returns 0 or a negative errno. NULL if the buffer is
 *	  fixed.
 * @signature: called with each signature before @verify_signature; or NULL
 * @now_ms: get the time in milliseconds, from a monotonic clock
 * @sleep_ms: wait; returns 0, or a negative errno to end the authentication
 */
struct spdm_req_ops {
	struct spdm_hash_ops hash;
	int (*exchange)(void *ctx, const u8 *req, size_t len, u8 *rsp,
			size_t size);
	int (*verify_chain)(void *ctx, u8 slot, const struct spdm_conn *c,
			    const struct spdm_chain *chain,
			    struct spdm_fault *fault);
	int (*take_leaf)(void *ctx, u8 slot, const struct spdm_conn *c,
			 const struct spdm_chain *chain);
	int (*verify_signature)(void *ctx, u8 slot, const struct spdm_conn *c,
				const struct spdm_tbs *tbs, const u8 *sig);
	int (*nonce)(void *ctx, u8 nonce[SPDM_NONCE_LEN]);
	int (*random)(void *ctx, u8 *buf, size_t len);
	int (*room)(void *ctx, size_t size);
	void (*signature)(void *ctx, u8 slot, const struct spdm_proof *proof);
	u64 (*now_ms)(void *ctx);
	int (*sleep_ms)(void *ctx, u32 ms);
};

/**
 * struct spdm_slot - a chain that was read
 * @offset: its offset in the caller's buffer
 * @len: its length, 0 if the slot has no chain
 * @hash: the algorithm of @digest
 * @digest: its digest, which is that of DIGESTS
 */
struct spdm_slot {
	size_t offset;
	size_t len;
	const struct spdm_hash *hash;
	u8 digest[SPDM_HASH_MAX];
};

/**
 * struct spdm_req - a requester
 * @ops: functions of the caller. The caller sets the members up to
 *	 @meas_summary
 * @ctx: for @ops
 * @offer: the offer for the negotiation; its sizes are set from @rsp_size and
 *	   @large_size, and CHUNK_CAP from @large_size. With ML-DSA, one of them
 *	   is SPDM_RSP_MIN_MLDSA or more.
 * @rsp: buffer for a response, @rsp_size + @large_size bytes
 * @rsp_size: longest response that @exchange receives, SPDM_RSP_MIN or more:
 *	      DataTransferSize
 * @large_size: longest response that is assembled from chunks, @rsp_size or more
 *		and a multiple of 8: MaxSPDMmsgSize; 0 to do without chunks. From
 *		1.2 on only.
 * @chains: buffer for the chains, kept from one authentication to the next
 * @chains_size: its size; a chain that does not fit is a failure of its slot
 * @timeout_ms: no message is sent later than this after the start. So an
 *		authentication takes at most this time, one exchange, and the
 *		verification of eight chains and signatures.
 * @ask: measurements to read; NULL for none
 * @meas_summary: the measurement summary hash that CHALLENGE requests;
 *		  SPDM_NO_MEAS_SUMMARY for none
 * @c: the connection
 * @t: its transcript
 * @slots: the chains in @chains
 * @trusted: mask of the slots whose chain @verify_chain accepted
 * @proved: mask of the slots for which the responder proved that it has the
 *	    private key of the leaf; of one slot at most
 * @slot: the slot that authenticated the responder: it is in @trusted and in
 *	  @proved; or SPDM_NO_SLOT
 * @proof: the message that proves the possession of a key: CHALLENGE_AUTH; or
 *	   MEASUREMENTS, if @ask is set or the responder cannot be challenged
 * @meas: the measurements that @ask asked for, after a success; it points into
 *	  @rsp
 * @nonce: the nonce of the last request for a signature
 * @summary: MeasurementSummaryHash, c.hash->len bytes, after a success with
 *	     CHALLENGE_AUTH and @meas_summary
 * @mut_auth: the responder requested mutual authentication, which this
 *	      requester does not support
 * @failures: the failures, in order
 * @n_failures: number of @failures; may be greater than 0 after a success
 * @messages: requests sent
 * @sent: bytes in them
 * @received: bytes of responses, padding included
 * @fetched: chains that were read
 * @chunk_max: length of the longest CHUNK_RESPONSE that was not the last of its
 *	       response; 0 if there was none
 * @deadline: the time at which @timeout_ms ends
 * @fault: the fault of the current step
 * @request: the request being sent
 *
 * Before the first authentication the other members are zero.
 */
struct spdm_req {
	const struct spdm_req_ops *ops;
	void *ctx;
	struct spdm_offer offer;
	u8 *rsp;
	size_t rsp_size;
	size_t large_size;
	u8 *chains;
	size_t chains_size;
	u32 timeout_ms;
	const struct spdm_meas_ask *ask;
	u8 meas_summary;

	struct spdm_conn c;
	struct spdm_transcript t;
	struct spdm_slot slots[SPDM_SLOTS];
	u8 trusted;
	u8 proved;
	u8 slot;
	enum spdm_signed proof;
	struct spdm_measurements meas;
	u8 nonce[SPDM_NONCE_LEN];
	u8 summary[SPDM_HASH_MAX];
	bool mut_auth;
	struct spdm_failure failures[SPDM_FAILURES_MAX];
	size_t n_failures;

	u32 messages;
	u64 sent;
	u64 received;
	u32 fetched;
	u32 chunk_max;
	u64 deadline;
	struct spdm_fault fault;
	u8 request[SPDM_REQUEST_MAX];
};

/**
 * spdm_stage_name - get the name of a stage
 * @stage: stage
 *
 * Return: one lower-case word.
 */
const char *spdm_stage_name(enum spdm_stage stage);

/**
 * spdm_default_offer - set the offer of a requester that only authenticates
 * @offer: set
 * @asym: BaseAsymAlgo: the signatures that the caller can verify
 * @hash: BaseHashAlgo: the hashes that the caller can compute
 *
 * A caller that can verify ML-DSA sets @offer->pqc_asym. The offer has no
 * algorithm structures, which are for sessions. It has a measurement
 * specification: some responders refuse a request without one. It has a
 * connection with several keys, where the responder states which keys may sign
 * a CHALLENGE_AUTH.
 */
void spdm_default_offer(struct spdm_offer *offer, u32 asym, u32 hash);

/**
 * spdm_authenticate - authenticate a responder
 * @r: requester
 *
 * The caller may repeat the call. Chains that did not change are not read
 * again. They are verified again, because a certificate may have lost its
 * trust. Two facts authenticate the responder: a chain is trusted, and the
 * responder has the private key of its leaf. A slot is asked for the second
 * only if its chain is trusted, and if its key may sign that message.
 *
 * If no chain is trusted, one slot is asked all the same: the first whose key may
 * sign that message and can be used. So a verifier elsewhere gets a signature. The
 * responder is not authenticated: @r->slot is SPDM_NO_SLOT, and the result is the
 * reason why no chain is trusted, whatever the responder answers, with one
 * exception: a wrong signature is -EKEYREJECTED, because a proof that is known to
 * be false says more than trust that is missing.
 *
 * The second fact is a signature of CHALLENGE_AUTH. A responder that cannot be
 * challenged, and that signs measurements, signs MEASUREMENTS instead: all of
 * them, or only their number if all do not fit into a response. With @r->ask,
 * any responder signs the measurements that were asked for, and no
 * CHALLENGE_AUTH.
 *
 * After a failure, @r->failures has the reasons. After success, it has the
 * failures of lower slots.
 *
 * SPDM_MESSAGES_MAX, @r->timeout_ms and the buffers' sizes bound the work. Each
 * CHUNK_GET is one of the messages.
 *
 * Return: 0 if the responder proved that it has the private key of a trusted
 * chain; -ENOKEY, or another errno of @r->ops->verify_chain, if no chain is
 * trusted; -EINVAL if the buffer is too small; -ETIMEDOUT if the timeout expired;
 * -EPROTONOSUPPORT if the responder lacks a capability; -EIO if a response is
 * truncated; -EPROTO if a response is malformed; -EKEYREJECTED if a signature is
 * wrong, or if no slot verified and no other errno applies; with an ERROR response
 * -EBUSY, -EINPROGRESS, -ECONNRESET, -EMSGSIZE, -EINVAL or -EIO; or the errno that
 * a function of @r->ops returned.
 */
int spdm_authenticate(struct spdm_req *r);

/**
 * spdm_read_measurements - read measurements without a signature
 * @r: requester, with @r->ask
 *
 * This proves nothing: neither chains nor keys are looked at.
 *
 * Return: 0, with @r->meas set; or a negative errno, as spdm_authenticate().
 */
int spdm_read_measurements(struct spdm_req *r);

/**
 * spdm_forget_chains - make the next authentication read all chains
 * @r: requester
 */
void spdm_forget_chains(struct spdm_req *r);

/**
 * spdm_signs_measurements - check whether the responder signs measurements
 * @c: connection, after CAPABILITIES
 *
 * Return: true if it does.
 */
static inline bool spdm_signs_measurements(const struct spdm_conn *c)
{
	return (c->flags & SPDM_CAP_MEAS) == SPDM_CAP_MEAS_SIG;
}

#endif /* CCGUEST_LIB_SPDM_REQ_H */
