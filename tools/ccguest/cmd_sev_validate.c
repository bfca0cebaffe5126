// SPDX-License-Identifier: GPL-2.0-only
/*
 * ccguest sev validate
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <ccguest/file.h>
#include <ccguest/launch.h>
#include <ccguest/text.h>

#include "cmd_sev.h"
#include "cmd_sev_launch.h"
#include "cmd_sev_verdict.h"

enum { VALIDATE_DIGEST = N_LAUNCH, VALIDATE_MEASUREMENT };

static const struct opt validate_opts[] = {
	LAUNCH_OPTS,
	[VALIDATE_DIGEST] = {
		"digest", 0, "HEX",
		"the reported launch digest, hex or base64; @FILE reads a file"
	},
	[VALIDATE_MEASUREMENT] = {
		"measurement", 0, "BASE64",
		"the reported MAC and nonce, hex or base64; @FILE reads a file"
	},
};

int sev_read_reported(struct cmd *cmd, enum ccg_launch_kind kind,
		      const char *digest, const char *mac,
		      struct sev_reported *r)
{
	const char *text = mac ? mac : digest;

	if (!text || (digest && mac))
		return usage_error(cmd, cmd->argv[0],
				   "give one of --digest and --measurement");
	if (mac && kind == CCG_LAUNCH_SNP)
		return usage_error(cmd, mac, "SNP reports a digest: use --digest");
	if (mac && !cmd->opt[LAUNCH_TIK])
		return usage_error(cmd, mac, "--measurement needs --tik");
	if (digest && cmd->opt[LAUNCH_TIK])
		return usage_error(cmd, digest, "--tik is for --measurement");
	r->is_mac = mac;
	r->value_len = ccg_launch_digest_len(kind);
	r->len = mac ? SEV_MEASUREMENT_LEN : r->value_len;
	if (*text == '@')
		return sev_load_bytes(cmd, text + 1, r->bytes, r->len);
	if (sev_bytes(text, r->bytes, r->len))
		return 0;
	return usage_error(cmd, text, mac ?
			   "a measurement has 48 bytes, in hex or base64" :
			   "has the wrong length for a launch digest, or is neither hex nor base64");
}

static int print_verdict(struct cmd *cmd, const struct sev_reported *rep,
			 const struct ccg_launch_opts *opts,
			 const struct ccg_launch *l,
			 const struct ccg_launch_result *r)
{
	struct json_object *o;

	if (!cmd->json)
		return sev_verdict(rep, r);
	o = out_json(cmd);
	sev_json_launch(o, opts, l);
	sev_json_verdict(o, rep, r);
	out_json_print(cmd, o);
	return r->matches ? 0 : sev_verdict_fail(rep, r);
}

static int validate(struct cmd *cmd, const struct ccg_launch_opts *opts,
		    struct ccg_launch *l)
{
	struct ccg_launch_result r;
	struct ccg_launch_key key;
	struct sev_reported rep = {};
	uint8_t *tik = NULL;
	int status = sev_read_reported(cmd, opts->kind,
				       cmd->opt[VALIDATE_DIGEST],
				       cmd->opt[VALIDATE_MEASUREMENT], &rep);

	if (!status)
		status = sev_launch_key(cmd, opts->kind, false, &key, &tik);
	if (!status && rep.is_mac)
		status = sev_use_nonce(cmd, &rep, &key);
	if (!status && ccg_launch_compare(l, rep.is_mac ? &key : NULL,
					  rep.bytes, &r))
		status = fail(cmd);
	ccg_secret_free(tik);
	return status ? status : print_verdict(cmd, &rep, opts, l, &r);
}

static int run_validate(struct cmd *cmd)
{
	struct ccg_launch_opts opts;
	struct ccg_launch *l;
	int status = sev_launch_open(cmd, false, &opts, &l);

	if (status)
		return status;
	status = validate(cmd, &opts, l);
	ccg_launch_close(l);
	return status;
}

const struct verb sev_validate = {
	.name = "validate",
	.args = "sev|sev-es|snp",
	.summary = "Compares a launch with a reported measurement",
	.text =
"If the values differ, variants of the launch are tried, and the variant that\n"
"has the reported value is printed. The exit status is then 5.\n",
	.opts = validate_opts,
	.n_opts = ARRAY_SIZE(validate_opts),
	.min_args = 1,
	.max_args = 1,
	.run = run_validate,
};
