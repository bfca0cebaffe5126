/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Private to libccguest: the context, and functions that note a failure in it.
 */
#ifndef CCGUEST_CORE_CTX_H
#define CCGUEST_CORE_CTX_H

#include <ccguest/ctx.h>

#define ARRAY_SIZE(a)	(sizeof(a) / sizeof((a)[0]))
#define __printf(fmt, args)	__attribute((__format__(printf, fmt, args)))

/**
 * struct ccg_owned - state that a room keeps in a context
 * @owner: address of a static object of the room; identifies the state
 * @free: frees the state
 * @next: the next state in the context
 *
 * It is the first member of the room's own struct. ccg_ctx_free() frees it, and
 * so does ccg_ctx_set_root(), because the state may depend on the root
 * directory.
 */
struct ccg_owned {
	const void *owner;
	void (*free)(struct ccg_owned *owned);
	struct ccg_owned *next;
};

/**
 * struct ccg_ctx - the state that all calls share
 * @root: directory that is used in the place of /, or NULL
 * @root_fd: descriptor of @root, or -1
 * @has_openat2: openat2() can keep symbolic links inside @root
 * @owned: state of rooms
 * @lock_error: why a secret could not be locked, a negative errno; or 0
 * @error: description of the last failure
 * @progress: callback that reports progress, or NULL
 * @progress_arg: argument of @progress
 */
struct ccg_ctx {
	char *root;
	int root_fd;
	bool has_openat2;
	struct ccg_owned *owned;
	int lock_error;
	struct ccg_error error;
	ccg_progress_fn *progress;
	void *progress_arg;
};

struct ccg_owned *ccg_ctx_find(const struct ccg_ctx *ctx, const void *owner);
void ccg_ctx_keep(struct ccg_ctx *ctx, struct ccg_owned *owned);

__printf(5, 6)
int ccg_fail(struct ccg_ctx *ctx, int rc, enum ccg_class kind,
	     const char *what, const char *why, ...);
int ccg_fail_errno(struct ccg_ctx *ctx, int rc, const char *what);
__printf(2, 3)
void ccg_hint(struct ccg_ctx *ctx, const char *fmt, ...);

#endif /* CCGUEST_CORE_CTX_H */
