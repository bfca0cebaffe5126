// SPDX-License-Identifier: GPL-2.0-only
/*
 * Reference values in JSON, as the Go package corim of the project Veraison and its
 * command cocli read them.
 */
#include <stdlib.h>
#include <string.h>

#include <ccguest/text.h>

#include "report/cmw.h"
#include "report/endorse.h"

static void put_base64(struct ccg_text *t, const uint8_t *p, size_t len)
{
	char *text = malloc(CCG_BASE64_TEXT(len));

	if (!text) {
		t->bad = true;
		return;
	}
	ccg_base64(p, len, text);
	ccg_text_put(t, "\"%s\"", text);
	free(text);
}

static void put_bytes(struct ccg_text *t, const uint8_t *p, size_t len)
{
	ccg_text_put(t, "{\"type\":\"bytes\",\"value\":");
	put_base64(t, p, len);
	ccg_text_put(t, "}");
}

static void put_id(struct ccg_text *t, const struct endorse_id *id)
{
	char hex[2 * UUID_LEN + 1];

	if (id->text) {
		ccg_json_put_text(t, id->text);
		return;
	}
	ccg_hex(id->uuid, UUID_LEN, hex);
	ccg_text_put(t, "\"%.8s-%.4s-%.4s-%.4s-%s\"", hex, hex + 8, hex + 12, hex + 16,
		     hex + 20);
}

static void put_entities(const struct endorse_model *m, const char *role,
			 struct ccg_text *t)
{
	if (!m->e->creator)
		return;
	ccg_text_put(t, ",\"entities\":[{\"name\":");
	ccg_json_put_text(t, m->e->creator);
	if (m->e->regid) {
		ccg_text_put(t, ",\"regid\":");
		ccg_json_put_text(t, m->e->regid);
	}
	ccg_text_put(t, ",\"roles\":[\"%s\"]}]", role);
}

static void put_env(const struct endorse_model *m, const struct endorse_env *env,
		    struct ccg_text *t)
{
	const struct ccg_measured *v = m->e->m;

	ccg_text_put(t, "{\"class\":{\"id\":");
	if (env->oid)
		ccg_text_put(t, "{\"type\":\"oid\",\"value\":\"%s\"}", env->oid);
	else
		put_bytes(t, v->initial, v->len);
	ccg_text_put(t, "}");
	if (env->instance) {
		ccg_text_put(t, ",\"instance\":");
		put_bytes(t, v->initial, v->len);
	}
	ccg_text_put(t, "}");
}

static void put_value(const struct endorse_model *m, const struct endorse_value *v,
		      struct ccg_text *t)
{
	if (v->name)
		ccg_text_put(t, "{\"key\":{\"type\":\"string\",\"value\":\"%s\"}", v->name);
	else
		ccg_text_put(t, "{\"key\":{\"type\":\"uint\",\"value\":%ju}",
			     (uintmax_t)v->number);
	if (v->raw) {
		ccg_text_put(t, ",\"value\":{\"raw-value\":");
		put_bytes(t, v->p, v->len);
	} else {
		ccg_text_put(t, ",\"value\":{\"digests\":[[%u,", m->alg);
		ccg_json_put_base64url(t, v->p, v->len);
		ccg_text_put(t, "]]");
	}
	ccg_text_put(t, "}}");
}

void ccg_endorse_json_comid(const struct endorse_model *m, struct ccg_text *t)
{
	ccg_text_put(t, "{\"tag-identity\":{\"id\":");
	put_id(t, &m->tag_id);
	ccg_text_put(t, ",\"version\":%u}", m->e->tag_version);
	put_entities(m, "tagCreator", t);
	ccg_text_put(t, ",\"triples\":{\"reference-values\":[");
	for (size_t i = 0; i < m->n_envs; i++) {
		ccg_text_put(t, "%s{\"environment\":", i ? "," : "");
		put_env(m, &m->envs[i], t);
		ccg_text_put(t, ",\"measurements\":[");
		for (size_t k = 0; k < m->n; k++) {
			ccg_text_put(t, "%s", k ? "," : "");
			put_value(m, &m->values[k], t);
		}
		ccg_text_put(t, "]}");
	}
	ccg_text_put(t, "]}}");
}

void ccg_endorse_json_corim(const struct endorse_model *m, const struct cbor_out *comid,
			    struct ccg_text *t)
{
	ccg_text_put(t, "{\"corim-id\":");
	put_id(t, &m->id);
	ccg_text_put(t, ",\"tags\":[");
	put_base64(t, comid->buf, comid->len);
	ccg_text_put(t, "],\"profile\":{\"type\":\"uri\",\"value\":\"%s\"}", m->uri);
	put_entities(m, "manifestCreator", t);
	ccg_text_put(t, "}");
}
