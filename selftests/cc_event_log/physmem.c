// SPDX-License-Identifier: GPL-2.0-only
#include "../efi_secret/physmem.c"
