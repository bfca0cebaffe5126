// SPDX-License-Identifier: GPL-2.0-only
/*
 * Unit test of policies for reports. Each member of the table has a value that
 * accepts a report and one that refuses the report, in JSON and as an option. TAP on
 * standard output. With the argument "members", the paths of all members; with
 * "names", the paths of members with names, and the names.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <ccguest/ctx.h>

#include "../lib/tap.h"
#include "core/ctx.h"
#include "report/policy.h"
#include "report/report.h"
#include "test-report-policy.h"
#include "test-report-values.h"

static struct ccg_ctx *ctx;

/* ---- one case for each member ---- */

/**
 * struct member_case - a member, and values
 * @path: path of the member
 * @good: JSON that accepts the report
 * @bad: JSON that refuses the report
 * @check: name of the check
 * @why: what the failed check says
 * @change: changes the report, or NULL
 * @skips: the result with @good is CCG_CHECK_SKIPPED
 */
struct member_case {
	const char *path;
	const char *good;
	const char *bad;
	const char *check;
	const char *why;
	void (*change)(void);
	bool skips;
};

static const struct member_case cases[] = {
	{ "report_data", "'%08dd'", "'%09dd'", "report_data", .why = "expected dddd" },
	{ "snp.measurement", "['%48aa','%4811']", "'%4822'", "measurement",
	  .why = "1111; expected 2222" },
	{ "snp.host_data", "'%3212'", "['%32aa','%32bb']", "host_data",
	  .why = "expected one of 2 others" },
	{ "snp.id_key_digest", "'%4813'", "'%48aa'", "id_key_digest", .why = "expected" },
	{ "snp.author_key_digest", "'%4814'", "'%48aa'", "author_key_digest", .why = "expected" },
	{ "snp.family_id", "'%1615'", "'%16aa'", "family_id",
	  .why = "expected" },
	{ "snp.image_id", "'%1616'", "'%16aa'", "image_id", .why = "expected" },
	{ "snp.report_id_ma", "'%3217'", "'%32aa'", "report_id_ma", .why = "expected" },
	{ "snp.chip_id", "'%6418'", "'%64aa'", "chip_id", .why = "expected" },
	{ "snp.product", "['Genoa', 'Turin']", "['Milan', 'Genoa']", "expected_product",
	  .why = "Turin; expected Milan or Genoa" },
	{ "snp.min_guest_svn", "7", "8", "min_guest_svn", .why = "7; expected 8 or more" },
	{ "snp.vmpl", "[0, 2]", "[1, 3]", "vmpl", .why = "2; expected 1 3", .change = snp_vmpl },
	{ "snp.policy.require", "['smt', '0x100000']", "['smt', 'rapl_dis']", "policy",
	  .why = "missing: rapl_dis" },
	{ "snp.policy.forbid", "['cxl_allow']", "['smt', 'single_socket']", "policy",
	  .why = "not accepted: smt, single_socket" },
	{ "snp.policy.allow", "['debug']", "['migrate_ma']", "policy",
	  .why = "not accepted: debug",
	  .change = snp_debug },
	{ "snp.min_abi", "'0.31'", "'0.32'", "min_abi", .why = "0.31; expected at least 0.32" },
	{ "snp.platform_info.require", "['ecc_en']", "['ecc_en', 'tsme_en']",
	  "platform_info", .why = "missing: tsme_en" },
	{ "snp.platform_info.forbid", "['tsme_en']", "['smt_en', 'unknown']",
	  "platform_info", .why = "not accepted: smt_en, 0x40" },
	{ "snp.min_tcb.fmc", "1", "2", "min_tcb",
	  .why = "REPORTED_TCB has fmc 1, expected 2 or more" },
	{ "snp.min_tcb.bootloader", "4", "5", "min_tcb", .why = "bootloader 4, expected 5" },
	{ "snp.min_tcb.tee", "2", "3", "min_tcb", .why = "tee 2, expected 3" },
	{ "snp.min_tcb.snp", "24", "25", "min_tcb", .why = "snp 24, expected 25" },
	{ "snp.min_tcb.microcode", "219", "220", "min_tcb", .why = "microcode 219, expected 220" },
	{ "snp.min_firmware", "'1.54.200'", "'1.55.30'", "min_firmware",
	  .why = "1.55.29; expected at least 1.55.30" },
	{ "snp.allow_provisional", "true", "false", "provisional",
	  .why = "COMMITTED is below CURRENT",
	  .change = snp_provisional, .skips = true },
	{ "snp.mitigations", "'0x3f'", "'0x43'", "mitigations",
	  .why = "missing at launch or now: 0x40" },
	{ "tdx.mr_td", "'%4821'", "'%48aa'", "mr_td", .why = "expected" },
	{ "tdx.mr_config_id", "'%4822'", "'%48aa'", "mr_config_id", .why = "expected" },
	{ "tdx.mr_owner", "'%4823'", "'%48aa'", "mr_owner", .why = "expected" },
	{ "tdx.mr_owner_config", "'%4824'", "'%48aa'", "mr_owner_config", .why = "expected" },
	{ "tdx.rtmr0", "'%4830'", "'%4831'", "rtmr0", .why = "expected" },
	{ "tdx.rtmr1", "'%4831'", "'%4830'", "rtmr1", .why = "expected" },
	{ "tdx.rtmr2", "'%4832'", "'%4830'", "rtmr2", .why = "expected" },
	{ "tdx.rtmr3", "'%4833'", "'%4830'", "rtmr3", .why = "expected" },
	{ "tdx.mr_seam", "'%4825'", "'%48aa'", "mr_seam", .why = "expected" },
	{ "tdx.mr_signer_seam", "'01%4700'", "'%4800'", "mr_signer_seam", .why = "expected",
	  .change = tdx_signer },
	{ "tdx.mr_service_td", "'%4826'", "'%48aa'", "mr_service_td", .why = "expected" },
	{ "tdx.td_attributes.require", "['sept_ve_disable']", "['pks']", "td_attributes",
	  .why = "missing: pks" },
	{ "tdx.td_attributes.forbid", "['perfmon']", "['sept_ve_disable']", "td_attributes",
	  .why = "not accepted: sept_ve_disable" },
	{ "tdx.td_attributes.allow", "['debug']", "['migratable']", "td_attributes",
	  .why = "not accepted: debug", .change = tdx_debug },
	{ "tdx.xfam.require", "['0x3']", "['0x8']", "xfam", .why = "missing: 0x8" },
	{ "tdx.xfam.forbid", "['0x8']", "['0x3', '0x4']", "xfam",
	  .why = "not accepted: 0x7" },
	{ "tdx.min_tee_tcb_svn", "'07010300%1200'",
	  "'00020000%1200'", "min_tee_tcb_svn",
	  .why = "each byte must be at least" },
	{ "cca.rim", "'%3240'", "'%3241'", "rim", .why = "expected" },
	{ "cca.rem0", "'%3241'", "'%6441'", "rem0", .why = "expected" },
	{ "cca.rem1", "'%3242'", "'%3241'", "rem1", .why = "expected" },
	{ "cca.rem2", "'%3243'", "'%3241'", "rem2", .why = "expected" },
	{ "cca.rem3", "'%3244'", "'%3241'", "rem3", .why = "expected" },
	{ "cca.personalization_value", "'727076'", "'7270'", "personalization_value",
	  .why = "727076; expected 7270" },
	{ "cca.implementation_id", "'696d706c656d656e746174696f6e'", "'00'",
	  "implementation_id", .why = "expected 00" },
	{ "cca.instance_id", "['696e7374616e6365']", "'00'", "instance_id",
	  .why = "expected 00" },
	{ "cca.lifecycle", "['secured', 'non-rot-debug']", "['secured', 'unknown']",
	  "lifecycle", .why = "non-rot-debug; expected secured or unknown", .change = cca_debug },
	{ "cca.components", "[{'measurement': '74776f'}, {'measurement': '6f6e65'}]",
	  "[{'measurement': '6f6e65', 'type': 'BL'}]", "components",
	  .why = "does not have component 1 of the platform" },
	{ "cca.other_components", "true, 'components': [{'measurement': '6f6e65'}]",
	  "false, 'components': [{'measurement': '6f6e65'}]", "components",
	  .why = "does not have component 1 of the platform" },
};

static void make_reports(const struct member_case *c)
{
	make_snp();
	make_tdx();
	make_token();
	if (c && c->change)
		c->change();
}

static int parse(const char *text, struct ccg_report_policy **pp)
{
	char json[4096];

	expand(text, json, sizeof(json));
	*pp = NULL;
	return ccg_policy_parse(ctx, "p.json", (const uint8_t *)json, strlen(json), pp);
}

/* Puts @value into the objects of the path, beside a rule that always holds. */
static void json_of(const char *path, const char *value, char *text, size_t size)
{
	size_t len = snprintf(text, size, "{" SCHEMA);
	const char *dot;
	int depth = 1;

	if (strcmp(path, "report_data"))
		len += snprintf(text + len, size - len, ", 'report_data': 'dddddddddddddddd'");
	len += snprintf(text + len, size - len, ", ");
	while ((dot = strchr(path, '.'))) {
		len += snprintf(text + len, size - len, "'%.*s': {", (int)(dot - path), path);
		path = dot + 1;
		depth++;
	}
	len += snprintf(text + len, size - len, "'%s': %s", path, value);
	while (depth--)
		len += snprintf(text + len, size - len, "}");
}

/* JSON of a value as the value of an option. */
static void option_of(const char *value, char *text)
{
	for (; *value; value++)
		if (!strchr("[]' ", *value))
			*text++ = *value;
	*text = '\0';
}

static int check(const struct ccg_report_policy *p, const char *path,
		 struct ccg_report_verdict *v)
{
	*v = (struct ccg_report_verdict) { 0 };
	if (!strncmp(path, "tdx.", 4))
		return ccg_policy_check_tdx(p, &tdx, v);
	if (!strncmp(path, "cca.", 4))
		return ccg_policy_check_token(p, &token, v);
	return ccg_policy_check_snp(p, &snp, v);
}

static const struct ccg_check *find_check(const struct ccg_report_verdict *v,
					  const char *name)
{
	const struct ccg_check *found = NULL;

	for (size_t i = 0; i < v->n; i++) {
		if (strcmp(v->checks[i].name, name))
			continue;
		if (found)
			return NULL;
		found = &v->checks[i];
	}
	return found;
}

static void print(const struct ccg_report_verdict *v)
{
	for (size_t i = 0; i < v->n; i++)
		printf("# %s: %d, %s\n", v->checks[i].name, v->checks[i].result,
		       v->checks[i].why);
}

/* The check of @c has the result, and no other check fails. */
static bool has_result(const struct ccg_report_policy *p, const struct member_case *c,
		       enum ccg_check_result result)
{
	struct ccg_report_verdict v;
	const struct ccg_check *found;
	bool good;

	if (check(p, c->path, &v))
		return false;
	found = find_check(&v, c->check);
	good = found && found->result == result &&
	       v.failed == (result == CCG_CHECK_FAILED ? found : NULL) &&
	       (result != CCG_CHECK_FAILED || strstr(found->why, c->why));
	if (!good)
		print(&v);
	ccg_report_verdict_clear(&v);
	return good;
}

static bool try_json(const struct member_case *c, const char *value,
		     enum ccg_check_result result)
{
	struct ccg_report_policy *p;
	char text[4096];
	bool good;

	json_of(c->path, value, text, sizeof(text));
	if (parse(text, &p)) {
		printf("# %s: %s\n", text, ccg_error(ctx)->why);
		return false;
	}
	good = has_result(p, c, result);
	ccg_report_policy_free(p);
	return good;
}

static bool try_option(const struct member_case *c, const char *value,
		       enum ccg_check_result result)
{
	struct ccg_report_policy *p;
	char text[1024], option[4096];
	bool good;

	option_of(value, text);
	expand(text, option, sizeof(option));
	if (ccg_report_policy_new(ctx, &p))
		return false;
	good = !ccg_report_policy_set(p, c->path, option) && has_result(p, c, result);
	if (!good)
		printf("# %s: %s\n", option, ccg_error(ctx)->why);
	ccg_report_policy_free(p);
	return good;
}

static void test_members(void)
{
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		const struct member_case *c = &cases[i];
		enum ccg_check_result accepted = c->skips ? CCG_CHECK_SKIPPED : CCG_CHECK_OK;

		make_reports(c);
		ok(i < N_MEMBERS && !strcmp(c->path, ccg_policy_members[i].path),
		   "member %s has a case", c->path);
		ok(try_json(c, c->good, accepted), "JSON: %s accepts", c->path);
		ok(try_json(c, c->bad, CCG_CHECK_FAILED), "JSON: %s refuses", c->path);
		if (strstr(c->path, "components"))
			continue;
		ok(try_option(c, c->good, accepted), "option: %s accepts", c->path);
		ok(try_option(c, c->bad, CCG_CHECK_FAILED), "option: %s refuses", c->path);
	}
	ok(ARRAY_SIZE(cases) == N_MEMBERS, "each member has a case");
}

/* ---- reports that a rule refuses for another reason, or by default ---- */

#define NO_RULE	"report_data", "'dddddddddddddddd'", NULL

static const struct member_case more[] = {
	{ "snp.chip_id", "'%6400'", NULL, "chip_id", .why = "masks", .change = snp_masked },
	{ "snp.product", "'Turin'", NULL, "expected_product", .why = "not known; expected Turin",
	  .change = snp_no_product },
	{ "snp.min_tcb.snp", "24", NULL, "min_tcb", .why = "REPORTED_TCB has no snp that is known",
	  .change = snp_no_product },
	{ "snp.min_tcb.fmc", "0", NULL, "min_tcb", .why = "CURRENT_TCB has no fmc",
	  .change = snp_no_fmc },
	{ "snp.min_tcb.snp", "24", NULL, "min_tcb", .why = "LAUNCH_TCB has snp 23",
	  .change = snp_old_launch },
	{ "snp.min_tcb.snp", "24", NULL, "min_tcb", .why = "CURRENT_TCB has snp 23",
	  .change = snp_old_current },
	{ "snp.mitigations", "'0x1'", NULL, "mitigations", .why = "version 2 does not have",
	  .change = snp_version_2 },
	{ "snp.mitigations", "'0x1'", NULL, "mitigations", .why = "missing at launch or now: 0x1",
	  .change = snp_no_launch_mitigation },
	{ "snp.allow_provisional", "false", NULL, "provisional", .why = "COMMITTED",
	  .change = snp_old_firmware },
	{ "snp.allow_provisional", "false", NULL, "provisional", .why = "COMMITTED",
	  .change = snp_no_product },
	{ "snp.policy.allow", "['debug', '0x8000000']", NULL, "policy",
	  .why = "not accepted: 0x8000000000000000", .change = snp_bit_63 },
	{ NO_RULE, "policy", .why = "not accepted: debug", .change = snp_debug },
	{ NO_RULE, "policy", .why = "not accepted: migrate_ma", .change = snp_migrates },
	{ NO_RULE, "policy", .why = "bit 17 is 0", .change = snp_bit_17 },
	{ NO_RULE, "policy", .why = "not accepted: 0x8000000000000000", .change = snp_bit_63 },
	{ NO_RULE, "vmpl", .why = "2; expected 0", .change = snp_vmpl },
	{ NO_RULE, "vmpl", .why = "64; expected 0", .change = snp_vmpl_64 },
	{ "tdx.mr_td", "'%4821'", NULL, "td_attributes", .why = "not accepted: debug",
	  .change = tdx_debug },
	{ "tdx.mr_td", "'%4821'", NULL, "td_attributes", .why = "not accepted: migratable",
	  .change = tdx_migrates },
	{ "tdx.mr_td", "'%4821'", NULL, "td_attributes", .why = "not accepted: 0x80",
	  .change = tdx_profiled },
	{ "tdx.mr_td", "'%4821'", NULL, "mr_signer_seam", .why = "is not Intel's",
	  .change = tdx_signer },
	{ "tdx.mr_service_td", "'%4826'", NULL, "mr_service_td", .why = "does not have it",
	  .change = tdx_10 },
	{ "tdx.min_tee_tcb_svn", "'07010300%1200'", NULL,
	  "min_tee_tcb_svn", .why = "07010200", .change = tdx_old_module },
	{ "cca.rim", "'%3240'", NULL, "lifecycle", .why = "non-rot-debug; expected secured",
	  .change = cca_debug },
	{ "cca.rim", "'%3240'", NULL, "lifecycle", .why = "unknown; expected secured",
	  .change = cca_no_lifecycle },
	{ "cca.rim", "'%3240'", NULL, "lifecycle", .why = "not known; expected secured",
	  .change = cca_odd_lifecycle },
	{ "cca.lifecycle", "'unknown'", NULL, "lifecycle", .why = "not known; expected unknown",
	  .change = cca_odd_lifecycle },
	{ "cca.personalization_value", "'00'", NULL, "personalization_value",
	  .why = "does not have it", .change = cca_no_rpv },
	{ "cca.rim", "'%3240'", NULL, "report_data", .why = "expected",
	  .change = cca_long_challenge },
	{ "cca.components", "[{'measurement': '6f6e65'}]", NULL, "components",
	  .why = "lacks component 0 of p.json", .change = cca_no_components },
};

static void test_more(void)
{
	for (size_t i = 0; i < ARRAY_SIZE(more); i++) {
		make_reports(&more[i]);
		ok(try_json(&more[i], more[i].good, CCG_CHECK_FAILED), "refused: %s: %s",
		   more[i].check, more[i].why);
	}
}

/* ---- which rules a policy has ---- */

static void expect_rules(const char *text, const char *path, enum ccg_check_result result,
			 const char *why, const char *name)
{
	const struct member_case c = { path, NULL, NULL, "rules", why, NULL, false };
	struct ccg_report_policy *p;

	make_reports(NULL);
	ok(!parse(text, &p) && has_result(p, &c, result), "rules: %s", name);
	ccg_report_policy_free(p);
}

static void test_rules(void)
{
	const struct member_case none = { .path = "snp.", .check = "rules" };
	struct ccg_report_policy *p = NULL;

	expect_rules("{" SCHEMA ", 'tdx': {'mr_td': '%4821'}}", "snp.",
		     CCG_CHECK_FAILED, "is of SEV-SNP", "a policy for TDX, a report of SNP");
	expect_rules("{" SCHEMA ", 'snp': {'min_guest_svn': 1}}", "tdx.",
		     CCG_CHECK_FAILED, "is of TDX", "a policy for SNP, a quote of TDX");
	expect_rules("{" SCHEMA ", 'report_data': 'dddddddddddddddd', 'snp': {'vmpl': [0]}}",
		     "cca.", CCG_CHECK_FAILED, "is of Arm CCA", "a policy for SNP, a token");
	expect_rules("{" SCHEMA ", 'report_data': 'dddddddddddddddd'}", "cca.", CCG_CHECK_OK, "",
		     "a policy for all kinds");
	expect_rules("{" SCHEMA ", 'snp': {'product': 'Milan'}, 'tdx': {'mr_td': '%4821'}}", "tdx.",
		     CCG_CHECK_OK, "", "a policy for two kinds");
	expect_rules("{" SCHEMA ", 'allow_everything': true}", "snp.", CCG_CHECK_SKIPPED, "",
		     "allow_everything");
	make_reports(NULL);
	ok(!ccg_report_policy_new(ctx, &p) && has_result(p, &none, CCG_CHECK_SKIPPED),
	   "rules: none");
	ccg_report_policy_free(p);
}

/* ---- options ---- */

static bool refuses(struct ccg_report_policy *p, const char *path, const char *value,
		    const char *why)
{
	const struct ccg_error *e = ccg_error(ctx);
	int rc = ccg_report_policy_set(p, path, value);

	if (rc)
		printf("# %s: %s\n", e->what, e->why);
	return rc == -EINVAL && e->kind == CCG_USAGE && !strcmp(e->what, path) &&
	       strstr(e->why, why);
}

static int set(struct ccg_report_policy *p, const char *path, const char *value)
{
	char text[512];

	expand(value, text, sizeof(text));
	return ccg_report_policy_set(p, path, text);
}

static void test_options(void)
{
	const struct member_case c = { .path = "snp.", .check = "measurement" };
	struct ccg_report_policy *p = NULL;

	make_reports(NULL);
	if (ccg_report_policy_new(ctx, &p))
		return;
	ok(refuses(p, "snp.measurements", "00", "no such member"), "option: unknown");
	ok(refuses(p, "snp.policy", "debug", "no such member"), "option: an object");
	ok(refuses(p, "snp.measurement", "", "expected 48 bytes"), "option: empty");
	ok(refuses(p, "snp.vmpl", "0,", "expected a number"), "option: ends with a comma");
	ok(refuses(p, "cca.components", "00", "only a file"), "option: components");
	ok(!set(p, "snp.min_guest_svn", "1") &&
	   refuses(p, "snp.min_guest_svn", "1", "there twice"), "option: a number twice");
	ok(!set(p, "snp.measurement", "%48aa") &&
	   !set(p, "snp.measurement", "%4811") &&
	   has_result(p, &c, CCG_CHECK_OK), "option: a list grows");
	ok(!set(p, "snp.policy.require", "smt") &&
	   refuses(p, "snp.policy.forbid", "debug,smt", "forbids a bit"),
	   "option: required and forbidden");
	ccg_report_policy_free(p);
	ok(!parse("{" SCHEMA ", '$schema': 'x', 'report_data': '00'}", &p) &&
	   refuses(p, "report_data", "00", "p.json has this rule already"),
	   "option: a rule of the file");
	ok(p && !set(p, "snp.min_guest_svn", "1"),
	   "option: a rule besides those of the file");
	ccg_report_policy_free(p);
}

/* ---- names ---- */

/* Calls @use with each name of a member. */
static void for_names(const struct policy_member *m,
		      void (*use)(const struct policy_member *m, const char *name))
{
	char *names = strdup(m->names ? m->names : ""), *rest = names, *name;

	for (unsigned int i = 0; m->bit_name && i < 64; i++)
		if (m->bit_name(i))
			use(m, m->bit_name(i));
	while (m->names && names && (name = strsep(&rest, ",")))
		use(m, name + (*name == ' '));
	free(names);
}

static void test_name(const struct policy_member *m, const char *name)
{
	struct rule_fault fault;
	struct rule r = { 0 };
	int rc = ccg_rule_add(m, &r, name, &fault);

	ok(!rc && r.set && (m->known ? r.n == 1 : r.number != 0), "name: %s: %s", m->path, name);
	free(r.values);
}

static void print_name(const struct policy_member *m, const char *name)
{
	printf("%s\t%s\n", m->path, name);
}

static int print_members(bool names)
{
	for (int i = 0; i < N_MEMBERS; i++)
		if (names)
			for_names(&ccg_policy_members[i], print_name);
		else
			puts(ccg_policy_members[i].path);
	return 0;
}

int main(int argc, char **argv)
{
	if (argc == 2)
		return print_members(!strcmp(argv[1], "names"));
	if (ccg_ctx_new(&ctx))
		return 1;
	test_members();
	test_more();
	test_rules();
	test_options();
	for (int i = 0; i < N_MEMBERS; i++)
		for_names(&ccg_policy_members[i], test_name);
	ccg_ctx_free(ctx);
	return tap_done();
}
