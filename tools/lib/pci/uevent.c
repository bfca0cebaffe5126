// SPDX-License-Identifier: GPL-2.0-only
/*
 * Uevents of PCI devices: what they say, and the kernel's socket for them.
 */
#include <errno.h>
#include <linux/netlink.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <ccguest/ctx.h>
#include <ccguest/device.h>

#include "core/ctx.h"

/* A uevent has 2 KiB of variables at most, and its head: lib/kobject_uevent.c. */
#define UEVENT_MAX	8192
/* Enough for some thousand uevents: a burst when many devices arrive. */
#define RECEIVE_BUFFER	(4 << 20)
/* The multicast group of the kernel's own uevents; the others are udev's. */
#define KERNEL_GROUP	1

/* The value if the variable has this key, or NULL. */
static const char *value_of(const char *variable, const char *key)
{
	size_t len = strlen(key);

	if (strncmp(variable, key, len) || variable[len] != '=')
		return NULL;
	return variable + len + 1;
}

bool ccg_uevent_parse(const char *data, size_t len, struct ccg_device_event *event)
{
	bool is_pci = false, has_address = false;
	const char *end, *value;

	memset(event, 0, sizeof(*event));
	for (; len; len -= end + 1 - data, data = end + 1) {
		end = memchr(data, '\0', len);
		if (!end)
			return false;
		value = value_of(data, "ACTION");
		if (value)
			event->removed = !strcmp(value, "remove");
		value = value_of(data, "SUBSYSTEM");
		if (value)
			is_pci = !strcmp(value, "pci");
		value = value_of(data, "PCI_SLOT_NAME");
		if (value)
			has_address = !ccg_bdf_parse(value, event->bdf);
		if (value_of(data, "SPDM_STATE") ||
		    value_of(data, "SPDM_EVIDENCE"))
			event->spdm = true;
	}
	return is_pci && has_address;
}

int ccg_uevents_open(struct ccg_ctx *ctx, int *fdp)
{
	struct sockaddr_nl address = {
		.nl_family = AF_NETLINK,
		.nl_groups = KERNEL_GROUP,
	};
	int size = RECEIVE_BUFFER;
	int fd, err;

	fd = socket(AF_NETLINK, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK,
		    NETLINK_KOBJECT_UEVENT);
	if (fd < 0)
		return ccg_fail(ctx, -errno, CCG_UNSUPPORTED, "uevents",
				"cannot open the kernel's socket: %s", strerror(errno));
	/* The limit of root does not count. Without root, the default size. */
	if (setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, &size, sizeof(size)))
		setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &size, sizeof(size));
	if (bind(fd, (struct sockaddr *)&address, sizeof(address))) {
		err = errno;
		close(fd);
		return ccg_fail(ctx, -err, CCG_UNSUPPORTED, "uevents",
				"cannot listen to the kernel: %s", strerror(err));
	}
	*fdp = fd;
	return 0;
}

int ccg_uevents_read(struct ccg_ctx *ctx, int fd, struct ccg_device_event *event)
{
	char data[UEVENT_MAX];
	struct sockaddr_nl from;
	struct iovec iov = { data, sizeof(data) };
	struct msghdr msg = {
		.msg_name = &from,
		.msg_iov = &iov,
		.msg_iovlen = 1,
	};
	ssize_t len;

	for (;;) {
		msg.msg_namelen = sizeof(from);
		len = recvmsg(fd, &msg, 0);
		if (len < 0 && errno == EINTR)
			continue;
		if (len < 0 && errno == EAGAIN)
			return -EAGAIN;
		memset(event, 0, sizeof(*event));
		if (len < 0 && errno == ENOBUFS) {
			event->lost = true;
			return 0;
		}
		if (len < 0)
			return ccg_fail(ctx, -errno, CCG_FAILED, "uevents", "%s",
					strerror(errno));
		/* The kernel has the port 0. */
		if (msg.msg_namelen != sizeof(from) || from.nl_pid ||
		    msg.msg_flags & MSG_TRUNC)
			continue;
		if (ccg_uevent_parse(data, len, event))
			return 0;
	}
}
