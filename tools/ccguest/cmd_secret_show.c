// SPDX-License-Identifier: GPL-2.0-only
/*
 * ccguest secret show
 */
#include <stdio.h>
#include <stdlib.h>

#include <ccguest/file.h>
#include <ccguest/secret.h>
#include <ccguest/text.h>

#include "cmd_secret.h"
#include "out_json.h"

/* Adds the members that only `secret show` prints. */
static void json_purpose(struct json_object *item,
			 const struct ccg_known *known)
{
	out_json_str(item, "alias", known ? known->alias : NULL);
	out_json_str(item, "purpose", known ? known->purpose : NULL);
	out_json_str(item, "consumer", known ? known->consumer : NULL);
}

static void show_json(const struct cmd *cmd, const struct ccg_secrets *s,
		      const struct secret_choice *c)
{
	const struct ccg_secrets_info *info = ccg_secrets_info(s);
	struct json_object *o = out_json(cmd), *array, *item;
	size_t i;

	secret_json_source(o, info);
	array = out_json_array(o, "secrets");
	for (i = 0; i < c->n; i++) {
		item = out_json_item(array);
		secret_json(item, info, c->secrets[i]);
		json_purpose(item, c->secrets[i]->known);
	}
	out_json_print(cmd, o);
}

static void show_text(const struct ccg_secrets_info *info,
		      const struct ccg_secret *secret, const uint8_t *buf,
		      size_t len)
{
	const struct ccg_known *k = secret->known;
	char guid[CCG_GUID_TEXT];

	ccg_guid_format(&secret->guid, guid);
	out_colored(OUT_BOLD, guid);
	printf("\n");
	if (k) {
		printf("  name      %s%s%s\n", k->name,
		       k->alias ? ", " : "", k->alias ? k->alias : "");
		printf("  purpose   %s\n", k->purpose);
		printf("  consumer  %s\n", k->consumer);
	}
	printf("  size      %zu\n", len);
	if (info->live)
		printf("  mode      %04o\n", secret->mode);
	else
		printf("  offset    %zu (entry %zu)\n", secret->offset,
		       secret->index);
	out_dump(buf, len);
}

static int run_show(struct cmd *cmd)
{
	const struct ccg_secrets_info *info;
	struct ccg_secrets *s = NULL;
	struct secret_choice c;
	int status;
	size_t i;

	status = secret_open(cmd, false, &s);
	if (status)
		return status;
	info = ccg_secrets_info(s);
	secret_notes(cmd, s);
	status = secret_choose(cmd, s, &c);
	if (status) {
		ccg_secrets_close(s);
		return status;
	}

	if (cmd->json) {
		show_json(cmd, s, &c);
	} else {
		if (!c.n)
			out_note("no secrets");
		for (i = 0; i < c.n; i++) {
			uint8_t *buf;
			size_t len;

			if (ccg_secrets_read(s, c.secrets[i], &buf, &len)) {
				status = fail(cmd);
				continue;
			}
			if (i)
				printf("\n");
			show_text(info, c.secrets[i], buf, len);
			ccg_secret_free(buf);
		}
	}
	free(c.secrets);
	ccg_secrets_close(s);
	return status;
}

const struct verb secret_show = {
	.name = "show",
	.args = "[GUID...]",
	.summary = "Shows secrets in hexadecimal and as text",
	.text =
"Without a GUID, all secrets are shown. With --json, only the metadata of the\n"
"secrets is printed.\n",
	.max_args = -1,
	.takes_from = true,
	.run = run_show,
};
