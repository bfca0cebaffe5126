// SPDX-License-Identifier: GPL-2.0-only
/*
 * Finding a UEFI configuration table that the kernel does not know.
 *
 * The kernel exports neither the EFI system table nor the array of
 * configuration tables. This file finds the system table in one of three
 * places, and checks the table's CRC each time:
 *
 * - The EFI memory map, which struct efi exports: the system table is in
 *   memory of type EfiRuntimeServicesData (UEFI 2.10, 7.2), aligned to 8
 *   bytes. This needs no file system, but it needs the map: x86 frees the map
 *   if there are no runtime services (noefi, efi=noruntime).
 * - x86: the boot parameters in /sys/kernel/boot_params/data (uefi_x86.c).
 * - arm64: the flattened device tree in /sys/firmware/fdt (uefi_arm64.c). The
 *   EFI stub makes one on ACPI machines too.
 */
#include "efi_secret.h"
#include "../../lib/uefi.h"

#include <linux/efi.h>
#include <linux/fs.h>
#include <linux/minmax.h>
#include <linux/mm.h>
#include <linux/sched.h>
#include <linux/sizes.h>
#include <linux/slab.h>

/* Most bytes searched for a system table, in total and per mapping. */
#define SCAN_MAX	SZ_64M
#define SCAN_WINDOW	SZ_1M
/*
 * Most signatures that are checked: each check maps memory and computes a CRC.
 * Firmware has one table, and perhaps a copy of the string.
 */
#define SCAN_CANDIDATES	32

/* Read and check the system table at @addr; at most @len bytes are read. */
static int read_systab(u64 addr, size_t len, struct uefi_systab *systab)
{
	u8 *buf;
	int rc;

	len = min_t(size_t, len, UEFI_SYSTAB_MAX);
	buf = kmalloc(len, GFP_KERNEL);
	if (!buf)
		return -ENOMEM;

	rc = firmware_read(addr, buf, len);
	if (!rc)
		rc = uefi_systab_parse(buf, len, systab);
	kfree(buf);
	return rc;
}

/**
 * struct scan - a search of the memory map for the system table
 * @systab: the table, if @found is true
 * @found: a table was found
 * @budget: bytes that may still be searched
 * @candidates: signatures that may still be checked
 */
struct scan {
	struct uefi_systab *systab;
	bool found;
	u64 budget;
	unsigned int candidates;
};

/*
 * Check the signature found at @addr; the region ends @len bytes later.
 *
 * Two system tables make the search fail. The CRC shows that a table is
 * complete, not that it is genuine: runtime data also has bytes that other
 * parties chose, such as the contents of UEFI variables. For the same reason a
 * search that skipped some memory fails, even if it found one table.
 */
static int scan_candidate(struct scan *scan, u64 addr, u64 len)
{
	struct uefi_systab systab;
	int rc;

	if (!scan->candidates--)
		return -EBADMSG;
	rc = read_systab(addr, min_t(u64, len, UEFI_SYSTAB_MAX), &systab);
	if (rc == -ENOMEM)
		return rc;
	if (rc)
		return 0;
	if (scan->found)
		return -EBADMSG;
	scan->found = true;
	*scan->systab = systab;
	return 0;
}

/* Search @len bytes at @addr; the region ends @rest bytes after @addr. */
static int scan_window(struct scan *scan, u64 addr, size_t len, u64 rest)
{
	const u8 *mapping;
	int rc = 0;
	size_t pos;

	mapping = firmware_map(addr, len);
	if (!mapping)
		return -ENOMEM;
	for (pos = 0; pos < len && !rc; pos += sizeof(u64))
		if (uefi_systab_signature(mapping + pos, len - pos))
			rc = scan_candidate(scan, addr + pos, rest - pos);
	firmware_unmap((void *)mapping);
	return rc;
}

static int scan_region(struct scan *scan, const efi_memory_desc_t *md)
{
	u64 addr = md->phys_addr;
	u64 rest = md->num_pages << EFI_PAGE_SHIFT;

	if (md->num_pages > SCAN_MAX >> EFI_PAGE_SHIFT ||
	    rest > scan->budget || !firmware_range_readable(addr, rest))
		return -EBADMSG;
	scan->budget -= rest;

	while (rest) {
		size_t len = min_t(u64, rest, SCAN_WINDOW);
		int rc = scan_window(scan, addr, len, rest);

		if (rc)
			return rc;
		addr += len;
		rest -= len;
		cond_resched();
	}
	return 0;
}

/* -ENODATA: there is no system table, or more than one. */
static int find_in_memmap(struct uefi_systab *systab)
{
	struct scan scan = {
		.systab = systab,
		.budget = SCAN_MAX,
		.candidates = SCAN_CANDIDATES,
	};
	efi_memory_desc_t *md;
	int rc;

	/* Without the flag, only the map's number of entries is left. */
	if (!efi_enabled(EFI_MEMMAP))
		return -ENODATA;

	for_each_efi_memory_desc(md) {
		if (md->type != EFI_RUNTIME_SERVICES_DATA)
			continue;
		rc = scan_region(&scan, md);
		if (rc == -EBADMSG)
			return -ENODATA;
		if (rc)
			return rc;
	}
	return scan.found ? 0 : -ENODATA;
}

/* Read a whole file of sysfs; the caller frees *@buf with kvfree(). */
static int read_file(const char *path, size_t max, u8 **buf, size_t *len)
{
	struct file *file;
	loff_t pos = 0;
	ssize_t n = 0;

	/*
	 * Not kernel_read_file_from_path(): IPE warns about a reader that it
	 * does not know, and st_size of a sysfs file may be wrong.
	 */
	file = filp_open(path, O_RDONLY, 0);
	if (IS_ERR(file))
		return PTR_ERR(file);

	*len = 0;
	*buf = kvmalloc(max, GFP_KERNEL);
	if (!*buf)
		n = -ENOMEM;
	while (*buf && *len < max) {
		n = kernel_read(file, *buf + *len, max - *len, &pos);
		if (n <= 0)
			break;
		*len += n;
	}
	filp_close(file, NULL);
	if (n < 0) {
		kvfree(*buf);
		return n;
	}
	return 0;
}

/*
 * Read the system table whose address the boot loader passed on. -ENODATA:
 * the boot loader passed none, or the file cannot be read here.
 */
static int find_in_boot_file(struct uefi_systab *systab)
{
	size_t len;
	u64 addr;
	u8 *buf;
	int rc;

	rc = read_file(uefi_boot_file.path, uefi_boot_file.max, &buf, &len);
	if (rc == -ENOMEM)
		return rc;
	if (rc) {
		pr_info("cannot read %s: error %d\n", uefi_boot_file.path, rc);
		return -ENODATA;
	}
	rc = uefi_boot_file.systab(buf, len, &addr);
	kvfree(buf);
	if (rc)
		return rc;

	/* A table at the end of a region may have other memory behind it. */
	rc = read_systab(addr, UEFI_SYSTAB_MAX, systab);
	if (rc == -EFAULT)
		rc = read_systab(addr, UEFI_SYSTAB_LEN, systab);
	return rc == -ENODATA ? -EBADMSG : rc;
}

/*
 * Convert the system table's pointer to the configuration tables. After
 * SetVirtualAddressMap() the pointer is a virtual address of the firmware; the
 * memory map has the physical address. Before that call, or without runtime
 * services, the pointer is a physical address already.
 */
static u64 tables_phys(u64 addr)
{
	efi_memory_desc_t *md;

	if (!efi_enabled(EFI_MEMMAP))
		return addr;

	for_each_efi_memory_desc(md) {
		if (!(md->attribute & EFI_MEMORY_RUNTIME) ||
		    !place_in_pages(addr, md->virt_addr, md->num_pages))
			continue;
		return md->phys_addr + (addr - md->virt_addr);
	}
	return addr;
}

static int find_in_systab(const struct uefi_systab *systab, const u8 *guid,
			  u64 *addr)
{
	size_t len = systab->n_tables * UEFI_CONFIG_ENTRY_LEN;
	u8 *tables;
	int rc;

	if (!len)
		return -ENODATA;
	tables = kmalloc(len, GFP_KERNEL);
	if (!tables)
		return -ENOMEM;

	rc = firmware_read(tables_phys(systab->tables), tables, len);
	if (!rc)
		rc = uefi_config_find(tables, systab->n_tables, guid, addr);
	kfree(tables);
	return rc;
}

int uefi_find_config_table(const u8 *guid, u64 *addr, const char **source)
{
	struct uefi_systab systab;
	int rc;

	*source = "EFI memory map";
	rc = find_in_memmap(&systab);
	if (rc == -ENODATA) {
		*source = uefi_boot_file.source;
		rc = find_in_boot_file(&systab);
	}
	if (rc)
		return rc;
	return find_in_systab(&systab, guid, addr);
}
