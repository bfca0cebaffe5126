// SPDX-License-Identifier: GPL-2.0-only
/*
 * UEFI device paths as text; UEFI 2.10, 10.3 and 10.6.
 */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include <ccguest/log.h>

#include "core/ctx.h"
#include "core/text.h"
#include "env.h"

#define HARDWARE	0x01
#define ACPI		0x02
#define MESSAGING	0x03
#define MEDIA		0x04
#define BBS		0x05
#define END		0x7f
#define NODE_MIN	4

#define NODE(type, subtype)	((type) << 8 | (subtype))

/* EISA identifiers of PCI and PCI Express host bridges. */
#define PNP0A03		0x0a0341d0
#define PNP0A08		0x0a0841d0

/**
 * struct node - one node of a device path
 * @id: type and subtype
 * @p: bytes after the header
 * @len: length of @p in bytes
 */
struct node {
	unsigned int id;
	const u8 *p;
	size_t len;
};

/* Converts UTF-16 up to a NUL; characters other than ASCII as \uXXXX. */
static void put_utf16(struct ccg_text *t, const u8 *p, size_t len)
{
	for (; len >= 2; p += 2, len -= 2) {
		u16 c = get_unaligned_le16(p);

		if (!c)
			return;
		if (c >= ' ' && c <= '~')
			ccg_text_bytes(t, (char[]){ c }, 1);
		else
			ccg_text_put(t, "\\u%04x", c);
	}
}

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

static void put_acpi(struct ccg_text *t, const u8 *p)
{
	u32 hid = get_unaligned_le32(p), uid = get_unaligned_le32(p + 4);

	if (hid == PNP0A03 || hid == PNP0A08)
		ccg_text_put(t, "PciRoot(0x%" PRIx32 ")", uid);
	else if ((hid & 0xffff) == (PNP0A03 & 0xffff))
		ccg_text_put(t, "Acpi(PNP%04" PRIX32 ",0x%" PRIx32 ")", hid >> 16, uid);
	else
		ccg_text_put(t, "Acpi(0x%08" PRIx32 ",0x%" PRIx32 ")", hid, uid);
}

static void put_bbs(struct ccg_text *t, const struct node *n)
{
	static const char *const types[] = {
		[1] = "Floppy", [2] = "HD", [3] = "CDROM", [4] = "PCMCIA",
		[5] = "USB", [6] = "Network",
	};
	u16 type = get_unaligned_le16(n->p);

	if (type < ARRAY_SIZE(types) && types[type])
		ccg_text_put(t, "BBS(%s,", types[type]);
	else
		ccg_text_put(t, "BBS(0x%x,", type);
	ccg_text_put(t, "%.*s,0x%x)", (int)strnlen((const char *)n->p + 4, n->len - 4),
		     (const char *)n->p + 4, get_unaligned_le16(n->p + 2));
}

static void put_unknown(struct ccg_text *t, const struct node *n)
{
	ccg_text_put(t, "Path(%u,%u,", n->id >> 8, n->id & 0xff);
	ccg_text_hex(t, n->p, n->len);
	ccg_text_put(t, ")");
}

static void put_messaging(struct ccg_text *t, const struct node *n)
{
	const u8 *p = n->p;

	switch (n->id) {
	case NODE(MESSAGING, 2):
		ccg_text_put(t, "SCSI(%u,%u)", get_unaligned_le16(p),
			     get_unaligned_le16(p + 2));
		break;
	case NODE(MESSAGING, 5):
		ccg_text_put(t, "USB(%u,%u)", p[0], p[1]);
		break;
	case NODE(MESSAGING, 11):
		ccg_text_put(t, "MAC(");
		ccg_text_hex(t, p, 6);
		ccg_text_put(t, ",0x%x)", p[32]);
		break;
	case NODE(MESSAGING, 18):
		ccg_text_put(t, "Sata(%u,%u,%u)", get_unaligned_le16(p),
			     get_unaligned_le16(p + 2), get_unaligned_le16(p + 4));
		break;
	case NODE(MESSAGING, 23):
		ccg_text_put(t, "NVMe(0x%" PRIx32 ",", get_unaligned_le32(p));
		ccg_text_hex(t, p + 4, 8);
		ccg_text_put(t, ")");
		break;
	case NODE(MESSAGING, 24):
		ccg_text_put(t, "Uri(%.*s)", (int)n->len, (const char *)p);
		break;
	}
}

static void put_media(struct ccg_text *t, const struct node *n)
{
	const u8 *p = n->p;

	switch (n->id) {
	case NODE(MEDIA, 1):
		put_hd(t, p);
		break;
	case NODE(MEDIA, 2):
		ccg_text_put(t, "CDROM(%" PRIu32 ",0x%" PRIx64 ",0x%" PRIx64 ")",
			     get_unaligned_le32(p), get_unaligned_le64(p + 4),
			     get_unaligned_le64(p + 12));
		break;
	case NODE(MEDIA, 4):
		put_utf16(t, p, n->len);
		break;
	case NODE(MEDIA, 8):
		ccg_text_put(t, "Offset(0x%" PRIx64 ",0x%" PRIx64 ")",
			     get_unaligned_le64(p + 4), get_unaligned_le64(p + 12));
		break;
	default:
		ccg_text_put(t, n->id == NODE(MEDIA, 3) ? "VenMedia(" :
			     n->id == NODE(MEDIA, 6) ? "FvFile(" : "FvVol(");
		ccg_text_guid(t, p);
		ccg_text_put(t, ")");
	}
}

/* Known nodes, and the smallest length of the bytes after the header. */
static const struct {
	unsigned int id;
	size_t min;
} known[] = {
	{ NODE(HARDWARE, 1), 2 }, { NODE(HARDWARE, 4), 16 },
	{ NODE(ACPI, 1), 8 },
	{ NODE(MESSAGING, 2), 4 }, { NODE(MESSAGING, 5), 2 },
	{ NODE(MESSAGING, 11), 33 }, { NODE(MESSAGING, 18), 6 },
	{ NODE(MESSAGING, 23), 12 }, { NODE(MESSAGING, 24), 0 },
	{ NODE(MEDIA, 1), 38 }, { NODE(MEDIA, 2), 20 }, { NODE(MEDIA, 3), 16 },
	{ NODE(MEDIA, 4), 0 }, { NODE(MEDIA, 6), 16 }, { NODE(MEDIA, 7), 16 },
	{ NODE(MEDIA, 8), 20 }, { NODE(BBS, 1), 4 },
};

static bool is_known(const struct node *n)
{
	for (size_t i = 0; i < ARRAY_SIZE(known); i++)
		if (known[i].id == n->id)
			return n->len >= known[i].min;
	return false;
}

static void put_node(struct ccg_text *t, const struct node *n)
{
	if (!is_known(n)) {
		put_unknown(t, n);
		return;
	}
	switch (n->id) {
	case NODE(HARDWARE, 1):
		ccg_text_put(t, "Pci(0x%x,0x%x)", n->p[1], n->p[0]);
		break;
	case NODE(HARDWARE, 4):
		ccg_text_put(t, "VenHw(");
		ccg_text_guid(t, n->p);
		ccg_text_put(t, ")");
		break;
	case NODE(ACPI, 1):
		put_acpi(t, n->p);
		break;
	case NODE(BBS, 1):
		put_bbs(t, n);
		break;
	default:
		if (n->id >> 8 == MEDIA)
			put_media(t, n);
		else
			put_messaging(t, n);
	}
}

/* Prints nodes up to the end; a path may have several instances. */
static bool put_path(struct ccg_text *t, const u8 *path, size_t len)
{
	const char *between = "";
	struct node n;
	size_t size;

	for (; len >= NODE_MIN; path += size, len -= size) {
		size = get_unaligned_le16(path + 2);
		if (size < NODE_MIN || size > len)
			return false;
		n = (struct node) {
			NODE(path[0], path[1]), path + NODE_MIN, size - NODE_MIN
		};
		if (n.id == NODE(END, 0xff))
			return true;
		if (n.id == NODE(END, 1)) {
			between = ",";
			continue;
		}
		ccg_text_put(t, "%s", between);
		put_node(t, &n);
		between = "/";
	}
	return !len;
}

char *ccg_devpath_text(const uint8_t *path, size_t len)
{
	struct ccg_text t = {};

	ccg_text_bytes(&t, "", 0);
	if (put_path(&t, path, len) && !t.bad)
		return t.buf;
	free(t.buf);
	return NULL;
}
