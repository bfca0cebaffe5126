/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Declarations for the files of this module.
 */
#ifndef PCI_CMA_H
#define PCI_CMA_H

#define dev_fmt(fmt)	"CMA: " fmt

#include <linux/list.h>
#include <linux/spdm.h>

struct key;
struct pci_dev;
struct pci_doe_mb;

/**
 * struct cma_dev - a PCI device that may be authenticated
 * @node: node in the list of all devices
 * @pdev: the device, a reference
 * @mb: mailbox for SPDM; NULL if the kernel could not set one up
 * @serial: serial number of the device, 0 if it has none
 * @no_d3cold: this module has disabled D3cold for the device
 * @assigned: a driver has the device that assigns devices to guests
 * @spdm: the device in module spdm
 */
struct cma_dev {
	struct list_head node;
	struct pci_dev *pdev;
	struct pci_doe_mb *mb;
	u64 serial;
	bool no_d3cold;
	bool assigned;
	struct spdm_dev *spdm;
};

/**
 * cma_dev_create - register a device, if it may be authenticated
 * @pdev: device
 * @keyring: the trusted certificates
 *
 * May sleep. The device must not be removed until the function returns.
 *
 * Return: the device; NULL if the device has no mailbox for SPDM, or if the
 * kernel's TSM code authenticates the device; or an ERR_PTR.
 */
struct cma_dev *cma_dev_create(struct pci_dev *pdev, struct key *keyring);

/**
 * cma_dev_destroy - unregister a device
 * @cd: device
 *
 * Waits for an exchange that runs. The device must not be removed until the
 * function returns.
 */
void cma_dev_destroy(struct cma_dev *cd);

#endif /* PCI_CMA_H */
