/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The handlers of requests, and their shared functions. A handler checks a
 * request and appends the response; spdm.c calls the handlers.
 */
#ifndef SPDM_H
#define SPDM_H

#include "conn.h"

/**
 * struct req - a request
 * @data: its bytes
 * @len: number of bytes, with the padding of DOE
 * @exact: number of bytes without the padding; set by the handler
 */
struct req {
	const uint8_t *data;
	size_t len;
	size_t exact;
};

/**
 * refuse - refuse a request
 * @c: the conversation; keeps the reason for a note
 * @code: the error code
 * @fmt: format of the reason, and its arguments
 *
 * Return: @code.
 */
__printf(3, 4)
int refuse(struct conn *c, int code, const char *fmt, ...);

/**
 * sized - check the size of a request
 * @c: the conversation
 * @q: the request; DOE may have padded it with up to three bytes
 * @size: the size without padding
 *
 * Return: 0 or the error code.
 */
int sized(struct conn *c, struct req *q, size_t size);

/**
 * put_header - append the header of a response
 * @c: the conversation
 * @m: the response
 * @code: code of the response
 * @param1: its first parameter
 * @param2: its second parameter
 */
void put_header(struct conn *c, struct msg *m, unsigned int code,
		unsigned int param1, unsigned int param2);

/**
 * flags_of - get the capability flags that an SPDM version defines
 * @version: the version
 *
 * Return: the flags.
 */
uint32_t flags_of(unsigned int version);

/**
 * caps_of - get the capability flags of the responder
 * @c: the conversation
 * @version: the SPDM version
 *
 * Return: the flags that this version defines.
 */
uint32_t caps_of(const struct conn *c, unsigned int version);

/*
 * The handlers. Each returns 0 or the error code.
 *
 * negotiate.c
 */
int do_version(struct conn *c, struct req *q, struct msg *m);
int do_capabilities(struct conn *c, struct req *q, struct msg *m);
int do_algorithms(struct conn *c, struct req *q, struct msg *m);

/* evidence.c */
int do_digests(struct conn *c, struct req *q, struct msg *m);
int do_certificate(struct conn *c, struct req *q, struct msg *m);
int do_challenge(struct conn *c, struct req *q, struct msg *m);
int do_measurements(struct conn *c, struct req *q, struct msg *m);

/* chunk.c */
int do_chunk_get(struct conn *c, struct req *q, struct msg *m);

#endif
