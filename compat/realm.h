/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Arm CCA realms: which memory memremap() maps as shared. For files that are
 * compiled for arm64 only.
 */
#ifndef CCGUEST_COMPAT_REALM_H
#define CCGUEST_COMPAT_REALM_H

#include <linux/types.h>

#ifdef CCGUEST_REALM_REMAPS_SHARED
#include <linux/pfn.h>

#include <asm/page.h>
#include <asm/rsi.h>
#endif

/*
 * In a realm, memremap() of memory outside of the kernel's linear map makes a
 * shared mapping on Linux 6.13 to 6.18: the host would write what is read
 * there, and a secret that is wiped there would stay in private memory.
 */
static inline bool realm_remaps_shared(u64 addr, size_t size)
{
#ifdef CCGUEST_REALM_REMAPS_SHARED
	unsigned long pfn = PHYS_PFN(addr), last = PHYS_PFN(addr + size - 1);

	if (!is_realm_world())
		return false;
	for (; pfn <= last; pfn++)
		if (!pfn_is_map_memory(pfn))
			return true;
#endif
	return false;
}

#endif /* CCGUEST_COMPAT_REALM_H */
