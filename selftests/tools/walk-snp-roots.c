// SPDX-License-Identifier: GPL-2.0-only
/*
 * For tests of the command: the roots of mint-snp in place of AMD's. The environment
 * variable SNP_ROOTS names their folder. Linked before libccguest, whose
 * tools/lib/report/snp_roots.c is left out then.
 */
#include <stdio.h>
#include <stdlib.h>

#include "report/snp_roots.h"

static uint8_t buf[3][4096];
static struct snp_root roots[3];

static void load(size_t i)
{
	static const char *const names[] = { "Milan", "Genoa", "Turin" };
	const char *dir = getenv("SNP_ROOTS");
	char path[4096];
	FILE *f;

	snprintf(path, sizeof(path), "%s/%s.der", dir ? dir : "", names[i]);
	f = fopen(path, "rb");
	if (!f)
		abort();
	roots[i] = (struct snp_root) {
		CCG_SNP_MILAN + i, buf[i], fread(buf[i], 1, sizeof(buf[i]), f),
	};
	fclose(f);
}

const struct snp_root *ccg_snp_root_at(size_t i)
{
	if (i >= 3)
		return NULL;
	if (!roots[i].len)
		load(i);
	return &roots[i];
}
