/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Private to libccguest: texts that grow, and the inverse of x509_text() in
 * lib/.
 */
#ifndef CCGUEST_CORE_TEXT_H
#define CCGUEST_CORE_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/ctx.h"

/**
 * struct ccg_text - a text that is being built
 * @buf: the text, ending in a NUL; NULL for an empty text that grows
 * @len: length of the text in bytes
 * @size: size of @buf in bytes
 * @fixed: @buf belongs to the caller; text that does not fit is dropped
 * @bad: memory was short
 */
struct ccg_text {
	char *buf;
	size_t len;
	size_t size;
	bool fixed;
	bool bad;
};

__printf(2, 3)
void ccg_text_put(struct ccg_text *t, const char *fmt, ...);
void ccg_text_bytes(struct ccg_text *t, const void *p, size_t len);
void ccg_text_hex(struct ccg_text *t, const uint8_t *p, size_t len);
void ccg_text_guid(struct ccg_text *t, const uint8_t *p);

bool ccg_is_zero(const uint8_t *p, size_t len);
int ccg_hex_value(char c);
char *ccg_hex_text(const uint8_t *p, size_t len);
char *ccg_unescape(char *text);

#endif /* CCGUEST_CORE_TEXT_H */
