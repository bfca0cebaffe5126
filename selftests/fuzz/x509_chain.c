// SPDX-License-Identifier: GPL-2.0-only
/*
 * Fuzz target: the input is a policy of four bytes and a certificate chain.
 *
 * Checks that a chain is accepted only if all its certificates were loaded,
 * anchored and verified down to the leaf, and that a refusal has a sentence of
 * printable characters.
 *
 * The first byte selects whether a name is required, the policy for validity
 * periods, and whether the leaf may be generic. The other bytes select the
 * certificate that cannot be loaded, the trusted certificates (one bit each),
 * and the certificate without a signature. Certificates that are not trusted
 * may have the first certificate of the chain as their CA outside the chain, or
 * what the kernel keeps of a CA; bits 5 and 6 of the first byte select this.
 */
#include "../../lib/spdm_text.h"
#include "../../lib/x509_cma.h"
#include "fuzz.h"

#define NVME "Vendor=1b36:Device=0010:CC=010802:REV=02:SSVID=1af4:SSID=1100"
#define NOW 1800000000
#define GENERIC 0x08
#define OUTSIDE 0x20
#define FACTS 0x40

struct world {
	const u8 *in;
	const u8 *begin, *start, *end;
	size_t first_len;
	size_t at, loads, verified, self;
	bool checked, outside;
};

static int load(void *ctx, const struct x509_cert *cert)
{
	struct world *w = ctx;

	if (cert->raw == w->begin) {
		w->start = w->begin;
		w->first_len = cert->raw_len;
		w->at = 0;
		w->verified = 0;
		w->self = 0;
	} else {
		w->at++;
	}
	require(++w->loads <= 2 * X509_CHAIN_MAX);
	require(w->at < X509_CHAIN_MAX && cert->raw == w->start);
	require(cert->raw_len && cert->raw_len <= (size_t)(w->end - w->start));
	w->start += cert->raw_len;
	return w->at + 1 == w->in[1] ? -EKEYREJECTED : 0;
}

static int trusted(void *ctx, const struct x509_cert *cert)
{
	struct world *w = ctx;

	require(cert->raw + cert->raw_len == w->start);
	return w->at < 8 && w->in[2] & 1 << w->at;
}

static int issuer(void *ctx, const struct x509_cert *cert, size_t n,
		  struct x509_ca *ca)
{
	struct world *w = ctx;

	require(cert->raw + cert->raw_len == w->start);
	if (n > 1 || !(w->in[0] & OUTSIDE))
		return 0;
	*ca = (struct x509_ca) { .der = w->begin, .len = w->first_len };
	if (w->in[0] & FACTS)
		*ca = (struct x509_ca) {
			.subject = cert->issuer + 2,
			.subject_len = cert->issuer_len - 2,
			.ca = w->in[3] & 1,
			.cert_sign = w->in[3] & 2,
			.key_allowed = w->in[3] & 4,
		};
	return 1;
}

static int verify_outside(void *ctx)
{
	struct world *w = ctx;

	w->outside = true;
	return w->at == w->in[3] ? -EKEYREJECTED : 0;
}

static int verify(void *ctx)
{
	struct world *w = ctx;

	w->verified++;
	require(w->verified <= w->at);
	return w->at == w->in[3] ? -EKEYREJECTED : 0;
}

static int verify_self(void *ctx)
{
	struct world *w = ctx;

	require(!w->at && !w->self++);
	return w->at == w->in[3] ? -EKEYREJECTED : 0;
}

static int check_root(void *ctx, const u8 *der, size_t len)
{
	struct world *w = ctx;

	require(der == w->begin && len == w->first_len && !w->at);
	return 0;
}

static int check_leaf(void *ctx, const struct x509_path *path,
		      struct x509_fault *fault, char *detail, size_t size)
{
	struct world *w = ctx;
	int rc;

	w->checked = true;
	require(path->certs >= w->begin && path->certs + path->len == w->end);
	require(path->leaf->raw >= path->certs &&
		path->leaf->raw + path->leaf->raw_len == w->end);
	if (!(w->in[0] & 4))
		return 0;
	rc = x509_check_cma_name(path->leaf, NVME, fault, detail, size);
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

/* A chain that is trusted, and any other one, has the same leaf. */
static void take_leaf(const struct world *w, int rc)
{
	struct x509_verdict v;
	struct x509_cert leaf;
	int err = x509_chain_leaf(w->begin, w->end - w->begin, false, &leaf, &v);

	require(rc || !err);
	require(!err || (v.fault.what && v.at <= v.n));
	require(err || leaf.raw + leaf.raw_len == w->end);
}

int LLVMFuzzerTestOneInput(const u8 *data, size_t size)
{
	static const struct x509_chain_ops ops = {
		load, trusted, issuer, verify_outside, verify, verify_self,
		check_root, check_leaf
	};
	struct world w = { .in = data };
	struct x509_policy policy = { .now = NOW };
	struct x509_verdict v;
	int rc;

	if (size < 4)
		return 0;
	w.begin = data + 4;
	w.start = w.begin;
	w.end = data + size;
	policy.validity = (data[0] & 3) % 3;
	policy.generic = data[0] & GENERIC;

	rc = x509_verify_chain(data + 4, size - 4, &policy, &ops, &w, &v);
	take_leaf(&w, rc);
	if (rc) {
		require(rc == -EBADMSG || rc == -ENOKEY ||
			rc == -EKEYREJECTED || rc == -EKEYEXPIRED);
		require(v.fault.what && v.at <= v.n);
		say(&v, rc);
		return 0;
	}
	require(!v.fault.what && v.n && w.at == v.n - 1 && w.start == w.end);
	require(w.verified >= v.n - 1 - v.anchor && w.verified <= v.n - 1);
	require(v.outside ? w.outside :
		v.anchor < 8 && data[2] & 1 << v.anchor);
	require(v.subject || (v.outside && data[0] & FACTS));
	require(w.checked && !v.detail[0]);
	require(!v.expired.what || policy.validity == X509_VALIDITY_WARN);
	return 0;
}
