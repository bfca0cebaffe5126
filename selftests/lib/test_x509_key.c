// SPDX-License-Identifier: GPL-2.0-only
/*
 * Unit tests of lib/x509_key.c, and of the signatures and identifiers that
 * lib/x509_walk.c finds.
 */
#define _GNU_SOURCE
#include <stdlib.h>

#include <openssl/bn.h>
#include <openssl/evp.h>
#include <openssl/rsa.h>
#include <openssl/x509v3.h>

#include "../../lib/der.h"
#include "../../lib/x509_key.h"
#include "../../lib/x509_name.h"
#include "tap.h"
#include "x509_make.h"

/* A certificate of an RSA key with this exponent, signed by another key. */
static struct cert make_rsa(int bits, const char *exponent)
{
	X509 *x = unsigned_cert("20250101000000Z", "20350101000000Z");
	EVP_PKEY_CTX *ctx = EVP_PKEY_CTX_new_id(EVP_PKEY_RSA, NULL);
	EVP_PKEY *rsa = NULL;
	BIGNUM *e = NULL;

	if (!BN_hex2bn(&e, exponent) || EVP_PKEY_keygen_init(ctx) != 1 ||
	    EVP_PKEY_CTX_set_rsa_keygen_bits(ctx, bits) != 1 ||
	    EVP_PKEY_CTX_set1_rsa_keygen_pubexp(ctx, e) != 1 ||
	    EVP_PKEY_keygen(ctx, &rsa) != 1)
		abort();
	X509_set_pubkey(x, rsa);
	EVP_PKEY_free(rsa);
	EVP_PKEY_CTX_free(ctx);
	BN_free(e);
	return finish(x);
}

static void test_rsa(void)
{
	static const struct {
		int bits;
		const char *exponent;
		int rc;
	} cases[] = {
		{ 2048, "10001", 0 },
		{ 2048, "3", 0 },
		{ 2048, "ffffffffffffffc5", 0 },
		{ 2048, "1000000000000000d", -EKEYREJECTED },
		{ 1024, "10001", -EKEYREJECTED },
		{ 2040, "10001", -EKEYREJECTED },
		{ 2560, "10001", -EKEYREJECTED },
		{ 3072, "10001", 0 },
	};
	struct x509_fault fault;
	size_t n = 0;

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct cert c = make_rsa(cases[i].bits, cases[i].exponent);

		ok(!c.rc && x509_check_key(&c.x, false, &fault) == cases[i].rc,
		   "RSA, %d bits, exponent %s: %d", cases[i].bits,
		   cases[i].exponent, cases[i].rc);
		for (size_t len = 1; !c.rc && len < c.x.key_len; len++) {
			struct x509_cert cut = c.x;

			cut.key_len = len;
			n += x509_check_key(&cut, false, &fault) == -EBADMSG;
		}
		n -= c.x.key_len - 1;
		free(c.der);
	}
	ok(!n, "keys that are cut short: malformed");
}

/* Exponents that no generator makes: the last byte of the key. */
static void test_exponent(void)
{
	struct cert c = make_rsa(2048, "3");
	u8 *last = (u8 *)c.x.key + c.x.key_len - 1;
	struct x509_fault fault;

	for (u8 e = 0; e < 6; e++) {
		bool allowed = e == 3 || e == 5;

		*last = e;
		ok(x509_check_key(&c.x, false, &fault) == (allowed ? 0 : -EKEYREJECTED),
		   "RSA with exponent %u: %s", e, allowed ? "allowed" : "refused");
	}
	free(c.der);
}

static void test_curves(void)
{
	static const struct {
		const char *curve;
		bool compressed;
		int rc;
	} cases[] = {
		{ "P-256", false, 0 }, { "P-384", false, 0 }, { "P-521", false, 0 },
		{ "P-192", false, -EKEYREJECTED }, { "P-224", false, -EKEYREJECTED },
		{ "secp256k1", false, -EKEYREJECTED },
		{ "brainpoolP256r1", false, -EKEYREJECTED },
		{ "P-256", true, -EKEYREJECTED },
	};
	EVP_PKEY *const signer = key;

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct x509_fault fault = {};
		struct cert c;
		X509 *x;

		key = EVP_PKEY_Q_keygen(NULL, NULL, "EC", cases[i].curve);
		if (cases[i].compressed)
			EVP_PKEY_set_utf8_string_param(key, "point-format",
						       "compressed");
		x = unsigned_cert("20250101000000Z", "20350101000000Z");
		EVP_PKEY_free(key);
		key = signer;
		c = finish(x);
		ok(!c.rc && x509_check_key(&c.x, false, &fault) == cases[i].rc,
		   "%s, compressed %d: %d", cases[i].curve,
		   cases[i].compressed, cases[i].rc);
		free(c.der);
	}
	key = EVP_PKEY_Q_keygen(NULL, NULL, "ED25519");
	{
		X509 *x = unsigned_cert("20250101000000Z", "20350101000000Z");
		struct x509_fault fault;
		struct cert c;

		EVP_PKEY_free(key);
		key = signer;
		c = finish(x);
		ok(!c.rc && x509_check_key(&c.x, false, &fault) == -EKEYREJECTED,
		   "Ed25519: refused");
		free(c.der);
	}
}

/*
 * subjectPublicKeyInfo with the object identifier 2.16.840.1.101.3.4.3.@arc,
 * @params after it, and a key of @len bytes, in a block of its own size.
 */
static u8 *make_spki(u8 arc, const char *params, size_t params_len, size_t len,
		     size_t *total)
{
	u8 oid[] = { 6, 9, 0x60, 0x86, 0x48, 1, 0x65, 3, 4, 3, arc };
	size_t alg = sizeof(oid) + params_len, all = 2 + alg + 5 + len;
	u8 *spki = calloc(1, 4 + all), *p = spki;

	memcpy(p, "\x30\x82", 2);
	p[2] = all >> 8;
	p[3] = all;
	p += 4;
	*p++ = 0x30;
	*p++ = alg;
	memcpy(p, oid, sizeof(oid));
	memcpy(p + sizeof(oid), params, params_len);
	p += alg;
	memcpy(p, "\x03\x82", 2);
	p[2] = (1 + len) >> 8;
	p[3] = 1 + len;
	*total = 4 + all;
	return spki;
}

static void test_mldsa(void)
{
	static const struct {
		const char *what;
		u8 arc;
		const char *params;
		size_t params_len, len;
		unsigned int set;	/* 0: refused */
	} cases[] = {
		{ "ML-DSA-44", 0x11, "", 0, 1312, 44 },
		{ "ML-DSA-65", 0x12, "", 0, 1952, 65 },
		{ "ML-DSA-87", 0x13, "", 0, 2592, 87 },
		{ "ML-DSA-44, a byte short", 0x11, "", 0, 1311, 0 },
		{ "ML-DSA-44, with the length of -65", 0x11, "", 0, 1952, 0 },
		{ "ML-DSA-65, parameters NULL", 0x12, "\5", 2, 1952, 0 },
		{ "SLH-DSA-SHA2-128s", 0x14, "", 0, 300, 0 },
	};

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct x509_fault fault = {};
		struct x509_key key = {};
		struct x509_cert c = {};
		u8 *spki = make_spki(cases[i].arc, cases[i].params,
				     cases[i].params_len, cases[i].len, &c.key_len);
		bool key_ok = cases[i].set, sig_ok = cases[i].arc < 0x14;

		c.raw = spki;
		c.raw_len = c.key_len;
		c.key = spki;
		c.sig_alg = spki + 8;
		c.sig_alg_len = 9;
		ok(!x509_get_key(&c, &key, &fault) && key.mldsa == cases[i].set &&
		   !key.rsa && !key.curve &&
		   !x509_check_key(&c, true, &fault) == key_ok &&
		   x509_check_key(&c, false, &fault) == -EKEYREJECTED,
		   "%s: the key", cases[i].what);
		ok(!x509_check_signature_algorithm(&c, true, &fault) == sig_ok &&
		   !x509_check_unused_algorithm(&c, true, &fault) == sig_ok &&
		   x509_check_signature_algorithm(&c, false, &fault) &&
		   x509_check_unused_algorithm(&c, false, &fault),
		   "%s: the signature", cases[i].what);
		free(spki);
	}
}

/* Is the hash of a signature algorithm that of ECDSA or RSA, with this name? */
static bool hash_is(const struct x509_cert *cert, bool rsa, const char *want)
{
	bool found = !rsa;
	const char *hash = x509_signature_hash(cert, &found);

	if (!want)
		return !hash;
	return hash && !strcmp(hash, want) && found == rsa;
}

static void test_signature_algorithms(void)
{
	static const struct {
		const char *md, *hash;
		int rc, unused;
	} cases[] = {
		{ "SHA1", "sha1", -EKEYREJECTED, 0 },
		{ "SHA224", "sha224", -EKEYREJECTED, 0 },
		{ "SHA256", "sha256", 0, 0 },
		{ "SHA384", "sha384", 0, 0 },
		{ "SHA512", "sha512", 0, 0 },
		{ "SHA3-224", NULL, -EKEYREJECTED, -EKEYREJECTED },
		{ "SHA3-256", "sha3-256", 0, 0 },
		{ "SHA3-384", "sha3-384", 0, 0 },
		{ "SHA3-512", "sha3-512", 0, 0 },
	};
	EVP_PKEY *keys[] = { key, EVP_RSA_gen(2048) };
	struct x509_fault fault;

	for (size_t j = 0; j < 2 * ARRAY_SIZE(cases); j++) {
		struct cert c = {};
		X509 *x = unsigned_cert("20250101000000Z", "20350101000000Z");
		size_t i = j / 2;
		bool rsa = j % 2;
		u8 *der = NULL;

		X509_sign(x, keys[rsa], EVP_get_digestbyname(cases[i].md));
		c.len = i2d_X509(x, &der);
		X509_free(x);
		c.rc = x509_walk(der, c.len, &c.x, &c.fault);
		ok(!c.rc && x509_check_signature_algorithm(&c.x, false, &fault) == cases[i].rc &&
		   x509_check_unused_algorithm(&c.x, false, &fault) == cases[i].unused &&
		   hash_is(&c.x, rsa, cases[i].hash),
		   "signed with %s, RSA %d: %d, %d", cases[i].md, rsa, cases[i].rc,
		   cases[i].unused);
		OPENSSL_free(der);
	}
	EVP_PKEY_free(keys[1]);
}

/* What OpenSSL signs is the signed part, and its signature the signature. */
static void test_signature(void)
{
	struct cert c = MAKE({});
	EVP_MD_CTX *ctx = EVP_MD_CTX_new();
	u8 *bits = c.der + c.len - c.x.sig_len - 1;
	u8 octets;

	ok(!c.rc && EVP_DigestVerifyInit(ctx, NULL, EVP_sha256(), NULL, key) == 1 &&
	   EVP_DigestVerify(ctx, c.x.sig, c.x.sig_len, c.x.tbs, c.x.tbs_len) == 1,
	   "the signature is that of the signed part");
	octets = *bits;
	*bits = 1;
	ok(!octets && x509_walk(c.der, c.len, &c.x, &c.fault) == -EBADMSG &&
	   !strcmp(c.fault.field, "signatureValue"),
	   "a signature with an unused bit: malformed");
	EVP_MD_CTX_free(ctx);
	free(c.der);
}

/* The public key is the one that OpenSSL wrote. */
static void test_key(void)
{
	u8 *point = NULL;
	size_t len = EVP_PKEY_get1_encoded_public_key(key, &point);
	struct cert c = MAKE({});
	struct x509_fault fault;
	struct x509_key k;

	ok(!x509_get_key(&c.x, &k, &fault) && !k.rsa && k.curve == 256 &&
	   k.len == len && !memcmp(k.data, point, len), "the key, on P-256");
	free(c.der);
	c = make_rsa(2048, "10001");
	ok(!x509_get_key(&c.x, &k, &fault) && k.rsa && !k.curve &&
	   x509_rsa_allowed(k.data, k.len), "the key, RSA");
	free(c.der);
	OPENSSL_free(point);
}

/* A certificate whose issuer is its subject. */
static struct cert make_self(const struct ext *exts)
{
	X509 *x = unsigned_cert("20250101000000Z", "20350101000000Z");

	X509_set_issuer_name(x, X509_get_subject_name(x));
	add_exts(x, exts);
	return finish(x);
}

#define ID		"DER:04:03:01:02:03"
#define AUTH_ID		"DER:30:05:80:03:01:02:03"
#define AUTH_OTHER_ID	"DER:30:05:80:03:01:02:04"
/* directoryName CN=a, and a serial number; unsigned_cert() has number 1. */
#define AUTH_SERIAL(n)	"DER:30:15:a1:10:a4:0e:30:0c:31:0a:30:08:06:03:55:04:03:0c:01:61:82:01:" n

static void test_identifiers(void)
{
	static const struct {
		const char *what;
		struct ext exts[3];
		bool self;
	} cases[] = {
		{ "without identifiers", {}, true },
		{ "with one key identifier", { { NID_subject_key_identifier, ID } }, true },
		{ "with another's key identifier only",
		  { { NID_authority_key_identifier, AUTH_ID } }, true },
		{ "with the same key identifier",
		  { { NID_subject_key_identifier, ID }, { NID_authority_key_identifier, AUTH_ID } },
		  true },
		{ "with another key identifier",
		  { { NID_subject_key_identifier, ID },
		    { NID_authority_key_identifier, AUTH_OTHER_ID } }, false },
		{ "with its serial number", { { NID_authority_key_identifier, AUTH_SERIAL("01") } },
		  true },
		{ "with another serial number",
		  { { NID_authority_key_identifier, AUTH_SERIAL("02") } }, false },
	};
	struct cert c;

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		c = make_self(cases[i].exts);
		ok(!c.rc && x509_self_issued(&c.x) &&
		   x509_self_signed(&c.x) == cases[i].self,
		   "self-issued, %s: self-signed %d", cases[i].what, cases[i].self);
		free(c.der);
	}
	c = MAKE({ NID_subject_key_identifier, ID });
	ok(!c.rc && !x509_self_signed(&c.x) && c.x.serial_len == 1 &&
	   *c.x.serial == 1 && c.x.subject_key_id_len == 3 &&
	   !memcmp(c.x.subject_key_id, "\1\2\3", 3) && !c.x.auth_key_id,
	   "serial number and key identifier");
	free(c.der);
	c = MAKE({ NID_authority_key_identifier, AUTH_SERIAL("07") });
	ok(!c.rc && c.x.auth_issuer_len == 12 && c.x.auth_issuer[0] == DER_SET &&
	   c.x.auth_serial_len == 1 && *c.x.auth_serial == 7,
	   "issuer and serial number of the authority");
	free(c.der);
	c = MAKE({ NID_authority_key_identifier, "DER:30:06:a1:04:a4:02:04:00" });
	ok(c.rc == -EBADMSG && !strcmp(c.fault.field, "extensions"),
	   "a directoryName that is no Name: malformed");
	free(c.der);
}

/* RFC 5280, 4.1.1.2: both algorithms must be the same. */
static void test_two_algorithms(void)
{
	static const u8 sha256[] = { 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x04, 0x03, 0x02 };
	struct cert c = MAKE({});
	u8 *at = memmem(c.der, c.len, sha256, sizeof(sha256));

	at[sizeof(sha256) - 1] = 3;
	ok(x509_walk(c.der, c.len, &c.x, &c.fault) == -EBADMSG &&
	   !strcmp(c.fault.field, "signature"), "two signature algorithms: malformed");
	free(c.der);
}

int main(void)
{
	key = EVP_PKEY_Q_keygen(NULL, NULL, "EC", "P-256");
	test_rsa();
	test_exponent();
	test_curves();
	test_mldsa();
	test_signature_algorithms();
	test_two_algorithms();
	test_signature();
	test_key();
	test_identifiers();
	EVP_PKEY_free(key);
	return tap_done();
}
