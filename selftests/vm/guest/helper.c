// SPDX-License-Identifier: GPL-2.0-only
/*
 * One static program for the two tasks that busybox cannot do in a guest. The
 * name by which it is called selects the task:
 *
 *   to-port PORT COPY COMMAND...	run a command; its output goes to PORT
 *   timeout [--foreground] SECONDS COMMAND...	for kselftest's runner
 *
 * A port cannot be opened twice, but commands open /dev/stderr again. So the
 * command writes to a pipe. Output that is written before a crash must reach
 * the host before the crash. Therefore each processor has a thread with
 * real-time priority that reads the pipe. The thread on the writer's processor
 * runs before the writer continues, and keeps the processor until one of the
 * threads has sent the output.
 */

#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define SETUP_FAILED	125	/* as in env(1) and timeout(1) */
#define TIMED_OUT	124

static void die(const char *what)
{
	fprintf(stderr, "ccguest-rig: %s: %s\n", what, strerror(errno));
	exit(SETUP_FAILED);
}

static void write_all(int fd, const char *buf, size_t len)
{
	while (len) {
		ssize_t n = write(fd, buf, len);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			die("cannot write the output");
		buf += n;
		len -= (size_t)n;
	}
}

static int exit_status(int wstatus)
{
	if (WIFSIGNALED(wstatus))
		return 128 + WTERMSIG(wstatus);
	return WEXITSTATUS(wstatus);
}

static void run(char **argv)
{
	int err;

	execvp(argv[0], argv);
	err = errno;
	fprintf(stderr, "ccguest-rig: %s: %s\n", argv[0], strerror(err));
	_exit(err == ENOENT ? 127 : 126);
}

static int pipe_end, port = -1, copy = -1;
static atomic_flag busy = ATOMIC_FLAG_INIT;
static atomic_long ready;

/*
 * Spins, because the writer would continue if this thread slept. Sleeps after
 * one second or two, in case the host is slow to read the port.
 */
static void lock(void)
{
	struct timespec start, now, pause = { .tv_nsec = 1000000 };

	if (!atomic_flag_test_and_set(&busy))
		return;
	clock_gettime(CLOCK_MONOTONIC, &start);
	while (atomic_flag_test_and_set(&busy)) {
		clock_gettime(CLOCK_MONOTONIC, &now);
		if (now.tv_sec - start.tv_sec > 1)
			nanosleep(&pause, NULL);
	}
}

static void unlock(void)
{
	atomic_flag_clear(&busy);
}

/* Copies @max bytes at most from the pipe; returns 0 at its end. */
static ssize_t pump(size_t max)
{
	static char buf[65536];
	ssize_t n;

	if (max > sizeof(buf))
		max = sizeof(buf);
	do {
		n = read(pipe_end, buf, max);
	} while (n < 0 && errno == EINTR);
	if (n <= 0)
		return n;
	write_all(port, buf, (size_t)n);
	if (copy >= 0)
		write_all(copy, buf, (size_t)n);
	return n;
}

static void *reader(void *cpu)
{
	struct sched_param rt = { .sched_priority = 50 };
	struct pollfd p = { .fd = pipe_end, .events = POLLIN };
	cpu_set_t set;
	ssize_t n;

	CPU_ZERO(&set);
	CPU_SET((size_t)cpu, &set);
	if (sched_setaffinity(0, sizeof(set), &set))
		die("sched_setaffinity");
	if (sched_setscheduler(0, SCHED_FIFO, &rt))
		die("sched_setscheduler");
	atomic_fetch_add(&ready, 1);
	do {
		if (poll(&p, 1, -1) < 0 && errno != EINTR)
			die("poll");
		lock();
		/* another reader may have been faster: EAGAIN */
		n = pump(SIZE_MAX);
		if (n < 0 && errno != EAGAIN)
			die("read");
		unlock();
	} while (n);
	return NULL;
}

static int to_port(const char *port_name, const char *copy_name, char **argv)
{
	long cpus = sysconf(_SC_NPROCESSORS_ONLN);
	int wstatus, left;
	pthread_t thread;
	int fds[2], go[2];
	pid_t pid;

	port = open(port_name, O_WRONLY | O_CLOEXEC);
	if (port < 0)
		die(port_name);
	if (strcmp(copy_name, "-")) {
		copy = open(copy_name,
			    O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
		if (copy < 0)
			die(copy_name);
	}
	if (pipe2(fds, O_CLOEXEC) || pipe2(go, O_CLOEXEC))
		die("pipe");
	pipe_end = fds[0];
	if (fcntl(pipe_end, F_SETFL, O_NONBLOCK))
		die("fcntl");

	pid = fork();
	if (pid < 0)
		die("fork");
	if (!pid) {
		char c;

		/* this pipe ends when all reader threads run */
		close(go[1]);
		if (read(go[0], &c, 1))
			die("read");
		if (dup2(fds[1], 1) < 0 || dup2(fds[1], 2) < 0)
			die("dup2");
		setsid();
		run(argv);
	}
	close(fds[1]);
	for (long cpu = 0; cpu < cpus; cpu++) {
		errno = pthread_create(&thread, NULL, reader, (void *)cpu);
		if (errno)
			die("pthread_create");
	}
	while (atomic_load(&ready) < cpus)
		usleep(1000);
	close(go[1]);

	/*
	 * A process that the command leaves behind may keep the pipe open for
	 * ever. So wait for the end of the command, not of the pipe.
	 */
	while (waitpid(pid, &wstatus, 0) < 0)
		if (errno != EINTR)
			die("waitpid");
	lock();
	/* copy the bytes written so far, not those of other processes */
	if (ioctl(pipe_end, FIONREAD, &left))
		die("FIONREAD");
	while (left > 0) {
		ssize_t n = pump((size_t)left);

		if (n <= 0)
			break;
		left -= (int)n;
	}
	/* keep the lock, so that no thread writes after the end */
	return exit_status(wstatus);
}

static atomic_int alarmed;

static void on_alarm(int sig)
{
	(void)sig;
	atomic_store(&alarmed, 1);
}

/*
 * Sends SIGTERM, and SIGKILL five seconds later, since a test may ignore
 * SIGTERM. The signals go to the process group of the command. With
 * --foreground they go to the command only, which is an inner timeout.
 */
static int with_timeout(int foreground, const char *limit, char **argv)
{
	struct sigaction sa = { .sa_handler = on_alarm };
	int wstatus, tries = 0;
	unsigned long seconds;
	char *end;
	pid_t pid;

	errno = 0;
	seconds = strtoul(limit, &end, 10);
	if (errno || end == limit || *end || seconds > 1000000) {
		errno = EINVAL;
		die(limit);
	}
	/* SIGTERM of an outer timeout ends the group, too */
	if (sigaction(SIGALRM, &sa, NULL) || sigaction(SIGTERM, &sa, NULL))
		die("sigaction");
	pid = fork();
	if (pid < 0)
		die("fork");
	if (!foreground)
		setpgid(pid, pid);	/* parent and child: no race */
	if (!pid)
		run(argv);
	alarm((unsigned int)seconds);
	while (waitpid(pid, &wstatus, 0) < 0) {
		if (errno != EINTR)
			die("waitpid");
		if (!atomic_exchange(&alarmed, 0))
			continue;
		tries++;
		kill(foreground ? pid : -pid, tries > 1 ? SIGKILL : SIGTERM);
		/* the outer timeout ends after the inner one */
		alarm(foreground ? 10 : 5);
	}
	return tries ? TIMED_OUT : exit_status(wstatus);
}

int main(int argc, char **argv)
{
	const char *name = strrchr(argv[0], '/');
	int foreground;

	name = name ? name + 1 : argv[0];
	if (!strcmp(name, "to-port") && argc > 3)
		return to_port(argv[1], argv[2], argv + 3);
	if (!strcmp(name, "timeout")) {
		foreground = argc > 1 && !strcmp(argv[1], "--foreground");
		argv += foreground;
		argc -= foreground;
		if (argc > 2)
			return with_timeout(foreground, argv[1], argv + 2);
	}
	fprintf(stderr, "usage: to-port PORT COPY COMMAND...\n"
		"       timeout [--foreground] SECONDS COMMAND...\n");
	return SETUP_FAILED;
}
