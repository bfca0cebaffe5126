// SPDX-License-Identifier: GPL-2.0-only
/*
 * Unit tests of lib/secret_table.c.
 *
 * The tests build their tables byte by byte, without the builder under test.
 * Each table ends at the end of a heap block, so that the address sanitizer
 * detects an overread.
 */
#include <stdlib.h>

#include "../../lib/secret_table.h"
#include "bytes.h"
#include "tap.h"

/* 736869e5-84f0-4973-92ec-06879ce3da0b, in EFI's byte order */
static const u8 guid_a[SECRET_GUID_LEN] = {
	0xe5, 0x69, 0x68, 0x73, 0xf0, 0x84, 0x73, 0x49,
	0x92, 0xec, 0x06, 0x87, 0x9c, 0xe3, 0xda, 0x0b,
};

static const u8 guid_zero[SECRET_GUID_LEN];

static void append_le32(struct bytes *b, u32 val)
{
	const u8 le[4] = { val, val >> 8, val >> 16, val >> 24 };

	append(b, le, sizeof(le));
}

static struct bytes header(u32 len)
{
	struct bytes b = {};

	append(&b, secret_table_guid, SECRET_GUID_LEN);
	append_le32(&b, len);
	return b;
}

static void entry(struct bytes *b, const u8 *guid, u32 len, const char *data)
{
	append(b, guid, SECRET_GUID_LEN);
	append_le32(b, len);
	append(b, data, strlen(data));
}

/* A copy that ends at the end of a heap block. */
static u8 *exact(const struct bytes *b)
{
	u8 *copy = malloc(b->len ? b->len : 1);

	if (!copy)
		abort();
	memcpy(copy, b->buf, b->len);
	return copy;
}

static int check(struct bytes *b, size_t *n, size_t *trailing,
		 struct secret_fault *fault)
{
	u8 *table = exact(b);
	int rc = secret_table_check(table, b->len, n, trailing, fault);

	free(table);
	free(b->buf);
	return rc;
}

static void test_guid(void)
{
	static const u8 expected[] = {
		0x42, 0xf5, 0x74, 0x1e, 0xdd, 0x71, 0x66, 0x4d,
		0x96, 0x3e, 0xef, 0x42, 0x87, 0xff, 0x17, 0x3b,
	};

	ok(!memcmp(secret_table_guid, expected, sizeof(expected)),
	   "header GUID in EFI's byte order");
}

static void test_header(void)
{
	static const struct {
		const char *what;
		u32 len;
		size_t area;
		int rc;
		u32 value;
		size_t limit;
	} cases[] = {
		{ "only a header", 20, 20, 0, 0, 0 },
		{ "as long as the area", 3072, 3072, 0, 0, 0 },
		{ "length 0", 0, 3072, -EBADMSG, 0, 20 },
		{ "length 19", 19, 3072, -EBADMSG, 19, 20 },
		{ "length one more than the area", 3073, 3072, -EBADMSG, 3073, 3072 },
		{ "length 2^31", 0x80000000, 3072, -EBADMSG, 0x80000000, 3072 },
		{ "length 2^32 - 1", 0xffffffff, 3072, -EBADMSG, 0xffffffff, 3072 },
		{ "area of 19 bytes", 20, 19, -EBADMSG, 19, 20 },
		{ "area of 0 bytes", 20, 0, -EBADMSG, 0, 20 },
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct bytes b = header(cases[i].len);
		struct secret_fault fault = {};
		u8 *hdr = exact(&b);
		size_t len = 0;
		int rc = secret_table_len(hdr, cases[i].area, &len, &fault);

		ok(rc == cases[i].rc && (rc || len == cases[i].len),
		   "header: %s", cases[i].what);
		if (rc)
			ok(fault.in_header && fault.what && fault.offset == 16 &&
			   fault.value == cases[i].value &&
			   fault.limit == cases[i].limit,
			   "header: %s: the fault has the value and the limit", cases[i].what);
		free(hdr);
		free(b.buf);
	}
}

static void test_unpopulated(void)
{
	struct secret_fault fault;
	u8 area[64] = {};
	size_t len;

	ok(secret_table_len(area, sizeof(area), &len, &fault) == -ENODATA,
	   "an area of zeros is not populated");
	memcpy(area, secret_table_guid, SECRET_GUID_LEN);
	area[15] ^= 1;
	ok(secret_table_len(area, sizeof(area), &len, &fault) == -ENODATA,
	   "an area with another GUID is not populated");
}

static void test_bad_entry(void)
{
	static const struct {
		u32 len;
		size_t limit;
	} cases[] = {
		{ 0, 20 }, { 19, 20 }, { 26, 25 }, { 0x7fffffff, 25 },
		{ 0x80000000, 25 }, { 0xffffffff, 25 },
		/* wraps to a small value after the addition of an offset */
		{ 0xffffffec, 25 },
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct bytes b = header(0);
		struct secret_fault fault = {};
		size_t n, trailing;
		int rc;

		entry(&b, guid_a, 23, "one");
		entry(&b, guid_a, cases[i].len, "two..");
		rc = check(&b, &n, &trailing, &fault);
		ok(rc == -EBADMSG && !fault.in_header && fault.index == 1 &&
		   fault.offset == 20 + 23 + 16 &&
		   fault.value == cases[i].len &&
		   fault.limit == cases[i].limit,
		   "entry length %#x is refused, with its offset", cases[i].len);
	}
}

static void test_walk(void)
{
	struct secret_cursor cur = {};
	struct secret_fault fault;
	struct secret_entry e;
	struct bytes b = header(0);
	size_t n, trailing;
	u8 *table;

	entry(&b, guid_a, 25, "five5");
	entry(&b, guid_zero, 24, "gone");
	entry(&b, guid_a, 20, "");
	append(&b, "\0\0\0", 3);
	table = exact(&b);

	ok(!secret_table_next(table, b.len, &cur, &e, &fault) &&
	   e.index == 0 && e.offset == 20 && e.len == 5 && !e.deleted &&
	   !memcmp(e.data, "five5", 5) && !memcmp(e.guid, guid_a, 16),
	   "first entry");
	ok(!secret_table_next(table, b.len, &cur, &e, &fault) &&
	   e.index == 1 && e.offset == 45 && e.len == 4 && e.deleted,
	   "deleted entry is marked");
	ok(!secret_table_next(table, b.len, &cur, &e, &fault) &&
	   e.index == 2 && e.offset == 69 && !e.len && !e.deleted,
	   "empty secret");
	ok(secret_table_next(table, b.len, &cur, &e, &fault) == -ENODATA &&
	   secret_table_next(table, b.len, &cur, &e, &fault) == -ENODATA,
	   "the end, twice");
	free(table);
	ok(!check(&b, &n, &trailing, &fault) && n == 3 && trailing == 3,
	   "check counts entries and trailing bytes");
}

static void test_sizes(void)
{
	struct bytes b = header(0), rest = header(0), exact_end = header(0);
	struct secret_fault fault;
	size_t n, trailing;

	ok(!check(&b, &n, &trailing, &fault) && !n && !trailing,
	   "a table without entries");

	append(&rest, guid_a, 16);
	append(&rest, "\377\377\377", 3);
	ok(!check(&rest, &n, &trailing, &fault) && !n && trailing == 19,
	   "19 bytes are too short for an entry");

	entry(&exact_end, guid_a, 20, "");
	ok(!check(&exact_end, &n, &trailing, &fault) && n == 1 && !trailing,
	   "20 bytes are an entry");
}

static void test_many(void)
{
	const size_t all = (SECRET_AREA_MAX - 20) / 20, most = 4096;
	struct secret_fault fault;
	size_t n, trailing, pos;
	u8 *buf = malloc(SECRET_AREA_MAX);
	int rc;

	if (!buf)
		abort();
	rc = secret_table_init(buf, SECRET_AREA_MAX, &pos);
	while (!rc)
		rc = secret_table_add(buf, SECRET_AREA_MAX, &pos, guid_a, NULL, 0);
	ok(rc == -EMSGSIZE && pos == 20 + all * 20 &&
	   secret_table_check(buf, pos, &n, &trailing, &fault) == -EBADMSG &&
	   fault.index == most && fault.offset == 20 + most * 20 + 16 &&
	   fault.value == most + 1 && fault.limit == most &&
	   !strcmp(fault.what, "table has too many entries"),
	   "%zu entries in 1 MiB", all);
	ok(!secret_table_check(buf, 20 + most * 20, &n, &trailing, &fault) &&
	   n == most && !trailing, "%zu entries", most);
	ok(!secret_table_check(buf, 20 + most * 20 + 19, &n, &trailing,
			       &fault) && n == most && trailing == 19,
	   "%zu entries, and 19 bytes", most);
	ok(secret_table_check(buf, 20 + most * 20 + 20, &n, &trailing,
			      &fault) == -EBADMSG, "one more");
	free(buf);
}

static void test_build(void)
{
	struct bytes expected = header(20 + 23 + 20);
	u8 buf[64];
	size_t pos;

	entry(&expected, guid_a, 23, "abc");
	entry(&expected, guid_a, 20, "");

	ok(secret_table_init(buf, 19, &pos) == -EMSGSIZE, "no room for a header");
	ok(!secret_table_init(buf, sizeof(buf), &pos) && pos == 20, "init");
	ok(!secret_table_add(buf, sizeof(buf), &pos, guid_a, (u8 *)"abc", 3) &&
	   pos == 43, "add");
	ok(secret_table_add(buf, sizeof(buf), &pos, guid_a, (u8 *)"xy", 2) ==
	   -EMSGSIZE && pos == 43, "no room for another entry");
	ok(secret_table_add(buf, sizeof(buf), &pos, guid_a, buf, (size_t)-1) ==
	   -EMSGSIZE && pos == 43, "no room for SIZE_MAX bytes");
	ok(!secret_table_add(buf, sizeof(buf), &pos, guid_a, NULL, 0) &&
	   pos == 63, "add an empty entry");
	ok(pos == expected.len && !memcmp(buf, expected.buf, pos),
	   "the table has the expected bytes");
	free(expected.buf);
}

int main(void)
{
	test_guid();
	test_header();
	test_unpopulated();
	test_bad_entry();
	test_walk();
	test_sizes();
	test_many();
	test_build();
	return tap_done();
}
