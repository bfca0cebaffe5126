// SPDX-License-Identifier: GPL-2.0-only
/*
 * Addresses of PCI devices.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <ccguest/device.h>

#include "cma_policy.h"
#include "pci/device.h"

/**
 * ccg_take_hex - read a hexadecimal number
 * @pos: position of the first digit; advanced past the number
 * @min: smallest number of digits
 * @max: largest number of digits, 8 at most
 * @n: set to the number
 *
 * Return: false if @pos has fewer or more digits.
 */
bool ccg_take_hex(const char **pos, size_t min, size_t max, unsigned int *n)
{
	size_t len = strspn(*pos, "0123456789abcdefABCDEF");
	char digits[16] = "";

	if (len < min || len > max)
		return false;
	memcpy(digits, *pos, len);
	*n = strtoul(digits, NULL, 16);
	*pos += len;
	return true;
}

/**
 * ccg_take_char - read one character
 * @pos: position of the character; advanced if the result is true
 * @c: the expected character
 *
 * Return: true if @pos has that character.
 */
bool ccg_take_char(const char **pos, char c)
{
	if (**pos != c)
		return false;
	++*pos;
	return true;
}

int ccg_bdf_parse(const char *text, char *bdf)
{
	struct cma_id id = {};

	if (!cma_parse_address((const u8 *)text, strlen(text), &id))
		return -EINVAL;
	snprintf(bdf, CCG_BDF_TEXT, "%04x:%02x:%02x.%x", id.domain, id.bus,
		 id.slot, id.function);
	return 0;
}
