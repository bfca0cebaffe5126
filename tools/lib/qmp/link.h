/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Private to libccguest: a stream socket that carries lines.
 */
#ifndef CCGUEST_QMP_LINK_H
#define CCGUEST_QMP_LINK_H

#include <stddef.h>
#include <stdint.h>

#include "qmp/answer.h"

/**
 * struct qmp_link - a connection
 * @fd: the socket, or -1
 * @buf: received bytes
 * @start: offset of the next line in @buf
 * @scanned: offset in @buf up to which there is no end of the line
 * @end: number of bytes in @buf
 */
struct qmp_link {
	int fd;
	uint8_t buf[QMP_LINE_MAX];
	size_t start;
	size_t scanned;
	size_t end;
};

int ccg_qmp_link_open(struct qmp_link *link, struct ccg_ctx *ctx,
		      const char *address, unsigned int timeout_ms);
void ccg_qmp_link_close(struct qmp_link *link);
int ccg_qmp_link_send(struct qmp_link *link, const char *text, size_t len,
		      uint64_t deadline);
int ccg_qmp_link_line(struct qmp_link *link, uint64_t deadline,
		      const uint8_t **linep, size_t *lenp);

#endif /* CCGUEST_QMP_LINK_H */
