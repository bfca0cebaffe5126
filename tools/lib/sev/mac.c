// SPDX-License-Identifier: GPL-2.0-only
/*
 * The MAC of a measurement.
 *
 * Source: AMD SEV API (55766), LAUNCH_MEASURE.
 */
#include <errno.h>
#include <openssl/core_names.h>
#include <string.h>

#include "core/ctx.h"
#include "env.h"
#include "sev/mac.h"

/* First byte of the message: the MAC is that of a measurement. */
#define CONTEXT_MEASURE	4
#define PREFIX_LEN	8

/**
 * ccg_mac_init - prepare a key
 * @m: set; free it with ccg_mac_free(), also after a failure
 * @key: the key
 *
 * Return: false if OpenSSL fails.
 */
bool ccg_mac_init(struct ccg_mac *m, const struct ccg_launch_key *key)
{
	char sha256[] = "SHA256";
	const OSSL_PARAM params[] = {
		OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_DIGEST, sha256,
						 0),
		OSSL_PARAM_construct_end(),
	};

	m->mac = EVP_MAC_fetch(NULL, "HMAC", NULL);
	m->ctx = m->mac ? EVP_MAC_CTX_new(m->mac) : NULL;
	return m->ctx &&
	       EVP_MAC_init(m->ctx, key->tik, CCG_SEV_KEY_LEN, params) == 1;
}

/**
 * ccg_mac_free - overwrite and free a key
 * @m: the key, or zeros
 */
void ccg_mac_free(struct ccg_mac *m)
{
	EVP_MAC_CTX_free(m->ctx);
	EVP_MAC_free(m->mac);
}

/**
 * ccg_mac_of - compute the MAC of a launch digest
 * @m: the key
 * @key: the other values that the MAC covers
 * @digest: the launch digest, CCG_SEV_DIGEST_LEN bytes
 * @out: set to the MAC, CCG_SEV_DIGEST_LEN bytes
 *
 * Return: false if OpenSSL fails.
 */
bool ccg_mac_of(struct ccg_mac *m, const struct ccg_launch_key *key,
		const uint8_t *digest, uint8_t *out)
{
	uint8_t prefix[PREFIX_LEN] = {
		CONTEXT_MEASURE, key->api_major, key->api_minor, key->build,
	};
	size_t len;

	put_unaligned_le32(key->policy, prefix + 4);
	return EVP_MAC_init(m->ctx, NULL, 0, NULL) == 1 &&
	       EVP_MAC_update(m->ctx, prefix, sizeof(prefix)) == 1 &&
	       EVP_MAC_update(m->ctx, digest, CCG_SEV_DIGEST_LEN) == 1 &&
	       EVP_MAC_update(m->ctx, key->nonce, CCG_SEV_NONCE_LEN) == 1 &&
	       EVP_MAC_final(m->ctx, out, &len, CCG_SEV_DIGEST_LEN) == 1;
}

int ccg_launch_mac(struct ccg_ctx *ctx, const struct ccg_launch_key *key,
		   const uint8_t *digest, uint8_t *mac)
{
	struct ccg_mac m = {};
	bool good = ccg_mac_init(&m, key) && ccg_mac_of(&m, key, digest, mac);

	ccg_mac_free(&m);
	return good ? 0 : ccg_fail_errno(ctx, -ENOMEM, "HMAC-SHA256");
}
