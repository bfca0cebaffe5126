// SPDX-License-Identifier: GPL-2.0-only
/*
 * Fuzz target: the first byte selects the parser, the rest is data of the
 * firmware or of the boot loader.
 */
#include "../../lib/uefi.h"
#include "fuzz.h"

int LLVMFuzzerTestOneInput(const u8 *data, size_t size)
{
	static const u8 guid[UEFI_GUID_LEN] = { 0xad };
	struct uefi_systab systab;
	u64 addr;
	int rc;

	if (!size)
		return 0;
	size--;
	switch (*data++ % 4) {
	case 0:
		rc = uefi_systab_parse(data, size, &systab);
		require(rc == -ENODATA || rc == -EBADMSG || !rc);
		require(rc || systab.n_tables <= UEFI_CONFIG_MAX);
		break;
	case 1:
		rc = uefi_config_find(data, size / UEFI_CONFIG_ENTRY_LEN, guid,
				      &addr);
		require(!rc || rc == -ENODATA);
		break;
	case 2:
		rc = uefi_boot_params_systab(data, size, &addr);
		require(rc == -ENODATA || rc == -EBADMSG || (!rc && addr));
		break;
	case 3:
		rc = uefi_fdt_systab(data, size, &addr);
		require(!rc || rc == -ENODATA || rc == -EBADMSG);
		break;
	}
	return 0;
}
