// SPDX-License-Identifier: GPL-2.0-only
/*
 * ccguest log verify --report: the report that has the registers
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cmd_log_report.h"
#include "cmd_report.h"
#include "cmd_report_checks.h"

static int take_policy(struct cmd *cmd, const char *path, struct log_report *p)
{
	int rc = path ? ccg_report_policy_load(cmd->ctx, path, &p->policy) :
			ccg_report_policy_new(cmd->ctx, &p->policy);

	p->want.policy = p->policy;
	return rc ? fail(cmd) : 0;
}

static int take_crls(struct cmd *cmd, size_t opt, struct log_report *p)
{
	int status = 0;

	for (size_t i = 0; !status && i < cmd->n_given; i++)
		if (cmd->given[i].opt == opt)
			status = report_crls_add(cmd, &p->files, cmd->given[i].arg);
	p->want.crls = p->files.crls;
	p->want.n_crls = p->files.n_crls;
	return status;
}

static int take_want(struct cmd *cmd, const struct log_report_opts *opts,
		     struct log_report *p)
{
	int status = report_nonce(cmd, cmd->opt[opts->nonce], p->nonce, &p->want);

	if (!status)
		status = report_time(cmd, cmd->opt[opts->at], &p->want);
	if (status)
		return status;
	p->want.key = cmd->opt[opts->key];
	status = take_policy(cmd, cmd->opt[opts->policy], p);
	return status ? status : take_crls(cmd, opts->crl, p);
}

/* With --json, a report that is not good gives a verdict too. */
static int not_good(struct cmd *cmd, const char *path, const struct log_report *p)
{
	const struct ccg_check *c = p->verdict.failed;
	struct json_object *o;
	char *why;

	if (asprintf(&why, "%s: %s", c->name, c->why) < 0)
		out_no_memory();
	if (cmd->json) {
		o = out_json(cmd);
		out_json_bool(o, "adds_up", false);
		out_json_str(o, "verdict", "the report is not good");
		out_json_str(o, "culprit", why);
		log_report_json(o, p);
		out_json_print(cmd, o);
	} else {
		report_checks_text(&p->verdict);
		printf("\nVerdict: the report is not good\n");
	}
	out_error(path, why, c->hint);
	free(why);
	return CCG_UNVERIFIED;
}

int log_report_take(struct cmd *cmd, const struct log_report_opts *opts,
		    struct log_report *p)
{
	const char *path = cmd->opt[opts->report];
	int status = path ? take_want(cmd, opts, p) : 0;

	if (!path || status)
		return status;
	if (ccg_report_load(cmd->ctx, path, &p->r) ||
	    ccg_report_verify(p->r, &p->want, &p->verdict))
		return fail(cmd);
	return p->verdict.failed ? not_good(cmd, path, p) : 0;
}

void log_report_text(const struct log_report *p)
{
	report_checks_text(&p->verdict);
	printf("\n");
}

void log_report_json(struct json_object *o, const struct log_report *p)
{
	struct json_object *item = NULL;

	if (p->r) {
		item = out_json_have(json_object_new_object());
		out_json_str(item, "kind", report_kind_name(ccg_report_kind(p->r)));
		out_json_bool(item, "verified", !p->verdict.failed);
		out_json_str(item, "failed", p->verdict.failed ?
					     p->verdict.failed->name : NULL);
		report_checks_json(item, &p->verdict);
	}
	out_json_add(o, "report", item);
}

void log_report_notes(const struct log_report *p)
{
	if (p->r)
		report_notes(p->r, &p->verdict);
}

void log_report_free(struct log_report *p)
{
	ccg_report_verdict_clear(&p->verdict);
	ccg_report_free(p->r);
	ccg_report_policy_free(p->policy);
	report_certs_free(&p->files);
}
