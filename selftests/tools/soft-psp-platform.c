// SPDX-License-Identifier: GPL-2.0-only
/*
 * The firmware of SEV in software: the platform, its certificates, and the
 * commands that change them.
 *
 *	soft-psp command DIR NUMBER
 *		NUMBER is a command of <linux/psp-sev.h>. Standard input has the
 *		bytes that the command takes: PEK and OCA for PEK_CERT_IMPORT.
 *		Standard output gets the error of the firmware, 32 bits, then the
 *		bytes that the command returns.
 *
 * The files of the platform: sev.chain (PDH, PEK, OCA, CEK as the host exports
 * them), ca.chain (ASK, ARK), cek.cert (as AMD's key server has it), the keys
 * *.key, and owned, one byte.
 */
#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>

#include "soft-psp.h"

/* Errors of the firmware. */
enum {
	ALREADY_OWNED = 0x05,
	INVALID_CERTIFICATE = 0x06,
	BAD_SIGNATURE = 0x0a,
	INVALID_COMMAND = 0x11,
};

/* Places in the chain. */
enum { PDH, PEK, OCA, CEK, N_CERTS };

#define RSA_MAX	512

/* ASK and ARK: length of the modulus in bytes, and digest of signatures. */
static int rsa_len = 256;
static const char *rsa_digest = "SHA256";

/* ---- certificates ---- */

static EVP_PKEY *new_ec(void)
{
	EVP_PKEY *key = EVP_EC_gen("P-384");

	if (!key)
		die("key");
	return key;
}

static void put_bn(EVP_PKEY *key, const char *name, u8 *p, int len)
{
	BIGNUM *bn = NULL;

	if (!EVP_PKEY_get_bn_param(key, name, &bn) || BN_bn2lebinpad(bn, p, len) != len)
		die(name);
	BN_free(bn);
}

static void make_cert(u8 *c, uint32_t usage, EVP_PKEY *key)
{
	memset(c, 0, CERT);
	le32(c, 1);
	c[4] = 0;
	c[5] = 24;
	le32(c + 8, usage);
	le32(c + 12, usage == 0x1003 ? 3 : 2);
	le32(c + 16, 2);
	put_bn(key, OSSL_PKEY_PARAM_EC_PUB_X, c + 20, 72);
	put_bn(key, OSSL_PKEY_PARAM_EC_PUB_Y, c + 92, 72);
	le32(c + 0x414, 0x1000);
	le32(c + 0x61c, 0x1000);
}

/* With more primes, a long key is made in less time. */
static EVP_PKEY *new_rsa(void)
{
	EVP_PKEY_CTX *ctx = EVP_PKEY_CTX_new_from_name(NULL, "RSA", NULL);
	EVP_PKEY *key = NULL;

	if (!ctx || EVP_PKEY_keygen_init(ctx) != 1 ||
	    EVP_PKEY_CTX_set_rsa_keygen_bits(ctx, 8 * rsa_len) != 1 ||
	    EVP_PKEY_CTX_set_rsa_keygen_primes(ctx, rsa_len == RSA_MAX ? 4 : 2) != 1 ||
	    EVP_PKEY_generate(ctx, &key) != 1)
		die("RSA key");
	EVP_PKEY_CTX_free(ctx);
	return key;
}

static size_t sign(EVP_PKEY *key, const u8 *msg, size_t len, u8 *sig, size_t max)
{
	EVP_MD_CTX *ctx = EVP_MD_CTX_new();
	int rsa = EVP_PKEY_is_a(key, "RSA");
	EVP_PKEY_CTX *pctx;

	if (!ctx || EVP_DigestSignInit_ex(ctx, &pctx, rsa ? rsa_digest : "SHA256", NULL, NULL,
					  key, NULL) != 1)
		die("sign");
	if (rsa && (EVP_PKEY_CTX_set_rsa_padding(pctx, RSA_PKCS1_PSS_PADDING) != 1 ||
		    EVP_PKEY_CTX_set_rsa_pss_saltlen(pctx, RSA_PSS_SALTLEN_DIGEST) != 1))
		die("padding");
	if (EVP_DigestSign(ctx, sig, &max, msg, len) != 1)
		die("sign");
	EVP_MD_CTX_free(ctx);
	return max;
}

/* Sets r and s. */
static void sign_rs(EVP_PKEY *key, const u8 *msg, size_t len, u8 *rs)
{
	u8 der[256];
	const u8 *q = der;
	size_t der_len = sign(key, msg, len, der, sizeof(der));
	ECDSA_SIG *sig = d2i_ECDSA_SIG(NULL, &q, der_len);

	if (!sig || BN_bn2lebinpad(ECDSA_SIG_get0_r(sig), rs, 72) < 0 ||
	    BN_bn2lebinpad(ECDSA_SIG_get0_s(sig), rs + 72, 72) < 0)
		die("signature");
	ECDSA_SIG_free(sig);
}

static void sign_ec(u8 *cert, int slot, uint32_t usage, EVP_PKEY *key)
{
	u8 *p = cert + (slot ? 0x61c : 0x414);

	le32(p, usage);
	le32(p + 4, 2);
	sign_rs(key, cert, 0x414, p + 8);
}

static void sign_rsa(const u8 *msg, size_t len, u8 *out, EVP_PKEY *key)
{
	u8 sig[RSA_MAX];

	if (sign(key, msg, len, sig, sizeof(sig)) != (size_t)rsa_len)
		die("signature");
	for (int i = 0; i < rsa_len; i++)
		out[i] = sig[rsa_len - 1 - i];
}

/* Returns the length of the certificate. */
static size_t make_ca(u8 *c, uint32_t usage, u8 id, u8 signer, EVP_PKEY *key,
		      EVP_PKEY *signer_key)
{
	le32(c, 1);
	memset(c + 4, id, 16);
	memset(c + 20, signer, 16);
	le32(c + 36, usage);
	le32(c + 56, 8 * rsa_len);
	le32(c + 60, 8 * rsa_len);
	put_bn(key, OSSL_PKEY_PARAM_RSA_E, c + 64, rsa_len);
	put_bn(key, OSSL_PKEY_PARAM_RSA_N, c + 64 + rsa_len, rsa_len);
	sign_rsa(c, 64 + 2 * rsa_len, c + 64 + 2 * rsa_len, signer_key);
	return 64 + 3 * rsa_len;
}

static void save_key(const char *name, EVP_PKEY *key)
{
	FILE *f = open_in_dir(name, "w");

	if (!PEM_write_PrivateKey(f, key, NULL, NULL, 0, NULL, NULL) || fclose(f))
		die(name);
}

static EVP_PKEY *load_key(const char *name)
{
	FILE *f = open_in_dir(name, "r");
	EVP_PKEY *key = PEM_read_PrivateKey(f, NULL, NULL, NULL);

	fclose(f);
	if (!key)
		die(name);
	return key;
}

void sign_with_pek(const u8 *msg, size_t len, u8 *rs)
{
	EVP_PKEY *pek = load_key("pek.key");

	sign_rs(pek, msg, len, rs);
	EVP_PKEY_free(pek);
}

/* Makes the PDH, signed by the PEK. */
static void make_pdh(u8 *chain)
{
	EVP_PKEY *pdh = new_ec(), *pek = load_key("pek.key");

	make_cert(chain + PDH * CERT, 0x1003, pdh);
	sign_ec(chain + PDH * CERT, 0, 0x1002, pek);
	save_key("pdh.key", pdh);
	EVP_PKEY_free(pdh);
	EVP_PKEY_free(pek);
}

/* Makes all keys that a reset deletes: the platform is its own owner. */
static void make_own(u8 *chain)
{
	EVP_PKEY *pek = new_ec(), *oca = new_ec(), *cek = load_key("cek.key");

	make_cert(chain + PEK * CERT, 0x1002, pek);
	make_cert(chain + OCA * CERT, 0x1001, oca);
	sign_ec(chain + PEK * CERT, 0, 0x1001, oca);
	sign_ec(chain + PEK * CERT, 1, 0x1004, cek);
	sign_ec(chain + OCA * CERT, 0, 0x1001, oca);
	save_key("pek.key", pek);
	EVP_PKEY_free(pek);
	EVP_PKEY_free(oca);
	EVP_PKEY_free(cek);
	make_pdh(chain);
	save("owned", "", 1);
}

void platform(int rome)
{
	u8 chain[N_CERTS * CERT], ca[2 * (64 + 3 * RSA_MAX)] = {}, *c = chain + CEK * CERT;
	EVP_PKEY *cek = new_ec(), *ask, *ark;
	size_t len;

	if (rome) {
		rsa_len = RSA_MAX;
		rsa_digest = "SHA384";
	}
	ask = new_rsa();
	ark = new_rsa();
	save_key("cek.key", cek);
	make_cert(c, 0x1004, cek);
	le32(c + 0x414, 0x13);
	le32(c + 0x418, rome ? 0x101 : 1);
	sign_rsa(c, 0x414, c + 0x41c, ask);
	len = make_ca(ca, 0x13, 2, 1, ask, ark);
	len += make_ca(ca + len, 0, 1, 1, ark, ark);
	make_own(chain);
	save("sev.chain", chain, sizeof(chain));
	save("cek.cert", c, CERT);
	save("ca.chain", ca, len);
	EVP_PKEY_free(cek);
	EVP_PKEY_free(ask);
	EVP_PKEY_free(ark);
}

/* ---- commands ---- */

static _Noreturn void reply(uint32_t error, const void *buf, size_t len)
{
	u8 code[4];

	le32(code, error);
	if (fwrite(code, 1, 4, stdout) != 4 || fwrite(buf, 1, len, stdout) != len ||
	    fflush(stdout))
		die("standard output");
	exit(0);
}

/* Checks the first signature of a certificate, by an OCA. */
static int signed_by_oca(const u8 *cert, EVP_PKEY *key)
{
	EVP_MD_CTX *ctx = EVP_MD_CTX_new();
	ECDSA_SIG *sig = ECDSA_SIG_new();
	u8 *der = NULL;
	int len, good;

	if (get32(cert + 0x414) != 0x1001 || get32(cert + 0x418) != 2)
		return 0;
	if (!ctx || !sig ||
	    !ECDSA_SIG_set0(sig, BN_lebin2bn(cert + 0x41c, 72, NULL),
			    BN_lebin2bn(cert + 0x464, 72, NULL)))
		die("signature");
	len = i2d_ECDSA_SIG(sig, &der);
	good = EVP_DigestVerifyInit(ctx, NULL, EVP_sha256(), NULL, key) == 1 &&
	       EVP_DigestVerify(ctx, der, len, cert, 0x414) == 1;
	OPENSSL_free(der);
	ECDSA_SIG_free(sig);
	EVP_MD_CTX_free(ctx);
	return good;
}

static void import(u8 *chain)
{
	EVP_PKEY *key, *cek = load_key("cek.key");
	u8 in[2 * CERT], owned;

	if (fread(in, 1, sizeof(in), stdin) != sizeof(in))
		die("standard input");
	load("owned", &owned, 1);
	if (owned)
		reply(ALREADY_OWNED, "", 0);
	if (get32(in + CERT) != 1 || get32(in + CERT + 8) != 0x1001 ||
	    get32(in + CERT + 12) != 2 || get32(in + CERT + 16) != 2)
		reply(INVALID_CERTIFICATE, "", 0);
	key = cert_key(in + CERT);
	if (!key || !signed_by_oca(in + CERT, key))
		reply(INVALID_CERTIFICATE, "", 0);
	if (memcmp(in, chain + PEK * CERT, 0x414) || !signed_by_oca(in, key))
		reply(BAD_SIGNATURE, "", 0);
	memcpy(chain + PEK * CERT, in, CERT);
	memcpy(chain + OCA * CERT, in + CERT, CERT);
	sign_ec(chain + PEK * CERT, 1, 0x1004, cek);
	make_pdh(chain);
	save("owned", "\1", 1);
	EVP_PKEY_free(key);
	EVP_PKEY_free(cek);
}

static _Noreturn void csr(u8 *chain)
{
	u8 *pek = chain + PEK * CERT;

	memset(pek + 0x414, 0, CERT - 0x414);
	le32(pek + 0x414, 0x1000);
	le32(pek + 0x61c, 0x1000);
	reply(0, pek, CERT);
}

/* The firmware does not know AMD's signature of its CEK. */
static _Noreturn void export(u8 *chain)
{
	u8 *cek = chain + CEK * CERT;

	memset(cek + 0x414, 0, CERT - 0x414);
	le32(cek + 0x414, 0x1000);
	le32(cek + 0x61c, 0x1000);
	reply(0, chain, N_CERTS * CERT);
}

static _Noreturn void status(void)
{
	u8 st[12] = { 0, 24, 1, 0, 1, 0, 0, 15, 0, 0, 0, 0 };

	load("owned", st + 3, 1);
	reply(0, st, sizeof(st));
}

static _Noreturn void snp_status(void)
{
	static const u8 st[32] = {
		1, 55, 1, 1, 21, 0, 0, 0, 4, 0, 0, 0, 2, 0, 0, 0,
		4, 0, 0, 0, 0, 0, 24, 219, 3, 0, 0, 0, 0, 0, 22, 213,
	};

	reply(0, st, sizeof(st));
}

static _Noreturn void get_id(void)
{
	u8 id[64];

	for (int i = 0; i < 64; i++)
		id[i] = 0xa0 + i;
	reply(0, id, sizeof(id));
}

void command(unsigned int number)
{
	u8 chain[N_CERTS * CERT];

	load("sev.chain", chain, sizeof(chain));
	switch (number) {
	case 0:
		make_own(chain);
		break;
	case 1:
		status();
	case 3:
		csr(chain);
	case 4:
		make_pdh(chain);
		break;
	case 5:
		export(chain);
	case 6:
		import(chain);
		break;
	case 8:
		get_id();
	case 9:
		snp_status();
	default:
		reply(INVALID_COMMAND, "", 0);
	}
	save("sev.chain", chain, sizeof(chain));
	reply(0, "", 0);
}
