// SPDX-License-Identifier: GPL-2.0-only
/*
 * Looks up the keyring .cma without the system calls for keys.
 */
#include <stdlib.h>
#include <string.h>

#include <ccguest/ctx.h>
#include <ccguest/keyring.h>

#include "core/io.h"
#include "kmod/proc_keys.h"

/* Limit for /proc/keys, which grows with the number of keys. */
#define TEXT_MAX	1048576

int ccg_cma_keyring(struct ccg_ctx *ctx, bool *empty)
{
	static const char mark[] = CCG_CMA_KEYRING ": ";
	struct ccg_proc_key key;
	bool found = false;
	char *text, *pos;
	int rc;

	rc = ccg_read_text(ctx, "/proc/keys", TEXT_MAX, &text);
	if (rc)
		return rc;
	pos = text;
	while (!found && ccg_proc_keys_next(&pos, &key)) {
		/*
		 * Only the kernel can create keyrings whose names begin with a
		 * dot.
		 */
		found = !strcmp(key.uid, "0") && !strcmp(key.type, "keyring") &&
			!strncmp(key.rest, mark, sizeof(mark) - 1);
		if (found)
			*empty = !strcmp(key.rest + sizeof(mark) - 1, "empty");
	}
	free(text);
	return found;
}
