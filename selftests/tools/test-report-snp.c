// SPDX-License-Identifier: GPL-2.0-only
/*
 * Unit test of the verification of reports of SEV-SNP: each check can fail, for each
 * product. TAP on standard output.
 *
 *	test-report-snp [--quick]
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "../lib/tap.h"
#include "snp-scene.h"

static void show(const struct verified *res)
{
	for (size_t i = 0; i < res->v.n; i++)
		printf("#   %s: %d: %s\n", res->v.checks[i].name,
		       res->v.checks[i].result, res->v.checks[i].why);
}

/* The first check that fails must be @failed; NULL if none may fail. */
static void expect(struct scene *s, const char *what, const char *failed,
		   const char *why)
{
	const struct ccg_certs *certs = certs_of(s);
	struct verified res;
	bool good;

	s->want.certs = certs;
	res = verify_bytes(s->report, CCG_SNP_REPORT_LEN,
			   &s->want);
	good = !res.rc && (failed ? res.v.failed &&
			   !strcmp(res.v.failed->name, failed) : !res.v.failed);
	if (good && failed && why)
		good = strstr(res.v.failed->why, why);
	ok(good, "%s: %s: %s", s->name, what, failed ? failed : "ok");
	if (!good)
		show(&res);
	ccg_report_verdict_clear(&res.v);
	ccg_certs_free((struct ccg_certs *)(uintptr_t)certs);
}

/* ---- the cases ---- */

static void flip_version(struct scene *s) { s->report[0x34] = 2; }
static void no_key(struct scene *s) { s->report[0x48] = 7 << 2; }
static void odd_key(struct scene *s) { s->report[0x48] = 3 << 2; }
static void no_cert(struct scene *s) { s->no_vek = true; }
static void cut_nonce(struct scene *s) { s->want.nonce_len = 3; }
static void no_nonce(struct scene *s)
{
	s->want.nonce = NULL;
}

static void expired(struct scene *s) { s->vek.after = MINT_NOW - 10; }
static void early(struct scene *s) { s->vek.before = MINT_NOW + 10; }
static void much_later(struct scene *s) { s->want.at = MINT_NOW + 2L * MINT_YEAR; }
static void other_csp(struct scene *s) { s->want.csp_id = "CN=other"; }

static void other_kind(struct scene *s)
{
	s->vek.vlek = !s->vek.vlek;
}

static void other_report_key(struct scene *s)
{
	s->key = mint_ec("P-384");
}

static void other_curve(struct scene *s)
{
	s->ec = mint_ec("P-256");
}

static void other_issuer_key(struct scene *s)
{
	s->by = keys[s->family].ark;
}

static void wrong_ca(struct scene *s)
{
	s->by = s->vek.vlek ? keys[s->family].ask : keys[s->family].asvk;
	family_name(s->issuer, s->vek.vlek ? "SEV-" : "SEV-VLEK-", s->family);
}

static void by_ark(struct scene *s)
{
	s->by = keys[s->family].ark;
	family_name(s->issuer, "ARK-", s->family);
}

/* Signed by the CA of another product, which the certificate names. */
static void other_product(struct scene *s)
{
	int f = (s->family + 1) % N_FAMILIES;

	s->by = s->vek.vlek ? keys[f].asvk : keys[f].ask;
	family_name(s->issuer, s->vek.vlek ? "SEV-VLEK-" : "SEV-", f);
	s->vek.product = families[f];
	s->vek.turin = f == TURIN;
}

static void other_named(struct scene *s)
{
	s->vek.product = families[(s->family + 1) % N_FAMILIES];
}

static void foreign_ark(struct scene *s)
{
	EVP_PKEY *key = mint_rsa();

	give(s, ca("ARK-", s->family, key, key));
	EVP_PKEY_free(key);
}

static void other_ark(struct scene *s)
{
	int f = (s->family + 1) % N_FAMILIES;
	const uint8_t *p = root_der[f];

	/* The ARK is the first certificate. */
	give(s, d2i_X509(NULL, &p, roots[f].len));
}

static void all_roots(struct scene *s)
{
	for (int f = 0; f < N_FAMILIES; f++) {
		memcpy(s->der + s->len, root_der[f], roots[f].len);
		s->len += roots[f].len;
	}
}

/* A whole chain of an attacker, who names it as AMD does. */
static void own_chain(struct scene *s)
{
	s->own = mint_rsa();
	s->by = s->own;
	give(s, ca(s->vek.vlek ? "SEV-VLEK-" : "SEV-", s->family, s->own, s->own));
}

static void other_ca(struct scene *s)
{
	struct mint_keys *k = &keys[s->family];

	give(s, s->vek.vlek ? ca("SEV-", s->family, k->ask, k->ark) :
			      ca("SEV-VLEK-", s->family, k->asvk, k->ark));
}

static void masked(struct scene *s)
{
	memset(s->report + 0x1a0, 0, 64);
}

static void masked_required(struct scene *s)
{
	masked(s);
	s->want.require_chip = true;
}

static void last_chip_byte(struct scene *s)
{
	s->report[0x1a0 + (s->vek.turin ? 7 : 63)] ^= 1;
}

static void part(struct scene *s, int i)
{
	uint8_t at[2][5] = { { 2, 0, 1, 6, 7 }, { 0, 1, 2, 3, 7 } };

	s->report[0x180 + at[s->vek.turin][i]] ^= 1;
}

static void part_0(struct scene *s) { part(s, 0); }
static void part_1(struct scene *s) { part(s, 1); }
static void part_2(struct scene *s) { part(s, 2); }
static void part_3(struct scene *s) { part(s, 3); }
static void part_4(struct scene *s) { part(s, 4); }

static void reserved_part(struct scene *s) { s->report[0x184] = 1; }

static void other_nonce(struct scene *s)
{
	s->report[0x50 + 63] ^= 0x80;
}

static void other_cpu(struct scene *s)
{
	s->report[0x188] = 0x1b;
}

/**
 * struct case_ - a change of a scene, and the check that fails
 * @what: the change, in words
 * @change: makes it, before the report is signed
 * @failed: name of the check; NULL if none fails
 * @why: a part of the reason, or NULL
 * @not: 'v' not with a VLEK, 'c' not with a VCEK, '2' not for version 2
 */
struct case_ {
	const char *what;
	void (*change)(struct scene *s);
	const char *failed;
	const char *why;
	char not;
};

static const struct case_ cases[] = {
	{ "as it should be", NULL, NULL, NULL, 0 },
	{ "no nonce to compare", no_nonce, NULL, NULL, 0 },
	{ "another algorithm", flip_version, "signature_algorithm", "2", 0 },
	{ "the signing key is none", no_key, "signing_key", "none", 0 },
	{ "an unknown signing key", odd_key, "signing_key", "3", 0 },
	{ "no certificate", no_cert, "certificate", "there is no V", 0 },
	{ "VLEK for VCEK, VCEK for VLEK", other_kind, "certificate", "only a V", 0 },
	{ "the key is on another curve", other_curve, "certificate", "P-384", 0 },
	{ "an unknown processor", other_cpu, "product", "family 0x1b", '2' },
	{ "certificate of another product", other_product, "product", "of ", '2' },
	{ "the extension names another product", other_named, "product", "of ", 0 },
	{ "an ARK that is not AMD's", foreign_ark, "root", "not one of AMD's", 0 },
	{ "the ARK of another product", other_ark, "root", "another product", 0 },
	{ "all certificates of all products", all_roots, NULL, NULL, 0 },
	{ "expired", expired, "chain", "has expired", 0 },
	{ "not valid yet", early, "chain", "not valid yet", 0 },
	{ "expired at the time that is given", much_later, "chain", "expired", 0 },
	{ "signed by another key", other_issuer_key, "chain", "is not signed by the AS", 0 },
	{ "signed by the other CA", wrong_ca, "chain", "and not an AS", 0 },
	{ "signed by the ARK", by_ark, "chain", "and not an AS", 0 },
	{ "a chain of somebody else", own_chain, "chain", "is not signed by the ARK", 0 },
	{ "only the other CA is given", other_ca, "chain", "of --certs", 0 },
	{ "signed with another key", other_report_key, "signature", "did not sign", 0 },
	{ "another FMC, or a reserved part", part_0, "tcb", NULL, 0 },
	{ "another boot loader", part_1, "tcb", "bootloader 5 and not 4", 0 },
	{ "another TEE", part_2, "tcb", "tee 4 and not 5", 0 },
	{ "another SNP firmware", part_3, "tcb", "snp 25 and not 24", 0 },
	{ "another microcode", part_4, "tcb", "microcode 218 and not 219", 0 },
	{ "a reserved part", reserved_part, "tcb", "reserved", 0 },
	{ "another chip", last_chip_byte, "chip", "another chip", 'v' },
	{ "a masked chip", masked, NULL, NULL, 0 },
	{ "a masked chip, and one is required", masked_required, "chip", "required", 0 },
	{ "another provider", other_csp, "provider", NULL, 0 },
	{ "another nonce", other_nonce, "freshness", "another nonce", 0 },
	{ "a part of the nonce", cut_nonce, "freshness", "another nonce", 0 },
};

static void run_cases(size_t kind)
{
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct scene *s = new_scene(kind);

		char not = cases[i].not;

		if (not != (s->vek.vlek ? 'v' : 'c') &&
		    not != '0' + (char)s->version) {
			if (cases[i].change)
				cases[i].change(s);
			mint_sign(s->report, s->key);
			expect(s, cases[i].what, cases[i].failed, cases[i].why);
		}
		free_scene(s);
	}
}

/* ---- extensions ---- */

static const struct {
	const char *what;
	struct mint_ext ext;
	bool good;
} exts[] = {
	{ "no boot loader", { "3.1", { 0 }, 0, false }, false },
	{ "no TEE", { "3.2", { 0 }, 0, false }, false },
	{ "no SNP firmware", { "3.3", { 0 }, 0, false }, false },
	{ "no microcode", { "3.8", { 0 }, 0, false }, false },
	{ "no product", { "2", { 0 }, 0, false }, false },
	{ "two boot loaders", { "3.1", { 0 }, 0, true }, false },
	{ "two products", { "2", { 0 }, 0, true }, false },
	{ "bytes behind a number", { "3.1", { 2, 1, 4, 0 }, 4, false }, false },
	{ "a number with a needless zero", { "3.1", { 2, 2, 0, 4 }, 4, false }, false },
	{ "a negative number", { "3.8", { 2, 1, 0xdb }, 3, false }, false },
	{ "a number of 256", { "3.1", { 2, 2, 1, 0 }, 4, false }, false },
	{ "not a number", { "3.1", { 4, 1, 4 }, 3, false }, false },
	{ "a product with a stepping", { "2", { 0x16, 8, 'M', 'i', 'l', 'a', 'n', '-', 'B',
					       '0' }, 10, false }, true },
	{ "a product of UTF8String", { "2", { 0x0c, 5, 'M', 'i', 'l', 'a', 'n' }, 7, false },
	  false },
	{ "no chip", { "4", { 0 }, 0, false }, false },
	{ "two chips", { "4", { 0 }, 0, true }, false },
	{ "a chip of 63 bytes", { "4", { 4 }, 63, false }, false },
	{ "a chip of 65 bytes", { "4", { 4 }, 65, false }, false },
	{ "a chip as BIT STRING", { "4", { 3, 64 }, 66, false }, false },
};

static void run_exts(void)
{
	for (size_t i = 0; i < ARRAY_SIZE(exts); i++) {
		struct scene *s = new_scene(1);

		s->ext = exts[i].ext;
		s->vek.other = &s->ext;
		mint_sign(s->report, s->key);
		expect(s, exts[i].what, exts[i].good ? NULL : "certificate",
		       exts[i].good ? NULL : "malformed");
		free_scene(s);
	}
}

/* The chip ID as an OCTET STRING, and one whose raw bytes begin like its header. */
static void run_hwid(size_t kind)
{
	struct scene *s = new_scene(kind);
	size_t len = s->vek.turin ? 8 : 64;

	s->ext = (struct mint_ext) { "4", { 4, len }, len + 2, false };
	memcpy(s->ext.value + 2, s->vek.hwid, len);
	s->vek.other = &s->ext;
	mint_sign(s->report, s->key);
	expect(s, "the chip ID as an OCTET STRING", NULL, NULL);
	free_scene(s);
	s = new_scene(kind);
	s->vek.hwid[0] = 4;
	s->vek.hwid[1] = len - 2;
	fill_report(s);
	mint_sign(s->report, s->key);
	expect(s, "a chip ID that begins like a header", NULL, NULL);
	free_scene(s);
}

/* ---- revocation ---- */

static void run_crl(size_t kind, const char *what, const char *issuer, EVP_PKEY *by,
		    long revoked, long age, const char *failed, const char *why)
{
	struct scene *s = new_scene(kind);
	X509_CRL *crl = mint_crl(issuer, by, revoked, MINT_NOW - age, MINT_NOW - age + 100);
	uint8_t *p = s->crl_der;

	s->crl = (struct ccg_bytes) { s->crl_der, i2d_X509_CRL(crl, &p) };
	s->want.crls = &s->crl;
	s->want.n_crls = 1;
	X509_CRL_free(crl);
	mint_sign(s->report, s->key);
	expect(s, what, failed, why);
	free_scene(s);
}

static void run_crls(size_t kind)
{
	int f = kinds[kind].family, other = (f + 1) % N_FAMILIES;
	char ark[32], other_name[32];

	family_name(ark, "ARK-", f);
	family_name(other_name, "ARK-", other);
	run_crl(kind, "a list without the CA", ark, keys[f].ark, 99, 10, NULL, NULL);
	run_crl(kind, "the ASK is revoked", ark, keys[f].ark,
		kinds[kind].vlek ? 3 : 2, 10, "revocation", "was revoked");
	run_crl(kind, "the ARK is revoked", ark, keys[f].ark, 1, 10, "revocation",
		"the ARK was revoked");
	run_crl(kind, "a list of another ARK", other_name, keys[other].ark, 99, 10,
		"revocation", "no revocation list is of ARK");
	run_crl(kind, "a list that another signed", ark, keys[other].ark, 99, 10,
		"revocation", "did not sign");
	run_crl(kind, "an expired list", ark, keys[f].ark, 99, 200, "revocation",
		"has expired");
	run_crl(kind, "a list that is not valid yet", ark, keys[f].ark, 99, -10,
		"revocation", "not valid yet");
}

static void test_bad_crl(void)
{
	struct scene *s = new_scene(1);
	struct ccg_certs *certs;
	struct verified res;

	s->crl_der[0] = 0x30;
	s->crl = (struct ccg_bytes) { s->crl_der, 10 };
	s->want.crls = &s->crl;
	s->want.n_crls = 1;
	mint_sign(s->report, s->key);
	certs = certs_of(s);
	s->want.certs = certs;
	res = verify_bytes(s->report, CCG_SNP_REPORT_LEN, &s->want);
	ok(res.rc == -22, "a malformed list is an error");
	ccg_report_verdict_clear(&res.v);
	ccg_certs_free(certs);
	free_scene(s);
}

/* ---- bytes ---- */

static bool refused(const uint8_t *report, const struct ccg_report_want *want)
{
	struct verified res = verify_bytes(report, CCG_SNP_REPORT_LEN, want);
	bool yes = res.rc == -EBADMSG || (!res.rc && res.v.failed);

	ccg_report_verdict_clear(&res.v);
	return yes;
}

/* No byte of a report can be changed. */
static void run_flips(size_t kind, size_t step)
{
	struct scene *s = new_scene(kind);
	struct ccg_certs *certs;
	uint8_t report[CCG_SNP_REPORT_LEN];
	size_t bad = 0;

	mint_sign(s->report, s->key);
	certs = certs_of(s);
	s->want.certs = certs;
	s->want.nonce = NULL;
	ok(!refused(s->report, &s->want), "%s: bytes: the report is good", s->name);
	memcpy(report, s->report, sizeof(report));
	for (size_t i = 0; i < sizeof(report); i += step) {
		report[i] ^= 1U << i % 8;
		if (!refused(report, &s->want)) {
			printf("# byte %zu\n", i);
			bad++;
		}
		report[i] ^= 1U << i % 8;
	}
	ok(!bad, "%s: each byte, changed, is refused", s->name);
	ccg_certs_free(certs);
	free_scene(s);
}

static void run_numbers(void)
{
	/* The order of P-384, little-endian. */
	static const uint8_t order[] = {
		0x73, 0x29, 0xc5, 0xcc, 0x6a, 0x19, 0xec, 0xec, 0x7a, 0xa7, 0xb0, 0x48,
		0xb2, 0x0d, 0x1a, 0x58, 0xdf, 0x2d, 0x37, 0xf4, 0x81, 0x4d, 0x63, 0xc7,
	};
	static const struct {
		const char *what;
		int fill, less;
	} values[] = {
		{ "0", 0, -1 }, { "the order", 0xff, 0 }, { "all ones", 0xff, -1 },
	};
	static const size_t at[] = { 0x2a0, 0x2e8 };

	for (size_t n = 0; n < 2; n++) {
		for (size_t i = 0; i < ARRAY_SIZE(values); i++) {
			struct scene *s = new_scene(1);
			char what[64];

			mint_sign(s->report, s->key);
			memset(s->report + at[n], values[i].fill, 48);
			if (!values[i].less)
				memcpy(s->report + at[n], order, sizeof(order));
			snprintf(what, sizeof(what), "%c is %s", n ? 'S' : 'R',
				 values[i].what);
			expect(s, what, "signature", "order of the curve");
			free_scene(s);
		}
	}
}

/* Signs until the byte at @at is zero: libraries that take R and S for text fail. */
static void run_zero_byte(size_t at)
{
	struct scene *s = new_scene(4);
	char what[64];

	for (uint32_t i = 0; i < 100000 && (!i || s->report[at]); i++) {
		memcpy(s->report + 0x140, &i, sizeof(i));
		mint_sign(s->report, s->key);
	}
	snprintf(what, sizeof(what), "the byte of the signature at offset %#zx is 0", at);
	expect(s, what, NULL, NULL);
	free_scene(s);
}

int main(int argc, char **argv)
{
	bool quick = argc > 1 && !strcmp(argv[1], "--quick");
	static const size_t zeros[] = { 0x2a0, 0x2a0 + 47, 0x2e8, 0x2e8 + 47, 0x2b0 };

	if (ccg_ctx_new(&ctx))
		return 1;
	for (int f = 0; f < N_FAMILIES; f++)
		make_root(f);
	for (size_t i = 0; i < N_KINDS; i++) {
		run_cases(i);
		run_crls(i);
		run_flips(i, quick ? 97 : i == 1 || i == 4 ? 1 : 7);
		if (!kinds[i].vlek)
			run_hwid(i);
	}
	run_exts();
	test_bad_crl();
	run_numbers();
	for (size_t i = 0; i < (quick ? 1 : ARRAY_SIZE(zeros)); i++)
		run_zero_byte(zeros[i]);
	for (int f = 0; f < N_FAMILIES; f++)
		free_root(f);
	ccg_ctx_free(ctx);
	return tap_done();
}
