/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Private to this room: commands for NV indexes of a TPM, and their answers.
 *
 * Trusted Platform Module Library, part 3: TPM2_NV_ReadPublic, TPM2_NV_Read,
 * TPM2_NV_DefineSpace, TPM2_NV_Write. Numbers are big-endian. No I/O.
 */
#ifndef CCGUEST_REPORT_TPM_H
#define CCGUEST_REPORT_TPM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Every TPM for PCs reads and writes at least this number of bytes at once. */
#define TPM_NV_CHUNK	512

#define TPM_CMD_MAX	(TPM_NV_CHUNK + 64)
#define TPM_ANSWER_MAX	4096

#define TPM_RH_OWNER	0x40000001

/* Attributes of an index. */
#define TPM_NV_OWNERWRITE	0x00000002
#define TPM_NV_AUTHWRITE	0x00000004
#define TPM_NV_OWNERREAD	0x00020000
#define TPM_NV_AUTHREAD		0x00040000

/* The index is unknown: TPM_RC_HANDLE for the first handle of a command. */
#define TPM_RC_HANDLE_1		0x18b

/**
 * struct tpm_cmd - a command
 * @buf: the bytes
 * @len: length of the command in bytes
 */
struct tpm_cmd {
	uint8_t buf[TPM_CMD_MAX];
	size_t len;
};

/**
 * struct tpm_index - the public area of an NV index
 * @attributes: its attributes
 * @size: number of bytes that it holds
 */
struct tpm_index {
	uint32_t attributes;
	uint16_t size;
};

/* The commands; @auth is TPM_RH_OWNER or the index, without a password. */
void ccg_tpm_read_public(struct tpm_cmd *c, uint32_t index);
void ccg_tpm_read(struct tpm_cmd *c, uint32_t auth, uint32_t index,
		  uint16_t size, uint16_t offset);
void ccg_tpm_define(struct tpm_cmd *c, uint32_t index, uint32_t attributes,
		    uint16_t size);
void ccg_tpm_write(struct tpm_cmd *c, uint32_t auth, uint32_t index,
		   const uint8_t *buf, uint16_t len);

bool ccg_tpm_is_busy(uint32_t rc);

/*
 * The answers. Each returns NULL, or why the answer is malformed; *@rc is set to
 * the response code, and nothing else is set unless the code is 0.
 */
const char *ccg_tpm_parse(const uint8_t *buf, size_t len, uint32_t *rc);
const char *ccg_tpm_parse_public(const uint8_t *buf, size_t len, uint32_t *rc,
				 struct tpm_index *index);
const char *ccg_tpm_parse_read(const uint8_t *buf, size_t len, uint32_t *rc,
			       const uint8_t **data, size_t *data_len);

#endif /* CCGUEST_REPORT_TPM_H */
