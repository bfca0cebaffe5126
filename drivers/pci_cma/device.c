// SPDX-License-Identifier: GPL-2.0-only
/*
 * A PCI device that may be authenticated: finding its mailbox, exchanging
 * messages through it, and the name that its certificate must have.
 */
#include "pci_cma.h"
#include "../../lib/x509_chain.h"
#include "../../lib/x509_cma.h"

#include <linux/err.h>
#include <linux/jiffies.h>
#include <linux/moduleparam.h>
#include <linux/pci.h>
#include <linux/pci-doe.h>
#include <linux/pm_runtime.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/sysfs.h>
#include <linux/xarray.h>

/* CMA/SPDM, PCIe r6.1, table 6-38; not in every kernel's pci-doe.h. */
#define DOE_CMA		1

/*
 * The longest response that is requested. QEMU has room for a data object of
 * 4,608 bytes, its header of eight bytes included, and drops longer ones.
 */
#define CMA_RSP_MAX	(0x1200 - 8)

/* The longest device name; PCIe r6.1, 6.31.3. */
#define CMA_NAME_MAX	96

#define TSM_HAS_IT	"left to the platform's TSM: pci_cma has nothing to do\n"

static bool verify_san = true;
module_param(verify_san, bool, 0644);
MODULE_PARM_DESC(verify_san, "a certificate must have the device's name as Subject Alternative Name, unless a rule of the policy names the device (default Y)");

static const char *const validity_names[] = {
	[X509_VALIDITY_OFF] = "off",
	[X509_VALIDITY_WARN] = "warn",
	[X509_VALIDITY_ENFORCE] = "enforce",
};

static enum x509_validity validity = X509_VALIDITY_WARN;

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
MODULE_PARM_DESC(validity, "certificates outside their validity period: off, warn (default) or enforce");

/*
 * Does the kernel authenticate the device through the platform's TSM? Then the
 * file `authenticated` is the kernel's, and a GET_VERSION of this module would
 * end the TSM's connection.
 */
static bool is_others(struct pci_dev *pdev)
{
	struct kernfs_node *kn;
	bool found;

	if (pci_has_tsm(pdev))
		return true;
	kn = sysfs_get_dirent(pdev->dev.kobj.sd, "tsm");
	found = kn;
	sysfs_put(kn);
	return found;
}

/*
 * A device in D3cold has no configuration space. -EACCES: runtime power
 * management is disabled, and the device stays on.
 */
static int cma_power_on(struct device *dev)
{
	int rc = pm_runtime_get_sync(dev);

	if (rc >= 0 || rc == -EACCES)
		return 0;
	pm_runtime_put_noidle(dev);
	return rc;
}

/* The TSM may leave again; by then it has spoken to the device. */
static bool cma_is_taken(void *priv)
{
	struct cma_dev *cd = priv;

	if (atomic_read(&cd->taken))
		return true;
	if (!is_others(cd->pdev))
		return false;
	if (!atomic_xchg(&cd->taken, 1))
		pci_info(cd->pdev, TSM_HAS_IT);
	return true;
}

static int cma_begin(void *priv)
{
	struct cma_dev *cd = priv;
	u64 until = READ_ONCE(cd->quiet_until);
	u64 now = get_jiffies_64();
	int rc;

	if (cma_is_taken(cd))
		return -EBUSY;
	if (time_before64(now, until)) {
		cma_restart_after(cd, until - now + 1);
		return -EAGAIN;
	}
	WRITE_ONCE(cd->powering, true);
	rc = cma_power_on(&cd->pdev->dev);
	WRITE_ONCE(cd->powering, false);
	return rc;
}

static void cma_end(void *priv)
{
	struct cma_dev *cd = priv;

	pm_runtime_put(&cd->pdev->dev);
}

/* pci_doe() takes two seconds at most: one to wait, and one to abort. */
static int cma_exchange(void *priv, const void *req, size_t req_len, void *rsp,
			size_t rsp_max)
{
	struct cma_dev *cd = priv;
	int rc;

	if (cma_is_taken(cd))
		return -EBUSY;
	rc = pci_doe(cd->mb, PCI_VENDOR_ID_PCI_SIG, DOE_CMA, req, req_len, rsp,
		     rsp_max);
	/* pci_doe() returns -EIO if the device did not answer. */
	return rc == -EIO ? -ETIMEDOUT : rc;
}

/* PCIe r6.1, 6.31.3. */
static void cma_dev_name(const struct cma_dev *cd, char *buf, size_t size)
{
	const struct pci_dev *pdev = cd->pdev;
	int len;

	len = scnprintf(buf, size, "Vendor=%04x:Device=%04x:CC=%06x:REV=%02x",
			pdev->vendor, pdev->device, pdev->class,
			pdev->revision);
	if (pdev->hdr_type == PCI_HEADER_TYPE_NORMAL)
		len += scnprintf(buf + len, size - len, ":SSVID=%04x:SSID=%04x",
				 pdev->subsystem_vendor,
				 pdev->subsystem_device);
	if (cd->serial)
		scnprintf(buf + len, size - len, ":%016llx", cd->serial);
}

static int cma_check_leaf(void *priv, const struct x509_path *path,
			  struct x509_fault *fault, char *detail, size_t size)
{
	const struct cma_dev *cd = priv;
	char name[CMA_NAME_MAX];
	int rc;

	cma_dev_name(cd, name, sizeof(name));
	rc = cma_policy_judge(cd->pdev, path, name, fault, detail, size);
	if (rc <= 0)
		return rc;
	if (!READ_ONCE(verify_san))
		return 0;
	return x509_check_cma_name(path->leaf, name, fault, detail, size);
}

static enum x509_validity cma_validity(void *priv)
{
	return READ_ONCE(validity);
}

static const struct spdm_transport cma_transport = {
	.begin = cma_begin,
	.end = cma_end,
	.exchange = cma_exchange,
	.check_leaf = cma_check_leaf,
	.is_taken = cma_is_taken,
	.changed = cma_gate_changed,
	.validity = cma_validity,
	.rsp_max = CMA_RSP_MAX,
	.keyring_name = ".cma keyring",
};

/* Does the device have a DOE capability without a mailbox of the kernel? */
static bool has_broken_mailbox(struct pci_dev *pdev)
{
	u16 pos = 0;

	while ((pos = pci_find_next_ext_capability(pdev, pos,
						   PCI_EXT_CAP_ID_DOE)))
		if (!xa_load(&pdev->doe_mbs, pos))
			return true;
	return false;
}

/* A device in D3cold has no configuration space: power it on first. */
static bool is_broken(struct pci_dev *pdev)
{
	bool broken;

	if (!pci_is_pcie(pdev) || cma_power_on(&pdev->dev))
		return false;
	broken = has_broken_mailbox(pdev);
	pm_runtime_put(&pdev->dev);
	return broken;
}

/*
 * A device loses its SPDM state in D3cold, and may be replaced there: nothing
 * tells this module. A driver may have disabled D3cold already.
 */
static void keep_power(struct cma_dev *cd)
{
	cd->no_d3cold = !cd->pdev->no_d3cold;
	if (cd->no_d3cold)
		pci_d3cold_disable(cd->pdev);
}

static void cma_free(struct cma_dev *cd)
{
	if (cd->no_d3cold)
		pci_d3cold_enable(cd->pdev);
	pci_dev_put(cd->pdev);
	kfree(cd);
}

struct cma_dev *cma_dev_create(struct pci_dev *pdev, struct key *keyring)
{
	struct pci_doe_mb *mb;
	struct cma_dev *cd;
	int rc;

	/* A VF has no mailbox, its PF has one; PCIe r6.1, 6.30. */
	if (pdev->is_virtfn)
		return NULL;
	mb = pci_find_doe_mailbox(pdev, PCI_VENDOR_ID_PCI_SIG, DOE_CMA);
	if (!mb && !is_broken(pdev))
		return NULL;
	if (is_others(pdev)) {
		pci_info(pdev, TSM_HAS_IT);
		return NULL;
	}

	cd = kzalloc(sizeof(*cd), GFP_KERNEL);
	if (!cd)
		return ERR_PTR(-ENOMEM);
	cd->pdev = pci_dev_get(pdev);
	cd->mb = mb;
	if (!cma_power_on(&pdev->dev)) {
		cd->serial = pci_get_dsn(pdev);
		pm_runtime_put(&pdev->dev);
	}
	INIT_DELAYED_WORK(&cd->restart, cma_restart);
	INIT_WORK(&cd->attach, cma_attach_work);
	keep_power(cd);
	cd->spdm = spdm_dev_create(&pdev->dev, mb ? &cma_transport : NULL, cd,
				   keyring);
	if (!IS_ERR(cd->spdm)) {
		cd->wake = mb ? cma_wake_create(pdev) : NULL;
		if (!mb)
			pci_err(pdev, "the kernel could not set up a DOE mailbox: cannot tell whether the device can be authenticated\n");
		return cd;
	}
	rc = PTR_ERR(cd->spdm);
	cma_free(cd);
	return ERR_PTR(rc);
}

void cma_dev_destroy(struct cma_dev *cd)
{
	cma_wake_destroy(cd->wake);
	spdm_dev_destroy(cd->spdm);
	/* The work does not find the device; nothing delays the work now. */
	cancel_delayed_work_sync(&cd->restart);
	cancel_work_sync(&cd->attach);
	cma_free(cd);
}
