/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Private to this room: the interfaces that give reports.
 */
#ifndef CCGUEST_REPORT_GET_H
#define CCGUEST_REPORT_GET_H

#include <ccguest/report_get.h>

#include "core/ctx.h"

/* Largest accepted report, and largest accepted auxiliary data, in bytes. */
#define GET_MAX		1048576

/*
 * Each returns -ENODEV with class CCG_UNSUPPORTED if this machine does not have
 * the interface.
 */
int ccg_get_tsm(struct ccg_ctx *ctx, const struct ccg_report_request *req,
		struct ccg_report_answer *a);
int ccg_get_sev(struct ccg_ctx *ctx, const struct ccg_report_request *req,
		struct ccg_report_answer *a);
int ccg_get_azure(struct ccg_ctx *ctx, const struct ccg_report_request *req,
		  struct ccg_report_answer *a);

/* get_util.c */
bool ccg_get_stopped(const struct ccg_report_request *req);
int ccg_get_interrupted(struct ccg_ctx *ctx, const char *what);
int ccg_get_open(struct ccg_ctx *ctx, const char *path);

/* get_table.c: no I/O, no messages */

#endif /* CCGUEST_REPORT_GET_H */
