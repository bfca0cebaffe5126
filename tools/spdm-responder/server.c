// SPDX-License-Identifier: GPL-2.0-only
/*
 * The socket protocol of QEMU's spdm_port, and DOE data objects.
 *
 * A frame has the same form in both directions: command, transport type and
 * length, all big-endian, then the payload.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "conn.h"

#define CMD_NORMAL	0x0001
#define CMD_CONTINUE	0xfffd
#define CMD_SHUTDOWN	0xfffe
#define CMD_UNKNOWN	0xffff
#define CMD_TEST	0xdead
#define TRANSPORT_DOE	2

/* PCIe r6.1, 6.30: data object types of the PCI-SIG. */
#define DOE_VENDOR	0x0001
#define DOE_DISCOVERY	0
#define DOE_CMA		1

static volatile sig_atomic_t stopped;

static void on_signal(int sig)
{
	(void)sig;
	stopped = 1;
}

/* SIGINT and SIGTERM interrupt waiting, and end the program cleanly. */
static void set_signals(void)
{
	struct sigaction sa = { .sa_handler = on_signal };

	sigaction(SIGINT, &sa, NULL);
	sigaction(SIGTERM, &sa, NULL);
	signal(SIGPIPE, SIG_IGN);
}

/* Returns true if data is ready, false to stop. */
static bool wait_readable(int fd)
{
	struct pollfd p = { .fd = fd, .events = POLLIN };

	/* With a timeout, because a signal may arrive just before poll(). */
	while (!stopped)
		if (poll(&p, 1, 200) > 0)
			return true;
	return false;
}

/*
 * Returns false at the end of the connection. QEMU sends a message in pieces,
 * and waits for the acknowledgment of each piece before it sends the next.
 * TCP_QUICKACK makes the kernel acknowledge at once. The kernel resets this
 * option (tcp(7)), so the function sets it each time.
 */
static bool receive(int fd, void *buf, size_t len)
{
	uint8_t *p = buf;
	int one = 1;
	ssize_t n;

	while (len) {
		if (!wait_readable(fd))
			return false;
		n = recv(fd, p, len, 0);
		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return false;
		setsockopt(fd, IPPROTO_TCP, TCP_QUICKACK, &one, sizeof(one));
		p += n;
		len -= n;
	}
	return true;
}

static bool send_all(int fd, const void *buf, size_t len)
{
	const uint8_t *p = buf;
	ssize_t n;

	while (len) {
		n = send(fd, p, len, MSG_NOSIGNAL);
		if (n < 0 && errno == EINTR && !stopped)
			continue;
		if (n <= 0)
			return false;
		p += n;
		len -= n;
	}
	return true;
}

static bool reply(int fd, uint32_t cmd, uint32_t type, const void *data, size_t len)
{
	uint8_t buf[12 + OBJECT_MAX];
	uint32_t head[] = { htonl(cmd), htonl(type), htonl(len) };

	memcpy(buf, head, sizeof(head));
	if (len)
		memcpy(buf + 12, data, len);
	return send_all(fd, buf, 12 + len);
}

static void put_object(struct msg *out, unsigned int type, const uint8_t *data, size_t len)
{
	static const uint8_t zero[3];

	out->len = 0;
	put16(out, DOE_VENDOR);
	put16(out, type);
	put32(out, (DOE_HEADER + len + 3) / 4);
	put(out, data, len);
	put(out, zero, -len & 3);
}

/* Answers PCIe r6.1, 6.30.1.1: supports DOE Discovery and CMA only. */
static bool discovery(const uint8_t *req, size_t len, struct msg *out)
{
	uint8_t answer[4] = { 0xff, 0xff, 0, 0 };
	unsigned int index = req[0];

	if (len != 4)
		return false;
	if (index <= DOE_CMA) {
		set16(answer, DOE_VENDOR);
		answer[2] = index;
		answer[3] = index < DOE_CMA ? index + 1 : 0;
	}
	put_object(out, DOE_DISCOVERY, answer, sizeof(answer));
	return true;
}

static void sleep_ms(unsigned int ms)
{
	struct timespec end, step = { .tv_nsec = 20000000 }, now;

	clock_gettime(CLOCK_MONOTONIC, &end);
	end.tv_sec += ms / 1000;
	end.tv_nsec += ms % 1000 * 1000000l;
	for (;;) {
		clock_gettime(CLOCK_MONOTONIC, &now);
		if (stopped || (now.tv_sec - end.tv_sec) * 1000 +
		    (now.tv_nsec - end.tv_nsec) / 1000000 >= 0)
			return;
		nanosleep(&step, NULL);
	}
}

static void delay(const struct conn *c, int row)
{
	if (row >= 0 && c->cfg->delays[row])
		sleep_ms(c->cfg->delays[row]);
}

/* Sends nothing, and drops further requests. */
static void stall_until_closed(int fd)
{
	uint8_t lost[256];

	note(1, "fault: stall, until the connection is closed");
	while (receive(fd, lost, 1))
		;
}

/* PCIe r6.1, 6.30: a malformed data object gets no response. */
static bool check_object(const uint8_t *object, size_t len)
{
	size_t dwords;

	if (len < DOE_HEADER || len % 4) {
		note(0, "discarded: a data object of %zu bytes", len);
		return false;
	}
	dwords = get32(object + 4) & 0x3ffff;
	if (dwords * 4 != len) {
		note(0, "discarded: a data object of %zu bytes whose length field says %zu dwords",
		     len, dwords);
		return false;
	}
	if (get16(object) != DOE_VENDOR || object[2] > DOE_CMA) {
		note(0, "discarded: a data object of vendor %#06x, type %u", get16(object),
		     object[2]);
		return false;
	}
	return true;
}

static void log_message(const char *dir, const uint8_t *msg, size_t len)
{
	char tmp[8];

	note(1, "%s %s, %zu bytes", dir, message_name(msg, len, tmp), len);
}

/* Returns false to close the connection. */
static bool do_object(struct conn *c, int fd, const uint8_t *object, size_t len)
{
	static struct msg rsp, out;

	out.len = 0;
	transcript_object('>', object, len);
	if (check_object(object, len)) {
		if (object[2] == DOE_DISCOVERY) {
			if (!discovery(object + DOE_HEADER, len - DOE_HEADER, &out))
				note(0, "discarded: a discovery of %zu bytes", len);
		} else {
			log_message(">", object + DOE_HEADER, len - DOE_HEADER);
			spdm_answer(c, object + DOE_HEADER, len - DOE_HEADER, &rsp);
			delay(c, rsp.row);
			if (rsp.what == STALL)
				stall_until_closed(fd);
			if (rsp.what == STALL || rsp.what == HANG_UP)
				return false;
			if (rsp.what == SEND) {
				log_message("<", rsp.data, rsp.len);
				put_object(&out, DOE_CMA, rsp.data, rsp.len);
			}
		}
	}
	transcript_object('<', out.data, out.len);
	return reply(fd, CMD_NORMAL, TRANSPORT_DOE, out.data, out.len);
}

static bool do_command(struct conn *c, int fd, uint32_t cmd, uint32_t type,
		       const uint8_t *data, size_t len)
{
	static const char hello[] = "Server Hello!";

	if (cmd == CMD_NORMAL && type == TRANSPORT_DOE)
		return do_object(c, fd, data, len);
	transcript_note('>', cmd, type, data, len);
	switch (cmd) {
	case CMD_TEST:
		transcript_note('<', cmd, type, (const uint8_t *)hello, sizeof(hello));
		return reply(fd, cmd, type, hello, sizeof(hello));
	case CMD_CONTINUE:
	case CMD_SHUTDOWN:
		transcript_note('<', cmd, type, NULL, 0);
		return reply(fd, cmd, type, NULL, 0) && cmd == CMD_CONTINUE;
	}
	note(0, "unknown: command %#x with transport %u; expected command 1 with transport 2 (DOE)",
	     cmd, type);
	transcript_note('<', CMD_UNKNOWN, type, NULL, 0);
	return reply(fd, CMD_UNKNOWN, type, NULL, 0);
}

static void serve_connection(struct conn *c, int fd)
{
	static uint8_t data[OBJECT_MAX];
	uint32_t head[3];

	while (receive(fd, head, sizeof(head))) {
		size_t len = ntohl(head[2]);

		if (len > sizeof(data)) {
			note(0, "closed: a payload of %zu bytes, the limit is %zu", len,
			     sizeof(data));
			return;
		}
		if (!receive(fd, data, len) ||
		    !do_command(c, fd, ntohl(head[0]), ntohl(head[1]), data, len))
			return;
	}
}

static int listen_on(uint16_t port)
{
	struct sockaddr_in sa = {
		.sin_family = AF_INET,
		.sin_port = htons(port),
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK),
	};
	socklen_t len = sizeof(sa);
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	int one = 1;

	if (fd >= 0)
		setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof(one));
	if (fd < 0 || bind(fd, (struct sockaddr *)&sa, sizeof(sa)) || listen(fd, 16) ||
	    getsockname(fd, (struct sockaddr *)&sa, &len)) {
		error("127.0.0.1:%u: %s; --port=0 selects a free port", port, strerror(errno));
		if (fd >= 0)
			close(fd);
		return -1;
	}
	if (verbosity >= 0 || !port) {
		printf("listening on 127.0.0.1:%u\n", ntohs(sa.sin_port));
		fflush(stdout);
	}
	return fd;
}

int serve(struct config *cfg)
{
	static struct conn c;
	int fd, listener, one = 1;
	unsigned int n = 0;

	set_signals();
	listener = listen_on(cfg->port);
	if (listener < 0)
		return EXIT_FAILED;
	conn_init(&c, cfg);
	while (wait_readable(listener)) {
		fd = accept4(listener, NULL, NULL, SOCK_CLOEXEC);
		if (fd < 0)
			continue;
		setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof(one));
		note(1, "connection %u", ++n);
		conn_reset(&c);
		serve_connection(&c, fd);
		close(fd);
		note(1, "connection %u is closed", n);
		if (cfg->once)
			break;
	}
	conn_free(&c);
	close(listener);
	return EXIT_DONE;
}
