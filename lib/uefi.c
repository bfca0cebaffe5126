// SPDX-License-Identifier: GPL-2.0-only
/*
 * Reading UEFI's tables in memory.
 *
 * The host provides firmware and boot loader, and so the tables. Each function
 * takes a buffer that the host cannot change, and trusts nothing in it.
 */
#include "uefi.h"

/* EFI_TABLE_HEADER; UEFI 2.10, 4.2 */
#define HDR_SIZE_OFFSET		12
#define HDR_CRC_OFFSET		16
#define HDR_CRC_LEN		4

/* EFI_SYSTEM_TABLE with 64-bit pointers; UEFI 2.10, 4.3 */
#define SYSTAB_N_TABLES_OFFSET	104
#define SYSTAB_TABLES_OFFSET	112

/* struct efi_info; Linux Documentation/arch/x86/zero-page.rst */
#define EFI_INFO_OFFSET		0x1c0
#define EFI_INFO_SYSTAB		0x04
#define EFI_INFO_SYSTAB_HI	0x18

/* Flattened Devicetree; Devicetree Specification 0.4, chapter 5 */
#define FDT_MAGIC		0xd00dfeed
#define FDT_HEADER_LEN		40
#define FDT_TOTALSIZE_OFFSET	4
#define FDT_STRUCT_OFFSET	8
#define FDT_STRINGS_OFFSET	12
#define FDT_BEGIN_NODE		1
#define FDT_END_NODE		2
#define FDT_PROP		3
#define FDT_NOP			4
#define FDT_END			9

/*
 * UEFI's CRC32 is that of ISO 3309, as in zlib. One bit at a time is fast
 * enough: the table has 120 bytes, and the CRC is computed once or twice.
 */
static u32 crc32_update(u32 crc, const u8 *buf, size_t len)
{
	for (size_t i = 0; i < len; i++) {
		crc ^= buf[i];
		for (int bit = 0; bit < 8; bit++)
			crc = crc >> 1 ^ (crc & 1 ? 0xedb88320 : 0);
	}
	return crc;
}

/* Compute the CRC of a table, with 0 in the CRC's field; UEFI 2.10, 4.2. */
static u32 table_crc(const u8 *table, size_t len)
{
	static const u8 zero[HDR_CRC_LEN];
	const size_t rest = HDR_CRC_OFFSET + HDR_CRC_LEN;
	u32 crc = ~(u32)0;

	crc = crc32_update(crc, table, HDR_CRC_OFFSET);
	crc = crc32_update(crc, zero, HDR_CRC_LEN);
	crc = crc32_update(crc, table + rest, len - rest);
	return ~crc;
}

bool uefi_systab_signature(const u8 *buf, size_t len)
{
	return len >= sizeof(u64) &&
	       get_unaligned_le64(buf) == UEFI_SYSTAB_SIGNATURE;
}

int uefi_systab_parse(const u8 *buf, size_t len, struct uefi_systab *systab)
{
	u64 n_tables;
	u32 size;

	if (len < UEFI_SYSTAB_LEN || !uefi_systab_signature(buf, len))
		return -ENODATA;

	size = get_unaligned_le32(buf + HDR_SIZE_OFFSET);
	if (size < UEFI_SYSTAB_LEN || size > UEFI_SYSTAB_MAX || size > len)
		return -ENODATA;
	if (get_unaligned_le32(buf + HDR_CRC_OFFSET) != table_crc(buf, size))
		return -ENODATA;

	n_tables = get_unaligned_le64(buf + SYSTAB_N_TABLES_OFFSET);
	if (n_tables > UEFI_CONFIG_MAX)
		return -EBADMSG;

	systab->n_tables = n_tables;
	systab->tables = get_unaligned_le64(buf + SYSTAB_TABLES_OFFSET);
	return 0;
}

int uefi_config_find(const u8 *tables, size_t n_tables, const u8 *guid,
		     u64 *addr)
{
	for (size_t i = 0; i < n_tables; i++) {
		const u8 *entry = tables + i * UEFI_CONFIG_ENTRY_LEN;

		if (memcmp(entry, guid, UEFI_GUID_LEN))
			continue;
		*addr = get_unaligned_le64(entry + UEFI_GUID_LEN);
		return 0;
	}
	return -ENODATA;
}

int uefi_boot_params_systab(const u8 *params, size_t len, u64 *addr)
{
	const u8 *info;
	u64 low, high;

	if (len < UEFI_BOOT_PARAMS_LEN)
		return -EBADMSG;
	info = params + EFI_INFO_OFFSET;
	if (memcmp(info, "EL64", 4))
		return -ENODATA;

	low = get_unaligned_le32(info + EFI_INFO_SYSTAB);
	high = get_unaligned_le32(info + EFI_INFO_SYSTAB_HI);
	if (!(high << 32 | low))
		return -ENODATA;
	*addr = high << 32 | low;
	return 0;
}

/* Position of a walk over the structure block of a device tree. */
struct fdt_walk {
	const u8 *fdt;
	size_t len;
	size_t pos;
	size_t strings;
	size_t depth;
	bool in_chosen;
};

static int fdt_u32(struct fdt_walk *walk, u32 *val)
{
	if (sizeof(u32) > walk->len - walk->pos)
		return -EBADMSG;
	*val = get_unaligned_be32(walk->fdt + walk->pos);
	walk->pos += sizeof(u32);
	return 0;
}

/* Skip @n bytes, and the padding to the next token. */
static int fdt_skip(struct fdt_walk *walk, size_t n)
{
	size_t left = walk->len - walk->pos;

	if (n > left)
		return -EBADMSG;
	n += -(walk->pos + n) % sizeof(u32);
	if (n > left)
		return -EBADMSG;
	walk->pos += n;
	return 0;
}

/* Get the length of the string at @pos, without its NUL. */
static int fdt_strlen(const struct fdt_walk *walk, size_t pos, size_t *len)
{
	const u8 *nul;

	if (pos >= walk->len)
		return -EBADMSG;
	nul = memchr(walk->fdt + pos, 0, walk->len - pos);
	if (!nul)
		return -EBADMSG;
	*len = nul - (walk->fdt + pos);
	return 0;
}

static bool fdt_string_is(const struct fdt_walk *walk, size_t pos,
			  const char *str)
{
	size_t len = strlen(str) + 1;

	return pos < walk->len && len <= walk->len - pos &&
	       !memcmp(walk->fdt + pos, str, len);
}

static int fdt_open(struct fdt_walk *walk, const u8 *fdt, size_t len)
{
	u32 total, start, strings;

	if (len < FDT_HEADER_LEN || get_unaligned_be32(fdt) != FDT_MAGIC)
		return -EBADMSG;
	total = get_unaligned_be32(fdt + FDT_TOTALSIZE_OFFSET);
	start = get_unaligned_be32(fdt + FDT_STRUCT_OFFSET);
	strings = get_unaligned_be32(fdt + FDT_STRINGS_OFFSET);
	if (total > len || start > total || strings > total)
		return -EBADMSG;

	*walk = (struct fdt_walk) {
		.fdt = fdt, .len = total, .pos = start, .strings = strings,
	};
	return 0;
}

/* Read the name of a node; update the depth, and whether it is /chosen. */
static int fdt_begin_node(struct fdt_walk *walk)
{
	size_t name_len;
	int rc;

	rc = fdt_strlen(walk, walk->pos, &name_len);
	if (rc)
		return rc;
	/* The depth is 0 before the root, and 1 before its children. */
	if (walk->depth++ == 1)
		walk->in_chosen = fdt_string_is(walk, walk->pos, "chosen");
	return fdt_skip(walk, name_len + 1);
}

static int fdt_end_node(struct fdt_walk *walk)
{
	if (!walk->depth)
		return -EBADMSG;
	if (--walk->depth == 1)
		walk->in_chosen = false;
	return 0;
}

/* Read a property: 0 if it is the right one, -EAGAIN if it is not. */
static int fdt_prop(struct fdt_walk *walk, u64 *addr)
{
	u32 len, name;
	size_t data;
	int rc;

	rc = fdt_u32(walk, &len);
	if (rc)
		return rc;
	rc = fdt_u32(walk, &name);
	if (rc)
		return rc;
	data = walk->pos;
	rc = fdt_skip(walk, len);
	if (rc)
		return rc;

	if (walk->depth != 2 || !walk->in_chosen ||
	    name > walk->len - walk->strings ||
	    !fdt_string_is(walk, walk->strings + name,
			   "linux,uefi-system-table"))
		return -EAGAIN;
	if (len != sizeof(u64))
		return -EBADMSG;
	*addr = get_unaligned_be64(walk->fdt + data);
	return 0;
}

int uefi_fdt_systab(const u8 *fdt, size_t len, u64 *addr)
{
	struct fdt_walk walk;
	u32 token;
	int rc;

	rc = fdt_open(&walk, fdt, len);
	while (!rc) {
		rc = fdt_u32(&walk, &token);
		if (rc)
			break;
		switch (token) {
		case FDT_BEGIN_NODE:
			rc = fdt_begin_node(&walk);
			break;
		case FDT_END_NODE:
			rc = fdt_end_node(&walk);
			break;
		case FDT_PROP:
			rc = fdt_prop(&walk, addr);
			if (rc != -EAGAIN)
				return rc;
			rc = 0;
			break;
		case FDT_NOP:
			break;
		case FDT_END:
			return walk.depth ? -EBADMSG : -ENODATA;
		default:
			return -EBADMSG;
		}
	}
	return rc;
}
