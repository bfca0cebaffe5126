// SPDX-License-Identifier: GPL-2.0-only
/*
 * Collections of RATS conceptual messages in CBOR; RFC 9999, section 3.
 */
#include <errno.h>
#include <string.h>

#include "cca/cbor.h"
#include "report/cmw.h"

/*
 * TN() of RFC 9277, appendix B: the tag of a Content-Format. Tags whose low byte is
 * 0xff are left out.
 */
#define TN_FIRST	1668546817U
#define TN_LAST		1668612095U

static uint64_t tag_of_format(uint16_t format)
{
	return TN_FIRST + format / 255 * 256 + format % 255;
}

static bool format_of_tag(uint64_t tag, uint16_t *format)
{
	uint64_t n = tag - TN_FIRST;

	if (tag < TN_FIRST || tag > TN_LAST || n % 256 == 255)
		return false;
	n = n / 256 * 255 + n % 256;
	*format = n;
	return n <= UINT16_MAX;
}

/* ---- reading ---- */

static int refuse(struct cbor *r, const u8 *at, const char *what)
{
	if (!r->fault->what) {
		r->fault->at = at;
		r->fault->what = what;
	}
	return -EBADMSG;
}

/* Turns a refusal of cmw.c into a fault of the bytes. */
static int judged(struct cbor *r, const u8 *at, int rc, const char *why)
{
	return rc == -EINVAL || rc == -E2BIG ? refuse(r, at, why) : rc;
}

/* Copies a text, which must not have a NUL. */
static int take_text(struct cbor *r, const u8 *at, const struct cbor_item *item,
		     char *text)
{
	if (item->val > CCG_CMW_TEXT_MAX)
		return refuse(r, at, "a text is too long");
	if (item->val && memchr(item->data, 0, item->val))
		return refuse(r, at, "a text has a NUL");
	if (item->val)
		memcpy(text, item->data, item->val);
	text[item->val] = '\0';
	return 0;
}

static int read_value(struct cbor *r, struct ccg_cmw_item *item)
{
	struct cbor value;

	if (!ccg_cbor_string(r, CBOR_BYTES, &value))
		return -EBADMSG;
	item->value = value.p;
	item->len = value.left;
	return 0;
}

static int read_record(struct cbor *r, u64 n, struct ccg_cmw_item *item, char *type)
{
	const u8 *at = r->p;
	struct cbor_item head;
	int rc = 0;

	if (n != 2 && n != 3)
		return refuse(r, at, "a record has neither two nor three members");
	if (!ccg_cbor_next(r, &head))
		return -EBADMSG;
	if (head.major == CBOR_TEXT) {
		rc = take_text(r, at, &head, type);
		item->type = type;
	} else if (head.major == CBOR_UINT && head.val <= UINT16_MAX) {
		item->format = head.val;
	} else {
		return refuse(r, at, "a type is neither a text nor a content format");
	}
	if (!rc)
		rc = read_value(r, item);
	if (rc || n == 2)
		return rc;
	at = r->p;
	if (!ccg_cbor_next(r, &head))
		return -EBADMSG;
	if (head.major != CBOR_UINT || !head.val || head.val > UINT32_MAX)
		return refuse(r, at, "an indicator is not a number from 1 to 2^32 - 1");
	item->ind = head.val;
	return 0;
}

static int read_pairs(struct ccg_cmw *c, struct cbor *r, u64 n);

/* Reads the item behind @label. */
static int read_item(struct ccg_cmw *c, struct cbor *r, const struct ccg_cmw_item *label,
		     const u8 *label_at)
{
	struct ccg_cmw_item item = *label;
	char type[CCG_CMW_TEXT_MAX + 1];
	const char *why = NULL;
	struct ccg_cmw *nested;
	const u8 *at = r->p;
	struct cbor_item head;
	int rc;

	if (!ccg_cbor_next(r, &head))
		return -EBADMSG;
	if (head.major == CBOR_MAP) {
		rc = ccg_cmw_put_nested(c, label, &nested, &why);
		rc = judged(r, label_at, rc, why);
		return rc ? rc : read_pairs(nested, r, head.val);
	}
	if (head.major == CBOR_ARRAY) {
		rc = read_record(r, head.val, &item, type);
	} else if (head.major == CBOR_TAG && format_of_tag(head.val, &item.format)) {
		item.tagged = true;
		rc = read_value(r, &item);
	} else {
		return refuse(r, at,
			      "an item is neither a record, a collection nor a tag of a format");
	}
	if (rc)
		return rc;
	rc = ccg_cmw_put(c, &item, &why);
	return judged(r, label_at, rc, why);
}

static int read_type(struct ccg_cmw *c, struct cbor *r)
{
	char type[CCG_CMW_TEXT_MAX + 1];
	const char *why = NULL;
	const u8 *at = r->p;
	struct cbor_item head;
	int rc;

	if (!ccg_cbor_next(r, &head))
		return -EBADMSG;
	if (head.major != CBOR_TEXT)
		return refuse(r, at, "the type of the collection is not a text");
	rc = take_text(r, at, &head, type);
	if (rc)
		return rc;
	rc = ccg_cmw_set_type(c, type, &why);
	return judged(r, at, rc, why);
}

static int read_pair(struct ccg_cmw *c, struct cbor *r)
{
	char label[CCG_CMW_TEXT_MAX + 1];
	struct ccg_cmw_item item = {};
	const u8 *at = r->p;
	struct cbor_item head;
	int rc;

	if (!ccg_cbor_next(r, &head))
		return -EBADMSG;
	if (head.major == CBOR_TEXT) {
		rc = take_text(r, at, &head, label);
		if (rc)
			return rc;
		if (!strcmp(label, CMW_TYPE_LABEL))
			return read_type(c, r);
		item.label = label;
	} else if ((head.major == CBOR_UINT || head.major == CBOR_NEGATIVE) &&
		   head.val <= INT64_MAX) {
		item.number = head.major == CBOR_UINT ? (s64)head.val :
			      -1 - (s64)head.val;
	} else {
		return refuse(r, at, "a label is neither a text nor a number of 64 bits");
	}
	return read_item(c, r, &item, at);
}

static int read_pairs(struct ccg_cmw *c, struct cbor *r, u64 n)
{
	const u8 *at = r->p;
	int rc;

	/* Each pair takes two bytes or more: the loop ends with the input. */
	for (; n; n--) {
		rc = read_pair(c, r);
		if (rc)
			return rc;
	}
	return c->n ? 0 : refuse(r, at, "a collection is empty");
}

int ccg_cmw_read_cbor(struct ccg_cmw *c, const uint8_t *buf, size_t len,
		      struct cmw_fault *fault)
{
	struct cbor_fault f = {};
	struct cbor r = { buf, len, &f };
	struct cbor_item head;
	int rc = -EBADMSG;

	if (!ccg_cbor_next(&r, &head))
		goto out;
	if (head.major != CBOR_MAP) {
		refuse(&r, buf, "is not a map");
		goto out;
	}
	rc = read_pairs(c, &r, head.val);
	if (!rc && !ccg_cbor_end(&r))
		rc = -EBADMSG;
out:
	if (rc == -EBADMSG) {
		fault->offset = f.at - buf;
		fault->why = f.what;
	}
	return rc;
}

/* ---- writing ---- */

static void put_label(struct cbor_out *o, const struct ccg_cmw_item *item)
{
	if (item->label)
		ccg_cbor_put_text(o, item->label);
	else
		ccg_cbor_put_int(o, item->number);
}

static void put_record(struct cbor_out *o, const struct ccg_cmw_item *item)
{
	if (item->tagged) {
		ccg_cbor_put_tag(o, tag_of_format(item->format));
		ccg_cbor_put_bytes(o, item->value, item->len);
		return;
	}
	ccg_cbor_put_array(o, 2 + !!item->ind);
	if (item->type)
		ccg_cbor_put_text(o, item->type);
	else
		ccg_cbor_put_uint(o, item->format);
	ccg_cbor_put_bytes(o, item->value, item->len);
	if (item->ind)
		ccg_cbor_put_uint(o, item->ind);
}

void ccg_cmw_write_cbor(const struct ccg_cmw *c, struct cbor_out *o)
{
	ccg_cbor_put_map(o, c->n + !!c->type);
	if (c->type) {
		ccg_cbor_put_text(o, CMW_TYPE_LABEL);
		ccg_cbor_put_text(o, c->type);
	}
	for (size_t i = 0; i < c->n; i++) {
		put_label(o, &c->entries[i].item);
		if (c->entries[i].item.nested)
			ccg_cmw_write_cbor(c->entries[i].item.nested, o);
		else
			put_record(o, &c->entries[i].item);
	}
}
