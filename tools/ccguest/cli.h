/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The command line: groups, verbs, options, and errors.
 *
 * Dispatch, help and the lists for completion use the same tables. A new verb
 * is a file cmd_GROUP_VERB.c with a struct verb, and one line in main.c.
 */
#ifndef CCGUEST_CLI_H
#define CCGUEST_CLI_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <ccguest/ctx.h>

#include "out_text.h"

#define ARRAY_SIZE(a)	(sizeof(a) / sizeof((a)[0]))

/* Limit for --timeout in seconds: one day. */
#define TIMEOUT_MAX	86400

/* The largest number of options of a verb. */
#define OPTS_MAX	40

/**
 * struct opt - an option
 * @name: long name
 * @letter: short name, or 0
 * @arg: name of its argument; "[=NAME]" for an optional argument; NULL for an
 *	 option without argument
 * @help: what the option does
 */
struct opt {
	const char *name;
	char letter;
	const char *arg;
	const char *help;
};

enum json_style {
	JSON_OFF,
	JSON_PRETTY,
	JSON_SHORT,
};

/**
 * struct given - an option of the verb, as the user gave it
 * @opt: index in the verb's options
 * @arg: its argument; "" for an option without argument
 */
struct given {
	size_t opt;
	const char *arg;
};

struct cmd;

/**
 * struct verb - a verb of a group
 * @name: name of the verb, one word or two words with a blank between them;
 *	  NULL if the group has no verbs, as `ccguest status`
 * @args: the operands, for the help
 * @summary: purpose of the verb, one line
 * @text: more help, each line ends in a newline; or NULL
 * @opts: its own options
 * @n_opts: number of @opts
 * @min_args: the smallest number of operands
 * @max_args: the largest number of operands, or -1
 * @takes_from: the verb supports -F
 * @from_is_root: -F names a saved tree of a machine, with /sys and /proc
 * @schema: number of the schema of its JSON; 0 is the same as 1. It changes when
 *	    a member changes its name, its type or its meaning.
 * @run: runs the verb, and returns the exit status
 */
struct verb {
	const char *name;
	const char *args;
	const char *summary;
	const char *text;
	const struct opt *opts;
	size_t n_opts;
	int min_args;
	int max_args;
	bool takes_from;
	bool from_is_root;
	unsigned int schema;
	int (*run)(struct cmd *cmd);
};

/**
 * struct group - verbs that belong together
 * @name: its name
 * @summary: subject of the group, one line
 * @verbs: its verbs
 * @n_verbs: number of @verbs; 1 if the only verb has no name
 * @more_help: prints more help, or NULL
 */
struct group {
	const char *name;
	const char *summary;
	const struct verb *const *verbs;
	size_t n_verbs;
	void (*more_help)(void);
};

/**
 * struct cmd - one run of the command
 * @ctx: the library's context
 * @groups: all groups, ends with NULL
 * @group: the group that the user gave
 * @verb: the verb that the user gave
 * @json: --json
 * @verbose: number of -v
 * @from: -F, or NULL
 * @opt: arguments of the verb's options: NULL for an option that was not given,
 *	 "" for an option without argument, the last argument for a repeated
 *	 option
 * @given: options of the verb in the order of the command line, for options
 *	   that may be repeated
 * @n_given: number of @given
 * @argc: number of operands
 * @argv: the operands
 */
struct cmd {
	struct ccg_ctx *ctx;
	const struct group *const *groups;
	const struct group *group;
	const struct verb *verb;
	enum json_style json;
	int verbose;
	const char *from;
	const char *opt[OPTS_MAX];
	struct given *given;
	size_t n_given;
	int argc;
	char **argv;
};

/**
 * struct cli - a command line
 * @cmd: the command to run
 * @root: --root, or NULL
 * @color: --color
 * @quiet: -q
 * @help: --help
 * @version: --version
 */
struct cli {
	struct cmd cmd;
	const char *root;
	enum out_when color;
	bool quiet;
	bool help;
	bool version;
};

/* The options of all commands. */
extern const struct opt global_opts[];
extern const size_t n_global_opts;

/**
 * cli_parse - parse a command line
 * @cli: set to the result; free it with cli_free(), also on failure
 * @groups: all groups, ends with NULL
 * @argc: number of words
 * @argv: the words
 *
 * Return: 0 or the exit status. After 0, @cli has a group and a verb, unless
 * the command line has --help or --version, or no words but options.
 */
int cli_parse(struct cli *cli, const struct group *const *groups, int argc,
	      char **argv);

/**
 * cli_free - free what cli_parse() allocated
 * @cli: the command line
 */
void cli_free(struct cli *cli);

/**
 * find_group - find a group
 * @groups: the groups, ends with NULL
 * @name: its name
 *
 * Return: the group or NULL.
 */
const struct group *find_group(const struct group *const *groups,
			       const char *name);

/**
 * find_verb - find a verb
 * @group: its group
 * @name: its name
 *
 * Return: the verb or NULL.
 */
const struct verb *find_verb(const struct group *group, const char *name);

/**
 * is_topic - find out whether a word begins a verb of two words
 * @group: the group
 * @word: the word
 *
 * Return: true if @group has a verb "@word SECOND".
 */
bool is_topic(const struct group *group, const char *word);

/**
 * usage_error - print an error about the command line
 * @cmd: the command as far as it is known, or NULL
 * @what: the argument
 * @why: the fault of the argument
 *
 * Return: the exit status.
 */
int usage_error(const struct cmd *cmd, const char *what, const char *why);

/**
 * fail - print the library's description of its last failure
 * @cmd: the command
 *
 * Return: the exit status.
 */
int fail(const struct cmd *cmd);

/**
 * take_number - parse a number at the beginning of a text
 * @text: the text; advanced past @end
 * @end: the character that must follow the number
 * @base: 10; or 0 for decimal, octal or hexadecimal
 * @val: set to the number
 *
 * Return: true if the text begins with a number and @end.
 */
bool take_number(const char **text, char end, int base, uint64_t *val);

/**
 * option_number - parse the decimal argument of an option
 * @cmd: the command
 * @opt: index of the option in the verb's options
 * @low: the smallest number that is allowed
 * @high: the largest number that is allowed
 * @n: set to the number; unchanged if the option was not given
 *
 * Return: 0 or the exit status.
 */
int option_number(const struct cmd *cmd, size_t opt, uint64_t low,
		  uint64_t high, uint64_t *n);

#endif /* CCGUEST_CLI_H */
