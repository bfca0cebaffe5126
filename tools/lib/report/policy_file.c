// SPDX-License-Identifier: GPL-2.0-only
/*
 * Policies for reports: files.
 */
#include <stdlib.h>

#include <ccguest/file.h>

#include "report/policy.h"

#define POLICY_MAX	0x100000

int ccg_report_policy_load(struct ccg_ctx *ctx, const char *path,
			   struct ccg_report_policy **pp)
{
	uint8_t *buf;
	size_t len;
	int rc = ccg_file_load(ctx, path, POLICY_MAX, &buf, &len);

	if (rc)
		return rc;
	rc = ccg_policy_parse(ctx, path, buf, len, pp);
	free(buf);
	return rc;
}
