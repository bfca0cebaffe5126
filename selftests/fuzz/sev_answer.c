// SPDX-License-Identifier: GPL-2.0-only
/*
 * Fuzz target: the input is what the firmware of SEV returns: PLATFORM_STATUS,
 * SNP_PLATFORM_STATUS, or the identifier of the processor.
 *
 * Checks that URLs at AMD's key server end inside their buffers.
 */
#include <string.h>

#include "../../tools/lib/sev/answer.h"
#include "fuzz.h"

static const char *const products[] = { "Rome", "Milan", "Genoa", "Turin", "Venice" };

static void check_urls(const u8 *data, size_t size, uint64_t tcb)
{
	struct ccg_platform_id id = { .len = size };
	char url[CCG_KDS_URL];

	if (size > CCG_PLATFORM_ID_MAX)
		id.len = CCG_PLATFORM_ID_MAX;
	memcpy(id.b, data, id.len);
	ccg_kds_cek_url(&id, url);
	require(memchr(url, 0, sizeof(url)) && !strncmp(url, "https://", 8));
	for (size_t i = 0; i < sizeof(products) / sizeof(*products); i++) {
		if (ccg_kds_vcek_url(products[i], &id, tcb, url)) {
			require(!i);
			continue;
		}
		require(memchr(url, 0, sizeof(url)) && strstr(url, "SPL="));
	}
}

int LLVMFuzzerTestOneInput(const u8 *data, size_t size)
{
	struct ccg_platform_status st = {};
	struct ccg_snp_status snp = {};
	struct sev_fault fault = {};

	if (!ccg_sev_status_parse(data, size, &st, &fault))
		require(st.state <= CCG_PLATFORM_WORKING && size == SEV_STATUS_LEN);
	else
		require(fault.what && fault.offset <= size);
	fault = (struct sev_fault) {};
	if (!ccg_snp_status_parse(data, size, &snp, &fault))
		require(size == SEV_SNP_STATUS_LEN);
	else
		require(fault.what && fault.offset <= size);
	check_urls(data, size, snp.reported_tcb);
	return 0;
}
