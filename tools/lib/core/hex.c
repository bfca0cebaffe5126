// SPDX-License-Identifier: GPL-2.0-only
/*
 * Bytes and numbers as text.
 */
#include <errno.h>
#include <stdlib.h>

#include <ccguest/text.h>

#include "core/text.h"

/**
 * ccg_hex_value - get the value of a hexadecimal digit
 * @c: the digit, in either case
 *
 * Return: the value; -1 if @c is not a digit.
 */
int ccg_hex_value(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	if (c >= 'A' && c <= 'F')
		return c - 'A' + 10;
	return -1;
}

void ccg_hex(const uint8_t *p, size_t len, char *text)
{
	static const char digit[] = "0123456789abcdef";

	for (; len; len--, p++) {
		*text++ = digit[*p >> 4];
		*text++ = digit[*p & 15];
	}
	*text = '\0';
}

/**
 * ccg_hex_text - format bytes in hexadecimal, in new memory
 * @p: bytes
 * @len: number of bytes
 *
 * Return: the text, to be freed with free(); NULL if there is no memory.
 */
char *ccg_hex_text(const uint8_t *p, size_t len)
{
	char *text = malloc(2 * len + 1);

	if (text)
		ccg_hex(p, len, text);
	return text;
}

int ccg_unhex(const char *text, uint8_t *buf, size_t max, size_t *lenp)
{
	int hi, lo;
	size_t n;

	for (n = 0; *text; text += 2, n++) {
		hi = ccg_hex_value(text[0]);
		lo = ccg_hex_value(text[1]);
		if (hi < 0 || lo < 0)
			return -EINVAL;
		if (n == max)
			return -EMSGSIZE;
		buf[n] = hi << 4 | lo;
	}
	*lenp = n;
	return 0;
}

int ccg_parse_number(const char *text, int base, uint64_t max, uint64_t *val,
		     const char **endp)
{
	unsigned long long n;
	char *end;

	/* strtoull() accepts signs and blanks. */
	if (ccg_hex_value(*text) < 0)
		return -EINVAL;
	errno = 0;
	n = strtoull(text, &end, base);
	if (end == text || (!endp && *end))
		return -EINVAL;
	if (errno || n > max)
		return -ERANGE;
	*val = n;
	if (endp)
		*endp = end;
	return 0;
}

/**
 * ccg_is_zero - test whether all bytes are zero
 * @p: the bytes
 * @len: number of bytes
 *
 * Return: true if no byte is set.
 */
bool ccg_is_zero(const uint8_t *p, size_t len)
{
	while (len)
		if (p[--len])
			return false;
	return true;
}
