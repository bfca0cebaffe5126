// SPDX-License-Identifier: GPL-2.0-only
/*
 * Memory that the firmware kept, on arm64.
 */
#include "firmware.h"
#include "../../compat/realm.h"

#include <linux/efi.h>
#include <linux/io.h>
#include <linux/printk.h>

#include <asm/barrier.h>
#include <asm/cpufeature.h>
#include <asm/pgtable.h>
#include <asm/sysreg.h>

/*
 * In a realm the top bit of an address marks shared memory (DEN0137, A2.2).
 * This mask does not have that bit: the host may write to memory that is
 * reached through an address with the bit set.
 */
u64 firmware_address_bits(void)
{
#ifdef PROT_NS_SHARED
	u64 shared = __pte_to_phys(__pte(PROT_NS_SHARED));

	if (shared)
		return shared - 1;
#endif
	return PHYS_MASK;
}

/*
 * The kernel keeps the whole EFI memory map, and derived its own memory from
 * the map, without these types, or with reservations for them (ACPI reclaim).
 * An access to an address outside the map may get no response.
 */
bool firmware_reserved(u64 addr, u64 size)
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

void *firmware_map(u64 addr, size_t size)
{
	if (realm_remaps_shared(addr, size)) {
		pr_err_once("this kernel maps [mem %#llx-%#llx] as shared memory of the realm: a newer kernel is needed\n",
			    addr, addr + size - 1);
		return NULL;
	}
	return memremap(addr, size, MEMREMAP_WB);
}

void firmware_unmap(void *mapping)
{
	memunmap(mapping);
}

/* The kernel does not export its dcache_clean_inval_poc(). */
void firmware_flush(void *start, size_t size)
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
