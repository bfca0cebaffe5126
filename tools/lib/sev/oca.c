// SPDX-License-Identifier: GPL-2.0-only
/*
 * The key and the certificate of a platform's owner (OCA).
 *
 * SEV API (55766), 5.9 and appendix C: the OCA is self-signed; its key signs the
 * platform's PEK.
 */
#include <errno.h>
#include <inttypes.h>
#include <string.h>

#include <openssl/ec.h>
#include <openssl/err.h>
#include <openssl/x509.h>

#include <ccguest/file.h>
#include <ccguest/platform.h>

#include "core/ctx.h"
#include "env.h"
#include "sev/chain.h"
#include "sev/eckey.h"
#include "sev/oca.h"

/* Offsets in a certificate. */
#define CERT_USAGE	0x08
#define CERT_ALGO	0x0c
#define CERT_PUBKEY	0x10
#define SIG_LEN		(8 + SEV_SIG_LEN)

static uint8_t *sig_at(uint8_t *cert, size_t slot)
{
	return cert + SEV_CERT_BODY_LEN + slot * SIG_LEN;
}

/* Signs a certificate in the first signature that is not used. */
static bool sign(EVP_PKEY *key, uint32_t algo, uint8_t *cert)
{
	const EVP_MD *md = ccg_sev_hash_bits(algo) == 384 ? EVP_sha384() :
							     EVP_sha256();
	size_t slot = 0;
	uint8_t *sig;

	while (slot < SEV_CERT_SIGS &&
	       get_unaligned_le32(sig_at(cert, slot)) != SEV_USAGE_NONE)
		slot++;
	if (slot == SEV_CERT_SIGS)
		return false;
	sig = sig_at(cert, slot);
	memset(sig, 0, SIG_LEN);
	put_unaligned_le32(SEV_USAGE_OCA, sig);
	put_unaligned_le32(algo, sig + 4);
	return ccg_sev_key_sign(key, md, cert, SEV_CERT_BODY_LEN, sig + 8);
}

static bool make_cert(EVP_PKEY *key, uint8_t *cert)
{
	memset(cert, 0, SEV_CERT_LEN);
	put_unaligned_le32(1, cert);
	put_unaligned_le32(SEV_USAGE_OCA, cert + CERT_USAGE);
	put_unaligned_le32(SEV_ALGO_ECDSA_SHA256, cert + CERT_ALGO);
	put_unaligned_le32(SEV_USAGE_NONE, sig_at(cert, 0));
	put_unaligned_le32(SEV_USAGE_NONE, sig_at(cert, 1));
	return ccg_sev_key_put(key, cert + CERT_PUBKEY) &&
	       sign(key, SEV_ALGO_ECDSA_SHA256, cert);
}

static int check_self(struct ccg_ctx *ctx, const char *path,
		      const uint8_t *bytes, struct sev_cert *cert)
{
	struct sev_fault fault;
	const char *why;

	if (ccg_sev_cert_parse(bytes, SEV_CERT_LEN, cert, &fault))
		return ccg_fail(ctx, -EBADMSG, CCG_FAILED, path,
				"%s (at offset %" PRIu64 ": %#" PRIx64 ")",
				fault.what, fault.offset, fault.value);
	if (cert->usage != SEV_USAGE_OCA)
		return ccg_fail(ctx, -EBADMSG, CCG_FAILED, path,
				"expected an OCA, found a certificate of usage %#x",
				cert->usage);
	if (ccg_sev_check_sig(cert, cert, &why))
		return ccg_fail(ctx, -EKEYREJECTED, CCG_UNVERIFIED, path,
				"the OCA is not self-signed: %s", why);
	return 0;
}

static int load_cert(struct ccg_ctx *ctx, const char *path, uint8_t *cert)
{
	uint8_t *buf;
	size_t len;
	int rc = ccg_file_load(ctx, path, SEV_CERT_LEN, &buf, &len);

	if (rc)
		return rc;
	if (len == SEV_CERT_LEN)
		memcpy(cert, buf, len);
	ccg_wipe_free(buf, 0);
	if (len == SEV_CERT_LEN)
		return 0;
	return ccg_fail(ctx, -EBADMSG, CCG_FAILED, path,
			"a certificate has %u bytes, the file has %zu",
			SEV_CERT_LEN, len);
}

/**
 * ccg_sev_owner_load - read the certificate and the key of an owner
 * @ctx: the context
 * @cert: file with the certificate
 * @key: file with the private key
 * @o: set to the owner; free @o->key with EVP_PKEY_free()
 *
 * Return: 0; -EINVAL if @key is not the key of @cert; -EKEYREJECTED if @cert is
 * not self-signed; or another negative errno.
 */
int ccg_sev_owner_load(struct ccg_ctx *ctx, const char *cert, const char *key,
		       struct sev_owner *o)
{
	uint8_t pub[4 + 2 * SEV_EC_INT_LEN];
	struct sev_cert parsed;
	int rc;

	o->key = NULL;
	rc = load_cert(ctx, cert, o->cert);
	if (!rc)
		rc = check_self(ctx, cert, o->cert, &parsed);
	if (!rc)
		rc = ccg_sev_key_load(ctx, key, &o->key);
	if (rc)
		return rc;
	if (ccg_sev_key_put(o->key, pub) &&
	    !memcmp(pub, o->cert + CERT_PUBKEY, sizeof(pub)))
		return 0;
	EVP_PKEY_free(o->key);
	o->key = NULL;
	return ccg_fail(ctx, -EINVAL, CCG_FAILED, key,
			"is not the key of the certificate %s", cert);
}

/**
 * ccg_sev_owner_sign - sign a platform's PEK
 * @ctx: the context
 * @name: what the certificate comes from, for errors
 * @o: the owner
 * @cert: the certificate, SEV_CERT_LEN bytes
 *
 * The signature is verified.
 *
 * Return: 0; -EBADMSG if @cert is not a PEK; or another negative errno.
 */
int ccg_sev_owner_sign(struct ccg_ctx *ctx, const char *name,
		       const struct sev_owner *o, uint8_t *cert)
{
	struct sev_cert pek, oca;
	struct sev_fault fault;
	const char *why;

	if (ccg_sev_cert_parse(cert, SEV_CERT_LEN, &pek, &fault))
		return ccg_fail(ctx, -EBADMSG, CCG_FAILED, name,
				"PEK: %s (at offset %" PRIu64 ": %#" PRIx64 ")",
				fault.what, fault.offset, fault.value);
	if (pek.usage != SEV_USAGE_PEK)
		return ccg_fail(ctx, -EBADMSG, CCG_FAILED, name,
				"expected a PEK, found a certificate of usage %#x",
				pek.usage);
	if (!sign(o->key, get_unaligned_le32(o->cert + CERT_ALGO), cert))
		return ccg_fail(ctx, -EBADMSG, CCG_FAILED, name,
				"the PEK has no room for a signature");
	if (ccg_sev_cert_parse(cert, SEV_CERT_LEN, &pek, &fault) ||
	    ccg_sev_cert_parse(o->cert, SEV_CERT_LEN, &oca, &fault) ||
	    ccg_sev_check_sig(&oca, &pek, &why))
		return ccg_fail(ctx, -EIO, CCG_FAILED, name,
				"the key made a signature that does not verify");
	return 0;
}

/* Converts a private key to the form that sevctl reads: DER of RFC 5915. */
static int key_to_der(struct ccg_ctx *ctx, EVP_PKEY *key, uint8_t **derp,
		      size_t *lenp)
{
	int len = i2d_PrivateKey(key, NULL);
	uint8_t *p;

	*derp = len > 0 ? ccg_secret_alloc(ctx, len) : NULL;
	if (!*derp)
		return -ENOMEM;
	p = *derp;
	*lenp = i2d_PrivateKey(key, &p);
	return 0;
}

int ccg_oca_generate(struct ccg_ctx *ctx, const char *cert, const char *key)
{
	EVP_PKEY *pkey = EVP_PKEY_Q_keygen(NULL, NULL, "EC", "P-384");
	struct ccg_new_file files[2];
	uint8_t bytes[SEV_CERT_LEN];
	struct sev_cert parsed;
	uint8_t *der = NULL;
	size_t len = 0;
	int rc;

	rc = pkey && make_cert(pkey, bytes) ? key_to_der(ctx, pkey, &der, &len) :
	     -ENOMEM;
	if (rc)
		ccg_fail_errno(ctx, rc, cert);
	if (!rc)
		rc = check_self(ctx, cert, bytes, &parsed);
	files[0] = (struct ccg_new_file) { cert, bytes, sizeof(bytes) };
	files[1] = (struct ccg_new_file) { key, der, len };
	if (!rc)
		rc = ccg_files_create(ctx, files, ARRAY_SIZE(files));
	ccg_secret_free(der);
	EVP_PKEY_free(pkey);
	ERR_clear_error();
	return rc;
}
