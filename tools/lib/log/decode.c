// SPDX-License-Identifier: GPL-2.0-only
/*
 * Decodes the data of events. The names of the fields are those of
 * tpm2_eventlog, so that programs which parse its YAML can parse this output.
 *
 * Data of an unexpected form is output in hexadecimal.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <ccguest/log.h>
#include <ccguest/text.h>

#include "cc_log.h"
#include "core/ctx.h"
#include "core/text.h"
#include "log/efi.h"
#include "log/utf16.h"
#include "log/words.h"

/* EFI_SIGNATURE_LIST; UEFI 2.10, 32.4.1. */
#define SIG_LIST_MIN	28
#define GUID_LEN	16
#define GPT_NAME	56

static void text(struct ccg_sink *s, const char *key, const char *val)
{
	s->text(s, key, val, val ? strlen(val) : 0);
}

static void bytes(struct ccg_sink *s, const char *key, const u8 *p, size_t len)
{
	char *hex = ccg_hex_text(p, len);

	s->text(s, key, hex, hex ? 2 * len : 0);
	free(hex);
}

static void guid(struct ccg_sink *s, const char *key, const u8 *p)
{
	char buf[CCG_GUID_TEXT];
	struct ccg_guid g;

	memcpy(g.b, p, sizeof(g.b));
	ccg_guid_format(&g, buf);
	text(s, key, buf);
}

static void utf16(struct ccg_sink *s, const char *key, const u8 *p, size_t n)
{
	char *buf = ccg_utf16_text(p, n);

	text(s, key, buf);
	free(buf);
}

static void devpath(struct ccg_sink *s, const u8 *p, size_t len)
{
	char *path = s->tpm2_eventlog ? ccg_devpath_efivar(p, len) :
					ccg_devpath_text(p, len);

	if (path)
		text(s, "DevicePath", path);
	else
		bytes(s, "DevicePath", p, len);
	free(path);
}

/* Variables ---------------------------------------------------------------- */

static bool one_of(const char *name, const char *const *names)
{
	for (; *names; names++)
		if (!strcmp(name, *names))
			return true;
	return false;
}

static void subject(struct ccg_sink *s, const u8 *der, size_t len)
{
	char *name = s->tpm2_eventlog ? NULL : ccg_signature_subject(der, len);

	if (name)
		text(s, "Subject", name);
	free(name);
}

static void sig_list(struct ccg_sink *s, const u8 *p)
{
	u32 len = get_unaligned_le32(p + 16);
	u32 header = get_unaligned_le32(p + 20);
	u32 size = get_unaligned_le32(p + 24);
	const u8 *end = p + len;

	s->open(s, NULL, false);
	guid(s, "SignatureType", p);
	s->number(s, "SignatureListSize", len, CCG_COUNT);
	s->number(s, "SignatureHeaderSize", header, CCG_COUNT);
	s->number(s, "SignatureSize", size, CCG_COUNT);
	s->open(s, "Keys", true);
	for (p += SIG_LIST_MIN + header; p < end; p += size) {
		s->open(s, NULL, false);
		guid(s, "SignatureOwner", p);
		bytes(s, "SignatureData", p + GUID_LEN, size - GUID_LEN);
		subject(s, p + GUID_LEN, size - GUID_LEN);
		s->close(s);
	}
	s->close(s);
	s->close(s);
}

static bool sig_lists(struct ccg_sink *s, const struct efi_var *var)
{
	const u8 *p = var->data, *end = var->data + var->len;

	while (p && p < end)
		p = ccg_signature_list_check(p, end);
	if (!p)
		return false;
	if (!var->len) {
		s->text(s, "VariableData", NULL, 0);
		return true;
	}
	s->open(s, "VariableData", true);
	for (p = var->data; p < end; p = ccg_signature_list_check(p, end))
		sig_list(s, p);
	s->close(s);
	return true;
}

static bool switch_on_off(struct ccg_sink *s, const struct efi_var *var)
{
	if (var->len > 1)
		return false;
	s->open(s, "VariableData", false);
	s->yes_no(s, "Enabled", var->len && var->data[0]);
	s->close(s);
	return true;
}

static bool signature(struct ccg_sink *s, const struct efi_var *var)
{
	if (var->len < GUID_LEN)
		return false;
	s->open(s, "VariableData", true);
	s->open(s, NULL, false);
	guid(s, "SignatureOwner", var->data);
	bytes(s, "SignatureData", var->data + GUID_LEN, var->len - GUID_LEN);
	subject(s, var->data + GUID_LEN, var->len - GUID_LEN);
	s->close(s);
	s->close(s);
	return true;
}

static bool sbat_level(struct ccg_sink *s, const struct efi_var *var)
{
	s->open(s, "VariableData", false);
	s->text(s, "String", (const char *)var->data, var->len);
	s->close(s);
	return true;
}

static bool boot_order(struct ccg_sink *s, const struct efi_var *var)
{
	char entry[16];

	if (var->len % 2)
		return false;
	s->open(s, "VariableData", true);
	for (size_t i = 0; i < var->len; i += 2) {
		snprintf(entry, sizeof(entry), "Boot%04x",
			 get_unaligned_le16(var->data + i));
		text(s, NULL, entry);
	}
	s->close(s);
	return true;
}

static bool load_option(struct ccg_sink *s, const struct efi_var *var)
{
	struct load_option opt;

	if (!ccg_load_option_parse(var, &opt))
		return false;
	s->open(s, "VariableData", false);
	s->yes_no(s, "Enabled", opt.active);
	s->number(s, "FilePathListLength", opt.path_len, CCG_COUNT);
	utf16(s, "Description", opt.desc, opt.desc_units);
	devpath(s, opt.path, opt.path_len);
	s->close(s);
	return true;
}

static bool driver_config(struct ccg_sink *s, const struct efi_var *var)
{
	static const char *const lists[] = { "PK", "KEK", "db", "dbx", NULL };

	if (one_of(var->name, lists))
		return sig_lists(s, var);
	/* tpm2_eventlog compares the name only. */
	if (s->tpm2_eventlog)
		return !strcmp(var->name, "SecureBoot") && switch_on_off(s, var);
	return ccg_efi_var_is_secure_boot(var) && switch_on_off(s, var);
}

static bool authority(struct ccg_sink *s, const struct efi_var *var)
{
	static const char *const signatures[] = { "db", "Shim", NULL };

	if (one_of(var->name, signatures))
		return signature(s, var);
	if (!strcmp(var->name, "SbatLevel"))
		return sbat_level(s, var);
	return !strcmp(var->name, "MokListTrusted") && switch_on_off(s, var);
}

/* Decodes the contents of a variable; false if they have no known form. */
static bool var_data(struct ccg_sink *s, u32 type, const struct efi_var *var)
{
	switch (type) {
	case EV_EFI_VARIABLE_DRIVER_CONFIG:
		return driver_config(s, var);
	case EV_EFI_VARIABLE_AUTHORITY:
		return authority(s, var);
	case EV_EFI_SPDM_DEVICE_POLICY:
		return sig_lists(s, var);
	case EV_EFI_SPDM_DEVICE_AUTHORITY:
		return signature(s, var);
	default:
		if (!strcmp(var->name, "BootOrder"))
			return boot_order(s, var);
		return ccg_is_boot_entry(var->name) && load_option(s, var);
	}
}

static bool variable(struct ccg_sink *s, const struct cc_log_event *ev,
		     int version)
{
	struct efi_var var = {};

	if (!ccg_efi_var_parse(ev, &var))
		return false;
	s->open(s, "Event", false);
	guid(s, "VariableName", var.guid);
	s->number(s, "UnicodeNameLength", var.units, CCG_COUNT);
	s->number(s, "VariableDataLength", var.len, CCG_COUNT);
	utf16(s, "UnicodeName", ev->data + EFI_VAR_MIN, var.units);
	if ((version < 2 || !var_data(s, ev->type, &var)) && var.len)
		bytes(s, "VariableData", var.data, var.len);
	s->close(s);
	return true;
}

/* Other events ------------------------------------------------------------- */

static bool image(struct ccg_sink *s, const struct cc_log_event *ev)
{
	size_t len;
	const u8 *path = ccg_image_path(ev, &len);

	if (!path)
		return false;
	s->open(s, "Event", false);
	s->number(s, "ImageLocationInMemory", get_unaligned_le64(ev->data),
		  CCG_VALUE);
	s->number(s, "ImageLengthInMemory", get_unaligned_le64(ev->data + 8),
		  CCG_COUNT);
	s->number(s, "ImageLinkTimeAddress", get_unaligned_le64(ev->data + 16),
		  CCG_VALUE);
	s->number(s, "LengthOfDevicePath", len, CCG_COUNT);
	devpath(s, path, len);
	s->close(s);
	return true;
}

static bool blob(struct ccg_sink *s, const struct cc_log_event *ev)
{
	if (ev->size != 16)
		return false;
	s->open(s, "Event", false);
	s->number(s, "BlobBase", get_unaligned_le64(ev->data), CCG_VALUE);
	s->number(s, "BlobLength", get_unaligned_le64(ev->data + 8), CCG_SIZE);
	s->close(s);
	return true;
}

static bool blob2(struct ccg_sink *s, const struct cc_log_event *ev)
{
	struct cc_blob b;

	if (cc_blob_parse(ev->data, ev->size, &b))
		return false;
	s->open(s, "Event", false);
	s->number(s, "BlobDescriptionSize", b.desc_len + b.nul, CCG_COUNT);
	/* tpm2_eventlog prints BlobDescription in hexadecimal. */
	bytes(s, "BlobDescription", b.desc, b.desc_len + b.nul);
	s->number(s, "BlobBase", b.range.base, CCG_VALUE);
	s->number(s, "BlobLength", b.range.size, CCG_SIZE);
	s->close(s);
	return true;
}

static void gpt_header(struct ccg_sink *s, const u8 *p)
{
	s->open(s, "Header", false);
	s->text(s, "Signature", (const char *)p, 8);
	s->number(s, "Revision", get_unaligned_le32(p + 8), CCG_VALUE);
	s->number(s, "HeaderSize", get_unaligned_le32(p + 12), CCG_COUNT);
	s->number(s, "HeaderCRC32", get_unaligned_le32(p + 16), CCG_VALUE);
	s->number(s, "MyLBA", get_unaligned_le64(p + 24), CCG_VALUE);
	s->number(s, "AlternateLBA", get_unaligned_le64(p + 32), CCG_VALUE);
	s->number(s, "FirstUsableLBA", get_unaligned_le64(p + 40), CCG_VALUE);
	s->number(s, "LastUsableLBA", get_unaligned_le64(p + 48), CCG_VALUE);
	guid(s, "DiskGUID", p + 56);
	s->number(s, "PartitionEntryLBA", get_unaligned_le64(p + 72), CCG_VALUE);
	s->number(s, "NumberOfPartitionEntry", get_unaligned_le32(p + 80),
		  CCG_COUNT);
	s->number(s, "SizeOfPartitionEntry", get_unaligned_le32(p + 84),
		  CCG_COUNT);
	s->number(s, "PartitionEntryArrayCRC32", get_unaligned_le32(p + 88),
		  CCG_VALUE);
	s->close(s);
}

static void gpt_entry(struct ccg_sink *s, const u8 *p)
{
	s->open(s, NULL, false);
	guid(s, "PartitionTypeGUID", p);
	guid(s, "UniquePartitionGUID", p + 16);
	s->number(s, "StartingLBA", get_unaligned_le64(p + 32), CCG_VALUE);
	s->number(s, "EndingLBA", get_unaligned_le64(p + 40), CCG_VALUE);
	s->number(s, "Attributes", get_unaligned_le64(p + 48), CCG_VALUE);
	utf16(s, "PartitionName", p + GPT_NAME, (EFI_GPT_ENTRY_MIN - GPT_NAME) / 2);
	s->close(s);
}

static bool gpt(struct ccg_sink *s, const struct cc_log_event *ev, int version)
{
	size_t n, size;
	const u8 *p = ccg_gpt_entries(ev, &n, &size);

	if (!p || version < 2)
		return false;
	s->open(s, "Event", false);
	gpt_header(s, ev->data);
	s->number(s, "NumberOfPartitions", n, CCG_COUNT);
	s->open(s, "Partitions", true);
	for (; n; n--, p += size)
		gpt_entry(s, p);
	s->close(s);
	s->close(s);
	return true;
}

static bool whole_text(struct ccg_sink *s, const struct cc_log_event *ev)
{
	s->text(s, "Event", (const char *)ev->data, ev->size);
	return true;
}

static bool ipl(struct ccg_sink *s, const struct cc_log_event *ev)
{
	s->open(s, "Event", false);
	s->text(s, "String", (const char *)ev->data, ev->size);
	s->close(s);
	return true;
}

/* Realms; tpm2_eventlog does not know these events. ------------------------ */

static void realm_create(struct ccg_sink *s, const struct cc_realm_params *p)
{
	s->number(s, "Flags", p->flags, CCG_VALUE);
	s->number(s, "S2SZ", p->s2sz, CCG_COUNT);
	s->number(s, "SVE_VL", p->sve_vl, CCG_COUNT);
	s->number(s, "NumBPs", p->num_bps, CCG_COUNT);
	s->number(s, "NumWPs", p->num_wps, CCG_COUNT);
	s->number(s, "PMUNumCtrs", p->pmu_num_ctrs, CCG_COUNT);
	s->number(s, "HashAlgo", p->hash_algo, CCG_COUNT);
}

static void vm_version(struct ccg_sink *s, const struct cc_vm_version *vm)
{
	text(s, "Name", vm->name);
	text(s, "Version", vm->version);
	if (vm->has_place) {
		s->number(s, "LogBase", vm->log.base, CCG_VALUE);
		s->number(s, "LogSize", vm->log.size, CCG_SIZE);
	}
	s->number(s, "RAMSize", vm->ram_size, CCG_SIZE);
	s->number(s, "NumCPUs", vm->num_cpus, CCG_COUNT);
	if (vm->has_flags)
		s->number(s, "Flags", vm->flags, CCG_VALUE);
	if (vm->tail)
		s->number(s, "UnknownBytes", vm->tail, CCG_COUNT);
}

static void rec(struct ccg_sink *s, const struct cc_rec_params *r)
{
	s->number(s, "Flags", r->flags, CCG_VALUE);
	s->number(s, "PC", r->pc, CCG_VALUE);
	s->open(s, "GPRs", true);
	for (size_t i = 0; i < CC_REC_GPRS; i++)
		s->number(s, NULL, r->gprs[i], CCG_VALUE);
	s->close(s);
}

static bool realm(struct ccg_sink *s, const struct cc_log_event *ev)
{
	static const char *const names[] = {
		[CC_REALM_VM_VERSION] = "VMVersion",
		[CC_REALM_CREATE] = "RealmCreate",
		[CC_REALM_RIPAS] = "InitRIPAS",
		[CC_REALM_REC] = "RECCreate",
		[CC_REALM_BLOB] = "Blob",
		[CC_REALM_LOG] = "Log",
	};
	const struct cc_realm_event *r = &ev->realm;

	if (r->kind >= ARRAY_SIZE(names) || !names[r->kind])
		return false;
	s->open(s, "Event", false);
	s->open(s, names[r->kind], false);
	switch (r->kind) {
	case CC_REALM_VM_VERSION:
		vm_version(s, &r->vm);
		break;
	case CC_REALM_CREATE:
		realm_create(s, &r->create);
		break;
	case CC_REALM_RIPAS:
		s->number(s, "Base", r->ripas.base, CCG_VALUE);
		s->number(s, "Size", r->ripas.size, CCG_SIZE);
		break;
	case CC_REALM_REC:
		rec(s, &r->rec);
		break;
	default:
		s->text(s, "Description", (const char *)r->blob.desc,
			r->blob.desc_len);
		s->number(s, "Base", r->blob.range.base, CCG_VALUE);
		s->number(s, "Size", r->blob.range.size, CCG_SIZE);
	}
	s->close(s);
	s->close(s);
	return true;
}

static bool startup_locality(struct ccg_sink *s, const struct cc_log_event *ev)
{
	static const char sig[16] = "StartupLocality";

	if (ev->size <= sizeof(sig) || memcmp(ev->data, sig, sizeof(sig)))
		return false;
	s->open(s, "Event", false);
	s->number(s, "StartupLocality", ev->data[sizeof(sig)], CCG_COUNT);
	s->close(s);
	return true;
}

static bool by_type(struct ccg_sink *s, const struct cc_log_event *ev,
		    int version)
{
	switch (ev->type) {
	case CC_EV_NO_ACTION:
		return startup_locality(s, ev);
	case EV_POST_CODE:
		return blob(s, ev) || whole_text(s, ev);
	case EV_EFI_PLATFORM_FIRMWARE_BLOB:
	case EV_S_CRTM_CONTENTS:
		return blob(s, ev);
	case CC_EV_EFI_BLOB2:
	case CC_EV_POST_CODE2:
		return blob2(s, ev);
	case EV_IPL:
		return ipl(s, ev);
	case EV_ACTION:
	case EV_EFI_ACTION:
	case EV_EFI_HCRTM_EVENT:
		return whole_text(s, ev);
	case EV_EFI_VARIABLE_DRIVER_CONFIG:
	case EV_EFI_VARIABLE_BOOT:
	case EV_EFI_VARIABLE_BOOT2:
	case EV_EFI_VARIABLE_AUTHORITY:
		return variable(s, ev, version);
	case EV_EFI_BOOT_SERVICES_APPLICATION:
	case EV_EFI_BOOT_SERVICES_DRIVER:
	case EV_EFI_RUNTIME_SERVICES_DRIVER:
		return image(s, ev);
	case EV_EFI_GPT_EVENT:
	case EV_EFI_GPT_EVENT2:
		return gpt(s, ev, version);
	default:
		return false;
	}
}

/* Events that tpm2_eventlog prints in hexadecimal. */
static bool more(struct ccg_sink *s, const struct cc_log_event *ev)
{
	if (s->tpm2_eventlog)
		return false;
	switch (ev->type) {
	case EV_EFI_SPDM_DEVICE_POLICY:
	case EV_EFI_SPDM_DEVICE_AUTHORITY:
		return variable(s, ev, 2);
	default:
		return ccg_records_decode(s, ev);
	}
}

void ccg_log_decode(const struct cc_log_event *ev, int version,
		    struct ccg_sink *sink)
{
	if (!realm(sink, ev) && !by_type(sink, ev, version) &&
	    !more(sink, ev) && ev->size)
		bytes(sink, "Event", ev->data, ev->size);
}

static void decode_algs(const struct cc_log *log, struct ccg_sink *sink)
{
	char heading[32];

	sink->number(sink, "numberOfAlgorithms", log->n_algs, CCG_COUNT);
	sink->open(sink, "Algorithms", true);
	for (size_t i = 0; i < log->n_algs; i++) {
		sink->open(sink, NULL, false);
		snprintf(heading, sizeof(heading), "Algorithm[%zu]", i);
		if (sink->heading)
			sink->heading(sink, heading);
		text(sink, "algorithmId", ccg_log_alg_name(log->algs[i].id));
		sink->number(sink, "digestSize", log->algs[i].len, CCG_COUNT);
		sink->close(sink);
	}
	sink->close(sink);
}

void ccg_log_decode_header(const struct cc_log *log, struct ccg_sink *sink)
{
	if (!log->signature)
		return;
	sink->open(sink, "SpecID", true);
	sink->open(sink, NULL, false);
	text(sink, "Signature", log->signature);
	sink->number(sink, "platformClass", log->platform_class, CCG_COUNT);
	sink->number(sink, "specVersionMinor", log->minor, CCG_COUNT);
	sink->number(sink, "specVersionMajor", log->major, CCG_COUNT);
	sink->number(sink, "specErrata", log->errata, CCG_COUNT);
	sink->number(sink, "uintnSize", log->uintn, CCG_COUNT);
	/* Older versions have no algorithms. */
	if (log->form == CC_LOG_FORM_2)
		decode_algs(log, sink);
	sink->number(sink, "vendorInfoSize", log->vendor_len, CCG_COUNT);
	if (log->vendor_len)
		bytes(sink, "vendorInfo", log->vendor, log->vendor_len);
	sink->close(sink);
	sink->close(sink);
}
