// SPDX-License-Identifier: GPL-2.0-only
/*
 * efi_secret: the EFI confidential-computing secret area under securityfs.
 *
 * The owner of a confidential guest injects secrets into it at launch (AMD
 * SEV: LAUNCH_SECRET). The firmware reserves a page for them, and publishes
 * its address in a configuration table. This module shows each secret as
 * /sys/kernel/security/secrets/coco/<guid>, as the driver of that name in
 * mainline does in kernels with CONFIG_EFI_SECRET.
 *
 * The host prepares the area, so the table in it is read only once: index.c
 * copies it, checks the copy, and makes an index. After that only the bytes
 * of the secrets are read from the area, at offsets from the index. So there
 * is one copy of each secret, and removing its file leaves none.
 */
#include "efi_secret.h"

#include <linux/err.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/printk.h>

static struct secret_fs *secret_fs;

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
/* Kernels with CONFIG_EFI_COCO_SECRET register this device: udev loads us. */
MODULE_ALIAS("platform:efi_secret");
