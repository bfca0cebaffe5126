// SPDX-License-Identifier: GPL-2.0-only
/*
 * Reference values as CoRIM and CoMID in CBOR; draft-ietf-rats-corim-11, sections 4
 * and 5. Keys of maps are in ascending order, as deterministic encoding has them.
 */
#include <stdlib.h>
#include <string.h>

#include <ccguest/text.h>

#include "report/endorse.h"

enum {
	TAG_URI = 32,
	TAG_OID = 111,
	TAG_CORIM = 501,
	TAG_COMID = 506,
	TAG_BYTES = 560,
};

/* corim-map */
enum { CORIM_ID, CORIM_TAGS, CORIM_PROFILE = 3, CORIM_ENTITIES = 5 };
/* concise-mid-tag, and tag-identity-map */
enum { COMID_IDENTITY = 1, COMID_ENTITIES, COMID_TRIPLES = 4 };
enum { IDENTITY_ID, IDENTITY_VERSION };
/* entity-map */
enum { ENTITY_NAME, ENTITY_REGID, ENTITY_ROLE };
/* triples-map, environment-map, class-map */
enum { TRIPLES_REFERENCE };
enum { ENV_CLASS, ENV_INSTANCE };
enum { CLASS_ID };
/* measurement-map, measurement-values-map */
enum { MEAS_MKEY, MEAS_MVAL };
enum { MVAL_DIGESTS = 2, MVAL_RAW = 4 };

static void put_tagged(struct cbor_out *o, unsigned int tag, const uint8_t *p, size_t len)
{
	ccg_cbor_put_tag(o, tag);
	ccg_cbor_put_bytes(o, p, len);
}

static void put_uri(struct cbor_out *o, const char *uri)
{
	ccg_cbor_put_tag(o, TAG_URI);
	ccg_cbor_put_text(o, uri);
}

static void put_id(struct cbor_out *o, const struct endorse_id *id)
{
	if (id->text)
		ccg_cbor_put_text(o, id->text);
	else
		ccg_cbor_put_bytes(o, id->uuid, UUID_LEN);
}

/* The contents of an OID by RFC 9090: BER without type and length. */
static void put_oid(struct cbor_out *o, const char *text)
{
	uint8_t ber[64], groups[10];
	uint64_t first, arc = 0;
	size_t n = 0, k;

	/* The OIDs are constants: they are not malformed. */
	ccg_parse_number(text, 10, 2, &first, &text);
	ccg_parse_number(text + 1, 10, UINT32_MAX, &arc, &text);
	arc += 40 * first;
	for (;;) {
		k = 0;
		do {
			groups[k++] = arc & 0x7f;
			arc >>= 7;
		} while (arc);
		while (k--)
			ber[n++] = groups[k] | (k ? 0x80 : 0);
		if (*text != '.' || n > sizeof(ber) - sizeof(groups))
			break;
		ccg_parse_number(text + 1, 10, UINT32_MAX, &arc, &text);
	}
	put_tagged(o, TAG_OID, ber, n);
}

static void put_entities(const struct endorse_model *m, unsigned int role,
			 struct cbor_out *o)
{
	ccg_cbor_put_array(o, 1);
	ccg_cbor_put_map(o, 2 + !!m->e->regid);
	ccg_cbor_put_uint(o, ENTITY_NAME);
	ccg_cbor_put_text(o, m->e->creator);
	if (m->e->regid) {
		ccg_cbor_put_uint(o, ENTITY_REGID);
		put_uri(o, m->e->regid);
	}
	ccg_cbor_put_uint(o, ENTITY_ROLE);
	ccg_cbor_put_array(o, 1);
	ccg_cbor_put_uint(o, role);
}

static void put_env(const struct endorse_model *m, const struct endorse_env *env,
		    struct cbor_out *o)
{
	const struct ccg_measured *v = m->e->m;

	ccg_cbor_put_map(o, 1 + env->instance);
	ccg_cbor_put_uint(o, ENV_CLASS);
	ccg_cbor_put_map(o, 1);
	ccg_cbor_put_uint(o, CLASS_ID);
	if (env->oid)
		put_oid(o, env->oid);
	else
		put_tagged(o, TAG_BYTES, v->initial, v->len);
	if (!env->instance)
		return;
	ccg_cbor_put_uint(o, ENV_INSTANCE);
	put_tagged(o, TAG_BYTES, v->initial, v->len);
}

static void put_value(const struct endorse_model *m, const struct endorse_value *v,
		      struct cbor_out *o)
{
	ccg_cbor_put_map(o, 2);
	ccg_cbor_put_uint(o, MEAS_MKEY);
	if (v->name)
		ccg_cbor_put_text(o, v->name);
	else
		ccg_cbor_put_uint(o, v->number);
	ccg_cbor_put_uint(o, MEAS_MVAL);
	ccg_cbor_put_map(o, 1);
	if (v->raw) {
		ccg_cbor_put_uint(o, MVAL_RAW);
		put_tagged(o, TAG_BYTES, v->p, v->len);
		return;
	}
	ccg_cbor_put_uint(o, MVAL_DIGESTS);
	ccg_cbor_put_array(o, 1);
	ccg_cbor_put_array(o, 2);
	ccg_cbor_put_uint(o, m->alg);
	ccg_cbor_put_bytes(o, v->p, v->len);
}

static void put_triples(const struct endorse_model *m, struct cbor_out *o)
{
	ccg_cbor_put_map(o, 1);
	ccg_cbor_put_uint(o, TRIPLES_REFERENCE);
	ccg_cbor_put_array(o, m->n_envs);
	for (size_t i = 0; i < m->n_envs; i++) {
		ccg_cbor_put_array(o, 2);
		put_env(m, &m->envs[i], o);
		ccg_cbor_put_array(o, m->n);
		for (size_t k = 0; k < m->n; k++)
			put_value(m, &m->values[k], o);
	}
}

void ccg_endorse_put_contents(const struct endorse_model *m, struct cbor_out *o)
{
	put_uri(o, m->uri);
	if (m->e->creator)
		put_entities(m, ROLE_TAG_CREATOR, o);
	put_triples(m, o);
}

void ccg_endorse_put_comid(const struct endorse_model *m, struct cbor_out *o)
{
	ccg_cbor_put_map(o, 2 + !!m->e->creator);
	ccg_cbor_put_uint(o, COMID_IDENTITY);
	ccg_cbor_put_map(o, 1 + !!m->e->tag_version);
	ccg_cbor_put_uint(o, IDENTITY_ID);
	put_id(o, &m->tag_id);
	if (m->e->tag_version) {
		ccg_cbor_put_uint(o, IDENTITY_VERSION);
		ccg_cbor_put_uint(o, m->e->tag_version);
	}
	if (m->e->creator) {
		ccg_cbor_put_uint(o, COMID_ENTITIES);
		put_entities(m, ROLE_TAG_CREATOR, o);
	}
	ccg_cbor_put_uint(o, COMID_TRIPLES);
	put_triples(m, o);
}

void ccg_endorse_put_tag(const struct endorse_model *m, struct cbor_out *o)
{
	struct cbor_out comid = {};

	ccg_endorse_put_comid(m, &comid);
	put_tagged(o, TAG_COMID, comid.buf, comid.len);
	o->lost |= comid.lost;
	free(comid.buf);
}

void ccg_endorse_put_corim(const struct endorse_model *m, struct cbor_out *o)
{
	ccg_cbor_put_tag(o, TAG_CORIM);
	ccg_cbor_put_map(o, 3 + !!m->e->creator);
	ccg_cbor_put_uint(o, CORIM_ID);
	put_id(o, &m->id);
	ccg_cbor_put_uint(o, CORIM_TAGS);
	ccg_cbor_put_array(o, 1);
	ccg_endorse_put_tag(m, o);
	ccg_cbor_put_uint(o, CORIM_PROFILE);
	put_uri(o, m->uri);
	if (!m->e->creator)
		return;
	ccg_cbor_put_uint(o, CORIM_ENTITIES);
	put_entities(m, ROLE_MANIFEST_CREATOR, o);
}
