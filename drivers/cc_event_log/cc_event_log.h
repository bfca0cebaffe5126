/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * cc_event_log: the measurement logs of a guest, under securityfs.
 */
#ifndef CCGUEST_CC_EVENT_LOG_H
#define CCGUEST_CC_EVENT_LOG_H

#include "../common/firmware.h"
#include "../common/secfs.h"

#include <linux/types.h>

/* Limit for the places that are checked; a guest has one log or two. */
#define CC_PLACES_MAX	8
/* Size of the text for a source: "dt:" and the node's path, from the host. */
#define CC_SOURCE_LEN	128

/**
 * enum cc_origin - source of a log's address and size
 * @CC_FROM_DT: the Device Tree
 * @CC_FROM_ACPI: the ACPI table CCEL
 * @CC_FROM_EFI: the kernel's EFI stub, which copied the firmware's log
 */
enum cc_origin {
	CC_FROM_DT,
	CC_FROM_ACPI,
	CC_FROM_EFI,
};

/**
 * struct cc_place - place of a log, as the host gives it
 * @origin: source of the address and size
 * @source: name of the source for messages, printable text
 * @base: physical address; not checked
 * @size: size in bytes; not checked
 */
struct cc_place {
	enum cc_origin origin;
	char source[CC_SOURCE_LEN];
	u64 base;
	u64 size;
};

/**
 * struct cc_places - all places
 * @seen: number of places that were found, including malformed ones
 * @n: number of @places
 * @places: the places that are not malformed
 */
struct cc_places {
	size_t seen;
	size_t n;
	struct cc_place places[CC_PLACES_MAX];
};

/**
 * struct cc_log_copy - the module's copy of a log
 * @data: the log; free it with kvfree()
 * @len: length of @data in bytes, without padding
 * @events: number of events in the log
 */
struct cc_log_copy {
	u8 *data;
	size_t len;
	size_t events;
};

/**
 * cc_find_places - find the places of logs
 * @all: zeroed; set to the places, whose numbers are not checked
 *
 * Prints why a place is malformed. Prints nothing if there is no place.
 *
 * Context: process context, may sleep.
 */
void cc_find_places(struct cc_places *all);

/**
 * cc_snapshot - check a place, copy it once, check the log in the copy
 * @place: the place
 * @max_size: size of the largest place that is accepted
 * @copy: set to the log if the result is 0
 *
 * Prints why it refuses a place or a log.
 *
 * Context: process context, may sleep.
 * Return: 0; -EINVAL if the place may not be read, or holds no log; -ENOMEM.
 */
int cc_snapshot(const struct cc_place *place, u64 max_size,
		struct cc_log_copy *copy);

#endif /* CCGUEST_CC_EVENT_LOG_H */
