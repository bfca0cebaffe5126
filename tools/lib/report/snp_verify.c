// SPDX-License-Identifier: GPL-2.0-only
/*
 * Verification of reports of SEV-SNP: the checks in their order.
 */
#include <errno.h>
#include <string.h>

#include "core/text.h"
#include "report/snp_verify.h"

/* R and S of the signature; what follows them is not signed. */
#define SIGNATURE_END	(CCG_SNP_SIGNED_LEN + 2 * 72)

static int add(struct snp_job *j, const char *name, bool good, const char *yes,
	       const char *no)
{
	return ccg_check_add(j->v, name, good ? CCG_CHECK_OK : CCG_CHECK_FAILED,
			     "%s", good ? yes : no);
}

/* ---- the form of the report ---- */

static int check_version(struct snp_job *j)
{
	bool known = j->s->version >= 2 && j->s->version <= 5;

	return ccg_check_add(j->v, "version",
			     known ? CCG_CHECK_OK : CCG_CHECK_FAILED,
			     known ? "version %u" :
			     "version %u: this version of ccguest knows 2 to 5",
			     j->s->version);
}

static int check_algorithm(struct snp_job *j)
{
	bool known = j->s->signature_algo == 1;

	return ccg_check_add(j->v, "signature_algorithm",
			     known ? CCG_CHECK_OK : CCG_CHECK_FAILED,
			     known ? "algorithm %u, ECDSA P-384 with SHA-384" :
			     "algorithm %u is not known", j->s->signature_algo);
}

static int check_signing_key(struct snp_job *j)
{
	switch (j->s->signing_key) {
	case CCG_SNP_VCEK:
	case CCG_SNP_VLEK:
		return ccg_check_add(j->v, "signing_key", CCG_CHECK_OK, "%s",
				     j->name);
	case CCG_SNP_NO_KEY:
		return ccg_check_add(j->v, "signing_key", CCG_CHECK_FAILED,
				     "none: the platform did not sign the report");
	default:
		return ccg_check_add(j->v, "signing_key", CCG_CHECK_FAILED,
				     "key %u is not known", j->s->signing_key);
	}
}

static int check_unsigned(struct snp_job *j)
{
	for (size_t i = SIGNATURE_END; i < CCG_SNP_REPORT_LEN; i++)
		if (j->s->bytes[i])
			return ccg_check_add(j->v, "unsigned_bytes", CCG_CHECK_FAILED,
					     "the byte at offset %#zx, which is not signed, is not zero",
					     i);
	return ccg_check_add(j->v, "unsigned_bytes", CCG_CHECK_OK,
			     "the bytes that are not signed are zero");
}

static int check_form(struct snp_job *j)
{
	int rc = check_version(j);

	if (!rc)
		rc = check_algorithm(j);
	if (!rc)
		rc = check_signing_key(j);
	return rc ? rc : check_unsigned(j);
}

/* ---- the product ---- */

static int unknown_product(struct snp_job *j)
{
	if (j->s->has_cpuid)
		return ccg_check_add(j->v, "product", CCG_CHECK_FAILED,
				     "family %#x, model %#x: this version of ccguest does not know the processor",
				     j->s->cpu_family, j->s->cpu_model);
	return ccg_check_add(j->v, "product", CCG_CHECK_FAILED,
			     "neither the report nor the issuer of the %s names a product",
			     j->name);
}

/* The certificate names its product twice: its issuer, and an extension. */
static int compare_product(struct snp_job *j)
{
	const char *product = ccg_snp_product_name(j->product);
	enum ccg_snp_product other = j->vek.product != j->product ?
				     j->vek.product : j->vek.named;
	const char *name = ccg_snp_product_name(other);

	if (other != j->product)
		return ccg_check_add(j->v, "product", CCG_CHECK_FAILED,
				     "the report is of %s, and the %s of %s",
				     product, j->name,
				     name ? name : "no known product");
	if (j->s->has_cpuid)
		return ccg_check_add(j->v, "product", CCG_CHECK_OK,
				     "%s: family %#x, model %#x, stepping %u",
				     product, j->s->cpu_family, j->s->cpu_model,
				     j->s->cpu_stepping);
	return ccg_check_add(j->v, "product", CCG_CHECK_OK,
			     "%s, from the %s: a report of version %u does not name a product",
			     product, j->name, j->s->version);
}

static int check_product(struct snp_job *j)
{
	if (j->has_vek && j->s->product == CCG_SNP_UNKNOWN)
		ccg_snp_set_product(j->s, j->vek.product);
	j->product = j->s->product;
	if (!j->has_vek)
		return ccg_check_add(j->v, "product", CCG_CHECK_SKIPPED,
				     "there is no %s", j->name);
	if (j->product == CCG_SNP_UNKNOWN)
		return unknown_product(j);
	return compare_product(j);
}

/* ---- the contents of the certificate ---- */

static bool wrong_reserved(const struct snp_job *j)
{
	/* The bytes of a TCB version that spl_4 to spl_7 are about. */
	bool turin = j->product == CCG_SNP_TURIN || j->product == CCG_SNP_VENICE;
	unsigned int first = turin ? 3 : 2;

	for (unsigned int i = turin ? 1 : 0; i < 4; i++)
		if (j->vek.reserved[i] !=
		    (uint8_t)(j->s->reported_tcb.raw >> 8 * (first + i)))
			return true;
	return turin && j->vek.reserved[0];
}

static void put_part(struct ccg_text *t, const char *name, unsigned int svn)
{
	ccg_text_put(t, "%s%s %u", t->len ? ", " : "", name, svn);
}

/* Adds a part to @t if the report and the certificate do not agree on it. */
static void put_wrong(struct ccg_text *t, const struct snp_job *j, int part)
{
	const struct ccg_snp_tcb *tcb = &j->s->reported_tcb;
	const char *name = ccg_snp_part_name(part);
	bool of_cert = j->vek.has & 1U << part;

	if (!(tcb->has & 1U << part))
		ccg_text_put(t, "%s%s, which %s lacks", t->len ? ", " : "", name,
			     ccg_snp_product_name(j->product));
	else if (!of_cert)
		ccg_text_put(t, "%s%s, which the %s lacks", t->len ? ", " : "",
			     name, j->name);
	else if (tcb->svn[part] != j->vek.svn[part])
		ccg_text_put(t, "%s%s %u and not %u", t->len ? ", " : "", name,
			     tcb->svn[part], j->vek.svn[part]);
}

static int check_tcb(struct snp_job *j)
{
	const struct ccg_snp_tcb *tcb = &j->s->reported_tcb;
	char all[160] = "", wrong[320] = "";
	struct ccg_text good = { .buf = all, .size = sizeof(all), .fixed = true };
	struct ccg_text bad = { .buf = wrong, .size = sizeof(wrong), .fixed = true };

	if (!j->has_vek || j->product == CCG_SNP_UNKNOWN)
		return ccg_check_add(j->v, "tcb", CCG_CHECK_SKIPPED,
				     j->has_vek ? "the product is not known" :
				     "there is no %s", j->name);
	for (int p = 0; p < CCG_SNP_N_PARTS; p++) {
		if (tcb->has & 1U << p)
			put_part(&good, ccg_snp_part_name(p), tcb->svn[p]);
		if ((tcb->has | j->vek.has) & 1U << p)
			put_wrong(&bad, j, p);
	}
	if (!bad.len && wrong_reserved(j))
		ccg_text_put(&bad, "a reserved part");
	if (!bad.len)
		return ccg_check_add(j->v, "tcb", CCG_CHECK_OK,
				     "REPORTED_TCB is that of the %s: %s", j->name,
				     all);
	return ccg_check_add(j->v, "tcb", CCG_CHECK_FAILED,
			     "REPORTED_TCB is not that of the %s: %s", j->name,
			     wrong);
}

static int check_masked(struct snp_job *j)
{
	int rc;

	if (!j->want->require_chip)
		return ccg_check_add(j->v, "chip", CCG_CHECK_SKIPPED,
				     "the host masks CHIP_ID: it cannot be compared with the %s",
				     j->name);
	rc = ccg_check_add(j->v, "chip", CCG_CHECK_FAILED,
			   "the host masks CHIP_ID, and a chip is required");
	return rc ? rc : ccg_check_hint(j->v, "without --require-chip, such reports are accepted");
}

static int check_chip(struct snp_job *j)
{
	bool turin = j->product == CCG_SNP_TURIN || j->product == CCG_SNP_VENICE;
	size_t len = turin ? SNP_HWID_TURIN_LEN : SNP_HWID_LEN;

	if (ccg_is_zero(j->s->chip_id, sizeof(j->s->chip_id)))
		return check_masked(j);
	if (!j->has_vek)
		return ccg_check_add(j->v, "chip", CCG_CHECK_SKIPPED,
				     "there is no %s", j->name);
	if (j->vek.role == SNP_VLEK)
		return ccg_check_add(j->v, "chip", CCG_CHECK_SKIPPED,
				     "a VLEK is the key of a provider, and names no chip");
	if (j->product == CCG_SNP_UNKNOWN)
		return ccg_check_add(j->v, "chip", CCG_CHECK_SKIPPED,
				     "the product is not known");
	if (j->vek.hwid_len != len)
		return ccg_check_add(j->v, "chip", CCG_CHECK_FAILED,
				     "the chip ID of the VCEK has %zu bytes; that of %s has %zu",
				     j->vek.hwid_len,
				     ccg_snp_product_name(j->product), len);
	return add(j, "chip", !memcmp(j->vek.hwid, j->s->chip_id, len),
		   "CHIP_ID is that of the VCEK",
		   "CHIP_ID is not that of the VCEK: the VCEK is of another chip");
}

/* A VLEK is the key of a provider. */
static int check_provider(struct snp_job *j)
{
	const char *want = j->want->csp_id;

	if (j->s->signing_key != CCG_SNP_VLEK && !want)
		return 0;
	if (j->s->signing_key != CCG_SNP_VLEK)
		return ccg_check_add(j->v, "provider", CCG_CHECK_FAILED,
				     "a VCEK signed the report: it names no provider");
	if (!j->has_vek)
		return ccg_check_add(j->v, "provider", CCG_CHECK_SKIPPED,
				     "there is no VLEK");
	if (!want)
		return ccg_check_add(j->v, "provider", CCG_CHECK_SKIPPED,
				     "%s; no provider is expected", j->vek.csp);
	return ccg_check_add(j->v, "provider", strcmp(want, j->vek.csp) ?
			     CCG_CHECK_FAILED : CCG_CHECK_OK, "%s", j->vek.csp);
}

/* ---- what the requester put into the report ---- */

static int check_freshness(struct snp_job *j)
{
	int rc;

	if (!j->r->azure)
		return ccg_check_nonce(j->v, j->s->report_data, j->want);
	rc = add(j, "runtime_data", j->r->azure->bound,
		 "REPORT_DATA is the hash of the runtime data, which have the key of the vTPM",
		 "REPORT_DATA is not the hash of the runtime data");
	if (rc)
		return rc;
	if (!j->want->nonce)
		return ccg_check_add(j->v, "freshness", CCG_CHECK_SKIPPED,
				     "the firmware made the report at boot: a quote of the vTPM proves the time");
	rc = ccg_check_add(j->v, "freshness", CCG_CHECK_FAILED,
			   "the report has no nonce, but the hash of the runtime data");
	return rc ? rc : ccg_check_hint(j->v,
					"put the nonce into a quote of the vTPM; the report proves the key of the vTPM");
}

/* ---- all ---- */

static int check_certificates(struct snp_job *j)
{
	int rc = ccg_snp_check_certificate(j);

	if (!rc)
		rc = check_product(j);
	if (!rc)
		rc = ccg_snp_check_root(j);
	if (!rc)
		rc = ccg_snp_check_chain(j);
	return rc ? rc : ccg_snp_check_crls(j);
}

static int check_contents(struct snp_job *j)
{
	int rc = ccg_snp_check_signature(j);

	if (!rc)
		rc = check_tcb(j);
	if (!rc)
		rc = check_chip(j);
	if (!rc)
		rc = check_provider(j);
	return rc ? rc : check_freshness(j);
}

/**
 * ccg_snp_verify - make the checks of a report of SEV-SNP before those of a policy
 * @r: the report; its product is set if only the certificate tells it
 * @want: what it is verified against
 * @v: the checks are added
 *
 * Return: 0 or a negative errno.
 */
int ccg_snp_verify(struct ccg_report *r, const struct ccg_report_want *want,
		   struct ccg_report_verdict *v)
{
	bool vlek = r->snp->signing_key == CCG_SNP_VLEK;
	struct snp_job j = {
		.r = r,
		.s = r->snp,
		.want = want,
		.v = v,
		.at = want->at ? want->at : time(NULL),
		.name = vlek ? "VLEK" : "VCEK",
		.ca_name = vlek ? "ASVK" : "ASK",
	};
	int rc = check_form(&j);

	if (!rc)
		rc = check_certificates(&j);
	if (!rc)
		rc = check_contents(&j);
	ccg_certs_free(j.built_in);
	return rc;
}
