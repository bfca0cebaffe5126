// SPDX-License-Identifier: GPL-2.0-only
/*
 * ccguest sev ok
 */
#include <stdio.h>
#include <string.h>

#include <ccguest/platform.h>

#include "cmd_sev.h"

static const char *const kinds[] = {
	[CCG_HOST_SEV] = "sev",
	[CCG_HOST_ES] = "es",
	[CCG_HOST_SNP] = "snp",
};

static const char *const verdicts[] = {
	[CCG_HOST_PASSED] = "passed",
	[CCG_HOST_FAILED] = "failed",
	[CCG_HOST_UNKNOWN] = "unknown",
};

static const enum out_color colors[] = {
	[CCG_HOST_PASSED] = OUT_GOOD,
	[CCG_HOST_FAILED] = OUT_BAD,
	[CCG_HOST_UNKNOWN] = OUT_WARN,
};

static int parse_kind(struct cmd *cmd, enum ccg_host_kind *kind)
{
	*kind = CCG_HOST_AUTO;
	if (!cmd->argc)
		return 0;
	for (size_t i = 0; i < ARRAY_SIZE(kinds); i++) {
		if (strcmp(kinds[i], cmd->argv[0]))
			continue;
		*kind = i;
		return 0;
	}
	return usage_error(cmd, cmd->argv[0], "is not sev, es or snp");
}

static void print_check(const struct ccg_host_check *c)
{
	const char *verdict = verdicts[c->verdict];

	out_colored(colors[c->verdict], verdict);
	printf("%*s%s: ", 9 - (int)strlen(verdict), "", c->subject);
	out_text(c->detail);
	putchar('\n');
	if (c->advice)
		printf("         %s\n", c->advice);
}

static void print_json(const struct cmd *cmd, const struct ccg_host_report *r)
{
	struct json_object *o = out_json(cmd), *array, *item;

	out_json_str(o, "kind", kinds[r->kind]);
	out_json_bool(o, "ok", r->passed == r->n);
	out_json_int(o, "passed", r->passed);
	out_json_int(o, "failed", r->failed);
	array = out_json_array(o, "checks");
	for (size_t i = 0; i < r->n; i++) {
		item = out_json_item(array);
		out_json_str(item, "name", r->checks[i].name);
		out_json_str(item, "kind", kinds[r->checks[i].kind]);
		out_json_str(item, "verdict", verdicts[r->checks[i].verdict]);
		out_json_str(item, "detail", r->checks[i].detail);
		out_json_str(item, "advice", r->checks[i].advice);
	}
	out_json_print(cmd, o);
}

/* Known to be false takes precedence over not known. */
static int summary(const struct ccg_host_report *r)
{
	char why[96];

	if (r->passed == r->n)
		return 0;
	snprintf(why, sizeof(why), "%zu of %zu checks failed, %zu cannot be known",
		 r->failed, r->n, r->n - r->passed - r->failed);
	out_error(kinds[r->kind], why, NULL);
	return r->failed ? CCG_UNSUPPORTED : CCG_FAILED;
}

static int run_ok(struct cmd *cmd)
{
	struct ccg_host_report r;
	enum ccg_host_kind kind;
	int status = parse_kind(cmd, &kind);

	if (status)
		return status;
	ccg_host_check(cmd->ctx, kind, &r);
	if (cmd->json)
		print_json(cmd, &r);
	else if (!out_quiet())
		for (size_t i = 0; i < r.n; i++)
			print_check(&r.checks[i]);
	return summary(&r);
}

const struct verb sev_ok = {
	.name = "ok",
	.args = "[sev | es | snp]",
	.summary = "Checks whether this host can run guests with SEV",
	.text =
"es includes the checks of sev, snp includes both. Without an operand, the\n"
"processor decides. The exit status is 4 if a check failed, and 1 if none failed\n"
"but the result of one cannot be known.\n",
	.max_args = 1,
	.run = run_ok,
};
