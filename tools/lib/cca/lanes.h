/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * SHA-2 of many granules at once.
 */
#ifndef CCGUEST_LANES_H
#define CCGUEST_LANES_H

#include <stddef.h>
#include <stdint.h>

#include "cc_rim.h"

size_t ccg_lanes(uint8_t algo);
void ccg_lanes_digest(uint8_t algo, const uint8_t *granules, uint8_t *out);

#endif /* CCGUEST_LANES_H */
