// SPDX-License-Identifier: GPL-2.0-only
/*
 * ccguest secret build
 */
#include <string.h>

#include <ccguest/file.h>
#include <ccguest/secret.h>
#include <ccguest/text.h>

#include "cmd_secret.h"
#include "out_json.h"
#include "secret_table.h"

enum {
	BUILD_OUTPUT, BUILD_SIZE, BUILD_FORCE, BUILD_DUPLICATES, BUILD_ZERO,
};

static const struct opt build_opts[] = {
	[BUILD_OUTPUT] = {
		"output", 'o', "FILE", "write into FILE, with mode 0600"
	},
	[BUILD_SIZE] = {
		"size", 0, "N", "fill up with zeros to N bytes"
	},
	[BUILD_FORCE] = {
		"force", 0, NULL, "write the table to a terminal too"
	},
	[BUILD_DUPLICATES] = {
		"allow-duplicates", 0, NULL, "allow a GUID more than once"
	},
	[BUILD_ZERO] = {
		"allow-zero-guid", 0, NULL,
		"allow the zero GUID, for tests"
	},
};

static int parse_size(struct cmd *cmd, size_t *sizep)
{
	const char *text = cmd->opt[BUILD_SIZE], *p = text;
	uint64_t n;

	*sizep = 0;
	if (!text)
		return 0;
	if (!take_number(&p, '\0', 0, &n) || !n || n > SIZE_MAX)
		return usage_error(cmd, text, "--size is a number of bytes");
	*sizep = n;
	return 0;
}

static int build_one(struct cmd *cmd, struct ccg_build *b, char *arg,
		     struct ccg_guid *guid, size_t *lenp)
{
	unsigned int flags = 0;
	char *file = strchr(arg, ':');
	uint8_t *buf;
	int rc;

	*file++ = '\0';
	if (cmd->opt[BUILD_DUPLICATES])
		flags |= CCG_BUILD_DUPLICATE;
	if (cmd->opt[BUILD_ZERO])
		flags |= CCG_BUILD_ZERO;
	if (ccg_guid_from_name(cmd->ctx, arg, guid) ||
	    ccg_secret_load(cmd->ctx, file, SECRET_AREA_MAX, &buf, lenp))
		return fail(cmd);
	rc = ccg_build_add(b, guid, buf, *lenp, flags);
	ccg_secret_free(buf);
	return rc ? fail(cmd) : 0;
}

static void build_json_item(struct json_object *array,
			    const struct ccg_guid *guid, size_t len)
{
	const struct ccg_known *known = ccg_known_by_guid(guid);
	struct json_object *item = out_json_item(array);
	char text[CCG_GUID_TEXT];

	ccg_guid_format(guid, text);
	out_json_str(item, "guid", text);
	out_json_str(item, "name", known ? known->name : NULL);
	out_json_int(item, "size", len);
}

static int build_write(struct cmd *cmd, struct ccg_build *b, size_t size,
		       struct json_object *array)
{
	const char *path = cmd->opt[BUILD_OUTPUT];
	size_t len, table_len;
	const uint8_t *buf;
	struct json_object *o;

	if (ccg_build_finish(b, size, &buf, &len, &table_len))
		return fail(cmd);
	if (!path)
		return out_bytes(buf, len);
	if (ccg_file_save(cmd->ctx, path, buf, len))
		return fail(cmd);
	if (cmd->json) {
		o = out_json(cmd);
		out_json_str(o, "output", path);
		out_json_int(o, "table_length", table_len);
		out_json_int(o, "written", len);
		out_json_add(o, "secrets", json_object_get(array));
		out_json_print(cmd, o);
	} else {
		out_result("%s: %d secret%s, table of %zu bytes, %zu bytes written",
			   path, cmd->argc, cmd->argc == 1 ? "" : "s",
			   table_len, len);
	}
	return 0;
}

static int check_build_args(struct cmd *cmd)
{
	const char *path = cmd->opt[BUILD_OUTPUT], *file;
	bool have_stdin = false;
	int i;

	for (i = 0; i < cmd->argc; i++) {
		file = strchr(cmd->argv[i], ':');
		if (!file || !file[1])
			return usage_error(cmd, cmd->argv[i],
					   "is not of the form GUID:FILE");
		if (strcmp(file + 1, "-"))
			continue;
		if (have_stdin)
			return usage_error(cmd, cmd->argv[i],
					   "standard input can be read only once");
		have_stdin = true;
	}
	return secret_check_output(cmd, path, cmd->opt[BUILD_FORCE],
				   "use --output FILE, a pipe, or --force");
}

static int run_build(struct cmd *cmd)
{
	struct json_object *array;
	struct ccg_build *b;
	struct ccg_guid guid = {};
	size_t size, len = 0;
	int i, status;

	status = check_build_args(cmd);
	if (!status)
		status = parse_size(cmd, &size);
	if (status)
		return status;
	if (ccg_no_core_dumps(cmd->ctx) || ccg_build_new(cmd->ctx, &b))
		return fail(cmd);

	array = out_json_have(json_object_new_array());
	for (i = 0; !status && i < cmd->argc; i++) {
		status = build_one(cmd, b, cmd->argv[i], &guid, &len);
		if (!status)
			build_json_item(array, &guid, len);
	}
	if (!status)
		status = build_write(cmd, b, size, array);
	json_object_put(array);
	ccg_build_free(b);
	return status;
}

const struct verb secret_build = {
	.name = "build",
	.args = "GUID:FILE...",
	.summary = "Makes a secret table from files",
	.text =
"FILE is - for standard input. The table is filled up with zeros to a multiple\n"
"of 16 bytes, because a launch-secret packet requires this.\n",
	.opts = build_opts,
	.n_opts = ARRAY_SIZE(build_opts),
	.min_args = 1,
	.max_args = -1,
	.run = run_build,
};
