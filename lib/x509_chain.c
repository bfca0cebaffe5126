// SPDX-License-Identifier: GPL-2.0-only
/*
 * Verification of a certificate chain, from a trusted certificate to the leaf.
 *
 * The walk goes from the root to the leaf, the order of SPDM. The anchor is the
 * first certificate that is trusted, or is signed by a trusted CA. From the
 * anchor on, certificates must obey the rules of x509_check.h. Above the
 * anchor, each certificate must only be issued and signed by the previous one;
 * it may have expired. The caller's functions load keys and verify signatures.
 */
#include "x509_chain.h"
#include "x509_check.h"

/* The arguments of x509_verify_chain(). */
struct walk {
	const u8 *certs;
	size_t len;
	const struct x509_policy *policy;
	const struct x509_chain_ops *ops;
	void *ctx;
	struct x509_verdict *v;
};

static int refused(struct walk *w, size_t at, int err, const char *what,
		   const char *field)
{
	w->v->at = at;
	w->v->fault = (struct x509_fault) { .what = what, .field = field };
	return err;
}

/*
 * Returns why a certificate could not be loaded. The load function checks the
 * blacklist, and the signature of a root.
 */
static const char *why_not(const struct x509_cert *cert, int err)
{
	if (err != -EKEYREJECTED)
		return "Certificate cannot be used";
	return x509_self_issued(cert) ?
	       "Certificate is blacklisted, or not signed with its own key" :
	       "Certificate is blacklisted";
}

/* Parse and load all certificates, before any of them is trusted. */
static int load(struct walk *w)
{
	struct x509_verdict *v = w->v;
	size_t pos = 0;
	int rc;

	for (v->n = 0; pos < w->len; v->n++) {
		struct x509_cert cert;

		if (v->n == X509_CHAIN_MAX)
			return refused(w, v->n, -EKEYREJECTED,
				       "Too many certificates", NULL);
		v->at = v->n;
		rc = x509_walk(w->certs + pos, w->len - pos, &cert, &v->fault);
		if (!rc)
			rc = x509_check_key(&cert, &v->fault);
		if (rc)
			return rc;
		if (!v->n) {
			v->issuer = cert.issuer;
			v->issuer_len = cert.issuer_len;
		}
		rc = w->ops->load(w->ctx, v->n, &cert);
		if (rc)
			return refused(w, v->n, rc, why_not(&cert, rc), NULL);
		pos += cert.raw_len;
	}
	if (!v->n)
		return refused(w, 0, -EBADMSG, "No certificates", NULL);
	return 0;
}

/*
 * Sets v->anchor. If there is no anchor, reports the first reason of the
 * caller.
 */
static int find_anchor(struct walk *w)
{
	int err = -ENOKEY;
	size_t at = 0;

	for (size_t i = 0; i < w->v->n; i++) {
		int rc = w->ops->anchored(w->ctx, i);

		if (rc > 0) {
			w->v->anchor = i;
			return 0;
		}
		if (rc < 0 && err == -ENOKEY) {
			err = rc;
			at = i;
		}
	}
	if (err == -ENOKEY)
		return refused(w, 0, err, "Root certificate not found", NULL);
	if (err == -EKEYEXPIRED)
		return refused(w, at, err, "Trusted certificate has expired",
			       NULL);
	if (err != -EKEYREJECTED)
		return refused(w, at, err == -EPERM ? -EKEYREJECTED : err,
			       "Trusted certificate cannot be used for this one",
			       NULL);
	return refused(w, at, err,
		       "Certificate is not signed by the trusted one of that name",
		       "signatureValue");
}

static int check_time(struct walk *w, size_t i, const struct x509_cert *cert)
{
	struct x509_fault fault;
	int rc;

	if (w->policy->validity == X509_VALIDITY_OFF)
		return 0;
	rc = x509_check_time(cert, w->policy->now, &fault);
	if (!rc)
		return 0;
	if (w->policy->validity == X509_VALIDITY_ENFORCE) {
		w->v->at = i;
		w->v->fault = fault;
		return rc;
	}
	if (!w->v->expired.what) {
		w->v->expired_at = i;
		w->v->expired = fault;
	}
	return 0;
}

/* Count the certificates from @pos on as pathLenConstraint does. */
static size_t count_below(const struct walk *w, size_t pos)
{
	size_t n = 0;

	while (pos < w->len) {
		struct x509_fault fault;
		struct x509_cert cert;

		if (x509_walk(w->certs + pos, w->len - pos, &cert, &fault))
			break;
		pos += cert.raw_len;
		/* RFC 5280, 4.2.1.9: the last certificate does not count. */
		if (pos < w->len && !x509_self_issued(&cert))
			n++;
	}
	return n;
}

/*
 * DSP0274 1.2.1, 10.6.1: each certificate is signed by the one before it. Above
 * the anchor a signature with an unknown algorithm is accepted: trust begins at
 * the anchor.
 */
static int check_link(struct walk *w, size_t i, const struct x509_cert *cert,
		      const struct x509_cert *parent)
{
	int rc;

	if (!x509_issued_by(cert, parent))
		return refused(w, i, -EKEYREJECTED,
			       "Certificate is not issued by the one before it",
			       "issuer");
	rc = w->ops->verify(w->ctx, i, i - 1);
	if (!rc || (rc == -ENOPKG && i <= w->v->anchor))
		return 0;
	return refused(w, i, rc,
		       rc == -EKEYREJECTED ?
		       "Certificate is not signed by the one before it" :
		       "Signature of the certificate cannot be verified",
		       "signatureValue");
}

/* Check certificate @i, which begins at @pos: the anchor or a later one. */
static int check_cert(struct walk *w, size_t i, size_t pos,
		      const struct x509_cert *cert)
{
	struct x509_verdict *v = w->v;
	int rc;

	rc = check_time(w, i, cert);
	if (rc)
		return rc;

	v->at = i;
	if (i < v->n - 1)
		return x509_check_ca(cert, count_below(w, pos + cert->raw_len),
				     &v->fault);
	rc = x509_check_leaf(cert, &v->fault);
	if (rc || !w->ops->check_leaf)
		return rc;
	return w->ops->check_leaf(w->ctx, cert, &v->fault, v->detail,
				  sizeof(v->detail));
}

static int check_chain(struct walk *w)
{
	struct x509_cert certs[2];
	size_t pos = 0;
	int rc;

	for (size_t i = 0; i < w->v->n; i++) {
		struct x509_cert *cert = &certs[i % 2];

		w->v->at = i;
		rc = x509_walk(w->certs + pos, w->len - pos, cert,
			       &w->v->fault);
		if (!rc && i)
			rc = check_link(w, i, cert, &certs[(i + 1) % 2]);
		if (!rc && i >= w->v->anchor)
			rc = check_cert(w, i, pos, cert);
		if (rc)
			return rc;
		pos += cert->raw_len;
	}
	return 0;
}

int x509_verify_chain(const u8 *certs, size_t len,
		      const struct x509_policy *policy,
		      const struct x509_chain_ops *ops, void *ctx,
		      struct x509_verdict *v)
{
	struct walk w = {
		.certs = certs,
		.len = len,
		.policy = policy,
		.ops = ops,
		.ctx = ctx,
		.v = v,
	};
	int rc;

	*v = (struct x509_verdict) {};
	rc = load(&w);
	if (!rc)
		rc = find_anchor(&w);
	if (!rc)
		rc = check_chain(&w);
	if (!rc)
		v->fault = (struct x509_fault) {};
	return rc;
}
