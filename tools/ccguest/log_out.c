// SPDX-License-Identifier: GPL-2.0-only
/*
 * A log as YAML and as JSON.
 *
 * The YAML has the layout and the names of tpm2_eventlog's.
 */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include <ccguest/log.h>
#include <ccguest/text.h>

#include "log.h"

#define DEPTH_MAX	10

/**
 * log_hex - bytes in hexadecimal
 * @p: the bytes
 * @len: their number
 *
 * Return: the text; free it with free().
 */
char *log_hex(const uint8_t *p, size_t len)
{
	char *text = out_alloc(NULL, 2 * len + 1);

	ccg_hex(p, len, text);
	return text;
}

/* ---- YAML ---- */

/**
 * struct yaml - a sink that prints YAML
 * @sink: what it is
 * @depth: of the nesting
 * @indent: for each level, where keys begin; where "- " begins in a list
 * @list: for each level, whether it is a list
 * @dash: what is printed next begins an item of a list
 */
struct yaml {
	struct ccg_sink sink;
	int depth;
	int indent[DEPTH_MAX];
	bool list[DEPTH_MAX];
	bool dash;
};

static struct yaml *to_yaml(struct ccg_sink *sink)
{
	return (struct yaml *)sink;
}

static void yaml_key(struct yaml *y, const char *key)
{
	int indent = y->indent[y->depth];

	if (y->list[y->depth])
		printf("%*s- ", indent, "");
	else if (y->dash)
		printf("%*s- %s:", indent - 2, "", key);
	else
		printf("%*s%s:", indent, "", key);
	y->dash = false;
}

static void yaml_open(struct ccg_sink *sink, const char *key, bool list)
{
	struct yaml *y = to_yaml(sink);
	int indent = y->indent[y->depth];

	if (y->list[y->depth]) {
		y->dash = true;
	} else {
		yaml_key(y, key);
		printf("\n");
	}
	if (y->depth == DEPTH_MAX - 1)
		abort();
	y->depth++;
	y->list[y->depth] = list;
	/* A list's dashes stand below the first letter of its key. */
	y->indent[y->depth] = list ? indent : indent + 2;
}

static void yaml_close(struct ccg_sink *sink)
{
	to_yaml(sink)->depth--;
}

static void yaml_text(struct ccg_sink *sink, const char *key, const char *text,
		      size_t len)
{
	struct yaml *y = to_yaml(sink);

	yaml_key(y, key);
	if (text) {
		if (!y->list[y->depth])
			putchar(' ');
		out_quoted(text, len);
	}
	putchar('\n');
}

static void yaml_number(struct ccg_sink *sink, const char *key, uint64_t val,
			bool hex)
{
	struct yaml *y = to_yaml(sink);

	yaml_key(y, key);
	printf(y->list[y->depth] ? "" : " ");
	if (hex)
		printf("0x%" PRIx64 "\n", val);
	else
		printf("%" PRIu64 "\n", val);
}

static struct yaml yaml_at(int indent)
{
	return (struct yaml) {
		.sink = { yaml_open, yaml_close, yaml_text, yaml_number },
		.indent = { indent },
	};
}

/* A tree that is in the event itself is what its data say. */
static void decode(const struct cc_log_event *ev, const struct ccg_tree *tree,
		   int version, struct ccg_sink *sink)
{
	bool malformed = tree && tree->quirks & 1U << CCG_TREE_MALFORMED;

	if (!tree || malformed || ev->realm.kind != CC_REALM_DTB)
		ccg_log_decode(ev, version, sink);
	if (tree)
		ccg_tree_decode(tree, sink);
}

/**
 * log_details - print what the data of an event say, for people
 * @ev: the event
 * @tree: its Device Tree, or NULL
 */
void log_details(const struct cc_log_event *ev, const struct ccg_tree *tree)
{
	struct yaml y = yaml_at(8);

	decode(ev, tree, 2, &y.sink);
}

/**
 * log_meaning - say what an event means, in a line
 * @ev: the event
 * @tree: its Device Tree, or NULL
 * @text: set to it; may hold any byte but NUL
 * @size: of @text, more than a few bytes
 */
void log_meaning(const struct cc_log_event *ev, const struct ccg_tree *tree,
		 char *text, size_t size)
{
	size_t len;

	ccg_log_meaning(ev, text, size);
	len = strlen(text);
	if (!tree || size - len < 4)
		return;
	memcpy(text + len, ": ", 3);
	ccg_tree_meaning(tree, text + len + 2, size - len - 2);
}

static const char *alg_name(uint16_t alg, char *text, size_t size)
{
	const char *name = ccg_log_alg_name(alg);

	if (name)
		return name;
	snprintf(text, size, "0x%04x", alg);
	return text;
}

static void yaml_header(const struct cc_log *log)
{
	struct yaml y = yaml_at(2);

	printf("- EventNum: 0\n"
	       "  PCRIndex: %" PRIu32 "\n"
	       "  EventType: EV_NO_ACTION\n"
	       "  Digest: \"%040d\"\n"
	       "  EventSize: %" PRIu32 "\n", log->index, 0, log->header_size);
	ccg_log_decode_header(log, &y.sink);
}

static void yaml_event(const struct cc_log_event *ev,
		       const struct ccg_tree *tree, int version)
{
	const char *type = ccg_log_type_name(ev->type);
	struct yaml y = yaml_at(2);
	char name[16], *hex;

	printf("- EventNum: %zu\n"
	       "  PCRIndex: %" PRId32 "\n"
	       "  EventType: %s\n"
	       "  DigestCount: %zu\n"
	       "  Digests:\n", ev->nr, (int32_t)ev->index,
	       type ? type : "Unknown event type", ev->n_digests);
	for (size_t i = 0; i < ev->n_digests; i++) {
		hex = log_hex(ev->digests[i].data, ev->digests[i].len);
		printf("  - AlgorithmId: %s\n"
		       "    Digest: \"%s\"\n",
		       alg_name(ev->digests[i].alg, name, sizeof(name)), hex);
		free(hex);
	}
	printf("  EventSize: %zu\n", ev->size);
	decode(ev, tree, version, &y.sink);
}

/**
 * log_yaml - print a log as YAML
 * @log: the log
 * @trees: the Device Trees that it speaks of
 * @regs: the registers that it adds up to
 * @n_regs: number of @regs
 * @version: of the layout, 1 or 2
 */
void log_yaml(struct ccg_log *log, const struct ccg_trees *trees,
	      const struct ccg_register *regs, size_t n_regs, int version)
{
	const struct cc_log *summary = ccg_log_summary(log);
	struct cc_log_event ev;
	char name[16], *hex;

	printf("---\nversion: %d\nevents:\n", version);
	yaml_header(summary);
	while (ccg_log_next(log, &ev))
		yaml_event(&ev, ccg_trees_of(trees, ev.nr), version);
	/* Measurement registers are no PCRs, and must not be taken for them. */
	printf("%s:\n", ccg_log_uses_pcrs(summary) ? "pcrs" : "mrs");
	for (size_t i = 0; i < n_regs; i++) {
		if (!i || regs[i].alg != regs[i - 1].alg)
			printf("  %s:\n", alg_name(regs[i].alg, name, sizeof(name)));
		hex = log_hex(regs[i].value, regs[i].len);
		printf("    %-2" PRIu32 " : 0x%s\n", regs[i].index, hex);
		free(hex);
	}
}

/* ---- JSON ---- */

/**
 * struct json - a sink that makes JSON
 * @sink: what it is
 * @depth: of the nesting
 * @at: for each level, the object or list
 */
struct json {
	struct ccg_sink sink;
	int depth;
	struct json_object *at[DEPTH_MAX];
};

static struct json *to_json(struct ccg_sink *sink)
{
	return (struct json *)sink;
}

static void json_put(struct json *j, const char *key, struct json_object *val)
{
	struct json_object *at = j->at[j->depth];

	out_json_add(at, json_object_is_type(at, json_type_array) ? NULL : key,
		     out_json_have(val));
}

static void json_open(struct ccg_sink *sink, const char *key, bool list)
{
	struct json *j = to_json(sink);
	struct json_object *val = list ? json_object_new_array() :
					 json_object_new_object();

	json_put(j, key, val);
	if (j->depth == DEPTH_MAX - 1)
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
	struct json *j = to_json(sink);

	out_json_text(j->at[j->depth], key, text, len);
}

static void json_number(struct ccg_sink *sink, const char *key, uint64_t val,
			bool hex)
{
	(void)hex;
	json_put(to_json(sink), key, json_object_new_uint64(val));
}

static struct json json_at(struct json_object *o)
{
	return (struct json) {
		.sink = { json_open, json_close, json_text, json_number },
		.at = { o },
	};
}

/* The decoders' keys become ours. */
static void json_details(struct json_object *o, const struct cc_log_event *ev,
			 const struct ccg_tree *tree)
{
	struct json_object *holder = out_json_have(json_object_new_object());
	struct json_object *val = NULL;
	struct json j = json_at(holder);

	decode(ev, tree, 2, &j.sink);
	if (json_object_object_get_ex(holder, "Event", &val))
		out_json_add(o, "details", json_object_get(val));
	else
		out_json_str(o, "details", NULL);
	if (json_object_object_get_ex(holder, "DeviceTree", &val))
		out_json_add(o, "device_tree", json_object_get(val));
	json_object_put(holder);
}

static void json_digests(struct json_object *o, const struct cc_log_event *ev)
{
	struct json_object *array = out_json_array(o, "digests"), *item;
	char name[16], *hex;

	for (size_t i = 0; i < ev->n_digests; i++) {
		item = out_json_item(array);
		out_json_str(item, "algorithm",
			     alg_name(ev->digests[i].alg, name, sizeof(name)));
		hex = log_hex(ev->digests[i].data, ev->digests[i].len);
		out_json_str(item, "digest", hex);
		free(hex);
	}
}

static void json_event(struct json_object *item, const struct cc_log *log,
		       const struct cc_log_event *ev,
		       const struct ccg_tree *tree)
{
	char text[1024], *hex;

	out_json_int(item, "event", ev->nr);
	out_json_int(item, "offset", ev->offset);
	out_json_int(item, "index", ev->index);
	ccg_log_register_name(log, ev->index, text, sizeof(text));
	out_json_str(item, "register", text);
	out_json_str(item, "type", ccg_log_type_name(ev->type));
	out_json_int(item, "type_number", ev->type);
	json_digests(item, ev);
	hex = log_hex(ev->data, ev->size);
	out_json_str(item, "data", hex);
	free(hex);
	log_meaning(ev, tree, text, sizeof(text));
	out_json_str(item, "meaning", text);
	json_details(item, ev, tree);
}

/**
 * log_json_events - add the events of a log to an array
 * @array: the array
 * @log: the log
 * @trees: the Device Trees that it speaks of
 */
void log_json_events(struct json_object *array, struct ccg_log *log,
		     const struct ccg_trees *trees)
{
	const struct cc_log *summary = ccg_log_summary(log);
	struct cc_log_event ev;

	while (ccg_log_next(log, &ev))
		json_event(out_json_item(array), summary, &ev,
			   ccg_trees_of(trees, ev.nr));
}

static void json_header(struct json_object *o, const struct cc_log *log)
{
	struct json_object *holder = out_json_have(json_object_new_object());
	struct json_object *list = NULL;
	struct json j = json_at(holder);

	ccg_log_decode_header(log, &j.sink);
	if (json_object_object_get_ex(holder, "SpecID", &list))
		out_json_add(o, "header",
			     json_object_get(json_object_array_get_idx(list, 0)));
	json_object_put(holder);
}

/**
 * log_json_summary - add what is known of a log as a whole
 * @o: the object to add it to
 * @log: the log
 */
void log_json_summary(struct json_object *o, const struct ccg_log *log)
{
	const struct cc_log *s = ccg_log_summary(log);
	struct json_object *array, *item;

	out_json_str(o, "path", ccg_log_path(log));
	out_json_str(o, "dialect", ccg_log_dialect_name(s));
	out_json_str(o, "dialect_basis", s->basis);
	out_json_str(o, "registers_are", ccg_log_uses_pcrs(s) ? "pcrs" : "mrs");
	out_json_int(o, "size", s->len);
	out_json_int(o, "end", s->pos);
	out_json_int(o, "trailing_bytes", s->n_trailing);
	array = out_json_array(o, "quirks");
	for (unsigned int i = 0; i < CC_LOG_N_QUIRKS; i++) {
		if (!(s->quirks & 1U << i))
			continue;
		item = out_json_item(array);
		out_json_str(item, "quirk", ccg_log_quirk_text(i));
		out_json_int(item, "offset", s->quirk_at[i]);
	}
	json_header(o, s);
}
