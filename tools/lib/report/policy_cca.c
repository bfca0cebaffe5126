// SPDX-License-Identifier: GPL-2.0-only
/*
 * Policies for reports: the checks of tokens of Arm CCA.
 */
#include <string.h>

#include <json-c/json.h>

#include "cca/components.h"
#include "report/policy_job.h"

static const struct ccg_token *token_of(const struct policy_job *j)
{
	return j->fields;
}

static int check_registers(const struct policy_job *j)
{
	const struct ccg_token *t = token_of(j);
	int rc = 0;

	for (int i = 0; !rc && i <= CCA_REM3 - CCA_RIM; i++)
		rc = ccg_policy_check_value(j, CCA_RIM + i, t->regs[i], t->len);
	return rc;
}

static int check_claims(const struct policy_job *j)
{
	const struct ccg_bytes *claim;
	int rc = 0;

	for (int i = CCA_RPV; !rc && i <= CCA_INSTANCE_ID; i++) {
		claim = (const void *)((const uint8_t *)j->fields +
				       ccg_policy_members[i].offset);
		rc = ccg_policy_check_value(j, i, claim->p, claim->len);
	}
	return rc;
}

/*
 * Without a rule, the platform must be secured. A token without a lifecycle counts
 * as unknown.
 */
static int check_lifecycle(const struct policy_job *j)
{
	const struct ccg_token *t = token_of(j);
	const char *name = t->has_lifecycle ? ccg_lifecycle_name(t->lifecycle) :
					      "unknown";
	int rc;

	if (j->p->rules[CCA_LIFECYCLE].set)
		return ccg_policy_check_word(j, "lifecycle", CCA_LIFECYCLE, name);
	if (name && !strcmp(name, "secured"))
		return ccg_check_add(j->v, "lifecycle", CCG_CHECK_OK, "secured");
	rc = ccg_check_add(j->v, "lifecycle", CCG_CHECK_FAILED,
			   "%s; expected secured", name ? name : "not known");
	return rc ? rc :
	       ccg_check_hint(j->v,
			      "such a platform may be open to debuggers; if this is meant, accept it by cca.lifecycle");
}

static int check_components(const struct policy_job *j)
{
	bool others = j->p->rules[CCA_OTHER_COMPONENTS].number;
	char why[CCA_FAULT];

	if (!j->p->components)
		return ccg_policy_no_rule(j, "components");
	if (ccg_components_match(token_of(j), j->p->components, others, j->p->name,
				 why))
		return ccg_check_add(j->v, "components", CCG_CHECK_OK,
				     others ? "the platform has those of %s" :
				     "the platform has those of %s, and no others",
				     j->p->name);
	return ccg_check_add(j->v, "components", CCG_CHECK_FAILED, "%s", why);
}

/**
 * ccg_policy_check_token - make the checks of a policy for a token of Arm CCA
 * @p: the policy
 * @t: the token
 * @v: the checks are added
 *
 * Return: 0 or -ENOMEM.
 */
int ccg_policy_check_token(const struct ccg_report_policy *p,
			   const struct ccg_token *t,
			   struct ccg_report_verdict *v)
{
	const struct policy_job j = { p, "cca", "Arm CCA", t, v };
	int rc = ccg_policy_check_rules(&j);

	if (!rc)
		rc = ccg_policy_check_data(&j, t->challenge.p, t->challenge.len);
	if (!rc)
		rc = check_registers(&j);
	if (!rc)
		rc = check_claims(&j);
	if (!rc)
		rc = check_lifecycle(&j);
	return rc ? rc : check_components(&j);
}
