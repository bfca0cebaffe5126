// SPDX-License-Identifier: GPL-2.0-only
/*
 * Places in memory that firmware, ACPI, EFI or a Device Tree names: reading and
 * checking their addresses and sizes.
 */
#include "place.h"

/* Page size of EFI's memory map: 4 KiB on every kernel; UEFI 2.10, 7.2. */
#define EFI_PAGE_BITS		12

/* The ACPI table CCEL; ACPI 6.5, 5.2.34. */
#define CCEL_SIZE_OFFSET	40
#define CCEL_BASE_OFFSET	48

/* struct linux_efi_tpm_eventlog; the version is that of the log's format. */
#define EFI_LOG_SIZE_OFFSET	0
#define EFI_LOG_VERSION_OFFSET	8
#define EFI_LOG_TPM_2		2

/*
 * Get the highest address that has only bits below the lowest bit missing in
 * @bits. A missing bit below other bits distinguishes shared from private
 * memory: an address with this bit is a second address of the same memory.
 */
static u64 last_address(u64 bits)
{
	return (~bits & (bits + 1)) - 1;
}

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

const char *place_fault_text(enum place_fault fault)
{
	/* max_size is a parameter of module cc_event_log. */
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

void place_scan_begin(struct place_scan *scan, u64 base, u64 size)
{
	*scan = (struct place_scan) {
		.next = base,
		.last = base + (size - 1),
	};
}

/* The next region does not adjoin the regions before. */
static void scan_gap(struct place_scan *scan)
{
	scan->is_memory = false;
	scan->covered = false;
}

void place_scan_add(struct place_scan *scan, u64 first, u64 last,
		    enum place_region kind)
{
	if (kind == PLACE_OTHER || !scan->started || first - 1 != scan->end)
		scan_gap(scan);
	scan->started = true;
	scan->end = last;
	if (kind == PLACE_OTHER)
		return;

	scan->is_memory |= kind != PLACE_RESERVED;
	if (kind != PLACE_RAM && first <= scan->next && scan->next <= last) {
		/* A place that began before a gap does not end behind it. */
		scan->covered = scan->last <= last;
		scan->next = scan->covered ? scan->next : last + 1;
	}
	scan->good |= scan->covered && scan->is_memory;
}

bool place_scan_end(struct place_scan *scan)
{
	return scan->good;
}

u64 place_in_pages(u64 addr, u64 start, u64 n_pages)
{
	u64 size = n_pages << EFI_PAGE_BITS;

	if (size >> EFI_PAGE_BITS != n_pages || size - 1 > ~start)
		return 0;
	if (addr < start || addr - start >= size)
		return 0;
	return size - (addr - start);
}

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

int place_ccel(const u8 *table, size_t len, u64 *base, u64 *size)
{
	if (len < PLACE_CCEL_LEN)
		return -EBADMSG;
	*base = get_unaligned_le64(table + CCEL_BASE_OFFSET);
	*size = get_unaligned_le64(table + CCEL_SIZE_OFFSET);
	return 0;
}

int place_efi_log(const u8 *table, size_t len, u64 addr, u64 *base, u64 *size)
{
	if (len < PLACE_EFI_LOG_LEN ||
	    table[EFI_LOG_VERSION_OFFSET] != EFI_LOG_TPM_2)
		return -EBADMSG;
	*base = addr + PLACE_EFI_LOG_LEN;
	*size = get_unaligned_le32(table + EFI_LOG_SIZE_OFFSET);
	return 0;
}
