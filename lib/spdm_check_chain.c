// SPDX-License-Identifier: GPL-2.0-only
/*
 * Checking SPDM responses: DIGESTS and CERTIFICATE.
 */
#include "spdm_check.h"

/*
 * Keep the digests at @pos, and what follows them if @keys: n digests, n
 * KeyPairID, n CertificateInfo and n KeyUsageMask; DSP0274 1.3, DIGESTS.
 */
static void keep_digests(struct spdm_conn *c, const u8 *pos, bool keys)
{
	size_t n = spdm_count_slots(c->slots);
	const u8 *info = pos + n * (c->hash->len + 1);
	const u8 *masks = info + n;

	memset(c->cert_model, 0, sizeof(c->cert_model));
	for (size_t i = 0; i < SPDM_SLOTS; i++) {
		if (!(c->slots & 1 << i))
			continue;
		memcpy(c->digests[i], pos, c->hash->len);
		pos += c->hash->len;
		c->key_usage[i] = keys ? get_unaligned_le16(masks) : 0xffff;
		if (keys)
			c->cert_model[i] = *info & SPDM_CERT_MODEL_MASK;
		info++;
		masks += 2;
	}
}

int spdm_check_digests(struct spdm_conn *c, const u8 *buf, size_t len,
		       size_t *used, struct spdm_fault *fault)
{
	const struct spdm_response *r = &spdm_responses[SPDM_RSP_DIGESTS];
	const struct spdm_header *h = (const void *)buf;
	size_t need = sizeof(*h);
	bool keys = spdm_multi_key(c);
	int rc;

	rc = spdm_check_header(r, c->version, buf, len, need, fault);
	if (rc)
		return rc;
	if (!h->param2) {
		spdm_malformed(fault, r, "ProvisionedSlotMask", 3, 0, 1);
		fault->what = "No certificates provisioned";
		return -EPROTO;
	}
	/* Param1 is SupportedSlotMask, reserved before 1.3. */
	if (c->version >= SPDM_VER_13 && (h->param2 & ~h->param1))
		return spdm_malformed(fault, r, "ProvisionedSlotMask", 3, h->param2,
				      h->param1);

	need += spdm_count_slots(h->param2) * c->hash->len;
	/* KeyPairID, CertificateInfo: a byte each; KeyUsageMask: two. */
	if (keys)
		need += spdm_count_slots(h->param2) * 4;
	if (len < need)
		return spdm_truncated(fault, r, len, need);
	rc = spdm_check_end(r, len, need, used, fault);
	if (rc)
		return rc;

	c->slots = h->param2;
	keep_digests(c, buf + sizeof(*h), keys);
	return 0;
}

/*
 * The portion must not be longer than requested. With the remainder it must add
 * up to the same length of the chain in every response.
 */
static int check_portion(const struct spdm_conn *c,
			 const struct spdm_cert_req *req, bool large,
			 const struct spdm_portion *p, struct spdm_fault *fault)
{
	size_t len_at = large ? 8 : 4, rest_at = large ? 12 : 6;
	const struct spdm_response *r = &spdm_responses[SPDM_RSP_CERTIFICATE];
	const char *portion = large ? "LargePortionLength" : "PortionLength";
	const char *rest = large ? "LargeRemainderLength" : "RemainderLength";
	u32 least = sizeof(struct spdm_chain_header) + c->hash->len + 1;
	u32 max = large ? (u32)-1 : 0xffff;

	if (!p->len)
		return spdm_malformed(fault, r, portion, len_at, 0, 1);
	if (p->len > req->length)
		return spdm_malformed(fault, r, portion, len_at, p->len,
				      req->length);
	if (!req->offset) {
		if (p->remainder > max - p->len)
			return spdm_malformed(fault, r, rest, rest_at, p->remainder,
					      max - p->len);
		/* A chain has a header, RootHash, and one byte or more. */
		if (p->len + p->remainder < least)
			return spdm_malformed(fault, r, rest, rest_at, p->remainder,
					      least);
		return 0;
	}
	if (p->len > req->total - req->offset)
		return spdm_malformed(fault, r, portion, len_at, p->len,
				      req->total - req->offset);
	if (p->remainder != req->total - req->offset - p->len)
		return spdm_malformed(fault, r, rest, rest_at, p->remainder,
				      req->total - req->offset - p->len);
	return 0;
}

int spdm_check_certificate(const struct spdm_conn *c,
			   const struct spdm_cert_req *req, const u8 *buf,
			   size_t len, struct spdm_portion *portion,
			   size_t *used, struct spdm_fault *fault)
{
	const struct spdm_response *r = &spdm_responses[SPDM_RSP_CERTIFICATE];
	const struct spdm_certificate_large *m = (const void *)buf;
	bool large = spdm_large_cert(c);
	size_t hdr = large ? sizeof(*m) : sizeof(m->small);
	struct spdm_portion p;
	u8 param1;
	int rc;

	rc = spdm_check_header(r, c->version, buf, len, hdr, fault);
	if (rc)
		return rc;
	param1 = m->small.h.param1;
	if ((param1 & SPDM_SLOT_MASK) != req->slot)
		return spdm_malformed(fault, r, "SlotID", 2,
				      param1 & SPDM_SLOT_MASK, req->slot);
	/* Reserved before 1.4. */
	if (c->version >= SPDM_VER_14 && large != !!(param1 & SPDM_CERT_LARGE))
		return spdm_malformed(fault, r, "Param1", 2, param1,
				      param1 ^ SPDM_CERT_LARGE);

	p.data = buf + hdr;
	p.len = large ? get_unaligned_le32(m->offset) :
			get_unaligned_le16(m->small.offset);
	p.remainder = large ? get_unaligned_le32(m->length) :
			      get_unaligned_le16(m->small.length);
	rc = check_portion(c, req, large, &p, fault);
	if (rc)
		return rc;
	if (len - hdr < p.len)
		return spdm_truncated(fault, r, len, hdr + p.len);
	rc = spdm_check_end(r, len, hdr + p.len, used, fault);
	if (rc)
		return rc;
	*portion = p;
	return 0;
}
