// SPDX-License-Identifier: GPL-2.0-only
/*
 * Fuzz target: the input is a certificate table of SEV-SNP.
 *
 * Checks that the data of each entry lie inside the input, behind the entries.
 */
#include <string.h>

#include "../../tools/lib/report/report.h"
#include "fuzz.h"

int LLVMFuzzerTestOneInput(const u8 *data, size_t size)
{
	struct ccg_table_entry e[CCG_TABLE_MAX];
	struct report_fault fault = { .offset = SIZE_MAX };
	unsigned int sum = 0;
	size_t n = SIZE_MAX;

	if (ccg_cert_table_begins(data, size))
		require(size >= 16);
	if (ccg_cert_table_parse(data, size, e, &n, &fault)) {
		require(fault.offset <= size && n <= CCG_TABLE_MAX);
		return 0;
	}
	require(n <= CCG_TABLE_MAX && 24 * (n + 1) <= size);
	for (size_t i = 0; i < n; i++) {
		require(!memcmp(e[i].guid, data + 24 * i, 16));
		for (size_t k = 0; k < e[i].len; k++)
			sum += data[e[i].offset + k];
		require(!e[i].len || e[i].offset >= 24 * (n + 1));
		require(!e[i].n_certs && !e[i].first_cert);
	}
	/* The sanitizer sees each read. */
	require(sum <= 255U * 8192 * CCG_TABLE_MAX);
	return 0;
}
