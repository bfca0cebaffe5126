// SPDX-License-Identifier: GPL-2.0-only
/*
 * cc_event_log: the measurement logs of a guest, under securityfs.
 *
 * The VMM or the firmware that starts a confidential guest writes a log of its
 * measurements. The Device Tree (Arm CCA) or the ACPI table CCEL (TDX and
 * others) names the memory with the log. This module shows each log that it
 * finds as /sys/kernel/security/cc_event_log/<n>/.
 *
 * The log alone is not trusted: only the measurements that the hardware signs
 * prove a log. This module checks that the memory holds a log, so that the
 * files never show other memory.
 */
#include "cc_event_log.h"

#include <linux/dcache.h>
#include <linux/err.h>
#include <linux/fs.h>
#include <linux/kernel.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/sizes.h>
#include <linux/slab.h>

#define DIR_NAME	"cc_event_log"

static unsigned int max_size = SZ_16M;
module_param(max_size, uint, 0444);
MODULE_PARM_DESC(max_size, "size of the largest accepted log, in bytes (default 16 MiB, at most 256 MiB)");

enum {
	FILE_LOG,
	FILE_SOURCE,
	FILE_BASE,
	FILE_SIZE,
	N_FILES,
};

static const char *const file_names[N_FILES] = {
	[FILE_LOG] = "binary_measurements",
	[FILE_SOURCE] = "source",
	[FILE_BASE] = "base",
	[FILE_SIZE] = "size",
};

/**
 * struct log_file - a file
 * @dentry: its dentry, a reference; NULL before it is made
 * @data: its content, to be freed with kvfree()
 * @len: length of @data
 */
struct log_file {
	struct dentry *dentry;
	void *data;
	size_t len;
};

/**
 * struct event_log - a log that is shown
 * @dir: its directory, a reference; NULL before it is made
 * @files: its files
 * @events: number of its events
 */
struct event_log {
	struct dentry *dir;
	struct log_file files[N_FILES];
	size_t events;
};

static struct event_log logs[CC_PLACES_MAX];
static size_t n_logs;
static struct dentry *top;
/* The files may be opened. */
static bool ready;

/*
 * No file can be opened before the module's init function has succeeded: the
 * kernel frees a module whose init failed without waiting for open files.
 */
static int log_open(struct inode *inode, struct file *file)
{
	/* Pairs with cc_event_log_init(). */
	return smp_load_acquire(&ready) ? 0 : -ENXIO;
}

static ssize_t log_read(struct file *file, char __user *ubuf, size_t count,
			loff_t *ppos)
{
	const struct log_file *f = file_inode(file)->i_private;

	return simple_read_from_buffer(ubuf, count, ppos, f->data, f->len);
}

static const struct file_operations log_fops = {
	.owner = THIS_MODULE,
	.open = log_open,
	.read = log_read,
	.llseek = generic_file_llseek,
};

static void remove_files(void)
{
	for (size_t i = 0; i < n_logs; i++) {
		for (size_t j = 0; j < N_FILES; j++)
			if (logs[i].files[j].dentry)
				secfs_remove_file(logs[i].files[j].dentry);
		if (logs[i].dir)
			secfs_remove_dir(logs[i].dir);
	}
	if (top)
		secfs_remove_dir(top);
	secfs_wait_for_walks();
}

static void free_logs(void)
{
	for (size_t i = 0; i < n_logs; i++)
		for (size_t j = 0; j < N_FILES; j++)
			kvfree(logs[i].files[j].data);
}

static int create_failed(const char *name, const struct dentry *dentry)
{
	pr_err("cannot create %s in securityfs: error %ld\n", name,
	       PTR_ERR(dentry));
	return PTR_ERR(dentry);
}

static int create_dir(const char *name, struct dentry *parent,
		      struct dentry **dir)
{
	struct dentry *dentry = secfs_create_dir(name, parent);

	if (IS_ERR(dentry))
		return create_failed(name, dentry);
	*dir = dentry;
	return 0;
}

static int create_log(struct event_log *log, const char *name)
{
	int rc = create_dir(name, top, &log->dir);

	for (size_t i = 0; !rc && i < N_FILES; i++) {
		struct log_file *f = &log->files[i];
		struct dentry *dentry;

		dentry = secfs_create_file(file_names[i], log->dir, f, f->len,
					   &log_fops);
		if (IS_ERR(dentry))
			rc = create_failed(file_names[i], dentry);
		else
			f->dentry = dentry;
	}
	return rc;
}

static int create_files(void)
{
	char name[24];
	int rc;

	rc = create_dir(DIR_NAME, NULL, &top);
	for (size_t i = 0; !rc && i < n_logs; i++) {
		snprintf(name, sizeof(name), "%zu", i);
		rc = create_log(&logs[i], name);
	}
	if (rc) {
		remove_files();
		secfs_wait_for_openers();
	}
	return rc;
}

static int set_text(struct log_file *f, char *text)
{
	f->data = text;
	f->len = text ? strlen(text) : 0;
	return text ? 0 : -ENOMEM;
}

/* -EINVAL: the log is refused, and cc_snapshot() printed why. */
static int take_log(const struct cc_place *place)
{
	struct event_log *log = &logs[n_logs];
	struct log_file *files = log->files;
	struct cc_log_copy copy;
	int rc;

	rc = cc_snapshot(place, max_size, &copy);
	if (rc)
		return rc;
	files[FILE_LOG].data = copy.data;
	files[FILE_LOG].len = copy.len;
	log->events = copy.events;
	n_logs++;

	if (set_text(&files[FILE_SOURCE],
		     kasprintf(GFP_KERNEL, "%s\n", place->source)) ||
	    set_text(&files[FILE_BASE],
		     kasprintf(GFP_KERNEL, "%#llx\n", place->base)) ||
	    set_text(&files[FILE_SIZE],
		     kasprintf(GFP_KERNEL, "%llu\n", place->size)))
		return -ENOMEM;
	return 0;
}

/*
 * `ccguest status` reads the result of the load from the last message. So if
 * some logs were refused, and others are shown, print a closing line.
 */
static void report_partial(size_t seen)
{
	size_t events = 0, bytes = 0;

	if (!n_logs || n_logs == seen)
		return;
	for (size_t i = 0; i < n_logs; i++) {
		events += logs[i].events;
		bytes += logs[i].files[FILE_LOG].len;
	}
	pr_info("shows %zu of %zu logs: %zu events, %zu bytes; the others were refused\n",
		n_logs, seen, events, bytes);
}

/* Returns 0; -ENODEV if there is no log; -EINVAL if all were refused. */
static int take_logs(void)
{
	struct cc_places *all = kzalloc(sizeof(*all), GFP_KERNEL);
	int rc = 0;

	if (!all)
		return -ENOMEM;
	cc_find_places(all);
	for (size_t i = 0; rc != -ENOMEM && i < all->n; i++)
		rc = take_log(&all->places[i]);

	if (rc != -ENOMEM) {
		rc = n_logs ? 0 : all->seen ? -EINVAL : -ENODEV;
		if (rc == -ENODEV)
			pr_info("this guest has no event log\n");
		report_partial(all->seen);
	}
	kfree(all);
	return rc;
}

static int __init cc_event_log_init(void)
{
	int rc;

	if (!max_size || max_size > SZ_256M) {
		pr_err("max_size is %u: 1 to %u, please\n", max_size, SZ_256M);
		return -EINVAL;
	}
	rc = take_logs();
	if (!rc)
		rc = create_files();
	if (rc) {
		free_logs();
		return rc;
	}
	/* All files are made: allow open(). Pairs with log_open(). */
	smp_store_release(&ready, true);
	return 0;
}

static void __exit cc_event_log_exit(void)
{
	remove_files();
	free_logs();
}

module_init(cc_event_log_init);
module_exit(cc_event_log_exit);

MODULE_DESCRIPTION("Logs of confidential-computing measurements under securityfs");
MODULE_AUTHOR("The ccguest developers");
MODULE_LICENSE("GPL");
MODULE_VERSION(CCGUEST_VERSION);
