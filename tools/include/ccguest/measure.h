/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * libccguest: the measurements of a device over a TCP connection; GET_MEASUREMENTS
 * of SPDM (DSP0274).
 */
#ifndef LIBCCGUEST_MEASURE_H
#define LIBCCGUEST_MEASURE_H

#include <ccguest/auth.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Length of a nonce in bytes. */
#define CCG_NONCE_LEN	32
/* The operations of struct ccg_measure, beside an index from 1 to 254. */
#define CCG_MEASURE_COUNT	0
#define CCG_MEASURE_ALL		255

/**
 * struct ccg_measure - which measurements to read
 * @operation: CCG_MEASURE_ALL, CCG_MEASURE_COUNT, or an index
 * @raw: the measured data is wanted instead of its digest; SPDM 1.2 and later,
 *	 and a device need not have it
 * @sign: the device signs the measurements, and is authenticated by this
 *	  signature
 * @nonce: the nonce of the request, CCG_NONCE_LEN bytes; NULL for random bytes;
 *	   used if @sign is true
 */
struct ccg_measure {
	uint8_t operation;
	bool raw;
	bool sign;
	const uint8_t *nonce;
};

/**
 * struct ccg_measurement - a measurement
 * @index: its index
 * @type: its type, DMTFSpecMeasurementValueType without the bit for raw values
 * @name: name of the type, or NULL
 * @raw: @value is the measured data; otherwise a digest
 * @value: the value
 * @size: its length in bytes
 */
struct ccg_measurement {
	uint8_t index;
	uint8_t type;
	const char *name;
	bool raw;
	const uint8_t *value;
	size_t size;
};

/**
 * enum ccg_change - did measurements change while they were read?
 * @CCG_CHANGE_UNKNOWN: the device does not tell
 * @CCG_CHANGE_NO: the device found no change
 * @CCG_CHANGE_YES: the device found a change
 */
enum ccg_change {
	CCG_CHANGE_UNKNOWN,
	CCG_CHANGE_NO,
	CCG_CHANGE_YES,
};

/**
 * struct ccg_measurements - the measurements that a device sent
 * @is_signed: a trusted key signed them, and the signature was verified
 * @hash: name of the hash of the digests, as sha384; raw if the device has no
 *	  digests
 * @indices: number of measurements that the device has; -1 unless the operation
 *	     was CCG_MEASURE_COUNT
 * @change: did measurements change while they were read?
 * @nonce: nonce of the request; zeros unless @is_signed is true
 * @device_nonce: nonce of the device
 * @opaque: opaque data of the device
 * @opaque_len: its length in bytes
 * @items: the measurements
 * @n: number of @items
 * @data: memory of @opaque and of the values
 */
struct ccg_measurements {
	bool is_signed;
	const char *hash;
	int indices;
	enum ccg_change change;
	uint8_t nonce[CCG_NONCE_LEN];
	uint8_t device_nonce[CCG_NONCE_LEN];
	const uint8_t *opaque;
	size_t opaque_len;
	struct ccg_measurement *items;
	size_t n;
	uint8_t *data;
};

/**
 * ccg_auth_measure - read measurements of a device
 * @a: the connection
 * @what: which measurements
 * @mp: set to the measurements on success, valid until the next call of this
 *	function or until @a is closed
 *
 * With @what->sign, the device is authenticated as by ccg_auth_run(), except
 * that the signature over the measurements is the proof. Without, nothing is
 * proved, and no certificate is read. ccg_auth_result() has the details.
 *
 * Return: as ccg_auth_run().
 */
int ccg_auth_measure(struct ccg_auth *a, const struct ccg_measure *what,
		     const struct ccg_measurements **mp);

#ifdef __cplusplus
}
#endif

#endif /* LIBCCGUEST_MEASURE_H */
