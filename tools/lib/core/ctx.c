// SPDX-License-Identifier: GPL-2.0-only
/*
 * The context: the root directory, and the state of rooms.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <ccguest/ctx.h>

#include "core/ctx.h"
#include "core/io.h"

const char *ccg_version(void)
{
	return CCGUEST_VERSION;
}

int ccg_ctx_new(struct ccg_ctx **ctxp)
{
	struct ccg_ctx *ctx = calloc(1, sizeof(*ctx));

	if (!ctx)
		return -ENOMEM;
	ctx->root_fd = -1;
	*ctxp = ctx;
	return 0;
}

static void drop_owned(struct ccg_ctx *ctx)
{
	struct ccg_owned *owned;

	while ((owned = ctx->owned)) {
		ctx->owned = owned->next;
		owned->free(owned);
	}
}

void ccg_ctx_free(struct ccg_ctx *ctx)
{
	if (!ctx)
		return;
	drop_owned(ctx);
	if (ctx->root_fd >= 0)
		close(ctx->root_fd);
	free(ctx->root);
	free(ctx);
}

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

	drop_owned(ctx);
	if (ctx->root_fd >= 0)
		close(ctx->root_fd);
	free(ctx->root);
	ctx->root = copy;
	ctx->root_fd = fd;
	ctx->has_openat2 = ccg_has_openat2(fd);
	return 0;
}

void ccg_ctx_set_progress(struct ccg_ctx *ctx, ccg_progress_fn *fn, void *arg)
{
	ctx->progress = fn;
	ctx->progress_arg = arg;
}

/**
 * ccg_ctx_find - find the state that a room keeps in a context
 * @ctx: the context
 * @owner: address of a static object of the room
 *
 * Return: the state, or NULL.
 */
struct ccg_owned *ccg_ctx_find(const struct ccg_ctx *ctx, const void *owner)
{
	struct ccg_owned *owned = ctx->owned;

	while (owned && owned->owner != owner)
		owned = owned->next;
	return owned;
}

/**
 * ccg_ctx_keep - keep the state of a room in a context
 * @ctx: the context
 * @owned: the state, with its owner and its free function
 */
void ccg_ctx_keep(struct ccg_ctx *ctx, struct ccg_owned *owned)
{
	owned->next = ctx->owned;
	ctx->owned = owned;
}
