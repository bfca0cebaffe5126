// SPDX-License-Identifier: GPL-2.0-only
/*
 * For the test of the walk-through: the command ccguest, with the ASK and the ARK
 * of the platform in software (soft-psp) in place of AMD's. The environment
 * variable WALK_CA names the file. Linked before libccguest, whose
 * tools/lib/sev/roots.c is left out then.
 */
#include <stdio.h>
#include <stdlib.h>

#include "core/ctx.h"
#include "sev/roots.h"

static uint8_t ca[3200];
static struct sev_root root = { "Rome", ca, 0 };

const struct sev_root *ccg_sev_root_at(size_t i)
{
	const char *path = getenv("WALK_CA");
	FILE *f;

	if (i)
		return NULL;
	if (!root.len) {
		f = path ? fopen(path, "rb") : NULL;
		if (!f)
			abort();
		root.len = fread(ca, 1, sizeof(ca), f);
		fclose(f);
	}
	return &root;
}

int ccg_sev_root_parse(const struct sev_root *r, struct sev_cert *ask,
		       struct sev_cert *ark)
{
	struct sev_fault fault;

	return ccg_sev_ca_parse(r->buf, r->len, ask, &fault) ||
	       ccg_sev_ca_parse(r->buf + ask->len, r->len - ask->len, ark, &fault) ?
	       -EBADMSG : 0;
}
