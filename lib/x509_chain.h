/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A certificate chain: does it lead from a certificate that is trusted to one
 * that may speak for a device? RFC 5280, 6.1; DSP0274, "Certificates and
 * certificate chains"; PCIe r6.1, 6.31.3 for the name of the device.
 */
#ifndef CCGUEST_LIB_X509_CHAIN_H
#define CCGUEST_LIB_X509_CHAIN_H

#include "x509_walk.h"

/* The most certificates in a chain; real ones have two to six. */
#define X509_CHAIN_MAX		16

/**
 * enum x509_validity - what is made of a certificate's time
 * @X509_VALIDITY_OFF: nothing
 * @X509_VALIDITY_WARN: it is said, and goes
 * @X509_VALIDITY_ENFORCE: it is refused
 */
enum x509_validity {
	X509_VALIDITY_OFF,
	X509_VALIDITY_WARN,
	X509_VALIDITY_ENFORCE,
};

/**
 * struct x509_policy - what is asked of a chain beyond RFC 5280
 * @name: the device's name, which the leaf must have; NULL where none is asked
 *	  for
 * @validity: what is made of the certificates' time
 * @now: seconds since 1970
 */
struct x509_policy {
	const char *name;
	enum x509_validity validity;
	s64 now;
};

/**
 * struct x509_chain_ops - what the walk needs from the world
 * @load: take certificate @i, well-formed as far as x509_walk() sees; they
 *	  come in order, all before the other two are called. Returns 0 or a
 *	  negative errno, which refuses the chain.
 * @anchored: is certificate @i trusted, byte for byte, or signed by a CA that
 *	      is? Returns 1; 0; or a negative errno that tells why not, where
 *	      there is a CA of that name: -EKEYREJECTED where the signature is
 *	      not its, -EKEYEXPIRED where its time is over, -EPERM where it
 *	      may not sign this one.
 * @verify: is certificate @i signed by the key of certificate @issuer?
 *	    Returns 0; -EKEYREJECTED where it is not; -ENOPKG where the
 *	    algorithm is unknown or too weak; or another negative errno.
 */
struct x509_chain_ops {
	int (*load)(void *ctx, size_t i, const struct x509_cert *cert);
	int (*anchored)(void *ctx, size_t i);
	int (*verify)(void *ctx, size_t i, size_t issuer);
};

/**
 * struct x509_verdict - how a chain fared
 * @n: number of certificates, as far as they were read
 * @anchor: the first one that is trusted, where there is one
 * @at: the certificate that @fault is about
 * @fault: why the chain was refused; its what is NULL where it was not
 * @expired_at: with X509_VALIDITY_WARN the certificate that @expired is about
 * @expired: what was let through; its what is NULL where there was nothing
 * @issuer: points to the issuer of the first certificate, a Name in DER
 * @issuer_len: its length
 * @name_checked: all but the device's name was found to be right
 * @name: points to the device name in the leaf, NULL where there is none; may
 *	  hold anything
 * @name_len: its length
 */
struct x509_verdict {
	size_t n;
	size_t anchor;
	size_t at;
	struct x509_fault fault;
	size_t expired_at;
	struct x509_fault expired;
	const u8 *issuer;
	size_t issuer_len;
	bool name_checked;
	const u8 *name;
	size_t name_len;
};

int x509_verify_chain(const u8 *certs, size_t len,
		      const struct x509_policy *policy,
		      const struct x509_chain_ops *ops, void *ctx,
		      struct x509_verdict *v);
size_t x509_text(const u8 *s, size_t len, char *buf, size_t size);
size_t x509_name_text(const u8 *name, size_t len, char *buf, size_t size);

#endif /* CCGUEST_LIB_X509_CHAIN_H */
