// SPDX-License-Identifier: GPL-2.0-only
/*
 * Verification of quotes of TDX: the checks, from the root to the quote.
 *
 * The PCK certificate certifies the quoting enclave, which certifies the attestation
 * key, which signs the quote. Any enclave that may use the provisioning key gets such
 * a certification, so the quoting enclave must be Intel's.
 */
#include <errno.h>
#include <string.h>

#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/x509.h>

#include "env.h"
#include "report/tdx_verify.h"
#include "x509/ecdsa.h"

/* The report of the quoting enclave; Intel SDM, volume 3D, "REPORT". */
#define QE_MISCSELECT	16
#define QE_ATTRIBUTES	48
#define QE_MRSIGNER	128
#define QE_ISVPRODID	256
#define QE_REPORT_DATA	320

#define HASH_LEN	32

/* Intel's quoting enclave for TDs; its identity at Intel's service is "TD_QE". */
static const u8 qe_vendor[16] = {
	0x93, 0x9a, 0x72, 0x33, 0xf7, 0x9c, 0x4c, 0xa9,
	0x94, 0x0a, 0x0d, 0xb3, 0x95, 0x7f, 0x06, 0x07,
};

static const u8 qe_signer[HASH_LEN] = {
	0xdc, 0x9e, 0x2a, 0x7c, 0x6f, 0x94, 0x8f, 0x17,
	0x47, 0x4e, 0x34, 0xa7, 0xfc, 0x43, 0xed, 0x03,
	0x0f, 0x7c, 0x15, 0x63, 0xf1, 0xba, 0xbd, 0xdf,
	0x63, 0x40, 0xc8, 0x2e, 0x0e, 0x54, 0xa8, 0xc5,
};

#define QE_PRODUCT	2
/* All attributes but MODE64BIT (0x04): INIT and PROVISIONKEY are set, not DEBUG. */
#define QE_FLAGS_MASK	0xfffffffffffffffbULL
#define QE_FLAGS	0x11ULL

static int check_pck_signature(struct tdx_job *j)
{
	const struct ccg_cert *pck = j->certs ? &j->certs->certs[0] : NULL;
	EVP_PKEY *key;
	int rc;

	if (!pck)
		return ccg_check_add(j->v, "qe_signature", CCG_CHECK_SKIPPED,
				     "there are no certificates");
	/* Other keys do not sign with SHA-256. */
	key = pck->key && !strcmp(pck->key, "EC P-256") ?
	      X509_get0_pubkey(pck->x509) : NULL;
	rc = key ? ccg_ecdsa_verify(key, "SHA256", j->q->qe_signature, TDX_SIG_LEN,
				    j->q->qe_report, TDX_QE_REPORT_LEN) :
		   -EKEYREJECTED;
	if (rc == -ENOMEM)
		return rc;
	if (rc)
		return ccg_check_add(j->v, "qe_signature", CCG_CHECK_FAILED,
				     "the key of the PCK certificate did not sign the report of the quoting enclave");
	return ccg_check_add(j->v, "qe_signature", CCG_CHECK_OK,
			     "the key of the PCK certificate signed the report of the quoting enclave");
}

static const char *wrong_enclave(const struct tdx_quote *q)
{
	const u8 *p = q->qe_report;

	if (memcmp(p + QE_MRSIGNER, qe_signer, sizeof(qe_signer)))
		return "MRSIGNER is not that of Intel's quoting enclaves";
	if (get_unaligned_le16(p + QE_ISVPRODID) != QE_PRODUCT)
		return "ISVPRODID is not 2, the quoting enclave for TDs";
	if ((get_unaligned_le64(p + QE_ATTRIBUTES) & QE_FLAGS_MASK) != QE_FLAGS)
		return "ATTRIBUTES are not those of a quoting enclave in production";
	if (get_unaligned_le32(p + QE_MISCSELECT))
		return "MISCSELECT is not 0";
	if (memcmp(q->t.qe_vendor, qe_vendor, sizeof(qe_vendor)))
		return "the vendor in the header of the quote is not Intel";
	return NULL;
}

static int check_enclave(struct tdx_job *j)
{
	const char *why = wrong_enclave(j->q);

	if (why)
		return ccg_check_add(j->v, "quoting_enclave", CCG_CHECK_FAILED, "%s",
				     why);
	return ccg_check_add(j->v, "quoting_enclave", CCG_CHECK_OK,
			     "the quoting enclave is Intel's");
}

/* The report data has the hash of the key, followed by zeros. */
static int check_key(struct tdx_job *j)
{
	const struct tdx_quote *q = j->q;
	EVP_MD_CTX *ctx = EVP_MD_CTX_new();
	u8 expected[64] = { 0 };
	int rc = -ENOMEM;

	if (ctx && EVP_DigestInit_ex(ctx, EVP_sha256(), NULL) == 1 &&
	    EVP_DigestUpdate(ctx, q->key, TDX_KEY_LEN) == 1 &&
	    EVP_DigestUpdate(ctx, q->qe_auth.p, q->qe_auth.len) == 1 &&
	    EVP_DigestFinal_ex(ctx, expected, NULL) == 1)
		rc = 0;
	EVP_MD_CTX_free(ctx);
	if (rc)
		return rc;
	if (memcmp(expected, q->qe_report + QE_REPORT_DATA, sizeof(expected)))
		return ccg_check_add(j->v, "attestation_key", CCG_CHECK_FAILED,
				     "the quoting enclave did not certify the attestation key");
	return ccg_check_add(j->v, "attestation_key", CCG_CHECK_OK,
			     "the report of the quoting enclave has the hash of the attestation key");
}

static int check_signature(struct tdx_job *j)
{
	u8 point[1 + TDX_KEY_LEN] = { POINT_CONVERSION_UNCOMPRESSED };
	EVP_PKEY *key;
	int rc;

	memcpy(point + 1, j->q->key, TDX_KEY_LEN);
	key = ccg_ecdsa_key("prime256v1", point, sizeof(point));
	if (!key)
		return ccg_check_add(j->v, "signature", CCG_CHECK_FAILED,
				     "the attestation key is not a point of P-256");
	rc = ccg_ecdsa_verify(key, "SHA256", j->q->signature, TDX_SIG_LEN,
			      j->q->body.p, j->q->body.len);
	EVP_PKEY_free(key);
	if (rc == -ENOMEM)
		return rc;
	if (!rc)
		return ccg_check_add(j->v, "signature", CCG_CHECK_OK,
				     "the attestation key signed the quote, ECDSA P-256 with SHA-256");
	rc = ccg_check_add(j->v, "signature", CCG_CHECK_FAILED,
			   "the attestation key did not sign this quote");
	return rc ? rc : ccg_check_hint(j->v, "the quote was changed: get it again");
}

/* Attributes of the TDX module; those of a module in production are 0. */
static int check_module(struct tdx_job *j)
{
	if (!j->q->t.seam_attributes)
		return ccg_check_add(j->v, "seam_attributes", CCG_CHECK_OK,
				     "the TDX module is one for production");
	return ccg_check_add(j->v, "seam_attributes", CCG_CHECK_FAILED,
			     "SEAM attributes are %#llx: the TDX module is not one for production",
			     (unsigned long long)j->q->t.seam_attributes);
}

static int check_all(struct tdx_job *j)
{
	static int (*const checks[])(struct tdx_job *) = {
		ccg_tdx_check_certificates, check_pck_signature, check_enclave,
		check_key, check_signature, check_module, ccg_tdx_check_platform,
	};

	for (size_t i = 0; i < ARRAY_SIZE(checks); i++) {
		int rc = checks[i](j);

		if (rc)
			return rc;
	}
	return ccg_check_nonce(j->v, j->q->t.report_data, j->want);
}

/**
 * ccg_tdx_verify - make the checks of a quote of TDX before those of a policy
 * @r: the report
 * @want: what it is verified against
 * @v: the checks are added
 *
 * Return: 0 or a negative errno.
 */
int ccg_tdx_verify(struct ccg_report *r, const struct ccg_report_want *want,
		   struct ccg_report_verdict *v)
{
	struct tdx_job j = {
		.r = r,
		.q = r->quote,
		.want = want,
		.v = v,
		.at = want->at ? want->at : time(NULL),
	};
	int rc = check_all(&j);

	ccg_certs_free(j.certs);
	return rc;
}
