// SPDX-License-Identifier: GPL-2.0-only
/*
 * The names of a device in its leaf certificate.
 */
#include "der.h"
#include "x509_cma.h"
#include "x509_text.h"

/* 2.23.147, the otherName of PCI-SIG. */
static const u8 id_cma[] = { 0x67, 0x81, 0x13 };

/* 1.3.6.1.4.1.412.274.1, id-DMTF-device-info. */
static const u8 id_dmtf[] = {
	0x2b, 0x06, 0x01, 0x04, 0x01, 0x83, 0x1c, 0x82, 0x12, 0x01
};

/* Take the next otherName with a type, which must be a UTF8String. */
static int next_other_name(const struct x509_cert *cert, const u8 *id,
			   size_t id_len, size_t *pos, const u8 **name,
			   size_t *len, struct x509_fault *fault)
{
	struct der gn, oid, value, str;
	size_t p;
	int rc;

	if (!cert->san)
		return -ENODATA;
	for (;;) {
		rc = der_next(cert->san, cert->san_len, pos, &gn);
		if (rc == -ENODATA)
			return rc;
		if (rc)
			return x509_malformed(fault, cert->raw, cert->san + *pos,
					      "subjectAltName");
		if (gn.tag != DER_CONTEXT(0))
			continue;
		p = 0;
		if (der_expect(&gn, &p, DER_OID, &oid) ||
		    der_expect(&gn, &p, DER_CONTEXT(0), &value) || p != gn.len)
			return x509_malformed(fault, cert->raw, gn.raw, "otherName");
		if (oid.len == id_len && !memcmp(oid.data, id, id_len))
			break;
	}

	p = 0;
	if (der_expect(&value, &p, DER_UTF8_STRING, &str) || p != value.len)
		return x509_malformed(fault, cert->raw, value.raw, "otherName");
	*name = str.data;
	*len = str.len;
	return 0;
}

int x509_next_cma_name(const struct x509_cert *cert, size_t *pos,
		       const u8 **name, size_t *len, struct x509_fault *fault)
{
	return next_other_name(cert, id_cma, sizeof(id_cma), pos, name, len,
			       fault);
}

int x509_next_dmtf_name(const struct x509_cert *cert, size_t *pos,
			const u8 **name, size_t *len, struct x509_fault *fault)
{
	return next_other_name(cert, id_dmtf, sizeof(id_dmtf), pos, name, len,
			       fault);
}

/* Cuts text that does not fit; always terminates the text. */
static void name_detail(const char *want, const u8 *found, size_t found_len,
			bool dmtf, char *detail, size_t size)
{
	int n = snprintf(detail, size, "expected %s%s%s", want,
			 found ? ", found " : "", dmtf ? "the DMTF name " : "");

	if (found && n >= 0 && (size_t)n < size)
		x509_text(found, found_len, detail + n, size - n);
}

int x509_check_cma_name(const struct x509_cert *leaf, const char *want,
			struct x509_fault *fault, char *detail, size_t size)
{
	const u8 *name, *found = NULL;
	size_t pos = 0, len, found_len = 0;
	bool dmtf;
	int rc;

	while (!(rc = x509_next_cma_name(leaf, &pos, &name, &len, fault))) {
		if (len == strlen(want) && !memcmp(name, want, len))
			return 0;
		if (!found) {
			found = name;
			found_len = len;
		}
	}
	if (rc != -ENODATA)
		return rc;

	/* A malformed DMTF name is no reason: the name of PCIe is missing. */
	pos = 0;
	dmtf = !found && !x509_next_dmtf_name(leaf, &pos, &found, &found_len, fault);
	name_detail(want, found, found_len, dmtf, detail, size);
	if (found && !dmtf)
		return x509_refused(fault, "Leaf certificate is for another device",
				    "subjectAltName");
	if (leaf->san)
		return x509_refused(fault,
				    "Leaf certificate has no OtherName with CMA OID",
				    "subjectAltName");
	return x509_refused(fault,
			    "Leaf certificate has no Subject Alternative Name",
			    NULL);
}
