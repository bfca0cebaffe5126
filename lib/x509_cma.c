// SPDX-License-Identifier: GPL-2.0-only
/*
 * The name of a PCI device in its leaf certificate; PCIe r6.1, 6.31.3.
 */
#include "der.h"
#include "x509_cma.h"
#include "x509_text.h"

/* 2.23.147, the otherName of PCI-SIG. */
static const u8 id_cma[] = { 0x67, 0x81, 0x13 };

int x509_next_cma_name(const struct x509_cert *cert, size_t *pos,
		       const u8 **name, size_t *len, struct x509_fault *fault)
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
		if (oid.len == sizeof(id_cma) &&
		    !memcmp(oid.data, id_cma, sizeof(id_cma)))
			break;
	}

	p = 0;
	if (der_expect(&value, &p, DER_UTF8_STRING, &str) || p != value.len)
		return x509_malformed(fault, cert->raw, value.raw, "otherName");
	*name = str.data;
	*len = str.len;
	return 0;
}

/* Cuts text that does not fit; always terminates the text. */
static void name_detail(const char *want, const u8 *found, size_t found_len,
			char *detail, size_t size)
{
	int n = snprintf(detail, size, found ? "expected %s, found " :
					       "expected %s", want);

	if (found && n >= 0 && (size_t)n < size)
		x509_text(found, found_len, detail + n, size - n);
}

int x509_check_cma_name(const struct x509_cert *leaf, const char *want,
			struct x509_fault *fault, char *detail, size_t size)
{
	const u8 *name, *found = NULL;
	size_t pos = 0, len, found_len = 0;
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

	name_detail(want, found, found_len, detail, size);
	if (found)
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
