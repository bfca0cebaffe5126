/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A place in memory that firmware, ACPI, EFI or a Device Tree names: an
 * address and a size, both of them the host's words. Here is how they are
 * read, and whether numbers like these can be true. What is at that address
 * is for others to find out.
 */
#ifndef CCGUEST_LIB_PLACE_H
#define CCGUEST_LIB_PLACE_H

#include "env.h"

/* The ACPI table CCEL; ACPI 6.5, 5.2.34. */
#define PLACE_CCEL_LEN		56
/* What Linux' EFI stub puts in front of a log; struct linux_efi_tpm_eventlog */
#define PLACE_EFI_LOG_LEN	9

/**
 * enum place_fault - why a place is refused, in the order of the checks
 * @PLACE_OK: it is not
 * @PLACE_NO_ADDRESS: the address is 0
 * @PLACE_NO_SIZE: the size is 0
 * @PLACE_UNALIGNED: the address is no multiple of what it has to be one of
 * @PLACE_OVERFLOW: the end is at 2^64 or above
 * @PLACE_BEYOND: the guest has no private memory there
 * @PLACE_TOO_SMALL: there is no room in it for what it is to hold
 * @PLACE_TOO_LARGE: it would take more memory than is granted
 */
enum place_fault {
	PLACE_OK,
	PLACE_NO_ADDRESS,
	PLACE_NO_SIZE,
	PLACE_UNALIGNED,
	PLACE_OVERFLOW,
	PLACE_BEYOND,
	PLACE_TOO_SMALL,
	PLACE_TOO_LARGE,
};

/**
 * struct place_limits - what a place has to keep to
 * @address_bits: the bits that addresses of the guest's private memory have;
 *	where one is missing, all higher ones are taken for missing too
 * @align: the address is a multiple of this power of two; 1: any is
 * @min_size: of the place, in bytes
 * @max_size: of the place, in bytes
 */
struct place_limits {
	u64 address_bits;
	u64 align;
	u64 min_size;
	u64 max_size;
};

enum place_fault place_check(u64 base, u64 size,
			     const struct place_limits *limits);
const char *place_fault_text(enum place_fault fault);

u64 place_in_pages(u64 addr, u64 start, u64 n_pages);

int place_cells(const u8 *value, size_t len, u64 *number);
int place_ccel(const u8 *table, size_t len, u64 *base, u64 *size);
int place_efi_log(const u8 *table, size_t len, u64 addr, u64 *base, u64 *size);

#endif /* CCGUEST_LIB_PLACE_H */
