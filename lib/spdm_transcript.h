/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The transcript that an SPDM responder signs, and its certificate chain.
 */
#ifndef CCGUEST_LIB_SPDM_TRANSCRIPT_H
#define CCGUEST_LIB_SPDM_TRANSCRIPT_H

#include "spdm_msg.h"

/* combined_spdm_prefix; DSP0274 1.2.1, 15, "Signature generation". */
#define SPDM_PREFIX_LEN		100

/*
 * The longest part A of a transcript: GET_VERSION and VERSION with 255
 * entries, both capabilities messages, NEGOTIATE_ALGORITHMS and ALGORITHMS
 * with their algorithm structures.
 */
#define SPDM_VCA_MAX		(4 + 6 + 2 * 255 + 2 * 20 + 32 + 4 * 6 + 36 + \
				 SPDM_ALG_STRUCTS_MAX)

/**
 * enum spdm_signed - purpose of a signature, and its spdm_context
 * @SPDM_SIGNED_CHALLENGE: "responder-challenge_auth signing"
 * @SPDM_SIGNED_MEASUREMENTS: "responder-measurements signing"
 */
enum spdm_signed {
	SPDM_SIGNED_CHALLENGE,
	SPDM_SIGNED_MEASUREMENTS,
};

/**
 * struct spdm_tbs - what a signature covers: "to be signed"
 * @what: purpose of the signature
 * @data: RSA and ECDSA: the signed digest. ML-DSA: the signed message; its
 *	  context (FIPS 204, 5.2) is spdm_signed_context().
 * @len: length of @data in bytes
 */
struct spdm_tbs {
	enum spdm_signed what;
	u8 data[SPDM_PREFIX_LEN + SPDM_HASH_MAX];
	size_t len;
};

/**
 * enum spdm_hash_ctx - hashes that are computed at the same time
 * @SPDM_HASH_TRANSCRIPT: the hash of M1 or L1
 * @SPDM_HASH_OTHER: the hash of a chain, of a certificate, or that is signed
 * @SPDM_N_HASH_CTX: number of hashes
 */
enum spdm_hash_ctx {
	SPDM_HASH_TRANSCRIPT,
	SPDM_HASH_OTHER,
	SPDM_N_HASH_CTX,
};

/**
 * struct spdm_hash_ops - hash functions of the caller
 * @init: start hash @which; drops an unfinished computation
 * @update: add bytes
 * @final: finish; @digest has room for SPDM_HASH_MAX bytes
 *
 * Each function gets the caller's pointer, and returns 0 or a negative errno,
 * which is returned to the caller.
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
 * @ops: hash functions
 * @ctx: for @ops
 * @vca: part A, the negotiation, not hashed: its last message selects the hash
 * @vca_len: its length
 */
struct spdm_transcript {
	const struct spdm_hash_ops *ops;
	void *ctx;
	u8 vca[SPDM_VCA_MAX];
	size_t vca_len;
};

/**
 * struct spdm_chain - a certificate chain, as the responder sent it
 * @root_hash: points to RootHash
 * @certs: points to the certificates, DER, one after the other
 * @certs_len: their length
 */
struct spdm_chain {
	const u8 *root_hash;
	const u8 *certs;
	size_t certs_len;
};

/**
 * spdm_signed_context - get the text that says what a signature is for
 * @what: what the signature is for
 *
 * Return: spdm_context, DSP0274 1.2.1, 15.
 */
const char *spdm_signed_context(enum spdm_signed what);

/**
 * spdm_combined_prefix - make the prefix of a transcript's hash
 * @version: negotiated, SPDM_VER_12 or later
 * @what: what the signature is for
 * @prefix: set to combined_spdm_prefix
 *
 * DSP0274 1.2.1, 15: spdm_prefix four times, zeros, spdm_context.
 */
void spdm_combined_prefix(u8 version, enum spdm_signed what,
			  u8 prefix[SPDM_PREFIX_LEN]);

/**
 * spdm_vca_begin - start a new part A
 * @t: transcript
 */
void spdm_vca_begin(struct spdm_transcript *t);

/**
 * spdm_vca_add - add a message to part A
 * @t: transcript
 * @msg: the message, without padding
 * @len: its length
 *
 * Return: 0; -EMSGSIZE if part A is longer than any negotiation.
 */
int spdm_vca_add(struct spdm_transcript *t, const u8 *msg, size_t len);

/**
 * spdm_m1_begin - start M1 with part A
 * @t: transcript with a complete part A
 * @c: connection, negotiated
 *
 * Return: 0; the errno of a function of @t->ops.
 */
int spdm_m1_begin(struct spdm_transcript *t, const struct spdm_conn *c);

/**
 * spdm_l1_begin - start L1, from version 1.2 on with part A
 * @t: transcript with a complete part A
 * @c: connection, negotiated
 *
 * Return: 0; the errno of a function of @t->ops.
 */
int spdm_l1_begin(struct spdm_transcript *t, const struct spdm_conn *c);

/**
 * spdm_transcript_add - add a message to M1 or L1
 * @t: transcript
 * @msg: the message, without padding and without its signature
 * @len: its length
 *
 * Return: 0; the errno of a function of @t->ops.
 */
int spdm_transcript_add(struct spdm_transcript *t, const u8 *msg, size_t len);

/**
 * spdm_transcript_final - finish M1 or L1, and get what is signed
 * @t: transcript
 * @c: connection, negotiated
 * @what: what the signature is for
 * @tbs: set to what is signed
 *
 * Up to version 1.1 the signed digest is that of the transcript. From 1.2 on it
 * is the digest of combined_spdm_prefix and of the transcript's digest. ML-DSA
 * hashes its message itself: it signs the prefix and the transcript's digest.
 *
 * Return: 0; the errno of a function of @t->ops.
 */
int spdm_transcript_final(struct spdm_transcript *t, const struct spdm_conn *c,
			  enum spdm_signed what, struct spdm_tbs *tbs);

/**
 * spdm_digest - hash with the negotiated algorithm
 * @t: transcript with the hash functions
 * @c: connection, negotiated
 * @data: bytes to hash
 * @len: its length
 * @digest: set to the digest, room for SPDM_HASH_MAX bytes
 *
 * Return: 0; the errno of a function of @t->ops.
 */
int spdm_digest(struct spdm_transcript *t, const struct spdm_conn *c,
		const u8 *data, size_t len, u8 *digest);

/**
 * spdm_chain_length - get the length that a certificate chain states
 * @c: connection, negotiated
 * @chain: the chain, or its header alone
 *
 * DSP0274 1.2.1, 10.6.1: 16 bits, and two reserved bytes; 1.4: 32 bits.
 *
 * Return: Length, in bytes.
 */
static inline u32 spdm_chain_length(const struct spdm_conn *c,
				    const u8 *chain)
{
	return c->version >= SPDM_VER_14 ? get_unaligned_le32(chain) :
					   get_unaligned_le16(chain);
}

/**
 * spdm_chain_split - split a certificate chain into header and certificates
 * @c: connection, negotiated
 * @buf: the chain, put together from its portions
 * @len: its length in bytes
 * @chain: set to its parts
 * @fault: set if the result is not 0
 *
 * Checks that the certificates are DER sequences, and not their contents.
 *
 * Return: 0; -EPROTO if the chain is malformed.
 */
int spdm_chain_split(const struct spdm_conn *c, const u8 *buf, size_t len,
		     struct spdm_chain *chain, struct spdm_fault *fault);

/**
 * spdm_chain_next - take the next certificate of a chain
 * @chain: the chain
 * @pos: position of the walk, 0 at its start; moved on
 * @cert: set to point to the certificate
 * @len: set to its length
 * @fault: set if the result is -EPROTO; its offset counts from the first
 *	   certificate
 *
 * Return: 0; -ENODATA at the end; -EPROTO if the next element is no
 * certificate.
 */
int spdm_chain_next(const struct spdm_chain *chain, size_t *pos,
		    const u8 **cert, size_t *len, struct spdm_fault *fault);

#endif /* CCGUEST_LIB_SPDM_TRANSCRIPT_H */
