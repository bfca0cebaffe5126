/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Private to libccguest: the table with the hashes of a kernel that QEMU loads
 * without a boot loader.
 *
 * Source: QEMU target/i386/sev.c, sev_add_kernel_loader_hashes().
 */
#ifndef CCGUEST_SEV_HASHES_H
#define CCGUEST_SEV_HASHES_H

#include <stdint.h>

#define SEV_HASH_LEN		32
/* Length of the table with its padding. */
#define SEV_HASHES_LEN		176

/* The order of the entries in the table. */
enum ccg_sev_hash {
	SEV_HASH_CMDLINE,
	SEV_HASH_INITRD,
	SEV_HASH_KERNEL,
	SEV_N_HASHES,
};

void ccg_sev_hashes_build(const uint8_t *const hashes[SEV_N_HASHES],
			  uint8_t *table);

#endif /* CCGUEST_SEV_HASHES_H */
