// SPDX-License-Identifier: GPL-2.0-only
/*
 * Revocation lists of AMD. VCEKs and VLEKs are never on a list: a new TCB version
 * takes the place of an old one. The lists are about ASKs and ASVKs.
 */
#include <errno.h>
#include <stdio.h>

#include <openssl/err.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

#include "report/snp_verify.h"

/**
 * struct crl_job - lists that are being checked
 * @j: the job
 * @n: number of lists of the ARK
 * @name: the certificate that is on a list, or NULL
 * @why: what is wrong with a list, or NULL
 */
struct crl_job {
	struct snp_job *j;
	size_t n;
	const char *name;
	const char *why;
};

/* A critical extension changes the meaning of a list. */
static bool has_unknown(const X509_CRL *crl)
{
	for (int i = 0; i < X509_CRL_get_ext_count(crl); i++) {
		X509_EXTENSION *e = X509_CRL_get_ext(crl, i);
		int nid = OBJ_obj2nid(X509_EXTENSION_get_object(e));

		if (X509_EXTENSION_get_critical(e) &&
		    nid != NID_issuing_distribution_point)
			return true;
	}
	return false;
}

static const char *bad_crl(struct crl_job *c, X509_CRL *crl)
{
	EVP_PKEY *ark = X509_get0_pubkey(c->j->built_in->certs[0].x509);
	int last = ASN1_TIME_cmp_time_t(X509_CRL_get0_lastUpdate(crl), c->j->at);
	const ASN1_TIME *next = X509_CRL_get0_nextUpdate(crl);

	if (X509_CRL_verify(crl, ark) != 1)
		return "the ARK did not sign it";
	if (has_unknown(crl))
		return "it has an unknown critical extension";
	if (last != 0 && last != -1)
		return "it is not valid yet";
	if (!next || ASN1_TIME_cmp_time_t(next, c->j->at) < 0)
		return "it has expired";
	return NULL;
}

static void check_one(struct crl_job *c, X509_CRL *crl)
{
	const struct ccg_cert *ark = &c->j->built_in->certs[0];
	X509_REVOKED *entry;

	if (X509_NAME_cmp(X509_CRL_get_issuer(crl),
			  X509_get_subject_name(ark->x509)))
		return;
	c->n++;
	if (!c->why)
		c->why = bad_crl(c, crl);
	if (X509_CRL_get0_by_cert(crl, &entry, ark->x509) == 1)
		c->name = "ARK";
	else if (X509_CRL_get0_by_cert(crl, &entry, c->j->ca->x509) == 1)
		c->name = c->j->ca_name;
}

static int check_all(struct crl_job *c)
{
	const struct ccg_report_want *want = c->j->want;

	for (size_t i = 0; i < want->n_crls; i++) {
		X509_CRL *crl;
		int rc = ccg_crl_at(c->j->r->ctx, want, i, &crl);

		if (rc)
			return rc;
		check_one(c, crl);
		X509_CRL_free(crl);
	}
	ERR_clear_error();
	return 0;
}

static int add_hint(struct snp_job *j)
{
	return ccg_check_hint(j->v, "AMD's key service has the list: /%s/v1/%s/crl",
			      j->vek.role == SNP_VLEK ? "vlek" : "vcek",
			      ccg_snp_product_name(j->product));
}

/**
 * ccg_snp_check_crls - look for the issuer in the revocation lists
 * @j: the job
 *
 * Return: 0 or a negative errno.
 */
int ccg_snp_check_crls(struct snp_job *j)
{
	struct crl_job c = { .j = j };
	int rc;

	if (!j->want->n_crls)
		return ccg_check_add(j->v, "revocation", CCG_CHECK_SKIPPED,
				     "no revocation list was given");
	if (!j->ca)
		return ccg_check_add(j->v, "revocation", CCG_CHECK_SKIPPED,
				     "the chain is not known");
	rc = check_all(&c);
	if (rc)
		return rc;
	if (!c.n)
		rc = ccg_check_add(j->v, "revocation", CCG_CHECK_FAILED,
				   "no revocation list is of ARK-%s",
				   ccg_snp_product_name(j->product));
	else if (c.why)
		rc = ccg_check_add(j->v, "revocation", CCG_CHECK_FAILED,
				   "the revocation list of the ARK is not good: %s",
				   c.why);
	else if (c.name)
		return ccg_check_add(j->v, "revocation", CCG_CHECK_FAILED,
				     "the %s was revoked", c.name);
	else
		return ccg_check_add(j->v, "revocation", CCG_CHECK_OK,
				     "neither the %s nor the ARK was revoked",
				     j->ca_name);
	return rc ? rc : add_hint(j);
}
