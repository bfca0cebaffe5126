// SPDX-License-Identifier: GPL-2.0-only
/*
 * The table of kernel hashes.
 */
#include <string.h>

#include "env.h"
#include "sev/hashes.h"

#define GUID_LEN	16
/* GUID and u16 length. */
#define HEADER_LEN	(GUID_LEN + 2)
#define ENTRY_LEN	(HEADER_LEN + SEV_HASH_LEN)
#define TABLE_LEN	(HEADER_LEN + SEV_N_HASHES * ENTRY_LEN)

/* 9438d606-4f22-4cc9-b479-a793d411fd21 */
static const uint8_t table_guid[GUID_LEN] = {
	0x06, 0xd6, 0x38, 0x94, 0x22, 0x4f, 0xc9, 0x4c,
	0xb4, 0x79, 0xa7, 0x93, 0xd4, 0x11, 0xfd, 0x21,
};

static const uint8_t guids[SEV_N_HASHES][GUID_LEN] = {
	/* 97d02dd8-bd20-4c94-aa78-e7714d36ab2a */
	[SEV_HASH_CMDLINE] = {
		0xd8, 0x2d, 0xd0, 0x97, 0x20, 0xbd, 0x94, 0x4c,
		0xaa, 0x78, 0xe7, 0x71, 0x4d, 0x36, 0xab, 0x2a,
	},
	/* 44baf731-3a2f-4bd7-9af1-41e29169781d */
	[SEV_HASH_INITRD] = {
		0x31, 0xf7, 0xba, 0x44, 0x2f, 0x3a, 0xd7, 0x4b,
		0x9a, 0xf1, 0x41, 0xe2, 0x91, 0x69, 0x78, 0x1d,
	},
	/* 4de79437-abd2-427f-b835-d5b172d2045b */
	[SEV_HASH_KERNEL] = {
		0x37, 0x94, 0xe7, 0x4d, 0xd2, 0xab, 0x7f, 0x42,
		0xb8, 0x35, 0xd5, 0xb1, 0x72, 0xd2, 0x04, 0x5b,
	},
};

static uint8_t *put_header(uint8_t *p, const uint8_t *guid, uint16_t len)
{
	memcpy(p, guid, GUID_LEN);
	put_unaligned_le16(len, p + GUID_LEN);
	return p + HEADER_LEN;
}

/**
 * ccg_sev_hashes_build - make the table of kernel hashes
 * @hashes: the hashes, SEV_HASH_LEN bytes each
 * @table: set to the table, SEV_HASHES_LEN bytes
 */
void ccg_sev_hashes_build(const uint8_t *const hashes[SEV_N_HASHES],
			  uint8_t *table)
{
	uint8_t *p;

	memset(table, 0, SEV_HASHES_LEN);
	p = put_header(table, table_guid, TABLE_LEN);
	for (size_t i = 0; i < SEV_N_HASHES; i++) {
		p = put_header(p, guids[i], ENTRY_LEN);
		memcpy(p, hashes[i], SEV_HASH_LEN);
		p += SEV_HASH_LEN;
	}
}
