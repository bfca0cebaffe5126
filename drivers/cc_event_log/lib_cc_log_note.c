// SPDX-License-Identifier: GPL-2.0-only
#include "../../lib/cc_log_note.c"
