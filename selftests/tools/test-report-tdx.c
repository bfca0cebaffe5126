// SPDX-License-Identifier: GPL-2.0-only
/*
 * Unit test of quotes of TDX: each fault of the parser, each check that can fail, and
 * a quote in which one byte is changed. TAP on standard output.
 *
 *	test-report-tdx [--quick]
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "../lib/tap.h"
#include "env.h"
#include "report/tdx_verify.h"
#include "tdx-mint.h"

static struct ccg_ctx *ctx;
static char root_hash[65];
static const uint8_t nonce[64] = {
	[0 ... 63] = 'n',
};

/* In place of Intel's. */
const char *ccg_tdx_root_at(size_t i)
{
	return i ? NULL : root_hash;
}

/**
 * struct verified - a quote that was verified
 * @rc: what the parser or ccg_tdx_verify() returned
 * @v: the checks
 */
struct verified {
	int rc;
	struct ccg_report_verdict v;
};

static struct verified verify(const uint8_t *buf, size_t len,
			      const struct ccg_report_want *want)
{
	struct verified res = { 0 };
	struct report_fault fault;
	struct tdx_quote q;
	struct ccg_report r = {
		.ctx = ctx, .name = (char *)(uintptr_t)"quote", .quote = &q,
	};

	res.rc = ccg_tdx_parse(buf, len, &q, &fault);
	if (!res.rc)
		res.rc = ccg_tdx_verify(&r, want, &res.v);
	return res;
}

static void show(const struct verified *res)
{
	for (size_t i = 0; i < res->v.n; i++)
		printf("#   %s: %d: %s\n", res->v.checks[i].name,
		       res->v.checks[i].result, res->v.checks[i].why);
}

static const struct ccg_check *find(const struct verified *res, const char *name)
{
	for (size_t i = 0; i < res->v.n; i++)
		if (!strcmp(res->v.checks[i].name, name))
			return &res->v.checks[i];
	return NULL;
}

static void pin(struct tdx_spec *s)
{
	uint8_t digest[32];

	if (!X509_digest(tdx_root(s), EVP_sha256(), digest, NULL))
		abort();
	for (size_t i = 0; i < sizeof(digest); i++)
		snprintf(root_hash + 2 * i, 3, "%02x", digest[i]);
}

/* ---- the parser ---- */

/* A change of one byte, or another length, and the beginning of the fault. */
static const struct parse_case {
	const char *name;
	size_t at;
	int value;
	size_t len;
	size_t offset;
	const char *why;
} parse_cases[] = {
	{ "nothing", 0, -1, 1, 0, "the header has 48 bytes, but only 1 bytes follow" },
	{ "half a header", 0, -1, 0x2f, 0, "the header has 48 bytes" },
	{ "version 3", 0, 3, 0, 0, "the version is 3, not 4 or 5" },
	{ "version 6", 0, 6, 0, 0, "the version is 6, not 4 or 5" },
	{ "P-384", 2, 3, 0, 2, "the type of the attestation key is 3" },
	{ "SGX", 4, 0, 0, 4, "the TEE type is 0x0" },
	{ "no descriptor", 0, -1, 0x35, 0x30, "the descriptor of the body has 6" },
	{ "a body of SGX", 0x30, 1, 0, 0x30, "the type of the body is 1" },
	{ "a body of type 4", 0x30, 4, 0, 0x30, "the type of the body is 4" },
	{ "a body of the other type", 0x30, 2, 0, 0x32, "the length of the body is 648" },
	{ "a body that is too long", 0x33, 3, 0, 0x32, "the length of the body is" },
	{ "half a body", 0, -1, 0x200, 0x36, "the body has 648 bytes" },
	{ "no signature data", 0, -1, 0x2c0, 0x2be, "the length of the signature data" },
	{ "signature data that is too long", 0x2c1, 1, 0, 0x2be, "the signature data has" },
	{ "another certification", 0x342, 5, 0, 0x342, "the type of the certification data is 5" },
	{ "a longer certification", 0x346, 1, 0, 0x344, "the length of the certification" },
	{ "other certificates", 0x52a, 1, 0, 0x52a, "the type of the chain of the PCK is 1" },
	{ "longer certificates", 0x52e, 1, 0, 0x52c, "the length of the chain" },
	{ "long authentication data", 0x509, 0xff, 0, 0x50a, "the authentication data has" },
};

static void test_parse_faults(void)
{
	uint8_t quote[TDX_QUOTE_MAX], copy[TDX_QUOTE_MAX];
	struct report_fault fault;
	struct tdx_spec s;
	struct tdx_quote q;
	size_t len;

	tdx_spec_init(&s, 5, true);
	len = tdx_quote_make(&s, quote);
	for (size_t i = 0; i < ARRAY_SIZE(parse_cases); i++) {
		const struct parse_case *c = &parse_cases[i];
		int rc;

		memcpy(copy, quote, len);
		if (c->value >= 0)
			copy[c->at] = c->value;
		fault = (struct report_fault) { 0 };
		rc = ccg_tdx_parse(copy, c->len ? c->len : len, &q, &fault);
		ok(rc == -EBADMSG && fault.offset == c->offset &&
		   !strncmp(fault.why, c->why, strlen(c->why)), "parser: %s", c->name);
		if (rc != -EBADMSG || fault.offset != c->offset)
			printf("# %d: offset %#zx: %s\n", rc, fault.offset, fault.why);
	}
	for (size_t n = 0; n < len; n++)
		if (!ccg_tdx_parse(quote, n, &q, &fault)) {
			ok(false, "parser: only %zu bytes", n);
			break;
		}
	ok(ccg_tdx_parse(quote, 0, &q, &fault) == -EBADMSG, "parser: every shorter quote");
	tdx_spec_free(&s);
}

static void test_parse(void)
{
	uint8_t quote[TDX_QUOTE_MAX] = { 0 };
	struct report_fault fault;
	struct tdx_spec s;
	struct tdx_quote q;
	size_t len;

	tdx_spec_init(&s, 5, true);
	len = tdx_quote_make(&s, quote);
	ok(!ccg_tdx_parse(quote, len, &q, &fault) && q.t.version == 5 &&
	   q.t.key_type == 2 && q.t.body_type == 3 && q.t.has_15 && q.t.len == len &&
	   q.t.td_attributes == 0x10000000 && q.t.xfam == 0xe7 &&
	   !q.t.seam_attributes && !memcmp(q.t.tee_tcb_svn, s.body, 16) &&
	   !memcmp(q.t.mr_seam, s.body + 0x10, 48) &&
	   !memcmp(q.t.mr_td, s.body + 0x88, 48) &&
	   !memcmp(q.t.mr_config_id, s.body + 0xb8, 48) &&
	   !memcmp(q.t.mr_owner, s.body + 0xe8, 48) &&
	   !memcmp(q.t.mr_owner_config, s.body + 0x118, 48) &&
	   !memcmp(q.t.rtmr[0], s.body + 0x148, 48) &&
	   !memcmp(q.t.rtmr[3], s.body + 0x1d8, 48) &&
	   !memcmp(q.t.report_data, nonce, 64) &&
	   !memcmp(q.t.tee_tcb_svn_2, s.body + 0x248, 16) &&
	   !memcmp(q.t.mr_service_td, s.body + 0x258, 48) &&
	   q.body.p == quote && q.body.len == 0x36 + 648 && q.qe_auth.len == 32,
	   "parser: the fields of version 5, TD 1.5");
	ok(!ccg_tdx_parse(quote, sizeof(quote), &q, &fault) && q.t.len == len,
	   "parser: zeros may follow");
	quote[sizeof(quote) - 1] = 1;
	ok(ccg_tdx_parse(quote, sizeof(quote), &q, &fault) == -EBADMSG &&
	   fault.offset == sizeof(quote) - 1, "parser: nothing else may follow");
	tdx_spec_free(&s);
	tdx_spec_init(&s, 4, false);
	len = tdx_quote_make(&s, quote);
	ok(!ccg_tdx_parse(quote, len, &q, &fault) && q.t.version == 4 &&
	   q.t.body_type == 2 && !q.t.has_15 && q.body.len == 0x30 + 584,
	   "parser: version 4");
	tdx_spec_free(&s);
}

static void test_names(void)
{
	size_t n = 0;

	for (unsigned int bit = 0; bit < 64; bit++)
		n += !!ccg_tdx_attribute_name(bit);
	ok(n == 12 && !strcmp(ccg_tdx_attribute_name(0), "debug") &&
	   !strcmp(ccg_tdx_attribute_name(28), "sept_ve_disable") &&
	   !strcmp(ccg_tdx_attribute_name(63), "perfmon") && !ccg_tdx_attribute_name(64),
	   "names of TD attributes");
}

/* ---- the extension of PCK certificates ---- */

static void test_pck(void)
{
	struct report_fault fault;
	uint8_t ext[TDX_EXT_MAX];
	struct tdx_spec s;
	struct tdx_pck p;
	size_t good = 0;

	tdx_spec_init(&s, 4, false);
	ok(!ccg_tdx_pck_parse(s.ext, s.ext_len, &p, &fault) && p.pcesvn == 13 &&
	   p.fmspc[0] == 0x90 && p.fmspc[2] == 0x6f && p.cpusvn[0] == 4,
	   "PCK extension: its fields");
	for (size_t n = 0; n < s.ext_len; n++)
		good += !ccg_tdx_pck_parse(s.ext, n, &p, &fault);
	ok(!good, "PCK extension: every shorter one");
	memcpy(ext, s.ext, s.ext_len);
	ext[s.ext_len] = 0;
	ok(ccg_tdx_pck_parse(ext, s.ext_len + 1, &p, &fault) == -EBADMSG,
	   "PCK extension: a byte follows");
	/* The last pair is FMSPC: its identifier's last component. */
	memcpy(ext, s.ext, s.ext_len);
	ext[s.ext_len - 9] = 3;
	ok(ccg_tdx_pck_parse(ext, s.ext_len, &p, &fault) == -EBADMSG &&
	   strstr(fault.why, "two pairs with number 3"), "PCK extension: a pair twice");
	ext[s.ext_len - 9] = 7;
	ok(ccg_tdx_pck_parse(ext, s.ext_len, &p, &fault) == -EBADMSG &&
	   strstr(fault.why, "no FMSPC"), "PCK extension: no FMSPC");
	tdx_spec_free(&s);
}

/* ---- each check ---- */

static void no_change(struct tdx_spec *s) { (void)s; }
static void other_ak(struct tdx_spec *s) { s->by_ak = s->pck; }
static void other_pck(struct tdx_spec *s) { s->by_pck = s->ak; }
static void other_ca(struct tdx_spec *s) { s->by_ca = s->ak; }
static void other_root(struct tdx_spec *s) { s->by_root = s->ak; }
static void wrong_hash(struct tdx_spec *s) { s->wrong_data = 31; }
static void wrong_rest(struct tdx_spec *s) { s->wrong_data = 63; }
static void qe_signer(struct tdx_spec *s) { s->qe[128] ^= 1; }
static void qe_signer_end(struct tdx_spec *s) { s->qe[159] ^= 1; }
static void qe_product(struct tdx_spec *s) { s->qe[256] = 1; }
static void qe_debug(struct tdx_spec *s) { s->qe[48] |= 2; }
static void qe_no_key(struct tdx_spec *s) { s->qe[48] &= ~0x10; }
static void qe_attribute(struct tdx_spec *s) { s->qe[55] = 0x80; }
static void qe_misc(struct tdx_spec *s) { s->qe[19] = 1; }
static void qe_vendor(struct tdx_spec *s) { s->header[0x0c] ^= 1; }
static void seam(struct tdx_spec *s) { s->body[0x70] = 1; }
static void pck_expired(struct tdx_spec *s) { s->pck_after = TDX_NOW - 1; }
static void ca_early(struct tdx_spec *s) { s->ca_before = TDX_NOW + 10; }
static void root_early(struct tdx_spec *s) { s->root_before = TDX_NOW + 10; }
static void no_ca(struct tdx_spec *s) { s->no_ca = true; }
static void no_root(struct tdx_spec *s) { s->no_root = true; }
static void is_no_ca(struct tdx_spec *s) { s->ca_no_ca = true; }
static void garbage(struct tdx_spec *s) { s->garbage = true; }
static void no_ext(struct tdx_spec *s) { s->ext_len -= s->ext_len; }
static void bad_ext(struct tdx_spec *s) { s->ext_len--; }
static void other_nonce(struct tdx_spec *s) { s->body[0x208 + 63] ^= 1; }

static const struct {
	const char *name;
	void (*change)(struct tdx_spec *s);
	const char *failed;
	const char *why;
} cases[] = {
	{ "good", no_change, NULL, NULL },
	{ "another key signs", other_ak, "signature", "did not sign this quote" },
	{ "another PCK", other_pck, "qe_signature", "did not sign the report" },
	{ "another PCK CA", other_ca, "chain", "signature of the PCK certificate" },
	{ "another root key", other_root, "chain", "signature of the PCK CA" },
	{ "the hash of another key", wrong_hash, "attestation_key", "did not certify" },
	{ "something follows the hash", wrong_rest, "attestation_key", "did not certify" },
	{ "another signer of the QE", qe_signer, "quoting_enclave", "MRSIGNER" },
	{ "last byte of the signer", qe_signer_end, "quoting_enclave", "MRSIGNER" },
	{ "the QE for SGX", qe_product, "quoting_enclave", "ISVPRODID" },
	{ "a QE that is debugged", qe_debug, "quoting_enclave", "ATTRIBUTES" },
	{ "a QE without its key", qe_no_key, "quoting_enclave", "ATTRIBUTES" },
	{ "a QE with a new attribute", qe_attribute, "quoting_enclave", "ATTRIBUTES" },
	{ "MISCSELECT", qe_misc, "quoting_enclave", "MISCSELECT" },
	{ "another vendor", qe_vendor, "quoting_enclave", "vendor" },
	{ "a TDX module for tests", seam, "seam_attributes", "0x1" },
	{ "the PCK certificate expired", pck_expired, "chain", "PCK certificate has expired" },
	{ "a PCK CA of tomorrow", ca_early, "chain", "PCK CA is not valid yet" },
	{ "a root of tomorrow", root_early, "chain", "root is not valid yet" },
	{ "no PCK CA", no_ca, "chain", "issuer of the PCK certificate" },
	{ "no root", no_root, "root", "neither the quote nor --certs" },
	{ "a PCK CA that is no CA", is_no_ca, "chain", "PCK CA" },
	{ "no certificates", garbage, "certificate", "the certificates in the quote" },
	{ "no SGX extension", no_ext, "pck", "no PCK certificate" },
	{ "half an SGX extension", bad_ext, "pck", "offset 0" },
	{ "another nonce", other_nonce, "freshness", "another nonce" },
};

static struct ccg_report_want want_of(void)
{
	return (struct ccg_report_want) {
		.nonce = nonce, .nonce_len = sizeof(nonce), .at = TDX_NOW,
	};
}

static void expect(const char *name, const struct verified *res, const char *failed,
		   const char *why)
{
	bool good = !res->rc && (failed ? res->v.failed &&
		    !strcmp(res->v.failed->name, failed) &&
		    strstr(res->v.failed->why, why) : !res->v.failed);

	ok(good, "%s: %s", name, failed ? failed : "ok");
	if (!good)
		show(res);
}

static void test_checks(unsigned int version, bool td_15)
{
	struct ccg_report_want want = want_of();
	uint8_t quote[TDX_QUOTE_MAX];
	struct verified res;
	char name[96];

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct tdx_spec s;

		tdx_spec_init(&s, version, td_15);
		cases[i].change(&s);
		pin(&s);
		res = verify(quote, tdx_quote_make(&s, quote), &want);
		snprintf(name, sizeof(name), "version %u, %s", version, cases[i].name);
		expect(name, &res, cases[i].failed, cases[i].why);
		ccg_report_verdict_clear(&res.v);
		tdx_spec_free(&s);
	}
}

/* What is said where nothing is compared, and where all is well. */
static void test_words(void)
{
	struct ccg_report_want want = want_of();
	uint8_t quote[TDX_QUOTE_MAX];
	const struct ccg_check *c;
	struct verified res;
	struct tdx_spec s;
	size_t len;

	tdx_spec_init(&s, 4, false);
	pin(&s);
	len = tdx_quote_make(&s, quote);
	want.nonce = NULL;
	res = verify(quote, len, &want);
	c = find(&res, "freshness");
	ok(c && c->result == CCG_CHECK_SKIPPED, "no nonce: freshness is not checked");
	c = find(&res, "revocation");
	ok(c && c->result == CCG_CHECK_SKIPPED, "no list: revocation is not checked");
	c = find(&res, "tcb_level");
	ok(c && c->result == CCG_CHECK_SKIPPED &&
	   strstr(c->why, "TCB level not evaluated") && strstr(c->why, "90c06f000000") &&
	   strstr(c->why, "PCESVN 13") && strstr(c->why, "enclave 6"),
	   "the TCB level is not evaluated, and the check says so");
	c = find(&res, "pck");
	ok(c && c->result == CCG_CHECK_OK && strstr(c->why, "FMSPC 90c06f000000") &&
	   strstr(c->why, "PCESVN 13"), "FMSPC and PCESVN are shown");
	ok(!res.v.failed, "none of them fails");
	ccg_report_verdict_clear(&res.v);
	/* The same quote, but the root is not the pinned one. */
	root_hash[0] ^= 1;
	res = verify(quote, len, &want);
	expect("a root that is not pinned", &res, "root", "the root is not Intel's");
	ccg_report_verdict_clear(&res.v);
	want.at = TDX_NOW + 2L * TDX_YEAR;
	pin(&s);
	res = verify(quote, len, &want);
	expect("two years later", &res, "chain", "PCK certificate has expired");
	ccg_report_verdict_clear(&res.v);
	tdx_spec_free(&s);
}

static void test_given_root(void)
{
	struct ccg_report_want want = want_of();
	uint8_t quote[TDX_QUOTE_MAX], *der = NULL;
	struct ccg_certs *certs = NULL;
	struct verified res;
	struct tdx_spec s;
	int n;

	tdx_spec_init(&s, 4, false);
	s.no_root = true;
	pin(&s);
	n = i2d_X509(tdx_root(&s), &der);
	ok(n > 0 && !ccg_certs_parse(ctx, "root", der, n, &certs), "a root is given");
	want.certs = certs;
	res = verify(quote, tdx_quote_make(&s, quote), &want);
	expect("the root is among the given certificates", &res, NULL, NULL);
	ccg_report_verdict_clear(&res.v);
	ccg_certs_free(certs);
	OPENSSL_free(der);
	tdx_spec_free(&s);
}

/* ---- revocation ---- */

/* A list; @of_root -1: there is none. */
struct list {
	int of_root;
	long revoked;
	long before, after;
	bool by_other;
};

#define LIST(root, serial)	{ (root), (serial), TDX_NOW - TDX_YEAR, TDX_NOW + TDX_YEAR, false }
#define ROOT_LIST	LIST(1, 99)
#define CA_LIST		LIST(0, 99)

static const struct {
	const char *name;
	struct list lists[2];
	enum ccg_check_result result;
	const char *why;
} crl_cases[] = {
	{ "both lists", { ROOT_LIST, CA_LIST }, CCG_CHECK_OK, "neither" },
	{ "only that of the root", { ROOT_LIST, { .of_root = -1 } }, CCG_CHECK_FAILED,
	  "is of the PCK CA, for the PCK certificate" },
	{ "only that of the PCK CA", { CA_LIST, { .of_root = -1 } }, CCG_CHECK_FAILED,
	  "is of the root, for the PCK CA" },
	{ "the PCK certificate was revoked", { ROOT_LIST, LIST(0, TDX_SERIAL_PCK) },
	  CCG_CHECK_FAILED, "the PCK certificate was revoked" },
	{ "the PCK CA was revoked", { LIST(1, TDX_SERIAL_CA), CA_LIST },
	  CCG_CHECK_FAILED, "the PCK CA was revoked" },
	{ "the PCK CA was revoked, only this list",
	  { LIST(1, TDX_SERIAL_CA), { .of_root = -1 } }, CCG_CHECK_FAILED,
	  "the PCK CA was revoked" },
	{ "an expired list", { ROOT_LIST, { 0, 99, TDX_NOW - TDX_YEAR, TDX_NOW - 1, false } },
	  CCG_CHECK_FAILED, "not good: CRL has expired" },
	{ "a list of tomorrow", { { 1, 99, TDX_NOW + 10, TDX_NOW + TDX_YEAR, false }, CA_LIST },
	  CCG_CHECK_FAILED, "not good: CRL is not yet valid" },
	{ "a list that another signed",
	  { ROOT_LIST, { 0, 99, TDX_NOW - TDX_YEAR, TDX_NOW + TDX_YEAR, true } },
	  CCG_CHECK_FAILED, "not good: CRL signature failure" },
};

static void test_crls(void)
{
	uint8_t quote[TDX_QUOTE_MAX], der[2][2048];
	struct ccg_report_want want = want_of();
	const struct ccg_check *c;
	struct ccg_bytes crls[2];
	struct verified res;
	struct tdx_spec s;
	size_t len;

	tdx_spec_init(&s, 4, false);
	pin(&s);
	len = tdx_quote_make(&s, quote);
	want.crls = crls;
	for (size_t i = 0; i < ARRAY_SIZE(crl_cases); i++) {
		want.n_crls = 0;
		for (size_t k = 0; k < 2; k++) {
			const struct list *l = &crl_cases[i].lists[k];

			if (l->of_root < 0)
				continue;
			crls[k].p = der[k];
			crls[k].len = tdx_crl_make(&s, l->of_root, l->by_other ? s.ak : NULL,
						   l->revoked, l->before, l->after, der[k],
						   sizeof(der[k]));
			want.n_crls++;
		}
		res = verify(quote, len, &want);
		c = find(&res, "revocation");
		ok(!res.rc && c && c->result == crl_cases[i].result &&
		   strstr(c->why, crl_cases[i].why), "revocation: %s", crl_cases[i].name);
		if (!c || c->result != crl_cases[i].result)
			show(&res);
		ccg_report_verdict_clear(&res.v);
	}
	crls[0].len--;
	want.n_crls = 1;
	res = verify(quote, len, &want);
	ok(res.rc == -EINVAL, "revocation: a list that is cut off is an error");
	ccg_report_verdict_clear(&res.v);
	tdx_spec_free(&s);
}

/* Lists of other issuers prove nothing. */
static void test_foreign_crl(void)
{
	uint8_t quote[TDX_QUOTE_MAX], der[2048];
	struct ccg_report_want want = want_of();
	struct ccg_bytes crl = { der, 0 };
	X509_CRL *list = X509_CRL_new();
	X509_NAME *name = X509_NAME_new();
	ASN1_TIME *t = ASN1_TIME_set(NULL, TDX_NOW - 10);
	struct verified res;
	struct tdx_spec s;
	uint8_t *p = der;

	tdx_spec_init(&s, 4, false);
	pin(&s);
	X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_ASC, (const uint8_t *)"x", -1, -1, 0);
	X509_CRL_set_issuer_name(list, name);
	X509_CRL_set1_lastUpdate(list, t);
	X509_CRL_set1_nextUpdate(list, ASN1_TIME_set(t, TDX_NOW + 10));
	X509_CRL_sign(list, s.ak, EVP_sha256());
	crl.len = i2d_X509_CRL(list, &p);
	want.crls = &crl;
	want.n_crls = 1;
	res = verify(quote, tdx_quote_make(&s, quote), &want);
	expect("a list of another issuer", &res, "revocation", "no revocation list is of");
	ccg_report_verdict_clear(&res.v);
	ASN1_TIME_free(t);
	X509_NAME_free(name);
	X509_CRL_free(list);
	tdx_spec_free(&s);
}

/* ---- changes of one byte ---- */

/* Whether the certificates in the quote are still the same. */
static bool same_certs(const struct tdx_quote *q, const struct ccg_certs *want)
{
	struct ccg_certs *certs;
	bool same;

	if (ccg_certs_parse(ctx, "chain", q->chain.p, q->chain.len, &certs))
		return false;
	same = certs->n == want->n;
	for (size_t i = 0; same && i < want->n; i++)
		same = !strcmp(certs->certs[i].fingerprint, want->certs[i].fingerprint);
	ccg_certs_free(certs);
	return same;
}

/*
 * Certificates are signed, and the text around them is not: a change is accepted
 * only if the certificates stay the same.
 */
static void test_changes(unsigned int version, bool td_15, size_t step)
{
	struct ccg_report_want want = want_of();
	size_t refused = 0, same = 0, wrong = 0, start;
	uint8_t quote[TDX_QUOTE_MAX];
	struct ccg_certs *certs;
	struct report_fault fault;
	struct verified res;
	struct tdx_spec s;
	struct tdx_quote q;
	size_t len;

	tdx_spec_init(&s, version, td_15);
	pin(&s);
	len = tdx_quote_make(&s, quote);
	if (ccg_tdx_parse(quote, len, &q, &fault) ||
	    ccg_certs_parse(ctx, "chain", q.chain.p, q.chain.len, &certs))
		abort();
	start = q.chain.p - quote;
	for (size_t i = 0; i < len; i += step) {
		quote[i] ^= 1 << i % 8;
		res = verify(quote, len, &want);
		if (res.rc == -EBADMSG || res.v.failed) {
			refused++;
		} else if (i >= start && same_certs(&q, certs)) {
			same++;
		} else {
			wrong++;
			printf("# accepted: byte %#zx\n", i);
		}
		ccg_report_verdict_clear(&res.v);
		quote[i] ^= 1 << i % 8;
	}
	ok(!wrong && refused > 3 * same, "version %u: a changed byte is refused", version);
	printf("# %zu bytes: %zu refused, %zu in text around the same certificates\n",
	       len, refused, same);
	ccg_certs_free(certs);
	tdx_spec_free(&s);
}

int main(int argc, char **argv)
{
	size_t step = argc > 1 && !strcmp(argv[1], "--quick") ? 13 : 1;

	if (ccg_ctx_new(&ctx))
		return 1;
	test_parse();
	test_parse_faults();
	test_names();
	test_pck();
	test_checks(4, false);
	test_checks(5, true);
	test_words();
	test_given_root();
	test_crls();
	test_foreign_crl();
	test_changes(4, false, step);
	test_changes(5, true, step);
	ccg_ctx_free(ctx);
	return tap_done();
}
