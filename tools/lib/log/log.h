/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Private to this room: a log.
 */
#ifndef CCGUEST_LOG_ROOM_H
#define CCGUEST_LOG_ROOM_H

#include <ccguest/ctx.h>

#include "cc_log.h"

/**
 * struct ccg_log - a log, read and checked
 * @ctx: the context
 * @path: path of the log, or "standard input"
 * @live: the log is a log of this machine
 * @buf: bytes of the log
 * @len: length of @buf in bytes
 * @summary: properties of the log
 * @fault: the fault that ended the log, if @summary.broken is set
 * @walk: position of ccg_log_next() in the log
 */
struct ccg_log {
	struct ccg_ctx *ctx;
	char *path;
	bool live;
	uint8_t *buf;
	size_t len;
	struct cc_log summary;
	struct cc_log_fault fault;
	struct cc_log walk;
};

int ccg_logs_present(struct ccg_ctx *ctx);

#endif /* CCGUEST_LOG_ROOM_H */
