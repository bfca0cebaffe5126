// SPDX-License-Identifier: GPL-2.0-only
/*
 * Checking SPDM responses: VERSION, CAPABILITIES and ALGORITHMS.
 */
#include "spdm_check.h"

static bool one_bit(u32 x)
{
	return x && !(x & (x - 1));
}

int spdm_check_version(struct spdm_conn *c, const u8 *buf, size_t len,
		       size_t *used, struct spdm_fault *fault)
{
	const struct spdm_response *r = &spdm_responses[SPDM_RSP_VERSION];
	const struct spdm_version_rsp *m = (const void *)buf;
	size_t need = sizeof(*m);
	bool has_12 = false;
	u8 best = 0;
	int rc;

	rc = spdm_check_header(r, SPDM_VER_10, buf, len, need, fault);
	if (rc)
		return rc;
	if (!m->count)
		return spdm_malformed(fault, r, "VersionNumberEntryCount", 5, 0, 1);
	need += m->count * sizeof(m->entries[0]);
	if (len < need)
		return spdm_truncated(fault, r, len, need);

	for (size_t i = 0; i < m->count; i++) {
		u8 v = m->entries[i][1];

		if (v < c->offer.min_version || v > c->offer.max_version)
			continue;
		if (v > best)
			best = v;
		if (v == SPDM_VER_12)
			has_12 = true;
	}
	rc = spdm_check_end(r, len, need, used, fault);
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
	c->has_12 = has_12;
	return 0;
}

/* The field of a combination that DSP0274 forbids; CAPABILITIES. */
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
	const struct spdm_response *r = &spdm_responses[SPDM_RSP_CAPABILITIES];
	u32 transfer = get_unaligned_le32(m->data_transfer_size);
	u32 max = get_unaligned_le32(m->max_msg_size);
	u32 flags = get_unaligned_le32(m->flags);

	if (transfer < SPDM_MIN_DATA_TRANSFER_SIZE)
		return spdm_malformed(fault, r, "DataTransferSize", 12, transfer,
				      SPDM_MIN_DATA_TRANSFER_SIZE);
	if (max < transfer)
		return spdm_malformed(fault, r, "MaxSPDMmsgSize", 16, max, transfer);
	/* "shall be equal" if the responder does not support chunks. */
	if (!(flags & SPDM_CAP_CHUNK) && max != transfer)
		return spdm_malformed(fault, r, "MaxSPDMmsgSize", 16, max, transfer);
	return 0;
}

int spdm_check_capabilities(struct spdm_conn *c, const u8 *buf, size_t len,
			    size_t *used, struct spdm_fault *fault)
{
	const struct spdm_response *r = &spdm_responses[SPDM_RSP_CAPABILITIES];
	const struct spdm_capabilities *m = (const void *)buf;
	bool sizes = c->version >= SPDM_VER_12;
	size_t need = sizes ? sizeof(*m) : SPDM_CAPABILITIES_LEN_10;
	const char *field;
	u32 flags;
	int rc;

	rc = spdm_check_header(r, c->version, buf, len, need, fault);
	if (rc)
		return rc;
	/* 1.3+: a block of algorithms, which this requester never requests. */
	if (c->version >= SPDM_VER_13 && (m->h.param1 & 1))
		return spdm_malformed(fault, r, "Param1", 2, m->h.param1, 0);
	/* 2^31 microseconds are more than half an hour: refuse more. */
	if (m->ct_exponent > 31)
		return spdm_malformed(fault, r, "CTExponent", 5, m->ct_exponent, 31);

	flags = get_unaligned_le32(m->flags);
	field = bad_flags(flags, c->version);
	if (field)
		return spdm_malformed(fault, r, field, 8, flags, 0);
	if (sizes) {
		rc = check_sizes(m, fault);
		if (rc)
			return rc;
	}
	rc = spdm_check_end(r, len, need, used, fault);
	if (rc)
		return rc;

	c->ct_exponent = m->ct_exponent;
	c->flags = flags;
	c->data_transfer_size =
		sizes ? get_unaligned_le32(m->data_transfer_size) : 0;
	return 0;
}

/* The offered algorithms of a type; 0 if its structure was not sent. */
static u16 offered_algs(const struct spdm_conn *c, u8 type)
{
	if (type < SPDM_ALG_TYPE_FIRST ||
	    type >= SPDM_ALG_TYPE_FIRST + SPDM_ALG_TYPES)
		return 0;
	return c->offer.alg[type - SPDM_ALG_TYPE_FIRST];
}

/* A structure that was offered selects one algorithm or none. */
static int check_alg_struct(const struct spdm_alg_struct *s, size_t at,
			    u16 offered, u8 least, struct spdm_fault *fault)
{
	const struct spdm_response *r = &spdm_responses[SPDM_RSP_ALGORITHMS];
	u16 alg = get_unaligned_le16(s->alg);

	if (s->type < least)
		return spdm_malformed(fault, r, "AlgType", at, s->type, least);
	if (s->count != SPDM_ALG_COUNT)
		return spdm_malformed(fault, r, "AlgCount", at + 1, s->count,
				      SPDM_ALG_COUNT);
	if ((alg & ~offered) || (alg && !one_bit(alg)))
		return spdm_malformed(fault, r, "AlgSupported", at + 2, alg,
				      offered);
	return 0;
}

/*
 * The structures of @n types fill the message up to @length. Those that were
 * offered are in ascending order. Others, as libspdm before 3.1 sends them, are
 * ignored: nothing uses them, and the signature covers them.
 */
static int check_alg_structs(const struct spdm_conn *c, const u8 *buf,
			     size_t length, size_t n, struct spdm_fault *fault)
{
	const struct spdm_response *r = &spdm_responses[SPDM_RSP_ALGORITHMS];
	size_t at = sizeof(struct spdm_algorithms_rsp);
	u8 least = SPDM_ALG_TYPE_FIRST;
	int rc;

	for (size_t i = 0; i < n; i++) {
		const struct spdm_alg_struct *s = (const void *)(buf + at);
		u16 offered;
		size_t size;

		if (length - at < sizeof(*s))
			return spdm_malformed(fault, r, "Param1", 2, n, i);
		/* AlgCount: bytes of the fixed field, extended algorithms. */
		size = 2 + (s->count >> 4) + 4 * (s->count & 0xf);
		if (size < sizeof(*s) || size > length - at)
			return spdm_malformed(fault, r, "AlgCount", at + 1,
					      s->count, SPDM_ALG_COUNT);
		offered = offered_algs(c, s->type);
		if (offered) {
			rc = check_alg_struct(s, at, offered, least, fault);
			if (rc)
				return rc;
			least = s->type + 1;
		}
		at += size;
	}
	if (at != length)
		return spdm_malformed(fault, r, "Length", 4, length, at);
	return 0;
}

/* Exactly one of the offered bits is selected, or none unless @must. */
static int check_choice(const char *field, size_t offset, u32 chosen,
			u32 offered, bool must, struct spdm_fault *fault)
{
	if (!(chosen & ~offered) && (one_bit(chosen) || (!must && !chosen)))
		return 0;

	spdm_malformed(fault, &spdm_responses[SPDM_RSP_ALGORITHMS], field,
		       offset, chosen, offered);
	if (!chosen)
		fault->what = "No common supported algorithms";
	return -EPROTO;
}

/*
 * RequesterMultiKeyConn: whether the requester's chains, which serve mutual
 * authentication, have several keys. The requester's MULTI_KEY_CAP decides.
 */
static int check_multi_key(const struct spdm_conn *c, u8 params,
			   struct spdm_fault *fault)
{
	u32 cap = c->offer.flags & SPDM_CAP_MULTI_KEY;
	u8 want = cap == SPDM_CAP_MULTI_KEY_ONLY ? SPDM_MULTI_KEY_CONN : 0;

	if (cap == SPDM_CAP_MULTI_KEY_NEG ||
	    (params & SPDM_MULTI_KEY_CONN) == want)
		return 0;
	return spdm_malformed(fault, &spdm_responses[SPDM_RSP_ALGORITHMS],
			      "OtherParamsSelection", 7, params,
			      (params & SPDM_OPAQUE_FMT_MASK) | want);
}

/* PqcAsymSel; 1.4. */
static u32 pqc_asym(const struct spdm_conn *c, const struct spdm_algorithms_rsp *m)
{
	return c->version >= SPDM_VER_14 ? get_unaligned_le32(m->pqc_asym) : 0;
}

/* Exactly one of BaseAsymSel and PqcAsymSel selects an algorithm. */
static int check_asym(const struct spdm_conn *c,
		      const struct spdm_algorithms_rsp *m,
		      struct spdm_fault *fault)
{
	u32 base = get_unaligned_le32(m->base_asym);
	u32 pqc = pqc_asym(c, m);

	if (base && pqc)
		return spdm_malformed(fault, &spdm_responses[SPDM_RSP_ALGORITHMS],
				      "PqcAsymSel", 20, pqc, 0);
	if (pqc)
		return check_choice("PqcAsymSel", 20, pqc, c->offer.pqc_asym, true,
				    fault);
	return check_choice("BaseAsymSel", 12, base, c->offer.asym, true, fault);
}

/* All selections but those in the algorithm structures. */
static int check_choices(const struct spdm_conn *c,
			 const struct spdm_algorithms_rsp *m,
			 struct spdm_fault *fault)
{
	const struct spdm_offer *o = &c->offer;
	int rc;

	rc = check_choice("MeasurementSpecificationSel", 6, m->meas_spec,
			  o->meas_spec, false, fault);
	if (rc)
		return rc;
	/* SHA3-512 is bit 6. A responder with measurements selects a hash. */
	rc = check_choice("MeasurementHashAlgo", 8,
			  get_unaligned_le32(m->meas_hash), 0xff,
			  m->meas_spec && (c->flags & SPDM_CAP_MEAS), fault);
	if (rc)
		return rc;
	rc = check_asym(c, m, fault);
	if (rc)
		return rc;
	rc = check_choice("BaseHashSel", 16, get_unaligned_le32(m->base_hash),
			  o->hash, true, fault);
	if (rc)
		return rc;
	if (c->version < SPDM_VER_12)
		return 0;
	rc = check_choice("OtherParamsSelection", 7,
			  m->other_params & SPDM_OPAQUE_FMT_MASK,
			  o->other_params & SPDM_OPAQUE_FMT_MASK, false, fault);
	if (rc || c->version < SPDM_VER_13)
		return rc;
	rc = check_multi_key(c, m->other_params, fault);
	if (rc)
		return rc;
	return check_choice("MELspecificationSel", 31, m->mel_spec, o->mel_spec,
			    false, fault);
}

/* Check the length, and count the algorithm structures. */
static int check_algorithms_len(const struct spdm_conn *c,
				const struct spdm_algorithms_rsp *m, size_t len,
				size_t *n, size_t *need,
				struct spdm_fault *fault)
{
	const struct spdm_response *r = &spdm_responses[SPDM_RSP_ALGORITHMS];
	u16 length = get_unaligned_le16(m->length);
	size_t least;

	/* No extended algorithm was offered. */
	if (m->ext_asym_count)
		return spdm_malformed(fault, r, "ExtAsymSelCount", 32,
				      m->ext_asym_count, 0);
	if (m->ext_hash_count)
		return spdm_malformed(fault, r, "ExtHashSelCount", 33,
				      m->ext_hash_count, 0);
	*n = c->version >= SPDM_VER_11 ? m->h.param1 : 0;
	least = sizeof(*m) + *n * sizeof(struct spdm_alg_struct);
	if (length < least || (!*n && length != least))
		return spdm_malformed(fault, r, "Length", 4, length, least);
	if (length > sizeof(*m) + SPDM_ALG_STRUCTS_MAX)
		return spdm_malformed(fault, r, "Length", 4, length,
				      sizeof(*m) + SPDM_ALG_STRUCTS_MAX);
	if (len < length)
		return spdm_truncated(fault, r, len, length);
	*need = length;
	return 0;
}

/* Append a word to the text @buf of length @len; returns its new length. */
static size_t put_word(char *buf, size_t size, size_t len, const char *sep,
		       const char *word)
{
	if (len >= size)
		return len;
	return len + snprintf(buf + len, size - len, "%s%s", sep, word);
}

/*
 * An ERROR to NEGOTIATE_ALGORITHMS: list what was offered. Responders answer
 * InvalidRequest if nothing is common.
 */
static void note_offer(const struct spdm_conn *c, struct spdm_fault *fault)
{
	u32 pqc = c->version >= SPDM_VER_14 ? c->offer.pqc_asym : 0;
	const struct spdm_offer *o = &c->offer;
	size_t size = sizeof(fault->detail);
	const char *sep = "offered ";
	size_t len = 0;

	if (fault->error == SPDM_ERR_INVALID_REQUEST)
		len = put_word(fault->detail, size, len, "",
			       "likely none in common; ");
	for (size_t i = 0; i < SPDM_N_ASYM; i++) {
		if (!spdm_offers_asym(&spdm_asyms[i], o->asym, pqc))
			continue;
		len = put_word(fault->detail, size, len, sep, spdm_asyms[i].word);
		sep = ",";
	}
	sep = " with ";
	for (size_t i = 0; i < SPDM_N_HASH; i++) {
		if (!(o->hash & spdm_hashes[i].bit))
			continue;
		len = put_word(fault->detail, size, len, sep, spdm_hashes[i].alg);
		sep = ",";
	}
}

int spdm_check_algorithms(struct spdm_conn *c, const u8 *buf, size_t len,
			  size_t *used, struct spdm_fault *fault)
{
	const struct spdm_response *r = &spdm_responses[SPDM_RSP_ALGORITHMS];
	const struct spdm_algorithms_rsp *m = (const void *)buf;
	const struct spdm_asym *asym;
	const struct spdm_hash *hash;
	size_t n, need;
	int rc;

	rc = spdm_check_header(r, c->version, buf, len, sizeof(*m), fault);
	if (rc && fault->error)
		note_offer(c, fault);
	if (rc)
		return rc;
	rc = check_algorithms_len(c, m, len, &n, &need, fault);
	if (rc)
		return rc;
	rc = check_choices(c, m, fault);
	if (rc)
		return rc;
	rc = check_alg_structs(c, buf, need, n, fault);
	if (rc)
		return rc;
	rc = spdm_check_end(r, len, need, used, fault);
	if (rc)
		return rc;

	/* NULL only if the caller offered an unknown algorithm. */
	asym = spdm_find_asym(get_unaligned_le32(m->base_asym), pqc_asym(c, m));
	if (!asym)
		return spdm_malformed(fault, r, "BaseAsymSel", 12,
				      get_unaligned_le32(m->base_asym), 0);
	hash = spdm_find_hash(get_unaligned_le32(m->base_hash));
	if (!hash)
		return spdm_malformed(fault, r, "BaseHashSel", 16,
				      get_unaligned_le32(m->base_hash), 0);
	c->asym = asym;
	c->hash = hash;
	c->meas_spec = m->meas_spec;
	c->meas_hash = get_unaligned_le32(m->meas_hash);
	c->other_params = c->version >= SPDM_VER_12 ? m->other_params : 0;
	return 0;
}
