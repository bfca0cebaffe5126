// SPDX-License-Identifier: GPL-2.0-only
/*
 * Facilities of this machine.
 */
#include <dirent.h>
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/utsname.h>

#include <ccguest/ctx.h>
#include <ccguest/device.h>
#include <ccguest/keyring.h>
#include <ccguest/module.h>
#include <ccguest/policy.h>
#include <ccguest/secret.h>
#include <ccguest/status.h>

#include "core/ctx.h"
#include "core/io.h"
#include "kmod/kernel.h"
#include "pci/device.h"
#include "status/status.h"

#define PCI_DIR		"/sys/bus/pci/devices"
#define TSM_DIR		"/sys/kernel/config/tsm/report"

/* The text of the first processor in /proc/cpuinfo is far shorter. */
#define CPUINFO_MAX	16384
static bool is_dots(const char *name)
{
	return !strcmp(name, ".") || !strcmp(name, "..");
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

/* Looks up flags, separated by spaces, of the first processor. */
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
	 * The flags tell the abilities of the processor. They do not tell
	 * whether this guest is encrypted, and mean something else on a host.
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

/* Adds a facility that is present if one of the paths exists. */
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

static const struct ccg_module *find_module(const struct ccg_status *st,
					    const char *name)
{
	const struct ccg_module *mod = st->modules;

	while (strcmp(mod->name, name))
		mod++;
	return mod;
}

/* Adds an absent facility, whose module may be missing. */
static int add_absent(struct ccg_ctx *ctx, struct ccg_status *st,
		      const char *name, const char *what, const char *module)
{
	const char *why = find_module(st, module)->advice.why;

	return add_facility(ctx, st, name, CCG_ABSENT, "no %s%s%s", what,
			    *why ? ": " : "", why);
}

/*
 * The kernel names the provider only inside an entry. The command does not make
 * one: the provider has the name of its module.
 */
static int add_provider(struct ccg_ctx *ctx, struct ccg_status *st)
{
	static const char *const modules[] = {
		"sev_guest", "tdx_guest", "arm_cca_guest",
	};
	char path[64];
	size_t i;

	for (i = 0; i < ARRAY_SIZE(modules); i++) {
		snprintf(path, sizeof(path), "/sys/module/%s", modules[i]);
		if (ccg_exists(ctx, path) > 0)
			break;
	}
	if (i == ARRAY_SIZE(modules) || ccg_exists(ctx, TSM_DIR) <= 0)
		return add_path(ctx, st, "tsm-report",
				"reports through configfs", TSM_DIR, NULL);
	return add_facility(ctx, st, "tsm-report", CCG_PRESENT,
			    "reports through configfs: %s, provider %s",
			    TSM_DIR, modules[i]);
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
	return rc ? rc : add_provider(ctx, st);
}

static int add_secrets(struct ccg_ctx *ctx, struct ccg_status *st,
		       struct ccg_seen *seen)
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

static int add_keyring(struct ccg_ctx *ctx, struct ccg_status *st,
		       struct ccg_seen *seen)
{
	int rc;

	rc = ccg_cma_keyring(ctx, &seen->cma_empty);
	if (rc == -ENOENT)
		return add_facility(ctx, st, "cma-keyring", CCG_ABSENT,
				    "no /proc/keys");
	if (rc < 0)
		return add_facility(ctx, st, "cma-keyring", CCG_UNKNOWN,
				    "/proc/keys: %s", strerror(-rc));
	seen->cma_keyring = rc;
	if (!seen->cma_keyring)
		return add_absent(ctx, st, "cma-keyring",
				  "keyring .cma in /proc/keys", "pci_cma");
	return add_facility(ctx, st, "cma-keyring", CCG_PRESENT,
			    "keyring .cma in /proc/keys%s",
			    seen->cma_empty ? ", empty" : "");
}

/* Compares the policy of this machine with that of the running kernel. */
static int loaded_policy(struct ccg_ctx *ctx, const struct ccg_policy *p,
			 struct ccg_seen *seen, const char **what)
{
	struct ccg_policy *loaded;
	int rc;

	*what = "";
	if (ctx->root || !seen->cma_keyring)
		return 0;
	rc = ccg_policy_of_kernel(ctx, &loaded);
	if (rc) {
		*what = ", that of the keyring .cma cannot be read";
		return rc == -ENOMEM ? rc : 0;
	}
	seen->policy_open = !loaded || !ccg_policy_equal(p, loaded);
	if (!loaded)
		*what = ", not in the keyring .cma";
	else if (seen->policy_open)
		*what = ", the keyring .cma has others";
	else
		*what = ", also in the keyring .cma";
	ccg_policy_free(loaded);
	return 0;
}

static int add_policy(struct ccg_ctx *ctx, struct ccg_status *st,
		      struct ccg_seen *seen)
{
	const struct ccg_error *e = &ctx->error;
	struct ccg_policy *p;
	const char *what;
	size_t n;
	int rc;

	rc = ccg_policy_load(ctx, NULL, &p);
	if (rc == -ENOMEM)
		return rc;
	if (rc == -ENOENT)
		return add_facility(ctx, st, "device-policy", CCG_ABSENT,
				    "no " CCG_POLICY_FILE);
	if (rc)
		return add_facility(ctx, st, "device-policy", CCG_UNKNOWN,
				    "%s: %s", e->what, e->why);
	n = ccg_policy_rules(p);
	rc = loaded_policy(ctx, p, seen, &what);
	ccg_policy_free(p);
	return rc ?: add_facility(ctx, st, "device-policy", CCG_PRESENT,
				  "%zu rule%s in " CCG_POLICY_FILE "%s", n,
				  n == 1 ? "" : "s", what);
}

/* Counts a device that failed for another reason than a certificate. */
static int judge(struct ccg_ctx *ctx, const char *bdf, struct ccg_seen *seen)
{
	struct ccg_evidence *e = NULL;
	struct ccg_devices *d;
	bool judged;
	size_t i;
	int rc;

	rc = ccg_devices_get(ctx, bdf, &d);
	if (rc)
		return rc == -ENOMEM ? rc : 0;
	rc = ccg_device_evidence(ctx, d->devices, &e);
	if (!rc) {
		judged = e->n_failures;
		for (i = 0; i < e->n_failures; i++)
			if (!e->failures[i].code ||
			    e->failures[i].code == -ENOKEY)
				judged = false;
		if (judged && !seen->n_judged++) {
			snprintf(seen->judged, sizeof(seen->judged), "%s",
				 d->devices->bdf);
			snprintf(seen->judgement, sizeof(seen->judgement),
				 "%s", e->failures[0].text);
		}
	}
	ccg_evidence_free(e);
	ccg_devices_free(d);
	return rc;
}

/* Reads "authenticated": '1', '0', or '?' if the state is unknown. */
static int read_verdict(struct ccg_ctx *ctx, const char *bdf)
{
	char path[512], *text, verdict;

	snprintf(path, sizeof(path), PCI_DIR "/%s/authenticated", bdf);
	if (ccg_exists(ctx, path) <= 0)
		return 0;
	/* ENOTTY: the driver does not know whether the device supports CMA. */
	if (ccg_read_text(ctx, path, 16, &text))
		return '?';
	verdict = text[0];
	free(text);
	return verdict == '0' || verdict == '1' ? verdict : '?';
}

static bool is_left_to_tsm(struct ccg_ctx *ctx, const char *bdf)
{
	char path[512];

	snprintf(path, sizeof(path), PCI_DIR "/%s/tsm/connect", bdf);
	return ccg_exists(ctx, path) > 0;
}

/* @n: number of devices that are left to the TSM */
static int add_tsm(struct ccg_ctx *ctx, struct ccg_status *st, size_t n)
{
	struct ccg_tsms tsms;
	int rc;

	rc = ccg_tsms_get(ctx, &tsms);
	if (rc)
		return rc == -ENOMEM ? rc :
		       add_facility(ctx, st, "pci-tsm", CCG_UNKNOWN,
				    "/sys/class/tsm: %s", strerror(-rc));
	if (n)
		return add_facility(ctx, st, "pci-tsm",
				    tsms.n ? CCG_PRESENT : CCG_ABSENT,
				    "%zu PCI device%s left to %s: pci_cma has nothing to do there",
				    n, n == 1 ? " is" : "s are",
				    tsms.n ? tsms.names[0] : "a TSM that is missing");
	if (!tsms.n)
		return add_facility(ctx, st, "pci-tsm", CCG_ABSENT,
				    "no /sys/class/tsm/tsm*");
	return add_facility(ctx, st, "pci-tsm", CCG_PRESENT,
			    "/sys/class/tsm/%s, for no PCI device",
			    tsms.names[0]);
}

static int add_pci(struct ccg_ctx *ctx, struct ccg_status *st,
		   struct ccg_seen *seen)
{
	size_t n = 0, yes = 0, no = 0, open = 0, tsm = 0;
	struct dirent *de;
	int verdict, rc;
	DIR *dir;

	rc = ccg_opendir(ctx, PCI_DIR, &dir);
	if (rc == -ENOENT)
		return add_tsm(ctx, st, 0) ?:
		       add_facility(ctx, st, "pci-authenticated", CCG_ABSENT,
				    "no PCI");
	if (rc)
		return add_facility(ctx, st, "pci-authenticated", CCG_UNKNOWN,
				    "%s: %s", PCI_DIR, strerror(-rc));
	while (!rc && (de = readdir(dir))) {
		if (is_dots(de->d_name))
			continue;
		n++;
		if (is_left_to_tsm(ctx, de->d_name)) {
			tsm++;
			continue;
		}
		verdict = read_verdict(ctx, de->d_name);
		yes += verdict == '1';
		no += verdict == '0';
		open += verdict == '?';
		if (verdict && verdict != '1')
			rc = judge(ctx, de->d_name, seen);
	}
	closedir(dir);
	if (!rc)
		rc = add_tsm(ctx, st, tsm);
	if (rc)
		return rc;
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

	rc = ccg_opendir(ctx, CCG_LOG_DIR, &dir);
	if (rc == -ENOENT)
		return add_absent(ctx, st, "cc-event-log", CCG_LOG_DIR,
				  "cc_event_log");
	if (rc)
		return add_facility(ctx, st, "cc-event-log", CCG_UNKNOWN,
				    "%s: %s", CCG_LOG_DIR, strerror(-rc));
	while ((de = readdir(dir)))
		n += !is_dots(de->d_name);
	closedir(dir);
	return add_facility(ctx, st, "cc-event-log", CCG_PRESENT,
			    "%zu log%s in %s", n, n == 1 ? "" : "s",
			    CCG_LOG_DIR);
}

static int get_machine(struct ccg_ctx *ctx, struct ccg_status *st)
{
	struct utsname uts;
	char rule[128], *text;
	int rc;

	rc = ccg_release(ctx, &st->release);
	if (rc)
		return rc;
	if (!ccg_read_text(ctx, "/proc/sys/kernel/arch", 64, &text)) {
		text[strcspn(text, "\n")] = '\0';
		st->arch = text;
	} else {
		/* Linux before 6.1 has no such file. */
		if (uname(&uts))
			return ccg_fail_errno(ctx, -errno, "uname");
		st->arch = strdup(uts.machine);
		if (!st->arch)
			return no_memory(ctx);
	}
	st->efi = ccg_exists(ctx, "/sys/firmware/efi") > 0;
	st->securityfs = ccg_securityfs_mounted(ctx);
	st->lockdown = ccg_lockdown(ctx);
	st->signatures = ccg_signatures(ctx, rule, sizeof(rule));
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

int ccg_status_get(struct ccg_ctx *ctx, struct ccg_status **statusp)
{
	struct ccg_seen seen = {};
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
		rc = add_policy(ctx, st, &seen);
	if (!rc)
		rc = add_pci(ctx, st, &seen);
	if (!rc)
		rc = add_event_log(ctx, st);
	if (!rc)
		rc = ccg_add_steps(ctx, st, &seen);
	if (rc) {
		ccg_status_free(st);
		return rc;
	}
	*statusp = st;
	return 0;
}

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
