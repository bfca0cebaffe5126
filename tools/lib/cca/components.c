// SPDX-License-Identifier: GPL-2.0-only
/*
 * Compares claims of an attestation token, and the software components of its
 * platform, with expected ones in JSON.
 */
#include <stdio.h>
#include <string.h>

#include <json-c/json.h>

#include <ccguest/text.h>

#include "cca/components.h"
#include "core/ctx.h"

#define VALUE_MAX	0x1000

/* No member of the list is this component. */
#define NONE	((size_t)-1)

/**
 * ccg_claim_compare - compare a claim with the expected one
 * @c: the claim
 * @want: the expected value
 * @same: set to the result; an empty string differs from a missing one
 *
 * Return: NULL, or the fault of a malformed @want.
 */
const char *ccg_claim_compare(const struct claim *c, struct json_object *want,
			      bool *same)
{
	const char *text;
	uint8_t bytes[VALUE_MAX];
	size_t len;

	*same = false;
	if (!json_object_is_type(want, json_type_string))
		return "is not a string";
	text = json_object_get_string(want);
	len = json_object_get_string_len(want);
	if (c->text) {
		*same = c->value->p && c->value->len == len &&
			!memcmp(c->value->p, text, len);
		return NULL;
	}
	if (strlen(text) != len || ccg_unhex(text, bytes, sizeof(bytes), &len))
		return "is not hexadecimal";
	*same = c->value->p && c->value->len == len &&
		!memcmp(c->value->p, bytes, len);
	return NULL;
}

/**
 * ccg_claim_find - find a claim by its name
 * @claims: the claims
 * @n: number of @claims
 * @name: the name
 *
 * Return: the claim, or NULL.
 */
const struct claim *ccg_claim_find(const struct claim *claims, size_t n,
				   const char *name)
{
	for (size_t i = 0; i < n; i++)
		if (!strcmp(claims[i].name, name))
			return &claims[i];
	return NULL;
}

/* Returns whether @o has the expected form; sets @why if not. */
static bool compare_component(struct json_object *o,
			      const struct ccg_component *c, bool *same,
			      char why[CCA_FAULT])
{
	const struct claim claims[] = {
		{ "type", &c->type, true },
		{ "version", &c->version, true },
		{ "hash_algorithm", &c->hash, true },
		{ "measurement", &c->measurement, false },
		{ "signer", &c->signer, false },
	};
	const struct claim *claim;
	const char *fault;
	bool all = true;

	json_object_object_foreach(o, key, want) {
		claim = ccg_claim_find(claims, ARRAY_SIZE(claims), key);
		fault = claim ? ccg_claim_compare(claim, want, same) :
				"is not a member of a component";
		if (fault) {
			snprintf(why, CCA_FAULT, "%s: %s", key, fault);
			return false;
		}
		all &= *same;
	}
	*same = all;
	return true;
}

/**
 * struct matching - which expected component each component of the token is
 * @t: the token
 * @list: the expected components
 * @owner: for each component of the token, the number of the expected one
 * @seen: for each component of the token, whether a search has tried it
 */
struct matching {
	const struct ccg_token *t;
	struct json_object *list;
	size_t owner[CCG_COMPONENTS_MAX];
	bool seen[CCG_COMPONENTS_MAX];
};

/*
 * Finds a component of the token for the expected component @nr. An expected
 * component that has found one before moves to another, if that helps: one with
 * few members fits to many.
 */
static bool assign(struct matching *m, size_t nr)
{
	struct json_object *o = json_object_array_get_idx(m->list, nr);
	char why[CCA_FAULT];
	bool same = false;

	for (size_t i = 0; i < m->t->n_components; i++) {
		if (m->seen[i] ||
		    !compare_component(o, &m->t->components[i], &same, why) || !same)
			continue;
		m->seen[i] = true;
		if (m->owner[i] != NONE && !assign(m, m->owner[i]))
			continue;
		m->owner[i] = nr;
		return true;
	}
	return false;
}

/**
 * ccg_components_valid - check the form of a list of expected components
 * @list: the list, any JSON
 * @why: set to the fault
 *
 * Return: true if @list is an array of components with a measurement each.
 */
bool ccg_components_valid(struct json_object *list, char why[CCA_FAULT])
{
	static const struct ccg_component none = {};
	struct json_object *o;
	bool same;

	if (!json_object_is_type(list, json_type_array)) {
		snprintf(why, CCA_FAULT, "components: is not an array");
		return false;
	}
	for (size_t i = 0; i < json_object_array_length(list); i++) {
		o = json_object_array_get_idx(list, i);
		if (!json_object_is_type(o, json_type_object) ||
		    !json_object_object_get_ex(o, "measurement", NULL)) {
			snprintf(why, CCA_FAULT,
				 "components: a component has no measurement");
			return false;
		}
		if (!compare_component(o, &none, &same, why))
			return false;
	}
	return true;
}

/**
 * ccg_components_match - compare the components of a platform with expected ones
 * @t: the token
 * @list: the expected components, which ccg_components_valid() has accepted
 * @others: the platform may have other components too
 * @name: name of the file with @list, for @why
 * @why: set to the difference
 *
 * Return: true if the platform has the expected components.
 */
bool ccg_components_match(const struct ccg_token *t, struct json_object *list,
			  bool others, const char *name, char why[CCA_FAULT])
{
	struct matching m = { .t = t, .list = list };

	for (size_t i = 0; i < CCG_COMPONENTS_MAX; i++)
		m.owner[i] = NONE;
	for (size_t i = 0; i < json_object_array_length(list); i++) {
		memset(m.seen, 0, sizeof(m.seen));
		if (assign(&m, i))
			continue;
		snprintf(why, CCA_FAULT, "the platform lacks component %zu of %s",
			 i, name);
		return false;
	}
	for (size_t i = 0; !others && i < t->n_components; i++) {
		if (m.owner[i] != NONE)
			continue;
		snprintf(why, CCA_FAULT,
			 "%s does not have component %zu of the platform", name, i);
		return false;
	}
	return true;
}
