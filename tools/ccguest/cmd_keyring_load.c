// SPDX-License-Identifier: GPL-2.0-only
/*
 * ccguest keyring load
 */
#include <ccguest/cert.h>

#include "cmd_keyring.h"

enum { LOAD_KEYRING, LOAD_DIR };

static const struct opt load_opts[] = {
	[LOAD_KEYRING] = KEYRING_OPT,
	[LOAD_DIR] = {
		"dir", 0, "DIR", "read the files of DIR instead"
	},
};

static void use_file(void *arg, const char *path, struct ccg_certs *certs)
{
	keyring_add_certs(arg, path, certs);
}

static int run_load(struct cmd *cmd)
{
	struct ccg_cert_dir *d = NULL;
	struct keyring_adding a;
	int status;

	if (ccg_cert_dir_open(cmd->ctx, cmd->opt[LOAD_DIR], &d))
		return fail(cmd);
	status = keyring_start_adding(&a, cmd, LOAD_KEYRING);
	if (status) {
		ccg_cert_dir_free(d);
		return status;
	}
	status = keyring_each_file(cmd, d, use_file, &a);
	if (!a.status)
		a.status = status;
	if (!d->n)
		out_note("%s: no file whose name ends in .der or .pem",
			 cmd->opt[LOAD_DIR] ? cmd->opt[LOAD_DIR] : CCG_CMA_DIR);
	ccg_cert_dir_free(d);
	return keyring_end_adding(&a);
}

const struct verb keyring_load = {
	.name = "load",
	.args = "",
	.summary = "Adds the certificates in " CCG_CMA_DIR,
	.text =
"All files of the directory whose names end in .der or .pem are read.\n",
	.opts = load_opts,
	.n_opts = ARRAY_SIZE(load_opts),
	.run = run_load,
};
