/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * UTF-8: characters that are safe for a terminal, and escapes of all others.
 */
#ifndef CCGUEST_UTF8_H
#define CCGUEST_UTF8_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/**
 * utf8_escape - write the escape \xNN of a byte
 * @p: buffer for the four characters of the escape
 * @c: the byte
 *
 * Return: the position after the escape.
 */
char *utf8_escape(char *p, unsigned char c);

/**
 * utf8_plain - count characters that no output format escapes
 * @s: text
 * @len: length of @s in bytes
 *
 * Such characters are printable ASCII except double quote and backslash.
 *
 * Return: number of such characters at the beginning of @s.
 */
size_t utf8_plain(const char *s, size_t len);

/**
 * utf8_char - decode the first character of a text
 * @s: text that ends in a NUL
 * @cp: set to the character's code point
 *
 * The Unicode Standard, table 3-7, defines well-formed sequences.
 *
 * Return: length of the character in bytes; 0 if the text does not begin with
 * well-formed UTF-8.
 */
size_t utf8_char(const char *s, uint32_t *cp);

/**
 * utf8_take - decode the first character of a text without a final NUL
 * @s: the text
 * @len: length of @s in bytes
 * @cp: set to the character's code point
 *
 * Return: as utf8_char().
 */
size_t utf8_take(const char *s, size_t len, uint32_t *cp);

/**
 * utf8_printable - measure a character that a terminal may see
 * @s: the text
 * @len: length of @s in bytes
 *
 * Return: length of the first character in bytes; 0 if the text does not begin
 * with well-formed UTF-8, or begins with a control character.
 */
size_t utf8_printable(const char *s, size_t len);

/**
 * utf8_width - count the characters of a text
 * @s: UTF-8
 *
 * Return: number of characters; each takes one column, except in some scripts.
 */
size_t utf8_width(const char *s);

/**
 * utf8_is_control - find out whether a character can control a terminal
 * @cp: code point of the character, 0x20 or above
 *
 * Control characters here are DEL, the C1 set, the characters that change the
 * direction of a line or end it, invisible characters, and code points that are
 * no characters. json-c does not escape them.
 *
 * Return: true if the character must be escaped.
 */
bool utf8_is_control(uint32_t cp);

#endif /* CCGUEST_UTF8_H */
