/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Checks of SPDM responses: functions that spdm_check*.c share. spdm_msg.h has
 * the functions for callers.
 *
 * The responses come from a device, or from the host that emulates the device.
 * Each function takes a buffer that neither of them can change, and trusts none
 * of its fields. Reserved fields are ignored, as DSP0274 requires ("Reserved
 * and unassigned values"). The transcript's signature covers them.
 */
#ifndef CCGUEST_LIB_SPDM_CHECK_H
#define CCGUEST_LIB_SPDM_CHECK_H

#include "spdm_msg.h"

/**
 * enum spdm_rsp - the responses; the index of each in spdm_responses[]
 * @SPDM_RSP_VERSION: VERSION
 * @SPDM_RSP_CAPABILITIES: CAPABILITIES
 * @SPDM_RSP_ALGORITHMS: ALGORITHMS
 * @SPDM_RSP_DIGESTS: DIGESTS
 * @SPDM_RSP_CERTIFICATE: CERTIFICATE
 * @SPDM_RSP_CHALLENGE_AUTH: CHALLENGE_AUTH
 * @SPDM_RSP_MEASUREMENTS: MEASUREMENTS
 * @SPDM_RSP_ERROR: ERROR
 * @SPDM_RSP_CHUNK: CHUNK_RESPONSE
 * @SPDM_N_RSP: number of responses
 */
enum spdm_rsp {
	SPDM_RSP_VERSION,
	SPDM_RSP_CAPABILITIES,
	SPDM_RSP_ALGORITHMS,
	SPDM_RSP_DIGESTS,
	SPDM_RSP_CERTIFICATE,
	SPDM_RSP_CHALLENGE_AUTH,
	SPDM_RSP_MEASUREMENTS,
	SPDM_RSP_ERROR,
	SPDM_RSP_CHUNK,
	SPDM_N_RSP,
};

/**
 * struct spdm_response - code of a response, and text about its faults
 * @code: RequestResponseCode
 * @request: name of its request
 * @truncated: text for a response that is too short
 * @malformed: text for a response with a wrong field
 */
struct spdm_response {
	u8 code;
	const char *request;
	const char *truncated;
	const char *malformed;
};

extern const struct spdm_response spdm_responses[SPDM_N_RSP];

/**
 * spdm_set_fault - set a fault
 * @fault: set
 * @what: the fault in words
 * @field: name of the field in DSP0274, or NULL
 * @offset: of the field in the response
 * @value: value of the field
 * @limit: the expected value, or the least or the greatest one
 */
void spdm_set_fault(struct spdm_fault *fault, const char *what,
		    const char *field, size_t offset, u32 value, u32 limit);

/**
 * spdm_truncated - set the fault of a response that is too short
 * @fault: set
 * @r: the response
 * @len: its length
 * @need: the least length
 *
 * Return: -EIO.
 */
static inline int spdm_truncated(struct spdm_fault *fault,
				 const struct spdm_response *r, size_t len,
				 size_t need)
{
	spdm_set_fault(fault, r->truncated, NULL, len, len, need);
	return -EIO;
}

/**
 * spdm_malformed - set the fault of a response with a wrong field
 * @fault: set
 * @r: the response
 * @field: name of the field in DSP0274
 * @offset: of the field in the response
 * @value: value of the field
 * @limit: the expected value, or the least or the greatest one
 *
 * Return: -EPROTO.
 */
static inline int spdm_malformed(struct spdm_fault *fault,
				 const struct spdm_response *r,
				 const char *field, size_t offset, u32 value,
				 u32 limit)
{
	spdm_set_fault(fault, r->malformed, field, offset, value, limit);
	return -EPROTO;
}

/**
 * spdm_check_header - check the header and the least length of a response
 * @r: the expected response
 * @version: the expected SPDMVersion
 * @buf: the response
 * @len: its length in bytes, padding included
 * @need: the least length
 * @fault: set if the result is not 0
 *
 * An ERROR response may have any minor version: it only makes the exchange
 * fail, and its code helps the user.
 *
 * Return: 0; -EIO if the response is truncated; -EPROTO if it is
 * malformed; for an ERROR response the errno of its code.
 */
int spdm_check_header(const struct spdm_response *r, u8 version, const u8 *buf,
		      size_t len, size_t need, struct spdm_fault *fault);

/**
 * spdm_check_end - check that only padding follows the message
 * @r: the response
 * @len: length of the buffer in bytes, padding included
 * @used_len: length of the message
 * @used: set to @used_len if the result is 0
 * @fault: set if the result is not 0
 *
 * Return: 0; -EPROTO if there are more bytes than a transport pads.
 */
int spdm_check_end(const struct spdm_response *r, size_t len, size_t used_len,
		   size_t *used, struct spdm_fault *fault);

#endif /* CCGUEST_LIB_SPDM_CHECK_H */
