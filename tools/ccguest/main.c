// SPDX-License-Identifier: GPL-2.0-only
/*
 * ccguest: takes the command line apart and calls the verb.
 */
#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "out.h"

/* Values of getopt_long() for long options: our own, the verb's. */
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
	[OPT_VERBOSE] = { "verbose", 'v', NULL, "tell more" },
	[OPT_QUIET] = {
		"quiet", 'q', NULL, "print errors and what was asked for only"
	},
	[OPT_COLOR] = {
		"color", 0, "WHEN", "auto (default), always or never"
	},
	[OPT_ROOT] = {
		"root", 0, "DIR", "take /sys, /proc, /dev, /lib, /etc from DIR"
	},
	[OPT_FROM] = {
		"from", 'F', "FILE", "work on FILE instead of this machine"
	},
	[OPT_HELP] = { "help", 'h', NULL, "tell about the command" },
	[OPT_VERSION] = { "version", 0, NULL, "print the version" },
};

const size_t n_global_opts = ARRAY_SIZE(global_opts);

const struct group *const groups[] = {
	&status_group,
	&secret_group,
	&device_group,
	&keyring_group,
	&log_group,
	&help_group,
};

const size_t n_groups = ARRAY_SIZE(groups);

/**
 * struct parse - the command line, as far as it is taken apart
 * @cmd: the result
 * @root: --root, or NULL
 * @color: --color
 * @quiet: -q
 * @help: --help
 * @version: --version
 */
struct parse {
	struct cmd cmd;
	const char *root;
	enum out_when color;
	bool quiet;
	bool help;
	bool version;
};

/**
 * find_group - find a group
 * @name: its name
 *
 * Return: the group or NULL.
 */
const struct group *find_group(const char *name)
{
	size_t i;

	for (i = 0; i < n_groups; i++)
		if (!strcmp(groups[i]->name, name))
			return groups[i];
	return NULL;
}

/**
 * find_verb - find a verb
 * @group: of this group
 * @name: its name
 *
 * Return: the verb or NULL.
 */
const struct verb *find_verb(const struct group *group, const char *name)
{
	size_t i;

	for (i = 0; i < group->n_verbs; i++)
		if (group->verbs[i].name && !strcmp(group->verbs[i].name, name))
			return &group->verbs[i];
	return NULL;
}

/**
 * usage_error - complain about the command line
 * @cmd: the command as far as it is known, or NULL
 * @what: the argument
 * @why: what is wrong with it
 *
 * Return: the exit status.
 */
int usage_error(const struct cmd *cmd, const char *what, const char *why)
{
	const char *group = cmd && cmd->group ? cmd->group->name : NULL;
	const char *verb = cmd && cmd->verb ? cmd->verb->name : NULL;
	char hint[128];

	snprintf(hint, sizeof(hint), "ccguest help%s%s%s%s tells more",
		 group ? " " : "", group ? group : "", verb ? " " : "",
		 verb ? verb : "");
	out_error(what, why, hint);
	return CCG_USAGE;
}

/**
 * fail - print why the library's last call failed
 * @cmd: the command
 *
 * Return: the exit status.
 */
int fail(const struct cmd *cmd)
{
	const struct ccg_error *e = ccg_error(cmd->ctx);

	out_error(e->what, e->why, e->hint);
	return e->kind;
}

static int set_json(struct parse *p, const char *style)
{
	if (!style || !strcmp(style, "pretty"))
		p->cmd.json = JSON_PRETTY;
	else if (!strcmp(style, "short"))
		p->cmd.json = JSON_SHORT;
	else
		return usage_error(&p->cmd, style,
				   "--json is pretty or short");
	return 0;
}

static int set_color(struct parse *p, const char *when)
{
	if (!strcmp(when, "auto"))
		p->color = OUT_AUTO;
	else if (!strcmp(when, "always"))
		p->color = OUT_ALWAYS;
	else if (!strcmp(when, "never"))
		p->color = OUT_NEVER;
	else
		return usage_error(&p->cmd, when,
				   "--color is auto, always or never");
	return 0;
}

static int set_global(struct parse *p, size_t i, char *arg)
{
	switch (i) {
	case OPT_JSON:
		return set_json(p, arg);
	case OPT_VERBOSE:
		p->cmd.verbose++;
		return 0;
	case OPT_QUIET:
		p->quiet = true;
		return 0;
	case OPT_COLOR:
		return set_color(p, arg);
	case OPT_ROOT:
		p->root = arg;
		return 0;
	case OPT_FROM:
		p->cmd.from = arg;
		return 0;
	case OPT_HELP:
		p->help = true;
		return 0;
	default:
		p->version = true;
		return 0;
	}
}

/**
 * struct getopt_args - what getopt_long() wants
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
 * getopt_long() takes the beginning of a name for the name: `wipe --a` would
 * wipe all.
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

static int bad_option(struct parse *p, int c, char **argv)
{
	char letter[3] = { '-', (char)optopt, '\0' };
	const char *what = optopt && optopt < GLOBAL_BASE ? letter :
							    argv[optind - 1];

	if (c == ':')
		return usage_error(&p->cmd, what, "needs an argument");
	if (optopt >= GLOBAL_BASE)
		return usage_error(&p->cmd, what, "takes no argument");
	return usage_error(&p->cmd, what, "unknown option");
}

static void give(struct cmd *cmd, size_t opt, const char *arg)
{
	cmd->opt[opt] = arg;
	cmd->given = out_alloc(cmd->given,
			       (cmd->n_given + 1) * sizeof(*cmd->given));
	cmd->given[cmd->n_given++] = (struct given) { opt, arg };
}

static int set_option(struct parse *p, int c)
{
	const struct verb *verb = p->cmd.verb;
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
		give(&p->cmd, c - VERB_BASE, optarg ? optarg : "");
		return 0;
	}
	return set_global(p, c - GLOBAL_BASE, optarg);
}

/*
 * Takes options from argv[1] on. Without a verb: up to the first word that is
 * none, and the return value is its place. With a verb: all, and the other
 * words are collected. A negative return value is minus the exit status.
 */
static int take_options(struct parse *p, int argc, char **argv)
{
	const struct verb *verb = p->cmd.verb;
	struct getopt_args g = {};
	const char *word;
	int c, status;

	/*
	 * "-": words that are no options come as options of the value 1, so
	 * that POSIXLY_CORRECT in the environment changes nothing.
	 */
	snprintf(g.shorts, sizeof(g.shorts), "%s", verb ? "-:" : "+:");
	if (verb)
		add_opts(&g, verb->opts, verb->n_opts, VERB_BASE);
	add_opts(&g, global_opts, n_global_opts, GLOBAL_BASE);

	opterr = 0;
	optind = 0; /* glibc: start anew */
	for (;;) {
		/* Nothing is permuted: this is the word that comes next. */
		c = optind ? optind : 1;
		word = c < argc ? argv[c] : NULL;
		if (is_half_a_name(&g, word))
			return -usage_error(&p->cmd, word, "unknown option");
		c = getopt_long(argc, argv, g.shorts, g.longs, NULL);
		if (c == -1)
			break;
		if (c == 1 && p->cmd.argv) {
			p->cmd.argv[p->cmd.argc++] = optarg;
			continue;
		}
		status = c == '?' || c == ':' ? bad_option(p, c, argv) :
						set_option(p, c);
		if (status)
			return -status;
	}
	return optind;
}

static int finish_operands(struct parse *p, int argc, char **argv, int i)
{
	const struct verb *verb = p->cmd.verb;
	struct cmd *cmd = &p->cmd;

	/* Behind "--". */
	for (; i < argc; i++)
		cmd->argv[cmd->argc++] = argv[i];
	if (p->help || p->version)
		return 0;

	if (cmd->argc < verb->min_args)
		return usage_error(cmd, verb->name ? verb->name :
						     cmd->group->name,
				   "an argument is missing");
	if (verb->max_args >= 0 && cmd->argc > verb->max_args)
		return usage_error(cmd, cmd->argv[verb->max_args],
				   "too many arguments");
	if (cmd->from && verb->from_is_root && p->root)
		return usage_error(cmd, "--from",
				   "names a tree, as --root does; give one of them");
	if (cmd->from && verb->from_is_root)
		p->root = cmd->from;
	else if (cmd->from && !verb->takes_from)
		return usage_error(cmd, "--from", "makes no sense here");
	return 0;
}

/* Global options, group, global options, verb, all options and operands. */
static int parse_line(struct parse *p, int argc, char **argv)
{
	struct cmd *cmd = &p->cmd;
	int i;

	i = take_options(p, argc, argv);
	if (i < 0)
		return -i;
	argc -= i;
	argv += i;
	if (argc < 1) {
		if (p->help || p->version)
			return 0;
		usage_print();
		return CCG_USAGE;
	}
	cmd->group = find_group(argv[0]);
	if (!cmd->group)
		return usage_error(NULL, argv[0], "unknown command");
	if (!cmd->group->verbs[0].name) {
		cmd->verb = &cmd->group->verbs[0];
	} else {
		i = take_options(p, argc, argv);
		if (i < 0)
			return -i;
		argc -= i;
		argv += i;
		if (argc < 1) {
			if (p->help || p->version)
				return 0;
			return usage_error(cmd, cmd->group->name,
					   "a verb is missing");
		}
		cmd->verb = find_verb(cmd->group, argv[0]);
		if (!cmd->verb)
			return usage_error(cmd, argv[0], "unknown verb");
	}

	cmd->argv = out_alloc(NULL, (argc + 1) * sizeof(char *));
	i = take_options(p, argc, argv);
	if (i < 0)
		return -i;
	return finish_operands(p, argc, argv, i);
}

/* Once, at the end: no command fails because secrets cannot be locked. */
static void note_unlocked(const struct cmd *cmd)
{
	int rc = ccg_lock_error(cmd->ctx);

	if (rc)
		out_note("secrets may be swapped out (%s): raise RLIMIT_MEMLOCK or run as root",
			 strerror(-rc));
}

static int run(struct parse *p)
{
	struct cmd *cmd = &p->cmd;
	int status;

	if (p->version) {
		printf("ccguest %s\n", ccg_version());
		return 0;
	}
	if (p->help) {
		help_print(cmd->group, cmd->verb && cmd->verb->name ?
				       cmd->verb : NULL);
		return 0;
	}
	if (ccg_ctx_new(&cmd->ctx)) {
		out_error("memory", strerror(ENOMEM), NULL);
		return CCG_FAILED;
	}
	ccg_ctx_set_progress(cmd->ctx, out_progress, NULL);
	if (p->root && ccg_ctx_set_root(cmd->ctx, p->root))
		return fail(cmd);
	status = cmd->verb->run(cmd);
	note_unlocked(cmd);
	return status;
}

int main(int argc, char **argv)
{
	struct parse p = {};
	int status;

	out_init();
	status = parse_line(&p, argc, argv);
	if (!status) {
		out_set(p.color, p.quiet);
		status = run(&p);
	}
	ccg_ctx_free(p.cmd.ctx);
	free(p.cmd.argv);
	free(p.cmd.given);
	return out_close(status);
}
