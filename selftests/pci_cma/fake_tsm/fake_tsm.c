// SPDX-License-Identifier: GPL-2.0-only
/*
 * A platform's TSM (TEE security manager) that takes a device while the module
 * is loaded. Only taken.sh uses this module; it is never installed.
 *
 * If the kernel has PCI_TSM, the module registers a TSM with it. The kernel
 * then makes the directory tsm/, and replaces the file authenticated. QEMU's
 * drives lack the capability that the kernel asks for, so the module sets its
 * bit. On other kernels the module makes an empty directory tsm/.
 */

#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/err.h>
#include <linux/kobject.h>
#include <linux/module.h>
#include <linux/pci.h>
#include <linux/slab.h>

static char *device = "";
module_param(device, charp, 0);
MODULE_PARM_DESC(device, "address of the device, as 0000:01:00.0");

static struct pci_dev *pdev;

#if IS_ENABLED(CONFIG_PCI_TSM)

#include <linux/pci-tsm.h>
#include <linux/tsm.h>

static struct tsm_dev *tsm;
static bool had_tee;

static struct pci_tsm *fake_probe(struct tsm_dev *tsm_dev, struct pci_dev *dev)
{
	struct pci_tsm_pf0 *pf0 = kzalloc(sizeof(*pf0), GFP_KERNEL);

	if (!pf0)
		return NULL;
	if (!pci_tsm_pf0_constructor(dev, pf0, tsm_dev))
		return &pf0->base_tsm;
	kfree(pf0);
	return NULL;
}

static void fake_remove(struct pci_tsm *base)
{
	struct pci_tsm_pf0 *pf0 = container_of(base, struct pci_tsm_pf0,
					       base_tsm);

	pci_tsm_pf0_destructor(pf0);
	kfree(pf0);
}

static int fake_connect(struct pci_dev *dev)
{
	return 0;
}

static void fake_disconnect(struct pci_dev *dev)
{
}

static struct pci_tsm_ops ops = {
	.link_ops = {
		.probe = fake_probe,
		.remove = fake_remove,
		.connect = fake_connect,
		.disconnect = fake_disconnect,
	},
};

static int take(void)
{
	had_tee = pdev->devcap & PCI_EXP_DEVCAP_TEE;
	pdev->devcap |= PCI_EXP_DEVCAP_TEE;
	tsm = tsm_register(NULL, &ops);
	return PTR_ERR_OR_ZERO(tsm);
}

static void leave(void)
{
	tsm_unregister(tsm);
	if (!had_tee)
		pdev->devcap &= ~PCI_EXP_DEVCAP_TEE;
}

#else

static struct kobject *dir;

static int take(void)
{
	dir = kobject_create_and_add("tsm", &pdev->dev.kobj);
	return dir ? 0 : -ENOMEM;
}

static void leave(void)
{
	kobject_put(dir);
}

#endif

static int __init fake_tsm_init(void)
{
	unsigned int domain, bus, slot, fn;
	int rc;

	if (sscanf(device, "%x:%x:%x.%u", &domain, &bus, &slot, &fn) != 4)
		return -EINVAL;
	pdev = pci_get_domain_bus_and_slot(domain, bus, PCI_DEVFN(slot, fn));
	if (!pdev)
		return -ENODEV;
	rc = take();
	if (rc)
		pci_dev_put(pdev);
	return rc;
}
module_init(fake_tsm_init);

static void __exit fake_tsm_exit(void)
{
	leave();
	pci_dev_put(pdev);
}
module_exit(fake_tsm_exit);

MODULE_DESCRIPTION("A TSM for the tests of pci_cma");
MODULE_LICENSE("GPL");
