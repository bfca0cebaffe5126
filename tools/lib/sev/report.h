/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Private to libccguest: attestation reports of guests with SEV and SEV-ES.
 */
#ifndef CCGUEST_SEV_REPORT_H
#define CCGUEST_SEV_REPORT_H

#include <ccguest/sev.h>

#include "sev/cert.h"

/* Length of the signed part. */
#define SEV_REPORT_BODY_LEN	0x34

int ccg_sev_report_parse(const uint8_t *buf, size_t len,
			 struct ccg_sev_report *r, struct sev_cert *signed_part,
			 struct sev_fault *fault);

#endif /* CCGUEST_SEV_REPORT_H */
