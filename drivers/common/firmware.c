// SPDX-License-Identifier: GPL-2.0-only
/*
 * Mapping memory that the firmware names.
 *
 * Addresses come from the host. Nothing here maps or warns before it has
 * checked them: ioremap() and memremap() WARN on ranges that they do not
 * like, which under panic_on_warn would hand the host a button.
 */
#include "firmware.h"

#include <linux/efi.h>
#include <linux/io.h>
#include <linux/ioport.h>
#include <linux/mm.h>
#include <linux/string.h>

#ifdef CONFIG_X86

#include <asm/cacheflush.h>
#include <asm/page.h>
#include <asm/processor.h>

/*
 * Without the bit that tells shared from private memory, where it is one of
 * the physical address (SEV, TDX): ioremap() masks it, after it has looked
 * whether the address is RAM, so that an address with the bit would be an
 * alias of the kernel's own memory.
 */
static u64 address_bits(void)
{
	return (BIT_ULL(boot_cpu_data.x86_phys_bits) - 1) & __PHYSICAL_MASK;
}

/*
 * The EFI memory map has runtime regions only by now, and none at all
 * without runtime services. The resource tree has what the firmware said at
 * boot, in the words of e820: none of these is RAM to the kernel.
 */
static bool is_firmware_memory(u64 addr, u64 size)
{
	static const unsigned long types[] = {
		IORES_DESC_RESERVED,
		IORES_DESC_ACPI_TABLES,
		IORES_DESC_ACPI_NV_STORAGE,
	};

	for (size_t i = 0; i < ARRAY_SIZE(types); i++)
		if (region_intersects(addr, size, IORESOURCE_MEM, types[i]) ==
		    REGION_INTERSECTS)
			return true;
	return false;
}

/*
 * Private memory, whatever the kernel believes: memremap() would map an e820
 * reserved page as shared before 6.15, and runtime services data too where
 * the memory map is gone. The mapping is of ordinary cached memory, hence no
 * __iomem.
 */
static void *map(phys_addr_t base, size_t size)
{
	return (__force void *)ioremap_encrypted(base, size);
}

static void unmap(void *mapping)
{
	iounmap((__force void __iomem *)mapping);
}

static void flush(void *start, size_t size)
{
	clflush_cache_range(start, size);
}

#else /* arm64 */

#include <asm/barrier.h>
#include <asm/cpufeature.h>
#include <asm/pgtable.h>
#include <asm/sysreg.h>

/*
 * In a realm the top bit of an address tells shared from protected memory
 * (DEN0137, A2.2): the same memory has two addresses, and the host may write
 * to what the one with the bit leads to.
 */
static u64 address_bits(void)
{
#ifdef PROT_NS_SHARED
	u64 shared = __pte_to_phys(__pte(PROT_NS_SHARED));

	if (shared)
		return shared - 1;
#endif
	return PHYS_MASK;
}

/*
 * The whole EFI memory map is kept, and it is what the kernel made its own
 * memory of: these types were left out, or reserved (ACPI reclaim). Anything
 * that the map does not have may not even answer.
 */
static bool is_firmware_memory(u64 addr, u64 size)
{
	efi_memory_desc_t *md;

	if (!efi_enabled(EFI_MEMMAP))
		return false;

	for_each_efi_memory_desc(md) {
		u64 rest = place_in_pages(addr, md->phys_addr, md->num_pages);

		if (!rest)
			continue;
		if (size > rest)
			return false;
		return (md->attribute & EFI_MEMORY_WB) &&
		       (md->type == EFI_RESERVED_TYPE ||
			md->type == EFI_RUNTIME_SERVICES_DATA ||
			md->type == EFI_ACPI_RECLAIM_MEMORY ||
			md->type == EFI_ACPI_MEMORY_NVS);
	}
	return false;
}

static void *map(phys_addr_t base, size_t size)
{
	return memremap(base, size, MEMREMAP_WB);
}

static void unmap(void *mapping)
{
	memunmap(mapping);
}

/* The kernel's own dcache_clean_inval_poc() is not exported. */
static void flush(void *start, size_t size)
{
	/* CTR_EL0.DminLine: log2 of the words in the smallest line of any CPU */
	u64 ctr = read_sanitised_ftr_reg(SYS_CTR_EL0);
	unsigned long line = 4UL << ((ctr >> 16) & 0xf);
	unsigned long end = (unsigned long)start + size;
	unsigned long p = (unsigned long)start & ~(line - 1);

	for (; p < end; p += line)
		asm volatile("dc civac, %0" : : "r" (p) : "memory");
	dsb(sy);
}

#endif

/**
 * firmware_limits - what any place that the firmware names has to keep to
 *
 * Return: the limits of this machine; the caller narrows them.
 */
struct place_limits firmware_limits(void)
{
	return (struct place_limits) {
		.address_bits = address_bits(),
		.align = 1,
		.min_size = 1,
		.max_size = U64_MAX,
	};
}

/**
 * firmware_range_readable - may a range that the firmware names be read?
 * @addr: physical address
 * @size: in bytes
 *
 * Return: whether the range can exist and lies in memory that the firmware
 * kept, and told the kernel so at boot: not in memory that the kernel uses,
 * not in a device, not where nothing is.
 */
bool firmware_range_readable(u64 addr, u64 size)
{
	const struct place_limits limits = firmware_limits();

	return !place_check(addr, size, &limits) &&
	       is_firmware_memory(addr, size);
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
 * Return: 0; -EFAULT where firmware_range_readable() says no; -ENOMEM.
 */
int firmware_read(u64 addr, void *buf, size_t len)
{
	void *mapping;

	if (!firmware_range_readable(addr, len))
		return -EFAULT;

	mapping = firmware_map(addr, len);
	if (!mapping)
		return -ENOMEM;
	memcpy(buf, mapping, len);
	firmware_unmap(mapping);
	return 0;
}

/**
 * firmware_map - map memory that the firmware kept
 * @addr: physical address
 * @size: in bytes
 *
 * In a confidential guest on x86 the mapping is of private (encrypted)
 * memory. firmware_range_readable() must have said yes.
 *
 * Context: process context, may sleep.
 * Return: the mapping, or NULL.
 */
void *firmware_map(u64 addr, size_t size)
{
	return map(addr, size);
}

/**
 * firmware_unmap - undo firmware_map()
 * @mapping: what it returned
 */
void firmware_unmap(void *mapping)
{
	unmap(mapping);
}

/**
 * firmware_flush - write what was changed in a mapping back to memory
 * @start: in the mapping
 * @size: in bytes
 */
void firmware_flush(void *start, size_t size)
{
	flush(start, size);
}
