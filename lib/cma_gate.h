/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The gate of a PCI device: no driver binds while it is closed.
 */
#ifndef CCGUEST_LIB_CMA_GATE_H
#define CCGUEST_LIB_CMA_GATE_H

/*
 * Contents of the file driver_override of a device whose gate is closed. No
 * driver has this name.
 */
#define CMA_GATE_NAME	"pci_cma-gate"

#endif /* CCGUEST_LIB_CMA_GATE_H */
