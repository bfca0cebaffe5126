// SPDX-License-Identifier: GPL-2.0-only
/*
 * The EFI confidential-computing secret table: checking, reading and building.
 *
 * The host controls the bytes. Each function takes a buffer that the host
 * cannot change, and trusts nothing in it.
 */
#include "secret_table.h"

/* Offset of the u32 length in the header of the table, and of an entry. */
#define LEN_OFFSET SECRET_GUID_LEN

const u8 secret_table_guid[SECRET_GUID_LEN] = {
	0x42, 0xf5, 0x74, 0x1e, 0xdd, 0x71, 0x66, 0x4d,
	0x96, 0x3e, 0xef, 0x42, 0x87, 0xff, 0x17, 0x3b,
};

static const u8 deleted_guid[SECRET_GUID_LEN];

static int header_fault(struct secret_fault *fault, const char *what,
			u32 value, size_t limit)
{
	*fault = (struct secret_fault) {
		.what = what,
		.in_header = true,
		.offset = LEN_OFFSET,
		.value = value,
		.limit = limit,
	};
	return -EBADMSG;
}

static int entry_fault(struct secret_fault *fault, const char *what,
		       const struct secret_cursor *cur, u32 value, size_t limit)
{
	*fault = (struct secret_fault) {
		.what = what,
		.index = cur->index,
		.offset = cur->pos + LEN_OFFSET,
		.value = value,
		.limit = limit,
	};
	return -EBADMSG;
}

int secret_table_len(const u8 *hdr, size_t area_len, size_t *table_len,
		     struct secret_fault *fault)
{
	u32 len;

	if (area_len < SECRET_HEADER_LEN)
		return header_fault(fault, "area is shorter than a header",
				    area_len, SECRET_HEADER_LEN);
	if (memcmp(hdr, secret_table_guid, SECRET_GUID_LEN))
		return -ENODATA;

	len = get_unaligned_le32(hdr + LEN_OFFSET);
	if (len < SECRET_HEADER_LEN)
		return header_fault(fault, "table is shorter than its header",
				    len, SECRET_HEADER_LEN);
	if (len > area_len)
		return header_fault(fault, "table is longer than the area",
				    len, area_len);
	*table_len = len;
	return 0;
}

int secret_table_next(const u8 *table, size_t table_len,
		      struct secret_cursor *cur, struct secret_entry *entry,
		      struct secret_fault *fault)
{
	const u8 *hdr;
	size_t left;
	u32 len;

	if (!cur->pos)
		cur->pos = SECRET_HEADER_LEN;
	if (cur->pos > table_len)
		return -ENODATA;

	left = table_len - cur->pos;
	if (left < SECRET_HEADER_LEN)
		return -ENODATA;

	hdr = table + cur->pos;
	len = get_unaligned_le32(hdr + LEN_OFFSET);
	if (len < SECRET_HEADER_LEN)
		return entry_fault(fault, "entry is shorter than its header",
				   cur, len, SECRET_HEADER_LEN);
	if (len > left)
		return entry_fault(fault,
				   "entry is longer than the rest of the table",
				   cur, len, left);
	if (cur->index == SECRET_ENTRIES_MAX)
		return entry_fault(fault, "table has too many entries", cur,
				   SECRET_ENTRIES_MAX + 1, SECRET_ENTRIES_MAX);

	*entry = (struct secret_entry) {
		.index = cur->index,
		.offset = cur->pos,
		.guid = hdr,
		.data = hdr + SECRET_HEADER_LEN,
		.len = len - SECRET_HEADER_LEN,
		.deleted = !memcmp(hdr, deleted_guid, SECRET_GUID_LEN),
	};
	cur->index++;
	cur->pos += len;
	return 0;
}

int secret_table_check(const u8 *table, size_t table_len,
		       size_t *n_entries, size_t *n_trailing,
		       struct secret_fault *fault)
{
	struct secret_cursor cur = {};
	struct secret_entry entry;
	int rc;

	do {
		rc = secret_table_next(table, table_len, &cur, &entry, fault);
	} while (!rc);
	if (rc != -ENODATA)
		return rc;

	*n_entries = cur.index;
	*n_trailing = table_len - cur.pos;
	return 0;
}

int secret_table_init(u8 *buf, size_t size, size_t *pos)
{
	if (size < SECRET_HEADER_LEN)
		return -EMSGSIZE;

	memcpy(buf, secret_table_guid, SECRET_GUID_LEN);
	put_unaligned_le32(SECRET_HEADER_LEN, buf + LEN_OFFSET);
	*pos = SECRET_HEADER_LEN;
	return 0;
}

int secret_table_add(u8 *buf, size_t size, size_t *pos, const u8 *guid,
		     const u8 *data, size_t len)
{
	u8 *hdr = buf + *pos;
	size_t left = size - *pos;

	if (left < SECRET_HEADER_LEN || len > left - SECRET_HEADER_LEN)
		return -EMSGSIZE;
	if (len > (u32)-1 - SECRET_HEADER_LEN - *pos)
		return -EMSGSIZE;

	memcpy(hdr, guid, SECRET_GUID_LEN);
	put_unaligned_le32(SECRET_HEADER_LEN + len, hdr + LEN_OFFSET);
	if (len)
		memcpy(hdr + SECRET_HEADER_LEN, data, len);
	*pos += SECRET_HEADER_LEN + len;
	put_unaligned_le32(*pos, buf + LEN_OFFSET);
	return 0;
}
