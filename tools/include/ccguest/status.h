/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * libccguest: the state of this machine, and what to do next.
 */
#ifndef LIBCCGUEST_STATUS_H
#define LIBCCGUEST_STATUS_H

#include <ccguest/ctx.h>
#include <ccguest/module.h>

#ifdef __cplusplus
extern "C" {
#endif

/**
 * struct ccg_facility - a feature that a confidential guest can have
 * @name: a short, stable name
 * @state: whether the machine has it
 * @detail: the evidence, a phrase
 */
struct ccg_facility {
	const char *name;
	enum ccg_tristate state;
	char *detail;
};

/**
 * struct ccg_step - a suggested next step
 * @command: the command to type
 * @why: what the command is for
 */
struct ccg_step {
	char *command;
	char *why;
};

/**
 * struct ccg_status - the state of this machine
 * @release: release of the kernel
 * @arch: architecture, as from uname -m
 * @efi: the kernel was started through EFI
 * @securityfs: securityfs is mounted at /sys/kernel/security
 * @lockdown: "none", "integrity", "confidentiality" or "unknown"
 * @signatures: the kernel accepts only signed modules
 * @n_modules: number of @modules
 * @modules: the modules of ccguest
 * @n_facilities: number of @facilities
 * @facilities: the features
 * @n_steps: number of @steps
 * @steps: the suggested next steps
 */
struct ccg_status {
	char *release;
	char *arch;
	bool efi;
	bool securityfs;
	const char *lockdown;
	enum ccg_tristate signatures;
	size_t n_modules;
	struct ccg_module *modules;
	size_t n_facilities;
	struct ccg_facility *facilities;
	size_t n_steps;
	struct ccg_step *steps;
};

/**
 * ccg_status_get - find out the state of this machine
 * @ctx: the context
 * @statusp: set to the state; free it with ccg_status_free()
 *
 * Facts that cannot be found out are reported as unknown. They are not errors.
 *
 * Return: 0; -EINVAL if /proc of the root directory does not name a kernel
 * release; or another negative errno.
 */
int ccg_status_get(struct ccg_ctx *ctx, struct ccg_status **statusp);

/**
 * ccg_status_free - free the state of a machine
 * @status: the state, or NULL
 */
void ccg_status_free(struct ccg_status *status);

#ifdef __cplusplus
}
#endif

#endif /* LIBCCGUEST_STATUS_H */
