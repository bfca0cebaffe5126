// SPDX-License-Identifier: GPL-2.0-only
/*
 * A stream socket that carries lines: connecting, sending, receiving. A line has
 * QMP_LINE_MAX bytes at most, and a deadline limits the time.
 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdbool.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <ccguest/text.h>

#include "core/ctx.h"
#include "core/net.h"
#include "qmp/link.h"

static int connect_unix(struct qmp_link *link, struct ccg_ctx *ctx,
			const char *path)
{
	struct sockaddr_un sa = { .sun_family = AF_UNIX };
	size_t len = strlen(path);
	int rc;

	if (!len || len >= sizeof(sa.sun_path))
		return ccg_fail(ctx, -EINVAL, CCG_USAGE, path,
				"the path of a socket has 1 to %zu bytes",
				sizeof(sa.sun_path) - 1);
	memcpy(sa.sun_path, path, len);
	link->fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (link->fd < 0)
		return ccg_fail_errno(ctx, -errno, path);
	if (!connect(link->fd, (struct sockaddr *)&sa, sizeof(sa)))
		return 0;
	rc = -errno;
	ccg_fail(ctx, rc, CCG_FAILED, path, "cannot connect: %s",
		 strerror(-rc));
	if (rc == -EAGAIN)
		ccg_hint(ctx, "other programs wait for this monitor; QEMU serves one at a time");
	else if (rc == -ENOENT || rc == -ECONNREFUSED)
		ccg_hint(ctx, "start QEMU with -qmp unix:PATH,server=on,wait=off");
	return rc;
}

/* The caller keeps its descriptor. */
static int use_fd(struct qmp_link *link, struct ccg_ctx *ctx,
		  const char *address, const char *number)
{
	socklen_t size = sizeof(int);
	uint64_t fd;
	int type;

	if (ccg_parse_number(number, 10, INT32_MAX, &fd, NULL))
		return ccg_fail(ctx, -EINVAL, CCG_USAGE, address,
				"is not of the form fd:NUMBER");
	if (getsockopt(fd, SOL_SOCKET, SO_TYPE, &type, &size))
		return ccg_fail(ctx, -errno, CCG_FAILED, address,
				"is not an open socket: %s", strerror(errno));
	if (type != SOCK_STREAM)
		return ccg_fail(ctx, -EINVAL, CCG_FAILED, address,
				"is not a stream socket");
	link->fd = fcntl(fd, F_DUPFD_CLOEXEC, 3);
	return link->fd < 0 ? ccg_fail_errno(ctx, -errno, address) : 0;
}

/**
 * ccg_qmp_link_open - connect
 * @link: set; close it with ccg_qmp_link_close(), also on failure
 * @ctx: the context
 * @address: as for ccg_qmp_open()
 * @timeout_ms: limit for connecting, milliseconds
 *
 * Return: 0 or a negative errno.
 */
int ccg_qmp_link_open(struct qmp_link *link, struct ccg_ctx *ctx,
		      const char *address, unsigned int timeout_ms)
{
	link->fd = -1;
	link->start = 0;
	link->scanned = 0;
	link->end = 0;
	if (!strncmp(address, "fd:", 3))
		return use_fd(link, ctx, address, address + 3);
	if (!strncmp(address, "unix:", 5))
		return connect_unix(link, ctx, address + 5);
	if (strchr(address, ':') && !strchr(address, '/'))
		return ccg_tcp_connect(ctx, address, timeout_ms, &link->fd);
	return connect_unix(link, ctx, address);
}

/**
 * ccg_qmp_link_close - end a connection
 * @link: the connection
 */
void ccg_qmp_link_close(struct qmp_link *link)
{
	if (link->fd >= 0)
		close(link->fd);
	link->fd = -1;
}

static bool again(void)
{
	return errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR;
}

/**
 * ccg_qmp_link_send - send text
 * @link: the connection
 * @text: the text
 * @len: its length in bytes
 * @deadline: end of the time, in the unit of ccg_now_us()
 *
 * Return: 0 or a negative errno. The reason is not noted in a context.
 */
int ccg_qmp_link_send(struct qmp_link *link, const char *text, size_t len,
		      uint64_t deadline)
{
	while (len) {
		ssize_t n = send(link->fd, text, len, MSG_NOSIGNAL | MSG_DONTWAIT);
		int rc;

		if (n >= 0) {
			text += n;
			len -= n;
			continue;
		}
		if (!again())
			return -errno;
		rc = ccg_wait_fd(link->fd, POLLOUT, deadline);
		if (rc)
			return rc;
	}
	return 0;
}

/* Receives more bytes behind those in the buffer. */
static int receive(struct qmp_link *link, uint64_t deadline)
{
	ssize_t n;
	int rc;

	if (link->start) {
		memmove(link->buf, link->buf + link->start,
			link->end - link->start);
		link->scanned -= link->start;
		link->end -= link->start;
		link->start = 0;
	}
	if (link->end == sizeof(link->buf))
		return -EMSGSIZE;
	do {
		rc = ccg_wait_fd(link->fd, POLLIN, deadline);
		if (rc)
			return rc;
		n = recv(link->fd, link->buf + link->end,
			 sizeof(link->buf) - link->end, MSG_DONTWAIT);
	} while (n < 0 && again());
	if (n < 0)
		return -errno;
	link->end += n;
	return n ? 0 : -ECONNRESET;
}

/**
 * ccg_qmp_link_line - receive a line
 * @link: the connection
 * @deadline: end of the time, in the unit of ccg_now_us()
 * @linep: set to the line, valid until the next call
 * @lenp: set to its length in bytes, without the newline
 *
 * Return: 0; -ETIMEDOUT; -EMSGSIZE if the line is too long; -ECONNRESET if the
 * connection ends; or another negative errno. The reason is not noted in a
 * context.
 */
int ccg_qmp_link_line(struct qmp_link *link, uint64_t deadline,
		      const uint8_t **linep, size_t *lenp)
{
	uint8_t *newline;
	int rc;

	/* The buffer may have many lines. */
	if (ccg_now_us() >= deadline)
		return -ETIMEDOUT;
	for (;;) {
		newline = memchr(link->buf + link->scanned, '\n',
				 link->end - link->scanned);
		if (newline)
			break;
		link->scanned = link->end;
		rc = receive(link, deadline);
		if (rc)
			return rc;
	}
	*linep = link->buf + link->start;
	*lenp = newline - *linep;
	link->start = newline + 1 - link->buf;
	link->scanned = link->start;
	return 0;
}
