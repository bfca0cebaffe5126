// SPDX-License-Identifier: GPL-2.0-only
/*
 * Parsers of SEV's certificates. They check the form; verify.c checks the
 * signatures.
 */
#include <errno.h>

#include "core/ctx.h"
#include "core/text.h"
#include "env.h"
#include "sev/cert.h"

/* Offsets in the firmware's certificate. */
#define CERT_USAGE	0x08
#define CERT_ALGO	0x0c
#define CERT_PUBKEY	0x10
#define CERT_SIG	SEV_CERT_BODY_LEN
#define CERT_SIG_LEN	(8 + SEV_SIG_LEN)

/* Offsets in AMD's certificate. */
#define CA_KEY_ID	0x04
#define CA_SIGNER_ID	0x14
#define CA_USAGE	0x24
#define CA_EXPONENT	0x38
#define CA_MODULUS	0x3c
#define CA_INTEGERS	0x40

/* Integers of the firmware's RSA keys have room for 4096 bits. */
#define RSA_INT_LEN	512

struct algo {
	uint32_t algo;
	unsigned int hash_bits;
	bool rsa;
};

static const struct algo algos[] = {
	{ SEV_ALGO_RSA_SHA256, 256, true },
	{ SEV_ALGO_ECDSA_SHA256, 256, false },
	{ SEV_ALGO_ECDH_SHA256, 256, false },
	{ SEV_ALGO_RSA_SHA384, 384, true },
	{ SEV_ALGO_ECDSA_SHA384, 384, false },
	{ SEV_ALGO_ECDH_SHA384, 384, false },
};

static const struct algo *find_algo(uint32_t algo)
{
	for (size_t i = 0; i < ARRAY_SIZE(algos); i++)
		if (algos[i].algo == algo)
			return &algos[i];
	return NULL;
}

/**
 * ccg_sev_hash_bits - get the length of the digest of an algorithm
 * @algo: enum sev_algo
 *
 * Return: 256 or 384; 0 if the algorithm is unknown.
 */
unsigned int ccg_sev_hash_bits(uint32_t algo)
{
	const struct algo *a = find_algo(algo);

	return a ? a->hash_bits : 0;
}

/**
 * ccg_sev_algo_is_rsa - find out whether an algorithm uses RSA
 * @algo: enum sev_algo
 *
 * Return: true if it is known and uses RSA.
 */
bool ccg_sev_algo_is_rsa(uint32_t algo)
{
	const struct algo *a = find_algo(algo);

	return a && a->rsa;
}

/**
 * ccg_sev_algo_is_ec - find out whether an algorithm uses elliptic curves
 * @algo: enum sev_algo
 *
 * Return: true if it is known and uses a curve.
 */
bool ccg_sev_algo_is_ec(uint32_t algo)
{
	const struct algo *a = find_algo(algo);

	return a && !a->rsa;
}

/**
 * ccg_sev_reverse - convert an integer between little-endian and big-endian
 * @to: set to the bytes of @from in reverse order
 * @from: the integer
 * @len: its length in bytes
 */
void ccg_sev_reverse(uint8_t *to, const uint8_t *from, size_t len)
{
	for (size_t i = 0; i < len; i++)
		to[i] = from[len - 1 - i];
}

static int bad(struct sev_fault *fault, const char *what, size_t at,
	       uint64_t value)
{
	return sev_fault_at(fault, what, at, value, 0);
}

static int parse_version(const uint8_t *buf, size_t left,
			 struct sev_fault *fault)
{
	if (left < 4)
		return bad(fault, "the certificate is truncated", 0, left);
	if (get_unaligned_le32(buf) != 1)
		return bad(fault, "the version is not 1", 0,
			   get_unaligned_le32(buf));
	return 0;
}

static int parse_ec_key(const uint8_t *p, struct sev_key *key,
			struct sev_fault *fault)
{
	uint32_t curve = get_unaligned_le32(p);

	if (curve != SEV_CURVE_P256 && curve != SEV_CURVE_P384)
		return bad(fault, "the curve is neither P-256 nor P-384",
			   CERT_PUBKEY, curve);
	key->bits = curve == SEV_CURVE_P256 ? 256 : 384;
	key->len = key->bits / 8;
	key->a = p + 4;
	key->b = key->a + SEV_EC_INT_LEN;
	return 0;
}

static int parse_rsa_bits(uint32_t bits, size_t at, struct sev_key *key,
			  struct sev_fault *fault)
{
	if (bits != 2048 && bits != 4096)
		return bad(fault, "the modulus has neither 2048 nor 4096 bits",
			   at, bits);
	key->bits = bits;
	key->len = bits / 8;
	return 0;
}

static int parse_key(const uint8_t *buf, struct sev_key *key,
		     struct sev_fault *fault)
{
	const uint8_t *p = buf + CERT_PUBKEY;

	key->algo = get_unaligned_le32(buf + CERT_ALGO);
	if (ccg_sev_algo_is_ec(key->algo))
		return parse_ec_key(p, key, fault);
	if (!ccg_sev_algo_is_rsa(key->algo))
		return bad(fault, "the algorithm is unknown", CERT_ALGO,
			   key->algo);
	key->a = p + 4;
	key->b = key->a + RSA_INT_LEN;
	return parse_rsa_bits(get_unaligned_le32(p), CERT_PUBKEY, key, fault);
}

/**
 * ccg_sev_cert_parse - parse a certificate of the firmware: PDH, PEK, OCA, CEK
 * @buf: the bytes; more may follow the certificate
 * @left: number of bytes
 * @cert: set to the certificate
 * @fault: set to the reason of a failure
 *
 * A signature of an unknown usage or algorithm is left as it is: some CEKs have
 * such values in the slot that they do not use.
 *
 * Return: 0 or -EBADMSG.
 */
int ccg_sev_cert_parse(const uint8_t *buf, size_t left, struct sev_cert *cert,
		       struct sev_fault *fault)
{
	int rc;

	*cert = (struct sev_cert) { .raw = buf };
	rc = parse_version(buf, left, fault);
	if (rc)
		return rc;
	if (left < SEV_CERT_LEN)
		return bad(fault, "the certificate is truncated", 0, left);

	cert->len = SEV_CERT_LEN;
	cert->body_len = SEV_CERT_BODY_LEN;
	cert->usage = get_unaligned_le32(buf + CERT_USAGE);
	rc = parse_key(buf, &cert->key, fault);
	if (rc)
		return rc;
	for (cert->n_sigs = 0; cert->n_sigs < SEV_CERT_SIGS; cert->n_sigs++) {
		const uint8_t *p = buf + CERT_SIG + cert->n_sigs * CERT_SIG_LEN;

		cert->sigs[cert->n_sigs] = (struct sev_sig) {
			.usage = get_unaligned_le32(p),
			.algo = get_unaligned_le32(p + 4),
			.data = p + 8,
			.len = SEV_SIG_LEN,
		};
	}
	return 0;
}

/**
 * ccg_sev_ca_parse - parse a certificate of AMD: ASK, ARK
 * @buf: the bytes; more may follow the certificate
 * @left: number of bytes
 * @cert: set to the certificate
 * @fault: set to the reason of a failure
 *
 * The ARK of Naples was published without its signature. If the bytes end where
 * the signature should begin, @cert->n_sigs is 0.
 *
 * Return: 0 or -EBADMSG.
 */
int ccg_sev_ca_parse(const uint8_t *buf, size_t left, struct sev_cert *cert,
		     struct sev_fault *fault)
{
	struct sev_key *key = &cert->key;
	uint32_t bits;
	int rc;

	*cert = (struct sev_cert) { .raw = buf };
	rc = parse_version(buf, left, fault);
	if (rc)
		return rc;
	if (left < CA_INTEGERS)
		return bad(fault, "the certificate is truncated", 0, left);

	cert->usage = get_unaligned_le32(buf + CA_USAGE);
	cert->key_id = buf + CA_KEY_ID;
	cert->signer_id = buf + CA_SIGNER_ID;
	bits = get_unaligned_le32(buf + CA_MODULUS);
	rc = parse_rsa_bits(bits, CA_MODULUS, key, fault);
	if (rc)
		return rc;
	if (get_unaligned_le32(buf + CA_EXPONENT) != bits)
		return bad(fault, "exponent and modulus differ in length",
			   CA_EXPONENT, get_unaligned_le32(buf + CA_EXPONENT));
	key->algo = bits == 2048 ? SEV_ALGO_RSA_SHA256 : SEV_ALGO_RSA_SHA384;
	key->a = buf + CA_INTEGERS;
	key->b = key->a + key->len;
	cert->body_len = CA_INTEGERS + 2 * key->len;
	cert->len = cert->body_len;
	if (left == cert->body_len)
		return 0;

	cert->len += key->len;
	if (left < cert->len)
		return bad(fault, "the certificate is truncated", 0, left);
	cert->n_sigs = 1;
	cert->sigs[0] = (struct sev_sig) {
		.usage = SEV_USAGE_ARK,
		.algo = key->algo,
		.data = buf + cert->body_len,
		.len = key->len,
	};
	return 0;
}
