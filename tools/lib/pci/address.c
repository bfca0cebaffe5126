// SPDX-License-Identifier: GPL-2.0-only
/*
 * Addresses of PCI devices.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <ccguest/device.h>

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
	unsigned int domain = 0, bus, dev, fn;
	const char *pos = text;

	/* Devices behind a VMD have domains of five digits or more. */
	if (!ccg_take_hex(&pos, 2, 8, &bus) || !ccg_take_char(&pos, ':'))
		return -EINVAL;
	if (strchr(pos, ':')) {
		if (pos - text < 5)
			return -EINVAL;
		domain = bus;
		pos = strchr(text, ':') + 1;
		if (!ccg_take_hex(&pos, 2, 2, &bus) || !ccg_take_char(&pos, ':'))
			return -EINVAL;
	}
	if (bus > 0xff || !ccg_take_hex(&pos, 2, 2, &dev) || dev > 0x1f ||
	    !ccg_take_char(&pos, '.') || !ccg_take_hex(&pos, 1, 1, &fn) || fn > 7 ||
	    *pos)
		return -EINVAL;
	snprintf(bdf, CCG_BDF_TEXT, "%04x:%02x:%02x.%x", domain, bus, dev, fn);
	return 0;
}
