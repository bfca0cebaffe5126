// SPDX-License-Identifier: GPL-2.0-only
/*
 * Verifying a report: what `report verify` and `log verify --report` share
 */
#include <string.h>
#include <time.h>

#include <ccguest/text.h>

#include "cmd_report_checks.h"
#include "out_table.h"

static bool parse_time(const char *text, time_t *at)
{
	static const char *const forms[] = { "%Y-%m-%dT%H:%M:%SZ", "%Y-%m-%d" };

	for (size_t i = 0; i < ARRAY_SIZE(forms); i++) {
		struct tm tm = { 0 }, back;
		const char *end = strptime(text, forms[i], &tm);

		if (!end || *end)
			continue;
		back = tm;
		*at = timegm(&back);
		/* The 31st of February is the 3rd of March for timegm(). */
		return *at > 0 && back.tm_mday == tm.tm_mday;
	}
	return false;
}

int report_time(struct cmd *cmd, const char *text, struct ccg_report_want *want)
{
	if (text && !parse_time(text, &want->at))
		return usage_error(cmd, text,
				   "--at is a time in UTC such as 2026-11-30T12:00:00Z, or a date");
	return 0;
}

int report_nonce(struct cmd *cmd, const char *hex, uint8_t nonce[64],
		 struct ccg_report_want *want)
{
	if (!hex)
		return 0;
	/* An empty nonce is probably an unset variable of a script. */
	if (!*hex || ccg_unhex(hex, nonce, 64, &want->nonce_len))
		return usage_error(cmd, hex,
				   "--nonce is 1 to 64 bytes, in hexadecimal");
	want->nonce = nonce;
	return 0;
}

static const char *const results[] = {
	[CCG_CHECK_SKIPPED] = "not checked",
	[CCG_CHECK_OK] = "ok",
	[CCG_CHECK_FAILED] = "failed",
};

void report_checks_text(const struct ccg_report_verdict *v)
{
	static const enum out_color colors[] = {
		[CCG_CHECK_SKIPPED] = OUT_WARN,
		[CCG_CHECK_OK] = OUT_GOOD,
		[CCG_CHECK_FAILED] = OUT_BAD,
	};
	struct out_table t;

	if (out_quiet())
		return;
	out_table_init(&t, NULL, 3, 0);
	for (size_t i = 0; i < v->n; i++) {
		const struct ccg_check *c = &v->checks[i];

		out_cell(&t, 0, OUT_PLAIN, c->name);
		out_cell(&t, 1, colors[c->result], results[c->result]);
		out_cell(&t, 2, OUT_PLAIN, c->why);
	}
	out_table_print(&t);
}

void report_checks_json(struct json_object *o, const struct ccg_report_verdict *v)
{
	struct json_object *array = out_json_array(o, "checks"), *item;

	for (size_t i = 0; i < v->n; i++) {
		const struct ccg_check *c = &v->checks[i];

		item = out_json_item(array);
		out_json_str(item, "name", c->name);
		out_json_str(item, "result", results[c->result]);
		out_json_str(item, "why", c->why);
		out_json_str(item, "hint", c->hint);
	}
}

static bool was_compared(const struct ccg_report_verdict *v, const char *name)
{
	for (size_t i = 0; i < v->n; i++)
		if (!strcmp(v->checks[i].name, name))
			return v->checks[i].result == CCG_CHECK_OK;
	return false;
}

void report_notes(const struct ccg_report *r, const struct ccg_report_verdict *v)
{
	const char *name = ccg_report_snp(r) ? "measurement" :
			   ccg_report_tdx(r) ? "mr_td" : "rim";

	if (!was_compared(v, name))
		out_note("%s: not compared: without %sa policy, the report may be of any guest",
			 name, ccg_report_snp(r) ? "--measurement or " : "");
	if (!was_compared(v, "freshness") && !was_compared(v, "report_data"))
		out_note("freshness: not compared: without --nonce, this may be an old report");
	if (ccg_report_tdx(r))
		out_note("tcb_level: not evaluated: the platform may have old firmware");
}
