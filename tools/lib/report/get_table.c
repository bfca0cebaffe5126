// SPDX-License-Identifier: GPL-2.0-only
/*
 * The length of a certificate table of SEV-SNP in a larger buffer.
 *
 * SEV-ES Guest-Hypervisor Communication Block Standardization (AMD 56421),
 * MSG_REPORT_REQ: entries of a GUID, an offset and a length, then an entry of
 * zeros, then the certificates.
 */
#include <endian.h>
#include <string.h>

#include "report/get.h"

#define ENTRY_LEN	24

static uint32_t le32(const uint8_t *p)
{
	uint32_t v;

	memcpy(&v, p, sizeof(v));
	return le32toh(v);
}

/**
 * ccg_cert_table_len - find the end of a certificate table
 * @buf: the table, with zeros behind it
 * @len: length of @buf in bytes
 *
 * Return: length of the table in bytes; 0 if the table has no entry; @len if the
 * table is malformed, so that nothing of it is lost.
 */
size_t ccg_cert_table_len(const uint8_t *buf, size_t len)
{
	static const uint8_t zero[ENTRY_LEN];
	size_t pos, offset, size, end = 0;

	for (pos = 0; len - pos >= ENTRY_LEN; pos += ENTRY_LEN) {
		if (!memcmp(buf + pos, zero, ENTRY_LEN)) {
			if (end && end < pos + ENTRY_LEN)
				return len;
			return end;
		}
		offset = le32(buf + pos + 16);
		size = le32(buf + pos + 20);
		if (offset > len || size > len - offset)
			return len;
		if (end < offset + size)
			end = offset + size;
	}
	return len;
}
