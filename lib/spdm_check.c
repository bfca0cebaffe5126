// SPDX-License-Identifier: GPL-2.0-only
/*
 * SPDM messages as a requester sees them: checks of the responses.
 *
 * The responses come from a device or from the host that emulates it. Every
 * checker takes a buffer that neither can change any more and trusts nothing
 * in it. Reserved fields are ignored, as DSP0274 wants ("Reserved and
 * unassigned values"); the transcript's signature covers them.
 */
#include "spdm_msg.h"

/* What the messages about a response are made of. */
struct response {
	u8 code;
	const char *truncated;
	const char *malformed;
};

enum {
	RSP_VERSION,
	RSP_CAPABILITIES,
	RSP_ALGORITHMS,
	RSP_DIGESTS,
	RSP_CERTIFICATE,
	RSP_CHALLENGE_AUTH,
	RSP_MEASUREMENTS,
	RSP_ERROR,
	RSP_CHUNK,
};

static const struct response responses[] = {
	[RSP_VERSION] = {
		SPDM_VERSION, "Truncated version response",
		"Malformed version response"
	},
	[RSP_CAPABILITIES] = {
		SPDM_CAPABILITIES, "Truncated capabilities response",
		"Malformed capabilities response"
	},
	[RSP_ALGORITHMS] = {
		SPDM_ALGORITHMS, "Truncated algorithms response",
		"Malformed algorithms response"
	},
	[RSP_DIGESTS] = {
		SPDM_DIGESTS, "Truncated digests response",
		"Malformed digests response"
	},
	[RSP_CERTIFICATE] = {
		SPDM_CERTIFICATE, "Truncated certificate response",
		"Malformed certificate response"
	},
	[RSP_CHALLENGE_AUTH] = {
		SPDM_CHALLENGE_AUTH, "Truncated challenge_auth response",
		"Malformed challenge_auth response"
	},
	[RSP_MEASUREMENTS] = {
		SPDM_MEASUREMENTS, "Truncated measurements response",
		"Malformed measurements response"
	},
	[RSP_ERROR] = {
		SPDM_ERROR, "Truncated error response",
		"Malformed error response"
	},
	[RSP_CHUNK] = {
		SPDM_CHUNK_RESPONSE, "Truncated chunk_response response",
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

static int truncated(struct spdm_fault *fault, const struct response *r,
		     size_t len, size_t need)
{
	*fault = (struct spdm_fault) {
		.what = r->truncated,
		.offset = len,
		.value = len,
		.limit = need,
	};
	return -EIO;
}

static int malformed(struct spdm_fault *fault, const struct response *r,
		     const char *field, size_t offset, u32 value, u32 limit)
{
	*fault = (struct spdm_fault) {
		.what = r->malformed,
		.field = field,
		.offset = offset,
		.value = value,
		.limit = limit,
	};
	return -EPROTO;
}

static int error_response(struct spdm_fault *fault,
			  const struct spdm_header *h)
{
	*fault = (struct spdm_fault) {
		.what = "Undefined error",
		.field = "Param1",
		.offset = offsetof(struct spdm_header, param1),
		.value = h->param2,
		.error = h->param1 ? h->param1 : SPDM_ERR_UNSPECIFIED,
	};
	for (size_t i = 0; i < ARRAY_SIZE(errors); i++) {
		if (errors[i].code != h->param1)
			continue;
		fault->what = errors[i].name;
		return errors[i].err;
	}
	return -EIO;
}

/*
 * The header, and that @need bytes are there. An ERROR is taken in any minor
 * version: it only ever makes things fail, and its name helps.
 */
static int check_header(const struct response *r, u8 version, const u8 *buf,
			size_t len, size_t need, struct spdm_fault *fault)
{
	const struct spdm_header *h = (const void *)buf;

	if (len < sizeof(*h))
		return truncated(fault, r, len, need);
	if (h->code == SPDM_ERROR && h->version >> 4 == SPDM_VER_10 >> 4)
		return error_response(fault, h);
	if (h->version != version)
		return malformed(fault, r, "SPDMVersion", 0, h->version,
				 version);
	if (h->code != r->code)
		return malformed(fault, r, "RequestResponseCode", 1, h->code,
				 r->code);
	if (len < need)
		return truncated(fault, r, len, need);
	return 0;
}

/* What lies behind the message may only be the transport's padding. */
static int check_end(const struct response *r, size_t len, size_t used_len,
		     size_t *used, struct spdm_fault *fault)
{
	if (len - used_len >= SPDM_PAD)
		return malformed(fault, r, "length of the message", used_len,
				 len, used_len);
	*used = used_len;
	return 0;
}

static bool one_bit(u32 x)
{
	return x && !(x & (x - 1));
}

/**
 * spdm_check_version - check a VERSION and choose the highest common version
 * @c: connection; sets version
 * @buf: the response
 * @len: its length in bytes, padding included
 * @used: set to its length without padding
 * @fault: set where the result is not 0
 *
 * Return: 0; -EIO where the response is truncated; -EPROTO where it is
 * malformed or there is no common version; with an ERROR response -EBUSY,
 * -EINPROGRESS, -ECONNRESET, -EMSGSIZE, -EINVAL or -EIO.
 */
int spdm_check_version(struct spdm_conn *c, const u8 *buf, size_t len,
		       size_t *used, struct spdm_fault *fault)
{
	const struct response *r = &responses[RSP_VERSION];
	const struct spdm_version_rsp *m = (const void *)buf;
	size_t need = sizeof(*m);
	u8 best = 0;
	int rc;

	rc = check_header(r, SPDM_VER_10, buf, len, need, fault);
	if (rc)
		return rc;
	if (!m->count)
		return malformed(fault, r, "VersionNumberEntryCount", 5, 0, 1);
	need += m->count * sizeof(m->entries[0]);
	if (len < need)
		return truncated(fault, r, len, need);

	for (size_t i = 0; i < m->count; i++) {
		u8 v = m->entries[i][1];

		if (v >= c->offer.min_version && v <= c->offer.max_version &&
		    v > best)
			best = v;
	}
	rc = check_end(r, len, need, used, fault);
	if (rc)
		return rc;
	if (!best) {
		*fault = (struct spdm_fault) {
			.what = "No common supported version",
			.field = "VersionNumberEntry",
			.offset = sizeof(*m),
			.value = m->entries[m->count - 1][1],
			.limit = c->offer.max_version,
		};
		return -EPROTO;
	}
	c->version = best;
	return 0;
}

/* Combinations that DSP0274 rules out; CAPABILITIES. */
static const char *bad_flags(u32 flags, u8 version)
{
	if ((flags & SPDM_CAP_MEAS) == SPDM_CAP_MEAS)
		return "Flags.MEAS_CAP";
	if (version < SPDM_VER_11)
		return NULL;
	if ((flags & SPDM_CAP_CERT) && (flags & SPDM_CAP_PUB_KEY_ID))
		return "Flags.PUB_KEY_ID_CAP";
	if (version < SPDM_VER_13)
		return NULL;
	if ((flags & SPDM_CAP_EP_INFO) == SPDM_CAP_EP_INFO)
		return "Flags.EP_INFO_CAP";
	if ((flags & SPDM_CAP_MULTI_KEY) == SPDM_CAP_MULTI_KEY)
		return "Flags.MULTI_KEY_CAP";
	return NULL;
}

/* DataTransferSize and MaxSPDMmsgSize; CAPABILITIES, 1.2+. */
static int check_sizes(const struct spdm_capabilities *m,
		       struct spdm_fault *fault)
{
	const struct response *r = &responses[RSP_CAPABILITIES];
	u32 transfer = get_unaligned_le32(m->data_transfer_size);
	u32 max = get_unaligned_le32(m->max_msg_size);
	u32 flags = get_unaligned_le32(m->flags);

	if (transfer < SPDM_MIN_DATA_TRANSFER_SIZE)
		return malformed(fault, r, "DataTransferSize", 12, transfer,
				 SPDM_MIN_DATA_TRANSFER_SIZE);
	if (max < transfer)
		return malformed(fault, r, "MaxSPDMmsgSize", 16, max, transfer);
	/* "shall be equal" where messages cannot be sent in chunks. */
	if (!(flags & SPDM_CAP_CHUNK) && max != transfer)
		return malformed(fault, r, "MaxSPDMmsgSize", 16, max, transfer);
	return 0;
}

/**
 * spdm_check_capabilities - check a CAPABILITIES
 * @c: connection; sets ct_exponent, flags and data_transfer_size
 * @buf: the response
 * @len: its length in bytes, padding included
 * @used: set to its length without padding
 * @fault: set where the result is not 0
 *
 * Which capabilities are needed is for the caller to say.
 *
 * Return: 0; -EIO where the response is truncated; -EPROTO where it is
 * malformed; with an ERROR response -EBUSY, -EINPROGRESS, -ECONNRESET,
 * -EMSGSIZE, -EINVAL or -EIO.
 */
int spdm_check_capabilities(struct spdm_conn *c, const u8 *buf, size_t len,
			    size_t *used, struct spdm_fault *fault)
{
	const struct response *r = &responses[RSP_CAPABILITIES];
	const struct spdm_capabilities *m = (const void *)buf;
	bool sizes = c->version >= SPDM_VER_12;
	size_t need = sizes ? sizeof(*m) : SPDM_CAPABILITIES_LEN_10;
	const char *field;
	u32 flags;
	int rc;

	rc = check_header(r, c->version, buf, len, need, fault);
	if (rc)
		return rc;
	/* A block of algorithms follows if asked for, and we never do; 1.3+. */
	if (c->version >= SPDM_VER_13 && (m->h.param1 & 1))
		return malformed(fault, r, "Param1", 2, m->h.param1, 0);
	/* 2^31 microseconds are more than half an hour. */
	if (m->ct_exponent > 31)
		return malformed(fault, r, "CTExponent", 5, m->ct_exponent, 31);

	flags = get_unaligned_le32(m->flags);
	field = bad_flags(flags, c->version);
	if (field)
		return malformed(fault, r, field, 8, flags, 0);
	if (sizes) {
		rc = check_sizes(m, fault);
		if (rc)
			return rc;
	}
	rc = check_end(r, len, need, used, fault);
	if (rc)
		return rc;

	c->ct_exponent = m->ct_exponent;
	c->flags = flags;
	c->data_transfer_size =
		sizes ? get_unaligned_le32(m->data_transfer_size) : 0;
	return 0;
}

/* Each structure was asked for, in ascending order, and chooses one at most. */
static int check_alg_structs(const struct spdm_conn *c, const u8 *buf, size_t n,
			     struct spdm_fault *fault)
{
	const struct response *r = &responses[RSP_ALGORITHMS];
	size_t offset = sizeof(struct spdm_algorithms_rsp);
	u8 least = SPDM_ALG_TYPE_FIRST;

	for (size_t i = 0; i < n; i++, offset += sizeof(struct spdm_alg_struct)) {
		const struct spdm_alg_struct *s = (const void *)(buf + offset);
		u16 alg = get_unaligned_le16(s->alg);
		u16 offered;

		if (s->type < least ||
		    s->type >= SPDM_ALG_TYPE_FIRST + SPDM_ALG_TYPES)
			return malformed(fault, r, "AlgType", offset, s->type,
					 least);
		offered = c->offer.alg[s->type - SPDM_ALG_TYPE_FIRST];
		if (!offered)
			return malformed(fault, r, "AlgType", offset, s->type,
					 0);
		if (s->count != SPDM_ALG_COUNT)
			return malformed(fault, r, "AlgCount", offset + 1,
					 s->count, SPDM_ALG_COUNT);
		if ((alg & ~offered) || (alg && !one_bit(alg)))
			return malformed(fault, r, "AlgSupported", offset + 2,
					 alg, offered);
		least = s->type + 1;
	}
	return 0;
}

/* Of what was offered, one (@must) or at most one is chosen. */
static int check_choice(const char *field, size_t offset, u32 chosen,
			u32 offered, bool must, struct spdm_fault *fault)
{
	if (!(chosen & ~offered) && (one_bit(chosen) || (!must && !chosen)))
		return 0;

	malformed(fault, &responses[RSP_ALGORITHMS], field, offset, chosen, offered);
	if (!chosen)
		fault->what = "No common supported algorithms";
	return -EPROTO;
}

/* All selections but those in the algorithm structures. */
static int check_choices(const struct spdm_conn *c,
			 const struct spdm_algorithms_rsp *m,
			 struct spdm_fault *fault)
{
	const struct spdm_offer *o = &c->offer;
	u8 params = m->other_params;
	int rc;

	rc = check_choice("MeasurementSpecificationSel", 6, m->meas_spec,
			  o->meas_spec, false, fault);
	if (rc)
		return rc;
	/* SHA3-512 is bit 6; a hash is needed where there are measurements. */
	rc = check_choice("MeasurementHashAlgo", 8,
			  get_unaligned_le32(m->meas_hash), 0xff,
			  m->meas_spec && (c->flags & SPDM_CAP_MEAS), fault);
	if (rc)
		return rc;
	rc = check_choice("BaseAsymSel", 12, get_unaligned_le32(m->base_asym),
			  o->asym, true, fault);
	if (rc)
		return rc;
	rc = check_choice("BaseHashSel", 16, get_unaligned_le32(m->base_hash),
			  o->hash, true, fault);
	if (rc)
		return rc;
	if (c->version < SPDM_VER_12)
		return 0;
	rc = check_choice("OtherParamsSelection", 7,
			  params & SPDM_OPAQUE_FMT_MASK,
			  o->other_params & SPDM_OPAQUE_FMT_MASK, false, fault);
	if (rc || c->version < SPDM_VER_13)
		return rc;
	if ((params & SPDM_MULTI_KEY_CONN) && !spdm_multi_key(c))
		return malformed(fault, &responses[RSP_ALGORITHMS], "OtherParamsSelection",
				 7, params, o->other_params);
	return check_choice("MELspecificationSel", 31, m->mel_spec, o->mel_spec,
			    false, fault);
}

/* Number of algorithm structures and the length that follows from it. */
static int check_algorithms_len(const struct spdm_conn *c,
				const struct spdm_algorithms_rsp *m, size_t len,
				size_t *n, size_t *need,
				struct spdm_fault *fault)
{
	const struct response *r = &responses[RSP_ALGORITHMS];
	u16 length = get_unaligned_le16(m->length);

	/* No extended algorithm was offered. */
	if (m->ext_asym_count)
		return malformed(fault, r, "ExtAsymSelCount", 32,
				 m->ext_asym_count, 0);
	if (m->ext_hash_count)
		return malformed(fault, r, "ExtHashSelCount", 33,
				 m->ext_hash_count, 0);
	*n = c->version >= SPDM_VER_11 ? m->h.param1 : 0;
	if (*n > spdm_n_alg_structs(c))
		return malformed(fault, r, "Param1", 2, m->h.param1,
				 spdm_n_alg_structs(c));
	*need = sizeof(*m) + *n * sizeof(struct spdm_alg_struct);
	if (length != *need)
		return malformed(fault, r, "Length", 4, length, *need);
	if (len < *need)
		return truncated(fault, r, len, *need);
	return 0;
}

/**
 * spdm_check_algorithms - check an ALGORITHMS
 * @c: connection; sets asym, hash, meas_spec, meas_hash and other_params
 * @buf: the response
 * @len: its length in bytes, padding included
 * @used: set to its length without padding
 * @fault: set where the result is not 0
 *
 * Return: 0; -EIO where the response is truncated; -EPROTO where it is
 * malformed or no algorithm is common; with an ERROR response -EBUSY,
 * -EINPROGRESS, -ECONNRESET, -EMSGSIZE, -EINVAL or -EIO.
 */
int spdm_check_algorithms(struct spdm_conn *c, const u8 *buf, size_t len,
			  size_t *used, struct spdm_fault *fault)
{
	const struct response *r = &responses[RSP_ALGORITHMS];
	const struct spdm_algorithms_rsp *m = (const void *)buf;
	const struct spdm_asym *asym;
	const struct spdm_hash *hash;
	size_t n, need;
	int rc;

	rc = check_header(r, c->version, buf, len, sizeof(*m), fault);
	if (rc)
		return rc;
	rc = check_algorithms_len(c, m, len, &n, &need, fault);
	if (rc)
		return rc;
	rc = check_choices(c, m, fault);
	if (rc)
		return rc;
	rc = check_alg_structs(c, buf, n, fault);
	if (rc)
		return rc;
	rc = check_end(r, len, need, used, fault);
	if (rc)
		return rc;

	/* Only where the caller offered what it does not know itself. */
	asym = spdm_find_asym(get_unaligned_le32(m->base_asym));
	if (!asym)
		return malformed(fault, r, "BaseAsymSel", 12,
				 get_unaligned_le32(m->base_asym), 0);
	hash = spdm_find_hash(get_unaligned_le32(m->base_hash));
	if (!hash)
		return malformed(fault, r, "BaseHashSel", 16,
				 get_unaligned_le32(m->base_hash), 0);
	c->asym = asym;
	c->hash = hash;
	c->meas_spec = m->meas_spec;
	c->meas_hash = get_unaligned_le32(m->meas_hash);
	c->other_params = c->version >= SPDM_VER_12 ? m->other_params : 0;
	return 0;
}

static size_t count_slots(u8 mask)
{
	size_t n = 0;

	for (; mask; mask &= mask - 1)
		n++;
	return n;
}

/**
 * spdm_check_digests - check a DIGESTS
 * @c: connection, negotiated; sets slots and digests
 * @buf: the response
 * @len: its length in bytes, padding included
 * @used: set to its length without padding
 * @fault: set where the result is not 0
 *
 * Return: 0; -EIO where the response is truncated; -EPROTO where it is
 * malformed or there is no certificate chain; with an ERROR response -EBUSY,
 * -EINPROGRESS, -ECONNRESET, -EMSGSIZE, -EINVAL or -EIO.
 */
int spdm_check_digests(struct spdm_conn *c, const u8 *buf, size_t len,
		       size_t *used, struct spdm_fault *fault)
{
	const struct response *r = &responses[RSP_DIGESTS];
	const struct spdm_header *h = (const void *)buf;
	size_t need = sizeof(*h);
	const u8 *pos = buf + sizeof(*h);
	int rc;

	rc = check_header(r, c->version, buf, len, need, fault);
	if (rc)
		return rc;
	if (!h->param2) {
		malformed(fault, r, "ProvisionedSlotMask", 3, 0, 1);
		fault->what = "No certificates provisioned";
		return -EPROTO;
	}
	/* Param1 is SupportedSlotMask, reserved before 1.3. */
	if (c->version >= SPDM_VER_13 && (h->param2 & ~h->param1))
		return malformed(fault, r, "ProvisionedSlotMask", 3, h->param2,
				 h->param1);

	need += count_slots(h->param2) * c->hash->len;
	/* KeyPairID, CertificateInfo: a byte each; KeyUsageMask: two. */
	if (spdm_multi_key(c))
		need += count_slots(h->param2) * 4;
	if (len < need)
		return truncated(fault, r, len, need);
	rc = check_end(r, len, need, used, fault);
	if (rc)
		return rc;

	c->slots = h->param2;
	for (size_t i = 0; i < SPDM_SLOTS; i++) {
		if (!(c->slots & 1 << i))
			continue;
		memcpy(c->digests[i], pos, c->hash->len);
		pos += c->hash->len;
	}
	return 0;
}

/*
 * That the portion is where, and no longer than, it was asked for, and that
 * what is left adds up to the same length of chain in every portion.
 */
static int check_portion(const struct spdm_conn *c,
			 const struct spdm_cert_req *req, bool large,
			 const struct spdm_portion *p, struct spdm_fault *fault)
{
	size_t len_at = large ? 8 : 4, rest_at = large ? 12 : 6;
	const struct response *r = &responses[RSP_CERTIFICATE];
	const char *portion = large ? "LargePortionLength" : "PortionLength";
	const char *rest = large ? "LargeRemainderLength" : "RemainderLength";
	u32 least = sizeof(struct spdm_chain_header) + c->hash->len + 1;
	u32 max = large ? (u32)-1 : 0xffff;

	if (!p->len)
		return malformed(fault, r, portion, len_at, 0, 1);
	if (p->len > req->length)
		return malformed(fault, r, portion, len_at, p->len,
				 req->length);
	if (!req->offset) {
		if (p->remainder > max - p->len)
			return malformed(fault, r, rest, rest_at, p->remainder,
					 max - p->len);
		/* Header, RootHash and something must be in a chain. */
		if (p->len + p->remainder < least)
			return malformed(fault, r, rest, rest_at, p->remainder,
					 least);
		return 0;
	}
	if (p->len > req->total - req->offset)
		return malformed(fault, r, portion, len_at, p->len,
				 req->total - req->offset);
	if (p->remainder != req->total - req->offset - p->len)
		return malformed(fault, r, rest, rest_at, p->remainder,
				 req->total - req->offset - p->len);
	return 0;
}

/**
 * spdm_check_certificate - check a CERTIFICATE
 * @c: connection, negotiated
 * @req: what was asked for; its total is greater than its offset, or its
 *	 offset is 0
 * @buf: the response
 * @len: its length in bytes, padding included
 * @portion: set to what it carries
 * @used: set to its length without padding
 * @fault: set where the result is not 0
 *
 * Return: 0; -EIO where the response is truncated; -EPROTO where it is
 * malformed; with an ERROR response -EBUSY, -EINPROGRESS, -ECONNRESET,
 * -EMSGSIZE, -EINVAL or -EIO.
 */
int spdm_check_certificate(const struct spdm_conn *c,
			   const struct spdm_cert_req *req, const u8 *buf,
			   size_t len, struct spdm_portion *portion,
			   size_t *used, struct spdm_fault *fault)
{
	const struct response *r = &responses[RSP_CERTIFICATE];
	const struct spdm_certificate_large *m = (const void *)buf;
	bool large = spdm_large_cert(c);
	size_t hdr = large ? sizeof(*m) : sizeof(m->small);
	struct spdm_portion p;
	u8 param1;
	int rc;

	rc = check_header(r, c->version, buf, len, hdr, fault);
	if (rc)
		return rc;
	param1 = m->small.h.param1;
	if ((param1 & SPDM_SLOT_MASK) != req->slot)
		return malformed(fault, r, "SlotID", 2,
				 param1 & SPDM_SLOT_MASK, req->slot);
	if (large && !(param1 & SPDM_CERT_LARGE))
		return malformed(fault, r, "Param1", 2, param1,
				 param1 | SPDM_CERT_LARGE);

	p.data = buf + hdr;
	p.len = large ? get_unaligned_le32(m->offset) :
			get_unaligned_le16(m->small.offset);
	p.remainder = large ? get_unaligned_le32(m->length) :
			      get_unaligned_le16(m->small.length);
	rc = check_portion(c, req, large, &p, fault);
	if (rc)
		return rc;
	if (len - hdr < p.len)
		return truncated(fault, r, len, hdr + p.len);
	rc = check_end(r, len, hdr + p.len, used, fault);
	if (rc)
		return rc;
	*portion = p;
	return 0;
}

/* Where CHALLENGE_AUTH and MEASUREMENTS have the same parts at their end. */
struct tail {
	const u8 *opaque;
	size_t opaque_len;
	const u8 *signature;
	size_t signed_len;
};

/* OpaqueDataLength, OpaqueData, RequesterContext (1.3+), Signature if @sig. */
static int check_tail(const struct spdm_conn *c, const struct response *r,
		      const u8 *buf, size_t len, size_t pos,
		      const u8 *context, bool sig, struct tail *t, size_t *used,
		      struct spdm_fault *fault)
{
	size_t context_len = c->version >= SPDM_VER_13 ? SPDM_CONTEXT_LEN : 0;
	size_t sig_len = sig ? c->asym->sig_len : 0;
	size_t need;

	if (pos > len || len - pos < 2)
		return truncated(fault, r, len, pos + 2);
	t->opaque_len = get_unaligned_le16(buf + pos);
	if (t->opaque_len > SPDM_OPAQUE_MAX)
		return malformed(fault, r, "OpaqueDataLength", pos,
				 t->opaque_len, SPDM_OPAQUE_MAX);
	/* "If OpaqueDataFmt is none, this field shall be zero"; 1.2+. */
	if (c->version >= SPDM_VER_12 && t->opaque_len &&
	    !(c->other_params & SPDM_OPAQUE_FMT_MASK))
		return malformed(fault, r, "OpaqueDataLength", pos,
				 t->opaque_len, 0);
	pos += 2;
	need = pos + t->opaque_len + context_len + sig_len;
	if (len < need)
		return truncated(fault, r, len, need);

	t->opaque = buf + pos;
	pos += t->opaque_len;
	if (memcmp(buf + pos, context, context_len))
		return malformed(fault, r, "RequesterContext", pos,
				 get_unaligned_le32(buf + pos),
				 get_unaligned_le32(context));
	t->signed_len = pos + context_len;
	t->signature = sig ? buf + t->signed_len : NULL;
	return check_end(r, len, need, used, fault);
}

/* Slot and digest of the chain whose key signed. */
static int check_auth_slot(const struct spdm_conn *c,
			   const struct spdm_challenge *req, const u8 *buf,
			   struct spdm_fault *fault)
{
	const struct response *r = &responses[RSP_CHALLENGE_AUTH];
	const struct spdm_header *h = (const void *)buf;
	const u8 *digest = buf + sizeof(*h);

	if ((h->param1 & SPDM_SLOT_MASK) != req->slot)
		return malformed(fault, r, "SlotID", 2,
				 h->param1 & SPDM_SLOT_MASK, req->slot);
	/*
	 * The same mask as that of DIGESTS; CHALLENGE_AUTH, Param2. Responders
	 * made with early versions of DMTF's library set this slot's bit only.
	 */
	if (!(h->param2 & 1 << req->slot) || (h->param2 & ~c->slots))
		return malformed(fault, r, "SlotMask", 3, h->param2, c->slots);
	if (memcmp(digest, c->digests[req->slot], c->hash->len))
		return malformed(fault, r, "CertChainHash", sizeof(*h),
				 get_unaligned_be32(digest),
				 get_unaligned_be32(c->digests[req->slot]));
	return 0;
}

/**
 * spdm_check_challenge_auth - check a CHALLENGE_AUTH, but for its signature
 * @c: connection, with slots and digests
 * @req: what was asked for
 * @buf: the response
 * @len: its length in bytes, padding included
 * @auth: set to what it carries
 * @used: set to its length without padding
 * @fault: set where the result is not 0
 *
 * Return: 0; -EIO where the response is truncated; -EPROTO where it is
 * malformed or not about the chain in question; with an ERROR response
 * -EBUSY, -EINPROGRESS, -ECONNRESET, -EMSGSIZE, -EINVAL or -EIO.
 */
int spdm_check_challenge_auth(const struct spdm_conn *c,
			      const struct spdm_challenge *req, const u8 *buf,
			      size_t len, struct spdm_challenge_auth *auth,
			      size_t *used, struct spdm_fault *fault)
{
	const struct response *r = &responses[RSP_CHALLENGE_AUTH];
	const struct spdm_header *h = (const void *)buf;
	bool summary = req->meas_summary != SPDM_NO_MEAS_SUMMARY;
	size_t pos = sizeof(*h) + c->hash->len + SPDM_NONCE_LEN;
	struct tail t;
	int rc;

	rc = check_header(r, c->version, buf, len, pos + 2, fault);
	if (rc)
		return rc;
	rc = check_auth_slot(c, req, buf, fault);
	if (rc)
		return rc;
	if (summary)
		pos += c->hash->len;
	rc = check_tail(c, r, buf, len, pos, req->context, true, &t, used,
			fault);
	if (rc)
		return rc;

	*auth = (struct spdm_challenge_auth) {
		.chain_digest = buf + sizeof(*h),
		.nonce = buf + sizeof(*h) + c->hash->len,
		.meas_summary = summary ? buf + pos - c->hash->len : NULL,
		.opaque = t.opaque,
		.opaque_len = t.opaque_len,
		.signature = t.signature,
		.signed_len = t.signed_len,
		.mut_auth = h->param1 & SPDM_AUTH_BASIC_MUT,
	};
	return 0;
}

/* The blocks of a measurement record; "Measurement block". */
static int check_record(const struct spdm_conn *c,
			const struct spdm_meas_req *req, const u8 *buf,
			size_t len, u8 blocks, struct spdm_fault *fault)
{
	const struct response *r = &responses[RSP_MEASUREMENTS];
	size_t at = sizeof(struct spdm_measurements_rsp);
	size_t pos = 0;

	for (size_t i = 0; i < blocks; i++) {
		const struct spdm_meas_block *b = (const void *)(buf + at + pos);
		size_t size;

		if (len - pos < sizeof(*b))
			return malformed(fault, r, "NumberOfBlocks", 4, blocks,
					 i);
		if (req->operation != SPDM_MEAS_ALL &&
		    b->index != req->operation)
			return malformed(fault, r, "Index", at + pos, b->index,
					 req->operation);
		if (b->spec != c->meas_spec)
			return malformed(fault, r, "MeasurementSpecification",
					 at + pos + 1, b->spec, c->meas_spec);
		size = get_unaligned_le16(b->size);
		if (size > len - pos - sizeof(*b))
			return malformed(fault, r, "MeasurementSize",
					 at + pos + 2, size,
					 len - pos - sizeof(*b));
		pos += sizeof(*b) + size;
	}
	if (pos != len)
		return malformed(fault, r, "MeasurementRecordLength", 5, len,
				 pos);
	return 0;
}

/* The header and how many blocks there may be. */
static int check_meas_header(const struct spdm_conn *c,
			     const struct spdm_meas_req *req,
			     const struct spdm_measurements_rsp *m,
			     struct spdm_fault *fault)
{
	const struct response *r = &responses[RSP_MEASUREMENTS];
	bool one = req->operation != SPDM_MEAS_COUNT &&
		   req->operation != SPDM_MEAS_ALL;

	/* Param2 is reserved in 1.0, and without a signature. */
	if (c->version >= SPDM_VER_11 &&
	    (req->attributes & SPDM_MEAS_SIGNATURE) &&
	    (m->h.param2 & SPDM_SLOT_MASK) != req->slot)
		return malformed(fault, r, "SlotID", 3,
				 m->h.param2 & SPDM_SLOT_MASK, req->slot);
	if (req->operation == SPDM_MEAS_COUNT && m->blocks)
		return malformed(fault, r, "NumberOfBlocks", 4, m->blocks, 0);
	if (one && m->blocks != 1)
		return malformed(fault, r, "NumberOfBlocks", 4, m->blocks, 1);
	return 0;
}

/**
 * spdm_check_measurements - check a MEASUREMENTS, but for its signature
 * @c: connection, negotiated
 * @req: what was asked for
 * @buf: the response
 * @len: its length in bytes, padding included
 * @meas: set to what it carries
 * @used: set to its length without padding
 * @fault: set where the result is not 0
 *
 * Return: 0; -EIO where the response is truncated; -EPROTO where it is
 * malformed; with an ERROR response -EBUSY, -EINPROGRESS, -ECONNRESET,
 * -EMSGSIZE, -EINVAL or -EIO.
 */
int spdm_check_measurements(const struct spdm_conn *c,
			    const struct spdm_meas_req *req, const u8 *buf,
			    size_t len, struct spdm_measurements *meas,
			    size_t *used, struct spdm_fault *fault)
{
	const struct response *r = &responses[RSP_MEASUREMENTS];
	const struct spdm_measurements_rsp *m = (const void *)buf;
	size_t pos = sizeof(*m);
	struct tail t;
	u32 record;
	int rc;

	rc = check_header(r, c->version, buf, len, sizeof(*m), fault);
	if (rc)
		return rc;
	rc = check_meas_header(c, req, m, fault);
	if (rc)
		return rc;
	record = get_unaligned_le24(m->record_len);
	if (record > len - pos)
		return truncated(fault, r, len, pos + record);
	rc = check_record(c, req, buf, record, m->blocks, fault);
	if (rc)
		return rc;
	pos += record + SPDM_NONCE_LEN;
	rc = check_tail(c, r, buf, len, pos, req->context,
			req->attributes & SPDM_MEAS_SIGNATURE, &t, used, fault);
	if (rc)
		return rc;

	*meas = (struct spdm_measurements) {
		.indices = req->operation == SPDM_MEAS_COUNT ? m->h.param1 : 0,
		.blocks = m->blocks,
		.record = buf + sizeof(*m),
		.record_len = record,
		.nonce = buf + pos - SPDM_NONCE_LEN,
		.opaque = t.opaque,
		.opaque_len = t.opaque_len,
		.signature = t.signature,
		.signed_len = t.signed_len,
	};
	return 0;
}

/**
 * spdm_check_not_ready - take the details of an ERROR ResponseNotReady
 * @buf: the response, which a checker took for ResponseNotReady
 * @len: its length in bytes
 * @code: of the request that is answered
 * @nr: set to the details
 * @fault: set where the result is not 0
 *
 * Return: 0; -EIO where the response is truncated; -EPROTO where it is about
 * another request.
 */
int spdm_check_not_ready(const u8 *buf, size_t len, u8 code,
			 struct spdm_not_ready *nr, struct spdm_fault *fault)
{
	const struct spdm_error_rsp *m = (const void *)buf;

	if (len < sizeof(*m))
		return truncated(fault, &responses[RSP_ERROR], len, sizeof(*m));
	if (m->data[1] != code)
		return malformed(fault, &responses[RSP_ERROR], "RequestCode", 5,
				 m->data[1], code);
	*nr = (struct spdm_not_ready) {
		.delay_exponent = m->data[0],
		.code = code,
		.token = m->data[2],
	};
	return 0;
}

/**
 * spdm_check_chunk - check a CHUNK_RESPONSE
 * @c: connection, negotiated, 1.2 or later
 * @handle: from the ERROR LargeResponse
 * @seq: number of the chunk that was asked for
 * @buf: the response
 * @len: its length in bytes, padding included
 * @chunk: set to what it carries
 * @used: set to its length without padding
 * @fault: set where the result is not 0
 *
 * Return: 0; -EIO where the response is truncated; -EPROTO where it is
 * malformed; with an ERROR response -EBUSY, -EINPROGRESS, -ECONNRESET,
 * -EMSGSIZE, -EINVAL or -EIO.
 */
int spdm_check_chunk(const struct spdm_conn *c, u8 handle, u32 seq,
		     const u8 *buf, size_t len, struct spdm_chunk_data *chunk,
		     size_t *used, struct spdm_fault *fault)
{
	const struct response *r = &responses[RSP_CHUNK];
	const struct spdm_chunk *m = (const void *)buf;
	size_t hdr = sizeof(*m) + (seq ? 0 : 4);
	u32 size, got;
	int rc;

	rc = check_header(r, c->version, buf, len, hdr, fault);
	if (rc)
		return rc;
	if (m->h.param2 != handle)
		return malformed(fault, r, "Handle", 3, m->h.param2, handle);
	got = c->version < SPDM_VER_14 ? get_unaligned_le16(m->seq) :
					 get_unaligned_le32(m->seq);
	if (got != seq)
		return malformed(fault, r, "ChunkSeqNo", 4, got, seq);
	size = get_unaligned_le32(m->size);
	if (!size)
		return malformed(fault, r, "ChunkSize", 8, 0, 1);
	if (size > len - hdr)
		return truncated(fault, r, len, hdr + (size_t)size);
	rc = check_end(r, len, hdr + size, used, fault);
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
