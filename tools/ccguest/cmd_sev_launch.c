// SPDX-License-Identifier: GPL-2.0-only
/*
 * ccguest sev: the description of a launch, for measure and validate
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <ccguest/file.h>
#include <ccguest/launch.h>
#include <ccguest/sev.h>
#include <ccguest/text.h>

#include "cmd_sev_launch.h"

static const char *const kinds[] = {
	[CCG_LAUNCH_SEV] = "sev",
	[CCG_LAUNCH_SEV_ES] = "sev-es",
	[CCG_LAUNCH_SNP] = "snp",
};

/* The options that are not for SEV, SEV-ES, SNP: 1. */
static const bool is_foreign[N_LAUNCH][ARRAY_SIZE(kinds)] = {
	[LAUNCH_FIRMWARE_DIGEST] = { 1, 1, 0 },
	[LAUNCH_CPUS] = { 1, 0, 0 },
	[LAUNCH_CPU] = { 1, 0, 0 },
	[LAUNCH_VMM] = { 1, 0, 0 },
	[LAUNCH_FEATURES] = { 1, 0, 0 },
	[LAUNCH_VMSA] = { 1, 0, 1 },
	[LAUNCH_VMSA_CPU0] = { 1, 0, 0 },
	[LAUNCH_VMSA_CPU1] = { 1, 0, 0 },
	[LAUNCH_API] = { 0, 0, 1 },
	[LAUNCH_BUILD] = { 0, 0, 1 },
	[LAUNCH_POLICY] = { 0, 0, 1 },
	[LAUNCH_TIK] = { 0, 0, 1 },
	[LAUNCH_NONCE] = { 0, 0, 1 },
};

const char *sev_kind_name(enum ccg_launch_kind kind)
{
	return kinds[kind];
}

int sev_bad_option(struct cmd *cmd, size_t opt, const char *why)
{
	char name[64];

	snprintf(name, sizeof(name), "--%s", cmd->verb->opts[opt].name);
	return usage_error(cmd, name, why);
}

int sev_check_snp_policy(struct cmd *cmd, size_t opt, uint64_t policy)
{
	return policy & SEV_SNP_POLICY_ONE ? 0 :
	       sev_bad_option(cmd, opt,
			      "bit 17 (0x20000) must be 1: KVM refuses such a guest");
}

int sev_kind_parse(struct cmd *cmd, const char *name,
		   enum ccg_launch_kind *kind)
{
	size_t k = 0;

	while (k < ARRAY_SIZE(kinds) && strcmp(name, kinds[k]))
		k++;
	if (k == ARRAY_SIZE(kinds))
		return usage_error(cmd, name, "expected sev, sev-es or snp");
	*kind = k;
	return 0;
}

int sev_kind_opts(struct cmd *cmd, enum ccg_launch_kind kind)
{
	for (size_t i = 0; i < N_LAUNCH; i++)
		if (cmd->opt[i] && is_foreign[i][kind])
			return sev_bad_option(cmd, i,
					      "is not an option for this kind of guest");
	return 0;
}

static bool is_hex(const char *text)
{
	return strspn(text, "0123456789abcdefABCDEF") == strlen(text);
}

bool sev_bytes(const char *text, uint8_t *buf, size_t len)
{
	size_t n;
	int rc = is_hex(text) ? ccg_unhex(text, buf, len, &n) :
				ccg_unbase64(text, buf, len, &n);

	return !rc && n == len;
}

char *sev_join_lines(const uint8_t *p, size_t len)
{
	char *text = out_alloc(NULL, len + 1);
	size_t n = 0;

	for (size_t i = 0; i < len; i++)
		if (!p[i] || !strchr(" \t\r\n", p[i]))
			text[n++] = p[i] ? p[i] : '?';
	text[n] = '\0';
	return text;
}

int sev_load_bytes(struct cmd *cmd, const char *path, uint8_t *buf, size_t len)
{
	char why[96], *text;
	uint8_t *file;
	size_t n;
	bool good;

	if (ccg_file_load(cmd->ctx, path, SEV_TEXT_MAX(len), &file, &n))
		return fail(cmd);
	text = sev_join_lines(file, n);
	good = n == len;
	if (good)
		memcpy(buf, file, len);
	else
		good = sev_bytes(text, buf, len);
	free(file);
	free(text);
	if (good)
		return 0;
	snprintf(why, sizeof(why), "expected %zu bytes, or their base64 or hexadecimal text",
		 len);
	out_error(path, why, NULL);
	return CCG_FAILED;
}

int sev_parse_number(struct cmd *cmd, size_t opt, uint64_t max, uint64_t *n)
{
	const char *text = cmd->opt[opt];

	if (!text || !ccg_parse_number(text, 0, max, n, NULL))
		return 0;
	return usage_error(cmd, text, "is not a number, or too large");
}

static int parse_cpu(struct cmd *cmd, const char *text, bool need,
		     struct ccg_vmsa *v)
{
	bool fixed = ccg_vmm_rdx(v->vmm, &v->rdx);

	if (!text)
		return fixed || !need ? 0 :
		       usage_error(cmd, "--cpu", "is required");
	if (fixed && strncmp(text, "sig:", 4))
		return usage_error(cmd, text,
				   "this VMM ignores the processor; sig:0x... sets another RDX");
	return ccg_cpu_parse(cmd->ctx, text, &v->rdx) ? fail(cmd) : 0;
}

int sev_vmsa_opts(struct cmd *cmd, size_t first, bool need_cpu,
		  struct ccg_vmsa *v)
{
	const char *vmm = cmd->opt[first + 1], *form = cmd->opt[first + 3];
	int rc = vmm ? ccg_vmm_by_name(vmm) : CCG_VMM_QEMU;

	if (rc < 0)
		return usage_error(cmd, vmm, "expected qemu, krun, ec2 or gce");
	v->vmm = rc;
	if (form && !strcmp(form, "legacy"))
		v->form = CCG_VMSA_LEGACY;
	else if (form && strcmp(form, "init2"))
		return usage_error(cmd, form, "expected legacy or init2");
	rc = sev_parse_number(cmd, first + 2, UINT64_MAX, &v->features);
	return rc ? rc : parse_cpu(cmd, cmd->opt[first], need_cpu, v);
}

/* The options that only SEV-ES and SNP have. */
static int parse_cpus(struct cmd *cmd, bool need, struct ccg_launch_opts *opts)
{
	uint64_t cpus = 1;
	int rc;

	if (opts->kind == CCG_LAUNCH_SEV)
		return 0;
	if (need && !cmd->opt[LAUNCH_CPUS])
		return usage_error(cmd, "--cpus", "is required");
	rc = option_number(cmd, LAUNCH_CPUS, 1, CCG_LAUNCH_CPUS_MAX, &cpus);
	if (rc)
		return rc;
	opts->cpus = cpus;
	opts->vmsa_files[0] = cmd->opt[LAUNCH_VMSA_CPU0];
	opts->vmsa_files[1] = cmd->opt[LAUNCH_VMSA_CPU1];
	opts->vmsa.features = opts->kind == CCG_LAUNCH_SNP;
	if (opts->vmsa_files[0] && (opts->vmsa_files[1] || cpus == 1))
		need = false;
	return sev_vmsa_opts(cmd, LAUNCH_CPU, need, &opts->vmsa);
}

/* What a user may have overlooked; the digest is correct all the same. */
static void note_launch(const struct ccg_launch_opts *opts,
			const struct ccg_launch_info *info)
{
	bool snp = opts->kind == CCG_LAUNCH_SNP;

	if (!info->hashes_base)
		out_note("the firmware has no area for kernel hashes, which QEMU needs");
	else if (!opts->kernel)
		out_note("no kernel is measured: with kernel-hashes=on, give --kernel");
	if (!info->has_metadata)
		out_note("the firmware has no SEV metadata: a guest with SNP cannot start with it");
	if (snp && opts->vmsa.vmm == CCG_VMM_QEMU && info->size % SEV_BIOS_UNIT)
		out_note("QEMU refuses -bios: the size is not a multiple of %u KiB",
			 SEV_BIOS_UNIT / 1024);
}

int sev_launch_open_kind(struct cmd *cmd, enum ccg_launch_kind kind,
			 bool firmware_only, struct ccg_launch_opts *opts,
			 struct ccg_launch **lp)
{
	uint8_t seed[CCG_SNP_DIGEST_LEN];
	const char *digest = cmd->opt[LAUNCH_FIRMWARE_DIGEST];
	int status;

	*opts = (struct ccg_launch_opts) {
		.kind = kind,
		.firmware = cmd->opt[LAUNCH_FIRMWARE],
		.kernel = cmd->opt[LAUNCH_KERNEL],
		.initrd = cmd->opt[LAUNCH_INITRD],
		.cmdline = cmd->opt[LAUNCH_CMDLINE],
	};
	if (!opts->firmware)
		return usage_error(cmd, "--firmware", "is required");
	if (digest && !sev_bytes(digest, seed, sizeof(seed)))
		return usage_error(cmd, digest,
				   "a digest of SNP has 48 bytes, in hex or base64");
	if (digest)
		opts->firmware_digest = seed;
	status = parse_cpus(cmd, !firmware_only, opts);
	if (!status && ccg_launch_open(cmd->ctx, opts, lp))
		status = fail(cmd);
	opts->firmware_digest = NULL;
	if (!status && cmd->verbose)
		note_launch(opts, ccg_launch_info(*lp));
	return status;
}

int sev_launch_open(struct cmd *cmd, bool firmware_only,
		    struct ccg_launch_opts *opts, struct ccg_launch **lp)
{
	enum ccg_launch_kind kind = CCG_LAUNCH_SEV;
	int status = sev_kind_parse(cmd, cmd->argv[0], &kind);

	*opts = (struct ccg_launch_opts) {};
	if (!status)
		status = sev_kind_opts(cmd, kind);
	return status ? status :
	       sev_launch_open_kind(cmd, kind, firmware_only, opts, lp);
}

int sev_parse_api(struct cmd *cmd, uint8_t *majorp, uint8_t *minorp)
{
	const char *text = cmd->opt[LAUNCH_API], *p = text;
	uint64_t major, minor;

	if (ccg_parse_number(p, 10, UINT8_MAX, &major, &p) || *p++ != '.' ||
	    ccg_parse_number(p, 10, UINT8_MAX, &minor, NULL))
		return usage_error(cmd, text, "--api is of the form MAJOR.MINOR");
	*majorp = major;
	*minorp = minor;
	return 0;
}

int sev_parse_policy(struct cmd *cmd, const char *text,
		     enum ccg_launch_kind kind, uint32_t *policy)
{
	bool es, want = kind == CCG_LAUNCH_SEV_ES;

	if (ccg_sev_policy_parse(cmd->ctx, text, policy))
		return fail(cmd);
	es = *policy & CCG_SEV_POLICY_ES;
	if (es == want)
		return 0;
	return usage_error(cmd, text, es ? "is the policy of a SEV-ES guest" :
			   "is the policy of a guest without SEV-ES");
}

/* A file of 32 bytes has TEK and TIK, as libvirt's --tk. */
static int read_tik(struct cmd *cmd, uint8_t **tikp)
{
	const char *path = cmd->opt[LAUNCH_TIK];
	uint8_t *buf;
	size_t len;

	if (ccg_no_core_dumps(cmd->ctx) ||
	    ccg_secret_load(cmd->ctx, path, 2 * CCG_SEV_KEY_LEN, &buf, &len))
		return fail(cmd);
	if (len != CCG_SEV_KEY_LEN && len != 2 * CCG_SEV_KEY_LEN) {
		ccg_secret_free(buf);
		out_error(path, "expected 16 bytes of TIK, or 32 bytes of TEK and TIK",
			  NULL);
		return CCG_FAILED;
	}
	memmove(buf, buf + len - CCG_SEV_KEY_LEN, CCG_SEV_KEY_LEN);
	*tikp = buf;
	return 0;
}

/* Either all options of a MAC are given, or none. */
static int check_key_opts(struct cmd *cmd, bool need_nonce)
{
	bool mac = cmd->opt[LAUNCH_TIK];

	for (size_t i = LAUNCH_API; i < N_LAUNCH; i++) {
		if (cmd->opt[i] && !mac)
			return sev_bad_option(cmd, i, "needs --tik");
		if (!cmd->opt[i] && mac && (i != LAUNCH_NONCE || need_nonce))
			return sev_bad_option(cmd, i, "is required with --tik");
	}
	return 0;
}

int sev_launch_key(struct cmd *cmd, enum ccg_launch_kind kind, bool need_nonce,
		   struct ccg_launch_key *key, uint8_t **tikp)
{
	const char *nonce = cmd->opt[LAUNCH_NONCE];
	uint64_t build = 0;
	int rc = check_key_opts(cmd, need_nonce);

	*key = (struct ccg_launch_key) {};
	*tikp = NULL;
	if (rc || !cmd->opt[LAUNCH_TIK])
		return rc;
	if (nonce && !sev_bytes(nonce, key->nonce, sizeof(key->nonce)))
		return usage_error(cmd, nonce,
				   "a nonce has 16 bytes, in hex or base64");
	rc = sev_parse_api(cmd, &key->api_major, &key->api_minor);
	if (!rc)
		rc = sev_parse_number(cmd, LAUNCH_BUILD, UINT8_MAX, &build);
	if (!rc)
		rc = sev_parse_policy(cmd, cmd->opt[LAUNCH_POLICY], kind,
				      &key->policy);
	if (!rc)
		rc = read_tik(cmd, tikp);
	key->build = build;
	key->tik = *tikp;
	return rc;
}

void sev_json_bytes(struct json_object *o, const char *key, const uint8_t *p,
		    size_t len)
{
	char *hex = NULL;

	if (p) {
		hex = out_alloc(NULL, 2 * len + 1);
		ccg_hex(p, len, hex);
	}
	out_json_str(o, key, hex);
	free(hex);
}

static void json_area(struct json_object *o, const char *key, uint32_t base,
		      uint32_t size)
{
	struct json_object *area;

	if (!base) {
		out_json_add(o, key, NULL);
		return;
	}
	area = out_json_have(json_object_new_object());
	out_json_hex(area, "address", base);
	out_json_int(area, "size", size);
	out_json_add(o, key, area);
}

static void json_firmware(struct json_object *o, const struct ccg_launch *l)
{
	const struct ccg_launch_info *info = ccg_launch_info(l);
	struct json_object *array, *item;
	struct ccg_launch_section s;

	out_json_int(o, "size", info->size);
	if (info->has_reset)
		out_json_hex(o, "reset", info->reset);
	else
		out_json_add(o, "reset", NULL);
	json_area(o, "hashes", info->hashes_base, info->hashes_size);
	json_area(o, "secret", info->secret_base, info->secret_size);
	array = out_json_array(o, "sections");
	for (size_t i = 0; ccg_launch_section(l, i, &s); i++) {
		item = out_json_item(array);
		out_json_int(item, "type", s.type);
		out_json_str(item, "name", s.name);
		out_json_hex(item, "address", s.address);
		out_json_int(item, "size", s.size);
	}
}

void sev_json_launch(struct json_object *o, const struct ccg_launch_opts *opts,
		     const struct ccg_launch *l)
{
	const struct ccg_launch_info *info = ccg_launch_info(l);
	struct json_object *fw = out_json_have(json_object_new_object());
	bool cpus = opts->kind != CCG_LAUNCH_SEV;

	out_json_str(o, "kind", kinds[opts->kind]);
	out_json_add(o, "firmware", fw);
	json_firmware(fw, l);
	sev_json_bytes(o, "kernel_sha256", info->hashed ? info->kernel : NULL,
		       sizeof(info->kernel));
	sev_json_bytes(o, "initrd_sha256",
		       info->hashed && opts->initrd ? info->initrd : NULL,
		       sizeof(info->initrd));
	sev_json_bytes(o, "cmdline_sha256", info->hashed ? info->cmdline : NULL,
		       sizeof(info->cmdline));
	out_json_int(o, "cpus", cpus ? opts->cpus : 0);
	out_json_str(o, "vmm", cpus ? ccg_vmm_name(opts->vmsa.vmm) : NULL);
	out_json_str(o, "vmsa", !cpus ? NULL :
		     opts->vmsa.form == CCG_VMSA_LEGACY ? "legacy" : "init2");
	if (cpus) {
		out_json_hex(o, "rdx", opts->vmsa.rdx);
		out_json_hex(o, "features", opts->vmsa.features);
	} else {
		out_json_add(o, "rdx", NULL);
		out_json_add(o, "features", NULL);
	}
}

char *sev_features_text(uint64_t features)
{
	size_t len = 0;
	char *text = NULL;
	FILE *f = open_memstream(&text, &len);
	const char *sep = " (", *name;

	if (!f)
		out_no_memory();
	fprintf(f, "0x%llx", (unsigned long long)features);
	for (unsigned int bit = 0; bit < 64; bit++) {
		if (!(features & 1ULL << bit))
			continue;
		name = ccg_sev_feature_name(bit);
		if (name)
			fprintf(f, "%s%s", sep, name);
		else
			fprintf(f, "%sunknown bit %u", sep, bit);
		sep = ", ";
	}
	if (features)
		putc(')', f);
	if (fclose(f))
		out_no_memory();
	return text;
}
