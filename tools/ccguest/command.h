/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The command's frame: groups, verbs, options.
 *
 * Dispatch, help and the lists for completion all come from these tables. A
 * new group is one file with a struct group, and one line in main.c.
 */
#ifndef CCGUEST_COMMAND_H
#define CCGUEST_COMMAND_H

#include <stdbool.h>
#include <stddef.h>

#include "ccguest.h"

#define ARRAY_SIZE(a)	(sizeof(a) / sizeof((a)[0]))
#define __printf(fmt, args)	__attribute((__format__(printf, fmt, args)))

/* The most options that a verb may have. */
#define OPTS_MAX	16

/**
 * struct opt - an option
 * @name: long name
 * @letter: short name, or 0
 * @arg: name of its argument; "[=NAME]" where it may be left out; NULL where
 *	 there is none
 * @help: what it does
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
 * struct given - an option of the verb, as it was given
 * @opt: which of the verb's options
 * @arg: its argument, "" where it takes none
 */
struct given {
	size_t opt;
	const char *arg;
};

struct cmd;

/**
 * struct verb - something that the command can do
 * @name: its name; NULL where the group is its own verb
 * @args: what follows the options, for the help
 * @summary: what it does, one line
 * @text: more help, lines with a newline each, or NULL
 * @opts: its own options
 * @n_opts: number of @opts
 * @min_args: the least number of operands
 * @max_args: the most, or -1
 * @takes_from: -F makes sense
 * @from_is_root: -F is a saved tree of a machine, with /sys and /proc
 * @run: does it, returns the exit status
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
	int (*run)(struct cmd *cmd);
};

/**
 * struct group - verbs that belong together
 * @name: its name
 * @summary: what it is about, one line
 * @verbs: its verbs
 * @n_verbs: number of @verbs; 1 and no name where it is its own verb
 * @more_help: prints what else is to be said, or NULL
 */
struct group {
	const char *name;
	const char *summary;
	const struct verb *verbs;
	size_t n_verbs;
	void (*more_help)(void);
};

/**
 * struct cmd - one run of the command
 * @ctx: the library's context
 * @group: what is to be done
 * @verb: what is to be done
 * @json: --json
 * @verbose: number of -v
 * @from: -F, or NULL
 * @opt: for each of the verb's options: NULL where it was not given, "" where
 *	 it was and takes no argument, else the argument; the last one where it
 *	 was given more than once
 * @given: the verb's options in the order they were given, for those that may
 *	   be there more than once
 * @n_given: number of @given
 * @argc: number of operands
 * @argv: the operands
 */
struct cmd {
	struct ccg_ctx *ctx;
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

/* main.c */
extern const struct opt global_opts[];
extern const size_t n_global_opts;
extern const struct group *const groups[];
extern const size_t n_groups;
const struct group *find_group(const char *name);
const struct verb *find_verb(const struct group *group, const char *name);
int usage_error(const struct cmd *cmd, const char *what, const char *why);
int fail(const struct cmd *cmd);

/* help.c */
extern const struct group help_group;
void help_print(const struct group *group, const struct verb *verb);
void usage_print(void);

/* status.c, secret.c, device.c, keyring.c, log.c */
extern const struct group status_group;
extern const struct group secret_group;
extern const struct group device_group;
extern const struct group keyring_group;
extern const struct group log_group;

#endif /* CCGUEST_COMMAND_H */
