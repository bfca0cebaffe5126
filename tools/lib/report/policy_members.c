// SPDX-License-Identifier: GPL-2.0-only
/*
 * Policies for reports: the table of their members. The reader of JSON, the options
 * of a command, the checks, and the tests of the schema and of the man page use this
 * table.
 */
#include <errno.h>
#include <string.h>

#include "report/policy.h"
#include "sev/snp.h"

/* The low bits of a guest policy are a version. */
#define SNP_POLICY_FIXED	(0xffffULL | CCG_SNP_POLICY_MUST_BE_1)
#define SNP_POLICY_WHY		"bits 0 to 15 are a version, see min_abi, and bit 17 is always 1"

#define SNP_REFUSED	(CCG_SNP_POLICY_DEBUG | CCG_SNP_POLICY_MIGRATE_MA)
/*
 * Intel TDX Module Base Architecture Specification, ATTRIBUTES: a guest with one of
 * bits 0 to 7 (TUD) is not trusted. Bit 29 is MIGRATABLE.
 */
#define TDX_REFUSED	(0xffULL | 1ULL << 29)

static bool product_known(const char *word)
{
	return ccg_snp_product_find(word) != CCG_SNP_UNKNOWN;
}

#define SNP_FIELD(f, n)	\
	.kind = KIND_BYTES, .offset = offsetof(struct ccg_snp, f), .len = n
#define TDX_FIELD(f)	\
	.kind = KIND_BYTES, .offset = offsetof(struct ccg_tdx, f), \
	.len = CCG_TDX_DIGEST_LEN
#define CCA_REGISTER(n)	\
	.kind = KIND_CLAIM, .offset = offsetof(struct ccg_token, regs[n]), \
	.len = RULE_VALUE_MAX
#define CCA_CLAIM(f)	\
	.kind = KIND_CLAIM, .offset = offsetof(struct ccg_token, f), \
	.len = RULE_VALUE_MAX
#define SNP_POLICY	\
	.kind = KIND_MASK, .bit_name = ccg_snp_policy_name, \
	.fixed = SNP_POLICY_FIXED, .why_fixed = SNP_POLICY_WHY
#define SNP_PLATFORM	.kind = KIND_MASK, .bit_name = ccg_snp_platform_name
#define TDX_ATTRIBUTES	.kind = KIND_MASK, .bit_name = ccg_tdx_attribute_name
#define SVN		.kind = KIND_NUMBER, .max = 0xff

const struct policy_member ccg_policy_members[N_MEMBERS] = {
	[REPORT_DATA] = { "report_data", .kind = KIND_PADDED, .len = 64 },
	[SNP_MEASUREMENT] = { "snp.measurement", SNP_FIELD(measurement, 48) },
	[SNP_HOST_DATA] = { "snp.host_data", SNP_FIELD(host_data, 32) },
	[SNP_ID_KEY_DIGEST] = { "snp.id_key_digest", SNP_FIELD(id_key_digest, 48) },
	[SNP_AUTHOR_KEY_DIGEST] = {
		"snp.author_key_digest", SNP_FIELD(author_key_digest, 48) },
	[SNP_FAMILY_ID] = { "snp.family_id", SNP_FIELD(family_id, 16) },
	[SNP_IMAGE_ID] = { "snp.image_id", SNP_FIELD(image_id, 16) },
	[SNP_REPORT_ID_MA] = { "snp.report_id_ma", SNP_FIELD(report_id_ma, 32) },
	[SNP_CHIP_ID] = { "snp.chip_id", SNP_FIELD(chip_id, 64) },
	[SNP_PRODUCT] = {
		"snp.product", .kind = KIND_WORDS, .known = product_known,
		.names = "Milan, Genoa, Turin, Venice" },
	[SNP_MIN_GUEST_SVN] = {
		"snp.min_guest_svn", .kind = KIND_NUMBER, .max = UINT32_MAX },
	[SNP_VMPL] = { "snp.vmpl", .kind = KIND_SET, .loosens = true, .max = 3 },
	[SNP_POLICY_REQUIRE] = { "snp.policy.require", SNP_POLICY },
	[SNP_POLICY_FORBID] = {
		"snp.policy.forbid", SNP_POLICY, .refused = SNP_REFUSED,
		.refuses_unknown = true },
	[SNP_POLICY_ALLOW] = { "snp.policy.allow", SNP_POLICY, .loosens = true },
	[SNP_MIN_ABI] = { "snp.min_abi", .kind = KIND_VERSION, .len = 2 },
	[SNP_PLATFORM_REQUIRE] = { "snp.platform_info.require", SNP_PLATFORM },
	[SNP_PLATFORM_FORBID] = { "snp.platform_info.forbid", SNP_PLATFORM },
	[SNP_MIN_FMC] = { "snp.min_tcb.fmc", SVN },
	[SNP_MIN_BOOTLOADER] = { "snp.min_tcb.bootloader", SVN },
	[SNP_MIN_TEE] = { "snp.min_tcb.tee", SVN },
	[SNP_MIN_SNP] = { "snp.min_tcb.snp", SVN },
	[SNP_MIN_MICROCODE] = { "snp.min_tcb.microcode", SVN },
	[SNP_MIN_FIRMWARE] = { "snp.min_firmware", .kind = KIND_VERSION, .len = 3 },
	[SNP_ALLOW_PROVISIONAL] = { "snp.allow_provisional", .kind = KIND_BOOL },
	[SNP_MITIGATIONS] = { "snp.mitigations", .kind = KIND_BITS },
	[TDX_MR_TD] = { "tdx.mr_td", TDX_FIELD(mr_td) },
	[TDX_MR_CONFIG_ID] = { "tdx.mr_config_id", TDX_FIELD(mr_config_id) },
	[TDX_MR_OWNER] = { "tdx.mr_owner", TDX_FIELD(mr_owner) },
	[TDX_MR_OWNER_CONFIG] = {
		"tdx.mr_owner_config", TDX_FIELD(mr_owner_config) },
	[TDX_RTMR0] = { "tdx.rtmr0", TDX_FIELD(rtmr[0]) },
	[TDX_RTMR1] = { "tdx.rtmr1", TDX_FIELD(rtmr[1]) },
	[TDX_RTMR2] = { "tdx.rtmr2", TDX_FIELD(rtmr[2]) },
	[TDX_RTMR3] = { "tdx.rtmr3", TDX_FIELD(rtmr[3]) },
	[TDX_MR_SEAM] = { "tdx.mr_seam", TDX_FIELD(mr_seam) },
	[TDX_MR_SIGNER_SEAM] = {
		"tdx.mr_signer_seam", TDX_FIELD(mr_signer_seam), .loosens = true },
	[TDX_MR_SERVICE_TD] = { "tdx.mr_service_td", TDX_FIELD(mr_service_td) },
	[TDX_ATTRIBUTES_REQUIRE] = { "tdx.td_attributes.require", TDX_ATTRIBUTES },
	[TDX_ATTRIBUTES_FORBID] = {
		"tdx.td_attributes.forbid", TDX_ATTRIBUTES,
		.refused = TDX_REFUSED },
	[TDX_ATTRIBUTES_ALLOW] = {
		"tdx.td_attributes.allow", TDX_ATTRIBUTES, .loosens = true },
	[TDX_XFAM_REQUIRE] = { "tdx.xfam.require", .kind = KIND_MASK },
	[TDX_XFAM_FORBID] = { "tdx.xfam.forbid", .kind = KIND_MASK },
	[TDX_MIN_TEE_TCB_SVN] = { "tdx.min_tee_tcb_svn", .kind = KIND_FLOOR, .len = 16 },
	[CCA_RIM] = { "cca.rim", CCA_REGISTER(0) },
	[CCA_REM0] = { "cca.rem0", CCA_REGISTER(1) },
	[CCA_REM1] = { "cca.rem1", CCA_REGISTER(2) },
	[CCA_REM2] = { "cca.rem2", CCA_REGISTER(3) },
	[CCA_REM3] = { "cca.rem3", CCA_REGISTER(4) },
	[CCA_RPV] = { "cca.personalization_value", CCA_CLAIM(rpv) },
	[CCA_IMPLEMENTATION_ID] = {
		"cca.implementation_id", CCA_CLAIM(implementation) },
	[CCA_INSTANCE_ID] = { "cca.instance_id", CCA_CLAIM(instance) },
	[CCA_LIFECYCLE] = {
		"cca.lifecycle", .kind = KIND_WORDS, .loosens = true,
		.known = ccg_lifecycle_known,
		.names =
		"unknown, assembly-and-test, rot-provisioning, secured, non-rot-debug, recoverable-rot-debug, decommissioned",
	},
	[CCA_COMPONENTS] = { "cca.components", .kind = KIND_COMPONENTS },
	[CCA_OTHER_COMPONENTS] = {
		"cca.other_components", .kind = KIND_BOOL, .loosens = true },
};

/**
 * ccg_policy_find_member - find a member by its path
 * @path: the path
 *
 * Return: its number in the table, or -ENOENT.
 */
int ccg_policy_find_member(const char *path)
{
	for (int i = 0; i < N_MEMBERS; i++)
		if (!strcmp(ccg_policy_members[i].path, path))
			return i;
	return -ENOENT;
}

/**
 * ccg_policy_is_object - find out whether a path is that of an object with members
 * @path: the path
 *
 * Return: true if it is.
 */
bool ccg_policy_is_object(const char *path)
{
	size_t len = strlen(path);

	for (int i = 0; i < N_MEMBERS; i++)
		if (!strncmp(ccg_policy_members[i].path, path, len) &&
		    ccg_policy_members[i].path[len] == '.')
			return true;
	return false;
}

/**
 * ccg_policy_is_list - find out whether values of a form are lists
 * @kind: the form
 *
 * Return: true if a member can have several values.
 */
bool ccg_policy_is_list(enum policy_kind kind)
{
	return kind == KIND_BYTES || kind == KIND_CLAIM || kind == KIND_WORDS ||
	       kind == KIND_SET || kind == KIND_MASK;
}

/**
 * ccg_policy_in_section - find out whether a member belongs to a kind of reports
 * @id: the member
 * @section: "snp", "tdx" or "cca"
 *
 * Return: true if the member is in this object of the policy.
 */
bool ccg_policy_in_section(enum policy_id id, const char *section)
{
	size_t len = strlen(section);

	return !strncmp(ccg_policy_members[id].path, section, len) &&
	       ccg_policy_members[id].path[len] == '.';
}

/**
 * ccg_policy_unknown - get the bits of a mask that have no name
 * @m: the member
 *
 * Return: the bits.
 */
uint64_t ccg_policy_unknown(const struct policy_member *m)
{
	uint64_t bits = 0;

	for (unsigned int i = 0; i < 64; i++)
		if (!m->bit_name || !m->bit_name(i))
			bits |= 1ULL << i;
	return bits & ~m->fixed;
}

/**
 * ccg_policy_refused - get the bits that every policy refuses
 * @m: a member forbid
 *
 * Return: the bits.
 */
uint64_t ccg_policy_refused(const struct policy_member *m)
{
	return m->refused | (m->refuses_unknown ? ccg_policy_unknown(m) : 0);
}
