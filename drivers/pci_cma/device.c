// SPDX-License-Identifier: GPL-2.0-only
/*
 * A PCI device that may be authenticated: is there a mailbox, how does one
 * talk through it, and what is the device called in a certificate?
 */
#include "pci_cma.h"

#include <linux/err.h>
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
 * The longest response that is asked for. Behind QEMU there are 4,608 bytes
 * for a data object, its header of eight bytes included; longer ones are lost.
 */
#define CMA_RSP_MAX	(0x1200 - 8)

/*
 * The kernel's own code authenticates through the platform's TSM, and owns the
 * name `authenticated` then; and GET_VERSION would end its connection.
 */
static bool is_others(struct pci_dev *pdev)
{
	struct kernfs_node *kn;

	if (pci_has_tsm(pdev))
		return true;
	kn = sysfs_get_dirent(pdev->dev.kobj.sd, "tsm");
	sysfs_put(kn);
	return kn;
}

/*
 * In D3cold there is no configuration space to talk through. -EACCES: nobody
 * switches the device off.
 */
static int cma_power_on(struct device *dev)
{
	int rc = pm_runtime_get_sync(dev);

	if (rc >= 0 || rc == -EACCES)
		return 0;
	pm_runtime_put_noidle(dev);
	return rc;
}

/* pci_doe() waits for a second, and for another to abort. */
static int cma_exchange(void *priv, const void *req, size_t req_len, void *rsp,
			size_t rsp_max)
{
	struct cma_dev *cd = priv;
	struct device *dev = &cd->pdev->dev;
	int rc;

	/* It would lose its connection to the guest that it was given to. */
	if (strstr(dev_driver_string(dev), "vfio") || is_others(cd->pdev))
		return -EBUSY;
	rc = cma_power_on(dev);
	if (rc)
		return rc;
	rc = pci_doe(cd->mb, PCI_VENDOR_ID_PCI_SIG, DOE_CMA, req, req_len, rsp,
		     rsp_max);
	pm_runtime_put(dev);
	/* That is what it says when there was no answer. */
	return rc == -EIO ? -ETIMEDOUT : rc;
}

static const struct spdm_transport cma_transport = {
	.exchange = cma_exchange,
	.rsp_max = CMA_RSP_MAX,
	.keyring_name = ".cma keyring",
};

/**
 * cma_dev_name - what a device's certificate must call it
 * @cd: device
 * @buf: set to the name
 * @size: of @buf in bytes; SPDM_NAME_MAX is enough
 *
 * PCIe r6.1, 6.31.3.
 */
void cma_dev_name(const struct cma_dev *cd, char *buf, size_t size)
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

/* A capability that the kernel could make no mailbox of, by whoever's fault. */
static bool has_broken_mailbox(struct pci_dev *pdev)
{
	u16 pos = 0;

	while ((pos = pci_find_next_ext_capability(pdev, pos,
						   PCI_EXT_CAP_ID_DOE)))
		if (!xa_load(&pdev->doe_mbs, pos))
			return true;
	return false;
}

/**
 * cma_dev_create - make a device known, if it may be authenticated
 * @pdev: device
 * @keyring: what is trusted
 * @policy: asks for what its certificates must have
 *
 * May sleep. The caller sees to it that the device is not removed meanwhile.
 *
 * Return: the device; NULL where it has no mailbox for SPDM, or where that is
 * another's business; an ERR_PTR.
 */
struct cma_dev *cma_dev_create(struct pci_dev *pdev, struct key *keyring,
			       void (*policy)(void *priv,
					      struct spdm_policy *policy))
{
	struct pci_doe_mb *mb;
	struct cma_dev *cd;
	int rc;

	/* VFs are reached through their PF; PCIe r6.1, 6.30. */
	if (pdev->is_virtfn)
		return NULL;
	mb = pci_find_doe_mailbox(pdev, PCI_VENDOR_ID_PCI_SIG, DOE_CMA);
	if (!mb && !has_broken_mailbox(pdev))
		return NULL;
	if (is_others(pdev)) {
		pci_info(pdev, "CMA: left to the platform's TSM\n");
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
	cd->spdm = spdm_dev_create(&pdev->dev, mb ? &cma_transport : NULL, cd,
				   keyring, policy);
	if (!IS_ERR(cd->spdm)) {
		if (!mb)
			pci_err(pdev, "CMA: the kernel could not set up a DOE mailbox: cannot tell whether the device can be authenticated\n");
		return cd;
	}
	rc = PTR_ERR(cd->spdm);
	pci_dev_put(pdev);
	kfree(cd);
	return ERR_PTR(rc);
}

/**
 * cma_dev_destroy - forget a device
 * @cd: device
 *
 * Waits for an exchange that goes on. The caller sees to it that the device is
 * not removed meanwhile.
 */
void cma_dev_destroy(struct cma_dev *cd)
{
	spdm_dev_destroy(cd->spdm);
	pci_dev_put(cd->pdev);
	kfree(cd);
}
