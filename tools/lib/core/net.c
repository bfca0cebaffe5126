// SPDX-License-Identifier: GPL-2.0-only
/*
 * Connections to addresses, with time limits.
 */
#include <errno.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include <ccguest/ctx.h>
#include <ccguest/text.h>

#include "core/ctx.h"
#include "core/net.h"

/**
 * ccg_now_us - read the monotonic clock
 *
 * Return: microseconds since an unspecified time.
 */
uint64_t ccg_now_us(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec * 1000000ULL + t.tv_nsec / 1000;
}

/**
 * ccg_wait_fd - wait until a descriptor is ready
 * @fd: the descriptor
 * @events: the events of poll(2) to wait for
 * @deadline: end of the time, in the unit of ccg_now_us()
 *
 * Return: 0; -ETIMEDOUT after @deadline; or another negative errno. The reason
 * is not noted in a context.
 */
int ccg_wait_fd(int fd, short events, uint64_t deadline)
{
	struct pollfd pfd = { .fd = fd, .events = events };
	uint64_t now;
	int n;

	do {
		now = ccg_now_us();
		if (now >= deadline)
			return -ETIMEDOUT;
		n = poll(&pfd, 1, (deadline - now) / 1000 + 1);
	} while (!n || (n < 0 && errno == EINTR));
	return n < 0 ? -errno : 0;
}

/* Splits HOST:PORT; a HOST with colons stands in brackets. */
static bool split_address(char *address, char **host, char **port)
{
	char *colon = strrchr(address, ':');
	uint64_t n;

	if (!colon)
		return false;
	*colon = '\0';
	*port = colon + 1;
	*host = address;
	if (*address == '[' && colon > address + 2 && colon[-1] == ']') {
		colon[-1] = '\0';
		++*host;
	} else if (strpbrk(address, ":[]")) {
		return false;
	}
	return **host && !ccg_parse_number(*port, 10, 0xffff, &n, NULL) && n;
}

static int connect_one(const struct addrinfo *ai, uint64_t deadline, int *fdp)
{
	int fd = socket(ai->ai_family,
			ai->ai_socktype | SOCK_CLOEXEC | SOCK_NONBLOCK,
			ai->ai_protocol);
	socklen_t size = sizeof(int);
	int one = 1, err = 0, rc;

	if (fd < 0)
		return -errno;
	/* Nagle's algorithm only delays: each request awaits its response. */
	setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof(one));
	rc = connect(fd, ai->ai_addr, ai->ai_addrlen) ? -errno : 0;
	if (rc == -EINPROGRESS) {
		rc = ccg_wait_fd(fd, POLLOUT, deadline);
		if (!rc && getsockopt(fd, SOL_SOCKET, SO_ERROR, &err, &size))
			err = errno;
		if (err)
			rc = -err;
	}
	if (rc)
		close(fd);
	else
		*fdp = fd;
	return rc;
}

/* Tries all addresses of the host, until one accepts. */
static int connect_any(const struct addrinfo *ai, uint64_t deadline, int *fdp)
{
	int rc = -EHOSTUNREACH;

	for (; ai; ai = ai->ai_next) {
		rc = connect_one(ai, deadline, fdp);
		if (!rc || ccg_now_us() >= deadline)
			break;
	}
	return rc;
}

static int resolve(struct ccg_ctx *ctx, const char *address,
		   struct addrinfo **list)
{
	const struct addrinfo hints = {
		.ai_family = AF_UNSPEC,
		.ai_socktype = SOCK_STREAM,
	};
	char *copy = strdup(address), *host, *port;
	int rc;

	if (!copy)
		return ccg_fail_errno(ctx, -ENOMEM, address);
	if (!split_address(copy, &host, &port)) {
		rc = ccg_fail(ctx, -EINVAL, CCG_USAGE, address,
			      "is not of the form HOST:PORT");
		ccg_hint(ctx, "an IPv6 address stands in brackets: [::1]:2323");
	} else {
		rc = getaddrinfo(host, port, &hints, list);
		if (rc)
			rc = ccg_fail(ctx, -EHOSTUNREACH, CCG_FAILED, address,
				      "%s", gai_strerror(rc));
	}
	free(copy);
	return rc;
}

/**
 * ccg_tcp_connect - connect to a TCP port
 * @ctx: the context
 * @address: HOST:PORT; a name, an IPv4 address, an IPv6 address in brackets
 * @timeout_ms: limit for connecting, milliseconds; does not cover name
 *		resolution, see resolv.conf(5)
 * @fdp: set to the socket, which does not block
 *
 * Return: 0; -EINVAL with class CCG_USAGE if @address has another form;
 * -ETIMEDOUT; or another negative errno.
 */
int ccg_tcp_connect(struct ccg_ctx *ctx, const char *address,
		    unsigned int timeout_ms, int *fdp)
{
	struct addrinfo *list = NULL;
	int rc = resolve(ctx, address, &list);

	if (rc)
		return rc;
	rc = connect_any(list, ccg_now_us() + timeout_ms * 1000ULL, fdp);
	freeaddrinfo(list);
	if (rc == -ETIMEDOUT)
		return ccg_fail(ctx, rc, CCG_FAILED, address,
				"cannot connect: time is up");
	return rc ? ccg_fail(ctx, rc, CCG_FAILED, address, "cannot connect: %s",
			     strerror(-rc)) : 0;
}
