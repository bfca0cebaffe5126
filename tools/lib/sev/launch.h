/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Private to libccguest: the inputs of a launch, and the steps of its digest.
 */
#ifndef CCGUEST_SEV_LAUNCH_H
#define CCGUEST_SEV_LAUNCH_H

#include <ccguest/launch.h>

#include "sev/digest.h"
#include "sev/hashes.h"
#include "sev/image.h"

/**
 * struct ccg_launch - the inputs of a launch
 * @ctx: the context
 * @path: path of the firmware, for messages
 * @kind: SEV, SEV-ES or SNP
 * @cpus: number of virtual CPUs
 * @vmsa: contents of the pages with the registers
 * @image: the firmware
 * @tables: its tables
 * @info: properties for the caller; has the hashes
 * @seed: digest after the firmware's pages, if @has_seed
 * @has_seed: @seed is set
 * @has_initrd: there is an initrd
 * @cmdlines: hashes of the forms of the command line
 * @pages: pages with the registers from files, or NULL
 */
struct ccg_launch {
	struct ccg_ctx *ctx;
	char *path;
	enum ccg_launch_kind kind;
	uint32_t cpus;
	struct ccg_vmsa vmsa;
	uint8_t *image;
	struct ccg_sev_image tables;
	struct ccg_launch_info info;
	uint8_t seed[SNP_DIGEST_LEN];
	bool has_seed;
	bool has_initrd;
	uint8_t cmdlines[CCG_N_CMDLINES][SEV_HASH_LEN];
	uint8_t *pages[2];
};

/**
 * struct ccg_launch_cpu - the page with the registers of a virtual CPU
 * @page: the page
 * @content: SNP: its hash
 */
struct ccg_launch_cpu {
	uint8_t page[CCG_VMSA_LEN];
	uint8_t content[SNP_DIGEST_LEN];
};

void ccg_launch_firmware(const struct ccg_launch *l, struct ccg_digest *d,
			 bool code_only);
void ccg_launch_tables(const struct ccg_launch *l, struct ccg_digest *d,
		       const struct ccg_launch_variant *v);
void ccg_launch_cpus(const struct ccg_launch *l, struct ccg_digest *d,
		     const struct ccg_launch_variant *v,
		     struct ccg_launch_cpu cpus[2]);
void ccg_launch_add_cpu(struct ccg_digest *d, const struct ccg_launch_cpu *cpu);
struct ccg_launch_variant ccg_launch_as_described(const struct ccg_launch *l);

#endif /* CCGUEST_SEV_LAUNCH_H */
