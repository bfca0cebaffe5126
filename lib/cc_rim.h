/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Computing the measurements of an Arm CCA realm: the initial one (RIM), which
 * the RMM extends with each call of the host, and the extensible ones (REM).
 *
 * Sources: Arm Realm Management Monitor specification (DEN0137) 1.0 and 2.0,
 * chapter "Realm measurement and attestation". Where TF-RMM differs,
 * cc_rem_extend() has both.
 */
#ifndef CCGUEST_LIB_CC_RIM_H
#define CCGUEST_LIB_CC_RIM_H

#include "cc_log.h"

#define CC_GRANULE		4096
#define CC_RIM_LEN		64
/* RmmMeasurementDescriptor*. */
#define CC_RIM_DESC_LEN		256

/* Number of block sizes: levels 3, 2, 1 and 0 of the translation tables. */
#define CC_RIM_LEVELS		4
#define CC_RIM_BLOCKS_ALL	0xf

/**
 * enum cc_rmm - version of the RMM
 * @CC_RMM_1_0: measures the memory that the host declares (RTT_INIT_RIPAS)
 * @CC_RMM_2_0: does not measure this memory
 */
enum cc_rmm {
	CC_RMM_1_0,
	CC_RMM_2_0,
};

/**
 * enum cc_rem_form - bytes that are hashed to extend a REM
 * @CC_REM_TF_RMM: the old value and the new value, without padding
 * @CC_REM_PADDED: the same, with the new value padded with zeros to 64 bytes
 */
enum cc_rem_form {
	CC_REM_TF_RMM,
	CC_REM_PADDED,
};

/**
 * struct cc_hash_ops - hash function of the caller
 * @digest: hash @data; @algo is CC_REALM_SHA256 and so on; @out has room for
 *	    CC_RIM_LEN bytes
 *
 * The function gets the caller's pointer, and returns 0 or a negative errno,
 * which is returned to the caller.
 */
struct cc_hash_ops {
	int (*digest)(void *ctx, u8 algo, const u8 *data, size_t len, u8 *out);
};

/**
 * struct cc_rim - a RIM that is being computed
 * @ops: hash function
 * @ctx: first argument of the hash function
 * @rmm: version of the RMM
 * @blocks: bit mask of the block sizes that the host uses to declare memory:
 *	    bit 0 for 4 KiB, bit 3 for 512 GiB; normally CC_RIM_BLOCKS_ALL
 * @budget: extensions that are still allowed; bounds the work
 * @algo: CC_REALM_SHA256 and so on
 * @s2sz: width of the realm's addresses in bits
 * @value: the RIM, padded with zeros
 * @page: bytes to hash
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
 * cc_rim_hash_len - get the length of a digest
 * @algo: CC_REALM_SHA256 and so on
 *
 * Return: the length in bytes; 0 if @algo is unknown.
 */
size_t cc_rim_hash_len(u8 algo);

/**
 * cc_rim_block_sizes - get the block sizes of a realm's translation tables
 * @s2sz: width of the realm's addresses in bits, 13 or more
 *
 * Return: the sum of the block sizes, each a power of two.
 */
u64 cc_rim_block_sizes(u8 s2sz);

/**
 * cc_rim_create - start the RIM of a new realm
 * @rim: RIM with ops, ctx, rmm, blocks and budget set; the rest is set
 * @params: parameters of the realm
 *
 * Return: 0; -EINVAL if no realm can have the hash or the width; or the errno
 * of the hash function.
 */
int cc_rim_create(struct cc_rim *rim, const struct cc_realm_params *params);

/**
 * cc_rim_ripas - extend with memory that the host declares
 * @rim: the RIM
 * @range: the memory; whole granules
 *
 * The RIM is extended once per entry of the translation tables. The host uses
 * the largest blocks of rim->blocks that fit. RMM 2.0 does not measure this
 * memory.
 *
 * Return: 0; -EINVAL if no block fits; -E2BIG if the budget is spent, or if even
 * the largest blocks need more than the budget (nothing is hashed then); or the
 * errno of the hash function.
 */
int cc_rim_ripas(struct cc_rim *rim, const struct cc_range *range);

/**
 * cc_rim_data - extend with a granule of data
 * @rim: the RIM
 * @ipa: address of the granule
 * @content: digest of the granule's 4096 bytes; NULL for unmeasured content
 *
 * RMM 1.0: DATA_CREATE; 2.0: RTT_DATA_MAP_INIT.
 *
 * Return: 0; -E2BIG if the budget is spent; or the errno of the hash function.
 */
int cc_rim_data(struct cc_rim *rim, u64 ipa, const u8 *content);

/**
 * cc_rim_unmeasured - extend with granules whose content is not measured
 * @rim: the RIM
 * @range: their memory; partial granules count as whole granules
 *
 * Return: as cc_rim_data().
 */
int cc_rim_unmeasured(struct cc_rim *rim, const struct cc_range *range);

/**
 * cc_rim_rec - extend with a vCPU
 * @rim: the RIM
 * @rec: the vCPU; only a runnable one is measured
 *
 * Return: as cc_rim_data().
 */
int cc_rim_rec(struct cc_rim *rim, const struct cc_rec_params *rec);

/**
 * cc_rem_extend - extend a REM
 * @rim: ops, ctx and algo are used
 * @form: bytes that are hashed: TF-RMM does not pad the value; one reading of
 *	  DEN0137 1.0, RSI_MEASUREMENT_EXTEND, pads it
 * @rem: the REM, CC_RIM_LEN bytes; changed
 * @value: the new value
 * @len: length of @value in bytes, CC_RIM_LEN at most
 *
 * Return: 0; -EINVAL if @len or the algorithm is invalid; or the errno of the
 * hash function.
 */
int cc_rem_extend(struct cc_rim *rim, enum cc_rem_form form, u8 *rem,
		  const u8 *value, size_t len);

#endif /* CCGUEST_LIB_CC_RIM_H */
