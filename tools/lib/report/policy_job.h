/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Private to this room: the checks of a policy that reports of several kinds share.
 */
#ifndef CCGUEST_REPORT_POLICY_JOB_H
#define CCGUEST_REPORT_POLICY_JOB_H

#include "core/text.h"
#include "report/policy.h"
#include "report/report.h"

/**
 * struct policy_job - a comparison of a report with a policy
 * @p: the policy
 * @section: the object of the policy that is for this kind of reports
 * @kind: name of this kind of reports
 * @fields: the fields of the report: struct ccg_snp, ccg_tdx or ccg_token
 * @v: the checks are added
 */
struct policy_job {
	const struct ccg_report_policy *p;
	const char *section;
	const char *kind;
	const void *fields;
	struct ccg_report_verdict *v;
};

/**
 * struct policy_mask - bits of a report, and the rules about them
 * @name: name of the check
 * @bits: the bits
 * @require: member with the bits that must be 1
 * @forbid: member with the bits that must be 0
 * @allow: member with bits that are accepted although every policy refuses them;
 *	   N_MEMBERS if there is none
 */
struct policy_mask {
	const char *name;
	uint64_t bits;
	enum policy_id require;
	enum policy_id forbid;
	enum policy_id allow;
};

int ccg_policy_no_rule(const struct policy_job *j, const char *name);
int ccg_policy_check_rules(const struct policy_job *j);
int ccg_policy_check_data(const struct policy_job *j, const uint8_t *data,
			  size_t len);
int ccg_policy_check_value(const struct policy_job *j, enum policy_id id,
			   const uint8_t *value, size_t len);
int ccg_policy_check_field(const struct policy_job *j, enum policy_id id);
int ccg_policy_check_word(const struct policy_job *j, const char *name,
			  enum policy_id id, const char *word);
int ccg_policy_check_mask(const struct policy_job *j,
			  const struct policy_mask *m);
int ccg_policy_add_text(const struct policy_job *j, const char *name,
			enum ccg_check_result result, struct ccg_text *why);

#endif /* CCGUEST_REPORT_POLICY_JOB_H */
