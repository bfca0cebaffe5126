/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Verifying a certificate chain, from a trusted certificate to the leaf;
 * RFC 5280, 6.1; DSP0274 1.2.1, 10.6.1, "Certificates and certificate chains".
 */
#ifndef CCGUEST_LIB_X509_CHAIN_H
#define CCGUEST_LIB_X509_CHAIN_H

#include "x509_policy.h"
#include "x509_walk.h"

/* Limit for the certificates in a chain; real chains have two to six. */
#define X509_CHAIN_MAX		16

/* Size of the detail of a fault, the terminating NUL included. */
#define X509_DETAIL_MAX		192

/**
 * struct x509_policy - requirements of the caller beyond RFC 5280
 * @validity: policy for certificates outside their validity
 * @now: the time, in seconds since 1970
 */
struct x509_policy {
	enum x509_validity validity;
	s64 now;
};

/**
 * struct x509_chain_ops - functions of the caller
 * @load: take certificate @i, which x509_walk() has parsed. Called for all
 *	  certificates in order, before the other functions. Returns 0 or a
 *	  negative errno, which refuses the chain.
 * @anchored: tell whether certificate @i is trusted, byte for byte, or is
 *	      signed by a trusted CA. Returns 1 or 0. Returns a negative errno
 *	      if a trusted CA has the issuer's name, but the certificate cannot
 *	      be verified with this CA: -EKEYREJECTED if the signature is wrong,
 *	      -EKEYEXPIRED if the CA has expired, -EPERM if the CA may not sign
 *	      this certificate.
 * @verify: verify the signature of certificate @i with the key of certificate
 *	    @issuer. Returns 0; -EKEYREJECTED if it is wrong; -ENOPKG if
 *	    the algorithm is unknown or too weak; or another negative errno.
 * @check_leaf: check the transport's rule for the leaf, such as the name that
 *		it must have; NULL if the transport has no rule. Returns 0;
 *		or a negative errno, with @fault set, and @detail where there
 *		is more to say: printable, terminated, @size bytes at most.
 */
struct x509_chain_ops {
	int (*load)(void *ctx, size_t i, const struct x509_cert *cert);
	int (*anchored)(void *ctx, size_t i);
	int (*verify)(void *ctx, size_t i, size_t issuer);
	int (*check_leaf)(void *ctx, const struct x509_cert *leaf,
			  struct x509_fault *fault, char *detail, size_t size);
};

/**
 * struct x509_verdict - result of a verification
 * @n: number of certificates that were read
 * @anchor: number of the anchor, if there is one
 * @at: number of the certificate that @fault is about
 * @fault: the reason of the refusal; its what is NULL after success
 * @detail: details of @fault from check_leaf(), or empty
 * @expired_at: number of the certificate that @expired is about
 * @expired: with X509_VALIDITY_WARN, the fault of the first certificate outside
 *	     its validity; its what is NULL if there is none
 * @issuer: points to the issuer of the first certificate, a Name in DER
 * @issuer_len: length of @issuer in bytes
 */
struct x509_verdict {
	size_t n;
	size_t anchor;
	size_t at;
	struct x509_fault fault;
	char detail[X509_DETAIL_MAX];
	size_t expired_at;
	struct x509_fault expired;
	const u8 *issuer;
	size_t issuer_len;
};

/**
 * x509_verify_chain - verify a chain, from a trusted certificate to the leaf
 * @certs: the certificates in DER, the root first, one after the other
 * @len: length of @certs in bytes
 * @policy: requirements of the caller
 * @ops: functions of the caller
 * @ctx: first argument of the functions of @ops
 * @v: set to the result
 *
 * The certificates are not copied, so they must not change during the call. A
 * chain has X509_CHAIN_MAX certificates at most, and the function calls
 * functions of @ops three times per certificate at most.
 *
 * Return: 0; -ENOKEY if no certificate is trusted; -EKEYREJECTED if a
 * certificate breaks a rule, or is not signed by the previous one; -EKEYEXPIRED
 * if a certificate has expired; -EBADMSG if a certificate is malformed; or the
 * errno that a function of @ops returned.
 */
int x509_verify_chain(const u8 *certs, size_t len,
		      const struct x509_policy *policy,
		      const struct x509_chain_ops *ops, void *ctx,
		      struct x509_verdict *v);

#endif /* CCGUEST_LIB_X509_CHAIN_H */
