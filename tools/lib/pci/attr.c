// SPDX-License-Identifier: GPL-2.0-only
/*
 * Files of a device in sysfs.
 */
#include <stdio.h>
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
