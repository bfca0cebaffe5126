// SPDX-License-Identifier: GPL-2.0-only
/*
 * Evidence as CBOR: spdm-claims of draft-poirier-rats-eat-da-11, section 3.1, as
 * ratsd of the project Veraison makes them too.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <ccguest/evidence.h>

#include "core/cbor_out.h"
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

static const char profile[] = "tag:linaro.org,2025:device-spdm#1.0.0";

static void put_pair(struct cbor_out *o, uint64_t key, const void *p, size_t len)
{
	ccg_cbor_put_uint(o, key);
	ccg_cbor_put_bytes(o, p, len);
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

static void put_measurement(struct cbor_out *o, const struct evid *e,
			    const struct spdm_meas_value *v)
{
	char name[16];

	ccg_cbor_put_uint(o, v->index);
	ccg_cbor_put_map(o, 2);
	ccg_cbor_put_uint(o, MEAS_TYPE);
	ccg_cbor_put_uint(o, v->type);
	if (v->raw) {
		put_pair(o, MEAS_RAW, v->value, v->len);
		return;
	}
	ccg_cbor_put_uint(o, MEAS_DIGEST);
	ccg_cbor_put_array(o, 2);
	ccg_cbor_put_text(o, hash_name(spdm_meas_hash(&e->c), name, sizeof(name)));
	ccg_cbor_put_bytes(o, v->value, v->len);
}

/* hash-algorithm-type of the draft: the bits of SPDM, and 0 for SHA-256. */
static u32 hash_type(const struct spdm_hash *hash)
{
	return hash->bit == 1 ? 0 : hash->bit;
}

static void put_signature(struct cbor_out *o, const struct evid *e)
{
	u8 prefix[SPDM_PREFIX_LEN];
	size_t len = 0;

	spdm_combined_prefix(e->c.version, e->what, prefix);
	for (size_t i = 0; i < ARRAY_SIZE(e->signed_part); i++)
		len += e->signed_part[i].len;
	ccg_cbor_put_map(o, SIG_N);
	ccg_cbor_put_uint(o, SIG_SLOT);
	ccg_cbor_put_uint(o, e->slot);
	put_pair(o, SIG_REQ_NONCE, e->req_nonce, SPDM_NONCE_LEN);
	put_pair(o, SIG_RSP_NONCE, e->rsp_nonce, SPDM_NONCE_LEN);
	put_pair(o, SIG_PREFIX, prefix, sizeof(prefix));
	ccg_cbor_put_uint(o, SIG_TRANSCRIPT);
	ccg_cbor_put_bytes_head(o, len);
	for (size_t i = 0; i < ARRAY_SIZE(e->signed_part); i++)
		ccg_cbor_put(o, e->signed_part[i].p, e->signed_part[i].len);
	ccg_cbor_put_uint(o, SIG_HASH);
	ccg_cbor_put_uint(o, hash_type(e->c.hash));
	put_pair(o, SIG_SIGNATURE, e->signature, e->c.asym->sig_len);
}

/* The draft demands the prefix, which signatures have from SPDM 1.2 on. */
static bool has_prefix(const struct evid *e)
{
	return e->c.version >= SPDM_VER_12;
}

/* Measurements in ascending order, as canonical CBOR has them. */
static void put_measurements(struct cbor_out *o, const struct evid *e)
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
	ccg_cbor_put_uint(o, CLAIM_MEASUREMENTS);
	ccg_cbor_put_map(o, n + has_prefix(e));
	for (size_t i = 0; i <= BLOCK_MAX; i++)
		if (values[i].value)
			put_measurement(o, e, &values[i]);
	if (!has_prefix(e))
		return;
	ccg_cbor_put_text(o, "signature");
	put_signature(o, e);
}

static void put_chains(struct cbor_out *o, const struct ccg_objects *from)
{
	size_t n = 0;

	for (int i = 0; i < CCG_SLOTS; i++)
		n += !!from->of[i].data;
	ccg_cbor_put_uint(o, CLAIM_CERTIFICATES);
	ccg_cbor_put_map(o, n);
	for (int i = 0; i < CCG_SLOTS; i++)
		if (from->of[i].data)
			put_pair(o, i, from->of[i].data, from->of[i].len);
}

int ccg_objects_cbor(const struct ccg_objects *o, uint8_t **bufp, size_t *lenp)
{
	const struct ccg_object_bytes *vca = &o->of[CCG_OBJECT_VCA];
	bool measured, challenged;
	struct ccg_parsed p;
	struct cbor_out out = {};

	if (ccg_objects_parse(o, &p))
		return ccg_fail(o->ctx, -EBADMSG, CCG_FAILED, "evidence", "%s",
				p.why);
	measured = p.e.what == SPDM_SIGNED_MEASUREMENTS;
	challenged = !measured && has_prefix(&p.e);
	ccg_cbor_put_map(&out, 2 + measured + !!vca->data + challenged);
	ccg_cbor_put_uint(&out, CLAIM_PROFILE);
	ccg_cbor_put_text(&out, profile);
	if (measured)
		put_measurements(&out, &p.e);
	put_chains(&out, o);
	if (vca->data)
		put_pair(&out, CLAIM_VCA, vca->data, vca->len);
	if (challenged) {
		ccg_cbor_put_uint(&out, CLAIM_CHALLENGE);
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
