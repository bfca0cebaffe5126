// SPDX-License-Identifier: GPL-2.0-only
/*
 * Checking SPDM responses: headers, ERROR and CHUNK_RESPONSE. The other
 * spdm_check_*.c have the other responses.
 */
#include "spdm_check.h"

const struct spdm_response spdm_responses[SPDM_N_RSP] = {
	[SPDM_RSP_VERSION] = {
		SPDM_VERSION, "GET_VERSION",
		"Truncated version response",
		"Malformed version response"
	},
	[SPDM_RSP_CAPABILITIES] = {
		SPDM_CAPABILITIES, "GET_CAPABILITIES",
		"Truncated capabilities response",
		"Malformed capabilities response"
	},
	[SPDM_RSP_ALGORITHMS] = {
		SPDM_ALGORITHMS, "NEGOTIATE_ALGORITHMS",
		"Truncated algorithms response",
		"Malformed algorithms response"
	},
	[SPDM_RSP_DIGESTS] = {
		SPDM_DIGESTS, "GET_DIGESTS",
		"Truncated digests response",
		"Malformed digests response"
	},
	[SPDM_RSP_CERTIFICATE] = {
		SPDM_CERTIFICATE, "GET_CERTIFICATE",
		"Truncated certificate response",
		"Malformed certificate response"
	},
	[SPDM_RSP_CHALLENGE_AUTH] = {
		SPDM_CHALLENGE_AUTH, "CHALLENGE",
		"Truncated challenge_auth response",
		"Malformed challenge_auth response"
	},
	[SPDM_RSP_MEASUREMENTS] = {
		SPDM_MEASUREMENTS, "GET_MEASUREMENTS",
		"Truncated measurements response",
		"Malformed measurements response"
	},
	[SPDM_RSP_ERROR] = {
		SPDM_ERROR, NULL,
		"Truncated error response",
		"Malformed error response"
	},
	[SPDM_RSP_CHUNK] = {
		SPDM_CHUNK_RESPONSE, "CHUNK_GET",
		"Truncated chunk_response response",
		"Malformed chunk_response response"
	},
};

/* ERROR, table "Error code and error data". */
static const struct {
	u8 code;
	int err;
	const char *name;
} errors[] = {
	{ SPDM_ERR_INVALID_REQUEST, -EINVAL, "Invalid request" },
	{ 0x02, -EINVAL, "Invalid session" },		/* 1.1 */
	{ SPDM_ERR_BUSY, -EBUSY, "Busy" },
	{ SPDM_ERR_UNEXPECTED_REQUEST, -EINVAL, "Unexpected request" },
	{ SPDM_ERR_UNSPECIFIED, -EIO, "Unspecified error" },
	{ 0x06, -EIO, "Decrypt error" },
	{ 0x07, -EINVAL, "Unsupported request" },
	{ 0x08, -EINVAL, "Request in flight" },
	{ 0x09, -EINVAL, "Invalid response code" },
	{ 0x0a, -EBUSY, "Session limit exceeded" },
	{ 0x0b, -EINVAL, "Session required" },
	{ 0x0c, -ECONNRESET, "Reset required" },
	{ 0x0d, -EMSGSIZE, "Response too large" },
	{ 0x0e, -EMSGSIZE, "Request too large" },
	{ SPDM_ERR_LARGE_RESPONSE, -EMSGSIZE, "Large response" },
	{ 0x10, -EIO, "Message lost" },
	{ 0x11, -EINVAL, "Invalid policy" },
	{ 0x12, -EMSGSIZE, "Data too large" },
	{ SPDM_ERR_VERSION_MISMATCH, -EINVAL, "Version mismatch" },
	{ SPDM_ERR_RESPONSE_NOT_READY, -EINPROGRESS, "Response not ready" },
	{ SPDM_ERR_REQUEST_RESYNCH, -ECONNRESET, "Request resynchronization" },
	{ 0x44, -EIO, "Operation failed" },
	{ 0x45, -EINVAL, "No pending requests" },
	{ 0x46, -EINVAL, "Request session terminated" },
	{ 0x47, -EINVAL, "Invalid state" },
	{ 0xff, -EIO, "Vendor defined error" },
};

void spdm_set_fault(struct spdm_fault *fault, const char *what,
		    const char *field, size_t offset, u32 value, u32 limit)
{
	*fault = (struct spdm_fault) {
		.what = what,
		.field = field,
		.offset = offset,
		.value = value,
		.limit = limit,
	};
}

static int error_response(struct spdm_fault *fault,
			  const struct spdm_response *r,
			  const struct spdm_header *h)
{
	*fault = (struct spdm_fault) {
		.what = "Undefined error",
		.field = "Param1",
		.offset = offsetof(struct spdm_header, param1),
		.value = h->param2,
		.error = h->param1 ? h->param1 : SPDM_ERR_UNSPECIFIED,
		.request = r->request,
	};
	for (size_t i = 0; i < ARRAY_SIZE(errors); i++) {
		if (errors[i].code != h->param1)
			continue;
		fault->what = errors[i].name;
		return errors[i].err;
	}
	return -EIO;
}

int spdm_check_header(const struct spdm_response *r, u8 version, const u8 *buf,
		      size_t len, size_t need, struct spdm_fault *fault)
{
	const struct spdm_header *h = (const void *)buf;

	if (len < sizeof(*h))
		return spdm_truncated(fault, r, len, need);
	if (h->code == SPDM_ERROR && h->version >> 4 == SPDM_VER_10 >> 4)
		return error_response(fault, r, h);
	if (h->version != version)
		return spdm_malformed(fault, r, "SPDMVersion", 0, h->version,
				      version);
	if (h->code != r->code)
		return spdm_malformed(fault, r, "RequestResponseCode", 1, h->code,
				      r->code);
	if (len < need)
		return spdm_truncated(fault, r, len, need);
	return 0;
}

int spdm_check_end(const struct spdm_response *r, size_t len, size_t used_len,
		   size_t *used, struct spdm_fault *fault)
{
	if (len - used_len >= SPDM_PAD)
		return spdm_malformed(fault, r, "length of the message", used_len,
				      len, used_len);
	*used = used_len;
	return 0;
}

int spdm_check_not_ready(const u8 *buf, size_t len, u8 code,
			 struct spdm_not_ready *nr, struct spdm_fault *fault)
{
	const struct spdm_error_rsp *m = (const void *)buf;

	if (len < sizeof(*m))
		return spdm_truncated(fault, &spdm_responses[SPDM_RSP_ERROR],
				      len, sizeof(*m));
	if (m->data[1] != code)
		return spdm_malformed(fault, &spdm_responses[SPDM_RSP_ERROR], "RequestCode", 5,
				      m->data[1], code);
	*nr = (struct spdm_not_ready) {
		.delay_exponent = m->data[0],
		.code = code,
		.token = m->data[2],
	};
	return 0;
}

int spdm_check_chunk(const struct spdm_conn *c, u8 handle, u32 seq,
		     const u8 *buf, size_t len, struct spdm_chunk_data *chunk,
		     size_t *used, struct spdm_fault *fault)
{
	const struct spdm_response *r = &spdm_responses[SPDM_RSP_CHUNK];
	const struct spdm_chunk *m = (const void *)buf;
	size_t hdr = sizeof(*m) + (seq ? 0 : 4);
	u32 size, got;
	int rc;

	rc = spdm_check_header(r, c->version, buf, len, hdr, fault);
	if (rc)
		return rc;
	if (m->h.param2 != handle)
		return spdm_malformed(fault, r, "Handle", 3, m->h.param2, handle);
	got = c->version < SPDM_VER_14 ? get_unaligned_le16(m->seq) :
					 get_unaligned_le32(m->seq);
	if (got != seq)
		return spdm_malformed(fault, r, "ChunkSeqNo", 4, got, seq);
	size = get_unaligned_le32(m->size);
	if (!size)
		return spdm_malformed(fault, r, "ChunkSize", 8, 0, 1);
	if (size > len - hdr)
		return spdm_truncated(fault, r, len, hdr + (size_t)size);
	rc = spdm_check_end(r, len, hdr + size, used, fault);
	if (rc)
		return rc;

	*chunk = (struct spdm_chunk_data) {
		.data = buf + hdr,
		.len = size,
		.total = seq ? 0 : get_unaligned_le32(buf + sizeof(*m)),
		.last = m->h.param1 & 1,
	};
	return 0;
}
