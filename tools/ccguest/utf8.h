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
 * utf8_is_control - find out whether a character can control a terminal
 * @cp: code point of the character, 0x20 or above
 *
 * Control characters here are DEL, the C1 set, and the characters that change
 * the direction of a line or end it. json-c does not escape them.
 *
 * Return: true if the character must be escaped.
 */
bool utf8_is_control(uint32_t cp);

#endif /* CCGUEST_UTF8_H */
