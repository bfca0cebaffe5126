// SPDX-License-Identifier: GPL-2.0-only
/*
 * DER, the distinguished encoding rules of ASN.1 (ITU-T X.690): taking one
 * element after the other.
 */
#include "der.h"

/* Length octets; X.690 8.1.3. DER has only the shortest form; X.690 10.1. */
static int der_length(const u8 *buf, size_t len, size_t *hdr, size_t *content)
{
	size_t n, val = 0;

	if (len < 2)
		return -EBADMSG;
	if (buf[1] < 0x80) {
		*hdr = 2;
		*content = buf[1];
		return 0;
	}
	n = buf[1] & 0x7f;
	/* 0 is the indefinite form. Three octets are enough: 16 MiB. */
	if (!n || n > 3 || n > len - 2)
		return -EBADMSG;
	for (size_t i = 0; i < n; i++)
		val = val << 8 | buf[2 + i];
	if (val < 0x80 || val >> 8 * (n - 1) == 0)
		return -EBADMSG;
	*hdr = 2 + n;
	*content = val;
	return 0;
}

int der_next(const u8 *buf, size_t len, size_t *pos, struct der *el)
{
	size_t left, hdr, content;
	int rc;

	if (*pos >= len)
		return -ENODATA;
	left = len - *pos;
	buf += *pos;
	/* Tag numbers from 31 on have more octets; X.509 does not use them. */
	if ((buf[0] & 0x1f) == 0x1f)
		return -EBADMSG;
	rc = der_length(buf, left, &hdr, &content);
	if (rc)
		return rc;
	if (content > left - hdr)
		return -EBADMSG;

	*el = (struct der) {
		.tag = buf[0],
		.raw = buf,
		.raw_len = hdr + content,
		.data = buf + hdr,
		.len = content,
	};
	*pos += el->raw_len;
	return 0;
}

int der_expect(const struct der *in, size_t *pos, u8 tag, struct der *el)
{
	if (der_next(in->data, in->len, pos, el))
		return -EBADMSG;
	return el->tag == tag ? 0 : -EBADMSG;
}

bool der_optional(const struct der *in, size_t *pos, u8 tag, struct der *el)
{
	size_t p = *pos;

	if (der_next(in->data, in->len, &p, el) || el->tag != tag)
		return false;
	*pos = p;
	return true;
}
