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
 * report_time - take the option --at
 * @cmd: the command
 * @text: a date, or a date and a time, in UTC; or NULL
 * @want: its @at is set
 *
 * Return: 0 or the exit status.
 */
int report_time(struct cmd *cmd, const char *text, struct ccg_report_want *want);

/**
 * report_nonce - take the option --nonce
 * @cmd: the command
 * @hex: 1 to 64 bytes in hexadecimal, or NULL
 * @nonce: set to the bytes
 * @want: its @nonce is set to @nonce
 *
 * Return: 0 or the exit status.
 */
int report_nonce(struct cmd *cmd, const char *hex, uint8_t nonce[64],
		 struct ccg_report_want *want);

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
