/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Reading UEFI's tables in memory: the system table, the configuration tables,
 * and the places where boot loaders store the address of the system table. The
 * layouts are those of 64-bit firmware.
 */
#ifndef CCGUEST_LIB_UEFI_H
#define CCGUEST_LIB_UEFI_H

#include "env.h"

#define UEFI_GUID_LEN		16

/* EFI_TABLE_HEADER.Signature of the system table, "IBI SYST". */
#define UEFI_SYSTAB_SIGNATURE	0x5453595320494249ULL
/* Size of EFI_SYSTEM_TABLE on 64-bit firmware; UEFI 2.10, 4.3. */
#define UEFI_SYSTAB_LEN		120
/* Bounds the mapping and the CRC; no firmware has a larger table. */
#define UEFI_SYSTAB_MAX		4096

/* EFI_CONFIGURATION_TABLE: a GUID and a pointer; UEFI 2.10, 4.6. */
#define UEFI_CONFIG_ENTRY_LEN	24
/* Bounds the mapping and the search; firmware has about twenty. */
#define UEFI_CONFIG_MAX		256

/* struct boot_params of the x86 boot protocol, the "zero page". */
#define UEFI_BOOT_PARAMS_LEN	4096

/**
 * struct uefi_systab - fields of a system table
 * @tables: address of the configuration tables: virtual if the kernel has
 *	    called SetVirtualAddressMap() with a map of its own, otherwise
 *	    physical
 * @n_tables: number of configuration tables, UEFI_CONFIG_MAX at most
 */
struct uefi_systab {
	u64 tables;
	size_t n_tables;
};

/**
 * uefi_systab_signature - check for the signature of a system table
 * @buf: bytes to check
 * @len: bytes in @buf
 *
 * Return: true if @buf starts with the signature.
 */
bool uefi_systab_signature(const u8 *buf, size_t len);

/**
 * uefi_systab_parse - check a system table and take its fields
 * @buf: bytes that may be a system table
 * @len: bytes in @buf; UEFI_SYSTAB_MAX is enough for every table
 * @systab: set if the result is 0
 *
 * The CRC shows whether @buf has a table, or only its signature.
 *
 * Return: 0; -ENODATA if @buf has no system table; -EBADMSG if the table
 * has more than UEFI_CONFIG_MAX configuration tables.
 */
int uefi_systab_parse(const u8 *buf, size_t len, struct uefi_systab *systab);

/**
 * uefi_config_find - find a configuration table
 * @tables: @n_tables entries of UEFI_CONFIG_ENTRY_LEN bytes
 * @n_tables: number of entries
 * @guid: of the table to find, UEFI_GUID_LEN bytes
 * @addr: set to its physical address if the result is 0
 *
 * Return: 0; -ENODATA if there is no such table.
 */
int uefi_config_find(const u8 *tables, size_t n_tables, const u8 *guid,
		     u64 *addr);

/**
 * uefi_boot_params_systab - get the system table from x86 boot parameters
 * @params: struct boot_params
 * @len: bytes in @params, UEFI_BOOT_PARAMS_LEN
 * @addr: set to the table's physical address if the result is 0
 *
 * Return: 0; -ENODATA if 64-bit UEFI firmware did not boot this kernel;
 * -EBADMSG if @params is too short.
 */
int uefi_boot_params_systab(const u8 *params, size_t len, u64 *addr);

/**
 * uefi_fdt_systab - get the system table from a Linux device tree
 * @fdt: the flattened device tree
 * @len: bytes in @fdt
 * @addr: set to the table's physical address if the result is 0
 *
 * Reads the property linux,uefi-system-table of /chosen; Linux
 * Documentation/arch/arm/uefi.rst. @len bounds the work: each step takes a
 * token of 4 bytes or more.
 *
 * Return: 0; -ENODATA if the tree has no such property; -EBADMSG if
 * the tree is malformed.
 */
int uefi_fdt_systab(const u8 *fdt, size_t len, u64 *addr);

#endif /* CCGUEST_LIB_UEFI_H */
