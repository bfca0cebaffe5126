// SPDX-License-Identifier: GPL-2.0-only
/*
 * ccguest log list
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include <ccguest/log.h>

#include "cmd_log.h"

enum { LIST_NAMES };

static const struct opt list_opts[] = {
	[LIST_NAMES] = {
		"names", 0, NULL, "print only the numbers, one on a line"
	},
};

/* One log; @log is NULL if it cannot be read. */
static void list_row(struct out_table *t, struct ccg_ctx *ctx, uint32_t number,
		     const struct ccg_log *log)
{
	const struct cc_log *s = log ? ccg_log_summary(log) : NULL;
	char *source = ccg_log_attribute(ctx, number, "source");
	char text[24], events[24] = "", size[24] = "";

	snprintf(text, sizeof(text), "%" PRIu32, number);
	out_cell(t, 0, OUT_PLAIN, text);
	out_cell(t, 1, OUT_PLAIN, source);
	free(source);
	if (s) {
		snprintf(events, sizeof(events), "%zu", s->nr - 1);
		snprintf(size, sizeof(size), "%zu", s->len);
	}
	out_cell(t, 2, OUT_PLAIN, s ? ccg_log_dialect_name(s) : NULL);
	out_cell(t, 3, OUT_PLAIN, events);
	out_cell(t, 4, OUT_PLAIN, size);
}

static void list_item(struct json_object *o, struct ccg_ctx *ctx,
		      uint32_t number, const struct ccg_log *log,
		      const char *error)
{
	const struct cc_log *s = log ? ccg_log_summary(log) : NULL;
	char *source = ccg_log_attribute(ctx, number, "source");
	char *base = ccg_log_attribute(ctx, number, "base");

	out_json_int(o, "number", number);
	out_json_str(o, "source", source);
	out_json_str(o, "base", base);
	free(source);
	free(base);
	out_json_str(o, "error", error);
	out_json_str(o, "path", s ? ccg_log_path(log) : NULL);
	out_json_str(o, "dialect", s ? ccg_log_dialect_name(s) : NULL);
	if (!s)
		return;
	out_json_int(o, "events", s->nr - 1);
	out_json_int(o, "size", s->len);
}

/* A log that cannot be read does not hide the others. */
static int list_logs(struct cmd *cmd, const uint32_t *numbers, size_t n,
		     struct out_table *t, struct json_object *array)
{
	int status = 0, rc;

	for (size_t i = 0; i < n; i++) {
		struct ccg_log *log = NULL;

		rc = ccg_log_open_number(cmd->ctx, numbers[i], NULL, &log);
		if (array)
			list_item(out_json_item(array), cmd->ctx, numbers[i],
				  log, rc ? ccg_error(cmd->ctx)->why : NULL);
		else
			list_row(t, cmd->ctx, numbers[i], log);
		if (rc) {
			fail(cmd);
			status = CCG_FAILED;
		}
		ccg_log_close(log);
	}
	return status;
}

static int list_json(struct cmd *cmd, const uint32_t *numbers, size_t n)
{
	struct json_object *o = out_json(cmd);
	int status = list_logs(cmd, numbers, n, NULL, out_json_array(o, "logs"));

	out_json_print(cmd, o);
	return status;
}

static int list_text(struct cmd *cmd, const uint32_t *numbers, size_t n)
{
	static const char *const heads[] = {
		"LOG", "SOURCE", "DIALECT", "EVENTS", "SIZE",
	};
	struct out_table t;
	int status;

	if (!n) {
		out_note("no logs");
		return 0;
	}
	out_table_init(&t, heads, ARRAY_SIZE(heads), 1 << 0 | 1 << 3 | 1 << 4);
	status = list_logs(cmd, numbers, n, &t, NULL);
	out_table_print(&t);
	return status;
}

static int run_list(struct cmd *cmd)
{
	uint32_t *numbers;
	int status = 0;
	size_t n;

	if (cmd->json && cmd->opt[LIST_NAMES])
		return usage_error(cmd, "--names", "cannot be used with --json");
	if (ccg_log_numbers(cmd->ctx, &numbers, &n))
		return fail(cmd);
	if (cmd->json)
		status = list_json(cmd, numbers, n);
	else if (!cmd->opt[LIST_NAMES])
		status = list_text(cmd, numbers, n);
	else
		for (size_t i = 0; i < n; i++)
			printf("%" PRIu32 "\n", numbers[i]);
	free(numbers);
	return status;
}

const struct verb log_list = {
	.name = "list",
	.args = "",
	.summary = "Lists the logs that the module cc_event_log shows",
	.text =
"The other verbs take the number of a log in the place of FILE.\n",
	.opts = list_opts,
	.n_opts = ARRAY_SIZE(list_opts),
	.run = run_list,
};
