/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Private to libccguest: a session between a guest's owner and a platform.
 */
#ifndef CCGUEST_SEV_SESSION_H
#define CCGUEST_SEV_SESSION_H

#include "sev/cert.h"
#include "sev/crypt.h"

/* Length of the integers of P-384. */
#define SEV_P384_LEN	48

#define SEV_SESSION_LEN	128

/**
 * struct sev_fresh - the random values of a session
 * @scalar: private key of the owner's certificate, big-endian
 * @nonce: nonce of the session
 * @iv: IV of the wrapped keys
 * @tek: Transport Encryption Key
 * @tik: Transport Integrity Key
 */
struct sev_fresh {
	uint8_t scalar[SEV_P384_LEN];
	uint8_t nonce[SEV_KEY_LEN];
	uint8_t iv[SEV_KEY_LEN];
	uint8_t tek[SEV_KEY_LEN];
	uint8_t tik[SEV_KEY_LEN];
};

/**
 * struct sev_session_keys - all secrets of a session
 * @fresh: random values
 * @z: shared secret of the owner and the platform, big-endian
 * @master: derived from @z and the nonce
 * @kek: encrypts TEK and TIK
 * @kik: authenticates the encrypted keys
 */
struct sev_session_keys {
	struct sev_fresh fresh;
	uint8_t z[SEV_P384_LEN];
	uint8_t master[SEV_KEY_LEN];
	uint8_t kek[SEV_KEY_LEN];
	uint8_t kik[SEV_KEY_LEN];
};

bool ccg_sev_scalar_valid(const uint8_t *scalar);
int ccg_sev_ecdh(const struct sev_key *peer, const uint8_t *scalar, uint8_t *z,
		 uint8_t *x, uint8_t *y);
int ccg_sev_session_derive(const struct sev_key *pdh, uint32_t policy,
			   struct sev_session_keys *keys, uint8_t *godh,
			   uint8_t *session);

#endif /* CCGUEST_SEV_SESSION_H */
