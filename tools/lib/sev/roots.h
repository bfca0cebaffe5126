/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Private to libccguest: AMD's certificates of each generation.
 */
#ifndef CCGUEST_SEV_ROOTS_H
#define CCGUEST_SEV_ROOTS_H

#include "sev/cert.h"

/**
 * struct sev_root - ASK and ARK of a generation of processors
 * @name: of the generation
 * @buf: ASK, then ARK
 * @len: length of @buf in bytes
 */
struct sev_root {
	const char *name;
	const uint8_t *buf;
	size_t len;
};

const struct sev_root *ccg_sev_root_at(size_t i);
int ccg_sev_root_parse(const struct sev_root *root, struct sev_cert *ask,
		       struct sev_cert *ark);

#endif /* CCGUEST_SEV_ROOTS_H */
