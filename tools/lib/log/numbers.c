// SPDX-License-Identifier: GPL-2.0-only
/*
 * The logs that the module cc_event_log shows, by number.
 */
#include <dirent.h>
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <ccguest/log.h>
#include <ccguest/module.h>
#include <ccguest/text.h>

#include "core/ctx.h"
#include "core/io.h"
#include "kmod/advice.h"
#include "log/log.h"

/* Longer texts than cc_event_log writes are cut. */
#define ATTRIBUTE_MAX	4096

static int open_logs(struct ccg_ctx *ctx, DIR **dirp)
{
	struct ccg_advice a;
	int rc = ccg_opendir(ctx, CCG_LOG_DIR, dirp);

	if (rc != -ENOENT && rc != -ENOTDIR)
		return rc ? ccg_fail_errno(ctx, rc, CCG_LOG_DIR) : 0;
	ccg_module_advice(ctx, "cc_event_log", &a);
	return ccg_fail_advised(ctx, -ENODEV, CCG_LOG_DIR,
				"there is no such directory", &a);
}

/**
 * ccg_logs_present - test whether the module cc_event_log shows logs
 * @ctx: the context
 *
 * Return: 0; -ENODEV with class CCG_UNSUPPORTED if the module shows none; or
 * another negative errno.
 */
int ccg_logs_present(struct ccg_ctx *ctx)
{
	DIR *dir;
	int rc = open_logs(ctx, &dir);

	if (!rc)
		closedir(dir);
	return rc;
}

static int by_number(const void *a, const void *b)
{
	uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;

	return x < y ? -1 : x > y;
}

static int add_number(uint32_t **numbers, size_t *n, uint32_t number)
{
	uint32_t *more = reallocarray(*numbers, *n + 1, sizeof(*more));

	if (!more)
		return -ENOMEM;
	more[(*n)++] = number;
	*numbers = more;
	return 0;
}

int ccg_log_numbers(struct ccg_ctx *ctx, uint32_t **numbersp, size_t *np)
{
	uint32_t *numbers = NULL;
	struct dirent *de;
	uint64_t number;
	size_t n = 0;
	DIR *dir;
	int rc;

	rc = open_logs(ctx, &dir);
	if (rc)
		return rc;
	while (!rc && (de = readdir(dir)))
		if (!ccg_parse_number(de->d_name, 10, UINT32_MAX, &number, NULL))
			rc = add_number(&numbers, &n, number);
	closedir(dir);
	if (rc) {
		free(numbers);
		return ccg_fail_errno(ctx, rc, CCG_LOG_DIR);
	}
	if (n)
		qsort(numbers, n, sizeof(*numbers), by_number);
	*numbersp = numbers;
	*np = n;
	return 0;
}

char *ccg_log_attribute(struct ccg_ctx *ctx, uint32_t number, const char *name)
{
	char *path, *text;
	int rc;

	if (asprintf(&path, CCG_LOG_DIR "/%" PRIu32 "/%s", number, name) < 0)
		return NULL;
	rc = ccg_read_text(ctx, path, ATTRIBUTE_MAX, &text);
	free(path);
	if (rc)
		return NULL;
	text[strcspn(text, "\n")] = '\0';
	return text;
}
