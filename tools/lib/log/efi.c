// SPDX-License-Identifier: GPL-2.0-only
/*
 * Parser of the UEFI structures in the data of events.
 */
#include <string.h>

#include "log/efi.h"

/* EFI_LOAD_OPTION; UEFI 2.10, 3.1.3. */
#define LOAD_OPTION_MIN	6
#define LOAD_OPTION_ACTIVE	1
/* EFI_PARTITION_TABLE_HEADER; UEFI 2.10, 5.3. */
#define GPT_HEADER_LEN	92

/*
 * All names that are known here are ASCII; '?' replaces other units, and NULs in
 * front of the end: "SecureBoot", NUL, "x" is another name than "SecureBoot".
 */
static void take_name(struct efi_var *var, const u8 *p)
{
	size_t n = var->units;
	u16 c;

	while (n && !get_unaligned_le16(p + 2 * n - 2))
		n--;
	for (size_t i = 0; i < n && i < sizeof(var->name) - 1; i++) {
		c = get_unaligned_le16(p + 2 * i);
		var->name[i] = c && c < 0x80 ? c : '?';
	}
}

/**
 * ccg_efi_var_parse - parse UEFI_VARIABLE_DATA
 * @ev: the event
 * @var: set if the result is true
 *
 * Return: true if the event has this form.
 */
bool ccg_efi_var_parse(const struct cc_log_event *ev, struct efi_var *var)
{
	u64 units, len;

	if (ev->size < EFI_VAR_MIN)
		return false;
	units = get_unaligned_le64(ev->data + 16);
	len = get_unaligned_le64(ev->data + 24);
	if (units > (ev->size - EFI_VAR_MIN) / 2 ||
	    len > ev->size - EFI_VAR_MIN - 2 * units)
		return false;
	*var = (struct efi_var) {
		.guid = ev->data,
		.units = units,
		.data = ev->data + EFI_VAR_MIN + 2 * units,
		.len = len,
	};
	take_name(var, ev->data + EFI_VAR_MIN);
	return true;
}

/**
 * ccg_load_option_parse - parse EFI_LOAD_OPTION
 * @var: a variable with a load option
 * @opt: set if the result is true
 *
 * Return: true if the variable has this form.
 */
bool ccg_load_option_parse(const struct efi_var *var, struct load_option *opt)
{
	size_t pos = LOAD_OPTION_MIN;

	if (var->len < LOAD_OPTION_MIN)
		return false;
	opt->active = get_unaligned_le32(var->data) & LOAD_OPTION_ACTIVE;
	opt->path_len = get_unaligned_le16(var->data + 4);
	opt->desc = var->data + pos;
	for (; var->len - pos >= 2; pos += 2) {
		if (get_unaligned_le16(var->data + pos))
			continue;
		opt->desc_units = (pos - LOAD_OPTION_MIN) / 2;
		opt->path = var->data + pos + 2;
		opt->rest = var->len - pos - 2;
		return opt->path_len <= opt->rest;
	}
	return false;
}

/**
 * ccg_is_boot_entry - find out whether a variable is a boot entry
 * @name: name of the variable
 *
 * Return: true for Boot####.
 */
bool ccg_is_boot_entry(const char *name)
{
	return strlen(name) == 8 && !memcmp(name, "Boot", 4) &&
	       strspn(name + 4, "0123456789abcdefABCDEF") == 4;
}

/* EFI_GLOBAL_VARIABLE and EFI_IMAGE_SECURITY_DATABASE; UEFI 2.10, 3.3, 32.6. */
static const u8 global_guid[16] = {
	0x61, 0xdf, 0xe4, 0x8b, 0xca, 0x93, 0xd2, 0x11,
	0xaa, 0x0d, 0x00, 0xe0, 0x98, 0x03, 0x2b, 0x8c,
};

static const u8 database_guid[16] = {
	0xcb, 0xb2, 0x19, 0xd7, 0x3a, 0x3d, 0x96, 0x45,
	0xa3, 0xbc, 0xda, 0xd0, 0x0e, 0x67, 0x65, 0x6f,
};

static bool is_var(const struct efi_var *var, const u8 *guid, const char *name)
{
	return !memcmp(var->guid, guid, sizeof(global_guid)) &&
	       !strcmp(var->name, name);
}

/**
 * ccg_efi_var_is_secure_boot - find out whether a variable is SecureBoot
 * @var: the variable
 *
 * Return: true for the variable of the specification; any owner can have a
 * variable of this name under another GUID.
 */
bool ccg_efi_var_is_secure_boot(const struct efi_var *var)
{
	return var->len <= 1 && is_var(var, global_guid, "SecureBoot");
}

/**
 * ccg_efi_var_has_signatures - find out whether a variable has signature lists
 * @var: the variable
 *
 * Return: true for PK, KEK, db, dbx, dbt and dbr of the specification.
 */
bool ccg_efi_var_has_signatures(const struct efi_var *var)
{
	static const char *const names[] = { "db", "dbx", "dbt", "dbr" };

	for (size_t i = 0; i < ARRAY_SIZE(names); i++)
		if (is_var(var, database_guid, names[i]))
			return true;
	return is_var(var, global_guid, "PK") || is_var(var, global_guid, "KEK");
}

/**
 * ccg_image_path - find the device path of a loaded image
 * @ev: the event, UEFI_IMAGE_LOAD_EVENT
 * @lenp: set to the length of the path in bytes
 *
 * Return: the path; NULL if the event does not have this form.
 */
const uint8_t *ccg_image_path(const struct cc_log_event *ev, size_t *lenp)
{
	u64 len;

	if (ev->size < EFI_IMAGE_MIN)
		return NULL;
	len = get_unaligned_le64(ev->data + 24);
	if (len > ev->size - EFI_IMAGE_MIN)
		return NULL;
	*lenp = len;
	return ev->data + EFI_IMAGE_MIN;
}

/**
 * ccg_gpt_entries - find the entries of UEFI_GPT_DATA
 * @ev: the event
 * @np: set to the number of entries
 * @sizep: set to the size of an entry in bytes
 *
 * Return: the first entry; NULL if the event does not have this form.
 */
const uint8_t *ccg_gpt_entries(const struct cc_log_event *ev, size_t *np,
			       size_t *sizep)
{
	u64 n, size, left;

	if (ev->size < GPT_HEADER_LEN + 8)
		return NULL;
	left = ev->size - GPT_HEADER_LEN - 8;
	n = get_unaligned_le64(ev->data + GPT_HEADER_LEN);
	size = get_unaligned_le32(ev->data + 84);
	if (size < EFI_GPT_ENTRY_MIN || n > left / size)
		return NULL;
	*np = n;
	*sizep = size;
	return ev->data + GPT_HEADER_LEN + 8;
}
