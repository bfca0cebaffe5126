// SPDX-License-Identifier: GPL-2.0-only
/*
 * DER, the distinguished encoding rules of ASN.1 (ITU-T X.690): one element
 * after the other.
 */
#include "der.h"

/* Length octets; X.690 8.1.3, and 10.1: definite, as few as possible. */
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
	/* 0 would be indefinite; nothing here is 16 MiB long. */
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

/**
 * der_next - take the next element
 * @buf: elements, one after the other
 * @len: their length in bytes
 * @pos: where the walk stands, 0 to start it; moved on
 * @el: set to the element where the result is 0
 *
 * Return: 0; -ENODATA at the end; -EBADMSG where there is no element in DER
 * or it is longer than the rest, with @pos where it begins.
 */
int der_next(const u8 *buf, size_t len, size_t *pos, struct der *el)
{
	size_t left, hdr, content;
	int rc;

	if (*pos >= len)
		return -ENODATA;
	left = len - *pos;
	buf += *pos;
	/* Tag numbers of 31 and more: nobody uses them here. */
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
