// SPDX-License-Identifier: GPL-2.0-only
/*
 * Unit tests of lib/spdm_msg.c and lib/spdm_check*.c: requests byte for byte,
 * and the faults of responses that test_spdm_req.c cannot reach. The expected
 * bytes come from the tables of DSP0274.
 */
#include <stdlib.h>

#include "../../lib/spdm_msg.h"
#include "tap.h"

static struct spdm_conn connection(u8 version)
{
	return (struct spdm_conn) {
		.version = version,
		.offer = {
			.min_version = SPDM_VER_10,
			.max_version = SPDM_VER_14,
			.ct_exponent = 20,
			.flags = SPDM_CAP_CERT | SPDM_CAP_CHAL,
			.data_transfer_size = 0x1200,
			.max_msg_size = 0x1200,
			.asym = 0x80,
			.hash = 0x02,
			.meas_spec = 1,
			.other_params = 2,
			.mel_spec = 1,
			.alg = { 0x1b, 0, 0x0f },
		},
		.flags = SPDM_CAP_MEAS_SIG,
		.asym = spdm_find_asym(0x10, 0),
		.hash = spdm_find_hash(0x01),
		.meas_spec = 1,
		.slots = 0x05,
	};
}

static size_t unhex(const char *hex, u8 *out)
{
	size_t n = 0;
	unsigned int byte;
	int used;

	for (; sscanf(hex, " %2x%n", &byte, &used) == 1; hex += used)
		out[n++] = byte;
	return n;
}

static void same(const char *name, const u8 *buf, int len, const char *hex)
{
	u8 expected[256];
	size_t n = unhex(hex, expected);

	ok(len == (int)n && !memcmp(buf, expected, n), "%s", name);
}

static void test_capabilities(void)
{
	struct spdm_conn c = connection(SPDM_VER_10);
	u8 b[SPDM_REQUEST_MAX];

	same("GET_VERSION", b, spdm_build_get_version(b, sizeof(b)), "10840000");
	same("GET_CAPABILITIES 1.0", b, spdm_build_get_capabilities(&c, b, sizeof(b)),
	     "10e10000");
	c.version = SPDM_VER_11;
	same("GET_CAPABILITIES 1.1", b, spdm_build_get_capabilities(&c, b, sizeof(b)),
	     "11e100000014000006000000");
	c.version = SPDM_VER_12;
	same("GET_CAPABILITIES 1.2", b, spdm_build_get_capabilities(&c, b, sizeof(b)),
	     "12e1000000140000060000000012000000120000");
	ok(spdm_build_get_capabilities(&c, b, 19) == -EMSGSIZE, "no room");
}

static void test_negotiate(void)
{
	struct spdm_conn c = connection(SPDM_VER_10);
	u8 b[SPDM_REQUEST_MAX];

	same("NEGOTIATE_ALGORITHMS 1.0", b, spdm_build_negotiate(&c, b, sizeof(b)),
	     "10e300002000010080000000020000000000000000000000 0000000000000000");
	c.version = SPDM_VER_11;
	same("NEGOTIATE_ALGORITHMS 1.1", b, spdm_build_negotiate(&c, b, sizeof(b)),
	     "11e302002800010080000000020000000000000000000000 0000000000000000 02201b0004200f00");
	c.version = SPDM_VER_13;
	same("NEGOTIATE_ALGORITHMS 1.3", b, spdm_build_negotiate(&c, b, sizeof(b)),
	     "13e302002800010280000000020000000000000000000000 0000000000000001 02201b0004200f00");
	c.offer.pqc_asym = 0x06;
	same("NEGOTIATE_ALGORITHMS 1.3, without PqcAsymAlgo", b,
	     spdm_build_negotiate(&c, b, sizeof(b)),
	     "13e302002800010280000000020000000000000000000000 0000000000000001 02201b0004200f00");
	c.version = SPDM_VER_14;
	same("NEGOTIATE_ALGORITHMS 1.4", b, spdm_build_negotiate(&c, b, sizeof(b)),
	     "14e302002800010280000000020000000600000000000000 0000000000000001 02201b0004200f00");
	c.version = SPDM_VER_13;
	c.flags |= SPDM_CAP_MULTI_KEY_ONLY;
	same("NEGOTIATE_ALGORITHMS 1.3, MULTI_KEY_ONLY", b,
	     spdm_build_negotiate(&c, b, sizeof(b)),
	     "13e302002800011280000000020000000000000000000000 0000000000000001 02201b0004200f00");
	c.offer.other_params |= SPDM_MULTI_KEY_CONN;
	c.version = SPDM_VER_12;
	same("NEGOTIATE_ALGORITHMS 1.2, MULTI_KEY_ONLY", b,
	     spdm_build_negotiate(&c, b, sizeof(b)),
	     "12e302002800010280000000020000000000000000000000 0000000000000000 02201b0004200f00");
}

static void test_certificate(void)
{
	const struct spdm_cert_req req = { .slot = 3, .offset = 0x11f8, .length = 0x234 };
	struct spdm_conn c = connection(SPDM_VER_12);
	struct spdm_cert_req far = req;
	u8 b[SPDM_REQUEST_MAX];

	same("GET_DIGESTS", b, spdm_build_get_digests(&c, b, sizeof(b)), "12810000");
	same("GET_CERTIFICATE", b, spdm_build_get_certificate(&c, &req, b, sizeof(b)),
	     "12820300f8113402");
	c.version = SPDM_VER_14;
	same("GET_CERTIFICATE 1.4", b, spdm_build_get_certificate(&c, &req, b, sizeof(b)),
	     "14820300f8113402");
	far.offset = 0x10000;
	ok(spdm_build_get_certificate(&c, &far, b, sizeof(b)) == -EMSGSIZE,
	   "GET_CERTIFICATE beyond 16 bits");
	c.flags |= SPDM_CAP_LARGE_RESP;
	same("GET_CERTIFICATE 1.4, large", b, spdm_build_get_certificate(&c, &far, b, sizeof(b)),
	     "14828300000000000000010034020000");
}

#define NONCE	"5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a"

static void test_challenge(void)
{
	struct spdm_challenge req = { .slot = 1, .context = { 1, 2, 3, 4, 5, 6, 7, 8 } };
	struct spdm_conn c = connection(SPDM_VER_12);
	u8 b[SPDM_REQUEST_MAX];

	memset(req.nonce, 0x5a, sizeof(req.nonce));
	same("CHALLENGE 1.2", b, spdm_build_challenge(&c, &req, b, sizeof(b)), "12830100" NONCE);
	c.version = SPDM_VER_13;
	same("CHALLENGE 1.3", b, spdm_build_challenge(&c, &req, b, sizeof(b)),
	     "13830100" NONCE "0102030405060708");
}

static void test_get_measurements(void)
{
	struct spdm_meas_req req = {
		.attributes = SPDM_MEAS_SIGNATURE,
		.operation = SPDM_MEAS_ALL,
		.slot = 2,
		.context = { 1, 2, 3, 4, 5, 6, 7, 8 },
	};
	struct spdm_conn c = connection(SPDM_VER_10);
	u8 b[SPDM_REQUEST_MAX];

	memset(req.nonce, 0x5a, sizeof(req.nonce));
	same("GET_MEASUREMENTS 1.0", b, spdm_build_get_measurements(&c, &req, b, sizeof(b)),
	     "10e001ff" NONCE);
	c.version = SPDM_VER_11;
	same("GET_MEASUREMENTS 1.1", b, spdm_build_get_measurements(&c, &req, b, sizeof(b)),
	     "11e001ff" NONCE "02");
	c.version = SPDM_VER_13;
	same("GET_MEASUREMENTS 1.3", b, spdm_build_get_measurements(&c, &req, b, sizeof(b)),
	     "13e001ff" NONCE "02 0102030405060708");
	req.attributes = 0;
	c.version = SPDM_VER_12;
	same("GET_MEASUREMENTS 1.2, unsigned", b,
	     spdm_build_get_measurements(&c, &req, b, sizeof(b)), "12e000ff");
}

static void test_others(void)
{
	const struct spdm_not_ready nr = { .code = 0x83, .token = 9 };
	struct spdm_conn c = connection(SPDM_VER_12);
	u8 b[SPDM_REQUEST_MAX];

	same("RESPOND_IF_READY", b, spdm_build_respond_if_ready(&c, &nr, b, sizeof(b)),
	     "12ff8309");
	same("CHUNK_GET", b, spdm_build_chunk_get(&c, 7, 0x0102, b, sizeof(b)),
	     "1286000702010000");
	c.version = SPDM_VER_14;
	same("CHUNK_GET 1.4", b, spdm_build_chunk_get(&c, 7, 0x01020304, b, sizeof(b)),
	     "1486000704030201");
	ok(!spdm_find_asym(0x200, 0) && !spdm_find_asym(0, 0) &&
	   !spdm_find_asym(0x90, 0) && !spdm_find_asym(0x80, 1) &&
	   !spdm_find_asym(0, 3) && !spdm_find_asym(0, 8) &&
	   spdm_find_asym(0, 2)->sig_len == 3309 &&
	   !spdm_find_hash(0x40) && !spdm_find_hash(0), "no such algorithm");
}

/* A response that ends at the end of a heap block. */
static u8 *response(const char *hex, size_t *len)
{
	static u8 buf[4096];
	u8 *copy;

	*len = unhex(hex, buf);
	copy = malloc(*len ? *len : 1);
	memcpy(copy, buf, *len);
	return copy;
}

static void test_padding(void)
{
	static const struct {
		const char *hex;
		int rc;
	} cases[] = {
		{ "106100000000000006000000", 0 },
		{ "106100000000000006000000 000000", 0 },
		{ "106100000000000006000000 00000000", -EPROTO },
		{ "1061000000000000060000", -EIO },
		{ "106100", -EIO },
		{ "", -EIO },
	};

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct spdm_conn c = connection(SPDM_VER_10);
		struct spdm_fault fault = {};
		size_t len, used = 0;
		u8 *b = response(cases[i].hex, &len);
		int rc = spdm_check_capabilities(&c, b, len, &used, &fault);

		ok(rc == cases[i].rc && (rc || used == 12), "%zu bytes", len);
		free(b);
	}
}

static void test_digests(void)
{
	static const struct {
		const char *what;
		u8 version;
		u32 flags;
		u8 other_params;
		u8 masks[2];
		size_t len;
		int rc;
	} cases[] = {
		{ "1.2", SPDM_VER_12, 0, 0, { 0, 5 }, 4 + 64, 0 },
		{ "1.2, a byte short", SPDM_VER_12, 0, 0, { 0, 5 }, 3 + 64, -EIO },
		{ "1.2, no slots", SPDM_VER_12, 0, 0, { 0, 0 }, 4, -EPROTO },
		{ "1.2, a digest too many", SPDM_VER_12, 0, 0, { 0, 1 }, 4 + 64, -EPROTO },
		{ "1.2, flags of 1.3 mean nothing", SPDM_VER_12, SPDM_CAP_MULTI_KEY_ONLY, 0,
		  { 0, 5 }, 4 + 64, 0 },
		{ "1.3", SPDM_VER_13, 0, 0, { 5, 5 }, 4 + 64, 0 },
		{ "1.3, slots not supported", SPDM_VER_13, 0, 0, { 4, 5 }, 4 + 64, -EPROTO },
		{ "1.3, MULTI_KEY_ONLY", SPDM_VER_13, SPDM_CAP_MULTI_KEY_ONLY, 0,
		  { 7, 5 }, 4 + 72, 0 },
		{ "1.3, MULTI_KEY_ONLY, short", SPDM_VER_13, SPDM_CAP_MULTI_KEY_ONLY, 0,
		  { 7, 5 }, 4 + 71, -EIO },
		{ "1.3, MULTI_KEY not asked for", SPDM_VER_13, SPDM_CAP_MULTI_KEY_NEG, 0,
		  { 7, 5 }, 4 + 64, 0 },
		{ "1.3, MULTI_KEY asked for", SPDM_VER_13, SPDM_CAP_MULTI_KEY_NEG,
		  SPDM_MULTI_KEY_CONN, { 7, 5 }, 4 + 72, 0 },
	};

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct spdm_conn c = connection(cases[i].version);
		struct spdm_fault fault = {};
		size_t used = 0;
		u8 *b = calloc(1, cases[i].len);
		int rc;

		b[0] = cases[i].version;
		b[1] = SPDM_DIGESTS;
		memcpy(b + 2, cases[i].masks, 2);
		for (size_t j = 4; j < cases[i].len; j++)
			b[j] = (j - 4) / 32 + 1;
		c.flags = cases[i].flags;
		c.offer.other_params |= cases[i].other_params;
		rc = spdm_check_digests(&c, b, cases[i].len, &used, &fault);
		ok(rc == cases[i].rc && (rc || (used == cases[i].len && c.digests[0][31] == 1 &&
						c.digests[2][0] == 2)),
		   "DIGESTS %s", cases[i].what);
		free(b);
	}
}

#define TWENTY_BYTES	"00000000 00000000 00000000 00000000 00000000"
#define SIXTY_BYTES	TWENTY_BYTES " " TWENTY_BYTES " " TWENTY_BYTES

static void test_alg_structs(void)
{
	/* DHE and ReqBaseAsymAlg were offered. */
	static const struct {
		const char *what;
		size_t n;
		const char *structs;
		const char *field;	/* NULL: accepted */
	} cases[] = {
		{ "both", 2, "02201000 04200800", NULL },
		{ "only one", 1, "04200800", NULL },
		{ "none chosen", 1, "02200000", NULL },
		{ "two chosen", 1, "02200300", "AlgSupported" },
		{ "one that was not offered", 1, "02200400", "AlgSupported" },
		{ "the same type twice", 2, "02201000 02201000", "AlgType" },
		{ "descending", 2, "04200800 02201000", "AlgType" },
		{ "extended algorithms, cut", 1, "02211000", "AlgCount" },
		{ "extended algorithms", 1, "02211000 11223344", "AlgCount" },
		/* Types that were not offered are ignored. */
		{ "all four", 4, "02201000 03200200 04200800 05200100", NULL },
		{ "not offered, two chosen", 1, "03200600", NULL },
		{ "not offered, twice", 2, "03200100 03200200", NULL },
		{ "not offered, descending", 3, "05200100 03200100 02201000", NULL },
		{ "type 0", 1, "00200100", NULL },
		{ "type 1", 1, "01200100", NULL },
		{ "type 8", 1, "08200100", NULL },
		{ "type 255", 1, "ff200100", NULL },
		{ "not offered, with an extended algorithm", 2,
		  "03210200 11223344 04200800", NULL },
		{ "not offered, a field of six bytes", 2,
		  "ff600102 03040506 04200300", "AlgSupported" },
		{ "not offered, less than a structure", 1, "03000100", "AlgCount" },
		{ "not offered, longer than the message", 1, "032f0100", "AlgCount" },
		{ "behind one that was not offered", 2, "03200100 04200300",
		  "AlgSupported" },
		/* Their number and their bytes. */
		{ "fewer than Param1", 2, "02201000", "Length" },
		{ "fewer than Param1, as long", 2, "03210100 11223344", "Param1" },
		{ "more than Param1", 1, "02201000 04200800", "Length" },
		{ "none in Param1", 0, "02201000", "Length" },
		{ "128 bytes", 2, "032f0000 " SIXTY_BYTES " 032f0000 " SIXTY_BYTES, NULL },
		{ "132 bytes", 3, "032f0000 " SIXTY_BYTES " 032f0000 " SIXTY_BYTES
		  " 07200000", "Length" },
	};

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct spdm_conn c = connection(SPDM_VER_12);
		struct spdm_fault fault = {};
		size_t len, used, bytes = (strlen(cases[i].structs) + 1) / 9 * 4;
		char hex[500];
		bool good;
		u8 *b;
		int rc;

		snprintf(hex, sizeof(hex), "1263%02zx00%02zx000102 01000000 80000000 02%038d%s",
			 cases[i].n, 36 + bytes, 0, cases[i].structs);
		b = response(hex, &len);
		rc = spdm_check_algorithms(&c, b, len, &used, &fault);
		if (cases[i].field)
			good = rc == -EPROTO && !strcmp(fault.field, cases[i].field);
		else
			good = !rc && used == len;
		ok(good, "ALGORITHMS, structures: %s", cases[i].what);
		free(b);
	}
}

/* RequesterMultiKeyConn: the requester's MULTI_KEY_CAP decides. */
static void test_requester_multi_key(void)
{
	static const struct {
		u8 version;
		u32 ours, theirs;
		u8 params;
		int rc;
	} cases[] = {
		{ SPDM_VER_13, 0, 0, 0x02, 0 },
		{ SPDM_VER_13, 0, 0, 0x12, -EPROTO },
		{ SPDM_VER_13, 0, SPDM_CAP_MULTI_KEY_ONLY, 0x02, 0 },
		{ SPDM_VER_13, 0, SPDM_CAP_MULTI_KEY_ONLY, 0x12, -EPROTO },
		{ SPDM_VER_13, 0, SPDM_CAP_MULTI_KEY_NEG, 0x12, -EPROTO },
		{ SPDM_VER_13, SPDM_CAP_MULTI_KEY_ONLY, 0, 0x12, 0 },
		{ SPDM_VER_13, SPDM_CAP_MULTI_KEY_ONLY, 0, 0x02, -EPROTO },
		{ SPDM_VER_13, SPDM_CAP_MULTI_KEY_NEG, 0, 0x12, 0 },
		{ SPDM_VER_13, SPDM_CAP_MULTI_KEY_NEG, 0, 0x02, 0 },
		{ SPDM_VER_12, 0, 0, 0x12, 0 },
	};

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct spdm_conn c = connection(cases[i].version);
		struct spdm_fault fault = {};
		char hex[100];
		size_t len, used;
		int rc;
		u8 *b;

		snprintf(hex, sizeof(hex), "%02x630000240001%02x 01000000 80000000 02%038d",
			 cases[i].version, cases[i].params, 0);
		c.offer.flags |= cases[i].ours;
		c.flags |= cases[i].theirs;
		b = response(hex, &len);
		rc = spdm_check_algorithms(&c, b, len, &used, &fault);
		ok(rc == cases[i].rc && (!rc || fault.offset == 7),
		   "1.%u, our MULTI_KEY_CAP %#x, theirs %#x: OtherParamsSelection %#x",
		   cases[i].version & 15, cases[i].ours, cases[i].theirs, cases[i].params);
		free(b);
	}
}

static void test_measurements(void)
{
	static const struct {
		const char *what;
		u8 operation;
		const char *head;
		const char *field;	/* NULL: accepted */
	} cases[] = {
		{ "two blocks", 0xff, "00020c0000 010102001122 020102003344", NULL },
		{ "one block", 2, "0001060000 020102003344", NULL },
		{ "the wrong one", 2, "0001060000 010102003344", "Index" },
		{ "two for one", 2, "00020c0000 020102001122 020102003344",
		  "NumberOfBlocks" },
		{ "fewer than said", 0xff, "0003060000 010102001122", "NumberOfBlocks" },
		{ "more than said", 0xff, "00010c0000 010102001122 020102003344",
		  "MeasurementRecordLength" },
		{ "longer than the record", 0xff, "0001060000 010103001122",
		  "MeasurementSize" },
		{ "another specification", 0xff, "0001060000 010202001122",
		  "MeasurementSpecification" },
		{ "blocks with a count", 0, "0801060000 010102001122", "NumberOfBlocks" },
		{ "a count", 0, "0800000000", NULL },
	};

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		const struct spdm_meas_req req = { .operation = cases[i].operation };
		struct spdm_conn c = connection(SPDM_VER_12);
		struct spdm_fault fault = {};
		struct spdm_measurements m;
		size_t len, used;
		char hex[300];
		bool good;
		u8 *b;
		int rc;

		/* Param2 comes between the first byte and the rest of @head. */
		snprintf(hex, sizeof(hex), "1260%.2s00%s" NONCE "0000",
			 cases[i].head, cases[i].head + 2);
		b = response(hex, &len);
		rc = spdm_check_measurements(&c, &req, b, len, &m, &used, &fault);
		if (cases[i].field)
			good = rc == -EPROTO && !strcmp(fault.field, cases[i].field);
		else
			good = !rc && used == len && m.nonce[0] == 0x5a;
		ok(good, "MEASUREMENTS, %s", cases[i].what);
		free(b);
	}
}

static void test_chunk(void)
{
	static const struct {
		const char *hex;
		u32 seq;
		int rc;
	} cases[] = {
		{ "1206000700000000040000006400000011223344", 0, 0 },
		{ "12060007010000000400000011223344", 1, 0 },
		{ "12060107010000000400000011223344", 1, 0 },
		{ "12060006010000000400000011223344", 1, -EPROTO },
		{ "12060007020000000400000011223344", 1, -EPROTO },
		{ "120600070100000000000000", 1, -EPROTO },
		{ "12060007010000000500000011223344", 1, -EIO },
		{ "1206000701000000ffffffff11223344", 1, -EIO },
		{ "120600070000000004000000", 0, -EIO },
	};

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct spdm_conn c = connection(SPDM_VER_12);
		struct spdm_chunk_data d = {};
		struct spdm_fault fault;
		size_t len, used;
		u8 *b = response(cases[i].hex, &len);
		int rc = spdm_check_chunk(&c, 7, cases[i].seq, b, len, &d,
					  &used, &fault);
		bool good = rc == cases[i].rc;

		if (!rc)
			good = good && d.len == 4 && d.data[3] == 0x44 &&
			       d.last == b[2] && !d.total == !!cases[i].seq;
		ok(good, "CHUNK_RESPONSE %s", cases[i].hex);
		free(b);
	}
}

static void test_errors(void)
{
	static const struct {
		u8 code;
		int rc;
		const char *what;
	} cases[] = {
		{ 0x01, -EINVAL, "Invalid request" },
		{ 0x03, -EBUSY, "Busy" },
		{ 0x07, -EINVAL, "Unsupported request" },
		{ 0x0f, -EMSGSIZE, "Large response" },
		{ 0x42, -EINPROGRESS, "Response not ready" },
		{ 0x43, -ECONNRESET, "Request resynchronization" },
		{ 0xff, -EIO, "Vendor defined error" },
		{ 0x99, -EIO, "Undefined error" },
		{ 0x00, -EIO, "Undefined error" },
	};

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		const u8 b[] = { 0x11, SPDM_ERROR, cases[i].code, 0x55 };
		struct spdm_conn c = connection(SPDM_VER_12);
		struct spdm_fault fault = {};
		size_t used;

		ok(spdm_check_digests(&c, b, sizeof(b), &used, &fault) == cases[i].rc &&
		   !strcmp(fault.what, cases[i].what) && fault.error && fault.value == 0x55 &&
		   !strcmp(fault.request, "GET_DIGESTS"),
		   "ERROR %#x: %s", cases[i].code, cases[i].what);
	}
}

/* An ERROR to NEGOTIATE_ALGORITHMS lists the offer. */
static void test_refused_offer(void)
{
	static const struct {
		u8 code;
		u32 asym, hash;
		const char *detail;
	} cases[] = {
		{ 0x01, 0x80, 0x02, "likely none in common; offered ecdsa-p384 with sha384" },
		{ 0x01, 0x90, 0x22,
		  "likely none in common; offered ecdsa-p256,ecdsa-p384 with sha384,sha3-512" },
		{ 0x05, 0x02, 0x01, "offered rsapss-2048 with sha256" },
		{ 0x07, 0, 0, "" },
	};
	struct spdm_conn c = connection(SPDM_VER_12);
	u8 b[] = { 0x12, SPDM_ERROR, 0, 0 };
	struct spdm_fault fault;
	size_t used;

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		b[2] = cases[i].code;
		c.offer.asym = cases[i].asym;
		c.offer.hash = cases[i].hash;
		spdm_check_algorithms(&c, b, sizeof(b), &used, &fault);
		ok(!strcmp(fault.detail, cases[i].detail), "ERROR %#x: %s", b[2],
		   fault.detail);
	}
	b[2] = 1;
	c.offer.asym = ~0U;
	c.offer.hash = ~0U;
	spdm_check_algorithms(&c, b, sizeof(b), &used, &fault);
	ok(strlen(fault.detail) > 180 && strlen(fault.detail) < sizeof(fault.detail) - 1 &&
	   !strcmp(fault.detail + strlen(fault.detail) - 9, ",sha3-512"),
	   "the longest offer fits: %s", fault.detail);
	b[1] = SPDM_DIGESTS;
	spdm_check_algorithms(&c, b, sizeof(b), &used, &fault);
	ok(!*fault.detail, "no ERROR: no offer");
}

/* Each check names the request that an ERROR answers. */
static void test_error_requests(void)
{
	const u8 b[] = { 0x12, SPDM_ERROR, 1, 0 };
	const struct spdm_cert_req cert = { .length = 8 };
	const struct spdm_challenge challenge = {};
	const struct spdm_meas_req meas = {};
	struct spdm_conn c = connection(SPDM_VER_12);
	struct spdm_challenge_auth auth;
	struct spdm_measurements m;
	struct spdm_chunk_data chunk;
	struct spdm_portion portion;
	struct spdm_fault f[8] = {};
	size_t n = sizeof(b), used;

	spdm_check_version(&c, b, n, &used, &f[0]);
	spdm_check_capabilities(&c, b, n, &used, &f[1]);
	spdm_check_algorithms(&c, b, n, &used, &f[2]);
	spdm_check_digests(&c, b, n, &used, &f[3]);
	spdm_check_certificate(&c, &cert, b, n, &portion, &used, &f[4]);
	spdm_check_challenge_auth(&c, &challenge, b, n, &auth, &used, &f[5]);
	spdm_check_measurements(&c, &meas, b, n, &m, &used, &f[6]);
	spdm_check_chunk(&c, 1, 0, b, n, &chunk, &used, &f[7]);
	ok(!strcmp(f[0].request, "GET_VERSION") &&
	   !strcmp(f[1].request, "GET_CAPABILITIES") &&
	   !strcmp(f[2].request, "NEGOTIATE_ALGORITHMS") &&
	   !strcmp(f[3].request, "GET_DIGESTS") &&
	   !strcmp(f[4].request, "GET_CERTIFICATE") &&
	   !strcmp(f[5].request, "CHALLENGE") &&
	   !strcmp(f[6].request, "GET_MEASUREMENTS") &&
	   !strcmp(f[7].request, "CHUNK_GET"), "each ERROR has its request");
}

int main(void)
{
	test_capabilities();
	test_negotiate();
	test_certificate();
	test_challenge();
	test_get_measurements();
	test_others();
	test_padding();
	test_digests();
	test_alg_structs();
	test_requester_multi_key();
	test_measurements();
	test_chunk();
	test_errors();
	test_error_requests();
	test_refused_offer();
	return tap_done();
}
