// SPDX-License-Identifier: GPL-2.0-only
/*
 * Unit test of the parsers of libccguest's room sev: certificates, firmware tables,
 * VMSA, kernel hashes, ID block. Each case changes valid bytes, and names the
 * exact fault. TAP on standard output.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/pem.h>

#include <ccguest/ctx.h>
#include <ccguest/launch.h>
#include <ccguest/sev.h>
#include <ccguest/text.h>

#include "../lib/tap.h"
#include "core/ctx.h"
#include "env.h"
#include "core/text.h"
#include "sev/cert.h"
#include "sev/hashes.h"
#include "sev/idblock.h"
#include "sev/image.h"
#include "sev/report.h"

/**
 * struct change - a change of bytes
 * @at: offset
 * @len: 1, 2 or 4 bytes; 0 for no change
 * @value: the new value, little-endian
 */
struct change {
	size_t at;
	size_t len;
	uint32_t value;
};

/**
 * struct fault_case - changed bytes, and their fault
 * @name: name of the case
 * @changes: the changes
 * @left: number of bytes that the parser gets; 0 for all
 * @want: the fault; @want.what is the beginning of the reason
 */
struct fault_case {
	const char *name;
	struct change changes[4];
	size_t left;
	struct sev_fault want;
};

static void apply(uint8_t *buf, const struct change *changes, size_t n)
{
	for (size_t i = 0; i < n; i++)
		for (size_t k = 0; k < changes[i].len; k++)
			buf[changes[i].at + k] = changes[i].value >> 8 * k;
}

static bool is_fault(int rc, const struct sev_fault *f, const struct sev_fault *want)
{
	bool same = rc == -EBADMSG && !strncmp(f->what, want->what, strlen(want->what)) &&
		    f->offset == want->offset && f->value == want->value &&
		    f->limit == want->limit;

	if (!same)
		printf("# %d: %s, offset %#jx, value %#jx, limit %#jx\n", rc,
		       rc ? f->what : "no fault", (uintmax_t)f->offset,
		       (uintmax_t)f->value, (uintmax_t)f->limit);
	return same;
}

/* ---- certificates ---- */

#define TRUNCATED	"the certificate is truncated"

static const struct fault_case cert_faults[] = {
	{ "no byte", .left = -1UL, .want = { TRUNCATED, 0, 0 } },
	{ "3 bytes", .left = 3, .want = { TRUNCATED, 0, 3 } },
	{ "one byte less", .left = 2083, .want = { TRUNCATED, 0, 2083 } },
	{ "version 0", { { 0, 4, 0 } }, .want = { "the version is not 1", 0, 0 } },
	{ "version 257", { { 1, 1, 1 } }, .want = { "the version is not 1", 0, 257 } },
	{ "algorithm 0", { { 0xc, 4, 0 } }, .want = { "the algorithm is unknown", 0xc, 0 } },
	{ "algorithm 0x203", { { 0xc, 4, 0x203 } },
	  .want = { "the algorithm is unknown", 0xc, 0x203 } },
	{ "curve 0", { { 0x10, 4, 0 } }, .want = { "the curve is neither", 0x10, 0 } },
	{ "curve 3", { { 0x10, 4, 3 } }, .want = { "the curve is neither", 0x10, 3 } },
	{ "RSA with 2049 bits", { { 0xc, 4, 1 }, { 0x10, 4, 2049 } },
	  .want = { "the modulus has neither", 0x10, 2049 } },
};

/* A PDH. */
static void make_cert(uint8_t *buf)
{
	static const struct change fields[] = {
		{ 0, 4, 1 }, { 0x8, 4, SEV_USAGE_PDH }, { 0xc, 4, SEV_ALGO_ECDH_SHA256 },
		{ 0x10, 4, SEV_CURVE_P384 }, { 0x414, 4, SEV_USAGE_PEK },
		{ 0x418, 4, SEV_ALGO_ECDSA_SHA256 }, { 0x61c, 4, SEV_USAGE_NONE },
	};

	memset(buf, 0, SEV_CERT_LEN);
	apply(buf, fields, ARRAY_SIZE(fields));
}

static void test_certs(void)
{
	static const struct {
		uint32_t algo;
		uint32_t size;
		unsigned int bits;
	} keys[] = {
		{ SEV_ALGO_ECDSA_SHA256, SEV_CURVE_P256, 256 },
		{ SEV_ALGO_ECDSA_SHA384, SEV_CURVE_P384, 384 },
		{ SEV_ALGO_RSA_SHA256, 2048, 2048 },
		{ SEV_ALGO_RSA_SHA384, 4096, 4096 },
	};
	uint8_t buf[SEV_CERT_LEN + 1];
	struct sev_fault f;
	struct sev_cert c;
	size_t left;

	make_cert(buf);
	ok(!ccg_sev_cert_parse(buf, sizeof(buf), &c, &f) && c.usage == SEV_USAGE_PDH &&
	   c.len == SEV_CERT_LEN && c.body_len == 0x414 && c.key.a == buf + 0x14 &&
	   c.key.b == buf + 0x5c && c.n_sigs == 2 && c.sigs[0].usage == SEV_USAGE_PEK &&
	   c.sigs[1].data == buf + 0x624, "certificate: a PDH");
	for (size_t i = 0; i < ARRAY_SIZE(keys); i++) {
		put_unaligned_le32(keys[i].algo, buf + 0xc);
		put_unaligned_le32(keys[i].size, buf + 0x10);
		ok(!ccg_sev_cert_parse(buf, SEV_CERT_LEN, &c, &f) &&
		   c.key.bits == keys[i].bits && c.key.len == keys[i].bits / 8,
		   "certificate: key of algorithm %#x", keys[i].algo);
	}
	for (size_t i = 0; i < ARRAY_SIZE(cert_faults); i++) {
		const struct fault_case *t = &cert_faults[i];

		make_cert(buf);
		apply(buf, t->changes, ARRAY_SIZE(t->changes));
		left = !t->left ? SEV_CERT_LEN : t->left == -1UL ? 0 : t->left;
		ok(is_fault(ccg_sev_cert_parse(buf, left, &c, &f), &f, &t->want),
		   "certificate: %s", t->name);
	}
}

static const struct fault_case ca_faults[] = {
	{ "63 bytes", .left = 63, .want = { TRUNCATED, 0, 63 } },
	{ "a byte of the signature", .left = 577, .want = { TRUNCATED, 0, 577 } },
	{ "one byte less", .left = 831, .want = { TRUNCATED, 0, 831 } },
	{ "body less one byte", .left = 575, .want = { TRUNCATED, 0, 575 } },
	{ "version 2", { { 0, 4, 2 } }, .want = { "the version is not 1", 0, 2 } },
	{ "modulus of 0 bits", { { 0x3c, 4, 0 } },
	  .want = { "the modulus has neither", 0x3c, 0 } },
	{ "exponent of 4096 bits", { { 0x38, 4, 4096 } },
	  .want = { "exponent and modulus differ", 0x38, 4096 } },
	{ "4096 bits in 832 bytes", { { 0x38, 4, 4096 }, { 0x3c, 4, 4096 } },
	  .want = { TRUNCATED, 0, 832 } },
};

static void make_ca(uint8_t *buf, uint32_t bits)
{
	const struct change fields[] = {
		{ 0, 4, 1 }, { 0x24, 4, SEV_USAGE_ASK }, { 0x38, 4, bits }, { 0x3c, 4, bits },
	};

	memset(buf, 0, 1600);
	apply(buf, fields, ARRAY_SIZE(fields));
}

static void test_cas(void)
{
	uint8_t buf[1600];
	struct sev_fault f;
	struct sev_cert c;

	make_ca(buf, 2048);
	ok(!ccg_sev_ca_parse(buf, 832, &c, &f) && c.len == 832 && c.body_len == 576 &&
	   c.usage == SEV_USAGE_ASK && c.n_sigs == 1 && c.key.a == buf + 0x40 &&
	   c.key.b == buf + 0x140 && c.key_id == buf + 4 && c.signer_id == buf + 0x14,
	   "certificate of AMD: 2048 bits");
	ok(!ccg_sev_ca_parse(buf, 576, &c, &f) && c.len == 576 && !c.n_sigs,
	   "certificate of AMD: without signature");
	for (size_t i = 0; i < ARRAY_SIZE(ca_faults); i++) {
		const struct fault_case *t = &ca_faults[i];

		make_ca(buf, 2048);
		apply(buf, t->changes, ARRAY_SIZE(t->changes));
		ok(is_fault(ccg_sev_ca_parse(buf, t->left ? t->left : 832, &c, &f), &f,
			    &t->want), "certificate of AMD: %s", t->name);
	}
	make_ca(buf, 4096);
	ok(!ccg_sev_ca_parse(buf, 1600, &c, &f) && c.len == 1600 &&
	   c.key.algo == SEV_ALGO_RSA_SHA384 && c.sigs[0].len == 512,
	   "certificate of AMD: 4096 bits");
}

/* ---- the tables of a firmware image ---- */

#define IMAGE		4096
/* Offsets of the entries' headers, of the footer and of the metadata. */
#define RESET_END	3972
#define SECRET_END	3998
#define HASHES_END	4024
#define FOOTER		4046
#define METADATA	3000
#define TABLE		3950
#define HEADER(end)	((end) - 18)

static void put_entry(uint8_t *buf, size_t end, const char *guid, size_t len)
{
	struct ccg_guid g;

	if (ccg_guid_parse(guid, &g))
		abort();
	memcpy(buf + end - 16, g.b, 16);
	buf[end - 18] = len;
	buf[end - 17] = len >> 8;
}

static void make_image(uint8_t *buf)
{
	static const struct change fields[] = {
		{ TABLE, 4, 0x80b004 },
		{ RESET_END, 4, 0x810000 }, { RESET_END + 4, 4, 0xc00 },
		{ SECRET_END, 4, 0x810c00 }, { SECRET_END + 4, 4, 0x400 },
		{ HASHES_END, 4, IMAGE - METADATA },
		{ METADATA, 4, 0x56455341 }, { METADATA + 4, 4, 40 }, { METADATA + 8, 4, 1 },
		{ METADATA + 12, 4, 2 },
		{ METADATA + 16, 4, 0x800000 }, { METADATA + 20, 4, 0x9000 },
		{ METADATA + 24, 4, SEV_SECTION_SEC_MEM },
		{ METADATA + 28, 4, 0x80d000 }, { METADATA + 32, 4, 0x1000 },
		{ METADATA + 36, 4, SEV_SECTION_SECRETS },
	};

	memset(buf, 0, IMAGE);
	put_entry(buf, RESET_END, "00f771de-1a7e-4fcb-890e-68c77e2fb44e", 22);
	put_entry(buf, SECRET_END, "4c2eb361-7d9b-4cc3-8081-127c90d3d294", 26);
	put_entry(buf, HASHES_END, "7255371f-3a3b-4b04-927b-1da6efa8d454", 26);
	put_entry(buf, FOOTER, "dc886566-984a-4798-a75e-5585a7bf67cc", 22);
	put_entry(buf, FOOTER + 18, "96b582de-1fb2-45f7-baea-a366c55a082d", 114);
	apply(buf, fields, ARRAY_SIZE(fields));
}

static const struct fault_case image_faults[] = {
	{ "table of 17 bytes", { { FOOTER, 2, 17 } },
	  .want = { "firmware's table is shorter", FOOTER, 17, 18 } },
	{ "table of 65535 bytes", { { FOOTER, 2, 0xffff } },
	  .want = { "firmware's table is longer", FOOTER, 0xffff, IMAGE - 32 } },
	{ "5 bytes more", { { FOOTER, 2, 119 } },
	  .want = { "firmware's table has half an entry", TABLE - 5, 5, 18 } },
	{ "entry of 17 bytes", { { HEADER(FOOTER), 2, 17 } },
	  .want = { "entry of the table is shorter", HEADER(FOOTER), 17, 18 } },
	{ "entry longer than the table", { { HEADER(FOOTER), 2, 97 } },
	  .want = { "entry is longer", HEADER(FOOTER), 97, 96 } },
	{ "metadata's entry with 3 bytes", { { HEADER(FOOTER), 2, 21 } },
	  .want = { "entry of the firmware's table is too short", HEADER(FOOTER), 21, 22 } },
	{ "area's entry with 4 bytes", { { HEADER(HASHES_END), 2, 22 } },
	  .want = { "entry of the firmware's table is too short", HEADER(HASHES_END), 22, 26 } },
};

static const struct fault_case metadata_faults[] = {
	{ "starts before the image", { { HASHES_END, 4, IMAGE + 1 } },
	  .want = { "SEV metadata starts before", HASHES_END, IMAGE + 1, IMAGE } },
	{ "distance 15", { { HASHES_END, 4, 15 } },
	  .want = { "SEV metadata ends behind", HASHES_END, 15, 16 } },
	{ "magic", { { METADATA, 1, 'B' } },
	  .want = { "SEV metadata does not start", METADATA, 0x56455342, 0x56455341 } },
	{ "version 2", { { METADATA + 8, 4, 2 } },
	  .want = { "unknown version", METADATA + 8, 2, 1 } },
	{ "length 15", { { METADATA + 4, 4, 15 } },
	  .want = { "SEV metadata is shorter", METADATA + 4, 15, 16 } },
	{ "length behind the image", { { METADATA + 4, 4, IMAGE - METADATA + 1 } },
	  .want = { "SEV metadata is longer", METADATA + 4, IMAGE - METADATA + 1,
		    IMAGE - METADATA } },
	{ "3 sections in 40 bytes", { { METADATA + 12, 4, 3 } },
	  .want = { "number of sections", METADATA + 12, 3, 2 } },
	{ "2^32 - 1 sections", { { METADATA + 12, 4, 0xffffffff } },
	  .want = { "number of sections", METADATA + 12, 0xffffffff, 2 } },
	{ "address of no page", { { METADATA + 16, 4, 0x800001 } },
	  .want = { "address of a section", METADATA + 16, 0x800001, SEV_PAGE } },
	{ "empty section", { { METADATA + 32, 4, 0 } },
	  .want = { "size of a section", METADATA + 32, 0, SEV_PAGE } },
	{ "half a page", { { METADATA + 20, 4, 0x800 } },
	  .want = { "size of a section", METADATA + 20, 0x800, SEV_PAGE } },
	{ "section above 4 GiB", { { METADATA + 16, 4, 0xffff8000 } },
	  .want = { "section ends above", METADATA + 20, 0x9000, 0x8000 } },
	{ "two pages of secrets", { { METADATA + 32, 4, 0x2000 } },
	  .want = { "section for secrets or CPUID", METADATA + 32, 0x2000, SEV_PAGE } },
	{ "exactly 4 GiB", { { METADATA + 16, 4, 0 }, { METADATA + 20, 4, 0xfffff000 } },
	  .want = { NULL } },
	{ "more than 4 GiB", { { METADATA + 16, 4, 0x1000 }, { METADATA + 20, 4, 0xfffff000 },
			       { METADATA + 32, 4, 0x2000 },
			       { METADATA + 36, 4, SEV_SECTION_SVSM_CAA } },
	  .want = { "sections are larger than 4 GiB", METADATA + 32, 0x2000, 0x1000 } },
};

static void test_image_faults(void)
{
	const struct sev_fault twice = {
		"entry of the firmware's table is repeated", HEADER(SECRET_END), 26, 26,
	};
	struct ccg_sev_image img;
	uint8_t buf[IMAGE];
	struct sev_fault f;

	for (size_t i = 0; i < ARRAY_SIZE(image_faults); i++) {
		const struct fault_case *t = &image_faults[i];

		make_image(buf);
		apply(buf, t->changes, ARRAY_SIZE(t->changes));
		ok(is_fault(ccg_sev_image_parse(&img, buf, IMAGE, &f), &f, &t->want),
		   "image: %s", t->name);
	}
	make_image(buf);
	memcpy(buf + SECRET_END - 16, buf + HASHES_END - 16, 16);
	ok(is_fault(ccg_sev_image_parse(&img, buf, IMAGE, &f), &f, &twice),
	   "image: an entry twice");
}

static void test_metadata_faults(void)
{
	struct ccg_sev_image img;
	uint8_t buf[IMAGE];
	struct sev_fault f;
	int rc;

	for (size_t i = 0; i < ARRAY_SIZE(metadata_faults); i++) {
		const struct fault_case *t = &metadata_faults[i];

		make_image(buf);
		apply(buf, t->changes, ARRAY_SIZE(t->changes));
		rc = ccg_sev_image_parse(&img, buf, IMAGE, &f);
		if (!rc)
			rc = ccg_sev_metadata_parse(&img, buf, IMAGE, &f);
		if (t->want.what)
			ok(is_fault(rc, &f, &t->want), "metadata: %s", t->name);
		else
			ok(!rc, "metadata: %s", t->name);
	}
}

static void test_images(void)
{
	struct ccg_sev_section s;
	struct ccg_sev_image img;
	uint8_t buf[IMAGE];
	struct sev_fault f;

	make_image(buf);
	ok(!ccg_sev_image_parse(&img, buf, IMAGE, &f) && img.has_table && img.has_reset &&
	   img.reset == 0x80b004 && img.secret.base == 0x810000 && img.secret.size == 0xc00 &&
	   img.hashes.base == 0x810c00 && img.hashes.size == 0x400 && img.has_metadata &&
	   img.distance_at == HASHES_END, "image: all entries");
	ok(!ccg_sev_metadata_parse(&img, buf, IMAGE, &f) && img.n_sections == 2 &&
	   img.metadata == METADATA && img.sections == METADATA + 16, "metadata: two sections");
	s = ccg_sev_section_at(&img, buf, 1);
	ok(s.address == 0x80d000 && s.size == 0x1000 && s.type == SEV_SECTION_SECRETS,
	   "metadata: the second section");
	ok(!ccg_sev_image_parse(&img, buf + IMAGE - 49, 49, &f) && !img.has_table,
	   "image: 49 bytes");
	buf[FOOTER + 2] ^= 1;
	ok(!ccg_sev_image_parse(&img, buf, IMAGE, &f) && !img.has_table, "image: no table");
	test_image_faults();
	test_metadata_faults();
}

/* ---- VMSA, kernel hashes ---- */

static bool has_sha256(const uint8_t *p, size_t len, const char *want)
{
	uint8_t hash[32];
	char text[65];

	if (EVP_Digest(p, len, hash, NULL, EVP_sha256(), NULL) != 1)
		return false;
	ccg_hex(hash, sizeof(hash), text);
	if (strcmp(text, want))
		printf("# %s\n", text);
	return !strcmp(text, want);
}

/* Digests of the pages of sevctl and libvirt: family 25, model 1, stepping 1. */
static void test_vmsas(void)
{
	struct ccg_vmsa v = {
		.form = CCG_VMSA_LEGACY, .reset = 0x80b004, .rdx = 0xa00f11,
	};
	struct ccg_vmsa_field f;
	uint8_t page[CCG_VMSA_LEN], init2[CCG_VMSA_LEN];
	size_t pos = 0, n = 0, changed = 0, strays = 0;

	ccg_vmsa_build(&v, page);
	ok(has_sha256(page, sizeof(page),
		      "f8b52f775502472e5797d2674d9de21f6abc05dc05e9bc49cbb7b6a13688d5e7"),
	   "VMSA: the boot processor, legacy");
	v.form = CCG_VMSA_INIT2;
	ccg_vmsa_build(&v, init2);
	for (size_t i = 0; i < sizeof(page); i++)
		changed += page[i] != init2[i];
	ok(changed == 4 && init2[0x408] == 0x80 && init2[0x409] == 0x1f &&
	   init2[0x410] == 0x7f && init2[0x411] == 3, "VMSA: four bytes differ in INIT2");
	v.form = CCG_VMSA_LEGACY;
	v.other = true;
	ccg_vmsa_build(&v, page);
	ok(has_sha256(page, sizeof(page),
		      "bcee5cb289f72882da17abd8dca5e8a7e9f8e2033e7ad96b4db0ab1a383a6487"),
	   "VMSA: the other processors, legacy");
	page[0xfff] = 1;
	while (ccg_vmsa_next(page, &pos, &f) && n++ < CCG_VMSA_LEN)
		strays += !f.name && f.offset == 0xfff && f.len == 1;
	ok(strays == 1 && n > 50 && n < 500, "VMSA: a byte that belongs to no field");
}

static void test_hashes(void)
{
	static const uint8_t head[] = { 0x06, 0xd6, 0x38, 0x94 };
	uint8_t hashes[SEV_N_HASHES][SEV_HASH_LEN], table[SEV_HASHES_LEN];
	const uint8_t *const p[SEV_N_HASHES] = { hashes[0], hashes[1], hashes[2] };

	for (size_t i = 0; i < SEV_N_HASHES; i++)
		memset(hashes[i], 1 + i, SEV_HASH_LEN);
	ccg_sev_hashes_build(p, table);
	ok(!memcmp(table, head, sizeof(head)) && table[16] == 168 && table[34] == 50,
	   "kernel hashes: header");
	ok(table[36] == 1 + SEV_HASH_CMDLINE && table[86] == 1 + SEV_HASH_INITRD &&
	   table[136] == 1 + SEV_HASH_KERNEL, "kernel hashes: order");
	ok(ccg_is_zero(table + 168, 8) && table[167] == 1 + SEV_HASH_KERNEL,
	   "kernel hashes: padding");
}

/* ---- ID block ---- */

#define NO_BLOCK_SIG	"the signature of the ID block is not correct"
#define NO_KEY_SIG	"the signature of the ID key is not correct"
#define RESERVED	"a reserved field"
#define PADDING		"the bytes of a public key"
/* Offsets behind this one are in the ID authentication. */
#define AUTH		CCG_IDBLOCK_LEN

static const struct {
	const char *name;
	size_t at;
	uint8_t flip;
	const char *why;
} id_faults[] = {
	{ "digest", 0, 1, NO_BLOCK_SIG },
	{ "family", IDB_FAMILY, 1, NO_BLOCK_SIG },
	{ "version", IDB_VERSION, 3, "the version of the ID block is not 1" },
	{ "SVN", IDB_SVN + 3, 1, NO_BLOCK_SIG },
	{ "policy", IDB_POLICY + 7, 0x80, NO_BLOCK_SIG },
	{ "algorithm of the ID key", AUTH + IDA_ID_ALGO + 3, 1, "the algorithm of the ID key" },
	{ "reserved, first byte", AUTH + 0x8, 1, RESERVED },
	{ "reserved, last byte", AUTH + 0x3f, 1, RESERVED },
	{ "second reserved field", AUTH + 0x644, 1, RESERVED },
	{ "second reserved field, end", AUTH + 0x67f, 1, RESERVED },
	{ "third reserved field", AUTH + 0xc84, 1, RESERVED },
	{ "last byte", AUTH + 0xfff, 1, RESERVED },
	{ "r", AUTH + IDA_BLOCK_SIG, 1, NO_BLOCK_SIG },
	{ "r, its 49th byte", AUTH + IDA_BLOCK_SIG + 48, 1, NO_BLOCK_SIG },
	{ "s", AUTH + IDA_BLOCK_SIG + 72, 1, NO_BLOCK_SIG },
	{ "curve", AUTH + IDA_ID_KEY, 1, NO_BLOCK_SIG },
	{ "x", AUTH + IDA_ID_KEY + 4, 1, NO_BLOCK_SIG },
	{ "x, its 49th byte", AUTH + IDA_ID_KEY + 4 + 48, 1, PADDING },
	{ "end of the ID key", AUTH + IDA_ID_KEY + 1027, 1, PADDING },
	{ "algorithm of the author key", AUTH + IDA_AUTHOR_ALGO, 2, "the algorithm of the author" },
	{ "no algorithm of the author key", AUTH + IDA_AUTHOR_ALGO, 1, "there is an author key" },
	{ "signature of the author", AUTH + IDA_KEY_SIG + 72, 1, NO_KEY_SIG },
	{ "author key", AUTH + IDA_AUTHOR_KEY + 76, 1, NO_KEY_SIG },
	{ "end of the author key", AUTH + IDA_AUTHOR_KEY + 1027, 1, PADDING },
};

static void make_pem(char *path)
{
	EVP_PKEY *key = EVP_EC_gen("P-384");
	int fd = mkstemp(path);
	FILE *f = fd < 0 ? NULL : fdopen(fd, "w");

	if (!key || !f || !PEM_write_PrivateKey(f, key, NULL, NULL, 0, NULL, NULL) || fclose(f))
		abort();
	EVP_PKEY_free(key);
}

static void test_idblock(void)
{
	char id[] = "/tmp/id.XXXXXX", author[] = "/tmp/author.XXXXXX";
	struct ccg_idblock in = { .svn = 7, .policy = 0x30000 }, out;
	uint8_t good[AUTH + CCG_IDAUTH_LEN], bad[AUTH + CCG_IDAUTH_LEN];
	struct ccg_ctx *ctx;
	const char *why;

	if (ccg_ctx_new(&ctx))
		abort();
	memset(in.digest, 0xab, sizeof(in.digest));
	make_pem(id);
	make_pem(author);
	ok(!ccg_idblock_make(ctx, &in, id, author, good, good + AUTH), "ID block: made");
	unlink(id);
	unlink(author);
	ccg_idblock_parse(good, good + AUTH, &out);
	ok(out.svn == 7 && out.policy == 0x30000 && out.has_author &&
	   !memcmp(in.digest, out.digest, sizeof(in.digest)) &&
	   !ccg_idblock_verify(good, good + AUTH), "ID block: read");
	for (size_t i = 0; i < ARRAY_SIZE(id_faults); i++) {
		memcpy(bad, good, sizeof(bad));
		bad[id_faults[i].at] ^= id_faults[i].flip;
		why = ccg_idblock_verify(bad, bad + AUTH);
		ok(why && !strncmp(why, id_faults[i].why, strlen(id_faults[i].why)),
		   "ID block: %s: %s", id_faults[i].name, why ? why : "accepted");
	}
	ccg_ctx_free(ctx);
}

/* ---- attestation reports ---- */

static void test_reports(void)
{
	uint8_t buf[CCG_SEV_REPORT_LEN + 1];
	const struct sev_fault cut = { "the report is truncated", 0, 0, CCG_SEV_REPORT_LEN };
	const struct sev_fault more = { "bytes follow the report", CCG_SEV_REPORT_LEN, 1, 0 };
	struct ccg_sev_report r = {};
	struct sev_fault f, want;
	bool same = true;
	struct sev_cert c;

	for (size_t i = 0; i < sizeof(buf); i++)
		buf[i] = i;
	ok(!ccg_sev_report_parse(buf, CCG_SEV_REPORT_LEN, &r, &c, &f) &&
	   !memcmp(r.nonce, buf, 16) && !memcmp(r.digest, buf + 0x10, 32) &&
	   r.policy == 0x33323130, "report: nonce, digest, policy");
	ok(c.raw == buf && c.len == CCG_SEV_REPORT_LEN && c.body_len == 0x34 && c.n_sigs == 1,
	   "report: the signed part");
	ok(c.sigs[0].usage == 0x37363534 && c.sigs[0].algo == 0x3b3a3938 &&
	   c.sigs[0].data == buf + 0x40 && c.sigs[0].len == 144, "report: the signature");
	for (size_t len = 0; len < CCG_SEV_REPORT_LEN; len++) {
		want = cut;
		want.value = len;
		same &= is_fault(ccg_sev_report_parse(buf, len, &r, &c, &f), &f, &want);
	}
	ok(same, "report: truncated at each length");
	ok(is_fault(ccg_sev_report_parse(buf, sizeof(buf), &r, &c, &f), &f, &more),
	   "report: a byte more");
}

int main(void)
{
	test_certs();
	test_cas();
	test_reports();
	test_images();
	test_vmsas();
	test_hashes();
	test_idblock();
	return tap_done();
}
