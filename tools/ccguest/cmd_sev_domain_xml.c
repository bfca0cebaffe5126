// SPDX-License-Identifier: GPL-2.0-only
/*
 * ccguest sev domain: from the XML of libvirt to the description of a launch
 *
 * The XML is the word of the host. The owner says with options what the guest
 * must be. A value that only the XML has is a doubt, unless --trust-xml says
 * that the owner wrote the XML. Doubts end the command, unless --insecure
 * accepts them.
 */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <ccguest/file.h>
#include <ccguest/sev.h>
#include <ccguest/text.h>

#include "cmd_sev_domain.h"

static void doubt(struct sev_domain *d, const char *place, const char *text)
{
	struct json_object *item = out_json_item(d->doubts);

	out_json_str(item, "place", place);
	out_json_str(item, "text", text);
	d->n_doubts++;
	if (d->cmd->opt[DOMAIN_INSECURE])
		out_note("insecure: %s: %s", place, text);
	else
		out_error(place, text, NULL);
}

/* ---- reading ---- */

static int read_xml(struct sev_domain *d)
{
	struct ccg_ctx *ctx = d->cmd->ctx;
	uint8_t *xml;
	char *text;
	size_t len;
	int status = 0;

	if (d->virsh.name) {
		status = sev_virsh_xml(&d->virsh, &text, &len);
		xml = (uint8_t *)text;
	} else if (ccg_file_load(ctx, d->source, CCG_DOMAIN_MAX, &xml, &len)) {
		status = fail(d->cmd);
	}
	if (status)
		return status;
	if (ccg_domain_parse(ctx, d->source, xml, len, &d->xml))
		status = fail(d->cmd);
	free(xml);
	if (!status)
		d->info = ccg_domain_info(d->xml);
	return status;
}

static int ask_host(struct sev_domain *d)
{
	int status = sev_virsh_is_local(&d->virsh, &d->is_local);

	if (!status && d->is_local)
		doubt(d, "host",
		      "this machine runs the guest, and can forge this verdict: verify on a machine that you trust");
	return status;
}

/* The guest must wait for the verdict. A SNP guest is verified when it runs. */
static int ask_state(struct sev_domain *d)
{
	enum sev_guest_state state;
	int status;

	if (d->info->security == CCG_DOMAIN_SNP)
		return 0;
	status = sev_virsh_state(&d->virsh, &state);
	if (status)
		return status;
	if (state == SEV_GUEST_OFF) {
		out_error(d->source, "the guest is shut off",
			  "start it with virsh start --paused");
		return CCG_FAILED;
	}
	if (state == SEV_GUEST_RUNS)
		doubt(d, "state", "the guest is not paused: it can run before it is verified");
	return sev_virsh_report(&d->virsh, &d->report);
}

int sev_domain_read(struct sev_domain *d)
{
	int status = 0;

	d->doubts = out_json_have(json_object_new_array());
	if (d->virsh.name)
		status = ask_host(d);
	if (!status)
		status = read_xml(d);
	if (!status && d->virsh.name)
		status = ask_state(d);
	return status;
}

void sev_domain_end(struct sev_domain *d)
{
	for (size_t i = 0; i < d->n_made; i++)
		free(d->made[i]);
	json_object_put(d->doubts);
	ccg_domain_free(d->xml);
}

/* ---- the description ---- */

/* Reports every fault; the exit status is that of the worst. */
static int check_config(struct sev_domain *d)
{
	struct ccg_domain_finding f;
	bool unfit = false;

	if (d->cmd->opt[DOMAIN_IGNORE_CONFIG])
		return 0;
	for (size_t i = 0; ccg_domain_finding(d->xml, i, &f); i++) {
		if (f.weight == CCG_DOMAIN_INSECURE)
			doubt(d, f.place, f.text);
		else if (f.weight == CCG_DOMAIN_NOTE)
			out_note("%s: %s", f.place, f.text);
		else
			out_error(f.place, f.text, NULL);
		unfit |= f.weight == CCG_DOMAIN_UNFIT;
	}
	if (!unfit)
		return 0;
	out_error(d->source, "this guest can not be verified",
		  "--ignore-config skips the checks of the configuration");
	return CCG_FAILED;
}

/* Keeps a text as the argument of an option. */
__printf(3, 4)
static void put(struct sev_domain *d, size_t opt, const char *fmt, ...)
{
	va_list ap;
	char *text;

	if (d->told.opt[opt])
		return;
	va_start(ap, fmt);
	if (vasprintf(&text, fmt, ap) < 0)
		out_no_memory();
	va_end(ap);
	d->made[d->n_made++] = text;
	d->told.opt[opt] = text;
}

/* Takes the value of an option from the XML, if the owner did not give it. */
static void take(struct sev_domain *d, size_t opt, const char *place,
		 const char *value)
{
	char text[128];

	if (d->told.opt[opt] || !value)
		return;
	d->told.opt[opt] = value;
	if (d->cmd->opt[DOMAIN_TRUST_XML])
		return;
	snprintf(text, sizeof(text),
		 "comes from the XML: give --%s, as you expect it",
		 d->cmd->verb->opts[opt].name);
	doubt(d, place, text);
}

/* As take(), for a file: a path in the XML is one of the host. */
static int take_file(struct sev_domain *d, size_t opt, const char *place,
		     const char *path)
{
	bool given = d->told.opt[opt];

	take(d, opt, place, path);
	if (given || !path || !d->virsh.name || d->is_local ||
	    !d->cmd->opt[DOMAIN_INSECURE])
		return 0;
	return sev_bad_option(d->cmd, opt,
			      "is required: the XML names a file of another machine");
}

static int describe_kernel(struct sev_domain *d)
{
	const struct ccg_domain_info *i = d->info;
	const char *cmdline = i->cmdline;
	bool given = d->told.opt[LAUNCH_KERNEL] || d->told.opt[LAUNCH_INITRD] ||
		     d->told.opt[LAUNCH_CMDLINE];
	int status;

	if (!i->kernel_hashes) {
		if (!given || d->cmd->opt[DOMAIN_IGNORE_CONFIG])
			return 0;
		return usage_error(d->cmd, "--kernel",
				   "the host does not measure the kernel: kernelHashes is not yes");
	}
	status = take_file(d, LAUNCH_KERNEL, "os/kernel", i->kernel);
	if (!status)
		status = take_file(d, LAUNCH_INITRD, "os/initrd", i->initrd);
	/* An argument that begins with @ would name a file. */
	if (!status && !d->told.opt[LAUNCH_CMDLINE] && cmdline && *cmdline == '@')
		status = usage_error(d->cmd, "--cmdline",
				     "is required: the command line in the XML begins with @");
	if (!status)
		take(d, LAUNCH_CMDLINE, "os/cmdline", cmdline);
	return status;
}

/* Guests with the processor of the host have its signature. */
static int take_host_cpu(struct sev_domain *d)
{
	char cpu[CCG_DOMAIN_CPU_TEXT];
	int status;

	doubt(d, "capabilities", "the processor comes from the host: give --cpu, as you expect it");
	if (!d->cmd->opt[DOMAIN_INSECURE])
		return 0;
	status = sev_virsh_cpu(&d->virsh, cpu);
	if (!status)
		put(d, LAUNCH_CPU, "%s", cpu);
	return status;
}

static int describe_cpus(struct sev_domain *d)
{
	const struct ccg_domain_info *i = d->info;
	bool of_host = i->cpu_mode && !strcmp(i->cpu_mode, "host-passthrough");
	char number[16];
	enum ccg_vmsa_form form;
	int status = 0;

	if (d->kind == CCG_LAUNCH_SEV)
		return 0;
	snprintf(number, sizeof(number), "%u", i->cpus);
	if (!d->told.opt[LAUNCH_CPUS]) {
		put(d, LAUNCH_CPUS, "%s", number);
		if (!d->cmd->opt[DOMAIN_TRUST_XML])
			doubt(d, "vcpu", "comes from the XML: give --cpus, as you expect it");
	}
	if (!d->told.opt[LAUNCH_CPU] && !d->told.opt[LAUNCH_VMSA_CPU0]) {
		if (of_host && d->virsh.name)
			status = take_host_cpu(d);
		else if (!of_host)
			take(d, LAUNCH_CPU, "cpu/model", i->cpu_model);
	}
	if (d->kind == CCG_LAUNCH_SEV_ES && ccg_domain_form(i->machine, &form))
		put(d, LAUNCH_VMSA, "%s", form == CCG_VMSA_LEGACY ? "legacy" :
		    "init2");
	return status;
}

/* The MAC covers these values: a wrong one does not match. */
static void describe_platform(struct sev_domain *d)
{
	const struct ccg_domain_report *r = &d->report;
	char text[CCG_BASE64_TEXT(sizeof(r->measurement))];

	if (d->told.opt[DOMAIN_TK])
		d->told.opt[LAUNCH_TIK] = d->told.opt[DOMAIN_TK];
	if (d->told.opt[DOMAIN_DIGEST])
		return;
	if (r->has_platform) {
		put(d, LAUNCH_API, "%u.%u", r->api_major, r->api_minor);
		put(d, LAUNCH_BUILD, "%u", r->build);
	}
	if (r->has_measurement) {
		ccg_base64(r->measurement, sizeof(r->measurement), text);
		put(d, DOMAIN_MEASUREMENT, "%s", text);
	}
}

static int describe_policy(struct sev_domain *d)
{
	const char *text = d->told.opt[LAUNCH_POLICY];
	uint32_t policy = d->info->policy;

	if (text && ccg_sev_policy_parse(d->cmd->ctx, text, &policy))
		return fail(d->cmd);
	if (!text && d->report.has_platform)
		policy = d->report.policy;
	else if (!text && !d->info->has_policy)
		return usage_error(d->cmd, "--policy", "is required");
	if (d->info->has_policy && policy != d->info->policy)
		out_note("launchSecurity/policy: 0x%llx, not 0x%x",
			 (unsigned long long)d->info->policy, policy);
	if (!d->told.opt[DOMAIN_DIGEST])
		put(d, LAUNCH_POLICY, "0x%x", policy);
	d->kind = policy & CCG_SEV_POLICY_ES ? CCG_LAUNCH_SEV_ES :
		  CCG_LAUNCH_SEV;
	return 0;
}

/* An ID block names the digest that the processor must measure. */
static int describe_id_block(struct sev_domain *d)
{
	uint8_t block[CCG_IDBLOCK_LEN], auth[CCG_IDAUTH_LEN];
	char hex[2 * CCG_SNP_DIGEST_LEN + 1];
	const char *why;
	size_t len;

	if (!d->info->id_block)
		return 0;
	why = "expected 96 bytes in base64";
	if (!ccg_unbase64(d->info->id_block, block, sizeof(block), &len) &&
	    len == sizeof(block))
		why = d->info->id_auth ? "expected an ID authentication of 4096 bytes in base64" :
		      "is without an ID authentication";
	if (d->info->id_auth && len == sizeof(block) &&
	    !ccg_unbase64(d->info->id_auth, auth, sizeof(auth), &len) &&
	    len == sizeof(auth))
		why = ccg_idblock_verify(block, auth);
	if (why) {
		out_error("launchSecurity/idBlock", why, NULL);
		return CCG_UNVERIFIED;
	}
	if (d->told.opt[DOMAIN_DIGEST])
		return 0;
	ccg_hex(block, CCG_SNP_DIGEST_LEN, hex);
	put(d, DOMAIN_DIGEST, "%s", hex);
	/* A signature of whatever key: the host can have made this ID block. */
	if (!d->cmd->opt[DOMAIN_TRUST_XML])
		doubt(d, "launchSecurity/idBlock",
		      "comes from the XML: give --digest, from a report of the guest");
	return 0;
}

static int describe_kind(struct sev_domain *d)
{
	if (d->info->security != CCG_DOMAIN_SNP) {
		describe_platform(d);
		return describe_policy(d);
	}
	d->kind = CCG_LAUNCH_SNP;
	if (d->told.opt[DOMAIN_SECRET] || d->told.opt[DOMAIN_TK] ||
	    d->told.opt[DOMAIN_TEK])
		return usage_error(d->cmd, d->source,
				   "a SNP guest takes no secrets at its launch: send them after its attestation");
	return describe_id_block(d);
}

int sev_domain_describe(struct sev_domain *d)
{
	int status = check_config(d);

	d->told = *d->cmd;
	if (!status)
		status = describe_kind(d);
	if (!status)
		status = sev_kind_opts(&d->told, d->kind);
	if (!status)
		status = take_file(d, LAUNCH_FIRMWARE, "os/loader",
				   d->info->loader);
	if (!status)
		status = describe_kernel(d);
	if (!status)
		status = describe_cpus(d);
	if (status || !d->n_doubts || d->cmd->opt[DOMAIN_INSECURE])
		return status;
	out_error(d->source, "the launch can not be verified in this way",
		  "--insecure accepts what the messages above name");
	return CCG_FAILED;
}
