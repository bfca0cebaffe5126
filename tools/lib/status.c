// SPDX-License-Identifier: GPL-2.0-only
/*
 * What this machine has, and what to do next.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/utsname.h>

#include "internal.h"

#define EVENT_LOG_DIR	CCG_SECURITYFS "/cc_event_log"
#define PCI_DIR		"/sys/bus/pci/devices"

/* The first processor's part of /proc/cpuinfo is far shorter. */
#define CPUINFO_MAX	16384
/* Bounds for files that grow with the machine. */
#define TEXT_MAX	1048576

static bool is_dots(const char *name)
{
	return !strcmp(name, ".") || !strcmp(name, "..");
}

/**
 * ccg_securityfs_mounted - find out whether securityfs is at its place
 * @ctx: the context
 *
 * Return: whether it is.
 */
bool ccg_securityfs_mounted(struct ccg_ctx *ctx)
{
	char *text, *line, *save = NULL, *save2;
	const char *dir, *type;
	bool found = false;

	if (ccg_read_text(ctx, "/proc/mounts", TEXT_MAX, &text))
		return false;
	for (line = strtok_r(text, "\n", &save); line && !found;
	     line = strtok_r(NULL, "\n", &save)) {
		save2 = NULL;
		if (!strtok_r(line, " ", &save2))
			continue;
		dir = strtok_r(NULL, " ", &save2);
		type = strtok_r(NULL, " ", &save2);
		found = dir && type && !strcmp(dir, CCG_SECURITYFS) &&
			!strcmp(type, CCG_SECURITYFS_TYPE);
	}
	free(text);
	return found;
}

static int no_memory(struct ccg_ctx *ctx)
{
	return ccg_fail_errno(ctx, -ENOMEM, "status");
}

__printf(5, 6)
static int add_facility(struct ccg_ctx *ctx, struct ccg_status *st,
			const char *name, enum ccg_tristate state,
			const char *fmt, ...)
{
	struct ccg_facility *bigger;
	char *detail;
	va_list ap;
	int rc;

	bigger = realloc(st->facilities,
			 (st->n_facilities + 1) * sizeof(*bigger));
	if (!bigger)
		return no_memory(ctx);
	st->facilities = bigger;
	va_start(ap, fmt);
	rc = vasprintf(&detail, fmt, ap);
	va_end(ap);
	if (rc < 0)
		return no_memory(ctx);
	bigger[st->n_facilities++] = (struct ccg_facility) {
		.name = name,
		.state = state,
		.detail = detail,
	};
	return 0;
}

static int add_step(struct ccg_ctx *ctx, struct ccg_status *st,
		    const char *command, const char *why)
{
	struct ccg_step *bigger, *step;

	bigger = realloc(st->steps, (st->n_steps + 1) * sizeof(*bigger));
	if (!bigger)
		return no_memory(ctx);
	st->steps = bigger;
	step = &bigger[st->n_steps];
	step->command = strdup(command);
	step->why = strdup(why);
	if (!step->command || !step->why) {
		free(step->command);
		free(step->why);
		return no_memory(ctx);
	}
	st->n_steps++;
	return 0;
}

static const char *lockdown_state(struct ccg_ctx *ctx)
{
	static const char *const states[] = {
		"none", "integrity", "confidentiality",
	};
	const char *state = "unknown";
	char mark[32], *text;
	size_t i;

	if (ccg_read_text(ctx, CCG_SECURITYFS "/lockdown", 128, &text))
		return state;
	for (i = 0; i < ARRAY_SIZE(states); i++) {
		snprintf(mark, sizeof(mark), "[%s]", states[i]);
		if (strstr(text, mark))
			state = states[i];
	}
	free(text);
	return state;
}

/* Finds out which of the flags, separated by spaces, the first CPU has. */
static int cpu_flags(struct ccg_ctx *ctx, const char *const *wanted,
		     char *found, size_t size)
{
	char *text, *line, *end, *word, *save = NULL;
	size_t i, len = 0;
	int rc;

	found[0] = '\0';
	rc = ccg_read_text(ctx, "/proc/cpuinfo", CPUINFO_MAX, &text);
	if (rc)
		return rc;
	line = strncmp(text, "flags", 5) ? strstr(text, "\nflags") : text;
	if (line && *line == '\n')
		line++;
	end = line ? strchr(line, '\n') : NULL;
	if (end)
		*end = '\0';
	for (word = line ? strtok_r(line, " \t:", &save) : NULL; word;
	     word = strtok_r(NULL, " \t:", &save)) {
		for (i = 0; wanted[i]; i++)
			if (!strcmp(word, wanted[i]) && len < size)
				len += snprintf(found + len, size - len,
						"%s%s", len ? " " : "", word);
	}
	free(text);
	return 0;
}

static int add_cpu(struct ccg_ctx *ctx, struct ccg_status *st)
{
	static const char *const sev[] = { "sev", "sev_es", "sev_snp", NULL };
	static const char *const tdx[] = { "tdx_guest", NULL };
	static const char *const guest[] = { "hypervisor", NULL };
	char flags[128], hyp[32];
	int err, rc;

	err = cpu_flags(ctx, sev, flags, sizeof(flags));
	if (err) {
		rc = add_facility(ctx, st, "cpu-sev", CCG_UNKNOWN,
				  "/proc/cpuinfo: %s", strerror(-err));
		if (!rc)
			rc = add_facility(ctx, st, "cpu-tdx", CCG_UNKNOWN,
					  "/proc/cpuinfo: %s", strerror(-err));
		return rc;
	}
	cpu_flags(ctx, guest, hyp, sizeof(hyp));
	/*
	 * The flags say what the processor can do. Whether this guest runs
	 * encrypted they do not say, and on a host they mean something else.
	 */
	if (!flags[0])
		rc = add_facility(ctx, st, "cpu-sev", CCG_ABSENT,
				  "no AMD SEV flag in /proc/cpuinfo");
	else if (!hyp[0])
		rc = add_facility(ctx, st, "cpu-sev", CCG_ABSENT,
				  "flags %s, but this is a host", flags);
	else
		rc = add_facility(ctx, st, "cpu-sev", CCG_PRESENT,
				  "flags %s: offered, not proven in use",
				  flags);
	if (rc)
		return rc;

	cpu_flags(ctx, tdx, flags, sizeof(flags));
	return add_facility(ctx, st, "cpu-tdx",
			    flags[0] ? CCG_PRESENT : CCG_ABSENT, "%s",
			    flags[0] ? "flag tdx_guest" :
				       "no flag tdx_guest in /proc/cpuinfo");
}

/* A facility that is there if one of its paths is. */
static int add_path(struct ccg_ctx *ctx, struct ccg_status *st,
		    const char *name, const char *what, const char *path,
		    const char *other)
{
	enum ccg_tristate state = CCG_ABSENT;
	const char *seen = path;
	int rc;

	rc = ccg_exists(ctx, path);
	if (!rc && other) {
		rc = ccg_exists(ctx, other);
		if (rc)
			seen = other;
	}
	if (rc)
		state = rc > 0 ? CCG_PRESENT : CCG_UNKNOWN;
	return add_facility(ctx, st, name, state, "%s: %s%s", what,
			    state == CCG_ABSENT ? "no " : "", seen);
}

static int add_platform(struct ccg_ctx *ctx, struct ccg_status *st)
{
	int rc;

	rc = add_path(ctx, st, "sev-guest", "AMD SEV-SNP reports",
		      "/dev/sev-guest", NULL);
	if (!rc)
		rc = add_path(ctx, st, "tdx-guest", "Intel TDX reports",
			      "/dev/tdx_guest",
			      "/sys/devices/virtual/misc/tdx_guest");
	if (!rc)
		rc = add_path(ctx, st, "cca-guest", "Arm CCA tokens",
			      "/sys/module/arm_cca_guest",
			      "/sys/devices/platform/arm-cca-dev");
	if (!rc)
		rc = add_path(ctx, st, "tsm-report", "reports through configfs",
			      "/sys/kernel/config/tsm/report", NULL);
	return rc;
}

/**
 * struct seen - what was seen on the way that the next steps depend on
 * @secrets: secrets are shown
 * @n_secrets: how many
 * @cma_keyring: there is the keyring .cma
 * @cma_empty: and nothing is in it
 * @n_refused: PCI devices that are not authenticated, or may be
 */
struct seen {
	bool secrets;
	size_t n_secrets;
	bool cma_keyring;
	bool cma_empty;
	size_t n_refused;
};

static int add_secrets(struct ccg_ctx *ctx, struct ccg_status *st,
		       struct seen *seen)
{
	const struct ccg_error *e = &ctx->error;
	struct ccg_secrets *s;
	size_t n;
	int rc;

	rc = ccg_secrets_open(ctx, NULL, false, &s);
	if (rc == -ENOMEM)
		return rc;
	if (rc)
		return add_facility(ctx, st, "secrets",
				    e->kind == CCG_UNSUPPORTED ? CCG_ABSENT :
								 CCG_UNKNOWN,
				    "%s: %s", e->what, e->why);
	n = ccg_secrets_info(s)->n;
	ccg_secrets_close(s);
	seen->secrets = true;
	seen->n_secrets = n;
	return add_facility(ctx, st, "secrets", CCG_PRESENT,
			    "%zu secret%s in %s", n, n == 1 ? "" : "s",
			    CCG_SECRETS_DIR);
}

/*
 * One line of /proc/keys: ID FLAGS USAGE TIMEOUT PERM UID GID TYPE DESCRIPTION.
 * The UID matters, because anybody may make keyrings, though not of a name
 * that starts with a dot.
 */
static bool is_cma_keyring(char *line, bool *empty)
{
	char *field[10], *save = NULL;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(field); i++) {
		field[i] = strtok_r(i ? NULL : line, " ", &save);
		if (!field[i])
			return false;
	}
	*empty = !strcmp(field[9], "empty");
	return !strcmp(field[5], "0") && !strcmp(field[7], "keyring") &&
	       !strcmp(field[8], CCG_CMA_KEYRING ":");
}

static int add_keyring(struct ccg_ctx *ctx, struct ccg_status *st,
		       struct seen *seen)
{
	char *text, *line, *save = NULL;
	int rc;

	rc = ccg_read_text(ctx, "/proc/keys", TEXT_MAX, &text);
	if (rc == -ENOENT)
		return add_facility(ctx, st, "cma-keyring", CCG_ABSENT,
				    "no /proc/keys");
	if (rc)
		return add_facility(ctx, st, "cma-keyring", CCG_UNKNOWN,
				    "/proc/keys: %s", strerror(-rc));
	for (line = strtok_r(text, "\n", &save); line && !seen->cma_keyring;
	     line = strtok_r(NULL, "\n", &save))
		seen->cma_keyring = is_cma_keyring(line, &seen->cma_empty);
	free(text);
	if (!seen->cma_keyring)
		return add_facility(ctx, st, "cma-keyring", CCG_ABSENT,
				    "no keyring .cma in /proc/keys");
	return add_facility(ctx, st, "cma-keyring", CCG_PRESENT,
			    "keyring .cma in /proc/keys%s",
			    seen->cma_empty ? ", empty" : "");
}

static int add_pci(struct ccg_ctx *ctx, struct ccg_status *st,
		   struct seen *seen)
{
	size_t n = 0, yes = 0, no = 0, open = 0;
	struct dirent *de;
	char path[512], *text;
	DIR *dir;
	int rc;

	rc = ccg_opendir(ctx, PCI_DIR, &dir);
	if (rc == -ENOENT)
		return add_facility(ctx, st, "pci-authenticated", CCG_ABSENT,
				    "no PCI");
	if (rc)
		return add_facility(ctx, st, "pci-authenticated", CCG_UNKNOWN,
				    "%s: %s", PCI_DIR, strerror(-rc));
	while ((de = readdir(dir))) {
		if (is_dots(de->d_name))
			continue;
		n++;
		snprintf(path, sizeof(path), "%s/%s/authenticated", PCI_DIR,
			 de->d_name);
		if (ccg_exists(ctx, path) <= 0)
			continue;
		/* ENOTTY: the kernel could not tell whether it can do it. */
		if (ccg_read_text(ctx, path, 16, &text)) {
			open++;
			continue;
		}
		if (text[0] == '1')
			yes++;
		else if (text[0] == '0')
			no++;
		else
			open++;
		free(text);
	}
	closedir(dir);
	seen->n_refused = no + open;
	if (!(yes + no + open))
		return add_facility(ctx, st, "pci-authenticated", CCG_ABSENT,
				    "none of %zu PCI devices can be authenticated",
				    n);
	return add_facility(ctx, st, "pci-authenticated", CCG_PRESENT,
			    "%zu of %zu PCI devices: %zu authenticated, %zu not, %zu unknown",
			    yes + no + open, n, yes, no, open);
}

static int add_event_log(struct ccg_ctx *ctx, struct ccg_status *st)
{
	struct dirent *de;
	size_t n = 0;
	DIR *dir;
	int rc;

	rc = ccg_opendir(ctx, EVENT_LOG_DIR, &dir);
	if (rc == -ENOENT)
		return add_facility(ctx, st, "cc-event-log", CCG_ABSENT,
				    "no %s", EVENT_LOG_DIR);
	if (rc)
		return add_facility(ctx, st, "cc-event-log", CCG_UNKNOWN,
				    "%s: %s", EVENT_LOG_DIR, strerror(-rc));
	while ((de = readdir(dir)))
		n += !is_dots(de->d_name);
	closedir(dir);
	return add_facility(ctx, st, "cc-event-log", CCG_PRESENT,
			    "%zu log%s in %s", n, n == 1 ? "" : "s",
			    EVENT_LOG_DIR);
}

/* A newer file beside an older module that runs. */
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
				"another version is installed than is loaded");
	}
	if (!wanted)
		return 0;
	if (mod->state == CCG_MODULE_MISSING)
		return add_step(ctx, st, "make dkms-install",
				"in the source tree: installs the modules for this kernel");
	if (mod->state == CCG_MODULE_PRESENT) {
		snprintf(command, sizeof(command), "modprobe %s", mod->name);
		return add_step(ctx, st, command, mod->purpose);
	}
	return 0;
}

/* A device that is not authenticated lacks a certificate here, or says why. */
static int add_device_step(struct ccg_ctx *ctx, struct ccg_status *st,
			   const struct seen *seen)
{
	if (!seen->n_refused || !seen->cma_keyring)
		return 0;
	if (seen->cma_empty)
		return add_step(ctx, st, "ccguest keyring add FILE",
				"the certificate of a CA, against which PCI devices are authenticated");
	return add_step(ctx, st, "ccguest device authenticate --all -v",
			"authenticates PCI devices, and tells why one is not");
}

static int add_steps(struct ccg_ctx *ctx, struct ccg_status *st,
		     const struct seen *seen)
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
		 * A machine without EFI has no secret area. The others are
		 * offered where they are installed: what they need is not
		 * known before they are loaded.
		 */
		bool wanted = mod->state == CCG_MODULE_PRESENT;

		if (!strcmp(mod->name, "efi_secret"))
			wanted = st->efi && !seen->secrets;
		else if (!strcmp(mod->name, "spdm"))
			wanted = false; /* pci_cma brings it along */

		rc = add_module_step(ctx, st, mod, wanted);
		if (rc)
			return rc;
	}
	if (seen->n_secrets) {
		rc = add_step(ctx, st, "ccguest secret list",
			      "shows which secrets there are");
		if (rc)
			return rc;
	}
	return add_device_step(ctx, st, seen);
}

static int get_machine(struct ccg_ctx *ctx, struct ccg_status *st)
{
	struct utsname uts;
	char *text;
	int rc;

	rc = ccg_release(ctx, &st->release);
	if (rc)
		return rc;
	if (!ccg_read_text(ctx, "/proc/sys/kernel/arch", 64, &text)) {
		text[strcspn(text, "\n")] = '\0';
		st->arch = text;
	} else {
		/* Before Linux 6.1. */
		if (uname(&uts))
			return ccg_fail_errno(ctx, -errno, "uname");
		st->arch = strdup(uts.machine);
		if (!st->arch)
			return no_memory(ctx);
	}
	st->efi = ccg_exists(ctx, "/sys/firmware/efi") > 0;
	st->securityfs = ccg_securityfs_mounted(ctx);
	st->lockdown = lockdown_state(ctx);
	return 0;
}

static int get_modules(struct ccg_ctx *ctx, struct ccg_status *st)
{
	size_t i, n = ccg_module_count();
	int rc;

	st->modules = calloc(n, sizeof(*st->modules));
	if (!st->modules)
		return no_memory(ctx);
	for (i = 0; i < n; i++) {
		rc = ccg_module_get(ctx, i, &st->modules[i]);
		if (rc)
			return rc;
		st->n_modules++;
	}
	return 0;
}

/**
 * ccg_status_get - find out what this machine has
 * @ctx: the context
 * @statusp: set to the findings; free them with ccg_status_free()
 *
 * What cannot be found out is said to be unknown and is no error.
 *
 * Return: 0 or a negative errno.
 */
int ccg_status_get(struct ccg_ctx *ctx, struct ccg_status **statusp)
{
	struct seen seen = {};
	struct ccg_status *st;
	int rc;

	st = calloc(1, sizeof(*st));
	if (!st)
		return no_memory(ctx);
	rc = get_machine(ctx, st);
	if (!rc)
		rc = get_modules(ctx, st);
	if (!rc)
		rc = add_cpu(ctx, st);
	if (!rc)
		rc = add_platform(ctx, st);
	if (!rc)
		rc = add_secrets(ctx, st, &seen);
	if (!rc)
		rc = add_keyring(ctx, st, &seen);
	if (!rc)
		rc = add_pci(ctx, st, &seen);
	if (!rc)
		rc = add_event_log(ctx, st);
	if (!rc)
		rc = add_steps(ctx, st, &seen);
	if (rc) {
		ccg_status_free(st);
		return rc;
	}
	*statusp = st;
	return 0;
}

/**
 * ccg_status_free - free what ccg_status_get() found
 * @status: the findings, or NULL
 */
void ccg_status_free(struct ccg_status *status)
{
	size_t i;

	if (!status)
		return;
	for (i = 0; i < status->n_modules; i++)
		ccg_module_clear(&status->modules[i]);
	for (i = 0; i < status->n_facilities; i++)
		free(status->facilities[i].detail);
	for (i = 0; i < status->n_steps; i++) {
		free(status->steps[i].command);
		free(status->steps[i].why);
	}
	free(status->modules);
	free(status->facilities);
	free(status->steps);
	free(status->release);
	free(status->arch);
	free(status);
}
