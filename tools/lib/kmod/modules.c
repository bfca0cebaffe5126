// SPDX-License-Identifier: GPL-2.0-only
/*
 * The modules of this project: state, version and origin of each.
 */
#include <errno.h>
#include <fcntl.h>
#include <libkmod.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <ccguest/ctx.h>
#include <ccguest/module.h>

#include "core/ctx.h"
#include "core/io.h"
#include "kmod/kernel.h"
#include "kmod/modules.h"

/* MODULE_AUTHOR of all modules of this project. */
#define OUR_AUTHOR	"The ccguest developers"

static const struct ccg_module_facts facts[] = {
	{
		.name = "efi_secret",
		.purpose = "secrets of the guest's owner",
		.page = "Documentation/efi_secret.md",
		.dir = CCG_SECRETS_DIR,
		.success = "created ",
		.needs_efi = true,
	},
	{
		.name = "spdm",
		.purpose = "authentication of devices, protocol",
		.page = "Documentation/spdm.md",
		.needs_doe = true,
	},
	{
		.name = "pci_cma",
		.purpose = "authentication of PCI devices",
		.page = "Documentation/spdm.md",
		.needs_doe = true,
	},
	{
		.name = "cc_event_log",
		.purpose = "log of what was loaded before the kernel",
		.page = "Documentation/cc-event-log.md",
		.dir = CCG_LOG_DIR,
		.success = " events, ",
	},
};

/**
 * struct modules - libkmod and the modules of a kernel, kept in the context
 * @owned: the state's header
 * @kmod: context of libkmod; NULL if the root directory has no modules
 * @dir: directory of the modules, relative to the root directory
 * @fd: descriptor of @dir if a root directory is set; otherwise -1
 */
struct modules {
	struct ccg_owned owned;
	struct kmod_ctx *kmod;
	char *dir;
	int fd;
};

/* By default, libkmod logs to standard error. */
__printf(6, 0)
static void no_log(void *data, int priority, const char *file, int line,
		   const char *fn, const char *format, va_list args)
{
	(void)data;
	(void)priority;
	(void)file;
	(void)line;
	(void)fn;
	(void)format;
	(void)args;
}

static char *first_line(char *text)
{
	text[strcspn(text, "\n")] = '\0';
	return text;
}

/*
 * Checks that @path names the same file inside the root directory as for
 * libkmod, or no file at all.
 */
static bool same_inside(struct ccg_ctx *ctx, const struct modules *m,
			const char *name)
{
	struct stat in, out;
	char path[512];
	int fd, rc;

	if (fstatat(m->fd, name, &out, 0))
		return true;
	snprintf(path, sizeof(path), "%s/%s", m->dir, name);
	fd = ccg_open(ctx, path, O_PATH);
	if (fd < 0)
		return false;
	rc = fstat(fd, &in);
	close(fd);
	return !rc && S_ISREG(in.st_mode) && in.st_dev == out.st_dev &&
	       in.st_ino == out.st_ino;
}

/*
 * libkmod opens files by path, and would follow a link out of the root
 * directory. Therefore libkmod gets the directory as a descriptor, and no
 * directory if a link of an index leads out of the root directory.
 */
static int open_modules(struct ccg_ctx *ctx, struct modules *m)
{
	static const char *const indexes[] = {
		"modules.dep.bin", "modules.builtin.bin",
		"modules.builtin.modinfo", "modules.dep", "modules.builtin",
	};
	size_t i;

	m->fd = ccg_open(ctx, m->dir, O_PATH | O_DIRECTORY);
	if (m->fd < 0)
		return m->fd;
	for (i = 0; i < ARRAY_SIZE(indexes); i++) {
		if (same_inside(ctx, m, indexes[i]))
			continue;
		close(m->fd);
		m->fd = -1;
		return -EXDEV;
	}
	return 0;
}

static void free_modules(struct ccg_owned *owned)
{
	struct modules *m = (struct modules *)owned;

	if (m->kmod)
		kmod_unref(m->kmod);
	if (m->fd >= 0)
		close(m->fd);
	free(m->dir);
	free(m);
}

/* Leaves @m->kmod NULL if the root directory has no modules. */
static int open_kmod(struct ccg_ctx *ctx, struct modules *m)
{
	/* No configuration: aliases and blacklists are not needed. */
	static const char *const no_config[] = { NULL };
	char *release = NULL, self[32];
	int rc;

	rc = ccg_release(ctx, &release);
	if (rc)
		return rc;
	rc = asprintf(&m->dir, "%s/%s", CCG_MODULES_DIR, release);
	free(release);
	if (rc < 0) {
		m->dir = NULL;
		return ccg_fail_errno(ctx, -ENOMEM, "libkmod");
	}
	if (ctx->root) {
		if (open_modules(ctx, m))
			return 0;
		snprintf(self, sizeof(self), "/proc/self/fd/%d", m->fd);
	}
	m->kmod = kmod_new(ctx->root ? self : m->dir,
			   (const char *const *)no_config);
	if (!m->kmod)
		return ccg_fail_errno(ctx, -ENOMEM, "libkmod");
	kmod_set_log_fn(m->kmod, no_log, NULL);
	return 0;
}

static int get_modules(struct ccg_ctx *ctx, struct modules **mp)
{
	struct modules *m;
	int rc;

	*mp = (struct modules *)ccg_ctx_find(ctx, facts);
	if (*mp)
		return 0;
	m = calloc(1, sizeof(*m));
	if (!m)
		return ccg_fail_errno(ctx, -ENOMEM, "libkmod");
	m->owned.owner = facts;
	m->owned.free = free_modules;
	m->fd = -1;
	rc = open_kmod(ctx, m);
	if (rc) {
		free_modules(&m->owned);
		return rc;
	}
	ccg_ctx_keep(ctx, &m->owned);
	*mp = m;
	return 0;
}

size_t ccg_module_count(void)
{
	return ARRAY_SIZE(facts);
}

/**
 * ccg_module_facts_at - get the constant facts about a module
 * @i: number of the module, less than ccg_module_count()
 *
 * Return: the facts.
 */
const struct ccg_module_facts *ccg_module_facts_at(size_t i)
{
	return &facts[i];
}

/* Keeps the first value only. */
static int keep(char **to, const char *value)
{
	if (!*to)
		*to = strdup(value);
	return *to ? 0 : -ENOMEM;
}

/* Reads .modinfo of the installed file; missing entries stay NULL. */
static int read_modinfo(struct kmod_module *kmod, struct ccg_module *mod)
{
	struct kmod_list *list = NULL, *it;
	bool intree = false, ours = false;
	int rc = 0;

	if (kmod_module_get_info(kmod, &list) < 0)
		return 0;
	mod->is_signed = CCG_ABSENT;
	kmod_list_foreach(it, list) {
		const char *key = kmod_module_info_get_key(it);
		const char *value = kmod_module_info_get_value(it);

		if (rc)
			break;
		if (!strcmp(key, "intree"))
			intree = true;
		else if (!strcmp(key, "sig_id"))
			mod->is_signed = CCG_PRESENT;
		else if (!strcmp(key, "author"))
			ours = ours || !strcmp(value, OUR_AUTHOR);
		else if (!strcmp(key, "version"))
			rc = keep(&mod->file_version, value);
		else if (!strcmp(key, "srcversion"))
			rc = keep(&mod->file_srcversion, value);
		else if (!strcmp(key, "signer"))
			rc = keep(&mod->signer, value);
	}
	kmod_module_info_free_list(list);
	if (intree)
		mod->file_origin = CCG_ORIGIN_INTREE;
	else if (ours && mod->file_version)
		mod->file_origin = CCG_ORIGIN_OURS;
	else
		mod->file_origin = CCG_ORIGIN_OTHER;
	return rc;
}

/*
 * Reads a module's file whose name libkmod took from an index. The name may be
 * absolute or a link, so the file is opened inside the root directory.
 */
static int read_inside(struct ccg_ctx *ctx, const struct modules *m,
		       const char *found, struct ccg_module *mod)
{
	char self[32], *path;
	struct kmod_module *kmod;
	struct stat st;
	size_t len;
	int fd, rc;

	len = snprintf(self, sizeof(self), "/proc/self/fd/%d/", m->fd);
	if (strncmp(found, self, len))
		rc = asprintf(&path, "%s%s", ctx->root, found);
	else
		rc = asprintf(&path, "%s%s/%s", ctx->root, m->dir, found + len);
	if (rc < 0)
		return -ENOMEM;
	fd = ccg_open(ctx, path + strlen(ctx->root), O_PATH);
	if (fd == -ENOENT || fd == -ENOTDIR || fd == -ELOOP) {
		free(path);
		return 0;
	}
	mod->state = CCG_MODULE_PRESENT;
	mod->path = path;
	if (fd < 0)
		return 0;
	/* Opening a FIFO could block forever. */
	rc = 0;
	if (!fstat(fd, &st) && S_ISREG(st.st_mode)) {
		snprintf(self, sizeof(self), "/proc/self/fd/%d", fd);
		rc = kmod_module_new_from_path(m->kmod, self, &kmod);
		if (!rc) {
			rc = read_modinfo(kmod, mod);
			kmod_module_unref(kmod);
		} else if (rc != -ENOMEM) {
			rc = 0;
		}
	}
	close(fd);
	return rc;
}

static int find_file(struct ccg_ctx *ctx, struct ccg_module *mod)
{
	struct kmod_module *kmod;
	struct modules *m;
	const char *path;
	int rc;

	rc = get_modules(ctx, &m);
	if (rc || !m->kmod)
		return rc;
	rc = kmod_module_new_from_name(m->kmod, mod->name, &kmod);
	if (rc < 0)
		return ccg_fail_errno(ctx, rc, mod->name);
	path = kmod_module_get_path(kmod);
	if (path && ctx->root) {
		rc = read_inside(ctx, m, path, mod);
	} else if (path) {
		mod->state = CCG_MODULE_PRESENT;
		mod->path = strdup(path);
		rc = mod->path ? read_modinfo(kmod, mod) : -ENOMEM;
	} else if (kmod_module_get_initstate(kmod) == KMOD_MODULE_BUILTIN) {
		mod->state = CCG_MODULE_BUILTIN;
		mod->file_origin = CCG_ORIGIN_INTREE;
		rc = 0;
	}
	kmod_module_unref(kmod);
	if (rc)
		return ccg_fail_errno(ctx, rc, mod->name);
	return 0;
}

/*
 * Origin of a loaded out-of-tree module. The kernel shows neither the author
 * nor the file of a loaded module. If a module of ours is installed, the loaded
 * module counts as ours in any version. Otherwise the loaded module is the
 * installed module if both have the same srcversion.
 */
static enum ccg_module_origin origin_outside(struct ccg_ctx *ctx,
					     const struct ccg_module *mod)
{
	char path[128], *text;
	bool same;

	/* All modules of ours have a version. */
	if (!mod->version)
		return CCG_ORIGIN_OTHER;
	if (mod->file_origin == CCG_ORIGIN_OURS)
		return CCG_ORIGIN_OURS;
	snprintf(path, sizeof(path), "/sys/module/%s/srcversion", mod->name);
	if (!mod->file_srcversion || ccg_read_text(ctx, path, 64, &text))
		return CCG_ORIGIN_UNKNOWN;
	same = !strcmp(first_line(text), mod->file_srcversion);
	free(text);
	return same ? mod->file_origin : CCG_ORIGIN_UNKNOWN;
}

/* Reads /sys/module of the loaded module. */
static int find_loaded(struct ccg_ctx *ctx, struct ccg_module *mod)
{
	char path[128], *text;

	/* A built-in module may have a directory, but never has this file. */
	snprintf(path, sizeof(path), "/sys/module/%s/initstate", mod->name);
	if (ccg_exists(ctx, path) <= 0)
		return 0;

	mod->state = CCG_MODULE_LOADED;
	mod->origin = CCG_ORIGIN_UNKNOWN;
	free(mod->version);
	mod->version = NULL;
	snprintf(path, sizeof(path), "/sys/module/%s/version", mod->name);
	if (!ccg_read_text(ctx, path, 128, &text))
		mod->version = first_line(text);
	snprintf(path, sizeof(path), "/sys/module/%s/taint", mod->name);
	if (!ccg_read_text(ctx, path, 64, &text)) {
		/* "O": the kernel's taint flag of out-of-tree modules. */
		mod->origin = strchr(text, 'O') ? origin_outside(ctx, mod) :
						  CCG_ORIGIN_INTREE;
		free(text);
	}
	return 0;
}

/**
 * ccg_module_find - describe a module of ccguest, without advice
 * @ctx: the context
 * @i: number of the module, less than ccg_module_count()
 * @mod: set to the description; clear it with ccg_module_clear()
 *
 * Return: 0 or a negative errno.
 */
int ccg_module_find(struct ccg_ctx *ctx, size_t i, struct ccg_module *mod)
{
	int rc;

	*mod = (struct ccg_module) {
		.name = facts[i].name,
		.purpose = facts[i].purpose,
		.is_signed = CCG_UNKNOWN,
	};
	rc = find_file(ctx, mod);
	if (!rc && mod->file_version) {
		mod->version = strdup(mod->file_version);
		if (!mod->version)
			rc = ccg_fail_errno(ctx, -ENOMEM, mod->name);
	}
	mod->origin = mod->file_origin;
	if (!rc)
		rc = find_loaded(ctx, mod);
	if (rc)
		ccg_module_clear(mod);
	return rc;
}

void ccg_module_clear(struct ccg_module *mod)
{
	free(mod->version);
	free(mod->path);
	free(mod->file_version);
	free(mod->file_srcversion);
	free(mod->signer);
	memset(mod, 0, sizeof(*mod));
}

int ccg_module_parameter(struct ccg_ctx *ctx, const char *module,
			 const char *name, char **valuep)
{
	char path[256];
	int rc;

	snprintf(path, sizeof(path), "/sys/module/%s/parameters/%s", module,
		 name);
	rc = ccg_read_text(ctx, path, 128, valuep);
	if (!rc)
		first_line(*valuep);
	return rc;
}
