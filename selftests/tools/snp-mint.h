/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Certificates and reports of SEV-SNP that tests make with keys of their own. AMD's
 * roots are not involved: programs that use this define ccg_snp_root_at().
 */
#ifndef CCGUEST_TEST_SNP_MINT_H
#define CCGUEST_TEST_SNP_MINT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <openssl/evp.h>
#include <openssl/x509.h>

/* 2026-01-01, and the years before and after it in which certificates are valid. */
#define MINT_NOW	1767225600
#define MINT_YEAR	31536000

/* The keys of a vendor of processors. */
struct mint_keys {
	EVP_PKEY *ark;
	EVP_PKEY *ask;
	EVP_PKEY *asvk;
	EVP_PKEY *vek;
};

/* An extension to replace the usual one; @len 0: leave it out. */
struct mint_ext {
	const char *oid;
	uint8_t value[80];
	size_t len;
	bool twice;
};

/* A certificate; @parts: FMC, boot loader, TEE, SNP, microcode. */
struct mint_vek {
	bool vlek;
	bool turin;
	const char *product;
	const char *issuer;
	uint8_t parts[5];
	uint8_t hwid[64];
	const char *csp;
	const struct mint_ext *other;
	long before, after;
};

EVP_PKEY *mint_rsa(void);
EVP_PKEY *mint_ec(const char *curve);
X509 *mint_ca(const char *name, EVP_PKEY *key, const char *issuer, EVP_PKEY *by,
	      long serial);
X509 *mint_vek(const struct mint_vek *v, EVP_PKEY *key, EVP_PKEY *by);
X509_CRL *mint_crl(const char *issuer, EVP_PKEY *by, long revoked, long before,
		   long after);
size_t mint_der(X509 *x, uint8_t *buf, size_t size);
void mint_sign(uint8_t report[1184], EVP_PKEY *key);

#endif /* CCGUEST_TEST_SNP_MINT_H */
