// SPDX-License-Identifier: GPL-2.0-only
/*
 * UTF-8: characters that are safe for a terminal, and escapes of all others.
 */
#include "utf8.h"

char *utf8_escape(char *p, unsigned char c)
{
	static const char digit[] = "0123456789abcdef";

	*p++ = '\\';
	*p++ = 'x';
	*p++ = digit[c >> 4];
	*p++ = digit[c & 15];
	return p;
}

size_t utf8_plain(const char *s, size_t len)
{
	size_t n = 0;

	while (n < len && s[n] >= ' ' && s[n] <= '~' && s[n] != '"' &&
	       s[n] != '\\')
		n++;
	return n;
}

size_t utf8_char(const char *s, uint32_t *cp)
{
	static const uint32_t least[] = { 0, 0, 0x80, 0x800, 0x10000 };
	unsigned char c = *s;
	size_t i, len;

	if (c < 0x80) {
		*cp = c;
		return 1;
	}
	if (c >= 0xc0 && c < 0xe0)
		len = 2;
	else if (c >= 0xe0 && c < 0xf0)
		len = 3;
	else if (c >= 0xf0 && c < 0xf8)
		len = 4;
	else
		return 0;
	*cp = c & (0x7fU >> len);
	for (i = 1; i < len; i++) {
		c = s[i];
		if ((c & 0xc0) != 0x80)
			return 0;
		*cp = *cp << 6 | (c & 0x3f);
	}
	if (*cp < least[len] || *cp > 0x10ffff ||
	    (*cp >= 0xd800 && *cp <= 0xdfff))
		return 0;
	return len;
}

bool utf8_is_control(uint32_t cp)
{
	return (cp >= 0x7f && cp <= 0x9f) || cp == 0x61c ||
	       cp == 0x200e || cp == 0x200f ||
	       (cp >= 0x2028 && cp <= 0x202e) ||
	       (cp >= 0x2066 && cp <= 0x2069);
}
