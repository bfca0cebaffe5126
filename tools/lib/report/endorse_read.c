// SPDX-License-Identifier: GPL-2.0-only
/*
 * Measurements that ccguest printed before: launch digests and registers.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <json-c/json.h>

#include <ccguest/endorse.h>
#include <ccguest/file.h>
#include <ccguest/text.h>

#include "core/ctx.h"
#include "core/json.h"

#define FILE_MAX	0x100000
#define SNP_LEN		48

static int refuse(struct ccg_ctx *ctx, const char *path, const char *why)
{
	return ccg_fail(ctx, -EINVAL, CCG_FAILED, path, "%s", why);
}

static const char *member(struct json_object *o, const char *key)
{
	struct json_object *v;

	if (!json_object_object_get_ex(o, key, &v) ||
	    !json_object_is_type(v, json_type_string))
		return NULL;
	return json_object_get_string(v);
}

/* Loads a file, and parses it if it is an object of JSON. */
static int load(struct ccg_ctx *ctx, const char *path, char **textp,
		struct json_object **op)
{
	uint8_t *buf;
	size_t len;
	int rc = ccg_file_load(ctx, path, FILE_MAX, &buf, &len);

	*op = NULL;
	*textp = NULL;
	if (rc)
		return rc;
	if (len && *buf == '{') {
		rc = ccg_json_parse(ctx, path, buf, len, op);
	} else {
		*textp = strndup((char *)buf, len);
		if (!*textp)
			rc = ccg_fail_errno(ctx, -ENOMEM, path);
	}
	free(buf);
	return rc;
}

/* ---- launch digests ---- */

/* A digest in hexadecimal or base64. */
static bool take_digest(const char *text, struct ccg_measured *m)
{
	*m = (struct ccg_measured) {};
	return (!ccg_unhex(text, m->initial, SNP_LEN, &m->len) ||
		!ccg_unbase64(text, m->initial, SNP_LEN, &m->len)) && m->len == SNP_LEN;
}

static int launch_json(struct ccg_ctx *ctx, const char *path, struct json_object *o,
		       struct ccg_measured *m)
{
	const char *schema = member(o, "schema"), *digest = member(o, "launch_digest");

	if (!schema || strncmp(schema, "ccguest/sev-", 12))
		return refuse(ctx, path, "is not the JSON of ccguest sev measure");
	if (!digest && member(o, "firmware_digest"))
		return refuse(ctx, path,
			      "has the digest of the firmware's pages only: measure without --firmware-only");
	if (!digest)
		return refuse(ctx, path, "has no launch_digest");
	return take_digest(digest, m) ? 0 :
	       refuse(ctx, path,
		      "the launch digest has not 48 bytes: only reports of SEV-SNP have one");
}

int ccg_measured_launch(struct ccg_ctx *ctx, const char *path, struct ccg_measured *m)
{
	struct json_object *o;
	char *text;
	int rc = load(ctx, path, &text, &o);

	if (!rc && o) {
		rc = launch_json(ctx, path, o, m);
	} else if (!rc && text) {
		text[strcspn(text, "\n")] = '\0';
		if (!take_digest(text, m))
			rc = refuse(ctx, path,
				    "is not a launch digest of SEV-SNP: 48 bytes in hexadecimal or base64, or JSON");
	}
	json_object_put(o);
	free(text);
	return rc;
}

/* ---- registers of a realm ---- */

static bool alg_is(const char *alg, size_t len)
{
	return alg && ((len == 32 && !strcmp(alg, "sha256")) ||
		       (len == 48 && !strcmp(alg, "sha384")) ||
		       (len == 64 && !strcmp(alg, "sha512")));
}

/* Returns 0 for the RIM, 1 to 4 for a REM, or -1. */
static int register_of(const char *name)
{
	static const char *const names[] = { "RIM", "REM0", "REM1", "REM2", "REM3" };

	for (size_t i = 0; name && i < ARRAY_SIZE(names); i++)
		if (!strcmp(name, names[i]))
			return i;
	return -1;
}

static const char *take_register(struct json_object *o, unsigned int *seen,
				 struct ccg_measured *m)
{
	const char *value = member(o, "value");
	int i = register_of(member(o, "register"));
	uint8_t *to;
	size_t len;

	if (i < 0)
		return "is none of a realm: RIM, or REM0 to REM3";
	if (*seen & 1U << i)
		return "is there twice";
	*seen |= 1U << i;
	to = i ? m->rem[i - 1] : m->initial;
	if (!value || ccg_unhex(value, to, CCG_ENDORSE_LEN_MAX, &len) ||
	    !alg_is(member(o, "algorithm"), len))
		return "has no value of its algorithm, sha256, sha384 or sha512";
	if (m->len && m->len != len)
		return "has another algorithm than the registers before";
	m->len = len;
	if (i)
		m->has_rem |= 1U << (i - 1);
	return NULL;
}

static int take_registers(struct ccg_ctx *ctx, const char *path, struct json_object *o,
			  struct ccg_measured *m)
{
	struct json_object *list;
	unsigned int seen = !!m->len;
	const char *why;

	if (!o || !json_object_object_get_ex(o, "registers", &list) ||
	    !json_object_is_type(list, json_type_array))
		return refuse(ctx, path, "has no array 'registers'");
	for (size_t i = 0; i < json_object_array_length(list); i++) {
		why = take_register(json_object_array_get_idx(list, i), &seen, m);
		if (why)
			return ccg_fail(ctx, -EINVAL, CCG_FAILED, path, "register %zu %s",
					i, why);
	}
	if (seen & 1)
		return 0;
	refuse(ctx, path, "has no RIM");
	ccg_hint(ctx, "a replay calculates REMs only: give the description of the realm too");
	return -EINVAL;
}

int ccg_measured_registers(struct ccg_ctx *ctx, const char *path,
			   struct ccg_measured *m)
{
	struct json_object *o;
	char *text;
	int rc = load(ctx, path, &text, &o);

	if (!rc)
		rc = take_registers(ctx, path, o, m);
	json_object_put(o);
	free(text);
	return rc;
}
