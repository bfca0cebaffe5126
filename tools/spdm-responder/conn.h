/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A connection and the conversation on it.
 */
#ifndef CONN_H
#define CONN_H

#include "responder.h"

/* Longest @blob of struct slot where its length has 16 bits. */
#define SMALL_CHAIN_MAX	0xffff

/**
 * struct slot - a slot in a conversation
 * @chain: the chain, or NULL for an empty slot
 * @blob: Length, Reserved, RootHash and certificates; DSP0274, "Certificate
 *	  chain format"
 * @len: length of @blob in bytes
 * @digest: digest of @blob
 */
struct slot {
	const struct chain *chain;
	uint8_t *blob;
	size_t len;
	uint8_t digest[HASH_MAX];
};

/**
 * struct large - a large response, which CHUNK_GET reads
 * @data: the response
 * @len: its length in bytes; 0 for no response
 * @at: bytes that were sent
 * @seq: number of the next chunk
 * @handle: its handle
 */
struct large {
	uint8_t data[LARGE_MAX];
	size_t len;
	size_t at;
	unsigned int seq;
	uint8_t handle;
};

enum state { ST_START, ST_VERSION, ST_CAPABILITIES, ST_ALGORITHMS };

/**
 * struct conn - a connection and the conversation on it
 * @cfg: the configuration
 * @state: last step of the negotiation
 * @version: negotiated SPDM version, 0x10 to 0x14
 * @tried: version of a GET_CAPABILITIES that is being refused, or 0
 * @req_flags: capability flags of the requester
 * @data_size: DataTransferSize of the requester in bytes
 * @max_size: MaxSPDMmsgSize of the requester in bytes
 * @asym: negotiated signature algorithm
 * @hash: negotiated hash algorithm
 * @meas: the negotiation includes measurements
 * @opaque_fmt: OpaqueDataFmt1 is selected
 * @multi_key: DIGESTS has the fields for more than one key
 * @later: the conversation began after the first CHALLENGE_AUTH
 * @slots: the slots, from the state ST_ALGORITHMS on
 * @a: transcript part A: GET_VERSION to ALGORITHMS
 * @a_len: length of @a in bytes
 * @m1: hash over A and B so far
 * @l1: hash over the measurements so far
 * @l1_open: @l1 is started
 * @deferred: the request that was answered with ResponseNotReady
 * @deferred_len: length of @deferred in bytes; 0 for no request
 * @token: the token that RESPOND_IF_READY must repeat
 * @large: the response that CHUNK_GET reads
 * @too_long: length of the chain that DataTooLarge reports, in bytes
 * @rng: state of the random number generator for faults
 * @why: reason for an ERROR response
 */
struct conn {
	struct config *cfg;
	enum state state;
	uint8_t version;
	uint8_t tried;
	uint32_t req_flags;
	size_t data_size;
	size_t max_size;
	const struct asym *asym;
	const struct hash *hash;
	bool meas;
	bool opaque_fmt;
	bool multi_key;
	bool later;
	struct slot slots[N_SLOTS];
	uint8_t a[6 * OBJECT_MAX];
	size_t a_len;
	EVP_MD_CTX *m1;
	EVP_MD_CTX *l1;
	bool l1_open;
	uint8_t deferred[OBJECT_MAX];
	size_t deferred_len;
	uint8_t token;
	struct large large;
	size_t too_long;
	uint64_t rng;
	char why[128];
};

/* slot.c */

/**
 * chain_is_used - find out whether a conversation uses a chain
 * @c: the conversation
 * @chain: the chain
 *
 * Return: true if it does, now or later.
 */
bool chain_is_used(const struct conn *c, const struct chain *chain);

/**
 * slots_build - fill the slots with the chains that fit the algorithms
 * @c: the conversation
 *
 * A slot stays empty if its chain is too long for the version.
 */
void slots_build(struct conn *c);

/**
 * slots_free - empty all slots
 * @c: the conversation
 */
void slots_free(struct conn *c);

/**
 * slots_mask - list the slots that have a chain
 * @c: the conversation
 *
 * Return: a bit mask of the slots.
 */
unsigned int slots_mask(const struct conn *c);

/* meas.c */

/**
 * meas_count - count the measurements
 * @c: the conversation
 *
 * Return: the number of measurements.
 */
size_t meas_count(const struct conn *c);

/**
 * meas_put - append measurements to a response
 * @c: the conversation
 * @m: the response
 * @index: index of the measurement; 0xff for all
 * @raw: whether to append the measured bytes rather than their digest, if the
 *	 measurement has both forms
 *
 * Return: the number of appended measurements.
 */
size_t meas_put(struct conn *c, struct msg *m, unsigned int index, bool raw);

/**
 * meas_summary - compute MeasurementSummaryHash
 * @c: the conversation
 * @type: 1 for the trusted computing base, 0xff for all measurements
 * @digest: set to the hash
 */
void meas_summary(struct conn *c, unsigned int type, uint8_t *digest);

/* conn.c */

/**
 * versions_of - get the versions that a conversation offers
 * @c: the conversation
 *
 * Return: bit n is set for SPDM 1.n.
 */
unsigned int versions_of(const struct conn *c);

/**
 * conn_init - initialize a conversation
 * @c: the conversation
 * @cfg: the configuration
 */
void conn_init(struct conn *c, struct config *cfg);

/**
 * conn_reset - start a new conversation on the same connection
 * @c: the conversation
 */
void conn_reset(struct conn *c);

/**
 * conn_free - free the members of a conversation
 * @c: the conversation
 */
void conn_free(struct conn *c);

/* spdm.c */

/**
 * spdm_answer - answer a request
 * @c: the conversation
 * @req: the request
 * @len: its length in bytes, with the padding of DOE
 * @rsp: set to the response
 */
void spdm_answer(struct conn *c, const uint8_t *req, size_t len, struct msg *rsp);

/* chunk.c */

/**
 * chunks_used - find out whether large responses are sent in chunks
 * @c: the conversation
 *
 * Return: true if both sides have CHUNK_CAP.
 */
bool chunks_used(const struct conn *c);

/**
 * response_max - get the limit of a response
 * @c: the conversation
 *
 * Return: the longest response that the requester can receive, in bytes.
 */
size_t response_max(const struct conn *c);

/**
 * large_keep - keep a response for CHUNK_GET, if it is large
 * @c: the conversation
 * @m: the response, complete
 *
 * Return: true if the response is kept, and LargeResponse must be sent.
 */
bool large_keep(struct conn *c, const struct msg *m);

/* fault.c */

/**
 * fault_error - find out whether a fault answers a request with ERROR
 * @c: the conversation
 * @row: row of the request in messages[]
 * @code: set to the error code
 *
 * Return: true if a fault answers it.
 */
bool fault_error(struct conn *c, int row, uint8_t *code);

/**
 * fault_slots - find out whether a fault of the slots is active
 * @c: the conversation
 * @name: name of the fault
 *
 * Return: true if the fault is active.
 */
bool fault_slots(struct conn *c, const char *name);

/**
 * fault_content - apply the faults in the fields of a response
 * @c: the conversation
 * @m: the response, before it is signed
 */
void fault_content(struct conn *c, struct msg *m);

/**
 * fault_signed - apply the faults in the signature of a response
 * @c: the conversation
 * @m: the response, complete
 */
void fault_signed(struct conn *c, struct msg *m);

/**
 * fault_wire - apply the faults in the bytes of a message
 * @c: the conversation
 * @m: the message that is sent, complete
 */
void fault_wire(struct conn *c, struct msg *m);

#endif
