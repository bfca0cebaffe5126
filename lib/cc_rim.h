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

/**
 * cc_rim_hash_len - length of a digest
 * @algo: CC_REALM_SHA256 and so on
 *
 * Return: the length in bytes; 0 where there is no such algorithm.
 */
size_t cc_rim_hash_len(u8 algo);

/**
 * cc_rim_block_sizes - the blocks that a realm's tables can have
 * @s2sz: width of its addresses in bits, 13 or more
 *
 * Return: the sum of their sizes, each a power of two.
 */
u64 cc_rim_block_sizes(u8 s2sz);

/**
 * cc_rim_create - begin with the measurement of a new realm
 * @rim: ops, ctx, rmm, blocks and budget set, the rest is set here
 * @params: what the realm is created with
 *
 * Return: 0; -EINVAL for a hash or a width that no realm has; or what hashing
 * returned.
 */
int cc_rim_create(struct cc_rim *rim, const struct cc_realm_params *params);

/**
 * cc_rim_ripas - extend with memory that the host declares
 * @rim: the RIM
 * @range: the memory; whole granules
 *
 * One extension per entry of the translation tables that the host fills; of
 * those it takes the largest that fit, unless rim->blocks says otherwise. RMM
 * 2.0 measures none of it.
 *
 * Return: 0; -EINVAL where no block fits; -E2BIG where the budget is spent; or
 * what hashing returned.
 */
int cc_rim_ripas(struct cc_rim *rim, const struct cc_range *range);

/**
 * cc_rim_data - extend with a granule of data
 * @rim: the RIM
 * @ipa: address of the granule
 * @content: digest of its 4096 bytes; NULL for one whose content is not
 *	     measured
 *
 * RMM 1.0: DATA_CREATE; 2.0: RTT_DATA_MAP_INIT.
 *
 * Return: 0; -E2BIG where the budget is spent; or what hashing returned.
 */
int cc_rim_data(struct cc_rim *rim, u64 ipa, const u8 *content);

/**
 * cc_rim_unmeasured - extend with granules whose content is not measured
 * @rim: the RIM
 * @range: where they are; every granule that it touches
 *
 * Return: as cc_rim_data().
 */
int cc_rim_unmeasured(struct cc_rim *rim, const struct cc_range *range);

/**
 * cc_rim_rec - extend with a vCPU
 * @rim: the RIM
 * @rec: the vCPU; only one that is runnable counts
 *
 * Return: as cc_rim_data().
 */
int cc_rim_rec(struct cc_rim *rim, const struct cc_rec_params *rec);

/**
 * cc_rem_extend - extend a REM
 * @rim: ops, ctx and algo are used
 * @form: what is hashed: TF-RMM takes the value as long as it is, while
 *	  DEN0137 1.0, RSI_MEASUREMENT_EXTEND, can be read to fill it up
 * @rem: the REM, CC_RIM_LEN bytes; changed
 * @value: what it is extended with
 * @len: its length, CC_RIM_LEN at most
 *
 * Return: 0; -EINVAL where @len or the algorithm cannot be; or what hashing
 * returned.
 */
int cc_rem_extend(struct cc_rim *rim, enum cc_rem_form form, u8 *rem,
		  const u8 *value, size_t len);

#endif /* CCGUEST_LIB_CC_RIM_H */
