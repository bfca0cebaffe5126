/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * libccguest: memory and files that hold secrets.
 */
#ifndef LIBCCGUEST_FILE_H
#define LIBCCGUEST_FILE_H

#include <ccguest/ctx.h>

#ifdef __cplusplus
extern "C" {
#endif

/**
 * ccg_secret_alloc - allocate memory for a secret
 * @ctx: the context
 * @len: length of the secret, in bytes
 *
 * The memory is locked, is left out of core files, and is zero in a child
 * process. If the memory cannot be locked, ccg_lock_error() tells the reason.
 *
 * Return: memory that is zero, to be freed with ccg_secret_free(); NULL if
 * there is not enough memory.
 */
uint8_t *ccg_secret_alloc(struct ccg_ctx *ctx, size_t len);

/**
 * ccg_secret_free - overwrite a secret, and free its memory
 * @secret: memory from ccg_secret_alloc(), or NULL
 */
void ccg_secret_free(void *secret);

/**
 * ccg_lock_memory - lock memory, so that it cannot be swapped out
 * @ctx: the context; keeps the reason of the first failure for ccg_lock_error()
 * @p: the memory
 * @len: its length, in bytes
 */
void ccg_lock_memory(struct ccg_ctx *ctx, const void *p, size_t len);

/**
 * ccg_lock_error - find out whether all secrets were locked
 * @ctx: the context
 *
 * Return: 0; or why memory could not be locked, a negative errno.
 */
int ccg_lock_error(const struct ccg_ctx *ctx);

/**
 * ccg_wipe_free - overwrite memory that held a secret, and free it
 * @buf: memory from malloc(), or NULL
 * @len: number of bytes to overwrite
 */
void ccg_wipe_free(void *buf, size_t len);

/**
 * ccg_no_core_dumps - keep the memory of this process out of core files
 * @ctx: the context
 *
 * Other processes of the same user can no longer read the memory either. Call
 * this function before you read the first secret.
 *
 * Return: 0 or a negative errno.
 */
int ccg_no_core_dumps(struct ccg_ctx *ctx);

/**
 * ccg_file_load - read a file
 * @ctx: the context; its root directory is not used
 * @path: the file, or "-" for standard input
 * @max: largest accepted length, in bytes
 * @bufp: set to the bytes; free them with ccg_wipe_free()
 * @lenp: set to the number of bytes
 *
 * Return: 0; -EFBIG if the file is longer than @max; or another negative errno.
 */
int ccg_file_load(struct ccg_ctx *ctx, const char *path, size_t max,
		  uint8_t **bufp, size_t *lenp);

/**
 * ccg_secret_load - read a file that holds secrets
 * @ctx: the context; its root directory is not used
 * @path: the file, or "-" for standard input
 * @max: largest accepted length, in bytes
 * @bufp: set to the bytes; free them with ccg_secret_free()
 * @lenp: set to the number of bytes
 *
 * Return: 0; -EFBIG if the file is longer than @max; or another negative errno.
 */
int ccg_secret_load(struct ccg_ctx *ctx, const char *path, size_t max,
		    uint8_t **bufp, size_t *lenp);

/**
 * ccg_file_save - write a file that only its owner can read
 * @ctx: the context; its root directory is not used
 * @path: the file; an existing regular file is replaced
 * @buf: the bytes to write
 * @len: number of bytes
 *
 * The file gets mode 0600. It appears under @path only when all of it is on
 * disk. If the file system has no O_TMPFILE and the process is killed
 * meanwhile, a file @path.XXXXXX remains.
 *
 * Return: 0; -EEXIST if @path exists and is not a regular file; or another
 * negative errno.
 */
int ccg_file_save(struct ccg_ctx *ctx, const char *path, const uint8_t *buf,
		  size_t len);

/* The largest number of files for ccg_files_create(). */
#define CCG_NEW_FILES_MAX	8

/**
 * struct ccg_new_file - a file to create
 * @path: its path
 * @buf: the bytes to write
 * @len: number of bytes
 */
struct ccg_new_file {
	const char *path;
	const uint8_t *buf;
	size_t len;
};

/**
 * ccg_files_create - create files that only their owner can read, all or none
 * @ctx: the context; its root directory is not used
 * @files: the files
 * @n: number of @files, 1 to CCG_NEW_FILES_MAX
 *
 * The files get mode 0600. No existing file is replaced. After a failure, none
 * of the files exists. If the process is killed meanwhile, some may exist.
 *
 * Return: 0; -EEXIST if one of the paths exists; or another negative errno.
 */
int ccg_files_create(struct ccg_ctx *ctx, const struct ccg_new_file *files,
		     size_t n);

/**
 * ccg_dir_create - create a directory with files that only their owner can read
 * @ctx: the context; its root directory is not used
 * @path: the directory, which must not exist, or be empty
 * @files: the files; their paths are names below @path
 * @n: number of @files
 *
 * The directory gets mode 0700, and the files 0600. The directory appears under
 * @path only when all files are on disk. If the process is killed meanwhile, a
 * directory @path.XXXXXX remains.
 *
 * Return: 0; -EEXIST if @path exists and is not an empty directory; or another
 * negative errno.
 */
int ccg_dir_create(struct ccg_ctx *ctx, const char *path,
		   const struct ccg_new_file *files, size_t n);

#ifdef __cplusplus
}
#endif

#endif /* LIBCCGUEST_FILE_H */
