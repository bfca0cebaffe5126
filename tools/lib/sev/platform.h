/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Private to libccguest: the commands of the firmware of SEV.
 */
#ifndef CCGUEST_SEV_PLATFORM_H
#define CCGUEST_SEV_PLATFORM_H

#include <ccguest/platform.h>

/**
 * typedef sev_issue_fn - give a command to the firmware
 * @p: the firmware
 * @cmd: a command of <linux/psp-sev.h>
 * @data: parameters of the command, or NULL
 * @fw_error: set to the error of the firmware
 *
 * Return: 0 or a negative errno.
 */
typedef int sev_issue_fn(struct ccg_platform *p, uint32_t cmd, void *data,
			 uint32_t *fw_error);

/**
 * struct ccg_platform - the firmware of SEV
 * @ctx: the context
 * @issue: gives a command to the firmware
 * @fd: descriptor of the device, or -1
 */
struct ccg_platform {
	struct ccg_ctx *ctx;
	sev_issue_fn *issue;
	int fd;
};

#define SEV_DEVICE	"/dev/sev"

#endif /* CCGUEST_SEV_PLATFORM_H */
