// SPDX-License-Identifier: GPL-2.0-only
/*
 * ccguest sev secret build
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <ccguest/file.h>
#include <ccguest/launch.h>
#include <ccguest/secret.h>
#include <ccguest/sev.h>
#include <ccguest/text.h>

#include "cmd_sev.h"
#include "cmd_sev_launch.h"

enum {
	BUILD_TIK, BUILD_TEK, BUILD_TK, BUILD_MEASUREMENT, BUILD_FIRMWARE,
	BUILD_HEADER, BUILD_PAYLOAD, BUILD_RAW,
};

static const struct opt build_opts[] = {
	[BUILD_TIK] = { "tik", 0, "FILE", "Transport Integrity Key" },
	[BUILD_TEK] = { "tek", 0, "FILE", "Transport Encryption Key" },
	[BUILD_TK] = { "tk", 0, "FILE", "both keys, TEK and TIK" },
	[BUILD_MEASUREMENT] = {
		"measurement", 0, "BASE64",
		"the measurement, base64 or hex; @FILE reads a file"
	},
	[BUILD_FIRMWARE] = {
		"firmware", 0, "FILE", "check the size of its secret area"
	},
	[BUILD_HEADER] = { "header", 0, "FILE", "write the header into FILE" },
	[BUILD_PAYLOAD] = {
		"payload", 0, "FILE", "write the encrypted secrets into FILE"
	},
	[BUILD_RAW] = { "raw", 0, NULL, "write bytes instead of base64" },
};

/**
 * struct packing - a packet that is being made
 * @cmd: the command
 * @table: the secret table
 * @keys: TEK and TIK, CCG_SEV_KEY_LEN bytes each
 * @measurement: MAC and nonce
 * @area: size of the firmware's secret area in bytes, or 0
 * @table_len: length of the secret table in bytes, without padding
 * @items: description of the secrets, for JSON
 */
struct packing {
	struct cmd *cmd;
	struct ccg_build *table;
	uint8_t *keys;
	uint8_t measurement[CCG_SEV_DIGEST_LEN + CCG_SEV_NONCE_LEN];
	size_t area;
	size_t table_len;
	struct json_object *items;
};

static int check_args(struct cmd *cmd)
{
	static const int needed[] = {
		BUILD_MEASUREMENT, BUILD_HEADER, BUILD_PAYLOAD,
	};
	bool pair = cmd->opt[BUILD_TIK] && cmd->opt[BUILD_TEK];
	bool any = cmd->opt[BUILD_TIK] || cmd->opt[BUILD_TEK];
	char what[32];

	for (size_t i = 0; i < ARRAY_SIZE(needed); i++) {
		if (cmd->opt[needed[i]])
			continue;
		snprintf(what, sizeof(what), "--%s", build_opts[needed[i]].name);
		return usage_error(cmd, what, "is missing");
	}
	if (cmd->opt[BUILD_TK] ? any : !pair)
		return usage_error(cmd, "--tik",
				   "give --tik and --tek, or --tk");
	for (int i = 0; i < cmd->argc; i++) {
		const char *colon = strchr(cmd->argv[i], ':');

		if (!colon || !colon[1])
			return usage_error(cmd, cmd->argv[i],
					   "is not of the form GUID:FILE");
	}
	return 0;
}

static int read_measurement(struct packing *p)
{
	const char *text = p->cmd->opt[BUILD_MEASUREMENT];

	if (*text == '@')
		return sev_load_bytes(p->cmd, text + 1, p->measurement,
				      sizeof(p->measurement));
	if (sev_bytes(text, p->measurement, sizeof(p->measurement)))
		return 0;
	return usage_error(p->cmd, text,
			   "a measurement has 48 bytes, in base64 or hex");
}

/* Reads keys of @len bytes, of a file that was not used before. */
static int read_key(struct packing *p, int opt, uint8_t *to, size_t len)
{
	const char *path = p->cmd->opt[opt];
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

static int read_keys(struct packing *p)
{
	int status;

	p->keys = ccg_secret_alloc(p->cmd->ctx, 2 * CCG_SEV_KEY_LEN);
	if (!p->keys)
		out_no_memory();
	status = read_key(p, BUILD_TK, p->keys, 2 * CCG_SEV_KEY_LEN);
	if (!status)
		status = read_key(p, BUILD_TEK, p->keys, CCG_SEV_KEY_LEN);
	if (!status)
		status = read_key(p, BUILD_TIK, p->keys + CCG_SEV_KEY_LEN,
				  CCG_SEV_KEY_LEN);
	return status;
}

static int read_firmware(struct packing *p)
{
	const struct ccg_launch_opts opts = {
		.kind = CCG_LAUNCH_SEV,
		.firmware = p->cmd->opt[BUILD_FIRMWARE],
	};
	struct ccg_launch *l;

	if (!opts.firmware)
		return 0;
	if (ccg_launch_open(p->cmd->ctx, &opts, &l))
		return fail(p->cmd);
	p->area = ccg_launch_info(l)->secret_base ?
		  ccg_launch_info(l)->secret_size : 0;
	ccg_launch_close(l);
	if (p->area)
		return 0;
	out_error(opts.firmware, "the firmware has no secret area",
		  "Debian's package ovmf-amdsev has a firmware with this area");
	return CCG_FAILED;
}

static int add_secret(struct packing *p, char *arg)
{
	const struct ccg_known *known;
	char *file = strchr(arg, ':'), text[CCG_GUID_TEXT];
	struct json_object *item;
	struct ccg_guid guid;
	uint8_t *buf;
	size_t len;
	int rc;

	*file++ = '\0';
	if (ccg_guid_from_name(p->cmd->ctx, arg, &guid) ||
	    ccg_secret_load(p->cmd->ctx, file, CCG_SEV_PACKET_MAX, &buf, &len))
		return fail(p->cmd);
	rc = ccg_build_add(p->table, &guid, buf, len, 0);
	ccg_secret_free(buf);
	if (rc)
		return fail(p->cmd);
	known = ccg_known_by_guid(&guid);
	ccg_guid_format(&guid, text);
	item = out_json_item(p->items);
	out_json_str(item, "guid", text);
	out_json_str(item, "name", known ? known->name : NULL);
	out_json_int(item, "size", len);
	return 0;
}

static int save(struct packing *p, const uint8_t *header,
		const uint8_t *payload, size_t len)
{
	struct cmd *cmd = p->cmd;
	bool tk = cmd->opt[BUILD_TK];
	const struct ccg_sev_use use = {
		.keys = { cmd->opt[tk ? BUILD_TK : BUILD_TIK],
			  tk ? NULL : cmd->opt[BUILD_TEK] },
		.purpose = "ccguest sev secret build",
		.measure = p->measurement,
	};
	struct ccg_new_file files[] = {
		{ cmd->opt[BUILD_HEADER], header, CCG_SEV_HEADER_LEN },
		{ cmd->opt[BUILD_PAYLOAD], payload, len },
	};
	char *texts[ARRAY_SIZE(files)] = {};
	int rc;

	for (size_t i = 0; !cmd->opt[BUILD_RAW] && i < ARRAY_SIZE(files); i++) {
		texts[i] = out_alloc(NULL, CCG_BASE64_TEXT(files[i].len));
		ccg_base64(files[i].buf, files[i].len, texts[i]);
		files[i].buf = (uint8_t *)texts[i];
		files[i].len = strlen(texts[i]);
	}
	rc = ccg_sev_packet_save(cmd->ctx, &use, &files[0], &files[1]);
	free(texts[0]);
	free(texts[1]);
	return rc ? fail(cmd) : 0;
}

static void report(struct packing *p, size_t len)
{
	struct cmd *cmd = p->cmd;
	struct json_object *o;

	if (!cmd->json) {
		out_result("%s: header, %d bytes", cmd->opt[BUILD_HEADER],
			   CCG_SEV_HEADER_LEN);
		out_result("%s: %d secret%s, %zu bytes encrypted",
			   cmd->opt[BUILD_PAYLOAD], cmd->argc,
			   cmd->argc == 1 ? "" : "s", len);
		return;
	}
	o = out_json(cmd);
	out_json_str(o, "header", cmd->opt[BUILD_HEADER]);
	out_json_str(o, "payload", cmd->opt[BUILD_PAYLOAD]);
	out_json_int(o, "table_length", p->table_len);
	out_json_int(o, "payload_length", len);
	if (p->area)
		out_json_int(o, "area_size", p->area);
	else
		out_json_str(o, "area_size", NULL);
	out_json_add(o, "secrets", json_object_get(p->items));
	out_json_print(cmd, o);
}

static int make_packet(struct packing *p)
{
	struct ccg_sev_secrets s = {
		.tek = p->keys,
		.tik = p->keys + CCG_SEV_KEY_LEN,
		.measure = p->measurement,
		.area = p->area,
	};
	uint8_t header[CCG_SEV_HEADER_LEN], *payload;
	int status;

	if (ccg_build_finish(p->table, 0, &s.table, &s.len, &p->table_len))
		return fail(p->cmd);
	payload = out_alloc(NULL, s.len);
	if (ccg_sev_packet_make(p->cmd->ctx, &s, header, payload))
		status = fail(p->cmd);
	else
		status = save(p, header, payload, s.len);
	free(payload);
	if (!status)
		report(p, s.len);
	return status;
}

static int run_build(struct cmd *cmd)
{
	struct packing p = { .cmd = cmd };
	int i, status = check_args(cmd);

	if (status)
		return status;
	if (ccg_no_core_dumps(cmd->ctx) || ccg_build_new(cmd->ctx, &p.table))
		return fail(cmd);
	p.items = out_json_have(json_object_new_array());
	status = read_measurement(&p);
	if (!status)
		status = read_keys(&p);
	if (!status)
		status = read_firmware(&p);
	for (i = 0; !status && i < cmd->argc; i++)
		status = add_secret(&p, cmd->argv[i]);
	if (!status)
		status = make_packet(&p);
	json_object_put(p.items);
	ccg_secret_free(p.keys);
	ccg_build_free(p.table);
	return status;
}

const struct verb sev_secret_build = {
	.name = "secret build",
	.args = "GUID:FILE...",
	.summary = "Makes a packet with secrets for a launch",
	.text =
"GUID may be a known name. The keys are those of the session. They are used once:\n"
"the files TIK.used and TEK.used mark them. First check the measurement with\n"
"ccguest sev validate.\n",
	.opts = build_opts,
	.n_opts = ARRAY_SIZE(build_opts),
	.min_args = 1,
	.max_args = -1,
	.run = run_build,
};
