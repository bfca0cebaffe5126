// SPDX-License-Identifier: GPL-2.0-only
/*
 * Reference values of guests: which values a profile of CoRIM takes, and where.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <openssl/evp.h>

#include <ccguest/text.h>

#include "core/ctx.h"
#include "report/cmw.h"
#include "report/endorse.h"

/* Measured elements of SEV-SNP: MEASUREMENT of the attestation report. */
#define SNP_MEASUREMENT	641
/* Classes of SEV-SNP: the chip signs with its own key, or with the provider's. */
#define SNP_BY_CHIP	"1.3.6.1.4.1.3704.3.1"
#define SNP_BY_CSP	"1.3.6.1.4.1.3704.3.2"
#define SNP_LEN		48

static const char *const uris[] = {
	[CCG_ENDORSE_REALM] = "tag:arm.com,2025:cca_realm#1.0.0",
	[CCG_ENDORSE_SNP_2024] = "tag:amd.com,2024:snp-corim-profile",
	[CCG_ENDORSE_SNP_2025] = "tag:amd.com,2025:snp-corim-profile",
};

const char *ccg_endorse_uri(enum ccg_endorse_profile profile)
{
	return profile < ARRAY_SIZE(uris) ? uris[profile] : NULL;
}

/* Algorithms of the IANA registry "Named Information Hash Algorithm". */
static unsigned int alg_of_len(size_t len)
{
	if (len == 32)
		return 1;
	if (len == 48)
		return 7;
	return len == 64 ? 8 : 0;
}

static void add(struct endorse_model *m, const char *name, uint64_t number, bool raw,
		const uint8_t *p, size_t len)
{
	m->values[m->n++] = (struct endorse_value) { name, number, raw, p, len };
}

static const char *take_realm(struct endorse_model *m)
{
	static const char *const rems[] = { "cca.rem0", "cca.rem1", "cca.rem2", "cca.rem3" };
	const struct ccg_measured *v = m->e->m;

	m->envs[m->n_envs++] = (struct endorse_env) { NULL, false };
	add(m, "cca.rim", 0, false, v->initial, v->len);
	for (size_t i = 0; i < ARRAY_SIZE(rems); i++)
		if (v->has_rem & 1U << i)
			add(m, rems[i], 0, false, v->rem[i], v->len);
	if (m->e->rpv)
		add(m, "cca.rpv", 0, true, m->e->rpv, CCG_ENDORSE_RPV_LEN);
	return NULL;
}

/* Which key signs is not known before the start: one environment for each. */
static const char *take_snp(struct endorse_model *m)
{
	bool instance = m->e->profile == CCG_ENDORSE_SNP_2024;

	if (m->e->m->len != SNP_LEN)
		return "a launch digest of SEV-SNP has 48 bytes";
	if (m->e->m->has_rem || m->e->rpv)
		return "SEV-SNP has neither REMs nor a personalization value";
	m->envs[m->n_envs++] = (struct endorse_env) { SNP_BY_CHIP, instance };
	m->envs[m->n_envs++] = (struct endorse_env) { SNP_BY_CSP, instance };
	add(m, NULL, SNP_MEASUREMENT, false, m->e->m->initial, SNP_LEN);
	return NULL;
}

/* ---- identifiers ---- */

static bool is_hex(const char *text, size_t n)
{
	return strspn(text, "0123456789abcdefABCDEF") >= n;
}

/* Reads the text of a UUID, by RFC 9562. */
static bool parse_uuid(const char *text, uint8_t *uuid)
{
	static const uint8_t groups[] = { 8, 4, 4, 4, 12 };
	char hex[2 * UUID_LEN + 1];
	size_t n = 0, len;

	if (strlen(text) != UUID_TEXT - 1)
		return false;
	for (size_t i = 0; i < ARRAY_SIZE(groups); i++) {
		if (!is_hex(text, groups[i]))
			return false;
		memcpy(hex + n, text, groups[i]);
		n += groups[i];
		text += groups[i];
		if (*text && *text++ != '-')
			return false;
	}
	hex[n] = '\0';
	return !ccg_unhex(hex, uuid, UUID_LEN, &len);
}

/* A UUID of version 8 from a hash of the contents: the same values have the same. */
static int derive(const struct endorse_model *m, const char *what, uint8_t *uuid)
{
	struct cbor_out o = {};
	uint8_t hash[32];
	int rc = -ENOMEM;

	ccg_cbor_put_text(&o, what);
	ccg_endorse_put_contents(m, &o);
	if (!o.lost && EVP_Digest(o.buf, o.len, hash, NULL, EVP_sha256(), NULL)) {
		memcpy(uuid, hash, UUID_LEN);
		uuid[6] = 0x80 | (uuid[6] & 0x0f);
		uuid[8] = 0x80 | (uuid[8] & 0x3f);
		rc = 0;
	}
	free(o.buf);
	return rc;
}

static int take_id(const struct endorse_model *m, const char *given, const char *what,
		   struct endorse_id *id)
{
	if (!given)
		return derive(m, what, id->uuid);
	if (!parse_uuid(given, id->uuid))
		id->text = given;
	return 0;
}

static const char *text_fault(const char *text)
{
	if (!text)
		return NULL;
	if (!*text || strlen(text) > CCG_CMW_TEXT_MAX)
		return "is empty, or longer than 255 bytes";
	return ccg_is_utf8(text) ? NULL : "is not UTF-8";
}

/* ---- writing ---- */

static int refuse(struct ccg_ctx *ctx, const char *what, const char *why)
{
	return ccg_fail(ctx, -EINVAL, CCG_FAILED, what, "%s", why);
}

static int check_texts(struct ccg_ctx *ctx, const struct ccg_endorse *e)
{
	const struct { const char *name, *text; } texts[] = {
		{ "identifier of the CoRIM", e->id },
		{ "identifier of the CoMID", e->tag_id },
		{ "name of the creator", e->creator },
		{ "identifier of the creator", e->regid },
	};
	const char *why;

	for (size_t i = 0; i < ARRAY_SIZE(texts); i++) {
		why = text_fault(texts[i].text);
		if (why)
			return refuse(ctx, texts[i].name, why);
	}
	if (e->regid && !e->creator)
		return refuse(ctx, e->regid, "needs the name of the creator");
	if (e->regid && !ccg_is_uri(e->regid))
		return refuse(ctx, e->regid, "is not an absolute URI");
	return 0;
}

static int make_model(struct ccg_ctx *ctx, const struct ccg_endorse *e,
		      struct endorse_model *m)
{
	const char *why;
	int rc = check_texts(ctx, e);

	if (rc)
		return rc;
	*m = (struct endorse_model) {
		.e = e, .uri = ccg_endorse_uri(e->profile), .alg = alg_of_len(e->m->len),
	};
	if (!m->uri || !m->alg)
		return refuse(ctx, "reference values", "unknown profile or hash algorithm");
	why = e->profile == CCG_ENDORSE_REALM ? take_realm(m) : take_snp(m);
	if (why)
		return refuse(ctx, m->uri, why);
	rc = take_id(m, e->id, "corim", &m->id);
	if (!rc)
		rc = take_id(m, e->tag_id, "comid", &m->tag_id);
	return rc ? ccg_fail_errno(ctx, rc, "reference values") : 0;
}

static void write_json(const struct endorse_model *m, enum ccg_endorse_form form,
		       struct cbor_out *o)
{
	struct ccg_text t = {};

	if (form == CCG_ENDORSE_CORIM_JSON) {
		ccg_endorse_put_tag(m, o);
		ccg_endorse_json_corim(m, o, &t);
	} else {
		ccg_endorse_json_comid(m, &t);
	}
	ccg_text_bytes(&t, "\n", 1);
	free(o->buf);
	*o = (struct cbor_out) {
		.buf = (uint8_t *)t.buf, .len = t.len, .lost = o->lost || t.bad
	};
}

int ccg_endorse_write(struct ccg_ctx *ctx, const struct ccg_endorse *e,
		      enum ccg_endorse_form form, uint8_t **bufp, size_t *lenp)
{
	struct endorse_model m;
	struct cbor_out o = {};
	int rc = make_model(ctx, e, &m);

	if (rc)
		return rc;
	if (form == CCG_ENDORSE_CORIM)
		ccg_endorse_put_corim(&m, &o);
	else if (form == CCG_ENDORSE_COMID)
		ccg_endorse_put_comid(&m, &o);
	else
		write_json(&m, form, &o);
	if (o.lost) {
		free(o.buf);
		return ccg_fail_errno(ctx, -ENOMEM, "reference values");
	}
	*bufp = o.buf;
	*lenp = o.len;
	return 0;
}
