// SPDX-License-Identifier: GPL-2.0-only
/*
 * Rules for the certificates of a chain: RFC 5280, and DSP0274 for a leaf.
 */
#include "der.h"
#include "x509_check.h"

/* 1.2.840.113549.1.1.1, rsaEncryption; RFC 8017, A.1. */
static const u8 id_rsa[] = {
	0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x01
};

/* Purposes that the leaf may have; a leaf without extKeyUsage has all. */
static const struct {
	u8 len;
	u8 oid[10];
} ekus[] = {
	/* 1.3.6.1.4.1.412.274.3, id-DMTF-eku-responder-auth; DSP0274 1.2 */
	{ 10, { 0x2b, 0x06, 0x01, 0x04, 0x01, 0x83, 0x1c, 0x82, 0x12, 0x03 } },
	/* 2.5.29.37.0, anyExtendedKeyUsage; RFC 5280, 4.2.1.12 */
	{ 4, { 0x55, 0x1d, 0x25, 0x00 } },
	/*
	 * 1.3.6.1.5.5.7.3.1, id-kp-serverAuth: DMTF's sample certificates have
	 * it. They are older than id-DMTF-eku-responder-auth.
	 */
	{ 8, { 0x2b, 0x06, 0x01, 0x05, 0x05, 0x07, 0x03, 0x01 } },
};

/* Length of a non-negative INTEGER, without leading zeros. */
static int number_len(const struct der *in, size_t *pos, size_t *len)
{
	struct der el;

	if (der_expect(in, pos, DER_INTEGER, &el))
		return -EBADMSG;
	while (el.len && !*el.data) {
		el.data++;
		el.len--;
	}
	*len = el.len;
	return 0;
}

int x509_rsa_sizes(const u8 *key, size_t len, size_t *n_len, size_t *e_len)
{
	struct der seq;
	size_t pos = 0;

	if (der_next(key, len, &pos, &seq) || seq.tag != DER_SEQUENCE)
		return -EBADMSG;
	pos = 0;
	if (number_len(&seq, &pos, n_len) || number_len(&seq, &pos, e_len))
		return -EBADMSG;
	return 0;
}

int x509_check_key(const struct x509_cert *cert, struct x509_fault *fault)
{
	struct der spki, alg, oid, bits;
	size_t pos = 0, n_len, e_len;

	/* SubjectPublicKeyInfo, RFC 5280, 4.1. x509_walk() checked its tag. */
	if (der_next(cert->key, cert->key_len, &pos, &spki))
		return x509_malformed(fault, cert->raw, cert->key, "subjectPublicKeyInfo");
	pos = 0;
	if (der_expect(&spki, &pos, DER_SEQUENCE, &alg) ||
	    der_expect(&spki, &pos, DER_BIT_STRING, &bits))
		return x509_malformed(fault, cert->raw, cert->key, "subjectPublicKeyInfo");
	pos = 0;
	if (der_expect(&alg, &pos, DER_OID, &oid))
		return x509_malformed(fault, cert->raw, alg.raw, "subjectPublicKeyInfo");
	if (oid.len != sizeof(id_rsa) || memcmp(oid.data, id_rsa, oid.len))
		return 0;
	/* The first octet counts unused bits; X.690 8.6.2. */
	if (!bits.len ||
	    x509_rsa_sizes(bits.data + 1, bits.len - 1, &n_len, &e_len))
		return x509_malformed(fault, cert->raw, bits.raw, "subjectPublicKey");
	if (e_len > sizeof(u64))
		return x509_refused(fault, "Public exponent is too long",
				    "subjectPublicKey");
	return 0;
}

int x509_check_time(const struct x509_cert *cert, s64 now,
		    struct x509_fault *fault)
{
	if (now < cert->not_before)
		return x509_refused(fault, "Certificate is not valid yet",
				    "notBefore");
	if (now <= cert->not_after)
		return 0;
	x509_refused(fault, "Certificate has expired", "notAfter");
	return -EKEYEXPIRED;
}

static int check_critical(const struct x509_cert *cert,
			  struct x509_fault *fault)
{
	if (!cert->critical)
		return 0;
	x509_refused(fault, "Certificate has an unknown critical extension",
		     "extensions");
	fault->offset = cert->critical - cert->raw;
	return -EKEYREJECTED;
}

int x509_check_ca(const struct x509_cert *cert, size_t below,
		  struct x509_fault *fault)
{
	if (!cert->ca)
		return x509_refused(fault, "Certificate is not that of a CA",
				    "basicConstraints");
	if (cert->path_len != X509_PATH_LEN_NONE && below > cert->path_len)
		return x509_refused(fault, "Certificate chain is too long for its CA",
				    "pathLenConstraint");
	/* A CA without keyUsage is not restricted; RFC 5280, 6.1.4 (n). */
	if (cert->has_key_usage && !(cert->key_usage & X509_KU_KEY_CERT_SIGN))
		return x509_refused(fault,
				    "Certificate is not for signing certificates",
				    "keyUsage");
	return check_critical(cert, fault);
}

/* Is one of the purposes of @cert that of a responder? */
static bool eku_fits(const struct x509_cert *cert)
{
	struct der el;
	size_t pos = 0;

	while (!der_next(cert->eku, cert->eku_len, &pos, &el)) {
		if (el.tag != DER_OID)
			return false;
		for (size_t i = 0; i < ARRAY_SIZE(ekus); i++)
			if (el.len == ekus[i].len &&
			    !memcmp(el.data, ekus[i].oid, el.len))
				return true;
	}
	return false;
}

int x509_check_leaf(const struct x509_cert *cert, struct x509_fault *fault)
{
	if (cert->ca)
		return x509_refused(fault, "Leaf certificate is that of a CA",
				    "basicConstraints");
	if (cert->has_key_usage) {
		if (cert->key_usage & X509_KU_KEY_CERT_SIGN)
			return x509_refused(fault,
					    "Leaf certificate is for signing certificates",
					    "keyUsage");
		if (!(cert->key_usage & X509_KU_DIGITAL_SIGNATURE))
			return x509_refused(fault,
					    "Leaf certificate is not for signing",
					    "keyUsage");
	}
	if (cert->eku && !eku_fits(cert))
		return x509_refused(fault, "Leaf certificate is not for a responder",
				    "extKeyUsage");
	return check_critical(cert, fault);
}
