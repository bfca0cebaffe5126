// SPDX-License-Identifier: GPL-2.0-only
/*
 * ccguest log show
 *
 * The YAML has the layout and the member names of tpm2_eventlog.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <ccguest/log.h>
#include <ccguest/text.h>

#include "cmd_log.h"
#include "cmd_log_filter.h"
#include "out_yaml.h"

/* Without -v, this number of bytes of a digest is shown. */
#define DIGEST_SHORT	8
/* Widths of the columns of the table. */
#define WIDTH_NR	5
#define WIDTH_REG	6
#define WIDTH_TYPE	29
#define WIDTH_DIGEST	(2 * DIGEST_SHORT)

enum { SHOW_YAML = N_READ, SHOW_IMAGES, SHOW_REGISTER, SHOW_TYPE };

static const struct opt show_opts[] = {
	READ_OPTS,
	[SHOW_YAML] = {
		"yaml", 0, "[=VERSION]",
		"print tpm2_eventlog's YAML, VERSION 1 or 2 (default)"
	},
	[SHOW_IMAGES] = {
		"images", 0, "DIR", "directory to search for a Device Tree"
	},
	[SHOW_REGISTER] = {
		"register", 0, "REGISTER", "only events of this register; repeatable"
	},
	[SHOW_TYPE] = {
		"type", 0, "TYPE", "only events of this type; repeatable"
	},
};

/*
 * Decodes the data of an event, and its Device Tree. Data that are themselves a
 * well-formed Device Tree are decoded once.
 */
static void decode(const struct cc_log_event *ev, const struct ccg_tree *tree,
		   int version, struct ccg_sink *sink)
{
	bool malformed = tree && tree->quirks & 1U << CCG_TREE_MALFORMED;

	if (!tree || malformed || ev->realm.kind != CC_REALM_DTB)
		ccg_log_decode(ev, version, sink);
	if (tree)
		ccg_tree_decode(tree, sink);
}

static void event_meaning(const struct cc_log_event *ev, const struct ccg_tree *tree,
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

/* Quirks that tell something about a single event. */
#define EVENT_QUIRKS	(~0U << CC_LOG_Q_NO_ACTION_DIGEST)

/* Appends the quirks of an event: "separator (a separator more than ...)". */
static void add_quirks(const struct cc_log_event *ev, char *text, size_t size)
{
	size_t len = strlen(text);
	const char *between = " (";

	for (unsigned int i = 0; i < CC_LOG_N_QUIRKS; i++) {
		if (!(ev->quirks & EVENT_QUIRKS & 1U << i))
			continue;
		snprintf(text + len, size - len, "%s%s", between,
			 ccg_log_quirk_text(i));
		len += strlen(text + len);
		between = "; ";
	}
	if (between[0] == ';')
		snprintf(text + len, size - len, ")");
}

static const char *alg_name(uint16_t alg, char *text, size_t size)
{
	const char *name = ccg_log_alg_name(alg);

	if (name)
		return name;
	snprintf(text, size, "0x%04x", alg);
	return text;
}

static void text_summary(const struct ccg_log *log)
{
	const struct cc_log *s = ccg_log_summary(log);
	char text[256];
	struct out_table t;

	out_table_init(&t, NULL, 2, 0);
	out_cell(&t, 0, OUT_PLAIN, "log");
	out_cell(&t, 1, OUT_PLAIN, ccg_log_path(log));
	out_cell(&t, 0, OUT_PLAIN, "written by");
	snprintf(text, sizeof(text), "%s (%s)", ccg_log_dialect_text(s),
		 s->basis);
	out_cell(&t, 1, OUT_PLAIN, text);
	out_cell(&t, 0, OUT_PLAIN, "events");
	if (s->broken)
		snprintf(text, sizeof(text), "%zu in %zu bytes, and a fault",
			 s->nr - 1, s->pos);
	else
		snprintf(text, sizeof(text), "%zu in %zu bytes, %zu bytes of padding",
			 s->nr - 1, s->pos, s->len - s->pos - s->n_trailing);
	out_cell(&t, 1, OUT_PLAIN, text);
	out_table_print(&t);
}

/* Returns the SHA-256 digest, which most tools show; without one, the last. */
static const struct cc_digest *best_digest(const struct cc_log_event *ev)
{
	for (size_t i = 0; i < ev->n_digests; i++)
		if (ev->digests[i].alg == CC_ALG_SHA256)
			return &ev->digests[i];
	return ev->n_digests ? &ev->digests[ev->n_digests - 1] : NULL;
}

static const char *short_type(uint32_t type, char *text, size_t size)
{
	const char *name = ccg_log_type_name(type);

	if (name)
		return name + strlen("EV_");
	snprintf(text, size, "0x%" PRIx32, type);
	return text;
}

static void text_digests(const struct cc_log_event *ev)
{
	const char *name;
	char *hex;

	for (size_t i = 0; i < ev->n_digests; i++) {
		name = ccg_log_alg_name(ev->digests[i].alg);
		hex = log_hex(ev->digests[i].data, ev->digests[i].len);
		printf("        %s %s\n", name ? name : "-", hex);
		free(hex);
	}
}

static void text_details(const struct cc_log_event *ev, const struct ccg_tree *tree)
{
	struct out_yaml y = out_yaml_at(8);

	decode(ev, tree, 2, &y.sink);
}

static const char *decimal(size_t n, char *text, size_t size)
{
	char *p = text + size;

	*--p = '\0';
	do {
		*--p = '0' + n % 10;
		n /= 10;
	} while (n);
	return p;
}

/* A log has few registers and many events: the names are made once. */
static const char *register_name(const struct cc_log *log, uint32_t index)
{
	static char names[CC_INDEX_PCR_MAX + 1][16];

	if (index > CC_INDEX_PCR_MAX)
		return "-";
	if (!*names[index])
		ccg_log_register_name(log, index, names[index],
				      sizeof(names[index]));
	return names[index];
}

/* The columns have fixed widths: a log may have tens of thousands of events. */
static void text_event(const struct cc_log *log, const struct cc_log_event *ev,
		       const struct ccg_tree *tree, enum ccg_data_match match,
		       bool verbose)
{
	const struct cc_digest *d = best_digest(ev);
	char nr[24], type[16], digest[2 * DIGEST_SHORT + 1] = "-";
	char meaning[1280];

	if (d)
		ccg_hex(d->data, d->len < DIGEST_SHORT ? d->len : DIGEST_SHORT,
			digest);
	event_meaning(ev, tree, meaning, 1024);
	add_quirks(ev, meaning, sizeof(meaning));
	out_column(decimal(ev->nr, nr, sizeof(nr)), WIDTH_NR, true);
	out_column(register_name(log, ev->index), WIDTH_REG, false);
	out_column(short_type(ev->type, type, sizeof(type)), WIDTH_TYPE, false);
	out_column(digest, WIDTH_DIGEST, false);
	if (match == CCG_DATA_DIFFERS)
		out_colored(OUT_BAD, "FORGED ");
	out_text(meaning);
	putchar('\n');
	if (!verbose)
		return;
	text_digests(ev);
	text_details(ev, tree);
}

/* What is behind the fault is not known, so the reader is told at the end. */
static void text_fault(const struct cc_log_fault *f)
{
	if (!f)
		return;
	printf("The log is malformed from event %zu on: %s: ", f->event, f->what);
	printf("%s at offset %zu is %#" PRIx64 ", limit %#" PRIx64 "\n",
	       f->field, f->offset, f->value, f->limit);
}

static void show_text(const struct cmd *cmd, struct ccg_log *log,
		      const struct ccg_trees *trees, struct log_filter *f)
{
	const struct cc_log *s = ccg_log_summary(log);
	struct cc_log_event ev;
	char heads[128];

	text_summary(log);
	printf("\n");
	snprintf(heads, sizeof(heads), "%*s  %-*s  %-*s  %-*s  %s", WIDTH_NR,
		 "EVENT", WIDTH_REG, "WHERE", WIDTH_TYPE, "TYPE", WIDTH_DIGEST,
		 "DIGEST", "MEANING");
	out_colored(OUT_BOLD, heads);
	printf("\n");
	while (ccg_log_next(log, &ev))
		if (log_filter_has(f, &ev))
			text_event(s, &ev, ccg_trees_of(trees, ev.nr),
				   log_filter_compare(f, log, &ev),
				   cmd->verbose);
	text_fault(ccg_log_fault(log));
}

/* Adds the decoded data, with the member names of the schema. */
static void json_details(struct json_object *o, const struct cc_log_event *ev,
			 const struct ccg_tree *tree)
{
	struct json_object *holder = out_json_have(json_object_new_object());
	struct json_object *val = NULL;
	struct out_json_sink j = out_json_to(holder);

	decode(ev, tree, 2, &j.sink);
	if (json_object_object_get_ex(holder, "event", &val))
		out_json_add(o, "details", json_object_get(val));
	else
		out_json_str(o, "details", NULL);
	if (json_object_object_get_ex(holder, "device_tree", &val))
		out_json_add(o, "device_tree", json_object_get(val));
	json_object_put(holder);
}

static void json_digests(struct json_object *o, const struct cc_log_event *ev)
{
	struct json_object *array = out_json_array(o, "digests"), *item;
	char name[16];

	for (size_t i = 0; i < ev->n_digests; i++) {
		item = out_json_item(array);
		out_json_str(item, "algorithm",
			     alg_name(ev->digests[i].alg, name, sizeof(name)));
		log_json_hex(item, "digest", ev->digests[i].data,
			     ev->digests[i].len);
	}
}

static void json_quirks(struct json_object *o, const struct cc_log_event *ev)
{
	struct json_object *array = out_json_array(o, "quirks");

	for (unsigned int i = 0; i < CC_LOG_N_QUIRKS; i++)
		if (ev->quirks & 1U << i)
			out_json_str(array, NULL, ccg_log_quirk_text(i));
}

static void json_event(struct json_object *item, const struct cc_log *log,
		       const struct cc_log_event *ev,
		       const struct ccg_tree *tree, enum ccg_data_match match)
{
	char text[1024];

	out_json_int(item, "event", ev->nr);
	out_json_int(item, "offset", ev->offset);
	out_json_int(item, "index", ev->index);
	ccg_log_register_name(log, ev->index, text, sizeof(text));
	out_json_str(item, "register", text);
	out_json_str(item, "type", ccg_log_type_name(ev->type));
	out_json_int(item, "type_number", ev->type);
	json_digests(item, ev);
	log_json_match(item, match);
	log_json_hex(item, "data", ev->data, ev->size);
	event_meaning(ev, tree, text, sizeof(text));
	out_json_str(item, "meaning", text);
	json_quirks(item, ev);
	json_details(item, ev, tree);
}

/* One event at a time: the events of a log of 20 MB would take 600 MB. */
static void show_json(const struct cmd *cmd, struct ccg_log *log,
		      const struct ccg_trees *trees, struct log_filter *f)
{
	const struct cc_log *summary = ccg_log_summary(log);
	struct json_object *o = out_json(cmd);
	struct out_json_list list;
	struct cc_log_event ev;

	log_json_summary(o, log);
	list = out_json_list(cmd, o, "events");
	while (ccg_log_next(log, &ev)) {
		if (!log_filter_has(f, &ev))
			continue;
		o = out_json_have(json_object_new_object());
		json_event(o, summary, &ev, ccg_trees_of(trees, ev.nr),
			   log_filter_compare(f, log, &ev));
		out_json_list_put(&list, o);
	}
	out_json_list_end(&list);
}

static struct out_yaml yaml_sink(void)
{
	struct out_yaml y = out_yaml_at(2);

	y.sink.tpm2_eventlog = true;
	return y;
}

static void yaml_header(const struct cc_log *log)
{
	struct out_yaml y = yaml_sink();

	if (!log->signature)
		return;
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
	struct out_yaml y = yaml_sink();
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

static void print_yaml(struct ccg_log *log, const struct ccg_trees *trees,
		       struct log_filter *f, const struct ccg_register *regs,
		       size_t n_regs, int version)
{
	const struct cc_log *summary = ccg_log_summary(log);
	struct cc_log_event ev;
	char name[16], *hex;

	printf("---\nversion: %d\nevents:\n", version);
	yaml_header(summary);
	while (ccg_log_next(log, &ev)) {
		if (!log_filter_has(f, &ev))
			continue;
		log_filter_compare(f, log, &ev);
		yaml_event(&ev, ccg_trees_of(trees, ev.nr), version);
	}
	if (ccg_log_fault(log)) {
		printf("# malformed from event %zu on\n", summary->nr);
		return;
	}
	/* The key says whether the registers are PCRs. */
	printf("%s:\n", ccg_log_uses_pcrs(summary) ? "pcrs" : "mrs");
	for (size_t i = 0; i < n_regs; i++) {
		if (!i || regs[i].alg != regs[i - 1].alg)
			printf("  %s:\n", alg_name(regs[i].alg, name, sizeof(name)));
		hex = log_hex(regs[i].value, regs[i].len);
		printf("    %-2" PRIu32 " : 0x%s\n", regs[i].index, hex);
		free(hex);
	}
}

static int show_yaml(struct cmd *cmd, struct ccg_log *log,
		     const struct ccg_trees *trees, struct log_filter *f,
		     int version)
{
	struct ccg_register *regs;
	size_t n;

	if (ccg_log_replay(log, &regs, &n))
		return fail(cmd);
	print_yaml(log, trees, f, regs, n, version);
	free(regs);
	return 0;
}

static int show(struct cmd *cmd, struct ccg_log *log, struct log_filter *f)
{
	const char *yaml = cmd->opt[SHOW_YAML];
	struct ccg_trees *trees;
	int status = 0;

	if (ccg_log_trees(cmd->ctx, log, cmd->opt[SHOW_IMAGES], &trees))
		return fail(cmd);
	if (yaml)
		status = show_yaml(cmd, log, trees, f, *yaml == '1' ? 1 : 2);
	else if (cmd->json)
		show_json(cmd, log, trees, f);
	else
		show_text(cmd, log, trees, f);
	if (!status)
		log_filter_note(f);
	log_note_quirks(log);
	log_note_trees(trees);
	ccg_trees_free(trees);
	if (!status && ccg_log_fault(log)) {
		ccg_log_fail(log);
		return fail(cmd);
	}
	return status ? status : log_filter_status(f, cmd, log);
}

static int run_show(struct cmd *cmd)
{
	const char *yaml = cmd->opt[SHOW_YAML];
	struct log_filter f;
	struct ccg_log *log;
	int status;

	if (yaml && strcmp(yaml, "") && strcmp(yaml, "1") && strcmp(yaml, "2"))
		return usage_error(cmd, yaml, "--yaml is 1 or 2");
	if (yaml && cmd->json)
		return usage_error(cmd, "--yaml", "cannot be used with --json");
	status = log_open_partly(cmd, &log);
	if (status)
		return status;
	status = log_filter_init(&f, cmd, ccg_log_summary(log), SHOW_REGISTER,
				 SHOW_TYPE);
	if (!status)
		status = show(cmd, log, &f);
	log_filter_free(&f);
	ccg_log_close(log);
	return status;
}

const struct verb log_show = {
	.name = "show",
	.args = "[FILE|NUMBER]",
	.summary = "Shows the events, one on a line",
	.text =
"FILE is - for standard input. Without FILE, the log of this machine is read.\n"
"NUMBER is the number of a log that log list prints; ./NUMBER is a file of that\n"
"name. A log with a malformed header is refused. The events in front of another\n"
"fault are printed, then the offset and the reason; the exit status is 1.\n"
"With -v, all digests and data are printed. The contents of a realm's Device Tree\n"
"are printed too. The tree comes from the log, from the file in DIR that has its\n"
"digest, or from the kernel of this machine.\n",
	.opts = show_opts,
	.n_opts = ARRAY_SIZE(show_opts),
	.max_args = 1,
	.takes_from = true,
	.schema = 2,
	.run = run_show,
};
