// SPDX-License-Identifier: GPL-2.0-only
/*
 * Unit tests of lib/cc_rim.c; the expected values come from rim.c of TF-RMM.
 */
#include <stdlib.h>

#include <openssl/evp.h>

#include "../../lib/cc_rim.h"
#include "tap.h"

static size_t hashed;

static int md(void *ctx, u8 algo, const u8 *data, size_t len, u8 *out)
{
	const EVP_MD *type = algo == CC_REALM_SHA256 ? EVP_sha256() :
			     algo == CC_REALM_SHA384 ? EVP_sha384() :
			     EVP_sha512();

	hashed++;
	if (ctx)
		return -EIO;
	return EVP_Digest(data, len, out, NULL, type, NULL) == 1 ? 0 : -EIO;
}

static const struct cc_hash_ops ops = { md };

static struct cc_rim fresh(enum cc_rmm rmm)
{
	return (struct cc_rim) {
		.ops = &ops, .rmm = rmm, .blocks = CC_RIM_BLOCKS_ALL,
		.budget = 1000000,
	};
}

static void is(const struct cc_rim *rim, const char *want, const char *what)
{
	char text[2 * CC_RIM_LEN + 1];
	size_t i, len = strlen(want);
	bool rest = true;

	for (i = 0; i < CC_RIM_LEN; i++) {
		snprintf(text + 2 * i, 3, "%02x", rim->value[i]);
		if (2 * i >= len && rim->value[i])
			rest = false;
	}
	ok(rest && !strncmp(text, want, len), "%s", what);
}

static const struct cc_realm_params params = {
	.flags = CC_REALM_PMU, .s2sz = 48, .num_bps = 5, .num_wps = 3,
	.pmu_num_ctrs = 6,
};

static const char *const sha256[] = {
	"106f5031988d6daf052e05fbb3e135a8abf27cade2d3ecb06f7455a2d9ac8cfd",
	"f4de8945a11c5dd1bbd9ca2638963f402179f1d917544d2f81c38d7b9e97ffe1",
	"25589cb6bdfef0732836a9e383f3baa7bcd20071a66b3fbaa6fa86bfbf7cddb0",
	"c641cda1016304140ad3590444192773ec047d28ba480b5975cf0c1d7f8b5b81",
	"68ff4a1a2881daa449b17941488c3b359096e89aeb4200613241adbde17413f4",
};

static const char *const sha512[] = {
	"d0d53d0ba5feeeee8ecde2a859ea28fefa274df4f247433681228ba46653a87a6e1d74f1e87526c484c3f7cae72ad72c7336b26c36d5d6c0e58da6aaeb2d102a",
	"3f2a00025d01db11cd6cc801042c77fab801f32440854564f72d7f5a22addd66551bd2bef0c314402017ca7f2cc2e2bdbd12e686bb01fa8bd788518d1d520c52",
	"e7ece84b3ff3d043f24fae9f8209169cbf65c695e740728f4216ef2849744f1cd2bdb7e107f970629e967282032a142cb820504a46ccdad02ea00fcce7119efc",
	"3be01db34b479dc8ed769625c6ecc014e5e9e97a4750c8d1b918c40fa4825aea63f51fb4dd1426416a919f36d0d8f82582c641a4d5554284aa2494472ba84bef",
	"b13fd8cf328e1dcafebfcc238dfb53217ce52d41ab554289380de253ed67511e8fa0e77c85a8e8462d9ff723ad22d41dfae97dbff861792d60f1f01e973d0225",
};

static void test_steps(u8 algo, const char *const *want, const char *name)
{
	const struct cc_range ram = { 0x40000000, 0x40000000 };
	const struct cc_range log = { 0x48010000, 0x1000 };
	const struct cc_rec_params rec = {
		.flags = CC_REC_RUNNABLE, .pc = 0x40200000,
		.gprs = { 0x48000000 },
	};
	struct cc_realm_params p = params;
	u8 page[CC_GRANULE], content[CC_RIM_LEN] = {};
	struct cc_rim rim = fresh(CC_RMM_1_0);

	for (size_t i = 0; i < sizeof(page); i++)
		page[i] = i * 7;
	md(NULL, algo, page, sizeof(page), content);
	p.hash_algo = algo;
	printf("# %s\n", name);
	ok(!cc_rim_create(&rim, &p), "create");
	is(&rim, want[0], "its value");
	ok(!cc_rim_ripas(&rim, &ram), "memory");
	is(&rim, want[1], "its value");
	ok(!cc_rim_data(&rim, 0x40200000, content), "measured data");
	is(&rim, want[2], "its value");
	ok(!cc_rim_unmeasured(&rim, &log), "unmeasured data");
	is(&rim, want[3], "its value");
	ok(!cc_rim_rec(&rim, &rec), "REC");
	is(&rim, want[4], "its value");
	ok(rim.budget == 1000000 - 4, "four extensions");
}

/* From veraison's tests/event_log.rs. */
static void test_veraison(void)
{
	const struct cc_realm_params p = {
		.s2sz = 48, .num_bps = 5, .num_wps = 3,
	};
	struct cc_rim rim = fresh(CC_RMM_1_0);

	ok(!cc_rim_create(&rim, &p), "veraison's realm");
	is(&rim, "8960d56826370aaa6fc9b3a041d4240689582ba41e2ad8bb8f9adf6d2a0cd5e7",
	   "its value");
}

static void test_levels(void)
{
	static const struct {
		u8 s2sz;
		u64 sizes;
	} cases[] = {
		{ 48, 0x8040201000 }, { 52, 0x8040201000 }, { 43, 0x40201000 },
		{ 44, 0x8040201000 }, { 34, 0x201000 }, { 35, 0x40201000 },
		{ 25, 0x1000 }, { 20, 0x1000 }, { 13, 0x1000 },
	};

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++)
		ok(cc_rim_block_sizes(cases[i].s2sz) == cases[i].sizes,
		   "blocks of a realm of %u bits", cases[i].s2sz);
}

static size_t extensions(u8 s2sz, unsigned int blocks, u64 base, u64 top)
{
	const struct cc_range r = { base, top - base };
	struct cc_rim rim = fresh(CC_RMM_1_0);
	struct cc_realm_params p = params;

	p.s2sz = s2sz;
	rim.blocks = blocks;
	if (cc_rim_create(&rim, &p) || cc_rim_ripas(&rim, &r))
		return 0;
	return 1000000 - rim.budget;
}

static void test_ripas(void)
{
	const struct cc_range odd = { 0x1000, 0x1800 };
	const struct cc_range large = { 0, 1ULL << 51 };
	const struct cc_range shifted = { 0x1000, 0x600000 };
	struct cc_rim rim = fresh(CC_RMM_1_0);
	u8 before[CC_RIM_LEN];

	ok(extensions(48, CC_RIM_BLOCKS_ALL, 0, 1ULL << 39) == 1, "512 GiB");
	ok(extensions(43, CC_RIM_BLOCKS_ALL, 0, 1ULL << 39) == 512,
	   "512 GiB where the largest block is 1 GiB");
	ok(extensions(48, CC_RIM_BLOCKS_ALL, 0x6200000, 0x70000000) == 847,
	   "begins with 2 MiB");
	ok(extensions(48, CC_RIM_BLOCKS_ALL, 0x6300000, 0x70000000) == 256 + 846,
	   "begins with 4 KiB");
	ok(extensions(48, 1, 0x40000000, 0x40400000) == 1024, "4 KiB only");
	ok(!extensions(48, 2, 0x40001000, 0x40400000), "2 MiB do not fit");
	ok(extensions(48, 3, 0, 1ULL << 30) == 512, "up to 2 MiB");
	ok(extensions(48, 7, 0, 1ULL << 39) == 512, "up to 1 GiB");

	cc_rim_create(&rim, &params);
	ok(cc_rim_ripas(&rim, &odd) == -EINVAL, "half a granule");
	rim.blocks = 1;
	rim.budget = 1000;
	ok(cc_rim_ripas(&rim, &large) == -E2BIG && rim.budget == 1000,
	   "2 PiB in granules: refused before a granule is hashed");
	rim.blocks = 3;
	rim.budget = 100;
	ok(cc_rim_ripas(&rim, &shifted) == -E2BIG && !rim.budget,
	   "6 MiB in 514 blocks: the budget is too small");
	rim.budget = 514;
	ok(!cc_rim_ripas(&rim, &shifted) && !rim.budget,
	   "6 MiB in 514 blocks: the budget suffices");
	rim.blocks = 0;
	ok(cc_rim_ripas(&rim, &shifted) == -EINVAL, "no block size");
	rim.budget = 1000;
	ok(cc_rim_unmeasured(&rim, &large) == -E2BIG && !rim.budget,
	   "2 PiB of data: the budget is too small");

	rim = fresh(CC_RMM_2_0);
	cc_rim_create(&rim, &params);
	memcpy(before, rim.value, sizeof(before));
	ok(!cc_rim_ripas(&rim, &large) && rim.budget == 1000000 &&
	   !memcmp(before, rim.value, sizeof(before)),
	   "RMM 2.0 does not measure memory");
}

static void test_granules(void)
{
	static const struct {
		u64 base, size;
		u64 n;
	} cases[] = {
		{ 0x1000, 0, 0 }, { 0x1000, 1, 1 }, { 0x1fff, 1, 1 },
		{ 0x1fff, 2, 2 }, { 0x1000, 0x1000, 1 }, { 0x1000, 0x1001, 2 },
		{ 0x1001, 0x1000, 2 }, { ~0ULL - 0xfff, 0x1000, 1 },
	};

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		const struct cc_range r = { cases[i].base, cases[i].size };
		struct cc_rim rim = fresh(CC_RMM_1_0);

		cc_rim_create(&rim, &params);
		rim.budget = 100;
		ok(!cc_rim_unmeasured(&rim, &r) && rim.budget == 100 - cases[i].n,
		   "%#llx bytes at %#llx", (unsigned long long)r.size,
		   (unsigned long long)r.base);
	}
}

static void test_refusals(void)
{
	const struct cc_rec_params stopped = {};
	struct cc_realm_params p = params;
	struct cc_rim rim = fresh(CC_RMM_1_0);
	const struct cc_range r = { 0x1000, 0x1000 };

	p.hash_algo = 3;
	ok(cc_rim_create(&rim, &p) == -EINVAL, "no such hash");
	p = params;
	p.s2sz = 12;
	ok(cc_rim_create(&rim, &p) == -EINVAL, "12 bits");
	p.s2sz = 64;
	ok(cc_rim_create(&rim, &p) == -EINVAL, "64 bits");
	rim.ctx = &rim;
	ok(cc_rim_create(&rim, &params) == -EIO, "hashing fails");
	ok(cc_rim_ripas(&rim, &r) == -EIO, "and again");
	rim = fresh(CC_RMM_1_0);
	cc_rim_create(&rim, &params);
	hashed = 0;
	ok(!cc_rim_rec(&rim, &stopped) && !hashed, "a REC that is not runnable");
	rim.budget = 0;
	ok(cc_rim_data(&rim, 0, NULL) == -E2BIG, "no budget");
}

/*
 * H(0 || value), and H(that || next value).
 */
static void test_rem(void)
{
	u8 rem[CC_RIM_LEN] = {}, want[CC_RIM_LEN] = {}, buf[128] = {};
	struct cc_rim rim = fresh(CC_RMM_1_0);
	u8 value[32];

	memset(value, 0x5a, sizeof(value));
	cc_rim_create(&rim, &params);
	memcpy(buf + 32, value, 32);
	md(NULL, CC_REALM_SHA256, buf, 64, want);
	ok(!cc_rem_extend(&rim, CC_REM_TF_RMM, rem, value, 32) &&
	   !memcmp(rem, want, sizeof(rem)), "REM: first value");
	memcpy(buf, want, 32);
	memcpy(buf + 32, "ab", 2);
	md(NULL, CC_REALM_SHA256, buf, 34, want);
	ok(!cc_rem_extend(&rim, CC_REM_TF_RMM, rem, (const u8 *)"ab", 2) &&
	   !memcmp(rem, want, sizeof(rem)), "REM: second value, two bytes");
	memset(buf, 0, sizeof(buf));
	memcpy(buf, want, 32);
	memcpy(buf + 32, value, 32);
	md(NULL, CC_REALM_SHA256, buf, 96, want);
	ok(!cc_rem_extend(&rim, CC_REM_PADDED, rem, value, 32) &&
	   !memcmp(rem, want, sizeof(rem)), "REM: padded");
	ok(cc_rem_extend(&rim, CC_REM_TF_RMM, rem, buf, 65) == -EINVAL,
	   "REM: 65 bytes");
	rim.algo = CC_REALM_SHA512;
	memset(rem, 0, sizeof(rem));
	memset(buf, 0, sizeof(buf));
	memcpy(buf + 64, value, 32);
	md(NULL, CC_REALM_SHA512, buf, 96, want);
	ok(!cc_rem_extend(&rim, CC_REM_TF_RMM, rem, value, 32) &&
	   !memcmp(rem, want, sizeof(rem)), "REM: SHA-512");
}

static void test_sha384(void)
{
	struct cc_realm_params p = params;
	struct cc_rim rim = fresh(CC_RMM_2_0);
	u8 page[CC_GRANULE] = { [0] = 4, [8] = 48, [0x18] = 5, [0x20] = 3,
				[0x28] = 6, [0x30] = 2 };
	u8 want[CC_RIM_LEN] = {};

	p.hash_algo = CC_REALM_SHA384;
	md(NULL, CC_REALM_SHA384, page, sizeof(page), want);
	ok(!cc_rim_create(&rim, &p) && !memcmp(rim.value, want, sizeof(want)),
	   "SHA-384: 48 bytes, then zeros");
}

int main(void)
{
	test_steps(CC_REALM_SHA256, sha256, "SHA-256");
	test_steps(CC_REALM_SHA512, sha512, "SHA-512");
	test_sha384();
	test_veraison();
	test_levels();
	test_ripas();
	test_granules();
	test_refusals();
	test_rem();
	return tap_done();
}
