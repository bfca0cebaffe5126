/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Private to this room: nodes of UEFI device paths; UEFI 2.10, 10.3.
 */
#ifndef CCGUEST_LOG_DEVPATH_H
#define CCGUEST_LOG_DEVPATH_H

#include "core/text.h"
#include "env.h"

#define DP_HARDWARE	0x01
#define DP_ACPI		0x02
#define DP_MESSAGING	0x03
#define DP_MEDIA	0x04
#define DP_BBS		0x05
#define DP_END		0x7f

#define DP_NODE(type, subtype)	((type) << 8 | (subtype))

/**
 * struct devpath_node - one node of a device path
 * @id: type and subtype
 * @p: bytes after the header
 * @len: length of @p in bytes
 * @efivar: use libefivar's names where these differ from the specification's
 */
struct devpath_node {
	unsigned int id;
	const u8 *p;
	size_t len;
	bool efivar;
};

bool ccg_devpath_messaging(struct ccg_text *t, const struct devpath_node *n);
void ccg_devpath_vendor(struct ccg_text *t, const struct devpath_node *n,
			const char *name);
void ccg_devpath_string(struct ccg_text *t, const u8 *p, size_t len);

#endif /* CCGUEST_LOG_DEVPATH_H */
