// SPDX-License-Identifier: GPL-2.0-only
/*
 * Fuzz target: the input is the page with the registers of a virtual CPU; zeros
 * follow it.
 *
 * Checks that the fields of the walk do not overlap, and that all other bytes
 * are zero. A change of one part keeps all other parts.
 */
#include <string.h>

#include <ccguest/launch.h>

#include "fuzz.h"

static void walk(const u8 *page)
{
	struct ccg_vmsa_field f;
	size_t pos = 0, end = 0;

	while (ccg_vmsa_next(page, &pos, &f)) {
		require(f.offset >= end && f.len);
		require(f.len <= CCG_VMSA_LEN - f.offset);
		for (; end < f.offset; end++)
			require(!page[end]);
		end = f.offset + f.len;
		require(pos == end);
	}
	for (; end < CCG_VMSA_LEN; end++)
		require(!page[end]);
}

int LLVMFuzzerTestOneInput(const u8 *data, size_t size)
{
	u8 page[CCG_VMSA_LEN] = {}, changed[CCG_VMSA_LEN];
	struct ccg_vmsa v = {};

	memcpy(page, data, size < sizeof(page) ? size : sizeof(page));
	walk(page);
	memcpy(changed, page, sizeof(page));
	v.vmm = size % CCG_N_VMMS;
	v.rdx = page[0];
	ccg_vmsa_update(changed, &v, CCG_VMSA_RDX);
	require(!memcmp(page, changed, 0x310));
	require(!memcmp(page + 0x318, changed + 0x318, CCG_VMSA_LEN - 0x318));
	require(changed[0x310] == page[0] && !changed[0x317]);
	ccg_vmsa_build(&v, changed);
	walk(changed);
	return 0;
}
