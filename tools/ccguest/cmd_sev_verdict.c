// SPDX-License-Identifier: GPL-2.0-only
/*
 * ccguest sev: the result of comparing a launch with a reported value, for
 * validate and launch
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <ccguest/text.h>

#include "cmd_sev_launch.h"
#include "cmd_sev_verdict.h"

/**
 * struct change - an input that the search varies
 * @varies: its bit in struct ccg_launch_variant
 * @name: its name
 * @tried: the variants that the search tries, in words
 */
struct change {
	unsigned int varies;
	const char *name;
	const char *tried;
};

static const struct change changes[] = {
	{ CCG_VARIES_FIRMWARE, "firmware", "firmware without its variables" },
	{ CCG_VARIES_VMM, "vmm", "other VMMs" },
	{ CCG_VARIES_KERNEL, "kernel", "kernel not measured" },
	{ CCG_VARIES_INITRD, "initrd", "no initrd" },
	{ CCG_VARIES_CMDLINE, "cmdline",
	  "command line without a NUL, empty command line" },
	{ CCG_VARIES_FORM, "vmsa", "both forms of a VMSA" },
	{ CCG_VARIES_FEATURES, "features", "usual values of SEV_FEATURES" },
	{ CCG_VARIES_CPU, "cpu", "all known processors" },
	{ CCG_VARIES_CPUS, "cpus", "1 to 512 virtual CPUs" },
};

/* Prints the options that describe a change. */
static void describe(FILE *f, const struct ccg_launch_variant *v,
		     unsigned int change)
{
	char *features;

	switch (change) {
	case CCG_VARIES_FIRMWARE:
		fputs("--firmware with the code only: the file without the variables at its start",
		      f);
		break;
	case CCG_VARIES_VMM:
		fprintf(f, "--vmm %s", ccg_vmm_name(v->vmm));
		break;
	case CCG_VARIES_KERNEL:
		fputs("no --kernel: the host does not measure the kernel (kernel-hashes=off)",
		      f);
		break;
	case CCG_VARIES_INITRD:
		fputs("no --initrd", f);
		break;
	case CCG_VARIES_CMDLINE:
		fputs(v->cmdline == CCG_CMDLINE_BARE ?
		      "a command line that is hashed without its NUL" :
		      "--cmdline '': an empty command line", f);
		break;
	case CCG_VARIES_FORM:
		fputs(v->form == CCG_VMSA_LEGACY ?
		      "--vmsa legacy: QEMU's machine types up to 9.0" :
		      "--vmsa init2: QEMU's machine types since 9.1", f);
		break;
	case CCG_VARIES_FEATURES:
		features = sev_features_text(v->features);
		fprintf(f, "--features %s", features);
		free(features);
		break;
	case CCG_VARIES_CPU:
		fprintf(f, "--cpu sig:0x%08x", v->rdx);
		if (v->cpu)
			fprintf(f, ": %s", v->cpu);
		break;
	case CCG_VARIES_CPUS:
		fprintf(f, "--cpus %u", v->cpus);
		break;
	}
}

static char *description(const struct ccg_launch_variant *v,
			 unsigned int change)
{
	size_t len = 0;
	char *text = NULL;
	FILE *f = open_memstream(&text, &len);

	if (!f)
		out_no_memory();
	describe(f, v, change);
	if (fclose(f))
		out_no_memory();
	return text;
}

static void print_value(const char *what, const uint8_t *p, size_t len)
{
	char hex[2 * CCG_SNP_DIGEST_LEN + 1];

	ccg_hex(p, len, hex);
	printf("%-9s %s\n", what, hex);
}

static void print_text(const struct sev_reported *rep,
		       const struct ccg_launch_result *r)
{
	const char *head = "matches";
	char *text;

	print_value("reported", rep->bytes, rep->value_len);
	print_value("computed", r->value, rep->value_len);
	for (size_t i = 0; i < ARRAY_SIZE(changes); i++) {
		if (!r->found || !(r->variant.varies & changes[i].varies))
			continue;
		text = description(&r->variant, changes[i].varies);
		printf("%-9s %s\n", head, text);
		free(text);
		head = "";
	}
	if (r->found)
		return;
	printf("%-9s %zu variants\n", "tried", r->n_tried);
	for (size_t i = 0; i < ARRAY_SIZE(changes); i++)
		if (r->tried & changes[i].varies)
			printf("%-9s %s\n", "", changes[i].tried);
}

static void json_changes(struct json_object *o,
			 const struct ccg_launch_result *r)
{
	struct json_object *array = out_json_array(o, "changes"), *item;
	char *text;

	for (size_t i = 0; i < ARRAY_SIZE(changes); i++) {
		if (!r->found || !(r->variant.varies & changes[i].varies))
			continue;
		text = description(&r->variant, changes[i].varies);
		item = out_json_item(array);
		out_json_str(item, "input", changes[i].name);
		out_json_str(item, "text", text);
		free(text);
	}
	array = out_json_array(o, "tried");
	for (size_t i = 0; i < ARRAY_SIZE(changes); i++)
		if (r->tried & changes[i].varies)
			out_json_str(array, NULL, changes[i].name);
}

void sev_json_verdict(struct json_object *o, const struct sev_reported *rep,
		      const struct ccg_launch_result *r)
{
	out_json_bool(o, "matches", r->matches);
	out_json_str(o, "compared", rep->is_mac ? "mac" : "digest");
	sev_json_bytes(o, "reported", rep->bytes, rep->value_len);
	sev_json_bytes(o, "computed", r->value, rep->value_len);
	out_json_bool(o, "found", r->found);
	json_changes(o, r);
	out_json_int(o, "n_tried", r->n_tried);
}

static const char *name_of(const struct sev_reported *rep)
{
	return rep->is_mac ? "measurement" : "launch digest";
}

int sev_verdict_fail(const struct sev_reported *rep,
		     const struct ccg_launch_result *r)
{
	static const char of_digest[] =
		"compare firmware, kernel, initrd and command line with the host's";
	static const char of_mac[] =
		"compare what you gave with the host: also policy, API, build, key";

	out_error(name_of(rep), "is not that of the launch as described",
		  r->found ? "a variant of the launch has the reported value" :
		  rep->is_mac ? of_mac : of_digest);
	return CCG_UNVERIFIED;
}

int sev_verdict(const struct sev_reported *rep,
		const struct ccg_launch_result *r)
{
	if (r->matches) {
		out_result("OK: the %s is that of the launch as described",
			   name_of(rep));
		return 0;
	}
	if (!out_quiet())
		print_text(rep, r);
	return sev_verdict_fail(rep, r);
}

int sev_use_nonce(const struct cmd *cmd, const struct sev_reported *rep,
		  struct ccg_launch_key *key)
{
	const uint8_t *nonce = rep->bytes + CCG_SEV_DIGEST_LEN;

	if (cmd->opt[LAUNCH_NONCE] &&
	    memcmp(key->nonce, nonce, CCG_SEV_NONCE_LEN)) {
		out_error("measurement", "has another nonce than --nonce", NULL);
		return CCG_UNVERIFIED;
	}
	memcpy(key->nonce, nonce, CCG_SEV_NONCE_LEN);
	return 0;
}
