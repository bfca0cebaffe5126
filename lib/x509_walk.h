/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the kernel's X.509 parser does not tell about a certificate: validity,
 * pathLenConstraint, extended key usage, subject alternative names and
 * critical extensions. RFC 5280; PCIe r6.1, 6.31.3 for the name of a device.
 */
#ifndef CCGUEST_LIB_X509_WALK_H
#define CCGUEST_LIB_X509_WALK_H

#include "env.h"

/* KeyUsage, RFC 5280, 4.2.1.3; bit 0 is digitalSignature. */
#define X509_KU_DIGITAL_SIGNATURE	0x0001
#define X509_KU_KEY_CERT_SIGN		0x0020

/* No pathLenConstraint. */
#define X509_PATH_LEN_NONE		255

/**
 * struct x509_fault - what is wrong with a certificate, for a message
 * @what: in words, a constant string without a newline
 * @field: the field at fault as RFC 5280 calls it, or NULL
 * @offset: of that field, in bytes from the start of the certificate
 */
struct x509_fault {
	const char *what;
	const char *field;
	size_t offset;
};

/**
 * struct x509_cert - what of a certificate is looked at
 * @raw: points to the certificate
 * @raw_len: its length
 * @issuer: points to the issuer's Name, identifier and length included
 * @issuer_len: its length
 * @subject: points to the subject's Name, likewise
 * @subject_len: its length
 * @key: points to subjectPublicKeyInfo, identifier and length included
 * @key_len: its length
 * @not_before: first second it is valid in, since 1970
 * @not_after: last second it is valid in
 * @ca: cA of basicConstraints
 * @path_len: pathLenConstraint, 254 at most, or X509_PATH_LEN_NONE
 * @has_key_usage: there is a keyUsage
 * @key_usage: X509_KU_..., bit 1 << n for bit n
 * @eku: points to the contents of extKeyUsage, or NULL
 * @eku_len: their length
 * @san: points to the contents of subjectAltName, or NULL
 * @san_len: their length
 * @critical: points to the identifier of the first critical extension that
 *	      is not understood here, or NULL
 * @critical_len: its length
 *
 * All pointers point into the buffer that was parsed.
 */
struct x509_cert {
	const u8 *raw;
	size_t raw_len;
	const u8 *issuer;
	size_t issuer_len;
	const u8 *subject;
	size_t subject_len;
	const u8 *key;
	size_t key_len;
	s64 not_before;
	s64 not_after;
	bool ca;
	u8 path_len;
	bool has_key_usage;
	u16 key_usage;
	const u8 *eku;
	size_t eku_len;
	const u8 *san;
	size_t san_len;
	const u8 *critical;
	size_t critical_len;
};

int x509_walk(const u8 *buf, size_t len, struct x509_cert *cert,
	      struct x509_fault *fault);
bool x509_self_issued(const struct x509_cert *cert);
bool x509_issued_by(const struct x509_cert *cert,
		    const struct x509_cert *issuer);
int x509_rsa_sizes(const u8 *key, size_t len, size_t *n_len, size_t *e_len);
int x509_check_key(const struct x509_cert *cert, struct x509_fault *fault);
int x509_check_time(const struct x509_cert *cert, s64 now,
		    struct x509_fault *fault);
int x509_check_ca(const struct x509_cert *cert, size_t below,
		  struct x509_fault *fault);
int x509_check_leaf(const struct x509_cert *cert, struct x509_fault *fault);
int x509_next_cma_name(const struct x509_cert *cert, size_t *pos,
		       const u8 **name, size_t *len, struct x509_fault *fault);

#endif /* CCGUEST_LIB_X509_WALK_H */
