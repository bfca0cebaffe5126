/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * 7.0, and 6.12 of distributions: the driver_override of a device has a lock.
 * Before, a driver of the bus may read the string while another task frees it.
 */
#ifndef CCGUEST_COMPAT_OVERRIDE_H
#define CCGUEST_COMPAT_OVERRIDE_H

#include <linux/device.h>
#include <linux/errno.h>
#include <linux/slab.h>
#include <linux/spinlock.h>
#include <linux/string.h>

#ifdef CCGUEST_HAS_DRIVER_OVERRIDE

#define CCGUEST_CAN_OVERRIDE	true

/**
 * ccguest_override_swap - replace the driver_override of a device
 * @dev: device
 * @old: what must be there; NULL for nothing
 * @new: the new one, allocated by kmalloc(), or NULL; the device owns it after
 *	 success
 *
 * device_set_driver_override() replaces whatever is there. What root writes
 * between a check and that call would be lost.
 *
 * Return: true if @old was there.
 */
static inline bool ccguest_override_swap(struct device *dev, const char *old,
					 const char *new)
{
	const char *found;
	bool same;

	spin_lock(&dev->driver_override.lock);
	found = dev->driver_override.name;
	same = found && old ? !strcmp(found, old) : found == old;
	if (same)
		dev->driver_override.name = new;
	spin_unlock(&dev->driver_override.lock);
	if (same)
		kfree(found);
	return same;
}

#else

#define CCGUEST_CAN_OVERRIDE	false

static inline bool ccguest_override_swap(struct device *dev, const char *old,
					 const char *new)
{
	return false;
}

#endif

#endif /* CCGUEST_COMPAT_OVERRIDE_H */
