// SPDX-License-Identifier: GPL-2.0-only
/*
 * GUIDs, and those of them that have a name.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "internal.h"

/* Where each byte of EFI's form stands in the text: UEFI 2.10, appendix A. */
static const uint8_t text_pos[16] = {
	6, 4, 2, 0, 11, 9, 16, 14, 19, 21, 24, 26, 28, 30, 32, 34,
};

/*
 * The one table of known GUIDs. The man page ccguest-secret(1) has the same
 * names; a test compares them.
 */
static const struct ccg_known known[] = {
	{
		.guid = "736869e5-84f0-4973-92ec-06879ce3da0b",
		.name = "disk-passphrase",
		.alias = "luks-key",
		.purpose = "passphrase of the encrypted disk",
		.consumer = "GRUB, libvirt, COCONUT-SVSM, crypttab",
	},
	{
		.guid = "e6f5a162-d67f-4750-a67c-5d065f2a9910",
		.name = "sev-kbc-offline",
		.purpose = "JSON set of keys",
		.consumer = "Confidential Containers, offline_sev_kbc",
	},
	{
		.guid = "1ee27366-0c87-43a6-af48-28543eaf7cb0",
		.name = "sev-kbc-online",
		.purpose = "JSON key for the connection to the key broker",
		.consumer = "Confidential Containers, online_sev_kbc",
	},
	{
		.guid = "2b91a212-b0e1-4816-b021-1e9991ddb6af",
		.name = "debug-allowed",
		.purpose = "one byte, whether debugging is allowed",
		.consumer = "none yet, proposed only",
	},
	{
		.guid = "83c83f7f-1356-4975-8b7e-d3a0b54312c6",
		.name = "example-kernel-1",
		.purpose = "example",
		.consumer = "none, from the kernel's documentation",
	},
	{
		.guid = "9553f55d-3da2-43ee-ab5d-ff17f78864d2",
		.name = "example-kernel-2",
		.purpose = "example",
		.consumer = "none, from the kernel's documentation",
	},
	{
		.guid = "736870e5-84f0-4973-92ec-06879ce3da0b",
		.name = "example-kernel-3",
		.purpose = "example, easily taken for disk-passphrase",
		.consumer = "none, from the kernel's documentation",
	},
	{
		.guid = "43ced044-42ec-487a-88b7-261bda359f24",
		.name = "example-sevctl",
		.purpose = "example",
		.consumer = "none, from descriptions of sevctl",
	},
};

static int hex_value(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	if (c >= 'A' && c <= 'F')
		return c - 'A' + 10;
	return -1;
}

/**
 * ccg_guid_parse - take a GUID from its text
 * @text: such as 736869e5-84f0-4973-92ec-06879ce3da0b, in either case
 * @guid: set to the GUID; unchanged on an error
 *
 * Return: 0; -EINVAL where @text is no GUID.
 */
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
		hi = hex_value(text[text_pos[i]]);
		lo = hex_value(text[text_pos[i] + 1]);
		if (hi < 0 || lo < 0)
			return -EINVAL;
		g.b[i] = hi << 4 | lo;
	}
	*guid = g;
	return 0;
}

/**
 * ccg_guid_format - write a GUID as text
 * @guid: the GUID
 * @text: set to its text in lower case, CCG_GUID_TEXT bytes
 */
void ccg_guid_format(const struct ccg_guid *guid, char *text)
{
	static const char digit[] = "0123456789abcdef";
	size_t i;

	memset(text, '-', CCG_GUID_TEXT - 1);
	text[CCG_GUID_TEXT - 1] = '\0';
	for (i = 0; i < sizeof(guid->b); i++) {
		text[text_pos[i]] = digit[guid->b[i] >> 4];
		text[text_pos[i] + 1] = digit[guid->b[i] & 15];
	}
}

/**
 * ccg_hex - write bytes in hexadecimal
 * @p: the bytes
 * @len: their number
 * @text: set to the text, 2 * @len bytes and a NUL
 */
void ccg_hex(const uint8_t *p, size_t len, char *text)
{
	static const char digit[] = "0123456789abcdef";

	for (; len; len--, p++) {
		*text++ = digit[*p >> 4];
		*text++ = digit[*p & 15];
	}
	*text = '\0';
}

/**
 * ccg_unhex - make bytes of hexadecimal
 * @text: two digits for each byte, nothing else
 * @buf: set to the bytes
 * @max: room in @buf
 * @lenp: set to their number
 *
 * Return: 0; -EINVAL where @text has another form; -EMSGSIZE where there is no
 * room.
 */
int ccg_unhex(const char *text, uint8_t *buf, size_t max, size_t *lenp)
{
	int hi, lo;
	size_t n;

	for (n = 0; *text; text += 2, n++) {
		hi = hex_value(text[0]);
		lo = hex_value(text[1]);
		if (hi < 0 || lo < 0)
			return -EINVAL;
		if (n == max)
			return -EMSGSIZE;
		buf[n] = hi << 4 | lo;
	}
	*lenp = n;
	return 0;
}

/**
 * ccg_guid_equal - compare two GUIDs
 * @a: one
 * @b: the other
 *
 * Return: whether they are the same.
 */
bool ccg_guid_equal(const struct ccg_guid *a, const struct ccg_guid *b)
{
	return !memcmp(a->b, b->b, sizeof(a->b));
}

/**
 * ccg_guid_is_zero - find out whether a GUID is that of a deleted secret
 * @guid: the GUID
 *
 * Return: whether all of it is zero.
 */
bool ccg_guid_is_zero(const struct ccg_guid *guid)
{
	static const struct ccg_guid zero;

	return ccg_guid_equal(guid, &zero);
}

/**
 * ccg_known_at - walk over the known GUIDs
 * @i: from 0
 *
 * Return: the known GUID of that number, NULL behind the last.
 */
const struct ccg_known *ccg_known_at(size_t i)
{
	return i < ARRAY_SIZE(known) ? &known[i] : NULL;
}

/**
 * ccg_known_by_guid - find out what is known about a GUID
 * @guid: the GUID
 *
 * Return: what is known, or NULL.
 */
const struct ccg_known *ccg_known_by_guid(const struct ccg_guid *guid)
{
	char text[CCG_GUID_TEXT];
	const struct ccg_known *k;
	size_t i;

	ccg_guid_format(guid, text);
	for (i = 0; (k = ccg_known_at(i)); i++)
		if (!strcmp(k->guid, text))
			return k;
	return NULL;
}

/**
 * ccg_guid_from_name - take a GUID from what the user typed
 * @ctx: the context
 * @name: a GUID's text, or a known name or alias
 * @guid: set to the GUID
 *
 * Return: 0; -EINVAL where @name is neither.
 */
int ccg_guid_from_name(struct ccg_ctx *ctx, const char *name,
		       struct ccg_guid *guid)
{
	const struct ccg_known *k;
	size_t i;

	if (!ccg_guid_parse(name, guid))
		return 0;
	for (i = 0; (k = ccg_known_at(i)); i++)
		if (!strcmp(name, k->name) ||
		    (k->alias && !strcmp(name, k->alias)))
			return ccg_guid_parse(k->guid, guid);
	ccg_fail(ctx, -EINVAL, CCG_USAGE, name,
		 "is neither a GUID nor a known name");
	ccg_hint(ctx, "ccguest help --list-names shows the known names");
	return -EINVAL;
}
