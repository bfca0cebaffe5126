/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * libccguest: secrets of the owner of a guest, and secret tables.
 */
#ifndef LIBCCGUEST_SECRET_H
#define LIBCCGUEST_SECRET_H

#include <ccguest/ctx.h>
#include <ccguest/text.h>

#ifdef __cplusplus
extern "C" {
#endif

/* ---- GUIDs that have a name ---- */

/**
 * struct ccg_known - a GUID that has a meaning outside of ccguest
 * @guid: its text, in lower case
 * @name: its name in the command ccguest
 * @alias: a name that other projects use, or NULL
 * @purpose: what a secret with this GUID is
 * @consumer: the programs that read it
 */
struct ccg_known {
	const char *guid;
	const char *name;
	const char *alias;
	const char *purpose;
	const char *consumer;
};

/**
 * ccg_known_at - get a known GUID by number
 * @i: its number, from 0
 *
 * Return: the known GUID, NULL after the last.
 */
const struct ccg_known *ccg_known_at(size_t i);

/**
 * ccg_known_by_guid - look up a GUID
 * @guid: the GUID
 *
 * Return: the known GUID, or NULL.
 */
const struct ccg_known *ccg_known_by_guid(const struct ccg_guid *guid);

/**
 * ccg_guid_from_name - convert a GUID's text or name to the GUID
 * @ctx: the context
 * @name: text of a GUID, or a known name or alias
 * @guid: set to the GUID
 *
 * Return: 0; -EINVAL with class CCG_USAGE if @name is neither.
 */
int ccg_guid_from_name(struct ccg_ctx *ctx, const char *name,
		       struct ccg_guid *guid);

/* ---- secrets ---- */

/**
 * struct ccg_secret - one secret, without its bytes
 * @guid: its GUID
 * @known: the known GUID, or NULL
 * @size_known: @size is valid; false if the kernel does not report the size
 *		(the in-tree module) and the file cannot be read
 * @size: size in bytes
 * @mode: permissions of the file; 0 in an area file
 * @index: number of the entry in an area file, deleted entries included, from 0
 * @offset: offset of the entry in an area file, in bytes
 * @hidden: an earlier entry of the area file has the same GUID; the kernel does
 *	    not show this one
 * @wiped: ccg_secrets_wipe() has wiped it
 */
struct ccg_secret {
	struct ccg_guid guid;
	const struct ccg_known *known;
	bool size_known;
	size_t size;
	unsigned int mode;
	size_t index;
	size_t offset;
	bool hidden;
	bool wiped;
};

/* The secrets of this machine or of an area file, opened. */
struct ccg_secrets;

/**
 * struct ccg_secrets_info - properties of a set of secrets
 * @path: the directory or the file
 * @live: the secrets are those of this machine, in a directory of securityfs
 * @n: number of secrets for ccg_secrets_at(), hidden ones included
 * @n_hidden: number of hidden secrets
 * @n_deleted: number of deleted entries in an area file
 * @n_trailing: number of bytes after the last entry of an area file's table;
 *		too few for another entry
 * @n_skipped: number of directory entries that are not secrets
 * @table_len: length of an area file's table, in bytes
 * @area_len: length of an area file, in bytes
 */
struct ccg_secrets_info {
	const char *path;
	bool live;
	size_t n;
	size_t n_hidden;
	size_t n_deleted;
	size_t n_trailing;
	size_t n_skipped;
	size_t table_len;
	size_t area_len;
};

/**
 * ccg_secrets_open - open the secrets of this machine or of an area file
 * @ctx: the context
 * @file: a file that holds a secret area; NULL for the secrets of this machine
 * @writable: ccg_secrets_wipe() will be called; ignored if @file is NULL
 * @sp: set to the secrets; close them with ccg_secrets_close()
 *
 * Secrets of a machine are sorted by GUID. Secrets of a file have the order of
 * the file.
 *
 * Return: 0; or
 *  -ENODATA with class CCG_NOT_FOUND if the area holds no secret table;
 *  -EBADMSG if the table is corrupt;
 *  -EFBIG if the file is longer than a secret area can be;
 *  -EISDIR if the file is a directory;
 *  -EINVAL if @writable and the file is not a regular file;
 *  -ENOENT with class CCG_UNSUPPORTED if this machine shows no secrets: the
 *  module efi_secret is not loaded, or securityfs is not mounted;
 *  -E2BIG if the kernel's directory has too many entries;
 *  or another negative errno.
 */
int ccg_secrets_open(struct ccg_ctx *ctx, const char *file, bool writable,
		     struct ccg_secrets **sp);

/**
 * ccg_secrets_close - close secrets
 * @s: the secrets, or NULL
 */
void ccg_secrets_close(struct ccg_secrets *s);

/**
 * ccg_secrets_info - get the properties of a set of secrets
 * @s: the secrets
 *
 * Return: the properties, valid until @s is closed.
 */
const struct ccg_secrets_info *ccg_secrets_info(const struct ccg_secrets *s);

/**
 * ccg_secrets_at - get a secret by number
 * @s: the secrets
 * @i: its number, from 0
 *
 * Return: the secret, valid until @s is closed; NULL after the last.
 */
const struct ccg_secret *ccg_secrets_at(const struct ccg_secrets *s, size_t i);

/**
 * ccg_secrets_skipped_at - get the name of a skipped directory entry
 * @s: the secrets
 * @i: its number, from 0
 *
 * Return: the name, valid until @s is closed; NULL after the last.
 */
const char *ccg_secrets_skipped_at(const struct ccg_secrets *s, size_t i);

/**
 * ccg_secrets_find - find a secret
 * @s: the secrets
 * @name: its GUID or known name
 * @secretp: set to the secret, never to a hidden one
 *
 * Return: 0; -EINVAL with class CCG_USAGE if @name is not a name; -ENOENT with
 * class CCG_NOT_FOUND if there is no such secret.
 */
int ccg_secrets_find(struct ccg_secrets *s, const char *name,
		     const struct ccg_secret **secretp);

/**
 * ccg_secrets_read - read a secret
 * @s: the secrets
 * @secret: the secret to read
 * @bufp: set to its bytes; free them with ccg_wipe_free()
 * @lenp: set to the number of bytes
 *
 * Return: 0; -ESTALE or -ENOENT with class CCG_NOT_FOUND if the secret was
 * wiped meanwhile; -EFBIG if it is longer than a secret area; or another
 * negative errno.
 */
int ccg_secrets_read(struct ccg_secrets *s, const struct ccg_secret *secret,
		     uint8_t **bufp, size_t *lenp);

/**
 * ccg_secrets_wipe - wipe a secret
 * @s: the secrets, opened writable
 * @secret: the secret to wipe; not a hidden one
 *
 * On this machine, the kernel overwrites the secret in memory and removes the
 * file. In an area file, this function overwrites the secret and its GUID with
 * zeros, does the same for all other entries with that GUID, and syncs the
 * file.
 *
 * Return: 0; -ESTALE or -ENOENT with class CCG_NOT_FOUND if the secret was wiped
 * before; -EINVAL if @secret is not one of @s; or another negative errno.
 */
int ccg_secrets_wipe(struct ccg_secrets *s, const struct ccg_secret *secret);

/* ---- building a secret table ---- */

/* LAUNCH_SECRET accepts only files whose length is a multiple of 16. */
#define CCG_BUILD_ALIGN	16

/**
 * enum ccg_build_flags - what ccg_build_add() accepts
 * @CCG_BUILD_DUPLICATE: a GUID that the table already has
 * @CCG_BUILD_ZERO: the zero GUID, which makes a deleted entry
 */
enum ccg_build_flags {
	CCG_BUILD_DUPLICATE = 1,
	CCG_BUILD_ZERO = 2,
};

/* A secret table that is being built. */
struct ccg_build;

/**
 * ccg_build_new - make an empty secret table
 * @ctx: the context
 * @bp: set to the table; free it with ccg_build_free()
 *
 * Return: 0 or -ENOMEM.
 */
int ccg_build_new(struct ccg_ctx *ctx, struct ccg_build **bp);

/**
 * ccg_build_free - free a secret table
 * @b: the table, or NULL
 */
void ccg_build_free(struct ccg_build *b);

/**
 * ccg_build_add - add a secret to a table
 * @b: the table
 * @guid: GUID of the secret
 * @data: the secret
 * @len: its length in bytes
 * @flags: bits of enum ccg_build_flags
 *
 * The table does not change on failure.
 *
 * Return: 0; -EINVAL with class CCG_USAGE for the zero GUID; -EEXIST with class
 * CCG_USAGE if the table already has the GUID; -EMSGSIZE if the table has 4096
 * entries, or would become longer than a secret area.
 */
int ccg_build_add(struct ccg_build *b, const struct ccg_guid *guid,
		  const uint8_t *data, size_t len, unsigned int flags);

/**
 * ccg_build_finish - get the bytes of a secret table
 * @b: the table
 * @size: length of the file in bytes, a multiple of CCG_BUILD_ALIGN; zeros fill
 *	  the rest; 0 for the shortest length
 * @bufp: set to the bytes, valid until @b is changed or freed
 * @lenp: set to the number of bytes, a multiple of CCG_BUILD_ALIGN
 * @table_lenp: set to the length of the table in them, in bytes
 *
 * Return: 0; -EINVAL with class CCG_USAGE if @size is not a multiple of
 * CCG_BUILD_ALIGN; -EMSGSIZE with class CCG_USAGE if @size is longer than a
 * secret area, with class CCG_FAILED if the table does not fit.
 */
int ccg_build_finish(struct ccg_build *b, size_t size, const uint8_t **bufp,
		     size_t *lenp, size_t *table_lenp);

#ifdef __cplusplus
}
#endif

#endif /* LIBCCGUEST_SECRET_H */
