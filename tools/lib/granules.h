/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The database of granules: digests of known-good images, granule by granule.
 */
#ifndef CCGUEST_GRANULES_H
#define CCGUEST_GRANULES_H

#include "cc_rim.h"
#include "ccguest.h"
#include "hash.h"

/**
 * struct granules_key - an image as it lies in a realm's memory
 * @algo: CC_REALM_SHA256 and so on
 * @digest: of the image
 * @size: of the image
 * @head: where in a granule it begins
 */
struct granules_key {
	uint8_t algo;
	const uint8_t *digest;
	uint64_t size;
	size_t head;
};

int ccg_granules_open(struct ccg_ctx *ctx, const char *database,
		      const char *images, const struct granules_key *key,
		      int *fdp);
int ccg_granules_each(int fd, const struct granules_key *key,
		      ccg_granules_fn *fn, void *arg);

#endif /* CCGUEST_GRANULES_H */
