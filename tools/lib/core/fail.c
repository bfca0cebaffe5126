// SPDX-License-Identifier: GPL-2.0-only
/*
 * Descriptions of failures, kept in the context.
 */
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <ccguest/ctx.h>

#include "core/ctx.h"

const struct ccg_error *ccg_error(const struct ccg_ctx *ctx)
{
	return &ctx->error;
}

/**
 * ccg_fail - describe a failure
 * @ctx: the context
 * @rc: the negative errno
 * @kind: the kind of failure
 * @what: path or name of the object that the call failed for
 * @why: reason, with the arguments that follow
 *
 * Return: @rc.
 */
int ccg_fail(struct ccg_ctx *ctx, int rc, enum ccg_class kind,
	     const char *what, const char *why, ...)
{
	struct ccg_error *e = &ctx->error;
	va_list ap;

	e->code = rc;
	e->kind = kind;
	e->hint[0] = '\0';
	snprintf(e->what, sizeof(e->what), "%s", what);
	va_start(ap, why);
	vsnprintf(e->why, sizeof(e->why), why, ap);
	va_end(ap);
	return rc;
}

/**
 * ccg_fail_errno - describe the failure of a system call
 * @ctx: the context
 * @rc: the negative errno
 * @what: path or name of the object that the call failed for
 *
 * Return: @rc.
 */
int ccg_fail_errno(struct ccg_ctx *ctx, int rc, const char *what)
{
	ccg_fail(ctx, rc, CCG_FAILED, what, "%s", strerror(-rc));
	if ((rc == -EACCES || rc == -EPERM) && geteuid())
		ccg_hint(ctx, "run as root");
	return rc;
}

/**
 * ccg_hint - add advice to the description of the last failure
 * @ctx: the context
 * @fmt: the advice, with the arguments that follow
 */
void ccg_hint(struct ccg_ctx *ctx, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(ctx->error.hint, sizeof(ctx->error.hint), fmt, ap);
	va_end(ap);
}
