// SPDX-License-Identifier: GPL-2.0-only
/*
 * The blob that the paravisor of Azure puts into index 0x01400001 of the vTPM: a
 * header, a report of SEV-SNP or a TDREPORT, and JSON whose hash is in the report.
 */
#include <string.h>

#include "env.h"
#include "report/report.h"

#define BLOB_VERSION		0x04
#define BLOB_REPORT		0x20
#define BLOB_DATA		0x4c0

/* Offsets from BLOB_DATA. */
#define DATA_SIZE		0x00
#define DATA_REPORT_TYPE	0x08
#define DATA_HASH_TYPE		0x0c
#define DATA_JSON_LEN		0x10
#define DATA_JSON		0x14

#define TYPE_SNP		2
#define TYPE_TDX		4
#define HASH_TYPE_LAST		3
#define TDREPORT_LEN		1024

_Static_assert(BLOB_REPORT + CCG_SNP_REPORT_LEN == BLOB_DATA, "the data follow the report");

/**
 * ccg_azure_begins - find out whether bytes begin as a blob of Azure
 * @buf: the bytes
 * @len: number of bytes
 *
 * Return: true if they do.
 */
bool ccg_azure_begins(const uint8_t *buf, size_t len)
{
	return len >= 4 && !memcmp(buf, "HCLA", 4);
}

static int parse_data(const uint8_t *buf, size_t len, struct azure_blob *b,
		      struct report_fault *fault)
{
	uint32_t size = get_unaligned_le32(buf + DATA_SIZE);
	uint32_t json = get_unaligned_le32(buf + DATA_JSON_LEN);

	if (size < DATA_JSON || size > len)
		return ccg_fault_at(fault, BLOB_DATA + DATA_SIZE,
				    "the size of the runtime data is %u, expected %d to %zu",
				    size, DATA_JSON, len);
	if (json > size - DATA_JSON)
		return ccg_fault_at(fault, BLOB_DATA + DATA_JSON_LEN,
				    "the runtime claims have %u bytes, %u are left", json,
				    size - DATA_JSON);
	b->a.report_type = get_unaligned_le32(buf + DATA_REPORT_TYPE);
	if (b->a.report_type != TYPE_SNP && b->a.report_type != TYPE_TDX)
		return ccg_fault_at(fault, BLOB_DATA + DATA_REPORT_TYPE,
				    "the type of the report is %u, expected %d (SEV-SNP) or %d (TDX)",
				    b->a.report_type, TYPE_SNP, TYPE_TDX);
	b->a.hash_type = get_unaligned_le32(buf + DATA_HASH_TYPE);
	if (!b->a.hash_type || b->a.hash_type > HASH_TYPE_LAST)
		return ccg_fault_at(fault, BLOB_DATA + DATA_HASH_TYPE,
				    "the type of the hash is %u, expected 1 to %d",
				    b->a.hash_type, HASH_TYPE_LAST);
	b->a.runtime_data = (struct ccg_bytes) { buf + DATA_JSON, json };
	return 0;
}

/**
 * ccg_azure_parse - parse a blob of Azure
 * @buf: the bytes; zeros may follow
 * @len: number of bytes
 * @b: set to the parts, which point into @buf; the binding is not checked
 * @fault: set to the reason of a failure
 *
 * Return: 0 or -EBADMSG.
 */
int ccg_azure_parse(const uint8_t *buf, size_t len, struct azure_blob *b,
		    struct report_fault *fault)
{
	int rc;

	*b = (struct azure_blob) { 0 };
	if (len < BLOB_DATA + DATA_JSON)
		return ccg_fault_at(fault, len, "the blob is truncated: %zu bytes of %d or more",
				    len, BLOB_DATA + DATA_JSON);
	if (!ccg_azure_begins(buf, len))
		return ccg_fault_at(fault, 0, "the blob does not begin with HCLA");
	b->a.version = get_unaligned_le32(buf + BLOB_VERSION);
	rc = parse_data(buf + BLOB_DATA, len - BLOB_DATA, b, fault);
	if (rc)
		return rc;
	b->report.p = buf + BLOB_REPORT;
	b->report.len = b->a.report_type == TYPE_SNP ? CCG_SNP_REPORT_LEN : TDREPORT_LEN;
	return 0;
}
