// SPDX-License-Identifier: GPL-2.0-only
/*
 * Finding the certificate of the key that signed a report of SEV-SNP.
 */
#include <stdio.h>
#include <string.h>

#include "report/snp_verify.h"

/**
 * struct found - the best certificate so far
 * @vek: its contents
 * @score: how well it fits to the report; 0 if there is none
 * @why: why it is malformed; empty if it is not
 * @other: a certificate of the other kind was found
 */
struct found {
	struct snp_vek vek;
	int score;
	char why[SNP_CERT_WHY];
	bool other;
};

static bool has_tcb(const struct ccg_snp *s, const struct snp_vek *vek)
{
	enum ccg_snp_product product = s->product ? s->product : vek->product;
	struct ccg_snp_tcb tcb;

	ccg_snp_tcb_decode(s->reported_tcb.raw, product, &tcb);
	return !memcmp(tcb.svn, vek->svn, sizeof(tcb.svn));
}

/* A folder may hold the certificates of many chips and of old TCB versions. */
static int score_of(const struct ccg_snp *s, const struct snp_vek *vek)
{
	int score = 2;

	if (vek->hwid_len && !memcmp(vek->hwid, s->chip_id, vek->hwid_len))
		score += 4;
	if (has_tcb(s, vek))
		score += 2;
	if (vek->product == s->product)
		score++;
	return score;
}

static void search(const struct snp_job *j, const struct ccg_certs *certs,
		   struct found *best)
{
	enum snp_role role = j->s->signing_key == CCG_SNP_VLEK ? SNP_VLEK : SNP_VCEK;
	enum ccg_snp_product none;

	for (size_t i = 0; certs && i < certs->n; i++) {
		struct found f = { .score = 1 };
		enum snp_role is = ccg_snp_cert_role(&certs->certs[i], &none);

		if (is == SNP_VCEK || is == SNP_VLEK)
			best->other |= is != role;
		if (is != role)
			continue;
		if (!ccg_snp_vek_parse(&certs->certs[i], &f.vek, f.why))
			f.score = score_of(j->s, &f.vek);
		f.other = best->other;
		if (f.score > best->score)
			*best = f;
	}
}

/* What to do without the certificate. */
static int add_hint(struct snp_job *j)
{
	enum ccg_snp_product product = j->s->product;
	char path[256];

	if (j->s->signing_key == CCG_SNP_VLEK)
		return ccg_check_hint(j->v,
				      "only the provider has the VLEK: the guest gets it with the report, in the certificate table (auxblob)");
	ccg_snp_key_path(j->s, product ? product : CCG_SNP_MILAN, path,
			 sizeof(path));
	if (!*path)
		return ccg_check_hint(j->v,
				      "the guest may have it: give the certificate table (auxblob) with --certs");
	return ccg_check_hint(j->v,
				      "get the VCEK from AMD's key service, and give it with --certs: %s%s",
			      path, product ? "" :
			      " (Genoa in place of Milan for such a processor)");
}

static int no_certificate(struct snp_job *j, const struct found *f)
{
	int rc;

	if (f->other)
		rc = ccg_check_add(j->v, "certificate", CCG_CHECK_FAILED,
				   "a %s signed the report; there is no certificate of one, only a %s",
				   j->name, *j->name == 'V' && j->name[1] == 'C' ?
				   "VLEK" : "VCEK");
	else
		rc = ccg_check_add(j->v, "certificate", CCG_CHECK_FAILED,
				   "there is no %s: nothing proves who signed the report",
				   j->name);
	return rc ? rc : add_hint(j);
}

/**
 * ccg_snp_check_certificate - find the certificate of the report's signer
 * @j: the job; its @has_vek and @vek are set
 *
 * Return: 0 or -ENOMEM.
 */
int ccg_snp_check_certificate(struct snp_job *j)
{
	struct found f = { .score = 0 };
	char hwid[2 * SNP_HWID_LEN + 1] = "";

	search(j, j->want->certs, &f);
	search(j, j->r->certs, &f);
	if (!f.score)
		return no_certificate(j, &f);
	if (*f.why)
		return ccg_check_add(j->v, "certificate", CCG_CHECK_FAILED,
				     "the %s is malformed: %s", j->name, f.why);
	j->has_vek = true;
	j->vek = f.vek;
	if (f.vek.role == SNP_VLEK)
		return ccg_check_add(j->v, "certificate", CCG_CHECK_OK,
				     "VLEK of %s, valid until %s", f.vek.csp,
				     f.vek.cert->not_after);
	ccg_hex(f.vek.hwid, f.vek.hwid_len, hwid);
	return ccg_check_add(j->v, "certificate", CCG_CHECK_OK,
			     "VCEK of chip %s, valid until %s", hwid,
			     f.vek.cert->not_after);
}
