// SPDX-License-Identifier: GPL-2.0-only
/*
 * Fuzz target: the input is CBOR, such as an attestation token.
 *
 * Checks that strings lie inside the input, that keys of a map are unique, and
 * that a fault has a reason and a position inside the input.
 */
#include "../../tools/lib/cca/cbor.h"
#include "fuzz.h"

/* Limit for the item heads at which a map is parsed; saves time. */
#define HEADS	32

static void inside(const u8 *data, size_t size, const struct cbor *c)
{
	require(c->p >= data && c->p <= data + size);
	require(c->left <= (size_t)(data + size - c->p));
}

int LLVMFuzzerTestOneInput(const u8 *data, size_t size)
{
	struct cbor_fault fault = {};
	struct cbor c = { data, size, &fault }, skipped = c, str;
	struct cbor_item item;
	struct cbor_map map;

	if (ccg_cbor_skip(&skipped, 0)) {
		inside(data, size, &skipped);
		require(skipped.left < size);
		require(!fault.what);
	} else {
		require(fault.what);
		require(fault.at >= data && fault.at <= data + size);
	}
	for (int i = 0; c.left && i < HEADS; i++) {
		struct cbor was = c;

		if (ccg_cbor_map(&was, &map)) {
			inside(data, size, &was);
			for (size_t j = 0; j < map.n; j++) {
				inside(data, size, &map.values[j]);
				require(ccg_cbor_find(&map, map.keys[j], &str) &&
					str.p == map.values[j].p);
			}
		}
		was = c;
		if (ccg_cbor_string(&was, CBOR_BYTES, &str))
			inside(data, size, &str);
		if (!ccg_cbor_next(&c, &item))
			break;
		inside(data, size, &c);
	}
	return 0;
}
