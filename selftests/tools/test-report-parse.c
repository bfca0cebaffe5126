// SPDX-License-Identifier: GPL-2.0-only
/*
 * Unit test of the parsers of libccguest's room report: reports of SEV-SNP,
 * certificate tables, blobs of Azure. TAP on standard output.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <ccguest/report.h>

#include "../lib/tap.h"
#include "env.h"
#include "report/report.h"

#define AT_VERSION	0x000
#define AT_KEY_INFO	0x048
#define AT_REPORTED	0x180
#define AT_CPUID	0x188
#define AT_CHIP_ID	0x1a0
#define AT_BLOB_REPORT	0x20
#define AT_BLOB_DATA	0x4c0
#define BLOB_LEN	(AT_BLOB_DATA + 20 + 8)

/* The parser gets memory of its own, so that sanitizers see each byte too many. */
static int parse(const uint8_t *buf, size_t len, struct ccg_snp *s, struct report_fault *f)
{
	uint8_t *copy = malloc(len ? len : 1);
	int rc;

	memcpy(copy, buf, len);
	rc = ccg_snp_parse(copy, len, s, f);
	free(copy);
	return rc;
}

static void make_snp(uint8_t *buf, unsigned int version)
{
	static const uint8_t tcb[8] = { 1, 2, 3, 4, 5, 6, 7, 8 };

	memset(buf, 0, CCG_SNP_REPORT_LEN);
	buf[AT_VERSION] = version;
	memcpy(buf + AT_REPORTED, tcb, sizeof(tcb));
	for (size_t i = 0; i < 64; i++)
		buf[AT_CHIP_ID + i] = 0x10 + i;
	if (version < 3)
		return;
	buf[AT_CPUID] = 0x19;
	buf[AT_CPUID + 1] = 0x01;
	buf[AT_CPUID + 2] = 0x02;
}

static void test_lengths(void)
{
	uint8_t buf[CCG_SNP_REPORT_LEN + 1] = { 0 };
	struct report_fault f;
	struct ccg_snp s;
	bool good = true;

	make_snp(buf, 3);
	for (size_t n = 0; n < CCG_SNP_REPORT_LEN; n++)
		good = good && parse(buf, n, &s, &f) == -EBADMSG && f.offset == n &&
		       strstr(f.why, "truncated");
	ok(good, "SEV-SNP: truncated at every length");
	ok(parse(buf, CCG_SNP_REPORT_LEN + 1, &s, &f) == -EBADMSG &&
	   f.offset == CCG_SNP_REPORT_LEN, "SEV-SNP: a byte more");
	ok(!parse(buf, CCG_SNP_REPORT_LEN, &s, &f) && s.version == 3 && s.reserved == -1 &&
	   !memcmp(s.bytes, buf, CCG_SNP_REPORT_LEN), "SEV-SNP: a report");
}

static void test_versions(void)
{
	uint8_t buf[CCG_SNP_REPORT_LEN];
	struct report_fault f;
	struct ccg_snp s;
	bool good = true;

	for (unsigned int v = 0; v < 256; v++) {
		bool known = v >= 2 && v <= 5, cpuid = v > 2, mitigations = v > 4;
		int rc;

		make_snp(buf, v);
		rc = parse(buf, sizeof(buf), &s, &f);
		if (known)
			good = good && !rc && s.has_cpuid == cpuid &&
			       s.has_mitigations == mitigations;
		else
			good = good && rc == -EBADMSG && !f.offset && strstr(f.why, "VERSION");
	}
	ok(good, "SEV-SNP: every version of one byte");
	make_snp(buf, 3);
	buf[AT_VERSION + 3] = 1;
	ok(parse(buf, sizeof(buf), &s, &f) == -EBADMSG, "SEV-SNP: versions");
}

/* Each byte that must be zero is named, and no other byte is. */
static void test_reserved(unsigned int version)
{
	uint8_t buf[CCG_SNP_REPORT_LEN];
	struct report_fault f;
	struct ccg_snp s;
	bool good = true;

	for (int i = 4; i < CCG_SNP_REPORT_LEN; i++) {
		bool zero = (i >= 0x49 && i < 0x50) || (i >= 0x18b && i < 0x1a0) ||
			    i == 0x1eb || i == 0x1ef || (i >= 0x208 && i < 0x2a0) || i >= 0x330 ||
			    (version < 5 && i >= 0x1f8 && i < 0x208) ||
			    (version < 3 && i >= 0x188 && i < 0x18b);

		make_snp(buf, version);
		buf[i] |= 1;
		good = good && !parse(buf, sizeof(buf), &s, &f) && s.reserved == (zero ? i : -1);
	}
	ok(good, "SEV-SNP: version %u: bytes that must be zero", version);
	make_snp(buf, version);
	buf[AT_KEY_INFO] = 0x1f;
	ok(!parse(buf, sizeof(buf), &s, &f) && s.reserved == -1 && s.signing_key == 7,
	   "SEV-SNP: version %u: known bits of the key", version);
	buf[AT_KEY_INFO] = 0x20;
	ok(!parse(buf, sizeof(buf), &s, &f) && s.reserved == AT_KEY_INFO && !s.signing_key,
	   "SEV-SNP: version %u: a reserved bit of the key", version);
}

static bool svns_are(const struct ccg_snp_tcb *t, unsigned int has, const char *svns)
{
	return t->has == has && !memcmp(t->svn, svns, CCG_SNP_N_PARTS) &&
	       t->raw == 0x0807060504030201;
}

static void test_version_2(void)
{
	uint8_t buf[CCG_SNP_REPORT_LEN];
	struct report_fault f;
	struct ccg_snp s;

	make_snp(buf, 2);
	ok(!parse(buf, sizeof(buf), &s, &f) && s.product == CCG_SNP_UNKNOWN &&
	   svns_are(&s.reported_tcb, 0x1e, "\0\1\2\7\10"), "version 2: a long chip ID");
	ccg_snp_set_product(&s, CCG_SNP_GENOA);
	ok(s.product == CCG_SNP_GENOA && svns_are(&s.reported_tcb, 0x1e, "\0\1\2\7\10"),
	   "version 2: Genoa");
	ccg_snp_set_product(&s, CCG_SNP_TURIN);
	ok(s.product == CCG_SNP_TURIN && svns_are(&s.reported_tcb, 0x1f, "\1\2\3\4\10"),
	   "version 2: another product");
	memset(buf + AT_CHIP_ID + 8, 0, 56);
	ok(!parse(buf, sizeof(buf), &s, &f) && s.product == CCG_SNP_TURIN &&
	   svns_are(&s.reported_tcb, 0x1f, "\1\2\3\4\10"), "version 2: a short chip ID");
	memset(buf + AT_CHIP_ID, 0, 64);
	ok(!parse(buf, sizeof(buf), &s, &f) && s.product == CCG_SNP_UNKNOWN &&
	   svns_are(&s.reported_tcb, 0, "\0\0\0\0\0"), "version 2: a masked chip ID");
	make_snp(buf, 3);
	ok(!parse(buf, sizeof(buf), &s, &f) && s.product == CCG_SNP_MILAN, "version 3: Milan");
	ccg_snp_set_product(&s, CCG_SNP_TURIN);
	ok(s.product == CCG_SNP_MILAN, "version 3: the report names the product");
}

static void test_path(void)
{
	char path[256], tiny[16];
	uint8_t buf[CCG_SNP_REPORT_LEN];
	struct report_fault f;
	struct ccg_snp s;

	make_snp(buf, 2);
	parse(buf, sizeof(buf), &s, &f);
	ccg_snp_key_path(&s, CCG_SNP_UNKNOWN, path, sizeof(path));
	ok(!*path, "path: an unknown product");
	ccg_snp_key_path(&s, CCG_SNP_MILAN, path, sizeof(path));
	ok(!strncmp(path, "/vcek/v1/Milan/101112", 21) &&
	   strstr(path, "4e4f?blSPL=01&teeSPL=02&snpSPL=07&ucodeSPL=08"), "path: Milan");
	ccg_snp_key_path(&s, CCG_SNP_MILAN, tiny, sizeof(tiny));
	ok(strlen(tiny) < sizeof(tiny), "path: a small buffer");
	buf[AT_KEY_INFO] = CCG_SNP_VLEK << 2;
	parse(buf, sizeof(buf), &s, &f);
	ccg_snp_key_path(&s, CCG_SNP_MILAN, path, sizeof(path));
	ok(!*path, "path: a VLEK");
}

static const struct product_case {
	unsigned int family, first, last;
	enum ccg_snp_product product;
} product_cases[] = {
	{ 0x18, 0x00, 0xff, CCG_SNP_UNKNOWN },
	{ 0x19, 0x00, 0x0f, CCG_SNP_MILAN },
	{ 0x19, 0x10, 0x1f, CCG_SNP_GENOA },
	{ 0x19, 0x20, 0x9f, CCG_SNP_UNKNOWN },
	{ 0x19, 0xa0, 0xaf, CCG_SNP_GENOA },
	{ 0x19, 0xb0, 0xff, CCG_SNP_UNKNOWN },
	{ 0x1a, 0x00, 0x11, CCG_SNP_TURIN },
	{ 0x1a, 0x12, 0x4f, CCG_SNP_UNKNOWN },
	{ 0x1a, 0x50, 0x57, CCG_SNP_VENICE },
	{ 0x1a, 0x58, 0x8f, CCG_SNP_UNKNOWN },
	{ 0x1a, 0x90, 0xaf, CCG_SNP_VENICE },
	{ 0x1a, 0xb0, 0xbf, CCG_SNP_UNKNOWN },
	{ 0x1a, 0xc0, 0xc7, CCG_SNP_VENICE },
	{ 0x1a, 0xc8, 0xff, CCG_SNP_UNKNOWN },
};

static void test_names(void)
{
	unsigned int named = 0;
	bool good = true;

	for (size_t i = 0; i < ARRAY_SIZE(product_cases); i++) {
		const struct product_case *c = &product_cases[i];

		for (unsigned int model = c->first; model <= c->last; model++)
			good = good && ccg_snp_product_of(c->family, model) == c->product;
	}
	ok(good, "products: every model");
	ok(!ccg_snp_product_name(CCG_SNP_UNKNOWN) &&
	   ccg_snp_product_find("Turin") == CCG_SNP_TURIN &&
	   ccg_snp_product_find("turin") == CCG_SNP_UNKNOWN &&
	   ccg_snp_product_find(NULL) == CCG_SNP_UNKNOWN, "products: names");
	for (unsigned int bit = 0; bit < 80; bit++)
		named += !!ccg_snp_policy_name(bit) + !!ccg_snp_platform_name(bit);
	ok(named == 9 + 7 && !ccg_snp_policy_name(17) && !ccg_snp_platform_name(6) &&
	   !strcmp(ccg_snp_policy_name(19), "debug") && !strcmp(ccg_snp_platform_name(7), "tio_en"),
	   "bits: names");
}

/* ---- certificate tables ---- */

static const uint8_t ark[16] = {
	0xc0, 0xb4, 0x06, 0xa4, 0xa8, 0x03, 0x49, 0x52,
	0x97, 0x43, 0x3f, 0xb6, 0x01, 0x4c, 0xd0, 0xae,
};

static void put_le32(uint8_t *p, uint32_t value)
{
	for (size_t i = 0; i < 4; i++)
		p[i] = value >> 8 * i;
}

static void make_entry(uint8_t *p, const uint8_t *guid, uint32_t offset, uint32_t len)
{
	memcpy(p, guid, 16);
	put_le32(p + 16, offset);
	put_le32(p + 20, len);
}

static int parse_table(const uint8_t *buf, size_t len, struct ccg_table_entry *entries, size_t *n,
		       struct report_fault *f)
{
	uint8_t *copy = malloc(len ? len : 1);
	int rc;

	memcpy(copy, buf, len);
	rc = ccg_cert_table_parse(copy, len, entries, n, f);
	free(copy);
	return rc;
}

static const struct table_case {
	const char *name;
	uint32_t offset, len;
	bool good;
} table_cases[] = {
	{ "all of the data", 72, 8, true },
	{ "the last byte", 79, 1, true },
	{ "no byte, anywhere", 0xffffffff, 0, true },
	{ "a byte too many", 72, 9, false },
	{ "behind the end", 80, 1, false },
	{ "inside the entries", 71, 1, false },
	{ "a sum that wraps", 0xffffffff, 0xffffffff, false },
	{ "a length that wraps", 73, 0xffffffff, false },
};

static void test_table(void)
{
	static const uint8_t other[16] = { 0, 1 };
	struct ccg_table_entry e[CCG_TABLE_MAX];
	uint8_t buf[24 * (CCG_TABLE_MAX + 2)];
	struct report_fault f;
	bool good = true;
	size_t n;

	for (size_t i = 0; i < ARRAY_SIZE(table_cases); i++) {
		const struct table_case *c = &table_cases[i];
		int rc;

		memset(buf, 0, 80);
		make_entry(buf, ark, 72, 8);
		make_entry(buf + 24, other, c->offset, c->len);
		rc = parse_table(buf, 80, e, &n, &f);
		if (c->good)
			ok(!rc && n == 2 && !strcmp(e[0].name, "ark") && !e[1].name &&
			   e[1].offset == c->offset && e[1].len == c->len, "table: %s", c->name);
		else
			ok(rc == -EBADMSG && (f.offset == 40 || f.offset == 44), "table: %s",
			   c->name);
	}
	make_entry(buf + 24, other, 79, 1);
	for (size_t i = 0; i < 80; i++)
		good = good && parse_table(buf, i, e, &n, &f) == -EBADMSG && f.offset <= i;
	ok(good, "table: truncated at every length");
	ok(ccg_cert_table_begins(buf, 80) && !ccg_cert_table_begins(buf, 15) &&
	   !ccg_cert_table_begins(buf + 24, 56), "table: known GUIDs");
	memset(buf, 0, sizeof(buf));
	ok(!parse_table(buf, 24, e, &n, &f) && !n, "table: empty");
	for (size_t i = 0; i < CCG_TABLE_MAX; i++)
		make_entry(buf + 24 * i, ark, 0, 0);
	ok(!parse_table(buf, sizeof(buf), e, &n, &f) && n == CCG_TABLE_MAX, "table: full");
	make_entry(buf + 24 * CCG_TABLE_MAX, ark, 0, 0);
	ok(parse_table(buf, sizeof(buf), e, &n, &f) == -EBADMSG, "table: an entry more");
}

/* ---- blobs of Azure ---- */

static void make_blob(uint8_t *buf)
{
	memset(buf, 0, BLOB_LEN);
	memcpy(buf, "HCLA", 4);
	buf[4] = 1;
	put_le32(buf + AT_BLOB_DATA, 28);
	put_le32(buf + AT_BLOB_DATA + 8, 2);
	put_le32(buf + AT_BLOB_DATA + 12, 1);
	put_le32(buf + AT_BLOB_DATA + 16, 8);
}

static int parse_blob(const uint8_t *buf, size_t len, struct azure_blob *b, struct report_fault *f)
{
	uint8_t *copy = malloc(len ? len : 1);
	int rc;

	memcpy(copy, buf, len);
	rc = ccg_azure_parse(copy, len, b, f);
	free(copy);
	return rc;
}

static const struct blob_case {
	size_t at;
	uint32_t value;
	bool good;
} blob_cases[] = {
	{ 0, 0x20, false },
	{ 4, 2, true },
	{ AT_BLOB_DATA, 19, false },
	{ AT_BLOB_DATA, 29, false },
	{ AT_BLOB_DATA, 0xffffffff, false },
	{ AT_BLOB_DATA + 8, 0, false },
	{ AT_BLOB_DATA + 8, 4, true },
	{ AT_BLOB_DATA + 12, 0, false },
	{ AT_BLOB_DATA + 12, 3, true },
	{ AT_BLOB_DATA + 12, 4, false },
	{ AT_BLOB_DATA + 16, 0, true },
	{ AT_BLOB_DATA + 16, 9, false },
	{ AT_BLOB_DATA + 16, 0xffffffff, false },
};

static void test_azure(void)
{
	uint8_t buf[BLOB_LEN];
	struct report_fault f;
	struct azure_blob b;
	bool good = true;

	make_blob(buf);
	ok(!ccg_azure_parse(buf, BLOB_LEN, &b, &f) && b.report.p == buf + AT_BLOB_REPORT &&
	   b.report.len == CCG_SNP_REPORT_LEN && b.a.runtime_data.p == buf + AT_BLOB_DATA + 20 &&
	   b.a.runtime_data.len == 8, "Azure: a blob");
	for (size_t n = 0; n < BLOB_LEN; n++)
		good = good && parse_blob(buf, n, &b, &f) == -EBADMSG && f.offset <= n;
	ok(good, "Azure: truncated at every length");
	for (size_t i = 0; i < ARRAY_SIZE(blob_cases); i++) {
		const struct blob_case *c = &blob_cases[i];
		int rc;

		make_blob(buf);
		put_le32(buf + c->at, c->value);
		rc = parse_blob(buf, BLOB_LEN, &b, &f);
		ok(c->good ? !rc : rc == -EBADMSG && f.offset == c->at, "Azure: %#zx: %#x", c->at,
		   c->value);
	}
}

int main(void)
{
	test_lengths();
	test_versions();
	test_reserved(2);
	test_reserved(3);
	test_reserved(5);
	test_version_2();
	test_path();
	test_names();
	test_table();
	test_azure();
	return tap_done();
}
