// SPDX-License-Identifier: GPL-2.0-only
/*
 * AMD's certificates of each generation, as AMD publishes them: ASK, then ARK.
 *
 * The published ARK of Naples lacks its signature. AMD published the signature
 * later; it is included here.
 */
#include "core/ctx.h"
#include "sev/roots.h"

static const uint8_t naples[] = {
#include "sev/roots/naples.hex"
};

static const uint8_t rome[] = {
#include "sev/roots/rome.hex"
};

static const uint8_t milan[] = {
#include "sev/roots/milan.hex"
};

static const uint8_t genoa[] = {
#include "sev/roots/genoa.hex"
};

static const uint8_t turin[] = {
#include "sev/roots/turin.hex"
};

static const struct sev_root roots[] = {
	{ "Naples", naples, sizeof(naples) },
	{ "Rome", rome, sizeof(rome) },
	{ "Milan", milan, sizeof(milan) },
	{ "Genoa", genoa, sizeof(genoa) },
	{ "Turin", turin, sizeof(turin) },
};

/**
 * ccg_sev_root_at - get the certificates of a generation by number
 * @i: the number, from 0
 *
 * Return: the certificates, NULL after the last.
 */
const struct sev_root *ccg_sev_root_at(size_t i)
{
	return i < ARRAY_SIZE(roots) ? &roots[i] : NULL;
}

/**
 * ccg_sev_root_parse - parse the certificates of a generation
 * @root: the certificates
 * @ask: set to the ASK
 * @ark: set to the ARK
 *
 * Return: 0 or -EBADMSG.
 */
int ccg_sev_root_parse(const struct sev_root *root, struct sev_cert *ask,
		       struct sev_cert *ark)
{
	struct sev_fault fault;
	int rc = ccg_sev_ca_parse(root->buf, root->len, ask, &fault);

	if (rc)
		return rc;
	return ccg_sev_ca_parse(root->buf + ask->len, root->len - ask->len, ark,
				&fault);
}
