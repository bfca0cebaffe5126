/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Large responses: a response that arrives in chunks. DSP0274 1.2.1, 11.
 *
 * A responder answers a request with ERROR LargeResponse, which has a handle.
 * CHUNK_GET reads the response with this handle, one chunk after the other. Both
 * sides must have CHUNK_CAP.
 */
#ifndef CCGUEST_LIB_SPDM_LARGE_H
#define CCGUEST_LIB_SPDM_LARGE_H

#include "spdm_msg.h"

/**
 * struct spdm_large - a large response that is being assembled
 * @handle: its handle, for CHUNK_GET
 * @code: RequestResponseCode of the response that is expected
 * @seq: number of the next chunk, for CHUNK_GET
 * @len: bytes that were assembled
 * @total: LargeMessageSize, from the first chunk on
 * @sent: length of the last CHUNK_RESPONSE, without padding; 0 if it had the last
 *	  chunk, which may be shorter than the others
 */
struct spdm_large {
	u8 handle;
	u8 code;
	u32 seq;
	u32 len;
	u32 total;
	u32 sent;
};

/**
 * spdm_has_chunks - check whether responses may be large
 * @c: connection
 *
 * Return: true if both sides have CHUNK_CAP.
 */
static inline bool spdm_has_chunks(const struct spdm_conn *c)
{
	return c->version >= SPDM_VER_12 &&
	       (c->offer.flags & c->flags & SPDM_CAP_CHUNK);
}

/**
 * spdm_large_begin - take an ERROR LargeResponse
 * @l: set
 * @c: connection, with chunks
 * @request: RequestResponseCode of the request
 * @buf: the response, an ERROR LargeResponse
 * @len: its length in bytes, padding included
 * @fault: set if the result is not 0
 *
 * Return: 0; -EIO if the response is truncated; -EPROTO if it is malformed.
 */
int spdm_large_begin(struct spdm_large *l, const struct spdm_conn *c,
		     u8 request, const u8 *buf, size_t len,
		     struct spdm_fault *fault);

/**
 * spdm_large_at - get the place of the next CHUNK_RESPONSE
 * @l: the large response
 *
 * Return: its offset in the buffer, a multiple of 8: after the bytes that were
 * assembled, and less than 8 bytes above c->offer.max_msg_size.
 */
static inline size_t spdm_large_at(const struct spdm_large *l)
{
	return ((size_t)l->len + 7) & ~(size_t)7;
}

/**
 * spdm_large_add - check a CHUNK_RESPONSE, and assemble its chunk
 * @l: the large response
 * @c: connection, with chunks
 * @msg: buffer: the assembled bytes, and the CHUNK_RESPONSE at spdm_large_at()
 * @len: length of the CHUNK_RESPONSE in bytes, padding included
 * @fault: set if the result is negative
 *
 * LargeMessageSize is at most c->offer.max_msg_size, and is the sum of the
 * chunks. Each chunk but the last one has the least size that DSP0274 allows.
 * So the number of chunks has a bound too.
 *
 * Return: 1 if @msg has the complete response, @l->total bytes; 0 if another
 * chunk is needed; -EIO if the CHUNK_RESPONSE is truncated; -EPROTO if it is
 * malformed; with an ERROR response -EBUSY, -EINPROGRESS, -ECONNRESET,
 * -EMSGSIZE, -EINVAL or -EIO.
 */
int spdm_large_add(struct spdm_large *l, const struct spdm_conn *c, u8 *msg,
		   size_t len, struct spdm_fault *fault);

#endif /* CCGUEST_LIB_SPDM_LARGE_H */
