/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * efi_secret: the EFI confidential-computing secret area under securityfs.
 */
#ifndef CCGUEST_EFI_SECRET_H
#define CCGUEST_EFI_SECRET_H

#include "../common/firmware.h"
#include "../common/secfs.h"
#include "../../lib/secret_table.h"

#include <linux/mutex.h>
#include <linux/types.h>

struct dentry;
struct secret_fs;

/**
 * struct efi_secret_area - the memory with the secrets
 * @base: physical address of the area
 * @size: size in bytes, SECRET_HEADER_LEN to SECRET_AREA_MAX
 * @source: source of the address, for messages
 */
struct efi_secret_area {
	phys_addr_t base;
	size_t size;
	const char *source;
};

/**
 * struct uefi_boot_file - the file with the address of the system table
 * @source: name of this source, for messages
 * @path: path of the file
 * @max: limit for the bytes that are read
 * @systab: parses the address in the file's contents
 */
struct uefi_boot_file {
	const char *source;
	const char *path;
	size_t max;
	int (*systab)(const u8 *buf, size_t len, u64 *addr);
};

/* Each architecture has its own. */
extern const struct uefi_boot_file uefi_boot_file;

/**
 * struct secret - an entry of the table that holds a secret
 * @fs: the index that this entry belongs to
 * @dentry: its file, a reference; NULL for a duplicate, which has no file
 * @guid: GUID of the entry
 * @offset: of the entry's header in the area
 * @len: length of the data
 * @wiped: the data was wiped
 */
struct secret {
	struct secret_fs *fs;
	struct dentry *dentry;
	u8 guid[SECRET_GUID_LEN];
	size_t offset;
	size_t len;
	bool wiped;
};

/**
 * struct secret_fs - the index of the area, and the files made from it
 * @ready: files may be opened
 * @area: the mapping of the area
 * @lock: protects the contents of the area, and wiped of each secret
 * @secrets_dir: directory "secrets" of securityfs
 * @coco_dir: directory "secrets/coco"
 * @n_files: number of secrets that have a file
 * @n_duplicates: number of secrets without a file, because another secret has
 *		  the same GUID
 * @n_secrets: number of @secrets
 * @secrets: the entries
 */
struct secret_fs {
	bool ready;
	void *area;
	struct mutex lock; /* contents of the area; wiped of each secret */
	struct dentry *secrets_dir;
	struct dentry *coco_dir;
	size_t n_files;
	size_t n_duplicates;
	size_t n_secrets;
	struct secret secrets[] __counted_by(n_secrets);
};

/**
 * efi_secret_find_area - find the secret area
 * @area: set to the area, which is checked, if the result is 0
 *
 * Prints why it fails.
 *
 * Context: process context, may sleep.
 * Return: 0; -ENODEV if there is no area; -EINVAL if the firmware's
 * tables are invalid; -ENOMEM.
 */
int efi_secret_find_area(struct efi_secret_area *area);

/**
 * uefi_find_config_table - find a UEFI configuration table
 * @guid: GUID of the table, UEFI_GUID_LEN bytes in EFI's byte order
 * @addr: set to the table's physical address if the result is 0; not checked
 * @source: set to the source of the address, for messages
 *
 * Context: process context, may sleep; opens a file as the current task.
 * Return: 0; -ENODATA if there is no such table, or the tables cannot be
 * found; -EBADMSG or -EFAULT if the tables are invalid; -ENOMEM.
 */
int uefi_find_config_table(const u8 *guid, u64 *addr, const char **source);

/**
 * secret_fs_read - copy the table out of the area, and make its index
 * @area: mapping of the area
 * @area_size: size of @area in bytes
 *
 * The copy is wiped and freed. Prints why it fails.
 *
 * Return: the index, to be freed with kvfree(), or an ERR_PTR: -ENODEV if
 * there are no secrets; -EINVAL if the table is malformed; -ENOMEM.
 */
struct secret_fs *secret_fs_read(const void *area, size_t area_size);

/**
 * secret_fs_create - make the directories and files
 * @fs: index, with its area set
 *
 * On failure, the function prints the reason and removes all files.
 *
 * Context: the module's init function.
 * Return: 0 or a negative errno.
 */
int secret_fs_create(struct secret_fs *fs);

/**
 * secret_fs_remove - remove the directories and files
 * @fs: index
 *
 * After the call, nothing uses @fs.
 */
void secret_fs_remove(struct secret_fs *fs);

#endif /* CCGUEST_EFI_SECRET_H */
