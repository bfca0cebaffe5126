// SPDX-License-Identifier: GPL-2.0-only
/*
 * Verification of a certificate chain, from a trusted certificate to the leaf.
 *
 * The walk goes from the root to the leaf, the order of SPDM. The anchor is the
 * first certificate that is trusted, or is signed by a trusted CA outside the
 * chain. From the anchor on, certificates must obey the rules of x509_check.h.
 * A CA outside the chain must obey them too, as if it were in the chain, as far
 * as its certificate is known. Above the anchor, each certificate must only be
 * issued and signed by the previous one; it may have expired. The caller's
 * functions load keys and verify signatures.
 */
#include "der.h"
#include "x509_chain.h"
#include "x509_check.h"
#include "x509_constraints.h"
#include "x509_key.h"
#include "x509_name.h"

/*
 * The arguments of x509_verify_chain(), and
 * @mldsa: the caller can verify ML-DSA
 * @below: number of certificates from the current one on that count for
 *	   pathLenConstraint
 * @left: comparisons of name constraints that are left
 * @anchor_pos: where the anchor begins in @certs
 * @leaf_pos: where the last certificate begins in @certs
 */
struct walk {
	const u8 *certs;
	size_t len;
	const struct x509_policy *policy;
	const struct x509_chain_ops *ops;
	void *ctx;
	struct x509_verdict *v;
	bool mldsa;
	size_t below;
	size_t left;
	size_t anchor_pos;
	size_t leaf_pos;
};

static int refused(struct walk *w, size_t at, int err, const char *what,
		   const char *field)
{
	w->v->at = at;
	w->v->fault = (struct x509_fault) { .what = what, .field = field };
	return err;
}

/*
 * Returns why a certificate could not be loaded. The load function of the kernel
 * checks the blacklist. OpenSSL has a parser of its own, which refuses some
 * certificates that x509_walk() accepts.
 */
static const char *why_not(int err)
{
	switch (err) {
	case -EBADMSG:
		return "Certificate cannot be read by OpenSSL";
	case -EKEYREJECTED:
		return "Certificate is blacklisted";
	default:
		return "Certificate cannot be used";
	}
}

/* Parse the certificate at @pos, and load it. */
static int load(struct walk *w, size_t i, size_t pos, struct x509_cert *cert)
{
	int rc;

	w->v->at = i;
	rc = x509_walk(w->certs + pos, w->len - pos, cert, &w->v->fault);
	if (rc)
		return rc;
	rc = w->ops->load(w->ctx, cert);
	return rc ? refused(w, i, rc, why_not(rc), NULL) : 0;
}

/* RFC 5280, 4.2.1.9: neither the last certificate nor self-issued ones count. */
static bool counts(const struct walk *w, size_t pos, const struct x509_cert *cert)
{
	return pos + cert->raw_len < w->len && !x509_self_issued(cert);
}

/*
 * Parse all certificates, before any of them is used. What the kernel cannot
 * load is refused here, with the same reason in userland.
 */
static noinline_for_stack int parse(struct walk *w)
{
	struct x509_verdict *v = w->v;
	struct x509_cert cert;
	size_t pos = 0;
	int rc;

	for (v->n = 0; pos < w->len; v->n++) {
		if (v->n == X509_CHAIN_MAX)
			return refused(w, v->n, -EKEYREJECTED,
				       "Too many certificates", NULL);
		v->at = v->n;
		rc = x509_walk(w->certs + pos, w->len - pos, &cert, &v->fault);
		if (!rc)
			rc = x509_check_key(&cert, w->mldsa, &v->fault);
		if (!rc)
			rc = x509_check_unused_algorithm(&cert, w->mldsa, &v->fault);
		if (rc)
			return rc;
		if (!v->n) {
			v->issuer = cert.issuer;
			v->issuer_len = cert.issuer_len;
		}
		w->below += counts(w, pos, &cert);
		w->leaf_pos = pos;
		pos += cert.raw_len;
	}
	if (!v->n)
		return refused(w, 0, -EBADMSG, "No certificates", NULL);
	return 0;
}

/*
 * Check the names of all certificates from @i on, which begins at @pos, against
 * the constraints of @ca. Sets w->v->at if a name is wrong.
 */
static noinline_for_stack
int check_names(struct walk *w, const struct x509_cert *ca, size_t i,
		size_t pos, struct x509_fault *fault)
{
	struct x509_cert cert;
	int rc = 0;

	if (!ca->constraints)
		return 0;
	for (; !rc && pos < w->len; i++) {
		bool last;

		rc = x509_walk(w->certs + pos, w->len - pos, &cert, fault);
		if (rc)
			return rc;
		pos += cert.raw_len;
		last = pos >= w->len;
		/* RFC 5280, 6.1.3 (b). */
		if (last || !x509_self_issued(&cert))
			rc = x509_check_names(ca, &cert, last, &w->left, fault);
		w->v->at = i;
	}
	return rc;
}

static int check_time(struct walk *w, size_t i, const struct x509_cert *cert,
		      struct x509_fault *fault)
{
	int rc;

	if (w->policy->validity == X509_VALIDITY_OFF)
		return 0;
	rc = x509_check_time(cert, w->policy->now, fault);
	if (!rc || w->policy->validity == X509_VALIDITY_ENFORCE)
		return rc;
	if (!w->v->expired.what) {
		w->v->expired_at = i;
		w->v->expired = *fault;
	}
	return 0;
}

/* ---- a CA outside the chain ---- */

static void note_trusted(struct walk *w, const struct x509_cert *cert)
{
	w->v->subject = cert->subject;
	w->v->subject_len = cert->subject_len;
}

/* Does an errno say something about the certificates? */
static bool is_verdict(int err)
{
	return err == -EKEYREJECTED || err == -EKEYEXPIRED ||
	       err == -EKEYREVOKED || err == -EBADMSG || err == -ENOPKG;
}

/* The RDNs of a Name that x509_walk() parsed. */
static void rdns(const u8 *name, size_t len, struct der *el)
{
	size_t pos = 0;

	if (der_next(name, len, &pos, el))
		*el = (struct der) {};
}

/*
 * The rules for a CA of which only the kernel's facts are known. Its validity
 * is not among them.
 */
static int check_facts(const struct walk *w, const struct x509_ca *ca,
		       struct x509_fault *fault)
{
	if (!ca->key_allowed)
		return x509_refused(fault, "Key of the certificate is not allowed",
				    "subjectPublicKeyInfo");
	if (!ca->ca)
		return x509_refused(fault, "Certificate is not that of a CA",
				    "basicConstraints");
	if (!ca->cert_sign)
		return x509_refused(fault,
				    "Certificate is not for signing certificates",
				    "keyUsage");
	if (w->policy->validity == X509_VALIDITY_ENFORCE)
		return x509_refused(fault, "Validity is not known", "validity");
	return 0;
}

/* The rules for a CA above certificate @i, which begins at @pos. */
static int check_outside(struct walk *w, size_t i, size_t pos,
			 const struct x509_cert *ca, struct x509_fault *fault)
{
	int rc;

	rc = x509_check_key(ca, w->mldsa, fault);
	if (!rc)
		rc = x509_check_outside(ca, w->below, fault);
	if (!rc)
		rc = x509_check_constraints(ca, fault);
	if (!rc)
		rc = check_time(w, i, ca, fault);
	if (!rc)
		rc = check_names(w, ca, i, pos, fault);
	/* RootHash is of @ca only if @ca is the root of all certificates. */
	if (rc || i || !x509_self_issued(ca))
		return rc;
	rc = w->ops->check_root(w->ctx, ca->raw, ca->raw_len);
	if (rc == -EKEYREJECTED)
		x509_refused(fault, "RootHash is not its digest", NULL);
	else if (rc)
		*fault = (struct x509_fault) { .what = "Cannot hash" };
	return rc;
}

/*
 * Is certificate @i issued by @ca, and may it be? Returns 1; 0 if @ca has
 * another name; or a negative errno with @fault set.
 */
static int try_ca(struct walk *w, size_t i, size_t pos,
		  const struct x509_cert *cert, const struct x509_ca *ca,
		  struct x509_fault *fault)
{
	struct der issuer, subject = { .data = ca->subject, .len = ca->subject_len };
	struct x509_cert outside;
	int rc;

	rdns(cert->issuer, cert->issuer_len, &issuer);
	if (ca->der) {
		rc = x509_walk(ca->der, ca->len, &outside, fault);
		if (rc)
			return rc;
		rdns(outside.subject, outside.subject_len, &subject);
	}
	if (!x509_same_name(issuer.data, issuer.len, subject.data, subject.len))
		return 0;
	rc = x509_check_signature_algorithm(cert, w->mldsa, fault);
	if (!rc && ca->der)
		rc = check_outside(w, i, pos, &outside, fault);
	else if (!rc)
		rc = check_facts(w, ca, fault);
	if (rc)
		return rc;

	fault->what = NULL;
	rc = w->ops->verify_outside(w->ctx);
	if (rc)
		return rc;
	w->v->outside = true;
	if (ca->der)
		note_trusted(w, &outside);
	return 1;
}

/* Is certificate @i issued by a trusted CA? Returns as try_ca(). */
static int find_ca(struct walk *w, size_t i, size_t pos,
		   const struct x509_cert *cert, struct x509_fault *why)
{
	const struct x509_fault expired = w->v->expired;
	struct x509_fault fault;
	int rc, err = 0;

	for (size_t n = 0;; n++) {
		struct x509_ca ca = {};

		rc = w->ops->issuer(w->ctx, cert, n, &ca);
		if (!rc)
			return err;
		fault.what = NULL;
		if (rc > 0)
			rc = try_ca(w, i, pos, cert, &ca, &fault);
		if (rc > 0)
			return rc;
		w->v->expired = expired;
		if (rc && !err) {
			err = rc;
			*why = fault;
		}
		if (rc && !is_verdict(rc))
			return rc;
	}
}

/* Reports why the trusted CA of certificate @at is not its issuer. */
static int no_anchor(struct walk *w, size_t at, int err,
		     const struct x509_fault *why)
{
	struct x509_verdict *v = w->v;

	if (!why->what && err == -EKEYREJECTED)
		return refused(w, at, err,
			       "Certificate is not signed by the trusted one of that name",
			       "signatureValue");
	if (why->what)
		snprintf(v->detail, sizeof(v->detail), "certificate %zu: %s", at,
			 why->what);
	if (err == -EKEYEXPIRED)
		return refused(w, at, err, "Trusted certificate has expired",
			       NULL);
	return refused(w, at, err,
		       "Trusted certificate cannot be used for this one",
		       why->field);
}

/*
 * Sets v->anchor. If there is no anchor, reports the first reason of the
 * caller.
 */
static noinline_for_stack int find_anchor(struct walk *w)
{
	const size_t below = w->below;
	struct x509_fault why = {}, first = {};
	struct x509_cert cert;
	size_t pos = 0, at = 0;
	int rc, err = 0;

	for (size_t i = 0; i < w->v->n; i++) {
		rc = load(w, i, pos, &cert);
		if (rc)
			return rc;
		rc = w->ops->trusted(w->ctx, &cert);
		if (rc > 0)
			note_trusted(w, &cert);
		else if (!rc || is_verdict(rc))
			rc = find_ca(w, i, pos, &cert, &why) ?: rc;
		if (rc > 0) {
			w->v->anchor = i;
			w->anchor_pos = pos;
			w->below = below;
			return 0;
		}
		if (rc && !err) {
			err = rc;
			at = i;
			first = why;
		}
		w->below -= counts(w, pos, &cert);
		pos += cert.raw_len;
	}
	if (err)
		return no_anchor(w, at, err, &first);
	return refused(w, 0, -ENOKEY, "Root certificate not found", NULL);
}

/* ---- the certificates of the chain ---- */

static int bad_signature(struct walk *w, size_t i, int err, const char *what)
{
	return refused(w, i, err, err == -EKEYREJECTED ? what :
		       "Signature of the certificate cannot be verified",
		       "signatureValue");
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
	w->v->at = i;
	rc = x509_check_signature_algorithm(cert, w->mldsa, &w->v->fault);
	if (rc)
		return i <= w->v->anchor ? 0 : rc;
	rc = w->ops->verify(w->ctx);
	if (!rc || (rc == -ENOPKG && i <= w->v->anchor))
		return 0;
	return bad_signature(w, i, rc,
			     "Certificate is not signed by the one before it");
}

/*
 * The first certificate has a good signature if it is self-signed, also above the
 * anchor. With an unknown or weak algorithm, the signature says nothing. A CA
 * outside the chain may have the same name, and its signature was verified.
 */
static int check_first(struct walk *w, const struct x509_cert *cert)
{
	const struct x509_verdict *v = w->v;
	struct x509_fault fault;
	int rc;

	if ((v->outside && !v->anchor) || !x509_self_signed(cert) ||
	    x509_check_signature_algorithm(cert, w->mldsa, &fault))
		return 0;
	rc = w->ops->verify_self(w->ctx);
	if (!rc || rc == -ENOPKG)
		return 0;
	return bad_signature(w, 0, rc,
			     "Certificate is not signed with its own key");
}

/* Check certificate @i, a CA: the anchor or a later one. */
static int check_ca(struct walk *w, size_t i, size_t pos,
		    const struct x509_cert *cert)
{
	struct x509_fault *fault = &w->v->fault;
	int rc;

	rc = x509_check_ca(cert, w->below, fault);
	if (!rc)
		rc = x509_check_constraints(cert, fault);
	return rc ?: check_names(w, cert, i + 1, pos + cert->raw_len, fault);
}

/* Check certificate @i, which begins at @pos: the anchor or a later one. */
static int check_cert(struct walk *w, size_t i, size_t pos,
		      const struct x509_cert *cert)
{
	const struct x509_path path = {
		.certs = w->certs + w->anchor_pos,
		.len = w->len - w->anchor_pos,
		.leaf = cert,
	};
	struct x509_verdict *v = w->v;
	struct x509_fault fault;
	int rc;

	v->at = i;
	rc = check_time(w, i, cert, &fault);
	if (rc) {
		v->fault = fault;
		return rc;
	}
	if (i < v->n - 1)
		return check_ca(w, i, pos, cert);
	rc = x509_check_leaf(cert, w->policy->generic, &v->fault);
	if (rc || !w->ops->check_leaf)
		return rc;
	return w->ops->check_leaf(w->ctx, &path, &v->fault, v->detail,
				  sizeof(v->detail));
}

static noinline_for_stack int check_chain(struct walk *w)
{
	struct x509_cert certs[2];
	size_t pos = 0;
	int rc;

	for (size_t i = 0; i < w->v->n; i++) {
		struct x509_cert *cert = &certs[i % 2];

		rc = load(w, i, pos, cert);
		if (rc)
			return rc;
		w->below -= counts(w, pos, cert);
		rc = i ? check_link(w, i, cert, &certs[(i + 1) % 2]) :
		     check_first(w, cert);
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
		.mldsa = policy->mldsa,
		.left = X509_COMPARISONS_MAX,
	};
	int rc;

	*v = (struct x509_verdict) {};
	rc = parse(&w);
	if (!rc)
		rc = find_anchor(&w);
	if (!rc)
		rc = check_chain(&w);
	if (!rc)
		v->fault = (struct x509_fault) {};
	return rc;
}

int x509_chain_leaf(const u8 *certs, size_t len, bool mldsa,
		    struct x509_cert *leaf, struct x509_verdict *v)
{
	struct walk w = {
		.certs = certs,
		.len = len,
		.v = v,
		.mldsa = mldsa,
	};
	int rc;

	*v = (struct x509_verdict) {};
	rc = parse(&w);
	if (rc)
		return rc;
	return x509_walk(certs + w.leaf_pos, len - w.leaf_pos, leaf, &v->fault);
}
