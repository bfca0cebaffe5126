/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * ccguest sev args: the start of a guest
 */
#ifndef CCGUEST_CMD_SEV_ARGS_H
#define CCGUEST_CMD_SEV_ARGS_H

#include <ccguest/launch.h>

#include "cli.h"
#include "out_json.h"

/* The options of the verb. */
enum {
	ARGS_FORMAT, ARGS_NAME, ARGS_POLICY, ARGS_FIRMWARE, ARGS_KERNEL,
	ARGS_INITRD, ARGS_CMDLINE, ARGS_HASHES, ARGS_CPUS, ARGS_CPU, ARGS_VMSA,
	ARGS_CBITPOS, ARGS_PHYS_BITS, ARGS_BLOCK, ARGS_AUTH, ARGS_HOST_DATA,
	N_ARGS,
};

/**
 * struct sev_args - the start of a guest
 * @cmd: the command
 * @kind: SEV, SEV-ES or SNP
 * @libvirt: print elements of libvirt
 * @policy: policy of the guest
 * @cbitpos: number of the bit of addresses that encrypts
 * @phys_bits: number of bits of addresses that the guest loses
 * @cpus: number of virtual CPUs; 0 if it was not given
 * @legacy: SEV-ES with --vmsa: the legacy form
 * @hashes: the kernel is measured
 * @cmdline: the kernel's command line, or NULL
 * @godh_path: certificate of the owner, for the host; or NULL
 * @session_path: keys of the session, for the host; or NULL
 * @godh: the contents of @godh_path in base64, or NULL
 * @session: the contents of @session_path in base64, or NULL
 * @block: SNP: ID block in base64, or NULL
 * @auth: SNP: ID authentication in base64, or NULL
 * @has_author: SNP: @auth has an author key
 * @host_data: SNP: host data in base64, or NULL
 * @advice: weaknesses of this start, array of strings
 */
struct sev_args {
	struct cmd *cmd;
	enum ccg_launch_kind kind;
	bool libvirt;
	uint64_t policy;
	uint64_t cbitpos;
	uint64_t phys_bits;
	uint64_t cpus;
	bool legacy;
	bool hashes;
	char *cmdline;
	char *godh_path;
	char *session_path;
	char *godh;
	char *session;
	char *block;
	char *auth;
	bool has_author;
	char *host_data;
	struct json_object *advice;
};

/**
 * sev_args_print - print the arguments of QEMU, or elements of libvirt
 * @a: the start of the guest; its texts have printable characters only
 */
void sev_args_print(const struct sev_args *a);

#endif /* CCGUEST_CMD_SEV_ARGS_H */
