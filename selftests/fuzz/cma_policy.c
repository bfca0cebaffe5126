// SPDX-License-Identifier: GPL-2.0-only
/*
 * Fuzz target: the input is the length of a policy (two bytes), the policy, and
 * the subjectAltName of a leaf.
 *
 * Checks that a fault names a line and a word of the policy, that each rule lies
 * inside the policy, and that an accepted policy always gives a rule or none.
 */
#include "../../lib/cma_policy.h"
#include "fuzz.h"

static const struct cma_id nvme = {
	.has_address = true, .has_subsystem = true, .bus = 1,
	.vendor = 0x1b36, .device = 0x0010, .sub_vendor = 0x1af4, .sub_device = 0x1100,
};

static bool inside(const u8 *p, size_t n, const u8 *text, size_t len)
{
	return p >= text && (size_t)(p - text) <= len &&
	       n <= len - (size_t)(p - text);
}

static int digest(void *ctx, const u8 *data, size_t len, u8 out[CMA_PIN_LEN])
{
	(void)ctx;
	(void)data;
	(void)len;
	memset(out, 0, CMA_PIN_LEN);
	return 0;
}

static void judge(const struct cma_rule *rule, const u8 *san, size_t san_len)
{
	static const char name[] = "Vendor=1b36:Device=0010";
	const struct x509_cert leaf = {
		.raw = san, .raw_len = san_len, .san = san, .san_len = san_len,
	};
	const struct x509_path path = { .certs = san, .leaf = &leaf };
	const struct cma_sha256 sha = { .digest = digest };
	char detail[X509_DETAIL_MAX] = "";
	struct x509_fault fault = {};
	int rc;

	rc = cma_rule_check_name(rule, &leaf, name, &fault, detail,
				 sizeof(detail));
	require(!rc || cma_rule_wants_name(rule));
	if (!rc)
		rc = cma_rule_check_pin(rule, &path, &sha, &fault, detail,
					sizeof(detail));
	require(!rc || rc == -EKEYREJECTED || rc == -EBADMSG);
	require(!rc || fault.what);
	require(rc != -EKEYREJECTED || detail[0]);
	for (const char *p = detail; *p; p++)
		require(*p >= ' ' && *p <= '~');
	if (!cma_rule_wants_name(rule))
		require(!rc || !strcmp(fault.field, "subjectPublicKeyInfo"));
	require(cma_rule_wants_name(rule) || !cma_rule_wants_pci_name(rule));
}

int LLVMFuzzerTestOneInput(const u8 *data, size_t size)
{
	struct cma_id partial = nvme;
	struct cma_policy_fault fault;
	struct cma_rule rule;
	size_t len, rules;
	const u8 *text;
	int rc;

	if (size < 2)
		return 0;
	text = data + 2;
	len = get_unaligned_le16(data);
	if (len > size - 2)
		len = size - 2;
	rc = cma_policy_check(text, len, &rules, &fault);
	if (rc) {
		require(rc == -EINVAL && fault.what && fault.line);
		require(!fault.word || inside(fault.word, fault.word_len, text, len));
		return 0;
	}
	rc = cma_policy_find(text, len, &nvme, &rule);
	require(rc == 0 || rc == 1);
	if (rc) {
		require(rule.line && rules);
		require(inside(rule.text, rule.len, text, len));
		judge(&rule, text + len, size - 2 - len);
	}
	partial.has_address = false;
	partial.has_subsystem = false;
	rc = cma_policy_find(text, len, &partial, &rule);
	require(rc == 0 || rc == 1 || rc == -ENODATA);
	return 0;
}
