// SPDX-License-Identifier: GPL-2.0-only
/*
 * Functions that build and print JSON.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <ccguest/log.h>

#include "out_json.h"
#include "utf8.h"

struct json_object *out_json_have(struct json_object *val)
{
	if (!val)
		out_no_memory();
	return val;
}

void out_json_add(struct json_object *o, const char *key,
		  struct json_object *val)
{
	if (key ? json_object_object_add(o, key, val) :
		  json_object_array_add(o, val))
		out_no_memory();
}

struct json_object *out_json(const struct cmd *cmd)
{
	struct json_object *o = out_json_have(json_object_new_object());
	char schema[64];

	snprintf(schema, sizeof(schema), "ccguest/%s%s%s/1", cmd->group->name,
		 cmd->verb->name ? "-" : "",
		 cmd->verb->name ? cmd->verb->name : "");
	out_json_str(o, "schema", schema);
	return o;
}

void out_json_text(struct json_object *o, const char *key, const char *value,
		   size_t len)
{
	struct json_object *s = NULL;
	char *copy;

	if (value) {
		copy = out_utf8(value, len, &len);
		s = out_json_have(json_object_new_string_len(copy, len));
		free(copy);
	}
	out_json_add(o, key, s);
}

void out_json_str(struct json_object *o, const char *key, const char *value)
{
	out_json_text(o, key, value, value ? strlen(value) : 0);
}

void out_json_int(struct json_object *o, const char *key, uint64_t value)
{
	out_json_add(o, key, out_json_have(json_object_new_uint64(value)));
}

void out_json_bool(struct json_object *o, const char *key, bool value)
{
	out_json_add(o, key, out_json_have(json_object_new_boolean(value)));
}

struct json_object *out_json_array(struct json_object *o, const char *key)
{
	struct json_object *array = out_json_have(json_object_new_array());

	out_json_add(o, key, array);
	return array;
}

struct json_object *out_json_item(struct json_object *array)
{
	struct json_object *o = out_json_have(json_object_new_object());

	out_json_add(array, NULL, o);
	return o;
}

void out_json_print(const struct cmd *cmd, struct json_object *o)
{
	int flags = JSON_C_TO_STRING_NOSLASHESCAPE;
	const char *text;
	size_t len, left;
	uint32_t cp;

	if (cmd->json == JSON_PRETTY)
		flags |= JSON_C_TO_STRING_PRETTY | JSON_C_TO_STRING_SPACED;
	/* If memory is short, json-c omits parts of the text and sets errno. */
	errno = 0;
	text = json_object_to_json_string_ext(o, flags);
	if (!text || errno == ENOMEM)
		out_no_memory();
	/* Only strings contain other characters than ASCII, all in UTF-8. */
	for (left = strlen(text); left; text += len, left -= len) {
		len = utf8_plain(text, left);
		if (!len)
			len = utf8_char(text, &cp);
		else
			cp = ' ';
		if (!len)
			break;
		if (utf8_is_control(cp))
			printf("\\u%04x", cp);
		else
			fwrite_unlocked(text, 1, len, stdout);
	}
	putchar('\n');
	json_object_put(o);
}

static struct out_json_sink *to_json(struct ccg_sink *sink)
{
	return (struct out_json_sink *)sink;
}

static void json_put(struct out_json_sink *j, const char *key,
		     struct json_object *val)
{
	struct json_object *at = j->at[j->depth];

	out_json_add(at, json_object_is_type(at, json_type_array) ? NULL : key,
		     out_json_have(val));
}

static void json_open(struct ccg_sink *sink, const char *key, bool list)
{
	struct out_json_sink *j = to_json(sink);
	struct json_object *val = list ? json_object_new_array() :
					 json_object_new_object();

	json_put(j, key, val);
	if (j->depth == OUT_DEPTH_MAX - 1)
		abort();
	j->at[++j->depth] = val;
}

static void json_close(struct ccg_sink *sink)
{
	to_json(sink)->depth--;
}

static void json_text(struct ccg_sink *sink, const char *key, const char *text,
		      size_t len)
{
	struct out_json_sink *j = to_json(sink);

	out_json_text(j->at[j->depth], key, text, len);
}

static void json_number(struct ccg_sink *sink, const char *key, uint64_t val,
			bool hex)
{
	(void)hex;
	json_put(to_json(sink), key, json_object_new_uint64(val));
}

struct out_json_sink out_json_to(struct json_object *o)
{
	return (struct out_json_sink) {
		.sink = { json_open, json_close, json_text, json_number },
		.at = { o },
	};
}
