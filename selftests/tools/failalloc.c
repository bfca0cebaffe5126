// SPDX-License-Identifier: GPL-2.0-only
/*
 * A library for LD_PRELOAD: allocation number FAIL_NTH, from 0 on, fails. At
 * exit, the library writes the number of allocations to the file FAIL_COUNT.
 *
 * Allocations of the libraries in FAIL_NOT, separated by blanks, are not
 * counted and do not fail: libcrypto and json-c's parser crash if memory is
 * short.
 */
#include <errno.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define ARRAY_SIZE(a)	(sizeof(a) / sizeof((a)[0]))

/* glibc's own functions, under names that no library replaces. */
void *__libc_malloc(size_t n);
void *__libc_calloc(size_t n, size_t size);
void *__libc_realloc(void *old, size_t n);

static struct {
	uintptr_t start;
	uintptr_t end;
} spared[64];
static size_t n_spared;
static long nth = -1, count;
static bool on;

static bool fails(const void *caller)
{
	uintptr_t at = (uintptr_t)caller;

	if (!on)
		return false;
	for (size_t i = 0; i < n_spared; i++)
		if (at >= spared[i].start && at < spared[i].end)
			return false;
	if (__atomic_fetch_add(&count, 1, __ATOMIC_RELAXED) != nth)
		return false;
	errno = ENOMEM;
	return true;
}

void *malloc(size_t n)
{
	return fails(__builtin_return_address(0)) ? NULL : __libc_malloc(n);
}

void *calloc(size_t n, size_t size)
{
	return fails(__builtin_return_address(0)) ? NULL :
	       __libc_calloc(n, size);
}

void *realloc(void *old, size_t n)
{
	return fails(__builtin_return_address(0)) ? NULL :
	       __libc_realloc(old, n);
}

static bool is_spared(const char *line, const char *names)
{
	char copy[256], *name, *rest = NULL;

	snprintf(copy, sizeof(copy), "%s", names);
	for (name = strtok_r(copy, " ", &rest); name;
	     name = strtok_r(NULL, " ", &rest))
		if (strstr(line, name))
			return true;
	return false;
}

__attribute__((constructor)) static void begin(void)
{
	const char *number = getenv("FAIL_NTH"), *names = getenv("FAIL_NOT");
	FILE *maps = fopen("/proc/self/maps", "re");
	char line[512];

	while (maps && fgets(line, sizeof(line), maps)) {
		if (!names || !is_spared(line, names) ||
		    n_spared == ARRAY_SIZE(spared))
			continue;
		if (sscanf(line, "%lx-%lx", &spared[n_spared].start,
			   &spared[n_spared].end) == 2)
			n_spared++;
	}
	if (maps)
		fclose(maps);
	nth = number ? atol(number) : -1;
	on = true;
}

__attribute__((destructor)) static void end(void)
{
	const char *path = getenv("FAIL_COUNT");
	FILE *f;

	on = false;
	f = path ? fopen(path, "we") : NULL;
	if (!f)
		return;
	fprintf(f, "%ld\n", count);
	fclose(f);
}
