/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Characters that a terminal may see, and the escapes of the others.
 */
#ifndef CCGUEST_UTF8_H
#define CCGUEST_UTF8_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/**
 * utf8_escape - write the escape \xNN of a byte
 * @p: where to write its four characters
 * @c: the byte
 *
 * Return: the place behind the escape.
 */
char *utf8_escape(char *p, unsigned char c);

/**
 * utf8_plain - count the characters that no format has to escape
 * @s: text
 * @len: its length in bytes
 *
 * These are printable ASCII without the double quote and the backslash.
 *
 * Return: how many such characters @s begins with.
 */
size_t utf8_plain(const char *s, size_t len);

/**
 * utf8_char - take the first character of a text
 * @s: text that ends with a NUL
 * @cp: set to the character's code point
 *
 * The Unicode Standard, table 3-7, says which sequences are well-formed.
 *
 * Return: length of the character in bytes; 0 where the text does not begin
 * with well-formed UTF-8.
 */
size_t utf8_char(const char *s, uint32_t *cp);

/**
 * utf8_is_control - find out whether a character can control a terminal
 * @cp: its code point, 0x20 or above
 *
 * Control characters here are DEL, the C1 set, and the characters that change
 * the direction of a line or end it. json-c escapes none of them.
 *
 * Return: whether the character must be escaped.
 */
bool utf8_is_control(uint32_t cp);

#endif /* CCGUEST_UTF8_H */
