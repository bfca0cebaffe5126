// SPDX-License-Identifier: GPL-2.0-only
/*
 * ccguest keyring remove
 */
#include <stdlib.h>

#include <ccguest/keyring.h>

#include "cmd_keyring.h"

enum { REMOVE_KEYRING };

static const struct opt remove_opts[] = {
	[REMOVE_KEYRING] = KEYRING_OPT,
};

/* Looks up all keys before the first one is removed. */
static int choose(struct cmd *cmd, struct ccg_keyring *k,
		  const struct ccg_key **keys)
{
	int i;

	for (i = 0; i < cmd->argc; i++)
		if (ccg_keyring_find(k, cmd->argv[i], &keys[i]))
			return fail(cmd);
	return 0;
}

static int remove_chosen(struct cmd *cmd, struct ccg_keyring *k,
			 const struct ccg_key *const *keys)
{
	struct json_object *o = NULL, *array = NULL, *item;
	int i, rc, status = 0;
	size_t n = 0;

	if (cmd->json) {
		o = out_json(cmd);
		keyring_json(o, k);
		array = out_json_array(o, "keys");
	}
	for (i = 0; i < cmd->argc; i++) {
		rc = ccg_keyring_remove(k, keys[i]);
		if (rc)
			status = status ? status : fail(cmd);
		else
			n++;
		if (cmd->json) {
			item = out_json_item(array);
			keyring_json_key(item, keys[i]);
			out_json_bool(item, "removed", !rc);
		} else if (!rc) {
			out_result("removed 0x%08x %s",
				   (unsigned int)keys[i]->id,
				   keyring_key_name(keys[i]));
		}
	}
	if (cmd->json)
		out_json_print(cmd, o);
	if (n)
		keyring_note_changed();
	return status;
}

static int run_remove(struct cmd *cmd)
{
	const struct ccg_key **keys;
	struct ccg_keyring *k = NULL;
	int status;

	status = keyring_open(cmd, REMOVE_KEYRING, &k);
	if (status)
		return status;
	keys = out_alloc(NULL, cmd->argc * sizeof(*keys));
	status = choose(cmd, k, keys);
	if (!status)
		status = remove_chosen(cmd, k, keys);
	free(keys);
	ccg_keyring_close(k);
	return status;
}

const struct verb keyring_remove = {
	.name = "remove",
	.args = "ID...",
	.summary = "Removes certificates",
	.text =
"ID is a number, the beginning of a fingerprint, or a subject, as keyring list\n"
"prints them.\n",
	.opts = remove_opts,
	.n_opts = ARRAY_SIZE(remove_opts),
	.min_args = 1,
	.max_args = -1,
	.run = run_remove,
};
