/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Files of a module under securityfs that may go while somebody holds them.
 * Built into each module that needs it, through a wrapper of one line.
 */
#ifndef CCGUEST_COMMON_SECFS_H
#define CCGUEST_COMMON_SECFS_H

#include <linux/fs.h>

struct dentry *secfs_create_dir(const char *name, struct dentry *parent);
struct dentry *secfs_create_file(const char *name, struct dentry *parent,
				 void *data, loff_t size,
				 const struct file_operations *fops);
void secfs_remove_dir(struct dentry *dentry);
void secfs_remove_file(struct dentry *dentry);
void secfs_wait_for_walks(void);
void secfs_wait_for_openers(void);

#endif /* CCGUEST_COMMON_SECFS_H */
