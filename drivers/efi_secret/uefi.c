// SPDX-License-Identifier: GPL-2.0-only
/*
 * Finding a UEFI configuration table that the kernel did not keep.
 *
 * The kernel remembers the tables it knows and exports neither the system
 * table nor the array of configuration tables. Three ways lead back to them;
 * all use what the kernel shows to anybody, and check the table's CRC:
 *
 * - the EFI memory map, which is exported as part of struct efi: the system
 *   table lies in memory of type EfiRuntimeServicesData (UEFI 2.10, 7.2),
 *   aligned to 8 bytes. Needs no file system, but a map that is still there:
 *   x86 drops it without runtime services (noefi, efi=noruntime).
 * - x86: the boot parameters in /sys/kernel/boot_params/data.
 * - arm64: the flattened device tree in /sys/firmware/fdt, which the EFI stub
 *   makes on ACPI machines too.
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

/* Bounds on what is searched for a system table, in all and at a time. */
#define SCAN_MAX	SZ_64M
#define SCAN_WINDOW	SZ_1M
/* Each costs a mapping and a CRC; firmware has one, and a stray string. */
#define SCAN_CANDIDATES	32

/* The kernel takes no larger device tree (MAX_FDT_SIZE). */
#define FDT_MAX		SZ_2M

/* Read and check the system table at @addr, with @len bytes there at most. */
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
 * @systab: what was found, valid with @found
 * @found: that something was found
 * @budget: bytes that may still be searched
 * @candidates: signatures that may still be looked at
 */
struct scan {
	struct uefi_systab *systab;
	bool found;
	u64 budget;
	unsigned int candidates;
};

/*
 * A signature was seen at @addr, with @len bytes from there to the end of the
 * memory. Two system tables are one too many: the CRC tells a table from
 * noise, not from a forgery, and runtime data holds bytes of others, such as
 * the content of UEFI variables. For the same reason a search that had to
 * leave something out has found nothing.
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

/* Search one mapping's worth of memory; @rest: bytes from it to the end. */
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

/* -ENODATA: there is none, or no telling which. */
static int find_in_memmap(struct uefi_systab *systab)
{
	struct scan scan = {
		.systab = systab,
		.budget = SCAN_MAX,
		.candidates = SCAN_CANDIDATES,
	};
	efi_memory_desc_t *md;
	int rc;

	/* Without the flag the map is gone, but for its number of entries. */
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
	 * Not kernel_read_file_from_path(): IPE warns about readers that it
	 * does not know, and st_size of sysfs files is not to be relied on.
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

#ifdef CONFIG_X86
#define BOOT_SOURCE	"boot parameters"
#define BOOT_FILE	"/sys/kernel/boot_params/data"
#define BOOT_FILE_MAX	UEFI_BOOT_PARAMS_LEN
#define boot_systab	uefi_boot_params_systab
#else
#define BOOT_SOURCE	"device tree"
#define BOOT_FILE	"/sys/firmware/fdt"
#define BOOT_FILE_MAX	FDT_MAX
#define boot_systab	uefi_fdt_systab
#endif

/*
 * The system table as the boot loader handed it over. -ENODATA: it did not,
 * or the file cannot be read here.
 */
static int find_in_boot_file(struct uefi_systab *systab)
{
	size_t len;
	u64 addr;
	u8 *buf;
	int rc;

	rc = read_file(BOOT_FILE, BOOT_FILE_MAX, &buf, &len);
	if (rc == -ENOMEM)
		return rc;
	if (rc) {
		pr_info("cannot read " BOOT_FILE ": error %d\n", rc);
		return -ENODATA;
	}
	rc = boot_systab(buf, len, &addr);
	kvfree(buf);
	if (rc)
		return rc;

	/* The memory behind a table at the end of its region may be other. */
	rc = read_systab(addr, UEFI_SYSTAB_MAX, systab);
	if (rc == -EFAULT)
		rc = read_systab(addr, UEFI_SYSTAB_LEN, systab);
	return rc == -ENODATA ? -EBADMSG : rc;
}

/*
 * After SetVirtualAddressMap() the pointer in the system table is virtual,
 * in the firmware's address space; the memory map has both sides. Before, or
 * without runtime services, it is physical.
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

/**
 * uefi_find_config_table - find a UEFI configuration table
 * @guid: of the table, UEFI_GUID_LEN bytes in EFI's byte order
 * @addr: set to its physical address where the result is 0; not checked
 * @source: set to what led to it, for messages
 *
 * Context: process context, may sleep; opens a file as the current task.
 * Return: 0; -ENODATA where there is no such table, or no way to the tables;
 * -EBADMSG or -EFAULT where the tables make no sense; -ENOMEM.
 */
int uefi_find_config_table(const u8 *guid, u64 *addr, const char **source)
{
	struct uefi_systab systab;
	int rc;

	*source = "EFI memory map";
	rc = find_in_memmap(&systab);
	if (rc == -ENODATA) {
		*source = BOOT_SOURCE;
		rc = find_in_boot_file(&systab);
	}
	if (rc)
		return rc;
	return find_in_systab(&systab, guid, addr);
}
