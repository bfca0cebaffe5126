// SPDX-License-Identifier: GPL-2.0-only
/*
 * SEV-SNP: names of the bits of the guest policy and of PLATFORM_INFO.
 *
 * SEV Secure Nested Paging Firmware ABI Specification (AMD 56860).
 */
#include "report/report.h"

static const char *const policy_bits[] = {
	[16] = "smt",
	[18] = "migrate_ma",
	[19] = "debug",
	[20] = "single_socket",
	[21] = "cxl_allow",
	[22] = "mem_aes_256_xts",
	[23] = "rapl_dis",
	[24] = "ciphertext_hiding",
	[25] = "page_swap_disable",
};

static const char *const platform_bits[] = {
	[0] = "smt_en",
	[1] = "tsme_en",
	[2] = "ecc_en",
	[3] = "rapl_dis",
	[4] = "ciphertext_hiding_en",
	[5] = "alias_check_complete",
	[7] = "tio_en",
};

const char *ccg_snp_policy_name(unsigned int bit)
{
	return bit < ARRAY_SIZE(policy_bits) ? policy_bits[bit] : NULL;
}

const char *ccg_snp_platform_name(unsigned int bit)
{
	return bit < ARRAY_SIZE(platform_bits) ? platform_bits[bit] : NULL;
}
