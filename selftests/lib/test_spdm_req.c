// SPDX-License-Identifier: GPL-2.0-only
/*
 * Unit tests of lib/spdm_req.c against a responder in this file, with its own
 * transcript and with faults.
 *
 * The responder's "signature" is the digest, padded with zeros. Real signatures
 * are tested by selftests/vectors/spdm.c.
 */
#include <stdlib.h>

#include <openssl/evp.h>
#include <openssl/x509.h>

#include "../../lib/spdm_req.h"
#include "tap.h"

#define ALL_ASYM	0x1ff
#define ALL_HASH	0x3f
#define CHAIN_MAX	0x20000
/* spdm_context */
#define FOR_CHALLENGE	"responder-challenge_auth signing"
#define FOR_MEASURES	"responder-measurements signing"

struct fake;
typedef void (*mutate_fn)(struct fake *f, u8 code, u8 *rsp, int *len);

/* A responder, and the requester's functions. */
struct fake {
	u8 versions[4];
	u32 flags;
	u32 asym, pqc, hash;	/* selected algorithms */
	u8 mask;		/* provisioned slots */
	u16 usage[SPDM_SLOTS];	/* KeyUsageMask */
	u32 transfer;		/* DataTransferSize */
	u8 params;		/* OtherParamsSupport of the request */
	size_t n_certs;		/* certificates after the root */
	u32 portion;		/* limit of a portion, 0: none */
	u8 trusted;		/* mask of slots */
	u8 bad_leaf;		/* slots whose leaf cannot be used */
	u8 taken;		/* slots whose leaf was used without trust */
	u8 bad_signature;	/* mask of slots */
	int verify_err;		/* of verify_signature(), whatever the signature */
	u8 blocks;		/* measurements; 0: no measurement specification */
	u8 meas_hash;		/* MeasurementHashAlgo */
	u8 summary;		/* Param2 of the last CHALLENGE */
	u8 meas_req[64];	/* the last GET_MEASUREMENTS */
	size_t proofs;		/* calls of signature() */
	struct spdm_proof proof;
	mutate_fn mutate;
	size_t count;		/* for mutate */
	bool not_ready;		/* the deferred response is due */
	u32 step_ms;		/* time that an exchange takes */

	struct spdm_req r;
	u8 *rsp, *chains;
	struct evp_md_ctx_st *md[SPDM_N_HASH_CTX];
	u64 now;
	u8 version;
	const struct spdm_hash *h;
	const struct spdm_asym *a;
	u8 a_part[4096], b_part[0x40000];
	size_t a_len, b_len;
	u8 chain[SPDM_SLOTS][CHAIN_MAX];
	size_t chain_len[SPDM_SLOTS];
	struct spdm_tbs tbs;	/* of the last verify_signature() */
	u8 requests[2048];	/* codes, in order */
	size_t n_requests, verified;
};

static u8 *root;
static size_t root_len;

static void hash(const struct fake *f, const u8 *data, size_t len, u8 *out)
{
	EVP_Digest(data, len, out, NULL, EVP_get_digestbyname(f->h->alg), NULL);
}

/* Length, RootHash, the root, and dummy certificates of some length. */
static void make_chain(struct fake *f, u8 slot)
{
	u8 *p = f->chain[slot];
	size_t len = 4 + f->h->len;

	memcpy(p + len, root, root_len);
	len += root_len;
	for (size_t i = 0; i < f->n_certs; i++) {
		memcpy(p + len, "\x30\x82\x01\x00", 4);
		memset(p + len + 4, slot + 1, 256);
		len += 260;
	}
	put_unaligned_le32(len, p);
	hash(f, root, root_len, p + 4);
	f->chain_len[slot] = len;
}

/* The responder ------------------------------------------------------------ */

static int version(struct fake *f, u8 *rsp)
{
	int n = 0;

	f->a_len = 0;
	memset(rsp, 0, 6);
	memcpy(rsp, "\x10\x04", 2);
	for (; n < 4 && f->versions[n]; n++) {
		rsp[6 + 2 * n] = 0;
		rsp[7 + 2 * n] = f->versions[n];
	}
	rsp[5] = n;
	return 6 + 2 * n;
}

static int capabilities(struct fake *f, const u8 *req, u8 *rsp)
{
	f->version = req[0];
	memset(rsp + 4, 0, 16);
	rsp[5] = 12;
	put_unaligned_le32(f->flags, rsp + 8);
	put_unaligned_le32(f->transfer, rsp + 12);
	put_unaligned_le32(f->transfer, rsp + 16);
	return f->version >= 0x12 ? 20 : 12;
}

/* DSP0274 1.3, table 32: bit 4 is set, clear, or free. */
static bool bad_params(const struct fake *f, u8 params)
{
	u32 cap = f->flags & 0x0c000000;

	if (f->version < 0x13)
		return params & 0x10;
	return cap != 0x08000000 && !(params & 0x10) != !cap;
}

static int algorithms(struct fake *f, const u8 *req, u8 *rsp)
{
	f->params = req[7];
	if (bad_params(f, req[7])) {
		memcpy(rsp + 1, "\x7f\x01\x00", 3);
		return 4;
	}
	f->a = spdm_find_asym(f->asym, f->pqc);
	f->h = spdm_find_hash(f->hash);
	memset(rsp + 4, 0, 32);
	put_unaligned_le16(36, rsp + 4);
	rsp[6] = f->blocks ? req[6] & 1 : 0;
	rsp[8] = f->blocks ? f->meas_hash : 0;
	put_unaligned_le32(f->asym, rsp + 12);
	put_unaligned_le32(f->hash, rsp + 16);
	if (f->version >= 0x14)
		put_unaligned_le32(f->pqc, rsp + 20);
	return 36;
}

static int digests(struct fake *f, u8 *rsp)
{
	int len = 4, n = 0;

	f->b_len = 0;
	rsp[2] = f->version >= 0x13 ? f->mask : 0;
	rsp[3] = f->mask;
	for (u8 i = 0; i < 8; i++) {
		if (!(f->mask & 1 << i))
			continue;
		make_chain(f, i);
		hash(f, f->chain[i], f->chain_len[i], rsp + len);
		len += f->h->len;
		n++;
	}
	if (f->version < 0x13 || !(f->params & 0x10))
		return len;
	memset(rsp + len, 0x5a, 2 * n);
	len += 2 * n;
	for (u8 i = 0; i < 8; i++) {
		if (!(f->mask & 1 << i))
			continue;
		put_unaligned_le16(f->usage[i], rsp + len);
		len += 2;
	}
	return len;
}

static bool large_form(const struct fake *f)
{
	return f->version >= 0x14 && (f->flags & 0x80000000);
}

static int certificate(struct fake *f, const u8 *req, u8 *rsp)
{
	bool large = large_form(f);
	u8 slot = req[2] & 0x7f;
	u32 offset = large ? get_unaligned_le32(req + 8) : get_unaligned_le16(req + 4);
	u32 length = large ? get_unaligned_le32(req + 12) : get_unaligned_le16(req + 6);
	u32 left = f->chain_len[slot] - offset;
	u8 *p = rsp + 4;

	if (f->portion && length > f->portion)
		length = f->portion;
	if (length > left)
		length = left;
	rsp[2] = req[2];
	rsp[3] = 0;
	if (large) {
		memset(p, 0, 4);
		put_unaligned_le32(length, p + 4);
		put_unaligned_le32(left - length, p + 8);
		p += 12;
	} else {
		put_unaligned_le16(length, p);
		put_unaligned_le16(left - length, p + 2);
		p += 4;
	}
	memcpy(p, f->chain[slot] + offset, length);
	return p - rsp + length;
}

/* hash(M1), or hash(prefix, hash(M1)); M1 or L1 is part A, if any, and @part. */
static void sign(struct fake *f, u8 slot, const char *context, bool with_a,
		 const u8 *part, size_t part_len, u8 *sig)
{
	size_t a_len = with_a ? f->a_len : 0;
	static u8 m1[0x50000];
	u8 buf[100 + 64] = {};

	memset(sig, 0, f->a->sig_len);
	memcpy(m1, f->a_part, a_len);
	memcpy(m1 + a_len, part, part_len);
	hash(f, m1, a_len + part_len, sig);
	if (f->version >= 0x12) {
		for (int i = 0; i < 4; i++) {
			memcpy(buf + 16 * i, "dmtf-spdm-v1.x.*", 16);
			buf[16 * i + 13] = '0' + (f->version & 0xf);
		}
		memcpy(buf + 100 - strlen(context), context, strlen(context));
		memcpy(buf + 100, sig, f->h->len);
		if (f->pqc)
			memcpy(sig, buf, 100 + f->h->len);
		else
			hash(f, buf, 100 + f->h->len, sig);
	}
	if (f->bad_signature & 1 << slot)
		sig[0] ^= 1;
}

static int challenge_auth(struct fake *f, const u8 *req, size_t req_len,
			  u8 *rsp)
{
	int len = 4;

	rsp[2] = req[2];
	rsp[3] = f->mask;
	hash(f, f->chain[req[2]], f->chain_len[req[2]], rsp + len);
	len += f->h->len;
	memset(rsp + len, 0x77, 32);
	len += 32;
	f->summary = req[3];
	if (req[3]) {
		memset(rsp + len, 0x55, f->h->len);
		len += f->h->len;
	}
	put_unaligned_le16(0, rsp + len);
	len += 2;
	if (f->version >= 0x13) {
		memcpy(rsp + len, req + 36, 8);
		len += 8;
	}
	memcpy(f->b_part + f->b_len, req, req_len);
	f->b_len += req_len;
	memcpy(f->b_part + f->b_len, rsp, len);
	f->b_len += len;
	sign(f, req[2], FOR_CHALLENGE, true, f->b_part,
	     f->b_len, rsp + len);
	f->b_len = 0;
	return len + f->a->sig_len;
}

static int put_block(struct fake *f, u8 index, bool raw, u8 *p)
{
	u16 len = raw ? 5 : f->h->len;

	p[0] = index;
	p[1] = 1;
	put_unaligned_le16(3 + len, p + 2);
	p[4] = (index - 1) | (raw ? 0x80 : 0);
	put_unaligned_le16(len, p + 5);
	memset(p + 7, index, len);
	return 7 + len;
}

/* L1 is one request, because that is what this requester sends. */
static int measurements(struct fake *f, const u8 *req, size_t req_len, u8 *rsp)
{
	u8 slot = f->version >= 0x11 && req[2] & 1 ? req[36] : 0;
	static u8 l1[0x10000];
	int len = 8;

	memcpy(f->meas_req, req, req_len);
	rsp[2] = req[3] ? 0 : f->blocks;
	rsp[3] = req[2] & 1 ? slot | (f->version >= 0x12 ? 0x20 : 0) : 0;
	rsp[4] = 0;
	for (u8 i = 1; i <= f->blocks; i++) {
		if (req[3] != 0xff && req[3] != i)
			continue;
		len += put_block(f, i, req[2] & 2, rsp + len);
		rsp[4]++;
	}
	put_unaligned_le16(len - 8, rsp + 5);
	rsp[7] = 0;
	memset(rsp + len, 0x66, 32);
	len += 32;
	put_unaligned_le16(0, rsp + len);
	len += 2;
	if (f->version >= 0x13) {
		memcpy(rsp + len, req + req_len - 8, 8);
		len += 8;
	}
	if (!(req[2] & 1))
		return len;
	memcpy(l1, req, req_len);
	memcpy(l1 + req_len, rsp, len);
	sign(f, slot, FOR_MEASURES, f->version >= 0x12, l1,
	     req_len + len, rsp + len);
	return len + f->a->sig_len;
}

static int respond(struct fake *f, const u8 *req, size_t req_len, u8 *rsp)
{
	switch (req[1]) {
	case 0x84:
		return version(f, rsp);
	case 0xe1:
		return capabilities(f, req, rsp);
	case 0xe3:
		return algorithms(f, req, rsp);
	case 0x81:
		return digests(f, rsp);
	case 0x82:
		return certificate(f, req, rsp);
	case 0x83:
		return challenge_auth(f, req, req_len, rsp);
	case 0xe0:
		return measurements(f, req, req_len, rsp);
	}
	abort();
}

static int exchange(void *ctx, const u8 *req, size_t req_len, u8 *rsp,
		    size_t size)
{
	static u8 buf[0x20000], last[64];
	static size_t last_len;
	struct fake *f = ctx;
	bool ready = req[1] == 0xff;
	size_t b_len = f->b_len;
	int len;

	f->now += f->step_ms;
	if (f->n_requests < sizeof(f->requests))
		f->requests[f->n_requests++] = req[1];
	if (ready) {
		req = last;
		req_len = last_len;
	} else {
		memcpy(last, req, req_len);
		last_len = req_len;
	}
	buf[0] = req[0];
	buf[1] = req[1] & 0x7f;
	buf[2] = 0;
	buf[3] = 0;
	len = respond(f, req, req_len, buf);
	if (f->mutate)
		f->mutate(f, req[1], buf, &len);
	/* An ERROR does not end M1. */
	if (len > 0 && buf[1] == 0x7f && req[1] == 0x83)
		f->b_len = b_len;
	if (len > 0 && buf[1] != 0x7f && req[1] != 0x83 && req[1] != 0xe0) {
		u8 *to = req[1] >= 0x84 ? f->a_part : f->b_part;
		size_t *n = req[1] >= 0x84 ? &f->a_len : &f->b_len;

		memcpy(to + *n, req, req_len);
		memcpy(to + *n + req_len, buf, len);
		*n += req_len + len;
	}
	if (len < 0)
		return len;
	/* DOE pads responses to dwords. */
	while (len % 4)
		buf[len++] = 0;
	if ((size_t)len > size)
		len = size;
	memcpy(rsp, buf, len);
	return len;
}

/* Functions of the requester ----------------------------------------------- */

static int md_init(void *ctx, enum spdm_hash_ctx which,
		   const struct spdm_hash *alg)
{
	struct fake *f = ctx;

	return !EVP_DigestInit_ex(f->md[which], EVP_get_digestbyname(alg->alg), NULL);
}

static int md_update(void *ctx, enum spdm_hash_ctx which, const u8 *data,
		     size_t len)
{
	struct fake *f = ctx;

	return !EVP_DigestUpdate(f->md[which], data, len);
}

static int md_final(void *ctx, enum spdm_hash_ctx which, u8 *digest)
{
	struct fake *f = ctx;

	return !EVP_DigestFinal_ex(f->md[which], digest, NULL);
}

static int verify_chain(void *ctx, u8 slot, const struct spdm_conn *c,
			const struct spdm_chain *chain, struct spdm_fault *fault)
{
	struct fake *f = ctx;

	f->verified++;
	if (memcmp(chain->certs, root, root_len) || c->hash != f->h)
		return -EBADMSG;
	if (f->trusted & 1 << slot)
		return 0;
	fault->what = "Root certificate not found";
	return -ENOKEY;
}

static int take_leaf(void *ctx, u8 slot, const struct spdm_conn *c,
		     const struct spdm_chain *chain)
{
	struct fake *f = ctx;

	if (memcmp(chain->certs, root, root_len) || c->hash != f->h ||
	    f->bad_leaf & 1 << slot)
		return -EBADMSG;
	f->taken |= 1 << slot;
	return 0;
}

static int verify_signature(void *ctx, u8 slot, const struct spdm_conn *c,
			    const struct spdm_tbs *tbs, const u8 *sig)
{
	struct fake *f = ctx;

	(void)slot;
	f->tbs = *tbs;
	if (f->verify_err)
		return f->verify_err;
	if (tbs->len != (f->pqc ? 100 : 0) + (size_t)c->hash->len)
		return -EBADMSG;
	return memcmp(tbs->data, sig, tbs->len) ? -EKEYREJECTED : 0;
}

static int randomize(void *ctx, u8 *buf, size_t len)
{
	(void)ctx;
	for (size_t i = 0; i < len; i++)
		buf[i] = rand();
	return 0;
}

static u64 now_ms(void *ctx)
{
	return ((struct fake *)ctx)->now;
}

static int sleep_ms(void *ctx, u32 ms)
{
	((struct fake *)ctx)->now += ms;
	return 0;
}

static void signature(void *ctx, u8 slot, const struct spdm_proof *proof)
{
	struct fake *f = ctx;

	(void)slot;
	f->proof = *proof;
	f->proofs++;
}

#include "spdm_req_ops.h"

static struct fake *fake(u8 ver)
{
	struct fake *f = calloc(1, sizeof(*f));

	f->versions[0] = ver;
	f->flags = SPDM_CAP_CERT | SPDM_CAP_CHAL;
	f->asym = 0x80;
	f->hash = 0x02;
	f->mask = 0x01;
	f->transfer = 4096;
	f->trusted = 0xff;
	f->n_certs = 2;
	f->step_ms = 1;
	for (size_t i = 0; i < SPDM_SLOTS; i++)
		f->usage[i] = 0x000f;
	for (size_t i = 0; i < SPDM_N_HASH_CTX; i++)
		f->md[i] = EVP_MD_CTX_new();
	f->rsp = malloc(SPDM_RSP_MIN_MLDSA);
	f->chains = malloc(CHAIN_MAX);
	spdm_default_offer(&f->r.offer, ALL_ASYM, ALL_HASH);
	f->meas_hash = 0x04;
	f->r.ops = &ops;
	f->r.ctx = f;
	f->r.rsp = f->rsp;
	f->r.rsp_size = SPDM_RSP_MIN;
	f->r.chains = f->chains;
	f->r.chains_size = CHAIN_MAX;
	f->r.timeout_ms = 30000;
	return f;
}

static void release(struct fake *f)
{
	for (size_t i = 0; i < SPDM_N_HASH_CTX; i++)
		EVP_MD_CTX_free(f->md[i]);
	free(f->rsp);
	free(f->chains);
	free(f);
}

static bool failure_is(const struct fake *f, size_t i, enum spdm_stage stage,
		       u8 slot, int err, const char *what)
{
	const struct spdm_failure *x = &f->r.failures[i];
	bool same = i < f->r.n_failures && x->stage == stage &&
		    x->slot == slot && x->err == err && !strcmp(x->fault.what, what);

	if (!same && i < f->r.n_failures)
		printf("# failure %zu: %s, slot %u, %d: %s, %s\n", i,
		       spdm_stage_name(x->stage), x->slot, x->err,
		       x->fault.what, x->fault.field ? x->fault.field : "");
	return same;
}

/* Tests -------------------------------------------------------------------- */

static void test_all(void)
{
	for (u8 ver = 0x10; ver <= 0x14; ver++) {
		size_t bad = 0;

		for (u32 asym = 1; asym <= ALL_ASYM; asym <<= 1) {
			for (u32 h = 1; h <= ALL_HASH; h <<= 1) {
				struct fake *f = fake(ver);

				f->asym = asym;
				f->hash = h;
				f->mask = 0x93;
				bad += spdm_authenticate(&f->r) || f->r.slot ||
				       f->r.n_failures || f->r.fetched != 4;
				release(f);
			}
		}
		ok(!bad, "1.%u with every algorithm", ver & 0xf);
	}
}

static void test_versions(void)
{
	struct fake *f = fake(0x10);

	memcpy(f->versions, "\x14\x10\x12\x11", 4);
	ok(!spdm_authenticate(&f->r) && f->r.c.version == 0x14,
	   "highest common version");
	f->r.offer.max_version = 0x13;
	ok(!spdm_authenticate(&f->r) && f->r.c.version == 0x12,
	   "highest common version below a higher one");
	f->r.offer.max_version = 0x11;
	ok(!spdm_authenticate(&f->r) && f->r.c.version == 0x11,
	   "not above what is offered");
	f->versions[1] = 0;
	ok(spdm_authenticate(&f->r) == -EPROTO &&
	   failure_is(f, 0, SPDM_STAGE_VERSION, SPDM_NO_SLOT, -EPROTO,
		      "No common supported version"), "none in common");
	release(f);
}

/* A responder of 1.4 with ML-DSA, and a requester with room for its signature. */
static struct fake *fake_mldsa(void)
{
	struct fake *f = fake(0x14);

	f->asym = 0;
	f->pqc = 0x4;
	f->r.offer.pqc_asym = 0x7;
	f->r.rsp_size = SPDM_RSP_MIN_MLDSA;
	return f;
}

static void test_mldsa(void)
{
	size_t bad = 0;
	struct fake *f;

	for (u32 pqc = 1; pqc <= 4; pqc <<= 1) {
		for (u32 h = 1; h <= ALL_HASH; h <<= 1) {
			f = fake_mldsa();
			f->pqc = pqc;
			f->hash = h;
			bad += spdm_authenticate(&f->r) || f->r.slot ||
			       f->r.c.asym->kind != SPDM_MLDSA ||
			       f->tbs.what != SPDM_SIGNED_CHALLENGE;
			release(f);
		}
	}
	ok(!bad, "ML-DSA with every hash");

	f = fake_mldsa();
	f->flags = SPDM_CAP_CERT | SPDM_CAP_MEAS_SIG;
	f->blocks = 1;
	ok(!spdm_authenticate(&f->r) && f->tbs.what == SPDM_SIGNED_MEASUREMENTS &&
	   f->tbs.len == 100 + 48 && !memcmp(f->tbs.data, "dmtf-spdm-v1.4.*", 16),
	   "ML-DSA signs measurements");
	f->bad_signature = 1;
	ok(spdm_authenticate(&f->r) == -EKEYREJECTED, "ML-DSA, a wrong signature");
	release(f);

	f = fake_mldsa();
	f->r.rsp_size = SPDM_RSP_MIN;
	ok(spdm_authenticate(&f->r) == -EINVAL && !f->n_requests,
	   "no room for a signature of ML-DSA");
	release(f);

	f = fake_mldsa();
	f->r.offer.asym = 0;
	f->r.offer.max_version = 0x13;
	f->versions[0] = 0x13;
	ok(spdm_authenticate(&f->r) == -EPROTO && f->n_requests == 2 &&
	   failure_is(f, 0, SPDM_STAGE_ALGORITHMS, SPDM_NO_SLOT, -EPROTO,
		      "No signature algorithm for this version"),
	   "only ML-DSA is offered, and the version is 1.3");
	release(f);
}

static void both_asyms(struct fake *f, u8 code, u8 *rsp, int *len)
{
	(void)f;
	(void)len;
	if (code == 0xe3)
		rsp[12] = 0x80;
}

static void no_asym(struct fake *f, u8 code, u8 *rsp, int *len)
{
	(void)f;
	(void)len;
	if (code == 0xe3)
		rsp[20] = 0;
}

static void other_mldsa(struct fake *f, u8 code, u8 *rsp, int *len)
{
	(void)f;
	(void)len;
	if (code == 0xe3)
		rsp[20] = 0x8;
}

static void test_pqc_choice(void)
{
	static const struct {
		const char *name, *what, *field;
		mutate_fn mutate;
	} cases[] = {
		{ "both kinds of algorithm", "Malformed algorithms response",
		  "PqcAsymSel", both_asyms },
		{ "no signature algorithm", "No common supported algorithms",
		  "BaseAsymSel", no_asym },
		{ "SLH-DSA, which was not offered", "Malformed algorithms response",
		  "PqcAsymSel", other_mldsa },
	};
	struct fake *f;

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		f = fake_mldsa();
		f->mutate = cases[i].mutate;
		ok(spdm_authenticate(&f->r) == -EPROTO &&
		   failure_is(f, 0, SPDM_STAGE_ALGORITHMS, SPDM_NO_SLOT, -EPROTO,
			      cases[i].what) &&
		   !strcmp(f->r.failures[0].fault.field, cases[i].field),
		   "1.4: %s", cases[i].name);
		release(f);
	}
	f = fake_mldsa();
	f->asym = 0x80;
	f->pqc = 0;
	ok(!spdm_authenticate(&f->r) && f->r.c.asym->kind == SPDM_ECDSA,
	   "1.4: ECDSA, where ML-DSA was offered too");
	release(f);
	f = fake(0x13);
	f->r.offer.pqc_asym = 0x7;
	f->r.rsp_size = SPDM_RSP_MIN_MLDSA;
	f->mutate = other_mldsa;
	ok(!spdm_authenticate(&f->r), "1.3: PqcAsymSel is reserved");
	release(f);
}

/* Bit 7 of CERTIFICATE's Param1. */
static void flip_large(struct fake *f, u8 code, u8 *rsp, int *len)
{
	(void)f;
	(void)len;
	if (code == 0x82)
		rsp[2] ^= 0x80;
}

static void test_large_form(void)
{
	struct fake *f = fake(0x14);

	f->flags |= SPDM_CAP_LARGE_RESP;
	f->n_certs = 300;
	ok(!spdm_authenticate(&f->r) && f->r.slots[0].len == f->chain_len[0] &&
	   f->chain_len[0] > 0xffff, "1.4: a chain of %zu bytes", f->chain_len[0]);
	spdm_forget_chains(&f->r);
	f->mutate = flip_large;
	ok(spdm_authenticate(&f->r) == -EPROTO &&
	   failure_is(f, 0, SPDM_STAGE_CERTIFICATE, 0, -EPROTO,
		      "Malformed certificate response"),
	   "1.4: the small form in answer to the large one");
	release(f);
	f = fake(0x14);
	f->mutate = flip_large;
	ok(spdm_authenticate(&f->r) == -EPROTO &&
	   failure_is(f, 0, SPDM_STAGE_CERTIFICATE, 0, -EPROTO,
		      "Malformed certificate response"),
	   "1.4: the large form in answer to the small one");
	release(f);
	f = fake(0x13);
	f->mutate = flip_large;
	ok(!spdm_authenticate(&f->r), "1.3: bit 7 is reserved");
	release(f);
}

static void test_slots(void)
{
	struct fake *f = fake(0x12);

	f->mask = 0x13;
	f->trusted = 0x12;
	ok(!spdm_authenticate(&f->r) && f->r.slot == 1 &&
	   f->r.n_failures == 1 &&
	   failure_is(f, 0, SPDM_STAGE_CHAIN, 0, -ENOKEY,
		      "Root certificate not found"),
	   "slot 0 not trusted: slot 1");
	f->trusted = 0;
	ok(spdm_authenticate(&f->r) == -ENOKEY && f->r.slot == SPDM_NO_SLOT &&
	   f->r.n_failures == 3 && f->verified == 2 + 3,
	   "no slot trusted: a failure per slot");
	f->trusted = 0x13;
	f->bad_signature = 0x01;
	ok(!spdm_authenticate(&f->r) && f->r.slot == 1 &&
	   failure_is(f, 0, SPDM_STAGE_SIGNATURE, 0, -EKEYREJECTED,
		      "Cannot verify challenge_auth signature"),
	   "bad signature of slot 0: slot 1, with a transcript without part B");
	f->bad_signature = 0x13;
	ok(spdm_authenticate(&f->r) == -EKEYREJECTED && f->r.n_failures == 3,
	   "bad signatures of all slots");
	release(f);
}

static void test_again(void)
{
	static const u8 short_run[] = { 0x84, 0xe1, 0xe3, 0x81, 0x83 };
	struct fake *f = fake(0x13);

	f->mask = 0x03;
	spdm_authenticate(&f->r);
	f->n_requests = 0;
	ok(!spdm_authenticate(&f->r) && !f->r.fetched &&
	   f->n_requests == sizeof(short_run) &&
	   !memcmp(f->requests, short_run, sizeof(short_run)),
	   "again: nothing is fetched");
	f->trusted = 0;
	ok(spdm_authenticate(&f->r) == -ENOKEY && !f->r.fetched,
	   "again, trust withdrawn");
	f->trusted = 0xff;
	f->n_certs = 3;
	ok(!spdm_authenticate(&f->r) && f->r.fetched == 2,
	   "again, chains changed");
	f->hash = 0x01;
	ok(!spdm_authenticate(&f->r) && f->r.fetched == 2,
	   "again, another hash");
	f->mask = 0x02;
	ok(!spdm_authenticate(&f->r) && !f->r.fetched && f->r.slot == 1,
	   "again, one slot fewer");
	f->mask = 0x07;
	ok(!spdm_authenticate(&f->r) && f->r.fetched == 3,
	   "again, more slots");
	release(f);
}

static void test_sizes(void)
{
	struct fake *f = fake(0x12);
	size_t len;

	f->n_certs = 20;
	ok(!spdm_authenticate(&f->r) && f->r.messages == 5 + 4,
	   "a chain in four portions (%u messages)", f->r.messages);
	len = f->chain_len[0];
	f->r.chains_size = len;
	spdm_forget_chains(&f->r);
	ok(!spdm_authenticate(&f->r), "room for just this chain");
	f->r.chains_size--;
	spdm_forget_chains(&f->r);
	ok(spdm_authenticate(&f->r) == -EMSGSIZE &&
	   failure_is(f, 0, SPDM_STAGE_CERTIFICATE, 0, -EMSGSIZE,
		      "Certificate chain is too long"), "room for one byte less");
	f->r.chains_size = CHAIN_MAX;
	f->portion = 100;
	ok(!spdm_authenticate(&f->r) && f->r.messages == 5 + (len + 99) / 100,
	   "small portions");
	f->portion = 1;
	spdm_forget_chains(&f->r);
	ok(spdm_authenticate(&f->r) == -ETIMEDOUT &&
	   f->r.messages == SPDM_MESSAGES_MAX &&
	   failure_is(f, 0, SPDM_STAGE_CERTIFICATE, 0, -ETIMEDOUT,
		      "Too many messages"), "portions of one byte: the limit of messages ends it");
	f->step_ms = 1000;
	spdm_forget_chains(&f->r);
	ok(spdm_authenticate(&f->r) == -ETIMEDOUT && f->r.messages == 30,
	   "a slow responder: the timeout ends it");
	release(f);
}

static void lose_flag(struct fake *f, u32 flag, int line)
{
	f->flags = (SPDM_CAP_CERT | SPDM_CAP_CHAL) & ~flag;
	ok(spdm_authenticate(&f->r) == -EPROTONOSUPPORT &&
	   f->r.failures[0].stage == SPDM_STAGE_CAPABILITIES,
	   "a capability is missing (line %d)", line);
}

static void test_capabilities(void)
{
	struct fake *f = fake(0x13);

	lose_flag(f, SPDM_CAP_CERT, __LINE__);
	lose_flag(f, SPDM_CAP_CHAL, __LINE__);
	release(f);
}

/* Measurements ------------------------------------------------------------- */

/* A responder with measurements; it cannot be challenged. */
static struct fake *measured(u8 ver)
{
	struct fake *f = fake(ver);

	f->flags = SPDM_CAP_CERT | SPDM_CAP_MEAS_SIG;
	f->blocks = 3;
	return f;
}

static void test_proof_by_measurements(void)
{
	static const u8 order[] = { 0x84, 0xe1, 0xe3, 0x81, 0x82, 0xe0 };

	for (u8 ver = 0x10; ver <= 0x13; ver++) {
		size_t bad = 0;

		for (u32 h = 1; h <= ALL_HASH; h <<= 1) {
			struct fake *f = measured(ver);
			struct spdm_req *r = &f->r;

			f->hash = h;
			f->meas_hash = h << 1;
			bad += spdm_authenticate(r) || r->slot || r->n_failures ||
			       r->proof != SPDM_SIGNED_MEASUREMENTS ||
			       r->trusted != 1 || r->proved != 1 || f->proofs != 1 ||
			       f->proof.what != SPDM_SIGNED_MEASUREMENTS ||
			       memcmp(f->proof.req_nonce, f->meas_req + 4, 32) ||
			       memcmp(f->proof.req_nonce, r->nonce, 32) ||
			       memcmp(f->proof.rsp_nonce, r->meas.nonce, 32) ||
			       r->meas.blocks != 3 || f->meas_req[3] != 0xff ||
			       f->n_requests != sizeof(order) ||
			       memcmp(f->requests, order, sizeof(order));
			release(f);
		}
		ok(!bad, "1.%u without CHAL_CAP: signed measurements are the proof",
		   ver & 0xf);
	}
}

static void test_proof_by_challenge(void)
{
	struct fake *f = measured(0x12);

	f->flags |= SPDM_CAP_CHAL;
	ok(!spdm_authenticate(&f->r) && f->r.proof == SPDM_SIGNED_CHALLENGE &&
	   f->proof.what == SPDM_SIGNED_CHALLENGE && !f->r.meas.record &&
	   !f->summary && f->requests[f->n_requests - 1] == 0x83,
	   "with CHAL_CAP: CHALLENGE is the proof, without a summary");
	f->r.meas_summary = 0xff;
	ok(!spdm_authenticate(&f->r) && f->summary == 0xff &&
	   f->r.summary[0] == 0x55 && f->r.summary[47] == 0x55,
	   "MeasurementSummaryHash, asked for");
	f->blocks = 0;
	ok(!spdm_authenticate(&f->r) && !f->summary,
	   "no summary of a responder that selected no specification");
	f->flags &= ~SPDM_CAP_MEAS;
	ok(!spdm_authenticate(&f->r) && !f->summary,
	   "no summary of a responder without measurements");
	release(f);
}

static void test_unable(void)
{
	struct fake *f = measured(0x12);

	f->blocks = 0;
	ok(spdm_authenticate(&f->r) == -EPROTONOSUPPORT &&
	   failure_is(f, 0, SPDM_STAGE_ALGORITHMS, SPDM_NO_SLOT, -EPROTONOSUPPORT,
		      "Responder selected no measurement specification"),
	   "no challenge, and no measurement specification");
	f->blocks = 1;
	f->flags = SPDM_CAP_CERT | 0x08;
	ok(spdm_authenticate(&f->r) == -EPROTONOSUPPORT &&
	   failure_is(f, 0, SPDM_STAGE_CAPABILITIES, SPDM_NO_SLOT, -EPROTONOSUPPORT,
		      "Responder cannot be challenged"),
	   "no challenge, and measurements without a signature");
	release(f);
}

static void test_proof_slots(void)
{
	struct fake *f = measured(0x12);

	f->mask = 0x03;
	f->bad_signature = 0x01;
	ok(!spdm_authenticate(&f->r) && f->r.slot == 1 && f->r.trusted == 3 &&
	   f->r.proved == 2 && f->meas_req[36] == 1 && f->proofs == 2 &&
	   failure_is(f, 0, SPDM_STAGE_SIGNATURE, 0, -EKEYREJECTED,
		      "Cannot verify measurements signature"),
	   "wrong signature of slot 0: slot 1, with an L1 of its own");
	f->bad_signature = 0x03;
	ok(spdm_authenticate(&f->r) == -EKEYREJECTED && !f->r.proved &&
	   f->r.slot == SPDM_NO_SLOT && !f->r.meas.record,
	   "wrong signatures of all slots: no proof, no measurements");
	f->bad_signature = 0;
	f->trusted = 0;
	f->n_requests = 0;
	f->proofs = 0;
	ok(spdm_authenticate(&f->r) == -ENOKEY && f->r.proved == 1 &&
	   f->r.slot == SPDM_NO_SLOT && f->r.n_failures == 2 && f->proofs == 1 &&
	   f->requests[f->n_requests - 2] == 0x81 &&
	   f->requests[f->n_requests - 1] == 0xe0 && !f->meas_req[36] &&
	   f->proof.what == SPDM_SIGNED_MEASUREMENTS && !f->r.meas.record,
	   "no slot is trusted: slot 0 signs measurements, which nobody may use");
	f->bad_signature = 0x01;
	ok(spdm_authenticate(&f->r) == -EKEYREJECTED && !f->r.proved &&
	   f->r.n_failures == 3 && !f->r.meas.record &&
	   failure_is(f, 2, SPDM_STAGE_SIGNATURE, 0, -EKEYREJECTED,
		      "Cannot verify measurements signature"),
	   "no slot is trusted, and the signature is wrong");
	release(f);

	f = measured(0x10);
	f->mask = 0x03;
	f->trusted = 0x02;
	ok(spdm_authenticate(&f->r) == -ENOKEY &&
	   failure_is(f, 1, SPDM_STAGE_MEASUREMENTS, 1, -EKEYREJECTED,
		      "Only slot 0 signs measurements in SPDM 1.0"),
	   "1.0: only slot 0");
	release(f);

	f = measured(0x13);
	f->flags |= SPDM_CAP_MULTI_KEY_NEG;
	f->mask = 0x03;
	f->usage[0] = 0x000b;
	ok(!spdm_authenticate(&f->r) && f->r.slot == 1,
	   "slot 0 without MeasurementUse: slot 1");
	f->usage[1] = 0x0002;
	ok(spdm_authenticate(&f->r) == -EKEYREJECTED &&
	   failure_is(f, 1, SPDM_STAGE_MEASUREMENTS, 1, -EKEYREJECTED,
		      "Key of the slot may not sign measurements") &&
	   strstr(f->r.failures[1].fault.detail, "without MeasurementUse (0x4)"),
	   "no slot has MeasurementUse");
	release(f);
}

/* GET_MEASUREMENTS of 1.3 has 45 bytes, one more than CHALLENGE. */
static void test_meas_transfer_size(void)
{
	struct fake *f = measured(0x13);

	f->versions[1] = 0x12;
	f->transfer = 45;
	ok(!spdm_authenticate(&f->r) && f->r.c.version == 0x13,
	   "measurements, DataTransferSize 45: 1.3");
	f->transfer = 44;
	ok(!spdm_authenticate(&f->r) && f->r.c.version == 0x12,
	   "measurements, DataTransferSize 44: 1.2");
	release(f);
}

static u8 too_long_code;

/* The response with all measurements is longer than the buffer. */
static void too_long(struct fake *f, u8 code, u8 *rsp, int *len)
{
	if (code != 0xe0 || f->meas_req[3] != 0xff)
		return;
	rsp[1] = 0x7f;
	rsp[2] = too_long_code;
	rsp[3] = 0;
	*len = 4;
}

static void test_too_long(void)
{
	static const u8 codes[] = { 0x0d, 0x0f };

	for (size_t i = 0; i < ARRAY_SIZE(codes); i++) {
		struct spdm_meas_ask all = { .operation = SPDM_MEAS_ALL };
		struct fake *f = measured(0x12);

		f->mutate = too_long;
		too_long_code = codes[i];
		ok(!spdm_authenticate(&f->r) && !f->meas_req[3] &&
		   f->r.meas.indices == 3 && !f->r.n_failures,
		   "ERROR %#x to all measurements: their number is signed",
		   codes[i]);
		f->r.ask = &all;
		ok(spdm_authenticate(&f->r) == -EMSGSIZE && !f->r.proved &&
		   f->r.failures[0].stage == SPDM_STAGE_MEASUREMENTS,
		   "ERROR %#x, and the caller wants all", codes[i]);
		release(f);
	}
}

static void test_ask(void)
{
	struct spdm_meas_ask ask = { .operation = 2, .raw = true };
	struct spdm_meas_walk w = {};
	struct spdm_meas_value v;
	struct spdm_fault fault;

	for (u8 ver = 0x10; ver <= 0x13; ver++) {
		struct fake *f = measured(ver);

		f->flags |= SPDM_CAP_CHAL;
		f->r.ask = &ask;
		memset(&w, 0, sizeof(w));
		ok(!spdm_authenticate(&f->r) && f->r.proved == 1 &&
		   f->r.proof == SPDM_SIGNED_MEASUREMENTS && f->r.meas.signature &&
		   f->meas_req[2] == (ver >= 0x12 ? 3 : 1) &&
		   f->r.meas.change == (ver >= 0x12 ? 2 : 0) &&
		   !spdm_meas_next(&f->r.c, &f->r.meas, &w, &v, &fault) &&
		   v.index == 2 && v.type == 1 && v.raw == (ver >= 0x12) &&
		   spdm_meas_next(&f->r.c, &f->r.meas, &w, &v, &fault) == -ENODATA &&
		   f->n_requests == 6,
		   "1.%u: one measurement instead of CHALLENGE", ver & 15);
		f->flags = SPDM_CAP_CERT | SPDM_CAP_CHAL | 0x08;
		ok(spdm_authenticate(&f->r) == -EPROTONOSUPPORT &&
		   failure_is(f, 0, SPDM_STAGE_CAPABILITIES, SPDM_NO_SLOT,
			      -EPROTONOSUPPORT, "Responder cannot sign measurements"),
		   "1.%u: the responder cannot sign them", ver & 15);
		release(f);
	}
}

static void test_unsigned(void)
{
	static const u8 order[] = { 0x84, 0xe1, 0xe3, 0xe0 };
	struct spdm_meas_ask ask = { .operation = SPDM_MEAS_ALL };

	for (u8 ver = 0x10; ver <= 0x13; ver++) {
		struct fake *f = measured(ver);

		f->flags = 0x08;
		f->r.ask = &ask;
		ok(!spdm_read_measurements(&f->r) && f->r.meas.blocks == 3 &&
		   !f->r.meas.signature && !f->r.proved && !f->r.trusted &&
		   f->r.slot == SPDM_NO_SLOT && !f->proofs &&
		   f->n_requests == sizeof(order) &&
		   !memcmp(f->requests, order, sizeof(order)),
		   "1.%u: without a signature, nothing is proved", ver & 15);
		f->flags = SPDM_CAP_CERT | SPDM_CAP_CHAL;
		ok(spdm_read_measurements(&f->r) == -EPROTONOSUPPORT &&
		   failure_is(f, 0, SPDM_STAGE_CAPABILITIES, SPDM_NO_SLOT,
			      -EPROTONOSUPPORT, "Responder has no measurements"),
		   "1.%u: no measurements", ver & 15);
		release(f);
	}
}

static int meas_at, meas_xor, cut_at;

static void cut_meas(struct fake *f, u8 code, u8 *rsp, int *len)
{
	(void)f;
	(void)rsp;
	if (code == 0xe0 && cut_at < *len)
		*len = cut_at;
}

static void flip_meas(struct fake *f, u8 code, u8 *rsp, int *len)
{
	(void)f;
	(void)len;
	if (code == 0xe0)
		rsp[meas_at] ^= meas_xor;
}

/* Each byte of a signed MEASUREMENTS is covered by a check or the signature. */
static void test_meas_faults(void)
{
	static const struct {
		int at, xor;
		const char *field;	/* NULL: only the signature finds the fault */
	} cases[] = {
		{ 0, 0x01, "SPDMVersion" },
		{ 1, 0x01, "RequestResponseCode" },
		{ 2, 0x01, NULL },
		{ 3, 0x01, "SlotID" },
		{ 4, 0x01, "MeasurementRecordLength" },
		{ 4, 0x04, "NumberOfBlocks" },
		{ 5, 0x01, "MeasurementSize" },
		{ 8, 0x01, "Index" },
		{ 8, 0xfe, "Index" },
		{ 8, 0x03, "Index" },		/* that of the second */
		{ 9, 0x02, "MeasurementSpecification" },
		{ 10, 0x01, "MeasurementSpecification" },
		{ 11, 0x80, "MeasurementSize" },
		{ 12, 0x80, NULL },		/* raw, of the same length */
		{ 13, 0x01, "DMTFSpecMeasurementValueSize" },
		{ 15, 0x01, NULL },
		{ 173, 0x01, NULL },		/* Nonce */
		{ 205, 0x01, "OpaqueDataLength" },
		{ 206, 0x40, "OpaqueDataLength" },
		{ 207, 0x01, "RequesterContext" },
		{ 215, 0x01, NULL },		/* Signature */
	};
	struct spdm_meas_ask ask = { .operation = SPDM_MEAS_ALL };

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct fake *f = measured(0x13);
		const struct spdm_fault *x = &f->r.failures[0].fault;
		const char *field = cases[i].field;
		bool good;
		int rc;

		f->r.ask = &ask;
		f->mutate = flip_meas;
		meas_at = cases[i].at;
		meas_xor = cases[i].xor;
		rc = spdm_authenticate(&f->r);
		if (field)
			good = x->field && !strcmp(x->field, field);
		else
			good = f->r.failures[0].stage == SPDM_STAGE_SIGNATURE;
		if (!field)
			field = "signature";
		ok(rc && good && !f->r.proved,
		   "MEASUREMENTS, byte %d changed by %#x: %s", meas_at, meas_xor,
		   field);
		if (!good)
			printf("# %d, %s: %s at %zu\n", rc, x->what, x->field,
			       x->offset);
		release(f);
	}
}

static void test_meas_cuts(void)
{
	struct fake *f = measured(0x13);
	size_t bad = 0, n = 0;
	int rc;

	f->mutate = cut_meas;
	cut_at = 0;
	while (true) {
		rc = spdm_authenticate(&f->r);
		if (!rc)
			break;
		cut_at += 4;
		n++;
		bad += rc != -EIO || f->r.proved ||
		       strcmp(f->r.failures[0].fault.what,
			      "Truncated measurements response");
	}
	ok(n && !bad, "Truncated measurements response, at %zu lengths", n);
	release(f);
}

static void test_meas_hash(void)
{
	static const struct {
		u8 algo;
		u16 len;
		const char *name;
	} cases[] = {
		{ 0x01, 0, "raw" },
		{ 0x02, 32, "sha256" },
		{ 0x04, 48, "sha384" },
		{ 0x08, 64, "sha512" },
		{ 0x40, 64, "sha3-512" },
		{ 0x80, 32, "sm3" },
		{ 0, 0, NULL },
	};

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct spdm_conn c = { .meas_hash = cases[i].algo };
		const char *name = spdm_meas_hash(&c);
		u8 record[7 + 65] = { 9, 1 };
		size_t good = 0, bad = 0;

		for (u16 len = 0; len <= 65; len++) {
			struct spdm_measurements m = {
				.record = record, .record_len = 7 + len,
			};
			struct spdm_fault fault = {};

			put_unaligned_le16(3 + len, record + 2);
			put_unaligned_le16(len, record + 5);
			record[4] = 0;
			if (!spdm_meas_check(&c, &m, &fault)) {
				good++;
				bad += len != cases[i].len;
			}
			record[4] = 0x80;
			bad += !!spdm_meas_check(&c, &m, &fault);
		}
		if (name != cases[i].name && strcmp(name, cases[i].name))
			bad++;
		ok(!bad && good == !!cases[i].len,
		   "MeasurementHashAlgo %#x: digests of %u bytes", cases[i].algo,
		   cases[i].len);
	}
	ok(!strcmp(spdm_meas_type(0), "immutable ROM") &&
	   !strcmp(spdm_meas_type(10), "structured manifest") &&
	   !spdm_meas_type(11) && !spdm_meas_type(0x7f), "names of the types");
}

/* How often was the slot challenged? */
static size_t challenged(const struct fake *f)
{
	size_t n = 0;

	for (size_t i = 0; i < f->n_requests; i++)
		n += f->requests[i] == 0x83;
	return n;
}

static void test_multi_key(void)
{
	static const struct {
		u8 version;
		u32 cap;
		u8 params;
	} cases[] = {
		{ 0x13, 0, 0x02 },
		{ 0x13, SPDM_CAP_MULTI_KEY_ONLY, 0x12 },
		{ 0x13, SPDM_CAP_MULTI_KEY_NEG, 0x12 },
		/* Reserved before 1.3. */
		{ 0x12, SPDM_CAP_MULTI_KEY_ONLY, 0x02 },
		{ 0x12, SPDM_CAP_MULTI_KEY_NEG, 0x02 },
		{ 0x11, SPDM_CAP_MULTI_KEY_ONLY, 0 },
	};

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct fake *f = fake(cases[i].version);
		u16 usage = 0xffff;

		if (cases[i].params & 0x10)
			usage = 0x000f;
		f->flags |= cases[i].cap;
		f->mask = 0x13;
		ok(!spdm_authenticate(&f->r) && f->params == cases[i].params &&
		   f->r.c.key_usage[4] == usage,
		   "1.%u, MULTI_KEY_CAP %#x: OtherParamsSupport is %#x",
		   cases[i].version & 15, cases[i].cap, f->params);
		release(f);
	}
}

static void test_key_usage(void)
{
	struct fake *f = fake(0x13);

	f->flags |= SPDM_CAP_MULTI_KEY_NEG;
	f->mask = 0x0b;
	f->usage[0] = 0xfffd;
	ok(!spdm_authenticate(&f->r) && f->r.slot == 1 && !f->r.n_failures &&
	   f->r.fetched == 3 && f->verified == 1 && challenged(f) == 1,
	   "no ChallengeUse in slot 0: slot 1 is challenged, and nothing failed");
	f->usage[1] = 0;
	f->usage[3] = 2;
	ok(!spdm_authenticate(&f->r) && f->r.slot == 3,
	   "the mask has two bytes for each slot, in order");
	f->trusted = 0;
	f->n_requests = 0;
	ok(spdm_authenticate(&f->r) == -ENOKEY && f->r.n_failures == 3 &&
	   challenged(f) == 1 && f->r.proved == 8 && f->taken == 8 &&
	   failure_is(f, 0, SPDM_STAGE_CHAIN, 3, -ENOKEY,
		      "Root certificate not found") &&
	   failure_is(f, 1, SPDM_STAGE_CHALLENGE, 0, -EKEYREJECTED,
		      "Key of the slot may not sign challenges") &&
	   !strcmp(f->r.failures[1].fault.detail,
		   "KeyUsageMask is 0xfffd, without ChallengeUse (0x2)"),
	   "no slot is left: the chain that is not trusted comes first");
	f->usage[3] = 0xd;
	f->n_requests = 0;
	ok(spdm_authenticate(&f->r) == -EKEYREJECTED && f->r.n_failures == 3 &&
	   !challenged(f) && !f->r.trusted && f->r.slot == SPDM_NO_SLOT,
	   "no slot may be challenged");
	f->flags &= ~SPDM_CAP_MULTI_KEY_NEG;
	f->trusted = 0xff;
	ok(!spdm_authenticate(&f->r) && !f->r.slot,
	   "the masks of another connection are forgotten");
	release(f);
}

/* The longest CHALLENGE is that of 1.3: 44 bytes. */
static void test_transfer_size(void)
{
	static const u8 order[] = {
		0x84, 0xe1, 0x84, 0xe1, 0xe3, 0x81, 0x82, 0x83
	};
	struct fake *f = fake(0x13);

	f->versions[1] = 0x12;
	f->transfer = 44;
	ok(!spdm_authenticate(&f->r) && f->r.c.version == 0x13,
	   "DataTransferSize 44: 1.3");
	spdm_forget_chains(&f->r);
	f->n_requests = 0;
	f->transfer = 43;
	ok(!spdm_authenticate(&f->r) && f->r.c.version == 0x12 &&
	   f->n_requests == sizeof(order) &&
	   !memcmp(f->requests, order, sizeof(order)) && !f->r.n_failures,
	   "DataTransferSize 43: 1.2, which starts part A again");
	f->transfer = 42;
	ok(!spdm_authenticate(&f->r) && f->r.c.version == 0x12,
	   "DataTransferSize 42: 1.2");
	f->r.offer.min_version = 0x13;
	ok(spdm_authenticate(&f->r) == -EMSGSIZE && f->r.c.version == 0x13 &&
	   failure_is(f, 0, SPDM_STAGE_CHALLENGE, 0, -EMSGSIZE,
		      "Request is too long for the responder") &&
	   f->r.failures[0].fault.value == 44 &&
	   f->r.failures[0].fault.limit == 42,
	   "DataTransferSize 42, and 1.2 is not accepted");
	f->r.offer.min_version = 0x10;
	f->versions[1] = 0x11;
	ok(spdm_authenticate(&f->r) == -EMSGSIZE && f->r.c.version == 0x13,
	   "DataTransferSize 42, and the responder lacks 1.2");
	release(f);
}

/* Time limits -------------------------------------------------------------- */

static void error(u8 *rsp, int *len, u8 code)
{
	rsp[1] = 0x7f;
	rsp[2] = code;
	rsp[3] = 0;
	*len = 4;
}

static void busy(struct fake *f, u8 code, u8 *rsp, int *len)
{
	if (code == 0x81 && f->count && f->count--)
		error(rsp, len, 0x03);
}

static void not_ready(struct fake *f, u8 code, u8 *rsp, int *len)
{
	if (code != 0x82)
		return;
	f->not_ready = !f->not_ready;
	if (!f->not_ready)
		return;
	error(rsp, len, 0x42);
	rsp[4] = f->count;
	rsp[5] = f->count == 99 ? 0x83 : code;
	rsp[6] = 7;
	rsp[7] = 1;
	*len = 8;
}

static void resynch(struct fake *f, u8 code, u8 *rsp, int *len)
{
	if (code == 0x83 && f->count && f->count--)
		error(rsp, len, 0x43);
}

static void test_patience(void)
{
	struct fake *f = fake(0x12);

	f->mutate = busy;
	f->count = 5;
	ok(!spdm_authenticate(&f->r) && !f->count && f->now >= 310,
	   "busy five times");
	f->count = 1000;
	ok(spdm_authenticate(&f->r) == -ETIMEDOUT && f->r.messages < 100,
	   "busy forever (%u messages)", f->r.messages);

	f->mutate = not_ready;
	f->count = 20;
	f->now = 0;
	spdm_forget_chains(&f->r);
	f->n_requests = 0;
	ok(!spdm_authenticate(&f->r) && f->requests[5] == 0xff &&
	   f->now >= 1024, "not ready: asked again a second later");
	f->count = 30;
	f->not_ready = false;
	spdm_forget_chains(&f->r);
	ok(spdm_authenticate(&f->r) == -ETIMEDOUT &&
	   failure_is(f, 0, SPDM_STAGE_CERTIFICATE, 0, -ETIMEDOUT,
		      "Responder wants more time than there is"),
	   "not ready for 18 minutes");
	f->count = 255;
	f->not_ready = false;
	ok(spdm_authenticate(&f->r) == -ETIMEDOUT, "not ready for 2^255 us");
	f->count = 99;
	f->not_ready = false;
	ok(spdm_authenticate(&f->r) == -EPROTO, "another request not ready");

	f->mutate = resynch;
	f->count = 1;
	ok(!spdm_authenticate(&f->r) && !f->r.n_failures, "resynch: from the start");
	f->count = 100;
	ok(spdm_authenticate(&f->r) == -ECONNRESET && f->count == 98,
	   "resynch again and again");
	release(f);
}

/* Faults ------------------------------------------------------------------- */

static u8 fault_code;
static int fault_at, fault_xor;

static void flip(struct fake *f, u8 code, u8 *rsp, int *len)
{
	(void)f;
	if (code == fault_code)
		rsp[fault_at < 0 ? *len + fault_at : fault_at] ^= fault_xor;
}

static void cut(struct fake *f, u8 code, u8 *rsp, int *len)
{
	(void)f;
	(void)rsp;
	if (code == fault_code && fault_at < *len)
		*len = fault_at;
}

static void fail(struct fake *f, u8 code, u8 *rsp, int *len)
{
	(void)f;
	if (code == fault_code && fault_xor)
		error(rsp, len, fault_xor);
	else if (code == fault_code)
		*len = -ENODEV;
}

static void test_faults(void)
{
	static const struct {
		u8 code;
		int at, xor;
		const char *field;	/* NULL: only the signature finds the fault */
	} cases[] = {
		{ 0x84, 0, 0x03, "SPDMVersion" },
		{ 0x84, 1, 0x02, "RequestResponseCode" },
		{ 0xe1, 0, 0x01, "SPDMVersion" },
		{ 0xe1, 2, 0x01, "Param1" },
		{ 0xe1, 5, 0x20, "CTExponent" },
		{ 0xe1, 8, 0x18, "Flags.MEAS_CAP" },
		{ 0xe1, 10, 0x01, "Flags.PUB_KEY_ID_CAP" },
		{ 0xe1, 10, 0xc0, "Flags.EP_INFO_CAP" },
		{ 0xe1, 11, 0x0c, "Flags.MULTI_KEY_CAP" },
		{ 0xe1, 13, 0x10, "DataTransferSize" },
		{ 0xe1, 17, 0x30, "MaxSPDMmsgSize" },
		{ 0xe3, 2, 0x01, "Length" },
		{ 0xe3, 4, 0x01, "Length" },
		{ 0xe3, 6, 0x02, "MeasurementSpecificationSel" },
		{ 0xe3, 7, 0x01, "OtherParamsSelection" },
		{ 0xe3, 7, 0x10, "OtherParamsSelection" },
		{ 0xe3, 8, 0x03, "MeasurementHashAlgo" },
		{ 0xe3, 12, 0x01, "BaseAsymSel" },
		{ 0xe3, 12, 0x80, "BaseAsymSel" },
		{ 0xe3, 13, 0x02, "BaseAsymSel" },
		{ 0xe3, 16, 0x01, "BaseHashSel" },
		{ 0xe3, 16, 0x02, "BaseHashSel" },
		{ 0xe3, 16, 0x42, "BaseHashSel" },
		{ 0xe3, 31, 0x01, "MELspecificationSel" },
		{ 0xe3, 32, 0x01, "ExtAsymSelCount" },
		{ 0xe3, 33, 0x01, "ExtHashSelCount" },
		{ 0x81, 2, 0x01, "ProvisionedSlotMask" },
		{ 0x81, 4, 0x01, "Digest" },
		{ 0x82, 2, 0x01, "SlotID" },
		{ 0x82, 5, 0x08, "PortionLength" },
		/* A remainder is announced, but the next portion is empty. */
		{ 0x82, 7, 0x80, "PortionLength" },
		{ 0x82, 12, 0x01, "Digest" },
		{ 0x82, -1, 0x01, "Digest" },
		{ 0x83, 2, 0x01, "SlotID" },
		{ 0x83, 2, 0x80, NULL },
		{ 0x83, 3, 0x01, "SlotMask" },
		{ 0x83, 3, 0x02, "SlotMask" },
		{ 0x83, 4, 0x01, "CertChainHash" },
		{ 0x83, 52, 0x01, NULL },
		{ 0x83, 84, 0x01, "OpaqueDataLength" },
		{ 0x83, 85, 0x08, "OpaqueDataLength" },
		{ 0x83, 86, 0x01, "RequesterContext" },
		{ 0x83, 94, 0x01, NULL },
	};

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct fake *f = fake(0x13);
		const struct spdm_fault *x = &f->r.failures[0].fault;
		const char *field = cases[i].field;
		bool good;
		int rc;

		f->mutate = flip;
		fault_code = cases[i].code;
		fault_at = cases[i].at;
		fault_xor = cases[i].xor;
		rc = spdm_authenticate(&f->r);
		if (field)
			good = rc && x->field && !strcmp(x->field, field);
		else
			good = rc == -EKEYREJECTED;
		if (!field)
			field = "signature";
		ok(good && f->r.slot == SPDM_NO_SLOT && f->r.n_failures,
		   "%#x, byte %d changed by %#x: %s", fault_code, fault_at,
		   fault_xor, field);
		if (!good)
			printf("# %d, %s: %s\n", rc, x->what, x->field);
		release(f);
	}
}

/* Changes the second portion of a chain. */
static void flip_second(struct fake *f, u8 code, u8 *rsp, int *len)
{
	(void)len;
	if (code == 0x82 && f->count++ == 1)
		rsp[fault_at] ^= fault_xor;
}

static void test_portions(void)
{
	static const struct {
		int at, xor;
		const char *field;
	} cases[] = {
		{ 2, 0x03, "SlotID" },
		{ 5, 0x80, "PortionLength" },
		{ 6, 0x01, "RemainderLength" },
		{ 7, 0x40, "RemainderLength" },
		{ 99, 0x01, "Digest" },
	};

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct fake *f = fake(0x12);
		const struct spdm_failure *x = &f->r.failures[0];

		f->n_certs = 20;
		f->mutate = flip_second;
		fault_at = cases[i].at;
		fault_xor = cases[i].xor;
		ok(spdm_authenticate(&f->r) == -EPROTO && x->fault.field &&
		   x->stage == SPDM_STAGE_CERTIFICATE && !x->slot &&
		   !strcmp(x->fault.field, cases[i].field),
		   "second portion, byte %d changed: %s", cases[i].at,
		   cases[i].field);
		release(f);
	}
}

static void test_cuts(void)
{
	static const struct {
		u8 code;
		const char *what;
	} cases[] = {
		{ 0x84, "Truncated version response" },
		{ 0xe1, "Truncated capabilities response" },
		{ 0xe3, "Truncated algorithms response" },
		{ 0x81, "Truncated digests response" },
		{ 0x82, "Truncated certificate response" },
		{ 0x83, "Truncated challenge_auth response" },
	};

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		size_t n = 0, bad = 0;
		struct fake *f = fake(0x13);

		f->mutate = cut;
		fault_code = cases[i].code;
		/* In steps of four, because the transport pads to dwords. */
		for (fault_at = 0; ; fault_at += 4, n++) {
			int rc;

			spdm_forget_chains(&f->r);
			rc = spdm_authenticate(&f->r);
			if (!rc)
				break;
			bad += rc != -EIO || strcmp(f->r.failures[0].fault.what,
						    cases[i].what);
		}
		ok(n && !bad, "%s, at %zu lengths", cases[i].what, n);
		release(f);
	}
}

static void test_errors(void)
{
	struct fake *f = fake(0x12);

	f->mutate = fail;
	fault_code = 0xe3;
	fault_xor = 0x01;
	f->r.offer.asym = 0x81;
	f->r.offer.hash = 0x03;
	ok(spdm_authenticate(&f->r) == -EINVAL &&
	   failure_is(f, 0, SPDM_STAGE_ALGORITHMS, SPDM_NO_SLOT, -EINVAL,
		      "Invalid request") &&
	   !strcmp(f->r.failures[0].fault.request, "NEGOTIATE_ALGORITHMS") &&
	   !strcmp(f->r.failures[0].fault.detail,
		   "likely none in common; offered rsassa-2048,ecdsa-p384 with sha256,sha384"),
	   "ERROR by its name, with the offer");
	fault_xor = 0x99;
	ok(spdm_authenticate(&f->r) == -EIO &&
	   f->r.failures[0].fault.error == 0x99 &&
	   !strncmp(f->r.failures[0].fault.detail, "offered rsassa", 14) &&
	   !strcmp(f->r.failures[0].fault.what, "Undefined error"),
	   "ERROR without a name");
	fault_xor = 0;
	ok(spdm_authenticate(&f->r) == -ENODEV &&
	   failure_is(f, 0, SPDM_STAGE_ALGORITHMS, SPDM_NO_SLOT, -ENODEV,
		      "No response"), "no response");
	fault_code = 0x82;
	fault_xor = 0x05;
	f->mask = 0x03;
	ok(spdm_authenticate(&f->r) == -EIO && f->r.n_failures == 2,
	   "ERROR to both GET_CERTIFICATE: both are reported");
	fault_code = 0x83;
	f->n_requests = 0;
	ok(spdm_authenticate(&f->r) == -EIO && f->r.n_failures == 2 &&
	   challenged(f) == 2 && f->r.trusted == 3 && !f->r.proved &&
	   !strcmp(f->r.failures[1].fault.request, "CHALLENGE"),
	   "ERROR to both CHALLENGE: both are reported");
	release(f);
}

/* An ERROR to the first CHALLENGE. The transcript goes on. */
static void one_challenge(struct fake *f, u8 code, u8 *rsp, int *len)
{
	if (code == 0x83 && !f->count++)
		error(rsp, len, fault_xor);
}

static void test_refused_challenge(void)
{
	static const u8 codes[] = { 0x01, 0x04, 0x05, 0x07, 0x0d, 0x0f, 0xff };

	for (size_t i = 0; i < ARRAY_SIZE(codes); i++) {
		struct fake *f = fake(0x13);

		f->mask = 0x05;
		f->mutate = one_challenge;
		fault_xor = codes[i];
		ok(!spdm_authenticate(&f->r) && f->r.slot == 2 &&
		   f->r.n_failures == 1 && f->r.trusted == 5 &&
		   f->r.proved == 4 && !f->r.failures[0].slot &&
		   f->r.failures[0].stage == SPDM_STAGE_CHALLENGE &&
		   f->r.failures[0].fault.error == codes[i],
		   "ERROR %#x to CHALLENGE of slot 0: slot 2", codes[i]);
		release(f);
	}
}

/* libspdm before 3.1 sends four structures, whatever was requested. */
static void extra_structs(struct fake *f, u8 code, u8 *rsp, int *len)
{
	static const u8 structs[] = {
		2, 0x20, 0x10, 0, 3, 0x20, 2, 0, 4, 0x20, 0, 0, 5, 0x20, 1, 0
	};

	(void)f;
	if (code != 0xe3)
		return;
	rsp[2] = 4;
	memcpy(rsp + *len, structs, sizeof(structs));
	*len += sizeof(structs);
	put_unaligned_le16(*len, rsp + 4);
}

static void test_extra_structs(void)
{
	for (u8 ver = 0x11; ver <= 0x13; ver++) {
		struct fake *f = fake(ver);

		f->mutate = extra_structs;
		ok(!spdm_authenticate(&f->r) && !f->r.n_failures,
		   "1.%u: structures that were not offered are ignored", ver & 15);
		release(f);
	}
}

/* The two facts, apart: trust in the chain, possession of the leaf's key. */
static void test_facts(void)
{
	static const struct {
		u8 trusted, bad_signature;
		u8 trusted_is, proved_is;
	} cases[] = {
		{ 0xff, 0, 0x01, 0x01 },
		{ 0xfe, 0, 0x02, 0x02 },
		{ 0xff, 0x01, 0x03, 0x02 },
		{ 0xff, 0xff, 0x13, 0 },
		{ 0x10, 0xff, 0x10, 0 },
		{ 0, 0, 0, 0x01 },
		{ 0, 0x12, 0, 0x01 },
		{ 0, 0x01, 0, 0 },
		{ 0, 0xff, 0, 0 },
	};
	struct fake *f = fake(0x12);

	f->mask = 0x13;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		int rc;

		f->trusted = cases[i].trusted;
		f->bad_signature = cases[i].bad_signature;
		rc = spdm_authenticate(&f->r);
		ok(f->r.trusted == cases[i].trusted_is &&
		   f->r.proved == cases[i].proved_is &&
		   !rc == !!(f->r.trusted & f->r.proved),
		   "trusted: slots %#x, key proved: slots %#x", f->r.trusted,
		   f->r.proved);
	}
	f->versions[0] = 0x15;
	ok(spdm_authenticate(&f->r) && !f->r.trusted && !f->r.proved,
	   "no connection: nothing is trusted or proved");
	release(f);
}

/* No chain is trusted: one slot is asked for a proof, and nothing succeeds. */
static void test_untrusted(void)
{
	static const u8 order[] = { 0x84, 0xe1, 0xe3, 0x81, 0x82, 0x82, 0x83 };

	for (u8 ver = 0x10; ver <= 0x13; ver++) {
		struct fake *f = fake(ver);

		f->mask = 0x03;
		f->trusted = 0;
		ok(spdm_authenticate(&f->r) == -ENOKEY && f->r.slot == SPDM_NO_SLOT &&
		   !f->r.trusted && f->r.proved == 1 && f->taken == 1 &&
		   f->proofs == 1 && f->proof.what == SPDM_SIGNED_CHALLENGE &&
		   f->r.n_failures == 2 && f->n_requests == sizeof(order) &&
		   !memcmp(f->requests, order, sizeof(order)) &&
		   failure_is(f, 0, SPDM_STAGE_CHAIN, 0, -ENOKEY,
			      "Root certificate not found") &&
		   failure_is(f, 1, SPDM_STAGE_CHAIN, 1, -ENOKEY,
			      "Root certificate not found"),
		   "1.%u, no chain is trusted: slot 0 is challenged, and only slot 0",
		   ver & 15);
		release(f);
	}
}

static void test_untrusted_leaf(void)
{
	struct fake *f = fake(0x12);

	f->mask = 0x13;
	f->trusted = 0;
	f->bad_leaf = 0x03;
	ok(spdm_authenticate(&f->r) == -ENOKEY && f->r.proved == 0x10 &&
	   f->taken == 0x10 && f->r.n_failures == 3 && challenged(f) == 1,
	   "the first leaf that can be used is asked");
	f->bad_leaf = 0x13;
	f->n_requests = 0;
	ok(spdm_authenticate(&f->r) == -ENOKEY && !f->r.proved &&
	   f->r.n_failures == 3 && !challenged(f),
	   "no leaf can be used: nobody is challenged");
	f->bad_leaf = 0;
	f->trusted = 0x10;
	f->bad_signature = 0x10;
	f->n_requests = 0;
	f->taken = 0;
	ok(spdm_authenticate(&f->r) == -ENOKEY && f->r.trusted == 0x10 &&
	   !f->r.proved && !f->taken && challenged(f) == 1,
	   "a chain is trusted, and the proof failed: no other slot is asked");
	release(f);
}

static u8 challenge_error;

/* Every CHALLENGE is answered by an ERROR. */
static void no_challenge(struct fake *f, u8 code, u8 *rsp, int *len)
{
	(void)f;
	if (code == 0x83)
		error(rsp, len, challenge_error);
}

/* Why is the chain not trusted? That stays the result. */
static void test_untrusted_refusals(void)
{
	static const u8 codes[] = { 0x01, 0x05, 0x07, 0xff };
	struct fake *f = fake(0x12);

	f->mask = 0x03;
	f->trusted = 0;
	f->mutate = no_challenge;
	for (size_t i = 0; i < ARRAY_SIZE(codes); i++) {
		challenge_error = codes[i];
		f->n_requests = 0;
		ok(spdm_authenticate(&f->r) == -ENOKEY && !f->r.proved &&
		   f->r.n_failures == 3 && challenged(f) == 1 &&
		   f->r.failures[2].stage == SPDM_STAGE_CHALLENGE &&
		   f->r.failures[2].fault.error == codes[i],
		   "ERROR %#x to the only CHALLENGE: still without trust", codes[i]);
	}
	challenge_error = 0x43;
	f->n_requests = 0;
	ok(spdm_authenticate(&f->r) == -ENOKEY && challenged(f) == 2 &&
	   f->r.n_failures == 3, "RequestResynch: once more from the start");
	f->mutate = fail;
	fault_code = 0x83;
	fault_xor = 0;
	ok(spdm_authenticate(&f->r) == -ENODEV && !f->r.proved,
	   "the device has left: the result says so");
	f->mutate = NULL;
	f->verify_err = -ENOPKG;
	ok(spdm_authenticate(&f->r) == -ENOKEY && !f->r.proved &&
	   failure_is(f, 2, SPDM_STAGE_SIGNATURE, 0, -ENOPKG,
		      "Cannot verify challenge_auth signature"),
	   "a signature that cannot be verified is no wrong signature");
	f->verify_err = 0;
	f->bad_signature = 0x01;
	ok(spdm_authenticate(&f->r) == -EKEYREJECTED && !f->r.proved &&
	   f->r.n_failures == 3 &&
	   failure_is(f, 0, SPDM_STAGE_CHAIN, 0, -ENOKEY,
		      "Root certificate not found") &&
	   failure_is(f, 2, SPDM_STAGE_SIGNATURE, 0, -EKEYREJECTED,
		      "Cannot verify challenge_auth signature"),
	   "a wrong signature is the result, and the chain the first failure");
	f->bad_signature = 0;
	ok(spdm_authenticate(&f->r) == -ENOKEY && f->r.proved == 1,
	   "and again with a right one");
	release(f);
}

/* Eight failures of chains, and one of the proof: all have room. */
static void test_untrusted_failures(void)
{
	struct fake *f = fake(0x12);

	f->mask = 0xff;
	f->trusted = 0;
	f->bad_signature = 0x01;
	f->n_certs = 1;
	ok(spdm_authenticate(&f->r) == -EKEYREJECTED &&
	   f->r.n_failures == SPDM_FAILURES_MAX &&
	   f->r.failures[7].stage == SPDM_STAGE_CHAIN && f->r.failures[7].slot == 7 &&
	   f->r.failures[8].stage == SPDM_STAGE_SIGNATURE,
	   "eight slots without trust, and a wrong signature: nine failures");
	release(f);
}

static void one_slot(struct fake *f, u8 code, u8 *rsp, int *len)
{
	if (code == 0x82 && !f->count++)
		error(rsp, len, 0x05);
}

static void bad_root_hash(struct fake *f, u8 code, u8 *rsp, int *len)
{
	(void)rsp;
	(void)len;
	/* After the chain is built, before its digest is sent. */
	if (code != 0x81)
		return;
	f->chain[0][4] ^= 1;
	hash(f, f->chain[0], f->chain_len[0], rsp + 4);
}

static void test_slot_faults(void)
{
	struct fake *f = fake(0x12);

	f->mutate = one_slot;
	f->mask = 0x03;
	ok(!spdm_authenticate(&f->r) && f->r.slot == 1 &&
	   failure_is(f, 0, SPDM_STAGE_CERTIFICATE, 0, -EIO,
		      "Unspecified error"), "ERROR for slot 0: slot 1");
	f->mutate = bad_root_hash;
	spdm_forget_chains(&f->r);
	ok(!spdm_authenticate(&f->r) && f->r.slot == 1 &&
	   failure_is(f, 0, SPDM_STAGE_CERTIFICATE, 0, -EPROTO,
		      "Malformed certificate chain"),
	   "wrong RootHash in slot 0: slot 1");
	release(f);
}

/* A root whose issuer and subject are equal, or not. */
static void make_root(const char *subject)
{
	EVP_PKEY *key = EVP_PKEY_Q_keygen(NULL, NULL, "EC", "P-256");
	X509_NAME *n = X509_NAME_new();
	X509 *x = X509_new();
	u8 *der = NULL;

	free(root);
	X509_NAME_add_entry_by_txt(n, "CN", MBSTRING_UTF8, (const u8 *)"root", -1, -1, 0);
	X509_set_issuer_name(x, n);
	if (subject)
		X509_NAME_add_entry_by_txt(n, "O", MBSTRING_UTF8, (const u8 *)subject, -1, -1, 0);
	X509_set_subject_name(x, n);
	X509_gmtime_adj(X509_getm_notBefore(x), 0);
	X509_gmtime_adj(X509_getm_notAfter(x), 1000);
	X509_set_pubkey(x, key);
	X509_sign(x, key, EVP_sha256());
	root_len = i2d_X509(x, &der);
	root = malloc(root_len);
	memcpy(root, der, root_len);
	OPENSSL_free(der);
	X509_NAME_free(n);
	X509_free(x);
	EVP_PKEY_free(key);
}

static void test_other_root(void)
{
	struct fake *f = fake(0x12);

	make_root("below the root");
	f->mutate = bad_root_hash;
	ok(!spdm_authenticate(&f->r) && !f->r.n_failures,
	   "the root is not in the chain: RootHash is not checked");
	release(f);
}

int main(void)
{
	make_root(NULL);
	test_all();
	test_versions();
	test_mldsa();
	test_pqc_choice();
	test_large_form();
	test_slots();
	test_again();
	test_sizes();
	test_capabilities();
	test_multi_key();
	test_key_usage();
	test_transfer_size();
	test_proof_by_measurements();
	test_proof_by_challenge();
	test_unable();
	test_proof_slots();
	test_meas_transfer_size();
	test_too_long();
	test_ask();
	test_unsigned();
	test_meas_faults();
	test_meas_cuts();
	test_meas_hash();
	test_patience();
	test_faults();
	test_portions();
	test_cuts();
	test_errors();
	test_refused_challenge();
	test_extra_structs();
	test_facts();
	test_untrusted();
	test_untrusted_leaf();
	test_untrusted_refusals();
	test_untrusted_failures();
	test_slot_faults();
	test_other_root();
	free(root);
	return tap_done();
}
