// SPDX-License-Identifier: GPL-2.0-only
/*
 * Parser of /proc/keys: the keys that this process may see.
 */
#include <string.h>

#include <ccguest/text.h>

#include "core/ctx.h"
#include "kmod/proc_keys.h"

/**
 * ccg_proc_keys_next - get the next line of /proc/keys
 * @text: text not parsed yet; the function cuts and advances it
 * @key: set to the fields of the line; they point into the text
 *
 * A line is: ID FLAGS USAGE TIMEOUT PERM UID GID TYPE DESCRIPTION. Lines of
 * another form are skipped.
 *
 * Return: false at the end of the text.
 */
bool ccg_proc_keys_next(char **text, struct ccg_proc_key *key)
{
	char *field[8], *save, *s;
	uint64_t id;
	size_t i;

	while ((s = strsep(text, "\n"))) {
		save = NULL;
		for (i = 0; i < ARRAY_SIZE(field); i++) {
			field[i] = strtok_r(i ? NULL : s, " ", &save);
			if (!field[i])
				break;
		}
		if (i < ARRAY_SIZE(field) || !save || strlen(field[0]) != 8 ||
		    ccg_parse_number(field[0], 16, UINT32_MAX, &id, NULL))
			continue;
		*key = (struct ccg_proc_key) {
			.id = (int32_t)id,
			.timeout = field[3],
			.uid = field[5],
			.type = field[7],
			.rest = save + strspn(save, " "),
		};
		return true;
	}
	return false;
}
