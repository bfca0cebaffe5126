/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Private to this room: certificates of the keys that sign reports of SEV-SNP.
 *
 * Versioned Chip Endorsement Key Certificate and KDS Interface Specification (AMD
 * 57230), and the same for VLEK (AMD 58369).
 */
#ifndef CCGUEST_REPORT_SNP_CERT_H
#define CCGUEST_REPORT_SNP_CERT_H

#include <ccguest/cert.h>
#include <ccguest/snp.h>

/* Length of a chip ID in bytes: of Milan and Genoa, and of Turin. */
#define SNP_HWID_LEN		64
#define SNP_HWID_TURIN_LEN	8

/**
 * enum snp_role - what a certificate is for
 * @SNP_OTHER: neither of these
 * @SNP_ARK: root of a product
 * @SNP_ASK: signs VCEKs
 * @SNP_ASVK: signs VLEKs
 * @SNP_VCEK: signs reports, key of a chip
 * @SNP_VLEK: signs reports, key of a provider
 */
enum snp_role {
	SNP_OTHER,
	SNP_ARK,
	SNP_ASK,
	SNP_ASVK,
	SNP_VCEK,
	SNP_VLEK,
};

/**
 * struct snp_vek - contents of a VCEK or VLEK
 * @cert: the certificate
 * @role: SNP_VCEK or SNP_VLEK
 * @issuer: SNP_ASK or SNP_ASVK if the issuer's name is that of one, else SNP_OTHER
 * @product: product in the issuer's name
 * @named: product in the certificate's extension
 * @has: mask of the parts of a TCB version that the certificate has, 1 << enum
 *	 ccg_snp_part
 * @svn: security version number of each part
 * @reserved: spl_4 to spl_7, reserved parts; 0 for an absent one
 * @hwid_len: length of @hwid in bytes; 0 if the certificate has no chip ID
 * @hwid: the chip ID
 * @csp_len: length of @csp in bytes; 0 if the certificate has no CSP ID
 * @csp: ID of the provider, text
 */
struct snp_vek {
	const struct ccg_cert *cert;
	enum snp_role role;
	enum snp_role issuer;
	enum ccg_snp_product product;
	enum ccg_snp_product named;
	unsigned int has;
	uint8_t svn[CCG_SNP_N_PARTS];
	uint8_t reserved[4];
	size_t hwid_len;
	uint8_t hwid[SNP_HWID_LEN];
	size_t csp_len;
	char csp[128];
};

/* Size of a buffer for the reason that a certificate is malformed. */
#define SNP_CERT_WHY	96

enum snp_role ccg_snp_cert_role(const struct ccg_cert *cert,
				enum ccg_snp_product *product);
int ccg_snp_vek_parse(const struct ccg_cert *cert, struct snp_vek *vek,
		      char why[SNP_CERT_WHY]);

#endif /* CCGUEST_REPORT_SNP_CERT_H */
