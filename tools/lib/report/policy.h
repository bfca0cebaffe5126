/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Private to this room: policies, and the table of their members.
 */
#ifndef CCGUEST_REPORT_POLICY_H
#define CCGUEST_REPORT_POLICY_H

#include <ccguest/report.h>

#include "core/ctx.h"

struct json_object;

/* Longest value of bytes, or word, in bytes. */
#define RULE_VALUE_MAX	64
/* Largest number of values of a member. */
#define RULE_VALUES_MAX	4096

/**
 * enum policy_kind - forms of values
 * @KIND_BYTES: list of bytes of a fixed length; one of them must be in the report
 * @KIND_PADDED: bytes, followed by zeros
 * @KIND_CLAIM: list of bytes of any length
 * @KIND_WORDS: list of names
 * @KIND_SET: list of numbers
 * @KIND_MASK: list of names of bits, and of hexadecimal numbers
 * @KIND_NUMBER: number
 * @KIND_FLOOR: bytes, none of which may be larger than that of the report
 * @KIND_VERSION: major, minor and, if @len is 3, build, with dots between them
 * @KIND_BITS: hexadecimal number
 * @KIND_BOOL: true or false
 * @KIND_COMPONENTS: software components of a platform
 */
enum policy_kind {
	KIND_BYTES,
	KIND_PADDED,
	KIND_CLAIM,
	KIND_WORDS,
	KIND_SET,
	KIND_MASK,
	KIND_NUMBER,
	KIND_FLOOR,
	KIND_VERSION,
	KIND_BITS,
	KIND_BOOL,
	KIND_COMPONENTS,
};

/* Members in the order of the table; those with one check in the order of checks. */
enum policy_id {
	REPORT_DATA,
	SNP_MEASUREMENT,
	SNP_HOST_DATA,
	SNP_ID_KEY_DIGEST,
	SNP_AUTHOR_KEY_DIGEST,
	SNP_FAMILY_ID,
	SNP_IMAGE_ID,
	SNP_REPORT_ID_MA,
	SNP_CHIP_ID,
	SNP_PRODUCT,
	SNP_MIN_GUEST_SVN,
	SNP_VMPL,
	SNP_POLICY_REQUIRE,
	SNP_POLICY_FORBID,
	SNP_POLICY_ALLOW,
	SNP_MIN_ABI,
	SNP_PLATFORM_REQUIRE,
	SNP_PLATFORM_FORBID,
	/* In the order of enum ccg_snp_part. */
	SNP_MIN_FMC,
	SNP_MIN_BOOTLOADER,
	SNP_MIN_TEE,
	SNP_MIN_SNP,
	SNP_MIN_MICROCODE,
	SNP_MIN_FIRMWARE,
	SNP_ALLOW_PROVISIONAL,
	SNP_MITIGATIONS,
	TDX_MR_TD,
	TDX_MR_CONFIG_ID,
	TDX_MR_OWNER,
	TDX_MR_OWNER_CONFIG,
	TDX_RTMR0,
	TDX_RTMR1,
	TDX_RTMR2,
	TDX_RTMR3,
	TDX_MR_SEAM,
	TDX_MR_SIGNER_SEAM,
	TDX_MR_SERVICE_TD,
	TDX_ATTRIBUTES_REQUIRE,
	TDX_ATTRIBUTES_FORBID,
	TDX_ATTRIBUTES_ALLOW,
	TDX_XFAM_REQUIRE,
	TDX_XFAM_FORBID,
	TDX_MIN_TEE_TCB_SVN,
	CCA_RIM,
	CCA_REM0,
	CCA_REM1,
	CCA_REM2,
	CCA_REM3,
	CCA_RPV,
	CCA_IMPLEMENTATION_ID,
	CCA_INSTANCE_ID,
	CCA_LIFECYCLE,
	CCA_COMPONENTS,
	CCA_OTHER_COMPONENTS,
	N_MEMBERS,
};

/**
 * struct policy_member - a member of a policy
 * @path: its path: the names of the objects around it, and its own name
 * @kind: form of its value
 * @loosens: the member accepts what is refused without it, and refuses nothing
 * @offset: offset of the field in struct ccg_snp, ccg_tdx or ccg_token, for members
 *	    that are compared with one field
 * @len: length of bytes; largest length; number of the parts of a version
 * @max: largest number
 * @bit_name: names the bits of a mask; NULL if only numbers are accepted
 * @fixed: bits that a mask cannot have
 * @why_fixed: what to use for @fixed
 * @refused: bits of a member forbid that every policy refuses, unless the member
 *	     allow next to it has them
 * @refuses_unknown: bits without a name belong to @refused
 * @known: tests whether a word is a name
 * @names: the names, for an error
 */
struct policy_member {
	const char *path;
	enum policy_kind kind;
	bool loosens;
	size_t offset;
	size_t len;
	uint64_t max;
	const char *(*bit_name)(unsigned int bit);
	uint64_t fixed;
	const char *why_fixed;
	uint64_t refused;
	bool refuses_unknown;
	bool (*known)(const char *word);
	const char *names;
};

/**
 * struct rule_value - a value of a list
 * @len: length in bytes
 * @b: the bytes; a word ends in a NUL
 */
struct rule_value {
	uint8_t len;
	uint8_t b[RULE_VALUE_MAX];
};

/**
 * struct rule - the value of a member
 * @set: the policy has the member
 * @of_file: the member comes from a file
 * @number: a number, a mask of bits or of numbers, a version, or 0 and 1
 * @n: number of @values
 * @values: bytes and words
 */
struct rule {
	bool set;
	bool of_file;
	uint64_t number;
	size_t n;
	struct rule_value *values;
};

/**
 * struct ccg_report_policy - a policy
 * @ctx: the context
 * @name: name of the policy, for errors and checks
 * @allow_everything: a policy without rules is accepted
 * @rules: the values, by enum policy_id
 * @components: value of the member cca.components, in JSON, or NULL
 */
struct ccg_report_policy {
	struct ccg_ctx *ctx;
	char *name;
	bool allow_everything;
	struct rule rules[N_MEMBERS];
	struct json_object *components;
};

/**
 * struct rule_fault - why a value is malformed
 * @why: the reason
 */
struct rule_fault {
	char why[192];
};

/* policy_members.c */
extern const struct policy_member ccg_policy_members[N_MEMBERS];
int ccg_policy_find_member(const char *path);
bool ccg_policy_is_object(const char *path);
bool ccg_policy_is_list(enum policy_kind kind);
bool ccg_policy_in_section(enum policy_id id, const char *section);
uint64_t ccg_policy_unknown(const struct policy_member *m);
uint64_t ccg_policy_refused(const struct policy_member *m);

/* policy_value.c */
int ccg_rule_add(const struct policy_member *m, struct rule *r,
		 const char *word, struct rule_fault *fault);

/* policy.c */
const char *ccg_policy_conflict(const struct ccg_report_policy *p);
bool ccg_policy_restricts(const struct ccg_report_policy *p, const char *section);

/* policy_json.c */
int ccg_policy_parse(struct ccg_ctx *ctx, const char *name, const uint8_t *buf,
		     size_t len, struct ccg_report_policy **pp);

#endif /* CCGUEST_REPORT_POLICY_H */
