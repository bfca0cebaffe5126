/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Private to libccguest: ECDSA: signatures as they are in reports and messages.
 */
#ifndef CCGUEST_X509_ECDSA_H
#define CCGUEST_X509_ECDSA_H

#include <stddef.h>
#include <stdint.h>

#include <openssl/evp.h>

/* Longest signature in DER: two INTEGERs of P-521 with a leading zero. */
#define CCG_ECDSA_DER_MAX	(3 + 2 * (2 + 1 + 66))

int ccg_ecdsa_to_der(const uint8_t *sig, size_t len,
		     uint8_t der[CCG_ECDSA_DER_MAX]);
EVP_PKEY *ccg_ecdsa_key(const char *group, const uint8_t *point, size_t len);
int ccg_ecdsa_verify(EVP_PKEY *key, const char *md, const uint8_t *sig,
		     size_t sig_len, const uint8_t *msg, size_t len);

#endif /* CCGUEST_X509_ECDSA_H */
