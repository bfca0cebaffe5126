/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Functions that print YAML.
 */
#ifndef CCGUEST_OUT_YAML_H
#define CCGUEST_OUT_YAML_H

#include <stdbool.h>

#include <ccguest/log.h>

#include "out_text.h"

/**
 * struct out_yaml - a sink that prints YAML
 * @sink: the functions of the sink
 * @depth: current level of nesting
 * @indent: column of the keys of each level; in a list, column of the "- "
 * @list: which levels are lists
 * @dash: the next key begins an item of a list
 */
struct out_yaml {
	struct ccg_sink sink;
	int depth;
	int indent[OUT_DEPTH_MAX];
	bool list[OUT_DEPTH_MAX];
	bool dash;
};

/**
 * out_yaml_at - make a sink that prints YAML
 * @indent: number of blanks before the first level
 *
 * Return: the sink.
 */
struct out_yaml out_yaml_at(int indent);

#endif /* CCGUEST_OUT_YAML_H */
