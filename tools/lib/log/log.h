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
 * @path: where it comes from
 * @live: it is this machine's
 * @buf: its bytes
 * @len: their number
 * @summary: what is known of all of it
 * @walk: where the walk over its events stands
 */
struct ccg_log {
	struct ccg_ctx *ctx;
	char *path;
	bool live;
	uint8_t *buf;
	size_t len;
	struct cc_log summary;
	struct cc_log walk;
};

int ccg_logs_present(struct ccg_ctx *ctx);

#endif /* CCGUEST_LOG_ROOM_H */
