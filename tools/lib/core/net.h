/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Private to libccguest: connections to addresses, with time limits.
 */
#ifndef CCGUEST_CORE_NET_H
#define CCGUEST_CORE_NET_H

#include <stdint.h>

struct ccg_ctx;

uint64_t ccg_now_us(void);
int ccg_wait_fd(int fd, short events, uint64_t deadline);
int ccg_tcp_connect(struct ccg_ctx *ctx, const char *address,
		    unsigned int timeout_ms, int *fdp);

#endif /* CCGUEST_CORE_NET_H */
