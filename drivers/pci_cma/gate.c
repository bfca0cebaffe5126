// SPDX-License-Identifier: GPL-2.0-only
/*
 * The gate: no driver binds to a device that is not authenticated. A notifier of
 * the bus cannot refuse a driver. So the gate is a driver_override with the name
 * of a driver that does not exist, which matches no driver. The override says
 * whether the gate is closed; there is no other state.
 *
 *	device arrives, or fails	the gate closes
 *	device is authenticated		the gate opens, and drivers are tried
 *	driver_override has another	the gate does nothing: root decides
 *	  name
 *	gate=off, module is unloaded	all gates open, and no driver is tried
 *
 * A driver that is bound stays. The devices without a mailbox for SPDM, and those
 * of the platform's TSM, have no gate.
 */
#include "pci_cma.h"
#include "../../compat/override.h"
#include "../../lib/cma_gate.h"

#include <linux/device.h>
#include <linux/errno.h>
#include <linux/moduleparam.h>
#include <linux/mutex.h>
#include <linux/pci.h>
#include <linux/printk.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/sysfs.h>

enum gate_mode {
	GATE_OFF,
	GATE_HOTPLUG,
	GATE_ALL,
};

static const char *const modes[] = {
	[GATE_OFF] = "off",
	[GATE_HOTPLUG] = "hotplug",
	[GATE_ALL] = "all",
};

static enum gate_mode mode;
static DEFINE_MUTEX(gate_lock); /* mode, authenticated of devices */

/* A gate must not stay open for lack of memory. */
static void close_gate(struct pci_dev *pdev)
{
	char *name = kstrdup(CMA_GATE_NAME, GFP_KERNEL | __GFP_NOFAIL);

	if (!ccguest_override_swap(&pdev->dev, NULL, name))
		kfree(name);
	else if (!pdev->dev.driver)
		pci_notice(pdev, "gate closed: no driver binds until the device is authenticated\n");
}

static bool open_gate(struct pci_dev *pdev)
{
	return ccguest_override_swap(&pdev->dev, CMA_GATE_NAME, NULL);
}

static bool is_gated(bool arrived)
{
	return mode == GATE_ALL || (mode == GATE_HOTPLUG && arrived);
}

/* The caller holds gate_lock. */
static void update(struct cma_dev *cd)
{
	if (!cd->authenticated && is_gated(cd->arrived)) {
		close_gate(cd->pdev);
		return;
	}
	if (!open_gate(cd->pdev))
		return;
	if (!cd->pdev->dev.driver)
		pci_info(cd->pdev, "gate opened\n");
	if (cd->authenticated && !READ_ONCE(cd->unbound))
		cma_attach(cd);
}

void cma_gate_update(struct cma_dev *cd)
{
	mutex_lock(&gate_lock);
	update(cd);
	mutex_unlock(&gate_lock);
}

void cma_gate_changed(void *priv, bool authenticated)
{
	struct cma_dev *cd = priv;

	mutex_lock(&gate_lock);
	cd->authenticated = authenticated;
	update(cd);
	mutex_unlock(&gate_lock);
}

void cma_gate_refuse(struct pci_dev *pdev, bool arrived)
{
	mutex_lock(&gate_lock);
	if (is_gated(arrived))
		close_gate(pdev);
	mutex_unlock(&gate_lock);
}

/*
 * If the gate has closed again meanwhile, no driver matches. Before
 * pci_bus_add_device() none does either, and that function tries drivers itself.
 */
void cma_attach_work(struct work_struct *work)
{
	struct cma_dev *cd = container_of(work, struct cma_dev, attach);
	int rc = device_attach(&cd->pdev->dev);

	if (rc < 0 && rc != -EPROBE_DEFER && rc != -ENODEV)
		pci_warn(cd->pdev, "no driver could be bound: error %d\n", rc);
}

void cma_gate_exit(void)
{
	struct pci_dev *pdev = NULL;

	for_each_pci_dev(pdev)
		open_gate(pdev);
}

static int mode_set(const char *val, const struct kernel_param *kp)
{
	int i = sysfs_match_string(modes, val);

	if (i < 0)
		return i;
	if (i != GATE_OFF && !CCGUEST_CAN_OVERRIDE) {
		pr_err("gate=%s: this kernel lacks device_set_driver_override()\n",
		       modes[i]);
		return -EOPNOTSUPP;
	}
	mutex_lock(&gate_lock);
	mode = i;
	mutex_unlock(&gate_lock);
	if (i == GATE_OFF)
		cma_gate_exit();
	else
		cma_gate_update_all();
	return 0;
}

static int mode_get(char *buf, const struct kernel_param *kp)
{
	return sprintf(buf, "%s\n", modes[READ_ONCE(mode)]);
}

static const struct kernel_param_ops mode_ops = {
	.set = mode_set,
	.get = mode_get,
};
module_param_cb(gate, &mode_ops, NULL, 0644);
MODULE_PARM_DESC(gate, "no driver binds to a device that is not authenticated: off (default), hotplug or all");
