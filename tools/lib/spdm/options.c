// SPDX-License-Identifier: GPL-2.0-only
/*
 * Options of an authentication, parsed from text.
 */
#include <errno.h>
#include <stdlib.h>

#include <ccguest/auth.h>

#include "spdm/auth.h"

#define TIMEOUT_MS	30000

/* Bit of an algorithm by its name here or in DSP0274; or 0. */
static uint32_t asym_bit(const char *word)
{
	for (size_t i = 0; i < SPDM_N_ASYM; i++)
		if (!strcasecmp(word, spdm_asyms[i].word) ||
		    !strcasecmp(word, spdm_asyms[i].name))
			return spdm_asyms[i].bit;
	return 0;
}

static uint32_t hash_bit(const char *word)
{
	for (size_t i = 0; i < SPDM_N_HASH; i++)
		if (!strcasecmp(word, spdm_hashes[i].alg) ||
		    !strcasecmp(word, spdm_hashes[i].name))
			return spdm_hashes[i].bit;
	return 0;
}

static int parse_list(const char *text, uint32_t (*bit)(const char *word),
		      uint32_t *mask)
{
	char *copy = strdup(text), *rest = copy, *word;
	uint32_t b, all = 0;

	if (!copy)
		return -ENOMEM;
	while ((word = strsep(&rest, ","))) {
		b = bit(word);
		if (!b)
			break;
		all |= b;
	}
	free(copy);
	if (word)
		return -EINVAL;
	*mask = all;
	return 0;
}

int ccg_auth_parse_asym(struct ccg_auth_options *options, const char *text)
{
	return parse_list(text, asym_bit, &options->asym);
}

int ccg_auth_parse_hash(struct ccg_auth_options *options, const char *text)
{
	return parse_list(text, hash_bit, &options->hash);
}

int ccg_auth_parse_versions(struct ccg_auth_options *options, const char *text)
{
	return spdm_parse_versions(text, &options->min_version,
				   &options->max_version);
}

void ccg_auth_defaults(struct ccg_auth_options *options)
{
	*options = (struct ccg_auth_options) {
		.validity = CCG_VALIDITY_WARN,
		.min_version = SPDM_VER_10,
		.max_version = SPDM_VER_13,
		.timeout_ms = TIMEOUT_MS,
	};
	for (size_t i = 0; i < SPDM_N_ASYM; i++)
		options->asym |= spdm_asyms[i].bit;
	for (size_t i = 0; i < SPDM_N_HASH; i++)
		options->hash |= spdm_hashes[i].bit;
}
