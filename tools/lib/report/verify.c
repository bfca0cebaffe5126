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

/* The sender chose the kind of the report: a rule for another kind must not vanish. */
static int check_kind(const struct ccg_report *r, const struct ccg_report_want *want,
		      struct ccg_report_verdict *v)
{
	const char *of = r->snp ? "SEV-SNP" : r->quote ? "TDX" : "Arm CCA";

	if (want->key && !r->token)
		return ccg_check_add(v, "kind", CCG_CHECK_FAILED,
				     "the report is of %s, and the given key is that of a platform of Arm CCA",
				     of);
	if (want->csp_id && !r->snp)
		return ccg_check_add(v, "kind", CCG_CHECK_FAILED,
				     "the report is of %s, and the given provider is one of SEV-SNP",
				     of);
	if (want->require_chip && !r->snp)
		return ccg_check_add(v, "kind", CCG_CHECK_FAILED,
				     "the report is of %s, and the required chip ID is one of SEV-SNP",
				     of);
	return ccg_check_add(v, "kind", CCG_CHECK_OK, "%s", of);
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
	if (!own.snp && !own.quote && !own.token)
		return no_proof(&own);
	rc = check_kind(&own, want, v);
	if (rc)
		;
	else if (own.snp)
		rc = verify_snp(&own, want, v);
	else if (own.quote)
		rc = verify_tdx(&own, want, v);
	else
		rc = verify_cca(&own, want, v);
	if (rc == -ENOMEM)
		ccg_fail_errno(r->ctx, rc, r->name);
	return rc;
}
