/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Private to this room: keyrings, and descriptions of keys.
 */
#ifndef CCGUEST_KEYRING_KEYRING_H
#define CCGUEST_KEYRING_KEYRING_H

#include <ccguest/ctx.h>
#include <ccguest/keyring.h>

/*
 * Type of the keys that keep a whole certificate. Module spdm registers it, and
 * reads the limits of a CA from such a key.
 */
#define CCG_CERTIFICATE_TYPE	"spdm_certificate"

/* Prefix of the fingerprint in a description. */
#define CCG_FINGERPRINT_MARK	"sha256:"

/**
 * struct ccg_keyring - a keyring
 * @ctx: the context
 * @id: serial number of the keyring
 * @name: description of the keyring
 * @n: number of @keys
 * @keys: keys in the keyring
 */
struct ccg_keyring {
	struct ccg_ctx *ctx;
	int32_t id;
	char *name;
	size_t n;
	struct ccg_key *keys;
};

int ccg_key_take_apart(struct ccg_key *key);

#endif /* CCGUEST_KEYRING_KEYRING_H */
