// SPDX-License-Identifier: GPL-2.0-only
/*
 * The transcript that an SPDM responder signs, and its certificate chain.
 *
 * DSP0274, "Transcript hash calculation rules" for M1/M2 (CHALLENGE_AUTH) and
 * L1/L2 (MEASUREMENTS; DSP0274 1.2.1, 10.11.2). A transcript has the messages
 * without the transport's padding. It has neither an ERROR response nor the
 * request for it.
 *
 *	A   GET_VERSION ... ALGORITHMS
 *	B   GET_DIGESTS, DIGESTS, GET_CERTIFICATE, CERTIFICATE, as sent
 *	C   CHALLENGE, CHALLENGE_AUTH without its signature
 *	M1  A, B, C
 *	L1  A (1.2+), GET_MEASUREMENTS, MEASUREMENTS ... without the signature
 */
#include "der.h"
#include "spdm_transcript.h"

static const char *const contexts[] = {
	[SPDM_SIGNED_CHALLENGE] = "responder-challenge_auth signing",
	[SPDM_SIGNED_MEASUREMENTS] = "responder-measurements signing",
};

const char *spdm_signed_context(enum spdm_signed what)
{
	return contexts[what];
}

void spdm_combined_prefix(u8 version, enum spdm_signed what,
			  u8 prefix[SPDM_PREFIX_LEN])
{
	size_t len = strlen(contexts[what]);

	memset(prefix, 0, SPDM_PREFIX_LEN);
	for (size_t i = 0; i < 4; i++) {
		u8 *p = prefix + i * 16;

		memcpy(p, "dmtf-spdm-v1.2.*", 16);
		p[11] = '0' + (version >> 4);
		p[13] = '0' + (version & 0x0f);
	}
	memcpy(prefix + SPDM_PREFIX_LEN - len, contexts[what], len);
}

void spdm_vca_begin(struct spdm_transcript *t)
{
	t->vca_len = 0;
}

int spdm_vca_add(struct spdm_transcript *t, const u8 *msg, size_t len)
{
	if (len > sizeof(t->vca) - t->vca_len)
		return -EMSGSIZE;
	memcpy(t->vca + t->vca_len, msg, len);
	t->vca_len += len;
	return 0;
}

int spdm_m1_begin(struct spdm_transcript *t, const struct spdm_conn *c)
{
	int rc = t->ops->init(t->ctx, SPDM_HASH_TRANSCRIPT, c->hash);

	if (rc)
		return rc;
	return spdm_transcript_add(t, t->vca, t->vca_len);
}

int spdm_l1_begin(struct spdm_transcript *t, const struct spdm_conn *c)
{
	if (c->version >= SPDM_VER_12)
		return spdm_m1_begin(t, c);
	return t->ops->init(t->ctx, SPDM_HASH_TRANSCRIPT, c->hash);
}

int spdm_transcript_add(struct spdm_transcript *t, const u8 *msg, size_t len)
{
	return t->ops->update(t->ctx, SPDM_HASH_TRANSCRIPT, msg, len);
}

int spdm_transcript_final(struct spdm_transcript *t, const struct spdm_conn *c,
			  enum spdm_signed what, struct spdm_tbs *tbs)
{
	bool prefixed = c->version >= SPDM_VER_12;
	int rc;

	tbs->what = what;
	tbs->len = c->hash->len;
	if (prefixed)
		tbs->len += SPDM_PREFIX_LEN;
	rc = t->ops->final(t->ctx, SPDM_HASH_TRANSCRIPT,
			   tbs->data + (prefixed ? SPDM_PREFIX_LEN : 0));
	if (rc || !prefixed)
		return rc;
	spdm_combined_prefix(c->version, what, tbs->data);
	if (c->asym->kind == SPDM_MLDSA)
		return 0;
	rc = spdm_digest(t, c, tbs->data, tbs->len, tbs->data);
	tbs->len = c->hash->len;
	return rc;
}

int spdm_digest(struct spdm_transcript *t, const struct spdm_conn *c,
		const u8 *data, size_t len, u8 *digest)
{
	int rc = t->ops->init(t->ctx, SPDM_HASH_OTHER, c->hash);

	if (!rc)
		rc = t->ops->update(t->ctx, SPDM_HASH_OTHER, data, len);
	if (!rc)
		rc = t->ops->final(t->ctx, SPDM_HASH_OTHER, digest);
	return rc;
}

static int bad_chain(struct spdm_fault *fault, const char *field,
		     size_t offset, u32 value, u32 limit)
{
	*fault = (struct spdm_fault) {
		.what = "Malformed certificate chain",
		.field = field,
		.offset = offset,
		.value = value,
		.limit = limit,
	};
	return -EPROTO;
}

int spdm_chain_split(const struct spdm_conn *c, const u8 *buf, size_t len,
		     struct spdm_chain *chain, struct spdm_fault *fault)
{
	size_t hdr = sizeof(struct spdm_chain_header) + c->hash->len;
	size_t pos = 0, cert_len;
	const u8 *cert;
	u32 length;
	int rc;

	if (len <= hdr)
		return bad_chain(fault, "Length", 0, len, hdr + 1);
	length = spdm_chain_length(c, buf);
	if (length != len)
		return bad_chain(fault, "Length", 0, length, len);

	*chain = (struct spdm_chain) {
		.root_hash = buf + sizeof(struct spdm_chain_header),
		.certs = buf + hdr,
		.certs_len = len - hdr,
	};
	do {
		rc = spdm_chain_next(chain, &pos, &cert, &cert_len, fault);
	} while (!rc);
	return rc == -ENODATA ? 0 : rc;
}

int spdm_chain_next(const struct spdm_chain *chain, size_t *pos,
		    const u8 **cert, size_t *len, struct spdm_fault *fault)
{
	size_t at = *pos;
	struct der el;
	int rc;

	rc = der_next(chain->certs, chain->certs_len, pos, &el);
	if (rc == -ENODATA)
		return rc;
	if (rc)
		return bad_chain(fault, "length of a certificate", at,
				 chain->certs[at], DER_SEQUENCE);
	if (el.tag != DER_SEQUENCE)
		return bad_chain(fault, "Certificates", at, el.tag,
				 DER_SEQUENCE);
	*cert = el.raw;
	*len = el.raw_len;
	return 0;
}
