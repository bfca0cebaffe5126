// SPDX-License-Identifier: GPL-2.0-only
#include "../../lib/secret_table.c"
