// SPDX-License-Identifier: GPL-2.0-only
/*
 * UTF-8: characters that are safe for a terminal, and escapes of all others.
 */
#include <string.h>

#include "cli.h"
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

size_t utf8_take(const char *s, size_t len, uint32_t *cp)
{
	char window[5] = {};

	/* The window ends in a NUL, which belongs to no character. */
	memcpy(window, s, len < 4 ? len : 4);
	return utf8_char(window, cp);
}

size_t utf8_printable(const char *s, size_t len)
{
	uint32_t cp;
	size_t n;

	if (!len || (unsigned char)*s < ' ')
		return 0;
	if ((unsigned char)*s < 0x7f)
		return 1;
	n = utf8_take(s, len, &cp);
	return n && !utf8_is_control(cp) ? n : 0;
}

size_t utf8_width(const char *s)
{
	size_t n = 0;

	for (; *s; s++)
		n += ((unsigned char)*s & 0xc0) != 0x80;
	return n;
}

/* Unicode 15, categories Cc, Cf, Zl and Zp, and code points for no character. */
bool utf8_is_control(uint32_t cp)
{
	static const struct {
		uint32_t first;
		uint32_t last;
	} ranges[] = {
		{ 0x7f, 0x9f }, { 0xad, 0xad }, { 0x61c, 0x61c },
		{ 0x180e, 0x180e }, { 0x200b, 0x200f }, { 0x2028, 0x202e },
		{ 0x2060, 0x206f }, { 0xfdd0, 0xfdef }, { 0xfeff, 0xfeff },
		{ 0xfff9, 0xfffb }, { 0xe0000, 0xe007f },
	};

	for (size_t i = 0; i < ARRAY_SIZE(ranges); i++)
		if (cp >= ranges[i].first && cp <= ranges[i].last)
			return true;
	return (cp & 0xfffe) == 0xfffe;
}
