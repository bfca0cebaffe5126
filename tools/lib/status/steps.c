// SPDX-License-Identifier: GPL-2.0-only
/*
 * Next steps on a machine, derived from the findings.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <ccguest/ctx.h>
#include <ccguest/device.h>
#include <ccguest/module.h>
#include <ccguest/status.h>

#include "core/ctx.h"
#include "kmod/kernel.h"
#include "status/status.h"

/* Adds a step once, even if several modules need it. */
static int add_step(struct ccg_ctx *ctx, struct ccg_status *st,
		    const char *command, const char *why)
{
	struct ccg_step *bigger, *step;
	size_t i;

	for (i = 0; i < st->n_steps; i++)
		if (!strcmp(st->steps[i].command, command))
			return 0;
	bigger = realloc(st->steps, (st->n_steps + 1) * sizeof(*bigger));
	if (!bigger)
		return ccg_fail_errno(ctx, -ENOMEM, "status");
	st->steps = bigger;
	step = &bigger[st->n_steps];
	step->command = strdup(command);
	step->why = strdup(why);
	if (!step->command || !step->why) {
		free(step->command);
		free(step->why);
		return ccg_fail_errno(ctx, -ENOMEM, "status");
	}
	st->n_steps++;
	return 0;
}

/* The installed module is newer than the loaded module. */
static bool is_outdated(const struct ccg_module *mod)
{
	return mod->state == CCG_MODULE_LOADED &&
	       mod->origin == CCG_ORIGIN_OURS &&
	       mod->file_origin == CCG_ORIGIN_OURS &&
	       mod->version && mod->file_version &&
	       strcmp(mod->version, mod->file_version);
}

static int add_module_step(struct ccg_ctx *ctx, struct ccg_status *st,
			   const struct ccg_module *mod, bool wanted)
{
	char command[128];

	if (is_outdated(mod)) {
		snprintf(command, sizeof(command),
			 "modprobe -r %s && modprobe %s", mod->name, mod->name);
		return add_step(ctx, st, command,
				"the installed version differs from the loaded version");
	}
	if (!wanted || !*mod->advice.command)
		return 0;
	return add_step(ctx, st, mod->advice.command, mod->advice.purpose);
}

static int add_judged_step(struct ccg_ctx *ctx, struct ccg_status *st,
			   const struct ccg_seen *seen)
{
	char command[128], why[768];

	if (!seen->n_judged)
		return 0;
	snprintf(command, sizeof(command), "ccguest device authenticate %s -v",
		 seen->judged);
	snprintf(why, sizeof(why), "%s; %s", seen->judgement,
		 CCG_SPDM_MESSAGES);
	return add_step(ctx, st, command, why);
}

/* A device without a trusted certificate needs one; others have a reason. */
static int add_device_steps(struct ccg_ctx *ctx, struct ccg_status *st,
			    const struct ccg_seen *seen)
{
	int rc;

	rc = add_judged_step(ctx, st, seen);
	if (rc || seen->n_refused == seen->n_judged || !seen->cma_keyring)
		return rc;
	if (seen->cma_empty)
		return add_step(ctx, st, "ccguest keyring add FILE",
				"the certificate of a CA, against which PCI devices are authenticated");
	return add_step(ctx, st, "ccguest device authenticate --all -v",
			"authenticates PCI devices, and prints the reason of each failure");
}

/**
 * ccg_add_steps - add the next steps to the findings
 * @ctx: the context
 * @st: the findings
 * @seen: more facts
 *
 * Return: 0 or -ENOMEM.
 */
int ccg_add_steps(struct ccg_ctx *ctx, struct ccg_status *st,
		  const struct ccg_seen *seen)
{
	size_t i;
	int rc;

	if (!st->securityfs) {
		rc = add_step(ctx, st, CCG_MOUNT_SECURITYFS,
			      "the modules show their files there");
		if (rc)
			return rc;
	}
	for (i = 0; i < st->n_modules; i++) {
		const struct ccg_module *mod = &st->modules[i];
		/*
		 * A machine without EFI has no secret area. The other modules
		 * are suggested only if they are installed, because the
		 * hardware that they need is not known before they are loaded.
		 */
		bool wanted = mod->state != CCG_MODULE_MISSING;

		if (!strcmp(mod->name, "efi_secret"))
			wanted = !seen->secrets;
		else if (!strcmp(mod->name, "spdm"))
			wanted = false; /* pci_cma loads spdm */

		rc = add_module_step(ctx, st, mod, wanted);
		if (rc)
			return rc;
	}
	if (seen->n_secrets) {
		rc = add_step(ctx, st, "ccguest secret list",
			      "lists the secrets");
		if (rc)
			return rc;
	}
	if (seen->policy_open) {
		rc = add_step(ctx, st, "ccguest keyring load",
			      "gives the kernel the policy for devices");
		if (rc)
			return rc;
	}
	return add_device_steps(ctx, st, seen);
}
