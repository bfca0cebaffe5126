// SPDX-License-Identifier: GPL-2.0-only
/*
 * Fuzz target: the input is a secret area.
 *
 * Checks that the entries of an accepted table are contiguous, and that a table
 * built from the entries has the same bytes.
 */
#include <stdlib.h>

#include "../../lib/secret_table.h"
#include "fuzz.h"

static void rebuild(const u8 *table, size_t len, size_t n_entries,
		    size_t n_trailing)
{
	struct secret_cursor cur = {};
	struct secret_fault fault;
	struct secret_entry entry;
	u8 *copy = malloc(len);
	size_t pos;

	require(copy && !secret_table_init(copy, len, &pos));
	while (!secret_table_next(table, len, &cur, &entry, &fault)) {
		require(entry.index < n_entries && entry.offset == pos);
		require(entry.guid == table + pos);
		require(entry.data == entry.guid + SECRET_HEADER_LEN);
		require(entry.len <= len - pos - SECRET_HEADER_LEN);
		require(!secret_table_add(copy, len, &pos, entry.guid,
					  entry.data, entry.len));
	}
	require(cur.index == n_entries && pos == len - n_trailing);
	require(n_trailing < SECRET_HEADER_LEN);
	/* The table's length is different: it counts trailing bytes too. */
	require(!memcmp(copy, table, SECRET_GUID_LEN));
	require(!memcmp(copy + SECRET_HEADER_LEN, table + SECRET_HEADER_LEN,
			pos - SECRET_HEADER_LEN));
	free(copy);
}

int LLVMFuzzerTestOneInput(const u8 *area, size_t size)
{
	size_t len, n_entries, n_trailing;
	struct secret_fault fault = {};
	u8 header[SECRET_HEADER_LEN] = {};
	int rc;

	memcpy(header, area, size < sizeof(header) ? size : sizeof(header));
	rc = secret_table_len(header, size, &len, &fault);
	require(!rc || rc == -ENODATA || (rc == -EBADMSG && fault.what));
	if (rc)
		return 0;
	require(len >= SECRET_HEADER_LEN && len <= size);

	rc = secret_table_check(area, len, &n_entries, &n_trailing, &fault);
	if (!rc) {
		rebuild(area, len, n_entries, n_trailing);
		return 0;
	}
	require(rc == -EBADMSG && fault.what && !fault.in_header);
	require(fault.offset >= 2 * SECRET_HEADER_LEN - 4 && fault.offset < len);
	return 0;
}
