// SPDX-License-Identifier: GPL-2.0-only
/*
 * Unit tests of lib/place.c: both sides of the boundary of each number.
 */
#include "../../lib/place.h"
#include "tap.h"

#define PAGE	4096ULL
#define MIB	0x100000ULL
#define BITS(n)	(~0ULL >> (64 - (n)))
#define ALL	(~0ULL)

/* Limits of cc_event_log on a machine with 40 bits, without EFI stub. */
static const struct place_limits log_limits = {
	.address_bits = BITS(40),
	.align = PAGE,
	.min_size = 1,
	.max_size = 16 * MIB,
};

/* Limits of efi_secret on this machine. */
static const struct place_limits secret_limits = {
	.address_bits = BITS(40),
	.align = 1,
	.min_size = 20,
	.max_size = MIB,
};

/* The widest limits; base of the limits of both modules. */
static const struct place_limits widest = {
	.address_bits = ALL,
	.align = 1,
	.min_size = 1,
	.max_size = ALL,
};

/* Bit 47 distinguishes shared from private memory. */
static const struct place_limits shared_47 = {
	.address_bits = BITS(47),
	.align = 1,
	.min_size = 1,
	.max_size = ALL,
};

/* The same for a processor with more address bits. */
static const struct place_limits shared_47_of_52 = {
	.address_bits = BITS(52) & ~(1ULL << 47),
	.align = 1,
	.min_size = 1,
	.max_size = ALL,
};

static const struct {
	const char *what;
	const struct place_limits *limits;
	u64 base, size;
	enum place_fault fault;
} places[] = {
	{ "a log", &log_limits, 0x10000000, 0x10000, PLACE_OK },
	{ "a secret area", &secret_limits, 0x1f000000, 0xc00, PLACE_OK },
	{ "all memory but the first byte", &widest, 1, ALL, PLACE_OK },

	{ "address 0", &log_limits, 0, 0x10000, PLACE_NO_ADDRESS },
	{ "area at 0", &secret_limits, 0, 0xc00, PLACE_NO_ADDRESS },
	{ "nothing at 0", &widest, 0, 0, PLACE_NO_ADDRESS },
	{ "address 1", &widest, 1, 1, PLACE_OK },

	{ "size 0", &log_limits, 0x10000000, 0, PLACE_NO_SIZE },
	{ "area of 0 bytes", &secret_limits, 0x1f000000, 0, PLACE_NO_SIZE },
	{ "size 0 at the end of all addresses", &widest, ALL, 0,
	  PLACE_NO_SIZE },
	{ "size 1", &log_limits, 0x10000000, 1, PLACE_OK },

	{ "half a page off", &log_limits, 0x10000800, 0x10000,
	  PLACE_UNALIGNED },
	{ "half a page off, in a Device Tree", &log_limits, 0x50000800,
	  0x10000, PLACE_UNALIGNED },
	{ "a byte off", &log_limits, 0x10000001, 1, PLACE_UNALIGNED },
	{ "the last byte of a page", &log_limits, 0x10000fff, 1,
	  PLACE_UNALIGNED },
	{ "the next page", &log_limits, 0x10001000, 1, PLACE_OK },
	{ "an odd size", &log_limits, 0x10000000, 0xfff, PLACE_OK },
	{ "area at an odd address", &secret_limits, 0x1f000003, 0xc00,
	  PLACE_OK },

	{ "one page more than there are addresses", &log_limits,
	  0xfffffffffffff000, 0x2000, PLACE_OVERFLOW },
	{ "one byte more than there are addresses", &widest,
	  0xfffffffffffff000, 0x1001, PLACE_OVERFLOW },
	{ "up to the last address", &widest, 0xfffffffffffff000, 0x1000,
	  PLACE_OK },
	{ "two bytes at the last address", &widest, ALL, 2, PLACE_OVERFLOW },
	{ "the last address", &widest, ALL, 1, PLACE_OK },
	{ "the largest size, from address 2", &widest, 2, ALL, PLACE_OVERFLOW },
	{ "the largest size, from the second page", &log_limits, PAGE, ALL,
	  PLACE_OVERFLOW },
	{ "area that wraps", &secret_limits, 0xfffffffffffff000, 0x2000,
	  PLACE_OVERFLOW },

	{ "the end of all addresses", &log_limits, 0xfffffffffffff000, 0x1000,
	  PLACE_BEYOND },
	{ "area at the end of all addresses", &secret_limits,
	  0xfffffffffffff000, 0xc00, PLACE_BEYOND },
	{ "bit 55", &log_limits, 0x80000000000000, 0x10000, PLACE_BEYOND },
	{ "area behind all memory", &secret_limits, 0x7fffffffff000000, 0xc00,
	  PLACE_BEYOND },
	{ "the last page", &log_limits, (1ULL << 40) - PAGE, PAGE, PLACE_OK },
	{ "a byte behind the last page", &log_limits, (1ULL << 40) - PAGE,
	  PAGE + 1, PLACE_BEYOND },
	{ "the page behind the last", &log_limits, 1ULL << 40, PAGE,
	  PLACE_BEYOND },
	{ "2^62 bytes", &log_limits, 0x10000000, 1ULL << 62, PLACE_BEYOND },
	{ "area of 2^62 bytes", &secret_limits, 0x1f000000, 1ULL << 62,
	  PLACE_BEYOND },
	{ "as large as the memory, a page behind", &log_limits, PAGE,
	  1ULL << 40, PLACE_BEYOND },

	{ "the bit of shared memory", &shared_47, 1ULL << 47 | PAGE, 1,
	  PLACE_BEYOND },
	{ "below the bit of shared memory", &shared_47, BITS(47), 1,
	  PLACE_OK },
	{ "into the bit of shared memory", &shared_47, BITS(47), 2,
	  PLACE_BEYOND },
	{ "the bit of shared memory, within 52", &shared_47_of_52,
	  1ULL << 47 | PAGE, 1, PLACE_BEYOND },
	{ "below the bit of shared memory, within 52", &shared_47_of_52,
	  BITS(47), 1, PLACE_OK },
	{ "into the bit of shared memory, within 52", &shared_47_of_52,
	  BITS(47), 2, PLACE_BEYOND },
	{ "above the bit of shared memory, within 52", &shared_47_of_52,
	  1ULL << 48, 1, PLACE_BEYOND },

	{ "area of 1 byte", &secret_limits, 0x1f000000, 1, PLACE_TOO_SMALL },
	{ "area of 19 bytes", &secret_limits, 0x1f000000, 19,
	  PLACE_TOO_SMALL },
	{ "area of 20 bytes", &secret_limits, 0x1f000000, 20, PLACE_OK },

	{ "16 MiB less a byte", &log_limits, 0x10000000, 16 * MIB - 1,
	  PLACE_OK },
	{ "16 MiB", &log_limits, 0x10000000, 16 * MIB, PLACE_OK },
	{ "16 MiB and a byte", &log_limits, 0x10000000, 16 * MIB + 1,
	  PLACE_TOO_LARGE },
	{ "16 MiB and a page", &log_limits, 0x10000000, 0x1001000,
	  PLACE_TOO_LARGE },
	{ "area of 1 MiB", &secret_limits, 0x1f000000, MIB, PLACE_OK },
	{ "area of 1 MiB and a byte", &secret_limits, 0x1f000000, MIB + 1,
	  PLACE_TOO_LARGE },
	{ "area of 1 GiB", &secret_limits, 0x1f000000, 0x40000000,
	  PLACE_TOO_LARGE },
};

static void test_places(void)
{
	for (size_t i = 0; i < ARRAY_SIZE(places); i++) {
		enum place_fault fault = place_check(places[i].base,
						     places[i].size,
						     places[i].limits);
		const char *text = place_fault_text(fault);

		ok(fault == places[i].fault, "%s: %s", places[i].what,
		   text ? text : "taken");
	}
}

/* No bits, each number of bits, all bits: the highest valid address. */
static void test_widths(void)
{
	struct place_limits limits = widest;
	size_t bad = 0;

	limits.address_bits = 0;
	ok(place_check(1, 1, &limits) == PLACE_BEYOND, "no bit, no address");
	for (int n = 1; n < 64; n++) {
		u64 last = BITS(n);

		limits.address_bits = last;
		bad += place_check(last, 1, &limits) != PLACE_OK ||
		       place_check(last, 2, &limits) != PLACE_BEYOND ||
		       place_check(last + 1, 1, &limits) != PLACE_BEYOND ||
		       place_check(1, last, &limits) != PLACE_OK ||
		       place_check(1, last + 1, &limits) != PLACE_BEYOND;
	}
	ok(!bad, "1 to 63 bits");
}

/* A map of addresses, as QEMU's machine q35 has it, and more. */
static const struct {
	u64 first, last;
	enum place_region kind;
} map[] = {
	{ 0x1000, 0x9fbff, PLACE_RAM },
	{ 0x9fc00, 0x9ffff, PLACE_RESERVED },
	{ 0xf0000, 0xfffff, PLACE_RESERVED },
	{ 0x100000, 0x80ffff, PLACE_RAM },
	{ 0x810000, 0x8107ff, PLACE_RESERVED },
	{ 0x810800, 0x810fff, PLACE_RESERVED },
	{ 0x811000, 0x7f5fffff, PLACE_RAM },
	{ 0x7f600000, 0x7f6fffff, PLACE_RESERVED },
	{ 0x7f700000, 0x7f77ffff, PLACE_ACPI },
	{ 0x7f780000, 0x7f7fffff, PLACE_RESERVED },
	/* A gap, devices, and the PCI configuration space. */
	{ 0x80000000, 0xdfffffff, PLACE_OTHER },
	{ 0xe0000000, 0xefffffff, PLACE_RESERVED },
	{ 0xfec00000, 0xfec00fff, PLACE_OTHER },
	{ 0xfee00000, 0xfee00fff, PLACE_RESERVED },
	{ 0xff000000, 0xff0fffff, PLACE_ACPI },
	{ 0x100000000, 0x17fffffff, PLACE_RAM },
	/* Reserved next to a device, which is next to RAM. */
	{ 0x180000000, 0x180000fff, PLACE_OTHER },
	{ 0x180001000, 0x180001fff, PLACE_RESERVED },
	{ 0xfd00000000, 0xffffffffff, PLACE_RESERVED },
};

static const struct {
	const char *what;
	u64 first, last;
	bool good;
} scans[] = {
	{ "reserved within RAM", 0x810000, 0x8107ff, true },
	{ "two reserved regions that adjoin", 0x810000, 0x810fff, true },
	{ "the middle of them", 0x8107ff, 0x810800, true },
	{ "one byte", 0x810fff, 0x810fff, true },
	{ "a byte of RAM before", 0x80ffff, 0x8107ff, false },
	{ "a byte of RAM behind", 0x810800, 0x811000, false },
	{ "RAM", 0x200000, 0x200fff, false },
	{ "reserved, ACPI and reserved, to the gap", 0x7f600000, 0x7f7fffff,
	  true },
	{ "reserved before the gap", 0x7f7ff000, 0x7f7fffff, true },
	{ "a byte of the gap", 0x7f7ff000, 0x7f800000, false },
	{ "the gap", 0x7f800000, 0x7f800fff, false },
	{ "ACPI's memory away from RAM", 0xff000000, 0xff0fffff, true },
	{ "more than ACPI's memory", 0xff000000, 0xff100000, false },
	{ "reserved before RAM", 0xf0000, 0xfffff, true },
	{ "reserved behind RAM", 0x9fc00, 0x9ffff, true },
	{ "reserved, with a gap in the middle", 0x9ff00, 0xf0100, false },
	{ "address 0, of which nothing is known", 0, 0xfff, false },
	{ "the PCI configuration space", 0xe0000000, 0xe0000fff, false },
	{ "all of it", 0xe0000000, 0xefffffff, false },
	{ "a device", 0x80000000, 0x80000fff, false },
	{ "a device and the configuration space", 0xdffff000, 0xe0000fff,
	  false },
	{ "reserved between gaps", 0xfee00000, 0xfee00fff, false },
	{ "reserved next to a device", 0x180001000, 0x180001fff, false },
	{ "the HyperTransport range", 0xfd00000000, 0xfd00000fff, false },
	{ "half of the HyperTransport range", 0xfcfffff000, 0xfd00000fff,
	  false },
	{ "the last byte of the map", 0xffffffffff, 0xffffffffff, false },
	{ "behind the map", 0x10000000000, 0x10000000fff, false },
	{ "all addresses", 0, ALL, false },
};

static void test_scans(void)
{
	struct place_scan scan;

	for (size_t i = 0; i < ARRAY_SIZE(scans); i++) {
		place_scan_begin(&scan, scans[i].first,
				 scans[i].last - scans[i].first + 1);
		for (size_t k = 0; k < ARRAY_SIZE(map); k++)
			place_scan_add(&scan, map[k].first, map[k].last,
				       map[k].kind);
		ok(place_scan_end(&scan) == scans[i].good, "scan: %s",
		   scans[i].what);
	}
	place_scan_begin(&scan, 1, 1);
	ok(!place_scan_end(&scan), "scan: a map without regions");
	place_scan_begin(&scan, ALL, 1);
	place_scan_add(&scan, 0, ALL, PLACE_ACPI);
	ok(place_scan_end(&scan), "scan: one region has all addresses");
}

/* Texts of the kernel's log, which Documentation/ repeats. */
static void test_texts(void)
{
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

	ok(!place_fault_text(PLACE_OK), "no fault, no text");
	for (enum place_fault f = PLACE_OK + 1; f < ARRAY_SIZE(texts); f++)
		ok(!strcmp(place_fault_text(f), texts[f]), "%s", texts[f]);
}

static const struct {
	const char *what;
	u64 addr, start, n_pages, rest;
} regions[] = {
	{ "before the region", 0xfff, PAGE, 2, 0 },
	{ "its first byte", 0x1000, PAGE, 2, 0x2000 },
	{ "its second byte", 0x1001, PAGE, 2, 0x1fff },
	{ "its last byte", 0x2fff, PAGE, 2, 1 },
	{ "behind the region", 0x3000, PAGE, 2, 0 },
	{ "a region at 0", 0, 0, 1, PAGE },
	{ "an empty region", PAGE, PAGE, 0, 0 },
	{ "an empty region at 0", 0, 0, 0, 0 },
	{ "the last page there is", ALL, ALL - 0xfff, 1, 1 },
	{ "a region that ends behind it", ALL, ALL - 0xfff, 2, 0 },
	{ "a region of 2^64 - 4096 bytes", PAGE, PAGE, BITS(52), ALL - 0xfff },
	{ "the same, a page later", 2 * PAGE, 2 * PAGE, BITS(52), 0 },
	{ "a region of 2^64 bytes", PAGE, 0, 1ULL << 52, 0 },
	{ "a region of 2^64 bytes and a page", 0, 0, (1ULL << 52) + 1, 0 },
	{ "as many pages as can be written", PAGE, PAGE, ALL, 0 },
};

static void test_regions(void)
{
	for (size_t i = 0; i < ARRAY_SIZE(regions); i++)
		ok(place_in_pages(regions[i].addr, regions[i].start,
				  regions[i].n_pages) == regions[i].rest,
		   "%s", regions[i].what);
}

static void test_cells(void)
{
	static const u8 value[] = {
		0x80, 0x01, 0x02, 0x03, 0x04, 0x05, 0x06, 0x07, 0, 0, 0, 0,
	};
	size_t bad = 0;
	u64 n = 42;

	for (size_t len = 0; len <= sizeof(value); len++)
		if (len != 4 && len != 8)
			bad += place_cells(value, len, &n) != -EBADMSG ||
			       n != 42;
	ok(!bad, "0, 3, 5, 7, 9, 12 bytes are no number");
	ok(!place_cells(value, 4, &n) && n == 0x80010203, "one cell");
	ok(!place_cells(value, 8, &n) && n == 0x8001020304050607,
	   "two cells");
	ok(!place_cells(value + 1, 8, &n) && n == 0x0102030405060700,
	   "two cells at an odd address");
}

static void test_ccel(void)
{
	static const u8 table[PLACE_CCEL_LEN + 8] = {
		'C', 'C', 'E', 'L', PLACE_CCEL_LEN,
		[36] = 2, 1, 0xff, 0xff,
		[40] = 1, 2, 3, 4, 5, 6, 7, 0x88,
		[48] = 0x11, 0x12, 0x13, 0x14, 0x15, 0x16, 0x17, 0x98,
		[56] = 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
	};
	u64 base = 42, size = 42;
	size_t bad = 0;

	for (size_t len = 0; len < PLACE_CCEL_LEN; len++)
		bad += place_ccel(table, len, &base, &size) != -EBADMSG ||
		       base != 42 || size != 42;
	ok(!bad, "CCEL of 0 to 55 bytes is too short");
	for (size_t len = PLACE_CCEL_LEN; len <= sizeof(table); len += 8)
		ok(!place_ccel(table, len, &base, &size) &&
		   base == 0x9817161514131211 && size == 0x8807060504030201,
		   "CCEL of %zu bytes", len);
}

static void test_efi_log(void)
{
	u8 table[] = { 4, 3, 2, 0x81, 0xff, 0xff, 0xff, 0xff, 2, 0xff };
	u64 base = 42, size = 42;
	size_t bad = 0;

	for (size_t len = 0; len < PLACE_EFI_LOG_LEN; len++)
		bad += place_efi_log(table, len, PAGE, &base, &size) !=
		       -EBADMSG || base != 42 || size != 42;
	ok(!bad, "table of the EFI stub, of 0 to 8 bytes: too short");
	for (int version = 0; version < 256; version++) {
		table[8] = version;
		if (version != 2)
			bad += place_efi_log(table, 9, PAGE, &base, &size) !=
			       -EBADMSG || base != 42 || size != 42;
	}
	ok(!bad, "each version but 2 is refused");
	table[8] = 2;
	ok(!place_efi_log(table, 9, PAGE, &base, &size) &&
	   base == PAGE + 9 && size == 0x81020304, "version 2 is taken");
	ok(!place_efi_log(table, 10, ALL - 9, &base, &size) && base == ALL,
	   "a table whose log begins at the last address");
}

int main(void)
{
	test_places();
	test_widths();
	test_scans();
	test_texts();
	test_regions();
	test_cells();
	test_ccel();
	test_efi_log();
	return tap_done();
}
