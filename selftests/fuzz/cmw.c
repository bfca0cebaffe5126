// SPDX-License-Identifier: GPL-2.0-only
/*
 * Fuzz target: the input is a collection of RATS conceptual messages, or a report
 * of configfs-tsm, in CBOR or JSON.
 *
 * Checks that what is read can be written and read again with the same result, and
 * that a refusal has a reason.
 */
#include <string.h>

#include <ccguest/cmw.h>

#include "../../tools/lib/core/ctx.h"
#include "fuzz.h"

static void refused(const struct ccg_ctx *ctx, int rc)
{
	require(rc == -74 && ctx->error.code == rc);
	require(ctx->error.kind == CCG_UNVERIFIED && *ctx->error.why);
}

static void check_collection(struct ccg_ctx *ctx, const u8 *data, size_t size)
{
	u8 *buf, *twice;
	size_t len, n;
	struct ccg_cmw *c, *again;
	int rc = ccg_cmw_parse(ctx, "input", data, size, &c);

	if (rc) {
		require(!c);
		refused(ctx, rc);
		return;
	}
	require(ccg_cmw_at(c, 0));
	require(!ccg_cmw_write(c, CCG_CMW_CBOR, &buf, &len));
	require(!ccg_cmw_parse(ctx, "own", buf, len, &again));
	require(!ccg_cmw_write(again, CCG_CMW_CBOR, &twice, &n));
	require(n == len && !memcmp(buf, twice, n));
	ccg_cmw_free(again);
	free(twice);
	free(buf);
	if (!ccg_cmw_write(c, CCG_CMW_JSON, &buf, &len)) {
		require(!ccg_cmw_parse(ctx, "own", buf, len, &again));
		ccg_cmw_free(again);
		free(buf);
	}
	ccg_cmw_free(c);
}

static void check_report(struct ccg_ctx *ctx, const u8 *data, size_t size,
			 enum ccg_cmw_form form)
{
	struct ccg_tsm_report *r, *again;
	u8 *buf;
	size_t len;
	int rc = ccg_tsm_report_parse(ctx, "input", form, data, size, &r);

	if (rc) {
		require(!r);
		refused(ctx, rc);
		return;
	}
	require(!ccg_tsm_report_write(ctx, r, form, &buf, &len));
	require(!ccg_tsm_report_parse(ctx, "own", form, buf, len, &again));
	require(!strcmp(r->provider, again->provider));
	require(r->outblob.len == again->outblob.len);
	ccg_tsm_report_free(again);
	free(buf);
	ccg_tsm_report_free(r);
}

int LLVMFuzzerTestOneInput(const u8 *data, size_t size)
{
	struct ccg_ctx ctx = {};

	check_collection(&ctx, data, size);
	check_report(&ctx, data, size, CCG_CMW_CBOR);
	check_report(&ctx, data, size, CCG_CMW_JSON);
	return 0;
}
