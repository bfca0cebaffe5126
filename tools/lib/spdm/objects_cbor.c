// SPDX-License-Identifier: GPL-2.0-only
/*
 * Evidence as CBOR: spdm-claims of draft-poirier-rats-eat-da-11, section 3.1, as
 * ratsd of the project Veraison makes them too. libcbor encodes the heads.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <cbor.h>

#include <ccguest/evidence.h>

#include "core/ctx.h"
#include "spdm/objects.h"

/* Keys of the claims. */
enum {
	CLAIM_PROFILE = 265,
	CLAIM_MEASUREMENTS = 3802,
	CLAIM_CERTIFICATES = 3803,
	CLAIM_VCA = 3804,
	CLAIM_CHALLENGE = 3807,
};

/* Keys of spdm-measurement, and of spdm-signature. */
enum { MEAS_TYPE = 1, MEAS_DIGEST, MEAS_RAW };
enum {
	SIG_SLOT = 1, SIG_REQ_NONCE, SIG_RSP_NONCE, SIG_PREFIX, SIG_TRANSCRIPT,
	SIG_HASH, SIG_SIGNATURE, SIG_N = SIG_SIGNATURE
};

/* Indices of the claims; DSP0274 reserves the others, and the signature covers them. */
#define BLOCK_MAX	239
/* The longest head of an item. */
#define HEAD_MAX	9

static const char profile[] = "tag:linaro.org,2025:device-spdm#1.0.0";

/**
 * struct out - CBOR that is being written
 * @buf: the bytes
 * @len: their number
 * @size: size of @buf
 * @lost: there was no memory
 */
struct out {
	u8 *buf;
	size_t len;
	size_t size;
	bool lost;
};

static void put(struct out *o, const void *p, size_t len)
{
	size_t size = 2 * (o->len + len);
	u8 *more;

	if (o->lost || !len)
		return;
	if (len > o->size - o->len) {
		more = realloc(o->buf, size);
		if (!more) {
			o->lost = true;
			return;
		}
		o->buf = more;
		o->size = size;
	}
	memcpy(o->buf + o->len, p, len);
	o->len += len;
}

static void put_uint(struct out *o, uint64_t n)
{
	u8 head[HEAD_MAX];

	put(o, head, cbor_encode_uint(n, head, sizeof(head)));
}

static void put_map(struct out *o, size_t n)
{
	u8 head[HEAD_MAX];

	put(o, head, cbor_encode_map_start(n, head, sizeof(head)));
}

static void put_text(struct out *o, const char *text)
{
	size_t len = strlen(text);
	u8 head[HEAD_MAX];

	put(o, head, cbor_encode_string_start(len, head, sizeof(head)));
	put(o, text, len);
}

static void put_head(struct out *o, size_t len)
{
	u8 head[HEAD_MAX];

	put(o, head, cbor_encode_bytestring_start(len, head, sizeof(head)));
}

static void put_bytes(struct out *o, uint64_t key, const void *p, size_t len)
{
	put_uint(o, key);
	put_head(o, len);
	put(o, p, len);
}

/* The names of the IANA registry "Named Information Hash Algorithm". */
static const char *hash_name(const char *alg, char *buf, size_t size)
{
	if (!alg || strncmp(alg, "sha", 3))
		return "unknown";
	if (strchr(alg, '-'))
		return alg;
	snprintf(buf, size, "sha-%s", alg + 3);
	return buf;
}

static void put_measurement(struct out *o, const struct evid *e,
			    const struct spdm_meas_value *v)
{
	u8 head[HEAD_MAX];
	char name[16];

	put_uint(o, v->index);
	put_map(o, 2);
	put_uint(o, MEAS_TYPE);
	put_uint(o, v->type);
	if (v->raw) {
		put_bytes(o, MEAS_RAW, v->value, v->len);
		return;
	}
	put_uint(o, MEAS_DIGEST);
	put(o, head, cbor_encode_array_start(2, head, sizeof(head)));
	put_text(o, hash_name(spdm_meas_hash(&e->c), name, sizeof(name)));
	put_head(o, v->len);
	put(o, v->value, v->len);
}

/* hash-algorithm-type of the draft: the bits of SPDM, and 0 for SHA-256. */
static u32 hash_type(const struct spdm_hash *hash)
{
	return hash->bit == 1 ? 0 : hash->bit;
}

static void put_signature(struct out *o, const struct evid *e)
{
	u8 prefix[SPDM_PREFIX_LEN];
	size_t len = 0;

	spdm_combined_prefix(e->c.version, e->what, prefix);
	for (size_t i = 0; i < ARRAY_SIZE(e->signed_part); i++)
		len += e->signed_part[i].len;
	put_map(o, SIG_N);
	put_uint(o, SIG_SLOT);
	put_uint(o, e->slot);
	put_bytes(o, SIG_REQ_NONCE, e->req_nonce, SPDM_NONCE_LEN);
	put_bytes(o, SIG_RSP_NONCE, e->rsp_nonce, SPDM_NONCE_LEN);
	put_bytes(o, SIG_PREFIX, prefix, sizeof(prefix));
	put_uint(o, SIG_TRANSCRIPT);
	put_head(o, len);
	for (size_t i = 0; i < ARRAY_SIZE(e->signed_part); i++)
		put(o, e->signed_part[i].p, e->signed_part[i].len);
	put_uint(o, SIG_HASH);
	put_uint(o, hash_type(e->c.hash));
	put_bytes(o, SIG_SIGNATURE, e->signature, e->c.asym->sig_len);
}

/* The draft demands the prefix, which signatures have from SPDM 1.2 on. */
static bool has_prefix(const struct evid *e)
{
	return e->c.version >= SPDM_VER_12;
}

/* Measurements in ascending order, as canonical CBOR has them. */
static void put_measurements(struct out *o, const struct evid *e)
{
	struct spdm_meas_value values[BLOCK_MAX + 1] = {}, v;
	struct spdm_meas_walk w = {};
	struct spdm_fault fault;
	size_t n = 0;

	while (!spdm_meas_next(&e->c, &e->meas, &w, &v, &fault)) {
		if (v.index > BLOCK_MAX)
			continue;
		values[v.index] = v;
		n++;
	}
	put_uint(o, CLAIM_MEASUREMENTS);
	put_map(o, n + has_prefix(e));
	for (size_t i = 0; i <= BLOCK_MAX; i++)
		if (values[i].value)
			put_measurement(o, e, &values[i]);
	if (!has_prefix(e))
		return;
	put_text(o, "signature");
	put_signature(o, e);
}

static void put_chains(struct out *o, const struct ccg_objects *from)
{
	size_t n = 0;

	for (int i = 0; i < CCG_SLOTS; i++)
		n += !!from->of[i].data;
	put_uint(o, CLAIM_CERTIFICATES);
	put_map(o, n);
	for (int i = 0; i < CCG_SLOTS; i++)
		if (from->of[i].data)
			put_bytes(o, i, from->of[i].data, from->of[i].len);
}

int ccg_objects_cbor(const struct ccg_objects *o, uint8_t **bufp, size_t *lenp)
{
	const struct ccg_object_bytes *vca = &o->of[CCG_OBJECT_VCA];
	bool measured, challenged;
	struct ccg_parsed p;
	struct out out = {};

	if (ccg_objects_parse(o, &p))
		return ccg_fail(o->ctx, -EBADMSG, CCG_FAILED, "evidence", "%s",
				p.why);
	measured = p.e.what == SPDM_SIGNED_MEASUREMENTS;
	challenged = !measured && has_prefix(&p.e);
	put_map(&out, 2 + measured + !!vca->data + challenged);
	put_uint(&out, CLAIM_PROFILE);
	put_text(&out, profile);
	if (measured)
		put_measurements(&out, &p.e);
	put_chains(&out, o);
	if (vca->data)
		put_bytes(&out, CLAIM_VCA, vca->data, vca->len);
	if (challenged) {
		put_uint(&out, CLAIM_CHALLENGE);
		put_signature(&out, &p.e);
	}
	if (out.lost) {
		free(out.buf);
		return ccg_fail_errno(o->ctx, -ENOMEM, "evidence");
	}
	*bufp = out.buf;
	*lenp = out.len;
	return 0;
}
