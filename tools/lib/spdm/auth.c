// SPDX-License-Identifier: GPL-2.0-only
/*
 * Authentication of a device over a connection: the functions that
 * lib/spdm_req.c calls, and the result.
 */
#include <errno.h>
#include <stdlib.h>
#include <sys/random.h>
#include <time.h>

#include <ccguest/auth.h>
#include <ccguest/ctx.h>
#include <ccguest/device.h>

#include "core/ctx.h"
#include "core/net.h"
#include "core/text.h"
#include "pci/evidence.h"
#include "spdm/auth.h"
#include "spdm/objects.h"

/* ---- functions for the requester ---- */

static int hash_init(void *ctx, enum spdm_hash_ctx which,
		     const struct spdm_hash *alg)
{
	struct ccg_auth *a = ctx;

	if (which == SPDM_HASH_TRANSCRIPT)
		ccg_record_begin(a->record);
	return ccg_hash_init(a->md[which], alg);
}

static int hash_update(void *ctx, enum spdm_hash_ctx which, const u8 *data,
		       size_t len)
{
	struct ccg_auth *a = ctx;

	if (which == SPDM_HASH_TRANSCRIPT)
		ccg_record_add(a->record, data, len);
	return EVP_DigestUpdate(a->md[which], data, len) == 1 ? 0 : -EIO;
}

static int hash_final(void *ctx, enum spdm_hash_ctx which, u8 *digest)
{
	struct ccg_auth *a = ctx;

	return EVP_DigestFinal_ex(a->md[which], digest, NULL) == 1 ? 0 : -EIO;
}

/* DSP0274, "SPDM request codes" and "SPDM response codes". */
static const struct {
	uint8_t code;
	const char *name;
} codes[] = {
	{ SPDM_GET_DIGESTS, "GET_DIGESTS" },
	{ SPDM_GET_CERTIFICATE, "GET_CERTIFICATE" },
	{ SPDM_CHALLENGE, "CHALLENGE" },
	{ SPDM_GET_VERSION, "GET_VERSION" },
	{ SPDM_CHUNK_GET, "CHUNK_GET" },
	{ SPDM_GET_MEASUREMENTS, "GET_MEASUREMENTS" },
	{ SPDM_GET_CAPABILITIES, "GET_CAPABILITIES" },
	{ SPDM_NEGOTIATE_ALGORITHMS, "NEGOTIATE_ALGORITHMS" },
	{ SPDM_RESPOND_IF_READY, "RESPOND_IF_READY" },
	{ SPDM_DIGESTS, "DIGESTS" },
	{ SPDM_CERTIFICATE, "CERTIFICATE" },
	{ SPDM_CHALLENGE_AUTH, "CHALLENGE_AUTH" },
	{ SPDM_VERSION, "VERSION" },
	{ SPDM_CHUNK_RESPONSE, "CHUNK_RESPONSE" },
	{ SPDM_MEASUREMENTS, "MEASUREMENTS" },
	{ SPDM_CAPABILITIES, "CAPABILITIES" },
	{ SPDM_ALGORITHMS, "ALGORITHMS" },
	{ SPDM_ERROR, "ERROR" },
};

static const char *code_name(const u8 *msg, size_t len)
{
	for (size_t i = 0; len >= 2 && i < ARRAY_SIZE(codes); i++)
		if (codes[i].code == msg[1])
			return codes[i].name;
	return "unknown message";
}

static int exchange(void *ctx, const u8 *req, size_t len, u8 *rsp, size_t size)
{
	struct ccg_auth *a = ctx;
	struct ccg_auth_step step = {
		.request = code_name(req, len),
		.sent = len,
	};
	uint64_t start = ccg_now_us();
	int rc;

	rc = ccg_link_exchange(&a->link, req, len, rsp, size);
	if (rc < 0)
		a->link_failed = true;
	if (!a->options.step)
		return rc;
	step.us = ccg_now_us() - start;
	if (rc >= 0) {
		step.response = code_name(rsp, rc);
		step.received = rc;
	}
	a->options.step(a->options.arg, &step);
	return rc;
}

/* A device may send another chain for a slot, and begin anew. */
static void note_name(struct ccg_auth_result *r, u8 slot, int named)
{
	uint8_t bit = 1 << slot;

	r->named &= ~bit;
	r->misnamed &= ~bit;
	if (named > 0)
		r->named |= bit;
	if (named < 0)
		r->misnamed |= bit;
}

/* Checks that the key of a leaf fits the algorithm. */
static int check_key(EVP_PKEY *key, const struct spdm_conn *c,
		     struct spdm_fault *fault)
{
	const char *type = EVP_PKEY_get0_type_name(key);

	if (ccg_key_fits(key, c->asym))
		return 0;
	*fault = (struct spdm_fault) {
		.what = "Key of the leaf certificate does not fit the algorithm",
	};
	snprintf(fault->detail, sizeof(fault->detail), "%s, %d bits, for %s",
		 type ? type : "unknown", EVP_PKEY_get_bits(key),
		 c->asym->name);
	return -EKEYREJECTED;
}

static bool has_chain(const struct ccg_slot *slot,
		      const struct spdm_chain *chain)
{
	return slot->size && slot->size == chain->certs_len &&
	       !memcmp(slot->der, chain->certs, chain->certs_len);
}

/*
 * Parses the certificates of a slot, for their verification and for the result.
 * Those that did not change since the last authentication are taken over. A
 * device may also send another chain in one authentication, which begins anew
 * then.
 */
static int add_chain(struct ccg_auth *a, size_t slot,
		     const struct spdm_chain *chain)
{
	struct ccg_slot *to = &a->result.evidence.slots[slot];
	struct ccg_slot *last = &a->last.slots[slot];
	uint8_t *der;

	if (has_chain(to, chain))
		return 0;
	ccg_slot_clear(to);
	if (has_chain(last, chain)) {
		*to = *last;
		*last = (struct ccg_slot) {};
		return 0;
	}
	der = malloc(chain->certs_len);
	if (!der)
		return -ENOMEM;
	memcpy(der, chain->certs, chain->certs_len);
	return ccg_slot_fill(a->ctx, to, der, chain->certs_len);
}

/* The key of the last certificate that a slot has; NULL if there is none. */
static EVP_PKEY *leaf_key(const struct ccg_auth *a, u8 slot)
{
	const struct ccg_certs *certs = a->result.evidence.slots[slot].certs;

	return certs && certs->n ?
	       X509_get0_pubkey(certs->certs[certs->n - 1].x509) : NULL;
}

/* Evidence is recorded: somebody else decides about trust. */
static int accept_chain(const struct ccg_auth *a, u8 slot,
			const struct spdm_conn *c, struct spdm_fault *fault)
{
	EVP_PKEY *key = leaf_key(a, slot);

	if (a->record->slot >= 0 && a->record->slot != slot) {
		*fault = (struct spdm_fault) { .what = "Another slot is wanted" };
		return -EKEYREJECTED;
	}
	if (key && !a->result.evidence.slots[slot].error)
		return check_key(key, c, fault);
	*fault = (struct spdm_fault) { .what = "Malformed certificate" };
	return -EBADMSG;
}

static int verify_chain(void *ctx, u8 slot, const struct spdm_conn *c,
			const struct spdm_chain *chain,
			struct spdm_fault *fault)
{
	struct ccg_auth *a = ctx;
	const struct x509_policy policy =
		ccg_chain_policy(&a->options, spdm_generic_cert(c, slot));
	struct x509_verdict v;
	int rc;

	rc = add_chain(a, slot, chain);
	if (rc) {
		*fault = (struct spdm_fault) { .what = "Cannot allocate memory" };
		return rc;
	}
	if (a->record)
		return accept_chain(a, slot, c, fault);
	ccg_walk_clear(&a->walk);
	a->walk.start = chain->certs;
	a->walk.parsed = a->result.evidence.slots[slot].certs;
	a->walk.name = a->options.san;
	a->walk.rule = a->options.rule;
	a->walk.named = 0;
	a->walk.hash = c->hash;
	a->walk.root_hash = chain->root_hash;
	rc = x509_verify_chain(chain->certs, chain->certs_len, &policy,
			       &ccg_chain_ops, &a->walk, &v);
	note_name(&a->result, slot, a->walk.named);
	if (rc) {
		spdm_chain_fault(&v, rc, fault);
		return rc;
	}
	rc = check_key(X509_get0_pubkey(ccg_walk_leaf(&a->walk)->x), c, fault);
	if (!rc)
		ccg_note_chain(&v, a->anchor, a->expired);
	return rc;
}

/* The chain is not trusted. lib/ and OpenSSL can use its key all the same. */
static int take_leaf(void *ctx, u8 slot, const struct spdm_conn *c,
		     const struct spdm_chain *chain)
{
	struct ccg_auth *a = ctx;
	struct x509_verdict v;
	struct x509_cert leaf;
	int rc;

	/* While evidence is recorded, accept_chain() has chosen the slot. */
	if (a->options.chains_only || a->record)
		return -EOPNOTSUPP;
	rc = x509_chain_leaf(chain->certs, chain->certs_len, ccg_has_mldsa(),
			     &leaf, &v);
	if (!rc)
		rc = ccg_walk_take_leaf(&a->walk, &leaf,
					&a->result.evidence.slots[slot]);
	if (rc)
		return rc;
	return ccg_key_fits(X509_get0_pubkey(ccg_walk_leaf(&a->walk)->x),
			    c->asym) ? 0 : -EKEYREJECTED;
}

static int verify_signature(void *ctx, u8 slot, const struct spdm_conn *c,
			    const struct spdm_tbs *tbs, const u8 *sig)
{
	struct ccg_auth *a = ctx;
	EVP_PKEY *key = a->record ? leaf_key(a, slot) :
			X509_get0_pubkey(ccg_walk_leaf(&a->walk)->x);

	return ccg_verify_tbs(key, c, tbs, sig);
}

static void take_signature(void *ctx, u8 slot, const struct spdm_proof *proof)
{
	struct ccg_auth *a = ctx;

	(void)slot;
	ccg_record_signature(a->record, proof, a->req.c.asym->sig_len);
}

static int get_random(void *ctx, u8 *buf, size_t len)
{
	struct ccg_auth *a = ctx;

	/* getrandom(2) returns up to 256 bytes completely. */
	if (getrandom(buf, len, 0) == (ssize_t)len)
		return 0;
	a->link_failed = true;
	return -EIO;
}

static int get_nonce(void *ctx, u8 nonce[SPDM_NONCE_LEN])
{
	struct ccg_auth *a = ctx;

	if (!a->nonce)
		return get_random(ctx, nonce, SPDM_NONCE_LEN);
	memcpy(nonce, a->nonce, SPDM_NONCE_LEN);
	return 0;
}

static u64 now_ms(void *ctx)
{
	(void)ctx;
	return ccg_now_us() / 1000;
}

static int sleep_ms(void *ctx, u32 ms)
{
	struct timespec t = {
		.tv_sec = ms / 1000,
		.tv_nsec = ms % 1000 * 1000000L,
	};

	(void)ctx;
	while (nanosleep(&t, &t) && errno == EINTR)
		;
	return 0;
}

static const struct spdm_req_ops req_ops = {
	.hash = {
		.init = hash_init,
		.update = hash_update,
		.final = hash_final,
	},
	.exchange = exchange,
	.verify_chain = verify_chain,
	.take_leaf = take_leaf,
	.verify_signature = verify_signature,
	.signature = take_signature,
	.nonce = get_nonce,
	.random = get_random,
	.now_ms = now_ms,
	.sleep_ms = sleep_ms,
};

/* ---- result ---- */

static void clear_result(struct ccg_auth_result *r)
{
	ccg_evidence_clear(&r->evidence);
	*r = (struct ccg_auth_result) { .evidence = r->evidence };
}

/*
 * Adds the chains of all slots, trusted or not, as the device sent them. Those
 * that were verified are there already.
 */
static int add_chains(struct ccg_auth *a)
{
	int rc = 0;

	for (size_t i = 0; !rc && i < SPDM_SLOTS; i++) {
		const struct spdm_slot *s = &a->req.slots[i];
		struct spdm_fault fault;
		struct spdm_chain chain;

		if (s->len && s->hash == a->req.c.hash &&
		    !spdm_chain_split(&a->req.c, a->chains + s->offset, s->len,
				      &chain, &fault))
			rc = add_chain(a, i, &chain);
	}
	return rc;
}

static int add_failures(struct ccg_auth *a)
{
	struct ccg_evidence *e = &a->result.evidence;
	char text[384];

	for (size_t i = 0; i < a->req.n_failures; i++) {
		const struct spdm_failure *f = &a->req.failures[i];
		struct ccg_failure *to = &e->failures[e->n_failures];

		spdm_failure_text(f, "the trusted certificates", text,
				  sizeof(text));
		*to = (struct ccg_failure) {
			.stage = strdup(spdm_stage_name(f->stage)),
			.slot = f->slot == SPDM_NO_SLOT ? -1 : f->slot,
			.code = f->err,
			.text = strdup(ccg_unescape(text)),
		};
		if (!to->stage || !to->text) {
			free(to->stage);
			free(to->text);
			return -ENOMEM;
		}
		e->n_failures++;
	}
	return 0;
}

static int add_negotiated(struct ccg_auth *a)
{
	struct ccg_evidence *e = &a->result.evidence;
	const struct spdm_conn *c = &a->req.c;

	if (!c->asym)
		return 0;
	a->result.flags = c->flags;
	e->version = strdup(ccg_version_text(c->version));
	e->asym = strdup(c->asym->word);
	e->hash = strdup(c->hash->alg);
	return e->version && e->asym && e->hash ? 0 : -ENOMEM;
}

/*
 * Did the connection end the authentication? If no chain was trusted before, it did
 * not matter: the result is about the chain.
 */
static bool is_cut(const struct ccg_auth *a, int rc)
{
	const struct ccg_evidence *e = &a->result.evidence;

	return a->link_failed && (!e->n_failures ||
				  e->failures[e->n_failures - 1].code == rc);
}

/* Describes the failure: the fatal one, or the one of the first slot. */
static int fail_auth(struct ccg_auth *a, int rc)
{
	const struct ccg_evidence *e = &a->result.evidence;
	enum ccg_class kind = CCG_UNVERIFIED;
	size_t i = 0;

	if (is_cut(a, rc) || rc == -ETIMEDOUT || rc == -ENOMEM)
		kind = CCG_FAILED;
	if (is_cut(a, rc) && e->n_failures)
		i = e->n_failures - 1;
	while (i + 1 < e->n_failures && e->failures[i].code != rc)
		i++;
	return ccg_fail(a->ctx, rc, kind, a->address, "%s",
			e->n_failures ? e->failures[i].text : strerror(-rc));
}

/**
 * ccg_auth_do - run a conversation with the device, and keep the result
 * @a: the connection
 * @run: the conversation; returns 0 or a negative errno
 *
 * Return: as ccg_auth_run().
 */
int ccg_auth_do(struct ccg_auth *a, int (*run)(struct ccg_auth *a))
{
	struct ccg_auth_result *r = &a->result;
	uint64_t start = ccg_now_us();
	int rc, err;

	a->last = r->evidence;
	r->evidence = (struct ccg_evidence) {};
	clear_result(r);
	a->link_failed = false;
	a->link.deadline = start + a->options.timeout_ms * 1000ULL;
	rc = run(a);
	r->us = ccg_now_us() - start;

	/* Only the link knows the reason for a missing response. */
	if (a->link_failed && a->req.n_failures)
		snprintf(a->req.failures[a->req.n_failures - 1].fault.detail,
			 SPDM_DETAIL_MAX, "%s", a->link.why);
	r->trusted = a->req.trusted;
	r->proved = a->req.proved;
	r->messages = a->req.messages;
	r->sent = a->req.sent;
	r->received = a->req.received;
	r->fetched = a->req.fetched;
	err = add_negotiated(a);
	if (!err)
		err = add_failures(a);
	if (!err)
		err = add_chains(a);
	ccg_evidence_clear(&a->last);
	if (err)
		return ccg_fail_errno(a->ctx, err, a->address);
	if (r->proved)
		r->proof = a->req.proof == SPDM_SIGNED_CHALLENGE ?
			   CCG_PROOF_CHALLENGE : CCG_PROOF_MEASUREMENTS;
	if (rc)
		return fail_auth(a, rc);
	if (a->req.slot == SPDM_NO_SLOT)
		return 0;
	r->authenticated = true;
	r->evidence.slot = a->req.slot;
	r->anchor = a->anchor;
	r->expired = a->expired[0] ? a->expired : NULL;
	return 0;
}

static int run_auth(struct ccg_auth *a)
{
	a->req.ask = NULL;
	a->nonce = NULL;
	return spdm_authenticate(&a->req);
}

int ccg_auth_run(struct ccg_auth *a)
{
	return ccg_auth_do(a, run_auth);
}

const struct ccg_auth_result *ccg_auth_result(const struct ccg_auth *a)
{
	return &a->result;
}

/* ---- connection ---- */

static struct ccg_auth *auth_new(struct ccg_ctx *ctx, const char *address)
{
	struct ccg_auth *a = calloc(1, sizeof(*a));

	if (!a)
		return NULL;
	a->ctx = ctx;
	a->link.fd = -1;
	ccg_evidence_clear(&a->result.evidence);
	a->address = strdup(address);
	for (size_t i = 0; i < SPDM_N_HASH_CTX; i++)
		a->md[i] = EVP_MD_CTX_new();
	if (a->address && a->md[SPDM_HASH_TRANSCRIPT] && a->md[SPDM_HASH_OTHER])
		return a;
	ccg_auth_close(a);
	return NULL;
}

int ccg_auth_open(struct ccg_ctx *ctx, const char *address,
		  const struct ccg_trust *trust,
		  const struct ccg_auth_options *options, struct ccg_auth **ap)
{
	struct ccg_auth *a = auth_new(ctx, address);
	struct spdm_req *req;
	int rc;

	if (!a)
		return ccg_fail_errno(ctx, -ENOMEM, address);
	rc = ccg_link_open(&a->link, ctx, address, options->timeout_ms);
	if (rc) {
		ccg_auth_close(a);
		return rc;
	}
	a->options = *options;
	a->walk.trust = trust;
	req = &a->req;
	req->ops = &req_ops;
	req->ctx = a;
	req->rsp = a->rsp;
	req->rsp_size = sizeof(a->rsp) - SPDM_LARGE_MAX;
	req->large_size = SPDM_LARGE_MAX;
	req->chains = a->chains;
	req->chains_size = sizeof(a->chains);
	req->timeout_ms = options->timeout_ms;
	spdm_default_offer(&req->offer, options->asym, options->hash);
	req->offer.pqc_asym = options->pqc_asym;
	req->offer.min_version = options->min_version;
	req->offer.max_version = options->max_version;
	*ap = a;
	return 0;
}

void ccg_auth_close(struct ccg_auth *a)
{
	if (!a)
		return;
	ccg_link_close(&a->link);
	ccg_walk_clear(&a->walk);
	clear_result(&a->result);
	ccg_measurements_clear(&a->measures);
	for (size_t i = 0; i < SPDM_N_HASH_CTX; i++)
		EVP_MD_CTX_free(a->md[i]);
	free(a->address);
	free(a);
}
