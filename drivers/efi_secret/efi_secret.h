/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * efi_secret: the EFI confidential-computing secret area under securityfs.
 */
#ifndef CCGUEST_EFI_SECRET_H
#define CCGUEST_EFI_SECRET_H

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

bool firmware_range_valid(u64 addr, u64 size);
bool firmware_range_readable(u64 addr, u64 size);
int firmware_read(u64 addr, void *buf, size_t len);
void *firmware_map(u64 addr, size_t size);
void firmware_unmap(void *mapping);
void firmware_flush(void *start, size_t size);

int uefi_find_config_table(const u8 *guid, u64 *addr, const char **source);

#endif /* CCGUEST_EFI_SECRET_H */
