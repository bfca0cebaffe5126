// SPDX-License-Identifier: GPL-2.0-only
/*
 * pci_cma: authenticates PCI devices by Component Measurement and
 * Authentication (PCIe r6.1, 6.31), against the certificates in the keyring
 * `.cma`.
 *
 *	device there at load	authenticated while the load goes on
 *	device that arrives	before its driver binds: the notifier that is
 *				called then waits for the result; it cannot
 *				refuse the binding
 *	device that goes	its authentication ends with the next exchange
 *	system that wakes up	all of them again
 *	`re` in authenticated	again
 *
 * Devices come and go under the PCI core's rescan lock, which load and unload
 * take too.
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
#include <linux/string.h>
#include <linux/suspend.h>

static bool async = true;
module_param(async, bool, 0644);
MODULE_PARM_DESC(async, "do not wait for devices when loading or when they arrive (default Y)");

static bool verify_san = true;
module_param(verify_san, bool, 0644);
MODULE_PARM_DESC(verify_san, "a certificate must have the device's name as Subject Alternative Name (default Y)");

static const char *const validity_names[] = {
	[SPDM_VALIDITY_OFF] = "off",
	[SPDM_VALIDITY_WARN] = "warn",
	[SPDM_VALIDITY_ENFORCE] = "enforce",
};

static unsigned int validity = SPDM_VALIDITY_WARN;

static int validity_set(const char *val, const struct kernel_param *kp)
{
	int i = sysfs_match_string(validity_names, val);

	if (i < 0)
		return i;
	WRITE_ONCE(validity, i);
	return 0;
}

static int validity_get(char *buf, const struct kernel_param *kp)
{
	return sprintf(buf, "%s\n", validity_names[READ_ONCE(validity)]);
}

static const struct kernel_param_ops validity_ops = {
	.set = validity_set,
	.get = validity_get,
};
module_param_cb(validity, &validity_ops, NULL, 0644);
MODULE_PARM_DESC(validity, "certificates outside of the time that they are valid in: off, warn (default) or enforce");

static struct key *cma_keyring;
static LIST_HEAD(cma_devs);
static bool cma_asleep;
static DEFINE_MUTEX(cma_lock); /* cma_devs, cma_asleep */

static void cma_policy(void *priv, struct spdm_policy *policy)
{
	struct cma_dev *cd = priv;

	policy->name[0] = '\0';
	if (READ_ONCE(verify_san))
		cma_dev_name(cd, policy->name, sizeof(policy->name));
	policy->validity = READ_ONCE(validity);
}

/* Under cma_lock. */
static struct cma_dev *cma_find(const struct pci_dev *pdev)
{
	struct cma_dev *cd;

	list_for_each_entry(cd, &cma_devs, node)
		if (cd->pdev == pdev)
			return cd;
	return NULL;
}

static void cma_add(struct pci_dev *pdev)
{
	struct cma_dev *cd = NULL;

	mutex_lock(&cma_lock);
	if (!cma_find(pdev))
		cd = cma_dev_create(pdev, cma_keyring, cma_policy);
	if (!IS_ERR_OR_NULL(cd)) {
		list_add_tail(&cd->node, &cma_devs);
		if (cma_asleep)
			spdm_dev_suspend(cd->spdm);
		spdm_dev_start(cd->spdm);
	}
	mutex_unlock(&cma_lock);
	if (IS_ERR(cd))
		pci_err(pdev, "CMA: cannot be authenticated: error %ld\n",
			PTR_ERR(cd));
}

static void cma_remove(struct pci_dev *pdev)
{
	struct cma_dev *cd;

	mutex_lock(&cma_lock);
	cd = cma_find(pdev);
	if (cd)
		list_del(&cd->node);
	mutex_unlock(&cma_lock);
	if (cd)
		cma_dev_destroy(cd);
}

/*
 * Waits for the authentication of a device that is there: its removal waits
 * for the notifier that calls this.
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
		cma_add(pdev);
		if (!READ_ONCE(async))
			cma_wait(pdev);
		break;
	case BUS_NOTIFY_BIND_DRIVER:
		cma_wait(pdev);
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
	list_for_each_entry(cd, &cma_devs, node)
		spdm_dev_suspend(cd->spdm);
	list_for_each_entry(cd, &cma_devs, node)
		spdm_dev_wait(cd->spdm);
}

static void cma_resume_all(void)
{
	struct cma_dev *cd;

	cma_asleep = false;
	list_for_each_entry(cd, &cma_devs, node)
		spdm_dev_resume(cd->spdm);
}

/* What comes out of sleep need not be what went to sleep. */
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
 * no KEY_ALLOC_SET_KEEP. A name with a dot in front is the kernel's alone.
 */
static struct key *keyring_create(void)
{
	return keyring_alloc(".cma", GLOBAL_ROOT_UID, GLOBAL_ROOT_GID,
			     current_cred(),
			     (KEY_POS_ALL & ~KEY_POS_SETATTR) | KEY_USR_VIEW |
			     KEY_USR_READ | KEY_USR_WRITE | KEY_USR_SEARCH,
			     KEY_ALLOC_NOT_IN_QUOTA, NULL, NULL);
}

/* Revoked, so that it does not linger in /proc/keys with another's link. */
static void keyring_destroy(struct key *keyring)
{
	key_revoke(keyring);
	key_put(keyring);
}

static void cma_add_all(void)
{
	struct pci_dev *pdev = NULL;

	for_each_pci_dev(pdev)
		cma_add(pdev);
}

static void cma_remove_all(void)
{
	struct cma_dev *cd, *next;

	/* So that they end at the same time. */
	list_for_each_entry(cd, &cma_devs, node)
		spdm_dev_stop(cd->spdm);
	list_for_each_entry_safe(cd, next, &cma_devs, node) {
		list_del(&cd->node);
		cma_dev_destroy(cd);
	}
}

static void cma_wait_all(void)
{
	struct cma_dev *cd;

	mutex_lock(&cma_lock);
	list_for_each_entry(cd, &cma_devs, node)
		spdm_dev_wait(cd->spdm);
	mutex_unlock(&cma_lock);
}

static int __init cma_init(void)
{
	int rc;

	cma_keyring = keyring_create();
	if (IS_ERR(cma_keyring))
		return PTR_ERR(cma_keyring);
	rc = register_pm_notifier(&cma_pm_nb);
	if (rc)
		goto err_keyring;
	/* Devices neither come nor go before the notifier sees it. */
	pci_lock_rescan_remove();
	rc = bus_register_notifier(&pci_bus_type, &cma_bus_nb);
	if (!rc)
		cma_add_all();
	pci_unlock_rescan_remove();
	if (rc)
		goto err_pm;
	if (!async)
		cma_wait_all();
	return 0;

err_pm:
	unregister_pm_notifier(&cma_pm_nb);
err_keyring:
	keyring_destroy(cma_keyring);
	return rc;
}
module_init(cma_init);

static void __exit cma_exit(void)
{
	unregister_pm_notifier(&cma_pm_nb);
	pci_lock_rescan_remove();
	bus_unregister_notifier(&pci_bus_type, &cma_bus_nb);
	cma_remove_all();
	pci_unlock_rescan_remove();
	keyring_destroy(cma_keyring);
}
module_exit(cma_exit);

MODULE_DESCRIPTION("PCI device authentication: CMA by SPDM over DOE");
MODULE_AUTHOR("The ccguest developers");
MODULE_LICENSE("GPL");
MODULE_VERSION(CCGUEST_VERSION);
