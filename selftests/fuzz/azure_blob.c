// SPDX-License-Identifier: GPL-2.0-only
/*
 * Fuzz target: the input is the blob of an Azure vTPM.
 *
 * Checks that the report and the runtime data lie inside the input.
 */
#include "../../tools/lib/report/report.h"
#include "fuzz.h"

int LLVMFuzzerTestOneInput(const u8 *data, size_t size)
{
	struct report_fault fault = { .offset = SIZE_MAX };
	struct azure_blob b;

	if (ccg_azure_parse(data, size, &b, &fault)) {
		require(fault.offset <= size);
		return 0;
	}
	require(ccg_azure_begins(data, size));
	require(b.report.p >= data && b.report.len <= (size_t)(data + size - b.report.p));
	require(b.a.runtime_data.p >= b.report.p + b.report.len &&
		b.a.runtime_data.len <= (size_t)(data + size - b.a.runtime_data.p));
	require(b.a.hash_type >= 1 && b.a.hash_type <= 3 && !b.a.bound);
	return 0;
}
