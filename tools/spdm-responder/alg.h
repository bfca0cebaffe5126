/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Algorithms: the tables of DSP0274; hashes and signatures with OpenSSL.
 */
#ifndef ALG_H
#define ALG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <openssl/evp.h>

#define HASH_MAX	64
/* Longest signature: ML-DSA-87. */
#define SIG_MAX		4627

/**
 * struct asym - a signature algorithm
 * @name: name on the command line
 * @bit: bit in BaseAsymAlgo; with @pqc, in PqcAsymAlgo
 * @type: EVP_PKEY_RSA or EVP_PKEY_EC
 * @bits: size of the key in bits
 * @sig_len: length of a signature in bytes
 * @pss: RSA with PSS padding
 * @pqc: name in OpenSSL of an algorithm of PqcAsymAlgo; NULL for one of
 *	 BaseAsymAlgo. Such an algorithm signs a message with a context, and
 *	 needs SPDM 1.4 and OpenSSL 3.5.
 */
struct asym {
	const char *name;
	uint32_t bit;
	int type;
	int bits;
	size_t sig_len;
	bool pss;
	const char *pqc;
};

/**
 * struct hash - a hash algorithm
 * @name: name on the command line
 * @bit: bit in BaseHashAlgo
 * @md: name in OpenSSL
 * @size: length of a digest in bytes
 */
struct hash {
	const char *name;
	uint32_t bit;
	const char *md;
	size_t size;
};

extern const struct asym asyms[];
extern const struct hash hashes[];
extern const size_t n_asyms, n_hashes;
/**
 * same_name - compare the names of algorithms
 * @a: the name
 * @b: the text that the user wrote
 * @len: length of @b in bytes
 *
 * Return: true if both are the same name. The comparison ignores case, "-" and
 * "_": ECDSA_P256, SHA_256.
 */
bool same_name(const char *a, const char *b, size_t len);

/**
 * asym_exists - find out whether OpenSSL has a signature algorithm
 * @asym: the algorithm
 *
 * Return: true if it does. Only those with @asym->pqc can be absent.
 */
bool asym_exists(const struct asym *asym);

/**
 * pqc_missing - print the error that OpenSSL has no ML-DSA
 * @option: the option that asked for an algorithm
 * @name: name of the algorithm
 *
 * Return: -1.
 */
int pqc_missing(const char *option, const char *name);

/**
 * key_fits - find out whether a key fits a signature algorithm
 * @asym: the algorithm
 * @key: the key
 *
 * Return: true if the key can sign with @asym.
 */
bool key_fits(const struct asym *asym, const EVP_PKEY *key);

/**
 * hash_new() - allocate a hash context
 *
 * Return: the context; free it with EVP_MD_CTX_free().
 */
EVP_MD_CTX *hash_new(void);

/**
 * hash_start - start a hash
 * @ctx: the context
 * @hash: the algorithm
 */
void hash_start(EVP_MD_CTX *ctx, const struct hash *hash);

/**
 * hash_add - add bytes to a hash
 * @ctx: the context
 * @data: the bytes
 * @len: their number
 */
void hash_add(EVP_MD_CTX *ctx, const void *data, size_t len);

/**
 * hash_end - end a hash
 * @ctx: the context
 * @digest: set to the digest
 */
void hash_end(EVP_MD_CTX *ctx, uint8_t *digest);

/**
 * hash_of - hash bytes
 * @hash: the algorithm
 * @data: the bytes
 * @len: their number
 * @digest: set to the digest
 */
void hash_of(const struct hash *hash, const void *data, size_t len, uint8_t *digest);

/**
 * sign - sign a digest
 * @asym: the signature algorithm, without @asym->pqc
 * @hash: the hash algorithm
 * @key: the private key
 * @digest: the digest
 * @sig: set to the signature, @asym->sig_len bytes
 *
 * Return: false if OpenSSL fails.
 */
bool sign(const struct asym *asym, const struct hash *hash, EVP_PKEY *key,
	  const uint8_t *digest, uint8_t *sig);

/**
 * sign_message - sign a message with a context
 * @asym: the signature algorithm, with @asym->pqc
 * @key: the private key
 * @context: the context of FIPS 204, a string
 * @data: the message
 * @len: its length in bytes
 * @sig: set to the signature, @asym->sig_len bytes
 *
 * Return: false if OpenSSL fails.
 */
bool sign_message(const struct asym *asym, EVP_PKEY *key, const char *context,
		  const uint8_t *data, size_t len, uint8_t *sig);

#endif
