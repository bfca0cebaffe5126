/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Private to libccguest: a packet with secrets for LAUNCH_SECRET.
 */
#ifndef CCGUEST_SEV_PACKET_H
#define CCGUEST_SEV_PACKET_H

#include "sev/crypt.h"

/**
 * struct sev_packet - inputs of a packet
 * @tek: Transport Encryption Key
 * @tik: Transport Integrity Key
 * @iv: IV, never used before with this key
 * @measure: the measurement of the launch, SEV_MAC_LEN bytes
 */
struct sev_packet {
	const uint8_t *tek;
	const uint8_t *tik;
	const uint8_t *iv;
	const uint8_t *measure;
};

bool ccg_sev_packet_derive(const struct sev_packet *in, const uint8_t *table,
			   size_t len, uint8_t *header, uint8_t *payload);

#endif /* CCGUEST_SEV_PACKET_H */
