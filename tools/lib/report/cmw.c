// SPDX-License-Identifier: GPL-2.0-only
/*
 * Collections of RATS conceptual messages; RFC 9999.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "core/ctx.h"
#include "report/cmw.h"

/* ---- what a collection may have ---- */

static size_t continuation(uint8_t first)
{
	if (first < 0x80)
		return 0;
	if (first >= 0xc2 && first < 0xe0)
		return 1;
	if (first >= 0xe0 && first < 0xf0)
		return 2;
	return first >= 0xf0 && first < 0xf5 ? 3 : SIZE_MAX;
}

/* The shortest forms, no surrogates, up to U+10FFFF. */
bool ccg_is_utf8(const char *text)
{
	const uint8_t *p = (const uint8_t *)text;
	size_t n;

	while (*p) {
		n = continuation(*p);
		if (n > 3 || (*p == 0xe0 && p[1] < 0xa0) || (*p == 0xed && p[1] > 0x9f) ||
		    (*p == 0xf0 && p[1] < 0x90) || (*p == 0xf4 && p[1] > 0x8f))
			return false;
		for (p++; n; n--)
			if ((*p++ & 0xc0) != 0x80)
				return false;
	}
	return true;
}

static bool is_blank(const char *text)
{
	return !text[strspn(text, " \t\r\n")];
}

static bool is_printable(const char *text)
{
	for (; *text; text++)
		if (*text < ' ' || *text > '~')
			return false;
	return true;
}

#define ALPHA	"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
#define DIGIT	"0123456789"

/* RFC 9193: names of type and subtype, and parameters, which are not parsed. */
static bool is_media_type(const char *type)
{
	static const char name[] = ALPHA DIGIT "!#$&-^_.+";
	size_t n = strspn(type, name), sub;

	if (!n || type[n] != '/' || !is_printable(type))
		return false;
	type += n + 1;
	sub = strspn(type, name);
	type += sub;
	type += strspn(type, " ");
	return sub && (!*type || *type == ';');
}

/* RFC 3986, 4.3, without parsing what follows the scheme. */
bool ccg_is_uri(const char *type)
{
	size_t n = strspn(type, ALPHA DIGIT "+-.");

	return n && strchr(ALPHA, *type) && type[n] == ':' && type[n + 1] &&
	       is_printable(type) && !strchr(type, ' ');
}

/* RFC 9999, 3.3: ([0-2])((\.0)|(\.[1-9][0-9]*))* */
static bool is_oid(const char *type)
{
	if (*type < '0' || *type > '2')
		return false;
	for (type++; *type == '.'; type += strspn(type, DIGIT)) {
		type++;
		if (*type < '0' || *type > '9')
			return false;
		if (*type == '0' && type[1] >= '0' && type[1] <= '9')
			return false;
	}
	return !*type;
}

static const char *label_fault(const struct ccg_cmw_item *item)
{
	if (!item->label)
		return NULL;
	if (strlen(item->label) > CCG_CMW_TEXT_MAX)
		return "the label is too long";
	if (is_blank(item->label))
		return "the label is empty";
	if (!strcmp(item->label, CMW_TYPE_LABEL))
		return "the label is reserved for the type of the collection";
	return ccg_is_utf8(item->label) ? NULL : "the label is not UTF-8";
}

static const char *record_fault(const struct ccg_cmw_item *item)
{
	if (item->type && strlen(item->type) > CCG_CMW_TEXT_MAX)
		return "the media type is too long";
	if (item->type && !is_media_type(item->type))
		return "the type is not a media type";
	if (item->tagged && (item->type || item->ind))
		return "a tag has a content format only";
	return item->len ? NULL : "the value is empty";
}

static bool same_label(const struct ccg_cmw_item *a, const struct ccg_cmw_item *b)
{
	if (!a->label || !b->label)
		return !a->label && !b->label && a->number == b->number;
	return !strcmp(a->label, b->label);
}

/* ---- building ---- */

/* Makes room for an item with this label. */
static int grow(struct ccg_cmw *c, const struct ccg_cmw_item *item, const char **why)
{
	struct cmw_entry *more;

	*why = label_fault(item);
	for (size_t i = 0; !*why && i < c->n; i++)
		if (same_label(&c->entries[i].item, item))
			*why = "the label is used twice";
	if (*why)
		return -EINVAL;
	if (c->top->all == CCG_CMW_ITEMS_MAX) {
		*why = "there are too many items";
		return -E2BIG;
	}
	more = reallocarray(c->entries, c->n + 1, sizeof(*more));
	if (!more)
		return -ENOMEM;
	c->entries = more;
	return 0;
}

static void free_entry(struct cmw_entry *e)
{
	ccg_cmw_free(e->item.nested);
	free(e->label);
	free(e->type);
	free(e->value);
}

static int keep(struct ccg_cmw *c, struct cmw_entry *e, bool complete)
{
	if (!complete) {
		free_entry(e);
		return -ENOMEM;
	}
	e->item.label = e->label;
	e->item.type = e->type;
	e->item.value = e->value;
	c->entries[c->n++] = *e;
	c->top->all++;
	return 0;
}

int ccg_cmw_put(struct ccg_cmw *c, const struct ccg_cmw_item *item, const char **why)
{
	struct cmw_entry e = { .item = *item };
	int rc;

	e.item.nested = NULL;
	*why = record_fault(item);
	if (*why)
		return -EINVAL;
	rc = grow(c, item, why);
	if (rc)
		return rc;
	e.label = item->label ? strdup(item->label) : NULL;
	e.type = item->type ? strdup(item->type) : NULL;
	e.value = malloc(item->len);
	if (e.value)
		memcpy(e.value, item->value, item->len);
	return keep(c, &e, e.value && !e.label == !item->label &&
		    !e.type == !item->type);
}

static int make(struct ccg_ctx *ctx, struct ccg_cmw *around, struct ccg_cmw **cp)
{
	struct ccg_cmw *c = calloc(1, sizeof(*c));

	*cp = c;
	if (!c)
		return -ENOMEM;
	c->ctx = ctx;
	c->top = around ? around->top : c;
	c->depth = around ? around->depth + 1 : 0;
	return 0;
}

int ccg_cmw_put_nested(struct ccg_cmw *c, const struct ccg_cmw_item *label,
		       struct ccg_cmw **nestedp, const char **why)
{
	struct cmw_entry e = {
		.item = { .label = label->label, .number = label->number }
	};
	int rc;

	if (c->depth + 1 == CCG_CMW_DEPTH_MAX) {
		*why = "collections are nested too deep";
		return -E2BIG;
	}
	rc = grow(c, label, why);
	if (rc)
		return rc;
	e.label = label->label ? strdup(label->label) : NULL;
	rc = make(c->ctx, c, &e.item.nested);
	*nestedp = e.item.nested;
	return keep(c, &e, !rc && !e.label == !label->label);
}

int ccg_cmw_set_type(struct ccg_cmw *c, const char *type, const char **why)
{
	*why = NULL;
	if (c->type)
		*why = "the type of the collection is given twice";
	else if (strlen(type) > CCG_CMW_TEXT_MAX)
		*why = "the type of the collection is too long";
	else if (!ccg_is_uri(type) && !is_oid(type))
		*why = "the type of the collection is neither an absolute URI nor an OID";
	if (*why)
		return -EINVAL;
	c->type = strdup(type);
	return c->type ? 0 : -ENOMEM;
}

int ccg_cmw_failed(struct ccg_ctx *ctx, int rc, const char *label, const char *why)
{
	if (!rc)
		return 0;
	if (rc == -ENOMEM)
		return ccg_fail_errno(ctx, rc, "collection");
	return ccg_fail(ctx, rc, CCG_FAILED, label ? label : "collection", "%s", why);
}

int ccg_cmw_new(struct ccg_ctx *ctx, const char *type, struct ccg_cmw **cp)
{
	const char *why = NULL;
	int rc = make(ctx, NULL, cp);

	if (!rc && type)
		rc = ccg_cmw_set_type(*cp, type, &why);
	if (!rc)
		return 0;
	ccg_cmw_free(*cp);
	*cp = NULL;
	return ccg_cmw_failed(ctx, rc, NULL, why);
}

int ccg_cmw_add(struct ccg_cmw *c, const struct ccg_cmw_item *item)
{
	const char *why = NULL;
	int rc = ccg_cmw_put(c, item, &why);

	return ccg_cmw_failed(c->ctx, rc, item->label, why);
}

int ccg_cmw_add_nested(struct ccg_cmw *c, const char *label, const char *type,
		       struct ccg_cmw **nestedp)
{
	struct ccg_cmw_item item = { .label = label };
	struct ccg_cmw typed = {};
	const char *why = NULL;
	int rc = type ? ccg_cmw_set_type(&typed, type, &why) : 0;

	*nestedp = NULL;
	if (!rc)
		rc = ccg_cmw_put_nested(c, &item, nestedp, &why);
	if (rc) {
		free(typed.type);
		*nestedp = NULL;
		return ccg_cmw_failed(c->ctx, rc, label, why);
	}
	(*nestedp)->type = typed.type;
	return 0;
}

void ccg_cmw_free(struct ccg_cmw *c)
{
	if (!c)
		return;
	for (size_t i = 0; i < c->n; i++)
		free_entry(&c->entries[i]);
	free(c->entries);
	free(c->type);
	free(c);
}

/* ---- reading ---- */

const char *ccg_cmw_type(const struct ccg_cmw *c)
{
	return c->type;
}

const struct ccg_cmw_item *ccg_cmw_at(const struct ccg_cmw *c, size_t i)
{
	return i < c->n ? &c->entries[i].item : NULL;
}

const struct ccg_cmw_item *ccg_cmw_find(const struct ccg_cmw *c, const char *label)
{
	const struct ccg_cmw_item wanted = { .label = label };

	for (size_t i = 0; i < c->n; i++)
		if (same_label(&c->entries[i].item, &wanted))
			return &c->entries[i].item;
	return NULL;
}
