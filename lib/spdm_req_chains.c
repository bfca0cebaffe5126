// SPDX-License-Identifier: GPL-2.0-only
/*
 * The SPDM requester: reading the certificate chains of a responder.
 */
#include "spdm_req_internal.h"
#include "x509_name.h"

void spdm_forget_chains(struct spdm_req *r)
{
	memset(r->slots, 0, sizeof(r->slots));
}

/* Are the chains of all slots known, with the digests of DIGESTS? */
static bool chains_known(const struct spdm_req *r)
{
	for (u8 i = 0; i < SPDM_SLOTS; i++) {
		const struct spdm_slot *s = &r->slots[i];

		if (!spdm_provisioned(r, i))
			continue;
		if (!s->len || s->hash != r->c.hash ||
		    memcmp(s->digest, r->c.digests[i], r->c.hash->len))
			return false;
	}
	return true;
}

/*
 * RootHash is the digest of the root certificate; DSP0274 1.2.1, 10.6.1,
 * "Certificate chain format". The chain may lack the root. The chain has the
 * root if the first certificate is self-issued.
 */
static int check_root_hash(struct spdm_req *r, const struct spdm_chain *chain,
			   struct spdm_fault *fault)
{
	u8 digest[SPDM_HASH_MAX];
	struct x509_fault xf;
	struct x509_cert root;
	int rc;

	/* verify_chain() reports a malformed certificate. */
	if (x509_walk(chain->certs, chain->certs_len, &root, &xf) ||
	    !x509_self_issued(&root))
		return 0;
	rc = spdm_digest(&r->t, &r->c, root.raw, root.raw_len, digest);
	if (rc)
		return spdm_fault_is(fault, "Cannot hash", rc);
	if (!memcmp(digest, chain->root_hash, r->c.hash->len))
		return 0;
	*fault = (struct spdm_fault) {
		.what = "Malformed certificate chain",
		.field = "RootHash",
		.offset = sizeof(struct spdm_chain_header),
		.value = get_unaligned_be32(chain->root_hash),
		.limit = get_unaligned_be32(digest),
	};
	return -EPROTO;
}

/* Check a complete chain against DIGESTS and RootHash. */
static int check_chain(struct spdm_req *r, u8 slot, const u8 *buf, size_t len,
		       struct spdm_fault *fault)
{
	u8 digest[SPDM_HASH_MAX];
	struct spdm_chain chain;
	int rc;

	rc = spdm_digest(&r->t, &r->c, buf, len, digest);
	if (rc)
		return spdm_fault_is(fault, "Cannot hash", rc);
	if (memcmp(digest, r->c.digests[slot], r->c.hash->len)) {
		*fault = (struct spdm_fault) {
			.what = "Certificate chain does not match its digest",
			.field = "Digest",
			.value = get_unaligned_be32(r->c.digests[slot]),
			.limit = get_unaligned_be32(digest),
		};
		return -EPROTO;
	}
	rc = spdm_chain_split(&r->c, buf, len, &chain, fault);
	if (rc)
		return rc;
	return check_root_hash(r, &chain, fault);
}

/*
 * The longest portion that fits into a response without chunks. Longer ones never
 * save an exchange: a chunk has fewer bytes of the chain than a portion, and the
 * ERROR LargeResponse is one exchange more. What the responder can send at once is
 * not announced; its first chunk tells.
 */
static u32 portion_max(const struct spdm_req *r)
{
	size_t max = r->rsp_size;

	if (r->chunk_max && r->chunk_max < max)
		max = r->chunk_max;
	max -= sizeof(struct spdm_certificate_large);
	return max > 0xffff ? 0xffff : max;
}

/* Make room for a chain of @len bytes, after @used bytes of other chains. */
static int make_room(struct spdm_req *r, size_t used, size_t len,
		     struct spdm_fault *fault)
{
	int rc = -EMSGSIZE;

	if (len <= SPDM_CHAINS_MAX - used) {
		if (used + len <= r->chains_size)
			return 0;
		if (r->ops->room)
			rc = r->ops->room(r->ctx, used + len);
		if (!rc)
			return 0;
	}
	return spdm_fault_is(fault, rc == -ENOMEM ?
			     "No memory for the certificate chain" :
			     "Certificate chain is too long", rc);
}

/* One GET_CERTIFICATE. */
static int get_portion(struct spdm_req *r, const struct spdm_cert_req *req,
		       struct spdm_portion *p, struct spdm_fault *fault)
{
	u8 saved[SPDM_REQUEST_MAX];
	size_t used;
	int len, rc;

	len = spdm_build_get_certificate(&r->c, req, r->request,
					 sizeof(r->request));
	rc = spdm_exchange(r, len, saved, fault);
	if (rc < 0)
		return rc;
	rc = spdm_check_certificate(&r->c, req, r->rsp, rc, p, &used, fault);
	if (rc)
		return rc;
	return spdm_add_pair(r, saved, len, used, fault);
}

/*
 * Read a chain into r->chains, at @start. Returns 1 if only this slot
 * failed, with *@err set: the next slot may be read.
 */
static int get_chain(struct spdm_req *r, u8 slot, size_t start, size_t *len,
		     int *err, struct spdm_fault *fault)
{
	struct spdm_cert_req req = { .slot = slot, .length = portion_max(r) };
	struct spdm_portion p;
	int rc;

	do {
		rc = get_portion(r, &req, &p, fault);
		if (rc) {
			*err = rc;
			return spdm_is_refusal(fault) ? 1 : rc;
		}
		if (!req.offset) {
			req.total = p.len + p.remainder;
			*err = make_room(r, start, req.total, fault);
			if (*err)
				return 1;
		}
		memcpy(r->chains + start + req.offset, p.data, p.len);
		req.offset += p.len;
		req.length = portion_max(r);
		if (req.length > p.remainder)
			req.length = p.remainder;
	} while (p.remainder);

	*len = req.total;
	*err = check_chain(r, slot, r->chains + start, *len, fault);
	return *err ? 1 : 0;
}

int spdm_get_chains(struct spdm_req *r)
{
	size_t pos = 0;

	/* Clear the slots that no longer have a chain. */
	for (u8 i = 0; i < SPDM_SLOTS; i++)
		if (!spdm_provisioned(r, i))
			r->slots[i].len = 0;
	if (chains_known(r))
		return 0;
	spdm_forget_chains(r);
	for (u8 i = 0; i < SPDM_SLOTS; i++) {
		struct spdm_fault *fault = spdm_no_fault(r);
		size_t len = 0;
		int rc, err = 0;

		if (!spdm_provisioned(r, i))
			continue;
		rc = get_chain(r, i, pos, &len, &err, fault);
		if (rc)
			spdm_fail_at(r, SPDM_STAGE_CERTIFICATE, i, err, fault);
		if (rc < 0)
			return rc;
		if (rc)
			continue;
		r->slots[i].offset = pos;
		r->slots[i].len = len;
		r->slots[i].hash = r->c.hash;
		memcpy(r->slots[i].digest, r->c.digests[i], r->c.hash->len);
		r->fetched++;
		pos += len;
	}
	return 0;
}
