/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A place in memory that firmware, ACPI, EFI or a Device Tree names: an address
 * and a size, which the host controls. These functions read the two numbers
 * and check them. They do not check what is at the address.
 */
#ifndef CCGUEST_LIB_PLACE_H
#define CCGUEST_LIB_PLACE_H

#include "env.h"

/* The ACPI table CCEL; ACPI 6.5, 5.2.34. */
#define PLACE_CCEL_LEN		56
/* The header that Linux' EFI stub writes; struct linux_efi_tpm_eventlog. */
#define PLACE_EFI_LOG_LEN	9

/**
 * enum place_fault - why a place is refused, in the order of the checks
 * @PLACE_OK: the place is not refused
 * @PLACE_NO_ADDRESS: the address is 0
 * @PLACE_NO_SIZE: the size is 0
 * @PLACE_UNALIGNED: the address is not aligned
 * @PLACE_OVERFLOW: the end is at 2^64 or above
 * @PLACE_BEYOND: the guest has no private memory there
 * @PLACE_TOO_SMALL: the size is below the minimum
 * @PLACE_TOO_LARGE: the size is above the maximum
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
 * struct place_limits - limits of a valid place
 * @address_bits: bits of the addresses of the guest's private memory; only the
 *	bits below the lowest missing one are used
 * @align: a power of two, of which the address must be a multiple
 * @min_size: minimum size, in bytes
 * @max_size: maximum size, in bytes
 */
struct place_limits {
	u64 address_bits;
	u64 align;
	u64 min_size;
	u64 max_size;
};

/**
 * place_check - check address and size of a place
 * @base: its address
 * @size: its size in bytes
 * @limits: limits of a valid place
 *
 * Return: the first fault; PLACE_OK if there is none.
 */
enum place_fault place_check(u64 base, u64 size,
			     const struct place_limits *limits);

/**
 * place_fault_text - describe the fault of a place
 * @fault: return value of place_check()
 *
 * Return: a sentence without a period; NULL for PLACE_OK.
 */
const char *place_fault_text(enum place_fault fault);

/**
 * enum place_region - kinds of regions in the machine's map of addresses
 * @PLACE_RAM: memory that the kernel uses
 * @PLACE_ACPI: memory that the firmware reported as ACPI tables or ACPI NVS
 * @PLACE_RESERVED: addresses that the firmware reported as reserved; firmware
 *	also reserves addresses of devices
 * @PLACE_OTHER: all others, for example devices
 */
enum place_region {
	PLACE_RAM,
	PLACE_ACPI,
	PLACE_RESERVED,
	PLACE_OTHER,
};

/**
 * struct place_scan - a search for a place in the machine's map of addresses
 * @next: first address of the place that is not covered yet
 * @last: last address of the place
 * @end: last address of the region before
 * @is_memory: one of the adjoining regions so far is RAM or ACPI's memory
 * @covered: the adjoining regions so far have the whole place
 * @started: there was a region before
 * @good: the result
 */
struct place_scan {
	u64 next;
	u64 last;
	u64 end;
	bool is_memory;
	bool covered;
	bool started;
	bool good;
};

/**
 * place_scan_begin - begin to search for a place
 * @scan: set
 * @base: its address; place_check() has accepted the place
 * @size: its size in bytes
 */
void place_scan_begin(struct place_scan *scan, u64 base, u64 size);

/**
 * place_scan_add - add the next region of the machine's map of addresses
 * @scan: the search
 * @first: first address of the region, above the region before
 * @last: last address of the region
 * @kind: kind of the region
 */
void place_scan_add(struct place_scan *scan, u64 first, u64 last,
		    enum place_region kind);

/**
 * place_scan_end - end a search
 * @scan: the search; all regions were added
 *
 * The place is memory of the firmware if regions of the kinds PLACE_ACPI and
 * PLACE_RESERVED have all of its bytes. Reserved addresses count as memory only
 * if they adjoin RAM or ACPI's memory, with no gap between: firmware also
 * reserves addresses of devices, for example the PCI configuration space, and
 * the HyperTransport range of AMD's processors. There, no RAM is near.
 *
 * Return: true if the place is memory of the firmware.
 */
bool place_scan_end(struct place_scan *scan);

/**
 * place_in_pages - check whether a region of EFI's memory map has an address
 * @addr: the address
 * @start: first address of the region
 * @n_pages: size of the region, in pages of 4 KiB
 *
 * Return: number of bytes from @addr to the end of the region; 0 if @addr is
 * not in the region, or if the end of the region is above 2^64.
 */
u64 place_in_pages(u64 addr, u64 start, u64 n_pages);

/**
 * place_cells - read a number of a Device Tree
 * @value: value of the property
 * @len: bytes in @value
 * @number: set if the result is 0
 *
 * Devicetree Specification 0.4, 2.2.4: one cell (<u32>) or two (<u64>). The
 * length of the value selects one of them.
 *
 * Return: 0; -EBADMSG if @value is neither.
 */
int place_cells(const u8 *value, size_t len, u64 *number);

/**
 * place_ccel - read the place of a log from the ACPI table CCEL
 * @table: the table
 * @len: bytes in @table; PLACE_CCEL_LEN is enough
 * @base: set to the log's address if the result is 0, not checked
 * @size: set to the log's size if the result is 0, not checked
 *
 * Return: 0; -EBADMSG if the table is too short.
 */
int place_ccel(const u8 *table, size_t len, u64 *base, u64 *size);

/**
 * place_efi_log - read the place of a log from the table of Linux' EFI stub
 * @table: the table, which precedes the log
 * @len: bytes in @table; PLACE_EFI_LOG_LEN is enough
 * @addr: address of @table
 * @base: set to the log's address if the result is 0, not checked
 * @size: set to the log's size if the result is 0, not checked
 *
 * Return: 0; -EBADMSG if the table is too short, or where the log is not
 * in the format of TPM 2.0.
 */
int place_efi_log(const u8 *table, size_t len, u64 addr, u64 *base, u64 *size);

#endif /* CCGUEST_LIB_PLACE_H */
