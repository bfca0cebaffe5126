/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Comparing Names; RFC 5280, 7.1.
 */
#ifndef CCGUEST_LIB_X509_NAME_H
#define CCGUEST_LIB_X509_NAME_H

#include "x509_walk.h"

/**
 * x509_same_name - compare two Names
 * @a: RDNs in DER, one after the other: the contents of a Name
 * @a_len: their length in bytes
 * @b: RDNs in DER, likewise
 * @b_len: their length in bytes
 *
 * The kind of a string does not matter, nor does the case of ASCII letters, nor
 * the number of blanks; blanks at the start and at the end do not count. Only
 * bytes are compared of values that are no strings, of strings that are not
 * encoded well, and of an RDN with more than 16 attributes. The time is
 * proportional to the lengths.
 *
 * Return: true if they are the same.
 */
bool x509_same_name(const u8 *a, size_t a_len, const u8 *b, size_t b_len);

/**
 * x509_name_within - check whether a Name is in the subtree of another one
 * @name: RDNs in DER: the contents of a Name
 * @len: their length in bytes
 * @base: RDNs in DER of the subtree
 * @base_len: their length in bytes
 *
 * Return: true if @name begins with the RDNs of @base, as x509_same_name()
 * compares them.
 */
bool x509_name_within(const u8 *name, size_t len, const u8 *base,
		      size_t base_len);

/**
 * x509_self_issued - compare issuer and subject of a certificate
 * @cert: certificate
 *
 * RFC 5280, 6.1. A self-issued certificate need not be signed with its own
 * key.
 *
 * Return: true if issuer and subject are the same.
 */
bool x509_self_issued(const struct x509_cert *cert);

/**
 * x509_self_signed - check whether a certificate claims to be signed with its
 *		      own key
 * @cert: certificate
 *
 * The signature is not verified.
 *
 * Return: true if the certificate is self-issued, and neither the key identifier
 * nor the serial number of its authorityKeyIdentifier is that of another one.
 */
bool x509_self_signed(const struct x509_cert *cert);

/**
 * x509_issued_by - compare the issuer of a certificate with a subject
 * @cert: certificate
 * @issuer: certificate whose subject is compared
 *
 * RFC 5280, 6.1.3 (a)(4).
 *
 * Return: true if they are the same.
 */
bool x509_issued_by(const struct x509_cert *cert,
		    const struct x509_cert *issuer);

#endif /* CCGUEST_LIB_X509_NAME_H */
