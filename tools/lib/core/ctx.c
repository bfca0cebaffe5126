// SPDX-License-Identifier: GPL-2.0-only
/*
 * The context: root directory and last error.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "internal.h"

/**
 * ccg_version - this library's version
 *
 * Return: the text of the file VERSION.
 */
const char *ccg_version(void)
{
	return CCGUEST_VERSION;
}

/**
 * ccg_ctx_new - make a context
 * @ctxp: set to it; free it with ccg_ctx_free()
 *
 * Return: 0 or -ENOMEM.
 */
int ccg_ctx_new(struct ccg_ctx **ctxp)
{
	struct ccg_ctx *ctx = calloc(1, sizeof(*ctx));

	if (!ctx)
		return -ENOMEM;
	ctx->root_fd = -1;
	ctx->modules_fd = -1;
	*ctxp = ctx;
	return 0;
}

/**
 * ccg_ctx_free - free a context
 * @ctx: the context, or NULL; nothing made from it may be left
 */
void ccg_ctx_free(struct ccg_ctx *ctx)
{
	if (!ctx)
		return;
	ccg_kmod_free(ctx);
	ccg_pci_free(ctx);
	if (ctx->root_fd >= 0)
		close(ctx->root_fd);
	free(ctx->root);
	free(ctx);
}

/**
 * ccg_ctx_set_root - let a directory stand for /
 * @ctx: the context
 * @root: the directory; /sys, /proc, /dev and /lib/modules are looked for in
 *	  it, and symbolic links in it do not lead out of it
 *
 * Without openat2(), as under valgrind and some containers' filters, links do
 * lead out. Modules in @root are read through this process's own /proc/self/fd;
 * where that is not mounted, they are taken for missing.
 *
 * Return: 0 or a negative errno.
 */
int ccg_ctx_set_root(struct ccg_ctx *ctx, const char *root)
{
	char *copy;
	int fd;

	fd = open(root, O_PATH | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0)
		return ccg_fail_errno(ctx, -errno, root);
	copy = strdup(root);
	if (!copy) {
		close(fd);
		return ccg_fail_errno(ctx, -ENOMEM, root);
	}

	ccg_kmod_free(ctx);
	if (ctx->root_fd >= 0)
		close(ctx->root_fd);
	free(ctx->root);
	ctx->root = copy;
	ctx->root_fd = fd;
	ctx->has_openat2 = ccg_has_openat2(fd);
	return 0;
}

/**
 * ccg_ctx_set_progress - be told how far long calls are
 * @ctx: the context
 * @fn: is told; NULL for nobody
 * @arg: for @fn
 */
void ccg_ctx_set_progress(struct ccg_ctx *ctx, ccg_progress_fn *fn, void *arg)
{
	ctx->progress = fn;
	ctx->progress_arg = arg;
}

/**
 * ccg_error - why the last call that failed did so
 * @ctx: the context that was given to the call, directly or not
 *
 * Return: the reason, valid until the next call.
 */
const struct ccg_error *ccg_error(const struct ccg_ctx *ctx)
{
	return &ctx->error;
}

/**
 * ccg_fail - note why a call fails
 * @ctx: the context
 * @rc: the negative errno
 * @kind: the kind of failure
 * @what: path or thing
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
 * ccg_fail_errno - note that an operation failed with an errno
 * @ctx: the context
 * @rc: the negative errno
 * @what: path or thing
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
 * ccg_hint - say what to do about the failure that was noted last
 * @ctx: the context
 * @fmt: the hint, with the arguments that follow
 */
void ccg_hint(struct ccg_ctx *ctx, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(ctx->error.hint, sizeof(ctx->error.hint), fmt, ap);
	va_end(ap);
}
