// SPDX-License-Identifier: GPL-2.0-only
/*
 * Unit tests of lib/cc_log.c, lib/cc_log_note.c and lib/cc_log_realm.c.
 *
 * The tests build their logs byte by byte. Each log ends at the end of a heap
 * block, so that the address sanitizer detects an overread.
 */
#include <stdlib.h>

#include "log_bytes.h"

#define KERNEL_BASE	0x40200000ULL
#define LOG_BASE	0x48010000ULL

static void simple(struct bytes *b, u32 index)
{
	event(b, index, 4, SHA256, 0xab, "\0\0\0", 4);
}

/* Events of the VMM in QEMU's form: SHA-256, tags without digests. */
static size_t tag(struct bytes *b, u32 id, const struct bytes *data)
{
	struct bytes d = {};
	size_t offset;

	le(&d, id, 4);
	le(&d, data->len, 4);
	append(&d, data->buf, data->len);
	offset = event(b, 0, 6, 0, 0, d.buf, d.len);
	free(d.buf);
	/* Offset of the tag's data. */
	return offset + 16 + 8;
}

static size_t tag_free(struct bytes *b, u32 id, struct bytes data)
{
	size_t offset = tag(b, id, &data);

	free(data.buf);
	return offset;
}

struct create {
	u64 flags;
	u8 s2sz, sve_vl, bps, wps, ctrs, algo;
	size_t pad;
	u8 pad_byte;
};

static const struct create usual = { 4, 41, 0, 5, 3, 6, 0, 2, 0 };

static size_t create(struct bytes *b, struct create c)
{
	struct bytes d = {};

	le(&d, c.flags, 8);
	le(&d, c.s2sz, 1);
	le(&d, c.sve_vl, 1);
	le(&d, c.bps, 1);
	le(&d, c.wps, 1);
	le(&d, c.ctrs, 1);
	le(&d, c.algo, 1);
	fill(&d, c.pad_byte, c.pad);
	return tag_free(b, 1, d);
}

static size_t ripas(struct bytes *b, u64 base, u64 size)
{
	struct bytes d = {};

	le(&d, base, 8);
	le(&d, size, 8);
	return tag_free(b, 2, d);
}

static size_t rec(struct bytes *b, u64 flags, size_t regs)
{
	struct bytes d = {};

	le(&d, flags, 8);
	le(&d, KERNEL_BASE, 8);
	for (size_t i = 0; i < regs; i++)
		le(&d, i, 8);
	return tag_free(b, 3, d);
}

/* Returns the offset of the base address. */
static size_t blob(struct bytes *b, u16 alg, const char *desc, size_t len,
		   u64 base, u64 size)
{
	struct bytes d = {};
	size_t offset;

	le(&d, len, 1);
	append(&d, desc, len);
	le(&d, base, 8);
	le(&d, size, 8);
	offset = event(b, 0, 0x13, alg, 0xcd, d.buf, d.len);
	free(d.buf);
	return offset + 16 + (alg ? 2 + alg_len(alg) : 0) + 1 + len;
}

static void vm_version(struct bytes *b, const char *name, const char *version,
		       size_t size)
{
	struct bytes d = {};

	append(&d, "VM VERSION\0\0\0\0\0", 16);
	append(&d, name, strlen(name));
	fill(&d, 0, 48 - d.len);
	append(&d, version, strlen(version));
	fill(&d, 0, 88 - d.len);
	if (size >= 116) {
		le(&d, LOG_BASE, 8);
		le(&d, 0x10000, 8);
	}
	le(&d, 0x40000000, 8);
	le(&d, 2, 4);
	if (size > d.len)
		fill(&d, 0, size - d.len);
	/* One digest with algorithm 0, of the declared algorithm's length. */
	le(b, 0, 4);
	le(b, 3, 4);
	le(b, 1, 4);
	le(b, 0, 2);
	fill(b, 0, 32);
	le(b, size, 4);
	append(b, d.buf, size);
	free(d.buf);
}

/* A realm's log up to and including its memory. */
static struct bytes realm(void)
{
	struct bytes b = header(0, SHA256, 0, 0);

	vm_version(&b, "QEMU", "9.1", 112);
	create(&b, usual);
	ripas(&b, 0x40000000, 0x40000000);
	return b;
}

static struct bytes cut(struct bytes b, size_t len)
{
	b.len = len;
	return b;
}

/* A header with one changed field. */
static struct bytes bad_header(size_t offset, u64 val, size_t n)
{
	struct bytes b = header(0, SHA1, SHA256, 0);

	put(&b, offset, val, n);
	return b;
}

/* Size -------------------------------------------------------------------- */

static void test_size(void)
{
	static const u8 zero[64];
	struct bytes b;
	size_t at;

	refused("an empty log", cut(header(0, SHA1, 0, 0), 0),
		"log is shorter than a header", 0);
	refused("31 bytes", cut(header(0, SHA1, 0, 0), 31),
		"log is shorter than a header", 0);
	refused("a header that is longer than the log",
		cut(header(0, SHA1, 0, 0), 64), "event is longer than the log", 28);
	refused("60 bytes: a Spec ID event that is too short",
		cut(bad_header(28, 28, 4), 60),
		"is too short for a Spec ID event", 28);
	refused("a header of 1 MiB and a byte", bad_header(28, 0x100001, 4),
		"event is too large", 28);
	refused("a header of 2^32 - 1 bytes", bad_header(28, 0xffffffff, 4),
		"event is too large", 28);

	b = header(0, SHA256, 0, 0);
	at = event(&b, 0, 1, SHA256, 1, "abc", 3);
	put(&b, at + 12 + 34, 4, 4);
	refused("an event one byte longer than the log", b,
		"event is longer than the log", at + 12 + 34);
	b = header(0, SHA256, 0, 0);
	at = event(&b, 0, 1, SHA256, 1, "abc", 3);
	put(&b, at + 12 + 34, 0xfffffff0, 4);
	refused("a size that would overflow", b, "event is too large",
		at + 12 + 34);
	b = header(0, SHA256, 0, 0);
	at = event(&b, 0, 1, SHA256, 1, zero, sizeof(zero));
	fill(&b, 0, 0x100001);
	put(&b, at + 12 + 34, 0x100001, 4);
	refused("an event of 1 MiB and a byte", b, "event is too large",
		at + 12 + 34);

	b = header(0, SHA256, 0, 0);
	at = b.len;
	simple(&b, 0);
	refused("cut off before the count", cut(b, at + 11), "event is cut off",
		at);
	b = header(0, SHA256, 0, 0);
	simple(&b, 0);
	refused("cut off before a digest", cut(b, at + 16), "event is cut off",
		at + 14);
	b = header(0, SHA256, 0, 0);
	simple(&b, 0);
	refused("cut off in a digest", cut(b, at + 14 + 31), "event is cut off",
		at + 14);
	b = header(0, SHA256, 0, 0);
	simple(&b, 0);
	refused("cut off before the size", cut(b, at + 14 + 32 + 3),
		"event is cut off", at + 14 + 32);
}

/* Header ------------------------------------------------------------------ */

static void test_header(void)
{
	const size_t algs = 60;
	struct bytes b;

	refused("header: index 2", bad_header(0, 2, 4),
		"index of the header is not 0 or 1", 0);
	refused("header: another type", bad_header(4, 4, 4),
		"first event is not EV_NO_ACTION", 4);
	refused("header: a digest", bad_header(27, 1, 1),
		"digest of the header is not zero", 8);
	refused("header: Spec ID Event02", bad_header(46, '2', 1),
		"is a log of TPM 1.2", 32);
	refused("header: Spec ID Event00", bad_header(46, '0', 1),
		"is a log of TPM 1.2", 32);
	refused("header: Spec ID Event04", bad_header(46, '4', 1),
		"signature is not \"Spec ID Event03\"", 32);
	refused("header: another signature", bad_header(32, 's', 1),
		"signature is not \"Spec ID Event03\"", 32);
	b = bad_header(28, 38, 4);
	fill(&b, 0, 1);
	refused("header: one byte more than its fields", b,
		"Spec ID event is longer than its fields", 28);
	refused("header: no algorithm", bad_header(56, 0, 4),
		"number of algorithms cannot be", 56);
	refused("header: 17 algorithms", bad_header(56, 17, 4),
		"number of algorithms cannot be", 56);
	refused("header: 2^30 + 2 algorithms", bad_header(56, 0x40000002, 4),
		"number of algorithms cannot be", 56);
	refused("header: an algorithm more than there is room for",
		bad_header(56, 3, 4), "algorithms are longer than the event", 56);
	refused("header: an algorithm twice", bad_header(algs + 4, SHA1, 2),
		"algorithm is declared twice", algs + 4);
	refused("header: SHA-256 with 20 bytes", bad_header(algs + 6, 20, 2),
		"digest size is not the algorithm's", algs + 6);
	b = bad_header(algs + 4, 0x7777, 2);
	put(&b, algs + 6, 0, 2);
	refused("header: digest size 0", b, "digest size cannot be", algs + 6);
	b = bad_header(algs + 4, 0x7777, 2);
	put(&b, algs + 6, 65, 2);
	refused("header: digest size 65", b, "digest size cannot be", algs + 6);
	refused("header: vendor bytes behind the log", bad_header(68, 1, 1),
		"vendor bytes are longer than the event", 68);
	b = header(0, SHA1, SHA256, 0);
	event(&b, 0, 3, SHA1, 0, "Spec ID Event03", 16);
	refused("header: a second Spec ID event", b, "second Spec ID event",
		69 + 12 + 22 + 4);
	b = header(0, SHA1, SHA256, 0);
	event(&b, 0, 3, SHA1, 0, "Spec ID Event02", 16);
	refused("header: a second one of another version", b,
		"second Spec ID event", 69 + 12 + 22 + 4);
}

static void test_good_header(void)
{
	const struct cc_log_opts strict = { .flags = CC_LOG_STRICT };
	struct bytes b = header(1, SHA384, 0, 0);
	struct cc_log log;

	log = good_log("only a header", header(0, SHA1, SHA256, 0), NULL);
	ok(log.nr == 1 && log.pos == 69 && log.n_algs == 2 && !log.fill &&
	   log.algs[1].id == SHA256 && log.algs[1].len == 32 &&
	   log.major == 2 && log.minor == 0 && log.errata == 106 &&
	   log.uintn == 2 && !log.quirks && !log.vendor_len,
	   "its fields");
	log = good_log("index 1", b, NULL);
	ok(log.dialect == CC_LOG_CCEL && !cc_log_uses_pcrs(&log),
	   "which are measurement registers");

	b = header(0, SHA1, 0, 0);
	put(&b, 28, 29 + 4 + 3, 4);
	put(&b, b.len - 1, 3, 1);
	append(&b, "abc", 3);
	log = good_log("vendor bytes", b, &strict);
	ok(log.vendor_len == 3 && log.pos == b.len && !log.quirks,
	   "are within the header");

	b = header(0, SHA1, 0, 0);
	put(&b, b.len - 1, 3, 1);
	append(&b, "abc", 3);
	log = good_log("vendor bytes behind the stated size", b, NULL);
	ok(log.vendor_len == 3 && log.pos == b.len &&
	   log.quirks == 1U << CC_LOG_Q_VENDOR_BEHIND &&
	   log.quirk_at[CC_LOG_Q_VENDOR_BEHIND] == 64, "are a quirk");
	b = header(0, SHA1, 0, 0);
	put(&b, b.len - 1, 3, 1);
	append(&b, "abc", 3);
	refused_with("vendor bytes behind the stated size, strict", b, &strict,
		     "vendor bytes are longer than the event", 64);
	b = header(0, 0x7777, 0, 0);
	simple(&b, 0);
	put(&b, 65 + 12, 0x7777, 2);
	log = good_log("an unknown algorithm of 32 bytes", b, NULL);
}

/* Digests ----------------------------------------------------------------- */

static void test_digests(void)
{
	const struct cc_log_opts strict = { .flags = CC_LOG_STRICT };
	struct bytes b = header(0, SHA256, 0, 0);
	struct cc_log log;
	size_t at = b.len;

	simple(&b, 0);
	put(&b, at + 8, 2, 4);
	refused("more digests than algorithms", b,
		"more digests than algorithms declared", at + 8);
	b = header(0, SHA256, 0, 0);
	simple(&b, 0);
	put(&b, at + 8, 0xffffffff, 4);
	refused("2^32 - 1 digests", b, "more digests than algorithms declared",
		at + 8);
	b = header(0, SHA256, 0, 0);
	event(&b, 0, 4, SHA384, 1, "", 0);
	refused("an algorithm that is not declared", b,
		"algorithm is not declared", at + 12);

	b = header(0, SHA1, SHA256, 0);
	at = b.len;
	le(&b, 0, 4);
	le(&b, 4, 4);
	le(&b, 2, 4);
	for (int i = 0; i < 2; i++) {
		le(&b, SHA1, 2);
		fill(&b, 7, 20);
	}
	le(&b, 0, 4);
	refused("an algorithm twice in an event", b, "algorithm is there twice",
		at + 12 + 22);

	b = header(0, SHA256, 0, 0);
	at = event(&b, 0, 3, SHA256, 0, "StartupLocality\0\3", 17);
	put(&b, at + 14 + 31, 1, 1);
	refused("NO_ACTION with a digest", b, "digest of NO_ACTION is not zero",
		at + 14);

	b = header(0, SHA1, SHA256, 0);
	event(&b, 0, 4, SHA256, 1, "", 0);
	log = good_log("fewer digests than algorithms", b, NULL);
	ok(log.quirks == 1U << CC_LOG_Q_FEWER_DIGESTS, "is a quirk");

	b = header(0, SHA256, 0, 0);
	at = event(&b, 0, 4, 0, 0, "x", 1);
	refused("an event without a digest", b, "event has no digest", at + 8);
	b = header(0, SHA256, 0, 0);
	blob(&b, 0, "KERNEL", 6, KERNEL_BASE, 1);
	refused("a blob without a digest", b, "event has no digest", at + 8);

	/*
	 * Tags and LOG without digest, algorithm 0: valid with one algorithm.
	 */
	b = header(0, SHA256, 0, 0);
	tag_free(&b, 9, (struct bytes) {});
	refused_with("strict: a tag without a digest", b, &strict,
		     "event has no digest", at + 8);
	b = header(0, SHA256, 0, 0);
	vm_version(&b, "QEMU", "9.1", 112);
	refused_with("strict: algorithm 0", b, &strict,
		     "algorithm is not declared", at + 12);
	b = header(0, SHA256, SHA512, 0);
	vm_version(&b, "QEMU", "9.1", 112);
	refused("algorithm 0 where two are declared", b,
		"algorithm is not declared", at + 4 + 12);
	b = header(0, SHA256, 0, 0);
	vm_version(&b, "QEMU", "9.1", 112);
	put(&b, at + 4, 4, 4);
	refused("algorithm 0 and not NO_ACTION", b, "algorithm is not declared",
		at + 12);
}

/* Index ------------------------------------------------------------------- */

static void test_index(void)
{
	struct bytes b = header(1, SHA256, 0, 0);
	struct cc_log log;
	size_t at = b.len;

	simple(&b, 5);
	refused("measurement register 5", b, "no such register", at);
	b = header(0, SHA256, 0, 0);
	simple(&b, 24);
	refused("PCR 24", b, "no such register", at);
	b = header(0, CC_ALG_SM3, 0, 0);
	event(&b, 5, 4, CC_ALG_SM3, 1, "", 0);
	refused("register 5 of Hygon CSV", b, "no such register", at);
	b = realm();
	at = b.len;
	simple(&b, 5);
	refused("register 5 of a realm", b, "no such register", at);
	b = header(0, SHA256, 0, 0);
	at = b.len;
	simple(&b, 0xffffffff);
	refused("no register and not NO_ACTION", b, "no such register", at);

	b = header(1, SHA256, 0, 0);
	simple(&b, 4);
	log = good_log("measurement register 4", b, NULL);
	ok(log.max_index == 4 && !cc_log_uses_pcrs(&log), "of 4");
	b = header(0, SHA256, 0, 0);
	simple(&b, 23);
	event(&b, 0xffffffff, 3, SHA256, 0, "x", 1);
	log = good_log("PCR 23, and NO_ACTION without a register", b, NULL);
	ok(log.dialect == CC_LOG_TPM && log.max_index == 23 &&
	   cc_log_uses_pcrs(&log) &&
	   log.quirks == 1U << CC_LOG_Q_INDEX_NONE, "is a TPM's");
}

/* EVENT_TAG --------------------------------------------------------------- */

/* A VMM writes whole tags; test_cc_log_content.c has the tags of others. */
static void test_tag(void)
{
	struct bytes b = realm();
	size_t at;

	at = event(&b, 0, 6, SHA256, 1, "\1\0\0\0\0\0\0", 7);
	refused("a realm's tag of 7 bytes", b, "is too short for a tag",
		at + 46);
	b = realm();
	at = event(&b, 0, 6, SHA256, 1, "\1\0\0\0\2\0\0\0x", 9);
	refused("a realm's tag that is shorter than it says", b,
		"tag is not as long as its event", at + 46 + 4 + 4);
	b = realm();
	at = event(&b, 0, 6, SHA256, 1, "\1\0\0\0\0\0\0\0x", 9);
	refused("a realm's tag that is longer than it says", b,
		"tag is not as long as its event", at + 46 + 4 + 4);
	b = realm();
	at = event(&b, 0, 6, SHA256, 1, "\1\0\0\0\371\377\377\377x", 9);
	refused("a realm's tag of 2^32 - 7 bytes", b,
		"tag is not as long as its event", at + 46 + 4 + 4);
}

/* REALM_CREATE ------------------------------------------------------------ */

static void bad_create(const char *name, struct create c, const char *what,
		       long offset)
{
	struct bytes b = header(0, SHA256, 0, 0);

	refused(name, b, what, create(&b, c) + offset);
}

#define WITH(...) ({							\
	struct create c_ = usual;					\
									\
	__VA_ARGS__;							\
	c_;								\
})

static void test_create(void)
{
	struct bytes b, d = {};
	size_t at;

	bad_create("REALM_CREATE of 17 bytes", WITH(c_.pad = 3),
		   "REALM_CREATE is not 14 or 16 bytes", -4);
	bad_create("REALM_CREATE of 15 bytes", WITH(c_.pad = 1),
		   "REALM_CREATE is not 14 or 16 bytes", -4);
	b = header(0, SHA256, 0, 0);
	fill(&d, 0, 13);
	at = tag_free(&b, 1, d);
	refused("REALM_CREATE of 13 bytes", b,
		"REALM_CREATE is not 14 or 16 bytes", at - 4);
	bad_create("padding that is not zero", WITH(c_.pad_byte = 1),
		   "padding of REALM_CREATE is not zero", 14);
	b = header(0, SHA256, 0, 0);
	at = create(&b, usual);
	put(&b, at + 15, 1, 1);
	refused("the second byte of padding alone", b,
		"padding of REALM_CREATE is not zero", at + 14);
	bad_create("hash algorithm 3", WITH(c_.algo = 3),
		   "no such hash algorithm", 13);
	bad_create("hash algorithm that is not declared", WITH(c_.algo = 1),
		   "hash algorithm is not declared by the log", 13);
	bad_create("31 bits", WITH(c_.s2sz = 31),
		   "width of addresses is not 32 to 52", 8);
	bad_create("53 bits", WITH(c_.s2sz = 53),
		   "width of addresses is not 32 to 52", 8);
	bad_create("reserved flags", WITH(c_.flags = 8 | 4),
		   "unknown flags of a realm", 0);
	bad_create("flag 2^63", WITH(c_.flags |= 1ULL << 63),
		   "unknown flags of a realm", 0);
	bad_create("vector length 16", WITH(c_.flags |= 2, c_.sve_vl = 16),
		   "no such vector length", 9);
	bad_create("vector length without SVE", WITH(c_.sve_vl = 1),
		   "vector length without SVE", 9);
	bad_create("65 breakpoints", WITH(c_.bps = 64),
		   "no such number of breakpoints", 10);
	bad_create("256 watchpoints", WITH(c_.wps = 255),
		   "no such number of watchpoints", 11);
	bad_create("32 counters", WITH(c_.ctrs = 32),
		   "no such number of counters", 12);
	bad_create("counters without a PMU", WITH(c_.flags = 0),
		   "counters without a PMU", 12);

	b = realm();
	at = create(&b, usual);
	refused("a second REALM_CREATE", b, "second REALM_CREATE", at - 8);
	b = header(0, SHA256, 0, 0);
	vm_version(&b, "QEMU", "9.1", 112);
	at = ripas(&b, 0x40000000, 0x1000);
	refused("INIT_RIPAS before it", b, "tag before REALM_CREATE", at - 8);
	b = header(0, SHA256, 0, 0);
	vm_version(&b, "QEMU", "9.1", 112);
	at = rec(&b, 1, 8);
	refused("REC_CREATE before it", b, "tag before REALM_CREATE", at - 8);
	b = header(0, SHA256, 0, 0);
	blob(&b, SHA256, "KERNEL", 6, KERNEL_BASE, 0x1000);
	at = create(&b, usual);
	refused("a blob before it", b, "REALM_CREATE behind a blob", at - 8);
}

/* INIT_RIPAS -------------------------------------------------------------- */

static void bad_ripas(const char *name, u64 base, u64 size, const char *what,
		      size_t offset)
{
	struct bytes b = header(0, SHA256, 0, 0);

	create(&b, usual);
	refused(name, b, what, ripas(&b, base, size) + offset);
}

static void test_ripas(void)
{
	struct bytes b, d = {};
	struct cc_log log;
	size_t at;

	bad_ripas("memory that is not aligned", 0x40000800, 0x1000,
		  "memory is not aligned", 0);
	bad_ripas("half a granule", 0x40000000, 0x800,
		  "memory is not a number of granules", 8);
	bad_ripas("no memory", 0x40000000, 0,
		  "memory is not a number of granules", 8);
	bad_ripas("memory that overflows", 0xfffffffffffff000, 0x2000,
		  "memory overflows", 8);
	bad_ripas("memory from 2^40 on", 1ULL << 40, 0x1000,
		  "memory is not in the protected half", 0);
	bad_ripas("memory across 2^40", (1ULL << 40) - 0x1000, 0x2000,
		  "memory is not in the protected half", 0);
	b = header(0, SHA256, 0, 0);
	create(&b, usual);
	fill(&d, 0, 24);
	at = tag_free(&b, 2, d);
	refused("INIT_RIPAS of 24 bytes", b, "INIT_RIPAS is not 16 bytes",
		at - 4);

	b = realm();
	ripas(&b, 0x40001000, 0x1000);
	log = good_log("memory that overlaps", b, NULL);
	ok(log.quirks & 1U << CC_LOG_Q_RIPAS_OVERLAP, "is a quirk");
	b = realm();
	ripas(&b, 0x10000000, 0x1000);
	log = good_log("memory that does not ascend", b, NULL);
	ok(log.quirks & 1U << CC_LOG_Q_RIPAS_ORDER &&
	   !(log.quirks & 1U << CC_LOG_Q_RIPAS_OVERLAP) &&
	   log.realm.n_ripas == 2, "is a quirk");
	b = realm();
	for (u64 i = 0; i < 100; i++)
		ripas(&b, 0x80000000 + i * 0x1000, 0x1000);
	log = good_log("100 pieces that touch", b, NULL);
	ok(log.realm.n_ripas == 1 &&
	   log.realm.ripas[0].size == 0x40000000 + 100 * 0x1000, "are one");
	b = realm();
	for (u64 i = 1; i <= CC_LOG_RANGES_MAX; i++)
		at = ripas(&b, 0x80000000 + i * 0x2000, 0x1000);
	refused("too many pieces", b, "memory is in too many pieces", at);
}

/* REC_CREATE -------------------------------------------------------------- */

static void test_rec(void)
{
	struct bytes b = realm();
	struct cc_log log;
	size_t at = rec(&b, 3, 8);

	refused("unknown flags of a REC", b, "unknown flags of a REC", at);
	b = realm();
	at = rec(&b, 1, 7);
	refused("REC_CREATE of 72 bytes", b, "REC_CREATE is not 80 bytes",
		at - 4);
	b = realm();
	rec(&b, 1, 8);
	rec(&b, 1, 8);
	log = good_log("two runnable RECs", b, NULL);
	ok(log.quirks & 1U << CC_LOG_Q_RECS_RUNNABLE && log.realm.n_recs == 2,
	   "are a quirk");
	b = realm();
	rec(&b, 0, 8);
	rec(&b, 1, 8);
	log = good_log("a REC that is not runnable", b, NULL);
	ok(log.quirks & 1U << CC_LOG_Q_REC_STOPPED &&
	   !(log.quirks & 1U << CC_LOG_Q_RECS_RUNNABLE) &&
	   log.realm.n_recs == 1, "is a quirk, and does not count");
}

/* Blobs ------------------------------------------------------------------- */

static void bad_blob(const char *name, u64 base, u64 size, const char *what,
		     size_t offset)
{
	struct bytes b = realm();

	refused(name, b, what,
		blob(&b, SHA256, "KERNEL", 6, base, size) + offset);
}

static void test_blob(void)
{
	struct bytes b = realm();
	struct cc_log log;
	size_t at;

	at = blob(&b, SHA256, "KERNEL", 6, KERNEL_BASE, 1) - 7;
	put(&b, at, 7, 1);
	refused("a description longer than its event", b,
		"description is not as long as its event says", at);
	b = realm();
	at = blob(&b, SHA256, "KERNEL", 6, KERNEL_BASE, 1) - 7;
	put(&b, at, 255, 1);
	refused("a description of 255 bytes", b,
		"description is not as long as its event says", at);
	b = realm();
	at = blob(&b, SHA256, "KERNEL", 6, KERNEL_BASE, 1) - 7;
	put(&b, at, 5, 1);
	refused("a description shorter than its event", b,
		"description is not as long as its event says", at);
	b = realm();
	at = event(&b, 0, 0x13, SHA256, 1, "0123456789abcdef", 16) + 46;
	refused("a blob of 16 bytes", b, "is too short for a blob", at);
	b = realm();
	at = blob(&b, SHA256, "A\033[31m", 6, KERNEL_BASE, 1);
	refused("an escape in the description", b,
		"description is not printable", at - 5);
	b = realm();
	at = blob(&b, SHA256, "A\0", 3, KERNEL_BASE, 1);
	refused("two NULs", b, "description is not printable", at - 2);

	bad_blob("a blob that overflows", KERNEL_BASE, ~0ULL - 0x1000,
		 "blob overflows", 0 + 8);
	bad_blob("a blob at the very end", ~0ULL, 1, "blob overflows", 8);
	bad_blob("an empty blob", KERNEL_BASE, 0, "blob is empty", 8);
	bad_blob("a blob of 2^60 bytes", KERNEL_BASE, 1ULL << 60,
		 "blobs are too large", 8);
	bad_blob("a blob of 64 GiB and a byte", KERNEL_BASE, (1ULL << 36) + 1,
		 "blobs are too large", 8);
	bad_blob("a blob below memory", 0x3ffff000, 0x1000,
		 "blob is not in memory", 0);
	bad_blob("a blob that begins below memory", 0x3ffff000, 0x2000,
		 "blob is not in memory", 0);
	bad_blob("a blob that ends above memory", 0x7ffff000, 0x1001,
		 "blob is not in memory", 0);

	/* Unmeasured granules also cost one hash each. */
	b = realm();
	at = blob(&b, 0, "LOG", 3, LOG_BASE, 1ULL << 60);
	refused("a log of 2^60 bytes", b, "blobs are too large", at + 8);
	b = realm();
	blob(&b, SHA256, "KERNEL", 6, LOG_BASE, 0x1000);
	at = blob(&b, 0, "LOG", 3, LOG_BASE, 0x10000);
	refused("the log over a blob", b, "blob shares a granule with another",
		at);
	b = realm();
	at = blob(&b, 0, "LOG", 3, 0x80000000, 0x10000);
	refused("a log behind memory", b, "blob is not in memory", at);

	b = realm();
	blob(&b, SHA256, "KERNEL", 6, KERNEL_BASE, 0x1001);
	at = blob(&b, SHA256, "INITRD", 6, KERNEL_BASE + 0x1ffc, 0x100);
	refused("two blobs in a granule", b,
		"blob shares a granule with another", at);
	b = realm();
	for (u64 i = 0; i <= CC_LOG_RANGES_MAX; i++)
		at = blob(&b, SHA256, "X", 1, KERNEL_BASE + i * 0x1000, 1);
	refused("too many blobs", b, "too many blobs", at);

	b = header(0, SHA256, 0, 0);
	blob(&b, SHA256, "KERNEL", 6, 1ULL << 50, 1ULL << 36);
	at = blob(&b, SHA256, "INITRD", 6, 0, 1);
	refused("blobs of 64 GiB, and one byte", b, "blobs are too large",
		at + 8);

	b = header(0, SHA256, 0, 0);
	create(&b, usual);
	ripas(&b, 0x50000000, 0x10000000);
	ripas(&b, 0x40000000, 0x10000000);
	blob(&b, SHA256, "KERNEL", 7, 0x4ffff000, 0x2000);
	log = good_log("a blob across two pieces of memory", b, NULL);
	ok(log.realm.n_blobs == 1 && log.realm.blob_bytes == 0x2000 &&
	   log.dialect == CC_LOG_REALM_OTHER, "of a realm without a name");
}

/* LOG --------------------------------------------------------------------- */

static void test_log(void)
{
	struct cc_log_opts opts = {
		.flags = CC_LOG_PLACED,
		.place = { LOG_BASE, 0x10000 },
	};
	struct cc_log log;
	struct bytes b;
	size_t at;

	b = realm();
	blob(&b, 0, "LOG", 3, LOG_BASE, 0x10000);
	log = good_log("LOG where it was found", b, &opts);
	ok(log.quirks & 1U << CC_LOG_Q_NO_DIGEST && log.realm.n_blobs == 1,
	   "without a digest");
	b = realm();
	at = blob(&b, 0, "LOG", 3, LOG_BASE + 0x1000, 0x10000);
	refused_with("LOG at another address", b, &opts,
		     "log was not found there", at);
	b = realm();
	at = blob(&b, SHA256, "LOG", 4, LOG_BASE, 0x20000);
	refused_with("LOG of another size", b, &opts,
		     "log was not found with this size", at + 8);
	b = realm();
	at = blob(&b, 0, "LOG", 3, LOG_BASE, 0);
	refused_with("LOG without a size", b, &opts,
		     "log was not found with this size", at + 8);

	opts.place.base++;
	b = header(0, SHA256, 0, 0);
	at = b.len;
	vm_version(&b, "doc", "1", 116);
	refused_with("VM VERSION that places the log elsewhere", b, &opts,
		     "log was not found there", at + 14 + 32 + 4 + 88);
}

/* VM VERSION -------------------------------------------------------------- */

static void test_vm_version(void)
{
	struct cc_log log;
	struct bytes b;
	size_t at;

	b = header(0, SHA256, 0, 0);
	simple(&b, 0);
	at = b.len + 14 + 32 + 4;
	vm_version(&b, "QEMU", "9.1", 112);
	refused("VM VERSION third", b, "VM VERSION is not the second event", at);
	b = realm();
	at = b.len + 14 + 32 + 4;
	vm_version(&b, "QEMU", "9.1", 112);
	refused("a second VM VERSION", b, "VM VERSION is not the second event",
		at);
	b = header(0, SHA256, 0, 0);
	at = b.len + 14 + 32;
	vm_version(&b, "QEMU", "9.1", 99);
	refused("VM VERSION of 99 bytes", b, "VM VERSION is too short", at);
	at += 4;
	b = header(0, SHA256, 0, 0);
	vm_version(&b, "QEMU", "9.1", 112);
	memset(b.buf + at + 16, 'x', 32);
	refused("a name without an end", b, "name of the VMM has no end",
		at + 16);
	b = header(0, SHA256, 0, 0);
	vm_version(&b, "QEMU", "9.1", 112);
	memset(b.buf + at + 48, 'x', 40);
	refused("a version without an end", b, "version of the VMM has no end",
		at + 48);
	b = header(0, SHA256, 0, 0);
	vm_version(&b, "QEMU", "9.1", 112);
	put(&b, at + 96, 0x10001, 4);
	refused("65537 CPUs", b, "too many CPUs", at + 96);
	b = header(0, SHA256, 0, 0);
	vm_version(&b, "doc", "1", 116);
	put(&b, at + 112, 0x10001, 4);
	refused("65537 CPUs in the document's form", b, "too many CPUs",
		at + 112);

	b = header(0, SHA256, 0, 0);
	vm_version(&b, "QEMU", "9.1", 100);
	log = good_log("VM VERSION of 100 bytes", b, NULL);
	ok(log.dialect == CC_LOG_REALM_QEMU_RFC && log.realm.named &&
	   log.quirks == 1U << CC_LOG_Q_ALG_0, "of QEMU 9.1");
	b = header(0, SHA256, 0, 0);
	vm_version(&b, "QEMU", "10.2.50", 112);
	log = good_log("VM VERSION of 112 bytes", b, NULL);
	ok(log.dialect == CC_LOG_REALM_QEMU, "of QEMU 10.2.50");
	b = header(0, SHA256, 0, 0);
	vm_version(&b, "kvmtool", "3", 112);
	log = good_log("VM VERSION of kvmtool", b, NULL);
	ok(log.dialect == CC_LOG_REALM_KVMTOOL, "is known");
	b = header(0, SHA256, 0, 0);
	vm_version(&b, "QEMU", "9.1", 130);
	log = good_log("VM VERSION of 130 bytes", b, NULL);
	ok(log.dialect == CC_LOG_REALM_DOC, "follows the measurement-log document");
}

/* Whole logs -------------------------------------------------------------- */

static void test_realm(void)
{
	static const u8 dtb[20] = {
		'D', 'T', 'B', [16] = 0xd0, 0x0d, 0xfe, 0xed
	};
	const struct cc_log_opts opts = { .flags = CC_LOG_REALM };
	struct bytes b = header(0, SHA256, 0, 0);
	struct cc_log_event ev = {};
	struct cc_log_fault f;
	struct cc_log log;
	struct bytes odd;

	vm_version(&b, "QEMU", "9.1", 112);
	event(&b, 0, 3, SHA256, 0, dtb, sizeof(dtb));
	create(&b, usual);
	ripas(&b, 0x40000000, 0x40000000);
	blob(&b, SHA256, "KERNEL", 6, KERNEL_BASE, 0x1234);
	rec(&b, 1, 8);
	event(&b, 1, 0x8000000a, SHA256, 1, "odd", 3);

	ok(!cc_log_begin(&log, b.buf, b.len, NULL, &f) &&
	   !cc_log_next(&log, &ev, &f) && ev.nr == 1 && ev.offset == 65 &&
	   ev.realm.kind == CC_REALM_VM_VERSION && !ev.realm.vm.has_place &&
	   !strcmp(ev.realm.vm.name, "QEMU") && ev.realm.vm.num_cpus == 2 &&
	   ev.realm.vm.ram_size == 0x40000000 && ev.realm.vm.has_flags,
	   "realm: VM VERSION");
	ok(!cc_log_next(&log, &ev, &f) && ev.realm.kind == CC_REALM_DTB &&
	   ev.realm.dtb_len == 4 && ev.realm.dtb[0] == 0xd0, "realm: DTB");
	ok(!cc_log_next(&log, &ev, &f) && ev.realm.kind == CC_REALM_CREATE &&
	   ev.realm.create.flags == 4 && ev.realm.create.s2sz == 41 &&
	   ev.realm.create.num_bps == 5 && ev.realm.create.num_wps == 3 &&
	   ev.realm.create.pmu_num_ctrs == 6 && !ev.realm.create.hash_algo &&
	   !ev.n_digests, "realm: REALM_CREATE");
	ok(!cc_log_next(&log, &ev, &f) && ev.realm.kind == CC_REALM_RIPAS &&
	   ev.realm.ripas.base == 0x40000000, "realm: INIT_RIPAS");
	ok(!cc_log_next(&log, &ev, &f) && ev.realm.kind == CC_REALM_BLOB &&
	   ev.realm.blob.desc_len == 6 && !ev.realm.blob.nul &&
	   !memcmp(ev.realm.blob.desc, "KERNEL", 6) &&
	   ev.realm.blob.range.base == KERNEL_BASE &&
	   ev.realm.blob.range.size == 0x1234 &&
	   ev.digests[0].data[0] == 0xcd, "realm: KERNEL");
	ok(!cc_log_next(&log, &ev, &f) && ev.realm.kind == CC_REALM_REC &&
	   ev.realm.rec.pc == KERNEL_BASE && ev.realm.rec.gprs[7] == 7,
	   "realm: REC_CREATE");
	ok(!cc_log_next(&log, &ev, &f) && ev.realm.kind == CC_REALM_NONE,
	   "realm: another register's blob is the guest's own");
	ok(cc_log_next(&log, &ev, &f) == -ENODATA &&
	   cc_log_next(&log, &ev, &f) == -ENODATA && log.pos == b.len &&
	   log.nr == 8, "realm: the end, twice");
	free(b.buf);

	b = header(0, SHA256, 0, 0);
	blob(&b, SHA256, "KERNEL", 7, KERNEL_BASE, 0x1234);
	log = good_log("blobs only", b, NULL);
	ok(log.is_realm && log.dialect == CC_LOG_REALM_BLOBS, "are a realm's");

	/* With SHA-1 or above PCR 4, the same event is from firmware. */
	b = header(0, SHA1, SHA256, 0);
	blob(&b, SHA256, "KERNEL", 7, ~0ULL, 0x1234);
	log = good_log("KERNEL in a TPM's log", b, NULL);
	ok(!log.is_realm && log.dialect == CC_LOG_TPM, "is from the firmware");
	b = header(0, SHA256, 0, 0);
	simple(&b, 9);
	blob(&b, SHA256, "KERNEL", 7, ~0ULL, 0x1234);
	log = good_log("KERNEL behind PCR 9", b, NULL);
	ok(!log.is_realm && log.dialect == CC_LOG_TPM, "is from the firmware");
	odd = header(0, SHA1, SHA256, 0);
	blob(&odd, SHA256, "KERNEL", 7, ~0ULL, 0x1234);
	refused_with("the same, where it must be a realm's", odd, &opts,
		     "blob overflows", 69 + 46 + 4 + 1 + 7 + 8);
}

static void test_dialects(void)
{
	struct cc_log log;
	struct bytes b;

	b = header(0, SHA384, 0, 0);
	event(&b, 2, 4, SHA384, 1, "", 0);
	log = good_log("only SHA-384, registers up to 4", b, NULL);
	ok(log.dialect == CC_LOG_CCEL && log.basis, "is from a guest without a TPM");
	log = good_log("only SM3", header(0, CC_ALG_SM3, 0, 0), NULL);
	ok(log.dialect == CC_LOG_CSV, "is Hygon's");
	b = header(0, SHA256, 0, 0);
	simple(&b, 4);
	log = good_log("only SHA-256, registers up to 4", b, NULL);
	ok(log.dialect == CC_LOG_UNDETERMINED && log.basis &&
	   cc_log_uses_pcrs(&log), "has no known writer");
}

/* Values at the limits are accepted: no limit is off by one. */
static void test_limits(void)
{
	static u8 data[0x100000];
	struct bytes b = header(0, SHA1, 0, 0);
	struct cc_log log;

	for (u16 i = 1; i < CC_LOG_ALGS_MAX; i++) {
		b.len--;
		le(&b, 0x7700 + i, 2);
		le(&b, CC_LOG_DIGEST_MAX, 2);
		le(&b, 0, 1);
	}
	put(&b, 28, 29 + 4 * CC_LOG_ALGS_MAX, 4);
	put(&b, 56, CC_LOG_ALGS_MAX, 4);
	log = good_log("16 algorithms", b, NULL);
	ok(log.n_algs == CC_LOG_ALGS_MAX, "are all known");
	b = header(0, SHA256, 0, 0);
	event(&b, 0, 1, SHA256, 1, data, sizeof(data));
	log = good_log("an event of 1 MiB", b, NULL);
	b = header(0, SHA256, 0, 0);
	event(&b, 3, 6, SHA256, 1, "\1\0\0\0\0\0\0", 8);
	log = good_log("a tag without data", b, NULL);

	b = header(0, SHA256, 0, 0);
	create(&b, WITH(c_.pad = 0));
	log = good_log("REALM_CREATE of 14 bytes", b, NULL);
	ok(!(log.quirks & 1U << CC_LOG_Q_CREATE_PAD), "is no quirk");
	b = header(0, SHA256, 0, 0);
	create(&b, WITH(c_.s2sz = 32));
	ripas(&b, 0x7ffff000, 0x1000);
	log = good_log("32 bits, memory up to 2^31", b, NULL);
	b = header(0, SHA256, 0, 0);
	create(&b, WITH(c_.s2sz = 52, c_.flags = 7, c_.sve_vl = 15));
	ripas(&b, 0, 1ULL << 51);
	log = good_log("52 bits, memory up to 2^51, all flags", b, NULL);
	ok(log.realm.params.flags == 7 && log.realm.params.sve_vl == 15,
	   "with the longest vectors");
	b = header(0, SHA256, SHA384, SHA512);
	create(&b, WITH(c_.algo = 2, c_.pad = 0));
	log = good_log("hash algorithm 2", b, NULL);
	b = realm();
	blob(&b, SHA256, "KERNEL", 6, 0x40000000, 0x40000000);
	log = good_log("a blob that fills memory", b, NULL);
	b = realm();
	blob(&b, SHA256, "KERNEL", 6, KERNEL_BASE, 0xfff);
	blob(&b, SHA256, "INITRD", 6, KERNEL_BASE + 0x1000, 1);
	log = good_log("blobs in granules side by side", b, NULL);
	b = realm();
	blob(&b, SHA256, "", 0, KERNEL_BASE, 1);
	log = good_log("a blob without a description", b, NULL);
	b = header(0, SHA256, 0, 0);
	vm_version(&b, "1234567890123456789012345678901", "9.1", 112);
	put(&b, 65 + 14 + 32 + 4 + 96, 0x10000, 4);
	log = good_log("a name of 31 characters, 65536 CPUs", b, NULL);
}

/* End --------------------------------------------------------------------- */

static void test_end(void)
{
	struct bytes b;
	struct cc_log log;
	size_t end;

	for (int byte = 0; byte <= 0xff; byte += 0xff) {
		for (size_t n = 1; n < 40; n += 3) {
			b = header(0, SHA256, 0, 0);
			simple(&b, 0);
			end = b.len;
			fill(&b, byte, n);
			log = good_log("padding", b, NULL);
			ok(log.pos == end && log.nr == 2 && log.fill == byte &&
			   !log.n_trailing && !log.quirks,
			   "%zu bytes %#x are padding", n, byte);
		}
	}
	b = header(0, SHA256, 0, 0);
	simple(&b, 0);
	end = b.len;
	fill(&b, 0xff, 100);
	append(&b, "hid", 3);
	fill(&b, 0xff, 100);
	log = good_log("another byte in the padding", b, NULL);
	ok(log.pos == end && log.n_trailing == 3 && log.trailing == end + 100 &&
	   log.quirks == 1U << CC_LOG_Q_TRAILING, "is told");
	b = header(0, SHA256, 0, 0);
	simple(&b, 0);
	fill(&b, 0, 15);
	append(&b, "x", 1);
	refused("too few zeros for padding", b, "event is too large", 119 + 12);
	b = header(0, SHA256, 0, 0);
	simple(&b, 0);
	fill(&b, 0xff, 7);
	append(&b, "xxxxxxxxxxxxxxxxxxxxxx", 22);
	refused("too few ones for padding", b,
		"more digests than algorithms declared", 119 + 8);
}

int main(void)
{
	test_size();
	test_header();
	test_good_header();
	test_digests();
	test_index();
	test_tag();
	test_create();
	test_ripas();
	test_rec();
	test_blob();
	test_log();
	test_vm_version();
	test_realm();
	test_dialects();
	test_limits();
	test_end();
	return tap_done();
}
