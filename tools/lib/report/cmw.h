/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Private to this room: collections (RFC 9999), and their two serializations.
 */
#ifndef CCGUEST_REPORT_CMW_H
#define CCGUEST_REPORT_CMW_H

#include <ccguest/cmw.h>

#include "core/cbor_out.h"
#include "core/text.h"

/* The reserved label, which names the type of a collection. */
#define CMW_TYPE_LABEL	"__cmwc_t"

/**
 * struct cmw_entry - an item and the memory that it points to
 * @item: the item
 * @label: memory of its label, or NULL
 * @type: memory of its type, or NULL
 * @value: memory of its value, or NULL
 */
struct cmw_entry {
	struct ccg_cmw_item item;
	char *label;
	char *type;
	uint8_t *value;
};

/**
 * struct ccg_cmw - a collection
 * @ctx: the context
 * @type: its type, or NULL
 * @top: the collection that is in no other
 * @depth: number of collections around this one
 * @all: of @top only: number of items in it and in the collections in it
 * @n: number of @entries
 * @entries: the items
 */
struct ccg_cmw {
	struct ccg_ctx *ctx;
	char *type;
	struct ccg_cmw *top;
	int depth;
	size_t all;
	size_t n;
	struct cmw_entry *entries;
};

/* cmw.c: tests for UTF-8, and for an absolute URI (RFC 3986) */
bool ccg_is_utf8(const char *text);
bool ccg_is_uri(const char *type);

/*
 * cmw.c: these do not note a failure in the context. @why is set to the reason of
 * -EINVAL and -E2BIG.
 */
int ccg_cmw_put(struct ccg_cmw *c, const struct ccg_cmw_item *item,
		const char **why);
int ccg_cmw_put_nested(struct ccg_cmw *c, const struct ccg_cmw_item *label,
		       struct ccg_cmw **nestedp, const char **why);
int ccg_cmw_set_type(struct ccg_cmw *c, const char *type, const char **why);
/* Notes a failure of these functions: about the item with @label, or NULL. */
int ccg_cmw_failed(struct ccg_ctx *ctx, int rc, const char *label, const char *why);

/**
 * struct cmw_fault - why bytes are no collection
 * @offset: offset of the item that is wrong, of CBOR
 * @label: label of the item that is wrong, of JSON; empty for the collection itself
 * @why: the fault
 */
struct cmw_fault {
	size_t offset;
	char label[CCG_CMW_TEXT_MAX + 1];
	const char *why;
};

/* cmw_cbor.c: 0, -EBADMSG with @fault, or -ENOMEM */
int ccg_cmw_read_cbor(struct ccg_cmw *c, const uint8_t *buf, size_t len,
		      struct cmw_fault *fault);
void ccg_cmw_write_cbor(const struct ccg_cmw *c, struct cbor_out *o);

struct json_object;

/* cmw_json.c: as those of cmw_cbor.c */
int ccg_cmw_read_json(struct ccg_cmw *c, struct json_object *o,
		      struct cmw_fault *fault);
void ccg_cmw_write_json(const struct ccg_cmw *c, struct ccg_text *t);
void ccg_json_put_text(struct ccg_text *t, const char *text);
void ccg_json_put_base64url(struct ccg_text *t, const uint8_t *p, size_t len);
int ccg_json_bytes(struct json_object *o, uint8_t **bufp, size_t *lenp);

#endif /* CCGUEST_REPORT_CMW_H */
