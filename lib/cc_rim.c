// SPDX-License-Identifier: GPL-2.0-only
/*
 * Computing the measurements of an Arm CCA realm.
 */
#include "cc_rim.h"

/*
 * Offsets of the measured fields in RmiRealmParams. All other bytes are hashed
 * as zeros.
 */
#define PARAMS_FLAGS		0x00
#define PARAMS_S2SZ		0x08
#define PARAMS_SVE_VL		0x10
#define PARAMS_NUM_BPS		0x18
#define PARAMS_NUM_WPS		0x20
#define PARAMS_PMU_NUM_CTRS	0x28
#define PARAMS_HASH_ALGO	0x30

/* Offsets of the measured fields in RmiRecParams. */
#define REC_FLAGS		0x000
#define REC_PC			0x200
#define REC_GPRS		0x300

/*
 * Offsets and types of RmmMeasurementDescriptorData,
 * RmmMeasurementDescriptorRec and RmmMeasurementDescriptorRipas.
 */
#define DESC_TYPE		0x00
#define DESC_LEN		0x08
#define DESC_RIM		0x10
#define DESC_DATA_IPA		0x50
#define DESC_DATA_FLAGS		0x58
#define DESC_DATA_CONTENT	0x60
#define DESC_REC_CONTENT	0x50
#define DESC_RIPAS_BASE		0x50
#define DESC_RIPAS_TOP		0x58
#define DESC_TYPE_DATA		0
#define DESC_TYPE_REC		1
#define DESC_TYPE_RIPAS		2
#define DATA_MEASURE		1

#define GRANULE_SHIFT		12
/* Address bits that one level of the translation tables resolves. */
#define LEVEL_SHIFT		9
/* Up to 16 concatenated tables replace the first level. */
#define CONCAT_SHIFT		4

static void put_le64(u64 val, u8 *p)
{
	put_unaligned_le32(val, p);
	put_unaligned_le32(val >> 32, p + 4);
}

size_t cc_rim_hash_len(u8 algo)
{
	switch (algo) {
	case CC_REALM_SHA256:
		return 32;
	case CC_REALM_SHA384:
		return 48;
	case CC_REALM_SHA512:
		return 64;
	default:
		return 0;
	}
}

static unsigned int levels(u8 s2sz)
{
	unsigned int bits = s2sz - GRANULE_SHIFT;
	unsigned int n = (bits + LEVEL_SHIFT - 1) / LEVEL_SHIFT;

	if (n > 1 && bits - (n - 1) * LEVEL_SHIFT <= CONCAT_SHIFT)
		n--;
	return n < CC_RIM_LEVELS ? n : CC_RIM_LEVELS;
}

static u64 block_size(unsigned int i)
{
	return 1ULL << (GRANULE_SHIFT + i * LEVEL_SHIFT);
}

u64 cc_rim_block_sizes(u8 s2sz)
{
	u64 sizes = 0;

	for (unsigned int i = 0; i < levels(s2sz); i++)
		sizes |= block_size(i);
	return sizes;
}

static int digest(struct cc_rim *rim, const u8 *data, size_t len, u8 *out)
{
	memset(out, 0, CC_RIM_LEN);
	return rim->ops->digest(rim->ctx, rim->algo, data, len, out);
}

int cc_rim_create(struct cc_rim *rim, const struct cc_realm_params *params)
{
	u8 *p = rim->page;

	if (!cc_rim_hash_len(params->hash_algo) ||
	    params->s2sz <= GRANULE_SHIFT || params->s2sz > 63)
		return -EINVAL;
	rim->algo = params->hash_algo;
	rim->s2sz = params->s2sz;
	memset(p, 0, CC_GRANULE);
	put_le64(params->flags, p + PARAMS_FLAGS);
	p[PARAMS_S2SZ] = params->s2sz;
	p[PARAMS_SVE_VL] = params->sve_vl;
	p[PARAMS_NUM_BPS] = params->num_bps;
	p[PARAMS_NUM_WPS] = params->num_wps;
	p[PARAMS_PMU_NUM_CTRS] = params->pmu_num_ctrs;
	p[PARAMS_HASH_ALGO] = params->hash_algo;
	return digest(rim, p, CC_GRANULE, rim->value);
}

static u8 *descriptor(struct cc_rim *rim, u8 type)
{
	u8 *p = rim->page;

	memset(p, 0, CC_RIM_DESC_LEN);
	p[DESC_TYPE] = type;
	put_le64(CC_RIM_DESC_LEN, p + DESC_LEN);
	memcpy(p + DESC_RIM, rim->value, CC_RIM_LEN);
	return p;
}

static int extend(struct cc_rim *rim)
{
	if (!rim->budget)
		return -E2BIG;
	rim->budget--;
	return digest(rim, rim->page, CC_RIM_DESC_LEN, rim->value);
}

int cc_rim_data(struct cc_rim *rim, u64 ipa, const u8 *content)
{
	u8 *p = descriptor(rim, DESC_TYPE_DATA);

	put_le64(ipa, p + DESC_DATA_IPA);
	if (content) {
		put_le64(DATA_MEASURE, p + DESC_DATA_FLAGS);
		memcpy(p + DESC_DATA_CONTENT, content,
		       cc_rim_hash_len(rim->algo));
	}
	return extend(rim);
}

int cc_rim_unmeasured(struct cc_rim *rim, const struct cc_range *range)
{
	u64 ipa = range->base & ~(u64)(CC_GRANULE - 1);
	u64 left = range->size;
	int rc;

	if (!left)
		return 0;
	/* No overflow: base + size of a struct cc_range do not overflow. */
	left += range->base - ipa;
	for (;; ipa += CC_GRANULE, left -= CC_GRANULE) {
		rc = cc_rim_data(rim, ipa, NULL);
		if (rc || left <= CC_GRANULE)
			return rc;
	}
}

/* Get the largest block of rim->blocks that may begin at @base, and fits. */
static u64 next_block(const struct cc_rim *rim, u64 base, u64 left)
{
	for (unsigned int i = levels(rim->s2sz); i--;) {
		u64 size = block_size(i);

		if (rim->blocks & 1U << i && !(base & (size - 1)) &&
		    size <= left)
			return size;
	}
	return 0;
}

int cc_rim_ripas(struct cc_rim *rim, const struct cc_range *range)
{
	u64 base = range->base, left = range->size, size;
	u8 *p;
	int rc;

	if (rim->rmm != CC_RMM_1_0)
		return 0;
	size = next_block(rim, 0, ~0ULL);
	if (!size)
		return -EINVAL;
	/* Hash nothing if even the largest blocks exceed the budget. */
	if (left / size > rim->budget)
		return -E2BIG;
	for (; left; base += size, left -= size) {
		size = next_block(rim, base, left);
		if (!size)
			return -EINVAL;
		p = descriptor(rim, DESC_TYPE_RIPAS);
		put_le64(base, p + DESC_RIPAS_BASE);
		put_le64(base + size, p + DESC_RIPAS_TOP);
		rc = extend(rim);
		if (rc)
			return rc;
	}
	return 0;
}

int cc_rim_rec(struct cc_rim *rim, const struct cc_rec_params *rec)
{
	u8 content[CC_RIM_LEN], *p = rim->page;
	int rc;

	if (!(rec->flags & CC_REC_RUNNABLE))
		return 0;
	memset(p, 0, CC_GRANULE);
	put_le64(rec->flags, p + REC_FLAGS);
	put_le64(rec->pc, p + REC_PC);
	for (size_t i = 0; i < CC_REC_GPRS; i++)
		put_le64(rec->gprs[i], p + REC_GPRS + 8 * i);
	rc = digest(rim, p, CC_GRANULE, content);
	if (rc)
		return rc;
	p = descriptor(rim, DESC_TYPE_REC);
	memcpy(p + DESC_REC_CONTENT, content, CC_RIM_LEN);
	return extend(rim);
}

int cc_rem_extend(struct cc_rim *rim, enum cc_rem_form form, u8 *rem,
		  const u8 *value, size_t len)
{
	size_t hash_len = cc_rim_hash_len(rim->algo);
	u8 *p = rim->page;

	if (!hash_len || len > CC_RIM_LEN)
		return -EINVAL;
	memset(p, 0, 2 * CC_RIM_LEN);
	memcpy(p, rem, hash_len);
	memcpy(p + hash_len, value, len);
	if (form == CC_REM_PADDED)
		len = CC_RIM_LEN;
	return digest(rim, p, hash_len + len, rem);
}
