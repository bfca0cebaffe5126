/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The firmware of SEV in software: what its files share.
 */
#ifndef SOFT_PSP_H
#define SOFT_PSP_H

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <openssl/evp.h>

typedef uint8_t u8;

#define CERT	2084

/* The directory of the platform. */
extern const char *dir;

_Noreturn void die(const char *what);
_Noreturn void refuse(const char *why);
void le32(u8 *p, uint32_t v);
uint32_t get32(const u8 *p);
FILE *open_in_dir(const char *name, const char *mode);
void save(const char *name, const void *buf, size_t len);
void load(const char *name, void *buf, size_t len);

/* The key of a certificate; NULL if it is not a point of P-384. */
EVP_PKEY *cert_key(const u8 *cert);

void platform(int rome);
void command(unsigned int number);

/* Signs with the PEK: sets r and s, 72 bytes each, little-endian. */
void sign_with_pek(const u8 *msg, size_t len, u8 *rs);

#endif /* SOFT_PSP_H */
