// SPDX-License-Identifier: GPL-2.0-only
/*
 * The parser of attestation reports of guests with SEV and SEV-ES.
 *
 * SEV API (55766), ATTESTATION. All integers are little-endian.
 */
#include <errno.h>
#include <string.h>

#include "env.h"
#include "sev/report.h"

/* Offsets. The signature covers the nonce, the digest and the policy. */
#define REPORT_NONCE		0x00
#define REPORT_DIGEST		0x10
#define REPORT_POLICY		0x30
#define REPORT_SIG_USAGE	SEV_REPORT_BODY_LEN
#define REPORT_SIG_ALGO		0x38
#define REPORT_SIG		0x40

_Static_assert(REPORT_SIG + 2 * SEV_EC_INT_LEN == CCG_SEV_REPORT_LEN,
	       "r and s end the report");

/**
 * ccg_sev_report_parse - parse an attestation report
 * @buf: the bytes
 * @len: number of bytes
 * @r: set to the contents
 * @signed_part: set to the signed bytes and their signature, as
 *		 ccg_sev_check_sig() takes them
 * @fault: set to the reason of a failure
 *
 * The four reserved bytes in front of the signature are not signed, and are
 * ignored.
 *
 * Return: 0 or -EBADMSG.
 */
int ccg_sev_report_parse(const uint8_t *buf, size_t len,
			 struct ccg_sev_report *r, struct sev_cert *signed_part,
			 struct sev_fault *fault)
{
	if (len < CCG_SEV_REPORT_LEN)
		return sev_fault_at(fault, "the report is truncated", 0, len,
				    CCG_SEV_REPORT_LEN);
	if (len > CCG_SEV_REPORT_LEN)
		return sev_fault_at(fault, "bytes follow the report",
				    CCG_SEV_REPORT_LEN,
				    len - CCG_SEV_REPORT_LEN, 0);
	memcpy(r->nonce, buf + REPORT_NONCE, sizeof(r->nonce));
	memcpy(r->digest, buf + REPORT_DIGEST, sizeof(r->digest));
	r->policy = get_unaligned_le32(buf + REPORT_POLICY);
	*signed_part = (struct sev_cert) {
		.raw = buf,
		.len = len,
		.body_len = SEV_REPORT_BODY_LEN,
		.n_sigs = 1,
	};
	signed_part->sigs[0] = (struct sev_sig) {
		.usage = get_unaligned_le32(buf + REPORT_SIG_USAGE),
		.algo = get_unaligned_le32(buf + REPORT_SIG_ALGO),
		.data = buf + REPORT_SIG,
		.len = CCG_SEV_REPORT_LEN - REPORT_SIG,
	};
	return 0;
}
