// SPDX-License-Identifier: GPL-2.0-only
/*
 * The SEV metadata of a firmware image, and the place of its variables.
 *
 *	0	"ASEV"
 *	4	u32 length, this header included
 *	8	u32 version, 1
 *	12	u32 number of sections
 *	16	sections: u32 address, u32 size, u32 type
 *
 * Source: edk2 OvmfPkg/ResetVector/X64/OvmfSevMetadata.asm.
 */
#include <string.h>

#include "env.h"
#include "sev/image.h"

#define HEADER_LEN	16
#define LENGTH_OFFSET	4
#define VERSION_OFFSET	8
#define COUNT_OFFSET	12
#define VERSION		1
#define SECTION_LEN	12
#define SIZE_OFFSET	4

/* All sections together: the addresses below 4 GiB. Bounds the work. */
#define GIB		0x40000000ULL
#define SECTIONS_MAX	(4 * GIB)

static bool is_one_page(uint32_t type)
{
	return type == SEV_SECTION_SECRETS || type == SEV_SECTION_CPUID;
}

/**
 * ccg_sev_section_at - get a section
 * @img: the tables of the image, from ccg_sev_metadata_parse()
 * @buf: the image
 * @i: number of the section, below img->n_sections
 *
 * Return: the section.
 */
struct ccg_sev_section ccg_sev_section_at(const struct ccg_sev_image *img,
					  const uint8_t *buf, uint32_t i)
{
	const uint8_t *p = buf + img->sections + (size_t)i * SECTION_LEN;

	return (struct ccg_sev_section) {
		.address = get_unaligned_le32(p),
		.size = get_unaligned_le32(p + SIZE_OFFSET),
		.type = get_unaligned_le32(p + 8),
	};
}

static int check_section(const struct ccg_sev_section *s, size_t at,
			 uint64_t *left, struct sev_fault *fault)
{
	if (s->address % SEV_PAGE)
		return sev_fault_at(fault, "address of a section is not that of a page",
				    at, s->address, SEV_PAGE);
	at += SIZE_OFFSET;
	if (!s->size || s->size % SEV_PAGE)
		return sev_fault_at(fault, "size of a section is not that of pages",
				    at, s->size, SEV_PAGE);
	if (s->size > 4 * GIB - s->address)
		return sev_fault_at(fault, "section ends above 4 GiB", at, s->size,
				    4 * GIB - s->address);
	if (is_one_page(s->type) && s->size != SEV_PAGE)
		return sev_fault_at(fault, "section for secrets or CPUID is larger than a page",
				    at, s->size, SEV_PAGE);
	if (s->size > *left)
		return sev_fault_at(fault, "sections are larger than 4 GiB together",
				    at, s->size, *left);
	*left -= s->size;
	return 0;
}

/**
 * ccg_sev_metadata_parse - read the SEV metadata of an image
 * @img: the tables of the image, with has_metadata set; the metadata's members
 *	 are set
 * @buf: the image
 * @len: its length in bytes
 * @fault: set if the result is -EBADMSG
 *
 * Return: 0; -EBADMSG if the metadata is invalid.
 */
int ccg_sev_metadata_parse(struct ccg_sev_image *img, const uint8_t *buf,
			   size_t len, struct sev_fault *fault)
{
	uint64_t left = SECTIONS_MAX;
	size_t distance = img->metadata, at, n;
	struct ccg_sev_section s;
	int rc = 0;

	if (distance > len)
		return sev_fault_at(fault, "SEV metadata starts before the image",
				    img->distance_at, distance, len);
	if (distance < HEADER_LEN)
		return sev_fault_at(fault, "SEV metadata ends behind the image",
				    img->distance_at, distance, HEADER_LEN);
	at = len - distance;
	if (memcmp(buf + at, "ASEV", 4))
		return sev_fault_at(fault, "SEV metadata does not start with \"ASEV\"",
				    at, get_unaligned_le32(buf + at), 0x56455341);
	n = get_unaligned_le32(buf + at + VERSION_OFFSET);
	if (n != VERSION)
		return sev_fault_at(fault, "unknown version of the SEV metadata",
				    at + VERSION_OFFSET, n, VERSION);
	n = get_unaligned_le32(buf + at + LENGTH_OFFSET);
	if (n < HEADER_LEN)
		return sev_fault_at(fault, "SEV metadata is shorter than its header",
				    at + LENGTH_OFFSET, n, HEADER_LEN);
	if (n > distance)
		return sev_fault_at(fault, "SEV metadata is longer than the rest of the image",
				    at + LENGTH_OFFSET, n, distance);
	img->metadata = at;
	img->sections = at + HEADER_LEN;
	img->n_sections = get_unaligned_le32(buf + at + COUNT_OFFSET);
	n = (n - HEADER_LEN) / SECTION_LEN;
	if (img->n_sections > n)
		return sev_fault_at(fault, "number of sections is larger than the SEV metadata",
				    at + COUNT_OFFSET, img->n_sections, n);
	for (uint32_t i = 0; !rc && i < img->n_sections; i++) {
		s = ccg_sev_section_at(img, buf, i);
		rc = check_section(&s, img->sections + (size_t)i * SECTION_LEN,
				   &left, fault);
	}
	return rc;
}

/* EFI_FIRMWARE_VOLUME_HEADER; UEFI PI 1.8, volume 3, 3.2.1. */
#define FV_GUID_OFFSET		16
#define FV_LENGTH_OFFSET	32
#define FV_SIGNATURE_OFFSET	40
#define FV_HEADER_LEN		56

/**
 * ccg_sev_vars_len - get the length of the variables at the start of an image
 * @buf: the image
 * @len: its length in bytes
 *
 * An image of OVMF starts with the volume of the UEFI variables. Distributions
 * also ship the rest of the image as a file of its own, "CODE".
 *
 * Return: the length in bytes, less than @len; 0 if there is no such volume.
 */
size_t ccg_sev_vars_len(const uint8_t *buf, size_t len)
{
	/* fff12b8d-7696-4c8b-a985-2747075b4f50: EFI_SYSTEM_NV_DATA_FV_GUID */
	static const uint8_t guid[] = {
		0x8d, 0x2b, 0xf1, 0xff, 0x96, 0x76, 0x8b, 0x4c,
		0xa9, 0x85, 0x27, 0x47, 0x07, 0x5b, 0x4f, 0x50,
	};
	uint64_t n;

	if (len < FV_HEADER_LEN ||
	    memcmp(buf + FV_GUID_OFFSET, guid, sizeof(guid)) ||
	    memcmp(buf + FV_SIGNATURE_OFFSET, "_FVH", 4))
		return 0;
	n = get_unaligned_le64(buf + FV_LENGTH_OFFSET);
	return n < len && !(n % SEV_PAGE) ? n : 0;
}
