// SPDX-License-Identifier: GPL-2.0-only
/*
 * Fuzz target: the input is a uevent.
 *
 * Checks that an address is one, in the form of sysfs.
 */
#include <string.h>

#include <ccguest/device.h>

#include "fuzz.h"

int LLVMFuzzerTestOneInput(const u8 *data, size_t size)
{
	struct ccg_device_event event;
	char bdf[CCG_BDF_TEXT];
	char *copy = malloc(size ?: 1);

	require(copy);
	memcpy(copy, data, size);
	if (ccg_uevent_parse(copy, size, &event)) {
		require(!ccg_bdf_parse(event.bdf, bdf));
		require(!strcmp(event.bdf, bdf) && !event.lost);
	}
	free(copy);
	return 0;
}
