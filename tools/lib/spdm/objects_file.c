// SPDX-License-Identifier: GPL-2.0-only
/*
 * Files with evidence, and with expected measurements.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include <json-c/json.h>

#include <ccguest/evidence.h>
#include <ccguest/file.h>
#include <ccguest/text.h>

#include "core/ctx.h"
#include "core/io.h"
#include "core/json.h"
#include "spdm/objects.h"
#include "spdm/reference.h"

/* JSON has two digits per byte; eight chains, and both answers. */
#define JSON_MAX	(8 << 20)
#define REFERENCE_MAX	(2 << 20)
/* Values in a JSON file: 255 measurements have eight each. */
#define VALUES_MAX	4096

static const char schema[] = "ccguest/device-evidence/1";

/* ---- a directory ---- */

static int load_object(struct ccg_objects *o, const char *dir,
		       enum ccg_object object, bool *found)
{
	uint8_t *buf;
	char *path;
	size_t len;
	int rc;

	if (asprintf(&path, "%s/%s", dir, ccg_object_name(object)) < 0)
		return ccg_fail_errno(o->ctx, -ENOMEM, dir);
	rc = ccg_load_regular(o->ctx, path, false, ccg_object_max(object), &buf,
			      &len);
	free(path);
	if (rc)
		return rc == -ENOENT ? 0 : rc;
	*found = true;
	rc = ccg_objects_set(o, object, buf, len);
	free(buf);
	return rc;
}

static int load_dir(struct ccg_objects *o, const char *path)
{
	bool found = false;
	int rc = 0;

	for (int i = 0; !rc && i < CCG_N_OBJECTS; i++)
		rc = load_object(o, path, i, &found);
	if (rc || found)
		return rc;
	return ccg_fail(o->ctx, -EBADMSG, CCG_FAILED, path,
			"has no file with evidence, such as cert0 or vca");
}

/* ---- JSON ---- */

/* Each value takes far more memory than its text. */
static int parse_json(struct ccg_ctx *ctx, const char *path, const uint8_t *buf,
		      size_t len, struct json_object **rootp)
{
	size_t values = 0;

	for (size_t i = 0; i < len; i++)
		values += buf[i] == ',' || buf[i] == '[' || buf[i] == '{';
	if (values > VALUES_MAX)
		return ccg_fail(ctx, -E2BIG, CCG_FAILED, path,
				"has more than %u values", VALUES_MAX);
	return ccg_json_parse(ctx, path, buf, len, rootp);
}

static int bad_item(struct ccg_objects *o, const char *path, size_t i,
		    const char *why)
{
	return ccg_fail(o->ctx, -EBADMSG, CCG_FAILED, path, "objects[%zu]: %s",
			i, why);
}

static const char *string_of(struct json_object *o, const char *key)
{
	struct json_object *val;

	if (!json_object_object_get_ex(o, key, &val) ||
	    !json_object_is_type(val, json_type_string) ||
	    strlen(json_object_get_string(val)) !=
	    (size_t)json_object_get_string_len(val))
		return NULL;
	return json_object_get_string(val);
}

static int take_item(struct ccg_objects *o, const char *path, size_t i,
		     struct json_object *item)
{
	const char *name = string_of(item, "name");
	const char *hex = string_of(item, "data");
	enum ccg_object object = 0;
	size_t len;
	u8 *buf;
	int rc;

	if (!name || !hex)
		return bad_item(o, path, i, "expected the strings name and data");
	while (object < CCG_N_OBJECTS && strcmp(name, ccg_object_name(object)))
		object++;
	if (object == CCG_N_OBJECTS)
		return bad_item(o, path, i, "name: no object has this name");
	if (o->of[object].data)
		return bad_item(o, path, i, "name: an earlier object has this name");
	len = strlen(hex) / 2;
	buf = malloc(len + 1);
	if (!buf)
		return ccg_fail_errno(o->ctx, -ENOMEM, path);
	if (ccg_unhex(hex, buf, len, &len))
		rc = bad_item(o, path, i, "data: expected hexadecimal digits, two for each byte");
	else
		rc = ccg_objects_set(o, object, buf, len);
	free(buf);
	return rc;
}

static int take_json(struct ccg_objects *o, const char *path,
		     struct json_object *root)
{
	struct json_object *array, *item;
	const char *name = NULL;
	int rc = 0;

	if (json_object_is_type(root, json_type_object))
		name = string_of(root, "schema");
	if (!name || strcmp(name, schema) ||
	    !json_object_object_get_ex(root, "objects", &array) ||
	    !json_object_is_type(array, json_type_array))
		return ccg_fail(o->ctx, -EBADMSG, CCG_FAILED, path,
				"expected an object with schema %s and an array objects",
				schema);
	for (size_t i = 0; !rc && i < json_object_array_length(array); i++) {
		item = json_object_array_get_idx(array, i);
		if (json_object_is_type(item, json_type_object))
			rc = take_item(o, path, i, item);
		else
			rc = bad_item(o, path, i, "expected an object");
	}
	return rc;
}

static int load_json(struct ccg_objects *o, const char *path)
{
	struct json_object *root;
	uint8_t *buf;
	size_t len;
	int rc;

	rc = ccg_file_load(o->ctx, path, JSON_MAX, &buf, &len);
	if (rc)
		return rc;
	rc = parse_json(o->ctx, path, buf, len, &root);
	free(buf);
	if (rc)
		return rc;
	rc = take_json(o, path, root);
	json_object_put(root);
	return rc;
}

int ccg_objects_load(struct ccg_ctx *ctx, const char *path,
		     struct ccg_objects **op)
{
	struct ccg_objects *o = ccg_objects_new(ctx);
	struct stat st;
	int rc;

	if (!o)
		return ccg_fail_errno(ctx, -ENOMEM, path);
	if (strcmp(path, "-") && !stat(path, &st) && S_ISDIR(st.st_mode))
		rc = load_dir(o, path);
	else
		rc = load_json(o, path);
	if (rc)
		ccg_objects_free(o);
	else
		*op = o;
	return rc;
}

int ccg_objects_save(const struct ccg_objects *o, const char *path)
{
	struct ccg_new_file files[CCG_N_OBJECTS];
	size_t n = 0;

	for (int i = 0; i < CCG_N_OBJECTS; i++)
		if (o->of[i].data)
			files[n++] = (struct ccg_new_file) {
				.path = ccg_object_name(i),
				.buf = o->of[i].data,
				.len = o->of[i].len,
			};
	return ccg_dir_create(o->ctx, path, files, n);
}

/* ---- expected measurements ---- */

static int bad_reference(struct ccg_ctx *ctx, const char *path,
			 const char *unit, const struct ref_fault *f)
{
	return ccg_fail(ctx, -EBADMSG, CCG_FAILED, path, "%s %zu: %s", unit,
			f->line, f->what);
}

static int take_measurement(struct ccg_reference *r, struct json_object *item,
			    struct ref_fault *f)
{
	struct json_object *index, *type, *raw;
	const char *hex;

	f->what = "expected an object with index, type, raw and value";
	if (!json_object_is_type(item, json_type_object) ||
	    !json_object_object_get_ex(item, "index", &index) ||
	    !json_object_object_get_ex(item, "type", &type) ||
	    !json_object_object_get_ex(item, "raw", &raw) ||
	    !json_object_is_type(index, json_type_int) ||
	    !json_object_is_type(type, json_type_int) ||
	    !json_object_is_type(raw, json_type_boolean))
		return -EBADMSG;
	hex = string_of(item, "value");
	if (!hex)
		return -EBADMSG;
	return ccg_reference_add(r, json_object_get_int64(index),
				 json_object_get_int64(type),
				 json_object_get_boolean(raw), hex, f);
}

static int take_measurements(struct ccg_ctx *ctx, struct ccg_reference *r,
			     const char *path, struct json_object *root,
			     size_t len)
{
	struct ref_fault f = {};
	struct json_object *array, *proof;

	if (json_object_is_type(root, json_type_object) &&
	    (json_object_object_get_ex(root, "proven", &proof) ||
	     json_object_object_get_ex(root, "signed", &proof)) &&
	    !json_object_get_boolean(proof))
		return ccg_fail(ctx, -EBADMSG, CCG_FAILED, path,
				"has measurements that nobody proved: proven or signed is false");
	if (!json_object_is_type(root, json_type_object) ||
	    !json_object_object_get_ex(root, "measurements", &array) ||
	    !json_object_is_type(array, json_type_array))
		return ccg_fail(ctx, -EBADMSG, CCG_FAILED, path,
				"expected an object with an array measurements");
	r->data = malloc(len / 2 + 1);
	if (!r->data)
		return ccg_fail_errno(ctx, -ENOMEM, path);
	for (size_t i = 0; i < json_object_array_length(array); i++) {
		f.line = i + 1;
		if (take_measurement(r, json_object_array_get_idx(array, i), &f))
			return bad_reference(ctx, path, "measurement", &f);
	}
	return 0;
}

static int reference_json(struct ccg_ctx *ctx, struct ccg_reference *r,
			  const char *path, const uint8_t *buf, size_t len)
{
	struct json_object *root;
	int rc = parse_json(ctx, path, buf, len, &root);

	if (rc)
		return rc;
	rc = take_measurements(ctx, r, path, root, len);
	json_object_put(root);
	return rc;
}

static int reference_lines(struct ccg_ctx *ctx, struct ccg_reference *r,
			   const char *path, const uint8_t *buf, size_t len)
{
	struct ref_fault f = {};
	char *text = NULL;
	int rc;

	if (memchr(buf, 0, len))
		return ccg_fail(ctx, -EBADMSG, CCG_FAILED, path,
				"has a NUL, and is not text");
	text = strndup((const char *)buf, len);
	rc = text ? ccg_reference_parse(r, text, &f) : -ENOMEM;
	free(text);
	if (rc == -EBADMSG)
		return bad_reference(ctx, path, "line", &f);
	return rc ? ccg_fail_errno(ctx, rc, path) : 0;
}

static bool is_empty(const struct ccg_reference *r)
{
	for (size_t i = 0; i < ARRAY_SIZE(r->values); i++)
		if (r->values[i].known)
			return false;
	return true;
}

int ccg_reference_load(struct ccg_ctx *ctx, const char *path,
		       struct ccg_reference **rp)
{
	struct ccg_reference *r = calloc(1, sizeof(*r));
	uint8_t *buf;
	size_t len;
	int rc;

	if (!r)
		return ccg_fail_errno(ctx, -ENOMEM, path);
	rc = ccg_file_load(ctx, path, REFERENCE_MAX, &buf, &len);
	if (rc) {
		free(r);
		return rc;
	}
	rc = len && *buf == '{' ? reference_json(ctx, r, path, buf, len) :
				  reference_lines(ctx, r, path, buf, len);
	free(buf);
	if (!rc && is_empty(r))
		rc = ccg_fail(ctx, -EBADMSG, CCG_FAILED, path,
			      "has no measurement");
	if (rc)
		ccg_reference_free(r);
	else
		*rp = r;
	return rc;
}

void ccg_reference_free(struct ccg_reference *r)
{
	if (!r)
		return;
	free(r->data);
	free(r);
}
