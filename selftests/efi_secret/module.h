/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the programs of this folder load, and where it shows secrets.
 */
#ifndef EFI_SECRET_TEST_MODULE_H
#define EFI_SECRET_TEST_MODULE_H

#define MODULE	"efi_secret"
#define COCO	"/sys/kernel/security/secrets/coco"

#include "../lib/module.h"

#endif /* EFI_SECRET_TEST_MODULE_H */
