// SPDX-License-Identifier: GPL-2.0-only
/*
 * Fuzz target: the input is a policy of four bytes and a certificate chain.
 *
 * Checks that a chain is accepted only if all its certificates were loaded,
 * anchored and verified down to the leaf, and that a refusal has a sentence of
 * printable characters.
 *
 * The first byte selects whether a name is required, and the policy for
 * validity periods. The other bytes select the certificate that cannot be
 * loaded, the trusted certificates (one bit each), and the certificate without
 * a signature.
 */
#include "../../lib/spdm_text.h"
#include "../../lib/x509_cma.h"
#include "fuzz.h"

#define NVME "Vendor=1b36:Device=0010:CC=010802:REV=02:SSVID=1af4:SSID=1100"
#define NOW 1800000000

struct world {
	const u8 *in;
	const u8 *start, *end;
	size_t loaded, verified;
	bool checked;
};

static int load(void *ctx, size_t i, const struct x509_cert *cert)
{
	struct world *w = ctx;

	require(i == w->loaded && i < X509_CHAIN_MAX);
	require(cert->raw == w->start);
	require(cert->raw_len && cert->raw_len <= (size_t)(w->end - w->start));
	w->start += cert->raw_len;
	if (i + 1 == w->in[1])
		return -EKEYREJECTED;
	w->loaded++;
	return 0;
}

static int anchored(void *ctx, size_t i)
{
	struct world *w = ctx;

	require(i < w->loaded && w->start == w->end);
	return i < 8 && w->in[2] & 1 << i ? 1 : i == 9 ? -EKEYREJECTED : 0;
}

static int verify(void *ctx, size_t i, size_t issuer)
{
	struct world *w = ctx;

	require(i < w->loaded && issuer == i - 1 && i == w->verified + 1);
	w->verified++;
	return i == w->in[3] ? -EKEYREJECTED : 0;
}

static int check_leaf(void *ctx, const struct x509_cert *leaf,
		      struct x509_fault *fault, char *detail, size_t size)
{
	struct world *w = ctx;
	int rc;

	w->checked = true;
	if (!(w->in[0] & 4))
		return 0;
	rc = x509_check_cma_name(leaf, NVME, fault, detail, size);
	require(rc != -EKEYREJECTED || !strncmp(detail, "expected ", 9));
	return rc;
}

static void say(const struct x509_verdict *v, int rc)
{
	struct spdm_failure f = { .stage = SPDM_STAGE_CHAIN, .err = rc };
	char text[SPDM_TEXT_MAX];

	spdm_chain_fault(v, rc, &f.fault);
	require(spdm_failure_text(&f, "trust", text, sizeof(text)) ==
		(int)strlen(text));
	for (const char *p = text; *p; p++)
		require(*p >= ' ' && *p <= '~');
}

int LLVMFuzzerTestOneInput(const u8 *data, size_t size)
{
	static const struct x509_chain_ops ops = {
		load, anchored, verify, check_leaf
	};
	struct world w = { .in = data };
	struct x509_policy policy = { .now = NOW };
	struct x509_verdict v;
	int rc;

	if (size < 4)
		return 0;
	w.start = data + 4;
	w.end = data + size;
	policy.validity = (data[0] & 3) % 3;

	rc = x509_verify_chain(data + 4, size - 4, &policy, &ops, &w, &v);
	if (rc) {
		require(rc == -EBADMSG || rc == -ENOKEY ||
			rc == -EKEYREJECTED || rc == -EKEYEXPIRED);
		require(v.fault.what && v.at <= v.n);
		say(&v, rc);
		return 0;
	}
	require(!v.fault.what && v.n && w.loaded == v.n && w.verified == v.n - 1);
	require(v.anchor < 8 && data[2] & 1 << v.anchor);
	require(w.checked && !v.detail[0]);
	require(!v.expired.what || policy.validity == X509_VALIDITY_WARN);
	return 0;
}
