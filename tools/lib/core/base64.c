// SPDX-License-Identifier: GPL-2.0-only
/*
 * Base64, RFC 4648, section 4.
 */
#include <errno.h>
#include <string.h>

#include <ccguest/text.h>

static const char digits[] =
	"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

void ccg_base64(const uint8_t *p, size_t len, char *text)
{
	uint32_t bits;
	size_t n;

	for (size_t i = 0; i < len; i += 3) {
		n = len - i < 3 ? len - i : 3;
		bits = (uint32_t)p[i] << 16;
		if (n > 1)
			bits |= (uint32_t)p[i + 1] << 8;
		if (n > 2)
			bits |= p[i + 2];
		for (size_t d = 0; d < 4; d++)
			*text++ = d > n ? '=' : digits[bits >> (18 - 6 * d) & 0x3f];
	}
	*text = '\0';
}

static int value_of(char c)
{
	const char *digit = c ? strchr(digits, c) : NULL;

	return digit ? (int)(digit - digits) : -1;
}

int ccg_unbase64(const char *text, uint8_t *buf, size_t max, size_t *lenp)
{
	size_t n = strlen(text), pad = 0, len = 0;
	uint32_t bits = 0;
	int value;

	if (n % 4)
		return -EINVAL;
	while (pad < 2 && pad < n && text[n - 1 - pad] == '=')
		pad++;
	if (n / 4 * 3 - pad > max)
		return -EMSGSIZE;
	for (size_t i = 0; i < n - pad; i++) {
		value = value_of(text[i]);
		if (value < 0)
			return -EINVAL;
		bits = bits << 6 | (uint32_t)value;
		if (i % 4)
			buf[len++] = bits >> (6 - 2 * (i % 4));
	}
	/* The bits that belong to no byte are zero: one text for each value. */
	if (pad && bits & (pad == 2 ? 0xf : 0x3))
		return -EINVAL;
	*lenp = len;
	return 0;
}
