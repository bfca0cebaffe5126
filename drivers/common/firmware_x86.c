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

static enum place_region kind_of(const struct resource *res)
{
	if ((res->flags & IORESOURCE_SYSTEM_RAM) == IORESOURCE_SYSTEM_RAM)
		return PLACE_RAM;
	switch (res->desc) {
	case IORES_DESC_ACPI_TABLES:
	case IORES_DESC_ACPI_NV_STORAGE:
		return PLACE_ACPI;
	case IORES_DESC_RESERVED:
		return PLACE_RESERVED;
	default:
		return PLACE_OTHER;
	}
}

/* The walk omits the children of a resource: nothing is added twice. */
static int add_region(struct resource *res, void *arg)
{
	place_scan_add(arg, res->start, res->end, kind_of(res));
	return 0;
}

static int is_device(struct resource *res, void *arg)
{
	return kind_of(res) == PLACE_OTHER;
}

/*
 * Drivers and the kernel's PCI code claim the addresses of devices, also within
 * a region that the firmware reported as reserved: with the flag
 * IORESOURCE_BUSY, which reserved regions above 1 MiB do not have.
 */
static bool is_claimed(u64 addr, u64 last)
{
	return walk_iomem_res_desc(IORES_DESC_NONE,
				   IORESOURCE_MEM | IORESOURCE_BUSY, addr, last,
				   NULL, is_device) > 0;
}

/*
 * When modules load, the EFI memory map has only runtime regions, and without
 * runtime services there is no map. The resource tree has the regions that the
 * firmware reported at boot, as e820 types. The kernel uses none of these
 * regions as RAM.
 */
bool firmware_reserved(u64 addr, u64 size)
{
	struct place_scan scan;

	if (is_claimed(addr, addr + (size - 1)))
		return false;
	place_scan_begin(&scan, addr, size);
	walk_iomem_res_desc(IORES_DESC_NONE, IORESOURCE_MEM, 0,
			    firmware_address_bits(), &scan, add_region);
	return place_scan_end(&scan);
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
