/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The database of granules: digests of known-good images, granule by granule.
 */
#ifndef CCGUEST_GRANULES_H
#define CCGUEST_GRANULES_H

#include <ccguest/ctx.h>

#include "cc_rim.h"
#include "cca/hash.h"

/**
 * struct granules_key - an image and its place in a realm's memory
 * @algo: CC_REALM_SHA256 and so on
 * @digest: digest of the image
 * @size: size of the image in bytes
 * @head: offset in a granule at which the image begins
 */
struct granules_key {
	uint8_t algo;
	uint8_t digest[CC_RIM_LEN];
	uint64_t size;
	size_t head;
};

/**
 * struct granules_step - the RIM before and after an image is loaded
 * @before: the RIM before
 * @ipa: address of the image's first granule
 * @after: the RIM afterwards
 */
struct granules_step {
	uint8_t before[CC_RIM_LEN];
	uint64_t ipa;
	uint8_t after[CC_RIM_LEN];
};

#define GRANULES_STEPS_MAX	32

/**
 * struct granules - an image and its entry in the database
 * @database: directory of the database; created if missing
 * @images: directory of known-good images, or NULL
 * @key: the image
 * @path: path of the file of digests
 * @fd: descriptor of that file
 * @checked: the file is undamaged
 * @digest_len: length of a digest in bytes
 * @h: computes the digest that ends each file
 * @n_steps: number of @steps
 * @steps: the known steps, the newest first
 */
struct granules {
	const char *database;
	const char *images;
	struct granules_key key;
	char *path;
	int fd;
	bool checked;
	size_t digest_len;
	struct hasher h;
	size_t n_steps;
	struct granules_step steps[GRANULES_STEPS_MAX];
};

int ccg_granules_open(struct ccg_ctx *ctx, struct granules *g);
void ccg_granules_close(struct granules *g);
bool ccg_granules_recall(const struct granules *g, struct granules_step *step);
void ccg_granules_keep(struct granules *g, const struct granules_step *step);
int ccg_granules_each(struct ccg_ctx *ctx, struct granules *g,
		      ccg_granules_fn *fn, void *arg);

#endif /* CCGUEST_GRANULES_H */
