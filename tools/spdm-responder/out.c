// SPDX-License-Identifier: GPL-2.0-only
/*
 * Messages and memory.
 */
#include <errno.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "responder.h"

int verbosity;

void *xalloc(void *old, size_t size)
{
	void *p = realloc(old, size ? size : 1);

	if (!p) {
		fputs("spdm-responder: memory: Cannot allocate memory\n", stderr);
		exit(EXIT_FAILED);
	}
	return p;
}

char *xstrdup(const char *s)
{
	size_t len = strlen(s) + 1;

	return memcpy(xalloc(NULL, len), s, len);
}

/* Control characters from outside are escaped. */
__printf(1, 0)
static void print_line(const char *fmt, va_list ap)
{
	char line[1024];
	const char *p;

	vsnprintf(line, sizeof(line), fmt, ap);
	fputs("spdm-responder: ", stderr);
	for (p = line; *p; p++)
		if (*p >= ' ' && *p <= '~')
			fputc(*p, stderr);
		else
			fprintf(stderr, "\\x%02x", (unsigned char)*p);
	fputc('\n', stderr);
}

int error(const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	print_line(fmt, ap);
	va_end(ap);
	return -1;
}

void note(int level, const char *fmt, ...)
{
	va_list ap;

	if (level > verbosity)
		return;
	va_start(ap, fmt);
	print_line(fmt, ap);
	va_end(ap);
}

int out_close(int status)
{
	bool failed = ferror(stdout);

	if (fflush(stdout) || failed || close(STDOUT_FILENO)) {
		error("standard output: %s", strerror(errno));
		return status ? status : EXIT_FAILED;
	}
	return status;
}
