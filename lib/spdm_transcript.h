/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What an SPDM responder signs, and the certificate chain that it sends.
 */
#ifndef CCGUEST_LIB_SPDM_TRANSCRIPT_H
#define CCGUEST_LIB_SPDM_TRANSCRIPT_H

#include "spdm_msg.h"

/* combined_spdm_prefix; DSP0274 1.2, clause 15, "Signature generation". */
#define SPDM_PREFIX_LEN		100

/*
 * The longest part A of a transcript: GET_VERSION and VERSION with 255
 * entries, both capabilities messages, NEGOTIATE_ALGORITHMS and ALGORITHMS
 * with every algorithm structure.
 */
#define SPDM_VCA_MAX		(4 + 6 + 2 * 255 + 2 * 20 + 32 + 36 + 2 * 4 * 6)

/**
 * enum spdm_signed - what a signature is for; its spdm_context
 * @SPDM_SIGNED_CHALLENGE: "responder-challenge_auth signing"
 * @SPDM_SIGNED_MEASUREMENTS: "responder-measurements signing"
 */
enum spdm_signed {
	SPDM_SIGNED_CHALLENGE,
	SPDM_SIGNED_MEASUREMENTS,
};

/**
 * enum spdm_hash_ctx - hash computations that go on at the same time
 * @SPDM_HASH_TRANSCRIPT: that of M1 or L1
 * @SPDM_HASH_OTHER: of a chain, of a certificate, of what is signed
 * @SPDM_N_HASH_CTX: how many there are
 */
enum spdm_hash_ctx {
	SPDM_HASH_TRANSCRIPT,
	SPDM_HASH_OTHER,
	SPDM_N_HASH_CTX,
};

/**
 * struct spdm_hash_ops - how to hash
 * @init: begin, whatever the state of @which was
 * @update: add bytes
 * @final: end; @digest has room for SPDM_HASH_MAX bytes
 *
 * Each gets the pointer that the caller gave, and returns 0 or a negative
 * errno that is passed on.
 */
struct spdm_hash_ops {
	int (*init)(void *ctx, enum spdm_hash_ctx which,
		    const struct spdm_hash *alg);
	int (*update)(void *ctx, enum spdm_hash_ctx which, const u8 *data,
		      size_t len);
	int (*final)(void *ctx, enum spdm_hash_ctx which, u8 *digest);
};

/**
 * struct spdm_transcript - the messages that a signature covers
 * @ops: how to hash
 * @ctx: for @ops
 * @vca: part A, the negotiation: the hash is not known until it is over
 * @vca_len: its length
 */
struct spdm_transcript {
	const struct spdm_hash_ops *ops;
	void *ctx;
	u8 vca[SPDM_VCA_MAX];
	size_t vca_len;
};

/**
 * struct spdm_chain - a certificate chain, as it came out of a slot
 * @root_hash: points to RootHash
 * @certs: points to the certificates, DER, one after the other
 * @certs_len: their length
 */
struct spdm_chain {
	const u8 *root_hash;
	const u8 *certs;
	size_t certs_len;
};

void spdm_combined_prefix(u8 version, enum spdm_signed what,
			  u8 prefix[SPDM_PREFIX_LEN]);

void spdm_vca_begin(struct spdm_transcript *t);
int spdm_vca_add(struct spdm_transcript *t, const u8 *msg, size_t len);
int spdm_m1_begin(struct spdm_transcript *t, const struct spdm_conn *c);
int spdm_l1_begin(struct spdm_transcript *t, const struct spdm_conn *c);
int spdm_transcript_add(struct spdm_transcript *t, const u8 *msg, size_t len);
int spdm_transcript_final(struct spdm_transcript *t, const struct spdm_conn *c,
			  enum spdm_signed what, u8 *digest);
int spdm_digest(struct spdm_transcript *t, const struct spdm_conn *c,
		const u8 *data, size_t len, u8 *digest);

int spdm_chain_split(const struct spdm_conn *c, const u8 *buf, size_t len,
		     struct spdm_chain *chain, struct spdm_fault *fault);
int spdm_chain_next(const struct spdm_chain *chain, size_t *pos,
		    const u8 **cert, size_t *len, struct spdm_fault *fault);

#endif /* CCGUEST_LIB_SPDM_TRANSCRIPT_H */
