// SPDX-License-Identifier: GPL-2.0-only
/*
 * The claims of an attestation token; draft-ffm-rats-cca-token, 4.
 */
#include <errno.h>
#include <string.h>

#include <openssl/evp.h>

#include <ccguest/cca.h>
#include <ccguest/ctx.h>

#include "cc_log.h"
#include "cca/cbor.h"
#include "cca/token.h"
#include "core/ctx.h"

/* Members of a software component. */
#define COMPONENT_TYPE	1
#define COMPONENT_VALUE	2
#define COMPONENT_VERSION	4
#define COMPONENT_SIGNER	5
#define COMPONENT_HASH	6

#define LIFECYCLE_STEP	0x1000
#define LIFECYCLE_LAST	0xff

/**
 * ccg_claim_bytes - get a claim that is a string of bytes
 * @m: the message
 * @claim: key of the claim
 * @str: set to the bytes
 *
 * Return: false if there is no such claim.
 */
bool ccg_claim_bytes(const struct message *m, s64 claim, struct cbor *str)
{
	struct cbor value;

	return ccg_cbor_find(&m->claims, claim, &value) &&
	       ccg_cbor_string(&value, CBOR_BYTES, str);
}

/**
 * ccg_claim_hash - get a claim that names a hash algorithm
 * @m: the message
 * @claim: key of the claim
 * @md: set to the name of OpenSSL
 * @alg: set to the algorithm, see lib/cc_log.h
 *
 * Return: false if there is no such claim, or no such algorithm.
 */
bool ccg_claim_hash(const struct message *m, s64 claim, const char **md,
		    uint16_t *alg)
{
	static const struct {
		const char *name;
		const char *md;
		uint16_t alg;
	} hashes[] = {
		{ "sha-256", "SHA256", CC_ALG_SHA256 },
		{ "sha-384", "SHA384", CC_ALG_SHA384 },
		{ "sha-512", "SHA512", CC_ALG_SHA512 },
	};
	struct cbor value, str;

	if (!ccg_cbor_find(&m->claims, claim, &value) ||
	    !ccg_cbor_string(&value, CBOR_TEXT, &str))
		return false;
	for (size_t i = 0; i < ARRAY_SIZE(hashes); i++)
		if (str.left == strlen(hashes[i].name) &&
		    !memcmp(str.p, hashes[i].name, str.left)) {
			*md = hashes[i].md;
			*alg = hashes[i].alg;
			return true;
		}
	return false;
}

/*
 * A profile defines the meaning of the claims, so a message of an unknown
 * profile is refused. Tokens of old realms have no profile;
 * draft-ffm-rats-cca-token, 4.1.
 */
static bool profile_is(const struct message *m, const char *part)
{
	static const char old[] = "http://arm.com/CCA-SSD/";
	static const char tag[] = "tag:arm.com,";
	struct cbor value, str;

	if (!ccg_cbor_find(&m->claims, CLAIM_PROFILE, &value))
		return true;
	if (!ccg_cbor_string(&value, CBOR_TEXT, &str))
		return false;
	if (str.left >= sizeof(old) - 1 && !memcmp(str.p, old, sizeof(old) - 1))
		return true;
	return str.left >= sizeof(tag) - 1 &&
	       !memcmp(str.p, tag, sizeof(tag) - 1) &&
	       memmem(str.p, str.left, part, strlen(part));
}

static bool take_register(struct ccg_token *t, size_t i, const struct cbor *str)
{
	/* The length gives the algorithm: some tokens claim another one. */
	if (str->left != 32 && str->left != 48 && str->left != 64)
		return false;
	if (i && str->left != t->len)
		return false;
	t->len = str->left;
	memcpy(t->regs[i], str->p, str->left);
	return true;
}

static bool take_registers(struct token *j)
{
	struct cbor value, str;
	const char *md;

	if (!ccg_claim_bytes(&j->realm, CLAIM_RIM, &str) ||
	    !take_register(&j->t, 0, &str) ||
	    !ccg_cbor_find(&j->realm.claims, CLAIM_REMS, &value) ||
	    !ccg_cbor_is(&value, CBOR_ARRAY, 4))
		return false;
	for (size_t i = 1; i <= 4; i++)
		if (!ccg_cbor_string(&value, CBOR_BYTES, &str) ||
		    !take_register(&j->t, i, &str))
			return false;
	if (!ccg_claim_hash(&j->realm, CLAIM_HASH, &md, &j->t.alg))
		return false;
	j->t.hash_differs = EVP_MD_get_size(EVP_get_digestbyname(md)) !=
			     (int)j->t.len;
	return true;
}

/* Claims for people -------------------------------------------------------- */

/* A claim may be missing; a claim of another type is refused. */
static bool take_string(const struct cbor_map *map, s64 key,
			enum cbor_major major, struct ccg_bytes *b)
{
	struct cbor value, str;

	if (!ccg_cbor_find(map, key, &value))
		return true;
	if (!ccg_cbor_string(&value, major, &str))
		return false;
	*b = (struct ccg_bytes) { str.p, str.left };
	return true;
}

static bool take_lifecycle(struct token *j)
{
	struct cbor_item item;
	struct cbor value;

	if (!ccg_cbor_find(&j->platform.claims, CLAIM_LIFECYCLE, &value))
		return true;
	if (!ccg_cbor_next(&value, &item) || item.major != CBOR_UINT ||
	    item.val > 0xffff)
		return false;
	j->t.has_lifecycle = true;
	j->t.lifecycle = item.val;
	return true;
}

static bool take_component(struct cbor *c, struct ccg_component *to)
{
	struct cbor_map map;

	return ccg_cbor_map(c, &map) &&
	       take_string(&map, COMPONENT_TYPE, CBOR_TEXT, &to->type) &&
	       take_string(&map, COMPONENT_VALUE, CBOR_BYTES,
			   &to->measurement) &&
	       take_string(&map, COMPONENT_VERSION, CBOR_TEXT, &to->version) &&
	       take_string(&map, COMPONENT_SIGNER, CBOR_BYTES, &to->signer) &&
	       take_string(&map, COMPONENT_HASH, CBOR_TEXT, &to->hash);
}

static bool take_components(struct token *j)
{
	struct cbor_item item;
	struct cbor value;

	if (!ccg_cbor_find(&j->platform.claims, CLAIM_COMPONENTS, &value))
		return true;
	if (!ccg_cbor_next(&value, &item) || item.major != CBOR_ARRAY ||
	    item.indefinite || item.val > CCG_COMPONENTS_MAX)
		return false;
	for (; j->t.n_components < item.val; j->t.n_components++)
		if (!take_component(&value,
				    &j->t.components[j->t.n_components]))
			return false;
	return true;
}

static bool take_strings(struct token *j)
{
	const struct {
		const struct message *m;
		s64 claim;
		enum cbor_major major;
		struct ccg_bytes *to;
	} claims[] = {
		{ &j->platform, CLAIM_PROFILE, CBOR_TEXT,
		  &j->t.platform_profile },
		{ &j->platform, CLAIM_IMPLEMENTATION, CBOR_BYTES,
		  &j->t.implementation },
		{ &j->platform, CLAIM_INSTANCE, CBOR_BYTES, &j->t.instance },
		{ &j->platform, CLAIM_CONFIG, CBOR_BYTES, &j->t.config },
		{ &j->platform, CLAIM_SERVICE, CBOR_TEXT, &j->t.service },
		{ &j->platform, CLAIM_PLATFORM_HASH, CBOR_TEXT,
		  &j->t.platform_hash },
		{ &j->realm, CLAIM_PROFILE, CBOR_TEXT, &j->t.realm_profile },
		{ &j->realm, CLAIM_RPV, CBOR_BYTES, &j->t.rpv },
		{ &j->realm, CLAIM_NONCE, CBOR_BYTES, &j->t.challenge },
	};

	for (size_t i = 0; i < ARRAY_SIZE(claims); i++)
		if (!take_string(&claims[i].m->claims, claims[i].claim,
				 claims[i].major, claims[i].to))
			return false;
	return true;
}

/**
 * ccg_token_claims - read the claims of a token
 * @j: the token, both messages taken; the claims are set
 *
 * Return: 0 or -EKEYREJECTED.
 */
int ccg_token_claims(struct token *j)
{
	if (!profile_is(&j->platform, ":cca_platform#"))
		return ccg_refuse(j, "the platform's token has an unknown profile");
	if (!profile_is(&j->realm, ":realm#"))
		return ccg_refuse(j, "the realm's token has an unknown profile");
	if (!take_registers(j))
		return ccg_refuse(j, "the realm's token has no valid RIM, REMs or hash algorithm");
	if (!take_strings(j) || !take_lifecycle(j) || !take_components(j))
		return ccg_refuse(j, "a claim of the token does not have the expected form");
	return 0;
}

/* Lifecycles; draft-ffm-rats-cca-token, 4.1.4. ----------------------------- */

const char *ccg_lifecycle_name(unsigned int lifecycle)
{
	static const char *const names[] = {
		"unknown", "assembly-and-test", "rot-provisioning", "secured",
		"non-rot-debug", "recoverable-rot-debug", "decommissioned",
	};
	unsigned int i = lifecycle / LIFECYCLE_STEP;

	if (i >= ARRAY_SIZE(names) ||
	    lifecycle % LIFECYCLE_STEP > LIFECYCLE_LAST)
		return NULL;
	return names[i];
}

bool ccg_lifecycle_known(const char *name)
{
	for (unsigned int i = 0; i < 0x10000; i += LIFECYCLE_STEP)
		if (ccg_lifecycle_name(i) &&
		    !strcmp(ccg_lifecycle_name(i), name))
			return true;
	return false;
}

/**
 * ccg_token_lifecycle - refuse a platform that is not secured
 * @j: the token
 * @allowed: name of another lifecycle that is accepted, or NULL
 *
 * Return: 0 or -EKEYREJECTED.
 */
int ccg_token_lifecycle(const struct token *j, const char *allowed)
{
	const char *name;

	if (!j->t.has_lifecycle)
		return allowed && !strcmp(allowed, "unknown") ? 0 :
		       ccg_refuse(j, "the platform's token has no lifecycle");
	name = ccg_lifecycle_name(j->t.lifecycle);
	if (name && (!strcmp(name, "secured") ||
		     (allowed && !strcmp(name, allowed))))
		return 0;
	return ccg_refuse(j, "lifecycle is %#x, %s; expected 0x3000 to 0x30ff, secured",
			  j->t.lifecycle, name ? name : "which is not defined");
}
