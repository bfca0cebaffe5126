/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * libccguest: keyrings of the running kernel.
 */
#ifndef LIBCCGUEST_KEYRING_H
#define LIBCCGUEST_KEYRING_H

#include <ccguest/cert.h>
#include <ccguest/ctx.h>

#ifdef __cplusplus
extern "C" {
#endif

/* The kernel authenticates PCI devices against the keys of this keyring. */
#define CCG_CMA_KEYRING	".cma"

/**
 * struct ccg_key - one key of a keyring
 * @id: its serial number
 * @type: its type; NULL if unknown
 * @description: its description; NULL if unknown
 * @subject: subject of the certificate, taken from the description
 * @fingerprint: fingerprint of the certificate; NULL if the description has none
 * @key_id: another identifier in the description, or NULL
 * @algorithm: the kernel's name of the algorithm, as "X509.rsa", or NULL
 * @expires: when the key expires: "never", "expired", or a time as in
 *	     /proc/keys, for example "3d"; NULL if unknown
 * @certificate: serial number of the key that keeps the whole certificate, of
 *		 type spdm_certificate with the same description; 0 for none
 * @error: why the kernel does not describe the key, a negative errno; or 0
 */
struct ccg_key {
	int32_t id;
	int32_t certificate;
	char *type;
	char *description;
	char *subject;
	char *fingerprint;
	char *key_id;
	char *algorithm;
	char *expires;
	int error;
};

/*
 * A keyring of the running kernel. The root directory of a context has no
 * effect, because the system calls for keys use no root directory.
 */
struct ccg_keyring;

/**
 * ccg_keyring_open - open a keyring of the running kernel
 * @ctx: the context; its root directory is not used
 * @name: its name, with or without "%:" in front; its serial number; or @s, @u
 *	  or @us as in keyctl(1); NULL for CCG_CMA_KEYRING
 * @kp: set to the keyring and its keys; close it with ccg_keyring_close()
 *
 * Return: 0; or
 *  -ENOENT with class CCG_NOT_FOUND if there is no such keyring, with class
 *  CCG_UNSUPPORTED if this machine has no keyring .cma or no /proc/keys;
 *  -ENOKEY with class CCG_NOT_FOUND if there is no key of that number;
 *  -EACCES if only root may see the keyring;
 *  -ENOTUNIQ with class CCG_USAGE if several keyrings have that name;
 *  -ENOTDIR with class CCG_USAGE if @name is a key but not a keyring;
 *  or another negative errno.
 */
int ccg_keyring_open(struct ccg_ctx *ctx, const char *name,
		     struct ccg_keyring **kp);

/**
 * ccg_keyring_close - close a keyring
 * @k: the keyring, or NULL
 */
void ccg_keyring_close(struct ccg_keyring *k);

/**
 * ccg_keyring_id - get the serial number of a keyring
 * @k: the keyring
 *
 * Return: the serial number.
 */
int32_t ccg_keyring_id(const struct ccg_keyring *k);

/**
 * ccg_keyring_name - get the description of a keyring
 * @k: the keyring
 *
 * Return: the description, valid until @k is closed.
 */
const char *ccg_keyring_name(const struct ccg_keyring *k);

/**
 * ccg_keyring_at - get a key by number
 * @k: the keyring
 * @i: its number, from 0, among the keys that ccg_keyring_open() found and
 *     ccg_keyring_add() added
 *
 * Return: the key, valid until @k is closed or changed; NULL after the last.
 */
const struct ccg_key *ccg_keyring_at(const struct ccg_keyring *k, size_t i);

/**
 * ccg_keyring_find - find a key
 * @k: the keyring
 * @text: its serial number, as 0x0a1b2c3d, 169552957 or 0a1b2c3d; its
 *	  description; the subject of its certificate; or the first 8 or more
 *	  digits of the fingerprint or of the key identifier
 * @keyp: set to the key
 *
 * Return: 0; -ENOENT with class CCG_NOT_FOUND if there is no such key; -ENOTUNIQ
 * with class CCG_USAGE if there are several.
 */
int ccg_keyring_find(struct ccg_keyring *k, const char *text,
		     const struct ccg_key **keyp);

/**
 * ccg_keyring_add - add a certificate to a keyring
 * @k: the keyring; pointers from ccg_keyring_at() become invalid
 * @cert: the certificate
 * @keyp: set to the new key, valid until @k is closed or changed
 * @replacedp: set to true if the keyring had the same certificate, which the new
 *	       key replaces
 *
 * The description of the new key contains the fingerprint of the certificate.
 * A description made by the kernel would be the same for all certificates of
 * one key, so that the second certificate would replace the first.
 *
 * The certificate of a CA is also added to CCG_CMA_KEYRING as a key of type
 * spdm_certificate, so that the kernel keeps the limits of the CA. If the kernel
 * does not know this type, the @certificate of the new key is 0.
 *
 * Return: 0; -EKEYREJECTED with class CCG_UNVERIFIED if the kernel rejects the
 * certificate; -ENOPKG, -ENOENT or -ENODEV with class CCG_UNSUPPORTED if the
 * kernel lacks an algorithm or the key type; -EBADMSG or -EINVAL if the kernel
 * cannot parse the certificate; or another negative errno.
 */
int ccg_keyring_add(struct ccg_keyring *k, const struct ccg_cert *cert,
		    const struct ccg_key **keyp, bool *replacedp);

/**
 * ccg_keyring_remove - remove a key from a keyring
 * @k: the keyring; ccg_keyring_at() still returns the key
 * @key: the key
 *
 * Return: 0; -ENOENT or -ENOKEY with class CCG_NOT_FOUND if the key was removed
 * meanwhile; or another negative errno.
 */
int ccg_keyring_remove(struct ccg_keyring *k, const struct ccg_key *key);

/**
 * ccg_cma_keyring - look for the keyring .cma
 * @ctx: the context; /proc/keys of its root directory is read
 * @empty: set to true if the keyring is empty
 *
 * Return: 1 if there is a keyring .cma, 0 if not; or a negative errno. The
 * reason is not noted in the context.
 */
int ccg_cma_keyring(struct ccg_ctx *ctx, bool *empty);

#ifdef __cplusplus
}
#endif

#endif /* LIBCCGUEST_KEYRING_H */
