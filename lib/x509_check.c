// SPDX-License-Identifier: GPL-2.0-only
/*
 * Rules for the certificates of a chain: RFC 5280, and DSP0274 for a leaf.
 */
#include "der.h"
#include "x509_check.h"

/* 1.3.6.1.4.1.412.274: 3, responder-auth; 4, requester-auth; DSP0274 1.2. */
static const u8 id_spdm[] = {
	0x2b, 0x06, 0x01, 0x04, 0x01, 0x83, 0x1c, 0x82, 0x12
};

#define SPDM_EKU_RESPONDER	3
#define SPDM_EKU_REQUESTER	4

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

int x509_check_outside(const struct x509_cert *cert, size_t below,
		       struct x509_fault *fault)
{
	int rc = x509_check_ca(cert, below, fault);

	if (!rc && !cert->has_key_usage)
		return x509_refused(fault,
				    "Certificate is not for signing certificates",
				    "keyUsage");
	return rc;
}

/*
 * libspdm's rule: the purposes of DMTF tell requesters from responders, and
 * other purposes do not matter.
 */
static bool eku_fits(const struct x509_cert *cert)
{
	bool requester = false, responder = false;
	struct der el;
	size_t pos = 0;

	while (pos < cert->eku_len) {
		if (der_next(cert->eku, cert->eku_len, &pos, &el) ||
		    el.tag != DER_OID)
			return false;
		if (el.len != sizeof(id_spdm) + 1 ||
		    memcmp(el.data, id_spdm, sizeof(id_spdm)))
			continue;
		responder |= el.data[sizeof(id_spdm)] == SPDM_EKU_RESPONDER;
		requester |= el.data[sizeof(id_spdm)] == SPDM_EKU_REQUESTER;
	}
	return responder || !requester;
}

int x509_check_leaf(const struct x509_cert *cert, bool generic,
		    struct x509_fault *fault)
{
	if (cert->ca)
		return x509_refused(fault, "Leaf certificate is that of a CA",
				    "basicConstraints");
	if (cert->key_usage & X509_KU_KEY_CERT_SIGN)
		return x509_refused(fault,
				    "Leaf certificate is for signing certificates",
				    "keyUsage");
	if (!cert->has_key_usage && !generic)
		return x509_refused(fault, "Leaf certificate has no key usage",
				    "keyUsage");
	if (cert->has_key_usage &&
	    !(cert->key_usage & X509_KU_DIGITAL_SIGNATURE))
		return x509_refused(fault, "Leaf certificate is not for signing",
				    "keyUsage");
	if (cert->eku && !eku_fits(cert))
		return x509_refused(fault, "Leaf certificate is not for a responder",
				    "extKeyUsage");
	return check_critical(cert, fault);
}
