/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * ccguest help
 */
#ifndef CCGUEST_CMD_HELP_H
#define CCGUEST_CMD_HELP_H

#include "cli.h"

extern const struct verb help_verb;

/**
 * help_print - print help
 * @groups: all groups, ends with NULL
 * @group: the group to print help for; NULL for the whole command
 * @verb: the verb to print help for; NULL for the whole group
 */
void help_print(const struct group *const *groups, const struct group *group,
		const struct verb *verb);

/**
 * help_usage - print the usage on standard error
 * @groups: all groups, ends with NULL
 *
 * `ccguest` without arguments prints the usage.
 */
void help_usage(const struct group *const *groups);

#endif /* CCGUEST_CMD_HELP_H */
