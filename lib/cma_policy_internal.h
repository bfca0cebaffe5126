/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Private to lib/cma_policy.c and lib/cma_rule.c: the words of a line.
 */
#ifndef CCGUEST_LIB_CMA_POLICY_INTERNAL_H
#define CCGUEST_LIB_CMA_POLICY_INTERNAL_H

#include "cma_policy.h"

/**
 * struct cma_word - a word of a line
 * @s: points to its first byte, behind a quotation mark
 * @len: its length, quotation marks not included
 */
struct cma_word {
	const u8 *s;
	size_t len;
};

/**
 * enum cma_want - requirements
 * @CMA_NAME_NONE: the leaf needs no name
 * @CMA_NAME_PCI: the leaf has the name of PCIe r6.1, 6.31.3
 * @CMA_NAME_DMTF: the leaf has this DMTF name
 * @CMA_NAME_PREFIX: the leaf has a DMTF name that begins with this text
 * @CMA_PIN: a certificate has a key with this digest
 */
enum cma_want {
	CMA_NAME_NONE,
	CMA_NAME_PCI,
	CMA_NAME_DMTF,
	CMA_NAME_PREFIX,
	CMA_PIN,
};

/**
 * struct cma_requirement - a requirement of a rule
 * @want: its kind
 * @text: the name or the prefix
 * @pin: the digest
 */
struct cma_requirement {
	enum cma_want want;
	struct cma_word text;
	u8 pin[CMA_PIN_LEN];
};

/**
 * cma_next_requirement - take the next requirement of a rule
 * @text: the requirements
 * @len: their length
 * @pos: position of the walk, 0 at its start; moved on
 * @req: set if the result is 1
 * @fault: what and word are set if the result is negative
 *
 * Return: 1; 0 at the end; -EINVAL.
 */
int cma_next_requirement(const u8 *text, size_t len, size_t *pos,
			 struct cma_requirement *req,
			 struct cma_policy_fault *fault);

#endif /* CCGUEST_LIB_CMA_POLICY_INTERNAL_H */
