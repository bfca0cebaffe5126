/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Parsing an X.509 certificate, RFC 5280. x509_check.h has the rules, and
 * x509_key.h the keys and the signature algorithms.
 */
#ifndef CCGUEST_LIB_X509_WALK_H
#define CCGUEST_LIB_X509_WALK_H

#include "env.h"

/* KeyUsage, RFC 5280, 4.2.1.3; bit 0 is digitalSignature. */
#define X509_KU_DIGITAL_SIGNATURE	0x0001
#define X509_KU_KEY_CERT_SIGN		0x0020

/* path_len of a certificate without pathLenConstraint. */
#define X509_PATH_LEN_NONE		0xffff

/* path_len of larger ones, which act the same: no chain has as many certificates. */
#define X509_PATH_LEN_LIMIT		0xfffe

/**
 * struct x509_fault - the fault of a certificate, for a message
 * @what: the fault in words, a constant string without a newline
 * @field: name of the field at fault in RFC 5280, or NULL
 * @offset: of that field, in bytes from the start of the certificate
 */
struct x509_fault {
	const char *what;
	const char *field;
	size_t offset;
};

/**
 * struct x509_cert - fields of a certificate
 * @raw: points to the certificate
 * @raw_len: its length
 * @tbs: points to tbsCertificate, which is signed, identifier and length included
 * @tbs_len: its length
 * @serial: points to the contents of serialNumber
 * @serial_len: their length
 * @issuer: points to the issuer's Name, identifier and length included
 * @issuer_len: its length
 * @subject: points to the subject's Name, likewise
 * @subject_len: its length
 * @key: points to subjectPublicKeyInfo, identifier and length included
 * @key_len: its length
 * @sig_alg: points to the contents of the signature algorithm's OID
 * @sig_alg_len: their length
 * @sig: points to the signature, one byte or more
 * @sig_len: its length
 * @not_before: first second in which it is valid, since 1970
 * @not_after: last second in which it is valid, since 1970
 * @ca: cA of basicConstraints
 * @path_len: pathLenConstraint, X509_PATH_LEN_LIMIT at most, or
 *	      X509_PATH_LEN_NONE
 * @has_key_usage: there is a keyUsage
 * @key_usage: X509_KU_..., bit 1 << n for bit n
 * @subject_key_id: points to the contents of subjectKeyIdentifier, or NULL
 * @subject_key_id_len: their length
 * @auth_key_id: points to the contents of keyIdentifier in
 *		 authorityKeyIdentifier, or NULL
 * @auth_key_id_len: their length
 * @auth_issuer: points to the RDNs of the last directoryName in
 *		 authorityCertIssuer, the contents of a Name; or NULL
 * @auth_issuer_len: their length
 * @auth_serial: points to the contents of authorityCertSerialNumber, or NULL
 * @auth_serial_len: their length
 * @eku: points to the contents of extKeyUsage, or NULL
 * @eku_len: their length
 * @san: points to the contents of subjectAltName, or NULL
 * @san_len: their length
 * @constraints: points to the contents of nameConstraints, or NULL
 * @constraints_len: their length
 * @exts: points to the extensions, one after the other, or NULL
 * @exts_len: their length
 * @critical: points to the identifier of the first critical extension that
 *	      x509_walk() does not know, or NULL
 * @critical_len: its length
 *
 * All pointers point into the buffer that was parsed.
 */
struct x509_cert {
	const u8 *raw;
	size_t raw_len;
	const u8 *tbs;
	size_t tbs_len;
	const u8 *serial;
	size_t serial_len;
	const u8 *issuer;
	size_t issuer_len;
	const u8 *subject;
	size_t subject_len;
	const u8 *key;
	size_t key_len;
	const u8 *sig_alg;
	size_t sig_alg_len;
	const u8 *sig;
	size_t sig_len;
	s64 not_before;
	s64 not_after;
	bool ca;
	u16 path_len;
	bool has_key_usage;
	u16 key_usage;
	const u8 *subject_key_id;
	size_t subject_key_id_len;
	const u8 *auth_key_id;
	size_t auth_key_id_len;
	const u8 *auth_issuer;
	size_t auth_issuer_len;
	const u8 *auth_serial;
	size_t auth_serial_len;
	const u8 *eku;
	size_t eku_len;
	const u8 *san;
	size_t san_len;
	const u8 *constraints;
	size_t constraints_len;
	const u8 *exts;
	size_t exts_len;
	const u8 *critical;
	size_t critical_len;
};

/**
 * x509_malformed - set the fault of a malformed certificate
 * @fault: set
 * @start: start of the certificate
 * @at: start of the field at fault
 * @field: its name in RFC 5280
 *
 * Return: -EBADMSG.
 */
static inline int x509_malformed(struct x509_fault *fault, const u8 *start,
				 const u8 *at, const char *field)
{
	*fault = (struct x509_fault) {
		.what = "Malformed certificate",
		.field = field,
		.offset = at - start,
	};
	return -EBADMSG;
}

/**
 * x509_refused - set the fault of a certificate that breaks a rule
 * @fault: set
 * @what: the rule in words
 * @field: name of the field in RFC 5280, or NULL
 *
 * Return: -EKEYREJECTED.
 */
static inline int x509_refused(struct x509_fault *fault, const char *what,
			       const char *field)
{
	*fault = (struct x509_fault) { .what = what, .field = field };
	return -EKEYREJECTED;
}

/**
 * x509_walk - parse a certificate
 * @buf: the certificate, in DER; other bytes may follow it
 * @len: of @buf in bytes
 * @cert: set to the fields of the certificate
 * @fault: set if the result is not 0
 *
 * Return: 0; -EBADMSG if the certificate is malformed.
 */
int x509_walk(const u8 *buf, size_t len, struct x509_cert *cert,
	      struct x509_fault *fault);

#endif /* CCGUEST_LIB_X509_WALK_H */
