// SPDX-License-Identifier: GPL-2.0-only
/*
 * Policies for reports: making them, and setting rules.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <json-c/json.h>

#include "report/policy.h"

int ccg_report_policy_new(struct ccg_ctx *ctx, struct ccg_report_policy **pp)
{
	struct ccg_report_policy *p = calloc(1, sizeof(*p));

	if (!p)
		return ccg_fail_errno(ctx, -ENOMEM, "policy");
	p->ctx = ctx;
	p->name = strdup("policy");
	if (!p->name) {
		free(p);
		return ccg_fail_errno(ctx, -ENOMEM, "policy");
	}
	*pp = p;
	return 0;
}

void ccg_report_policy_free(struct ccg_report_policy *p)
{
	if (!p)
		return;
	for (int i = 0; i < N_MEMBERS; i++)
		free(p->rules[i].values);
	json_object_put(p->components);
	free(p->name);
	free(p);
}

/**
 * ccg_policy_conflict - find rules that contradict each other
 * @p: the policy
 *
 * Return: the path of a member with a bit that another member of the same object
 * forbids; NULL if there is none.
 */
const char *ccg_policy_conflict(const struct ccg_report_policy *p)
{
	static const enum policy_id others[][2] = {
		{ SNP_POLICY_REQUIRE, SNP_POLICY_FORBID },
		{ SNP_POLICY_ALLOW, SNP_POLICY_FORBID },
		{ SNP_PLATFORM_REQUIRE, SNP_PLATFORM_FORBID },
		{ TDX_ATTRIBUTES_REQUIRE, TDX_ATTRIBUTES_FORBID },
		{ TDX_ATTRIBUTES_ALLOW, TDX_ATTRIBUTES_FORBID },
		{ TDX_XFAM_REQUIRE, TDX_XFAM_FORBID },
	};

	for (size_t i = 0; i < ARRAY_SIZE(others); i++)
		if (p->rules[others[i][0]].number & p->rules[others[i][1]].number)
			return ccg_policy_members[others[i][0]].path;
	return NULL;
}

/* A minimum of 0 refuses nothing, and a mask without bits neither. */
static bool restricts(const struct ccg_report_policy *p, int id)
{
	const struct rule *r = &p->rules[id];
	static const uint8_t zeros[RULE_VALUE_MAX];

	if (!r->set || ccg_policy_members[id].loosens)
		return false;
	switch (ccg_policy_members[id].kind) {
	case KIND_FLOOR:
		return memcmp(r->values[0].b, zeros, r->values[0].len);
	case KIND_BYTES:
	case KIND_PADDED:
	case KIND_CLAIM:
	case KIND_WORDS:
	case KIND_COMPONENTS:
		return true;
	case KIND_BOOL:
		return !r->number;
	case KIND_MASK:
		return r->number & ~ccg_policy_refused(&ccg_policy_members[id]);
	default:
		return r->number;
	}
}

/**
 * ccg_policy_restricts - find out whether a policy refuses more than every policy
 * @p: the policy
 * @section: "snp", "tdx" or "cca": only rules for these reports count; NULL: all
 *
 * Return: true if it has a rule that a report can break.
 */
bool ccg_policy_restricts(const struct ccg_report_policy *p, const char *section)
{
	for (int i = 0; i < N_MEMBERS; i++)
		if ((!section || ccg_policy_in_section(i, section)) &&
		    restricts(p, i))
			return true;
	return false;
}

/* Adds the words between the commas of @words, which is changed. */
static int add_words(const struct policy_member *m, struct rule *r, char *words,
		     struct rule_fault *fault)
{
	char *word;
	int rc = 0;

	while (!rc) {
		word = strsep(&words, ",");
		if (!word)
			break;
		rc = ccg_rule_add(m, r, word, fault);
	}
	return rc;
}

static int add_value(struct ccg_report_policy *p, const struct policy_member *m,
		     struct rule *r, const char *value, struct rule_fault *fault)
{
	char *words;
	int rc;

	if (!ccg_policy_is_list(m->kind))
		return ccg_rule_add(m, r, value, fault);
	words = strdup(value);
	rc = words ? add_words(m, r, words, fault) : -ENOMEM;
	free(words);
	if (!rc && ccg_policy_conflict(p)) {
		snprintf(fault->why, sizeof(fault->why),
			 "another rule forbids a bit of this rule");
		rc = -EINVAL;
	}
	return rc;
}

int ccg_report_policy_set(struct ccg_report_policy *p, const char *member,
			  const char *value)
{
	int id = ccg_policy_find_member(member), rc;
	struct rule_fault fault = { "" };

	if (id < 0)
		return ccg_fail(p->ctx, -EINVAL, CCG_USAGE, member,
				"a policy has no such member");
	if (p->rules[id].of_file)
		return ccg_fail(p->ctx, -EINVAL, CCG_USAGE, member,
				"%s has this rule already; change it there",
				p->name);
	rc = add_value(p, &ccg_policy_members[id], &p->rules[id], value, &fault);
	if (rc == -ENOMEM)
		return ccg_fail_errno(p->ctx, rc, member);
	return rc ? ccg_fail(p->ctx, rc, CCG_USAGE, member, "%s", fault.why) : 0;
}
