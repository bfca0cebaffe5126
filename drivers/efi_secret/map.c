// SPDX-License-Identifier: GPL-2.0-only
/*
 * Mapping memory that the firmware names.
 *
 * Addresses come from the host. Nothing here maps or warns before it has
 * checked them: ioremap() and memremap() WARN on ranges that they do not
 * like, which under panic_on_warn would hand the host a button.
 */
#include "efi_secret.h"

#include <linux/efi.h>
#include <linux/io.h>
#include <linux/ioport.h>
#include <linux/mm.h>
#include <linux/pfn.h>
#include <linux/string.h>

#ifdef CONFIG_X86

#include <asm/cacheflush.h>
#include <asm/processor.h>

static u64 phys_addr_limit(void)
{
	return BIT_ULL(boot_cpu_data.x86_phys_bits) - 1;
}

static void *map_encrypted(phys_addr_t base, size_t size)
{
	/*
	 * memremap() would map an e820 reserved page as shared memory before
	 * 6.15. The mapping is of ordinary cached memory, hence no __iomem.
	 */
	return (__force void *)ioremap_encrypted(base, size);
}

static void unmap_encrypted(void *mapping)
{
	iounmap((__force void __iomem *)mapping);
}

static void flush(void *start, size_t size)
{
	clflush_cache_range(start, size);
}

#else /* arm64 */

#include <asm/barrier.h>
#include <asm/cache.h>
#include <asm/cputype.h>
#include <asm/pgtable.h>

static u64 phys_addr_limit(void)
{
	return PHYS_MASK;
}

static void *map_encrypted(phys_addr_t base, size_t size)
{
	return memremap(base, size, MEMREMAP_WB);
}

static void unmap_encrypted(void *mapping)
{
	memunmap(mapping);
}

/* The kernel's own dcache_clean_inval_poc() is not exported. */
static void flush(void *start, size_t size)
{
	/* CTR_EL0.DminLine: log2 of the words in the smallest line */
	unsigned long line = 4UL << ((read_cpuid_cachetype() >> 16) & 0xf);
	unsigned long end = (unsigned long)start + size;
	unsigned long p = (unsigned long)start & ~(line - 1);

	for (; p < end; p += line)
		asm volatile("dc civac, %0" : : "r" (p) : "memory");
	dsb(sy);
}

#endif

/**
 * firmware_range_valid - may a range that the firmware names exist at all?
 * @addr: physical address
 * @size: in bytes
 *
 * Return: whether the range is neither empty nor wraps nor exceeds the
 * physical address space.
 */
bool firmware_range_valid(u64 addr, u64 size)
{
	u64 limit = phys_addr_limit();

	return size && addr && addr <= limit && size - 1 <= limit - addr;
}

/*
 * Firmware may leave a table in memory that the kernel counts as RAM (arm64:
 * EfiACPIReclaimMemory) and has reserved for that. Any other RAM is the
 * kernel's own by now, and may not even be in the direct map.
 */
static bool ram_is_reserved(u64 addr, u64 size)
{
	unsigned long pfn = PHYS_PFN(addr);
	unsigned long last = PHYS_PFN(addr + size - 1);

	for (; pfn <= last; pfn++)
		if (!pfn_valid(pfn) || !PageReserved(pfn_to_page(pfn)))
			return false;
	return true;
}

/**
 * firmware_range_readable - may a range that the firmware names be read?
 * @addr: physical address
 * @size: in bytes
 *
 * Return: whether memremap() takes the range, and none of it is RAM that the
 * kernel uses itself.
 */
bool firmware_range_readable(u64 addr, u64 size)
{
	if (!firmware_range_valid(addr, size))
		return false;

	switch (region_intersects(addr, size, IORESOURCE_SYSTEM_RAM,
				  IORES_DESC_NONE)) {
	case REGION_DISJOINT:
		return true;
	case REGION_INTERSECTS:
		return ram_is_reserved(addr, size);
	default: /* memremap() warns about a mixed range */
		return false;
	}
}

/**
 * firmware_read - copy from memory that the firmware names
 * @addr: physical address
 * @buf: where to
 * @len: in bytes
 *
 * The memory may change under the copy, the copy does not.
 *
 * Context: process context, may sleep.
 * Return: 0; -EFAULT where firmware_range_readable() says no, or the mapping
 * fails.
 */
int firmware_read(u64 addr, void *buf, size_t len)
{
	void *mapping;

	if (!firmware_range_readable(addr, len))
		return -EFAULT;

	mapping = memremap(addr, len, MEMREMAP_WB);
	if (!mapping)
		return -EFAULT;
	memcpy(buf, mapping, len);
	memunmap(mapping);
	return 0;
}

/**
 * efi_secret_map - map the secret area
 * @base: physical address
 * @size: in bytes
 *
 * In a confidential guest the mapping is of private (encrypted) memory. The
 * range must be valid and outside of System RAM.
 *
 * Context: process context, may sleep.
 * Return: the mapping, or NULL.
 */
void *efi_secret_map(phys_addr_t base, size_t size)
{
	return map_encrypted(base, size);
}

/**
 * efi_secret_unmap - undo efi_secret_map()
 * @mapping: what it returned
 */
void efi_secret_unmap(void *mapping)
{
	unmap_encrypted(mapping);
}

/**
 * efi_secret_flush - write what was changed in the area back to memory
 * @start: in the mapping
 * @size: in bytes
 */
void efi_secret_flush(void *start, size_t size)
{
	flush(start, size);
}
