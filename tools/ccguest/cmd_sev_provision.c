// SPDX-License-Identifier: GPL-2.0-only
/*
 * ccguest sev generate, provision, reset, rotate: the owner of a platform
 */
#include <ccguest/file.h>
#include <ccguest/platform.h>

#include "cmd_sev.h"

enum { CHANGE_YES };

static const struct opt change_opts[] = {
	[CHANGE_YES] = { "yes", 0, NULL, "confirm that this may be destroyed" },
};

/* Changes of the platform cannot be undone. */
static int confirmed(struct cmd *cmd, const char *what)
{
	if (cmd->opt[CHANGE_YES])
		return 0;
	out_error("/dev/sev", what, "nothing was changed; --yes confirms the change");
	return CCG_USAGE;
}

static void done(struct cmd *cmd, const char *what)
{
	struct json_object *o;

	if (!cmd->json) {
		out_result("/dev/sev: %s", what);
		return;
	}
	o = out_json(cmd);
	out_json_bool(o, "changed", true);
	out_json_print(cmd, o);
}

static int run_generate(struct cmd *cmd)
{
	struct json_object *o;

	if (ccg_no_core_dumps(cmd->ctx) ||
	    ccg_oca_generate(cmd->ctx, cmd->argv[0], cmd->argv[1]))
		return fail(cmd);
	if (!cmd->json) {
		out_result("%s: certificate of an owner (OCA)", cmd->argv[0]);
		out_result("%s: its private key, secret", cmd->argv[1]);
		return 0;
	}
	o = out_json(cmd);
	out_json_str(o, "certificate", cmd->argv[0]);
	out_json_str(o, "key", cmd->argv[1]);
	out_json_print(cmd, o);
	return 0;
}

static int run_provision(struct cmd *cmd)
{
	struct ccg_platform *p;
	int status;

	if (ccg_no_core_dumps(cmd->ctx) || ccg_platform_open(cmd->ctx, &p))
		return fail(cmd);
	status = confirmed(cmd,
			   "provision gives the platform another owner: certificate chains and sessions that exist are of no use afterwards");
	if (!status && ccg_platform_provision(p, cmd->argv[0], cmd->argv[1]))
		status = fail(cmd);
	if (!status)
		done(cmd, "the platform has the owner of this certificate; export the chain again");
	ccg_platform_close(p);
	return status;
}

static int change(struct cmd *cmd, int (*fn)(struct ccg_platform *p),
		  const char *question, const char *result)
{
	struct ccg_platform *p;
	int status;

	if (ccg_platform_open(cmd->ctx, &p))
		return fail(cmd);
	status = confirmed(cmd, question);
	if (!status && fn(p))
		status = fail(cmd);
	if (!status)
		done(cmd, result);
	ccg_platform_close(p);
	return status;
}

static int run_reset(struct cmd *cmd)
{
	return change(cmd, ccg_platform_reset,
		      "reset deletes the owner and the keys PEK and PDH of the platform: certificate chains and sessions that exist are of no use afterwards",
		      "the platform has new keys, and no owner; export the chain again");
}

static int run_rotate(struct cmd *cmd)
{
	return change(cmd, ccg_platform_rotate,
		      "rotate replaces the key PDH: certificate chains and sessions that exist are of no use afterwards",
		      "the platform has a new PDH; export the chain again");
}

const struct verb sev_generate = {
	.name = "generate",
	.args = "CERT KEY",
	.summary = "Makes key and certificate of a platform's owner",
	.text =
"The certificate (OCA) is self-signed. KEY has mode 0600. No file is replaced.\n",
	.min_args = 2,
	.max_args = 2,
	.run = run_generate,
};

const struct verb sev_provision = {
	.name = "provision",
	.args = "CERT KEY",
	.summary = "Makes the holder of a key the owner of this host's platform",
	.text =
"CERT and KEY come from sev generate. Without --yes, nothing is changed.\n",
	.opts = change_opts,
	.n_opts = ARRAY_SIZE(change_opts),
	.min_args = 2,
	.max_args = 2,
	.run = run_provision,
};

const struct verb sev_reset = {
	.name = "reset",
	.args = "",
	.summary = "Resets this host's platform: new keys, no owner",
	.text = "Without --yes, nothing is changed.\n",
	.opts = change_opts,
	.n_opts = ARRAY_SIZE(change_opts),
	.run = run_reset,
};

const struct verb sev_rotate = {
	.name = "rotate",
	.args = "",
	.summary = "Replaces the PDH of this host's platform",
	.text = "Without --yes, nothing is changed.\n",
	.opts = change_opts,
	.n_opts = ARRAY_SIZE(change_opts),
	.run = run_rotate,
};
