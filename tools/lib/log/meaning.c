// SPDX-License-Identifier: GPL-2.0-only
/*
 * Summaries of events, one line each.
 */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include <ccguest/log.h>
#include <ccguest/text.h>

#include "core/text.h"
#include "log/dtb.h"
#include "log/efi.h"

/* Appends bytes; drops NULs at the end, replaces others by spaces. */
static void put_text(struct ccg_text *l, const u8 *p, size_t len)
{
	char *to = l->buf + l->len, *nul;

	while (len && !p[len - 1])
		len--;
	ccg_text_bytes(l, p, len);
	for (; (nul = memchr(to, '\0', l->buf + l->len - to)); to = nul + 1)
		*nul = ' ';
}

/* systemd-boot logs UTF-16; GRUB and shim log bytes. */
static bool looks_like_utf16(const u8 *p, size_t len)
{
	if (len < 4 || len % 2)
		return false;
	for (size_t i = 1; i < len; i += 2)
		if (p[i])
			return false;
	return p[0];
}

static void put_string(struct ccg_text *l, const u8 *p, size_t len)
{
	char *text;

	if (!looks_like_utf16(p, len)) {
		put_text(l, p, len);
		return;
	}
	text = ccg_utf16_text(p, len / 2);
	ccg_text_put(l, "%s", text ? text : "");
	free(text);
}

static void put_size(struct ccg_text *l, uint64_t size)
{
	static const char units[] = "KMGTPE";
	const char *unit = units;
	double n = size;

	if (size < 1024) {
		ccg_text_put(l, "%" PRIu64 " bytes", size);
		return;
	}
	for (n /= 1024; n >= 1024 && unit[1]; n /= 1024)
		unit++;
	ccg_text_put(l, "%.*f %ciB", n < 10 || unit != units, n, *unit);
}

static void put_path(struct ccg_text *l, const u8 *path, size_t len)
{
	char *text = ccg_devpath_text(path, len);

	if (!text || !*text)
		ccg_text_put(l, "no device path");
	else
		put_text(l, (const u8 *)text, strlen(text));
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
		put_size(l, r->vm.ram_size);
		ccg_text_put(l, ", %" PRIu32 " CPU%s", r->vm.num_cpus,
			     r->vm.num_cpus == 1 ? "" : "s");
		return true;
	case CC_REALM_DTB:
		ccg_text_put(l, "Device Tree, ");
		put_size(l, r->dtb_len);
		return true;
	case CC_REALM_CREATE:
		realm_create(l, &r->create);
		return true;
	case CC_REALM_RIPAS:
		ccg_text_put(l, "memory at %#" PRIx64 ", ", r->ripas.base);
		put_size(l, r->ripas.size);
		return true;
	case CC_REALM_REC:
		ccg_text_put(l, "vCPU entry %#" PRIx64 "%s", r->rec.pc,
			     r->rec.flags & CC_REC_RUNNABLE ? "" : ", not runnable");
		return true;
	case CC_REALM_BLOB:
	case CC_REALM_LOG:
		put_text(l, r->blob.desc, r->blob.desc_len);
		ccg_text_put(l, " at %#" PRIx64 ", ", r->blob.range.base);
		put_size(l, r->blob.range.size);
		if (r->kind == CC_REALM_LOG)
			ccg_text_put(l, ", not measured");
		return true;
	default:
		return false;
	}
}

static bool variable(struct ccg_text *l, const struct cc_log_event *ev)
{
	struct load_option opt;
	struct efi_var var = {};
	char *desc;

	if (!ccg_efi_var_parse(ev, &var))
		return false;
	ccg_text_put(l, "%s", var.name);
	if (!strcmp(var.name, "SecureBoot") && var.len <= 1) {
		ccg_text_put(l, " is %s", var.len && var.data[0] ? "on" : "off");
	} else if (ccg_is_boot_entry(var.name) &&
		   ccg_load_option_parse(&var, &opt)) {
		desc = ccg_utf16_text(opt.desc, opt.desc_units);
		ccg_text_put(l, " \"%s\", ", desc ? desc : "");
		free(desc);
		put_path(l, opt.path, opt.path_len);
	} else if (!strcmp(var.name, "BootOrder") && !(var.len % 2)) {
		for (size_t i = 0; i < var.len; i += 2)
			ccg_text_put(l, " %04x", get_unaligned_le16(var.data + i));
	} else if (!strcmp(var.name, "SbatLevel")) {
		ccg_text_put(l, " ");
		put_text(l, var.data, var.len);
	} else {
		ccg_text_put(l, ", ");
		put_size(l, var.len);
	}
	return true;
}

static bool blob(struct ccg_text *l, const struct cc_log_event *ev)
{
	if (ev->size != 16)
		return false;
	ccg_text_put(l, "firmware at %#" PRIx64 ", ", get_unaligned_le64(ev->data));
	put_size(l, get_unaligned_le64(ev->data + 8));
	return true;
}

static bool blob2(struct ccg_text *l, const struct cc_log_event *ev)
{
	struct cc_blob b;

	if (cc_blob_parse(ev->data, ev->size, &b))
		return false;
	put_text(l, b.desc, b.desc_len);
	ccg_text_put(l, " at %#" PRIx64 ", ", b.range.base);
	put_size(l, b.range.size);
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

static bool put_tag(struct ccg_text *l, const struct cc_log_event *ev)
{
	ccg_text_put(l, "tag %#" PRIx32 ": ", get_unaligned_le32(ev->data));
	put_string(l, ev->data + 8, ev->size - 8);
	return true;
}

/* The profile, 10.4.1: four bytes of zeros or ones, or an error code. */
static bool put_separator(struct ccg_text *l, const struct cc_log_event *ev)
{
	u32 val;

	if (ev->size != 4)
		return false;
	val = get_unaligned_le32(ev->data);
	ccg_text_put(l, val && val != 0xffffffff ? "separator, error %#" PRIx32 :
		     "separator", val);
	return true;
}

static bool handoff(struct ccg_text *l, const struct cc_log_event *ev)
{
	size_t len = ev->size ? ev->data[0] : 0;

	if (!len || len > ev->size - 1)
		return false;
	ccg_text_put(l, "table ");
	put_text(l, ev->data + 1, len);
	return true;
}

static bool string(struct ccg_text *l, const struct cc_log_event *ev)
{
	put_string(l, ev->data, ev->size);
	return true;
}

static bool by_type(struct ccg_text *l, const struct cc_log_event *ev)
{
	switch (ev->type) {
	case EV_SEPARATOR:
		return put_separator(l, ev);
	case CC_EV_EVENT_TAG:
		return put_tag(l, ev);
	case EV_POST_CODE:
		return blob(l, ev) || string(l, ev);
	case EV_S_CRTM_CONTENTS:
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
		return looks_like_utf16(ev->data, ev->size) && string(l, ev);
	case EV_EFI_VARIABLE_DRIVER_CONFIG:
	case EV_EFI_VARIABLE_BOOT:
	case EV_EFI_VARIABLE_BOOT2:
	case EV_EFI_VARIABLE_AUTHORITY:
		return variable(l, ev);
	case EV_EFI_BOOT_SERVICES_APPLICATION:
	case EV_EFI_BOOT_SERVICES_DRIVER:
	case EV_EFI_RUNTIME_SERVICES_DRIVER:
		return image(l, ev);
	case EV_EFI_GPT_EVENT:
	case EV_EFI_GPT_EVENT2:
		return gpt(l, ev);
	case EV_EFI_HANDOFF_TABLES2:
		return handoff(l, ev);
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
	put_size(l, sum);
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
	if (!realm(&l, ev) && !by_type(&l, ev))
		put_size(&l, ev->size);
}
