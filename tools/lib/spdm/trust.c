// SPDX-License-Identifier: GPL-2.0-only
/*
 * Trusted certificates, and verification of a chain. lib/x509_chain.c has the
 * rules; OpenSSL verifies the signatures.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <openssl/err.h>

#include <ccguest/auth.h>
#include <ccguest/cert.h>
#include <ccguest/ctx.h>

#include "core/ctx.h"
#include "core/text.h"
#include "cma_policy.h"
#include "spdm/auth.h"
#include "x509_cma.h"
#include "x509_key.h"
#include "x509_text.h"

static void clear(struct ccg_loaded *l)
{
	X509_free(l->x);
	free(l->der);
	*l = (struct ccg_loaded) {};
}

/* OpenSSL has parsed the certificate too: both parsers must accept it. */
static int take(struct ccg_loaded *l, const struct x509_cert *cert,
		const struct ccg_cert *parsed)
{
	X509 *x = parsed->x509;

	l->cert = *cert;
	if (parsed->der_len != cert->raw_len ||
	    memcmp(parsed->der, cert->raw, cert->raw_len) ||
	    !X509_get0_pubkey(x)) {
		ERR_clear_error();
		return -EBADMSG;
	}
	if (X509_up_ref(x) != 1)
		return -ENOMEM;
	l->x = x;
	return 0;
}

/* ---- trusted certificates ---- */

int ccg_trust_new(struct ccg_ctx *ctx, struct ccg_trust **tp)
{
	struct ccg_trust *t = calloc(1, sizeof(*t));

	if (!t)
		return ccg_fail_errno(ctx, -ENOMEM, "certificates");
	t->ctx = ctx;
	*tp = t;
	return 0;
}

void ccg_trust_free(struct ccg_trust *t)
{
	if (!t)
		return;
	while (t->n)
		clear(&t->certs[--t->n]);
	free(t->certs);
	free(t);
}

static bool lacks_mldsa(const struct x509_cert *walked)
{
	struct x509_fault fault;
	struct x509_key key;

	return !x509_get_key(walked, &key, &fault) && key.mldsa &&
	       !ccg_has_mldsa();
}

/* Takes ownership of a certificate that lib/ and OpenSSL can both use. */
static int add_cert(struct ccg_trust *t, const char *path,
		    struct ccg_cert *cert)
{
	struct ccg_loaded *l = &t->certs[t->n];
	struct x509_fault fault;
	struct x509_cert walked;

	if (x509_walk(cert->der, cert->der_len, &walked, &fault))
		return ccg_fail(t->ctx, -EBADMSG, CCG_FAILED, path,
				"malformed certificate: %s at offset %zu: %s",
				fault.field, fault.offset, cert->subject);
	if (lacks_mldsa(&walked))
		return ccg_fail(t->ctx, -EOPNOTSUPP, CCG_FAILED, path,
				"has a key of ML-DSA, for which OpenSSL 3.5 or newer is needed: %s",
				cert->subject);
	*l = (struct ccg_loaded) {};
	if (take(l, &walked, cert))
		return ccg_fail(t->ctx, -EBADMSG, CCG_FAILED, path,
				"has a certificate that OpenSSL cannot use: %s",
				cert->subject);
	l->der = cert->der;
	cert->der = NULL;
	t->n++;
	return 0;
}

int ccg_trust_add(struct ccg_trust *t, const char *path)
{
	struct ccg_certs *certs = NULL;
	struct ccg_loaded *more;
	int rc;

	rc = ccg_certs_load(t->ctx, path, &certs);
	if (rc)
		return rc;
	more = realloc(t->certs, (t->n + certs->n) * sizeof(*more));
	if (more)
		t->certs = more;
	else
		rc = ccg_fail_errno(t->ctx, -ENOMEM, path);
	for (size_t i = 0; !rc && i < certs->n; i++)
		rc = add_cert(t, path, &certs->certs[i]);
	ccg_certs_free(certs);
	return rc;
}

/* ---- chains ---- */

/**
 * ccg_walk_clear - free the certificates of a chain
 * @w: the chain
 */
void ccg_walk_clear(struct ccg_walk *w)
{
	clear(&w->certs[0]);
	clear(&w->certs[1]);
	w->n = 0;
	w->ca = NULL;
}

/**
 * ccg_walk_leaf - get the certificate that was loaded last
 * @w: a chain that was verified
 *
 * Return: the leaf.
 */
const struct ccg_loaded *ccg_walk_leaf(const struct ccg_walk *w)
{
	return &w->certs[(w->n + 1) % 2];
}

/**
 * ccg_walk_take_leaf - load the leaf of a chain that is not trusted
 * @w: set to a chain of this certificate only, for ccg_walk_leaf()
 * @leaf: the leaf
 * @slot: the certificates of the chain, as far as OpenSSL can parse them
 *
 * Return: 0; -EBADMSG if OpenSSL cannot use the leaf; -ENOMEM.
 */
int ccg_walk_take_leaf(struct ccg_walk *w, const struct x509_cert *leaf,
		       const struct ccg_slot *slot)
{
	const struct ccg_certs *certs = slot->certs;
	const struct ccg_cert *last;

	ccg_walk_clear(w);
	if (!certs || !certs->n)
		return -EBADMSG;
	/*
	 * If OpenSSL could not parse a certificate, the last one is another. If memory
	 * was short, it is not complete.
	 */
	last = &certs->certs[certs->n - 1];
	if (!last->der || !last->x509)
		return -EBADMSG;
	return take(&w->certs[w->n++ % 2], leaf, last);
}

/**
 * ccg_chain_policy - get the requirements for a chain
 * @o: the options of an authentication
 * @generic: the slot has a generic certificate
 *
 * Return: the requirements at this time.
 */
struct x509_policy ccg_chain_policy(const struct ccg_auth_options *o,
				    bool generic)
{
	static const enum x509_validity validity[] = {
		[CCG_VALIDITY_OFF] = X509_VALIDITY_OFF,
		[CCG_VALIDITY_WARN] = X509_VALIDITY_WARN,
		[CCG_VALIDITY_ENFORCE] = X509_VALIDITY_ENFORCE,
	};

	return (struct x509_policy) {
		.validity = validity[o->validity],
		.now = time(NULL),
		.generic = generic,
		.mldsa = ccg_has_mldsa(),
	};
}

/**
 * ccg_note_chain - describe a verified chain
 * @v: the verdict
 * @anchor: set to the subject of the trusted certificate
 * @expired: set to the validity date that was violated and accepted, or empty
 */
void ccg_note_chain(const struct x509_verdict *v, char anchor[CCG_NAME_TEXT],
		    char expired[CCG_NAME_TEXT])
{
	x509_name_text(v->subject, v->subject_len, anchor, CCG_NAME_TEXT);
	ccg_unescape(anchor);
	expired[0] = '\0';
	if (v->expired.what)
		snprintf(expired, CCG_NAME_TEXT, "%s: certificate %zu",
			 v->expired.what, v->expired_at);
}

/* lib/ loads the certificates in their order, twice. */
static int load(void *ctx, const struct x509_cert *cert)
{
	struct ccg_walk *w = ctx;
	struct ccg_loaded *l = &w->certs[w->n++ % 2];

	clear(l);
	w->at = cert->raw == w->start ? 0 : w->at + 1;
	if (w->at >= w->parsed->n)
		return -EBADMSG;
	return take(l, cert, &w->parsed->certs[w->at]);
}

/* Verifies a signature. lib/ has checked its algorithm and the key. */
static int check_signature(const struct ccg_loaded *l,
			   const struct ccg_loaded *issuer)
{
	int rc = X509_verify(l->x, X509_get0_pubkey(issuer->x));

	ERR_clear_error();
	return rc == 1 ? 0 : -EKEYREJECTED;
}

static int verify(void *ctx)
{
	const struct ccg_walk *w = ctx;

	return check_signature(ccg_walk_leaf(w), &w->certs[w->n % 2]);
}

static int verify_self(void *ctx)
{
	const struct ccg_loaded *l = ccg_walk_leaf(ctx);

	return check_signature(l, l);
}

static int verify_outside(void *ctx)
{
	const struct ccg_walk *w = ctx;

	return check_signature(ccg_walk_leaf(w), w->ca);
}

static int trusted(void *ctx, const struct x509_cert *cert)
{
	const struct ccg_walk *w = ctx;

	for (size_t i = 0; i < w->trust->n; i++) {
		const struct x509_cert *t = &w->trust->certs[i].cert;

		if (cert->raw_len == t->raw_len &&
		    !memcmp(cert->raw, t->raw, cert->raw_len))
			return 1;
	}
	return 0;
}

static int issuer(void *ctx, const struct x509_cert *cert, size_t n,
		  struct x509_ca *ca)
{
	struct ccg_walk *w = ctx;

	(void)cert;
	if (n >= w->trust->n)
		return 0;
	w->ca = &w->trust->certs[n];
	ca->der = w->ca->cert.raw;
	ca->len = w->ca->cert.raw_len;
	return 1;
}

static int check_root(void *ctx, const u8 *der, size_t len)
{
	const struct ccg_walk *w = ctx;
	EVP_MD_CTX *md = EVP_MD_CTX_new();
	u8 digest[SPDM_HASH_MAX];
	int rc = -EIO;

	if (!w->root_hash)
		rc = 0;
	else if (md && !ccg_hash_init(md, w->hash) &&
		 EVP_DigestUpdate(md, der, len) == 1 &&
		 EVP_DigestFinal_ex(md, digest, NULL) == 1)
		rc = memcmp(digest, w->root_hash, w->hash->len) ?
		     -EKEYREJECTED : 0;
	EVP_MD_CTX_free(md);
	return rc;
}

static int sha256(void *ctx, const u8 *data, size_t len, u8 out[CMA_PIN_LEN])
{
	(void)ctx;
	return EVP_Digest(data, len, out, NULL, EVP_sha256(), NULL) == 1 ? 0 :
									   -EIO;
}

static int check_rule(struct ccg_walk *w, const struct x509_path *path,
		      struct x509_fault *fault, char *detail, size_t size)
{
	const struct cma_sha256 sha = { .digest = sha256 };
	const struct cma_rule rule = {
		w->rule->line, w->rule->text, w->rule->len
	};
	int rc;

	rc = cma_rule_check_name(&rule, path->leaf, w->name, fault, detail, size);
	if (cma_rule_wants_name(&rule))
		w->named = rc ? -1 : 1;
	return rc ? rc : cma_rule_check_pin(&rule, path, &sha, fault, detail, size);
}

static int check_leaf(void *ctx, const struct x509_path *path,
		      struct x509_fault *fault, char *detail, size_t size)
{
	struct ccg_walk *w = ctx;
	int rc;

	if (w->rule)
		return check_rule(w, path, fault, detail, size);
	if (!w->name)
		return 0;
	rc = x509_check_cma_name(path->leaf, w->name, fault, detail, size);
	w->named = rc ? -1 : 1;
	return rc;
}

const struct x509_chain_ops ccg_chain_ops = {
	.load = load,
	.trusted = trusted,
	.issuer = issuer,
	.verify_outside = verify_outside,
	.verify = verify,
	.verify_self = verify_self,
	.check_root = check_root,
	.check_leaf = check_leaf,
};
