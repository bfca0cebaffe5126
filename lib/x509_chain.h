/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Verifying a certificate chain, from a trusted certificate to the leaf;
 * RFC 5280, 6.1; DSP0274 1.2.1, 10.6.1, "Certificates and certificate chains".
 */
#ifndef CCGUEST_LIB_X509_CHAIN_H
#define CCGUEST_LIB_X509_CHAIN_H

#include "x509_policy.h"
#include "x509_walk.h"

/* The most certificates in a chain; real ones have two to six. */
#define X509_CHAIN_MAX		16

/* Size of the detail of a fault, the terminating NUL included. */
#define X509_DETAIL_MAX		192

/**
 * struct x509_policy - what the caller requires beyond RFC 5280
 * @validity: what happens with a certificate outside its validity
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
 *	      where a trusted CA has the issuer's name but does not vouch for
 *	      the certificate: -EKEYREJECTED where the signature is wrong,
 *	      -EKEYEXPIRED where the CA has expired, -EPERM where the CA may
 *	      not sign this certificate.
 * @verify: verify the signature of certificate @i with the key of certificate
 *	    @issuer. Returns 0; -EKEYREJECTED where it is wrong; -ENOPKG where
 *	    the algorithm is unknown or too weak; or another negative errno.
 * @check_leaf: check the transport's rule for the leaf, such as the name that
 *		it must have; NULL where the transport has no rule. Returns 0;
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
 * @anchor: number of the anchor, where there is one
 * @at: number of the certificate that @fault is about
 * @fault: why the chain was refused; its what is NULL where it was not
 * @detail: what check_leaf() has to say about @fault, or empty
 * @expired_at: number of the certificate that @expired is about
 * @expired: with X509_VALIDITY_WARN, why the first certificate outside its
 *	     validity is outside; its what is NULL where there is none
 * @issuer: points to the issuer of the first certificate, a Name in DER
 * @issuer_len: its length
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
 * @len: their length in bytes
 * @policy: what the caller requires
 * @ops: functions of the caller
 * @ctx: for @ops
 * @v: set to the result
 *
 * The certificates are not copied: they must not change meanwhile. A chain has
 * X509_CHAIN_MAX certificates at most, and functions of @ops are called three
 * times per certificate at most.
 *
 * Return: 0; -ENOKEY where no certificate is trusted; -EKEYREJECTED where a
 * certificate breaks a rule, or is not signed by the one before it;
 * -EKEYEXPIRED where one has expired; -EBADMSG where one is malformed; what a
 * function of @ops returned.
 */
int x509_verify_chain(const u8 *certs, size_t len,
		      const struct x509_policy *policy,
		      const struct x509_chain_ops *ops, void *ctx,
		      struct x509_verdict *v);

#endif /* CCGUEST_LIB_X509_CHAIN_H */
