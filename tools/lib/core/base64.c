// SPDX-License-Identifier: GPL-2.0-only
/*
 * Base64, RFC 4648: sections 4, and 5 for base64url.
 */
#include <errno.h>
#include <stdbool.h>
#include <string.h>

#include <ccguest/text.h>

/* The digits of the two forms, without NUL. */
#define COMMON	"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
static const char plain[] = COMMON "+/";
static const char url[] = COMMON "-_";

static void encode(const char *digits, const uint8_t *p, size_t len, char *text)
{
	bool padded = digits == plain;
	uint32_t bits;
	size_t n;

	for (size_t i = 0; i < len; i += 3) {
		n = len - i < 3 ? len - i : 3;
		bits = (uint32_t)p[i] << 16;
		if (n > 1)
			bits |= (uint32_t)p[i + 1] << 8;
		if (n > 2)
			bits |= p[i + 2];
		for (size_t d = 0; d <= n; d++)
			*text++ = digits[bits >> (18 - 6 * d) & 0x3f];
		for (; padded && n < 3; n++)
			*text++ = '=';
	}
	*text = '\0';
}

void ccg_base64(const uint8_t *p, size_t len, char *text)
{
	encode(plain, p, len, text);
}

void ccg_base64url(const uint8_t *p, size_t len, char *text)
{
	encode(url, p, len, text);
}

static int value_of(const char *digits, char c)
{
	const char *digit = c ? strchr(digits, c) : NULL;

	return digit ? (int)(digit - digits) : -1;
}

/* Decodes @n digits without padding. */
static int decode(const char *digits, const char *text, size_t n, uint8_t *buf,
		  size_t max, size_t *lenp)
{
	uint32_t bits = 0;
	size_t len = 0;
	int value;

	if (n % 4 == 1)
		return -EINVAL;
	if (n / 4 * 3 + n % 4 * 3 / 4 > max)
		return -EMSGSIZE;
	for (size_t i = 0; i < n; i++) {
		value = value_of(digits, text[i]);
		if (value < 0)
			return -EINVAL;
		bits = bits << 6 | (uint32_t)value;
		if (i % 4)
			buf[len++] = bits >> (6 - 2 * (i % 4));
	}
	/* The bits that belong to no byte are zero: one text for each value. */
	if (n % 4 && bits & (n % 4 == 2 ? 0xf : 0x3))
		return -EINVAL;
	*lenp = len;
	return 0;
}

int ccg_unbase64(const char *text, uint8_t *buf, size_t max, size_t *lenp)
{
	size_t n = strlen(text), pad = 0;

	if (n % 4)
		return -EINVAL;
	while (pad < 2 && pad < n && text[n - 1 - pad] == '=')
		pad++;
	return decode(plain, text, n - pad, buf, max, lenp);
}

int ccg_unbase64url(const char *text, uint8_t *buf, size_t max, size_t *lenp)
{
	return decode(url, text, strlen(text), buf, max, lenp);
}
