// SPDX-License-Identifier: GPL-2.0-only
/*
 * Unit tests of lib/spdm_transcript.c: which bytes are hashed, and in which
 * order. The hash of the test stores the bytes for comparison.
 */
#include <stdlib.h>

#include "../../lib/spdm_transcript.h"
#include "tap.h"

struct sponge {
	u8 buf[SPDM_N_HASH_CTX][256];
	size_t len[SPDM_N_HASH_CTX];
	int fail;	/* return value of the functions */
};

static int init(void *ctx, enum spdm_hash_ctx which,
		const struct spdm_hash *alg)
{
	struct sponge *s = ctx;

	(void)alg;
	s->len[which] = 0;
	return s->fail;
}

static int update(void *ctx, enum spdm_hash_ctx which, const u8 *data,
		  size_t len)
{
	struct sponge *s = ctx;

	memcpy(s->buf[which] + s->len[which], data, len);
	s->len[which] += len;
	return s->fail;
}

/* The "digest" is the number of hashed bytes. */
static int final(void *ctx, enum spdm_hash_ctx which, u8 *digest)
{
	struct sponge *s = ctx;

	memset(digest, s->len[which], 32);
	return s->fail;
}

static const struct spdm_hash_ops ops = { init, update, final };

static struct spdm_conn connection(u8 version)
{
	return (struct spdm_conn) {
		.version = version,
		.asym = spdm_find_asym(0x80, 0),
		.hash = spdm_find_hash(0x01),
	};
}

#define V12	"dmtf-spdm-v1.2.*"
#define V13	"dmtf-spdm-v1.3.*"

static void test_prefix(void)
{
	static const char challenge[] =
		V12 V12 V12 V12
		"\0\0\0\0responder-challenge_auth signing";
	static const char measurements[] =
		V13 V13 V13 V13
		"\0\0\0\0\0\0responder-measurements signing";
	u8 prefix[SPDM_PREFIX_LEN];

	spdm_combined_prefix(SPDM_VER_12, SPDM_SIGNED_CHALLENGE, prefix);
	ok(sizeof(challenge) == 101 && !memcmp(prefix, challenge, 100),
	   "combined_spdm_prefix of CHALLENGE_AUTH, 1.2");
	spdm_combined_prefix(SPDM_VER_13, SPDM_SIGNED_MEASUREMENTS, prefix);
	ok(sizeof(measurements) == 101 && !memcmp(prefix, measurements, 100),
	   "combined_spdm_prefix of MEASUREMENTS, 1.3");
}

static bool hashed(const struct sponge *s, const char *what)
{
	size_t len = strlen(what);

	return s->len[SPDM_HASH_TRANSCRIPT] == len &&
	       !memcmp(s->buf[SPDM_HASH_TRANSCRIPT], what, len);
}

static void test_transcript(void)
{
	struct spdm_conn c11 = connection(SPDM_VER_11);
	struct spdm_conn c12 = connection(SPDM_VER_12);
	struct sponge s = {};
	struct spdm_transcript t = { .ops = &ops, .ctx = &s };
	struct spdm_conn c14 = connection(SPDM_VER_14);
	struct spdm_tbs tbs;

	c14.asym = spdm_find_asym(0, 1);
	spdm_vca_begin(&t);
	ok(!spdm_vca_add(&t, (const u8 *)"req", 3) &&
	   !spdm_vca_add(&t, (const u8 *)"rsp", 3), "part A");
	ok(!spdm_m1_begin(&t, &c11) &&
	   !spdm_transcript_add(&t, (const u8 *)"more", 4) &&
	   hashed(&s, "reqrspmore"), "M1 begins with part A");
	ok(!spdm_l1_begin(&t, &c11) && hashed(&s, ""), "L1 of 1.1 does not");
	ok(!spdm_l1_begin(&t, &c12) && hashed(&s, "reqrsp"), "L1 of 1.2 does");

	ok(!spdm_transcript_final(&t, &c11, SPDM_SIGNED_CHALLENGE, &tbs) &&
	   tbs.data[0] == 6 && tbs.len == 32, "1.1: the transcript's hash is signed");
	ok(!spdm_transcript_final(&t, &c12, SPDM_SIGNED_CHALLENGE, &tbs) &&
	   tbs.data[0] == 132 && tbs.len == 32 && s.buf[SPDM_HASH_OTHER][99] == 'g' &&
	   s.buf[SPDM_HASH_OTHER][100] == 6 && s.buf[SPDM_HASH_OTHER][131] == 6,
	   "1.2: the hash of prefix and hash is signed");
	ok(!spdm_transcript_final(&t, &c14, SPDM_SIGNED_MEASUREMENTS, &tbs) &&
	   tbs.what == SPDM_SIGNED_MEASUREMENTS && tbs.len == 132 &&
	   !memcmp(tbs.data, "dmtf-spdm-v1.4.*", 16) && tbs.data[99] == 'g' &&
	   tbs.data[100] == 6, "1.4, ML-DSA: prefix and hash are signed");

	s.fail = -ENOMEM;
	ok(spdm_m1_begin(&t, &c12) == -ENOMEM &&
	   spdm_transcript_final(&t, &c12, SPDM_SIGNED_CHALLENGE, &tbs) == -ENOMEM &&
	   spdm_digest(&t, &c12, tbs.data, 1, tbs.data) == -ENOMEM,
	   "failures of the hash are passed on");
}

static void test_vca_full(void)
{
	struct spdm_transcript t = {};
	u8 msg[SPDM_VCA_MAX] = {};

	ok(!spdm_vca_add(&t, msg, SPDM_VCA_MAX - 1) &&
	   spdm_vca_add(&t, msg, 2) == -EMSGSIZE &&
	   !spdm_vca_add(&t, msg, 1) && spdm_vca_add(&t, msg, 1) == -EMSGSIZE,
	   "part A has a maximum length");
}

/* Header, RootHash of 32 bytes, then @certs. */
static int split(u8 version, u32 length, const char *certs, size_t len,
		 struct spdm_fault *fault)
{
	struct spdm_conn c = connection(version);
	u8 *buf = calloc(1, 36 + len);
	struct spdm_chain chain = {};
	int rc;

	buf[0] = length;
	buf[1] = length >> 8;
	buf[2] = length >> 16;
	memcpy(buf + 36, certs, len);
	rc = spdm_chain_split(&c, buf, 36 + len, &chain, fault);
	if (!rc && (chain.root_hash != buf + 4 || chain.certs != buf + 36 ||
		    chain.certs_len != len))
		rc = -EILSEQ;
	free(buf);
	return rc;
}

static void test_split(void)
{
	static const struct {
		const char *what;
		u8 version;
		u32 length;
		const char *certs;
		size_t len;
		const char *field;	/* NULL: good */
	} cases[] = {
		{ "two certificates", SPDM_VER_12, 43, "\x30\x01x\x30\x02xy", 7, NULL },
		{ "reserved bytes", SPDM_VER_12, 0x55002b, "\x30\x01x\x30\x02xy", 7, NULL },
		{ "1.4: a length of 32 bits", SPDM_VER_14, 0x55002b, "\x30\x01x\x30\x02xy", 7,
		  "Length" },
		{ "length of one less", SPDM_VER_12, 42, "\x30\x01x\x30\x02xy", 7, "Length" },
		{ "length of one more", SPDM_VER_12, 44, "\x30\x01x\x30\x02xy", 7, "Length" },
		{ "no certificates", SPDM_VER_12, 36, "", 0, "Length" },
		{ "a byte behind", SPDM_VER_12, 40, "\x30\x01x\0", 4, "length of a certificate" },
		{ "no SEQUENCE", SPDM_VER_12, 39, "\x31\x01x", 3, "Certificates" },
		{ "certificate beyond the end", SPDM_VER_12, 39, "\x30\x02x", 3,
		  "length of a certificate" },
	};

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct spdm_fault fault = {};
		int rc = split(cases[i].version, cases[i].length, cases[i].certs,
			       cases[i].len, &fault);

		if (cases[i].field && rc == -EPROTO && fault.field &&
		    !strcmp(fault.field, cases[i].field))
			rc = 0;
		ok(!rc && !fault.field == !cases[i].field, "chain: %s", cases[i].what);
	}
}

int main(void)
{
	test_prefix();
	test_transcript();
	test_vca_full();
	test_split();
	return tap_done();
}
