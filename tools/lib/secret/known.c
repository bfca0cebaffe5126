// SPDX-License-Identifier: GPL-2.0-only
/*
 * GUIDs with a name.
 */
#include <errno.h>
#include <string.h>

#include <ccguest/ctx.h>
#include <ccguest/secret.h>
#include <ccguest/text.h>

#include "core/ctx.h"

/*
 * The only table of known GUIDs. The man page ccguest-secret(1) lists the same
 * names, and a test compares the lists.
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

const struct ccg_known *ccg_known_at(size_t i)
{
	return i < ARRAY_SIZE(known) ? &known[i] : NULL;
}

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
