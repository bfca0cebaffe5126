/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * DER, the distinguished encoding rules of ASN.1 (ITU-T X.690): taking one
 * element after the other.
 */
#ifndef CCGUEST_LIB_DER_H
#define CCGUEST_LIB_DER_H

#include "env.h"

/* Identifier octets, X.690 8.1.2; X.680 8.6. */
#define DER_BOOLEAN		0x01
#define DER_INTEGER		0x02
#define DER_BIT_STRING		0x03
#define DER_OCTET_STRING	0x04
#define DER_OID			0x06
#define DER_UTF8_STRING		0x0c
#define DER_UTC_TIME		0x17
#define DER_GENERALIZED_TIME	0x18
#define DER_SEQUENCE		0x30
#define DER_SET			0x31
/* Context-specific and constructed. */
#define DER_CONTEXT(n)		(0xa0 | (n))

/**
 * struct der - one element
 * @tag: identifier octet
 * @raw: points to the element, identifier and length included
 * @raw_len: its length
 * @data: points to the contents
 * @len: their length
 */
struct der {
	u8 tag;
	const u8 *raw;
	size_t raw_len;
	const u8 *data;
	size_t len;
};

/**
 * der_next - take the next element
 * @buf: elements, one after the other
 * @len: their length in bytes
 * @pos: position of the walk, 0 at its start; set to the end of the element
 * @el: set to the element if the result is 0
 *
 * Return: 0; -ENODATA at the end; -EBADMSG if the element is not in DER or
 * is longer than the rest, with @pos unchanged.
 */
int der_next(const u8 *buf, size_t len, size_t *pos, struct der *el);

/**
 * der_expect - take the next element, which must have a given tag
 * @in: element that contains the next one
 * @pos: position in its contents; set to the end of the element
 * @tag: the tag
 * @el: set to the element if the result is 0
 *
 * Return: 0; -EBADMSG if there is no such element.
 */
int der_expect(const struct der *in, size_t *pos, u8 tag, struct der *el);

/**
 * der_optional - take the next element if it has a given tag
 * @in: element that contains the next one
 * @pos: position in its contents; set to the end of an element that is taken
 * @tag: the tag
 * @el: set to the element if the result is true
 *
 * Return: true if the element was taken.
 */
bool der_optional(const struct der *in, size_t *pos, u8 tag, struct der *el);

#endif /* CCGUEST_LIB_DER_H */
