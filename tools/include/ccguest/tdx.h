/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * libccguest: quotes of Intel TDX.
 *
 * Intel TDX DCAP Quoting Library API, "Version 4 Quote Format" and "Version 5 Quote
 * Format"; Intel TDX Module Base Architecture Specification, "Measurement".
 */
#ifndef LIBCCGUEST_TDX_H
#define LIBCCGUEST_TDX_H

#include <ccguest/ctx.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Number of run-time measurement registers, and the length of each in bytes. */
#define CCG_TDX_RTMRS		4
#define CCG_TDX_DIGEST_LEN	48

/* Bits of struct ccg_tdx, @td_attributes. */
#define CCG_TDX_DEBUG		0x1ULL

/**
 * struct ccg_tdx - the fields of a quote
 * @version: 4 or 5
 * @key_type: type of the attestation key; 2, ECDSA P-256
 * @qe_vendor: vendor of the quoting enclave
 * @user_data: user data of the quoting enclave
 * @body_type: 2 for TD 1.0, 3 for TD 1.5; 2 for version 4
 * @tee_tcb_svn: security version numbers of the TDX module
 * @mr_seam: measurement of the TDX module
 * @mr_signer_seam: signer of the TDX module; zeros for a module of Intel
 * @seam_attributes: attributes of the TDX module
 * @td_attributes: attributes of the guest
 * @xfam: extended features that the guest may use
 * @mr_td: initial measurement of the guest
 * @mr_config_id: identifier of the configuration, chosen by the owner
 * @mr_owner: identifier of the owner
 * @mr_owner_config: configuration that the owner chose
 * @rtmr: run-time measurement registers
 * @report_data: data of the requester
 * @has_15: @tee_tcb_svn_2 and @mr_service_td are set; body of TD 1.5
 * @tee_tcb_svn_2: security version numbers of the TDX module that runs
 * @mr_service_td: measurement of the service TDs
 * @len: length of the quote in bytes, without what follows it
 */
struct ccg_tdx {
	unsigned int version;
	unsigned int key_type;
	uint8_t qe_vendor[16];
	uint8_t user_data[20];
	unsigned int body_type;
	uint8_t tee_tcb_svn[16];
	uint8_t mr_seam[CCG_TDX_DIGEST_LEN];
	uint8_t mr_signer_seam[CCG_TDX_DIGEST_LEN];
	uint64_t seam_attributes;
	uint64_t td_attributes;
	uint64_t xfam;
	uint8_t mr_td[CCG_TDX_DIGEST_LEN];
	uint8_t mr_config_id[CCG_TDX_DIGEST_LEN];
	uint8_t mr_owner[CCG_TDX_DIGEST_LEN];
	uint8_t mr_owner_config[CCG_TDX_DIGEST_LEN];
	uint8_t rtmr[CCG_TDX_RTMRS][CCG_TDX_DIGEST_LEN];
	uint8_t report_data[64];
	bool has_15;
	uint8_t tee_tcb_svn_2[16];
	uint8_t mr_service_td[CCG_TDX_DIGEST_LEN];
	size_t len;
};

/**
 * ccg_tdx_attribute_name - get the name of a bit of TD attributes
 * @bit: number of the bit, 0 to 63
 *
 * Return: its name as in JSON, as "sept_ve_disable"; NULL if the bit has no name.
 */
const char *ccg_tdx_attribute_name(unsigned int bit);

#ifdef __cplusplus
}
#endif

#endif /* LIBCCGUEST_TDX_H */
