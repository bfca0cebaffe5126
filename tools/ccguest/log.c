// SPDX-License-Identifier: GPL-2.0-only
/*
 * ccguest log: show, replay, verify, rim, make
 */
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include <ccguest/cca.h>
#include <ccguest/ctx.h>
#include <ccguest/file.h>
#include <ccguest/log.h>
#include <ccguest/text.h>
#include <ccguest/verify.h>

#include "log.h"

/* Bytes of a digest that are shown without -v. */
#define DIGEST_SHORT	8
/* Of the columns of show: number, register, type, digest. */
#define WIDTH_NR	5
#define WIDTH_REG	6
#define WIDTH_TYPE	29
#define WIDTH_DIGEST	(2 * DIGEST_SHORT)

/* What show and replay have in common, in this order. */
enum { READ_STRICT, READ_REALM, READ_PLACE, N_READ };

#define READ_OPTS							\
	[READ_STRICT] = {						\
		"strict", 0, NULL,					\
		"refuse what a TPM's log never has"			\
	},								\
	[READ_REALM] = {						\
		"realm", 0, NULL, "the log is an Arm CCA realm's"	\
	},								\
	[READ_PLACE] = {						\
		"place", 0, "BASE+SIZE",				\
		"where in memory the log was found"			\
	}

/* A number and what ends it; false where there is none. */
static bool take_number(const char **text, char end, uint64_t *val)
{
	char *after;

	/* strtoull() takes a sign and blanks. */
	if (**text < '0' || **text > '9')
		return false;
	errno = 0;
	*val = strtoull(*text, &after, 0);
	if (errno || *after != end)
		return false;
	*text = after + 1;
	return true;
}

static int read_opts(struct cmd *cmd, struct cc_log_opts *opts)
{
	const char *place = cmd->opt[READ_PLACE], *p = place;

	*opts = (struct cc_log_opts) {};
	if (cmd->opt[READ_STRICT])
		opts->flags |= CC_LOG_STRICT;
	if (cmd->opt[READ_REALM])
		opts->flags |= CC_LOG_REALM;
	if (!place)
		return 0;
	opts->flags |= CC_LOG_PLACED;
	if (take_number(&p, '+', &opts->place.base) &&
	    take_number(&p, '\0', &opts->place.size))
		return 0;
	return usage_error(cmd, place, "--place is an address, + and a size");
}

static int open_log(struct cmd *cmd, struct ccg_log **logp)
{
	const char *file = cmd->argc ? cmd->argv[0] : cmd->from;
	struct cc_log_opts opts;
	int status;

	if (cmd->argc && cmd->from)
		return usage_error(cmd, cmd->argv[0], "not together with -F");
	status = read_opts(cmd, &opts);
	if (status)
		return status;
	return ccg_log_open(cmd->ctx, file, &opts, logp) ? fail(cmd) : 0;
}

/* What is odd is said whatever the format. */
static void note_quirks(const struct ccg_log *log)
{
	const struct cc_log *s = ccg_log_summary(log);

	for (unsigned int i = 0; i < CC_LOG_N_QUIRKS; i++)
		if (s->quirks & 1U << i)
			out_note("%s: %s, at offset %zu", ccg_log_path(log),
				 ccg_log_quirk_text(i), s->quirk_at[i]);
	if (s->n_trailing)
		out_note("%s: %zu bytes behind the end are no padding",
			 ccg_log_path(log), s->n_trailing);
}

static void note_trees(const struct ccg_trees *trees)
{
	const struct ccg_tree *t;

	for (size_t n = 0; (t = ccg_trees_at(trees, n)); n++)
		for (unsigned int i = 0; i < CCG_TREE_N_QUIRKS; i++)
			if (t->quirks & 1U << i)
				out_note("event %zu: %s %s", t->event,
					 t->source, ccg_tree_quirk_text(i));
}

/* ---- show ---- */

enum { SHOW_YAML = N_READ, SHOW_IMAGES };

static const struct opt show_opts[] = {
	READ_OPTS,
	[SHOW_YAML] = {
		"yaml", 0, "[=VERSION]",
		"print what tpm2_eventlog prints; VERSION is 1 or 2 (default)"
	},
	[SHOW_IMAGES] = {
		"images", 0, "DIR", "directory in which a Device Tree is looked for"
	},
};

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
	snprintf(text, sizeof(text), "%zu in %zu bytes, %zu bytes of padding",
		 s->nr - 1, s->pos, s->len - s->pos - s->n_trailing);
	out_cell(&t, 1, OUT_PLAIN, text);
	out_table_print(&t);
}

/* The one that most others know too. */
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

/* The same few, again and again. */
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

/* In fixed columns: a log may have tens of thousands of events. */
static void text_event(const struct cc_log *log, const struct cc_log_event *ev,
		       const struct ccg_tree *tree, bool verbose)
{
	const struct cc_digest *d = best_digest(ev);
	char nr[24], type[16], digest[2 * DIGEST_SHORT + 1] = "-";
	char meaning[1024];

	if (d)
		ccg_hex(d->data, d->len < DIGEST_SHORT ? d->len : DIGEST_SHORT,
			digest);
	log_meaning(ev, tree, meaning, sizeof(meaning));
	out_column(decimal(ev->nr, nr, sizeof(nr)), WIDTH_NR, true);
	out_column(register_name(log, ev->index), WIDTH_REG, false);
	out_column(short_type(ev->type, type, sizeof(type)), WIDTH_TYPE, false);
	out_column(digest, WIDTH_DIGEST, false);
	out_text(meaning);
	putchar('\n');
	if (!verbose)
		return;
	text_digests(ev);
	log_details(ev, tree);
}

static void show_text(const struct cmd *cmd, struct ccg_log *log,
		      const struct ccg_trees *trees)
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
		text_event(s, &ev, ccg_trees_of(trees, ev.nr), cmd->verbose);
}

static void show_json(const struct cmd *cmd, struct ccg_log *log,
		      const struct ccg_trees *trees)
{
	struct json_object *o = out_json(cmd);

	log_json_summary(o, log);
	log_json_events(out_json_array(o, "events"), log, trees);
	out_json_print(cmd, o);
}

static int show_yaml(struct cmd *cmd, struct ccg_log *log,
		     const struct ccg_trees *trees, int version)
{
	struct ccg_register *regs;
	size_t n;

	if (ccg_log_replay(log, &regs, &n))
		return fail(cmd);
	log_yaml(log, trees, regs, n, version);
	free(regs);
	return 0;
}

static int run_show(struct cmd *cmd)
{
	const char *yaml = cmd->opt[SHOW_YAML];
	struct ccg_trees *trees;
	struct ccg_log *log;
	int status;

	if (yaml && strcmp(yaml, "") && strcmp(yaml, "1") && strcmp(yaml, "2"))
		return usage_error(cmd, yaml, "--yaml is 1 or 2");
	if (yaml && cmd->json)
		return usage_error(cmd, "--yaml", "not together with --json");
	status = open_log(cmd, &log);
	if (status)
		return status;
	if (ccg_log_trees(cmd->ctx, log, cmd->opt[SHOW_IMAGES], &trees)) {
		ccg_log_close(log);
		return fail(cmd);
	}
	if (yaml)
		status = show_yaml(cmd, log, trees, *yaml == '1' ? 1 : 2);
	else if (cmd->json)
		show_json(cmd, log, trees);
	else
		show_text(cmd, log, trees);
	note_quirks(log);
	note_trees(trees);
	ccg_trees_free(trees);
	ccg_log_close(log);
	return status;
}

/* ---- replay ---- */

static const struct opt replay_opts[] = {
	READ_OPTS,
};

static void replay_text(const struct cc_log *log,
			const struct ccg_register *regs, size_t n)
{
	static const char *const heads[] = {
		"REGISTER", "ALGORITHM", "EVENTS", "VALUE",
	};
	struct out_table t;
	char text[16], *hex;

	out_table_init(&t, heads, ARRAY_SIZE(heads), 1U << 2);
	for (size_t i = 0; i < n; i++) {
		ccg_log_register_name(log, regs[i].index, text, sizeof(text));
		out_cell(&t, 0, OUT_PLAIN, text);
		out_cell(&t, 1, OUT_PLAIN, ccg_log_alg_name(regs[i].alg));
		snprintf(text, sizeof(text), "%zu", regs[i].n_events);
		out_cell(&t, 2, OUT_PLAIN, text);
		hex = log_hex(regs[i].value, regs[i].len);
		out_cell(&t, 3, OUT_PLAIN, hex);
		free(hex);
	}
	out_table_print(&t);
}

static void replay_json(const struct cmd *cmd, const struct ccg_log *log,
			const struct ccg_register *regs, size_t n)
{
	struct json_object *o = out_json(cmd), *array, *item;
	char text[16], *hex;

	log_json_summary(o, log);
	array = out_json_array(o, "registers");
	for (size_t i = 0; i < n; i++) {
		item = out_json_item(array);
		ccg_log_register_name(ccg_log_summary(log), regs[i].index, text,
				      sizeof(text));
		out_json_str(item, "register", text);
		out_json_int(item, "index", regs[i].index);
		out_json_str(item, "algorithm", ccg_log_alg_name(regs[i].alg));
		out_json_int(item, "events", regs[i].n_events);
		hex = log_hex(regs[i].value, regs[i].len);
		out_json_str(item, "value", hex);
		free(hex);
	}
	out_json_print(cmd, o);
}

static int run_replay(struct cmd *cmd)
{
	struct ccg_register *regs;
	struct ccg_log *log;
	int status;
	size_t n;

	status = open_log(cmd, &log);
	if (status)
		return status;
	if (ccg_log_replay(log, &regs, &n)) {
		status = fail(cmd);
	} else {
		if (cmd->json)
			replay_json(cmd, log, regs, n);
		else
			replay_text(ccg_log_summary(log), regs, n);
		free(regs);
	}
	note_quirks(log);
	ccg_log_close(log);
	return status;
}

/* ---- verify ---- */

enum {
	VERIFY_IMAGES = N_READ, VERIFY_DATABASE, VERIFY_TOKEN, VERIFY_KEY,
	VERIFY_NONCE, VERIFY_REGISTERS, VERIFY_RMM, VERIFY_RIPAS, VERIFY_REM,
};

static const struct opt verify_opts[] = {
	READ_OPTS,
	[VERIFY_IMAGES] = {
		"images", 0, "DIR", "directory of known-good images"
	},
	[VERIFY_DATABASE] = {
		"database", 0, "DIR", "where digests of their granules are kept"
	},
	[VERIFY_TOKEN] = { "token", 0, "FILE", "attestation token of Arm CCA" },
	[VERIFY_KEY] = { "key", 0, "FILE", "public key of the platform" },
	[VERIFY_NONCE] = {
		"nonce", 0, "HEX", "what the realm was challenged with"
	},
	[VERIFY_REGISTERS] = {
		"registers", 0, "FILE", "expected values of registers, in JSON"
	},
	[VERIFY_RMM] = { "rmm", 0, "VERSION", "1.0, 2.0 or auto (default)" },
	[VERIFY_RIPAS] = {
		"ripas-blocks", 0, "SIZE",
		"largest with which the host declares memory, or auto (default)"
	},
	[VERIFY_REM] = {
		"rem-extend", 0, "FORM", "tf-rmm (default) or padded"
	},
};

/*
 * A cache is good enough: what is lost is worked out again. Paths that are not
 * absolute count for nothing, and the cache is made where it is missing, says
 * the XDG base directory specification.
 */
static int default_database(char **pathp)
{
	static const char hint[] = "name a directory with --database";
	const char *cache = getenv("XDG_CACHE_HOME"), *below = "";
	char *path;
	size_t len;

	if (!cache || *cache != '/') {
		cache = getenv("HOME");
		below = "/.cache";
	}
	if (!cache || *cache != '/') {
		out_error("database", "neither XDG_CACHE_HOME nor HOME is an absolute path",
			  hint);
		return CCG_FAILED;
	}
	len = strlen(cache) + strlen(below) + sizeof("/ccguest-granules");
	path = out_alloc(NULL, len);
	*pathp = path;
	snprintf(path, len, "%s%s", cache, below);
	if (mkdir(path, 0700) && errno != EEXIST) {
		out_error(path, strerror(errno), hint);
		return CCG_FAILED;
	}
	strcat(path, "/ccguest-granules");
	return 0;
}

static int ripas_arg(struct cmd *cmd, const char *name, unsigned int *blocks)
{
	*blocks = ccg_ripas_blocks(name);
	return *blocks ? 0 :
	       usage_error(cmd, name, "--ripas-blocks is 4K, 2M, 1G or 512G");
}

static int verify_args(struct cmd *cmd, struct ccg_verify *v)
{
	const char *rmm = cmd->opt[VERIFY_RMM], *rem = cmd->opt[VERIFY_REM];
	const char *ripas = cmd->opt[VERIFY_RIPAS];

	v->images = cmd->opt[VERIFY_IMAGES];
	v->database = cmd->opt[VERIFY_DATABASE];
	if (!cmd->opt[VERIFY_TOKEN] && !cmd->opt[VERIFY_REGISTERS])
		return usage_error(cmd, "verify",
				   "needs --token and --key, or --registers");
	if (!cmd->opt[VERIFY_TOKEN] != !cmd->opt[VERIFY_KEY])
		return usage_error(cmd, "--token", "goes together with --key");
	if (cmd->opt[VERIFY_NONCE] && !cmd->opt[VERIFY_TOKEN])
		return usage_error(cmd, "--nonce", "goes together with --token");
	if (rmm && !strcmp(rmm, "1.0"))
		v->rmm = 1;
	else if (rmm && !strcmp(rmm, "2.0"))
		v->rmm = 2;
	else if (rmm && strcmp(rmm, "auto"))
		return usage_error(cmd, rmm, "--rmm is 1.0, 2.0 or auto");
	if (rem && !strcmp(rem, "padded"))
		v->padded = true;
	else if (rem && strcmp(rem, "tf-rmm"))
		return usage_error(cmd, rem, "--rem-extend is tf-rmm or padded");
	if (ripas && strcmp(ripas, "auto"))
		return ripas_arg(cmd, ripas, &v->blocks);
	return 0;
}

/* Whoever asked for JSON gets a verdict where there is one: the token's. */
static int token_failed(struct cmd *cmd)
{
	const struct ccg_error *e = ccg_error(cmd->ctx);
	struct json_object *o;

	if (!cmd->json || e->kind != CCG_UNVERIFIED)
		return fail(cmd);
	o = out_json(cmd);
	out_json_bool(o, "adds_up", false);
	out_json_str(o, "verdict", "the token is not good");
	out_json_str(o, "culprit", e->why);
	out_json_print(cmd, o);
	return fail(cmd);
}

static int take_token(struct cmd *cmd, struct ccg_verify *v)
{
	const char *hex = cmd->opt[VERIFY_NONCE];
	struct ccg_token token;
	uint8_t nonce[64];
	size_t len = 0;

	if (!cmd->opt[VERIFY_TOKEN])
		return 0;
	if (hex && ccg_unhex(hex, nonce, sizeof(nonce), &len))
		return usage_error(cmd, hex,
				   "--nonce is 64 bytes at most, in hexadecimal");
	if (ccg_token_verify(cmd->ctx, cmd->opt[VERIFY_TOKEN],
			     cmd->opt[VERIFY_KEY], hex ? nonce : NULL, len,
			     &token))
		return token_failed(cmd);
	if (token.hash_differs)
		out_note("%s: the measurements are not as long as the hash algorithm says",
			 cmd->opt[VERIFY_TOKEN]);
	ccg_verify_token(v, &token);
	return 0;
}

static const char *const trusts[] = {
	[CCG_CLAIMED] = "CLAIMED",
	[CCG_CONSISTENT] = "CONSISTENT",
	[CCG_VERIFIED] = "VERIFIED",
};

static const enum out_color trust_colors[] = {
	[CCG_CLAIMED] = OUT_WARN,
	[CCG_CONSISTENT] = OUT_PLAIN,
	[CCG_VERIFIED] = OUT_GOOD,
};

static const char *const matches[] = {
	[CCG_MATCHES] = "matches",
	[CCG_UNLOGGED] = "extended without a log entry",
	[CCG_UNKNOWN_VALUE] = "cannot be worked out",
	[CCG_DIFFERS] = "differs",
};

/* On the whole. */
static const char *const verdicts[] = {
	[CCG_MATCHES] = "adds up",
	[CCG_UNLOGGED] = "extended without a log entry",
	[CCG_UNKNOWN_VALUE] = "cannot be worked out",
	[CCG_DIFFERS] = "does not add up",
};

static void verify_text(struct ccg_log *log, const struct ccg_verify *v)
{
	static const char *const event_heads[] = {
		"EVENT", "WHERE", "TRUST", "MEANING",
	};
	static const char *const reg_heads[] = { "REGISTER", "RESULT", "VALUE" };
	const struct cc_log *s = ccg_log_summary(log);
	char reg[16], text[1024], *hex;
	struct cc_log_event ev;
	struct out_table t;

	out_table_init(&t, event_heads, ARRAY_SIZE(event_heads), 1);
	while (ccg_log_next(log, &ev)) {
		snprintf(text, sizeof(text), "%zu", ev.nr);
		out_cell(&t, 0, OUT_PLAIN, text);
		ccg_log_register_name(s, ev.index, reg, sizeof(reg));
		out_cell(&t, 1, OUT_PLAIN, reg);
		out_cell(&t, 2, trust_colors[v->trust[ev.nr - 1]],
			 trusts[v->trust[ev.nr - 1]]);
		ccg_log_meaning(&ev, text, sizeof(text));
		out_cell(&t, 3, OUT_PLAIN, text);
	}
	out_table_print(&t);
	printf("\n");
	out_table_init(&t, reg_heads, ARRAY_SIZE(reg_heads), 0);
	for (size_t i = 0; i < v->n_expected; i++) {
		const struct ccg_expected *e = &v->expected[i];

		ccg_log_register_name(s, e->index, reg, sizeof(reg));
		out_cell(&t, 0, OUT_PLAIN, reg);
		out_cell(&t, 1, e->match == CCG_MATCHES ? OUT_GOOD : OUT_BAD,
			 matches[e->match]);
		hex = log_hex(e->value, e->len);
		out_cell(&t, 2, OUT_PLAIN, hex);
		free(hex);
	}
	out_table_print(&t);
	printf("\n");
	if (ccg_ripas_name(v->blocks_found))
		printf("The initial measurement is that of RMM 1.0, memory in blocks up to %s.\n",
		       ccg_ripas_name(v->blocks_found));
	else if (v->rmm_found)
		printf("The initial measurement is that of RMM %d.0.\n",
		       v->rmm_found);
	printf("Verdict: %s\n", verdicts[v->verdict]);
}

static void verify_json(const struct cmd *cmd, struct ccg_log *log,
			const struct ccg_verify *v)
{
	const struct cc_log *s = ccg_log_summary(log);
	struct json_object *o = out_json(cmd), *array, *item;
	char text[1024], *hex;
	struct cc_log_event ev;

	log_json_summary(o, log);
	out_json_bool(o, "adds_up", v->good);
	out_json_str(o, "verdict", verdicts[v->verdict]);
	out_json_str(o, "culprit", *v->culprit ? v->culprit : NULL);
	out_json_str(o, "rmm", v->rmm_found == 1 ? "1.0" :
			       v->rmm_found == 2 ? "2.0" : NULL);
	out_json_str(o, "ripas_blocks", ccg_ripas_name(v->blocks_found));
	array = out_json_array(o, "events");
	while (ccg_log_next(log, &ev)) {
		item = out_json_item(array);
		out_json_int(item, "event", ev.nr);
		ccg_log_register_name(s, ev.index, text, sizeof(text));
		out_json_str(item, "register", text);
		out_json_str(item, "trust", trusts[v->trust[ev.nr - 1]]);
		ccg_log_meaning(&ev, text, sizeof(text));
		out_json_str(item, "meaning", text);
	}
	array = out_json_array(o, "registers");
	for (size_t i = 0; i < v->n_expected; i++) {
		const struct ccg_expected *e = &v->expected[i];

		item = out_json_item(array);
		ccg_log_register_name(s, e->index, text, sizeof(text));
		out_json_str(item, "register", text);
		out_json_str(item, "algorithm", ccg_log_alg_name(e->alg));
		out_json_str(item, "result", matches[e->match]);
		hex = log_hex(e->value, e->len);
		out_json_str(item, "value", hex);
		free(hex);
	}
	out_json_print(cmd, o);
}

static bool is_vouched_for(const struct ccg_verify *v, const struct ccg_tree *t)
{
	return t->measured && v->trust[t->measured - 1] == CCG_VERIFIED;
}

/* The guest believes a tree, whoever vouches for it. */
static void note_claimed(const struct ccg_verify *v,
			 const struct ccg_trees *trees)
{
	const struct ccg_tree *t;

	note_trees(trees);
	for (size_t i = 0; (t = ccg_trees_at(trees, i)); i++)
		if (!is_vouched_for(v, t))
			out_note("event %zu: the Device Tree is CLAIMED, so are boot arguments",
				 t->event);
}

/* Only a realm's initial measurement is made of images. */
static bool has_images(const struct ccg_log *log, const struct ccg_verify *v)
{
	if (!v->realm && !ccg_log_summary(log)->is_realm)
		return false;
	for (size_t i = 0; i < v->n_expected; i++)
		if (!v->expected[i].index)
			return true;
	return false;
}

static int choose_database(const struct ccg_log *log, struct ccg_verify *v,
			   char **pathp)
{
	int status;

	if (v->database || !has_images(log, v))
		return 0;
	status = default_database(pathp);
	v->database = *pathp;
	return status;
}

static int verify_open(struct cmd *cmd, struct ccg_log *log,
		       struct ccg_verify *v, char **database)
{
	const char *file = cmd->opt[VERIFY_REGISTERS];
	struct ccg_trees *trees;
	int status;

	if (file && ccg_verify_registers(cmd->ctx, log, file, v))
		return fail(cmd);
	status = choose_database(log, v, database);
	if (status)
		return status;
	/* All that can fail comes before the verdict. */
	if (ccg_verify_log(cmd->ctx, log, v) ||
	    ccg_log_trees(cmd->ctx, log, v->images, &trees))
		return fail(cmd);
	if (cmd->json)
		verify_json(cmd, log, v);
	else
		verify_text(log, v);
	note_claimed(v, trees);
	ccg_trees_free(trees);
	if (v->good)
		return 0;
	out_error(ccg_log_path(log), verdicts[v->verdict],
		  *v->culprit ? v->culprit : NULL);
	return CCG_UNVERIFIED;
}

static int run_verify(struct cmd *cmd)
{
	struct ccg_verify *v = out_alloc(NULL, sizeof(*v));
	char *database = NULL;
	struct ccg_log *log = NULL;
	int status;

	memset(v, 0, sizeof(*v));
	status = verify_args(cmd, v);
	if (!status)
		status = take_token(cmd, v);
	if (!status)
		status = open_log(cmd, &log);
	if (!status) {
		status = verify_open(cmd, log, v, &database);
		note_quirks(log);
		ccg_log_close(log);
	}
	ccg_verify_free(v);
	free(v);
	free(database);
	return status;
}

/* ---- rim ---- */

enum { RIM_RIPAS };

static const struct opt rim_opts[] = {
	[RIM_RIPAS] = {
		"ripas-blocks", 0, "SIZE",
		"largest with which the host declares memory: 4K, 2M, 1G, 512G"
	},
};

static int run_rim(struct cmd *cmd)
{
	const char *ripas = cmd->opt[RIM_RIPAS];
	unsigned int blocks = 0;
	struct json_object *o, *item;
	struct ccg_realm *realm;
	uint8_t rim[64];
	uint16_t alg = 0;
	size_t len = 0;
	char *hex;
	int rc = ripas ? ripas_arg(cmd, ripas, &blocks) : 0;

	if (rc)
		return rc;
	if (ccg_realm_load(cmd->ctx, cmd->argv[0], &realm))
		return fail(cmd);
	if (ripas)
		ccg_realm_set_blocks(realm, blocks);
	rc = ccg_realm_rim(realm, rim, &len, &alg);
	ccg_realm_free(realm);
	if (rc)
		return fail(cmd);
	hex = log_hex(rim, len);
	if (cmd->json) {
		o = out_json(cmd);
		item = out_json_item(out_json_array(o, "registers"));
		out_json_str(item, "register", "RIM");
		out_json_int(item, "index", 0);
		out_json_str(item, "algorithm", ccg_log_alg_name(alg));
		out_json_str(item, "value", hex);
		out_json_print(cmd, o);
	} else {
		printf("%s\n", hex);
	}
	free(hex);
	return 0;
}

/* ---- make ---- */

enum { MAKE_OUTPUT };

static const struct opt make_opts[] = {
	[MAKE_OUTPUT] = { "output", 'o', "FILE", "write into FILE" },
};

static int run_make(struct cmd *cmd)
{
	const char *path = cmd->opt[MAKE_OUTPUT];
	struct ccg_realm *realm;
	uint8_t *buf;
	size_t len;
	int rc, status = 0;

	if (!path || !*path)
		return usage_error(cmd, "make", "needs --output FILE");
	if (ccg_realm_load(cmd->ctx, cmd->argv[0], &realm))
		return fail(cmd);
	rc = ccg_realm_log(realm, &buf, &len);
	ccg_realm_free(realm);
	if (rc)
		return fail(cmd);
	if (ccg_file_save(cmd->ctx, path, buf, len))
		status = fail(cmd);
	else
		out_result("%s: %zu bytes written", path, len);
	free(buf);
	return status;
}

static const struct verb log_verbs[] = {
	{
		.name = "show",
		.args = "[FILE]",
		.summary = "Shows the events, one on a line",
		.text =
"FILE is - for standard input; without one, this machine's log. A malformed log\n"
"is refused, with the place and the reason. With -v, all digests and data. What\n"
"a realm's Device Tree tells is shown too: of the tree that the log holds, that\n"
"DIR has by its digest, or that this machine was started with.\n",
		.opts = show_opts,
		.n_opts = ARRAY_SIZE(show_opts),
		.max_args = 1,
		.takes_from = true,
		.run = run_show,
	},
	{
		.name = "replay",
		.args = "[FILE]",
		.summary = "Works out the registers that a log adds up to",
		.text =
"A realm's initial measurement is no such register.\n",
		.opts = replay_opts,
		.n_opts = ARRAY_SIZE(replay_opts),
		.max_args = 1,
		.takes_from = true,
		.run = run_replay,
	},
	{
		.name = "verify",
		.args = "[FILE]",
		.summary = "Finds out whether a log adds up to what the hardware measured",
		.text =
"Ends with 5 unless it does. The registers are those of an attestation token,\n"
"or of a file as log replay --json and log rim --json print it. A realm's\n"
"initial measurement is worked out from the log and known-good images.\n",
		.opts = verify_opts,
		.n_opts = ARRAY_SIZE(verify_opts),
		.max_args = 1,
		.takes_from = true,
		.run = run_verify,
	},
	{
		.name = "rim",
		.args = "DESCRIPTION",
		.summary = "Works out a realm's initial measurement",
		.text =
"DESCRIPTION is a file in JSON, see ccguest-log(1).\n",
		.opts = rim_opts,
		.n_opts = ARRAY_SIZE(rim_opts),
		.min_args = 1,
		.max_args = 1,
		.run = run_rim,
	},
	{
		.name = "make",
		.args = "DESCRIPTION",
		.summary = "Writes the log of a guest, for tests and for VMMs",
		.text =
"DESCRIPTION is a file in JSON, see ccguest-log(1).\n",
		.opts = make_opts,
		.n_opts = ARRAY_SIZE(make_opts),
		.min_args = 1,
		.max_args = 1,
		.run = run_make,
	},
};

const struct group log_group = {
	.name = "log",
	.summary = "What was measured into the guest before it ran",
	.verbs = log_verbs,
	.n_verbs = ARRAY_SIZE(log_verbs),
};
