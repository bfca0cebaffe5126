// SPDX-License-Identifier: GPL-2.0-only
/*
 * Reading reports: bytes or text, recognised by their content.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <openssl/evp.h>

#include <ccguest/file.h>
#include <ccguest/report.h>

#include "core/text.h"
#include "env.h"
#include "report/report.h"
#include "sev/armor.h"

/* Versions of a report of SEV-SNP are small numbers. */
#define SNP_VERSION_MAX	0xff

/* Answer of /dev/sev-guest: a status, a length, 24 bytes, then the report. */
#define ANSWER_LENGTH	4
#define ANSWER_REPORT	0x20

/* Quotes of TDX begin with a version, a key type and the type of the TEE. */
#define QUOTE_VERSION_MIN	4
#define QUOTE_VERSION_MAX	5
#define QUOTE_TEE		4
#define QUOTE_TDX		0x81

/* Tag 399 of CBOR. */
static const uint8_t cca_start[] = { 0xd9, 0x01, 0x8f };
/* The type TDX of a TDREPORT, in front of the version. */
static const uint8_t tdreport_start[] = { 0x81, 0x00 };

#define TDREPORT_LEN	1024

static int malformed(const struct ccg_report *r, size_t base, const struct report_fault *fault)
{
	return ccg_fail(r->ctx, -EBADMSG, CCG_UNVERIFIED, r->name, "offset %#zx: %s",
			base + fault->offset, fault->why);
}

/* ---- text ---- */

static bool is_blank(uint8_t c)
{
	return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

static bool is_text(const uint8_t *buf, size_t len)
{
	for (size_t i = 0; i < len; i++)
		if ((buf[i] < ' ' || buf[i] > '~') && !is_blank(buf[i]))
			return false;
	return true;
}

static bool is_hex(const uint8_t *buf, size_t len)
{
	for (size_t i = 0; i < len; i++)
		if (ccg_hex_value(buf[i]) < 0 && !is_blank(buf[i]))
			return false;
	return true;
}

static int unarmor(struct ccg_report *r)
{
	struct sev_fault fault;
	int rc;

	if (!is_text(r->buf, r->len))
		return 0;
	if (is_hex(r->buf, r->len))
		rc = ccg_sev_unhex(r->buf, &r->len, &fault);
	else
		rc = ccg_sev_unbase64(r->buf, &r->len, &fault);
	if (!rc)
		return 0;
	return ccg_fail(r->ctx, -EBADMSG, CCG_UNVERIFIED, r->name,
			"is text, and neither base64 nor hexadecimal: a report has bytes, or one of these forms");
}

/* ---- certificates ---- */

static bool has_certs(const struct ccg_table_entry *e)
{
	static const char *const names[] = { "ark", "ask", "vcek", "vlek" };

	for (size_t i = 0; e->len && e->name && i < ARRAY_SIZE(names); i++)
		if (!strcmp(e->name, names[i]))
			return true;
	return false;
}

/* Moves the certificates of @more to the end of those of the report. */
static int add_certs(struct ccg_report *r, struct ccg_table_entry *e, struct ccg_certs *more)
{
	struct ccg_certs *all = r->certs;
	struct ccg_cert *certs;

	if (!all)
		all = calloc(1, sizeof(*all));
	if (!all)
		return -ENOMEM;
	r->certs = all;
	certs = realloc(all->certs, (all->n + more->n) * sizeof(*certs));
	if (!certs)
		return -ENOMEM;
	all->certs = certs;
	memcpy(certs + all->n, more->certs, more->n * sizeof(*certs));
	e->first_cert = all->n;
	e->n_certs = more->n;
	all->n += more->n;
	more->n = 0;
	return 0;
}

static int take_certs(struct ccg_report *r, struct ccg_table_entry *e, const uint8_t *table)
{
	struct ccg_certs *more;
	int rc;

	if (ccg_certs_parse(r->ctx, r->name, table + e->offset, e->len, &more))
		return ccg_fail(r->ctx, -EBADMSG, CCG_UNVERIFIED, r->name,
				"the entry %s of the certificate table, at offset %#zx, is not a certificate",
				e->name, table - r->buf + e->offset);
	rc = add_certs(r, e, more);
	ccg_certs_free(more);
	return rc ? ccg_fail_errno(r->ctx, rc, r->name) : 0;
}

static int take_table(struct ccg_report *r, size_t at)
{
	struct report_fault fault;
	int rc;

	if (ccg_cert_table_parse(r->buf + at, r->len - at, r->table, &r->n_table, &fault)) {
		r->n_table = 0;
		return malformed(r, at, &fault);
	}
	for (size_t i = 0; i < r->n_table; i++) {
		if (!has_certs(&r->table[i]))
			continue;
		rc = take_certs(r, &r->table[i], r->buf + at);
		if (rc)
			return rc;
	}
	return 0;
}

/* ---- the kinds ---- */

static int take_snp_at(struct ccg_report *r, const uint8_t *buf, size_t len)
{
	struct report_fault fault;

	r->snp = calloc(1, sizeof(*r->snp));
	if (!r->snp) {
		ccg_fail_errno(r->ctx, -ENOMEM, r->name);
		return -ENOMEM;
	}
	return ccg_snp_parse(buf, len, r->snp, &fault) ? malformed(r, buf - r->buf, &fault) : 0;
}

/* A certificate table, or zeros, may follow the report. */
static int take_snp(struct ccg_report *r)
{
	size_t len = r->len < CCG_SNP_REPORT_LEN ? r->len : CCG_SNP_REPORT_LEN;
	int rc = take_snp_at(r, r->buf, len);

	r->kind = CCG_REPORT_SNP;
	if (rc || ccg_is_zero(r->buf + len, r->len - len))
		return rc;
	return take_table(r, len);
}

/* Only zeros follow the report in an answer of /dev/sev-guest. */
static int take_answer(struct ccg_report *r)
{
	const size_t end = ANSWER_REPORT + CCG_SNP_REPORT_LEN;

	r->kind = CCG_REPORT_SNP;
	if (!ccg_is_zero(r->buf + end, r->len - end))
		return ccg_fail(r->ctx, -EBADMSG, CCG_UNVERIFIED, r->name,
				"offset %#zx: bytes follow the report", end);
	return take_snp_at(r, r->buf + ANSWER_REPORT, CCG_SNP_REPORT_LEN);
}

/* The hash of the runtime data is in the first bytes of REPORT_DATA. */
static bool is_bound(const struct ccg_azure *a, const uint8_t data[64])
{
	static const char *const mds[] = { NULL, "SHA256", "SHA384", "SHA512" };
	uint8_t digest[EVP_MAX_MD_SIZE];
	unsigned int len;

	return EVP_Digest(a->runtime_data.p, a->runtime_data.len, digest, &len,
			  EVP_get_digestbyname(mds[a->hash_type]), NULL) == 1 &&
	       !memcmp(digest, data, len) && ccg_is_zero(data + len, 64 - len);
}

static int take_azure(struct ccg_report *r)
{
	struct report_fault fault;
	struct azure_blob b;
	int rc;

	r->kind = CCG_REPORT_AZURE;
	if (ccg_azure_parse(r->buf, r->len, &b, &fault))
		return malformed(r, 0, &fault);
	r->azure = malloc(sizeof(*r->azure));
	if (!r->azure)
		return ccg_fail_errno(r->ctx, -ENOMEM, r->name);
	*r->azure = b.a;
	if (b.report.len != CCG_SNP_REPORT_LEN)
		return 0;
	rc = take_snp_at(r, b.report.p, b.report.len);
	if (!rc)
		r->azure->bound = is_bound(&b.a, r->snp->report_data);
	return rc;
}

static int take_cca(struct ccg_report *r)
{
	int rc = ccg_token_parse(r->ctx, r->name, r->buf, r->len, &r->token);

	r->kind = CCG_REPORT_CCA;
	return rc;
}

static bool is_quote(const uint8_t *buf, size_t len)
{
	unsigned int version = len < 8 ? 0 : get_unaligned_le16(buf);

	/* A report of SEV-SNP has zeros where a quote has the type of its key. */
	return version >= QUOTE_VERSION_MIN && version <= QUOTE_VERSION_MAX &&
	       get_unaligned_le16(buf + 2) &&
	       get_unaligned_le32(buf + QUOTE_TEE) == QUOTE_TDX;
}

static int take_quote(struct ccg_report *r)
{
	struct report_fault fault;

	r->kind = CCG_REPORT_TDX;
	r->quote = calloc(1, sizeof(*r->quote));
	if (!r->quote)
		return ccg_fail_errno(r->ctx, -ENOMEM, r->name);
	return ccg_tdx_parse(r->buf, r->len, r->quote, &fault) ? malformed(r, 0, &fault) : 0;
}

static bool is_answer(const uint8_t *buf, size_t len)
{
	return len >= ANSWER_REPORT + CCG_SNP_REPORT_LEN && !get_unaligned_le32(buf) &&
	       get_unaligned_le32(buf + ANSWER_LENGTH) == CCG_SNP_REPORT_LEN;
}

static int refuse_tdreport(struct ccg_report *r)
{
	ccg_fail(r->ctx, -EOPNOTSUPP, CCG_UNSUPPORTED, r->name,
		 "is a TDREPORT, which only the machine that made it can verify");
	ccg_hint(r->ctx, "a quote proves the same to others: configfs-tsm makes one");
	return -EOPNOTSUPP;
}

static int refuse(struct ccg_report *r)
{
	return ccg_fail(r->ctx, -EBADMSG, CCG_UNVERIFIED, r->name,
			"is not a report of SEV-SNP, a quote of TDX, a token of Arm CCA, a certificate table, or a blob of an Azure vTPM");
}

static int recognise(struct ccg_report *r)
{
	const uint8_t *buf = r->buf;
	uint32_t first = r->len < 4 ? 0 : get_unaligned_le32(buf);

	if (ccg_azure_begins(buf, r->len))
		return take_azure(r);
	if (is_quote(buf, r->len))
		return take_quote(r);
	if (r->len >= sizeof(cca_start) && !memcmp(buf, cca_start, sizeof(cca_start)))
		return take_cca(r);
	if (r->len == TDREPORT_LEN && !memcmp(buf, tdreport_start, sizeof(tdreport_start)))
		return refuse_tdreport(r);
	if (first && first <= SNP_VERSION_MAX)
		return take_snp(r);
	if (is_answer(buf, r->len))
		return take_answer(r);
	if (!ccg_cert_table_begins(buf, r->len))
		return refuse(r);
	r->kind = CCG_REPORT_CERT_TABLE;
	return take_table(r, 0);
}

/* ---- the interface ---- */

int ccg_report_parse(struct ccg_ctx *ctx, const char *what, const uint8_t *buf, size_t len,
		     struct ccg_report **rp)
{
	struct ccg_report *r = calloc(1, sizeof(*r));
	int rc;

	if (!r)
		return ccg_fail_errno(ctx, -ENOMEM, what);
	r->ctx = ctx;
	r->len = len;
	r->name = strdup(what);
	/* Base64 is decoded in place, with room for a NUL. */
	r->buf = malloc(len + 1);
	if (!r->name || !r->buf) {
		ccg_report_free(r);
		return ccg_fail_errno(ctx, -ENOMEM, what);
	}
	memcpy(r->buf, buf, len);
	rc = unarmor(r);
	if (!rc)
		rc = recognise(r);
	if (rc)
		ccg_report_free(r);
	else
		*rp = r;
	return rc;
}

int ccg_report_load(struct ccg_ctx *ctx, const char *path, struct ccg_report **rp)
{
	uint8_t *buf;
	size_t len;
	int rc = ccg_file_load(ctx, path, CCG_REPORT_FILE_MAX, &buf, &len);

	if (rc)
		return rc;
	rc = ccg_report_parse(ctx, path, buf, len, rp);
	ccg_wipe_free(buf, len);
	return rc;
}

void ccg_report_free(struct ccg_report *r)
{
	if (!r)
		return;
	free(r->name);
	free(r->buf);
	free(r->snp);
	free(r->quote);
	free(r->azure);
	ccg_token_free(r->token);
	ccg_certs_free(r->certs);
	free(r);
}

enum ccg_report_kind ccg_report_kind(const struct ccg_report *r)
{
	return r->kind;
}

const struct ccg_snp *ccg_report_snp(const struct ccg_report *r)
{
	return r->snp;
}

const struct ccg_tdx *ccg_report_tdx(const struct ccg_report *r)
{
	return r->quote ? &r->quote->t : NULL;
}

const struct ccg_token *ccg_report_token(const struct ccg_report *r)
{
	return r->token;
}

const struct ccg_certs *ccg_report_certs(const struct ccg_report *r)
{
	return r->certs;
}

const struct ccg_table_entry *ccg_report_table(const struct ccg_report *r, size_t *n)
{
	*n = r->n_table;
	return r->table;
}

const struct ccg_azure *ccg_report_azure(const struct ccg_report *r)
{
	return r->azure;
}
