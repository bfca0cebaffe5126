/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Verifying a certificate chain, from a trusted certificate to the leaf;
 * RFC 5280, 6.1; DSP0274 1.2.1, 10.6.1, "Certificates and certificate chains".
 */
#ifndef CCGUEST_LIB_X509_CHAIN_H
#define CCGUEST_LIB_X509_CHAIN_H

#include "x509_policy.h"
#include "x509_walk.h"

/*
 * Limit for the certificates in a chain. Without any extension and with empty
 * names, a certificate with a key and a signature on P-256 has about 255 bytes.
 * So no chain of 64 KiB is too long. SPDM 1.4 has longer chains, of the same
 * number of certificates.
 */
#define X509_CHAIN_MAX		256

/* Size of the detail of a fault, the terminating NUL included. */
#define X509_DETAIL_MAX		192

/**
 * struct x509_policy - requirements of the caller beyond RFC 5280
 * @validity: policy for certificates outside their validity
 * @now: the time, in seconds since 1970
 * @generic: the leaf is a generic certificate, which needs no keyUsage;
 *	     DSP0274 1.3, "Generic certificate"
 * @mldsa: the caller's functions can verify ML-DSA
 */
struct x509_policy {
	enum x509_validity validity;
	s64 now;
	bool generic;
	bool mldsa;
};

/**
 * struct x509_ca - a trusted CA outside the chain
 * @der: its certificate, or NULL if the caller has only what follows
 * @len: length of @der in bytes
 * @subject: RDNs of its subject, the contents of a Name; not used with @der
 * @subject_len: length of @subject in bytes
 * @ca: cA of its basicConstraints; not used with @der
 * @cert_sign: keyCertSign of its keyUsage; not used with @der
 * @key_allowed: its key is one that x509_check_key() allows; not used with @der
 */
struct x509_ca {
	const u8 *der;
	size_t len;
	const u8 *subject;
	size_t subject_len;
	bool ca;
	bool cert_sign;
	bool key_allowed;
};

/**
 * struct x509_path - the verified part of a chain
 * @certs: the certificates from the anchor to the leaf, each one issued and
 *	   signed by the one before it
 * @len: length of @certs in bytes
 * @leaf: the leaf, the last of them
 */
struct x509_path {
	const u8 *certs;
	size_t len;
	const struct x509_cert *leaf;
};

/**
 * struct x509_chain_ops - functions of the caller
 * @load: take a certificate, which x509_walk() has parsed. Called for the
 *	  certificates in order; those up to the anchor are loaded twice, from
 *	  certificate 0 on. Only the certificate loaded last, and the one before
 *	  it, are used. Returns 0 or a negative errno, which refuses the chain.
 * @trusted: tell whether the certificate loaded last is trusted, byte for byte.
 *	     Returns 1, 0 or a negative errno.
 * @issuer: find a trusted CA for the certificate loaded last, the CA number
 *	    @n of them. It need not have the name of the issuer. Returns 1; 0
 *	    if there are no more; or a negative errno.
 * @verify_outside: verify the signature of the certificate loaded last with the
 *		    key of the CA that @issuer found last. Returns as @verify.
 * @verify: verify the signature of the certificate loaded last with the key of
 *	    the one loaded before it. Returns 0; -EKEYREJECTED if it is wrong;
 *	    -ENOPKG if the algorithm is unknown; or another negative errno.
 * @verify_self: verify the signature of certificate 0, loaded last, with its own
 *		 key. Returns as @verify.
 * @check_root: check that RootHash is the digest of a root outside the chain,
 *		which issued certificate 0. Returns 0; -EKEYREJECTED if it is
 *		not; or another negative errno.
 * @check_leaf: check the transport's rule for the device, such as the name that
 *		the leaf must have; NULL if the transport has no rule. Returns 0;
 *		or a negative errno, with @fault set, and @detail where there
 *		is more to say: printable, terminated, @size bytes at most.
 */
struct x509_chain_ops {
	int (*load)(void *ctx, const struct x509_cert *cert);
	int (*trusted)(void *ctx, const struct x509_cert *cert);
	int (*issuer)(void *ctx, const struct x509_cert *cert, size_t n,
		      struct x509_ca *ca);
	int (*verify_outside)(void *ctx);
	int (*verify)(void *ctx);
	int (*verify_self)(void *ctx);
	int (*check_root)(void *ctx, const u8 *der, size_t len);
	int (*check_leaf)(void *ctx, const struct x509_path *path,
			  struct x509_fault *fault, char *detail, size_t size);
};

/**
 * struct x509_verdict - result of a verification
 * @n: number of certificates that were read
 * @anchor: number of the anchor, if there is one: the first certificate that is
 *	    trusted, or that a trusted CA signed
 * @outside: a trusted CA outside the chain signed the anchor
 * @subject: with an anchor, points to the subject of what is trusted, a Name in
 *	     DER: of the CA outside, or of the anchor itself; NULL if the
 *	     certificate of the CA is not known
 * @subject_len: length of @subject in bytes
 * @at: number of the certificate that @fault is about
 * @fault: the reason of the refusal; its what is NULL after success
 * @detail: details of @fault, or empty
 * @expired_at: number of the certificate that @expired is about
 * @expired: with X509_VALIDITY_WARN, the fault of the first certificate outside
 *	     its validity; its what is NULL if there is none
 * @issuer: points to the issuer of the first certificate, a Name in DER
 * @issuer_len: length of @issuer in bytes
 */
struct x509_verdict {
	size_t n;
	size_t anchor;
	bool outside;
	const u8 *subject;
	size_t subject_len;
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
 * The certificates are not copied, so they must not change during the call.
 * After success, the leaf was loaded last.
 *
 * Bounds of the work: a chain has X509_CHAIN_MAX certificates at most. Each one
 * is loaded twice at most, and its signature is verified once, and once more
 * for each trusted CA of its issuer's name. All name constraints together take
 * X509_COMPARISONS_MAX comparisons at most.
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

/**
 * x509_chain_leaf - get the leaf of a chain that is not trusted
 * @certs: the certificates in DER, the root first, one after the other
 * @len: length of @certs in bytes
 * @mldsa: the caller can verify ML-DSA
 * @leaf: set to the last certificate; it points into @certs
 * @v: its n is set; its at and its fault, if the result is not 0
 *
 * All certificates are well-formed, and have keys that x509_check_key() allows,
 * as x509_verify_chain() demands. No signature and no other rule is checked: the
 * leaf's key is only good for the question whether somebody has its private key.
 *
 * Return: 0; or a negative errno, as x509_verify_chain().
 */
int x509_chain_leaf(const u8 *certs, size_t len, bool mldsa,
		    struct x509_cert *leaf, struct x509_verdict *v);

#endif /* CCGUEST_LIB_X509_CHAIN_H */
