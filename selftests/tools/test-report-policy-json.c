// SPDX-License-Identifier: GPL-2.0-only
/*
 * Unit test of the reader of policies for reports: malformed policies, and what the
 * error says. TAP on standard output.
 */
#include <errno.h>
#include <string.h>

#include <ccguest/ctx.h>

#include "../lib/tap.h"
#include "core/ctx.h"
#include "report/policy.h"
#include "test-report-policy.h"

static struct ccg_ctx *ctx;

static int parse(const char *members, struct ccg_report_policy **pp)
{
	static char text[64 * (RULE_VALUES_MAX + 2)], json[64 * (RULE_VALUES_MAX + 2)];

	if (*members == '{' || *members == '[')
		snprintf(text, sizeof(text), "%s", members);
	else
		snprintf(text, sizeof(text), "{" SCHEMA "%s%s}", *members ? ", " : "", members);
	expand(text, json, sizeof(json));
	*pp = NULL;
	return ccg_policy_parse(ctx, "p.json", (const uint8_t *)json, strlen(json), pp);
}

/**
 * struct fault_case - a malformed policy, and the error
 * @name: name of the case
 * @text: the members besides the schema, or the whole text if it begins with a
 *	  bracket; with apostrophes for quotation marks
 * @why: a part of the error
 */
static const struct fault_case {
	const char *name;
	const char *text;
	const char *why;
} faults[] = {
	{ "an array", "[]", "policy: expected an object" },
	{ "no schema", "{'report_data': '00'}", "schema: the member is missing" },
	{ "another schema", "{'schema': 'ccguest/report-policy/2'}", "schema: expected" },
	{ "a number as schema", "{'schema': 1}", "schema: expected" },
	{ "$schema is a number", "'$schema': 1", "$schema: expected a string" },
	{ "unknown member", "'sev': {}", "sev: is not a member" },
	{ "unknown member below", "'snp': {'measurements': '00'}",
	  "snp.measurements: is not a member" },
	{ "unknown member below a member", "'snp': {'policy': {'deny': []}}",
	  "snp.policy.deny: is not" },
	{ "a path as name", "'snp.min_guest_svn': 1", "snp.min_guest_svn: is not a member" },
	{ "a path as name below", "'snp': {'policy.allow': []}",
	  "snp.policy.allow: is not a member" },
	{ "an empty name", "'': 1", "is not a member" },
	{ "an empty name below", "'snp': {'': 1}", "snp.: is not a member" },
	{ "a member of another object", "'tdx': {'measurement': '00'}",
	  "tdx.measurement: is not a member" },
	{ "a part of a name", "'sn': {}", "sn: is not a member" },
	{ "a long name", "'snp': {'%99aa': 1}", "is not a member" },
	{ "a NUL in a name", "'report_data\\u0000x': '00'", "\\u0000" },
	{ "two members of a name", "'snp': {'min_guest_svn': 1, 'min_guest_svn': 2}",
	  "two members of the same name" },
	{ "an object as value", "'snp': {'measurement': {}}",
	  "snp.measurement: expected a string" },
	{ "a value as object", "'snp': {'policy': 1}", "snp.policy: expected an object" },
	{ "an array as object", "'snp': []", "snp: expected an object" },
	{ "null", "'snp': {'measurement': null}", "expected a string" },
	{ "no digits", "'snp': {'measurement': 'xy'}",
	  "snp.measurement: expected hexadecimal digits" },
	{ "too short", "'snp': {'measurement': '00'}",
	  "expected 48 bytes (96 hexadecimal digits), got 2 digits" },
	{ "too long", "'snp': {'family_id': '%3200'}", "expected 16 bytes" },
	{ "empty", "'report_data': ''", "expected 1 to 64 bytes" },
	{ "an empty list", "'snp': {'measurement': []}", "is empty" },
	{ "the second value", "'snp': {'measurement': ['%4800', 1]}",
	  "snp.measurement[1]: expected a string" },
	{ "a value twice", "'snp': {'measurement': ['%48aa','%48AA']}",
	  "snp.measurement[1]: the value is there twice" },
	{ "an array of an array", "'snp': {'measurement': [[]]}", "expected a string" },
	{ "an array for one value", "'report_data': ['00']", "report_data: expected a string" },
	{ "a number as string", "'snp': {'min_guest_svn': '1'}", "expected a number" },
	{ "a fraction", "'snp': {'min_guest_svn': 1.0}", "expected a number" },
	{ "a negative number", "'snp': {'min_guest_svn': -1}",
	  "expected a number from 0 to 4294967295" },
	{ "a large number", "'snp': {'min_guest_svn': 4294967296}",
	  "expected a number from 0 to 4294967295" },
	{ "64 bits", "'snp': {'min_guest_svn': 18446744073709551615}",
	  "expected a number from 0 to 4294967295" },
	{ "SVN 256", "'snp': {'min_tcb': {'tee': 256}}",
	  "snp.min_tcb.tee: expected a number from 0 to 255" },
	{ "VMPL 4", "'snp': {'vmpl': [4]}", "expected a number from 0 to 3" },
	{ "VMPL without a list", "'snp': {'vmpl': 0}", "expected an array" },
	{ "bits without a list", "'snp': {'policy': {'allow': 'debug'}}",
	  "snp.policy.allow: expected an array" },
	{ "unknown bit", "'snp': {'policy': {'allow': ['DEBUG']}}",
	  "snp.policy.allow[0]: \"DEBUG\" is not the name of a bit" },
	{ "a name for XFAM", "'tdx': {'xfam': {'forbid': ['amx']}}",
	  "\"amx\" is not a hexadecimal number" },
	{ "bit 17", "'snp': {'policy': {'require': ['0x20000']}}", "bit 17 is always 1" },
	{ "bits of the version", "'snp': {'policy': {'forbid': ['0x1f']}}", "see min_abi" },
	{ "65 bits", "'snp': {'mitigations': '0x10000000000000000'}", "up to 64 bits" },
	{ "bits without 0x", "'snp': {'mitigations': '3f'}", "as 0x3f" },
	{ "required and forbidden", "'snp': {'policy': {'require': ['smt'], 'forbid': ['smt']}}",
	  "snp.policy.require: a bit of this rule is in forbid too" },
	{ "allowed and forbidden",
	  "'tdx': {'td_attributes': {'allow': ['debug'], 'forbid': ['debug']}}",
	  "tdx.td_attributes.allow: a bit" },
	{ "two parts of three", "'snp': {'min_firmware': '1.55'}", "expected MAJOR.MINOR.BUILD" },
	{ "three parts of two", "'snp': {'min_abi': '1.55.1'}", "expected MAJOR.MINOR" },
	{ "part 256", "'snp': {'min_abi': '1.256'}", "expected MAJOR.MINOR" },
	{ "an empty version", "'snp': {'min_abi': ''}", "expected MAJOR.MINOR" },
	{ "text as boolean", "'snp': {'allow_provisional': 'true'}", "expected true or false" },
	{ "unknown product", "'snp': {'product': 'Naples'}",
	  "\"Naples\" is not a name; expected one of Milan, Genoa" },
	{ "unknown lifecycle", "'cca': {'lifecycle': ['Secured']}",
	  "\"Secured\" is not a name; expected one of unknown, assembly-and-test" },
	{ "components as object", "'cca': {'components': {}}",
	  "cca.components: components: is not an array" },
	{ "a component without measurement", "'cca': {'components': [{}]}",
	  "a component has no measurement" },
	{ "an unknown member of a component",
	  "'cca': {'components': [{'measurement': '00', 'name': 'BL'}]}",
	  "name: is not a member of a component" },
	{ "other_components alone", "'cca': {'rim': '00', 'other_components': true}",
	  "cca.other_components: needs cca.components" },
	{ "allow_everything as number", "'allow_everything': 1",
	  "allow_everything: expected true or false" },
	{ "allow_everything and a rule", "'allow_everything': true, 'report_data': '00'",
	  "allow_everything: is true, and the policy has rules" },
	{ "no rule", "", "accepts every guest" },
	{ "allow_everything is false", "'allow_everything': false", "accepts every guest" },
	{ "empty objects", "'snp': {'policy': {'require': []}}, 'tdx': {}", "accepts every guest" },
	{ "only what loosens",
	  "'snp': {'vmpl': [0], 'policy': {'allow': ['smt']}}, 'cca': {'lifecycle': 'secured'}",
	  "accepts every guest" },
	{ "only minima of 0",
	  "'snp': {'min_guest_svn': 0, 'min_tcb': {'tee': 0}, 'min_abi': '0.0'}",
	  "accepts every guest" },
	{ "only SVNs of 0", "'tdx': {'min_tee_tcb_svn': '%1600'}", "accepts every guest" },
	{ "forbids what is refused anyway",
	  "'snp': {'policy': {'forbid': ['debug', 'migrate_ma', 'unknown']}}",
	  "accepts every guest" },
	{ "allows what may be provisional", "'snp': {'allow_provisional': true}",
	  "accepts every guest" },
};

static void test_faults(void)
{
	const struct ccg_error *e = ccg_error(ctx);
	struct ccg_report_policy *p;
	bool good;

	for (size_t i = 0; i < ARRAY_SIZE(faults); i++) {
		good = parse(faults[i].text, &p) == -EINVAL && !p && e->kind == CCG_FAILED &&
		       !strcmp(e->what, "p.json") && strstr(e->why, faults[i].why);
		if (!good)
			printf("# %s\n", p ? "accepted" : e->why);
		ok(good, "malformed: %s", faults[i].name);
		ccg_report_policy_free(p);
	}
}

static void test_many(void)
{
	static char text[63 * RULE_VALUES_MAX];
	struct ccg_report_policy *p;

	for (size_t n = RULE_VALUES_MAX; n <= RULE_VALUES_MAX + 1; n++) {
		size_t len = snprintf(text, sizeof(text), "'snp': {'family_id': [");

		for (size_t i = 0; i < n; i++)
			len += snprintf(text + len, sizeof(text) - len, "%s'%032zx'",
					i ? ", " : "", i);
		snprintf(text + len, sizeof(text) - len, "]}");
		ok(parse(text, &p) == (n > RULE_VALUES_MAX ? -EINVAL : 0) &&
		   !p == (n > RULE_VALUES_MAX),
		   "%zu values", n);
		ccg_report_policy_free(p);
	}
}

int main(void)
{
	if (ccg_ctx_new(&ctx))
		return 1;
	test_faults();
	test_many();
	ccg_ctx_free(ctx);
	return tap_done();
}
