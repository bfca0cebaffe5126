// SPDX-License-Identifier: GPL-2.0-only
/*
 * ccguest log endorse
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <ccguest/cca.h>
#include <ccguest/endorse.h>
#include <ccguest/file.h>
#include <ccguest/text.h>

#include "cmd_log.h"

enum {
	ENDORSE_OUTPUT, ENDORSE_FORMAT, ENDORSE_REGISTERS, ENDORSE_LAUNCH, ENDORSE_RPV,
	ENDORSE_RIPAS, ENDORSE_PROFILE, ENDORSE_ID, ENDORSE_TAG_ID, ENDORSE_TAG_VERSION,
	ENDORSE_CREATOR, ENDORSE_REGID,
};

static const struct opt endorse_opts[] = {
	[ENDORSE_OUTPUT] = { "output", 'o', "FILE", "write into FILE" },
	[ENDORSE_FORMAT] = {
		"format", 0, "FORMAT",
		"corim (default), comid, corim-json or comid-json"
	},
	[ENDORSE_REGISTERS] = {
		"registers", 0, "FILE",
		"the JSON of log rim or log replay has registers"
	},
	[ENDORSE_LAUNCH] = {
		"launch", 0, "FILE", "the output of sev measure has the launch digest"
	},
	[ENDORSE_RPV] = {
		"rpv", 0, "HEX", "personalization value of the realm"
	},
	[ENDORSE_RIPAS] = {
		"ripas-blocks", 0, "SIZE",
		"largest memory block of the host: 4K, 2M, 1G or 512G"
	},
	[ENDORSE_PROFILE] = {
		"profile", 0, "URI", "profile of CoRIM for SEV-SNP"
	},
	[ENDORSE_ID] = { "id", 0, "ID", "identifier of the CoRIM" },
	[ENDORSE_TAG_ID] = { "tag-id", 0, "ID", "identifier of the CoMID" },
	[ENDORSE_TAG_VERSION] = {
		"tag-version", 0, "NUMBER", "version of the CoMID, default 0"
	},
	[ENDORSE_CREATOR] = {
		"creator", 0, "NAME", "the organization that answers for the values"
	},
	[ENDORSE_REGID] = { "regid", 0, "URI", "identifier of the organization" },
};

static const char *const forms[] = {
	[CCG_ENDORSE_CORIM] = "corim",
	[CCG_ENDORSE_COMID] = "comid",
	[CCG_ENDORSE_CORIM_JSON] = "corim-json",
	[CCG_ENDORSE_COMID_JSON] = "comid-json",
};

/**
 * struct endorsing - the work of this verb
 * @e: the reference values
 * @m: the measurements
 * @rpv: the personalization value
 * @form: the form
 */
struct endorsing {
	struct ccg_endorse e;
	struct ccg_measured m;
	uint8_t rpv[CCG_ENDORSE_RPV_LEN];
	enum ccg_endorse_form form;
};

static int take_format(struct cmd *cmd, struct endorsing *w)
{
	const char *name = cmd->opt[ENDORSE_FORMAT];

	for (size_t i = 0; name && i < ARRAY_SIZE(forms); i++)
		if (!strcmp(name, forms[i])) {
			w->form = i;
			return 0;
		}
	return name ? usage_error(cmd, name,
				  "expected corim, comid, corim-json or comid-json") : 0;
}

static int take_rpv(struct cmd *cmd, struct endorsing *w)
{
	const char *hex = cmd->opt[ENDORSE_RPV];
	size_t len;

	if (!hex)
		return 0;
	if (ccg_unhex(hex, w->rpv, sizeof(w->rpv), &len) || len != sizeof(w->rpv))
		return usage_error(cmd, hex,
				   "a personalization value has 64 bytes, in hexadecimal");
	w->e.rpv = w->rpv;
	return 0;
}

static int take_profile(struct cmd *cmd, struct endorsing *w)
{
	const char *uri = cmd->opt[ENDORSE_PROFILE];

	w->e.profile = cmd->opt[ENDORSE_LAUNCH] ? CCG_ENDORSE_SNP_2024 :
		       CCG_ENDORSE_REALM;
	if (!uri)
		return 0;
	if (!cmd->opt[ENDORSE_LAUNCH])
		return usage_error(cmd, "--profile", "needs --launch");
	for (int i = CCG_ENDORSE_SNP_2024; i <= CCG_ENDORSE_SNP_2025; i++)
		if (!strcmp(uri, ccg_endorse_uri(i))) {
			w->e.profile = i;
			return 0;
		}
	return usage_error(cmd, uri,
			   "expected tag:amd.com,2024:snp-corim-profile or tag:amd.com,2025:snp-corim-profile");
}

static int take_opts(struct cmd *cmd, struct endorsing *w)
{
	bool realm = cmd->argc || cmd->opt[ENDORSE_REGISTERS];
	uint64_t version = 0;
	int status;

	if (realm == !!cmd->opt[ENDORSE_LAUNCH])
		return usage_error(cmd, "endorse",
				   "needs --launch, or DESCRIPTION or --registers of a realm");
	if (cmd->opt[ENDORSE_RIPAS] && !cmd->argc)
		return usage_error(cmd, "--ripas-blocks", "needs DESCRIPTION");
	if (cmd->opt[ENDORSE_LAUNCH] && cmd->opt[ENDORSE_RPV])
		return usage_error(cmd, "--rpv", "is for realms");
	status = take_format(cmd, w);
	if (!status)
		status = take_rpv(cmd, w);
	if (!status)
		status = take_profile(cmd, w);
	if (!status)
		status = option_number(cmd, ENDORSE_TAG_VERSION, 0, UINT32_MAX, &version);
	if (status)
		return status;
	if (!cmd->opt[ENDORSE_OUTPUT] && w->form <= CCG_ENDORSE_COMID)
		return usage_error(cmd, "endorse", "needs --output FILE for CBOR");
	w->e.m = &w->m;
	w->e.id = cmd->opt[ENDORSE_ID];
	w->e.tag_id = cmd->opt[ENDORSE_TAG_ID];
	w->e.tag_version = version;
	w->e.creator = cmd->opt[ENDORSE_CREATOR];
	w->e.regid = cmd->opt[ENDORSE_REGID];
	return 0;
}

static int measure_realm(struct cmd *cmd, struct ccg_measured *m)
{
	const char *ripas = cmd->opt[ENDORSE_RIPAS];
	unsigned int blocks = 0;
	struct ccg_realm *realm;
	uint16_t alg;
	int rc = ripas ? log_ripas_blocks(cmd, ripas, &blocks) : 0;

	if (rc)
		return rc;
	if (ccg_realm_load(cmd->ctx, cmd->argv[0], &realm))
		return fail(cmd);
	if (ripas)
		ccg_realm_set_blocks(realm, blocks);
	rc = ccg_realm_rim(realm, m->initial, &m->len, &alg);
	ccg_realm_free(realm);
	return rc ? fail(cmd) : 0;
}

static int measure(struct cmd *cmd, struct ccg_measured *m)
{
	const char *registers = cmd->opt[ENDORSE_REGISTERS];
	const char *launch = cmd->opt[ENDORSE_LAUNCH];
	int status = cmd->argc ? measure_realm(cmd, m) : 0;

	if (!status && registers && ccg_measured_registers(cmd->ctx, registers, m))
		status = fail(cmd);
	if (!status && launch && ccg_measured_launch(cmd->ctx, launch, m))
		status = fail(cmd);
	return status;
}

static int run_endorse(struct cmd *cmd)
{
	const char *path = cmd->opt[ENDORSE_OUTPUT];
	struct endorsing w = {};
	int status = take_opts(cmd, &w);
	uint8_t *buf;
	size_t len;

	if (!status)
		status = measure(cmd, &w.m);
	if (status)
		return status;
	if (ccg_endorse_write(cmd->ctx, &w.e, w.form, &buf, &len))
		return fail(cmd);
	if (!path)
		fwrite(buf, 1, len, stdout);
	else if (ccg_file_save(cmd->ctx, path, buf, len))
		status = fail(cmd);
	else
		out_result("%s: %zu bytes written: %s", path, len,
			   ccg_endorse_uri(w.e.profile));
	free(buf);
	return status;
}

const struct verb log_endorse = {
	.name = "endorse",
	.args = "[DESCRIPTION]",
	.summary = "Writes measurements as reference values for a verifier",
	.text =
"DESCRIPTION is that of a realm, see ccguest-log(1). The file is a CoRIM, which is\n"
"not signed.\n",
	.opts = endorse_opts,
	.n_opts = ARRAY_SIZE(endorse_opts),
	.max_args = 1,
	.run = run_endorse,
};
