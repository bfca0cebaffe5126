// SPDX-License-Identifier: GPL-2.0-only
/*
 * Fuzz target: the input is a list of steps that build a realm.
 *
 * Checks that the number of hashes obeys the budget, that blocks cover the
 * memory without a gap, and that bytes after a digest are zero.
 */
#include "../../lib/cc_rim.h"
#include "fuzz.h"

/* A small budget leaves time for many inputs. */
#define BUDGET	24
#define STEPS	6

/* Expected start of the next block, and end of the memory. */
struct world {
	u64 base;
	u64 left;
	bool walking;
	u64 hashed;
};

/* A replacement of the hash: reads the descriptor, fills the digest. */
static int digest(void *ctx, u8 algo, const u8 *data, size_t len, u8 *out)
{
	struct world *w = ctx;
	u8 sum = 0;

	w->hashed++;
	require(len <= CC_GRANULE && cc_rim_hash_len(algo));
	for (size_t i = 0; i < 0x68; i++)
		sum = sum * 31 + data[i];
	memset(out, sum, cc_rim_hash_len(algo));
	if (w->walking) {
		u64 base = get_unaligned_le64(data + 0x50);
		u64 size = get_unaligned_le64(data + 0x58) - base;

		require(len == CC_RIM_DESC_LEN && data[0] == 2);
		require(base == w->base && size && size <= w->left);
		require(!(size & (size - 1)) && !(base & (size - 1)));
		w->base += size;
		w->left -= size;
	}
	return 0;
}

static void check_value(const struct cc_rim *rim)
{
	for (size_t i = cc_rim_hash_len(rim->algo); i < CC_RIM_LEN; i++)
		require(!rim->value[i]);
}

static void step(struct cc_rim *rim, struct world *w, const u8 *p)
{
	struct cc_range r = { get_unaligned_le64(p + 1), get_unaligned_le64(p + 9) };
	u64 before = rim->budget, hashed = w->hashed;
	struct cc_rec_params rec = { .flags = p[1], .pc = r.size };
	int rc;

	switch (p[0] % 4) {
	case 0:
		*w = (struct world) { r.base, r.size, true, hashed };
		rc = cc_rim_ripas(rim, &r);
		w->walking = false;
		require(rc || rim->rmm == CC_RMM_2_0 || !w->left);
		break;
	case 1:
		rc = cc_rim_unmeasured(rim, &r);
		break;
	case 2:
		rc = cc_rim_data(rim, r.base, rim->value);
		break;
	default:
		rc = cc_rim_rec(rim, &rec);
		hashed += !!(rec.flags & CC_REC_RUNNABLE);
	}
	require(!rc || rc == -E2BIG || rc == -EINVAL);
	require(rim->budget <= before);
	require(w->hashed - hashed == before - rim->budget);
	check_value(rim);
}

int LLVMFuzzerTestOneInput(const u8 *data, size_t size)
{
	static const struct cc_hash_ops ops = { digest };
	struct world w = {};
	struct cc_rim rim = { .ops = &ops, .ctx = &w, .budget = BUDGET };
	struct cc_realm_params params = {};
	u8 rem[CC_RIM_LEN] = {};

	if (size < 8)
		return 0;
	rim.rmm = data[0] & 1 ? CC_RMM_2_0 : CC_RMM_1_0;
	rim.blocks = data[1];
	params.s2sz = data[2];
	params.hash_algo = data[3] % 4;
	params.flags = data[4];
	if (cc_rim_create(&rim, &params)) {
		require(params.hash_algo == 3 || params.s2sz <= 12 ||
			params.s2sz > 63);
		return 0;
	}
	check_value(&rim);
	data += 8;
	size -= 8;
	for (int i = 0; i < STEPS && size >= 17; i++, data += 17, size -= 17)
		step(&rim, &w, data);
	require(cc_rem_extend(&rim, CC_REM_TF_RMM, rem, data, size) ==
		(size > CC_RIM_LEN ? -EINVAL : 0));
	return 0;
}
