// SPDX-License-Identifier: GPL-2.0-only
/*
 * Places in memory that firmware, ACPI, EFI or a Device Tree names: how they
 * are read, and whether the numbers can be true.
 */
#include "place.h"

/* Of EFI's memory map, whatever pages the kernel has; UEFI 2.10, 7.2. */
#define EFI_PAGE_BITS		12

/* The ACPI table CCEL; ACPI 6.5, 5.2.34. */
#define CCEL_SIZE_OFFSET	40
#define CCEL_BASE_OFFSET	48

/* struct linux_efi_tpm_eventlog; the version is that of the log's form. */
#define EFI_LOG_SIZE_OFFSET	0
#define EFI_LOG_VERSION_OFFSET	8
#define EFI_LOG_TPM_2		2

/*
 * The highest address below the first bit that is not in @bits. A bit that is
 * missing below others tells shared from private memory: with it, the same
 * memory has a second address.
 */
static u64 last_address(u64 bits)
{
	return (~bits & (bits + 1)) - 1;
}

/**
 * place_check - can a place be where firmware says that it is?
 * @base: its address
 * @size: its size in bytes
 * @limits: what it has to keep to
 *
 * Return: the first fault that there is, PLACE_OK where there is none.
 */
enum place_fault place_check(u64 base, u64 size,
			     const struct place_limits *limits)
{
	const u64 last = last_address(limits->address_bits);

	if (!base)
		return PLACE_NO_ADDRESS;
	if (!size)
		return PLACE_NO_SIZE;
	if (base & (limits->align - 1))
		return PLACE_UNALIGNED;
	if (size - 1 > ~base)
		return PLACE_OVERFLOW;
	if (base > last || size - 1 > last - base)
		return PLACE_BEYOND;
	if (size < limits->min_size)
		return PLACE_TOO_SMALL;
	if (size > limits->max_size)
		return PLACE_TOO_LARGE;
	return PLACE_OK;
}

/**
 * place_fault_text - say what is wrong with a place
 * @fault: what place_check() returned
 *
 * Return: a sentence without a period; NULL for PLACE_OK.
 */
const char *place_fault_text(enum place_fault fault)
{
	/* "max_size": of struct place_limits, and a module's parameter */
	static const char *const texts[] = {
		[PLACE_NO_ADDRESS] = "the address is 0",
		[PLACE_NO_SIZE] = "the size is 0",
		[PLACE_UNALIGNED] = "the address is not that of a page",
		[PLACE_OVERFLOW] = "address and size overflow",
		[PLACE_BEYOND] =
			"it is beyond the guest's own memory, or has the bit of shared memory",
		[PLACE_TOO_SMALL] = "it is too small to hold anything",
		[PLACE_TOO_LARGE] = "it is larger than max_size",
	};

	return texts[fault];
}

/**
 * place_in_pages - is an address in a region of EFI's memory map?
 * @addr: the address
 * @start: that of the region
 * @n_pages: its size, in pages of 4 KiB
 *
 * Return: bytes from @addr to the end of the region; 0 where @addr is not in
 * it, or where the region would end behind the last of all addresses.
 */
u64 place_in_pages(u64 addr, u64 start, u64 n_pages)
{
	u64 size = n_pages << EFI_PAGE_BITS;

	if (size >> EFI_PAGE_BITS != n_pages || size - 1 > ~start)
		return 0;
	if (addr < start || addr - start >= size)
		return 0;
	return size - (addr - start);
}

/**
 * place_cells - read a number of a Device Tree
 * @value: of the property
 * @len: bytes in @value
 * @number: set where the result is 0
 *
 * Devicetree Specification 0.4, 2.2.4: one cell (<u32>) or two (<u64>). Which
 * of them it is, the tree does not say.
 *
 * Return: 0; -EBADMSG where @value is neither.
 */
int place_cells(const u8 *value, size_t len, u64 *number)
{
	switch (len) {
	case sizeof(u32):
		*number = get_unaligned_be32(value);
		return 0;
	case sizeof(u64):
		*number = get_unaligned_be64(value);
		return 0;
	default:
		return -EBADMSG;
	}
}

/**
 * place_ccel - where the ACPI table CCEL says that a log is
 * @table: the table
 * @len: its length, as far as it is in @table; PLACE_CCEL_LEN will do
 * @base: set to the log's address where the result is 0, not checked
 * @size: set to the log's size where the result is 0, not checked
 *
 * Return: 0; -EBADMSG where the table is too short.
 */
int place_ccel(const u8 *table, size_t len, u64 *base, u64 *size)
{
	if (len < PLACE_CCEL_LEN)
		return -EBADMSG;
	*base = get_unaligned_le64(table + CCEL_BASE_OFFSET);
	*size = get_unaligned_le64(table + CCEL_SIZE_OFFSET);
	return 0;
}

/**
 * place_efi_log - where the table of Linux' EFI stub says that a log is
 * @table: what is in front of the log
 * @len: bytes in @table; PLACE_EFI_LOG_LEN will do
 * @addr: address of @table
 * @base: set to the log's address where the result is 0, not checked
 * @size: set to the log's size where the result is 0, not checked
 *
 * Return: 0; -EBADMSG where the table is too short, or where the log is not
 * in the form of TPM 2.0.
 */
int place_efi_log(const u8 *table, size_t len, u64 addr, u64 *base, u64 *size)
{
	if (len < PLACE_EFI_LOG_LEN ||
	    table[EFI_LOG_VERSION_OFFSET] != EFI_LOG_TPM_2)
		return -EBADMSG;
	*base = addr + PLACE_EFI_LOG_LEN;
	*size = get_unaligned_le32(table + EFI_LOG_SIZE_OFFSET);
	return 0;
}
