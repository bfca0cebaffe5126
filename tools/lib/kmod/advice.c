// SPDX-License-Identifier: GPL-2.0-only
/*
 * Obstacles that keep a module from working, and advice for each.
 *
 * Each obstacle is derived from a fact that the machine shows. A user who
 * follows the advice sees another obstacle or none the next time.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <ccguest/ctx.h>
#include <ccguest/module.h>

#include "core/ctx.h"
#include "core/io.h"
#include "kmod/advice.h"
#include "kmod/kernel.h"
#include "kmod/modules.h"

#define DKMS_SOURCE	"/var/lib/dkms/ccguest"
#define DKMS_KEY	"/var/lib/dkms/mok.pub"
/* Written by mokutil --import; shim asks about it at the next boot. */
#define KEY_REQUEST	"/sys/firmware/efi/efivars/" \
			"MokNew-605dab50-e046-4300-abb6-3dd810dd8b23"
#define OPENSSL		"/usr/bin/openssl"

/* Phrases that several texts share. */
#define CANNOT_LOAD	"module @ cannot be loaded: %"
#define IS_NOT_LOADED	"module @ is not loaded"
#define OWN_IS_SILENT	"the kernel's own module @ is loaded, but shows nothing"
#define DKMS_INSTALL	"make dkms-install"
#define IN_SOURCE_TREE	"in ccguest's source tree"
/* dkms on Ubuntu signs modules with this key, if it exists. */
#define UBUNTU_KEY	"/var/lib/shim-signed/mok/MOK.der"
#define IMPORT_KEY	"mokutil --import "
#define ENROL_KEY	"enrol the key that dkms signs with"
#define THEN_REBOOT	"then reboot, and confirm the key in the menu that shim shows; see " \
			SECURE_BOOT
#define SECURE_BOOT	"Documentation/secure-boot.md"

enum obstacle {
	READY,
	NO_EFI,
	NOT_MOUNTED,
	SILENT,
	SILENT_BUILTIN,
	SILENT_INTREE,
	SILENT_BEFORE_OURS,
	NO_DOE,
	NOT_INDEXED,
	NO_HEADERS,
	NOT_BUILT,
	MISSING,
	DISABLED,
	REFUSED,
	NOT_SIGNED,
	NO_OPENSSL,
	NO_KEY,
	NO_KEY_OF_DKMS,
	NO_KEY_OF_UBUNTU,
	KEY_REQUESTED,
	NO_KEY_NO_EFI,
	KEY_UNSURE,
	LOG_UNREADABLE,
	NOT_LOADED,
};

/*
 * In all texts, "@" is the name of the module, "%" the observed fact, and "#"
 * the page that explains the module's messages.
 */
static const struct {
	const char *obstacle;	/* identifier for programs; stable */
	const char *why;
	const char *command;
	const char *more;	/* additional text */
} texts[] = {
	[READY] = {},
	[NO_EFI] = {
		.obstacle = "no-efi",
		.why = "this machine was not booted through EFI, so it has no secret area",
		.more =
			"start the guest with UEFI firmware that has a secret area, as Debian's ovmf-amdsev",
	},
	[NOT_MOUNTED] = {
		.obstacle = "not-mounted",
		.why = "securityfs is not mounted",
		.command = CCG_MOUNT_SECURITYFS,
	},
	[SILENT] = {
		.obstacle = "silent",
		.why = "module @ is loaded, but shows nothing",
		.command = "dmesg | grep @",
	},
	[SILENT_BUILTIN] = {
		.obstacle = "silent",
		.why = "module @ is part of the kernel, but shows nothing",
		.command = "dmesg | grep @",
		.more = "if dmesg has no message either, the kernel has found nothing to show",
	},
	[SILENT_INTREE] = {
		.obstacle = "silent",
		.why = OWN_IS_SILENT,
		.command = DKMS_INSTALL,
		.more = IN_SOURCE_TREE ": installs the module @ that logs the reason",
	},
	[SILENT_BEFORE_OURS] = {
		.obstacle = "silent",
		.why = OWN_IS_SILENT,
		.command = "modprobe -r @ && modprobe @",
		.more = "loads ccguest's module @, which logs the reason",
	},
	[NO_DOE] = {
		.obstacle = "unsupported",
		.why = "module @ cannot be built for this kernel, which exports no pci_doe()",
		.more =
			"boot Linux 6.4 or newer, built with CONFIG_PCI_DOE; Debian 12 has one in bookworm-backports",
	},
	[NOT_INDEXED] = {
		.obstacle = "not-indexed",
		.why = "module @ is installed for this kernel, but modprobe does not know it",
		.command = "depmod",
	},
	[NO_HEADERS] = {
		.obstacle = "no-headers",
		.why = "module @ is not installed for this kernel, nor are the kernel's headers",
		.command = "apt install linux-headers-$(uname -r)",
		.more = "then " DKMS_INSTALL " " IN_SOURCE_TREE "; "
			"other distributions name the package kernel-devel-$(uname -r) or similar",
	},
	[NOT_BUILT] = {
		.obstacle = "not-built",
		.why = "module @ is not installed for this kernel, though dkms has its source",
		.command = "dkms autoinstall",
		.more = "builds the module, or names the log that has the reason",
	},
	[MISSING] = {
		.obstacle = "missing",
		.why = "module @ is not installed for this kernel",
		.command = DKMS_INSTALL,
		.more = IN_SOURCE_TREE,
	},
	[DISABLED] = {
		.obstacle = "disabled",
		.why = "module @ cannot be loaded: kernel.modules_disabled is set",
		.command = "reboot",
		.more = "nothing else resets kernel.modules_disabled; load @ before it is set",
	},
	[REFUSED] = {
		.obstacle = "refused",
		.why = "module @ was refused: %",
		.command = "dmesg | grep @",
		.more = "# tells what to do",
	},
	[NOT_SIGNED] = {
		.obstacle = "not-signed",
		.why = CANNOT_LOAD,
		.command = DKMS_INSTALL,
		.more = IN_SOURCE_TREE ", builds the modules anew and signs them; "
			"then " ENROL_KEY ", see " SECURE_BOOT,
	},
	[NO_OPENSSL] = {
		.obstacle = "not-signed",
		.why = CANNOT_LOAD,
		.command = "apt install openssl",
		.more = "dkms signs with it; then " DKMS_INSTALL " "
			IN_SOURCE_TREE ", and " ENROL_KEY ", see " SECURE_BOOT,
	},
	[NO_KEY] = {
		.obstacle = "no-key",
		.why = CANNOT_LOAD,
		.command = DKMS_INSTALL,
		.more = IN_SOURCE_TREE ", signs the modules with a key of this machine; "
			"then " ENROL_KEY ", see " SECURE_BOOT,
	},
	[NO_KEY_OF_DKMS] = {
		.obstacle = "no-key",
		.why = CANNOT_LOAD,
		.command = IMPORT_KEY DKMS_KEY,
		.more = THEN_REBOOT,
	},
	[NO_KEY_OF_UBUNTU] = {
		.obstacle = "no-key",
		.why = CANNOT_LOAD,
		.command = IMPORT_KEY UBUNTU_KEY,
		.more = THEN_REBOOT,
	},
	[KEY_REQUESTED] = {
		.obstacle = "key-requested",
		.why = CANNOT_LOAD,
		.command = "reboot",
		.more =
			"shim shows a menu: enrol the key there, with the password that mokutil was given; without a menu, the machine does not boot through shim, see "
			SECURE_BOOT,
	},
	[NO_KEY_NO_EFI] = {
		.obstacle = "no-key",
		.why = CANNOT_LOAD,
		.command = "reboot",
		.more =
			"without lockdown= and module.sig_enforce on the kernel's command line: this machine has no EFI, hence no way to enrol a key",
	},
	[KEY_UNSURE] = {
		.obstacle = "not-loaded",
		.why = IS_NOT_LOADED,
		.command = "modprobe @",
		.more = "if its key is refused, enrol the key, see " SECURE_BOOT,
	},
	[LOG_UNREADABLE] = {
		.obstacle = "not-loaded",
		.why = IS_NOT_LOADED,
		.command = "modprobe @",
		.more = "if modprobe fails, dmesg | grep @ shows the reason; run both as root",
	},
	[NOT_LOADED] = {
		.obstacle = "not-loaded",
		.why = IS_NOT_LOADED,
		.command = "modprobe @",
	},
};

/* Copies a text, and replaces the marks. */
static void fill(char *to, size_t size, const char *text,
		 const struct ccg_module_facts *facts, const char *found)
{
	size_t len = 0;

	to[0] = '\0';
	for (; text && *text && len < size; text++) {
		switch (*text) {
		case '@':
			len += snprintf(to + len, size - len, "%s",
					facts->name);
			break;
		case '%':
			len += snprintf(to + len, size - len, "%s", found);
			break;
		case '#':
			len += snprintf(to + len, size - len, "%s",
					facts->page);
			break;
		default:
			len += snprintf(to + len, size - len, "%c", *text);
		}
	}
}

/* ---- modules that are installed and not loaded ---- */

/* The kernel accepts only modules signed with one of its keys. */
static enum obstacle signature_obstacle(struct ccg_ctx *ctx,
					const struct ccg_module *mod,
					char *found, size_t size)
{
	size_t len = strlen(found);
	bool efi = ccg_exists(ctx, "/sys/firmware/efi") > 0;

	if (mod->is_signed == CCG_UNKNOWN)
		return KEY_UNSURE;
	if (mod->is_signed == CCG_ABSENT) {
		snprintf(found + len, size - len, ", and this module is not signed");
		if (!efi)
			return NO_KEY_NO_EFI;
		return ccg_exists(ctx, OPENSSL) > 0 ? NOT_SIGNED : NO_OPENSSL;
	}
	if (ccg_kernel_has_key(ctx, mod->signer) != CCG_ABSENT)
		return KEY_UNSURE;
	snprintf(found + len, size - len, ", and the kernel has no key of \"%s\"",
		 mod->signer);
	if (!efi)
		return NO_KEY_NO_EFI;
	if (ccg_exists(ctx, KEY_REQUEST) > 0)
		return KEY_REQUESTED;
	if (ccg_exists(ctx, UBUNTU_KEY) > 0)
		return NO_KEY_OF_UBUNTU;
	return ccg_exists(ctx, DKMS_KEY) > 0 ? NO_KEY_OF_DKMS : NO_KEY;
}

/* Whether the last message about the module reports a refusal. */
static enum ccg_tristate was_refused(struct ccg_ctx *ctx,
				     const struct ccg_module_facts *facts,
				     char *said, size_t size)
{
	if (ccg_kernel_log(ctx, facts->name, said, size) && !*said)
		return CCG_UNKNOWN;
	if (!*said || (facts->success && strstr(said, facts->success)))
		return CCG_ABSENT;
	return CCG_PRESENT;
}

static enum obstacle load_obstacle(struct ccg_ctx *ctx,
				   const struct ccg_module_facts *facts,
				   const struct ccg_module *mod,
				   char *found, size_t size)
{
	enum obstacle obstacle = NOT_LOADED;
	enum ccg_tristate refused;

	if (ccg_kernel_flag(ctx, "/proc/sys/kernel/modules_disabled"))
		return DISABLED;
	if (ccg_signatures(ctx, found, size) == CCG_PRESENT) {
		obstacle = signature_obstacle(ctx, mod, found, size);
		if (obstacle != KEY_UNSURE)
			return obstacle;
	}
	refused = was_refused(ctx, facts, found, size);
	if (refused == CCG_PRESENT)
		return REFUSED;
	if (refused == CCG_UNKNOWN && obstacle == NOT_LOADED)
		return LOG_UNREADABLE;
	return obstacle;
}

/* ---- modules that are not installed ---- */

/*
 * Folders in which dkms and "make install" put a module, for the case that
 * depmod did not run. Debian's and openSUSE's dkms and newer kernels use
 * updates; Fedora's dkms, akmods and kernels before 6.1 use extra.
 */
static bool is_unindexed(struct ccg_ctx *ctx, const char *release,
			 const struct ccg_module_facts *facts)
{
	static const char *const places[] = {
		"updates/dkms/@.ko", "updates/drivers/@/@.ko", "updates/@.ko",
		"extra/@.ko", "extra/drivers/@/@.ko", "extra/ccguest/@.ko",
		"weak-updates/@.ko", "weak-updates/ccguest/@.ko",
	};
	static const char *const packed[] = { "", ".gz", ".xz", ".zst" };
	char place[128], path[512];
	size_t i;

	for (i = 0; i < ARRAY_SIZE(places) * ARRAY_SIZE(packed); i++) {
		fill(place, sizeof(place), places[i / ARRAY_SIZE(packed)],
		     facts, "");
		snprintf(path, sizeof(path), "%s/%s/%s%s", CCG_MODULES_DIR,
			 release, place, packed[i % ARRAY_SIZE(packed)]);
		if (ccg_exists(ctx, path) > 0)
			return true;
	}
	return false;
}

static enum obstacle missing_obstacle(struct ccg_ctx *ctx,
				      const struct ccg_module_facts *facts)
{
	char path[512], *release;
	bool unindexed, headers;

	if (facts->needs_doe && ccg_kernel_lacks(ctx, "pci_doe"))
		return NO_DOE;
	if (ccg_release(ctx, &release))
		return MISSING;
	unindexed = is_unindexed(ctx, release, facts);
	snprintf(path, sizeof(path), "%s/%s/build", CCG_MODULES_DIR, release);
	headers = ccg_exists(ctx, path) > 0;
	free(release);
	if (unindexed)
		return NOT_INDEXED;
	if (!headers)
		return NO_HEADERS;
	return ccg_exists(ctx, DKMS_SOURCE) > 0 ? NOT_BUILT : MISSING;
}

/* ---- all modules ---- */

/* The module is loaded or built in. */
static enum obstacle running_obstacle(struct ccg_ctx *ctx,
				      const struct ccg_module_facts *facts,
				      const struct ccg_module *mod)
{
	if (!facts->dir || ccg_exists(ctx, facts->dir))
		return READY;
	if (mod->state == CCG_MODULE_BUILTIN)
		return SILENT_BUILTIN;
	if (mod->origin != CCG_ORIGIN_INTREE)
		return SILENT;
	return mod->file_origin == CCG_ORIGIN_OURS ? SILENT_BEFORE_OURS :
						     SILENT_INTREE;
}

static enum obstacle find_obstacle(struct ccg_ctx *ctx,
				   const struct ccg_module_facts *facts,
				   const struct ccg_module *mod,
				   char *found, size_t size)
{
	if (facts->needs_efi && ccg_exists(ctx, "/sys/firmware/efi") == 0)
		return NO_EFI;
	if (facts->dir && !ccg_securityfs_mounted(ctx))
		return NOT_MOUNTED;
	switch (mod->state) {
	case CCG_MODULE_MISSING:
		return missing_obstacle(ctx, facts);
	case CCG_MODULE_PRESENT:
		return load_obstacle(ctx, facts, mod, found, size);
	default:
		return running_obstacle(ctx, facts, mod);
	}
}

/* Writes "A; B", or the one that is not empty. */
static void join(char *to, size_t size, const char *a, const char *b)
{
	snprintf(to, size, "%s%s%s", a, *a && *b ? "; " : "", b);
}

static void write_advice(struct ccg_advice *a, enum obstacle obstacle,
			 const struct ccg_module_facts *facts,
			 const char *found)
{
	const char *word = texts[obstacle].obstacle;
	bool loads = word && !strcmp(word, "not-loaded");
	char more[256];

	a->obstacle = word;
	fill(a->why, sizeof(a->why), texts[obstacle].why, facts, found);
	fill(a->command, sizeof(a->command), texts[obstacle].command, facts,
	     found);
	fill(more, sizeof(more), texts[obstacle].more, facts, found);
	join(a->hint, sizeof(a->hint), a->command, more);
	join(a->purpose, sizeof(a->purpose), loads ? facts->purpose : a->why,
	     more);
}

int ccg_module_get(struct ccg_ctx *ctx, size_t i, struct ccg_module *mod)
{
	const struct ccg_module_facts *facts = ccg_module_facts_at(i);
	char found[sizeof(mod->advice.why)] = "";
	enum obstacle obstacle;
	int rc;

	rc = ccg_module_find(ctx, i, mod);
	if (rc)
		return rc;
	obstacle = find_obstacle(ctx, facts, mod, found, sizeof(found));
	write_advice(&mod->advice, obstacle, facts, found);
	return 0;
}

void ccg_module_advice(struct ccg_ctx *ctx, const char *name,
		       struct ccg_advice *a)
{
	struct ccg_module mod;
	size_t i = 0;

	while (strcmp(ccg_module_facts_at(i)->name, name))
		i++;
	if (ccg_module_get(ctx, i, &mod)) {
		write_advice(a, LOG_UNREADABLE, ccg_module_facts_at(i), "");
		return;
	}
	*a = mod.advice;
	ccg_module_clear(&mod);
}

/**
 * ccg_fail_advised - describe a failure whose cause is a module
 * @ctx: the context
 * @rc: the negative errno
 * @what: path or name of the object that the call failed for
 * @why: text in front of the module's obstacle, or ""
 * @a: the obstacle and the advice
 *
 * Return: @rc.
 */
int ccg_fail_advised(struct ccg_ctx *ctx, int rc, const char *what,
		     const char *why, const struct ccg_advice *a)
{
	ccg_fail(ctx, rc, CCG_UNSUPPORTED, what, "%s%s%s", why,
		 *why && *a->why ? ": " : "", a->why);
	ccg_hint(ctx, "%s", a->hint);
	return rc;
}
