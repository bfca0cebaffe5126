// SPDX-License-Identifier: GPL-2.0-only
/*
 * Fuzz target: the input is the answer of a TPM to a command for an NV index, or
 * the certificate table of a host.
 */
#include <string.h>

#include "../../tools/lib/report/get.h"
#include "../../tools/lib/report/report.h"
#include "../../tools/lib/report/tpm.h"
#include "fuzz.h"

static void check_answer(const u8 *data, size_t size)
{
	struct tpm_index index = {};
	const uint8_t *bytes = NULL;
	size_t len = 0;
	uint32_t rc;

	if (!ccg_tpm_parse(data, size, &rc))
		require(size >= 10);
	if (!ccg_tpm_parse_public(data, size, &rc, &index) && !rc)
		require(size >= 10 + 2 + 14);
	if (!ccg_tpm_parse_read(data, size, &rc, &bytes, &len) && !rc)
		require(bytes >= data + 16 && len <= size - 16 &&
			bytes <= data + size - len);
}

static void check_commands(const u8 *data, size_t size)
{
	struct tpm_cmd c;

	ccg_tpm_write(&c, TPM_RH_OWNER, 1, data, size > 0xffff ? 0xffff : size);
	require(c.len <= sizeof(c.buf) && c.buf[4] == c.len >> 8 &&
		c.buf[5] == (c.len & 0xff));
}

int LLVMFuzzerTestOneInput(const u8 *data, size_t size)
{
	size_t len = ccg_cert_table_len(data, size);

	require(len <= size);
	/* A table that was cut has the same length again. */
	if (len && len < size)
		require(ccg_cert_table_len(data, len) == len);
	check_answer(data, size);
	if (size)
		check_commands(data, size);
	return 0;
}
