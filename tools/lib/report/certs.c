// SPDX-License-Identifier: GPL-2.0-only
/*
 * Files with certificates for reports.
 */
#include <errno.h>
#include <string.h>

#include <ccguest/file.h>

#include "report/report.h"

/* Takes the certificates out of a certificate table; false if it is none. */
static bool from_table(struct ccg_ctx *ctx, const char *path, const uint8_t *buf,
		       size_t len, struct ccg_certs **certsp)
{
	struct ccg_report *r;

	if (ccg_report_parse(ctx, path, buf, len, &r))
		return false;
	if (r->kind == CCG_REPORT_CERT_TABLE) {
		*certsp = r->certs;
		r->certs = NULL;
	}
	ccg_report_free(r);
	return *certsp;
}

int ccg_report_certs_load(struct ccg_ctx *ctx, const char *path,
			  struct ccg_certs **certsp)
{
	const char *what = strcmp(path, "-") ? path : "standard input";
	uint8_t *buf;
	size_t len;
	int rc;

	*certsp = NULL;
	rc = ccg_file_load(ctx, path, CCG_CERTS_FILE_MAX, &buf, &len);
	if (rc)
		return rc;
	/* A table may have PEM inside, and is not text for this. */
	if (!from_table(ctx, what, buf, len, certsp))
		rc = ccg_certs_parse(ctx, what, buf, len, certsp);
	ccg_wipe_free(buf, len);
	return rc;
}
