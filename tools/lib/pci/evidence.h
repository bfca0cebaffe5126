/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Private to libccguest: evidence, from the kernel or from a connection.
 */
#ifndef CCGUEST_PCI_EVIDENCE_H
#define CCGUEST_PCI_EVIDENCE_H

#include <ccguest/ctx.h>
#include <ccguest/device.h>

void ccg_slot_clear(struct ccg_slot *slot);
int ccg_slot_fill(struct ccg_ctx *ctx, struct ccg_slot *slot, uint8_t *der,
		  size_t size);
void ccg_evidence_clear(struct ccg_evidence *e);
int ccg_pin_get(struct ccg_ctx *ctx, const struct ccg_device *dev,
		struct ccg_pin *pin);
void ccg_pin_clear(struct ccg_pin *pin);

#endif /* CCGUEST_PCI_EVIDENCE_H */
