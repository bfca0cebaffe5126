// SPDX-License-Identifier: GPL-2.0-only
/*
 * spdm FILE...: replays recorded conversations between other implementations.
 * lib/ must build the same requests, accept the responses, and rebuild each
 * transcript so that the signature verifies. Then flips one bit at a time in
 * the signed bytes and in the signatures: each flip must be refused. TAP on
 * stdout.
 *
 * The files have DOE payloads in hexadecimal. A payload is on the line after
 * "NN > NAME ...", or on the same line after "NN > ". "<" marks a response.
 */
#include <stdlib.h>

#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/rsa.h>
#include <openssl/x509.h>

#include "../../lib/spdm_large.h"
#include "../../lib/spdm_meas.h"
#include "../../lib/spdm_transcript.h"
#include "../../lib/x509_check.h"
#include "../../lib/x509_name.h"
#include "../lib/tap.h"

#define MSGS_MAX	1000
#define CHAIN_MAX	0x10000
/* One of so many flips is verified with the key, which is slow. */
#define SAMPLE		499

struct msg {
	u8 *data;	/* replayed bytes; one bit may be flipped */
	u8 *orig;
	size_t len;	/* padding included */
	size_t used;	/* without padding; set by a good replay */
	bool pending;	/* in the current transcript */
	bool covered;	/* by a signature; set by a good replay */
	bool large;	/* reassembled from the chunks before it */
};

struct signature {
	struct spdm_tbs tbs;
	u8 sig[SPDM_SIG_MAX];
	const struct spdm_conn *c;
};

struct replay {
	struct msg *msgs;
	size_t n;
	struct spdm_conn c;
	struct spdm_transcript t;
	struct evp_md_ctx_st *md[SPDM_N_HASH_CTX];
	struct spdm_fault fault;
	u8 chain[SPDM_SLOTS][CHAIN_MAX];
	size_t chain_len[SPDM_SLOTS];
	struct spdm_challenge challenge;
	struct spdm_meas_req meas;
	struct spdm_cert_req cert;
	u32 chain_total[SPDM_SLOTS];
	size_t n_vca;	/* number of messages in part A */
	bool m1, l1;	/* the current transcript */
	/* Signatures of the good replay, to compare flipped replays with. */
	struct signature sigs[8];
	size_t n_sigs;
	size_t n_values;	/* measurements in the good replay */
	EVP_PKEY *key;
	bool flipped;
	bool verify;
	size_t at;	/* message at fault */
};

/* Reading ------------------------------------------------------------------- */

static size_t unhex(const char *hex, u8 *out)
{
	size_t n = 0;
	unsigned int byte;

	while (sscanf(hex + 2 * n, "%2x", &byte) == 1 && hex[2 * n + 1] > ' ')
		out[n++] = byte;
	return n;
}

static void add_msg(struct replay *r, const u8 *data, size_t len, bool large)
{
	struct msg *m = &r->msgs[r->n++];

	if (r->n > MSGS_MAX)
		abort();
	*m = (struct msg) { .len = len, .large = large };
	m->data = malloc(len ? len : 1);
	m->orig = malloc(len ? len : 1);
	if (!m->data || !m->orig)
		abort();
	memcpy(m->data, data, len);
	memcpy(m->orig, data, len);
}

/* Returns false if the file cannot be opened, or has no message. */
static bool read_file(struct replay *r, const char *name)
{
	static char line[0x40000];
	static u8 data[0x20000];
	FILE *f = fopen(name, "r");
	bool next = false;
	const char *hex;

	if (!f)
		return false;
	while (fgets(line, sizeof(line), f)) {
		hex = line;
		if (line[0] == '#') {
			hex = strstr(line, "reassembled");
			hex = hex ? strstr(hex, "): ") : NULL;
			if (hex)
				add_msg(r, data, unhex(hex + 3, data), true);
			continue;
		}
		if (!next) {
			hex = strpbrk(line, "<>");
			if (!hex || strstr(line, "DOE_DISCOVERY")) {
				next = false;
				/* skip its payload of four bytes, too */
				if (hex && !fgets(line, sizeof(line), f))
					break;
				continue;
			}
			hex += 2;
			next = strchr(hex, ' ');
			if (next)
				continue;
		}
		next = false;
		add_msg(r, data, unhex(hex, data), false);
	}
	fclose(f);
	return r->n;
}

/* Cryptography -------------------------------------------------------------- */

static int md_init(void *ctx, enum spdm_hash_ctx which,
		   const struct spdm_hash *alg)
{
	struct replay *r = ctx;

	return EVP_DigestInit_ex(r->md[which], EVP_get_digestbyname(alg->alg),
				 NULL) == 1 ? 0 : -EIO;
}

static int md_update(void *ctx, enum spdm_hash_ctx which, const u8 *data,
		     size_t len)
{
	struct replay *r = ctx;

	return EVP_DigestUpdate(r->md[which], data, len) == 1 ? 0 : -EIO;
}

static int md_final(void *ctx, enum spdm_hash_ctx which, u8 *digest)
{
	struct replay *r = ctx;

	return EVP_DigestFinal_ex(r->md[which], digest, NULL) == 1 ? 0 : -EIO;
}

static const struct spdm_hash_ops md_ops = { md_init, md_update, md_final };

/* Convert r and s to DER, the form of OpenSSL. */
static int ecdsa_der(const u8 *sig, size_t len, u8 **der)
{
	ECDSA_SIG *s = ECDSA_SIG_new();
	int n;

	*der = NULL;
	ECDSA_SIG_set0(s, BN_bin2bn(sig, len / 2, NULL),
		       BN_bin2bn(sig + len / 2, len / 2, NULL));
	n = i2d_ECDSA_SIG(s, der);
	ECDSA_SIG_free(s);
	return n;
}

static bool verify(EVP_PKEY *key, const struct spdm_conn *c,
		   const struct spdm_tbs *tbs, const u8 *sig)
{
	EVP_PKEY_CTX *ctx = EVP_PKEY_CTX_new(key, NULL);
	size_t len = c->asym->sig_len;
	u8 *der = NULL;
	bool good;

	good = EVP_PKEY_verify_init(ctx) == 1 &&
	       EVP_PKEY_CTX_set_signature_md(ctx,
					     EVP_get_digestbyname(c->hash->alg)) == 1;
	if (good && c->asym->kind == SPDM_RSAPSS)
		good = EVP_PKEY_CTX_set_rsa_padding(ctx, RSA_PKCS1_PSS_PADDING) == 1 &&
		       EVP_PKEY_CTX_set_rsa_pss_saltlen(ctx, RSA_PSS_SALTLEN_DIGEST) == 1;
	if (c->asym->kind == SPDM_ECDSA) {
		len = ecdsa_der(sig, len, &der);
		sig = der;
	}
	good = good && EVP_PKEY_verify(ctx, sig, len, tbs->data, tbs->len) == 1;
	OPENSSL_free(der);
	EVP_PKEY_CTX_free(ctx);
	return good;
}

/* Get the key of the last certificate of a slot's chain. */
static EVP_PKEY *leaf_key(struct replay *r, u8 slot)
{
	struct spdm_chain chain;
	const u8 *cert = NULL;
	size_t pos = 0, len = 0;
	EVP_PKEY *key;
	X509 *x509;

	if (spdm_chain_split(&r->c, r->chain[slot], r->chain_len[slot], &chain,
			     &r->fault))
		return NULL;
	while (!spdm_chain_next(&chain, &pos, &cert, &len, &r->fault))
		;
	x509 = d2i_X509(NULL, &cert, len);
	key = X509_get_pubkey(x509);
	X509_free(x509);
	return key;
}

/* Replaying ----------------------------------------------------------------- */

/*
 * Check a signature. The good replay verifies and stores it. In a flipped
 * replay the digest or the signature must differ from the stored one, and must
 * not verify. If the digest differs, only every SAMPLEth replay verifies.
 */
static int signature(struct replay *r, u8 slot, enum spdm_signed what,
		     const u8 *sig)
{
	struct signature *s = &r->sigs[r->n_sigs++];
	size_t len = r->c.asym->sig_len;
	struct spdm_tbs tbs;
	bool same_tbs;

	if (r->n_sigs > ARRAY_SIZE(r->sigs) ||
	    spdm_transcript_final(&r->t, &r->c, what, &tbs))
		abort();
	if (!r->flipped) {
		for (size_t i = 0; i < r->n; i++)
			r->msgs[i].covered |= r->msgs[i].pending;
		EVP_PKEY_free(r->key);
		r->key = leaf_key(r, slot);
		s->tbs = tbs;
		memcpy(s->sig, sig, len);
		return r->key && verify(r->key, &r->c, &tbs, sig) ? 0 : -EKEYREJECTED;
	}
	same_tbs = !memcmp(s->tbs.data, tbs.data, tbs.len);
	if (same_tbs && !memcmp(s->sig, sig, len))
		return 0;
	if ((!r->verify && !same_tbs) || !verify(r->key, &r->c, &tbs, sig))
		return -EKEYREJECTED;
	return 0;
}

/* Start M1 or L1 with part A only; L1 has part A from 1.2 on. */
static void begin(struct replay *r, bool m1)
{
	bool with_a = m1 || r->c.version >= SPDM_VER_12;

	if (m1)
		spdm_m1_begin(&r->t, &r->c);
	else
		spdm_l1_begin(&r->t, &r->c);
	r->m1 = m1;
	r->l1 = !m1;
	for (size_t i = 0; i < r->n; i++)
		r->msgs[i].pending = with_a && i < r->n_vca;
}

static void cover(struct replay *r, size_t i, size_t used)
{
	struct msg *m = &r->msgs[i];

	m->pending = true;
	spdm_transcript_add(&r->t, m->data, used);
}

static int same(const struct msg *m, const u8 *built, int len)
{
	return len > 0 && (size_t)len <= m->len &&
	       m->len - len < SPDM_PAD && !memcmp(m->orig, built, len) ? len : -EILSEQ;
}

static void take_offer(struct replay *r, const u8 *q, size_t len)
{
	struct spdm_offer *o = &r->c.offer;

	if (q[1] == SPDM_GET_CAPABILITIES && len >= 12) {
		o->ct_exponent = q[5];
		o->flags = get_unaligned_le32(q + 8);
		if (len >= 20) {
			o->data_transfer_size = get_unaligned_le32(q + 12);
			o->max_msg_size = get_unaligned_le32(q + 16);
		}
	}
	if (q[1] == SPDM_NEGOTIATE_ALGORITHMS) {
		o->meas_spec = q[6];
		o->other_params = q[7];
		o->asym = get_unaligned_le32(q + 8);
		o->pqc_asym = get_unaligned_le32(q + 16);
		o->hash = get_unaligned_le32(q + 12);
		o->mel_spec = q[31];
		for (size_t i = 32; i + 4 <= len; i += 4)
			o->alg[q[i] - SPDM_ALG_TYPE_FIRST] =
				get_unaligned_le16(q + i + 2);
	}
}

/* Build a request with the fields of the recorded one, and compare them. */
static int request(struct replay *r, size_t i)
{
	struct msg *m = &r->msgs[i];
	const u8 *q = m->orig;
	bool large = m->len == 16;
	u8 buf[SPDM_REQUEST_MAX];
	int len;

	take_offer(r, q, m->len);
	switch (q[1]) {
	case SPDM_GET_VERSION:
		spdm_vca_begin(&r->t);
		return same(m, buf, spdm_build_get_version(buf, sizeof(buf)));
	case SPDM_GET_CAPABILITIES:
		/* spdm_check_version() has chosen the version of its header. */
		return same(m, buf, spdm_build_get_capabilities(&r->c, buf, sizeof(buf)));
	case SPDM_NEGOTIATE_ALGORITHMS:
		return same(m, buf, spdm_build_negotiate(&r->c, buf, sizeof(buf)));
	case SPDM_GET_DIGESTS:
		return same(m, buf, spdm_build_get_digests(&r->c, buf, sizeof(buf)));
	case SPDM_GET_CERTIFICATE:
		r->cert.slot = q[2] & SPDM_SLOT_MASK;
		r->cert.offset = large ? get_unaligned_le32(q + 8) : get_unaligned_le16(q + 4);
		r->cert.length = large ? get_unaligned_le32(q + 12) : get_unaligned_le16(q + 6);
		r->cert.total = r->chain_total[r->cert.slot];
		return same(m, buf, spdm_build_get_certificate(&r->c, &r->cert, buf, sizeof(buf)));
	case SPDM_CHALLENGE:
		r->challenge.slot = q[2];
		r->challenge.meas_summary = q[3];
		memcpy(r->challenge.nonce, q + 4, SPDM_NONCE_LEN);
		if (r->c.version >= SPDM_VER_13)
			memcpy(r->challenge.context, q + 36, SPDM_CONTEXT_LEN);
		return same(m, buf, spdm_build_challenge(&r->c, &r->challenge, buf, sizeof(buf)));
	case SPDM_GET_MEASUREMENTS:
		r->meas = (struct spdm_meas_req) { .attributes = q[2], .operation = q[3] };
		len = 4;
		if (q[2] & SPDM_MEAS_SIGNATURE) {
			memcpy(r->meas.nonce, q + 4, SPDM_NONCE_LEN);
			len += SPDM_NONCE_LEN;
			if (r->c.version >= SPDM_VER_11)
				r->meas.slot = q[len++];
		}
		if (r->c.version >= SPDM_VER_13)
			memcpy(r->meas.context, q + len, SPDM_CONTEXT_LEN);
		return same(m, buf, spdm_build_get_measurements(&r->c, &r->meas, buf, sizeof(buf)));
	case SPDM_CHUNK_GET:
		return same(m, buf, spdm_build_chunk_get(&r->c, q[3], get_unaligned_le16(q + 4),
							 buf, sizeof(buf)));
	}
	return m->len;
}

/* Check issuers and constraints from the first certificate to the last. */
static int walk_chain(const struct spdm_chain *chain)
{
	struct x509_fault fault;
	struct x509_cert up = {}, cert;
	size_t pos = 0, len;
	struct spdm_fault f;
	const u8 *der;
	int rc = 0;

	while (!rc && !spdm_chain_next(chain, &pos, &der, &len, &f)) {
		rc = x509_walk(der, len, &cert, &fault);
		if (!rc && up.raw && !x509_issued_by(&cert, &up))
			rc = -EKEYREJECTED;
		if (!rc && pos < chain->certs_len)
			rc = x509_check_ca(&cert, 0, &fault);
		else if (!rc)
			rc = x509_check_leaf(&cert, false, &fault);
		up = cert;
	}
	return rc;
}

/* Check the digest and RootHash of a complete chain. */
static int whole_chain(struct replay *r, u8 slot)
{
	struct spdm_chain chain;
	u8 digest[SPDM_HASH_MAX];
	size_t pos = 0, len;
	const u8 *cert;
	int rc;

	r->chain_len[slot] = r->chain_total[slot];
	spdm_digest(&r->t, &r->c, r->chain[slot], r->chain_len[slot], digest);
	if (memcmp(digest, r->c.digests[slot], r->c.hash->len))
		return -EBADMSG;
	rc = spdm_chain_split(&r->c, r->chain[slot], r->chain_len[slot], &chain, &r->fault);
	if (rc)
		return rc;
	spdm_chain_next(&chain, &pos, &cert, &len, &r->fault);
	spdm_digest(&r->t, &r->c, cert, len, digest);
	if (memcmp(digest, chain.root_hash, r->c.hash->len))
		return -EBADMSG;
	return r->flipped ? 0 : walk_chain(&chain);
}

static int portion(struct replay *r, const struct spdm_portion *p)
{
	u8 slot = r->cert.slot;

	if (p->len > CHAIN_MAX - r->cert.offset)
		return -EMSGSIZE;
	if (!r->cert.offset)
		r->chain_total[slot] = p->len + p->remainder;
	memcpy(r->chain[slot] + r->cert.offset, p->data, p->len);
	return p->remainder ? 0 : whole_chain(r, slot);
}

/* Read the measurements of the good replay. Each block has one. */
static int values(struct replay *r, const struct spdm_measurements *meas)
{
	struct spdm_meas_walk w = {};
	struct spdm_meas_value v;
	size_t n = 0;
	int rc;

	if (r->flipped)
		return 0;
	for (;;) {
		rc = spdm_meas_next(&r->c, meas, &w, &v, &r->fault);
		if (rc)
			break;
		if (!spdm_meas_type(v.type))
			return -EILSEQ;
		n++;
	}
	r->n_values += n;
	return rc == -ENODATA && n == meas->blocks ? 0 : -EBADMSG;
}

static int signed_messages(struct replay *r, size_t q, size_t a, bool challenge)
{
	struct msg *m = &r->msgs[a];
	struct spdm_challenge_auth auth = {};
	struct spdm_measurements meas = {};
	int rc;

	if (challenge) {
		rc = spdm_check_challenge_auth(&r->c, &r->challenge, m->data, m->len,
					       &auth, &m->used, &r->fault);
		if (rc)
			return rc;
		if (!r->m1)
			begin(r, true);
		cover(r, q, r->msgs[q].used);
		cover(r, a, auth.signed_len);
		r->m1 = false;
		return signature(r, r->challenge.slot, SPDM_SIGNED_CHALLENGE,
				 auth.signature);
	}

	rc = spdm_check_measurements(&r->c, &r->meas, m->data, m->len, &meas, &m->used, &r->fault);
	if (!rc)
		rc = values(r, &meas);
	if (rc)
		return rc;
	if (!r->l1)
		begin(r, false);
	cover(r, q, r->msgs[q].used);
	cover(r, a, meas.signed_len);
	if (!meas.signature)
		return 0;
	r->l1 = false;
	return signature(r, r->meas.slot, SPDM_SIGNED_MEASUREMENTS,
			 meas.signature);
}

/* Check response @a to request @q; returns -ENOMSG for an ERROR. */
static int response(struct replay *r, size_t q, size_t a)
{
	struct msg *m = &r->msgs[a];
	u8 code = r->msgs[q].orig[1];
	struct spdm_portion p;
	int rc = -ENOMSG;

	switch (code) {
	case SPDM_GET_VERSION:
		rc = spdm_check_version(&r->c, m->data, m->len, &m->used, &r->fault);
		break;
	case SPDM_GET_CAPABILITIES:
		rc = spdm_check_capabilities(&r->c, m->data, m->len, &m->used, &r->fault);
		break;
	case SPDM_NEGOTIATE_ALGORITHMS:
		rc = spdm_check_algorithms(&r->c, m->data, m->len, &m->used, &r->fault);
		break;
	case SPDM_GET_DIGESTS:
		rc = spdm_check_digests(&r->c, m->data, m->len, &m->used, &r->fault);
		break;
	case SPDM_GET_CERTIFICATE:
		rc = spdm_check_certificate(&r->c, &r->cert, m->data, m->len, &p,
					    &m->used, &r->fault);
		if (!rc)
			rc = portion(r, &p);
		break;
	case SPDM_CHALLENGE:
	case SPDM_GET_MEASUREMENTS:
		rc = signed_messages(r, q, a, code == SPDM_CHALLENGE);
		return rc && r->fault.error ? -ENOMSG : rc;
	}
	if (rc)
		return r->fault.error ? -ENOMSG : rc;

	if (code == SPDM_GET_VERSION || code == SPDM_GET_CAPABILITIES ||
	    code == SPDM_NEGOTIATE_ALGORITHMS) {
		r->n_vca = a + 1;
		spdm_vca_add(&r->t, r->msgs[q].data, r->msgs[q].used);
		spdm_vca_add(&r->t, m->data, m->used);
		return 0;
	}
	if (!r->m1)
		begin(r, true);
	cover(r, q, r->msgs[q].used);
	cover(r, a, m->used);
	return 0;
}

/*
 * Check that the chunks of a large response are equal to the reassembled
 * response in the file. *@i is the ERROR LargeResponse, and is set to the
 * reassembled response.
 */
static int chunks(struct replay *r, size_t *i)
{
	const struct msg *m = &r->msgs[*i];
	static u8 whole[2 * CHAIN_MAX];
	struct spdm_large l;
	int rc;

	if (!spdm_has_chunks(&r->c))
		return -EILSEQ;
	rc = spdm_large_begin(&l, &r->c, r->msgs[*i - 1].orig[1], m->orig, m->len,
			      &r->fault);
	for (++*i; !rc && *i + 1 < r->n && !r->msgs[*i].large; *i += 2) {
		m = &r->msgs[*i + 1];
		if (request(r, *i) < 0)
			return -EILSEQ;
		if (spdm_large_at(&l) > CHAIN_MAX || m->len > CHAIN_MAX)
			return -EMSGSIZE;
		memcpy(whole + spdm_large_at(&l), m->orig, m->len);
		rc = spdm_large_add(&l, &r->c, whole, m->len, &r->fault);
	}
	if (rc < 0)
		return rc;
	m = &r->msgs[*i];
	return rc && m->large && l.len == m->len && !memcmp(whole, m->orig, l.len) ?
	       0 : -EILSEQ;
}

/* Get the negotiated version, which GET_CAPABILITIES in the file has. */
static u8 version_of(const struct replay *r)
{
	for (size_t i = 0; i < r->n; i++)
		if (r->msgs[i].orig[1] == SPDM_GET_CAPABILITIES)
			return r->msgs[i].orig[0];
	return 0;
}

/* Returns 0, or the negative errno with which a message is refused. */
static int replay(struct replay *r)
{
	r->c = (struct spdm_conn) { .version = SPDM_VER_10 };
	r->c.offer.min_version = SPDM_VER_10;
	r->c.offer.max_version = version_of(r);
	r->t.ops = &md_ops;
	r->t.ctx = r;
	r->m1 = false;
	r->l1 = false;
	r->n_sigs = 0;
	r->n_values = 0;

	for (size_t i = 0; i + 1 < r->n; i++) {
		size_t q = i++;
		int rc;

		r->at = q;
		rc = request(r, q);
		if (rc < 0)
			return rc;
		r->msgs[q].used = rc;
		r->at = i;
		r->fault = (struct spdm_fault) {};
		if (r->msgs[i].data[1] == SPDM_ERROR &&
		    r->msgs[i].data[2] == SPDM_ERR_LARGE_RESPONSE) {
			rc = chunks(r, &i);
			if (rc)
				return rc;
		}
		rc = response(r, q, i);
		/* ERRORs are not in a transcript; they end a flipped replay. */
		if (rc == -ENOMSG && !r->flipped) {
			r->msgs[i].used = 0;
			continue;
		}
		if (rc)
			return rc;
	}
	return 0;
}

/* Flip each bit of each signed message; returns the number of acceptances. */
static size_t flip(struct replay *r, size_t *count)
{
	size_t accepted = 0;

	*count = 0;
	r->flipped = true;
	for (size_t i = 0; i < r->n; i++) {
		struct msg *m = &r->msgs[i];

		for (size_t bit = 0; m->covered && bit < 8 * m->used; bit++) {
			m->data[bit / 8] ^= 1 << bit % 8;
			r->verify = *count % SAMPLE == 0;
			accepted += !replay(r);
			m->data[bit / 8] ^= 1 << bit % 8;
			++*count;
		}
	}
	return accepted;
}

static void run(const char *file)
{
	struct replay *r = calloc(1, sizeof(*r));
	const char *name = strrchr(file, '/');
	size_t flips = 0, accepted, sigs;
	int rc;

	name = name ? name + 1 : file;
	r->msgs = calloc(MSGS_MAX, sizeof(*r->msgs));
	for (size_t i = 0; i < SPDM_N_HASH_CTX; i++)
		r->md[i] = EVP_MD_CTX_new();

	ok(read_file(r, file), "%s: %zu messages", name, r->n);
	rc = replay(r);
	sigs = r->n_sigs;
	ok(!rc, "%s: accepted, %zu signatures verify, %zu measurements", name,
	   sigs, r->n_values);
	if (rc)
		printf("# message %zu: %d: %s: %s is %#x, not %#x\n", r->at, rc,
		       r->fault.what ? r->fault.what : "", r->fault.field ? r->fault.field : "",
		       r->fault.value, r->fault.limit);
	if (!rc && sigs) {
		accepted = flip(r, &flips);
		ok(!accepted, "%s: one of %zu bits flipped: %zu not refused",
		   name, flips, accepted);
	}

	for (size_t i = 0; i < r->n; i++) {
		free(r->msgs[i].data);
		free(r->msgs[i].orig);
	}
	for (size_t i = 0; i < SPDM_N_HASH_CTX; i++)
		EVP_MD_CTX_free(r->md[i]);
	EVP_PKEY_free(r->key);
	free(r->msgs);
	free(r);
}

int main(int argc, char **argv)
{
	for (int i = 1; i < argc; i++)
		run(argv[i]);
	return tap_done();
}
