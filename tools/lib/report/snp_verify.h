/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Private to this room: the verification of a report of SEV-SNP.
 */
#ifndef CCGUEST_REPORT_SNP_VERIFY_H
#define CCGUEST_REPORT_SNP_VERIFY_H

#include "report/report.h"
#include "report/snp_cert.h"
#include "report/snp_roots.h"

/**
 * struct snp_job - a report that is being verified
 * @r: the report
 * @s: its fields
 * @want: what it is verified against
 * @v: the checks
 * @at: time at which the certificates must be valid
 * @has_vek: @vek is set
 * @vek: certificate of the key that signed the report, or should have
 * @name: "VCEK" or "VLEK", whichever the report wants
 * @ca_name: "ASK" or "ASVK", the issuer of @name
 * @product: the product of the report; of @vek for a report that does not tell
 * @built_in: ARK, ASK, ASVK of @product; NULL if libccguest does not have them
 * @ca: certificate of the issuer of @vek, or NULL
 */
struct snp_job {
	const struct ccg_report *r;
	struct ccg_snp *s;
	const struct ccg_report_want *want;
	struct ccg_report_verdict *v;
	time_t at;
	bool has_vek;
	struct snp_vek vek;
	const char *name;
	const char *ca_name;
	enum ccg_snp_product product;
	struct ccg_certs *built_in;
	const struct ccg_cert *ca;
};

/* snp_find.c */
int ccg_snp_check_certificate(struct snp_job *j);
/* snp_chain.c */
int ccg_snp_check_root(struct snp_job *j);
int ccg_snp_check_chain(struct snp_job *j);
/* snp_crl.c */
int ccg_snp_check_crls(struct snp_job *j);
/* snp_signature.c */
int ccg_snp_check_signature(struct snp_job *j);

#endif /* CCGUEST_REPORT_SNP_VERIFY_H */
