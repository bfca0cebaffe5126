// SPDX-License-Identifier: GPL-2.0-only
#include "../../lib/spdm_msg.c"
