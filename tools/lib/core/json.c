// SPDX-License-Identifier: GPL-2.0-only
/*
 * JSON that is read.
 */
#include <errno.h>
#include <string.h>

#include <json-c/json.h>

#include "core/json.h"

static int errno_of(enum json_tokener_error e)
{
	if (e == json_tokener_success)
		return 0;
/* 0.17 is the first that has it. */
#if JSON_C_VERSION_NUM >= 0x1100
	if (e == json_tokener_error_memory)
		return -ENOMEM;
#endif
	return -EINVAL;
}

static int parse(const uint8_t *buf, size_t len, struct json_object **op,
		 size_t *endp)
{
	struct json_tokener *tok = json_tokener_new();
	int rc;

	*op = NULL;
	if (!tok)
		return -ENOMEM;
	json_tokener_set_flags(tok, JSON_TOKENER_STRICT);
	*op = json_tokener_parse_ex(tok, (const char *)buf, len);
	rc = errno_of(json_tokener_get_error(tok));
	*endp = json_tokener_get_parse_end(tok);
	json_tokener_free(tok);
	return rc;
}

/**
 * ccg_json_parse - read JSON
 * @buf: the text
 * @len: its length
 * @op: set to what it holds, NULL for null; free it with json_object_put()
 * @endp: set to where reading ended
 *
 * Where memory is short, json-c before 0.17 leaves out members and does not say
 * so: a realm without them has another measurement. What is read twice and is
 * the same is complete.
 *
 * Return: 0; -EINVAL where it is no JSON; -ENOMEM.
 */
int ccg_json_parse(const uint8_t *buf, size_t len, struct json_object **op,
		   size_t *endp)
{
	struct json_object *again = NULL;
	int rc;

	*endp = 0;
	/* json-c ends there. */
	if (memchr(buf, 0, len))
		return -EINVAL;
	rc = parse(buf, len, op, endp);
	if (!rc)
		rc = parse(buf, len, &again, endp);
	if (!rc && !json_object_equal(*op, again))
		rc = -ENOMEM;
	json_object_put(again);
	if (rc) {
		json_object_put(*op);
		*op = NULL;
	}
	return rc;
}
