// SPDX-License-Identifier: GPL-2.0-only
/*
 * Functions that print YAML.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include <ccguest/log.h>

#include "out_yaml.h"

static struct out_yaml *to_yaml(struct ccg_sink *sink)
{
	return (struct out_yaml *)sink;
}

static void yaml_key(struct out_yaml *y, const char *key)
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
	struct out_yaml *y = to_yaml(sink);
	int indent = y->indent[y->depth];

	if (y->list[y->depth]) {
		y->dash = true;
	} else {
		yaml_key(y, key);
		printf("\n");
	}
	if (y->depth == OUT_DEPTH_MAX - 1)
		abort();
	y->depth++;
	y->list[y->depth] = list;
	/* The dashes of a list align with the first letter of its key. */
	y->indent[y->depth] = list ? indent : indent + 2;
}

static void yaml_close(struct ccg_sink *sink)
{
	to_yaml(sink)->depth--;
}

static void yaml_text(struct ccg_sink *sink, const char *key, const char *text,
		      size_t len)
{
	struct out_yaml *y = to_yaml(sink);

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
	struct out_yaml *y = to_yaml(sink);

	yaml_key(y, key);
	printf(y->list[y->depth] ? "" : " ");
	if (hex)
		printf("0x%" PRIx64 "\n", val);
	else
		printf("%" PRIu64 "\n", val);
}

struct out_yaml out_yaml_at(int indent)
{
	return (struct out_yaml) {
		.sink = { yaml_open, yaml_close, yaml_text, yaml_number },
		.indent = { indent },
	};
}
