// SPDX-License-Identifier: GPL-2.0-only
/*
 * ccguest help. The help text comes from main.c's tables for dispatch.
 */
#include <stdio.h>
#include <string.h>

#include <ccguest/secret.h>

#include "cmd_help.h"

static const char usage_line[] =
	"Usage: ccguest [OPTION...] COMMAND [VERB] [OPTION...] [ARGUMENT...]";

static void print_opts(const struct opt *opts, size_t n)
{
	char left[64];
	size_t i;

	for (i = 0; i < n; i++) {
		const struct opt *o = &opts[i];
		const char *arg = o->arg ? o->arg : "";
		char letter[5] = "    ";

		if (o->letter)
			snprintf(letter, sizeof(letter), "-%c, ", o->letter);
		snprintf(left, sizeof(left), "%s--%s%s%s", letter, o->name,
			 *arg && *arg != '[' ? "=" : "", arg);
		printf("  %-26s %s\n", left, o->help);
	}
}

static void print_global_opts(void)
{
	printf("\nOptions of all commands:\n");
	print_opts(global_opts, n_global_opts);
}

static void print_usage_line(const struct group *group,
			     const struct verb *verb)
{
	printf("Usage: ccguest [OPTION...] %s%s%s%s%s%s\n", group->name,
	       verb->name ? " " : "", verb->name ? verb->name : "",
	       verb->n_opts ? " [OPTION...]" : "", *verb->args ? " " : "",
	       verb->args);
}

static void print_verb(const struct group *group, const struct verb *verb)
{
	print_usage_line(group, verb);
	printf("\n%s.\n", verb->summary);
	if (verb->text)
		printf("\n%s", verb->text);
	if (verb->n_opts) {
		printf("\nOptions:\n");
		print_opts(verb->opts, verb->n_opts);
	}
	if (group->more_help)
		group->more_help();
	print_global_opts();
}

static void print_group(const struct group *group)
{
	size_t i;

	if (!group->verbs[0]->name) {
		print_verb(group, group->verbs[0]);
		return;
	}
	printf("Usage: ccguest [OPTION...] %s VERB [OPTION...] [ARGUMENT...]\n",
	       group->name);
	printf("\n%s.\n\nVerbs:\n", group->summary);
	for (i = 0; i < group->n_verbs; i++)
		printf("  %-26s %s\n", group->verbs[i]->name,
		       group->verbs[i]->summary);
	if (group->more_help)
		group->more_help();
	print_global_opts();
	printf("\nccguest help %s VERB describes a verb.\n",
	       group->name);
}

static void print_all(const struct group *const *groups)
{
	printf("%s\n\nInspect and verify a confidential guest.\n\nCommands:\n",
	       usage_line);
	for (; *groups; groups++)
		printf("  %-26s %s\n", (*groups)->name, (*groups)->summary);
	print_global_opts();
	printf("\nExit status: 0 done, 1 failed, 2 usage, 3 not found, 4 not supported here,\n"
	       "5 verification or authentication failed.\n");
}

void help_print(const struct group *const *groups, const struct group *group,
		const struct verb *verb)
{
	if (!group)
		print_all(groups);
	else if (!verb)
		print_group(group);
	else
		print_verb(group, verb);
}

void help_usage(const struct group *const *groups)
{
	fprintf(stderr, "%s\nCommands:", usage_line);
	for (; *groups; groups++)
		fprintf(stderr, " %s", (*groups)->name);
	fprintf(stderr, "\nccguest help describes the commands.\n");
}

static void list_opts(const char *scope, const struct opt *opts, size_t n)
{
	size_t i;

	for (i = 0; i < n; i++) {
		const char *arg = opts[i].arg ? opts[i].arg : "-";

		if (opts[i].letter)
			printf("option\t%s\t-%c\t%s\n", scope, opts[i].letter,
			       arg);
		printf("option\t%s\t--%s\t%s\n", scope, opts[i].name, arg);
	}
}

static void list_verbs(const struct group *g)
{
	char scope[64];
	size_t i;

	for (i = 0; i < g->n_verbs; i++) {
		const struct verb *v = g->verbs[i];

		snprintf(scope, sizeof(scope), "%s%s%s", g->name,
			 v->name ? " " : "", v->name ? v->name : "");
		if (v->name)
			printf("verb\t%s\t%s\t-\n", g->name, v->name);
		list_opts(scope, v->opts, v->n_opts);
	}
}

/* For programs: four fields per line, with tabs between them. */
static void list_options(const struct group *const *groups)
{
	list_opts("-", global_opts, n_global_opts);
	for (; *groups; groups++) {
		printf("group\t-\t%s\t-\n", (*groups)->name);
		list_verbs(*groups);
	}
}

/*
 * For programs: GUID, name, alias, purpose and consumer in each line, with tabs
 * between them.
 */
static void list_names(void)
{
	const struct ccg_known *k;
	size_t i;

	for (i = 0; (k = ccg_known_at(i)); i++)
		printf("%s\t%s\t%s\t%s\t%s\n", k->guid, k->name,
		       k->alias ? k->alias : "-", k->purpose, k->consumer);
}

enum { OPT_LIST_OPTIONS, OPT_LIST_NAMES };

static const struct opt help_opts[] = {
	[OPT_LIST_OPTIONS] = {
		"list-options", 0, NULL,
		"list commands, verbs and options, for programs"
	},
	[OPT_LIST_NAMES] = {
		"list-names", 0, NULL,
		"list the known names of secrets, for programs"
	},
};

static int run_help(struct cmd *cmd)
{
	const struct group *group = NULL;
	const struct verb *verb = NULL;
	char name[64];

	if (cmd->opt[OPT_LIST_OPTIONS] || cmd->opt[OPT_LIST_NAMES]) {
		if (cmd->argc)
			return usage_error(cmd, cmd->argv[0],
					   "too many arguments");
		if (cmd->opt[OPT_LIST_OPTIONS])
			list_options(cmd->groups);
		if (cmd->opt[OPT_LIST_NAMES])
			list_names();
		return 0;
	}
	if (cmd->json)
		return usage_error(cmd, "--json", "is not supported by help");

	if (cmd->argc > 0) {
		group = find_group(cmd->groups, cmd->argv[0]);
		if (!group)
			return usage_error(NULL, cmd->argv[0],
					   "unknown command");
	}
	if (cmd->argc > 1) {
		snprintf(name, sizeof(name), "%s%s%s", cmd->argv[1],
			 cmd->argc > 2 ? " " : "",
			 cmd->argc > 2 ? cmd->argv[2] : "");
		verb = find_verb(group, name);
		if (!verb)
			return usage_error(NULL, name, "unknown verb");
	}
	help_print(cmd->groups, group, verb);
	return 0;
}

const struct verb help_verb = {
	.args = "[COMMAND [VERB]]",
	.summary = "Describes all commands, a command, or a verb",
	.opts = help_opts,
	.n_opts = ARRAY_SIZE(help_opts),
	.max_args = 3,
	.run = run_help,
};
