/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Private to libccguest: the symmetric cryptography of SEV.
 */
#ifndef CCGUEST_SEV_CRYPT_H
#define CCGUEST_SEV_CRYPT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <openssl/evp.h>

/* Length of AES-128 keys, IVs and nonces, and of SHA-256 MACs, in bytes. */
#define SEV_KEY_LEN	16
#define SEV_MAC_LEN	32

/**
 * struct sev_part - a part of a message
 * @p: the bytes
 * @len: number of bytes
 */
struct sev_part {
	const void *p;
	size_t len;
};

/**
 * struct sev_hmac - computes HMAC-SHA256 with one key
 * @algo: the algorithm
 * @ctx: the key
 */
struct sev_hmac {
	EVP_MAC *algo;
	EVP_MAC_CTX *ctx;
};

bool ccg_sev_hmac_init(struct sev_hmac *h, const uint8_t *key, size_t key_len);
bool ccg_sev_hmac_of(struct sev_hmac *h, const struct sev_part *parts, size_t n,
		     uint8_t *mac);
void ccg_sev_hmac_free(struct sev_hmac *h);
bool ccg_sev_hmac(const uint8_t *key, size_t key_len,
		  const struct sev_part *parts, size_t n, uint8_t *mac);
bool ccg_sev_kdf(const uint8_t *key, size_t key_len, const char *label,
		 const uint8_t *context, size_t context_len, uint8_t *out);
bool ccg_sev_ctr(const uint8_t *key, const uint8_t *iv, const uint8_t *in,
		 size_t len, uint8_t *out);
int ccg_sev_random(void *buf, size_t len);

#endif /* CCGUEST_SEV_CRYPT_H */
