/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Private to libccguest: files inside the root directory; reading and writing
 * whole files.
 */
#ifndef CCGUEST_CORE_IO_H
#define CCGUEST_CORE_IO_H

#include <dirent.h>
#include <sys/stat.h>

#include <ccguest/ctx.h>

#include "core/ctx.h"

bool ccg_has_openat2(int dir);
int ccg_open(struct ccg_ctx *ctx, const char *path, int flags);
int ccg_exists(struct ccg_ctx *ctx, const char *path);
int ccg_opendir(struct ccg_ctx *ctx, const char *path, DIR **dirp);
int ccg_read_text(struct ccg_ctx *ctx, const char *path, size_t max,
		  char **textp);
int ccg_read_fd(int fd, uint8_t *buf, size_t max, size_t *lenp);
int ccg_write_at(int fd, const uint8_t *buf, size_t len, uint64_t offset);
int ccg_load_fd(struct ccg_ctx *ctx, int fd, const char *path, size_t max,
		uint8_t **bufp, size_t *lenp);
int ccg_secret_load_fd(struct ccg_ctx *ctx, int fd, const char *path,
		       size_t max, uint8_t **bufp, size_t *lenp);
bool ccg_is_private(const struct stat *st);
int ccg_refuse_shared(struct ccg_ctx *ctx, const struct stat *st,
		      const char *path, const char *hint);
int ccg_check_private(struct ccg_ctx *ctx, int fd, const char *path);
int ccg_load_regular(struct ccg_ctx *ctx, const char *path, bool own,
		     size_t max, uint8_t **bufp, size_t *lenp);
int ccg_create_beside(const char *path, char **tmpp);
int ccg_put_in_place(int fd, char *tmp, const char *path, bool good);

#endif /* CCGUEST_CORE_IO_H */
