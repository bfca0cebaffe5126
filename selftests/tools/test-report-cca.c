// SPDX-License-Identifier: GPL-2.0-only
/*
 * Unit test of the checks of tokens of Arm CCA, and of a token in which one byte is
 * changed. TAP on standard output.
 *
 *	test-report-cca TOKEN KEY OTHER-KEY NONCE [--quick]
 *
 * KEY has signed TOKEN for NONCE, 64 bytes in hexadecimal; OTHER-KEY is a public key
 * too.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <ccguest/file.h>
#include <ccguest/text.h>

#include "../lib/tap.h"
#include "report/report.h"

static struct ccg_ctx *ctx;

/* Returns 0, -EBADMSG for a malformed token, or another negative errno. */
static int verify(const uint8_t *buf, size_t len, const struct ccg_report_want *want,
		  struct ccg_report_verdict *v)
{
	struct ccg_report r = { .ctx = ctx, .name = (char *)(uintptr_t)"token" };
	int rc;

	*v = (struct ccg_report_verdict) { 0 };
	if (ccg_token_parse(ctx, r.name, buf, len, &r.token))
		return -EBADMSG;
	rc = ccg_cca_verify(&r, want, v);
	ccg_token_free(r.token);
	return rc;
}

static void expect(const char *name, const uint8_t *buf, size_t len,
		   const struct ccg_report_want *want, const char *failed)
{
	struct ccg_report_verdict v;
	int rc = verify(buf, len, want, &v);
	bool good = !rc && (failed ? v.failed && !strcmp(v.failed->name, failed) :
			    !v.failed);

	ok(good, "%s: %s", name, failed ? failed : "ok");
	for (size_t i = 0; !good && i < v.n; i++)
		printf("#   %s: %d: %s\n", v.checks[i].name, v.checks[i].result,
		       v.checks[i].why);
	ccg_report_verdict_clear(&v);
}

static void test_checks(const uint8_t *buf, size_t len, struct ccg_report_want want,
			const char *other)
{
	const char *key = want.key;
	struct ccg_report_verdict v;
	uint8_t nonce[64];

	expect("a good token", buf, len, &want, NULL);
	want.key = other;
	expect("another key", buf, len, &want, "platform_signature");
	want.key = NULL;
	expect("no key", buf, len, &want, "platform_signature");
	want.key = key;
	memcpy(nonce, want.nonce, sizeof(nonce));
	nonce[63] ^= 1;
	want.nonce = nonce;
	expect("another nonce", buf, len, &want, "freshness");
	want.nonce_len = 63;
	expect("a shorter nonce", buf, len, &want, "freshness");
	want.nonce = NULL;
	ok(!verify(buf, len, &want, &v) && !v.failed && v.n &&
	   v.checks[v.n - 1].result == CCG_CHECK_SKIPPED,
	   "no nonce: freshness is not checked");
	ccg_report_verdict_clear(&v);
	want.key = "/nonexistent";
	ok(verify(buf, len, &want, &v) == -ENOENT, "a key that does not exist");
	ccg_report_verdict_clear(&v);
}

static void test_changes(uint8_t *buf, size_t len, const struct ccg_report_want *want,
			 size_t step)
{
	size_t parsed = 0, wrong = 0;

	for (size_t i = 0; i < len; i += step) {
		struct ccg_report_verdict v;
		int rc;

		buf[i] ^= 1 << i % 8;
		rc = verify(buf, len, want, &v);
		parsed += !rc;
		if (rc != -EBADMSG && (rc || !v.failed)) {
			wrong++;
			printf("# accepted: byte %zu: %d\n", i, rc);
		}
		ccg_report_verdict_clear(&v);
		buf[i] ^= 1 << i % 8;
	}
	ok(!wrong && parsed, "a changed byte is refused");
	printf("# %zu bytes, %zu changes reached the checks\n", len, parsed);
}

int main(int argc, char **argv)
{
	size_t step = argc > 5 ? 13 : 1, len, nonce_len;
	struct ccg_report_want want = { 0 };
	uint8_t nonce[64], *buf;

	if (argc < 5 || ccg_ctx_new(&ctx) ||
	    ccg_file_load(ctx, argv[1], CCG_REPORT_FILE_MAX, &buf, &len) ||
	    ccg_unhex(argv[4], nonce, sizeof(nonce), &nonce_len) || nonce_len != 64)
		return 1;
	want.key = argv[2];
	want.nonce = nonce;
	want.nonce_len = nonce_len;
	test_checks(buf, len, want, argv[3]);
	test_changes(buf, len, &want, step);
	free(buf);
	ccg_ctx_free(ctx);
	return tap_done();
}
