// SPDX-License-Identifier: GPL-2.0-only
/*
 * ccguest log: functions that several verbs share
 */
#include <stdio.h>
#include <stdlib.h>

#include <ccguest/cca.h>
#include <ccguest/log.h>
#include <ccguest/text.h>

#include "cmd_log.h"

static int read_opts(struct cmd *cmd, struct cc_log_opts *opts)
{
	const char *place = cmd->opt[READ_PLACE], *p = place;

	*opts = (struct cc_log_opts) {};
	if (cmd->opt[READ_STRICT])
		opts->flags |= CC_LOG_STRICT;
	if (cmd->opt[READ_REALM])
		opts->flags |= CC_LOG_REALM;
	if (!place)
		return 0;
	opts->flags |= CC_LOG_PLACED;
	if (take_number(&p, '+', 0, &opts->place.base) &&
	    take_number(&p, '\0', 0, &opts->place.size))
		return 0;
	return usage_error(cmd, place, "--place is of the form ADDRESS+SIZE");
}

static int open_with(struct cmd *cmd, unsigned int flags, struct ccg_log **logp)
{
	const char *file = cmd->argc ? cmd->argv[0] : cmd->from;
	struct cc_log_opts opts;
	uint64_t number;
	int status, rc;

	if (cmd->argc && cmd->from)
		return usage_error(cmd, cmd->argv[0], "cannot be used with -F");
	status = read_opts(cmd, &opts);
	if (status)
		return status;
	opts.flags |= flags;
	if (cmd->argc &&
	    !ccg_parse_number(file, 10, UINT32_MAX, &number, NULL))
		rc = ccg_log_open_number(cmd->ctx, number, &opts, logp);
	else
		rc = ccg_log_open(cmd->ctx, file, &opts, logp);
	return rc ? fail(cmd) : 0;
}

int log_open(struct cmd *cmd, struct ccg_log **logp)
{
	return open_with(cmd, 0, logp);
}

int log_open_partly(struct cmd *cmd, struct ccg_log **logp)
{
	return open_with(cmd, CC_LOG_PARTLY, logp);
}

void log_note_quirks(const struct ccg_log *log)
{
	const struct cc_log *s = ccg_log_summary(log);

	for (unsigned int i = 0; i < CC_LOG_N_QUIRKS; i++)
		if (s->quirks & 1U << i)
			out_note("%s: %s, at offset %zu", ccg_log_path(log),
				 ccg_log_quirk_text(i), s->quirk_at[i]);
	if (s->n_trailing)
		out_note("%s: %zu bytes after the end are not padding",
			 ccg_log_path(log), s->n_trailing);
}

void log_note_trees(const struct ccg_trees *trees)
{
	const struct ccg_tree *t;

	for (size_t n = 0; (t = ccg_trees_at(trees, n)); n++)
		for (unsigned int i = 0; i < CCG_TREE_N_QUIRKS; i++)
			if (t->quirks & 1U << i)
				out_note("event %zu: %s %s", t->event,
					 t->source, ccg_tree_quirk_text(i));
}

int log_ripas_blocks(struct cmd *cmd, const char *name, unsigned int *blocks)
{
	*blocks = ccg_ripas_blocks(name);
	return *blocks ? 0 :
	       usage_error(cmd, name, "--ripas-blocks is 4K, 2M, 1G or 512G");
}

char *log_hex(const uint8_t *p, size_t len)
{
	char *text = out_alloc(NULL, 2 * len + 1);

	ccg_hex(p, len, text);
	return text;
}

void log_json_hex(struct json_object *o, const char *key, const uint8_t *p,
		  size_t len)
{
	char *hex = log_hex(p, len);

	out_json_str(o, key, hex);
	free(hex);
}

void log_json_match(struct json_object *o, enum ccg_data_match m)
{
	if (m == CCG_DATA_UNKNOWN)
		out_json_str(o, "digest_matches", NULL);
	else
		out_json_bool(o, "digest_matches", m != CCG_DATA_DIFFERS);
}

void log_cell_hex(struct out_table *t, size_t col, const uint8_t *p,
		  size_t len)
{
	char *hex = log_hex(p, len);

	out_cell(t, col, OUT_PLAIN, hex);
	free(hex);
}

static void json_fault(struct json_object *o, const struct cc_log_fault *f)
{
	struct json_object *fault;

	if (!f) {
		out_json_str(o, "fault", NULL);
		return;
	}
	fault = out_json_have(json_object_new_object());
	out_json_add(o, "fault", fault);
	out_json_int(fault, "event", f->event);
	out_json_int(fault, "offset", f->offset);
	out_json_str(fault, "field", f->field);
	out_json_str(fault, "reason", f->what);
	out_json_hex(fault, "value", f->value);
	out_json_hex(fault, "limit", f->limit);
}

static void json_header(struct json_object *o, const struct cc_log *log)
{
	struct json_object *holder = out_json_have(json_object_new_object());
	struct json_object *list = NULL;
	struct out_json_sink j = out_json_to(holder);

	ccg_log_decode_header(log, &j.sink);
	if (json_object_object_get_ex(holder, "spec_id", &list))
		out_json_add(o, "header",
			     json_object_get(json_object_array_get_idx(list, 0)));
	else
		out_json_str(o, "header", NULL);
	json_object_put(holder);
}

void log_json_summary(struct json_object *o, const struct ccg_log *log)
{
	const struct cc_log *s = ccg_log_summary(log);
	struct json_object *array, *item;

	out_json_str(o, "path", ccg_log_path(log));
	out_json_str(o, "dialect", ccg_log_dialect_name(s));
	out_json_str(o, "dialect_basis", s->basis);
	out_json_str(o, "registers_are", ccg_log_uses_pcrs(s) ? "pcrs" : "mrs");
	out_json_int(o, "size", s->len);
	out_json_int(o, "end", s->pos);
	out_json_int(o, "trailing_bytes", s->n_trailing);
	array = out_json_array(o, "quirks");
	for (unsigned int i = 0; i < CC_LOG_N_QUIRKS; i++) {
		if (!(s->quirks & 1U << i))
			continue;
		item = out_json_item(array);
		out_json_str(item, "quirk", ccg_log_quirk_text(i));
		out_json_int(item, "offset", s->quirk_at[i]);
	}
	json_fault(o, ccg_log_fault(log));
	json_header(o, s);
}
