// SPDX-License-Identifier: GPL-2.0-only
/*
 * ccguest sev domain
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <ccguest/text.h>

#include "cmd_sev.h"
#include "cmd_sev_domain.h"
#include "cmd_sev_packet.h"
#include "cmd_sev_verdict.h"

/* Limits for --timeout, in seconds. */
#define TIMEOUT_DEFAULT	30
#define VIRSH_TIMEOUT_MAX	3600

static const struct opt domain_opts[] = {
	LAUNCH_OPTS,
	[DOMAIN_DIGEST] = {
		"digest", 0, "HEX",
		"the reported launch digest, hex or base64; @FILE reads a file"
	},
	[DOMAIN_MEASUREMENT] = {
		"measurement", 0, "BASE64",
		"the reported MAC and nonce; default: the host's report"
	},
	[DOMAIN_CONNECT] = {
		"connect", 'c', "URI", "connection to libvirt, for virsh -c"
	},
	[DOMAIN_TEK] = { "tek", 0, "FILE", "the key TEK, for secrets" },
	[DOMAIN_TK] = { "tk", 0, "FILE", "both keys, TEK and TIK" },
	[DOMAIN_SECRET] = {
		"secret", 's', "GUID:FILE",
		"a secret for the guest; may be repeated"
	},
	[DOMAIN_HEADER] = {
		"header", 0, "FILE", "write the packet's header into FILE"
	},
	[DOMAIN_PAYLOAD] = {
		"payload", 0, "FILE", "write the encrypted secrets into FILE"
	},
	[DOMAIN_GPA] = {
		"gpa", 0, "ADDRESS",
		"address of the guest's secret area, if its firmware has none"
	},
	[DOMAIN_TRUST_XML] = {
		"trust-xml", 0, NULL, "you wrote the file with the XML"
	},
	[DOMAIN_INSECURE] = {
		"insecure", 0, NULL, "accept what makes a verdict worthless"
	},
	[DOMAIN_IGNORE_CONFIG] = {
		"ignore-config", 0, NULL, "skip the checks of the configuration"
	},
	[DOMAIN_TIMEOUT] = {
		"timeout", 0, "SECONDS",
		"time limit for each call of virsh, default 30"
	},
};

/**
 * struct verifying - a verification
 * @d: the guest
 * @opts: the launch
 * @launch: the launch, with its files read
 * @reported: the value that the host reported
 * @result: result of the comparison
 * @packet: the packet with secrets, if there are any
 * @header: file with its header
 * @payload: file with the encrypted secrets
 * @dir: temporary directory of these files, or NULL
 */
struct verifying {
	struct sev_domain *d;
	struct ccg_launch_opts opts;
	struct ccg_launch *launch;
	struct sev_reported reported;
	struct ccg_launch_result result;
	struct sev_packing packet;
	char *header;
	char *payload;
	char *dir;
};

/* ---- comparing ---- */

/* Before a SNP guest runs, nobody reports a value. */
static int only_compute(struct verifying *v)
{
	uint8_t digest[CCG_SNP_DIGEST_LEN];
	char hex[2 * sizeof(digest) + 1];
	struct json_object *o;

	if (ccg_launch_digest(v->launch, digest))
		return fail(v->d->cmd);
	ccg_hex(digest, sizeof(digest), hex);
	if (v->d->cmd->json) {
		o = out_json(v->d->cmd);
		sev_json_launch(o, &v->opts, v->launch);
		out_json_str(o, "launch_digest", hex);
		out_json_print(v->d->cmd, o);
	} else {
		printf("%s\n", hex);
	}
	out_error(v->d->source,
		  "there is nothing to compare: a SNP platform reports no measurement at the launch",
		  "sign this digest with `ccguest sev idblock build`, or give --digest from a report of the guest");
	return CCG_UNSUPPORTED;
}

static int compare(struct verifying *v)
{
	struct sev_domain *d = v->d;
	struct ccg_launch_key key;
	uint8_t *tik = NULL;
	int status;

	status = sev_read_reported(&d->told, d->kind, d->told.opt[DOMAIN_DIGEST],
				   d->told.opt[DOMAIN_MEASUREMENT],
				   &v->reported);
	if (!status)
		status = sev_launch_key(&d->told, d->kind, false, &key, &tik);
	if (!status && v->reported.is_mac)
		status = sev_use_nonce(&d->told, &v->reported, &key);
	if (!status && ccg_launch_compare(v->launch,
					  v->reported.is_mac ? &key : NULL,
					  v->reported.bytes, &v->result))
		status = fail(d->cmd);
	ccg_secret_free(tik);
	return status;
}

/* ---- secrets ---- */

static int check_secrets(struct cmd *cmd)
{
	bool header = cmd->opt[DOMAIN_HEADER], payload = cmd->opt[DOMAIN_PAYLOAD];
	int status = 0;

	for (size_t i = 0; !status && i < cmd->n_given; i++)
		if (cmd->given[i].opt == DOMAIN_SECRET)
			status = sev_check_secret(cmd, cmd->given[i].arg);
	if (!status && header != payload)
		status = usage_error(cmd, "--header",
				     "--header and --payload belong together");
	if (!status && header && !cmd->opt[DOMAIN_SECRET])
		status = usage_error(cmd, "--header", "needs --secret");
	return status;
}

/* Reads keys and secrets before anything is asked of the host. */
static int begin_packet(struct verifying *v)
{
	struct cmd *cmd = v->d->cmd;
	const struct sev_key_opts keys = {
		cmd->opt[LAUNCH_TIK], cmd->opt[DOMAIN_TEK], cmd->opt[DOMAIN_TK],
	};
	int status;

	if (!cmd->opt[DOMAIN_SECRET])
		return 0;
	if (cmd->opt[DOMAIN_DIGEST])
		return usage_error(cmd, "--digest",
				   "secrets are bound to a measurement");
	status = sev_packing_begin(&v->packet, cmd, &keys);
	for (size_t i = 0; !status && i < cmd->n_given; i++)
		if (cmd->given[i].opt == DOMAIN_SECRET)
			status = sev_packing_add(&v->packet, cmd->given[i].arg);
	return status;
}

static int name_files(struct verifying *v)
{
	struct cmd *cmd = v->d->cmd;
	const char *tmp = getenv("TMPDIR");

	if (cmd->opt[DOMAIN_HEADER]) {
		v->header = strdup(cmd->opt[DOMAIN_HEADER]);
		v->payload = strdup(cmd->opt[DOMAIN_PAYLOAD]);
		if (!v->header || !v->payload)
			out_no_memory();
		return 0;
	}
	if (asprintf(&v->dir, "%s/ccguest-XXXXXX", tmp && *tmp ? tmp : "/tmp") < 0)
		out_no_memory();
	if (!mkdtemp(v->dir)) {
		out_error(v->dir, strerror(errno),
			  "the packet needs a directory: set TMPDIR, or give --header and --payload");
		free(v->dir);
		v->dir = NULL;
		return CCG_FAILED;
	}
	if (asprintf(&v->header, "%s/header.b64", v->dir) < 0 ||
	    asprintf(&v->payload, "%s/payload.b64", v->dir) < 0)
		out_no_memory();
	return 0;
}

static int save_packet(struct verifying *v)
{
	int status;

	memcpy(v->packet.measurement, v->reported.bytes,
	       sizeof(v->packet.measurement));
	status = v->d->cmd->opt[DOMAIN_GPA] ? 0 :
		 sev_packing_fit(&v->packet, v->opts.firmware,
				 ccg_launch_info(v->launch));
	if (!status)
		status = sev_packing_make(&v->packet);
	if (!status)
		status = name_files(v);
	if (status)
		return status;
	return sev_packing_save(&v->packet, "ccguest sev domain", v->header,
				v->payload, false);
}

/* The packet is kept if it could not be sent: its keys are used up. */
static int inject(struct verifying *v)
{
	struct sev_domain *d = v->d;
	char *hint;
	int status;

	status = sev_virsh_inject(&d->virsh, v->header, v->payload,
				  d->cmd->opt[DOMAIN_GPA]);
	if (status) {
		if (asprintf(&hint,
			     "the packet is in %s and %s: repeat virsh domsetlaunchsecstate, or destroy the guest",
			     v->header, v->payload) < 0)
			out_no_memory();
		out_error(d->source, "the secrets were not put into the guest",
			  hint);
		free(hint);
		free(v->dir);
		v->dir = NULL;
		return status;
	}
	status = sev_virsh_resume(&d->virsh);
	if (status)
		out_error(d->source, "the guest has its secrets, and is paused",
			  "repeat virsh resume");
	return status;
}

static int send_secrets(struct verifying *v)
{
	int status;

	if (!v->d->cmd->opt[DOMAIN_SECRET])
		return 0;
	status = save_packet(v);
	if (!status && v->d->virsh.name)
		status = inject(v);
	return status;
}

static void end_packet(struct verifying *v)
{
	sev_packing_end(&v->packet);
	if (v->dir) {
		unlink(v->header);
		unlink(v->payload);
		rmdir(v->dir);
	}
	free(v->dir);
	free(v->header);
	free(v->payload);
}

/* ---- the verb ---- */

static void print_json(struct verifying *v)
{
	struct sev_domain *d = v->d;
	struct json_object *o = out_json(d->cmd);
	bool packed = v->header, sent = packed && d->virsh.name;

	sev_json_launch(o, &v->opts, v->launch);
	sev_json_verdict(o, &v->reported, &v->result);
	out_json_add(o, "doubts", json_object_get(d->doubts));
	out_json_str(o, "header", v->dir ? NULL : v->header);
	out_json_str(o, "payload", v->dir ? NULL : v->payload);
	if (packed)
		sev_packing_json(o, &v->packet);
	else
		out_json_array(o, "secrets");
	out_json_bool(o, "injected", sent);
	out_json_print(d->cmd, o);
}

static void print_secrets(struct verifying *v)
{
	size_t n = v->packet.n_secrets;

	if (!v->header)
		return;
	if (!v->dir)
		out_result("%s, %s: the packet", v->header, v->payload);
	if (v->d->virsh.name)
		out_result("OK: the guest has %zu secret%s, and runs", n,
			   n == 1 ? "" : "s");
}

/* Secrets are sent only if the values are equal. */
static int act_on_verdict(struct verifying *v)
{
	bool json = v->d->cmd->json;
	int status = 0;

	if (!json)
		status = sev_verdict(&v->reported, &v->result);
	if (!status && v->result.matches)
		status = send_secrets(v);
	if (status)
		return status;
	if (!json)
		print_secrets(v);
	else
		print_json(v);
	return v->result.matches ? 0 :
	       sev_verdict_fail(&v->reported, &v->result);
}

static int verify(struct verifying *v)
{
	struct sev_domain *d = v->d;
	int status = sev_launch_open_kind(&d->told, d->kind, false, &v->opts,
					  &v->launch);

	if (status)
		return status;
	if (d->kind == CCG_LAUNCH_SNP && !d->told.opt[DOMAIN_DIGEST] &&
	    !d->told.opt[DOMAIN_MEASUREMENT])
		return only_compute(v);
	status = compare(v);
	return status ? status : act_on_verdict(v);
}

/* A file has a slash or ends in .xml, so that no file is taken for a guest. */
static bool is_file(const char *arg)
{
	size_t len = strlen(arg);

	return !strcmp(arg, "-") || strchr(arg, '/') ||
	       (len > 4 && !strcmp(arg + len - 4, ".xml"));
}

static int check_args(struct cmd *cmd, struct sev_domain *d)
{
	uint64_t seconds = TIMEOUT_DEFAULT, gpa;
	int status = option_number(cmd, DOMAIN_TIMEOUT, 1, VIRSH_TIMEOUT_MAX, &seconds);

	if (!status)
		status = sev_parse_number(cmd, DOMAIN_GPA, UINT64_MAX, &gpa);
	if (status)
		return status;
	if (!is_file(d->source)) {
		d->virsh = (struct sev_virsh) {
			.cmd = cmd,
			.uri = cmd->opt[DOMAIN_CONNECT],
			.name = d->source,
			.seconds = seconds,
		};
		if (*d->source == '-' || !*d->source)
			return usage_error(cmd, d->source, "is not a name");
		if (cmd->opt[DOMAIN_TRUST_XML])
			return usage_error(cmd, "--trust-xml",
					   "this XML comes from the host");
	}
	if (cmd->opt[DOMAIN_TK] && cmd->opt[LAUNCH_TIK])
		return usage_error(cmd, "--tk", "has the key of --tik too");
	if (d->virsh.name || !cmd->opt[DOMAIN_SECRET] || cmd->opt[DOMAIN_HEADER])
		return check_secrets(cmd);
	return usage_error(cmd, "--secret",
			   "needs --header and --payload, if there is no guest to put it into");
}

static int run_domain(struct cmd *cmd)
{
	struct sev_domain d = { .cmd = cmd, .source = cmd->argv[0] };
	struct verifying v = { .d = &d };
	int status = check_args(cmd, &d);

	if (!status)
		status = begin_packet(&v);
	if (!status)
		status = sev_domain_read(&d);
	if (!status)
		status = sev_domain_describe(&d);
	if (!status)
		status = verify(&v);
	ccg_launch_close(v.launch);
	end_packet(&v);
	sev_domain_end(&d);
	return status;
}

const struct verb sev_domain = {
	.name = "domain",
	.args = "XML|NAME",
	.summary = "Verifies the launch of a guest of libvirt, and puts secrets in",
	.text =
"The operand is a file if it is -, has a slash, or ends in .xml. Otherwise it is\n"
"the name of a guest, and virsh asks its host. What the options do not say comes\n"
"from the XML; the XML is the word of the host, so this needs --insecure, or\n"
"--trust-xml for a file that you wrote.\n",
	.opts = domain_opts,
	.n_opts = ARRAY_SIZE(domain_opts),
	.min_args = 1,
	.max_args = 1,
	.run = run_domain,
};
