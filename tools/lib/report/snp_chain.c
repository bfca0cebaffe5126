// SPDX-License-Identifier: GPL-2.0-only
/*
 * The certificates above the one that signed a report of SEV-SNP: the pinned root,
 * and the chain.
 */
#include <errno.h>
#include <string.h>

#include <openssl/err.h>
#include <openssl/x509.h>
#include <openssl/x509_vfy.h>

#include "report/snp_verify.h"

/* ---- the root ---- */

/* The ARK is the first certificate of a root. */
static bool is_ark_of(const struct snp_root *root, const struct ccg_cert *cert)
{
	return cert->der_len <= root->len &&
	       !memcmp(cert->der, root->buf, cert->der_len);
}

/**
 * struct arks - the ARKs among certificates
 * @n: their number
 * @own: one is the pinned ARK of the product
 * @foreign: one is of no product
 */
struct arks {
	size_t n;
	bool own;
	bool foreign;
};

/* Every certificate with the name of an ARK must be a pinned one. */
static void find_arks(const struct snp_job *j, const struct ccg_certs *certs,
		      struct arks *a)
{
	enum ccg_snp_product product;
	const struct snp_root *root;

	for (size_t i = 0; certs && i < certs->n; i++) {
		const struct ccg_cert *cert = &certs->certs[i];
		bool known = false;

		if (ccg_snp_cert_role(cert, &product) != SNP_ARK)
			continue;
		a->n++;
		for (size_t k = 0; (root = ccg_snp_root_at(k)); k++) {
			if (!is_ark_of(root, cert))
				continue;
			known = true;
			a->own |= root->product == j->product;
		}
		a->foreign |= !known;
	}
}

static int load_root(struct snp_job *j)
{
	const struct snp_root *root = NULL;

	for (size_t i = 0; (root = ccg_snp_root_at(i)); i++)
		if (root->product == j->product)
			return ccg_certs_parse(j->r->ctx, "the built-in root",
					       root->buf, root->len, &j->built_in);
	return 0;
}

/**
 * ccg_snp_check_root - find the pinned root, and compare the given one
 * @j: the job; its @built_in is set
 *
 * Return: 0 or a negative errno.
 */
int ccg_snp_check_root(struct snp_job *j)
{
	const char *product = ccg_snp_product_name(j->product);
	struct arks a = { 0 };
	int rc;

	if (!product)
		return ccg_check_add(j->v, "root", CCG_CHECK_SKIPPED,
				     "the product is not known");
	rc = load_root(j);
	if (rc)
		return rc;
	if (!j->built_in)
		return ccg_check_add(j->v, "root", CCG_CHECK_FAILED,
				     "this version of ccguest does not know the ARK of %s",
				     product);
	find_arks(j, j->want->certs, &a);
	find_arks(j, j->r->certs, &a);
	if (a.foreign)
		return ccg_check_add(j->v, "root", CCG_CHECK_FAILED,
				     "an ARK among the certificates is not one of AMD's");
	if (a.n && !a.own)
		return ccg_check_add(j->v, "root", CCG_CHECK_FAILED,
				     "the ARK among the certificates is of another product than %s",
				     product);
	return ccg_check_add(j->v, "root", CCG_CHECK_OK,
			     "ARK-%s, SHA-256 %s, built in%s", product,
			     j->built_in->certs[0].fingerprint,
			     a.n ? "; the given ARK is the same" : "");
}

/* ---- the chain ---- */

/**
 * struct result - the result of verifying one chain
 * @error: 0 or an error of OpenSSL, X509_V_ERR_...
 * @depth: the certificate with the error: 0 for the lowest
 */
struct result {
	int error;
	int depth;
};

/* Returns -ENOMEM, or 0 with *@res set. */
static int verify_with(const struct snp_job *j, const struct ccg_cert *ca,
		       struct result *res)
{
	X509_STORE *store = X509_STORE_new();
	X509_STORE_CTX *ctx = X509_STORE_CTX_new();
	struct stack_st_X509 *between = sk_X509_new_null();
	int rc = -ENOMEM;

	if (store && ctx && between && sk_X509_push(between, ca->x509) > 0 &&
	    X509_STORE_add_cert(store, j->built_in->certs[0].x509) == 1 &&
	    X509_STORE_CTX_init(ctx, store, j->vek.cert->x509, between) == 1) {
		X509_STORE_CTX_set_time(ctx, 0, j->at);
		X509_verify_cert(ctx);
		res->error = X509_STORE_CTX_get_error(ctx);
		res->depth = X509_STORE_CTX_get_error_depth(ctx);
		/* OpenSSL may end a chain early: all three are required. */
		if (!res->error && sk_X509_num(X509_STORE_CTX_get0_chain(ctx)) != 3)
			res->error = X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY;
		rc = res->error == X509_V_ERR_OUT_OF_MEM ? -ENOMEM : 0;
	}
	sk_X509_free(between);
	X509_STORE_CTX_free(ctx);
	X509_STORE_free(store);
	ERR_clear_error();
	return rc;
}

static enum snp_role ca_role(const struct snp_job *j)
{
	return j->vek.role == SNP_VLEK ? SNP_ASVK : SNP_ASK;
}

/**
 * struct search - a search for the issuer
 * @n: number of certificates that may be the issuer
 * @any: number of certificates of any issuer
 * @res: the result of the last
 */
struct search {
	size_t n;
	size_t any;
	struct result res;
};

/* Sets the job's @ca to the one that verifies, or else to the last one. */
static int try_certs(struct snp_job *j, const struct ccg_certs *certs,
		     struct search *s)
{
	for (size_t i = 0; certs && i < certs->n; i++) {
		enum ccg_snp_product product;
		enum snp_role role = ccg_snp_cert_role(&certs->certs[i], &product);
		int rc;

		s->any += role == SNP_ASK || role == SNP_ASVK;
		if (role != ca_role(j) || product != j->product)
			continue;
		if (s->n && !s->res.error)
			return 0;
		j->ca = &certs->certs[i];
		rc = verify_with(j, j->ca, &s->res);
		if (rc)
			return rc;
		s->n++;
	}
	return 0;
}

/*
 * An ASK or ASVK that the user gave takes the place of the built-in ones. What the
 * host put into the table of the report does not.
 */
static int try_all(struct snp_job *j, struct search *s)
{
	size_t given;
	int rc = try_certs(j, j->want->certs, s);

	given = s->any;
	if (!rc)
		rc = try_certs(j, j->r->certs, s);
	if (!rc && !given)
		rc = try_certs(j, j->built_in, s);
	return rc;
}

static int no_issuer(struct snp_job *j)
{
	bool vlek = j->vek.role == SNP_VLEK;
	int rc;

	rc = ccg_check_add(j->v, "chain", CCG_CHECK_FAILED,
			   "the %s is not signed by a certificate of --certs: none is the %s of %s",
			   j->name, j->ca_name, ccg_snp_product_name(j->product));
	return rc ? rc : ccg_check_hint(j->v,
					"an %s signs a %s: give the one of /%s/v1/%s/cert_chain, or none, as ccguest has it",
					j->ca_name, j->name, vlek ? "vlek" : "vcek",
					ccg_snp_product_name(j->product));
}

static int bad_time(struct snp_job *j, const struct result *res)
{
	const struct ccg_cert *certs[] = {
		j->vek.cert, j->ca, &j->built_in->certs[0],
	};
	const char *const names[] = { j->name, j->ca_name, "ARK" };
	const struct ccg_cert *cert = certs[res->depth];
	bool old = res->error == X509_V_ERR_CERT_HAS_EXPIRED;
	int rc;

	rc = ccg_check_add(j->v, "chain", CCG_CHECK_FAILED,
			   "the %s %s: it is valid from %s to %s", names[res->depth],
			   old ? "has expired" : "is not valid yet",
			   cert->not_before, cert->not_after);
	return rc ? rc : ccg_check_hint(j->v,
					"--at verifies at another time, as that at which you got the report");
}

static int bad_chain(struct snp_job *j, const struct result *res)
{
	const char *const names[] = { j->name, j->ca_name, "ARK" };
	int depth = res->depth < 0 || res->depth > 2 ? 2 : res->depth;
	const struct result r = { res->error, depth };

	switch (res->error) {
	case X509_V_ERR_CERT_HAS_EXPIRED:
	case X509_V_ERR_CERT_NOT_YET_VALID:
		return bad_time(j, &r);
	case X509_V_ERR_CERT_SIGNATURE_FAILURE:
	case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT:
	case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY:
	case X509_V_ERR_UNABLE_TO_VERIFY_LEAF_SIGNATURE:
		if (depth == 2)
			break;
		return ccg_check_add(j->v, "chain", CCG_CHECK_FAILED,
				     "the %s is not signed by the %s of %s",
				     names[depth], names[depth + 1],
				     ccg_snp_product_name(j->product));
	default:
		break;
	}
	return ccg_check_add(j->v, "chain", CCG_CHECK_FAILED, "%s: %s",
			     names[depth], X509_verify_cert_error_string(res->error));
}

/**
 * ccg_snp_check_chain - verify the certificates up to the pinned root
 * @j: the job; its @ca is set
 *
 * Return: 0 or -ENOMEM.
 */
int ccg_snp_check_chain(struct snp_job *j)
{
	struct search s = { 0 };
	int rc;

	if (!j->has_vek || !j->built_in)
		return ccg_check_add(j->v, "chain", CCG_CHECK_SKIPPED,
				     j->has_vek ? "there is no root" :
				     "there is no %s", j->name);
	if (j->vek.issuer != ca_role(j))
		return ccg_check_add(j->v, "chain", CCG_CHECK_FAILED,
				     "the issuer of the %s is %s, and not an %s",
				     j->name, j->vek.cert->issuer, j->ca_name);
	rc = try_all(j, &s);
	if (rc)
		return rc;
	if (!s.n)
		return no_issuer(j);
	if (s.res.error)
		return bad_chain(j, &s.res);
	return ccg_check_add(j->v, "chain", CCG_CHECK_OK,
			     "%s, %s and ARK of %s are valid", j->name, j->ca_name,
			     ccg_snp_product_name(j->product));
}
