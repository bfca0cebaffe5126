// SPDX-License-Identifier: GPL-2.0-only
/*
 * Guests of libvirt: what the XML says about the launch.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <ccguest/domain.h>
#include <ccguest/sev.h>
#include <ccguest/text.h>

#include "core/ctx.h"
#include "sev/xml.h"

_Static_assert(CCG_DOMAIN_MAX == SEV_XML_MAX, "one limit");

enum {
	NAME, SECURITY, POLICY, CERT, SESSION, KERNEL_HASHES, ID_BLOCK, ID_AUTH,
	MACHINE, LOADER, LOADER_TYPE, LOADER_SECURE, LOADER_STATELESS, NVRAM,
	VARSTORE, SMM, SMM_STATE, QEMU_ARGS, KERNEL, INITRD, CMDLINE, VCPU,
	VCPU_CURRENT, CPU_MODE, CPU_MODEL, N_VALUES,
};

static const struct sev_xml_place places[N_VALUES] = {
	[NAME] = { .path = "name" },
	[SECURITY] = { .path = "launchSecurity", .attr = "type" },
	[POLICY] = { .path = "launchSecurity/policy" },
	[CERT] = { .path = "launchSecurity/dhCert" },
	[SESSION] = { .path = "launchSecurity/session" },
	[KERNEL_HASHES] = { .path = "launchSecurity", .attr = "kernelHashes" },
	[ID_BLOCK] = { .path = "launchSecurity/idBlock" },
	[ID_AUTH] = { .path = "launchSecurity/idAuth" },
	[MACHINE] = { .path = "os/type", .attr = "machine" },
	[LOADER] = { .path = "os/loader" },
	[LOADER_TYPE] = { .path = "os/loader", .attr = "type" },
	[LOADER_SECURE] = { .path = "os/loader", .attr = "secure" },
	[LOADER_STATELESS] = { .path = "os/loader", .attr = "stateless" },
	[NVRAM] = { .path = "os/nvram", .attr = SEV_XML_EXISTS },
	[VARSTORE] = { .path = "os/varstore", .attr = SEV_XML_EXISTS },
	[SMM] = { .path = "features/smm", .attr = SEV_XML_EXISTS },
	[SMM_STATE] = { .path = "features/smm", .attr = "state" },
	[QEMU_ARGS] = { "commandline", SEV_XML_EXISTS, SEV_XML_QEMU },
	[KERNEL] = { .path = "os/kernel" },
	[INITRD] = { .path = "os/initrd" },
	[CMDLINE] = { .path = "os/cmdline" },
	[VCPU] = { .path = "vcpu" },
	[VCPU_CURRENT] = { .path = "vcpu", .attr = "current" },
	[CPU_MODE] = { .path = "cpu", .attr = "mode" },
	[CPU_MODEL] = { .path = "cpu/model" },
};

/**
 * struct ccg_domain - a description
 * @info: its contents; its texts are those of @values
 * @values: the texts
 */
struct ccg_domain {
	struct ccg_domain_info info;
	char *values[N_VALUES];
};

static int fail_xml(struct ccg_ctx *ctx, int rc, const char *what,
		    const struct sev_xml_fault *fault)
{
	if (rc == -ENOMEM)
		return ccg_fail_errno(ctx, rc, what);
	if (rc == -ENOTSUP)
		return ccg_fail(ctx, rc, CCG_UNSUPPORTED, what, "%s", fault->why);
	if (fault->line)
		return ccg_fail(ctx, rc, CCG_FAILED, what, "line %ld: %s",
				fault->line, fault->why);
	return ccg_fail(ctx, rc, CCG_FAILED, what, "%s", fault->why);
}

/* ---- the values ---- */

/* Removes blanks at both ends, in place. */
static char *trim(char *text)
{
	size_t len;

	if (!text)
		return NULL;
	text += strspn(text, " \t\r\n");
	len = strlen(text);
	while (len && strchr(" \t\r\n", text[len - 1]))
		len--;
	text[len] = '\0';
	return text;
}

/* Removes all blanks: libvirt breaks lines of base64. */
static char *squeeze(char *text)
{
	char *to = text;

	if (!text)
		return NULL;
	for (const char *from = text; *from; from++)
		if (!strchr(" \t\r\n", *from))
			*to++ = *from;
	*to = '\0';
	return text;
}

static bool is_yes(const char *text, const char *yes)
{
	return text && !strcmp(text, yes);
}

/* An empty element names no file: with <loader/>, libvirt chooses the file. */
static char *filled(char *path)
{
	return path && *path ? path : NULL;
}

/* libvirt reads a policy as a hexadecimal number, with or without 0x. */
static int parse_policy(struct ccg_domain *d)
{
	const char *text = trim(d->values[POLICY]);
	uint64_t max = d->info.security == CCG_DOMAIN_SNP ? UINT64_MAX : UINT32_MAX;

	if (!text)
		return 0;
	d->info.has_policy = true;
	return ccg_parse_number(text, 16, max, &d->info.policy, NULL);
}

static int parse_cpus(struct ccg_domain *d)
{
	char *current = d->values[VCPU_CURRENT];
	char *text = trim(current ? current : d->values[VCPU]);
	uint64_t n = 1;

	if (text && ccg_parse_number(text, 10, UINT32_MAX, &n, NULL))
		return -EINVAL;
	d->info.cpus = n;
	return n ? 0 : -EINVAL;
}

static enum ccg_domain_security parse_security(const char *type)
{
	if (is_yes(type, "sev"))
		return CCG_DOMAIN_SEV;
	return is_yes(type, "sev-snp") ? CCG_DOMAIN_SNP : CCG_DOMAIN_PLAIN;
}

static void take_values(struct ccg_domain *d)
{
	struct ccg_domain_info *i = &d->info;
	char **v = d->values;

	i->name = v[NAME];
	i->security = parse_security(v[SECURITY]);
	i->has_cert = v[CERT] && *trim(v[CERT]);
	i->has_session = v[SESSION] && *trim(v[SESSION]);
	i->kernel_hashes = is_yes(v[KERNEL_HASHES], "yes");
	i->id_block = squeeze(v[ID_BLOCK]);
	i->id_auth = squeeze(v[ID_AUTH]);
	i->machine = v[MACHINE];
	i->loader = filled(v[LOADER]);
	i->is_pflash = is_yes(v[LOADER_TYPE], "pflash");
	i->has_store = v[NVRAM] || v[VARSTORE];
	i->is_stateless = is_yes(v[LOADER_STATELESS], "yes");
	i->needs_smm = is_yes(v[LOADER_SECURE], "yes") ||
		       (v[SMM] && (!v[SMM_STATE] || is_yes(v[SMM_STATE], "on")));
	i->has_qemu_args = v[QEMU_ARGS];
	i->kernel = filled(v[KERNEL]);
	i->initrd = filled(v[INITRD]);
	i->cmdline = v[CMDLINE];
	i->cpu_mode = v[CPU_MODE];
	i->cpu_model = trim(v[CPU_MODEL]);
}

/* As libvirt: a relative path has no meaning on a host. */
static int check_paths(struct ccg_ctx *ctx, const char *what,
		       const struct ccg_domain *d)
{
	static const int paths[] = { LOADER, KERNEL, INITRD };
	const char *path;

	for (size_t i = 0; i < ARRAY_SIZE(paths); i++) {
		path = d->values[paths[i]];
		if (path && *path && *path != '/')
			return ccg_fail(ctx, -EBADMSG, CCG_FAILED, what,
					"%s: expected an absolute path",
					places[paths[i]].path);
	}
	return 0;
}

static int parse_values(struct ccg_ctx *ctx, const char *what,
			struct ccg_domain *d)
{
	take_values(d);
	if (parse_policy(d))
		return ccg_fail(ctx, -EBADMSG, CCG_FAILED, what,
				"launchSecurity/policy: expected a hexadecimal number");
	if (parse_cpus(d))
		return ccg_fail(ctx, -EBADMSG, CCG_FAILED, what,
				"vcpu: expected a number of virtual CPUs");
	return check_paths(ctx, what, d);
}

int ccg_domain_parse(struct ccg_ctx *ctx, const char *what, const uint8_t *xml,
		     size_t len, struct ccg_domain **dp)
{
	struct ccg_domain *d = calloc(1, sizeof(*d));
	struct sev_xml_fault fault;
	int rc;

	if (!d)
		return ccg_fail_errno(ctx, -ENOMEM, what);
	rc = ccg_sev_xml_read(xml, len, "domain", places, d->values, N_VALUES,
			      &fault);
	if (rc)
		fail_xml(ctx, rc, what, &fault);
	else
		rc = parse_values(ctx, what, d);
	if (rc) {
		ccg_domain_free(d);
		return rc;
	}
	*dp = d;
	return 0;
}

void ccg_domain_free(struct ccg_domain *d)
{
	if (d)
		sev_xml_free(d->values, N_VALUES);
	free(d);
}

const struct ccg_domain_info *ccg_domain_info(const struct ccg_domain *d)
{
	return &d->info;
}

/* ---- findings ---- */

static bool is_sev(const struct ccg_domain_info *i)
{
	return i->security == CCG_DOMAIN_SEV;
}

static bool is_encrypted_state(const struct ccg_domain_info *i)
{
	return i->security == CCG_DOMAIN_SNP ||
	       (is_sev(i) && i->policy & CCG_SEV_POLICY_ES);
}

static bool no_security(const struct ccg_domain_info *i)
{
	return i->security == CCG_DOMAIN_PLAIN;
}

static bool no_cert(const struct ccg_domain_info *i)
{
	return is_sev(i) && !i->has_cert;
}

static bool no_session(const struct ccg_domain_info *i)
{
	return is_sev(i) && !i->has_session;
}

static bool no_loader(const struct ccg_domain_info *i)
{
	return !i->loader;
}

static bool hashes_of_nothing(const struct ccg_domain_info *i)
{
	return i->kernel_hashes && !i->kernel;
}

static bool smm_is_impossible(const struct ccg_domain_info *i)
{
	return is_encrypted_state(i) && i->needs_smm;
}

static bool has_store(const struct ccg_domain_info *i)
{
	return i->has_store;
}

static bool kernel_is_free(const struct ccg_domain_info *i)
{
	return !i->kernel_hashes && (i->kernel || i->initrd || i->cmdline);
}

static bool store_may_come(const struct ccg_domain_info *i)
{
	return i->is_pflash && !i->has_store && !i->is_stateless;
}

static bool snp_in_flash(const struct ccg_domain_info *i)
{
	return i->security == CCG_DOMAIN_SNP && i->is_pflash;
}

static bool has_qemu_args(const struct ccg_domain_info *i)
{
	return i->has_qemu_args;
}

static const struct {
	bool (*applies)(const struct ccg_domain_info *i);
	struct ccg_domain_finding finding;
} checks[] = {
	{ no_security, { CCG_DOMAIN_UNFIT, "launchSecurity",
		"the type is neither sev nor sev-snp: nothing is measured" } },
	{ no_cert, { CCG_DOMAIN_UNFIT, "launchSecurity/dhCert",
		"is missing: the host makes the keys of the session" } },
	{ no_session, { CCG_DOMAIN_UNFIT, "launchSecurity/session",
		"is missing: the host makes the keys of the session" } },
	{ no_loader, { CCG_DOMAIN_UNFIT, "os/loader",
		"is missing: the host chooses the firmware" } },
	{ hashes_of_nothing, { CCG_DOMAIN_UNFIT, "launchSecurity/@kernelHashes",
		"there is no kernel to measure" } },
	{ smm_is_impossible, { CCG_DOMAIN_UNFIT, "features/smm",
		"SEV-ES and SNP have no System Management Mode" } },
	{ has_store, { CCG_DOMAIN_INSECURE, "os/nvram",
		"the firmware's variables are not measured" } },
	{ kernel_is_free, { CCG_DOMAIN_INSECURE, "os/kernel",
		"kernel, initrd and command line are not measured: kernelHashes is not yes" } },
	{ store_may_come, { CCG_DOMAIN_NOTE, "os/loader",
		"without stateless='yes', libvirt may add variables, which are not measured" } },
	{ snp_in_flash, { CCG_DOMAIN_NOTE, "os/loader",
		"QEMU takes the firmware of SNP with type='rom'" } },
	{ has_qemu_args, { CCG_DOMAIN_NOTE, "qemu:commandline",
		"the effect of QEMU's arguments is not known" } },
};

bool ccg_domain_finding(const struct ccg_domain *d, size_t n,
			struct ccg_domain_finding *f)
{
	for (size_t i = 0; i < ARRAY_SIZE(checks); i++) {
		if (!checks[i].applies(&d->info) || n--)
			continue;
		*f = checks[i].finding;
		return true;
	}
	return false;
}

bool ccg_domain_form(const char *machine, enum ccg_vmsa_form *form)
{
	static const char *const families[] = { "pc-q35-", "pc-i440fx-" };
	uint64_t major, minor;
	const char *p = NULL;

	for (size_t i = 0; machine && !p && i < ARRAY_SIZE(families); i++)
		if (!strncmp(machine, families[i], strlen(families[i])))
			p = machine + strlen(families[i]);
	if (!p || ccg_parse_number(p, 10, 999, &major, &p) || *p++ != '.' ||
	    ccg_parse_number(p, 10, 999, &minor, NULL))
		return false;
	/* QEMU's legacy-vm-type is on for machines up to 9.0. */
	*form = major > 9 || (major == 9 && minor > 0) ? CCG_VMSA_INIT2 :
		CCG_VMSA_LEGACY;
	return true;
}

/* ---- the host ---- */

int ccg_domain_host_cpu(struct ccg_ctx *ctx, const uint8_t *xml, size_t len,
			char cpu[CCG_DOMAIN_CPU_TEXT])
{
	static const struct sev_xml_place signature[] = {
		{ .path = "host/cpu/signature", .attr = "family" },
		{ .path = "host/cpu/signature", .attr = "model" },
		{ .path = "host/cpu/signature", .attr = "stepping" },
	};
	static const char what[] = "capabilities of the host";
	uint64_t numbers[ARRAY_SIZE(signature)];
	char *values[ARRAY_SIZE(signature)];
	struct sev_xml_fault fault;
	int rc;

	rc = ccg_sev_xml_read(xml, len, "capabilities", signature, values,
			      ARRAY_SIZE(signature), &fault);
	if (rc)
		fail_xml(ctx, rc, what, &fault);
	for (size_t i = 0; !rc && i < ARRAY_SIZE(signature); i++)
		if (!values[i] || ccg_parse_number(values[i], 10, UINT16_MAX,
						   &numbers[i], NULL)) {
			ccg_fail(ctx, -ENODATA, CCG_FAILED, what,
				 "host/cpu/signature: is missing or malformed");
			rc = -ENODATA;
		}
	sev_xml_free(values, ARRAY_SIZE(signature));
	if (!rc)
		snprintf(cpu, CCG_DOMAIN_CPU_TEXT, "%u/%u/%u",
			 (unsigned int)numbers[0], (unsigned int)numbers[1],
			 (unsigned int)numbers[2]);
	return rc;
}
