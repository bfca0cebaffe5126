/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Memory that the firmware names: may it be read, and how. Built into each
 * module that needs it, through a wrapper of one line.
 */
#ifndef CCGUEST_COMMON_FIRMWARE_H
#define CCGUEST_COMMON_FIRMWARE_H

#include "../../lib/place.h"

#include <linux/types.h>

struct place_limits firmware_limits(void);
bool firmware_range_readable(u64 addr, u64 size);
int firmware_read(u64 addr, void *buf, size_t len);
void *firmware_map(u64 addr, size_t size);
void firmware_unmap(void *mapping);
void firmware_flush(void *start, size_t size);

#endif /* CCGUEST_COMMON_FIRMWARE_H */
