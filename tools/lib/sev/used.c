// SPDX-License-Identifier: GPL-2.0-only
/*
 * Marks of keys that were used: the file KEY.used beside the file KEY.
 *
 * A session is for one launch. A second packet with the same keys would help a
 * host that started two guests with them.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "core/ctx.h"
#include "sev/used.h"

/* Limit for the length of a mark in bytes. */
#define MARK_MAX	4096

static int fail_used(struct ccg_ctx *ctx, const char *key, char *mark,
		     size_t len)
{
	mark[strcspn(mark, "\n")] = '\0';
	ccg_fail(ctx, -EEXIST, CCG_FAILED, key, "this key is used up: %s",
		 len ? mark : "no reason given");
	ccg_hint(ctx, "open a new session; if the packet was never sent, remove KEY.used");
	return -EEXIST;
}

int ccg_sev_key_unused(struct ccg_ctx *ctx, const char *key)
{
	char *path, text[MARK_MAX + 1];
	FILE *f;
	size_t len;

	if (asprintf(&path, "%s.used", key) < 0)
		return ccg_fail_errno(ctx, -ENOMEM, key);
	f = fopen(path, "re");
	if (!f && errno == ENOENT) {
		free(path);
		return 0;
	}
	if (!f) {
		ccg_fail_errno(ctx, -errno, path);
		free(path);
		return ccg_error(ctx)->code;
	}
	free(path);
	len = fread(text, 1, MARK_MAX, f);
	fclose(f);
	text[len] = '\0';
	return fail_used(ctx, key, text, len);
}

/**
 * ccg_sev_marks_make - prepare the marks of a use
 * @ctx: the context
 * @use: the keys, and the purpose of the use
 * @marks: set to the marks; free them with ccg_sev_marks_free()
 * @files: set to the files to create, CCG_SEV_USE_KEYS at most
 * @n: set to the number of @files
 *
 * Return: 0; -EEXIST if a key was used before; or -ENOMEM.
 */
int ccg_sev_marks_make(struct ccg_ctx *ctx, const struct ccg_sev_use *use,
		       struct sev_marks *marks, struct ccg_new_file *files,
		       size_t *n)
{
	char now[sizeof("2026-11-30T00:00:00Z")];
	time_t t = time(NULL);
	struct tm tm;
	int rc;

	*marks = (struct sev_marks) {};
	*n = 0;
	strftime(now, sizeof(now), "%Y-%m-%dT%H:%M:%SZ", gmtime_r(&t, &tm));
	ccg_text_put(&marks->text, "%s %s, measurement ", now, use->purpose);
	ccg_text_hex(&marks->text, use->measure, CCG_SEV_MEASURE_LEN);
	ccg_text_put(&marks->text, "\n");
	for (; *n < CCG_SEV_USE_KEYS && use->keys[*n]; ++*n) {
		rc = ccg_sev_key_unused(ctx, use->keys[*n]);
		if (rc)
			goto err;
		rc = -ENOMEM;
		if (marks->text.bad ||
		    asprintf(&marks->paths[*n], "%s.used", use->keys[*n]) < 0) {
			marks->paths[*n] = NULL;
			ccg_fail_errno(ctx, rc, use->keys[*n]);
			goto err;
		}
		files[*n] = (struct ccg_new_file) {
			marks->paths[*n], (uint8_t *)marks->text.buf,
			marks->text.len,
		};
	}
	return 0;
err:
	ccg_sev_marks_free(marks);
	return rc;
}

/**
 * ccg_sev_marks_free - free the marks of a use
 * @marks: the marks
 */
void ccg_sev_marks_free(struct sev_marks *marks)
{
	for (size_t i = 0; i < CCG_SEV_USE_KEYS; i++)
		free(marks->paths[i]);
	free(marks->text.buf);
}

int ccg_sev_keys_mark(struct ccg_ctx *ctx, const struct ccg_sev_use *use)
{
	struct ccg_new_file files[CCG_SEV_USE_KEYS];
	struct sev_marks marks;
	size_t n;
	int rc = ccg_sev_marks_make(ctx, use, &marks, files, &n);

	if (rc)
		return rc;
	rc = ccg_files_create(ctx, files, n);
	ccg_sev_marks_free(&marks);
	return rc;
}
