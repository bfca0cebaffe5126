/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Private to this room: reports, the functions that parse and check each kind, and
 * lists of checks.
 */
#ifndef CCGUEST_REPORT_REPORT_H
#define CCGUEST_REPORT_REPORT_H

#include <ccguest/report.h>

#include "core/ctx.h"
#include "sev/snp.h"

/**
 * struct report_fault - why bytes are malformed
 * @offset: offset of the field that is wrong
 * @why: the fault, which names the field
 */
struct report_fault {
	size_t offset;
	char why[128];
};

/* fault.c: describes a fault; returns -EBADMSG. */
__printf(3, 4)
int ccg_fault_at(struct report_fault *fault, size_t offset, const char *why, ...);

/* Lengths of parts of a quote of TDX, in bytes. */
#define TDX_SIG_LEN		64
#define TDX_KEY_LEN		64
#define TDX_QE_REPORT_LEN	384

/**
 * struct tdx_quote - the parts of a quote that verification needs
 * @t: the fields
 * @body: the bytes that the attestation key signed, from the first byte of the
 *	  quote on
 * @signature: R and S, 32 bytes each, big-endian
 * @key: X and Y of the attestation key, 32 bytes each, big-endian
 * @qe_report: report of the quoting enclave, 384 bytes
 * @qe_signature: its signature, R and S, 32 bytes each, big-endian
 * @qe_auth: authentication data of the quoting enclave
 * @chain: certificates of the platform, PEM
 *
 * All point into the bytes of the quote.
 */
struct tdx_quote {
	struct ccg_tdx t;
	struct ccg_bytes body;
	const uint8_t *signature;
	const uint8_t *key;
	const uint8_t *qe_report;
	const uint8_t *qe_signature;
	struct ccg_bytes qe_auth;
	struct ccg_bytes chain;
};

/**
 * struct ccg_report - a report
 * @ctx: the context
 * @name: name of the report, for errors
 * @kind: its kind
 * @buf: its bytes, as binary
 * @len: length of @buf in bytes
 * @snp: report of SEV-SNP, or NULL
 * @quote: quote of TDX, or NULL
 * @token: token of Arm CCA, or NULL
 * @certs: certificates that came with the report, or NULL
 * @n_table: number of @table
 * @table: entries of the certificate table
 * @azure: what an Azure blob has besides the report, or NULL
 */
struct ccg_report {
	struct ccg_ctx *ctx;
	char *name;
	enum ccg_report_kind kind;
	uint8_t *buf;
	size_t len;
	struct ccg_snp *snp;
	struct tdx_quote *quote;
	struct ccg_token *token;
	struct ccg_certs *certs;
	size_t n_table;
	struct ccg_table_entry table[CCG_TABLE_MAX];
	struct ccg_azure *azure;
};

/**
 * struct azure_blob - the parts of the blob of an Azure vTPM
 * @a: what is shown
 * @report: report of SEV-SNP, or TDREPORT; points into the bytes of the blob
 */
struct azure_blob {
	struct ccg_azure a;
	struct ccg_bytes report;
};

/* table.c, azure.c: no allocation, no messages */
int ccg_cert_table_parse(const uint8_t *buf, size_t len,
			 struct ccg_table_entry entries[CCG_TABLE_MAX], size_t *n,
			 struct report_fault *fault);
bool ccg_cert_table_begins(const uint8_t *buf, size_t len);
size_t ccg_cert_table_len(const uint8_t *buf, size_t len);
int ccg_azure_parse(const uint8_t *buf, size_t len, struct azure_blob *b,
		    struct report_fault *fault);
bool ccg_azure_begins(const uint8_t *buf, size_t len);

/* snp.c, tdx.c: no allocation, no messages */
int ccg_snp_parse(const uint8_t *buf, size_t len, struct ccg_snp *s,
		  struct report_fault *fault);
/* Sets the product of a report of version 2, and decodes its TCB versions again. */
void ccg_snp_set_product(struct ccg_snp *s, enum ccg_snp_product product);
int ccg_tdx_parse(const uint8_t *buf, size_t len, struct tdx_quote *q,
		  struct report_fault *fault);

/* snp_verify.c, tdx_verify.c, cca_verify.c: the checks before those of a policy */
int ccg_snp_verify(struct ccg_report *r, const struct ccg_report_want *want,
		   struct ccg_report_verdict *v);
int ccg_tdx_verify(struct ccg_report *r, const struct ccg_report_want *want,
		   struct ccg_report_verdict *v);
int ccg_cca_verify(struct ccg_report *r, const struct ccg_report_want *want,
		   struct ccg_report_verdict *v);

/* policy_snp.c, policy_tdx.c, policy_cca.c: the checks of a policy */
int ccg_policy_check_snp(const struct ccg_report_policy *p,
			 const struct ccg_snp *s, struct ccg_report_verdict *v);
int ccg_policy_check_tdx(const struct ccg_report_policy *p,
			 const struct ccg_tdx *t, struct ccg_report_verdict *v);
int ccg_policy_check_token(const struct ccg_report_policy *p,
			   const struct ccg_token *t,
			   struct ccg_report_verdict *v);

/* crl.c */
struct X509_crl_st;
int ccg_crl_at(struct ccg_ctx *ctx, const struct ccg_report_want *want, size_t i,
	       struct X509_crl_st **crlp);

/* checks.c: adds a check to a verdict; returns 0 or -ENOMEM */
__printf(4, 5)
int ccg_check_add(struct ccg_report_verdict *v, const char *name,
		  enum ccg_check_result result, const char *why, ...);
/* Sets the hint of the check that was added last. */
__printf(2, 3)
int ccg_check_hint(struct ccg_report_verdict *v, const char *hint, ...);
/*
 * Freshness is the same rule for all kinds: data of 64 bytes must be the nonce,
 * followed by zeros.
 */
int ccg_check_nonce(struct ccg_report_verdict *v, const uint8_t data[64],
		    const struct ccg_report_want *want);

#endif /* CCGUEST_REPORT_REPORT_H */
