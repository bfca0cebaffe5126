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

/* Largest number of software components of a platform. */
#define CCG_COMPONENTS_MAX	64

/**
 * struct ccg_bytes - a string of a token
 * @p: its bytes, any; NULL if the token lacks the string
 * @len: number of bytes
 */
struct ccg_bytes {
	const uint8_t *p;
	size_t len;
};

/**
 * struct ccg_component - a software component of the platform
 * @type: its name, such as "BL", text
 * @version: its version, text
 * @hash: hash algorithm of @measurement, text
 * @measurement: its measurement
 * @signer: hash of the key that signed it
 */
struct ccg_component {
	struct ccg_bytes type;
	struct ccg_bytes version;
	struct ccg_bytes hash;
	struct ccg_bytes measurement;
	struct ccg_bytes signer;
};

/**
 * struct ccg_token - the claims of a token
 * @alg: hash algorithm of the realm, see lib/cc_log.h
 * @hash_differs: the length of the measurements is not that of @alg
 * @len: length of each of @regs, in bytes
 * @regs: the RIM, and the four REMs
 * @has_lifecycle: @lifecycle is set
 * @lifecycle: lifecycle of the platform, see ccg_lifecycle_name()
 * @platform_profile: profile of the platform's part, text
 * @realm_profile: profile of the realm's part, text
 * @implementation: implementation ID of the platform
 * @instance: instance ID of the platform
 * @config: configuration of the platform
 * @service: verification service, text
 * @platform_hash: hash algorithm of the platform, text
 * @rpv: personalization value of the realm
 * @challenge: challenge that the realm received
 * @n_components: number of @components
 * @components: software components of the platform
 */
struct ccg_token {
	uint16_t alg;
	bool hash_differs;
	size_t len;
	uint8_t regs[5][64];
	bool has_lifecycle;
	uint16_t lifecycle;
	struct ccg_bytes platform_profile;
	struct ccg_bytes realm_profile;
	struct ccg_bytes implementation;
	struct ccg_bytes instance;
	struct ccg_bytes config;
	struct ccg_bytes service;
	struct ccg_bytes platform_hash;
	struct ccg_bytes rpv;
	struct ccg_bytes challenge;
	size_t n_components;
	struct ccg_component components[CCG_COMPONENTS_MAX];
};

/**
 * ccg_token_load - read an attestation token
 * @ctx: the context
 * @path: the token, "-" for standard input
 * @tp: set to the token, which is not verified; free it with ccg_token_free()
 *
 * Return: 0; -EKEYREJECTED with class CCG_UNVERIFIED if the token is malformed;
 * -EFBIG if it is longer than 64 KiB; or another negative errno.
 */
int ccg_token_load(struct ccg_ctx *ctx, const char *path,
		   struct ccg_token **tp);

/**
 * ccg_token_parse - read an attestation token from memory
 * @ctx: the context
 * @what: name of the token, for errors
 * @buf: the bytes of the token, which are copied
 * @len: length of @buf in bytes
 * @tp: set to the token, which is not verified; free it with ccg_token_free()
 *
 * Return: as ccg_token_load().
 */
int ccg_token_parse(struct ccg_ctx *ctx, const char *what, const uint8_t *buf,
		    size_t len, struct ccg_token **tp);

/**
 * struct ccg_token_want - what a token is verified against
 * @key: the public key of the platform: a file with PEM, a JWK, or trust anchors
 * @nonce: the challenge that the realm was given; NULL accepts every challenge
 * @nonce_len: length of @nonce in bytes
 * @lifecycle: name of a lifecycle that is accepted besides "secured", or NULL;
 *	       "unknown" accepts a token without a lifecycle too
 * @reference: a file with expected claims, see ccguest-log(1), or NULL
 */
struct ccg_token_want {
	const char *key;
	const uint8_t *nonce;
	size_t nonce_len;
	const char *lifecycle;
	const char *reference;
};

/**
 * ccg_token_verify - verify an attestation token
 * @t: the token
 * @want: the key, and what the token must have
 *
 * Return: 0; -EKEYREJECTED with class CCG_UNVERIFIED if the verification fails;
 * -EINVAL if a file has another form, or no public key for this token; or
 * another negative errno.
 */
int ccg_token_verify(struct ccg_token *t, const struct ccg_token_want *want);

/**
 * ccg_token_free - free a token
 * @t: the token, or NULL
 */
void ccg_token_free(struct ccg_token *t);

/**
 * ccg_lifecycle_name - get the name of a lifecycle of a platform
 * @lifecycle: its number
 *
 * Return: the name; NULL if the number is not defined.
 */
const char *ccg_lifecycle_name(unsigned int lifecycle);

/**
 * ccg_lifecycle_known - test whether a lifecycle has a name
 * @name: the name
 *
 * Return: true if ccg_lifecycle_name() returns the name for a number.
 */
bool ccg_lifecycle_known(const char *name);

#ifdef __cplusplus
}
#endif

#endif /* LIBCCGUEST_CCA_H */
