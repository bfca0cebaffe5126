// SPDX-License-Identifier: GPL-2.0-only
/*
 * Running another program, with limits for its time and its output.
 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <ccguest/program.h>

#include "core/ctx.h"

/* Messages beyond this number of bytes are dropped. */
#define MESSAGES_MAX	400
#define MS_PER_S	1000
#define NS_PER_MS	1000000L
/*
 * Time between two looks for the end of the program, after the end of its output
 * and before.
 */
#define WAIT_MS		5
#define LOOK_MS		50

enum { OUTPUT, MESSAGES, N_STREAMS };

/**
 * struct stream - what the program writes to a descriptor
 * @fd: end of a pipe to read; -1 after its end
 * @buf: the bytes that were read
 * @len: their number
 * @max: limit for @len
 */
struct stream {
	int fd;
	char *buf;
	size_t len;
	size_t max;
};

/**
 * struct running - a program that runs
 * @ctx: the context
 * @program: the program
 * @pid: its process; 0 if it does not run
 * @status: its status, after its end
 * @end: when its time is over, in ms
 * @streams: its output and its messages
 */
struct running {
	struct ccg_ctx *ctx;
	const struct ccg_program *program;
	pid_t pid;
	int status;
	int64_t end;
	struct stream streams[N_STREAMS];
};

static int64_t now_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * MS_PER_S + t.tv_nsec / NS_PER_MS;
}

/* posix_spawnp() takes pointers to texts that are not constant. */
static char **copy_args(const char *const *argv)
{
	size_t n = 0;
	char **copy;

	while (argv[n])
		n++;
	copy = malloc((n + 1) * sizeof(*copy));
	if (copy)
		memcpy(copy, argv, (n + 1) * sizeof(*copy));
	return copy;
}

/* The environment of this process, with another locale. */
static char **make_environment(char *locale)
{
	size_t n = 0, kept = 0;
	char **env;

	while (environ[n])
		n++;
	env = malloc((n + 2) * sizeof(*env));
	if (!env)
		return NULL;
	for (size_t i = 0; i < n; i++)
		if (strncmp(environ[i], "LC_ALL=", strlen("LC_ALL=")))
			env[kept++] = environ[i];
	env[kept++] = locale;
	env[kept] = NULL;
	return env;
}

/* Connects the descriptors 0, 1 and 2 of the program. */
static int prepare(posix_spawn_file_actions_t *actions,
		   posix_spawnattr_t *attr, int fds[N_STREAMS][2])
{
	sigset_t set;
	int rc;

	sigemptyset(&set);
	sigaddset(&set, SIGPIPE);
	sigaddset(&set, SIGCHLD);
	rc = posix_spawn_file_actions_addopen(actions, STDIN_FILENO, "/dev/null",
					      O_RDONLY, 0);
	for (int i = 0; !rc && i < N_STREAMS; i++)
		rc = posix_spawn_file_actions_adddup2(actions, fds[i][1],
						      STDOUT_FILENO + i);
	if (!rc)
		rc = posix_spawnattr_setsigdefault(attr, &set);
	return rc ? rc : posix_spawnattr_setflags(attr, POSIX_SPAWN_SETSIGDEF);
}

static int spawn(struct running *r, int fds[N_STREAMS][2])
{
	posix_spawn_file_actions_t actions;
	posix_spawnattr_t attr;
	char **argv = copy_args(r->program->argv);
	char locale[] = "LC_ALL=C";
	char **env = make_environment(locale);
	int rc = ENOMEM;

	if (!env || !argv)
		goto free_env;
	if (posix_spawn_file_actions_init(&actions))
		goto free_env;
	if (posix_spawnattr_init(&attr))
		goto free_actions;
	rc = prepare(&actions, &attr, fds);
	if (!rc)
		rc = posix_spawnp(&r->pid, r->program->argv[0], &actions, &attr,
				  argv, env);
	posix_spawnattr_destroy(&attr);
free_actions:
	posix_spawn_file_actions_destroy(&actions);
free_env:
	free(env);
	free(argv);
	return -rc;
}

static int start(struct running *r)
{
	const char *name = r->program->argv[0];
	int fds[N_STREAMS][2] = { { -1, -1 }, { -1, -1 } }, rc = 0;

	for (int i = 0; !rc && i < N_STREAMS; i++)
		rc = pipe2(fds[i], O_CLOEXEC) ? -errno : 0;
	if (!rc)
		rc = spawn(r, fds);
	for (int i = 0; i < N_STREAMS; i++) {
		r->streams[i].fd = fds[i][0];
		if (fds[i][1] >= 0)
			close(fds[i][1]);
	}
	if (!rc)
		return 0;
	r->pid = 0;
	if (rc != -ENOENT)
		return ccg_fail_errno(r->ctx, rc, name);
	return ccg_fail(r->ctx, rc, CCG_UNSUPPORTED, name, "is not installed");
}

static int too_late(struct running *r)
{
	return ccg_fail(r->ctx, -ETIMEDOUT, CCG_FAILED, r->program->what,
			"no result within %u s", r->program->seconds);
}

/* Reads what is there; drops messages that do not fit. */
static int take(struct running *r, struct stream *s)
{
	char dropped[512];
	size_t room = s->max - s->len;
	bool drop = !room;
	ssize_t n = read(s->fd, drop ? dropped : s->buf + s->len,
			 drop ? sizeof(dropped) : room);

	if (n < 0)
		return errno == EINTR ? 0 : ccg_fail_errno(r->ctx, -errno,
							   r->program->what);
	if (!n) {
		close(s->fd);
		s->fd = -1;
	} else if (!drop) {
		s->len += n;
	} else if (s == &r->streams[OUTPUT]) {
		return ccg_fail(r->ctx, -EFBIG, CCG_FAILED, r->program->what,
				"the output is longer than %zu bytes",
				r->program->max);
	}
	return 0;
}

/* Sets the status and pid = 0 if the program has ended. */
static int look(struct running *r)
{
	pid_t pid = r->pid ? waitpid(r->pid, &r->status, WNOHANG) : 0;

	if (pid < 0 && errno != EINTR)
		return ccg_fail_errno(r->ctx, -errno, r->program->what);
	if (pid > 0)
		r->pid = 0;
	return 0;
}

/* Waits for bytes, and reads them. *@n: number of streams that had some. */
static int read_some(struct running *r, int64_t wait, int *n)
{
	struct pollfd polls[N_STREAMS];
	int rc = 0;

	for (int i = 0; i < N_STREAMS; i++)
		polls[i] = (struct pollfd) { r->streams[i].fd, POLLIN, 0 };
	*n = poll(polls, N_STREAMS, wait);
	if (*n < 0 && errno != EINTR)
		return ccg_fail_errno(r->ctx, -errno, r->program->what);
	for (int i = 0; !rc && *n > 0 && i < N_STREAMS; i++)
		if (polls[i].revents)
			rc = take(r, &r->streams[i]);
	return rc;
}

/* A child of the program can keep the streams open: the program's end counts. */
static int read_all(struct running *r)
{
	int64_t left;
	int n, rc = 0;
	bool ended;

	while (!rc && (r->streams[OUTPUT].fd >= 0 || r->streams[MESSAGES].fd >= 0)) {
		ended = !r->pid;
		left = r->end - now_ms();
		if (left <= 0)
			return too_late(r);
		if (ended)
			left = 0;
		rc = read_some(r, left < LOOK_MS ? left : LOOK_MS, &n);
		if (!rc && !n && ended)
			break;
		if (!rc && !n)
			rc = look(r);
	}
	return rc;
}

/* The messages become one line. */
static int fail_status(struct running *r, int status)
{
	struct stream *s = &r->streams[MESSAGES];
	const char *what = r->program->what;

	while (s->len && strchr(" \r\n", s->buf[s->len - 1]))
		s->len--;
	for (size_t i = 0; i < s->len; i++)
		if (strchr("\r\n", s->buf[i]))
			s->buf[i] = ' ';
	s->buf[s->len] = '\0';
	if (WIFSIGNALED(status))
		return ccg_fail(r->ctx, -EIO, CCG_FAILED, what,
				"ended by signal %d", WTERMSIG(status));
	return ccg_fail(r->ctx, -EIO, CCG_FAILED, what, "exit status %d%s%s",
			WEXITSTATUS(status), s->len ? ": " : "", s->buf);
}

/* The program can have closed its output, and still run. */
static int wait_end(struct running *r)
{
	const struct timespec pause = { 0, WAIT_MS * NS_PER_MS };
	int rc;

	for (;;) {
		rc = look(r);
		if (rc)
			return rc;
		if (!r->pid)
			break;
		if (now_ms() >= r->end)
			return too_late(r);
		nanosleep(&pause, NULL);
	}
	return r->status ? fail_status(r, r->status) : 0;
}

static void finish(struct running *r)
{
	for (int i = 0; i < N_STREAMS; i++)
		if (r->streams[i].fd >= 0)
			close(r->streams[i].fd);
	if (!r->pid)
		return;
	kill(r->pid, SIGKILL);
	while (waitpid(r->pid, NULL, 0) < 0 && errno == EINTR)
		;
}

int ccg_program_run(struct ccg_ctx *ctx, const struct ccg_program *p,
		    char **bufp, size_t *lenp)
{
	char messages[MESSAGES_MAX + 1];
	struct running r = {
		.ctx = ctx,
		.program = p,
		.end = now_ms() + (int64_t)p->seconds * MS_PER_S,
		.streams = {
			[OUTPUT] = { -1, malloc(p->max + 1), 0, p->max },
			[MESSAGES] = { -1, messages, 0, MESSAGES_MAX },
		},
	};
	const struct sigaction keep_status = { .sa_handler = SIG_DFL };
	struct stream *out = &r.streams[OUTPUT];
	struct sigaction before;
	int rc;

	if (!out->buf)
		return ccg_fail_errno(ctx, -ENOMEM, p->what);
	/* A caller that ignores SIGCHLD would lose the status. */
	sigaction(SIGCHLD, &keep_status, &before);
	rc = start(&r);
	if (!rc)
		rc = read_all(&r);
	if (!rc)
		rc = wait_end(&r);
	finish(&r);
	sigaction(SIGCHLD, &before, NULL);
	if (rc) {
		free(out->buf);
		return rc;
	}
	out->buf[out->len] = '\0';
	*bufp = out->buf;
	*lenp = out->len;
	return 0;
}
