// SPDX-License-Identifier: GPL-2.0-only
/*
 * Fuzz target: the input is a policy for reports in JSON. Up to 255 bytes are also
 * the value of an option, for each member.
 *
 * Checks that a refusal has a reason, that an accepted policy can refuse a report or
 * says that it accepts everything, and that the checks of an accepted policy have a
 * text and fit into a verdict.
 */
#include "../../tools/lib/report/policy.h"
#include "../../tools/lib/report/report.h"
#include "fuzz.h"

static struct ccg_ctx ctx;

static void judge(struct ccg_report_verdict *v, int rc)
{
	require(!rc && v->n && v->n < CCG_CHECKS_MAX);
	for (size_t i = 0; i < v->n; i++) {
		const struct ccg_check *c = &v->checks[i];

		require(c->name && c->why && c->why[0]);
		require(c->result != CCG_CHECK_FAILED || v->failed);
		for (size_t k = 0; k < i; k++)
			require(strcmp(v->checks[k].name, c->name));
	}
	ccg_report_verdict_clear(v);
}

/* Reports whose bytes are all the same. */
static void check_all(const struct ccg_report_policy *p, int byte)
{
	static const uint8_t claim[32];
	struct ccg_report_verdict v = { 0 };
	struct ccg_token token = { .len = 32, .n_components = 1 };
	struct ccg_snp snp;
	struct ccg_tdx tdx;

	memset(&snp, byte, sizeof(snp));
	snp.product = byte & 3;
	snp.has_mitigations = byte & 1;
	memset(&tdx, byte, sizeof(tdx));
	tdx.has_15 = byte & 1;
	token.lifecycle = byte << 8;
	token.has_lifecycle = byte & 1;
	token.rpv = (struct ccg_bytes) { claim, sizeof(claim) };
	token.components[0].measurement = token.rpv;
	judge(&v, ccg_policy_check_snp(p, &snp, &v));
	judge(&v, ccg_policy_check_tdx(p, &tdx, &v));
	judge(&v, ccg_policy_check_token(p, &token, &v));
}

static void try_policy(struct ccg_report_policy *p)
{
	check_all(p, 0);
	check_all(p, 0xff);
}

static void try_options(const u8 *data, size_t size)
{
	struct ccg_report_policy *p = NULL;
	char value[256];

	if (size >= sizeof(value))
		return;
	memcpy(value, data, size);
	value[size] = '\0';
	require(!ccg_report_policy_new(&ctx, &p));
	for (int i = 0; i < N_MEMBERS; i++)
		if (ccg_report_policy_set(p, ccg_policy_members[i].path, value))
			require(ctx.error.kind == CCG_USAGE && ctx.error.why[0]);
	try_policy(p);
	ccg_report_policy_free(p);
}

int LLVMFuzzerTestOneInput(const u8 *data, size_t size)
{
	struct ccg_report_policy *p = NULL;
	int rc;

	memset(&ctx.error, 0, sizeof(ctx.error));
	rc = ccg_policy_parse(&ctx, "policy", data, size, &p);
	if (rc) {
		require(rc == -EINVAL && !p && ctx.error.code == rc && ctx.error.why[0]);
	} else {
		require(p->allow_everything != ccg_policy_restricts(p, NULL));
		require(!ccg_policy_conflict(p));
		try_policy(p);
		ccg_report_policy_free(p);
	}
	try_options(data, size);
	return 0;
}
