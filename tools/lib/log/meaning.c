// SPDX-License-Identifier: GPL-2.0-only
/*
 * Summaries of events, one line each.
 */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include <ccguest/log.h>
#include <ccguest/text.h>

#include "log/dtb.h"
#include "log/utf16.h"
#include "log/words.h"

/* Shorter data of an unknown form are rather a number than a text. */
#define TEXT_MIN	4

static void put_path(struct ccg_text *l, const u8 *path, size_t len)
{
	char *text = ccg_devpath_text(path, len);

	if (!text || !*text)
		ccg_text_put(l, "no device path");
	else
		ccg_put_text(l, (const u8 *)text, strlen(text));
	free(text);
}

/* DEN0137, RmiRealmParams: the numbers of SVE and of points are counts minus 1. */
static void realm_create(struct ccg_text *l, const struct cc_realm_params *p)
{
	static const char *const hashes[] = { "SHA-256", "SHA-512", "SHA-384" };

	ccg_text_put(l, "realm of %u bits, %s", p->s2sz, hashes[p->hash_algo]);
	if (p->flags & CC_REALM_LPA2)
		ccg_text_put(l, ", LPA2");
	if (p->flags & CC_REALM_SVE)
		ccg_text_put(l, ", SVE vectors of %u bits",
			     128 * (p->sve_vl + 1));
	if (p->flags & CC_REALM_PMU)
		ccg_text_put(l, ", %u counter%s", p->pmu_num_ctrs,
			     p->pmu_num_ctrs == 1 ? "" : "s");
	ccg_text_put(l, ", %u breakpoint%s, %u watchpoint%s", p->num_bps + 1,
		     p->num_bps ? "s" : "", p->num_wps + 1,
		     p->num_wps ? "s" : "");
}

static bool realm(struct ccg_text *l, const struct cc_log_event *ev)
{
	const struct cc_realm_event *r = &ev->realm;

	switch (r->kind) {
	case CC_REALM_VM_VERSION:
		ccg_text_put(l, "%s %s, ", r->vm.name, r->vm.version);
		ccg_put_size(l, r->vm.ram_size);
		ccg_text_put(l, ", %" PRIu32 " CPU%s", r->vm.num_cpus,
			     r->vm.num_cpus == 1 ? "" : "s");
		return true;
	case CC_REALM_DTB:
		ccg_text_put(l, "Device Tree, ");
		ccg_put_size(l, r->dtb_len);
		return true;
	case CC_REALM_CREATE:
		realm_create(l, &r->create);
		return true;
	case CC_REALM_RIPAS:
		ccg_text_put(l, "memory at %#" PRIx64 ", ", r->ripas.base);
		ccg_put_size(l, r->ripas.size);
		return true;
	case CC_REALM_REC:
		ccg_text_put(l, "vCPU entry %#" PRIx64 "%s", r->rec.pc,
			     r->rec.flags & CC_REC_RUNNABLE ? "" : ", not runnable");
		return true;
	case CC_REALM_BLOB:
	case CC_REALM_LOG:
		ccg_put_text(l, r->blob.desc, r->blob.desc_len);
		ccg_text_put(l, " at %#" PRIx64 ", ", r->blob.range.base);
		ccg_put_size(l, r->blob.range.size);
		if (r->kind == CC_REALM_LOG)
			ccg_text_put(l, ", not measured");
		return true;
	default:
		return false;
	}
}

static void put_var_name(struct ccg_text *l, const struct cc_log_event *ev,
			 const struct efi_var *var)
{
	size_t start = l->len;

	ccg_put_utf16(l, ev->data + EFI_VAR_MIN, var->units);
	if (l->len == start)
		ccg_text_put(l, "a variable without a name");
}

static void boot_entry(struct ccg_text *l, const struct load_option *opt)
{
	ccg_text_put(l, " \"");
	ccg_text_utf16(l, opt->desc, opt->desc_units);
	ccg_text_put(l, "\", ");
	put_path(l, opt->path, opt->path_len);
}

/* Other GUIDs can have variables of the same names. */
static void put_foreign(struct ccg_text *l, const struct efi_var *var)
{
	static const char *const names[] = {
		"SecureBoot", "PK", "KEK", "db", "dbx",
	};

	for (size_t i = 0; i < ARRAY_SIZE(names); i++) {
		if (strcmp(var->name, names[i]))
			continue;
		ccg_text_put(l, " of ");
		ccg_text_guid(l, var->guid);
	}
	ccg_text_put(l, ", ");
	ccg_put_size(l, var->len);
}

static bool is_authority(const struct cc_log_event *ev)
{
	return ev->type == EV_EFI_VARIABLE_AUTHORITY ||
	       ev->type == EV_EFI_SPDM_DEVICE_AUTHORITY;
}

static bool variable(struct ccg_text *l, const struct cc_log_event *ev)
{
	struct load_option opt;
	struct efi_var var = {};

	if (!ccg_efi_var_parse(ev, &var))
		return false;
	put_var_name(l, ev, &var);
	if (ev->type == EV_EFI_VARIABLE_DRIVER_CONFIG &&
	    ccg_efi_var_is_secure_boot(&var)) {
		ccg_text_put(l, " is %s", var.len && var.data[0] ? "on" : "off");
	} else if (is_authority(ev) && ccg_signature_words(l, var.data, var.len)) {
		return true;
	} else if ((ev->type == EV_EFI_SPDM_DEVICE_POLICY ||
		    (!is_authority(ev) && ccg_efi_var_has_signatures(&var))) &&
		   ccg_signature_lists_words(l, &var)) {
		return true;
	} else if (ccg_is_boot_entry(var.name) &&
		   ccg_load_option_parse(&var, &opt)) {
		boot_entry(l, &opt);
	} else if (!strcmp(var.name, "BootOrder") && !(var.len % 2)) {
		for (size_t i = 0; i < var.len; i += 2)
			ccg_text_put(l, " %04x", get_unaligned_le16(var.data + i));
	} else if (!strcmp(var.name, "SbatLevel")) {
		ccg_text_put(l, " ");
		ccg_put_text(l, var.data, var.len);
	} else {
		put_foreign(l, &var);
	}
	return true;
}

static bool blob(struct ccg_text *l, const struct cc_log_event *ev)
{
	if (ev->size != 16)
		return false;
	ccg_text_put(l, "firmware at %#" PRIx64 ", ", get_unaligned_le64(ev->data));
	ccg_put_size(l, get_unaligned_le64(ev->data + 8));
	return true;
}

static bool blob2(struct ccg_text *l, const struct cc_log_event *ev)
{
	struct cc_blob b;

	if (cc_blob_parse(ev->data, ev->size, &b))
		return false;
	ccg_put_text(l, b.desc, b.desc_len);
	ccg_text_put(l, " at %#" PRIx64 ", ", b.range.base);
	ccg_put_size(l, b.range.size);
	return true;
}

static bool image(struct ccg_text *l, const struct cc_log_event *ev)
{
	size_t len;
	const u8 *path = ccg_image_path(ev, &len);

	if (path)
		put_path(l, path, len);
	return path;
}

static bool gpt(struct ccg_text *l, const struct cc_log_event *ev)
{
	char text[CCG_GUID_TEXT];
	struct ccg_guid guid;
	size_t n, size;

	if (!ccg_gpt_entries(ev, &n, &size))
		return false;
	memcpy(guid.b, ev->data + 56, sizeof(guid.b));
	ccg_guid_format(&guid, text);
	ccg_text_put(l, "partition table of disk %s, %zu partition%s", text, n,
		     n == 1 ? "" : "s");
	return true;
}

static bool string(struct ccg_text *l, const struct cc_log_event *ev)
{
	ccg_put_string(l, ev->data, ev->size);
	return true;
}

static bool any_text(struct ccg_text *l, const struct cc_log_event *ev)
{
	bool utf16 = ccg_is_utf16(ev->data, ev->size) && ev->data[0] >= ' ';

	return (utf16 || ccg_is_text(ev->data, ev->size)) && string(l, ev);
}

/*
 * The profile, 10.4.1: four bytes of zeros or ones; after an error, its
 * description. Windows separates its own PCRs by a text.
 */
static bool put_separator(struct ccg_text *l, const struct cc_log_event *ev)
{
	u32 val = ev->size == 4 ? get_unaligned_le32(ev->data) : 0;

	ccg_text_put(l, "separator");
	if (ev->size == 4 && !memcmp(ev->data, "WBCL", 4)) {
		ccg_text_put(l, " WBCL of Windows");
	} else if (ev->size != 4) {
		ccg_text_put(l, ", error: ");
		if (!any_text(l, ev))
			ccg_put_size(l, ev->size);
	} else if (val && val != 0xffffffff) {
		ccg_text_put(l, ", error %#" PRIx32, val);
	}
	return true;
}

/* EDK2 names the firmware by a text or by a GUID. */
static bool crtm_version(struct ccg_text *l, const struct cc_log_event *ev)
{
	if (any_text(l, ev))
		return true;
	if (ev->size != 16)
		return false;
	ccg_text_put(l, "version ");
	ccg_text_guid(l, ev->data);
	return true;
}

/* A text, or a number that means something to the firmware's maker. */
static bool compact_hash(struct ccg_text *l, const struct cc_log_event *ev)
{
	if (any_text(l, ev))
		return true;
	if (ev->size != 4)
		return false;
	ccg_text_put(l, "%#" PRIx32, get_unaligned_le32(ev->data));
	return true;
}

static bool by_type(struct ccg_text *l, const struct cc_log_event *ev)
{
	switch (ev->type) {
	case CC_EV_SEPARATOR:
		return put_separator(l, ev);
	case CC_EV_EVENT_TAG:
		return ccg_tags_words(l, ev) || any_text(l, ev);
	case EV_POST_CODE:
		return blob(l, ev) || string(l, ev);
	case EV_S_CRTM_CONTENTS:
		return any_text(l, ev) || blob(l, ev);
	case EV_EFI_PLATFORM_FIRMWARE_BLOB:
		return blob(l, ev);
	case CC_EV_EFI_BLOB2:
	case CC_EV_POST_CODE2:
		return blob2(l, ev);
	case EV_IPL:
	case EV_ACTION:
	case EV_EFI_ACTION:
	case EV_EFI_HCRTM_EVENT:
	case EV_PLATFORM_CONFIG_FLAGS:
		return string(l, ev);
	case EV_S_CRTM_VERSION:
		return crtm_version(l, ev);
	case EV_COMPACT_HASH:
		return compact_hash(l, ev);
	case EV_EFI_VARIABLE_DRIVER_CONFIG:
	case EV_EFI_VARIABLE_BOOT:
	case EV_EFI_VARIABLE_BOOT2:
	case EV_EFI_VARIABLE_AUTHORITY:
	case EV_EFI_SPDM_DEVICE_POLICY:
	case EV_EFI_SPDM_DEVICE_AUTHORITY:
		return variable(l, ev);
	case EV_EFI_BOOT_SERVICES_APPLICATION:
	case EV_EFI_BOOT_SERVICES_DRIVER:
	case EV_EFI_RUNTIME_SERVICES_DRIVER:
		return image(l, ev);
	case EV_EFI_GPT_EVENT:
	case EV_EFI_GPT_EVENT2:
		return gpt(l, ev);
	default:
		return false;
	}
}

/* No size if the sum of the ranges exceeds 64 bits. */
static void put_memory(struct ccg_text *l, const struct ccg_dtb_ranges *memory)
{
	uint64_t sum = 0;

	for (size_t i = 0; i < memory->n; i++)
		if (__builtin_add_overflow(sum, memory->r[i].size, &sum))
			return;
	if (!sum)
		return;
	ccg_text_put(l, ", ");
	ccg_put_size(l, sum);
}

void ccg_tree_meaning(const struct ccg_tree *t, char *text, size_t size)
{
	struct ccg_text l = { .buf = text, .size = size, .fixed = true };
	const struct ccg_dtb *d = t->dtb;

	text[0] = '\0';
	if (*d->fault) {
		ccg_text_put(&l, "malformed, %s", d->fault);
		return;
	}
	ccg_text_put(&l, "%s%s", t->measured ? "" : "not the measured tree, ",
		     d->model ? d->model : "no model");
	put_memory(&l, &d->memory);
	if (d->has_initrd)
		ccg_text_put(&l, ", initrd at %#" PRIx64, d->initrd.base);
	if (d->bootargs)
		ccg_text_put(&l, ", \"%s\"", d->bootargs);
}

void ccg_log_meaning(const struct cc_log_event *ev, char *text, size_t size)
{
	struct ccg_text l = { .buf = text, .size = size, .fixed = true };

	text[0] = '\0';
	/* A function that finds another form has written nothing. */
	if (realm(&l, ev) || ccg_records_words(&l, ev) || by_type(&l, ev))
		return;
	if (ev->size < TEXT_MIN || !any_text(&l, ev))
		ccg_put_size(&l, ev->size);
}
