// SPDX-License-Identifier: GPL-2.0-only
/*
 * ccguest sev: packets with secrets, for secret build and launch
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <ccguest/file.h>
#include <ccguest/text.h>

#include "cmd_sev_packet.h"

int sev_check_secret(struct cmd *cmd, const char *arg)
{
	const char *colon = strchr(arg, ':');

	if (colon && colon[1])
		return 0;
	return usage_error(cmd, arg, "is not of the form GUID:FILE");
}

/* Reads keys of @len bytes, of a file that was not used before. */
static int read_key(struct sev_packing *p, const char *path, uint8_t *to,
		    size_t len)
{
	char why[64];
	uint8_t *file;
	size_t n;

	if (!path)
		return 0;
	if (ccg_sev_key_unused(p->cmd->ctx, path) ||
	    ccg_secret_load(p->cmd->ctx, path, len, &file, &n))
		return fail(p->cmd);
	if (n == len)
		memcpy(to, file, len);
	ccg_secret_free(file);
	if (n == len)
		return 0;
	snprintf(why, sizeof(why), "expected a key of %zu bytes, found %zu",
		 len, n);
	out_error(path, why, NULL);
	return CCG_FAILED;
}

int sev_packing_begin(struct sev_packing *p, struct cmd *cmd,
		      const struct sev_key_opts *opts)
{
	bool pair = opts->tik && opts->tek, any = opts->tik || opts->tek;
	int status;

	*p = (struct sev_packing) { .cmd = cmd };
	if (opts->tk ? any : !pair)
		return usage_error(cmd, "--tik",
				   "give --tik and --tek, or --tk");
	if (ccg_no_core_dumps(cmd->ctx) || ccg_build_new(cmd->ctx, &p->table))
		return fail(cmd);
	p->items = out_json_have(json_object_new_array());
	p->keys = ccg_secret_alloc(cmd->ctx, 2 * CCG_SEV_KEY_LEN);
	if (!p->keys)
		out_no_memory();
	p->key_files[0] = opts->tk ? opts->tk : opts->tik;
	p->key_files[1] = opts->tk ? NULL : opts->tek;
	status = read_key(p, opts->tk, p->keys, 2 * CCG_SEV_KEY_LEN);
	if (!status)
		status = read_key(p, opts->tek, p->keys, CCG_SEV_KEY_LEN);
	if (!status)
		status = read_key(p, opts->tik, p->keys + CCG_SEV_KEY_LEN,
				  CCG_SEV_KEY_LEN);
	return status;
}

static void describe(struct sev_packing *p, const struct ccg_guid *guid,
		     size_t len)
{
	const struct ccg_known *known = ccg_known_by_guid(guid);
	struct json_object *item = out_json_item(p->items);
	char text[CCG_GUID_TEXT];

	ccg_guid_format(guid, text);
	out_json_str(item, "guid", text);
	out_json_str(item, "name", known ? known->name : NULL);
	out_json_int(item, "size", len);
}

int sev_packing_add(struct sev_packing *p, const char *arg)
{
	const char *file = strchr(arg, ':');
	char *name = strndup(arg, file - arg);
	struct ccg_guid guid;
	uint8_t *buf;
	size_t len;
	int rc;

	if (!name)
		out_no_memory();
	if (!strcmp(file + 1, "-") && p->has_stdin) {
		free(name);
		return usage_error(p->cmd, arg,
				   "standard input can be read only once");
	}
	p->has_stdin |= !strcmp(file + 1, "-");
	rc = ccg_guid_from_name(p->cmd->ctx, name, &guid);
	free(name);
	if (rc || ccg_secret_load(p->cmd->ctx, file + 1, CCG_SEV_PACKET_MAX,
				  &buf, &len))
		return fail(p->cmd);
	rc = ccg_build_add(p->table, &guid, buf, len, 0);
	ccg_secret_free(buf);
	if (rc)
		return fail(p->cmd);
	describe(p, &guid, len);
	p->n_secrets++;
	return 0;
}

int sev_packing_fit(struct sev_packing *p, const char *path,
		    const struct ccg_launch_info *info)
{
	p->area = info->secret_base ? info->secret_size : 0;
	if (p->area)
		return 0;
	out_error(path, "the firmware has no secret area",
		  "Debian's package ovmf-amdsev has a firmware with this area");
	return CCG_FAILED;
}

int sev_packing_make(struct sev_packing *p)
{
	struct ccg_sev_secrets s = {
		.tek = p->keys,
		.tik = p->keys + CCG_SEV_KEY_LEN,
		.measure = p->measurement,
		.area = p->area,
	};

	if (ccg_build_finish(p->table, 0, &s.table, &s.len, &p->table_len))
		return fail(p->cmd);
	p->len = s.len;
	p->payload = out_alloc(NULL, s.len);
	return ccg_sev_packet_make(p->cmd->ctx, &s, p->header, p->payload) ?
	       fail(p->cmd) : 0;
}

int sev_packing_save(struct sev_packing *p, const char *purpose,
		     const char *header, const char *payload, bool raw)
{
	const struct ccg_sev_use use = {
		.keys = { p->key_files[0], p->key_files[1] },
		.purpose = purpose,
		.measure = p->measurement,
	};
	struct ccg_new_file files[] = {
		{ header, p->header, sizeof(p->header) },
		{ payload, p->payload, p->len },
	};
	char *texts[ARRAY_SIZE(files)] = {};
	int rc;

	for (size_t i = 0; !raw && i < ARRAY_SIZE(files); i++) {
		texts[i] = out_alloc(NULL, CCG_BASE64_TEXT(files[i].len));
		ccg_base64(files[i].buf, files[i].len, texts[i]);
		files[i].buf = (uint8_t *)texts[i];
		files[i].len = strlen(texts[i]);
	}
	rc = ccg_sev_packet_save(p->cmd->ctx, &use, &files[0], &files[1]);
	free(texts[0]);
	free(texts[1]);
	return rc ? fail(p->cmd) : 0;
}

void sev_packing_json(struct json_object *o, const struct sev_packing *p)
{
	out_json_int(o, "table_length", p->table_len);
	out_json_int(o, "payload_length", p->len);
	if (p->area)
		out_json_int(o, "area_size", p->area);
	else
		out_json_str(o, "area_size", NULL);
	out_json_add(o, "secrets", json_object_get(p->items));
}

void sev_packing_end(struct sev_packing *p)
{
	free(p->payload);
	json_object_put(p->items);
	ccg_secret_free(p->keys);
	ccg_build_free(p->table);
	*p = (struct sev_packing) {};
}
