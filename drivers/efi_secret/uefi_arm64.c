// SPDX-License-Identifier: GPL-2.0-only
/*
 * The file with the address of the EFI system table, on arm64.
 */
#include "efi_secret.h"
#include "../../lib/uefi.h"

#include <linux/sizes.h>

const struct uefi_boot_file uefi_boot_file = {
	.source = "device tree",
	.path = "/sys/firmware/fdt",
	/* The kernel's own limit, MAX_FDT_SIZE. */
	.max = SZ_2M,
	.systab = uefi_fdt_systab,
};
