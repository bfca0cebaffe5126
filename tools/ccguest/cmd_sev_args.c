// SPDX-License-Identifier: GPL-2.0-only
/*
 * ccguest sev args
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <ccguest/file.h>
#include <ccguest/launch.h>
#include <ccguest/sev.h>
#include <ccguest/text.h>

#include "cmd_sev.h"
#include "cmd_sev_args.h"
#include "cmd_sev_launch.h"

static const struct opt args_opts[] = {
	[ARGS_FORMAT] = {
		"format", 0, "FORMAT", "qemu (default) or libvirt"
	},
	[ARGS_NAME] = {
		"name", 'n', "NAME",
		"SEV, SEV-ES: NAME_godh.b64 and NAME_session.b64 of a session"
	},
	[ARGS_POLICY] = {
		"policy", 0, "POLICY", "policy of the guest (SNP: default 0x30000)"
	},
	[ARGS_FIRMWARE] = { "firmware", 0, "FILE", "the firmware image" },
	[ARGS_KERNEL] = { "kernel", 0, "FILE", "the kernel, a file of the host" },
	[ARGS_INITRD] = { "initrd", 0, "FILE", "the initrd, a file of the host" },
	[ARGS_CMDLINE] = {
		"cmdline", 0, "TEXT",
		"the kernel's command line; @FILE reads it from a file"
	},
	[ARGS_HASHES] = {
		"kernel-hashes", 0, "on|off",
		"the kernel is measured (default with --kernel) or not"
	},
	[ARGS_CPUS] = { "cpus", 0, "N", "number of virtual CPUs" },
	[ARGS_CPU] = { "cpu", 0, "MODEL", "MODEL of QEMU, or host" },
	[ARGS_VMSA] = {
		"vmsa", 0, "FORM", "SEV-ES: form of a VMSA: init2 or legacy"
	},
	[ARGS_CBITPOS] = {
		"cbitpos", 0, "N", "bit of addresses that encrypts (default 51)"
	},
	[ARGS_PHYS_BITS] = {
		"reduced-phys-bits", 0, "N", "lost bits of addresses (default 1)"
	},
	[ARGS_BLOCK] = { "block", 0, "FILE", "SNP: the ID block" },
	[ARGS_AUTH] = { "auth", 0, "FILE", "SNP: the ID authentication" },
	[ARGS_HOST_DATA] = {
		"host-data", 0, "HEX", "SNP: 32 bytes for attestation reports"
	},
};

/* Defaults of QEMU's object sev-snp-guest, and of processors since Milan. */
#define POLICY_DEFAULT		0x30000
#define CBITPOS_DEFAULT		51
#define PHYS_BITS_DEFAULT	1
#define POLICY_DEBUG		0x80000

/* Lengths of the owner's certificate, and of the host data, in bytes. */
#define GODH_LEN		2084
#define HOST_DATA_LEN		32

#define CMDLINE_MAX		0x10000

/* The options that are not for SEV, SEV-ES, SNP: 1. */
static const bool is_foreign[N_ARGS][3] = {
	[ARGS_NAME] = { 0, 0, 1 },
	[ARGS_VMSA] = { 1, 0, 1 },
	[ARGS_BLOCK] = { 1, 1, 0 },
	[ARGS_AUTH] = { 1, 1, 0 },
	[ARGS_HOST_DATA] = { 1, 1, 0 },
};

static void advise(struct sev_args *a, const char *advice)
{
	out_note("%s", advice);
	out_json_str(a->advice, NULL, advice);
}

static int check_choice(struct cmd *cmd, size_t opt, const char *first,
			const char *second, bool *is_second)
{
	const char *text = cmd->opt[opt];
	char why[48];

	if (!text)
		return 0;
	*is_second = !strcmp(text, second);
	if (*is_second || !strcmp(text, first))
		return 0;
	snprintf(why, sizeof(why), "expected %s or %s", first, second);
	return sev_bad_option(cmd, opt, why);
}

/* A shell and a terminal get the text as it is. */
static int check_text(struct cmd *cmd, size_t opt, const char *text)
{
	char *printable;
	bool same;

	if (!text)
		return 0;
	printable = out_printable(text);
	same = !strcmp(printable, text);
	free(printable);
	return same ? 0 : sev_bad_option(cmd, opt,
					 "has a character that cannot be printed");
}

static int check_texts(struct sev_args *a)
{
	static const size_t paths[] = {
		ARGS_NAME, ARGS_FIRMWARE, ARGS_KERNEL, ARGS_INITRD,
	};
	struct cmd *cmd = a->cmd;
	int status = 0;

	for (size_t i = 0; !status && i < ARRAY_SIZE(paths); i++)
		status = check_text(cmd, paths[i], cmd->opt[paths[i]]);
	return status ? status : check_text(cmd, ARGS_CMDLINE, a->cmdline);
}

/* Copies a command line, or reads it from a file without its last newline. */
static int read_cmdline(struct sev_args *a)
{
	const char *text = a->cmd->opt[ARGS_CMDLINE];
	uint8_t *file = NULL;
	size_t len;

	if (!text)
		return 0;
	len = strlen(text);
	if (*text == '@' && ccg_file_load(a->cmd->ctx, text + 1, CMDLINE_MAX,
					  &file, &len))
		return fail(a->cmd);
	a->cmdline = out_alloc(NULL, len + 1);
	memcpy(a->cmdline, file ? (const char *)file : text, len);
	free(file);
	if (*text == '@' && len && a->cmdline[len - 1] == '\n')
		len--;
	a->cmdline[len] = '\0';
	return strlen(a->cmdline) == len ? 0 :
	       sev_bad_option(a->cmd, ARGS_CMDLINE, "has a NUL byte");
}

static int parse_kernel(struct sev_args *a)
{
	struct cmd *cmd = a->cmd;
	const char *kernel = cmd->opt[ARGS_KERNEL];
	bool off = !kernel;
	int status;

	if (!kernel && (cmd->opt[ARGS_INITRD] || cmd->opt[ARGS_CMDLINE]))
		return usage_error(cmd, "--kernel",
				   "is required with --initrd and --cmdline");
	if (kernel && !strncmp(kernel, "sha256:", 7))
		return usage_error(cmd, kernel, "expected the path of a file");
	status = check_choice(cmd, ARGS_HASHES, "on", "off", &off);
	a->hashes = !off;
	return status ? status : read_cmdline(a);
}

static int parse_cpu(struct sev_args *a)
{
	struct cmd *cmd = a->cmd;
	const char *cpu = cmd->opt[ARGS_CPU];
	uint32_t signature;
	int status = option_number(cmd, ARGS_CPUS, 1, CCG_LAUNCH_CPUS_MAX, &a->cpus);

	if (status || !cpu || !strcmp(cpu, "host"))
		return status;
	if (strchr(cpu, '/') || !strncmp(cpu, "sig:", 4))
		return usage_error(cmd, cpu, "expected a model of QEMU, or host");
	return ccg_cpu_parse(cmd->ctx, cpu, &signature) ? fail(cmd) : 0;
}

static int parse_policy(struct sev_args *a)
{
	const char *text = a->cmd->opt[ARGS_POLICY];
	uint32_t policy = 0;
	int status;

	if (a->kind == CCG_LAUNCH_SNP) {
		a->policy = POLICY_DEFAULT;
		if (text && ccg_parse_number(text, 0, UINT64_MAX, &a->policy, NULL))
			return usage_error(a->cmd, text,
					   "the policy of a SNP guest is a number");
		return sev_check_snp_policy(a->cmd, ARGS_POLICY, a->policy);
	}
	if (!text)
		return usage_error(a->cmd, "--policy", "is required");
	status = sev_parse_policy(a->cmd, text, a->kind, &policy);
	a->policy = policy;
	return status;
}

static int parse(struct sev_args *a)
{
	struct cmd *cmd = a->cmd;
	int status = sev_kind_parse(cmd, cmd->argv[0], &a->kind);

	for (size_t i = 0; !status && i < N_ARGS; i++)
		if (cmd->opt[i] && is_foreign[i][a->kind])
			return sev_bad_option(cmd, i,
					      "is not an option for this kind of guest");
	if (!status)
		status = check_choice(cmd, ARGS_FORMAT, "qemu", "libvirt",
				      &a->libvirt);
	if (!status)
		status = check_choice(cmd, ARGS_VMSA, "init2", "legacy",
				      &a->legacy);
	if (!status)
		status = option_number(cmd, ARGS_CBITPOS, 1, 63, &a->cbitpos);
	if (!status)
		status = option_number(cmd, ARGS_PHYS_BITS, 1, 63,
				       &a->phys_bits);
	if (!status)
		status = parse_policy(a);
	if (!status)
		status = parse_kernel(a);
	if (!status)
		status = parse_cpu(a);
	return status ? status : check_texts(a);
}

static char *to_base64(const uint8_t *buf, size_t len)
{
	char *text = out_alloc(NULL, CCG_BASE64_TEXT(len));

	ccg_base64(buf, len, text);
	return text;
}

/* QEMU and libvirt want base64; the bytes are encoded again. */
static int load_base64(struct cmd *cmd, const char *path, size_t len,
		       char **textp)
{
	uint8_t *file, *bytes = out_alloc(NULL, len);
	char why[64];
	char *text;
	size_t n;
	bool good;

	if (ccg_file_load(cmd->ctx, path, SEV_TEXT_MAX(len), &file, &n)) {
		free(bytes);
		return fail(cmd);
	}
	text = sev_join_lines(file, n);
	free(file);
	good = !ccg_unbase64(text, bytes, len, &n) && n == len;
	free(text);
	*textp = good ? to_base64(bytes, len) : NULL;
	free(bytes);
	if (good)
		return 0;
	snprintf(why, sizeof(why), "expected %zu bytes in base64", len);
	out_error(path, why, "ccguest sev session writes such a file");
	return CCG_FAILED;
}

static char *session_path(const char *name, const char *suffix)
{
	size_t size = strlen(name) + strlen(suffix) + 1;
	char *path = out_alloc(NULL, size);

	snprintf(path, size, "%s%s", name, suffix);
	return path;
}

/* The owner has the key beside the session; the host does not: NULL. */
static int load_tik(struct cmd *cmd, const char *path, uint8_t **tikp)
{
	size_t len;

	*tikp = NULL;
	if (access(path, F_OK))
		return 0;
	if (ccg_no_core_dumps(cmd->ctx) ||
	    ccg_secret_load(cmd->ctx, path, CCG_SEV_KEY_LEN, tikp, &len))
		return fail(cmd);
	if (len == CCG_SEV_KEY_LEN)
		return 0;
	ccg_secret_free(*tikp);
	out_error(path, "expected a key of 16 bytes", NULL);
	return CCG_FAILED;
}

/* The platform refuses a session that was opened for another policy. */
static int check_session(struct sev_args *a)
{
	struct cmd *cmd = a->cmd;
	char *path = session_path(cmd->opt[ARGS_NAME], "_tik.bin");
	uint8_t session[CCG_SEV_SESSION_LEN], *tik;
	bool has = false;
	size_t len;
	int rc, status = load_tik(cmd, path, &tik);

	free(path);
	if (status || !tik)
		return status;
	rc = ccg_unbase64(a->session, session, sizeof(session), &len);
	if (!rc)
		rc = ccg_sev_session_has_policy(cmd->ctx, session, tik, a->policy,
						&has);
	ccg_secret_free(tik);
	if (rc)
		return fail(cmd);
	return has ? 0 :
	       sev_bad_option(cmd, ARGS_POLICY,
			      "the session is for another policy: the launch would fail");
}

static int load_session(struct sev_args *a)
{
	const char *name = a->cmd->opt[ARGS_NAME];
	int status;

	if (a->kind == CCG_LAUNCH_SNP)
		return 0;
	if (!name) {
		advise(a,
		       "without the files of a session (--name), the owner cannot check the launch and send secrets");
		return 0;
	}
	a->godh_path = session_path(name, "_godh.b64");
	a->session_path = session_path(name, "_session.b64");
	status = load_base64(a->cmd, a->godh_path, GODH_LEN, &a->godh);
	if (!status)
		status = load_base64(a->cmd, a->session_path, CCG_SEV_SESSION_LEN,
				     &a->session);
	return status ? status : check_session(a);
}

static int use_blocks(struct sev_args *a, const uint8_t *block,
		      const uint8_t *auth)
{
	const char *why = ccg_idblock_verify(block, auth);
	struct ccg_idblock info;
	char text[96];

	if (why) {
		out_error(a->cmd->opt[ARGS_AUTH], why, NULL);
		return CCG_UNVERIFIED;
	}
	ccg_idblock_parse(block, auth, &info);
	if (a->cmd->opt[ARGS_POLICY] && info.policy != a->policy) {
		snprintf(text, sizeof(text),
			 "the ID block is for the policy %#" PRIx64 ": the launch would fail",
			 info.policy);
		return sev_bad_option(a->cmd, ARGS_POLICY, text);
	}
	a->policy = info.policy;
	a->has_author = info.has_author;
	a->block = to_base64(block, CCG_IDBLOCK_LEN);
	a->auth = to_base64(auth, CCG_IDAUTH_LEN);
	return 0;
}

static int load_blocks(struct sev_args *a)
{
	struct cmd *cmd = a->cmd;
	uint8_t block[CCG_IDBLOCK_LEN], *auth;
	int status;

	if (!cmd->opt[ARGS_BLOCK] != !cmd->opt[ARGS_AUTH])
		return usage_error(cmd, "args", "--block and --auth belong together");
	if (!cmd->opt[ARGS_BLOCK])
		return 0;
	auth = out_alloc(NULL, CCG_IDAUTH_LEN);
	status = sev_load_bytes(cmd, cmd->opt[ARGS_BLOCK], block, sizeof(block));
	if (!status)
		status = sev_load_bytes(cmd, cmd->opt[ARGS_AUTH], auth,
					CCG_IDAUTH_LEN);
	if (!status)
		status = use_blocks(a, block, auth);
	free(auth);
	return status;
}

static int load_host_data(struct sev_args *a)
{
	uint8_t data[HOST_DATA_LEN];

	if (!a->cmd->opt[ARGS_HOST_DATA])
		return 0;
	if (!sev_bytes(a->cmd->opt[ARGS_HOST_DATA], data, sizeof(data)))
		return sev_bad_option(a->cmd, ARGS_HOST_DATA,
				      "expected 32 bytes, in hex or base64");
	a->host_data = to_base64(data, sizeof(data));
	return 0;
}

static void check_areas(struct sev_args *a, const struct ccg_launch_info *info)
{
	bool snp = a->kind == CCG_LAUNCH_SNP;

	if (a->cmd->opt[ARGS_KERNEL] && !a->hashes && !info->hashes_base)
		advise(a,
		       "the firmware has no area for kernel hashes; Debian's package ovmf-amdsev has a firmware with this area");
	if (!snp && !info->secret_base)
		advise(a,
		       "the firmware has no secret area: no secrets can be sent at launch");
	if (snp && info->size % SEV_BIOS_UNIT)
		advise(a,
		       "the size of the firmware is not a multiple of 64 KiB: QEMU refuses the file for -bios");
}

/* The library refuses a firmware that cannot launch this guest. */
static int check_firmware(struct sev_args *a)
{
	const struct ccg_launch_opts opts = {
		.kind = a->kind,
		.firmware = a->cmd->opt[ARGS_FIRMWARE],
		.cpus = 1,
		.needs_hashes = a->hashes,
	};
	struct ccg_launch *l;

	if (!opts.firmware) {
		if (a->hashes)
			advise(a,
			       "without --firmware, the area for kernel hashes is not checked");
		return 0;
	}
	if (ccg_launch_open(a->cmd->ctx, &opts, &l))
		return fail(a->cmd);
	check_areas(a, ccg_launch_info(l));
	ccg_launch_close(l);
	return 0;
}

/* The paths are those of the owner; in a domain, they are those of the host. */
static void advise_paths(struct sev_args *a)
{
	static const size_t paths[] = { ARGS_FIRMWARE, ARGS_KERNEL, ARGS_INITRD };
	const char *path;

	for (size_t i = 0; a->libvirt && i < ARRAY_SIZE(paths); i++) {
		path = a->cmd->opt[paths[i]];
		if (!path || *path == '/')
			continue;
		advise(a,
		       "libvirt wants absolute paths: replace the paths in os by those of the host");
		return;
	}
}

static void advise_values(struct sev_args *a)
{
	struct cmd *cmd = a->cmd;
	bool snp = a->kind == CCG_LAUNCH_SNP;

	if (cmd->opt[ARGS_KERNEL] && !a->hashes)
		advise(a,
		       "kernel-hashes is off: kernel, initrd and command line are not measured, and the host can replace them");
	if (snp && a->policy & POLICY_DEBUG)
		advise(a,
		       "the policy lets the host decrypt the guest's memory");
	if (!snp && !a->libvirt && !cmd->opt[ARGS_CBITPOS])
		advise(a,
		       "cbitpos=51 is for Milan and later; Naples and Rome have --cbitpos=47");
	if (a->libvirt && cmd->opt[ARGS_VMSA])
		advise(a,
		       "in libvirt, the machine type decides the form of a VMSA");
}

static void free_args(struct sev_args *a)
{
	free(a->cmdline);
	free(a->godh_path);
	free(a->session_path);
	free(a->godh);
	free(a->session);
	free(a->block);
	free(a->auth);
	free(a->host_data);
	json_object_put(a->advice);
}

static int run_args(struct cmd *cmd)
{
	struct sev_args a = {
		.cmd = cmd,
		.cbitpos = CBITPOS_DEFAULT,
		.phys_bits = PHYS_BITS_DEFAULT,
		.advice = out_json_have(json_object_new_array()),
	};
	int status = parse(&a);

	if (!status)
		status = load_session(&a);
	if (!status)
		status = load_blocks(&a);
	if (!status)
		status = load_host_data(&a);
	if (!status)
		status = check_firmware(&a);
	if (!status) {
		advise_values(&a);
		advise_paths(&a);
		sev_args_print(&a);
	}
	free_args(&a);
	return status;
}

const struct verb sev_args = {
	.name = "args",
	.args = "sev|sev-es|snp",
	.summary = "Prints the arguments of QEMU, or elements of libvirt",
	.text =
"Prints what starts the guest: quoted for a shell, one argument of QEMU per line;\n"
"or elements of a domain for libvirt: launchSecurity, and vcpu, os and cpu for the\n"
"options that were given. For sev and sev-es, --policy is required.\n",
	.opts = args_opts,
	.n_opts = ARRAY_SIZE(args_opts),
	.min_args = 1,
	.max_args = 1,
	.run = run_args,
};
