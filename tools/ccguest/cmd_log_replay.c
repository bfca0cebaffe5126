// SPDX-License-Identifier: GPL-2.0-only
/*
 * ccguest log replay
 */
#include <stdio.h>
#include <stdlib.h>

#include <ccguest/log.h>

#include "cmd_log.h"

static const struct opt replay_opts[] = {
	READ_OPTS,
};

/* Banks whose registers cannot be calculated are named, not dropped. */
static void note_banks(const struct cc_log *log)
{
	for (size_t i = 0; i < log->n_algs; i++)
		if (!ccg_log_can_hash(log->algs[i].id))
			out_note("algorithm 0x%04x is not known: its registers are not calculated",
				 log->algs[i].id);
}

static void json_banks(struct json_object *o, const struct cc_log *log)
{
	struct json_object *array = out_json_array(o, "not_calculated");

	for (size_t i = 0; i < log->n_algs; i++)
		if (!ccg_log_can_hash(log->algs[i].id))
			out_json_hex(array, NULL, log->algs[i].id);
}

static void replay_text(const struct cc_log *log,
			const struct ccg_register *regs, size_t n)
{
	static const char *const heads[] = {
		"REGISTER", "ALGORITHM", "EVENTS", "VALUE",
	};
	struct out_table t;
	char text[16];

	out_table_init(&t, heads, ARRAY_SIZE(heads), 1U << 2);
	for (size_t i = 0; i < n; i++) {
		ccg_log_register_name(log, regs[i].index, text, sizeof(text));
		out_cell(&t, 0, OUT_PLAIN, text);
		out_cell(&t, 1, OUT_PLAIN, ccg_log_alg_name(regs[i].alg));
		snprintf(text, sizeof(text), "%zu", regs[i].n_events);
		out_cell(&t, 2, OUT_PLAIN, text);
		log_cell_hex(&t, 3, regs[i].value, regs[i].len);
	}
	out_table_print(&t);
}

static void replay_json(const struct cmd *cmd, const struct ccg_log *log,
			const struct ccg_register *regs, size_t n)
{
	struct json_object *o = out_json(cmd), *array, *item;
	char text[16];

	log_json_summary(o, log);
	json_banks(o, ccg_log_summary(log));
	array = out_json_array(o, "registers");
	for (size_t i = 0; i < n; i++) {
		item = out_json_item(array);
		ccg_log_register_name(ccg_log_summary(log), regs[i].index, text,
				      sizeof(text));
		out_json_str(item, "register", text);
		out_json_int(item, "index", regs[i].index);
		out_json_str(item, "algorithm", ccg_log_alg_name(regs[i].alg));
		out_json_int(item, "events", regs[i].n_events);
		log_json_hex(item, "value", regs[i].value, regs[i].len);
	}
	out_json_print(cmd, o);
}

static int run_replay(struct cmd *cmd)
{
	struct ccg_register *regs;
	struct ccg_log *log;
	int status;
	size_t n;

	status = log_open(cmd, &log);
	if (status)
		return status;
	if (ccg_log_replay(log, &regs, &n)) {
		status = fail(cmd);
	} else {
		if (cmd->json)
			replay_json(cmd, log, regs, n);
		else
			replay_text(ccg_log_summary(log), regs, n);
		free(regs);
	}
	note_banks(ccg_log_summary(log));
	log_note_quirks(log);
	ccg_log_close(log);
	return status;
}

const struct verb log_replay = {
	.name = "replay",
	.args = "[FILE|NUMBER]",
	.summary = "Calculates the registers from the events of a log",
	.text =
"A realm's initial measurement is not one of these registers.\n",
	.opts = replay_opts,
	.n_opts = ARRAY_SIZE(replay_opts),
	.max_args = 1,
	.takes_from = true,
	.schema = 2,
	.run = run_replay,
};
