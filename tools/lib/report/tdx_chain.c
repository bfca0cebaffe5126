// SPDX-License-Identifier: GPL-2.0-only
/*
 * The certificates of a quote of TDX: PCK certificate, PCK CA, and the pinned root.
 */
#include <errno.h>
#include <string.h>

#include <openssl/err.h>
#include <openssl/x509.h>
#include <openssl/x509_vfy.h>

#include "report/tdx_verify.h"

#define CHAIN_LEN	3

static const char *const names[CHAIN_LEN] = { "PCK certificate", "PCK CA", "root" };

/* ---- the certificates of the quote ---- */

/* Zeros may end the text. */
static size_t text_len(const struct ccg_bytes *chain)
{
	size_t len = chain->len;

	while (len && !chain->p[len - 1])
		len--;
	return len;
}

static int take_certs(struct tdx_job *j)
{
	int rc = ccg_certs_parse(j->r->ctx, j->r->name, j->q->chain.p,
				 text_len(&j->q->chain), &j->certs);

	if (rc == -ENOMEM)
		return rc;
	if (rc) {
		j->certs = NULL;
		return ccg_check_add(j->v, "certificate", CCG_CHECK_FAILED,
				     "the certificates in the quote: %s",
				     ccg_error(j->r->ctx)->why);
	}
	return ccg_check_add(j->v, "certificate", CCG_CHECK_OK,
			     "the quote has the %s, SHA-256 %s", names[0],
			     j->certs->certs[0].fingerprint);
}

/* ---- the root ---- */

static bool is_pinned(const struct ccg_cert *cert)
{
	const char *root;

	for (size_t i = 0; (root = ccg_tdx_root_at(i)); i++)
		if (!strcmp(cert->fingerprint, root))
			return true;
	return false;
}

/* Returns a certificate that has signed itself, where none is the pinned root. */
static const struct ccg_cert *find_root(struct tdx_job *j,
					const struct ccg_certs *certs)
{
	const struct ccg_cert *other = NULL;

	for (size_t i = 0; certs && i < certs->n; i++) {
		const struct ccg_cert *cert = &certs->certs[i];

		if (is_pinned(cert)) {
			j->root = cert;
			return NULL;
		}
		if (!strcmp(cert->subject, cert->issuer))
			other = cert;
	}
	return other;
}

static int check_root(struct tdx_job *j)
{
	const struct ccg_cert *other = find_root(j, j->certs);

	if (!j->root)
		find_root(j, j->want->certs);
	if (j->root)
		return ccg_check_add(j->v, "root", CCG_CHECK_OK,
				     "Intel SGX Root CA, SHA-256 %s",
				     j->root->fingerprint);
	if (!j->certs)
		return ccg_check_add(j->v, "root", CCG_CHECK_SKIPPED,
				     "there are no certificates");
	if (other)
		return ccg_check_add(j->v, "root", CCG_CHECK_FAILED,
				     "the root is not Intel's: its SHA-256 is %s",
				     other->fingerprint);
	return ccg_check_add(j->v, "root", CCG_CHECK_FAILED,
			     "neither the quote nor --certs has Intel's SGX root CA");
}

/* ---- the chain ---- */

/**
 * struct result - the result of a verification by OpenSSL
 * @error: the first error, X509_V_ERR_...; or 0
 * @depth: the certificate with the error: 0 for the PCK certificate
 * @missing: bit @depth is set where there is no revocation list
 */
struct result {
	int error;
	int depth;
	unsigned int missing;
};

/* A revocation list that is missing is no error: others may be there. */
static int on_error(int good, X509_STORE_CTX *ctx)
{
	struct result *res = X509_STORE_CTX_get_app_data(ctx);
	int error = X509_STORE_CTX_get_error(ctx);
	int depth = X509_STORE_CTX_get_error_depth(ctx);

	if (good)
		return 1;
	if (error == X509_V_ERR_UNABLE_TO_GET_CRL && depth >= 0 && depth < CHAIN_LEN) {
		res->missing |= 1U << depth;
		return 1;
	}
	if (!res->error) {
		res->error = error;
		res->depth = depth;
	}
	return 0;
}

static bool push_all(struct stack_st_X509 *between, const struct ccg_certs *certs)
{
	for (size_t i = 0; certs && i < certs->n; i++)
		if (sk_X509_push(between, certs->certs[i].x509) <= 0)
			return false;
	return true;
}

static bool run(struct tdx_job *j, X509_STORE *store, struct stack_st_X509 *between,
		unsigned long flags, struct result *res)
{
	X509_STORE_CTX *ctx = X509_STORE_CTX_new();
	bool done = false;

	if (ctx && X509_STORE_CTX_init(ctx, store, j->certs->certs[0].x509, between) == 1 &&
	    X509_STORE_CTX_set_app_data(ctx, res) == 1) {
		X509_STORE_CTX_set_time(ctx, 0, j->at);
		X509_STORE_CTX_set_flags(ctx, flags);
		X509_STORE_CTX_set_verify_cb(ctx, on_error);
		if (X509_verify_cert(ctx) != 1 && !res->error) {
			res->error = X509_V_ERR_UNSPECIFIED;
			res->depth = 0;
		}
		if (!res->error &&
		    sk_X509_num(X509_STORE_CTX_get0_chain(ctx)) != CHAIN_LEN) {
			res->error = X509_V_ERR_PATH_LENGTH_EXCEEDED;
			res->depth = 0;
		}
		done = res->error != X509_V_ERR_OUT_OF_MEM;
	}
	X509_STORE_CTX_free(ctx);
	return done;
}

/* Verifies the chain; with the flags of CRLs also the lists. 0 or -ENOMEM. */
static int verify(struct tdx_job *j, X509_STORE *store, unsigned long flags,
		  struct result *res)
{
	struct stack_st_X509 *between = sk_X509_new_null();
	int rc = -ENOMEM;

	*res = (struct result) { 0 };
	if (between && push_all(between, j->certs) &&
	    push_all(between, j->want->certs) &&
	    X509_STORE_add_cert(store, j->root->x509) == 1 &&
	    run(j, store, between, flags, res))
		rc = 0;
	sk_X509_free(between);
	ERR_clear_error();
	return rc;
}

static const char *name_at(int depth)
{
	return depth >= 0 && depth < CHAIN_LEN ? names[depth] : "chain";
}

static int bad_chain(struct tdx_job *j, const struct result *res)
{
	int rc;

	switch (res->error) {
	case X509_V_ERR_CERT_HAS_EXPIRED:
	case X509_V_ERR_CERT_NOT_YET_VALID:
		rc = ccg_check_add(j->v, "chain", CCG_CHECK_FAILED, "the %s %s",
				   name_at(res->depth),
				   res->error == X509_V_ERR_CERT_HAS_EXPIRED ?
				   "has expired" : "is not valid yet");
		return rc ? rc :
		       ccg_check_hint(j->v,
				      "--at verifies at another time, as that at which you got the quote");
	case X509_V_ERR_CERT_SIGNATURE_FAILURE:
		return ccg_check_add(j->v, "chain", CCG_CHECK_FAILED,
				     "the signature of the %s does not verify",
				     name_at(res->depth));
	case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT:
	case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY:
	case X509_V_ERR_UNABLE_TO_VERIFY_LEAF_SIGNATURE:
		return ccg_check_add(j->v, "chain", CCG_CHECK_FAILED,
				     "the issuer of the %s is not among the certificates",
				     name_at(res->depth));
	case X509_V_ERR_PATH_LENGTH_EXCEEDED:
		return ccg_check_add(j->v, "chain", CCG_CHECK_FAILED,
				     "the chain is not PCK certificate, PCK CA and root");
	default:
		return ccg_check_add(j->v, "chain", CCG_CHECK_FAILED, "the %s: %s",
				     name_at(res->depth),
				     X509_verify_cert_error_string(res->error));
	}
}

static int check_chain(struct tdx_job *j)
{
	X509_STORE *store;
	struct result res;
	int rc;

	if (!j->certs || !j->root)
		return ccg_check_add(j->v, "chain", CCG_CHECK_SKIPPED,
				     j->certs ? "there is no root" :
				     "there are no certificates");
	store = X509_STORE_new();
	rc = store ? verify(j, store, 0, &res) : -ENOMEM;
	X509_STORE_free(store);
	if (rc)
		return rc;
	if (res.error)
		return bad_chain(j, &res);
	j->chain_valid = true;
	return ccg_check_add(j->v, "chain", CCG_CHECK_OK,
			     "%s, %s and %s are valid", names[0], names[1],
			     names[2]);
}

/* ---- revocation ---- */

static int add_crls(struct tdx_job *j, X509_STORE *store)
{
	const struct ccg_report_want *want = j->want;

	for (size_t i = 0; i < want->n_crls; i++) {
		X509_CRL *crl;
		int rc = ccg_crl_at(j->r->ctx, want, i, &crl);
		bool added = !rc && X509_STORE_add_crl(store, crl) == 1;

		if (rc)
			return rc;
		X509_CRL_free(crl);
		ERR_clear_error();
		if (!added)
			return -ENOMEM;
	}
	return 0;
}

static int bad_list(struct tdx_job *j, const struct result *res)
{
	int rc;

	if (res->error == X509_V_ERR_CERT_REVOKED)
		return ccg_check_add(j->v, "revocation", CCG_CHECK_FAILED,
				     "the %s was revoked", name_at(res->depth));
	rc = ccg_check_add(j->v, "revocation", CCG_CHECK_FAILED,
			   "the revocation list for the %s is not good: %s",
			   name_at(res->depth),
			   X509_verify_cert_error_string(res->error));
	return rc ? rc :
	       ccg_check_hint(j->v,
			      "Intel's service has the lists: pckcrl of the PCK CA, and IntelSGXRootCA.der");
}

static int no_list(struct tdx_job *j, unsigned int missing)
{
	if (missing & 2 && missing & 1)
		return ccg_check_add(j->v, "revocation", CCG_CHECK_FAILED,
				     "no revocation list is of the PCK CA or of the root");
	if (missing & 1)
		return ccg_check_add(j->v, "revocation", CCG_CHECK_FAILED,
				     "no revocation list is of the PCK CA, for the PCK certificate");
	return ccg_check_add(j->v, "revocation", CCG_CHECK_FAILED,
			     "no revocation list is of the root, for the PCK CA");
}

static int check_crls(struct tdx_job *j)
{
	X509_STORE *store;
	struct result res;
	int rc;

	if (!j->want->n_crls || !j->chain_valid)
		return ccg_check_add(j->v, "revocation", CCG_CHECK_SKIPPED,
				     j->want->n_crls ? "the chain is not valid" :
				     "no revocation list was given");
	store = X509_STORE_new();
	rc = store ? add_crls(j, store) : -ENOMEM;
	if (!rc)
		rc = verify(j, store, X509_V_FLAG_CRL_CHECK | X509_V_FLAG_CRL_CHECK_ALL,
			    &res);
	X509_STORE_free(store);
	if (rc)
		return rc;
	if (res.error)
		return bad_list(j, &res);
	if (res.missing)
		return no_list(j, res.missing);
	return ccg_check_add(j->v, "revocation", CCG_CHECK_OK,
			     "neither the PCK certificate nor the PCK CA was revoked");
}

/**
 * ccg_tdx_check_certificates - check the certificates of the quote
 * @j: the job; its @certs, @root and @chain_valid are set
 *
 * Return: 0 or a negative errno.
 */
int ccg_tdx_check_certificates(struct tdx_job *j)
{
	int rc = take_certs(j);

	if (!rc)
		rc = check_root(j);
	if (!rc)
		rc = check_chain(j);
	return rc ? rc : check_crls(j);
}
