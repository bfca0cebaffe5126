/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * libccguest: attestation reports of SEV-SNP.
 *
 * SEV Secure Nested Paging Firmware ABI Specification (AMD 56860), ATTESTATION_REPORT
 * and TCB_VERSION.
 */
#ifndef LIBCCGUEST_SNP_H
#define LIBCCGUEST_SNP_H

#include <ccguest/ctx.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Length of a report in bytes; the signature covers the first bytes. */
#define CCG_SNP_REPORT_LEN	1184
#define CCG_SNP_SIGNED_LEN	0x2a0

/**
 * enum ccg_snp_product - generations of processors with different certificates
 * @CCG_SNP_UNKNOWN: the report does not tell, or libccguest does not know the
 *		     processor
 * @CCG_SNP_MILAN: family 19h, models 00h to 0fh
 * @CCG_SNP_GENOA: family 19h, models 10h to 1fh and a0h to afh; Bergamo, Siena
 * @CCG_SNP_TURIN: family 1ah, models 00h to 11h
 * @CCG_SNP_VENICE: family 1ah, models 50h to 57h, 90h to afh, c0h to c7h
 * @CCG_SNP_N_PRODUCTS: number of values
 */
enum ccg_snp_product {
	CCG_SNP_UNKNOWN,
	CCG_SNP_MILAN,
	CCG_SNP_GENOA,
	CCG_SNP_TURIN,
	CCG_SNP_VENICE,
	CCG_SNP_N_PRODUCTS,
};

/**
 * enum ccg_snp_part - the parts of a TCB version
 * @CCG_SNP_FMC: the first mutable code; Turin and later
 * @CCG_SNP_BOOTLOADER: the boot loader
 * @CCG_SNP_TEE: the operating system of the security processor
 * @CCG_SNP_SNP: the SNP firmware
 * @CCG_SNP_MICROCODE: the microcode of the processor
 * @CCG_SNP_N_PARTS: number of parts
 */
enum ccg_snp_part {
	CCG_SNP_FMC,
	CCG_SNP_BOOTLOADER,
	CCG_SNP_TEE,
	CCG_SNP_SNP,
	CCG_SNP_MICROCODE,
	CCG_SNP_N_PARTS,
};

/**
 * struct ccg_snp_tcb - a TCB version
 * @raw: its eight bytes, as a little-endian number
 * @has: mask of the parts that the product has, 1 << enum ccg_snp_part
 * @svn: the security version number of each part; 0 for a part that is not in
 *	 @has
 */
struct ccg_snp_tcb {
	uint64_t raw;
	unsigned int has;
	uint8_t svn[CCG_SNP_N_PARTS];
};

/**
 * enum ccg_snp_key - which key signed a report
 * @CCG_SNP_VCEK: the key of the chip and its TCB
 * @CCG_SNP_VLEK: the key of a cloud provider and a TCB
 * @CCG_SNP_NO_KEY: none; the report is not signed
 */
enum ccg_snp_key {
	CCG_SNP_VCEK = 0,
	CCG_SNP_VLEK = 1,
	CCG_SNP_NO_KEY = 7,
};

/* Bits of struct ccg_snp, @policy. */
#define CCG_SNP_POLICY_SMT		0x010000ULL
#define CCG_SNP_POLICY_MUST_BE_1	0x020000ULL
#define CCG_SNP_POLICY_MIGRATE_MA	0x040000ULL
#define CCG_SNP_POLICY_DEBUG		0x080000ULL
/* Bits of struct ccg_snp, @key_info. */
#define CCG_SNP_AUTHOR_KEY_EN		0x1U
#define CCG_SNP_MASK_CHIP_KEY		0x2U

/**
 * struct ccg_snp - the fields of a report
 * @bytes: the report as it was received
 * @product: the product; of the signer's certificate where the report has none
 *	     (version 2), else CCG_SNP_UNKNOWN
 * @version: 2 to 5
 * @guest_svn: security version number of the guest
 * @policy: policy of the guest
 * @family_id: family ID of the guest
 * @image_id: image ID of the guest
 * @vmpl: VMPL of the requester
 * @signature_algo: 1, ECDSA P-384 with SHA-384
 * @current_tcb: TCB that runs
 * @platform_info: PLATFORM_INFO
 * @key_info: the 32 bits behind PLATFORM_INFO; @signing_key is a part of it
 * @signing_key: which key signed, see enum ccg_snp_key; other values are reserved
 * @report_data: data of the requester
 * @measurement: launch digest
 * @host_data: data of the host at launch
 * @id_key_digest: digest of the key that signed the ID block, or zeros
 * @author_key_digest: digest of the key that signed the ID key, or zeros
 * @report_id: identifier of the guest
 * @report_id_ma: identifier of the migration agent; bytes ffh for none
 * @reported_tcb: TCB in the certificate of the signer
 * @has_cpuid: @cpu_family, @cpu_model, @cpu_stepping are set; version 3 and later
 * @cpu_family: family of the processor, as 19h
 * @cpu_model: model of the processor
 * @cpu_stepping: stepping of the processor
 * @chip_id: identifier of the chip; zeros if it is masked
 * @committed_tcb: smallest TCB to which the platform can go back
 * @current_version: firmware that runs: major, minor, build
 * @committed_version: committed firmware, likewise
 * @launch_tcb: TCB at launch
 * @has_mitigations: @launch_mitigations, @current_mitigations are set; version 5
 * @launch_mitigations: mitigation vector at launch
 * @current_mitigations: mitigation vector now
 * @reserved: offset of the first byte that must be zero and is not, or -1
 */
struct ccg_snp {
	uint8_t bytes[CCG_SNP_REPORT_LEN];
	enum ccg_snp_product product;
	uint32_t version;
	uint32_t guest_svn;
	uint64_t policy;
	uint8_t family_id[16];
	uint8_t image_id[16];
	uint32_t vmpl;
	uint32_t signature_algo;
	struct ccg_snp_tcb current_tcb;
	uint64_t platform_info;
	uint32_t key_info;
	unsigned int signing_key;
	uint8_t report_data[64];
	uint8_t measurement[48];
	uint8_t host_data[32];
	uint8_t id_key_digest[48];
	uint8_t author_key_digest[48];
	uint8_t report_id[32];
	uint8_t report_id_ma[32];
	struct ccg_snp_tcb reported_tcb;
	bool has_cpuid;
	uint8_t cpu_family;
	uint8_t cpu_model;
	uint8_t cpu_stepping;
	uint8_t chip_id[64];
	struct ccg_snp_tcb committed_tcb;
	uint8_t current_version[3];
	uint8_t committed_version[3];
	struct ccg_snp_tcb launch_tcb;
	bool has_mitigations;
	uint64_t launch_mitigations;
	uint64_t current_mitigations;
	int reserved;
};

/**
 * ccg_snp_product_name - get the name of a product
 * @product: the product
 *
 * Return: its name at AMD's key service, as "Milan"; NULL for CCG_SNP_UNKNOWN.
 */
const char *ccg_snp_product_name(enum ccg_snp_product product);

/**
 * ccg_snp_part_name - get the name of a part of a TCB version
 * @part: the part
 *
 * Return: its name as in JSON, as "bootloader".
 */
const char *ccg_snp_part_name(enum ccg_snp_part part);

/**
 * ccg_snp_policy_name - get the name of a bit of a guest policy
 * @bit: number of the bit, 0 to 63; bits 0 to 15 are a version and have no name
 *
 * Return: its name as in JSON, as "migrate_ma"; NULL if the bit has no name.
 */
const char *ccg_snp_policy_name(unsigned int bit);

/**
 * ccg_snp_platform_name - get the name of a bit of PLATFORM_INFO
 * @bit: number of the bit, 0 to 63
 *
 * Return: its name as in JSON, as "smt_en"; NULL if the bit has no name.
 */
const char *ccg_snp_platform_name(unsigned int bit);

#ifdef __cplusplus
}
#endif

#endif /* LIBCCGUEST_SNP_H */
