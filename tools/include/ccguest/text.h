/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * libccguest: numbers, bytes and GUIDs as text.
 */
#ifndef LIBCCGUEST_TEXT_H
#define LIBCCGUEST_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <time.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Size of the text of a GUID, in bytes, including the terminating NUL. */
#define CCG_GUID_TEXT	37

/**
 * struct ccg_guid - a GUID in the form of EFI
 * @b: its bytes; the first three fields are little-endian
 */
struct ccg_guid {
	uint8_t b[16];
};

/**
 * ccg_parse_number - read a number
 * @text: the text: digits only, without a sign and without blanks
 * @base: 10 or 16; 0 if the prefix 0x selects 16 and the prefix 0 selects 8
 * @max: largest accepted value
 * @val: set to the number; unchanged on failure
 * @endp: set to the first character after the number; NULL if the number must
 *	  end the text
 *
 * Return: 0; -EINVAL if @text does not begin with a number, or does not end
 * with it; -ERANGE if the number is larger than @max. The reason is not noted
 * in a context.
 */
int ccg_parse_number(const char *text, int base, uint64_t max, uint64_t *val,
		     const char **endp);

/* Size of the text of a time, including the terminating NUL. */
#define CCG_TIME_TEXT	sizeof("2026-11-30T00:00:00Z")

/**
 * ccg_time_text - write a time by ISO 8601
 * @tm: the time, in UTC
 * @text: set to the text, as "2026-11-30T00:00:00Z", CCG_TIME_TEXT bytes; empty
 *	  if the year does not have four digits
 */
void ccg_time_text(const struct tm *tm, char *text);

/**
 * ccg_hex - write bytes in hexadecimal
 * @p: the bytes
 * @len: number of bytes
 * @text: set to 2 * @len lower-case digits and a NUL
 */
void ccg_hex(const uint8_t *p, size_t len, char *text);

/**
 * ccg_unhex - read bytes in hexadecimal
 * @text: two digits per byte, in either case, and no other characters
 * @buf: set to the bytes
 * @max: size of @buf in bytes
 * @lenp: set to the number of bytes
 *
 * Return: 0; -EINVAL if @text has another form; -EMSGSIZE if @buf is too small.
 * The reason is not noted in a context.
 */
int ccg_unhex(const char *text, uint8_t *buf, size_t max, size_t *lenp);

/* Size of the base64 text of @len bytes, including the terminating NUL. */
#define CCG_BASE64_TEXT(len)	(((len) + 2) / 3 * 4 + 1)

/**
 * ccg_base64 - write bytes in base64
 * @p: the bytes
 * @len: number of bytes
 * @text: set to the text, with padding, CCG_BASE64_TEXT(@len) bytes
 */
void ccg_base64(const uint8_t *p, size_t len, char *text);

/**
 * ccg_unbase64 - read bytes in base64
 * @text: the text, with padding, without blanks and newlines
 * @buf: set to the bytes; may be changed on failure
 * @max: size of @buf in bytes
 * @lenp: set to the number of bytes
 *
 * Return: 0; -EINVAL if @text has another form; -EMSGSIZE if @buf is too small.
 * The reason is not noted in a context.
 */
int ccg_unbase64(const char *text, uint8_t *buf, size_t max, size_t *lenp);

/**
 * ccg_base64url - write bytes in base64url, without padding
 * @p: the bytes
 * @len: number of bytes
 * @text: set to the text, CCG_BASE64_TEXT(@len) bytes are enough
 */
void ccg_base64url(const uint8_t *p, size_t len, char *text);

/**
 * ccg_unbase64url - read bytes in base64url
 * @text: the text, without padding, blanks and newlines
 * @buf: set to the bytes; may be changed on failure
 * @max: size of @buf in bytes
 * @lenp: set to the number of bytes
 *
 * Return: as ccg_unbase64().
 */
int ccg_unbase64url(const char *text, uint8_t *buf, size_t max, size_t *lenp);

/**
 * ccg_guid_parse - read a GUID
 * @text: for example 736869e5-84f0-4973-92ec-06879ce3da0b, in either case
 * @guid: set to the GUID; unchanged on failure
 *
 * Return: 0; -EINVAL if @text is not a GUID. The reason is not noted in a
 * context.
 */
int ccg_guid_parse(const char *text, struct ccg_guid *guid);

/**
 * ccg_guid_format - write a GUID as text
 * @guid: the GUID
 * @text: set to the text in lower case, CCG_GUID_TEXT bytes
 */
void ccg_guid_format(const struct ccg_guid *guid, char *text);

/**
 * ccg_guid_equal - compare two GUIDs
 * @a: the first GUID
 * @b: the second GUID
 *
 * Return: true if they are equal.
 */
bool ccg_guid_equal(const struct ccg_guid *a, const struct ccg_guid *b);

/**
 * ccg_guid_is_zero - test whether all bytes of a GUID are zero
 * @guid: the GUID
 *
 * Secret tables mark a deleted secret with the zero GUID.
 *
 * Return: true if all bytes are zero.
 */
bool ccg_guid_is_zero(const struct ccg_guid *guid);

#ifdef __cplusplus
}
#endif

#endif /* LIBCCGUEST_TEXT_H */
