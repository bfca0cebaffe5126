/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Private to libccguest: failures whose cause is a module.
 */
#ifndef CCGUEST_KMOD_ADVICE_H
#define CCGUEST_KMOD_ADVICE_H

#include <ccguest/ctx.h>
#include <ccguest/module.h>

int ccg_fail_advised(struct ccg_ctx *ctx, int rc, const char *what,
		     const char *why, const struct ccg_advice *a);

#endif /* CCGUEST_KMOD_ADVICE_H */
