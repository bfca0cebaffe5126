// SPDX-License-Identifier: GPL-2.0-only
/*
 * Fuzz target: the input is a certificate.
 *
 * Checks that each field that the parser finds lies inside the certificate.
 */
#include "../../lib/x509_check.h"
#include "../../lib/x509_cma.h"
#include "fuzz.h"

static void inside(const struct x509_cert *c, const u8 *p, size_t n)
{
	require(p >= c->raw && (size_t)(p - c->raw) <= c->raw_len);
	require(n <= c->raw_len - (size_t)(p - c->raw));
}

int LLVMFuzzerTestOneInput(const u8 *data, size_t size)
{
	struct x509_fault fault = {};
	struct x509_cert cert;
	size_t pos = 0, len;
	const u8 *name;
	int rc;

	rc = x509_walk(data, size, &cert, &fault);
	if (rc) {
		require(rc == -EBADMSG && fault.what && fault.field);
		require(fault.offset <= size);
		return 0;
	}
	require(cert.raw == data && cert.raw_len <= size);
	inside(&cert, cert.issuer, cert.issuer_len);
	inside(&cert, cert.subject, cert.subject_len);
	require(cert.not_after <= 253402300799LL);
	if (cert.critical)
		inside(&cert, cert.critical, cert.critical_len);
	inside(&cert, cert.key, cert.key_len);
	rc = x509_check_key(&cert, &fault);
	require(!rc || rc == -EKEYREJECTED || rc == -EBADMSG);
	rc = x509_check_leaf(&cert, &fault);
	require(!rc || rc == -EKEYREJECTED);
	require(x509_check_ca(&cert, 0, &fault) || rc);
	while (!(rc = x509_next_cma_name(&cert, &pos, &name, &len, &fault)))
		inside(&cert, name, len);
	require(rc == -ENODATA || rc == -EBADMSG);
	return 0;
}
