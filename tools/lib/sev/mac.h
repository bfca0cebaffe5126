/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Private to libccguest: the MAC of a measurement of SEV and SEV-ES.
 */
#ifndef CCGUEST_SEV_MAC_H
#define CCGUEST_SEV_MAC_H

#include <ccguest/launch.h>

#include "sev/crypt.h"

bool ccg_mac_of(struct sev_hmac *h, const struct ccg_launch_key *key,
		const uint8_t *digest, uint8_t *out);

#endif /* CCGUEST_SEV_MAC_H */
