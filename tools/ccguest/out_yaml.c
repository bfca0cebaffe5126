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
			enum ccg_number kind)
{
	struct out_yaml *y = to_yaml(sink);

	yaml_key(y, key);
	printf(y->list[y->depth] ? "" : " ");
	if (kind == CCG_COUNT)
		printf("%" PRIu64 "\n", val);
	else
		printf("0x%" PRIx64 "\n", val);
}

static void yaml_yes_no(struct ccg_sink *sink, const char *key, bool yes)
{
	sink->text(sink, key, yes ? "Yes" : "No", yes ? 3 : 2);
}

static void yaml_heading(struct ccg_sink *sink, const char *name)
{
	yaml_text(sink, name, NULL, 0);
}

struct out_yaml out_yaml_at(int indent)
{
	return (struct out_yaml) {
		.sink = {
			.open = yaml_open,
			.close = yaml_close,
			.text = yaml_text,
			.number = yaml_number,
			.yes_no = yaml_yes_no,
			.heading = yaml_heading,
		},
		.indent = { indent },
	};
}
