// SPDX-License-Identifier: GPL-2.0-only
/*
 * AMD's certificates of each product, as AMD publishes them: ARK, ASK, ASVK.
 *
 * Each ARK is a pinned root: a report is trusted because its signature leads to
 * one of these. No option and no file adds another.
 */
#include "core/ctx.h"
#include "report/snp_roots.h"

static const uint8_t milan[] = {
#include "report/roots/milan.hex"
};

static const uint8_t genoa[] = {
#include "report/roots/genoa.hex"
};

static const uint8_t turin[] = {
#include "report/roots/turin.hex"
};

static const struct snp_root roots[] = {
	{ CCG_SNP_MILAN, milan, sizeof(milan) },
	{ CCG_SNP_GENOA, genoa, sizeof(genoa) },
	{ CCG_SNP_TURIN, turin, sizeof(turin) },
};

/**
 * ccg_snp_root_at - get the certificates of a product by number
 * @i: the number, from 0
 *
 * Return: the certificates, NULL after the last.
 */
const struct snp_root *ccg_snp_root_at(size_t i)
{
	return i < ARRAY_SIZE(roots) ? &roots[i] : NULL;
}
