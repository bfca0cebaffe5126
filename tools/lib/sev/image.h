/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Private to libccguest: the tables in a firmware image of a SEV guest.
 *
 * The image ends with a table of GUIDs, which is read backwards:
 *
 *	+-------------------------------+
 *	| data of an entry              |
 *	| u16 length of the entry       |   18 + length of the data
 *	| GUID of the entry             |
 *	+-------------------------------+
 *	| more entries ...              |
 *	+-------------------------------+
 *	| u16 length of the table       |   these 18 bytes included
 *	| GUID 96b582de-1fb2-45f7-...   |
 *	+-------------------------------+
 *	| 32 bytes: reset vector        |
 *	+-------------------------------+ end of the image
 *
 * An entry gives the distance of the SEV metadata from the end of the image:
 * the memory that a host prepares before the launch of a SNP guest.
 *
 * Sources: edk2 OvmfPkg/ResetVector, OvmfPkg/Include/WorkArea.h; QEMU
 * hw/i386/pc_sysfw_ovmf.c.
 */
#ifndef CCGUEST_SEV_IMAGE_H
#define CCGUEST_SEV_IMAGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "sev/fault.h"

#define SEV_PAGE	4096

/**
 * struct ccg_sev_area - an area in the guest's memory
 * @present: the image has an entry for the area
 * @base: its address; 0 if the image does not support the area
 * @size: its size in bytes
 */
struct ccg_sev_area {
	bool present;
	uint32_t base;
	uint32_t size;
};

/**
 * struct ccg_sev_image - the tables of an image
 * @has_table: the image has a table of GUIDs; without the table no other member
 *	       is set
 * @has_reset: the image has a reset address for application processors
 * @reset: the reset address
 * @secret: area for the owner's secrets
 * @hashes: area for the table of kernel hashes
 * @has_metadata: the image has SEV metadata
 * @metadata: offset of the metadata in the image, in bytes
 * @distance_at: offset of the field with the metadata's distance, in bytes
 * @n_sections: number of sections of the metadata
 * @sections: offset of the first section in the image, in bytes
 */
struct ccg_sev_image {
	bool has_table;
	bool has_reset;
	uint32_t reset;
	struct ccg_sev_area secret;
	struct ccg_sev_area hashes;
	bool has_metadata;
	size_t metadata;
	size_t distance_at;
	uint32_t n_sections;
	size_t sections;
};

/* Types of sections; other types exist. */
#define SEV_SECTION_SEC_MEM		1
#define SEV_SECTION_SECRETS		2
#define SEV_SECTION_CPUID		3
#define SEV_SECTION_SVSM_CAA		4
#define SEV_SECTION_KERNEL_HASHES	0x10

/**
 * struct ccg_sev_section - a section of the metadata
 * @address: address in the guest's memory
 * @size: size in bytes
 * @type: SEV_SECTION_CPUID and so on
 */
struct ccg_sev_section {
	uint32_t address;
	uint32_t size;
	uint32_t type;
};

bool ccg_sev_is_igvm(const uint8_t *buf, size_t len);
int ccg_sev_image_parse(struct ccg_sev_image *img, const uint8_t *buf,
			size_t len, struct sev_fault *fault);
int ccg_sev_metadata_parse(struct ccg_sev_image *img, const uint8_t *buf,
			   size_t len, struct sev_fault *fault);
struct ccg_sev_section ccg_sev_section_at(const struct ccg_sev_image *img,
					  const uint8_t *buf, uint32_t i);
size_t ccg_sev_vars_len(const uint8_t *buf, size_t len);

#endif /* CCGUEST_SEV_IMAGE_H */
