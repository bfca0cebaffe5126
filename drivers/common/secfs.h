/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Files of a module under securityfs, which can be removed while a process
 * holds their inodes. Each module that needs these functions is linked with
 * an object of its own.
 */
#ifndef CCGUEST_COMMON_SECFS_H
#define CCGUEST_COMMON_SECFS_H

#include <linux/fs.h>

/**
 * secfs_create_dir - create a directory of securityfs
 * @name: name of the directory
 * @parent: parent directory; NULL for the top
 *
 * Return: its dentry, with a reference for secfs_remove_dir(), or an error.
 */
struct dentry *secfs_create_dir(const char *name, struct dentry *parent);

/**
 * secfs_create_file - create a file of securityfs that root may read
 * @name: name of the file
 * @parent: parent directory
 * @data: for i_private of the inode
 * @size: size of the file in bytes
 * @fops: operations of the file
 *
 * Return: its dentry, with a reference for secfs_remove_file(), or an error.
 */
struct dentry *secfs_create_file(const char *name, struct dentry *parent,
				 void *data, loff_t size,
				 const struct file_operations *fops);

/**
 * secfs_remove_dir - remove an empty directory
 * @dentry: return value of secfs_create_dir()
 */
void secfs_remove_dir(struct dentry *dentry);

/**
 * secfs_remove_file - remove a file, which may have been unlinked before
 * @dentry: return value of secfs_create_file()
 */
void secfs_remove_file(struct dentry *dentry);

/**
 * secfs_wait_for_walks - wait for path walks that are under way
 *
 * Call it after files and directories are removed, and before their data is
 * freed.
 */
void secfs_wait_for_walks(void);

/**
 * secfs_wait_for_openers - wait until no open() of this module's files runs
 *
 * Call it if the module's init function fails after it has made files. The
 * open() of these files must fail until init has succeeded: the kernel frees a
 * module whose init failed, and does not wait for its users.
 *
 * Context: the module's init function.
 */
void secfs_wait_for_openers(void);

#endif /* CCGUEST_COMMON_SECFS_H */
