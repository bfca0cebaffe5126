// SPDX-License-Identifier: GPL-2.0-only
/*
 * The file with the address of the EFI system table, on x86.
 */
#include "efi_secret.h"
#include "../../lib/uefi.h"

const struct uefi_boot_file uefi_boot_file = {
	.source = "boot parameters",
	.path = "/sys/kernel/boot_params/data",
	.max = UEFI_BOOT_PARAMS_LEN,
	.systab = uefi_boot_params_systab,
};
