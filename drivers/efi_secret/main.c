// SPDX-License-Identifier: GPL-2.0-only
/*
 * efi_secret: the EFI confidential-computing secret area under securityfs.
 *
 * The owner of a confidential guest hands it secrets by way of its launch
 * (AMD SEV: LAUNCH_SECRET); the firmware reserves the page that they lie in
 * and names it in a configuration table. This module shows each secret as
 * /sys/kernel/security/secrets/coco/<guid>, as the driver of that name in
 * mainline does for kernels that are built with CONFIG_EFI_SECRET.
 *
 * The area is the host's to prepare, so it is looked at once: copied,
 * checked, and turned into an index. Only the secrets' bytes are read from
 * the area again, at offsets that are ours, so that there is one copy of a
 * secret and removing its file leaves none.
 */
#include "efi_secret.h"
#include "../../lib/secret_table.h"

#include <linux/dcache.h>
#include <linux/fs.h>
#include <linux/minmax.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/slab.h>
#include <linux/uaccess.h>

struct secret_fs;

/**
 * struct secret - an entry of the table that holds a secret
 * @fs: what it belongs to
 * @dentry: its file, a reference; NULL for a duplicate, which has none
 * @guid: of the entry
 * @offset: of the entry's header in the area
 * @len: of the data
 * @wiped: the data is gone
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
 * struct secret_fs - the area and what is shown of it
 * @ready: files may be opened
 * @area: the mapping of the area
 * @lock: for what is in the area, and for @secrets' wiped
 * @secrets_dir: securityfs "secrets"
 * @coco_dir: securityfs "secrets/coco"
 * @n_files: secrets that have a file
 * @n_duplicates: secrets that have none, because their GUID is taken
 * @n_secrets: entries of @secrets
 * @secrets: the index of the area
 */
struct secret_fs {
	bool ready;
	void *area;
	struct mutex lock; /* the content of the area, secrets' wiped */
	struct dentry *secrets_dir;
	struct dentry *coco_dir;
	size_t n_files;
	size_t n_duplicates;
	size_t n_secrets;
	struct secret secrets[] __counted_by(n_secrets);
};

static struct secret_fs *secret_fs;

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
 * The bytes go through a buffer, because a copy to user space may sleep for
 * as long as user space likes, and a wipe must not wait for that.
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
 * Nobody gets at a file before the load has succeeded: one that fails frees
 * the module without waiting for those who have a file open.
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

/* Wipe an entry's GUID and data; its length stays, for later walks. */
static void secret_wipe(struct secret *secret)
{
	void *entry = secret->fs->area + secret->offset;

	lockdep_assert_held(&secret->fs->lock);

	memzero_explicit(entry + SECRET_HEADER_LEN, secret->len);
	memzero_explicit(entry, SECRET_GUID_LEN);
	firmware_flush(entry, SECRET_HEADER_LEN + secret->len);
	secret->wiped = true;
}

/* Whoever removes a file wants no secret of that name left: no duplicate. */
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
 * Called with both inodes locked. Only the file goes here: our reference to
 * its dentry stays until the module goes, see secfs_remove_file().
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

static void secret_fs_remove(struct secret_fs *fs)
{
	size_t i;

	for (i = 0; i < fs->n_secrets; i++)
		if (fs->secrets[i].dentry)
			secfs_remove_file(fs->secrets[i].dentry);
	if (fs->coco_dir) {
		/* Whoever has it as working directory keeps the inode. */
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
		/* A hostile area has thousands. */
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
		/* modprobe takes EEXIST for success. */
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

static int secret_fs_create(struct secret_fs *fs)
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
	 * From here on files may be opened, and unlinked: all is in place, and
	 * we hold every one of them. Pairs with secret_open().
	 */
	smp_store_release(&fs->ready, true);
	WRITE_ONCE(d_inode(fs->coco_dir)->i_op, &coco_dir_iops);
	return 0;
}

static int report_fault(const struct secret_fault *fault)
{
	if (fault->in_header)
		pr_err("secret area is corrupted: %s (at offset %zu: %u, limit %zu)\n",
		       fault->what, fault->offset, fault->value, fault->limit);
	else
		pr_err("secret area is corrupted: entry %zu: %s (at offset %zu: %u, limit %zu)\n",
		       fault->index, fault->what, fault->offset, fault->value,
		       fault->limit);
	return -EINVAL;
}

/* Make the index of a table that the host cannot change any more. */
static struct secret_fs *secret_fs_index(const u8 *table, size_t len)
{
	size_t n_entries, n_trailing;
	struct secret_cursor cur = {};
	struct secret_entry entry;
	struct secret_fault fault;
	struct secret_fs *fs;
	size_t n = 0;

	if (secret_table_check(table, len, &n_entries, &n_trailing, &fault))
		return ERR_PTR(report_fault(&fault));
	if (n_trailing)
		pr_debug("%zu bytes behind the last entry are ignored\n",
			 n_trailing);

	fs = kvzalloc(struct_size(fs, secrets, n_entries), GFP_KERNEL);
	if (!fs)
		return ERR_PTR(-ENOMEM);
	mutex_init(&fs->lock);
	fs->n_secrets = n_entries;

	while (!secret_table_next(table, len, &cur, &entry, &fault)) {
		struct secret *secret;

		if (entry.deleted)
			continue;
		secret = &fs->secrets[n++];
		secret->fs = fs;
		memcpy(secret->guid, entry.guid, SECRET_GUID_LEN);
		secret->offset = entry.offset;
		secret->len = entry.len;
	}
	fs->n_secrets = n;
	return fs;
}

/* Copy the table out of the area, make its index, leave no copy behind. */
static struct secret_fs *secret_fs_read(const void *area, size_t area_size)
{
	u8 header[SECRET_HEADER_LEN];
	struct secret_fault fault;
	struct secret_fs *fs;
	size_t len;
	u8 *table;
	int rc;

	memcpy(header, area, sizeof(header));
	rc = secret_table_len(header, area_size, &len, &fault);
	if (rc == -ENODATA) {
		pr_info("secret area is not populated: nobody put secrets into this guest\n");
		return ERR_PTR(-ENODEV);
	}
	if (rc)
		return ERR_PTR(report_fault(&fault));

	table = kvmalloc(len, GFP_KERNEL);
	if (!table)
		return ERR_PTR(-ENOMEM);
	memcpy(table, area, len);
	fs = secret_fs_index(table, len);
	kvfree_sensitive(table, len);
	return fs;
}

static int __init efi_secret_init(void)
{
	struct efi_secret_area area;
	struct secret_fs *fs;
	void *mapping;
	int rc;

	rc = efi_secret_find_area(&area);
	if (rc)
		return rc;

	mapping = firmware_map(area.base, area.size);
	if (!mapping) {
		pr_err("cannot map secret area at %pa\n", &area.base);
		return -ENOMEM;
	}

	fs = secret_fs_read(mapping, area.size);
	if (IS_ERR(fs)) {
		rc = PTR_ERR(fs);
		goto unmap;
	}
	fs->area = mapping;

	rc = secret_fs_create(fs);
	if (rc)
		goto free_fs;

	secret_fs = fs;
	if (fs->n_duplicates > 1)
		pr_warn("%zu entries of the secret area are duplicates\n",
			fs->n_duplicates);
	pr_info("created %zu entries in securityfs secrets/coco (area at %pa, size %#zx, found through %s)\n",
		fs->n_files, &area.base, area.size, area.source);
	return 0;

free_fs:
	kvfree(fs);
unmap:
	firmware_unmap(mapping);
	return rc;
}

static void __exit efi_secret_exit(void)
{
	struct secret_fs *fs = secret_fs;

	secret_fs_remove(fs);
	firmware_unmap(fs->area);
	kvfree(fs);
}

module_init(efi_secret_init);
module_exit(efi_secret_exit);

MODULE_DESCRIPTION("EFI confidential-computing secret area under securityfs");
MODULE_AUTHOR("The ccguest developers");
MODULE_LICENSE("GPL");
MODULE_VERSION(CCGUEST_VERSION);
/* Kernels that know the area register this device and make udev load us. */
MODULE_ALIAS("platform:efi_secret");
