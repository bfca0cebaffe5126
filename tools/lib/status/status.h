/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Private to this room: facts that determine the next steps.
 */
#ifndef CCGUEST_STATUS_STATUS_H
#define CCGUEST_STATUS_STATUS_H

#include <ccguest/ctx.h>
#include <ccguest/device.h>
#include <ccguest/status.h>

/**
 * struct ccg_seen - facts that determine the next steps
 * @secrets: the machine shows secrets
 * @n_secrets: number of secrets
 * @cma_keyring: the keyring .cma exists
 * @cma_empty: the keyring .cma is empty
 * @policy_open: the keyring .cma does not have the policy of this machine
 * @n_refused: number of PCI devices that are not authenticated, or unknown
 * @n_judged: number of these devices that failed for another reason than a
 *	      missing certificate
 * @judged: address of the first device of @n_judged
 * @judgement: reason why that device is not authenticated
 */
struct ccg_seen {
	bool secrets;
	size_t n_secrets;
	bool cma_keyring;
	bool cma_empty;
	bool policy_open;
	size_t n_refused;
	size_t n_judged;
	char judged[CCG_BDF_TEXT];
	char judgement[512];
};

int ccg_add_steps(struct ccg_ctx *ctx, struct ccg_status *st,
		  const struct ccg_seen *seen);

#endif /* CCGUEST_STATUS_STATUS_H */
