// SPDX-License-Identifier: GPL-2.0-only
/*
 * Lists of checks.
 */
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "report/report.h"

int ccg_check_add(struct ccg_report_verdict *v, const char *name,
		  enum ccg_check_result result, const char *why, ...)
{
	struct ccg_check *c = &v->checks[v->n];
	va_list args;

	if (v->n == CCG_CHECKS_MAX)
		return -ENOMEM;
	*c = (struct ccg_check) { .name = name, .result = result };
	va_start(args, why);
	if (vasprintf(&c->why, why, args) < 0)
		c->why = NULL;
	va_end(args);
	if (!c->why)
		return -ENOMEM;
	v->n++;
	if (result == CCG_CHECK_FAILED && !v->failed)
		v->failed = c;
	return 0;
}

int ccg_check_hint(struct ccg_report_verdict *v, const char *hint, ...)
{
	struct ccg_check *c = &v->checks[v->n - 1];
	va_list args;

	free(c->hint);
	va_start(args, hint);
	if (vasprintf(&c->hint, hint, args) < 0)
		c->hint = NULL;
	va_end(args);
	return c->hint ? 0 : -ENOMEM;
}

int ccg_check_nonce(struct ccg_report_verdict *v, const uint8_t data[64],
		    const struct ccg_report_want *want)
{
	uint8_t expected[64] = { 0 };

	if (!want->nonce)
		return ccg_check_add(v, "freshness", CCG_CHECK_SKIPPED,
				     "no nonce was given: the report may be an old one");
	memcpy(expected, want->nonce, want->nonce_len);
	if (memcmp(expected, data, sizeof(expected))) {
		if (ccg_check_add(v, "freshness", CCG_CHECK_FAILED,
				  "the report was made for another nonce"))
			return -ENOMEM;
		return ccg_check_hint(v,
				      "this may be an old report: ask the guest for one with your nonce");
	}
	return ccg_check_add(v, "freshness", CCG_CHECK_OK,
			     want->nonce_len == 64 ? "the report has the nonce" :
			     "the report has the nonce, followed by zeros");
}

void ccg_report_verdict_clear(struct ccg_report_verdict *v)
{
	for (size_t i = 0; i < v->n; i++) {
		free(v->checks[i].why);
		free(v->checks[i].hint);
	}
	*v = (struct ccg_report_verdict) { 0 };
}
