/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Private to libccguest: calls in several threads.
 */
#ifndef CCGUEST_CORE_PARALLEL_H
#define CCGUEST_CORE_PARALLEL_H

#include <stddef.h>

void ccg_parallel(size_t n, void (*fn)(void *arg, size_t i), void *arg);

#endif /* CCGUEST_CORE_PARALLEL_H */
