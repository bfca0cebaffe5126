// SPDX-License-Identifier: GPL-2.0-only
/*
 * Comparing Names; RFC 5280, 7.1.
 */
#include "der.h"
#include "x509_name.h"

/* Strings, X.680 8.6, table 1. */
#define TAG_UTF8	0x0c
#define TAG_PRINTABLE	0x13
#define TAG_T61		0x14
#define TAG_IA5		0x16
#define TAG_VISIBLE	0x1a
#define TAG_UNIVERSAL	0x1c
#define TAG_BMP		0x1e

/* Attributes of an RDN that are compared in any order. */
#define ATTRS_MAX	16

/* The characters of a string; blanks are compressed. */
struct chars {
	u8 tag;
	const u8 *p;
	size_t left;
	u32 held;
	bool holds;
	bool started;
};

static bool is_string(u8 tag)
{
	switch (tag) {
	case TAG_UTF8:
	case TAG_PRINTABLE:
	case TAG_T61:
	case TAG_IA5:
	case TAG_VISIBLE:
	case TAG_UNIVERSAL:
	case TAG_BMP:
		return true;
	}
	return false;
}

/* RFC 3629. Returns the length, or 0 for what is not UTF-8. */
static size_t utf8_char(const u8 *p, size_t left, u32 *c)
{
	static const u32 least[] = { 0, 0, 0x80, 0x800, 0x10000 };
	size_t len;

	if (p[0] < 0x80)
		len = 1;
	else if (p[0] >= 0xc0 && p[0] < 0xe0)
		len = 2;
	else if (p[0] >= 0xe0 && p[0] < 0xf0)
		len = 3;
	else if (p[0] >= 0xf0 && p[0] < 0xf8)
		len = 4;
	else
		return 0;
	if (len > left)
		return 0;
	*c = len == 1 ? p[0] : p[0] & (0x7f >> len);
	for (size_t i = 1; i < len; i++) {
		if ((p[i] & 0xc0) != 0x80)
			return 0;
		*c = *c << 6 | (p[i] & 0x3f);
	}
	return *c < least[len] || *c > 0x10ffff ? 0 : len;
}

/* Take a character. Returns 1; 0 at the end; -EBADMSG if it is malformed. */
static int raw_char(struct chars *s, u32 *c)
{
	size_t len = 1;

	if (!s->left)
		return 0;
	if (s->tag == TAG_UTF8) {
		len = utf8_char(s->p, s->left, c);
	} else if (s->tag == TAG_BMP) {
		len = s->left < 2 ? 0 : 2;
		*c = len ? (u32)s->p[0] << 8 | s->p[1] : 0;
	} else if (s->tag == TAG_UNIVERSAL) {
		len = s->left < 4 ? 0 : 4;
		*c = len ? get_unaligned_be32(s->p) : 0;
	} else {
		*c = s->p[0];
	}
	if (!len)
		return -EBADMSG;
	s->p += len;
	s->left -= len;
	return 1;
}

static bool is_blank(u32 c)
{
	return c == ' ' || (c >= '\t' && c <= '\r');
}

/* As raw_char(), with the changes of RFC 5280, 7.1. */
static int next_char(struct chars *s, u32 *c)
{
	bool blank = false;
	int rc;

	if (s->holds) {
		s->holds = false;
		*c = s->held;
		return 1;
	}
	for (;;) {
		rc = raw_char(s, c);
		if (rc <= 0)
			return rc;
		if (!is_blank(*c))
			break;
		blank = true;
	}
	if (*c >= 'A' && *c <= 'Z')
		*c += 'a' - 'A';
	if (blank && s->started) {
		s->holds = true;
		s->held = *c;
		*c = ' ';
	}
	s->started = true;
	return 1;
}

static bool same_bytes(const struct der *a, const struct der *b)
{
	return a->raw_len == b->raw_len && !memcmp(a->raw, b->raw, a->raw_len);
}

static bool same_string(const struct der *a, const struct der *b)
{
	struct chars x = { .tag = a->tag, .p = a->data, .left = a->len };
	struct chars y = { .tag = b->tag, .p = b->data, .left = b->len };
	u32 c = 0, d = 0;
	int more, other;

	do {
		more = next_char(&x, &c);
		other = next_char(&y, &d);
		if (more < 0 || more != other || (more && c != d))
			return false;
	} while (more);
	return true;
}

/* AttributeTypeAndValue, RFC 5280, 4.1.2.4. */
static bool same_attr(const struct der *a, const struct der *b)
{
	struct der a_type, a_value, b_type, b_value;
	size_t pos = 0;

	if (same_bytes(a, b))
		return true;
	if (der_expect(a, &pos, DER_OID, &a_type) ||
	    der_next(a->data, a->len, &pos, &a_value) || pos != a->len)
		return false;
	pos = 0;
	if (der_expect(b, &pos, DER_OID, &b_type) ||
	    der_next(b->data, b->len, &pos, &b_value) || pos != b->len)
		return false;
	if (!same_bytes(&a_type, &b_type))
		return false;
	if (same_bytes(&a_value, &b_value))
		return true;
	return is_string(a_value.tag) && is_string(b_value.tag) &&
	       same_string(&a_value, &b_value);
}

/* Find @attr in @rdn, not among those of the mask @used; adds it there. */
static bool find_attr(const struct der *rdn, const struct der *attr, u32 *used)
{
	struct der el;
	size_t pos = 0;

	for (u32 bit = 1; !der_next(rdn->data, rdn->len, &pos, &el); bit <<= 1) {
		if (!(*used & bit) && same_attr(&el, attr)) {
			*used |= bit;
			return true;
		}
	}
	return false;
}

/* Returns the number of elements, or 0 if there are none or too many. */
static size_t count_attrs(const struct der *rdn)
{
	struct der el;
	size_t pos = 0, n = 0;

	while (!der_next(rdn->data, rdn->len, &pos, &el))
		if (++n > ATTRS_MAX)
			return 0;
	return pos == rdn->len ? n : 0;
}

/* A SET OF attributes. Its order depends on the kinds of the strings. */
static bool same_rdn(const struct der *a, const struct der *b)
{
	struct der el;
	size_t pos = 0, n;
	u32 used = 0;

	if (same_bytes(a, b))
		return true;
	if (a->tag != DER_SET || b->tag != DER_SET)
		return false;
	n = count_attrs(a);
	if (!n || n != count_attrs(b))
		return false;
	while (!der_next(a->data, a->len, &pos, &el))
		if (!find_attr(b, &el, &used))
			return false;
	return true;
}

bool x509_name_within(const u8 *name, size_t len, const u8 *base,
		      size_t base_len)
{
	size_t pos = 0, base_pos = 0;
	struct der a, b;

	while (base_pos < base_len) {
		if (der_next(base, base_len, &base_pos, &b) ||
		    der_next(name, len, &pos, &a) || !same_rdn(&a, &b))
			return false;
	}
	return true;
}

/* Do two Names have the same number of RDNs, and nothing behind them? */
static bool same_count(const u8 *a, size_t a_len, const u8 *b, size_t b_len)
{
	size_t pos = 0, b_pos = 0;
	struct der el;

	while (pos < a_len)
		if (der_next(a, a_len, &pos, &el) ||
		    der_next(b, b_len, &b_pos, &el))
			return false;
	return b_pos == b_len;
}

bool x509_same_name(const u8 *a, size_t a_len, const u8 *b, size_t b_len)
{
	if (a_len == b_len && !memcmp(a, b, a_len))
		return true;
	return same_count(a, a_len, b, b_len) &&
	       x509_name_within(a, a_len, b, b_len);
}

/* Compare Names in DER, identifier and length included. */
static bool same_der(const u8 *a, size_t a_len, const u8 *b, size_t b_len)
{
	struct der x, y;
	size_t pos = 0;

	if (der_next(a, a_len, &pos, &x))
		return false;
	pos = 0;
	if (der_next(b, b_len, &pos, &y))
		return false;
	return x509_same_name(x.data, x.len, y.data, y.len);
}

bool x509_self_issued(const struct x509_cert *cert)
{
	return same_der(cert->issuer, cert->issuer_len, cert->subject,
			cert->subject_len);
}

/* Identifiers that are missing differ from none. */
static bool differ(const u8 *a, size_t a_len, const u8 *b, size_t b_len)
{
	return a && b && (a_len != b_len || memcmp(a, b, a_len));
}

bool x509_self_signed(const struct x509_cert *cert)
{
	return x509_self_issued(cert) &&
	       !differ(cert->auth_key_id, cert->auth_key_id_len,
		       cert->subject_key_id, cert->subject_key_id_len) &&
	       !differ(cert->auth_serial, cert->auth_serial_len, cert->serial,
		       cert->serial_len);
}

bool x509_issued_by(const struct x509_cert *cert,
		    const struct x509_cert *issuer)
{
	return same_der(cert->issuer, cert->issuer_len, issuer->subject,
			issuer->subject_len);
}
