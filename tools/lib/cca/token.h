/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Private to libccguest: an attestation token, the keys of its claims, and the steps
 * of its verification.
 */
#ifndef CCGUEST_CCA_TOKEN_H
#define CCGUEST_CCA_TOKEN_H

#include <openssl/evp.h>

#include <ccguest/cca.h>
#include <ccguest/ctx.h>

#include "cca/cbor.h"
#include "core/ctx.h"

/* Claims of both messages; draft-ffm-rats-cca-token, 4. */
#define CLAIM_NONCE	10
#define CLAIM_PROFILE	265
/* Claims of the platform. */
#define CLAIM_INSTANCE	256
#define CLAIM_LIFECYCLE	2395
#define CLAIM_IMPLEMENTATION	2396
#define CLAIM_COMPONENTS	2399
#define CLAIM_SERVICE	2400
#define CLAIM_CONFIG	2401
#define CLAIM_PLATFORM_HASH	2402
/* Claims of the realm. */
#define CLAIM_RPV	44235
#define CLAIM_HASH	44236
#define CLAIM_RAK	44237
#define CLAIM_RIM	44238
#define CLAIM_REMS	44239
#define CLAIM_RAK_HASH	44240

/**
 * struct curve - a COSE algorithm and its curve
 * @alg: the algorithm
 * @cose_curve: the curve, in a COSE_Key
 * @jwk: the curve, in a JWK
 * @group: the curve, as OpenSSL has it
 * @md: the hash algorithm, as OpenSSL has it
 * @len: length of a coordinate in bytes
 */
struct curve {
	s64 alg;
	s64 cose_curve;
	const char *jwk;
	const char *group;
	const char *md;
	size_t len;
};

/**
 * struct message - one of the two messages of a token
 * @protected: its protected header
 * @payload: its claims
 * @signature: its signature
 * @curve: the curve of the key
 * @claims: the claims
 */
struct message {
	struct cbor protected;
	struct cbor payload;
	struct cbor signature;
	const struct curve *curve;
	struct cbor_map claims;
};

/**
 * struct token - a token
 * @t: the claims
 * @ctx: the context
 * @path: path of the token
 * @buf: bytes of the token
 * @fault: the fault of malformed CBOR
 * @platform: the message of the platform
 * @realm: the message of the realm
 */
struct token {
	struct ccg_token t;
	struct ccg_ctx *ctx;
	char *path;
	uint8_t *buf;
	struct cbor_fault fault;
	struct message platform;
	struct message realm;
};

/* refuse.c */
__printf(2, 3)
int ccg_refuse(const struct token *j, const char *fmt, ...);

/* claims.c */
bool ccg_claim_bytes(const struct message *m, s64 claim, struct cbor *str);
bool ccg_claim_hash(const struct message *m, s64 claim, const char **md,
		    uint16_t *alg);
int ccg_token_claims(struct token *j);
int ccg_token_lifecycle(const struct token *j, const char *allowed);

/* token_key.c */
const struct curve *ccg_token_curve(u64 val);
EVP_PKEY *ccg_token_key(const struct token *j, const char *path);
EVP_PKEY *ccg_token_rak(const struct cbor *raw);

/* token.c */
int ccg_token_platform(const struct token *j, EVP_PKEY *key);
int ccg_token_realm(const struct token *j);
int ccg_token_binding(const struct token *j);
int ccg_token_challenge(const struct token *j, const uint8_t *nonce, size_t len);

/* reference.c */
int ccg_token_reference(const struct token *j, const char *path);

#endif /* CCGUEST_CCA_TOKEN_H */
