// SPDX-License-Identifier: GPL-2.0-only
/*
 * ccguest log make
 */
#include <stdlib.h>

#include <ccguest/cca.h>
#include <ccguest/file.h>

#include "cmd_log.h"

enum { MAKE_OUTPUT };

static const struct opt make_opts[] = {
	[MAKE_OUTPUT] = { "output", 'o', "FILE", "write into FILE" },
};

static int run_make(struct cmd *cmd)
{
	const char *path = cmd->opt[MAKE_OUTPUT];
	struct ccg_realm *realm;
	uint8_t *buf;
	size_t len;
	int rc, status = 0;

	if (!path || !*path)
		return usage_error(cmd, "make", "needs --output FILE");
	if (ccg_realm_load(cmd->ctx, cmd->argv[0], &realm))
		return fail(cmd);
	rc = ccg_realm_log(realm, &buf, &len);
	ccg_realm_free(realm);
	if (rc)
		return fail(cmd);
	if (ccg_file_save(cmd->ctx, path, buf, len))
		status = fail(cmd);
	else
		out_result("%s: %zu bytes written", path, len);
	free(buf);
	return status;
}

const struct verb log_make = {
	.name = "make",
	.args = "DESCRIPTION",
	.summary = "Writes the log of a guest, for tests and for VMMs",
	.text =
"DESCRIPTION is a file in JSON, see ccguest-log(1).\n",
	.opts = make_opts,
	.n_opts = ARRAY_SIZE(make_opts),
	.min_args = 1,
	.max_args = 1,
	.run = run_make,
};
