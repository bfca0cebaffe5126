// SPDX-License-Identifier: GPL-2.0-only
/*
 * The measurements of an SPDM responder: the values in the record of a
 * MEASUREMENTS. DSP0274 1.2.1, 10.11.1, "DMTF specification for the Measurement
 * field of a measurement block".
 */
#include "spdm_check.h"
#include "spdm_meas.h"

/* DMTFSpecMeasurementValueType, bit 7: a raw bit stream, not a digest. */
#define TYPE_RAW	0x80

/* MeasurementHashAlgo, NEGOTIATE_ALGORITHMS; the other bits are hashes. */
#define HASH_RAW_ONLY	0x01
#define HASH_SM3	0x80
#define SM3_LEN		32

/* DMTFSpecMeasurementValueType; 8 to 10 are from 1.3. */
static const char *const types[] = {
	"immutable ROM",
	"mutable firmware",
	"hardware configuration",
	"firmware configuration",
	"measurement manifest",
	"device mode",
	"firmware version",
	"firmware security version",
	"hash-extended measurement",
	"informational",
	"structured manifest",
};

const char *spdm_meas_type(u8 type)
{
	return type < ARRAY_SIZE(types) ? types[type] : NULL;
}

/* The hash has the bit of BaseHashAlgo, one higher. NULL for any other value. */
static const struct spdm_hash *find_hash(const struct spdm_conn *c)
{
	if (c->meas_hash & HASH_RAW_ONLY)
		return NULL;
	return spdm_find_hash(c->meas_hash >> 1);
}

const char *spdm_meas_hash(const struct spdm_conn *c)
{
	const struct spdm_hash *h = find_hash(c);

	if (c->meas_hash == HASH_RAW_ONLY)
		return "raw";
	if (c->meas_hash == HASH_SM3)
		return "sm3";
	return h ? h->alg : NULL;
}

/* The length of a digest; 0 if the responder has no digests. */
static u16 digest_len(const struct spdm_conn *c)
{
	const struct spdm_hash *h = find_hash(c);

	if (c->meas_hash == HASH_SM3)
		return SM3_LEN;
	return h ? h->len : 0;
}

static bool take_index(struct spdm_meas_walk *w, u8 index)
{
	u8 bit = 1 << index % 8;

	if (index < SPDM_MEAS_INDEX_MIN || index > SPDM_MEAS_INDEX_MAX ||
	    (w->seen[index / 8] & bit))
		return false;
	w->seen[index / 8] |= bit;
	return true;
}

int spdm_meas_next(const struct spdm_conn *c, const struct spdm_measurements *m,
		   struct spdm_meas_walk *w, struct spdm_meas_value *v,
		   struct spdm_fault *fault)
{
	const struct spdm_response *r = &spdm_responses[SPDM_RSP_MEASUREMENTS];
	const struct spdm_meas_block *b = (const void *)(m->record + w->pos);
	const struct spdm_meas_dmtf *d = (const void *)(b + 1);
	size_t at = sizeof(struct spdm_measurements_rsp) + w->pos;
	size_t size;
	u16 len;

	if (w->pos >= m->record_len)
		return -ENODATA;
	size = get_unaligned_le16(b->size);
	if (!take_index(w, b->index))
		return spdm_malformed(fault, r, "Index", at, b->index,
				      SPDM_MEAS_INDEX_MIN);
	at += sizeof(*b);
	if (size < sizeof(*d))
		return spdm_malformed(fault, r, "MeasurementSize", at - 2, size,
				      sizeof(*d));
	len = get_unaligned_le16(d->size);
	if (len != size - sizeof(*d))
		return spdm_malformed(fault, r, "DMTFSpecMeasurementValueSize",
				      at + 1, len, size - sizeof(*d));
	if (!(d->type & TYPE_RAW) && (!len || len != digest_len(c)))
		return spdm_malformed(fault, r, "DMTFSpecMeasurementValueSize",
				      at + 1, len, digest_len(c));
	*v = (struct spdm_meas_value) {
		.index = b->index,
		.type = d->type & ~TYPE_RAW,
		.raw = d->type & TYPE_RAW,
		.value = (const u8 *)(d + 1),
		.len = len,
	};
	w->pos += sizeof(*b) + size;
	return 0;
}

int spdm_meas_check(const struct spdm_conn *c,
		    const struct spdm_measurements *m, struct spdm_fault *fault)
{
	struct spdm_meas_walk w = {};
	struct spdm_meas_value v;
	int rc;

	do {
		rc = spdm_meas_next(c, m, &w, &v, fault);
	} while (!rc);
	return rc == -ENODATA ? 0 : rc;
}
