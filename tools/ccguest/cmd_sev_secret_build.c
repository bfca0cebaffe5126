// SPDX-License-Identifier: GPL-2.0-only
/*
 * ccguest sev secret build
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <ccguest/file.h>
#include <ccguest/launch.h>
#include <ccguest/sev.h>
#include <ccguest/text.h>

#include "cmd_sev.h"
#include "cmd_sev_launch.h"
#include "cmd_sev_packet.h"

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

static int check_args(struct cmd *cmd)
{
	static const int needed[] = {
		BUILD_MEASUREMENT, BUILD_HEADER, BUILD_PAYLOAD,
	};
	int status = 0;
	char what[32];

	for (size_t i = 0; i < ARRAY_SIZE(needed); i++) {
		if (cmd->opt[needed[i]])
			continue;
		snprintf(what, sizeof(what), "--%s", build_opts[needed[i]].name);
		return usage_error(cmd, what, "is missing");
	}
	for (int i = 0; !status && i < cmd->argc; i++)
		status = sev_check_secret(cmd, cmd->argv[i]);
	return status;
}

static int read_measurement(struct sev_packing *p)
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

static int read_firmware(struct sev_packing *p)
{
	const struct ccg_launch_opts opts = {
		.kind = CCG_LAUNCH_SEV,
		.firmware = p->cmd->opt[BUILD_FIRMWARE],
	};
	struct ccg_launch *l;
	int status;

	if (!opts.firmware)
		return 0;
	if (ccg_launch_open(p->cmd->ctx, &opts, &l))
		return fail(p->cmd);
	status = sev_packing_fit(p, opts.firmware, ccg_launch_info(l));
	ccg_launch_close(l);
	return status;
}

static void report(const struct sev_packing *p)
{
	struct cmd *cmd = p->cmd;
	struct json_object *o;

	if (!cmd->json) {
		out_result("%s: header, %d bytes", cmd->opt[BUILD_HEADER],
			   CCG_SEV_HEADER_LEN);
		out_result("%s: %zu secret%s, %zu bytes encrypted",
			   cmd->opt[BUILD_PAYLOAD], p->n_secrets,
			   p->n_secrets == 1 ? "" : "s", p->len);
		return;
	}
	o = out_json(cmd);
	out_json_str(o, "header", cmd->opt[BUILD_HEADER]);
	out_json_str(o, "payload", cmd->opt[BUILD_PAYLOAD]);
	sev_packing_json(o, p);
	out_json_print(cmd, o);
}

static int run_build(struct cmd *cmd)
{
	const struct sev_key_opts keys = {
		cmd->opt[BUILD_TIK], cmd->opt[BUILD_TEK], cmd->opt[BUILD_TK],
	};
	struct sev_packing p;
	int i, status = check_args(cmd);

	if (status)
		return status;
	status = sev_packing_begin(&p, cmd, &keys);
	if (!status)
		status = read_measurement(&p);
	if (!status)
		status = read_firmware(&p);
	for (i = 0; !status && i < cmd->argc; i++)
		status = sev_packing_add(&p, cmd->argv[i]);
	if (!status)
		status = sev_packing_make(&p);
	if (!status)
		status = sev_packing_save(&p, "ccguest sev secret build",
					  cmd->opt[BUILD_HEADER],
					  cmd->opt[BUILD_PAYLOAD],
					  cmd->opt[BUILD_RAW]);
	if (!status)
		report(&p);
	sev_packing_end(&p);
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
