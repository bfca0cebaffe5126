// SPDX-License-Identifier: GPL-2.0-only
/*
 * The symmetric cryptography of SEV: AES-128-CTR, HMAC-SHA256, and the key
 * derivation of NIST SP 800-108 in counter mode.
 */
#include <errno.h>
#include <limits.h>
#include <string.h>
#include <sys/random.h>

#include <openssl/core_names.h>
#include <openssl/evp.h>

#include "env.h"
#include "sev/crypt.h"

/**
 * ccg_sev_hmac_init - prepare a key
 * @h: set; free it with ccg_sev_hmac_free(), also after a failure
 * @key: the key
 * @key_len: length of the key in bytes
 *
 * Return: true; false if OpenSSL fails.
 */
bool ccg_sev_hmac_init(struct sev_hmac *h, const uint8_t *key, size_t key_len)
{
	char sha256[] = "SHA256";
	const OSSL_PARAM params[] = {
		OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_DIGEST, sha256,
						 0),
		OSSL_PARAM_construct_end(),
	};

	h->algo = EVP_MAC_fetch(NULL, "HMAC", NULL);
	h->ctx = h->algo ? EVP_MAC_CTX_new(h->algo) : NULL;
	return h->ctx && EVP_MAC_init(h->ctx, key, key_len, params) == 1;
}

/**
 * ccg_sev_hmac_of - compute the MAC of a message
 * @h: the key
 * @parts: the message in parts
 * @n: number of @parts
 * @mac: set to the MAC, SEV_MAC_LEN bytes
 *
 * Return: true; false if OpenSSL fails.
 */
bool ccg_sev_hmac_of(struct sev_hmac *h, const struct sev_part *parts, size_t n,
		     uint8_t *mac)
{
	/* Begins a new message with the same key. */
	bool good = EVP_MAC_init(h->ctx, NULL, 0, NULL) == 1;
	size_t len;

	for (size_t i = 0; good && i < n; i++)
		good = EVP_MAC_update(h->ctx, parts[i].p, parts[i].len) == 1;
	return good && EVP_MAC_final(h->ctx, mac, &len, SEV_MAC_LEN) == 1;
}

/**
 * ccg_sev_hmac_free - overwrite and free a key
 * @h: the key, or zeros
 */
void ccg_sev_hmac_free(struct sev_hmac *h)
{
	EVP_MAC_CTX_free(h->ctx);
	EVP_MAC_free(h->algo);
}

/**
 * ccg_sev_hmac - compute HMAC-SHA256
 * @key: the key
 * @key_len: length of the key in bytes
 * @parts: the message in parts
 * @n: number of @parts
 * @mac: set to the MAC, SEV_MAC_LEN bytes
 *
 * Return: true; false if OpenSSL fails.
 */
bool ccg_sev_hmac(const uint8_t *key, size_t key_len,
		  const struct sev_part *parts, size_t n, uint8_t *mac)
{
	struct sev_hmac h;
	bool good = ccg_sev_hmac_init(&h, key, key_len) &&
		    ccg_sev_hmac_of(&h, parts, n, mac);

	ccg_sev_hmac_free(&h);
	return good;
}

/**
 * ccg_sev_kdf - derive a key
 * @key: the key to derive from
 * @key_len: length of @key in bytes
 * @label: purpose of the new key
 * @context: the context, or NULL
 * @context_len: length of @context in bytes
 * @out: set to the new key, SEV_KEY_LEN bytes
 *
 * The key is half a block of HMAC-SHA256: the counter is always 1.
 *
 * Return: true; false if OpenSSL fails.
 */
bool ccg_sev_kdf(const uint8_t *key, size_t key_len, const char *label,
		 const uint8_t *context, size_t context_len, uint8_t *out)
{
	uint8_t counter[4], bits[4], block[SEV_MAC_LEN];
	const struct sev_part parts[] = {
		{ counter, sizeof(counter) },
		/* The NUL separates the label from the context. */
		{ label, strlen(label) + 1 },
		{ context ? context : counter, context_len },
		{ bits, sizeof(bits) },
	};
	bool good;

	put_unaligned_le32(1, counter);
	put_unaligned_le32(8 * SEV_KEY_LEN, bits);
	good = ccg_sev_hmac(key, key_len, parts, ARRAY_SIZE(parts), block);
	memcpy(out, block, SEV_KEY_LEN);
	explicit_bzero(block, sizeof(block));
	return good;
}

/**
 * ccg_sev_ctr - encrypt or decrypt with AES-128-CTR
 * @key: the key, SEV_KEY_LEN bytes
 * @iv: the first counter block, SEV_KEY_LEN bytes
 * @in: the bytes
 * @len: number of bytes
 * @out: set to the result, @len bytes
 *
 * Return: true; false if OpenSSL fails.
 */
bool ccg_sev_ctr(const uint8_t *key, const uint8_t *iv, const uint8_t *in,
		 size_t len, uint8_t *out)
{
	EVP_CIPHER_CTX *ctx = EVP_CIPHER_CTX_new();
	int n = 0;
	bool good;

	good = ctx && len <= INT_MAX &&
	       EVP_EncryptInit_ex(ctx, EVP_aes_128_ctr(), NULL, key, iv) == 1 &&
	       EVP_EncryptUpdate(ctx, out, &n, in, len) == 1 && (size_t)n == len;
	EVP_CIPHER_CTX_free(ctx);
	return good;
}

/**
 * ccg_sev_random - get random bytes from the kernel
 * @buf: set to the bytes
 * @len: number of bytes, 256 at most
 *
 * Return: 0 or a negative errno.
 */
int ccg_sev_random(void *buf, size_t len)
{
	/* The kernel does not interrupt requests of 256 bytes or less. */
	ssize_t n = getrandom(buf, len, 0);

	if (n < 0)
		return -errno;
	return (size_t)n == len ? 0 : -EIO;
}
