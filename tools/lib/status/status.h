/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Private to this room: what the next steps depend on.
 */
#ifndef CCGUEST_STATUS_STATUS_H
#define CCGUEST_STATUS_STATUS_H

#include <ccguest/ctx.h>
#include <ccguest/device.h>
#include <ccguest/status.h>

/**
 * struct ccg_seen - what the next steps depend on
 * @secrets: the machine shows secrets
 * @n_secrets: number of secrets
 * @cma_keyring: there is a keyring .cma
 * @cma_empty: the keyring .cma is empty
 * @n_refused: number of PCI devices that are not authenticated, or perhaps not
 * @n_judged: number of those that more certificates would not help
 * @judged: address of one of @n_judged
 * @judgement: why that device is not authenticated
 */
struct ccg_seen {
	bool secrets;
	size_t n_secrets;
	bool cma_keyring;
	bool cma_empty;
	size_t n_refused;
	size_t n_judged;
	char judged[CCG_BDF_TEXT];
	char judgement[512];
};

int ccg_add_steps(struct ccg_ctx *ctx, struct ccg_status *st,
		  const struct ccg_seen *seen);

#endif /* CCGUEST_STATUS_STATUS_H */
