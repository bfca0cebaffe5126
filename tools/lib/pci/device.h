/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Private to this room: devices in sysfs, and their names.
 */
#ifndef CCGUEST_PCI_DEVICE_H
#define CCGUEST_PCI_DEVICE_H

#include <ccguest/ctx.h>
#include <ccguest/device.h>

#define CCG_PCI_DIR	"/sys/bus/pci/devices"

/* A platform has one; more have no meaning yet. */
#define CCG_TSMS_MAX	8

/**
 * struct ccg_tsms - the TSMs of the platform
 * @n: number of @names
 * @names: their names, sorted
 */
struct ccg_tsms {
	size_t n;
	char names[CCG_TSMS_MAX][CCG_TSM_NAME];
};

bool ccg_take_hex(const char **pos, size_t min, size_t max, unsigned int *n);
bool ccg_take_char(const char **pos, char c);
void ccg_attr_path(const struct ccg_device *dev, const char *name,
		   char *path, size_t size);
int ccg_attr_lines(struct ccg_ctx *ctx, const struct ccg_device *dev,
		   const char *name, size_t max,
		   int (*take)(char *line, void *arg), void *arg);
int ccg_device_config(struct ccg_ctx *ctx, struct ccg_device *dev);
int ccg_device_protocols(struct ccg_ctx *ctx, struct ccg_device *dev);
int ccg_device_state(struct ccg_ctx *ctx, struct ccg_device *dev);
int ccg_tsms_get(struct ccg_ctx *ctx, struct ccg_tsms *t);
int ccg_tsm_connect(const struct ccg_tsms *t, int fd);
int ccg_tsm_state(struct ccg_ctx *ctx, struct ccg_device *dev);
char *ccg_pci_name(struct ccg_ctx *ctx, uint16_t vendor, uint16_t device);
char *ccg_pci_class_name(struct ccg_ctx *ctx, uint16_t class);

#endif /* CCGUEST_PCI_DEVICE_H */
