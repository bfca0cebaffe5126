// SPDX-License-Identifier: GPL-2.0-only
/*
 * Policies for reports: checks that reports of several kinds share.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "report/policy_job.h"

/* Name of the check of a member: the name of the member in its object. */
static const char *check_name(enum policy_id id)
{
	const char *path = ccg_policy_members[id].path;
	const char *dot = strchr(path, '.');

	return dot ? dot + 1 : path;
}

/**
 * ccg_policy_no_rule - add the check of a member that the policy does not have
 * @j: the comparison
 * @name: name of the check
 *
 * Return: 0 or -ENOMEM.
 */
int ccg_policy_no_rule(const struct policy_job *j, const char *name)
{
	return ccg_check_add(j->v, name, CCG_CHECK_SKIPPED,
			     "no value is expected");
}

/**
 * ccg_policy_add_text - add a check with a text that was built
 * @j: the comparison
 * @name: name of the check
 * @result: the result
 * @why: the text, which is freed
 *
 * Return: 0 or -ENOMEM.
 */
int ccg_policy_add_text(const struct policy_job *j, const char *name,
			enum ccg_check_result result, struct ccg_text *why)
{
	int rc = -ENOMEM;

	if (!why->bad && why->buf)
		rc = ccg_check_add(j->v, name, result, "%s", why->buf);
	free(why->buf);
	return rc;
}

/**
 * ccg_policy_check_rules - check that a policy has rules for this kind of reports
 * @j: the comparison
 *
 * A policy for another kind of guests must not accept this one.
 *
 * Return: 0 or -ENOMEM.
 */
int ccg_policy_check_rules(const struct policy_job *j)
{
	bool own = ccg_policy_restricts(j->p, j->section);
	bool other = false;
	int rc;

	for (int i = 0; i < N_MEMBERS; i++)
		other |= j->p->rules[i].set && i != REPORT_DATA &&
			 !ccg_policy_in_section(i, j->section);
	if (own || (!other && ccg_policy_restricts(j->p, NULL)))
		return ccg_check_add(j->v, "rules", CCG_CHECK_OK,
				     "there are rules for %s", j->kind);
	if (!other)
		return ccg_check_add(j->v, "rules", CCG_CHECK_SKIPPED,
				     "nothing is expected of the guest: this can be any guest");
	rc = ccg_check_add(j->v, "rules", CCG_CHECK_FAILED,
			   "the report is of %s, and there are rules for other kinds of reports only",
			   j->kind);
	return rc ? rc :
	       ccg_check_hint(j->v,
			      "the member %s of a policy is for %s; see ccguest-report-policy(5)",
			      j->section, j->kind);
}

/**
 * ccg_policy_check_data - compare the data of the requester
 * @j: the comparison
 * @data: the data
 * @len: length of @data in bytes; zeros follow up to 64
 *
 * Return: 0 or -ENOMEM.
 */
int ccg_policy_check_data(const struct policy_job *j, const uint8_t *data,
			  size_t len)
{
	uint8_t padded[RULE_VALUE_MAX] = { 0 };

	/* Longer data is no value of the policy. */
	if (len > sizeof(padded))
		return ccg_policy_check_value(j, REPORT_DATA, data, len);
	if (len)
		memcpy(padded, data, len);
	return ccg_policy_check_value(j, REPORT_DATA, padded, sizeof(padded));
}

/**
 * ccg_policy_check_value - compare bytes with those of the policy
 * @j: the comparison
 * @id: the member
 * @value: the bytes; NULL if the report lacks them
 * @len: length of @value
 *
 * Return: 0 or -ENOMEM.
 */
int ccg_policy_check_value(const struct policy_job *j, enum policy_id id,
			   const uint8_t *value, size_t len)
{
	const struct rule *r = &j->p->rules[id];
	struct ccg_text why = { 0 };
	bool good = false;

	if (!r->set)
		return ccg_policy_no_rule(j, check_name(id));
	if (!value)
		return ccg_check_add(j->v, check_name(id), CCG_CHECK_FAILED,
				     "the report does not have it");
	for (size_t i = 0; i < r->n; i++)
		good |= r->values[i].len == len &&
			!memcmp(r->values[i].b, value, len);
	ccg_text_hex(&why, value, len);
	if (!good && r->n == 1) {
		ccg_text_put(&why, "; expected ");
		ccg_text_hex(&why, r->values[0].b, r->values[0].len);
	} else if (!good) {
		ccg_text_put(&why, "; expected one of %zu others", r->n);
	}
	return ccg_policy_add_text(j, check_name(id),
				   good ? CCG_CHECK_OK : CCG_CHECK_FAILED, &why);
}

/**
 * ccg_policy_check_field - compare a field with bytes of the policy
 * @j: the comparison
 * @id: the member, of KIND_BYTES
 *
 * Return: 0 or -ENOMEM.
 */
int ccg_policy_check_field(const struct policy_job *j, enum policy_id id)
{
	const struct policy_member *m = &ccg_policy_members[id];

	return ccg_policy_check_value(j, id, (const uint8_t *)j->fields + m->offset,
				      m->len);
}

/**
 * ccg_policy_check_word - compare a name with those of the policy
 * @j: the comparison
 * @name: name of the check
 * @id: the member, which the policy has
 * @word: the name; NULL if it is not known
 *
 * Return: 0 or -ENOMEM.
 */
int ccg_policy_check_word(const struct policy_job *j, const char *name,
			  enum policy_id id, const char *word)
{
	const struct rule *r = &j->p->rules[id];
	struct ccg_text why = { 0 };
	bool good = false;

	for (size_t i = 0; i < r->n; i++)
		good |= word && !strcmp((const char *)r->values[i].b, word);
	ccg_text_put(&why, "%s", word ? word : "not known");
	for (size_t i = 0; !good && i < r->n; i++)
		ccg_text_put(&why, "%s%s", i ? " or " : "; expected ",
			     (const char *)r->values[i].b);
	return ccg_policy_add_text(j, name, good ? CCG_CHECK_OK : CCG_CHECK_FAILED,
				   &why);
}

/* ---- masks ---- */

/* Appends the names of bits, and a number for those without one. */
static void put_bits(struct ccg_text *t, const struct policy_member *m,
		     uint64_t bits)
{
	const char *name, *comma = "";

	for (unsigned int i = 0; i < 64; i++) {
		name = m->bit_name ? m->bit_name(i) : NULL;
		if (!name || !(bits & 1ULL << i))
			continue;
		ccg_text_put(t, "%s%s", comma, name);
		comma = ", ";
		bits &= ~(1ULL << i);
	}
	if (bits)
		ccg_text_put(t, "%s%#jx", comma, (uintmax_t)bits);
}

/**
 * ccg_policy_check_mask - check bits of a report
 * @j: the comparison
 * @m: the bits, and the rules about them
 *
 * Return: 0 or -ENOMEM.
 */
int ccg_policy_check_mask(const struct policy_job *j, const struct policy_mask *m)
{
	const struct policy_member *member = &ccg_policy_members[m->forbid];
	const struct rule *rules = j->p->rules;
	uint64_t refused = ccg_policy_refused(member), missing, extra;
	struct ccg_text why = { 0 };

	if (!refused && !rules[m->require].set && !rules[m->forbid].set)
		return ccg_policy_no_rule(j, m->name);
	if (m->allow != N_MEMBERS)
		refused &= ~rules[m->allow].number;
	extra = m->bits & (rules[m->forbid].number | refused);
	missing = rules[m->require].number & ~m->bits;
	if (!extra && !missing) {
		ccg_text_put(&why, "%#jx", (uintmax_t)m->bits);
		return ccg_policy_add_text(j, m->name, CCG_CHECK_OK, &why);
	}
	if (extra) {
		ccg_text_put(&why, "not accepted: ");
		put_bits(&why, member, extra);
	}
	if (missing) {
		ccg_text_put(&why, "%smissing: ", extra ? "; " : "");
		put_bits(&why, member, missing);
	}
	return ccg_policy_add_text(j, m->name, CCG_CHECK_FAILED, &why);
}
