// SPDX-License-Identifier: GPL-2.0-only
/*
 * ECDSA signatures: conversion from the fixed-length form to DER.
 */
#include <openssl/bn.h>
#include <openssl/ecdsa.h>

#include "x509/ecdsa.h"

/**
 * ccg_ecdsa_to_der - convert a signature to DER
 * @sig: the integers r and s, each as long as the order of the curve,
 *	 big-endian
 * @len: length of @sig in bytes, an even number
 * @der: set to the signature in DER
 *
 * Return: length of @der in bytes; 0 if memory is short or @sig is too long.
 */
int ccg_ecdsa_to_der(const uint8_t *sig, size_t len,
		     uint8_t der[CCG_ECDSA_DER_MAX])
{
	BIGNUM *r = BN_bin2bn(sig, len / 2, NULL);
	BIGNUM *s = BN_bin2bn(sig + len / 2, len / 2, NULL);
	ECDSA_SIG *es = ECDSA_SIG_new();
	int n = 0;

	if (r && s && es && ECDSA_SIG_set0(es, r, s) == 1) {
		r = NULL;
		s = NULL;
		n = i2d_ECDSA_SIG(es, NULL);
		n = n > 0 && n <= CCG_ECDSA_DER_MAX ? i2d_ECDSA_SIG(es, &der) :
						      0;
	}
	BN_free(r);
	BN_free(s);
	ECDSA_SIG_free(es);
	return n;
}
