// SPDX-License-Identifier: GPL-2.0-only
/*
 * Verification of reports of all kinds.
 */
#include <errno.h>

#include "report/report.h"

static int verify_snp(struct ccg_report *r, const struct ccg_report_want *want,
		      struct ccg_report_verdict *v)
{
	int rc = ccg_snp_verify(r, want, v);

	return rc ? rc : ccg_policy_check_snp(want->policy, r->snp, v);
}

static int verify_tdx(struct ccg_report *r, const struct ccg_report_want *want,
		      struct ccg_report_verdict *v)
{
	int rc = ccg_tdx_verify(r, want, v);

	return rc ? rc : ccg_policy_check_tdx(want->policy, &r->quote->t, v);
}

static int verify_cca(struct ccg_report *r, const struct ccg_report_want *want,
		      struct ccg_report_verdict *v)
{
	int rc = ccg_cca_verify(r, want, v);

	return rc ? rc : ccg_policy_check_token(want->policy, r->token, v);
}

static int no_proof(struct ccg_report *r)
{
	ccg_fail(r->ctx, -EOPNOTSUPP, CCG_UNSUPPORTED, r->name,
		 r->kind == CCG_REPORT_CERT_TABLE ?
		 "is a certificate table, without a report" :
		 "has no report that a verifier can check: a TDREPORT is for the same machine only");
	ccg_hint(r->ctx, "get a report in the guest: ccguest report get");
	return -EOPNOTSUPP;
}

int ccg_report_verify(const struct ccg_report *r,
		      const struct ccg_report_want *want,
		      struct ccg_report_verdict *v)
{
	/* Only the struct is copied: the checks can change what its pointers name. */
	struct ccg_report own = *r;
	int rc;

	*v = (struct ccg_report_verdict) { 0 };
	if (own.snp)
		rc = verify_snp(&own, want, v);
	else if (own.quote)
		rc = verify_tdx(&own, want, v);
	else if (own.token)
		rc = verify_cca(&own, want, v);
	else
		return no_proof(&own);
	if (rc == -ENOMEM)
		ccg_fail_errno(r->ctx, rc, r->name);
	return rc;
}
