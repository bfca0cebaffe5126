// SPDX-License-Identifier: GPL-2.0-only
/*
 * The signature of a report of SEV-SNP.
 */
#include <errno.h>
#include <string.h>

#include <openssl/evp.h>
#include <openssl/x509.h>

#include "report/snp_verify.h"
#include "x509/ecdsa.h"

/* R and S are little-endian numbers of 72 bytes, of which P-384 uses 48. */
#define FIELD_LEN	72
#define P384_LEN	48

/* The order of P-384, SEC 2, 2.5.1; big-endian. */
static const uint8_t order[P384_LEN] = {
	0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
	0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
	0xc7, 0x63, 0x4d, 0x81, 0xf4, 0x37, 0x2d, 0xdf, 0x58, 0x1a, 0x0d, 0xb2,
	0x48, 0xb0, 0xa7, 0x7a, 0xec, 0xec, 0x19, 0x6a, 0xcc, 0xc5, 0x29, 0x73,
};

/* Returns false unless the number is larger than 0 and less than the order. */
static bool take_number(const uint8_t *field, uint8_t number[P384_LEN])
{
	uint8_t any = 0;

	for (size_t i = P384_LEN; i < FIELD_LEN; i++)
		if (field[i])
			return false;
	for (size_t i = 0; i < P384_LEN; i++) {
		number[i] = field[P384_LEN - 1 - i];
		any |= number[i];
	}
	return any && memcmp(number, order, P384_LEN) < 0;
}

/* -ENOMEM, 0 for an invalid signature, 1 for a valid one */
static int is_signed(const struct snp_job *j, const uint8_t rs[2 * P384_LEN])
{
	EVP_PKEY *key = X509_get0_pubkey(j->vek.cert->x509);
	uint8_t der[CCG_ECDSA_DER_MAX];
	int n = ccg_ecdsa_to_der(rs, 2 * P384_LEN, der);
	EVP_MD_CTX *ctx = EVP_MD_CTX_new();
	int rc = -ENOMEM;

	if (n && ctx && key &&
	    EVP_DigestVerifyInit(ctx, NULL, EVP_sha384(), NULL, key) == 1)
		rc = EVP_DigestVerify(ctx, der, n, j->s->bytes,
				      CCG_SNP_SIGNED_LEN) == 1;
	EVP_MD_CTX_free(ctx);
	return rc;
}

static int add_wrong_key(struct snp_job *j)
{
	char path[256];
	int rc;

	rc = ccg_check_add(j->v, "signature", CCG_CHECK_FAILED,
			   "the key of the %s did not sign this report", j->name);
	if (rc)
		return rc;
	ccg_snp_key_path(j->s, j->product, path, sizeof(path));
	if (!*path)
		return ccg_check_hint(j->v, "the report was changed, or the %s is of another %s",
				      j->name, j->vek.role == SNP_VLEK ?
				      "provider or TCB" : "chip or TCB");
	return ccg_check_hint(j->v, "the report was changed, or the VCEK is another than %s",
			      path);
}

/**
 * ccg_snp_check_signature - verify the signature over the bytes as received
 * @j: the job
 *
 * Return: 0 or -ENOMEM.
 */
int ccg_snp_check_signature(struct snp_job *j)
{
	const uint8_t *sig = j->s->bytes + CCG_SNP_SIGNED_LEN;
	uint8_t rs[2 * P384_LEN];
	int rc;

	if (!take_number(sig, rs))
		return ccg_check_add(j->v, "signature", CCG_CHECK_FAILED,
				     "R is 0, or not less than the order of the curve");
	if (!take_number(sig + FIELD_LEN, rs + P384_LEN))
		return ccg_check_add(j->v, "signature", CCG_CHECK_FAILED,
				     "S is 0, or not less than the order of the curve");
	if (!j->has_vek)
		return ccg_check_add(j->v, "signature", CCG_CHECK_SKIPPED,
				     "there is no %s", j->name);
	rc = is_signed(j, rs);
	if (rc < 0)
		return rc;
	if (rc)
		return ccg_check_add(j->v, "signature", CCG_CHECK_OK,
				     "the key of the %s signed the report, ECDSA P-384 with SHA-384",
				     j->name);
	return add_wrong_key(j);
}
