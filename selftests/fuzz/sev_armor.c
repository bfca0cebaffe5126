// SPDX-License-Identifier: GPL-2.0-only
/*
 * Fuzz target: the input is a file with certificates of SEV, as bytes or text.
 *
 * Checks that text becomes shorter, and that bytes remain as they are.
 */
#include <string.h>

#include "../../tools/lib/sev/armor.h"
#include "fuzz.h"

int LLVMFuzzerTestOneInput(const u8 *data, size_t size)
{
	struct sev_fault fault = {};
	u8 *buf = malloc(size + 1);
	size_t len = size;

	require(buf);
	memcpy(buf, data, size);
	if (ccg_sev_unarmor(buf, &len, &fault))
		require(fault.what && fault.offset <= size);
	else if (len == size)
		require(!memcmp(buf, data, size));
	else
		require(len < size && (len < 1 || buf[0] == 1));
	free(buf);
	return 0;
}
