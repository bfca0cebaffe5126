/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Private to libccguest: why bytes are not what a parser of tools/lib/sev reads.
 */
#ifndef CCGUEST_SEV_FAULT_H
#define CCGUEST_SEV_FAULT_H

#include <errno.h>
#include <stdint.h>

/**
 * struct sev_fault - the fault of a certificate or of a firmware image
 * @what: the field and its fault, a constant string
 * @offset: offset of the field in bytes
 * @value: what the field holds, or the number of bytes that exist
 * @limit: the least, the greatest or the only valid value; 0 for certificates
 */
struct sev_fault {
	const char *what;
	uint64_t offset;
	uint64_t value;
	uint64_t limit;
};

/**
 * sev_fault_at - describe a fault
 * @fault: set
 * @what: the field and its fault, a constant string
 * @offset: offset of the field in bytes
 * @value: what the field holds
 * @limit: the least, the greatest or the only valid value
 *
 * Return: -EBADMSG.
 */
static inline int sev_fault_at(struct sev_fault *fault, const char *what,
			       uint64_t offset, uint64_t value, uint64_t limit)
{
	*fault = (struct sev_fault) {
		.what = what,
		.offset = offset,
		.value = value,
		.limit = limit,
	};
	return -EBADMSG;
}

#endif /* CCGUEST_SEV_FAULT_H */
