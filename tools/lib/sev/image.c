// SPDX-License-Identifier: GPL-2.0-only
/*
 * The table of GUIDs at the end of a firmware image.
 *
 * Each function takes a buffer and its length, and trusts nothing in it.
 */
#include <string.h>

#include "env.h"
#include "sev/image.h"

/* Bytes between the table and the end of the image. */
#define TAIL_LEN	32
#define GUID_LEN	16
/* u16 length and GUID: ends the table, and each entry. */
#define ENTRY_LEN	(2 + GUID_LEN)

/* 96b582de-1fb2-45f7-baea-a366c55a082d */
static const uint8_t table_guid[GUID_LEN] = {
	0xde, 0x82, 0xb5, 0x96, 0xb2, 0x1f, 0xf7, 0x45,
	0xba, 0xea, 0xa3, 0x66, 0xc5, 0x5a, 0x08, 0x2d,
};

static int set_reset(struct ccg_sev_image *img, const uint8_t *data)
{
	if (img->has_reset)
		return -EEXIST;
	img->has_reset = true;
	img->reset = get_unaligned_le32(data);
	return 0;
}

static int set_area(struct ccg_sev_area *area, const uint8_t *data)
{
	if (area->present)
		return -EEXIST;
	area->present = true;
	area->base = get_unaligned_le32(data);
	area->size = get_unaligned_le32(data + 4);
	return 0;
}

static int set_secret(struct ccg_sev_image *img, const uint8_t *data)
{
	return set_area(&img->secret, data);
}

static int set_hashes(struct ccg_sev_image *img, const uint8_t *data)
{
	return set_area(&img->hashes, data);
}

/* Keeps the distance in @metadata; ccg_sev_metadata_parse() checks it. */
static int set_metadata(struct ccg_sev_image *img, const uint8_t *data)
{
	if (img->has_metadata)
		return -EEXIST;
	img->has_metadata = true;
	img->metadata = get_unaligned_le32(data);
	return 0;
}

/**
 * struct known_entry - an entry that libccguest reads
 * @guid: its GUID
 * @len: length of its data, in bytes
 * @set: keeps the data; -EEXIST if the image has the entry twice
 */
struct known_entry {
	uint8_t guid[GUID_LEN];
	uint16_t len;
	int (*set)(struct ccg_sev_image *img, const uint8_t *data);
};

static const struct known_entry known[] = {
	{ /* 00f771de-1a7e-4fcb-890e-68c77e2fb44e */
		{ 0xde, 0x71, 0xf7, 0x00, 0x7e, 0x1a, 0xcb, 0x4f,
		  0x89, 0x0e, 0x68, 0xc7, 0x7e, 0x2f, 0xb4, 0x4e },
		4, set_reset
	},
	{ /* 4c2eb361-7d9b-4cc3-8081-127c90d3d294 */
		{ 0x61, 0xb3, 0x2e, 0x4c, 0x9b, 0x7d, 0xc3, 0x4c,
		  0x80, 0x81, 0x12, 0x7c, 0x90, 0xd3, 0xd2, 0x94 },
		8, set_secret
	},
	{ /* 7255371f-3a3b-4b04-927b-1da6efa8d454 */
		{ 0x1f, 0x37, 0x55, 0x72, 0x3b, 0x3a, 0x04, 0x4b,
		  0x92, 0x7b, 0x1d, 0xa6, 0xef, 0xa8, 0xd4, 0x54 },
		8, set_hashes
	},
	{ /* dc886566-984a-4798-a75e-5585a7bf67cc */
		{ 0x66, 0x65, 0x88, 0xdc, 0x4a, 0x98, 0x98, 0x47,
		  0xa7, 0x5e, 0x55, 0x85, 0xa7, 0xbf, 0x67, 0xcc },
		4, set_metadata
	},
};

/**
 * ccg_sev_is_igvm - test whether a file is an IGVM file
 * @buf: the file
 * @len: its length in bytes
 *
 * Return: true if the file starts as IGVM files do.
 */
bool ccg_sev_is_igvm(const uint8_t *buf, size_t len)
{
	return len >= 4 && !memcmp(buf, "IGVM", 4);
}

/* @end: offset behind the entry; @len: length of the entry, checked. */
static int read_entry(struct ccg_sev_image *img, const uint8_t *buf, size_t end,
		      size_t len, struct sev_fault *fault)
{
	const uint8_t *guid = buf + end - GUID_LEN;
	const struct known_entry *k = known;

	while (k < known + ARRAY_SIZE(known) &&
	       memcmp(k->guid, guid, GUID_LEN))
		k++;
	if (k == known + ARRAY_SIZE(known))
		return 0;
	if (len - ENTRY_LEN < k->len)
		return sev_fault_at(fault, "entry of the firmware's table is too short",
				    end - ENTRY_LEN, len, ENTRY_LEN + k->len);
	if (k->set(img, buf + end - len))
		return sev_fault_at(fault, "entry of the firmware's table is repeated",
				    end - ENTRY_LEN, len, len);
	if (k->set == set_metadata)
		img->distance_at = end - len;
	return 0;
}

/**
 * ccg_sev_image_parse - read the table of GUIDs of an image
 * @img: set to the contents of the table
 * @buf: the image
 * @len: its length in bytes
 * @fault: set if the result is -EBADMSG
 *
 * The metadata is not read; see ccg_sev_metadata_parse().
 *
 * Return: 0, also if the image has no table; -EBADMSG if the table is invalid.
 */
int ccg_sev_image_parse(struct ccg_sev_image *img, const uint8_t *buf,
			size_t len, struct sev_fault *fault)
{
	size_t pos, start, n;
	int rc = 0;

	*img = (struct ccg_sev_image) {};
	if (len < TAIL_LEN + ENTRY_LEN)
		return 0;
	pos = len - TAIL_LEN - ENTRY_LEN;
	if (memcmp(buf + pos + 2, table_guid, GUID_LEN))
		return 0;
	img->has_table = true;
	n = get_unaligned_le16(buf + pos);
	if (n < ENTRY_LEN)
		return sev_fault_at(fault, "firmware's table is shorter than its footer",
				    pos, n, ENTRY_LEN);
	if (n > len - TAIL_LEN)
		return sev_fault_at(fault, "firmware's table is longer than the image",
				    pos, n, len - TAIL_LEN);
	start = len - TAIL_LEN - n;
	while (!rc && pos > start) {
		if (pos - start < ENTRY_LEN)
			return sev_fault_at(fault, "firmware's table has half an entry",
					    start, pos - start, ENTRY_LEN);
		n = get_unaligned_le16(buf + pos - ENTRY_LEN);
		if (n < ENTRY_LEN)
			return sev_fault_at(fault, "entry of the table is shorter than its header",
					    pos - ENTRY_LEN, n, ENTRY_LEN);
		if (n > pos - start)
			return sev_fault_at(fault, "entry is longer than the rest of the table",
					    pos - ENTRY_LEN, n, pos - start);
		rc = read_entry(img, buf, pos, n, fault);
		pos -= n;
	}
	return rc;
}
