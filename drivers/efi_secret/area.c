// SPDX-License-Identifier: GPL-2.0-only
/*
 * Finding the secret area, and checking its place.
 */
#include "efi_secret.h"
#include "../../lib/secret_table.h"

#include <linux/efi.h>
#include <linux/ioport.h>
#include <linux/mm.h>

/* The configuration table: address and size of the area. */
struct locator {
	__le64 base;
	__le64 size;
} __packed;

/* Find the physical address of the locator. */
static int find_locator(u64 *addr, const char **source)
{
	const efi_guid_t guid = LINUX_EFI_COCO_SECRET_AREA_GUID;

	/*
	 * A kernel with CONFIG_EFI_COCO_SECRET has found the locator already.
	 * Without the option, efi_coco_secret is 0.
	 */
	if (efi_coco_secret && efi_coco_secret != EFI_INVALID_TABLE_ADDR) {
		*addr = efi_coco_secret;
		*source = "kernel";
		return 0;
	}
	return uefi_find_config_table((const u8 *)&guid, addr, source);
}

static int check_area(u64 base, u64 size)
{
	const u64 end = base + size - 1; /* for messages, may wrap */
	struct place_limits limits = firmware_limits();
	enum place_fault fault;

	limits.min_size = SECRET_HEADER_LEN;
	limits.max_size = SECRET_AREA_MAX;
	fault = place_check(base, size, &limits);
	/* place_fault_text() names a parameter that this module lacks. */
	if (fault == PLACE_TOO_LARGE) {
		pr_err("secret area [mem %#llx-%#llx] is larger than %u bytes\n",
		       base, end, SECRET_AREA_MAX);
		return -EINVAL;
	}
	if (fault) {
		pr_err("invalid secret area memory location (base %#llx, size %#llx): %s\n",
		       base, size, place_fault_text(fault));
		return -EINVAL;
	}
	if (region_intersects(base, size, IORESOURCE_SYSTEM_RAM,
			      IORES_DESC_NONE) != REGION_DISJOINT) {
		pr_err("secret area [mem %#llx-%#llx] overlaps System RAM, the kernel may have overwritten it: firmware must reserve it\n",
		       base, end);
		return -EINVAL;
	}
	if (!firmware_range_readable(base, size)) {
		pr_err("secret area [mem %#llx-%#llx] is not in memory that the firmware reserved\n",
		       base, end);
		return -EINVAL;
	}
	return 0;
}

int efi_secret_find_area(struct efi_secret_area *area)
{
	struct locator locator;
	u64 addr, base, size;
	int rc;

	if (!efi_enabled(EFI_BOOT)) {
		pr_info("this machine was not booted through EFI, there is no secret area\n");
		return -ENODEV;
	}
	if (!efi_enabled(EFI_64BIT)) {
		pr_info("32-bit EFI firmware is not supported\n");
		return -ENODEV;
	}

	rc = find_locator(&addr, &area->source);
	if (rc == -ENODATA) {
		pr_info("the firmware has no confidential-computing secret area\n");
		return -ENODEV;
	}
	if (rc == -ENOMEM)
		return rc;
	if (!rc)
		rc = firmware_read(addr, &locator, sizeof(locator));
	if (rc) {
		pr_err("cannot read the EFI configuration tables (through %s): error %d\n",
		       area->source, rc);
		return -EINVAL;
	}

	base = le64_to_cpu(locator.base);
	size = le64_to_cpu(locator.size);
	if (!base && !size) {
		/* Firmware that is built without support for secrets. */
		pr_info("the firmware's secret area is empty\n");
		return -ENODEV;
	}
	rc = check_area(base, size);
	if (rc)
		return rc;
	area->base = base;
	area->size = size;
	return 0;
}
