// SPDX-License-Identifier: GPL-2.0-only
/*
 * ccguest sev verify
 */
#include <ccguest/platform.h>
#include <ccguest/sev.h>

#include "cmd_sev.h"

enum { VERIFY_SEV, VERIFY_OCA, VERIFY_CEK, VERIFY_CA };

static const struct opt verify_opts[] = {
	[VERIFY_SEV] = {
		"sev", 0, "FILE", "PDH, PEK, OCA, CEK, and perhaps ASK and ARK"
	},
	[VERIFY_OCA] = { "oca", 0, "FILE", "use this OCA instead" },
	[VERIFY_CEK] = { "cek", 0, "FILE", "use this CEK instead" },
	[VERIFY_CA] = {
		"ca", 0, "FILE", "use this ASK and ARK instead of the known ones"
	},
};

static void json_cert(struct json_object *array, const struct ccg_sev_cert *cert)
{
	struct json_object *item = out_json_item(array);

	out_json_str(item, "usage", cert->usage);
	out_json_str(item, "algorithm", cert->present ? cert->algorithm : NULL);
	out_json_str(item, "digest", cert->present ? cert->digest : NULL);
}

static void json_link(struct json_object *array, const struct ccg_sev_verdict *v,
		      const struct ccg_sev_link *l)
{
	struct json_object *item = out_json_item(array);

	out_json_str(item, "signer", v->certs[l->signer].usage);
	out_json_str(item, "signed", v->certs[l->target].usage);
	out_json_bool(item, "valid", l->valid);
	out_json_str(item, "why", l->valid ? NULL : l->why);
}

static void verify_json(struct cmd *cmd, const struct ccg_sev_verdict *v)
{
	struct json_object *o = out_json(cmd), *array;
	size_t i;

	out_json_bool(o, "valid", v->valid);
	out_json_str(o, "generation", v->generation);
	out_json_bool(o, "pinned", v->pinned);
	out_json_str(o, "ca", v->built_in ? "built-in" : "file");
	array = out_json_array(o, "certificates");
	for (i = 0; i < CCG_SEV_N_ROLES; i++)
		json_cert(array, &v->certs[i]);
	array = out_json_array(o, "signatures");
	for (i = 0; i < CCG_SEV_N_LINKS; i++)
		json_link(array, v, &v->links[i]);
	out_json_print(cmd, o);
}

static int verify_chain(struct cmd *cmd, struct ccg_sev_chain *chain)
{
	struct ccg_sev_verdict v;

	if (ccg_sev_chain_verify(chain, &v))
		return fail(cmd);
	if (cmd->json)
		verify_json(cmd, &v);
	else if (!out_quiet())
		sev_picture(&v);
	if (v.generation)
		out_note("%s: generation %s", cmd->opt[VERIFY_SEV] ?
			 cmd->opt[VERIFY_SEV] : "/dev/sev", v.generation);
	return ccg_sev_verdict_fail(chain, &v) ? fail(cmd) : 0;
}

/* Without a file, the chain is the one of this machine. */
static int load_chain(struct cmd *cmd, const struct ccg_sev_files *files,
		      struct ccg_sev_chain **cp)
{
	struct ccg_platform *p;
	int rc;

	if (files->sev)
		return ccg_sev_chain_load(cmd->ctx, files, cp);
	rc = ccg_platform_open(cmd->ctx, &p);
	if (rc)
		return rc;
	rc = ccg_platform_export(p, files, cp);
	ccg_platform_close(p);
	return rc;
}

static int run_verify(struct cmd *cmd)
{
	const struct ccg_sev_files files = {
		.sev = cmd->opt[VERIFY_SEV],
		.oca = cmd->opt[VERIFY_OCA],
		.cek = cmd->opt[VERIFY_CEK],
		.ca = cmd->opt[VERIFY_CA],
	};
	struct ccg_sev_chain *chain;
	int status;

	if (load_chain(cmd, &files, &chain))
		return fail(cmd);
	status = verify_chain(cmd, chain);
	ccg_sev_chain_free(chain);
	return status;
}

const struct verb sev_verify = {
	.name = "verify",
	.args = "",
	.summary = "Verifies the certificate chain of a platform",
	.text =
"Without --sev, the chain is the one of this host. Files may be base64 or\n"
"hexadecimal. Without --ca, and if the file has no ASK and ARK, the certificates\n"
"that ccguest knows are used: Naples, Rome, Milan, Genoa, Turin.\n",
	.opts = verify_opts,
	.n_opts = ARRAY_SIZE(verify_opts),
	.run = run_verify,
};
