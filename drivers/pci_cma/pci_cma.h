/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the files of this module know of each other.
 */
#ifndef PCI_CMA_H
#define PCI_CMA_H

#include <linux/list.h>
#include <linux/spdm.h>

struct key;
struct pci_dev;
struct pci_doe_mb;

/**
 * struct cma_dev - a PCI device that may be authenticated
 * @node: in the list of all
 * @pdev: the device, a reference
 * @mb: its mailbox for SPDM; NULL where that cannot be told
 * @serial: of the device, 0 where it has none
 * @spdm: what module spdm makes of it
 */
struct cma_dev {
	struct list_head node;
	struct pci_dev *pdev;
	struct pci_doe_mb *mb;
	u64 serial;
	struct spdm_dev *spdm;
};

struct cma_dev *cma_dev_create(struct pci_dev *pdev, struct key *keyring,
			       void (*policy)(void *priv,
					      struct spdm_policy *policy));
void cma_dev_destroy(struct cma_dev *cd);
void cma_dev_name(const struct cma_dev *cd, char *buf, size_t size);

#endif /* PCI_CMA_H */
