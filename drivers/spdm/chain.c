// SPDX-License-Identifier: GPL-2.0-only
/*
 * Certificate chains and signatures, with the kernel's public keys.
 *
 * No certificate of a device becomes a key object. Such an object could be found
 * by other users of the kernel, would count against the quota, and would make
 * work for the garbage collector.
 */
#include "internal.h"

#include <keys/asymmetric-type.h>
#include <linux/err.h>
#include <linux/key.h>
#include <linux/slab.h>
#include <linux/timekeeping.h>

#include "../../lib/der.h"
#include "../../lib/x509_key.h"

/* The certificate that was loaded @back certificates ago, 0 or 1. */
static struct spdm_cert *loaded(struct spdm_run *run, size_t back)
{
	return &run->certs[(run->n_certs + 1 + back) % 2];
}

static const struct public_key *cert_key(struct spdm_run *run, size_t back)
{
	return &loaded(run, back)->key;
}

/* NULL if the kernel lacks the algorithm of the signature. */
static const struct public_key_signature *cert_signature(struct spdm_run *run)
{
	const struct public_key_signature *sig = &loaded(run, 0)->sig;

	return sig->s ? sig : NULL;
}

static void forget_ca(struct spdm_run *run)
{
	key_put(run->ca);
	key_put(run->ca_cert);
	run->ca = NULL;
	run->ca_cert = NULL;
}

void spdm_chain_free(struct spdm_run *run)
{
	memset(run->certs, 0, sizeof(run->certs));
	run->n_certs = 0;
	forget_ca(run);
}

/* A malformed signature is reported as a wrong one. */
static int rejected(int rc)
{
	switch (rc) {
	case -EINVAL:
	case -EBADMSG:
		return -EKEYREJECTED;
	case -ENOENT:
		return -ENOPKG;
	default:
		return rc;
	}
}

static int load(void *ctx, const struct x509_cert *cert)
{
	struct spdm_run *run = ctx;
	int rc;

	rc = spdm_stopped(run);
	if (rc)
		return rc;
	run->n_certs++;
	return spdm_cert_take(cert, loaded(run, 0));
}

/*
 * The kernel finds a key by the same identifiers that its parser generates: two
 * fields, one after the other. Returns NULL if there are none.
 */
static struct asymmetric_key_id *make_id(const u8 *a, size_t a_len, const u8 *b,
					 size_t b_len)
{
	if (!a_len && !b_len)
		return NULL;
	return asymmetric_key_generate_id(a ?: (const u8 *)"", a_len,
					  b ?: (const u8 *)"", b_len);
}

/* The RDNs of a certificate's issuer: x509_walk() checked the tag. */
static void issuer_rdns(const struct x509_cert *cert, struct der *rdns)
{
	size_t pos = 0;

	if (der_next(cert->issuer, cert->issuer_len, &pos, rdns))
		*rdns = (struct der) {};
}

/* Returns NULL if the key does not exist. */
static struct key *find_key(struct spdm_run *run,
			    const struct asymmetric_key_id *id_0,
			    const struct asymmetric_key_id *id_1,
			    const struct asymmetric_key_id *id_2)
{
	struct key *key;

	if (!id_0 && !id_1 && !id_2)
		return NULL;
	key = find_asymmetric_key(run->sd->keyring, id_0, id_1, id_2, false);
	if (key == ERR_PTR(-ENOKEY) || key == ERR_PTR(-EKEYREJECTED))
		return NULL;
	return key;
}

/* Find the key with the issuer and the serial number of a certificate. */
static struct key *find_same(struct spdm_run *run, const struct x509_cert *cert)
{
	struct asymmetric_key_id *id;
	struct der rdns;
	struct key *key;

	issuer_rdns(cert, &rdns);
	id = make_id(cert->serial, cert->serial_len, rdns.data, rdns.len);
	if (IS_ERR(id))
		return ERR_CAST(id);
	key = find_key(run, id, NULL, NULL);
	kfree(id);
	return key;
}

/* Find the trusted key that was made from a certificate; NULL if there is none. */
static struct key *trusted_key(struct spdm_run *run,
			       const struct x509_cert *cert,
			       const struct spdm_cert *c)
{
	struct key *key;

	key = find_same(run, cert);
	if (IS_ERR_OR_NULL(key) || spdm_cert_made(c, key))
		return key;
	key_put(key);
	return NULL;
}

static int trusted(void *ctx, const struct x509_cert *cert)
{
	struct spdm_run *run = ctx;
	struct key *key;
	int rc;

	rc = spdm_stopped(run);
	if (rc)
		return rc;
	key = trusted_key(run, cert, loaded(run, 0));
	if (IS_ERR_OR_NULL(key))
		return PTR_ERR_OR_ZERO(key);
	key_put(key);
	return 1;
}

/* Is a key one that x509_check_key() allows? */
static bool key_allowed(const struct public_key *pub)
{
	unsigned int bits;

	if (!strcmp(pub->pkey_algo, "rsa"))
		return x509_rsa_allowed(pub->key, pub->keylen);
	return sscanf(pub->pkey_algo, "ecdsa-nist-p%u", &bits) == 1 &&
	       x509_curve_allowed(bits);
}

/**
 * struct anchor_cert - a certificate in the keyring, parsed
 * @cert: the certificate
 * @c: its key and its signature
 */
struct anchor_cert {
	struct x509_cert cert;
	struct spdm_cert c;
};

static int parse_anchor(const struct key *known, struct anchor_cert *a)
{
	struct x509_fault fault;
	const u8 *der;
	size_t len;
	int rc;

	der = spdm_anchor_der(known, &len);
	rc = x509_walk(der, len, &a->cert, &fault);
	if (!rc)
		rc = spdm_cert_take(&a->cert, &a->c);
	return rejected(rc);
}

/* Find the trusted key that was made from a CA's certificate, as trusted_key(). */
static noinline_for_stack
struct key *anchor_key(struct spdm_run *run, const struct key *known)
{
	struct anchor_cert a;
	int rc;

	rc = parse_anchor(known, &a);
	return rc ? ERR_PTR(rc) : trusted_key(run, &a.cert, &a.c);
}

/*
 * Find the next CA that has the name of @cert's issuer, and whose certificate
 * is known. A certificate whose key is not trusted is passed over.
 */
static int next_known(struct spdm_run *run, const struct x509_cert *cert)
{
	struct key *known, *key;

	for (;;) {
		known = spdm_anchor_issuer(run->sd->keyring, cert, run->n_known);
		if (IS_ERR_OR_NULL(known))
			return PTR_ERR_OR_ZERO(known);
		run->n_known++;
		key = anchor_key(run, known);
		if (!IS_ERR_OR_NULL(key))
			break;
		key_put(known);
		if (IS_ERR(key))
			return PTR_ERR(key);
	}
	forget_ca(run);
	run->ca = key;
	run->ca_cert = known;
	return 1;
}

/*
 * Find the key of a CA by the authority key identifier: the serial number of the
 * CA's certificate with the issuer of that one, the key identifier, or both.
 */
static struct key *find_by_identifier(struct spdm_run *run,
				      const struct x509_cert *cert)
{
	struct asymmetric_key_id *by_serial = NULL, *by_id;
	struct key *key;

	by_id = make_id(cert->auth_key_id, cert->auth_key_id_len, NULL, 0);
	if (IS_ERR(by_id))
		return ERR_CAST(by_id);
	if (cert->auth_issuer && cert->auth_serial)
		by_serial = make_id(cert->auth_serial, cert->auth_serial_len,
				    cert->auth_issuer, cert->auth_issuer_len);
	if (IS_ERR(by_serial)) {
		key = ERR_CAST(by_serial);
		goto free_id;
	}
	key = find_key(run, by_serial, by_id, NULL);
	kfree(by_serial);
free_id:
	kfree(by_id);
	return key;
}

/* Find the key of a CA by the bytes of its name. */
static struct key *find_by_name(struct spdm_run *run,
				const struct x509_cert *cert)
{
	struct asymmetric_key_id *id;
	struct der rdns;
	struct key *key;

	issuer_rdns(cert, &rdns);
	id = make_id(rdns.data, rdns.len, NULL, 0);
	if (IS_ERR(id))
		return ERR_CAST(id);
	key = find_key(run, NULL, NULL, id);
	kfree(id);
	return key;
}

/*
 * Is the certificate of a key known? A certificate that was added is never
 * ignored for lack of memory, because its limits would be ignored too.
 */
static noinline_for_stack
int is_known(struct spdm_run *run, const struct key *key)
{
	struct key *known;
	struct anchor_cert a;
	int rc;

	known = spdm_anchor_find(run->sd->keyring,
				 key->payload.data[asym_auth]);
	if (IS_ERR_OR_NULL(known))
		return PTR_ERR_OR_ZERO(known);
	rc = parse_anchor(known, &a);
	if (!rc)
		rc = spdm_cert_made(&a.c, key);
	key_put(known);
	return rc;
}

/*
 * Find the next CA of which only the key is known. The kernel finds one by each
 * way. A CA whose certificate is known was next_known(), or has another name.
 */
static int next_unknown(struct spdm_run *run, const struct x509_cert *cert)
{
	struct key *key;
	int rc;

	while (run->ca_ways < 2) {
		key = run->ca_ways++ ? find_by_name(run, cert) :
				       find_by_identifier(run, cert);
		if (IS_ERR(key))
			return PTR_ERR(key);
		if (!key)
			continue;
		rc = key == run->ca ? 1 : is_known(run, key);
		if (!rc) {
			forget_ca(run);
			run->ca = key;
			return 1;
		}
		key_put(key);
		if (rc < 0)
			return rc;
	}
	return 0;
}

/* Set what is known about run->ca: its certificate, or what its key keeps. */
static void describe_ca(const struct spdm_run *run, struct x509_ca *ca)
{
	const struct public_key *pub = asymmetric_key_public_key(run->ca);
	/* The subject has an identifier of its own, without its header. */
	const struct asymmetric_key_id *subject =
		asymmetric_key_ids(run->ca)->id[2];

	if (run->ca_cert)
		ca->der = spdm_anchor_der(run->ca_cert, &ca->len);
	if (subject) {
		ca->subject = subject->data;
		ca->subject_len = subject->len;
	}
	ca->ca = test_bit(KEY_EFLAG_CA, &pub->key_eflags);
	ca->cert_sign = test_bit(KEY_EFLAG_KEYCERTSIGN, &pub->key_eflags);
	ca->key_allowed = key_allowed(pub);
}

static int issuer(void *ctx, const struct x509_cert *cert, size_t n,
		  struct x509_ca *ca)
{
	struct spdm_run *run = ctx;
	int rc;

	rc = spdm_stopped(run);
	if (rc)
		return rc;
	if (!cert_signature(run))
		return 0;
	if (!n) {
		forget_ca(run);
		run->n_known = 0;
		run->ca_ways = 0;
	}
	rc = run->ca_ways ? 0 : next_known(run, cert);
	if (!rc)
		rc = next_unknown(run, cert);
	if (rc > 0)
		describe_ca(run, ca);
	return rc;
}

static int verify_with(struct spdm_run *run, const struct public_key *pub)
{
	const struct public_key_signature *sig = cert_signature(run);
	int rc;

	if (!sig)
		return -ENOPKG;
	rc = spdm_stopped(run);
	return rc ?: rejected(public_key_verify_signature(pub, sig));
}

static int verify_outside(void *ctx)
{
	struct spdm_run *run = ctx;

	return verify_with(run, asymmetric_key_public_key(run->ca));
}

static int verify(void *ctx)
{
	return verify_with(ctx, cert_key(ctx, 1));
}

static int verify_self(void *ctx)
{
	return verify_with(ctx, cert_key(ctx, 0));
}

static int check_root(void *ctx, const u8 *der, size_t len)
{
	struct spdm_run *run = ctx;
	u8 digest[SPDM_HASH_MAX];
	int rc;

	rc = spdm_hash_init(run, SPDM_HASH_OTHER, run->hash);
	if (!rc)
		rc = spdm_hash_update(run, SPDM_HASH_OTHER, der, len);
	if (!rc)
		rc = spdm_hash_final(run, SPDM_HASH_OTHER, digest);
	if (rc)
		return rc;
	return memcmp(digest, run->root_hash, run->hash->len) ?
	       -EKEYREJECTED : 0;
}

static int check_leaf(void *ctx, const struct x509_path *path,
		      struct x509_fault *fault, char *detail, size_t size)
{
	struct spdm_dev *sd = ((struct spdm_run *)ctx)->sd;

	if (!sd->transport->check_leaf)
		return 0;
	return sd->transport->check_leaf(sd->priv, path, fault, detail, size);
}

static const struct x509_chain_ops chain_ops = {
	.load = load,
	.trusted = trusted,
	.issuer = issuer,
	.verify_outside = verify_outside,
	.verify = verify,
	.verify_self = verify_self,
	.check_root = check_root,
	.check_leaf = check_leaf,
};

int spdm_verify_chain(void *ctx, u8 slot, const struct spdm_conn *c,
		      const struct spdm_chain *chain, struct spdm_fault *fault)
{
	struct spdm_run *run = ctx;
	struct x509_policy policy = {
		.validity = run->validity,
		.now = ktime_get_real_seconds(),
		.generic = spdm_generic_cert(c, slot),
	};
	struct x509_verdict v;
	int rc;

	spdm_chain_free(run);
	run->hash = c->hash;
	run->root_hash = chain->root_hash;
	rc = x509_verify_chain(chain->certs, chain->certs_len, &policy,
			       &chain_ops, run, &v);
	if (rc && spdm_stopped(run))
		fault->what = "Time is up";
	else if (rc)
		spdm_chain_fault(&v, rc, fault);
	else if (v.expired.what)
		dev_warn(run->sd->dev, "Slot %u: %s: certificate %zu\n", slot,
			 v.expired.what, v.expired_at);
	return rc ?: spdm_pin_check(run, slot, c, chain, v.anchor, fault);
}

/* Does the key fit the negotiated algorithm? */
static bool key_fits(const struct public_key *pub, const struct spdm_asym *asym)
{
	size_t n_len, e_len;
	char name[24];

	if (asym->kind == SPDM_RSASSA)
		return !strcmp(pub->pkey_algo, "rsa") &&
		       !x509_rsa_sizes(pub->key, pub->keylen, &n_len, &e_len) &&
		       n_len == asym->sig_len;
	snprintf(name, sizeof(name), "ecdsa-nist-p%u", asym->key_bits);
	return asym->kind == SPDM_ECDSA && !strcmp(pub->pkey_algo, name);
}

/* The leaf's key, and no more, for x509_cert is too large for the callers' stack. */
static noinline_for_stack
int load_leaf(struct spdm_run *run, const struct spdm_chain *chain)
{
	struct x509_verdict v;
	struct x509_cert leaf;
	int rc;

	rc = x509_chain_leaf(chain->certs, chain->certs_len, false, &leaf, &v);
	return rc ?: load(run, &leaf);
}

int spdm_take_leaf(void *ctx, u8 slot, const struct spdm_conn *c,
		   const struct spdm_chain *chain)
{
	struct spdm_run *run = ctx;
	int rc;

	spdm_chain_free(run);
	rc = load_leaf(run, chain);
	if (rc)
		return rc;
	return key_fits(cert_key(run, 0), c->asym) ? 0 : -EKEYREJECTED;
}

/* The longest number (P-521), and its INTEGER: tag, length, sign octet. */
#define ECDSA_NUM_MAX	66
#define ECDSA_INT_MAX	(3 + ECDSA_NUM_MAX)

/* Write a number of @len bytes as an INTEGER; X.690 8.3. */
static size_t put_integer(u8 *out, const u8 *num, size_t len)
{
	size_t sign;

	while (len > 1 && !*num) {
		num++;
		len--;
	}
	sign = *num >> 7;
	out[0] = DER_INTEGER;
	out[1] = len + sign;
	out[2] = 0;
	memcpy(out + 2 + sign, num, len);
	return 2 + sign + len;
}

/*
 * Write r and s as Ecdsa-Sig-Value (RFC 3279, 2.2.3), which every kernel
 * accepts. With P-521 it is longer than 127 bytes.
 */
static size_t ecdsa_to_der(const u8 *sig, size_t len, u8 *out)
{
	u8 ints[2 * ECDSA_INT_MAX];
	size_t n, hdr = 0;

	n = put_integer(ints, sig, len / 2);
	n += put_integer(ints + n, sig + len / 2, len / 2);
	out[hdr++] = DER_SEQUENCE;
	if (n > 127)
		out[hdr++] = 0x81;
	out[hdr++] = n;
	memcpy(out + hdr, ints, n);
	return hdr + n;
}

int spdm_verify_signature(void *ctx, u8 slot, const struct spdm_conn *c,
			  const struct spdm_tbs *tbs, const u8 *sig)
{
	struct spdm_run *run = ctx;
	const struct public_key *pub = cert_key(run, 0);
	u8 der[3 + 2 * ECDSA_INT_MAX];
	struct public_key_signature s = {
		.s = (u8 *)sig,
		.s_size = c->asym->sig_len,
		.pks_m = (u8 *)tbs->data,
		.pks_m_size = tbs->len,
		.pkey_algo = "rsa",
		.hash_algo = c->hash->alg,
		.encoding = "pkcs1",
	};

	if (!key_fits(pub, c->asym))
		return -EKEYREJECTED;
	if (c->asym->kind == SPDM_ECDSA) {
		s.s_size = ecdsa_to_der(sig, c->asym->sig_len, der);
		s.s = der;
		s.pkey_algo = "ecdsa";
		s.encoding = "x962";
	}
	return rejected(public_key_verify_signature(pub, &s));
}
