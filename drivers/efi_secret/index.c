// SPDX-License-Identifier: GPL-2.0-only
/*
 * The index of the secret area: GUID, offset and length of each secret.
 */
#include "efi_secret.h"
#include "../../lib/secret_table.h"

#include <linux/err.h>
#include <linux/mm.h>
#include <linux/mutex.h>
#include <linux/printk.h>
#include <linux/slab.h>
#include <linux/string.h>

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

/* Make the index from a copy of the table, which the host cannot change. */
static struct secret_fs *make_index(const u8 *table, size_t len)
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

struct secret_fs *secret_fs_read(const void *area, size_t area_size)
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
	fs = make_index(table, len);
	kvfree_sensitive(table, len);
	return fs;
}
