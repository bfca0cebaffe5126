// SPDX-License-Identifier: GPL-2.0-only
/*
 * A connection to a responder: a client of the protocol of QEMU's spdm_port.
 *
 * A frame consists of three big-endian numbers - command, transport, length -
 * and a DOE data object (PCIe r6.1, 6.30.1) with an SPDM message. CCG_LINK_MAX
 * limits the length of replies, and a deadline limits the time.
 */
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <stdarg.h>
#include <sys/socket.h>
#include <unistd.h>

#include <ccguest/ctx.h>

#include "core/ctx.h"
#include "core/net.h"
#include "spdm/auth.h"

#define FRAME_HEADER	12
#define CMD_NORMAL	0x0001
#define CMD_SHUTDOWN	0xfffe
#define TRANSPORT_DOE	2

/* PCI-SIG's vendor ID and the object type CMA/SPDM; PCIe r6.1, 6.31. */
#define DOE_VENDOR	0x0001
#define DOE_TYPE_SPDM	1
#define DOE_TYPE_AT	2
#define DOE_LENGTH_AT	4
/* Length of an object in dwords, 18 bits; PCIe r6.1, 6.30.1. */
#define DOE_LENGTH_MASK	0x3ffff

__printf(3, 4)
static int because(struct ccg_link *link, int rc, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(link->why, sizeof(link->why), fmt, ap);
	va_end(ap);
	return rc;
}

static void put_be32(uint8_t *p, uint32_t val)
{
	p[0] = val >> 24;
	p[1] = val >> 16;
	p[2] = val >> 8;
	p[3] = val;
}

static void put_frame(uint8_t *p, uint32_t command, uint32_t len)
{
	put_be32(p, command);
	put_be32(p + 4, TRANSPORT_DOE);
	put_be32(p + 8, len);
}

/* Waits until the socket is ready for @events. */
static int wait_for(struct ccg_link *link, short events)
{
	int rc = ccg_wait_fd(link->fd, events, link->deadline);

	if (rc == -ETIMEDOUT)
		return because(link, rc, "time is up");
	return rc ? because(link, rc, "%s", strerror(-rc)) : 0;
}

static bool again(void)
{
	return errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR;
}

static int send_all(struct ccg_link *link, const uint8_t *buf, size_t len)
{
	while (len) {
		ssize_t n = send(link->fd, buf, len, MSG_NOSIGNAL);
		int rc;

		if (n >= 0) {
			buf += n;
			len -= n;
			continue;
		}
		if (!again())
			return because(link, -errno, "%s", strerror(errno));
		rc = wait_for(link, POLLOUT);
		if (rc)
			return rc;
	}
	return 0;
}

/*
 * A responder that sends a reply in pieces, without TCP_NODELAY, waits for the
 * acknowledgment of each piece. By default, the kernel delays it by 40 ms.
 * TCP_QUICKACK makes it acknowledge at once. The kernel resets this option
 * (tcp(7)), so the function sets it each time.
 */
static ssize_t recv_quick(int fd, uint8_t *buf, size_t len)
{
	int one = 1;

	setsockopt(fd, IPPROTO_TCP, TCP_QUICKACK, &one, sizeof(one));
	return recv(fd, buf, len, 0);
}

static int recv_all(struct ccg_link *link, uint8_t *buf, size_t len)
{
	while (len) {
		ssize_t n = recv_quick(link->fd, buf, len);
		int rc;

		if (n > 0) {
			buf += n;
			len -= n;
			continue;
		}
		if (!n)
			return because(link, -ECONNRESET,
				       "the connection was closed");
		if (!again())
			return because(link, -errno, "%s", strerror(errno));
		rc = wait_for(link, POLLIN);
		if (rc)
			return rc;
	}
	return 0;
}

/* Receives the header of a reply; returns the length of the data object. */
static int recv_frame(struct ccg_link *link, size_t max)
{
	uint8_t head[FRAME_HEADER];
	uint32_t len;
	int rc;

	rc = recv_all(link, head, sizeof(head));
	if (rc)
		return rc;
	if (get_unaligned_be32(head) != CMD_NORMAL)
		return because(link, -EBADMSG,
			       "the reply has command %#x instead of %#x",
			       get_unaligned_be32(head), CMD_NORMAL);
	if (get_unaligned_be32(head + 4) != TRANSPORT_DOE)
		return because(link, -EBADMSG,
			       "the reply has transport %u instead of %u",
			       get_unaligned_be32(head + 4), TRANSPORT_DOE);
	len = get_unaligned_be32(head + 8);
	if (!len)
		return because(link, -ENODATA, "the reply has no data object");
	if (len < CCG_DOE_HEADER)
		return because(link, -EBADMSG,
			       "the reply has %u bytes, less than a data object",
			       len);
	if (len > max)
		return because(link, -EMSGSIZE,
			       "the reply has %u bytes, more than %zu", len,
			       max);
	return len;
}

/* Checks the header of a data object of @len bytes. */
static int check_object(struct ccg_link *link, const uint8_t *head, size_t len)
{
	uint32_t dwords = get_unaligned_le32(head + DOE_LENGTH_AT);

	if (get_unaligned_le16(head) != DOE_VENDOR ||
	    head[DOE_TYPE_AT] != DOE_TYPE_SPDM)
		return because(link, -EBADMSG,
			       "the data object is of vendor %#06x, type %u",
			       get_unaligned_le16(head), head[DOE_TYPE_AT]);
	if (len % 4 || (dwords & DOE_LENGTH_MASK) != len / 4)
		return because(link, -EBADMSG,
			       "the data object's Length is %u dwords, the reply has %zu bytes",
			       dwords & DOE_LENGTH_MASK, len);
	return 0;
}

/**
 * ccg_link_exchange - send a message and receive the reply
 * @link: the connection
 * @req: the message
 * @len: length of @req in bytes, SPDM_REQUEST_MAX at most
 * @rsp: set to the reply
 * @size: size of @rsp in bytes
 *
 * Return: length of the reply with its padding; or a negative errno.
 */
int ccg_link_exchange(struct ccg_link *link, const uint8_t *req, size_t len,
		      uint8_t *rsp, size_t size)
{
	uint8_t out[FRAME_HEADER + CCG_DOE_HEADER + SPDM_REQUEST_MAX + 3] = {};
	uint8_t head[CCG_DOE_HEADER], *object = out + FRAME_HEADER;
	size_t object_len = CCG_DOE_HEADER + (len + 3) / 4 * 4;
	int rc, got;

	if (len > SPDM_REQUEST_MAX)
		return because(link, -EMSGSIZE, "the request is too long");
	put_frame(out, CMD_NORMAL, object_len);
	put_unaligned_le16(DOE_VENDOR, object);
	object[DOE_TYPE_AT] = DOE_TYPE_SPDM;
	put_unaligned_le32(object_len / 4, object + DOE_LENGTH_AT);
	memcpy(object + CCG_DOE_HEADER, req, len);

	rc = send_all(link, out, FRAME_HEADER + object_len);
	if (rc)
		return rc;
	got = recv_frame(link, CCG_DOE_HEADER + size);
	if (got < 0)
		return got;
	rc = recv_all(link, head, sizeof(head));
	if (!rc)
		rc = recv_all(link, rsp, got - sizeof(head));
	if (!rc)
		rc = check_object(link, head, got);
	return rc ? rc : got - (int)sizeof(head);
}

/**
 * ccg_link_open - connect to a responder
 * @link: set; close it with ccg_link_close()
 * @ctx: the context
 * @address: HOST:PORT; a name, an IPv4 address, an IPv6 address in brackets
 * @timeout_ms: limit for connecting, milliseconds; does not cover name
 *		resolution, see resolv.conf(5)
 *
 * Return: 0 or a negative errno.
 */
int ccg_link_open(struct ccg_link *link, struct ccg_ctx *ctx,
		  const char *address, unsigned int timeout_ms)
{
	int rc;

	*link = (struct ccg_link) { .fd = -1 };
	rc = ccg_tcp_connect(ctx, address, timeout_ms, &link->fd);
	if (rc == -ECONNREFUSED)
		ccg_hint(ctx, "no responder listens at this address");
	return rc;
}

/**
 * ccg_link_close - end a connection
 * @link: the connection, open or not
 *
 * The function never blocks: it sends SHUTDOWN only if the socket has room, and
 * does not wait for the reply.
 */
void ccg_link_close(struct ccg_link *link)
{
	uint8_t bye[FRAME_HEADER];

	if (link->fd < 0)
		return;
	put_frame(bye, CMD_SHUTDOWN, 0);
	send(link->fd, bye, sizeof(bye), MSG_NOSIGNAL | MSG_DONTWAIT);
	close(link->fd);
	link->fd = -1;
}
