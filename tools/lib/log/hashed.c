// SPDX-License-Identifier: GPL-2.0-only
/*
 * The bytes of an event that its digests cover.
 *
 * The profile (TCG PC Client Platform Firmware Profile 1.06, 10.4.1) says for
 * each type of event whether its digest is that of its data. Firmware and boot
 * loaders deviate from it; each deviation that this file accepts has its source
 * here. Data that have no accepted form have been changed after they were
 * hashed, or another program wrote them.
 */
#include <string.h>

#include "log/efi.h"
#include "log/hashed.h"

static void add(struct hashed *h, const u8 *p, size_t len, bool whole)
{
	h->forms[h->n++] = (struct hashed_form) {
		.p = p, .len = len, .whole = whole,
	};
}

/*
 * The digest covers all data, without a prefix that says where the text comes
 * from. GRUB: grub-core/commands/tpm.c; older GRUB of Red Hat: its patches
 * "Rework TPM measurements", with a NUL for commands and without one for
 * command lines. With UEFI's protocol for confidential computing, that GRUB logs
 * one byte too many.
 */
static void add_behind_prefix(const struct cc_log_event *ev, struct hashed *h)
{
	static const struct {
		const char *text;
		bool old;
	} prefixes[] = {
		{ "grub_cmd: ", false }, { "kernel_cmdline: ", false },
		{ "module_cmdline: ", false }, { "grub_cmd ", true },
		{ "grub_kernel_cmdline ", true },
	};
	size_t i, skip, len;
	const u8 *p;

	for (i = 0; i < ARRAY_SIZE(prefixes); i++) {
		skip = strlen(prefixes[i].text);
		if (ev->size >= skip && !memcmp(ev->data, prefixes[i].text, skip))
			break;
	}
	if (i == ARRAY_SIZE(prefixes))
		return;
	h->known = true;
	p = ev->data + skip;
	len = ev->size - skip;
	if (prefixes[i].old && len >= 2 && !p[len - 2])
		len--;
	add(h, p, len, false);
	if (len && !p[len - 1])
		add(h, p, len - 1, false);
}

/* The only digest of an event of a TPM 1.2. */
static bool is_sha1_only(const struct cc_log_event *ev)
{
	return ev->n_digests == 1 && ev->digests[0].alg == CC_ALG_SHA1;
}

/*
 * The profile, 3.3.4.8: digests cover UEFI_VARIABLE_DATA. Most firmware hashes
 * only the contents of a boot variable (EDK II: Tcg2Dxe.c, MeasureVariable()).
 * Firmware of Lenovo for TPM 1.2 does so for the variables of Secure Boot too
 * (go-attestation: parseUEFIVariableData()). shim before its commit 8a27a4809a6a
 * left out the last byte of the data.
 */
static void add_variable(const struct cc_log_event *ev, struct hashed *h)
{
	struct efi_var var = {};

	h->known = true;
	if (!ccg_efi_var_parse(ev, &var))
		return;
	if (ev->type == EV_EFI_VARIABLE_BOOT ||
	    ev->type == EV_EFI_VARIABLE_BOOT2 ||
	    (ev->type == EV_EFI_VARIABLE_DRIVER_CONFIG && is_sha1_only(ev)))
		add(h, var.data, var.len, false);
	if (ev->type == EV_EFI_VARIABLE_AUTHORITY &&
	    var.data + var.len < ev->data + ev->size)
		add(h, ev->data, ev->size - 1, false);
}

/*
 * The profile, "Error Conditions": after an error, the digest is that of the
 * number 1, and the data describe the error.
 */
static void add_separator(const struct cc_log_event *ev, struct hashed *h)
{
	static const u8 error[] = { 1, 0, 0, 0 };
	u32 val = ev->size == 4 ? get_unaligned_le32(ev->data) : 1;

	h->known = true;
	if (val && val != 0xffffffff)
		add(h, error, sizeof(error), false);
}

/* The profile: EV_EFI_GPT_EVENT2 leaves out what is unique to a disk. */
static void add_gpt2(const struct cc_log_event *ev, struct hashed *h)
{
	size_t n, size;

	h->known = true;
	if (!ccg_gpt_entries(ev, &n, &size))
		return;
	add(h, ev->data, ev->size, false);
	h->forms[h->n - 1].no_guids = true;
}

/* Printable ASCII with a NUL at its end. */
static bool is_ascii_label(const u8 *p, size_t len)
{
	if (len < 2 || p[len - 1])
		return false;
	for (size_t i = 0; i < len - 1; i++)
		if (p[i] < ' ' || p[i] > '~')
			return false;
	return true;
}

/* UTF-16 without control characters, and with a NUL at its end only. */
static bool is_utf16_label(const u8 *p, size_t len)
{
	u16 c;

	if (len < 4 || len % 2 || get_unaligned_le16(p + len - 2))
		return false;
	for (size_t i = 0; i < len - 2; i += 2) {
		c = get_unaligned_le16(p + i);
		if (c < ' ' || (c >= 0x7f && c < 0xa0))
			return false;
	}
	return true;
}

static bool is_label(const u8 *p, size_t len)
{
	return is_ascii_label(p, len) || is_utf16_label(p, len);
}

/*
 * The profile: the digest is that of TCG_PCClientTaggedEvent. Linux and systemd
 * hash a file or a text instead, and the event's data are a name for it, with a
 * NUL: "Linux initrd" (drivers/firmware/efi/libstub/efi-stub-helper.c),
 * "loader.conf" or the name of an addon's file in UTF-16 (src/boot/measure.c).
 * Some guests have the name without the header of a tag, so that data of another
 * form tell nothing.
 */
static bool tag_is_hashed(const struct cc_log_event *ev)
{
	struct cc_tag tag;
	size_t pos = 0;

	if (ev->size < 4)
		return false;
	if (get_unaligned_le32(ev->data) == CC_TAG_AGENT)
		return true;
	switch (cc_tags_count(ev->data, ev->size)) {
	case 0:
		return false;
	case 1:
		cc_tag_next(ev->data, ev->size, &pos, &tag);
		return !is_label(tag.data, tag.size);
	default:
		return true;
	}
}

/*
 * EV_ACTION is for fixed texts. coreboot takes this type for files and regions
 * of flash memory, and the event's data are their names; src/security/tpm/tspi,
 * src/security/vboot/tpm_common.c.
 */
static bool is_coreboot_name(const struct cc_log_event *ev)
{
	static const char *const names[] = {
		"CBFS: ", "FMAP: ", "GBB ", "IFWI: ", "VBOOT: ", "bootblock",
	};
	size_t len;

	for (size_t i = 0; i < ARRAY_SIZE(names); i++) {
		len = strlen(names[i]);
		if (ev->size >= len && !memcmp(ev->data, names[i], len))
			return true;
	}
	return false;
}

/* EDK II: SpdmMeasurement.c hashes what it logs. */
static bool is_spdm_device(const struct cc_log_event *ev)
{
	static const char signature[] = "SPDM Device Sec";

	return ev->size >= sizeof(signature) &&
	       !memcmp(ev->data, signature, sizeof(signature) - 1);
}

/* Google Compute Engine: the technology of the guest. */
static bool is_gce_info(const struct cc_log_event *ev)
{
	static const u8 name[16] = "GCE NonHostInfo";

	return ev->size >= sizeof(name) && !memcmp(ev->data, name, sizeof(name));
}

/* The digest of a text may leave out its NUL. */
static void add_text(const struct cc_log_event *ev, struct hashed *h)
{
	if (ev->size && !ev->data[ev->size - 1])
		add(h, ev->data, ev->size - 1, true);
}

/**
 * ccg_hashed_forms - get the bytes that an event's digests may cover
 * @ev: the event
 * @h: set to the forms; the first one is all data
 */
void ccg_hashed_forms(const struct cc_log_event *ev, struct hashed *h)
{
	*h = (struct hashed) {};
	add(h, ev->data, ev->size, true);
	switch (ev->type) {
	case EV_EFI_VARIABLE_DRIVER_CONFIG:
	case EV_EFI_VARIABLE_BOOT:
	case EV_EFI_VARIABLE_BOOT2:
	case EV_EFI_VARIABLE_AUTHORITY:
	case EV_EFI_SPDM_DEVICE_POLICY:
	case EV_EFI_SPDM_DEVICE_AUTHORITY:
		add_variable(ev, h);
		break;
	case CC_EV_SEPARATOR:
		add_separator(ev, h);
		break;
	case EV_EFI_GPT_EVENT:
		h->known = true;
		break;
	case EV_EFI_GPT_EVENT2:
		add_gpt2(ev, h);
		break;
	case EV_ACTION:
		h->known = !is_coreboot_name(ev);
		add_text(ev, h);
		break;
	case EV_EFI_ACTION:
	case EV_S_CRTM_VERSION:
	case EV_OMIT_BOOT_DEVICE_EVENTS:
		h->known = true;
		add_text(ev, h);
		break;
	case EV_IPL:
		add_text(ev, h);
		add_behind_prefix(ev, h);
		break;
	case CC_EV_EVENT_TAG:
		h->known = tag_is_hashed(ev);
		break;
	case EV_NONHOST_INFO:
		h->known = is_gce_info(ev);
		break;
	case EV_EFI_SPDM_FIRMWARE_BLOB:
	case EV_EFI_SPDM_FIRMWARE_CONFIG:
		h->known = is_spdm_device(ev);
		break;
	default:
		add_text(ev, h);
	}
}
