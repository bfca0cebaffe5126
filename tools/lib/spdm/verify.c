// SPDX-License-Identifier: GPL-2.0-only
/*
 * Verifying the evidence of a device, far from the device. lib/ has the rules for
 * messages and for chains; OpenSSL verifies the signatures.
 */
#include <errno.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <ccguest/evidence.h>

#include "core/ctx.h"
#include "core/text.h"
#include "spdm/objects.h"
#include "spdm/reference.h"
#include "x509/cert.h"

static const char *const step_names[] = {
	[CCG_STEP_OBJECTS] = "objects",
	[CCG_STEP_NEGOTIATION] = "negotiation",
	[CCG_STEP_CHAIN] = "chain",
	[CCG_STEP_SIGNATURE] = "signature",
	[CCG_STEP_FRESHNESS] = "freshness",
	[CCG_STEP_MEASUREMENTS] = "measurements",
};

const char *ccg_step_name(enum ccg_step step)
{
	return step_names[step];
}

/**
 * struct job - a verification
 * @o: the evidence
 * @want: what the verifier demands
 * @p: the messages
 * @v: the verdict
 * @md: the hashes of the transcript
 * @head: the header and the RootHash of the chain in the signed messages
 * @digest: the digest of that chain
 * @same: that chain has the certificates of the object
 */
struct job {
	const struct ccg_objects *o;
	const struct ccg_objects_want *want;
	struct ccg_parsed p;
	struct ccg_objects_verdict *v;
	struct evp_md_ctx_st *md[SPDM_N_HASH_CTX];
	u8 head[sizeof(struct spdm_chain_header) + SPDM_HASH_MAX];
	u8 digest[SPDM_HASH_MAX];
	bool same;
};

__printf(4, 5)
static void find(struct job *j, enum ccg_step step, enum ccg_finding found,
		 const char *why, ...)
{
	va_list ap;

	j->v->found[step] = found;
	va_start(ap, why);
	vsnprintf(j->v->why[step], sizeof(j->v->why[step]), why, ap);
	va_end(ap);
}

/* ---- hashes ---- */

static int hash_init(void *ctx, enum spdm_hash_ctx which,
		     const struct spdm_hash *alg)
{
	struct job *j = ctx;

	return ccg_hash_init(j->md[which], alg);
}

static int hash_update(void *ctx, enum spdm_hash_ctx which, const u8 *data,
		       size_t len)
{
	struct job *j = ctx;

	return EVP_DigestUpdate(j->md[which], data, len) == 1 ? 0 : -EIO;
}

static int hash_final(void *ctx, enum spdm_hash_ctx which, u8 *digest)
{
	struct job *j = ctx;

	return EVP_DigestFinal_ex(j->md[which], digest, NULL) == 1 ? 0 : -EIO;
}

static const struct spdm_hash_ops hash_ops = {
	.init = hash_init,
	.update = hash_update,
	.final = hash_final,
};

/* ---- the steps ---- */

/* The chain of the signer. What other slots have does not matter. */
static int parse_certs(struct job *j)
{
	enum ccg_object object = CCG_OBJECT_CERT0 + j->p.e.slot;
	const struct ccg_object_bytes *b = &j->o->of[object];
	struct ccg_certs *certs = NULL;
	int rc;

	if (!b->data)
		return 0;
	rc = ccg_certs_parse_der(j->o->ctx, ccg_object_name(object), b->data,
				 b->len, &certs);
	if (!rc && !certs->n)
		rc = ccg_fail(j->o->ctx, -EBADMSG, CCG_FAILED, "evidence",
			      "has no certificate");
	if (!rc) {
		j->v->certs = certs;
		return 0;
	}
	ccg_certs_free(certs);
	if (rc != -ENOMEM)
		find(j, CCG_STEP_OBJECTS, CCG_FOUND_BAD, "%s: %s",
		     ccg_object_name(object), ccg_error(j->o->ctx)->why);
	return rc;
}

static int check_objects(struct job *j)
{
	int rc;

	if (ccg_objects_parse(j->o, &j->p)) {
		find(j, CCG_STEP_OBJECTS, CCG_FOUND_BAD, "%s", j->p.why);
		return -EBADMSG;
	}
	rc = parse_certs(j);
	if (rc)
		return rc;
	find(j, CCG_STEP_OBJECTS, CCG_FOUND_GOOD,
	     "%s of slot %u, signed", j->p.e.what == SPDM_SIGNED_CHALLENGE ?
	     "challenge" : "measurements", j->p.e.slot);
	return 0;
}

static void note_answer(struct job *j)
{
	const struct evid *e = &j->p.e;
	struct ccg_objects_verdict *v = j->v;

	v->slot = e->slot;
	v->version = ccg_version_text(e->c.version);
	v->asym = e->c.asym->word;
	v->hash = e->c.hash->alg;
	v->proof = e->what == SPDM_SIGNED_CHALLENGE ? CCG_PROOF_CHALLENGE :
						      CCG_PROOF_MEASUREMENTS;
	memcpy(v->nonce, e->req_nonce, CCG_NONCE_LEN);
	memcpy(v->device_nonce, e->rsp_nonce, CCG_NONCE_LEN);
}

/* Are the signatures of an algorithm that OpenSSL lacks? */
static bool is_unknown_algorithm(struct job *j, enum ccg_step step)
{
	if (!spdm_is_pqc(j->p.e.c.asym) || ccg_has_mldsa())
		return false;
	find(j, step, CCG_FOUND_UNKNOWN,
	     "OpenSSL %s cannot verify %s, OpenSSL 3.5 and newer can",
	     OpenSSL_version(OPENSSL_FULL_VERSION_STRING), j->p.e.c.asym->name);
	return true;
}

static void check_negotiation(struct job *j)
{
	const struct ccg_auth_options *o = j->want->options;
	const struct spdm_conn *c = &j->p.e.c;
	const struct ccg_objects_verdict *v = j->v;

	if (c->version < o->min_version || c->version > o->max_version)
		find(j, CCG_STEP_NEGOTIATION, CCG_FOUND_BAD,
		     "SPDM %s is not among the accepted versions", v->version);
	else if (is_unknown_algorithm(j, CCG_STEP_NEGOTIATION))
		return;
	else if (!spdm_offers_asym(c->asym, o->asym, o->pqc_asym))
		find(j, CCG_STEP_NEGOTIATION, CCG_FOUND_BAD,
		     "%s is not among the accepted signature algorithms", v->asym);
	else if (!(c->hash->bit & o->hash))
		find(j, CCG_STEP_NEGOTIATION, CCG_FOUND_BAD,
		     "%s is not among the accepted hash algorithms", v->hash);
	else if (!j->p.e.vca_signed)
		find(j, CCG_STEP_NEGOTIATION, CCG_FOUND_UNKNOWN,
		     "SPDM %s, %s, %s: measurements of this version do not sign the negotiation",
		     v->version, v->asym, v->hash);
	else
		find(j, CCG_STEP_NEGOTIATION, CCG_FOUND_GOOD, "SPDM %s, %s, %s",
		     v->version, v->asym, v->hash);
}

/* One more byte of the chain in the messages. */
static void compare_byte(struct job *j, const struct ccg_object_bytes *b,
			 size_t head, size_t at, u8 byte)
{
	if (at < head)
		j->head[at] = byte;
	else if (at - head >= b->len || byte != b->data[at - head])
		j->same = false;
}

/* The chain as the signed messages have it; -ENOENT if they do not have it. */
static int chain_of_messages(struct job *j, const struct ccg_object_bytes *b)
{
	const struct spdm_conn *c = &j->p.e.c;
	size_t head = sizeof(struct spdm_chain_header) + c->hash->len;
	EVP_MD_CTX *md = j->md[SPDM_HASH_OTHER];
	struct ccg_evid_bytes part;
	size_t pos = 0, at = 0;
	bool first;
	int rc = -ENOENT;

	while (ccg_evid_portion(&j->p.e, &pos, &part, &first)) {
		if (first) {
			at = 0;
			j->same = true;
			rc = ccg_hash_init(md, c->hash);
		}
		if (rc)
			return rc;
		if (EVP_DigestUpdate(md, part.p, part.len) != 1)
			return -EIO;
		for (size_t i = 0; i < part.len; i++, at++)
			compare_byte(j, b, head, at, part.p[i]);
	}
	if (rc)
		return rc;
	if (at < head || at - head != b->len ||
	    spdm_chain_length(c, j->head) != head + b->len)
		j->same = false;
	return EVP_DigestFinal_ex(md, j->digest, NULL) == 1 ? 0 : -EIO;
}

/* The digest of a chain with this root; DSP0274, "Certificate chain format". */
static int digest_with_root(struct job *j, const struct ccg_object_bytes *b,
			    const u8 *root, size_t root_len, u8 *digest)
{
	const struct spdm_hash *hash = j->p.e.c.hash;
	EVP_MD_CTX *md = j->md[SPDM_HASH_OTHER];
	struct spdm_chain_header head = {};
	u8 root_hash[SPDM_HASH_MAX];

	/* Before 1.4 the upper half is reserved: zero. */
	put_unaligned_le32(sizeof(head) + hash->len + b->len, &head);
	if (ccg_hash_init(md, hash) || EVP_DigestUpdate(md, root, root_len) != 1 ||
	    EVP_DigestFinal_ex(md, root_hash, NULL) != 1 ||
	    ccg_hash_init(md, hash) ||
	    EVP_DigestUpdate(md, &head, sizeof(head)) != 1 ||
	    EVP_DigestUpdate(md, root_hash, hash->len) != 1 ||
	    EVP_DigestUpdate(md, b->data, b->len) != 1 ||
	    EVP_DigestFinal_ex(md, digest, NULL) != 1)
		return -EIO;
	return 0;
}

static bool has_root(struct job *j, const struct ccg_object_bytes *b,
		     const u8 *root, size_t len)
{
	u8 digest[SPDM_HASH_MAX];

	return !digest_with_root(j, b, root, len, digest) &&
	       !memcmp(digest, j->p.e.chain_digest, j->p.e.c.hash->len);
}

/*
 * The object has the certificates only. RootHash is the digest of the first one,
 * or of a trusted root outside the chain.
 */
static bool has_known_root(struct job *j, const struct ccg_object_bytes *b)
{
	const struct ccg_trust *t = j->want->trust;
	const struct ccg_cert *first = &j->v->certs->certs[0];

	if (has_root(j, b, first->der, first->der_len))
		return true;
	for (size_t i = 0; i < t->n; i++)
		if (has_root(j, b, t->certs[i].cert.raw,
			     t->certs[i].cert.raw_len))
			return true;
	return false;
}

/*
 * Is the object the chain whose digest is signed? Sets the finding if not. @rc: of
 * chain_of_messages()
 */
static bool is_signed_chain(struct job *j, const struct ccg_object_bytes *b, int rc)
{
	const struct ccg_cert *first = &j->v->certs->certs[0];

	if (!j->p.e.chain_digest)
		return true;
	if (!rc && j->same &&
	    !memcmp(j->digest, j->p.e.chain_digest, j->p.e.c.hash->len))
		return true;
	if (rc == -ENOENT && has_known_root(j, b))
		return true;
	if (rc != -ENOENT || !strcmp(first->subject, first->issuer))
		find(j, CCG_STEP_CHAIN, CCG_FOUND_BAD,
		     "%s is not the chain whose digest is signed",
		     ccg_object_name(j->p.e.slot));
	else
		find(j, CCG_STEP_CHAIN, CCG_FOUND_UNKNOWN,
		     "%s lacks its root, so its signed digest cannot be compared",
		     ccg_object_name(j->p.e.slot));
	return false;
}

static void chain_failed(struct job *j, const struct x509_verdict *xv, int rc)
{
	struct spdm_failure f = {
		.stage = SPDM_STAGE_CHAIN,
		.slot = j->p.e.slot,
		.err = rc,
	};
	char text[SPDM_TEXT_MAX];

	spdm_chain_fault(xv, rc, &f.fault);
	spdm_failure_text(&f, "the trusted certificates", text, sizeof(text));
	find(j, CCG_STEP_CHAIN, CCG_FOUND_BAD, "%s", ccg_unescape(text));
}

static void check_chain(struct job *j)
{
	const struct ccg_auth_options *o = j->want->options;
	const struct ccg_object_bytes *b = &j->o->of[j->p.e.slot];
	struct x509_policy policy;
	struct x509_verdict xv;
	struct ccg_walk w = {
		.trust = j->want->trust,
		.start = b->data,
		.parsed = j->v->certs,
		.name = o->san,
		.rule = o->rule,
		.hash = j->p.e.c.hash,
	};
	int rc, messages;

	if (!j->v->certs) {
		find(j, CCG_STEP_CHAIN, CCG_FOUND_UNKNOWN,
		     "%s is missing: the signer's chain",
		     ccg_object_name(j->p.e.slot));
		return;
	}
	if (is_unknown_algorithm(j, CCG_STEP_CHAIN))
		return;
	messages = chain_of_messages(j, b);
	if (!messages && j->same)
		w.root_hash = j->head + sizeof(struct spdm_chain_header);
	policy = ccg_chain_policy(o, spdm_generic_cert(&j->p.e.c, j->p.e.slot));
	rc = x509_verify_chain(b->data, b->len, &policy, &ccg_chain_ops, &w, &xv);
	j->v->named = w.named;
	if (rc) {
		chain_failed(j, &xv, rc);
	} else if (is_signed_chain(j, b, messages)) {
		ccg_note_chain(&xv, j->v->anchor, j->v->expired);
		find(j, CCG_STEP_CHAIN, CCG_FOUND_GOOD, "trusted by %s",
		     j->v->anchor);
	}
	ccg_walk_clear(&w);
}

static int hash_answer(struct job *j, struct spdm_tbs *tbs)
{
	struct spdm_transcript t = { .ops = &hash_ops, .ctx = j };
	const struct evid *e = &j->p.e;
	int rc = hash_init(j, SPDM_HASH_TRANSCRIPT, e->c.hash);

	for (size_t i = 0; !rc && i < ARRAY_SIZE(e->signed_part); i++)
		if (e->signed_part[i].len)
			rc = spdm_transcript_add(&t, e->signed_part[i].p,
						 e->signed_part[i].len);
	return rc ? rc : spdm_transcript_final(&t, &e->c, e->what, tbs);
}

static void check_signature(struct job *j)
{
	const struct ccg_certs *certs = j->v->certs;
	const struct evid *e = &j->p.e;
	struct spdm_tbs tbs;
	EVP_PKEY *key;

	if (!certs) {
		find(j, CCG_STEP_SIGNATURE, CCG_FOUND_UNKNOWN,
		     "the signer's key is not known");
		return;
	}
	if (is_unknown_algorithm(j, CCG_STEP_SIGNATURE))
		return;
	key = X509_get0_pubkey(certs->certs[certs->n - 1].x509);
	if (!key || !ccg_key_fits(key, e->c.asym)) {
		find(j, CCG_STEP_SIGNATURE, CCG_FOUND_BAD,
		     "the key of the last certificate, %s, is not one for %s",
		     certs->certs[certs->n - 1].key, e->c.asym->word);
		return;
	}
	if (hash_answer(j, &tbs) ||
	    ccg_verify_tbs(key, &e->c, &tbs, e->signature))
		find(j, CCG_STEP_SIGNATURE, CCG_FOUND_BAD,
		     "the key of %s did not sign these messages",
		     certs->certs[certs->n - 1].subject);
	else
		find(j, CCG_STEP_SIGNATURE, CCG_FOUND_GOOD, "by the key of %s",
		     certs->certs[certs->n - 1].subject);
}

/* Whatever is in the messages is proven only by a trusted key. */
static bool is_proven(const struct job *j)
{
	return j->v->found[CCG_STEP_CHAIN] == CCG_FOUND_GOOD &&
	       j->v->found[CCG_STEP_SIGNATURE] == CCG_FOUND_GOOD;
}

static void check_freshness(struct job *j)
{
	if (!j->want->nonce)
		find(j, CCG_STEP_FRESHNESS, CCG_FOUND_UNKNOWN,
		     "no nonce to compare: the answer may be an old one");
	else if (memcmp(j->want->nonce, j->p.e.req_nonce, CCG_NONCE_LEN))
		find(j, CCG_STEP_FRESHNESS, CCG_FOUND_BAD,
		     "the request has another nonce");
	else if (!is_proven(j))
		find(j, CCG_STEP_FRESHNESS, CCG_FOUND_UNKNOWN,
		     "the nonce is right, and no trusted key signed it");
	else
		find(j, CCG_STEP_FRESHNESS, CCG_FOUND_GOOD,
		     "the request has this nonce");
}

static void check_measurements(struct job *j)
{
	const struct ccg_reference *r = j->want->reference;
	struct ccg_objects_verdict *v = j->v;
	char why[256];
	enum ccg_finding found;

	if (v->proof != CCG_PROOF_MEASUREMENTS) {
		find(j, CCG_STEP_MEASUREMENTS,
		     r ? CCG_FOUND_BAD : CCG_FOUND_UNKNOWN,
		     "the evidence has no measurements");
		return;
	}
	if (!r) {
		find(j, CCG_STEP_MEASUREMENTS, CCG_FOUND_UNKNOWN,
		     "no reference to compare");
		return;
	}
	found = ccg_reference_compare(r, &v->measures, why, sizeof(why));
	if (found == CCG_FOUND_GOOD && v->measures.change == CCG_CHANGE_YES) {
		found = CCG_FOUND_UNKNOWN;
		snprintf(why, sizeof(why), "the measurements changed while they were read");
	}
	if (found == CCG_FOUND_GOOD && !is_proven(j)) {
		found = CCG_FOUND_UNKNOWN;
		snprintf(why, sizeof(why), "the values are right, and no trusted key signed them");
	}
	find(j, CCG_STEP_MEASUREMENTS, found, "%s", why);
}

static int copy_measurements(struct job *j)
{
	const struct evid *e = &j->p.e;
	struct ccg_measurements *m = &j->v->measures;

	if (e->what != SPDM_SIGNED_MEASUREMENTS)
		return 0;
	/* Without the negotiation, only the length of the digests is known. */
	m->hash = j->o->of[CCG_OBJECT_VCA].data ? spdm_meas_hash(&e->c) : NULL;
	m->change = ccg_measurements_change(&e->meas);
	return ccg_measurements_values(m, &e->c, &e->meas);
}

/* Without these, nothing is proven. */
static bool is_optional(enum ccg_step step)
{
	return step != CCG_STEP_OBJECTS && step != CCG_STEP_CHAIN &&
	       step != CCG_STEP_SIGNATURE;
}

/* A step that cannot be known is accepted if the caller says so. */
static bool is_accepted(struct job *j)
{
	bool all = true;

	for (int i = 0; i < CCG_N_STEPS; i++) {
		enum ccg_finding *found = &j->v->found[i];

		if (*found == CCG_FOUND_UNKNOWN && is_optional(i) &&
		    (j->want->accept & 1u << i))
			*found = CCG_FOUND_ACCEPTED;
		all &= *found == CCG_FOUND_GOOD || *found == CCG_FOUND_ACCEPTED;
	}
	return all;
}

static int run(struct job *j)
{
	int rc;

	for (int i = 0; i < CCG_N_STEPS; i++)
		find(j, i, CCG_FOUND_UNKNOWN, "the objects are not good");
	rc = check_objects(j);
	if (rc)
		return rc == -ENOMEM ? rc : 0;
	rc = copy_measurements(j);
	if (rc)
		return rc;
	note_answer(j);
	check_negotiation(j);
	check_chain(j);
	check_signature(j);
	check_freshness(j);
	check_measurements(j);
	j->v->proven = is_accepted(j);
	return 0;
}

int ccg_objects_verify(const struct ccg_objects *o,
		       const struct ccg_objects_want *want,
		       struct ccg_objects_verdict *v)
{
	struct job j = { .o = o, .want = want, .v = v };
	int rc = -ENOMEM;

	*v = (struct ccg_objects_verdict) { .slot = -1 };
	v->measures.indices = -1;
	for (size_t i = 0; i < SPDM_N_HASH_CTX; i++)
		j.md[i] = EVP_MD_CTX_new();
	if (j.md[SPDM_HASH_TRANSCRIPT] && j.md[SPDM_HASH_OTHER])
		rc = run(&j);
	for (size_t i = 0; i < SPDM_N_HASH_CTX; i++)
		EVP_MD_CTX_free(j.md[i]);
	return rc ? ccg_fail_errno(o->ctx, rc, "evidence") : 0;
}

void ccg_objects_verdict_clear(struct ccg_objects_verdict *v)
{
	ccg_certs_free(v->certs);
	v->certs = NULL;
	ccg_measurements_clear(&v->measures);
}
