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

#include "cca/components.h"
#include "cca/token.h"
#include "core/ctx.h"
#include "core/json.h"

#define REFERENCE_MAX	0x100000

/* The token, and the file with the reference. */
struct reference {
	const struct token *j;
	const char *path;
};

static int bad(const struct reference *r, const char *name, const char *why)
{
	return ccg_fail(r->j->ctx, -EINVAL, CCG_FAILED, r->path, "%s: %s", name,
			why);
}

static int check_components(const struct reference *r, struct json_object *list,
			    bool others)
{
	char why[CCA_FAULT];

	if (!ccg_components_valid(list, why))
		return ccg_fail(r->j->ctx, -EINVAL, CCG_FAILED, r->path, "%s",
				why);
	if (ccg_components_match(&r->j->t, list, others, r->path, why))
		return 0;
	return ccg_refuse(r->j, "%s", why);
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
	const struct claim *claim = ccg_claim_find(claims, ARRAY_SIZE(claims),
						   name);
	const char *fault;
	bool same;

	if (!claim)
		return bad(r, name,
			   "is not a member; see ccguest-log(1), REFERENCE VALUES");
	fault = ccg_claim_compare(claim, want, &same);
	if (fault)
		return bad(r, name, fault);
	if (same)
		return 0;
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
