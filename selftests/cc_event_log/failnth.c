// SPDX-License-Identifier: GPL-2.0-only
/* Fails each allocation of a load of cc_event_log, one per round. */
#define MODULE	"cc_event_log"
#define SHOWN	"/sys/kernel/security/cc_event_log"
#define FILES	"0/binary_measurements", "0/source", "0/base", "0/size"

#include "../lib/failnth.h"
