/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * libccguest: attestation reports of running guests: SEV-SNP, TDX, Arm CCA.
 */
#ifndef LIBCCGUEST_REPORT_H
#define LIBCCGUEST_REPORT_H

#include <time.h>

#include <ccguest/cca.h>
#include <ccguest/cert.h>
#include <ccguest/ctx.h>
#include <ccguest/snp.h>
#include <ccguest/tdx.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Largest accepted file with a report, in bytes. */
#define CCG_REPORT_FILE_MAX	1048576

/**
 * enum ccg_report_kind - kinds of reports, recognised by their content
 * @CCG_REPORT_SNP: report of SEV-SNP; a certificate table may follow the report
 * @CCG_REPORT_TDX: quote of TDX
 * @CCG_REPORT_CCA: token of Arm CCA
 * @CCG_REPORT_CERT_TABLE: certificate table of SEV-SNP, without a report
 * @CCG_REPORT_AZURE: blob of a vTPM of Azure, with a report of SEV-SNP or a
 *		      TDREPORT
 */
enum ccg_report_kind {
	CCG_REPORT_SNP,
	CCG_REPORT_TDX,
	CCG_REPORT_CCA,
	CCG_REPORT_CERT_TABLE,
	CCG_REPORT_AZURE,
};

/* A report. */
struct ccg_report;

/**
 * ccg_report_load - read a report from a file
 * @ctx: the context; its root directory is not used
 * @path: the report, "-" for standard input: bytes, base64 or hexadecimal
 * @rp: set to the report, which is not verified; free it with
 *	ccg_report_free()
 *
 * Return: 0; -EBADMSG with class CCG_UNVERIFIED if the content is no report, or
 * a malformed one; -EOPNOTSUPP with class CCG_UNSUPPORTED for a TDREPORT;
 * -EFBIG if the file is longer than CCG_REPORT_FILE_MAX; or
 * another negative errno.
 */
int ccg_report_load(struct ccg_ctx *ctx, const char *path,
		    struct ccg_report **rp);

/**
 * ccg_report_parse - read a report from memory
 * @ctx: the context
 * @what: name of the report, for errors
 * @buf: the bytes of the report
 * @len: length of @buf in bytes
 * @rp: set to the report; free it with ccg_report_free()
 *
 * Return: as ccg_report_load().
 */
int ccg_report_parse(struct ccg_ctx *ctx, const char *what, const uint8_t *buf,
		     size_t len, struct ccg_report **rp);

/**
 * ccg_report_free - free a report
 * @r: the report, or NULL
 */
void ccg_report_free(struct ccg_report *r);

/**
 * ccg_report_kind - get the kind of a report
 * @r: the report
 *
 * Return: the kind.
 */
enum ccg_report_kind ccg_report_kind(const struct ccg_report *r);

/**
 * ccg_report_snp - get the report of SEV-SNP
 * @r: the report
 *
 * Return: its fields; NULL if @r has no report of SEV-SNP.
 */
const struct ccg_snp *ccg_report_snp(const struct ccg_report *r);

/**
 * ccg_report_tdx - get the quote of TDX
 * @r: the report
 *
 * Return: its fields; NULL if @r has no quote.
 */
const struct ccg_tdx *ccg_report_tdx(const struct ccg_report *r);

/**
 * ccg_report_token - get the token of Arm CCA
 * @r: the report
 *
 * Return: its claims; NULL if @r has no token.
 */
const struct ccg_token *ccg_report_token(const struct ccg_report *r);

/**
 * ccg_report_certs - get the certificates that came with the report
 * @r: the report
 *
 * The host, or the sender of the report, chose them.
 *
 * Return: the certificates; NULL if there are none.
 */
const struct ccg_certs *ccg_report_certs(const struct ccg_report *r);

/* Largest number of entries of a certificate table. */
#define CCG_TABLE_MAX	32

/**
 * struct ccg_table_entry - an entry of a certificate table of SEV-SNP
 * @guid: its GUID, in the order of RFC 4122
 * @name: "ark", "ask", "vcek", "vlek", "crl" or "cpuid"; NULL if @guid is not known
 * @offset: offset of its data from the beginning of the table
 * @len: length of its data in bytes
 * @first_cert: number of its first certificate in ccg_report_certs()
 * @n_certs: number of its certificates
 *
 * The entry "ask" has the ASK or the ASVK.
 */
struct ccg_table_entry {
	uint8_t guid[16];
	const char *name;
	size_t offset;
	size_t len;
	size_t first_cert;
	size_t n_certs;
};

/**
 * ccg_report_table - get the certificate table that came with the report
 * @r: the report
 * @n: set to the number of entries; 0 without a table
 *
 * Return: the entries.
 */
const struct ccg_table_entry *ccg_report_table(const struct ccg_report *r,
					       size_t *n);

/**
 * struct ccg_azure - what the blob of an Azure vTPM has besides the report
 * @version: version of the header
 * @report_type: 2, report of SEV-SNP; 4, TDREPORT
 * @hash_type: hash of @runtime_data in the report: 1 SHA-256, 2 SHA-384, 3 SHA-512
 * @runtime_data: JSON with the keys of the vTPM, any bytes
 * @bound: the report has the hash of @runtime_data
 */
struct ccg_azure {
	uint32_t version;
	uint32_t report_type;
	uint32_t hash_type;
	struct ccg_bytes runtime_data;
	bool bound;
};

/**
 * ccg_report_azure - get the blob of an Azure vTPM
 * @r: the report
 *
 * Return: its fields; NULL if @r is of another kind.
 */
const struct ccg_azure *ccg_report_azure(const struct ccg_report *r);

/* ---- verification ---- */

/* Largest number of checks of a verification. */
#define CCG_CHECKS_MAX		48

/**
 * enum ccg_check_result - the result of a check
 * @CCG_CHECK_SKIPPED: nothing was compared, or it cannot be known
 * @CCG_CHECK_OK: the report is as it must be
 * @CCG_CHECK_FAILED: the report is not as it must be
 */
enum ccg_check_result {
	CCG_CHECK_SKIPPED,
	CCG_CHECK_OK,
	CCG_CHECK_FAILED,
};

/**
 * struct ccg_check - a check of a verification
 * @name: its name: a word in lower case, or words with underscores, as in JSON
 * @result: its result
 * @why: the reason: what was compared, what is missing, or what is wrong
 * @hint: what to do about a failure, or NULL
 */
struct ccg_check {
	const char *name;
	enum ccg_check_result result;
	char *why;
	char *hint;
};

/**
 * struct ccg_report_verdict - the result of a verification
 * @n: number of @checks
 * @checks: the checks, in the order in which they were made; after a failure, the
 *	    later checks are made as far as they have a meaning
 * @failed: the first check that failed; NULL if none did
 */
struct ccg_report_verdict {
	size_t n;
	struct ccg_check checks[CCG_CHECKS_MAX];
	const struct ccg_check *failed;
};

/* Expected values, and what is accepted; see ccguest-report-policy(5). */
struct ccg_report_policy;

/**
 * ccg_report_policy_new - make a policy without any rule
 * @ctx: the context
 * @pp: set to the policy; free it with ccg_report_policy_free()
 *
 * Such a policy refuses what every policy refuses by default: a guest that the
 * host can debug or migrate, a report of SEV-SNP that software at VMPL 1 to 3 asked
 * for, a TDX module that is not Intel's, and a platform of Arm CCA that is not
 * secured. All other checks are skipped.
 *
 * Return: 0 or -ENOMEM.
 */
int ccg_report_policy_new(struct ccg_ctx *ctx, struct ccg_report_policy **pp);

/**
 * ccg_report_policy_load - read a policy from a file
 * @ctx: the context; its root directory is not used
 * @path: the policy in JSON, "-" for standard input
 * @pp: set to the policy; free it with ccg_report_policy_free()
 *
 * Return: 0; -EINVAL if the policy is malformed, has an unknown member, or allows
 * everything and does not say so; -EFBIG if it is longer than 1 MiB; or another
 * negative errno.
 */
int ccg_report_policy_load(struct ccg_ctx *ctx, const char *path,
			   struct ccg_report_policy **pp);

/**
 * ccg_report_policy_set - set a rule of a policy
 * @p: the policy
 * @member: path of the member, as "snp.measurement" or "snp.min_tcb.microcode"
 * @value: its value, as in JSON and without quotation marks; values of a list have
 *	   commas between them, and a second call adds to the list
 *
 * A rule that came from a file is not changed: the caller could not tell whether
 * both values are meant. Components of a platform can be in a file only.
 *
 * Return: 0; -EINVAL with class CCG_USAGE if there is no such member, the value has
 * another form, or the policy has a value already; or -ENOMEM.
 */
int ccg_report_policy_set(struct ccg_report_policy *p, const char *member,
			  const char *value);

/**
 * ccg_report_policy_free - free a policy
 * @p: the policy, or NULL
 */
void ccg_report_policy_free(struct ccg_report_policy *p);

/**
 * struct ccg_report_want - what a report is verified against
 * @nonce: what the requester put into the report; NULL if it is not known
 * @nonce_len: length of @nonce in bytes, 1 to 64
 * @certs: certificates besides those that came with the report, or NULL
 * @crls: revocation lists in DER, @n_crls of them
 * @n_crls: number of @crls
 * @at: time at which the certificates must be valid; 0 for the clock
 * @require_chip: refuse a report with a masked chip ID, whose chip is not known
 * @csp_id: for a report of SEV-SNP, the provider that the VLEK must name, as
 *	    "CN=cc-us-east-2.amazonaws.com"; or NULL
 * @key: for a token, the public key of the platform: a file as for struct
 *	 ccg_token_want; or NULL
 * @policy: the policy, not NULL
 */
struct ccg_report_want {
	const uint8_t *nonce;
	size_t nonce_len;
	const struct ccg_certs *certs;
	const struct ccg_bytes *crls;
	size_t n_crls;
	time_t at;
	bool require_chip;
	const char *csp_id;
	const char *key;
	const struct ccg_report_policy *policy;
};

/* Largest accepted file with a revocation list, in bytes. */
#define CCG_CRL_FILE_MAX	1048576

/**
 * ccg_report_crl_load - read a revocation list from a file
 * @ctx: the context; its root directory is not used
 * @path: the list in DER or PEM, "-" for standard input
 * @derp: set to the list in DER; free it with free()
 * @lenp: set to its length in bytes
 *
 * Return: 0; -EBADMSG if the file has no list, or a malformed one; -EFBIG if it is
 * longer than CCG_CRL_FILE_MAX; or another negative errno.
 */
int ccg_report_crl_load(struct ccg_ctx *ctx, const char *path, uint8_t **derp,
			size_t *lenp);

/**
 * ccg_report_certs_load - read certificates from a file
 * @ctx: the context; its root directory is not used
 * @path: certificates in DER or PEM, or a certificate table of SEV-SNP (auxblob)
 * @certsp: set to the certificates; free them with ccg_certs_free()
 *
 * Return: as ccg_certs_load().
 */
int ccg_report_certs_load(struct ccg_ctx *ctx, const char *path,
			  struct ccg_certs **certsp);

/**
 * ccg_report_verify - verify a report
 * @r: the report
 * @want: certificates, expected values, and what is accepted
 * @v: set to the result; free it with ccg_report_verdict_clear(), also on failure
 *
 * For a report of SEV-SNP of version 2, the call sets the product and the TCB
 * versions of ccg_report_snp() from the certificate of the signer.
 *
 * Return: 0, also if checks failed; -EOPNOTSUPP with class CCG_UNSUPPORTED if a
 * report of this kind proves nothing (a certificate table, a TDREPORT); -EINVAL if
 * a file of @want is malformed; or another negative errno.
 */
int ccg_report_verify(const struct ccg_report *r,
		      const struct ccg_report_want *want,
		      struct ccg_report_verdict *v);

/**
 * ccg_report_verdict_clear - free the members of a verdict
 * @v: the verdict
 */
void ccg_report_verdict_clear(struct ccg_report_verdict *v);

/**
 * ccg_snp_key_path - get the path of the certificate of a report's signer
 * @s: the report
 * @product: the product, if @s has none
 * @path: set to the path at AMD's key service, "/vcek/v1/Milan/..."; empty if the
 *	  product or the chip is not known, or if only the provider has the
 *	  certificate
 * @size: size of @path in bytes; 256 are enough
 */
void ccg_snp_key_path(const struct ccg_snp *s, enum ccg_snp_product product,
		      char *path, size_t size);

#ifdef __cplusplus
}
#endif

#endif /* LIBCCGUEST_REPORT_H */
