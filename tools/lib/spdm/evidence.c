// SPDX-License-Identifier: GPL-2.0-only
/*
 * The messages in the evidence of a device: a negotiation, and an answer that
 * the device signed. The evidence has requests too, which this file checks
 * itself: spdm_check_...() check the responses.
 */
#include "spdm/evidence.h"

/* The fixed fields of NEGOTIATE_ALGORITHMS; other requesters append more. */
#define NEGOTIATE_MAX	(sizeof(struct spdm_negotiate_req) + 512)

/* A walk over the messages of an object. */
struct walk {
	const u8 *buf;
	size_t len;
	size_t pos;
	struct ccg_evid_fault *f;
};

static const u8 *at(const struct walk *w)
{
	return w->buf + w->pos;
}

static size_t left(const struct walk *w)
{
	return w->len - w->pos;
}

static int fault(const struct walk *w, int rc, const char *what,
		 const char *field, size_t offset, u32 value, u32 limit)
{
	w->f->at = w->pos;
	w->f->spdm = (struct spdm_fault) {
		.what = what,
		.field = field,
		.offset = offset,
		.value = value,
		.limit = limit,
	};
	return rc;
}

static int too_short(const struct walk *w, const char *what, size_t need)
{
	return fault(w, -EIO, what, NULL, left(w), left(w), need);
}

/* The texts about the faults of a request. */
struct request {
	u8 code;
	const char *truncated;
	const char *malformed;
};

static const struct request get_version = {
	SPDM_GET_VERSION,
	"Truncated get_version request", "Malformed get_version request"
};

static const struct request get_capabilities = {
	SPDM_GET_CAPABILITIES, "Truncated get_capabilities request",
	"Malformed get_capabilities request"
};

static const struct request negotiate = {
	SPDM_NEGOTIATE_ALGORITHMS, "Truncated negotiate_algorithms request",
	"Malformed negotiate_algorithms request"
};

static const struct request get_digests = {
	SPDM_GET_DIGESTS,
	"Truncated get_digests request", "Malformed get_digests request"
};

static const struct request get_certificate = {
	SPDM_GET_CERTIFICATE, "Truncated get_certificate request",
	"Malformed get_certificate request"
};

static const struct request challenge = {
	SPDM_CHALLENGE,
	"Truncated challenge request", "Malformed challenge request"
};

static const struct request get_measurements = {
	SPDM_GET_MEASUREMENTS, "Truncated get_measurements request",
	"Malformed get_measurements request"
};

/* Checks the header and the least length of a request. */
static int check_request(const struct walk *w, const struct request *r,
			 u8 version, size_t need)
{
	const struct spdm_header *h = (const void *)at(w);

	if (left(w) < sizeof(*h))
		return too_short(w, r->truncated, need);
	if (h->version != version)
		return fault(w, -EPROTO, r->malformed, "SPDMVersion", 0,
			     h->version, version);
	if (h->code != r->code)
		return fault(w, -EPROTO, r->malformed, "RequestResponseCode", 1,
			     h->code, r->code);
	if (left(w) < need)
		return too_short(w, r->truncated, need);
	return 0;
}

typedef int (*check_fn)(struct spdm_conn *c, const u8 *buf, size_t len,
			size_t *used, struct spdm_fault *fault);

/*
 * Checks a response of @need bytes, as its own fields say. The check function
 * finds out whether it is shorter.
 */
static int check_response(struct walk *w, check_fn check, struct spdm_conn *c,
			  size_t need)
{
	size_t len = need < left(w) ? need : left(w), used;
	int rc;

	w->f->at = w->pos;
	rc = check(c, at(w), len, &used, &w->f->spdm);
	if (!rc)
		w->pos += used;
	return rc;
}

/* ---- the negotiation ---- */

static int take_version(struct walk *w, struct spdm_conn *c)
{
	const struct spdm_version_rsp *m;
	const struct spdm_header *next;
	size_t need = sizeof(*m);
	int rc;

	rc = check_request(w, &get_version, SPDM_VER_10, sizeof(m->h));
	if (rc)
		return rc;
	w->pos += sizeof(m->h);
	m = (const void *)at(w);
	if (left(w) >= need)
		need += m->count * sizeof(m->entries[0]);
	/* GET_CAPABILITIES has the version that the requester chose. */
	if (left(w) < need || left(w) - need < sizeof(*next))
		return check_response(w, spdm_check_version, c, left(w)) ?:
		       too_short(w, get_capabilities.truncated, sizeof(*next));
	next = (const void *)(at(w) + need);
	if (next->version < SPDM_VER_10 || next->version > SPDM_VER_14) {
		w->pos += need;
		return fault(w, -EPROTO, get_capabilities.malformed,
			     "SPDMVersion", 0, next->version, SPDM_VER_14);
	}
	c->offer.min_version = next->version;
	c->offer.max_version = next->version;
	return check_response(w, spdm_check_version, c, need);
}

static int take_capabilities(struct walk *w, struct spdm_conn *c)
{
	const struct spdm_capabilities *m = (const void *)at(w);
	size_t need = sizeof(*m);
	int rc;

	if (c->version == SPDM_VER_10)
		need = sizeof(m->h);
	else if (c->version == SPDM_VER_11)
		need = SPDM_CAPABILITIES_LEN_10;
	rc = check_request(w, &get_capabilities, c->version, need);
	if (rc)
		return rc;
	if (c->version > SPDM_VER_10)
		c->offer.flags = get_unaligned_le32(m->flags);
	w->pos += need;
	return check_response(w, spdm_check_capabilities, c,
			      c->version >= SPDM_VER_12 ? sizeof(*m) :
							  SPDM_CAPABILITIES_LEN_10);
}

/* The algorithm structures of the request, which may have extended algorithms. */
static void take_offers(const u8 *p, size_t len, size_t n, struct spdm_conn *c)
{
	for (; n && len >= sizeof(struct spdm_alg_struct); n--) {
		const struct spdm_alg_struct *s = (const void *)p;
		size_t size = 2 + (s->count >> 4) + 4 * (s->count & 0xf);

		if (size < sizeof(*s) || size > len)
			return;
		if (s->type >= SPDM_ALG_TYPE_FIRST &&
		    s->type < SPDM_ALG_TYPE_FIRST + SPDM_ALG_TYPES)
			c->offer.alg[s->type - SPDM_ALG_TYPE_FIRST] =
				get_unaligned_le16(s->alg);
		p += size;
		len -= size;
	}
}

static int take_negotiate(struct walk *w, struct spdm_conn *c)
{
	const struct spdm_negotiate_req *m = (const void *)at(w);
	size_t length, ext;
	int rc;

	rc = check_request(w, &negotiate, c->version, sizeof(*m));
	if (rc)
		return rc;
	length = get_unaligned_le16(m->length);
	if (length < sizeof(*m) || length > NEGOTIATE_MAX)
		return fault(w, -EPROTO, negotiate.malformed, "Length", 4,
			     length, sizeof(*m));
	if (left(w) < length)
		return too_short(w, negotiate.truncated, length);
	c->offer.meas_spec = m->meas_spec;
	c->offer.other_params = m->other_params;
	c->offer.mel_spec = m->mel_spec;
	c->offer.asym = get_unaligned_le32(m->base_asym);
	c->offer.pqc_asym = get_unaligned_le32(m->pqc_asym);
	c->offer.hash = get_unaligned_le32(m->base_hash);
	ext = 4 * ((size_t)m->ext_asym_count + m->ext_hash_count);
	if (c->version >= SPDM_VER_11 && ext <= length - sizeof(*m))
		take_offers(at(w) + sizeof(*m) + ext, length - sizeof(*m) - ext,
			    m->h.param1, c);
	w->pos += length;
	return 0;
}

static int take_algorithms(struct walk *w, struct spdm_conn *c)
{
	const struct spdm_algorithms_rsp *m;
	size_t need = sizeof(*m);
	int rc;

	rc = take_negotiate(w, c);
	if (rc)
		return rc;
	m = (const void *)at(w);
	if (left(w) >= sizeof(*m))
		need = get_unaligned_le16(m->length);
	return check_response(w, spdm_check_algorithms, c,
			      need < sizeof(*m) ? sizeof(*m) : need);
}

int ccg_evid_vca(const u8 *buf, size_t len, struct spdm_conn *c, size_t *used,
		 struct ccg_evid_fault *f)
{
	struct walk w = { .buf = buf, .len = len, .f = f };
	int rc;

	*c = (struct spdm_conn) { .version = SPDM_VER_10 };
	*f = (struct ccg_evid_fault) {};
	c->offer.min_version = SPDM_VER_10;
	c->offer.max_version = SPDM_VER_14;
	rc = take_version(&w, c);
	if (!rc)
		rc = take_capabilities(&w, c);
	if (!rc)
		rc = take_algorithms(&w, c);
	*used = w.pos;
	return rc;
}

void ccg_evid_state(struct spdm_conn *c, u8 version, const struct spdm_asym *asym,
		    const struct spdm_hash *hash)
{
	*c = (struct spdm_conn) {
		.version = version,
		.asym = asym,
		.hash = hash,
		.meas_spec = SPDM_MEAS_SPEC_DMTF,
	};
}

/* ---- measurements ---- */

int ccg_evid_request_len(const u8 *buf, size_t len, size_t *need,
			 struct ccg_evid_fault *f)
{
	struct walk w = { .buf = buf, .len = len, .f = f };
	const struct spdm_header *h = (const void *)buf;
	int rc;

	*f = (struct ccg_evid_fault) {};
	*need = sizeof(*h) + SPDM_NONCE_LEN;
	if (len < sizeof(*h))
		return too_short(&w, get_measurements.truncated, *need);
	if (h->version >= SPDM_VER_11)
		*need += 1;
	if (h->version >= SPDM_VER_13)
		*need += SPDM_CONTEXT_LEN;
	rc = check_request(&w, &get_measurements, h->version, sizeof(*h));
	if (rc)
		return rc;
	if (!(h->param1 & SPDM_MEAS_SIGNATURE))
		return fault(&w, -EPROTO, "No signature was requested",
			     "Param1", 2, h->param1, SPDM_MEAS_SIGNATURE);
	if (len < *need)
		return too_short(&w, get_measurements.truncated, *need);
	return 0;
}

static int take_request(struct evid *e, struct ccg_evid_bytes req,
			struct spdm_meas_req *m, struct ccg_evid_fault *f)
{
	struct walk w = { .buf = req.p, .len = req.len, .f = f };
	const u8 *p = req.p + sizeof(struct spdm_header);
	size_t need;
	int rc;

	rc = ccg_evid_request_len(req.p, req.len, &need, f);
	if (!rc)
		rc = check_request(&w, &get_measurements, e->c.version, need);
	if (rc)
		return rc;
	if (req.len != need)
		return fault(&w, -EPROTO, get_measurements.malformed,
			     "length of the message", need, req.len, need);
	*m = (struct spdm_meas_req) {
		.attributes = req.p[2],
		.operation = req.p[3],
	};
	e->req_nonce = p;
	memcpy(m->nonce, p, SPDM_NONCE_LEN);
	p += SPDM_NONCE_LEN;
	if (e->c.version >= SPDM_VER_11)
		m->slot = *p++ & SPDM_SLOT_MASK;
	if (e->c.version >= SPDM_VER_13)
		memcpy(m->context, p, SPDM_CONTEXT_LEN);
	if (m->slot >= SPDM_SLOTS)
		return fault(&w, -EPROTO, get_measurements.malformed, "SlotID",
			     sizeof(struct spdm_header) + SPDM_NONCE_LEN,
			     m->slot, SPDM_SLOTS - 1);
	return 0;
}

/*
 * MeasurementHashAlgo is not known without the negotiation. The digests have the
 * same length.
 */
static int check_values(struct evid *e, bool negotiated, struct spdm_fault *f)
{
	static const u8 guesses[] = { 0x02, 0x04, 0x08, 0x01 };
	int rc = -EPROTO;

	if (negotiated)
		return spdm_meas_check(&e->c, &e->meas, f);
	for (size_t i = 0; rc && i < ARRAY_SIZE(guesses); i++) {
		e->c.meas_hash = guesses[i];
		rc = spdm_meas_check(&e->c, &e->meas, f);
	}
	return rc;
}

int ccg_evid_measurements(struct evid *e, struct ccg_evid_bytes vca,
			  struct ccg_evid_bytes req, struct ccg_evid_bytes rsp,
			  bool *in_request, struct ccg_evid_fault *f)
{
	struct walk w = { .buf = rsp.p, .len = rsp.len, .f = f };
	struct spdm_meas_req m;
	size_t used;
	int rc;

	*f = (struct ccg_evid_fault) {};
	*in_request = true;
	if (vca.p && !e->c.meas_spec)
		return fault(&w, -EPROTO, "No format of measurements was negotiated",
			     "MeasurementSpecificationSel", 0, 0,
			     SPDM_MEAS_SPEC_DMTF);
	rc = take_request(e, req, &m, f);
	if (rc)
		return rc;
	*in_request = false;
	rc = spdm_check_measurements(&e->c, &m, rsp.p, rsp.len, &e->meas, &used,
				     &f->spdm);
	if (!rc)
		rc = check_values(e, vca.p, &f->spdm);
	if (rc)
		return rc;
	/* The object has no padding: each byte is signed, or the signature. */
	if (used != rsp.len)
		return fault(&w, -EPROTO, "Malformed measurements response",
			     "length of the message", used, rsp.len, used);
	e->what = SPDM_SIGNED_MEASUREMENTS;
	e->slot = m.slot;
	e->vca_signed = e->c.version >= SPDM_VER_12;
	e->signed_part[0] = e->vca_signed ? vca : (struct ccg_evid_bytes) {};
	e->signed_part[1] = req;
	e->signed_part[2] = (struct ccg_evid_bytes) { rsp.p, e->meas.signed_len };
	e->rsp_nonce = e->meas.nonce;
	e->signature = e->meas.signature;
	e->chain_digest = NULL;
	return 0;
}

/* ---- challenge ---- */

static int take_digests(struct walk *w, struct spdm_conn *c)
{
	const struct spdm_header *h;
	size_t need = sizeof(*h), n;
	int rc;

	rc = check_request(w, &get_digests, c->version, need);
	if (rc)
		return rc;
	w->pos += need;
	h = (const void *)at(w);
	if (left(w) >= sizeof(*h)) {
		n = spdm_count_slots(h->param2);
		need += n * c->hash->len + (spdm_multi_key(c) ? 4 * n : 0);
	}
	return check_response(w, spdm_check_digests, c, need);
}

/* Has a GET_CERTIFICATE, or its response, the fields of 32 bits? 1.4. */
static bool is_large(const struct spdm_conn *c, u8 param1)
{
	return c->version >= SPDM_VER_14 && (param1 & SPDM_CERT_LARGE);
}

/* The size of GET_CERTIFICATE, and of CERTIFICATE up to its portion. */
static size_t cert_size(bool large)
{
	return large ? sizeof(struct spdm_certificate_large) :
		       sizeof(struct spdm_certificate);
}

/* Offset of a GET_CERTIFICATE, or PortionLength of its response. */
static u32 cert_offset(const u8 *p, bool large)
{
	const struct spdm_certificate_large *m = (const void *)p;

	return large ? get_unaligned_le32(m->offset) :
		       get_unaligned_le16(m->small.offset);
}

/*
 * Only the lengths of portions matter here: the digest of the chain covers their
 * contents.
 */
static int take_certificate(struct walk *w, const struct spdm_conn *c)
{
	static const char short_rsp[] = "Truncated certificate response";
	static const char bad_rsp[] = "Malformed certificate response";
	const struct spdm_header *h = (const void *)at(w);
	bool large = left(w) >= sizeof(*h) && is_large(c, h->param1);
	size_t size = cert_size(large), portion;
	u8 mask = SPDM_SLOT_MASK, slot;
	int rc;

	rc = check_request(w, &get_certificate, c->version, size);
	if (rc)
		return rc;
	if (c->version >= SPDM_VER_14)
		mask |= SPDM_CERT_LARGE;
	slot = h->param1 & mask;
	w->pos += size;
	h = (const void *)at(w);
	if (left(w) < size)
		return too_short(w, short_rsp, size);
	if (h->version != c->version)
		return fault(w, -EPROTO, bad_rsp, "SPDMVersion", 0,
			     h->version, c->version);
	if (h->code != SPDM_CERTIFICATE)
		return fault(w, -EPROTO, bad_rsp, "RequestResponseCode", 1,
			     h->code, SPDM_CERTIFICATE);
	if ((h->param1 & mask) != slot)
		return fault(w, -EPROTO, bad_rsp, "SlotID", 2, h->param1 & mask,
			     slot);
	portion = cert_offset(at(w), large);
	if (left(w) - size < portion)
		return too_short(w, short_rsp, size + portion);
	w->pos += size + portion;
	return 0;
}

/* Without GET_DIGESTS, CHALLENGE_AUTH has the only digest. */
static void trust_auth(const struct walk *w, struct spdm_conn *c, u8 slot)
{
	const struct spdm_header *h = (const void *)at(w);

	if (c->slots || left(w) < sizeof(*h) + c->hash->len)
		return;
	c->slots = h->param2;
	memcpy(c->digests[slot], h + 1, c->hash->len);
}

static int take_challenge(struct walk *w, struct evid *e)
{
	const struct spdm_challenge_req *m = (const void *)at(w);
	bool context = e->c.version >= SPDM_VER_13;
	size_t need = context ? sizeof(*m) : SPDM_CHALLENGE_LEN_10, used;
	struct spdm_challenge req = {};
	struct spdm_challenge_auth auth;
	bool digests = e->c.slots;
	int rc;

	rc = check_request(w, &challenge, e->c.version, need);
	if (rc)
		return rc;
	req.slot = m->h.param1 & SPDM_SLOT_MASK;
	if (req.slot >= SPDM_SLOTS)
		return fault(w, -EPROTO, challenge.malformed, "SlotID", 2,
			     req.slot, SPDM_SLOTS - 1);
	req.meas_summary = m->h.param2;
	if (context)
		memcpy(req.context, m->context, sizeof(req.context));
	w->pos += need;
	trust_auth(w, &e->c, req.slot);
	w->f->at = w->pos;
	rc = spdm_check_challenge_auth(&e->c, &req, at(w), left(w), &auth, &used,
				       &w->f->spdm);
	if (rc)
		return rc;
	if (used != left(w))
		return fault(w, -EPROTO, "Malformed challenge_auth response",
			     "length of the message", used, left(w), used);
	if (digests && !(e->c.key_usage[req.slot] & SPDM_USE_CHALLENGE))
		return fault(w, -EPROTO, "Key of the slot may not sign challenges",
			     "KeyUsageMask", 0, e->c.key_usage[req.slot],
			     SPDM_USE_CHALLENGE);
	e->slot = req.slot;
	e->req_nonce = m->nonce;
	e->rsp_nonce = auth.nonce;
	e->signature = auth.signature;
	e->chain_digest = auth.chain_digest;
	e->signed_part[1] = (struct ccg_evid_bytes) { w->buf, w->pos };
	e->signed_part[2] = (struct ccg_evid_bytes) { at(w), auth.signed_len };
	return 0;
}

int ccg_evid_challenge(struct evid *e, struct ccg_evid_bytes vca,
		       struct ccg_evid_bytes msgs, struct ccg_evid_fault *f)
{
	struct walk w = { .buf = msgs.p, .len = msgs.len, .f = f };
	int rc = 0;

	*f = (struct ccg_evid_fault) {};
	e->what = SPDM_SIGNED_CHALLENGE;
	e->vca_signed = true;
	e->signed_part[0] = vca;
	e->meas = (struct spdm_measurements) {};
	/* Each turn takes the header of a request or more. */
	while (!rc && left(&w) >= 2 && at(&w)[1] != SPDM_CHALLENGE) {
		if (at(&w)[1] == SPDM_GET_DIGESTS)
			rc = take_digests(&w, &e->c);
		else
			rc = take_certificate(&w, &e->c);
	}
	return rc ? rc : take_challenge(&w, e);
}

bool ccg_evid_portion(const struct evid *e, size_t *pos, struct ccg_evid_bytes *portion,
		      bool *first)
{
	const struct ccg_evid_bytes *b = &e->signed_part[1];
	size_t hdr = sizeof(struct spdm_header);

	if (e->what != SPDM_SIGNED_CHALLENGE)
		return false;
	/* ccg_evid_challenge() has checked all lengths. */
	while (b->len - *pos >= 2 * sizeof(struct spdm_certificate) &&
	       b->p[*pos + 1] != SPDM_CHALLENGE) {
		const u8 *p = b->p + *pos;
		bool large = is_large(&e->c, p[2]);
		size_t size = cert_size(large);

		if (p[1] == SPDM_GET_DIGESTS) {
			size_t n = spdm_count_slots(p[hdr + 3]);

			*pos += 2 * hdr + n * e->c.hash->len +
				(spdm_multi_key(&e->c) ? 4 * n : 0);
			continue;
		}
		*first = !cert_offset(p, large);
		portion->p = p + 2 * size;
		portion->len = cert_offset(p + size, large);
		*pos += 2 * size + portion->len;
		if ((p[2] & SPDM_SLOT_MASK) == e->slot)
			return true;
	}
	return false;
}
