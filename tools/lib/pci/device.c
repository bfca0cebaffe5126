// SPDX-License-Identifier: GPL-2.0-only
/*
 * PCI devices in sysfs. No function of this room accesses a DOE mailbox: the
 * mailboxes belong to the kernel.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <ccguest/ctx.h>
#include <ccguest/device.h>

#include "core/ctx.h"
#include "core/io.h"
#include "cma_gate.h"
#include "env.h"
#include "pci/device.h"

/* Limit: a bus has 256 functions, and no machine has 256 such buses. */
#define DEVICES_MAX	65536

/* Reads a number such as 0x10de; leaves *n if the file is missing. */
static int get_hex(struct ccg_ctx *ctx, const struct ccg_device *dev,
		   const char *name, unsigned int *n)
{
	const char *pos;
	char *text;
	int rc;

	rc = ccg_device_attr(ctx, dev, name, &text);
	if (rc)
		return rc == -ENOMEM ? rc : 0;
	pos = text;
	if (ccg_take_char(&pos, '0') && ccg_take_char(&pos, 'x'))
		ccg_take_hex(&pos, 1, 8, n);
	free(text);
	return 0;
}

static int get_ids(struct ccg_ctx *ctx, struct ccg_device *dev)
{
	unsigned int vendor = 0, device = 0, sub_vendor = 0, sub_device = 0;
	unsigned int class = 0, revision = 0;
	int rc;

	rc = get_hex(ctx, dev, "vendor", &vendor);
	if (!rc)
		rc = get_hex(ctx, dev, "device", &device);
	if (!rc)
		rc = get_hex(ctx, dev, "subsystem_vendor", &sub_vendor);
	if (!rc)
		rc = get_hex(ctx, dev, "subsystem_device", &sub_device);
	if (!rc)
		rc = get_hex(ctx, dev, "class", &class);
	if (!rc)
		rc = get_hex(ctx, dev, "revision", &revision);
	if (rc)
		return rc;
	dev->vendor = vendor;
	dev->device = device;
	dev->subsystem_vendor = sub_vendor;
	dev->subsystem_device = sub_device;
	dev->class_code = class & 0xffffff;
	dev->revision = revision;
	dev->name = ccg_pci_name(ctx, dev->vendor, dev->device);
	dev->class_name = ccg_pci_class_name(ctx, dev->class_code >> 8);
	return 0;
}

/* The last component of the link "driver" is the driver's name. */
static int get_driver(struct ccg_ctx *ctx, struct ccg_device *dev)
{
	char path[512], link[512];
	const char *slash;
	ssize_t len;
	int fd;

	ccg_attr_path(dev, "driver", path, sizeof(path));
	fd = ccg_open(ctx, path, O_PATH | O_NOFOLLOW);
	if (fd < 0)
		return 0;
	len = readlinkat(fd, "", link, sizeof(link) - 1);
	close(fd);
	if (len < 0)
		return 0;
	link[len] = '\0';
	slash = strrchr(link, '/');
	dev->driver = strdup(slash ? slash + 1 : link);
	return dev->driver ? 0 : -ENOMEM;
}

/* The override names a driver that does not exist. */
static int get_gate(struct ccg_ctx *ctx, struct ccg_device *dev)
{
	char *text;
	int rc;

	rc = ccg_device_attr(ctx, dev, "driver_override", &text);
	if (rc)
		return rc == -ENOMEM ? rc : 0;
	dev->gated = !strcmp(text, CMA_GATE_NAME);
	free(text);
	return 0;
}

/* ---- all devices ---- */

static void clear_device(struct ccg_device *dev)
{
	free(dev->name);
	free(dev->class_name);
	free(dev->driver);
	free(dev->protocols);
}

static int get_device(struct ccg_ctx *ctx, struct ccg_device *dev)
{
	int rc;

	rc = get_ids(ctx, dev);
	if (!rc)
		rc = get_driver(ctx, dev);
	if (!rc)
		rc = get_gate(ctx, dev);
	if (!rc)
		rc = ccg_device_config(ctx, dev);
	if (!rc)
		rc = ccg_device_protocols(ctx, dev);
	if (!rc)
		rc = ccg_device_state(ctx, dev);
	return rc;
}

static int add_device(struct ccg_devices *d, const char *bdf)
{
	struct ccg_device *bigger, *dev;

	if (d->n == DEVICES_MAX)
		return -E2BIG;
	bigger = realloc(d->devices, (d->n + 1) * sizeof(*bigger));
	if (!bigger)
		return -ENOMEM;
	d->devices = bigger;
	dev = &bigger[d->n++];
	memset(dev, 0, sizeof(*dev));
	snprintf(dev->bdf, sizeof(dev->bdf), "%s", bdf);
	return get_device(d->ctx, dev);
}

static int by_bdf(const void *va, const void *vb)
{
	const struct ccg_device *a = va, *b = vb;
	size_t len_a = strlen(a->bdf), len_b = strlen(b->bdf);

	/* A longer address has a larger domain. */
	if (len_a != len_b)
		return len_a < len_b ? -1 : 1;
	return strcmp(a->bdf, b->bdf);
}

static int get_all(struct ccg_devices *d)
{
	char bdf[CCG_BDF_TEXT];
	struct dirent *de;
	int rc = 0;
	DIR *dir;

	rc = ccg_opendir(d->ctx, CCG_PCI_DIR, &dir);
	if (rc == -ENOENT)
		return ccg_fail(d->ctx, rc, CCG_UNSUPPORTED, CCG_PCI_DIR,
				"this machine has no PCI");
	if (rc)
		return ccg_fail_errno(d->ctx, rc, CCG_PCI_DIR);
	while (!rc && (de = readdir(dir)))
		/*
		 * The name must be in the kernel's form to find the device
		 * again.
		 */
		if (!ccg_bdf_parse(de->d_name, bdf) && !strcmp(bdf, de->d_name))
			rc = add_device(d, bdf);
	closedir(dir);
	if (rc)
		return ccg_fail_errno(d->ctx, rc, CCG_PCI_DIR);
	if (d->n)
		qsort(d->devices, d->n, sizeof(*d->devices), by_bdf);
	return 0;
}

static int get_one(struct ccg_devices *d, const char *text)
{
	char bdf[CCG_BDF_TEXT], path[512];
	int rc;

	if (ccg_bdf_parse(text, bdf))
		return ccg_fail(d->ctx, -EINVAL, CCG_USAGE, text,
				"is not the address of a PCI device, as 0000:00:03.0");
	snprintf(path, sizeof(path), CCG_PCI_DIR "/%s", bdf);
	rc = ccg_exists(d->ctx, path);
	if (!rc)
		return ccg_fail(d->ctx, -ENOENT, CCG_NOT_FOUND, bdf,
				"no such PCI device");
	if (rc > 0)
		rc = add_device(d, bdf);
	return rc ? ccg_fail_errno(d->ctx, rc, path) : 0;
}

int ccg_devices_get(struct ccg_ctx *ctx, const char *bdf,
		    struct ccg_devices **dp)
{
	struct ccg_devices *d;
	int rc;

	d = calloc(1, sizeof(*d));
	if (!d)
		return ccg_fail_errno(ctx, -ENOMEM, CCG_PCI_DIR);
	d->ctx = ctx;
	rc = bdf ? get_one(d, bdf) : get_all(d);
	if (rc) {
		ccg_devices_free(d);
		return rc;
	}
	*dp = d;
	return 0;
}

void ccg_devices_free(struct ccg_devices *d)
{
	size_t i;

	if (!d)
		return;
	for (i = 0; i < d->n; i++)
		clear_device(&d->devices[i]);
	free(d->devices);
	free(d);
}
