/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Rules for the certificates of a chain: RFC 5280, and DSP0274 for a leaf.
 */
#ifndef CCGUEST_LIB_X509_CHECK_H
#define CCGUEST_LIB_X509_CHECK_H

#include "x509_walk.h"

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
 * x509_check_outside - check whether a CA outside the chain may sign
 * @cert: certificate of the CA
 * @below: as in x509_check_ca()
 * @fault: set if the result is not 0
 *
 * As x509_check_ca(), and the CA must have keyUsage: RFC 5280, 4.2.1.3, demands
 * it. The kernel does not keep whether there is one, only whether it has
 * keyCertSign. In a chain, keyUsage may be absent, as in DMTF's sample root.
 *
 * Return: 0; -EKEYREJECTED if it may not.
 */
int x509_check_outside(const struct x509_cert *cert, size_t below,
		       struct x509_fault *fault);

/**
 * x509_check_leaf - check whether a certificate's key may sign for a responder
 * @cert: certificate
 * @generic: the slot has a generic certificate, which needs no keyUsage
 * @fault: set if the result is not 0
 *
 * DSP0274, "Leaf certificate"; RFC 5280, 4.2.1.3 and 4.2.1.12. The extended key
 * usage is refused if it is for a requester and not for a responder.
 *
 * Return: 0; -EKEYREJECTED if it may not.
 */
int x509_check_leaf(const struct x509_cert *cert, bool generic,
		    struct x509_fault *fault);

#endif /* CCGUEST_LIB_X509_CHECK_H */
