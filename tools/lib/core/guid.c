// SPDX-License-Identifier: GPL-2.0-only
/*
 * GUIDs as text.
 */
#include <errno.h>
#include <string.h>

#include <ccguest/text.h>

#include "core/text.h"

/* Position in the text of each byte of EFI's form; UEFI 2.10, appendix A. */
static const uint8_t text_pos[16] = {
	6, 4, 2, 0, 11, 9, 16, 14, 19, 21, 24, 26, 28, 30, 32, 34,
};

int ccg_guid_parse(const char *text, struct ccg_guid *guid)
{
	struct ccg_guid g;
	int hi, lo;
	size_t i;

	if (strnlen(text, CCG_GUID_TEXT) != CCG_GUID_TEXT - 1)
		return -EINVAL;
	if (text[8] != '-' || text[13] != '-' || text[18] != '-' ||
	    text[23] != '-')
		return -EINVAL;
	for (i = 0; i < sizeof(g.b); i++) {
		hi = ccg_hex_value(text[text_pos[i]]);
		lo = ccg_hex_value(text[text_pos[i] + 1]);
		if (hi < 0 || lo < 0)
			return -EINVAL;
		g.b[i] = hi << 4 | lo;
	}
	*guid = g;
	return 0;
}

void ccg_guid_format(const struct ccg_guid *guid, char *text)
{
	char byte[3];
	size_t i;

	memset(text, '-', CCG_GUID_TEXT - 1);
	text[CCG_GUID_TEXT - 1] = '\0';
	for (i = 0; i < sizeof(guid->b); i++) {
		ccg_hex(&guid->b[i], 1, byte);
		memcpy(text + text_pos[i], byte, 2);
	}
}

bool ccg_guid_equal(const struct ccg_guid *a, const struct ccg_guid *b)
{
	return !memcmp(a->b, b->b, sizeof(a->b));
}

bool ccg_guid_is_zero(const struct ccg_guid *guid)
{
	static const struct ccg_guid zero;

	return ccg_guid_equal(guid, &zero);
}
