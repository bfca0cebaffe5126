// SPDX-License-Identifier: GPL-2.0-only
/*
 * Certificates of SEV as text: base64, as QMP's query-sev-capabilities and
 * libvirt's nodesevinfo return them, or hexadecimal.
 */
#include <stdbool.h>
#include <string.h>

#include <ccguest/text.h>

#include "core/text.h"
#include "sev/armor.h"

/* All certificates begin with the version, 1 in 32 bits. */
#define HEX_START	"01000000"
#define BASE64_START	"AQAAA"

static bool is_blank(uint8_t c)
{
	return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

/* Blanks may be anywhere. */
static bool begins(const uint8_t *buf, size_t len, const char *text)
{
	for (size_t i = 0; *text && i < len; i++) {
		if (is_blank(buf[i]))
			continue;
		if (buf[i] != (uint8_t)*text++)
			return false;
	}
	return !*text;
}

/**
 * ccg_sev_unhex - convert hexadecimal text with blanks to bytes
 * @buf: the text; set to the bytes
 * @lenp: length of the text; set to the number of bytes
 * @fault: set to the reason of a failure
 *
 * Return: 0 or -EBADMSG.
 */
int ccg_sev_unhex(uint8_t *buf, size_t *lenp, struct sev_fault *fault)
{
	size_t in, digits = 0;
	int value;

	for (in = 0; in < *lenp; in++) {
		if (is_blank(buf[in]))
			continue;
		value = ccg_hex_value(buf[in]);
		if (value < 0)
			return sev_fault_at(fault, "the character is not a hexadecimal digit",
					    in, buf[in], 0);
		if (digits % 2)
			buf[digits / 2] |= value;
		else
			buf[digits / 2] = value << 4;
		digits++;
	}
	if (digits % 2)
		return sev_fault_at(fault, "the number of hexadecimal digits is odd",
				    *lenp, digits, 0);
	*lenp = digits / 2;
	return 0;
}

static size_t drop_blanks(uint8_t *buf, size_t len)
{
	size_t out = 0;

	for (size_t in = 0; in < len; in++)
		if (!is_blank(buf[in]))
			buf[out++] = buf[in];
	return out;
}

/* Length of a text in base64, which ends with its padding. */
static size_t base64_len(const uint8_t *p, size_t left)
{
	size_t n = 0;

	while (n < left && p[n] != '=')
		n++;
	while (n < left && p[n] == '=')
		n++;
	return n;
}

/**
 * ccg_sev_unbase64 - convert base64 text with blanks to bytes
 * @buf: the text; set to the bytes; it has room for one byte more than *@lenp
 * @lenp: length of the text; set to the number of bytes
 * @fault: set to the reason of a failure
 *
 * Several texts, each with its padding, may follow each other.
 *
 * Return: 0 or -EBADMSG.
 */
int ccg_sev_unbase64(uint8_t *buf, size_t *lenp, struct sev_fault *fault)
{
	size_t len = drop_blanks(buf, *lenp), pos, n, bytes, out = 0;
	uint8_t next;
	int rc;

	for (pos = 0; pos < len; pos += n) {
		n = base64_len(buf + pos, len - pos);
		next = buf[pos + n];
		buf[pos + n] = '\0';
		/* The bytes take the place of characters that were read. */
		rc = strlen((char *)buf + pos) == n ?
		     ccg_unbase64((char *)buf + pos, buf + out, n, &bytes) : -EINVAL;
		buf[pos + n] = next;
		if (rc)
			return sev_fault_at(fault, "the text, without blanks, is not base64", pos,
					    n, 0);
		out += bytes;
	}
	*lenp = out;
	return 0;
}

/**
 * ccg_sev_unarmor - convert certificates from text to bytes
 * @buf: the text, or bytes, which remain as they are; set to the bytes; it has
 *	 room for one byte more than *@lenp
 * @lenp: length of the text; set to the number of bytes
 * @fault: set to the reason of a failure
 *
 * Return: 0; -EBADMSG if the text is neither base64 nor hexadecimal.
 */
int ccg_sev_unarmor(uint8_t *buf, size_t *lenp, struct sev_fault *fault)
{
	if (begins(buf, *lenp, HEX_START))
		return ccg_sev_unhex(buf, lenp, fault);
	if (begins(buf, *lenp, BASE64_START))
		return ccg_sev_unbase64(buf, lenp, fault);
	return 0;
}
