/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Private to this room: the measurements that a verifier expects.
 */
#ifndef CCGUEST_SPDM_REFERENCE_H
#define CCGUEST_SPDM_REFERENCE_H

#include <ccguest/evidence.h>

#include "spdm_meas.h"

/**
 * struct ref_value - an expected measurement
 * @known: there is one for this index
 * @type: its type
 * @raw: the value is the measured data, and not a digest
 * @at: offset of the value in the data of the reference
 * @len: length of the value in bytes
 */
struct ref_value {
	bool known;
	u8 type;
	bool raw;
	size_t at;
	size_t len;
};

/**
 * struct ccg_reference - expected measurements
 * @values: the measurements, by index
 * @data: their values
 * @len: bytes in @data
 */
struct ccg_reference {
	struct ref_value values[SPDM_MEAS_INDEX_MAX + 1];
	u8 *data;
	size_t len;
};

/**
 * struct ref_fault - a fault of a reference
 * @line: number of the line or of the array's item, from 1 on
 * @what: the fault
 */
struct ref_fault {
	size_t line;
	const char *what;
};

int ccg_reference_parse(struct ccg_reference *r, char *text,
			struct ref_fault *fault);
int ccg_reference_add(struct ccg_reference *r, uint64_t index, uint64_t type,
		      bool raw, const char *hex, struct ref_fault *fault);
enum ccg_finding ccg_reference_compare(const struct ccg_reference *r,
				       const struct ccg_measurements *m,
				       char *why, size_t size);

#endif /* CCGUEST_SPDM_REFERENCE_H */
