/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the files of libccguest know of each other.
 */
#ifndef CCGUEST_INTERNAL_H
#define CCGUEST_INTERNAL_H

#include <dirent.h>

#include "ccguest.h"

struct json_object;
struct stat;
struct kmod_ctx;
struct pci_access;

#define ARRAY_SIZE(a)	(sizeof(a) / sizeof((a)[0]))
#define __printf(fmt, args)	__attribute((__format__(printf, fmt, args)))

/* Where securityfs belongs. */
#define CCG_SECURITYFS	"/sys/kernel/security"
#define CCG_SECURITYFS_TYPE	"securityfs"
#define CCG_MOUNT_SECURITYFS	"mount -t " CCG_SECURITYFS_TYPE " " \
				CCG_SECURITYFS_TYPE " " CCG_SECURITYFS

/* Where modules are installed, in a directory for each release of the kernel. */
#define CCG_MODULES_DIR	"/lib/modules"

/**
 * struct ccg_module_facts - what is known of a module of ours beforehand
 * @name: its name
 * @purpose: what it is for
 * @page: the page that tells what its messages mean
 * @dir: a directory that is there while the module works, or NULL
 * @success: is in the message that says that the module works; or NULL
 * @needs_efi: what it shows is only on machines that were booted through EFI
 * @needs_doe: it can be built only for a kernel that exports pci_doe()
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

/**
 * struct ccg_ctx - what all calls share
 * @root: directory that stands for /, or NULL for the machine's own
 * @root_fd: @root, opened, or -1
 * @has_openat2: links in @root can be kept inside
 * @kmod: libkmod's context, made when it is first needed
 * @modules_dir: where its modules are, seen from @root
 * @modules_fd: the same, opened, where there is a @root; or -1
 * @pci: libpci's context, made when it is first needed; it reads all of pci.ids
 * @no_pci_names: pci.ids is malformed
 * @lock_error: why a secret could not be locked, a negative errno; or 0
 * @error: why the last call failed
 * @progress: is told how far a long call is, or NULL
 * @progress_arg: for @progress
 */
struct ccg_ctx {
	char *root;
	int root_fd;
	bool has_openat2;
	struct kmod_ctx *kmod;
	char *modules_dir;
	int modules_fd;
	struct pci_access *pci;
	bool no_pci_names;
	int lock_error;
	struct ccg_error error;
	ccg_progress_fn *progress;
	void *progress_arg;
};

/**
 * struct ccg_seen - what was seen that the next steps depend on
 * @secrets: secrets are shown
 * @n_secrets: how many
 * @cma_keyring: there is the keyring .cma
 * @cma_empty: and nothing is in it
 * @n_refused: PCI devices that are not authenticated, or may be
 * @n_judged: those of them for which more certificates would change nothing
 * @judged: one of these
 * @judgement: why it is not authenticated
 */
struct ccg_seen {
	bool secrets;
	size_t n_secrets;
	bool cma_keyring;
	bool cma_empty;
	size_t n_refused;
	size_t n_judged;
	char judged[CCG_BDF_TEXT];
	char judgement[512];
};

__printf(5, 6)
int ccg_fail(struct ccg_ctx *ctx, int rc, enum ccg_class kind,
	     const char *what, const char *why, ...);
int ccg_fail_errno(struct ccg_ctx *ctx, int rc, const char *what);
__printf(2, 3)
void ccg_hint(struct ccg_ctx *ctx, const char *fmt, ...);

bool ccg_has_openat2(int dir);
int ccg_open(struct ccg_ctx *ctx, const char *path, int flags);
int ccg_exists(struct ccg_ctx *ctx, const char *path);
bool ccg_is_private(const struct stat *st);
int ccg_opendir(struct ccg_ctx *ctx, const char *path, DIR **dirp);
int ccg_read_text(struct ccg_ctx *ctx, const char *path, size_t max,
		  char **textp);
int ccg_read_fd(int fd, uint8_t *buf, size_t max, size_t *lenp);
int ccg_write_at(int fd, const uint8_t *buf, size_t len, uint64_t offset);
int ccg_load_fd(struct ccg_ctx *ctx, int fd, const char *path, size_t max,
		uint8_t **bufp, size_t *lenp);
int ccg_secret_load_fd(struct ccg_ctx *ctx, int fd, const char *path,
		       size_t max, uint8_t **bufp, size_t *lenp);

int ccg_json_parse(struct ccg_ctx *ctx, const char *path, const uint8_t *buf,
		   size_t len, struct json_object **op);

char *ccg_unescape(char *text);
int ccg_slot_fill(struct ccg_ctx *ctx, struct ccg_slot *slot, uint8_t *der,
		  size_t size);
void ccg_evidence_clear(struct ccg_evidence *e);
char *ccg_pci_name(struct ccg_ctx *ctx, uint16_t vendor, uint16_t device);
char *ccg_pci_class_name(struct ccg_ctx *ctx, uint16_t class);
void ccg_pci_free(struct ccg_ctx *ctx);

int ccg_release(struct ccg_ctx *ctx, char **releasep);
const struct ccg_module_facts *ccg_module_facts_at(size_t i);
void ccg_advise(struct ccg_ctx *ctx, const struct ccg_module_facts *facts,
		struct ccg_module *mod);
int ccg_fail_advised(struct ccg_ctx *ctx, int rc, const char *what,
		     const char *why, const struct ccg_advice *a);

int ccg_add_steps(struct ccg_ctx *ctx, struct ccg_status *st,
		  const struct ccg_seen *seen);

int ccg_kernel_log(struct ccg_ctx *ctx, const char *name, char *said,
		   size_t size);
bool ccg_kernel_flag(struct ccg_ctx *ctx, const char *path);
enum ccg_tristate ccg_kernel_has_key(struct ccg_ctx *ctx, const char *signer);
bool ccg_kernel_lacks(struct ccg_ctx *ctx, const char *name);
bool ccg_securityfs_mounted(struct ccg_ctx *ctx);
const char *ccg_lockdown(struct ccg_ctx *ctx);
enum ccg_tristate ccg_signatures(struct ccg_ctx *ctx, char *rule, size_t size);
void ccg_kmod_free(struct ccg_ctx *ctx);

#endif /* CCGUEST_INTERNAL_H */
