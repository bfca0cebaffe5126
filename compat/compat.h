/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Differences between the supported kernels. The compiler includes this header
 * before each file of the modules.
 *
 * Each block names the kernel version that changed. Remove a block when the
 * oldest supported kernel has the change.
 */
#ifndef CCGUEST_COMPAT_H
#define CCGUEST_COMPAT_H

#include <linux/version.h>

/* Older kernels were never tested. Features of newer kernels are probed. */
#if LINUX_VERSION_CODE < KERNEL_VERSION(5, 10, 0)
#error "ccguest needs Linux 5.10 or newer"
#endif

#include <linux/compiler_types.h>

/* 5.19: struct efi has the address of the secret area's locator */
#ifdef CCGUEST_HAS_EFI_COCO_SECRET
#define efi_coco_secret	efi.coco_secret
#else
#define efi_coco_secret	0UL
#define LINUX_EFI_COCO_SECRET_AREA_GUID	\
	EFI_GUID(0xadf956ad, 0xe98c, 0x484c, 0xae, 0x11, \
		 0xb5, 0x1c, 0x7d, 0x33, 0x64, 0x47)
#endif

/* 6.6: bounds of flexible arrays */
#ifndef __counted_by
#define __counted_by(member)
#endif

/* 6.13: the name of a symbol namespace is a string */
#ifdef CCGUEST_NS_STRING
#define EXPORT_SYMBOL_SPDM(sym)	EXPORT_SYMBOL_NS_GPL(sym, "CCGUEST_SPDM")
#define MODULE_IMPORT_SPDM()	MODULE_IMPORT_NS("CCGUEST_SPDM")
#else
#define EXPORT_SYMBOL_SPDM(sym)	EXPORT_SYMBOL_NS_GPL(sym, CCGUEST_SPDM)
#define MODULE_IMPORT_SPDM()	MODULE_IMPORT_NS(CCGUEST_SPDM)
#endif

/* 7.0: struct public_key_signature has a message, or its digest */
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

/* 6.19: the platform's TEE security manager may authenticate the device */
#ifdef CCGUEST_HAS_PCI_TSM
#define pci_has_tsm(pdev)	((pdev)->tsm)
#else
#define pci_has_tsm(pdev)	false
#endif

#endif /* CCGUEST_COMPAT_H */
