/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Private to libccguest: certificates of SEV as text.
 */
#ifndef CCGUEST_SEV_ARMOR_H
#define CCGUEST_SEV_ARMOR_H

#include <stddef.h>
#include <stdint.h>

#include "sev/fault.h"

int ccg_sev_unhex(uint8_t *buf, size_t *lenp, struct sev_fault *fault);
int ccg_sev_unbase64(uint8_t *buf, size_t *lenp, struct sev_fault *fault);
int ccg_sev_unarmor(uint8_t *buf, size_t *lenp, struct sev_fault *fault);

#endif /* CCGUEST_SEV_ARMOR_H */
