/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The EFI confidential-computing secret table: checking, reading and building.
 *
 * The table is at the start of the secret area. The configuration table
 * LINUX_EFI_COCO_SECRET_AREA_GUID of the firmware has the area's address. All
 * integers are little-endian. GUIDs are in EFI's mixed-endian form. Nothing is
 * aligned:
 *
 *	+-------------------------------+ 0
 *	| header GUID 1e74f542-71dd-... |
 *	| u32 length of the table       |   header included
 *	+-------------------------------+ 20
 *	| entry GUID                    |   all zero: deleted
 *	| u32 length of the entry       |   its 20 bytes of header included
 *	| data                          |
 *	+-------------------------------+
 *	| next entry ...                |
 *	+-------------------------------+ length of the table
 *	| unused                        |
 *	+-------------------------------+ size of the area
 *
 * Source: Linux Documentation/security/secrets/coco.rst. With QEMU and OVMF,
 * the area has the decrypted data of LAUNCH_SECRET (AMD SEV API, 6.6).
 */
#ifndef CCGUEST_LIB_SECRET_TABLE_H
#define CCGUEST_LIB_SECRET_TABLE_H

#include "env.h"

#define SECRET_GUID_LEN		16
/* A GUID and a u32 length: header of the table, and of each entry. */
#define SECRET_HEADER_LEN	20

/*
 * The largest area that is accepted. It bounds memory and work. A real area has
 * a page or less (AmdSev OVMF: 3 KiB).
 */
#define SECRET_AREA_MAX		0x100000

/*
 * The largest number of entries that is accepted. Each becomes a file: without
 * this bound, an area of 1 MiB makes 52427 files, which take seconds and 50 MB.
 */
#define SECRET_ENTRIES_MAX	4096

/* 1e74f542-71dd-4d66-963e-ef4287ff173b: starts every secret table. */
extern const u8 secret_table_guid[SECRET_GUID_LEN];

/**
 * struct secret_entry - one entry of a secret table
 * @index: number of the entry, from 0, deleted entries included
 * @offset: of the entry's header, in bytes from the start of the table
 * @guid: points to the entry's GUID (SECRET_GUID_LEN bytes)
 * @data: points to the secret
 * @len: length of the secret in bytes, may be 0
 * @deleted: the GUID is all zero: the entry has no secret
 *
 * @guid and @data point into the table.
 */
struct secret_entry {
	size_t index;
	size_t offset;
	const u8 *guid;
	const u8 *data;
	size_t len;
	bool deleted;
};

/**
 * struct secret_cursor - position of a walk over a table
 * @index: number of the next entry
 * @pos: its offset in bytes from the start of the table
 */
struct secret_cursor {
	size_t index;
	size_t pos;
};

/**
 * struct secret_fault - the fault of a table, for a message
 * @what: the fault in words, a constant string without a newline, such as
 *	  "entry is longer than the rest of the table"
 * @in_header: the fault is in the table's header; @index is unused
 * @index: number of the faulty entry, from 0
 * @offset: offset of the faulty field from the start of the table, in bytes
 * @value: value of the field
 * @limit: the least or the greatest valid value
 */
struct secret_fault {
	const char *what;
	bool in_header;
	size_t index;
	size_t offset;
	u32 value;
	size_t limit;
};

/**
 * secret_table_len - check the header of a table, and get the table's length
 * @hdr: the first SECRET_HEADER_LEN bytes of the area
 * @area_len: size of the area in bytes, SECRET_HEADER_LEN or more
 * @table_len: set to the length of the table in bytes, including the header:
 *	       SECRET_HEADER_LEN to @area_len
 * @fault: set if the result is -EBADMSG
 *
 * Reads SECRET_HEADER_LEN bytes only. So a caller gets the length of the table
 * before it copies the table from the area.
 *
 * Return: 0; -ENODATA if the header has another GUID, because the area was not
 * filled with secrets; -EBADMSG if the length is invalid.
 */
int secret_table_len(const u8 *hdr, size_t area_len, size_t *table_len,
		     struct secret_fault *fault);

/**
 * secret_table_next - take the next entry of a table
 * @table: the table, starting with its header
 * @table_len: its length as secret_table_len() gave it
 * @cur: position of the walk, all zero at its start
 * @entry: set to the entry, which may be a deleted one, if the result is 0
 * @fault: set if the result is -EBADMSG
 *
 * The walk ends if the remaining bytes are shorter than an entry's header: some
 * tools count the padding as part of the table.
 *
 * Return: 0; -ENODATA at the end, with the end's position in @cur->pos;
 * -EBADMSG if the entry's length is invalid.
 */
int secret_table_next(const u8 *table, size_t table_len,
		      struct secret_cursor *cur, struct secret_entry *entry,
		      struct secret_fault *fault);

/**
 * secret_table_check - walk a whole table
 * @table: the table, starting with its header
 * @table_len: its length as secret_table_len() gave it
 * @n_entries: set to the number of entries, deleted ones included
 * @n_trailing: set to the number of bytes after the last entry
 * @fault: set if the result is -EBADMSG
 *
 * Takes @table_len / SECRET_HEADER_LEN steps at most.
 *
 * Return: 0; -EBADMSG if an entry is malformed.
 */
int secret_table_check(const u8 *table, size_t table_len,
		       size_t *n_entries, size_t *n_trailing,
		       struct secret_fault *fault);

/**
 * secret_table_init - start to build a table
 * @buf: buffer for the table
 * @size: of @buf in bytes
 * @pos: set to the length of the table so far
 *
 * Return: 0; -EMSGSIZE if @buf has no room for a header.
 */
int secret_table_init(u8 *buf, size_t size, size_t *pos);

/**
 * secret_table_add - add an entry to a table
 * @buf: the table, from secret_table_init()
 * @size: of @buf in bytes
 * @pos: length of the table so far; moved on
 * @guid: GUID of the entry, SECRET_GUID_LEN bytes
 * @data: the secret
 * @len: its length in bytes, which may be 0
 *
 * The table is complete after each call. An error changes nothing.
 *
 * Return: 0; -EMSGSIZE if @buf has no room for the entry or a length does
 * not fit its field.
 */
int secret_table_add(u8 *buf, size_t size, size_t *pos, const u8 *guid,
		     const u8 *data, size_t len);

#endif /* CCGUEST_LIB_SECRET_TABLE_H */
