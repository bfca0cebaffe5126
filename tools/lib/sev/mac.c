// SPDX-License-Identifier: GPL-2.0-only
/*
 * The MAC of a measurement.
 *
 * Source: AMD SEV API (55766), LAUNCH_MEASURE.
 */
#include <errno.h>

#include "core/ctx.h"
#include "env.h"
#include "sev/mac.h"

/* First byte of the message: the MAC is that of a measurement. */
#define CONTEXT_MEASURE	4
#define PREFIX_LEN	8

/**
 * ccg_mac_of - compute the MAC of a launch digest
 * @h: the key TIK
 * @key: the other values that the MAC covers
 * @digest: the launch digest, CCG_SEV_DIGEST_LEN bytes
 * @out: set to the MAC, CCG_SEV_DIGEST_LEN bytes
 *
 * Return: true; false if OpenSSL fails.
 */
bool ccg_mac_of(struct sev_hmac *h, const struct ccg_launch_key *key,
		const uint8_t *digest, uint8_t *out)
{
	uint8_t prefix[PREFIX_LEN] = {
		CONTEXT_MEASURE, key->api_major, key->api_minor, key->build,
	};
	const struct sev_part parts[] = {
		{ prefix, sizeof(prefix) },
		{ digest, CCG_SEV_DIGEST_LEN },
		{ key->nonce, CCG_SEV_NONCE_LEN },
	};

	put_unaligned_le32(key->policy, prefix + 4);
	return ccg_sev_hmac_of(h, parts, ARRAY_SIZE(parts), out);
}

int ccg_launch_mac(struct ccg_ctx *ctx, const struct ccg_launch_key *key,
		   const uint8_t *digest, uint8_t *mac)
{
	struct sev_hmac h;
	bool good = ccg_sev_hmac_init(&h, key->tik, CCG_SEV_KEY_LEN) &&
		    ccg_mac_of(&h, key, digest, mac);

	ccg_sev_hmac_free(&h);
	return good ? 0 : ccg_fail_errno(ctx, -ENOMEM, "HMAC-SHA256");
}
