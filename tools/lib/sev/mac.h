/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Private to libccguest: the MAC of a measurement of SEV and SEV-ES.
 */
#ifndef CCGUEST_SEV_MAC_H
#define CCGUEST_SEV_MAC_H

#include <openssl/evp.h>

#include <ccguest/launch.h>

/**
 * struct ccg_mac - computes MACs with one key
 * @mac: the algorithm
 * @ctx: the key
 */
struct ccg_mac {
	EVP_MAC *mac;
	EVP_MAC_CTX *ctx;
};

bool ccg_mac_init(struct ccg_mac *m, const struct ccg_launch_key *key);
void ccg_mac_free(struct ccg_mac *m);
bool ccg_mac_of(struct ccg_mac *m, const struct ccg_launch_key *key,
		const uint8_t *digest, uint8_t *out);

#endif /* CCGUEST_SEV_MAC_H */
