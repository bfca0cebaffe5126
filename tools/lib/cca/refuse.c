// SPDX-License-Identifier: GPL-2.0-only
/* A token that is refused: a function for all files about tokens. */
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>

#include "cca/token.h"

/**
 * ccg_refuse - report why a token is refused
 * @j: the token
 * @fmt: the reason, with the arguments that follow
 *
 * Return: -EKEYREJECTED.
 */
int ccg_refuse(const struct token *j, const char *fmt, ...)
{
	char why[256];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(why, sizeof(why), fmt, ap);
	va_end(ap);
	return ccg_fail(j->ctx, -EKEYREJECTED, CCG_UNVERIFIED, j->path, "%s",
			why);
}
