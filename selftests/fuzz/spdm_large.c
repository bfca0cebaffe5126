// SPDX-License-Identifier: GPL-2.0-only
/*
 * Fuzz target: an ERROR LargeResponse and its chunks. The first bytes of the
 * input are the version, MaxSPDMmsgSize and the code of the request. The length
 * of each response, 8 bits, precedes it.
 *
 * Checks that the assembled response stays within its limits, that the number of
 * chunks has a bound, and that a refusal has a reason.
 */
#include <stdlib.h>

#include "../../lib/spdm_large.h"
#include "fuzz.h"

#define SETUP		3
#define LEAST_CHUNK	(SPDM_MIN_DATA_TRANSFER_SIZE - 16)

/* Takes the next response from the input; returns NULL at its end. */
static const u8 *next(const u8 **data, size_t *left, size_t *len)
{
	const u8 *p = *data + 1;

	if (!*left)
		return NULL;
	*len = p[-1];
	if (*len > *left - 1)
		*len = *left - 1;
	*data += 1 + *len;
	*left -= 1 + *len;
	return p;
}

static void chunks(const struct spdm_conn *c, struct spdm_large *l, u8 *msg,
		   const u8 *data, size_t left)
{
	const u32 max = c->offer.max_msg_size;
	struct spdm_fault fault = {};
	const u8 *rsp;
	size_t len;
	int rc = 0;

	while (!rc) {
		rsp = next(&data, &left, &len);
		if (!rsp)
			return;
		require(spdm_large_at(l) >= l->len && spdm_large_at(l) < max + 8);
		memcpy(msg + spdm_large_at(l), rsp, len);
		rc = spdm_large_add(l, c, msg, len, &fault);
		require(rc < 0 ? !!fault.what : l->len <= l->total && l->total <= max);
		require(l->seq <= max / LEAST_CHUNK + 1);
	}
	require(rc < 0 || rc == 1);
	require(rc < 0 || (l->len == l->total && msg[1] != SPDM_ERROR));
	require(rc < 0 || l->len > SPDM_MIN_DATA_TRANSFER_SIZE);
}

int LLVMFuzzerTestOneInput(const u8 *data, size_t size)
{
	struct spdm_fault fault = {};
	struct spdm_large l;
	struct spdm_conn c;
	const u8 *rsp;
	size_t len;
	u8 *msg, code;

	if (size < SETUP)
		return 0;
	c = (struct spdm_conn) {
		.version = SPDM_VER_12 + data[0] % 3,
		.flags = SPDM_CAP_CHUNK,
		.offer = {
			.flags = SPDM_CAP_CHUNK,
			.max_msg_size = 64 + 8 * data[1],
		},
	};
	require(spdm_has_chunks(&c));
	code = data[2];
	data += SETUP;
	size -= SETUP;
	/* One CHUNK_RESPONSE fits behind the large response. */
	msg = malloc(c.offer.max_msg_size + 0xff);
	require(msg);
	rsp = next(&data, &size, &len);
	if (rsp && !spdm_large_begin(&l, &c, code, rsp, len, &fault))
		chunks(&c, &l, msg, data, size);
	else
		require(!rsp || fault.what);
	free(msg);
	return 0;
}
