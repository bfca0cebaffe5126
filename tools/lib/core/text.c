// SPDX-License-Identifier: GPL-2.0-only
/*
 * Texts that grow, and the inverse of x509_text() in lib/.
 */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <ccguest/text.h>

#include "core/text.h"

/* Most additions are shorter than this number of bytes. */
#define PUT_MOST	64

/* Makes room for @len bytes and a NUL; returns true if all of them fit. */
static bool make_room(struct ccg_text *t, size_t len)
{
	size_t size = 2 * (t->len + len) + PUT_MOST;
	char *buf;

	if (t->bad)
		return false;
	if (len < t->size - t->len)
		return true;
	if (t->fixed)
		return false;
	buf = realloc(t->buf, size);
	t->bad = !buf;
	if (!buf)
		return false;
	t->buf = buf;
	t->size = size;
	t->buf[t->len] = '\0';
	return true;
}

/**
 * ccg_text_put - append formatted text
 * @t: the text
 * @fmt: format, with the arguments that follow
 */
void ccg_text_put(struct ccg_text *t, const char *fmt, ...)
{
	size_t room;
	va_list ap;
	int n;

	if (t->bad || (!t->fixed && !make_room(t, PUT_MOST)))
		return;
	/* The second round happens if the addition did not fit. */
	for (;;) {
		room = t->size - t->len;
		va_start(ap, fmt);
		n = vsnprintf(t->buf + t->len, room, fmt, ap);
		va_end(ap);
		if (n < 0)
			return;
		if ((size_t)n < room) {
			t->len += n;
			return;
		}
		if (t->fixed) {
			t->len = t->size - 1;
			return;
		}
		if (!make_room(t, n))
			return;
	}
}

/**
 * ccg_text_bytes - append bytes
 * @t: the text
 * @p: the bytes
 * @len: number of bytes
 */
void ccg_text_bytes(struct ccg_text *t, const void *p, size_t len)
{
	if (!make_room(t, len)) {
		if (!t->fixed)
			return;
		len = t->size - 1 - t->len;
	}
	if (len)
		memcpy(t->buf + t->len, p, len);
	t->len += len;
	t->buf[t->len] = '\0';
}

/**
 * ccg_text_hex - append bytes in hexadecimal
 * @t: the text; unchanged if there is no room for all digits
 * @p: the bytes
 * @len: number of bytes
 */
void ccg_text_hex(struct ccg_text *t, const uint8_t *p, size_t len)
{
	if (!make_room(t, 2 * len))
		return;
	ccg_hex(p, len, t->buf + t->len);
	t->len += 2 * len;
}

/**
 * ccg_text_guid - append a GUID
 * @t: the text
 * @p: the GUID in the form of EFI, 16 bytes
 */
void ccg_text_guid(struct ccg_text *t, const uint8_t *p)
{
	char text[CCG_GUID_TEXT];
	struct ccg_guid guid;

	memcpy(guid.b, p, sizeof(guid.b));
	ccg_guid_format(&guid, text);
	ccg_text_bytes(t, text, CCG_GUID_TEXT - 1);
}

/* x509_text() writes lower-case digits. */
static int escape_digit(char c)
{
	return c >= 'A' && c <= 'F' ? -1 : ccg_hex_value(c);
}

/**
 * ccg_unescape - undo the escapes of x509_text()
 * @text: text with \xNN in it; changed in place
 *
 * The kernel and lib/ escape the strings of certificates. A program that prints
 * such a string escapes control characters itself, so that without this
 * function the text would be escaped twice. \x00 stays, because a NUL would end
 * @text.
 *
 * Return: @text.
 */
char *ccg_unescape(char *text)
{
	char *to = text;
	const char *s;
	int high, low;

	for (s = text; *s; s++) {
		*to = *s;
		if (s[0] == '\\' && s[1] == 'x') {
			high = escape_digit(s[2]);
			low = high < 0 ? -1 : escape_digit(s[3]);
			if (low >= 0 && (high || low)) {
				*to = (char)(high * 16 + low);
				s += 3;
			}
		}
		to++;
	}
	*to = '\0';
	return text;
}

void ccg_time_text(const struct tm *tm, char *text)
{
	if (!strftime(text, CCG_TIME_TEXT, "%Y-%m-%dT%H:%M:%SZ", tm))
		*text = '\0';
}
