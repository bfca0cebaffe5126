// SPDX-License-Identifier: GPL-2.0-only
/* Fails each allocation of a load of efi_secret, one per round. */
#include "module.h"

#define SHOWN	"/sys/kernel/security/secrets"
#define FILES	"coco/736869e5-84f0-4973-92ec-06879ce3da0b", \
		"coco/43ced044-42ec-487a-88b7-261bda359f24"

#include "../lib/failnth.h"
