// SPDX-License-Identifier: GPL-2.0-only
/*
 * ccguest secret: functions that several verbs share
 *
 * Bytes of secrets never appear in JSON, and never come from the command line.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <ccguest/ctx.h>
#include <ccguest/file.h>
#include <ccguest/secret.h>
#include <ccguest/text.h>

#include "cmd_secret.h"

void secret_help(void)
{
	const struct ccg_known *k;
	char left[64];
	size_t i;

	printf("\nNames of known GUIDs:\n");
	for (i = 0; (k = ccg_known_at(i)); i++) {
		snprintf(left, sizeof(left), "%s%s%s", k->name,
			 k->alias ? ", " : "", k->alias ? k->alias : "");
		printf("  %-26s %s\n", left, k->guid);
	}
}

const char *secret_name(const struct ccg_secret *secret)
{
	return secret->known ? secret->known->name : NULL;
}

int secret_open(struct cmd *cmd, bool writable, struct ccg_secrets **sp)
{
	if (ccg_no_core_dumps(cmd->ctx) ||
	    ccg_secrets_open(cmd->ctx, cmd->from, writable, sp))
		return fail(cmd);
	out_lock(cmd->ctx);
	return 0;
}

void secret_json_source(struct json_object *o,
			const struct ccg_secrets_info *info)
{
	struct json_object *src = out_json_have(json_object_new_object());

	out_json_str(src, "kind", info->live ? "securityfs" : "file");
	out_json_str(src, "path", info->path);
	if (!info->live) {
		out_json_int(src, "area_size", info->area_len);
		out_json_int(src, "table_length", info->table_len);
	}
	out_json_add(o, "source", src);
}

void secret_json(struct json_object *item, const struct ccg_secrets_info *info,
		 const struct ccg_secret *secret)
{
	char guid[CCG_GUID_TEXT], mode[8];

	ccg_guid_format(&secret->guid, guid);
	out_json_str(item, "guid", guid);
	out_json_str(item, "name", secret_name(secret));
	if (secret->size_known)
		out_json_int(item, "size", secret->size);
	else
		out_json_str(item, "size", NULL);
	if (info->live) {
		snprintf(mode, sizeof(mode), "%04o", secret->mode);
		out_json_str(item, "mode", mode);
	} else {
		out_json_int(item, "entry", secret->index);
		out_json_int(item, "offset", secret->offset);
	}
}

void secret_size_text(const struct ccg_secret *secret, char *text, size_t size)
{
	if (secret->size_known)
		snprintf(text, size, "%zu", secret->size);
	else
		snprintf(text, size, "?");
}

void secret_notes(const struct cmd *cmd, const struct ccg_secrets *s)
{
	const struct ccg_secrets_info *info = ccg_secrets_info(s);
	const struct ccg_secret *secret;
	char guid[CCG_GUID_TEXT];
	const char *name;
	size_t i;

	for (i = 0; info->n_hidden && (secret = ccg_secrets_at(s, i)); i++) {
		if (!secret->hidden)
			continue;
		ccg_guid_format(&secret->guid, guid);
		out_note("%s: entry %zu at offset %zu is a hidden duplicate of %s",
			 info->path, secret->index, secret->offset, guid);
	}
	if (info->n_skipped)
		out_note("%s: skipped %zu that %s no secret%s", info->path,
			 info->n_skipped, info->n_skipped == 1 ? "is" : "are",
			 info->n_skipped == 1 ? "" : "s");
	if (!cmd->verbose)
		return;
	for (i = 0; (name = ccg_secrets_skipped_at(s, i)); i++)
		out_note("%s: skipped %s", info->path, name);
	if (info->n_deleted)
		out_note("%s: %zu deleted", info->path, info->n_deleted);
	if (info->n_trailing)
		out_note("%s: %zu bytes behind the last entry", info->path,
			 info->n_trailing);
}

static bool chosen(const struct secret_choice *c,
		   const struct ccg_secret *secret)
{
	size_t i;

	for (i = 0; i < c->n; i++)
		if (c->secrets[i] == secret)
			return true;
	return false;
}

int secret_choose(struct cmd *cmd, struct ccg_secrets *s,
		  struct secret_choice *c)
{
	const struct ccg_secret *secret;
	size_t i, n = ccg_secrets_info(s)->n;
	int arg;

	*c = (struct secret_choice) {};
	c->secrets = out_alloc(NULL, (n + 1) * sizeof(struct ccg_secret *));
	if (!cmd->argc) {
		for (i = 0; (secret = ccg_secrets_at(s, i)); i++)
			if (!secret->hidden)
				c->secrets[c->n++] = secret;
		return 0;
	}
	for (arg = 0; arg < cmd->argc; arg++) {
		if (ccg_secrets_find(s, cmd->argv[arg], &secret)) {
			free(c->secrets);
			*c = (struct secret_choice) {};
			return fail(cmd);
		}
		if (!chosen(c, secret))
			c->secrets[c->n++] = secret;
	}
	return 0;
}

int secret_check_output(struct cmd *cmd, const char *path, bool force,
			const char *hint)
{
	if (cmd->json && !path)
		return usage_error(cmd, "--json",
				   "JSON never contains the bytes of a secret: use --output FILE");
	if (path && !*path)
		return usage_error(cmd, "--output", "needs the name of a file");
	if (path || force || !isatty(STDOUT_FILENO))
		return 0;
	out_error("standard output",
		  "is a terminal, and the bytes of a secret can be control characters",
		  hint);
	return CCG_USAGE;
}
