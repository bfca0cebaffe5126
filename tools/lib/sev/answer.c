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

/* Products with SNP, and whether their TCB has an FMC. */
static const struct {
	const char *product;
	bool has_fmc;
} products[] = {
	{ "Milan", false },
	{ "Genoa", false },
	{ "Turin", true },
	{ "Venice", true },
};

int ccg_snp_tcb_parse(const char *product, uint64_t raw,
		      struct ccg_snp_tcb *tcb)
{
	size_t i = 0;

	while (i < ARRAY_SIZE(products) && product &&
	       strcmp(products[i].product, product))
		i++;
	if (!product || i == ARRAY_SIZE(products))
		return -ENOENT;
	if (products[i].has_fmc)
		*tcb = (struct ccg_snp_tcb) {
			.has_fmc = true,
			.fmc = raw,
			.boot_loader = raw >> 8,
			.tee = raw >> 16,
			.snp = raw >> 24,
			.microcode = raw >> 56,
		};
	else
		*tcb = (struct ccg_snp_tcb) {
			.boot_loader = raw,
			.tee = raw >> 8,
			.snp = raw >> 48,
			.microcode = raw >> 56,
		};
	return 0;
}

static void put_id(struct ccg_text *t, const struct ccg_platform_id *id,
		   size_t max, bool upper)
{
	for (size_t i = 0; i < id->len && i < max; i++)
		ccg_text_put(t, upper ? "%02X" : "%02x", id->b[i]);
}

void ccg_kds_cek_url(const struct ccg_platform_id *id, char url[CCG_KDS_URL])
{
	struct ccg_text t = { .buf = url, .size = CCG_KDS_URL, .fixed = true };

	ccg_text_put(&t, "https://kdsintf.amd.com/cek/id/");
	put_id(&t, id, CCG_PLATFORM_ID_LEN, true);
}

int ccg_kds_vcek_url(const char *product, const struct ccg_platform_id *id,
		     uint64_t tcb, char url[CCG_KDS_URL])
{
	struct ccg_text t = { .buf = url, .size = CCG_KDS_URL, .fixed = true };
	struct ccg_snp_tcb v;

	if (ccg_snp_tcb_parse(product, tcb, &v))
		return -ENOENT;
	ccg_text_put(&t, "https://kdsintf.amd.com/vcek/v1/%s/", product);
	/* From Turin on, identifiers have 8 bytes. */
	put_id(&t, id, v.has_fmc ? 8 : CCG_PLATFORM_ID_LEN, false);
	ccg_text_put(&t, "?blSPL=%02u&teeSPL=%02u&snpSPL=%02u&ucodeSPL=%02u",
		     v.boot_loader, v.tee, v.snp, v.microcode);
	if (v.has_fmc)
		ccg_text_put(&t, "&fmcSPL=%02u", v.fmc);
	return 0;
}
