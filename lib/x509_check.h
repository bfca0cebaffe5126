/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Rules for the certificates of a chain: RFC 5280, and DSP0274 for a leaf.
 */
#ifndef CCGUEST_LIB_X509_CHECK_H
#define CCGUEST_LIB_X509_CHECK_H

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
 * x509_check_key - check that a certificate's key can be used in bounded time
 * @cert: certificate
 * @fault: set if the result is not 0
 *
 * The time of an RSA verification grows with the length of the public
 * exponent, and the exponent may be as long as the modulus. The function
 * refuses exponents of more than 64 bits. No CA uses such exponents.
 *
 * Return: 0; -EKEYREJECTED if the exponent is too long; -EBADMSG if the
 * key is malformed.
 */
int x509_check_key(const struct x509_cert *cert, struct x509_fault *fault);

/**
 * x509_check_time - check whether a certificate is valid at a time
 * @cert: certificate
 * @now: the time, in seconds since 1970
 * @fault: set if the result is not 0
 *
 * Return: 0; -EKEYEXPIRED after its validity; -EKEYREJECTED before it.
 */
int x509_check_time(const struct x509_cert *cert, s64 now,
		    struct x509_fault *fault);

/**
 * x509_check_ca - check whether a certificate may sign the next one
 * @cert: certificate
 * @below: number of certificates between this one and the leaf, without
 *	   self-issued ones
 * @fault: set if the result is not 0
 *
 * RFC 5280, 6.1.4 (k) to (o).
 *
 * Return: 0; -EKEYREJECTED if it may not.
 */
int x509_check_ca(const struct x509_cert *cert, size_t below,
		  struct x509_fault *fault);

/**
 * x509_check_leaf - check whether a certificate's key may sign for a responder
 * @cert: certificate
 * @fault: set if the result is not 0
 *
 * DSP0274, "Leaf certificate"; RFC 5280, 4.2.1.3 and 4.2.1.12.
 *
 * Return: 0; -EKEYREJECTED if it may not.
 */
int x509_check_leaf(const struct x509_cert *cert, struct x509_fault *fault);

#endif /* CCGUEST_LIB_X509_CHECK_H */
