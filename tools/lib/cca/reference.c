// SPDX-License-Identifier: GPL-2.0-only
/*
 * Compares the claims of an attestation token with expected claims in JSON. The
 * members have the names of `ccguest log token --json`.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <json-c/json.h>

#include <ccguest/cca.h>
#include <ccguest/ctx.h>
#include <ccguest/file.h>
#include <ccguest/text.h>

#include "cca/token.h"
#include "core/ctx.h"
#include "core/json.h"

#define REFERENCE_MAX	0x100000
#define VALUE_MAX	0x1000

/* The token, and the file with the reference. */
struct reference {
	const struct token *j;
	const char *path;
};

/**
 * struct claim - a claim, and its name in the reference
 * @name: the name
 * @value: the value in the token
 * @text: the value is text; otherwise the reference has hexadecimal digits
 */
struct claim {
	const char *name;
	const struct ccg_bytes *value;
	bool text;
};

static int bad(const struct reference *r, const char *name, const char *why)
{
	return ccg_fail(r->j->ctx, -EINVAL, CCG_FAILED, r->path, "%s: %s", name,
			why);
}

/* Sets @same; an empty string differs from a missing one. */
static int compare(const struct reference *r, const struct claim *c,
		   struct json_object *want, bool *same)
{
	const char *text;
	uint8_t bytes[VALUE_MAX];
	size_t len;

	if (!json_object_is_type(want, json_type_string))
		return bad(r, c->name, "is not a string");
	text = json_object_get_string(want);
	len = json_object_get_string_len(want);
	*same = false;
	if (c->text) {
		*same = c->value->p && c->value->len == len &&
			!memcmp(c->value->p, text, len);
		return 0;
	}
	if (strlen(text) != len || ccg_unhex(text, bytes, sizeof(bytes), &len))
		return bad(r, c->name, "is not hexadecimal");
	*same = c->value->p && c->value->len == len &&
		!memcmp(c->value->p, bytes, len);
	return 0;
}

static const struct claim *find(const struct claim *claims, size_t n,
				const char *name)
{
	for (size_t i = 0; i < n; i++)
		if (!strcmp(claims[i].name, name))
			return &claims[i];
	return NULL;
}

/* Components --------------------------------------------------------------- */

static int compare_component(const struct reference *r, struct json_object *o,
			     const struct ccg_component *c, bool *same)
{
	const struct claim claims[] = {
		{ "type", &c->type, true },
		{ "version", &c->version, true },
		{ "hash_algorithm", &c->hash, true },
		{ "measurement", &c->measurement, false },
		{ "signer", &c->signer, false },
	};
	const struct claim *claim;
	bool all = true;
	int rc;

	json_object_object_foreach(o, key, want) {
		claim = find(claims, ARRAY_SIZE(claims), key);
		if (!claim)
			return bad(r, key, "is not a member of a component");
		rc = compare(r, claim, want, same);
		if (rc)
			return rc;
		all &= *same;
	}
	*same = all;
	return 0;
}

/* No member of the reference has this component. */
#define NONE	((size_t)-1)

/**
 * struct matching - which expected component each component of the token is
 * @r: the token, and the file
 * @list: the expected components
 * @owner: for each component of the token, the number of the expected one
 * @seen: for each component of the token, whether a search has tried it
 */
struct matching {
	const struct reference *r;
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
	const struct ccg_token *t = &m->r->j->t;
	bool same = false;

	for (size_t i = 0; i < t->n_components; i++) {
		if (m->seen[i] ||
		    compare_component(m->r, o, &t->components[i], &same) || !same)
			continue;
		m->seen[i] = true;
		if (m->owner[i] != NONE && !assign(m, m->owner[i]))
			continue;
		m->owner[i] = nr;
		return true;
	}
	return false;
}

/* The form is checked even if the token has no components. */
static int check_form(const struct reference *r, struct json_object *o)
{
	static const struct ccg_component none = {};
	bool same;

	if (!json_object_is_type(o, json_type_object) ||
	    !json_object_object_get_ex(o, "measurement", NULL))
		return bad(r, "components", "a component has no measurement");
	return compare_component(r, o, &none, &same);
}

static int check_components(const struct reference *r, struct json_object *list,
			    bool others)
{
	struct matching m = { .r = r, .list = list };
	size_t n;
	int rc = 0;

	if (!json_object_is_type(list, json_type_array))
		return bad(r, "components", "is not an array");
	n = json_object_array_length(list);
	for (size_t i = 0; !rc && i < n; i++)
		rc = check_form(r, json_object_array_get_idx(list, i));
	for (size_t i = 0; i < CCG_COMPONENTS_MAX; i++)
		m.owner[i] = NONE;
	for (size_t i = 0; !rc && i < n; i++) {
		memset(m.seen, 0, sizeof(m.seen));
		if (!assign(&m, i))
			rc = ccg_refuse(r->j, "the platform lacks component %zu of %s",
					i, r->path);
	}
	for (size_t i = 0; !rc && !others && i < r->j->t.n_components; i++)
		if (m.owner[i] == NONE)
			rc = ccg_refuse(r->j, "%s does not have component %zu of the platform",
					r->path, i);
	return rc;
}

/* The token ---------------------------------------------------------------- */

static int check_claim(const struct reference *r, const char *name,
		       struct json_object *want)
{
	const struct ccg_token *t = &r->j->t;
	const char *lifecycle = t->has_lifecycle ?
				ccg_lifecycle_name(t->lifecycle) : NULL;
	const struct ccg_bytes word = {
		(const uint8_t *)lifecycle, lifecycle ? strlen(lifecycle) : 0,
	};
	const struct claim claims[] = {
		{ "platform_profile", &t->platform_profile, true },
		{ "realm_profile", &t->realm_profile, true },
		{ "lifecycle_name", &word, true },
		{ "implementation_id", &t->implementation, false },
		{ "instance_id", &t->instance, false },
		{ "config", &t->config, false },
		{ "verification_service", &t->service, true },
		{ "hash_algorithm", &t->platform_hash, true },
		{ "personalization_value", &t->rpv, false },
	};
	const struct claim *claim = find(claims, ARRAY_SIZE(claims), name);
	bool same = false;
	int rc;

	if (!claim)
		return bad(r, name,
			   "is not a member; see ccguest-log(1), REFERENCE VALUES");
	rc = compare(r, claim, want, &same);
	if (rc || same)
		return rc;
	return ccg_refuse(r->j, "%s is not that of %s", name, r->path);
}

static int check_all(const struct reference *r, struct json_object *o)
{
	struct json_object *list = NULL, *others = NULL;
	int rc = 0;

	if (!json_object_is_type(o, json_type_object) ||
	    !json_object_object_length(o))
		return bad(r, "reference", "expected an object with members");
	json_object_object_get_ex(o, "components", &list);
	if (json_object_object_get_ex(o, "other_components", &others) &&
	    (!json_object_is_type(others, json_type_boolean) || !list))
		return bad(r, "other_components",
			   "expected true or false, and components");
	if (list)
		rc = check_components(r, list, json_object_get_boolean(others));
	json_object_object_foreach(o, key, want) {
		if (rc)
			break;
		if (strcmp(key, "components") && strcmp(key, "other_components"))
			rc = check_claim(r, key, want);
	}
	return rc;
}

/**
 * ccg_token_reference - compare a token with expected claims
 * @j: the token
 * @path: the file with the expected claims, "-" for standard input
 *
 * Return: 0; -EKEYREJECTED if a claim differs; -EINVAL if the file has another
 * form; or another negative errno.
 */
int ccg_token_reference(const struct token *j, const char *path)
{
	struct reference r = { j, path };
	struct json_object *o = NULL;
	uint8_t *buf;
	size_t len;
	int rc = ccg_file_load(j->ctx, path, REFERENCE_MAX, &buf, &len);

	if (rc)
		return rc;
	rc = ccg_json_parse(j->ctx, path, buf, len, &o);
	if (!rc)
		rc = check_all(&r, o);
	json_object_put(o);
	free(buf);
	return rc;
}
