/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Verifying a report: what `report verify` and `log verify --report` share
 */
#ifndef CCGUEST_CMD_REPORT_CHECKS_H
#define CCGUEST_CMD_REPORT_CHECKS_H

#include <ccguest/report.h>

#include "cli.h"
#include "out_json.h"

/**
 * report_time - parse a time
 * @text: a date, or a date and a time, in UTC
 * @at: set to the time
 *
 * Return: false if @text has another form.
 */
bool report_time(const char *text, time_t *at);

/**
 * report_checks_text - print the checks of a verification, one on a line
 * @v: the result of the verification
 */
void report_checks_text(const struct ccg_report_verdict *v);

/**
 * report_checks_json - add the checks of a verification
 * @o: the object, which gets the member "checks"
 * @v: the result of the verification
 */
void report_checks_json(struct json_object *o,
			const struct ccg_report_verdict *v);

/**
 * report_notes - print notes about what a verification does not prove
 * @r: the report, which is genuine
 * @v: the result of the verification
 */
void report_notes(const struct ccg_report *r, const struct ccg_report_verdict *v);

#endif /* CCGUEST_CMD_REPORT_CHECKS_H */
