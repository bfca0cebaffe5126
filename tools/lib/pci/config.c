// SPDX-License-Identifier: GPL-2.0-only
/*
 * Reads the configuration space of a device, and the protocols of its DOE
 * mailboxes.
 */
#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include <ccguest/ctx.h>
#include <ccguest/device.h>

#include "core/ctx.h"
#include "core/io.h"
#include "env.h"
#include "pci/device.h"

#define PROTOCOLS_MAX	64

/* PCIe r6.1, 7.5.1 and 7.9.3: configuration space. */
#define CONFIG_LEN	4096
#define CONFIG_HEADER_TYPE	0x0e
#define CONFIG_EXTENDED	0x100
#define EXT_CAP_SERIAL	0x03
#define EXT_CAP_DOE	0x2e
#define HEADER_TYPE_MASK	0x7f
#define HEADER_TYPE_UNKNOWN	0xff
#define HEADER_TYPE_DEVICE	0

static void add_capability(struct ccg_device *dev, const u8 *config, size_t pos)
{
	u16 id = get_unaligned_le16(config + pos);

	if (id == EXT_CAP_DOE) {
		if (dev->n_doe < ARRAY_SIZE(dev->doe))
			dev->doe[dev->n_doe] = pos;
		dev->n_doe++;
	} else if (id == EXT_CAP_SERIAL && pos <= CONFIG_LEN - 12) {
		dev->serial = get_unaligned_le64(config + pos + 4);
	}
}

/*
 * PCIe r6.1, 7.6.3: the header of a capability has the offset of the next
 * capability. Offsets may decrease, so the loop is bounded to end on a cycle.
 */
static void walk_extended(struct ccg_device *dev, const u8 *config)
{
	size_t left = (CONFIG_LEN - CONFIG_EXTENDED) / 8;
	size_t pos = CONFIG_EXTENDED;
	u32 header;

	dev->extended = true;
	while (pos >= CONFIG_EXTENDED && left--) {
		header = get_unaligned_le32(config + pos);
		if (!header || header == 0xffffffff)
			break;
		add_capability(dev, config, pos);
		pos = header >> 20 & 0xffc;
	}
}

/**
 * ccg_device_config - read the configuration space of a device
 * @ctx: the context
 * @dev: the device; header_type is set, and the members that are valid if
 *	 extended is true
 *
 * The kernel gives unprivileged users the first 64 bytes only.
 *
 * Return: 0.
 */
int ccg_device_config(struct ccg_ctx *ctx, struct ccg_device *dev)
{
	u8 config[CONFIG_LEN];
	char path[512];
	size_t len;
	int fd, rc;

	dev->header_type = HEADER_TYPE_UNKNOWN;
	ccg_attr_path(dev, "config", path, sizeof(path));
	fd = ccg_open(ctx, path, O_RDONLY | O_NONBLOCK | O_NOCTTY);
	if (fd < 0)
		return 0;
	rc = ccg_read_fd(fd, config, sizeof(config), &len);
	close(fd);
	if (rc || len <= CONFIG_HEADER_TYPE)
		return 0;
	dev->header_type = config[CONFIG_HEADER_TYPE] & HEADER_TYPE_MASK;
	if (len == CONFIG_LEN)
		walk_extended(dev, config);
	else if (len == CONFIG_EXTENDED)
		/*
		 * A conventional PCI device: no extended configuration space.
		 */
		dev->extended = true;
	return 0;
}

bool ccg_device_cma_name(const struct ccg_device *dev, char *name)
{
	int len;

	if (!dev->extended)
		return false;
	len = snprintf(name, CCG_DEVICE_NAME,
		       "Vendor=%04x:Device=%04x:CC=%06x:REV=%02x", dev->vendor,
		       dev->device, dev->class_code, dev->revision);
	if (dev->header_type == HEADER_TYPE_DEVICE)
		len += snprintf(name + len, CCG_DEVICE_NAME - len,
				":SSVID=%04x:SSID=%04x", dev->subsystem_vendor,
				dev->subsystem_device);
	if (dev->serial)
		snprintf(name + len, CCG_DEVICE_NAME - len, ":%016llx",
			 (unsigned long long)dev->serial);
	return true;
}

static int add_protocol(struct ccg_device *dev, const char *name)
{
	struct ccg_doe_protocol *bigger;
	unsigned int vendor, type;

	/* "VVVV:TT"; readdir() also returns ".". */
	if (!ccg_take_hex(&name, 4, 4, &vendor) || !ccg_take_char(&name, ':') ||
	    !ccg_take_hex(&name, 2, 2, &type) || *name)
		return 0;
	if (dev->n_protocols == PROTOCOLS_MAX)
		return 0;
	bigger = realloc(dev->protocols,
			 (dev->n_protocols + 1) * sizeof(*bigger));
	if (!bigger)
		return -ENOMEM;
	dev->protocols = bigger;
	bigger[dev->n_protocols++] = (struct ccg_doe_protocol) {
		.vendor = vendor,
		.type = type,
	};
	return 0;
}

static int by_protocol(const void *va, const void *vb)
{
	const struct ccg_doe_protocol *a = va, *b = vb;

	if (a->vendor != b->vendor)
		return a->vendor < b->vendor ? -1 : 1;
	return a->type - b->type;
}

/**
 * ccg_device_protocols - read the protocols of a device's DOE mailboxes
 * @ctx: the context
 * @dev: the device; listed, n_protocols and protocols are set
 *
 * Linux lists the protocols since 6.18. This function never sends DOE
 * Discovery, because a request would disturb the kernel's use of the mailbox.
 *
 * Return: 0 or -ENOMEM.
 */
int ccg_device_protocols(struct ccg_ctx *ctx, struct ccg_device *dev)
{
	struct dirent *de;
	char path[512];
	int rc = 0;
	DIR *dir;

	ccg_attr_path(dev, "doe_features", path, sizeof(path));
	if (ccg_opendir(ctx, path, &dir))
		return 0;
	dev->listed = true;
	while (!rc && (de = readdir(dir)))
		rc = add_protocol(dev, de->d_name);
	closedir(dir);
	if (dev->n_protocols)
		qsort(dev->protocols, dev->n_protocols,
		      sizeof(*dev->protocols), by_protocol);
	return rc;
}
