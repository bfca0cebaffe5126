// SPDX-License-Identifier: GPL-2.0-only
/*
 * Options of an authentication, parsed from text.
 */
#include <errno.h>
#include <stdlib.h>

#include <ccguest/auth.h>

#include "spdm/auth.h"

#define TIMEOUT_MS	30000

static void add_asym(struct ccg_auth_options *o, const struct spdm_asym *asym)
{
	if (spdm_is_pqc(asym))
		o->pqc_asym |= asym->bit;
	else
		o->asym |= asym->bit;
}

/* Adds an algorithm by its name here or in DSP0274. */
static int asym_word(struct ccg_auth_options *o, const char *word)
{
	for (size_t i = 0; i < SPDM_N_ASYM; i++) {
		if (strcasecmp(word, spdm_asyms[i].word) &&
		    strcasecmp(word, spdm_asyms[i].name))
			continue;
		if (spdm_is_pqc(&spdm_asyms[i]) && !ccg_has_mldsa())
			return -EOPNOTSUPP;
		add_asym(o, &spdm_asyms[i]);
		return 0;
	}
	return -EINVAL;
}

static int hash_word(struct ccg_auth_options *o, const char *word)
{
	for (size_t i = 0; i < SPDM_N_HASH; i++) {
		if (strcasecmp(word, spdm_hashes[i].alg) &&
		    strcasecmp(word, spdm_hashes[i].name))
			continue;
		o->hash |= spdm_hashes[i].bit;
		return 0;
	}
	return -EINVAL;
}

static int parse_list(const char *text, struct ccg_auth_options *o,
		      int (*add)(struct ccg_auth_options *o, const char *word))
{
	char *copy = strdup(text), *rest = copy, *word;
	int rc = 0;

	if (!copy)
		return -ENOMEM;
	while (!rc && (word = strsep(&rest, ",")))
		rc = add(o, word);
	free(copy);
	return rc;
}

int ccg_auth_parse_asym(struct ccg_auth_options *options, const char *text)
{
	struct ccg_auth_options o = {};
	int rc = parse_list(text, &o, asym_word);

	if (rc)
		return rc;
	options->asym = o.asym;
	options->pqc_asym = o.pqc_asym;
	return 0;
}

int ccg_auth_parse_hash(struct ccg_auth_options *options, const char *text)
{
	struct ccg_auth_options o = {};
	int rc = parse_list(text, &o, hash_word);

	if (!rc)
		options->hash = o.hash;
	return rc;
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
		.max_version = SPDM_VER_14,
		.timeout_ms = TIMEOUT_MS,
	};
	for (size_t i = 0; i < SPDM_N_ASYM; i++)
		add_asym(options, &spdm_asyms[i]);
	if (!ccg_has_mldsa())
		options->pqc_asym = 0;
	for (size_t i = 0; i < SPDM_N_HASH; i++)
		options->hash |= spdm_hashes[i].bit;
}
