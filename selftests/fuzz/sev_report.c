// SPDX-License-Identifier: GPL-2.0-only
/*
 * Fuzz target: the input is an attestation report of SEV or SEV-ES.
 *
 * Checks that exactly one length is accepted, and that the signed part and the
 * signature lie inside the input.
 */
#include <string.h>

#include "../../tools/lib/sev/report.h"
#include "fuzz.h"

int LLVMFuzzerTestOneInput(const u8 *data, size_t size)
{
	struct sev_fault fault = {};
	struct ccg_sev_report r = {};
	struct sev_cert c = {};

	if (ccg_sev_report_parse(data, size, &r, &c, &fault)) {
		require(size != CCG_SEV_REPORT_LEN && fault.what && !c.raw);
		return 0;
	}
	require(size == CCG_SEV_REPORT_LEN);
	require(c.raw == data && c.body_len < c.len && c.len == size && c.n_sigs == 1);
	require(c.sigs[0].data >= data + c.body_len && c.sigs[0].data < data + size);
	require(c.sigs[0].len == (size_t)(data + size - c.sigs[0].data));
	require(!memcmp(r.nonce, data, sizeof(r.nonce)));
	return 0;
}
