// SPDX-License-Identifier: GPL-2.0-only
/*
 * ccguest secret list
 */
#include <stdio.h>

#include <ccguest/secret.h>
#include <ccguest/text.h>

#include "cmd_secret.h"
#include "out_json.h"
#include "out_table.h"

enum { LIST_NAMES };

static const struct opt list_opts[] = {
	[LIST_NAMES] = {
		"names", 0, NULL, "print only the GUIDs, one on a line"
	},
};

static void list_json(const struct cmd *cmd, const struct ccg_secrets *s)
{
	const struct ccg_secrets_info *info = ccg_secrets_info(s);
	struct json_object *o = out_json(cmd), *shown, *hidden;
	const struct ccg_secret *secret;
	size_t i;

	secret_json_source(o, info);
	shown = out_json_array(o, "secrets");
	hidden = out_json_array(o, "hidden_duplicates");
	for (i = 0; (secret = ccg_secrets_at(s, i)); i++)
		secret_json(out_json_item(secret->hidden ? hidden : shown),
			    info, secret);
	out_json_int(o, "deleted", info->n_deleted);
	out_json_int(o, "trailing_bytes", info->n_trailing);
	out_json_int(o, "skipped", info->n_skipped);
	out_json_print(cmd, o);
}

static void list_text(const struct ccg_secrets *s)
{
	static const char *const heads[] = { "GUID", "NAME", "SIZE", "MODE" };
	static const char *const file_heads[] = {
		"GUID", "NAME", "SIZE", "OFFSET",
	};
	const struct ccg_secrets_info *info = ccg_secrets_info(s);
	char guid[CCG_GUID_TEXT], text[32];
	const struct ccg_secret *secret;
	struct out_table t;
	size_t i;

	out_table_init(&t, info->live ? heads : file_heads, ARRAY_SIZE(heads),
		       1 << 2 | (info->live ? 0 : 1 << 3));
	for (i = 0; (secret = ccg_secrets_at(s, i)); i++) {
		if (secret->hidden)
			continue;
		ccg_guid_format(&secret->guid, guid);
		out_cell(&t, 0, OUT_PLAIN, guid);
		out_cell(&t, 1, OUT_PLAIN, secret_name(secret));
		secret_size_text(secret, text, sizeof(text));
		out_cell(&t, 2, OUT_PLAIN, text);
		if (info->live)
			snprintf(text, sizeof(text), "%04o", secret->mode);
		else
			snprintf(text, sizeof(text), "%zu",
				 secret->offset);
		out_cell(&t, 3, OUT_PLAIN, text);
	}
	out_table_print(&t);
}

static void list_names(const struct ccg_secrets *s)
{
	const struct ccg_secret *secret;
	char guid[CCG_GUID_TEXT];
	size_t i;

	for (i = 0; (secret = ccg_secrets_at(s, i)); i++) {
		if (secret->hidden)
			continue;
		ccg_guid_format(&secret->guid, guid);
		puts(guid);
	}
}

static int run_list(struct cmd *cmd)
{
	struct ccg_secrets *s = NULL;
	int status;

	if (cmd->json && cmd->opt[LIST_NAMES])
		return usage_error(cmd, "--names", "cannot be used with --json");
	status = secret_open(cmd, false, &s);
	if (status)
		return status;

	secret_notes(cmd, s);
	if (cmd->json)
		list_json(cmd, s);
	else if (cmd->opt[LIST_NAMES])
		list_names(s);
	else if (ccg_secrets_info(s)->n)
		list_text(s);
	else
		out_note("no secrets");
	ccg_secrets_close(s);
	return 0;
}

const struct verb secret_list = {
	.name = "list",
	.args = "",
	.summary = "Lists the secrets, without their bytes",
	.opts = list_opts,
	.n_opts = ARRAY_SIZE(list_opts),
	.takes_from = true,
	.run = run_list,
};
