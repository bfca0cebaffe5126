// SPDX-License-Identifier: GPL-2.0-only
/*
 * The files of the secrets: reading one, and wiping one by removing it.
 */
#include "efi_secret.h"
#include "../../lib/secret_table.h"

#include <linux/dcache.h>
#include <linux/fs.h>
#include <linux/lockdep.h>
#include <linux/minmax.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/uaccess.h>
#include <linux/uuid.h>

/* Copy a part of a secret; -ESTALE once it is wiped. */
static int secret_copy(struct secret *secret, size_t pos, void *buf, size_t len)
{
	struct secret_fs *fs = secret->fs;
	int rc = 0;

	mutex_lock(&fs->lock);
	if (secret->wiped)
		rc = -ESTALE;
	else
		memcpy(buf, fs->area + secret->offset + SECRET_HEADER_LEN + pos,
		       len);
	mutex_unlock(&fs->lock);
	return rc;
}

/*
 * The bytes go through a buffer: a copy to user space may sleep for as long
 * as user space likes, and a wipe must not wait for that copy.
 */
static ssize_t secret_read(struct file *file, char __user *ubuf, size_t count,
			   loff_t *ppos)
{
	struct secret *secret = file_inode(file)->i_private;
	size_t done = 0;
	loff_t pos = *ppos;
	int rc = 0;
	void *buf;

	if (pos < 0)
		return -EINVAL;
	if (pos >= secret->len)
		return 0;
	count = min_t(size_t, count, secret->len - pos);
	buf = kmalloc(min_t(size_t, count, PAGE_SIZE), GFP_KERNEL);
	if (!buf)
		return -ENOMEM;

	while (done < count) {
		size_t n = min_t(size_t, count - done, PAGE_SIZE);

		rc = secret_copy(secret, pos + done, buf, n);
		if (rc)
			break;
		if (copy_to_user(ubuf + done, buf, n)) {
			rc = -EFAULT;
			break;
		}
		done += n;
	}
	kfree_sensitive(buf);

	*ppos = pos + done;
	return done ?: rc;
}

/*
 * No file can be opened before the module's init function has succeeded: the
 * kernel frees a module whose init failed without waiting for open files.
 */
static int secret_open(struct inode *inode, struct file *file)
{
	struct secret *secret = inode->i_private;

	/* Pairs with secret_fs_create(). */
	return smp_load_acquire(&secret->fs->ready) ? 0 : -ENXIO;
}

static const struct file_operations secret_fops = {
	.owner = THIS_MODULE,
	.open = secret_open,
	.read = secret_read,
	.llseek = generic_file_llseek,
};

/* Wipe an entry's GUID and data. The length stays: the next walk needs it. */
static void secret_wipe(struct secret *secret)
{
	void *entry = secret->fs->area + secret->offset;

	lockdep_assert_held(&secret->fs->lock);

	memzero_explicit(entry + SECRET_HEADER_LEN, secret->len);
	memzero_explicit(entry, SECRET_GUID_LEN);
	firmware_flush(entry, SECRET_HEADER_LEN + secret->len);
	secret->wiped = true;
}

/* Wipe a secret and its duplicates: no secret of that GUID may be left. */
static void secret_wipe_all_of(struct secret *secret)
{
	struct secret_fs *fs = secret->fs;
	size_t i;

	mutex_lock(&fs->lock);
	for (i = 0; i < fs->n_secrets; i++) {
		struct secret *other = &fs->secrets[i];

		if (!other->wiped &&
		    !memcmp(other->guid, secret->guid, SECRET_GUID_LEN))
			secret_wipe(other);
	}
	mutex_unlock(&fs->lock);
}

/*
 * Called with both inodes locked. This removes the name only. The module keeps
 * its reference to the dentry until secret_fs_remove().
 */
static int secret_unlink(struct inode *dir, struct dentry *dentry)
{
	secret_wipe_all_of(d_inode(dentry)->i_private);
	return simple_unlink(dir, dentry);
}

static const struct inode_operations coco_dir_iops = {
	.lookup = simple_lookup,
	.unlink = secret_unlink,
};

void secret_fs_remove(struct secret_fs *fs)
{
	size_t i;

	for (i = 0; i < fs->n_secrets; i++)
		if (fs->secrets[i].dentry)
			secfs_remove_file(fs->secrets[i].dentry);
	if (fs->coco_dir) {
		/* A process whose working directory this is keeps the inode. */
		WRITE_ONCE(d_inode(fs->coco_dir)->i_op,
			   &simple_dir_inode_operations);
		secfs_remove_dir(fs->coco_dir);
	}
	if (fs->secrets_dir)
		secfs_remove_dir(fs->secrets_dir);
	secfs_wait_for_walks();
}

static int secret_create_file(struct secret *secret)
{
	struct dentry *dentry;
	char name[UUID_STRING_LEN + 1];

	snprintf(name, sizeof(name), "%pUl", secret->guid);
	dentry = secfs_create_file(name, secret->fs->coco_dir, secret,
				   secret->len, &secret_fops);
	if (PTR_ERR_OR_ZERO(dentry) == -EEXIST) {
		/* Only the first: a hostile area may have thousands. */
		if (!secret->fs->n_duplicates++)
			pr_warn("secret area has more than one entry %s: only the first is shown\n",
				name);
		return 0;
	}
	if (IS_ERR(dentry)) {
		pr_err("cannot create secrets/coco/%s: error %ld\n", name,
		       PTR_ERR(dentry));
		return PTR_ERR(dentry);
	}

	secret->dentry = dentry;
	secret->fs->n_files++;
	return 0;
}

static int secret_fs_create_dirs(struct secret_fs *fs)
{
	struct dentry *dentry;

	dentry = secfs_create_dir("secrets", NULL);
	if (PTR_ERR_OR_ZERO(dentry) == -EEXIST) {
		/* Not EEXIST: modprobe would report success. */
		pr_err("secrets is there in securityfs already: the kernel's own efi_secret driver is bound, this module is not needed\n");
		return -EBUSY;
	}
	if (IS_ERR(dentry)) {
		pr_err("cannot create secrets in securityfs: error %ld\n",
		       PTR_ERR(dentry));
		return PTR_ERR(dentry);
	}
	fs->secrets_dir = dentry;

	dentry = secfs_create_dir("coco", fs->secrets_dir);
	if (IS_ERR(dentry)) {
		pr_err("cannot create secrets/coco in securityfs: error %ld\n",
		       PTR_ERR(dentry));
		return PTR_ERR(dentry);
	}
	fs->coco_dir = dentry;
	return 0;
}

int secret_fs_create(struct secret_fs *fs)
{
	size_t i;
	int rc;

	rc = secret_fs_create_dirs(fs);
	for (i = 0; !rc && i < fs->n_secrets; i++)
		rc = secret_create_file(&fs->secrets[i]);
	if (rc) {
		secret_fs_remove(fs);
		secfs_wait_for_openers();
		return rc;
	}

	/*
	 * All files are made, and the module holds each of them: allow open()
	 * and unlink(). Pairs with secret_open().
	 */
	smp_store_release(&fs->ready, true);
	WRITE_ONCE(d_inode(fs->coco_dir)->i_op, &coco_dir_iops);
	return 0;
}
