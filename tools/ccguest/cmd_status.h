/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * ccguest status
 */
#ifndef CCGUEST_CMD_STATUS_H
#define CCGUEST_CMD_STATUS_H

#include "cli.h"

extern const struct verb status_verb;

#endif /* CCGUEST_CMD_STATUS_H */
