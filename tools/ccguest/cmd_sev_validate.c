// SPDX-License-Identifier: GPL-2.0-only
/*
 * ccguest sev validate
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <ccguest/file.h>
#include <ccguest/launch.h>
#include <ccguest/text.h>

#include "cmd_sev.h"
#include "cmd_sev_launch.h"

enum { VALIDATE_DIGEST = N_LAUNCH, VALIDATE_MEASUREMENT };

static const struct opt validate_opts[] = {
	LAUNCH_OPTS,
	[VALIDATE_DIGEST] = {
		"digest", 0, "HEX",
		"the reported launch digest, hex or base64; @FILE reads a file"
	},
	[VALIDATE_MEASUREMENT] = {
		"measurement", 0, "BASE64",
		"the reported MAC and nonce, hex or base64; @FILE reads a file"
	},
};

/* Length of a measurement: MAC and nonce. */
#define MEASUREMENT_LEN	(CCG_SEV_DIGEST_LEN + CCG_SEV_NONCE_LEN)

/**
 * struct reported - the value that a host reported
 * @bytes: launch digest, or MAC and nonce
 * @len: length of the value in bytes
 * @is_mac: the value is a MAC
 */
struct reported {
	uint8_t bytes[CCG_SNP_DIGEST_LEN];
	size_t len;
	bool is_mac;
};

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

static int read_reported(struct cmd *cmd, enum ccg_launch_kind kind,
			 struct reported *r)
{
	const char *digest = cmd->opt[VALIDATE_DIGEST];
	const char *mac = cmd->opt[VALIDATE_MEASUREMENT];
	const char *text = mac ? mac : digest;

	if (!text || (digest && mac))
		return usage_error(cmd, cmd->argv[0],
				   "give one of --digest and --measurement");
	if (mac && kind == CCG_LAUNCH_SNP)
		return usage_error(cmd, mac, "SNP reports a digest: use --digest");
	if (mac && !cmd->opt[LAUNCH_TIK])
		return usage_error(cmd, mac, "--measurement needs --tik");
	if (digest && cmd->opt[LAUNCH_TIK])
		return usage_error(cmd, digest, "--tik is for --measurement");
	r->is_mac = mac;
	r->len = mac ? MEASUREMENT_LEN : ccg_launch_digest_len(kind);
	if (*text == '@')
		return sev_load_bytes(cmd, text + 1, r->bytes, r->len);
	if (sev_bytes(text, r->bytes, r->len))
		return 0;
	return usage_error(cmd, text, mac ?
			   "a measurement has 48 bytes, in hex or base64" :
			   "has the wrong length for a launch digest, or is neither hex nor base64");
}

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

static void print_text(const struct reported *rep,
		       const struct ccg_launch_result *r, size_t len)
{
	const char *head = "matches";
	char *text;

	print_value("reported", rep->bytes, len);
	print_value("computed", r->value, len);
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

static void print_json(const struct cmd *cmd, const struct reported *rep,
		       const struct ccg_launch_opts *opts,
		       const struct ccg_launch *l,
		       const struct ccg_launch_result *r, size_t len)
{
	struct json_object *o = out_json(cmd);

	sev_json_launch(o, opts, l);
	out_json_bool(o, "matches", r->matches);
	out_json_str(o, "compared", rep->is_mac ? "mac" : "digest");
	sev_json_bytes(o, "reported", rep->bytes, len);
	sev_json_bytes(o, "computed", r->value, len);
	out_json_bool(o, "found", r->found);
	json_changes(o, r);
	out_json_int(o, "n_tried", r->n_tried);
	out_json_print(cmd, o);
}

static int print_verdict(struct cmd *cmd, const struct reported *rep,
			 const struct ccg_launch_opts *opts,
			 const struct ccg_launch *l,
			 const struct ccg_launch_result *r)
{
	const char *what = rep->is_mac ? "measurement" : "launch digest";
	size_t len = ccg_launch_digest_len(opts->kind);

	if (cmd->json)
		print_json(cmd, rep, opts, l, r, len);
	else if (r->matches)
		out_result("OK: the %s is that of the launch as described", what);
	else if (!out_quiet())
		print_text(rep, r, len);
	if (r->matches)
		return 0;
	out_error(what, "is not that of the launch as described", r->found ?
		  "a variant of the launch has the reported value" :
		  "compare firmware, kernel, initrd, command line and policy with the host's");
	return CCG_UNVERIFIED;
}

/* The nonce comes with the MAC; --nonce says which nonce the caller expects. */
static int use_nonce(const struct cmd *cmd, const struct reported *rep,
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

static int validate(struct cmd *cmd, const struct ccg_launch_opts *opts,
		    struct ccg_launch *l)
{
	struct ccg_launch_result r;
	struct ccg_launch_key key;
	struct reported rep = {};
	uint8_t *tik = NULL;
	int status = read_reported(cmd, opts->kind, &rep);

	if (!status)
		status = sev_launch_key(cmd, opts->kind, false, &key, &tik);
	if (!status && rep.is_mac)
		status = use_nonce(cmd, &rep, &key);
	if (!status && ccg_launch_compare(l, rep.is_mac ? &key : NULL,
					  rep.bytes, &r))
		status = fail(cmd);
	ccg_secret_free(tik);
	return status ? status : print_verdict(cmd, &rep, opts, l, &r);
}

static int run_validate(struct cmd *cmd)
{
	struct ccg_launch_opts opts;
	struct ccg_launch *l;
	int status = sev_launch_open(cmd, false, &opts, &l);

	if (status)
		return status;
	status = validate(cmd, &opts, l);
	ccg_launch_close(l);
	return status;
}

const struct verb sev_validate = {
	.name = "validate",
	.args = "sev|sev-es|snp",
	.summary = "Compares a launch with a reported measurement",
	.text =
"If the values differ, variants of the launch are tried, and the variant that\n"
"has the reported value is printed. The exit status is then 5.\n",
	.opts = validate_opts,
	.n_opts = ARRAY_SIZE(validate_opts),
	.min_args = 1,
	.max_args = 1,
	.run = run_validate,
};
