/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What of UEFI's in-memory tables this project reads: the system table, the
 * configuration tables, and where boot loaders leave the address of the
 * former. The integers are those of 64-bit firmware.
 */
#ifndef CCGUEST_LIB_UEFI_H
#define CCGUEST_LIB_UEFI_H

#include "env.h"

#define UEFI_GUID_LEN		16

/* EFI_TABLE_HEADER.Signature of the system table, "IBI SYST". */
#define UEFI_SYSTAB_SIGNATURE	0x5453595320494249ULL
/* Size of EFI_SYSTEM_TABLE on 64-bit firmware; UEFI 2.10, 4.3. */
#define UEFI_SYSTAB_LEN		120
/* Nobody makes a larger one; bounds what is mapped and summed. */
#define UEFI_SYSTAB_MAX		4096

/* EFI_CONFIGURATION_TABLE: a GUID and a pointer; UEFI 2.10, 4.6. */
#define UEFI_CONFIG_ENTRY_LEN	24
/* Firmware has a dozen or two; bounds what is mapped and walked. */
#define UEFI_CONFIG_MAX		256

/* struct boot_params of the x86 boot protocol, the "zero page". */
#define UEFI_BOOT_PARAMS_LEN	4096

/**
 * struct uefi_systab - what we take from a system table
 * @tables: address of the configuration tables: virtual where the kernel has
 *	    called SetVirtualAddressMap() with a map of its own, else physical
 * @n_tables: how many there are, UEFI_CONFIG_MAX at most
 */
struct uefi_systab {
	u64 tables;
	size_t n_tables;
};

bool uefi_systab_signature(const u8 *buf, size_t len);
int uefi_systab_parse(const u8 *buf, size_t len, struct uefi_systab *systab);
int uefi_config_find(const u8 *tables, size_t n_tables, const u8 *guid,
		     u64 *addr);
int uefi_boot_params_systab(const u8 *params, size_t len, u64 *addr);
int uefi_fdt_systab(const u8 *fdt, size_t len, u64 *addr);

#endif /* CCGUEST_LIB_UEFI_H */
