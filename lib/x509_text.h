/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Text made of the strings in a certificate, for messages.
 */
#ifndef CCGUEST_LIB_X509_TEXT_H
#define CCGUEST_LIB_X509_TEXT_H

#include "env.h"

/**
 * x509_text - escape a string of a certificate
 * @s: the string, which may hold any bytes
 * @len: its length in bytes
 * @buf: set to the text, terminated, cut where it does not fit; each byte that
 *	 is not printable ASCII becomes \xNN
 * @size: of @buf in bytes, 1 or more
 *
 * Return: length of the text.
 */
size_t x509_text(const u8 *s, size_t len, char *buf, size_t size);

/**
 * x509_hex - write bytes in hexadecimal
 * @s: the bytes
 * @len: number of bytes
 * @buf: set to 2 * @len lower-case digits and a NUL
 */
void x509_hex(const u8 *s, size_t len, char *buf);

/**
 * x509_name_text - make text of a Name
 * @name: in DER, identifier and length included
 * @len: its length in bytes
 * @buf: set to the text, as "C=US, O=Example, CN=Root", terminated, cut where
 *	 it does not fit
 * @size: of @buf in bytes, 1 or more
 *
 * Return: length of the text.
 */
size_t x509_name_text(const u8 *name, size_t len, char *buf, size_t size);

#endif /* CCGUEST_LIB_X509_TEXT_H */
