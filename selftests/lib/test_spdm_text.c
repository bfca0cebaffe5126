// SPDX-License-Identifier: GPL-2.0-only
/*
 * Unit tests of lib/spdm_text.c: the sentence of each kind of failure.
 */
#include <stdlib.h>

#include "../../lib/spdm_text.h"
#include "tap.h"

static const struct {
	struct spdm_failure f;
	const char *text;
} sentences[] = {
	/* Failures of a chain. */
	{ { SPDM_STAGE_CHAIN, 3, -ENOKEY, { .what = "Root certificate not found",
	    .detail = "C=US, CN=Root" } },
	  "Root certificate for slot 3 not found in .cma keyring: C=US, CN=Root" },
	{ { SPDM_STAGE_CHAIN, 0, -EKEYREJECTED, {
	    .what = "Certificate is not that of a CA",
	    .field = "basicConstraints", .detail = "certificate 1" } },
	  "Slot 0: Certificate is not that of a CA: certificate 1" },
	{ { SPDM_STAGE_CHAIN, 7, -EKEYEXPIRED, {
	    .what = "Certificate has expired", .detail = "certificate 2" } },
	  "Slot 7: Certificate has expired: certificate 2" },
	{ { SPDM_STAGE_CHAIN, 0, -ENOMEM, { .what = "Verification failed" } },
	  "Slot 0: Verification failed: error -12" },
	/* Malformed responses. */
	{ { SPDM_STAGE_DIGESTS, SPDM_NO_SLOT, -EPROTO, {
	    .what = "Malformed digests response", .field = "SPDMVersion",
	    .value = 0x10, .limit = 0x12 } },
	  "Malformed digests response: SPDMVersion at offset 0 (0x10 against 0x12)" },
	{ { SPDM_STAGE_CERTIFICATE, 1, -EPROTO, {
	    .what = "Malformed certificate response",
	    .field = "RemainderLength", .offset = 6, .value = 5, .limit = 4 } },
	  "Slot 1: Malformed certificate response: RemainderLength at offset 6 (0x5 against 0x4)" },
	{ { SPDM_STAGE_VERSION, SPDM_NO_SLOT, -EIO, {
	    .what = "Truncated version response", .offset = 4, .value = 4,
	    .limit = 6 } },
	  "Truncated version response: 4 bytes, at least 6 wanted" },
	{ { SPDM_STAGE_CERTIFICATE, 2, -EMSGSIZE, {
	    .what = "Certificate chain is too long", .value = 65535,
	    .limit = 4096 } },
	  "Slot 2: Certificate chain is too long: 65535 bytes, at most 4096 wanted" },
	{ { SPDM_STAGE_CHALLENGE, 0, -EMSGSIZE, {
	    .what = "Request is too long for the responder", .value = 44,
	    .limit = 42 } },
	  "Slot 0: Request is too long for the responder: 44 bytes, at most 42 wanted" },
	/* ERROR responses, by name, with the request and more. */
	{ { SPDM_STAGE_CHALLENGE, 0, -EBUSY, { .what = "Busy",
	    .field = "Param1", .offset = 2, .error = 3, .request = "CHALLENGE" } },
	  "Slot 0: Busy (ERROR 0x03, data 0x00) in answer to CHALLENGE" },
	{ { SPDM_STAGE_VERSION, SPDM_NO_SLOT, -EIO, {
	    .what = "Undefined error", .value = 0x99, .error = 0xfe,
	    .request = "GET_VERSION" } },
	  "Undefined error (ERROR 0xfe, data 0x99) in answer to GET_VERSION" },
	{ { SPDM_STAGE_ALGORITHMS, SPDM_NO_SLOT, -EINVAL, {
	    .what = "Invalid request", .error = 1, .request = "NEGOTIATE_ALGORITHMS",
	    .detail = "offered x" } },
	  "Invalid request (ERROR 0x01, data 0x00) in answer to NEGOTIATE_ALGORITHMS: offered x" },
	/* No response; a wrong signature. */
	{ { SPDM_STAGE_VERSION, SPDM_NO_SLOT, -ECONNRESET, {
	    .what = "No response" } }, "No response: error -104" },
	{ { SPDM_STAGE_VERSION, SPDM_NO_SLOT, -ECONNRESET, {
	    .what = "No response", .detail = "the connection was closed" } },
	  "No response: the connection was closed" },
	{ { SPDM_STAGE_SIGNATURE, 0, -EKEYREJECTED, {
	    .what = "Cannot verify challenge_auth signature" } },
	  "Slot 0: Cannot verify challenge_auth signature: error -129" },
	{ { SPDM_STAGE_CHALLENGE, 0, -ETIMEDOUT, { .what = "Time is up" } },
	  "Slot 0: Time is up: error -110" },
};

static void test_sentences(void)
{
	char buf[SPDM_TEXT_MAX];

	for (size_t i = 0; i < ARRAY_SIZE(sentences); i++) {
		const struct spdm_failure *f = &sentences[i].f;
		int n = spdm_failure_text(f, ".cma keyring", buf, sizeof(buf));

		ok(n == (int)strlen(buf) && !strcmp(buf, sentences[i].text),
		   "%s", buf);
	}
}

/* For each size, no byte is written after the end of the buffer. */
static void test_sizes(void)
{
	size_t bad = 0;

	for (size_t i = 0; i < ARRAY_SIZE(sentences); i++) {
		for (size_t size = 1; size < 120; size++) {
			char *buf = malloc(size);

			spdm_failure_text(&sentences[i].f, ".cma keyring", buf,
					  size);
			bad += strnlen(buf, size) == size ||
			       strncmp(buf, sentences[i].text, strlen(buf));
			free(buf);
		}
	}
	ok(!bad, "sentences are cut at any length");
}

/* The longest sentence fits into SPDM_TEXT_MAX. */
static void test_longest(void)
{
	struct spdm_failure f = {
		.stage = SPDM_STAGE_CHAIN,
		.slot = 7,
		.err = -ENOKEY,
		.fault.what = "Root certificate not found",
	};
	char buf[SPDM_TEXT_MAX];

	memset(f.fault.detail, 'x', sizeof(f.fault.detail) - 1);
	ok(spdm_failure_text(&f, "the trusted certificates", buf,
			     sizeof(buf)) == (int)strlen(buf), "the longest issuer");
	f.fault.error = 0x46;
	f.fault.request = "NEGOTIATE_ALGORITHMS";
	f.fault.what = "Request session terminated";
	f.err = -EINVAL;
	ok(spdm_failure_text(&f, "", buf, sizeof(buf)) == (int)strlen(buf),
	   "the longest ERROR");
	f.fault.error = 0;
	f.err = -EKEYREJECTED;
	f.fault.what = "Certificate is not signed by the trusted one of that name";
	ok(spdm_failure_text(&f, "", buf, sizeof(buf)) == (int)strlen(buf),
	   "the longest reason");
}

/* ---- from a verdict to a fault ---- */

static const u8 issuer[] = {
	/* CN=\x1b */
	0x30, 12, 0x31, 10, 0x30, 8, 0x06, 3, 0x55, 4, 3, 0x0c, 1, 0x1b,
};

static const struct {
	const char *what;
	struct x509_verdict v;
	int err;
	const char *detail;
} faults[] = {
	{ "no anchor: the issuer",
	  { .fault.what = "x", .issuer = issuer, .issuer_len = sizeof(issuer) },
	  -ENOKEY, "CN=\\x1b" },
	{ "a leaf that breaks the transport's rule: its detail",
	  { .fault.what = "x", .detail = "expected this, found that" },
	  -EKEYREJECTED, "expected this, found that" },
	{ "malformed: where",
	  { .at = 2, .fault = { "x", "validity", 17 } },
	  -EBADMSG, "certificate 2, validity at offset 17" },
	{ "a malformed name: where",
	  { .at = 2, .fault = { "x", "otherName", 300 } },
	  -EBADMSG, "certificate 2, otherName at offset 300" },
	{ "nothing at all: which", { .fault.what = "No certificates" },
	  -EBADMSG, "certificate 0" },
	{ "refused: which", { .at = 1, .fault = { "x", "keyUsage", 0 } },
	  -EKEYREJECTED, "certificate 1" },
};

static void test_faults(void)
{
	for (size_t i = 0; i < ARRAY_SIZE(faults); i++) {
		struct spdm_fault f;

		spdm_chain_fault(&faults[i].v, faults[i].err, &f);
		ok(f.what == faults[i].v.fault.what &&
		   !strcmp(f.detail, faults[i].detail), "%s: %s",
		   faults[i].what, f.detail);
	}
}

static const struct {
	const char *text;
	u8 low, high;
} versions[] = {
	{ "1.0", 0x10, 0x10 }, { "1.3", 0x13, 0x13 }, { "1.0-1.3", 0x10, 0x13 },
	{ "1.2-1.2", 0x12, 0x12 }, { "1.4", 0x14, 0x14 }, { "1.1-1.4", 0x11, 0x14 },
	{ "", 0, 0 }, { "1", 0, 0 }, { "1.", 0, 0 }, { "1.5", 0, 0 },
	{ "2.0", 0, 0 }, { "1.2-", 0, 0 },
	{ "1.3-1.2", 0, 0 }, { "1.2-1.5", 0, 0 }, { "1.2x", 0, 0 },
	{ "1.2-1.3x", 0, 0 }, { " 1.2", 0, 0 },
	{ "1.2 ", 0, 0 }, { "1.2-1.3-1.3", 0, 0 },
};

static void test_versions(void)
{
	for (size_t i = 0; i < ARRAY_SIZE(versions); i++) {
		u8 low = 0, high = 0;
		int rc = spdm_parse_versions(versions[i].text, &low, &high);

		ok(rc == (versions[i].low ? 0 : -EINVAL) &&
		   low == versions[i].low && high == versions[i].high,
		   "versions '%s'", versions[i].text);
	}
}

int main(void)
{
	test_sentences();
	test_sizes();
	test_longest();
	test_faults();
	test_versions();
	return tap_done();
}
