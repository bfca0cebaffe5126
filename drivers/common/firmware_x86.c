// SPDX-License-Identifier: GPL-2.0-only
/*
 * Memory that the firmware kept, on x86.
 */
#include "firmware.h"

#include <linux/io.h>
#include <linux/ioport.h>
#include <linux/mm.h>

#include <asm/cacheflush.h>
#include <asm/page.h>
#include <asm/processor.h>

/*
 * With SEV and TDX one bit of the physical address distinguishes shared from
 * private memory. This mask does not have that bit. ioremap() clears the bit
 * only after it has checked whether the address is RAM: an address with the
 * bit set would pass the check, and map the kernel's own memory.
 */
u64 firmware_address_bits(void)
{
	return (BIT_ULL(boot_cpu_data.x86_phys_bits) - 1) & __PHYSICAL_MASK;
}

/*
 * When modules load, the EFI memory map has only runtime regions, and without
 * runtime services there is no map. The resource tree has the regions that the
 * firmware reported at boot, as e820 types. The kernel uses none of these
 * regions as RAM.
 */
bool firmware_reserved(u64 addr, u64 size)
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
 * memremap() may choose a shared mapping: before 6.15 for e820 reserved
 * pages, and for runtime services data if the EFI memory map was freed. This
 * call always makes a private one. It maps ordinary cached memory, hence no
 * __iomem.
 */
void *firmware_map(u64 addr, size_t size)
{
	return (__force void *)ioremap_encrypted(addr, size);
}

void firmware_unmap(void *mapping)
{
	iounmap((__force void __iomem *)mapping);
}

void firmware_flush(void *start, size_t size)
{
	clflush_cache_range(start, size);
}
