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

/* 7.0: struct public_key_signature has a message, which may be a digest */
#ifdef CCGUEST_SIG_HAS_DIGEST
#define pks_m		digest
#define pks_m_size	digest_size
#define pks_takes_data(sig)	((void)(sig), false)
#else
#define pks_m		m
#define pks_m_size	m_size
#define pks_takes_data(sig)	((sig)->algo_takes_data)
#endif

/* 6.16: attributes of binary files are constant */
#ifdef CCGUEST_BIN_ATTR_CONST
#define bin_attr_const	const
#else
#define bin_attr_const
#endif

/* 6.19: a platform's TEE security manager may own a device's authentication */
#ifdef CCGUEST_HAS_PCI_TSM
#define pci_has_tsm(pdev)	((pdev)->tsm)
#else
#define pci_has_tsm(pdev)	false
#endif

#endif /* CCGUEST_COMPAT_H */
