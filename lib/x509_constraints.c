// SPDX-License-Identifier: GPL-2.0-only
/*
 * Name constraints; RFC 5280, 4.2.1.10.
 */
#include "der.h"
#include "x509_constraints.h"
#include "x509_name.h"

/* GeneralName, RFC 5280, 4.2.1.6. */
#define GN_OTHER		0xa0
#define GN_EMAIL		0x81
#define GN_DNS			0x82
#define GN_DIRECTORY		0xa4
#define GN_URI			0x86
#define GN_IP			0x87

/* 1.2.840.113549.1.9.1, emailAddress of a Name. */
static const u8 id_email[] = {
	0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x09, 0x01
};

/* 2.5.4.3, commonName. */
static const u8 id_cn[] = { 0x55, 0x04, 0x03 };

/* 1.3.6.1.5.5.7.8.9, SmtpUTF8Mailbox: an e-mail address; RFC 9598, 3. */
static const u8 id_smtp_utf8[] = {
	0x2b, 0x06, 0x01, 0x05, 0x05, 0x07, 0x08, 0x09
};

/* Result of a comparison: the name or the base cannot be compared. */
#define UNSUPPORTED		(-1)

/* The arguments of x509_check_names(), and the constraints. */
struct check {
	struct der permitted;
	struct der excluded;
	size_t *left;
	struct x509_fault *fault;
};

/* ---- the constraints ---- */

/* Take the two lists of subtrees; a list that is not there is empty. */
static int take_lists(const struct x509_cert *ca, struct der *permitted,
		      struct der *excluded)
{
	const struct der in = {
		.data = ca->constraints,
		.len = ca->constraints_len,
	};
	size_t pos = 0;

	if (!der_optional(&in, &pos, DER_CONTEXT(0), permitted))
		*permitted = (struct der) {};
	if (!der_optional(&in, &pos, DER_CONTEXT(1), excluded))
		*excluded = (struct der) {};
	return pos == in.len ? 0 : -EBADMSG;
}

/* GeneralSubtree; minimum 0 is the default, which DER does not encode. */
static int check_subtree(const struct x509_cert *ca, const struct der *subtree,
			 struct x509_fault *fault)
{
	struct der base;
	size_t pos = 0;

	if (der_next(subtree->data, subtree->len, &pos, &base) ||
	    (base.tag & 0xc0) != 0x80)
		return x509_malformed(fault, ca->raw, subtree->raw, "nameConstraints");
	if (pos == subtree->len)
		return 0;
	return x509_refused(fault, "Name constraint has a minimum or a maximum",
			    "nameConstraints");
}

static int check_list(const struct x509_cert *ca, const struct der *list,
		      struct x509_fault *fault)
{
	struct der subtree;
	size_t pos = 0;
	int rc;

	if (list->raw && !list->len)
		return x509_malformed(fault, ca->raw, list->raw, "nameConstraints");
	while (pos < list->len) {
		const u8 *at = list->data + pos;

		if (der_expect(list, &pos, DER_SEQUENCE, &subtree))
			return x509_malformed(fault, ca->raw, at, "nameConstraints");
		rc = check_subtree(ca, &subtree, fault);
		if (rc)
			return rc;
	}
	return 0;
}

int x509_check_constraints(const struct x509_cert *ca,
			   struct x509_fault *fault)
{
	struct der permitted, excluded;
	int rc;

	if (!ca->constraints)
		return 0;
	if (take_lists(ca, &permitted, &excluded))
		return x509_malformed(fault, ca->raw, ca->constraints, "nameConstraints");
	rc = check_list(ca, &permitted, fault);
	return rc ?: check_list(ca, &excluded, fault);
}

/* ---- comparisons; each returns 1, 0 or UNSUPPORTED ---- */

static u8 lower(u8 c)
{
	return c >= 'A' && c <= 'Z' ? c + 'a' - 'A' : c;
}

/* Are the last bytes of @s those of @end, in any case? */
static bool ends_with(const u8 *s, size_t len, const u8 *end, size_t end_len)
{
	if (end_len > len)
		return false;
	s += len - end_len;
	for (size_t i = 0; i < end_len; i++)
		if (lower(s[i]) != lower(end[i]))
			return false;
	return true;
}

/* A host in a domain that begins with a dot, or exactly a host. */
static bool host_within(const u8 *host, size_t len, const u8 *base,
			size_t base_len)
{
	if (base_len && base[0] == '.')
		return len > base_len && ends_with(host, len, base, base_len);
	return len == base_len && ends_with(host, len, base, base_len);
}

static int match_dns(const struct der *name, const struct der *base)
{
	size_t more;

	if (!base->len)
		return 1;
	if (!ends_with(name->data, name->len, base->data, base->len))
		return 0;
	more = name->len - base->len;
	return !more || base->data[0] == '.' || name->data[more - 1] == '.';
}

/* Position of the last @c, or @len. */
static size_t last_of(const u8 *s, size_t len, u8 c)
{
	for (size_t i = len; i > 0; i--)
		if (s[i - 1] == c)
			return i - 1;
	return len;
}

static int match_email(const struct der *name, const struct der *base)
{
	size_t at = last_of(name->data, name->len, '@');
	size_t base_at = last_of(base->data, base->len, '@');
	const u8 *host;
	size_t host_len;

	if (at == name->len)
		return UNSUPPORTED;
	host = name->data + at + 1;
	host_len = name->len - at - 1;
	if (base_at == base->len)
		return host_within(host, host_len, base->data, base->len);
	/* One mailbox: the case of the local part matters. */
	if (base_at && (base_at != at || memcmp(name->data, base->data, at)))
		return 0;
	return host_len == base->len - base_at - 1 &&
	       ends_with(host, host_len, base->data + base_at + 1, host_len);
}

/* The host of a URI, RFC 3986, 3.2; not an address, without user and port. */
static int uri_host(const struct der *uri, const u8 **host, size_t *len)
{
	const u8 *p = uri->data;
	size_t n = 0, i = 0;

	while (i < uri->len && p[i] != ':')
		i++;
	if (uri->len - i < 3 || memcmp(p + i, "://", 3))
		return UNSUPPORTED;
	p += i + 3;
	i = uri->len - i - 3;
	while (n < i && p[n] != '/' && p[n] != '?' && p[n] != '#' && p[n] != ':') {
		if (p[n] == '@' || p[n] == '[')
			return UNSUPPORTED;
		n++;
	}
	/* What follows a colon is a port, or a password before a host. */
	for (size_t j = n; j < i && p[j] != '/' && p[j] != '?' && p[j] != '#'; j++)
		if (p[j] == '@')
			return UNSUPPORTED;
	*host = p;
	*len = n;
	return n ? 0 : UNSUPPORTED;
}

static int match_uri(const struct der *name, const struct der *base)
{
	const u8 *host;
	size_t len;

	if (uri_host(name, &host, &len))
		return UNSUPPORTED;
	return host_within(host, len, base->data, base->len);
}

/* An address; the base has a mask too. IPv4 is never within IPv6. */
static int match_ip(const struct der *name, const struct der *base)
{
	size_t len = name->len;

	if ((len != 4 && len != 16) || (base->len != 8 && base->len != 32))
		return UNSUPPORTED;
	if (base->len != 2 * len)
		return 0;
	for (size_t i = 0; i < len; i++)
		if ((name->data[i] ^ base->data[i]) & base->data[len + i])
			return 0;
	return 1;
}

/* directoryName is explicit: it contains a Name. */
static int match_directory(const struct der *name, const struct der *base)
{
	struct der a, b;
	size_t pos = 0;

	if (der_expect(name, &pos, DER_SEQUENCE, &a) || pos != name->len)
		return UNSUPPORTED;
	pos = 0;
	if (der_expect(base, &pos, DER_SEQUENCE, &b) || pos != base->len)
		return UNSUPPORTED;
	return x509_name_within(a.data, a.len, b.data, b.len);
}

static int match(const struct der *name, const struct der *base)
{
	switch (name->tag) {
	case GN_DIRECTORY:
		return match_directory(name, base);
	case GN_DNS:
		return match_dns(name, base);
	case GN_EMAIL:
		return match_email(name, base);
	case GN_URI:
		return match_uri(name, base);
	case GN_IP:
		return match_ip(name, base);
	}
	return UNSUPPORTED;
}

/* ---- names ---- */

/* Is @name an otherName of the type of @base? */
static bool same_other(const struct der *name, const struct der *base)
{
	struct der a, b;
	size_t pos = 0;

	if (der_expect(name, &pos, DER_OID, &a))
		return true;
	pos = 0;
	if (der_expect(base, &pos, DER_OID, &b))
		return true;
	return a.len == b.len && !memcmp(a.data, b.data, a.len);
}

static bool is_smtp_utf8(const struct der *name)
{
	struct der oid;
	size_t pos = 0;

	return name->tag == GN_OTHER && !der_expect(name, &pos, DER_OID, &oid) &&
	       oid.len == sizeof(id_smtp_utf8) &&
	       !memcmp(oid.data, id_smtp_utf8, oid.len);
}

/* Has a subtree the form of @name? Only then it says something about it. */
static bool concerns(const struct der *base, const struct der *name)
{
	if (base->tag == GN_EMAIL && is_smtp_utf8(name))
		return true;
	if (base->tag != name->tag)
		return false;
	return name->tag != GN_OTHER || same_other(name, base);
}

static int refused(struct check *c, const char *what)
{
	return x509_refused(c->fault, what, "nameConstraints");
}

/*
 * Compare @name with a list. Sets *@seen if a subtree concerns @name.
 * Returns 1 if @name is in one of them, 0 if not, or a negative errno.
 */
static int match_list(struct check *c, const struct der *list,
		      const struct der *name, bool *seen)
{
	struct der subtree, base;
	size_t pos = 0;

	while (!der_next(list->data, list->len, &pos, &subtree)) {
		size_t in = 0;
		int rc;

		if (!*c->left)
			return refused(c, "Too many names and name constraints");
		--*c->left;
		if (der_next(subtree.data, subtree.len, &in, &base) ||
		    !concerns(&base, name))
			continue;
		*seen = true;
		rc = base.tag == name->tag ? match(name, &base) : UNSUPPORTED;
		if (rc == UNSUPPORTED)
			return refused(c,
				       "Name cannot be compared with the name constraints of a CA");
		if (rc)
			return 1;
	}
	return 0;
}

static int check_name(struct check *c, const struct der *name)
{
	bool seen = false;
	int rc;

	rc = match_list(c, &c->permitted, name, &seen);
	if (rc < 0)
		return rc;
	if (seen && !rc)
		return refused(c, "Name is not permitted by the name constraints of a CA");
	rc = match_list(c, &c->excluded, name, &seen);
	if (rc > 0)
		return refused(c, "Name is excluded by the name constraints of a CA");
	return rc;
}

/* Letters, digits, hyphens and underscores with a dot between them. */
static bool looks_like_dns(const struct der *value)
{
	bool dot = false;

	for (size_t i = 0; i < value->len; i++) {
		u8 c = lower(value->data[i]);

		if (c == '.') {
			dot = true;
			if (!i || i + 1 == value->len || value->data[i - 1] == '.')
				return false;
		} else if (!((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') ||
			     c == '-' || c == '_')) {
			return false;
		}
	}
	return dot;
}

/* E-mail addresses, and DNS names if @dns, among the attributes of an RDN. */
static int check_attrs(struct check *c, const struct der *rdn, bool dns)
{
	struct der attr, type, value;
	size_t pos = 0;
	int rc = 0;

	while (!rc && !der_next(rdn->data, rdn->len, &pos, &attr)) {
		size_t in = 0;

		if (der_next(attr.data, attr.len, &in, &type) ||
		    der_next(attr.data, attr.len, &in, &value))
			continue;
		if (type.len == sizeof(id_email) &&
		    !memcmp(type.data, id_email, type.len))
			value.tag = GN_EMAIL;
		else if (dns && type.len == sizeof(id_cn) &&
			 !memcmp(type.data, id_cn, type.len) &&
			 looks_like_dns(&value))
			value.tag = GN_DNS;
		else
			continue;
		rc = check_name(c, &value);
	}
	return rc;
}

static int check_subject(struct check *c, const struct x509_cert *cert, bool dns)
{
	struct der name = {
		.tag = GN_DIRECTORY,
		.data = cert->subject,
		.len = cert->subject_len,
	};
	struct der seq, rdn;
	size_t pos = 0;
	int rc;

	/* x509_walk() parsed the subject. An empty one is no name. */
	if (der_next(name.data, name.len, &pos, &seq) || !seq.len)
		return 0;
	rc = check_name(c, &name);
	for (pos = 0; !rc && !der_next(seq.data, seq.len, &pos, &rdn);)
		rc = check_attrs(c, &rdn, dns);
	return rc;
}

static bool has_dns(const struct x509_cert *cert)
{
	struct der name;
	size_t pos = 0;

	while (!der_next(cert->san, cert->san_len, &pos, &name))
		if (name.tag == GN_DNS)
			return true;
	return false;
}

int x509_check_names(const struct x509_cert *ca, const struct x509_cert *cert,
		     bool leaf, size_t *left, struct x509_fault *fault)
{
	struct check c = { .left = left, .fault = fault };
	struct der name;
	size_t pos = 0;
	int rc;

	if (!ca->constraints)
		return 0;
	if (take_lists(ca, &c.permitted, &c.excluded))
		return x509_malformed(fault, ca->raw, ca->constraints, "nameConstraints");
	rc = check_subject(&c, cert, leaf && !has_dns(cert));
	while (!rc && pos < cert->san_len) {
		if (der_next(cert->san, cert->san_len, &pos, &name))
			return x509_malformed(fault, cert->raw, cert->san + pos,
					      "subjectAltName");
		rc = check_name(&c, &name);
	}
	return rc;
}
