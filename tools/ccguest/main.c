// SPDX-License-Identifier: GPL-2.0-only
/*
 * ccguest: the list of all groups and verbs, and main().
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include <ccguest/ctx.h>
#include <ccguest/file.h>

#include "cmd_device.h"
#include "cmd_help.h"
#include "cmd_keyring.h"
#include "cmd_log.h"
#include "cmd_report.h"
#include "cmd_secret.h"
#include "cmd_sev.h"
#include "cmd_status.h"
#include "out_text.h"

static const struct verb *const status_verbs[] = {
	&status_verb,
};

static const struct group status_group = {
	.name = "status",
	.summary = "Shows the state of this machine, and the next steps",
	.verbs = status_verbs,
	.n_verbs = ARRAY_SIZE(status_verbs),
};

static const struct verb *const secret_verbs[] = {
	&secret_list,
	&secret_show,
	&secret_read,
	&secret_wipe,
	&secret_build,
};

static const struct group secret_group = {
	.name = "secret",
	.summary = "Secrets of the guest's owner",
	.verbs = secret_verbs,
	.n_verbs = ARRAY_SIZE(secret_verbs),
	.more_help = secret_help,
};

static const struct verb *const device_verbs[] = {
	&device_list,
	&device_show,
	&device_authenticate,
	&device_certificates,
	&device_measurements,
	&device_evidence_verb,
	&device_verify,
	&device_watch,
};

static const struct group device_group = {
	.name = "device",
	.summary = "PCI devices and their authentication",
	.verbs = device_verbs,
	.n_verbs = ARRAY_SIZE(device_verbs),
};

static const struct verb *const keyring_verbs[] = {
	&keyring_list,
	&keyring_add,
	&keyring_remove,
	&keyring_load,
};

static const struct group keyring_group = {
	.name = "keyring",
	.summary = "Certificates that PCI devices are authenticated against",
	.verbs = keyring_verbs,
	.n_verbs = ARRAY_SIZE(keyring_verbs),
};

static const struct verb *const log_verbs[] = {
	&log_list,
	&log_show,
	&log_replay,
	&log_verify,
	&log_rim,
	&log_make,
	&log_export,
	&log_token,
	&log_endorse,
};

static const struct group log_group = {
	.name = "log",
	.summary = "Measurement logs of the guest",
	.verbs = log_verbs,
	.n_verbs = ARRAY_SIZE(log_verbs),
};

static const struct verb *const report_verbs[] = {
	&report_get,
	&report_show,
	&report_verify,
};

static const struct group report_group = {
	.name = "report",
	.summary = "Attestation reports of guests: SEV-SNP, TDX, Arm CCA",
	.verbs = report_verbs,
	.n_verbs = ARRAY_SIZE(report_verbs),
};

static const struct verb *const sev_verbs[] = {
	&sev_verify,
	&sev_session,
	&sev_secret_build,
	&sev_report_verify,
	&sev_idblock_build,
	&sev_idblock_show,
	&sev_idblock_verify,
	&sev_vmsa_build,
	&sev_vmsa_show,
	&sev_vmsa_update,
	&sev_measure,
	&sev_validate,
	&sev_ok,
	&sev_show,
	&sev_export,
	&sev_generate,
	&sev_provision,
	&sev_reset,
	&sev_rotate,
	&sev_args,
	&sev_launch,
	&sev_domain,
};

static const struct group sev_group = {
	.name = "sev",
	.summary = "The owner's side of SEV: certificates, sessions, secrets",
	.verbs = sev_verbs,
	.n_verbs = ARRAY_SIZE(sev_verbs),
};

static const struct verb *const help_verbs[] = {
	&help_verb,
};

static const struct group help_group = {
	.name = "help",
	.summary = "Describes all commands, a command, or a verb",
	.verbs = help_verbs,
	.n_verbs = ARRAY_SIZE(help_verbs),
};

static const struct group *const groups[] = {
	&status_group,
	&secret_group,
	&device_group,
	&keyring_group,
	&log_group,
	&report_group,
	&sev_group,
	&help_group,
	NULL,
};

/* Unlocked memory is not a failure; prints one note at the end. */
static void note_unlocked(const struct cmd *cmd)
{
	int rc = ccg_lock_error(cmd->ctx);

	if (rc)
		out_note("secrets may be swapped out (%s): raise RLIMIT_MEMLOCK or run as root",
			 strerror(-rc));
}

static int run_verb(struct cli *cli)
{
	struct cmd *cmd = &cli->cmd;
	int status;

	if (ccg_ctx_new(&cmd->ctx)) {
		out_error("memory", strerror(ENOMEM), NULL);
		return CCG_FAILED;
	}
	ccg_ctx_set_progress(cmd->ctx, out_progress, NULL);
	if (cli->root && ccg_ctx_set_root(cmd->ctx, cli->root))
		return fail(cmd);
	status = cmd->verb->run(cmd);
	note_unlocked(cmd);
	return status;
}

static int run(struct cli *cli)
{
	struct cmd *cmd = &cli->cmd;

	if (cli->version) {
		printf("ccguest %s\n", ccg_version());
		return 0;
	}
	if (cli->help) {
		help_print(groups, cmd->group, cmd->verb);
		return 0;
	}
	if (!cmd->group) {
		help_usage(groups);
		return CCG_USAGE;
	}
	return run_verb(cli);
}

int main(int argc, char **argv)
{
	struct cli cli;
	int status;

	out_init();
	status = cli_parse(&cli, groups, argc, argv);
	if (!status) {
		out_set(cli.color, cli.quiet);
		status = run(&cli);
	}
	ccg_ctx_free(cli.cmd.ctx);
	cli_free(&cli);
	return out_close(status);
}
