// SPDX-License-Identifier: GPL-2.0-only
/*
 * Files of a module under securityfs.
 *
 * securityfs is made for users that are built into the kernel. An inode
 * outlives securityfs_remove() while a process holds the inode by an O_PATH
 * descriptor or as its working directory. Before 6.16, securityfs_remove() also
 * leaves the name of such a file in place. Therefore this file removes the
 * module's operations from each inode, and the names from the dentry cache.
 */
#include "secfs.h"

#include <linux/dcache.h>
#include <linux/err.h>
#include <linux/module.h>
#include <linux/rcupdate.h>
#include <linux/sched.h>
#include <linux/security.h>

struct dentry *secfs_create_dir(const char *name, struct dentry *parent)
{
	struct dentry *dentry = securityfs_create_dir(name, parent);

	return IS_ERR(dentry) ? dentry : dget(dentry);
}

struct dentry *secfs_create_file(const char *name, struct dentry *parent,
				 void *data, loff_t size,
				 const struct file_operations *fops)
{
	struct dentry *dentry;

	dentry = securityfs_create_file(name, 0440, parent, data, fops);
	if (IS_ERR(dentry))
		return dentry;

	i_size_write(d_inode(dentry), size);
	/* Denies write access, and so truncation: the size stays as set. */
	atomic_dec(&d_inode(dentry)->i_writecount);
	return dget(dentry);
}

void secfs_remove_dir(struct dentry *dentry)
{
	securityfs_remove(dentry);
	d_invalidate(dentry);
	dput(dentry);
}

void secfs_remove_file(struct dentry *dentry)
{
	struct inode *inode = igrab(d_inode(dentry));

	secfs_remove_dir(dentry);
	make_bad_inode(inode);
	iput(inode);
}

void secfs_wait_for_walks(void)
{
	synchronize_rcu();
}

void secfs_wait_for_openers(void)
{
	/* The load of the module holds one reference. */
	while (module_refcount(THIS_MODULE) > 1)
		schedule_timeout_uninterruptible(1);
}
