// SPDX-License-Identifier: GPL-2.0-only
/*
 * Records with a form of their own: SP800-155, SPDM devices, configuration
 * tables, the host of Google Compute Engine, IMA. The profile, 10.2 and 10.4.5.
 */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include <ccguest/text.h>

#include "log/words.h"

#define GUID_LEN	16
#define SIGNATURE_LEN	CC_LOG_SIGNATURE_LEN

/* EFI_CONFIGURATION_TABLE on 64-bit firmware: a GUID and a pointer. */
#define TABLE_LEN	24
/* More tables of an event are counted only. */
#define TABLES_MAX	16

/* A piece of the data that is not read yet. */
struct rest {
	const u8 *p;
	size_t left;
};

/* Returns the next bytes, NULL if there are not enough of them. */
static const u8 *take(struct rest *r, size_t len)
{
	const u8 *p = r->p;

	if (!p || len > r->left) {
		r->p = NULL;
		return NULL;
	}
	r->p += len;
	r->left -= len;
	return p;
}

/* A length of one byte, and a string with or without a NUL. */
static const u8 *take_string(struct rest *r, size_t *len)
{
	const u8 *n = take(r, 1);

	*len = n ? *n : 0;
	return take(r, *len);
}

static void put_guid(struct ccg_sink *s, const char *key, const u8 *p)
{
	char text[CCG_GUID_TEXT];
	struct ccg_guid guid;

	memcpy(guid.b, p, sizeof(guid.b));
	ccg_guid_format(&guid, text);
	s->text(s, key, text, strlen(text));
}

static void put_str(struct ccg_sink *s, const char *key, const u8 *p, size_t len)
{
	s->text(s, key, (const char *)p, strnlen((const char *)p, len));
}

static bool has_signature(const struct cc_log_event *ev, const char *text)
{
	return ev->size >= SIGNATURE_LEN &&
	       !strncmp((const char *)ev->data, text, SIGNATURE_LEN);
}

/* SP800-155 ---------------------------------------------------------------- */

enum { STR_MAKER, STR_MODEL, STR_VERSION, STR_FW_MAKER, STR_FW_VERSION, N_STR };

/**
 * struct platform - TCG_Sp800_155_PlatformId_Event, versions 1 to 3
 * @vendor: number of the platform's manufacturer
 * @guid: identifier of the reference manifest
 * @str: strings of version 2; NULL if the event ends in front of them
 * @len: their lengths
 * @fw_vendor: number of the firmware's manufacturer
 * @uri: where the reference manifest is, if that is a URI
 * @uri_len: length of @uri in bytes
 */
struct platform {
	u32 vendor;
	const u8 *guid;
	const u8 *str[N_STR];
	size_t len[N_STR];
	u32 fw_vendor;
	const u8 *uri;
	size_t uri_len;
};

static bool is_platform(const struct cc_log_event *ev)
{
	return ev->type == CC_EV_NO_ACTION &&
	       (has_signature(ev, "SP800-155 Event") ||
		has_signature(ev, "SP800-155 Event2") ||
		has_signature(ev, "SP800-155 Event3"));
}

static bool take_platform(const struct cc_log_event *ev, struct platform *pl)
{
	struct rest r = { ev->data + SIGNATURE_LEN, ev->size - SIGNATURE_LEN };
	const u8 *vendor = take(&r, 4), *p;

	*pl = (struct platform) { .guid = take(&r, GUID_LEN) };
	if (!pl->guid)
		return false;
	pl->vendor = get_unaligned_le32(vendor);
	for (size_t i = 0; i < N_STR; i++) {
		if (i == STR_FW_VERSION) {
			p = take(&r, 4);
			pl->fw_vendor = p ? get_unaligned_le32(p) : 0;
		}
		pl->str[i] = take_string(&r, &pl->len[i]);
	}
	/* Version 3: type 1 is a URI. */
	p = take(&r, 8);
	if (p && get_unaligned_le32(p) == 1) {
		pl->uri_len = get_unaligned_le32(p + 4);
		pl->uri = take(&r, pl->uri_len);
	}
	return true;
}

static void platform_words(struct ccg_text *l, const struct platform *pl)
{
	ccg_text_put(l, "SP800-155, reference manifest ");
	ccg_text_guid(l, pl->guid);
	ccg_text_put(l, " of vendor %" PRIu32, pl->vendor);
	if (pl->str[STR_MODEL]) {
		ccg_text_put(l, ", platform ");
		ccg_put_text(l, pl->str[STR_MAKER], pl->len[STR_MAKER]);
		ccg_text_put(l, " ");
		ccg_put_text(l, pl->str[STR_MODEL], pl->len[STR_MODEL]);
	}
	if (pl->str[STR_FW_VERSION]) {
		ccg_text_put(l, ", firmware ");
		ccg_put_text(l, pl->str[STR_FW_VERSION], pl->len[STR_FW_VERSION]);
	}
	if (pl->uri) {
		ccg_text_put(l, ", ");
		ccg_put_text(l, pl->uri, pl->uri_len);
	}
}

static void platform_decode(struct ccg_sink *s, const struct cc_log_event *ev,
			    const struct platform *pl)
{
	static const char *const names[N_STR] = {
		"PlatformManufacturer", "PlatformModel", "PlatformVersion",
		"FirmwareManufacturer", "FirmwareVersion",
	};

	s->open(s, "Event", false);
	put_str(s, "Signature", ev->data, SIGNATURE_LEN);
	s->number(s, "VendorId", pl->vendor, CCG_COUNT);
	put_guid(s, "ReferenceManifestGUID", pl->guid);
	for (size_t i = 0; i < N_STR; i++)
		if (pl->str[i])
			put_str(s, names[i], pl->str[i], pl->len[i]);
	if (pl->str[STR_FW_VERSION])
		s->number(s, "FirmwareManufacturerId", pl->fw_vendor, CCG_COUNT);
	if (pl->uri)
		put_str(s, "RIMLocator", pl->uri, pl->uri_len);
	s->close(s);
}

/* SPDM --------------------------------------------------------------------- */

/**
 * struct device - TCG_DEVICE_SECURITY_EVENT_DATA, versions 1 and 2
 * @auth: AuthState of version 2, or -1
 * @type: 1 for PCI, 2 for USB
 * @path: device path of version 2, or NULL
 * @path_len: length of @path in bytes
 * @pci: the PCI context, 16 bytes, or NULL
 */
struct device {
	int auth;
	u32 type;
	const u8 *path;
	size_t path_len;
	const u8 *pci;
};

#define DEVICE_PCI	1
#define PCI_CONTEXT_LEN	16

/* The measurement block has a length at its offset 2. */
static bool take_device_1(struct rest *r, struct device *d)
{
	const u8 *head = take(r, 12), *block = take(r, 4);

	if (!block)
		return false;
	d->auth = -1;
	d->type = get_unaligned_le32(head + 8);
	if (take(r, get_unaligned_le16(block + 2)) && d->type == DEVICE_PCI)
		d->pci = take(r, PCI_CONTEXT_LEN);
	return true;
}

static bool take_device_2(struct rest *r, struct device *d)
{
	const u8 *head = take(r, 28), *n = take(r, 8);
	u64 len;

	if (!n)
		return false;
	d->auth = head[2];
	d->type = get_unaligned_le32(head + 8);
	len = get_unaligned_le64(n);
	if (len > r->left)
		return true;
	d->path = take(r, len);
	d->path_len = len;
	if (take(r, get_unaligned_le32(head + 16)) && d->type == DEVICE_PCI)
		d->pci = take(r, PCI_CONTEXT_LEN);
	return true;
}

static bool take_device(const struct cc_log_event *ev, struct device *d)
{
	struct rest r = { ev->data, ev->size };

	*d = (struct device) {};
	if ((ev->type != EV_EFI_SPDM_FIRMWARE_BLOB &&
	     ev->type != EV_EFI_SPDM_FIRMWARE_CONFIG) || !take(&r, SIGNATURE_LEN))
		return false;
	if (has_signature(ev, "SPDM Device Sec"))
		return take_device_1(&r, d);
	return has_signature(ev, "SPDM Device Sec2") && take_device_2(&r, d);
}

static const char *auth_text(int auth)
{
	static const char *const texts[] = {
		"authenticated", "not authenticated", "without binding",
		"no signature", "invalid signature",
	};

	if (auth == 0xff)
		return "without SPDM";
	return auth >= 0 && auth < (int)ARRAY_SIZE(texts) ? texts[auth] : NULL;
}

static void device_words(struct ccg_text *l, const struct device *d)
{
	const char *auth = auth_text(d->auth);
	char *path = d->path ? ccg_devpath_text(d->path, d->path_len) : NULL;

	ccg_text_put(l, "SPDM device");
	if (d->pci)
		ccg_text_put(l, " PCI %04x:%04x", get_unaligned_le16(d->pci + 4),
			     get_unaligned_le16(d->pci + 6));
	if (path && *path) {
		ccg_text_put(l, " at ");
		ccg_put_text(l, (const u8 *)path, strlen(path));
	}
	if (auth)
		ccg_text_put(l, ", %s", auth);
	free(path);
}

static void device_decode(struct ccg_sink *s, const struct cc_log_event *ev,
			  const struct device *d)
{
	char *path = d->path ? ccg_devpath_text(d->path, d->path_len) : NULL;

	s->open(s, "Event", false);
	put_str(s, "Signature", ev->data, SIGNATURE_LEN);
	if (d->auth >= 0)
		s->number(s, "AuthState", d->auth, CCG_COUNT);
	s->number(s, "DeviceType", d->type, CCG_COUNT);
	if (path)
		s->text(s, "DevicePath", path, strlen(path));
	if (d->pci) {
		s->number(s, "VendorId", get_unaligned_le16(d->pci + 4), CCG_VALUE);
		s->number(s, "DeviceId", get_unaligned_le16(d->pci + 6), CCG_VALUE);
	}
	s->close(s);
	free(path);
}

/* Configuration tables ----------------------------------------------------- */

/* UEFI 2.10, 4.6.1; the GUIDs in the form of EFI. */
static const struct {
	u8 guid[GUID_LEN];
	const char *name;
} tables[] = {
	{ { 0x31, 0x2d, 0x9d, 0xeb, 0x88, 0x2d, 0xd3, 0x11,
	    0x9a, 0x16, 0x00, 0x90, 0x27, 0x3f, 0xc1, 0x4d }, "SMBIOS" },
	{ { 0x44, 0x15, 0xfd, 0xf2, 0x94, 0x97, 0x2c, 0x4a,
	    0x99, 0x2e, 0xe5, 0xbb, 0xcf, 0x20, 0xe3, 0x94 }, "SMBIOS 3" },
	{ { 0x71, 0xe8, 0x68, 0x88, 0xf1, 0xe4, 0xd3, 0x11,
	    0xbc, 0x22, 0x00, 0x80, 0xc7, 0x3c, 0x88, 0x81 }, "ACPI 2.0" },
	{ { 0x30, 0x2d, 0x9d, 0xeb, 0x88, 0x2d, 0xd3, 0x11,
	    0x9a, 0x16, 0x00, 0x90, 0x27, 0x3f, 0xc1, 0x4d }, "ACPI 1.0" },
	{ { 0xd5, 0x21, 0xb6, 0xb1, 0x9c, 0xf1, 0xa5, 0x41,
	    0x83, 0x0b, 0xd9, 0x15, 0x2c, 0x69, 0xaa, 0xe0 }, "Device Tree" },
};

/* The tables of an event, and the description of version 2. */
struct handoff {
	const u8 *desc;
	size_t desc_len;
	u64 n;
	const u8 *p;
};

static bool take_handoff(const struct cc_log_event *ev, struct handoff *h)
{
	struct rest r = { ev->data, ev->size };
	const u8 *n;

	*h = (struct handoff) {};
	if (ev->type == EV_EFI_HANDOFF_TABLES2)
		h->desc = take_string(&r, &h->desc_len);
	else if (ev->type != EV_EFI_HANDOFF_TABLES)
		return false;
	if (ev->type == EV_EFI_HANDOFF_TABLES2 && !h->desc_len)
		return false;
	n = take(&r, 8);
	if (n && get_unaligned_le64(n) <= r.left / TABLE_LEN) {
		h->n = get_unaligned_le64(n);
		h->p = r.p;
	}
	return h->p || h->desc;
}

static const char *table_name(const u8 *guid)
{
	for (size_t i = 0; i < ARRAY_SIZE(tables); i++)
		if (!memcmp(guid, tables[i].guid, GUID_LEN))
			return tables[i].name;
	return NULL;
}

static void handoff_words(struct ccg_text *l, const struct handoff *h)
{
	const char *between = "";

	if (h->desc) {
		ccg_text_put(l, "table ");
		ccg_put_text(l, h->desc, h->desc_len);
		between = ": ";
	}
	if (!h->desc && !h->n)
		ccg_text_put(l, "no tables");
	for (u64 i = 0; i < h->n && i < TABLES_MAX; i++) {
		const u8 *p = h->p + i * TABLE_LEN;
		const char *name = table_name(p);

		ccg_text_put(l, "%s", between);
		if (name)
			ccg_text_put(l, "%s", name);
		else
			ccg_text_guid(l, p);
		ccg_text_put(l, " at %#" PRIx64, get_unaligned_le64(p + GUID_LEN));
		between = ", ";
	}
	if (h->n > TABLES_MAX)
		ccg_text_put(l, ", %" PRIu64 " more", h->n - TABLES_MAX);
}

static void handoff_decode(struct ccg_sink *s, const struct handoff *h)
{
	s->open(s, "Event", false);
	if (h->desc)
		put_str(s, "TableDescription", h->desc, h->desc_len);
	s->number(s, "NumberOfTables", h->n, CCG_COUNT);
	s->open(s, "Tables", true);
	for (u64 i = 0; i < h->n && i < TABLES_MAX; i++) {
		const u8 *p = h->p + i * TABLE_LEN;

		s->open(s, NULL, false);
		put_guid(s, "VendorGUID", p);
		s->number(s, "VendorTable", get_unaligned_le64(p + GUID_LEN),
			  CCG_VALUE);
		s->close(s);
	}
	s->close(s);
	s->close(s);
}

/* Hosts -------------------------------------------------------------------- */

/* Google Compute Engine: a signature, and the technology of the guest. */
static bool gce_words(struct ccg_text *l, const struct cc_log_event *ev)
{
	static const char *const names[] = {
		"none", "AMD SEV", "AMD SEV-ES", "Intel TDX", "AMD SEV-SNP",
	};

	if (ev->type != EV_NONHOST_INFO || !has_signature(ev, "GCE NonHostInfo") ||
	    ev->size <= SIGNATURE_LEN)
		return false;
	ccg_text_put(l, "Google Compute Engine, confidential technology ");
	if (ev->data[SIGNATURE_LEN] < ARRAY_SIZE(names))
		ccg_text_put(l, "%s", names[ev->data[SIGNATURE_LEN]]);
	else
		ccg_text_put(l, "%u", ev->data[SIGNATURE_LEN]);
	return true;
}

static bool ima_words(struct ccg_text *l, const struct cc_log_event *ev)
{
	if (ev->type != EV_IMA || !ccg_is_text(ev->data, ev->size))
		return false;
	ccg_text_put(l, "IMA ");
	ccg_put_text(l, ev->data, ev->size);
	return true;
}

/* StartupLocality, and NO_ACTION of the profile's other records. */
static bool no_action_words(struct ccg_text *l, const struct cc_log_event *ev)
{
	if (ev->type != CC_EV_NO_ACTION)
		return false;
	if (has_signature(ev, "StartupLocality") && ev->size > SIGNATURE_LEN)
		ccg_text_put(l, "StartupLocality %u", ev->data[SIGNATURE_LEN]);
	else if (has_signature(ev, "NvIndexInstance") ||
		 has_signature(ev, "NvIndexDynamic "))
		ccg_text_put(l, "%.15s of NV index %#" PRIx32,
			     (const char *)ev->data, ev->index);
	else
		return ccg_tags_words(l, ev);
	return true;
}

/**
 * ccg_records_words - describe an event with a form of its own
 * @l: the line
 * @ev: the event
 *
 * Return: false if the event has no such form.
 */
bool ccg_records_words(struct ccg_text *l, const struct cc_log_event *ev)
{
	struct platform pl;
	struct handoff h;
	struct device d;

	if (is_platform(ev) && take_platform(ev, &pl))
		platform_words(l, &pl);
	else if (take_device(ev, &d))
		device_words(l, &d);
	else if (take_handoff(ev, &h))
		handoff_words(l, &h);
	else
		return gce_words(l, ev) || ima_words(l, ev) ||
		       no_action_words(l, ev);
	return true;
}

/**
 * ccg_records_decode - decode an event with a form of its own
 * @s: receives the data
 * @ev: the event
 *
 * Return: false if the event has no such form.
 */
bool ccg_records_decode(struct ccg_sink *s, const struct cc_log_event *ev)
{
	struct platform pl;
	struct handoff h;
	struct device d;

	if (is_platform(ev) && take_platform(ev, &pl))
		platform_decode(s, ev, &pl);
	else if (take_device(ev, &d))
		device_decode(s, ev, &d);
	else if (take_handoff(ev, &h))
		handoff_decode(s, &h);
	else if (ev->type == CC_EV_EVENT_TAG)
		return ccg_tags_decode(s, ev);
	else
		return false;
	return true;
}
