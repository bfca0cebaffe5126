/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Private to libccguest: the parser of JSON.
 */
#ifndef CCGUEST_CORE_JSON_H
#define CCGUEST_CORE_JSON_H

#include <stddef.h>
#include <stdint.h>

struct ccg_ctx;
struct json_object;

int ccg_json_parse(struct ccg_ctx *ctx, const char *path, const uint8_t *buf,
		   size_t len, struct json_object **op);

#endif /* CCGUEST_CORE_JSON_H */
