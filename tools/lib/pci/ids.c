// SPDX-License-Identifier: GPL-2.0-only
/*
 * Names of PCI devices; libpci looks them up in pci.ids. This code has its own
 * file because libpci's headers and lib/env.h define the same types.
 */
#include <pci/pci.h>
#include <setjmp.h>
#include <stdlib.h>
#include <string.h>

#include <ccguest/ctx.h>

#include "core/ctx.h"
#include "pci/device.h"

/* libpci's error callback must not return, so it jumps here. */
static __thread jmp_buf give_up;

/* The address identifies this file's state in a context. */
static const char owner[] = "pci.ids";

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

/**
 * struct ids - libpci and its copy of pci.ids; kept in the context
 * @owned: the state's header
 * @pci: context of libpci
 * @bad: pci.ids is malformed
 */
struct ids {
	struct ccg_owned owned;
	struct pci_access *pci;
	bool bad;
};

static void free_ids(struct ccg_owned *owned)
{
	struct ids *ids = (struct ids *)owned;

	if (ids->pci)
		pci_cleanup(ids->pci);
	free(ids);
}

static struct ids *get_ids(struct ccg_ctx *ctx)
{
	struct ids *ids = (struct ids *)ccg_ctx_find(ctx, owner);

	if (ids)
		return ids;
	ids = calloc(1, sizeof(*ids));
	if (!ids)
		return NULL;
	ids->owned.owner = owner;
	ids->owned.free = free_ids;
	ccg_ctx_keep(ctx, &ids->owned);
	return ids;
}

static void make_access(struct ids *ids)
{
	ids->pci = pci_alloc();
	ids->pci->error = on_error;
	ids->pci->warning = no_message;
	ids->pci->debug = no_message;
	/* Use pci.ids only: no DNS queries, no cache of DNS, no hwdb. */
	ids->pci->id_lookup_mode = PCI_LOOKUP_NO_HWDB;
}

static char *look_up(struct ids *ids, int flags, int a, int b)
{
	char buf[256], *found;

	if (setjmp(give_up)) {
		ids->bad = true;
		return NULL;
	}
	if (!ids->pci)
		make_access(ids);
	found = pci_lookup_name(ids->pci, buf, sizeof(buf),
				flags | PCI_LOOKUP_NO_NUMBERS, a, b);
	return found ? strdup(found) : NULL;
}

/* Returns NULL if there is no such name. */
static char *ask(struct ccg_ctx *ctx, int flags, int a, int b)
{
	struct ids *ids = get_ids(ctx);

	return ids && !ids->bad ? look_up(ids, flags, a, b) : NULL;
}

/**
 * ccg_pci_name - look up the names of vendor and device
 * @ctx: the context
 * @vendor: Vendor ID
 * @device: Device ID
 *
 * Return: both names, or the vendor's name alone; NULL if the vendor is
 * unknown. Free the result with free().
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
 * Return: the name; NULL if the class is unknown. Free it with free().
 */
char *ccg_pci_class_name(struct ccg_ctx *ctx, uint16_t class)
{
	return ask(ctx, PCI_LOOKUP_CLASS, class, 0);
}
