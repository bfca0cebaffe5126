/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Private to libccguest: the bytes that the firmware of SEV returns.
 */
#ifndef CCGUEST_SEV_ANSWER_H
#define CCGUEST_SEV_ANSWER_H

#include <ccguest/platform.h>

#include "sev/fault.h"

/* Lengths of the answers to PLATFORM_STATUS and SNP_PLATFORM_STATUS. */
#define SEV_STATUS_LEN		12
#define SEV_SNP_STATUS_LEN	32

int ccg_sev_status_parse(const uint8_t *buf, size_t len,
			 struct ccg_platform_status *st,
			 struct sev_fault *fault);
int ccg_snp_status_parse(const uint8_t *buf, size_t len,
			 struct ccg_snp_status *st, struct sev_fault *fault);

/**
 * struct sev_fw_error - an error of the firmware
 * @code: its number
 * @name: its name in the specification
 * @why: what it means, a sentence without a period
 * @hint: what to do, or NULL
 */
struct sev_fw_error {
	uint32_t code;
	const char *name;
	const char *why;
	const char *hint;
};

/* The kernel did not call the firmware. */
#define SEV_FW_NOT_CALLED	UINT32_MAX

#define SEV_FW_INVALID_LEN	0x04

const struct sev_fw_error *ccg_sev_fw_error(uint32_t code);
const struct sev_fw_error *ccg_sev_fw_error_at(size_t i);

#endif /* CCGUEST_SEV_ANSWER_H */
