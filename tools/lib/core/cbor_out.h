/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Private to libccguest: writing CBOR (RFC 8949) with definite lengths and the
 * shortest heads.
 */
#ifndef CCGUEST_CORE_CBOR_OUT_H
#define CCGUEST_CORE_CBOR_OUT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/**
 * struct cbor_out - CBOR that is being written
 * @buf: the bytes; free them with free()
 * @len: their number
 * @size: size of @buf
 * @lost: there was no memory; the bytes are incomplete
 */
struct cbor_out {
	uint8_t *buf;
	size_t len;
	size_t size;
	bool lost;
};

void ccg_cbor_put(struct cbor_out *o, const void *p, size_t len);
void ccg_cbor_put_uint(struct cbor_out *o, uint64_t n);
void ccg_cbor_put_int(struct cbor_out *o, int64_t n);
void ccg_cbor_put_array(struct cbor_out *o, size_t n);
void ccg_cbor_put_map(struct cbor_out *o, size_t n);
void ccg_cbor_put_tag(struct cbor_out *o, uint64_t tag);
void ccg_cbor_put_text(struct cbor_out *o, const char *text);
void ccg_cbor_put_bytes(struct cbor_out *o, const void *p, size_t len);
/* The head of a byte string, whose @len bytes follow with ccg_cbor_put(). */
void ccg_cbor_put_bytes_head(struct cbor_out *o, size_t len);

#endif /* CCGUEST_CORE_CBOR_OUT_H */
