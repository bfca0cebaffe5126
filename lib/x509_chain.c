// SPDX-License-Identifier: GPL-2.0-only
/*
 * A certificate chain: does it lead from a certificate that is trusted to one
 * that may speak for a device?
 *
 * The walk goes down from the root, as SPDM sends it. It begins to believe at
 * the first certificate that is trusted itself or signed by a CA that is; what
 * lies above that one must be a chain, but may have expired, or be too long for
 * its CA. Keys and signatures are the caller's business.
 */
#include "der.h"
#include "x509_chain.h"

/* The walk: where it is, and what the caller wants of it. */
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

/* Loading looks at the blacklist, and at the signatures of roots. */
static const char *why_not(const struct x509_cert *cert, int err)
{
	if (err != -EKEYREJECTED)
		return "Certificate cannot be used";
	return x509_self_issued(cert) ?
	       "Certificate is blacklisted, or not signed with its own key" :
	       "Certificate is blacklisted";
}

/* Everything is parsed and loaded before anything is believed. */
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

/* Sets v->anchor. Why one is no anchor matters where there is none at all. */
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

/* PCIe r6.1, 6.31.3: one of its names, byte for byte. */
static int check_name(struct walk *w, const struct x509_cert *leaf)
{
	const char *want = w->policy->name;
	struct x509_verdict *v = w->v;
	size_t pos = 0, len;
	const u8 *name;
	int rc;

	v->name_checked = true;
	while (!(rc = x509_next_cma_name(leaf, &pos, &name, &len,
					 &v->fault))) {
		if (!v->name) {
			v->name = name;
			v->name_len = len;
		}
		if (!want || (len == strlen(want) && !memcmp(name, want, len)))
			return 0;
	}
	if (!want)
		return 0;
	if (rc != -ENODATA) {
		v->at = v->n - 1;
		return rc;
	}
	if (v->name)
		return refused(w, v->n - 1, -EKEYREJECTED,
			       "Leaf certificate is for another device",
			       "subjectAltName");
	if (leaf->san)
		return refused(w, v->n - 1, -EKEYREJECTED,
			       "Leaf certificate has no OtherName with CMA OID",
			       "subjectAltName");
	return refused(w, v->n - 1, -EKEYREJECTED,
		       "Leaf certificate has no Subject Alternative Name",
		       NULL);
}

/* How many certificates of which each RFC 5280's pathLenConstraint counts. */
static size_t count_below(const struct walk *w, size_t pos)
{
	size_t n = 0;

	while (pos < w->len) {
		struct x509_fault fault;
		struct x509_cert cert;

		if (x509_walk(w->certs + pos, w->len - pos, &cert, &fault))
			break;
		pos += cert.raw_len;
		/* The leaf does not count, whoever issued it. */
		if (pos < w->len && !x509_self_issued(&cert))
			n++;
	}
	return n;
}

/*
 * DSP0274, "Certificate chain format": each certificate is signed by the one
 * before it. Above the anchor, a signature that nobody here can verify will do:
 * nothing is believed because of it.
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

/* Certificate @i, which begins at @pos: the anchor or below. */
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
	return x509_check_leaf(cert, &v->fault) ?: check_name(w, cert);
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

/**
 * x509_verify_chain - does a chain lead from a trusted certificate to a leaf
 *		       that may speak for a device?
 * @certs: the certificates in DER, the root first, one after the other
 * @len: their length in bytes
 * @policy: what is asked of them
 * @ops: keys, signatures and what is trusted
 * @ctx: for @ops
 * @v: set to how it went
 *
 * The chain is copied by nobody: it must not change meanwhile. The walk is
 * bounded by X509_CHAIN_MAX certificates, each of which @ops is asked about
 * three times at most.
 *
 * Return: 0; -ENOKEY where nothing in the chain is trusted; -EKEYREJECTED
 * where a certificate may not do what it does, is not signed by the one before
 * it or is for another device; -EKEYEXPIRED where its time is over; -EBADMSG
 * where it is malformed; what a function of @ops returned.
 */
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

/* Text that grows in a buffer, and ends with the first piece that is too long. */
struct text {
	char *buf;
	size_t size;
	size_t len;
};

static void put(struct text *t, const char *s, size_t n)
{
	if (n >= t->size - t->len) {
		t->size = t->len + 1;
		return;
	}
	memcpy(t->buf + t->len, s, n);
	t->len += n;
	t->buf[t->len] = '\0';
}

static void put_str(struct text *t, const char *s)
{
	put(t, s, strlen(s));
}

static void put_escaped(struct text *t, const u8 *s, size_t len)
{
	static const char hex[] = "0123456789abcdef";

	for (size_t i = 0; i < len; i++) {
		char esc[] = { '\\', 'x', hex[s[i] >> 4], hex[s[i] & 15] };

		if (s[i] < 0x20 || s[i] >= 0x7f || s[i] == '\\')
			put(t, esc, sizeof(esc));
		else
			put(t, (const char *)&s[i], 1);
	}
}

/**
 * x509_text - make a string of a certificate fit for a message
 * @s: it may hold anything
 * @len: its length in bytes
 * @buf: set to the text, terminated, cut where it does not fit; what is not
 *	 printable ASCII is there as \xNN
 * @size: of @buf in bytes, 1 or more
 *
 * Return: length of the text.
 */
size_t x509_text(const u8 *s, size_t len, char *buf, size_t size)
{
	struct text t = { .buf = buf, .size = size };

	buf[0] = '\0';
	put_escaped(&t, s, len);
	return t.len;
}

/* Attribute types, X.520; below 2.5.4. */
static const struct {
	u8 last;
	const char *name;
} attrs[] = {
	{ 3, "CN" }, { 4, "SN" }, { 5, "serialNumber" }, { 6, "C" },
	{ 7, "L" }, { 8, "ST" }, { 10, "O" }, { 11, "OU" }, { 12, "title" },
};

static const char *attr_name(const struct der *oid)
{
	if (oid->tag != DER_OID || oid->len != 3 ||
	    oid->data[0] != 0x55 || oid->data[1] != 0x04)
		return "?";
	for (size_t i = 0; i < ARRAY_SIZE(attrs); i++)
		if (attrs[i].last == oid->data[2])
			return attrs[i].name;
	return "?";
}

/**
 * x509_name_text - make text of a Name
 * @name: in DER, identifier and length included
 * @len: its length in bytes
 * @buf: set to the text, as "C=US, O=Example, CN=Root", terminated, cut where
 *	 it does not fit
 * @size: of @buf in bytes, 1 or more
 *
 * Return: length of the text.
 */
size_t x509_name_text(const u8 *name, size_t len, char *buf, size_t size)
{
	struct text t = { .buf = buf, .size = size };
	struct der seq, set, attr, oid, value;
	size_t pos = 0;

	buf[0] = '\0';
	if (der_next(name, len, &pos, &seq))
		return 0;
	/* Name, RFC 5280, 4.1.2.4: a sequence of sets of pairs. */
	for (pos = 0; !der_next(seq.data, seq.len, &pos, &set);) {
		size_t in_set = 0, in_attr = 0;

		if (der_next(set.data, set.len, &in_set, &attr) ||
		    der_next(attr.data, attr.len, &in_attr, &oid) ||
		    der_next(attr.data, attr.len, &in_attr, &value))
			break;
		if (t.len)
			put_str(&t, ", ");
		put_str(&t, attr_name(&oid));
		put_str(&t, "=");
		put_escaped(&t, value.data, value.len);
	}
	return t.len;
}
