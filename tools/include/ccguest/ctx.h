/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * libccguest: the context, errors and progress.
 *
 * libccguest does the work of the command ccguest. These rules hold for every
 * function in <ccguest/...>:
 *  - No function prints. No function ends the process.
 *  - A function that can fail returns 0 or a negative errno. Unless its
 *    documentation says otherwise, it also notes the reason in the context; see
 *    ccg_error(). Its documentation names the errnos that the function itself
 *    chooses. The errno of a failed system call, and -ENOMEM, are returned
 *    unchanged, with class CCG_FAILED.
 *  - Strings in results can hold any byte that a file system, a firmware or a
 *    host chose. Escape them before you write them to a terminal.
 *  - All files are opened close-on-exec.
 *  - Memory that held a secret is overwritten before it is freed.
 *  - One thread at a time uses a context and the objects made from it.
 */
#ifndef LIBCCGUEST_CTX_H
#define LIBCCGUEST_CTX_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/**
 * enum ccg_class - the kind of a failure
 * @CCG_FAILED: an operation failed
 * @CCG_USAGE: an argument is invalid
 * @CCG_NOT_FOUND: the named object does not exist
 * @CCG_UNSUPPORTED: this machine, kernel or configuration lacks the feature
 * @CCG_UNVERIFIED: a verification or an authentication had a negative result
 *
 * The values are the exit statuses of the command ccguest.
 */
enum ccg_class {
	CCG_FAILED = 1,
	CCG_USAGE = 2,
	CCG_NOT_FOUND = 3,
	CCG_UNSUPPORTED = 4,
	CCG_UNVERIFIED = 5,
};

/**
 * struct ccg_error - why the last call failed
 * @code: the negative errno that the call returned; 0 if no call has failed
 * @kind: the kind of the failure
 * @what: the path or the object that the failure is about
 * @why: the reason, a sentence without a period
 * @hint: what to do about the failure; empty if there is no advice
 */
struct ccg_error {
	int code;
	enum ccg_class kind;
	char what[4352];
	char why[512];
	char hint[512];
};

/*
 * A context holds the state that all calls share: the root directory, the last
 * error, the progress callback.
 *
 * Symbolic links inside a root directory that ccg_ctx_set_root() has set do not
 * lead out of the directory, if the kernel has openat2() and nobody else
 * changes the tree meanwhile. libkmod cannot be given a root directory, only
 * paths. libccguest therefore opens files inside the root directory and gives
 * libkmod the path /proc/self/fd/N. If /proc is not mounted, libkmod finds no
 * modules in the root directory.
 */
struct ccg_ctx;

/**
 * typedef ccg_progress_fn - a callback that reports progress
 * @arg: the argument that was given to ccg_ctx_set_progress()
 * @what: the file that is being processed, or the name of the work
 * @done: number of bytes processed, or of steps of the work
 * @all: number of bytes or steps in total; 0 if unknown
 *
 * libccguest calls it many times a second, and once at the end.
 */
typedef void ccg_progress_fn(void *arg, const char *what, uint64_t done,
			     uint64_t all);

/**
 * ccg_version - get the version of libccguest
 *
 * Return: the text of the file VERSION.
 */
const char *ccg_version(void);

/**
 * ccg_ctx_new - make a context
 * @ctxp: set to the context; free it with ccg_ctx_free()
 *
 * Return: 0 or -ENOMEM. There is no context to hold the reason of a failure.
 */
int ccg_ctx_new(struct ccg_ctx **ctxp);

/**
 * ccg_ctx_free - free a context
 * @ctx: the context, or NULL
 *
 * Free every object that was made from @ctx before.
 */
void ccg_ctx_free(struct ccg_ctx *ctx);

/**
 * ccg_ctx_set_root - use a directory in the place of /
 * @ctx: the context
 * @root: path of the directory
 *
 * Paths below /sys, /proc, /dev, /etc and /lib/modules are then looked up
 * inside @root. Files that the caller names are not. Symbolic links inside
 * @root do not lead out of @root.
 *
 * Without openat2(), for example under valgrind and under the seccomp filters
 * of some containers, symbolic links do lead out of @root. Modules inside @root
 * are read through /proc/self/fd of this process. If /proc is not mounted, the
 * modules are reported as missing.
 *
 * Return: 0 or a negative errno.
 */
int ccg_ctx_set_root(struct ccg_ctx *ctx, const char *root);

/**
 * ccg_ctx_set_progress - set the callback that reports progress
 * @ctx: the context
 * @fn: the callback, or NULL for none
 * @arg: first argument of @fn
 */
void ccg_ctx_set_progress(struct ccg_ctx *ctx, ccg_progress_fn *fn, void *arg);

/**
 * ccg_error - get the reason of the last failure
 * @ctx: the context of the call that failed
 *
 * Return: the reason, valid until the next call with @ctx or with an object
 * made from @ctx.
 */
const struct ccg_error *ccg_error(const struct ccg_ctx *ctx);

#ifdef __cplusplus
}
#endif

#endif /* LIBCCGUEST_CTX_H */
