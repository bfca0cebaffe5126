// SPDX-License-Identifier: GPL-2.0-only
/*
 * Assembling large responses from chunks.
 */
#include "spdm_large.h"
#include "spdm_check.h"

/* The ERROR LargeResponse ends after Handle. */
#define LARGE_RESPONSE_LEN	(sizeof(struct spdm_header) + 1)
/* LargeMessageSize, in the first chunk. */
#define LARGE_SIZE_LEN		4

int spdm_large_begin(struct spdm_large *l, const struct spdm_conn *c,
		     u8 request, const u8 *buf, size_t len,
		     struct spdm_fault *fault)
{
	const struct spdm_response *r = &spdm_responses[SPDM_RSP_ERROR];
	const struct spdm_error_rsp *m = (const void *)buf;
	size_t used;
	int rc;

	if (len < LARGE_RESPONSE_LEN)
		return spdm_truncated(fault, r, len, LARGE_RESPONSE_LEN);
	/* Any other ERROR ends the exchange. After this one the exchange goes on. */
	if (m->h.version != c->version)
		return spdm_malformed(fault, r, "SPDMVersion", 0, m->h.version,
				      c->version);
	rc = spdm_check_end(r, len, LARGE_RESPONSE_LEN, &used, fault);
	if (rc)
		return rc;
	*l = (struct spdm_large) {
		.handle = m->data[0],
		.code = request & ~SPDM_REQ_RESPONSE,
	};
	return 0;
}

/* LargeMessageSize is more than any endpoint can receive without chunks. */
static int check_total(const struct spdm_conn *c, u32 total,
		       struct spdm_fault *fault)
{
	const struct spdm_response *r = &spdm_responses[SPDM_RSP_CHUNK];
	size_t at = sizeof(struct spdm_chunk);

	if (total <= SPDM_MIN_DATA_TRANSFER_SIZE)
		return spdm_malformed(fault, r, "LargeMessageSize", at, total,
				      SPDM_MIN_DATA_TRANSFER_SIZE + 1);
	if (total > c->offer.max_msg_size)
		return spdm_malformed(fault, r, "LargeMessageSize", at, total,
				      c->offer.max_msg_size);
	return 0;
}

/* Check ChunkSize and LastChunk against the bytes that are left. */
static int check_size(const struct spdm_large *l,
		      const struct spdm_chunk_data *chunk,
		      struct spdm_fault *fault)
{
	const struct spdm_response *r = &spdm_responses[SPDM_RSP_CHUNK];
	size_t at = offsetof(struct spdm_chunk, size);
	u32 left = l->total - l->len;
	u32 least = SPDM_MIN_DATA_TRANSFER_SIZE - sizeof(struct spdm_chunk);

	if (!l->seq)
		least -= LARGE_SIZE_LEN;
	if (chunk->len > left)
		return spdm_malformed(fault, r, "ChunkSize", at, chunk->len, left);
	if (chunk->last && chunk->len < left)
		return spdm_malformed(fault, r, "LargeMessageSize",
				      sizeof(struct spdm_chunk), l->total,
				      l->len + chunk->len);
	if (!chunk->last && chunk->len == left)
		return spdm_malformed(fault, r, "LastChunk", 2, 0, 1);
	if (!chunk->last && chunk->len < least)
		return spdm_malformed(fault, r, "ChunkSize", at, chunk->len, least);
	return 0;
}

/* Check the CHUNK_RESPONSE @buf. */
static int check_chunk(struct spdm_large *l, const struct spdm_conn *c,
		       const u8 *buf, size_t len, struct spdm_chunk_data *chunk,
		       struct spdm_fault *fault)
{
	size_t used;
	int rc;

	rc = spdm_check_chunk(c, l->handle, l->seq, buf, len, chunk, &used, fault);
	if (rc && fault->error == SPDM_ERR_LARGE_RESPONSE) {
		spdm_set_fault(fault, "Large response to CHUNK_GET", "ErrorCode",
			       2, SPDM_ERR_LARGE_RESPONSE, 0);
		return -EPROTO;
	}
	if (rc)
		return rc;
	if (!l->seq) {
		rc = check_total(c, chunk->total, fault);
		if (rc)
			return rc;
		l->total = chunk->total;
	}
	return check_size(l, chunk, fault);
}

int spdm_large_add(struct spdm_large *l, const struct spdm_conn *c, u8 *msg,
		   size_t len, struct spdm_fault *fault)
{
	struct spdm_chunk_data chunk;
	int rc;

	rc = check_chunk(l, c, msg + spdm_large_at(l), len, &chunk, fault);
	if (rc)
		return rc;
	l->sent = chunk.last ? 0 : chunk.data + chunk.len - (msg + spdm_large_at(l));
	memmove(msg + l->len, chunk.data, chunk.len);
	l->len += chunk.len;
	l->seq++;
	if (!chunk.last)
		return 0;
	/* An ERROR is never large. Another code is found as in any response. */
	if (msg[1] != SPDM_ERROR)
		return 1;
	spdm_set_fault(fault, "Error response in chunks", "RequestResponseCode", 1,
		       SPDM_ERROR, l->code);
	return -EPROTO;
}
