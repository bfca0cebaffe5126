// SPDX-License-Identifier: GPL-2.0-only
/*
 * ccguest report verify
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <ccguest/report.h>
#include <ccguest/text.h>

#include "cmd_report.h"
#include "cmd_report_certs.h"
#include "cmd_report_checks.h"
#include "out_json.h"

enum {
	VERIFY_NONCE, VERIFY_CERTS, VERIFY_CRL, VERIFY_AT, VERIFY_KEY,
	VERIFY_REQUIRE_CHIP, VERIFY_CSP_ID, VERIFY_POLICY, VERIFY_EXPECT,
	VERIFY_MEASUREMENT, VERIFY_EXPECT_LAUNCH, VERIFY_HOST_DATA,
	VERIFY_ID_KEY, VERIFY_AUTHOR_KEY, VERIFY_MIN_SVN, VERIFY_VMPL,
	VERIFY_MIN_TCB, VERIFY_MIN_FIRMWARE, VERIFY_REPORT_DATA,
};

static const struct opt verify_opts[] = {
	[VERIFY_NONCE] = {
		"nonce", 0, "HEX", "the nonce that the guest put into the report"
	},
	[VERIFY_CERTS] = {
		"certs", 0, "PATH",
		"certificates: a file, a certificate table or a folder"
	},
	[VERIFY_CRL] = { "crl", 0, "FILE", "a revocation list" },
	[VERIFY_AT] = {
		"at", 0, "TIME",
		"certificates must be valid at this time; default now"
	},
	[VERIFY_KEY] = {
		"key", 0, "FILE", "Arm CCA: public key of the platform"
	},
	[VERIFY_REQUIRE_CHIP] = {
		"require-chip", 0, NULL, "SNP: refuse a report without a chip ID"
	},
	[VERIFY_CSP_ID] = {
		"csp-id", 0, "TEXT", "SNP: the provider that the VLEK must name"
	},
	[VERIFY_POLICY] = {
		"policy", 0, "FILE", "what is accepted, see ccguest-report-policy(5)"
	},
	[VERIFY_EXPECT] = {
		"expect", 0, "MEMBER=VALUE",
		"add a member to the policy, such as tdx.mr_td=HEX"
	},
	[VERIFY_MEASUREMENT] = {
		"measurement", 0, "HEX", "SNP: the launch digest to expect"
	},
	[VERIFY_EXPECT_LAUNCH] = {
		"expect-launch", 0, "FILE",
		"SNP: expect the launch digest in this output of sev measure"
	},
	[VERIFY_HOST_DATA] = { "host-data", 0, "HEX", "SNP: HOST_DATA to expect" },
	[VERIFY_ID_KEY] = {
		"id-key-digest", 0, "HEX", "SNP: digest of the ID key to expect"
	},
	[VERIFY_AUTHOR_KEY] = {
		"author-key-digest", 0, "HEX",
		"SNP: digest of the author key to expect"
	},
	[VERIFY_MIN_SVN] = {
		"min-guest-svn", 0, "N", "SNP: smallest SVN of the guest"
	},
	[VERIFY_VMPL] = { "vmpl", 0, "LIST", "SNP: VMPLs to accept; default 0" },
	[VERIFY_MIN_TCB] = {
		"min-tcb", 0, "PART=N,...",
		"SNP: smallest parts of the TCB version, such as snp=24"
	},
	[VERIFY_MIN_FIRMWARE] = {
		"min-firmware", 0, "VERSION",
		"SNP: oldest firmware, such as 1.55.29"
	},
	[VERIFY_REPORT_DATA] = {
		"report-data", 0, "HEX", "data of the requester to expect, 1 to 64 bytes"
	},
};

/* Options that are members of a policy. */
static const struct {
	size_t opt;
	const char *member;
} members[] = {
	{ VERIFY_MEASUREMENT, "snp.measurement" },
	{ VERIFY_HOST_DATA, "snp.host_data" },
	{ VERIFY_ID_KEY, "snp.id_key_digest" },
	{ VERIFY_AUTHOR_KEY, "snp.author_key_digest" },
	{ VERIFY_MIN_SVN, "snp.min_guest_svn" },
	{ VERIFY_VMPL, "snp.vmpl" },
	{ VERIFY_MIN_FIRMWARE, "snp.min_firmware" },
	{ VERIFY_REPORT_DATA, "report_data" },
};

/**
 * struct judging - a report that is being verified
 * @cmd: the command
 * @want: what the report is verified against
 * @policy: the policy in @want
 * @certs: the certificates and lists in @want
 * @nonce: the nonce in @want
 */
struct judging {
	struct cmd *cmd;
	struct ccg_report_want want;
	struct ccg_report_policy *policy;
	struct report_certs certs;
	uint8_t nonce[64];
};

/* ---- the options ---- */

/* @list: as snp=24,microcode=219 */
static int set_min_tcb(struct judging *j, const char *list)
{
	char *copy = strdup(list), *rest = copy, *item;
	char member[64];
	int status = 0;

	if (!copy)
		out_no_memory();
	while (!status && (item = strsep(&rest, ","))) {
		char *value = strchr(item, '=');

		if (!value) {
			status = usage_error(j->cmd, list,
					     "--min-tcb has parts such as snp=24, with commas between them");
			break;
		}
		*value++ = '\0';
		snprintf(member, sizeof(member), "snp.min_tcb.%s", item);
		if (ccg_report_policy_set(j->policy, member, value))
			status = fail(j->cmd);
	}
	free(copy);
	return status;
}

static int set_expected(struct judging *j, const char *text)
{
	const char *value = strchr(text, '=');
	char *member;
	int status = 0;

	if (!value || value == text)
		return usage_error(j->cmd, text, "--expect has the form MEMBER=VALUE");
	member = strndup(text, value - text);
	if (!member)
		out_no_memory();
	if (ccg_report_policy_set(j->policy, member, value + 1))
		status = fail(j->cmd);
	free(member);
	return status;
}

static int set_member(struct judging *j, const struct given *g)
{
	if (g->opt == VERIFY_MIN_TCB)
		return set_min_tcb(j, g->arg);
	if (g->opt == VERIFY_EXPECT)
		return set_expected(j, g->arg);
	for (size_t i = 0; i < ARRAY_SIZE(members); i++)
		if (members[i].opt == g->opt &&
		    ccg_report_policy_set(j->policy, members[i].member, g->arg))
			return fail(j->cmd);
	return 0;
}

static int take_policy(struct judging *j)
{
	const char *path = j->cmd->opt[VERIFY_POLICY];
	const char *launch = j->cmd->opt[VERIFY_EXPECT_LAUNCH];
	int rc = path ? ccg_report_policy_load(j->cmd->ctx, path, &j->policy) :
			ccg_report_policy_new(j->cmd->ctx, &j->policy);
	char digest[2 * 48 + 1];
	int status = rc ? fail(j->cmd) : 0;

	for (size_t i = 0; !status && i < j->cmd->n_given; i++)
		status = set_member(j, &j->cmd->given[i]);
	if (status || !launch)
		return status;
	status = report_launch_digest(j->cmd, launch, digest);
	if (!status && ccg_report_policy_set(j->policy, "snp.measurement", digest))
		status = fail(j->cmd);
	return status;
}

static int take_files(struct judging *j)
{
	struct cmd *cmd = j->cmd;
	int status = 0;

	for (size_t i = 0; !status && i < cmd->n_given; i++) {
		if (cmd->given[i].opt == VERIFY_CERTS)
			status = report_certs_add(cmd, &j->certs, cmd->given[i].arg);
		else if (cmd->given[i].opt == VERIFY_CRL)
			status = report_crls_add(cmd, &j->certs, cmd->given[i].arg);
	}
	j->want.certs = j->certs.all.n ? &j->certs.all : NULL;
	j->want.crls = j->certs.crls;
	j->want.n_crls = j->certs.n_crls;
	return status;
}

static int take_options(struct judging *j)
{
	int status = report_nonce(j->cmd, j->cmd->opt[VERIFY_NONCE], j->nonce, &j->want);

	if (!status)
		status = report_time(j->cmd, j->cmd->opt[VERIFY_AT], &j->want);
	if (!status)
		status = take_policy(j);
	if (!status)
		status = take_files(j);
	j->want.require_chip = j->cmd->opt[VERIFY_REQUIRE_CHIP];
	j->want.csp_id = j->cmd->opt[VERIFY_CSP_ID];
	j->want.key = j->cmd->opt[VERIFY_KEY];
	j->want.policy = j->policy;
	return status;
}

/* ---- the result ---- */

static void print_json(const struct judging *j, const struct ccg_report *r,
		       const struct ccg_report_verdict *v)
{
	struct json_object *o = out_json(j->cmd);
	const struct ccg_snp *s = ccg_report_snp(r);

	out_json_str(o, "kind", report_kind_name(ccg_report_kind(r)));
	out_json_bool(o, "verified", !v->failed);
	out_json_str(o, "failed", v->failed ? v->failed->name : NULL);
	out_json_str(o, "product", s ? ccg_snp_product_name(s->product) : NULL);
	report_checks_json(o, v);
	out_json_print(j->cmd, o);
}

static int judge(struct judging *j, const struct ccg_report *r,
		 const struct ccg_report_verdict *v)
{
	const struct ccg_check *c = v->failed;
	const char *hint;
	char *why;

	if (j->cmd->json)
		print_json(j, r, v);
	else
		report_checks_text(v);
	if (!c) {
		if (!j->cmd->json)
			out_result("OK: the report is genuine, and no check failed");
		report_notes(r, v);
		return 0;
	}
	hint = c->hint;
	if (!hint && !strcmp(c->name, "measurement"))
		hint = "ccguest sev validate snp --digest finds a known difference";
	if (asprintf(&why, "%s: %s", c->name, c->why) < 0)
		out_no_memory();
	out_error(j->cmd->argv[0], why, hint);
	free(why);
	return CCG_UNVERIFIED;
}

static int verify(struct judging *j)
{
	struct ccg_report_verdict v = { 0 };
	struct ccg_report *r;
	int status;

	if (ccg_report_load(j->cmd->ctx, j->cmd->argv[0], &r))
		return fail(j->cmd);
	status = ccg_report_verify(r, &j->want, &v) ? fail(j->cmd) :
						       judge(j, r, &v);
	ccg_report_verdict_clear(&v);
	ccg_report_free(r);
	return status;
}

static int run_verify(struct cmd *cmd)
{
	struct judging j = { .cmd = cmd };
	int status = take_options(&j);

	if (!status)
		status = verify(&j);
	ccg_report_policy_free(j.policy);
	report_certs_free(&j.certs);
	return status;
}

const struct verb report_verify = {
	.name = "verify",
	.args = "FILE",
	.summary = "Verifies the attestation report of a running guest",
	.text =
"The exit status is 5 if a check fails; the message names the first one. ccguest\n"
"has the roots of AMD and Intel, and never contacts a service: certificates come\n"
"with the report or with --certs. --certs, --crl and --expect may be repeated.\n",
	.opts = verify_opts,
	.n_opts = ARRAY_SIZE(verify_opts),
	.min_args = 1,
	.max_args = 1,
	.run = run_verify,
};
