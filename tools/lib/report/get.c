// SPDX-License-Identifier: GPL-2.0-only
/*
 * Getting an attestation report of this guest.
 */
#include <endian.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <ccguest/snp.h>

#include "report/get.h"

/* In this order they are tried. */
static const struct {
	const char *name;
	int (*get)(struct ccg_ctx *ctx, const struct ccg_report_request *req,
		   struct ccg_report_answer *a);
} sources[CCG_N_SOURCES] = {
	[CCG_SOURCE_TSM] = { "tsm", ccg_get_tsm },
	[CCG_SOURCE_SEV_GUEST] = { "sev-guest", ccg_get_sev },
	[CCG_SOURCE_AZURE] = { "azure", ccg_get_azure },
};

/* Offsets in a report of SEV-SNP, and in a quote of TDX: version 4, 5. */
#define SNP_DATA	0x50
#define TDX_BODY_V4	0x30
#define TDX_BODY_V5	0x36
#define TDX_DATA	0x208
#define TDX_LEN		0x248

const char *ccg_report_source_name(enum ccg_report_source source)
{
	return source < CCG_N_SOURCES ? sources[source].name : NULL;
}

static int too_short(struct ccg_ctx *ctx, const struct ccg_report_answer *a,
		     size_t need)
{
	return ccg_fail(ctx, -EBADMSG, CCG_FAILED, a->provider,
			"expected a report of at least %zu bytes, found %zu",
			need, a->report_len);
}

/*
 * Finds the requester's data in a report; *@data is NULL if the format is
 * another.
 */
static int find_data(struct ccg_ctx *ctx, const struct ccg_report_answer *a,
		     const uint8_t **data)
{
	size_t body = TDX_BODY_V4;
	uint16_t version;

	*data = NULL;
	if (!strcmp(a->provider, "sev_guest")) {
		if (a->report_len < CCG_SNP_REPORT_LEN)
			return too_short(ctx, a, CCG_SNP_REPORT_LEN);
		*data = a->report + SNP_DATA;
	} else if (!strcmp(a->provider, "tdx_guest")) {
		if (a->report_len < TDX_BODY_V5 + TDX_LEN)
			return too_short(ctx, a, TDX_BODY_V5 + TDX_LEN);
		memcpy(&version, a->report, sizeof(version));
		if (le16toh(version) == 5)
			body = TDX_BODY_V5;
		if (le16toh(version) == 4 || le16toh(version) == 5)
			*data = a->report + body + TDX_DATA;
	} else if (!a->report_len) {
		return too_short(ctx, a, 1);
	}
	return 0;
}

/* The host, or another process, can have chosen the report. */
static int check_data(struct ccg_ctx *ctx, const struct ccg_report_request *req,
		      const struct ccg_report_answer *a)
{
	const uint8_t *data;
	int rc = find_data(ctx, a, &data);

	if (rc || !data || !memcmp(data, req->data, CCG_REPORT_DATA_LEN))
		return rc;
	ccg_fail(ctx, -EBADMSG, CCG_UNVERIFIED, a->provider,
		 "the report was made for other data than the requested data");
	ccg_hint(ctx, "the host may have answered with an old report");
	return -EBADMSG;
}

static int get_from(struct ccg_ctx *ctx, enum ccg_report_source source,
		    const struct ccg_report_request *req,
		    struct ccg_report_answer *a)
{
	int rc;

	a->source = source;
	a->privlevel = -1;
	a->has_data = true;
	rc = sources[source].get(ctx, req, a);
	return rc ? rc : check_data(ctx, req, a);
}

static int no_source(struct ccg_ctx *ctx)
{
	ccg_fail(ctx, -ENODEV, CCG_UNSUPPORTED, "attestation reports",
		 "this machine has no configfs-tsm with a provider, no /dev/sev-guest, and no vTPM of a confidential guest of Azure");
	ccg_hint(ctx,
		 "in a guest of SEV-SNP, TDX or Arm CCA, load the kernel's module sev-guest, tdx-guest or arm-cca-guest, and mount configfs on /sys/kernel/config; ccguest status shows what there is");
	return -ENODEV;
}

int ccg_report_get(struct ccg_ctx *ctx, const struct ccg_report_request *req,
		   struct ccg_report_answer *a)
{
	enum ccg_report_source source;
	int rc;

	*a = (struct ccg_report_answer) {};
	if (req->source != CCG_SOURCE_ANY)
		return get_from(ctx, req->source, req, a);
	for (source = CCG_SOURCE_TSM; source < CCG_N_SOURCES; source++) {
		rc = get_from(ctx, source, req, a);
		if (rc != -ENODEV)
			return rc;
		ccg_report_answer_clear(a);
	}
	return no_source(ctx);
}

void ccg_report_answer_clear(struct ccg_report_answer *a)
{
	free(a->report);
	free(a->aux);
	*a = (struct ccg_report_answer) {};
}
