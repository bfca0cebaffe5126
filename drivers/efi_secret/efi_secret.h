/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * efi_secret: the EFI confidential-computing secret area under securityfs.
 */
#ifndef CCGUEST_EFI_SECRET_H
#define CCGUEST_EFI_SECRET_H

#include "../common/firmware.h"
#include "../common/secfs.h"

#include <linux/types.h>

/**
 * struct efi_secret_area - the memory that the secrets lie in
 * @base: its physical address
 * @size: its size in bytes, SECRET_HEADER_LEN to SECRET_AREA_MAX
 * @source: what led to it, for messages
 */
struct efi_secret_area {
	phys_addr_t base;
	size_t size;
	const char *source;
};

int efi_secret_find_area(struct efi_secret_area *area);

int uefi_find_config_table(const u8 *guid, u64 *addr, const char **source);

#endif /* CCGUEST_EFI_SECRET_H */
