// SPDX-License-Identifier: GPL-2.0-only
/*
 * Fuzz target: the input is a report of SEV-SNP.
 *
 * Checks that exactly one length is accepted, that the products and their TCB
 * versions agree, and that the path at AMD's key service ends inside its buffer.
 */
#include <string.h>

#include "../../tools/lib/report/report.h"
#include "fuzz.h"

static void check_tcb(const struct ccg_snp *s, const struct ccg_snp_tcb *t)
{
	for (size_t i = 0; i < CCG_SNP_N_PARTS; i++)
		require(t->has & 1U << i || !t->svn[i]);
	require(s->product == CCG_SNP_UNKNOWN || t->has);
	require(!(t->has & 1U << CCG_SNP_FMC) || s->product >= CCG_SNP_TURIN);
}

int LLVMFuzzerTestOneInput(const u8 *data, size_t size)
{
	struct report_fault fault = { .offset = SIZE_MAX };
	struct ccg_snp s;
	char path[256];

	if (ccg_snp_parse(data, size, &s, &fault)) {
		require(fault.offset <= size && memchr(fault.why, 0, sizeof(fault.why)));
		return 0;
	}
	require(size == CCG_SNP_REPORT_LEN && !memcmp(s.bytes, data, size));
	require(s.version >= 2 && s.version <= 5 && s.has_cpuid == (s.version > 2));
	require(s.reserved < 0 || data[s.reserved]);
	check_tcb(&s, &s.current_tcb);
	check_tcb(&s, &s.reported_tcb);
	check_tcb(&s, &s.committed_tcb);
	check_tcb(&s, &s.launch_tcb);
	for (int p = CCG_SNP_UNKNOWN; p < CCG_SNP_N_PRODUCTS; p++) {
		ccg_snp_key_path(&s, p, path, sizeof(path));
		require(strlen(path) < sizeof(path) - 1);
		require(!*path || (s.signing_key == CCG_SNP_VCEK && strstr(path, "&ucodeSPL=")));
	}
	ccg_snp_set_product(&s, CCG_SNP_TURIN);
	require(s.has_cpuid || s.product == CCG_SNP_TURIN);
	return 0;
}
