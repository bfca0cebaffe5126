// SPDX-License-Identifier: GPL-2.0-only
/*
 * Fuzz target: the input is a certificate.
 *
 * Checks that each field that the parser finds lies inside the certificate, and
 * that the comparison of names is reflexive and symmetric. The certificate is
 * also its own CA, with name constraints.
 */
#include "../../lib/x509_check.h"
#include "../../lib/x509_cma.h"
#include "../../lib/x509_constraints.h"
#include "../../lib/x509_dice.h"
#include "../../lib/x509_key.h"
#include "../../lib/x509_name.h"
#include "fuzz.h"

static void inside(const struct x509_cert *c, const u8 *p, size_t n)
{
	require(p >= c->raw && (size_t)(p - c->raw) <= c->raw_len);
	require(n <= c->raw_len - (size_t)(p - c->raw));
}

static void signature(const struct x509_cert *c)
{
	struct x509_fault fault;
	const char *hash;
	bool rsa;
	int rc;

	inside(c, c->tbs, c->tbs_len);
	inside(c, c->sig_alg, c->sig_alg_len);
	inside(c, c->sig, c->sig_len);
	require(c->sig_len && c->tbs + c->tbs_len <= c->sig);
	for (int mldsa = 0; mldsa < 2; mldsa++) {
		rc = x509_check_signature_algorithm(c, mldsa, &fault);
		require(!rc || rc == -EKEYREJECTED);
		require(rc || !x509_check_unused_algorithm(c, mldsa, &fault));
	}
	hash = x509_signature_hash(c, &rsa);
	require(!hash == !!x509_check_unused_algorithm(c, false, &fault));
}

static void identifiers(const struct x509_cert *c)
{
	inside(c, c->serial, c->serial_len);
	if (c->subject_key_id)
		inside(c, c->subject_key_id, c->subject_key_id_len);
	if (c->auth_key_id)
		inside(c, c->auth_key_id, c->auth_key_id_len);
	if (c->auth_issuer)
		inside(c, c->auth_issuer, c->auth_issuer_len);
	if (c->auth_serial)
		inside(c, c->auth_serial, c->auth_serial_len);
	require(!x509_self_signed(c) || x509_self_issued(c));
}

static void public_key(const struct x509_cert *c)
{
	struct x509_fault fault;
	struct x509_key key;
	int rc;

	inside(c, c->key, c->key_len);
	rc = x509_check_key(c, false, &fault);
	require(!rc || rc == -EKEYREJECTED || rc == -EBADMSG);
	if (x509_get_key(c, &key, &fault)) {
		require(rc == -EBADMSG);
		return;
	}
	inside(c, key.data, key.len);
	require(!!key.rsa + !!key.curve + !!key.mldsa <= 1);
	require(rc || key.rsa || key.curve);
	rc = x509_check_key(c, true, &fault);
	require(rc || key.rsa || key.curve || key.mldsa);
	require(!rc || !key.mldsa);
}

static void names(const struct x509_cert *c)
{
	size_t left = X509_COMPARISONS_MAX;
	struct x509_fault fault = {};
	int rc;

	require(x509_same_name(c->issuer, c->issuer_len, c->issuer,
			       c->issuer_len));
	require(x509_same_name(c->issuer, c->issuer_len, c->subject,
			       c->subject_len) ==
		x509_same_name(c->subject, c->subject_len, c->issuer,
			       c->issuer_len));
	rc = x509_check_constraints(c, &fault);
	require(!rc || fault.what);
	if (rc)
		return;
	rc = x509_check_names(c, c, true, &left, &fault);
	require(!rc || fault.what);
	require(left <= X509_COMPARISONS_MAX);
}

static void dice(const struct x509_cert *c)
{
	const u8 *value, *oid, *digest;
	size_t pos = 0, len, oid_len, digest_len;
	enum x509_dice kind;

	while (!x509_next_dice(c, &pos, &kind, &value, &len)) {
		struct x509_tcb tcb;
		size_t at = 0;

		inside(c, value, len);
		if (kind == X509_DICE_UEID) {
			require(!x509_ueid(value, len, &oid, &oid_len));
			inside(c, oid, oid_len);
			continue;
		}
		while (!x509_next_tcb(kind, value, len, &at, &tcb)) {
			size_t fwid = 0;

			for (size_t i = 0; i < X509_TCB_FIELDS; i++)
				if (tcb.data[i])
					inside(c, tcb.data[i], tcb.len[i]);
			while (!x509_next_fwid(&tcb, &fwid, &oid, &oid_len,
					       &digest, &digest_len)) {
				inside(c, oid, oid_len);
				inside(c, digest, digest_len);
			}
			require(fwid == tcb.len[X509_TCB_FWIDS]);
		}
	}
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
	signature(&cert);
	identifiers(&cert);
	public_key(&cert);
	names(&cert);
	dice(&cert);
	rc = x509_check_leaf(&cert, true, &fault);
	require(!rc || rc == -EKEYREJECTED);
	require(x509_check_ca(&cert, 0, &fault) || rc);
	while (!(rc = x509_next_cma_name(&cert, &pos, &name, &len, &fault)))
		inside(&cert, name, len);
	require(rc == -ENODATA || rc == -EBADMSG);
	return 0;
}
