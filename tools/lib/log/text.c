// SPDX-License-Identifier: GPL-2.0-only
/*
 * Text in the data of events: bytes or UTF-16, with or without a NUL.
 */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "log/utf16.h"
#include "log/words.h"

static size_t without_nuls(const u8 *p, size_t len)
{
	while (len && !p[len - 1])
		len--;
	return len;
}

/* Returns the length of a printable character; 0 for other bytes. */
static size_t printable(const u8 *p, size_t len)
{
	size_t n;

	if (*p < 0x80)
		return (*p >= ' ' && *p != 0x7f) || strchr("\t\n\r", *p);
	if (*p < 0xc2 || *p > 0xf4)
		return 0;
	n = *p < 0xe0 ? 2 : *p < 0xf0 ? 3 : 4;
	if (n > len)
		return 0;
	for (size_t i = 1; i < n; i++)
		if ((p[i] & 0xc0) != 0x80)
			return 0;
	return n;
}

/**
 * ccg_is_text - test whether bytes look like text
 * @p: the bytes
 * @len: number of bytes
 *
 * Return: true for printable ASCII and UTF-8, with or without NULs at the end.
 */
bool ccg_is_text(const u8 *p, size_t len)
{
	size_t n;

	len = without_nuls(p, len);
	if (!len)
		return false;
	for (; len; p += n, len -= n) {
		n = *p ? printable(p, len) : 0;
		if (!n)
			return false;
	}
	return true;
}

/**
 * ccg_is_utf16 - test whether bytes look like UTF-16
 * @p: the bytes
 * @len: number of bytes
 *
 * systemd-boot logs UTF-16; GRUB and shim log bytes. systemd-stub before its
 * version 252 cuts off the last byte, half of a NUL.
 *
 * Return: true for characters below U+0100 only.
 */
bool ccg_is_utf16(const u8 *p, size_t len)
{
	if (len < 4 || (len % 2 && p[len - 1]))
		return false;
	for (size_t i = 1; i < len; i += 2)
		if (p[i])
			return false;
	return p[0];
}

/**
 * ccg_put_text - append bytes
 * @l: the line
 * @p: the bytes; NULs at the end are dropped, others become spaces
 * @len: number of bytes
 */
void ccg_put_text(struct ccg_text *l, const u8 *p, size_t len)
{
	char *to = l->buf + l->len, *nul;

	ccg_text_bytes(l, p, without_nuls(p, len));
	for (; (nul = memchr(to, '\0', l->buf + l->len - to)); to = nul + 1)
		*nul = ' ';
}

/**
 * ccg_put_utf16 - append UTF-16
 * @l: the line
 * @p: the string; NULs at the end are dropped, others become spaces, so that
 *     they do not hide what follows
 * @n: number of 16-bit units
 */
void ccg_put_utf16(struct ccg_text *l, const u8 *p, size_t n)
{
	size_t len;

	while (n && !get_unaligned_le16(p + 2 * n - 2))
		n--;
	for (; n; p += 2 * len, n -= len) {
		for (len = 0; len < n && get_unaligned_le16(p + 2 * len);)
			len++;
		ccg_text_utf16(l, p, len);
		if (len == n)
			return;
		ccg_text_put(l, " ");
		len++;
	}
}

/**
 * ccg_put_string - append bytes or UTF-16
 * @l: the line
 * @p: the string
 * @len: length of @p in bytes
 */
void ccg_put_string(struct ccg_text *l, const u8 *p, size_t len)
{
	if (ccg_is_utf16(p, len))
		ccg_put_utf16(l, p, len / 2);
	else
		ccg_put_text(l, p, len);
}

/**
 * ccg_put_size - append a size
 * @l: the line
 * @size: in bytes
 */
void ccg_put_size(struct ccg_text *l, uint64_t size)
{
	static const char units[] = "KMGTPE";
	const char *unit = units;
	double n = size;

	if (size < 1024) {
		ccg_text_put(l, "%" PRIu64 " byte%s", size, size == 1 ? "" : "s");
		return;
	}
	for (n /= 1024; n >= 1024 && unit[1]; n /= 1024)
		unit++;
	ccg_text_put(l, "%.*f %ciB", n < 10 || unit != units, n, *unit);
}

/**
 * ccg_put_count - append a number of things
 * @l: the line
 * @n: their number
 * @what: the word for one of them
 */
void ccg_put_count(struct ccg_text *l, size_t n, const char *what)
{
	ccg_text_put(l, "%zu %s%s", n, what, n == 1 ? "" : "s");
}
