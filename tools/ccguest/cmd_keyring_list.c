// SPDX-License-Identifier: GPL-2.0-only
/*
 * ccguest keyring list
 */
#include <stdio.h>
#include <string.h>

#include <ccguest/keyring.h>

#include "cmd_keyring.h"
#include "out_table.h"

enum { LIST_KEYRING, LIST_IDS };

static const struct opt list_opts[] = {
	[LIST_KEYRING] = KEYRING_OPT,
	[LIST_IDS] = {
		"ids", 0, NULL, "print only the numbers, one on a line"
	},
};

static void list_json(const struct cmd *cmd, const struct ccg_keyring *k)
{
	struct json_object *o = out_json(cmd), *array;
	const struct ccg_key *key;
	size_t i;

	keyring_json(o, k);
	array = out_json_array(o, "keys");
	for (i = 0; (key = ccg_keyring_at(k, i)); i++)
		keyring_json_key(out_json_item(array), key);
	out_json_print(cmd, o);
}

/* Without -v, prints as many digits as `keyring remove` needs. */
static void cell_print(struct out_table *t, const struct cmd *cmd,
		       const struct ccg_key *key)
{
	const char *digits = key->fingerprint ? key->fingerprint : key->key_id;
	char text[160];

	if (!digits) {
		out_cell(t, 4, OUT_PLAIN, NULL);
		return;
	}
	snprintf(text, sizeof(text), "%s%.*s",
		 key->fingerprint ? "sha256:" : "", cmd->verbose ? 128 : 16,
		 digits);
	out_cell(t, 4, OUT_PLAIN, text);
}

static void list_text(const struct cmd *cmd, const struct ccg_keyring *k)
{
	static const char *const heads[] = {
		"ID", "ALGORITHM", "EXPIRES", "LIMITS", "FINGERPRINT", "SUBJECT",
	};
	const struct ccg_key *key;
	struct out_table t;
	char id[16];
	size_t i;

	out_table_init(&t, heads, ARRAY_SIZE(heads), 0);
	for (i = 0; (key = ccg_keyring_at(k, i)); i++) {
		bool gone = key->error ||
			    (key->expires && !strcmp(key->expires, "expired"));

		keyring_id_text(key->id, id, sizeof(id));
		out_cell(&t, 0, OUT_PLAIN, id);
		out_cell(&t, 1, OUT_PLAIN,
			 key->algorithm ? key->algorithm : key->type);
		out_cell(&t, 2, gone ? OUT_BAD : OUT_PLAIN, key->expires);
		out_cell(&t, 3, OUT_PLAIN, key->certificate ? "kept" : NULL);
		cell_print(&t, cmd, key);
		out_cell(&t, 5, key->error ? OUT_BAD : OUT_PLAIN,
			 keyring_key_name(key));
	}
	out_table_print(&t);
}

static void list_ids(const struct ccg_keyring *k)
{
	const struct ccg_key *key;
	size_t i;

	for (i = 0; (key = ccg_keyring_at(k, i)); i++)
		printf("0x%08x\n", (unsigned int)key->id);
}

static int run_list(struct cmd *cmd)
{
	struct ccg_keyring *k = NULL;
	int status;

	if (cmd->json && cmd->opt[LIST_IDS])
		return usage_error(cmd, "--ids", "cannot be used with --json");
	if (cmd->from && cmd->opt[LIST_IDS])
		return usage_error(cmd, "--ids",
				   "cannot be used with --from: only keys have numbers");
	if (cmd->from && cmd->opt[LIST_KEYRING])
		return usage_error(cmd, "--keyring", "cannot be used with --from");
	if (cmd->from)
		return keyring_list_files(cmd);
	status = keyring_open(cmd, LIST_KEYRING, &k);
	if (status)
		return status;
	if (cmd->json)
		list_json(cmd, k);
	else if (cmd->opt[LIST_IDS])
		list_ids(k);
	else if (ccg_keyring_at(k, 0))
		list_text(cmd, k);
	else
		out_note("keyring %s is empty", ccg_keyring_name(k));
	ccg_keyring_close(k);
	return 0;
}

const struct verb keyring_list = {
	.name = "list",
	.args = "",
	.summary = "Lists the certificates that are trusted",
	.text =
"With -F, FILE is a file with certificates or a directory as for `keyring load`:\n"
"the certificates that would be added are listed.\n",
	.takes_from = true,
	.opts = list_opts,
	.n_opts = ARRAY_SIZE(list_opts),
	.run = run_list,
};
