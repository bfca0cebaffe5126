// SPDX-License-Identifier: GPL-2.0-only
/*
 * ccguest sev session
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <ccguest/file.h>
#include <ccguest/sev.h>

#include "cmd_sev.h"

enum {
	SESSION_NAME, SESSION_OCA, SESSION_CEK, SESSION_CA, SESSION_INSECURE,
};

static const struct opt session_opts[] = {
	[SESSION_NAME] = {
		"name", 'n', "NAME", "beginning of the files' names (default vm)"
	},
	[SESSION_OCA] = { "oca", 0, "FILE", "use this OCA instead" },
	[SESSION_CEK] = { "cek", 0, "FILE", "use this CEK instead" },
	[SESSION_CA] = {
		"ca", 0, "FILE", "use this ASK and ARK instead of the known ones"
	},
	[SESSION_INSECURE] = {
		"insecure", 0, NULL, "do not verify the certificate chain"
	},
};

/* Order of the paths of a session. */
enum { PATH_GODH, PATH_SESSION, PATH_TIK, PATH_TEK, N_PATHS };

static const char *const suffixes[N_PATHS] = {
	[PATH_GODH] = "godh.b64",
	[PATH_SESSION] = "session.b64",
	[PATH_TIK] = "tik.bin",
	[PATH_TEK] = "tek.bin",
};

/**
 * struct opening - a session that is being opened
 * @cmd: the command
 * @policy: policy of the guest
 * @paths: names of the files
 * @generation: generation of the platform; NULL if it was not verified
 * @old: the platform's firmware is older than the policy allows; or empty
 */
struct opening {
	struct cmd *cmd;
	uint32_t policy;
	char *paths[N_PATHS];
	const char *generation;
	char old[128];
};

static void name_files(struct opening *o)
{
	const char *name = o->cmd->opt[SESSION_NAME];
	size_t size;

	if (!name)
		name = "vm";
	for (int i = 0; i < N_PATHS; i++) {
		size = strlen(name) + strlen(suffixes[i]) + 2;
		o->paths[i] = out_alloc(NULL, size);
		snprintf(o->paths[i], size, "%s_%s", name, suffixes[i]);
	}
}

static int verify(struct opening *o, struct ccg_sev_chain *chain)
{
	struct cmd *cmd = o->cmd;
	struct ccg_sev_verdict v;

	if (cmd->opt[SESSION_INSECURE]) {
		out_note("%s: not verified: the platform may not be a processor of AMD",
			 cmd->argv[0]);
		return 0;
	}
	if (ccg_sev_chain_verify(chain, &v) || ccg_sev_verdict_fail(chain, &v))
		return fail(cmd);
	o->generation = v.generation;
	return 0;
}

/* The API of the PDH is that of the firmware which made it. */
static void check_api(struct opening *o, const struct ccg_sev_chain *chain)
{
	uint8_t major, minor;

	ccg_sev_chain_api(chain, &major, &minor);
	if (!ccg_sev_policy_allows(o->policy, major, minor))
		snprintf(o->old, sizeof(o->old),
			 "the firmware of the platform had API %u.%u when its PDH was made: unless it was updated, it refuses the launch",
			 major, minor);
}

static void session_json(const struct opening *o, const char *names)
{
	struct json_object *j = out_json(o->cmd), *array;
	const char *advice;

	out_json_hex(j, "policy", o->policy);
	out_json_str(j, "policy_names", names);
	out_json_bool(j, "verified", o->generation);
	out_json_str(j, "generation", o->generation);
	out_json_str(j, "godh", o->paths[PATH_GODH]);
	out_json_str(j, "session", o->paths[PATH_SESSION]);
	out_json_str(j, "tik", o->paths[PATH_TIK]);
	out_json_str(j, "tek", o->paths[PATH_TEK]);
	array = out_json_array(j, "advice");
	for (size_t i = 0; (advice = ccg_sev_policy_advice(o->policy, i)); i++)
		out_json_str(array, NULL, advice);
	if (*o->old)
		out_json_str(array, NULL, o->old);
	out_json_print(o->cmd, j);
}

static void report(const struct opening *o)
{
	char names[CCG_SEV_POLICY_TEXT];
	const char *advice;
	size_t i;

	ccg_sev_policy_text(o->policy, names);
	for (i = 0; (advice = ccg_sev_policy_advice(o->policy, i)); i++)
		out_note("policy %#x: %s", o->policy, advice);
	if (*o->old)
		out_note("policy %#x: %s", o->policy, o->old);
	if (o->cmd->json) {
		session_json(o, names);
		return;
	}
	out_result("policy %#x: %s", o->policy, *names ? names : "no flag");
	out_result("%s, %s: for the host", o->paths[PATH_GODH],
		   o->paths[PATH_SESSION]);
	out_result("%s, %s: secret", o->paths[PATH_TIK], o->paths[PATH_TEK]);
}

static int save(struct opening *o, struct ccg_sev_chain *chain)
{
	const struct ccg_sev_session_paths paths = {
		.godh = o->paths[PATH_GODH],
		.session = o->paths[PATH_SESSION],
		.tik = o->paths[PATH_TIK],
		.tek = o->paths[PATH_TEK],
	};
	struct ccg_sev_session *session;
	int rc;

	if (ccg_sev_session_new(chain, o->policy, &session))
		return fail(o->cmd);
	rc = ccg_sev_session_save(session, &paths);
	ccg_sev_session_free(session);
	return rc ? fail(o->cmd) : 0;
}

static int run_session(struct cmd *cmd)
{
	const struct ccg_sev_files files = {
		.sev = cmd->argv[0],
		.oca = cmd->opt[SESSION_OCA],
		.cek = cmd->opt[SESSION_CEK],
		.ca = cmd->opt[SESSION_CA],
		.lone_pdh = cmd->opt[SESSION_INSECURE],
	};
	struct opening o = { .cmd = cmd };
	struct ccg_sev_chain *chain;
	int status;

	if (ccg_sev_policy_parse(cmd->ctx, cmd->argv[1], &o.policy) ||
	    ccg_no_core_dumps(cmd->ctx) ||
	    ccg_sev_chain_load(cmd->ctx, &files, &chain))
		return fail(cmd);
	name_files(&o);
	check_api(&o, chain);
	status = verify(&o, chain);
	if (!status)
		status = save(&o, chain);
	if (!status)
		report(&o);
	for (int i = 0; i < N_PATHS; i++)
		free(o.paths[i]);
	ccg_sev_chain_free(chain);
	return status;
}

const struct verb sev_session = {
	.name = "session",
	.args = "CHAIN POLICY",
	.summary = "Opens a session with a platform, for one guest",
	.text =
"CHAIN is a file as for sev verify --sev; the chain is verified first. POLICY is\n"
"a number, or names with commas between them: NODBG, NOKS, ES, NOSEND, DOMAIN,\n"
"SEV, FW=MAJOR.MINOR.\n",
	.opts = session_opts,
	.n_opts = ARRAY_SIZE(session_opts),
	.min_args = 2,
	.max_args = 2,
	.run = run_session,
};
