/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Private to libccguest: facts about the kernel.
 */
#ifndef CCGUEST_KMOD_KERNEL_H
#define CCGUEST_KMOD_KERNEL_H

#include <ccguest/ctx.h>
#include <ccguest/module.h>

/* Mount point of securityfs. */
#define CCG_SECURITYFS	"/sys/kernel/security"
#define CCG_SECURITYFS_TYPE	"securityfs"
#define CCG_MOUNT_SECURITYFS	"mount -t " CCG_SECURITYFS_TYPE " " \
				CCG_SECURITYFS_TYPE " " CCG_SECURITYFS

int ccg_release(struct ccg_ctx *ctx, char **releasep);
int ccg_kernel_log(struct ccg_ctx *ctx, const char *name, char *said,
		   size_t size);
bool ccg_kernel_flag(struct ccg_ctx *ctx, const char *path);
enum ccg_tristate ccg_kernel_has_key(struct ccg_ctx *ctx, const char *signer);
bool ccg_kernel_lacks(struct ccg_ctx *ctx, const char *name);
bool ccg_securityfs_mounted(struct ccg_ctx *ctx);
const char *ccg_lockdown(struct ccg_ctx *ctx);
enum ccg_tristate ccg_signatures(struct ccg_ctx *ctx, char *rule, size_t size);

#endif /* CCGUEST_KMOD_KERNEL_H */
