// SPDX-License-Identifier: GPL-2.0-only
/*
 * Output of text, messages and bytes.
 */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <ccguest/ctx.h>
#include <ccguest/file.h>
#include <ccguest/text.h>

#include "out_text.h"
#include "utf8.h"

static bool quiet;
static bool colored;

/*
 * A hex dump of a secret passes through the buffer of standard output. The
 * buffer is a static array, so that out_close() can overwrite it.
 */
static char stdout_buf[16384];

void out_init(void)
{
	static const int flags[] = { O_WRONLY, O_RDONLY, O_WRONLY };
	int fd;

	for (fd = 0; fd <= 2; fd++)
		if (fcntl(fd, F_GETFD) < 0 && errno == EBADF)
			/* open() takes the lowest free number, which is fd. */
			if (open("/dev/null", flags[fd]) != fd)
				_exit(CCG_FAILED);

	setvbuf(stdout, stdout_buf, _IOFBF, sizeof(stdout_buf));
	/* A closed pipe must not end the command in the middle of a wipe. */
	signal(SIGPIPE, SIG_IGN);
}

void out_lock(struct ccg_ctx *ctx)
{
	ccg_lock_memory(ctx, stdout_buf, sizeof(stdout_buf));
}

void out_set(enum out_when color, bool be_quiet)
{
	const char *no_color = getenv("NO_COLOR");
	const char *term = getenv("TERM");

	quiet = be_quiet;
	colored = color == OUT_ALWAYS ||
		  (color == OUT_AUTO && isatty(STDOUT_FILENO) &&
		   !(no_color && *no_color) && term && strcmp(term, "dumb"));
}

bool out_quiet(void)
{
	return quiet;
}

/* The reader of a pipe may close it early: `ccguest ... | head`. */
static bool reader_is_gone(void)
{
	struct pollfd pfd = { .fd = STDOUT_FILENO };
	struct stat st;

	if (fstat(STDOUT_FILENO, &st) ||
	    (!S_ISFIFO(st.st_mode) && !S_ISSOCK(st.st_mode)))
		return false;
	return poll(&pfd, 1, 0) == 1 && pfd.revents & (POLLERR | POLLHUP);
}

int out_close(int status)
{
	bool failed = ferror(stdout);
	int err = EIO;

	if (fflush(stdout)) {
		failed = true;
		err = errno;
	}
	explicit_bzero(stdout_buf, sizeof(stdout_buf));
	/* Some file systems report a full disk only when a file is closed. */
	if (!failed && close(STDOUT_FILENO)) {
		failed = true;
		err = errno;
	}
	if (!failed || err == EPIPE || reader_is_gone())
		return status;
	out_error("standard output", strerror(err), NULL);
	return status ? status : CCG_FAILED;
}

void out_no_memory(void)
{
	/* out_error() is not usable here: it allocates memory. */
	fprintf(stderr, "ccguest: memory: %s\n", strerror(ENOMEM));
	exit(CCG_FAILED);
}

void *out_alloc(void *old, size_t size)
{
	void *p = realloc(old, size);

	if (!p)
		out_no_memory();
	return p;
}

char *out_escaped(const char *s)
{
	char *copy = out_alloc(NULL, 4 * strlen(s) + 1);
	char *p = copy;
	unsigned char c;

	for (; (c = *s); s++) {
		if (c >= ' ' && c <= '~' && c != '\\')
			*p++ = c;
		else
			p = utf8_escape(p, c);
	}
	*p = '\0';
	return copy;
}

char *out_printable(const char *s)
{
	size_t len = strlen(s), n;
	char *copy = out_alloc(NULL, 4 * len + 1);
	char *p = copy;

	for (; len; s += n, len -= n) {
		n = utf8_printable(s, len);
		if (n)
			p = mempcpy(p, s, n);
		else
			p = utf8_escape(p, *s);
		n = n ? n : 1;
	}
	*p = '\0';
	return copy;
}

void out_text(const char *s)
{
	size_t left = strlen(s), plain, n;
	char escape[4];

	while (left) {
		for (plain = 0; plain < left; plain += n) {
			n = utf8_printable(s + plain, left - plain);
			if (!n)
				break;
		}
		fwrite_unlocked(s, 1, plain, stdout);
		s += plain;
		left -= plain;
		if (!left)
			return;
		utf8_escape(escape, *s++);
		left--;
		fwrite_unlocked(escape, 1, sizeof(escape), stdout);
	}
}

static void put_quoted(const char *s, size_t len, uint32_t cp)
{
	if (cp == '"' || cp == '\\')
		printf("\\%c", (int)cp);
	else if (len == 1 && !cp)
		printf("\\0");
	else if (len == 1 && cp == '\n')
		printf("\\n");
	else if (len && cp >= ' ' && !utf8_is_control(cp))
		fwrite(s, 1, len, stdout);
	else if (len > 1)
		printf("\\u%04x", cp);
	else
		printf("\\x%02x", (unsigned char)*s);
}

void out_quoted(const char *s, size_t len)
{
	uint32_t cp;
	size_t n;

	putchar('"');
	for (; len; s += n, len -= n) {
		n = utf8_plain(s, len);
		if (n) {
			fwrite_unlocked(s, 1, n, stdout);
			continue;
		}
		n = utf8_take(s, len, &cp);
		put_quoted(s, n, n ? cp : 0x80);
		n = n ? n : 1;
	}
	putchar('"');
}

char *out_utf8(const char *s, size_t len, size_t *copied)
{
	char *copy, *p;
	uint32_t cp;
	size_t n;

	copy = out_alloc(NULL, 4 * len + 1);
	for (p = copy; len; s += n, len -= n) {
		n = utf8_plain(s, len);
		if (n) {
			p = mempcpy(p, s, n);
			continue;
		}
		n = utf8_take(s, len, &cp);
		if (n)
			p = mempcpy(p, s, n);
		else
			p = utf8_escape(p, *s);
		n = n ? n : 1;
	}
	*copied = p - copy;
	return copy;
}

void out_column(const char *text, size_t width, bool right)
{
	static const char blanks[] = "                                ";
	size_t len = strlen(text), pad = len < width ? width - len : 0;

	if (right)
		fwrite_unlocked(blanks, 1, pad, stdout);
	fwrite_unlocked(text, 1, len, stdout);
	fwrite_unlocked(blanks, 1, right ? 2 : pad + 2, stdout);
}

void out_error(const char *what, const char *why, const char *hint)
{
	char *w = out_escaped(what), *y = out_escaped(why);

	fprintf(stderr, "ccguest: %s: %s\n", w, y);
	free(w);
	free(y);
	if (hint && *hint) {
		w = out_escaped(hint);
		fprintf(stderr, "ccguest: hint: %s\n", w);
		free(w);
	}
}

__printf(3, 0)
static void print_line(FILE *f, const char *prefix, const char *fmt,
		       va_list ap)
{
	char *text, *safe;

	if (vasprintf(&text, fmt, ap) < 0)
		out_no_memory();
	safe = f == stdout ? out_printable(text) : out_escaped(text);
	fprintf(f, "%s%s\n", prefix, safe);
	free(safe);
	free(text);
}

void out_note(const char *fmt, ...)
{
	va_list ap;

	if (quiet)
		return;
	va_start(ap, fmt);
	print_line(stderr, "ccguest: ", fmt, ap);
	va_end(ap);
}

void out_result(const char *fmt, ...)
{
	va_list ap;

	if (quiet)
		return;
	va_start(ap, fmt);
	print_line(stdout, "", fmt, ap);
	va_end(ap);
}

/* As ls(1): COLUMNS, or the width that the terminal reports, or 80. */
static int terminal_width(void)
{
	const char *columns = getenv("COLUMNS");
	struct winsize size;
	uint64_t width;

	if (columns && !ccg_parse_number(columns, 10, INT_MAX, &width, NULL) &&
	    width)
		return width;
	if (!ioctl(STDERR_FILENO, TIOCGWINSZ, &size) && size.ws_col)
		return size.ws_col;
	return 80;
}

/* A line longer than the terminal's width could not be overwritten. */
static void print_progress(int percent, const char *what)
{
	char *safe = out_escaped(what), *line;

	if (asprintf(&line, "%3d %% of %s", percent, safe) < 0)
		out_no_memory();
	fprintf(stderr, "\r%.*s\033[K", terminal_width() - 1, line);
	free(line);
	free(safe);
}

void out_progress(void *arg, const char *what, uint64_t done, uint64_t all)
{
	static uint64_t shown = -1;
	uint64_t percent = all && done < all ? 100 * done / all : 100;

	(void)arg;
	if (quiet || percent == shown || !isatty(STDERR_FILENO))
		return;
	shown = percent;
	/* Each line overwrites the one before; the last one erases it. */
	if (percent < 100)
		print_progress(percent, what);
	else
		fprintf(stderr, "\r\033[K");
}

void out_colored(enum out_color color, const char *text)
{
	static const char *const on[] = {
		[OUT_PLAIN] = "",
		[OUT_BOLD] = "\033[1m",
		[OUT_GOOD] = "\033[32m",
		[OUT_BAD] = "\033[31m",
		[OUT_WARN] = "\033[33m",
	};
	bool use = colored && color != OUT_PLAIN && *text;

	printf("%s%s%s", use ? on[color] : "", text, use ? "\033[0m" : "");
}

int out_bytes(const uint8_t *buf, size_t len)
{
	struct pollfd pfd = { .fd = STDOUT_FILENO, .events = POLLOUT };
	ssize_t n;

	while (len) {
		n = write(STDOUT_FILENO, buf, len);
		if (n < 0 && errno == EAGAIN) {
			poll(&pfd, 1, -1);
			continue;
		}
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0 && errno == EPIPE)
			return 0;
		if (n < 0) {
			out_error("standard output", strerror(errno), NULL);
			return CCG_FAILED;
		}
		buf += n;
		len -= n;
	}
	return 0;
}

void out_dump(const uint8_t *buf, size_t len)
{
	size_t i, j;

	for (i = 0; i < len; i += 16) {
		printf("  %08zx ", i);
		for (j = i; j < i + 16; j++) {
			printf("%s", j % 8 ? " " : j % 16 ? "  " : " ");
			if (j < len)
				printf("%02x", buf[j]);
			else
				printf("  ");
		}
		printf("  |");
		for (j = i; j < i + 16 && j < len; j++)
			putchar(buf[j] >= ' ' && buf[j] <= '~' ? buf[j] : '.');
		printf("|\n");
	}
}
