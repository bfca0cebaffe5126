/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * ccguest sev: the description of a launch, for measure and validate
 */
#ifndef CCGUEST_CMD_SEV_LAUNCH_H
#define CCGUEST_CMD_SEV_LAUNCH_H

#include <ccguest/launch.h>

#include "cli.h"
#include "out_json.h"

/* QEMU loads files of this size and its multiples as -bios, in bytes. */
#define SEV_BIOS_UNIT	0x10000

/* Bit 17 of the policy of a SNP guest is 1. */
#define SEV_SNP_POLICY_ONE	0x20000

/* The first options of measure and validate. */
enum {
	LAUNCH_FIRMWARE, LAUNCH_FIRMWARE_DIGEST, LAUNCH_KERNEL, LAUNCH_INITRD,
	LAUNCH_CMDLINE, LAUNCH_CPUS, LAUNCH_CPU, LAUNCH_VMM, LAUNCH_FEATURES,
	LAUNCH_VMSA, LAUNCH_VMSA_CPU0, LAUNCH_VMSA_CPU1, LAUNCH_API,
	LAUNCH_BUILD, LAUNCH_POLICY, LAUNCH_TIK, LAUNCH_NONCE, N_LAUNCH,
};

#define LAUNCH_OPTS							\
	[LAUNCH_FIRMWARE] = {						\
		"firmware", 0, "FILE", "the firmware image"		\
	},								\
	[LAUNCH_FIRMWARE_DIGEST] = {					\
		"firmware-digest", 0, "HEX",				\
		"SNP: digest of the firmware's pages"			\
	},								\
	[LAUNCH_KERNEL] = {						\
		"kernel", 0, "FILE", "the kernel, or sha256:HEX"	\
	},								\
	[LAUNCH_INITRD] = {						\
		"initrd", 0, "FILE", "the initrd, or sha256:HEX"	\
	},								\
	[LAUNCH_CMDLINE] = {						\
		"cmdline", 0, "TEXT",					\
		"the kernel's command line; @FILE reads it from a file"	\
	},								\
	[LAUNCH_CPUS] = {						\
		"cpus", 0, "N", "number of virtual CPUs"		\
	},								\
	[LAUNCH_CPU] = {						\
		"cpu", 0, "CPU",					\
		"MODEL of QEMU, FAMILY/MODEL/STEPPING, sig:0x..., or host" \
	},								\
	[LAUNCH_VMM] = {						\
		"vmm", 0, "VMM", "qemu (default), krun, ec2 or gce"	\
	},								\
	[LAUNCH_FEATURES] = {						\
		"features", 0, "N",					\
		"SEV_FEATURES; default 0x1 for SNP, 0 for SEV-ES"	\
	},								\
	[LAUNCH_VMSA] = {						\
		"vmsa", 0, "FORM",					\
		"form of a VMSA of SEV-ES: init2 (default) or legacy"	\
	},								\
	[LAUNCH_VMSA_CPU0] = {						\
		"vmsa-cpu0", 0, "FILE", "VMSA of the boot processor"	\
	},								\
	[LAUNCH_VMSA_CPU1] = {						\
		"vmsa-cpu1", 0, "FILE", "VMSA of each other processor"	\
	},								\
	[LAUNCH_API] = {						\
		"api", 0, "MAJOR.MINOR", "version of the platform's API"	\
	},								\
	[LAUNCH_BUILD] = {						\
		"build", 0, "N", "build of the platform's firmware"	\
	},								\
	[LAUNCH_POLICY] = {						\
		"policy", 0, "POLICY", "policy of the guest, as for session"	\
	},								\
	[LAUNCH_TIK] = {						\
		"tik", 0, "FILE",					\
		"the key TIK, or TEK and TIK: the value is a MAC"	\
	},								\
	[LAUNCH_NONCE] = {						\
		"nonce", 0, "HEX", "nonce of the platform, hex or base64"	\
	}

/**
 * sev_kind_name - get the name of a technology
 * @kind: SEV, SEV-ES or SNP
 *
 * Return: the name, as in operands.
 */
const char *sev_kind_name(enum ccg_launch_kind kind);

/**
 * sev_kind_parse - parse the name of a technology
 * @cmd: the command
 * @name: the name, as in operands
 * @kind: set to SEV, SEV-ES or SNP
 *
 * Return: 0 or the exit status.
 */
int sev_kind_parse(struct cmd *cmd, const char *name,
		   enum ccg_launch_kind *kind);

/**
 * sev_parse_policy - parse the policy of a guest with SEV or SEV-ES
 * @cmd: the command
 * @text: the policy, as for ccg_sev_policy_parse()
 * @kind: SEV or SEV-ES; the policy must be for this kind
 * @policy: set to the policy
 *
 * Return: 0 or the exit status.
 */
int sev_parse_policy(struct cmd *cmd, const char *text,
		     enum ccg_launch_kind kind, uint32_t *policy);

/**
 * sev_kind_opts - refuse options that are not for a kind of guest
 * @cmd: the command, with LAUNCH_OPTS
 * @kind: SEV, SEV-ES or SNP
 *
 * Return: 0 or the exit status.
 */
int sev_kind_opts(struct cmd *cmd, enum ccg_launch_kind kind);

/**
 * sev_parse_number - parse the number of an option, with 0x or in decimal
 * @cmd: the command
 * @opt: index of the option in the verb's options
 * @max: the largest number that is allowed
 * @n: set to the number; unchanged if the option was not given
 *
 * Return: 0 or the exit status.
 */
int sev_parse_number(struct cmd *cmd, size_t opt, uint64_t max, uint64_t *n);

/**
 * sev_parse_api - parse --api, which was given
 * @cmd: the command, with LAUNCH_OPTS
 * @majorp: set to the major version
 * @minorp: set to the minor version
 *
 * Return: 0 or the exit status.
 */
int sev_parse_api(struct cmd *cmd, uint8_t *majorp, uint8_t *minorp);

/**
 * sev_vmsa_opts - parse the options about a VMSA
 * @cmd: the command
 * @first: index of the option --cpu in the verb's options; --vmm, --features and
 *	   --vmsa follow
 * @need_cpu: --cpu is required, if the VMM does not decide RDX
 * @v: @features has the default; set from the options that were given
 *
 * Return: 0 or the exit status.
 */
int sev_vmsa_opts(struct cmd *cmd, size_t first, bool need_cpu,
		  struct ccg_vmsa *v);

/**
 * sev_launch_open - read the files of the launch that the options describe
 * @cmd: the command, with LAUNCH_OPTS and the kind as its first operand
 * @firmware_only: options about virtual CPUs are not required
 * @opts: set to the description, without @firmware_digest
 * @lp: set to the launch; close it with ccg_launch_close()
 *
 * Return: 0 or the exit status.
 */
int sev_launch_open(struct cmd *cmd, bool firmware_only,
		    struct ccg_launch_opts *opts, struct ccg_launch **lp);

/**
 * sev_launch_open_kind - as sev_launch_open(), for a kind that is known
 * @cmd: the command, with LAUNCH_OPTS
 * @kind: SEV, SEV-ES or SNP
 * @firmware_only: options about virtual CPUs are not required
 * @opts: set to the description, without @firmware_digest
 * @lp: set to the launch; close it with ccg_launch_close()
 *
 * Return: 0 or the exit status.
 */
int sev_launch_open_kind(struct cmd *cmd, enum ccg_launch_kind kind,
			 bool firmware_only, struct ccg_launch_opts *opts,
			 struct ccg_launch **lp);

/**
 * sev_launch_key - read the key of a measurement
 * @cmd: the command, with LAUNCH_OPTS
 * @kind: SEV or SEV-ES
 * @need_nonce: --nonce is required
 * @key: set to the key
 * @tikp: set to the secret in @key, NULL without --tik; free it with
 *	  ccg_secret_free()
 *
 * Return: 0 or the exit status.
 */
int sev_launch_key(struct cmd *cmd, enum ccg_launch_kind kind, bool need_nonce,
		   struct ccg_launch_key *key, uint8_t **tikp);

/**
 * sev_bytes - parse bytes in hexadecimal or in base64
 * @text: the text
 * @buf: set to the bytes
 * @len: number of bytes
 *
 * Return: true if @text has exactly @len bytes.
 */
bool sev_bytes(const char *text, uint8_t *buf, size_t len);

/* Limit for a file with a text of @len bytes: hexadecimal, in lines. */
#define SEV_TEXT_MAX(len)	(4 * (len) + 64)

/**
 * sev_join_lines - remove the blanks and the ends of lines of a text
 * @p: the text
 * @len: its length in bytes
 *
 * Programs such as base64(1) and xxd(1) break lines. A NUL becomes a character
 * that is neither hexadecimal nor base64.
 *
 * Return: the text; free it with free().
 */
char *sev_join_lines(const uint8_t *p, size_t len);

/**
 * sev_load_bytes - read a file that has bytes, or their text as for sev_bytes()
 * @cmd: the command
 * @path: the file
 * @buf: set to the bytes
 * @len: number of bytes
 *
 * Return: 0 or the exit status.
 */
int sev_load_bytes(struct cmd *cmd, const char *path, uint8_t *buf, size_t len);

/**
 * sev_check_snp_policy - check the policy of a SNP guest
 * @cmd: the command
 * @opt: the option that gives the policy
 * @policy: the policy
 *
 * Source: AMD SEV-SNP ABI (56860), 4.3; KVM refuses other policies.
 *
 * Return: 0 or the exit status.
 */
int sev_check_snp_policy(struct cmd *cmd, size_t opt, uint64_t policy);

/**
 * sev_bad_option - print an error about an option
 * @cmd: the command
 * @opt: index of the option in the verb's options
 * @why: the fault
 *
 * Return: the exit status.
 */
int sev_bad_option(struct cmd *cmd, size_t opt, const char *why);

/**
 * sev_json_launch - add the description of a launch
 * @o: the object
 * @opts: the description
 * @l: the launch
 */
void sev_json_launch(struct json_object *o, const struct ccg_launch_opts *opts,
		     const struct ccg_launch *l);

/**
 * sev_json_bytes - add bytes in hexadecimal
 * @o: the object
 * @key: the key
 * @p: the bytes; NULL for null
 * @len: their number
 */
void sev_json_bytes(struct json_object *o, const char *key, const uint8_t *p,
		    size_t len);

/**
 * sev_features_text - name the bits of SEV_FEATURES
 * @features: the value
 *
 * Return: the value and the names of its bits; free it with free().
 */
char *sev_features_text(uint64_t features);

#endif /* CCGUEST_CMD_SEV_LAUNCH_H */
