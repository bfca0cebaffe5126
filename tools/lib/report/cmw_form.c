// SPDX-License-Identifier: GPL-2.0-only
/*
 * Collections of RATS conceptual messages: the choice between CBOR and JSON.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <json-c/json.h>

#include "core/ctx.h"
#include "core/json.h"
#include "report/cmw.h"

/* ---- reading ---- */

static bool begins_json(const uint8_t *buf, size_t len)
{
	while (len && strchr(" \t\r\n", *buf) && *buf) {
		buf++;
		len--;
	}
	return len && *buf == '{';
}

bool ccg_cmw_is(const uint8_t *buf, size_t len)
{
	return begins_json(buf, len) || (len && *buf >= 0xa0 && *buf <= 0xbf);
}

static int read_json(struct ccg_cmw *c, const char *what, const uint8_t *buf,
		     size_t len, struct cmw_fault *fault)
{
	struct json_object *o;
	int rc = ccg_json_parse(c->ctx, what, buf, len, &o);

	if (rc == -EINVAL) {
		rc = -EBADMSG;
		c->ctx->error.kind = CCG_UNVERIFIED;
		c->ctx->error.code = rc;
		return rc;
	}
	if (!rc)
		rc = ccg_cmw_read_json(c, o, fault);
	json_object_put(o);
	if (rc != -EBADMSG)
		return rc;
	if (!*fault->label)
		return ccg_fail(c->ctx, rc, CCG_UNVERIFIED, what, "%s", fault->why);
	return ccg_fail(c->ctx, rc, CCG_UNVERIFIED, what, "item %s: %s",
			fault->label, fault->why);
}

static int read_cbor(struct ccg_cmw *c, const char *what, const uint8_t *buf,
		     size_t len, struct cmw_fault *fault)
{
	int rc = ccg_cmw_read_cbor(c, buf, len, fault);

	if (rc != -EBADMSG)
		return rc;
	return ccg_fail(c->ctx, rc, CCG_UNVERIFIED, what, "%s, at offset %zu",
			fault->why, fault->offset);
}

int ccg_cmw_parse(struct ccg_ctx *ctx, const char *what, const uint8_t *buf,
		  size_t len, struct ccg_cmw **cp)
{
	struct cmw_fault fault = {};
	int rc;

	*cp = NULL;
	if (len > CCG_CMW_LEN_MAX)
		return ccg_fail(ctx, -EFBIG, CCG_FAILED, what,
				"has more than %u bytes", CCG_CMW_LEN_MAX);
	if (!ccg_cmw_is(buf, len))
		return ccg_fail(ctx, -EBADMSG, CCG_UNVERIFIED, what,
				"is not a collection of RFC 9999 in CBOR or JSON");
	rc = ccg_cmw_new(ctx, NULL, cp);
	if (!rc && begins_json(buf, len))
		rc = read_json(*cp, what, buf, len, &fault);
	else if (!rc)
		rc = read_cbor(*cp, what, buf, len, &fault);
	if (rc == -ENOMEM)
		ccg_fail_errno(ctx, rc, what);
	if (rc) {
		ccg_cmw_free(*cp);
		*cp = NULL;
	}
	return rc;
}

/* ---- writing ---- */

/* Finds what cannot be written; sets @label to the item that is the reason. */
static const char *unwritable(const struct ccg_cmw *c, enum ccg_cmw_form form,
			      const char **label)
{
	const struct ccg_cmw_item *item;
	const char *why = c->n ? NULL : "a collection has at least one item";

	for (size_t i = 0; !why && i < c->n; i++) {
		item = &c->entries[i].item;
		*label = item->label;
		if (form == CCG_CMW_JSON && !item->label)
			why = "a number as label has no form in JSON";
		else if (item->nested)
			why = unwritable(item->nested, form, label);
		else if (form == CCG_CMW_JSON && !item->type)
			why = "a content format has no form in JSON";
	}
	return why;
}

int ccg_cmw_write(const struct ccg_cmw *c, enum ccg_cmw_form form, uint8_t **bufp,
		  size_t *lenp)
{
	struct cbor_out o = {};
	struct ccg_text t = {};
	const char *label = NULL, *why = unwritable(c, form, &label);

	if (why)
		return ccg_cmw_failed(c->ctx, -EINVAL, label, why);
	if (form == CCG_CMW_JSON) {
		ccg_cmw_write_json(c, &t);
		ccg_text_bytes(&t, "\n", 1);
		o = (struct cbor_out) {
			.buf = (uint8_t *)t.buf, .len = t.len, .lost = t.bad
		};
	} else {
		ccg_cmw_write_cbor(c, &o);
	}
	if (o.lost) {
		free(o.buf);
		return ccg_cmw_failed(c->ctx, -ENOMEM, NULL, NULL);
	}
	*bufp = o.buf;
	*lenp = o.len;
	return 0;
}
