// SPDX-License-Identifier: GPL-2.0-only
/*
 * Names of PCI devices, which libpci looks up in pci.ids. In a file of its own,
 * because libpci's headers and those of lib/ define the same types.
 */
#include <pci/pci.h>
#include <setjmp.h>
#include <stdlib.h>
#include <string.h>

#include "internal.h"

/* libpci asks its caller not to come back from an error. */
static __thread jmp_buf give_up;

__attribute((noreturn))
static void on_error(char *msg, ...)
{
	(void)msg;
	longjmp(give_up, 1);
}

static void no_message(char *msg, ...)
{
	(void)msg;
}

static void make_access(struct ccg_ctx *ctx)
{
	ctx->pci = pci_alloc();
	ctx->pci->error = on_error;
	ctx->pci->warning = no_message;
	ctx->pci->debug = no_message;
	/* Neither the network nor what it once said, but pci.ids. */
	ctx->pci->id_lookup_mode = PCI_LOOKUP_NO_HWDB;
}

/* NULL where there is no such name. */
static char *ask(struct ccg_ctx *ctx, int flags, int a, int b)
{
	char buf[256], *found;

	if (ctx->no_pci_names)
		return NULL;
	if (setjmp(give_up)) {
		ctx->no_pci_names = true;
		return NULL;
	}
	if (!ctx->pci)
		make_access(ctx);
	found = pci_lookup_name(ctx->pci, buf, sizeof(buf),
				flags | PCI_LOOKUP_NO_NUMBERS, a, b);
	return found ? strdup(found) : NULL;
}

/**
 * ccg_pci_free - free libpci's context
 * @ctx: the context
 */
void ccg_pci_free(struct ccg_ctx *ctx)
{
	if (ctx->pci)
		pci_cleanup(ctx->pci);
	ctx->pci = NULL;
}

/**
 * ccg_pci_name - look up the name of a device
 * @ctx: the context
 * @vendor: Vendor ID
 * @device: Device ID
 *
 * Return: the names of vendor and device, or of the vendor alone; NULL where
 * neither is known. Free it with free().
 */
char *ccg_pci_name(struct ccg_ctx *ctx, uint16_t vendor, uint16_t device)
{
	char *name = ask(ctx, PCI_LOOKUP_VENDOR | PCI_LOOKUP_DEVICE, vendor,
			 device);

	return name ? name : ask(ctx, PCI_LOOKUP_VENDOR, vendor, 0);
}

/**
 * ccg_pci_class_name - look up the name of a class
 * @ctx: the context
 * @class: base class and subclass
 *
 * Return: the name, NULL where it is not known; free it with free().
 */
char *ccg_pci_class_name(struct ccg_ctx *ctx, uint16_t class)
{
	return ask(ctx, PCI_LOOKUP_CLASS, class, 0);
}
