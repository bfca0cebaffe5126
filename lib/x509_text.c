// SPDX-License-Identifier: GPL-2.0-only
/*
 * Text made of the strings in a certificate, for messages.
 */
#include "der.h"
#include "x509_text.h"

/* A text in a buffer; it ends before the first piece that does not fit. */
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

static const char hex[] = "0123456789abcdef";

void x509_hex(const u8 *s, size_t len, char *buf)
{
	for (size_t i = 0; i < len; i++) {
		*buf++ = hex[s[i] >> 4];
		*buf++ = hex[s[i] & 15];
	}
	*buf = '\0';
}

static void put_escaped(struct text *t, const u8 *s, size_t len)
{
	for (size_t i = 0; i < len; i++) {
		char esc[] = { '\\', 'x', hex[s[i] >> 4], hex[s[i] & 15] };

		if (s[i] < 0x20 || s[i] >= 0x7f || s[i] == '\\')
			put(t, esc, sizeof(esc));
		else
			put(t, (const char *)&s[i], 1);
	}
}

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
