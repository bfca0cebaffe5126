// SPDX-License-Identifier: GPL-2.0-only
/*
 * Parsers of the firmware's answers, and URLs at AMD's key server.
 *
 * SEV API (55766), PLATFORM_STATUS; SNP firmware ABI (56860),
 * SNP_PLATFORM_STATUS; VCEK and key service (57230).
 */
#include <stdio.h>
#include <string.h>

#include <ccguest/platform.h>
#include <ccguest/text.h>

#include "core/ctx.h"
#include "core/text.h"
#include "env.h"
#include "sev/answer.h"
#include "sev/snp.h"

/* Offsets in the answer to PLATFORM_STATUS. */
#define STATUS_API		0
#define STATUS_STATE		2
#define STATUS_FLAGS		3
#define STATUS_BUILD		7
#define STATUS_GUESTS		8

#define FLAG_OWNED		0x001
#define FLAG_ES			0x100

/* Offsets in the answer to SNP_PLATFORM_STATUS. */
#define SNP_API			0
#define SNP_STATE		2
#define SNP_RMP			3
#define SNP_BUILD		4
#define SNP_FLAGS		8
#define SNP_GUESTS		12
#define SNP_CURRENT_TCB		16
#define SNP_REPORTED_TCB	24

#define SNP_MASK_CHIP_ID	0x1
#define SNP_MASK_CHIP_KEY	0x2
#define SNP_VLEK		0x4

/**
 * ccg_sev_status_parse - parse the answer to PLATFORM_STATUS
 * @buf: the bytes
 * @len: number of bytes
 * @st: set to the status
 * @fault: set to the reason of a failure
 *
 * Return: 0 or -EBADMSG.
 */
int ccg_sev_status_parse(const uint8_t *buf, size_t len,
			 struct ccg_platform_status *st,
			 struct sev_fault *fault)
{
	if (len != SEV_STATUS_LEN)
		return sev_fault_at(fault, "the status has another length", 0,
				    len, SEV_STATUS_LEN);
	if (buf[STATUS_STATE] > CCG_PLATFORM_WORKING)
		return sev_fault_at(fault, "the state is unknown", STATUS_STATE,
				    buf[STATUS_STATE], CCG_PLATFORM_WORKING);
	*st = (struct ccg_platform_status) {
		.api_major = buf[STATUS_API],
		.api_minor = buf[STATUS_API + 1],
		.build = buf[STATUS_BUILD],
		.state = buf[STATUS_STATE],
		.flags = get_unaligned_le32(buf + STATUS_FLAGS),
		.guests = get_unaligned_le32(buf + STATUS_GUESTS),
	};
	st->owned = st->flags & FLAG_OWNED;
	st->es = st->flags & FLAG_ES;
	return 0;
}

/**
 * ccg_snp_status_parse - parse the answer to SNP_PLATFORM_STATUS
 * @buf: the bytes
 * @len: number of bytes
 * @st: set to the status
 * @fault: set to the reason of a failure
 *
 * Bits that are not known here stay in @st->flags.
 *
 * Return: 0 or -EBADMSG.
 */
int ccg_snp_status_parse(const uint8_t *buf, size_t len,
			 struct ccg_snp_status *st, struct sev_fault *fault)
{
	if (len != SEV_SNP_STATUS_LEN)
		return sev_fault_at(fault, "the status has another length", 0,
				    len, SEV_SNP_STATUS_LEN);
	if (buf[SNP_STATE] > 1)
		return sev_fault_at(fault, "the state is unknown", SNP_STATE,
				    buf[SNP_STATE], 1);
	*st = (struct ccg_snp_status) {
		.api_major = buf[SNP_API],
		.api_minor = buf[SNP_API + 1],
		.build = get_unaligned_le32(buf + SNP_BUILD),
		.initialized = buf[SNP_STATE],
		.rmp = buf[SNP_RMP] & 1,
		.flags = get_unaligned_le32(buf + SNP_FLAGS),
		.guests = get_unaligned_le32(buf + SNP_GUESTS),
		.current_tcb = get_unaligned_le64(buf + SNP_CURRENT_TCB),
		.reported_tcb = get_unaligned_le64(buf + SNP_REPORTED_TCB),
	};
	st->mask_chip_id = st->flags & SNP_MASK_CHIP_ID;
	st->mask_chip_key = st->flags & SNP_MASK_CHIP_KEY;
	st->vlek = st->flags & SNP_VLEK;
	return 0;
}

void ccg_kds_cek_url(const struct ccg_platform_id *id, char url[CCG_KDS_URL])
{
	struct ccg_text t = { .buf = url, .size = CCG_KDS_URL, .fixed = true };

	ccg_text_put(&t, "https://kdsintf.amd.com/cek/id/");
	for (size_t i = 0; i < id->len && i < CCG_PLATFORM_ID_LEN; i++)
		ccg_text_put(&t, "%02X", id->b[i]);
}

int ccg_kds_vcek_url(const char *product, const struct ccg_platform_id *id,
		     uint64_t tcb, char url[CCG_KDS_URL])
{
	struct ccg_text t = { .buf = url, .size = CCG_KDS_URL, .fixed = true };
	enum ccg_snp_product found = ccg_snp_product_find(product);

	if (found == CCG_SNP_UNKNOWN)
		return -ENOENT;
	ccg_text_put(&t, "https://kdsintf.amd.com");
	ccg_snp_vcek_path(&t, found, id->b, id->len, tcb);
	return 0;
}
