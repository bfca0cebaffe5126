// SPDX-License-Identifier: GPL-2.0-only
/*
 * Unit tests of lib/uefi.c.
 *
 * Buffers end at the end of a heap block, so that the address sanitizer detects
 * an overread.
 */
#include <stdlib.h>

#include "../../lib/uefi.h"
#include "tap.h"

/*
 * CRC of the system table below, by another implementation:
 *	python3 -c 'import struct, zlib; print(hex(zlib.crc32(
 *	struct.pack("<QIIII", 0x5453595320494249, 0x20046, 120, 0, 0) +
 *	bytes(80) + struct.pack("<QQ", 14, 0xfffffffeff5eec98))))'
 */
#define SYSTAB_CRC	0x0aceb971

static void put_le(u8 *p, u64 val, size_t n)
{
	for (size_t i = 0; i < n; i++)
		p[i] = val >> 8 * i;
}

static void put_be(u8 *p, u64 val, size_t n)
{
	for (size_t i = 0; i < n; i++)
		p[n - 1 - i] = val >> 8 * i;
}

static u8 *block(const void *data, size_t len)
{
	u8 *copy = calloc(1, len ? len : 1);

	if (!copy)
		abort();
	if (data)
		memcpy(copy, data, len);
	return copy;
}

static u8 *make_systab(size_t len)
{
	u8 *t = block(NULL, len);

	put_le(t, UEFI_SYSTAB_SIGNATURE, 8);
	put_le(t + 8, 0x20046, 4);
	put_le(t + 12, 120, 4);
	put_le(t + 16, SYSTAB_CRC, 4);
	put_le(t + 104, 14, 8);
	put_le(t + 112, 0xfffffffeff5eec98, 8);
	return t;
}

static void test_systab(void)
{
	struct uefi_systab s;
	u8 *t = make_systab(120);
	size_t bad = 0;

	ok(uefi_systab_signature(t, 8) && !uefi_systab_signature(t, 7),
	   "signature in 8 bytes");
	ok(!uefi_systab_parse(t, 120, &s) && s.n_tables == 14 &&
	   s.tables == 0xfffffffeff5eec98, "system table");
	ok(uefi_systab_parse(t, 119, &s) == -ENODATA, "119 bytes are no system table");

	for (size_t bit = 0; bit < 120 * 8; bit++) {
		t[bit / 8] ^= 1 << bit % 8;
		bad += uefi_systab_parse(t, 120, &s) == -ENODATA;
		t[bit / 8] ^= 1 << bit % 8;
	}
	ok(bad == 120 * 8, "any bit flipped: no system table (%zu of %d)",
	   bad, 120 * 8);
	free(t);

	t = make_systab(4096);
	ok(!uefi_systab_parse(t, 4096, &s), "bytes after the table are ignored");
	put_le(t + 12, 4097, 4);
	ok(uefi_systab_parse(t, 4096, &s) == -ENODATA, "header size 4097");
	put_le(t + 12, 0xffffffff, 4);
	ok(uefi_systab_parse(t, 4096, &s) == -ENODATA, "header size 2^32 - 1");
	put_le(t + 12, 119, 4);
	ok(uefi_systab_parse(t, 4096, &s) == -ENODATA, "header size 119");
	free(t);
}

static u32 crc32(const u8 *p, size_t len)
{
	u32 crc = 0xffffffff;

	while (len--) {
		crc ^= *p++;
		for (int i = 0; i < 8; i++)
			crc = crc & 1 ? crc >> 1 ^ 0xedb88320 : crc >> 1;
	}
	return ~crc;
}

static void test_systab_count(void)
{
	static const struct {
		u64 n;
		int rc;
	} cases[] = {
		{ 0, 0 }, { 256, 0 }, { 257, -EBADMSG },
		{ 0x100000000, -EBADMSG }, { ~0ULL, -EBADMSG },
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		u8 *t = make_systab(120);
		struct uefi_systab s;

		put_le(t + 104, cases[i].n, 8);
		put_le(t + 16, 0, 4);
		put_le(t + 16, crc32(t, 120), 4);
		ok(uefi_systab_parse(t, 120, &s) == cases[i].rc,
		   "%#llx configuration tables",
		   (unsigned long long)cases[i].n);
		free(t);
	}
}

static void test_config(void)
{
	static const u8 guid[16] = { 0xad, 1, 2, 3, 4, 5, 6, 7, 8 };
	u8 *t = block(NULL, 3 * 24);
	u64 addr = 0;

	memcpy(t + 48, guid, 16);
	put_le(t + 64, 0x123456789abc, 8);
	ok(!uefi_config_find(t, 3, guid, &addr) && addr == 0x123456789abc,
	   "configuration table at the end");
	ok(uefi_config_find(t, 2, guid, &addr) == -ENODATA, "not found in the first two");
	ok(uefi_config_find(t, 0, guid, &addr) == -ENODATA, "not found without tables");
	free(t);
}

static void test_boot_params(void)
{
	u8 *p = block(NULL, 4096);
	u64 addr = 0;

	ok(uefi_boot_params_systab(p, 4096, &addr) == -ENODATA, "not booted by EFI");
	memcpy(p + 0x1c0, "EL64", 4);
	ok(uefi_boot_params_systab(p, 4096, &addr) == -ENODATA, "address 0");
	put_le(p + 0x1c4, 0x1f5ee018, 4);
	put_le(p + 0x1d8, 0x1, 4);
	ok(!uefi_boot_params_systab(p, 4096, &addr) && addr == 0x11f5ee018,
	   "64-bit EFI");
	ok(uefi_boot_params_systab(p, 4095, &addr) == -EBADMSG, "short file");
	p[0x1c2] = '3';
	ok(uefi_boot_params_systab(p, 4096, &addr) == -ENODATA, "32-bit EFI");
	free(p);
}

/*
 * A flattened Device Tree: the root with one property, a node before /chosen
 * with a property of the same name as the wanted one, and /chosen, whose last
 * property is the wanted one.
 */
#define FDT_STRINGS	"linux,uefi-system-table\0other"

struct fdt {
	u8 buf[512];
	size_t len;
};

static void add_u32(struct fdt *fdt, u32 val)
{
	put_be(fdt->buf + fdt->len, val, 4);
	fdt->len += 4;
}

static void add_bytes(struct fdt *fdt, const void *data, size_t len)
{
	memcpy(fdt->buf + fdt->len, data, len);
	fdt->len += (len + 3) & ~3;
}

static void begin(struct fdt *fdt, const char *name)
{
	add_u32(fdt, 1);
	add_bytes(fdt, name, strlen(name) + 1);
}

static void end(struct fdt *fdt)
{
	add_u32(fdt, 2);
}

static void prop(struct fdt *fdt, u32 name, const void *data, u32 len)
{
	add_u32(fdt, 3);
	add_u32(fdt, len);
	add_u32(fdt, name);
	add_bytes(fdt, data, len);
}

/* Offsets of the two names in FDT_STRINGS. */
#define WANTED	0
#define OTHER	24

static struct fdt make_fdt(void)
{
	static const u8 wrong[8] = { 0xde, 0xad };
	static const u8 right[8] = { 0, 0, 0, 1, 0x5f, 0xfd, 0, 0x18 };
	struct fdt fdt = { .len = 40 };

	begin(&fdt, "");
	prop(&fdt, OTHER, "abcd", 5);
	begin(&fdt, "memory@40000000");
	prop(&fdt, WANTED, wrong, 8);
	end(&fdt);
	add_u32(&fdt, 4);
	begin(&fdt, "chosen");
	prop(&fdt, OTHER, "", 0);
	begin(&fdt, "chosen");
	prop(&fdt, WANTED, wrong, 8);
	end(&fdt);
	prop(&fdt, WANTED, right, 8);
	end(&fdt);
	end(&fdt);
	add_u32(&fdt, 9);

	put_be(fdt.buf, 0xd00dfeed, 4);
	put_be(fdt.buf + 8, 40, 4);
	put_be(fdt.buf + 12, fdt.len, 4);
	add_bytes(&fdt, FDT_STRINGS, sizeof(FDT_STRINGS));
	put_be(fdt.buf + 4, fdt.len, 4);
	return fdt;
}

static int parse_fdt(const struct fdt *fdt, size_t len, u64 *addr)
{
	u8 *copy = block(fdt->buf, len);
	int rc = uefi_fdt_systab(copy, len, addr);

	free(copy);
	return rc;
}

/* Parses a tree with one changed word. */
static int parse_changed(size_t offset, u32 val)
{
	struct fdt fdt = make_fdt();
	u64 addr;

	put_be(fdt.buf + offset, val, 4);
	return parse_fdt(&fdt, fdt.len, &addr);
}

static void test_fdt(void)
{
	struct fdt fdt = make_fdt();
	size_t bad = 0;
	u64 addr = 0;

	ok(!parse_fdt(&fdt, fdt.len, &addr) && addr == 0x15ffd0018,
	   "property of /chosen, not of other nodes");

	for (size_t n = 0; n < fdt.len; n++)
		bad += parse_fdt(&fdt, n, &addr) == -EBADMSG;
	ok(bad == fdt.len, "cut short anywhere: malformed");

	ok(parse_changed(0, 0xd00dfeee) == -EBADMSG, "wrong magic");
	ok(parse_changed(4, 0xffffffff) == -EBADMSG, "total size 2^32 - 1");
	ok(parse_changed(8, fdt.len + 1) == -EBADMSG,
	   "structure block outside");
	ok(parse_changed(12, fdt.len + 1) == -EBADMSG,
	   "strings block outside");
	ok(parse_changed(52, 0xffffffff) == -EBADMSG,
	   "property of 2^32 - 1 bytes");
	ok(parse_changed(40, 2) == -EBADMSG, "END_NODE without a node");
	ok(parse_changed(40, 9) == -ENODATA, "a tree without nodes");
	ok(parse_changed(40, 7) == -EBADMSG, "unknown token");

	fdt.buf[get_unaligned_be32(fdt.buf + 12)] = 'x';
	ok(parse_fdt(&fdt, fdt.len, &addr) == -ENODATA, "no such property");
}

int main(void)
{
	test_systab();
	test_systab_count();
	test_config();
	test_boot_params();
	test_fdt();
	return tap_done();
}
