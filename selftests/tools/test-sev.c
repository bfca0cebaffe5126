// SPDX-License-Identifier: GPL-2.0-only
/*
 * Unit test of the room sev of libccguest: results for fixed random values, AMD's
 * certificates, policies. TAP on standard output.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <openssl/evp.h>

#include <ccguest/ctx.h>
#include <ccguest/platform.h>
#include <ccguest/sev.h>
#include <ccguest/text.h>

#include "../lib/tap.h"
#include "core/ctx.h"
#include "sev/answer.h"
#include "sev/armor.h"
#include "sev/chain.h"
#include "sev/crypt.h"
#include "sev/packet.h"
#include "sev/platform.h"
#include "sev/roots.h"
#include "sev/session.h"

static bool is_hex(const uint8_t *p, size_t len, const char *want)
{
	char *text = malloc(2 * len + 1);
	bool same;

	if (!text)
		return false;
	ccg_hex(p, len, text);
	same = !strcmp(text, want);
	if (!same)
		printf("# %s\n", text);
	free(text);
	return same;
}

static void unhex(const char *text, uint8_t *buf, size_t len)
{
	size_t n;

	if (ccg_unhex(text, buf, len, &n) || n != len)
		abort();
}

/* ---- the session ---- */

/* The platform: private key 0x11 in each byte. */
#define PDH_X	"386e767ea5cb716c9cd620ff7342129c892a6fccefe612140c80bff59e943468019dda16e5079b0c1d9001d23a624b6d"
#define PDH_Y	"d088d0c3826394194787403e8a7d07e5e22f7e9c0b8e80fa1faff5d28b4bb597b267f0b87023ca61fc8454bddefd2e0e"

#define WANT_Z	"2ac3da23c114b5b1f3aa200cf3c57bebd1b3b880a0e68066ab5d00dda50dcfe6cd03410292346187a84b1f12d53569c0"
/* The order of the curve. */
#define ORDER	"ffffffffffffffffffffffffffffffffffffffffffffffffc7634d81f4372ddf581a0db248b0a77aecec196accc52973"

static void reverse(uint8_t *p, size_t len)
{
	for (size_t i = 0; i < len / 2; i++) {
		uint8_t c = p[i];

		p[i] = p[len - 1 - i];
		p[len - 1 - i] = c;
	}
}

static struct sev_key platform_key(uint8_t *x, uint8_t *y)
{
	unhex(PDH_X, x, SEV_P384_LEN);
	unhex(PDH_Y, y, SEV_P384_LEN);
	reverse(x, SEV_P384_LEN);
	reverse(y, SEV_P384_LEN);
	return (struct sev_key) {
		.algo = SEV_ALGO_ECDH_SHA256,
		.bits = 384,
		.len = SEV_P384_LEN,
		.a = x,
		.b = y,
	};
}

static void fixed_values(struct sev_fresh *f)
{
	memset(f->scalar, 0x22, sizeof(f->scalar));
	unhex("000102030405060708090a0b0c0d0e0f", f->nonce, 16);
	unhex("101112131415161718191a1b1c1d1e1f", f->iv, 16);
	unhex("202122232425262728292a2b2c2d2e2f", f->tek, 16);
	unhex("303132333435363738393a3b3c3d3e3f", f->tik, 16);
}

static const char *const want_session[] = {
	"000102030405060708090a0b0c0d0e0f9c62dfc6a35c55be80982a17c5d92e87",
	"6c9bcde409b0426ecbd0cbcefb5afaa6101112131415161718191a1b1c1d1e1f",
	"5d27f84920e3178c4b064f8ab3500a42ea1fbb1bb789c0fb48a062969a6030de",
	"5bab974614908d198077acf450532cb777e88d7391f23d803e9e4a66f0ac87fd",
};

static void test_session(void)
{
	uint8_t x[SEV_P384_LEN], y[SEV_P384_LEN];
	uint8_t godh[SEV_CERT_LEN], session[SEV_SESSION_LEN];
	struct sev_session_keys k = {};
	struct sev_key pdh = platform_key(x, y);
	struct sev_fault fault;
	struct sev_cert cert;

	fixed_values(&k.fresh);
	ok(!ccg_sev_session_derive(&pdh, 5, &k, godh, session), "session: derived");
	ok(is_hex(k.z, sizeof(k.z), WANT_Z),
	   "session: Z");
	ok(is_hex(k.master, 16, "5a7c4fc63b8f6970403f006b7eb7b8ee"), "session: master secret");
	ok(is_hex(k.kek, 16, "54873161310da1e6b5702b3ef83da210"), "session: KEK");
	ok(is_hex(k.kik, 16, "21f19b861872151162da67bf103d9ce4"), "session: KIK");
	for (size_t i = 0; i < ARRAY_SIZE(want_session); i++)
		ok(is_hex(session + 32 * i, 32, want_session[i]),
		   "session: 32 bytes at offset %zu", 32 * i);
	ok(!ccg_sev_cert_parse(godh, sizeof(godh), &cert, &fault) &&
	   cert.usage == SEV_USAGE_PDH && cert.key.algo == SEV_ALGO_ECDH_SHA256 &&
	   cert.key.bits == 384 && cert.sigs[0].usage == SEV_USAGE_NONE &&
	   cert.sigs[1].usage == SEV_USAGE_NONE, "session: the owner's certificate");

	x[0] ^= 1;
	ok(ccg_sev_session_derive(&pdh, 5, &k, godh, session) == -EKEYREJECTED,
	   "session: a point that is not on the curve");
	x[0] ^= 1;
	pdh.bits = 256;
	pdh.len = 32;
	ok(ccg_sev_session_derive(&pdh, 5, &k, godh, session) == -EKEYREJECTED,
	   "session: another curve");
}

static void test_scalars(void)
{
	uint8_t n[SEV_P384_LEN];

	memset(n, 0, sizeof(n));
	ok(!ccg_sev_scalar_valid(n), "scalar: 0");
	n[SEV_P384_LEN - 1] = 1;
	ok(ccg_sev_scalar_valid(n), "scalar: 1");
	unhex(ORDER, n, sizeof(n));
	ok(!ccg_sev_scalar_valid(n), "scalar: the order");
	n[SEV_P384_LEN - 1]--;
	ok(ccg_sev_scalar_valid(n), "scalar: the order less 1");
	memset(n, 0xff, sizeof(n));
	ok(!ccg_sev_scalar_valid(n), "scalar: all bits");
}

/* Known answers of virtee/sev, with zeros. */
static void test_derivation(void)
{
	static const uint8_t zero[32];
	uint8_t master[16], kek[16], kik[16], wrap[32], mac[32];
	struct sev_part part = { wrap, sizeof(wrap) };

	ok(ccg_sev_kdf(zero, 16, "sev-master-secret", zero, 16, master) &&
	   is_hex(master, 16, "ab4d269fcc62bedb4511d56c386ce706"), "KDF: master secret of zeros");
	ok(ccg_sev_kdf(master, 16, "sev-kek", NULL, 0, kek) &&
	   ccg_sev_ctr(kek, zero, zero, 32, wrap) &&
	   is_hex(wrap, 18, "2137bc7f9bb8bd7c3e55a576a15d3454b385"), "KDF: KEK of zeros");
	ok(ccg_sev_kdf(master, 16, "sev-kik", NULL, 0, kik) &&
	   ccg_sev_hmac(kik, 16, &part, 1, mac) &&
	   is_hex(mac, 8, "3176c0752738bd9d"), "KDF: KIK of zeros");
}

/* ---- packets ---- */

#define PACKET_TEK	"52a869b79ab9c13bb6a92b0561619cb3"
#define PACKET_TIK	"c6d5a9956133050912b24bbe5c372686"
#define PACKET_MEASURE	"4cb780efad3b959427b4b8d1635fe2fac6ed75267eef9cf1a73e0fc7d873a412"
#define PACKET_TABLE	"42f5741edd71664d963eef4287ff173b3a000000e5696873f084734992ec06879ce3da0b260000004d592d4c554b532d50415353504852415345000000000000"
#define PACKET_HEADER	"00000000ac5474ed4dd32c7d989ec523d92559ecbc152cde610e17f0aef557334a2d4fca42c22c4312e3b5b85a3d47b0aac857e5"
#define PACKET_PAYLOAD	"d14ddee4f717bf4516f87e2d48114a39d0987ca135fa3dfc05cd9fb8ed7a9988b223eb16c7b20d7e7fa58188f9e862f5db2ca29c36be9557c20b00ffdb0e5c3c"

/* A packet of virt-qemu-sev-validate of libvirt 12.8. */
static void test_packet(void)
{
	uint8_t tek[16], tik[16], iv[16], measure[32], table[64];
	uint8_t header[CCG_SEV_HEADER_LEN], payload[64];
	const struct sev_packet in = { tek, tik, iv, measure };

	unhex(PACKET_TEK, tek, sizeof(tek));
	unhex(PACKET_TIK, tik, sizeof(tik));
	unhex("ac5474ed4dd32c7d989ec523d92559ec", iv, sizeof(iv));
	unhex(PACKET_MEASURE, measure, sizeof(measure));
	unhex(PACKET_TABLE, table, sizeof(table));
	ok(ccg_sev_packet_derive(&in, table, sizeof(table), header, payload),
	   "packet: made");
	ok(is_hex(header, sizeof(header), PACKET_HEADER), "packet: header");
	ok(is_hex(payload, sizeof(payload), PACKET_PAYLOAD), "packet: payload");
}

/* ---- AMD's certificates ---- */

#define ROME_ASK	"d8cd9d1798c311c96e009a91552f17b4ddc4886a064ec933697734965b9ab29db803c79604e2725658f0861bfaf09ad4"
#define ROME_ARK	"3d2c1157c29ef7bd4207fc0c8b08db080e579ceba267f8c93bec8dce73f5a5e2e60d959ac37ea82176c1a0c61ae203ed"
#define MILAN_ASK	"95cba79ba3c77daea79f741bade8156a50b1c59f6d6fda104d16dd264729f5ee8989522f3711fc7c84719921ceb31bc0"
#define MILAN_ARK	"569da618dfe64015c343db6d975e77b72fdeacd16edd02d9d09b889b8f0f1d91ffa5dfbd86f7ac574a1a7883b7a1e737"
#define GENOA_ASK	"9fa6db577758411b576cfcdc3c2f0851e60f0c69ffdcb6301ad2f7864f91e829f62925888464d9d285612eb03b3fc63d"
#define GENOA_ARK	"b66e16ff0ebeed57f0c4dffa154872c4156f2e5b1c2f4e66e58fc37f1d2a60d31a342ecb6430a9b2510a970c75c37926"
#define TURIN_ASK	"9ae10c44573f0c0dee8044a89ee1ba5acd8f3909651fd3c96bfec3d4419c1bd60d7d9a35d42509c3a71e307b0f60c1d1"
#define TURIN_ARK	"712a28007da1097e8c4fd3a2e8655012b27e04042323a0a30e111fc0cf698961040c6fc3ff2053abe70432cfef411a0e"

static const struct {
	const char *name;
	const char *ask_id;
	const char *ark_id;
	const char *ask;
	const char *ark;
} pins[] = {
	{ "Naples", "e139970cfc464377ae61b289e2f9e96e",
	  "1bb987c359494606b174945601c9ea5b",
	  "5dff2a2a4dd59dc095d73a26af28be523192ade830bdd35bacdd81ee75584c45",
	  "8efddcaaf84990cf6354d93637be270220cf15797332b3d918c3b8cc77349f31" },
	{ "Rome", "c6cbcf145b3146f498e40ecb4ad4fded",
	  "e6002122fb58419399d15fee7b131351",
	  ROME_ASK,
	  ROME_ARK },
	{ "Milan", "73478c05cc174bfeb06e718fa75dc3c8",
	  "94c38e4177d0479292a7ae671d083fb6",
	  MILAN_ASK,
	  MILAN_ARK },
	{ "Genoa", "acbb4ad21acc436fb3e932f812cd01b0",
	  "9f9d4a8fe761456599f6946c4c010f3a",
	  GENOA_ASK,
	  GENOA_ARK },
	{ "Turin", "15051693f7304d65a527b4a7f3f7cb77",
	  "d05c3a8bde484904b49552422ceb3942",
	  TURIN_ASK,
	  TURIN_ARK },
};

static bool has_digest(const struct sev_cert *cert, const char *want)
{
	uint8_t digest[EVP_MAX_MD_SIZE];
	unsigned int len;

	return !ccg_sev_body_digest(cert, digest, &len) && is_hex(digest, len, want);
}

static void test_roots(void)
{
	const struct sev_root *root;
	struct sev_cert ask, ark;
	const char *why;
	size_t i;

	for (i = 0; (root = ccg_sev_root_at(i)) && i < ARRAY_SIZE(pins); i++) {
		ok(!strcmp(root->name, pins[i].name) &&
		   !ccg_sev_root_parse(root, &ask, &ark) &&
		   ask.len + ark.len == root->len, "roots: %s", pins[i].name);
		ok(is_hex(ask.key_id, 16, pins[i].ask_id) &&
		   is_hex(ark.key_id, 16, pins[i].ark_id), "roots: %s: key ids", pins[i].name);
		ok(has_digest(&ask, pins[i].ask) && has_digest(&ark, pins[i].ark),
		   "roots: %s: digests", pins[i].name);
		ok(!ccg_sev_check_sig(&ark, &ask, &why) && !ccg_sev_check_sig(&ark, &ark, &why) &&
		   ccg_sev_check_sig(&ask, &ark, &why), "roots: %s: signatures", pins[i].name);
	}
	ok(i == ARRAY_SIZE(pins) && !ccg_sev_root_at(i), "roots: five generations");
}

/* ---- policies ---- */

static void test_policies(void)
{
	static const struct {
		const char *text;
		long policy;
		const char *names;
	} cases[] = {
		{ "0", 0, "" },
		{ "5", 5, "NODBG,ES" },
		{ "0x3f", 0x3f, "NODBG,NOKS,ES,NOSEND,DOMAIN,SEV" },
		{ "0x1800000d", 0x1800000d, "NODBG,ES,NOSEND,FW=0.24" },
		{ "NODBG", 1, "NODBG" },
		{ "nodbg,es,noks", 7, "NODBG,NOKS,ES" },
		{ "ES,FW=1.51", 0x33010004, "ES,FW=1.51" },
		{ "FW=255.255", 0xffff0000, "FW=255.255" },
		{ "0x40", -1, NULL },
		{ "0x8001", -1, NULL },
		{ "0x100000000", -1, NULL },
		{ "", -1, NULL },
		{ "5x", -1, NULL },
		{ "05,ES", -1, NULL },
		{ "-1", -1, NULL },
		{ "NODBG,", -1, NULL },
		{ ",NODBG", -1, NULL },
		{ "NODBG ES", -1, NULL },
		{ "NODB", -1, NULL },
		{ "FW=", -1, NULL },
		{ "FW=1", -1, NULL },
		{ "FW=256.0", -1, NULL },
		{ "FW=1.2.3", -1, NULL },
		{ "FW=1.2,5", -1, NULL },
	};
	char names[CCG_SEV_POLICY_TEXT];
	struct ccg_ctx *ctx;
	uint32_t policy;
	size_t i;
	int rc;

	if (ccg_ctx_new(&ctx))
		abort();
	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		rc = ccg_sev_policy_parse(ctx, cases[i].text, &policy);
		if (cases[i].policy < 0) {
			ok(rc == -EINVAL, "policy: \"%s\" is refused", cases[i].text);
			continue;
		}
		if (!rc)
			ccg_sev_policy_text(policy, names);
		ok(!rc && policy == cases[i].policy && !strcmp(names, cases[i].names),
		   "policy: \"%s\"", cases[i].text);
	}
	ok(ccg_sev_policy_advice(0, 5) && !ccg_sev_policy_advice(0, 6), "policy: advice for 0");
	ok(ccg_sev_policy_advice(0x0100001f, 0) && !ccg_sev_policy_advice(0x0101001f, 1),
	   "policy: advice for the strictest policy");
	ok(ccg_sev_policy_allows(0x18000000, 0, 24) && ccg_sev_policy_allows(0x18000000, 1, 0) &&
	   !ccg_sev_policy_allows(0x18000000, 0, 23) &&
	   !ccg_sev_policy_allows(0x00010000, 0, 255) && ccg_sev_policy_allows(0xf, 0, 0),
	   "policy: the version of the firmware");
	ccg_ctx_free(ctx);
}

/* ---- the firmware ---- */

static void test_answers(void)
{
	uint8_t st[SEV_STATUS_LEN], snp[SEV_SNP_STATUS_LEN];
	struct ccg_platform_status s;
	struct ccg_snp_status n;
	struct sev_fault f = {};

	unhex("001801010000000f02000000", st, sizeof(st));
	ok(!ccg_sev_status_parse(st, sizeof(st), &s, &f) && s.api_major == 0 &&
	   s.api_minor == 24 && s.build == 15 && s.state == CCG_PLATFORM_INIT &&
	   s.flags == 0x1 && s.owned && !s.es && s.guests == 2,
	   "answer: PLATFORM_STATUS");
	st[4] = 1;
	ok(!ccg_sev_status_parse(st, sizeof(st), &s, &f) && s.es, "answer: SEV-ES");
	for (size_t len = 0; len < sizeof(st); len++)
		if (!ccg_sev_status_parse(st, len, &s, &f) || f.value != len)
			abort();
	st[2] = 3;
	ok(ccg_sev_status_parse(st, sizeof(st), &s, &f) == -EBADMSG && f.offset == 2 &&
	   f.value == 3 && f.limit == 2, "answer: an unknown state");
	unhex("0137010115000000070000000200000004000000000018db03000000000016d5", snp,
	      sizeof(snp));
	ok(!ccg_snp_status_parse(snp, sizeof(snp), &n, &f) && n.api_major == 1 &&
	   n.api_minor == 55 && n.build == 21 && n.initialized && n.rmp &&
	   n.mask_chip_id && n.mask_chip_key && n.vlek && n.guests == 2 &&
	   n.current_tcb == 0xdb18000000000004 && n.reported_tcb == 0xd516000000000003,
	   "answer: SNP_PLATFORM_STATUS");
	for (size_t len = 0; len < sizeof(snp); len++)
		if (!ccg_snp_status_parse(snp, len, &n, &f) || f.value != len)
			abort();
	snp[2] = 2;
	ok(ccg_snp_status_parse(snp, sizeof(snp), &n, &f) == -EBADMSG && f.offset == 2,
	   "answer: an unknown state of SNP");
}

static void test_tcb(void)
{
	struct ccg_platform_id id = { .len = CCG_PLATFORM_ID_LEN };
	struct ccg_snp_tcb t;
	char url[CCG_KDS_URL];

	ok(!ccg_snp_tcb_parse("Genoa", 0x0102030405060708, &t) && t.has == 0x1e &&
	   t.raw == 0x0102030405060708 && !memcmp(t.svn, (uint8_t [5]) { 0, 8, 7, 2, 1 }, 5),
	   "TCB: Genoa");
	ok(!ccg_snp_tcb_parse("Turin", 0x0102030405060708, &t) && t.has == 0x1f &&
	   !memcmp(t.svn, (uint8_t [5]) { 8, 7, 6, 5, 1 }, 5), "TCB: Turin");
	ok(ccg_snp_tcb_parse("Rome", 0, &t) == -ENOENT &&
	   ccg_snp_tcb_parse(NULL, 0, &t) == -ENOENT, "TCB: products without SNP");
	memset(id.b, 0xab, sizeof(id.b));
	ccg_kds_cek_url(&id, url);
	ok(strlen(url) == strlen("https://kdsintf.amd.com/cek/id/") + 128, "URL: CEK");
	id.len = CCG_PLATFORM_ID_MAX;
	ok(!ccg_kds_vcek_url("Milan", &id, UINT64_MAX, url) &&
	   strstr(url, "ab?blSPL=255&teeSPL=255&snpSPL=255&ucodeSPL=255") &&
	   strlen(url) < CCG_KDS_URL - 1, "URL: VCEK, the longest one");
	ok(ccg_kds_vcek_url("Naples", &id, 0, url) == -ENOENT, "URL: no VCEK");
}

static void test_fw_errors(void)
{
	const struct sev_fw_error *e;
	uint32_t last = 0;
	size_t i;

	for (i = 0; (e = ccg_sev_fw_error_at(i)); i++) {
		if (e->code <= last || ccg_sev_fw_error(e->code) != e || !*e->name || !*e->why)
			abort();
		last = e->code;
	}
	ok(i >= 40 && !ccg_sev_fw_error(0) && !ccg_sev_fw_error(0x1e) &&
	   !ccg_sev_fw_error(SEV_FW_NOT_CALLED), "errors of the firmware: in order");
}

/* A firmware that answers each command with the same errors. */
static int fake_rc;
static uint32_t fake_code;

static int fake_issue(struct ccg_platform *p, uint32_t cmd, void *data, uint32_t *fw_error)
{
	(void)p;
	(void)cmd;
	(void)data;
	*fw_error = fake_code;
	return fake_rc;
}

static void test_platform(void)
{
	struct ccg_platform p = { .issue = fake_issue, .fd = -1 };
	struct ccg_platform_status st;

	if (ccg_ctx_new(&p.ctx))
		abort();
	ok(!ccg_platform_rotate(&p), "platform: a command");
	fake_rc = -EIO;
	fake_code = 0x0a;
	ok(ccg_platform_rotate(&p) == -EREMOTEIO &&
	   strstr(ccg_error(p.ctx)->why, "BAD_SIGNATURE"), "platform: an error of the firmware");
	fake_rc = 0;
	ok(ccg_platform_rotate(&p) == -EREMOTEIO, "platform: an error without an errno");
	fake_rc = -EIO;
	fake_code = 0;
	ok(ccg_platform_status(&p, &st) == -EIO, "platform: an errno");
	fake_rc = -EBUSY;
	fake_code = SEV_FW_NOT_CALLED;
	ok(ccg_platform_reset(&p) == -EBUSY && strstr(ccg_error(p.ctx)->why, "has guests"),
	   "platform: guests");
	ccg_ctx_free(p.ctx);
}

/* ---- certificates as text ---- */

static void test_armor(void)
{
	static const struct {
		const char *text;
		const char *hex;
	} cases[] = {
		{ "", "" },
		{ "01000000ff", "01000000ff" },
		{ " 01 00\n00\t00 Ff\r\n", "01000000ff" },
		{ "01000000f", NULL },
		{ "01000000fg", NULL },
		{ "AQAAAP8=", "01000000ff" },
		{ "AQ AAAP\n8=\n", "01000000ff" },
		{ "AQAAAP8=AQAAAP8=", "01000000ff01000000ff" },
		{ "AQAAAP8=\nAQAA\n", "01000000ff010000" },
		{ "AQAAAP9=", NULL },
		{ "AQAAAP8", NULL },
		{ "AQAAAP8==", NULL },
		{ "AQAAAP8=====", NULL },
		{ "AQAAAP!=", NULL },
		{ "other", "6f74686572" },
	};
	uint8_t buf[64], want[64];
	struct sev_fault f;
	size_t len, want_len;
	int rc;

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		len = strlen(cases[i].text);
		memcpy(buf, cases[i].text, len);
		rc = ccg_sev_unarmor(buf, &len, &f);
		if (!cases[i].hex) {
			ok(rc == -EBADMSG, "text %zu: is refused", i);
			continue;
		}
		if (ccg_unhex(cases[i].hex, want, sizeof(want), &want_len))
			abort();
		ok(!rc && len == want_len && !memcmp(buf, want, len), "text %zu", i);
	}
	memcpy(buf, "AQAAAAAA\0AAA", 12);
	len = 12;
	ok(ccg_sev_unarmor(buf, &len, &f) == -EBADMSG, "text: a NUL");
}

int main(void)
{
	test_session();
	test_scalars();
	test_derivation();
	test_packet();
	test_roots();
	test_policies();
	test_answers();
	test_tcb();
	test_fw_errors();
	test_platform();
	test_armor();
	return tap_done();
}
