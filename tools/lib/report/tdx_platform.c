// SPDX-License-Identifier: GPL-2.0-only
/*
 * What a quote tells about the platform: the extension of the PCK certificate, and
 * the versions that only Intel's collateral can rate.
 */
#include <errno.h>
#include <string.h>

#include <openssl/objects.h>
#include <openssl/x509.h>

#include <ccguest/text.h>

#include "env.h"
#include "report/tdx_verify.h"

#define SGX_EXTENSIONS	"1.2.840.113741.1.13.1"
/* In the report of the quoting enclave. */
#define QE_ISVSVN	258

/* Finds the extension; NULL if there is none, or more than one. */
static const ASN1_OCTET_STRING *find(const struct ccg_cert *cert)
{
	const ASN1_OCTET_STRING *found = NULL;
	int n = X509_get_ext_count(cert->x509);
	char oid[64];

	for (int i = 0; i < n; i++) {
		X509_EXTENSION *e = X509_get_ext(cert->x509, i);

		OBJ_obj2txt(oid, sizeof(oid), X509_EXTENSION_get_object(e), 1);
		if (strcmp(oid, SGX_EXTENSIONS))
			continue;
		if (found)
			return NULL;
		found = X509_EXTENSION_get_data(e);
	}
	return found;
}

static int check_pck(struct tdx_job *j, struct tdx_pck *p, bool *known)
{
	char fmspc[2 * TDX_FMSPC_LEN + 1], cpusvn[2 * TDX_CPUSVN_LEN + 1];
	char pce_id[2 * TDX_PCE_ID_LEN + 1];
	const ASN1_OCTET_STRING *s;
	struct report_fault fault;

	*known = false;
	if (!j->certs)
		return ccg_check_add(j->v, "pck", CCG_CHECK_SKIPPED,
				     "there are no certificates");
	s = find(&j->certs->certs[0]);
	if (!s)
		return ccg_check_add(j->v, "pck", CCG_CHECK_FAILED,
				     "the first certificate is no PCK certificate: it does not have one extension %s",
				     SGX_EXTENSIONS);
	if (ccg_tdx_pck_parse(ASN1_STRING_get0_data(s), ASN1_STRING_length(s), p,
			      &fault))
		return ccg_check_add(j->v, "pck", CCG_CHECK_FAILED,
				     "extension %s of the PCK certificate, offset %zu: %s",
				     SGX_EXTENSIONS, fault.offset, fault.why);
	*known = true;
	ccg_hex(p->fmspc, sizeof(p->fmspc), fmspc);
	ccg_hex(p->pce_id, sizeof(p->pce_id), pce_id);
	ccg_hex(p->cpusvn, sizeof(p->cpusvn), cpusvn);
	return ccg_check_add(j->v, "pck", CCG_CHECK_OK,
			     "FMSPC %s, PCE ID %s, PCESVN %u, CPUSVN %s", fmspc, pce_id,
			     p->pcesvn, cpusvn);
}

/* A verdict without this proves a genuine platform, and not a current one. */
static int check_tcb(struct tdx_job *j, const struct tdx_pck *p, bool known)
{
	char fmspc[2 * TDX_FMSPC_LEN + 1], svn[2 * sizeof(j->q->t.tee_tcb_svn) + 1];

	if (!known)
		return ccg_check_add(j->v, "tcb_level", CCG_CHECK_SKIPPED,
				     "TCB level not evaluated");
	ccg_hex(p->fmspc, sizeof(p->fmspc), fmspc);
	ccg_hex(j->q->t.tee_tcb_svn, sizeof(j->q->t.tee_tcb_svn), svn);
	return ccg_check_add(j->v, "tcb_level", CCG_CHECK_SKIPPED,
			     "TCB level not evaluated: whether the firmware is current is known to Intel's TCB info of FMSPC %s; TEE_TCB_SVN %s, PCESVN %u, ISVSVN of the quoting enclave %u",
			     fmspc, svn, p->pcesvn,
			     get_unaligned_le16(j->q->qe_report + QE_ISVSVN));
}

/**
 * ccg_tdx_check_platform - check and show what identifies the platform
 * @j: the job
 *
 * Return: 0 or -ENOMEM.
 */
int ccg_tdx_check_platform(struct tdx_job *j)
{
	struct tdx_pck p;
	bool known;
	int rc = check_pck(j, &p, &known);

	return rc ? rc : check_tcb(j, &p, known);
}
