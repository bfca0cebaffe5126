// SPDX-License-Identifier: GPL-2.0-only
/*
 * pci_cma: authenticates PCI devices by Component Measurement and
 * Authentication (PCIe r6.1, 6.31), with the certificates in the keyring
 * `.cma`.
 *
 *	module is loaded	all devices are authenticated; with async=N the
 *				load waits for the results
 *	device is added		the device is authenticated; a notifier waits
 *				for the result before a driver binds, but
 *				cannot prevent the binding
 *	device is removed	its authentication ends at the next exchange
 *	system wakes up		all devices are authenticated again (wake.c)
 *	device is reset		the device is authenticated again (reset.c)
 *	vfio-pci binds		nothing is sent to the device until the driver
 *				unbinds; then the device is authenticated again
 *	`re` is written to	the device is authenticated again
 *	  authenticated
 *
 * With the parameter gate, no driver binds before that (gate.c).
 * With automatic=N, only `re` starts an authentication.
 *
 * The PCI core adds and removes devices with its rescan lock held. Load and
 * unload of this module take the lock too.
 */
#include "pci_cma.h"

#include <linux/cred.h>
#include <linux/device.h>
#include <linux/err.h>
#include <linux/key.h>
#include <linux/module.h>
#include <linux/moduleparam.h>
#include <linux/mutex.h>
#include <linux/notifier.h>
#include <linux/pci.h>
#include <linux/rculist.h>
#include <linux/srcu.h>
#include <linux/string.h>
#include <linux/suspend.h>

static bool async = true;
module_param(async, bool, 0644);
MODULE_PARM_DESC(async, "do not wait for devices when loading or when they arrive (default Y)");

static bool automatic = true;
module_param(automatic, bool, 0644);
MODULE_PARM_DESC(automatic, "authenticate devices without being asked: at load, arrival, wake-up and return from a guest (default Y)");

struct key *cma_keyring;
static struct workqueue_struct *cma_wq;
LIST_HEAD(cma_devs);
static bool cma_asleep;
static bool cma_loaded; /* the rescan lock protects both */
static bool cma_unloads;
static DEFINE_MUTEX(cma_lock); /* cma_devs, cma_asleep, asleep, assigned */

/*
 * Readers of cma_devs that wait for an authentication. They do not hold
 * cma_lock: each driver that binds to a PCI device takes that lock.
 */
DEFINE_STATIC_SRCU(cma_waiters);

#define RETRY_PAUSE	(2 * HZ)

static void cma_retry_work(struct work_struct *work);
static DECLARE_DELAYED_WORK(cma_retry, cma_retry_work);

/* The caller holds cma_lock. */
static struct cma_dev *cma_find(const struct pci_dev *pdev)
{
	struct cma_dev *cd;

	list_for_each_entry(cd, &cma_devs, node)
		if (cd->pdev == pdev)
			return cd;
	return NULL;
}

/* The caller holds cma_lock. */
static void cma_start(struct cma_dev *cd)
{
	if (READ_ONCE(automatic))
		spdm_dev_start(cd->spdm);
}

/*
 * Does the driver assign devices to guests? A message to such a device would
 * end the guest's SPDM connection. The caller holds the lock of a device of the
 * driver, so that the driver stays.
 */
static bool assigns_devices(const struct device_driver *drv)
{
	return drv && (strstr(drv->name, "vfio") || strstr(drv->name, "pciback"));
}

void cma_restart(struct work_struct *work)
{
	struct cma_dev *cd = container_of(to_delayed_work(work),
					  struct cma_dev, restart);

	mutex_lock(&cma_lock);
	if (cma_find(cd->pdev) == cd && !cd->assigned && !cd->asleep) {
		WRITE_ONCE(cd->restarted, get_jiffies_64());
		cma_start(cd);
	}
	mutex_unlock(&cma_lock);
}

void cma_restart_after(struct cma_dev *cd, unsigned long delay)
{
	mod_delayed_work(cma_wq, &cd->restart, delay);
}

void cma_attach(struct cma_dev *cd)
{
	queue_work(cma_wq, &cd->attach);
}

void cma_gate_update_all(void)
{
	struct cma_dev *cd;

	mutex_lock(&cma_lock);
	list_for_each_entry(cd, &cma_devs, node)
		cma_gate_update(cd);
	mutex_unlock(&cma_lock);
}

/* The caller holds cma_lock. Returns 0, or -ENOMEM if a second try may help. */
static int cma_try_add(struct pci_dev *pdev, bool assigned)
{
	struct cma_dev *cd;

	if (cma_find(pdev))
		return 0;
	cd = cma_dev_create(pdev, cma_keyring);
	if (IS_ERR(cd) && PTR_ERR(cd) != -ENOMEM)
		pci_err(pdev, "cannot be authenticated: error %ld\n",
			PTR_ERR(cd));
	if (IS_ERR(cd))
		cma_gate_refuse(pdev, cma_loaded);
	if (IS_ERR_OR_NULL(cd))
		return cd == ERR_PTR(-ENOMEM) ? -ENOMEM : 0;
	cd->assigned = assigned;
	cd->asleep = cma_asleep;
	if (assigned || cma_asleep)
		spdm_dev_suspend(cd->spdm, assigned ? -EBUSY : -EAGAIN);
	cd->arrived = cma_loaded;
	cma_gate_update(cd);
	list_add_tail_rcu(&cd->node, &cma_devs);
	if (!assigned && !cma_asleep)
		cma_start(cd);
	return 0;
}

static void cma_add(struct pci_dev *pdev, bool assigned)
{
	int rc;

	mutex_lock(&cma_lock);
	rc = cma_try_add(pdev, assigned);
	mutex_unlock(&cma_lock);
	if (!rc)
		return;
	pci_err(pdev, "no memory for its files: trying again\n");
	schedule_delayed_work(&cma_retry, RETRY_PAUSE);
}

static void cma_remove(struct pci_dev *pdev)
{
	struct cma_dev *cd;

	mutex_lock(&cma_lock);
	cd = cma_find(pdev);
	if (cd)
		list_del_rcu(&cd->node);
	mutex_unlock(&cma_lock);
	if (!cd)
		return;
	spdm_dev_stop(cd->spdm);
	synchronize_srcu(&cma_waiters);
	synchronize_rcu();
	cma_dev_destroy(cd);
}

/* A driver binds that assigns the device to a guest. */
static void cma_assign(struct pci_dev *pdev)
{
	struct cma_dev *cd;

	mutex_lock(&cma_lock);
	cd = cma_find(pdev);
	if (cd && !cd->assigned) {
		WRITE_ONCE(cd->assigned, true);
		spdm_dev_suspend(cd->spdm, -EBUSY);
		spdm_dev_quiesce(cd->spdm);
	}
	mutex_unlock(&cma_lock);
}

/* A driver has unbound: the device may come back from a guest. */
static void cma_unassign(struct pci_dev *pdev)
{
	struct cma_dev *cd;

	mutex_lock(&cma_lock);
	cd = cma_find(pdev);
	if (cd && cd->assigned) {
		WRITE_ONCE(cd->assigned, false);
		if (cd->asleep) {
			spdm_dev_suspend(cd->spdm, -EAGAIN);
		} else {
			spdm_dev_resume(cd->spdm);
			cma_start(cd);
		}
	}
	mutex_unlock(&cma_lock);
}

static void cma_note_unbound(struct pci_dev *pdev, bool unbound)
{
	struct cma_dev *cd;

	mutex_lock(&cma_lock);
	cd = cma_find(pdev);
	if (cd)
		WRITE_ONCE(cd->unbound, unbound);
	mutex_unlock(&cma_lock);
}

/*
 * Wait for a device's authentication. The device cannot be removed meanwhile:
 * the removal waits for the notifier that calls this function.
 */
static void cma_wait(struct pci_dev *pdev)
{
	struct cma_dev *cd;

	mutex_lock(&cma_lock);
	cd = cma_find(pdev);
	mutex_unlock(&cma_lock);
	if (cd)
		spdm_dev_wait(cd->spdm);
}

static int cma_bus_notify(struct notifier_block *nb, unsigned long action,
			  void *data)
{
	struct pci_dev *pdev = to_pci_dev(data);

	switch (action) {
	case BUS_NOTIFY_ADD_DEVICE:
		cma_add(pdev, false);
		if (!READ_ONCE(async))
			cma_wait(pdev);
		break;
	case BUS_NOTIFY_BIND_DRIVER:
		if (assigns_devices(pdev->dev.driver))
			cma_assign(pdev);
		else
			cma_wait(pdev);
		break;
	case BUS_NOTIFY_BOUND_DRIVER:
		cma_note_unbound(pdev, false);
		if (assigns_devices(pdev->dev.driver))
			cma_assign(pdev);
		break;
	case BUS_NOTIFY_UNBOUND_DRIVER:
		cma_note_unbound(pdev, true);
		cma_unassign(pdev);
		break;
	case BUS_NOTIFY_DRIVER_NOT_BOUND:
		cma_unassign(pdev);
		break;
	case BUS_NOTIFY_DEL_DEVICE:
		cma_remove(pdev);
		break;
	}
	return NOTIFY_OK;
}

static struct notifier_block cma_bus_nb = {
	.notifier_call = cma_bus_notify,
};

static void cma_suspend_all(void)
{
	struct cma_dev *cd;

	cma_asleep = true;
	list_for_each_entry(cd, &cma_devs, node) {
		WRITE_ONCE(cd->asleep, true);
		if (!cd->assigned)
			spdm_dev_suspend(cd->spdm, -EAGAIN);
	}
	list_for_each_entry(cd, &cma_devs, node)
		spdm_dev_quiesce(cd->spdm);
}

/* The caller holds cma_lock. */
static void cma_resume(struct cma_dev *cd)
{
	if (!cd->asleep)
		return;
	WRITE_ONCE(cd->asleep, false);
	if (cd->assigned)
		return;
	spdm_dev_resume(cd->spdm);
	cma_start(cd);
}

void cma_wake_up(const struct pci_dev *pdev)
{
	struct cma_dev *cd;

	mutex_lock(&cma_lock);
	cd = cma_find(pdev);
	if (cd)
		cma_resume(cd);
	mutex_unlock(&cma_lock);
}

/* Those that have not woken up by cma_wake_up(). */
static void cma_resume_all(void)
{
	struct cma_dev *cd;

	cma_asleep = false;
	list_for_each_entry(cd, &cma_devs, node)
		cma_resume(cd);
}

/* A device may have been replaced while the system slept. */
static int cma_pm_notify(struct notifier_block *nb, unsigned long action,
			 void *data)
{
	mutex_lock(&cma_lock);
	switch (action) {
	case PM_HIBERNATION_PREPARE:
	case PM_SUSPEND_PREPARE:
	case PM_RESTORE_PREPARE:
		cma_suspend_all();
		break;
	case PM_POST_HIBERNATION:
	case PM_POST_SUSPEND:
	case PM_POST_RESTORE:
		cma_resume_all();
		break;
	}
	mutex_unlock(&cma_lock);
	return NOTIFY_OK;
}

static struct notifier_block cma_pm_nb = {
	.notifier_call = cma_pm_notify,
};

/*
 * Root adds certificates with keyctl, and unlinks them to withdraw trust: so
 * no KEY_ALLOC_SET_KEEP. User space cannot make a keyring whose name begins
 * with a dot.
 */
static struct key *keyring_create(void)
{
	return keyring_alloc(".cma", GLOBAL_ROOT_UID, GLOBAL_ROOT_GID,
			     current_cred(),
			     (KEY_POS_ALL & ~KEY_POS_SETATTR) | KEY_USR_VIEW |
			     KEY_USR_READ | KEY_USR_WRITE | KEY_USR_SEARCH,
			     KEY_ALLOC_NOT_IN_QUOTA, NULL, NULL);
}

/* Revoke it: a link from another keyring would keep it in /proc/keys. */
static void keyring_destroy(struct key *keyring)
{
	key_revoke(keyring);
	key_put(keyring);
}

/*
 * Is the device assigned when the module is loaded? The PCI core takes the lock
 * of a device before the rescan lock in some places, and after it in others:
 * hence trylock. If a driver is binding now, no guest has the device yet, and
 * BUS_NOTIFY_BOUND_DRIVER follows.
 */
static bool is_assigned(struct pci_dev *pdev)
{
	bool assigned;

	if (!device_trylock(&pdev->dev))
		return false;
	assigned = assigns_devices(pdev->dev.driver);
	device_unlock(&pdev->dev);
	return assigned;
}

static void cma_add_all(void)
{
	struct pci_dev *pdev = NULL;

	for_each_pci_dev(pdev)
		cma_add(pdev, is_assigned(pdev));
}

/*
 * A device that had no memory for its files when it arrived must not look like
 * one that cannot be authenticated.
 */
static void cma_retry_work(struct work_struct *work)
{
	struct pci_dev *pdev = NULL;
	int rc = 0;

	pci_lock_rescan_remove();
	for_each_pci_dev(pdev) {
		bool assigned = is_assigned(pdev);

		mutex_lock(&cma_lock);
		if (!cma_unloads)
			rc = cma_try_add(pdev, assigned) ?: rc;
		mutex_unlock(&cma_lock);
	}
	pci_unlock_rescan_remove();
	if (rc)
		schedule_delayed_work(&cma_retry, RETRY_PAUSE);
}

/* All authentications end at the same time, and nobody waits for them. */
static void cma_stop_all(void)
{
	struct cma_dev *cd;

	mutex_lock(&cma_lock);
	list_for_each_entry(cd, &cma_devs, node)
		spdm_dev_stop(cd->spdm);
	mutex_unlock(&cma_lock);
}

/* The notifier and the probes are unregistered. */
static void cma_remove_all(void)
{
	struct cma_dev *cd, *next;
	LIST_HEAD(devs);

	mutex_lock(&cma_lock);
	list_splice_init(&cma_devs, &devs);
	mutex_unlock(&cma_lock);
	list_for_each_entry_safe(cd, next, &devs, node)
		cma_dev_destroy(cd);
}

static void cma_wait_all(void)
{
	struct cma_dev *cd;
	int idx;

	idx = srcu_read_lock(&cma_waiters);
	list_for_each_entry_srcu(cd, &cma_devs, node,
				 srcu_read_lock_held(&cma_waiters))
		if (spdm_dev_wait(cd->spdm))
			break;
	srcu_read_unlock(&cma_waiters, idx);
}

static int __init cma_init(void)
{
	int rc;

	rc = cma_policy_init();
	if (rc)
		return rc;
	cma_keyring = keyring_create();
	rc = PTR_ERR_OR_ZERO(cma_keyring);
	if (rc)
		goto err_policy;
	rc = -ENOMEM;
	cma_wq = alloc_workqueue("pci_cma", WQ_UNBOUND, 0);
	if (!cma_wq)
		goto err_keyring;
	rc = register_pm_notifier(&cma_pm_nb);
	if (rc)
		goto err_wq;
	cma_reset_init();
	/* No device is added or removed before the notifier is registered. */
	pci_lock_rescan_remove();
	rc = bus_register_notifier(&pci_bus_type, &cma_bus_nb);
	if (!rc)
		cma_add_all();
	cma_loaded = true;
	pci_unlock_rescan_remove();
	if (rc)
		goto err_pm;
	if (!async)
		cma_wait_all();
	return 0;

err_pm:
	cma_reset_exit();
	unregister_pm_notifier(&cma_pm_nb);
err_wq:
	destroy_workqueue(cma_wq);
err_keyring:
	keyring_destroy(cma_keyring);
err_policy:
	cma_policy_exit();
	return rc;
}
module_init(cma_init);

static void __exit cma_exit(void)
{
	cma_reset_exit();
	unregister_pm_notifier(&cma_pm_nb);
	/* A driver that binds would wait, perhaps with the rescan lock held. */
	cma_stop_all();
	pci_lock_rescan_remove();
	bus_unregister_notifier(&pci_bus_type, &cma_bus_nb);
	cma_unloads = true;
	/* Devices may have arrived meanwhile. */
	cma_stop_all();
	cma_remove_all();
	cma_gate_exit();
	pci_unlock_rescan_remove();
	cancel_delayed_work_sync(&cma_retry);
	destroy_workqueue(cma_wq);
	keyring_destroy(cma_keyring);
	cma_policy_exit();
}
module_exit(cma_exit);

MODULE_DESCRIPTION("PCI device authentication: CMA by SPDM over DOE");
MODULE_AUTHOR("The ccguest developers");
MODULE_LICENSE("GPL");
MODULE_VERSION(CCGUEST_VERSION);
MODULE_IMPORT_SPDM();
