// SPDX-License-Identifier: GPL-2.0-only
/*
 * Faults of reports.
 */
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>

#include "report/report.h"

int ccg_fault_at(struct report_fault *fault, size_t offset, const char *why, ...)
{
	va_list args;

	fault->offset = offset;
	va_start(args, why);
	vsnprintf(fault->why, sizeof(fault->why), why, args);
	va_end(args);
	return -EBADMSG;
}
