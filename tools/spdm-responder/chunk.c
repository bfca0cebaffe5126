// SPDX-License-Identifier: GPL-2.0-only
/*
 * Large responses, which the requester reads with CHUNK_GET. DSP0274, "Large
 * SPDM message transfer mechanism". Large requests (CHUNK_SEND) are not
 * supported.
 */
#include <string.h>

#include "spdm.h"

#define LAST_CHUNK	0x01

bool chunks_used(const struct conn *c)
{
	return c->version >= 0x12 && caps_of(c, c->version) & c->req_flags & CAP_CHUNK;
}

size_t response_max(const struct conn *c)
{
	return chunks_used(c) ? c->max_size : c->data_size;
}

/* Longest message that is sent at once. */
static size_t transfer_max(const struct conn *c)
{
	return c->cfg->transfer_size < c->data_size ? c->cfg->transfer_size : c->data_size;
}

bool large_keep(struct conn *c, const struct msg *m)
{
	struct large *l = &c->large;

	if (!chunks_used(c) || m->len <= transfer_max(c))
		return false;
	memcpy(l->data, m->data, m->len);
	l->len = m->len;
	l->at = 0;
	l->seq = 0;
	l->handle++;
	return true;
}

/* ChunkSeqNo has 32 bits since SPDM 1.4. */
static uint32_t sequence_of(const struct conn *c, const struct req *q)
{
	return c->version >= 0x14 ? get32(q->data + 4) : get16(q->data + 4);
}

static int check_chunk_get(struct conn *c, struct req *q)
{
	const struct large *l = &c->large;

	if (!chunks_used(c))
		return refuse(c, E_UNSUPPORTED_REQUEST, "is not among the capabilities");
	if (q->data[0] != c->version)
		return refuse(c, E_VERSION_MISMATCH, "version %#x, but %#x was agreed on",
			      q->data[0], c->version);
	if (sized(c, q, 8))
		return E_INVALID_REQUEST;
	if (!l->len)
		return refuse(c, E_UNEXPECTED_REQUEST, "there is no large response");
	if (q->data[3] != l->handle || sequence_of(c, q) != l->seq)
		return refuse(c, E_INVALID_REQUEST, "handle %u, chunk %u; expected %u, %u",
			      q->data[3], sequence_of(c, q), l->handle, l->seq);
	return 0;
}

int do_chunk_get(struct conn *c, struct req *q, struct msg *m)
{
	struct large *l = &c->large;
	int err = check_chunk_get(c, q);
	size_t n;

	if (err) {
		l->len = 0;
		return err;
	}
	n = transfer_max(c) - 12 - (l->seq ? 0 : 4);
	if (n > l->len - l->at)
		n = l->len - l->at;
	put_header(c, m, CHUNK_RESPONSE, l->at + n == l->len ? LAST_CHUNK : 0, l->handle);
	/* Before SPDM 1.4, the number has 16 bits; 16 reserved bits follow. */
	put32(m, l->seq);
	put32(m, n);
	if (!l->seq)
		put32(m, l->len); /* LargeMessageSize */
	put(m, l->data + l->at, n);
	l->at += n;
	l->seq++;
	if (l->at == l->len)
		l->len = 0;
	return 0;
}
