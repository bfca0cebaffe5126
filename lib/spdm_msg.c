// SPDX-License-Identifier: GPL-2.0-only
/*
 * SPDM messages of a requester: the algorithms, and building requests.
 * spdm_check*.c check the responses.
 */
#include "spdm_msg.h"

/*
 * NEGOTIATE_ALGORITHMS, tables "BaseAsymAlgo" and, 1.4, "PqcAsymAlgo"; SigLen is
 * in the same clause.
 */
const struct spdm_asym spdm_asyms[SPDM_N_ASYM] = {
	{ 0x001, SPDM_RSASSA, 2048, 256, "TPM_ALG_RSASSA_2048",
	  "rsassa-2048" },
	{ 0x002, SPDM_RSAPSS, 2048, 256, "TPM_ALG_RSAPSS_2048",
	  "rsapss-2048" },
	{ 0x004, SPDM_RSASSA, 3072, 384, "TPM_ALG_RSASSA_3072",
	  "rsassa-3072" },
	{ 0x008, SPDM_RSAPSS, 3072, 384, "TPM_ALG_RSAPSS_3072",
	  "rsapss-3072" },
	{ 0x010, SPDM_ECDSA, 256, 64, "TPM_ALG_ECDSA_ECC_NIST_P256",
	  "ecdsa-p256" },
	{ 0x020, SPDM_RSASSA, 4096, 512, "TPM_ALG_RSASSA_4096",
	  "rsassa-4096" },
	{ 0x040, SPDM_RSAPSS, 4096, 512, "TPM_ALG_RSAPSS_4096",
	  "rsapss-4096" },
	{ 0x080, SPDM_ECDSA, 384, 96, "TPM_ALG_ECDSA_ECC_NIST_P384",
	  "ecdsa-p384" },
	{ 0x100, SPDM_ECDSA, 521, 132, "TPM_ALG_ECDSA_ECC_NIST_P521",
	  "ecdsa-p521" },
	{ 0x001, SPDM_MLDSA, 44, 2420, "ML-DSA-44", "mldsa-44" },
	{ 0x002, SPDM_MLDSA, 65, 3309, "ML-DSA-65", "mldsa-65" },
	{ 0x004, SPDM_MLDSA, 87, SPDM_SIG_MAX, "ML-DSA-87", "mldsa-87" },
};

/* NEGOTIATE_ALGORITHMS, table "BaseHashAlgo". */
const struct spdm_hash spdm_hashes[SPDM_N_HASH] = {
	{ 0x01, 32, "TPM_ALG_SHA_256", "sha256" },
	{ 0x02, 48, "TPM_ALG_SHA_384", "sha384" },
	{ 0x04, 64, "TPM_ALG_SHA_512", "sha512" },
	{ 0x08, 32, "TPM_ALG_SHA3_256", "sha3-256" },
	{ 0x10, 48, "TPM_ALG_SHA3_384", "sha3-384" },
	{ 0x20, 64, "TPM_ALG_SHA3_512", "sha3-512" },
};

const struct spdm_asym *spdm_find_asym(u32 base, u32 pqc)
{
	if (base && pqc)
		return NULL;
	for (size_t i = 0; i < SPDM_N_ASYM; i++)
		if (spdm_asyms[i].bit == (spdm_is_pqc(&spdm_asyms[i]) ? pqc : base))
			return &spdm_asyms[i];
	return NULL;
}

bool spdm_offers_asym(const struct spdm_asym *asym, u32 base, u32 pqc)
{
	return asym->bit & (spdm_is_pqc(asym) ? pqc : base);
}

const struct spdm_hash *spdm_find_hash(u32 bit)
{
	for (size_t i = 0; i < SPDM_N_HASH; i++)
		if (spdm_hashes[i].bit == bit)
			return &spdm_hashes[i];
	return NULL;
}

bool spdm_multi_key(const struct spdm_conn *c)
{
	u32 cap = c->flags & SPDM_CAP_MULTI_KEY;

	if (c->version < SPDM_VER_13)
		return false;
	if (cap == SPDM_CAP_MULTI_KEY_ONLY)
		return true;
	return cap == SPDM_CAP_MULTI_KEY_NEG &&
	       (c->offer.other_params & SPDM_MULTI_KEY_CONN);
}

bool spdm_generic_cert(const struct spdm_conn *c, u8 slot)
{
	return slot && c->cert_model[slot] == SPDM_CERT_MODEL_GENERIC;
}

static int begin(u8 *buf, size_t size, size_t len, u8 version, u8 code,
		 u8 param1, u8 param2)
{
	struct spdm_header *h = (void *)buf;

	if (size < len)
		return -EMSGSIZE;
	memset(buf, 0, len);
	h->version = version;
	h->code = code;
	h->param1 = param1;
	h->param2 = param2;
	return len;
}

int spdm_build_get_version(u8 *buf, size_t size)
{
	return begin(buf, size, sizeof(struct spdm_header), SPDM_VER_10,
		     SPDM_GET_VERSION, 0, 0);
}

int spdm_build_get_capabilities(const struct spdm_conn *c, u8 *buf,
				size_t size)
{
	struct spdm_capabilities *m = (void *)buf;
	size_t len = sizeof(*m);
	int rc;

	if (c->version == SPDM_VER_10)
		len = sizeof(m->h);
	else if (c->version == SPDM_VER_11)
		len = SPDM_CAPABILITIES_LEN_10;

	rc = begin(buf, size, len, c->version, SPDM_GET_CAPABILITIES, 0, 0);
	if (rc < 0 || c->version == SPDM_VER_10)
		return rc;

	m->ct_exponent = c->offer.ct_exponent;
	put_unaligned_le32(c->offer.flags, m->flags);
	if (c->version == SPDM_VER_11)
		return rc;

	put_unaligned_le32(c->offer.data_transfer_size, m->data_transfer_size);
	put_unaligned_le32(c->offer.max_msg_size, m->max_msg_size);
	return rc;
}

/* Append the algorithm structures; returns their number. */
static u8 build_alg_structs(const struct spdm_conn *c, u8 *pos)
{
	u8 n = 0;

	for (size_t i = 0; i < SPDM_ALG_TYPES; i++) {
		struct spdm_alg_struct *s = (void *)(pos + n * sizeof(*s));

		if (!c->offer.alg[i])
			continue;
		s->type = SPDM_ALG_TYPE_FIRST + i;
		s->count = SPDM_ALG_COUNT;
		put_unaligned_le16(c->offer.alg[i], s->alg);
		n++;
	}
	return n;
}

size_t spdm_n_alg_structs(const struct spdm_conn *c)
{
	size_t n = 0;

	for (size_t i = 0; i < SPDM_ALG_TYPES; i++)
		n += !!c->offer.alg[i];
	return c->version >= SPDM_VER_11 ? n : 0;
}

/*
 * OtherParamsSupport, 1.2+. DSP0274 1.3, table 32: ResponderMultiKeyConn must be
 * set for a responder that supports only such connections, and clear for one
 * that supports none.
 */
static u8 other_params(const struct spdm_conn *c)
{
	u8 format = c->offer.other_params & SPDM_OPAQUE_FMT_MASK;

	if (c->version < SPDM_VER_12)
		return 0;
	return spdm_multi_key(c) ? format | SPDM_MULTI_KEY_CONN : format;
}

int spdm_build_negotiate(const struct spdm_conn *c, u8 *buf, size_t size)
{
	struct spdm_negotiate_req *m = (void *)buf;
	size_t n = spdm_n_alg_structs(c);
	int rc;

	rc = begin(buf, size, sizeof(*m) + n * sizeof(struct spdm_alg_struct),
		   c->version, SPDM_NEGOTIATE_ALGORITHMS, n, 0);
	if (rc < 0)
		return rc;

	put_unaligned_le16(rc, m->length);
	m->meas_spec = c->offer.meas_spec;
	put_unaligned_le32(c->offer.asym, m->base_asym);
	put_unaligned_le32(c->offer.hash, m->base_hash);
	if (c->version >= SPDM_VER_14)
		put_unaligned_le32(c->offer.pqc_asym, m->pqc_asym);
	m->other_params = other_params(c);
	if (c->version >= SPDM_VER_13)
		m->mel_spec = c->offer.mel_spec;
	if (n)
		build_alg_structs(c, buf + sizeof(*m));
	return rc;
}

int spdm_build_get_digests(const struct spdm_conn *c, u8 *buf, size_t size)
{
	return begin(buf, size, sizeof(struct spdm_header), c->version,
		     SPDM_GET_DIGESTS, 0, 0);
}

bool spdm_large_cert(const struct spdm_conn *c)
{
	return c->version >= SPDM_VER_14 && (c->flags & SPDM_CAP_LARGE_RESP);
}

int spdm_build_get_certificate(const struct spdm_conn *c,
			       const struct spdm_cert_req *req, u8 *buf,
			       size_t size)
{
	struct spdm_certificate_large *m = (void *)buf;
	u8 slot = req->slot & SPDM_SLOT_MASK;
	int rc;

	if (spdm_large_cert(c)) {
		rc = begin(buf, size, sizeof(*m), c->version,
			   SPDM_GET_CERTIFICATE, slot | SPDM_CERT_LARGE, 0);
		if (rc < 0)
			return rc;
		put_unaligned_le32(req->offset, m->offset);
		put_unaligned_le32(req->length, m->length);
		return rc;
	}

	if (req->offset > 0xffff || req->length > 0xffff)
		return -EMSGSIZE;
	rc = begin(buf, size, sizeof(m->small), c->version,
		   SPDM_GET_CERTIFICATE, slot, 0);
	if (rc < 0)
		return rc;
	put_unaligned_le16(req->offset, m->small.offset);
	put_unaligned_le16(req->length, m->small.length);
	return rc;
}

int spdm_build_challenge(const struct spdm_conn *c,
			 const struct spdm_challenge *req, u8 *buf, size_t size)
{
	struct spdm_challenge_req *m = (void *)buf;
	bool context = c->version >= SPDM_VER_13;
	int rc;

	rc = begin(buf, size, context ? sizeof(*m) : SPDM_CHALLENGE_LEN_10,
		   c->version, SPDM_CHALLENGE, req->slot & SPDM_SLOT_MASK,
		   req->meas_summary);
	if (rc < 0)
		return rc;
	memcpy(m->nonce, req->nonce, SPDM_NONCE_LEN);
	if (context)
		memcpy(m->context, req->context, SPDM_CONTEXT_LEN);
	return rc;
}

int spdm_build_get_measurements(const struct spdm_conn *c,
				const struct spdm_meas_req *req, u8 *buf,
				size_t size)
{
	bool sign = req->attributes & SPDM_MEAS_SIGNATURE;
	size_t nonce = sign ? SPDM_NONCE_LEN : 0;
	size_t slot = sign && c->version >= SPDM_VER_11;
	size_t context = c->version >= SPDM_VER_13 ? SPDM_CONTEXT_LEN : 0;
	u8 *pos = buf + sizeof(struct spdm_header);
	int rc;

	rc = begin(buf, size, sizeof(struct spdm_header) + nonce + slot +
		   context, c->version, SPDM_GET_MEASUREMENTS, req->attributes,
		   req->operation);
	if (rc < 0)
		return rc;
	memcpy(pos, req->nonce, nonce);
	pos += nonce;
	if (slot)
		*pos++ = req->slot & SPDM_SLOT_MASK;
	memcpy(pos, req->context, context);
	return rc;
}

int spdm_build_respond_if_ready(const struct spdm_conn *c,
				const struct spdm_not_ready *nr, u8 *buf,
				size_t size)
{
	return begin(buf, size, sizeof(struct spdm_header), c->version,
		     SPDM_RESPOND_IF_READY, nr->code, nr->token);
}

int spdm_build_chunk_get(const struct spdm_conn *c, u8 handle, u32 seq,
			 u8 *buf, size_t size)
{
	size_t len = offsetof(struct spdm_chunk, size);
	int rc;

	rc = begin(buf, size, len, c->version, SPDM_CHUNK_GET, 0, handle);
	if (rc < 0)
		return rc;
	/* Before 1.4: a u16, and a reserved u16. */
	put_unaligned_le32(c->version < SPDM_VER_14 ? seq & 0xffff : seq,
			   buf + offsetof(struct spdm_chunk, seq));
	return rc;
}
