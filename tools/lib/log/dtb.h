/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Private to libccguest: parser of flattened Device Trees.
 */
#ifndef CCGUEST_DTB_H
#define CCGUEST_DTB_H

#include <ccguest/log.h>

#include "cc_log.h"

/* Limit of arm64 kernels; Documentation/arch/arm64/booting.rst. */
#define CCG_DTB_MAX		0x200000
#define CCG_DTB_RANGES_MAX	16

/**
 * struct ccg_dtb_ranges - memory ranges
 * @n: number of @r
 * @r: the ranges
 */
struct ccg_dtb_ranges {
	size_t n;
	struct cc_range r[CCG_DTB_RANGES_MAX];
};

/**
 * struct ccg_dtb - contents of a tree
 * @size: size of the tree in bytes
 * @model: model of the machine, or NULL; points into the tree
 * @bootargs: the kernel's command line, or NULL; points into the tree
 * @memory: the guest's memory
 * @has_initrd: the tree has an initial RAM disk
 * @initrd: memory range of the initial RAM disk
 * @logs: memory ranges of the logs
 * @fault: reason why the tree is invalid, then no other member is valid; or
 *	   empty
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
