// SPDX-License-Identifier: GPL-2.0-only
/*
 * ccguest log export
 */
#include <stdlib.h>
#include <unistd.h>

#include <ccguest/file.h>
#include <ccguest/log.h>

#include "cmd_log.h"

/* The options of the encodings are in the order of enum ccg_cel. */
enum { EXPORT_JSON = N_READ, EXPORT_CBOR, EXPORT_TLV, EXPORT_OUTPUT };

static const struct opt export_opts[] = {
	READ_OPTS,
	[EXPORT_JSON] = { "cel-json", 0, NULL, "write CEL-JSON" },
	[EXPORT_CBOR] = { "cel-cbor", 0, NULL, "write CEL-CBOR" },
	[EXPORT_TLV] = { "cel-tlv", 0, NULL, "write CEL-TLV" },
	[EXPORT_OUTPUT] = { "output", 'o', "FILE", "write into FILE" },
};

static int export_args(struct cmd *cmd, enum ccg_cel *form)
{
	const char *path = cmd->opt[EXPORT_OUTPUT];
	size_t n = 0;

	for (size_t i = EXPORT_JSON; i <= EXPORT_TLV; i++)
		if (cmd->opt[i]) {
			*form = (enum ccg_cel)(i - EXPORT_JSON);
			n++;
		}
	if (n != 1)
		return usage_error(cmd, "export",
				   "needs one of --cel-json, --cel-cbor and --cel-tlv");
	if (path && !*path)
		return usage_error(cmd, "--output", "needs the name of a file");
	if (cmd->json && !path)
		return usage_error(cmd, "--json",
				   "is about the result: use --output FILE, or --cel-json");
	if (path || *form == CCG_CEL_JSON || !isatty(STDOUT_FILENO))
		return 0;
	return usage_error(cmd, "standard output",
			   "is a terminal, and the format is not text: use --output FILE, or a pipe");
}

static int write_export(struct cmd *cmd, const uint8_t *buf, size_t len,
			size_t n_left)
{
	const char *path = cmd->opt[EXPORT_OUTPUT];
	struct json_object *o;

	if (!path)
		return out_bytes(buf, len);
	if (ccg_file_save(cmd->ctx, path, buf, len))
		return fail(cmd);
	if (cmd->json) {
		o = out_json(cmd);
		out_json_str(o, "output", path);
		out_json_int(o, "written", len);
		out_json_int(o, "left_out", n_left);
		out_json_print(cmd, o);
	} else {
		out_result("%s: %zu bytes written", path, len);
	}
	return 0;
}

static int run_export(struct cmd *cmd)
{
	enum ccg_cel form = CCG_CEL_JSON;
	struct ccg_log *log;
	size_t len, n_left;
	uint8_t *buf;
	int status;

	status = export_args(cmd, &form);
	if (status)
		return status;
	status = log_open(cmd, &log);
	if (status)
		return status;
	if (ccg_log_export(log, form, &buf, &len, &n_left)) {
		status = fail(cmd);
	} else {
		status = write_export(cmd, buf, len, n_left);
		free(buf);
		if (!status && n_left)
			out_note("%s: %zu events that belong to no register are left out",
				 ccg_log_path(log), n_left);
	}
	log_note_quirks(log);
	ccg_log_close(log);
	return status;
}

const struct verb log_export = {
	.name = "export",
	.args = "[FILE|NUMBER]",
	.summary = "Converts a log to the Canonical Event Log Format",
	.text =
"The format is that of the TCG, version 1.0. The log is checked, but not compared\n"
"with registers: see log verify. Without --output, the result is written to\n"
"standard output.\n",
	.opts = export_opts,
	.n_opts = ARRAY_SIZE(export_opts),
	.max_args = 1,
	.takes_from = true,
	.run = run_export,
};
