// SPDX-License-Identifier: GPL-2.0-only
/*
 * ccguest keyring add
 */
#include <ccguest/cert.h>

#include "cmd_keyring.h"

enum { ADD_KEYRING };

static const struct opt add_opts[] = {
	[ADD_KEYRING] = KEYRING_OPT,
};

static int run_add(struct cmd *cmd)
{
	struct ccg_certs *certs = NULL;
	struct keyring_adding a;
	int i, status;

	status = keyring_start_adding(&a, cmd, ADD_KEYRING);
	if (status)
		return status;
	for (i = 0; i < cmd->argc; i++) {
		if (ccg_certs_load(cmd->ctx, cmd->argv[i], &certs))
			keyring_note_failure(&a);
		else
			keyring_add_certs(&a, cmd->argv[i], certs);
	}
	return keyring_end_adding(&a);
}

const struct verb keyring_add = {
	.name = "add",
	.args = "FILE...",
	.summary = "Adds certificates from files, in DER or PEM",
	.text =
"FILE is - for standard input. All certificates of a file are added. A device is\n"
"authenticated if its chain has one of them or is signed by one of them.\n",
	.opts = add_opts,
	.n_opts = ARRAY_SIZE(add_opts),
	.min_args = 1,
	.max_args = -1,
	.run = run_add,
};
