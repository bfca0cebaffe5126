/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A buffer that a test fills piece by piece; free it with free(b.buf).
 */
#ifndef SELFTESTS_LIB_BYTES_H
#define SELFTESTS_LIB_BYTES_H

#include <stdlib.h>
#include <string.h>

#include "../../lib/env.h"

struct bytes {
	u8 *buf;
	size_t len;
};

static void append(struct bytes *b, const void *data, size_t len)
{
	b->buf = realloc(b->buf, b->len + len + 1);
	if (!b->buf)
		abort();
	if (len)
		memcpy(b->buf + b->len, data, len);
	b->len += len;
}

#endif /* SELFTESTS_LIB_BYTES_H */
