// SPDX-License-Identifier: GPL-2.0-only
/*
 * UEFI device paths as text; UEFI 2.10, 10.3 and 10.6.1.6.
 */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include <ccguest/log.h>

#include "log/devpath.h"
#include "log/utf16.h"

#define NODE_MIN	4
#define GUID_LEN	16

/* EISA identifiers; the lower half is the manufacturer PNP. */
#define EISA_PNP	0x41d0
#define EISA(product)	((u32)(product) << 16 | EISA_PNP)

/* GUIDs of RAM disks, in the form of EFI; UEFI 2.10, 10.3.5.9. */
static const struct {
	u8 guid[GUID_LEN];
	const char *name;
} ram_disks[] = {
	{ { 0x5a, 0x53, 0xab, 0x77, 0xfc, 0x45, 0x4b, 0x62,
	    0x55, 0x60, 0xf7, 0xb2, 0x81, 0xd1, 0xf9, 0x6e }, "VirtualDisk" },
	{ { 0x30, 0xbd, 0x5a, 0x3d, 0x75, 0x41, 0xce, 0x87,
	    0x6d, 0x64, 0xd2, 0xad, 0xe5, 0x23, 0xc4, 0xbb }, "VirtualCD" },
	{ { 0xc9, 0x02, 0xea, 0x5c, 0x07, 0x4d, 0xd3, 0x69,
	    0x26, 0x9f, 0x44, 0x96, 0xfb, 0xe0, 0x96, 0xf9 }, "PersistentVirtualDisk" },
	{ { 0x88, 0x81, 0x01, 0x08, 0xcd, 0x42, 0x48, 0xbb,
	    0x10, 0x0f, 0x53, 0x87, 0xd5, 0x3d, 0xed, 0x3d }, "PersistentVirtualCD" },
};

/* Hardware ----------------------------------------------------------------- */

static bool put_hardware(struct ccg_text *t, const struct devpath_node *n)
{
	const u8 *p = n->p;

	if (n->id == DP_NODE(DP_HARDWARE, 1) && n->len >= 2)
		ccg_text_put(t, "Pci(0x%x,0x%x)", p[1], p[0]);
	else if (n->id == DP_NODE(DP_HARDWARE, 2) && n->len >= 1)
		ccg_text_put(t, "PcCard(0x%x)", p[0]);
	else if (n->id == DP_NODE(DP_HARDWARE, 3) && n->len >= 20)
		ccg_text_put(t, "MemoryMapped(0x%" PRIx32 ",0x%" PRIx64 ",0x%" PRIx64 ")",
			     get_unaligned_le32(p), get_unaligned_le64(p + 4),
			     get_unaligned_le64(p + 12));
	else if (n->id == DP_NODE(DP_HARDWARE, 4) && n->len >= GUID_LEN)
		ccg_devpath_vendor(t, n, "VenHw");
	else if (n->id == DP_NODE(DP_HARDWARE, 5) && n->len >= 4)
		ccg_text_put(t, "Ctrl(0x%" PRIx32 ")", get_unaligned_le32(p));
	else if (n->id == DP_NODE(DP_HARDWARE, 6) && n->len >= 9)
		ccg_text_put(t, "BMC(0x%x,0x%" PRIx64 ")", p[0],
			     get_unaligned_le64(p + 1));
	else
		return false;
	return true;
}

/* ACPI --------------------------------------------------------------------- */

static void put_acpi_hid(struct ccg_text *t, u32 hid, u32 uid)
{
	static const struct {
		u32 hid;
		const char *name;
	} names[] = {
		{ EISA(0x0a03), "PciRoot" }, { EISA(0x0a08), "PcieRoot" },
		{ EISA(0x0604), "Floppy" }, { EISA(0x0301), "Keyboard" },
		{ EISA(0x0501), "Serial" }, { EISA(0x0401), "ParallelPort" },
	};

	for (size_t i = 0; i < ARRAY_SIZE(names); i++) {
		if (names[i].hid != hid)
			continue;
		ccg_text_put(t, "%s(0x%" PRIx32 ")", names[i].name, uid);
		return;
	}
	if ((hid & 0xffff) == EISA_PNP)
		ccg_text_put(t, "Acpi(PNP%04" PRIX32 ",0x%" PRIx32 ")", hid >> 16, uid);
	else
		ccg_text_put(t, "Acpi(0x%08" PRIx32 ",0x%" PRIx32 ")", hid, uid);
}

/* An EISA identifier has three letters of five bits, and four digits. */
static void put_eisa(struct ccg_text *t, u32 id)
{
	if (!id)
		ccg_text_put(t, "0");
	else
		ccg_text_put(t, "%c%c%c%04" PRIX32, '@' + (int)(id >> 10 & 31),
			     '@' + (int)(id >> 5 & 31), '@' + (int)(id & 31),
			     id >> 16);
}

/* Takes the string at @pos, which ends with a NUL or with the node. */
static size_t take_string(const struct devpath_node *n, size_t *pos,
			  const u8 **p)
{
	size_t len;

	*p = n->p + *pos;
	len = strnlen((const char *)*p, n->len - *pos);
	*pos += len + (len < n->len - *pos);
	return len;
}

/* HID, UID, CID; their strings follow in the same order. */
static void put_acpi_ex(struct ccg_text *t, const struct devpath_node *n)
{
	u32 hid = get_unaligned_le32(n->p), uid = get_unaligned_le32(n->p + 4);
	u32 cid = get_unaligned_le32(n->p + 8);
	const u8 *hid_str, *uid_str, *cid_str;
	size_t pos = 12, hid_len, uid_len, cid_len;

	hid_len = take_string(n, &pos, &hid_str);
	uid_len = take_string(n, &pos, &uid_str);
	cid_len = take_string(n, &pos, &cid_str);
	if (!hid_len && !cid_len && uid_len) {
		ccg_text_put(t, "AcpiExp(");
		put_eisa(t, hid);
		ccg_text_put(t, ",");
		put_eisa(t, cid);
	} else {
		ccg_text_put(t, "AcpiEx(");
		put_eisa(t, hid);
		ccg_text_put(t, ",");
		put_eisa(t, cid);
		ccg_text_put(t, ",0x%" PRIx32 ",", uid);
		ccg_text_bytes(t, hid_str, hid_len);
		ccg_text_put(t, ",");
		ccg_text_bytes(t, cid_str, cid_len);
	}
	ccg_text_put(t, ",");
	ccg_text_bytes(t, uid_str, uid_len);
	ccg_text_put(t, ")");
}

static void put_acpi_adr(struct ccg_text *t, const struct devpath_node *n)
{
	ccg_text_put(t, "AcpiAdr(");
	for (size_t i = 0; n->len - i >= 4; i += 4)
		ccg_text_put(t, "%s0x%" PRIx32, i ? "," : "",
			     get_unaligned_le32(n->p + i));
	ccg_text_put(t, ")");
}

static bool put_acpi(struct ccg_text *t, const struct devpath_node *n)
{
	if (n->id == DP_NODE(DP_ACPI, 1) && n->len >= 8)
		put_acpi_hid(t, get_unaligned_le32(n->p),
			     get_unaligned_le32(n->p + 4));
	else if (n->id == DP_NODE(DP_ACPI, 2) && n->len >= 12)
		put_acpi_ex(t, n);
	else if (n->id == DP_NODE(DP_ACPI, 3) && n->len >= 4)
		put_acpi_adr(t, n);
	else if (n->id == DP_NODE(DP_ACPI, 4) && n->len >= 4)
		ccg_text_put(t, "NvdimmAcpiAdr(0x%" PRIx32 ")",
			     get_unaligned_le32(n->p));
	else
		return false;
	return true;
}

/* Media -------------------------------------------------------------------- */

static void put_hd(struct ccg_text *t, const u8 *p)
{
	ccg_text_put(t, "HD(%" PRIu32 ",", get_unaligned_le32(p));
	if (p[37] == 2) {
		ccg_text_put(t, "GPT,");
		ccg_text_guid(t, p + 20);
	} else if (p[37] == 1) {
		ccg_text_put(t, "MBR,0x%" PRIx32, get_unaligned_le32(p + 20));
	} else {
		ccg_text_put(t, "%u,", p[37]);
		ccg_text_hex(t, p + 20, 16);
	}
	ccg_text_put(t, ",0x%" PRIx64 ",0x%" PRIx64 ")", get_unaligned_le64(p + 4),
		     get_unaligned_le64(p + 12));
}

static void put_ram_disk(struct ccg_text *t, const u8 *p)
{
	const char *name = NULL;

	for (size_t i = 0; i < ARRAY_SIZE(ram_disks); i++)
		if (!memcmp(p + 16, ram_disks[i].guid, GUID_LEN))
			name = ram_disks[i].name;
	ccg_text_put(t, "%s(0x%" PRIx64 ",0x%" PRIx64 ",%u", name ? name : "RamDisk",
		     get_unaligned_le64(p), get_unaligned_le64(p + 8),
		     get_unaligned_le16(p + 32));
	if (!name) {
		ccg_text_put(t, ",");
		ccg_text_guid(t, p + 16);
	}
	ccg_text_put(t, ")");
}

static void put_guid_node(struct ccg_text *t, const char *name, const u8 *p)
{
	ccg_text_put(t, "%s(", name);
	ccg_text_guid(t, p);
	ccg_text_put(t, ")");
}

static bool put_media(struct ccg_text *t, const struct devpath_node *n)
{
	const u8 *p = n->p;

	if (n->id == DP_NODE(DP_MEDIA, 1) && n->len >= 38)
		put_hd(t, p);
	else if (n->id == DP_NODE(DP_MEDIA, 2) && n->len >= 20)
		ccg_text_put(t, "CDROM(%" PRIu32 ",0x%" PRIx64 ",0x%" PRIx64 ")",
			     get_unaligned_le32(p), get_unaligned_le64(p + 4),
			     get_unaligned_le64(p + 12));
	else if (n->id == DP_NODE(DP_MEDIA, 3) && n->len >= GUID_LEN)
		ccg_devpath_vendor(t, n, "VenMedia");
	else if (n->id == DP_NODE(DP_MEDIA, 4))
		ccg_text_utf16(t, p, n->len / 2);
	else if (n->id == DP_NODE(DP_MEDIA, 5) && n->len >= GUID_LEN)
		put_guid_node(t, "Media", p);
	else if (n->id == DP_NODE(DP_MEDIA, 6) && n->len >= GUID_LEN)
		put_guid_node(t, "FvFile", p);
	else if (n->id == DP_NODE(DP_MEDIA, 7) && n->len >= GUID_LEN)
		put_guid_node(t, n->efivar ? "FvVol" : "Fv", p);
	else if (n->id == DP_NODE(DP_MEDIA, 8) && n->len >= 20)
		ccg_text_put(t, "Offset(0x%" PRIx64 ",0x%" PRIx64 ")",
			     get_unaligned_le64(p + 4), get_unaligned_le64(p + 12));
	else if (n->id == DP_NODE(DP_MEDIA, 9) && n->len >= 34)
		put_ram_disk(t, p);
	else
		return false;
	return true;
}

/* The path ----------------------------------------------------------------- */

static bool put_bbs(struct ccg_text *t, const struct devpath_node *n)
{
	static const char *const types[] = {
		[1] = "Floppy", [2] = "HD", [3] = "CDROM", [4] = "PCMCIA",
		[5] = "USB", [6] = "Network",
	};
	u16 type;

	if (n->id != DP_NODE(DP_BBS, 1) || n->len < 4)
		return false;
	type = get_unaligned_le16(n->p);
	if (type < ARRAY_SIZE(types) && types[type])
		ccg_text_put(t, "BBS(%s,", types[type]);
	else
		ccg_text_put(t, "BBS(0x%x,", type);
	ccg_devpath_string(t, n->p + 4, n->len - 4);
	ccg_text_put(t, ",0x%x)", get_unaligned_le16(n->p + 2));
	return true;
}

/* A subtype or a type that the specification does not have, or too few bytes. */
static void put_unknown(struct ccg_text *t, const struct devpath_node *n)
{
	static const char *const names[] = {
		[DP_HARDWARE] = "HardwarePath", [DP_ACPI] = "AcpiPath",
		[DP_MESSAGING] = "Msg", [DP_MEDIA] = "MediaPath",
		[DP_BBS] = "BbsPath",
	};
	unsigned int type = n->id >> 8;

	if (type < ARRAY_SIZE(names) && names[type])
		ccg_text_put(t, "%s(%u", names[type], n->id & 0xff);
	else
		ccg_text_put(t, "Path(%u,%u", type, n->id & 0xff);
	if (n->len)
		ccg_text_put(t, ",");
	ccg_text_hex(t, n->p, n->len);
	ccg_text_put(t, ")");
}

static bool put_known(struct ccg_text *t, const struct devpath_node *n)
{
	switch (n->id >> 8) {
	case DP_HARDWARE:
		return put_hardware(t, n);
	case DP_ACPI:
		return put_acpi(t, n);
	case DP_MESSAGING:
		return ccg_devpath_messaging(t, n);
	case DP_MEDIA:
		return put_media(t, n);
	case DP_BBS:
		return put_bbs(t, n);
	default:
		return false;
	}
}

/* Prints nodes up to the end; a path may have several instances. */
static bool put_path(struct ccg_text *t, const u8 *path, size_t len, bool efivar)
{
	const char *between = "";
	struct devpath_node n;
	size_t size;

	for (; len >= NODE_MIN; path += size, len -= size) {
		size = get_unaligned_le16(path + 2);
		if (size < NODE_MIN || size > len)
			return false;
		n = (struct devpath_node) {
			.id = DP_NODE(path[0], path[1]),
			.p = path + NODE_MIN,
			.len = size - NODE_MIN,
			.efivar = efivar,
		};
		if (n.id == DP_NODE(DP_END, 0xff))
			return true;
		if (n.id == DP_NODE(DP_END, 1)) {
			between = ",";
			continue;
		}
		ccg_text_put(t, "%s", between);
		if (!put_known(t, &n))
			put_unknown(t, &n);
		between = "/";
	}
	return !len;
}

static char *path_text(const uint8_t *path, size_t len, bool efivar)
{
	struct ccg_text t = {};

	ccg_text_bytes(&t, "", 0);
	if (put_path(&t, path, len, efivar) && !t.bad)
		return t.buf;
	free(t.buf);
	return NULL;
}

char *ccg_devpath_text(const uint8_t *path, size_t len)
{
	return path_text(path, len, false);
}

char *ccg_devpath_efivar(const uint8_t *path, size_t len)
{
	return path_text(path, len, true);
}
