/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * ccguest log verify --report: the report that has the registers
 */
#ifndef CCGUEST_CMD_LOG_REPORT_H
#define CCGUEST_CMD_LOG_REPORT_H

#include <ccguest/report.h>

#include "cmd_log.h"
#include "cmd_report_certs.h"

/* Indexes of the options about reports, in the verb's options. */
struct log_report_opts {
	size_t report;
	size_t nonce;
	size_t key;
	size_t crl;
	size_t at;
	size_t policy;
};

/**
 * struct log_report - a report, and what it was verified against
 * @r: the report; NULL without --report
 * @verdict: the checks
 * @want: what it was verified against; points into the members below
 * @policy: the policy
 * @files: the revocation lists
 * @nonce: the nonce
 */
struct log_report {
	struct ccg_report *r;
	struct ccg_report_verdict verdict;
	struct ccg_report_want want;
	struct ccg_report_policy *policy;
	struct report_certs files;
	uint8_t nonce[64];
};

/**
 * log_report_take - read the report of --report, and verify it
 * @cmd: the command
 * @opts: the options about reports
 * @p: zeros; set to the report and the result; free it with log_report_free(),
 *     also on failure
 *
 * A report that is not good is printed with its checks.
 *
 * Return: 0, also without --report; or the exit status.
 */
int log_report_take(struct cmd *cmd, const struct log_report_opts *opts,
		    struct log_report *p);

/**
 * log_report_text - print the checks of a report
 * @p: the report
 */
void log_report_text(const struct log_report *p);

/**
 * log_report_json - add the kind and the checks of a report
 * @o: the object, which gets the member "report"
 * @p: the report; without one, the member is null
 */
void log_report_json(struct json_object *o, const struct log_report *p);

/**
 * log_report_notes - print what a good report does not prove
 * @p: the report
 */
void log_report_notes(const struct log_report *p);

/**
 * log_report_free - free a report
 * @p: the report, or zeros
 */
void log_report_free(struct log_report *p);

#endif /* CCGUEST_CMD_LOG_REPORT_H */
