/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Private to libccguest: the key and the certificate of a platform's owner.
 */
#ifndef CCGUEST_SEV_OCA_H
#define CCGUEST_SEV_OCA_H

#include <openssl/evp.h>

#include <ccguest/ctx.h>

#include "sev/cert.h"

/**
 * struct sev_owner - the owner of a platform
 * @cert: certificate (OCA)
 * @key: its private key
 */
struct sev_owner {
	uint8_t cert[SEV_CERT_LEN];
	EVP_PKEY *key;
};

int ccg_sev_owner_load(struct ccg_ctx *ctx, const char *cert, const char *key,
		       struct sev_owner *o);
int ccg_sev_owner_sign(struct ccg_ctx *ctx, const char *name,
		       const struct sev_owner *o, uint8_t *cert);

#endif /* CCGUEST_SEV_OCA_H */
