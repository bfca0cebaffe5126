/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * libccguest: the kernel modules of ccguest, and why a module does not work.
 */
#ifndef LIBCCGUEST_MODULE_H
#define LIBCCGUEST_MODULE_H

#include <ccguest/ctx.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Where the module efi_secret shows the secrets of this machine. */
#define CCG_SECRETS_DIR	"/sys/kernel/security/secrets/coco"
/* Where the module cc_event_log shows logs, by number. */
#define CCG_LOG_DIR	"/sys/kernel/security/cc_event_log"

/**
 * enum ccg_tristate - whether something exists
 * @CCG_ABSENT: it does not exist
 * @CCG_PRESENT: it exists
 * @CCG_UNKNOWN: libccguest cannot find out
 */
enum ccg_tristate {
	CCG_ABSENT,
	CCG_PRESENT,
	CCG_UNKNOWN,
};

/**
 * enum ccg_module_state - where a module is
 * @CCG_MODULE_MISSING: not installed for this kernel
 * @CCG_MODULE_PRESENT: installed for this kernel, not loaded
 * @CCG_MODULE_LOADED: loaded
 * @CCG_MODULE_BUILTIN: part of the kernel image
 */
enum ccg_module_state {
	CCG_MODULE_MISSING,
	CCG_MODULE_PRESENT,
	CCG_MODULE_LOADED,
	CCG_MODULE_BUILTIN,
};

/**
 * enum ccg_module_origin - who built a module
 * @CCG_ORIGIN_UNKNOWN: libccguest cannot find out
 * @CCG_ORIGIN_OURS: it is a module of ccguest
 * @CCG_ORIGIN_INTREE: it was built with the kernel
 * @CCG_ORIGIN_OTHER: somebody else built it outside the kernel tree
 */
enum ccg_module_origin {
	CCG_ORIGIN_UNKNOWN,
	CCG_ORIGIN_OURS,
	CCG_ORIGIN_INTREE,
	CCG_ORIGIN_OTHER,
};

/**
 * struct ccg_advice - why a module does not work, and what to do
 * @obstacle: the obstacle, a stable word for programs; NULL if there is none
 * @why: the obstacle, a phrase; empty if there is none
 * @command: the command to type; empty if no command helps
 * @purpose: what the command is for
 * @hint: @command and additional advice, as the command ccguest prints a hint;
 *	  can be empty
 */
struct ccg_advice {
	const char *obstacle;
	char why[512];
	char command[128];
	char purpose[1024];
	char hint[512];
};

/**
 * struct ccg_module - one kernel module
 * @name: its name
 * @purpose: purpose of the module, a phrase
 * @state: where it is
 * @origin: who built the loaded module, or else the installed one
 * @version: version of the loaded module, or else of the installed one; NULL if
 *	     it has none
 * @path: the installed file that modprobe would load, or NULL; with a root
 *	  directory, the path of the root directory is in front
 * @file_origin: who built that file
 * @file_version: version of that file, or NULL
 * @file_srcversion: checksum of the source that the file was built from, or NULL
 * @is_signed: whether that file is signed
 * @signer: name in the signature; NULL if there is none
 * @advice: why the module does not work, and what to do
 */
struct ccg_module {
	const char *name;
	const char *purpose;
	enum ccg_module_state state;
	enum ccg_module_origin origin;
	char *version;
	char *path;
	enum ccg_module_origin file_origin;
	char *file_version;
	char *file_srcversion;
	enum ccg_tristate is_signed;
	char *signer;
	struct ccg_advice advice;
};

/**
 * ccg_module_count - get the number of modules that ccg_module_get() knows
 *
 * Return: the number.
 */
size_t ccg_module_count(void);

/**
 * ccg_module_get - describe a module of ccguest
 * @ctx: the context
 * @i: number of the module, less than ccg_module_count()
 * @mod: set to the description; clear it with ccg_module_clear()
 *
 * Return: 0; -EINVAL if /proc of the root directory does not name a kernel
 * release; or another negative errno.
 */
int ccg_module_get(struct ccg_ctx *ctx, size_t i, struct ccg_module *mod);

/**
 * ccg_module_clear - free the members of a module
 * @mod: the module from ccg_module_get(); set to zeros
 */
void ccg_module_clear(struct ccg_module *mod);

/**
 * ccg_module_parameter - read a parameter of a loaded module
 * @ctx: the context
 * @module: name of the module
 * @name: name of the parameter
 * @valuep: set to the value; free it with free()
 *
 * Return: 0 or a negative errno. The reason is not noted in the context.
 */
int ccg_module_parameter(struct ccg_ctx *ctx, const char *module,
			 const char *name, char **valuep);

/**
 * ccg_module_advice - find out why a module does not work
 * @ctx: the context
 * @name: name of a module of ccguest
 * @a: set to the obstacle and to what to do
 *
 * If the module cannot be looked up, @a is set to the advice for a module that
 * is not loaded.
 */
void ccg_module_advice(struct ccg_ctx *ctx, const char *name,
		       struct ccg_advice *a);

#ifdef __cplusplus
}
#endif

#endif /* LIBCCGUEST_MODULE_H */
