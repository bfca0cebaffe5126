// SPDX-License-Identifier: GPL-2.0-only
/*
 * ccguest secret wipe
 */
#include <stdio.h>
#include <stdlib.h>

#include <ccguest/secret.h>
#include <ccguest/text.h>

#include "cmd_secret.h"
#include "out_json.h"

enum { WIPE_ALL };

static const struct opt wipe_opts[] = {
	[WIPE_ALL] = { "all", 0, NULL, "wipe all secrets" },
};

static void wipe_text(const struct ccg_secret *secret)
{
	const char *name = secret_name(secret);
	char guid[CCG_GUID_TEXT], size[32];

	ccg_guid_format(&secret->guid, guid);
	secret_size_text(secret, size, sizeof(size));
	out_result("wiped %s (%s%s%s bytes)", guid, name ? name : "",
		   name ? ", " : "", size);
}

static int wipe_chosen(struct cmd *cmd, struct ccg_secrets *s,
		       const struct secret_choice *c)
{
	const struct ccg_secrets_info *info = ccg_secrets_info(s);
	struct json_object *o = NULL, *array = NULL, *item;
	int status = 0, one;
	size_t i;

	if (cmd->json) {
		o = out_json(cmd);
		secret_json_source(o, info);
		array = out_json_array(o, "secrets");
	}
	/* After a failure, continue with the other secrets. */
	for (i = 0; i < c->n; i++) {
		one = 0;
		if (ccg_secrets_wipe(s, c->secrets[i])) {
			one = fail(cmd);
			if (!status)
				status = one;
		}
		if (cmd->json) {
			item = out_json_item(array);
			secret_json(item, info, c->secrets[i]);
			out_json_bool(item, "wiped", !one);
		} else if (!one) {
			wipe_text(c->secrets[i]);
		}
	}
	if (cmd->json)
		out_json_print(cmd, o);
	return status;
}

static int run_wipe(struct cmd *cmd)
{
	struct ccg_secrets *s = NULL;
	struct secret_choice c;
	int status;

	if (!cmd->argc && !cmd->opt[WIPE_ALL])
		return usage_error(cmd, "wipe",
				   "needs the GUIDs of secrets, or --all");
	if (cmd->argc && cmd->opt[WIPE_ALL])
		return usage_error(cmd, cmd->argv[0], "cannot be used with --all");

	status = secret_open(cmd, true, &s);
	if (status)
		return status;
	/* Look up all names first: an unknown name must not wipe anything. */
	status = secret_choose(cmd, s, &c);
	if (!status) {
		if (!c.n)
			out_note("no secrets");
		status = wipe_chosen(cmd, s, &c);
		free(c.secrets);
	}
	ccg_secrets_close(s);
	return status;
}

const struct verb secret_wipe = {
	.name = "wipe",
	.args = "GUID... | --all",
	.summary = "Wipes secrets permanently",
	.text =
"The memory, or the part of the file, is overwritten with zeros. The\n"
"command does not ask for confirmation. With -F, the duplicates that a secret\n"
"hides are wiped too.\n",
	.opts = wipe_opts,
	.n_opts = ARRAY_SIZE(wipe_opts),
	.max_args = -1,
	.takes_from = true,
	.run = run_wipe,
};
