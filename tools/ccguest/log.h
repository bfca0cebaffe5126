/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the files of `ccguest log` know of each other.
 */
#ifndef CCGUEST_LOG_H
#define CCGUEST_LOG_H

#include <ccguest/log.h>

#include "cc_log.h"
#include "out.h"

/* log_out.c */
void log_yaml(struct ccg_log *log, const struct ccg_trees *trees,
	      const struct ccg_register *regs, size_t n_regs, int version);
void log_details(const struct cc_log_event *ev, const struct ccg_tree *tree);
void log_meaning(const struct cc_log_event *ev, const struct ccg_tree *tree,
		 char *text, size_t size);
void log_json_events(struct json_object *array, struct ccg_log *log,
		     const struct ccg_trees *trees);
void log_json_summary(struct json_object *o, const struct ccg_log *log);
char *log_hex(const uint8_t *p, size_t len);

#endif /* CCGUEST_LOG_H */
