/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Private to libccguest: parser of the UEFI structures in the data of events.
 */
#ifndef CCGUEST_LOG_EFI_H
#define CCGUEST_LOG_EFI_H

#include "cc_log.h"

/* Event types with decoded data; the profile, 10.4.1. */
#define EV_POST_CODE			0x01
#define EV_ACTION			0x05
#define EV_S_CRTM_CONTENTS		0x07
#define EV_S_CRTM_VERSION		0x08
#define EV_PLATFORM_CONFIG_FLAGS	0x0a
#define EV_COMPACT_HASH			0x0c
#define EV_IPL				0x0d
#define EV_NONHOST_INFO			0x11
#define EV_OMIT_BOOT_DEVICE_EVENTS	0x12
/* Not of the profile: IMA's measurements. */
#define EV_IMA				0x14
#define EV_EFI_VARIABLE_DRIVER_CONFIG	0x80000001
#define EV_EFI_VARIABLE_BOOT		0x80000002
#define EV_EFI_BOOT_SERVICES_APPLICATION	0x80000003
#define EV_EFI_BOOT_SERVICES_DRIVER	0x80000004
#define EV_EFI_RUNTIME_SERVICES_DRIVER	0x80000005
#define EV_EFI_GPT_EVENT		0x80000006
#define EV_EFI_ACTION			0x80000007
#define EV_EFI_PLATFORM_FIRMWARE_BLOB	0x80000008
#define EV_EFI_HANDOFF_TABLES		0x80000009
#define EV_EFI_HANDOFF_TABLES2		0x8000000b
#define EV_EFI_VARIABLE_BOOT2		0x8000000c
#define EV_EFI_GPT_EVENT2		0x8000000d
#define EV_EFI_HCRTM_EVENT		0x80000010
#define EV_EFI_VARIABLE_AUTHORITY	CC_EV_EFI_AUTHORITY
#define EV_EFI_SPDM_FIRMWARE_BLOB	0x800000e1
#define EV_EFI_SPDM_FIRMWARE_CONFIG	0x800000e2
#define EV_EFI_SPDM_DEVICE_POLICY	0x800000e3
#define EV_EFI_SPDM_DEVICE_AUTHORITY	CC_EV_SPDM_AUTHORITY

/* UEFI_VARIABLE_DATA: GUID, two lengths; the profile, 10.2.6. */
#define EFI_VAR_MIN	32
/* UEFI_IMAGE_LOAD_EVENT; the profile, 10.2.3. */
#define EFI_IMAGE_MIN	32
/* An entry of EFI_PARTITION_TABLE_HEADER; UEFI 2.10, 5.3. */
#define EFI_GPT_ENTRY_MIN	128

/**
 * struct efi_var - UEFI_VARIABLE_DATA
 * @guid: VendorGuid of the variable
 * @name: name of the variable in ASCII, with a NUL; '?' for other characters
 * @units: length of the name in 16-bit units
 * @data: contents of the variable
 * @len: length of @data in bytes
 */
struct efi_var {
	const u8 *guid;
	char name[64];
	size_t units;
	const u8 *data;
	size_t len;
};

/**
 * struct load_option - EFI_LOAD_OPTION
 * @active: LOAD_OPTION_ACTIVE is set
 * @desc: description, UTF-16
 * @desc_units: length of @desc in 16-bit units
 * @path: device path
 * @path_len: length of @path in bytes
 * @rest: length of @path and of the optional data, in bytes
 */
struct load_option {
	bool active;
	const u8 *desc;
	size_t desc_units;
	const u8 *path;
	size_t path_len;
	size_t rest;
};

bool ccg_efi_var_parse(const struct cc_log_event *ev, struct efi_var *var);
bool ccg_load_option_parse(const struct efi_var *var, struct load_option *opt);
bool ccg_is_boot_entry(const char *name);
bool ccg_efi_var_is_secure_boot(const struct efi_var *var);
bool ccg_efi_var_has_signatures(const struct efi_var *var);
const uint8_t *ccg_image_path(const struct cc_log_event *ev, size_t *lenp);
const uint8_t *ccg_gpt_entries(const struct cc_log_event *ev, size_t *np,
			       size_t *sizep);

#endif /* CCGUEST_LOG_EFI_H */
