// SPDX-License-Identifier: GPL-2.0-only
/*
 * The keys and the signature algorithms that a certificate may have.
 */
#include "der.h"
#include "x509_key.h"

/* Object identifiers, the contents of their encoding. */
struct oid {
	u8 len;
	u8 oid[9];
};

/* 1.2.840.113549.1.1.1, rsaEncryption; RFC 8017, A.1. */
static const struct oid id_rsa = {
	9, { 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x01 }
};

/* 1.2.840.10045.2.1, id-ecPublicKey; RFC 5480, 2.1.1. */
static const struct oid id_ec = {
	7, { 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x02, 0x01 }
};

/* Named curves; RFC 5480, 2.1.1.1. */
static const struct {
	struct oid id;
	unsigned int bits;
} curves[] = {
	/* 1.2.840.10045.3.1.7, secp256r1 */
	{ { 8, { 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x03, 0x01, 0x07 } }, 256 },
	/* 1.3.132.0.34, secp384r1; 1.3.132.0.35, secp521r1 */
	{ { 5, { 0x2b, 0x81, 0x04, 0x00, 0x22 } }, 384 },
	{ { 5, { 0x2b, 0x81, 0x04, 0x00, 0x23 } }, 521 },
};

/* ML-DSA; RFC 9881, 2 and 4: without parameters, for keys and for signatures. */
static const struct mldsa {
	struct oid id;
	unsigned int set;
	size_t key_len;
} mldsas[] = {
	/* 2.16.840.1.101.3.4.3: 17, 18, 19 */
	{ { 9, { 0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x03, 0x11 } }, 44, 1312 },
	{ { 9, { 0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x03, 0x12 } }, 65, 1952 },
	{ { 9, { 0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x03, 0x13 } }, 87, 2592 },
};

/* RSA, and not ECDSA; only for signatures that nobody verifies. */
#define SIG_RSA		1
#define SIG_WEAK	2

/* Signature algorithms. */
static const struct signature {
	struct oid id;
	u8 flags;
	const char *hash;
} signatures[] = {
	/* 1.2.840.113549.1.1: RSA with SHA-256, -384, -512; RFC 4055, 5 */
	{ { 9, { 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x0b } }, SIG_RSA, "sha256" },
	{ { 9, { 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x0c } }, SIG_RSA, "sha384" },
	{ { 9, { 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x0d } }, SIG_RSA, "sha512" },
	/* 1.2.840.10045.4.3: ECDSA with SHA-256, -384, -512; RFC 5758, 3.2 */
	{ { 8, { 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x04, 0x03, 0x02 } }, 0, "sha256" },
	{ { 8, { 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x04, 0x03, 0x03 } }, 0, "sha384" },
	{ { 8, { 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x04, 0x03, 0x04 } }, 0, "sha512" },
	/* 2.16.840.1.101.3.4.3: ECDSA, RSA with SHA3-256, -384, -512; NIST */
	{ { 9, { 0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x03, 0x0a } }, 0, "sha3-256" },
	{ { 9, { 0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x03, 0x0b } }, 0, "sha3-384" },
	{ { 9, { 0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x03, 0x0c } }, 0, "sha3-512" },
	{ { 9, { 0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x03, 0x0e } }, SIG_RSA, "sha3-256" },
	{ { 9, { 0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x03, 0x0f } }, SIG_RSA, "sha3-384" },
	{ { 9, { 0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x03, 0x10 } }, SIG_RSA, "sha3-512" },
	/* RSA with SHA-1, SHA-224; ECDSA with SHA-1, SHA-224 */
	{ { 9, { 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x05 } },
	  SIG_RSA | SIG_WEAK, "sha1" },
	{ { 9, { 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x0e } },
	  SIG_RSA | SIG_WEAK, "sha224" },
	{ { 7, { 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x04, 0x01 } }, SIG_WEAK, "sha1" },
	{ { 8, { 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x04, 0x03, 0x01 } }, SIG_WEAK, "sha224" },
};

static bool is_oid(const struct oid *id, const u8 *data, size_t len)
{
	return len == id->len && !memcmp(data, id->oid, len);
}

/* A non-negative INTEGER, without leading zeros. */
static int take_number(const struct der *in, size_t *pos, struct der *el)
{
	if (der_expect(in, pos, DER_INTEGER, el))
		return -EBADMSG;
	if (!el->len || el->data[0] & 0x80)
		return -EBADMSG;
	while (el->len && !*el->data) {
		el->data++;
		el->len--;
	}
	return 0;
}

static int rsa_numbers(const u8 *key, size_t len, struct der *n, struct der *e)
{
	struct der seq;
	size_t pos = 0;

	if (der_next(key, len, &pos, &seq) || seq.tag != DER_SEQUENCE)
		return -EBADMSG;
	pos = 0;
	return take_number(&seq, &pos, n) ?: take_number(&seq, &pos, e);
}

int x509_rsa_sizes(const u8 *key, size_t len, size_t *n_len, size_t *e_len)
{
	struct der n, e;

	if (rsa_numbers(key, len, &n, &e))
		return -EBADMSG;
	*n_len = n.len;
	*e_len = e.len;
	return 0;
}

static bool exponent_allowed(const struct der *e)
{
	if (!e->len || e->len > sizeof(u64))
		return false;
	/* Odd, and not 1. */
	return e->data[e->len - 1] & 1 && (e->len > 1 || e->data[0] > 1);
}

bool x509_rsa_allowed(const u8 *key, size_t len)
{
	struct der n, e;

	if (rsa_numbers(key, len, &n, &e) || !exponent_allowed(&e))
		return false;
	if (n.len != 2048 / 8 && n.len != 3072 / 8 && n.len != 4096 / 8)
		return false;
	return n.data[0] & 0x80;
}

bool x509_curve_allowed(unsigned int bits)
{
	for (size_t i = 0; i < ARRAY_SIZE(curves); i++)
		if (curves[i].bits == bits)
			return true;
	return false;
}

/* Does a point have the uncompressed form? SEC 1, 2.3.3. */
static bool is_point(const u8 *data, size_t len, unsigned int bits)
{
	return len == 1 + 2 * ((bits + 7) / 8) && data[0] == 4;
}

/* The named curve in the parameters of id-ecPublicKey, or 0. */
static unsigned int named_curve(const struct der *alg, size_t pos)
{
	struct der curve;

	if (der_expect(alg, &pos, DER_OID, &curve) || pos != alg->len)
		return 0;
	for (size_t i = 0; i < ARRAY_SIZE(curves); i++)
		if (is_oid(&curves[i].id, curve.data, curve.len))
			return curves[i].bits;
	return 0;
}

static const struct mldsa *find_mldsa(const u8 *oid, size_t len)
{
	for (size_t i = 0; i < ARRAY_SIZE(mldsas); i++)
		if (is_oid(&mldsas[i].id, oid, len))
			return &mldsas[i];
	return NULL;
}

/* The parameter set of a key of ML-DSA, or 0. */
static unsigned int mldsa_set(const struct der *alg, size_t pos,
			      const struct der *oid, size_t key_len)
{
	const struct mldsa *m = find_mldsa(oid->data, oid->len);

	return m && pos == alg->len && key_len == m->key_len ? m->set : 0;
}

int x509_get_key(const struct x509_cert *cert, struct x509_key *key,
		 struct x509_fault *fault)
{
	struct der spki, alg, oid, bits;
	size_t pos = 0;

	/* SubjectPublicKeyInfo, RFC 5280, 4.1. x509_walk() checked its tag. */
	if (der_next(cert->key, cert->key_len, &pos, &spki))
		return x509_malformed(fault, cert->raw, cert->key, "subjectPublicKeyInfo");
	pos = 0;
	if (der_expect(&spki, &pos, DER_SEQUENCE, &alg) ||
	    der_expect(&spki, &pos, DER_BIT_STRING, &bits))
		return x509_malformed(fault, cert->raw, cert->key, "subjectPublicKeyInfo");
	/* The first octet counts unused bits, of which a key has none. */
	if (!bits.len || bits.data[0])
		return x509_malformed(fault, cert->raw, bits.raw, "subjectPublicKey");
	pos = 0;
	if (der_expect(&alg, &pos, DER_OID, &oid))
		return x509_malformed(fault, cert->raw, alg.raw, "subjectPublicKeyInfo");

	*key = (struct x509_key) {
		.rsa = is_oid(&id_rsa, oid.data, oid.len),
		.data = bits.data + 1,
		.len = bits.len - 1,
	};
	if (is_oid(&id_ec, oid.data, oid.len))
		key->curve = named_curve(&alg, pos);
	key->mldsa = mldsa_set(&alg, pos, &oid, key->len);
	return 0;
}

int x509_check_key(const struct x509_cert *cert, bool mldsa,
		   struct x509_fault *fault)
{
	struct x509_key key;
	size_t n_len, e_len;
	bool allowed;
	int rc;

	rc = x509_get_key(cert, &key, fault);
	if (rc)
		return rc;
	if (key.rsa && x509_rsa_sizes(key.data, key.len, &n_len, &e_len))
		return x509_malformed(fault, cert->raw, key.data, "subjectPublicKey");
	allowed = key.rsa ? x509_rsa_allowed(key.data, key.len) :
		  (mldsa && key.mldsa) ||
		  (key.curve && is_point(key.data, key.len, key.curve));
	if (allowed)
		return 0;
	return x509_refused(fault, "Key of the certificate is not allowed",
			    "subjectPublicKeyInfo");
}

static const struct signature *find_signature(const struct x509_cert *cert)
{
	for (size_t i = 0; i < ARRAY_SIZE(signatures); i++)
		if (is_oid(&signatures[i].id, cert->sig_alg, cert->sig_alg_len))
			return &signatures[i];
	return NULL;
}

const char *x509_signature_hash(const struct x509_cert *cert, bool *rsa)
{
	const struct signature *s = find_signature(cert);

	if (!s)
		return NULL;
	*rsa = s->flags & SIG_RSA;
	return s->hash;
}

static int not_allowed(struct x509_fault *fault)
{
	return x509_refused(fault,
			    "Signature algorithm of the certificate is not allowed",
			    "signatureAlgorithm");
}

static bool is_mldsa(const struct x509_cert *cert)
{
	return find_mldsa(cert->sig_alg, cert->sig_alg_len);
}

int x509_check_signature_algorithm(const struct x509_cert *cert, bool mldsa,
				   struct x509_fault *fault)
{
	const struct signature *s = find_signature(cert);

	if ((s && !(s->flags & SIG_WEAK)) || (mldsa && is_mldsa(cert)))
		return 0;
	return not_allowed(fault);
}

int x509_check_unused_algorithm(const struct x509_cert *cert, bool mldsa,
				struct x509_fault *fault)
{
	if (find_signature(cert) || (mldsa && is_mldsa(cert)))
		return 0;
	return not_allowed(fault);
}
