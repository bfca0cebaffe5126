/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Private to libccguest: private keys on P-384, and signatures in SEV's form.
 */
#ifndef CCGUEST_SEV_ECKEY_H
#define CCGUEST_SEV_ECKEY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <openssl/evp.h>

struct ccg_ctx;

bool ccg_sev_key_put(EVP_PKEY *key, uint8_t *p);
int ccg_sev_key_load(struct ccg_ctx *ctx, const char *path, EVP_PKEY **keyp);
bool ccg_sev_key_sign(EVP_PKEY *key, const EVP_MD *md, const uint8_t *msg,
		      size_t len, uint8_t *p);

#endif /* CCGUEST_SEV_ECKEY_H */
