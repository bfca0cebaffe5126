// SPDX-License-Identifier: GPL-2.0-only
/*
 * Policies for reports: the checks of quotes of TDX.
 */
#include <string.h>

#include "report/policy_job.h"

static const struct ccg_tdx *tdx_of(const struct policy_job *j)
{
	return j->fields;
}

/* Without a rule, the TDX module must be Intel's, whose signer is zeros. */
static int check_signer_seam(const struct policy_job *j)
{
	static const uint8_t zeros[CCG_TDX_DIGEST_LEN];

	if (j->p->rules[TDX_MR_SIGNER_SEAM].set)
		return ccg_policy_check_field(j, TDX_MR_SIGNER_SEAM);
	if (!memcmp(tdx_of(j)->mr_signer_seam, zeros, sizeof(zeros)))
		return ccg_check_add(j->v, "mr_signer_seam", CCG_CHECK_OK,
				     "zeros: the TDX module is Intel's");
	return ccg_check_add(j->v, "mr_signer_seam", CCG_CHECK_FAILED,
			     "not zeros: the TDX module is not Intel's");
}

static int check_service_td(const struct policy_job *j)
{
	const struct ccg_tdx *t = tdx_of(j);

	return ccg_policy_check_value(j, TDX_MR_SERVICE_TD,
				      t->has_15 ? t->mr_service_td : NULL,
				      sizeof(t->mr_service_td));
}

static int check_masks(const struct policy_job *j)
{
	const struct policy_mask attributes = {
		.name = "td_attributes", .bits = tdx_of(j)->td_attributes,
		.require = TDX_ATTRIBUTES_REQUIRE,
		.forbid = TDX_ATTRIBUTES_FORBID, .allow = TDX_ATTRIBUTES_ALLOW,
	};
	const struct policy_mask xfam = {
		.name = "xfam", .bits = tdx_of(j)->xfam,
		.require = TDX_XFAM_REQUIRE, .forbid = TDX_XFAM_FORBID,
		.allow = N_MEMBERS,
	};
	int rc = ccg_policy_check_mask(j, &attributes);

	if (!rc && j->v->checks[j->v->n - 1].result == CCG_CHECK_FAILED &&
	    attributes.bits & CCG_TDX_DEBUG)
		rc = ccg_check_hint(j->v,
				    "the host can read and change the memory of a guest with debug");
	return rc ? rc : ccg_policy_check_mask(j, &xfam);
}

static bool is_below(const uint8_t *svn, const struct rule_value *min)
{
	for (size_t i = 0; i < min->len; i++)
		if (svn[i] < min->b[i])
			return true;
	return false;
}

/* With TD 1.5, the second SVN is that of the module that runs. */
static int check_tcb_svn(const struct policy_job *j)
{
	const struct rule *r = &j->p->rules[TDX_MIN_TEE_TCB_SVN];
	const struct ccg_tdx *t = tdx_of(j);
	struct ccg_text why = { 0 };
	bool below;

	if (!r->set)
		return ccg_policy_no_rule(j, "min_tee_tcb_svn");
	below = is_below(t->tee_tcb_svn, r->values) ||
		(t->has_15 && is_below(t->tee_tcb_svn_2, r->values));
	ccg_text_hex(&why, t->tee_tcb_svn, sizeof(t->tee_tcb_svn));
	if (t->has_15) {
		ccg_text_put(&why, " and ");
		ccg_text_hex(&why, t->tee_tcb_svn_2, sizeof(t->tee_tcb_svn_2));
	}
	if (below) {
		ccg_text_put(&why, "; each byte must be at least that of ");
		ccg_text_hex(&why, r->values[0].b, r->values[0].len);
	}
	return ccg_policy_add_text(j, "min_tee_tcb_svn",
				   below ? CCG_CHECK_FAILED : CCG_CHECK_OK, &why);
}

/**
 * ccg_policy_check_tdx - make the checks of a policy for a quote of TDX
 * @p: the policy
 * @t: the quote
 * @v: the checks are added
 *
 * Return: 0 or -ENOMEM.
 */
int ccg_policy_check_tdx(const struct ccg_report_policy *p,
			 const struct ccg_tdx *t, struct ccg_report_verdict *v)
{
	const struct policy_job j = { p, "tdx", "TDX", t, v };
	int rc = ccg_policy_check_rules(&j);

	if (!rc)
		rc = ccg_policy_check_data(&j, t->report_data,
					   sizeof(t->report_data));
	for (int i = TDX_MR_TD; !rc && i <= TDX_MR_SEAM; i++)
		rc = ccg_policy_check_field(&j, i);
	if (!rc)
		rc = check_signer_seam(&j);
	if (!rc)
		rc = check_service_td(&j);
	if (!rc)
		rc = check_masks(&j);
	return rc ? rc : check_tcb_svn(&j);
}
