/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Private to this room: the verification of a quote of TDX.
 */
#ifndef CCGUEST_REPORT_TDX_VERIFY_H
#define CCGUEST_REPORT_TDX_VERIFY_H

#include "report/report.h"

#define TDX_FMSPC_LEN	6
#define TDX_PCE_ID_LEN	2
#define TDX_CPUSVN_LEN	16

/**
 * struct tdx_pck - what a PCK certificate tells about the platform
 * @fmspc: family, model, stepping, platform and custom SKU
 * @pce_id: identifier of the PCE, the enclave that certifies the quoting enclave
 * @pcesvn: security version number of the PCE
 * @cpusvn: security version numbers of the processor
 */
struct tdx_pck {
	uint8_t fmspc[TDX_FMSPC_LEN];
	uint8_t pce_id[TDX_PCE_ID_LEN];
	unsigned int pcesvn;
	uint8_t cpusvn[TDX_CPUSVN_LEN];
};

/**
 * struct tdx_job - a quote that is being verified
 * @r: the report
 * @q: its quote
 * @want: what it is verified against
 * @v: the checks
 * @at: time at which the certificates must be valid
 * @certs: certificates of the quote, the PCK certificate first; or NULL
 * @root: the pinned root, or NULL
 * @chain_valid: the PCK certificate is valid
 */
struct tdx_job {
	const struct ccg_report *r;
	const struct tdx_quote *q;
	const struct ccg_report_want *want;
	struct ccg_report_verdict *v;
	time_t at;
	struct ccg_certs *certs;
	const struct ccg_cert *root;
	bool chain_valid;
};

/* tdx_pck.c: no allocation, no messages */
int ccg_tdx_pck_parse(const uint8_t *buf, size_t len, struct tdx_pck *p,
		      struct report_fault *fault);
/* tdx_roots.c: SHA-256 of a root in hexadecimal; NULL after the last */
const char *ccg_tdx_root_at(size_t i);
/* tdx_chain.c */
int ccg_tdx_check_certificates(struct tdx_job *j);
/* tdx_platform.c */
int ccg_tdx_check_platform(struct tdx_job *j);

#endif /* CCGUEST_REPORT_TDX_VERIFY_H */
