/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What kernels between the oldest and the newest supported one differ in.
 * Force-included in front of every file of the modules.
 *
 * Each block names the version that changed things, and goes when the oldest
 * supported kernel has it.
 */
#ifndef CCGUEST_COMPAT_H
#define CCGUEST_COMPAT_H

#include <linux/version.h>

#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 1, 0)
#error "ccguest needs Linux 6.1 or newer"
#endif

#include <linux/compiler_types.h>

/* 6.6: bounds of flexible arrays */
#ifndef __counted_by
#define __counted_by(member)
#endif

#endif /* CCGUEST_COMPAT_H */
