/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Hashing for realms: one digest after the other, and files in granules.
 */
#ifndef CCGUEST_HASH_H
#define CCGUEST_HASH_H

#include <openssl/evp.h>

#include <ccguest/ctx.h>

#include "cc_rim.h"

/**
 * struct hasher - computes many digests with one algorithm
 * @algo: CC_REALM_SHA256 and so on
 * @md: the algorithm
 * @ctx: state of OpenSSL
 */
struct hasher {
	uint8_t algo;
	EVP_MD *md;
	EVP_MD_CTX *ctx;
};

bool ccg_hasher_init(struct hasher *h, uint8_t algo);
void ccg_hasher_free(struct hasher *h);
bool ccg_hasher_digest(struct hasher *h, const uint8_t *data, size_t len,
		       uint8_t *out);

/* Functions for struct cc_rim, whose ctx is a struct hasher then. */
extern const struct cc_hash_ops ccg_hash_ops;

/*
 * Called with the digests of @n granules, one after the other. Returns 0, or a
 * negative errno that ends the walk.
 */
typedef int ccg_granules_fn(void *arg, const uint8_t *digests, size_t n);

/**
 * struct loading - an image whose granules extend a RIM
 * @rim: the RIM
 * @ipa: address of the next granule
 * @digest_len: length of a digest in bytes
 */
struct loading {
	struct cc_rim *rim;
	uint64_t ipa;
	size_t digest_len;
};

int ccg_load_granules(void *loading, const uint8_t *digests, size_t n);

int ccg_granules(struct ccg_ctx *ctx, const char *path, uint8_t algo,
		 size_t head, uint64_t max, ccg_granules_fn *fn, void *arg,
		 uint8_t *whole, uint64_t *sizep);

#endif /* CCGUEST_HASH_H */
