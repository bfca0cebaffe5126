// SPDX-License-Identifier: GPL-2.0-only
/*
 * Reports of configfs-tsm as application/vnd.veraison.tsm-report+cbor and +json, as
 * ratsd of the project Veraison makes them too.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <json-c/json.h>

#include "cca/cbor.h"
#include "core/ctx.h"
#include "core/json.h"
#include "report/cmw.h"

/* The members, in the order in which they are written. */
enum { AUXBLOB, OUTBLOB, PROVIDER, MANIFESTBLOB, SERVICE_PROVIDER, N_MEMBERS };

static const struct {
	const char *name;
	bool text;
} members[N_MEMBERS] = {
	[AUXBLOB] = { .name = "auxblob" },
	[OUTBLOB] = { .name = "outblob" },
	[PROVIDER] = { .name = "provider", .text = true },
	[MANIFESTBLOB] = { .name = "manifestblob" },
	[SERVICE_PROVIDER] = { .name = "service_provider", .text = true },
};

/**
 * struct parsed - a report, and the memory that it points to
 * @r: the report, first
 * @buf: the values of the members, each followed by a NUL
 * @len: their lengths
 */
struct parsed {
	struct ccg_tsm_report r;
	uint8_t *buf[N_MEMBERS];
	size_t len[N_MEMBERS];
};

static int refuse(struct ccg_ctx *ctx, const char *what, const char *member,
		  const char *why)
{
	return ccg_fail(ctx, -EBADMSG, CCG_UNVERIFIED, what,
			"is not a report of configfs-tsm: %s%s%s", member,
			*member ? ": " : "", why);
}

static int member_of(const char *name, size_t len)
{
	for (int i = 0; i < N_MEMBERS; i++)
		if (len == strlen(members[i].name) && !memcmp(name, members[i].name, len))
			return i;
	return -1;
}

static void take(struct parsed *p, int i, uint8_t *buf, size_t len)
{
	buf[len] = '\0';
	p->buf[i] = buf;
	p->len[i] = len;
}

/* What is the same in both serializations. */
static const char *check(const struct parsed *p, int *i)
{
	for (*i = 0; *i < N_MEMBERS; ++*i)
		if (p->buf[*i] && (!p->len[*i] || (members[*i].text &&
						   memchr(p->buf[*i], 0, p->len[*i]))))
			return "is empty, or has a NUL";
	*i = OUTBLOB;
	if (!p->buf[OUTBLOB])
		return "is missing";
	*i = PROVIDER;
	if (!p->buf[PROVIDER])
		return "is missing";
	*i = MANIFESTBLOB;
	return p->buf[MANIFESTBLOB] && !p->buf[SERVICE_PROVIDER] ?
	       "there is no service_provider" : NULL;
}

static struct ccg_bytes bytes(const struct parsed *p, int i)
{
	return (struct ccg_bytes) { p->buf[i], p->len[i] };
}

static int finish(struct ccg_ctx *ctx, const char *what, struct parsed *p)
{
	const char *why;
	int i;

	why = check(p, &i);
	if (why)
		return refuse(ctx, what, members[i].name, why);
	p->r.provider = (char *)p->buf[PROVIDER];
	p->r.service_provider = (char *)p->buf[SERVICE_PROVIDER];
	p->r.outblob = bytes(p, OUTBLOB);
	p->r.auxblob = bytes(p, AUXBLOB);
	p->r.manifestblob = bytes(p, MANIFESTBLOB);
	return 0;
}

/* ---- JSON ---- */

static int json_member(struct ccg_ctx *ctx, const char *what, struct parsed *p, int i,
		       struct json_object *val)
{
	uint8_t *buf = NULL;
	size_t len;
	int rc;

	if (!json_object_is_type(val, json_type_string))
		return refuse(ctx, what, members[i].name, "is not a string");
	if (members[i].text) {
		len = json_object_get_string_len(val);
		buf = malloc(len + 1);
		if (!buf)
			return ccg_fail_errno(ctx, -ENOMEM, what);
		memcpy(buf, json_object_get_string(val), len);
	} else {
		/* The buffer has room for a NUL. */
		rc = ccg_json_bytes(val, &buf, &len);
		if (rc == -ENOMEM)
			return ccg_fail_errno(ctx, rc, what);
		if (rc)
			return refuse(ctx, what, members[i].name,
				      "is not base64url without padding");
	}
	take(p, i, buf, len);
	return 0;
}

static int parse_json(struct ccg_ctx *ctx, const char *what, const uint8_t *buf,
		      size_t len, struct parsed *p)
{
	struct json_object *o;
	int rc = ccg_json_parse(ctx, what, buf, len, &o), i;

	if (rc == -EINVAL) {
		rc = -EBADMSG;
		ctx->error.kind = CCG_UNVERIFIED;
		ctx->error.code = rc;
	}
	if (rc)
		return rc;
	if (!json_object_is_type(o, json_type_object)) {
		rc = refuse(ctx, what, "", "not a JSON object");
		goto out;
	}
	json_object_object_foreach(o, name, val) {
		i = member_of(name, strlen(name));
		if (i < 0)
			rc = refuse(ctx, what, name, "is not a member");
		else
			rc = json_member(ctx, what, p, i, val);
		if (rc)
			goto out;
	}
out:
	json_object_put(o);
	return rc;
}

/* ---- CBOR ---- */

static int cbor_fault(struct ccg_ctx *ctx, const char *what, const struct cbor *c,
		      const uint8_t *buf)
{
	return ccg_fail(ctx, -EBADMSG, CCG_UNVERIFIED, what,
			"is not a report of configfs-tsm: the item at offset %zu %s",
			(size_t)(c->fault->at - buf), c->fault->what);
}

static int cbor_member(struct ccg_ctx *ctx, const char *what, struct cbor *c,
		       const uint8_t *all, struct parsed *p)
{
	struct cbor name, val;
	uint8_t *buf;
	int i;

	if (!ccg_cbor_string(c, CBOR_TEXT, &name))
		return cbor_fault(ctx, what, c, all);
	i = member_of((const char *)name.p, name.left);
	if (i < 0)
		return refuse(ctx, what, "", "there is an unknown member");
	if (p->buf[i])
		return refuse(ctx, what, members[i].name, "is there twice");
	if (!ccg_cbor_string(c, members[i].text ? CBOR_TEXT : CBOR_BYTES, &val))
		return cbor_fault(ctx, what, c, all);
	buf = malloc(val.left + 1);
	if (!buf)
		return ccg_fail_errno(ctx, -ENOMEM, what);
	memcpy(buf, val.p, val.left);
	take(p, i, buf, val.left);
	return 0;
}

static int parse_cbor(struct ccg_ctx *ctx, const char *what, const uint8_t *buf,
		      size_t len, struct parsed *p)
{
	struct cbor_fault fault = {};
	struct cbor c = { buf, len, &fault };
	struct cbor_item head;
	int rc;

	if (!ccg_cbor_next(&c, &head))
		return cbor_fault(ctx, what, &c, buf);
	if (head.major != CBOR_MAP)
		return refuse(ctx, what, "", "not a map");
	for (; head.val; head.val--) {
		rc = cbor_member(ctx, what, &c, buf, p);
		if (rc)
			return rc;
	}
	return ccg_cbor_end(&c) ? 0 : cbor_fault(ctx, what, &c, buf);
}

int ccg_tsm_report_parse(struct ccg_ctx *ctx, const char *what, enum ccg_cmw_form form,
			 const uint8_t *buf, size_t len, struct ccg_tsm_report **rp)
{
	struct parsed *p;
	int rc;

	*rp = NULL;
	if (len > CCG_CMW_LEN_MAX)
		return ccg_fail(ctx, -EFBIG, CCG_FAILED, what, "has more than %u bytes",
				CCG_CMW_LEN_MAX);
	p = calloc(1, sizeof(*p));
	if (!p)
		return ccg_fail_errno(ctx, -ENOMEM, what);
	rc = form == CCG_CMW_JSON ? parse_json(ctx, what, buf, len, p) :
	     parse_cbor(ctx, what, buf, len, p);
	if (!rc)
		rc = finish(ctx, what, p);
	if (rc)
		ccg_tsm_report_free(&p->r);
	else
		*rp = &p->r;
	return rc;
}

void ccg_tsm_report_free(struct ccg_tsm_report *r)
{
	struct parsed *p = (struct parsed *)r;

	if (!p)
		return;
	for (int i = 0; i < N_MEMBERS; i++)
		free(p->buf[i]);
	free(p);
}

/* ---- writing ---- */

static struct ccg_bytes value_of(const struct ccg_tsm_report *r, int i)
{
	const char *text = i == PROVIDER ? r->provider : r->service_provider;

	if (i == AUXBLOB)
		return r->auxblob;
	if (i == OUTBLOB)
		return r->outblob;
	if (i == MANIFESTBLOB)
		return r->manifestblob;
	return (struct ccg_bytes) { (const uint8_t *)text, text ? strlen(text) : 0 };
}

static void write_cbor(const struct ccg_tsm_report *r, struct cbor_out *o)
{
	struct ccg_bytes val;
	size_t n = 0;

	for (int i = 0; i < N_MEMBERS; i++)
		n += !!value_of(r, i).len;
	ccg_cbor_put_map(o, n);
	for (int i = 0; i < N_MEMBERS; i++) {
		val = value_of(r, i);
		if (!val.len)
			continue;
		ccg_cbor_put_text(o, members[i].name);
		if (members[i].text)
			ccg_cbor_put_text(o, (const char *)val.p);
		else
			ccg_cbor_put_bytes(o, val.p, val.len);
	}
}

static void write_json(const struct ccg_tsm_report *r, struct ccg_text *t)
{
	const char *comma = "";
	struct ccg_bytes val;

	ccg_text_put(t, "{");
	for (int i = 0; i < N_MEMBERS; i++) {
		val = value_of(r, i);
		if (!val.len)
			continue;
		ccg_text_put(t, "%s\"%s\":", comma, members[i].name);
		comma = ",";
		if (members[i].text)
			ccg_json_put_text(t, (const char *)val.p);
		else
			ccg_json_put_base64url(t, val.p, val.len);
	}
	ccg_text_put(t, "}");
}

int ccg_tsm_report_write(struct ccg_ctx *ctx, const struct ccg_tsm_report *r,
			 enum ccg_cmw_form form, uint8_t **bufp, size_t *lenp)
{
	struct cbor_out o = {};
	struct ccg_text t = {};

	if (!r->outblob.len || !r->provider || !*r->provider ||
	    (r->manifestblob.len && !r->service_provider))
		return ccg_fail(ctx, -EINVAL, CCG_FAILED, "report of configfs-tsm",
				"lacks a report, a provider, or the service of a manifest");
	if (form == CCG_CMW_JSON) {
		write_json(r, &t);
		o = (struct cbor_out) {
			.buf = (uint8_t *)t.buf, .len = t.len, .lost = t.bad
		};
	} else {
		write_cbor(r, &o);
	}
	if (o.lost) {
		free(o.buf);
		return ccg_fail_errno(ctx, -ENOMEM, "report of configfs-tsm");
	}
	*bufp = o.buf;
	*lenp = o.len;
	return 0;
}
