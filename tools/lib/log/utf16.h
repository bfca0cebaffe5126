/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Private to this room: UTF-16, in which UEFI has its strings.
 */
#ifndef CCGUEST_LOG_UTF16_H
#define CCGUEST_LOG_UTF16_H

#include "core/text.h"
#include "env.h"

void ccg_text_utf16(struct ccg_text *t, const u8 *p, size_t n);
char *ccg_utf16_text(const u8 *p, size_t n);

#endif /* CCGUEST_LOG_UTF16_H */
