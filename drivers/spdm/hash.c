// SPDX-License-Identifier: GPL-2.0-only
/*
 * Hashes for lib/spdm_req.c, with the kernel's crypto API.
 */
#include "internal.h"

#include <crypto/hash.h>
#include <linux/err.h>
#include <linux/slab.h>

static int set_algorithm(struct spdm_run *run, const struct spdm_hash *alg)
{
	struct crypto_shash *tfm;

	if (run->alg == alg)
		return 0;
	spdm_hash_free(run);
	tfm = crypto_alloc_shash(alg->alg, 0, 0);
	if (IS_ERR(tfm))
		return PTR_ERR(tfm);
	run->tfm = tfm;
	run->alg = alg;
	return 0;
}

int spdm_hash_init(void *ctx, enum spdm_hash_ctx which,
		   const struct spdm_hash *alg)
{
	struct spdm_run *run = ctx;
	struct shash_desc *desc;
	int rc;

	rc = set_algorithm(run, alg);
	if (rc)
		return rc;
	if (which == SPDM_HASH_TRANSCRIPT) {
		run->transcript_len = 0;
		run->transcript_lost = false;
	}
	desc = run->desc[which];
	if (!desc) {
		desc = kzalloc(sizeof(*desc) + crypto_shash_descsize(run->tfm),
			       GFP_KERNEL);
		if (!desc)
			return -ENOMEM;
		desc->tfm = run->tfm;
		run->desc[which] = desc;
	}
	return crypto_shash_init(desc);
}

int spdm_hash_update(void *ctx, enum spdm_hash_ctx which, const u8 *data,
		     size_t len)
{
	struct spdm_run *run = ctx;

	if (which == SPDM_HASH_TRANSCRIPT)
		spdm_record(run, data, len);
	return crypto_shash_update(run->desc[which], data, len);
}

int spdm_hash_final(void *ctx, enum spdm_hash_ctx which, u8 *digest)
{
	struct spdm_run *run = ctx;

	return crypto_shash_final(run->desc[which], digest);
}

void spdm_hash_free(struct spdm_run *run)
{
	for (size_t i = 0; i < ARRAY_SIZE(run->desc); i++) {
		kfree_sensitive(run->desc[i]);
		run->desc[i] = NULL;
	}
	if (run->tfm)
		crypto_free_shash(run->tfm);
	run->tfm = NULL;
	run->alg = NULL;
}
