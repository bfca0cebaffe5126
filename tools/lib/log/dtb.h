/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What a flattened Device Tree tells the kernel of a guest.
 */
#ifndef CCGUEST_DTB_H
#define CCGUEST_DTB_H

#include <ccguest/log.h>

#include "cc_log.h"

/* The most that arm64 kernels take; Documentation/arch/arm64/booting.rst. */
#define CCG_DTB_MAX		0x200000
#define CCG_DTB_RANGES_MAX	16

/**
 * struct ccg_dtb_ranges - places in memory
 * @n: number of @r
 * @r: the places
 */
struct ccg_dtb_ranges {
	size_t n;
	struct cc_range r[CCG_DTB_RANGES_MAX];
};

/**
 * struct ccg_dtb - what a tree tells
 * @size: of the tree
 * @model: of the machine, or NULL; points into the tree
 * @bootargs: the kernel's command line, or NULL; points into the tree
 * @memory: the guest's memory
 * @has_initrd: @initrd is there
 * @initrd: the initial RAM disk
 * @logs: where it says that logs are
 * @fault: what is wrong with it, then the others do not hold; or empty
 */
struct ccg_dtb {
	size_t size;
	const char *model;
	const char *bootargs;
	struct ccg_dtb_ranges memory;
	bool has_initrd;
	struct cc_range initrd;
	struct ccg_dtb_ranges logs;
	char fault[128];
};

struct ccg_sink;

bool ccg_dtb_parse(struct ccg_dtb *d, const void *fdt, size_t len);
void ccg_dtb_decode(const struct ccg_dtb *d, struct ccg_sink *s);

#endif /* CCGUEST_DTB_H */
