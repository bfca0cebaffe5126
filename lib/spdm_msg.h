/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * SPDM messages of a requester: building requests (spdm_msg.c), and checking
 * responses (spdm_check*.c). spdm.h has the layouts, and says how comments cite
 * DSP0274.
 */
#ifndef CCGUEST_LIB_SPDM_MSG_H
#define CCGUEST_LIB_SPDM_MSG_H

#include "spdm.h"

/* Size of the longest request, which is NEGOTIATE_ALGORITHMS. */
#define SPDM_REQUEST_MAX	64

/*
 * A transport may pad a response to a multiple of this number of bytes (PCIe
 * r6.1, 6.30.1: data objects consist of dwords). More bytes are malformed.
 */
#define SPDM_PAD		4

/**
 * enum spdm_asym_kind - signature schemes
 * @SPDM_RSASSA: RSASSA-PKCS1-v1_5, the plain big-endian number
 * @SPDM_RSAPSS: RSASSA-PSS with a salt as long as the hash
 * @SPDM_ECDSA: r and s, each big-endian and as long as the curve's order
 * @SPDM_MLDSA: ML-DSA, FIPS 204
 */
enum spdm_asym_kind {
	SPDM_RSASSA,
	SPDM_RSAPSS,
	SPDM_ECDSA,
	SPDM_MLDSA,
};

/**
 * struct spdm_asym - a row of the table of signature algorithms
 * @bit: in BaseAsymAlgo and BaseAsymSel, or of ML-DSA in PqcAsymAlgo and
 *	 PqcAsymSel; NEGOTIATE_ALGORITHMS
 * @kind: the scheme
 * @key_bits: length of modulus or curve in bits; of ML-DSA the parameter set, 44,
 *	      65 or 87
 * @sig_len: SigLen, length of a signature in bytes
 * @name: its name in DSP0274
 * @word: its name in messages, and in options of the command
 */
struct spdm_asym {
	u32 bit;
	enum spdm_asym_kind kind;
	u16 key_bits;
	u16 sig_len;
	const char *name;
	const char *word;
};

/**
 * struct spdm_hash - a row of the table of hash algorithms
 * @bit: in BaseHashAlgo and BaseHashSel; NEGOTIATE_ALGORITHMS
 * @len: H, length of a digest in bytes
 * @name: its name in DSP0274
 * @alg: its name in the kernel's crypto API and in OpenSSL
 */
struct spdm_hash {
	u32 bit;
	u16 len;
	const char *name;
	const char *alg;
};

#define SPDM_N_ASYM	12
#define SPDM_N_HASH	6
extern const struct spdm_asym spdm_asyms[SPDM_N_ASYM];
extern const struct spdm_hash spdm_hashes[SPDM_N_HASH];

/* Size of the detail of a fault, the terminating NUL included. */
#define SPDM_DETAIL_MAX	192

/**
 * struct spdm_fault - fault of a response, for a message
 * @what: the fault in words, a constant string without a newline, such as
 *	  "Truncated digests response", "Malformed digests response" or "Busy"
 * @field: name of the field at fault in DSP0274, or NULL
 * @offset: of that field, in bytes from the start of the message
 * @value: value of the field
 * @limit: the expected value, or the least or the greatest one
 * @error: error code of an ERROR response; 0 with any other fault
 * @request: name of the request that an ERROR response answers; otherwise NULL
 * @detail: more text, printable and terminated, or empty; for a chain its
 *	    issuer, or the names that were expected and found
 *
 * Of a truncated response @value is the length, of an ERROR the error data.
 */
struct spdm_fault {
	const char *what;
	const char *field;
	size_t offset;
	u32 value;
	u32 limit;
	u8 error;
	const char *request;
	char detail[SPDM_DETAIL_MAX];
};

/**
 * spdm_count_slots - count the slots of a mask
 * @mask: mask of slots
 *
 * Return: their number.
 */
static inline size_t spdm_count_slots(u8 mask)
{
	size_t n = 0;

	for (; mask; mask &= mask - 1)
		n++;
	return n;
}

/**
 * struct spdm_offer - fields that the requester sends in the negotiation
 * @min_version: lowest version that is accepted, SPDM_VER_10 or higher
 * @max_version: highest version that is accepted, SPDM_VER_14 or lower
 * @ct_exponent: CTExponent
 * @flags: Flags
 * @data_transfer_size: DataTransferSize: the longest response in bytes
 * @max_msg_size: MaxSPDMmsgSize
 * @asym: BaseAsymAlgo
 * @pqc_asym: PqcAsymAlgo; sent in 1.4 only
 * @hash: BaseHashAlgo
 * @meas_spec: MeasurementSpecification
 * @other_params: OtherParamsSupport, sent in 1.2+ only; SPDM_MULTI_KEY_CONN is
 *		  used if the responder leaves the choice to the requester
 * @mel_spec: MELspecification; sent in 1.3+ only
 * @alg: AlgSupported of the algorithm structures of types 2, 3 and so on; 0
 *	 for a structure that is not sent; sent in 1.1+ only
 */
struct spdm_offer {
	u8 min_version;
	u8 max_version;
	u8 ct_exponent;
	u32 flags;
	u32 data_transfer_size;
	u32 max_msg_size;
	u32 asym;
	u32 pqc_asym;
	u32 hash;
	u8 meas_spec;
	u8 other_params;
	u8 mel_spec;
	u16 alg[SPDM_ALG_TYPES];
};

/**
 * struct spdm_conn - a connection: offered and negotiated parameters
 * @offer: set by the caller before the first message
 * @version: the negotiated version, SPDM_VER_10 before; from VERSION
 * @has_12: 1.2 is common too
 * @ct_exponent: CTExponent of the responder; from CAPABILITIES
 * @flags: capabilities of the responder
 * @data_transfer_size: the longest request in bytes; 0 before 1.2
 * @asym: row of the signature algorithm; from ALGORITHMS
 * @hash: row of the hash algorithm
 * @meas_spec: MeasurementSpecificationSel
 * @meas_hash: MeasurementHashAlgo
 * @other_params: OtherParamsSelection
 * @slots: mask of slots with a certificate chain; from DIGESTS
 * @digests: digest of each such chain, @hash->len bytes
 * @cert_model: CertModel of each such chain, SPDM_CERT_MODEL_...; 0 if DIGESTS
 *		does not tell
 * @key_usage: KeyUsageMask of each such chain; all bits if DIGESTS has no masks
 *
 * A function that sets fields here sets all of its fields or none.
 */
struct spdm_conn {
	struct spdm_offer offer;
	u8 version;
	bool has_12;
	u8 ct_exponent;
	u32 flags;
	u32 data_transfer_size;
	const struct spdm_asym *asym;
	const struct spdm_hash *hash;
	u8 meas_spec;
	u32 meas_hash;
	u8 other_params;
	u8 slots;
	u8 digests[SPDM_SLOTS][SPDM_HASH_MAX];
	u8 cert_model[SPDM_SLOTS];
	u16 key_usage[SPDM_SLOTS];
};

/**
 * struct spdm_cert_req - a GET_CERTIFICATE
 * @slot: slot of the chain
 * @offset: offset of the portion in the chain, in bytes
 * @length: maximum length of the portion, in bytes
 * @total: length of the chain, from the portion at offset 0; unused there
 */
struct spdm_cert_req {
	u8 slot;
	u32 offset;
	u32 length;
	u32 total;
};

/**
 * struct spdm_portion - a CERTIFICATE
 * @data: points to the portion, in the response
 * @len: its length, 1 or more
 * @remainder: bytes of the chain after it
 */
struct spdm_portion {
	const u8 *data;
	u32 len;
	u32 remainder;
};

/**
 * struct spdm_challenge - a CHALLENGE
 * @slot: slot of the chain whose key signs
 * @meas_summary: the requested measurement summary hash, or
 *		  SPDM_NO_MEAS_SUMMARY
 * @nonce: random bytes
 * @context: any bytes, which the response repeats; 1.3+
 */
struct spdm_challenge {
	u8 slot;
	u8 meas_summary;
	u8 nonce[SPDM_NONCE_LEN];
	u8 context[SPDM_CONTEXT_LEN];
};

/**
 * struct spdm_challenge_auth - a CHALLENGE_AUTH
 * @chain_digest: points to CertChainHash
 * @nonce: points to the responder's nonce
 * @meas_summary: points to MeasurementSummaryHash; NULL if not requested
 * @opaque: points to the opaque data
 * @opaque_len: its length
 * @signature: points to the signature, asym->sig_len bytes
 * @signed_len: bytes of the message before the signature, which it covers
 * @mut_auth: the responder wants to authenticate the requester
 */
struct spdm_challenge_auth {
	const u8 *chain_digest;
	const u8 *nonce;
	const u8 *meas_summary;
	const u8 *opaque;
	size_t opaque_len;
	const u8 *signature;
	size_t signed_len;
	bool mut_auth;
};

/**
 * struct spdm_meas_req - a GET_MEASUREMENTS
 * @attributes: SPDM_MEAS_SIGNATURE, SPDM_MEAS_RAW
 * @operation: SPDM_MEAS_COUNT, SPDM_MEAS_ALL or an index
 * @slot: slot of the chain whose key signs; 0 in 1.0
 * @nonce: random bytes; sent with SPDM_MEAS_SIGNATURE only
 * @context: any bytes, which the response repeats; 1.3+
 */
struct spdm_meas_req {
	u8 attributes;
	u8 operation;
	u8 slot;
	u8 nonce[SPDM_NONCE_LEN];
	u8 context[SPDM_CONTEXT_LEN];
};

/**
 * struct spdm_measurements - a MEASUREMENTS
 * @indices: number of indices, if the operation was SPDM_MEAS_COUNT
 * @change: SPDM_MEAS_CHANGED, SPDM_MEAS_UNCHANGED, or 0 if the responder does
 *	    not tell; of a signed response of 1.2+
 * @blocks: number of blocks in the record
 * @record: points to the record
 * @record_len: its length
 * @nonce: points to the responder's nonce
 * @opaque: points to the opaque data
 * @opaque_len: its length
 * @signature: points to the signature; NULL if not requested
 * @signed_len: bytes of the message before the signature
 */
struct spdm_measurements {
	u8 indices;
	u8 change;
	u8 blocks;
	const u8 *record;
	u32 record_len;
	const u8 *nonce;
	const u8 *opaque;
	size_t opaque_len;
	const u8 *signature;
	size_t signed_len;
};

/**
 * struct spdm_not_ready - extended data of ERROR ResponseNotReady
 * @delay_exponent: RDTExponent, try again in 2^n microseconds
 * @code: the request's code, for RESPOND_IF_READY
 * @token: Token, for RESPOND_IF_READY
 */
struct spdm_not_ready {
	u8 delay_exponent;
	u8 code;
	u8 token;
};

/**
 * struct spdm_chunk_data - a CHUNK_RESPONSE
 * @data: points to the chunk
 * @len: its length
 * @total: length of the whole response; in the first chunk only
 * @last: this is the last chunk
 */
struct spdm_chunk_data {
	const u8 *data;
	u32 len;
	u32 total;
	bool last;
};

/**
 * spdm_is_pqc - tell the mask in which an algorithm has its bit
 * @asym: row of the algorithm
 *
 * Return: true for PqcAsymAlgo, false for BaseAsymAlgo.
 */
static inline bool spdm_is_pqc(const struct spdm_asym *asym)
{
	return asym->kind == SPDM_MLDSA;
}

/**
 * spdm_find_asym - find the row of a signature algorithm
 * @base: BaseAsymSel
 * @pqc: PqcAsymSel; 0 before 1.4
 *
 * Return: the row, or NULL if not exactly one bit of both is set, or if the
 * algorithm is unknown.
 */
const struct spdm_asym *spdm_find_asym(u32 base, u32 pqc);

/**
 * spdm_offers_asym - check whether an offer has an algorithm
 * @asym: row of the algorithm
 * @base: BaseAsymAlgo
 * @pqc: PqcAsymAlgo
 *
 * Return: true if it does.
 */
bool spdm_offers_asym(const struct spdm_asym *asym, u32 base, u32 pqc);

/**
 * spdm_find_hash - find the row of a hash algorithm
 * @bit: in BaseHashAlgo
 *
 * Return: the row, or NULL.
 */
const struct spdm_hash *spdm_find_hash(u32 bit);

/**
 * spdm_multi_key - check whether the connection has several keys
 * @c: connection, negotiated
 *
 * DSP0274 1.3, MULTI_KEY_CONN_RSP: true if the responder supports only such
 * connections, or negotiates them and the offer has SPDM_MULTI_KEY_CONN.
 *
 * Return: true if DIGESTS has KeyPairID, CertificateInfo and KeyUsageMask.
 */
bool spdm_multi_key(const struct spdm_conn *c);

/**
 * spdm_generic_cert - check whether a slot has a generic certificate
 * @c: connection, after DIGESTS
 * @slot: slot
 *
 * DSP0274 1.3, "Generic certificate": keyUsage and other fields of such a leaf
 * are optional. Slot 0 never has one.
 *
 * Return: true if DIGESTS says that the slot has one.
 */
bool spdm_generic_cert(const struct spdm_conn *c, u8 slot);

/**
 * spdm_n_alg_structs - count the algorithm structures that are offered
 * @c: connection whose version is negotiated
 *
 * Return: number of structures; 0 in version 1.0, which has no structures.
 */
size_t spdm_n_alg_structs(const struct spdm_conn *c);

/**
 * spdm_large_cert - check whether GET_CERTIFICATE has offsets of 32 bits
 * @c: connection, negotiated
 *
 * DSP0274 1.4, GET_CERTIFICATE: only if the responder supports such offsets.
 *
 * Return: true if the offsets have 32 bits.
 */
bool spdm_large_cert(const struct spdm_conn *c);

/**
 * spdm_build_get_version - build a GET_VERSION
 * @buf: destination
 * @size: of @buf in bytes
 *
 * Return: length of the request; -EMSGSIZE if @buf is too small.
 */
int spdm_build_get_version(u8 *buf, size_t size);

/**
 * spdm_build_get_capabilities - build a GET_CAPABILITIES
 * @c: connection whose version is negotiated
 * @buf: destination
 * @size: of @buf in bytes
 *
 * Return: length of the request; -EMSGSIZE if @buf is too small.
 */
int spdm_build_get_capabilities(const struct spdm_conn *c, u8 *buf,
				size_t size);

/**
 * spdm_build_negotiate - build a NEGOTIATE_ALGORITHMS
 * @c: connection whose version is negotiated
 * @buf: destination
 * @size: of @buf in bytes
 *
 * Return: length of the request; -EMSGSIZE if @buf is too small.
 */
int spdm_build_negotiate(const struct spdm_conn *c, u8 *buf, size_t size);

/**
 * spdm_build_get_digests - build a GET_DIGESTS
 * @c: connection, negotiated
 * @buf: destination
 * @size: of @buf in bytes
 *
 * Return: length of the request; -EMSGSIZE if @buf is too small.
 */
int spdm_build_get_digests(const struct spdm_conn *c, u8 *buf, size_t size);

/**
 * spdm_build_get_certificate - build a GET_CERTIFICATE
 * @c: connection, negotiated
 * @req: fields of the request
 * @buf: destination
 * @size: of @buf in bytes
 *
 * Return: length of the request; -EMSGSIZE if @buf is too small or offset
 * or length do not fit their fields.
 */
int spdm_build_get_certificate(const struct spdm_conn *c,
			       const struct spdm_cert_req *req, u8 *buf,
			       size_t size);

/**
 * spdm_build_challenge - build a CHALLENGE
 * @c: connection, negotiated
 * @req: fields of the request
 * @buf: destination
 * @size: of @buf in bytes
 *
 * Return: length of the request; -EMSGSIZE if @buf is too small.
 */
int spdm_build_challenge(const struct spdm_conn *c,
			 const struct spdm_challenge *req, u8 *buf,
			 size_t size);

/**
 * spdm_build_get_measurements - build a GET_MEASUREMENTS
 * @c: connection, negotiated
 * @req: fields of the request
 * @buf: destination
 * @size: of @buf in bytes
 *
 * Return: length of the request; -EMSGSIZE if @buf is too small.
 */
int spdm_build_get_measurements(const struct spdm_conn *c,
				const struct spdm_meas_req *req, u8 *buf,
				size_t size);

/**
 * spdm_build_respond_if_ready - build a RESPOND_IF_READY
 * @c: connection
 * @nr: details of the ResponseNotReady
 * @buf: destination
 * @size: of @buf in bytes
 *
 * Return: length of the request; -EMSGSIZE if @buf is too small.
 */
int spdm_build_respond_if_ready(const struct spdm_conn *c,
				const struct spdm_not_ready *nr, u8 *buf,
				size_t size);

/**
 * spdm_build_chunk_get - build a CHUNK_GET
 * @c: connection, negotiated, 1.2 or later
 * @handle: from the ERROR LargeResponse
 * @seq: number of the chunk, from 0
 * @buf: destination
 * @size: of @buf in bytes
 *
 * Return: length of the request; -EMSGSIZE if @buf is too small.
 */
int spdm_build_chunk_get(const struct spdm_conn *c, u8 handle, u32 seq,
			 u8 *buf, size_t size);

/**
 * spdm_check_version - check a VERSION and choose the highest common version
 * @c: connection; sets version and has_12
 * @buf: the response
 * @len: its length in bytes, padding included
 * @used: set to its length without padding
 * @fault: set if the result is not 0
 *
 * Return: 0; -EIO if the response is truncated; -EPROTO if it is
 * malformed or there is no common version; with an ERROR response -EBUSY,
 * -EINPROGRESS, -ECONNRESET, -EMSGSIZE, -EINVAL or -EIO.
 */
int spdm_check_version(struct spdm_conn *c, const u8 *buf, size_t len,
		       size_t *used, struct spdm_fault *fault);

/**
 * spdm_check_capabilities - check a CAPABILITIES
 * @c: connection; sets ct_exponent, flags and data_transfer_size
 * @buf: the response
 * @len: its length in bytes, padding included
 * @used: set to its length without padding
 * @fault: set if the result is not 0
 *
 * The caller checks whether the responder has the capabilities that it needs.
 *
 * Return: 0; -EIO if the response is truncated; -EPROTO if it is
 * malformed; with an ERROR response -EBUSY, -EINPROGRESS, -ECONNRESET,
 * -EMSGSIZE, -EINVAL or -EIO.
 */
int spdm_check_capabilities(struct spdm_conn *c, const u8 *buf, size_t len,
			    size_t *used, struct spdm_fault *fault);

/**
 * spdm_check_algorithms - check an ALGORITHMS
 * @c: connection; sets asym, hash, meas_spec, meas_hash and other_params
 * @buf: the response
 * @len: its length in bytes, padding included
 * @used: set to its length without padding
 * @fault: set if the result is not 0
 *
 * Return: 0; -EIO if the response is truncated; -EPROTO if it is
 * malformed or no algorithm is common; with an ERROR response -EBUSY,
 * -EINPROGRESS, -ECONNRESET, -EMSGSIZE, -EINVAL or -EIO.
 */
int spdm_check_algorithms(struct spdm_conn *c, const u8 *buf, size_t len,
			  size_t *used, struct spdm_fault *fault);

/**
 * spdm_check_digests - check a DIGESTS
 * @c: connection, negotiated; sets slots, digests and key_usage
 * @buf: the response
 * @len: its length in bytes, padding included
 * @used: set to its length without padding
 * @fault: set if the result is not 0
 *
 * Return: 0; -EIO if the response is truncated; -EPROTO if it is
 * malformed or there is no certificate chain; with an ERROR response -EBUSY,
 * -EINPROGRESS, -ECONNRESET, -EMSGSIZE, -EINVAL or -EIO.
 */
int spdm_check_digests(struct spdm_conn *c, const u8 *buf, size_t len,
		       size_t *used, struct spdm_fault *fault);

/**
 * spdm_check_certificate - check a CERTIFICATE
 * @c: connection, negotiated
 * @req: fields of the request; its total is greater than its offset, or its
 *	 offset is 0
 * @buf: the response
 * @len: its length in bytes, padding included
 * @portion: set to its fields
 * @used: set to its length without padding
 * @fault: set if the result is not 0
 *
 * Return: 0; -EIO if the response is truncated; -EPROTO if it is
 * malformed; with an ERROR response -EBUSY, -EINPROGRESS, -ECONNRESET,
 * -EMSGSIZE, -EINVAL or -EIO.
 */
int spdm_check_certificate(const struct spdm_conn *c,
			   const struct spdm_cert_req *req, const u8 *buf,
			   size_t len, struct spdm_portion *portion,
			   size_t *used, struct spdm_fault *fault);

/**
 * spdm_check_challenge_auth - check a CHALLENGE_AUTH, except its signature
 * @c: connection, with slots and digests
 * @req: fields of the request
 * @buf: the response
 * @len: its length in bytes, padding included
 * @auth: set to its fields
 * @used: set to its length without padding
 * @fault: set if the result is not 0
 *
 * Return: 0; -EIO if the response is truncated; -EPROTO if it is
 * malformed or for another chain; with an ERROR response
 * -EBUSY, -EINPROGRESS, -ECONNRESET, -EMSGSIZE, -EINVAL or -EIO.
 */
int spdm_check_challenge_auth(const struct spdm_conn *c,
			      const struct spdm_challenge *req, const u8 *buf,
			      size_t len, struct spdm_challenge_auth *auth,
			      size_t *used, struct spdm_fault *fault);

/**
 * spdm_check_measurements - check a MEASUREMENTS, except its signature
 * @c: connection, negotiated
 * @req: fields of the request
 * @buf: the response
 * @len: its length in bytes, padding included
 * @meas: set to its fields
 * @used: set to its length without padding
 * @fault: set if the result is not 0
 *
 * Return: 0; -EIO if the response is truncated; -EPROTO if it is
 * malformed; with an ERROR response -EBUSY, -EINPROGRESS, -ECONNRESET,
 * -EMSGSIZE, -EINVAL or -EIO.
 */
int spdm_check_measurements(const struct spdm_conn *c,
			    const struct spdm_meas_req *req, const u8 *buf,
			    size_t len, struct spdm_measurements *meas,
			    size_t *used, struct spdm_fault *fault);

/**
 * spdm_check_not_ready - take the details of an ERROR ResponseNotReady
 * @buf: the response, an ERROR ResponseNotReady
 * @len: its length in bytes
 * @code: RequestResponseCode of the request
 * @nr: set to the details
 * @fault: set if the result is not 0
 *
 * Return: 0; -EIO if the response is truncated; -EPROTO if it is for
 * another request.
 */
int spdm_check_not_ready(const u8 *buf, size_t len, u8 code,
			 struct spdm_not_ready *nr, struct spdm_fault *fault);

/**
 * spdm_check_chunk - check a CHUNK_RESPONSE
 * @c: connection, negotiated, 1.2 or later
 * @handle: from the ERROR LargeResponse
 * @seq: number of the requested chunk
 * @buf: the response
 * @len: its length in bytes, padding included
 * @chunk: set to its fields
 * @used: set to its length without padding
 * @fault: set if the result is not 0
 *
 * Return: 0; -EIO if the response is truncated; -EPROTO if it is
 * malformed; with an ERROR response -EBUSY, -EINPROGRESS, -ECONNRESET,
 * -EMSGSIZE, -EINVAL or -EIO.
 */
int spdm_check_chunk(const struct spdm_conn *c, u8 handle, u32 seq,
		     const u8 *buf, size_t len, struct spdm_chunk_data *chunk,
		     size_t *used, struct spdm_fault *fault);

#endif /* CCGUEST_LIB_SPDM_MSG_H */
