/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Policies as text, for the unit tests of policies for reports.
 */
#ifndef TEST_REPORT_POLICY_H
#define TEST_REPORT_POLICY_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define SCHEMA	"'schema': 'ccguest/report-policy/1'"

/*
 * Writes @in with quotation marks for apostrophes, and with @n times the byte for
 * %NNxx: two digits of @n, and two digits of the byte.
 */
static inline void expand(const char *in, char *out, size_t size)
{
	char *end = out + size - 1;

	for (; *in && out < end; in++) {
		int n = *in == '%' ? 10 * (in[1] - '0') + in[2] - '0' : 0;

		for (int i = 0; i < n && end - out >= 2; i++) {
			*out++ = in[3];
			*out++ = in[4];
		}
		if (n)
			in += 4;
		else
			*out++ = *in == '\'' ? '"' : *in;
	}
	*out = '\0';
}

#endif /* TEST_REPORT_POLICY_H */
