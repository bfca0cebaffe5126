// SPDX-License-Identifier: GPL-2.0-only
/*
 * Reading memory whose address comes from the firmware.
 *
 * The host chooses the addresses. Nothing here maps an address before it is
 * checked: ioremap() and memremap() call WARN() for some ranges, and with
 * panic_on_warn the host could stop the guest that way.
 */
#include "firmware.h"

#include <linux/string.h>

struct place_limits firmware_limits(void)
{
	return (struct place_limits) {
		.address_bits = firmware_address_bits(),
		.align = 1,
		.min_size = 1,
		.max_size = U64_MAX,
	};
}

bool firmware_range_readable(u64 addr, u64 size)
{
	const struct place_limits limits = firmware_limits();

	return !place_check(addr, size, &limits) &&
	       firmware_reserved(addr, size);
}

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
