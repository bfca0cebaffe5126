/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Private to libccguest: the two formats of SEV's certificates.
 *
 * SEV API, appendix C: the firmware's certificate has 2084 bytes. AMD's
 * certificates, ASK and ARK, have a format of their own. All integers are
 * little-endian.
 */
#ifndef CCGUEST_SEV_CERT_H
#define CCGUEST_SEV_CERT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "sev/fault.h"

#define SEV_CERT_LEN		2084
#define SEV_CERT_BODY_LEN	0x414
#define SEV_CERT_SIGS		2
#define SEV_SIG_LEN		512
/* Room for an integer of an elliptic curve, and for a public key. */
#define SEV_EC_INT_LEN		72
#define SEV_PUBKEY_LEN		1028

/* The longest AMD certificate: a key of 4096 bits. */
#define SEV_CA_CERT_MAX		1600

enum sev_usage {
	SEV_USAGE_ARK = 0x0000,
	SEV_USAGE_ASK = 0x0013,
	SEV_USAGE_NONE = 0x1000,
	SEV_USAGE_OCA = 0x1001,
	SEV_USAGE_PEK = 0x1002,
	SEV_USAGE_PDH = 0x1003,
	SEV_USAGE_CEK = 0x1004,
};

enum sev_algo {
	SEV_ALGO_NONE = 0,
	SEV_ALGO_RSA_SHA256 = 0x001,
	SEV_ALGO_ECDSA_SHA256 = 0x002,
	SEV_ALGO_ECDH_SHA256 = 0x003,
	SEV_ALGO_RSA_SHA384 = 0x101,
	SEV_ALGO_ECDSA_SHA384 = 0x102,
	SEV_ALGO_ECDH_SHA384 = 0x103,
};

enum sev_curve {
	SEV_CURVE_P256 = 1,
	SEV_CURVE_P384 = 2,
};

/**
 * struct sev_key - a public key
 * @algo: enum sev_algo, the use of the key
 * @bits: of the modulus or of the curve
 * @len: length of the integers in bytes
 * @a: the exponent, or x
 * @b: the modulus, or y
 */
struct sev_key {
	uint32_t algo;
	unsigned int bits;
	size_t len;
	const uint8_t *a;
	const uint8_t *b;
};

/**
 * struct sev_sig - a signature
 * @usage: enum sev_usage of the signer
 * @algo: enum sev_algo
 * @data: the signature: r and s of SEV_EC_INT_LEN bytes each, or the integer of
 *	  RSA; NULL if the certificate ends before it
 * @len: length of @data in bytes
 */
struct sev_sig {
	uint32_t usage;
	uint32_t algo;
	const uint8_t *data;
	size_t len;
};

/**
 * struct sev_cert - a certificate; pointers lead into the caller's bytes
 * @raw: its first byte
 * @len: its length in bytes
 * @body_len: number of bytes that are signed
 * @usage: enum sev_usage
 * @key: its key
 * @key_id: identifier of its key, 16 bytes; NULL in the firmware's format
 * @signer_id: identifier of the signer's key; NULL in the firmware's format
 * @sigs: its signatures
 * @n_sigs: number of @sigs
 */
struct sev_cert {
	const uint8_t *raw;
	size_t len;
	size_t body_len;
	uint32_t usage;
	struct sev_key key;
	const uint8_t *key_id;
	const uint8_t *signer_id;
	struct sev_sig sigs[SEV_CERT_SIGS];
	size_t n_sigs;
};

#define SEV_KEY_ID_LEN	16

int ccg_sev_cert_parse(const uint8_t *buf, size_t left, struct sev_cert *cert,
		       struct sev_fault *fault);
int ccg_sev_ca_parse(const uint8_t *buf, size_t left, struct sev_cert *cert,
		     struct sev_fault *fault);
void ccg_sev_reverse(uint8_t *to, const uint8_t *from, size_t len);
unsigned int ccg_sev_hash_bits(uint32_t algo);
bool ccg_sev_algo_is_rsa(uint32_t algo);
bool ccg_sev_algo_is_ec(uint32_t algo);

#endif /* CCGUEST_SEV_CERT_H */
