// SPDX-License-Identifier: GPL-2.0-only
/*
 * Files of a module under securityfs.
 *
 * securityfs was made for what is built in: inodes outlive securityfs_remove()
 * where somebody holds them, by an O_PATH descriptor or as working directory,
 * and before 6.16 it leaves a name in place that somebody holds. Inodes must
 * not lead to operations of a module that is gone, and names must go.
 */
#include "secfs.h"

#include <linux/dcache.h>
#include <linux/err.h>
#include <linux/module.h>
#include <linux/rcupdate.h>
#include <linux/sched.h>
#include <linux/security.h>

/**
 * secfs_create_dir - create a directory of securityfs
 * @name: its name
 * @parent: where; NULL for the top
 *
 * Return: its dentry, with a reference for secfs_remove_dir(), or an error.
 */
struct dentry *secfs_create_dir(const char *name, struct dentry *parent)
{
	struct dentry *dentry = securityfs_create_dir(name, parent);

	return IS_ERR(dentry) ? dentry : dget(dentry);
}

/**
 * secfs_create_file - create a file of securityfs that root may read
 * @name: its name
 * @parent: where
 * @data: what the inode's i_private is to be
 * @size: its size
 * @fops: its operations
 *
 * Return: its dentry, with a reference for secfs_remove_file(), or an error.
 */
struct dentry *secfs_create_file(const char *name, struct dentry *parent,
				 void *data, loff_t size,
				 const struct file_operations *fops)
{
	struct dentry *dentry;

	dentry = securityfs_create_file(name, 0440, parent, data, fops);
	if (IS_ERR(dentry))
		return dentry;

	i_size_write(d_inode(dentry), size);
	/* Neither opened for writing nor truncated: the size stays true. */
	atomic_dec(&d_inode(dentry)->i_writecount);
	return dget(dentry);
}

/**
 * secfs_remove_dir - remove an empty directory
 * @dentry: what secfs_create_dir() returned
 */
void secfs_remove_dir(struct dentry *dentry)
{
	securityfs_remove(dentry);
	d_invalidate(dentry);
	dput(dentry);
}

/**
 * secfs_remove_file - remove a file, whether it was unlinked meanwhile or not
 * @dentry: what secfs_create_file() returned
 */
void secfs_remove_file(struct dentry *dentry)
{
	struct inode *inode = igrab(d_inode(dentry));

	secfs_remove_dir(dentry);
	make_bad_inode(inode);
	iput(inode);
}

/**
 * secfs_wait_for_walks - wait for path walks that are under way
 *
 * Call it once files and directories are removed, before what they led to is
 * freed.
 */
void secfs_wait_for_walks(void)
{
	synchronize_rcu();
}

/**
 * secfs_wait_for_openers - wait until nobody is in an open() of ours
 *
 * Call it where a load fails after it has made files, whose open() must fail
 * until the load has succeeded: a module whose load fails is freed without
 * waiting for those who hold it.
 *
 * Context: the module's init function.
 */
void secfs_wait_for_openers(void)
{
	/* One reference is that of the load. */
	while (module_refcount(THIS_MODULE) > 1)
		schedule_timeout_uninterruptible(1);
}
