// SPDX-License-Identifier: GPL-2.0-only
/*
 * Certificate tables of SEV-SNP: what the host gives the guest besides a report.
 *
 * SEV-ES Guest-Hypervisor Communication Block Standardization (AMD 56421), SNP
 * Extended Guest Request: entries of a GUID, an offset and a length, an entry of
 * zeros, then the data. The GUIDs are in the order of RFC 4122.
 */
#include <string.h>

#include "env.h"
#include "report/report.h"

#define ENTRY_OFFSET	16
#define ENTRY_LENGTH	20
#define ENTRY_LEN	24

static const struct {
	uint8_t guid[16];
	const char *name;
} names[] = {
	{ { 0xc0, 0xb4, 0x06, 0xa4, 0xa8, 0x03, 0x49, 0x52,
	    0x97, 0x43, 0x3f, 0xb6, 0x01, 0x4c, 0xd0, 0xae }, "ark" },
	{ { 0x4a, 0xb7, 0xb3, 0x79, 0xbb, 0xac, 0x4f, 0xe4,
	    0xa0, 0x2f, 0x05, 0xae, 0xf3, 0x27, 0xc7, 0x82 }, "ask" },
	{ { 0x63, 0xda, 0x75, 0x8d, 0xe6, 0x64, 0x45, 0x64,
	    0xad, 0xc5, 0xf4, 0xb9, 0x3b, 0xe8, 0xac, 0xcd }, "vcek" },
	{ { 0xa8, 0x07, 0x4b, 0xc2, 0xa2, 0x5a, 0x48, 0x3e,
	    0xaa, 0xe6, 0x39, 0xc0, 0x45, 0xa0, 0xb8, 0xa1 }, "vlek" },
	{ { 0x92, 0xf8, 0x1b, 0xc3, 0x58, 0x11, 0x4d, 0x3d,
	    0x97, 0xff, 0xd1, 0x9f, 0x88, 0xdc, 0x67, 0xea }, "crl" },
	/* go-sev-guest: EAX of CPUID leaf 1 */
	{ { 0xec, 0xae, 0x0c, 0x0f, 0x95, 0x02, 0x43, 0xb1,
	    0xaf, 0xa2, 0x0a, 0xe2, 0xe0, 0xd5, 0x65, 0xb6 }, "cpuid" },
};

static const char *find_name(const uint8_t *guid)
{
	for (size_t i = 0; i < ARRAY_SIZE(names); i++)
		if (!memcmp(guid, names[i].guid, sizeof(names[i].guid)))
			return names[i].name;
	return NULL;
}

static bool is_end(const uint8_t *p)
{
	static const uint8_t zeros[ENTRY_LEN];

	return !memcmp(p, zeros, ENTRY_LEN);
}

static void take_entry(const uint8_t *p, struct ccg_table_entry *e)
{
	*e = (struct ccg_table_entry) {
		.name = find_name(p),
		.offset = get_unaligned_le32(p + ENTRY_OFFSET),
		.len = get_unaligned_le32(p + ENTRY_LENGTH),
	};
	memcpy(e->guid, p, sizeof(e->guid));
}

/* @head is the length of the entries, with the last one. */
static int check_data(const struct ccg_table_entry *e, size_t at, size_t head, size_t len,
		      struct report_fault *fault)
{
	if (!e->len)
		return 0;
	if (e->offset < head)
		return ccg_fault_at(fault, at + ENTRY_OFFSET,
				    "the offset of an entry is %zu, inside the %zu bytes of entries",
				    e->offset, head);
	if (e->offset > len || e->len > len - e->offset)
		return ccg_fault_at(fault, at + ENTRY_LENGTH,
				    "the %zu bytes of an entry at offset %zu end behind the table of %zu bytes",
				    e->len, e->offset, len);
	return 0;
}

/**
 * ccg_cert_table_begins - find out whether bytes begin with a certificate table
 * @buf: the bytes
 * @len: number of bytes
 *
 * Return: true if the first entry has a known GUID.
 */
bool ccg_cert_table_begins(const uint8_t *buf, size_t len)
{
	return len >= ENTRY_OFFSET && find_name(buf);
}

/**
 * ccg_cert_table_parse - parse a certificate table
 * @buf: the bytes, with any bytes behind the data
 * @len: number of bytes
 * @entries: set to the entries, in their order
 * @n: set to the number of entries
 * @fault: set to the reason of a failure
 *
 * Return: 0 or -EBADMSG.
 */
int ccg_cert_table_parse(const uint8_t *buf, size_t len,
			 struct ccg_table_entry entries[CCG_TABLE_MAX], size_t *n,
			 struct report_fault *fault)
{
	size_t pos = 0;
	int rc = 0;

	*n = 0;
	for (;; pos += ENTRY_LEN) {
		if (ENTRY_LEN > len - pos)
			return ccg_fault_at(fault, pos,
					    "the entries of the certificate table do not end with an entry of zeros");
		if (is_end(buf + pos))
			break;
		if (*n == CCG_TABLE_MAX)
			return ccg_fault_at(fault, pos,
					    "the certificate table has more than %d entries",
					    CCG_TABLE_MAX);
		take_entry(buf + pos, &entries[(*n)++]);
	}
	for (size_t i = 0; !rc && i < *n; i++)
		rc = check_data(&entries[i], i * ENTRY_LEN, pos + ENTRY_LEN, len, fault);
	return rc;
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
	size_t pos, offset, size, end = 0;

	for (pos = 0; len - pos >= ENTRY_LEN; pos += ENTRY_LEN) {
		if (is_end(buf + pos)) {
			if (end && end < pos + ENTRY_LEN)
				return len;
			return end;
		}
		offset = get_unaligned_le32(buf + pos + ENTRY_OFFSET);
		size = get_unaligned_le32(buf + pos + ENTRY_LENGTH);
		if (offset > len || size > len - offset)
			return len;
		if (end < offset + size)
			end = offset + size;
	}
	return len;
}
