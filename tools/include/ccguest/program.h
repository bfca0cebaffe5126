/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * libccguest: other programs.
 */
#ifndef LIBCCGUEST_PROGRAM_H
#define LIBCCGUEST_PROGRAM_H

#include <ccguest/ctx.h>

#ifdef __cplusplus
extern "C" {
#endif

/**
 * struct ccg_program - a program to run
 * @what: name of the work, for the reason of a failure
 * @argv: name of the program, which is searched in PATH, and its arguments; ends
 *	  with NULL
 * @seconds: the program may take this time
 * @max: limit for the length of its output in bytes
 */
struct ccg_program {
	const char *what;
	const char *const *argv;
	unsigned int seconds;
	size_t max;
};

/**
 * ccg_program_run - run a program, and read its output
 * @ctx: the context
 * @p: the program
 * @bufp: set to its output, followed by a NUL that does not count; free it with
 *	  free()
 * @lenp: set to the length of the output in bytes
 *
 * No shell is involved. While the program runs, the caller's action for SIGCHLD is
 * the default one. The program reads /dev/null, has no other descriptors, and
 * runs in the locale C. It is killed if it takes too long, or writes too much.
 * Its children may outlive it.
 *
 * Return: 0 if the exit status of the program is 0; -ENOENT with class
 * CCG_UNSUPPORTED if the program is not installed; -ETIMEDOUT; -EFBIG; -EIO if
 * it failed: the reason has the end of its messages; or another negative errno.
 */
int ccg_program_run(struct ccg_ctx *ctx, const struct ccg_program *p,
		    char **bufp, size_t *lenp);

#ifdef __cplusplus
}
#endif

#endif /* LIBCCGUEST_PROGRAM_H */
