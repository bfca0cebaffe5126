// SPDX-License-Identifier: GPL-2.0-only
/*
 * The parser of JSON, on top of json-c.
 */
#include <errno.h>
#include <stdbool.h>
#include <string.h>

#include <json-c/json.h>

#include "core/ctx.h"
#include "core/json.h"

/* json-c reports a lack of memory as such only since 0.17. */
static bool is_out_of_memory(enum json_tokener_error e)
{
#if JSON_C_VERSION_NUM >= 0x1100
	return e == json_tokener_error_memory;
#else
	(void)e;
	return false;
#endif
}

static int not_json(struct ccg_ctx *ctx, const char *path, size_t offset,
		    const char *why)
{
	return ccg_fail(ctx, -EINVAL, CCG_FAILED, path,
			"is not JSON: %s, at offset %zu", why, offset);
}

static int parse(struct ccg_ctx *ctx, const char *path, const uint8_t *buf,
		 size_t len, struct json_object **op)
{
	struct json_tokener *tok = json_tokener_new();
	enum json_tokener_error e;
	int rc = 0;

	if (!tok)
		return ccg_fail_errno(ctx, -ENOMEM, path);
	json_tokener_set_flags(tok, JSON_TOKENER_STRICT);
	*op = json_tokener_parse_ex(tok, (const char *)buf, len);
	e = json_tokener_get_error(tok);
	if (is_out_of_memory(e))
		rc = ccg_fail_errno(ctx, -ENOMEM, path);
	else if (e == json_tokener_continue)
		rc = not_json(ctx, path, len, "the text ends too early");
	else if (e != json_tokener_success)
		rc = not_json(ctx, path, json_tokener_get_parse_end(tok),
			      json_tokener_error_desc(e));
	json_tokener_free(tok);
	return rc;
}

/* Returns the closing quote of the string that begins before @p. */
static const uint8_t *skip_string(const uint8_t *p, const uint8_t *end)
{
	while (++p < end && *p != '"')
		if (*p == '\\')
			p++;
	return p;
}

/* Finds NaN or Infinity, which json-c accepts and JSON does not have. */
static const uint8_t *find_nan(const uint8_t *p, size_t len)
{
	const uint8_t *end = p + len;

	for (; p < end; p++) {
		if (*p == '"')
			p = skip_string(p, end);
		else if (*p == 'N' || *p == 'I')
			return p;
	}
	return NULL;
}

/*
 * Finds an integer that has more than 64 bits: json-c stores another one. @p is
 * valid JSON.
 */
static const uint8_t *find_large(const uint8_t *p, size_t len)
{
	const uint8_t *end = p + len, *start;
	uint64_t val, max;
	bool large;

	for (; p < end; p++) {
		if (*p == '"') {
			p = skip_string(p, end);
			continue;
		}
		if (*p != '-' && (*p < '0' || *p > '9'))
			continue;
		start = p;
		max = *p == '-' ? (uint64_t)1 << 63 : UINT64_MAX;
		val = 0;
		large = false;
		for (p += *p == '-'; p < end && *p >= '0' && *p <= '9'; p++) {
			large |= val > (max - (*p - '0')) / 10;
			val = 10 * val + *p - '0';
		}
		/* A fraction or an exponent is a number of another type. */
		if (large && (p == end || !strchr(".eE", *p)))
			return start;
		while (p < end && strchr("+-.eE0123456789", *p))
			p++;
		p--;
	}
	return NULL;
}

/*
 * Counts the values of a text that json-c accepted: an array or object of n > 0
 * items has n - 1 commas.
 */
static size_t values_in_text(const uint8_t *p, size_t len)
{
	const uint8_t *end = p + len;
	bool opened = false;
	size_t n = 1;

	for (; p < end; p++) {
		if (strchr(" \t\r\n", *p))
			continue;
		if (*p == ',' || (opened && *p != ']' && *p != '}'))
			n++;
		opened = *p == '[' || *p == '{';
		if (*p == '"')
			p = skip_string(p, end);
	}
	return n;
}

static size_t values_in_tree(struct json_object *o)
{
	size_t n = 1;

	if (json_object_is_type(o, json_type_object)) {
		json_object_object_foreach(o, key, val) {
			(void)key;
			n += values_in_tree(val);
		}
	} else if (json_object_is_type(o, json_type_array)) {
		for (size_t i = 0; i < json_object_array_length(o); i++)
			n += values_in_tree(json_object_array_get_idx(o, i));
	}
	return n;
}

/*
 * If memory is short, json-c before 0.17 leaves out members or empties long
 * strings, and reports success. The description of a realm without these
 * members has another measurement. Therefore the text is parsed twice: two
 * equal results are complete.
 */
static int parse_twice(struct ccg_ctx *ctx, const char *path,
		       const uint8_t *buf, size_t len, struct json_object **op)
{
	struct json_object *again = NULL;
	const uint8_t *nan = NULL, *large = NULL;
	int rc = parse(ctx, path, buf, len, op);

	/* Since 0.18, json-c refuses large integers with a reason of its own. */
	if (rc != -ENOMEM)
		large = find_large(buf, len);
	if (!rc)
		nan = find_nan(buf, len);
	/* No value equals NaN: the comparison below would fail. */
	if (nan)
		return not_json(ctx, path, nan - buf,
				"NaN and Infinity are not numbers");
	if (large)
		return ccg_fail(ctx, -EINVAL, CCG_FAILED, path,
				"the integer at offset %td has more than 64 bits",
				large - buf);
	if (!rc)
		rc = parse(ctx, path, buf, len, &again);
	if (!rc && !json_object_equal(*op, again))
		rc = ccg_fail_errno(ctx, -ENOMEM, path);
	json_object_put(again);
	return rc;
}

/**
 * ccg_json_parse - parse JSON
 * @ctx: the context
 * @path: path of the file, for the error
 * @buf: the text
 * @len: length of @buf in bytes
 * @op: set to the value; NULL for null and on failure; free it with
 *	json_object_put()
 *
 * The function refuses two members of the same name in an object, because
 * parsers differ in which of them they keep. json-c keeps one of them, so that
 * the object has fewer values than the text.
 *
 * Return: 0; -EINVAL if the text is not JSON, or an integer has more than 64
 * bits; or -ENOMEM.
 */
int ccg_json_parse(struct ccg_ctx *ctx, const char *path, const uint8_t *buf,
		   size_t len, struct json_object **op)
{
	const uint8_t *nul = memchr(buf, 0, len);
	int rc;

	*op = NULL;
	/* json-c takes a NUL for the end of the text. */
	if (nul)
		return not_json(ctx, path, nul - buf, "a NUL");
	if (!len)
		return ccg_fail(ctx, -EINVAL, CCG_FAILED, path,
				"is not JSON: the file is empty");
	rc = parse_twice(ctx, path, buf, len, op);
	if (!rc && values_in_tree(*op) != values_in_text(buf, len))
		rc = ccg_fail(ctx, -EINVAL, CCG_FAILED, path,
			      "an object has two members of the same name; remove one");
	if (rc) {
		json_object_put(*op);
		*op = NULL;
	}
	return rc;
}
