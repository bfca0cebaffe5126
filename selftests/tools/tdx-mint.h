/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Quotes of TDX that tests make with keys of their own. Intel's root is not
 * involved: programs that use this define ccg_tdx_root_at().
 */
#ifndef CCGUEST_TEST_TDX_MINT_H
#define CCGUEST_TEST_TDX_MINT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <openssl/evp.h>
#include <openssl/x509.h>

/* 2026-01-01, and the years before and after it in which certificates are valid. */
#define TDX_NOW		1767225600
#define TDX_YEAR	31536000

#define TDX_QUOTE_MAX	8192
/* Value of the extension of a PCK certificate. */
#define TDX_EXT_MAX	256

/**
 * struct tdx_spec - a quote to make
 * @version: 4 or 5
 * @td_15: with the body of TD 1.5
 * @root: key of the root
 * @ca: key of the PCK CA
 * @pck: key of the PCK certificate
 * @ak: attestation key
 * @by_ca: key that signs the PCK certificate
 * @by_root: key that signs the PCK CA
 * @by_pck: key that signs the report of the quoting enclave
 * @by_ak: key that signs the quote
 * @root_cert: the root, once it is made
 * @header: the header of the quote
 * @body: the body of the quote
 * @qe: the report of the quoting enclave; its report data is set
 * @wrong_data: offset in that report data that is changed; 64 for none
 * @ext: extension of the PCK certificate
 * @ext_len: length of @ext; 0: leave it out
 * @ca_no_ca: the PCK CA is no CA
 * @no_ca: the PCK CA is not in the quote
 * @no_root: the root is not in the quote
 * @garbage: there is no certificate, but text
 * @pck_after: the PCK certificate is valid until then
 * @ca_before: the PCK CA is valid from then on
 * @root_before: the root is valid from then on
 */
struct tdx_spec {
	unsigned int version;
	bool td_15;
	EVP_PKEY *root, *ca, *pck, *ak;
	EVP_PKEY *by_ca, *by_root, *by_pck, *by_ak;
	X509 *root_cert;
	uint8_t header[0x30];
	uint8_t body[648];
	uint8_t qe[384];
	size_t wrong_data;
	uint8_t ext[TDX_EXT_MAX];
	size_t ext_len;
	bool ca_no_ca, no_ca, no_root, garbage;
	long pck_after, ca_before, root_before;
};

void tdx_spec_init(struct tdx_spec *s, unsigned int version, bool td_15);
void tdx_spec_free(struct tdx_spec *s);
EVP_PKEY *tdx_key(const char *curve);
size_t tdx_quote_make(struct tdx_spec *s, uint8_t quote[TDX_QUOTE_MAX]);
X509 *tdx_root(struct tdx_spec *s);
/* A list of the root, or of the PCK CA; @revoked: a serial number. */
size_t tdx_crl_make(const struct tdx_spec *s, bool of_root, EVP_PKEY *by, long revoked,
		    long before, long after, uint8_t *der, size_t size);

/* Serial numbers. */
#define TDX_SERIAL_ROOT	1
#define TDX_SERIAL_CA	2
#define TDX_SERIAL_PCK	3

#endif /* CCGUEST_TEST_TDX_MINT_H */
