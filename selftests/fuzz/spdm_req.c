// SPDX-License-Identifier: GPL-2.0-only
/*
 * Fuzz target: the input has all responses of a device in two authentications,
 * one more that asks for measurements, and to a request for measurements without
 * a signature. The length of each response, 16 bits, precedes it. A response may
 * arrive in chunks, which are responses of their own.
 *
 * The hash is a simple sum, and a signature is valid if it equals the digest,
 * so that the fuzzer can reach all stages. The target checks that the requester
 * ends within its limits, and that an authentication succeeds only with an
 * accepted chain and an accepted signature of its key. Without an accepted chain,
 * there is one signature at most.
 */
#include "../../lib/spdm_req.h"
#include "fuzz.h"

#define CHAINS	0x3000
#define LARGE	0x2000

struct world {
	const u8 *data;
	size_t len;
	u64 now;
	u32 exchanges;
	u32 sum[SPDM_N_HASH_CTX];
	size_t hash_len[SPDM_N_HASH_CTX];
	enum spdm_signed proof;
	bool taken;
	u32 proofs;
	int leaf;	/* slot whose leaf was loaded without trust, or -1 */
};

static void begin(struct world *w)
{
	w->taken = false;
	w->proofs = 0;
	w->leaf = -1;
}

static int exchange(void *ctx, const u8 *req, size_t len, u8 *rsp, size_t size)
{
	struct world *w = ctx;
	size_t n;

	require(len >= sizeof(struct spdm_header) && len <= SPDM_REQUEST_MAX);
	require(req[0] >= SPDM_VER_10 && req[0] <= SPDM_VER_14);
	w->now++;
	w->exchanges++;
	/* RequestResynch: all begins anew. */
	if (req[1] == SPDM_GET_VERSION)
		begin(w);
	if (w->len < 2)
		return -EIO;
	n = get_unaligned_le16(w->data) & 0x1fff;
	w->data += 2;
	w->len -= 2;
	if (n > w->len)
		n = w->len;
	if (n > size)
		n = size;
	memcpy(rsp, w->data, n);
	w->data += n;
	w->len -= n;
	return n;
}

static int md_init(void *ctx, enum spdm_hash_ctx which,
		   const struct spdm_hash *alg)
{
	struct world *w = ctx;

	w->sum[which] = 0;
	w->hash_len[which] = alg->len;
	return 0;
}

/* A sum of one byte: the fuzzer soon finds matching values. */
static int md_update(void *ctx, enum spdm_hash_ctx which, const u8 *data,
		     size_t len)
{
	struct world *w = ctx;

	for (size_t i = 0; i < len; i++)
		w->sum[which] = (w->sum[which] + data[i]) & 1;
	return 0;
}

static int md_final(void *ctx, enum spdm_hash_ctx which, u8 *digest)
{
	struct world *w = ctx;

	memset(digest, w->sum[which], w->hash_len[which]);
	return 0;
}

static int verify_chain(void *ctx, u8 slot, const struct spdm_conn *c,
			const struct spdm_chain *chain, struct spdm_fault *fault)
{
	size_t pos = 0, len, sum = 0;
	const u8 *cert;

	(void)ctx;
	require(slot < SPDM_SLOTS && c->hash && chain->certs_len);
	while (!spdm_chain_next(chain, &pos, &cert, &len, fault))
		sum += len;
	require(sum == chain->certs_len);
	return chain->certs[sum - 1] & 1 ? -ENOKEY : 0;
}

static int take_leaf(void *ctx, u8 slot, const struct spdm_conn *c,
		     const struct spdm_chain *chain)
{
	struct world *w = ctx;

	require(slot < SPDM_SLOTS && c->asym && chain->certs_len);
	/* verify_chain() refused the chain, and no other slot was asked. */
	require(chain->certs[chain->certs_len - 1] & 1);
	require(!w->taken && w->leaf < 0);
	if (chain->certs[0] & 1)
		return -EBADMSG;
	w->leaf = slot;
	return 0;
}

static int verify_signature(void *ctx, u8 slot, const struct spdm_conn *c,
			    const struct spdm_tbs *tbs, const u8 *sig)
{
	struct world *w = ctx;

	require(slot < SPDM_SLOTS && (w->leaf < 0 || w->leaf == slot));
	for (size_t i = 0; i < c->asym->sig_len; i++)
		if (sig[i] != tbs->data[0])
			return -EKEYREJECTED;
	w->taken = true;
	return 0;
}

static int randomize(void *ctx, u8 *buf, size_t len)
{
	(void)ctx;
	memset(buf, 0, len);
	return 0;
}

static u64 now_ms(void *ctx)
{
	return ((struct world *)ctx)->now;
}

static int sleep_ms(void *ctx, u32 ms)
{
	((struct world *)ctx)->now += ms;
	return 0;
}

static void signature(void *ctx, u8 slot, const struct spdm_proof *proof)
{
	struct world *w = ctx;

	require(slot < SPDM_SLOTS && proof->rsp_nonce && proof->signature);
	w->proof = proof->what;
	w->proofs++;
}

#include "../lib/spdm_req_ops.h"

/* The measurements that were asked for can be read. */
static void walk(const struct spdm_req *r)
{
	struct spdm_meas_walk w = {};
	struct spdm_meas_value v;
	struct spdm_fault fault;
	size_t n = 0;

	require(r->meas.record);
	while (!spdm_meas_next(&r->c, &r->meas, &w, &v, &fault))
		n++;
	require(n == r->meas.blocks);
}

static void limits(const struct spdm_req *r, const struct world *w, u64 start)
{
	require(r->n_failures <= SPDM_FAILURES_MAX);
	for (size_t i = 0; i < r->n_failures; i++)
		require(r->failures[i].err < 0 && r->failures[i].fault.what);
	require(w->exchanges == r->messages);
	require(r->messages <= SPDM_MESSAGES_MAX);
	require(w->now - start <= r->timeout_ms);
}

static void authenticate(struct spdm_req *r, struct world *w)
{
	u64 start = w->now;
	int rc;

	begin(w);
	w->exchanges = 0;
	rc = spdm_authenticate(r);
	require(rc <= 0 && (!rc) == (w->taken && w->leaf < 0));
	require((!rc) == (r->slot < SPDM_SLOTS));
	require(rc || (r->trusted & r->proved & 1 << r->slot));
	require(!rc == !!(r->trusted & r->proved));
	require(w->leaf >= 0 || !(r->proved & ~r->trusted));
	if (w->leaf >= 0)
		require(!r->trusted && r->proved == (w->taken ? 1 << w->leaf : 0));
	require(r->trusted || w->proofs <= 1);
	require(!rc || r->n_failures);
	require(w->leaf < 0 || !r->meas.record);
	require(rc || w->proof == r->proof);
	require(!r->ask || rc || r->proof == SPDM_SIGNED_MEASUREMENTS);
	if (!rc && r->ask)
		walk(r);
	limits(r, w, start);
}

static void read_unsigned(struct spdm_req *r, struct world *w)
{
	u64 start = w->now;
	int rc;

	w->exchanges = 0;
	rc = spdm_read_measurements(r);
	require(rc <= 0 && (!rc || r->n_failures));
	require(r->slot == SPDM_NO_SLOT && !r->trusted && !r->proved);
	if (!rc)
		walk(r);
	limits(r, w, start);
}

int LLVMFuzzerTestOneInput(const u8 *data, size_t size)
{
	static u8 rsp[SPDM_RSP_MIN_MLDSA + LARGE], chains[CHAINS];
	static const struct spdm_meas_ask ask = {
		.operation = SPDM_MEAS_ALL,
		.raw = true,
	};
	static struct spdm_req r;
	struct world w = { .data = data, .len = size };

	r = (struct spdm_req) {
		.ops = &ops,
		.ctx = &w,
		.rsp = rsp,
		.rsp_size = SPDM_RSP_MIN_MLDSA,
		.large_size = LARGE,
		.chains = chains,
		.chains_size = sizeof(chains),
		.timeout_ms = 5000,
	};
	spdm_default_offer(&r.offer, 0x1ff, 0x3f);
	r.offer.pqc_asym = 0x7;
	authenticate(&r, &w);
	authenticate(&r, &w);
	r.ask = &ask;
	authenticate(&r, &w);
	read_unsigned(&r, &w);
	return 0;
}
