// SPDX-License-Identifier: GPL-2.0-only
/*
 * ccguest sev export
 */
#include <stdio.h>

#include <ccguest/platform.h>

#include "cmd_sev.h"

enum { EXPORT_FULL, EXPORT_CEK, EXPORT_CA };

static const struct opt export_opts[] = {
	[EXPORT_FULL] = { "full", 'f', NULL, "write ASK and ARK too" },
	[EXPORT_CEK] = {
		"cek", 0, "FILE", "certificate of the CEK from AMD's key server"
	},
	[EXPORT_CA] = {
		"ca", 0, "FILE", "use this ASK and ARK instead of the known ones"
	},
};

/* The firmware has no signature of AMD: tells where the certificate is. */
static int need_cek(struct cmd *cmd, struct ccg_platform *p)
{
	const char *file = cmd->opt[EXPORT_CEK];
	char url[CCG_KDS_URL], hint[CCG_KDS_URL + 64];
	struct ccg_platform_id id;

	if (ccg_platform_identify(p, &id))
		return fail(cmd);
	ccg_kds_cek_url(&id, url);
	snprintf(hint, sizeof(hint), "curl -o cek.cert %s, then --cek cek.cert",
		 url);
	out_error(file ? file : "/dev/sev", file ?
		  "has no signature of AMD: the certificate on AMD's key server has one" :
		  "the firmware's CEK has no signature of AMD: its certificate is on AMD's key server",
		  hint);
	return CCG_FAILED;
}

static int bad_link(struct cmd *cmd, const struct ccg_sev_verdict *v,
		    const struct ccg_sev_link *l)
{
	char why[192];

	if (cmd->opt[EXPORT_CEK] && l->signer == CCG_SEV_CEK) {
		snprintf(why, sizeof(why), "is not the CEK of this processor: %s",
			 l->why);
		out_error(cmd->opt[EXPORT_CEK], why,
			  "ccguest sev show cek-url prints where it is");
		return CCG_UNVERIFIED;
	}
	snprintf(why, sizeof(why),
		 "the certificate chain is not valid: %s signed by %s: %s",
		 v->certs[l->target].usage, v->certs[l->signer].usage, l->why);
	out_error("/dev/sev", why, NULL);
	return CCG_UNVERIFIED;
}

/* A chain that no owner of a guest can verify is not exported. */
static int check(struct cmd *cmd, struct ccg_platform *p,
		 const struct ccg_sev_verdict *v)
{
	const struct ccg_sev_link *l;

	if (v->cek_unsigned)
		return need_cek(cmd, p);
	for (l = v->links; l < v->links + CCG_SEV_N_LINKS; l++)
		if (!l->valid && v->certs[l->signer].present)
			return bad_link(cmd, v, l);
	if (v->certs[CCG_SEV_ASK].present) {
		if (!v->pinned)
			out_note("ASK and ARK are not AMD's");
		return 0;
	}
	if (!cmd->opt[EXPORT_FULL]) {
		out_note("no ASK of AMD that is known here signed the CEK");
		return 0;
	}
	out_error("--full", "no ASK of AMD that is known here signed the CEK",
		  "--ca FILE names a file with ASK and ARK");
	return CCG_FAILED;
}

static void report(struct cmd *cmd, const struct ccg_sev_verdict *v)
{
	bool full = cmd->opt[EXPORT_FULL];
	struct json_object *o;

	if (!cmd->json) {
		out_result("%s: PDH, PEK, OCA, CEK%s", cmd->argv[0],
			   full ? ", ASK, ARK" : "");
		if (v->generation)
			out_note("generation %s", v->generation);
		return;
	}
	o = out_json(cmd);
	out_json_str(o, "output", cmd->argv[0]);
	out_json_bool(o, "full", full);
	out_json_str(o, "generation", v->generation);
	out_json_print(cmd, o);
}

static int export_chain(struct cmd *cmd, struct ccg_platform *p,
			struct ccg_sev_chain *chain)
{
	struct ccg_sev_verdict v;
	int status;

	if (ccg_sev_chain_verify(chain, &v))
		return fail(cmd);
	status = check(cmd, p, &v);
	if (status)
		return status;
	if (ccg_sev_chain_save(chain, cmd->argv[0], cmd->opt[EXPORT_FULL]))
		return fail(cmd);
	report(cmd, &v);
	return 0;
}

static int run_export(struct cmd *cmd)
{
	const struct ccg_sev_files files = {
		.cek = cmd->opt[EXPORT_CEK],
		.ca = cmd->opt[EXPORT_CA],
	};
	struct ccg_sev_chain *chain;
	struct ccg_platform *p;
	int status;

	if (ccg_platform_open(cmd->ctx, &p))
		return fail(cmd);
	if (ccg_platform_export(p, &files, &chain)) {
		status = fail(cmd);
	} else {
		status = export_chain(cmd, p, chain);
		ccg_sev_chain_free(chain);
	}
	ccg_platform_close(p);
	return status;
}

const struct verb sev_export = {
	.name = "export",
	.args = "FILE",
	.summary = "Writes the certificate chain of this host",
	.text =
"FILE has PDH, PEK, OCA and CEK; with --full also AMD's ASK and ARK. ccguest does\n"
"not use the network: without --cek, the command prints the URL of the CEK's\n"
"certificate. The signatures are verified before FILE is written.\n",
	.opts = export_opts,
	.n_opts = ARRAY_SIZE(export_opts),
	.min_args = 1,
	.max_args = 1,
	.run = run_export,
};
