// SPDX-License-Identifier: GPL-2.0-only
/*
 * The parser of the command line: options, operands, and errors.
 */
#include <errno.h>
#include <getopt.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <ccguest/ctx.h>

#include "cli.h"
#include "out_text.h"

/* Values of getopt_long() for global options and for options of the verb. */
#define GLOBAL_BASE	256
#define VERB_BASE	512

enum {
	OPT_JSON, OPT_VERBOSE, OPT_QUIET, OPT_COLOR, OPT_ROOT, OPT_FROM,
	OPT_HELP, OPT_VERSION,
	N_GLOBAL
};

const struct opt global_opts[] = {
	[OPT_JSON] = {
		"json", 0, "[=STYLE]",
		"print a JSON object; STYLE is pretty (default) or short"
	},
	[OPT_VERBOSE] = { "verbose", 'v', NULL, "print more" },
	[OPT_QUIET] = {
		"quiet", 'q', NULL, "print only errors and the requested data"
	},
	[OPT_COLOR] = {
		"color", 0, "WHEN", "auto (default), always or never"
	},
	[OPT_ROOT] = {
		"root", 0, "DIR", "read /sys, /proc, /dev, /lib, /etc below DIR"
	},
	[OPT_FROM] = {
		"from", 'F', "FILE", "work on FILE instead of this machine"
	},
	[OPT_HELP] = { "help", 'h', NULL, "describe the command" },
	[OPT_VERSION] = { "version", 0, NULL, "print the version" },
};

const size_t n_global_opts = ARRAY_SIZE(global_opts);

const struct group *find_group(const struct group *const *groups,
			       const char *name)
{
	for (; *groups; groups++)
		if (!strcmp((*groups)->name, name))
			return *groups;
	return NULL;
}

const struct verb *find_verb(const struct group *group, const char *name)
{
	size_t i;

	for (i = 0; i < group->n_verbs; i++)
		if (group->verbs[i]->name &&
		    !strcmp(group->verbs[i]->name, name))
			return group->verbs[i];
	return NULL;
}

bool is_topic(const struct group *group, const char *word)
{
	size_t i, len = strlen(word);
	const char *name;

	for (i = 0; i < group->n_verbs; i++) {
		name = group->verbs[i]->name;
		if (name && !strncmp(name, word, len) && name[len] == ' ')
			return true;
	}
	return false;
}

int usage_error(const struct cmd *cmd, const char *what, const char *why)
{
	const char *group = cmd && cmd->group ? cmd->group->name : NULL;
	const char *verb = cmd && cmd->verb ? cmd->verb->name : NULL;
	char hint[128];

	snprintf(hint, sizeof(hint), "ccguest help%s%s%s%s shows the usage",
		 group ? " " : "", group ? group : "", verb ? " " : "",
		 verb ? verb : "");
	out_error(what, why, hint);
	return CCG_USAGE;
}

int fail(const struct cmd *cmd)
{
	const struct ccg_error *e = ccg_error(cmd->ctx);

	out_error(e->what, e->why, e->hint);
	return e->kind;
}

bool take_number(const char **text, char end, int base, uint64_t *val)
{
	char *after;

	/* strtoull() also accepts a sign and blanks. */
	if (**text < '0' || **text > '9')
		return false;
	errno = 0;
	*val = strtoull(*text, &after, base);
	if (errno || *after != end)
		return false;
	*text = after + 1;
	return true;
}

int option_number(const struct cmd *cmd, size_t opt, uint64_t low,
		  uint64_t high, uint64_t *n)
{
	const char *text = cmd->opt[opt], *p = text;
	char why[96];

	if (!text)
		return 0;
	if (take_number(&p, '\0', 10, n) && *n >= low && *n <= high)
		return 0;
	snprintf(why, sizeof(why), "--%s is a number from %" PRIu64 " to %" PRIu64,
		 cmd->verb->opts[opt].name, low, high);
	return usage_error(cmd, text, why);
}

static int set_json(struct cli *cli, const char *style)
{
	if (!style || !strcmp(style, "pretty"))
		cli->cmd.json = JSON_PRETTY;
	else if (!strcmp(style, "short"))
		cli->cmd.json = JSON_SHORT;
	else
		return usage_error(&cli->cmd, style,
				   "--json is pretty or short");
	return 0;
}

static int set_color(struct cli *cli, const char *when)
{
	if (!strcmp(when, "auto"))
		cli->color = OUT_AUTO;
	else if (!strcmp(when, "always"))
		cli->color = OUT_ALWAYS;
	else if (!strcmp(when, "never"))
		cli->color = OUT_NEVER;
	else
		return usage_error(&cli->cmd, when,
				   "--color is auto, always or never");
	return 0;
}

static int set_global(struct cli *cli, size_t i, char *arg)
{
	switch (i) {
	case OPT_JSON:
		return set_json(cli, arg);
	case OPT_VERBOSE:
		cli->cmd.verbose++;
		return 0;
	case OPT_QUIET:
		cli->quiet = true;
		return 0;
	case OPT_COLOR:
		return set_color(cli, arg);
	case OPT_ROOT:
		cli->root = arg;
		return 0;
	case OPT_FROM:
		cli->cmd.from = arg;
		return 0;
	case OPT_HELP:
		cli->help = true;
		return 0;
	default:
		cli->version = true;
		return 0;
	}
}

/**
 * struct getopt_args - arguments of getopt_long()
 * @shorts: string of short options
 * @longs: array of long options
 * @n: number of @longs so far
 */
struct getopt_args {
	char shorts[2 + 2 * (N_GLOBAL + OPTS_MAX) + 1];
	struct option longs[N_GLOBAL + OPTS_MAX + 1];
	size_t n;
};

static void add_opts(struct getopt_args *g, const struct opt *opts, size_t n,
		     int base)
{
	char *s = g->shorts + strlen(g->shorts);
	size_t i;

	for (i = 0; i < n; i++) {
		const struct opt *o = &opts[i];
		bool optional = o->arg && *o->arg == '[';

		g->longs[g->n++] = (struct option) {
			.name = o->name,
			.has_arg = optional ? optional_argument :
				   o->arg ? required_argument : no_argument,
			.val = base + (int)i,
		};
		if (!o->letter)
			continue;
		*s++ = o->letter;
		if (o->arg)
			*s++ = ':';
	}
	*s = '\0';
}

/*
 * getopt_long() accepts the beginning of a name. Then `wipe --a` would mean
 * `wipe --all`, and wipe all secrets.
 */
static bool is_half_a_name(const struct getopt_args *g, const char *word)
{
	size_t i, len;

	if (!word || strncmp(word, "--", 2) || !word[2])
		return false;
	word += 2;
	len = strcspn(word, "=");
	for (i = 0; i < g->n; i++)
		if (strlen(g->longs[i].name) == len &&
		    !memcmp(g->longs[i].name, word, len))
			return false;
	return true;
}

static int bad_option(struct cli *cli, int c, char **argv)
{
	char letter[3] = { '-', (char)optopt, '\0' };
	const char *what = optopt && optopt < GLOBAL_BASE ? letter :
							    argv[optind - 1];

	if (c == ':')
		return usage_error(&cli->cmd, what, "needs an argument");
	if (optopt >= GLOBAL_BASE)
		return usage_error(&cli->cmd, what, "takes no argument");
	return usage_error(&cli->cmd, what, "unknown option");
}

static void give(struct cmd *cmd, size_t opt, const char *arg)
{
	cmd->opt[opt] = arg;
	cmd->given = out_alloc(cmd->given,
			       (cmd->n_given + 1) * sizeof(*cmd->given));
	cmd->given[cmd->n_given++] = (struct given) { opt, arg };
}

static int set_option(struct cli *cli, int c)
{
	const struct verb *verb = cli->cmd.verb;
	size_t i;

	if (c < GLOBAL_BASE) {
		for (i = 0; verb && i < verb->n_opts; i++)
			if (verb->opts[i].letter == c)
				c = VERB_BASE + (int)i;
		for (i = 0; c < GLOBAL_BASE && i < n_global_opts; i++)
			if (global_opts[i].letter == c)
				c = GLOBAL_BASE + (int)i;
	}
	if (c >= VERB_BASE) {
		give(&cli->cmd, c - VERB_BASE, optarg ? optarg : "");
		return 0;
	}
	return set_global(cli, c - GLOBAL_BASE, optarg);
}

/*
 * Parses options from argv[1] on. Without a verb, it stops at the first word
 * that is not an option, and returns the index of this word. With a verb, it
 * parses all words, and collects those that are not options as operands. A
 * negative return value is the negated exit status.
 */
static int take_options(struct cli *cli, int argc, char **argv)
{
	const struct verb *verb = cli->cmd.verb;
	struct getopt_args g = {};
	const char *word;
	int c, status;

	/*
	 * With "-", getopt_long() returns 1 for each word that is not an
	 * option. POSIXLY_CORRECT in the environment has no effect then.
	 */
	snprintf(g.shorts, sizeof(g.shorts), "%s", verb ? "-:" : "+:");
	if (verb)
		add_opts(&g, verb->opts, verb->n_opts, VERB_BASE);
	add_opts(&g, global_opts, n_global_opts, GLOBAL_BASE);

	opterr = 0;
	optind = 0; /* glibc: start again */
	for (;;) {
		/* getopt_long() does not permute: it parses this word next. */
		c = optind ? optind : 1;
		word = c < argc ? argv[c] : NULL;
		if (is_half_a_name(&g, word))
			return -usage_error(&cli->cmd, word, "unknown option");
		c = getopt_long(argc, argv, g.shorts, g.longs, NULL);
		if (c == -1)
			break;
		if (c == 1 && cli->cmd.argv) {
			cli->cmd.argv[cli->cmd.argc++] = optarg;
			continue;
		}
		status = c == '?' || c == ':' ? bad_option(cli, c, argv) :
						set_option(cli, c);
		if (status)
			return -status;
	}
	return optind;
}

static int finish_operands(struct cli *cli, int argc, char **argv, int i)
{
	const struct verb *verb = cli->cmd.verb;
	struct cmd *cmd = &cli->cmd;

	/* The words behind "--" are operands. */
	for (; i < argc; i++)
		cmd->argv[cmd->argc++] = argv[i];
	if (cli->help || cli->version)
		return 0;

	if (cmd->argc < verb->min_args)
		return usage_error(cmd, verb->name ? verb->name :
						     cmd->group->name,
				   "an argument is missing");
	if (verb->max_args >= 0 && cmd->argc > verb->max_args)
		return usage_error(cmd, cmd->argv[verb->max_args],
				   "too many arguments");
	if (cmd->from && verb->from_is_root && cli->root)
		return usage_error(cmd, "--from",
				   "names a tree, as --root does; give one of them");
	if (cmd->from && verb->from_is_root)
		cli->root = cmd->from;
	else if (cmd->from && !verb->takes_from)
		return usage_error(cmd, "--from", "is not supported by this command");
	return 0;
}

/**
 * struct line - the part of the command line that is not parsed yet
 * @argc: number of words; the first one is parsed already
 * @argv: the words
 */
struct line {
	int argc;
	char **argv;
};

/* Skips global options; *word is the next word, or NULL at the end. */
static int next_word(struct cli *cli, struct line *line, const char **word)
{
	int i = take_options(cli, line->argc, line->argv);

	if (i < 0)
		return -i;
	line->argc -= i;
	line->argv += i;
	*word = line->argc > 0 ? line->argv[0] : NULL;
	return 0;
}

/* Without a word, --help describes the group. */
static int no_verb(const struct cli *cli, const char *what)
{
	if (cli->help || cli->version)
		return 0;
	return usage_error(&cli->cmd, what, "a verb is missing");
}

static int parse_verb(struct cli *cli, struct line *line)
{
	struct cmd *cmd = &cli->cmd;
	const char *word = NULL, *topic;
	char name[64];
	int status;

	if (!cmd->group->verbs[0]->name) {
		cmd->verb = cmd->group->verbs[0];
		return 0;
	}
	status = next_word(cli, line, &word);
	if (status)
		return status;
	if (!word)
		return no_verb(cli, cmd->group->name);

	if (is_topic(cmd->group, word)) {
		topic = word;
		status = next_word(cli, line, &word);
		if (status)
			return status;
		if (!word)
			return no_verb(cli, topic);
		snprintf(name, sizeof(name), "%s %s", topic, word);
		word = name;
	}
	cmd->verb = find_verb(cmd->group, word);
	return cmd->verb ? 0 : usage_error(cmd, word, "unknown verb");
}

/* Order: global options, group, global options, verb, options and operands. */
static int parse_line(struct cli *cli, int argc, char **argv)
{
	struct line line = { argc, argv };
	struct cmd *cmd = &cli->cmd;
	const char *word = NULL;
	int i, status;

	status = next_word(cli, &line, &word);
	if (status || !word)
		return status;
	cmd->group = find_group(cmd->groups, word);
	if (!cmd->group)
		return usage_error(NULL, word, "unknown command");
	status = parse_verb(cli, &line);
	if (status || !cmd->verb)
		return status;
	argc = line.argc;
	argv = line.argv;

	cmd->argv = out_alloc(NULL, (argc + 1) * sizeof(char *));
	i = take_options(cli, argc, argv);
	if (i < 0)
		return -i;
	return finish_operands(cli, argc, argv, i);
}

int cli_parse(struct cli *cli, const struct group *const *groups, int argc,
	      char **argv)
{
	*cli = (struct cli) { .cmd.groups = groups };
	return parse_line(cli, argc, argv);
}

void cli_free(struct cli *cli)
{
	free(cli->cmd.argv);
	free(cli->cmd.given);
}
