/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * ccguest keyring
 */
#ifndef CCGUEST_CMD_KEYRING_H
#define CCGUEST_CMD_KEYRING_H

#include "cli.h"

extern const struct verb keyring_list;
extern const struct verb keyring_add;
extern const struct verb keyring_remove;
extern const struct verb keyring_load;

#endif /* CCGUEST_CMD_KEYRING_H */
