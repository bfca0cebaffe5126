// SPDX-License-Identifier: GPL-2.0-only
/*
 * Files of a device in sysfs.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <ccguest/ctx.h>
#include <ccguest/device.h>

#include "core/io.h"
#include "pci/device.h"

#define ATTR_MAX	4096

/**
 * ccg_attr_path - get the path of a file of a device in sysfs
 * @dev: the device
 * @name: path of the file below the device's directory
 * @path: set to the path
 * @size: size of @path in bytes
 */
void ccg_attr_path(const struct ccg_device *dev, const char *name,
		   char *path, size_t size)
{
	snprintf(path, size, CCG_PCI_DIR "/%s/%s", dev->bdf, name);
}

/**
 * ccg_attr_lines - read a file of a device in sysfs, line by line
 * @ctx: the context
 * @dev: the device
 * @name: path of the file below the device's directory
 * @max: limit for the length of the file in bytes
 * @take: takes a line, which it may change; returns 0 or a negative errno
 * @arg: last argument of @take
 *
 * Return: 0, also if the file cannot be read; -ENOMEM; or the errno of @take,
 * which ends the walk.
 */
int ccg_attr_lines(struct ccg_ctx *ctx, const struct ccg_device *dev,
		   const char *name, size_t max,
		   int (*take)(char *line, void *arg), void *arg)
{
	char path[512], *text, *pos, *line;
	int rc;

	ccg_attr_path(dev, name, path, sizeof(path));
	rc = ccg_read_text(ctx, path, max, &text);
	if (rc)
		return rc == -ENOMEM ? rc : 0;
	pos = text;
	while (!rc && (line = strsep(&pos, "\n")))
		rc = take(line, arg);
	free(text);
	return rc;
}

int ccg_device_attr(struct ccg_ctx *ctx, const struct ccg_device *dev,
		    const char *name, char **textp)
{
	char path[512];
	int rc;

	ccg_attr_path(dev, name, path, sizeof(path));
	rc = ccg_read_text(ctx, path, ATTR_MAX, textp);
	if (!rc)
		(*textp)[strcspn(*textp, "\n")] = '\0';
	return rc;
}
