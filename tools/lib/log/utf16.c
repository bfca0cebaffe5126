// SPDX-License-Identifier: GPL-2.0-only
/*
 * UTF-16, in which UEFI has its strings, as UTF-8.
 */
#include <stdlib.h>

#include "log/utf16.h"

#define HIGH_SURROGATE	0xd800
#define LOW_SURROGATE	0xdc00
#define SURROGATES	0x400

static bool is_surrogate(unsigned int unit, unsigned int first)
{
	return unit >= first && unit < first + SURROGATES;
}

/* Decodes a character; returns the number of 16-bit units that it takes. */
static size_t take_char(const u8 *p, size_t n, unsigned int *c)
{
	unsigned int low;

	*c = get_unaligned_le16(p);
	if (!is_surrogate(*c, HIGH_SURROGATE) || n < 2)
		return 1;
	low = get_unaligned_le16(p + 2);
	if (!is_surrogate(low, LOW_SURROGATE))
		return 1;
	*c = 0x10000 + ((*c - HIGH_SURROGATE) << 10) + low - LOW_SURROGATE;
	return 2;
}

/*
 * A surrogate without its partner is encoded alone. The result is not UTF-8, so
 * that its bytes are escaped where the text is printed.
 */
static size_t encode(unsigned int c, char *to)
{
	if (c < 0x80) {
		to[0] = c;
		return 1;
	}
	if (c < 0x800) {
		to[0] = 0xc0 | c >> 6;
		to[1] = 0x80 | (c & 0x3f);
		return 2;
	}
	if (c < 0x10000) {
		to[0] = 0xe0 | c >> 12;
		to[1] = 0x80 | (c >> 6 & 0x3f);
		to[2] = 0x80 | (c & 0x3f);
		return 3;
	}
	to[0] = 0xf0 | c >> 18;
	to[1] = 0x80 | (c >> 12 & 0x3f);
	to[2] = 0x80 | (c >> 6 & 0x3f);
	to[3] = 0x80 | (c & 0x3f);
	return 4;
}

/**
 * ccg_text_utf16 - append UTF-16 as UTF-8
 * @t: the text
 * @p: UTF-16, little-endian, up to a NUL
 * @n: number of 16-bit units
 */
void ccg_text_utf16(struct ccg_text *t, const u8 *p, size_t n)
{
	unsigned int c;
	size_t units;
	char utf8[4];

	for (; n; p += 2 * units, n -= units) {
		units = take_char(p, n, &c);
		if (!c)
			return;
		ccg_text_bytes(t, utf8, encode(c, utf8));
	}
}

/**
 * ccg_utf16_text - convert UTF-16 to UTF-8
 * @p: UTF-16, little-endian, up to a NUL
 * @n: number of 16-bit units
 *
 * Return: the text, free it with free(); NULL if memory is short.
 */
char *ccg_utf16_text(const u8 *p, size_t n)
{
	struct ccg_text t = {};

	ccg_text_bytes(&t, "", 0);
	ccg_text_utf16(&t, p, n);
	if (!t.bad)
		return t.buf;
	free(t.buf);
	return NULL;
}
