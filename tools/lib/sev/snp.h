/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Private to libccguest: products with SEV-SNP and their TCB versions.
 */
#ifndef CCGUEST_SEV_SNP_H
#define CCGUEST_SEV_SNP_H

#include <ccguest/snp.h>

#include "core/text.h"

enum ccg_snp_product ccg_snp_product_of(unsigned int family, unsigned int model);
enum ccg_snp_product ccg_snp_product_find(const char *name);
void ccg_snp_tcb_decode(uint64_t raw, enum ccg_snp_product product,
			struct ccg_snp_tcb *tcb);
void ccg_snp_vcek_path(struct ccg_text *t, enum ccg_snp_product product,
		       const uint8_t *chip, size_t len, uint64_t tcb);

#endif /* CCGUEST_SEV_SNP_H */
