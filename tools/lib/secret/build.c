// SPDX-License-Identifier: GPL-2.0-only
/*
 * Building a secret table.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <ccguest/ctx.h>
#include <ccguest/file.h>
#include <ccguest/secret.h>
#include <ccguest/text.h>

#include "core/ctx.h"
#include "secret_table.h"

/**
 * struct ccg_build - a secret table that is being built
 * @ctx: the context
 * @buf: the table, SECRET_AREA_MAX bytes
 * @pos: its length so far
 * @n_entries: number of its entries so far
 */
struct ccg_build {
	struct ccg_ctx *ctx;
	uint8_t *buf;
	size_t pos;
	size_t n_entries;
};

int ccg_build_new(struct ccg_ctx *ctx, struct ccg_build **bp)
{
	struct ccg_build *b = calloc(1, sizeof(*b));

	if (b)
		b->buf = ccg_secret_alloc(ctx, SECRET_AREA_MAX);
	if (!b || !b->buf) {
		free(b);
		return ccg_fail_errno(ctx, -ENOMEM, "secret table");
	}
	b->ctx = ctx;
	secret_table_init(b->buf, SECRET_AREA_MAX, &b->pos);
	*bp = b;
	return 0;
}

void ccg_build_free(struct ccg_build *b)
{
	if (!b)
		return;
	ccg_secret_free(b->buf);
	free(b);
}

static bool has_guid(const struct ccg_build *b, const struct ccg_guid *guid)
{
	struct secret_cursor cur = {};
	struct secret_fault fault;
	struct secret_entry e;

	while (!secret_table_next(b->buf, b->pos, &cur, &e, &fault))
		if (!memcmp(e.guid, guid->b, sizeof(guid->b)))
			return true;
	return false;
}

int ccg_build_add(struct ccg_build *b, const struct ccg_guid *guid,
		  const uint8_t *data, size_t len, unsigned int flags)
{
	char text[CCG_GUID_TEXT];
	int rc;

	ccg_guid_format(guid, text);
	if (ccg_guid_is_zero(guid)) {
		if (!(flags & CCG_BUILD_ZERO))
			return ccg_fail(b->ctx, -EINVAL, CCG_USAGE, text,
					"is the GUID of a deleted secret; guests do not show it");
	} else if (!(flags & CCG_BUILD_DUPLICATE) && has_guid(b, guid)) {
		return ccg_fail(b->ctx, -EEXIST, CCG_USAGE, text,
				"is given twice; a guest shows only the first secret");
	}

	if (b->n_entries == SECRET_ENTRIES_MAX)
		return ccg_fail(b->ctx, -EMSGSIZE, CCG_FAILED, text,
				"does not fit: a table has %d entries at most",
				SECRET_ENTRIES_MAX);
	rc = secret_table_add(b->buf, SECRET_AREA_MAX, &b->pos, guid->b, data,
			      len);
	if (rc)
		return ccg_fail(b->ctx, rc, CCG_FAILED, text,
				"does not fit: %zu bytes behind a table of %zu, limit %d",
				len + SECRET_HEADER_LEN, b->pos,
				SECRET_AREA_MAX);
	b->n_entries++;
	return 0;
}

int ccg_build_finish(struct ccg_build *b, size_t size, const uint8_t **bufp,
		     size_t *lenp, size_t *table_lenp)
{
	size_t need = (b->pos + CCG_BUILD_ALIGN - 1) /
		      CCG_BUILD_ALIGN * CCG_BUILD_ALIGN;

	if (size % CCG_BUILD_ALIGN)
		return ccg_fail(b->ctx, -EINVAL, CCG_USAGE, "size",
				"%zu is not a multiple of %d", size,
				CCG_BUILD_ALIGN);
	if (size > SECRET_AREA_MAX)
		return ccg_fail(b->ctx, -EMSGSIZE, CCG_USAGE, "size",
				"%zu is more than the %d bytes that a secret area may have",
				size, SECRET_AREA_MAX);
	if (size && size < need)
		return ccg_fail(b->ctx, -EMSGSIZE, CCG_FAILED, "size",
				"%zu is too small, the table needs %zu bytes",
				size, need);
	*bufp = b->buf;
	*lenp = size ? size : need;
	*table_lenp = b->pos;
	return 0;
}
