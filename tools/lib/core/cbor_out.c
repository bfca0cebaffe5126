// SPDX-License-Identifier: GPL-2.0-only
/*
 * Writing CBOR. libcbor encodes the heads.
 */
#include <stdlib.h>
#include <string.h>

#include <cbor.h>

#include "core/cbor_out.h"

/* The longest head of an item. */
#define HEAD_MAX	9

void ccg_cbor_put(struct cbor_out *o, const void *p, size_t len)
{
	size_t size = 2 * (o->len + len);
	uint8_t *more;

	if (o->lost || !len)
		return;
	if (len > o->size - o->len) {
		more = realloc(o->buf, size);
		if (!more) {
			o->lost = true;
			return;
		}
		o->buf = more;
		o->size = size;
	}
	memcpy(o->buf + o->len, p, len);
	o->len += len;
}

void ccg_cbor_put_uint(struct cbor_out *o, uint64_t n)
{
	uint8_t head[HEAD_MAX];

	ccg_cbor_put(o, head, cbor_encode_uint(n, head, sizeof(head)));
}

void ccg_cbor_put_int(struct cbor_out *o, int64_t n)
{
	uint8_t head[HEAD_MAX];

	if (n >= 0)
		ccg_cbor_put_uint(o, n);
	else
		ccg_cbor_put(o, head, cbor_encode_negint(-1 - n, head,
							 sizeof(head)));
}

void ccg_cbor_put_array(struct cbor_out *o, size_t n)
{
	uint8_t head[HEAD_MAX];

	ccg_cbor_put(o, head, cbor_encode_array_start(n, head, sizeof(head)));
}

void ccg_cbor_put_map(struct cbor_out *o, size_t n)
{
	uint8_t head[HEAD_MAX];

	ccg_cbor_put(o, head, cbor_encode_map_start(n, head, sizeof(head)));
}

void ccg_cbor_put_tag(struct cbor_out *o, uint64_t tag)
{
	uint8_t head[HEAD_MAX];

	ccg_cbor_put(o, head, cbor_encode_tag(tag, head, sizeof(head)));
}

void ccg_cbor_put_text(struct cbor_out *o, const char *text)
{
	size_t len = strlen(text);
	uint8_t head[HEAD_MAX];

	ccg_cbor_put(o, head, cbor_encode_string_start(len, head, sizeof(head)));
	ccg_cbor_put(o, text, len);
}

void ccg_cbor_put_bytes_head(struct cbor_out *o, size_t len)
{
	uint8_t head[HEAD_MAX];

	ccg_cbor_put(o, head, cbor_encode_bytestring_start(len, head, sizeof(head)));
}

void ccg_cbor_put_bytes(struct cbor_out *o, const void *p, size_t len)
{
	ccg_cbor_put_bytes_head(o, len);
	ccg_cbor_put(o, p, len);
}
