// SPDX-License-Identifier: GPL-2.0-only
/*
 * Policies for reports: the reader of JSON. The table of members says what is
 * accepted.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <json-c/json.h>

#include "cca/components.h"
#include "core/json.h"
#include "report/policy.h"

#define SCHEMA		"ccguest/report-policy/1"
/* Longest path of a member that is looked up; longer ones are unknown. */
#define PATH_SIZE	96

static int bad(struct ccg_report_policy *p, const char *member, const char *why)
{
	return ccg_fail(p->ctx, -EINVAL, CCG_FAILED, p->name, "%s: %s", member,
			why);
}

static int unknown(struct ccg_report_policy *p, const char *path)
{
	bad(p, path, "is not a member of a policy");
	ccg_hint(p->ctx, "ccguest-report-policy(5) lists all members");
	return -EINVAL;
}

/* ---- values ---- */

/* The type of JSON of a value, or of each value of a list. */
static enum json_type type_of(enum policy_kind kind)
{
	switch (kind) {
	case KIND_SET:
	case KIND_NUMBER:
		return json_type_int;
	case KIND_BOOL:
		return json_type_boolean;
	default:
		return json_type_string;
	}
}

static const char *type_text(enum json_type type)
{
	return type == json_type_int ? "expected a number without a fraction" :
	       type == json_type_boolean ? "expected true or false" :
	       "expected a string";
}

/* @path names the value for errors. */
static int take_value(struct ccg_report_policy *p, int id, const char *path,
		      struct json_object *val)
{
	enum json_type type = type_of(ccg_policy_members[id].kind);
	struct rule_fault fault;
	const char *text;
	int rc;

	if (!json_object_is_type(val, type))
		return bad(p, path, type_text(type));
	text = json_object_get_string(val);
	if (!text)
		return ccg_fail_errno(p->ctx, -ENOMEM, p->name);
	rc = ccg_rule_add(&ccg_policy_members[id], &p->rules[id], text, &fault);
	if (rc == -ENOMEM)
		return ccg_fail_errno(p->ctx, rc, p->name);
	return rc ? bad(p, path, fault.why) : 0;
}

static int take_array(struct ccg_report_policy *p, int id, const char *path,
		      struct json_object *val)
{
	enum policy_kind kind = ccg_policy_members[id].kind;
	size_t n = json_object_array_length(val);
	char name[PATH_SIZE + 32];
	int rc = 0;

	/* A list of bits can be empty. An empty list of values refuses all. */
	if (!n && kind != KIND_MASK)
		return bad(p, path, "is empty: no report could have a value of it");
	p->rules[id].set = true;
	for (size_t i = 0; !rc && i < n; i++) {
		snprintf(name, sizeof(name), "%s[%zu]", path, i);
		rc = take_value(p, id, name, json_object_array_get_idx(val, i));
	}
	return rc;
}

static int take_components(struct ccg_report_policy *p, const char *path,
			   struct json_object *val)
{
	char why[CCA_FAULT];

	if (!ccg_components_valid(val, why))
		return bad(p, path, why);
	p->components = json_object_get(val);
	p->rules[CCA_COMPONENTS].set = true;
	return 0;
}

static int take_member(struct ccg_report_policy *p, int id, const char *path,
		       struct json_object *val)
{
	enum policy_kind kind = ccg_policy_members[id].kind;

	p->rules[id].of_file = true;
	if (kind == KIND_COMPONENTS)
		return take_components(p, path, val);
	/* Masks and sets are written as lists always. */
	if (json_object_is_type(val, json_type_array) && ccg_policy_is_list(kind))
		return take_array(p, id, path, val);
	if (kind == KIND_MASK || kind == KIND_SET)
		return bad(p, path, "expected an array");
	return take_value(p, id, path, val);
}

/* ---- objects ---- */

static int take_object(struct ccg_report_policy *p, const char *prefix,
		       struct json_object *o)
{
	char path[PATH_SIZE];
	int id, rc = 0;

	json_object_object_foreach(o, key, val) {
		snprintf(path, sizeof(path), "%s.%s", prefix, key);
		id = ccg_policy_find_member(path);
		/* A key with a dot could look like the path of a member. */
		if (strchr(key, '.') || (id < 0 && !ccg_policy_is_object(path)))
			rc = unknown(p, path);
		else if (id >= 0)
			rc = take_member(p, id, path, val);
		else if (!json_object_is_type(val, json_type_object))
			rc = bad(p, path, "expected an object");
		else
			rc = take_object(p, path, val);
		if (rc)
			break;
	}
	return rc;
}

static int take_top(struct ccg_report_policy *p, const char *key,
		    struct json_object *val)
{
	int id = ccg_policy_find_member(key);

	if (!strcmp(key, "schema"))
		return 0;
	/* Editors find the schema by this member. */
	if (!strcmp(key, "$schema"))
		return json_object_is_type(val, json_type_string) ? 0 :
		       bad(p, key, "expected a string");
	if (!strcmp(key, "allow_everything")) {
		if (!json_object_is_type(val, json_type_boolean))
			return bad(p, key, "expected true or false");
		p->allow_everything = json_object_get_boolean(val);
		return 0;
	}
	if (strchr(key, '.'))
		return unknown(p, key);
	if (id >= 0)
		return take_member(p, id, key, val);
	if (!ccg_policy_is_object(key))
		return unknown(p, key);
	return json_object_is_type(val, json_type_object) ?
	       take_object(p, key, val) : bad(p, key, "expected an object");
}

static int check_schema(struct ccg_report_policy *p, struct json_object *o)
{
	struct json_object *val;

	if (!json_object_is_type(o, json_type_object))
		return bad(p, "policy", "expected an object");
	if (!json_object_object_get_ex(o, "schema", &val))
		return bad(p, "schema", "the member is missing; expected \"" SCHEMA "\"");
	if (!json_object_is_type(val, json_type_string) ||
	    strcmp(json_object_get_string(val), SCHEMA))
		return bad(p, "schema", "expected \"" SCHEMA "\"");
	return 0;
}

static int check_sense(struct ccg_report_policy *p)
{
	bool restricts = ccg_policy_restricts(p, NULL);
	const char *path = ccg_policy_conflict(p);

	if (path)
		return bad(p, path, "a bit of this rule is in forbid too");
	if (p->rules[CCA_OTHER_COMPONENTS].set && !p->components)
		return bad(p, ccg_policy_members[CCA_OTHER_COMPONENTS].path,
			   "needs cca.components");
	if (p->allow_everything && restricts)
		return bad(p, "allow_everything",
			   "is true, and the policy has rules; remove one of them");
	if (p->allow_everything || restricts)
		return 0;
	bad(p, "policy", "accepts every guest: it has no rule that a report can break");
	ccg_hint(p->ctx,
		 "name a measurement; or, if this is meant, add \"allow_everything\": true");
	return -EINVAL;
}

static int read_policy(struct ccg_report_policy *p, struct json_object *o)
{
	int rc = check_schema(p, o);

	if (rc)
		return rc;
	json_object_object_foreach(o, key, val) {
		rc = take_top(p, key, val);
		if (rc)
			return rc;
	}
	return check_sense(p);
}

/*
 * json-c ends the name of a member at a NUL, so that a name with an unknown end
 * would be known. Raw NULs are not JSON.
 */
static bool has_nul(const uint8_t *buf, size_t len)
{
	return memmem(buf, len, "\\u0000", 6);
}

static int set_name(struct ccg_report_policy *p, const char *name)
{
	char *copy = strdup(name);

	if (!copy)
		return ccg_fail_errno(p->ctx, -ENOMEM, name);
	free(p->name);
	p->name = copy;
	return 0;
}

/**
 * ccg_policy_parse - read a policy from memory
 * @ctx: the context
 * @name: name of the policy, for errors
 * @buf: the policy in JSON
 * @len: length of @buf in bytes
 * @pp: set to the policy; free it with ccg_report_policy_free()
 *
 * Return: 0; -EINVAL if the policy is malformed; or -ENOMEM.
 */
int ccg_policy_parse(struct ccg_ctx *ctx, const char *name, const uint8_t *buf,
		     size_t len, struct ccg_report_policy **pp)
{
	struct ccg_report_policy *p = NULL;
	struct json_object *o = NULL;
	int rc = ccg_report_policy_new(ctx, &p);

	if (!rc)
		rc = set_name(p, name);
	if (!rc)
		rc = ccg_json_parse(ctx, name, buf, len, &o);
	if (!rc && has_nul(buf, len))
		rc = bad(p, "policy", "has the escape \\u0000, which no member needs");
	if (!rc)
		rc = read_policy(p, o);
	json_object_put(o);
	if (rc)
		ccg_report_policy_free(p);
	else
		*pp = p;
	return rc;
}
