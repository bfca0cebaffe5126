/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Private to libccguest: the modules of this project.
 */
#ifndef CCGUEST_KMOD_MODULES_H
#define CCGUEST_KMOD_MODULES_H

#include <ccguest/ctx.h>
#include <ccguest/module.h>

/* Installed modules, in one directory per kernel release. */
#define CCG_MODULES_DIR	"/lib/modules"

/**
 * struct ccg_module_facts - constant facts about a module of ccguest
 * @name: name of the module
 * @purpose: purpose of the module, a phrase
 * @page: Documentation page that explains the module's messages
 * @dir: a directory that exists while the module works, or NULL
 * @success: a part of the message that reports success, or NULL
 * @needs_efi: the module needs a machine that was booted through EFI
 * @needs_doe: the module builds only for a kernel that exports pci_doe()
 */
struct ccg_module_facts {
	const char *name;
	const char *purpose;
	const char *page;
	const char *dir;
	const char *success;
	bool needs_efi;
	bool needs_doe;
};

const struct ccg_module_facts *ccg_module_facts_at(size_t i);
int ccg_module_find(struct ccg_ctx *ctx, size_t i, struct ccg_module *mod);

#endif /* CCGUEST_KMOD_MODULES_H */
