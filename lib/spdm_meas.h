/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The measurements of an SPDM responder: the values in the record of a
 * MEASUREMENTS, in the format of DMTF. spdm_check_measurements() has checked the
 * blocks of the record; these functions check and read the values in them.
 */
#ifndef CCGUEST_LIB_SPDM_MEAS_H
#define CCGUEST_LIB_SPDM_MEAS_H

#include "spdm_msg.h"

/* The least and the greatest index of a measurement. */
#define SPDM_MEAS_INDEX_MIN	0x01
#define SPDM_MEAS_INDEX_MAX	0xfe

/**
 * struct spdm_meas_value - a measurement
 * @index: Index
 * @type: DMTFSpecMeasurementValueType without its bit for raw values
 * @raw: @value is the measured data; otherwise @value is a digest
 * @value: points to the value
 * @len: its length in bytes
 */
struct spdm_meas_value {
	u8 index;
	u8 type;
	bool raw;
	const u8 *value;
	u16 len;
};

/**
 * struct spdm_meas_walk - a walk over the measurements of a record
 * @pos: position of the next block in the record
 * @seen: mask of the indices that were found
 *
 * All members are zero at the start.
 */
struct spdm_meas_walk {
	size_t pos;
	u8 seen[32];
};

/**
 * spdm_meas_next - get the next measurement of a record
 * @c: connection, negotiated
 * @m: the MEASUREMENTS, checked by spdm_check_measurements()
 * @w: the walk
 * @v: set to the measurement
 * @fault: set if the result is -EPROTO
 *
 * A digest has the length of the negotiated measurement hash. An index is used
 * once, so that no two readers of a record find two values.
 *
 * Return: 0; -ENODATA at the end; -EPROTO if the value is malformed.
 */
int spdm_meas_next(const struct spdm_conn *c, const struct spdm_measurements *m,
		   struct spdm_meas_walk *w, struct spdm_meas_value *v,
		   struct spdm_fault *fault);

/**
 * spdm_meas_check - check all measurements of a record
 * @c: connection, negotiated
 * @m: the MEASUREMENTS, checked by spdm_check_measurements()
 * @fault: set if the result is not 0
 *
 * Return: 0; -EPROTO if a value is malformed.
 */
int spdm_meas_check(const struct spdm_conn *c,
		    const struct spdm_measurements *m,
		    struct spdm_fault *fault);

/**
 * spdm_meas_type - get the name of a type of measurements
 * @type: the type
 *
 * Return: the name; NULL for a type that DSP0274 1.3 does not define.
 */
const char *spdm_meas_type(u8 type);

/**
 * spdm_meas_hash - get the name of the hash of measurements
 * @c: connection, negotiated
 *
 * Return: the name, as "sha384"; "raw" if the responder has no digests; NULL if
 * it selected nothing.
 */
const char *spdm_meas_hash(const struct spdm_conn *c);

#endif /* CCGUEST_LIB_SPDM_MEAS_H */
