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
 * struct granules_key - an image as it lies in a realm's memory
 * @algo: CC_REALM_SHA256 and so on
 * @digest: of the image
 * @size: of the image
 * @head: where in a granule it begins
 */
struct granules_key {
	uint8_t algo;
	uint8_t digest[CC_RIM_LEN];
	uint64_t size;
	size_t head;
};

/**
 * struct granules_step - what an image makes of a RIM
 * @before: the RIM, before the image is loaded
 * @ipa: where its first granule goes
 * @after: the RIM, when it is loaded
 */
struct granules_step {
	uint8_t before[CC_RIM_LEN];
	uint64_t ipa;
	uint8_t after[CC_RIM_LEN];
};

#define GRANULES_STEPS_MAX	32

/**
 * struct granules - an image, and what the database has of it
 * @database: where it is kept; made where it is not there
 * @images: directory of known-good images, or NULL
 * @key: which image
 * @path: of the file of its digests
 * @fd: that file
 * @checked: it is whole
 * @digest_len: of a digest
 * @h: for digests of files
 * @n_steps: number of @steps
 * @steps: those that are known, the newest first
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
