// SPDX-License-Identifier: GPL-2.0-only
/*
 * Directories with certificates.
 */
#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <ccguest/cert.h>
#include <ccguest/ctx.h>
#include <ccguest/file.h>

#include "core/ctx.h"
#include "core/io.h"
#include "x509/cert.h"

static bool is_cert_file(const struct dirent *de)
{
	const char *dot = strrchr(de->d_name, '.');

	/* Skip hidden files: editors keep unfinished files there. */
	return dot && *de->d_name != '.' &&
	       (!strcmp(dot, ".der") || !strcmp(dot, ".pem"));
}

static int by_text(const void *va, const void *vb)
{
	return strcmp(*(const char *const *)va, *(const char *const *)vb);
}

/* @dir comes from the user; without it, use the machine's directory. */
static int open_cert_dir(struct ccg_ctx *ctx, const char *dir, DIR **dp)
{
	if (!dir)
		return ccg_opendir(ctx, CCG_CMA_DIR, dp);
	*dp = opendir(dir);
	return *dp ? 0 : -errno;
}

static int add_path(struct ccg_cert_dir *d, const char *dir, const char *name)
{
	char **bigger;

	bigger = realloc(d->paths, (d->n + 1) * sizeof(*bigger));
	if (!bigger)
		return -ENOMEM;
	d->paths = bigger;
	if (asprintf(&bigger[d->n], "%s/%s", dir, name) < 0)
		return -ENOMEM;
	d->n++;
	return 0;
}

int ccg_cert_dir_open(struct ccg_ctx *ctx, const char *dir,
		      struct ccg_cert_dir **dp)
{
	const char *what = dir ? dir : CCG_CMA_DIR;
	struct ccg_cert_dir *d;
	struct dirent *de;
	DIR *stream;
	int rc;

	rc = open_cert_dir(ctx, dir, &stream);
	if (rc == -ENOENT) {
		ccg_fail(ctx, rc, CCG_NOT_FOUND, what, "no such directory");
		ccg_hint(ctx,
			 "put certificates there, as NAME.der or NAME.pem");
		return rc;
	}
	if (rc)
		return ccg_fail_errno(ctx, rc, what);
	rc = dir ? 0 : ccg_check_private(ctx, dirfd(stream), what);
	if (rc) {
		closedir(stream);
		return rc;
	}
	d = calloc(1, sizeof(*d));
	if (!d) {
		closedir(stream);
		return ccg_fail_errno(ctx, -ENOMEM, what);
	}
	d->ctx = ctx;
	d->own = !dir;
	do {
		errno = 0;
		de = readdir(stream);
		rc = de ? 0 : -errno;
		if (de && is_cert_file(de))
			rc = d->n < CCG_CERTS_MAX ? add_path(d, what, de->d_name) :
						-E2BIG;
	} while (de && !rc);
	closedir(stream);
	if (rc) {
		ccg_cert_dir_free(d);
		return ccg_fail_errno(ctx, rc, what);
	}
	if (d->n)
		qsort(d->paths, d->n, sizeof(*d->paths), by_text);
	*dp = d;
	return 0;
}

int ccg_cert_dir_load(struct ccg_cert_dir *d, size_t i,
		      struct ccg_certs **certsp)
{
	const char *path = d->paths[i];
	uint8_t *buf = NULL;
	size_t len = 0;
	int rc;

	rc = ccg_load_regular(d->ctx, path, d->own, CCG_CERTS_FILE_MAX, &buf,
			      &len);
	if (rc)
		return rc;
	rc = ccg_certs_parse(d->ctx, path, buf, len, certsp);
	ccg_wipe_free(buf, len);
	return rc;
}

void ccg_cert_dir_free(struct ccg_cert_dir *d)
{
	size_t i;

	if (!d)
		return;
	for (i = 0; i < d->n; i++)
		free(d->paths[i]);
	free(d->paths);
	free(d);
}
