/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The keys and the signature algorithms that a certificate may have. The
 * kernel module and the tools allow the same ones, with one exception: tools
 * whose OpenSSL has ML-DSA allow ML-DSA.
 */
#ifndef CCGUEST_LIB_X509_KEY_H
#define CCGUEST_LIB_X509_KEY_H

#include "x509_walk.h"

/**
 * x509_rsa_sizes - get the lengths of the numbers of an RSA key
 * @key: RSAPublicKey in DER; RFC 8017, A.1.1
 * @len: its length in bytes
 * @n_len: set to the length of the modulus in bytes
 * @e_len: set to the length of the public exponent in bytes
 *
 * Return: 0; -EBADMSG if the key is malformed.
 */
int x509_rsa_sizes(const u8 *key, size_t len, size_t *n_len, size_t *e_len);

/**
 * x509_rsa_allowed - check whether an RSA key may be used
 * @key: RSAPublicKey in DER; RFC 8017, A.1.1
 * @len: its length in bytes
 *
 * Allowed are moduli of 2048, 3072 and 4096 bits: the kernel takes no others
 * of 2048 bits or more. The public exponent is odd, greater than 1, and has
 * 64 bits at most: the time of a verification grows with its length.
 *
 * Return: true if the key is allowed.
 */
bool x509_rsa_allowed(const u8 *key, size_t len);

/**
 * x509_curve_allowed - check whether keys on a curve may be used
 * @bits: 192, 256, 384 or 521, for the curve P-192, ...
 *
 * Return: true for P-256, P-384 and P-521.
 */
bool x509_curve_allowed(unsigned int bits);

/**
 * struct x509_key - the public key of a certificate
 * @rsa: @data is an RSAPublicKey; RFC 8017, A.1.1
 * @curve: 256, 384 or 521: @data is a point on the curve P-256, ...; or 0
 * @mldsa: 44, 65 or 87: @data is a key of ML-DSA-44, ...; or 0
 * @data: points to the contents of subjectPublicKey, without the octet that
 *	  counts unused bits
 * @len: their length in bytes
 *
 * A key of another kind has none of @rsa, @curve and @mldsa.
 */
struct x509_key {
	bool rsa;
	unsigned int curve;
	unsigned int mldsa;
	const u8 *data;
	size_t len;
};

/**
 * x509_get_key - get the public key of a certificate
 * @cert: certificate
 * @key: set to the key
 * @fault: set if the result is not 0
 *
 * Neither the key's size nor its form is checked: see x509_check_key().
 *
 * Return: 0; -EBADMSG if subjectPublicKeyInfo is malformed.
 */
int x509_get_key(const struct x509_cert *cert, struct x509_key *key,
		 struct x509_fault *fault);

/**
 * x509_check_key - check that a certificate's key is allowed
 * @cert: certificate
 * @mldsa: the caller can verify ML-DSA
 * @fault: set if the result is not 0
 *
 * Allowed are ECDSA keys on P-256, P-384 and P-521, as named curves with
 * uncompressed points; RSA keys as in x509_rsa_allowed(); and with @mldsa keys
 * of ML-DSA-44, -65 and -87 (RFC 9881).
 *
 * Return: 0; -EKEYREJECTED if it is not allowed; -EBADMSG if the key is
 * malformed.
 */
int x509_check_key(const struct x509_cert *cert, bool mldsa,
		   struct x509_fault *fault);

/**
 * x509_signature_hash - get the hash of a certificate's signature algorithm
 * @cert: certificate
 * @rsa: set to true for RSA (PKCS #1 v1.5), and to false for ECDSA
 *
 * Return: the name of the hash in the kernel's crypto API and in OpenSSL; NULL
 * if the algorithm is neither RSA nor ECDSA with a known hash.
 */
const char *x509_signature_hash(const struct x509_cert *cert, bool *rsa);

/**
 * x509_check_signature_algorithm - check that a certificate's signature has an
 *				    allowed algorithm
 * @cert: certificate
 * @mldsa: the caller can verify ML-DSA
 * @fault: set if the result is not 0
 *
 * Allowed are ECDSA and RSA (PKCS #1 v1.5) with SHA-2 or SHA-3 of 256, 384 or
 * 512 bits; and with @mldsa ML-DSA-44, -65 and -87 (RFC 9881).
 *
 * Return: 0; -EKEYREJECTED if it is not allowed.
 */
int x509_check_signature_algorithm(const struct x509_cert *cert, bool mldsa,
				   struct x509_fault *fault);

/**
 * x509_check_unused_algorithm - the same for a signature that nobody verifies
 * @cert: certificate
 * @mldsa: the caller can verify ML-DSA
 * @fault: set if the result is not 0
 *
 * With SHA-1 and SHA-224 the algorithms are allowed too: the certificate is
 * trusted itself, or is above one that is. The kernel's keyrings take no
 * certificate with any other algorithm.
 *
 * Return: 0; -EKEYREJECTED if it is not allowed.
 */
int x509_check_unused_algorithm(const struct x509_cert *cert, bool mldsa,
				struct x509_fault *fault);

#endif /* CCGUEST_LIB_X509_KEY_H */
