// SPDX-License-Identifier: GPL-2.0-only
/*
 * Accesses to a device's files that a shell cannot make:
 *
 *	sysfs write FILE TEXT	print 0 or the negative errno of the write()
 *	sysfs again N FILE TEXT	the same N times, or until SIGTERM if N is 0;
 *				print each different result once
 *	sysfs poll MS FILE COMMAND...
 *				run the command; print 1 if poll() reports a
 *				change of FILE within that time, otherwise 0
 *	sysfs uevents MS COMMAND...
 *				run the command; print the uevents that arrive
 *				within that time, one per line
 *	sysfs nobody COMMAND...	run the command as another user, without
 *				capabilities
 */
#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <linux/netlink.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define NOBODY	65534

static void die(const char *what)
{
	perror(what);
	exit(125);
}

static int open_or_die(const char *name, int flags)
{
	int fd = open(name, flags | O_CLOEXEC);

	if (fd < 0)
		die(name);
	return fd;
}

static int write_text(const char *name, const char *text)
{
	int fd = open(name, O_WRONLY | O_CLOEXEC);
	int rc = 0;

	if (fd < 0)
		return -errno;
	if (write(fd, text, strlen(text)) < 0)
		rc = -errno;
	close(fd);
	return rc;
}

static int do_write(const char *name, const char *text)
{
	printf("%d\n", write_text(name, text));
	return 0;
}

static volatile sig_atomic_t stopped;

static void on_term(int sig)
{
	(void)sig;
	stopped = 1;
}

static int do_again(int n, const char *name, const char *text)
{
	bool seen[256] = {};

	signal(SIGTERM, on_term);
	for (int i = 0; !stopped && (!n || i < n); i++) {
		int rc = write_text(name, text);

		if (!seen[-rc & 255])
			printf("%d\n", rc);
		seen[-rc & 255] = true;
	}
	return 0;
}

static pid_t start(char **argv)
{
	pid_t pid = fork();

	if (pid < 0)
		die("fork");
	if (pid)
		return pid;
	execvp(argv[0], argv);
	die(argv[0]);
	return -1;
}

static int left_ms(const struct timespec *start, int ms)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	ms -= (now.tv_sec - start->tv_sec) * 1000 +
	      (now.tv_nsec - start->tv_nsec) / 1000000;
	return ms > 0 ? ms : 0;
}

/* sysfs wakes up processes that have read the file. */
static int do_poll(int ms, const char *name, char **argv)
{
	struct pollfd p = { .fd = open_or_die(name, O_RDONLY),
			    .events = POLLPRI };
	char buf[64];
	pid_t pid;
	int n;

	if (read(p.fd, buf, sizeof(buf)) < 0)
		die(name);
	pid = start(argv);
	n = poll(&p, 1, ms);
	if (n < 0)
		die("poll");
	printf("%d\n", n && (p.revents & POLLPRI));
	waitpid(pid, NULL, 0);
	return 0;
}

/* A message consists of strings, each with a NUL at the end. */
static void print_uevent(const char *buf, ssize_t len)
{
	for (ssize_t i = 0; i < len; i++)
		putchar(buf[i] ? buf[i] : i < len - 1 ? ' ' : '\n');
}

static int do_uevents(int ms, char **argv)
{
	struct sockaddr_nl addr = { .nl_family = AF_NETLINK, .nl_groups = 1 };
	struct timespec begin;
	struct pollfd p = { .events = POLLIN };
	char buf[8192];

	p.fd = socket(AF_NETLINK, SOCK_DGRAM | SOCK_CLOEXEC,
		      NETLINK_KOBJECT_UEVENT);
	if (p.fd < 0 || bind(p.fd, (struct sockaddr *)&addr, sizeof(addr)))
		die("netlink");
	clock_gettime(CLOCK_MONOTONIC, &begin);
	start(argv);
	while (poll(&p, 1, left_ms(&begin, ms)) > 0) {
		ssize_t len = recv(p.fd, buf, sizeof(buf), 0);

		if (len > 0)
			print_uevent(buf, len);
	}
	while (wait(NULL) > 0)
		;
	return 0;
}

static int do_nobody(char **argv)
{
	if (setgroups(0, NULL) || setgid(NOBODY) || setuid(NOBODY))
		die("setuid");
	execvp(argv[0], argv);
	die(argv[0]);
	return 125;
}

int main(int argc, char **argv)
{
	const char *what = argc > 1 ? argv[1] : "";

	if (!strcmp(what, "write") && argc == 4)
		return do_write(argv[2], argv[3]);
	if (!strcmp(what, "again") && argc == 5)
		return do_again(atoi(argv[2]), argv[3], argv[4]);
	if (!strcmp(what, "poll") && argc > 4)
		return do_poll(atoi(argv[2]), argv[3], argv + 4);
	if (!strcmp(what, "uevents") && argc > 3)
		return do_uevents(atoi(argv[2]), argv + 3);
	if (!strcmp(what, "nobody") && argc > 2)
		return do_nobody(argv + 2);
	fprintf(stderr, "usage: see the top of sysfs.c\n");
	return 125;
}
