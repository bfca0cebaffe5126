// SPDX-License-Identifier: GPL-2.0-only
/*
 * Trusted certificates, and verification of a chain. lib/x509_chain.c has the
 * rules; OpenSSL verifies the signatures.
 */
#include <errno.h>
#include <stdlib.h>

#include <openssl/err.h>

#include <ccguest/auth.h>
#include <ccguest/cert.h>
#include <ccguest/ctx.h>

#include "core/ctx.h"
#include "spdm/auth.h"
#include "x509_check.h"
#include "x509_cma.h"

/*
 * Smallest security strength, in bits, of a signature's hash and of its key.
 * SHA-1 has 63 bits, RSA with 2048 bits has 112. NIST SP 800-57, part 1.
 */
#define MIN_STRENGTH	112

static void clear(struct ccg_loaded *l)
{
	X509_free(l->x);
	free(l->der);
	*l = (struct ccg_loaded) {};
}

/* OpenSSL parses the certificate too: both parsers must accept it. */
static int parse(struct ccg_loaded *l, const struct x509_cert *cert)
{
	const uint8_t *p = cert->raw;

	l->cert = *cert;
	l->x = d2i_X509(NULL, &p, cert->raw_len);
	if (l->x && p == cert->raw + cert->raw_len && X509_get0_pubkey(l->x))
		return 0;
	ERR_clear_error();
	X509_free(l->x);
	l->x = NULL;
	return -EBADMSG;
}

/* ---- trusted certificates ---- */

int ccg_trust_new(struct ccg_ctx *ctx, struct ccg_trust **tp)
{
	struct ccg_trust *t = calloc(1, sizeof(*t));

	if (!t)
		return ccg_fail_errno(ctx, -ENOMEM, "certificates");
	t->ctx = ctx;
	*tp = t;
	return 0;
}

void ccg_trust_free(struct ccg_trust *t)
{
	if (!t)
		return;
	while (t->n)
		clear(&t->certs[--t->n]);
	free(t->certs);
	free(t);
}

/* Takes ownership of a certificate that lib/ and OpenSSL can both use. */
static int add_cert(struct ccg_trust *t, const char *path,
		    struct ccg_cert *cert)
{
	struct ccg_loaded *l = &t->certs[t->n];
	struct x509_fault fault;
	struct x509_cert walked;

	if (x509_walk(cert->der, cert->der_len, &walked, &fault))
		return ccg_fail(t->ctx, -EBADMSG, CCG_FAILED, path,
				"malformed certificate: %s at offset %zu: %s",
				fault.field, fault.offset, cert->subject);
	*l = (struct ccg_loaded) {};
	if (parse(l, &walked))
		return ccg_fail(t->ctx, -EBADMSG, CCG_FAILED, path,
				"has a certificate that OpenSSL cannot use: %s",
				cert->subject);
	l->der = cert->der;
	cert->der = NULL;
	t->n++;
	return 0;
}

int ccg_trust_add(struct ccg_trust *t, const char *path)
{
	struct ccg_certs *certs = NULL;
	struct ccg_loaded *more;
	int rc;

	rc = ccg_certs_load(t->ctx, path, &certs);
	if (rc)
		return rc;
	more = realloc(t->certs, (t->n + certs->n) * sizeof(*more));
	if (more)
		t->certs = more;
	else
		rc = ccg_fail_errno(t->ctx, -ENOMEM, path);
	for (size_t i = 0; !rc && i < certs->n; i++)
		rc = add_cert(t, path, &certs->certs[i]);
	ccg_certs_free(certs);
	return rc;
}

/* ---- chains ---- */

/**
 * ccg_walk_clear - free the certificates of a chain
 * @w: the chain
 */
void ccg_walk_clear(struct ccg_walk *w)
{
	while (w->n)
		clear(&w->certs[--w->n]);
	w->anchor = NULL;
}

static int load(void *ctx, size_t i, const struct x509_cert *cert)
{
	struct ccg_walk *w = ctx;
	int rc = parse(&w->certs[i], cert);

	if (!rc)
		w->n = i + 1;
	return rc;
}

/* Verifies the signature of @l; weak hashes and keys give -ENOPKG. */
static int check_signature(const struct ccg_loaded *l,
			   const struct ccg_loaded *issuer)
{
	EVP_PKEY *key = X509_get0_pubkey(issuer->x);
	int strength, rc;

	if (X509_get_signature_info(l->x, NULL, NULL, &strength, NULL) != 1 ||
	    strength < MIN_STRENGTH ||
	    EVP_PKEY_get_security_bits(key) < MIN_STRENGTH)
		rc = -ENOPKG;
	else
		rc = X509_verify(l->x, key) == 1 ? 0 : -EKEYREJECTED;
	ERR_clear_error();
	return rc;
}

static int verify(void *ctx, size_t i, size_t issuer)
{
	struct ccg_walk *w = ctx;

	return check_signature(&w->certs[i], &w->certs[issuer]);
}

/* Number of certificates from @i on that count for pathLenConstraint. */
static size_t count_from(const struct ccg_walk *w, size_t i)
{
	size_t n = 0;

	for (; i + 1 < w->n; i++)
		n += !x509_self_issued(&w->certs[i].cert);
	return n;
}

/* Verifies with a trusted CA outside the chain that has the issuer's name. */
static int signed_by(const struct ccg_walk *w, size_t i,
		     const struct ccg_loaded *ca)
{
	struct x509_fault fault;
	int rc;

	rc = x509_check_ca(&ca->cert, count_from(w, i), &fault);
	if (rc)
		return -EPERM;
	if (w->validity == X509_VALIDITY_ENFORCE) {
		rc = x509_check_time(&ca->cert, w->now, &fault);
		if (rc)
			return -EKEYEXPIRED;
	}
	return check_signature(&w->certs[i], ca);
}

static int anchored(void *ctx, size_t i)
{
	struct ccg_walk *w = ctx;
	const struct x509_cert *cert = &w->certs[i].cert;
	int err = 0;

	for (size_t t = 0; t < w->trust->n; t++) {
		const struct ccg_loaded *ca = &w->trust->certs[t];
		int rc;

		if (cert->raw_len == ca->cert.raw_len &&
		    !memcmp(cert->raw, ca->cert.raw, cert->raw_len))
			return 1;
		if (!x509_issued_by(cert, &ca->cert))
			continue;
		rc = signed_by(w, i, ca);
		if (!rc) {
			w->anchor = ca;
			return 1;
		}
		if (!err)
			err = rc;
	}
	return err;
}

static int check_leaf(void *ctx, const struct x509_cert *leaf,
		      struct x509_fault *fault, char *detail, size_t size)
{
	struct ccg_walk *w = ctx;

	return w->name ? x509_check_cma_name(leaf, w->name, fault, detail,
					     size) : 0;
}

const struct x509_chain_ops ccg_chain_ops = {
	.load = load,
	.anchored = anchored,
	.verify = verify,
	.check_leaf = check_leaf,
};
