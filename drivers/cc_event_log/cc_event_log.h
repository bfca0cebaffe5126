/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * cc_event_log: the logs of what was measured into a guest before it ran,
 * under securityfs.
 */
#ifndef CCGUEST_CC_EVENT_LOG_H
#define CCGUEST_CC_EVENT_LOG_H

#include "../common/firmware.h"
#include "../common/secfs.h"

#include <linux/types.h>

/* What is looked at in all; a guest has one log or two. */
#define CC_PLACES_MAX	8
/* "dt:" and the node's path, which is the host's to choose. */
#define CC_SOURCE_LEN	128

/**
 * enum cc_origin - who says where a log is
 * @CC_FROM_DT: the Device Tree
 * @CC_FROM_ACPI: ACPI's table CCEL
 * @CC_FROM_EFI: the kernel's EFI stub, which made a copy of the firmware's
 */
enum cc_origin {
	CC_FROM_DT,
	CC_FROM_ACPI,
	CC_FROM_EFI,
};

/**
 * struct cc_place - where somebody says that a log is
 * @origin: who says so
 * @source: the same in words; printable
 * @base: physical address, not checked
 * @size: in bytes, not checked
 */
struct cc_place {
	enum cc_origin origin;
	char source[CC_SOURCE_LEN];
	u64 base;
	u64 size;
};

/**
 * struct cc_places - all the places
 * @seen: how many were looked at
 * @n: number of @places; of the others, the kernel's log has why they are none
 * @places: the places
 */
struct cc_places {
	size_t seen;
	size_t n;
	struct cc_place places[CC_PLACES_MAX];
};

void cc_find_places(struct cc_places *all);

int cc_snapshot(const struct cc_place *place, u64 max_size, u8 **log,
		size_t *len);

#endif /* CCGUEST_CC_EVENT_LOG_H */
