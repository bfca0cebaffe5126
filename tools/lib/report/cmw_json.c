// SPDX-License-Identifier: GPL-2.0-only
/*
 * Collections of RATS conceptual messages in JSON; RFC 9999, section 3.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <json-c/json.h>

#include <ccguest/text.h>

#include "report/cmw.h"

/* ---- reading ---- */

static int refuse(struct cmw_fault *fault, const char *label, const char *why)
{
	if (!fault->why) {
		snprintf(fault->label, sizeof(fault->label), "%s", label);
		fault->why = why;
	}
	return -EBADMSG;
}

static int judged(struct cmw_fault *fault, const char *label, int rc, const char *why)
{
	return rc == -EINVAL || rc == -E2BIG ? refuse(fault, label, why) : rc;
}

/* Returns the text of a string; NULL if @o is none, or has a NUL. */
static const char *text_of(struct json_object *o)
{
	const char *text;

	if (!json_object_is_type(o, json_type_string))
		return NULL;
	text = json_object_get_string(o);
	return strlen(text) == (size_t)json_object_get_string_len(o) ? text : NULL;
}

/**
 * ccg_json_bytes - decode a string with base64url
 * @o: the string
 * @bufp: set to the bytes; free them with free()
 * @lenp: set to their number
 *
 * Return: 0; -EINVAL if @o is no such string; or -ENOMEM.
 */
int ccg_json_bytes(struct json_object *o, uint8_t **bufp, size_t *lenp)
{
	const char *text = text_of(o);
	size_t size;
	int rc;

	*bufp = NULL;
	if (!text)
		return -EINVAL;
	size = strlen(text) / 4 * 3 + 3;
	*bufp = malloc(size);
	if (!*bufp)
		return -ENOMEM;
	rc = ccg_unbase64url(text, *bufp, size, lenp);
	if (rc) {
		free(*bufp);
		*bufp = NULL;
	}
	return rc;
}

static int read_ind(struct json_object *o, uint32_t *ind)
{
	int64_t n = json_object_get_int64(o);

	if (!json_object_is_type(o, json_type_int) || n < 1 || n > UINT32_MAX)
		return -EINVAL;
	*ind = n;
	return 0;
}

static int read_record(struct ccg_cmw *c, const char *label, struct json_object *o,
		       struct cmw_fault *fault)
{
	size_t n = json_object_array_length(o);
	struct ccg_cmw_item item = { .label = label };
	const char *why = NULL;
	uint8_t *value;
	int rc;

	if (n != 2 && n != 3)
		return refuse(fault, label, "a record has two or three members");
	item.type = text_of(json_object_array_get_idx(o, 0));
	if (!item.type)
		return refuse(fault, label, "the type is not a text");
	if (n == 3 && read_ind(json_object_array_get_idx(o, 2), &item.ind))
		return refuse(fault, label,
			      "the indicator is not a number from 1 to 2^32 - 1");
	rc = ccg_json_bytes(json_object_array_get_idx(o, 1), &value, &item.len);
	if (rc)
		return rc == -ENOMEM ? rc :
		       refuse(fault, label, "the value is not base64url without padding");
	item.value = value;
	rc = ccg_cmw_put(c, &item, &why);
	free(value);
	return judged(fault, label, rc, why);
}

static int read_type(struct ccg_cmw *c, struct json_object *o, struct cmw_fault *fault)
{
	const char *type = text_of(o), *why = NULL;
	int rc;

	if (!type)
		return refuse(fault, CMW_TYPE_LABEL, "is not a text");
	rc = ccg_cmw_set_type(c, type, &why);
	return judged(fault, CMW_TYPE_LABEL, rc, why);
}

static int read_nested(struct ccg_cmw *c, const char *label, struct json_object *o,
		       struct cmw_fault *fault)
{
	struct ccg_cmw_item item = { .label = label };
	const char *why = NULL;
	struct ccg_cmw *nested;
	int rc = ccg_cmw_put_nested(c, &item, &nested, &why);

	if (rc)
		return judged(fault, label, rc, why);
	return ccg_cmw_read_json(nested, o, fault);
}

int ccg_cmw_read_json(struct ccg_cmw *c, struct json_object *o, struct cmw_fault *fault)
{
	int rc;

	json_object_object_foreach(o, label, val) {
		if (!strcmp(label, CMW_TYPE_LABEL))
			rc = read_type(c, val, fault);
		else if (json_object_is_type(val, json_type_array))
			rc = read_record(c, label, val, fault);
		else if (json_object_is_type(val, json_type_object))
			rc = read_nested(c, label, val, fault);
		else
			rc = refuse(fault, label, "is neither a record nor a collection");
		if (rc)
			return rc;
	}
	return c->n ? 0 : refuse(fault, "", "a collection is empty");
}

/* ---- writing ---- */

/**
 * ccg_json_put_text - append a string
 * @t: the JSON
 * @text: the string, UTF-8
 */
void ccg_json_put_text(struct ccg_text *t, const char *text)
{
	ccg_text_bytes(t, "\"", 1);
	for (; *text; text++) {
		if (*text == '"' || *text == '\\')
			ccg_text_bytes(t, "\\", 1);
		if ((unsigned char)*text < ' ' || *text == 0x7f)
			ccg_text_put(t, "\\u%04x", *text);
		else
			ccg_text_bytes(t, text, 1);
	}
	ccg_text_bytes(t, "\"", 1);
}

/**
 * ccg_json_put_base64url - append a string with base64url
 * @t: the JSON
 * @p: the bytes
 * @len: their number
 */
void ccg_json_put_base64url(struct ccg_text *t, const uint8_t *p, size_t len)
{
	/* Without padding, parts of a multiple of three bytes can be joined. */
	char part[CCG_BASE64_TEXT(768)];
	size_t n;

	ccg_text_bytes(t, "\"", 1);
	for (; len; p += n, len -= n) {
		n = len < 768 ? len : 768;
		ccg_base64url(p, n, part);
		ccg_text_bytes(t, part, strlen(part));
	}
	ccg_text_bytes(t, "\"", 1);
}

static void put_item(struct ccg_text *t, const struct ccg_cmw_item *item)
{
	if (item->nested) {
		ccg_cmw_write_json(item->nested, t);
		return;
	}
	ccg_text_bytes(t, "[", 1);
	ccg_json_put_text(t, item->type);
	ccg_text_bytes(t, ",", 1);
	ccg_json_put_base64url(t, item->value, item->len);
	if (item->ind)
		ccg_text_put(t, ",%u", item->ind);
	ccg_text_bytes(t, "]", 1);
}

void ccg_cmw_write_json(const struct ccg_cmw *c, struct ccg_text *t)
{
	const char *comma = "";

	ccg_text_bytes(t, "{", 1);
	if (c->type) {
		ccg_json_put_text(t, CMW_TYPE_LABEL);
		ccg_text_bytes(t, ":", 1);
		ccg_json_put_text(t, c->type);
		comma = ",";
	}
	for (size_t i = 0; i < c->n; i++, comma = ",") {
		ccg_text_put(t, "%s", comma);
		ccg_json_put_text(t, c->entries[i].item.label);
		ccg_text_bytes(t, ":", 1);
		put_item(t, &c->entries[i].item);
	}
	ccg_text_bytes(t, "}", 1);
}
