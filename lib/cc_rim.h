/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The measurements of an Arm CCA realm: the initial one (RIM), as the RMM makes
 * it of what the host asks for, and the extensible ones (REM).
 *
 * Sources: Arm Realm Management Monitor specification (DEN0137) 1.0 and 2.0,
 * chapter "Realm measurement and attestation"; TF-RMM where they differ, see
 * cc_rem_extend().
 */
#ifndef CCGUEST_LIB_CC_RIM_H
#define CCGUEST_LIB_CC_RIM_H

#include "cc_log.h"

#define CC_GRANULE		4096
#define CC_RIM_LEN		64
/* RmmMeasurementDescriptor*. */
#define CC_RIM_DESC_LEN		256

/* Sizes of a block: of level 3, 2, 1 and 0 of a realm's translation tables. */
#define CC_RIM_LEVELS		4
#define CC_RIM_BLOCKS_ALL	0xf

/**
 * enum cc_rmm - which RMM measures
 * @CC_RMM_1_0: memory that is declared (RTT_INIT_RIPAS) is measured
 * @CC_RMM_2_0: it is not
 */
enum cc_rmm {
	CC_RMM_1_0,
	CC_RMM_2_0,
};

/**
 * enum cc_rem_form - what is hashed to extend a REM
 * @CC_REM_TF_RMM: the old value and the new one, as long as they are
 * @CC_REM_PADDED: the new one filled up with zeros to 64 bytes
 */
enum cc_rem_form {
	CC_REM_TF_RMM,
	CC_REM_PADDED,
};

/**
 * struct cc_hash_ops - how to hash
 * @digest: all of @data; @algo is CC_REALM_SHA256 and so on, and @out has room
 *	    for CC_RIM_LEN bytes
 *
 * Gets the pointer that the caller gave, and returns 0 or a negative errno that
 * is passed on.
 */
struct cc_hash_ops {
	int (*digest)(void *ctx, u8 algo, const u8 *data, size_t len, u8 *out);
};

/**
 * struct cc_rim - a RIM that is computed
 * @ops: how to hash
 * @ctx: for @ops
 * @rmm: which RMM
 * @blocks: bit mask of the block sizes that the host uses where it declares
 *	    memory, bit 0 for 4 KiB, bit 3 for 512 GiB; all that the realm has
 *	    unless the host's policy is another
 * @budget: extensions that may still be made; bounds the work
 * @algo: CC_REALM_SHA256 and so on
 * @s2sz: width of the realm's addresses in bits
 * @value: the RIM, zeros behind it
 * @page: what is being hashed
 */
struct cc_rim {
	const struct cc_hash_ops *ops;
	void *ctx;
	enum cc_rmm rmm;
	unsigned int blocks;
	u64 budget;
	u8 algo;
	u8 s2sz;
	u8 value[CC_RIM_LEN];
	u8 page[CC_GRANULE];
};

size_t cc_rim_hash_len(u8 algo);
u64 cc_rim_block_sizes(u8 s2sz);
int cc_rim_create(struct cc_rim *rim, const struct cc_realm_params *params);
int cc_rim_ripas(struct cc_rim *rim, const struct cc_range *range);
int cc_rim_data(struct cc_rim *rim, u64 ipa, const u8 *content);
int cc_rim_unmeasured(struct cc_rim *rim, const struct cc_range *range);
int cc_rim_rec(struct cc_rim *rim, const struct cc_rec_params *rec);
int cc_rem_extend(struct cc_rim *rim, enum cc_rem_form form, u8 *rem,
		  const u8 *value, size_t len);

#endif /* CCGUEST_LIB_CC_RIM_H */
