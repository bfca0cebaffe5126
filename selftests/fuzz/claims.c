// SPDX-License-Identifier: GPL-2.0-only
/*
 * Fuzz target: the claims of an attestation token. The first two bytes are the
 * length of the platform's claims; the realm's claims follow.
 *
 * Checks that each claim lies inside the input.
 */
#include "../../tools/lib/cca/token.h"
#include "fuzz.h"

int ccg_refuse(const struct token *j, const char *fmt, ...)
{
	(void)j;
	(void)fmt;
	return -1;
}

static void inside(const u8 *data, size_t size, const struct ccg_bytes *b)
{
	if (!b->p)
		return;
	require(b->p >= data && b->p <= data + size);
	require(b->len <= (size_t)(data + size - b->p));
}

static bool take(struct message *m, struct cbor_fault *fault, const u8 *data,
		 size_t size)
{
	struct cbor c = { data, size, fault };

	return ccg_cbor_map(&c, &m->claims) && ccg_cbor_end(&c);
}

static void check(const struct ccg_token *t, const u8 *data, size_t size)
{
	const struct ccg_bytes *strings[] = {
		&t->platform_profile, &t->realm_profile, &t->implementation,
		&t->instance, &t->config, &t->service, &t->platform_hash,
		&t->rpv, &t->challenge,
	};

	for (size_t i = 0; i < ARRAY_SIZE(strings); i++)
		inside(data, size, strings[i]);
	require(t->n_components <= CCG_COMPONENTS_MAX);
	for (size_t i = 0; i < t->n_components; i++) {
		inside(data, size, &t->components[i].type);
		inside(data, size, &t->components[i].version);
		inside(data, size, &t->components[i].hash);
		inside(data, size, &t->components[i].measurement);
		inside(data, size, &t->components[i].signer);
	}
	require(t->len == 32 || t->len == 48 || t->len == 64);
}

int LLVMFuzzerTestOneInput(const u8 *data, size_t size)
{
	static struct token j;
	size_t len;

	if (size < 2)
		return 0;
	len = data[0] << 8 | data[1];
	data += 2;
	size -= 2;
	if (len > size)
		return 0;
	memset(&j, 0, sizeof(j));
	if (!take(&j.platform, &j.fault, data, len) ||
	    !take(&j.realm, &j.fault, data + len, size - len))
		return 0;
	if (!ccg_token_claims(&j))
		check(&j.t, data, size);
	ccg_token_lifecycle(&j, data[0] & 1 ? "unknown" : NULL);
	return 0;
}
