/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * SPDM messages: codes, flags, and the fixed part of each message that a
 * requester sends or receives. The names are those of DSP0274. In comments the
 * name of a message stands for its clause, for example GET_VERSION for
 * "GET_VERSION request and VERSION response messages". These are the numbers in
 * DSP0274 1.2.1; other versions may have others:
 *
 *	10.2	GET_VERSION, VERSION
 *	10.3	GET_CAPABILITIES, CAPABILITIES
 *	10.4	NEGOTIATE_ALGORITHMS, ALGORITHMS
 *	10.6.1	Certificates and certificate chains
 *	10.7	GET_DIGESTS, DIGESTS
 *	10.8	GET_CERTIFICATE, CERTIFICATE
 *	10.9	CHALLENGE, CHALLENGE_AUTH
 *	10.11	GET_MEASUREMENTS, MEASUREMENTS
 *	15	Signature generation
 *
 * "1.3+" marks a field that version 1.3.0 added.
 *
 * The structs have only bytes as members, so they have no padding and need no
 * alignment. A pointer to a buffer may be cast to such a struct once the length
 * of the buffer is checked. Integers are little-endian ("Byte ordering").
 */
#ifndef CCGUEST_LIB_SPDM_H
#define CCGUEST_LIB_SPDM_H

#include "env.h"

/* SPDMVersion: major in the high nibble, minor in the low one; GET_VERSION. */
#define SPDM_VER_10			0x10
#define SPDM_VER_11			0x11
#define SPDM_VER_12			0x12
#define SPDM_VER_13			0x13
#define SPDM_VER_14			0x14

/* RequestResponseCode; "SPDM request codes", "SPDM response codes". */
#define SPDM_REQ_RESPONSE		0x80	/* set in requests only */
#define SPDM_GET_DIGESTS		0x81
#define SPDM_GET_CERTIFICATE		0x82
#define SPDM_CHALLENGE			0x83
#define SPDM_GET_VERSION		0x84
#define SPDM_CHUNK_GET			0x86
#define SPDM_GET_MEASUREMENTS		0xe0
#define SPDM_GET_CAPABILITIES		0xe1
#define SPDM_NEGOTIATE_ALGORITHMS	0xe3
#define SPDM_RESPOND_IF_READY		0xff
#define SPDM_DIGESTS			0x01
#define SPDM_CERTIFICATE		0x02
#define SPDM_CHALLENGE_AUTH		0x03
#define SPDM_VERSION			0x04
#define SPDM_CHUNK_RESPONSE		0x06
#define SPDM_MEASUREMENTS		0x60
#define SPDM_CAPABILITIES		0x61
#define SPDM_ALGORITHMS			0x63
#define SPDM_ERROR			0x7f

/* ERROR's Param1, table "Error code and error data". */
#define SPDM_ERR_INVALID_REQUEST	0x01
#define SPDM_ERR_BUSY			0x03
#define SPDM_ERR_UNEXPECTED_REQUEST	0x04
#define SPDM_ERR_UNSPECIFIED		0x05
#define SPDM_ERR_RESPONSE_TOO_LARGE	0x0d
#define SPDM_ERR_LARGE_RESPONSE		0x0f
#define SPDM_ERR_VERSION_MISMATCH	0x41
#define SPDM_ERR_RESPONSE_NOT_READY	0x42
#define SPDM_ERR_REQUEST_RESYNCH	0x43

/* Responder's capability flags; CAPABILITIES. */
#define SPDM_CAP_CACHE			0x00000001
#define SPDM_CAP_CERT			0x00000002
#define SPDM_CAP_CHAL			0x00000004
#define SPDM_CAP_MEAS			0x00000018
#define SPDM_CAP_MEAS_SIG		0x00000010
#define SPDM_CAP_PUB_KEY_ID		0x00010000
#define SPDM_CAP_CHUNK			0x00020000	/* 1.2+ */
#define SPDM_CAP_EP_INFO		0x00c00000	/* 1.3+ */
#define SPDM_CAP_MULTI_KEY		0x0c000000	/* 1.3+ */
#define SPDM_CAP_MULTI_KEY_ONLY		0x04000000
#define SPDM_CAP_MULTI_KEY_NEG		0x08000000
#define SPDM_CAP_LARGE_RESP		0x80000000	/* 1.4 */

/* MinDataTransferSize; GET_CAPABILITIES. 1.0 and 1.1 have no such limit. */
#define SPDM_MIN_DATA_TRANSFER_SIZE	42

/* MeasurementSpecification, NEGOTIATE_ALGORITHMS. */
#define SPDM_MEAS_SPEC_DMTF		0x01
/* OtherParamsSupport and OtherParamsSelection, NEGOTIATE_ALGORITHMS. */
#define SPDM_OPAQUE_FMT_MASK		0x0f
#define SPDM_OPAQUE_FMT_GENERAL		0x02	/* 1.2+ */
/* 1.3+: of the responder in a request, of the requester in a response. */
#define SPDM_MULTI_KEY_CONN		0x10

/* KeyUsageMask, DIGESTS, 1.3+. */
#define SPDM_USE_CHALLENGE		0x0002
#define SPDM_USE_MEASUREMENTS		0x0004

/* AlgType of an algorithm structure: 2 (DHE) to 7 (1.4: KEM). */
#define SPDM_ALG_TYPE_FIRST		2
#define SPDM_ALG_TYPES			6
/* AlgCount: two bytes of fixed field, no extended algorithms. */
#define SPDM_ALG_COUNT			0x20
/* Most bytes of algorithm structures in ALGORITHMS; a bound of this requester. */
#define SPDM_ALG_STRUCTS_MAX		128

/* Certificate slots are 0 to 7; GET_DIGESTS. */
#define SPDM_SLOTS			8
#define SPDM_SLOT_MASK			0x0f
/* CertificateInfo of DIGESTS, 1.3+: CertModel. */
#define SPDM_CERT_MODEL_MASK		0x07
#define SPDM_CERT_MODEL_GENERIC		0x03
/* GET_CERTIFICATE and CERTIFICATE of 1.4: the 32-bit fields are in use. */
#define SPDM_CERT_LARGE			0x80

#define SPDM_NONCE_LEN			32
#define SPDM_CONTEXT_LEN		8	/* RequesterContext, 1.3+ */
/* OpaqueDataLength, CHALLENGE_AUTH and MEASUREMENTS: at most 1024. */
#define SPDM_OPAQUE_MAX			1024

/* Param1 of CHALLENGE_AUTH: basic mutual authentication requested. */
#define SPDM_AUTH_BASIC_MUT		0x80
/* Param2 of CHALLENGE: no measurement summary hash. */
#define SPDM_NO_MEAS_SUMMARY		0x00

/* Param1 of GET_MEASUREMENTS. */
#define SPDM_MEAS_SIGNATURE		0x01
#define SPDM_MEAS_RAW			0x02
/* Param2 of GET_MEASUREMENTS. */
#define SPDM_MEAS_COUNT			0x00
#define SPDM_MEAS_ALL			0xff
/* Param2 of MEASUREMENTS, 1.2+: whether measurements changed meanwhile. */
#define SPDM_MEAS_CHANGE_SHIFT		4
#define SPDM_MEAS_CHANGE_MASK		0x03
#define SPDM_MEAS_CHANGED		0x01
#define SPDM_MEAS_UNCHANGED		0x02
/* The longest GET_MEASUREMENTS, 1.3+: nonce, SlotID, RequesterContext. */
#define SPDM_GET_MEASUREMENTS_LEN	(4 + SPDM_NONCE_LEN + 1 + SPDM_CONTEXT_LEN)

/* The longest digest and signature in the tables of spdm_msg.h. */
#define SPDM_HASH_MAX			64
#define SPDM_SIG_MAX			4627

/**
 * struct spdm_header - start of every message, table "Generic SPDM
 *	message field definitions"
 * @version: SPDMVersion
 * @code: RequestResponseCode
 * @param1: meaning depends on @code
 * @param2: meaning depends on @code
 */
struct spdm_header {
	u8 version;
	u8 code;
	u8 param1;
	u8 param2;
};

/**
 * struct spdm_version_rsp - VERSION
 * @h: header, version always 1.0
 * @reserved: ignored
 * @count: VersionNumberEntryCount
 * @entries: VersionNumberEntry, major, minor in the second byte
 */
struct spdm_version_rsp {
	struct spdm_header h;
	u8 reserved;
	u8 count;
	u8 entries[][2];
};

/**
 * struct spdm_capabilities - GET_CAPABILITIES and CAPABILITIES
 * @h: header
 * @reserved: ignored
 * @ct_exponent: CTExponent, 2^n microseconds
 * @reserved2: ignored; 1.3+: ExtFlags
 * @flags: Flags
 * @data_transfer_size: DataTransferSize, 1.2+
 * @max_msg_size: MaxSPDMmsgSize, 1.2+
 *
 * GET_CAPABILITIES of 1.0 ends after @h, that of 1.1 and CAPABILITIES of 1.0
 * and 1.1 end after @flags.
 */
struct spdm_capabilities {
	struct spdm_header h;
	u8 reserved;
	u8 ct_exponent;
	u8 reserved2[2];
	u8 flags[4];
	u8 data_transfer_size[4];
	u8 max_msg_size[4];
};

#define SPDM_CAPABILITIES_LEN_10	12

/**
 * struct spdm_negotiate_req - NEGOTIATE_ALGORITHMS
 * @h: header, param1 is the number of algorithm structures (1.1+)
 * @length: length of the whole message
 * @meas_spec: MeasurementSpecification
 * @other_params: OtherParamsSupport, 1.2+
 * @base_asym: BaseAsymAlgo
 * @base_hash: BaseHashAlgo
 * @pqc_asym: PqcAsymAlgo, 1.4; zero before
 * @reserved: zero
 * @ext_asym_count: ExtAsymCount
 * @ext_hash_count: ExtHashCount
 * @reserved2: zero
 * @mel_spec: MELspecification, 1.3+
 */
struct spdm_negotiate_req {
	struct spdm_header h;
	u8 length[2];
	u8 meas_spec;
	u8 other_params;
	u8 base_asym[4];
	u8 base_hash[4];
	u8 pqc_asym[4];
	u8 reserved[8];
	u8 ext_asym_count;
	u8 ext_hash_count;
	u8 reserved2;
	u8 mel_spec;
};

/**
 * struct spdm_algorithms_rsp - ALGORITHMS
 * @h: header, param1 is the number of algorithm structures (1.1+)
 * @length: length of the whole message
 * @meas_spec: MeasurementSpecificationSel
 * @other_params: OtherParamsSelection, 1.2+
 * @meas_hash: MeasurementHashAlgo
 * @base_asym: BaseAsymSel
 * @base_hash: BaseHashSel
 * @pqc_asym: PqcAsymSel, 1.4; ignored before
 * @reserved: ignored
 * @mel_spec: MELspecificationSel, 1.3+
 * @ext_asym_count: ExtAsymSelCount
 * @ext_hash_count: ExtHashSelCount
 * @reserved2: ignored
 */
struct spdm_algorithms_rsp {
	struct spdm_header h;
	u8 length[2];
	u8 meas_spec;
	u8 other_params;
	u8 meas_hash[4];
	u8 base_asym[4];
	u8 base_hash[4];
	u8 pqc_asym[4];
	u8 reserved[7];
	u8 mel_spec;
	u8 ext_asym_count;
	u8 ext_hash_count;
	u8 reserved2[2];
};

/**
 * struct spdm_alg_struct - one algorithm structure, 1.1+
 * @type: AlgType
 * @count: AlgCount, SPDM_ALG_COUNT
 * @alg: AlgSupported, or the selected algorithm
 */
struct spdm_alg_struct {
	u8 type;
	u8 count;
	u8 alg[2];
};

/**
 * struct spdm_certificate - GET_CERTIFICATE and CERTIFICATE
 * @h: header, param1 is the slot
 * @offset: Offset; in the response PortionLength
 * @length: Length; in the response RemainderLength
 */
struct spdm_certificate {
	struct spdm_header h;
	u8 offset[2];
	u8 length[2];
};

/**
 * struct spdm_certificate_large - the same with 32-bit fields; 1.4
 * @small: its 16-bit fields are zero, SPDM_CERT_LARGE is set in param1
 * @offset: LargeOffset; in the response LargePortionLength
 * @length: LargeLength; in the response LargeRemainderLength
 */
struct spdm_certificate_large {
	struct spdm_certificate small;
	u8 offset[4];
	u8 length[4];
};

/**
 * struct spdm_challenge_req - CHALLENGE
 * @h: header: param1 is the slot, param2 the requested measurement summary
 * @nonce: Nonce
 * @context: RequesterContext, 1.3+
 */
struct spdm_challenge_req {
	struct spdm_header h;
	u8 nonce[SPDM_NONCE_LEN];
	u8 context[SPDM_CONTEXT_LEN];
};

/**
 * struct spdm_measurements_rsp - MEASUREMENTS up to its record
 * @h: header: param1 the number of indices, param2 the slot
 * @blocks: NumberOfBlocks
 * @record_len: MeasurementRecordLength
 */
struct spdm_measurements_rsp {
	struct spdm_header h;
	u8 blocks;
	u8 record_len[3];
};

/**
 * struct spdm_meas_block - start of a measurement block
 * @index: Index
 * @spec: MeasurementSpecification
 * @size: MeasurementSize
 */
struct spdm_meas_block {
	u8 index;
	u8 spec;
	u8 size[2];
};

/**
 * struct spdm_meas_dmtf - start of a measurement in the format of DMTF
 * @type: DMTFSpecMeasurementValueType
 * @size: DMTFSpecMeasurementValueSize
 */
struct spdm_meas_dmtf {
	u8 type;
	u8 size[2];
};

/**
 * struct spdm_error_rsp - ERROR
 * @h: header: param1 the error code, param2 the error data
 * @data: ExtendedErrorData of ResponseNotReady: RDTExponent, RequestCode,
 *	  Token, RDTM; of LargeResponse only the first byte, Handle
 */
struct spdm_error_rsp {
	struct spdm_header h;
	u8 data[4];
};

/**
 * struct spdm_chunk - CHUNK_GET and CHUNK_RESPONSE, 1.2+
 * @h: header: param1 bit 0 is set in the last chunk, param2 is the handle
 * @seq: ChunkSeqNo
 * @reserved: ignored; 1.4: the upper half of @seq
 * @size: ChunkSize, only in the response; in the first chunk
 *	  LargeMessageSize (four bytes) follows
 */
struct spdm_chunk {
	struct spdm_header h;
	u8 seq[2];
	u8 reserved[2];
	u8 size[4];
};

/**
 * struct spdm_chain_header - start of a certificate chain, table
 *	"Certificate chain format" in DSP0274 1.2.1, 10.6.1
 * @length: length of the whole chain, header included
 * @reserved: ignored; 1.4: the upper half of @length
 *
 * RootHash follows, which has the length of the negotiated hash, and then the
 * certificates.
 */
struct spdm_chain_header {
	u8 length[2];
	u8 reserved[2];
};

#define SPDM_CHALLENGE_LEN_10	(4 + SPDM_NONCE_LEN)

/* Sizes of the messages in the tables of DSP0274. */
_Static_assert(sizeof(struct spdm_header) == 4, "header");
_Static_assert(sizeof(struct spdm_version_rsp) == 6, "VERSION");
_Static_assert(sizeof(struct spdm_capabilities) == 20, "CAPABILITIES");
_Static_assert(sizeof(struct spdm_negotiate_req) == 32, "NEGOTIATE_ALGORITHMS");
_Static_assert(sizeof(struct spdm_algorithms_rsp) == 36, "ALGORITHMS");
_Static_assert(sizeof(struct spdm_alg_struct) == 4, "AlgStruct");
_Static_assert(sizeof(struct spdm_certificate) == 8, "CERTIFICATE");
_Static_assert(sizeof(struct spdm_certificate_large) == 16, "CERTIFICATE 1.4");
_Static_assert(sizeof(struct spdm_challenge_req) == 44, "CHALLENGE");
_Static_assert(sizeof(struct spdm_measurements_rsp) == 8, "MEASUREMENTS");
_Static_assert(sizeof(struct spdm_meas_block) == 4, "measurement block");
_Static_assert(sizeof(struct spdm_meas_dmtf) == 3, "DMTF measurement");
_Static_assert(sizeof(struct spdm_error_rsp) == 8, "ERROR");
_Static_assert(sizeof(struct spdm_chunk) == 12, "CHUNK_RESPONSE");
_Static_assert(sizeof(struct spdm_chain_header) == 4, "chain");

#endif /* CCGUEST_LIB_SPDM_H */
