/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The module that the programs of this folder load, and its directory.
 */
#ifndef EFI_SECRET_TEST_MODULE_H
#define EFI_SECRET_TEST_MODULE_H

#define MODULE	"efi_secret"
#define COCO	"/sys/kernel/security/secrets/coco"

#include "../lib/module.h"

#endif /* EFI_SECRET_TEST_MODULE_H */
