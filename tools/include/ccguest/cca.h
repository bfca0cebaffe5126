/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * libccguest: Arm CCA: descriptions of realms, and attestation tokens.
 */
#ifndef LIBCCGUEST_CCA_H
#define LIBCCGUEST_CCA_H

#include <ccguest/ctx.h>

#ifdef __cplusplus
extern "C" {
#endif

/* ---- descriptions of guests ---- */

/* The description of a guest, see ccguest-log(1). */
struct ccg_realm;

/**
 * ccg_realm_load - read the description of a guest
 * @ctx: the context
 * @file: the description in JSON, "-" for standard input
 * @rp: set to the description; free it with ccg_realm_free()
 *
 * Return: 0; -EINVAL if the description is invalid; -EFBIG if it is longer than
 * 1 MiB; or another negative errno.
 */
int ccg_realm_load(struct ccg_ctx *ctx, const char *file,
		   struct ccg_realm **rp);

/**
 * ccg_realm_free - free the description of a guest
 * @r: the description, or NULL
 */
void ccg_realm_free(struct ccg_realm *r);

/**
 * ccg_realm_rim - compute the initial measurement of a realm
 * @r: the description; the images that it names are read
 * @rim: set to the measurement, 64 bytes
 * @lenp: set to the length of the measurement, in bytes
 * @algp: set to its hash algorithm, see lib/cc_log.h
 *
 * Return: 0; -E2BIG if the computation needs more steps than libccguest
 * performs; -EFBIG if an image is too large; or another negative errno.
 */
int ccg_realm_rim(struct ccg_realm *r, uint8_t *rim, size_t *lenp,
		  uint16_t *algp);

/**
 * ccg_realm_log - make the log of a guest
 * @r: the description; the images that it names are read
 * @bufp: set to the log; if the description gives a size, zeros fill the rest;
 *	  free it with free()
 * @lenp: set to the length of the log, in bytes
 *
 * Return: 0; -EINVAL if the description gives a log that ccg_log_open() would
 * refuse; -EMSGSIZE if the log is longer than the size in the description; or
 * another negative errno.
 */
int ccg_realm_log(struct ccg_realm *r, uint8_t **bufp, size_t *lenp);

/**
 * ccg_ripas_name - get the name of a set of block sizes
 * @blocks: the sizes of the blocks in which a host declares memory, a mask as
 *	    in struct cc_rim
 *
 * Return: the name of the largest size, for example "2M"; NULL if no host uses
 * @blocks.
 */
const char *ccg_ripas_name(unsigned int blocks);

/**
 * ccg_ripas_blocks - get a set of block sizes by its name
 * @name: the name from ccg_ripas_name()
 *
 * Return: the mask; 0 if there is no such name.
 */
unsigned int ccg_ripas_blocks(const char *name);

/**
 * ccg_realm_set_blocks - set the block sizes in which the host declares memory
 * @r: the description
 * @blocks: the mask from ccg_ripas_blocks()
 */
void ccg_realm_set_blocks(struct ccg_realm *r, unsigned int blocks);

/* ---- attestation tokens ---- */

/**
 * struct ccg_token - the measurements in a token
 * @alg: hash algorithm of the realm, see lib/cc_log.h
 * @hash_differs: the length of the measurements is not that of @alg
 * @len: length of each of @regs, in bytes
 * @regs: the RIM, and the four REMs
 */
struct ccg_token {
	uint16_t alg;
	bool hash_differs;
	size_t len;
	uint8_t regs[5][64];
};

/**
 * ccg_token_verify - verify an attestation token
 * @ctx: the context
 * @path: the token, "-" for standard input
 * @key: the public key of the platform: a file with PEM, a JWK, or trust anchors
 * @nonce: the challenge that the realm was given; NULL accepts every challenge
 * @nonce_len: length of @nonce in bytes
 * @t: set to the measurements
 *
 * Return: 0; -EKEYREJECTED with class CCG_UNVERIFIED if the token is malformed
 * or its verification fails; -EINVAL if @key has no public key for this token;
 * -EFBIG if a file is longer than 64 KiB; or another negative errno.
 */
int ccg_token_verify(struct ccg_ctx *ctx, const char *path, const char *key,
		     const uint8_t *nonce, size_t nonce_len,
		     struct ccg_token *t);

#ifdef __cplusplus
}
#endif

#endif /* LIBCCGUEST_CCA_H */
