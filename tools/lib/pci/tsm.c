// SPDX-License-Identifier: GPL-2.0-only
/*
 * Devices that the kernel leaves to the platform's TSM (TEE security manager).
 * Mainline's ABI/testing/sysfs-class-tsm and sysfs-bus-pci describe the files.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <ccguest/ctx.h>
#include <ccguest/device.h>

#include "core/ctx.h"
#include "core/io.h"
#include "env.h"
#include "pci/device.h"

#define TSM_DIR	"/sys/class/tsm"

/* Copies a name such as "tsm0"; false for other texts. */
static bool take_name(const char *text, char name[CCG_TSM_NAME])
{
	size_t len = strlen(text);

	if (len < 4 || len >= CCG_TSM_NAME || strncmp(text, "tsm", 3) ||
	    strspn(text + 3, "0123456789") != len - 3)
		return false;
	memcpy(name, text, len + 1);
	return true;
}

static int by_name(const void *a, const void *b)
{
	return strcmp(a, b);
}

/**
 * ccg_tsms_get - list the platform's TSMs
 * @ctx: the context
 * @t: set to their names
 *
 * Return: 0; or a negative errno, but not -ENOENT: then there are none.
 */
int ccg_tsms_get(struct ccg_ctx *ctx, struct ccg_tsms *t)
{
	struct dirent *de;
	DIR *dir;
	int rc;

	t->n = 0;
	rc = ccg_opendir(ctx, TSM_DIR, &dir);
	if (rc)
		return rc == -ENOENT ? 0 : rc;
	while (t->n < CCG_TSMS_MAX && (de = readdir(dir)))
		t->n += take_name(de->d_name, t->names[t->n]);
	closedir(dir);
	qsort(t->names, t->n, sizeof(t->names[0]), by_name);
	return 0;
}

/**
 * ccg_tsm_connect - connect a device to a TSM
 * @t: the TSMs
 * @fd: descriptor of the device's file tsm/connect, or a negative errno
 *
 * Return: 0; -ENXIO if no TSM can connect to PCI devices; or another negative
 * errno.
 */
int ccg_tsm_connect(const struct ccg_tsms *t, int fd)
{
	int rc = -ENXIO;

	if (fd < 0)
		return fd;
	for (size_t i = 0; i < t->n && rc == -ENXIO; i++)
		rc = ccg_write_at(fd, (const u8 *)t->names[i],
				  strlen(t->names[i]), 0);
	return rc;
}

/**
 * ccg_tsm_state - read whether a device is left to the platform's TSM
 * @ctx: the context
 * @dev: the device; by_tsm, tsm and state are set
 *
 * Return: 0 or -ENOMEM.
 */
int ccg_tsm_state(struct ccg_ctx *ctx, struct ccg_device *dev)
{
	char path[512], *text;
	int rc;

	dev->tsm[0] = '\0';
	ccg_attr_path(dev, "tsm/connect", path, sizeof(path));
	dev->by_tsm = ccg_exists(ctx, path) > 0;
	if (!dev->by_tsm)
		return 0;
	dev->cma = true;
	dev->state = CCG_DEVICE_UNKNOWN;
	rc = ccg_device_attr(ctx, dev, "tsm/connect", &text);
	if (rc)
		return rc == -ENOMEM ? rc : 0;
	if (take_name(text, dev->tsm))
		dev->state = CCG_DEVICE_CONNECTED;
	else if (!*text)
		dev->state = CCG_DEVICE_DISCONNECTED;
	free(text);
	return 0;
}
