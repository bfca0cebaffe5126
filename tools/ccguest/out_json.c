// SPDX-License-Identifier: GPL-2.0-only
/*
 * Functions that build and print JSON.
 */
#include <ctype.h>
#include <errno.h>
#include <inttypes.h>
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
	char schema[64], *p;

	snprintf(schema, sizeof(schema), "ccguest/%s%s%s/%u", cmd->group->name,
		 cmd->verb->name ? "-" : "",
		 cmd->verb->name ? cmd->verb->name : "",
		 cmd->verb->schema ? cmd->verb->schema : 1);
	for (p = schema; *p; p++)
		if (*p == ' ')
			*p = '-';
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

void out_json_hex(struct json_object *o, const char *key, uint64_t value)
{
	char text[24];

	snprintf(text, sizeof(text), "0x%" PRIx64, value);
	out_json_str(o, key, text);
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

static const char *text_of(struct json_object *o, int flags)
{
	const char *text;

	/* If memory is short, json-c omits parts of the text and sets errno. */
	errno = 0;
	text = json_object_to_json_string_ext(o, flags |
					      JSON_C_TO_STRING_NOSLASHESCAPE);
	if (!text || errno == ENOMEM)
		out_no_memory();
	return text;
}

/* Makes the text of an object; the object owns the text. */
static const char *make_text(const struct cmd *cmd, struct json_object *o)
{
	return text_of(o, cmd->json == JSON_PRETTY ? JSON_C_TO_STRING_PRETTY |
						     JSON_C_TO_STRING_SPACED : 0);
}

const char *out_json_line(struct json_object *o)
{
	return text_of(o, 0);
}

/*
 * Only strings contain other characters than ASCII, all in UTF-8, and only
 * the layout contains newlines. @indent follows each newline.
 */
static void put_text(const char *text, size_t left, const char *indent)
{
	uint32_t cp;
	size_t len;

	for (; left; text += len, left -= len) {
		len = utf8_plain(text, left);
		if (len) {
			fwrite_unlocked(text, 1, len, stdout);
			continue;
		}
		len = utf8_take(text, left, &cp);
		if (!len)
			return;
		if (utf8_is_control(cp))
			printf("\\u%04x", cp);
		else
			fwrite_unlocked(text, 1, len, stdout);
		if (cp == '\n')
			fputs_unlocked(indent, stdout);
	}
}

void out_json_print(const struct cmd *cmd, struct json_object *o)
{
	const char *text = make_text(cmd, o);

	put_text(text, strlen(text), "");
	putchar('\n');
	json_object_put(o);
}

struct out_json_list out_json_list(const struct cmd *cmd, struct json_object *o,
				   const char *key)
{
	bool pretty = cmd->json == JSON_PRETTY;
	const char *text = make_text(cmd, o);
	size_t len = strlen(text) - 1;

	/* The brace that closes the object, and white space in front of it. */
	while (len && isspace((unsigned char)text[len - 1]))
		len--;
	put_text(text, len, "");
	printf(pretty ? ",\n  \"%s\": [" : ",\"%s\":[", key);
	json_object_put(o);
	return (struct out_json_list) { .cmd = cmd };
}

void out_json_list_put(struct out_json_list *l, struct json_object *item)
{
	const char *text = make_text(l->cmd, item);

	if (l->cmd->json == JSON_PRETTY) {
		printf(l->n++ ? ",\n    " : "\n    ");
		put_text(text, strlen(text), "    ");
	} else {
		printf(l->n++ ? "," : "");
		put_text(text, strlen(text), "");
	}
	json_object_put(item);
}

void out_json_list_end(struct out_json_list *l)
{
	if (l->cmd->json == JSON_PRETTY)
		printf(l->n ? "\n  ]\n}\n" : "]\n}\n");
	else
		printf("]}\n");
}

static struct out_json_sink *to_json(struct ccg_sink *sink)
{
	return (struct out_json_sink *)sink;
}

/* True if a word begins at name[i]: the letters B of "MyBar" and "GUIDBar". */
static bool begins_word(const char *name, size_t i)
{
	if (!i || !isupper((unsigned char)name[i]) || name[i - 1] == '_')
		return false;
	if (islower((unsigned char)name[i - 1]))
		return true;
	/* The s of a plural belongs to the capitals: "NumCPUs" has two words. */
	return islower((unsigned char)name[i + 1]) &&
	       !(name[i + 1] == 's' && !islower((unsigned char)name[i + 2]));
}

/*
 * Converts a name of a specification to the style of the members: "MyLBA" to
 * "my_lba". A name that is too long is cut. An item of a list has no name.
 */
static const char *member_name(struct out_json_sink *j, const char *name)
{
	size_t n = 0;

	if (!name)
		return NULL;
	for (size_t i = 0; name[i] && n + 2 < sizeof(j->name); i++) {
		if (begins_word(name, i))
			j->name[n++] = '_';
		j->name[n++] = tolower((unsigned char)name[i]);
	}
	j->name[n] = '\0';
	return j->name;
}

static void json_open(struct ccg_sink *sink, const char *key, bool list)
{
	struct out_json_sink *j = to_json(sink);
	struct json_object *val = list ? json_object_new_array() :
					 json_object_new_object();

	out_json_add(j->at[j->depth], member_name(j, key), out_json_have(val));
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

	out_json_text(j->at[j->depth], member_name(j, key), text, len);
}

static void json_number(struct ccg_sink *sink, const char *key, uint64_t val,
			enum ccg_number kind)
{
	struct out_json_sink *j = to_json(sink);

	if (kind == CCG_VALUE)
		out_json_hex(j->at[j->depth], member_name(j, key), val);
	else
		out_json_int(j->at[j->depth], member_name(j, key), val);
}

static void json_yes_no(struct ccg_sink *sink, const char *key, bool yes)
{
	struct out_json_sink *j = to_json(sink);

	out_json_bool(j->at[j->depth], member_name(j, key), yes);
}

struct out_json_sink out_json_to(struct json_object *o)
{
	return (struct out_json_sink) {
		.sink = {
			.open = json_open,
			.close = json_close,
			.text = json_text,
			.number = json_number,
			.yes_no = json_yes_no,
		},
		.at = { o },
	};
}
