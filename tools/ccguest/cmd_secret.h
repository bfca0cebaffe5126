/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * ccguest secret
 */
#ifndef CCGUEST_CMD_SECRET_H
#define CCGUEST_CMD_SECRET_H

#include "cli.h"

extern const struct verb secret_list;
extern const struct verb secret_show;
extern const struct verb secret_read;
extern const struct verb secret_wipe;
extern const struct verb secret_build;

void secret_help(void);

#endif /* CCGUEST_CMD_SECRET_H */
