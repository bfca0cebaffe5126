// SPDX-License-Identifier: GPL-2.0-only
/*
 * Marks of keys that were used: the file KEY.used beside the file KEY. If KEY is
 * a symbolic link, the mark is beside the file that the link leads to.
 *
 * A session is for one launch. A second packet with the same keys would help a
 * host that started two guests with them.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>

#include <ccguest/text.h>

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

/* Standard input and pipes have no place for a mark. */
static int check_file(struct ccg_ctx *ctx, const char *key)
{
	struct stat st;

	if (strcmp(key, "-") && (stat(key, &st) || S_ISREG(st.st_mode)))
		return 0;
	ccg_fail(ctx, -EINVAL, CCG_USAGE, key,
		 "a key must be in a regular file: the file KEY.used beside it marks it as used");
	return -EINVAL;
}

/* A file that does not exist keeps its name: reading it fails later. */
static int mark_path(struct ccg_ctx *ctx, const char *key, char **pathp)
{
	struct stat st;
	char *real = NULL;
	int rc = check_file(ctx, key);

	*pathp = NULL;
	if (rc)
		return rc;
	if (!lstat(key, &st) && S_ISLNK(st.st_mode))
		real = realpath(key, NULL);
	rc = asprintf(pathp, "%s.used", real ? real : key);
	free(real);
	if (rc >= 0)
		return 0;
	*pathp = NULL;
	return ccg_fail_errno(ctx, -ENOMEM, key);
}

/**
 * ccg_sev_key_unmarked - check that a key which is to be written has no mark
 * @ctx: the context
 * @key: file for the key
 *
 * Return: 0; -EEXIST if the file @key.used exists; or -ENOMEM.
 */
int ccg_sev_key_unmarked(struct ccg_ctx *ctx, const char *key)
{
	struct stat st;
	char *path;
	bool marked;

	if (asprintf(&path, "%s.used", key) < 0)
		return ccg_fail_errno(ctx, -ENOMEM, key);
	marked = !lstat(path, &st);
	if (marked) {
		ccg_fail(ctx, -EEXIST, CCG_FAILED, path,
			 "exists: it would mark the new key as used");
		ccg_hint(ctx, "choose another name, or remove the mark of the old key");
	}
	free(path);
	return marked ? -EEXIST : 0;
}

int ccg_sev_key_unused(struct ccg_ctx *ctx, const char *key)
{
	char *path, text[MARK_MAX + 1];
	FILE *f;
	size_t len;
	int rc = mark_path(ctx, key, &path);

	if (rc)
		return rc;
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
	char now[CCG_TIME_TEXT];
	time_t t = time(NULL);
	struct tm tm;
	int rc;

	*marks = (struct sev_marks) {};
	*n = 0;
	ccg_time_text(gmtime_r(&t, &tm), now);
	ccg_text_put(&marks->text, "%s %s, measurement ", now, use->purpose);
	ccg_text_hex(&marks->text, use->measure, CCG_SEV_MEASURE_LEN);
	ccg_text_put(&marks->text, "\n");
	for (; *n < CCG_SEV_USE_KEYS && use->keys[*n]; ++*n) {
		rc = ccg_sev_key_unused(ctx, use->keys[*n]);
		if (rc)
			goto err;
		rc = mark_path(ctx, use->keys[*n], &marks->paths[*n]);
		if (!rc && marks->text.bad)
			rc = ccg_fail_errno(ctx, -ENOMEM, use->keys[*n]);
		if (rc)
			goto err;
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
