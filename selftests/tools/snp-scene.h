/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Reports of SEV-SNP of products with keys of the test.
 */
#ifndef CCGUEST_TEST_SNP_SCENE_H
#define CCGUEST_TEST_SNP_SCENE_H

#include "report/report.h"
#include "report/snp_roots.h"
#include "snp-mint.h"

enum { MILAN, GENOA, TURIN, N_FAMILIES };

extern const char *const families[];
extern struct mint_keys keys[N_FAMILIES];
extern uint8_t root_der[N_FAMILIES][4096];
extern struct snp_root roots[N_FAMILIES];
extern struct ccg_ctx *ctx;

/* Kinds of reports: products, versions, VCEK or VLEK. */
struct kind {
	const char *name;
	int family;
	unsigned int version;
	bool vlek;
};

#define N_KINDS	6
extern const struct kind kinds[N_KINDS];

/**
 * struct scene - a report of a product, before it is signed
 * @name: name of the product and of the version
 * @family: the product
 * @vek: its certificate
 * @version: version of the report
 * @report: the report
 * @der: certificates
 * @len: length of @der
 * @want: what the report is verified against
 * @key: the key that signs the report
 * @ec: the key in the certificate
 * @by: the key that signs the certificate
 * @own: a key of an attacker, or NULL
 * @no_vek: there is no certificate
 * @issuer: name of the issuer, in @vek
 * @crl_der: a revocation list
 * @crl: the same, in @want
 * @ext: an extension, in @vek
 */
struct scene {
	const char *name;
	int family;
	struct mint_vek vek;
	unsigned int version;
	uint8_t report[CCG_SNP_REPORT_LEN];
	uint8_t der[16384];
	size_t len;
	struct ccg_report_want want;
	EVP_PKEY *key;
	EVP_PKEY *ec;
	EVP_PKEY *by;
	EVP_PKEY *own;
	bool no_vek;
	char issuer[32];
	uint8_t crl_der[2048];
	struct ccg_bytes crl;
	struct mint_ext ext;
};

/**
 * struct verified - a report that was verified
 * @rc: what ccg_snp_verify() returned
 * @v: the checks
 */
struct verified {
	int rc;
	struct ccg_report_verdict v;
};

void make_root(int family);
void free_root(int family);
void family_name(char *buf, const char *prefix, int family);
X509 *ca(const char *prefix, int family, EVP_PKEY *key, EVP_PKEY *by);
struct scene *new_scene(size_t kind);
void fill_report(struct scene *s);
void free_scene(struct scene *s);
void give(struct scene *s, X509 *x);
struct ccg_certs *certs_of(struct scene *s);
struct verified verify_bytes(const uint8_t *report, size_t len,
			     const struct ccg_report_want *want);

#endif /* CCGUEST_TEST_SNP_SCENE_H */
