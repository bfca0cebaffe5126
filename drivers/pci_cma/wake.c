// SPDX-License-Identifier: GPL-2.0-only
/*
 * Wake-ups of devices from system sleep. The PCI core restores a device in the
 * phase "noirq" of the wake-up, and then its driver uses the device. A child of
 * the device is told directly after that. DOE mailboxes are polled, so they work
 * in this phase.
 */
#include "pci_cma.h"

#include <linux/device.h>
#include <linux/pci.h>
#include <linux/pm.h>
#include <linux/pm_runtime.h>
#include <linux/slab.h>

/*
 * A positive result allows the PM core to leave a suspended device suspended
 * while the system sleeps and wakes up. Then resume_noirq() is not called, and
 * the notifier of main.c authenticates the device.
 */
static int wake_prepare(struct device *dev)
{
	return pm_runtime_suspended(dev->parent);
}

static int wake_resume_noirq(struct device *dev)
{
	cma_wake_up(to_pci_dev(dev->parent));
	return 0;
}

static const struct dev_pm_ops wake_pm_ops = {
	.prepare = wake_prepare,
	.resume_noirq = wake_resume_noirq,
	.restore_noirq = wake_resume_noirq,
};

static const struct device_type wake_type = {
	.name = "pci_cma",
	.pm = &wake_pm_ops,
};

static void wake_release(struct device *dev)
{
	kfree(dev);
}

struct device *cma_wake_create(struct pci_dev *pdev)
{
	struct device *wake;

	wake = kzalloc(sizeof(*wake), GFP_KERNEL);
	if (!wake)
		return NULL;
	device_initialize(wake);
	wake->parent = &pdev->dev;
	wake->type = &wake_type;
	wake->release = wake_release;
	device_enable_async_suspend(wake);
	if (!dev_set_name(wake, "%s:cma", pci_name(pdev)) && !device_add(wake))
		return wake;
	put_device(wake);
	return NULL;
}

void cma_wake_destroy(struct device *wake)
{
	if (wake)
		device_unregister(wake);
}
