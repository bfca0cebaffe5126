/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Private to libccguest: layout of ID block and ID authentication.
 *
 * SNP firmware ABI (56860), 8.20: ID_BLOCK and ID_AUTH_INFO.
 */
#ifndef CCGUEST_SEV_IDBLOCK_H
#define CCGUEST_SEV_IDBLOCK_H

/* Offsets in the ID block. */
#define IDB_DIGEST	0x00
#define IDB_FAMILY	0x30
#define IDB_IMAGE	0x40
#define IDB_VERSION	0x50
#define IDB_SVN		0x54
#define IDB_POLICY	0x58

/* Offsets in the ID authentication. */
#define IDA_ID_ALGO	0x000
#define IDA_AUTHOR_ALGO	0x004
#define IDA_BLOCK_SIG	0x040
#define IDA_ID_KEY	0x240
#define IDA_KEY_SIG	0x680
#define IDA_AUTHOR_KEY	0x880

/* ECDSA on P-384 with SHA-384. */
#define IDA_ALGO_P384	1

#endif /* CCGUEST_SEV_IDBLOCK_H */
