// SPDX-License-Identifier: GPL-2.0-only
/*
 * ccguest sev report verify
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <ccguest/file.h>
#include <ccguest/sev.h>
#include <ccguest/text.h>

#include "cmd_sev.h"
#include "cmd_sev_launch.h"
#include "out_table.h"

/* Limit for the length of a file: a report of SNP in hexadecimal fits. */
#define FILE_MAX	4096

enum {
	REPORT_DIGEST, REPORT_NONCE, REPORT_POLICY, REPORT_OCA, REPORT_CEK,
	REPORT_CA,
};

static const struct opt report_opts[] = {
	[REPORT_DIGEST] = {
		"digest", 0, "HEX",
		"the launch digest to expect, hex or base64; @FILE reads a file"
	},
	[REPORT_NONCE] = {
		"nonce", 0, "HEX",
		"the nonce to expect, hex or base64; @FILE reads a file"
	},
	[REPORT_POLICY] = { "policy", 0, "POLICY", "the policy to expect" },
	[REPORT_OCA] = { "oca", 0, "FILE", "use this OCA instead" },
	[REPORT_CEK] = { "cek", 0, "FILE", "use this CEK instead" },
	[REPORT_CA] = {
		"ca", 0, "FILE", "use this ASK and ARK instead of the known ones"
	},
};

/* What the report has, and the user can expect. */
enum { DIGEST, NONCE, POLICY, N_VALUES };

static const struct {
	const char *name;
	int opt;
	const char *differs;
	const char *hint;
} values[N_VALUES] = {
	[DIGEST] = {
		"digest", REPORT_DIGEST,
		"has another launch digest than --digest",
		"ccguest sev validate --digest finds the difference if it is a known one",
	},
	[NONCE] = {
		"nonce", REPORT_NONCE, "has another nonce than --nonce",
		"this may be an old report: ask the host for one with your nonce",
	},
	[POLICY] = {
		"policy", REPORT_POLICY, "has another policy than --policy",
		"the host started the guest with another policy",
	},
};

/**
 * struct judging - a report that is being verified
 * @cmd: the command
 * @bytes: the report
 * @report: its contents
 * @expected: the contents to expect, for the options that were given
 * @chain: the result of verifying the chain
 * @why: why the PEK did not sign the report; NULL if it did
 * @differs: the contents that are not as expected
 */
struct judging {
	struct cmd *cmd;
	uint8_t bytes[CCG_SEV_REPORT_LEN];
	struct ccg_sev_report report;
	struct ccg_sev_report expected;
	struct ccg_sev_verdict chain;
	const char *why;
	bool differs[N_VALUES];
};

static int parse_bytes(struct judging *j, int value, uint8_t *buf, size_t len)
{
	const char *text = j->cmd->opt[values[value].opt];
	char why[64];

	if (!text)
		return 0;
	if (*text == '@')
		return sev_load_bytes(j->cmd, text + 1, buf, len);
	if (sev_bytes(text, buf, len))
		return 0;
	snprintf(why, sizeof(why), "the %s has %zu bytes, in hex or base64",
		 values[value].name, len);
	return usage_error(j->cmd, text, why);
}

static int parse_expected(struct judging *j)
{
	struct ccg_sev_report *e = &j->expected;
	const char *policy = j->cmd->opt[REPORT_POLICY];
	int status = parse_bytes(j, DIGEST, e->digest, sizeof(e->digest));

	if (!status)
		status = parse_bytes(j, NONCE, e->nonce, sizeof(e->nonce));
	if (!status && policy &&
	    ccg_sev_policy_parse(j->cmd->ctx, policy, &e->policy))
		status = fail(j->cmd);
	return status;
}

/* Takes the text of QMP, with the end of a line. */
static bool from_text(const uint8_t *file, size_t n, uint8_t *buf)
{
	char text[FILE_MAX + 1];

	memcpy(text, file, n);
	while (n && (text[n - 1] == '\n' || text[n - 1] == '\r'))
		n--;
	text[n] = '\0';
	return strlen(text) == n && sev_bytes(text, buf, CCG_SEV_REPORT_LEN);
}

static int load_report(struct judging *j)
{
	const char *path = j->cmd->argv[1];
	uint8_t *file;
	char why[96];
	bool good;
	size_t n;

	if (ccg_file_load(j->cmd->ctx, path, FILE_MAX, &file, &n))
		return fail(j->cmd);
	good = n == CCG_SEV_REPORT_LEN;
	if (good)
		memcpy(j->bytes, file, n);
	else
		good = from_text(file, n, j->bytes);
	free(file);
	if (good)
		return 0;
	snprintf(why, sizeof(why),
		 "expected a report of %d bytes, or its base64 or hexadecimal text; found %zu bytes",
		 CCG_SEV_REPORT_LEN, n);
	out_error(path, why,
		  "QMP's query-sev-attestation-report returns the report of a guest with SEV or SEV-ES; reports of SNP are others");
	return CCG_FAILED;
}

static void compare(struct judging *j)
{
	const struct ccg_sev_report *r = &j->report, *e = &j->expected;
	const char *const *opt = j->cmd->opt;

	j->differs[DIGEST] = opt[REPORT_DIGEST] &&
			     memcmp(r->digest, e->digest, sizeof(r->digest));
	j->differs[NONCE] = opt[REPORT_NONCE] &&
			    memcmp(r->nonce, e->nonce, sizeof(r->nonce));
	j->differs[POLICY] = opt[REPORT_POLICY] && r->policy != e->policy;
}

static bool is_valid(const struct judging *j)
{
	return j->chain.valid && !j->why && !j->differs[DIGEST] &&
	       !j->differs[NONCE] && !j->differs[POLICY];
}

static void json_value(const struct judging *j, struct json_object *o, int value)
{
	char key[32];

	snprintf(key, sizeof(key), "%s_matches", values[value].name);
	if (j->cmd->opt[values[value].opt])
		out_json_bool(o, key, !j->differs[value]);
	else
		out_json_str(o, key, NULL);
}

static void print_json(const struct judging *j)
{
	struct json_object *o = out_json(j->cmd);
	char names[CCG_SEV_POLICY_TEXT];

	ccg_sev_policy_text(j->report.policy, names);
	out_json_bool(o, "valid", is_valid(j));
	out_json_bool(o, "chain_valid", j->chain.valid);
	out_json_str(o, "generation", j->chain.generation);
	out_json_bool(o, "signed", !j->why);
	out_json_str(o, "why", j->why);
	sev_json_bytes(o, "launch_digest", j->report.digest,
		       sizeof(j->report.digest));
	sev_json_bytes(o, "nonce", j->report.nonce, sizeof(j->report.nonce));
	out_json_hex(o, "policy", j->report.policy);
	out_json_str(o, "policy_names", names);
	for (int i = 0; i < N_VALUES; i++)
		json_value(j, o, i);
	out_json_print(j->cmd, o);
}

static void put_row(struct judging *j, struct out_table *t, int value,
		    const char *text)
{
	const char *verdict = "not compared";
	enum out_color color = OUT_WARN;

	if (j->cmd->opt[values[value].opt]) {
		verdict = j->differs[value] ? "not as expected" : "as expected";
		color = j->differs[value] ? OUT_BAD : OUT_GOOD;
	}
	out_cell(t, 0, OUT_PLAIN, values[value].name);
	out_cell(t, 1, color, verdict);
	out_cell(t, 2, OUT_PLAIN, text);
}

static void print_table(struct judging *j)
{
	char hex[2 * sizeof(j->report.digest) + 1];
	char names[CCG_SEV_POLICY_TEXT], policy[CCG_SEV_POLICY_TEXT + 16];
	struct out_table t;

	out_table_init(&t, NULL, 3, 0);
	ccg_hex(j->report.digest, sizeof(j->report.digest), hex);
	put_row(j, &t, DIGEST, hex);
	ccg_hex(j->report.nonce, sizeof(j->report.nonce), hex);
	put_row(j, &t, NONCE, hex);
	ccg_sev_policy_text(j->report.policy, names);
	snprintf(policy, sizeof(policy), "%#x: %s", j->report.policy,
		 *names ? names : "no flag");
	put_row(j, &t, POLICY, policy);
	out_table_print(&t);
}

/* The report is genuine: says what this does not prove. */
static void print_notes(const struct judging *j)
{
	const char *advice;

	if (!j->cmd->opt[REPORT_DIGEST])
		out_note("digest: not compared: without --digest, the report may be of any guest");
	if (!j->cmd->opt[REPORT_NONCE])
		out_note("nonce: not compared: without --nonce, this may be an old report");
	for (size_t i = 0;
	     (advice = ccg_sev_policy_advice(j->report.policy, i)); i++)
		out_note("policy %#x: %s", j->report.policy, advice);
}

static int judge(struct judging *j, struct ccg_sev_chain *chain)
{
	const char *path = j->cmd->argv[1];
	char why[160];

	if (ccg_sev_verdict_fail(chain, &j->chain))
		return fail(j->cmd);
	if (j->why) {
		snprintf(why, sizeof(why),
			 "is not signed by the PEK of %s: %s",
			 j->cmd->argv[0], j->why);
		out_error(path, why,
			  "the report and the chain must be of the same host, and of the same time: a new owner and a reset replace the PEK");
		return CCG_UNVERIFIED;
	}
	if (!j->cmd->json && !out_quiet())
		print_table(j);
	for (int i = 0; i < N_VALUES; i++) {
		if (!j->differs[i])
			continue;
		out_error(path, values[i].differs, values[i].hint);
		return CCG_UNVERIFIED;
	}
	if (!j->cmd->json)
		out_result("OK: the platform signed this report");
	print_notes(j);
	return 0;
}

static int verify(struct judging *j, struct ccg_sev_chain *chain)
{
	if (ccg_sev_chain_verify(chain, &j->chain))
		return fail(j->cmd);
	ccg_sev_report_verify(chain, j->bytes, sizeof(j->bytes), &j->report,
			      &j->why);
	compare(j);
	if (j->cmd->json)
		print_json(j);
	return judge(j, chain);
}

static int run_verify(struct cmd *cmd)
{
	const struct ccg_sev_files files = {
		.sev = cmd->argv[0],
		.oca = cmd->opt[REPORT_OCA],
		.cek = cmd->opt[REPORT_CEK],
		.ca = cmd->opt[REPORT_CA],
	};
	struct judging j = { .cmd = cmd };
	struct ccg_sev_chain *chain;
	int status = parse_expected(&j);

	if (!status)
		status = load_report(&j);
	if (status)
		return status;
	if (ccg_sev_chain_load(cmd->ctx, &files, &chain))
		return fail(cmd);
	status = verify(&j, chain);
	ccg_sev_chain_free(chain);
	return status;
}

const struct verb sev_report_verify = {
	.name = "report verify",
	.args = "CHAIN REPORT",
	.summary = "Verifies the attestation report of a running guest",
	.text =
"For SEV and SEV-ES: QMP's query-sev-attestation-report returns such a report.\n"
"CHAIN is a file as for sev verify --sev; the chain is verified first. The report\n"
"must be signed by the PEK of the chain, and have what the options expect.\n",
	.opts = report_opts,
	.n_opts = ARRAY_SIZE(report_opts),
	.min_args = 2,
	.max_args = 2,
	.run = run_verify,
};
