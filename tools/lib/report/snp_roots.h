/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Private to this room: AMD's certificates above those that sign reports of SEV-SNP.
 */
#ifndef CCGUEST_REPORT_SNP_ROOTS_H
#define CCGUEST_REPORT_SNP_ROOTS_H

#include <ccguest/snp.h>

/**
 * struct snp_root - certificates of a product
 * @product: the product
 * @buf: ARK, ASK, ASVK in DER, one after the other
 * @len: length of @buf in bytes
 */
struct snp_root {
	enum ccg_snp_product product;
	const uint8_t *buf;
	size_t len;
};

const struct snp_root *ccg_snp_root_at(size_t i);

#endif /* CCGUEST_REPORT_SNP_ROOTS_H */
